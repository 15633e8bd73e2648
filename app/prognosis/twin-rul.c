/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-rul-private.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "twin-clock.h"
#include "twin-distribution.h"
#include "twin-random.h"

#define PARTICLES 2000
#define SEED 1
#define GRID 400        /* growth rates looked at */
#define GRID_SIGMAS 5.0 /* of the prior either way */
#define ONE_SIDED_95 1.644854

static int
ascending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* --- with a trend -----------------------------------------------------------
 */

/* First passage of a Wiener process (Michael, Schucany and Haas 1976). */
static double
draw_inverse_gaussian (TwinRandom *random, double mean, double shape)
{
  double nu = twin_random_normal (random);
  double y = nu * nu;
  double root = sqrt (4 * mean * shape * y + mean * mean * y * y);
  double x = mean + mean * mean * y / (2 * shape) - mean / (2 * shape) * root;

  x = MAX (x, mean * 1e-9);
  return twin_random_uniform (random) <= mean / (mean + x) ? x
                                                           : mean * mean / x;
}

/* Posterior of the growth rate on a grid of its logarithm, as a cumulative sum
 * that ends at 1. */
static void
posterior_of_rate (const TwinRulPrior *prior,
                   const TwinRulTrend *trend,
                   double             *rates,
                   double             *cumulative)
{
  /* The grid covers what the data allow, not the whole prior. */
  double lo = log (
      MAX (trend->rate - GRID_SIGMAS * trend->rate_se, trend->rate * 0.01));
  double hi = log (trend->rate + GRID_SIGMAS * trend->rate_se);
  double sum = 0;

  for (int i = 0; i < GRID; i++)
    {
      double ln_rate = lo + (hi - lo) * (i + 0.5) / GRID;
      double off_prior = (ln_rate - prior->ln_rate_mean) / prior->ln_rate_sd;
      double off_data = (exp (ln_rate) - trend->rate) / trend->rate_se;

      rates[i] = exp (ln_rate);
      sum += exp (-0.5 * (off_prior * off_prior + off_data * off_data));
      cumulative[i] = sum;
    }

  for (int i = 0; i < GRID; i++)
    cumulative[i] /= sum;
}

static double
rate_at (const double *rates, const double *cumulative, double q)
{
  int i = 0;

  while (i < GRID - 1 && cumulative[i] < q)
    i++;
  return rates[i];
}

static double
quantile (const double *sorted, double q)
{
  double place = q * (PARTICLES - 1);
  int    i = (int) place;

  if (i >= PARTICLES - 1)
    return sorted[PARTICLES - 1];
  return sorted[i] + (place - i) * (sorted[i + 1] - sorted[i]);
}

/* Every other particle from how long others lasted after their onset, given
 * that they lasted as long as this one has: so that a trend that seems sure of
 * itself does not cut off what happens to such machines. */
static void
mix_fleet (const TwinRulPrior *prior, double since_s, double *lives)
{
  if (twin_rul_prior_basis (prior, since_s) != TWIN_RUL_FROM_FLEET)
    return;

  for (int i = 0; i < PARTICLES; i += 2)
    lives[i] =
        twin_rul_prior_remaining (prior, since_s, 1 - (i + 1.0) / PARTICLES);
}

static void
predict (const TwinRulPrior *prior,
         const TwinRulTrend *trend,
         double              since_s,
         TwinRul            *out)
{
  double     rates[GRID], cumulative[GRID];
  double     lives[PARTICLES];
  double     spread = 0, mean = 0;
  TwinRandom random;

  twin_random_init (&random, SEED);
  posterior_of_rate (prior, trend, rates, cumulative);

  for (int i = 0; i < PARTICLES; i++)
    {
      double rate = rate_at (rates, cumulative, (i + 0.5) / PARTICLES);
      double ahead = rate * exp (trend->change * twin_random_normal (&random));
      double distance = prior->threshold +
                        prior->threshold_sd * twin_random_normal (&random) -
                        trend->level -
                        trend->level_se * twin_random_normal (&random);

      mean += rate / PARTICLES;
      spread += rate * rate / PARTICLES;
      lives[i] = distance <= 0 ? 0 : distance / ahead;
      if (distance > 0 && trend->diffusion > 0)
        {
          lives[i] =
              draw_inverse_gaussian (&random, distance / ahead,
                                     distance * distance / trend->diffusion);
        }
    }

  mix_fleet (prior, since_s, lives);
  qsort (lives, PARTICLES, sizeof (double), ascending);
  for (int i = 0; i < TWIN_RUL_SAMPLES; i++)
    out->samples_s[i] = quantile (lives, twin_rul_sample_level (i));
  out->samples_from = TWIN_RUL_FROM_TREND;
  out->estimable = TRUE;
  out->p05_s = quantile (lives, 0.05);
  out->p25_s = quantile (lives, 0.25);
  out->p50_s = quantile (lives, 0.50);
  out->p75_s = quantile (lives, 0.75);
  out->p95_s = quantile (lives, 0.95);
  out->lower_bound_s = out->p05_s;
  out->rate_per_s = rate_at (rates, cumulative, 0.5);
  out->rate_sd = sqrt (MAX (0, spread - mean * mean));
  out->index_now = trend->level;
  out->index_se = trend->level_se;
  out->diffusion = trend->diffusion;
}

/* --- without a trend --------------------------------------------------------
 */

static void
abstain (const TwinRulPrior *prior,
         double              since_s,
         const char         *why,
         TwinRul            *out)
{
  g_strlcpy (out->why, why, sizeof out->why);
  out->samples_from = twin_rul_prior_basis (prior, since_s);
  if (out->samples_from == TWIN_RUL_FROM_NOTHING)
    return;

  out->lower_bound_s = twin_rul_prior_remaining (prior, since_s, 0.95);
  for (int i = 0; i < TWIN_RUL_SAMPLES; i++)
    out->samples_s[i] =
        twin_rul_prior_remaining (prior, since_s,
                                  1 - twin_rul_sample_level (i));
}

static void
clear (TwinRul *out)
{
  memset (out, 0, sizeof *out);
  out->p05_s = out->p25_s = out->p50_s = out->p75_s = out->p95_s = NAN;
  out->lower_bound_s = out->index_now = out->sigma = out->rate_per_s = NAN;
  out->index_se = out->rate_sd = out->diffusion = NAN;
  out->onset_us = TWIN_TIME_NONE;
  for (int i = 0; i < TWIN_RUL_SAMPLES; i++)
    out->samples_s[i] = NAN;
}

static void
estimate (const TwinRulSeries *series,
          int64_t              now_us,
          const TwinRulPrior  *prior,
          TwinRul             *out)
{
  double       since_s = NAN;
  size_t       onset;
  TwinRulTrend trend;

  if (series->n < TWIN_RUL_NEEDED)
    {
      abstain (prior, since_s,
               "Not estimable: under twelve records of the health index so "
               "far.",
               out);
      return;
    }

  out->sigma = series->sigma;
  out->index_now = series->y[series->n - 1];
  onset = twin_rul_series_onset (series, prior->onset_least);

  if (onset == SIZE_MAX)
    {
      abstain (prior, since_s,
               "Not estimable: the health index is as usual, there is no "
               "trend to follow.",
               out);
      return;
    }

  since_s = -series->t[onset];
  out->onset_us = now_us - twin_clock_us_from_seconds (since_s);

  if (!twin_rul_trend_fit (series, onset, &trend))
    {
      abstain (prior, since_s,
               "Not estimable yet: the index has risen, but under twelve "
               "records show how fast.",
               out);
      return;
    }

  if (!(trend.rate - ONE_SIDED_95 * trend.rate_se > 0) &&
      trend.level < prior->threshold)
    {
      abstain (prior, since_s,
               "Not estimable: the index is raised but its growth does not "
               "differ from zero.",
               out);
      return;
    }

  trend.rate = MAX (trend.rate, trend.rate_se * 0.1);
  predict (prior, &trend, since_s, out);
  g_snprintf (out->why, sizeof out->why,
              trend.level >= prior->threshold
                  ? "The level is %.1f times the usual and past the threshold "
                    "of %.1f times."
                  : "The level is %.1f times the usual and grows towards %.1f "
                    "times.",
              exp (trend.level), exp (prior->threshold));
}

void
twin_rul_estimate (const int64_t      *times_us,
                   const double       *index,
                   size_t              n,
                   int64_t             now_us,
                   const TwinRulPrior *prior,
                   TwinRul            *out)
{
  TwinRulPrior  defaults;
  TwinRulSeries series;

  clear (out);
  if (prior == NULL)
    {
      twin_rul_prior_default (&defaults);
      prior = &defaults;
    }

  g_return_if_fail (prior->threshold_sd > 0 && prior->ln_rate_sd > 0);

  twin_rul_series_load (&series, times_us, index, n, now_us);
  estimate (&series, now_us, prior, out);
  twin_rul_series_clear (&series);
}

double
twin_rul_sample_level (int i)
{
  return (i + 0.5) / TWIN_RUL_SAMPLES;
}

double
twin_rul_index_ahead (const TwinRul *rul, double ahead_s, double q)
{
  double spread;

  if (!rul->estimable || !(ahead_s >= 0) || !(q > 0 && q < 1))
    return NAN;

  spread = rul->index_se * rul->index_se + pow (ahead_s * rul->rate_sd, 2) +
           ahead_s * rul->diffusion;
  return rul->index_now + rul->rate_per_s * ahead_s +
         twin_normal_quantile (q) * sqrt (spread);
}
