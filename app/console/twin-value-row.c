/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-value-row.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "twin-chart-axis.h"
#include "twin-hatch.h"
#include "twin-sparkline.h"

/* Twenty rows change every second. As labels they would lay out the page and
 * tell the accessibility bus of every digit: 15 ms a second. So the row draws
 * its texts, and speaks at most this often. */
#define SPEAK_EVERY_US (5 * TWIN_US_PER_S)

#define GAP 6.0f
#define PADDING 12
/* Width of a row from which on there is room for every column. */
#define ROOMY_DIGITS 50

typedef enum
{
  TEXT_NAME,
  TEXT_NUMBER,
  TEXT_SPREAD,
  TEXT_UNIT,
  TEXT_LIMIT,
  TEXT_AGE,
  N_TEXTS,
} Text;

/* Width in digits; 0: what is left. */
static const struct
{
  int      digits;
  gboolean right;
  gboolean bold;
  double   scale;
  float    alpha;
} looks[N_TEXTS] = {
  [TEXT_NAME] = { 0, FALSE, FALSE, 1, 1 },
  [TEXT_NUMBER] = { 7, TRUE, TRUE, 1, 1 },
  [TEXT_SPREAD] = { 6, FALSE, FALSE, 0.85, 0.62f },
  [TEXT_UNIT] = { 5, FALSE, FALSE, 1, 0.62f },
  [TEXT_LIMIT] = { 6, TRUE, FALSE, 0.85, 0.62f },
  [TEXT_AGE] = { 5, TRUE, FALSE, 0.85, 0.62f },
};

struct _TwinValueRow
{
  GtkWidget      parent_instance;
  TwinLiveValue *value;
  GtkWidget     *line;
  char          *texts[N_TEXTS];
  PangoLayout   *layouts[N_TEXTS]; /* of the texts; NULL: to be made */
  gboolean       old;
  gboolean       beyond;
  int64_t        drawn_us;  /* newest value in the sparkline */
  int64_t        spoken_us; /* when the accessible text was set */
};

G_DEFINE_FINAL_TYPE (TwinValueRow, twin_value_row, GTK_TYPE_WIDGET)

static gboolean
set_text (TwinValueRow *self, Text which, const char *text)
{
  if (g_strcmp0 (self->texts[which], text) == 0)
    return FALSE;

  g_free (self->texts[which]);
  self->texts[which] = g_strdup (text);
  g_clear_object (&self->layouts[which]);
  return TRUE;
}

static char *
dup_limit (const TwinValueItem *item)
{
  const double high = twin_live_display_value (item->unit, item->limit_high);
  const double low = twin_live_display_value (item->unit, item->limit_low);
  g_autofree char *high_text = twin_chart_format (high, 3);
  g_autofree char *low_text = twin_chart_format (low, 3);

  if (!isnan (high) && !isnan (low))
    return g_strdup_printf ("%s–%s", low_text, high_text);
  if (!isnan (high))
    return g_strdup_printf ("≤ %s", high_text);

  return isnan (low) ? g_strdup ("") : g_strdup_printf ("≥ %s", low_text);
}

static gboolean
is_beyond (const TwinValueItem *item)
{
  /* Both are false while there is no limit. */
  return item->value > item->limit_high || item->value < item->limit_low;
}

static void
show_line (TwinValueRow *self, const TwinValueItem *item)
{
  const int64_t *times_us;
  const double  *values;
  const size_t n = twin_live_value_get_memory (self->value, &times_us, &values);
  g_autofree double *x = NULL;

  if (n == 0 || times_us[n - 1] == self->drawn_us)
    return;

  x = g_new (double, n);
  for (size_t i = 0; i < n; i++)
    x[i] = (double) times_us[i] / TWIN_US_PER_S;
  twin_sparkline_set_samples (TWIN_SPARKLINE (self->line), x, values, n);
  twin_sparkline_set_limit (TWIN_SPARKLINE (self->line), item->limit_high,
                            TWIN_CHART_PRIORITY_MEDIUM);
  self->drawn_us = times_us[n - 1];
}

static void
speak (TwinValueRow *self, gboolean at_once, int64_t now_us)
{
  g_autofree char *text = NULL;

  if (!at_once && self->spoken_us != TWIN_TIME_NONE &&
      now_us - self->spoken_us < SPEAK_EVERY_US)
    return;

  self->spoken_us = now_us;
  text = g_strdup_printf (self->old ? _ ("%s: %s %s, old: %s")
                                    : _ ("%s: %s %s, %s ago"),
                          self->texts[TEXT_NAME], self->texts[TEXT_NUMBER],
                          self->texts[TEXT_UNIT], self->texts[TEXT_AGE]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
twin_value_row_refresh (TwinValueRow *self, gboolean live, int64_t now_us)
{
  const TwinValueItem *item;
  g_autofree char     *number = NULL, *age = NULL, *limit = NULL;
  g_autofree char     *spread = NULL;
  gboolean             was_old, changed = FALSE;

  g_return_if_fail (TWIN_IS_VALUE_ROW (self));

  item = twin_live_value_get_item (self->value);
  number = twin_live_value_dup_number (self->value);
  age = twin_live_dup_age (item->source_us, now_us);
  limit = dup_limit (item);
  spread = twin_live_value_dup_spread (self->value, now_us);
  was_old = self->old;
  self->old = !live || twin_live_value_is_stale (self->value, now_us);
  self->beyond = !self->old && is_beyond (item);

  changed |= set_text (self, TEXT_NAME,
                       item->label != NULL ? item->label : item->path);
  changed |= set_text (self, TEXT_NUMBER, number);
  changed |= set_text (self, TEXT_SPREAD, spread);
  changed |= set_text (self, TEXT_UNIT, twin_live_display_unit (item->unit));
  changed |= set_text (self, TEXT_LIMIT, limit);
  changed |= set_text (self, TEXT_AGE, age);
  twin_sparkline_set_stale (TWIN_SPARKLINE (self->line), self->old);
  show_line (self, item);
  speak (self, was_old != self->old, now_us);
  if (changed || was_old != self->old)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* --- drawing ----------------------------------------------------------------
 */

/* Width of a digit of the widget's font. */
static double
digit_width (GtkWidget *widget)
{
  PangoContext     *context = gtk_widget_get_pango_context (widget);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  const double      width =
      pango_font_metrics_get_approximate_digit_width (metrics) /
      (double) PANGO_SCALE;

  pango_font_metrics_unref (metrics);
  return width;
}

/* How unsure a value is has its column where the name, in @width, keeps room.
 */
static gboolean
has_spread (GtkWidget *widget, int width)
{
  return width >= ROOMY_DIGITS * digit_width (widget);
}

static float
column_width (GtkWidget *widget, Text which)
{
  return (float) ceil (looks[which].digits * digit_width (widget) *
                       looks[which].scale);
}

static PangoLayout *
ensure_layout (TwinValueRow *self, Text which)
{
  g_autoptr (PangoAttrList) list = NULL;

  if (self->layouts[which] != NULL)
    return self->layouts[which];

  list = pango_attr_list_new ();
  pango_attr_list_insert (list, pango_attr_font_features_new ("tnum=1"));
  pango_attr_list_insert (list, pango_attr_scale_new (looks[which].scale));
  if (looks[which].bold)
    pango_attr_list_insert (list, pango_attr_weight_new (PANGO_WEIGHT_BOLD));

  self->layouts[which] =
      gtk_widget_create_pango_layout (GTK_WIDGET (self), self->texts[which]);
  pango_layout_set_attributes (self->layouts[which], list);
  pango_layout_set_ellipsize (self->layouts[which], PANGO_ELLIPSIZE_END);
  return self->layouts[which];
}

static void
draw_text (TwinValueRow *self,
           GtkSnapshot  *shot,
           Text          which,
           float         x,
           float         width,
           GdkRGBA       color)
{
  PangoLayout *layout = ensure_layout (self, which);
  int          text_width, text_height;

  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  if (looks[which].right)
    x += width - (float) text_width;
  color.alpha *= self->old ? 0.56f : looks[which].alpha;

  gtk_snapshot_save (shot);
  gtk_snapshot_translate (shot,
                          &GRAPHENE_POINT_INIT (roundf (x),
                                                roundf (
                                                    ((float)
                                                         gtk_widget_get_height (
                                                             GTK_WIDGET (
                                                                 self)) -
                                                     (float) text_height) /
                                                    2)));
  gtk_snapshot_append_layout (shot, layout, &color);
  gtk_snapshot_restore (shot);
}

static GdkRGBA
number_color (TwinValueRow *self, const GdkRGBA *text)
{
  TwinChartPalette palette;

  if (!self->beyond)
    return *text;

  twin_chart_palette_init_for_widget (&palette, GTK_WIDGET (self));
  return palette.priority_text[TWIN_CHART_PRIORITY_MEDIUM];
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *shot)
{
  TwinValueRow   *self = TWIN_VALUE_ROW (widget);
  const float     width = (float) gtk_widget_get_width (widget);
  float           x = width;
  graphene_rect_t line;
  GdkRGBA         color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  if (self->old)
    twin_hatch_snapshot_widget (shot,
                                &GRAPHENE_RECT_INIT (0, 0, width,
                                                     (float)
                                                         gtk_widget_get_height (
                                                             widget)),
                                widget);

  for (int which = TEXT_AGE; which >= TEXT_NUMBER; which--)
    {
      const float column = column_width (widget, (Text) which);

      if (which == TEXT_SPREAD && !has_spread (widget, (int) width))
        continue;

      x -= column;
      if (self->texts[which] != NULL && self->texts[which][0] != '\0')
        draw_text (self, shot, (Text) which, x, column,
                   which == TEXT_NUMBER ? number_color (self, &color) : color);
      x -= GAP;
    }

  if (!gtk_widget_compute_bounds (self->line, widget, &line))
    return;
  if (self->texts[TEXT_NAME] != NULL)
    draw_text (self, shot, TEXT_NAME, 0, MAX (1, line.origin.x - GAP), color);
  gtk_widget_snapshot_child (widget, self->line, shot);
}

/* --- size
 * ------------------------------------------------------------------------ */

static float
figures_width (GtkWidget *widget, gboolean spread)
{
  float width = 0;

  for (int which = TEXT_NUMBER; which <= TEXT_AGE; which++)
    width += which != TEXT_SPREAD || spread
                 ? column_width (widget, (Text) which) + GAP
                 : 0;
  return width;
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
  TwinValueRow *self = TWIN_VALUE_ROW (widget);
  int           line_minimum, line_natural;

  gtk_widget_measure (self->line, orientation, -1, &line_minimum, &line_natural,
                      NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      const int digits = (int) (8 * digit_width (widget));

      *minimum = (int) figures_width (widget, FALSE) + line_minimum + digits;
      *natural = (int) figures_width (widget, TRUE) + line_natural + 2 * digits;
      return;
    }

  *minimum = MAX (line_minimum, (int) (2 * digit_width (widget)) + PADDING);
  *natural = *minimum;
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TwinValueRow *self = TWIN_VALUE_ROW (widget);
  const int     left =
      MAX (0, width - (int) figures_width (widget, has_spread (widget, width)));
  int minimum, natural;
  int line_width;

  gtk_widget_measure (self->line, GTK_ORIENTATION_HORIZONTAL, -1, &minimum,
                      &natural, NULL, NULL);
  /* The name comes first; the line takes what it leaves. */
  line_width = CLAMP (left / 4, minimum, natural);
  gtk_widget_size_allocate (self->line,
                            &(GtkAllocation){ MAX (0, left - line_width), 3,
                                              line_width, MAX (1, height - 6) },
                            -1);
}

static void
css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  TwinValueRow *self = TWIN_VALUE_ROW (widget);

  GTK_WIDGET_CLASS (twin_value_row_parent_class)->css_changed (widget, change);
  for (int i = 0; i < N_TEXTS; i++)
    g_clear_object (&self->layouts[i]);
}

static void
dispose (GObject *object)
{
  TwinValueRow *self = TWIN_VALUE_ROW (object);

  g_clear_pointer (&self->line, gtk_widget_unparent);
  g_clear_object (&self->value);
  for (int i = 0; i < N_TEXTS; i++)
    {
      g_clear_object (&self->layouts[i]);
      g_clear_pointer (&self->texts[i], g_free);
    }

  G_OBJECT_CLASS (twin_value_row_parent_class)->dispose (object);
}

static void
twin_value_row_class_init (TwinValueRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  widget_class->snapshot = snapshot;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  widget_class->css_changed = css_changed;
  gtk_widget_class_set_css_name (widget_class, "valuerow");
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
twin_value_row_init (TwinValueRow *self)
{
  self->drawn_us = self->spoken_us = TWIN_TIME_NONE;
  self->line = twin_sparkline_new ();
  twin_sparkline_set_hatched (TWIN_SPARKLINE (self->line), FALSE);
  gtk_widget_set_parent (self->line, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "twin-value-row");
}

GtkWidget *
twin_value_row_new (TwinLiveValue *value)
{
  TwinValueRow        *self = g_object_new (TWIN_TYPE_VALUE_ROW, NULL);
  const TwinValueItem *item = twin_live_value_get_item (value);

  self->value = g_object_ref (value);
  twin_sparkline_set_label (TWIN_SPARKLINE (self->line), item->label);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), item->path);
  return GTK_WIDGET (self);
}
