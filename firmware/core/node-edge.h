/* SPDX-License-Identifier: Apache-2.0
 *
 * node-edge.h - the edge analysis of one node: what it keeps
 *
 * Scalars and bands of axis x, which is radial, of each accelerometer; the
 * envelope of one, since its memory is. Where several accelerometers have one
 * prefix the scalars are the first one's, and a band is measured by the first
 * whose range holds it.
 */
#ifndef NODE_EDGE_H
#define NODE_EDGE_H

#include <stdbool.h>

#include "node-band.h"
#include "node-envelope.h"
#include "node-fft.h"
#include "node-vibration.h"

enum
{
  NODE_EDGE_SCALARS = 5, /* velocity, r.m.s., peak, crest, kurtosis */
};

typedef struct
{
  node_vibration vibration;
  node_band      band;
  uint64_t       band_n0;      /* sample number where the next segment begins */
  uint8_t        first_signal; /* scalars, then bands; MAX: another's are */
  bool           heard;        /* samples came in the running second */
  uint8_t        band_of[NODE_BANDS_MAX]; /* which of node_edge.bands */
} node_edge_accel;

typedef struct
{
  node_fft        fft;
  node_band_edges bands[NODE_BANDS_MAX]; /* as desired */
  unsigned        n_bands;               /* 0: defaults */
  node_tones      tones;                 /* as desired */
  bool            has_tones;
  uint8_t         accel;      /* whose envelope it is */
  uint8_t         first_tone; /* signals of the tones */
  uint32_t        setting;    /* digest of the bands and tones in force */
  node_envelope   envelope;
} node_edge;

#endif
