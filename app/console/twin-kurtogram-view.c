/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-kurtogram-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "twin-chart-palette.h"

#define ROW 13.0f
/* Least kurtosis that is drawn full: a sine of constant strength has -1, noise
 * 0, and what strikes clearly has more than this. */
#define FULL 1.0
#define FAINTEST 0.04

struct _TwinKurtogramView
{
  GtkWidget parent_instance;
  GArray   *bands; /* TwinBandItem, or NULL */
  int       best;
  int       rows; /* down to the narrowest band that has a value */
};

G_DEFINE_FINAL_TYPE (TwinKurtogramView, twin_kurtogram_view, GTK_TYPE_WIDGET)

/* 0, 1, 1.58, 2, 2.58 … become 0, 1, 2, 3, 4 … */
static int
row_of (double level)
{
  const double whole = floor (level + 1e-6);

  if (whole < 1)
    return 0;
  return (int) (2 * whole - 1 + (level - whole > 0.3 ? 1 : 0));
}

static int
count_rows (const GArray *bands)
{
  int rows = 0;

  for (guint i = 0; bands != NULL && i < bands->len; i++)
    {
      const TwinBandItem *band = &g_array_index (bands, TwinBandItem, i);

      if (!isnan (band->kurtosis))
        rows = MAX (rows, row_of (band->level) + 1);
    }
  return rows;
}

static graphene_rect_t
place (const TwinBandItem *band, double top_hz, float width)
{
  const float x = (float) (band->lo_hz / top_hz) * width;
  const float end = (float) (band->hi_hz / top_hz) * width;

  return GRAPHENE_RECT_INIT (x, (float) row_of (band->level) * ROW,
                             MAX (1, end - x - 0.5f), ROW - 1);
}

static double
largest (const GArray *bands, double *top_hz)
{
  double most = FULL;

  *top_hz = 0;
  for (guint i = 0; i < bands->len; i++)
    {
      const TwinBandItem *band = &g_array_index (bands, TwinBandItem, i);

      *top_hz = MAX (*top_hz, band->hi_hz);
      if (band->kurtosis > most)
        most = band->kurtosis;
    }
  return most;
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *shot)
{
  TwinKurtogramView *self = TWIN_KURTOGRAM_VIEW (widget);
  const float        width = (float) gtk_widget_get_width (widget);
  TwinChartPalette   palette;
  double             top_hz, most;

  if (self->bands == NULL)
    return;

  twin_chart_palette_init_for_widget (&palette, widget);
  most = largest (self->bands, &top_hz);
  for (guint i = 0; i < self->bands->len && top_hz > 0; i++)
    {
      const TwinBandItem *band = &g_array_index (self->bands, TwinBandItem, i);
      const graphene_rect_t area = place (band, top_hz, width);
      const double          share = CLAMP (band->kurtosis / most, FAINTEST, 1);
      const GdkRGBA colour = twin_chart_color_fade (&palette.measured, share);

      if (!isnan (band->kurtosis))
        gtk_snapshot_append_color (shot, &colour, &area);
      if ((int) i == self->best)
        {
          GskRoundedRect frame;

          gsk_rounded_rect_init_from_rect (&frame, &area, 0);
          gtk_snapshot_append_border (shot, &frame,
                                      (float[4]){ 1.5f, 1.5f, 1.5f, 1.5f },
                                      (GdkRGBA[4]){ palette.ink, palette.ink,
                                                    palette.ink, palette.ink });
        }
    }
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
      orientation == GTK_ORIENTATION_HORIZONTAL
          ? 120
          : (int) ((float) TWIN_KURTOGRAM_VIEW (widget)->rows * ROW);
}

static void
dispose (GObject *object)
{
  g_clear_pointer (&TWIN_KURTOGRAM_VIEW (object)->bands, g_array_unref);
  G_OBJECT_CLASS (twin_kurtogram_view_parent_class)->dispose (object);
}

static void
twin_kurtogram_view_class_init (TwinKurtogramViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  widget_class->snapshot = snapshot;
  widget_class->measure = measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
twin_kurtogram_view_init (TwinKurtogramView *self)
{
  self->best = -1;
}

char *
twin_kurtogram_dup_text (const GArray *bands, int best)
{
  const TwinBandItem *band;

  if (bands == NULL)
    return g_strdup (_ ("No record has been looked at yet."));
  if (best < 0 || (guint) best >= bands->len)
    return g_strdup (_ ("No band strikes more than noise does."));

  band = &g_array_index (bands, TwinBandItem, best);
  return g_strdup_printf (_ ("Strikes most at %.0f–%.0f Hz, kurtosis %.1f."),
                          band->lo_hz, band->hi_hz, band->kurtosis);
}

void
twin_kurtogram_view_set (TwinKurtogramView *self, GArray *bands, int best)
{
  g_autofree char *text = NULL;

  if (bands == self->bands && best == self->best)
    return;

  text = twin_kurtogram_dup_text (bands, best);
  if (bands != NULL)
    g_array_ref (bands);
  g_clear_pointer (&self->bands, g_array_unref);
  self->bands = bands;
  self->best = best;
  self->rows = count_rows (bands);
  gtk_widget_set_visible (GTK_WIDGET (self), self->rows > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
