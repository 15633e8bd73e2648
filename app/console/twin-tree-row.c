/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-tree-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-life-words.h"
#include "twin-state-glyph.h"

struct _TwinTreeRow
{
  GtkWidget     parent_instance;
  TwinLiveItem *item;
  gulong        on_serial;
  GtkWidget    *glyph;
  GtkWidget    *name;
  GtkWidget    *note;
  GtkWidget    *tag;
};

G_DEFINE_FINAL_TYPE (TwinTreeRow, twin_tree_row, GTK_TYPE_WIDGET)

static guint
count_machines (TwinLiveItem *item)
{
  GListModel *children = twin_live_item_get_children (item);
  const guint n = g_list_model_get_n_items (children);
  guint       count = twin_live_item_get_kind (item) == TWIN_KIND_MACHINE;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TwinLiveItem) child = g_list_model_get_item (children, i);

      count += count_machines (child);
    }

  return count;
}

static gboolean
is_out_of_service (TwinLiveItem *item)
{
  const char *lifecycle = twin_live_item_get_plant_item (item)->lifecycle;

  return lifecycle != NULL && strcmp (lifecycle, "in service") != 0 &&
         strcmp (lifecycle, "commissioned") != 0;
}

/* What stands at the end of a row: how many machines, how old, how long. */
static char *
dup_note (TwinLiveItem *item)
{
  const TwinKind  kind = twin_live_item_get_kind (item);
  const TwinState state = twin_live_item_get_state (item);

  if (kind == TWIN_KIND_MACHINE && is_out_of_service (item))
    return g_strdup (twin_life_words_get_label (
        twin_live_item_get_plant_item (item)->lifecycle));
  if (kind == TWIN_KIND_MACHINE &&
      twin_live_item_get_plant_item (item)->ghost != NULL)
    return g_strdup (_ ("never spoke"));
  if (kind == TWIN_KIND_PLANT || kind == TWIN_KIND_AREA)
    return g_strdup_printf ("%u", count_machines (item));
  if (state == TWIN_STATE_STALE)
    return twin_live_dup_age (twin_live_item_get_newest_us (item),
                              twin_clock_utc_us ());
  if (state == TWIN_STATE_STOPPED)
    return g_strdup (_ ("stopped"));
  if (kind == TWIN_KIND_MACHINE && state != TWIN_STATE_NORMAL)
    return twin_live_dup_life_span (twin_live_item_get_state_item (item));

  return NULL;
}

/* The first stands there, the others in its tip: a row is narrow. */
static void
show_tags (TwinTreeRow *self)
{
  const GStrv tags = twin_live_item_get_plant_item (self->item)->tags;
  const guint n = tags != NULL ? g_strv_length (tags) : 0;

  gtk_widget_set_visible (self->tag, n > 0);
  if (n > 0)
    {
      g_autofree char *all = g_strjoinv (", ", tags);
      g_autofree char *text = n > 1 ? g_strdup_printf ("%s +%u", tags[0], n - 1)
                                    : g_strdup (tags[0]);

      gtk_label_set_text (GTK_LABEL (self->tag), text);
      gtk_widget_set_tooltip_text (self->tag, all);
    }
}

void
twin_tree_row_refresh (TwinTreeRow *self)
{
  g_autofree char *note = NULL;
  g_autofree char *spoken = NULL;
  TwinState        state;

  if (self->item == NULL)
    return;

  state = twin_live_item_get_state (self->item);
  note = dup_note (self->item);
  spoken = g_strdup_printf ("%s, %s", twin_live_item_get_name (self->item),
                            twin_state_get_word (state));

  twin_state_glyph_set_state (TWIN_STATE_GLYPH (self->glyph), state);
  gtk_label_set_text (GTK_LABEL (self->name),
                      twin_live_item_get_name (self->item));
  gtk_label_set_text (GTK_LABEL (self->note), note != NULL ? note : "");
  gtk_widget_set_visible (self->note, note != NULL);
  gtk_widget_set_tooltip_text (self->note,
                               twin_live_item_get_plant_item (self->item)
                                   ->ghost);
  show_tags (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
on_serial (TwinLiveItem *item, GParamSpec *pspec, gpointer data)
{
  twin_tree_row_refresh (data);
}

void
twin_tree_row_set_item (TwinTreeRow *self, TwinLiveItem *item)
{
  if (self->item != NULL)
    g_clear_signal_handler (&self->on_serial, self->item);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;

  self->on_serial =
      g_signal_connect (item, "notify::serial", G_CALLBACK (on_serial), self);
  twin_tree_row_refresh (self);
}

static void
twin_tree_row_dispose (GObject *object)
{
  TwinTreeRow *self = TWIN_TREE_ROW (object);

  twin_tree_row_set_item (self, NULL);
  g_clear_pointer (&self->glyph, gtk_widget_unparent);
  g_clear_pointer (&self->name, gtk_widget_unparent);
  g_clear_pointer (&self->note, gtk_widget_unparent);
  g_clear_pointer (&self->tag, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_tree_row_parent_class)->dispose (object);
}

static void
twin_tree_row_class_init (TwinTreeRowClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_tree_row_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class),
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
twin_tree_row_init (TwinTreeRow *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 8);
  self->glyph = twin_state_glyph_new (14);
  self->name = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->name, TRUE);
  self->note = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->note, "dim-label");
  gtk_widget_add_css_class (self->note, "caption");
  gtk_widget_add_css_class (self->note, "numeric");

  gtk_widget_set_parent (self->glyph, GTK_WIDGET (self));
  gtk_widget_set_parent (self->name, GTK_WIDGET (self));
  self->tag = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->tag), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (self->tag), 9);
  gtk_widget_add_css_class (self->tag, "twin-tag");
  gtk_widget_set_valign (self->tag, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->tag, FALSE);
  gtk_widget_set_parent (self->tag, GTK_WIDGET (self));
  gtk_widget_set_parent (self->note, GTK_WIDGET (self));
}

GtkWidget *
twin_tree_row_new (void)
{
  return g_object_new (TWIN_TYPE_TREE_ROW, NULL);
}
