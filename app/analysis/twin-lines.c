/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-lines.h"

#include <math.h>

#include "twin-evidence.h"
#include "twin-window.h"

#define LINE_CAP 6.0
#define FLOOR_WIDTH_HZ 8.0

enum
{
  SLOT_LINES = 8,
  SLOT_WORK = 9,
  SLOT_POWER = 11,
};

void
twin_lines_compute (TwinTransform *transform,
                    const float   *samples,
                    size_t         n,
                    double         rate_hz,
                    double         max_hz,
                    TwinLines     *out)
{
  const float *weights = twin_transform_window (transform, TWIN_WINDOW_HANN, n);
  float       *work =
      twin_transform_scratch (transform, SLOT_WORK, n * sizeof (float));
  TwinComplex *lines =
      twin_transform_scratch (transform, SLOT_LINES,
                              (n / 2 + 1) * sizeof (TwinComplex));
  double *median;
  size_t  width;

  out->df_hz = rate_hz / (double) n;
  out->n = MIN (n / 2, (size_t) (max_hz / out->df_hz) + 1);
  out->power = twin_transform_scratch (transform, SLOT_POWER,
                                       3 * out->n * sizeof (double));
  out->ratio = out->power + out->n;
  median = out->ratio + out->n;

  for (size_t i = 0; i < n; i++)
    work[i] = samples[i] * weights[i];
  twin_transform_forward (transform, work, n, lines);

  for (size_t k = 0; k < out->n; k++)
    {
      out->power[k] = (double) lines[k].re * lines[k].re +
                      (double) lines[k].im * lines[k].im;
    }

  width = (size_t) CLAMP (lround (FLOOR_WIDTH_HZ / out->df_hz), 5, 299) | 1;
  twin_evidence_running_median (out->power, out->n, width, median);
  for (size_t k = 0; k < out->n; k++)
    out->ratio[k] = out->power[k] / (median[k] / G_LN2 + 1e-300);
}

double
twin_lines_at (const TwinLines *self, double hz)
{
  size_t k = (size_t) lround (MAX (hz, 0) / self->df_hz);
  double largest = 0;

  for (size_t i = k > 0 ? k - 1 : 0; i <= k + 1 && i < self->n; i++)
    largest = MAX (largest, self->ratio[i]);

  return largest;
}

double
twin_lines_peak (const TwinLines *self, double hz)
{
  size_t k = (size_t) lround (MAX (hz, 0) / self->df_hz), best = k;

  if (k < 2 || k + 2 >= self->n)
    return 0;

  for (size_t i = k - 1; i <= k + 1; i++)
    {
      if (self->ratio[i] > self->ratio[best])
        best = i;
    }

  return self->ratio[best] >= self->ratio[best - 1] &&
                 self->ratio[best] >= self->ratio[best + 1]
             ? self->ratio[best]
             : 0;
}

double
twin_lines_comb (const TwinLines *self, double hz, int harmonics)
{
  double sum = 0;

  for (int h = 1; h <= harmonics; h++)
    sum += CLAMP (log (twin_lines_peak (self, h * hz) + 1e-9), 0, LINE_CAP);

  return sum;
}

double
twin_lines_search (const TwinLines *self,
                   double           hz,
                   double           reach,
                   int              harmonics,
                   double          *strength)
{
  double step = self->df_hz / (harmonics * hz);
  int    steps = (int) ceil (reach / step);
  double best = hz;

  *strength = twin_lines_comb (self, hz, harmonics);
  for (int i = 1; i <= steps; i++)
    {
      for (int sign = -1; sign <= 1; sign += 2)
        {
          double candidate = hz * (1 + sign * reach * i / steps);
          double value = twin_lines_comb (self, candidate, harmonics);

          if (value > *strength + 1e-9)
            {
              *strength = value;
              best = candidate;
            }
        }
    }

  return best;
}
