/* SPDX-License-Identifier: Apache-2.0 */
/* The plain cursor: one line, one ring a line, one card. */
#include "twin-line-chart-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define MAX_ROWS 8

char *
twin_line_chart_format_x (TwinLineChart *self, double x)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);

  if (priv->x_view.scale == TWIN_CHART_SCALE_TIME)
    {
      g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc ((gint64) x);
      g_autoptr (GDateTime) local = utc ? g_date_time_to_local (utc) : NULL;
      gboolean days = priv->x_view.max - priv->x_view.min > 40 * 86400.0;

      if (local == NULL)
        return g_strdup ("—");

      return g_date_time_format (local, days ? _ ("%-d %b %Y")
                                             : _ ("%-d %b %H:%M:%S"));
    }

  return twin_chart_format (x * priv->x_view.factor, 4);
}

void
twin_line_chart_draw_cursor_line (TwinChartPaint *paint, double x)
{
  double   at = twin_chart_paint_x (paint, x);
  double   foot = paint->plot.origin.y + paint->plot.size.height;
  cairo_t *cr = twin_chart_paint_cairo (paint, 6);

  twin_chart_paint_set_color (cr, &paint->palette.ink);
  cairo_set_line_width (cr, 1.4);
  cairo_move_to (cr, at, paint->plot.origin.y);
  cairo_line_to (cr, at, foot);
  cairo_stroke (cr);
  cairo_move_to (cr, at - 5, foot + 1);
  cairo_line_to (cr, at, foot - 6);
  cairo_line_to (cr, at + 5, foot + 1);
  cairo_close_path (cr);
  cairo_fill (cr);
  cairo_destroy (cr);
}

/* Sample of @line under the cursor; FALSE in a gap and beyond its ends. */
static gboolean
value_at (const TwinChartLine *line, double x, double reach, double *value)
{
  gsize i = twin_chart_series_nearest (line->series, x);

  if (!line->visible || i == G_MAXSIZE)
    return FALSE;

  if (fabs (twin_chart_series_get_x (line->series, i) - x) > reach)
    return FALSE;

  *value = twin_chart_series_get_y (line->series, i);
  return !isnan (*value);
}

/* Samples further from the cursor than this are not under it. */
static double
reach_of (TwinLineChartPrivate *priv, const TwinChartLine *line)
{
  gsize  n = twin_chart_series_get_n (line->series);
  double span = priv->x_view.max - priv->x_view.min;

  if (n < 2)
    return span * 0.02;

  return MAX (span * 0.005, 2 *
                                (twin_chart_series_get_x (line->series, n - 1) -
                                 twin_chart_series_get_x (line->series, 0)) /
                                (double) (n - 1));
}

void
twin_line_chart_draw_cursor (TwinLineChart *self, TwinChartPaint *paint)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  TwinChartCardRow      rows[MAX_ROWS];
  char                 *values[MAX_ROWS];
  g_autofree char      *title = twin_line_chart_format_x (self, priv->cursor);
  gsize                 n = 0;
  cairo_t              *cr;

  if (priv->cursor < paint->x.min || priv->cursor > paint->x.max)
    return;

  twin_line_chart_draw_cursor_line (paint, priv->cursor);
  cr = twin_chart_paint_cairo (paint, 6);

  for (guint i = 0; i < priv->lines->len && n < MAX_ROWS; i++)
    {
      const TwinChartLine *line = g_ptr_array_index (priv->lines, i);
      double               value;

      if (!value_at (line, priv->cursor, reach_of (priv, line), &value))
        continue;

      twin_chart_paint_dot (cr, &paint->palette, TRUE,
                            twin_chart_paint_x (paint, priv->cursor),
                            twin_chart_paint_y (paint, value), 3.2);
      values[n] = twin_chart_format (value, 3);
      rows[n] = (TwinChartCardRow){ line->name != NULL ? line->name : "",
                                    values[n], priv->unit };
      n++;
    }

  cairo_destroy (cr);
  if (n == 0)
    {
      values[0] = g_strdup ("—");
      rows[n++] = (TwinChartCardRow){ _ ("no data here"), values[0], NULL };
    }

  twin_chart_paint_card (paint, title, rows, n,
                         twin_chart_paint_x (paint, priv->cursor) + 12,
                         paint->plot.origin.y + 8);
  for (gsize i = 0; i < n; i++)
    g_free (values[i]);
}

static void
describe_values (TwinLineChart *self, GString *text)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);

  for (guint i = 0; i < priv->lines->len; i++)
    {
      const TwinChartLine *line = g_ptr_array_index (priv->lines, i);
      g_autofree char     *number = NULL;
      double               value;

      if (!value_at (line, priv->cursor, reach_of (priv, line), &value))
        continue;

      number = twin_chart_format (value, 3);
      g_string_append_printf (text, "; %s %s %s", line->name ? line->name : "",
                              number, priv->unit ? priv->unit : "");
    }
}

char *
twin_line_chart_describe (TwinLineChart *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  GString              *text = g_string_new (NULL);

  if (priv->stale)
    g_string_append_printf (text, "%s. ",
                            priv->age_text ? priv->age_text : _ ("Old data"));

  if (!twin_line_chart_has_samples (self))
    g_string_append (text, priv->empty_text ? priv->empty_text : _ ("No data"));
  else if (isnan (priv->cursor))
    g_string_append (text, _ ("No cursor; arrow keys set one"));
  else
    {
      g_autofree char *x = twin_line_chart_format_x (self, priv->cursor);

      g_string_append_printf (text, _ ("Cursor at %s"), x);
      describe_values (self, text);
    }

  return g_string_free (text, FALSE);
}

/* One pixel; snapping makes at least a sample of it. */
double
twin_line_chart_cursor_step (TwinLineChart *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  double                width = MAX (100.0, priv->paint.plot.size.width);
  double                step = (priv->x_view.max - priv->x_view.min) / width;

  for (guint i = 0; i < priv->lines->len; i++)
    {
      const TwinChartLine *line = g_ptr_array_index (priv->lines, i);
      gsize                n = twin_chart_series_get_n (line->series);

      if (line->visible && n > 1)
        return MAX (step, (twin_chart_series_get_x (line->series, n - 1) -
                           twin_chart_series_get_x (line->series, 0)) /
                              (double) (n - 1));
    }

  return step;
}

double
twin_line_chart_snap_cursor (TwinLineChart *self, double x)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);

  for (guint i = 0; i < priv->lines->len; i++)
    {
      const TwinChartLine *line = g_ptr_array_index (priv->lines, i);
      gsize  nearest = twin_chart_series_nearest (line->series, x);
      double at;

      if (!line->visible || nearest == G_MAXSIZE)
        continue;

      at = twin_chart_series_get_x (line->series, nearest);
      /* Inside a gap the cursor stays where it was put. */
      return fabs (at - x) <= reach_of (priv, line) ? at : x;
    }

  return x;
}

void
twin_line_chart_step_cursor (TwinLineChart *self, double steps)
{
  TwinLineChartPrivate *priv;
  TwinLineChartClass *class;
  double x, step;

  g_return_if_fail (TWIN_IS_LINE_CHART (self));

  priv = twin_line_chart_private (self);
  class = TWIN_LINE_CHART_GET_CLASS (self);
  step = class->cursor_step (self);

  if (isnan (priv->cursor))
    x = 0.5 * (priv->x_view.min + priv->x_view.max);
  else
    x = priv->cursor + steps * step;

  x = class->snap_cursor (self, x);
  /* Unevenly spaced samples may hold the snap where it was. */
  if (x == priv->cursor && steps != 0)
    x = priv->cursor + (steps > 0 ? 1 : -1) * MAX (fabs (steps), 2) * step;

  x = CLAMP (x, priv->x_full.min, priv->x_full.max);

  /* The view follows the cursor. */
  if (x < priv->x_view.min || x > priv->x_view.max)
    {
      double span = priv->x_view.max - priv->x_view.min;
      double middle =
          CLAMP (x, priv->x_full.min + span / 2, priv->x_full.max - span / 2);

      priv->x_view.min = middle - span / 2;
      priv->x_view.max = middle + span / 2;
      twin_line_chart_invalidate (self);
    }

  twin_line_chart_set_cursor (self, x);
}
