/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-linear.h"

#include <math.h>
#include <string.h>

/* A pivot under this share of its diagonal is rounding, not information. */
#define PIVOT_LEAST 1e-13

/* Cyclic Jacobi converges quadratically; more sweeps than this never occur. */
#define SWEEPS_MAX 60

gboolean
twin_linear_factor (double *a, unsigned n)
{
  for (unsigned j = 0; j < n; j++)
    {
      const double diagonal = a[j * n + j];
      double       pivot = diagonal;

      for (unsigned k = 0; k < j; k++)
        pivot -= a[j * n + k] * a[j * n + k];
      if (!(pivot > PIVOT_LEAST * diagonal) || !isfinite (pivot))
        return FALSE;

      a[j * n + j] = sqrt (pivot);
      for (unsigned i = j + 1; i < n; i++)
        {
          double sum = a[i * n + j];

          for (unsigned k = 0; k < j; k++)
            sum -= a[i * n + k] * a[j * n + k];
          a[i * n + j] = sum / a[j * n + j];
          a[j * n + i] = 0;
        }
    }

  return TRUE;
}

void
twin_linear_solve_half (const double *factor, unsigned n, double *b)
{
  for (unsigned i = 0; i < n; i++)
    {
      for (unsigned k = 0; k < i; k++)
        b[i] -= factor[i * n + k] * b[k];
      b[i] /= factor[i * n + i];
    }
}

void
twin_linear_solve (const double *factor, unsigned n, double *b)
{
  twin_linear_solve_half (factor, n, b);
  for (unsigned i = n; i-- > 0;)
    {
      for (unsigned k = i + 1; k < n; k++)
        b[i] -= factor[k * n + i] * b[k];
      b[i] /= factor[i * n + i];
    }
}

void
twin_linear_invert (const double *factor, unsigned n, double *inverse)
{
  memset (inverse, 0, (size_t) n * n * sizeof (double));
  for (unsigned i = 0; i < n; i++)
    {
      /* The inverse is symmetric: a column of it is a row. */
      inverse[i * n + i] = 1;
      twin_linear_solve (factor, n, inverse + i * n);
    }
}

double
twin_linear_log_determinant (const double *factor, unsigned n)
{
  double sum = 0;

  for (unsigned i = 0; i < n; i++)
    sum += log (factor[i * n + i]);
  return 2 * sum;
}

/* Makes a[p][q] zero; rows p and q of @v turn along. */
static void
rotate (double *a, unsigned n, unsigned p, unsigned q, double *v)
{
  const double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
  const double t = copysign (1, theta) / (fabs (theta) + hypot (theta, 1));
  const double c = 1 / hypot (t, 1), s = t * c;

  for (unsigned k = 0; k < n; k++)
    {
      const double kp = a[k * n + p], kq = a[k * n + q];

      a[k * n + p] = c * kp - s * kq;
      a[k * n + q] = s * kp + c * kq;
    }
  for (unsigned k = 0; k < n; k++)
    {
      const double pk = a[p * n + k], qk = a[q * n + k];
      const double vp = v[p * n + k], vq = v[q * n + k];

      a[p * n + k] = c * pk - s * qk;
      a[q * n + k] = s * pk + c * qk;
      v[p * n + k] = c * vp - s * vq;
      v[q * n + k] = s * vp + c * vq;
    }
  a[p * n + q] = a[q * n + p] = 0;
}

/* One pass over all pairs; FALSE: nothing was left to turn. */
static gboolean
sweep (double *a, unsigned n, double *v)
{
  gboolean turned = FALSE;

  for (unsigned p = 0; p + 1 < n; p++)
    for (unsigned q = p + 1; q < n; q++)
      {
        /* By the diagonal's product, so that small values keep their digits. */
        if (fabs (a[p * n + q]) >
            1e-15 * sqrt (fabs (a[p * n + p])) * sqrt (fabs (a[q * n + q])))
          {
            rotate (a, n, p, q, v);
            turned = TRUE;
          }
      }

  return turned;
}

static void
swap_rows (double *values, double *vectors, unsigned n, unsigned i, unsigned j)
{
  const double value = values[i];

  values[i] = values[j];
  values[j] = value;
  for (unsigned k = 0; k < n; k++)
    {
      const double entry = vectors[i * n + k];

      vectors[i * n + k] = vectors[j * n + k];
      vectors[j * n + k] = entry;
    }
}

static void
point_upwards (double *vector, unsigned n)
{
  double largest = 0;

  for (unsigned k = 0; k < n; k++)
    if (fabs (vector[k]) > fabs (largest))
      largest = vector[k];
  for (unsigned k = 0; largest < 0 && k < n; k++)
    vector[k] = -vector[k];
}

void
twin_linear_eigen (double *a, unsigned n, double *values, double *vectors)
{
  memset (vectors, 0, (size_t) n * n * sizeof (double));
  for (unsigned i = 0; i < n; i++)
    vectors[i * n + i] = 1;

  for (unsigned i = 0; i < SWEEPS_MAX && sweep (a, n, vectors); i++)
    ;

  for (unsigned i = 0; i < n; i++)
    values[i] = a[i * n + i];
  for (unsigned i = 0; i < n; i++)
    {
      unsigned largest = i;

      for (unsigned j = i + 1; j < n; j++)
        if (values[j] > values[largest])
          largest = j;
      swap_rows (values, vectors, n, i, largest);
      point_upwards (vectors + i * n, n);
    }
}

void
twin_linear_mean (const double *rows, size_t n, unsigned p, double *mean)
{
  for (unsigned j = 0; j < p; j++)
    {
      double sum = 0;

      for (size_t i = 0; i < n; i++)
        sum += rows[i * p + j];
      mean[j] = sum / (double) n;
    }
}

void
twin_linear_covariance (const double *rows,
                        size_t        n,
                        unsigned      p,
                        const double *mean,
                        double       *covariance)
{
  for (unsigned j = 0; j < p; j++)
    for (unsigned k = 0; k <= j; k++)
      {
        double sum = 0;

        for (size_t i = 0; i < n; i++)
          sum += (rows[i * p + j] - mean[j]) * (rows[i * p + k] - mean[k]);
        covariance[j * p + k] = covariance[k * p + j] = sum / (double) (n - 1);
      }
}

/* Σ over the records of ‖x·xᵀ - s‖², over n²: how unsure s itself is. */
static double
unsureness (const double *rows,
            size_t        n,
            unsigned      p,
            const double *mean,
            const double *s)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    for (unsigned j = 0; j < p; j++)
      for (unsigned k = 0; k < p; k++)
        {
          const double product =
              (rows[i * p + j] - mean[j]) * (rows[i * p + k] - mean[k]);
          const double error = product - s[j * p + k];

          sum += error * error;
        }

  return sum / ((double) n * (double) n);
}

double
twin_linear_shrink (const double *rows,
                    size_t        n,
                    unsigned      p,
                    const double *mean,
                    double       *covariance)
{
  double level = 0, distance = 0, weight;

  twin_linear_covariance (rows, n, p, mean, covariance);
  for (unsigned i = 0; i < p * p; i++)
    covariance[i] *= (double) (n - 1) / (double) n;
  for (unsigned j = 0; j < p; j++)
    level += covariance[j * p + j] / p;
  for (unsigned j = 0; j < p; j++)
    for (unsigned k = 0; k < p; k++)
      {
        const double error = covariance[j * p + k] - (j == k ? level : 0);

        distance += error * error;
      }

  weight = distance > 0
               ? fmin (1, unsureness (rows, n, p, mean, covariance) / distance)
               : 1;
  for (unsigned j = 0; j < p; j++)
    for (unsigned k = 0; k < p; k++)
      covariance[j * p + k] =
          (1 - weight) * covariance[j * p + k] + (j == k ? weight * level : 0);
  return weight;
}

gboolean
twin_linear_ridge (const double *rows,
                   const double *targets,
                   const double *weights,
                   size_t        n,
                   unsigned      p,
                   const double *penalty,
                   double       *coefficients,
                   double       *inverse)
{
  g_autofree double *normal = g_new0 (double, (size_t) p *p);

  memset (coefficients, 0, p * sizeof (double));
  for (size_t i = 0; i < n; i++)
    {
      const double *row = rows + i * p;
      const double  w = weights != NULL ? weights[i] : 1;

      for (unsigned j = 0; j < p; j++)
        {
          coefficients[j] += w * row[j] * targets[i];
          for (unsigned k = 0; k <= j; k++)
            normal[j * p + k] += w * row[j] * row[k];
        }
    }
  for (unsigned j = 0; penalty != NULL && j < p; j++)
    normal[j * p + j] += penalty[j];

  if (!twin_linear_factor (normal, p))
    return FALSE;
  twin_linear_solve (normal, p, coefficients);
  if (inverse != NULL)
    twin_linear_invert (normal, p, inverse);
  return TRUE;
}
