/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-speed.h"

#include <math.h>
#include <stdarg.h>

#include "twin-shaft.h"

#define GOOD_COMB                                                              \
  15.0              /* ln, of five shaft lines: half of what there can be      \
                     */
#define SHARPER 6.0 /* ln: what the comb gains over the angle */
#define TRACK_REACH 0.25
#define CHANGE 0.01  /* of the speed: more smears the lines */
#define TAG_OFF 0.03 /* tag and tacho differ: the tag is wrong */

/* Takes @n samples without their mean as the record to be judged. */
static void
take_samples (TwinEvenRecord *record, const double *samples, size_t n)
{
  double mean = 0;
  float *work;

  record->n = twin_transform_trim (n);
  for (size_t i = 0; i < n; i++)
    mean += samples[i] / (double) n;

  work = g_new (float, record->n);
  for (size_t i = 0; i < record->n; i++)
    work[i] = (float) (samples[i] - mean);
  g_free (record->samples);
  record->samples = work;
}

/* Goes over to even steps of the shaft's angle, as many a turn as the rate
 * gives at its fastest. "Hz" then means orders times the mean speed. */
static gboolean
take_angles (TwinEvenRecord  *record,
             const double    *samples,
             size_t           n,
             const TwinTrack *track)
{
  double             per_turn = floor (record->rate_hz / track->largest_hz);
  size_t             made = 0;
  g_autofree double *even = NULL;

  if (per_turn < 4)
    return FALSE;

  even =
      twin_order_resample (samples, n, record->rate_hz, track, per_turn, &made);
  if (even == NULL || made < 1024)
    return FALSE;

  take_samples (record, even, made);
  record->rate_hz = per_turn * track->mean_hz;
  record->over_angle = TRUE;
  return TRUE;
}

static void
check_shaft (TwinTransform        *transform,
             const TwinEvenRecord *record,
             double                hz,
             gboolean              trusted,
             TwinShaftCheck       *check)
{
  twin_shaft_check (transform, record->samples, record->n, record->rate_hz, hz,
                    trusted, check);
}

/* Where no line of the shaft is sharp it may be moving: judges over the angle,
 * if that makes the comb sharper. */
static gboolean
follow_lines (TwinTransform      *transform,
              TwinEvenRecord     *record,
              const double       *samples,
              size_t              n,
              TwinShaftCheck     *check,
              TwinBearingVerdict *out)
{
  TwinTrack      track = { 0 };
  TwinShaftCheck followed;
  TwinEvenRecord tried = *record;
  gboolean       sharper = FALSE;

  if (!twin_track_from_lines (transform, samples, n, record->rate_hz, check->hz,
                              TRACK_REACH, &track))
    return FALSE;

  tried.samples = NULL;
  if (twin_track_change (&track) > CHANGE &&
      take_angles (&tried, samples, n, &track))
    {
      check_shaft (transform, &tried, track.mean_hz, TRUE, &followed);
      sharper = followed.strength >= GOOD_COMB &&
                followed.strength >= check->strength + SHARPER;
    }

  if (sharper)
    {
      g_free (record->samples);
      *record = tried;
      followed.corrected = FALSE;
      *check = followed;
      out->speed_source = TWIN_SPEED_ESTIMATED;
      out->speed_change = twin_track_change (&track);
    }
  else
    g_free (tried.samples);

  twin_track_clear (&track);
  return sharper;
}

static void refuse (TwinBearingVerdict *out, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

static void
refuse (TwinBearingVerdict *out, const char *format, ...)
{
  va_list args;

  out->verdict = TWIN_ELEMENT_INCONCLUSIVE;
  va_start (args, format);
  g_vsnprintf (out->why, sizeof out->why, format, args);
  va_end (args);
}

/* Over the angle that the caller knows. */
static gboolean
follow_track (TwinEvenRecord       *record,
              const double         *samples,
              size_t                n,
              const TwinTrack      *track,
              const TwinShaftSpeed *shaft,
              TwinBearingVerdict   *out)
{
  if (!take_angles (record, samples, n, track))
    {
      refuse (out, "The tacho's pulses cover too few turns of the record, or "
                   "turns too fast for its rate.");
      return FALSE;
    }

  out->tracked = TRUE;
  out->speed_change = twin_track_change (track);
  out->speed_source = TWIN_SPEED_TACHO;
  return TRUE;
}

gboolean
twin_speed_settle (TwinTransform              *transform,
                   const double               *samples,
                   size_t                      n,
                   const TwinShaftSpeed       *shaft,
                   const TwinDiagnosisOptions *options,
                   TwinEvenRecord             *record,
                   TwinBearingVerdict         *out)
{
  const TwinTrack *track = options->track;
  TwinShaftCheck   check;
  gboolean measured = track != NULL || shaft->source == TWIN_SPEED_TACHO;

  take_samples (record, samples, n);
  if (track != NULL && !follow_track (record, samples, n, track, shaft, out))
    return FALSE;

  check_shaft (transform, record, track != NULL ? track->mean_hz : shaft->hz,
               measured, &check);
  if (track == NULL && !options->steady_speed && !check.steady &&
      !check.corrected && !check.refuted)
    out->tracked = follow_lines (transform, record, samples, n, &check, out);

  if (out->speed_change > CHANGE)
    out->quality |= TWIN_SIGNAL_VARYING;
  if (check.corrected || check.refuted ||
      (out->tracked && fabs (check.hz - shaft->hz) > TAG_OFF * check.hz))
    out->quality |= TWIN_SIGNAL_SPEED;
  out->shaft_hz = check.hz;
  out->speed_corrected = check.corrected;

  if (check.refuted)
    refuse (out,
            "The shaft's lines lie at %.2f Hz, not at the %.2f Hz given: mend "
            "the speed first, or the sample rate.",
            check.other_hz, shaft->hz);

  return !check.refuted;
}
