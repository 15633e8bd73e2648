/* SPDX-License-Identifier: Apache-2.0 */
/* twin-spectrum.h - amplitude spectrum, power density, velocity
 *
 * Samples are equidistant and finite. A result has the unit of the samples;
 * where velocity is asked for, samples are in g. The mean is taken out first.
 * A record is trimmed at its end to a length that transforms fast
 * (twin_transform_trim()), at most by 1 in 7 for short odd lengths.
 *
 * No I/O; a TwinTransform belongs to one thread at a time.
 */
#pragma once

#include <glib.h>

#include "twin-transform.h"
#include "twin-window.h"

G_BEGIN_DECLS

#define TWIN_STANDARD_GRAVITY 9.80665 /* m/s² */

typedef enum
{
  TWIN_SCALE_RMS,       /* amplitude of each line as r.m.s. */
  TWIN_SCALE_PEAK,      /* amplitude, √2 as much */
  TWIN_SCALE_PEAK_PEAK, /* twice that */
  TWIN_SCALE_DENSITY,   /* unit²/Hz, one-sided */
} TwinScale;

/* Line k lies at k × df_hz; n_lines may be 0 when the record was too short.
 * Set to zero before first use; a function that fills one reuses its array. */
typedef struct
{
  double    *lines;
  size_t     n_lines;
  double     df_hz;
  TwinWindow window;
  TwinScale  scale;
  /*< private >*/
  size_t allocated;
} TwinSpectrum;

void twin_spectrum_clear (TwinSpectrum *self);

/* How many lines n samples give; 0 for n < 16. */
size_t twin_spectrum_lines (size_t n);

/**
 * twin_spectrum_amplitude:
 * @samples: any unit
 * @rate_hz: samples per second, > 0
 *
 * One transform over the whole record. Reads a sinusoid; the height of noise
 * depends on the record's length. TWIN_SCALE_DENSITY is refused.
 */
void twin_spectrum_amplitude (TwinTransform *transform,
                              const double  *samples,
                              size_t         n,
                              double         rate_hz,
                              TwinWindow     window,
                              TwinScale      scale,
                              TwinSpectrum  *out);

/**
 * twin_spectrum_welch:
 * @segment: samples a segment, trimmed; at most @n
 *
 * Mean over segments with 50 % overlap (Welch 1967). @scale as wanted: for the
 * amplitude scales it is the root of the mean square.
 */
void twin_spectrum_welch (TwinTransform *transform,
                          const double  *samples,
                          size_t         n,
                          double         rate_hz,
                          size_t         segment,
                          TwinWindow     window,
                          TwinScale      scale,
                          TwinSpectrum  *out);

/* Root of the power between two frequencies, both included, whatever scale and
 * window @self has; r.m.s. in the unit of the samples. */
double twin_spectrum_band_rms (const TwinSpectrum *self,
                               double              lo_hz,
                               double              hi_hz);

/* Broad-band velocity of an acceleration spectrum in g: mm/s r.m.s. between
 * @lo_hz (> 0) and @hi_hz. */
double twin_spectrum_velocity_rms (const TwinSpectrum *acceleration,
                                   double              lo_hz,
                                   double              hi_hz);

/* Velocity in mm/s from acceleration in g, through the frequencies between
 * @lo_hz and @hi_hz only, without window. @velocity has room for
 * twin_transform_trim (n) values; returns how many were written. */
size_t twin_spectrum_integrate (TwinTransform *transform,
                                const double  *acceleration_g,
                                size_t         n,
                                double         rate_hz,
                                double         lo_hz,
                                double         hi_hz,
                                double        *velocity);

/* The same spectrum with each line as velocity in mm/s, from acceleration in
 * g; lines under @lo_hz are 0. An amplitude scale; in place. */
void twin_spectrum_to_velocity (TwinSpectrum *self, double lo_hz);

G_END_DECLS
