/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-trend-page.h"

#include <glib/gi18n.h>
#include <math.h>

#include "twin-chart-key.h"
#include "twin-trend-chart.h"

/* Points asked of the store: about one a pixel. */
#define POINTS 900
/* The newest end is asked for again this often. */
#define RENEW_US (10 * TWIN_US_PER_S)
/* Nothing shorter: nodes report about once a second. */
#define SHORTEST_STEP_US TWIN_US_PER_S

/* Points of the band that widens with age. */
#define AHEAD 16
#define FIVE_TO_95 1.6449 /* deviations */

typedef struct
{
  const char *label;
  const char *spoken;
  int64_t     seconds;
} Span;

static const Span spans[] = {
  { N_ ("10 min"), N_ ("Last ten minutes"), 600 },
  { N_ ("1 h"), N_ ("Last hour"), 3600 },
  { N_ ("24 h"), N_ ("Last day"), 86400 },
  { N_ ("7 d"), N_ ("Last week"), 7 * 86400 },
  { N_ ("90 d"), N_ ("Last ninety days"), 90 * 86400 },
};

typedef struct
{
  char          *twin;
  char          *path;
  char          *unit;
  double         limit_high;
  double         limit_low;
  TwinLiveValue *value;
} Signal;

struct _TwinTrendPage
{
  GtkWidget                 parent_instance;
  const TwinMachineContext *context;
  GtkWidget                *box;
  GtkDropDown              *signal;
  GtkBox                   *spans;
  GtkSpinner               *spinner;
  GtkLabel                 *caption;
  TwinTrendChart           *chart;
  GtkStringList            *names;
  GArray                   *signals; /* of Signal, beside names */
  GCancellable             *asking;
  guint                     series;
  guint                     span;
  int64_t                   asked_us;
  int64_t                   newest_us;
  gboolean                  filling;
};

static void tab_init (TwinMachineTabInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TwinTrendPage,
                               twin_trend_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (TWIN_TYPE_MACHINE_TAB,
                                                      tab_init))

static void
signal_clear (gpointer data)
{
  Signal *signal = data;

  g_free (signal->twin);
  g_free (signal->path);
  g_free (signal->unit);
  g_object_unref (signal->value);
}

static const Signal *
chosen_signal (TwinTrendPage *self)
{
  const guint selected = gtk_drop_down_get_selected (self->signal);

  return selected < self->signals->len
             ? &g_array_index (self->signals, Signal, selected)
             : NULL;
}

/* --- drawing what the store answered
 * -------------------------------------------- */

static void
draw_limits (TwinTrendPage *self, const Signal *signal)
{
  TwinChartLimit limits[2];
  gsize          n = 0;
  const char    *unit = twin_live_display_unit (signal->unit);
  const double   values[2] = { signal->limit_high, signal->limit_low };
  char          *labels[2] = { NULL, NULL };

  for (gsize i = 0; i < 2; i++)
    {
      const double shown = twin_live_display_value (signal->unit, values[i]);
      g_autofree char *number = NULL;

      if (isnan (values[i]))
        continue;

      number = twin_chart_format (shown, 3);
      labels[i] = g_strdup_printf (_ ("Limit %s %s"), number, unit);
      limits[n++] =
          (TwinChartLimit){ shown, 0, TWIN_CHART_PRIORITY_MEDIUM, labels[i] };
    }

  twin_line_chart_set_limits (TWIN_LINE_CHART (self->chart), limits, n);
  g_free (labels[0]);
  g_free (labels[1]);
}

/* Alarms of this machine where they began. */
static void
draw_alarms (TwinTrendPage *self)
{
  g_autoptr (GArray) markers =
      g_array_new (FALSE, FALSE, sizeof (TwinChartMarker));
  GListModel *alarms;
  const char *machine;

  if (self->context->plant == NULL || self->context->machine == NULL)
    return;

  alarms = twin_live_plant_get_alarms (self->context->plant);
  machine = twin_live_item_get_id (self->context->machine);
  for (guint i = 0; i < g_list_model_get_n_items (alarms); i++)
    {
      g_autoptr (TwinLiveAlarm) alarm = g_list_model_get_item (alarms, i);
      const TwinAlarmItem *item = twin_live_alarm_get_item (alarm);
      TwinChartMarker      marker = {
             .x = (double) item->since_us / TWIN_US_PER_S,
             .y = NAN,
             .kind = TWIN_CHART_MARKER_ALARM,
             .priority = CLAMP (item->priority, 1, 4),
      };

      if (g_strcmp0 (item->machine, machine) == 0 &&
          item->since_us != TWIN_TIME_NONE)
        g_array_append_val (markers, marker);
    }

  twin_line_chart_set_markers (TWIN_LINE_CHART (self->chart),
                               (const TwinChartMarker *) (const void *)
                                   markers->data,
                               markers->len);
}

/* From the value measured last to now: what it may be by now, 5 to 95 %, wider
 * the older that is. Returns how many points were written, at most AHEAD. */
static size_t
draw_age (TwinTrendPage *self,
          const Signal  *signal,
          double        *time,
          double        *min,
          double        *max)
{
  const TwinValueItem *item = twin_live_value_get_item (signal->value);
  const int64_t        from = item->source_us, to = self->context->now_us;

  if (from == TWIN_TIME_NONE || from >= to || self->newest_us > from)
    return 0;

  for (int i = 0; i < AHEAD; i++)
    {
      const int64_t at = from + (to - from) / (AHEAD - 1) * i;
      double        expected, sd;

      if (!twin_live_value_expect (signal->value, at, &expected, &sd))
        return 0;

      time[i] = (double) at / TWIN_US_PER_S;
      min[i] =
          twin_live_display_value (signal->unit, expected - FIVE_TO_95 * sd);
      max[i] =
          twin_live_display_value (signal->unit, expected + FIVE_TO_95 * sd);
    }

  return AHEAD;
}

static void
draw_series (TwinTrendPage *self, const TwinLiveSeries *series)
{
  const Signal      *signal = chosen_signal (self);
  const size_t       n = series->n;
  g_autofree double *time = g_new (double, n + AHEAD);
  g_autofree double *mean = g_new (double, n);
  g_autofree double *min = g_new (double, n + AHEAD);
  g_autofree double *max = g_new (double, n + AHEAD);
  size_t             ahead;

  if (signal == NULL)
    return;

  self->newest_us = TWIN_TIME_NONE;
  for (size_t i = 0; i < n; i++)
    {
      time[i] = (double) series->times_us[i] / TWIN_US_PER_S;
      mean[i] = twin_live_display_value (signal->unit, series->mean[i]);
      min[i] = twin_live_display_value (signal->unit, series->min[i]);
      max[i] = twin_live_display_value (signal->unit, series->max[i]);
      if (!isnan (mean[i]))
        self->newest_us = series->times_us[i];
    }

  twin_trend_chart_set_record (self->chart, self->series, time, mean, n, 0);
  ahead = draw_age (self, signal, time + n, min + n, max + n);
  twin_trend_chart_set_band (self->chart, time, min, max, n + ahead);
  draw_limits (self, signal);
}

/* --- asking
 * ------------------------------------------------------------------------ */

static void
stop_asking (TwinTrendPage *self)
{
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  gtk_spinner_stop (self->spinner);
}

static void
on_history (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TwinTrendPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinLiveSeries) series =
      twin_live_session_history_finish (TWIN_LIVE_SESSION (source), result,
                                        &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->asking);
  gtk_spinner_stop (self->spinner);
  if (self->box == NULL)
    return;

  if (series == NULL)
    {
      twin_line_chart_set_empty_text (TWIN_LINE_CHART (self->chart),
                                      error->message);
      twin_line_chart_set_samples (TWIN_LINE_CHART (self->chart), self->series,
                                   NULL, NULL, 0);
      return;
    }

  twin_line_chart_set_empty_text (TWIN_LINE_CHART (self->chart),
                                  _ ("Nothing was recorded of this signal in "
                                     "this span."));
  draw_series (self, series);
}

static void
ask (TwinTrendPage *self)
{
  const Signal *signal = chosen_signal (self);
  const int64_t span_us = spans[self->span].seconds * TWIN_US_PER_S;
  const int64_t to_us = self->context->now_us;
  const int64_t step_us = MAX (span_us / POINTS, SHORTEST_STEP_US);

  stop_asking (self);
  if (signal == NULL || self->context->session == NULL)
    return;

  self->asked_us = to_us;
  self->asking = g_cancellable_new ();
  gtk_spinner_start (self->spinner);
  twin_trend_chart_set_span (self->chart,
                             (double) (to_us - span_us) / TWIN_US_PER_S,
                             (double) to_us / TWIN_US_PER_S);
  twin_live_session_history_async (self->context->session, signal->twin,
                                   signal->path, to_us - span_us, to_us,
                                   step_us, self->asking, on_history,
                                   g_object_ref (self));
}

static void
show_signal (TwinTrendPage *self)
{
  const Signal *signal = chosen_signal (self);
  const char   *unit =
      signal != NULL ? twin_live_display_unit (signal->unit) : "";
  GtkStringObject *name = gtk_drop_down_get_selected_item (self->signal);
  const char *text = name != NULL ? gtk_string_object_get_string (name) : "";
  g_autofree char *title =
      *unit != '\0' ? g_strdup_printf ("%s, %s", text, unit) : g_strdup (text);
  g_autofree char *label = g_strdup_printf (_ ("Trend of %s"), text);

  twin_trend_chart_set_unit (self->chart, unit);
  twin_line_chart_set_titles (TWIN_LINE_CHART (self->chart), NULL, title);
  twin_line_chart_set_label (TWIN_LINE_CHART (self->chart), label);
  twin_line_chart_set_y_range (TWIN_LINE_CHART (self->chart),
                               TWIN_CHART_SCALE_LINEAR, 0, 0);
}

/* --- which signals there are
 * -------------------------------------------------------- */

static void
collect (TwinLiveItem  *item,
         const char    *prefix,
         GtkStringList *names,
         GArray        *signals)
{
  GListModel *values = twin_live_item_get_values (item);
  GListModel *children = twin_live_item_get_children (item);

  for (guint i = 0; i < g_list_model_get_n_items (values); i++)
    {
      g_autoptr (TwinLiveValue) value = g_list_model_get_item (values, i);
      const TwinValueItem *one = twin_live_value_get_item (value);
      Signal           signal = { g_strdup (one->twin), g_strdup (one->path),
                                  g_strdup (one->unit), one->limit_high,
                                  one->limit_low,       g_object_ref (value) };
      g_autofree char *name =
          prefix != NULL ? g_strdup_printf ("%s · %s", prefix, one->label)
                         : g_strdup (one->label);

      if (one->text != NULL)
        {
          signal_clear (&signal);
          continue;
        }

      g_array_append_val (signals, signal);
      gtk_string_list_append (names, name);
    }

  for (guint i = 0; i < g_list_model_get_n_items (children); i++)
    {
      g_autoptr (TwinLiveItem) child = g_list_model_get_item (children, i);

      collect (child, twin_live_item_get_name (child), names, signals);
    }
}

static gboolean
same_signals (const GArray *a, const GArray *b)
{
  if (a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    {
      const Signal *x = &g_array_index (a, Signal, i);
      const Signal *y = &g_array_index (b, Signal, i);

      if (g_strcmp0 (x->twin, y->twin) != 0 ||
          g_strcmp0 (x->path, y->path) != 0)
        return FALSE;
    }

  return TRUE;
}

/* The part that was opened decides which signal is shown first. */
static guint
first_choice (TwinTrendPage *self)
{
  const char *part = self->context->part != NULL
                         ? twin_live_item_get_id (self->context->part)
                         : NULL;
  guint       fallback = 0;

  for (guint i = 0; i < self->signals->len; i++)
    {
      const Signal *signal = &g_array_index (self->signals, Signal, i);

      if (g_strcmp0 (signal->unit, "m/s") != 0)
        continue;
      if (g_strcmp0 (signal->twin, part) == 0)
        return i;
      if (fallback == 0)
        fallback = i;
    }

  return fallback;
}

/* TRUE when the list is another. */
static gboolean
list_signals (TwinTrendPage *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  GArray *signals = g_array_new (FALSE, FALSE, sizeof (Signal));

  g_array_set_clear_func (signals, signal_clear);
  if (self->context->machine != NULL)
    collect (self->context->machine, NULL, names, signals);

  if (same_signals (self->signals, signals))
    {
      g_array_unref (signals);
      return FALSE;
    }

  g_array_unref (self->signals);
  self->signals = signals;
  g_set_object (&self->names, names);
  self->filling = TRUE;
  gtk_drop_down_set_model (self->signal, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->signal, first_choice (self));
  self->filling = FALSE;
  return TRUE;
}

/* --- tab
 * ------------------------------------------------------------------------------
 */

static void
show_age (TwinTrendPage *self)
{
  const Signal *signal = chosen_signal (self);
  TwinLiveItem *item =
      signal != NULL && self->context->plant != NULL
          ? twin_live_plant_find (self->context->plant, signal->twin)
          : NULL;
  TwinLiveValue *value =
      item != NULL ? twin_live_item_find_value (item, signal->path) : NULL;
  const TwinValueItem *latest =
      value != NULL ? twin_live_value_get_item (value) : NULL;
  g_autofree char *age = NULL, *caption = NULL, *number = NULL;
  gboolean         stale;

  if (latest == NULL)
    {
      gtk_label_set_text (self->caption, "");
      twin_line_chart_set_stale (TWIN_LINE_CHART (self->chart), FALSE, NULL);
      return;
    }

  stale = !self->context->live ||
          twin_live_value_is_stale (value, self->context->now_us);
  age = twin_machine_context_dup_age (self->context, latest->source_us);
  number = twin_live_value_dup_number (value);
  caption = g_strdup_printf (_ ("Now %s %s · %s"), number,
                             twin_live_display_unit (latest->unit), age);
  gtk_label_set_text (self->caption, stale ? age : caption);
  twin_line_chart_set_stale (TWIN_LINE_CHART (self->chart), stale, age);
}

static void
refresh (TwinMachineTab *tab, TwinMachineChange changes)
{
  TwinTrendPage *self = TWIN_TREND_PAGE (tab);
  gboolean       anew = list_signals (self);

  if (changes & TWIN_MACHINE_CHANGE_MACHINE)
    twin_line_chart_set_cursor (TWIN_LINE_CHART (self->chart), NAN);

  if (self->signals->len == 0)
    twin_line_chart_set_empty_text (TWIN_LINE_CHART (self->chart),
                                    _ ("This machine has sent no values yet."));

  if (anew)
    show_signal (self);
  if (anew || (changes & TWIN_MACHINE_CHANGE_MACHINE) ||
      (self->asking == NULL &&
       self->context->now_us - self->asked_us > RENEW_US))
    ask (self);
  if (anew || (changes & TWIN_MACHINE_CHANGE_ALARMS))
    draw_alarms (self);
  show_age (self);
}

static void
set_context (TwinMachineTab *tab, const TwinMachineContext *context)
{
  TWIN_TREND_PAGE (tab)->context = context;
}

static void
tab_init (TwinMachineTabInterface *iface)
{
  iface->set_context = set_context;
  iface->refresh = refresh;
}

static void
on_signal (GtkDropDown *drop_down, GParamSpec *pspec, TwinTrendPage *self)
{
  if (self->filling || self->context == NULL)
    return;

  show_signal (self);
  twin_line_chart_set_samples (TWIN_LINE_CHART (self->chart), self->series,
                               NULL, NULL, 0);
  twin_trend_chart_set_band (self->chart, NULL, NULL, NULL, 0);
  ask (self);
  show_age (self);
}

static void
on_span (GtkToggleButton *button, TwinTrendPage *self)
{
  if (!gtk_toggle_button_get_active (button) || self->context == NULL)
    return;

  self->span = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "span"));
  ask (self);
}

static void
add_spans (TwinTrendPage *self)
{
  GtkWidget *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (_ (spans[i].label));

      g_object_set_data (G_OBJECT (button), "span", GUINT_TO_POINTER (i));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ (spans[i].spoken), -1);
      if (first != NULL)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                     GTK_TOGGLE_BUTTON (first));
      else
        first = button;
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), i == 0);
      g_signal_connect (button, "toggled", G_CALLBACK (on_span), self);
      gtk_box_append (self->spans, button);
    }
}

static void
dispose (GObject *object)
{
  TwinTrendPage *self = TWIN_TREND_PAGE (object);

  if (self->box != NULL)
    stop_asking (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->names);

  G_OBJECT_CLASS (twin_trend_page_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  g_array_unref (TWIN_TREND_PAGE (object)->signals);

  G_OBJECT_CLASS (twin_trend_page_parent_class)->finalize (object);
}

static void
twin_trend_page_class_init (TwinTrendPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  G_OBJECT_CLASS (class)->finalize = finalize;
  g_type_ensure (TWIN_TYPE_TREND_CHART);
  g_type_ensure (TWIN_TYPE_CHART_KEY);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/com/example/TwinConsole/twin-trend-page.ui");

#define BIND(child)                                                            \
  gtk_widget_class_bind_template_child (widget_class, TwinTrendPage, child)
  BIND (box);
  BIND (signal);
  BIND (spans);
  BIND (spinner);
  BIND (caption);
  BIND (chart);
#undef BIND
}

static void
twin_trend_page_init (TwinTrendPage *self)
{
  self->signals = g_array_new (FALSE, FALSE, sizeof (Signal));
  g_array_set_clear_func (self->signals, signal_clear);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->series =
      twin_line_chart_add_series (TWIN_LINE_CHART (self->chart), _ ("Mean"),
                                  TWIN_CHART_STYLE_MEASURED);
  twin_line_chart_set_empty_text (TWIN_LINE_CHART (self->chart),
                                  _ ("Nothing has been read from the plant's "
                                     "store yet."));
  add_spans (self);
  g_signal_connect (self->signal, "notify::selected", G_CALLBACK (on_signal),
                    self);
}
