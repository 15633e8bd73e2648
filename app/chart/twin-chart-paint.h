/* SPDX-License-Identifier: Apache-2.0 */
/* twin-chart-paint.h - what the plots draw with: text, pills, cards, marks
 *
 * Private to this folder. A paint lives for one snapshot. Lengths are logical
 * pixels; text sizes follow the desktop's text scale.
 */
#pragma once

#include "twin-line-chart.h"

G_BEGIN_DECLS

struct _TwinChartPaint
{
  GtkWidget       *widget;
  GtkSnapshot     *snapshot;
  TwinChartPalette palette;
  graphene_rect_t  plot; /* inside the axes */
  graphene_rect_t  area; /* the whole widget */
  TwinChartAxis    x;
  TwinChartAxis    y;
  gboolean         stale;
};

/* Where a text's given point lies in it: 0 left or top, 0.5, 1. */
typedef struct
{
  float x;
  float y;
} TwinChartAnchor;

typedef enum
{
  TWIN_CHART_TEXT_CAPTION, /* 11 px */
  TWIN_CHART_TEXT_CAPTION_BOLD,
  TWIN_CHART_TEXT_BODY, /* 13 px */
  TWIN_CHART_TEXT_BOLD,
} TwinChartText;

/* One line of a read-out card; @unit may be NULL. */
typedef struct
{
  const char *name;
  const char *value;
  const char *unit;
} TwinChartCardRow;

double twin_chart_paint_x (const TwinChartPaint *paint, double value);
double twin_chart_paint_y (const TwinChartPaint *paint, double value);
/* The desktop's text scale: 1 at 96 dpi. */
double twin_chart_paint_text_scale (GtkWidget *widget);
void   twin_chart_paint_measure (GtkWidget    *widget,
                                 TwinChartText size,
                                 const char   *text,
                                 double       *width,
                                 double       *height);
/* Extent of what was drawn in @extent, which may be NULL. */
void twin_chart_paint_text (TwinChartPaint  *paint,
                            TwinChartText    size,
                            const char      *text,
                            double           x,
                            double           y,
                            TwinChartAnchor  anchor,
                            const GdkRGBA   *color,
                            graphene_rect_t *extent);
/* Rounded label centred on (x, y). */
void   twin_chart_paint_pill (TwinChartPaint *paint,
                              const char     *text,
                              double          x,
                              double          y,
                              const GdkRGBA  *fill,
                              const GdkRGBA  *color);
double twin_chart_paint_pill_width (GtkWidget *widget, const char *text);
/* A read-out near (x, y), kept inside the plot. */
void twin_chart_paint_card (TwinChartPaint         *paint,
                            const char             *title,
                            const TwinChartCardRow *rows,
                            gsize                   n,
                            double                  x,
                            double                  y);
/* Context over the plot, widened by @margin; unref with cairo_destroy(). */
cairo_t *twin_chart_paint_cairo (TwinChartPaint *paint, double margin);
void     twin_chart_paint_set_color (cairo_t *cr, const GdkRGBA *color);
/* Width and dash of @style, @width 0 for the style's own. */
void twin_chart_paint_set_line (cairo_t       *cr,
                                TwinChartStyle style,
                                double         width);
/* Diamond, triangle, square or circle with its digit, @size px high. */
void twin_chart_paint_priority (cairo_t                *cr,
                                const TwinChartPalette *palette,
                                TwinChartPriority       priority,
                                double                  x,
                                double                  y,
                                double                  size);
/* Filled dot with a paper halo, or hollow ring. */
void twin_chart_paint_dot (cairo_t                *cr,
                           const TwinChartPalette *palette,
                           gboolean                hollow,
                           double                  x,
                           double                  y,
                           double                  radius);

G_END_DECLS
