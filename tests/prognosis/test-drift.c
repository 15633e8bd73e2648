/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>

#include "twin-clock.h"
#include "twin-drift.h"
#include "twin-random.h"

#define MINUTE_US (60 * TWIN_US_PER_S)
#define DAY 1440

/* A residual: noise, a wander of correlation time @tau_min, a daily wave. */
typedef struct
{
  double     noise, wander, tau_min, wave;
  TwinRandom random;
  double     x;
} Residual;

static double
residual_at (Residual *self, int minute)
{
  double keep = exp (-1 / self->tau_min);

  self->x = keep * self->x + self->wander * sqrt (1 - keep * keep) *
                                 twin_random_normal (&self->random);
  return 0.4 + self->x + self->noise * twin_random_normal (&self->random) +
         self->wave * sin (2 * G_PI * minute / DAY);
}

/* Minutes after the reference until it tells a drift, or @most. */
static int
run (Residual *residual, uint64_t seed, double per_day, int most)
{
  TwinDrift drift = { 0 };

  twin_random_init (&residual->random, seed);
  residual->x = 0;
  for (int minute = 0; minute < DAY + 10 + most; minute++)
    {
      double ramp = per_day * MAX (minute - DAY, 0) / DAY;

      twin_drift_add (&drift, (int64_t) minute * MINUTE_US,
                      residual_at (residual, minute) + ramp);
      if (drift.direction != 0)
        {
          g_assert_true (per_day == 0 || drift.direction * per_day > 0);
          return minute - DAY;
        }
    }

  return most;
}

static const Residual kinds[] = {
  { .noise = 0.2, .wander = 0.1, .tau_min = 20, .wave = 0 },
  { .noise = 0.1, .wander = 0.3, .tau_min = 60, .wave = 0 },
  { .noise = 0.1, .wander = 0.2, .tau_min = 60, .wave = 0.3 },
  { .noise = 0.05, .wander = 0.3, .tau_min = 180, .wave = 0 },
};

/* Average run length without a drift: alarms in 60 days after each of 25
 * references. */
static void
test_run_length (void)
{
  for (size_t k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      Residual residual = kinds[k];
      double   days = 0;
      int      alarms = 0;

      for (uint64_t seed = 1; seed <= 25; seed++)
        {
          int minutes = run (&residual, seed, 0, 60 * DAY);

          days += (double) minutes / DAY;
          alarms += minutes < 60 * DAY;
        }

      g_test_message ("kind %zu: %d alarms in %.0f days, one in %.0f", k,
                      alarms, days, days / MAX (alarms, 1));
      g_assert_cmpfloat (days / MAX (alarms, 1), >=, 30);
    }
}

static void
test_ramps (void)
{
  for (size_t k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (int sign = -1; sign <= 1; sign += 2)
      {
        Residual residual = kinds[k];
        double   sum = 0, worst = 0;

        for (uint64_t seed = 1; seed <= 20; seed++)
          {
            double hours = run (&residual, seed, sign * 3.5, 3 * DAY) / 60.0;

            sum += hours;
            worst = fmax (worst, hours);
          }

        g_test_message ("kind %zu, %+.1f K a day: found after %.1f h, at most "
                        "%.1f h",
                        k, sign * 3.5, sum / 20, worst);
        g_assert_cmpfloat (worst, <, 36);
      }
}

static void
test_words (void)
{
  TwinDrift        drift = { 0 };
  g_autofree char *learning = NULL, *steady = NULL, *drifting = NULL;
  int              minute = 0;

  for (; minute <= 6 * 60; minute++)
    twin_drift_add (&drift, minute * MINUTE_US, 0.1 * (minute % 3));
  learning = twin_drift_describe (&drift, minute * MINUTE_US);
  g_assert_cmpstr (learning, ==, "no reference yet: 6 of 24 h");

  for (; minute <= DAY + 60; minute++)
    twin_drift_add (&drift, minute * MINUTE_US, 0.1 * (minute % 3));
  steady = twin_drift_describe (&drift, minute * MINUTE_US);
  g_assert_cmpstr (steady, ==, "steady");

  for (; minute <= DAY + 600; minute++)
    {
      twin_drift_add (&drift, minute * MINUTE_US, 2.1);
      twin_drift_add (&drift, minute * MINUTE_US, NAN);
    }
  drifting = twin_drift_describe (&drift, minute * MINUTE_US);
  g_assert_true (g_str_has_prefix (drifting, "drifts up: +"));
  /* Since it began, not since it was found. */
  g_assert_cmpint (drift.since_us / MINUTE_US, >=, DAY + 40);
  g_assert_cmpint (drift.since_us / MINUTE_US, <=, DAY + 80);

  /* Repaired: it is told no longer. */
  for (; minute <= 3 * DAY; minute++)
    twin_drift_add (&drift, minute * MINUTE_US, 0.1 * (minute % 3));
  g_assert_cmpint (drift.direction, ==, 0);
}

static void
test_restored (void)
{
  TwinDrift drift;

  twin_drift_restore (&drift, 0.4, 0.1);
  g_assert_true (twin_drift_is_ready (&drift));
  for (int minute = 0; minute < 200; minute++)
    twin_drift_add (&drift, minute * MINUTE_US, 1);
  g_assert_cmpint (drift.direction, ==, 1);
}

static void
test_vote (void)
{
  static const struct
  {
    double values[4];
    size_t n;
    int    odd;
  } cases[] = {
    { { 0, 1, -1 }, 3, TWIN_VOTE_AGREE },
    { { 0, 9, 1 }, 3, 1 },
    { { -8, 0, 1 }, 3, 0 },
    { { 0, 3, 6 }, 3, TWIN_VOTE_UNDECIDED }, /* the first, or the last? */
    { { 0, 9, 18 }, 3, TWIN_VOTE_UNDECIDED },
    { { 0, 9 }, 2, TWIN_VOTE_UNDECIDED }, /* one against one */
    { { 0, 1 }, 2, TWIN_VOTE_AGREE },
    { { 0, NAN, 9 }, 3, TWIN_VOTE_UNDECIDED },
    { { 0, 9, 1, 2 }, 4, 1 },
    { { 0, 9, 1, 9 }, 4, TWIN_VOTE_UNDECIDED }, /* two against two */
    { { NAN, NAN, NAN }, 3, TWIN_VOTE_AGREE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (twin_vote (cases[i].values, cases[i].n, 5), ==,
                     cases[i].odd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drift/run-length", test_run_length);
  g_test_add_func ("/drift/ramps", test_ramps);
  g_test_add_func ("/drift/words", test_words);
  g_test_add_func ("/drift/restored", test_restored);
  g_test_add_func ("/drift/vote", test_vote);
  return g_test_run ();
}
