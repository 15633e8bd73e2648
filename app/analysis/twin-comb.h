/* SPDX-License-Identifier: Apache-2.0 */
/* twin-comb.h - a fault's comb of lines against combs at wrong frequencies
 *
 * The null is taken from the record itself (order statistics over wrong
 * fundamentals with the same freedom to slip), so a score needs no threshold of
 * the machine. Pure functions, any thread.
 */
#pragma once

#include "twin-bearing.h"
#include "twin-evidence.h"

G_BEGIN_DECLS

typedef struct
{
  double fundamental_hz;
  double side_hz;   /* side bands at ± this; 0: none */
  int    harmonics; /* looked at, from the first */
} TwinComb;

/* The highest slip looked for; the lowest is -2.2 %. */
#define TWIN_COMB_SLIP_HI 0.008

/* Mean excess of the comb's lines at its best slip; @slip (may be NULL) gets
 * that slip. NaN where no line lies within the spectrum. */
double twin_comb_score (const TwinEvidence *evidence,
                        const TwinComb     *comb,
                        double             *slip);

/**
 * twin_comb_z:
 * @avoid: fundamentals of real families, kept out of the null
 * @shaft_hz: whole multiples of it are kept out, too
 *
 * Robust z of the comb's score against about 80 wrong fundamentals. NaN when
 * the spectrum cannot hold them.
 */
double twin_comb_z (const TwinEvidence *evidence,
                    const TwinComb     *comb,
                    double              shaft_hz,
                    const double       *avoid,
                    size_t              n_avoid);

G_END_DECLS
