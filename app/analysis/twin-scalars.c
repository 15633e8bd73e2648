/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-scalars.h"

#include <math.h>
#include <stdlib.h>

static void
compute_moments (const double *samples, size_t n, TwinScalars *out)
{
  double sum = 0, sum2 = 0, sum3 = 0, sum4 = 0, sum_abs = 0, peak = 0;

  for (size_t i = 0; i < n; i++)
    sum += samples[i];

  out->mean = sum / (double) n;

  for (size_t i = 0; i < n; i++)
    {
      double x = samples[i] - out->mean;
      double x2 = x * x;

      sum2 += x2;
      sum3 += x2 * x;
      sum4 += x2 * x2;
      sum_abs += fabs (x);
      peak = MAX (peak, fabs (x));
    }

  out->rms = sqrt (sum2 / (double) n);
  out->peak = peak;

  /* A block of equal values has no shape; rounding leaves dust. */
  if (out->rms > 1e-12 * (fabs (out->mean) + 1e-30))
    {
      double n_d = (double) n;
      double mean_abs = sum_abs / n_d;

      out->crest = peak / out->rms;
      out->kurtosis = sum4 / n_d / pow (out->rms, 4);
      out->skewness = sum3 / n_d / pow (out->rms, 3);
      out->shape = out->rms / mean_abs;
      out->impulse = peak / mean_abs;
    }
}

static void
count_runs (const double *samples,
            size_t        n,
            double        full_scale,
            TwinScalars  *out)
{
  double lo = samples[0], hi = samples[0];
  size_t run = 1;

  for (size_t i = 1; i < n; i++)
    {
      lo = MIN (lo, samples[i]);
      hi = MAX (hi, samples[i]);
    }

  out->extreme = MAX (fabs (lo), fabs (hi));
  out->longest_flat = 1;
  for (size_t i = 1; i <= n; i++)
    {
      if (i < n && samples[i] == samples[i - 1])
        {
          run++;
          continue;
        }

      double   value = samples[i - 1];
      gboolean extreme = full_scale > 0 ? fabs (value) >= 0.999 * full_scale
                                        : value == lo || value == hi;

      out->longest_flat = MAX (out->longest_flat, run);
      if (extreme && hi > lo && run >= 3)
        out->clipped += run;
      run = 1;
    }
}

void
twin_scalars_compute (const double *samples,
                      size_t        n,
                      double        full_scale,
                      TwinScalars  *out)
{
  *out = (TwinScalars){
    .mean = NAN,
    .rms = NAN,
    .peak = NAN,
    .extreme = NAN,
    .crest = NAN,
    .kurtosis = NAN,
    .skewness = NAN,
    .shape = NAN,
    .impulse = NAN,
  };

  if (n == 0)
    return;

  compute_moments (samples, n, out);
  count_runs (samples, n, full_scale, out);
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

double
twin_scalars_median (double *values, size_t n)
{
  if (n == 0)
    return NAN;

  qsort (values, n, sizeof (double), compare);
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

double
twin_scalars_mad_sigma (double *values, size_t n, double median)
{
  for (size_t i = 0; i < n; i++)
    values[i] = fabs (values[i] - median);

  return 1.4826 * twin_scalars_median (values, n);
}
