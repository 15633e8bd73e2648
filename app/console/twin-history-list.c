/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-history-list.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-ask.h"
#include "twin-edits.h"
#include "twin-json-words.h"

enum
{
  MAX_CHANGES = 100,
};

struct _TwinHistoryList
{
  GtkWidget        parent_instance;
  TwinLiveSession *session;
  char            *twin;
  GCancellable    *cancellable;
  GPtrArray       *changes; /* TwinChangeItem, or NULL */
  int64_t          opened;  /* id of the change whose row is open; 0: none */
  GtkWidget       *box;
  GtkWidget       *list;
  GtkWidget       *note;
};

enum
{
  EDITED,
  SHOW_AT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TwinHistoryList, twin_history_list, GTK_TYPE_WIDGET)

/* --- what a change was ---------------------------------------------------- */

/* Two documents are read one after the other; the box may be gone by then. */
typedef struct
{
  GWeakRef      box;
  char         *twin;
  int64_t       time_us;
  GCancellable *cancellable;
  JsonNode     *before; /* or NULL: it was not there */
} Reading;

static void
reading_free (Reading *self)
{
  g_weak_ref_clear (&self->box);
  g_free (self->twin);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->before, json_node_unref);
  g_free (self);
}

static GtkWidget *
text_new (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "twin-cap");
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static void
append_difference (GtkBox *box, const TwinJsonDifference *one)
{
  g_autofree char *label = twin_json_dup_label (one->path);
  g_autofree char *text = NULL;

  if (one->before == NULL)
    text =
        g_markup_printf_escaped (_ ("<b>%s</b>  set to %s"), label, one->after);
  else if (one->after == NULL)
    text = g_markup_printf_escaped (_ ("<b>%s</b>  removed, was %s"), label,
                                    one->before);
  else
    text = g_markup_printf_escaped ("<b>%s</b>  %s → %s", label, one->before,
                                    one->after);

  {
    GtkWidget *line = text_new (NULL, NULL);

    gtk_label_set_markup (GTK_LABEL (line), text);
    gtk_box_append (box, line);
  }
}

static JsonNode *
document_of (const TwinTwinItem *item)
{
  return item != NULL ? json_from_string (item->json, NULL) : NULL;
}

static void
show_differences (GtkBox *box, JsonNode *before, JsonNode *after)
{
  g_autoptr (GPtrArray) differences =
      twin_json_list_differences (before, after);

  for (guint i = 0; i < differences->len; i++)
    append_difference (box, differences->pdata[i]);
  if (differences->len > 0)
    return;

  gtk_box_append (box, text_new (before == NULL && after == NULL
                                     ? _ ("The twin was not there.")
                                     : _ ("Nothing of the twin itself: its "
                                          "relationships, or a model."),
                                 "dim-label"));
}

static void
on_after (GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *self = data;
  g_autoptr (GtkWidget) box = g_weak_ref_get (&self->box);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinTwinItem) item =
      twin_live_session_load_twin_at_finish (TWIN_LIVE_SESSION (source), result,
                                             &error);
  g_autoptr (JsonNode) after = document_of (item);

  if (box != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_differences (GTK_BOX (box), self->before, after);
  reading_free (self);
}

/* A twin that was not there yet is no fault: it was created then. */
static void
on_before (GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinTwinItem) item =
      twin_live_session_load_twin_at_finish (TWIN_LIVE_SESSION (source), result,
                                             &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      reading_free (self);
      return;
    }

  self->before = document_of (item);
  twin_live_session_load_twin_at_async (TWIN_LIVE_SESSION (source), self->twin,
                                        self->time_us, self->cancellable,
                                        on_after, self);
}

static void
read_change (TwinHistoryList *self, GtkWidget *box, int64_t time_us)
{
  Reading *reading = g_new0 (Reading, 1);

  g_weak_ref_init (&reading->box, box);
  reading->twin = g_strdup (self->twin);
  reading->time_us = time_us;
  reading->cancellable = g_object_ref (self->cancellable);
  twin_live_session_load_twin_at_async (self->session, self->twin, time_us - 1,
                                        self->cancellable, on_before, reading);
}

/* --- undo ----------------------------------------------------------------- */

static void
on_undone (const TwinEdited *edited, gpointer data)
{
  if (edited != NULL)
    g_signal_emit (data, signals[EDITED], 0);
}

typedef struct
{
  TwinHistoryList *self;
  int64_t          change;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_object_unref (wish->self);
  g_free (wish);
}

static void
do_undo (const char *text, gpointer data)
{
  Wish          *wish = data;
  const TwinEdit edit = { .kind = TWIN_EDIT_UNDO, .change = wish->change };

  if (wish->self->session != NULL)
    twin_edits_apply (GTK_WIDGET (wish->self), wish->self->session, &edit,
                      on_undone, G_OBJECT (wish->self), wish->self);
}

static const TwinChangeItem *
find_change (TwinHistoryList *self, int64_t id)
{
  for (guint i = 0; self->changes != NULL && i < self->changes->len; i++)
    {
      const TwinChangeItem *change = self->changes->pdata[i];

      if (change->id == id)
        return change;
    }

  return NULL;
}

static int64_t
change_of (gpointer button)
{
  return *(int64_t *) g_object_get_data (button, "change");
}

static void
on_undo (GtkButton *button, gpointer data)
{
  TwinHistoryList      *self = data;
  const TwinChangeItem *change = find_change (self, change_of (button));
  Wish                 *wish;
  const TwinAsk         question = {
            .title = _ ("Undo this change?"),
            .body = change != NULL ? change->text : "",
            .yes = _ ("Undo"),
  };

  if (change == NULL)
    return;

  wish = g_new0 (Wish, 1);
  wish->self = g_object_ref (self);
  wish->change = change->id;
  twin_ask (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), &question,
            do_undo, wish, wish_free);
}

static void
on_show_at (GtkButton *button, gpointer data)
{
  TwinHistoryList      *self = data;
  const TwinChangeItem *change = find_change (self, change_of (button));

  if (change != NULL)
    g_signal_emit (self, signals[SHOW_AT], 0, (gint64) (change->time_us - 1));
}

/* --- rows ----------------------------------------------------------------- */

static GtkWidget *
button_new (TwinHistoryList      *self,
            const TwinChangeItem *change,
            const char           *label,
            GCallback             clicked)
{
  GtkWidget       *button = gtk_button_new_with_label (label);
  g_autofree char *spoken = g_strdup_printf ("%s: %s", label, change->text);

  gtk_widget_add_css_class (button, "twin-small-button");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_object_set_data_full (G_OBJECT (button), "change",
                          g_memdup2 (&change->id, sizeof change->id), g_free);
  g_signal_connect (button, "clicked", clicked, self);
  return button;
}

static void
open_row (TwinHistoryList *self, GtkWidget *row, const TwinChangeItem *change)
{
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row));
  GtkWidget *detail = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_box_append (GTK_BOX (buttons),
                  button_new (self, change, _ ("Undo…"), G_CALLBACK (on_undo)));
  gtk_box_append (GTK_BOX (buttons),
                  button_new (self, change, _ ("As it was before"),
                              G_CALLBACK (on_show_at)));
  gtk_widget_set_margin_top (buttons, 3);
  gtk_box_append (GTK_BOX (detail), lines);
  gtk_box_append (GTK_BOX (detail), buttons);
  gtk_box_append (GTK_BOX (box), detail);
  g_object_set_data (G_OBJECT (row), "detail", detail);
  self->opened = change->id;
  read_change (self, lines, change->time_us);
}

static void
close_row (GtkWidget *row)
{
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row));
  GtkWidget *detail = g_object_get_data (G_OBJECT (row), "detail");

  if (detail == NULL)
    return;

  g_object_set_data (G_OBJECT (row), "detail", NULL);
  gtk_box_remove (GTK_BOX (box), detail);
}

static void
on_row (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  TwinHistoryList *self = data;
  const int        i = gtk_list_box_row_get_index (row);
  const gboolean   was_open =
      g_object_get_data (G_OBJECT (row), "detail") != NULL;

  for (GtkWidget *one = gtk_widget_get_first_child (self->list); one != NULL;
       one = gtk_widget_get_next_sibling (one))
    close_row (one);
  self->opened = 0;
  if (!was_open && self->changes != NULL && (guint) i < self->changes->len)
    open_row (self, GTK_WIDGET (row), self->changes->pdata[i]);
}

static GtkWidget *
row_new (const TwinChangeItem *change)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autoptr (GDateTime) time =
      g_date_time_new_from_unix_local (change->time_us / TWIN_US_PER_S);
  g_autofree char *clock =
      time != NULL ? g_date_time_format (time, _ ("%-d %b %Y %H:%M:%S"))
                   : g_strdup ("–");
  g_autofree char *who =
      g_strdup_printf ("%s · %s", clock,
                       change->who != NULL ? change->who : _ ("the engine"));
  g_autofree char *spoken = g_strdup_printf ("%s, %s", change->text, who);
  GtkWidget       *text = gtk_label_new (change->text);
  GtkWidget       *note = text_new (who, "dim-label");

  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_ellipsize (GTK_LABEL (text), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (text, change->text);
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (box), note);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_add_css_class (row, "twin-history-row");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}

static void
fill (TwinHistoryList *self)
{
  const int64_t opened = self->opened;
  GtkWidget    *row;

  while ((row = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  self->opened = 0;
  for (guint i = 0; self->changes != NULL && i < self->changes->len; i++)
    {
      const TwinChangeItem *change = self->changes->pdata[i];

      row = row_new (change);
      gtk_list_box_append (GTK_LIST_BOX (self->list), row);
      if (change->id == opened)
        open_row (self, row, change);
    }

  gtk_widget_set_visible (self->note,
                          self->changes == NULL || self->changes->len == 0);
}

/* --- reading -------------------------------------------------------------- */

/* The newest tells: a journal only grows. */
static gboolean
is_same (GPtrArray *a, GPtrArray *b)
{
  return a != NULL && b != NULL && a->len == b->len && a->len > 0 &&
         ((TwinChangeItem *) a->pdata[0])->id ==
             ((TwinChangeItem *) b->pdata[0])->id;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TwinHistoryList) self = data;
  g_autoptr (GError) error = NULL;
  GPtrArray *changes =
      twin_live_session_list_finish (TWIN_LIVE_SESSION (source), result,
                                     &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (is_same (self->changes, changes))
    {
      g_ptr_array_unref (changes);
      return;
    }

  g_clear_pointer (&self->changes, g_ptr_array_unref);
  self->changes = changes;
  gtk_label_set_text (GTK_LABEL (self->note),
                      error != NULL
                          ? error->message
                          : _ ("Nothing has changed since it was made."));
  fill (self);
}

void
twin_history_list_set_twin (TwinHistoryList *self,
                            TwinLiveSession *session,
                            const char      *twin)
{
  const gboolean same = g_strcmp0 (twin, self->twin) == 0;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_set_object (&self->session, session);
  if (!same)
    {
      char *copy = g_strdup (twin);

      g_free (self->twin);
      self->twin = copy;
      self->opened = 0;
      g_clear_pointer (&self->changes, g_ptr_array_unref);
      gtk_label_set_text (GTK_LABEL (self->note), _ ("Reading…"));
      fill (self);
    }
  if (session == NULL || twin == NULL)
    return;

  self->cancellable = g_cancellable_new ();
  twin_live_session_list_changes_async (session, self->twin, 0, 0, MAX_CHANGES,
                                        self->cancellable, on_listed,
                                        g_object_ref (self));
}

/* --- building ------------------------------------------------------------- */

static void
twin_history_list_dispose (GObject *object)
{
  TwinHistoryList *self = TWIN_HISTORY_LIST (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_clear_pointer (&self->twin, g_free);
  G_OBJECT_CLASS (twin_history_list_parent_class)->dispose (object);
}

static void
twin_history_list_class_init (TwinHistoryListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_history_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  signals[EDITED] =
      g_signal_new ("edited", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SHOW_AT] =
      g_signal_new ("show-at", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
twin_history_list_init (TwinHistoryList *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list),
                                   GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "twin-history");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Changes of this twin"), -1);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row), self);
  self->note = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->note), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->note), 0);
  gtk_widget_add_css_class (self->note, "dim-label");
  gtk_box_append (GTK_BOX (self->box), self->note);
  gtk_box_append (GTK_BOX (self->box), self->list);
}

GtkWidget *
twin_history_list_new (void)
{
  return g_object_new (TWIN_TYPE_HISTORY_LIST, NULL);
}
