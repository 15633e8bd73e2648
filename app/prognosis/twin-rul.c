/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-rul.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "twin-clock.h"
#include "twin-random.h"

#define PARTICLES 2000
#define SEED 1
#define GRID 400        /* growth rates looked at */
#define GRID_SIGMAS 5.0 /* of the prior either way */
#define SMOOTHING 5     /* running median, records */
#define NEEDED 12       /* records since the onset before a rate is fitted */
#define IN_A_ROW 5
#define CLEAR_DIFFUSION 1.5
/* The fitted line takes part of the walk: over a quarter of the span it leaves
 * 1 - 6/5 × 1/4 of the increments' mean square. */
#define DETRENDED (1 / 0.7)
#define ONSET_SIGMAS 6.0
#define ONSET_LEAST 0.405465 /* ln 1.5 */
#define STILL_SIGMAS 4.0
#define STILL_LEAST 0.262364 /* ln 1.3 */
#define ONE_SIDED_95 1.644854
#define WEIBULL_SLOPE 1.5 /* ISO 281:2007, 90 % reliability and above */

/* The series without gaps, smoothed. */
typedef struct
{
  double *t; /* seconds before now, negative */
  double *y;
  size_t  n;
  double  sigma; /* of one smoothed value about its trend */
} Series;

typedef struct
{
  double level, level_se; /* index now */
  double rate, rate_se;   /* per second */
  double diffusion;       /* index² per second */
} Trend;

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

/* --- numbers ---------------------------------------------------------------
 */

static int
ascending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
median_of (double *values, size_t n)
{
  if (n == 0)
    return NAN;

  qsort (values, n, sizeof (double), ascending);
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

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

/* Quantile of the standard normal distribution, by bisection of erfc. */
static double
normal_quantile (double q)
{
  double lo = -9, hi = 9;

  for (int i = 0; i < 60; i++)
    {
      double middle = (lo + hi) / 2;

      if (0.5 * erfc (-middle / G_SQRT2) < q)
        lo = middle;
      else
        hi = middle;
    }

  return (lo + hi) / 2;
}

/* --- the series ------------------------------------------------------------
 */

static void
series_clear (Series *series)
{
  g_free (series->t);
  g_free (series->y);
}

/* Running median over the records before, so that a single outlier is no
 * onset. */
static void
smooth (Series *series)
{
  double *raw = g_memdup2 (series->y, series->n * sizeof (double));

  for (size_t i = 0; i < series->n; i++)
    {
      double window[SMOOTHING];
      size_t lo = i > SMOOTHING / 2 ? i - SMOOTHING / 2 : 0;
      size_t hi = MIN (series->n - 1, i + SMOOTHING / 2);

      memcpy (window, raw + lo, (hi - lo + 1) * sizeof (double));
      series->y[i] = median_of (window, hi - lo + 1);
    }

  g_free (raw);
}

/* Scatter of one record about the trend: from second differences, which a
 * steady growth leaves alone. */
static double
scatter (const Series *series, const double *y)
{
  g_autofree double *differences = g_new (double, MAX (series->n, 1));
  size_t             n = 0;

  for (size_t i = 2; i < series->n; i++)
    differences[n++] = fabs (y[i] - 2 * y[i - 1] + y[i - 2]);

  return n < 3 ? NAN : 1.4826 * median_of (differences, n) / sqrt (6);
}

static void
series_load (Series        *series,
             const int64_t *times_us,
             const double  *index,
             size_t         n,
             int64_t        now_us)
{
  series->t = g_new (double, MAX (n, 1));
  series->y = g_new (double, MAX (n, 1));
  series->n = 0;

  for (size_t i = 0; i < n; i++)
    {
      if (isfinite (index[i]) && times_us[i] <= now_us)
        {
          series->t[series->n] =
              -twin_clock_seconds_from_us (now_us - times_us[i]);
          series->y[series->n++] = index[i];
        }
    }

  series->sigma = scatter (series, series->y);
  smooth (series);
}

/* Where the index left the usual for good; SIZE_MAX: it has not. */
static size_t
find_onset (const Series *series)
{
  double sigma = isnan (series->sigma) ? 0 : series->sigma;
  double limit = MAX (ONSET_SIGMAS * sigma, ONSET_LEAST);
  double still = MAX (STILL_SIGMAS * sigma, STILL_LEAST);
  size_t onset = SIZE_MAX, row = 0;

  for (size_t i = 0; i < series->n; i++)
    {
      row = series->y[i] > limit ? row + 1 : 0;
      if (row == IN_A_ROW && onset == SIZE_MAX)
        onset = i + 1 - IN_A_ROW;
      if (series->y[i] <= still)
        onset = SIZE_MAX;
    }

  return onset;
}

/* --- trend -----------------------------------------------------------------
 */

/* Neighbouring residuals are alike: how many independent ones n are worth. */
static double
independent_count (const double *residuals, size_t n)
{
  double sum = 0, lag = 0, r;

  for (size_t i = 0; i < n; i++)
    {
      sum += residuals[i] * residuals[i];
      if (i > 0)
        lag += residuals[i] * residuals[i - 1];
    }

  r = sum > 0 ? CLAMP (lag / sum, 0, 0.95) : 0;
  return MAX (3, (double) n * (1 - r) / (1 + r));
}

/* Mean square of the increments over @lag records. */
static double
increment (const double *residuals, size_t n, size_t lag)
{
  double sum = 0;

  for (size_t i = lag; i < n; i++)
    sum += pow (residuals[i] - residuals[i - lag], 2);

  return sum / (double) (n - lag);
}

/* Random walk beside measurement noise: what increments over many records vary
 * more than those over few. The few are as many as the smoothing ties together;
 * where the difference is no clear one, it is noise. */
static double
measure_diffusion (const double *t, const double *residuals, size_t n)
{
  size_t few = SMOOTHING, many = MAX (2 * SMOOTHING, n / 4);
  double near, far, step;

  if (n <= 2 * many)
    return 0;

  near = increment (residuals, n, few);
  far = increment (residuals, n, many);
  step = (t[n - 1] - t[0]) / (double) (n - 1);
  if (far < CLEAR_DIFFUSION * near)
    return 0;

  return DETRENDED * (far - near) / (step * (double) (many - few));
}

/* Least squares over the newer half since the onset: growth changes, and the
 * present rate is what counts. */
static gboolean
fit_trend (const Series *series, size_t onset, Trend *trend)
{
  size_t             available = series->n - onset;
  size_t             n = MIN (available, MAX (2 * NEEDED, available / 2));
  const double      *t = series->t + series->n - n;
  const double      *y = series->y + series->n - n;
  g_autofree double *residuals = NULL;
  double mean_t = 0, mean_y = 0, tt = 0, ty = 0, square = 0, worth, variance;

  if (n < NEEDED)
    return FALSE;

  for (size_t i = 0; i < n; i++)
    {
      mean_t += t[i] / (double) n;
      mean_y += y[i] / (double) n;
    }
  for (size_t i = 0; i < n; i++)
    {
      tt += (t[i] - mean_t) * (t[i] - mean_t);
      ty += (t[i] - mean_t) * (y[i] - mean_y);
    }
  if (!(tt > 0))
    return FALSE;

  trend->rate = ty / tt;
  residuals = g_new (double, n);
  for (size_t i = 0; i < n; i++)
    {
      residuals[i] = y[i] - mean_y - trend->rate * (t[i] - mean_t);
      square += residuals[i] * residuals[i];
    }

  worth = independent_count (residuals, n);
  variance = square / (double) (n - 2) * (double) n / worth + 1e-12;
  trend->level = mean_y - trend->rate * mean_t;
  trend->level_se =
      sqrt (variance / (double) n + variance * mean_t * mean_t / tt);
  trend->diffusion = measure_diffusion (t, residuals, n);
  /* A random walk drags the fitted slope along: 6 q / 5 T of variance. */
  trend->rate_se =
      sqrt (variance / tt + 1.2 * trend->diffusion / (t[n - 1] - t[0]));
  return TRUE;
}

/* --- distribution -----------------------------------------------------------
 */

/* Posterior of the growth rate on a grid of its logarithm, as a cumulative sum
 * that ends at 1. */
static void
posterior_of_rate (const TwinRulPrior *prior,
                   const Trend        *trend,
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

static void
predict (const TwinRulPrior *prior, const Trend *trend, TwinRul *out)
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
      double distance = prior->threshold +
                        prior->threshold_sd * twin_random_normal (&random) -
                        trend->level -
                        trend->level_se * twin_random_normal (&random);

      mean += rate / PARTICLES;
      spread += rate * rate / PARTICLES;
      lives[i] = distance <= 0 ? 0 : distance / rate;
      if (distance > 0 && trend->diffusion > 0)
        {
          lives[i] =
              draw_inverse_gaussian (&random, distance / rate,
                                     distance * distance / trend->diffusion);
        }
    }

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

/* --- bounds without a trend --------------------------------------------------
 */

/* Distribution function of Student's t with five degrees of freedom. */
static double
student5 (double x)
{
  double angle = atan (x / sqrt (5));
  double c = cos (angle);

  return 0.5 + (angle + sin (angle) * (c + 2.0 / 3 * c * c * c)) / G_PI;
}

static double
fleet_survival (const TwinRulPrior *prior, double life_s)
{
  double sd = prior->ln_life_sd * sqrt (1 + 1.0 / MAX (prior->fleet, 1));

  return life_s <= 0 ? 1
                     : 1 - student5 ((log (life_s) - prior->ln_life_mean) / sd);
}

/* The rating life's survival: exp (-ln (1/0.9) (t / L10)^β). */
static double
rating_survival (const TwinRulPrior *prior, double life_s)
{
  return exp (log (0.9) * pow (life_s / prior->life_l10_s, WEIBULL_SLOPE));
}

static double
prior_survival (const TwinRulPrior *prior, double life_s)
{
  return prior->ln_life_sd > 0 && prior->fleet > 0
             ? fleet_survival (prior, life_s)
             : rating_survival (prior, life_s);
}

/* Remaining life that a share @alive of those who reached this age exceed. */
static double
prior_remaining (const TwinRulPrior *prior, double alive)
{
  double age = isfinite (prior->age_s) ? MAX (prior->age_s, 0) : 0;
  double wanted = alive * prior_survival (prior, age);
  double lo = 0, hi = prior->life_l10_s;

  if (prior->ln_life_sd > 0 && prior->fleet > 0)
    hi = exp (prior->ln_life_mean);
  while (prior_survival (prior, age + hi) > wanted && hi < 1e18)
    hi *= 2;

  for (int i = 0; i < 60; i++)
    {
      double middle = (lo + hi) / 2;

      if (prior_survival (prior, age + middle) > wanted)
        lo = middle;
      else
        hi = middle;
    }

  return lo;
}

static TwinRulBasis
prior_basis (const TwinRulPrior *prior)
{
  if (prior->ln_life_sd > 0 && prior->fleet > 0)
    return TWIN_RUL_FROM_FLEET;

  return prior->life_l10_s > 0 ? TWIN_RUL_FROM_RATING : TWIN_RUL_FROM_NOTHING;
}

static void
abstain (const TwinRulPrior *prior, const char *why, TwinRul *out)
{
  g_strlcpy (out->why, why, sizeof out->why);
  out->samples_from = prior_basis (prior);
  if (out->samples_from == TWIN_RUL_FROM_NOTHING)
    return;

  out->lower_bound_s = prior_remaining (prior, 0.95);
  for (int i = 0; i < TWIN_RUL_SAMPLES; i++)
    out->samples_s[i] = prior_remaining (prior, 1 - twin_rul_sample_level (i));
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
estimate (const Series       *series,
          int64_t             now_us,
          const TwinRulPrior *prior,
          TwinRul            *out)
{
  size_t onset;
  Trend  trend;

  if (series->n < NEEDED)
    {
      abstain (prior,
               "Not estimable: under twelve records of the health index so "
               "far.",
               out);
      return;
    }

  out->sigma = series->sigma;
  out->index_now = series->y[series->n - 1];
  onset = find_onset (series);

  if (onset == SIZE_MAX)
    {
      abstain (prior,
               "Not estimable: the health index is as usual, there is no "
               "trend to follow.",
               out);
      return;
    }

  out->onset_us = now_us + twin_clock_us_from_seconds (series->t[onset]);

  if (!fit_trend (series, onset, &trend))
    {
      abstain (prior,
               "Not estimable yet: the index has risen, but under twelve "
               "records show how fast.",
               out);
      return;
    }

  if (!(trend.rate - ONE_SIDED_95 * trend.rate_se > 0) &&
      trend.level < prior->threshold)
    {
      abstain (prior,
               "Not estimable: the index is raised but its growth does not "
               "differ from zero.",
               out);
      return;
    }

  trend.rate = MAX (trend.rate, trend.rate_se * 0.1);
  predict (prior, &trend, out);
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
  TwinRulPrior defaults;
  Series       series;

  clear (out);
  if (prior == NULL)
    {
      twin_rul_prior_default (&defaults);
      prior = &defaults;
    }

  g_return_if_fail (prior->threshold_sd > 0 && prior->ln_rate_sd > 0);

  series_load (&series, times_us, index, n, now_us);
  estimate (&series, now_us, prior, out);
  series_clear (&series);
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
         normal_quantile (q) * sqrt (spread);
}
