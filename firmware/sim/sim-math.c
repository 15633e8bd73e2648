/* SPDX-License-Identifier: Apache-2.0
 *
 * sim-math.c - functions that give the same bits on every board
 */
#include "sim-math.h"

#include <math.h>

static const double two_pi = 6.283185307179586;
static const double log2_e = 1.4426950408889634;
static const double ln2_high = 0.693147180369123816490; /* 33 bits: k × it is */
static const double ln2_low = 1.90821492927058770002e-10; /* exact */

/* Taylor's series; the argument is folded into a quarter turn. */
double
sim_sin (double turns)
{
  static const double c[] = {
    1.0 / 355687428096000.0, /* 1 / 17! */
    -1.0 / 1307674368000.0,
    1.0 / 6227020800.0,
    -1.0 / 39916800.0,
    1.0 / 362880.0,
    -1.0 / 5040.0,
    1.0 / 120.0,
    -1.0 / 6.0,
    1.0,
  };
  double t = turns - floor (turns + 0.5), x, xx, sum = 0;

  if (t > 0.25)
    t = 0.5 - t;
  else if (t < -0.25)
    t = -0.5 - t;
  x = t * two_pi;
  xx = x * x;
  for (unsigned i = 0; i < sizeof c / sizeof c[0]; i++)
    sum = sum * xx + c[i];
  return sum * x;
}

double
sim_cos (double turns)
{
  return sim_sin (turns + 0.25);
}

double
sim_exp (double x)
{
  double k = floor (x * log2_e + 0.5), r = x - k * ln2_high - k * ln2_low;
  double sum = 1.0;

  for (int i = 13; i > 0; i--)
    sum = 1.0 + sum * r / i;
  return ldexp (sum, (int) k);
}
