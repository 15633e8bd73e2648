/* SPDX-License-Identifier: Apache-2.0 */
/* twin-uncertainty.h - how unsure a value becomes while it grows old
 *
 * Between two measurements a quantity is taken to move as
 *
 *   dx = a (x - mean) dt + dW,  W of spectral density q
 *
 * so the variance of what is known of it after the age τ is
 *
 *   P(τ) = e^{2aτ} P0 + q/(2a) (e^{2aτ} - 1)
 *
 * For a < 0 it ends at -q/(2a), which is the quantity's own variance: a value
 * that is very old says no more than the usual does. Pure, any thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct
{
  double p0; /* variance of a fresh value, ≥ 0 */
  double a;  /* 1/s; 0: a random walk */
  double q;  /* variance a second, ≥ 0 */
} TwinUncertainty;

/* P(τ); @age_s < 0 counts as 0. NaN when the model is. */
double twin_uncertainty_variance (const TwinUncertainty *self, double age_s);

/* The age at which P reaches @most, s: 0 when it begins there, INFINITY when
 * it never does. */
double twin_uncertainty_allowed_age (const TwinUncertainty *self, double most);

enum
{
  TWIN_UNCERTAINTY_STATES = 3
};

/**
 * twin_uncertainty_matrix:
 * @n: states, 1..TWIN_UNCERTAINTY_STATES
 * @a: n×n, row by row, 1/s
 * @q: n×n, symmetric
 * @p0: n×n, symmetric
 * @out: n×n; may be @p0
 *
 * P after @age_s of dx = A x dt + dW by van Loan's block exponential (1978),
 * for states that move one another: a temperature and its drift. FALSE: not a
 * finite problem, @out is unchanged.
 */
gboolean twin_uncertainty_matrix (unsigned      n,
                                  const double *a,
                                  const double *q,
                                  const double *p0,
                                  double        age_s,
                                  double       *out);

/* --- learning a and q from a signal -----------------------------------------
 *
 * From the mean squared step between neighbours and the variance, both with
 * exponential forgetting, so the samples need not be equally far apart:
 * ρ = 1 - E[Δx²]/(2 var), a = ln ρ / mean Δt, q = -2a var. Steps over two
 * samples tell the noise of a single one from what moves. All zero: begins. */
typedef struct
{
  unsigned n;            /* steps seen, up to the memory */
  double   last;         /* value */
  int64_t  last_us;      /* its time */
  double   mean, var;    /* of the value */
  double   step2, dt;    /* mean squared step, mean seconds of a step */
  double   before, far2; /* value before the last; squared step over two */
} TwinWander;

/* @time_us later than the last one's, else @value is not counted; NaN neither.
 * A step over a gap of ten usual ones is not counted as one. */
void twin_wander_add (TwinWander *self, int64_t time_us, double value);

/* @noise: variance of a single measurement, ≥ 0, of which the steps are freed
 * and which is P0; NaN: by the signal itself. FALSE: fewer than 30 steps, @out
 * is NaN. */
gboolean twin_wander_get (const TwinWander *self,
                          double            noise,
                          TwinUncertainty  *out);

G_END_DECLS
