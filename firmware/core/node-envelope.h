/* SPDX-License-Identifier: Apache-2.0
 *
 * node-envelope.h - envelope levels at the tones of a rolling bearing
 *
 * A stream: band-pass, square, low-pass, keep every so manieth sample, root.
 * Its spectrum (node-fft.h, half overlapping) is looked at near harmonics 1 to
 * 3 of each tone. The rate of the envelope follows the shaft, so that a bin is
 * a twentieth of an order or less from 500 turns a minute on.
 *
 * The level of a tone is the r.m.s. value of the envelope at its harmonics in
 * m/s2, the noise beside them taken off: a carrier of amplitude A modulated
 * by m reads A m / sqrt 2. Single precision, no allocation, no I/O.
 */
#ifndef NODE_ENVELOPE_H
#define NODE_ENVELOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "node-biquad.h"
#include "node-fft.h"

typedef enum
{
  NODE_TONE_BPFO, /* outer race */
  NODE_TONE_BPFI, /* inner race */
  NODE_TONE_BSF,  /* rolling element; its second harmonic hits both races */
  NODE_TONE_FTF,  /* cage */
  NODE_TONES,
} node_tone;

typedef struct
{
  float order[NODE_TONES]; /* multiples of shaft speed; 0: not watched */
  float low_hz, high_hz;   /* band of the carrier */
} node_tones;

typedef struct
{
  node_tones  tones;
  float       rate_hz;
  float       lsb; /* of history, m/s2 */
  bool        shifted;
  float       shift;               /* the first sample */
  float       shaft_hz;            /* 0: stands or is not known */
  float       slip_low, slip_high; /* where the tones are looked for */
  node_biquad high[2], low, smooth[2];
  bool        low_used;
  float       smooth_hz; /* -3 dB of the smoothing */
  uint32_t    decimation, phase;
  uint32_t    settle; /* envelope samples until the filters have settled */
  uint32_t    fill;   /* of history */
  float       sum[NODE_TONES]; /* mean squares, of @segments */
  uint32_t    segments;
  int16_t     history[NODE_FFT_SIZE]; /* envelope */
} node_envelope;

/* Carriers from a third of @top_hz, where the sensor ends, to there. */
void node_envelope_default_band (node_tones *tones, float top_hz);

/* Whether order and band can be measured at @rate_hz. */
bool node_envelope_fits (const node_tones *tones, float rate_hz);

/* @full_scale of the sensor, m/s2. */
void node_envelope_init (node_envelope    *e,
                         const node_tones *tones,
                         float             rate_hz,
                         float             full_scale);

/* Shaft speed and how far it may be off, of 1; to be told every second. */
void node_envelope_shaft (node_envelope *e, float hz, float uncertainty);

/* After a gap everything starts afresh. */
void node_envelope_gap (node_envelope *e);

/* Add @n samples in m/s2; takes 6 KB of stack when a segment is whole. */
void node_envelope_add (node_envelope  *e,
                        const node_fft *fft,
                        const float    *samples,
                        uint32_t        n);

/* Levels of the segments since the last call; false: none was whole. All are
 * 0 while the shaft stands. */
bool node_envelope_take (node_envelope *e, float level[NODE_TONES]);

#endif
