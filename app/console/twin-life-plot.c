/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-life-plot.h"

#include <glib/gi18n.h>
#include <math.h>

#include "twin-machine-words.h"

enum
{
  FAN_POINTS = 48,
  CHANCE_POINTS = 120,
};

/* Records further apart than this many usual steps are a gap. */
#define GAP_STEPS 8

static double
seconds (int64_t time_us)
{
  return (double) time_us / TWIN_US_PER_S;
}

/* --- measured
 * ----------------------------------------------------------------------- */

typedef struct
{
  double *time;
  double *index;
  gsize   n;
  double  last; /* newest index that is known; NaN */
} Measured;

static void
take_measured (Measured *out, const TwinLifeUpdate *life)
{
  out->n = MIN (life->times_us->len, life->index->len);
  out->time = g_new (double, out->n);
  out->index = g_new (double, out->n);
  out->last = NAN;

  for (gsize i = 0; i < out->n; i++)
    {
      out->time[i] = seconds (g_array_index (life->times_us, int64_t, i));
      out->index[i] = g_array_index (life->index, double, i);
      if (!isnan (out->index[i]))
        out->last = out->index[i];
    }
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* The usual step is the median one; a gap is much longer. */
static double
longest_step (const Measured *measured)
{
  g_autofree double *steps = NULL;

  if (measured->n < 3)
    return 0;

  steps = g_new (double, measured->n - 1);
  for (gsize i = 1; i < measured->n; i++)
    steps[i - 1] = measured->time[i] - measured->time[i - 1];
  qsort (steps, measured->n - 1, sizeof *steps, compare_doubles);
  return GAP_STEPS * steps[(measured->n - 1) / 2];
}

/* --- fan
 * ------------------------------------------------------------------------------
 */

/* The future that fails after @life_s, at @after_s from now. */
static double
index_of (const TwinLifeUpdate *life,
          double                index_now,
          double                life_s,
          double                after_s)
{
  return index_now +
         (life->threshold - index_now) * after_s / MAX (life_s, 1e-3);
}

gsize
twin_life_plot_make_fan (const TwinLifeUpdate *life,
                         double                index_now,
                         TwinFanPoint         *points,
                         gsize                 n_points)
{
  if (isnan (life->p05_s) || isnan (life->p25_s) || isnan (life->p50_s) ||
      isnan (life->p75_s) || isnan (life->p95_s) || isnan (index_now) ||
      isnan (life->threshold) || n_points < 2)
    return 0;

  for (gsize i = 0; i < n_points; i++)
    {
      const double after_s =
          1.15 * life->p95_s * (double) i / (double) (n_points - 1);

      /* Who fails early has the high index: 5 % of life is 95 % of index. */
      points[i] = (TwinFanPoint){
        .time_s = seconds (life->now_us) + after_s,
        .q05 = index_of (life, index_now, life->p95_s, after_s),
        .q25 = index_of (life, index_now, life->p75_s, after_s),
        .q50 = index_of (life, index_now, life->p50_s, after_s),
        .q75 = index_of (life, index_now, life->p25_s, after_s),
        .q95 = index_of (life, index_now, life->p05_s, after_s),
      };
    }

  return n_points;
}

static double
index_at (const Measured *measured, double time_s)
{
  double found = NAN;

  for (gsize i = 0; i < measured->n && measured->time[i] <= time_s; i++)
    {
      if (!isnan (measured->index[i]))
        found = measured->index[i];
    }

  return found;
}

static void
plot_past (TwinFanChart         *chart,
           const TwinLifeUpdate *life,
           const Measured       *measured)
{
  twin_fan_chart_clear_past (chart);
  for (guint i = 0; life->past != NULL && i < life->past->len; i++)
    {
      const TwinPastPrediction *past =
          &g_array_index (life->past, TwinPastPrediction, i);
      const double time[2] = { seconds (past->made_us),
                               seconds (past->made_us) + past->p50_s };
      const double index[2] = { index_at (measured, time[0]), life->threshold };

      if (!isnan (index[0]) && !isnan (time[1]) && time[1] > time[0])
        twin_fan_chart_add_past (chart, time[0], time, index, 2);
    }
}

static void
plot_marks (TwinFanChart         *chart,
            const TwinLifeUpdate *life,
            const Measured       *measured,
            int64_t               act_us,
            int64_t               now_us)
{
  const double     now_s = seconds (life->now_us);
  const double     act_s = seconds (act_us);
  TwinChartMarker  onset = { .kind = TWIN_CHART_MARKER_DOT };
  TwinChartBand    band = { .kind = TWIN_CHART_BAND_WINDOW };
  g_autofree char *since = twin_words_dup_date (life->onset_us, now_us);
  g_autofree char *onset_label =
      since != NULL ? g_strdup_printf (_ ("Onset %s"), since) : NULL;
  g_autofree char *by = twin_words_dup_date (act_us, now_us);
  g_autofree char *act_label =
      by != NULL ? g_strdup_printf (_ ("Do it by %s"), by) : NULL;

  onset.x = seconds (life->onset_us);
  onset.y = index_at (measured, onset.x);
  onset.label = onset_label;
  twin_line_chart_set_markers (TWIN_LINE_CHART (chart), &onset,
                               since != NULL && !isnan (onset.y) ? 1 : 0);

  band.from = act_s - 0.08 * (act_s - now_s);
  band.to = act_s + 0.08 * (act_s - now_s);
  band.label = act_label;
  twin_line_chart_set_bands (TWIN_LINE_CHART (chart), &band,
                             act_us != TWIN_TIME_NONE ? 1 : 0);
}

static void
plot_span (TwinFanChart         *chart,
           const TwinLifeUpdate *life,
           const Measured       *measured,
           double                span_s)
{
  const double now_s = seconds (life->now_us);
  double       from_s = span_s > 0        ? now_s - span_s
                        : measured->n > 0 ? measured->time[0]
                                          : now_s - 3600;
  double       past_s;

  from_s = MIN (from_s, now_s - 60);
  past_s = now_s - from_s;
  /* What is to come must not squeeze what was, nor be cut off too early. */
  twin_fan_chart_set_span (chart, from_s,
                           now_s + (isnan (life->p95_s)
                                        ? 0.08 * past_s
                                        : CLAMP (1.2 * life->p95_s,
                                                 0.15 * past_s, 3 * past_s)));
}

static void
plot_nothing (TwinFanChart *chart, const char *why)
{
  twin_line_chart_set_empty_text (TWIN_LINE_CHART (chart),
                                  why != NULL
                                      ? why
                                      : _ ("There is no health index yet. It "
                                           "needs a baseline: some minutes of "
                                           "vibration of this machine while it "
                                           "runs well."));
  twin_fan_chart_set_measured (chart, NULL, NULL, 0, 0);
  twin_fan_chart_set_fan (chart, NULL, 0);
  twin_fan_chart_clear_past (chart);
  twin_fan_chart_set_threshold (chart, NAN, 0, NULL);
  twin_fan_chart_set_bracket (chart, NAN, NAN, NAN);
  twin_fan_chart_set_now (chart, NAN);
  twin_line_chart_set_markers (TWIN_LINE_CHART (chart), NULL, 0);
  twin_line_chart_set_bands (TWIN_LINE_CHART (chart), NULL, 0);
}

void
twin_life_plot_fan (TwinFanChart         *chart,
                    const TwinLifeUpdate *life,
                    int64_t               act_us,
                    double                span_s,
                    int64_t               now_us)
{
  TwinFanPoint     points[FAN_POINTS];
  Measured         measured;
  gsize            n;
  double           now_s;
  g_autofree char *label = NULL;

  if (life == NULL || life->times_us == NULL || life->times_us->len == 0)
    {
      plot_nothing (chart, life != NULL ? life->why : NULL);
      return;
    }

  take_measured (&measured, life);
  now_s = seconds (life->now_us);
  label = g_strdup_printf (_ ("Failure threshold %.1f ± %.1f"), life->threshold,
                           life->threshold_sd);
  n = twin_life_plot_make_fan (life, measured.last, points, FAN_POINTS);

  plot_span (chart, life, &measured, span_s);
  twin_fan_chart_set_measured (chart, measured.time, measured.index, measured.n,
                               longest_step (&measured));
  twin_fan_chart_set_threshold (chart, life->threshold,
                                isnan (life->threshold_sd) ? 0
                                                           : life->threshold_sd,
                                label);
  twin_fan_chart_set_fan (chart, points, n);
  plot_past (chart, life, &measured);
  twin_fan_chart_set_bracket (chart, now_s + life->p05_s, now_s + life->p50_s,
                              now_s + life->p95_s);
  twin_fan_chart_set_now (chart, now_s);
  plot_marks (chart, life, &measured, act_us, now_us);
  g_free (measured.time);
  g_free (measured.index);
}

/* --- chance
 * ----------------------------------------------------------------------------
 */

void
twin_life_plot_chance (TwinTrendChart       *chart,
                       const TwinLifeUpdate *life,
                       int64_t               act_us,
                       int64_t               now_us)
{
  TwinLineChart   *line = TWIN_LINE_CHART (chart);
  TwinChartMarker  marker = { .kind = TWIN_CHART_MARKER_DOT };
  double           time[CHANCE_POINTS], chance[CHANCE_POINTS];
  double           now_s;
  g_autofree char *by = twin_words_dup_date (act_us, now_us);
  g_autofree char *label = NULL;

  twin_line_chart_set_empty_text (line, _ ("Not estimable: there is no trend "
                                           "to carry on."));
  if (life == NULL || isnan (life->p05_s) || isnan (life->p95_s))
    {
      twin_line_chart_set_samples (line, 0, NULL, NULL, 0);
      twin_line_chart_set_markers (line, NULL, 0);
      return;
    }

  now_s = seconds (life->now_us);
  for (gsize i = 0; i < CHANCE_POINTS; i++)
    {
      const double quantiles[] = { life->p05_s, life->p25_s, life->p50_s,
                                   life->p75_s, life->p95_s };
      const double after_s = life->p95_s * (double) i / (CHANCE_POINTS - 1);

      time[i] = now_s + after_s;
      chance[i] = 100 * twin_words_failure_chance (quantiles, after_s);
      if (act_us != TWIN_TIME_NONE && time[i] <= seconds (act_us))
        marker.y = chance[i];
    }

  marker.x = seconds (act_us);
  label = by != NULL ? g_strdup_printf ("%s · %.0f %%", by, marker.y) : NULL;
  marker.label = label;
  twin_trend_chart_set_span (chart, now_s, now_s + MAX (life->p95_s, 1));
  twin_line_chart_set_y_range (line, TWIN_CHART_SCALE_LINEAR, 0, 100);
  twin_line_chart_set_samples (line, 0, time, chance, CHANCE_POINTS);
  twin_line_chart_set_markers (line, &marker, act_us != TWIN_TIME_NONE ? 1 : 0);
}
