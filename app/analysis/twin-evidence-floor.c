/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-evidence-floor.h"

#include <math.h>
#include <string.h>

#include "twin-scalars.h"

#define MEDIAN_MAX 301
#define FLOOR_WIDTH_HZ 30.0
#define LOWEST_EXCESS 0.05 /* power over floor that counts as nothing */
#define FOUND_SIGMAS 3.0   /* of the excess of all lines, robust */
#define FOUND_LEAST 0.2
#define FOUND_MOST 0.8 /* ln: more than twice the floor is a line */
#define REACH_LINES 1.5
#define FINE_REACH_LINES 2.0
#define FINE_WANDER 0.001
#define FINE_LEAST 4 /* lines to judge by */
#define WANDER 0.001
#define SKIRT_HZ 5.0   /* beside them, of knocks that come unevenly */
#define SKIRT_RISE 1.5 /* noise may rise so much on the way down */
#define APART_LINES 6  /* multiples nearer to each other leave nothing */

static void
sorted_insert (double *sorted, size_t n, double value)
{
  size_t i = n;

  while (i > 0 && sorted[i - 1] > value)
    {
      sorted[i] = sorted[i - 1];
      i--;
    }
  sorted[i] = value;
}

static void
sorted_remove (double *sorted, size_t n, double value)
{
  size_t i = 0;

  while (i + 1 < n && sorted[i] != value)
    i++;
  memmove (sorted + i, sorted + i + 1, (n - i - 1) * sizeof (double));
}

void
twin_evidence_running_median (const double *power,
                              size_t        n,
                              size_t        width,
                              double       *median)
{
  double sorted[MEDIAN_MAX];
  size_t half = MIN (width, MEDIAN_MAX) / 2;
  size_t held = 0;

  for (size_t i = 0; i < MIN (half, n); i++)
    sorted_insert (sorted, held++, power[i]);

  for (size_t i = 0; i < n; i++)
    {
      if (i + half < n)
        sorted_insert (sorted, held++, power[i + half]);
      median[i] = (sorted[(held - 1) / 2] + sorted[held / 2]) / 2;
      if (i >= half)
        sorted_remove (sorted, held--, power[i - half]);
    }
}

/* From line @from on, in steps of @by, as long as the power keeps falling from
 * @least: the skirt of what stands beside. A line of its own ends it. */
static void
hold_down_skirt (const TwinEvidence *self,
                 double             *ratio,
                 long                from,
                 int                 by,
                 double              least)
{
  long most = lround (SKIRT_HZ / self->df_hz);

  for (long i = from, n = 0; n < most; i += by, n++)
    {
      if (i < 0 || i >= (long) self->n_lines || ratio[i] <= 1 ||
          self->power[i] > SKIRT_RISE * least)
        return;
      least = MIN (least, self->power[i]);
      ratio[i] = 1;
    }
}

/* Mean of the fine lines within @reach of @hz that lie more than @apart from
 * @centre_hz, or, @apart being negative, no further than that; NaN where there
 * are too few. */
static double
fine_power (const TwinEvidenceFine *fine,
            double                  hz,
            double                  reach,
            double                  centre_hz,
            double                  apart)
{
  long   first = MAX (1, (long) ceil ((hz - reach) / fine->df_hz));
  long   last = MIN ((long) fine->n - 1, (long) ((hz + reach) / fine->df_hz));
  double sum = 0;
  int    n = 0;

  for (long k = first; k <= last; k++)
    {
      double away = fabs ((double) k * fine->df_hz - centre_hz);

      if (apart >= 0 ? away > apart : away <= -apart)
        {
          sum += fine->power[k];
          n++;
        }
    }

  return n >= FINE_LEAST ? fine->scale * sum / n : NAN;
}

/* What stands beside a multiple at @centre_hz, from the fine lines, which see
 * it apart; then both sides of its skirt. */
static void
hold_down_finely (TwinEvidence           *self,
                  const TwinEvidenceFine *fine,
                  double                  centre_hz,
                  double                 *ratio)
{
  double df_hz = self->df_hz, line = centre_hz / df_hz;
  double apart = FINE_REACH_LINES * fine->df_hz + FINE_WANDER * centre_hz;
  double reach = REACH_LINES + WANDER * line;
  double centre = fine_power (fine, centre_hz, apart, centre_hz, -apart);
  long   first = (long) ceil (line - reach), last = (long) (line + reach);
  long   below = first - 1, above = last + 1;

  for (long i = MAX (first, 0); i <= MIN (last, (long) self->n_lines - 1); i++)
    {
      double hz = (double) i * df_hz;
      double power = fine_power (fine, hz, df_hz, centre_hz, apart);

      if (isnan (power))
        {
          ratio[i] = MIN (ratio[i], 1);
          continue;
        }
      /* What another family holds down stays so. */
      self->power[i] = MIN (self->power[i], power);
      ratio[i] = MIN (ratio[i], power / self->floor[i]);
      if (hz < centre_hz)
        below = i;
      else
        above = MIN (above, i);
    }

  centre = isnan (centre) ? INFINITY : centre;
  hold_down_skirt (self, ratio, below, -1, centre);
  hold_down_skirt (self, ratio, above, 1, centre);
}

/* Wide enough for the window's lobe and for a speed that wanders by a
 * thousandth. */
static void
hold_down_broadly (const TwinEvidence *self, double centre_hz, double *ratio)
{
  double line = centre_hz / self->df_hz;
  double reach = REACH_LINES + WANDER * line;
  size_t first = (size_t) ceil (line - reach);
  size_t last = MIN (self->n_lines - 1, (size_t) (line + reach));

  hold_down_skirt (self, ratio, (long) first - 1, -1, INFINITY);
  hold_down_skirt (self, ratio, (long) last + 1, 1, INFINITY);
  for (size_t i = first; i <= last; i++)
    ratio[i] = MIN (ratio[i], 1);
}

static void
hold_down_multiples (TwinEvidence           *self,
                     const TwinEvidenceFine *fine,
                     double                  step_hz,
                     double                 *ratio)
{
  double end_hz = ((double) self->n_lines - 1) * self->df_hz;

  if (step_hz < APART_LINES * self->df_hz)
    return;

  for (int order = 1; order * step_hz < end_hz; order++)
    {
      if (fine->n > 0)
        hold_down_finely (self, fine, order * step_hz, ratio);
      else
        hold_down_broadly (self, order * step_hz, ratio);
    }
}

void
twin_evidence_finish (TwinEvidence           *self,
                      const TwinEvidenceFine *fine,
                      double                  shaft_hz,
                      gboolean                mains,
                      double                 *ratio)
{
  static const double twice_mains_hz[] = { 100, 120 };
  size_t              n = self->n_lines;
  size_t width = (size_t) lround (FLOOR_WIDTH_HZ / self->df_hz) | 1;
  double median, spread;

  /* The first lines hold what the mean left behind. */
  self->power[0] = self->power[MIN (2, n - 1)];
  self->power[1] = self->power[MIN (2, n - 1)];

  twin_evidence_running_median (self->power, n, width, self->floor);

  for (size_t k = 0; k < n; k++)
    {
      self->floor[k] = self->floor[k] / G_LN2 + 1e-300;
      ratio[k] = self->power[k] / self->floor[k];
    }

  hold_down_multiples (self, fine, shaft_hz, ratio);
  for (size_t i = 0; mains && fine->n > 0 && i < G_N_ELEMENTS (twice_mains_hz);
       i++)
    hold_down_multiples (self, fine, twice_mains_hz[i], ratio);

  for (size_t k = 0; k < n; k++)
    {
      double largest = ratio[k];

      if (k > 0)
        largest = MAX (largest, ratio[k - 1]);
      if (k + 1 < n)
        largest = MAX (largest, ratio[k + 1]);
      self->excess[k] = log (MAX (largest, LOWEST_EXCESS));
    }

  memcpy (ratio, self->excess, n * sizeof (double));
  median = twin_scalars_median (ratio, n);
  spread = twin_scalars_mad_sigma (ratio, n, median);
  self->found = CLAMP (median + FOUND_SIGMAS * spread, FOUND_LEAST, FOUND_MOST);
}
