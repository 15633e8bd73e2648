/* SPDX-License-Identifier: Apache-2.0 */
/* twin-chart-series.h - one record of samples, ready to be drawn at any width
 *
 * Holds the samples and a pyramid of their minima and maxima, so that one
 * min/max pair per pixel column costs about the same for a thousand and for
 * ten million samples, and is exact: no peak is lost by drawing. Main thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TwinChartSeries TwinChartSeries;

/* What one pixel column shows. @first and @last let neighbours be joined.
 * Empty columns have n = 0; a column that holds only NaN has gap TRUE. */
typedef struct
{
  double   min;
  double   max;
  double   first;
  double   last;
  gsize    n;   /* finite samples in the column */
  gboolean gap; /* at least one NaN sample lies in the column */
} TwinChartColumn;

TwinChartSeries *twin_chart_series_new (void);
void             twin_chart_series_free (TwinChartSeries *self);

/**
 * twin_chart_series_set:
 * @x: ascending positions, finite; copied
 * @y: values, NaN where there is a gap; copied
 *
 * A sample out of order ends the record there, with a warning.
 */
void twin_chart_series_set (TwinChartSeries *self,
                            const double    *x,
                            const double    *y,
                            gsize            n);

/* The same for evenly spaced samples: x = x0 + i·dx, dx > 0. */
void twin_chart_series_set_uniform (TwinChartSeries *self,
                                    double           x0,
                                    double           dx,
                                    const double    *y,
                                    gsize            n);

gsize  twin_chart_series_get_n (const TwinChartSeries *self);
double twin_chart_series_get_x (const TwinChartSeries *self, gsize index);
double twin_chart_series_get_y (const TwinChartSeries *self, gsize index);

/* First index with x >= @x; n when there is none. */
gsize twin_chart_series_find (const TwinChartSeries *self, double x);

/* Index of the sample nearest to @x; G_MAXSIZE for an empty record. */
gsize twin_chart_series_nearest (const TwinChartSeries *self, double x);

/* Minimum and maximum of the samples first … end-1, NaN left out; FALSE and
 * untouched when there is none. */
gboolean twin_chart_series_range (const TwinChartSeries *self,
                                  gsize                  first,
                                  gsize                  end,
                                  double                *min,
                                  double                *max);

/**
 * twin_chart_series_columns:
 * @edges: n_columns + 1 ascending x; column i holds edges[i] <= x < edges[i+1]
 * @columns: (out): n_columns of them
 */
void twin_chart_series_columns (const TwinChartSeries *self,
                                const double          *edges,
                                gsize                  n_columns,
                                TwinChartColumn       *columns);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinChartSeries, twin_chart_series_free)

G_END_DECLS
