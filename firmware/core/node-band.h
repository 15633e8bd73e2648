/* SPDX-License-Identifier: Apache-2.0
 *
 * node-band.h - r.m.s. acceleration in frequency bands
 *
 * Mean of the power spectra (node-fft.h) of segments that overlap by half. A
 * sine of r.m.s. 1 reads 1 in the band that holds it and two bins around it.
 * Single precision, no allocation, no I/O.
 */
#ifndef NODE_BAND_H
#define NODE_BAND_H

#include <stdbool.h>
#include <stdint.h>

#include "node-fft.h"

enum
{
  NODE_BANDS_MAX = 4,
};

typedef struct
{
  float low_hz, high_hz;
} node_band_edges;

typedef struct
{
  unsigned n;
  uint16_t first[NODE_BANDS_MAX]; /* bins from low_hz on … */
  uint16_t end[NODE_BANDS_MAX];   /* … and below high_hz */
  float    sum[NODE_BANDS_MAX];   /* mean squares, of @segments */
  uint32_t segments;
} node_band;

/* 10 to 100, 100 to 1000 and 1000 Hz to @top_hz, those that are at least two
 * bins wide at @rate_hz and lie below @top_hz. Returns how many. */
unsigned node_band_defaults (float           rate_hz,
                             float           top_hz,
                             node_band_edges out[NODE_BANDS_MAX]);

/* Whether a band can be measured: two bins at least, below half the rate. */
bool node_band_fits (const node_band_edges *edges, float rate_hz);

/* @n (at most NODE_BANDS_MAX) bands that fit. */
void node_band_init (node_band             *b,
                     float                  rate_hz,
                     const node_band_edges *edges,
                     unsigned               n);

/* One segment's spectrum. */
void node_band_add (node_band *b, const float power[NODE_FFT_BINS]);

/* Levels in m/s2 of the segments since the last call; false: there were none.
 */
bool node_band_take (node_band *b, float level[NODE_BANDS_MAX]);

#endif
