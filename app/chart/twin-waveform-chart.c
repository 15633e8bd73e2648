/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-waveform-chart.h"

#include "twin-line-chart-private.h"

#include <glib/gi18n.h>

struct _TwinWaveformChart
{
  TwinLineChart parent_instance;
  guint         series;
};

G_DEFINE_FINAL_TYPE (TwinWaveformChart,
                     twin_waveform_chart,
                     TWIN_TYPE_LINE_CHART)

void
twin_waveform_chart_set_block (TwinWaveformChart *self,
                               const double      *samples,
                               gsize              n,
                               double             rate_hz,
                               const char        *unit,
                               double             shown_s)
{
  TwinLineChart        *chart;
  TwinLineChartPrivate *priv;
  double                length_s;

  g_return_if_fail (TWIN_IS_WAVEFORM_CHART (self));
  g_return_if_fail (n == 0 || (samples != NULL && rate_hz > 0));

  chart = TWIN_LINE_CHART (self);
  priv = twin_line_chart_private (chart);

  if (g_strcmp0 (priv->unit, unit) != 0)
    {
      g_free (priv->unit);
      priv->unit = g_strdup (unit);
      priv->fitted_min = priv->fitted_max = 0;
    }

  twin_line_chart_set_samples_uniform (chart, self->series, 0,
                                       n > 0 ? 1 / rate_hz : 1, samples, n);
  if (n < 2)
    return;

  length_s = (double) (n - 1) / rate_hz;
  if (priv->x_full.max != length_s)
    {
      twin_line_chart_set_x_range (chart, TWIN_CHART_SCALE_LINEAR, 0, length_s);
      priv->min_span = 16 / rate_hz;
      if (shown_s > 0 && shown_s < length_s)
        twin_line_chart_set_view (chart, 0, shown_s);
    }
}

static void
twin_waveform_chart_class_init (TwinWaveformChartClass *class)
{
}

static void
twin_waveform_chart_init (TwinWaveformChart *self)
{
  TwinLineChart *chart = TWIN_LINE_CHART (self);

  self->series = twin_line_chart_add_series (chart, _ ("Acceleration"),
                                             TWIN_CHART_STYLE_MEASURED);
  twin_line_chart_set_series_look (chart, self->series, 1.0, FALSE);
  twin_line_chart_set_titles (chart, _ ("Time, s"), NULL);
  twin_line_chart_private (chart)->symmetric = TRUE;
}

GtkWidget *
twin_waveform_chart_new (gboolean strip)
{
  GtkWidget            *self = g_object_new (TWIN_TYPE_WAVEFORM_CHART, NULL);
  TwinLineChartPrivate *priv = twin_line_chart_private (TWIN_LINE_CHART (self));

  priv->short_ticks = strip;
  if (strip)
    twin_line_chart_set_interactive (TWIN_LINE_CHART (self), FALSE);

  return self;
}
