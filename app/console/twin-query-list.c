/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-query-list.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-edit.h"
#include "twin-query-words.h"

typedef enum
{
  KIND_SAVED,
  KIND_GROUP,
  KIND_EXAMPLE,
  N_KINDS
} Kind;

struct _TwinQueryList
{
  GtkWidget  parent_instance;
  GtkWidget *scroller;
  GtkWidget *headings[N_KINDS];
  GtkWidget *lists[N_KINDS];
  GtkWidget *none;           /* no query is saved yet */
  char      *shown[N_KINDS]; /* what the lists say, to leave it alone */
};

enum
{
  CHOSEN,
  RENAME,
  DELETE,
  EDIT_GROUP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TwinQueryList, twin_query_list, GTK_TYPE_WIDGET)

static void
on_row (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  g_signal_emit (data, signals[CHOSEN], 0,
                 g_object_get_data (G_OBJECT (row), "name"),
                 g_object_get_data (G_OBJECT (row), "query"));
}

static void
on_rename (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_signal_emit (data, signals[RENAME], 0,
                 g_variant_get_string (parameter, NULL));
}

static void
on_delete (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_signal_emit (data, signals[DELETE], 0,
                 g_variant_get_string (parameter, NULL));
}

static void
on_edit_group (GtkButton *button, gpointer data)
{
  GtkWidget *row =
      gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW);

  g_signal_emit (data, signals[EDIT_GROUP], 0,
                 g_object_get_data (G_OBJECT (row), "name"));
}

static GtkWidget *
menu_new (const char *name)
{
  GtkWidget       *button = gtk_menu_button_new ();
  g_autofree char *spoken = g_strdup_printf (_ ("More for %s"), name);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenuItem) rename = g_menu_item_new (_ ("Rename…"), NULL);
  g_autoptr (GMenuItem) remove = g_menu_item_new (_ ("Delete…"), NULL);

  g_menu_item_set_action_and_target (rename, "queries.rename", "s", name);
  g_menu_item_set_action_and_target (remove, "queries.delete", "s", name);
  g_menu_append_item (menu, rename);
  g_menu_append_item (menu, remove);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button),
                                  G_MENU_MODEL (menu));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button),
                                 "view-more-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return button;
}

static GtkWidget *
edit_new (TwinQueryList *self, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("document-edit-symbolic");
  g_autofree char *spoken = g_strdup_printf (_ ("Edit the group %s"), name);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_signal_connect (button, "clicked", G_CALLBACK (on_edit_group), self);
  return button;
}

static void
append (TwinQueryList *self,
        Kind           kind,
        const char    *name,
        const char    *query,
        const char    *tip)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *icon = gtk_image_new_from_icon_name (
      kind == KIND_GROUP ? "view-list-symbolic" : "system-search-symbolic");
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *end = kind == KIND_SAVED   ? menu_new (name)
                   : kind == KIND_GROUP ? edit_new (self, name)
                                        : NULL;

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (icon, "dim-label");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  if (end != NULL)
    {
      gtk_widget_add_css_class (end, "flat");
      gtk_widget_add_css_class (end, "twin-row-button");
      gtk_box_append (GTK_BOX (box), end);
    }

  gtk_widget_set_tooltip_text (row, tip != NULL ? tip : query);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (row), "name", g_strdup (name), g_free);
  g_object_set_data_full (G_OBJECT (row), "query", g_strdup (query), g_free);
  gtk_list_box_append (GTK_LIST_BOX (self->lists[kind]), row);
}

static void
clear (TwinQueryList *self, Kind kind)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->lists[kind])) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->lists[kind]), row);
}

/* TRUE when @text is what the list says already: a row that is being clicked
 * must stay. Takes @text. */
static gboolean
is_shown (TwinQueryList *self, Kind kind, GString *text)
{
  const gboolean same = g_strcmp0 (self->shown[kind], text->str) == 0;

  g_free (self->shown[kind]);
  self->shown[kind] = g_string_free (text, FALSE);
  return same;
}

void
twin_query_list_set_saved (TwinQueryList *self, GPtrArray *saved)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < saved->len; i++)
    {
      const TwinSavedQueryItem *item = saved->pdata[i];

      g_string_append_printf (text, "%s\n%s\n%s\n", item->name, item->query,
                              item->note != NULL ? item->note : "");
    }
  if (is_shown (self, KIND_SAVED, text))
    return;

  clear (self, KIND_SAVED);
  for (guint i = 0; i < saved->len; i++)
    {
      const TwinSavedQueryItem *item = saved->pdata[i];

      append (self, KIND_SAVED, item->name, item->query,
              item->note != NULL && *item->note != '\0' ? item->note : NULL);
    }
  gtk_widget_set_visible (self->none, saved->len == 0);
}

void
twin_query_list_set_groups (TwinQueryList *self, GPtrArray *groups)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < groups->len; i++)
    {
      const TwinGroupItem *item = groups->pdata[i];

      g_string_append_printf (text, "%s\n%s\n", item->name,
                              item->note != NULL ? item->note : "");
    }
  if (is_shown (self, KIND_GROUP, text))
    return;

  clear (self, KIND_GROUP);
  for (guint i = 0; i < groups->len; i++)
    {
      const TwinGroupItem *item = groups->pdata[i];
      g_autofree char     *question =
          twin_query_words_dup_group_question (item->name);

      append (self, KIND_GROUP, item->name, question,
              item->note != NULL && *item->note != '\0' ? item->note : NULL);
    }
  gtk_widget_set_visible (self->headings[KIND_GROUP], groups->len > 0);
}

/* --- building ------------------------------------------------------------- */

static void
twin_query_list_dispose (GObject *object)
{
  g_clear_pointer (&TWIN_QUERY_LIST (object)->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_query_list_parent_class)->dispose (object);
}

static void
twin_query_list_finalize (GObject *object)
{
  for (int kind = 0; kind < N_KINDS; kind++)
    g_free (TWIN_QUERY_LIST (object)->shown[kind]);
  G_OBJECT_CLASS (twin_query_list_parent_class)->finalize (object);
}

static void
add_signal (TwinQueryListClass *class, guint id, const char *name, guint n)
{
  signals[id] =
      g_signal_new (name, G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, n, G_TYPE_STRING, G_TYPE_STRING);
}

static void
twin_query_list_class_init (TwinQueryListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_query_list_dispose;
  G_OBJECT_CLASS (class)->finalize = twin_query_list_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  add_signal (class, CHOSEN, "chosen", 2);
  add_signal (class, RENAME, "rename", 1);
  add_signal (class, DELETE, "delete", 1);
  add_signal (class, EDIT_GROUP, "edit-group", 1);
}

static void
build_section (TwinQueryList *self, GtkWidget *box, Kind kind)
{
  static const char *const titles[N_KINDS] = { N_ ("Saved queries"),
                                               N_ ("Groups"),
                                               N_ ("To begin with") };
  GtkWidget               *heading = gtk_label_new (_ (titles[kind]));

  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "twin-section");
  gtk_widget_add_css_class (heading, "dim-label");
  self->headings[kind] = heading;
  gtk_box_append (GTK_BOX (box), heading);

  self->lists[kind] = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->lists[kind]),
                                   GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->lists[kind], "navigation-sidebar");
  gtk_widget_add_css_class (self->lists[kind], "twin-tree");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->lists[kind]),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (titles[kind]), -1);
  g_signal_connect (self->lists[kind], "row-activated", G_CALLBACK (on_row),
                    self);
  gtk_box_append (GTK_BOX (box), self->lists[kind]);
}

static void
twin_query_list_init (TwinQueryList *self)
{
  static const GActionEntry actions[] = {
    { "rename", on_rename, "s", NULL, NULL, { 0 } },
    { "delete", on_delete, "s", NULL, NULL, { 0 } },
  };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), actions,
                                   G_N_ELEMENTS (actions), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "queries",
                                  G_ACTION_GROUP (group));
  for (int kind = 0; kind < N_KINDS; kind++)
    {
      build_section (self, box, kind);
      if (kind != KIND_SAVED)
        continue;
      self->none = gtk_label_new (_ ("None yet. Ask something, then save it."));
      gtk_label_set_xalign (GTK_LABEL (self->none), 0);
      gtk_label_set_wrap (GTK_LABEL (self->none), TRUE);
      gtk_widget_add_css_class (self->none, "dim-label");
      gtk_widget_add_css_class (self->none, "twin-small");
      gtk_widget_set_margin_start (self->none, 12);
      gtk_widget_set_margin_end (self->none, 12);
      gtk_box_append (GTK_BOX (box), self->none);
    }
  gtk_widget_set_visible (self->headings[KIND_GROUP], FALSE);
  for (const TwinQueryExample *example = twin_query_words_get_examples ();
       example->name != NULL; example++)
    append (self, KIND_EXAMPLE, _ (example->name), example->query, NULL);

  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), box);
  gtk_widget_add_css_class (self->scroller, "twin-side");
  gtk_widget_add_css_class (self->scroller, "left");
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

GtkWidget *
twin_query_list_new (void)
{
  return g_object_new (TWIN_TYPE_QUERY_LIST, NULL);
}
