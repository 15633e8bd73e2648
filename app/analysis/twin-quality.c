/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-quality.h"

#include <math.h>
#include <string.h>

#include "twin-quality-lines.h"
#include "twin-scalars.h"

#define ENOUGH 1024
#define ABSURD 1e12
#define LEVELS 9       /* the extreme value and eight beside it */
#define PILED 8.0      /* a sine read in coarse steps piles up to 4 */
#define PILED_LEAST 8  /* samples */
#define AT_LIMIT 0.999 /* of full scale */
#define SHORT_RUN 4    /* equal samples: what coarse steps make */
#define HOLE_LEAST 8   /* equal samples */
#define CHANCE 3.0     /* times the longest run that chance makes */
#define STUCK_SHARE 0.25
#define STUCK_END_S 0.5
#define FRAME_S 0.01
#define FRAMES_LEAST 100
#define BURST_ENERGY 20.0 /* times the median frame: 13 dB */
#define BURST_FRAMES 0.02 /* more are no bursts but how the machine runs */
#define BURSTS_A_SECOND                                                        \
  0.5                     /* so is what comes in every other second or more    \
                           */
#define BURST_SHARE 0.1   /* of the energy */
#define GRAVITY_LIMIT 1.1 /* g: no axis can read more at rest */
#define PIECES 8
#define WANDER_G 0.05
#define WANDER_RMS 0.5

/* --- values ----------------------------------------------------------------
 */

static gboolean
is_finite (const double *samples, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      if (!isfinite (samples[i]) || fabs (samples[i]) > ABSURD)
        return FALSE;
    }

  return TRUE;
}

/* How many samples hold the largest of @sign × value, if so many more than hold
 * each of the values next to it that something cuts them off; else 0. The
 * values of a sound signal thin out towards the largest. */
static size_t
count_piled (const double *samples, size_t n, double sign)
{
  double levels[LEVELS];
  size_t counts[LEVELS] = { 0 };
  size_t held = 0, beside = 0;

  for (size_t i = 0; i < n; i++)
    {
      double value = sign * samples[i];
      size_t place = held;

      if (held == LEVELS && value < levels[LEVELS - 1])
        continue;
      while (place > 0 && levels[place - 1] < value)
        place--;

      if (place > 0 && levels[place - 1] == value)
        {
          counts[place - 1]++;
          continue;
        }
      if (place == LEVELS)
        continue;

      held = MIN (held + 1, LEVELS);
      memmove (levels + place + 1, levels + place,
               (held - place - 1) * sizeof levels[0]);
      memmove (counts + place + 1, counts + place,
               (held - place - 1) * sizeof counts[0]);
      levels[place] = value;
      counts[place] = 1;
    }

  for (size_t i = 1; i < held; i++)
    beside += counts[i];

  return held == LEVELS && counts[0] > PILED_LEAST &&
                 (double) counts[0] > PILED * (double) beside / (LEVELS - 1)
             ? counts[0]
             : 0;
}

static void
check_clipping (const double      *samples,
                size_t             n,
                double             full_scale,
                TwinRecordQuality *out)
{
  size_t clipped = 0;

  if (full_scale > 0)
    {
      for (size_t i = 0; i < n; i++)
        clipped += fabs (samples[i]) >= AT_LIMIT * full_scale;
      clipped = clipped >= 3 ? clipped : 0;
    }

  if (clipped == 0)
    clipped = count_piled (samples, n, 1) + count_piled (samples, n, -1);

  out->clipped_share = (double) clipped / (double) n;
  if (clipped > 0)
    out->flags |= TWIN_SIGNAL_CLIPPED;
}

/* --- runs of equal values --------------------------------------------------
 */

typedef struct
{
  const double *samples;
  size_t        n;
  double        lo, hi; /* runs there are clipping */
} Runs;

/* The length of the run that begins at @i. */
static size_t
run_at (const Runs *runs, size_t i)
{
  size_t end = i + 1;

  while (end < runs->n && runs->samples[end] == runs->samples[i])
    end++;

  return end - i;
}

/* The longest run that chance makes of these values: from how often two
 * neighbours are equal where no run is long. */
static double
chance_run (const Runs *runs)
{
  double equal = 0, all = 1;

  for (size_t i = 0, length; i < runs->n; i += length)
    {
      length = run_at (runs, i);
      if (length <= SHORT_RUN)
        {
          equal += (double) (length - 1);
          all += (double) length;
        }
    }

  return log ((double) runs->n) / -log (CLAMP (equal / all, 1e-6, 0.95));
}

static void
check_runs (const double      *samples,
            size_t             n,
            double             rate_hz,
            TwinRecordQuality *out)
{
  Runs   runs = { samples, n, samples[0], samples[0] };
  double limit;
  size_t lost = 0, last = 0;

  for (size_t i = 1; i < n; i++)
    {
      runs.lo = MIN (runs.lo, samples[i]);
      runs.hi = MAX (runs.hi, samples[i]);
    }

  limit = MAX (HOLE_LEAST, CHANCE * chance_run (&runs));
  for (size_t i = 0, length; i < n; i += length)
    {
      gboolean extreme = samples[i] == runs.lo || samples[i] == runs.hi;

      length = run_at (&runs, i);
      last = length;
      if ((double) length >= limit && (!extreme || length > n / 8))
        {
          lost += length;
          out->holes++;
        }
    }

  out->lost_share = (double) lost / (double) n;
  if (out->lost_share >= STUCK_SHARE ||
      ((double) last >= limit && (double) last >= STUCK_END_S * rate_hz))
    out->flags |= TWIN_SIGNAL_STUCK;
  else if (lost > 0)
    out->flags |= TWIN_SIGNAL_DROPOUT;
}

/* --- energy and mean -------------------------------------------------------
 */

/* Energy of each frame of 10 ms; caller frees. */
static double *
frame_energies (const double *samples,
                size_t        frame,
                size_t        frames,
                double        mean,
                double       *total)
{
  double *energy = g_new0 (double, frames);

  *total = 0;
  for (size_t f = 0; f < frames; f++)
    {
      for (size_t i = 0; i < frame; i++)
        {
          double x = samples[f * frame + i] - mean;

          energy[f] += x * x;
        }
      *total += energy[f];
    }

  return energy;
}

/* Counts stretches of frames over @limit; returns their energy. */
static double
count_bursts (const double *energy,
              size_t        frames,
              double        limit,
              size_t       *high,
              size_t       *bursts)
{
  double   above = 0;
  gboolean inside = FALSE;

  *high = *bursts = 0;
  for (size_t f = 0; f < frames; f++)
    {
      gboolean over = energy[f] > limit;

      *high += over;
      *bursts += over && !inside;
      above += over ? energy[f] : 0;
      inside = over;
    }

  return above;
}

/* A few stretches far above all others. A bearing, a knock or a machine's own
 * unrest does that in most of the seconds that evidence is averaged over: what
 * stands far above even them is looked for, then. */
static void
check_bursts (const double      *samples,
              size_t             n,
              double             rate_hz,
              double             mean,
              TwinRecordQuality *out)
{
  size_t             frame = (size_t) MAX (8, rate_hz * FRAME_S);
  size_t             frames = n / frame, high = 0, bursts = 0;
  g_autofree double *energy = NULL, *sorted = NULL;
  double             total, above, limit, seconds = (double) n / rate_hz;

  if (frames < FRAMES_LEAST)
    return;

  energy = frame_energies (samples, frame, frames, mean, &total);
  sorted = g_memdup2 (energy, frames * sizeof (double));
  limit = BURST_ENERGY * twin_scalars_median (sorted, frames);
  do
    {
      above = count_bursts (energy, frames, limit, &high, &bursts);
      limit *= 2;
    }
  while (limit > 0 && bursts > 0 &&
         ((double) high > MAX (1, BURST_FRAMES * (double) frames) ||
          (double) bursts > MAX (2, BURSTS_A_SECOND * seconds)));

  if (bursts == 0 || above < BURST_SHARE * total)
    return;

  out->flags |= TWIN_SIGNAL_BURST;
  out->bursts = bursts;
  out->burst_share = above / total;
}

/* More than gravity can be, or a mean that jumps or drifts. */
static void
check_bias (const double *samples, size_t n, double rms, TwinRecordQuality *out)
{
  double lo = INFINITY, hi = -INFINITY;

  for (size_t p = 0; p < PIECES; p++)
    {
      size_t from = p * n / PIECES, to = (p + 1) * n / PIECES;
      double mean = 0;

      for (size_t i = from; i < to; i++)
        mean += samples[i] / (double) (to - from);
      lo = MIN (lo, mean);
      hi = MAX (hi, mean);
    }

  if (fabs (out->mean) > GRAVITY_LIMIT ||
      hi - lo > MAX (WANDER_G, WANDER_RMS * rms))
    out->flags |= TWIN_SIGNAL_BIAS;
}

void
twin_quality_check (TwinTransform            *transform,
                    const double             *samples,
                    size_t                    n,
                    double                    rate_hz,
                    const TwinQualityContext *context,
                    TwinRecordQuality        *out)
{
  static const TwinQualityContext nothing = { 0 };
  TwinScalars                     scalars;

  context = context != NULL ? context : &nothing;
  *out = (TwinRecordQuality){ .mean = NAN };

  if (!is_finite (samples, n) || !(rate_hz > 0) || !isfinite (rate_hz))
    {
      out->flags = TWIN_SIGNAL_NOT_FINITE;
      return;
    }

  if (n == 0)
    return;

  twin_scalars_compute (samples, n, 0, &scalars);
  out->mean = scalars.mean;
  if (isnan (scalars.kurtosis))
    {
      out->flags = TWIN_SIGNAL_STUCK;
      out->lost_share = 1;
      return;
    }

  if (n < ENOUGH)
    return;

  check_clipping (samples, n, context->full_scale, out);
  check_runs (samples, n, rate_hz, out);
  check_bursts (samples, n, rate_hz, scalars.mean, out);
  if (out->flags & TWIN_SIGNAL_STUCK)
    return;

  if (context->in_g)
    check_bias (samples, n, scalars.rms, out);
  twin_quality_check_lines (transform, samples, n, rate_hz, context, out);
}

/* --- in words --------------------------------------------------------------
 */

static void add (GString *text, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
add (GString *text, const char *format, ...)
{
  va_list args;

  if (text->len > 0)
    g_string_append (text, "; ");
  va_start (args, format);
  g_string_append_vprintf (text, format, args);
  va_end (args);
}

static void
add_figures (GString *text, const TwinRecordQuality *q, guint flags)
{
  if (flags & TWIN_SIGNAL_CLIPPED)
    add (text, "%.2g %% of the samples are clipped", 100 * q->clipped_share);
  if (flags & TWIN_SIGNAL_DROPOUT)
    add (text, "%zu dropouts hold %.2g %% of the samples", q->holes,
         100 * q->lost_share);
  if (flags & TWIN_SIGNAL_BURST)
    add (text, "%zu bursts hold %.0f %% of the energy", q->bursts,
         100 * q->burst_share);
  if (flags & TWIN_SIGNAL_MAINS)
    add (text, "lines of the %.0f Hz mains hold %.0f %% of the power",
         q->mains_hz, 100 * q->mains_share);
  if (flags & TWIN_SIGNAL_RATE)
    add (text,
         "mains and shaft lines do not fit the rate given, but about %.0f "
         "samples a second",
         q->true_rate_hz);
  if (flags & TWIN_SIGNAL_BIAS)
    add (text, "its mean is %.3g g, or wanders", q->mean);
}

char *
twin_quality_sentence (const TwinRecordQuality *quality, guint flags)
{
  static const TwinRecordQuality nothing = { .mean = NAN };
  GString                       *text = g_string_new (NULL);

  if (flags & TWIN_SIGNAL_NOT_FINITE)
    add (text, "it holds values that are no numbers");
  if (flags & TWIN_SIGNAL_STUCK)
    add (text, "the sensor is stuck at the same value");
  add_figures (text, quality != NULL ? quality : &nothing, flags);
  if (flags & TWIN_SIGNAL_COPY)
    add (text, "another channel holds the same signal");
  if (flags & TWIN_SIGNAL_SPEED)
    add (text, "the shaft's lines contradict the speed given");
  if (flags & TWIN_SIGNAL_VARYING)
    add (text, "the speed changed meanwhile");
  if (flags & TWIN_SIGNAL_GEOMETRY)
    add (text, "the bearing's geometry is only estimated from its size");
  if (flags & TWIN_SIGNAL_SHORT)
    add (text, "the record is short");

  return g_string_free (text, text->len == 0);
}
