/* SPDX-License-Identifier: Apache-2.0 */
/* twin-fan-chart.h - health index, where it is going, and how sure that is
 *
 * A TwinLineChart on a time axis: measured index, fan of 5-95 % and 25-75 %
 * with its median, failure threshold with tolerance, "now", the bracket of
 * dates on the threshold, what was predicted earlier, and the span to act in.
 * Everything may be missing: without a fan the plot shows what was measured.
 * Main thread; times in seconds since 1970 UTC.
 */
#pragma once

#include "twin-line-chart.h"

G_BEGIN_DECLS

#define TWIN_TYPE_FAN_CHART (twin_fan_chart_get_type ())
G_DECLARE_FINAL_TYPE (TwinFanChart,
                      twin_fan_chart,
                      TWIN,
                      FAN_CHART,
                      TwinLineChart)

/* Quantiles of the index at one time, q05 <= … <= q95. */
typedef struct
{
  double time_s;
  double q05;
  double q25;
  double q50;
  double q75;
  double q95;
} TwinFanPoint;

GtkWidget *twin_fan_chart_new (void);

/* Measured index, NaN for gaps; samples further apart than @longest_gap_s are
 * not joined (0: all are). Copies. */
void twin_fan_chart_set_measured (TwinFanChart *self,
                                  const double *time_s,
                                  const double *index,
                                  gsize         n,
                                  double        longest_gap_s);
/* Ascending in time; n = 0 removes the fan. Copies. */
void twin_fan_chart_set_fan (TwinFanChart       *self,
                             const TwinFanPoint *points,
                             gsize               n);
/* A line predicted at @made_s (a ring marks where). Adds; clear removes all. */
void twin_fan_chart_add_past (TwinFanChart *self,
                              double        made_s,
                              const double *time_s,
                              const double *index,
                              gsize         n);
void twin_fan_chart_clear_past (TwinFanChart *self);
/* NaN value: none. @label e.g. "Failure threshold 3.5 ± 0.2". */
void twin_fan_chart_set_threshold (TwinFanChart *self,
                                   double        value,
                                   double        tolerance,
                                   const char   *label);
/* When 5, 50 and 95 % of the futures have crossed the threshold; NaN each
 * where that lies beyond what can be said. */
void twin_fan_chart_set_bracket (TwinFanChart *self,
                                 double        t05_s,
                                 double        t50_s,
                                 double        t95_s);
void twin_fan_chart_set_now (TwinFanChart *self, double now_s);
void twin_fan_chart_set_span (TwinFanChart *self, double from_s, double to_s);

G_END_DECLS
