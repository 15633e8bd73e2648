/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>

#include "twin-clock.h"
#include "twin-random.h"
#include "twin-rul-learn.h"
#include "twin-rul-metrics.h"
#include "twin-rul-record.h"

static const TwinRulSaid interval = { 0, 10, 25, 50, 75, 100, 10 };
static const TwinRulSaid bound = { 0, NAN, NAN, NAN, NAN, NAN, 10 };

static void
test_scores (void)
{
  const double time[] = { 0, 50, 80, 90 };
  const double predicted[] = { 150, 95, 25, 12 };
  double       low, high;

  /* Points of the PHM 2012 function: A(20) = 0.5, A(-10) = 0.25. */
  g_assert_cmpfloat_with_epsilon (twin_rul_phm_score (100, 80), 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (twin_rul_phm_score (100, 110), 0.25, 1e-12);
  g_assert_cmpfloat_with_epsilon (twin_rul_phm_score (100, 100), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (twin_rul_nasa_score (50, 60), G_E - 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (twin_rul_nasa_score (63, 50), G_E - 1, 1e-12);
  g_assert_cmpfloat (twin_rul_nasa_score (50, 50), ==, 0);
  g_assert_true (twin_rul_alpha_holds (100, 120, 0.2));
  g_assert_false (twin_rul_alpha_holds (100, 121, 0.2));
  g_assert_cmpfloat_with_epsilon (twin_rul_relative_accuracy (100, 130), 0.7,
                                  1e-12);
  /* End at 100: off by 50, 45, 5, 2; in a band of 20 from 80 on. */
  g_assert_cmpfloat (twin_rul_horizon (time, predicted, 4, 100, 0.2), ==, 20);
  g_assert_cmpfloat (twin_rul_horizon (time, predicted, 4, 100, 0.01), ==, 0);
  g_assert_cmpfloat_with_epsilon (twin_rul_pinball (100, 80, 0.05), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (twin_rul_pinball (60, 80, 0.05), 19, 1e-12);
  /* Wilson 1927, 45 of 50: 0.786 to 0.957. */
  twin_rul_share_interval (45, 50, &low, &high);
  g_assert_cmpfloat_with_epsilon (low, 0.7864, 1e-4);
  g_assert_cmpfloat_with_epsilon (high, 0.9565, 1e-4);
  twin_rul_share_interval (0, 0, &low, &high);
  g_assert_cmpfloat (high - low, ==, 1);
}

static void
test_verdicts (void)
{
  static const struct
  {
    const TwinRulSaid *said;
    TwinRulFate        fate;
    double             lasted;
    TwinRulVerdict     verdict;
  } cases[] = {
    { &interval, TWIN_RUL_ENDED, 5, TWIN_RUL_VERDICT_EARLY },
    { &interval, TWIN_RUL_ENDED, 60, TWIN_RUL_VERDICT_HELD },
    { &interval, TWIN_RUL_ENDED, 101, TWIN_RUL_VERDICT_LATE },
    { &interval, TWIN_RUL_RUNNING, 5, TWIN_RUL_VERDICT_OPEN },
    { &interval, TWIN_RUL_RUNNING, 60, TWIN_RUL_VERDICT_OPEN },
    { &interval, TWIN_RUL_RUNNING, 101, TWIN_RUL_VERDICT_LATE },
    { &interval, TWIN_RUL_MAINTAINED, 60, TWIN_RUL_VERDICT_CUT },
    { &interval, TWIN_RUL_MAINTAINED, 101, TWIN_RUL_VERDICT_LATE },
    { &bound, TWIN_RUL_ENDED, 5, TWIN_RUL_VERDICT_EARLY },
    { &bound, TWIN_RUL_ENDED, 500, TWIN_RUL_VERDICT_HELD },
    { &bound, TWIN_RUL_RUNNING, 5, TWIN_RUL_VERDICT_OPEN },
    { &bound, TWIN_RUL_RUNNING, 11, TWIN_RUL_VERDICT_HELD },
    { &bound, TWIN_RUL_MAINTAINED, 5, TWIN_RUL_VERDICT_CUT },
  };
  const TwinRulSaid nothing = { 0, NAN, NAN, NAN, NAN, NAN, NAN };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (twin_rul_verdict_name (twin_rul_judge (cases[i].said,
                                                            cases[i].fate,
                                                            cases[i].lasted)),
                     ==, twin_rul_verdict_name (cases[i].verdict));
  g_assert_cmpint (twin_rul_judge (&nothing, TWIN_RUL_ENDED, 1), ==,
                   TWIN_RUL_VERDICT_NONE);
}

static void
test_end (void)
{
  int64_t times[40];
  double  index[40];

  for (int i = 0; i < 40; i++)
    {
      times[i] = i * TWIN_US_PER_S;
      index[i] = i == 5 ? 3 : i < 20 ? 1 : 2.5; /* one outlier is no end */
    }
  g_assert_cmpint (twin_rul_find_end (times, index, 40, 0, 2), ==,
                   24 * TWIN_US_PER_S);
  g_assert_cmpint (twin_rul_find_end (times, index, 40, 0, 3), ==,
                   TWIN_TIME_NONE);
  g_assert_cmpint (twin_rul_find_end (times, index, 40, 30 * TWIN_US_PER_S, 2),
                   ==, 34 * TWIN_US_PER_S);
}

/* One case a life: the first interval of each, whatever was said after it. */
static void
test_cases (void)
{
  const TwinRulEnd ends[] = {
    { 100 * TWIN_US_PER_S, TWIN_RUL_ENDED },
    { 150 * TWIN_US_PER_S, TWIN_RUL_MAINTAINED },
  };
  TwinRulSaid said[25];
  g_autoptr (GArray) cases = g_array_new (FALSE, FALSE, sizeof (TwinRulCase));
  const TwinRulCase *all;

  for (int i = 0; i < 25; i++)
    {
      said[i] = i % 10 < 3 ? bound : interval;
      said[i].made_us = i * 10 * TWIN_US_PER_S;
    }
  twin_rul_cases (said, 25, ends, 2, 300 * TWIN_US_PER_S, cases);
  /* What is said between the end and the repair is no prediction. */
  g_assert_cmpint (cases->len, ==, 2);
  all = (const TwinRulCase *) (void *) cases->data;
  g_assert_cmpint (all[0].fate, ==, TWIN_RUL_ENDED);
  g_assert_cmpfloat (all[0].lasted_s, ==, 70);
  g_assert_cmpint (all[1].fate, ==, TWIN_RUL_RUNNING);
  g_assert_cmpfloat (all[1].lasted_s, ==, 150);
}

/* Lives drawn from what was said, half of them cut at random: the share is
 * found again, though those that last longest are cut most. */
static void
test_calibration (void)
{
  enum
  {
    CASES = 4000,
  };
  g_autofree TwinRulCase *cases = g_new (TwinRulCase, CASES);
  TwinRulCalibration      whole, cut, none;
  TwinRandom              random;

  twin_random_init (&random, 5);
  for (int i = 0; i < CASES; i++)
    {
      double u = twin_random_uniform (&random);
      /* As the interval says, but 10 % of them end at once. */
      double lasted = twin_random_uniform (&random) < 0.1 ? 1
                      : u < 0.05                          ? 200 * u
                      : u < 0.25                          ? 10 + 75 * (u - 0.05)
                      : u < 0.95 ? 25 + 100 * (u - 0.25) * 75 / 70
                                 : 150;

      cases[i] = (TwinRulCase){ interval, TWIN_RUL_ENDED, lasted };
    }
  twin_rul_calibrate (cases, CASES, &whole);
  g_assert_cmpint (whole.ended, ==, CASES);
  g_assert_cmpfloat_with_epsilon (whole.inside, 0.81, 0.02);

  for (int i = 0; i < CASES; i++)
    {
      double when = 160 * twin_random_uniform (&random);

      if (when < cases[i].lasted_s)
        {
          cases[i].lasted_s = when;
          cases[i].fate = i % 2 ? TWIN_RUL_MAINTAINED : TWIN_RUL_RUNNING;
        }
    }
  twin_rul_calibrate (cases, CASES, &cut);
  g_assert_cmpint (cut.cut, >, CASES / 10);
  g_assert_cmpint (cut.open, >, CASES / 10);
  g_assert_cmpint (cut.n, ==, CASES);
  g_assert_cmpfloat_with_epsilon (cut.inside, 0.81, 0.03);
  g_assert_cmpfloat (cut.high - cut.low, >, whole.high - whole.low);

  twin_rul_calibrate (NULL, 0, &none);
  g_assert_true (isnan (none.inside));
}

/* Ten lives alike: threshold, life and time since onset are found. */
static void
test_learn (void)
{
  enum
  {
    LIVES = 10,
    RECORDS = 400,
  };
  static int64_t times[RECORDS];
  static double  index[LIVES][RECORDS];
  TwinRulLife    lives[LIVES];
  TwinRulPrior   prior, none;
  TwinRandom     random;

  twin_random_init (&random, 9);
  for (int l = 0; l < LIVES; l++)
    {
      size_t n = 300 + (size_t) (100 * twin_random_uniform (&random));

      for (size_t i = 0; i < n; i++)
        {
          times[i] = (int64_t) i * 60 * TWIN_US_PER_S;
          index[l][i] = 0.03 * twin_random_normal (&random) +
                        (i + 100 > n ? 2.0 * (double) (i + 100 - n) / 100 : 0);
        }
      lives[l] = (TwinRulLife){ times, index[l], n };
    }

  twin_rul_prior_learn (lives, LIVES, &prior);
  g_assert_cmpint (prior.fleet, ==, LIVES);
  g_assert_cmpint (prior.onsets, ==, LIVES);
  g_assert_cmpfloat_with_epsilon (prior.threshold, 2, 0.1);
  g_assert_cmpfloat_with_epsilon (exp (prior.ln_life_mean) / (350 * 60), 1,
                                  0.1);
  /* The onset, half the way, comes fifty records before the end. */
  g_assert_cmpfloat_with_epsilon (exp (prior.ln_since_mean) / (50 * 60), 1,
                                  0.1);
  g_assert_cmpfloat_with_epsilon (exp (prior.ln_rate_mean) * 100 * 60 / 2, 1,
                                  0.1);

  twin_rul_prior_learn (lives, TWIN_RUL_LIVES_LEAST - 1, &none);
  g_assert_cmpint (none.fleet, ==, 0);
  g_assert_cmpint (none.onsets, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prognosis/rul-metrics/scores", test_scores);
  g_test_add_func ("/prognosis/rul-record/verdicts", test_verdicts);
  g_test_add_func ("/prognosis/rul-record/end", test_end);
  g_test_add_func ("/prognosis/rul-record/cases", test_cases);
  g_test_add_func ("/prognosis/rul-record/calibration", test_calibration);
  g_test_add_func ("/prognosis/rul-learn/lives-alike", test_learn);
  return g_test_run ();
}
