/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-envelope.h"

#include <math.h>
#include <string.h>

#define LEVELS 6        /* 0 … 5 of halves, with thirds between */
#define SIGNIFICANT 3.0 /* standard deviations of the kurtosis of noise */
#define SHORTEST 64
#define TAPER 0.02 /* of the record at either end, for the kurtogram */

enum
{
  SLOT_SAMPLES = 8,
  SLOT_LINES = 9,
  SLOT_BAND = 11,
  SLOT_ENVELOPE = 12,
  SLOT_SHAPE = 13,
};

/* Lets the ends of @work run out: the step from the last sample to the first,
 * which a transform sees, would fill quiet bands with a single spike. */
static void
taper (float *work, size_t length)
{
  size_t edge = (size_t) (TAPER * (double) length);

  for (size_t i = 0; i < edge; i++)
    {
      float weight =
          (float) (0.5 - 0.5 * cos (G_PI * (double) i / (double) edge));

      work[i] *= weight;
      work[length - 1 - i] *= weight;
    }
}

/* Lines of the whole record without its mean; @length as trimmed. */
static TwinComplex *
transform_record (TwinTransform *transform,
                  const double  *samples,
                  size_t         n,
                  size_t         length,
                  gboolean       tapered)
{
  float *work =
      twin_transform_scratch (transform, SLOT_SAMPLES, length * sizeof (float));
  TwinComplex *lines =
      twin_transform_scratch (transform, SLOT_LINES,
                              (length / 2 + 1) * sizeof (TwinComplex));
  double mean = 0;

  for (size_t i = 0; i < n; i++)
    mean += samples[i];
  mean /= (double) n;

  for (size_t i = 0; i < length; i++)
    work[i] = (float) (samples[i] - mean);
  if (tapered)
    taper (work, length);
  twin_transform_forward (transform, work, length, lines);
  return lines;
}

/* Complex envelope of the lines @lo to @hi (hi excluded), at a rate just above
 * the band's width: returns how many values, at @envelope. */
static size_t
demodulate (TwinTransform     *transform,
            const TwinComplex *lines,
            size_t             lo,
            size_t             hi,
            TwinComplex      **envelope)
{
  size_t       width = hi - lo;
  size_t       length = 2;
  TwinComplex *band;

  /* The smallest fast length that holds the band. */
  for (length = twin_transform_trim (width); length < width;)
    {
      size_t next = width + (width & 1);

      while (twin_transform_trim (next) != next)
        next += 2;
      length = next;
    }

  band = twin_transform_scratch (transform, SLOT_BAND,
                                 length * sizeof (TwinComplex));
  *envelope = twin_transform_scratch (transform, SLOT_ENVELOPE,
                                      length * sizeof (TwinComplex));
  memcpy (band, lines + lo, width * sizeof (TwinComplex));
  memset (band + width, 0, (length - width) * sizeof (TwinComplex));
  twin_transform_complex (transform, band, length, TRUE, *envelope);
  return length;
}

/* ⟨|z|⁴⟩ / ⟨|z|²⟩² - 2: 0 for Gaussian noise. Without the tapered ends. */
static double
complex_kurtosis (const TwinComplex *envelope, size_t n)
{
  size_t edge = (size_t) ceil (TAPER * (double) n) + 1;
  double sum2 = 0, sum4 = 0;

  if (n <= 4 * edge)
    return NAN;

  for (size_t i = edge; i < n - edge; i++)
    {
      double power = (double) envelope[i].re * envelope[i].re +
                     (double) envelope[i].im * envelope[i].im;

      sum2 += power;
      sum4 += power * power;
    }

  return sum2 > 0 ? sum4 * (double) (n - 2 * edge) / (sum2 * sum2) - 2 : NAN;
}

static void
add_level (TwinTransform     *transform,
           const TwinComplex *lines,
           size_t             n_lines,
           double             df_hz,
           size_t             bands,
           double             min_bandwidth_hz,
           TwinKurtogram     *out)
{
  double width_hz = (double) (n_lines - 1) * df_hz / (double) bands;

  for (size_t b = 0; b < bands && out->n_cells < TWIN_KURTOGRAM_CELLS_MAX; b++)
    {
      TwinKurtogramCell *cell = &out->cells[out->n_cells];
      size_t             lo = MAX (1, b * (n_lines - 1) / bands);
      size_t             hi = (b + 1) * (n_lines - 1) / bands;

      *cell = (TwinKurtogramCell){
        .level = log2 ((double) bands),
        .band = { (double) lo * df_hz, (double) hi * df_hz },
        .kurtosis = NAN,
      };

      if (width_hz >= min_bandwidth_hz && hi - lo >= SHORTEST)
        {
          TwinComplex *envelope;
          size_t       n = demodulate (transform, lines, lo, hi, &envelope);

          cell->kurtosis = complex_kurtosis (envelope, n);

          /* The kurtosis of noise scatters by 2 / √(independent values). */
          if (cell->kurtosis > SIGNIFICANT * 2 / sqrt ((double) (hi - lo)) &&
              (out->best < 0 ||
               cell->kurtosis > out->cells[out->best].kurtosis))
            out->best = (int) out->n_cells;
        }

      out->n_cells++;
    }
}

void
twin_kurtogram_compute (TwinTransform *transform,
                        const double  *samples,
                        size_t         n,
                        double         rate_hz,
                        double         min_bandwidth_hz,
                        TwinKurtogram *out)
{
  size_t       length = twin_transform_trim (n);
  TwinComplex *lines;

  g_return_if_fail (rate_hz > 0);

  out->n_cells = 0;
  out->best = -1;
  if (length < SHORTEST)
    return;

  lines = transform_record (transform, samples, n, length, TRUE);
  for (int level = 0; level < LEVELS; level++)
    {
      add_level (transform, lines, length / 2 + 1, rate_hz / (double) length,
                 (size_t) 1 << level, min_bandwidth_hz, out);
      if (level > 0)
        {
          add_level (transform, lines, length / 2 + 1,
                     rate_hz / (double) length, (size_t) 3 << (level - 1),
                     min_bandwidth_hz, out);
        }
    }
}

TwinBand
twin_kurtogram_band (const TwinKurtogram *self, double rate_hz)
{
  if (self->best >= 0)
    return self->cells[self->best].band;

  return (TwinBand){ 0.25 * rate_hz, 0.45 * rate_hz };
}

static void
store_lines (TwinTransform     *transform,
             const TwinComplex *envelope,
             size_t             n,
             double             seconds,
             double             max_hz,
             TwinSpectrum      *out)
{
  g_autofree double *modulus = g_new (double, n);
  double             scale = 1.0 / (double) n;

  for (size_t i = 0; i < n; i++)
    {
      modulus[i] = scale * sqrt ((double) envelope[i].re * envelope[i].re +
                                 (double) envelope[i].im * envelope[i].im);
    }

  twin_spectrum_amplitude (transform, modulus, n, (double) n / seconds,
                           TWIN_WINDOW_HANN, TWIN_SCALE_RMS, out);

  if (out->n_lines > 0 && max_hz > 0)
    {
      out->n_lines =
          MIN (out->n_lines, (size_t) (max_hz / out->df_hz + 1e-6) + 1);
    }
}

void
twin_envelope_spectrum (TwinTransform *transform,
                        const double  *samples,
                        size_t         n,
                        double         rate_hz,
                        TwinBand       band,
                        double         max_hz,
                        TwinSpectrum  *out)
{
  size_t       length = twin_transform_trim (n);
  double       df_hz = rate_hz / (double) MAX (length, 1);
  TwinComplex *lines, *envelope;
  size_t       lo, hi, points;

  g_return_if_fail (rate_hz > 0);

  lo = (size_t) CLAMP (band.lo_hz / df_hz, 1, (double) length / 2);
  hi = (size_t) CLAMP (band.hi_hz / df_hz, 1, (double) length / 2);
  if (length < SHORTEST || hi < lo + SHORTEST / 4)
    {
      /* Too little for a spectrum: none, rather than one of two lines. */
      out->n_lines = 0;
      return;
    }

  lines = transform_record (transform, samples, n, length, FALSE);
  points = demodulate (transform, lines, lo, hi, &envelope);

  /* The analytic signal is twice the positive lines. |z| has been scaled by
   * 1 / points in store_lines (); the record's transform by 1 / length. */
  for (size_t i = 0; i < points; i++)
    {
      float factor = (float) (2.0 * (double) points / (double) length);

      envelope[i].re *= factor;
      envelope[i].im *= factor;
    }

  store_lines (transform, envelope, points, (double) length / rate_hz, max_hz,
               out);
}
