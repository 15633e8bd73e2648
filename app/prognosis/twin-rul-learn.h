/* SPDX-License-Identifier: Apache-2.0 */
/* twin-rul-learn.h - what lives that ended say of those that have not
 *
 * Pure functions, any thread.
 */
#pragma once

#include "twin-rul.h"

G_BEGIN_DECLS

enum
{
  TWIN_RUL_LIVES_LEAST = 3,
};

typedef struct
{
  const int64_t *times_us; /* ascending; the first is when it was new */
  const double  *index;    /* ln (level / baseline); NaN marks a gap */
  size_t         n;        /* the last is the end of life */
} TwinRulLife;

/**
 * twin_rul_prior_learn:
 * @n: at least TWIN_RUL_LIVES_LEAST, or the prior stays the default one
 *
 * Threshold: the smoothed index at the end. Life, and time from the onset to
 * the end: mean and spread of the logarithms. An onset: half the way to the
 * threshold. Growth: from onset to end. Spreads of few lives are widened by
 * Student's t over the normal distribution at 95 %.
 */
void twin_rul_prior_learn (const TwinRulLife *lives,
                           size_t             n,
                           TwinRulPrior      *prior);

G_END_DECLS
