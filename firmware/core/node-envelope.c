/* SPDX-License-Identifier: Apache-2.0
 *
 * node-envelope.c - envelope levels at the tones of a rolling bearing
 */
#include "node-envelope.h"

#include <math.h>
#include <string.h>

#define PI_F 3.14159265f

enum
{
  CHUNK = 64,
  HARMONICS = 3,
  LINE = 2,       /* bins either side that belong to a line (Hann) */
  BESIDE = 4,     /* bins from a line to where the noise is read */
  BESIDE_END = 8, /* … and to its end */
};

/* The envelope is kept at this many times the highest harmonic looked at, and
 * fast enough for a segment within a duty cycle's one second. */
static const float oversampling = 3.2f;
static const float least_rate_hz = 1200.0f;
static const float smooth_share = 0.36f; /* -3 dB, of the envelope's rate */
static const float settle_s = 0.04f;
/* Rolling elements slide: tones lie up to 2 % low. */
static const float slip_low = -0.02f;
static const float slip_high = 0.005f;
static const float standing_hz = 0.5f;

void
node_envelope_default_band (node_tones *tones, float top_hz)
{
  tones->low_hz = top_hz / 3.0f;
  tones->high_hz = top_hz;
}

bool
node_envelope_fits (const node_tones *tones, float rate_hz)
{
  for (unsigned t = 0; t < NODE_TONES; t++)
    if (!(tones->order[t] >= 0.0f) || !(tones->order[t] <= 100.0f))
      return false;
  return tones->low_hz >= 100.0f && tones->high_hz <= rate_hz / 2.0f &&
         tones->high_hz >= tones->low_hz + 50.0f;
}

static float
highest_hz (const node_envelope *e)
{
  float order = 0, hz;

  for (unsigned t = 0; t < NODE_TONES; t++)
    order = e->tones.order[t] > order ? e->tones.order[t] : order;
  hz = HARMONICS * order * e->shaft_hz;
  return hz < e->tones.low_hz ? hz : e->tones.low_hz;
}

static uint32_t
decimation_for (const node_envelope *e, float factor)
{
  float want = factor * highest_hz (e);
  float d = e->rate_hz / (want > least_rate_hz ? want : least_rate_hz);

  return d > 1.0f ? (uint32_t) d : 1;
}

void
node_envelope_gap (node_envelope *e)
{
  for (unsigned i = 0; i < 2; i++)
    {
      node_biquad_clear (&e->high[i]);
      node_biquad_clear (&e->smooth[i]);
    }
  node_biquad_clear (&e->low);
  e->phase = 0;
  e->fill = 0;
  e->settle = (uint32_t) (settle_s * e->rate_hz / (float) e->decimation + 1.0f);
}

static void
set_decimation (node_envelope *e, uint32_t decimation)
{
  float hz = smooth_share * e->rate_hz / (float) decimation;

  e->decimation = decimation;
  e->smooth_hz = hz < e->tones.low_hz ? hz : e->tones.low_hz;
  for (unsigned i = 0; i < 2; i++)
    node_biquad_low (&e->smooth[i], e->smooth_hz, e->rate_hz,
                     node_butterworth_4[i]);
  node_envelope_gap (e);
}

void
node_envelope_init (node_envelope    *e,
                    const node_tones *tones,
                    float             rate_hz,
                    float             full_scale)
{
  memset (e, 0, sizeof *e);
  e->tones = *tones;
  e->rate_hz = rate_hz;
  e->lsb = full_scale * 2.0f / 32767.0f;
  e->low_used = tones->high_hz < 0.45f * rate_hz;
  for (unsigned i = 0; i < 2; i++)
    node_biquad_high (&e->high[i], tones->low_hz, rate_hz,
                      node_butterworth_4[i]);
  if (e->low_used)
    node_biquad_low (&e->low, tones->high_hz, rate_hz, node_butterworth_2);
  set_decimation (e, decimation_for (e, oversampling));
}

/* The rate stays while it does: no restart at every little change of speed. */
void
node_envelope_shaft (node_envelope *e, float hz, float uncertainty)
{
  uint32_t most;

  e->shaft_hz = hz > standing_hz ? hz : 0;
  e->slip_low = slip_low - uncertainty;
  e->slip_high = slip_high + uncertainty;
  if (e->shaft_hz == 0)
    {
      node_envelope_gap (e);
      return;
    }

  most = decimation_for (e, 0.9f * oversampling);
  if (e->decimation > most || 2 * e->decimation < most)
    set_decimation (e, decimation_for (e, oversampling));
}

static float
around (const float *power, int bin, int reach)
{
  float sum = 0;

  for (int k = bin - reach; k <= bin + reach; k++)
    sum += power[k];
  return sum;
}

/* Mean square of the line at @bin, less the noise on the quieter side. */
static float
line (const float *power, int bin)
{
  float below = 0, above = 0, floor, level;

  for (int k = BESIDE; k <= BESIDE_END; k++)
    {
      above += power[bin + k];
      if (bin - k > 0)
        below += power[bin - k];
    }
  floor = above;
  if (bin > BESIDE_END && below < above)
    floor = below;
  floor /= BESIDE_END - BESIDE + 1;
  level = around (power, bin, LINE) - (2 * LINE + 1) * floor;
  return level > 0 ? level : 0;
}

/* What the smoothing has taken from a line at @hz, of its power. */
static float
smoothed (const node_envelope *e, float hz)
{
  float r =
      tanf (PI_F * hz / e->rate_hz) / tanf (PI_F * e->smooth_hz / e->rate_hz);
  float r2 = r * r, r4 = r2 * r2;

  return 1.0f / (1.0f + r4 * r4);
}

static float
tone_level (const node_envelope *e, const float *power, float hz)
{
  float df = e->rate_hz / (float) e->decimation / NODE_FFT_SIZE;
  float top = (NODE_FFT_BINS - 1 - BESIDE_END) * df, best = -1, slip = 0;
  float level = 0;
  int   from = 1, to = HARMONICS;

  if (top > e->smooth_hz)
    top = e->smooth_hz;
  while (from <= to && (float) from * hz < BESIDE * df)
    from++;
  while (to >= from && (float) to * hz * (1.0f + e->slip_high) > top)
    to--;
  if (from > to)
    return 0;

  for (float s = e->slip_low; s <= e->slip_high;
       s += 0.5f * df / ((float) to * hz))
    {
      float sum = 0;

      for (int h = from; h <= to; h++)
        sum +=
            around (power, (int) ((float) h * hz * (1.0f + s) / df + 0.5f), 1);
      if (sum > best)
        {
          best = sum;
          slip = s;
        }
    }

  for (int h = from; h <= to; h++)
    {
      float f = (float) h * hz * (1.0f + slip);

      level += line (power, (int) (f / df + 0.5f)) / smoothed (e, f);
    }
  return level;
}

static void
segment (node_envelope *e, const node_fft *fft)
{
  float work[NODE_FFT_WORK];

  for (unsigned i = 0; i < NODE_FFT_SIZE; i++)
    work[i] = (float) e->history[i] * e->lsb;
  node_fft_power (fft, work);

  for (unsigned t = 0; t < NODE_TONES; t++)
    if (e->tones.order[t] > 0)
      e->sum[t] += tone_level (e, work, e->tones.order[t] * e->shaft_hz);
  e->segments++;

  memmove (e->history, e->history + NODE_FFT_HOP,
           (NODE_FFT_SIZE - NODE_FFT_HOP) * sizeof e->history[0]);
  e->fill = NODE_FFT_SIZE - NODE_FFT_HOP;
}

static void
keep (node_envelope *e, const node_fft *fft, float square)
{
  float value = square > 0 ? sqrtf (square) / e->lsb : 0;

  if (e->settle > 0)
    {
      e->settle--;
      return;
    }
  e->history[e->fill++] = value < 32767.0f ? (int16_t) (value + 0.5f) : 32767;
  if (e->fill == NODE_FFT_SIZE)
    segment (e, fft);
}

void
node_envelope_add (node_envelope  *e,
                   const node_fft *fft,
                   const float    *samples,
                   uint32_t        n)
{
  if (e->shaft_hz == 0)
    return;
  if (n > 0 && !e->shifted)
    {
      e->shift = samples[0];
      e->shifted = true;
    }

  while (n > 0)
    {
      float    x[CHUNK];
      uint32_t chunk = n < CHUNK ? n : CHUNK;

      for (uint32_t i = 0; i < chunk; i++)
        x[i] = samples[i] - e->shift;
      samples += chunk;
      n -= chunk;

      node_biquad_run_pair (e->high, x, chunk);
      if (e->low_used)
        node_biquad_run (&e->low, x, chunk);
      for (uint32_t i = 0; i < chunk; i++)
        x[i] *= 2.0f * x[i]; /* a sine's peak, squared, once smoothed */
      node_biquad_run_pair (e->smooth, x, chunk);

      for (uint32_t i = 0; i < chunk; i++)
        if (e->phase-- == 0)
          {
            e->phase = e->decimation - 1;
            keep (e, fft, x[i]);
          }
    }
}

bool
node_envelope_take (node_envelope *e, float level[NODE_TONES])
{
  if (e->segments == 0 && e->shaft_hz > 0)
    return false;

  for (unsigned t = 0; t < NODE_TONES; t++)
    {
      level[t] = e->segments > 0 ? sqrtf (e->sum[t] / (float) e->segments) : 0;
      e->sum[t] = 0;
    }
  e->segments = 0;
  return true;
}
