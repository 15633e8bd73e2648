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
  source.state = UINT64_C (0x9e3779b97f4a7c15) * (number + 1);
  for (int i = 0; i < 8; i++)
    uniform ();
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

/* Machines that wear at rates of their own and fail at a level of their own:
 * the 5 to 95 % interval must hold the truth about nine times in ten. */
static void
test_coverage (void)
{
  int inside = 0, over_bound = 0, judged = 0, halves = 0;

  for (unsigned number = 0; number < 300; number++)
    {
      History      history;
      TwinRulPrior prior;
      TwinRul      rul;
      double       rate, fails_at, truth;
      size_t       n;

      seed (number);
      twin_rul_prior_default (&prior);
      rate = 1.2 / (RECORDS * PERIOD_S) * exp (0.4 * normal ());
      fails_at = prior.threshold + prior.threshold_sd * normal ();
      fill (&history, 60, rate, 0.05);
      n = 250 + (size_t) (100 * uniform ());
      truth = fails_at / rate - ((double) n - 1 - 60) * PERIOD_S;
      estimate (&history, n, &prior, &rul);
      if (!rul.estimable || truth < 0)
        continue;

      judged++;
      inside += truth >= rul.p05_s && truth <= rul.p95_s;
      halves += truth <= rul.p50_s;
      over_bound += truth >= rul.lower_bound_s;
      g_assert_cmpfloat (rul.p05_s, <=, rul.p25_s);
      g_assert_cmpfloat (rul.p25_s, <=, rul.p50_s);
      g_assert_cmpfloat (rul.p50_s, <=, rul.p75_s);
      g_assert_cmpfloat (rul.p75_s, <=, rul.p95_s);
    }

  g_test_message ("seeds 0 to 299: %d judged, %.1f %% inside 5..95, %.1f %% "
                  "under the median, %.1f %% over the bound",
                  judged, 100.0 * inside / judged, 100.0 * halves / judged,
                  100.0 * over_bound / judged);
  g_assert_cmpint (judged, >, 200);
  g_assert_cmpfloat (inside, >=, 0.80 * judged);
  g_assert_cmpfloat (inside, <=, 0.97 * judged);
  g_assert_cmpfloat (halves, >=, 0.35 * judged);
  g_assert_cmpfloat (halves, <=, 0.65 * judged);
  g_assert_cmpfloat (over_bound, >=, 0.90 * judged);
}

/* The same with diffusion: the wear itself is a random walk with drift. */
static void
test_coverage_with_diffusion (void)
{
  int inside = 0, judged = 0;

  for (unsigned number = 0; number < 300; number++)
    {
      History history;
      TwinRul rul;
      double  rate, wear = 0, q = 1e-5, fails_at, t;
      size_t  n = 300;

      seed (1000 + number);
      rate = 1.2 / (RECORDS * PERIOD_S) * exp (0.3 * normal ());
      fill (&history, 0, 0, 0.03);
      for (size_t i = 60; i < n; i++)
        {
          wear += rate * PERIOD_S + sqrt (q * PERIOD_S) * normal ();
          history.index[i] += wear;
        }

      estimate (&history, n, NULL, &rul);
      if (!rul.estimable || wear >= THRESHOLD)
        continue;

      fails_at = THRESHOLD + log (1.4) * normal ();
      for (t = 0; wear < fails_at && t < 1e6; t += PERIOD_S)
        wear += rate * PERIOD_S + sqrt (q * PERIOD_S) * normal ();

      judged++;
      inside += t >= rul.p05_s && t <= rul.p95_s;
    }

  g_test_message ("seeds 1000 to 1299: %d judged, %.1f %% inside 5..95", judged,
                  100.0 * inside / judged);
  g_assert_cmpint (judged, >, 120);
  g_assert_cmpfloat (inside, >=, 0.80 * judged);
  g_assert_cmpfloat (inside, <=, 0.97 * judged);
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
  g_test_add_func ("/prognosis/rul/interval-holds-the-truth", test_coverage);
  g_test_add_func ("/prognosis/rul/interval-with-diffusion",
                   test_coverage_with_diffusion);
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
