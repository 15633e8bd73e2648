/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-table-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-query-words.h"

enum
{
  /* Asking again may cost a hundredth of the time. */
  RARER = 100,
};

G_DEFINE_FINAL_TYPE (TwinTablePage, twin_table_page, GTK_TYPE_WIDGET)

/* --- columns -------------------------------------------------------------- */

static void
on_column_toggled (GtkCheckButton *button, gpointer data)
{
  TwinTablePage *self = data;

  twin_result_table_show_column (self->table,
                                 GPOINTER_TO_UINT (
                                     g_object_get_data (G_OBJECT (button),
                                                        "column")),
                                 gtk_check_button_get_active (button));
}

/* Built when it opens: few look at it, results change all the time. */
static void
fill_columns (GtkMenuButton *menu, gpointer data)
{
  TwinTablePage *self = data;
  GtkWidget     *popover = gtk_popover_new ();
  GtkWidget     *scroller = gtk_scrolled_window_new ();
  GtkWidget     *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GPtrArray     *columns = twin_result_table_get_columns (self->table);

  for (guint i = 0; columns != NULL && i < columns->len; i++)
    {
      const TwinAnswerColumn *column = columns->pdata[i];
      GtkWidget *check = gtk_check_button_new_with_label (column->title);

      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), column->shown);
      gtk_widget_set_tooltip_text (check, column->name);
      g_object_set_data (G_OBJECT (check), "column", GUINT_TO_POINTER (i));
      g_signal_connect (check, "toggled", G_CALLBACK (on_column_toggled), self);
      gtk_box_append (GTK_BOX (box), check);
    }

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (
                                                        scroller),
                                                    TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller),
                                              420);
  gtk_popover_set_child (GTK_POPOVER (popover), scroller);
  gtk_menu_button_set_popover (menu, popover);
}

/* --- asking --------------------------------------------------------------- */

void
twin_table_page_focus_entry (TwinTablePage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
on_run (TwinQueryEntry *entry, gpointer data)
{
  twin_table_page_run (data);
}

static void
on_cancel (TwinQueryEntry *entry, gpointer data)
{
  twin_table_page_cancel (data);
}

static void
on_previous (GtkButton *button, gpointer data)
{
  TwinTablePage *self = data;

  if (self->page > 0)
    twin_table_page_fetch (self, self->page - 1, FALSE);
}

static void
on_following (GtkButton *button, gpointer data)
{
  TwinTablePage *self = data;

  if (self->next == NULL)
    return;

  if (self->cursors->len == self->page + 1)
    g_ptr_array_add (self->cursors, g_strdup (self->next));
  twin_table_page_fetch (self, self->page + 1, FALSE);
}

static void
on_retired (GtkToggleButton *button, gpointer data)
{
  TwinTablePage *self = data;

  self->retired = gtk_toggle_button_get_active (button);
  if (self->asked != NULL && !twin_query_words_is_query (self->asked))
    twin_table_page_run (self);
}

/* --- saved queries and groups --------------------------------------------- */

static void
on_saved (GObject *source, GAsyncResult *done, gpointer data)
{
  g_autoptr (TwinTablePage) self = data;
  g_autoptr (GError) error = NULL;
  GPtrArray *saved =
      twin_live_session_list_finish (TWIN_LIVE_SESSION (source), done, &error);

  if (saved == NULL)
    return;

  g_clear_pointer (&self->saved, g_ptr_array_unref);
  self->saved = saved;
  twin_query_list_set_saved (self->list, saved);
}

static void
on_groups (GObject *source, GAsyncResult *done, gpointer data)
{
  g_autoptr (TwinTablePage) self = data;
  g_autoptr (GError) error = NULL;
  GPtrArray *groups =
      twin_live_session_list_finish (TWIN_LIVE_SESSION (source), done, &error);

  if (groups == NULL)
    return;

  g_clear_pointer (&self->groups, g_ptr_array_unref);
  self->groups = groups;
  twin_query_list_set_groups (self->list, groups);
  twin_table_page_fill_groups (self);
}

void
twin_table_page_load_lists (TwinTablePage *self)
{
  if (self->session == NULL)
    return;

  twin_live_session_list_saved_queries_async (self->session, self->listing,
                                              on_saved, g_object_ref (self));
  twin_live_session_list_groups_async (self->session, self->listing, on_groups,
                                       g_object_ref (self));
}

static void
on_chosen (TwinQueryList *list,
           const char    *name,
           const char    *query,
           gpointer       data)
{
  twin_table_page_ask (data, query);
}

static void
on_rename (TwinQueryList *list, const char *name, gpointer data)
{
  twin_table_page_rename (data, name);
}

static void
on_delete (TwinQueryList *list, const char *name, gpointer data)
{
  twin_table_page_delete (data, name);
}

static void
on_edit_group (TwinQueryList *list, const char *name, gpointer data)
{
  gtk_widget_activate_action (data, "win.groups", "s", name);
}

/* --- following the plant -------------------------------------------------- */

static void
on_tick (TwinLivePlant *plant, gpointer data)
{
  TwinTablePage *self = data;
  const double   since_s =
      (twin_clock_monotonic_us () - self->asked_us) / (double) TWIN_US_PER_S;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || self->asked == NULL ||
      self->cancellable != NULL || self->answered_us == 0 || self->failed)
    return;

  if (since_s >= MAX (0.9, self->seconds * RARER))
    twin_table_page_fetch (self, self->page, TRUE);
}

static void
on_structure (TwinLivePlant *plant, gpointer data)
{
  if (gtk_widget_get_mapped (data))
    twin_table_page_load_lists (data);
}

static void
on_map (GtkWidget *widget, gpointer data)
{
  TwinTablePage *self = TWIN_TABLE_PAGE (widget);

  twin_table_page_load_lists (self);
  if (self->asked == NULL && self->session != NULL)
    twin_table_page_ask (self, "");
  else
    twin_table_page_fetch (self, self->page, TRUE);
}

static void
on_activated (TwinResultTable *table, const char *twin, gpointer data)
{
  gtk_widget_activate_action (data, "win.show-twin", "s", twin);
}

static void
on_selection (TwinResultTable *table, gpointer data)
{
  twin_table_page_update_bar (data);
}

void
twin_table_page_set_session (TwinTablePage *self, TwinLiveSession *session)
{
  TwinLivePlant *plant =
      session != NULL ? twin_live_session_get_plant (session) : NULL;

  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  twin_table_page_cancel (self);
  if (self->listing != NULL)
    g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  g_clear_pointer (&self->asked, g_free);
  g_clear_pointer (&self->next, g_free);
  self->answered_us = 0;
  self->n_rows = 0;
  g_set_object (&self->session, session);
  g_set_object (&self->plant, plant);
  twin_result_table_set_plant (self->table, self->plant);
  twin_table_page_show_figures (self);
  if (session == NULL)
    return;

  self->listing = g_cancellable_new ();
  g_signal_connect (self->plant, "tick", G_CALLBACK (on_tick), self);
  g_signal_connect (self->plant, "structure", G_CALLBACK (on_structure), self);
}

void
twin_table_page_set_meter (TwinTablePage *self, TwinMeter *meter)
{
  self->meter = meter;
}

/* --- building ------------------------------------------------------------- */

static GtkWidget *
icon_button (const char *icon, const char *label, GCallback clicked, void *data)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "twin-small-button");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (clicked != NULL)
    g_signal_connect (button, "clicked", clicked, data);
  return button;
}

static GtkWidget *
action_button (const char *label, const char *action)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, "twin-compact");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static GtkWidget *
build_tools (TwinTablePage *self)
{
  GtkWidget *tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->figures = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->figures), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->figures), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->figures, TRUE);
  gtk_widget_add_css_class (self->figures, "heading");
  gtk_widget_add_css_class (self->figures, "numeric");
  self->previous = icon_button ("go-previous-symbolic", _ ("Page before"),
                                G_CALLBACK (on_previous), self);
  self->following = icon_button ("go-next-symbolic", _ ("Next page"),
                                 G_CALLBACK (on_following), self);
  self->show_retired = gtk_toggle_button_new_with_label (_ ("Retired, too"));
  gtk_widget_add_css_class (self->show_retired, "twin-compact");
  gtk_widget_set_tooltip_text (self->show_retired,
                               _ ("Words find retired and archived twins, "
                                  "too; a query says so itself"));
  g_signal_connect (self->show_retired, "toggled", G_CALLBACK (on_retired),
                    self);
  self->columns = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->columns), _ ("Columns"));
  gtk_widget_add_css_class (self->columns, "twin-compact-menu");
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->columns),
                                         fill_columns, self, NULL);

  gtk_box_append (GTK_BOX (tools), self->figures);
  gtk_box_append (GTK_BOX (tools), self->previous);
  gtk_box_append (GTK_BOX (tools), self->following);
  gtk_box_append (GTK_BOX (tools), self->show_retired);
  gtk_box_append (GTK_BOX (tools), self->columns);
  gtk_box_append (GTK_BOX (tools),
                  action_button (_ ("Export…"), "table.export"));
  gtk_box_append (GTK_BOX (tools),
                  action_button (_ ("Save query…"), "table.save"));
  return tools;
}

static GtkWidget *
build_main (TwinTablePage *self)
{
  GtkWidget *main = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  self->entry = TWIN_QUERY_ENTRY (
      twin_query_entry_new (_ ("Query or words"),
                            _ ("Words to look for, or a query: SELECT T FROM "
                               "DIGITALTWINS T WHERE "
                               "STATE(T) = 'alarm'")));
  g_signal_connect (self->entry, "run", G_CALLBACK (on_run), self);
  g_signal_connect (self->entry, "cancel", G_CALLBACK (on_cancel), self);
  self->table = TWIN_RESULT_TABLE (twin_result_table_new ());
  g_signal_connect (self->table, "activated", G_CALLBACK (on_activated), self);
  g_signal_connect (self->table, "selection-changed", G_CALLBACK (on_selection),
                    self);
  self->empty = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->empty), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->empty), 56);
  gtk_label_set_justify (GTK_LABEL (self->empty), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (self->empty, "dim-label");

  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack), GTK_WIDGET (self->table),
                       "table");
  gtk_stack_add_named (GTK_STACK (self->stack), self->empty, "empty");
  gtk_widget_set_vexpand (self->stack, TRUE);

  gtk_box_append (GTK_BOX (main), GTK_WIDGET (self->entry));
  gtk_box_append (GTK_BOX (main), build_tools (self));
  gtk_box_append (GTK_BOX (main), self->stack);
  gtk_box_append (GTK_BOX (main), twin_table_page_build_bar (self));
  g_object_set (main, "margin-top", 12, "margin-bottom", 12, "margin-start", 12,
                "margin-end", 12, "hexpand", TRUE, NULL);
  return main;
}

static void
twin_table_page_dispose (GObject *object)
{
  TwinTablePage *self = TWIN_TABLE_PAGE (object);

  if (self->box != NULL)
    twin_table_page_set_session (self, NULL);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_table_page_parent_class)->dispose (object);
}

static void
twin_table_page_finalize (GObject *object)
{
  TwinTablePage *self = TWIN_TABLE_PAGE (object);

  g_ptr_array_unref (self->cursors);
  g_clear_pointer (&self->saved, g_ptr_array_unref);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  G_OBJECT_CLASS (twin_table_page_parent_class)->finalize (object);
}

static void
twin_table_page_class_init (TwinTablePageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_table_page_dispose;
  G_OBJECT_CLASS (class)->finalize = twin_table_page_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_table_page_init (TwinTablePage *self)
{
  self->cursors = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->cursors, NULL);
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->list = TWIN_QUERY_LIST (twin_query_list_new ());
  gtk_widget_set_size_request (GTK_WIDGET (self->list), 240, -1);
  g_signal_connect (self->list, "chosen", G_CALLBACK (on_chosen), self);
  g_signal_connect (self->list, "rename", G_CALLBACK (on_rename), self);
  g_signal_connect (self->list, "delete", G_CALLBACK (on_delete), self);
  g_signal_connect (self->list, "edit-group", G_CALLBACK (on_edit_group), self);
  twin_table_page_add_actions (self);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (self->box), build_main (self));
  g_signal_connect (self, "map", G_CALLBACK (on_map), NULL);
  twin_table_page_show_figures (self);
}

GtkWidget *
twin_table_page_new (void)
{
  return g_object_new (TWIN_TYPE_TABLE_PAGE, NULL);
}
