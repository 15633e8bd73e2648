/* SPDX-License-Identifier: Apache-2.0
 *
 * node-band.c - r.m.s. acceleration in frequency bands
 */
#include "node-band.h"

#include <math.h>
#include <string.h>

bool
node_band_fits (const node_band_edges *edges, float rate_hz)
{
  return edges->low_hz >= 0 && edges->high_hz <= rate_hz / 2.0f &&
         edges->high_hz - edges->low_hz >= 2.0f * rate_hz / NODE_FFT_SIZE;
}

unsigned
node_band_defaults (float           rate_hz,
                    float           top_hz,
                    node_band_edges out[NODE_BANDS_MAX])
{
  static const node_band_edges wanted[] = { { 10, 100 },
                                            { 100, 1000 },
                                            { 1000, 1e9f } };
  float                        least = 2.0f * rate_hz / NODE_FFT_SIZE;
  unsigned                     n = 0;

  for (unsigned i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
    {
      node_band_edges e = wanted[i];

      e.high_hz = e.high_hz < top_hz ? e.high_hz : top_hz;
      if (e.low_hz >= least && node_band_fits (&e, rate_hz))
        out[n++] = e;
    }
  return n;
}

void
node_band_init (node_band             *b,
                float                  rate_hz,
                const node_band_edges *edges,
                unsigned               n)
{
  memset (b, 0, sizeof *b);
  b->n = n;
  for (unsigned i = 0; i < n; i++)
    {
      b->first[i] =
          (uint16_t) ceilf (edges[i].low_hz / rate_hz * NODE_FFT_SIZE);
      b->end[i] = (uint16_t) ceilf (edges[i].high_hz / rate_hz * NODE_FFT_SIZE);
    }
}

void
node_band_add (node_band *b, const float power[NODE_FFT_BINS])
{
  for (unsigned i = 0; i < b->n; i++)
    for (unsigned k = b->first[i]; k < b->end[i]; k++)
      b->sum[i] += power[k];
  b->segments++;
}

bool
node_band_take (node_band *b, float level[NODE_BANDS_MAX])
{
  if (b->segments == 0)
    return false;

  for (unsigned i = 0; i < b->n; i++)
    {
      level[i] = sqrtf (b->sum[i] / (float) b->segments);
      b->sum[i] = 0;
    }
  b->segments = 0;
  return true;
}
