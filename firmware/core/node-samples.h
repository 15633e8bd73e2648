/* SPDX-License-Identifier: Apache-2.0
 *
 * node-samples.h - the newest samples of one accelerometer, kept in a circle
 *
 * One history serves all: blocks of a schedule and of a live stream, captures
 * by command, and captures that begin before their trigger. Nothing is copied
 * out of it before it leaves for the network or for flash, so a pre-trigger
 * costs nothing extra.
 *
 * Frames are numbered from the start of the epoch; the numbers go on over
 * gaps (the sensor slept, samples were lost). What is held is one run without
 * a gap: node_samples_oldest() up to count, exclusive.
 */
#ifndef NODE_SAMPLES_H
#define NODE_SAMPLES_H

#include <stdbool.h>
#include <stdint.h>

enum
{
  /* Of all accelerometers together, shared out by node_samples_share: 1.005
   * s of an ADXL355 (4 kHz, three axes) and 0.255 s of an IIS3DWB (26.7 kHz,
   * one axis) fit. */
  NODE_SAMPLES_POOL = 18880,
};

typedef struct
{
  int16_t *store;    /* axes in turn; of the caller, outlives this */
  uint32_t capacity; /* frames */
  uint8_t  axes;
  uint64_t count; /* number of the next frame */
  uint64_t first; /* of the run that is held: nothing before is joined to it */
} node_samples;

/* Frames of history that an accelerometer wants: its pre-trigger (1 s up to 8
 * kHz, 0.25 s above) and 5 ms until it is read out. */
uint32_t node_samples_wanted (double rate_hz);

/* Frames that it gets where all together want @wanted samples. */
uint32_t node_samples_share (uint32_t frames, uint32_t wanted);

void node_samples_init (node_samples *s,
                        int16_t      *store,
                        uint32_t      frames,
                        unsigned      axes);

/* Append @n frames, axes in turn; the oldest make room. */
void node_samples_add (node_samples *s, const int16_t *frames, uint32_t n);

/* @n frames were not taken: what follows begins a new run. 0 is allowed. */
void node_samples_gap (node_samples *s, uint64_t n);

/* Number of the oldest frame held; count if none is. */
uint64_t node_samples_oldest (const node_samples *s);

/* All of @n frames from @n0 on are there. */
bool node_samples_held (const node_samples *s, uint64_t n0, uint32_t n);

/* Copy one axis of @n frames from @n0 on; false: they are not all held, and
 * nothing was copied. */
bool node_samples_read (const node_samples *s,
                        unsigned            axis,
                        uint64_t            n0,
                        uint32_t            n,
                        int16_t            *out);

#endif
