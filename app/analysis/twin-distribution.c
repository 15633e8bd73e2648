/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-distribution.h"

#include <float.h>
#include <math.h>

#define TERMS_MAX 10000
#define CLOSE (4 * DBL_EPSILON)
#define TINY 1e-300

/* Q(a, x) by Legendre's continued fraction (A&S 6.5.31), for x > a + 1;
 * evaluated by Lentz's method. */
static double
gamma_upper (double a, double x)
{
  double b = x + 1 - a, c = 1 / TINY, d = 1 / b, value = d;

  for (int i = 1; i < TERMS_MAX; i++)
    {
      const double an = -i * (i - a);
      double       delta;

      b += 2;
      d = an * d + b;
      d = 1 / (fabs (d) < TINY ? TINY : d);
      c = b + an / c;
      c = fabs (c) < TINY ? TINY : c;
      delta = d * c;
      value *= delta;
      if (fabs (delta - 1) < CLOSE)
        break;
    }

  return value * exp (-x + a * log (x) - lgamma (a));
}

/* A&S 6.5.29. */
static double
gamma_lower (double a, double x)
{
  double term = 1 / a, sum = term;

  for (int i = 1; i < TERMS_MAX && fabs (term) > sum * DBL_EPSILON; i++)
    {
      term *= x / (a + i);
      sum += term;
    }

  return sum * exp (-x + a * log (x) - lgamma (a));
}

double
twin_gamma_p (double a, double x)
{
  if (!(a > 0) || isnan (x))
    return NAN;
  if (x <= 0)
    return 0;
  if (isinf (x))
    return 1;
  return x < a + 1 ? gamma_lower (a, x) : 1 - gamma_upper (a, x);
}

/* The continued fraction A&S 26.5.8, by Lentz's method. */
static double
beta_fraction (double a, double b, double x)
{
  double c = 1, d = 1 - (a + b) * x / (a + 1), value;

  d = 1 / (fabs (d) < TINY ? TINY : d);
  value = d;
  for (int m = 1; m < TERMS_MAX; m++)
    {
      const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      const double odd =
          -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      double delta = 1;

      for (int half = 0; half < 2; half++)
        {
          const double term = half == 0 ? even : odd;

          d = 1 + term * d;
          d = 1 / (fabs (d) < TINY ? TINY : d);
          c = 1 + term / c;
          c = fabs (c) < TINY ? TINY : c;
          delta = c * d;
          value *= delta;
        }
      if (fabs (delta - 1) < CLOSE)
        break;
    }

  return value;
}

double
twin_beta_i (double a, double b, double x)
{
  double front;

  if (!(a > 0) || !(b > 0) || isnan (x))
    return NAN;
  if (x <= 0)
    return 0;
  if (x >= 1)
    return 1;

  front = exp (lgamma (a + b) - lgamma (a) - lgamma (b) + a * log (x) +
               b * log1p (-x));
  return x < (a + 1) / (a + b + 2)
             ? front * beta_fraction (a, b, x) / a
             : 1 - front * beta_fraction (b, a, 1 - x) / b;
}

double
twin_normal_cdf (double x)
{
  return 0.5 * erfc (-x / G_SQRT2);
}

/* The root of a rising function that is 0 at 0, found by halving in ln x: the
 * quantiles of positive statistics spread over many decades. */
static double
invert (double (*cdf) (double x, const double *df), const double *df, double p)
{
  double low = -700, high = 700;

  if (!(p >= 0 && p <= 1))
    return NAN;
  if (p == 0)
    return 0;
  if (p == 1)
    return INFINITY;

  for (int i = 0; i < 100 && high - low > 1e-14 * fmax (1, fabs (low)); i++)
    {
      const double middle = (low + high) / 2;

      if (cdf (exp (middle), df) < p)
        low = middle;
      else
        high = middle;
    }

  return exp ((low + high) / 2);
}

/* The upper tail, for it keeps its digits where the lower is next to 1. */
static double
normal_within (double x, const double *df)
{
  (void) df;
  return erf (x / G_SQRT2);
}

double
twin_normal_quantile (double p)
{
  double x;

  if (!(p >= 0 && p <= 1))
    return NAN;
  if (p == 0.5)
    return 0;
  if (p == 0 || p == 1)
    return p == 0 ? -INFINITY : INFINITY;

  x = copysign (invert (normal_within, NULL, fabs (2 * p - 1)), p - 0.5);
  /* Two steps of Newton's method on the tail itself. */
  for (int i = 0; i < 2 && isfinite (x); i++)
    {
      const double tail =
          p < 0.5 ? twin_normal_cdf (x) - p : (1 - p) - twin_normal_cdf (-x);

      x -= tail * sqrt (2 * G_PI) * exp (x * x / 2);
    }
  return x;
}

double
twin_chi2_cdf (double x, double df)
{
  return twin_gamma_p (df / 2, x / 2);
}

static double
chi2_at (double x, const double *df)
{
  return twin_chi2_cdf (x, df[0]);
}

double
twin_chi2_quantile (double p, double df)
{
  return df > 0 ? invert (chi2_at, &df, p) : NAN;
}

double
twin_student_cdf (double t, double df)
{
  double tail;

  if (!(df > 0) || isnan (t))
    return NAN;
  tail = 0.5 * twin_beta_i (df / 2, 0.5, df / (df + t * t));
  return t > 0 ? 1 - tail : tail;
}

/* The lower tail, mirrored and falling: 1 - it rises. */
static double
student_tail (double t, const double *df)
{
  return -twin_student_cdf (-t, df[0]);
}

double
twin_student_quantile (double p, double df)
{
  const double tail = fmin (p, 1 - p);
  double       low = -700, high = 700;

  if (!(p >= 0 && p <= 1) || !(df > 0))
    return NAN;
  if (p == 0.5)
    return 0;
  if (tail == 0)
    return p == 0 ? -INFINITY : INFINITY;

  for (int i = 0; i < 100; i++)
    {
      const double middle = (low + high) / 2;

      if (student_tail (exp (middle), &df) < -tail)
        low = middle;
      else
        high = middle;
    }

  return copysign (exp ((low + high) / 2), p - 0.5);
}

double
twin_f_cdf (double x, double df1, double df2)
{
  if (!(df1 > 0) || !(df2 > 0) || isnan (x))
    return NAN;
  if (x <= 0)
    return 0;
  /* By whichever side is the smaller, or next to 1 its digits are lost. */
  return df1 * x < df2
             ? twin_beta_i (df1 / 2, df2 / 2, df1 * x / (df1 * x + df2))
             : 1 - twin_beta_i (df2 / 2, df1 / 2, df2 / (df1 * x + df2));
}

static double
f_at (double x, const double *df)
{
  return twin_f_cdf (x, df[0], df[1]);
}

double
twin_f_quantile (double p, double df1, double df2)
{
  const double df[] = { df1, df2 };

  return df1 > 0 && df2 > 0 ? invert (f_at, df, p) : NAN;
}
