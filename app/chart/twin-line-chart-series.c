/* SPDX-License-Identifier: Apache-2.0 */
/* Lines: the range that suits them, their gaps, and their strokes. */
#include "twin-hatch.h"
#include "twin-line-chart-private.h"

#include <math.h>
#include <stdlib.h>

#define MAX_COLUMNS 8192
#define PROBES 512

gboolean
twin_line_chart_has_samples (TwinLineChart *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);

  for (guint i = 0; i < priv->lines->len; i++)
    {
      const TwinChartLine *line = g_ptr_array_index (priv->lines, i);
      gsize                n = twin_chart_series_get_n (line->series);
      double               min, max;

      if (line->visible &&
          twin_chart_series_range (line->series, 0, n, &min, &max))
        return TRUE;
    }

  return FALSE;
}

/* Range of all visible lines inside the view; FALSE when there is nothing. */
static gboolean
range_in_view (TwinLineChartPrivate *priv, double *min, double *max)
{
  gboolean found = FALSE;

  for (guint i = 0; i < priv->lines->len; i++)
    {
      const TwinChartLine *line = g_ptr_array_index (priv->lines, i);
      gsize  first = twin_chart_series_find (line->series, priv->x_view.min);
      gsize  end = twin_chart_series_find (line->series, priv->x_view.max);
      double low, high;

      if (!line->visible ||
          !twin_chart_series_range (line->series, first, end + 1, &low, &high))
        continue;

      *min = found ? MIN (*min, low) : low;
      *max = found ? MAX (*max, high) : high;
      found = TRUE;
    }

  return found;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* The tenth of the samples in view that are lowest end here, judged by some
 * hundred of them: one line that happens to be almost nothing must not
 * stretch a logarithm over five empty decades. */
static double
low_tenth (TwinLineChartPrivate *priv)
{
  double values[PROBES];
  gsize  n = 0;

  for (guint i = 0; i < priv->lines->len && n == 0; i++)
    {
      const TwinChartLine *line = g_ptr_array_index (priv->lines, i);
      gsize first = twin_chart_series_find (line->series, priv->x_view.min);
      gsize end = twin_chart_series_find (line->series, priv->x_view.max);
      gsize step = MAX (1, (end - first) / PROBES);

      if (!line->visible || line->style != TWIN_CHART_STYLE_MEASURED)
        continue;

      for (gsize k = first; k < end && n < PROBES; k += step)
        {
          double value = twin_chart_series_get_y (line->series, k);

          if (value > 0)
            values[n++] = value;
        }
    }

  if (n == 0)
    return 0;

  qsort (values, n, sizeof values[0], compare_doubles);
  return values[n / 10];
}

/* Decades from above the highest to just under the floor, two to six. */
static void
fit_log (TwinLineChartPrivate *priv, double max)
{
  double top = pow (10.0, ceil (log10 (max) - 1e-9));
  double low = low_tenth (priv);

  low = low > 0 ? pow (10.0, floor (log10 (low))) : top * 1e-4;
  priv->fitted_max = top;
  priv->fitted_min = CLAMP (low, top * 1e-6, top * 1e-2);
}

static void
fit_linear (TwinLineChartPrivate *priv, double min, double max)
{
  if (priv->symmetric)
    {
      max = MAX (fabs (min), fabs (max));
      min = -max;
    }
  else if (min >= 0 && min < 0.5 * max)
    min = 0;

  if (!(max > min))
    {
      double half = MAX (fabs (max) * 0.05, 1e-12);

      min -= half;
      max += half;
    }

  priv->fitted_min = min;
  priv->fitted_max = max + 0.04 * (max - min);
  twin_chart_axis_nice (&priv->fitted_min, &priv->fitted_max, 5);
  if (priv->symmetric)
    priv->fitted_min = -priv->fitted_max;
}

/* A live plot whose axis jumps at every block cannot be read: the range stays
 * while the data fills at least a third of it. */
static gboolean
still_suits (const TwinLineChartPrivate *priv, double min, double max)
{
  double span = priv->fitted_max - priv->fitted_min;

  if (!(span > 0) || max > priv->fitted_max)
    return FALSE;

  if (priv->y_scale == TWIN_CHART_SCALE_LOG)
    return priv->fitted_min > 0 && max > priv->fitted_max / 30 &&
           (min <= 0 || min > priv->fitted_min / 30);

  if (min < priv->fitted_min)
    return FALSE;

  return (priv->fitted_min == 0 || priv->symmetric ? max : max - min) >
         span / (priv->symmetric ? 6 : 3);
}

void
twin_line_chart_fit_y (TwinLineChart *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  double                min, max;

  if (priv->y_max > priv->y_min)
    {
      priv->fitted_min = priv->y_min;
      priv->fitted_max = priv->y_max;
      return;
    }

  if (!range_in_view (priv, &min, &max))
    return;

  for (guint i = 0; i < priv->limits->len; i++)
    {
      const TwinChartLimit *limit =
          &g_array_index (priv->limits, TwinChartLimit, i);

      max = MAX (max, limit->value + limit->tolerance);
      min = MIN (min, limit->value - limit->tolerance);
    }

  if (still_suits (priv, min, max))
    return;

  if (priv->y_scale == TWIN_CHART_SCALE_LOG && max > 0)
    fit_log (priv, max);
  else
    fit_linear (priv, min, max);
}

/* Strokes ------------------------------------------------------------------ */

/* Every sample of the view, for records sparser than the pixels. */
static void
path_of_samples (cairo_t               *cr,
                 const TwinChartPaint  *paint,
                 const TwinChartSeries *series,
                 gsize                  first,
                 gsize                  end)
{
  gboolean pen_down = FALSE;

  for (gsize i = first; i < end; i++)
    {
      double y = twin_chart_series_get_y (series, i);

      if (isnan (y))
        {
          pen_down = FALSE;
          continue;
        }

      if (pen_down)
        cairo_line_to (cr,
                       twin_chart_paint_x (paint,
                                           twin_chart_series_get_x (series, i)),
                       twin_chart_paint_y (paint, y));
      else
        cairo_move_to (cr,
                       twin_chart_paint_x (paint,
                                           twin_chart_series_get_x (series, i)),
                       twin_chart_paint_y (paint, y));
      pen_down = TRUE;
    }
}

/* One min/max pair per column, joined where neither has a gap. */
static void
path_of_columns (cairo_t               *cr,
                 const TwinChartPaint  *paint,
                 const TwinChartColumn *columns,
                 gsize                  n,
                 double                 width)
{
  gboolean pen_down = FALSE;

  for (gsize i = 0; i < n; i++)
    {
      const TwinChartColumn *column = &columns[i];
      double x = paint->plot.origin.x + width * ((double) i + 0.5);
      double first, low, high;

      if (column->gap)
        pen_down = FALSE;

      if (column->n == 0)
        continue;

      first = twin_chart_paint_y (paint, column->first);
      low = twin_chart_paint_y (paint, column->min);
      high = twin_chart_paint_y (paint, column->max);

      if (pen_down)
        cairo_line_to (cr, x, first);
      else
        cairo_move_to (cr, x, first);

      cairo_line_to (cr, x, low);
      cairo_line_to (cr, x, high);
      cairo_line_to (cr, x, twin_chart_paint_y (paint, column->last));
      pen_down = !column->gap;
    }
}

static void
build_path (cairo_t               *cr,
            const TwinChartPaint  *paint,
            const TwinChartSeries *series,
            int                    scale_factor)
{
  gsize first = twin_chart_series_find (series, paint->x.min);
  gsize end = twin_chart_series_find (series, paint->x.max);
  gsize n = twin_chart_series_get_n (series);
  gsize n_columns =
      (gsize) MAX (1.0, ceil (paint->plot.size.width * scale_factor));
  double                      width;
  g_autofree double          *edges = NULL;
  g_autofree TwinChartColumn *columns = NULL;

  /* One more on each side, so that the line runs out of the plot. */
  first = first > 0 ? first - 1 : 0;
  end = MIN (n, end + 1);
  n_columns = MIN (n_columns, MAX_COLUMNS);

  if (end - first <= 2 * n_columns)
    {
      path_of_samples (cr, paint, series, first, end);
      return;
    }

  edges = g_new (double, n_columns + 1);
  columns = g_new (TwinChartColumn, n_columns);
  width = paint->plot.size.width / (double) n_columns;

  for (gsize i = 0; i <= n_columns; i++)
    edges[i] =
        twin_chart_axis_value (&paint->x, (double) i / (double) n_columns);

  twin_chart_series_columns (series, edges, n_columns, columns);
  path_of_columns (cr, paint, columns, n_columns, width);
}

/* The area between a path of several pieces and the foot of the plot. */
static void
fill_below (cairo_t            *cr,
            const cairo_path_t *path,
            double              foot,
            const GdkRGBA      *color)
{
  double   start_x = 0, last_x = 0;
  gboolean open = FALSE;

  cairo_new_path (cr);

  for (int i = 0; i < path->num_data; i += path->data[i].header.length)
    {
      const cairo_path_data_t *data = &path->data[i];

      if (data->header.type == CAIRO_PATH_MOVE_TO)
        {
          if (open)
            {
              cairo_line_to (cr, last_x, foot);
              cairo_line_to (cr, start_x, foot);
              cairo_close_path (cr);
            }
          start_x = data[1].point.x;
          cairo_move_to (cr, data[1].point.x, data[1].point.y);
          last_x = start_x;
          open = TRUE;
        }
      else if (data->header.type == CAIRO_PATH_LINE_TO)
        {
          cairo_line_to (cr, data[1].point.x, data[1].point.y);
          last_x = data[1].point.x;
        }
    }

  if (open)
    {
      cairo_line_to (cr, last_x, foot);
      cairo_line_to (cr, start_x, foot);
      cairo_close_path (cr);
    }

  twin_chart_paint_set_color (cr, color);
  cairo_fill (cr);
}

static void
draw_line (cairo_t              *cr,
           const TwinChartPaint *paint,
           const TwinChartLine  *line,
           int                   scale_factor)
{
  GdkRGBA       color = twin_chart_palette_line (&paint->palette, line->style,
                                                 TWIN_CHART_PRIORITY_NONE);
  cairo_path_t *path;

  cairo_new_path (cr);
  build_path (cr, paint, line->series, scale_factor);

  if (line->fill)
    {
      GdkRGBA faded = twin_chart_color_fade (&color, 0.10);

      path = cairo_copy_path_flat (cr);
      fill_below (cr, path, paint->plot.origin.y + paint->plot.size.height,
                  &faded);
      cairo_new_path (cr);
      cairo_append_path (cr, path);
      cairo_path_destroy (path);
    }

  twin_chart_paint_set_color (cr, &color);
  twin_chart_paint_set_line (cr, line->style, line->width);
  cairo_stroke (cr);
}

void
twin_line_chart_draw_lines (TwinLineChart *self, TwinChartPaint *paint)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  cairo_t              *cr = twin_chart_paint_cairo (paint, 0);

  for (guint i = 0; i < priv->lines->len; i++)
    {
      const TwinChartLine *line = g_ptr_array_index (priv->lines, i);

      if (line->visible && twin_chart_series_get_n (line->series) > 0)
        draw_line (cr, paint, line, priv->scale_factor);
    }

  cairo_destroy (cr);
}

/* Gaps --------------------------------------------------------------------- */

/* Leaves in @gaps what is also a gap in @others. */
static void
intersect (GArray *gaps, const GArray *others)
{
  g_autoptr (GArray) both = g_array_new (FALSE, FALSE, sizeof (TwinChartGap));
  guint i = 0, j = 0;

  while (i < gaps->len && j < others->len)
    {
      const TwinChartGap *a = &g_array_index (gaps, TwinChartGap, i);
      const TwinChartGap *b = &g_array_index (others, TwinChartGap, j);
      TwinChartGap        gap = { MAX (a->from, b->from), MIN (a->to, b->to) };

      if (gap.to > gap.from)
        g_array_append_val (both, gap);

      if (a->to < b->to)
        i++;
      else
        j++;
    }

  g_array_set_size (gaps, 0);
  if (both->len > 0)
    g_array_append_vals (gaps, both->data, both->len);
}

void
twin_line_chart_draw_gaps (TwinLineChart *self, TwinChartPaint *paint)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  double   join = (paint->x.max - paint->x.min) / paint->plot.size.width;
  gboolean any = FALSE;
  g_autoptr (GArray) gaps = g_array_new (FALSE, FALSE, sizeof (TwinChartGap));
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (TwinChartGap));

  if (!priv->hatch_gaps)
    return;

  for (guint i = 0; i < priv->lines->len; i++)
    {
      const TwinChartLine *line = g_ptr_array_index (priv->lines, i);

      if (!line->visible ||
          (line->style != TWIN_CHART_STYLE_MEASURED &&
           line->style != TWIN_CHART_STYLE_SECOND) ||
          twin_chart_series_get_n (line->series) == 0)
        continue;

      twin_chart_series_gaps (line->series, paint->x.min, paint->x.max, join,
                              any ? others : gaps);
      if (any)
        intersect (gaps, others);
      any = TRUE;
    }

  for (guint i = 0; i < gaps->len; i++)
    {
      const TwinChartGap *gap = &g_array_index (gaps, TwinChartGap, i);
      double from = twin_chart_paint_x (paint, MAX (gap->from, paint->x.min));
      double to = twin_chart_paint_x (paint, MIN (gap->to, paint->x.max));
      graphene_rect_t area;

      graphene_rect_init (&area, (float) from, paint->plot.origin.y,
                          (float) MAX (1.0, to - from),
                          paint->plot.size.height);
      twin_hatch_snapshot (paint->snapshot, &area, &paint->palette.hatch);
    }
}

double
twin_line_chart_top_near (TwinLineChart *self, double x, double reach)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  double                top = NAN;

  for (guint i = 0; i < priv->lines->len; i++)
    {
      const TwinChartLine *line = g_ptr_array_index (priv->lines, i);
      double               min, max;

      if (!line->visible || line->style != TWIN_CHART_STYLE_MEASURED)
        continue;

      if (twin_chart_series_range (line->series,
                                   twin_chart_series_find (line->series,
                                                           x - reach),
                                   twin_chart_series_find (line->series,
                                                           x + reach) +
                                       1,
                                   &min, &max))
        top = isnan (top) ? max : MAX (top, max);
    }

  return top;
}

gsize
twin_chart_break_record (const double *x,
                         const double *y,
                         gsize         n,
                         double        longest,
                         double      **x_out,
                         double      **y_out)
{
  gsize breaks = 0, k = 0;

  for (gsize i = 1; longest > 0 && i < n; i++)
    breaks += x[i] - x[i - 1] > longest ? 1 : 0;

  *x_out = g_new (double, n + breaks);
  *y_out = g_new (double, n + breaks);

  for (gsize i = 0; i < n; i++)
    {
      if (longest > 0 && i > 0 && x[i] - x[i - 1] > longest)
        {
          (*x_out)[k] = 0.5 * (x[i] + x[i - 1]);
          (*y_out)[k++] = NAN;
        }

      (*x_out)[k] = x[i];
      (*y_out)[k++] = y[i];
    }

  return k;
}
