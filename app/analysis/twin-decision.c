/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-decision.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define THRESHOLD_SHORT 5.0 /* under five seconds */
#define THRESHOLD_WHOLE                                                        \
  6.0 /* at whole orders of a shaft without a baseline                         \
       */
#define WHOLE_ORDER 0.06
#define WHOLE_HZ 1.0
#define LINES 2     /* harmonics that make a comb */
#define SIDEBANDS 2 /* or one and so many side bands */
#define MARGIN 2.0
#define NOISE_DENSITY 22.5e-6 /* g/√Hz: a quiet MEMS accelerometer */
#define NOISE_FACTOR 2.0
#define RISE_OVER_BASELINE 1.1
#define STRIKES 1.0 /* kurtosis of a carrier's envelope, noise having 0 */

static void say (TwinBearingVerdict *out, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

static void
say (TwinBearingVerdict *out, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_vsnprintf (out->why, sizeof out->why, format, args);
  va_end (args);
}

/* The largest of inner, outer and ball with what experience adds, its own z,
 * and how far it is ahead: by z and by both, whichever is less. */
static TwinElement
rank (const double *z, const double *experience, double *best_z, double *margin)
{
  static const TwinElement ranked[] = { TWIN_ELEMENT_INNER, TWIN_ELEMENT_OUTER,
                                        TWIN_ELEMENT_BALL };
  TwinElement              best = TWIN_ELEMENT_NONE;
  int                      others = 0;
  for (size_t i = 0; i < G_N_ELEMENTS (ranked); i++)
    {
      TwinElement e = ranked[i];

      if (!isnan (z[e]) && (best == TWIN_ELEMENT_NONE ||
                            z[e] + experience[e] > z[best] + experience[best]))
        best = e;
    }

  *best_z = best != TWIN_ELEMENT_NONE ? z[best] : NAN;
  *margin = *best_z;
  for (size_t i = 0; i < G_N_ELEMENTS (ranked); i++)
    {
      TwinElement e = ranked[i];
      double      lead = *best_z - z[e];

      if (e == best || isnan (z[e]))
        continue;
      if (others++ == 0)
        *margin = lead;
      *margin = MIN (*margin, lead);
      *margin = MIN (*margin, lead + experience[best] - experience[e]);
    }

  return best;
}

/* A sound ball bearing vibrates weakly at BPFO (variable compliance): lines
 * alone, at a level that is nothing new, are no damage. */
static gboolean
level_is_enough (const TwinBearingVerdict   *verdict,
                 const TwinDiagnosisOptions *options,
                 double                      rate_hz)
{
  if (options->baseline_level_g > 0)
    return verdict->carrier_rms_g >=
           RISE_OVER_BASELINE * options->baseline_level_g;

  return verdict->carrier_rms_g >=
         NOISE_FACTOR * NOISE_DENSITY * sqrt (0.35 * rate_hz);
}

static const char *const places[TWIN_ELEMENTS] = {
  [TWIN_ELEMENT_NONE] = "nothing",     [TWIN_ELEMENT_INNER] = "inner race",
  [TWIN_ELEMENT_OUTER] = "outer race", [TWIN_ELEMENT_BALL] = "balls",
  [TWIN_ELEMENT_CAGE] = "cage",        [TWIN_ELEMENT_INCONCLUSIVE] = "nothing",
};

/* That of @element among the faults listed; it is there from z 3 on. */
static const TwinFaultTone *
find_tone (const TwinBearingVerdict *verdict, TwinElement element)
{
  size_t i = 0;

  while (i + 1 < verdict->n_faults && verdict->faults[i].element != element)
    i++;

  return &verdict->faults[i];
}

/* The tone or half of its lines, slip and all, lie where a harmonic of the
 * shaft that is not quite even would imitate them. */
static gboolean
is_at_whole_orders (const TwinFaultTone *tone, double shaft_hz)
{
  double near = MAX (WHOLE_ORDER, WHOLE_HZ / shaft_hz);
  size_t at = 0;

  if (fabs (tone->order - round (tone->order)) < near)
    return TRUE;

  for (size_t k = 0; k < tone->n_harmonics; k++)
    {
      double order = tone->harmonics_hz[k] / shaft_hz;

      at += fabs (order - round (order)) < WHOLE_ORDER;
    }

  return tone->n_harmonics > 0 && 2 * at >= tone->n_harmonics;
}

gboolean
twin_decision_is_comb (const TwinFaultTone *tone, double shaft_hz)
{
  if (tone->smeared)
    return FALSE;

  return tone->n_harmonics >= LINES ||
         (tone->n_harmonics > 0 && tone->sidebands >= SIDEBANDS &&
          !is_at_whole_orders (tone, shaft_hz));
}

/* No line stands out. Where something strikes all the same, "none" would say
 * too much. */
static void
decide_without_lines (TwinBearingVerdict *out, TwinElement best, double strikes)
{
  if (strikes < STRIKES)
    {
      say (out,
           "No line of the bearing stands out: best is the %s with z "
           "%.1f, %.1f is needed.",
           places[best], out->best_z, out->threshold);
      return;
    }

  out->verdict = TWIN_ELEMENT_INCONCLUSIVE;
  say (out,
       "Something strikes between %.0f and %.0f Hz (envelope kurtosis "
       "%.1f), but not at a rate of this bearing: best is the %s with z "
       "%.1f, %.1f is needed.",
       out->band.lo_hz, out->band.hi_hz, strikes, places[best], out->best_z,
       out->threshold);
}

/* Lines stand out at the rate of @best. */
static void
decide_with_lines (TwinBearingVerdict         *out,
                   const TwinDiagnosisOptions *options,
                   double                      rate_hz,
                   TwinElement                 best)
{
  const TwinFaultTone *tone = find_tone (out, best);
  const char          *place = places[best];

  out->suspected = best;
  out->verdict = TWIN_ELEMENT_INCONCLUSIVE;

  if (!level_is_enough (out, options, rate_hz))
    {
      out->verdict = TWIN_ELEMENT_NONE;
      say (out,
           "Weak lines of the %s (z %.1f) at a level of %.2g g that a sound "
           "bearing shows as well.",
           place, out->best_z, out->carrier_rms_g);
    }
  else if (out->best_z < out->threshold || out->margin < MARGIN)
    say (out,
         "Lines of the %s are suspected but not sure: z %.1f of %.1f needed, "
         "%.1f ahead of the next element of %.1f needed.",
         place, out->best_z, out->threshold, out->margin, MARGIN);
  else if (!twin_decision_is_comb (tone, out->shaft_hz))
    say (out,
         "A line at the rate of the %s stands out (z %.1f), but its harmonics "
         "do not: it may be something else.",
         place, out->best_z);
  else
    {
      out->verdict = best;
      say (out,
           "Envelope lines of the %s at %.1f Hz (%.2f × shaft), %zu harmonics, "
           "z %.1f, %.1f ahead of the next element.",
           place, tone->frequency_hz, tone->order, tone->n_harmonics,
           out->best_z, out->margin);
    }
}

void
twin_decision_make (TwinBearingVerdict         *out,
                    const TwinDiagnosisOptions *options,
                    const TwinDecisionNature   *nature)
{
  TwinElement best =
      rank (out->z, options->experience, &out->best_z, &out->margin);

  out->threshold = TWIN_DECISION_THRESHOLD;
  if (out->best_z >= TWIN_DECISION_SUSPICION &&
      !(options->baseline_level_g > 0) &&
      is_at_whole_orders (find_tone (out, best), out->shaft_hz))
    out->threshold = THRESHOLD_WHOLE;
  else if (out->quality & TWIN_SIGNAL_SHORT)
    out->threshold = THRESHOLD_SHORT;
  out->threshold -= MIN (options->experience[best], 0);

  out->verdict = TWIN_ELEMENT_NONE;

  if (best == TWIN_ELEMENT_NONE)
    {
      out->verdict = TWIN_ELEMENT_INCONCLUSIVE;
      out->quality |= TWIN_SIGNAL_SLOW_RATE;
      say (out, "The record cannot carry the bearing's lines: rate too low or "
                "record too short.");
    }
  else if (out->best_z < TWIN_DECISION_SUSPICION)
    decide_without_lines (out, best, nature->strikes);
  else
    decide_with_lines (out, options, nature->rate_hz, best);
}

/* What strikes belongs to a neighbour: then nothing is left open here. */
void
twin_decision_explain (TwinBearingVerdict *out)
{
  const TwinFaultTone *tone = &out->others[0];

  if (out->n_others == 0 || out->verdict != TWIN_ELEMENT_INCONCLUSIVE ||
      out->suspected != TWIN_ELEMENT_NONE)
    return;

  out->verdict = TWIN_ELEMENT_NONE;
  say (out,
       "No line of this bearing stands out; what strikes fits the %s of "
       "bearing %s (%.1f Hz, z %.1f).",
       places[tone->element], tone->bearing, tone->frequency_hz,
       tone->evidence);
}
