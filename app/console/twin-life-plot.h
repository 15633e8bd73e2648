/* SPDX-License-Identifier: Apache-2.0 */
/* twin-life-plot.h - a remaining life drawn as a fan, and as a chance by date
 *
 * Main thread.
 */
#pragma once

#include "twin-fan-chart.h"
#include "twin-trend-chart.h"
#include "twin-update.h"

G_BEGIN_DECLS

/**
 * twin_life_plot_fan:
 * @life: NULL: nothing is known
 * @act_us: suggested date, or NONE
 * @span_s: how far back; 0: all that was measured
 */
void twin_life_plot_fan (TwinFanChart         *chart,
                         const TwinLifeUpdate *life,
                         int64_t               act_us,
                         double                span_s,
                         int64_t               now_us);

/* Series 0 of @chart becomes the chance of failure in %. */
void twin_life_plot_chance (TwinTrendChart       *chart,
                            const TwinLifeUpdate *life,
                            int64_t               act_us,
                            int64_t               now_us);

/* Fan between @now_s and the latest crossing of @threshold: the index that
 * the slow, middle and fast futures have. The index is a logarithm, so a
 * future that reaches the threshold after p has a straight line there.
 * Returns how many of @points were filled; 0 when a quantile is NaN. */
gsize twin_life_plot_make_fan (const TwinLifeUpdate *life,
                               double                index_now,
                               TwinFanPoint         *points,
                               gsize                 n_points);

G_END_DECLS
