/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-tree-queries.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-query-words.h"
#include "twin-answer.h"

enum
{
  MAX_MEMBERS = 10000,
  MAX_SHOWN = 8, /* queries below the tree; more are on the table page */
};

struct _TwinTreeQueries
{
  GtkWidget        parent_instance;
  TwinLiveSession *session;
  GCancellable    *listing;
  GCancellable    *asking;
  GHashTable      *members; /* set of ids, or NULL */
  char            *name;    /* of the filter that holds, or NULL */
  char            *query;
  GPtrArray       *saved;  /* TwinSavedQueryItem, or NULL */
  GPtrArray       *groups; /* TwinGroupItem, or NULL */
  char            *shown;  /* what the list says */
  GtkWidget       *box;
  GtkWidget       *pill; /* button: takes the filter away */
  GtkWidget       *error;
  GtkWidget       *heading;
  GtkWidget       *list;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TwinTreeQueries, twin_tree_queries, GTK_TYPE_WIDGET)

GHashTable *
twin_tree_queries_get_members (TwinTreeQueries *self)
{
  return self->members;
}

/* --- asking --------------------------------------------------------------- */

static void
show_pill (TwinTreeQueries *self)
{
  gtk_widget_set_visible (self->pill, self->name != NULL);
  if (self->name != NULL)
    {
      const guint n =
          self->members != NULL ? g_hash_table_size (self->members) : 0;
      g_autofree char *text = g_strdup_printf ("%s · %u  ×", self->name, n);
      g_autofree char *spoken =
          g_strdup_printf (_ ("Take away the filter %s"), self->name);

      gtk_button_set_label (GTK_BUTTON (self->pill), text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->pill),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                      -1);
    }
}

static void
show_error (TwinTreeQueries *self, const char *message)
{
  gtk_label_set_text (GTK_LABEL (self->error), message != NULL ? message : "");
  gtk_widget_set_visible (self->error, message != NULL);
}

static void
set_members (TwinTreeQueries *self, GHashTable *members)
{
  g_clear_pointer (&self->members, g_hash_table_unref);
  self->members = members;
  show_pill (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* In a worker: the ids of the rows. */
static void
read_ids (GTask        *task,
          gpointer      source,
          gpointer      data,
          GCancellable *cancellable)
{
  TwinLiveRows *rows = data;
  GError       *error = NULL;
  g_autoptr (TwinAnswer) result =
      twin_answer_new ((const char *const *) rows->rows, &error);
  GHashTable *ids;

  if (result == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < result->rows->len; i++)
    if (twin_answer_row_get_twin (result->rows->pdata[i]) != NULL)
      g_hash_table_add (ids, g_strdup (twin_answer_row_get_twin (
                                 result->rows->pdata[i])));
  g_task_return_pointer (task, ids, (GDestroyNotify) g_hash_table_unref);
}

static void
on_ids (GObject *source, GAsyncResult *done, gpointer data)
{
  TwinTreeQueries *self = TWIN_TREE_QUERIES (source);
  g_autoptr (GError) error = NULL;
  GHashTable *ids = g_task_propagate_pointer (G_TASK (done), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  show_error (self, error != NULL ? error->message : NULL);
  if (ids != NULL)
    set_members (self, ids);
}

static void
on_answer (GObject *source, GAsyncResult *done, gpointer data)
{
  g_autoptr (TwinTreeQueries) self = data;
  g_autoptr (GError) error = NULL;
  TwinLiveRows *rows =
      twin_live_session_query_finish (TWIN_LIVE_SESSION (source), done, &error);
  g_autoptr (GTask) task = NULL;

  if (rows == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_error (self, error->message);
      return;
    }

  task = g_task_new (self, self->asking, on_ids, NULL);
  g_task_set_task_data (task, rows, (GDestroyNotify) twin_live_rows_free);
  g_task_run_in_thread (task, read_ids);
}

static void
ask (TwinTreeQueries *self)
{
  const TwinLiveQuestion question = { .text = self->query,
                                      .page = MAX_MEMBERS };

  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  if (self->session == NULL || self->query == NULL)
    return;

  self->asking = g_cancellable_new ();
  twin_live_session_query_async (self->session, &question, self->asking,
                                 on_answer, g_object_ref (self));
}

void
twin_tree_queries_ask (TwinTreeQueries *self,
                       const char      *name,
                       const char      *query)
{
  char *name_copy = g_strdup (name);
  char *query_copy = g_strdup (query);

  g_free (self->name);
  g_free (self->query);
  self->name = name_copy;
  self->query = query_copy;
  show_error (self, NULL);
  ask (self);
}

void
twin_tree_queries_clear (TwinTreeQueries *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->query, g_free);
  show_error (self, NULL);
  ask (self);
  if (self->members != NULL)
    set_members (self, NULL);
  show_pill (self);
}

static void
on_pill (GtkButton *button, gpointer data)
{
  twin_tree_queries_clear (data);
}

/* --- the list ------------------------------------------------------------- */

static void
on_row (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  TwinTreeQueries *self = data;
  const char      *name = g_object_get_data (G_OBJECT (row), "name");

  if (g_strcmp0 (self->name, name) == 0)
    twin_tree_queries_clear (self);
  else
    twin_tree_queries_ask (self, name,
                           g_object_get_data (G_OBJECT (row), "query"));
}

static void
append (TwinTreeQueries *self,
        const char      *icon,
        const char      *name,
        const char      *query)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *image = gtk_image_new_from_icon_name (icon);
  GtkWidget *label = gtk_label_new (name);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_tooltip_text (row, query);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (row), "name", g_strdup (name), g_free);
  g_object_set_data_full (G_OBJECT (row), "query", g_strdup (query), g_free);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
}

static void
clear_rows (TwinTreeQueries *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
}

/* A row that is being clicked must stay: what says the same is left alone. */
static gboolean
is_shown (TwinTreeQueries *self)
{
  GString *text = g_string_new (NULL);
  gboolean same;

  for (guint i = 0; self->saved != NULL && i < self->saved->len; i++)
    {
      const TwinSavedQueryItem *item = self->saved->pdata[i];

      g_string_append_printf (text, "%s\n%s\n", item->name, item->query);
    }
  for (guint i = 0; self->groups != NULL && i < self->groups->len; i++)
    g_string_append_printf (text, "\t%s\n",
                            ((TwinGroupItem *) self->groups->pdata[i])->name);

  same = g_strcmp0 (self->shown, text->str) == 0;
  g_free (self->shown);
  self->shown = g_string_free (text, FALSE);
  return same;
}

static void
fill (TwinTreeQueries *self)
{
  gboolean any;

  if (is_shown (self))
    return;

  clear_rows (self);
  for (guint i = 0;
       self->saved != NULL && i < MIN (self->saved->len, MAX_SHOWN); i++)
    {
      const TwinSavedQueryItem *item = self->saved->pdata[i];

      append (self, "system-search-symbolic", item->name, item->query);
    }
  for (guint i = 0;
       self->groups != NULL && i < MIN (self->groups->len, MAX_SHOWN); i++)
    {
      const TwinGroupItem *item = self->groups->pdata[i];
      g_autofree char *query = twin_query_words_dup_group_question (item->name);

      append (self, "view-list-symbolic", item->name, query);
    }

  any = gtk_widget_get_first_child (self->list) != NULL;
  gtk_widget_set_visible (self->heading, any);
  gtk_widget_set_visible (self->list, any);
}

static void
take (GPtrArray      **where,
      TwinTreeQueries *self,
      GObject         *source,
      GAsyncResult    *done)
{
  GPtrArray *items =
      twin_live_session_list_finish (TWIN_LIVE_SESSION (source), done, NULL);

  if (items == NULL)
    return;

  g_clear_pointer (where, g_ptr_array_unref);
  *where = items;
  fill (self);
}

static void
on_saved (GObject *source, GAsyncResult *done, gpointer data)
{
  g_autoptr (TwinTreeQueries) self = data;

  take (&self->saved, self, source, done);
}

static void
on_groups (GObject *source, GAsyncResult *done, gpointer data)
{
  g_autoptr (TwinTreeQueries) self = data;

  take (&self->groups, self, source, done);
}

static void
load (TwinTreeQueries *self)
{
  twin_live_session_list_saved_queries_async (self->session, self->listing,
                                              on_saved, g_object_ref (self));
  twin_live_session_list_groups_async (self->session, self->listing, on_groups,
                                       g_object_ref (self));
}

/* Something of the graph changed: so may who answers the filter. */
static void
on_structure (TwinLivePlant *plant, gpointer data)
{
  TwinTreeQueries *self = data;

  load (self);
  ask (self);
}

void
twin_tree_queries_set_session (TwinTreeQueries *self, TwinLiveSession *session)
{
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (twin_live_session_get_plant (
                                              self->session),
                                          self);
  if (self->listing != NULL)
    g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  g_set_object (&self->session, session);
  twin_tree_queries_clear (self);
  g_clear_pointer (&self->saved, g_ptr_array_unref);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  fill (self);
  if (session == NULL)
    return;

  self->listing = g_cancellable_new ();
  g_signal_connect (twin_live_session_get_plant (session), "structure",
                    G_CALLBACK (on_structure), self);
  load (self);
}

/* --- building ------------------------------------------------------------- */

static void
twin_tree_queries_dispose (GObject *object)
{
  TwinTreeQueries *self = TWIN_TREE_QUERIES (object);

  if (self->session != NULL)
    twin_tree_queries_set_session (self, NULL);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_tree_queries_parent_class)->dispose (object);
}

static void
twin_tree_queries_finalize (GObject *object)
{
  TwinTreeQueries *self = TWIN_TREE_QUERIES (object);

  g_clear_pointer (&self->members, g_hash_table_unref);
  g_free (self->name);
  g_free (self->query);
  g_free (self->shown);
  g_clear_pointer (&self->saved, g_ptr_array_unref);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  G_OBJECT_CLASS (twin_tree_queries_parent_class)->finalize (object);
}

static void
twin_tree_queries_class_init (TwinTreeQueriesClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_tree_queries_dispose;
  G_OBJECT_CLASS (class)->finalize = twin_tree_queries_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  signals[CHANGED] =
      g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
twin_tree_queries_init (TwinTreeQueries *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->pill = gtk_button_new_with_label ("");
  gtk_widget_add_css_class (self->pill, "twin-chip");
  gtk_widget_set_halign (self->pill, GTK_ALIGN_START);
  g_object_set (self->pill, "margin-start", 9, "margin-end", 9, "margin-top", 6,
                NULL);
  gtk_label_set_ellipsize (GTK_LABEL (
                               gtk_button_get_child (GTK_BUTTON (self->pill))),
                           PANGO_ELLIPSIZE_END);
  g_signal_connect (self->pill, "clicked", G_CALLBACK (on_pill), self);
  self->error = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->error), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->error), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (self->error), 0);
  gtk_widget_add_css_class (self->error, "twin-query-error");
  self->heading = gtk_label_new (_ ("Saved queries and groups"));
  gtk_label_set_xalign (GTK_LABEL (self->heading), 0);
  gtk_widget_add_css_class (self->heading, "twin-section");
  gtk_widget_add_css_class (self->heading, "dim-label");
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list),
                                   GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "navigation-sidebar");
  gtk_widget_add_css_class (self->list, "twin-tree");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Saved queries and groups"), -1);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row), self);

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (
                                                        scroller),
                                                    TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller),
                                              150);
  gtk_box_append (GTK_BOX (self->box), self->pill);
  gtk_box_append (GTK_BOX (self->box), self->error);
  gtk_box_append (GTK_BOX (self->box), self->heading);
  gtk_box_append (GTK_BOX (self->box), scroller);
  show_pill (self);
  show_error (self, NULL);
  fill (self);
}

GtkWidget *
twin_tree_queries_new (void)
{
  return g_object_new (TWIN_TYPE_TREE_QUERIES, NULL);
}
