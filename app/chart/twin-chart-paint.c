/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-chart-paint.h"

#include <math.h>

#define PILL_PADDING 8.0
#define CARD_PADDING 11.0
#define CARD_GAP 12.0
#define CARD_RADIUS 9.0f

double
twin_chart_paint_x (const TwinChartPaint *paint, double value)
{
  return paint->plot.origin.x +
         twin_chart_axis_fraction (&paint->x, value) * paint->plot.size.width;
}

double
twin_chart_paint_y (const TwinChartPaint *paint, double value)
{
  double fraction = twin_chart_axis_fraction (&paint->y, value);

  /* What a logarithm cannot show lies at the foot. */
  if (isnan (fraction) && !isnan (value))
    fraction = 0;

  /* Far outside is as good as just outside, and keeps cairo's numbers small. */
  fraction = CLAMP (fraction, -4.0, 5.0);
  return paint->plot.origin.y + (1.0 - fraction) * paint->plot.size.height;
}

double
twin_chart_paint_text_scale (GtkWidget *widget)
{
  GtkSettings *settings = gtk_widget_get_settings (widget);
  int          dpi = -1;

  if (settings != NULL)
    g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);

  return dpi > 0 ? CLAMP (dpi / (96.0 * 1024.0), 0.5, 4.0) : 1.0;
}

static PangoLayout *
layout (GtkWidget *widget, TwinChartText size, const char *text)
{
  PangoLayout *result = gtk_widget_create_pango_layout (widget, text);
  g_autoptr (PangoAttrList) list = pango_attr_list_new ();
  gboolean caption = size <= TWIN_CHART_TEXT_CAPTION_BOLD;
  double   px = (caption ? 11.0 : 13.0) * twin_chart_paint_text_scale (widget);

  pango_attr_list_insert (list, pango_attr_size_new_absolute (
                                    (int) round (px * PANGO_SCALE)));
  pango_attr_list_insert (list, pango_attr_font_features_new ("tnum=1,lnum=1"));
  pango_attr_list_insert (list, pango_attr_weight_new (
                                    size == TWIN_CHART_TEXT_CAPTION_BOLD ||
                                            size == TWIN_CHART_TEXT_BOLD
                                        ? PANGO_WEIGHT_BOLD
                                        : PANGO_WEIGHT_NORMAL));
  pango_layout_set_attributes (result, list);
  return result;
}

static void
layout_size (PangoLayout *text, double *width, double *height)
{
  PangoRectangle logical;

  pango_layout_get_extents (text, NULL, &logical);
  *width = logical.width / (double) PANGO_SCALE;
  *height = logical.height / (double) PANGO_SCALE;
}

void
twin_chart_paint_measure (GtkWidget    *widget,
                          TwinChartText size,
                          const char   *text,
                          double       *width,
                          double       *height)
{
  g_autoptr (PangoLayout) measured = layout (widget, size, text);
  double w, h;

  layout_size (measured, &w, &h);
  if (width != NULL)
    *width = w;
  if (height != NULL)
    *height = h;
}

void
twin_chart_paint_text (TwinChartPaint  *paint,
                       TwinChartText    size,
                       const char      *text,
                       double           x,
                       double           y,
                       TwinChartAnchor  anchor,
                       const GdkRGBA   *color,
                       graphene_rect_t *extent)
{
  g_autoptr (PangoLayout) drawn = layout (paint->widget, size, text);
  graphene_point_t origin;
  double           width, height;

  layout_size (drawn, &width, &height);
  /* Whole pixels: a text between two is blurred. */
  graphene_point_init (&origin, (float) round (x - width * anchor.x),
                       (float) round (y - height * anchor.y));

  gtk_snapshot_save (paint->snapshot);
  gtk_snapshot_translate (paint->snapshot, &origin);
  gtk_snapshot_append_layout (paint->snapshot, drawn, color);
  gtk_snapshot_restore (paint->snapshot);

  if (extent != NULL)
    graphene_rect_init (extent, origin.x, origin.y, (float) width,
                        (float) height);
}

double
twin_chart_paint_pill_width (GtkWidget *widget, const char *text)
{
  double width;

  twin_chart_paint_measure (widget, TWIN_CHART_TEXT_CAPTION_BOLD, text, &width,
                            NULL);
  return width + 2 * PILL_PADDING;
}

static void
fill_round (GtkSnapshot           *snapshot,
            const graphene_rect_t *area,
            float                  radius,
            const GdkRGBA         *color)
{
  GskRoundedRect round;

  gsk_rounded_rect_init_from_rect (&round, area, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &round);
  gtk_snapshot_append_color (snapshot, color, area);
  gtk_snapshot_pop (snapshot);
}

void
twin_chart_paint_pill (TwinChartPaint *paint,
                       const char     *text,
                       double          x,
                       double          y,
                       const GdkRGBA  *fill,
                       const GdkRGBA  *color)
{
  double          width = twin_chart_paint_pill_width (paint->widget, text);
  double          height;
  graphene_rect_t area;

  twin_chart_paint_measure (paint->widget, TWIN_CHART_TEXT_CAPTION_BOLD, text,
                            NULL, &height);
  height = MAX (16.0, height + 1);
  graphene_rect_init (&area, (float) round (x - width / 2),
                      (float) round (y - height / 2), (float) round (width),
                      (float) round (height));
  fill_round (paint->snapshot, &area, area.size.height / 2, fill);
  twin_chart_paint_text (paint, TWIN_CHART_TEXT_CAPTION_BOLD, text, x, y,
                         (TwinChartAnchor){ 0.5f, 0.5f }, color, NULL);
}

/* Cards -------------------------------------------------------------------- */

typedef struct
{
  double name;  /* width of the column */
  double value; /* and of value with unit */
  double line;  /* height of a row */
  double title;
} CardColumns;

static double
row_value_width (TwinChartPaint *paint, const TwinChartCardRow *row)
{
  double value, unit = 0;

  twin_chart_paint_measure (paint->widget, TWIN_CHART_TEXT_BOLD, row->value,
                            &value, NULL);
  if (row->unit != NULL && row->unit[0] != '\0')
    {
      twin_chart_paint_measure (paint->widget, TWIN_CHART_TEXT_BODY, row->unit,
                                &unit, NULL);
      unit += 3;
    }

  return value + unit;
}

static CardColumns
measure_card (TwinChartPaint         *paint,
              const char             *title,
              const TwinChartCardRow *rows,
              gsize                   n)
{
  CardColumns columns = { 0 };

  twin_chart_paint_measure (paint->widget, TWIN_CHART_TEXT_BOLD, title,
                            &columns.title, &columns.line);
  columns.line = MAX (18.0, columns.line);

  for (gsize i = 0; i < n; i++)
    {
      double name;

      twin_chart_paint_measure (paint->widget, TWIN_CHART_TEXT_BODY,
                                rows[i].name, &name, NULL);
      columns.name = MAX (columns.name, name);
      columns.value = MAX (columns.value, row_value_width (paint, &rows[i]));
    }

  return columns;
}

static void
draw_card_surface (TwinChartPaint *paint, const graphene_rect_t *area)
{
  GskRoundedRect outline;
  GdkRGBA        shadow = { 0, 0, 0, paint->palette.dark ? 0.45f : 0.18f };
  GdkRGBA        line = paint->palette.card_line;

  gsk_rounded_rect_init_from_rect (&outline, area, CARD_RADIUS);
  gtk_snapshot_append_outset_shadow (paint->snapshot, &outline, &shadow, 0, 3,
                                     0, 10);
  fill_round (paint->snapshot, area, CARD_RADIUS, &paint->palette.card);
  gtk_snapshot_append_border (paint->snapshot, &outline,
                              (float[4]){ 1, 1, 1, 1 },
                              (GdkRGBA[4]){ line, line, line, line });
}

static void
draw_card_row (TwinChartPaint         *paint,
               const TwinChartCardRow *row,
               double                  left,
               double                  right,
               double                  middle)
{
  const TwinChartAnchor to_left = { 0, 0.5f }, to_right = { 1, 0.5f };
  graphene_rect_t       unit;

  twin_chart_paint_text (paint, TWIN_CHART_TEXT_BODY, row->name, left, middle,
                         to_left, &paint->palette.dim, NULL);

  if (row->unit != NULL && row->unit[0] != '\0')
    {
      twin_chart_paint_text (paint, TWIN_CHART_TEXT_BODY, row->unit, right,
                             middle, to_right, &paint->palette.dim, &unit);
      right = unit.origin.x - 3;
    }

  twin_chart_paint_text (paint, TWIN_CHART_TEXT_BOLD, row->value, right, middle,
                         to_right, &paint->palette.text, NULL);
}

void
twin_chart_paint_card (TwinChartPaint         *paint,
                       const char             *title,
                       const TwinChartCardRow *rows,
                       gsize                   n,
                       double                  x,
                       double                  y)
{
  CardColumns columns = measure_card (paint, title, rows, n);
  double width = MAX (columns.title, columns.name + CARD_GAP + columns.value) +
                 2 * CARD_PADDING;
  double          height = columns.line * (double) (n + 1) + 14;
  double          right = paint->plot.origin.x + paint->plot.size.width;
  double          foot = paint->plot.origin.y + paint->plot.size.height;
  graphene_rect_t area;

  if (x + width > right - 4)
    x = x - width - 12;
  x = MAX (x, paint->plot.origin.x + 4);
  y = CLAMP (y, paint->plot.origin.y + 4,
             MAX (paint->plot.origin.y + 4, foot - height - 8));

  graphene_rect_init (&area, (float) round (x), (float) round (y),
                      (float) ceil (width), (float) ceil (height));
  draw_card_surface (paint, &area);
  y = area.origin.y + 7;
  twin_chart_paint_text (paint, TWIN_CHART_TEXT_BOLD, title,
                         area.origin.x + CARD_PADDING, y + columns.line / 2,
                         (TwinChartAnchor){ 0, 0.5f }, &paint->palette.text,
                         NULL);

  for (gsize i = 0; i < n; i++)
    draw_card_row (paint, &rows[i], area.origin.x + CARD_PADDING,
                   area.origin.x + area.size.width - CARD_PADDING,
                   y + columns.line * ((double) i + 1.5));
}

/* Vector marks ---------------------------------------------------------------
 */

cairo_t *
twin_chart_paint_cairo (TwinChartPaint *paint, double margin)
{
  graphene_rect_t area = paint->plot;

  graphene_rect_inset (&area, (float) -margin, (float) -margin);
  return gtk_snapshot_append_cairo (paint->snapshot, &area);
}

void
twin_chart_paint_set_color (cairo_t *cr, const GdkRGBA *color)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue,
                         color->alpha);
}

void
twin_chart_paint_set_line (cairo_t *cr, TwinChartStyle style, double width)
{
  static const struct
  {
    double width;
    double dash[2];
  } looks[] = {
    [TWIN_CHART_STYLE_MEASURED] = { 1.5, { 0, 0 } },
    [TWIN_CHART_STYLE_PREDICTED] = { 2.0, { 0, 0 } },
    [TWIN_CHART_STYLE_BASELINE] = { 1.0, { 5, 3 } },
    [TWIN_CHART_STYLE_PAST] = { 1.3, { 1.5, 3.5 } },
    [TWIN_CHART_STYLE_SECOND] = { 1.5, { 0, 0 } },
    [TWIN_CHART_STYLE_LIMIT] = { 1.4, { 6, 4 } },
    [TWIN_CHART_STYLE_OVERLAY] = { 1.0, { 2, 3 } },
  };

  cairo_set_line_width (cr, width > 0 ? width : looks[style].width);
  cairo_set_dash (cr, looks[style].dash, looks[style].dash[0] > 0 ? 2 : 0, 0);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
}

static void
priority_shape (cairo_t          *cr,
                TwinChartPriority priority,
                double            x,
                double            y,
                double            size)
{
  double h = size / 2;

  cairo_new_path (cr);

  switch (priority)
    {
    case TWIN_CHART_PRIORITY_CRITICAL:
      cairo_move_to (cr, x, y - h);
      cairo_line_to (cr, x + h, y);
      cairo_line_to (cr, x, y + h);
      cairo_line_to (cr, x - h, y);
      break;
    case TWIN_CHART_PRIORITY_HIGH:
      cairo_move_to (cr, x, y - h * 0.92);
      cairo_line_to (cr, x + h, y + h * 0.82);
      cairo_line_to (cr, x - h, y + h * 0.82);
      break;
    case TWIN_CHART_PRIORITY_MEDIUM:
      cairo_rectangle (cr, x - h * 0.82, y - h * 0.82, h * 1.64, h * 1.64);
      break;
    case TWIN_CHART_PRIORITY_LOW:
    case TWIN_CHART_PRIORITY_NONE:
    default:
      cairo_arc (cr, x, y, h * 0.88, 0, 2 * G_PI);
      break;
    }

  cairo_close_path (cr);
}

void
twin_chart_paint_priority (cairo_t                *cr,
                           const TwinChartPalette *palette,
                           TwinChartPriority       priority,
                           double                  x,
                           double                  y,
                           double                  size)
{
  cairo_save (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  priority_shape (cr, priority, x, y, size);
  twin_chart_paint_set_color (cr, &palette->view);
  cairo_set_line_width (cr, 3);
  cairo_stroke_preserve (cr);
  twin_chart_paint_set_color (cr, &palette->priority_fill[priority]);
  cairo_fill (cr);
  cairo_restore (cr);
}

void
twin_chart_paint_dot (cairo_t                *cr,
                      const TwinChartPalette *palette,
                      gboolean                hollow,
                      double                  x,
                      double                  y,
                      double                  radius)
{
  cairo_save (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_new_path (cr);
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
  twin_chart_paint_set_color (cr, hollow ? &palette->view : &palette->ink);
  cairo_fill_preserve (cr);

  if (hollow)
    {
      cairo_set_line_width (cr, 1.6);
      twin_chart_paint_set_color (cr, &palette->ink);
      cairo_stroke (cr);
    }
  else
    cairo_new_path (cr);

  cairo_restore (cr);
}
