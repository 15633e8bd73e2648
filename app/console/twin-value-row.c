/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-value-row.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "twin-chart-axis.h"
#include "twin-hatch.h"
#include "twin-sparkline.h"

struct _TwinValueRow
{
  GtkWidget      parent_instance;
  TwinLiveValue *value;
  GtkWidget     *box;
  GtkLabel      *name;
  GtkWidget     *line;
  GtkLabel      *number;
  GtkLabel      *unit;
  GtkLabel      *limit;
  GtkLabel      *age;
  gboolean       old;
  int64_t        drawn_us; /* newest value in the sparkline */
};

G_DEFINE_FINAL_TYPE (TwinValueRow, twin_value_row, GTK_TYPE_WIDGET)

static void
set_text (GtkLabel *label, const char *text)
{
  if (strcmp (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
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
set_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
speak (TwinValueRow *self,
       const char   *number,
       const char   *unit,
       const char   *age)
{
  g_autofree char *text =
      g_strdup_printf (self->old ? _ ("%s: %s %s, old: %s")
                                 : _ ("%s: %s %s, %s ago"),
                       gtk_label_get_text (self->name), number, unit, age);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
twin_value_row_refresh (TwinValueRow *self, gboolean live, int64_t now_us)
{
  const TwinValueItem *item;
  g_autofree char     *number = NULL, *age = NULL, *limit = NULL;
  const char          *unit;

  g_return_if_fail (TWIN_IS_VALUE_ROW (self));

  item = twin_live_value_get_item (self->value);
  number = twin_live_value_dup_number (self->value);
  age = twin_live_dup_age (item->source_us, now_us);
  limit = dup_limit (item);
  unit = twin_live_display_unit (item->unit);
  self->old = !live || twin_live_value_is_stale (self->value, now_us);

  set_text (self->name, item->label != NULL ? item->label : item->path);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), item->path);
  set_text (self->number, number);
  set_text (self->unit, unit);
  set_text (self->limit, limit);
  set_text (self->age, age);
  set_class (self->box, "twin-old", self->old);
  set_class (GTK_WIDGET (self->number), "twin-beyond",
             !self->old && is_beyond (item));
  twin_sparkline_set_stale (TWIN_SPARKLINE (self->line), self->old);
  show_line (self, item);
  speak (self, number, unit, age);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *shot)
{
  TwinValueRow *self = TWIN_VALUE_ROW (widget);

  if (self->old)
    twin_hatch_snapshot_widget (shot,
                                &GRAPHENE_RECT_INIT (0, 0,
                                                     (float)
                                                         gtk_widget_get_width (
                                                             widget),
                                                     (float)
                                                         gtk_widget_get_height (
                                                             widget)),
                                widget);
  gtk_widget_snapshot_child (widget, self->box, shot);
}

static GtkLabel *
add_label (TwinValueRow *self, int width, float xalign, const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_width_chars (GTK_LABEL (label), width);
  gtk_widget_add_css_class (label, "numeric");
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  gtk_box_append (GTK_BOX (self->box), label);
  return GTK_LABEL (label);
}

static void
dispose (GObject *object)
{
  TwinValueRow *self = TWIN_VALUE_ROW (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->value);

  G_OBJECT_CLASS (twin_value_row_parent_class)->dispose (object);
}

static void
twin_value_row_class_init (TwinValueRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  widget_class->snapshot = snapshot;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
twin_value_row_init (TwinValueRow *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class (self->box, "twin-value-row");
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  self->name = add_label (self, 0, 0, NULL);
  gtk_label_set_ellipsize (self->name, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->name), TRUE);
  self->line = twin_sparkline_new ();
  gtk_widget_set_size_request (self->line, -1, 22);
  gtk_box_append (GTK_BOX (self->box), self->line);
  self->number = add_label (self, 6, 1, "heading");
  self->unit = add_label (self, 5, 0, "dim-label");
  self->limit = add_label (self, 6, 1, "dim-label");
  self->age = add_label (self, 5, 1, "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->limit), "twin-cap");
  gtk_widget_add_css_class (GTK_WIDGET (self->age), "twin-cap");
}

GtkWidget *
twin_value_row_new (TwinLiveValue *value)
{
  TwinValueRow        *self = g_object_new (TWIN_TYPE_VALUE_ROW, NULL);
  const TwinValueItem *item = twin_live_value_get_item (value);

  self->value = g_object_ref (value);
  self->drawn_us = TWIN_TIME_NONE;
  twin_sparkline_set_label (TWIN_SPARKLINE (self->line), item->label);
  return GTK_WIDGET (self);
}
