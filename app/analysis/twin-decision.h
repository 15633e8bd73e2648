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
#define TWIN_DECISION_LINES 2 /* of a comb: one line may be anything */

typedef struct
{
  double rate_hz;
  double strikes; /* largest kurtosis of a carrier's envelope */
} TwinDecisionNature;

/* Fills verdict, suspected, best_z, margin, threshold and why of @out from what
 * else stands there. */
void twin_decision_make (TwinBearingVerdict         *out,
                         const TwinDiagnosisOptions *options,
                         const TwinDecisionNature   *nature);

/* Once others are known: what strikes and fits a neighbour leaves nothing open
 * here. */
void twin_decision_explain (TwinBearingVerdict *out);

G_END_DECLS
