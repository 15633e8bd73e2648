/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-diagnosis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "twin-comb.h"
#include "twin-evidence.h"
#include "twin-shaft.h"
#include "twin-signal.h"

#define LONGEST ((size_t) 4000000) /* samples looked at */
#define SHORTEST_S 2.0
#define GOOD_S 5.0
#define TURNS_NEEDED 24
#define THRESHOLD 4.0
#define THRESHOLD_DOUBTFUL 5.0 /* integer orders, or under five seconds */
#define SUSPICION 3.0
#define MARGIN 2.0
#define ENVELOPE_HARMONICS 3
#define DIRECT_HARMONICS 8
#define WRONG_REACH (1.4 * 1.015) /* the highest wrong comb, slip included */
#define FAST_RATE_HZ 10000.0
#define SKIRT_LINES 5
#define MAINS_HZ 1.6
#define FOUND 0.8             /* ln: a line of a tone counts as found */
#define LINES_NEEDED 2        /* of a comb: one line may be anything */
#define NOISE_DENSITY 22.5e-6 /* g/√Hz: a quiet MEMS accelerometer */
#define NOISE_FACTOR 2.0
#define RISE_OVER_BASELINE 1.1
#define STRIKES 1.0 /* kurtosis of a carrier's envelope, noise having 0 */

/* One record and what has been made of it. */
typedef struct
{
  TwinTransform   *transform;
  const float     *samples; /* without mean, trimmed */
  size_t           n;
  double           rate_hz;
  double           shaft_hz;
  TwinEvidence     evidence[TWIN_EVIDENCES];
  TwinEvidenceKind kinds[TWIN_EVIDENCES];
  int              n_kinds;
  double           strikes; /* largest kurtosis of the kurtogram; 0: none */
} Record;

static const TwinElement judged[] = { TWIN_ELEMENT_INNER, TWIN_ELEMENT_OUTER,
                                      TWIN_ELEMENT_BALL, TWIN_ELEMENT_CAGE };

static TwinComb
comb_of (TwinElement element, const TwinBearingOrders *orders, double shaft_hz)
{
  switch (element)
    {
    case TWIN_ELEMENT_INNER:
      return (TwinComb){ orders->bpfi * shaft_hz, shaft_hz, 0 };
    case TWIN_ELEMENT_OUTER:
      return (TwinComb){ orders->bpfo * shaft_hz, 0, 0 };
    case TWIN_ELEMENT_BALL:
      return (TwinComb){ 2 * orders->bsf * shaft_hz, orders->ftf * shaft_hz,
                         0 };
    case TWIN_ELEMENT_CAGE:
      return (TwinComb){ orders->ftf * shaft_hz, 0, 0 };
    default:
      g_assert_not_reached ();
    }
}

static double
highest_hz (const TwinBearingOrders *orders, double shaft_hz)
{
  double fastest = MAX (MAX (orders->bpfi, orders->bpfo), 2 * orders->bsf);

  return ENVELOPE_HARMONICS * WRONG_REACH * fastest * shaft_hz + 2 * shaft_hz;
}

/* Harmonics that the spectrum holds, for wrong combs as well. */
static int
harmonics_within (const TwinEvidence *evidence,
                  const TwinComb     *comb,
                  int                 wanted)
{
  double end = ((double) evidence->n_lines - 2) * evidence->df_hz;
  double room = (end - comb->side_hz) / (WRONG_REACH * comb->fundamental_hz);

  return (int) CLAMP (floor (room), 0, wanted);
}

static void
gather_evidence (Record *record, double max_hz)
{
  record->kinds[record->n_kinds++] = TWIN_EVIDENCE_WHITENED;
  record->kinds[record->n_kinds++] = TWIN_EVIDENCE_ENHANCED;
  if (record->rate_hz < FAST_RATE_HZ)
    record->kinds[record->n_kinds++] = TWIN_EVIDENCE_DIRECT;

  for (int i = 0; i < record->n_kinds; i++)
    {
      double reach = record->kinds[i] == TWIN_EVIDENCE_DIRECT
                         ? max_hz * DIRECT_HARMONICS / ENVELOPE_HARMONICS
                         : max_hz;

      twin_evidence_compute (record->transform, record->kinds[i],
                             record->samples, record->n, record->rate_hz,
                             MIN (reach, 0.47 * record->rate_hz),
                             record->shaft_hz, &record->evidence[i]);
    }
}

/* Mean of two kinds of evidence, median of three. */
static double
fuse (double *z, int n)
{
  double sorted[TWIN_EVIDENCES];
  int    usable = 0;

  for (int i = 0; i < n; i++)
    {
      if (isfinite (z[i]))
        sorted[usable++] = z[i];
    }

  return usable < 2 ? NAN : twin_scalars_median (sorted, (size_t) usable);
}

static double
judge_element (const Record            *record,
               const TwinBearingOrders *orders,
               TwinElement              element)
{
  const double avoid[] = { orders->bpfo * record->shaft_hz,
                           orders->bpfi * record->shaft_hz,
                           2 * orders->bsf * record->shaft_hz };
  double       z[TWIN_EVIDENCES];

  for (int i = 0; i < record->n_kinds; i++)
    {
      TwinComb comb = comb_of (element, orders, record->shaft_hz);
      int      wanted = record->kinds[i] == TWIN_EVIDENCE_DIRECT
                            ? DIRECT_HARMONICS
                            : ENVELOPE_HARMONICS;

      comb.harmonics = harmonics_within (&record->evidence[i], &comb, wanted);
      z[i] = twin_comb_z (&record->evidence[i], &comb, record->shaft_hz, avoid,
                          G_N_ELEMENTS (avoid));
    }

  return fuse (z, record->n_kinds);
}

/* The evidence that shows the comb best, and how far the comb has slipped. */
static const TwinEvidence *
find_clearest (const Record *record, TwinComb *comb, double *slip)
{
  const TwinEvidence *clearest = &record->evidence[0];
  double              best = NAN;

  for (int i = 0; i < record->n_kinds; i++)
    {
      TwinComb tried = *comb;
      double   score, at = 0;

      tried.harmonics =
          harmonics_within (&record->evidence[i], comb, TWIN_FAULT_HARMONICS);
      score = twin_comb_score (&record->evidence[i], &tried, &at);
      if (isfinite (score) && !(score <= best))
        {
          best = score;
          clearest = &record->evidence[i];
          comb->harmonics = tried.harmonics;
          *slip = at;
        }
    }

  return clearest;
}

static double
power_near (const TwinEvidence *evidence, double hz)
{
  size_t k = (size_t) lround (hz / evidence->df_hz);
  double largest = 0;

  for (size_t i = k > 0 ? k - 1 : 0; i <= k + 1 && i < evidence->n_lines; i++)
    largest = MAX (largest, evidence->power[i]);

  return largest;
}

/* Beside a strong line of the shaft there are weaker ones that are nothing but
 * its skirt. */
static gboolean
is_skirt (const TwinEvidence *evidence, double hz, double shaft_hz)
{
  double whole = round (hz / shaft_hz) * shaft_hz;

  return fabs (whole - hz) <= SKIRT_LINES * evidence->df_hz &&
         power_near (evidence, whole) >= power_near (evidence, hz);
}

static void
describe_tone (const Record            *record,
               const TwinBearingOrders *orders,
               TwinElement              element,
               double                   z,
               TwinFaultTone           *tone)
{
  TwinComb            comb = comb_of (element, orders, record->shaft_hz);
  double              slip = 0;
  const TwinEvidence *evidence = find_clearest (record, &comb, &slip);

  *tone = (TwinFaultTone){
    .element = element,
    .frequency_hz = comb.fundamental_hz * (1 + slip),
    .evidence = z,
    .sideband_hz = comb.side_hz,
  };
  tone->order = tone->frequency_hz / record->shaft_hz;

  for (int k = 1; k <= comb.harmonics; k++)
    {
      double hz = k * tone->frequency_hz;

      if (twin_evidence_at (evidence, hz) >= FOUND &&
          !is_skirt (evidence, hz, record->shaft_hz))
        tone->harmonics_hz[tone->n_harmonics++] = hz;
      if (comb.side_hz > 0)
        {
          tone->sidebands +=
              twin_evidence_at (evidence, hz - comb.side_hz) >= FOUND;
          tone->sidebands +=
              twin_evidence_at (evidence, hz + comb.side_hz) >= FOUND;
        }
    }
}

/* Fills @tones with the elements at or over @threshold, best first. */
static size_t
list_tones (const Record            *record,
            const TwinBearingOrders *orders,
            const double            *z,
            double                   threshold,
            TwinFaultTone           *tones)
{
  gboolean taken[TWIN_ELEMENTS] = { FALSE };
  size_t   n = 0;

  while (n < G_N_ELEMENTS (judged))
    {
      TwinElement best = TWIN_ELEMENT_NONE;

      for (size_t i = 0; i < G_N_ELEMENTS (judged); i++)
        {
          TwinElement element = judged[i];

          if (!taken[element] && z[element] >= threshold &&
              (best == TWIN_ELEMENT_NONE || z[element] > z[best]))
            best = element;
        }

      if (best == TWIN_ELEMENT_NONE)
        break;

      taken[best] = TRUE;
      describe_tone (record, orders, best, z[best], &tones[n++]);
    }

  return n;
}

static void
judge_others (const Record               *record,
              const TwinDiagnosisOptions *options,
              TwinBearingVerdict         *out)
{
  for (size_t b = 0; b < options->n_others; b++)
    {
      const TwinBearing *other = &options->others[b];
      TwinBearingOrders  orders;
      double             z[TWIN_ELEMENTS];
      TwinFaultTone      tones[TWIN_FAULTS_MAX];
      size_t             n;

      if (!twin_bearing_orders (other, &orders, NULL))
        continue;

      for (int i = 0; i < TWIN_ELEMENTS; i++)
        z[i] = NAN;
      for (size_t i = 0; i < G_N_ELEMENTS (judged); i++)
        z[judged[i]] = judge_element (record, &orders, judged[i]);

      n = list_tones (record, &orders, z, THRESHOLD, tones);
      for (size_t i = 0; i < n && out->n_others < TWIN_FAULTS_MAX; i++)
        {
          if (tones[i].n_harmonics < LINES_NEEDED)
            continue;
          g_strlcpy (tones[i].bearing, other->designation,
                     sizeof tones[i].bearing);
          out->others[out->n_others++] = tones[i];
        }
    }
}

/* --- verdict ---------------------------------------------------------------
 */

/* The largest and the next of inner, outer and ball. */
static TwinElement
rank (const double *z, double *best_z, double *margin)
{
  TwinElement best = TWIN_ELEMENT_NONE;
  double      second = NAN;

  for (size_t i = 0; i < 3; i++)
    {
      TwinElement element = judged[i];

      if (isnan (z[element]))
        continue;
      if (best == TWIN_ELEMENT_NONE || z[element] > z[best])
        {
          if (best != TWIN_ELEMENT_NONE)
            second = z[best];
          best = element;
        }
      else if (!(z[element] <= second))
        second = z[element];
    }

  *best_z = best != TWIN_ELEMENT_NONE ? z[best] : NAN;
  *margin = *best_z - (isnan (second) ? 0 : second);
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

/* Twice the mains' frequency, 100 or 120 Hz, and its multiples explain all
 * lines but one, and there are no side bands that only a shaft makes. */
static gboolean
is_at_mains (const TwinFaultTone *tone)
{
  static const double twice_mains[] = { 100, 120 };

  for (size_t i = 0; i < G_N_ELEMENTS (twice_mains); i++)
    {
      size_t left = 0;

      for (size_t k = 0; k < tone->n_harmonics; k++)
        {
          double multiple =
              MAX (1, round (tone->harmonics_hz[k] / twice_mains[i]));

          left += fabs (tone->harmonics_hz[k] - multiple * twice_mains[i]) >
                  MAINS_HZ;
        }

      if (left < LINES_NEEDED && left < tone->n_harmonics &&
          tone->sidebands < 2)
        return TRUE;
    }

  return FALSE;
}

/* No line stands out. Where something strikes all the same, "none" would say
 * too much. */
static void
decide_without_lines (TwinBearingVerdict *out, TwinElement best, double strikes)
{
  if (strikes < STRIKES)
    {
      g_snprintf (out->why, sizeof out->why,
                  "No line of the bearing stands out: best is the %s with z "
                  "%.1f, %.1f is needed.",
                  places[best], out->best_z, out->threshold);
      return;
    }

  out->verdict = TWIN_ELEMENT_INCONCLUSIVE;
  g_snprintf (out->why, sizeof out->why,
              "Something strikes between %.0f and %.0f Hz (envelope kurtosis "
              "%.1f), but not at a rate of this bearing: best is the %s with z "
              "%.1f, %.1f is needed.",
              out->band.lo_hz, out->band.hi_hz, strikes, places[best],
              out->best_z, out->threshold);
}

static void
decide (TwinBearingVerdict         *out,
        const TwinDiagnosisOptions *options,
        const Record               *record,
        gboolean                    integer_order)
{
  TwinElement best = rank (out->z, &out->best_z, &out->margin);
  gboolean    doubtful = (integer_order && !(options->baseline_level_g > 0)) ||
                      (out->quality & TWIN_SIGNAL_SHORT) != 0;

  out->threshold = doubtful ? THRESHOLD_DOUBTFUL : THRESHOLD;
  out->verdict = TWIN_ELEMENT_NONE;

  if (best == TWIN_ELEMENT_NONE)
    {
      out->verdict = TWIN_ELEMENT_INCONCLUSIVE;
      out->quality |= TWIN_SIGNAL_SLOW_RATE;
      g_strlcpy (out->why,
                 "The record cannot carry the bearing's lines: rate too low "
                 "or record too short.",
                 sizeof out->why);
    }
  else if (out->best_z < SUSPICION)
    decide_without_lines (out, best, record->strikes);
  else if (!level_is_enough (out, options, record->rate_hz))
    {
      out->suspected = best;
      g_snprintf (out->why, sizeof out->why,
                  "Weak lines of the %s (z %.1f) at a level of %.2g g that a "
                  "sound bearing shows as well.",
                  places[best], out->best_z, out->carrier_rms_g);
    }
  else if (out->best_z < out->threshold || out->margin < MARGIN)
    {
      out->verdict = TWIN_ELEMENT_INCONCLUSIVE;
      out->suspected = best;
      g_snprintf (out->why, sizeof out->why,
                  "Lines of the %s are suspected but not sure: z %.1f of %.1f "
                  "needed, %.1f ahead of the next element of %.1f needed.",
                  places[best], out->best_z, out->threshold, out->margin,
                  MARGIN);
    }
  else if (is_at_mains (find_tone (out, best)))
    {
      out->verdict = TWIN_ELEMENT_INCONCLUSIVE;
      out->suspected = best;
      g_snprintf (out->why, sizeof out->why,
                  "Lines at %.1f Hz fit the %s (z %.1f), but twice the mains' "
                  "frequency as well; judge at another speed.",
                  find_tone (out, best)->frequency_hz, places[best],
                  out->best_z);
    }
  else if (find_tone (out, best)->n_harmonics < LINES_NEEDED)
    {
      out->verdict = TWIN_ELEMENT_INCONCLUSIVE;
      out->suspected = best;
      g_snprintf (out->why, sizeof out->why,
                  "A line at the rate of the %s stands out (z %.1f), but its "
                  "harmonics do not: it may be something else.",
                  places[best], out->best_z);
    }
  else
    {
      const TwinFaultTone *tone = find_tone (out, best);

      out->verdict = best;
      out->suspected = best;
      g_snprintf (out->why, sizeof out->why,
                  "Envelope lines of the %s at %.1f Hz (%.2f × shaft), %zu "
                  "harmonics, z %.1f, %.1f ahead of the next element.",
                  places[best], tone->frequency_hz, tone->order,
                  tone->n_harmonics, out->best_z, out->margin);
    }
}

/* What strikes belongs to a neighbour: then nothing is left open here. */
static void
explain_by_others (TwinBearingVerdict *out)
{
  const TwinFaultTone *tone = &out->others[0];

  if (out->n_others == 0 || out->verdict != TWIN_ELEMENT_INCONCLUSIVE ||
      out->suspected != TWIN_ELEMENT_NONE)
    return;

  out->verdict = TWIN_ELEMENT_NONE;
  g_snprintf (out->why, sizeof out->why,
              "No line of this bearing stands out; what strikes fits the %s of "
              "bearing %s (%.1f Hz, z %.1f).",
              places[tone->element], tone->bearing, tone->frequency_hz,
              tone->evidence);
}

static void
refuse (TwinBearingVerdict *out, guint flag, const char *why)
{
  out->verdict = TWIN_ELEMENT_INCONCLUSIVE;
  out->quality |= flag;
  g_strlcpy (out->why, why, sizeof out->why);
}

static void
clear_verdict (TwinBearingVerdict *out)
{
  memset (out, 0, sizeof *out);
  for (int i = 0; i < TWIN_ELEMENTS; i++)
    out->z[i] = NAN;
  out->best_z = out->margin = out->shaft_hz = NAN;
  out->threshold = THRESHOLD;
  twin_scalars_compute (NULL, 0, 0, &out->scalars);
  out->velocity_rms_mm_s = out->carrier_rms_g = NAN;
}

/* FALSE when nothing more can be said; @out then says why. */
static gboolean
check_input (const double         *samples,
             size_t                n,
             double                rate_hz,
             const TwinShaftSpeed *shaft,
             TwinBearingVerdict   *out)
{
  if (!twin_signal_is_finite (samples, n) || !(rate_hz > 0) ||
      !isfinite (rate_hz))
    {
      refuse (out, TWIN_SIGNAL_NOT_FINITE,
              "The record holds values that are no numbers.");
      return FALSE;
    }

  twin_scalars_compute (samples, n, 0, &out->scalars);
  out->seconds = (double) n / rate_hz;

  if (out->seconds < SHORTEST_S || n < 1024)
    {
      refuse (out, TWIN_SIGNAL_SHORT,
              "The record is under two seconds: too short for a judgement.");
      return FALSE;
    }

  if (!(shaft->hz > 0) || !isfinite (shaft->hz))
    {
      refuse (out, TWIN_SIGNAL_NO_SPEED,
              "The shaft speed is not known, so no line can be named.");
      return FALSE;
    }

  out->shaft_hz = shaft->hz;
  out->speed_source = shaft->source;

  if (out->seconds * shaft->hz < TURNS_NEEDED)
    {
      refuse (out, TWIN_SIGNAL_SHORT,
              "The record holds too few turns of the shaft for a judgement.");
      return FALSE;
    }

  return TRUE;
}

static void
measure_levels (TwinTransform      *transform,
                const double       *samples,
                size_t              n,
                double              rate_hz,
                TwinBearingVerdict *out)
{
  TwinSpectrum density = { 0 };

  twin_spectrum_welch (transform, samples, n, rate_hz, (size_t) rate_hz,
                       TWIN_WINDOW_HANN, TWIN_SCALE_DENSITY, &density);
  out->velocity_rms_mm_s =
      twin_spectrum_velocity_rms (&density, out->shaft_hz <= 10 ? 2 : 10, 1000);
  out->carrier_rms_g =
      twin_spectrum_band_rms (&density, 0.1 * rate_hz, 0.45 * rate_hz);
  twin_spectrum_clear (&density);
}

/* Where the carrier is, and how strongly it is struck. */
static void
find_band (Record             *record,
           const double       *samples,
           size_t              n,
           double              fastest_hz,
           TwinBearingVerdict *out)
{
  TwinKurtogram kurtogram;

  twin_kurtogram_compute (record->transform, samples, n, record->rate_hz,
                          3 * fastest_hz, &kurtogram);
  out->band = twin_kurtogram_band (&kurtogram, record->rate_hz);
  if (kurtogram.best >= 0)
    record->strikes = kurtogram.cells[kurtogram.best].kurtosis;
}

static void
judge_bearing (Record                     *record,
               const TwinBearingOrders    *orders,
               const TwinDiagnosisOptions *options,
               TwinBearingVerdict         *out)
{
  gather_evidence (record, highest_hz (orders, record->shaft_hz));

  for (size_t i = 0; i < G_N_ELEMENTS (judged); i++)
    out->z[judged[i]] = judge_element (record, orders, judged[i]);

  out->n_faults = list_tones (record, orders, out->z, SUSPICION, out->faults);
  decide (out, options, record, twin_bearing_is_integer_order (orders));

  /* The cage is shown, but never leads. */
  if (out->n_faults > 1 && out->faults[0].element == TWIN_ELEMENT_CAGE)
    {
      TwinFaultTone cage = out->faults[0];

      memmove (out->faults, out->faults + 1, (out->n_faults - 1) * sizeof cage);
      out->faults[out->n_faults - 1] = cage;
    }

  if (options->n_others > 0)
    judge_others (record, options, out);
  explain_by_others (out);

  for (int i = 0; i < record->n_kinds; i++)
    twin_evidence_clear (&record->evidence[i]);
}

void
twin_bearing_diagnose (TwinTransform              *transform,
                       const double               *samples_g,
                       size_t                      n,
                       double                      rate_hz,
                       const TwinShaftSpeed       *shaft,
                       const TwinBearing          *bearing,
                       const TwinDiagnosisOptions *options,
                       TwinBearingVerdict         *out)
{
  static const TwinDiagnosisOptions nothing = { 0 };
  g_autofree float                 *work = NULL;
  TwinBearingOrders                 orders;
  TwinShaftCheck                    check;
  Record record = { .transform = transform, .rate_hz = rate_hz };

  clear_verdict (out);
  options = options != NULL ? options : &nothing;
  n = MIN (n, LONGEST);

  if (!check_input (samples_g, n, rate_hz, shaft, out))
    return;

  out->quality |=
      twin_signal_flags (samples_g, n, rate_hz, options->full_scale_g);
  if (out->seconds < GOOD_S)
    out->quality |= TWIN_SIGNAL_SHORT;

  measure_levels (transform, samples_g, n, rate_hz, out);

  if (!twin_bearing_orders (bearing, &orders, NULL))
    {
      refuse (out, 0, "The bearing's geometry cannot be: check the catalogue.");
      return;
    }

  if (out->quality & TWIN_SIGNAL_STUCK)
    {
      refuse (out, 0,
              "The sensor is stuck: it gives the same value again and again.");
      return;
    }

  record.n = twin_transform_trim (n);
  work = g_new (float, record.n);
  for (size_t i = 0; i < record.n; i++)
    work[i] = (float) (samples_g[i] - out->scalars.mean);
  record.samples = work;

  twin_shaft_check (transform, work, record.n, rate_hz, shaft->hz,
                    shaft->source == TWIN_SPEED_TACHO, &check);
  record.shaft_hz = out->shaft_hz = check.hz;
  out->speed_corrected = check.corrected;
  if (check.corrected)
    out->quality |= TWIN_SIGNAL_SPEED;

  if (check.refuted)
    {
      g_autofree char *why =
          g_strdup_printf ("The shaft's lines lie at %.2f Hz, not at the %.2f "
                           "Hz given: mend the "
                           "speed first.",
                           check.other_hz, shaft->hz);

      refuse (out, TWIN_SIGNAL_SPEED, why);
      return;
    }

  find_band (&record, samples_g, n, orders.bpfi * check.hz, out);
  judge_bearing (&record, &orders, options, out);
}
