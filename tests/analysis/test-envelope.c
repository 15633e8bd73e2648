/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "vibration.h"
#include "twin-block-features.h"
#include "twin-peaks.h"

#define RATE 4000.0
#define N 4000

static TwinTransform *transform;

/* (1 + m cos ωt) cos Ωt has an envelope line of m at ω. */
static void
test_modulation (void)
{
  g_autofree double *x = g_new0 (double, N);
  TwinSpectrum       envelope = { 0 };

  for (int i = 0; i < N; i++)
    {
      double t = i / RATE;

      x[i] =
          0.4 * (1 + 0.5 * cos (2 * G_PI * 37 * t)) * cos (2 * G_PI * 900 * t);
    }

  twin_envelope_spectrum (transform, x, N, RATE, (TwinBand){ 700, 1100 }, 200,
                          &envelope);
  g_assert_cmpfloat_with_epsilon (envelope.df_hz, 1, 1e-6);
  g_assert_cmpuint (envelope.n_lines, ==, 201);
  g_assert_cmpfloat_with_epsilon (envelope.lines[37], 0.2 / G_SQRT2, 1e-3);
  g_assert_cmpfloat_with_epsilon (envelope.lines[74], 0, 1e-3);

  /* Out of the band there is nothing. */
  twin_envelope_spectrum (transform, x, N, RATE, (TwinBand){ 1300, 1700 }, 200,
                          &envelope);
  g_assert_cmpfloat_with_epsilon (envelope.lines[37], 0, 1e-3);

  twin_envelope_spectrum (transform, x, N, RATE, (TwinBand){ 500, 500 }, 200,
                          &envelope);
  g_assert_cmpuint (envelope.n_lines, ==, 0);
  twin_spectrum_clear (&envelope);
}

static void
test_kurtogram_noise (void)
{
  g_autofree double *x = g_new0 (double, 8 * N);
  int                found = 0;

  for (int seed = 0; seed < 20; seed++)
    {
      TwinKurtogram kurtogram;
      SignalRng     rng;

      memset (x, 0, 8 * N * sizeof (double));
      signal_seed (&rng, (uint64_t) seed);
      signal_add_noise (x, 8 * N, 0.1, &rng);
      twin_kurtogram_compute (transform, x, 8 * N, RATE, 200, &kurtogram);
      g_assert_cmpuint (kurtogram.n_cells, >, 40);
      found += kurtogram.best >= 0;
      if (kurtogram.best >= 0)
        {
          g_assert_cmpfloat (kurtogram.cells[kurtogram.best].kurtosis, <, 0.5);
        }
    }

  /* Three standard deviations, some twenty cells a record. */
  g_assert_cmpint (found, <=, 4);
}

static void
test_kurtogram_finds_carrier (void)
{
  g_autofree double *x = g_new0 (double, 8 * N);
  TwinBearingOrders  orders;
  TwinKurtogram      kurtogram;
  TwinBand           band;
  SignalRng          rng;
  SignalFault        fault = { .element = TWIN_ELEMENT_OUTER,
                               .shaft_hz = 25,
                               .carrier_hz = 1250,
                               .damping = 0.02,
                               .rms = 0.1 };

  g_assert_true (twin_bearing_orders (&signal_6205, &orders, NULL));
  signal_seed (&rng, 5);
  signal_add_noise (x, 8 * N, 0.1, &rng);
  signal_add_fault (x, 8 * N, RATE, &fault, &orders, &rng);
  twin_kurtogram_compute (transform, x, 8 * N, RATE, 300, &kurtogram);
  band = twin_kurtogram_band (&kurtogram, RATE);
  g_assert_cmpint (kurtogram.best, >=, 0);
  g_assert_cmpfloat (band.lo_hz, <, 1450);
  g_assert_cmpfloat (band.hi_hz, >, 1050);
  g_assert_cmpfloat (band.hi_hz - band.lo_hz, <=, 1001);
}

static void
test_block (void)
{
  g_autofree double       *x = g_new0 (double, N);
  TwinBlockFeatures        block = { 0 };
  TwinBlockFeaturesOptions options = { .band = { 600, 1000 } };

  signal_add_tone (x, N, RATE, 50, 0.1, 0);
  twin_block_features_compute (transform, x, N, RATE, &options, &block);
  g_assert_cmpfloat_with_epsilon (block.velocity_rms_mm_s, 2.2073, 2e-3);
  g_assert_cmpfloat_with_epsilon (block.scalars.crest, G_SQRT2, 1e-6);
  g_assert_cmpfloat_with_epsilon (block.spectrum.lines[50], 0.1 / G_SQRT2,
                                  1e-5);
  g_assert_cmpfloat (block.band.lo_hz, ==, 600);

  /* As short as it may come: numbers, but no lines. */
  twin_block_features_compute (transform, x, 10, RATE, NULL, &block);
  g_assert_cmpuint (block.spectrum.n_lines, ==, 0);
  g_assert_cmpuint (block.envelope.n_lines, ==, 0);
  g_assert_true (isnan (block.velocity_rms_mm_s));
  twin_block_features_clear (&block);
}

static void
test_peaks (void)
{
  static const struct
  {
    double      hz, amplitude;
    const char *name, *family;
  } tones[] = {
    { 24.6, 0.20, "1×", "Shaft" },
    { 88.19, 0.10, "BPFO", "BPFO" },
    { 176.37, 0.08, "2× BPFO", "BPFO" },
    { 133.21, 0.05, "BPFI", "BPFI" },
    { 108.61, 0.04, "BPFI - 1×", "BPFI" },
    { 100.0, 0.03, "2× Mains", "Mains" },
    { 711.3, 0.02, "", "" },
  };
  g_autofree double *x = g_new0 (double, 8 * N);
  TwinSpectrum       spectrum = { 0 };
  TwinBearingOrders  orders;
  TwinFamily         families[TWIN_FAMILIES_MAX];
  TwinPeak           peaks[TWIN_PEAKS_MAX];
  SignalRng          rng;
  size_t             n_families, n;

  g_assert_true (twin_bearing_orders (&signal_6205, &orders, NULL));
  signal_seed (&rng, 6);
  signal_add_noise (x, 8 * N, 0.02, &rng);
  for (size_t i = 0; i < G_N_ELEMENTS (tones); i++)
    signal_add_tone (x, 8 * N, RATE, tones[i].hz, tones[i].amplitude * G_SQRT2,
                     (double) i);
  twin_spectrum_amplitude (transform, x, 8 * N, RATE, TWIN_WINDOW_HANN,
                           TWIN_SCALE_RMS, &spectrum);

  n_families = twin_peaks_families (24.6, &orders, 50, families);
  g_assert_cmpuint (n_families, ==, 6);
  n = twin_peaks_find (transform, &spectrum, 24.6, families, n_families, peaks);
  g_assert_cmpuint (n, >=, G_N_ELEMENTS (tones));

  for (size_t i = 0; i < G_N_ELEMENTS (tones); i++)
    {
      g_assert_cmpfloat_with_epsilon (peaks[i].hz, tones[i].hz, 0.01);
      g_assert_cmpfloat_with_epsilon (peaks[i].amplitude / tones[i].amplitude,
                                      1, 0.05);
      g_assert_cmpfloat_with_epsilon (peaks[i].order, tones[i].hz / 24.6, 1e-3);
      g_assert_cmpstr (peaks[i].name, ==, tones[i].name);
      g_assert_cmpstr (peaks[i].family, ==, tones[i].family);
    }

  /* Without shaft speed only mains has a name. */
  n_families = twin_peaks_families (NAN, &orders, 50, families);
  g_assert_cmpuint (n_families, ==, 1);
  twin_peaks_find (transform, &spectrum, NAN, families, n_families, peaks);
  g_assert_true (isnan (peaks[0].order));
  g_assert_cmpstr (peaks[0].name, ==, "");
  twin_spectrum_clear (&spectrum);
}

static const char *
name_near (const TwinPeak *peaks, size_t n, double hz)
{
  for (size_t i = 0; i < n; i++)
    {
      if (fabs (peaks[i].hz - hz) < 0.3)
        return peaks[i].name;
    }

  return "not found";
}

/* An outer race that slips by 1 % rings a mode about its eighth line. Nothing
 * of the inner race is there: no peak is a side band of it, however near. */
static void
test_plain_names (void)
{
  g_autofree double *x = g_new0 (double, 8 * N);
  TwinSpectrum       spectrum = { 0 };
  TwinBearingOrders  orders;
  TwinFamily         families[TWIN_FAMILIES_MAX];
  TwinPeak           peaks[TWIN_PEAKS_MAX];
  SignalRng          rng;
  double             shaft = 24.6, outer;
  size_t             n_families, n;

  g_assert_true (twin_bearing_orders (&signal_6205, &orders, NULL));
  outer = 0.99 * orders.bpfo * shaft;
  signal_seed (&rng, 16);
  signal_add_noise (x, 8 * N, 0.02, &rng);
  signal_add_tone (x, 8 * N, RATE, shaft, 0.1, 0);
  for (int k = 1; k <= 10; k++)
    signal_add_tone (x, 8 * N, RATE, k * outer,
                     0.02 + 0.1 * exp (-0.5 * (k - 8) * (k - 8)), k);
  /* Alone, and where 3 × BPFI - 2 × shaft and 6 × FTF lie. */
  signal_add_tone (x, 8 * N, RATE, 3 * orders.bpfi * shaft - 2 * shaft, 0.03,
                   0);
  twin_spectrum_amplitude (transform, x, 8 * N, RATE, TWIN_WINDOW_HANN,
                           TWIN_SCALE_RMS, &spectrum);
  n_families = twin_peaks_families (shaft, &orders, 50, families);
  n = twin_peaks_find (transform, &spectrum, shaft, families, n_families,
                       peaks);

  g_assert_cmpstr (name_near (peaks, n, shaft), ==, "1×");
  g_assert_cmpstr (name_near (peaks, n, outer), ==, "BPFO");
  g_assert_cmpstr (name_near (peaks, n, 3 * outer), ==, "3× BPFO");
  g_assert_cmpstr (name_near (peaks, n, 7 * outer), ==, "7× BPFO");
  g_assert_cmpstr (name_near (peaks, n, 8 * outer), ==, "8× BPFO");
  g_assert_cmpstr (name_near (peaks, n, 3 * orders.bpfi * shaft - 2 * shaft),
                   ==, "");
  twin_spectrum_clear (&spectrum);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  transform = twin_transform_new ();
  g_test_add_func ("/analysis/envelope/reads-a-modulation", test_modulation);
  g_test_add_func ("/analysis/kurtogram/noise-has-no-band",
                   test_kurtogram_noise);
  g_test_add_func ("/analysis/kurtogram/finds-the-carrier",
                   test_kurtogram_finds_carrier);
  g_test_add_func ("/analysis/block/one-second", test_block);
  g_test_add_func ("/analysis/peaks/named-by-family", test_peaks);
  g_test_add_func ("/analysis/peaks/plain-names-first", test_plain_names);
  status = g_test_run ();
  twin_transform_free (transform);
  return status;
}
