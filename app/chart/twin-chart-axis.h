/* SPDX-License-Identifier: Apache-2.0 */
/* twin-chart-axis.h - value to fraction of a plot, and ticks a person reads
 *
 * Pure functions, any thread. An axis is a plain value: copy it freely.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TWIN_CHART_SCALE_LINEAR,
  TWIN_CHART_SCALE_LOG,  /* min and max positive */
  TWIN_CHART_SCALE_TIME, /* seconds since 1970 UTC; ticks in local time */
} TwinChartScale;

/* @factor turns a value into what the ticks count: 1 for itself, 1 ÷ shaft
 * frequency for orders. It must be positive. */
typedef struct
{
  TwinChartScale scale;
  double         min;
  double         max; /* > min */
  double         factor;
} TwinChartAxis;

#define TWIN_CHART_TICK_LABEL_SIZE 32
#define TWIN_CHART_MAX_TICKS 64

typedef struct
{
  double   value; /* in axis values, not multiplied by the factor */
  gboolean major; /* has a label; minor ticks only a faint line */
  char     label[TWIN_CHART_TICK_LABEL_SIZE]; /* "" for minor ticks */
} TwinChartTick;

TwinChartAxis twin_chart_axis (TwinChartScale scale, double min, double max);

/* TRUE when the limits are finite, ascending and, for a logarithm, positive. */
gboolean twin_chart_axis_is_valid (const TwinChartAxis *axis);

/* Value to fraction: 0 at min, 1 at max, beyond both outside; NaN for NaN and
 * for what a logarithm cannot show. */
double twin_chart_axis_fraction (const TwinChartAxis *axis, double value);

/* Inverse of twin_chart_axis_fraction(). */
double twin_chart_axis_value (const TwinChartAxis *axis, double fraction);

/**
 * twin_chart_axis_ticks:
 * @wanted: about how many labelled ticks fit, at least 2
 * @ticks: (out): filled in ascending order
 * @n_ticks: room in @ticks
 *
 * Linear steps are 1, 2, 2.5 or 5 × 10ⁿ and never more than @wanted + 1 of
 * them; a logarithmic axis labels decades with minor ticks at 2…9; a time axis
 * steps in whole seconds, minutes, hours, days, months or years of local time,
 * and labels the coarser unit where it turns ("24 Nov" among "22:00").
 *
 * Returns: how many were written.
 */
gsize twin_chart_axis_ticks (const TwinChartAxis *axis,
                             gsize                wanted,
                             TwinChartTick       *ticks,
                             gsize                n_ticks);

/* The smallest pleasant range that holds min…max (widened when they meet). */
void twin_chart_axis_nice (double *min, double *max, gsize wanted);

/* Zoom by @factor (< 1 is closer) about @fraction, or move by a fraction of
 * the span; the result stays inside @full and no narrower than @min_span. */
void twin_chart_axis_zoom (TwinChartAxis       *axis,
                           const TwinChartAxis *full,
                           double               fraction,
                           double               factor,
                           double               min_span);
void twin_chart_axis_pan (TwinChartAxis       *axis,
                          const TwinChartAxis *full,
                          double               by);

/* Shortest text with @digits significant digits ("0.0521", "1,482", "2.3e-7");
 * "—" for NaN. Caller frees. */
char *twin_chart_format (double value, int digits);

/* "0.4 s", "12 s", "14 min", "3 h", "6 d"; caller frees. */
char *twin_chart_format_age (double seconds);

G_END_DECLS
