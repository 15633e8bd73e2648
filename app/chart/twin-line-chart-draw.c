/* SPDX-License-Identifier: Apache-2.0 */
/* Where the plot lies, grid and axes, and what is kept between frames. */
#include "twin-line-chart-private.h"

#include <math.h>
#include <string.h>

#define RIGHT_MARGIN 14.0
#define PILL_ROW 24.0
#define TITLE_ROW 24.0
#define BARE_HEADER 10.0
#define STRIP_TICK_PX 28.0

typedef struct
{
  TwinChartTick ticks[TWIN_CHART_MAX_TICKS];
  gsize         n;
  double        label_width; /* widest */
  double        label_height;
} Ticks;

/* A strip has room for two words: plus and minus a round part of its scale. */
static gsize
strip_ticks (const TwinChartAxis *axis, TwinChartTick *ticks)
{
  static const double parts[] = { 5, 2, 1 };
  double              decade = pow (10, floor (log10 (axis->max * 0.95)));
  double              value = decade;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      value = parts[i] * decade;
      if (value <= 0.95 * axis->max)
        break;
    }

  for (int i = 0; i < 2; i++)
    {
      g_autofree char *text = twin_chart_format (i == 0 ? -value : value, 1);

      ticks[i].value = i == 0 ? -value : value;
      ticks[i].major = TRUE;
      g_strlcpy (ticks[i].label, text, sizeof ticks[i].label);
    }

  return 2;
}

static void
find_ticks (TwinLineChart       *self,
            const TwinChartAxis *axis,
            double               length,
            double               each,
            Ticks               *ticks)
{
  gsize wanted = (gsize) MAX (2.0, length / each);

  if (axis->min == -axis->max && each <= STRIP_TICK_PX)
    ticks->n = strip_ticks (axis, ticks->ticks);
  else
    ticks->n = twin_chart_axis_ticks (axis, wanted, ticks->ticks,
                                      TWIN_CHART_MAX_TICKS);
  ticks->label_width = 0;
  ticks->label_height = 0;

  for (gsize i = 0; i < ticks->n; i++)
    {
      double width, height;

      if (!ticks->ticks[i].major)
        continue;

      twin_chart_paint_measure (GTK_WIDGET (self), TWIN_CHART_TEXT_CAPTION,
                                ticks->ticks[i].label, &width, &height);
      ticks->label_width = MAX (ticks->label_width, width);
      ticks->label_height = MAX (ticks->label_height, height);
    }
}

static gboolean
has_names_above (const TwinLineChartPrivate *priv)
{
  for (guint i = 0; i < priv->tones->len; i++)
    {
      const TwinChartTone *tone =
          &g_array_index (priv->tones, TwinChartTone, i);

      if (!tone->second && tone->label != NULL)
        return TRUE;
    }

  for (guint i = 0; i < priv->bands->len; i++)
    {
      const TwinChartBand *band =
          &g_array_index (priv->bands, TwinChartBand, i);

      if (band->label != NULL && band->kind != TWIN_CHART_BAND_WINDOW)
        return TRUE;
    }

  return FALSE;
}

static double
header_height (const TwinLineChartPrivate *priv, double text_scale)
{
  double height = 0;

  if (priv->short_ticks)
    return 4;

  if (priv->y_title != NULL || (priv->stale && priv->age_text != NULL))
    height += TITLE_ROW * text_scale;
  if (has_names_above (priv) || priv->header > 0)
    height += MAX (PILL_ROW * text_scale, priv->header);

  return MAX (height, BARE_HEADER);
}

/* The plot's place depends on its ticks, these on its height; the height
 * comes first because it does not depend on any tick. */
static void
lay_out (TwinLineChart *self, TwinChartPaint *paint, Ticks *x, Ticks *y)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  double                scale = twin_chart_paint_text_scale (paint->widget);
  double                width = gtk_widget_get_width (paint->widget);
  double                height = gtk_widget_get_height (paint->widget);
  double                top = header_height (priv, scale);
  double                foot = priv->short_ticks ? 4 : 20 * scale;
  double                left, plot_width, plot_height;

  if (priv->x_title != NULL && !priv->short_ticks)
    foot += 14 * scale;

  plot_height = MAX (8, height - top - foot);
  find_ticks (self, &paint->y, plot_height,
              priv->short_ticks ? STRIP_TICK_PX : 46 * scale, y);
  left = MAX (priv->short_ticks ? 54 : 38 * scale, y->label_width + 16);
  plot_width = MAX (8, width - left - RIGHT_MARGIN);
  find_ticks (self, &paint->x, plot_width, 88 * scale, x);

  graphene_rect_init (&paint->area, 0, 0, (float) width, (float) height);
  graphene_rect_init (&paint->plot, (float) round (left), (float) round (top),
                      (float) round (plot_width), (float) round (plot_height));
}

static void
append_rule (TwinChartPaint *paint,
             double          x,
             double          y,
             double          width,
             double          height,
             const GdkRGBA  *color)
{
  graphene_rect_t area;

  graphene_rect_init (&area, (float) round (x), (float) round (y),
                      (float) width, (float) height);
  gtk_snapshot_append_color (paint->snapshot, color, &area);
}

static void
draw_grid (TwinChartPaint *paint, const Ticks *x, const Ticks *y)
{
  double  left = paint->plot.origin.x, top = paint->plot.origin.y;
  double  width = paint->plot.size.width, height = paint->plot.size.height;
  GdkRGBA minor = twin_chart_color_fade (&paint->palette.grid, 0.55);

  for (gsize i = 0; i < y->n; i++)
    append_rule (paint, left, twin_chart_paint_y (paint, y->ticks[i].value),
                 width, 1, y->ticks[i].major ? &paint->palette.grid : &minor);

  for (gsize i = 0; i < x->n; i++)
    {
      if (x->ticks[i].major)
        append_rule (paint, twin_chart_paint_x (paint, x->ticks[i].value), top,
                     1, height, &paint->palette.grid);
    }
}

static void
draw_x_labels (TwinLineChart *self, TwinChartPaint *paint, const Ticks *ticks)
{
  double foot = paint->plot.origin.y + paint->plot.size.height;
  double free_from = -INFINITY;

  for (gsize i = 0; i < ticks->n; i++)
    {
      double x = twin_chart_paint_x (paint, ticks->ticks[i].value);
      double width;

      if (!ticks->ticks[i].major)
        continue;

      twin_chart_paint_measure (paint->widget, TWIN_CHART_TEXT_CAPTION,
                                ticks->ticks[i].label, &width, NULL);
      /* At the very edge a label leans inwards rather than being cut off. */
      x = CLAMP (x, width / 2 + 1, paint->area.size.width - width / 2 - 1);
      if (x - width / 2 < free_from)
        continue;

      twin_chart_paint_text (paint, TWIN_CHART_TEXT_CAPTION,
                             ticks->ticks[i].label, x, foot + 5,
                             (TwinChartAnchor){ 0.5f, 0 }, &paint->palette.dim,
                             NULL);
      free_from = x + width / 2 + 6;
    }
}

static void
draw_axes (TwinLineChart  *self,
           TwinChartPaint *paint,
           const Ticks    *x,
           const Ticks    *y)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  double                left = paint->plot.origin.x;
  double                foot = paint->plot.origin.y + paint->plot.size.height;
  double                right = left + paint->plot.size.width;

  for (gsize i = 0; i < y->n; i++)
    {
      if (y->ticks[i].major)
        twin_chart_paint_text (paint, TWIN_CHART_TEXT_CAPTION,
                               y->ticks[i].label, left - 8,
                               twin_chart_paint_y (paint, y->ticks[i].value),
                               (TwinChartAnchor){ 1, 0.5f },
                               &paint->palette.dim, NULL);
    }

  if (priv->short_ticks)
    return;

  append_rule (paint, left, foot, paint->plot.size.width, 1,
               &paint->palette.axis);
  draw_x_labels (self, paint, x);

  if (priv->x_title != NULL)
    twin_chart_paint_text (paint, TWIN_CHART_TEXT_CAPTION, priv->x_title, right,
                           paint->area.size.height - 1,
                           (TwinChartAnchor){ 1, 1 }, &paint->palette.dim,
                           NULL);
  if (priv->y_title != NULL)
    twin_chart_paint_text (paint, TWIN_CHART_TEXT_CAPTION, priv->y_title, 8, 4,
                           (TwinChartAnchor){ 0, 0 }, &paint->palette.dim,
                           NULL);
}

static void
draw_empty (TwinLineChart *self, TwinChartPaint *paint)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  g_autoptr (PangoLayout) text = NULL;
  graphene_point_t origin;
  int              width, height;

  if (priv->empty_text == NULL)
    return;

  text = gtk_widget_create_pango_layout (paint->widget, priv->empty_text);
  pango_layout_set_width (text, (int) (MIN (paint->plot.size.width, 420) *
                                       PANGO_SCALE));
  pango_layout_set_alignment (text, PANGO_ALIGN_CENTER);
  pango_layout_get_pixel_size (text, &width, &height);
  graphene_point_init (&origin,
                       roundf (paint->plot.origin.x +
                               (paint->plot.size.width -
                                MIN (paint->plot.size.width, 420)) /
                                   2),
                       roundf (paint->plot.origin.y +
                               (paint->plot.size.height - (float) height) / 2));

  gtk_snapshot_save (paint->snapshot);
  gtk_snapshot_translate (paint->snapshot, &origin);
  gtk_snapshot_append_layout (paint->snapshot, text, &paint->palette.dim);
  gtk_snapshot_restore (paint->snapshot);
}

/* A stale plot keeps its shape but no colour that speaks of a state. */
static void
grey_out (TwinChartPalette *palette)
{
  palette->measured = palette->stale;
  palette->predicted = palette->stale;
  palette->second = palette->stale;

  for (gsize i = 0; i < TWIN_CHART_N_PRIORITIES; i++)
    {
      palette->priority_fill[i] = palette->stale;
      palette->priority_text[i] = palette->stale;
    }
}

static void
draw_still (TwinLineChart *self, TwinChartPaint *paint)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  TwinLineChartClass *class = TWIN_LINE_CHART_GET_CLASS (self);
  Ticks x, y;

  twin_line_chart_fit_y (self);
  paint->x = priv->x_view;
  paint->y =
      twin_chart_axis (priv->y_scale, priv->fitted_min, priv->fitted_max);
  lay_out (self, paint, &x, &y);

  if (!twin_line_chart_has_samples (self))
    {
      x.n = y.n = 0;
      draw_axes (self, paint, &x, &y);
      draw_empty (self, paint);
      return;
    }

  draw_grid (paint, &x, &y);
  gtk_snapshot_push_clip (paint->snapshot, &paint->plot);
  twin_line_chart_draw_gaps (self, paint);
  if (class->draw_under != NULL)
    class->draw_under (self, paint);
  twin_line_chart_draw_marks (self, paint);
  twin_line_chart_draw_lines (self, paint);
  if (priv->stale)
    twin_line_chart_draw_stale (self, paint);
  gtk_snapshot_pop (paint->snapshot);
  draw_axes (self, paint, &x, &y);
  twin_line_chart_draw_names (self, paint);
  if (class->draw_over != NULL)
    class->draw_over (self, paint);
  twin_line_chart_draw_age (self, paint);
}

static void
refresh_still (TwinLineChart *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  GtkSnapshot          *snapshot = gtk_snapshot_new ();

  priv->paint.widget = GTK_WIDGET (self);
  priv->paint.snapshot = snapshot;
  priv->paint.stale = priv->stale;
  draw_still (self, &priv->paint);
  priv->paint.snapshot = NULL;

  g_clear_pointer (&priv->still, gsk_render_node_unref);
  priv->still = gtk_snapshot_free_to_node (snapshot);
  priv->dirty = FALSE;
}

static void
draw_focus (TwinChartPaint *paint)
{
  GskRoundedRect  outline;
  graphene_rect_t area = paint->area;
  GdkRGBA         color = twin_chart_color_fade (&paint->palette.accent, 0.6);

  graphene_rect_inset (&area, 1, 1);
  gsk_rounded_rect_init_from_rect (&outline, &area, 6);
  gtk_snapshot_append_border (paint->snapshot, &outline,
                              (float[4]){ 2, 2, 2, 2 },
                              (GdkRGBA[4]){ color, color, color, color });
}

void
twin_line_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TwinLineChart        *self = TWIN_LINE_CHART (widget);
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  TwinChartPalette      palette;
  int                   scale_factor = gtk_widget_get_scale_factor (widget);

  if (gtk_widget_get_width (widget) < 16 || gtk_widget_get_height (widget) < 16)
    return;

  twin_chart_palette_init_for_widget (&palette, widget);
  if (priv->stale)
    grey_out (&palette);

  if (priv->dirty || priv->scale_factor != scale_factor ||
      memcmp (&palette, &priv->paint.palette, sizeof palette) != 0)
    {
      priv->scale_factor = scale_factor;
      priv->paint.palette = palette;
      refresh_still (self);
    }

  if (priv->still != NULL)
    gtk_snapshot_append_node (snapshot, priv->still);

  priv->paint.snapshot = snapshot;
  if (!isnan (priv->cursor) && twin_line_chart_has_samples (self))
    TWIN_LINE_CHART_GET_CLASS (self)->draw_cursor (self, &priv->paint);
  if (gtk_widget_has_visible_focus (widget))
    draw_focus (&priv->paint);
  priv->paint.snapshot = NULL;
}
