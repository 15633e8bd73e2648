/* SPDX-License-Identifier: Apache-2.0
 *
 * node-vibration.h - scalars of one axis of acceleration, second by second
 *
 * Velocity is broad band, 10 to 1000 Hz (ISO 20816-3, 4.2), by a fourth-order
 * Butterworth high-pass at 10 Hz and integration; at sample rates above 4 kHz
 * the same order low-pass at 1000 Hz comes first and the rest runs decimated
 * to 4 to 8 kHz, where single precision is enough. The sensor's own filter is
 * not corrected. Kurtosis is m4 / m2², 3 for Gaussian noise. Single precision
 * throughout, no allocation, no I/O.
 */
#ifndef NODE_VIBRATION_H
#define NODE_VIBRATION_H

#include <stdbool.h>
#include <stdint.h>

#include "node-biquad.h"

/* Central moments of what was added, to be merged with others. */
typedef struct
{
  uint32_t n;
  float    mean; /* about the shift */
  float    m2, m3, m4;
} node_moments;

typedef struct
{
  node_biquad  low[2]; /* at the full rate */
  bool         low_used;
  uint32_t     decimation;
  uint32_t     phase;   /* samples until the next one is kept */
  float        rate_hz; /* decimated */
  node_biquad  high[2];
  float        velocity; /* running integral, m/s */
  float        leak;
  float        last;
  uint32_t     settled; /* decimated samples until the filters have settled */
  uint32_t     n_v;     /* in v2 */
  float        v2;
  bool         shifted;
  float        shift; /* the first sample: keeps all sums small */
  node_moments moments;
  float        low_peak, high_peak; /* about the shift */
} node_vibration;

typedef struct
{
  uint32_t n;
  bool     has_velocity;
  float    velocity_rms; /* m/s */
  float    mean;         /* m/s2 */
  float    rms;          /* m/s2, about the mean */
  float    peak;         /* m/s2, about the mean */
  float    crest;
  float    kurtosis;
} node_vibration_scalars;

/* @rate_hz from 2.5 kHz. */
void node_vibration_init (node_vibration *v, float rate_hz);

/* Add @n samples in m/s2. */
void node_vibration_add (node_vibration *v, const float *samples, uint32_t n);

/* After a gap: the filters start afresh, the sums stay. */
void node_vibration_gap (node_vibration *v);

/* What was added since the last call; false: fewer than 16 samples. */
bool node_vibration_take (node_vibration *v, node_vibration_scalars *out);

#endif
