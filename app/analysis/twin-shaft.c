/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-shaft.h"

#include <math.h>
#include <string.h>

#include "twin-evidence.h"
#include "twin-window.h"

#define HARMONICS 5
#define LINE_CAP 6.0 /* ln: one huge line is no comb */
#define NARROW 0.004
#define WIDE 0.03
#define PRESENT 3.0        /* power over floor: a line is there */
#define FAINT 0.03         /* of the other line: noise or leakage */
#define CLEAR 30.0         /* a line that contradicts must be this clear */
#define WIDE_ADVANTAGE 6.0 /* ln: what the wide comb must have more */
#define FAR 0.12
#define FAR_ADVANTAGE 10.0
#define FLOOR_WIDTH_HZ 8.0

enum
{
  SLOT_LINES = 8,
  SLOT_WORK = 9,
  SLOT_POWER = 11,
};

typedef struct
{
  double *ratio; /* power over local floor */
  size_t  n;
  double  df_hz;
} LineSpectrum;

/* Only as many lines as five harmonics of the fastest candidate need. */
static void
compute_lines (TwinTransform *transform,
               const float   *samples,
               size_t         n,
               double         rate_hz,
               double         max_hz,
               LineSpectrum  *out)
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
  out->ratio = twin_transform_scratch (transform, SLOT_POWER,
                                       2 * out->n * sizeof (double));
  median = out->ratio + out->n;

  for (size_t i = 0; i < n; i++)
    work[i] = samples[i] * weights[i];
  twin_transform_forward (transform, work, n, lines);

  for (size_t k = 0; k < out->n; k++)
    {
      out->ratio[k] = (double) lines[k].re * lines[k].re +
                      (double) lines[k].im * lines[k].im;
    }

  width = (size_t) CLAMP (lround (FLOOR_WIDTH_HZ / out->df_hz), 5, 299) | 1;
  twin_evidence_running_median (out->ratio, out->n, width, median);
  for (size_t k = 0; k < out->n; k++)
    out->ratio[k] /= median[k] / G_LN2 + 1e-300;
}

static double
line_at (const LineSpectrum *spectrum, double hz)
{
  size_t k = (size_t) lround (hz / spectrum->df_hz);
  double largest = 0;

  for (size_t i = k > 0 ? k - 1 : 0; i <= k + 1 && i < spectrum->n; i++)
    largest = MAX (largest, spectrum->ratio[i]);

  return largest;
}

static double
comb_strength (const LineSpectrum *spectrum, double hz)
{
  double sum = 0;

  for (int h = 1; h <= HARMONICS; h++)
    sum += CLAMP (log (line_at (spectrum, h * hz) + 1e-9), 0, LINE_CAP);

  return sum;
}

/* Best speed within ±@reach of @hz; of equals the nearest. */
static double
search (const LineSpectrum *spectrum, double hz, double reach, double *strength)
{
  double step = spectrum->df_hz / (HARMONICS * hz);
  int    steps = (int) ceil (reach / step);
  double best = hz;

  *strength = comb_strength (spectrum, hz);
  for (int i = 1; i <= steps; i++)
    {
      for (int sign = -1; sign <= 1; sign += 2)
        {
          double candidate = hz * (1 + sign * reach * i / steps);
          double value = comb_strength (spectrum, candidate);

          if (value > *strength + 1e-9)
            {
              *strength = value;
              best = candidate;
            }
        }
    }

  return best;
}

/* Whether a comb within ±@reach of the speed given stands out so much that it,
 * and not the speed given, is the shaft's. Another comb may be stronger by
 * chance: it counts only where the speed given has no line of its own. */
static gboolean
find_other (const LineSpectrum *spectrum,
            double              shaft_hz,
            double              reach,
            double              advantage,
            TwinShaftCheck     *found)
{
  double strength, hz = search (spectrum, shaft_hz, reach, &strength);
  double line = line_at (spectrum, hz);
  double own_line = line_at (spectrum, found->hz);

  if (fabs (hz - shaft_hz) <= NARROW * shaft_hz || line < CLEAR ||
      (own_line >= PRESENT && own_line >= line * FAINT) ||
      strength < found->strength + advantage)
    return FALSE;

  found->hz = hz;
  found->strength = strength;
  return TRUE;
}

void
twin_shaft_check (TwinTransform  *transform,
                  const float    *samples,
                  size_t          n,
                  double          rate_hz,
                  double          shaft_hz,
                  gboolean        trusted,
                  TwinShaftCheck *out)
{
  LineSpectrum   spectrum;
  TwinShaftCheck other;

  *out = (TwinShaftCheck){ .hz = shaft_hz };

  /* Under ten turns the lines tell nothing. */
  if (shaft_hz * (double) n / rate_hz < 10 ||
      HARMONICS * shaft_hz > rate_hz / 2)
    return;

  compute_lines (transform, samples, n, rate_hz,
                 HARMONICS * shaft_hz * (1 + FAR) + 4, &spectrum);

  out->hz = search (&spectrum, shaft_hz, NARROW, &out->strength);
  other = *out;
  if (find_other (&spectrum, shaft_hz, WIDE, WIDE_ADVANTAGE, &other))
    {
      out->corrected = TRUE;
      if (!trusted)
        {
          out->hz = other.hz;
          out->strength = other.strength;
        }
    }
  else if (!trusted &&
           find_other (&spectrum, shaft_hz, FAR, FAR_ADVANTAGE, &other))
    {
      out->refuted = TRUE;
      out->other_hz = other.hz;
    }
}
