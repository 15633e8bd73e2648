/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-fleet-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-columns.h"

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
  GtkSortListModel *sorted;  /* owned by the view */
  TwinColumns      *columns; /* likewise */
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
dup_text (gpointer item, guint column, gpointer data)
{
  TwinFleetPage      *self = data;
  const TwinNodeItem *node = twin_live_node_get_item (item);

  switch ((Column) column)
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

static const char *
get_style (gpointer item, guint column, gpointer data)
{
  return twin_live_node_get_item (item)->online || column == COLUMN_NODE ||
                 column == COLUMN_MACHINE
             ? NULL
             : "dim-label";
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
show_action (GtkListItem *list_item, gpointer data)
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

static GtkWidget *
create_action (GtkListItem *list_item, gpointer data)
{
  GtkWidget *button = gtk_button_new ();

  gtk_widget_add_css_class (button, "twin-compact");
  gtk_widget_set_halign (button, GTK_ALIGN_END);
  g_signal_connect (button, "clicked", G_CALLBACK (on_action), list_item);
  return button;
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

/* Ghosts of both kinds: who talks without a twin, and which twin nobody ever
 * spoke for. */
static char *
dup_summary (TwinLivePlant *plant, guint n, guint online, guint ghosts)
{
  const TwinStatusUpdate *status = twin_live_plant_get_status (plant);

  if (status == NULL || status->silent_twins == 0)
    return g_strdup_printf (_ ("%u nodes · %u online · %u without a twin"), n,
                            online, ghosts);

  return g_strdup_printf (_ ("%u nodes · %u online · %u without a twin · %u "
                             "machines no node ever spoke for"),
                          n, online, ghosts, status->silent_twins);
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

  text = dup_summary (plant, n, online, ghosts);
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

  twin_columns_refresh (self->columns, COLUMN_AGE);
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

static GtkWidget *
build_view (TwinFleetPage *self)
{
  static const TwinColumn columns[] = {
    { N_ ("Node"), COLUMN_NODE, 110, FALSE, "heading" },
    { N_ ("Machine"), COLUMN_MACHINE, 160, FALSE, NULL },
    { N_ ("Link"), COLUMN_LINK, 84, FALSE, NULL },
    { N_ ("Data age"), COLUMN_AGE, 84, TRUE, NULL },
    { N_ ("Firmware"), COLUMN_FIRMWARE, 100, FALSE, NULL },
    { N_ ("Keys"), COLUMN_KEYS, 190, FALSE, NULL },
    { N_ ("Records"), COLUMN_RING, 190, FALSE, NULL },
    { N_ ("Configuration"), COLUMN_CONFIG, 0, FALSE, NULL },
  };
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
  self->columns = twin_columns_new (GTK_COLUMN_VIEW (self->view), dup_text,
                                    get_style, self);
  for (size_t i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      TwinColumn column = columns[i];

      column.title = _ (column.title);
      twin_columns_add (self->columns, &column);
    }
  twin_columns_add_widget (self->columns, 140, create_action, show_action);
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
