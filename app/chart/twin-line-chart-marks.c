/* SPDX-License-Identifier: Apache-2.0 */
/* Limits, bands, markers and tones: what lies on a plot besides its lines. */
#include "twin-line-chart-private.h"

static void
limit_clear (gpointer limit)
{
  g_free ((char *) ((TwinChartLimit *) limit)->label);
}

static void
band_clear (gpointer band)
{
  g_free ((char *) ((TwinChartBand *) band)->label);
}

static void
marker_clear (gpointer marker)
{
  g_free ((char *) ((TwinChartMarker *) marker)->label);
}

static void
tone_clear (gpointer tone)
{
  g_free ((char *) ((TwinChartTone *) tone)->label);
}

static GArray *
array_new (guint size, GDestroyNotify clear)
{
  GArray *array = g_array_new (FALSE, FALSE, size);

  g_array_set_clear_func (array, clear);
  return array;
}

void
twin_line_chart_init_marks (TwinLineChart *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);

  priv->limits = array_new (sizeof (TwinChartLimit), limit_clear);
  priv->bands = array_new (sizeof (TwinChartBand), band_clear);
  priv->markers = array_new (sizeof (TwinChartMarker), marker_clear);
  priv->tones = array_new (sizeof (TwinChartTone), tone_clear);
}

void
twin_line_chart_set_limits (TwinLineChart        *self,
                            const TwinChartLimit *limits,
                            gsize                 n)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  priv = twin_line_chart_private (self);
  g_array_set_size (priv->limits, 0);

  for (gsize i = 0; i < n; i++)
    {
      TwinChartLimit limit = limits[i];

      limit.label = g_strdup (limits[i].label);
      g_array_append_val (priv->limits, limit);
    }

  twin_line_chart_invalidate (self);
}

void
twin_line_chart_set_bands (TwinLineChart       *self,
                           const TwinChartBand *bands,
                           gsize                n)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  priv = twin_line_chart_private (self);
  g_array_set_size (priv->bands, 0);

  for (gsize i = 0; i < n; i++)
    {
      TwinChartBand band = bands[i];

      band.label = g_strdup (bands[i].label);
      g_array_append_val (priv->bands, band);
    }

  twin_line_chart_invalidate (self);
}

void
twin_line_chart_set_markers (TwinLineChart         *self,
                             const TwinChartMarker *markers,
                             gsize                  n)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  priv = twin_line_chart_private (self);
  g_array_set_size (priv->markers, 0);

  for (gsize i = 0; i < n; i++)
    {
      TwinChartMarker marker = markers[i];

      marker.label = g_strdup (markers[i].label);
      g_array_append_val (priv->markers, marker);
    }

  twin_line_chart_invalidate (self);
}

void
twin_line_chart_set_tones (TwinLineChart       *self,
                           const TwinChartTone *tones,
                           gsize                n)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  priv = twin_line_chart_private (self);
  g_array_set_size (priv->tones, 0);

  for (gsize i = 0; i < n; i++)
    {
      TwinChartTone tone = tones[i];

      tone.label = g_strdup (tones[i].label);
      g_array_append_val (priv->tones, tone);
    }

  twin_line_chart_invalidate (self);
}
