/* SPDX-License-Identifier: Apache-2.0 */
/* twin-maintenance-date.h - the best time for a planned stop
 *
 * Age replacement (Barlow and Hunter 1960) for the life that is left: too early
 * throws life away, too late fails. With F the chance of a failure before t and
 * M = E min (life, t) the run time until then, a stop at t costs
 *
 *   N(t) = planned (1 - F) + unplanned F
 *
 * and the best t is the least of N - g M, where g is what run time costs in the
 * long run, with the parts that follow; or, where nothing is known of those,
 * the least of N / (age + M), what this part's run time costs.
 *
 * Pure functions, any thread. Times are seconds from now, costs in any
 * currency.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TWIN_DATE_NONE,  /* not estimable; inspect_s may be known */
  TWIN_DATE_AT,    /* at_s */
  TWIN_DATE_SOON,  /* the earliest allowed time: it would have been sooner */
  TWIN_DATE_NEVER, /* waiting never costs more: no planned stop pays */
} TwinDateKind;

typedef struct
{
  const double *lives_s; /* remaining lives, equally likely, ascending, ≥ 0 */
  size_t        n;       /* 0: not estimable */
  double        lower_s; /* lives at least this with 95 %; NaN: not known */
  double        age_s;   /* run so far; NaN: not known, counts as 0 */
  double        rate_new;           /* g, per second; NaN: not known */
  double        planned, unplanned; /* > 0 */
  double        lead_s; /* nothing can be done before: parts, people; ≥ 0 */
  /* When a stop may begin, ascending; none: at any time. */
  const double *allowed_s;
  size_t        n_allowed;
} TwinDateQuestion;

typedef struct
{
  TwinDateKind kind;
  double       at_s;
  double       risk;   /* of a failure before; NaN: not estimable */
  double       lost_s; /* life thrown away, mean */
  double       cost;   /* N, expected, at that time */
  double       rate;   /* N / (age + M), per second */
  double       cost_soonest, cost_never, rate_soonest, rate_never;
  double       soonest_s;
  double       inspect_s; /* by then, if not before: 95 % last so long; NaN */
  char         why[320];  /* sentences */
} TwinDate;

/* @question: costs > 0, or the date is NONE and says so. */
void twin_maintenance_date (const TwinDateQuestion *question, TwinDate *out);

/* g of parts with those @lives_s from new: the least of N / M; NaN for none. */
double twin_maintenance_rate (const double *lives_s,
                              size_t        n,
                              double        planned,
                              double        unplanned);

/* Share of the @n ascending @lives_s under @at_s. */
double twin_maintenance_risk (const double *lives_s, size_t n, double at_s);

G_END_DECLS
