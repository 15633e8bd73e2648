/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "twin-rul-private.h"

/* Increments over many records are this much more than noise would make. */
#define CLEAR_DIFFUSION 1.2
/* The fitted line takes part of the walk: over a quarter of the span it leaves
 * 1 - 6/5 × 1/4 of the increments' mean square. */
#define DETRENDED (1 / 0.7)
/* Wear does not go on exactly as it went: how far (log standard deviation) the
 * rate to come lies from the one fitted, at least; after the fewest records
 * besides; and how many times that where the wear is a random walk. Such that
 * 5 to 95 % holds nine times in ten over simulated exponential, power-law and
 * random wear and wear with pauses (tests/prognosis/test-rul-coverage.c). */
#define CHANGE_LEAST 0.2
#define CHANGE_FEW 0.3
#define CHANGE_WALK 2.0

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
  size_t few = TWIN_RUL_SMOOTHING, many = MAX (2 * TWIN_RUL_SMOOTHING, n / 4);
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
gboolean
twin_rul_trend_fit (const TwinRulSeries *series,
                    size_t               onset,
                    TwinRulTrend        *trend)
{
  size_t        available = series->n - onset;
  size_t        n = MIN (available, MAX (2 * TWIN_RUL_NEEDED, available / 2));
  const double *t = series->t + series->n - n;
  const double *y = series->y + series->n - n;
  g_autofree double *residuals = NULL;
  double mean_t = 0, mean_y = 0, tt = 0, ty = 0, square = 0, worth, variance;

  if (n < TWIN_RUL_NEEDED)
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
  trend->change =
      hypot (CHANGE_LEAST, CHANGE_FEW * sqrt (TWIN_RUL_NEEDED / (double) n)) *
      (trend->diffusion > 0 ? CHANGE_WALK : 1);
  /* A random walk drags the fitted slope along: 6 q / 5 T of variance. */
  trend->rate_se =
      sqrt (variance / tt + 1.2 * trend->diffusion / (t[n - 1] - t[0]));
  return TRUE;
}
