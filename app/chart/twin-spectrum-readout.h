/* SPDX-License-Identifier: Apache-2.0 */
/* twin-spectrum-readout.h - what a harmonic cursor says about a spectrum
 *
 * Pure functions, any thread. Frequencies in Hz, amplitudes in the caller's
 * unit; line i of a spectrum lies at i·df_hz.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double f0_hz;
  double amplitude;    /* highest line within half a line of f0 */
  double order;        /* f0 ÷ shaft frequency; NaN when that is not known */
  double slip_percent; /* (f0 ÷ nominal − 1)·100; NaN without a nominal */
  double sum;          /* root of the sum of squares over the harmonics */
  guint  n_harmonics;  /* of them, those inside the spectrum */
} TwinSpectrumReadout;

/**
 * twin_spectrum_readout:
 * @lines: amplitudes, n of them, line 0 is 0 Hz
 * @shaft_hz: shaft frequency, or NaN
 * @nominal_hz: where the nearest tone was computed to be, or NaN
 * @n_harmonics: 1 for a single cursor
 *
 * Each harmonic counts with its highest line within ±1 line, since k·f0 seldom
 * falls on a line.
 */
void twin_spectrum_readout (const double        *lines,
                            gsize                n,
                            double               df_hz,
                            double               f0_hz,
                            double               shaft_hz,
                            double               nominal_hz,
                            guint                n_harmonics,
                            TwinSpectrumReadout *readout);

/* Frequency of the peak nearest to @f_hz within ±@reach_hz, refined by a
 * parabola through the logarithms of three lines; @f_hz when there is none. */
double twin_spectrum_peak_near (const double *lines,
                                gsize         n,
                                double        df_hz,
                                double        f_hz,
                                double        reach_hz);

/**
 * twin_spectrum_comb_near:
 *
 * The fundamental within ±@reach_hz of @f_hz whose first @n_harmonics multiples
 * carry most; @f_hz when the spectrum is too short. Eight multiples place it
 * eight times finer than the line of the fundamental alone.
 */
double twin_spectrum_comb_near (const double *lines,
                                gsize         n,
                                double        df_hz,
                                double        f_hz,
                                double        reach_hz,
                                guint         n_harmonics);

G_END_DECLS
