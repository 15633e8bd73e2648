/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-fleet-kernel.h"

#include <math.h>
#include <string.h>

#include "twin-linear.h"

/* Rows are put into the sums so many at a time, to stay in the cache. */
#define PIECE 8
/* Share of the mean diagonal that keeps near landmarks solvable. */
#define JITTER 1e-9

TwinFleetKernel *
twin_fleet_kernel_new (size_t n_landmarks, size_t d)
{
  TwinFleetKernel *self = g_new0 (TwinFleetKernel, 1);

  self->n_landmarks = n_landmarks;
  self->d = d;
  self->landmarks = g_new0 (double, n_landmarks *d);
  self->weights = g_new0 (double, n_landmarks);
  return self;
}

void
twin_fleet_kernel_free (TwinFleetKernel *self)
{
  if (self == NULL)
    return;

  g_free (self->landmarks);
  g_free (self->weights);
  g_free (self);
}

static double
squared_distance (const double *a, const double *b, size_t d)
{
  double sum = 0;

  for (size_t i = 0; i < d; i++)
    sum += (a[i] - b[i]) * (a[i] - b[i]);

  return sum / (double) d;
}

static void
evaluate (const TwinFleetKernel *self, const double *x, double *k)
{
  for (size_t l = 0; l < self->n_landmarks; l++)
    k[l] = exp (-self->gamma *
                squared_distance (x, self->landmarks + l * self->d, self->d));
}

static double
dot (const double *a, const double *b, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += a[i] * b[i];

  return sum;
}

double
twin_fleet_kernel_value (const TwinFleetKernel *self, const double *x)
{
  double sum = self->offset;

  for (size_t l = 0; l < self->n_landmarks; l++)
    sum += self->weights[l] *
           exp (-self->gamma *
                squared_distance (x, self->landmarks + l * self->d, self->d));

  return sum;
}

double
twin_fleet_kernel_distance (const TwinFleetKernel *self, const double *x)
{
  double least = INFINITY;

  for (size_t l = 0; l < self->n_landmarks; l++)
    least = MIN (least,
                 squared_distance (x, self->landmarks + l * self->d, self->d));

  return least;
}

/* --- sums by fold ------------------------------------------------------------
 */

typedef struct
{
  size_t  m;
  double *k;    /* n × m: every row's kernel values */
  double *gram; /* folds × m × m, lower triangle */
  double *ky;   /* folds × m */
  double *sum;  /* folds × m: of the kernel values */
  double  y[TWIN_FLEET_FOLDS], n[TWIN_FLEET_FOLDS];
  double *between; /* m × m: of the landmarks themselves */
} Sums;

/* Rows of one fold together: the triangle is walked once for PIECE of them. */
static void
add_rows (Sums *sums, unsigned fold, const double *const *rows, size_t count)
{
  size_t  m = sums->m;
  double *gram = sums->gram + fold * m * m;

  for (size_t i = 0; i < m; i++)
    {
      double *line = gram + i * m;

      for (size_t r = 0; r < count; r++)
        {
          const double *row = rows[r];
          double        own = row[i];

          for (size_t j = 0; j <= i; j++)
            line[j] += own * row[j];
        }
    }
}

static void
sums_fill (Sums                  *sums,
           const TwinFleetKernel *kernel,
           const double          *x,
           const double          *y,
           const unsigned        *fold,
           size_t                 n)
{
  size_t        m = sums->m;
  const double *rows[TWIN_FLEET_FOLDS][PIECE];
  size_t        waiting[TWIN_FLEET_FOLDS] = { 0 };

  for (size_t r = 0; r < n; r++)
    {
      double  *k = sums->k + r * m;
      unsigned f = fold[r];

      evaluate (kernel, x + r * kernel->d, k);
      for (size_t i = 0; i < m; i++)
        {
          sums->ky[f * m + i] += k[i] * y[r];
          sums->sum[f * m + i] += k[i];
        }
      sums->y[f] += y[r];
      sums->n[f]++;
      rows[f][waiting[f]++] = k;
      if (waiting[f] == PIECE)
        {
          add_rows (sums, f, rows[f], PIECE);
          waiting[f] = 0;
        }
    }

  for (unsigned f = 0; f < TWIN_FLEET_FOLDS; f++)
    add_rows (sums, f, rows[f], waiting[f]);
  for (size_t l = 0; l < m; l++)
    evaluate (kernel, kernel->landmarks + l * kernel->d, sums->between + l * m);
}

static void
sums_init (Sums *sums, size_t m, size_t n)
{
  memset (sums, 0, sizeof *sums);
  sums->m = m;
  sums->k = g_new (double, MAX (n * m, 1));
  sums->gram = g_new0 (double, TWIN_FLEET_FOLDS *m *m);
  sums->ky = g_new0 (double, TWIN_FLEET_FOLDS *m);
  sums->sum = g_new0 (double, TWIN_FLEET_FOLDS *m);
  sums->between = g_new0 (double, m *m);
}

static void
sums_clear (Sums *sums)
{
  g_free (sums->k);
  g_free (sums->gram);
  g_free (sums->ky);
  g_free (sums->sum);
  g_free (sums->between);
}

/* (KᵀK + λ K_landmarks) w = Kᵀ (y - offset), without the rows of fold @left
 * (TWIN_FLEET_FOLDS: with all). */
static void
solve (const Sums *sums,
       unsigned    left,
       double      lambda,
       double     *work,
       double     *weights,
       double     *offset)
{
  size_t m = sums->m;
  double y = 0, n = 0, trace = 0;

  memset (work, 0, m * m * sizeof (double));
  memset (weights, 0, m * sizeof (double));
  for (unsigned f = 0; f < TWIN_FLEET_FOLDS; f++)
    if (f != left)
      {
        y += sums->y[f];
        n += sums->n[f];
      }
  *offset = n > 0 ? y / n : 0;

  for (unsigned f = 0; f < TWIN_FLEET_FOLDS; f++)
    {
      if (f == left)
        continue;
      for (size_t i = 0; i < m * m; i++)
        work[i] += sums->gram[f * m * m + i];
      for (size_t i = 0; i < m; i++)
        weights[i] += sums->ky[f * m + i] - *offset * sums->sum[f * m + i];
    }

  for (size_t i = 0; i < m * m; i++)
    work[i] += lambda * sums->between[i];
  for (size_t i = 0; i < m; i++)
    trace += work[i * m + i] / (double) m;
  for (size_t i = 0; i < m; i++)
    work[i * m + i] += JITTER * trace;

  if (twin_linear_factor (work, (unsigned) m))
    twin_linear_solve (work, (unsigned) m, weights);
  else
    memset (weights, 0, m * sizeof (double));
}

double
twin_fleet_kernel_fit (TwinFleetKernel *self,
                       const double    *x,
                       const double    *y,
                       const unsigned  *fold,
                       size_t           n,
                       const double    *lambdas,
                       size_t           n_lambdas,
                       double           lowest,
                       double           highest,
                       double          *lambda,
                       double          *out)
{
  size_t             m = self->n_landmarks;
  g_autofree double *work = g_new (double, m *m);
  g_autofree double *weights = g_new (double, m *TWIN_FLEET_FOLDS);
  g_autofree double *values = g_new (double, MAX (n, 1));
  double             offsets[TWIN_FLEET_FOLDS];
  double             least = INFINITY;
  Sums               sums;

  sums_init (&sums, m, n);
  sums_fill (&sums, self, x, y, fold, n);
  *lambda = lambdas[0];

  for (size_t l = 0; l < n_lambdas; l++)
    {
      double error = 0;

      for (unsigned f = 0; f < TWIN_FLEET_FOLDS; f++)
        solve (&sums, f, lambdas[l], work, weights + f * m, &offsets[f]);

      for (size_t r = 0; r < n; r++)
        {
          double value =
              offsets[fold[r]] + dot (sums.k + r * m, weights + fold[r] * m, m);

          values[r] = CLAMP (value, lowest, highest);
          error += (values[r] - y[r]) * (values[r] - y[r]) / (double) n;
        }

      if (error < least)
        {
          least = error;
          *lambda = lambdas[l];
          memcpy (out, values, n * sizeof (double));
        }
    }

  solve (&sums, TWIN_FLEET_FOLDS, *lambda, work, self->weights, &self->offset);
  sums_clear (&sums);
  return sqrt (least);
}
