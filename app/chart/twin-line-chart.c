/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-line-chart-private.h"

#include <math.h>

G_DEFINE_TYPE_WITH_PRIVATE (TwinLineChart, twin_line_chart, GTK_TYPE_WIDGET)

enum
{
  CURSOR_MOVED,
  DRAWN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

TwinLineChartPrivate *
twin_line_chart_private (TwinLineChart *self)
{
  return twin_line_chart_get_instance_private (self);
}

void
twin_line_chart_invalidate (TwinLineChart *self)
{
  twin_line_chart_private (self)->dirty = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
twin_line_chart_invalidate_cursor (TwinLineChart *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  twin_line_chart_update_accessible (self);
}

void
twin_line_chart_update_accessible (TwinLineChart *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  TwinLineChartClass *class = TWIN_LINE_CHART_GET_CLASS (self);
  g_autofree char *about = class->describe (self);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  priv->label != NULL ? priv->label : "",
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, about,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, about,
                                  -1);
}

/* Lines -------------------------------------------------------------------- */

static TwinChartLine *
get_line (TwinLineChart *self, guint series)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);

  g_return_val_if_fail (series < priv->lines->len, NULL);
  return g_ptr_array_index (priv->lines, series);
}

static void
line_free (TwinChartLine *line)
{
  twin_chart_series_free (line->series);
  g_free (line->name);
  g_free (line);
}

guint
twin_line_chart_add_series (TwinLineChart *self,
                            const char    *name,
                            TwinChartStyle style)
{
  TwinLineChartPrivate *priv;
  TwinChartLine        *line;

  g_return_val_if_fail (TWIN_IS_LINE_CHART (self), 0);

  priv = twin_line_chart_private (self);
  line = g_new0 (TwinChartLine, 1);
  line->series = twin_chart_series_new ();
  line->name = g_strdup (name);
  line->style = style;
  line->visible = TRUE;
  g_ptr_array_add (priv->lines, line);
  return priv->lines->len - 1;
}

void
twin_line_chart_clear_series (TwinLineChart *self)
{
  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  g_ptr_array_set_size (twin_line_chart_private (self)->lines, 0);
  twin_line_chart_invalidate (self);
}

guint
twin_line_chart_get_n_series (TwinLineChart *self)
{
  g_return_val_if_fail (TWIN_IS_LINE_CHART (self), 0);

  return twin_line_chart_private (self)->lines->len;
}

void
twin_line_chart_set_samples (TwinLineChart *self,
                             guint          series,
                             const double  *x,
                             const double  *y,
                             gsize          n)
{
  TwinChartLine *line;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  line = get_line (self, series);
  g_return_if_fail (line != NULL);

  twin_chart_series_set (line->series, x, y, n);
  twin_line_chart_invalidate (self);
  twin_line_chart_update_accessible (self);
}

void
twin_line_chart_set_samples_uniform (TwinLineChart *self,
                                     guint          series,
                                     double         x0,
                                     double         dx,
                                     const double  *y,
                                     gsize          n)
{
  TwinChartLine *line;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  line = get_line (self, series);
  g_return_if_fail (line != NULL);

  twin_chart_series_set_uniform (line->series, x0, dx, y, n);
  twin_line_chart_invalidate (self);
  twin_line_chart_update_accessible (self);
}

void
twin_line_chart_set_series_visible (TwinLineChart *self,
                                    guint          series,
                                    gboolean       visible)
{
  TwinChartLine *line;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  line = get_line (self, series);
  g_return_if_fail (line != NULL);

  if (line->visible == visible)
    return;

  line->visible = visible;
  twin_line_chart_invalidate (self);
}

void
twin_line_chart_set_series_look (TwinLineChart *self,
                                 guint          series,
                                 double         width,
                                 gboolean       fill)
{
  TwinChartLine *line;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  line = get_line (self, series);
  g_return_if_fail (line != NULL);

  line->width = width;
  line->fill = fill;
  twin_line_chart_invalidate (self);
}

const TwinChartSeries *
twin_line_chart_get_series (TwinLineChart *self, guint series)
{
  TwinChartLine *line;

  g_return_val_if_fail (TWIN_IS_LINE_CHART (self), NULL);

  line = get_line (self, series);
  return line != NULL ? line->series : NULL;
}

/* Axes --------------------------------------------------------------------- */

/* A live record's range moves with every block: who has looked closer keeps
 * on looking there, as long as there is something to see. */
static void
follow_range (TwinLineChartPrivate *priv, const TwinChartAxis *full)
{
  const TwinChartAxis before = priv->x_full;
  TwinChartAxis       view = priv->x_view;
  const gboolean      whole = view.min <= before.min && view.max >= before.max;

  view.min = MAX (view.min, full->min);
  view.max = MIN (view.max, full->max);
  view.factor = full->factor;
  priv->x_full = *full;
  if (whole || view.scale != full->scale || !(view.max > view.min))
    view = *full;
  priv->x_view = view;
}

void
twin_line_chart_set_x_range (TwinLineChart *self,
                             TwinChartScale scale,
                             double         min,
                             double         max)
{
  TwinLineChartPrivate *priv;
  TwinChartAxis         full = twin_chart_axis (scale, min, max);

  g_return_if_fail (TWIN_IS_LINE_CHART (self));
  g_return_if_fail (twin_chart_axis_is_valid (&full));

  priv = twin_line_chart_private (self);
  full.factor = priv->x_full.factor;

  if (priv->x_full.scale == scale && priv->x_full.min == min &&
      priv->x_full.max == max)
    return;

  follow_range (priv, &full);
  twin_line_chart_invalidate (self);
}

void
twin_line_chart_set_x_factor (TwinLineChart *self, double factor)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));
  g_return_if_fail (factor > 0 && isfinite (factor));

  priv = twin_line_chart_private (self);
  if (priv->x_full.factor == factor)
    return;

  priv->x_full.factor = priv->x_view.factor = factor;
  twin_line_chart_invalidate (self);
}

void
twin_line_chart_set_y_range (TwinLineChart *self,
                             TwinChartScale scale,
                             double         min,
                             double         max)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  priv = twin_line_chart_private (self);
  if (priv->y_scale == scale && priv->y_min == min && priv->y_max == max)
    return;

  priv->y_scale = scale;
  priv->y_min = min;
  priv->y_max = max;
  priv->fitted_min = priv->fitted_max = 0;
  twin_line_chart_invalidate (self);
}

void
twin_line_chart_set_titles (TwinLineChart *self,
                            const char    *x_title,
                            const char    *y_title)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  priv = twin_line_chart_private (self);
  if (g_strcmp0 (priv->x_title, x_title) == 0 &&
      g_strcmp0 (priv->y_title, y_title) == 0)
    return;

  /* The new text may be the old one's own. */
  x_title = g_strdup (x_title);
  y_title = g_strdup (y_title);
  g_free (priv->x_title);
  g_free (priv->y_title);
  priv->x_title = (char *) x_title;
  priv->y_title = (char *) y_title;
  twin_line_chart_invalidate (self);
}

const char *
twin_line_chart_get_y_title (TwinLineChart *self)
{
  g_return_val_if_fail (TWIN_IS_LINE_CHART (self), NULL);

  return twin_line_chart_private (self)->y_title;
}

void
twin_line_chart_get_view (TwinLineChart *self, double *min, double *max)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  priv = twin_line_chart_private (self);
  if (min != NULL)
    *min = priv->x_view.min;
  if (max != NULL)
    *max = priv->x_view.max;
}

void
twin_line_chart_set_view (TwinLineChart *self, double min, double max)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));
  g_return_if_fail (isfinite (min) && isfinite (max) && max > min);

  priv = twin_line_chart_private (self);
  priv->x_view.min = MAX (min, priv->x_full.min);
  priv->x_view.max = MIN (max, priv->x_full.max);
  if (!(priv->x_view.max > priv->x_view.min))
    priv->x_view = priv->x_full;
  twin_line_chart_invalidate (self);
}

void
twin_line_chart_reset_view (TwinLineChart *self)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  priv = twin_line_chart_private (self);
  priv->x_view = priv->x_full;
  twin_line_chart_invalidate (self);
}

void
twin_line_chart_set_interactive (TwinLineChart *self, gboolean interactive)
{
  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  twin_line_chart_private (self)->interactive = interactive;
  gtk_widget_set_focusable (GTK_WIDGET (self), interactive);
}

/* Words -------------------------------------------------------------------- */

void
twin_line_chart_set_label (TwinLineChart *self, const char *label)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  priv = twin_line_chart_private (self);
  g_free (priv->label);
  priv->label = g_strdup (label);
  twin_line_chart_update_accessible (self);
}

void
twin_line_chart_set_empty_text (TwinLineChart *self, const char *text)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  priv = twin_line_chart_private (self);
  if (g_strcmp0 (priv->empty_text, text) == 0)
    return;

  g_free (priv->empty_text);
  priv->empty_text = g_strdup (text);
  twin_line_chart_invalidate (self);
  twin_line_chart_update_accessible (self);
}

void
twin_line_chart_set_stale (TwinLineChart *self,
                           gboolean       stale,
                           const char    *age_text)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  priv = twin_line_chart_private (self);
  if (priv->stale == stale && g_strcmp0 (priv->age_text, age_text) == 0)
    return;

  priv->stale = stale;
  g_free (priv->age_text);
  priv->age_text = g_strdup (age_text);
  twin_line_chart_invalidate (self);
  twin_line_chart_update_accessible (self);
}

gboolean
twin_line_chart_get_stale (TwinLineChart *self)
{
  g_return_val_if_fail (TWIN_IS_LINE_CHART (self), FALSE);

  return twin_line_chart_private (self)->stale;
}

/* Cursor ------------------------------------------------------------------- */

void
twin_line_chart_set_cursor (TwinLineChart *self, double x)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  priv = twin_line_chart_private (self);
  if (priv->cursor == x || (isnan (priv->cursor) && isnan (x)))
    return;

  priv->cursor = x;
  twin_line_chart_invalidate_cursor (self);
  g_signal_emit (self, signals[CURSOR_MOVED], 0, x);
}

double
twin_line_chart_get_cursor (TwinLineChart *self)
{
  g_return_val_if_fail (TWIN_IS_LINE_CHART (self), NAN);

  return twin_line_chart_private (self)->cursor;
}

void
twin_line_chart_get_draw_stats (TwinLineChart *self, TwinChartDrawStats *stats)
{
  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  *stats = twin_line_chart_private (self)->stats;
}

static void
measured_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TwinLineChartPrivate *priv =
      twin_line_chart_private (TWIN_LINE_CHART (widget));
  gint64 start = g_get_monotonic_time ();
  gint64 spent;

  twin_line_chart_snapshot (widget, snapshot);

  spent = g_get_monotonic_time () - start;
  priv->stats.frames++;
  priv->stats.last_us = spent;
  priv->stats.max_us = MAX (priv->stats.max_us, spent);
  priv->stats.total_us += spent;
  g_signal_emit (widget, signals[DRAWN], 0, spent);
}

static void
measure (GtkWidget     *widget,
         GtkOrientation orientation,
         int            for_size,
         int           *minimum,
         int           *natural,
         int           *minimum_baseline,
         int           *natural_baseline)
{
  TwinLineChartPrivate *priv =
      twin_line_chart_private (TWIN_LINE_CHART (widget));
  gboolean wide = orientation == GTK_ORIENTATION_HORIZONTAL;

  if (priv->short_ticks)
    {
      *minimum = wide ? 120 : 48;
      *natural = wide ? 120 : 58;
      return;
    }

  /* A plot takes what it is given; it asks for no more than it can be read
   * in. */
  *minimum = *natural = wide ? 160 : 110;
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  twin_line_chart_private (TWIN_LINE_CHART (widget))->dirty = TRUE;
}

static void
finalize (GObject *object)
{
  TwinLineChartPrivate *priv =
      twin_line_chart_private (TWIN_LINE_CHART (object));

  g_clear_pointer (&priv->still, gsk_render_node_unref);
  g_ptr_array_unref (priv->lines);
  g_array_unref (priv->limits);
  g_array_unref (priv->bands);
  g_array_unref (priv->markers);
  g_array_unref (priv->tones);
  g_free (priv->x_title);
  g_free (priv->y_title);
  g_free (priv->label);
  g_free (priv->empty_text);
  g_free (priv->age_text);
  g_free (priv->unit);

  G_OBJECT_CLASS (twin_line_chart_parent_class)->finalize (object);
}

static void
twin_line_chart_class_init (TwinLineChartClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->finalize = finalize;
  widget_class->snapshot = measured_snapshot;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  gtk_widget_class_set_css_name (widget_class, "twinchart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);

  class->draw_cursor = twin_line_chart_draw_cursor;
  class->describe = twin_line_chart_describe;
  class->cursor_step = twin_line_chart_cursor_step;
  class->snap_cursor = twin_line_chart_snap_cursor;

  signals[CURSOR_MOVED] =
      g_signal_new ("cursor-moved", G_TYPE_FROM_CLASS (class),
                    G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                    G_TYPE_DOUBLE);
  signals[DRAWN] =
      g_signal_new ("drawn", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
twin_line_chart_init (TwinLineChart *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);

  priv->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  twin_line_chart_init_marks (self);
  priv->x_full = twin_chart_axis (TWIN_CHART_SCALE_LINEAR, 0, 1);
  priv->x_view = priv->x_full;
  priv->cursor = NAN;
  priv->dirty = TRUE;
  priv->hatch_gaps = TRUE;
  priv->interactive = TRUE;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  twin_line_chart_add_controllers (self);
}

GtkWidget *
twin_line_chart_new (void)
{
  return g_object_new (TWIN_TYPE_LINE_CHART, NULL);
}
