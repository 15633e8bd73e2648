/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-chart-key.h"

#include "twin-chart-paint.h"

#define KEY_WIDTH 22
#define KEY_HEIGHT 8

struct _TwinChartKey
{
  GtkWidget      parent_instance;
  TwinChartStyle style;
};

G_DEFINE_FINAL_TYPE (TwinChartKey, twin_chart_key, GTK_TYPE_WIDGET)

void
twin_chart_key_set_style (TwinChartKey *self, TwinChartStyle style)
{
  g_return_if_fail (TWIN_IS_CHART_KEY (self));

  self->style = style;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *shot)
{
  TwinChartKey    *self = TWIN_CHART_KEY (widget);
  float            width = (float) gtk_widget_get_width (widget);
  float            height = (float) gtk_widget_get_height (widget);
  TwinChartPalette palette;
  GdkRGBA          color;
  cairo_t         *cr;

  twin_chart_palette_init_for_widget (&palette, widget);
  color =
      twin_chart_palette_line (&palette, self->style, TWIN_CHART_PRIORITY_HIGH);
  cr = gtk_snapshot_append_cairo (shot,
                                  &GRAPHENE_RECT_INIT (0, 0, width, height));
  twin_chart_paint_set_color (cr, &color);
  twin_chart_paint_set_line (cr, self->style, 0);
  cairo_move_to (cr, 0, height / 2);
  cairo_line_to (cr, width, height / 2);
  cairo_stroke (cr);
  cairo_destroy (cr);
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
  *minimum = *natural =
      orientation == GTK_ORIENTATION_HORIZONTAL ? KEY_WIDTH : KEY_HEIGHT;
}

static void
twin_chart_key_class_init (TwinChartKeyClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->snapshot = snapshot;
  widget_class->measure = measure;
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
twin_chart_key_init (TwinChartKey *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
twin_chart_key_new (TwinChartStyle style)
{
  GtkWidget *self = g_object_new (TWIN_TYPE_CHART_KEY, NULL);

  twin_chart_key_set_style (TWIN_CHART_KEY (self), style);
  return self;
}
