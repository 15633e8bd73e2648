/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-tree-panel.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-query-words.h"
#include "twin-tree-queries.h"
#include "twin-tree-row.h"

typedef enum
{
  CHIP_ALL,
  CHIP_ABNORMAL,
  CHIP_STALE,
  CHIP_RETIRED, /* there while something is */
  N_CHIPS,
} Chip;

struct _TwinTreePanel
{
  GtkWidget           parent_instance;
  TwinLivePlant      *plant;
  GtkWidget          *box;
  GtkWidget          *filter_entry;
  GtkWidget          *chips[N_CHIPS];
  GtkWidget          *list;
  GtkWidget          *no_match;
  GtkWidget          *stack;
  GtkSingleSelection *selection; /* owned by the list */
  GtkFilter          *filter;    /* shared by every level of the tree */
  char               *needle;    /* casefolded, or NULL */
  Chip                chip;
  TwinTreeQueries    *queries;
  GPtrArray          *rows; /* TwinTreeRow now bound, not owned */
};

G_DEFINE_FINAL_TYPE (TwinTreePanel, twin_tree_panel, GTK_TYPE_WIDGET)

/* --- filter ------------------------------------------------------------- */

static gboolean
is_retired (TwinLiveItem *item)
{
  const char *lifecycle = twin_live_item_get_plant_item (item)->lifecycle;

  return g_strcmp0 (lifecycle, "retired") == 0;
}

static gboolean
matches_chip (TwinTreePanel *self, TwinLiveItem *item)
{
  const TwinState state = twin_live_item_get_state (item);

  /* What is retired leaves the lists; it is asked for by itself. */
  if (is_retired (item) != (self->chip == CHIP_RETIRED))
    return FALSE;
  if (self->chip == CHIP_ALL || self->chip == CHIP_RETIRED)
    return TRUE;
  if (self->chip == CHIP_STALE)
    return state == TWIN_STATE_STALE;

  return state >= TWIN_STATE_LOW && state <= TWIN_STATE_CRITICAL;
}

static gboolean
matches_itself (TwinTreePanel *self, TwinLiveItem *item)
{
  GHashTable      *members = twin_tree_queries_get_members (self->queries);
  g_autofree char *folded = NULL;

  if (!matches_chip (self, item))
    return FALSE;
  if (members != NULL &&
      !g_hash_table_contains (members, twin_live_item_get_id (item)))
    return FALSE;
  if (self->needle == NULL)
    return TRUE;

  folded = g_utf8_casefold (twin_live_item_get_name (item), -1);
  return strstr (folded, self->needle) != NULL;
}

static gboolean
matches_below (TwinTreePanel *self, TwinLiveItem *item)
{
  GListModel *children = twin_live_item_get_children (item);
  const guint n = g_list_model_get_n_items (children);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TwinLiveItem) child = g_list_model_get_item (children, i);

      if (matches_itself (self, child) || matches_below (self, child))
        return TRUE;
    }

  return FALSE;
}

/* An item stays when it, something below it, or its machine matches. */
static gboolean
filter_item (gpointer object, gpointer data)
{
  TwinTreePanel *self = data;
  TwinLiveItem  *item = object;
  TwinLiveItem  *machine;

  if (matches_itself (self, item) || matches_below (self, item))
    return TRUE;

  machine = twin_live_item_get_machine (item);
  return machine != NULL && machine != item && matches_itself (self, machine);
}

/* Plant, buildings and lines are open at first, machines closed. What a filter
 * had taken out comes back closed, and would hide what was found. */
static void
open_areas (GtkTreeListModel *tree)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (tree)); i++)
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (tree, i);
      g_autoptr (TwinLiveItem) item = gtk_tree_list_row_get_item (row);

      if (twin_live_item_get_kind (item) <= TWIN_KIND_AREA)
        gtk_tree_list_row_set_expanded (row, TRUE);
    }
}

static void
refilter (TwinTreePanel *self)
{
  GListModel *tree = gtk_single_selection_get_model (self->selection);

  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  if (tree != NULL)
    open_areas (GTK_TREE_LIST_MODEL (tree));
  gtk_stack_set_visible_child (GTK_STACK (self->stack),
                               g_list_model_get_n_items (
                                   G_LIST_MODEL (self->selection)) > 0
                                   ? gtk_widget_get_parent (self->list)
                                   : self->no_match);
}

static void
on_search_changed (GtkSearchEntry *entry, gpointer data)
{
  TwinTreePanel *self = data;
  const char    *text = gtk_editable_get_text (GTK_EDITABLE (entry));

  g_clear_pointer (&self->needle, g_free);
  /* A query waits for Enter: half of one finds nothing but faults. */
  if (*text != '\0' && !twin_query_words_is_query (text))
    self->needle = g_utf8_casefold (text, -1);
  refilter (self);
}

static void
on_search_activate (GtkSearchEntry *entry, gpointer data)
{
  TwinTreePanel *self = data;
  const char    *text = gtk_editable_get_text (GTK_EDITABLE (entry));

  if (twin_query_words_is_query (text))
    twin_tree_queries_ask (self->queries, _ ("Query"), text);
}

static void
on_queries_changed (TwinTreeQueries *queries, gpointer data)
{
  refilter (data);
}

static void
on_chip_toggled (GtkToggleButton *button, gpointer data)
{
  TwinTreePanel *self = data;

  if (!gtk_toggle_button_get_active (button))
    return;

  for (int i = 0; i < N_CHIPS; i++)
    if (self->chips[i] == GTK_WIDGET (button))
      self->chip = i;
  refilter (self);
}

/* --- rows --------------------------------------------------------------- */

static GListModel *
filtered (TwinTreePanel *self, GListModel *model)
{
  return G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (model),
                                                  g_object_ref (self->filter)));
}

/* Asked once: what is a leaf now stays one. What holds others may get them
 * later, so it never is. */
static GListModel *
create_children (gpointer object, gpointer data)
{
  GListModel *children = twin_live_item_get_children (object);

  if (g_list_model_get_n_items (children) == 0 &&
      twin_live_item_get_kind (object) > TWIN_KIND_MACHINE)
    return NULL;

  return filtered (data, children);
}

static void
setup_row (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  GtkWidget *expander = gtk_tree_expander_new ();

  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander),
                               twin_tree_row_new ());
  gtk_list_item_set_child (list_item, expander);
}

static TwinTreeRow *
row_of (GtkListItem *list_item)
{
  GtkWidget *expander = gtk_list_item_get_child (list_item);

  return TWIN_TREE_ROW (
      gtk_tree_expander_get_child (GTK_TREE_EXPANDER (expander)));
}

static void
bind_row (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  TwinTreePanel  *self = data;
  GtkTreeListRow *tree_row = gtk_list_item_get_item (list_item);
  TwinTreeRow    *row = row_of (list_item);
  g_autoptr (TwinLiveItem) item = gtk_tree_list_row_get_item (tree_row);

  gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (
                                      gtk_list_item_get_child (list_item)),
                                  tree_row);
  twin_tree_row_set_item (row, item);
  g_ptr_array_add (self->rows, row);
}

static void
unbind_row (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  TwinTreePanel *self = data;
  TwinTreeRow   *row = row_of (list_item);

  gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (
                                      gtk_list_item_get_child (list_item)),
                                  NULL);
  twin_tree_row_set_item (row, NULL);
  g_ptr_array_remove_fast (self->rows, row);
}

static void
on_activate (GtkListView *list, guint position, gpointer data)
{
  TwinTreePanel *self = data;
  g_autoptr (GtkTreeListRow) row =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  g_autoptr (TwinLiveItem) item = NULL;

  if (row == NULL)
    return;

  item = gtk_tree_list_row_get_item (row);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-item", "s",
                              twin_live_item_get_id (item));
}

static void
on_tick (TwinLivePlant *plant, gpointer data)
{
  TwinTreePanel *self = data;

  for (guint i = 0; i < self->rows->len; i++)
    twin_tree_row_refresh (self->rows->pdata[i]);
}

static void
on_structure (TwinLivePlant *plant, gpointer data)
{
  refilter (data);
}

static guint
count_retired (TwinLivePlant *plant)
{
  GListModel *machines = twin_live_plant_get_machines (plant);
  const guint n = g_list_model_get_n_items (machines);
  guint       retired = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TwinLiveItem) item = g_list_model_get_item (machines, i);

      retired += is_retired (item);
    }

  return retired;
}

static void
show_retired (TwinTreePanel *self, guint n)
{
  g_autofree char *text = g_strdup_printf (_ ("Retired %u"), n);

  gtk_button_set_label (GTK_BUTTON (self->chips[CHIP_RETIRED]), text);
  gtk_widget_set_visible (self->chips[CHIP_RETIRED], n > 0);
  if (n == 0 && self->chip == CHIP_RETIRED)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->chips[CHIP_ALL]),
                                  TRUE);
}

static void
on_states (TwinLivePlant *plant, gpointer data)
{
  TwinTreePanel   *self = data;
  guint            counts[TWIN_STATE_STALE + 1];
  guint            abnormal = 0;
  guint            n = 0;
  g_autofree char *all = NULL;
  g_autofree char *bad = NULL;
  g_autofree char *stale = NULL;

  twin_live_plant_count_machines (plant, counts);
  for (int i = 0; i <= TWIN_STATE_STALE; i++)
    n += counts[i];
  for (int i = TWIN_STATE_LOW; i <= TWIN_STATE_CRITICAL; i++)
    abnormal += counts[i];

  all = g_strdup_printf (_ ("All %u"), n);
  bad = g_strdup_printf (_ ("Abnormal %u"), abnormal);
  stale = g_strdup_printf (_ ("Stale %u"), counts[TWIN_STATE_STALE]);
  gtk_button_set_label (GTK_BUTTON (self->chips[CHIP_ALL]), all);
  gtk_button_set_label (GTK_BUTTON (self->chips[CHIP_ABNORMAL]), bad);
  gtk_button_set_label (GTK_BUTTON (self->chips[CHIP_STALE]), stale);
  show_retired (self, count_retired (plant));

  if (self->chip != CHIP_ALL)
    refilter (self);
}

void
twin_tree_panel_set_session (TwinTreePanel *self, TwinLiveSession *session)
{
  TwinLivePlant *plant =
      session != NULL ? twin_live_session_get_plant (session) : NULL;
  GtkTreeListModel *tree = NULL;

  twin_tree_queries_set_session (self->queries, session);
  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  g_set_object (&self->plant, plant);

  if (plant != NULL)
    {
      tree =
          gtk_tree_list_model_new (filtered (self,
                                             twin_live_plant_get_roots (plant)),
                                   FALSE, FALSE, create_children, self, NULL);
      open_areas (tree);
      g_signal_connect (plant, "tick", G_CALLBACK (on_tick), self);
      g_signal_connect (plant, "structure", G_CALLBACK (on_structure), self);
      g_signal_connect_after (plant, "structure", G_CALLBACK (on_states), self);
      g_signal_connect (plant, "states", G_CALLBACK (on_states), self);
    }

  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (tree));
  g_clear_object (&tree);
  if (plant != NULL)
    on_states (plant, self);
}

static guint
position_of (TwinTreePanel *self, TwinLiveItem *wanted)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkTreeListRow) row =
          g_list_model_get_item (G_LIST_MODEL (self->selection), i);
      g_autoptr (TwinLiveItem) item = gtk_tree_list_row_get_item (row);

      if (item == wanted)
        return i;
    }

  return GTK_INVALID_LIST_POSITION;
}

static guint
reveal (TwinTreePanel *self, TwinLiveItem *item)
{
  guint position = position_of (self, item);

  if (position == GTK_INVALID_LIST_POSITION &&
      twin_live_item_get_parent (item) != NULL)
    {
      const guint above = reveal (self, twin_live_item_get_parent (item));

      if (above != GTK_INVALID_LIST_POSITION)
        {
          g_autoptr (GtkTreeListRow) row =
              g_list_model_get_item (G_LIST_MODEL (self->selection), above);

          gtk_tree_list_row_set_expanded (row, TRUE);
          position = position_of (self, item);
        }
    }

  return position;
}

void
twin_tree_panel_select (TwinTreePanel *self, const char *id)
{
  TwinLiveItem *item =
      self->plant != NULL ? twin_live_plant_find (self->plant, id) : NULL;
  guint position = GTK_INVALID_LIST_POSITION;

  if (item != NULL)
    position = reveal (self, item);
  gtk_single_selection_set_selected (self->selection, position);
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (self->list, "list.scroll-to-item", "u",
                                position);
}

void
twin_tree_panel_focus_filter (TwinTreePanel *self)
{
  gtk_widget_grab_focus (self->filter_entry);
}

/* --- building ----------------------------------------------------------- */

static GtkWidget *
build_chips (TwinTreePanel *self)
{
  static const char *const names[N_CHIPS] = { N_ ("All"), N_ ("Abnormal"),
                                              N_ ("Stale"), N_ ("Retired") };
  GtkWidget               *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  for (int i = 0; i < N_CHIPS; i++)
    {
      self->chips[i] = gtk_toggle_button_new_with_label (_ (names[i]));
      gtk_widget_add_css_class (self->chips[i], "twin-chip");
      if (i > 0)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (self->chips[i]),
                                     GTK_TOGGLE_BUTTON (self->chips[0]));
      g_signal_connect (self->chips[i], "toggled", G_CALLBACK (on_chip_toggled),
                        self);
      gtk_box_append (GTK_BOX (box), self->chips[i]);
    }

  gtk_widget_set_margin_start (box, 9);
  gtk_widget_set_margin_end (box, 9);
  gtk_widget_set_margin_bottom (box, 6);
  return box;
}

static GtkWidget *
build_list (TwinTreePanel *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget          *scroller = gtk_scrolled_window_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_row), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_row), self);

  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  self->list =
      gtk_list_view_new (GTK_SELECTION_MODEL (self->selection), factory);
  gtk_widget_add_css_class (self->list, "navigation-sidebar");
  gtk_widget_add_css_class (self->list, "twin-tree");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Plant tree"), -1);
  g_signal_connect (self->list, "activate", G_CALLBACK (on_activate), self);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}

static void
twin_tree_panel_dispose (GObject *object)
{
  TwinTreePanel *self = TWIN_TREE_PANEL (object);

  if (self->plant != NULL)
    twin_tree_panel_set_session (self, NULL);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->filter);
  g_clear_pointer (&self->needle, g_free);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (twin_tree_panel_parent_class)->dispose (object);
}

static void
twin_tree_panel_class_init (TwinTreePanelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_tree_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_tree_panel_init (TwinTreePanel *self)
{
  self->rows = g_ptr_array_new ();
  self->filter = GTK_FILTER (gtk_custom_filter_new (filter_item, self, NULL));

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->box, "twin-side");
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  self->filter_entry = gtk_search_entry_new ();
  g_object_set (self->filter_entry, "placeholder-text", _ ("Filter or query"),
                "margin-top", 9, "margin-bottom", 9, "margin-start", 9,
                "margin-end", 9, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->filter_entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Filter or query"), -1);
  g_signal_connect (self->filter_entry, "search-changed",
                    G_CALLBACK (on_search_changed), self);
  g_signal_connect (self->filter_entry, "activate",
                    G_CALLBACK (on_search_activate), self);
  self->queries = TWIN_TREE_QUERIES (twin_tree_queries_new ());
  g_signal_connect (self->queries, "changed", G_CALLBACK (on_queries_changed),
                    self);

  self->stack = gtk_stack_new ();
  self->no_match =
      gtk_label_new (_ ("Nothing of the plant answers this filter."));
  gtk_widget_add_css_class (self->no_match, "dim-label");
  gtk_label_set_wrap (GTK_LABEL (self->no_match), TRUE);
  gtk_box_append (GTK_BOX (self->box), self->filter_entry);
  gtk_box_append (GTK_BOX (self->box), build_chips (self));
  gtk_stack_add_child (GTK_STACK (self->stack), build_list (self));
  gtk_stack_add_child (GTK_STACK (self->stack), self->no_match);
  gtk_box_append (GTK_BOX (self->box), self->stack);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->queries));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->chips[CHIP_ALL]),
                                TRUE);
}

GtkWidget *
twin_tree_panel_new (void)
{
  return g_object_new (TWIN_TYPE_TREE_PANEL, NULL);
}
