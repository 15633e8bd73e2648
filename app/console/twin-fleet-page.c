/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-fleet-page.h"

#include <glib/gi18n.h>
#include <string.h>

typedef enum
{
  COLUMN_NODE,
  COLUMN_MACHINE,
  COLUMN_LINK,
  COLUMN_AGE,
  COLUMN_FIRMWARE,
  COLUMN_KEYS,
  COLUMN_RING,
  COLUMN_CONFIG,
  N_COLUMNS,
} Column;

struct _TwinFleetPage
{
  GtkWidget         parent_instance;
  TwinLivePlant    *plant;
  GtkWidget        *box;
  GtkWidget        *stack;
  GtkWidget        *view;
  GtkWidget        *empty;
  GtkWidget        *summary;
  GtkSortListModel *sorted; /* owned by the view */
  GPtrArray        *bound;  /* GtkListItem whose text moves with time */
};

G_DEFINE_FINAL_TYPE (TwinFleetPage, twin_fleet_page, GTK_TYPE_WIDGET)

static char *
dup_machine (TwinFleetPage *self, const TwinNodeItem *node)
{
  TwinLiveItem *item = twin_live_plant_find (self->plant, node->twin);

  if (node->twin == NULL)
    return g_strdup (_ ("no twin yet"));

  return g_strdup (item != NULL ? twin_live_item_get_name (item) : node->twin);
}

/* Of the machine's newest value; of the node's last word without a twin. */
static char *
dup_age (TwinFleetPage *self, const TwinNodeItem *node)
{
  TwinLiveItem *item = twin_live_plant_find (self->plant, node->twin);

  return twin_live_dup_age (item != NULL ? twin_live_item_get_newest_us (item)
                                         : node->last_us,
                            twin_clock_utc_us ());
}

static char *
dup_keys (const TwinNodeItem *node)
{
  if (node->trusted && node->enrolled)
    return g_strdup (_ ("enrolled"));
  if (node->trusted)
    return g_strdup (_ ("key known, cannot command"));

  return g_strdup (_ ("unverified"));
}

static char *
dup_ring (const TwinNodeItem *node)
{
  if (node->open_gaps > 0)
    return g_strdup_printf (_ ("%u gaps open"), (guint) node->open_gaps);
  if (node->known_losses > 0)
    return g_strdup_printf (_ ("complete, %u known losses"),
                            (guint) node->known_losses);

  return g_strdup (_ ("complete"));
}

static char *
dup_config (const TwinNodeItem *node)
{
  if (node->desired_version == 0)
    return g_strdup (_ ("own defaults"));
  if (node->desired_version == node->reported_version)
    return g_strdup_printf (_ ("version %u, applied"),
                            (guint) node->reported_version);

  return g_strdup_printf (_ ("version %u wanted, %u applied"),
                          (guint) node->desired_version,
                          (guint) node->reported_version);
}

static char *
dup_text (TwinFleetPage *self, const TwinNodeItem *node, Column column)
{
  switch (column)
    {
    case COLUMN_NODE:
      return g_strdup (node->name);
    case COLUMN_MACHINE:
      return dup_machine (self, node);
    case COLUMN_LINK:
      return g_strdup (node->online ? _ ("online") : _ ("offline"));
    case COLUMN_AGE:
      return dup_age (self, node);
    case COLUMN_FIRMWARE:
      return g_strdup (node->firmware);
    case COLUMN_KEYS:
      return dup_keys (node);
    case COLUMN_RING:
      return dup_ring (node);
    case COLUMN_CONFIG:
      return dup_config (node);
    case N_COLUMNS:
      break;
    }

  g_return_val_if_reached (NULL);
}

static Column
column_of (gpointer factory)
{
  return GPOINTER_TO_INT (g_object_get_data (factory, "column"));
}

static void
show_cell (TwinFleetPage *self, GtkListItem *list_item)
{
  TwinLiveNode       *live = gtk_list_item_get_item (list_item);
  const TwinNodeItem *node = twin_live_node_get_item (live);
  GtkWidget          *label = gtk_list_item_get_child (list_item);
  const Column        column =
      GPOINTER_TO_INT (g_object_get_data (G_OBJECT (list_item), "column"));
  g_autofree char *text = dup_text (self, node, column);

  gtk_label_set_text (GTK_LABEL (label), text != NULL ? text : "–");
  if (node->online || column == COLUMN_NODE || column == COLUMN_MACHINE)
    gtk_widget_remove_css_class (label, "dim-label");
  else
    gtk_widget_add_css_class (label, "dim-label");
}

static void
setup_cell (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  const Column column = column_of (factory);
  GtkWidget   *label = gtk_label_new (NULL);

  g_object_set_data (G_OBJECT (list_item), "column", GINT_TO_POINTER (column));
  gtk_label_set_xalign (GTK_LABEL (label), column == COLUMN_AGE ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "numeric");
  if (column == COLUMN_NODE)
    gtk_widget_add_css_class (label, "heading");
  gtk_list_item_set_child (list_item, label);
}

static void
on_serial (TwinLiveNode *node, GParamSpec *pspec, gpointer data)
{
  GtkListItem *list_item = data;

  show_cell (g_object_get_data (G_OBJECT (list_item), "page"), list_item);
}

static void
bind_cell (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  TwinFleetPage *self = data;

  g_object_set_data (G_OBJECT (list_item), "page", self);
  g_signal_connect (gtk_list_item_get_item (list_item), "notify::serial",
                    G_CALLBACK (on_serial), list_item);
  if (column_of (factory) == COLUMN_AGE)
    g_ptr_array_add (self->bound, list_item);
  show_cell (self, list_item);
}

static void
unbind_cell (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (list_item),
                                        list_item);
  g_ptr_array_remove_fast (TWIN_FLEET_PAGE (data)->bound, list_item);
}

static void
on_action (GtkButton *button, gpointer data)
{
  TwinLiveNode       *live = gtk_list_item_get_item (data);
  const TwinNodeItem *node = twin_live_node_get_item (live);

  if (node->twin == NULL || !node->enrolled)
    gtk_widget_activate_action (GTK_WIDGET (button), "win.commission", "s",
                                node->name);
  else
    gtk_widget_activate_action (GTK_WIDGET (button), "win.show-item", "s",
                                node->twin);
}

static void
show_action (GtkListItem *list_item)
{
  TwinLiveNode       *live = gtk_list_item_get_item (list_item);
  const TwinNodeItem *node = twin_live_node_get_item (live);
  GtkWidget          *button = gtk_list_item_get_child (list_item);
  const gboolean      ghost = node->twin == NULL || !node->enrolled;
  g_autofree char    *spoken =
      g_strdup_printf (ghost ? _ ("Commission node %s")
                             : _ ("Open the machine of node %s"),
                       node->name);

  gtk_button_set_label (GTK_BUTTON (button),
                        ghost ? _ ("Commission…") : _ ("Open"));
  if (ghost)
    gtk_widget_add_css_class (button, "suggested-action");
  else
    gtk_widget_remove_css_class (button, "suggested-action");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
on_action_serial (TwinLiveNode *node, GParamSpec *pspec, gpointer data)
{
  show_action (data);
}

static void
setup_action (GtkListItemFactory *factory,
              GtkListItem        *list_item,
              gpointer            data)
{
  GtkWidget *button = gtk_button_new ();

  gtk_widget_add_css_class (button, "twin-compact");
  gtk_widget_set_halign (button, GTK_ALIGN_END);
  g_signal_connect (button, "clicked", G_CALLBACK (on_action), list_item);
  gtk_list_item_set_child (list_item, button);
}

static void
bind_action (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  g_signal_connect (gtk_list_item_get_item (list_item), "notify::serial",
                    G_CALLBACK (on_action_serial), list_item);
  show_action (list_item);
}

static void
unbind_action (GtkListItemFactory *factory,
               GtkListItem        *list_item,
               gpointer            data)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (list_item),
                                        list_item);
}

/* Ghosts first: they want a decision. Then by name. */
static int
compare_nodes (gconstpointer a, gconstpointer b, gpointer data)
{
  const TwinNodeItem *x = twin_live_node_get_item ((gpointer) a);
  const TwinNodeItem *y = twin_live_node_get_item ((gpointer) b);
  const int           order = (x->twin != NULL) - (y->twin != NULL);

  return order != 0 ? order : strcmp (x->name, y->name);
}

static void
refresh (TwinLivePlant *plant, gpointer data)
{
  TwinFleetPage   *self = data;
  GListModel      *nodes = twin_live_plant_get_nodes (plant);
  const guint      n = g_list_model_get_n_items (nodes);
  guint            online = 0;
  guint            ghosts = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TwinLiveNode) node = g_list_model_get_item (nodes, i);

      online += twin_live_node_get_item (node)->online;
      ghosts += twin_live_node_get_item (node)->twin == NULL;
    }

  text = g_strdup_printf (_ ("%u nodes · %u online · %u without a twin"), n,
                          online, ghosts);
  gtk_label_set_text (GTK_LABEL (self->summary), text);
  gtk_stack_set_visible_child (GTK_STACK (self->stack),
                               n > 0 ? gtk_widget_get_parent (self->view)
                                     : self->empty);
}

/* A node that found its twin is no ghost any more. */
static void
on_nodes (TwinLivePlant *plant, gpointer data)
{
  TwinFleetPage *self = data;

  gtk_sorter_changed (gtk_sort_list_model_get_sorter (self->sorted),
                      GTK_SORTER_CHANGE_DIFFERENT);
  refresh (plant, self);
}

static void
on_tick (TwinLivePlant *plant, gpointer data)
{
  TwinFleetPage *self = data;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  for (guint i = 0; i < self->bound->len; i++)
    show_cell (self, self->bound->pdata[i]);
  refresh (plant, self);
}

void
twin_fleet_page_set_plant (TwinFleetPage *self, TwinLivePlant *plant)
{
  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  gtk_sort_list_model_set_model (self->sorted, NULL);
  g_set_object (&self->plant, plant);
  if (plant == NULL)
    return;

  gtk_sort_list_model_set_model (self->sorted,
                                 twin_live_plant_get_nodes (plant));
  g_signal_connect (plant, "nodes", G_CALLBACK (on_nodes), self);
  g_signal_connect (plant, "tick", G_CALLBACK (on_tick), self);
  refresh (plant, self);
}

static void
add_column (TwinFleetPage *self, const char *title, Column column, int width)
{
  GtkListItemFactory  *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *view_column;

  g_object_set_data (G_OBJECT (factory), "column", GINT_TO_POINTER (column));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cell), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cell), self);
  view_column = gtk_column_view_column_new (title, factory);
  if (width > 0)
    gtk_column_view_column_set_fixed_width (view_column, width);
  else
    gtk_column_view_column_set_expand (view_column, TRUE);
  gtk_column_view_append_column (GTK_COLUMN_VIEW (self->view), view_column);
  g_object_unref (view_column);
}

static void
add_action_column (TwinFleetPage *self)
{
  GtkListItemFactory  *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column = gtk_column_view_column_new (NULL, factory);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_action), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_action), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_action), self);
  gtk_column_view_column_set_fixed_width (column, 140);
  gtk_column_view_append_column (GTK_COLUMN_VIEW (self->view), column);
  g_object_unref (column);
}

static GtkWidget *
build_view (TwinFleetPage *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkSorter *sorter =
      GTK_SORTER (gtk_custom_sorter_new (compare_nodes, NULL, NULL));

  self->sorted = gtk_sort_list_model_new (NULL, sorter);
  self->view = gtk_column_view_new (
      GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (self->sorted))));
  gtk_widget_add_css_class (self->view, "twin-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Nodes"),
                                  -1);
  add_column (self, _ ("Node"), COLUMN_NODE, 110);
  add_column (self, _ ("Machine"), COLUMN_MACHINE, 160);
  add_column (self, _ ("Link"), COLUMN_LINK, 84);
  add_column (self, _ ("Data age"), COLUMN_AGE, 84);
  add_column (self, _ ("Firmware"), COLUMN_FIRMWARE, 100);
  add_column (self, _ ("Keys"), COLUMN_KEYS, 190);
  add_column (self, _ ("Records"), COLUMN_RING, 190);
  add_column (self, _ ("Configuration"), COLUMN_CONFIG, 0);
  add_action_column (self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->view);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_widget_add_css_class (scroller, "twin-card-list");
  return scroller;
}

/* The list keeps the row in sight that was first when it was filled; a page
 * opened anew begins at the top, where the ghosts are. */
static gboolean
scroll_to_top (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  TwinFleetPage *self = TWIN_FLEET_PAGE (widget);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->sorted)) > 0)
    gtk_widget_activate_action (gtk_widget_get_last_child (self->view),
                                "list.scroll-to-item", "u", 0);
  return G_SOURCE_REMOVE;
}

static void
on_map (GtkWidget *widget, gpointer data)
{
  gtk_widget_add_tick_callback (widget, scroll_to_top, NULL, NULL);
}

static void
twin_fleet_page_dispose (GObject *object)
{
  TwinFleetPage *self = TWIN_FLEET_PAGE (object);

  if (self->plant != NULL)
    twin_fleet_page_set_plant (self, NULL);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->bound, g_ptr_array_unref);
  G_OBJECT_CLASS (twin_fleet_page_parent_class)->dispose (object);
}

static void
twin_fleet_page_class_init (TwinFleetPageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_fleet_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_fleet_page_init (TwinFleetPage *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *campaign = gtk_button_new_with_label (_ ("Firmware…"));

  self->bound = g_ptr_array_new ();
  g_signal_connect (self, "map", G_CALLBACK (on_map), NULL);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  g_object_set (self->box, "margin-top", 12, "margin-bottom", 12,
                "margin-start", 12, "margin-end", 12, NULL);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  self->summary = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->summary, "heading");
  gtk_widget_add_css_class (self->summary, "numeric");
  gtk_label_set_xalign (GTK_LABEL (self->summary), 0);
  gtk_widget_set_hexpand (self->summary, TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (campaign), "win.firmware");
  gtk_box_append (GTK_BOX (head), self->summary);
  gtk_box_append (GTK_BOX (head), campaign);
  gtk_box_append (GTK_BOX (self->box), head);

  self->stack = gtk_stack_new ();
  gtk_stack_add_child (GTK_STACK (self->stack), build_view (self));
  self->empty = gtk_label_new (_ ("No node has announced itself yet. Nodes "
                                  "appear here when they reach the broker."));
  gtk_widget_add_css_class (self->empty, "dim-label");
  gtk_widget_set_vexpand (self->empty, TRUE);
  gtk_stack_add_child (GTK_STACK (self->stack), self->empty);
  gtk_box_append (GTK_BOX (self->box), self->stack);
}

GtkWidget *
twin_fleet_page_new (void)
{
  return g_object_new (TWIN_TYPE_FLEET_PAGE, NULL);
}
