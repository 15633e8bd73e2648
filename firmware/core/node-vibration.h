/* SPDX-License-Identifier: Apache-2.0
 *
 * node-vibration.h - scalars of one axis of acceleration, second by second
 *
 * Velocity is broad band, 10 to 1000 Hz (ISO 20816-3, 4.2), by a fourth-order
 * Butterworth high-pass at 10 Hz, integration, and at sample rates above
 * 4 kHz the same order low-pass at 1000 Hz. Kurtosis is m4 / m2², 3 for
 * Gaussian noise. No allocation, no I/O.
 */
#ifndef NODE_VIBRATION_H
#define NODE_VIBRATION_H

#include <stdbool.h>
#include <stdint.h>

typedef struct
{
  double b0, b1, b2, a1, a2; /* a0 is 1 */
  double z1, z2;
} node_biquad;

typedef struct
{
  double      rate_hz;
  node_biquad high[2];
  node_biquad low[2];
  bool        low_used;
  double      velocity; /* running integral, m/s */
  double      leak;
  double      last;
  uint32_t    settled; /* samples until the filters have settled */
  uint32_t    n;       /* samples in the sums */
  uint32_t    n_v;     /* of those, with velocity settled */
  double      shift;   /* near the mean: keeps the sums small */
  double      s1, s2, s3, s4;
  double      v2;
  double      low_peak, high_peak;
} node_vibration;

typedef struct
{
  uint32_t n;
  bool     has_velocity;
  float    velocity_rms; /* m/s */
  float    rms;          /* m/s2, about the mean */
  float    peak;         /* m/s2, about the mean */
  float    crest;
  float    kurtosis;
} node_vibration_scalars;

void node_vibration_init (node_vibration *v, double rate_hz);

/* Add @n samples in m/s2, @stride values apart. */
void node_vibration_add (node_vibration *v,
                         const float    *samples,
                         uint32_t        n,
                         uint32_t        stride);

/* After a gap: the filters start afresh, the sums stay. */
void node_vibration_gap (node_vibration *v);

/* What was added since the last call; false: fewer than 16 samples. */
bool node_vibration_take (node_vibration *v, node_vibration_scalars *out);

#endif
