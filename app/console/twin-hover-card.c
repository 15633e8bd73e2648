/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-hover-card.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "twin-state-glyph.h"

enum
{
  N_ROWS = 4,
};

struct _TwinHoverCard
{
  GtkWidget      parent_instance;
  TwinLivePlant *plant;
  TwinLiveItem  *machine;
  GtkWidget     *box;
  GtkWidget     *glyph;
  GtkWidget     *name;
  GtkWidget     *age;
  GtkWidget     *labels[N_ROWS];
  GtkWidget     *numbers[N_ROWS];
  GtkWidget     *units[N_ROWS];
};

G_DEFINE_FINAL_TYPE (TwinHoverCard, twin_hover_card, GTK_TYPE_WIDGET)

/* The signals shown, by unit and rank: what a plant person asks first. The
 * worst (highest) of a kind stands for the machine. */
static const char *const wanted_units[N_ROWS] = { "1/min", "m/s", "Cel", "/" };

static void
consider (TwinLiveValue *best[N_ROWS], TwinLiveValue *value)
{
  const TwinValueItem *item = twin_live_value_get_item (value);

  if (item->unit == NULL || isnan (item->value) ||
      strchr (item->path, '.') != NULL)
    return;

  for (int i = 0; i < N_ROWS; i++)
    if (strcmp (item->unit, wanted_units[i]) == 0 &&
        (best[i] == NULL ||
         item->value > twin_live_value_get_item (best[i])->value))
      best[i] = value;
}

static void
collect (TwinLiveItem *item, TwinLiveValue *best[N_ROWS])
{
  GListModel *values = twin_live_item_get_values (item);
  GListModel *children = twin_live_item_get_children (item);

  for (guint i = 0; i < g_list_model_get_n_items (values); i++)
    {
      g_autoptr (TwinLiveValue) value = g_list_model_get_item (values, i);

      consider (best, value);
    }
  for (guint i = 0; i < g_list_model_get_n_items (children); i++)
    {
      g_autoptr (TwinLiveItem) child = g_list_model_get_item (children, i);

      collect (child, best);
    }
}

static void
show_row (TwinHoverCard *self, int row, TwinLiveValue *value, gboolean live)
{
  const TwinValueItem *item;
  g_autofree char     *number = NULL;
  gboolean             stale;

  gtk_widget_set_visible (self->labels[row], value != NULL);
  gtk_widget_set_visible (self->numbers[row], value != NULL);
  gtk_widget_set_visible (self->units[row], value != NULL);
  if (value == NULL)
    return;

  item = twin_live_value_get_item (value);
  number = twin_live_value_dup_number (value);
  stale = !live || twin_live_value_is_stale (value, twin_clock_utc_us ());
  gtk_label_set_text (GTK_LABEL (self->labels[row]), item->label);
  gtk_label_set_text (GTK_LABEL (self->numbers[row]), number);
  gtk_label_set_text (GTK_LABEL (self->units[row]),
                      twin_live_display_unit (item->unit));
  if (stale)
    gtk_widget_add_css_class (self->numbers[row], "dim-label");
  else
    gtk_widget_remove_css_class (self->numbers[row], "dim-label");
}

static void
refresh (TwinHoverCard *self)
{
  TwinLiveValue   *best[N_ROWS] = { NULL };
  const int64_t    now_us = twin_clock_utc_us ();
  const gboolean   live = twin_live_plant_is_live (self->plant, now_us);
  g_autofree char *age =
      twin_live_dup_age (twin_live_item_get_newest_us (self->machine), now_us);

  twin_state_glyph_set_state (TWIN_STATE_GLYPH (self->glyph),
                              live ? twin_live_item_get_state (self->machine)
                                   : TWIN_STATE_STALE);
  gtk_label_set_text (GTK_LABEL (self->name),
                      twin_live_item_get_name (self->machine));
  gtk_label_set_text (GTK_LABEL (self->age), age);
  collect (self->machine, best);
  for (int i = 0; i < N_ROWS; i++)
    show_row (self, i, best[i], live);
}

static void
on_values (TwinLiveItem *machine, gpointer data)
{
  refresh (data);
}

static void
on_tick (TwinLivePlant *plant, gpointer data)
{
  refresh (data);
}

void
twin_hover_card_set (TwinHoverCard *self,
                     TwinLivePlant *plant,
                     TwinLiveItem  *machine)
{
  if (self->machine != NULL)
    g_signal_handlers_disconnect_by_data (self->machine, self);
  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  g_set_object (&self->plant, plant);
  g_set_object (&self->machine, machine);
  gtk_widget_set_visible (GTK_WIDGET (self), machine != NULL);
  if (machine == NULL)
    return;

  g_signal_connect (machine, "values", G_CALLBACK (on_values), self);
  g_signal_connect (plant, "tick", G_CALLBACK (on_tick), self);
  refresh (self);
}

static void
twin_hover_card_dispose (GObject *object)
{
  TwinHoverCard *self = TWIN_HOVER_CARD (object);

  if (self->machine != NULL)
    g_signal_handlers_disconnect_by_data (self->machine, self);
  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  g_clear_object (&self->machine);
  g_clear_object (&self->plant);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_hover_card_parent_class)->dispose (object);
}

static void
twin_hover_card_class_init (TwinHoverCardClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_hover_card_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
build_rows (TwinHoverCard *self, GtkWidget *grid)
{
  for (int i = 0; i < N_ROWS; i++)
    {
      self->labels[i] = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (self->labels[i]), 0);
      gtk_label_set_ellipsize (GTK_LABEL (self->labels[i]),
                               PANGO_ELLIPSIZE_END);
      gtk_widget_set_hexpand (self->labels[i], TRUE);
      self->numbers[i] = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (self->numbers[i]), 1);
      gtk_widget_add_css_class (self->numbers[i], "heading");
      gtk_widget_add_css_class (self->numbers[i], "numeric");
      self->units[i] = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (self->units[i]), 0);
      gtk_widget_add_css_class (self->units[i], "dim-label");
      gtk_grid_attach (GTK_GRID (grid), self->labels[i], 0, i, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), self->numbers[i], 1, i, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), self->units[i], 2, i, 1, 1);
    }
}

static void
twin_hover_card_init (TwinHoverCard *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *hint = gtk_label_new (_ ("Enter opens the machine"));

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "twin-overlay");
  gtk_widget_add_css_class (GTK_WIDGET (self), "twin-hover");
  g_object_set (self, "halign", GTK_ALIGN_END, "valign", GTK_ALIGN_END,
                "margin-end", 12, "margin-bottom", 12, "width-request", 224,
                "can-target", FALSE, "visible", FALSE, NULL);

  self->glyph = twin_state_glyph_new (15);
  self->name = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->name), 0);
  gtk_widget_set_hexpand (self->name, TRUE);
  gtk_widget_add_css_class (self->name, "heading");
  self->age = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->age, "dim-label");
  gtk_widget_add_css_class (self->age, "twin-small");
  gtk_widget_add_css_class (self->age, "numeric");
  gtk_box_append (GTK_BOX (head), self->glyph);
  gtk_box_append (GTK_BOX (head), self->name);
  gtk_box_append (GTK_BOX (head), self->age);
  gtk_box_append (GTK_BOX (self->box), head);

  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 4);
  build_rows (self, grid);
  gtk_box_append (GTK_BOX (self->box), grid);

  gtk_label_set_xalign (GTK_LABEL (hint), 0);
  gtk_widget_add_css_class (hint, "dim-label");
  gtk_widget_add_css_class (hint, "twin-small");
  gtk_box_append (GTK_BOX (self->box), hint);
}

GtkWidget *
twin_hover_card_new (void)
{
  return g_object_new (TWIN_TYPE_HOVER_CARD, NULL);
}
