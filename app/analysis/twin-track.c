/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "twin-evidence.h"
#include "twin-order.h"
#include "twin-window.h"

#define PULSES_LEAST 8
#define STEP_LONGEST 1.6
#define STEP_SHORTEST 0.6
#define HARMONICS 5
#define WINDOW_TURNS 12
#define HOPS 4 /* a window */
#define FRAMES_LEAST 8
#define FRAMES_MOST 4000 /* 12,000 turns: more is no record of one moment */
#define PADDING 4        /* times a window: lines lie closer than it resolves */
#define STATE 0.002      /* relative step of the speeds tried */
#define SLEW_MOST 0.2    /* of the speed, a second */
#define SLEW_USUAL 0.05  /* the same, one standard deviation */
#define LINE_CAP 6.0     /* ln: one huge line is no comb */
#define LINE_CLEAR 3.0   /* ln: chance makes e^-20 */
#define FINE_STATES 5    /* to either side of the path */
#define CLARITY 1.6      /* ln a line; see tests: noise reaches 1.2 */
#define SMOOTH 3         /* windows to either side */

G_DEFINE_QUARK (twin - order - error - quark, twin_order_error)

void
twin_track_clear (TwinTrack *self)
{
  g_clear_pointer (&self->time_s, g_free);
  g_clear_pointer (&self->turns, g_free);
  self->n = 0;
}

double
twin_track_change (const TwinTrack *self)
{
  return (self->largest_hz - self->least_hz) / self->mean_hz;
}

static void
prepare (TwinTrack *self, size_t n)
{
  twin_track_clear (self);
  *self = (TwinTrack){ .n = n, .clarity = NAN };
  self->time_s = g_new (double, n);
  self->turns = g_new (double, n);
}

/* Speeds over stretches of @apart knots. */
static void
measure (TwinTrack *self, size_t apart)
{
  self->least_hz = INFINITY;
  self->largest_hz = 0;
  self->mean_hz = (self->turns[self->n - 1] - self->turns[0]) /
                  (self->time_s[self->n - 1] - self->time_s[0]);

  for (size_t i = 0; i + apart < self->n; i++)
    {
      double hz = (self->turns[i + apart] - self->turns[i]) /
                  (self->time_s[i + apart] - self->time_s[i]);

      self->least_hz = MIN (self->least_hz, hz);
      self->largest_hz = MAX (self->largest_hz, hz);
    }
}

/* --- from pulses -----------------------------------------------------------
 */

static gboolean
check_pulses (const double *times_s, size_t n, GError **error)
{
  if (n < PULSES_LEAST)
    {
      g_set_error (error, TWIN_ORDER_ERROR, TWIN_ORDER_ERROR_PULSES,
                   "%zu tacho pulses are too few; %d are needed", n,
                   PULSES_LEAST);
      return FALSE;
    }

  for (size_t i = 0; i < n; i++)
    {
      if (!isfinite (times_s[i]) || fabs (times_s[i]) > 1e9 ||
          (i > 0 && !(times_s[i] > times_s[i - 1])))
        {
          g_set_error (error, TWIN_ORDER_ERROR, TWIN_ORDER_ERROR_PULSES,
                       "Tacho pulse %zu does not come after the one before",
                       i + 1);
          return FALSE;
        }
    }

  for (size_t i = 1; i + 2 < n; i++)
    {
      double step = times_s[i + 1] - times_s[i];
      double usual =
          (times_s[i] - times_s[i - 1] + times_s[i + 2] - times_s[i + 1]) / 2;

      if (step > STEP_LONGEST * usual || step < STEP_SHORTEST * usual)
        {
          g_set_error (error, TWIN_ORDER_ERROR, TWIN_ORDER_ERROR_PULSES,
                       "A tacho pulse is %s near %.4f s; mend the pulses",
                       step > usual ? "missing" : "too many", times_s[i]);
          return FALSE;
        }
    }

  return TRUE;
}

gboolean
twin_track_from_pulses (const double *times_s,
                        size_t        n,
                        double        pulses_per_turn,
                        TwinTrack    *out,
                        GError      **error)
{
  if (!(pulses_per_turn > 0) || !isfinite (pulses_per_turn))
    {
      g_set_error (error, TWIN_ORDER_ERROR, TWIN_ORDER_ERROR_PULSES,
                   "%g tacho pulses a turn cannot be", pulses_per_turn);
      return FALSE;
    }

  if (!check_pulses (times_s, n, error))
    return FALSE;

  prepare (out, n);
  memcpy (out->time_s, times_s, n * sizeof (double));
  for (size_t i = 0; i < n; i++)
    out->turns[i] = (double) i / pulses_per_turn;
  measure (out, (size_t) CLAMP (lround (pulses_per_turn), 1, (long) n - 1));
  return TRUE;
}

/* --- from lines ------------------------------------------------------------
 */

/* Scores of @states speeds in @frames short spectra. */
typedef struct
{
  size_t  frames, states;
  double *scores; /* [frame * states + state], ln a line */
  double *fine;   /* the same places, clear lines only, not capped */
  double *speeds; /* hz, by state */
  double  hop_s, first_s;
} Map;

/* The record's lowest lines as a complex signal of its own, slow rate. */
static TwinComplex *
slow_down (TwinTransform *transform,
           const double  *samples,
           size_t         n,
           double         rate_hz,
           double         max_hz,
           size_t        *n_slow)
{
  size_t                  length = twin_transform_trim (n), fast = 0, wanted;
  g_autofree float       *work = g_new (float, length);
  g_autofree TwinComplex *lines = g_new0 (TwinComplex, length / 2 + 1);
  g_autofree TwinComplex *band = NULL;
  TwinComplex            *slow;
  double                  mean = 0;

  for (size_t i = 0; i < length; i++)
    mean += samples[i] / (double) length;
  for (size_t i = 0; i < length; i++)
    work[i] = (float) (samples[i] - mean);
  twin_transform_forward (transform, work, length, lines);

  wanted = MIN (length / 2, (size_t) (max_hz * (double) length / rate_hz) + 1);
  for (fast = wanted + (wanted & 1); twin_transform_trim (fast) != fast;)
    fast += 2;

  band = g_new0 (TwinComplex, fast);
  slow = g_new (TwinComplex, fast);
  memcpy (band, lines, wanted * sizeof (TwinComplex));
  twin_transform_complex (transform, band, fast, TRUE, slow);
  *n_slow = fast;
  return slow;
}

/* ln (power over its floor) of lines 0 to @n - 1 of one window. */
static void
lines_of (TwinTransform     *transform,
          const TwinComplex *slow,
          size_t             window,
          size_t             padded,
          size_t             floor_width,
          double            *excess)
{
  const float *weights =
      twin_transform_window (transform, TWIN_WINDOW_HANN, window);
  g_autofree TwinComplex *in = g_new0 (TwinComplex, 2 * padded);
  TwinComplex            *out = in + padded;
  g_autofree double      *median = g_new (double, padded);

  for (size_t i = 0; i < window; i++)
    {
      in[i].re = slow[i].re * weights[i];
      in[i].im = slow[i].im * weights[i];
    }
  twin_transform_complex (transform, in, padded, FALSE, out);

  for (size_t k = 0; k < padded; k++)
    {
      excess[k] =
          (double) out[k].re * out[k].re + (double) out[k].im * out[k].im;
    }
  twin_evidence_running_median (excess, padded, floor_width, median);
  for (size_t k = 0; k < padded; k++)
    {
      excess[k] = log1p (excess[k] / (median[k] / G_LN2 + 1e-300));
    }
}

/* Mean of the comb's lines, each capped. @fine: sum over those that are clear,
 * not capped: where they all peak is the middle of the capped top. */
static double
comb_at (const double *excess, size_t n, double line, double *fine)
{
  double sum = 0;

  *fine = 0;
  for (int h = 1; h <= HARMONICS; h++)
    {
      double at = h * line, value;
      size_t k = (size_t) at;

      if (k + 1 >= n)
        continue;

      value = excess[k] + (at - (double) k) * (excess[k + 1] - excess[k]);
      sum += MIN (value, LINE_CAP);
      *fine += value > LINE_CLEAR ? value : 0;
    }

  return sum / HARMONICS;
}

static void
map_clear (Map *map)
{
  g_free (map->scores);
  g_free (map->fine);
  g_free (map->speeds);
}

/* FALSE when the record is too short. */
static gboolean
map_fill (TwinTransform *transform,
          const double  *samples,
          size_t         n,
          double         rate_hz,
          double         shaft_hz,
          double         reach,
          Map           *map)
{
  double max_hz =
      MIN (0.47 * rate_hz, (HARMONICS + 1) * shaft_hz * (1 + reach));
  size_t n_slow, window, hop, padded;
  double seconds = (double) twin_transform_trim (n) / rate_hz, rate;
  g_autofree TwinComplex *slow =
      slow_down (transform, samples, n, rate_hz, max_hz, &n_slow);
  g_autofree double *excess = NULL;

  rate = (double) n_slow / seconds;
  window = twin_transform_trim ((size_t) (WINDOW_TURNS * rate / shaft_hz));
  hop = MAX (1, window / HOPS);
  if (window < 64 || n_slow < window + FRAMES_LEAST * hop ||
      n_slow / hop > FRAMES_MOST)
    return FALSE;

  padded = PADDING * window;
  map->frames = (n_slow - window) / hop + 1;
  map->states = (size_t) (2 * log1p (reach) / STATE) + 1;
  map->hop_s = (double) hop / rate;
  map->first_s = (double) window / 2 / rate;
  map->scores = g_new (double, map->frames * map->states);
  map->fine = g_new (double, map->frames * map->states);
  map->speeds = g_new (double, map->states);
  for (size_t s = 0; s < map->states; s++)
    map->speeds[s] = shaft_hz / (1 + reach) * exp (STATE * (double) s);

  excess = g_new (double, padded);
  for (size_t f = 0; f < map->frames; f++)
    {
      lines_of (transform, slow + f * hop, window, padded,
                (size_t) CLAMP (1.5 * shaft_hz / rate * (double) padded, 9,
                                299) |
                    1,
                excess);
      for (size_t s = 0; s < map->states; s++)
        {
          size_t place = f * map->states + s;

          map->scores[place] =
              comb_at (excess, padded, map->speeds[s] / rate * (double) padded,
                       &map->fine[place]);
        }
    }

  return TRUE;
}

/* The path of highest score whose speed changes little from window to window
 * (Viterbi). @path: a state each; returns its mean score. */
static double
find_path (const Map *map, size_t *path)
{
  size_t              states = map->states;
  long                most = MAX (1, lround (SLEW_MOST * map->hop_s / STATE));
  double              usual = MAX (1, SLEW_USUAL * map->hop_s / STATE);
  g_autofree double  *best = g_memdup2 (map->scores, states * sizeof (double));
  g_autofree double  *next = g_new (double, states);
  g_autofree guint32 *from = g_new0 (guint32, map->frames * states);
  double              sum = 0;

  for (size_t f = 1; f < map->frames; f++)
    {
      for (long s = 0; s < (long) states; s++)
        {
          double top = -INFINITY;

          for (long p = MAX (0, s - most);
               p <= MIN ((long) states - 1, s + most); p++)
            {
              double step = (double) (s - p) / usual;
              double value = best[p] - 0.5 * step * step / HARMONICS;

              if (value > top)
                {
                  top = value;
                  from[f * states + (size_t) s] = (guint32) p;
                }
            }
          next[s] = top + map->scores[f * states + (size_t) s];
        }
      memcpy (best, next, states * sizeof (double));
    }

  path[map->frames - 1] = 0;
  for (size_t s = 1; s < states; s++)
    {
      if (best[s] > best[path[map->frames - 1]])
        path[map->frames - 1] = s;
    }
  for (size_t f = map->frames - 1; f > 0; f--)
    path[f - 1] = from[f * states + path[f]];

  for (size_t f = 0; f < map->frames; f++)
    sum += map->scores[f * states + path[f]];
  return sum / (double) map->frames;
}

/* The speed near @state at which the clear lines of window @f peak. */
static double
refine (const Map *map, size_t f, size_t state)
{
  const double *fine = map->fine + f * map->states;
  size_t        from = state > FINE_STATES ? state - FINE_STATES : 0;
  size_t        to = MIN (map->states - 1, state + FINE_STATES);
  size_t        best = state;
  double        curve, shift = 0;

  for (size_t s = from; s <= to; s++)
    {
      if (fine[s] > fine[best])
        best = s;
    }

  if (best > 0 && best + 1 < map->states)
    {
      curve = fine[best - 1] - 2 * fine[best] + fine[best + 1];
      if (curve < 0)
        shift = 0.5 * (fine[best - 1] - fine[best + 1]) / curve;
    }

  return map->speeds[best] * exp (STATE * CLAMP (shift, -0.5, 0.5));
}

/* Speed at window @at by a parabola through those around it: what one window
 * misreads its neighbours put right. */
static double
smooth_at (const double *hz, size_t n, double at)
{
  long   centre = CLAMP (lround (at), 0, (long) n - 1);
  long   from = CLAMP (centre - SMOOTH, 0, (long) n - 2 * SMOOTH - 1);
  double s2 = 0, s4 = 0, y0 = 0, y1 = 0, y2 = 0, m = 2 * SMOOTH + 1, x;
  double curve;

  for (long i = -SMOOTH; i <= SMOOTH; i++)
    {
      double y = hz[from + SMOOTH + i], u = (double) i;

      s2 += u * u;
      s4 += u * u * u * u;
      y0 += y;
      y1 += u * y;
      y2 += u * u * y;
    }

  curve = (m * y2 - s2 * y0) / (m * s4 - s2 * s2);
  x = at - (double) (from + SMOOTH);
  return (y0 - curve * s2) / m + y1 / s2 * x + curve * x * x;
}

/* Integrates the speed from the record's start to @seconds. */
static void
integrate (const Map *map, const double *hz, double seconds, TwinTrack *out)
{
  size_t knots = 2 * map->frames + 1;
  double before = 0;

  prepare (out, knots);
  for (size_t i = 0; i < knots; i++)
    {
      double t = seconds * (double) i / (double) (knots - 1);
      double at = (t - map->first_s) / map->hop_s;
      double speed = smooth_at (hz, map->frames, at);

      out->time_s[i] = t;
      out->turns[i] = i == 0 ? 0
                             : out->turns[i - 1] + 0.5 * (speed + before) *
                                                       (t - out->time_s[i - 1]);
      before = speed;
    }
  measure (out, 2);
}

gboolean
twin_track_from_lines (TwinTransform *transform,
                       const double  *samples,
                       size_t         n,
                       double         rate_hz,
                       double         shaft_hz,
                       double         reach,
                       TwinTrack     *out)
{
  Map                map = { 0 };
  g_autofree size_t *path = NULL;
  g_autofree double *hz = NULL;
  double             clarity = NAN;

  if (!(shaft_hz > 0) || !(rate_hz > 4 * shaft_hz) || !(reach >= 0) ||
      shaft_hz * (double) n / rate_hz < 2 * WINDOW_TURNS || n < 1024)
    return FALSE;

  reach = CLAMP (reach, 0.01, 0.4);
  if (map_fill (transform, samples, n, rate_hz, shaft_hz, reach, &map))
    {
      path = g_new (size_t, map.frames);
      hz = g_new (double, map.frames);
      clarity = find_path (&map, path);
    }

  if (clarity >= CLARITY)
    {
      for (size_t f = 0; f < map.frames; f++)
        hz[f] = refine (&map, f, path[f]);
      integrate (&map, hz, (double) n / rate_hz, out);
      out->clarity = clarity;
    }

  map_clear (&map);
  return clarity >= CLARITY;
}
