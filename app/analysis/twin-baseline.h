/* SPDX-License-Identifier: Apache-2.0 */
/* twin-baseline.h - what is usual for one quantity, and how far off a value is
 *
 * Several at each operating state: twin-baseline-states.h.
 * A positive quantity is learnt in logarithms (levels vary by factors). Plain
 * data: belongs to whoever holds it; no allocation.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TWIN_BASELINE_MAX 64

/* Set to zero before first use. */
typedef struct
{
  double values[TWIN_BASELINE_MAX]; /* the first ones after start or
                                       maintenance */
  unsigned n;
  gboolean logarithmic;
  double   centre, spread; /* of what is learnt; valid from 8 values on */
} TwinBaseline;

void twin_baseline_init (TwinBaseline *self, gboolean logarithmic);

/* Learns @value; FALSE when it was not taken: full, not finite, or not
 * positive where logarithms are learnt. */
gboolean twin_baseline_learn (TwinBaseline *self, double value);

/* At least 8 values. */
gboolean twin_baseline_is_ready (const TwinBaseline *self);

/* Robust z: (value - median) / (1.4826 MAD + floor); the floor is 2 % of the
 * centre, or 0.02 in logarithms. NaN until ready. */
double twin_baseline_z (const TwinBaseline *self, double value);

/* What is added to the spread there; of the learnt quantity. */
double twin_baseline_floor (const TwinBaseline *self);

/* ln (value / baseline); NaN until ready or where it has no logarithm. Of a
 * baseline that is not logarithmic: the difference. */
double twin_baseline_excess (const TwinBaseline *self, double value);

/* The usual value itself; NaN until ready. */
double twin_baseline_usual (const TwinBaseline *self);

G_END_DECLS
