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
#define LONE_MULTIPLES 3 /* higher ones need another line of their family */
#define HEARD 60         /* peaks looked at for other lines of a family */
#define SLIP_LO -0.022   /* a bearing's lines lie low, if anything */
#define SLIP_HI 0.008
#define SLIP_STEP 0.0005
#define SLIP_REST 0.001 /* of a line, once the slip is known */
#define COST_SIDE 0.6   /* in units of the distance allowed */
#define COST_MULTIPLE 0.02
#define COST_ALONE 0.3
#define COST_HEADLESS 0.4 /* the family's first line is not heard */

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

/* The peaks that names are looked for among, and a family as it lies there. */
typedef struct
{
  const TwinPeak *peaks;
  size_t          n;
  double          df_hz;
} Heard;

typedef struct
{
  TwinFamily family;
  gboolean   fitted; /* its lines were found: the slip is taken out */
} Fitted;

/* How far a peak may lie from the @multiple-th line: 1 % for the first three,
 * no more hertz for higher ones, or every peak would find a name; far less once
 * the slip is known. */
static double
tolerance (const Fitted *fitted, int multiple, double df_hz)
{
  double hz = fitted->family.hz;

  return MAX (NAME_LINES * df_hz,
              fitted->fitted
                  ? SLIP_REST * hz * multiple
                  : NAME_RELATIVE * hz * MIN (multiple, NAME_MULTIPLES));
}

static gboolean
is_heard (const Heard *heard, double hz, double reach)
{
  for (size_t i = 0; i < heard->n; i++)
    {
      if (fabs (heard->peaks[i].hz - hz) <= reach)
        return TRUE;
    }

  return FALSE;
}

/* Lines of @family, slipped by @slip, that are heard. */
static int
count_lines (const Heard *heard, const TwinFamily *family, double slip)
{
  int count = 0;

  for (int k = 1; k <= family->multiples; k++)
    count += is_heard (heard, k * family->hz * (1 + slip),
                       NAME_LINES * heard->df_hz);

  return count;
}

/* A bearing slips: the slip at which most of its lines are heard, if two are.
 * Shaft and mains do not. */
static Fitted
fit (const Heard *heard, const TwinFamily *family)
{
  Fitted fitted = { *family, FALSE };
  double best_slip = 0;
  int    best = MAX (1, count_lines (heard, family, 0)), with_none = best;

  if (family->side_hz <= 0)
    return fitted;

  for (double slip = SLIP_LO; slip <= SLIP_HI; slip += SLIP_STEP)
    {
      int count = count_lines (heard, family, slip);

      if (count > best ||
          (count == best && best > with_none && fabs (slip) < fabs (best_slip)))
        {
          best = count;
          best_slip = slip;
        }
    }

  fitted.fitted = best >= 2;
  fitted.family.hz *= 1 + best_slip;
  return fitted;
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

/* Whether the line beside the @multiple-th of the family is heard, or, for a
 * low one, any up to it. */
static gboolean
has_company (const Heard *heard, const Fitted *fitted, int multiple)
{
  int from = multiple > LONE_MULTIPLES ? multiple - 1 : 1;

  for (int k = from; k <= multiple + 1; k++)
    {
      if (k != multiple && is_heard (heard, k * fitted->family.hz,
                                     tolerance (fitted, k, heard->df_hz)))
        return TRUE;
    }

  return FALSE;
}

/* What it costs to call @peak the @multiple-th line of a family, @side side
 * bands off; 1 or more: it may not be called so. Near, low, without side bands
 * and in company is cheap; a side band needs the line it stands beside, a high
 * multiple another line of its family. */
static double
cost_of (const Heard    *heard,
         const Fitted   *fitted,
         const TwinPeak *peak,
         int             multiple,
         int             side)
{
  double   carrier = multiple * fitted->family.hz;
  double   line = carrier + side * fitted->family.side_hz;
  double   reach = tolerance (fitted, multiple, heard->df_hz);
  double   cost = fabs (peak->hz - line) / reach;
  gboolean company, headed;

  if (line <= 0 || cost >= 1)
    return 1;

  company = has_company (heard, fitted, multiple);
  headed =
      (multiple == 1 && side == 0) ||
      is_heard (heard, fitted->family.hz, tolerance (fitted, 1, heard->df_hz));
  if (side != 0 && !is_heard (heard, carrier, reach))
    return 1;
  if (multiple > LONE_MULTIPLES && !company)
    return 1;

  return 0.9 * (0.5 * cost + COST_SIDE * abs (side) / (1.0 + abs (side)) +
                COST_MULTIPLE * (multiple - 1) + (company ? 0 : COST_ALONE) +
                (headed ? 0 : COST_HEADLESS));
}

/* The cheapest explanation names the peak. */
static void
name_peak (const Heard  *heard,
           const Fitted *families,
           size_t        n_families,
           TwinPeak     *peak)
{
  double best = 1;

  for (size_t f = 0; f < n_families; f++)
    {
      const TwinFamily *family = &families[f].family;

      for (int k = 1; k <= family->multiples; k++)
        {
          int sides = family->side_hz > 0 ? SIDES : 0;

          for (int side = -sides; side <= sides; side++)
            {
              double cost = cost_of (heard, &families[f], peak, k, side);

              if (cost < best)
                {
                  best = cost;
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
  Fitted    fitted[TWIN_FAMILIES_MAX];
  Heard     heard;

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
  heard = (Heard){ all, MIN (found, HEARD), spectrum->df_hz };
  for (size_t f = 0; f < MIN (n_families, TWIN_FAMILIES_MAX); f++)
    fitted[f] = fit (&heard, &families[f]);

  found = MIN (found, TWIN_PEAKS_MAX);
  for (size_t i = 0; i < found; i++)
    {
      all[i].order = shaft_hz > 0 ? all[i].hz / shaft_hz : NAN;
      peaks[i] = all[i];
      name_peak (&heard, fitted, MIN (n_families, TWIN_FAMILIES_MAX),
                 &peaks[i]);
    }

  return found;
}
