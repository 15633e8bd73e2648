/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "twin-clock.h"
#include "twin-rul-private.h"

#define IN_A_ROW 5
#define ONSET_SIGMAS 6.0
#define ONSET_LEAST 0.405465 /* ln 1.5 */
#define STILL_SIGMAS 4.0
#define STILL_LEAST 0.262364 /* ln 1.3 */
#define STILL_SHARE (2.0 / 3)

static int
ascending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

double
twin_rul_median (double *values, size_t n)
{
  if (n == 0)
    return NAN;

  qsort (values, n, sizeof (double), ascending);
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

void
twin_rul_series_clear (TwinRulSeries *series)
{
  g_free (series->t);
  g_free (series->y);
}

/* Running median over the records before, so that a single outlier is no
 * onset. */
static void
smooth (TwinRulSeries *series)
{
  double *raw = g_memdup2 (series->y, series->n * sizeof (double));

  for (size_t i = 0; i < series->n; i++)
    {
      double window[TWIN_RUL_SMOOTHING];
      size_t lo = i > TWIN_RUL_SMOOTHING / 2 ? i - TWIN_RUL_SMOOTHING / 2 : 0;
      size_t hi = MIN (series->n - 1, i + TWIN_RUL_SMOOTHING / 2);

      memcpy (window, raw + lo, (hi - lo + 1) * sizeof (double));
      series->y[i] = twin_rul_median (window, hi - lo + 1);
    }

  g_free (raw);
}

/* Scatter of one record about the trend: from second differences, which a
 * steady growth leaves alone. */
static double
scatter (const TwinRulSeries *series, const double *y)
{
  g_autofree double *differences = g_new (double, MAX (series->n, 1));
  size_t             n = 0;

  for (size_t i = 2; i < series->n; i++)
    differences[n++] = fabs (y[i] - 2 * y[i - 1] + y[i - 2]);

  return n < 3 ? NAN : 1.4826 * twin_rul_median (differences, n) / sqrt (6);
}

void
twin_rul_series_load (TwinRulSeries *series,
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

size_t
twin_rul_series_onset (const TwinRulSeries *series, double least)
{
  double sigma = isnan (series->sigma) ? 0 : series->sigma;
  double limit = MAX (MAX (ONSET_SIGMAS * sigma, ONSET_LEAST), least);
  double still =
      MAX (MAX (STILL_SIGMAS * sigma, STILL_LEAST), STILL_SHARE * least);
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
