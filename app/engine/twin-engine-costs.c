/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-engine-costs.h"

#include <math.h>

#include "twin-clock.h"

/* Work begins with the day's shift. */
#define SHIFT_HOUR 6

enum
{
  DAYS_MAX = 730,
};

void
twin_engine_costs_init (TwinEngineCosts *self)
{
  *self = (TwinEngineCosts){ .prices = { NAN, NAN, NAN } };
}

gboolean
twin_engine_costs_given (const TwinEngineCosts *self)
{
  return isfinite (self->prices.planned) && isfinite (self->prices.unplanned);
}

TwinPrices
twin_engine_costs_prices (const TwinEngineCosts *self)
{
  return twin_engine_costs_given (self)
             ? self->prices
             : (TwinPrices){ 1, TWIN_ENGINE_FAILURE_RATIO, NAN };
}

/* Shift begins on the days allowed, seconds from now. */
static size_t
list_allowed (const TwinEngineCosts *self, int64_t now_us, double *allowed_s)
{
  g_autoptr (GDateTime) now =
      g_date_time_new_from_unix_local (now_us / TWIN_US_PER_S);
  g_autoptr (GDateTime) day =
      g_date_time_new_local (g_date_time_get_year (now),
                             g_date_time_get_month (now),
                             g_date_time_get_day_of_month (now), SHIFT_HOUR, 0,
                             0);
  size_t n = 0;

  for (int i = 1; i <= DAYS_MAX && self->weekdays != 0; i++)
    {
      g_autoptr (GDateTime) at = g_date_time_add_days (day, i);

      if (self->weekdays & (1u << (g_date_time_get_day_of_week (at) - 1)))
        allowed_s[n++] = twin_clock_seconds_from_us (
            g_date_time_to_unix (at) * TWIN_US_PER_S - now_us);
    }

  return n;
}

/* What run time costs in the long run: lives of its kind from new. */
static double
rate_of_new (const TwinRulPrior *prior,
             double              factor,
             const TwinPrices   *prices,
             int64_t             now_us)
{
  TwinRulPrior anew = *prior;
  TwinRul      rul;

  anew.age_s = 0;
  twin_rul_estimate (NULL, NULL, 0, now_us, &anew, &rul);
  if (rul.samples_from == TWIN_RUL_FROM_NOTHING)
    return NAN;

  for (int i = 0; i < TWIN_RUL_SAMPLES; i++)
    rul.samples_s[i] *= factor;
  return twin_maintenance_rate (rul.samples_s, TWIN_RUL_SAMPLES,
                                prices->planned, prices->unplanned);
}

void
twin_engine_costs_date (const TwinEngineCosts *self,
                        const TwinRul         *rul,
                        const TwinRulPrior    *prior,
                        double                 factor,
                        int64_t                now_us,
                        TwinDate              *date)
{
  const TwinPrices prices = twin_engine_costs_prices (self);
  double           lives_s[TWIN_RUL_SAMPLES], allowed_s[DAYS_MAX];
  TwinDateQuestion question = {
    .lives_s = lives_s,
    .lower_s = rul != NULL ? rul->lower_bound_s * factor : NAN,
    .age_s = prior->age_s,
    .rate_new = rate_of_new (prior, factor, &prices, now_us),
    .planned = prices.planned,
    .unplanned = prices.unplanned,
    .lead_s = self->lead_s,
    .allowed_s = allowed_s,
    .n_allowed = list_allowed (self, now_us, allowed_s),
  };

  if (rul != NULL && rul->samples_from != TWIN_RUL_FROM_NOTHING)
    question.n = TWIN_RUL_SAMPLES;
  /* Lived harder, a life is used up sooner. */
  for (size_t i = 0; i < question.n; i++)
    lives_s[i] = rul->samples_s[i] * factor;

  twin_maintenance_date (&question, date);
}
