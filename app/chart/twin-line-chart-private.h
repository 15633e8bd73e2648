/* SPDX-License-Identifier: Apache-2.0 */
/* twin-line-chart-private.h - state of the shared chart, for its own files
 * and the charts derived from it */
#pragma once

#include "twin-chart-paint.h"
#include "twin-chart-series-private.h"
#include "twin-line-chart.h"

G_BEGIN_DECLS

typedef struct
{
  TwinChartSeries *series;
  char            *name;
  TwinChartStyle   style;
  gboolean         visible;
  gboolean         fill;
  double           width; /* 0: the style's own */
} TwinChartLine;

typedef struct
{
  GPtrArray *lines; /* of TwinChartLine */
  GArray    *limits;
  GArray    *bands;
  GArray    *markers;
  GArray    *tones; /* texts in these are owned */

  TwinChartAxis  x_full;
  TwinChartAxis  x_view;
  TwinChartScale y_scale;
  double         y_min; /* fixed range, or equal: fitted */
  double         y_max;
  double         fitted_min; /* kept while the data still suits it */
  double         fitted_max;

  char *x_title;
  char *y_title;
  char *label;
  char *empty_text;
  char *age_text;
  char *unit; /* of y, in read-outs */

  gboolean stale;
  gboolean interactive;
  gboolean short_ticks; /* strips: two ticks, no x axis */
  gboolean symmetric;   /* zero in the middle */
  gboolean hatch_gaps;
  double   header;   /* room above the plot that a subclass asks for */
  double   min_span; /* closest zoom, in x */

  double   cursor; /* NaN: none */
  gboolean dragging_cursor;
  double   drag_view_min;
  double   pointer_fraction; /* of the plot's width, for zooming */

  /* What does not change with the cursor, kept between frames. */
  GskRenderNode *still;
  TwinChartPaint paint; /* geometry of the last snapshot */
  gboolean       dirty;
  int            scale_factor;

  TwinChartDrawStats stats;
} TwinLineChartPrivate;

TwinLineChartPrivate *twin_line_chart_private (TwinLineChart *self);

/* What is drawn has changed: once more, at the next frame. */
void twin_line_chart_invalidate (TwinLineChart *self);
/* Only the cursor has changed. */
void twin_line_chart_invalidate_cursor (TwinLineChart *self);
/* Accessible texts follow the state. */
void twin_line_chart_update_accessible (TwinLineChart *self);

/* twin-line-chart-marks.c */
void twin_line_chart_init_marks (TwinLineChart *self);
/* twin-line-chart-draw.c */
void twin_line_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);
/* twin-line-chart-over.c: what stands above the lines, and the words */
void twin_line_chart_draw_marks (TwinLineChart *self, TwinChartPaint *paint);
void twin_line_chart_draw_names (TwinLineChart *self, TwinChartPaint *paint);
void twin_line_chart_draw_stale (TwinLineChart *self, TwinChartPaint *paint);
void twin_line_chart_draw_age (TwinLineChart *self, TwinChartPaint *paint);
/* twin-line-chart-cursor.c: the class's own way with the cursor */
void   twin_line_chart_draw_cursor (TwinLineChart *self, TwinChartPaint *paint);
char  *twin_line_chart_describe (TwinLineChart *self);
double twin_line_chart_cursor_step (TwinLineChart *self);
double twin_line_chart_snap_cursor (TwinLineChart *self, double x);
/* Ink line with a handle at the foot. */
void twin_line_chart_draw_cursor_line (TwinChartPaint *paint, double x);
/* "24 Nov 10:42:18" or a number with the axis' factor; caller frees. */
char *twin_line_chart_format_x (TwinLineChart *self, double x);
/* twin-line-chart-series.c */
void twin_line_chart_draw_lines (TwinLineChart *self, TwinChartPaint *paint);
void twin_line_chart_draw_gaps (TwinLineChart *self, TwinChartPaint *paint);
void twin_line_chart_fit_y (TwinLineChart *self);
gboolean twin_line_chart_has_samples (TwinLineChart *self);
/* Highest value of the visible measured lines within ±@reach of @x; NaN. */
double twin_line_chart_top_near (TwinLineChart *self, double x, double reach);
/* twin-line-chart-input.c */
void twin_line_chart_add_controllers (TwinLineChart *self);

/* Splits a record where samples lie further apart than @longest by putting a
 * NaN between them. @x_out and @y_out are owned by the caller. */
gsize twin_chart_break_record (const double *x,
                               const double *y,
                               gsize         n,
                               double        longest,
                               double      **x_out,
                               double      **y_out);

G_END_DECLS
