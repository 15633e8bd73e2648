/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-quality-lines.h"

#include <math.h>

#include "twin-lines.h"

/* Mains noise. */
#define MAINS_TOP_HZ 1000.0
#define MAINS_WANDER 0.002 /* of its frequency */
#define MAINS_LINES 3
#define MAINS_CLEAR 20.0 /* power over floor: chance makes e^-20 */
#define MAINS_SHARE 0.25
#define LOBE 3 /* lines of the window's main lobe, to either side */
#define HANN_POWER (3.0 / 16) /* of n² r.m.s.², summed over one-sided lines */

/* Wrong rate. */
#define FACTOR_LO 0.2
#define FACTOR_HI 5.0
#define STEP_LEAST 2e-5  /* of the factor, however long the record */
#define RATE_LEAST 500.0 /* Hz: slower ones do not carry the mains */
#define FACTOR_NEAR 0.02 /* nearer to 1 the tag may be meant */
#define SHAFT_HARMONICS 5
#define SHAFT_REACH 0.004
#define SHAFT_FITS 10.0 /* ln, of five lines */
#define ADVANTAGE 12.0  /* ln: what the better factor must have more */
#define REMOTE 12.0     /* ln a factor of e: two lines */
#define FRESH 2         /* lines that no mains explains at the rate given */
#define SHAFT_LINE 8.0  /* power over floor of the first harmonic */

static const double mains_frequencies[] = { 50, 60 };

/* What rotating and switched machines draw from the mains: the line itself,
 * twice it, and what rectifiers of six and twelve pulses add. */
static const int mains_orders[] = { 1, 2, 3, 4, 6, 8, 12 };

static gboolean
near_shaft (const TwinLines *lines, double hz, double shaft_hz)
{
  double whole;

  if (!(shaft_hz > 0))
    return FALSE;

  whole = MAX (1, round (hz / shaft_hz)) * shaft_hz;
  return fabs (whole - hz) < 2 * lines->df_hz;
}

/* --- mains noise -----------------------------------------------------------
 */

/* Power of the line nearest to @hz, its skirt included; 0: none stands out. */
static double
line_power (const TwinLines *lines, double hz)
{
  long   reach = lround (MAX (1, MAINS_WANDER * hz / lines->df_hz));
  long   centre = lround (hz / lines->df_hz), best = centre;
  double power = 0;

  if (centre + reach + LOBE >= (long) lines->n || centre - reach - LOBE < 1)
    return 0;

  for (long k = centre - reach; k <= centre + reach; k++)
    {
      if (lines->power[k] > lines->power[best])
        best = k;
    }

  if (lines->ratio[best] < MAINS_CLEAR)
    return 0;

  for (long k = best - LOBE; k <= best + LOBE; k++)
    power += lines->power[k];

  return power;
}

/* Vibration of an electric machine has twice the mains and its multiples; odd
 * multiples are what a cable picks up. */
static void
check_mains (const TwinLines          *lines,
             const TwinQualityContext *context,
             double                    total,
             TwinRecordQuality        *out)
{
  for (size_t m = 0; m < G_N_ELEMENTS (mains_frequencies); m++)
    {
      double mains = mains_frequencies[m];
      double odd = 0, even = 0;
      int    found = 0;

      if (context->mains_hz > 0 && context->mains_hz != mains)
        continue;

      for (int h = 1; h * mains <= MAINS_TOP_HZ; h++)
        {
          double power = near_shaft (lines, h * mains, context->shaft_hz)
                             ? 0
                             : line_power (lines, h * mains);

          *(h % 2 ? &odd : &even) += power;
          found += power > 0;
        }

      if (found >= MAINS_LINES && odd > even &&
          odd + even >= MAINS_SHARE * total &&
          (odd + even) / total > out->mains_share)
        {
          out->flags |= TWIN_SIGNAL_MAINS;
          out->mains_hz = mains;
          out->mains_share = MIN (1, (odd + even) / total);
        }
    }
}

/* --- wrong rate ------------------------------------------------------------
 */

/* How well lines fit the mains and the shaft if the true rate is @factor times
 * the one given: all lines are then read too low by it. */
typedef struct
{
  double   factor, mains_hz;
  double   shaft, mains; /* ln, summed */
  int      mains_lines;  /* clear ones */
  gboolean part;  /* lines half-way: a shaft of half the speed fits as well */
  gboolean low;   /* the mains' own line or twice it is among them */
  int      fresh; /* of these, no multiple of 50 or 60 Hz as read */
} Fit;

static gboolean
is_fresh (const TwinLines *lines, double hz)
{
  for (size_t m = 0; m < G_N_ELEMENTS (mains_frequencies); m++)
    {
      double whole = round (hz / mains_frequencies[m]) * mains_frequencies[m];

      if (fabs (whole - hz) < 2 * lines->df_hz + MAINS_WANDER * hz)
        return FALSE;
    }

  return TRUE;
}

static void
fit_mains (const TwinLines *lines, double shaft_hz, Fit *fit)
{
  fit->mains = 0;
  fit->mains_lines = fit->fresh = 0;
  fit->low = FALSE;
  for (size_t i = 0; i < G_N_ELEMENTS (mains_orders); i++)
    {
      double hz = mains_orders[i] * fit->mains_hz / fit->factor;
      double ratio = shaft_hz <= 0 ? twin_lines_at (lines, hz)
                     : near_shaft (lines, hz, shaft_hz / fit->factor)
                         ? 0
                         : twin_lines_peak (lines, hz);

      fit->mains += CLAMP (log (ratio + 1e-9), 0, 6);
      fit->mains_lines += ratio >= MAINS_CLEAR;
      fit->low |= ratio >= MAINS_CLEAR && mains_orders[i] <= 2;
      fit->fresh += ratio >= MAINS_CLEAR && is_fresh (lines, hz);
    }
}

/* Lines at all halves, thirds or quarters of @hz, too: it is the second, third
 * or fourth line of another comb. */
static gboolean
is_part (const TwinLines *lines, double hz)
{
  for (int k = 2; k <= 4; k++)
    {
      int found = 0;

      for (int j = 1; j < k; j++)
        found += twin_lines_peak (lines, hz * j / k) >= SHAFT_LINE;
      if (found == k - 1)
        return TRUE;
    }

  return FALSE;
}

static double
fit_shaft (const TwinLines *lines, double shaft_hz, Fit *fit)
{
  double hz = twin_lines_search (lines, shaft_hz / fit->factor, SHAFT_REACH,
                                 SHAFT_HARMONICS, &fit->shaft);

  fit->part = is_part (lines, hz);
  return twin_lines_at (lines, hz);
}

/* A comb's every second line makes a comb as well: of two that fit alike the
 * factor nearer to 1 is meant. */
static double
weight_of (const Fit *fit)
{
  return fit->mains + fit->shaft - REMOTE * fabs (log (fit->factor));
}

/* The best factor, if one explains mains and shaft far better than 1 does.
 * @best: that of 1, whichever mains fits it better. */
static gboolean
find_factor (const TwinLines *lines,
             double           shaft_hz,
             double           mains_hz,
             Fit             *best)
{
  const Fit as_given = *best;
  double step = MAX (STEP_LEAST, lines->df_hz / (mains_orders[3] * mains_hz));

  for (double q = FACTOR_LO; q <= FACTOR_HI; q *= 1 + step * MIN (q, 1))
    {
      Fit    fit = { .factor = q, .mains_hz = mains_hz };
      double line;

      /* Most factors are refused by the mains' own line and twice it. */
      if (fabs (q - 1) < FACTOR_NEAR ||
          (twin_lines_at (lines, mains_hz / q) < MAINS_CLEAR &&
           twin_lines_at (lines, 2 * mains_hz / q) < MAINS_CLEAR))
        continue;

      fit_mains (lines, shaft_hz, &fit);
      if (fit.mains_lines < MAINS_LINES || !fit.low || fit.fresh < FRESH ||
          fit.mains <= as_given.mains)
        continue;

      line = fit_shaft (lines, shaft_hz, &fit);
      if (line >= SHAFT_LINE && fit.shaft >= SHAFT_FITS && !fit.part &&
          weight_of (&fit) > weight_of (best))
        *best = fit;
    }

  return best->factor != 1 && best->mains + best->shaft >=
                                  as_given.mains + as_given.shaft + ADVANTAGE;
}

static void
check_rate (const TwinLines          *lines,
            const TwinQualityContext *context,
            double                    rate_hz,
            TwinRecordQuality        *out)
{
  Fit    as_given = { .factor = 1 };
  double strength = 0;
  double own_line = fit_shaft (lines, context->shaft_hz, &as_given);

  if (own_line >= MAINS_CLEAR ||
      (own_line >= SHAFT_LINE && as_given.shaft >= SHAFT_FITS))
    return;

  for (size_t m = 0; m < G_N_ELEMENTS (mains_frequencies); m++)
    {
      Fit fit = { .factor = 1, .mains_hz = mains_frequencies[m] };

      fit_mains (lines, 0, &fit);
      if (fit.mains_lines >= MAINS_LINES && fit.low)
        return;
      as_given.mains = MAX (as_given.mains, fit.mains);
    }

  for (size_t m = 0; m < G_N_ELEMENTS (mains_frequencies); m++)
    {
      Fit fit = as_given;

      if ((context->mains_hz > 0 &&
           context->mains_hz != mains_frequencies[m]) ||
          !find_factor (lines, context->shaft_hz, mains_frequencies[m], &fit) ||
          weight_of (&fit) <= strength)
        continue;

      strength = weight_of (&fit);
      out->flags |= TWIN_SIGNAL_RATE;
      out->true_rate_hz = rate_hz * fit.factor;
      out->mains_hz = fit.mains_hz;
    }
}

void
twin_quality_check_lines (TwinTransform            *transform,
                          const double             *samples,
                          size_t                    n,
                          double                    rate_hz,
                          const TwinQualityContext *context,
                          TwinRecordQuality        *out)
{
  size_t            length = twin_transform_trim (n);
  g_autofree float *work = g_new (float, length);
  double            total = 0, seconds = (double) length / rate_hz;
  TwinLines         lines;

  for (size_t i = 0; i < length; i++)
    {
      work[i] = (float) (samples[i] - out->mean);
      total += (double) work[i] * work[i];
    }
  total *= HANN_POWER * (double) length;

  twin_lines_compute (transform, work, length, rate_hz,
                      MIN (0.47 * rate_hz, MAINS_TOP_HZ * 1.01), &lines);
  check_mains (&lines, context, total, out);

  /* Under ten turns, or a second, lines do not stand apart; holes and bursts
   * bury them. */
  if (context->shaft_hz * seconds >= 10 && seconds >= 1 &&
      rate_hz >= RATE_LEAST &&
      !(out->flags & (TWIN_SIGNAL_DROPOUT | TWIN_SIGNAL_BURST)))
    check_rate (&lines, context, rate_hz, out);
}
