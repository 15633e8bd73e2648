/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-diagnosis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "twin-comb.h"
#include "twin-decision.h"
#include "twin-evidence.h"
#include "twin-severity.h"
#include "twin-speed.h"

#define LONGEST ((size_t) 4000000) /* samples looked at */
#define SHORTEST_S 2.0
#define GOOD_S 5.0
#define TURNS_NEEDED 24
#define ENVELOPE_HARMONICS 3
#define DIRECT_HARMONICS 8
#define NEAR_WHOLE 0.08 /* orders */
#define BESIDE_HZ                                                              \
  0.3 /* of a multiple of the shaft: two of the finest lines                   \
       */
#define BESIDE 0.001
#define SMEARED_ORDERS 16
#define SMEARED_LINES 2
#define MIRROR_LINES 2.5
#define SUPPORT 3.0 /* z: what one kind of evidence may add to the next */
/* The highest wrong comb, slip included. */
#define WRONG_REACH (1.4 * (1 + TWIN_COMB_SLIP_HI))
#define FAST_RATE_HZ 10000.0
#define THRESHOLD_RAISE 1.0 /* z, where the data is doubtful */

/* One record and what has been made of it. */
typedef struct
{
  TwinTransform   *transform;
  const float     *samples; /* without mean, trimmed; TwinEvenRecord's */
  size_t           n;
  double           rate_hz;
  double           shaft_hz;
  TwinEvidence     evidence[TWIN_EVIDENCES];
  TwinEvidenceKind kinds[TWIN_EVIDENCES];
  int              n_kinds;
  double           strikes;    /* largest kurtosis of the kurtogram; 0: none */
  gboolean         over_angle; /* "Hz" are orders times the mean speed */
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
                             record->shaft_hz, !record->over_angle,
                             &record->evidence[i]);
    }
}

static int
descending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x < y) - (x > y);
}

/* Mean of the two kinds of evidence that say most; but one of them alone, with
 * little from any other, is not enough. */
static double
fuse (const double *z, int n)
{
  double sorted[TWIN_EVIDENCES];
  size_t usable = 0;

  for (int i = 0; i < n; i++)
    {
      if (isfinite (z[i]))
        sorted[usable++] = z[i];
    }
  if (usable < 2)
    return NAN;

  qsort (sorted, usable, sizeof (double), descending);
  return MIN ((sorted[0] + sorted[1]) / 2, sorted[1] + SUPPORT);
}

static double
judge_comb (const Record            *record,
            const TwinBearingOrders *orders,
            const TwinComb          *given)
{
  const double avoid[] = { orders->bpfo * record->shaft_hz,
                           orders->bpfi * record->shaft_hz,
                           2 * orders->bsf * record->shaft_hz };
  double       z[TWIN_EVIDENCES];

  for (int i = 0; i < record->n_kinds; i++)
    {
      TwinComb comb = *given;
      int      wanted = record->kinds[i] == TWIN_EVIDENCE_DIRECT
                            ? DIRECT_HARMONICS
                            : ENVELOPE_HARMONICS;

      comb.harmonics = harmonics_within (&record->evidence[i], &comb, wanted);
      z[i] = twin_comb_z (&record->evidence[i], &comb, record->shaft_hz, avoid,
                          G_N_ELEMENTS (avoid));
    }

  return fuse (z, record->n_kinds);
}

static double
judge_element (const Record            *record,
               const TwinBearingOrders *orders,
               TwinElement              element)
{
  TwinComb comb = comb_of (element, orders, record->shaft_hz);
  double   z = judge_comb (record, orders, &comb);

  /* A ball that always turns the same face to the races has no side bands. */
  if (element == TWIN_ELEMENT_BALL)
    {
      comb.side_hz = 0;
      z = fmax (z, judge_comb (record, orders, &comb));
    }

  return z;
}

/* A tone near a whole order may be a line of the shaft whose speed wanders.
 * Then the shaft's other lines stand as far off theirs, or the tone on both
 * sides. */
static gboolean
is_smeared (const TwinEvidence  *evidence,
            const TwinFaultTone *tone,
            double               shaft_hz)
{
  int    whole = (int) lround (tone->order), hits = 0;
  double stretch = tone->order / MAX (whole, 1);

  if (whole < 1 || fabs (tone->order - whole) > NEAR_WHOLE)
    return FALSE;

  for (int order = 1; order <= SMEARED_ORDERS; order++)
    {
      int    own = (int) lround ((double) order / whole) * whole;
      double at = order * shaft_hz, away = at * (stretch - 1);
      double least = evidence->df_hz;

      /* Side bands may be the tone's own. Of its harmonics the other side
       * counts, where it stands clear of them. */
      if (order != own && (tone->sideband_hz > 0 || abs (order - own) == 1))
        continue;
      if (order == own)
        {
          away = -away;
          least *= MIRROR_LINES;
        }

      hits += fabs (away) >= least &&
              twin_evidence_at (evidence, at + away) >= evidence->found;
    }

  return hits >= SMEARED_LINES;
}

/* What stands in @evidence of the lines of @comb at its best slip. */
static void
find_lines (const Record       *record,
            const TwinEvidence *evidence,
            const TwinComb     *comb,
            TwinFaultTone      *tone)
{
  double slip = 0, found = evidence->found;

  twin_comb_score (evidence, comb, &slip);
  tone->frequency_hz = comb->fundamental_hz * (1 + slip);
  tone->order = tone->frequency_hz / record->shaft_hz;

  for (int k = 1; k <= comb->harmonics; k++)
    {
      double hz = k * tone->frequency_hz;
      double whole = round (hz / record->shaft_hz) * record->shaft_hz;

      /* Right beside a multiple of the shaft's speed a line proves nothing. */
      if (twin_evidence_at (evidence, hz) >= found &&
          fabs (hz - whole) > BESIDE_HZ + BESIDE * hz &&
          tone->n_harmonics < TWIN_FAULT_HARMONICS)
        tone->harmonics_hz[tone->n_harmonics++] = hz;
      if (tone->sideband_hz > 0)
        {
          tone->sidebands +=
              twin_evidence_at (evidence, hz - tone->sideband_hz) >= found;
          tone->sidebands +=
              twin_evidence_at (evidence, hz + tone->sideband_hz) >= found;
        }
    }
  tone->smeared = is_smeared (evidence, tone, record->shaft_hz);
}

/* As the evidence tells it that shows most lines; of equals the first. */
static void
describe_tone (const Record            *record,
               const TwinBearingOrders *orders,
               TwinElement              element,
               double                   z,
               TwinFaultTone           *tone)
{
  TwinComb given = comb_of (element, orders, record->shaft_hz);
  double   sides[] = { given.side_hz, 0 };
  int      variants = element == TWIN_ELEMENT_BALL ? 2 : 1, most = -1;

  for (int i = 0; i < record->n_kinds * variants; i++)
    {
      const TwinEvidence *evidence = &record->evidence[i / variants];
      TwinEvidenceKind    kind = record->kinds[i / variants];
      TwinComb            comb = given;
      TwinFaultTone       tried = { .element = element,
                                    .evidence = z,
                                    .sideband_hz = given.side_hz };
      int                 lines;

      comb.side_hz = sides[i % variants];
      comb.harmonics = harmonics_within (evidence, &comb,
                                         kind == TWIN_EVIDENCE_DIRECT
                                             ? DIRECT_HARMONICS
                                             : TWIN_FAULT_HARMONICS);
      find_lines (record, evidence, &comb, &tried);
      lines = 2 * (int) tried.n_harmonics + tried.sidebands;
      if (lines > most)
        {
          most = lines;
          *tone = tried;
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

      n = list_tones (record, &orders, z, TWIN_DECISION_THRESHOLD, tones);
      for (size_t i = 0; i < n && out->n_others < TWIN_FAULTS_MAX; i++)
        {
          if (!twin_decision_is_comb (&tones[i], record->shaft_hz))
            continue;
          g_strlcpy (tones[i].bearing, other->designation,
                     sizeof tones[i].bearing);
          out->others[out->n_others++] = tones[i];
        }
    }
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
  out->best_z = out->margin = out->shaft_hz = out->speed_change = NAN;
  out->threshold = TWIN_DECISION_THRESHOLD;
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
  if (out->quality & TWIN_SIGNAL_NOT_FINITE)
    {
      refuse (out, 0, "The record holds values that are no numbers.");
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
      twin_spectrum_velocity_rms (&density,
                                  twin_severity_low_hz (out->shaft_hz), 1000);
  out->carrier_rms_g =
      twin_spectrum_band_rms (&density, 0.1 * rate_hz, 0.45 * rate_hz);
  twin_spectrum_clear (&density);
}

/* Where the carrier is, and how strongly it is struck. */
static void
find_band (Record             *record,
           const double       *samples,
           size_t              n,
           double              rate_hz,
           double              fastest_hz,
           TwinBearingVerdict *out)
{
  const TwinKurtogram *kurtogram = &out->kurtogram;

  twin_kurtogram_compute (record->transform, samples, n, rate_hz,
                          3 * fastest_hz, &out->kurtogram);
  out->band = twin_kurtogram_band (kurtogram, rate_hz);
  if (kurtogram->best >= 0)
    record->strikes = kurtogram->cells[kurtogram->best].kurtosis;
}

static void
judge_bearing (Record                     *record,
               const TwinBearingOrders    *orders,
               const TwinDiagnosisOptions *options,
               TwinBearingVerdict         *out)
{
  const TwinDecisionNature nature = {
    .rate_hz = record->rate_hz,
    .strikes = record->strikes,
  };

  gather_evidence (record, highest_hz (orders, record->shaft_hz));

  for (size_t i = 0; i < G_N_ELEMENTS (judged); i++)
    out->z[judged[i]] = judge_element (record, orders, judged[i]);

  out->n_faults =
      list_tones (record, orders, out->z, TWIN_DECISION_SUSPICION, out->faults);
  twin_decision_make (out, options, &nature);

  /* The cage is shown, but never leads. */
  if (out->n_faults > 1 && out->faults[0].element == TWIN_ELEMENT_CAGE)
    {
      TwinFaultTone cage = out->faults[0];

      memmove (out->faults, out->faults + 1, (out->n_faults - 1) * sizeof cage);
      out->faults[out->n_faults - 1] = cage;
    }

  if (options->n_others > 0)
    judge_others (record, options, out);
  twin_decision_explain (out);

  for (int i = 0; i < record->n_kinds; i++)
    twin_evidence_clear (&record->evidence[i]);
}

/* FALSE when what was measured forbids a judgement; @out then says why. */
static gboolean
check_signal (const TwinBearing *bearing, TwinBearingVerdict *out)
{
  TwinBearingOrders orders;

  if (out->seconds < GOOD_S)
    out->quality |= TWIN_SIGNAL_SHORT;

  if (!twin_bearing_orders (bearing, &orders, NULL))
    {
      refuse (out, 0, "The bearing's geometry cannot be: check the catalogue.");
      return FALSE;
    }

  if (out->quality & TWIN_SIGNAL_STUCK)
    {
      refuse (out, 0,
              "The sensor is stuck: it gives the same value again and again.");
      return FALSE;
    }

  if (out->quality & TWIN_SIGNAL_RATE)
    {
      g_snprintf (
          out->why, sizeof out->why,
          "The lines of the %.0f Hz mains and of the shaft do not fit the "
          "rate given, but about %.0f samples a second: mend the rate first.",
          out->data.mains_hz, out->data.true_rate_hz);
      out->verdict = TWIN_ELEMENT_INCONCLUSIVE;
      return FALSE;
    }

  return TRUE;
}

/* --- what the data's faults leave of it ------------------------------------
 */

/* Where the data may not be trusted nothing is named, where it is doubtful more
 * evidence is asked for, and "nothing found" is left open. */
static void
downgrade (TwinBearingVerdict *out)
{
  g_autofree char *sentence = twin_quality_sentence (&out->data, out->quality);
  gboolean         fault = twin_element_is_fault (out->verdict), lowered;
  const char      *effect = "About the data";
  size_t           length = strlen (out->why);

  out->trust = twin_signal_trust (out->quality);
  if (out->trust == TWIN_TRUST_REDUCED)
    out->threshold += THRESHOLD_RAISE;
  lowered = out->trust == TWIN_TRUST_NONE ||
            (out->trust == TWIN_TRUST_REDUCED &&
             !(fault && out->best_z >= out->threshold));

  if (lowered && fault)
    {
      out->suspected = out->verdict;
      effect = "Only suspected, because of the data";
    }
  else if (lowered)
    effect = "Left open, because of the data";
  if (lowered)
    out->verdict = TWIN_ELEMENT_INCONCLUSIVE;

  if (sentence != NULL)
    g_snprintf (out->why + length, sizeof out->why - length, " %s: %s.", effect,
                sentence);
}

static void
diagnose_record (Record                     *record,
                 const double               *samples,
                 size_t                      n,
                 const TwinShaftSpeed       *shaft,
                 const TwinBearing          *bearing,
                 const TwinDiagnosisOptions *options,
                 TwinBearingVerdict         *out)
{
  TwinEvenRecord    even = { .rate_hz = record->rate_hz };
  TwinBearingOrders orders;
  double            rate_hz = record->rate_hz;

  if (twin_speed_settle (record->transform, samples, n, shaft, options, &even,
                         out))
    {
      record->samples = even.samples;
      record->n = even.n;
      record->rate_hz = even.rate_hz;
      record->over_angle = even.over_angle;
      record->shaft_hz = out->shaft_hz;
      twin_bearing_orders (bearing, &orders, NULL);
      find_band (record, samples, n, rate_hz, orders.bpfi * record->shaft_hz,
                 out);
      judge_bearing (record, &orders, options, out);
      downgrade (out);
    }

  g_free (even.samples);
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
  TwinQualityContext                context = { .in_g = TRUE };
  Record record = { .transform = transform, .rate_hz = rate_hz };

  clear_verdict (out);
  options = options != NULL ? options : &nothing;
  n = MIN (n, LONGEST);

  context.full_scale = options->full_scale_g;
  context.shaft_hz = shaft->hz;
  twin_quality_check (transform, samples_g, n, rate_hz, &context, &out->data);
  out->quality = out->data.flags | options->known_flags;
  if (bearing->estimated)
    out->quality |= TWIN_SIGNAL_GEOMETRY;

  if (check_input (samples_g, n, rate_hz, shaft, out))
    {
      measure_levels (transform, samples_g, n, rate_hz, out);
      if (check_signal (bearing, out))
        diagnose_record (&record, samples_g, n, shaft, bearing, options, out);
    }

  out->trust = twin_signal_trust (out->quality);
}
