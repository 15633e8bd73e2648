/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>

#include "vibration.h"
#include "twin-spectrum.h"

#define N 4000
#define RATE 4000.0

static TwinTransform *transform;

static double *
samples_new (size_t n)
{
  return g_new0 (double, n);
}

static double
largest (const TwinSpectrum *spectrum)
{
  double value = 0;

  for (size_t k = 0; k < spectrum->n_lines; k++)
    value = MAX (value, spectrum->lines[k]);

  return value;
}

static void
test_trim (void)
{
  static const struct
  {
    size_t n, trimmed;
  } cases[] = {
    { 0, 0 },       { 1, 0 },         { 2, 2 },           { 3, 2 },
    { 15, 12 },     { 4000, 4000 },   { 4001, 4000 },     { 106668, 104976 },
    { 8192, 8192 }, { 12000, 12000 }, { 121265, 120000 }, { 243938, 243000 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (twin_transform_trim (cases[i].n), ==, cases[i].trimmed);

  /* Whatever the length: even, no longer, only 2, 3 and 5 inside. */
  for (size_t n = 2; n < 5000; n++)
    {
      size_t left = twin_transform_trim (n);

      g_assert_cmpuint (left, <=, n);
      g_assert_cmpuint (left, >=, n / 2);
      g_assert_cmpuint (left % 2, ==, 0);
      for (size_t prime = 2; prime <= 5; prime++)
        {
          while (left % prime == 0)
            left /= prime;
        }
      g_assert_cmpuint (left, ==, 1);
    }
}

static void
test_plain_transform (void)
{
  float       x[60];
  TwinComplex lines[31];
  SignalRng   rng;

  signal_seed (&rng, 1);
  for (int i = 0; i < 60; i++)
    x[i] = (float) signal_normal (&rng);
  twin_transform_forward (transform, x, 60, lines);

  for (int k = 0; k <= 30; k++)
    {
      double re = 0, im = 0;

      for (int i = 0; i < 60; i++)
        {
          re += x[i] * cos (2 * G_PI * k * i / 60);
          im -= x[i] * sin (2 * G_PI * k * i / 60);
        }
      g_assert_cmpfloat_with_epsilon (lines[k].re, re, 2e-5);
      g_assert_cmpfloat_with_epsilon (lines[k].im, im, 2e-5);
    }
}

static void
test_parseval (void)
{
  g_autofree double *x = samples_new (N);
  TwinSpectrum       spectrum = { 0 };
  SignalRng          rng;
  double             power;

  signal_seed (&rng, 2);
  signal_add_noise (x, N, 0.3, &rng);
  power = 0;
  for (size_t i = 0; i < N; i++)
    power += x[i] / N;
  for (size_t i = 0; i < N; i++)
    x[i] -= power;

  twin_spectrum_amplitude (transform, x, N, RATE, TWIN_WINDOW_RECTANGULAR,
                           TWIN_SCALE_RMS, &spectrum);
  power = pow (signal_rms (x, N), 2);
  g_assert_cmpfloat_with_epsilon (pow (twin_spectrum_band_rms (&spectrum, 0,
                                                               RATE / 2),
                                       2) /
                                      power,
                                  1, 1e-5);
  twin_spectrum_clear (&spectrum);
}

/* On a line every window reads the amplitude; half-way between lines each has
 * its scalloping loss. */
static void
test_amplitude (void)
{
  static const struct
  {
    TwinWindow window;
    double     loss_db, enbw;
  } cases[] = {
    { TWIN_WINDOW_RECTANGULAR, 3.92, 1.0 },
    { TWIN_WINDOW_HANN, 1.42, 1.5 },
    { TWIN_WINDOW_FLAT_TOP, 0.01, 3.7702 },
  };
  g_autofree double *on = samples_new (N), *off = samples_new (N);
  TwinSpectrum       spectrum = { 0 };

  signal_add_tone (on, N, RATE, 500, 1.7, 0.3);
  signal_add_tone (off, N, RATE, 500.5, 1.7, 0.3);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpfloat_with_epsilon (twin_window_enbw (cases[i].window),
                                      cases[i].enbw, 1e-4);

      twin_spectrum_amplitude (transform, on, N, RATE, cases[i].window,
                               TWIN_SCALE_PEAK, &spectrum);
      g_assert_cmpfloat_with_epsilon (spectrum.lines[500], 1.7, 1e-4);
      g_assert_cmpfloat_with_epsilon (spectrum.df_hz, 1, 1e-12);
      /* The power of a sine is A²/2 through any window. */
      g_assert_cmpfloat_with_epsilon (pow (twin_spectrum_band_rms (&spectrum, 0,
                                                                   2000),
                                           2),
                                      1.445, 1e-3);

      twin_spectrum_amplitude (transform, on, N, RATE, cases[i].window,
                               TWIN_SCALE_RMS, &spectrum);
      g_assert_cmpfloat_with_epsilon (spectrum.lines[500], 1.7 / G_SQRT2, 1e-4);
      twin_spectrum_amplitude (transform, on, N, RATE, cases[i].window,
                               TWIN_SCALE_PEAK_PEAK, &spectrum);
      g_assert_cmpfloat_with_epsilon (spectrum.lines[500], 3.4, 2e-4);

      twin_spectrum_amplitude (transform, off, N, RATE, cases[i].window,
                               TWIN_SCALE_PEAK, &spectrum);
      g_assert_cmpfloat_with_epsilon (-20 * log10 (largest (&spectrum) / 1.7),
                                      cases[i].loss_db, 0.015);
    }

  twin_spectrum_clear (&spectrum);
}

/* White noise of variance σ² has a one-sided density of 2 σ² / rate. */
static void
test_density (void)
{
  size_t             n = 64 * N;
  g_autofree double *x = samples_new (n);
  TwinSpectrum       density = { 0 };
  SignalRng          rng;
  double             mean = 0;

  signal_seed (&rng, 3);
  signal_add_noise (x, n, 0.2, &rng);
  twin_spectrum_welch (transform, x, n, RATE, N, TWIN_WINDOW_HANN,
                       TWIN_SCALE_DENSITY, &density);

  for (size_t k = 100; k < 1900; k++)
    mean += density.lines[k] / 1800;
  g_assert_cmpfloat_with_epsilon (mean / (2 * 0.04 / RATE), 1, 0.02);
  g_assert_cmpfloat_with_epsilon (twin_spectrum_band_rms (&density, 0,
                                                          RATE / 2) /
                                      0.2,
                                  1, 0.01);
  twin_spectrum_clear (&density);
}

static void
test_velocity (void)
{
  g_autofree double *x = samples_new (N), *v = samples_new (N);
  TwinSpectrum       spectrum = { 0 };
  size_t             n;

  /* 0.1 g peak at 50 Hz is 2.2073 mm/s r.m.s. */
  signal_add_tone (x, N, RATE, 50, 0.1, 1.1);
  twin_spectrum_amplitude (transform, x, N, RATE, TWIN_WINDOW_HANN,
                           TWIN_SCALE_RMS, &spectrum);
  g_assert_cmpfloat_with_epsilon (twin_spectrum_velocity_rms (&spectrum, 10,
                                                              1000),
                                  2.2073, 2e-3);

  n = twin_spectrum_integrate (transform, x, N, RATE, 10, 1000, v);
  g_assert_cmpuint (n, ==, N);
  g_assert_cmpfloat_with_epsilon (signal_rms (v, n), 2.2073, 2e-4);
  /* Velocity lags acceleration by a quarter of a turn. */
  g_assert_cmpfloat_with_epsilon (v[0], 2.2073 * G_SQRT2 * sin (1.1), 1e-3);

  twin_spectrum_to_velocity (&spectrum, 10);
  g_assert_cmpfloat_with_epsilon (spectrum.lines[50], 2.2073, 2e-4);
  g_assert_cmpfloat (spectrum.lines[5], ==, 0);
  twin_spectrum_clear (&spectrum);
}

static void
test_short (void)
{
  double       x[15] = { 1 };
  TwinSpectrum spectrum = { 0 };

  twin_spectrum_amplitude (transform, x, 15, RATE, TWIN_WINDOW_HANN,
                           TWIN_SCALE_RMS, &spectrum);
  g_assert_cmpuint (spectrum.n_lines, ==, 0);
  g_assert_true (isnan (twin_spectrum_band_rms (&spectrum, 0, 100)));
  g_assert_true (isnan (twin_spectrum_velocity_rms (&spectrum, 10, 1000)));
  g_assert_cmpuint (twin_spectrum_lines (15), ==, 0);
  g_assert_cmpuint (twin_spectrum_lines (4001), ==, 2001);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  transform = twin_transform_new ();

  g_test_add_func ("/analysis/spectrum/lengths-are-trimmed", test_trim);
  g_test_add_func ("/analysis/spectrum/equals-a-plain-transform",
                   test_plain_transform);
  g_test_add_func ("/analysis/spectrum/keeps-the-power", test_parseval);
  g_test_add_func ("/analysis/spectrum/reads-a-sine", test_amplitude);
  g_test_add_func ("/analysis/spectrum/reads-noise", test_density);
  g_test_add_func ("/analysis/spectrum/velocity-from-acceleration",
                   test_velocity);
  g_test_add_func ("/analysis/spectrum/too-short-has-no-lines", test_short);

  status = g_test_run ();
  twin_transform_free (transform);
  return status;
}
