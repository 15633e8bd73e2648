/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-trend-chart.h"

#include "twin-line-chart-private.h"

struct _TwinTrendChart
{
  TwinLineChart parent_instance;
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

static void
twin_trend_chart_class_init (TwinTrendChartClass *class)
{
}

static void
twin_trend_chart_init (TwinTrendChart *self)
{
  twin_line_chart_private (TWIN_LINE_CHART (self))->min_span = 2;
}

GtkWidget *
twin_trend_chart_new (void)
{
  return g_object_new (TWIN_TYPE_TREND_CHART, NULL);
}
