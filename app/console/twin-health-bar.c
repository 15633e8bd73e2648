/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-health-bar.h"

#include <string.h>

#include "twin-hatch.h"

struct _TwinHealthBar
{
  GtkWidget parent_instance;
  guint     counts[TWIN_STATE_STALE + 1];
  gboolean  live;
};

G_DEFINE_FINAL_TYPE (TwinHealthBar, twin_health_bar, GTK_TYPE_WIDGET)

static const TwinState order[] = { TWIN_STATE_NORMAL,   TWIN_STATE_LOW,
                                   TWIN_STATE_MEDIUM,   TWIN_STATE_HIGH,
                                   TWIN_STATE_CRITICAL, TWIN_STATE_STALE,
                                   TWIN_STATE_STOPPED,  TWIN_STATE_UNKNOWN };

static GdkRGBA
colour_of (const TwinChartPalette *palette, TwinState state)
{
  switch (state)
    {
    case TWIN_STATE_CRITICAL:
      return palette->priority_fill[1];
    case TWIN_STATE_HIGH:
      return palette->priority_fill[2];
    case TWIN_STATE_MEDIUM:
      return palette->priority_fill[3];
    case TWIN_STATE_LOW:
      return palette->priority_fill[4];
    case TWIN_STATE_NORMAL:
      return twin_chart_color_fade (&palette->dim, 0.75);
    case TWIN_STATE_STALE:
      return twin_chart_color_fade (&palette->hatch, 0.6);
    default:
      return twin_chart_color_fade (&palette->dim, 0.3);
    }
}

static void
twin_health_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TwinHealthBar   *self = TWIN_HEALTH_BAR (widget);
  const float      w = gtk_widget_get_width (widget);
  const float      h = gtk_widget_get_height (widget);
  float            x = 0;
  guint            total = 0;
  TwinChartPalette palette;

  twin_chart_palette_init_for_widget (&palette, widget);
  for (int i = 0; i <= TWIN_STATE_STALE; i++)
    total += self->counts[i];

  if (!self->live || total == 0)
    {
      twin_hatch_snapshot (snapshot, &GRAPHENE_RECT_INIT (0, 0, w, h),
                           &palette.hatch);
      return;
    }

  for (size_t i = 0; i < G_N_ELEMENTS (order); i++)
    {
      const float     part = w * self->counts[order[i]] / total;
      graphene_rect_t area = GRAPHENE_RECT_INIT (x, 0, MAX (0, part - 1.5f), h);
      GdkRGBA         colour = colour_of (&palette, order[i]);

      if (self->counts[order[i]] == 0)
        continue;

      gtk_snapshot_append_color (snapshot, &colour, &area);
      if (order[i] == TWIN_STATE_STALE)
        twin_hatch_snapshot (snapshot, &area, &palette.hatch);
      x += part;
    }
}

static void
twin_health_bar_measure (GtkWidget     *widget,
                         GtkOrientation orientation,
                         int            for_size,
                         int           *minimum,
                         int           *natural,
                         int           *minimum_baseline,
                         int           *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 60 : 12;
}

static void
twin_health_bar_class_init (TwinHealthBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->snapshot = twin_health_bar_snapshot;
  widget_class->measure = twin_health_bar_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
twin_health_bar_init (TwinHealthBar *self)
{
}

GtkWidget *
twin_health_bar_new (void)
{
  return g_object_new (TWIN_TYPE_HEALTH_BAR, NULL);
}

void
twin_health_bar_set (TwinHealthBar *self,
                     const guint    counts[TWIN_STATE_STALE + 1],
                     gboolean       live)
{
  memcpy (self->counts, counts, sizeof self->counts);
  self->live = live;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
