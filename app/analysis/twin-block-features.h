/* SPDX-License-Identifier: Apache-2.0 */
/* twin-block-features.h - what is made of one second of acceleration
 *
 * No I/O; a TwinTransform belongs to one thread at a time.
 */
#pragma once

#include "twin-envelope.h"
#include "twin-scalars.h"

G_BEGIN_DECLS

typedef struct
{
  TwinWindow window;
  double     full_scale_g; /* 0: not known */
  TwinBand   band; /* of the envelope: that of the last diagnosis; hi_hz 0: a
                      kurtogram chooses, at six times the cost */
  double min_bandwidth_hz; /* for the kurtogram; 0: 1/16 of the rate */
  double velocity_lo_hz;   /* 10, or 2 at 600 1/min and less; 0: 10 */
  double envelope_max_hz;  /* 0: what the band carries, at most 1000 */
} TwinBlockFeaturesOptions;

/* Set to zero before first use, clear at the end; arrays are reused. */
typedef struct
{
  TwinScalars  scalars;           /* g */
  double       velocity_rms_mm_s; /* velocity_lo_hz to 1000 Hz */
  TwinSpectrum spectrum;          /* g r.m.s. */
  TwinSpectrum envelope;          /* g r.m.s. */
  TwinBand     band;
} TwinBlockFeatures;

/* @samples_g: any length from 16 on; shorter gives scalars and no lines.
 * @options NULL: all defaults. */
void twin_block_features_compute (TwinTransform                  *transform,
                                  const double                   *samples_g,
                                  size_t                          n,
                                  double                          rate_hz,
                                  const TwinBlockFeaturesOptions *options,
                                  TwinBlockFeatures              *out);

void twin_block_features_clear (TwinBlockFeatures *self);

G_END_DECLS
