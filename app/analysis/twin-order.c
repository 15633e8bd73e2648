/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-order.h"

#include <math.h>

#define TURNS_LEAST 4.0
#define LONGER_MOST 16  /* times the record */
#define LOBES 32        /* of the kernel, to either side */
#define KAISER_BETA 8.0 /* side lobes of -80 dB */
#define STEPS 128       /* of the table, a lobe */
#define BAND_USED 0.9   /* of what the steps of angle can carry */
#define OWN_BAND 0.94   /* of what the record itself carries */

/* Modified Bessel function of the first kind, order 0, by its power series. */
static double
bessel_i0 (double x)
{
  double term = 1, sum = 1;

  for (int k = 1; term > 1e-12 * sum; k++)
    {
      term *= (x / (2 * k)) * (x / (2 * k));
      sum += term;
    }

  return sum;
}

/* Half of a low pass through @LOBES lobes of sin (πu) / πu, u in lobes. */
static double *
make_kernel (void)
{
  double *kernel = g_new (double, LOBES *STEPS + 2);

  for (int i = 0; i < LOBES * STEPS + 2; i++)
    {
      double u = (double) i / STEPS;
      double inside = MAX (0, 1 - u * u / (LOBES * LOBES));

      kernel[i] = (i > 0 ? sin (G_PI * u) / (G_PI * u) : 1) *
                  bessel_i0 (KAISER_BETA * sqrt (inside)) /
                  bessel_i0 (KAISER_BETA);
    }

  return kernel;
}

/* The record at sample @place through the kernel, stretched by 1 / @pass. */
static double
read_at (const double *samples,
         size_t        n,
         const double *kernel,
         double        place,
         double        pass)
{
  double reach = LOBES / pass, sum = 0, weights = 0;
  long   from = MAX (0, (long) ceil (place - reach));
  long   to = MIN ((long) n - 1, (long) floor (place + reach));

  for (long i = from; i <= to; i++)
    {
      double at = fabs ((double) i - place) * pass * STEPS;
      size_t cell = (size_t) at;
      double part = at - (double) cell;
      double weight = kernel[cell] + part * (kernel[cell + 1] - kernel[cell]);

      sum += weight * samples[i];
      weights += weight;
    }

  return weights > 0 ? sum / weights : 0;
}

/* d time / d turns at knot @i: the parabola through it and its neighbours. */
static double
slope_at (const TwinTrack *track, size_t i)
{
  size_t m = CLAMP (i, 1, track->n - 2);
  double h0 = track->turns[m] - track->turns[m - 1];
  double h1 = track->turns[m + 1] - track->turns[m];
  double s0 = (track->time_s[m] - track->time_s[m - 1]) / h0;
  double s1 = (track->time_s[m + 1] - track->time_s[m]) / h1;
  double middle = (s0 * h1 + s1 * h0) / (h0 + h1);
  double bend = (s1 - s0) / (h0 + h1);

  if (i < m)
    return middle - 2 * bend * h0;
  if (i > m)
    return middle + 2 * bend * h1;
  return middle;
}

/* Cubic between knots @i and @i + 1. */
static double
time_at (const TwinTrack *track, size_t i, double turns)
{
  double h = track->turns[i + 1] - track->turns[i];
  double u = (turns - track->turns[i]) / h;
  double a = slope_at (track, i) * h, b = slope_at (track, i + 1) * h;
  double p = track->time_s[i], q = track->time_s[i + 1];

  return p +
         u * (a + u * ((3 * (q - p) - 2 * a - b) + u * (a + b - 2 * (q - p))));
}

double *
twin_order_resample (const double    *samples,
                     size_t           n,
                     double           rate_hz,
                     const TwinTrack *track,
                     double           per_turn,
                     size_t          *n_out)
{
  double             end_s = ((double) n - 1) / rate_hz, turns, pass;
  g_autofree double *kernel = NULL;
  double            *out;
  size_t             length, knot = 0, made = 0;

  *n_out = 0;
  if (track->n < 4 || !(per_turn > 0))
    return NULL;

  turns = track->turns[track->n - 1] - track->turns[0];
  if (!(turns >= TURNS_LEAST) || turns * per_turn > (double) LONGER_MOST * n)
    return NULL;

  kernel = make_kernel ();
  pass = MIN (OWN_BAND, BAND_USED * per_turn * track->least_hz / rate_hz);
  pass = MAX (pass, 1e-3);
  length = (size_t) (turns * per_turn) + 1;
  out = g_new (double, length);

  for (size_t j = 0; j < length; j++)
    {
      double at = track->turns[0] + (double) j / per_turn, t;

      while (knot + 2 < track->n && track->turns[knot + 1] <= at)
        knot++;
      t = time_at (track, knot, at);
      if (t >= 0 && t <= end_s)
        out[made++] = read_at (samples, n, kernel, t * rate_hz, pass);
    }

  if ((double) made < TURNS_LEAST * per_turn)
    {
      g_free (out);
      return NULL;
    }

  *n_out = made;
  return out;
}
