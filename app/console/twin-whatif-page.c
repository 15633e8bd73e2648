/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-whatif-page.h"

#include <glib/gi18n.h>
#include <math.h>

#include "twin-chart-key.h"
#include "twin-machine-tab.h"
#include "twin-range-bar.h"
#include "twin-trend-chart.h"
#include "twin-whatif-controls.h"
#include "twin-whatif-words.h"

/* A slider on the move asks once it rests this long. */
#define REST_MS 120

/* Loads and temperatures go on: the present is looked at anew this often. */
#define ANEW_US (10 * TWIN_US_PER_S)

enum
{
  NOW,
  THEN,
  CHANGE,
  N_COLUMNS,
};

struct _TwinWhatifPage
{
  GtkWidget                 parent_instance;
  const TwinMachineContext *context;
  GtkWidget                *box;
  TwinWhatifControls       *controls;
  GtkGrid                  *table;
  TwinChartKey             *then_key;
  TwinTrendChart           *chance, *heat;
  GtkLabel                 *level, *change, *heard, *notes, *date, *why;
  GtkLabel                 *cells[TWIN_WHATIF_ROWS][N_COLUMNS];
  TwinRangeBar             *bars[TWIN_WHATIF_ROWS];
  TwinLiveRequest          *request; /* the one that is waited for */
  char                     *machine; /* that it is about */
  guint                     rest;    /* timeout */
  gboolean                  again;   /* something changed meanwhile */
  int64_t                   asked_us;
};

static void tab_init (TwinMachineTabInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TwinWhatifPage,
                               twin_whatif_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (TWIN_TYPE_MACHINE_TAB,
                                                      tab_init))

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

/* --- showing -----------------------------------------------------------------
 */

static void
show_rows (TwinWhatifPage *self, const TwinWhatifWords *words)
{
  for (int i = 0; i < TWIN_WHATIF_ROWS; i++)
    {
      const TwinWhatifRow *row = &words->rows[i];

      gtk_label_set_label (self->cells[i][NOW], row->now);
      gtk_label_set_label (self->cells[i][THEN], row->then);
      gtk_label_set_label (self->cells[i][CHANGE], row->change);
      twin_range_bar_set (self->bars[i], row->now_range, row->then_range,
                          row->free_scale);
    }
}

/* The band is part of what is to be seen. */
static void
fit_heat (TwinWhatifPage *self, const TwinWhatifWords *words)
{
  double least = INFINITY, most = -INFINITY;

  for (size_t i = 0; i < words->n; i++)
    {
      least = fmin (least, fmin (words->low_c[i], words->now_c[i]));
      most = fmax (most, fmax (words->high_c[i], words->now_c[i]));
    }

  if (least <= most)
    twin_line_chart_set_y_range (TWIN_LINE_CHART (self->heat),
                                 TWIN_CHART_SCALE_LINEAR, least - 1, most + 1);
}

static void
show_courses (TwinWhatifPage *self, const TwinWhatifWords *words)
{
  TwinLineChart     *heat = TWIN_LINE_CHART (self->heat);
  TwinLineChart     *chance = TWIN_LINE_CHART (self->chance);
  const double       now_s = (double) self->context->now_us / 1e6;
  g_autofree double *time = g_new (double, words->n + 1);
  const gboolean     hot = words->n > 0 && isfinite (words->then_c[0]);
  const gboolean     known = words->n > 0 && isfinite (words->failed_then[0]);

  for (size_t i = 0; i < words->n; i++)
    time[i] = now_s + words->at_s[i];

  if (words->n > 1)
    {
      twin_trend_chart_set_span (self->heat, now_s, time[words->n - 1]);
      twin_trend_chart_set_span (self->chance, now_s, time[words->n - 1]);
    }

  fit_heat (self, words);
  twin_line_chart_set_samples (heat, 0, time, words->then_c,
                               hot ? words->n : 0);
  twin_line_chart_set_samples (heat, 1, time, words->now_c, hot ? words->n : 0);
  twin_trend_chart_set_band (self->heat, time, words->low_c, words->high_c,
                             hot ? words->n : 0);
  twin_line_chart_set_samples (chance, 0, time, words->failed_then,
                               known ? words->n : 0);
  twin_line_chart_set_samples (chance, 1, time, words->failed_now,
                               known ? words->n : 0);
}

static void
show_answer (TwinWhatifPage *self, const TwinWhatifWords *words)
{
  show_rows (self, words);
  show_courses (self, words);
  set_text (self->level, words->level);
  set_text (self->change, words->change);
  set_text (self->heard, words->heard);
  set_text (self->notes, words->notes);
  set_text (self->date, words->date);
  set_text (self->why, words->why);
}

/* Nothing may be taken for the answer to what is asked now. */
static void
show_nothing (TwinWhatifPage *self, const char *why)
{
  const double none[3] = { NAN, NAN, NAN };

  for (int i = 0; i < TWIN_WHATIF_ROWS; i++)
    {
      for (int k = 0; k < N_COLUMNS; k++)
        gtk_label_set_label (self->cells[i][k], "–");
      twin_range_bar_set (self->bars[i], none, none, TRUE);
    }

  for (guint i = 0; i < 2; i++)
    {
      twin_line_chart_set_samples (TWIN_LINE_CHART (self->heat), i, NULL, NULL,
                                   0);
      twin_line_chart_set_samples (TWIN_LINE_CHART (self->chance), i, NULL,
                                   NULL, 0);
    }

  twin_trend_chart_set_band (self->heat, NULL, NULL, NULL, 0);
  set_text (self->level, why);
  set_text (self->change, NULL);
  set_text (self->heard, NULL);
  set_text (self->notes, NULL);
  set_text (self->date, _ ("No date"));
  set_text (self->why, NULL);
}

/* --- asking ------------------------------------------------------------------
 */

static void ask (TwinWhatifPage *self, gboolean keep);

static void
drop_request (TwinWhatifPage *self)
{
  if (self->request != NULL)
    g_signal_handlers_disconnect_by_data (self->request, self);
  g_clear_object (&self->request);
}

static void
on_detail (TwinLiveRequest *request, GParamSpec *pspec, TwinWhatifPage *self)
{
  g_autoptr (TwinWhatifWords) words =
      twin_whatif_words_new (twin_live_request_get_detail (request),
                             self->context->now_us);

  if (words != NULL)
    show_answer (self, words);
}

static void
on_finished (TwinLiveRequest *request, TwinWhatifPage *self)
{
  if (twin_live_request_get_stage (request) == TWIN_REQUEST_FAILED)
    show_nothing (self, twin_live_request_get_text (request));

  drop_request (self);
  if (self->again)
    ask (self, FALSE);
}

/* One question at a time: what changes meanwhile is asked afterwards. */
static void
ask (TwinWhatifPage *self, gboolean keep)
{
  g_autofree char *question = NULL;

  self->again = self->request != NULL;
  if (self->again || self->context == NULL || self->context->machine == NULL)
    return;

  if (self->context->session == NULL)
    {
      show_nothing (self, _ ("No plant is open."));
      return;
    }

  self->asked_us = self->context->now_us;
  question = twin_whatif_controls_dup_question (self->controls, keep);
  self->request =
      twin_live_session_whatif (self->context->session,
                                twin_live_item_get_id (self->context->machine),
                                question);
  g_signal_connect (self->request, "notify::detail", G_CALLBACK (on_detail),
                    self);
  g_signal_connect (self->request, "finished", G_CALLBACK (on_finished), self);
}

static gboolean
on_rest (gpointer data)
{
  TwinWhatifPage *self = data;

  self->rest = 0;
  ask (self, FALSE);
  return G_SOURCE_REMOVE;
}

static void
on_changed (TwinWhatifPage *self)
{
  g_clear_handle_id (&self->rest, g_source_remove);
  self->rest = g_timeout_add (REST_MS, on_rest, self);
}

static void
on_reset (GtkButton *button, TwinWhatifPage *self)
{
  twin_whatif_controls_reset (self->controls);
}

static void
on_keep (GtkButton *button, TwinWhatifPage *self)
{
  drop_request (self);
  ask (self, TRUE);
}

static void
on_schedule (GtkButton *button, TwinWhatifPage *self)
{
  if (self->context->machine != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.schedule", "s",
                                twin_live_item_get_id (self->context->machine));
}

/* --- tab ---------------------------------------------------------------------
 */

static void
show_age (TwinWhatifPage *self)
{
  TwinLiveItem  *machine = self->context->machine;
  const gboolean stale = !self->context->live ||
                         twin_live_item_get_state (machine) == TWIN_STATE_STALE;
  g_autofree char *age =
      twin_machine_context_dup_age (self->context,
                                    twin_live_item_get_newest_us (machine));

  twin_line_chart_set_stale (TWIN_LINE_CHART (self->heat), stale, age);
  twin_line_chart_set_stale (TWIN_LINE_CHART (self->chance), stale, age);
}

static void
refresh (TwinMachineTab *tab, TwinMachineChange changes)
{
  TwinWhatifPage *self = TWIN_WHATIF_PAGE (tab);
  const char     *id = twin_live_item_get_id (self->context->machine);

  if (g_strcmp0 (id, self->machine) != 0)
    {
      g_free (self->machine);
      self->machine = g_strdup (id);
      drop_request (self);
      show_nothing (self, _ ("Asking…"));
    }

  if ((changes & (TWIN_MACHINE_CHANGE_MACHINE | TWIN_MACHINE_CHANGE_LIFE)) ||
      (self->request == NULL &&
       self->context->now_us - self->asked_us > ANEW_US))
    ask (self, FALSE);
  show_age (self);
}

static void
set_context (TwinMachineTab *tab, const TwinMachineContext *context)
{
  TWIN_WHATIF_PAGE (tab)->context = context;
}

static void
tab_init (TwinMachineTabInterface *iface)
{
  iface->set_context = set_context;
  iface->refresh = refresh;
}

/* --- life --------------------------------------------------------------------
 */

static void
attach (TwinWhatifPage *self, GtkWidget *widget, int column, int row)
{
  gtk_grid_attach (self->table, widget, column, row, 1, 1);
}

static GtkWidget *
new_cell (const char *text, float xalign, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_widget_add_css_class (label, class);
  return label;
}

static void
fill_table (TwinWhatifPage *self)
{
  static const char *const labels[TWIN_WHATIF_ROWS] = {
    N_ ("Remaining life"),          N_ ("At least (95 %)"),
    N_ ("Bearing temperature"),     N_ ("Oil film κ"),
    N_ ("Life, times the present"), N_ ("Fatigue life left"),
    N_ ("Chance of failure"),       N_ ("Expected cost"),
  };
  static const char *const heads[N_COLUMNS] = { N_ ("Now"), N_ ("What if"),
                                                N_ ("Difference") };

  for (int k = 0; k < N_COLUMNS; k++)
    attach (self, new_cell (_ (heads[k]), 1, "twin-past-head"), k + 1, 0);
  attach (self, new_cell (_ ("5 to 95 %"), 0, "twin-past-head"), N_COLUMNS + 1,
          0);

  for (int i = 0; i < TWIN_WHATIF_ROWS; i++)
    {
      GtkWidget *bar = twin_range_bar_new ();

      attach (self, new_cell (_ (labels[i]), 0, "dim-label"), 0, i + 1);
      for (int k = 0; k < N_COLUMNS; k++)
        {
          GtkWidget *cell = new_cell ("–", 1, "numeric");

          if (k == THEN)
            gtk_widget_add_css_class (cell, "heading");
          self->cells[i][k] = GTK_LABEL (cell);
          attach (self, cell, k + 1, i + 1);
        }

      gtk_widget_set_hexpand (bar, TRUE);
      gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
      self->bars[i] = TWIN_RANGE_BAR (bar);
      attach (self, bar, N_COLUMNS + 1, i + 1);
    }
}

static void
prepare_chart (TwinTrendChart *chart,
               const char     *label,
               const char     *unit,
               const char     *empty)
{
  TwinLineChart *line = TWIN_LINE_CHART (chart);

  twin_line_chart_add_series (line, _ ("What if"), TWIN_CHART_STYLE_PREDICTED);
  twin_line_chart_add_series (line, _ ("Now"), TWIN_CHART_STYLE_MEASURED);
  twin_line_chart_set_series_look (line, 1, 0, FALSE);
  twin_trend_chart_set_unit (chart, unit);
  twin_line_chart_set_label (line, label);
  twin_line_chart_set_empty_text (line, empty);
}

static void
twin_whatif_page_dispose (GObject *object)
{
  TwinWhatifPage *self = TWIN_WHATIF_PAGE (object);

  g_clear_handle_id (&self->rest, g_source_remove);
  drop_request (self);
  g_clear_pointer (&self->machine, g_free);
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (twin_whatif_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
#define BIND(child)                                                            \
  gtk_widget_class_bind_template_child (widget_class, TwinWhatifPage, child)
  BIND (box);
  BIND (controls);
  BIND (table);
  BIND (then_key);
  BIND (chance);
  BIND (heat);
  BIND (level);
  BIND (change);
  BIND (heard);
  BIND (notes);
  BIND (date);
  BIND (why);
#undef BIND
}

static void
twin_whatif_page_class_init (TwinWhatifPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = twin_whatif_page_dispose;
  g_type_ensure (TWIN_TYPE_TREND_CHART);
  g_type_ensure (TWIN_TYPE_CHART_KEY);
  g_type_ensure (TWIN_TYPE_WHATIF_CONTROLS);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/com/example/TwinConsole/twin-whatif-page.ui");
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_reset);
  gtk_widget_class_bind_template_callback (widget_class, on_keep);
  gtk_widget_class_bind_template_callback (widget_class, on_schedule);
  bind_children (widget_class);
}

static void
twin_whatif_page_init (TwinWhatifPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  twin_chart_key_set_style (self->then_key, TWIN_CHART_STYLE_PREDICTED);
  fill_table (self);
  prepare_chart (self->heat, _ ("Bearing temperature, now and what if"), "°C",
                 _ ("There is no thermal model yet."));
  prepare_chart (self->chance, _ ("Chance of failure, now and what if"), "%",
                 _ ("Not estimable: there is no trend to carry on."));
  twin_line_chart_set_y_range (TWIN_LINE_CHART (self->chance),
                               TWIN_CHART_SCALE_LINEAR, 0, 100);
}
