/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-spectrum-readout.h"

#include <math.h>

/* Highest of the lines within ±@reach lines of @f_hz; 0 outside. */
static double
highest_near (const double *lines,
              gsize         n,
              double        df_hz,
              double        f_hz,
              double        reach)
{
  double position = f_hz / df_hz;
  double highest = 0;
  gsize  first, last;

  if (n == 0 || !(position + reach >= 0) || position - reach > (double) (n - 1))
    return 0;

  first = (gsize) MAX (0.0, ceil (position - reach - 1e-9));
  last = (gsize) MIN ((double) (n - 1), floor (position + reach + 1e-9));

  for (gsize i = first; i <= last; i++)
    highest = MAX (highest, lines[i]);

  return highest;
}

void
twin_spectrum_readout (const double        *lines,
                       gsize                n,
                       double               df_hz,
                       double               f0_hz,
                       double               shaft_hz,
                       double               nominal_hz,
                       guint                n_harmonics,
                       TwinSpectrumReadout *readout)
{
  double squares = 0;

  readout->f0_hz = f0_hz;
  readout->amplitude = highest_near (lines, n, df_hz, f0_hz, 0.5);
  readout->order = shaft_hz > 0 ? f0_hz / shaft_hz : NAN;
  readout->slip_percent =
      nominal_hz > 0 ? (f0_hz / nominal_hz - 1.0) * 100.0 : NAN;
  readout->n_harmonics = 0;

  for (guint k = 1; k <= n_harmonics; k++)
    {
      double amplitude;

      if (n == 0 || !(f0_hz > 0) || k * f0_hz > df_hz * (double) (n - 1))
        break;

      amplitude = highest_near (lines, n, df_hz, k * f0_hz, 1.0);
      squares += amplitude * amplitude;
      readout->n_harmonics = k;
    }

  readout->sum = sqrt (squares);
}

/* Where between lines i-1 and i+1 the peak stands, in lines from i. */
static double
refine (const double *lines, gsize i)
{
  double before, at, after, bend;

  if (!(lines[i - 1] > 0) || !(lines[i] > 0) || !(lines[i + 1] > 0))
    return 0;

  before = log (lines[i - 1]);
  at = log (lines[i]);
  after = log (lines[i + 1]);
  bend = before - 2 * at + after;

  return bend < 0 ? CLAMP (0.5 * (before - after) / bend, -0.5, 0.5) : 0;
}

double
twin_spectrum_peak_near (const double *lines,
                         gsize         n,
                         double        df_hz,
                         double        f_hz,
                         double        reach_hz)
{
  double first = ceil ((f_hz - reach_hz) / df_hz);
  double last = floor ((f_hz + reach_hz) / df_hz);
  gsize  best = 0;

  if (n < 3)
    return f_hz;

  first = MAX (1.0, first);
  last = MIN ((double) (n - 2), last);

  for (double p = first; p <= last; p += 1.0)
    {
      gsize i = (gsize) p;

      if (lines[i] >= lines[i - 1] && lines[i] > lines[i + 1] &&
          (best == 0 || lines[i] > lines[best]))
        best = i;
    }

  if (best == 0)
    return f_hz;

  return ((double) best + refine (lines, best)) * df_hz;
}

/* Amplitude between lines, 0 outside. */
static double
between_lines (const double *lines, gsize n, double position)
{
  gsize i;

  if (!(position >= 0) || position >= (double) (n - 1))
    return 0;

  i = (gsize) position;
  return lines[i] + (lines[i + 1] - lines[i]) * (position - (double) i);
}

double
twin_spectrum_comb_near (const double *lines,
                         gsize         n,
                         double        df_hz,
                         double        f_hz,
                         double        reach_hz,
                         guint         n_harmonics)
{
  double step = df_hz / (4.0 * MAX (1, n_harmonics));
  double best = f_hz, best_sum = 0;

  if (n < 3 || !(f_hz > reach_hz))
    return f_hz;

  for (double f0 = f_hz - reach_hz; f0 <= f_hz + reach_hz; f0 += step)
    {
      double sum = 0;

      /* The root keeps one loud multiple from deciding alone. */
      for (guint k = 1; k <= n_harmonics; k++)
        sum += sqrt (between_lines (lines, n, k * f0 / df_hz));

      if (sum > best_sum)
        {
          best_sum = sum;
          best = f0;
        }
    }

  return best;
}
