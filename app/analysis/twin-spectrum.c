/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-spectrum.h"

#include <math.h>
#include <string.h>

#define SHORTEST 16

enum
{
  SLOT_SAMPLES = 8,
  SLOT_LINES = 9,
};

void
twin_spectrum_clear (TwinSpectrum *self)
{
  g_clear_pointer (&self->lines, g_free);
  self->n_lines = 0;
  self->allocated = 0;
}

size_t
twin_spectrum_lines (size_t n)
{
  return n < SHORTEST ? 0 : twin_transform_trim (n) / 2 + 1;
}

static void
prepare (TwinSpectrum *self,
         size_t        n_lines,
         double        df_hz,
         TwinWindow    window,
         TwinScale     scale)
{
  if (self->allocated < n_lines)
    {
      g_free (self->lines);
      self->lines = g_new (double, n_lines);
      self->allocated = n_lines;
    }

  self->n_lines = n_lines;
  self->df_hz = df_hz;
  self->window = window;
  self->scale = scale;
  if (n_lines > 0)
    memset (self->lines, 0, n_lines * sizeof (double));
}

static double
mean_of (const double *samples, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += samples[i];

  return n > 0 ? sum / (double) n : 0;
}

/* Adds the squared modulus of each line of one windowed segment. */
static void
add_power (TwinTransform *transform,
           const double  *samples,
           size_t         n,
           double         mean,
           const float   *weights,
           double        *power)
{
  float *work =
      twin_transform_scratch (transform, SLOT_SAMPLES, n * sizeof (float));
  TwinComplex *lines =
      twin_transform_scratch (transform, SLOT_LINES,
                              (n / 2 + 1) * sizeof (TwinComplex));

  for (size_t i = 0; i < n; i++)
    work[i] = (float) (samples[i] - mean) * weights[i];

  twin_transform_forward (transform, work, n, lines);

  for (size_t k = 0; k <= n / 2; k++)
    {
      power[k] += (double) lines[k].re * lines[k].re +
                  (double) lines[k].im * lines[k].im;
    }
}

/* What the squared modulus of a line between 0 and Nyquist is multiplied by to
 * become the mean square of that line (or its density). */
static double
power_factor (size_t n, double rate_hz, TwinWindow window, TwinScale scale)
{
  double length = (double) n;
  double gain = twin_window_gain (window);
  double factor = 2 / (length * length * gain * gain);

  switch (scale)
    {
    case TWIN_SCALE_RMS:
      return factor;
    case TWIN_SCALE_PEAK:
      return 2 * factor;
    case TWIN_SCALE_PEAK_PEAK:
      return 8 * factor;
    case TWIN_SCALE_DENSITY:
      return factor * length / (rate_hz * twin_window_enbw (window));
    }

  g_assert_not_reached ();
}

/* Root where an amplitude is asked for. */
static void
scale_power (TwinSpectrum *self, size_t n, double rate_hz, unsigned averages)
{
  double factor =
      power_factor (n, rate_hz, self->window, self->scale) / averages;

  /* Line 0 and Nyquist have no mirror image. */
  self->lines[0] /= 2;
  self->lines[self->n_lines - 1] /= 2;

  for (size_t k = 0; k < self->n_lines; k++)
    {
      double power = self->lines[k] * factor;

      self->lines[k] = self->scale == TWIN_SCALE_DENSITY ? power : sqrt (power);
    }
}

void
twin_spectrum_amplitude (TwinTransform *transform,
                         const double  *samples,
                         size_t         n,
                         double         rate_hz,
                         TwinWindow     window,
                         TwinScale      scale,
                         TwinSpectrum  *out)
{
  g_return_if_fail (scale != TWIN_SCALE_DENSITY);

  twin_spectrum_welch (transform, samples, n, rate_hz, n, window, scale, out);
}

void
twin_spectrum_welch (TwinTransform *transform,
                     const double  *samples,
                     size_t         n,
                     double         rate_hz,
                     size_t         segment,
                     TwinWindow     window,
                     TwinScale      scale,
                     TwinSpectrum  *out)
{
  size_t       length = twin_transform_trim (MIN (segment, n));
  unsigned     averages = 0;
  const float *weights;
  double       mean;

  g_return_if_fail (rate_hz > 0);

  if (length < SHORTEST)
    {
      prepare (out, 0, 0, window, scale);
      return;
    }

  prepare (out, length / 2 + 1, rate_hz / (double) length, window, scale);
  weights = twin_transform_window (transform, window, length);
  mean = mean_of (samples, n);

  for (size_t start = 0; start + length <= n; start += length / 2)
    {
      add_power (transform, samples + start, length, mean, weights, out->lines);
      averages++;
    }

  scale_power (out, length, rate_hz, averages);
}

/* Mean square that line @k stands for. */
static double
line_mean_square (const TwinSpectrum *self, size_t k)
{
  double value = self->lines[k];
  double enbw = twin_window_enbw (self->window);

  switch (self->scale)
    {
    case TWIN_SCALE_RMS:
      return value * value / enbw;
    case TWIN_SCALE_PEAK:
      return value * value / 2 / enbw;
    case TWIN_SCALE_PEAK_PEAK:
      return value * value / 8 / enbw;
    case TWIN_SCALE_DENSITY:
      return value * self->df_hz;
    }

  g_assert_not_reached ();
}

static size_t
first_line (const TwinSpectrum *self, double hz)
{
  return hz <= 0 ? 0 : (size_t) ceil (hz / self->df_hz - 1e-9);
}

double
twin_spectrum_band_rms (const TwinSpectrum *self, double lo_hz, double hi_hz)
{
  double sum = 0;

  if (self->n_lines == 0)
    return NAN;

  for (size_t k = first_line (self, lo_hz); k < self->n_lines; k++)
    {
      if ((double) k * self->df_hz > hi_hz * (1 + 1e-9))
        break;
      sum += line_mean_square (self, k);
    }

  return sqrt (sum);
}

/* Acceleration in g to velocity in mm/s at @hz. */
static double
velocity_factor (double hz)
{
  return TWIN_STANDARD_GRAVITY * 1000 / (2 * G_PI * hz);
}

double
twin_spectrum_velocity_rms (const TwinSpectrum *acceleration,
                            double              lo_hz,
                            double              hi_hz)
{
  double sum = 0;

  g_return_val_if_fail (lo_hz > 0, NAN);

  if (acceleration->n_lines == 0)
    return NAN;

  for (size_t k = MAX (1, first_line (acceleration, lo_hz));
       k < acceleration->n_lines; k++)
    {
      double hz = (double) k * acceleration->df_hz;
      double factor = velocity_factor (hz);

      if (hz > hi_hz * (1 + 1e-9))
        break;
      sum += line_mean_square (acceleration, k) * factor * factor;
    }

  return sqrt (sum);
}

size_t
twin_spectrum_integrate (TwinTransform *transform,
                         const double  *acceleration_g,
                         size_t         n,
                         double         rate_hz,
                         double         lo_hz,
                         double         hi_hz,
                         double        *velocity)
{
  size_t       length = twin_transform_trim (n);
  double       mean = mean_of (acceleration_g, n);
  float       *work;
  TwinComplex *lines;

  g_return_val_if_fail (rate_hz > 0 && lo_hz > 0, 0);

  if (length < SHORTEST)
    return 0;

  work =
      twin_transform_scratch (transform, SLOT_SAMPLES, length * sizeof (float));
  lines = twin_transform_scratch (transform, SLOT_LINES,
                                  (length / 2 + 1) * sizeof (TwinComplex));

  for (size_t i = 0; i < length; i++)
    work[i] = (float) (acceleration_g[i] - mean);

  twin_transform_forward (transform, work, length, lines);

  for (size_t k = 0; k <= length / 2; k++)
    {
      double      hz = (double) k * rate_hz / (double) length;
      TwinComplex line = lines[k];
      float       factor = 0;

      if (k > 0 && hz >= lo_hz * (1 - 1e-9) && hz <= hi_hz * (1 + 1e-9))
        factor = (float) (velocity_factor (hz) / (double) length);

      /* Division by j: the imaginary part becomes the real one. */
      lines[k].re = line.im * factor;
      lines[k].im = -line.re * factor;
    }

  twin_transform_inverse (transform, lines, length, work);

  for (size_t i = 0; i < length; i++)
    velocity[i] = work[i];

  return length;
}

void
twin_spectrum_to_velocity (TwinSpectrum *self, double lo_hz)
{
  g_return_if_fail (self->scale != TWIN_SCALE_DENSITY);

  for (size_t k = 0; k < self->n_lines; k++)
    {
      double hz = (double) k * self->df_hz;

      self->lines[k] *=
          k == 0 || hz < lo_hz * (1 - 1e-9) ? 0 : velocity_factor (hz);
    }
}
