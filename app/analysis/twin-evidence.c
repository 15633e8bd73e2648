/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-evidence.h"

#include <math.h>
#include <string.h>

#include "twin-evidence-floor.h"
#include "twin-window.h"

/* Segments as long as a quarter of the record, within these: blows of a bearing
 * that follow each other within 1 % keep in step for that long. */
#define SEGMENT_MIN_S 1.0
#define SEGMENT_MAX_S 2.0
#define SEGMENT_MIN_TURNS 8.0
#define SEGMENT_MAX_TURNS 16.0

#define TONE_LINES 9      /* a median over these: what is narrower is a tone */
#define SMOOTH_LINES 3    /* wide, of those given out */
#define FRAME_PERIODS 4.5 /* of the highest frequency wanted */
#define FRAME_RATE_HZ 1500.0 /* of the short-time spectra */

enum
{
  SLOT_COMPLEX_A = 8,
  SLOT_COMPLEX_B = 9,
  SLOT_SERIES = 10,
  SLOT_SEGMENT = 12,
  SLOT_BANDS = 13,
  SLOT_FINE = 14,
};

void
twin_evidence_clear (TwinEvidence *self)
{
  g_clear_pointer (&self->excess, g_free);
  g_clear_pointer (&self->power, g_free);
  g_clear_pointer (&self->floor, g_free);
  self->n_lines = 0;
  self->allocated = 0;
}

static void
prepare (TwinEvidence *self, size_t n_lines, double df_hz)
{
  if (self->allocated < n_lines)
    {
      twin_evidence_clear (self);
      self->excess = g_new (double, n_lines);
      self->power = g_new (double, n_lines);
      self->floor = g_new (double, n_lines);
      self->allocated = n_lines;
    }

  self->n_lines = n_lines;
  self->df_hz = df_hz;
  self->averages = 0;
  if (n_lines > 0)
    memset (self->power, 0, n_lines * sizeof (double));
}

double
twin_evidence_at (const TwinEvidence *self, double hz)
{
  double line = hz / self->df_hz + 0.5;

  if (!(line >= 0) || line >= (double) self->n_lines)
    return 0;

  return self->excess[(size_t) line];
}

/* --- Welch over a series -------------------------------------------------- */

/* Adds the power spectrum of @series (n values at @rate_hz), Hann, segments of
 * one second, half overlapping. Lines beyond self->n_lines are not kept. */
static unsigned
add_welch (TwinTransform *transform,
           TwinEvidence  *self,
           const float   *series,
           size_t         n,
           size_t         length,
           double         weight)
{
  const float *weights =
      twin_transform_window (transform, TWIN_WINDOW_HANN, length);
  float *work =
      twin_transform_scratch (transform, SLOT_SEGMENT,
                              length * sizeof (float) +
                                  (length / 2 + 1) * sizeof (TwinComplex));
  TwinComplex *lines = (TwinComplex *) (void *) (work + length);
  unsigned     segments = 0;

  for (size_t start = 0; start + length <= n; start += length / 2)
    {
      double mean = 0;

      for (size_t i = 0; i < length; i++)
        mean += series[start + i];
      mean /= (double) length;

      for (size_t i = 0; i < length; i++)
        work[i] = (series[start + i] - (float) mean) * weights[i];

      twin_transform_forward (transform, work, length, lines);
      for (size_t k = 0; k < self->n_lines; k++)
        {
          self->power[k] += weight * ((double) lines[k].re * lines[k].re +
                                      (double) lines[k].im * lines[k].im);
        }
      segments++;
    }

  return segments;
}

/* Fixes the lines for a series at @rate_hz; returns the segment's length, 0
 * when the series is too short. */
static size_t
plan_welch (TwinEvidence *self,
            size_t        n,
            double        rate_hz,
            double        max_hz,
            double        segment_s)
{
  size_t length =
      twin_transform_trim (MIN (n, (size_t) lround (segment_s * rate_hz)));
  size_t n_lines;

  if (length < 64 || n < length)
    {
      self->n_lines = 0;
      return 0;
    }

  n_lines = MIN (length / 2, (size_t) (max_hz * (double) length / rate_hz) + 2);
  prepare (self, n_lines, rate_hz / (double) length);
  return length;
}

/* Half overlapping Hann segments are correlated by 1/6 in amplitude. */
static double
independent_averages (unsigned segments)
{
  double k = segments;

  return k / (1 + 2 * (1 - 1 / k) / 36);
}

/* Power of the Hann window's line @k, from the lines without a window. */
static double
hann_power (const TwinComplex *lines, size_t k)
{
  double re = 0.5 * lines[k].re - 0.25 * (lines[k - 1].re + lines[k + 1].re);
  double im = 0.5 * lines[k].im - 0.25 * (lines[k - 1].im + lines[k + 1].im);

  return re * re + im * im;
}

/* The lines of a whole series of @n values, beside Welch's over @segments of
 * @length: as many of them as reach as far. */
static void
plan_fine (TwinTransform      *transform,
           const TwinEvidence *self,
           size_t              n,
           double              rate_hz,
           TwinEvidenceFine   *fine)
{
  double end_hz = (double) self->n_lines * self->df_hz;

  fine->series = twin_transform_trim (n);
  fine->df_hz = rate_hz / (double) fine->series;
  fine->n = MIN (fine->series / 2 - 1, (size_t) (end_hz / fine->df_hz));
  fine->power =
      twin_transform_scratch (transform, SLOT_FINE, fine->n * sizeof (double));
  fine->scale = 0;
  memset (fine->power, 0, fine->n * sizeof (double));
}

static void
add_fine (TwinTransform    *transform,
          TwinEvidenceFine *fine,
          const float      *series,
          double            weight)
{
  TwinComplex *lines =
      twin_transform_scratch (transform, SLOT_COMPLEX_A,
                              (fine->series / 2 + 1) * sizeof (TwinComplex));

  twin_transform_forward (transform, series, fine->series, lines);
  for (size_t k = 1; k < fine->n; k++)
    fine->power[k] += weight * hann_power (lines, k);
}

/* --- the three kinds ------------------------------------------------------ */

/* Squared modulus of the analytic signal of the whitened record. */
static void
compute_whitened (TwinTransform    *transform,
                  const float      *samples,
                  size_t            n,
                  double            rate_hz,
                  double            max_hz,
                  double            segment_s,
                  TwinEvidenceFine *fine,
                  TwinEvidence     *out)
{
  TwinComplex *lines = twin_transform_scratch (transform, SLOT_COMPLEX_A,
                                               n * sizeof (TwinComplex));
  TwinComplex *analytic = twin_transform_scratch (transform, SLOT_COMPLEX_B,
                                                  n * sizeof (TwinComplex));
  float       *series;
  size_t       length;
  unsigned     segments;

  twin_transform_forward (transform, samples, n, lines);

  for (size_t k = 0; k <= n / 2; k++)
    {
      float modulus =
          sqrtf (lines[k].re * lines[k].re + lines[k].im * lines[k].im);
      float factor = k > 0 && k < n / 2 && modulus > 0 ? 1 / modulus : 0;

      lines[k].re *= factor;
      lines[k].im *= factor;
    }
  memset (lines + n / 2 + 1, 0, (n - n / 2 - 1) * sizeof (TwinComplex));
  twin_transform_complex (transform, lines, n, TRUE, analytic);

  series = twin_transform_scratch (transform, SLOT_SERIES, n * sizeof (float));
  for (size_t i = 0; i < n; i++)
    {
      series[i] =
          analytic[i].re * analytic[i].re + analytic[i].im * analytic[i].im;
    }

  length = plan_welch (out, n, rate_hz, max_hz, segment_s);
  if (length == 0)
    return;

  segments = add_welch (transform, out, series, n, length, 1);
  out->averages = independent_averages (segments);
  plan_fine (transform, out, n, rate_hz, fine);
  fine->scale = segments * (double) length / (double) fine->series;
  add_fine (transform, fine, series, 1);
}

/* About 5 ms, a power of two, but no longer than the fastest blows are apart:
 * @max_hz holds their third harmonic with room to spare. */
static size_t
frame_length (double rate_hz, double max_hz)
{
  int exponent = (int) CLAMP (round (log2 (rate_hz / 190)), 3, 12);

  while (exponent > 3 &&
         (double) ((size_t) 1 << exponent) > FRAME_PERIODS * rate_hz / max_hz)
    exponent--;

  return (size_t) 1 << exponent;
}

/* Squared short-time spectra, band after band: bands[b * frames + t]. */
static float *
short_time_bands (TwinTransform *transform,
                  const float   *samples,
                  size_t         frame,
                  size_t         hop,
                  size_t         frames)
{
  size_t       n_bands = frame / 2 - 1;
  const float *weights =
      twin_transform_window (transform, TWIN_WINDOW_HANN, frame);
  float *work =
      twin_transform_scratch (transform, SLOT_SEGMENT, frame * sizeof (float));
  TwinComplex *lines =
      twin_transform_scratch (transform, SLOT_COMPLEX_A,
                              (frame / 2 + 1) * sizeof (TwinComplex));
  float *bands = twin_transform_scratch (transform, SLOT_BANDS,
                                         n_bands * frames * sizeof (float));

  for (size_t t = 0; t < frames; t++)
    {
      const float *from = samples + t * hop;

      for (size_t i = 0; i < frame; i++)
        work[i] = from[i] * weights[i];
      twin_transform_forward (transform, work, frame, lines);

      for (size_t b = 0; b < n_bands; b++)
        {
          TwinComplex line = lines[b + 1];

          bands[b * frames + t] = line.re * line.re + line.im * line.im;
        }
    }

  return bands;
}

static void
compute_enhanced (TwinTransform    *transform,
                  const float      *samples,
                  size_t            n,
                  double            rate_hz,
                  double            max_hz,
                  double            segment_s,
                  TwinEvidenceFine *fine,
                  TwinEvidence     *out)
{
  double   wanted = MAX (FRAME_RATE_HZ, 2.1 * max_hz);
  size_t   frame = frame_length (rate_hz, max_hz);
  size_t   hop = MAX (1, (size_t) (rate_hz / wanted));
  size_t   frames = n > frame ? (n - frame) / hop + 1 : 0;
  float   *bands;
  size_t   length;
  unsigned segments = 0;

  if (frames == 0)
    {
      out->n_lines = 0;
      return;
    }

  bands = short_time_bands (transform, samples, frame, hop, frames);
  length = plan_welch (out, frames, rate_hz / (double) hop, max_hz, segment_s);
  if (length == 0)
    return;

  plan_fine (transform, out, frames, rate_hz / (double) hop, fine);
  for (size_t b = 0; b < frame / 2 - 1; b++)
    {
      double mean = 0;

      for (size_t t = 0; t < frames; t++)
        mean += bands[b * frames + t];
      mean /= (double) frames;

      if (mean > 0)
        {
          segments = add_welch (transform, out, bands + b * frames, frames,
                                length, 1 / (mean * mean));
          add_fine (transform, fine, bands + b * frames, 1 / (mean * mean));
        }
    }

  out->averages = independent_averages (MAX (segments, 1));
  fine->scale = segments * (double) length / (double) fine->series;
}

/* The power spectrum without what is a tone. Slow carriers show the comb
 * directly, but so do wheels, belts and a second shaft. Their lines are as
 * narrow as the record allows; those of a bearing, whose blows never come quite
 * evenly, are wider the higher they are. A median over a few of the finest
 * lines keeps the latter alone. */
static void
compute_direct (TwinTransform *transform,
                const float   *samples,
                size_t         n,
                double         rate_hz,
                double         max_hz,
                double         segment_s,
                TwinEvidence  *out)
{
  double       df_hz = rate_hz / (double) n;
  size_t       step = (size_t) MAX (1, lround (1 / (segment_s * df_hz)));
  size_t       end = MIN (n / 2 - 1, (size_t) (max_hz / df_hz) + step);
  size_t       half = SMOOTH_LINES * step / 2;
  TwinComplex *lines = twin_transform_scratch (transform, SLOT_COMPLEX_A,
                                               n * sizeof (TwinComplex));
  double      *fine = twin_transform_scratch (transform, SLOT_SERIES,
                                              2 * end * sizeof (double));
  double      *broad = fine + end;

  if (end < 4 * TONE_LINES || end / step < 16)
    {
      out->n_lines = 0;
      return;
    }

  twin_transform_forward (transform, samples, n, lines);
  fine[0] = 0;
  for (size_t k = 1; k < end; k++)
    fine[k] = hann_power (lines, k);
  twin_evidence_running_median (fine, end, TONE_LINES, broad);

  prepare (out, end / step, (double) step * df_hz);
  out->averages = SMOOTH_LINES * (double) step / 2; /* Hann's are correlated */
  for (size_t line = 0; line < out->n_lines; line++)
    {
      size_t first = line * step > half ? line * step - half : 0;
      size_t last = MIN (end - 1, line * step + half);

      for (size_t k = first; k <= last; k++)
        out->power[line] += broad[k] / (double) (last - first + 1);
    }
}

/* Shaft orders have to stand apart, however slowly it turns. */
static double
segment_length (double seconds, double shaft_hz)
{
  double segment_s = CLAMP (seconds / 4, SEGMENT_MIN_S, SEGMENT_MAX_S);
  double turns =
      CLAMP (seconds * shaft_hz / 4, SEGMENT_MIN_TURNS, SEGMENT_MAX_TURNS);

  return shaft_hz > 0 ? MAX (segment_s, turns / shaft_hz) : segment_s;
}

void
twin_evidence_compute (TwinTransform   *transform,
                       TwinEvidenceKind kind,
                       const float     *samples,
                       size_t           n,
                       double           rate_hz,
                       double           max_hz,
                       double           shaft_hz,
                       gboolean         mains,
                       TwinEvidence    *out)
{
  double           segment_s = segment_length ((double) n / rate_hz, shaft_hz);
  TwinEvidenceFine fine = { 0 };

  switch (kind)
    {
    case TWIN_EVIDENCE_WHITENED:
      compute_whitened (transform, samples, n, rate_hz, max_hz, segment_s,
                        &fine, out);
      break;
    case TWIN_EVIDENCE_ENHANCED:
      compute_enhanced (transform, samples, n, rate_hz, max_hz, segment_s,
                        &fine, out);
      break;
    case TWIN_EVIDENCE_DIRECT:
      compute_direct (transform, samples, n, rate_hz, max_hz, segment_s, out);
      break;
    case TWIN_EVIDENCES:
      g_assert_not_reached ();
    }

  if (out->n_lines > 4)
    {
      double *ratio = twin_transform_scratch (transform, SLOT_SERIES,
                                              out->n_lines * sizeof (double));

      twin_evidence_finish (out, &fine, shaft_hz, mains, ratio);
    }
}
