/* SPDX-License-Identifier: Apache-2.0 */
/* twin-line-chart.h - axes, lines, limits, gaps, one cursor: what all plots
 * share
 *
 * A widget that knows no machine. The caller sets arrays of doubles and plain
 * values; the widget copies them and redraws at most once a frame. Everything
 * that old data could be mistaken for live is drawn through "stale" and
 * "age-text": set them and the plot is hatched, greyed and dated.
 *
 * Pointer: scroll zooms x about the pointer, drag moves, click sets the cursor,
 * drag on the cursor moves it, double click shows all. Keyboard: ←/→ one step
 * (Shift: ten), Home/End, +/− zoom, Page Up/Down move, 0 shows all, Escape
 * puts the cursor away.
 *
 * Main thread only. Values are in the caller's unit, times in seconds since
 * 1970 UTC, ages and widths in seconds and logical pixels.
 */
#pragma once

#include "twin-chart-axis.h"
#include "twin-chart-palette.h"
#include "twin-chart-series.h"

G_BEGIN_DECLS

#define TWIN_TYPE_LINE_CHART (twin_line_chart_get_type ())
G_DECLARE_DERIVABLE_TYPE (TwinLineChart,
                          twin_line_chart,
                          TWIN,
                          LINE_CHART,
                          GtkWidget)

/* Horizontal limit. @tolerance 0 draws no band. @label may be NULL. */
typedef struct
{
  double            value;
  double            tolerance;
  TwinChartPriority priority;
  const char       *label;
} TwinChartLimit;

typedef enum
{
  TWIN_CHART_BAND_GAP,    /* hatched: nothing was measured here */
  TWIN_CHART_BAND_STALE,  /* hatched: the sensor was not to be believed */
  TWIN_CHART_BAND_WINDOW, /* tinted: "do it by", a chosen span */
} TwinChartBandKind;

/* Vertical band over [from, to]; @label may be NULL. */
typedef struct
{
  double            from;
  double            to;
  TwinChartBandKind kind;
  const char       *label;
} TwinChartBand;

typedef enum
{
  TWIN_CHART_MARKER_ALARM, /* priority shape, on the line when y is given */
  TWIN_CHART_MARKER_DOT,   /* filled ink dot */
  TWIN_CHART_MARKER_RING,  /* hollow dot */
} TwinChartMarkerKind;

/* @y NaN: at the foot of the plot. @label NULL: none; drawn above a leader. */
typedef struct
{
  double              x;
  double              y;
  TwinChartMarkerKind kind;
  TwinChartPriority   priority;
  const char         *label;
} TwinChartMarker;

/* A tone: a vertical dashed line with its name above the plot.
 * @second: drawn in the second family's colour, named at its peak instead. */
typedef struct
{
  double      x;
  gboolean    second;
  const char *label;
} TwinChartTone;

/* What drawing has cost the main thread so far, in microseconds. */
typedef struct
{
  guint64 frames;
  gint64  last_us;
  gint64  max_us;
  gint64  total_us;
} TwinChartDrawStats;

typedef struct _TwinChartPaint TwinChartPaint;

struct _TwinLineChartClass
{
  GtkWidgetClass parent_class;

  /* Drawn beneath the lines, clipped to the plot; cached between changes. */
  void (*draw_under) (TwinLineChart *self, TwinChartPaint *paint);
  /* Drawn above the lines, not clipped; cached between changes. */
  void (*draw_over) (TwinLineChart *self, TwinChartPaint *paint);
  /* Cursor and read-out; drawn at every frame. */
  void (*draw_cursor) (TwinLineChart *self, TwinChartPaint *paint);
  /* One sentence about the cursor for a screen reader; caller frees. */
  char *(*describe) (TwinLineChart *self);
  /* One step of the cursor for the arrow keys, in x. */
  double (*cursor_step) (TwinLineChart *self);
  /* Where a click at @x means: a line of a spectrum, a sample. */
  double (*snap_cursor) (TwinLineChart *self, double x);

  /* Double click or Space at @x; FALSE: not handled, the view is reset. */
  gboolean (*activate) (TwinLineChart *self, double x);

  gpointer padding[4];
};

GtkWidget *twin_line_chart_new (void);

/* Lines ----------------------------------------------------------------- */

/* Adds an empty line, drawn in the order added. @name is said by a screen
 * reader and in read-outs. Returns its number, for the calls below. */
guint twin_line_chart_add_series (TwinLineChart *self,
                                  const char    *name,
                                  TwinChartStyle style);
void  twin_line_chart_clear_series (TwinLineChart *self);
guint twin_line_chart_get_n_series (TwinLineChart *self);

/* Copies; NaN is a gap: the line breaks there and the gap is hatched. */
void twin_line_chart_set_samples (TwinLineChart *self,
                                  guint          series,
                                  const double  *x,
                                  const double  *y,
                                  gsize          n);
void twin_line_chart_set_samples_uniform (TwinLineChart *self,
                                          guint          series,
                                          double         x0,
                                          double         dx,
                                          const double  *y,
                                          gsize          n);
void twin_line_chart_set_series_visible (TwinLineChart *self,
                                         guint          series,
                                         gboolean       visible);
/* Width 0 is the style's own; dense spectra are drawn at 1.15. */
void                   twin_line_chart_set_series_look (TwinLineChart *self,
                                                        guint          series,
                                                        double         width,
                                                        gboolean       fill);
const TwinChartSeries *twin_line_chart_get_series (TwinLineChart *self,
                                                   guint          series);

/* Axes ------------------------------------------------------------------ */

/* The whole range. A view of all of it follows; a closer one stays where it
 * is, cut to the range. */
void twin_line_chart_set_x_range (TwinLineChart *self,
                                  TwinChartScale scale,
                                  double         min,
                                  double         max);
/* Ticks count x × factor (orders: 1 ÷ shaft frequency in Hz). */
void twin_line_chart_set_x_factor (TwinLineChart *self, double factor);
/* min == max: fitted to what is drawn. */
void twin_line_chart_set_y_range (TwinLineChart *self,
                                  TwinChartScale scale,
                                  double         min,
                                  double         max);
/* NULL: none. "Frequency, Hz" stands below at the right, y above at the left.
 */
void        twin_line_chart_set_titles (TwinLineChart *self,
                                        const char    *x_title,
                                        const char    *y_title);
const char *twin_line_chart_get_y_title (TwinLineChart *self);
void twin_line_chart_get_view (TwinLineChart *self, double *min, double *max);
void twin_line_chart_set_view (TwinLineChart *self, double min, double max);
void twin_line_chart_reset_view (TwinLineChart *self);
/* FALSE for strips and small cards: neither zooms nor takes the focus. */
void twin_line_chart_set_interactive (TwinLineChart *self,
                                      gboolean       interactive);

/* Things on the plot: each call replaces all of its kind; texts are copied. */
void twin_line_chart_set_limits (TwinLineChart        *self,
                                 const TwinChartLimit *limits,
                                 gsize                 n);
void twin_line_chart_set_bands (TwinLineChart       *self,
                                const TwinChartBand *bands,
                                gsize                n);
void twin_line_chart_set_markers (TwinLineChart         *self,
                                  const TwinChartMarker *markers,
                                  gsize                  n);
void twin_line_chart_set_tones (TwinLineChart       *self,
                                const TwinChartTone *tones,
                                gsize                n);

/* Words ----------------------------------------------------------------- */

/* Accessible name: what is plotted, of what. */
void twin_line_chart_set_label (TwinLineChart *self, const char *label);
/* Shown in the middle while no line has a sample; NULL for none. */
void twin_line_chart_set_empty_text (TwinLineChart *self, const char *text);
/* Old data: hatched, greyed, dated. @age_text e.g. "14 min old"; ignored and
 * may be NULL when not stale. */
void     twin_line_chart_set_stale (TwinLineChart *self,
                                    gboolean       stale,
                                    const char    *age_text);
gboolean twin_line_chart_get_stale (TwinLineChart *self);

/* Cursor: x, NaN when there is none. Signal "cursor-moved" (double x) tells
 * every change, by pointer, key or call. */
void   twin_line_chart_set_cursor (TwinLineChart *self, double x);
double twin_line_chart_get_cursor (TwinLineChart *self);
/* By whole steps of the arrow keys; sets it in the middle when there is none.
 */
void twin_line_chart_step_cursor (TwinLineChart *self, double steps);

/* Signal "drawn" (gint64 microseconds) comes after each snapshot. */
void twin_line_chart_get_draw_stats (TwinLineChart      *self,
                                     TwinChartDrawStats *stats);

G_END_DECLS
