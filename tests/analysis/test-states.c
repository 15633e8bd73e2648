/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "twin-baseline-states.h"
#include "twin-random.h"

enum
{
  LEVEL,
  PEAK,
  KURTOSIS,
  RESIDUAL, /* not in logarithms */
  FEATURES,
};

static const gboolean logarithmic[FEATURES] = { TRUE, TRUE, TRUE, FALSE };

/* Levels rise with the square of the speed and with the load; peak follows
 * level, record by record 5 %. */
static void
make_record (TwinRandom               *random,
             const TwinOperatingPoint *point,
             double                   *features)
{
  const double usual =
      0.1 * pow (point->speed_hz / 25, 2) * (0.5 + point->load);
  const double common = 0.05 * twin_random_normal (random);

  features[LEVEL] = usual * exp (common);
  features[PEAK] =
      4 * usual * exp (common + 0.03 * twin_random_normal (random));
  features[KURTOSIS] = 3 * exp (0.04 * twin_random_normal (random));
  features[RESIDUAL] = 0.5 * twin_random_normal (random);
}

static TwinOperatingPoint
place (TwinRandom *random, double speed_hz, double load)
{
  return (TwinOperatingPoint){
    speed_hz * (1 + 0.005 * twin_random_normal (random)),
    load + 0.01 * twin_random_normal (random),
  };
}

static TwinStatesScore
push (TwinStates *states,
      TwinRandom *random,
      double      speed_hz,
      double      load,
      double      factor)
{
  const TwinOperatingPoint point = place (random, speed_hz, load);
  TwinStatesScore          score;
  double                   features[FEATURES];

  make_record (random, &point, features);
  features[LEVEL] *= factor;
  twin_states_push (states, &point, features, TRUE, &score);
  return score;
}

static void
learn (TwinStates *states, TwinRandom *random, double speed_hz, double load)
{
  for (unsigned i = 1; i <= TWIN_STATES_RECORDS; i++)
    {
      const TwinStatesScore score = push (states, random, speed_hz, load, 1);

      g_assert_cmpint (score.stage, ==, TWIN_STATES_LEARNING);
      g_assert_cmpuint (score.records, ==, i);
      g_assert_true (isnan (score.score));
    }
}

static void
test_score (void)
{
  g_assert_cmpfloat (twin_states_score (0), ==, 0);
  g_assert_cmpfloat_with_epsilon (twin_states_score (1), 50, 1e-12);
  g_assert_cmpfloat_with_epsilon (twin_states_score (2), 93.75, 1e-12);
}

static void
test_fault_is_named (void)
{
  g_autoptr (TwinStates) states = twin_states_new (FEATURES, logarithmic);
  TwinStatesScore score = { 0 };
  TwinRandom      random;

  twin_random_init (&random, 1);
  learn (states, &random, 25, 0.8);
  for (int i = 0; i < 20; i++)
    score = push (states, &random, 25, 0.8, 1);
  g_assert_cmpint (score.stage, ==, TWIN_STATES_JUDGED);
  g_assert_cmpfloat (score.level, <, 50);
  g_assert_false (score.alarm);

  /* One wild record is none; a lasting one is, after a few. */
  score = push (states, &random, 25, 0.8, 100);
  g_assert_cmpfloat (score.score, >, 99);
  g_assert_cmpuint (score.driver, ==, LEVEL);
  g_assert_cmpfloat (score.driver_z, >, 10);
  for (int i = 0; i < 10; i++)
    {
      score = push (states, &random, 25, 0.8, 1);
      g_assert_false (score.alarm);
    }
  for (int i = 0; i < 12; i++)
    score = push (states, &random, 25, 0.8, 1.6);
  g_assert_true (score.alarm);
  g_assert_cmpuint (score.driver, ==, LEVEL);

  /* Never latched. */
  for (int i = 0; i < 25; i++)
    score = push (states, &random, 25, 0.8, 1);
  g_assert_false (score.alarm);
}

/* Level and peak each within their own spread, but no longer together. */
static void
test_relation (void)
{
  g_autoptr (TwinStates) states = twin_states_new (FEATURES, logarithmic);
  TwinStatesScore          score = { 0 };
  TwinRandom               random;
  double                   features[FEATURES];
  const TwinOperatingPoint point = { 25, 0.8 };

  twin_random_init (&random, 2);
  for (int i = 0; i < TWIN_STATES_RECORDS; i++)
    {
      const double common = 0.3 * twin_random_normal (&random);

      make_record (&random, &point, features);
      features[LEVEL] *= exp (common);
      features[PEAK] *= exp (common);
      twin_states_push (states, &point, features, TRUE, &score);
    }
  make_record (&random, &point, features);
  features[LEVEL] *= exp (0.6);
  features[PEAK] *= exp (-0.6);
  twin_states_push (states, &point, features, TRUE, &score);
  g_assert_cmpfloat (score.distance, >, 1);
  g_assert_cmpfloat (fabs (score.driver_z), <, 3);
}

static void
test_load_is_no_fault (void)
{
  g_autoptr (TwinStates) states = twin_states_new (FEATURES, logarithmic);
  TwinStatesScore score;
  TwinRandom      random;

  twin_random_init (&random, 3);
  learn (states, &random, 25, 0.3);
  learn (states, &random, 25, 0.8);
  learn (states, &random, 50, 0.8);
  for (int i = 0; i < 600; i++)
    {
      score = push (states, &random, i % 3 == 2 ? 50 : 25,
                    i % 3 == 0 ? 0.3 : 0.8, 1);
      g_assert_cmpint (score.stage, ==, TWIN_STATES_JUDGED);
      g_assert_cmpuint (score.state, ==, i % 3);
      g_assert_false (score.alarm);
    }

  /* A new one is said to be new, not judged by another. */
  score = push (states, &random, 35, 0.8, 1);
  g_assert_cmpint (score.stage, ==, TWIN_STATES_LEARNING);
  g_assert_cmpuint (score.records, ==, 1);
  g_assert_cmpuint (score.n_states, ==, 4);
}

/* 0.1 % a record, which no single record shows: found all the same. */
static void
test_slow_fault_is_not_learnt (void)
{
  g_autoptr (TwinStates) states = twin_states_new (FEATURES, logarithmic);
  TwinRandom random;
  int        found = 0;

  twin_random_init (&random, 4);
  learn (states, &random, 25, 0.8);
  for (int i = 0; i < 600 && found == 0; i++)
    if (push (states, &random, 25, 0.8, exp (0.001 * i)).alarm)
      found = i;
  g_test_message ("alarm at +%.0f %%", 100 * (exp (0.001 * found) - 1));
  g_assert_cmpint (found, >, 50);
  g_assert_cmpint (found, <, 400);
}

/* While something is wrong nothing is learnt, here or at another state. */
static void
test_frozen (void)
{
  g_autoptr (TwinStates) states = twin_states_new (FEATURES, logarithmic);
  TwinOperatingPoint point = { 25, 0.8 };
  TwinStatesScore    score;
  TwinRandom         random;
  double             features[FEATURES];

  twin_random_init (&random, 5);
  make_record (&random, &point, features);
  twin_states_push (states, &point, features, FALSE, &score);
  g_assert_cmpint (score.stage, ==, TWIN_STATES_HELD);
  g_assert_cmpuint (score.n_states, ==, 0);

  learn (states, &random, 25, 0.8);
  for (int i = 0; i < 20; i++)
    score = push (states, &random, 25, 0.8, 3);
  g_assert_true (score.alarm);
  score = push (states, &random, 50, 0.8, 3);
  g_assert_cmpint (score.stage, ==, TWIN_STATES_HELD);

  /* After maintenance all is learnt anew. */
  twin_states_reset (states);
  learn (states, &random, 50, 0.8);
  score = push (states, &random, 50, 0.8, 1);
  g_assert_cmpint (score.stage, ==, TWIN_STATES_JUDGED);
  g_assert_false (score.alarm);
}

static void
test_gaps (void)
{
  g_autoptr (TwinStates) states = twin_states_new (FEATURES, logarithmic);
  const TwinOperatingPoint unknown = { NAN, NAN };
  const double             none[FEATURES] = { NAN, NAN, NAN, NAN };
  TwinStatesScore          score;
  TwinRandom               random;
  double                   features[FEATURES];

  twin_random_init (&random, 6);
  for (int i = 0; i < 60; i++)
    {
      const TwinOperatingPoint point = { 25, 0.8 };

      make_record (&random, &point, features);
      features[RESIDUAL] = NAN; /* this machine has none */
      if (i == 20)
        features[LEVEL] = NAN;
      if (i == 21)
        features[PEAK] = 0; /* has no logarithm */
      twin_states_push (states, &unknown, features, TRUE, &score);
    }
  g_assert_cmpint (score.stage, ==, TWIN_STATES_JUDGED);
  twin_states_push (states, &unknown, none, TRUE, &score);
  g_assert_cmpfloat (score.distance, ==, 0);

  for (int i = 0; i < TWIN_STATES_MAX + 3; i++)
    twin_states_push (states, &(TwinOperatingPoint){ 10 + 2 * i, 1 }, features,
                      TRUE, &score);
  g_assert_cmpint (score.stage, ==, TWIN_STATES_CROWDED);
}

static void
test_kept (void)
{
  g_autoptr (TwinStates) states = twin_states_new (FEATURES, logarithmic);
  g_autoptr (TwinStates) again = twin_states_new (FEATURES, logarithmic);
  static const char *const bad[] = {
    "",
    "states 2\n",
    "states 1\n- 1 2 3 4\n",
    "states 1\nstate 25\n",
    "states 1\nstate 25 1 9\n",
    "states 1\nstate 25 1 0 1\n- 1\n",
    "states 1\nstate 25 1 0 1\n- 1 x\n",
    "states 1\nstate 25 1 0 1\n- 1 nan\n",
    "states 1\nstate 25 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
    "states 1\nstate 25 1 1e300\n",
  };
  g_autofree char *text = NULL, *twice = NULL;
  TwinStatesScore  a, b;
  TwinRandom       random, same;

  twin_random_init (&random, 7);
  learn (states, &random, 25, 0.8);
  push (states, &random, 50, 0.8, 1);
  text = twin_states_write (states);
  g_assert_true (twin_states_read (again, text));
  twice = twin_states_write (again);
  g_assert_cmpstr (twice, ==, text);

  same = random;
  a = push (states, &random, 25, 0.8, 1.2);
  b = push (again, &same, 25, 0.8, 1.2);
  g_assert_cmpfloat_with_epsilon (a.score, b.score, 0.01);
  g_assert_cmpuint (push (again, &same, 50, 0.8, 1).records, ==, 2);

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (twin_states_read (again, bad[i]));
      g_assert_cmpuint (push (again, &same, 25, 0.8, 1).records, ==, 1);
    }
}

/* A record each ten minutes for 60 days at three states, ten machines. */
static void
test_healthy_days (void)
{
  unsigned alarms = 0, over = 0;

  for (int machine = 0; machine < 10; machine++)
    {
      g_autoptr (TwinStates) states = twin_states_new (FEATURES, logarithmic);
      gboolean   before = FALSE;
      TwinRandom random;

      twin_random_init (&random, 100 + machine);
      for (int i = 0; i < 60 * 144; i++)
        {
          const int             shift = i / 48 % 3; /* eight hours each */
          const TwinStatesScore score =
              push (states, &random, shift == 0 ? 20 : 25,
                    shift == 2 ? 0.4 : 0.8, 1);

          over += score.score > 50;
          alarms += score.alarm && !before;
          before = score.alarm;
        }
    }

  g_test_message ("%u alarms, %u of %d records over the limit", alarms, over,
                  10 * 60 * 144);
  g_assert_cmpuint (alarms, ==, 0);
  g_assert_cmpuint (over, <, 10 * 60 * 144 / 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/states/score", test_score);
  g_test_add_func ("/states/fault-is-named", test_fault_is_named);
  g_test_add_func ("/states/relation", test_relation);
  g_test_add_func ("/states/load-is-no-fault", test_load_is_no_fault);
  g_test_add_func ("/states/slow-fault-is-not-learnt",
                   test_slow_fault_is_not_learnt);
  g_test_add_func ("/states/frozen", test_frozen);
  g_test_add_func ("/states/gaps", test_gaps);
  g_test_add_func ("/states/kept", test_kept);
  g_test_add_func ("/states/healthy-days", test_healthy_days);
  return g_test_run ();
}
