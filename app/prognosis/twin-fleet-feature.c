/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-fleet-feature.h"

#include <math.h>

#define PER_COLUMN (2 * TWIN_FLEET_WINDOWS - 1)
/* A slope's denominator gets this share of a full window's beside its own. */
#define SHRINK 0.1

size_t
twin_fleet_feature_count (const TwinFleetScale *scale)
{
  size_t used = 0;

  for (size_t c = 0; c < scale->n_columns; c++)
    used += twin_fleet_scale_uses (scale, c);

  return used * PER_COLUMN + 1;
}

/* Standardised, a gap carrying the value before it; 0 before any. */
static double *
standardise (const TwinFleetScale *scale, const double *values, size_t n)
{
  size_t  p = scale->n_columns;
  double *z = g_new (double, MAX (n * p, 1));

  for (size_t r = 0; r < n; r++)
    {
      twin_fleet_scale_apply (scale, values + r * p, z + r * p);
      for (size_t c = 0; c < p; c++)
        if (isnan (z[r * p + c]))
          z[r * p + c] = r > 0 ? z[(r - 1) * p + c] : 0;
    }

  return z;
}

/* Running sums of one column: over rows before r. */
typedef struct
{
  double *t, *tt, *z, *tz;
} Sums;

static void
sums_init (Sums *sums, const double *step_time, size_t n)
{
  sums->t = g_new0 (double, n + 1);
  sums->tt = g_new0 (double, n + 1);
  sums->z = g_new0 (double, n + 1);
  sums->tz = g_new0 (double, n + 1);
  for (size_t r = 0; r < n; r++)
    {
      sums->t[r + 1] = sums->t[r] + step_time[r];
      sums->tt[r + 1] = sums->tt[r] + step_time[r] * step_time[r];
    }
}

static void
sums_clear (Sums *sums)
{
  g_free (sums->t);
  g_free (sums->tt);
  g_free (sums->z);
  g_free (sums->tz);
}

static double
mean_of (const Sums *sums, size_t lo, size_t end)
{
  return (sums->z[end] - sums->z[lo]) / (double) (end - lo);
}

/* Growth over a full window of @window steps. */
static double
slope_of (const Sums *sums, size_t lo, size_t end, double window)
{
  double k = (double) (end - lo);
  double mean_t = (sums->t[end] - sums->t[lo]) / k;
  double tt = sums->tt[end] - sums->tt[lo] - k * mean_t * mean_t;
  double tz =
      sums->tz[end] - sums->tz[lo] - mean_t * (sums->z[end] - sums->z[lo]);
  double full = window * (window * window - 1) / 12;

  return window * tz / (MAX (tt, 0) + SHRINK * full);
}

/* First row of the window that ends with row @r. */
static size_t
window_start (const double *step_time, size_t r, size_t lo, unsigned window)
{
  while (step_time[lo] <= step_time[r] - window)
    lo++;

  return lo;
}

static void
one_column (const Sums          *sums,
            const TwinFleetSpec *spec,
            const double        *step_time,
            size_t               n,
            size_t               from,
            size_t               stride,
            size_t               width,
            double              *out)
{
  size_t lo[TWIN_FLEET_WINDOWS] = { 0 };

  for (size_t r = from; r < n; r += stride, out += width)
    for (int w = 0; w < TWIN_FLEET_WINDOWS; w++)
      {
        lo[w] = window_start (step_time, r, lo[w], spec->window[w]);
        out[w] = mean_of (sums, lo[w], r + 1);
        if (w > 0)
          out[TWIN_FLEET_WINDOWS + w - 1] =
              slope_of (sums, lo[w], r + 1, spec->window[w]);
      }
}

void
twin_fleet_features (const TwinFleetScale *scale,
                     const TwinFleetSpec  *spec,
                     const double         *time,
                     const double         *values,
                     size_t                n,
                     size_t                from,
                     size_t                stride,
                     double               *out)
{
  size_t             width = twin_fleet_feature_count (scale);
  g_autofree double *z = standardise (scale, values, n);
  g_autofree double *step_time = g_new (double, MAX (n, 1));
  size_t             place = 0;
  Sums               sums;

  for (size_t r = 0; r < n; r++)
    step_time[r] = (time[r] - time[0]) / spec->step;
  sums_init (&sums, step_time, n);

  for (size_t c = 0; c < scale->n_columns; c++)
    {
      if (!twin_fleet_scale_uses (scale, c))
        continue;

      for (size_t r = 0; r < n; r++)
        {
          double value = z[r * scale->n_columns + c];

          sums.z[r + 1] = sums.z[r] + value;
          sums.tz[r + 1] = sums.tz[r] + step_time[r] * value;
        }
      one_column (&sums, spec, step_time, n, from, stride, width, out + place);
      place += PER_COLUMN;
    }

  for (size_t r = from, i = 0; r < n; r += stride, i++)
    out[i * width + place] = (time[r] - time[0]) / spec->life;
  sums_clear (&sums);
}
