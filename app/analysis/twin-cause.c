/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-cause-private.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define SIGMA_LINES 0.5
#define REACH_LINES 1.5
#define BEYOND_SIGMAS 3.0
#define MENTION_LINES 12.0
#define UNKNOWN_PRIOR 0.1
#define CHANCE_LO 0.01
#define CHANCE_HI 0.95
#define REFINE_ORDERS 8
#define SEARCH_STEPS 40
#define MISSING_NEEDED 0.05
#define NAMEPLATE 0.02 /* slip of a motor, and what a plate rounds */
#define LINE_CAP 6.0
#define NEAREST 0.02

static const char *const kinds[TWIN_CAUSES] = {
  "shaft",         "sub-harmonic", "bearing",     "twice line",
  "pole pass",     "blade pass",   "gear mesh",   "belt",
  "other machine", "resonance",    "mains",       "leakage",
  "alias",         "clipping",     "wrong speed", "unknown",
};

const char *
twin_cause_kind_name (TwinCauseKind kind)
{
  return kinds[kind];
}

gboolean
twin_cause_is_artefact (TwinCauseKind kind)
{
  return kind >= TWIN_CAUSE_MAINS && kind < TWIN_CAUSE_UNKNOWN;
}

double
twin_cause_order_prior (int k, int sides)
{
  return pow (0.2, sides) / (k * (k + 1.0));
}

void
twin_cause_expect (const TwinCauseSearch *search,
                   TwinCauseCandidate    *candidate,
                   double                 hz,
                   double                 p,
                   const char            *format,
                   ...)
{
  TwinCause     *cause = &candidate->cause;
  TwinCauseLine *line = &cause->lines[cause->n_lines];
  va_list        args;

  if (cause->n_lines == TWIN_CAUSE_LINES_MAX || hz >= search->top_hz ||
      hz < 3 * search->df_hz ||
      fabs (hz - search->hz) <= REACH_LINES * search->df_hz)
    return;

  for (size_t i = 0; i < cause->n_lines; i++)
    {
      if (fabs (cause->lines[i].hz - hz) <= REACH_LINES * search->df_hz)
        return;
    }

  *line = (TwinCauseLine){ .hz = hz };
  va_start (args, format);
  g_vsnprintf (line->label, sizeof line->label, format, args);
  va_end (args);
  candidate->chances[cause->n_lines++] = p;
}

/* How often chance provides a line within ±@reach of @hz, by how densely the
 * octave around it is filled. */
static double
by_chance (const TwinCauseSearch *search, double hz, double reach)
{
  size_t last = search->view.n - 1;
  size_t lo = MIN (last, (size_t) (hz / G_SQRT2 / search->df_hz));
  size_t hi = MIN (last, (size_t) (hz * G_SQRT2 / search->df_hz));
  double lines = search->lines_before[hi] - search->lines_before[lo];
  double per_line = hi > lo ? lines / (double) (hi - lo) : 0;

  return CLAMP (1 - exp (-per_line * 2 * reach / search->df_hz), CHANCE_LO,
                CHANCE_HI);
}

static double
weigh_lines (const TwinCauseSearch *search, TwinCauseCandidate *candidate)
{
  TwinCause *cause = &candidate->cause;
  double     reach = MAX (candidate->reach_hz, REACH_LINES * search->df_hz);
  double     sum = 0;

  cause->n_present = 0;
  for (size_t i = 0; i < cause->n_lines; i++)
    {
      TwinCauseLine *line = &cause->lines[i];
      TwinLine found = twin_line_view_read (&search->view, line->hz, reach);
      double   p = candidate->chances[i];
      double   q = by_chance (search, line->hz, reach);

      line->snr = found.snr;
      line->present = found.present;
      cause->n_present += found.present;
      if (p == TWIN_CAUSE_NEEDED)
        sum += found.present ? 0 : log (MISSING_NEEDED);
      else
        sum += found.present ? log (p / q) : log ((1 - p) / (1 - q));
    }

  return sum;
}

static void
explain (const TwinCauseSearch *search, TwinCauseCandidate *candidate)
{
  TwinCause *cause = &candidate->cause;
  GString   *missing = g_string_new (NULL);

  if (cause->why[0] == '\0')
    {
      for (size_t i = 0; i < cause->n_lines; i++)
        {
          if (!cause->lines[i].present)
            g_string_append_printf (missing, "%s%s",
                                    missing->len > 0 ? ", " : "",
                                    cause->lines[i].label);
        }
      g_snprintf (cause->why, sizeof cause->why,
                  "Should lie at %.2f Hz: %+.2f Hz off (%.1f lines, %.2f %%); "
                  "%zu of %zu lines that come with it are there%s%s.",
                  cause->expected_hz, cause->residual_hz,
                  fabs (cause->residual_lines), fabs (cause->residual_percent),
                  cause->n_present, cause->n_lines,
                  missing->len > 0 ? ", missing: " : "", missing->str);
    }
  g_string_free (missing, TRUE);
}

/* The place for a cause of this kind and family: a free one, or that of a
 * lighter one; NULL: a heavier one is there. */
static TwinCause *
place_for (TwinCauseSearch *search, const TwinCause *cause)
{
  for (size_t i = 0; i < search->n; i++)
    {
      TwinCause *here = &search->found[i];

      if (here->kind == cause->kind &&
          strcmp (here->family, cause->family) == 0)
        return (here->ruled_out && !cause->ruled_out) ||
                       (here->ruled_out == cause->ruled_out &&
                        here->weight < cause->weight)
                   ? here
                   : NULL;
    }

  return search->n < CANDIDATES_MAX ? &search->found[search->n++] : NULL;
}

void
twin_cause_consider (TwinCauseSearch *search, TwinCauseCandidate *candidate)
{
  TwinCause *cause = &candidate->cause, *place;
  double     sigma = MAX (candidate->sigma_hz, SIGMA_LINES * search->df_hz);
  double     off;

  cause->residual_hz = search->hz - cause->expected_hz;
  cause->residual_lines = cause->residual_hz / search->df_hz;
  cause->residual_percent = 100 * cause->residual_hz / cause->expected_hz;
  off = cause->residual_hz / sigma;
  cause->ruled_out = fabs (off) > BEYOND_SIGMAS;
  if (!isfinite (off) ||
      (cause->ruled_out &&
       (!candidate->simple || fabs (cause->residual_lines) > MENTION_LINES)))
    return;

  cause->weight = log (candidate->prior) + candidate->extra - off * off / 2 +
                  log (search->top_hz / (sigma * sqrt (2 * G_PI))) +
                  weigh_lines (search, candidate);
  explain (search, candidate);
  place = place_for (search, cause);
  if (place != NULL)
    *place = *cause;
}

/* --- the search --------------------------------------------------------------
 */

static double
comb_strength (const TwinCauseSearch *search, double hz)
{
  double sum = 0;

  for (int k = 1; k <= REFINE_ORDERS; k++)
    {
      TwinLine line = twin_line_view_read (&search->view, k * hz, 0);

      sum += line.present ? MIN (log (line.snr), LINE_CAP) : 0;
    }

  return sum;
}

/* The speed that the lines show near the one given; a plate's or an estimate's
 * within 2 %. */
static double
find_shaft (const TwinCauseSearch *search)
{
  const TwinShaftSpeed *given = &search->query->shaft;
  double reach = given->source == TWIN_SPEED_TACHO ? 0.002 : NAMEPLATE;
  double best = given->hz, strength, sum = 0, weights = 0;

  if (!(given->hz > 3 * search->df_hz) || given->hz > search->top_hz)
    return NAN;

  strength = comb_strength (search, best);
  for (int i = 1; i <= SEARCH_STEPS; i++)
    {
      for (int sign = -1; sign <= 1; sign += 2)
        {
          double hz = given->hz * (1 + sign * reach * i / SEARCH_STEPS);
          double here = comb_strength (search, hz);

          if (here > strength + 1)
            {
              strength = here;
              best = hz;
            }
        }
    }

  for (int k = 1; k <= REFINE_ORDERS; k++)
    {
      TwinLine line = twin_line_view_read (&search->view, k * best, 0);

      if (line.present)
        {
          sum += k * line.hz;
          weights += k * k;
        }
    }

  return weights > 0 ? sum / weights : best;
}

static void
count_lines (TwinCauseSearch *search)
{
  const TwinLineView *view = &search->view;
  guint32             n = 0;

  search->lines_before = g_new (guint32, view->n);
  for (size_t k = 0; k < view->n; k++)
    {
      search->lines_before[k] = n;
      n += k > 2 && k + 1 < view->n &&
           view->power[k] >= TWIN_LINE_PRESENT * view->floor[k] &&
           view->power[k] >= view->power[k - 1] &&
           view->power[k] > view->power[k + 1];
    }
}

/* Where between two lines the tone lies, by the window's shape, and what that
 * costs. */
static void
read_peak (TwinCauseSearch *search, double hz, TwinCauseReading *out)
{
  const TwinLineView *view = &search->view;
  TwinLine            line = twin_line_view_read (view, hz, 0);
  size_t              k = (size_t) lround (line.hz / view->df_hz);
  size_t              lo, hi;
  double              off;

  /* Half way between two lines either may be the higher one. */
  if (view->power[k + 1] > view->power[k])
    k++;
  else if (view->power[k - 1] > view->power[k])
    k--;
  if (view->power[k] < view->power[k + 1] ||
      view->power[k] < view->power[k - 1] ||
      fabs ((double) k * view->df_hz - hz) > 2 * view->df_hz)
    {
      k = (size_t) lround (hz / view->df_hz);
      line = (TwinLine){ .hz = hz, .snr = view->power[k] / view->floor[k] };
    }

  off =
      line.present ? CLAMP (line.hz / view->df_hz - (double) k, -0.5, 0.5) : 0;
  lo = hi = k;
  while (lo > 1 && view->power[lo - 1] > view->power[k] / 2)
    lo--;
  while (hi + 1 < view->n && view->power[hi + 1] > view->power[k] / 2)
    hi++;

  *out = (TwinCauseReading){
    .nearest_hz = NAN,
    .hz = line.hz,
    .amplitude = sqrt (view->power[k]),
    .loss_db =
        fabs (20 * log10 (fabs (twin_window_response (view->window, off)))),
    .width_lines = (double) (hi - lo + 1),
    .snr = line.snr,
    .present = line.present,
  };
  out->corrected = out->amplitude * pow (10, out->loss_db / 20);
  g_snprintf (out->why, sizeof out->why,
              "Lies %.2f lines from the nearest one: its height reads %.2f dB "
              "low (%s window, at most %.2f dB). Two tones closer than %.2f Hz "
              "would be one peak.",
              fabs (off), out->loss_db, twin_window_name (view->window),
              -20 * log10 (fabs (twin_window_response (view->window, 0.5))),
              3 * view->df_hz);
}

/* The nearest line that stands out, for who asked a little beside it. */
static double
find_nearest (const TwinCauseSearch *search, double hz)
{
  double nearest = NAN;

  for (size_t k = (size_t) MAX (3, (1 - NEAREST) * hz / search->df_hz);
       k + 3 < search->view.n &&
       (double) k * search->df_hz <= (1 + NEAREST) * hz;
       k++)
    {
      double here = (double) k * search->df_hz;

      if (search->lines_before[k + 1] > search->lines_before[k] &&
          !(fabs (here - hz) >= fabs (nearest - hz)))
        nearest = here;
    }

  return isnan (nearest) ? NAN
                         : twin_line_view_read (&search->view, nearest, 0).hz;
}

static void
try_unknown (TwinCauseSearch *search, gboolean present)
{
  TwinCause *cause = &search->found[search->n++];

  *cause = (TwinCause){ .kind = TWIN_CAUSE_UNKNOWN,
                        .expected_hz = search->hz,
                        .weight = log (UNKNOWN_PRIOR) };
  g_strlcpy (cause->title,
             present ? "Nothing that is known" : "Noise: no line stands out",
             sizeof cause->title);
  g_strlcpy (cause->why,
             !present ? "Less than 12 dB over the floor: noise reaches that "
                        "by chance."
                      : "A source that is not declared: another machine, a "
                        "part whose "
                        "teeth, blades or belt are not known, a structure.",
             sizeof cause->why);
}

static int
by_weight (const void *a, const void *b)
{
  const TwinCause *x = a, *y = b;

  if (x->ruled_out != y->ruled_out)
    return x->ruled_out ? 1 : -1;
  return (x->weight < y->weight) - (x->weight > y->weight);
}

static void
share_out (TwinCauseSearch *search)
{
  double sum = 0;

  qsort (search->found, search->n, sizeof (TwinCause), by_weight);
  for (size_t i = 0; i < search->n; i++)
    {
      TwinCause *cause = &search->found[i];

      cause->score =
          cause->ruled_out ? 0 : exp (cause->weight - search->found[0].weight);
      sum += cause->score;
    }
  for (size_t i = 0; i < search->n; i++)
    search->found[i].score /= sum;
}

size_t
twin_causes_find (const TwinCauseQuery *query,
                  double                hz,
                  TwinCause            *causes,
                  TwinCauseReading     *reading)
{
  g_autofree TwinCauseSearch *search = g_new0 (TwinCauseSearch, 1);
  size_t                      n;

  memset (reading, 0, sizeof *reading);
  search->query = query;
  twin_line_view_set (&search->view, query->spectrum);
  search->df_hz = search->view.df_hz;
  search->top_hz = ((double) search->view.n - 3) * search->df_hz;
  if (search->view.n < 16 || !(hz >= 3 * search->df_hz) || hz > search->top_hz)
    {
      twin_line_view_clear (&search->view);
      return 0;
    }

  count_lines (search);
  read_peak (search, hz, reading);
  search->hz = reading->hz;
  search->amplitude = reading->corrected;
  search->shaft_hz = find_shaft (search);
  search->present = reading->present;
  if (!reading->present)
    reading->nearest_hz = find_nearest (search, hz);
  try_unknown (search, reading->present);
  twin_cause_try_shaft (search);
  twin_cause_try_bearings (search);
  twin_cause_try_electric (search);
  twin_cause_try_drives (search);
  twin_cause_try_others (search);
  twin_cause_try_artefacts (search);
  share_out (search);

  n = MIN (search->n, TWIN_CAUSES_MAX);
  memcpy (causes, search->found, n * sizeof (TwinCause));
  g_free (search->lines_before);
  twin_line_view_clear (&search->view);
  return n;
}
