/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-trend-chart.h"

#include "twin-line-chart-private.h"

#include <math.h>

typedef struct
{
  double time_s;
  double min;
  double max;
} BandPoint;

struct _TwinTrendChart
{
  TwinLineChart parent_instance;
  GArray       *band; /* of BandPoint */
};

G_DEFINE_FINAL_TYPE (TwinTrendChart, twin_trend_chart, TWIN_TYPE_LINE_CHART)

void
twin_trend_chart_set_span (TwinTrendChart *self, double from, double to)
{
  g_return_if_fail (TWIN_IS_TREND_CHART (self));

  twin_line_chart_set_x_range (TWIN_LINE_CHART (self), TWIN_CHART_SCALE_TIME,
                               from, to);
}

void
twin_trend_chart_set_unit (TwinTrendChart *self, const char *unit)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_TREND_CHART (self));

  priv = twin_line_chart_private (TWIN_LINE_CHART (self));
  g_free (priv->unit);
  priv->unit = g_strdup (unit);
  twin_line_chart_invalidate (TWIN_LINE_CHART (self));
}

void
twin_trend_chart_set_record (TwinTrendChart *self,
                             guint           series,
                             const double   *time_s,
                             const double   *values,
                             gsize           n,
                             double          longest_gap_s)
{
  g_autofree double *x = NULL;
  g_autofree double *y = NULL;

  g_return_if_fail (TWIN_IS_TREND_CHART (self));
  g_return_if_fail (n == 0 || (time_s != NULL && values != NULL));

  n = twin_chart_break_record (time_s, values, n, longest_gap_s, &x, &y);
  twin_line_chart_set_samples (TWIN_LINE_CHART (self), series, x, y, n);
}

void
twin_trend_chart_set_band (TwinTrendChart *self,
                           const double   *time_s,
                           const double   *min,
                           const double   *max,
                           gsize           n)
{
  g_return_if_fail (TWIN_IS_TREND_CHART (self));
  g_return_if_fail (n == 0 || (time_s != NULL && min != NULL && max != NULL));

  g_array_set_size (self->band, 0);
  for (gsize i = 0; i < n; i++)
    {
      BandPoint point = { time_s[i], min[i], max[i] };

      g_array_append_val (self->band, point);
    }

  twin_line_chart_invalidate (TWIN_LINE_CHART (self));
}

/* One piece between two gaps: there along the tops, back along the feet. */
static void
trace_piece (TwinTrendChart *self,
             TwinChartPaint *paint,
             cairo_t        *cr,
             guint           first,
             guint           end)
{
  for (guint i = first; i < end; i++)
    {
      const BandPoint *point = &g_array_index (self->band, BandPoint, i);

      cairo_line_to (cr, twin_chart_paint_x (paint, point->time_s),
                     twin_chart_paint_y (paint, point->max));
    }

  for (guint i = end; i > first; i--)
    {
      const BandPoint *point = &g_array_index (self->band, BandPoint, i - 1);

      cairo_line_to (cr, twin_chart_paint_x (paint, point->time_s),
                     twin_chart_paint_y (paint, point->min));
    }

  cairo_close_path (cr);
}

static void
draw_under (TwinLineChart *chart, TwinChartPaint *paint)
{
  TwinTrendChart *self = TWIN_TREND_CHART (chart);
  GdkRGBA         tint = twin_chart_color_fade (&paint->palette.measured, 0.16);
  guint           first = 0;
  cairo_t        *cr;

  if (self->band->len < 2)
    return;

  cr = twin_chart_paint_cairo (paint, 0);
  cairo_new_path (cr);
  for (guint i = 0; i <= self->band->len; i++)
    {
      if (i < self->band->len &&
          !isnan (g_array_index (self->band, BandPoint, i).min))
        continue;

      if (i > first + 1)
        {
          trace_piece (self, paint, cr, first, i);
          cairo_new_sub_path (cr);
        }
      first = i + 1;
    }

  twin_chart_paint_set_color (cr, &tint);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
finalize (GObject *object)
{
  g_array_unref (TWIN_TREND_CHART (object)->band);

  G_OBJECT_CLASS (twin_trend_chart_parent_class)->finalize (object);
}

static void
twin_trend_chart_class_init (TwinTrendChartClass *class)
{
  G_OBJECT_CLASS (class)->finalize = finalize;
  TWIN_LINE_CHART_CLASS (class)->draw_under = draw_under;
}

static void
twin_trend_chart_init (TwinTrendChart *self)
{
  self->band = g_array_new (FALSE, FALSE, sizeof (BandPoint));
  twin_line_chart_private (TWIN_LINE_CHART (self))->min_span = 2;
}

GtkWidget *
twin_trend_chart_new (void)
{
  return g_object_new (TWIN_TYPE_TREND_CHART, NULL);
}
