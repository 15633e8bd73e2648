/* SPDX-License-Identifier: Apache-2.0
 *
 * node-speed.h - shaft speed where no key-phasor tells it
 *
 * The shaft's line 1X of the vibration is followed: mixed down with the speed
 * that the nameplate and the load lead to expect, averaged over a quarter of a
 * second, and the turn of its phase from one average to the next tells how far
 * off that speed is, up to 2 Hz either way. How well these turns agree is the
 * estimate's uncertainty. Single precision, no allocation, no I/O.
 */
#ifndef NODE_SPEED_H
#define NODE_SPEED_H

#include <stdbool.h>
#include <stdint.h>

typedef enum
{
  NODE_SPEED_UNKNOWN,
  NODE_SPEED_NAMEPLATE, /* of the machine; nothing else is known */
  NODE_SPEED_ESTIMATED, /* from 1X, or from the slip that the load makes */
  NODE_SPEED_TACHO,
} node_speed_source;

enum
{
  NODE_SPEED_PAIRS = 16, /* of averages that one estimate rests on: 4 s */
};

typedef struct
{
  float    rate_hz, mix_hz;
  uint32_t block;                    /* samples of an average */
  float    re, im, step_re, step_im; /* the mixing oscillator */
  float    mean;                     /* of the block before */
  float    sum, sum_re, sum_im;      /* of the running one */
  uint32_t n;
  float    last_re, last_im; /* average before */
  bool     has_last;
  float    cross_re, cross_im, norm; /* of the pairs, older ones fade */
  float    pairs;
} node_speed;

/* Look for 1X near @expected_hz in samples at @rate_hz. */
void node_speed_init (node_speed *s, float rate_hz, float expected_hz);

/* After a hole in the samples, or when the machine has stood. */
void node_speed_gap (node_speed *s);

/* @n samples of one axis, @stride apart. */
void node_speed_add (node_speed    *s,
                     const int16_t *samples,
                     uint32_t       n,
                     unsigned       stride);

/* Shaft speed and its standard uncertainty, Hz; false: there is no such line,
 * or its phase does not turn evenly. */
bool node_speed_estimate (const node_speed *s, float *hz, float *uncertainty);

/* "tacho", "estimated", "nameplate", "unknown". */
const char *node_speed_source_name (node_speed_source source);

#endif
