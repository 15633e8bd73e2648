/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-uncertainty.h"

#include <math.h>
#include <string.h>

#define SMALL 1e-6     /* |2aτ| below which the walk is a free one */
#define MEMORY 500     /* steps that are remembered */
#define LEAST 30       /* steps for a first judgement */
#define GAP 10         /* usual steps that are a gap */
#define RHO_LEAST 0.01 /* less: white, as far as the steps can tell */
#define BLOCK (2 * TWIN_UNCERTAINTY_STATES)
#define TERMS 14 /* of the exponential of a matrix of norm ≤ ½ */
#define HALVINGS_MAX 1000

double
twin_uncertainty_variance (const TwinUncertainty *self, double age_s)
{
  double age = fmax (age_s, 0), twice = 2 * self->a * age;

  if (fabs (twice) < SMALL)
    return self->p0 + self->q * age;

  return exp (twice) * self->p0 + self->q / (2 * self->a) * expm1 (twice);
}

double
twin_uncertainty_allowed_age (const TwinUncertainty *self, double most)
{
  double limit, ratio;

  if (isnan (self->p0) || isnan (self->a) || isnan (self->q) || isnan (most))
    return NAN;
  if (most <= self->p0)
    return 0;
  if (self->a == 0)
    return self->q > 0 ? (most - self->p0) / self->q : INFINITY;

  limit = self->q / (2 * self->a);
  ratio = (most - self->p0) / (self->p0 + limit);
  if (!(ratio > -1) || !isfinite (ratio) || ratio / self->a < 0)
    return INFINITY;

  return log1p (ratio) / (2 * self->a);
}

static void
multiply (unsigned n, const double *a, const double *b, double *out)
{
  for (unsigned i = 0; i < n; i++)
    for (unsigned j = 0; j < n; j++)
      {
        double sum = 0;

        for (unsigned k = 0; k < n; k++)
          sum += a[i * n + k] * b[k * n + j];
        out[i * n + j] = sum;
      }
}

/* e^M by scaling, Taylor and squaring; @m is scaled in place. */
static gboolean
exponential (unsigned n, double *m, double *out)
{
  double   norm = 0, term[BLOCK * BLOCK], next[BLOCK * BLOCK];
  unsigned size = n * n;
  int      halvings = 0;

  for (unsigned i = 0; i < size; i++)
    norm += fabs (m[i]);
  if (!isfinite (norm))
    return FALSE;

  for (; norm > 0.5 && halvings < HALVINGS_MAX; norm /= 2)
    halvings++;
  for (unsigned i = 0; i < size; i++)
    {
      m[i] = ldexp (m[i], -halvings);
      out[i] = term[i] = i % (n + 1) == 0;
    }

  for (int k = 1; k <= TERMS; k++)
    {
      multiply (n, term, m, next);
      for (unsigned i = 0; i < size; i++)
        {
          term[i] = next[i] / k;
          out[i] += term[i];
        }
    }

  for (; halvings > 0; halvings--)
    {
      multiply (n, out, out, next);
      memcpy (out, next, size * sizeof *out);
    }

  return TRUE;
}

/* exp ([[-A, Q], [0, Aᵀ]] τ) = [[·, G], [0, F]]: Φ = Fᵀ, the noise that came
 * is Fᵀ G. */
gboolean
twin_uncertainty_matrix (unsigned      n,
                         const double *a,
                         const double *q,
                         const double *p0,
                         double        age_s,
                         double       *out)
{
  double   m[BLOCK * BLOCK] = { 0 }, e[BLOCK * BLOCK];
  double   result[TWIN_UNCERTAINTY_STATES * TWIN_UNCERTAINTY_STATES];
  double   age = fmax (age_s, 0);
  unsigned w = 2 * n;

  g_return_val_if_fail (n >= 1 && n <= TWIN_UNCERTAINTY_STATES, FALSE);

  for (unsigned i = 0; i < n; i++)
    for (unsigned j = 0; j < n; j++)
      {
        m[i * w + j] = -a[i * n + j] * age;
        m[i * w + n + j] = q[i * n + j] * age;
        m[(n + i) * w + n + j] = a[j * n + i] * age;
      }
  if (!exponential (w, m, e))
    return FALSE;

  for (unsigned i = 0; i < n; i++)
    for (unsigned j = 0; j < n; j++)
      {
        double sum = 0;

        for (unsigned k = 0; k < n; k++)
          {
            double left = e[(n + k) * w + n + i];

            sum += left * e[k * w + n + j];
            for (unsigned l = 0; l < n; l++)
              sum += left * p0[k * n + l] * e[(n + l) * w + n + j];
          }
        if (!isfinite (sum))
          return FALSE;
        result[i * n + j] = sum;
      }

  memcpy (out, result, n * n * sizeof *out);
  return TRUE;
}

void
twin_wander_add (TwinWander *self, int64_t time_us, double value)
{
  double   dt = (double) (time_us - self->last_us) / 1e6;
  double   step = value - self->last, far = value - self->before;
  double   weight, off;
  gboolean first = self->n == 0 && self->last_us == 0;

  if (!isfinite (value) || (!first && !(dt > 0)))
    return;

  self->before = first ? value : self->last;
  self->last = value;
  self->last_us = time_us;
  if (first)
    {
      self->mean = value;
      return;
    }
  if (self->n > 0 && dt > GAP * self->dt)
    return;

  self->n = MIN (self->n + 1, MEMORY);
  weight = 1.0 / self->n;
  off = value - self->mean;
  self->mean += weight * off;
  self->var += weight * (off * (value - self->mean) - self->var);
  self->step2 += weight * (step * step - self->step2);
  self->far2 += weight * (far * far - self->far2);
  self->dt += weight * (dt - self->dt);
}

/* With covariances c1 = var ρ and c2 = var ρ² of what moves, var = c1²/c2 and
 * the rest is noise. */
static double
noise_of (const TwinWander *self)
{
  double c1 = self->var - self->step2 / 2, c2 = self->var - self->far2 / 2;

  return c1 > 0 && c2 > 0 ? CLAMP (self->var - c1 * c1 / c2, 0, self->step2 / 2)
                          : 0;
}

gboolean
twin_wander_get (const TwinWander *self, double noise, TwinUncertainty *out)
{
  double var, half;

  *out = (TwinUncertainty){ NAN, NAN, NAN };
  if (self->n < LEAST)
    return FALSE;

  if (isnan (noise))
    noise = noise_of (self);
  var = fmax (self->var - noise, 0);
  half = fmax (self->step2 / 2 - noise, 0);
  *out = (TwinUncertainty){ .p0 = noise };
  if (!(var > 0) || half == 0)
    return TRUE; /* it does not move */

  out->a = log (fmax (1 - half / var, RHO_LEAST)) / self->dt;
  out->q = -2 * out->a * var;
  return TRUE;
}
