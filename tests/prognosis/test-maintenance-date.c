/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "twin-maintenance-date.h"

#define N 4000
#define DAY_S 86400.0

static double lives[N];

/* The question of which the rest of a test changes one thing. */
static TwinDateQuestion
ask_of (double (*quantile) (double level, double age), double age)
{
  for (int i = 0; i < N; i++)
    lives[i] = quantile ((i + 0.5) / N, age);

  return (TwinDateQuestion){
    .lives_s = lives,
    .n = N,
    .lower_s = lives[N / 20],
    .age_s = age,
    .rate_new = NAN,
    .planned = 1000,
    .unplanned = 10000,
  };
}

static gboolean
near (double value, double wanted, double tolerance)
{
  return fabs (value - wanted) <= tolerance * fabs (wanted);
}

static double
uniform (double level, double age)
{
  return 100 * DAY_S * level;
}

static double
exponential (double level, double age)
{
  return -100 * DAY_S * log (1 - level);
}

/* Shape 3, scale 100 days, given that it has reached @age. */
static double
weibull (double level, double age)
{
  const double scale = 100 * DAY_S;

  return scale * cbrt (pow (age / scale, 3) - log (1 - level)) - age;
}

/* Uniform lives: k t²/2 + t = 1 with k = unplanned/planned - 1. */
static void
test_uniform (void)
{
  static const double ratios[] = { 2, 5, 10, 100 };

  for (size_t i = 0; i < G_N_ELEMENTS (ratios); i++)
    {
      TwinDateQuestion question = ask_of (uniform, 0);
      const double     k = ratios[i] - 1;
      const double     best = (sqrt (1 + 2 * k) - 1) / k;
      TwinDate         date;

      question.unplanned = ratios[i] * question.planned;
      twin_maintenance_date (&question, &date);
      g_assert_cmpint (date.kind, ==, TWIN_DATE_AT);
      g_assert_true (near (date.at_s, best * 100 * DAY_S, 0.01));
      g_assert_cmpfloat (fabs (date.risk - best), <, 0.002);
      g_assert_true (near (date.cost, 1000 * (1 + k * best), 0.01));
      g_assert_true (near (date.rate,
                           1000 * (1 + k * best) /
                               ((best - best * best / 2) * 100 * DAY_S),
                           0.005));
      g_assert_true (near (date.lost_s,
                           100 * DAY_S * (0.5 - best + best * best / 2), 0.02));
      g_assert_true (near (date.cost_never, ratios[i] * 1000, 1e-9));
      g_assert_cmpfloat (date.rate, <, date.rate_never);
    }
}

/* No memory, no wear: a planned stop only costs. */
static void
test_exponential_never (void)
{
  TwinDateQuestion question = ask_of (exponential, 0);
  TwinDate         date;

  twin_maintenance_date (&question, &date);
  g_assert_cmpint (date.kind, ==, TWIN_DATE_NEVER);
  g_assert_true (isnan (date.at_s));
  g_assert_true (near (date.rate_never, 10000 / (100 * DAY_S), 0.01));
}

/* Barlow and Hunter: h(t) ∫S - F = planned / (unplanned - planned). */
static double
weibull_best (double ratio)
{
  double lo = 1e-3, hi = 3;

  for (int i = 0; i < 60; i++)
    {
      const double t = (lo + hi) / 2;
      double       area = 0;
      const int    steps = 2000;

      for (int k = 0; k < steps; k++)
        area += exp (-pow ((k + 0.5) * t / steps, 3)) * t / steps;
      if (3 * t * t * area - (1 - exp (-t * t * t)) < 1 / (ratio - 1))
        lo = t;
      else
        hi = t;
    }

  return 100 * DAY_S * lo;
}

static void
test_weibull (void)
{
  static const double ratios[] = { 3, 10, 30 };

  for (size_t i = 0; i < G_N_ELEMENTS (ratios); i++)
    {
      TwinDateQuestion question = ask_of (weibull, 0);
      TwinDate         date;

      question.unplanned = ratios[i] * question.planned;
      twin_maintenance_date (&question, &date);
      g_assert_true (near (date.at_s, weibull_best (ratios[i]), 0.02));
    }
}

/* With the cost of run time in the long run known, the best age does not
 * depend on how old the part is when somebody asks. */
static void
test_best_age_stays (void)
{
  TwinDateQuestion question = ask_of (weibull, 0);
  const double     rate = twin_maintenance_rate (lives, N, 1000, 10000);
  const double     best = weibull_best (10);
  TwinDate         date;

  g_assert_cmpfloat (rate, >, 0);
  for (double age = 0; age < 0.9 * best; age += best / 5)
    {
      question = ask_of (weibull, age);
      question.rate_new = rate;
      twin_maintenance_date (&question, &date);
      g_assert_cmpint (date.kind, ==, TWIN_DATE_AT);
      g_assert_true (near (age + date.at_s, best, 0.03));
    }

  question = ask_of (weibull, 1.2 * best);
  question.rate_new = rate;
  twin_maintenance_date (&question, &date);
  g_assert_cmpint (date.kind, ==, TWIN_DATE_SOON);
  g_assert_cmpfloat (date.at_s, ==, 0);
}

static void
test_costlier_failure_is_earlier (void)
{
  double before = INFINITY;

  for (double unplanned = 1500; unplanned < 1e6; unplanned *= 1.7)
    {
      TwinDateQuestion question = ask_of (weibull, 20 * DAY_S);
      TwinDate         date;

      question.unplanned = unplanned;
      twin_maintenance_date (&question, &date);
      if (date.kind == TWIN_DATE_NEVER)
        {
          g_assert_cmpfloat (before, ==, INFINITY);
          continue;
        }

      g_assert_cmpfloat (date.at_s, <=, before);
      before = date.at_s;
    }

  g_assert_cmpfloat (before, <, 10 * DAY_S);
}

/* Saturdays alone, and parts that take ten days. */
static void
test_windows_and_lead (void)
{
  TwinDateQuestion question = ask_of (weibull, 0);
  double           allowed[52];
  TwinDate         any, date;

  twin_maintenance_date (&question, &any);
  for (int i = 0; i < 52; i++)
    allowed[i] = (3 + 7 * i) * DAY_S;
  question.allowed_s = allowed;
  question.n_allowed = G_N_ELEMENTS (allowed);
  twin_maintenance_date (&question, &date);
  g_assert_cmpint (date.kind, ==, TWIN_DATE_AT);
  g_assert_cmpfloat (fabs (date.at_s - any.at_s), <=, 7 * DAY_S);
  g_assert_cmpint ((int) (date.at_s / DAY_S) % 7, ==, 3);
  g_assert_cmpfloat (date.rate, >=, any.rate);

  question.lead_s = 70 * DAY_S;
  twin_maintenance_date (&question, &date);
  g_assert_cmpint (date.kind, ==, TWIN_DATE_SOON);
  g_assert_cmpfloat (date.at_s, ==, 73 * DAY_S);

  question.lead_s = 1000 * DAY_S;
  twin_maintenance_date (&question, &date);
  g_assert_cmpint (date.kind, ==, TWIN_DATE_NONE);
  g_assert_nonnull (strstr (date.why, "allowed"));
}

static void
test_not_estimable (void)
{
  TwinDateQuestion question = { .lower_s = 12 * DAY_S,
                                .age_s = NAN,
                                .rate_new = NAN,
                                .planned = 1000,
                                .unplanned = 10000 };
  TwinDate         date;

  twin_maintenance_date (&question, &date);
  g_assert_cmpint (date.kind, ==, TWIN_DATE_NONE);
  g_assert_true (isnan (date.at_s));
  g_assert_cmpfloat (date.inspect_s, ==, 12 * DAY_S);
  g_assert_nonnull (strstr (date.why, "at least 12 d"));
  g_assert_nonnull (strstr (date.why, "Inspect"));

  question.lower_s = NAN;
  twin_maintenance_date (&question, &date);
  g_assert_cmpint (date.kind, ==, TWIN_DATE_NONE);
  g_assert_true (isnan (date.inspect_s));

  question = ask_of (weibull, 0);
  question.unplanned = NAN;
  twin_maintenance_date (&question, &date);
  g_assert_cmpint (date.kind, ==, TWIN_DATE_NONE);
  g_assert_nonnull (strstr (date.why, "cost"));
}

static void
test_risk (void)
{
  ask_of (uniform, 0);
  g_assert_cmpfloat (twin_maintenance_risk (lives, N, 0), ==, 0);
  g_assert_cmpfloat (fabs (twin_maintenance_risk (lives, N, 25 * DAY_S) - 0.25),
                     <, 1e-3);
  g_assert_cmpfloat (twin_maintenance_risk (lives, N, INFINITY), ==, 1);
  g_assert_true (isnan (twin_maintenance_risk (lives, 0, 1)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prognosis/maintenance-date/uniform", test_uniform);
  g_test_add_func ("/prognosis/maintenance-date/exponential-never",
                   test_exponential_never);
  g_test_add_func ("/prognosis/maintenance-date/weibull", test_weibull);
  g_test_add_func ("/prognosis/maintenance-date/best-age-stays",
                   test_best_age_stays);
  g_test_add_func ("/prognosis/maintenance-date/costlier-failure-is-earlier",
                   test_costlier_failure_is_earlier);
  g_test_add_func ("/prognosis/maintenance-date/windows-and-lead",
                   test_windows_and_lead);
  g_test_add_func ("/prognosis/maintenance-date/not-estimable",
                   test_not_estimable);
  g_test_add_func ("/prognosis/maintenance-date/risk", test_risk);
  return g_test_run ();
}
