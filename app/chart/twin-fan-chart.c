/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-fan-chart.h"

#include "twin-line-chart-private.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  double made_s;
  double at; /* index where it was made */
} Past;

struct _TwinFanChart
{
  TwinLineChart parent_instance;
  guint         measured;
  GArray       *fan;  /* of TwinFanPoint */
  GArray       *past; /* of Past; their lines are series */
  double        threshold;
  double        tolerance;
  double        bracket[3]; /* 5, 50, 95 % */
  double        now;
};

G_DEFINE_FINAL_TYPE (TwinFanChart, twin_fan_chart, TWIN_TYPE_LINE_CHART)

/* The scale must hold the threshold and what was measured; a fan that shoots
 * far above is cut off, not fitted. */
static void
update_y (TwinFanChart *self)
{
  TwinLineChart         *chart = TWIN_LINE_CHART (self);
  const TwinChartSeries *measured =
      twin_line_chart_get_series (chart, self->measured);
  double min = 0, max = 0, low, high;

  if (twin_chart_series_range (measured, 0, twin_chart_series_get_n (measured),
                               &low, &high))
    {
      min = MIN (min, low);
      max = MAX (max, high);
    }
  if (!isnan (self->threshold))
    {
      max = MAX (max, self->threshold + self->tolerance);
      max += 0.14 * (max - min);
    }
  else if (self->fan->len > 0)
    max = MAX (max,
               g_array_index (self->fan, TwinFanPoint, self->fan->len - 1).q95);

  if (!(max > min))
    max = min + 1;

  twin_line_chart_set_y_range (chart, TWIN_CHART_SCALE_LINEAR, min,
                               max + 0.02 * (max - min));
}

void
twin_fan_chart_set_measured (TwinFanChart *self,
                             const double *time_s,
                             const double *index,
                             gsize         n,
                             double        longest_gap_s)
{
  g_autofree double *x = NULL;
  g_autofree double *y = NULL;

  g_return_if_fail (TWIN_IS_FAN_CHART (self));
  g_return_if_fail (n == 0 || (time_s != NULL && index != NULL));

  n = twin_chart_break_record (time_s, index, n, longest_gap_s, &x, &y);
  twin_line_chart_set_samples (TWIN_LINE_CHART (self), self->measured, x, y, n);
  update_y (self);
}

void
twin_fan_chart_set_fan (TwinFanChart *self, const TwinFanPoint *points, gsize n)
{
  g_return_if_fail (TWIN_IS_FAN_CHART (self));
  g_return_if_fail (n == 0 || points != NULL);

  g_array_set_size (self->fan, 0);
  if (n > 0)
    g_array_append_vals (self->fan, points, (guint) n);
  update_y (self);
  twin_line_chart_invalidate (TWIN_LINE_CHART (self));
}

void
twin_fan_chart_add_past (TwinFanChart *self,
                         double        made_s,
                         const double *time_s,
                         const double *index,
                         gsize         n)
{
  guint series;
  Past  past = { made_s, n > 0 ? index[0] : NAN };

  g_return_if_fail (TWIN_IS_FAN_CHART (self));
  g_return_if_fail (n == 0 || (time_s != NULL && index != NULL));

  series = twin_line_chart_add_series (TWIN_LINE_CHART (self),
                                       _ ("Predicted earlier"),
                                       TWIN_CHART_STYLE_PAST);
  twin_line_chart_set_samples (TWIN_LINE_CHART (self), series, time_s, index,
                               n);
  g_array_append_val (self->past, past);
}

void
twin_fan_chart_clear_past (TwinFanChart *self)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_FAN_CHART (self));

  priv = twin_line_chart_private (TWIN_LINE_CHART (self));
  g_ptr_array_set_size (priv->lines, (int) self->measured + 1);
  g_array_set_size (self->past, 0);
  twin_line_chart_invalidate (TWIN_LINE_CHART (self));
}

void
twin_fan_chart_set_threshold (TwinFanChart *self,
                              double        value,
                              double        tolerance,
                              const char   *label)
{
  TwinChartLimit limit = { value, tolerance, TWIN_CHART_PRIORITY_HIGH, label };

  g_return_if_fail (TWIN_IS_FAN_CHART (self));

  self->threshold = value;
  self->tolerance = tolerance;
  twin_line_chart_set_limits (TWIN_LINE_CHART (self), &limit,
                              isnan (value) ? 0 : 1);
  update_y (self);
}

void
twin_fan_chart_set_bracket (TwinFanChart *self,
                            double        t05_s,
                            double        t50_s,
                            double        t95_s)
{
  g_return_if_fail (TWIN_IS_FAN_CHART (self));

  self->bracket[0] = t05_s;
  self->bracket[1] = t50_s;
  self->bracket[2] = t95_s;
  twin_line_chart_private (TWIN_LINE_CHART (self))->header =
      isnan (t05_s) && isnan (t50_s) && isnan (t95_s) ? 0 : 24;
  twin_line_chart_invalidate (TWIN_LINE_CHART (self));
}

void
twin_fan_chart_set_now (TwinFanChart *self, double now_s)
{
  g_return_if_fail (TWIN_IS_FAN_CHART (self));

  self->now = now_s;
  twin_line_chart_invalidate (TWIN_LINE_CHART (self));
}

void
twin_fan_chart_set_span (TwinFanChart *self, double from_s, double to_s)
{
  g_return_if_fail (TWIN_IS_FAN_CHART (self));

  twin_line_chart_set_x_range (TWIN_LINE_CHART (self), TWIN_CHART_SCALE_TIME,
                               from_s, to_s);
}

/* Drawing -------------------------------------------------------------------
 */

static double
quantile (const TwinFanPoint *point, int which)
{
  const double values[] = { point->q05, point->q25, point->q50, point->q75,
                            point->q95 };

  return values[which];
}

static void
trace (TwinFanChart   *self,
       TwinChartPaint *paint,
       cairo_t        *cr,
       int             which,
       gboolean        back)
{
  for (guint i = 0; i < self->fan->len; i++)
    {
      const TwinFanPoint *point =
          &g_array_index (self->fan, TwinFanPoint,
                          back ? self->fan->len - 1 - i : i);

      cairo_line_to (cr, twin_chart_paint_x (paint, point->time_s),
                     twin_chart_paint_y (paint, quantile (point, which)));
    }
}

static void
fill_between (TwinFanChart   *self,
              TwinChartPaint *paint,
              cairo_t        *cr,
              int             low,
              int             high,
              double          opacity)
{
  GdkRGBA tint = twin_chart_color_fade (&paint->palette.predicted, opacity);

  cairo_new_path (cr);
  trace (self, paint, cr, low, FALSE);
  trace (self, paint, cr, high, TRUE);
  cairo_close_path (cr);
  twin_chart_paint_set_color (cr, &tint);
  cairo_fill (cr);
}

static void
draw_under (TwinLineChart *chart, TwinChartPaint *paint)
{
  TwinFanChart *self = TWIN_FAN_CHART (chart);
  cairo_t      *cr;

  if (self->fan->len < 2)
    return;

  cr = twin_chart_paint_cairo (paint, 0);
  fill_between (self, paint, cr, 0, 4, paint->palette.band_wide);
  fill_between (self, paint, cr, 1, 3, paint->palette.band);
  twin_chart_paint_set_color (cr, &paint->palette.predicted);

  for (int which = 0; which <= 4; which += 2)
    {
      cairo_new_path (cr);
      trace (self, paint, cr, which, FALSE);
      twin_chart_paint_set_line (cr, TWIN_CHART_STYLE_PREDICTED,
                                 which == 2 ? 2 : 0.8);
      cairo_stroke (cr);
    }

  cairo_destroy (cr);
}

static void
draw_bracket_lines (TwinFanChart *self, TwinChartPaint *paint, cairo_t *cr)
{
  double y = twin_chart_paint_y (paint, self->threshold);
  double ends[2] = { NAN, NAN };

  twin_chart_paint_set_color (cr, &paint->palette.ink);

  for (gsize i = 0; i < 3; i++)
    {
      double x = twin_chart_paint_x (paint, self->bracket[i]);

      if (isnan (self->bracket[i]) || self->bracket[i] > paint->x.max ||
          self->bracket[i] < paint->x.min)
        continue;

      ends[0] = isnan (ends[0]) ? x : ends[0];
      ends[1] = x;
      twin_chart_paint_set_line (cr, TWIN_CHART_STYLE_OVERLAY, 1);
      cairo_move_to (cr, round (x) + 0.5, paint->plot.origin.y - 4);
      cairo_line_to (cr, round (x) + 0.5, y);
      cairo_stroke (cr);
      twin_chart_paint_set_line (cr, TWIN_CHART_STYLE_MEASURED, 1.6);
      cairo_move_to (cr, x, y - 5);
      cairo_line_to (cr, x, y + 5);
      cairo_stroke (cr);
    }

  if (!isnan (ends[0]))
    {
      twin_chart_paint_set_line (cr, TWIN_CHART_STYLE_MEASURED, 1.6);
      cairo_move_to (cr, ends[0], y);
      cairo_line_to (cr, ends[1], y);
      cairo_stroke (cr);
    }

  if (self->bracket[1] >= paint->x.min && self->bracket[1] <= paint->x.max)
    twin_chart_paint_dot (cr, &paint->palette, FALSE,
                          twin_chart_paint_x (paint, self->bracket[1]), y, 4);
}

static char *
bracket_date (TwinLineChart *chart, double time_s)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (chart);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc ((gint64) time_s);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_local (utc) : NULL;
  double span = priv->x_view.max - priv->x_view.min;

  if (local == NULL)
    return g_strdup ("");

  return g_date_time_format (local, span < 3 * 86400       ? "%H:%M"
                                    : span < 700.0 * 86400 ? _ ("%-d %b")
                                                           : _ ("%b %Y"));
}

/* One word of the bracket unless it would touch the one before it. */
static void
bracket_text (TwinChartPaint *paint,
              TwinChartText   size,
              const char     *text,
              double          x,
              double          y,
              double         *free_from)
{
  double width;

  twin_chart_paint_measure (paint->widget, size, text, &width, NULL);
  if (x - width / 2 < *free_from)
    return;

  twin_chart_paint_text (paint, size, text, x, y,
                         (TwinChartAnchor){ 0.5f, 0.5f }, &paint->palette.text,
                         NULL);
  *free_from = x + width / 2 + 3;
}

static void
name_bracket (TwinFanChart *self, TwinChartPaint *paint)
{
  static const char *const names[] = { "5 %", "50 %", "95 %" };
  double                   y = twin_chart_paint_y (paint, self->threshold) + 18;
  double                   above = -INFINITY, below = -INFINITY;

  for (gsize i = 0; i < 3; i++)
    {
      double           x = twin_chart_paint_x (paint, self->bracket[i]);
      g_autofree char *date = NULL;

      if (isnan (self->bracket[i]) || self->bracket[i] > paint->x.max ||
          self->bracket[i] < paint->x.min)
        continue;

      date = bracket_date (TWIN_LINE_CHART (self), self->bracket[i]);
      bracket_text (paint, TWIN_CHART_TEXT_CAPTION_BOLD, names[i], x,
                    paint->plot.origin.y - 12, &above);
      bracket_text (paint, TWIN_CHART_TEXT_CAPTION, date, x, y, &below);
    }
}

static void
draw_now (TwinFanChart *self, TwinChartPaint *paint, cairo_t *cr)
{
  double x = twin_chart_paint_x (paint, self->now);

  if (isnan (self->now) || self->now < paint->x.min || self->now > paint->x.max)
    return;

  twin_chart_paint_set_color (cr, &paint->palette.ink);
  twin_chart_paint_set_line (cr, TWIN_CHART_STYLE_MEASURED, 1.4);
  cairo_move_to (cr, x, paint->plot.origin.y - 4);
  cairo_line_to (cr, x, paint->plot.origin.y + paint->plot.size.height);
  cairo_stroke (cr);

  if (self->fan->len > 0)
    twin_chart_paint_dot (cr, &paint->palette, FALSE, x,
                          twin_chart_paint_y (paint,
                                              g_array_index (self->fan,
                                                             TwinFanPoint, 0)
                                                  .q50),
                          4.5);
}

static void
draw_over (TwinLineChart *chart, TwinChartPaint *paint)
{
  TwinFanChart *self = TWIN_FAN_CHART (chart);
  cairo_t      *cr = twin_chart_paint_cairo (paint, 24);

  for (guint i = 0; i < self->past->len; i++)
    {
      const Past *past = &g_array_index (self->past, Past, i);

      if (!isnan (past->at) && past->made_s >= paint->x.min &&
          past->made_s <= paint->x.max)
        twin_chart_paint_dot (cr, &paint->palette, TRUE,
                              twin_chart_paint_x (paint, past->made_s),
                              twin_chart_paint_y (paint, past->at), 3.2);
    }

  draw_now (self, paint, cr);
  if (!isnan (self->threshold))
    draw_bracket_lines (self, paint, cr);
  cairo_destroy (cr);

  if (!isnan (self->threshold))
    name_bracket (self, paint);
}

static char *
describe (TwinLineChart *chart)
{
  TwinFanChart    *self = TWIN_FAN_CHART (chart);
  g_autofree char *plain =
      TWIN_LINE_CHART_CLASS (twin_fan_chart_parent_class)->describe (chart);
  g_autofree char *early = NULL, *middle = NULL, *late = NULL;

  if (isnan (self->bracket[1]))
    return g_strdup_printf (_ ("%s. No prediction"), plain);

  early = isnan (self->bracket[0]) ? g_strdup ("—")
                                   : bracket_date (chart, self->bracket[0]);
  middle = bracket_date (chart, self->bracket[1]);
  late = isnan (self->bracket[2]) ? g_strdup ("—")
                                  : bracket_date (chart, self->bracket[2]);
  return g_strdup_printf (_ ("%s. Threshold reached: 5 %% by %s, 50 %% by %s, "
                             "95 %% by %s"),
                          plain, early, middle, late);
}

static void
finalize (GObject *object)
{
  TwinFanChart *self = TWIN_FAN_CHART (object);

  g_array_unref (self->fan);
  g_array_unref (self->past);

  G_OBJECT_CLASS (twin_fan_chart_parent_class)->finalize (object);
}

static void
twin_fan_chart_class_init (TwinFanChartClass *class)
{
  TwinLineChartClass *chart_class = TWIN_LINE_CHART_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  chart_class->draw_under = draw_under;
  chart_class->draw_over = draw_over;
  chart_class->describe = describe;
}

static void
twin_fan_chart_init (TwinFanChart *self)
{
  TwinLineChart *chart = TWIN_LINE_CHART (self);

  self->fan = g_array_new (FALSE, FALSE, sizeof (TwinFanPoint));
  self->past = g_array_new (FALSE, FALSE, sizeof (Past));
  self->threshold = self->now = NAN;
  self->bracket[0] = self->bracket[1] = self->bracket[2] = NAN;
  self->measured = twin_line_chart_add_series (chart, _ ("Health index"),
                                               TWIN_CHART_STYLE_MEASURED);
  twin_line_chart_private (chart)->min_span = 60;
}

GtkWidget *
twin_fan_chart_new (void)
{
  return g_object_new (TWIN_TYPE_FAN_CHART, NULL);
}
