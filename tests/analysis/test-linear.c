/* SPDX-License-Identifier: Apache-2.0 */
/* The known answers are closed forms, numpy's and scipy's (1.10). */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "twin-distribution.h"
#include "twin-linear.h"

static const double matrix[9] = { 4, 1, 2, 1, 3, 0, 2, 0, 5 };

static void
assert_close (double value, double wanted)
{
  g_assert_cmpfloat_with_epsilon (value, wanted,
                                  1e-9 * fmax (1e-3, fabs (wanted)));
}

static void
test_factor (void)
{
  static const double x[3] = { -0.3023255813953489, 0.7674418604651163,
                               0.7209302325581396 };
  double              a[9], inverse[9], b[3] = { 1, 2, 3 };

  memcpy (a, matrix, sizeof a);
  g_assert_true (twin_linear_factor (a, 3));
  assert_close (twin_linear_log_determinant (a, 3), 3.761200115693563);
  twin_linear_solve (a, 3, b);
  for (int i = 0; i < 3; i++)
    assert_close (b[i], x[i]);

  twin_linear_invert (a, 3, inverse);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      {
        double sum = 0;

        for (int k = 0; k < 3; k++)
          sum += matrix[i * 3 + k] * inverse[k * 3 + j];
        g_assert_cmpfloat_with_epsilon (sum, i == j, 1e-14);
      }
}

/* A copy of a column, a negative direction, NaN. */
static void
test_factor_refuses (void)
{
  double twice[4] = { 1, 3, 3, 9 }, negative[4] = { 1, 2, 2, 1 };
  double unknown[4] = { 1, NAN, NAN, 1 }, zero[1] = { 0 };

  g_assert_false (twin_linear_factor (twice, 2));
  g_assert_false (twin_linear_factor (negative, 2));
  g_assert_false (twin_linear_factor (unknown, 2));
  g_assert_false (twin_linear_factor (zero, 1));
}

static void
test_eigen (void)
{
  static const double values[3] = { 6.669079088282288, 3.476023602918134,
                                    1.854897308799577 };
  static const double first[3] = { 0.6311789687764832, 0.1720265367929079,
                                   0.7563200248659909 };
  double              a[9], found[3], vectors[9];

  memcpy (a, matrix, sizeof a);
  twin_linear_eigen (a, 3, found, vectors);
  for (int i = 0; i < 3; i++)
    {
      assert_close (found[i], values[i]);
      assert_close (vectors[i], first[i]);
    }
}

/* Hilbert's matrix, badly conditioned: put together again from its parts. */
static void
test_eigen_hilbert (void)
{
  enum
  {
    N = 12
  };
  double a[N * N], values[N], vectors[N * N], worst = 0;

  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      a[i * N + j] = 1.0 / (i + j + 1);
  twin_linear_eigen (a, N, values, vectors);

  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      {
        double sum = 0, product = 0;

        for (int k = 0; k < N; k++)
          {
            sum += values[k] * vectors[k * N + i] * vectors[k * N + j];
            product += vectors[i * N + k] * vectors[j * N + k];
          }
        worst = fmax (worst, fabs (sum - 1.0 / (i + j + 1)));
        worst = fmax (worst, fabs (product - (i == j)));
      }
  g_assert_cmpfloat (worst, <, 1e-13);
  for (int i = 1; i < N; i++)
    g_assert_cmpfloat (values[i], <=, values[i - 1]);
}

static void
test_shrink (void)
{
  static const double wanted[9] = {
    4.379775159326438,     1.3875508171835222,    -0.004971174959189493,
    1.3875508171835222,    0.9992614934080776,    0.0013658250389304457,
    -0.004971174959189493, 0.0013658250389304457, 0.08005152947111129
  };
  double rows[40 * 3], mean[3], covariance[9];

  for (int i = 0; i < 40; i++)
    {
      rows[3 * i] = 3 * sin (i);
      rows[3 * i + 1] = sin (i) + cos (2 * i);
      rows[3 * i + 2] = 0.2 * sin (3 * i);
    }
  twin_linear_mean (rows, 40, 3, mean);
  assert_close (twin_linear_shrink (rows, 40, 3, mean, covariance),
                0.032567948933537795);
  for (int i = 0; i < 9; i++)
    assert_close (covariance[i], wanted[i]);

  /* Fewer records than variables: still one that can be inverted. */
  twin_linear_mean (rows, 3, 3, mean);
  twin_linear_shrink (rows, 3, 3, mean, covariance);
  g_assert_true (twin_linear_factor (covariance, 3));
}

static void
test_ridge (void)
{
  static const double rows[18] = { 1, 1, 2, 1, 2, 1, 1, 3, 5,
                                   1, 4, 3, 1, 5, 8, 1, 6, 4 };
  static const double targets[6] = { 0, 1, 2, 7, 1, 3 };
  static const double penalty[3] = { 0, 2, 3 };
  static const double wanted[3] = { 1.0244716351501637, 0.8064516129032268,
                                    -0.3948832035595108 };
  static const double copied[8] = { 1, 2, 2, 4, 3, 6, 4, 8 };
  double              found[3], inverse[9];

  g_assert_true (
      twin_linear_ridge (rows, targets, NULL, 6, 3, penalty, found, inverse));
  for (int i = 0; i < 3; i++)
    assert_close (found[i], wanted[i]);

  g_assert_false (
      twin_linear_ridge (copied, targets, NULL, 4, 2, NULL, found, NULL));
}

/* A row of weight 2 is the same as two of weight 1. */
static void
test_ridge_weights (void)
{
  static const double rows[8] = { 1, 0, 1, 1, 1, 2, 1, 2 };
  static const double targets[4] = { 1, 2, 5, 5 };
  static const double weights[3] = { 1, 1, 2 };
  double              twice[2], weighted[2];

  g_assert_true (
      twin_linear_ridge (rows, targets, NULL, 4, 2, NULL, twice, NULL));
  g_assert_true (
      twin_linear_ridge (rows, targets, weights, 3, 2, NULL, weighted, NULL));
  assert_close (weighted[0], twice[0]);
  assert_close (weighted[1], twice[1]);
}

static void
test_normal (void)
{
  static const double cases[][2] = {
    { 1e-9, -5.9978070150076865 }, { 0.025, -1.9599639845400545 },
    { 0.3, -0.5244005127080409 },  { 0.5, 0 },
    { 0.95, 1.6448536269514722 },  { 0.999, 3.090232306167813 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      assert_close (twin_normal_quantile (cases[i][0]), cases[i][1]);
      assert_close (twin_normal_cdf (cases[i][1]), cases[i][0]);
    }
  g_assert_true (isinf (twin_normal_quantile (0)));
  g_assert_true (isnan (twin_normal_quantile (1.1)));
  g_assert_true (isnan (twin_normal_quantile (NAN)));
}

static void
test_quantiles (void)
{
  assert_close (twin_chi2_quantile (0.95, 1), 3.841458820694124);
  assert_close (twin_chi2_quantile (0.999, 8), 26.12448155837614);
  assert_close (twin_chi2_quantile (0.01, 100), 70.06489492539978);
  assert_close (twin_chi2_quantile (0.5, 0.5), 0.0873476047057468);

  assert_close (twin_student_quantile (0.975, 5), 2.570581835636314);
  assert_close (twin_student_quantile (0.9995, 1), 1 / tan (G_PI * 0.0005));
  assert_close (twin_student_quantile (0.05, 30), -1.6972608865939574);
  assert_close (twin_student_quantile (1e-6, 2),
                (2e-6 - 1) / sqrt (2e-6 * (1 - 1e-6)));

  assert_close (twin_f_quantile (0.95, 3, 10), 3.7082648190468435);
  assert_close (twin_f_quantile (0.999, 8, 42), 4.156250721666594);
  assert_close (twin_f_quantile (0.01, 1, 1), 0.000246780702824095);
  assert_close (twin_f_quantile (0.5, 200, 300), 0.9988876528421704);
}

/* There and back, and identities between them. */
static void
test_consistent (void)
{
  static const double p[] = { 1e-6, 0.01, 0.2, 0.5, 0.9, 0.9999 };

  for (size_t i = 0; i < G_N_ELEMENTS (p); i++)
    for (double df = 0.7; df < 2000; df *= 3)
      {
        const double t = twin_student_quantile ((1 + p[i]) / 2, df);

        assert_close (twin_chi2_cdf (twin_chi2_quantile (p[i], df), df), p[i]);
        assert_close (twin_student_cdf (twin_student_quantile (p[i], df), df),
                      p[i]);
        assert_close (twin_f_cdf (twin_f_quantile (p[i], df, 5), df, 5), p[i]);
        assert_close (twin_f_quantile (p[i], 1, df), t * t);
      }

  g_assert_true (isnan (twin_chi2_quantile (0.5, 0)));
  g_assert_true (isnan (twin_f_quantile (0.5, 3, -1)));
  g_assert_true (isinf (twin_f_quantile (1, 3, 4)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/linear/factor", test_factor);
  g_test_add_func ("/linear/factor-refuses", test_factor_refuses);
  g_test_add_func ("/linear/eigen", test_eigen);
  g_test_add_func ("/linear/eigen-hilbert", test_eigen_hilbert);
  g_test_add_func ("/linear/shrink", test_shrink);
  g_test_add_func ("/linear/ridge", test_ridge);
  g_test_add_func ("/linear/ridge-weights", test_ridge_weights);
  g_test_add_func ("/distribution/normal", test_normal);
  g_test_add_func ("/distribution/quantiles", test_quantiles);
  g_test_add_func ("/distribution/consistent", test_consistent);
  return g_test_run ();
}
