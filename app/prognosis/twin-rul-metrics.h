/* SPDX-License-Identifier: Apache-2.0 */
/* twin-rul-metrics.h - how good predictions of remaining life were
 *
 * Remaining lives are in any one unit, actual > 0 where it is divided by.
 * Pure functions, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* IEEE PHM 2012 challenge: 1 when exact, falling with the error in per cent of
 * @actual, faster when predicted too long: 0.5 at 20 % too short and at 5 % too
 * long. The challenge's score is the mean over its bearings. */
double twin_rul_phm_score (double actual, double predicted);

/* NASA's C-MAPSS score (Saxena et al. 2008) of one unit: e^(d/10) - 1 for d =
 * @predicted - @actual ≥ 0, else e^(-d/13) - 1. It is summed over units. */
double twin_rul_nasa_score (double actual, double predicted);

/* α-λ accuracy (Saxena et al. 2010): within ±@alpha × @actual. */
gboolean twin_rul_alpha_holds (double actual, double predicted, double alpha);

/* Relative accuracy 1 - |actual - predicted| / actual; under 0 when off by more
 * than the whole. */
double twin_rul_relative_accuracy (double actual, double predicted);

/**
 * twin_rul_horizon:
 * @time, @predicted: @n predictions, ascending in time
 * @end: when life ended; @alpha: width of the band, of the whole life @end
 *
 * Prognostic horizon: how long before @end predictions came into the band and
 * stayed in it; 0: never.
 */
double twin_rul_horizon (const double *time,
                         const double *predicted,
                         size_t        n,
                         double        end,
                         double        alpha);

/* Pinball loss of @quantile, said to be that of level @q (0..1): its mean is
 * least for the true quantile (Koenker & Bassett 1978). */
double twin_rul_pinball (double actual, double quantile, double q);

/* Wilson's interval (1927), 95 %, of a share seen as @inside of @n. */
void twin_rul_share_interval (double  inside,
                              double  n,
                              double *low,
                              double *high);

G_END_DECLS
