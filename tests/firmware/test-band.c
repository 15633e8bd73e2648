/* SPDX-License-Identifier: Apache-2.0
 *
 * Spectrum and band levels: Parseval, known sines, defaults.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "machine.h"
#include "node-band.h"

static void
fill (float *x, double hz, double rate, double amplitude, double phase)
{
  for (unsigned i = 0; i < NODE_FFT_SIZE; i++)
    x[i] = (float) (amplitude * sin (2 * G_PI * hz * i / rate + phase));
}

/* Each bin against the sum that defines it, in double precision. */
static void
test_definition (void)
{
  static double x[NODE_FFT_SIZE];
  static float  work[NODE_FFT_WORK];
  node_fft      fft;
  machine_rng   rng;
  double        mean = 0, worst = 0, most = 0;

  g_assert_true (node_fft_init (&fft));
  machine_rng_seed (&rng, 3);
  for (unsigned i = 0; i < NODE_FFT_SIZE; i++)
    {
      work[i] = (float) (9.8 + machine_rng_normal (&rng));
      x[i] = work[i];
      mean += x[i] / NODE_FFT_SIZE;
    }
  node_fft_power (&fft, work);

  for (unsigned k = 0; k < NODE_FFT_BINS; k++)
    {
      double re = 0, im = 0, p;

      for (unsigned i = 0; i < NODE_FFT_SIZE; i++)
        {
          double w = 0.5 - 0.5 * cos (2 * G_PI * i / NODE_FFT_SIZE);
          double a = 2 * G_PI * (i * k % NODE_FFT_SIZE) / NODE_FFT_SIZE;

          re += (x[i] - mean) * w * cos (a);
          im -= (x[i] - mean) * w * sin (a);
        }
      p = (re * re + im * im) / (0.375 * NODE_FFT_SIZE * NODE_FFT_SIZE);
      if (k > 0)
        p *= 2;
      worst = fmax (worst, fabs (work[k] - p));
      most = fmax (most, p);
    }
  g_test_message ("worst bin is off by %.1e of the largest", worst / most);
  g_assert_cmpfloat (worst, <, 3e-5 * most);
}

/* Parseval: the bins add up to the window-weighted mean square; a sine of
 * r.m.s. 1 reads 1 wherever between two bins it lies. */
static void
test_parseval (void)
{
  static float work[NODE_FFT_WORK];
  node_fft     fft;

  g_assert_true (node_fft_init (&fft));
  for (double bin = 10; bin < 11; bin += 0.125)
    {
      double sum = 0, expected = 0, mean = 0;

      fill (work, bin * 4000 / NODE_FFT_SIZE, 4000, sqrt (2), bin);
      for (unsigned i = 0; i < NODE_FFT_SIZE; i++)
        mean += work[i] / NODE_FFT_SIZE;
      for (unsigned i = 0; i < NODE_FFT_SIZE; i++)
        {
          double w = 0.5 - 0.5 * cos (2 * G_PI * i / NODE_FFT_SIZE);

          expected += (work[i] - mean) * w * (work[i] - mean) * w /
                      (0.375 * NODE_FFT_SIZE);
        }
      node_fft_power (&fft, work);
      for (unsigned k = 0; k < NODE_FFT_BINS; k++)
        sum += work[k];
      g_assert_cmpfloat_with_epsilon (sum, expected, 1e-5);
      g_assert_cmpfloat_with_epsilon (sqrt (sum), 1, 0.02);
    }
}

/* Two sines in two bands, half-overlapping segments, at both sensors' rates. */
static void
test_levels (void)
{
  static const struct
  {
    double   rate, top, hz[2], rms[2];
    unsigned n, band[2];
  } rows[] = {
    { 4000, 1000, { 49.3, 411 }, { 1, 0.25 }, 2, { 0, 1 } },
    { 26667, 6300, { 411, 3333 }, { 1, 0.25 }, 2, { 0, 1 } },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      node_band_edges edges[NODE_BANDS_MAX];
      node_band       b;
      static float    work[NODE_FFT_WORK];
      node_fft        fft;
      float           level[NODE_BANDS_MAX];
      unsigned        n =
          node_band_defaults ((float) rows[i].rate, (float) rows[i].top, edges);

      g_assert_cmpuint (n, ==, rows[i].n);
      g_assert_true (node_fft_init (&fft));
      node_band_init (&b, (float) rows[i].rate, edges, n);
      g_assert_false (node_band_take (&b, level));
      for (unsigned at = 0; at < 20 * NODE_FFT_HOP; at += NODE_FFT_HOP)
        {
          for (unsigned k = 0; k < NODE_FFT_SIZE; k++)
            {
              double t = (at + k) / rows[i].rate;

              work[k] =
                  (float) (9.8 +
                           sqrt (2) * (rows[i].rms[0] *
                                           sin (2 * G_PI * rows[i].hz[0] * t) +
                                       rows[i].rms[1] *
                                           sin (2 * G_PI * rows[i].hz[1] * t)));
            }
          node_fft_power (&fft, work);
          node_band_add (&b, work);
        }
      g_assert_true (node_band_take (&b, level));
      for (unsigned k = 0; k < 2; k++)
        g_assert_cmpfloat_with_epsilon (level[rows[i].band[k]], rows[i].rms[k],
                                        0.005 * rows[i].rms[k]);
    }
}

static void
test_edges (void)
{
  node_band_edges e[NODE_BANDS_MAX];

  g_assert_cmpuint (node_band_defaults (4000, 1000, e), ==, 2);
  g_assert_cmpfloat (e[0].low_hz, ==, 10);
  g_assert_cmpfloat (e[1].high_hz, ==, 1000);
  /* 10 Hz is less than two bins of 26 Hz. */
  g_assert_cmpuint (node_band_defaults (26667, 6300, e), ==, 2);
  g_assert_cmpfloat (e[0].low_hz, ==, 100);
  g_assert_cmpfloat (e[1].high_hz, ==, 6300);

  g_assert_true (node_band_fits (&(node_band_edges){ 10, 18 }, 4000));
  g_assert_false (node_band_fits (&(node_band_edges){ 10, 17 }, 4000));
  g_assert_false (node_band_fits (&(node_band_edges){ 10, 2001 }, 4000));
  g_assert_false (node_band_fits (&(node_band_edges){ -1, 100 }, 4000));
  g_assert_false (node_band_fits (&(node_band_edges){ 100, 10 }, 4000));
  g_assert_false (node_band_fits (&(node_band_edges){ NAN, 10 }, 4000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/band/definition", test_definition);
  g_test_add_func ("/firmware/band/parseval", test_parseval);
  g_test_add_func ("/firmware/band/levels", test_levels);
  g_test_add_func ("/firmware/band/edges", test_edges);
  return g_test_run ();
}
