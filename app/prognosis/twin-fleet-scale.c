/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-fleet-scale.h"

#include <math.h>
#include <string.h>

#define ROWS_MAX 4000 /* that k-means looks at */
#define ROUNDS 25
/* Clusters are settings when they leave at most this share of the variance … */
#define WITHIN_MOST 0.2
/* … and early and late rows differ by at most this in how often each comes
 * (total variation distance). */
#define DRIFT_MOST 0.25
/* A column moves if it does by more than rounding. */
#define STILL 1e-9

TwinFleetTable *
twin_fleet_table_new (size_t n_units, size_t n_rows, size_t n_columns)
{
  TwinFleetTable *self = g_new0 (TwinFleetTable, 1);

  self->n_units = n_units;
  self->n_rows = n_rows;
  self->n_columns = n_columns;
  self->first = g_new0 (size_t, n_units + 1);
  self->time = g_new0 (double, MAX (n_rows, 1));
  self->values = g_new0 (double, MAX (n_rows * n_columns, 1));
  return self;
}

void
twin_fleet_table_free (TwinFleetTable *self)
{
  if (self == NULL)
    return;

  g_free (self->first);
  g_free (self->time);
  g_free (self->values);
  g_free (self);
}

TwinFleetScale *
twin_fleet_scale_new (size_t n_columns, size_t n_settings)
{
  TwinFleetScale *self = g_new0 (TwinFleetScale, 1);

  self->n_columns = n_columns;
  self->n_settings = n_settings;
  self->column_mean = g_new0 (double, n_columns);
  self->column_sd = g_new0 (double, n_columns);
  self->centres = g_new0 (double, n_columns *n_settings);
  self->mean = g_new0 (double, n_columns *n_settings);
  self->sd = g_new0 (double, n_columns *n_settings);
  return self;
}

void
twin_fleet_scale_free (TwinFleetScale *self)
{
  if (self == NULL)
    return;

  g_free (self->column_mean);
  g_free (self->column_sd);
  g_free (self->centres);
  g_free (self->mean);
  g_free (self->sd);
  g_free (self);
}

/* --- settings ---------------------------------------------------------------
 */

/* Standardised rows with the place in life of each. */
typedef struct
{
  double *x;
  double *phase; /* 0 … 1 */
  size_t  n, p;
} Sample;

static double
standardised (const TwinFleetScale *self, const double *values, size_t c)
{
  return isfinite (values[c])
             ? (values[c] - self->column_mean[c]) / self->column_sd[c]
             : 0;
}

static void
take_sample (const TwinFleetScale *self,
             const TwinFleetTable *table,
             Sample               *sample)
{
  size_t stride = table->n_rows / ROWS_MAX + 1;

  sample->p = table->n_columns;
  sample->n = 0;
  sample->x = g_new (double, (table->n_rows / stride + 1) * sample->p);
  sample->phase = g_new (double, table->n_rows / stride + 1);

  for (size_t u = 0, row = 0; u < table->n_units; u++)
    {
      size_t first = table->first[u], end = table->first[u + 1];

      for (row = MAX (row, first); row < end; row += stride)
        {
          for (size_t c = 0; c < sample->p; c++)
            sample->x[sample->n * sample->p + c] =
                standardised (self, table->values + row * sample->p, c);
          sample->phase[sample->n++] =
              (double) (row - first) / (double) (end - first);
        }
    }
}

static double
distance (const double *a, const double *b, size_t p)
{
  double sum = 0;

  for (size_t c = 0; c < p; c++)
    sum += (a[c] - b[c]) * (a[c] - b[c]);

  return sum;
}

static size_t
nearest (const double *x, const double *centres, size_t k, size_t p)
{
  size_t best = 0;
  double least = INFINITY;

  for (size_t i = 0; i < k; i++)
    {
      double d = distance (x, centres + i * p, p);

      if (d < least)
        {
          least = d;
          best = i;
        }
    }

  return best;
}

/* The row farthest from the centres there are becomes the next one. */
static void
add_centre (const Sample *sample, double *centres, size_t k)
{
  size_t p = sample->p, far = 0;
  double most = -1;

  for (size_t i = 0; i < sample->n; i++)
    {
      const double *x = sample->x + i * p;
      double d = distance (x, centres + nearest (x, centres, k, p) * p, p);

      if (d > most)
        {
          most = d;
          far = i;
        }
    }

  memcpy (centres + k * p, sample->x + far * p, p * sizeof (double));
}

/* Lloyd's rounds; the mean squared distance that is left. */
static double
settle (const Sample *sample, double *centres, size_t k)
{
  size_t             p = sample->p;
  g_autofree double *sums = g_new (double, k *p);
  g_autofree size_t *counts = g_new (size_t, k);
  double             left = 0;

  for (int round = 0; round < ROUNDS; round++)
    {
      memset (sums, 0, k * p * sizeof (double));
      memset (counts, 0, k * sizeof (size_t));
      left = 0;

      for (size_t i = 0; i < sample->n; i++)
        {
          const double *x = sample->x + i * p;
          size_t        own = nearest (x, centres, k, p);

          left += distance (x, centres + own * p, p) / (double) sample->n;
          counts[own]++;
          for (size_t c = 0; c < p; c++)
            sums[own * p + c] += x[c];
        }

      for (size_t j = 0; j < k; j++)
        for (size_t c = 0; c < p && counts[j] > 0; c++)
          centres[j * p + c] = sums[j * p + c] / (double) counts[j];
    }

  return left;
}

/* How differently the settings come in the first and the last third of life. */
static double
drift (const Sample *sample, const double *centres, size_t k)
{
  double early[TWIN_FLEET_SETTINGS_MAX] = { 0 };
  double late[TWIN_FLEET_SETTINGS_MAX] = { 0 };
  double n_early = 0, n_late = 0, sum = 0;

  for (size_t i = 0; i < sample->n; i++)
    {
      size_t own = nearest (sample->x + i * sample->p, centres, k, sample->p);

      if (sample->phase[i] < 1.0 / 3)
        {
          early[own]++;
          n_early++;
        }
      else if (sample->phase[i] >= 2.0 / 3)
        {
          late[own]++;
          n_late++;
        }
    }

  for (size_t j = 0; j < k && n_early > 0 && n_late > 0; j++)
    sum += fabs (early[j] / n_early - late[j] / n_late) / 2;

  return sum;
}

/* As many settings as bring the largest step down in what is left; one, where
 * that leaves too much or the clusters come and go with age. */
static size_t
find_settings (const Sample *sample, double *best)
{
  size_t             p = sample->p, found = 1;
  g_autofree double *centres = g_new0 (double, TWIN_FLEET_SETTINGS_MAX *p);
  double             one, before, steepest = 1;

  one = before = settle (sample, centres, 1);
  memcpy (best, centres, p * sizeof (double));

  for (size_t k = 2; k <= TWIN_FLEET_SETTINGS_MAX && sample->n > 10 * k; k++)
    {
      double left;

      add_centre (sample, centres, k - 1);
      left = settle (sample, centres, k);
      if (left < WITHIN_MOST * one && before > steepest * left &&
          drift (sample, centres, k) < DRIFT_MOST)
        {
          steepest = before / MAX (left, 1e-30);
          found = k;
          memcpy (best, centres, k * p * sizeof (double));
        }
      before = left;
    }

  return found;
}

/* --- moments -----------------------------------------------------------------
 */

static void
moments_of_columns (const TwinFleetTable *table, double *mean, double *sd)
{
  for (size_t c = 0; c < table->n_columns; c++)
    {
      double n = 0, m = 0, s = 0;

      for (size_t r = 0; r < table->n_rows; r++)
        {
          double value = table->values[r * table->n_columns + c];
          double step = value - m;

          if (!isfinite (value))
            continue;

          n++;
          m += step / n;
          s += step * (value - m);
        }

      mean[c] = m;
      sd[c] = n > 1 ? sqrt (s / n) : 0;
      if (!(sd[c] > STILL * MAX (fabs (m), 1e-12)) || !isfinite (sd[c]))
        sd[c] = 1;
    }
}

static size_t
setting_of (const TwinFleetScale *self, const double *values, double *work)
{
  if (self->n_settings == 1)
    return 0;

  for (size_t c = 0; c < self->n_columns; c++)
    work[c] = standardised (self, values, c);

  return nearest (work, self->centres, self->n_settings, self->n_columns);
}

static void
moments_of_settings (TwinFleetScale *self, const TwinFleetTable *table)
{
  size_t             p = self->n_columns;
  g_autofree double *counts = g_new0 (double, self->n_settings *p);
  g_autofree double *work = g_new (double, p);

  for (size_t r = 0; r < table->n_rows; r++)
    {
      const double *values = table->values + r * p;
      size_t        base = setting_of (self, values, work) * p;

      for (size_t c = 0; c < p; c++)
        {
          double step = values[c] - self->mean[base + c];

          if (!isfinite (values[c]))
            continue;

          counts[base + c]++;
          self->mean[base + c] += step / counts[base + c];
          self->sd[base + c] += step * (values[c] - self->mean[base + c]);
        }
    }

  for (size_t i = 0; i < self->n_settings * p; i++)
    {
      double sd = counts[i] > 1 ? sqrt (self->sd[i] / counts[i]) : 0;

      /* Still within a setting: by rounding, or beside what it moves
       * between settings. */
      self->sd[i] = isfinite (sd) &&
                            sd > STILL * MAX (fabs (self->mean[i]), 1e-12) &&
                            sd > 1e-6 * self->column_sd[i % p]
                        ? sd
                        : 0;
    }
}

TwinFleetScale *
twin_fleet_scale_learn (const TwinFleetTable *table)
{
  g_autoptr (TwinFleetScale) whole = twin_fleet_scale_new (table->n_columns, 1);
  g_autofree double *centres =
      g_new0 (double, TWIN_FLEET_SETTINGS_MAX * table->n_columns);
  TwinFleetScale *self;
  Sample          sample;

  moments_of_columns (table, whole->column_mean, whole->column_sd);
  take_sample (whole, table, &sample);
  self =
      twin_fleet_scale_new (table->n_columns, find_settings (&sample, centres));
  g_free (sample.x);
  g_free (sample.phase);

  memcpy (self->column_mean, whole->column_mean,
          self->n_columns * sizeof (double));
  memcpy (self->column_sd, whole->column_sd, self->n_columns * sizeof (double));
  memcpy (self->centres, centres,
          self->n_settings * self->n_columns * sizeof (double));
  moments_of_settings (self, table);
  return self;
}

gboolean
twin_fleet_scale_uses (const TwinFleetScale *self, size_t column)
{
  for (size_t s = 0; s < self->n_settings; s++)
    if (self->sd[s * self->n_columns + column] > 0)
      return TRUE;

  return FALSE;
}

void
twin_fleet_scale_apply (const TwinFleetScale *self,
                        const double         *values,
                        double               *z)
{
  size_t base = setting_of (self, values, z) * self->n_columns;

  for (size_t c = 0; c < self->n_columns; c++)
    z[c] = self->sd[base + c] > 0 && isfinite (values[c])
               ? (values[c] - self->mean[base + c]) / self->sd[base + c]
               : NAN;
}
