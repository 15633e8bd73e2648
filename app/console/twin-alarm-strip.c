/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-alarm-strip.h"

#include <glib/gi18n.h>

#include "twin-state-glyph.h"

struct _TwinAlarmStrip
{
  GtkWidget      parent_instance;
  TwinLivePlant *plant;
  char          *alarm;
  GtkWidget     *box;
  GtkWidget     *glyph;
  GtkWidget     *source;
  GtkWidget     *text;
  GtkWidget     *age;
  GtkWidget     *advice;
  GtkWidget     *acknowledge;
  GtkWidget     *all;
};

G_DEFINE_FINAL_TYPE (TwinAlarmStrip, twin_alarm_strip, GTK_TYPE_WIDGET)

int
twin_alarm_compare (gconstpointer a, gconstpointer b, gpointer unused)
{
  TwinLiveAlarm       *first = (gpointer) a;
  TwinLiveAlarm       *second = (gpointer) b;
  const TwinAlarmItem *x = twin_live_alarm_get_item (first);
  const TwinAlarmItem *y = twin_live_alarm_get_item (second);
  const int            order =
      twin_live_alarm_needs_ack (second) - twin_live_alarm_needs_ack (first);

  if (order != 0)
    return order;
  if (x->priority != y->priority)
    return x->priority - y->priority;

  return (x->since_us < y->since_us) - (x->since_us > y->since_us);
}

static TwinLiveAlarm *
ref_worst (TwinLivePlant *plant)
{
  GListModel    *alarms = twin_live_plant_get_alarms (plant);
  TwinLiveAlarm *worst = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (alarms); i++)
    {
      g_autoptr (TwinLiveAlarm) alarm = g_list_model_get_item (alarms, i);

      if (worst == NULL || twin_alarm_compare (alarm, worst, NULL) < 0)
        g_set_object (&worst, alarm);
    }

  return worst;
}

static void
show_alarm (TwinAlarmStrip *self, TwinLiveAlarm *alarm)
{
  const TwinAlarmItem *item = twin_live_alarm_get_item (alarm);
  g_autofree char     *age =
      twin_live_dup_age (item->since_us, twin_clock_utc_us ());
  g_autofree char *text =
      item->value_text != NULL
          ? g_strdup_printf ("%s  %s", item->name, item->value_text)
          : g_strdup (item->name);

  if (item->limit_text != NULL)
    {
      char *with_limit =
          g_strdup_printf (_ ("%s · limit %s"), text, item->limit_text);

      g_free (text);
      text = with_limit;
    }

  g_free (self->alarm);
  self->alarm = g_strdup (item->id);
  twin_state_glyph_set_alarm (TWIN_STATE_GLYPH (self->glyph), item);
  gtk_label_set_text (GTK_LABEL (self->source), item->source);
  gtk_label_set_text (GTK_LABEL (self->text), text);
  gtk_label_set_text (GTK_LABEL (self->age), age);
  gtk_label_set_text (GTK_LABEL (self->advice),
                      item->advice != NULL ? item->advice : "");
  gtk_widget_set_visible (self->acknowledge, twin_live_alarm_needs_ack (alarm));
}

static void
show_calm (TwinAlarmStrip *self, gboolean live)
{
  g_clear_pointer (&self->alarm, g_free);
  twin_state_glyph_set_state (TWIN_STATE_GLYPH (self->glyph),
                              live ? TWIN_STATE_NORMAL : TWIN_STATE_STALE);
  gtk_label_set_text (GTK_LABEL (self->source),
                      live ? _ ("No alarm") : _ ("No data"));
  gtk_label_set_text (GTK_LABEL (self->text),
                      live ? "" : _ ("New alarms cannot be seen."));
  gtk_label_set_text (GTK_LABEL (self->age), "");
  gtk_label_set_text (GTK_LABEL (self->advice), "");
  gtk_widget_set_visible (self->acknowledge, FALSE);
}

static void
show_held (TwinAlarmStrip *self)
{
  const TwinStatusUpdate *status = twin_live_plant_get_status (self->plant);
  g_autoptr (GDateTime) since = status != NULL
                                    ? g_date_time_new_from_unix_local (
                                          status->link_since_us / TWIN_US_PER_S)
                                    : NULL;
  g_autofree char *clock =
      since != NULL ? g_date_time_format (since, "%H:%M:%S") : g_strdup ("–");
  g_autofree char *head =
      g_strdup_printf (_ ("Alarm states held since %s"), clock);

  twin_state_glyph_set_state (TWIN_STATE_GLYPH (self->glyph), TWIN_STATE_STALE);
  gtk_label_set_text (GTK_LABEL (self->source), head);
  gtk_label_set_text (GTK_LABEL (self->text), _ ("New alarms cannot be seen."));
  gtk_label_set_text (GTK_LABEL (self->age), "");
  gtk_label_set_text (GTK_LABEL (self->advice), "");
}

static void
refresh (TwinLivePlant *plant, gpointer data)
{
  TwinAlarmStrip *self = data;
  const gboolean  live = twin_live_plant_is_live (plant, twin_clock_utc_us ());
  g_autoptr (TwinLiveAlarm) worst = ref_worst (plant);
  const guint n = g_list_model_get_n_items (twin_live_plant_get_alarms (plant));
  g_autofree char *all = g_strdup_printf (_ ("All %u"), n);

  if (worst != NULL)
    show_alarm (self, worst);
  else
    show_calm (self, live);
  if (!live && worst != NULL)
    show_held (self);

  gtk_button_set_label (GTK_BUTTON (self->all), all);
  gtk_widget_set_visible (self->all, n > 0);
}

void
twin_alarm_strip_set_plant (TwinAlarmStrip *self, TwinLivePlant *plant)
{
  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  g_set_object (&self->plant, plant);
  if (plant == NULL)
    return;

  g_signal_connect (plant, "alarms", G_CALLBACK (refresh), self);
  g_signal_connect (plant, "tick", G_CALLBACK (refresh), self);
  refresh (plant, self);
}

const char *
twin_alarm_strip_get_alarm (TwinAlarmStrip *self)
{
  return self->alarm;
}

static void
on_acknowledge (GtkButton *button, gpointer data)
{
  TwinAlarmStrip *self = data;

  if (self->alarm != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.acknowledge", "s",
                                self->alarm);
}

static void
on_all (GtkButton *button, gpointer data)
{
  gtk_widget_activate_action (data, "win.show-page", "s", "alarms");
}

static void
twin_alarm_strip_dispose (GObject *object)
{
  TwinAlarmStrip *self = TWIN_ALARM_STRIP (object);

  twin_alarm_strip_set_plant (self, NULL);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->alarm, g_free);
  G_OBJECT_CLASS (twin_alarm_strip_parent_class)->dispose (object);
}

static void
twin_alarm_strip_class_init (TwinAlarmStripClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_alarm_strip_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class),
                                        GTK_ACCESSIBLE_ROLE_STATUS);
}

static GtkWidget *
add_label (TwinAlarmStrip *self, const char *css_class, gboolean ellipsize)
{
  GtkWidget *label = gtk_label_new (NULL);

  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_widget_add_css_class (label, "numeric");
  if (ellipsize)
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (self->box), label);
  return label;
}

static void
twin_alarm_strip_init (TwinAlarmStrip *self)
{
  GtkWidget *space = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class (self->box, "twin-strip");
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  self->glyph = twin_state_glyph_new (20);
  gtk_box_append (GTK_BOX (self->box), self->glyph);
  self->source = add_label (self, "heading", FALSE);
  self->text = add_label (self, NULL, TRUE);
  self->age = add_label (self, "dim-label", FALSE);
  self->advice = add_label (self, NULL, TRUE);
  gtk_widget_set_hexpand (space, TRUE);
  gtk_box_append (GTK_BOX (self->box), space);

  self->acknowledge = gtk_button_new_with_label (_ ("Acknowledge"));
  gtk_widget_set_tooltip_text (self->acknowledge,
                               _ ("Acknowledge the worst alarm (A)"));
  gtk_widget_add_css_class (self->acknowledge, "twin-compact");
  g_signal_connect (self->acknowledge, "clicked", G_CALLBACK (on_acknowledge),
                    self);
  gtk_box_append (GTK_BOX (self->box), self->acknowledge);

  self->all = gtk_button_new_with_label ("");
  gtk_widget_add_css_class (self->all, "flat");
  gtk_widget_add_css_class (self->all, "twin-compact");
  gtk_widget_set_tooltip_text (self->all, _ ("Show all alarms"));
  g_signal_connect (self->all, "clicked", G_CALLBACK (on_all), self);
  gtk_box_append (GTK_BOX (self->box), self->all);
}

GtkWidget *
twin_alarm_strip_new (void)
{
  return g_object_new (TWIN_TYPE_ALARM_STRIP, NULL);
}
