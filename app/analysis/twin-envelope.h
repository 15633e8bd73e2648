/* SPDX-License-Identifier: Apache-2.0 */
/* twin-envelope.h - envelope spectrum and kurtogram
 *
 * No I/O; a TwinTransform belongs to one thread at a time.
 */
#pragma once

#include "twin-spectrum.h"

G_BEGIN_DECLS

typedef struct
{
  double lo_hz, hi_hz;
} TwinBand;

#define TWIN_KURTOGRAM_CELLS_MAX 256

/* One band of the 1/2, 1/3 binary tree. */
typedef struct
{
  double   level; /* 0, 1, 1.58, 2, 2.58 …: log2 of how many bands it has */
  TwinBand band;
  double   kurtosis; /* of the complex envelope, 0 for Gaussian noise; NaN where
                        the band is too narrow to tell */
} TwinKurtogramCell;

typedef struct
{
  TwinKurtogramCell cells[TWIN_KURTOGRAM_CELLS_MAX];
  size_t            n_cells;
  int               best; /* index; -1: no band stands out of noise */
} TwinKurtogram;

/* @min_bandwidth_hz: bands narrower are not considered (three times the
 * highest fault frequency). */
void twin_kurtogram_compute (TwinTransform *transform,
                             const double  *samples,
                             size_t         n,
                             double         rate_hz,
                             double         min_bandwidth_hz,
                             TwinKurtogram *out);

/* The best band, or, when none stands out, the upper half to nine tenths of
 * what the rate can carry. */
TwinBand twin_kurtogram_band (const TwinKurtogram *self, double rate_hz);

/* Amplitude spectrum of the envelope |z| of the samples within @band, r.m.s.
 * lines in the unit of the samples, Hann, to @max_hz. */
void twin_envelope_spectrum (TwinTransform *transform,
                             const double  *samples,
                             size_t         n,
                             double         rate_hz,
                             TwinBand       band,
                             double         max_hz,
                             TwinSpectrum  *out);

G_END_DECLS
