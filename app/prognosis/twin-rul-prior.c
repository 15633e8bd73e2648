/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "twin-distribution.h"
#include "twin-rul-private.h"

#define WEIBULL_SLOPE 1.5 /* ISO 281:2007, 90 % reliability and above */
#define LIFE_FREEDOM 5

void
twin_rul_prior_default (TwinRulPrior *prior)
{
  *prior = (TwinRulPrior){
    .threshold = log (8),
    .threshold_sd = log (1.4),
    /* Ten-fold in a month, with two decades of freedom either way: the data
     * decide, the prior only keeps rates positive. */
    .ln_rate_mean = log (log (10) / (30 * 86400.0)),
    .ln_rate_sd = 4.6,
    .age_s = NAN,
  };
}

/* What of @kind is known: survival of the whole life, or since an onset. */
typedef double (*Survival) (const TwinRulPrior *prior, double life_s);

static double
student_survival (double life_s, double mean, double sd, int n)
{
  if (life_s <= 0)
    return 1;

  return twin_student_cdf ((mean - log (life_s)) / (sd * sqrt (1 + 1.0 / n)),
                           LIFE_FREEDOM);
}

static double
fleet_survival (const TwinRulPrior *prior, double life_s)
{
  return student_survival (life_s, prior->ln_life_mean, prior->ln_life_sd,
                           MAX (prior->fleet, 1));
}

static double
since_survival (const TwinRulPrior *prior, double life_s)
{
  return student_survival (life_s, prior->ln_since_mean, prior->ln_since_sd,
                           MAX (prior->onsets, 1));
}

/* exp (-ln (1/0.9) (t / L10)^β). */
static double
rating_survival (const TwinRulPrior *prior, double life_s)
{
  return exp (log (0.9) * pow (life_s / prior->life_l10_s, WEIBULL_SLOPE));
}

TwinRulBasis
twin_rul_prior_basis (const TwinRulPrior *prior, double since_s)
{
  /* What the fleet or a catalogue says of sound machines is no promise for one
   * that has begun to change. */
  if (!isnan (since_s))
    return prior->ln_since_sd > 0 && prior->onsets > 0 ? TWIN_RUL_FROM_FLEET
                                                       : TWIN_RUL_FROM_NOTHING;
  if (prior->ln_life_sd > 0 && prior->fleet > 0)
    return TWIN_RUL_FROM_FLEET;

  return prior->life_l10_s > 0 ? TWIN_RUL_FROM_RATING : TWIN_RUL_FROM_NOTHING;
}

double
twin_rul_prior_remaining (const TwinRulPrior *prior,
                          double              since_s,
                          double              alive)
{
  TwinRulBasis basis = twin_rul_prior_basis (prior, since_s);
  Survival     survival = rating_survival;
  double       age = isfinite (prior->age_s) ? MAX (prior->age_s, 0) : 0;
  double       lo = 0, hi = 1, wanted;

  if (basis == TWIN_RUL_FROM_NOTHING)
    return NAN;

  if (!isnan (since_s))
    {
      survival = since_survival;
      age = MAX (since_s, 0);
    }
  else if (basis == TWIN_RUL_FROM_FLEET)
    {
      survival = fleet_survival;
    }

  wanted = alive * survival (prior, age);
  while (survival (prior, age + hi) > wanted && hi < 1e18)
    hi *= 2;

  for (int i = 0; i < 60; i++)
    {
      double middle = (lo + hi) / 2;

      if (survival (prior, age + middle) > wanted)
        lo = middle;
      else
        hi = middle;
    }

  return lo;
}
