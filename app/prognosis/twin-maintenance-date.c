/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-maintenance-date.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DAY_S 86400.0

/* Of the mean life left: finer than samples of it can tell. */
#define AT_ONCE 0.01

/* What a stop at a time comes to. */
typedef struct
{
  double at_s, risk, run_s, cost, rate, worth;
} Point;

typedef struct
{
  const TwinDateQuestion *question;
  double                 *sums; /* of the first i lives */
  double                  age_s;
} Lives;

static size_t
count_under (const double *lives_s, size_t n, double at_s)
{
  size_t lo = 0, hi = n;

  while (lo < hi)
    {
      const size_t middle = lo + (hi - lo) / 2;

      if (lives_s[middle] < at_s)
        lo = middle + 1;
      else
        hi = middle;
    }

  return lo;
}

double
twin_maintenance_risk (const double *lives_s, size_t n, double at_s)
{
  return n > 0 ? (double) count_under (lives_s, n, at_s) / (double) n : NAN;
}

/* @at_s INFINITY: run to failure. */
static Point
point_at (const Lives *self, double at_s)
{
  const TwinDateQuestion *question = self->question;
  const size_t under = count_under (question->lives_s, question->n, at_s);
  const double n = (double) question->n;
  Point        point = { .at_s = at_s, .risk = (double) under / n };

  point.run_s = self->sums[under] / n;
  if (under < question->n)
    point.run_s += at_s * (1 - point.risk);
  point.cost =
      question->planned * (1 - point.risk) + question->unplanned * point.risk;
  point.rate = point.cost / (self->age_s + point.run_s);
  point.worth = isnan (question->rate_new)
                    ? point.rate
                    : point.cost - question->rate_new * point.run_s;
  return point;
}

static void
lives_init (Lives *self, const TwinDateQuestion *question)
{
  self->question = question;
  self->age_s = isnan (question->age_s) ? 0 : fmax (question->age_s, 0);
  self->sums = g_new (double, question->n + 1);
  self->sums[0] = 0;
  for (size_t i = 0; i < question->n; i++)
    self->sums[i + 1] = self->sums[i] + question->lives_s[i];
}

/* Between two lives the risk stands still and run time is gained: the best
 * times are those just before a life ends. */
static Point
best_of_any (const Lives *self, double soonest_s)
{
  const TwinDateQuestion *question = self->question;
  Point                   best = point_at (self, soonest_s);

  for (size_t i = 0; i < question->n; i++)
    {
      Point point;

      if (!(question->lives_s[i] > soonest_s))
        continue;

      point = point_at (self, question->lives_s[i]);
      if (point.worth < best.worth)
        best = point;
    }

  return best;
}

static Point
best_of_allowed (const Lives *self, double soonest_s)
{
  const TwinDateQuestion *question = self->question;
  Point                   best = point_at (self, soonest_s);

  for (size_t i = 0; i < question->n_allowed; i++)
    {
      Point point;

      if (!(question->allowed_s[i] > soonest_s))
        continue;

      point = point_at (self, question->allowed_s[i]);
      if (point.worth < best.worth)
        best = point;
    }

  return best;
}

/* The first time that is allowed and not before the lead time; NaN: none. */
static double
soonest (const TwinDateQuestion *question)
{
  const double lead_s = fmax (question->lead_s, 0);

  if (question->n_allowed == 0)
    return lead_s;

  for (size_t i = 0; i < question->n_allowed; i++)
    if (question->allowed_s[i] >= lead_s)
      return question->allowed_s[i];

  return NAN;
}

/* --- words -------------------------------------------------------------------
 */

static void
format_span (double seconds, char *text, size_t size)
{
  if (seconds >= 2 * DAY_S)
    g_snprintf (text, size, "%.0f d", seconds / DAY_S);
  else if (seconds >= 7200)
    g_snprintf (text, size, "%.0f h", seconds / 3600);
  else
    g_snprintf (text, size, "%.0f min", seconds / 60);
}

static void
explain_none (const TwinDateQuestion *question, TwinDate *out)
{
  char span[32];

  if (!(question->planned > 0) || !(question->unplanned > 0))
    g_strlcpy (out->why,
               "No date: what a planned stop and a failure cost is "
               "not known.",
               sizeof out->why);
  else if (question->n > 0)
    g_strlcpy (out->why,
               "No date: no allowed time is late enough for parts "
               "and people to be ready.",
               sizeof out->why);
  else if (isnan (question->lower_s))
    g_strlcpy (out->why, "No date: nothing is known of the remaining life yet.",
               sizeof out->why);
  else
    {
      format_span (question->lower_s, span, sizeof span);
      g_snprintf (out->why, sizeof out->why,
                  "No date: there is no trend, only that it lasts at least %s "
                  "with 95 %%. Inspect it by then.",
                  span);
    }
}

static void
explain (TwinDate *out)
{
  char lost[32];

  format_span (out->lost_s, lost, sizeof lost);
  switch (out->kind)
    {
    case TWIN_DATE_SOON:
      g_snprintf (out->why, sizeof out->why,
                  "As soon as it is possible: waiting longer costs more in "
                  "failures than the life gained is worth. Expected cost %.6g, "
                  "against %.6g run to failure; %.0f %% chance of a failure "
                  "before.",
                  out->cost, out->cost_never, 100 * out->risk);
      break;
    case TWIN_DATE_NEVER:
      g_snprintf (out->why, sizeof out->why,
                  "No planned stop pays: however long it runs, the next day "
                  "costs less in failures than the life thrown away by then. "
                  "Expected cost %.6g.",
                  out->cost_never);
      break;
    default:
      g_snprintf (out->why, sizeof out->why,
                  "Later, failures would cost more than the life gained: "
                  "%.0f %% chance of a failure before, %s of life thrown away "
                  "on average. Expected cost %.6g, against %.6g as soon as "
                  "possible and %.6g run to failure.",
                  100 * out->risk, lost, out->cost, out->cost_soonest,
                  out->cost_never);
      break;
    }
}

/* --- the date ----------------------------------------------------------------
 */

static void
choose (const Lives *self, double soonest_s, TwinDate *out)
{
  const TwinDateQuestion *question = self->question;
  const Point             first = point_at (self, soonest_s);
  const Point             never = point_at (self, INFINITY);
  const Point best = question->n_allowed > 0 ? best_of_allowed (self, soonest_s)
                                             : best_of_any (self, soonest_s);
  const double last_s = question->lives_s[question->n - 1];
  const Point *chosen = &best;

  out->kind = TWIN_DATE_AT;
  if (never.worth < best.worth || best.at_s >= last_s)
    {
      out->kind = TWIN_DATE_NEVER;
      chosen = &never;
    }
  else if (best.at_s - soonest_s <= AT_ONCE * never.run_s)
    {
      out->kind = TWIN_DATE_SOON;
      chosen = &first;
    }

  out->at_s = out->kind == TWIN_DATE_NEVER ? NAN : chosen->at_s;
  out->risk = chosen->risk;
  out->lost_s = never.run_s - chosen->run_s;
  out->cost = chosen->cost;
  out->rate = chosen->rate;
  out->cost_soonest = first.cost;
  out->rate_soonest = first.rate;
  out->cost_never = never.cost;
  out->rate_never = never.rate;
}

void
twin_maintenance_date (const TwinDateQuestion *question, TwinDate *out)
{
  const double soonest_s = soonest (question);
  Lives        lives;

  memset (out, 0, sizeof *out);
  out->at_s = out->risk = out->lost_s = out->cost = out->rate = NAN;
  out->cost_soonest = out->cost_never = NAN;
  out->rate_soonest = out->rate_never = NAN;
  out->soonest_s = soonest_s;
  out->inspect_s = question->lower_s;
  if (question->n == 0 || isnan (soonest_s) || !(question->planned > 0) ||
      !(question->unplanned > 0))
    {
      explain_none (question, out);
      return;
    }

  lives_init (&lives, question);
  choose (&lives, soonest_s, out);
  explain (out);
  g_free (lives.sums);
}

double
twin_maintenance_rate (const double *lives_s,
                       size_t        n,
                       double        planned,
                       double        unplanned)
{
  const TwinDateQuestion question = {
    .lives_s = lives_s,
    .n = n,
    .lower_s = NAN,
    .age_s = 0,
    .rate_new = NAN,
    .planned = planned,
    .unplanned = unplanned,
  };
  TwinDate date;

  twin_maintenance_date (&question, &date);
  return date.rate;
}
