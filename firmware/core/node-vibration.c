/* SPDX-License-Identifier: Apache-2.0
 *
 * node-vibration.c - scalars of one axis of acceleration
 */
#include "node-vibration.h"

#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846

static const double band_low_hz = 10.0;
static const double band_high_hz = 1000.0;
static const double leak_hz = 0.2;
static const double settle_s = 0.5;

/* The two sections of a fourth-order Butterworth filter. */
static const double section_q[2] = { 0.54119610014619698, 1.3065629648763766 };

static void
design (node_biquad *f, double cutoff_hz, double rate_hz, double q, bool high)
{
  double w = 2.0 * PI * cutoff_hz / rate_hz;
  double alpha = sin (w) / (2.0 * q), c = cos (w), a0 = 1.0 + alpha;

  memset (f, 0, sizeof *f);
  f->b0 = (high ? 1.0 + c : 1.0 - c) / 2.0 / a0;
  f->b1 = (high ? -(1.0 + c) : 1.0 - c) / a0;
  f->b2 = f->b0;
  f->a1 = -2.0 * c / a0;
  f->a2 = (1.0 - alpha) / a0;
}

static double
run (node_biquad *f, double x)
{
  double y = f->b0 * x + f->z1;

  f->z1 = f->b1 * x - f->a1 * y + f->z2;
  f->z2 = f->b2 * x - f->a2 * y;
  return y;
}

static void
clear_sums (node_vibration *v)
{
  v->n = v->n_v = 0;
  v->s1 = v->s2 = v->s3 = v->s4 = v->v2 = 0;
  v->low_peak = v->high_peak = 0;
}

void
node_vibration_gap (node_vibration *v)
{
  for (unsigned i = 0; i < 2; i++)
    {
      v->high[i].z1 = v->high[i].z2 = 0;
      v->low[i].z1 = v->low[i].z2 = 0;
    }
  v->velocity = v->last = 0;
  v->settled = (uint32_t) (settle_s * v->rate_hz);
}

void
node_vibration_init (node_vibration *v, double rate_hz)
{
  memset (v, 0, sizeof *v);
  v->rate_hz = rate_hz;
  v->leak = exp (-2.0 * PI * leak_hz / rate_hz);
  v->low_used = rate_hz > 4.0 * band_high_hz;
  for (unsigned i = 0; i < 2; i++)
    {
      design (&v->high[i], band_low_hz, rate_hz, section_q[i], true);
      if (v->low_used)
        design (&v->low[i], band_high_hz, rate_hz, section_q[i], false);
    }
  node_vibration_gap (v);
}

/* Al-Alaoui's integrator (1993): within 2 % of 1 / w up to a quarter of the
 * sample rate, where the trapezoid has lost 21 %. */
static void
integrate (node_vibration *v, double a)
{
  double x = run (&v->high[1], run (&v->high[0], a));

  if (v->low_used)
    x = run (&v->low[1], run (&v->low[0], x));
  v->velocity =
      v->velocity * v->leak + (7.0 * x + v->last) / (8.0 * v->rate_hz);
  v->last = x;

  if (v->settled > 0)
    v->settled--;
  else
    {
      v->v2 += v->velocity * v->velocity;
      v->n_v++;
    }
}

void
node_vibration_add (node_vibration *v,
                    const float    *samples,
                    uint32_t        n,
                    uint32_t        stride)
{
  for (uint32_t i = 0; i < n; i++)
    {
      double a = samples[(size_t) i * stride], d, d2;

      if (v->n == 0)
        {
          v->shift = a;
          v->low_peak = v->high_peak = a;
        }
      d = a - v->shift;
      d2 = d * d;
      v->s1 += d;
      v->s2 += d2;
      v->s3 += d2 * d;
      v->s4 += d2 * d2;
      if (a < v->low_peak)
        v->low_peak = a;
      if (a > v->high_peak)
        v->high_peak = a;
      v->n++;
      integrate (v, a);
    }
}

bool
node_vibration_take (node_vibration *v, node_vibration_scalars *out)
{
  double n = v->n, m, m2, m4, mean;

  memset (out, 0, sizeof *out);
  if (v->n < 16)
    return false;

  m = v->s1 / n; /* the mean, seen from shift */
  mean = v->shift + m;
  m2 = v->s2 / n - m * m;
  m4 = v->s4 / n - 4.0 * m * v->s3 / n + 6.0 * m * m * v->s2 / n -
       3.0 * m * m * m * m;
  if (m2 < 0)
    m2 = 0;

  out->n = v->n;
  out->rms = (float) sqrt (m2);
  out->peak = (float) fmax (v->high_peak - mean, mean - v->low_peak);
  if (m2 > 1e-16)
    {
      out->crest = out->peak / out->rms;
      out->kurtosis = (float) (m4 / (m2 * m2));
    }
  out->has_velocity = v->n_v >= 16;
  if (out->has_velocity)
    out->velocity_rms = (float) sqrt (v->v2 / v->n_v);

  clear_sums (v);
  return true;
}
