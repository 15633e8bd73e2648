/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-table-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-query-words.h"

enum
{
  PAGE_ROWS = 200,
  /* Asking again may cost a hundredth of the time. */
  RARER = 100,
};

G_DEFINE_FINAL_TYPE (TwinTablePage, twin_table_page, GTK_TYPE_WIDGET)

static void
note (TwinTablePage *self, const char *what, int64_t begin_us)
{
  if (self->meter != NULL)
    twin_meter_note (self->meter, what, twin_clock_monotonic_us () - begin_us);
}

/* --- what stands above and below the table -------------------------------- */

static char *
dup_figures (TwinTablePage *self)
{
  const guint      first = self->page * PAGE_ROWS + 1;
  const guint      last = self->page * PAGE_ROWS + self->n_rows;
  g_autofree char *time =
      self->seconds < 1 ? g_strdup_printf (_ ("%.0f ms"), self->seconds * 1e3)
                        : g_strdup_printf (_ ("%.1f s"), self->seconds);

  if (self->n_rows == 0)
    return g_strdup_printf (_ ("no rows · %s"), time);
  if (self->next != NULL)
    return g_strdup_printf (_ ("%u–%u of more · %s"), first, last, time);
  if (self->page > 0)
    return g_strdup_printf (_ ("%u–%u of %u · %s"), first, last, last, time);

  return g_strdup_printf (ngettext ("%u row · %s", "%u rows · %s",
                                    self->n_rows),
                          self->n_rows, time);
}

static void
show_figures (TwinTablePage *self)
{
  g_autofree char *text = NULL;

  if (self->cancellable != NULL && !self->again)
    text = g_strdup (_ ("asking…"));
  else if (self->answered_us > 0)
    text = dup_figures (self);

  gtk_label_set_text (GTK_LABEL (self->figures), text != NULL ? text : "");
  gtk_widget_set_sensitive (self->previous, self->page > 0);
  gtk_widget_set_sensitive (self->following, self->next != NULL);
  gtk_widget_set_visible (self->previous, self->page > 0 || self->next != NULL);
  gtk_widget_set_visible (self->following,
                          self->page > 0 || self->next != NULL);
}

static void
show_emptiness (TwinTablePage *self)
{
  const gboolean query =
      self->asked != NULL && twin_query_words_is_query (self->asked);

  gtk_label_set_text (GTK_LABEL (self->empty),
                      query ? _ ("Nothing answers this query. Names of "
                                 "properties and texts are case-sensitive; a "
                                 "property that a twin has not is no match.")
                            : _ ("No twin has these words in its name, id or "
                                 "model."));
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    self->n_rows > 0 ? "table" : "empty");
}

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

static void
parse_in_worker (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  TwinLiveRows *rows = data;
  GError       *error = NULL;
  TwinAnswer   *result =
      twin_answer_new ((const char *const *) rows->rows, &error);

  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) twin_answer_free);
  else
    g_task_return_error (task, error);
}

static void
show_error (TwinTablePage *self, const GError *error)
{
  guint line = 0, column = 0;

  twin_live_query_place (error, &line, &column);
  twin_query_entry_set_error (self->entry, error->message, line, column);
}

/* TRUE when the question is still the one under way; it no longer is then. */
static gboolean
end_question (TwinTablePage *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;

  g_clear_object (&self->cancellable);
  twin_query_entry_set_busy (self->entry, FALSE);
  if (error != NULL)
    {
      show_error (self, error);
      show_figures (self);
      if (self->n_rows == 0)
        {
          gtk_label_set_text (GTK_LABEL (self->empty),
                              _ ("Nothing is shown: the question above has no "
                                 "answer yet."));
          gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "empty");
        }
    }
  return TRUE;
}

static void
on_parsed (GObject *source, GAsyncResult *done, gpointer data)
{
  g_autoptr (TwinTablePage) self = TWIN_TABLE_PAGE (g_object_ref (source));
  TwinLiveRows *rows = g_task_get_task_data (G_TASK (done));
  g_autoptr (GError) error = NULL;
  TwinAnswer   *result = g_task_propagate_pointer (G_TASK (done), &error);
  const int64_t begin_us = twin_clock_monotonic_us ();

  if (!end_question (self, error) || result == NULL)
    return;

  self->n_rows = result->rows->len;
  self->seconds = rows->seconds;
  self->answered_us = twin_clock_utc_us ();
  g_free (self->next);
  self->next = g_strdup (rows->cursor);
  twin_query_entry_set_error (self->entry, NULL, 0, 0);
  twin_result_table_take (self->table, result, self->again);
  show_figures (self);
  show_emptiness (self);
  note (self, "table", begin_us);
}

static void
on_answer (GObject *source, GAsyncResult *done, gpointer data)
{
  g_autoptr (TwinTablePage) self = data;
  g_autoptr (GError) error = NULL;
  TwinLiveRows *rows =
      twin_live_session_query_finish (TWIN_LIVE_SESSION (source), done, &error);
  g_autoptr (GTask) task = NULL;

  if (rows == NULL)
    {
      end_question (self, error);
      return;
    }

  task = g_task_new (self, self->cancellable, on_parsed, NULL);
  g_task_set_task_data (task, rows, (GDestroyNotify) twin_live_rows_free);
  g_task_run_in_thread (task, parse_in_worker);
}

static void
cancel (TwinTablePage *self)
{
  if (self->cancellable == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  twin_query_entry_set_busy (self->entry, FALSE);
  show_figures (self);
}

void
twin_table_page_fetch (TwinTablePage *self, guint page, gboolean again)
{
  g_autofree char *parameters = NULL;
  g_autofree char *words = NULL;
  TwinLiveQuestion question = { .page = PAGE_ROWS };

  if (self->session == NULL || self->asked == NULL)
    return;

  cancel (self);
  if (twin_query_words_is_query (self->asked))
    question.text = self->asked;
  else
    question.text = words =
        twin_query_words_dup_question (self->asked, self->retired, &parameters);
  question.parameters = parameters;
  question.cursor = self->cursors->pdata[page];
  self->page = page;
  self->again = again;
  self->asked_us = twin_clock_monotonic_us ();
  self->cancellable = g_cancellable_new ();
  if (!again)
    twin_query_entry_set_busy (self->entry, TRUE);
  show_figures (self);
  twin_live_session_query_async (self->session, &question, self->cancellable,
                                 on_answer, g_object_ref (self));
}

static void
run (TwinTablePage *self)
{
  g_autofree char *text = twin_query_entry_dup_text (self->entry);
  const gboolean   same = g_strcmp0 (text, self->asked) == 0;

  g_free (self->asked);
  self->asked = g_steal_pointer (&text);
  g_ptr_array_set_size (self->cursors, 0);
  g_ptr_array_add (self->cursors, NULL);
  if (!same)
    g_clear_pointer (&self->next, g_free);
  twin_table_page_fetch (self, 0, FALSE);
}

void
twin_table_page_ask (TwinTablePage *self, const char *text)
{
  twin_query_entry_set_text (self->entry, text);
  run (self);
}

void
twin_table_page_focus_entry (TwinTablePage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
on_run (TwinQueryEntry *entry, gpointer data)
{
  run (data);
}

static void
on_cancel (TwinQueryEntry *entry, gpointer data)
{
  cancel (data);
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
    run (self);
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
      self->cancellable != NULL || self->answered_us == 0)
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
  cancel (self);
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
  show_figures (self);
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
  show_figures (self);
}

GtkWidget *
twin_table_page_new (void)
{
  return g_object_new (TWIN_TYPE_TABLE_PAGE, NULL);
}
