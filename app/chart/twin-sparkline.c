/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-sparkline.h"

#include "twin-chart-paint.h"
#include "twin-hatch.h"

#include <math.h>
#include <string.h>

#define MARGIN 3.0

struct _TwinSparkline
{
  GtkWidget         parent_instance;
  TwinChartSeries  *series;
  double            limit;
  TwinChartPriority priority;
  gboolean          stale;
  gboolean          hatched;
};

G_DEFINE_FINAL_TYPE (TwinSparkline, twin_sparkline, GTK_TYPE_WIDGET)

void
twin_sparkline_set_samples (TwinSparkline *self,
                            const double  *x,
                            const double  *y,
                            gsize          n)
{
  g_return_if_fail (TWIN_IS_SPARKLINE (self));
  g_return_if_fail (n == 0 || y != NULL);

  if (x != NULL)
    twin_chart_series_set (self->series, x, y, n);
  else
    twin_chart_series_set_uniform (self->series, 0, 1, y, n);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
twin_sparkline_set_limit (TwinSparkline    *self,
                          double            value,
                          TwinChartPriority priority)
{
  g_return_if_fail (TWIN_IS_SPARKLINE (self));

  self->limit = value;
  self->priority = priority;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
twin_sparkline_set_stale (TwinSparkline *self, gboolean stale)
{
  g_return_if_fail (TWIN_IS_SPARKLINE (self));

  if (self->stale == stale)
    return;

  self->stale = stale;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
twin_sparkline_set_hatched (TwinSparkline *self, gboolean hatched)
{
  g_return_if_fail (TWIN_IS_SPARKLINE (self));

  self->hatched = hatched;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
twin_sparkline_set_label (TwinSparkline *self, const char *label)
{
  g_return_if_fail (TWIN_IS_SPARKLINE (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label != NULL ? label : "", -1);
}

/* The limit is in the picture only while the data comes anywhere near it. */
static void
fit (TwinSparkline *self, TwinChartPaint *paint, double min, double max)
{
  double span;

  if (!isnan (self->limit) && fabs (self->limit) < 3 * fabs (max))
    max = MAX (max, self->limit);

  span = MAX (max - min, MAX (fabs (max), 1e-12) * 0.05);
  paint->y =
      twin_chart_axis (TWIN_CHART_SCALE_LINEAR, (min + max) / 2 - span / 2,
                       (min + max) / 2 + span / 2);
}

static void
draw_samples (TwinSparkline *self, TwinChartPaint *paint, cairo_t *cr)
{
  gsize              n_columns = (gsize) MAX (1, paint->plot.size.width);
  g_autofree double *edges = g_new (double, n_columns + 1);
  g_autofree TwinChartColumn *columns = g_new (TwinChartColumn, n_columns);
  gboolean                    pen_down = FALSE;

  for (gsize i = 0; i <= n_columns; i++)
    edges[i] =
        twin_chart_axis_value (&paint->x, (double) i / (double) n_columns);
  /* The last sample lies on the last edge, which a column leaves out. */
  edges[n_columns] = nextafter (paint->x.max, INFINITY);
  twin_chart_series_columns (self->series, edges, n_columns, columns);
  cairo_new_path (cr);

  for (gsize i = 0; i < n_columns; i++)
    {
      double x = paint->plot.origin.x + (double) i + 0.5;

      if (columns[i].gap)
        pen_down = FALSE;
      if (columns[i].n == 0)
        continue;

      if (pen_down)
        cairo_line_to (cr, x, twin_chart_paint_y (paint, columns[i].first));
      else
        cairo_move_to (cr, x, twin_chart_paint_y (paint, columns[i].first));
      cairo_line_to (cr, x, twin_chart_paint_y (paint, columns[i].min));
      cairo_line_to (cr, x, twin_chart_paint_y (paint, columns[i].max));
      cairo_line_to (cr, x, twin_chart_paint_y (paint, columns[i].last));
      pen_down = !columns[i].gap;
    }

  cairo_set_line_width (cr, 1.3);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cr);
}

static void
draw_end (TwinSparkline *self, TwinChartPaint *paint, cairo_t *cr)
{
  gsize  n = twin_chart_series_get_n (self->series);
  double last = twin_chart_series_get_y (self->series, n - 1);

  if (isnan (last))
    return;

  cairo_arc (cr, paint->plot.origin.x + paint->plot.size.width,
             twin_chart_paint_y (paint, last), 2.2, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *shot)
{
  TwinSparkline *self = TWIN_SPARKLINE (widget);
  TwinChartPaint paint = { .widget = widget, .snapshot = shot };
  gsize          n = twin_chart_series_get_n (self->series);
  float          width = (float) gtk_widget_get_width (widget);
  float          height = (float) gtk_widget_get_height (widget);
  double         min, max;
  cairo_t       *cr;
  GdkRGBA        color;

  graphene_rect_init (&paint.area, 0, 0, width, height);
  graphene_rect_init (&paint.plot, MARGIN, MARGIN, width - 2 * MARGIN,
                      height - 2 * MARGIN);
  twin_chart_palette_init_for_widget (&paint.palette, widget);

  if (n > 1 && paint.plot.size.width > 4 &&
      twin_chart_series_range (self->series, 0, n, &min, &max))
    {
      paint.x = twin_chart_axis (TWIN_CHART_SCALE_LINEAR,
                                 twin_chart_series_get_x (self->series, 0),
                                 twin_chart_series_get_x (self->series, n - 1));
      fit (self, &paint, min, max);
      cr = gtk_snapshot_append_cairo (shot, &paint.area);
      if (!isnan (self->limit) &&
          twin_chart_axis_fraction (&paint.y, self->limit) <= 1.001)
        {
          color = self->stale ? paint.palette.stale
                              : paint.palette.priority_text[self->priority];
          twin_chart_paint_set_color (cr, &color);
          twin_chart_paint_set_line (cr, TWIN_CHART_STYLE_LIMIT, 1);
          cairo_move_to (cr, 0, twin_chart_paint_y (&paint, self->limit));
          cairo_line_to (cr, width, twin_chart_paint_y (&paint, self->limit));
          cairo_stroke (cr);
          cairo_set_dash (cr, NULL, 0, 0);
        }
      color = self->stale ? paint.palette.stale : paint.palette.measured;
      twin_chart_paint_set_color (cr, &color);
      if (twin_chart_axis_is_valid (&paint.x))
        draw_samples (self, &paint, cr);
      draw_end (self, &paint, cr);
      cairo_destroy (cr);
    }

  if (self->stale && self->hatched)
    twin_hatch_snapshot (shot, &paint.area, &paint.palette.hatch);
}

static void
measure (GtkWidget     *widget,
         GtkOrientation orientation,
         int            for_size,
         int           *minimum,
         int           *natural,
         int           *minimum_baseline,
         int           *natural_baseline)
{
  gboolean wide = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = wide ? 24 : 18;
  *natural = wide ? 72 : 26;
}

static void
finalize (GObject *object)
{
  twin_chart_series_free (TWIN_SPARKLINE (object)->series);

  G_OBJECT_CLASS (twin_sparkline_parent_class)->finalize (object);
}

static void
twin_sparkline_class_init (TwinSparklineClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  widget_class->snapshot = snapshot;
  widget_class->measure = measure;
  gtk_widget_class_set_css_name (widget_class, "sparkline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
twin_sparkline_init (TwinSparkline *self)
{
  self->series = twin_chart_series_new ();
  self->limit = NAN;
  self->hatched = TRUE;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
twin_sparkline_new (void)
{
  return g_object_new (TWIN_TYPE_SPARKLINE, NULL);
}
