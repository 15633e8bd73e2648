/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>

#include "twin-features.h"
#include "vibration.h"

#define RATE 4000.0
#define N 32000

static TwinTransform *transform;

static const TwinBearingOrders orders = { 0.4, 3.58, 5.42, 2.36 };

static void
test_tones (void)
{
  g_autofree double *x = g_new0 (double, N);
  double             features[TWIN_N_FEATURES];

  signal_add_tone (x, N, RATE, 25, 0.1, 0);
  signal_add_tone (x, N, RATE, 50, 0.05, 0);
  signal_add_tone (x, N, RATE, 700, 0.2, 0);
  twin_features_compute (transform, x, N, RATE, 25, &orders, features);

  g_assert_cmpfloat_with_epsilon (features[TWIN_FEATURE_ORDER_1], 0.1 / G_SQRT2,
                                  1e-4);
  g_assert_cmpfloat_with_epsilon (features[TWIN_FEATURE_ORDER_2],
                                  0.05 / G_SQRT2, 1e-4);
  g_assert_cmpfloat (features[TWIN_FEATURE_ORDER_3], <, 1e-4);
  /* 700 Hz lies between an eighth and a quarter of the rate. */
  g_assert_cmpfloat_with_epsilon (features[TWIN_FEATURE_OCTAVE_4],
                                  0.2 / G_SQRT2, 1e-4);
  g_assert_cmpfloat_with_epsilon (features[TWIN_FEATURE_CARRIER], 0.2 / G_SQRT2,
                                  1e-4);
  g_assert_cmpfloat (features[TWIN_FEATURE_OCTAVE_3], <, 1e-4);
  g_assert_cmpfloat_with_epsilon (features[TWIN_FEATURE_ACCELERATION],
                                  sqrt ((0.1 * 0.1 + 0.05 * 0.05 + 0.2 * 0.2) /
                                        2),
                                  1e-4);
  g_assert_cmpfloat_with_epsilon (features[TWIN_FEATURE_VELOCITY],
                                  9806.65 / (2 * G_PI * G_SQRT2) *
                                      sqrt (pow (0.1 / 25, 2) +
                                            pow (0.05 / 50, 2) +
                                            pow (0.2 / 700, 2)),
                                  0.05);
}

/* A carrier whose height swings at the outer race's rate. */
static void
test_envelope (void)
{
  g_autofree double *x = g_new0 (double, N);
  double             features[TWIN_N_FEATURES];

  for (int i = 0; i < N; i++)
    {
      const double t = i / RATE;

      x[i] = (1 + 0.5 * cos (2 * G_PI * 25 * orders.bpfo * t)) *
             cos (2 * G_PI * 1000 * t);
    }
  twin_features_compute (transform, x, N, RATE, 25, &orders, features);
  g_assert_cmpfloat_with_epsilon (features[TWIN_FEATURE_OUTER], 0.5 / G_SQRT2,
                                  0.02);
  g_assert_cmpfloat (features[TWIN_FEATURE_INNER], <, 0.02);
  g_assert_cmpfloat (features[TWIN_FEATURE_BALL], <, 0.02);
}

static void
test_unknown (void)
{
  g_autofree double *x = g_new0 (double, N);
  double             features[TWIN_N_FEATURES];

  signal_add_tone (x, N, RATE, 25, 0.1, 0);
  twin_features_compute (transform, x, N, RATE, 0, &orders, features);
  g_assert_true (isnan (features[TWIN_FEATURE_ORDER_1]));
  g_assert_true (isnan (features[TWIN_FEATURE_OUTER]));
  g_assert_true (isfinite (features[TWIN_FEATURE_VELOCITY]));
  twin_features_compute (transform, x, N, RATE, 25, NULL, features);
  g_assert_true (isfinite (features[TWIN_FEATURE_ORDER_1]));
  g_assert_true (isnan (features[TWIN_FEATURE_OUTER]));
  twin_features_compute (transform, x, 15, RATE, 25, &orders, features);
  for (int i = 0; i < TWIN_N_FEATURES; i++)
    {
      g_assert_true (isnan (features[i]));
      g_assert_cmpint (twin_feature_name (i)[0], !=, '\0');
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  transform = twin_transform_new ();
  g_test_add_func ("/features/tones", test_tones);
  g_test_add_func ("/features/envelope", test_envelope);
  g_test_add_func ("/features/unknown", test_unknown);
  status = g_test_run ();
  twin_transform_free (transform);
  return status;
}
