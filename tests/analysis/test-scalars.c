/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "vibration.h"
#include "twin-baseline.h"
#include "twin-scalars.h"
#include "twin-severity.h"

static void
test_sine (void)
{
  g_autofree double *x = g_new0 (double, 4000);
  TwinScalars        scalars;

  for (int i = 0; i < 4000; i++)
    x[i] = 3;
  signal_add_tone (x, 4000, 4000, 50, 2, 0);
  twin_scalars_compute (x, 4000, 0, &scalars);

  g_assert_cmpfloat_with_epsilon (scalars.mean, 3, 1e-9);
  g_assert_cmpfloat_with_epsilon (scalars.rms, G_SQRT2, 1e-9);
  g_assert_cmpfloat_with_epsilon (scalars.peak, 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (scalars.crest, G_SQRT2, 1e-9);
  g_assert_cmpfloat_with_epsilon (scalars.kurtosis, 1.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (scalars.skewness, 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (scalars.shape, G_PI / 2 / G_SQRT2, 1e-3);
  g_assert_cmpuint (scalars.clipped, ==, 0);
}

static void
test_noise (void)
{
  size_t             n = 200000;
  g_autofree double *x = g_new0 (double, n);
  TwinScalars        scalars;
  SignalRng          rng;

  signal_seed (&rng, 4);
  signal_add_noise (x, n, 0.5, &rng);
  twin_scalars_compute (x, n, 0, &scalars);

  /* Four standard errors, √(24 / n). */
  g_assert_cmpfloat_with_epsilon (scalars.kurtosis, 3,
                                  4 * sqrt (24.0 / (double) n));
  g_assert_cmpfloat_with_epsilon (scalars.rms, 0.5, 0.005);
}

static void
test_flat_and_clipped (void)
{
  double      flat[64], x[400];
  TwinScalars scalars;

  for (int i = 0; i < 64; i++)
    flat[i] = 0.7;
  twin_scalars_compute (flat, 64, 0, &scalars);
  g_assert_true (isnan (scalars.kurtosis));
  g_assert_true (isnan (scalars.crest));
  g_assert_cmpuint (scalars.longest_flat, ==, 64);
  g_assert_cmpuint (scalars.clipped, ==, 0);

  for (int i = 0; i < 400; i++)
    x[i] = CLAMP (2 * sin (2 * G_PI * i / 40), -1, 1);
  twin_scalars_compute (x, 400, 0, &scalars);
  g_assert_cmpuint (scalars.clipped, >, 200);
  twin_scalars_compute (x, 400, 1, &scalars);
  g_assert_cmpuint (scalars.clipped, >, 200);
  twin_scalars_compute (x, 400, 2, &scalars);
  g_assert_cmpuint (scalars.clipped, ==, 0);

  twin_scalars_compute (x, 0, 0, &scalars);
  g_assert_true (isnan (scalars.rms));
}

static void
test_median (void)
{
  double odd[] = { 5, 1, 9 }, even[] = { 4, 1, 3, 2 };

  g_assert_cmpfloat (twin_scalars_median (odd, 3), ==, 5);
  g_assert_cmpfloat (twin_scalars_median (even, 4), ==, 2.5);
  g_assert_true (isnan (twin_scalars_median (even, 0)));
  g_assert_cmpfloat_with_epsilon (twin_scalars_mad_sigma (odd, 3, 5),
                                  4 * 1.4826, 1e-9);
}

static void
test_baseline (void)
{
  TwinBaseline baseline;

  twin_baseline_init (&baseline, TRUE);
  g_assert_true (isnan (twin_baseline_excess (&baseline, 1)));
  g_assert_false (twin_baseline_learn (&baseline, 0));
  g_assert_false (twin_baseline_learn (&baseline, NAN));

  /* One wild record among the first does not move it. */
  for (int i = 0; i < 11; i++)
    twin_baseline_learn (&baseline, i == 3 ? 50 : 0.2);

  g_assert_true (twin_baseline_is_ready (&baseline));
  g_assert_cmpfloat_with_epsilon (twin_baseline_usual (&baseline), 0.2, 1e-9);
  g_assert_cmpfloat_with_epsilon (twin_baseline_excess (&baseline, 0.8),
                                  log (4), 1e-9);
  g_assert_cmpfloat (twin_baseline_z (&baseline, 0.8), >, 50);
  g_assert_cmpfloat_with_epsilon (twin_baseline_z (&baseline, 0.2), 0, 1e-9);

  for (int i = 0; i < 100; i++)
    twin_baseline_learn (&baseline, 7);
  g_assert_cmpuint (baseline.n, ==, TWIN_BASELINE_MAX);
}

static void
test_zones (void)
{
  static const TwinSeverityLimits limits = { 1.4, 2.8, 4.5 };
  static const struct
  {
    double           velocity;
    TwinSeverityZone zone;
  } cases[] = {
    { 0, TWIN_SEVERITY_ZONE_A },
    { 1.40, TWIN_SEVERITY_ZONE_A }, /* on the boundary: the better zone */
    { 1.41, TWIN_SEVERITY_ZONE_B },
    { 2.80, TWIN_SEVERITY_ZONE_B },
    { 4.50, TWIN_SEVERITY_ZONE_C },
    { 45.0, TWIN_SEVERITY_ZONE_D },
    { NAN, TWIN_SEVERITY_ZONE_UNKNOWN }, /* dead sensor */
  };
  TwinSeverityLimits got;
  g_autofree char   *undeclared = NULL, *declared = NULL;
  g_autofree char   *outside = NULL, *partial = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (twin_severity_zone (&limits, cases[i].velocity), ==,
                       cases[i].zone);
    }

  g_assert_cmpint (twin_severity_zone (NULL, 1), ==,
                   TWIN_SEVERITY_ZONE_UNKNOWN);
  g_assert_false (twin_severity_limits (TWIN_SEVERITY_GROUP_UNDECLARED,
                                        TWIN_SEVERITY_SUPPORT_RIGID, &got));
  g_assert_true (twin_severity_limits (TWIN_SEVERITY_GROUP_1,
                                       TWIN_SEVERITY_SUPPORT_FLEXIBLE, &got));
  g_assert_cmpfloat (got.b_c, ==, 7.1);

  undeclared =
      twin_severity_describe (TWIN_SEVERITY_GROUP_2,
                              twin_severity_support_parse (NULL), 1, TRUE);
  g_assert_cmpstr (undeclared, ==,
                   "Zone not assignable: support is not declared");
  declared =
      twin_severity_describe (twin_severity_group_parse ("group2"),
                              twin_severity_support_parse ("rigid"), 2, TRUE);
  g_assert_cmpstr (declared, ==, "Zone B · ISO 20816-3 group 2, rigid");
  g_assert_false (twin_severity_covers_band (2000, 10, 10));
  g_assert_true (twin_severity_covers_band (2560, 1, 10));
  g_assert_false (twin_severity_covers_band (4000, 0.9, 10));

  /* 600 1/min and less: from 2 Hz, which takes 5 s to see. */
  g_assert_cmpfloat (twin_severity_low_hz (10), ==, 2);
  g_assert_cmpfloat (twin_severity_low_hz (10.1), ==, 10);
  g_assert_cmpfloat (twin_severity_low_hz (NAN), ==, 10);
  g_assert_false (twin_severity_covers_band (4000, 1, 2));
  g_assert_true (twin_severity_covers_band (4000, 5, 2));

  /* A quarter of B/C over what is usual, never over 1.25 B/C. */
  g_assert_cmpfloat_with_epsilon (twin_severity_alarm (&limits, 0.8), 1.5,
                                  1e-9);
  g_assert_cmpfloat_with_epsilon (twin_severity_alarm (&limits, 3.2), 3.5,
                                  1e-9);
  g_assert_true (isnan (twin_severity_alarm (&limits, NAN)));

  outside = twin_severity_describe (twin_severity_group_parse ("outside"),
                                    TWIN_SEVERITY_SUPPORT_RIGID, 1, TRUE);
  g_assert_nonnull (strstr (outside, "not assignable"));
  partial = twin_severity_describe (TWIN_SEVERITY_GROUP_1,
                                    TWIN_SEVERITY_SUPPORT_RIGID, 1, FALSE);
  g_assert_nonnull (strstr (partial, "partial band"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/scalars/of-a-sine", test_sine);
  g_test_add_func ("/analysis/scalars/of-noise", test_noise);
  g_test_add_func ("/analysis/scalars/flat-and-clipped", test_flat_and_clipped);
  g_test_add_func ("/analysis/scalars/median", test_median);
  g_test_add_func ("/analysis/baseline/robust", test_baseline);
  g_test_add_func ("/analysis/severity/zones", test_zones);
  return g_test_run ();
}
