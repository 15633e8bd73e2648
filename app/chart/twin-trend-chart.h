/* SPDX-License-Identifier: Apache-2.0 */
/* twin-trend-chart.h - values over the calendar
 *
 * A TwinLineChart on a time axis. Each line is normally one signal; hovering
 * or moving the cursor reads all of them at once. Main thread.
 */
#pragma once

#include "twin-line-chart.h"

G_BEGIN_DECLS

#define TWIN_TYPE_TREND_CHART (twin_trend_chart_get_type ())
G_DECLARE_FINAL_TYPE (TwinTrendChart,
                      twin_trend_chart,
                      TWIN,
                      TREND_CHART,
                      TwinLineChart)

GtkWidget *twin_trend_chart_new (void);

/* The span shown; seconds since 1970 UTC. */
void twin_trend_chart_set_span (TwinTrendChart *self, double from, double to);
/* Symbol of the unit in read-outs and above the axis; NULL for none. */
void twin_trend_chart_set_unit (TwinTrendChart *self, const char *unit);
/**
 * twin_trend_chart_set_record:
 * @time_s: ascending; @values: NaN where nothing is known
 * @longest_gap_s: samples further apart are not joined, and the space between
 *   them is hatched; 0 to join all
 */
void twin_trend_chart_set_record (TwinTrendChart *self,
                                  guint           series,
                                  const double   *time_s,
                                  const double   *values,
                                  gsize           n,
                                  double          longest_gap_s);

/* What the values ranged over between two points of the first line, tinted;
 * NaN where nothing is known, n = 0 for none. Copies. */
void twin_trend_chart_set_band (TwinTrendChart *self,
                                const double   *time_s,
                                const double   *min,
                                const double   *max,
                                gsize           n);

G_END_DECLS
