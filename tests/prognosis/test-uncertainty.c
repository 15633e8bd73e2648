/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>

#include "twin-clock.h"
#include "twin-random.h"
#include "twin-uncertainty.h"

#define RUNS 60000
#define STEPS 150

static gboolean
near (double value, double wanted, double tolerance)
{
  return fabs (value - wanted) <= tolerance * fabs (wanted);
}

static double
monte_carlo (const TwinUncertainty *u, double age)
{
  TwinRandom random;
  double     dt = age / STEPS, sum = 0;

  twin_random_init (&random, 20261121);
  for (int run = 0; run < RUNS; run++)
    {
      double x = sqrt (u->p0) * twin_random_normal (&random);

      /* Heun's step for the pull, so that the steps' size does not show. */
      for (int i = 0; i < STEPS; i++)
        x += u->a * dt * (1 + u->a * dt / 2) * x +
             sqrt (u->q * dt) * (1 + u->a * dt / 2) *
                 twin_random_normal (&random);
      sum += x * x;
    }

  return sum / RUNS;
}

static void
test_known (void)
{
  static const struct
  {
    TwinUncertainty model;
    double          variance;
  } cases[] = {
    { { .p0 = 0.1, .a = 0.5, .q = 0.2 }, 1.1445 },
    { { .p0 = 0.1, .a = -0.5, .q = 0.2 }, 0.1777 },
    { { .p0 = 0.1, .a = 0, .q = 0.2 }, 0.4 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double p = twin_uncertainty_variance (&cases[i].model, 1.5);
      double seen = monte_carlo (&cases[i].model, 1.5);

      g_test_message ("a %+.1f: closed %.4f, %d runs %.4f", cases[i].model.a, p,
                      RUNS, seen);
      g_assert_true (near (p, cases[i].variance, 1e-3));
      g_assert_true (near (p, seen, 0.02));
    }
}

static void
test_ends (void)
{
  const TwinUncertainty stable = { .p0 = 0.1, .a = -0.5, .q = 0.2 };
  const TwinUncertainty tiny = { .p0 = 0.1, .a = 1e-12, .q = 0.2 };
  const TwinUncertainty less = { .p0 = 0.5, .a = -0.5, .q = 0.2 };

  g_assert_true (near (twin_uncertainty_variance (&stable, 1e9), 0.2, 1e-12));
  g_assert_true (near (twin_uncertainty_variance (&tiny, 1.5), 0.4, 1e-9));
  g_assert_cmpfloat (twin_uncertainty_variance (&stable, 0), ==, 0.1);
  g_assert_cmpfloat (twin_uncertainty_variance (&stable, -3), ==, 0.1);

  /* No step where the formula is switched. */
  for (double a = -1e-5; a < 1e-5; a += 1e-8)
    {
      const TwinUncertainty u = { .p0 = 0.1, .a = a, .q = 0.2 };

      g_assert_true (near (twin_uncertainty_variance (&u, 1), 0.3, 1e-4));
    }
  /* Older is never surer, as long as it begins below its own variance. */
  for (double age = 0; age < 20; age += 0.1)
    g_assert_cmpfloat (twin_uncertainty_variance (&stable, age + 0.1), >=,
                       twin_uncertainty_variance (&stable, age));
  g_assert_cmpfloat (twin_uncertainty_variance (&less, 5), <, 0.5);
}

static void
test_allowed_age (void)
{
  static const TwinUncertainty models[] = { { .p0 = 0.1, .a = 0.5, .q = 0.2 },
                                            { .p0 = 0.1, .a = -0.5, .q = 0.2 },
                                            { .p0 = 0.1, .a = 0, .q = 0.2 } };
  const TwinUncertainty        still = { .p0 = 0.1 };

  for (size_t i = 0; i < G_N_ELEMENTS (models); i++)
    {
      double most = twin_uncertainty_variance (&models[i], 1.5);

      g_assert_true (
          near (twin_uncertainty_allowed_age (&models[i], most), 1.5, 1e-9));
      g_assert_cmpfloat (twin_uncertainty_allowed_age (&models[i], 0.05), ==,
                         0);
    }
  /* It ends at 0.2 and never comes to 0.3. */
  g_assert_true (isinf (twin_uncertainty_allowed_age (&models[1], 0.3)));
  g_assert_true (isinf (twin_uncertainty_allowed_age (&still, 0.3)));
}

static void
test_matrix (void)
{
  const TwinUncertainty scalar = { .p0 = 0.1, .a = -0.5, .q = 0.2 };
  /* A value that drifts at a rate that walks: known in closed form. */
  const double a[] = { 0, 1, 0, 0 }, q[] = { 0, 0, 0, 0.3 };
  const double p0[] = { 0.2, 0.05, 0.05, 0.4 }, t = 2.5;
  const double wanted[] = {
    p0[0] + 2 * t * p0[1] + t * t * p0[3] + 0.3 * t * t * t / 3,
    p0[1] + t * p0[3] + 0.3 * t * t / 2,
    p0[1] + t * p0[3] + 0.3 * t * t / 2,
    p0[3] + 0.3 * t,
  };
  const double three[] = { -0.5, 0, 0, 0, -40, 0, 0, 0, 0.02 };
  const double q3[] = { 0.2, 0, 0, 0, 8, 0, 0, 0, 0.1 };
  const double start[] = { 0.1, 0, 0, 0, 0, 0, 0, 0, 1 };
  double       p[9], one;

  g_assert_true (
      twin_uncertainty_matrix (1, &scalar.a, &scalar.q, &scalar.p0, 1.5, &one));
  g_assert_true (near (one, twin_uncertainty_variance (&scalar, 1.5), 1e-12));

  g_assert_true (twin_uncertainty_matrix (2, a, q, p0, t, p));
  for (int i = 0; i < 4; i++)
    g_assert_true (near (p[i], wanted[i], 1e-12));

  /* States that do not move one another are three scalars; a fast one among
   * slow ones asks for the squaring. */
  g_assert_true (twin_uncertainty_matrix (3, three, q3, start, 1.5, p));
  for (int i = 0; i < 3; i++)
    {
      const TwinUncertainty u = { .p0 = start[4 * i],
                                  .a = three[4 * i],
                                  .q = q3[4 * i] };

      g_assert_true (
          near (p[4 * i], twin_uncertainty_variance (&u, 1.5), 1e-9));
    }
  one = NAN;
  g_assert_false (twin_uncertainty_matrix (1, &one, q, p0, 1, p));
}

/* a and q of a process that is known, from irregular samples with noise. */
static void
test_learning (void)
{
  const double    a = -1.0 / 600, q = 0.02, noise = 0.04;
  TwinUncertainty learnt;
  TwinWander      wander = { 0 };
  TwinRandom      random;
  double          x = 0, limit = 0, seconds = 1, ratio = 0, guessed = 0;
  int             seeds = 20;

  for (int seed = 0; seed < seeds; seed++)
    {
      wander = (TwinWander){ 0 };
      seconds = 1;
      x = 0;
      twin_random_init (&random, (uint64_t) seed);
      for (int i = 0; i < 2000; i++)
        {
          double dt = 30 + 60 * twin_random_uniform (&random);
          double keep = exp (a * dt);

          x = x * keep + sqrt (-q / (2 * a) * (1 - keep * keep)) *
                             twin_random_normal (&random);
          seconds += dt;
          twin_wander_add (&wander, (int64_t) (seconds * 1e6),
                           70 + x +
                               sqrt (noise) * twin_random_normal (&random));
        }

      g_assert_true (twin_wander_get (&wander, NAN, &learnt));
      guessed += learnt.p0 / seeds;
      g_assert_true (twin_wander_get (&wander, noise, &learnt));
      limit += twin_uncertainty_variance (&learnt, 1e7) / seeds;
      ratio += twin_uncertainty_variance (&learnt, 120) / seeds;
    }

  g_test_message ("variance after 2 minutes %.3f, true %.3f; in the end %.2f, "
                  "true %.2f",
                  ratio, noise + q / (-2 * a) * (1 - exp (240 * a)), limit,
                  q / (-2 * a));
  g_test_message ("noise %.3f, true %.3f", guessed, noise);
  g_assert_cmpfloat (fabs (guessed - noise), <, 0.1);
  g_assert_true (near (limit, -q / (2 * a), 0.15));
  g_assert_true (
      near (ratio, noise * exp (240 * a) - q / (2 * a) * (1 - exp (240 * a)),
            0.1));
}

static void
test_little_known (void)
{
  TwinWander      wander = { 0 };
  TwinUncertainty u;

  for (int i = 1; i <= 30; i++)
    {
      g_assert_false (twin_wander_get (&wander, 0, &u));
      g_assert_true (isnan (twin_uncertainty_variance (&u, 10)));
      twin_wander_add (&wander, i * TWIN_US_PER_S, 20);
      twin_wander_add (&wander, i * TWIN_US_PER_S, 99); /* no later */
      twin_wander_add (&wander, i * TWIN_US_PER_S + 1, NAN);
    }

  /* A gap of a day says nothing of the steps. */
  twin_wander_add (&wander, 86400 * TWIN_US_PER_S, 20);
  g_assert_false (twin_wander_get (&wander, 0, &u));
  twin_wander_add (&wander, 86401 * TWIN_US_PER_S, 20);
  g_assert_true (twin_wander_get (&wander, 0.01, &u));
  /* What has not moved is as sure as its sensor. */
  g_assert_cmpfloat (twin_uncertainty_variance (&u, 3600), ==, 0.01);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/uncertainty/closed-form-as-simulated", test_known);
  g_test_add_func ("/uncertainty/ends", test_ends);
  g_test_add_func ("/uncertainty/allowed-age", test_allowed_age);
  g_test_add_func ("/uncertainty/matrix", test_matrix);
  g_test_add_func ("/uncertainty/learnt-from-a-signal", test_learning);
  g_test_add_func ("/uncertainty/little-known", test_little_known);
  return g_test_run ();
}
