/* SPDX-License-Identifier: Apache-2.0 */
/* twin-fleet-train.c - learning from lives, cross-validated by units */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "twin-fleet-model-private.h"
#include "twin-random.h"

#define SEED 1
/* Rows that the choice sees, and the fit that is kept. */
#define ROWS_CHOICE 3000
#define ROWS_MAX 8000
#define COVERAGE_ROWS 1000
#define WINDOW_LEAST 3
/* A feature that does not go with the remaining life keeps this much say. */
#define WEIGHT_LEAST 0.05

/* Windows as shares of the median life. The first, the same in all, is also
 * the shortest history that gets an answer. */
static const double windows[][TWIN_FLEET_WINDOWS] = {
  { 0.05, 0.15, 0.3 },
  { 0.05, 0.15, 0.5 },
  { 0.05, 0.2, 0.8 },
};
static const double gammas[] = { 0.1, 0.3, 1 };
static const size_t nears[] = { 80, 150, 300, 600 };
static const double lambdas[] = { 0.01, 0.1, 1, 10 };

/* The rows that are learnt from. */
typedef struct
{
  size_t    n, d;
  double   *x;        /* features, then standardised and weighted */
  double   *y, *came; /* held at the cap, and as it came */
  double   *length;   /* ln rows seen */
  unsigned *fold;
  size_t   *unit;
  double   *mean, *weight; /* d */
} Rows;

static int
ascending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
end_of (const TwinFleetTable *table, size_t unit)
{
  return table->time[table->first[unit + 1] - 1];
}

/* --- what all candidates share -------------------------------------------
 */

static double *
sorted_lives (const TwinFleetTable *table)
{
  double *lives = g_new (double, table->n_units);

  for (size_t u = 0; u < table->n_units; u++)
    lives[u] = end_of (table, u) - table->time[table->first[u]];
  qsort (lives, table->n_units, sizeof (double), ascending);
  return lives;
}

static double
median_step (const TwinFleetTable *table)
{
  g_autofree double *steps = g_new (double, MAX (table->n_rows, 1));
  size_t             n = 0;

  for (size_t u = 0; u < table->n_units; u++)
    for (size_t r = table->first[u] + 1; r < table->first[u + 1]; r++)
      if (table->time[r] > table->time[r - 1])
        steps[n++] = table->time[r] - table->time[r - 1];

  qsort (steps, n, sizeof (double), ascending);
  return n > 0 ? steps[n / 2] : 0;
}

/* A fold a unit, by chance but always the same. */
static unsigned *
deal_folds (size_t n_units)
{
  unsigned  *folds = g_new (unsigned, n_units);
  TwinRandom random;

  twin_random_init (&random, SEED);
  for (size_t u = 0; u < n_units; u++)
    folds[u] = (unsigned) (u % TWIN_FLEET_FOLDS);
  for (size_t u = n_units; u-- > 1;)
    {
      size_t   other = (size_t) (twin_random_uniform (&random) * (u + 1));
      unsigned fold = folds[u];

      folds[u] = folds[other];
      folds[other] = fold;
    }

  return folds;
}

static void
set_windows (TwinFleetSpec *spec, const double *shares)
{
  unsigned least = WINDOW_LEAST;

  for (int w = 0; w < TWIN_FLEET_WINDOWS; w++)
    {
      double steps = round (shares[w] * spec->life / spec->step);

      spec->window[w] = MAX (least, (unsigned) MIN (steps, 1e6));
      least = spec->window[w] + 1;
    }
}

/* --- rows -------------------------------------------------------------------
 */

static void
rows_clear (Rows *rows)
{
  g_free (rows->x);
  g_free (rows->y);
  g_free (rows->came);
  g_free (rows->length);
  g_free (rows->fold);
  g_free (rows->unit);
  g_free (rows->mean);
  g_free (rows->weight);
}

static void
rows_fill (Rows                 *rows,
           const TwinFleetTable *table,
           const TwinFleetScale *scale,
           const TwinFleetSpec  *spec,
           const unsigned       *folds,
           double                cap,
           size_t                rows_max)
{
  size_t stride = table->n_rows / rows_max + 1;
  size_t most = table->n_rows / stride + table->n_units;

  memset (rows, 0, sizeof *rows);
  rows->d = twin_fleet_feature_count (scale);
  rows->x = g_new (double, most * rows->d);
  rows->y = g_new (double, most);
  rows->came = g_new (double, most);
  rows->length = g_new (double, most);
  rows->fold = g_new (unsigned, most);
  rows->unit = g_new (size_t, most);

  for (size_t u = 0; u < table->n_units; u++)
    {
      size_t first = table->first[u], n = table->first[u + 1] - first;
      /* Not the same ages of every unit. */
      size_t from = spec->window[0] - 1 + u % stride;

      if (from >= n)
        continue;

      twin_fleet_features (scale, spec, table->time + first,
                           table->values + first * table->n_columns, n, from,
                           stride, rows->x + rows->n * rows->d);
      for (size_t r = from; r < n; r += stride, rows->n++)
        {
          rows->came[rows->n] = end_of (table, u) - table->time[first + r];
          rows->y[rows->n] = MIN (rows->came[rows->n], cap);
          rows->length[rows->n] = log ((double) (r + 1));
          rows->fold[rows->n] = folds[u];
          rows->unit[rows->n] = u;
        }
    }
}

/* Standardises the features; each then counts by its correlation with the
 * remaining life, so that columns that say nothing do not blur distances. */
static void
rows_weigh (Rows *rows)
{
  size_t n = rows->n, d = rows->d;
  double mean_y = 0, var_y = 0, square = 0;

  rows->mean = g_new0 (double, d);
  rows->weight = g_new0 (double, d);
  for (size_t r = 0; r < n; r++)
    mean_y += rows->y[r] / (double) n;
  for (size_t r = 0; r < n; r++)
    var_y += (rows->y[r] - mean_y) * (rows->y[r] - mean_y) / (double) n;

  for (size_t i = 0; i < d; i++)
    {
      double variance = 0, both = 0, with;

      for (size_t r = 0; r < n; r++)
        rows->mean[i] += rows->x[r * d + i] / (double) n;
      for (size_t r = 0; r < n; r++)
        {
          double off = rows->x[r * d + i] - rows->mean[i];

          variance += off * off / (double) n;
          both += off * (rows->y[r] - mean_y) / (double) n;
        }
      if (!(variance > 1e-18 && var_y > 0))
        continue;

      with = MAX (fabs (both) / sqrt (variance * var_y), WEIGHT_LEAST);
      square += with * with / (double) d;
      rows->weight[i] = with / sqrt (variance);
    }

  for (size_t i = 0; i < d && square > 0; i++)
    rows->weight[i] /= sqrt (square);
  for (size_t r = 0; r < n; r++)
    for (size_t i = 0; i < d; i++)
      rows->x[r * d + i] =
          (rows->x[r * d + i] - rows->mean[i]) * rows->weight[i];
}

/* --- fit
 * ----------------------------------------------------------------------
 */

/* Landmarks: one row in ten, drawn without putting back. */
static TwinFleetKernel *
draw_landmarks (const Rows *rows)
{
  size_t             m = CLAMP (rows->n / 10, 1, TWIN_FLEET_LANDMARKS);
  TwinFleetKernel   *kernel = twin_fleet_kernel_new (m, rows->d);
  g_autofree size_t *order = g_new (size_t, rows->n);
  TwinRandom         random;

  twin_random_init (&random, SEED);
  for (size_t r = 0; r < rows->n; r++)
    order[r] = r;
  for (size_t l = 0; l < m; l++)
    {
      size_t other =
          l + (size_t) (twin_random_uniform (&random) * (rows->n - l));
      size_t row = order[other];

      order[other] = order[l];
      order[l] = row;
      memcpy (kernel->landmarks + l * rows->d, rows->x + row * rows->d,
              rows->d * sizeof (double));
    }

  return kernel;
}

typedef struct
{
  TwinFleetSpec spec;
  double        gamma, rmse;
} Best;

static void
try_gammas (const Rows *rows, const TwinFleetSpec *spec, double cap, Best *best)
{
  g_autoptr (TwinFleetKernel) kernel = draw_landmarks (rows);
  g_autofree double *out = g_new (double, rows->n);

  for (size_t g = 0; g < G_N_ELEMENTS (gammas); g++)
    {
      double lambda, rmse;

      kernel->gamma = gammas[g];
      rmse = twin_fleet_kernel_fit (kernel, rows->x, rows->y, rows->fold,
                                    rows->n, lambdas, G_N_ELEMENTS (lambdas), 0,
                                    cap, &lambda, out);
      if (rmse < best->rmse)
        *best = (Best){ *spec, gammas[g], rmse };
    }
}

static void
choose (const TwinFleetTable *table,
        const TwinFleetScale *scale,
        const unsigned       *folds,
        double                cap,
        TwinFleetSpec        *spec,
        Best                 *best)
{
  for (size_t w = 0; w < G_N_ELEMENTS (windows); w++)
    {
      Rows rows;

      set_windows (spec, windows[w]);
      rows_fill (&rows, table, scale, spec, folds, cap, ROWS_CHOICE);
      rows_weigh (&rows);
      if (rows.d > 1 && rows.n > 0)
        try_gammas (&rows, spec, cap, best);
      rows_clear (&rows);
    }
}

/* --- the model ---------------------------------------------------------------
 */

/* Mean width, and what lies outside counted (2 / 0.1) times: least where the
 * interval is sharp and holds. Of every unit by the errors of the others. */
static double
interval_score (const TwinFleetModel *self, double *coverage)
{
  size_t stride = self->n_errors / COVERAGE_ROWS + 1;
  double inside = 0, judged = 0, score = 0;

  for (size_t i = 0; i < self->n_errors; i += stride, judged++)
    {
      double p05, p95, came = self->came[i];

      twin_fleet_model_interval (self, self->given[i], self->length[i],
                                 self->unit[i], &p05, &p95);
      inside += came >= p05 && came <= p95;
      score += p95 - p05 + 20 * (MAX (0, p05 - came) + MAX (0, came - p95));
    }

  *coverage = inside / judged;
  return score / judged;
}

static void
keep_errors (TwinFleetModel *self, const Rows *rows, const double *out)
{
  double least = INFINITY;
  size_t best = nears[0];

  for (size_t i = 0; i < self->n_errors; i++)
    {
      size_t r = i * rows->n / self->n_errors;

      self->given[i] = out[r];
      self->length[i] = rows->length[r];
      self->came[i] = rows->came[r];
      self->unit[i] = rows->unit[r];
    }

  for (size_t i = 0; i < G_N_ELEMENTS (nears); i++)
    {
      double coverage, score;

      self->n_near = nears[i];
      score = interval_score (self, &coverage);
      if (score < least)
        {
          least = score;
          best = nears[i];
          self->coverage = coverage;
        }
    }
  self->n_near = best;
}

/* Where the rows lay: the range of each column's shortest mean, and how far a
 * row was from its nearest landmark. */
static void
keep_ranges (TwinFleetModel *self, const Rows *rows)
{
  size_t place = 0;

  for (size_t c = 0; c < self->scale->n_columns; c++)
    {
      if (!twin_fleet_scale_uses (self->scale, c))
        continue;

      self->lo[c] = INFINITY;
      self->hi[c] = -INFINITY;
      for (size_t r = 0; r < rows->n; r++)
        {
          double weight = rows->weight[place];
          double value =
              rows->mean[place] +
              (weight > 0 ? rows->x[r * rows->d + place] / weight : 0);

          self->lo[c] = MIN (self->lo[c], value);
          self->hi[c] = MAX (self->hi[c], value);
        }
      place += 2 * TWIN_FLEET_WINDOWS - 1;
    }

  for (size_t r = 0; r < rows->n; r++)
    self->distance_most =
        MAX (self->distance_most,
             twin_fleet_kernel_distance (self->kernel, rows->x + r * rows->d));
}

static TwinFleetModel *
make_model (TwinFleetScale *scale,
            const Rows     *rows,
            const Best     *best,
            double          cap,
            const double   *lives,
            size_t          n_lives)
{
  TwinFleetKernel   *kernel = draw_landmarks (rows);
  g_autofree double *out = g_new (double, rows->n);
  TwinFleetModel    *self =
      twin_fleet_model_new (scale, kernel->n_landmarks, n_lives,
                            MIN (rows->n, TWIN_FLEET_ERRORS));

  twin_fleet_kernel_free (self->kernel);
  self->kernel = kernel;
  self->spec = best->spec;
  self->cap = cap;
  kernel->gamma = best->gamma;
  self->rmse = twin_fleet_kernel_fit (kernel, rows->x, rows->y, rows->fold,
                                      rows->n, lambdas, G_N_ELEMENTS (lambdas),
                                      0, cap, &self->lambda, out);
  memcpy (self->feature_mean, rows->mean, rows->d * sizeof (double));
  memcpy (self->feature_weight, rows->weight, rows->d * sizeof (double));
  memcpy (self->lives, lives, n_lives * sizeof (double));
  keep_ranges (self, rows);
  keep_errors (self, rows, out);
  return self;
}

static gboolean
check (const TwinFleetTable *table, const TwinFleetSpec *spec, GError **error)
{
  if (table->n_units < TWIN_FLEET_UNITS_LEAST)
    {
      g_set_error (error, TWIN_FLEET_MODEL_ERROR, TWIN_FLEET_MODEL_ERROR_FEW,
                   "%zu lives are too few to learn from; give at least %d "
                   "units that ran to their end",
                   table->n_units, TWIN_FLEET_UNITS_LEAST);
      return FALSE;
    }
  if (!(spec->step > 0 && spec->life > 0))
    {
      g_set_error (error, TWIN_FLEET_MODEL_ERROR, TWIN_FLEET_MODEL_ERROR_STILL,
                   "No time passes within a unit; check the column of time");
      return FALSE;
    }

  return TRUE;
}

TwinFleetModel *
twin_fleet_model_train (const TwinFleetTable *table, double cap, GError **error)
{
  g_autofree double   *lives = sorted_lives (table);
  g_autofree unsigned *folds = deal_folds (table->n_units);
  g_autoptr (TwinFleetScale) scale = NULL;
  TwinFleetModel *self = NULL;
  TwinFleetSpec   spec = { .step = median_step (table),
                           .life = table->n_units > 0 ? lives[table->n_units / 2]
                                                      : 0 };
  Best            best = { .rmse = INFINITY };
  Rows            rows;

  if (!check (table, &spec, error))
    return NULL;
  if (!(cap > 0))
    cap = lives[table->n_units - 1];

  scale = twin_fleet_scale_learn (table);
  choose (table, scale, folds, cap, &spec, &best);
  if (!(best.rmse < INFINITY))
    {
      g_set_error (error, TWIN_FLEET_MODEL_ERROR, TWIN_FLEET_MODEL_ERROR_STILL,
                   "There is nothing to learn: no column moves, or no unit has "
                   "%u rows",
                   spec.window[0]);
      return NULL;
    }

  rows_fill (&rows, table, scale, &best.spec, folds, cap, ROWS_MAX);
  rows_weigh (&rows);
  self = make_model (g_steal_pointer (&scale), &rows, &best, cap, lives,
                     table->n_units);
  rows_clear (&rows);
  return self;
}
