/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-comb.h"

#include <math.h>

#include "twin-scalars.h"

#define SLIP_LO -0.022 /* rolling elements slip: tones lie low, up to 2 % */
#define SLIP_HI TWIN_COMB_SLIP_HI /* an angle of contact not as given */
#define SIDE_WEIGHT 0.3
#define WRONG_COMBS 80
#define WRONG_LO 0.7
#define WRONG_HI 1.4
#define TRIES 400
#define AVOID_RELATIVE 0.04
#define AVOID_ORDER 0.06
#define SPREAD_FLOOR 0.05
#define TAKEN_LINES 2
#define TAKEN_SIDES 2
#define TAKEN_EXCESS 1.0 /* ln: what the largest of three noise lines has */

static double
score_at (const TwinEvidence *evidence, const TwinComb *comb, double slip)
{
  double fundamental = comb->fundamental_hz * (1 + slip);
  double sum = 0;

  for (int k = 1; k <= comb->harmonics; k++)
    {
      double hz = k * fundamental;

      sum += twin_evidence_at (evidence, hz);
      if (comb->side_hz > 0)
        {
          sum +=
              SIDE_WEIGHT * (twin_evidence_at (evidence, hz - comb->side_hz) +
                             twin_evidence_at (evidence, hz + comb->side_hz));
        }
    }

  return sum / comb->harmonics;
}

double
twin_comb_score (const TwinEvidence *evidence,
                 const TwinComb     *comb,
                 double             *slip)
{
  double best = NAN, best_slip = 0, step;
  int    steps;

  if (evidence->n_lines == 0 || comb->harmonics < 1 ||
      !(comb->fundamental_hz > 0))
    return NAN;

  step = evidence->df_hz / (comb->harmonics * comb->fundamental_hz);
  steps = (int) ceil ((SLIP_HI - SLIP_LO) / step);

  for (int i = 0; i <= steps; i++)
    {
      double s = SLIP_LO + (SLIP_HI - SLIP_LO) * i / steps;
      double score = score_at (evidence, comb, s);

      if (!(score <= best))
        {
          best = score;
          best_slip = s;
        }
    }

  if (slip != NULL)
    *slip = best_slip;
  return best;
}

static gboolean
is_wrong (double hz, double shaft_hz, const double *avoid, size_t n_avoid)
{
  double order = shaft_hz > 0 ? hz / shaft_hz : 0.5;

  if (fabs (order - round (order)) < AVOID_ORDER)
    return FALSE;

  for (size_t i = 0; i < n_avoid; i++)
    {
      if (fabs (hz - avoid[i]) < AVOID_RELATIVE * avoid[i])
        return FALSE;
    }

  return TRUE;
}

static void
hold_down (TwinEvidence *evidence, double hz)
{
  long centre = lround (hz / evidence->df_hz);

  for (long i = centre - TAKEN_LINES; i <= centre + TAKEN_LINES; i++)
    {
      if (i >= 0 && i < (long) evidence->n_lines)
        evidence->excess[i] = MIN (evidence->excess[i], TAKEN_EXCESS);
    }
}

/* @evidence without the lines of @comb and its side bands. Wrong combs that hit
 * lines of a true fault by chance would widen the null, and the fault would
 * hide behind itself. Caller frees rest->excess. */
static void
take_out (TwinEvidence       *rest,
          const TwinEvidence *evidence,
          const TwinComb     *comb,
          double              slip)
{
  double fundamental = comb->fundamental_hz * (1 + slip);
  double end = (double) evidence->n_lines * evidence->df_hz;
  int    sides = comb->side_hz > 0 ? TAKEN_SIDES : 0;

  *rest = *evidence;
  rest->excess =
      g_memdup2 (evidence->excess, evidence->n_lines * sizeof (double));

  for (int k = 1; k * fundamental < end; k++)
    {
      for (int side = -sides; side <= sides; side++)
        hold_down (rest, k * fundamental + side * comb->side_hz);
    }
}

double
twin_comb_z (const TwinEvidence *evidence,
             const TwinComb     *comb,
             double              shaft_hz,
             const double       *avoid,
             size_t              n_avoid)
{
  double       scores[WRONG_COMBS], sorted[WRONG_COMBS];
  double       slip = 0, place = 0.5, median, spread;
  double       score = twin_comb_score (evidence, comb, &slip);
  size_t       n = 0;
  TwinEvidence rest;

  if (isnan (score))
    return NAN;

  take_out (&rest, evidence, comb, slip);

  for (int i = 0; i < TRIES && n < WRONG_COMBS; i++)
    {
      TwinComb wrong = *comb;

      /* Multiples of the golden ratio fill the interval evenly, however many
       * are refused; no seed is needed. */
      place += 0.6180339887498949;
      place -= floor (place);
      wrong.fundamental_hz *= WRONG_LO + (WRONG_HI - WRONG_LO) * place;

      if (is_wrong (wrong.fundamental_hz, shaft_hz, avoid, n_avoid))
        scores[n++] = twin_comb_score (&rest, &wrong, NULL);
    }
  g_free (rest.excess);

  if (n < WRONG_COMBS / 2)
    return NAN;

  for (size_t i = 0; i < n; i++)
    sorted[i] = scores[i];
  median = twin_scalars_median (sorted, n);
  spread = twin_scalars_mad_sigma (sorted, n, median);

  return (score - median) / (spread + SPREAD_FLOOR);
}
