/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-line-view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "twin-evidence.h"
#include "twin-scalars.h"

#define FLOOR_HZ 8.0
#define FLOOR_LINES_MIN 21
#define FLOOR_LINES_MAX 299
#define REACH_LINES 1.5
#define LOBE_LINES 2.5 /* of Hann, and half a line off */
#define WANDER 0.0005  /* of the frequency: a speed is never quite still */
#define LOBE_LINES_MAX 12
#define MODE_REACH 0.15 /* separation margin */
#define MODE_AMPLIFICATION 2.5
#define MODE_LINES 8
#define MODE_WINDOW 0.04 /* half of it, of the frequency */
#define CLUSTER 3.0
#define SIDE_LINES 5
#define OWN_LINES 6
#define SKIRT_SHARE 0.3

void
twin_line_view_clear (TwinLineView *self)
{
  g_clear_pointer (&self->power, g_free);
  g_clear_pointer (&self->floor, g_free);
  self->n = 0;
  self->allocated = 0;
}

void
twin_line_view_set (TwinLineView *self, const TwinSpectrum *spectrum)
{
  double unit = spectrum->scale == TWIN_SCALE_PEAK        ? 2
                : spectrum->scale == TWIN_SCALE_PEAK_PEAK ? 8
                                                          : 1;
  size_t n = spectrum->scale == TWIN_SCALE_DENSITY ? 0 : spectrum->n_lines;
  size_t width;

  self->n = n;
  self->df_hz = spectrum->df_hz;
  self->window = spectrum->window;
  if (n < 16 || !(spectrum->df_hz > 0))
    {
      self->n = 0;
      return;
    }

  if (self->allocated < n)
    {
      g_free (self->power);
      g_free (self->floor);
      self->power = g_new (double, n);
      self->floor = g_new (double, n);
      self->allocated = n;
    }

  for (size_t k = 0; k < n; k++)
    self->power[k] = spectrum->lines[k] * spectrum->lines[k] / unit;
  /* The first lines hold what the window leaves of the mean. */
  self->power[0] = self->power[1] = self->power[2];

  width = (size_t) CLAMP (lround (FLOOR_HZ / self->df_hz), FLOOR_LINES_MIN,
                          FLOOR_LINES_MAX) |
          1;
  twin_evidence_running_median (self->power, n, width, self->floor);
  for (size_t k = 0; k < n; k++)
    self->floor[k] = self->floor[k] / G_LN2 + 1e-300;
}

/* Parabola through the logarithms of three lines. */
static double
refine (const TwinLineView *self, size_t k)
{
  double a = log (self->power[k - 1] + 1e-300);
  double b = log (self->power[k] + 1e-300);
  double c = log (self->power[k + 1] + 1e-300);
  double curve = a - 2 * b + c;

  return (double) k +
         (curve < 0 ? CLAMP (0.5 * (a - c) / curve, -0.5, 0.5) : 0);
}

/* Of the sinusoid at line @k: what its lobe holds above the floor. */
static double
lobe_rms (const TwinLineView *self, size_t k)
{
  double reach = CLAMP (LOBE_LINES + WANDER * (double) k, 0, LOBE_LINES_MAX);
  size_t half = (size_t) ceil (reach);
  double sum = 0;

  for (size_t i = k > half ? k - half : 0; i <= MIN (k + half, self->n - 1);
       i++)
    sum += self->power[i] - self->floor[i];

  return sqrt (MAX (sum, 0) / twin_window_enbw (self->window));
}

TwinLine
twin_line_view_read (const TwinLineView *self, double hz, double reach_hz)
{
  TwinLine line = { .hz = hz };
  double   place = self->n > 0 ? hz / self->df_hz : 0;
  double   reach;
  size_t   first, last, k;

  if (self->n == 0 || !(place >= 1))
    return line;

  reach = MAX (reach_hz / self->df_hz, REACH_LINES);
  if (place + reach + 1 >= (double) self->n)
    return line;

  first = (size_t) MAX (1, ceil (place - reach));
  last = (size_t) floor (place + reach);
  k = first;
  for (size_t i = first; i <= last; i++)
    {
      if (self->power[i] > self->power[k])
        k = i;
    }

  line.snr = self->power[k] / self->floor[k];
  line.present = line.snr >= TWIN_LINE_PRESENT &&
                 self->power[k] >= self->power[k - 1] &&
                 self->power[k] >= self->power[k + 1];
  line.hz = refine (self, k) * self->df_hz;
  line.rms = lobe_rms (self, k);
  return line;
}

double
twin_line_view_noise_rms (const TwinLineView *self, double lo_hz, double hi_hz)
{
  double sum = 0;

  if (self->n == 0)
    return 0;

  for (size_t k = (size_t) MAX (0, ceil (lo_hz / self->df_hz));
       k < self->n && (double) k * self->df_hz <= hi_hz; k++)
    sum += self->floor[k];

  return sqrt (sum / twin_window_enbw (self->window));
}

double
twin_line_view_density (const TwinLineView *self,
                        double              lo_hz,
                        double              hi_hz,
                        double              reach_hz)
{
  long   first, last, half, free_from, covered = 0;
  double reach;

  if (self->n < 16)
    return 0;

  reach = MAX (reach_hz / self->df_hz, REACH_LINES);
  half = lround (reach);
  first = (long) MAX (2, lo_hz / self->df_hz);
  last = (long) MIN ((double) self->n - 2, hi_hz / self->df_hz);
  free_from = first;
  for (long k = first; k <= last; k++)
    {
      if (self->power[k] >= TWIN_LINE_PRESENT * self->floor[k] &&
          self->power[k] >= self->power[k - 1] &&
          self->power[k] >= self->power[k + 1])
        {
          long from = MAX (k - half, free_from);

          covered += MAX (k + half + 1 - from, 0);
          free_from = k + half + 1;
        }
    }

  return last > first ? MIN ((double) covered / (double) (last - first + 1), 1)
                      : 0;
}

/* Median of the floor between two frequencies; 0: too few lines. */
static double
floor_between (const TwinLineView *self, double lo_hz, double hi_hz)
{
  size_t             first = (size_t) ceil (lo_hz / self->df_hz);
  size_t             last = MIN (self->n - 1, (size_t) (hi_hz / self->df_hz));
  g_autofree double *values = NULL;

  if (last < first + SIDE_LINES)
    return 0;

  values =
      g_memdup2 (self->floor + first, (last - first + 1) * sizeof (double));
  return twin_scalars_median (values, last - first + 1);
}

/* What the window leaves of a line of @power at @hz, @k lines up, in power. */
static double
skirt (const TwinLineView *self, double power, double hz, size_t k)
{
  double d = fabs ((double) k - hz / self->df_hz);
  double left;

  if (d < OWN_LINES)
    return power;

  /* Between its zeros. */
  left = MAX (fabs (twin_window_response (self->window, floor (d) + 0.5)),
              fabs (twin_window_response (self->window, floor (d) - 0.5)));
  return power * left * left;
}

static int
ascending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Floor within ±@half lines of line @k, the line at @hz and its skirts left
 * out; 0: nothing is left. */
static double
floor_beside (const TwinLineView *self,
              size_t              k,
              size_t              half,
              double              hz,
              double              power,
              double             *work)
{
  size_t n = 0;

  for (size_t i = k > half + 2 ? k - half : 2; i <= MIN (k + half, self->n - 1);
       i++)
    {
      if (skirt (self, power, hz, i) < SKIRT_SHARE * self->floor[i])
        work[n++] = self->power[i];
    }

  if (n < MODE_LINES)
    return 0;

  /* Half of the lines of noise lie under ln 2, a fifth under ln 1.25 of its
   * mean; a cluster of tones has far deeper gaps. */
  qsort (work, n, sizeof (double), ascending);
  return MIN (work[n / 2] / G_LN2, CLUSTER * work[n / 5] / log (1.25));
}

gboolean
twin_line_view_mode (const TwinLineView *self, double hz, TwinMode *mode)
{
  size_t             first, last, best = 0, half;
  double             below, above, highest = 0, power;
  g_autofree double *work = NULL;

  *mode = (TwinMode){ .hz = NAN };
  if (self->n < 16 || !(hz > 0) || hz >= (double) self->n * self->df_hz)
    return FALSE;

  first = (size_t) MAX (2, (1 - MODE_REACH) * hz / self->df_hz);
  last = MIN (self->n - 2, (size_t) ((1 + MODE_REACH) * hz / self->df_hz));
  half = MAX (MODE_LINES, (size_t) (MODE_WINDOW * hz / self->df_hz));
  power = twin_line_view_read (self, hz, 0).rms;
  power *= power;
  work = g_new (double, 2 * half + 1);
  for (size_t k = first; k <= last; k += MAX (1, half / 2))
    {
      double value = floor_beside (self, k, half, hz, power, work);

      if (value > highest)
        {
          highest = value;
          best = k;
        }
    }
  if (best == 0)
    return FALSE;

  mode->hz = (double) best * self->df_hz;
  mode->level = highest;
  below = floor_between (self, 0.5 * mode->hz, 0.7 * mode->hz);
  above = floor_between (self, 1.4 * mode->hz, 2 * mode->hz);
  if (!(below > 0 && above > 0))
    return FALSE;

  /* The higher of both sides, or a slope would be a hump. */
  mode->amplification = sqrt (highest / MAX (below, above));
  first = last = best;
  while (first > 2 && self->floor[first - 1] > highest / 2)
    first--;
  while (last + 2 < self->n && self->floor[last + 1] > highest / 2)
    last++;
  mode->width_hz = (double) (last - first + 1) * self->df_hz;
  return mode->amplification >= MODE_AMPLIFICATION;
}
