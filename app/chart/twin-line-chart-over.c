/* SPDX-License-Identifier: Apache-2.0 */
/* Limits, bands, tones and markers, and the words that go with them. */
#include "twin-hatch.h"
#include "twin-line-chart-private.h"

#include <math.h>

#define MARKER_SIZE 13.0
#define LEADER 34.0
/* Names that would touch are left out, their lines stay. */
#define NAME_GAP 4.0

static void
draw_band (TwinChartPaint *paint, const TwinChartBand *band)
{
  double from = twin_chart_paint_x (paint, MAX (band->from, paint->x.min));
  double to = twin_chart_paint_x (paint, MIN (band->to, paint->x.max));
  graphene_rect_t area;

  if (!(to > from))
    return;

  graphene_rect_init (&area, (float) from, paint->plot.origin.y,
                      (float) (to - from), paint->plot.size.height);

  if (band->kind == TWIN_CHART_BAND_WINDOW)
    {
      GdkRGBA tint = twin_chart_color_fade (&paint->palette.measured, 0.13);

      gtk_snapshot_append_color (paint->snapshot, &tint, &area);
    }
  else
    twin_hatch_snapshot (paint->snapshot, &area, &paint->palette.hatch);
}

static void
draw_limit (TwinChartPaint *paint, cairo_t *cr, const TwinChartLimit *limit)
{
  GdkRGBA color =
      twin_chart_palette_line (&paint->palette, TWIN_CHART_STYLE_LIMIT,
                               limit->priority);
  double left = paint->plot.origin.x;
  double y = twin_chart_paint_y (paint, limit->value);

  if (limit->tolerance > 0)
    {
      double top = twin_chart_paint_y (paint, limit->value + limit->tolerance);
      double foot = twin_chart_paint_y (paint, limit->value - limit->tolerance);
      GdkRGBA tint =
          twin_chart_color_fade (&paint->palette.priority_fill[limit->priority],
                                 0.10);

      cairo_rectangle (cr, left, top, paint->plot.size.width, foot - top);
      twin_chart_paint_set_color (cr, &tint);
      cairo_fill (cr);
    }

  twin_chart_paint_set_color (cr, &color);
  twin_chart_paint_set_line (cr, TWIN_CHART_STYLE_LIMIT, 0);
  cairo_move_to (cr, left, y);
  cairo_line_to (cr, left + paint->plot.size.width, y);
  cairo_stroke (cr);
}

static void
draw_tone (TwinChartPaint *paint, cairo_t *cr, const TwinChartTone *tone)
{
  double x = round (twin_chart_paint_x (paint, tone->x)) + 0.5;

  if (tone->second)
    return;

  twin_chart_paint_set_color (cr, &paint->palette.predicted);
  twin_chart_paint_set_line (cr, TWIN_CHART_STYLE_OVERLAY, 0);
  cairo_move_to (cr, x, paint->plot.origin.y);
  cairo_line_to (cr, x, paint->plot.origin.y + paint->plot.size.height);
  cairo_stroke (cr);
}

void
twin_line_chart_draw_marks (TwinLineChart *self, TwinChartPaint *paint)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  cairo_t              *cr;

  for (guint i = 0; i < priv->bands->len; i++)
    draw_band (paint, &g_array_index (priv->bands, TwinChartBand, i));

  if (priv->limits->len == 0 && priv->tones->len == 0)
    return;

  cr = twin_chart_paint_cairo (paint, 0);
  for (guint i = 0; i < priv->limits->len; i++)
    draw_limit (paint, cr, &g_array_index (priv->limits, TwinChartLimit, i));
  for (guint i = 0; i < priv->tones->len; i++)
    {
      const TwinChartTone *tone =
          &g_array_index (priv->tones, TwinChartTone, i);

      if (tone->x >= paint->x.min && tone->x <= paint->x.max)
        draw_tone (paint, cr, tone);
    }
  cairo_destroy (cr);
}

/* Names ----------------------------------------------------------------------
 */

static void
name_band (TwinChartPaint *paint, const TwinChartBand *band)
{
  double from = twin_chart_paint_x (paint, MAX (band->from, paint->x.min));
  double to = twin_chart_paint_x (paint, MIN (band->to, paint->x.max));
  double foot = paint->plot.origin.y + paint->plot.size.height;
  double right = paint->plot.origin.x + paint->plot.size.width;
  double width, middle;

  if (band->label == NULL || !(to > from))
    return;

  if (band->kind == TWIN_CHART_BAND_WINDOW)
    {
      twin_chart_paint_measure (paint->widget, TWIN_CHART_TEXT_CAPTION_BOLD,
                                band->label, &width, NULL);
      /* Beside its band, on the side that has room. */
      twin_chart_paint_text (paint, TWIN_CHART_TEXT_CAPTION_BOLD, band->label,
                             to + 4 + width < right ? to + 4 : from - 4 - width,
                             foot - 6, (TwinChartAnchor){ 0, 1 },
                             &paint->palette.measured, NULL);
      return;
    }

  twin_chart_paint_measure (paint->widget, TWIN_CHART_TEXT_CAPTION, band->label,
                            &width, NULL);
  middle = CLAMP ((from + to) / 2, paint->plot.origin.x + width / 2,
                  MAX (paint->plot.origin.x + width / 2, right - width / 2));
  twin_chart_paint_text (paint, TWIN_CHART_TEXT_CAPTION, band->label, middle,
                         paint->plot.origin.y - 5, (TwinChartAnchor){ 0.5f, 1 },
                         &paint->palette.dim, NULL);
}

static void
name_limit (TwinChartPaint *paint, const TwinChartLimit *limit)
{
  double y = twin_chart_paint_y (paint, limit->value);

  if (limit->label == NULL || y < paint->plot.origin.y ||
      y > paint->plot.origin.y + paint->plot.size.height)
    return;

  /* Above its line, below it when the header is in the way. */
  twin_chart_paint_text (paint, TWIN_CHART_TEXT_CAPTION_BOLD, limit->label,
                         paint->plot.origin.x + 8,
                         y + (y - paint->plot.origin.y < 18 ? 3 : -3),
                         (TwinChartAnchor){
                             0, y - paint->plot.origin.y < 18 ? 0 : 1 },
                         &paint->palette.priority_text[limit->priority], NULL);
}

static gboolean
overlaps (const GArray *taken, double from, double to)
{
  for (guint i = 0; i < taken->len; i++)
    {
      const TwinChartGap *span = &g_array_index (taken, TwinChartGap, i);

      if (from < span->to + NAME_GAP && to > span->from - NAME_GAP)
        return TRUE;
    }

  return FALSE;
}

static void
name_tone_above (TwinChartPaint      *paint,
                 const TwinChartTone *tone,
                 GArray              *taken)
{
  double  x = twin_chart_paint_x (paint, tone->x);
  double  half = twin_chart_paint_pill_width (paint->widget, tone->label) / 2;
  double  scale = twin_chart_paint_text_scale (paint->widget);
  GdkRGBA fill = twin_chart_color_fade (&paint->palette.predicted,
                                        paint->palette.dark ? 0.28 : 0.16);
  TwinChartGap span = { x - half, x + half };

  if (overlaps (taken, span.from, span.to) ||
      span.to > paint->area.size.width || span.from < 0)
    return;

  twin_chart_paint_pill (paint, tone->label, x,
                         paint->plot.origin.y - 11 * scale, &fill,
                         &paint->palette.predicted);
  g_array_append_val (taken, span);
}

static void
name_tone_at_peak (TwinLineChart       *self,
                   TwinChartPaint      *paint,
                   const TwinChartTone *tone,
                   GArray              *taken)
{
  double       per_px = (paint->x.max - paint->x.min) / paint->plot.size.width;
  double       top = twin_line_chart_top_near (self, tone->x, 3 * per_px);
  double       x = twin_chart_paint_x (paint, tone->x);
  double       y, width;
  TwinChartGap span;

  if (isnan (top))
    return;

  twin_chart_paint_measure (paint->widget, TWIN_CHART_TEXT_CAPTION_BOLD,
                            tone->label, &width, NULL);
  span = (TwinChartGap){ x - width / 2, x + width / 2 };
  if (overlaps (taken, span.from, span.to))
    return;

  /* Above the ring that the peak may have. */
  y = MAX (twin_chart_paint_y (paint, top) - 6, paint->plot.origin.y + 14);
  twin_chart_paint_text (paint, TWIN_CHART_TEXT_CAPTION_BOLD, tone->label,
                         MAX (x, paint->plot.origin.x + width / 2), y,
                         (TwinChartAnchor){ 0.5f, 1 }, &paint->palette.second,
                         NULL);
  g_array_append_val (taken, span);
}

static void
name_tones (TwinLineChart *self, TwinChartPaint *paint)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  g_autoptr (GArray) above = g_array_new (FALSE, FALSE, sizeof (TwinChartGap));
  g_autoptr (GArray) peaks = g_array_new (FALSE, FALSE, sizeof (TwinChartGap));

  for (guint i = 0; i < priv->tones->len; i++)
    {
      const TwinChartTone *tone =
          &g_array_index (priv->tones, TwinChartTone, i);

      if (tone->label == NULL || tone->x < paint->x.min ||
          tone->x > paint->x.max)
        continue;

      if (tone->second)
        name_tone_at_peak (self, paint, tone, peaks);
      else
        name_tone_above (paint, tone, above);
    }
}

/* Markers --------------------------------------------------------------------
 */

static void
draw_marker (TwinChartPaint *paint, cairo_t *cr, const TwinChartMarker *marker)
{
  double foot = paint->plot.origin.y + paint->plot.size.height;
  double x = twin_chart_paint_x (paint, marker->x);
  double y = isnan (marker->y) ? foot - MARKER_SIZE
                               : twin_chart_paint_y (paint, marker->y);

  y = CLAMP (y, paint->plot.origin.y, foot);

  if (marker->label != NULL)
    {
      cairo_set_dash (cr, NULL, 0, 0);
      cairo_set_line_width (cr, 1);
      twin_chart_paint_set_color (cr, &paint->palette.ink);
      cairo_move_to (cr, round (x) + 0.5,
                     MAX (y - LEADER, paint->plot.origin.y));
      cairo_line_to (cr, round (x) + 0.5, y);
      cairo_stroke (cr);
    }

  if (marker->kind == TWIN_CHART_MARKER_ALARM)
    twin_chart_paint_priority (cr, &paint->palette, marker->priority, x,
                               isnan (marker->y) ? y : y - MARKER_SIZE * 0.8,
                               MARKER_SIZE);
  else
    twin_chart_paint_dot (cr, &paint->palette,
                          marker->kind == TWIN_CHART_MARKER_RING, x, y, 3.5);
}

static void
name_marker (TwinChartPaint *paint, const TwinChartMarker *marker)
{
  double x = twin_chart_paint_x (paint, marker->x);
  double y = isnan (marker->y) ? paint->plot.origin.y + paint->plot.size.height
                               : twin_chart_paint_y (paint, marker->y);
  double left = paint->plot.origin.x;
  double right = left + paint->plot.size.width;
  double width;

  if (marker->label == NULL)
    return;

  twin_chart_paint_measure (paint->widget, TWIN_CHART_TEXT_CAPTION_BOLD,
                            marker->label, &width, NULL);
  x = CLAMP (x, left + width / 2, MAX (left + width / 2, right - width / 2));
  y = MAX (y - LEADER - 2, paint->plot.origin.y + 14);
  twin_chart_paint_text (paint, TWIN_CHART_TEXT_CAPTION_BOLD, marker->label, x,
                         y, (TwinChartAnchor){ 0.5f, 1 }, &paint->palette.text,
                         NULL);
}

void
twin_line_chart_draw_names (TwinLineChart *self, TwinChartPaint *paint)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  cairo_t              *cr;

  for (guint i = 0; i < priv->bands->len; i++)
    name_band (paint, &g_array_index (priv->bands, TwinChartBand, i));
  for (guint i = 0; i < priv->limits->len; i++)
    name_limit (paint, &g_array_index (priv->limits, TwinChartLimit, i));
  name_tones (self, paint);

  if (priv->markers->len == 0)
    return;

  cr = twin_chart_paint_cairo (paint, MARKER_SIZE);
  for (guint i = 0; i < priv->markers->len; i++)
    {
      const TwinChartMarker *marker =
          &g_array_index (priv->markers, TwinChartMarker, i);

      if (marker->x < paint->x.min || marker->x > paint->x.max)
        continue;

      draw_marker (paint, cr, marker);
      name_marker (paint, marker);
    }
  cairo_destroy (cr);
}

void
twin_line_chart_draw_stale (TwinLineChart *self, TwinChartPaint *paint)
{
  twin_hatch_snapshot (paint->snapshot, &paint->plot, &paint->palette.hatch);
}

void
twin_line_chart_draw_age (TwinLineChart *self, TwinChartPaint *paint)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  GdkRGBA fill = twin_chart_color_fade (&paint->palette.text, 0.12);
  double  half, right;

  if (!priv->stale || priv->age_text == NULL || priv->short_ticks)
    return;

  half = twin_chart_paint_pill_width (paint->widget, priv->age_text) / 2;
  right = paint->plot.origin.x + paint->plot.size.width;
  twin_chart_paint_pill (paint, priv->age_text, right - half,
                         12 * twin_chart_paint_text_scale (paint->widget),
                         &fill, &paint->palette.text);
}
