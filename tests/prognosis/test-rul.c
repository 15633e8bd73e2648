/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "twin-clock.h"
#include "twin-random.h"
#include "twin-rul.h"

#define RECORDS 400
#define PERIOD_S 20
#define THRESHOLD 2.0794415416798357 /* ln 8 */

typedef struct
{
  int64_t times[RECORDS];
  double  index[RECORDS];
} History;

static TwinRandom source;

static double
uniform (void)
{
  return twin_random_uniform (&source);
}

static double
normal (void)
{
  return twin_random_normal (&source);
}

static void
seed (unsigned number)
{
  twin_random_init (&source, number);
}

/* As usual until @onset, then growing by @rate a second: measured with noise
 * @sigma. */
static void
fill (History *history, int onset, double rate, double sigma)
{
  for (int i = 0; i < RECORDS; i++)
    {
      double grown = MAX (0, i - onset) * PERIOD_S * rate;

      history->times[i] = (int64_t) i * PERIOD_S * TWIN_US_PER_S;
      history->index[i] = grown + sigma * normal ();
    }
}

static void
estimate (const History      *history,
          size_t              n,
          const TwinRulPrior *prior,
          TwinRul            *rul)
{
  twin_rul_estimate (history->times, history->index, n, history->times[n - 1],
                     prior, rul);
}

/* No trend, no date; never, whatever the noise. */
static void
test_abstains (void)
{
  for (unsigned number = 0; number < 200; number++)
    {
      History history;
      TwinRul rul;

      seed (2000 + number);
      fill (&history, RECORDS, 0, 0.02 + 0.15 * uniform ());
      estimate (&history, RECORDS, NULL, &rul);
      if (rul.estimable)
        g_error ("seed %u: a date without a trend: %s", 2000 + number, rul.why);
      g_assert_true (isnan (rul.p50_s));
      g_assert_cmpint (rul.onset_us, ==, TWIN_TIME_NONE);
      g_assert_true (isnan (rul.lower_bound_s));
      g_assert_nonnull (strstr (rul.why, "Not estimable"));
    }
}

/* Risen once and steady since: raised, but not growing. */
static void
test_step (void)
{
  History history;
  TwinRul rul;

  seed (3000);
  fill (&history, 0, 0, 0.04);
  for (int i = 200; i < RECORDS; i++)
    history.index[i] += 0.9;
  estimate (&history, RECORDS, NULL, &rul);
  g_assert_false (rul.estimable);
  g_assert_cmpint (rul.onset_us, !=, TWIN_TIME_NONE);
  g_assert_nonnull (strstr (rul.why, "growth"));
}

/* Some bearings rise and fall back: an onset is never latched. */
static void
test_falls_back (void)
{
  History history;
  TwinRul rul;

  seed (3001);
  fill (&history, 60, 2e-4, 0.04);
  estimate (&history, 300, NULL, &rul);
  g_assert_true (rul.estimable);
  for (int i = 300; i < RECORDS; i++)
    history.index[i] = 0.04 * normal ();
  estimate (&history, RECORDS, NULL, &rul);
  g_assert_false (rul.estimable);
  g_assert_cmpint (rul.onset_us, ==, TWIN_TIME_NONE);
}

static void
test_bounds (void)
{
  History      history;
  TwinRulPrior prior;
  TwinRul      rul;

  seed (3002);
  fill (&history, RECORDS, 0, 0.05);
  twin_rul_prior_default (&prior);

  /* Rating life 1000 h, new: 95 % live (ln 0.95 / ln 0.9)^(1/1.5) of it. */
  prior.life_l10_s = 1000 * 3600;
  estimate (&history, RECORDS, &prior, &rul);
  g_assert_false (rul.estimable);
  g_assert_cmpfloat_with_epsilon (rul.lower_bound_s / (1000 * 3600), 0.6188,
                                  1e-3);

  /* The older, the less. */
  prior.age_s = 5000 * 3600.0;
  estimate (&history, RECORDS, &prior, &rul);
  g_assert_cmpfloat (rul.lower_bound_s, <, 0.3 * 1000 * 3600);
  g_assert_cmpfloat (rul.lower_bound_s, >, 0);

  /* A fleet of ten: Student's t with five degrees, 5 % at -2.015. */
  prior.ln_life_mean = log (1e6);
  prior.ln_life_sd = 0.5;
  prior.fleet = 10;
  prior.age_s = 0;
  estimate (&history, RECORDS, &prior, &rul);
  g_assert_cmpfloat_with_epsilon (rul.lower_bound_s /
                                      exp (log (1e6) -
                                           2.01505 * 0.5 * sqrt (1.1)),
                                  1, 1e-3);
}

/* Samples: ascending, of one weight, with the quantiles where they belong. */
static void
test_samples (void)
{
  History      history;
  TwinRulPrior prior;
  TwinRul      rul;

  seed (3006);
  fill (&history, 60, 2e-4, 0.04);
  estimate (&history, 300, NULL, &rul);
  g_assert_cmpint (rul.samples_from, ==, TWIN_RUL_FROM_TREND);
  for (int i = 1; i < TWIN_RUL_SAMPLES; i++)
    g_assert_cmpfloat (rul.samples_s[i - 1], <=, rul.samples_s[i]);
  g_assert_cmpfloat (rul.samples_s[TWIN_RUL_SAMPLES / 2], ==, rul.p50_s);

  /* Without a trend: none, or what lives of its kind say. */
  fill (&history, RECORDS, 0, 0.05);
  estimate (&history, RECORDS, NULL, &rul);
  g_assert_cmpint (rul.samples_from, ==, TWIN_RUL_FROM_NOTHING);
  g_assert_true (isnan (rul.samples_s[0]));
  twin_rul_prior_default (&prior);
  prior.ln_life_mean = log (1e6);
  prior.ln_life_sd = 0.5;
  prior.fleet = 10;
  estimate (&history, RECORDS, &prior, &rul);
  g_assert_cmpint (rul.samples_from, ==, TWIN_RUL_FROM_FLEET);
  g_assert_false (rul.estimable);
  g_assert_cmpfloat_with_epsilon (rul.samples_s[TWIN_RUL_SAMPLES / 2], 1e6, 1);
}

static void
test_past_threshold (void)
{
  History history;
  TwinRul rul;

  seed (3003);
  fill (&history, 40, 4e-4, 0.04);
  estimate (&history, RECORDS, NULL, &rul);
  g_assert_true (rul.estimable);
  g_assert_cmpfloat (rul.index_now, >, THRESHOLD);
  g_assert_cmpfloat (rul.p50_s, ==, 0);
  g_assert_nonnull (strstr (rul.why, "past the threshold"));
}

static void
test_gaps_and_few (void)
{
  History history, plain;
  TwinRul with, without;

  seed (3004);
  fill (&history, 60, 2e-4, 0.04);
  plain = history;
  for (int i = 100; i < 110; i++)
    history.index[i] = NAN;
  estimate (&plain, 300, NULL, &without);
  estimate (&history, 300, NULL, &with);
  g_assert_true (with.estimable);
  g_assert_cmpfloat_with_epsilon (with.p50_s / without.p50_s, 1, 0.05);

  estimate (&history, 5, NULL, &with);
  g_assert_false (with.estimable);
  twin_rul_estimate (NULL, NULL, 0, 0, NULL, &with);
  g_assert_false (with.estimable);
  for (int i = 0; i < RECORDS; i++)
    history.index[i] = NAN;
  estimate (&history, RECORDS, NULL, &with);
  g_assert_false (with.estimable);
}

static void
test_fan (void)
{
  History history;
  TwinRul rul;

  seed (3005);
  fill (&history, 60, 2e-4, 0.04);
  estimate (&history, 300, NULL, &rul);
  g_assert_true (rul.estimable);
  g_assert_cmpfloat_with_epsilon (rul.rate_per_s, 2e-4, 2e-5);
  g_assert_cmpfloat_with_epsilon (twin_rul_index_ahead (&rul, 0, 0.5),
                                  rul.index_now, 1e-9);
  g_assert_cmpfloat (twin_rul_index_ahead (&rul, 1000, 0.05), <,
                     twin_rul_index_ahead (&rul, 1000, 0.95));
  /* The median of the fan meets the threshold at the median of the life. */
  g_assert_cmpfloat_with_epsilon (twin_rul_index_ahead (&rul, rul.p50_s, 0.5),
                                  THRESHOLD, 0.1);
  rul.estimable = FALSE;
  g_assert_true (isnan (twin_rul_index_ahead (&rul, 10, 0.5)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prognosis/rul/no-trend-no-date", test_abstains);
  g_test_add_func ("/prognosis/rul/a-step-is-no-trend", test_step);
  g_test_add_func ("/prognosis/rul/never-latched", test_falls_back);
  g_test_add_func ("/prognosis/rul/bounds-without-a-trend", test_bounds);
  g_test_add_func ("/prognosis/rul/samples", test_samples);
  g_test_add_func ("/prognosis/rul/past-the-threshold", test_past_threshold);
  g_test_add_func ("/prognosis/rul/gaps-and-few-records", test_gaps_and_few);
  g_test_add_func ("/prognosis/rul/fan", test_fan);
  return g_test_run ();
}
