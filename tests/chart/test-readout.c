/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-spectrum-readout.h"

#include <math.h>

#define N 1601
#define DF 0.5

static double lines[N];

static void
set_up (void)
{
  for (int i = 0; i < N; i++)
    lines[i] = 1e-4;
  lines[176] = 0.0340; /*  88.0 Hz */
  lines[352] = 0.0521; /* 176.0 Hz */
  lines[528] = 0.0412; /* 264.0 Hz */
  lines[704] = 0.0239; /* 352.0 Hz */
}

/* The figures of the mock-up, worked out by hand. */
static void
test_harmonic (void)
{
  TwinSpectrumReadout at;

  set_up ();
  twin_spectrum_readout (lines, N, DF, 88.02, 24.703, 88.551, 4, &at);
  g_assert_cmpfloat_with_epsilon (at.amplitude, 0.0340, 1e-12);
  g_assert_cmpfloat_with_epsilon (at.order, 3.5631, 1e-4);
  g_assert_cmpfloat_with_epsilon (at.slip_percent, -0.5997, 1e-3);
  g_assert_cmpuint (at.n_harmonics, ==, 4);
  g_assert_cmpfloat_with_epsilon (at.sum,
                                  sqrt (.034 * .034 + .0521 * .0521 +
                                        .0412 * .0412 + .0239 * .0239),
                                  1e-12);
}

static void
test_unknown_stays_unknown (void)
{
  TwinSpectrumReadout at;

  set_up ();
  twin_spectrum_readout (lines, N, DF, 88.0, NAN, NAN, 1, &at);
  g_assert_true (isnan (at.order));
  g_assert_true (isnan (at.slip_percent));
  twin_spectrum_readout (lines, N, DF, 88.0, 0, 0, 1, &at);
  g_assert_true (isnan (at.order));
  g_assert_true (isnan (at.slip_percent));
}

static void
test_edges (void)
{
  TwinSpectrumReadout at;

  set_up ();
  /* Only three harmonics of 250 Hz lie inside 800 Hz. */
  twin_spectrum_readout (lines, N, DF, 250, 25, NAN, 8, &at);
  g_assert_cmpuint (at.n_harmonics, ==, 3);
  twin_spectrum_readout (lines, N, DF, 0, 25, NAN, 8, &at);
  g_assert_cmpuint (at.n_harmonics, ==, 0);
  g_assert_cmpfloat (at.sum, ==, 0);
  twin_spectrum_readout (lines, N, DF, 900, 25, NAN, 8, &at);
  g_assert_cmpfloat (at.amplitude, ==, 0);
  twin_spectrum_readout (lines, 0, DF, 10, 25, NAN, 8, &at);
  g_assert_cmpfloat (at.amplitude, ==, 0);
  g_assert_cmpuint (at.n_harmonics, ==, 0);
}

/* Three lines of a Hann-windowed sine between lines give its place back. */
static void
test_peak_near (void)
{
  static const double offsets[] = { -0.4, -0.2, 0, 0.1, 0.3 };

  for (gsize k = 0; k < G_N_ELEMENTS (offsets); k++)
    {
      double hz = (200 + offsets[k]) * DF;

      for (int i = 0; i < N; i++)
        {
          double d = i - hz / DF;
          double sinc = fabs (d) < 1e-9 ? 1 : sin (G_PI * d) / (G_PI * d);

          lines[i] =
              fabs (fabs (d) - 1) < 1e-9 ? 0.5 : fabs (sinc / (1 - d * d));
          lines[i] = MAX (lines[i], 1e-6);
        }

      /* A parabola on the logarithms of Hann is off by < 2 % of a line. */
      g_assert_cmpfloat_with_epsilon (twin_spectrum_peak_near (lines, N, DF,
                                                               100.6, 3),
                                      hz, 0.02 * DF);
    }

  /* Nothing near: what was asked comes back. */
  g_assert_cmpfloat (twin_spectrum_peak_near (lines, 2, DF, 0.3, 3), ==, 0.3);
}

/* A comb of Hann lines on a floor: found to a sixteenth of a line. */
static void
test_comb_near (void)
{
  const double f0 = 176.13;

  for (int i = 0; i < N; i++)
    lines[i] = 1e-4;
  for (int k = 1; k <= 8; k++)
    for (int i = 0; i < N; i++)
      {
        double off = fabs (i - k * f0);

        if (off < 2)
          lines[i] += 0.02 / k * (0.5 + 0.5 * cos (G_PI * off / 2));
      }

  g_assert_cmpfloat_with_epsilon (twin_spectrum_comb_near (lines, N, 1, 176.9,
                                                           2, 8),
                                  f0, 1 / 16.0);
  g_assert_cmpfloat (twin_spectrum_comb_near (lines, 2, 1, 176.9, 2, 8), ==,
                     176.9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/readout/harmonic", test_harmonic);
  g_test_add_func ("/chart/readout/unknown-stays-unknown",
                   test_unknown_stays_unknown);
  g_test_add_func ("/chart/readout/edges", test_edges);
  g_test_add_func ("/chart/readout/peak-near", test_peak_near);
  g_test_add_func ("/chart/readout/comb-near", test_comb_near);
  return g_test_run ();
}
