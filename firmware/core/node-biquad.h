/* SPDX-License-Identifier: Apache-2.0
 *
 * node-biquad.h - second-order sections in single precision
 *
 * Transposed direct form II. A cut-off far below the sample rate loses digits:
 * 1 + a1 + a2 is about (2 pi f / rate)² and is known to 1e-7, so below
 * f / rate of 0.002 decimate first. No allocation, no I/O.
 */
#ifndef NODE_BIQUAD_H
#define NODE_BIQUAD_H

#include <stdint.h>

/* gain × (1 + b1 / z + 1 / z²) / (1 + a1 / z + a2 / z²); b1 is 2 or -2. */
typedef struct
{
  float gain, b1, a1, a2;
  float z1, z2; /* before the gain */
} node_biquad;

/* Q of the two sections of a fourth-order Butterworth filter, and of the one
 * of a second-order. */
extern const float node_butterworth_4[2];
extern const float node_butterworth_2;

/* Low-pass or high-pass with -3 dB (at Butterworth's Q) at @hz, which is below
 * half of @rate_hz. State is cleared. */
void node_biquad_low (node_biquad *f, float hz, float rate_hz, float q);
void node_biquad_high (node_biquad *f, float hz, float rate_hz, float q);

void node_biquad_clear (node_biquad *f);

/* Filter @n samples in place; a pair costs a third less than two. */
void node_biquad_run (node_biquad *f, float *x, uint32_t n);
void node_biquad_run_pair (node_biquad f[2], float *x, uint32_t n);

#endif
