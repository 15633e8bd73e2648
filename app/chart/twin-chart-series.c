/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-chart-series-private.h"

#include <math.h>
#include <string.h>

/* Each level of the pyramid sums up this many entries of the one below. */
#define FANOUT 16
#define MAX_LEVELS 16

typedef struct
{
  double *min; /* +inf where all are NaN */
  double *max; /* -inf where all are NaN */
  gsize   n;
} Level;

/* NaN samples [start, end); @before: NaN samples ahead of start. */
typedef struct
{
  gsize start;
  gsize end;
  gsize before;
} NanRun;

struct _TwinChartSeries
{
  double *x; /* NULL when evenly spaced */
  double *y;
  gsize   n;
  double  x0;
  double  dx;
  Level   levels[MAX_LEVELS];
  guint   n_levels;
  GArray *runs; /* of NanRun */
};

TwinChartSeries *
twin_chart_series_new (void)
{
  TwinChartSeries *self = g_new0 (TwinChartSeries, 1);

  self->runs = g_array_new (FALSE, FALSE, sizeof (NanRun));
  self->dx = 1;
  return self;
}

static void
clear (TwinChartSeries *self)
{
  for (guint i = 0; i < self->n_levels; i++)
    {
      g_free (self->levels[i].min);
      g_free (self->levels[i].max);
    }

  self->n_levels = 0;
  self->n = 0;
  g_clear_pointer (&self->x, g_free);
  g_clear_pointer (&self->y, g_free);
  g_array_set_size (self->runs, 0);
}

void
twin_chart_series_free (TwinChartSeries *self)
{
  if (self == NULL)
    return;

  clear (self);
  g_array_unref (self->runs);
  g_free (self);
}

static void
find_runs (TwinChartSeries *self)
{
  gsize total = 0;

  for (gsize i = 0; i < self->n;)
    {
      NanRun run = { i, i, total };

      while (run.end < self->n && isnan (self->y[run.end]))
        run.end++;

      if (run.end == run.start)
        {
          i++;
          continue;
        }

      total += run.end - run.start;
      g_array_append_val (self->runs, run);
      i = run.end;
    }
}

/* Minimum and maximum of @n entries, widening *min … *max. */
static void
widen_values (const double *values, gsize n, double *min, double *max)
{
  for (gsize i = 0; i < n; i++)
    {
      /* Both comparisons are false for NaN. */
      if (values[i] < *min)
        *min = values[i];
      if (values[i] > *max)
        *max = values[i];
    }
}

static void
widen_level (const Level *level,
             gsize        first,
             gsize        end,
             double      *min,
             double      *max)
{
  for (gsize i = first; i < end; i++)
    {
      *min = MIN (*min, level->min[i]);
      *max = MAX (*max, level->max[i]);
    }
}

static void
build_pyramid (TwinChartSeries *self)
{
  gsize below = self->n;

  while (below > FANOUT && self->n_levels < MAX_LEVELS)
    {
      Level *level = &self->levels[self->n_levels];
      gsize  n = (below + FANOUT - 1) / FANOUT;

      level->n = n;
      level->min = g_new (double, n);
      level->max = g_new (double, n);

      for (gsize i = 0; i < n; i++)
        {
          gsize first = i * FANOUT;
          gsize end = MIN (first + FANOUT, below);

          level->min[i] = INFINITY;
          level->max[i] = -INFINITY;

          if (self->n_levels == 0)
            widen_values (self->y + first, end - first, &level->min[i],
                          &level->max[i]);
          else
            widen_level (level - 1, first, end, &level->min[i], &level->max[i]);
        }

      self->n_levels++;
      below = n;
    }
}

void
twin_chart_series_set (TwinChartSeries *self,
                       const double    *x,
                       const double    *y,
                       gsize            n)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (n == 0 || (x != NULL && y != NULL));

  for (gsize i = 0; i < n; i++)
    {
      if (!isfinite (x[i]) || (i > 0 && x[i] < x[i - 1]))
        {
          g_warning ("Sample %" G_GSIZE_FORMAT " of a chart is out of order; "
                     "the %" G_GSIZE_FORMAT " from there on are not drawn",
                     i, n - i);
          n = i;
        }
    }

  clear (self);
  self->x = g_memdup2 (x, n * sizeof *x);
  self->y = g_memdup2 (y, n * sizeof *y);
  self->n = n;
  find_runs (self);
  build_pyramid (self);
}

void
twin_chart_series_set_uniform (TwinChartSeries *self,
                               double           x0,
                               double           dx,
                               const double    *y,
                               gsize            n)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (isfinite (x0) && dx > 0 && isfinite (dx));
  g_return_if_fail (n == 0 || y != NULL);

  clear (self);
  self->x0 = x0;
  self->dx = dx;
  self->y = g_memdup2 (y, n * sizeof *y);
  self->n = n;
  find_runs (self);
  build_pyramid (self);
}

gsize
twin_chart_series_get_n (const TwinChartSeries *self)
{
  return self->n;
}

double
twin_chart_series_get_x (const TwinChartSeries *self, gsize index)
{
  g_return_val_if_fail (index < self->n, NAN);

  return self->x != NULL ? self->x[index]
                         : self->x0 + self->dx * (double) index;
}

double
twin_chart_series_get_y (const TwinChartSeries *self, gsize index)
{
  g_return_val_if_fail (index < self->n, NAN);

  return self->y[index];
}

static gsize
find_uniform (const TwinChartSeries *self, double x)
{
  double guess = ceil ((x - self->x0) / self->dx);
  gsize  i;

  if (!(guess > 0))
    return 0;

  if (guess >= (double) self->n)
    i = self->n;
  else
    i = (gsize) guess;

  /* Rounding may have put the guess one off. */
  while (i > 0 && self->x0 + self->dx * (double) (i - 1) >= x)
    i--;
  while (i < self->n && self->x0 + self->dx * (double) i < x)
    i++;

  return i;
}

gsize
twin_chart_series_find (const TwinChartSeries *self, double x)
{
  gsize low = 0, high = self->n;

  if (self->x == NULL)
    return find_uniform (self, x);

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (self->x[middle] < x)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

gsize
twin_chart_series_nearest (const TwinChartSeries *self, double x)
{
  gsize i;

  if (self->n == 0)
    return G_MAXSIZE;

  i = twin_chart_series_find (self, x);

  if (i == self->n)
    return i - 1;

  if (i > 0 && x - twin_chart_series_get_x (self, i - 1) <
                   twin_chart_series_get_x (self, i) - x)
    return i - 1;

  return i;
}

gboolean
twin_chart_series_range (const TwinChartSeries *self,
                         gsize                  first,
                         gsize                  end,
                         double                *min,
                         double                *max)
{
  double low = INFINITY, high = -INFINITY;
  guint  level = 0;

  end = MIN (end, self->n);

  if (first >= end)
    return FALSE;

  /* Climb: at each level take the ragged ends, leave the rest to the next. */
  while (level < self->n_levels && end - first > 2 * FANOUT)
    {
      gsize inner_first = (first + FANOUT - 1) / FANOUT;
      gsize inner_end = end / FANOUT;
      gsize ragged_end = inner_first * FANOUT;

      if (level == 0)
        {
          widen_values (self->y + first, ragged_end - first, &low, &high);
          widen_values (self->y + inner_end * FANOUT, end - inner_end * FANOUT,
                        &low, &high);
        }
      else
        {
          widen_level (&self->levels[level - 1], first, ragged_end, &low,
                       &high);
          widen_level (&self->levels[level - 1], inner_end * FANOUT, end, &low,
                       &high);
        }

      first = inner_first;
      end = inner_end;
      level++;
    }

  if (level == 0)
    widen_values (self->y + first, end - first, &low, &high);
  else
    widen_level (&self->levels[level - 1], first, end, &low, &high);

  if (low > high)
    return FALSE;

  *min = low;
  *max = high;
  return TRUE;
}

/* Number of runs that start before @index. */
static guint
runs_before (const TwinChartSeries *self, gsize index)
{
  guint low = 0, high = self->runs->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->runs, NanRun, middle).start < index)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

/* NaN samples among 0 … index-1. */
static gsize
nans_before (const TwinChartSeries *self, gsize index)
{
  guint         i = runs_before (self, index);
  const NanRun *run;

  if (i == 0)
    return 0;

  run = &g_array_index (self->runs, NanRun, i - 1);
  return run->before + MIN (run->end, index) - run->start;
}

/* First finite sample at or after @index; may be n. */
static gsize
skip_forward (const TwinChartSeries *self, gsize index)
{
  guint i = runs_before (self, index + 1);

  if (i > 0)
    {
      const NanRun *run = &g_array_index (self->runs, NanRun, i - 1);

      if (index < run->end)
        return run->end;
    }

  return index;
}

/* Last finite sample at or before @index; G_MAXSIZE when there is none. */
static gsize
skip_back (const TwinChartSeries *self, gsize index)
{
  guint i = runs_before (self, index + 1);

  if (i > 0)
    {
      const NanRun *run = &g_array_index (self->runs, NanRun, i - 1);

      if (index < run->end)
        return run->start - 1; /* wraps to G_MAXSIZE at 0 */
    }

  return index;
}

static void
fill_column (const TwinChartSeries *self,
             gsize                  first,
             gsize                  end,
             TwinChartColumn       *column)
{
  gsize nans =
      end > first ? nans_before (self, end) - nans_before (self, first) : 0;

  *column =
      (TwinChartColumn){ NAN, NAN, NAN, NAN, end - first - nans, nans > 0 };

  if (column->n == 0)
    return;

  column->first = self->y[skip_forward (self, first)];
  column->last = self->y[skip_back (self, end - 1)];
  twin_chart_series_range (self, first, end, &column->min, &column->max);
}

void
twin_chart_series_columns (const TwinChartSeries *self,
                           const double          *edges,
                           gsize                  n_columns,
                           TwinChartColumn       *columns)
{
  gsize first = twin_chart_series_find (self, edges[0]);

  for (gsize i = 0; i < n_columns; i++)
    {
      gsize end = twin_chart_series_find (self, edges[i + 1]);

      fill_column (self, first, MAX (first, end), &columns[i]);
      first = MAX (first, end);
    }
}

void
twin_chart_series_gaps (const TwinChartSeries *self,
                        double                 from,
                        double                 to,
                        double                 join,
                        GArray                *gaps)
{
  gsize first = twin_chart_series_find (self, from);
  guint i = runs_before (self, first);

  g_array_set_size (gaps, 0);

  /* The run before may still reach into the span. */
  for (i = i > 0 ? i - 1 : 0; i < self->runs->len; i++)
    {
      const NanRun *run = &g_array_index (self->runs, NanRun, i);
      gsize         before = run->start > 0 ? run->start - 1 : run->start;
      gsize         after = run->end < self->n ? run->end : run->end - 1;
      TwinChartGap  gap = { twin_chart_series_get_x (self, before),
                            twin_chart_series_get_x (self, after) };
      TwinChartGap *previous =
          gaps->len > 0 ? &g_array_index (gaps, TwinChartGap, gaps->len - 1)
                        : NULL;

      if (gap.from > to)
        break;

      if (gap.to < from)
        continue;

      if (previous != NULL && gap.from - previous->to < join)
        previous->to = gap.to;
      else
        g_array_append_val (gaps, gap);
    }
}
