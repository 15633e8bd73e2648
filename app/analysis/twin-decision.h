/* SPDX-License-Identifier: Apache-2.0 */
/* twin-decision.h - from evidence to a verdict and its sentence
 *
 * Pure functions, any thread.
 */
#pragma once

#include "twin-diagnosis.h"

G_BEGIN_DECLS

#define TWIN_DECISION_SUSPICION 3.0
#define TWIN_DECISION_THRESHOLD 4.0

typedef struct
{
  double rate_hz;
  double strikes; /* largest kurtosis of a carrier's envelope */
} TwinDecisionNature;

/* One line may be anything: whether harmonics or side bands of @tone stand with
 * it. At whole orders only harmonics count. */
gboolean twin_decision_is_comb (const TwinFaultTone *tone, double shaft_hz);

/* Fills verdict, suspected, best_z, margin, threshold and why of @out from what
 * else stands there. */
void twin_decision_make (TwinBearingVerdict         *out,
                         const TwinDiagnosisOptions *options,
                         const TwinDecisionNature   *nature);

/* Once others are known: what strikes and fits a neighbour leaves nothing open
 * here. */
void twin_decision_explain (TwinBearingVerdict *out);

G_END_DECLS
