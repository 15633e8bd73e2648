/* SPDX-License-Identifier: Apache-2.0
 *
 * node-samples.c - the newest samples of one accelerometer, kept in a circle
 */
#include "node-samples.h"

#include <string.h>

static const double pre_s = 1.0;       /* before a trigger, */
static const double pre_fast_s = 0.25; /* and of a fast sensor */
static const double fast_hz = 8000.0;
static const double read_out_s = 0.005;

uint32_t
node_samples_wanted (double rate_hz)
{
  return (uint32_t) (rate_hz *
                     ((rate_hz > fast_hz ? pre_fast_s : pre_s) + read_out_s));
}

uint32_t
node_samples_share (uint32_t frames, uint32_t wanted)
{
  if (wanted <= NODE_SAMPLES_POOL)
    return frames;
  return (uint32_t) ((uint64_t) frames * NODE_SAMPLES_POOL / wanted);
}

void
node_samples_init (node_samples *s,
                   int16_t      *store,
                   uint32_t      frames,
                   unsigned      axes)
{
  memset (s, 0, sizeof *s);
  s->store = store;
  s->capacity = frames;
  s->axes = (uint8_t) axes;
}

void
node_samples_add (node_samples *s, const int16_t *frames, uint32_t n)
{
  uint32_t at = (uint32_t) (s->count % s->capacity);

  s->count += n;
  while (n > 0)
    {
      uint32_t part = n < s->capacity - at ? n : s->capacity - at;

      memcpy (s->store + (size_t) at * s->axes, frames,
              (size_t) part * s->axes * sizeof *frames);
      frames += (size_t) part * s->axes;
      n -= part;
      at = 0;
    }
}

void
node_samples_gap (node_samples *s, uint64_t n)
{
  s->count += n;
  s->first = s->count;
}

uint64_t
node_samples_oldest (const node_samples *s)
{
  uint64_t kept = s->count > s->capacity ? s->count - s->capacity : 0;

  return s->first > kept ? s->first : kept;
}

bool
node_samples_held (const node_samples *s, uint64_t n0, uint32_t n)
{
  return n0 >= node_samples_oldest (s) && n0 + n <= s->count;
}

bool
node_samples_read (const node_samples *s,
                   unsigned            axis,
                   uint64_t            n0,
                   uint32_t            n,
                   int16_t            *out)
{
  uint32_t at;

  if (!node_samples_held (s, n0, n) || axis >= s->axes)
    return false;

  at = (uint32_t) (n0 % s->capacity);
  for (uint32_t i = 0; i < n; i++)
    {
      out[i] = s->store[(size_t) at * s->axes + axis];
      if (++at == s->capacity)
        at = 0;
    }
  return true;
}
