/* SPDX-License-Identifier: Apache-2.0
 *
 * node-speed.c - shaft speed where no key-phasor tells it
 */
#include "node-speed.h"

#include <math.h>
#include <string.h>

static const float block_s = 0.25f;
static const float two_pi = 6.2831853f;
static const float coherent = 0.95f; /* below it the line is not followed */
static const float least_pairs = 8.0f;

void
node_speed_init (node_speed *s, float rate_hz, float expected_hz)
{
  memset (s, 0, sizeof *s);
  s->rate_hz = rate_hz;
  s->mix_hz = expected_hz;
  s->block = (uint32_t) (block_s * rate_hz);
  s->re = 1;
  s->step_re = cosf (two_pi * expected_hz / rate_hz);
  s->step_im = -sinf (two_pi * expected_hz / rate_hz);
}

void
node_speed_gap (node_speed *s)
{
  s->sum = s->sum_re = s->sum_im = 0;
  s->n = 0;
  s->has_last = false;
  s->cross_re = s->cross_im = s->norm = s->pairs = 0;
}

static void
end_block (node_speed *s)
{
  float re = s->sum_re / (float) s->n, im = s->sum_im / (float) s->n;
  float keep = 1.0f - 1.0f / NODE_SPEED_PAIRS;
  float size = s->re * s->re + s->im * s->im;

  if (s->has_last)
    {
      s->cross_re = s->cross_re * keep + re * s->last_re + im * s->last_im;
      s->cross_im = s->cross_im * keep + im * s->last_re - re * s->last_im;
      s->norm = s->norm * keep +
                sqrtf ((re * re + im * im) *
                       (s->last_re * s->last_re + s->last_im * s->last_im));
      s->pairs = s->pairs * keep + 1.0f;
    }
  s->last_re = re;
  s->last_im = im;
  s->has_last = true;
  s->mean += s->sum / (float) s->n;
  s->sum = s->sum_re = s->sum_im = 0;
  s->n = 0;
  /* One Newton step keeps the oscillator's size. */
  s->re *= 1.5f - 0.5f * size;
  s->im *= 1.5f - 0.5f * size;
}

void
node_speed_add (node_speed    *s,
                const int16_t *samples,
                uint32_t       n,
                unsigned       stride)
{
  for (uint32_t i = 0; i < n; i++)
    {
      float x = (float) samples[i * stride] - s->mean, re = s->re;

      s->sum += x;
      s->sum_re += x * s->re;
      s->sum_im += x * s->im;
      s->re = re * s->step_re - s->im * s->step_im;
      s->im = re * s->step_im + s->im * s->step_re;
      if (++s->n == s->block)
        end_block (s);
    }
}

/* The phase of a pair scatters by √(1 - γ²) / γ where γ is how well they
 * agree; independent of each other every other one. */
bool
node_speed_estimate (const node_speed *s, float *hz, float *uncertainty)
{
  float along = sqrtf (s->cross_re * s->cross_re + s->cross_im * s->cross_im);
  float agree, spread;
  float length = (float) s->block / s->rate_hz * two_pi;

  if (s->pairs < least_pairs || !(s->norm > 0))
    return false;
  agree = along / s->norm;
  if (!(agree >= coherent))
    return false;

  spread = agree < 1.0f ? sqrtf (1.0f - agree * agree) / agree : 0;
  *hz = s->mix_hz + atan2f (s->cross_im, s->cross_re) / length;
  *uncertainty = spread / sqrtf (s->pairs / 2.0f) / length;
  return true;
}

const char *
node_speed_source_name (node_speed_source source)
{
  static const char *const names[] = { "unknown", "nameplate", "estimated",
                                       "tacho" };

  return names[source];
}
