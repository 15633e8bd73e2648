/* SPDX-License-Identifier: Apache-2.0
 *
 * node-vibration.c - scalars of one axis of acceleration
 */
#include "node-vibration.h"

#include <math.h>
#include <string.h>

enum
{
  CHUNK = 64, /* samples filtered and summed at a time */
};

static const float two_pi = 6.28318531f;
static const float band_low_hz = 10.0f;
static const float band_high_hz = 1000.0f;
static const float leak_hz = 0.2f;
static const float settle_s = 0.5f;

static void
clear_sums (node_vibration *v)
{
  memset (&v->moments, 0, sizeof v->moments);
  v->n_v = 0;
  v->v2 = 0;
}

void
node_vibration_gap (node_vibration *v)
{
  for (unsigned i = 0; i < 2; i++)
    {
      node_biquad_clear (&v->high[i]);
      node_biquad_clear (&v->low[i]);
    }
  v->velocity = v->last = 0;
  v->phase = 0;
  v->settled = (uint32_t) (settle_s * v->rate_hz);
}

void
node_vibration_init (node_vibration *v, float rate_hz)
{
  memset (v, 0, sizeof *v);
  v->low_used = rate_hz > 4.0f * band_high_hz;
  v->decimation = (uint32_t) (rate_hz / (4.0f * band_high_hz));
  if (v->decimation < 1)
    v->decimation = 1;
  v->rate_hz = rate_hz / (float) v->decimation;
  v->leak = expf (-two_pi * leak_hz / v->rate_hz);
  for (unsigned i = 0; i < 2; i++)
    {
      node_biquad_high (&v->high[i], band_low_hz, v->rate_hz,
                        node_butterworth_4[i]);
      if (v->low_used)
        node_biquad_low (&v->low[i], band_high_hz, rate_hz,
                         node_butterworth_4[i]);
    }
  node_vibration_gap (v);
}

/* Pébay's formulas (SAND2008-6212): moments of two sets from those of each. */
static void
merge (node_moments *a, const node_moments *b)
{
  float na = (float) a->n, nb = (float) b->n, n = na + nb;
  float fa = na / n, fb = nb / n;
  float d = b->mean - a->mean, d2 = d * d, w = d2 * na * fb;

  a->m4 += b->m4 + w * d2 * (fa * fa - fa * fb + fb * fb) +
           6.0f * d2 * (fa * fa * b->m2 + fb * fb * a->m2) +
           4.0f * d * (fa * b->m3 - fb * a->m3);
  a->m3 += b->m3 + w * d * (fa - fb) + 3.0f * d * (fa * b->m2 - fb * a->m2);
  a->m2 += b->m2 + w;
  a->mean += d * fb;
  a->n += b->n;
}

static void
add_moments (node_vibration *v, const float *x, uint32_t n)
{
  node_moments b = { n, 0, 0, 0, 0 };
  float        low = x[0], high = x[0], sum = 0;

  for (uint32_t i = 0; i < n; i++)
    {
      sum += x[i];
      low = x[i] < low ? x[i] : low;
      high = x[i] > high ? x[i] : high;
    }
  b.mean = sum / (float) n;
  for (uint32_t i = 0; i < n; i++)
    {
      float d = x[i] - b.mean, d2 = d * d;

      b.m2 += d2;
      b.m3 += d2 * d;
      b.m4 += d2 * d2;
    }

  if (v->moments.n == 0 || low < v->low_peak)
    v->low_peak = low;
  if (v->moments.n == 0 || high > v->high_peak)
    v->high_peak = high;
  merge (&v->moments, &b);
}

static uint32_t
decimate (node_vibration *v, float *x, uint32_t n)
{
  uint32_t kept = 0;

  for (uint32_t i = 0; i < n; i++)
    if (v->phase-- == 0)
      {
        x[kept++] = x[i];
        v->phase = v->decimation - 1;
      }
  return kept;
}

/* Al-Alaoui's integrator (1993): within 2 % of 1 / w up to a quarter of the
 * sample rate, where the trapezoid has lost 21 %. */
static void
integrate (node_vibration *v, const float *x, uint32_t n)
{
  float gain = 1.0f / (8.0f * v->rate_hz), sum = 0;

  for (uint32_t i = 0; i < n; i++)
    {
      v->velocity = v->velocity * v->leak + (7.0f * x[i] + v->last) * gain;
      v->last = x[i];
      if (v->settled > 0)
        v->settled--;
      else
        {
          sum += v->velocity * v->velocity;
          v->n_v++;
        }
    }
  v->v2 += sum;
}

void
node_vibration_add (node_vibration *v, const float *samples, uint32_t n)
{
  if (n > 0 && !v->shifted)
    {
      v->shift = samples[0];
      v->shifted = true;
    }

  while (n > 0)
    {
      float    x[CHUNK];
      uint32_t chunk = n < CHUNK ? n : CHUNK;

      for (uint32_t i = 0; i < chunk; i++)
        x[i] = samples[i] - v->shift;
      samples += chunk;
      n -= chunk;

      add_moments (v, x, chunk);
      if (v->low_used)
        node_biquad_run_pair (v->low, x, chunk);
      chunk = decimate (v, x, chunk);
      node_biquad_run_pair (v->high, x, chunk);
      integrate (v, x, chunk);
    }
}

bool
node_vibration_take (node_vibration *v, node_vibration_scalars *out)
{
  const node_moments *m = &v->moments;
  float               n = (float) m->n, up, down;

  memset (out, 0, sizeof *out);
  if (m->n < 16)
    return false;

  up = v->high_peak - m->mean;
  down = m->mean - v->low_peak;
  out->n = m->n;
  out->mean = v->shift + m->mean;
  out->rms = sqrtf (m->m2 / n);
  out->peak = up > down ? up : down;
  if (out->rms > 1e-8f)
    {
      out->crest = out->peak / out->rms;
      out->kurtosis = m->m4 / m->m2 * (n / m->m2);
    }
  out->has_velocity = v->n_v >= 16;
  if (out->has_velocity)
    out->velocity_rms = sqrtf (v->v2 / (float) v->n_v);

  clear_sums (v);
  return true;
}
