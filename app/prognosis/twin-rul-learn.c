/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-rul-learn.h"

#include <math.h>
#include <stdint.h>

#include "twin-clock.h"
#include "twin-distribution.h"
#include "twin-rul-private.h"

/* A rate of growth is never believed closer than this (log). */
#define RATE_SD_LEAST 1.0
#define SD_LEAST 0.05

typedef struct
{
  double values[2]; /* sum, sum of squares */
  size_t n;
} Moments;

static void
add (Moments *moments, double value)
{
  moments->values[0] += value;
  moments->values[1] += value * value;
  moments->n++;
}

static double
mean_of (const Moments *moments)
{
  return moments->values[0] / (double) moments->n;
}

static double
sd_of (const Moments *moments)
{
  double n = (double) moments->n, mean = mean_of (moments);

  return sqrt (MAX (0, (moments->values[1] - n * mean * mean) / (n - 1)));
}

/* Such that mean ± 1.645 of it holds 90 % of further ones. */
static double
predictive_sd (const Moments *moments)
{
  double n = (double) moments->n;

  return sd_of (moments) * sqrt (1 + 1 / n) *
         twin_student_quantile (0.95, n - 1) / twin_normal_quantile (0.95);
}

static void
learn_onsets (const TwinRulSeries *series, size_t n, TwinRulPrior *prior)
{
  Moments since = { { 0 }, 0 }, rate = { { 0 }, 0 };

  for (size_t l = 0; l < n; l++)
    {
      size_t onset = twin_rul_series_onset (&series[l], prior->onset_least);
      double grown, left;

      if (onset == SIZE_MAX || series[l].n < 2)
        continue;

      left = MAX (-series[l].t[onset],
                  -series[l].t[0] / (double) (series[l].n - 1));
      grown = series[l].y[series[l].n - 1] - series[l].y[onset];
      add (&since, log (left));
      if (grown > 0)
        add (&rate, log (grown / left));
    }

  if (since.n >= TWIN_RUL_LIVES_LEAST)
    {
      prior->ln_since_mean = mean_of (&since);
      prior->ln_since_sd = MAX (sd_of (&since), SD_LEAST);
      prior->onsets = (int) since.n;
    }
  if (rate.n >= TWIN_RUL_LIVES_LEAST)
    {
      prior->ln_rate_mean = mean_of (&rate);
      prior->ln_rate_sd = MAX (predictive_sd (&rate), RATE_SD_LEAST);
    }
}

void
twin_rul_prior_learn (const TwinRulLife *lives, size_t n, TwinRulPrior *prior)
{
  g_autofree TwinRulSeries *series = g_new0 (TwinRulSeries, MAX (n, 1));
  Moments                   life = { { 0 }, 0 }, end = { { 0 }, 0 };
  size_t                    used = 0;

  twin_rul_prior_default (prior);
  for (size_t l = 0; l < n; l++)
    {
      const TwinRulLife *one = &lives[l];
      double             seconds;

      if (one->n < TWIN_RUL_NEEDED)
        continue;

      seconds = twin_clock_seconds_from_us (one->times_us[one->n - 1] -
                                            one->times_us[0]);
      twin_rul_series_load (&series[used], one->times_us, one->index, one->n,
                            one->times_us[one->n - 1]);
      if (series[used].n >= TWIN_RUL_NEEDED && seconds > 0)
        {
          add (&life, log (seconds));
          add (&end, series[used].y[series[used].n - 1]);
          used++;
        }
      else
        {
          twin_rul_series_clear (&series[used]);
        }
    }

  if (used >= TWIN_RUL_LIVES_LEAST)
    {
      prior->threshold = MAX (mean_of (&end), SD_LEAST);
      prior->threshold_sd = MAX (predictive_sd (&end), SD_LEAST);
      prior->ln_life_mean = mean_of (&life);
      prior->ln_life_sd = MAX (sd_of (&life), SD_LEAST);
      prior->fleet = (int) used;
      /* Half the way, on the scale of ratios, from the usual to the end. */
      prior->onset_least = prior->threshold / 2;
      learn_onsets (series, used, prior);
    }

  for (size_t l = 0; l < used; l++)
    twin_rul_series_clear (&series[l]);
}
