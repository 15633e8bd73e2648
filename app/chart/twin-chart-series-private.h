/* SPDX-License-Identifier: Apache-2.0 */
/* twin-chart-series-private.h - where a record knows nothing */
#pragma once

#include "twin-chart-series.h"

G_BEGIN_DECLS

/* From the last sample known before to the first known after. */
typedef struct
{
  double from;
  double to;
} TwinChartGap;

/* Fills @gaps (of TwinChartGap) with those that touch [from, to]; neighbours
 * less than @join apart become one. */
void twin_chart_series_gaps (const TwinChartSeries *self,
                             double                 from,
                             double                 to,
                             double                 join,
                             GArray                *gaps);

G_END_DECLS
