/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-range-bar.h"

#include <math.h>
#include <string.h>

#include "twin-chart-palette.h"

#define HEIGHT 16
#define BAR 5

struct _TwinRangeBar
{
  GtkWidget parent_instance;
  double    now[3], then[3];
  double    least, most; /* of the scale; least > most: nothing to show */
};

G_DEFINE_FINAL_TYPE (TwinRangeBar, twin_range_bar, GTK_TYPE_WIDGET)

static void
draw (TwinRangeBar  *self,
      GtkSnapshot   *snapshot,
      const double   range[3],
      float          y,
      const GdkRGBA *colour)
{
  const double  width = gtk_widget_get_width (GTK_WIDGET (self)) - 3;
  const double  scale = width / MAX (self->most - self->least, 1e-12);
  const GdkRGBA pale = twin_chart_color_fade (colour, 0.35f);
  float         from, to, middle;

  if (isnan (range[1]))
    return;

  from = (float) ((range[0] - self->least) * scale);
  middle = (float) ((range[1] - self->least) * scale);
  to = (float) ((range[2] - self->least) * scale);
  gtk_snapshot_append_color (snapshot, &pale,
                             &GRAPHENE_RECT_INIT (from, y, MAX (to - from, 2),
                                                  BAR));
  gtk_snapshot_append_color (snapshot, colour,
                             &GRAPHENE_RECT_INIT (middle, y - 1, 3, BAR + 2));
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TwinRangeBar    *self = TWIN_RANGE_BAR (widget);
  const float      top = (float) gtk_widget_get_height (widget) / 2 - BAR - 1;
  TwinChartPalette palette;

  if (self->least > self->most)
    return;

  twin_chart_palette_init_for_widget (&palette, widget);
  draw (self, snapshot, self->now, top, &palette.measured);
  draw (self, snapshot, self->then, top + BAR + 2, &palette.predicted);
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
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 60 : HEIGHT;
}

static void
twin_range_bar_class_init (TwinRangeBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->snapshot = snapshot;
  widget_class->measure = measure;
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
twin_range_bar_init (TwinRangeBar *self)
{
  self->least = 1;
}

GtkWidget *
twin_range_bar_new (void)
{
  return g_object_new (TWIN_TYPE_RANGE_BAR, NULL);
}

void
twin_range_bar_set (TwinRangeBar *self,
                    const double  now[3],
                    const double  then[3],
                    gboolean      free_scale)
{
  double least = free_scale ? INFINITY : 0, most = free_scale ? -INFINITY : 0;

  g_return_if_fail (TWIN_IS_RANGE_BAR (self));

  memcpy (self->now, now, sizeof self->now);
  memcpy (self->then, then, sizeof self->then);
  for (int i = 0; i < 3; i++)
    {
      least = fmin (least, fmin (now[i], then[i]));
      most = fmax (most, fmax (now[i], then[i]));
    }

  self->least = least;
  self->most = most;
  if (isnan (now[1]) && isnan (then[1]))
    self->least = self->most + 1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
