/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-risk-calendar.h"

#include <glib/gi18n.h>
#include <math.h>

enum
{
  N_DAYS = 42,
};

struct _TwinRiskCalendar
{
  GtkWidget  parent_instance;
  GtkWidget *box;
  GtkWidget *title;
  GtkWidget *days[N_DAYS];
  GtkWidget *note;
  double     points_s[3]; /* 5, 50, 95 % */
  GDate      month;       /* its first day */
  GDate      chosen;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (TwinRiskCalendar, twin_risk_calendar, GTK_TYPE_WIDGET)

static const char *const risk_classes[] = { "twin-risk-0", "twin-risk-1",
                                            "twin-risk-2" };

/* Days from today. */
static int
days_ahead (const GDate *date)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  GDate today;

  g_date_clear (&today, 1);
  g_date_set_dmy (&today, g_date_time_get_day_of_month (now),
                  g_date_time_get_month (now), g_date_time_get_year (now));
  return g_date_days_between (&today, date);
}

/* -1: no shade */
static int
risk_of (TwinRiskCalendar *self, int ahead)
{
  const double seconds = ahead * 86400.0;

  if (isnan (self->points_s[0]) || ahead < 0 || seconds > self->points_s[2])
    return -1;
  if (seconds <= self->points_s[0])
    return 0;

  return seconds <= self->points_s[1] ? 1 : 2;
}

static GDate
first_shown (TwinRiskCalendar *self)
{
  GDate date = self->month;

  g_date_subtract_days (&date, g_date_get_weekday (&date) - 1);
  return date;
}

static void
show_day (TwinRiskCalendar *self, int index, GDate date)
{
  GtkWidget     *button = self->days[index];
  const int      ahead = days_ahead (&date);
  const int      risk = risk_of (self, ahead);
  const gboolean inside =
      g_date_get_month (&date) == g_date_get_month (&self->month);
  g_autofree char *number = g_strdup_printf ("%d", g_date_get_day (&date));
  char             spoken[64];

  gtk_button_set_label (GTK_BUTTON (button), number);
  gtk_widget_set_sensitive (button, ahead >= 0);
  gtk_widget_set_opacity (button, inside ? 1 : 0.35);
  for (int i = 0; i < 3; i++)
    if (i == risk)
      gtk_widget_add_css_class (button, risk_classes[i]);
    else
      gtk_widget_remove_css_class (button, risk_classes[i]);
  if (g_date_valid (&self->chosen) &&
      g_date_compare (&date, &self->chosen) == 0)
    gtk_widget_add_css_class (button, "suggested-action");
  else
    gtk_widget_remove_css_class (button, "suggested-action");

  g_date_strftime (spoken, sizeof spoken, "%A %d %B %Y", &date);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
refresh (TwinRiskCalendar *self)
{
  GDate date = first_shown (self);
  char  title[64];

  g_date_strftime (title, sizeof title, "%B %Y", &self->month);
  gtk_label_set_text (GTK_LABEL (self->title), title);
  for (int i = 0; i < N_DAYS; i++)
    {
      show_day (self, i, date);
      g_date_add_days (&date, 1);
    }
}

static void
on_day (GtkButton *button, gpointer data)
{
  TwinRiskCalendar *self = data;
  GDate             date = first_shown (self);

  for (int i = 0; i < N_DAYS; i++)
    if (self->days[i] == GTK_WIDGET (button))
      {
        g_date_add_days (&date, i);
        self->chosen = date;
        refresh (self);
        g_signal_emit (self, changed_signal, 0);
        return;
      }
}

static void
on_previous (GtkButton *button, gpointer data)
{
  TwinRiskCalendar *self = data;

  g_date_subtract_months (&self->month, 1);
  refresh (self);
}

static void
on_next (GtkButton *button, gpointer data)
{
  TwinRiskCalendar *self = data;

  g_date_add_months (&self->month, 1);
  refresh (self);
}

void
twin_risk_calendar_set_date (TwinRiskCalendar *self, const char *text)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_parse (&date, text);
  if (!g_date_valid (&date))
    return;

  self->chosen = date;
  self->month = date;
  g_date_set_day (&self->month, 1);
  refresh (self);
}

char *
twin_risk_calendar_dup_date (TwinRiskCalendar *self)
{
  return g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (&self->chosen),
                          g_date_get_month (&self->chosen),
                          g_date_get_day (&self->chosen));
}

static void
twin_risk_calendar_dispose (GObject *object)
{
  g_clear_pointer (&TWIN_RISK_CALENDAR (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_risk_calendar_parent_class)->dispose (object);
}

static void
twin_risk_calendar_class_init (TwinRiskCalendarClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_risk_calendar_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  changed_signal =
      g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
icon_button (const char *icon,
             const char *label,
             GCallback   callback,
             void       *data)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect (button, "clicked", callback, data);
  return button;
}

static void
build_days (TwinRiskCalendar *self)
{
  static const char *const names[] = { N_ ("Mo"), N_ ("Tu"), N_ ("We"),
                                       N_ ("Th"), N_ ("Fr"), N_ ("Sa"),
                                       N_ ("Su") };
  GtkWidget               *grid = gtk_grid_new ();

  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 3);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 3);
  for (int i = 0; i < 7; i++)
    {
      GtkWidget *label = gtk_label_new (_ (names[i]));

      gtk_widget_add_css_class (label, "dim-label");
      gtk_widget_add_css_class (label, "twin-small");
      gtk_grid_attach (GTK_GRID (grid), label, i, 0, 1, 1);
    }
  for (int i = 0; i < N_DAYS; i++)
    {
      self->days[i] = gtk_button_new ();
      gtk_widget_add_css_class (self->days[i], "twin-day");
      gtk_widget_add_css_class (self->days[i], "flat");
      g_signal_connect (self->days[i], "clicked", G_CALLBACK (on_day), self);
      gtk_grid_attach (GTK_GRID (grid), self->days[i], i % 7, 1 + i / 7, 1, 1);
    }
  gtk_box_append (GTK_BOX (self->box), grid);
}

static GtkWidget *
build_legend (void)
{
  static const char *const words[] = { N_ ("before 5 %"), N_ ("5–50 %"),
                                       N_ ("50–95 %") };
  GtkWidget               *legend = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  for (int i = 0; i < 3; i++)
    {
      GtkWidget *swatch = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
      GtkWidget *label = gtk_label_new (_ (words[i]));

      gtk_widget_set_size_request (swatch, 12, 12);
      gtk_widget_set_valign (swatch, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (swatch, risk_classes[i]);
      gtk_widget_add_css_class (label, "twin-small");
      gtk_widget_set_margin_end (label, 6);
      gtk_box_append (GTK_BOX (legend), swatch);
      gtk_box_append (GTK_BOX (legend), label);
    }

  return legend;
}

static void
twin_risk_calendar_init (TwinRiskCalendar *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->title = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->title, "heading");
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_widget_set_hexpand (self->title, TRUE);
  gtk_box_append (GTK_BOX (head), self->title);
  gtk_box_append (GTK_BOX (head),
                  icon_button ("go-previous-symbolic", _ ("Previous month"),
                               G_CALLBACK (on_previous), self));
  gtk_box_append (GTK_BOX (head),
                  icon_button ("go-next-symbolic", _ ("Next month"),
                               G_CALLBACK (on_next), self));
  gtk_box_append (GTK_BOX (self->box), head);
  build_days (self);
  self->note = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->box), self->note);

  g_date_clear (&self->chosen, 1);
  g_date_set_time_t (&self->month, g_get_real_time () / G_USEC_PER_SEC);
  g_date_set_day (&self->month, 1);
}

GtkWidget *
twin_risk_calendar_new (double p05_s, double p50_s, double p95_s)
{
  TwinRiskCalendar *self = g_object_new (TWIN_TYPE_RISK_CALENDAR, NULL);

  self->points_s[0] = p05_s;
  self->points_s[1] = p50_s;
  self->points_s[2] = p95_s;
  if (isnan (p05_s))
    {
      GtkWidget *text =
          gtk_label_new (_ ("Remaining life is not estimable: no date is "
                            "safer than another."));

      gtk_label_set_wrap (GTK_LABEL (text), TRUE);
      gtk_label_set_xalign (GTK_LABEL (text), 0);
      gtk_label_set_max_width_chars (GTK_LABEL (text), 30);
      gtk_widget_add_css_class (text, "dim-label");
      gtk_widget_add_css_class (text, "twin-small");
      gtk_box_append (GTK_BOX (self->note), text);
    }
  else
    {
      gtk_box_append (GTK_BOX (self->note), build_legend ());
    }
  refresh (self);
  return GTK_WIDGET (self);
}
