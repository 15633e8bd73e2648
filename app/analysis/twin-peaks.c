/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-peaks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "twin-evidence.h"

#define OVER_MEDIAN 4.0
#define MEDIAN_HZ 30.0
#define APART 3
#define NAME_LINES 1.5
#define NAME_RELATIVE 0.01
#define NAME_MULTIPLES 3
#define SIDES 2          /* side bands named on either side */
#define SIDE_MULTIPLES 3 /* of these multiples */

enum
{
  SLOT_MEDIAN = 13,
  SLOT_FOUND = 14,
};

static size_t
add_family (TwinFamily *families,
            size_t      n,
            const char *name,
            double      hz,
            double      side_hz,
            int         multiples)
{
  TwinFamily *family = &families[n];

  *family =
      (TwinFamily){ .hz = hz, .side_hz = side_hz, .multiples = multiples };
  g_strlcpy (family->name, name, sizeof family->name);
  return n + 1;
}

size_t
twin_peaks_families (double                   shaft_hz,
                     const TwinBearingOrders *orders,
                     double                   mains_hz,
                     TwinFamily              *families)
{
  size_t n = 0;

  if (shaft_hz > 0)
    {
      n = add_family (families, n, "Shaft", shaft_hz, 0, 20);
      if (orders != NULL)
        {
          n = add_family (families, n, "BPFO", orders->bpfo * shaft_hz,
                          shaft_hz, 12);
          n = add_family (families, n, "BPFI", orders->bpfi * shaft_hz,
                          shaft_hz, 12);
          n = add_family (families, n, "2×BSF", 2 * orders->bsf * shaft_hz,
                          orders->ftf * shaft_hz, 12);
          n = add_family (families, n, "FTF", orders->ftf * shaft_hz, 0, 2);
        }
    }

  if (mains_hz > 0)
    n = add_family (families, n, "Mains", mains_hz, 0, 6);

  return n;
}

/* How far a peak may lie from the @multiple-th line: 1 % for the first three,
 * no more hertz for higher ones, or every peak would find a name. */
static double
tolerance (const TwinFamily *family, int multiple, double df_hz)
{
  return MAX (NAME_LINES * df_hz,
              NAME_RELATIVE * family->hz * MIN (multiple, NAME_MULTIPLES));
}

static void
format_name (const TwinFamily *family, int multiple, int side, TwinPeak *peak)
{
  if (strcmp (family->name, "Shaft") == 0)
    g_snprintf (peak->name, sizeof peak->name, "%d×", multiple);
  else if (multiple == 1)
    g_strlcpy (peak->name, family->name, sizeof peak->name);
  else
    {
      g_snprintf (peak->name, sizeof peak->name, "%d× %s", multiple,
                  family->name);
    }

  if (side != 0)
    {
      size_t length = strlen (peak->name);

      g_snprintf (peak->name + length, sizeof peak->name - length, " %c %d×",
                  side > 0 ? '+' : '-', abs (side));
    }

  g_strlcpy (peak->family, family->name, sizeof peak->family);
}

/* The line nearest by its tolerance names the peak; of two as near a whole
 * multiple before a side band, and a low one before a high one. */
static void
name_peak (TwinPeak         *peak,
           double            df_hz,
           const TwinFamily *families,
           size_t            n_families)
{
  double best = 1;

  for (size_t f = 0; f < n_families; f++)
    {
      const TwinFamily *family = &families[f];

      for (int k = 1; k <= family->multiples; k++)
        {
          int sides = family->side_hz > 0 && k <= SIDE_MULTIPLES ? SIDES : 0;

          for (int side = -sides; side <= sides; side++)
            {
              double line = k * family->hz + side * family->side_hz;
              double d = fabs (peak->hz - line) / tolerance (family, k, df_hz) +
                         (side != 0 ? 0.25 : 0) + 0.005 * (k - 1);

              if (line > 0 && d < best)
                {
                  best = d;
                  format_name (family, k, side, peak);
                }
            }
        }
    }
}

/* Parabola through the logarithms of three lines. */
static void
refine (const TwinSpectrum *spectrum, size_t k, TwinPeak *peak)
{
  double a = log (spectrum->lines[k - 1] + 1e-300);
  double b = log (spectrum->lines[k] + 1e-300);
  double c = log (spectrum->lines[k + 1] + 1e-300);
  double curve = a - 2 * b + c;
  double delta = curve < 0 ? CLAMP (0.5 * (a - c) / curve, -0.5, 0.5) : 0;

  peak->hz = ((double) k + delta) * spectrum->df_hz;
  peak->amplitude = exp (b - 0.25 * (a - c) * delta);
}

static int
by_amplitude (const void *a, const void *b)
{
  const TwinPeak *x = a, *y = b;

  return (x->amplitude < y->amplitude) - (x->amplitude > y->amplitude);
}

static gboolean
is_peak (const TwinSpectrum *spectrum, size_t k, double median)
{
  double value = spectrum->lines[k];

  if (value < OVER_MEDIAN * median || value <= 0)
    return FALSE;

  for (size_t i = k > APART ? k - APART : 0;
       i <= k + APART && i < spectrum->n_lines; i++)
    {
      if (spectrum->lines[i] > value || (i < k && spectrum->lines[i] == value))
        return FALSE;
    }

  return TRUE;
}

size_t
twin_peaks_find (TwinTransform      *transform,
                 const TwinSpectrum *spectrum,
                 double              shaft_hz,
                 const TwinFamily   *families,
                 size_t              n_families,
                 TwinPeak           *peaks)
{
  size_t    n = spectrum->n_lines, found = 0;
  double   *median;
  TwinPeak *all;

  if (n < 16)
    return 0;

  median = twin_transform_scratch (transform, SLOT_MEDIAN, n * sizeof (double));
  all = twin_transform_scratch (transform, SLOT_FOUND,
                                (n / APART + 1) * sizeof (TwinPeak));
  twin_evidence_running_median (spectrum->lines, n,
                                (size_t) CLAMP (lround (MEDIAN_HZ /
                                                        spectrum->df_hz),
                                                9, 299) |
                                    1,
                                median);

  /* The first lines hold what the window leaves of the mean. */
  for (size_t k = 3; k + 1 < n; k++)
    {
      if (is_peak (spectrum, k, median[k]))
        {
          memset (&all[found], 0, sizeof all[found]);
          refine (spectrum, k, &all[found++]);
        }
    }

  qsort (all, found, sizeof (TwinPeak), by_amplitude);
  found = MIN (found, TWIN_PEAKS_MAX);
  for (size_t i = 0; i < found; i++)
    {
      all[i].order = shaft_hz > 0 ? all[i].hz / shaft_hz : NAN;
      name_peak (&all[i], spectrum->df_hz, families, n_families);
      peaks[i] = all[i];
    }

  return found;
}
