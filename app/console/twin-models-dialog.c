/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-ask.h"
#include "twin-columns.h"
#include "twin-dialog.h"
#include "twin-edits.h"
#include "twin-live-graph.h"
#include "twin-model-list.h"
#include "twin-model-view.h"

/* --- a row of the list ---------------------------------------------------- */

#define TWIN_TYPE_MODEL_ROW (twin_model_row_get_type ())
G_DECLARE_FINAL_TYPE (TwinModelRow, twin_model_row, TWIN, MODEL_ROW, GObject)

struct _TwinModelRow
{
  GObject parent_instance;
  char   *dtmi, *name;
  guint   twins, depth;
};

G_DEFINE_FINAL_TYPE (TwinModelRow, twin_model_row, G_TYPE_OBJECT)

static void
twin_model_row_finalize (GObject *object)
{
  g_free (TWIN_MODEL_ROW (object)->dtmi);
  g_free (TWIN_MODEL_ROW (object)->name);
  G_OBJECT_CLASS (twin_model_row_parent_class)->finalize (object);
}

static void
twin_model_row_class_init (TwinModelRowClass *class)
{
  G_OBJECT_CLASS (class)->finalize = twin_model_row_finalize;
}

static void
twin_model_row_init (TwinModelRow *self)
{
}

/* --- the dialog ----------------------------------------------------------- */

enum
{
  COLUMN_NAME,
  COLUMN_TWINS,
};

typedef struct
{
  AdwWindow          *window;
  TwinLiveSession    *session;
  TwinModelSet       *models;
  GCancellable       *cancellable;
  GPtrArray          *items;  /* TwinModelItem, or NULL */
  char               *wanted; /* to be selected once it is there, or NULL */
  GListStore         *rows;
  GtkSingleSelection *selection;
  GtkWidget          *filter;
  GtkWidget          *summary;
  GtkWidget          *view; /* box of the details */
} Dialog;

static void
dialog_free (void *data)
{
  Dialog *self = data;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->models, twin_model_set_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_object_unref (self->rows);
  g_object_unref (self->session);
  g_free (self->wanted);
  g_free (self);
}

static TwinModelRow *
selected (Dialog *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

static const TwinModelItem *
find_item (Dialog *self, const char *dtmi)
{
  for (guint i = 0; self->items != NULL && i < self->items->len; i++)
    {
      const TwinModelItem *item = self->items->pdata[i];

      if (strcmp (item->dtmi, dtmi) == 0)
        return item;
    }

  return NULL;
}

/* --- the list ------------------------------------------------------------- */

static char *
dup_text (gpointer item, guint id, gpointer data)
{
  TwinModelRow *row = item;

  if (id == COLUMN_TWINS)
    return row->twins > 0 ? g_strdup_printf ("%u", row->twins) : g_strdup ("");

  /* An em space a level. */
  {
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < MIN (row->depth, 12); i++)
      g_string_append (text, "\u2003");
    g_string_append (text, row->name);
    return g_string_free (text, FALSE);
  }
}

static void
fill (Dialog *self)
{
  TwinModelRow    *current = selected (self);
  g_autofree char *keep = g_strdup (self->wanted != NULL ? self->wanted
                                    : current != NULL    ? current->dtmi
                                                         : NULL);
  g_autofree char *needle =
      g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->filter)), -1);
  g_autoptr (GArray) order =
      twin_model_list_order (self->items, self->models,
                             *needle != '\0' ? needle : NULL);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *text = NULL;
  guint            position = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < order->len; i++)
    {
      const TwinModelPlace *place = &g_array_index (order, TwinModelPlace, i);
      TwinModelRow         *row = g_object_new (TWIN_TYPE_MODEL_ROW, NULL);

      row->dtmi = g_strdup (place->item->dtmi);
      row->name = g_strdup (place->item->name != NULL ? place->item->name
                                                      : place->item->dtmi);
      row->twins = place->item->twins;
      row->depth = place->depth;
      g_ptr_array_add (rows, row);
      if (g_strcmp0 (row->dtmi, keep) == 0)
        position = i;
    }

  g_list_store_splice (self->rows, 0,
                       g_list_model_get_n_items (G_LIST_MODEL (self->rows)),
                       rows->pdata, rows->len);
  gtk_single_selection_set_selected (self->selection, position);
  if (position != GTK_INVALID_LIST_POSITION)
    g_clear_pointer (&self->wanted, g_free);
  text = g_strdup_printf (ngettext ("%u model", "%u models", self->items->len),
                          self->items->len);
  gtk_label_set_text (GTK_LABEL (self->summary), text);
}

static void
on_filter (GtkSearchEntry *entry, gpointer data)
{
  Dialog *self = data;

  if (self->items != NULL)
    fill (self);
}

static void
on_selected (GObject *object, GParamSpec *pspec, gpointer data)
{
  Dialog       *self = data;
  TwinModelRow *row = selected (self);
  GActionMap   *actions = G_ACTION_MAP (
        g_object_get_data (G_OBJECT (self->window), "twin-actions"));
  static const char *const names[] = { "delete", "export", "migrate" };

  twin_model_view_fill (GTK_BOX (self->view), self->models,
                        row != NULL ? row->dtmi : NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (
                                     g_action_map_lookup_action (actions,
                                                                 names[i])),
                                 row != NULL &&
                                     (strcmp (names[i], "migrate") != 0 ||
                                      row->twins > 0));
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AdwWindow) window = data;
  g_autoptr (GError) error = NULL;
  GPtrArray *items = twin_live_session_list_finish (TWIN_LIVE_SESSION (source),
                                                    result, &error);
  Dialog    *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = g_object_get_data (G_OBJECT (window), "twin-state");
  if (items == NULL)
    {
      gtk_label_set_text (GTK_LABEL (self->summary), error->message);
      return;
    }

  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->models, twin_model_set_unref);
  self->items = items;
  self->models = twin_live_session_ref_models (self->session);
  fill (self);
  on_selected (NULL, NULL, self);
}

static void
load (Dialog *self)
{
  twin_live_session_list_models_async (self->session, self->cancellable,
                                       on_listed, g_object_ref (self->window));
}

/* The engine has taken over what was imported or deleted. */
static void
on_structure (TwinLivePlant *plant, gpointer window)
{
  load (g_object_get_data (window, "twin-state"));
}

/* --- acting --------------------------------------------------------------- */

static void
import_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Dialog *self = data;

  twin_import_present (GTK_WINDOW (self->window), self->session,
                       g_variant_get_boolean (parameter));
}

static void
migrate_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Dialog       *self = data;
  TwinModelRow *row = selected (self);

  if (row != NULL)
    twin_migrate_dialog_present (GTK_WINDOW (self->window), self->session,
                                 row->dtmi, NULL);
}

static void
on_deleted (const TwinEdited *edited, gpointer data)
{
  if (edited != NULL)
    load (g_object_get_data (data, "twin-state"));
}

static void
do_delete (const char *text, gpointer data)
{
  Dialog        *self = g_object_get_data (data, "twin-state");
  TwinModelRow  *row = selected (self);
  const TwinEdit edit = { .kind = TWIN_EDIT_DELETE_MODEL,
                          .id = row != NULL ? row->dtmi : NULL };

  if (row != NULL)
    twin_edits_apply (GTK_WIDGET (self->window), self->session, &edit,
                      on_deleted, G_OBJECT (self->window), self->window);
}

static void
delete_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Dialog          *self = data;
  TwinModelRow    *row = selected (self);
  g_autofree char *title = g_strdup_printf (_ ("Delete the model %s?"),
                                            row != NULL ? row->name : "");
  const TwinAsk    question = {
       .title = title,
       .body = _ ("It is refused while twins use it or other models refer to it. "
                     "What was measured stays."),
       .yes = _ ("Delete"),
       .danger = TRUE,
  };

  if (row != NULL)
    twin_ask (GTK_WINDOW (self->window), &question, do_delete,
              g_object_ref (self->window), g_object_unref);
}

/* --- export --------------------------------------------------------------- */

static void
append_model (GString *json, GHashTable *done, Dialog *self, const char *dtmi)
{
  const TwinModelItem *item = find_item (self, dtmi);

  if (item == NULL || !g_hash_table_add (done, (gpointer) item->dtmi))
    return;
  g_string_append_printf (json, "%s\n%s", json->len > 1 ? "," : "", item->json);
}

/* A model is worth nothing without what it extends: both are in the file. */
static char *
dup_export (Dialog *self, const char *dtmi)
{
  GString *json = g_string_new ("[");
  g_autoptr (GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);
  const TwinInterface *interface =
      dtmi != NULL && self->models != NULL
          ? twin_model_set_lookup (self->models, dtmi)
          : NULL;

  if (dtmi != NULL)
    append_model (json, done, self, dtmi);
  for (guint i = 0; interface != NULL && i < interface->ancestors->len; i++)
    append_model (json, done, self, interface->ancestors->pdata[i]);
  for (guint i = 0; dtmi == NULL && i < self->items->len; i++)
    append_model (json, done, self,
                  ((TwinModelItem *) self->items->pdata[i])->dtmi);
  g_string_append (json, "\n]\n");
  return g_string_free (json, FALSE);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AdwWindow) window = data;
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    twin_ask_tell (GTK_WINDOW (window), _ ("Could not export"), error->message);
}

typedef struct
{
  AdwWindow *window; /* owned */
  char      *json;
} Export;

static void
on_file (GtkNativeDialog *dialog, int response, gpointer data)
{
  Export *export = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file =
          gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autoptr (GBytes) bytes =
          g_bytes_new (export->json, strlen (export->json));

      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE,
                                           G_FILE_CREATE_NONE, NULL, on_written,
                                           g_object_ref (export->window));
    }
  g_object_unref (export->window);
  g_free (export->json);
  g_free (export);
  g_object_unref (dialog);
}

static void
export_to_file (Dialog *self, const char *dtmi)
{
  Export *export = g_new0 (Export, 1);
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Export models"),
                                   GTK_WINDOW (self->window),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"),
                                   _ ("_Cancel"));

  export->window = g_object_ref (self->window);
  export->json = dup_export (self, dtmi);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), "models.json");
  g_signal_connect (dialog, "response", G_CALLBACK (on_file), export);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
export_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Dialog       *self = data;
  TwinModelRow *row = selected (self);

  if (row != NULL)
    export_to_file (self, row->dtmi);
}

static void
export_all_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Dialog *self = data;

  if (self->items != NULL)
    export_to_file (self, NULL);
}

/* --- building ------------------------------------------------------------- */

static GtkWidget *
build_list (Dialog *self)
{
  static const TwinColumn columns[] = {
    { N_ ("Model"), COLUMN_NAME, 0, FALSE, NULL },
    { N_ ("Twins"), COLUMN_TWINS, 64, TRUE, "dim-label" },
  };
  GtkWidget   *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget   *scroller = gtk_scrolled_window_new ();
  GtkWidget   *view;
  TwinColumns *cells;

  self->rows = g_list_store_new (TWIN_TYPE_MODEL_ROW);
  self->selection =
      gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->rows)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  view = gtk_column_view_new (GTK_SELECTION_MODEL (self->selection));
  gtk_widget_add_css_class (view, "twin-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Models"),
                                  -1);
  cells = twin_columns_new (GTK_COLUMN_VIEW (view), dup_text, NULL, self);
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      TwinColumn column = columns[i];

      column.title = _ (column.title);
      twin_columns_add (cells, &column);
    }

  self->filter = gtk_search_entry_new ();
  g_object_set (self->filter, "placeholder-text", _ ("Filter models"),
                "margin-top", 9, "margin-start", 9, "margin-end", 9, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->filter),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Filter models"), -1);
  g_signal_connect (self->filter, "search-changed", G_CALLBACK (on_filter),
                    self);
  self->summary = twin_dialog_note (_ ("Reading…"));
  g_object_set (self->summary, "margin-start", 12, "margin-bottom", 9, NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (side), self->filter);
  gtk_box_append (GTK_BOX (side), scroller);
  gtk_box_append (GTK_BOX (side), self->summary);
  gtk_widget_add_css_class (side, "twin-side");
  gtk_widget_add_css_class (side, "left");
  gtk_widget_set_size_request (side, 300, -1);
  return side;
}

static GtkWidget *
button (const char *label, const char *action)
{
  GtkWidget *widget = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (widget, "twin-compact");
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (widget), action);
  return widget;
}

static GtkWidget *
build_details (Dialog *self)
{
  GtkWidget *main = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *acts = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->view = twin_dialog_body_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->view);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (acts),
                  button (_ ("Migrate its twins…"), "models.migrate"));
  gtk_box_append (GTK_BOX (acts), button (_ ("Export…"), "models.export"));
  gtk_box_append (GTK_BOX (acts), button (_ ("Delete…"), "models.delete"));
  gtk_widget_add_css_class (acts, "twin-result");
  gtk_box_append (GTK_BOX (main), scroller);
  gtk_box_append (GTK_BOX (main), acts);
  gtk_widget_set_hexpand (main, TRUE);
  return main;
}

static void
add_actions (Dialog *self)
{
  static const GActionEntry entries[] = {
    { "import", import_action, "b", NULL, NULL, { 0 } },
    { "migrate", migrate_action, NULL, NULL, NULL, { 0 } },
    { "delete", delete_action, NULL, NULL, NULL, { 0 } },
    { "export", export_action, NULL, NULL, NULL, { 0 } },
    { "export-all", export_all_action, NULL, NULL, NULL, { 0 } },
  };
  GSimpleActionGroup *group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries,
                                   G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self->window), "models",
                                  G_ACTION_GROUP (group));
  g_object_set_data_full (G_OBJECT (self->window), "twin-actions", group,
                          g_object_unref);
}

void
twin_models_dialog_present (GtkWindow       *parent,
                            TwinLiveSession *session,
                            const char      *model)
{
  Dialog    *self = g_new0 (Dialog, 1);
  GtkWidget *columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *more = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();

  self->session = g_object_ref (session);
  self->cancellable = g_cancellable_new ();
  self->wanted = model != NULL && *model != '\0' ? g_strdup (model) : NULL;
  gtk_box_append (GTK_BOX (columns), build_list (self));
  gtk_box_append (GTK_BOX (columns), build_details (self));
  self->window = twin_dialog_new (parent, _ ("Models"),
                                  _ ("DTDL interfaces of this plant"), 980, 640,
                                  columns, self, dialog_free);
  add_actions (self);
  g_menu_append (menu, _ ("Files…"), "models.import(false)");
  g_menu_append (menu, _ ("A folder…"), "models.import(true)");
  gtk_menu_button_set_label (GTK_MENU_BUTTON (more), _ ("Import"));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (more), G_MENU_MODEL (menu));
  twin_dialog_pack_end (self->window, more);
  twin_dialog_pack_end (self->window,
                        button (_ ("Export all…"), "models.export-all"));
  g_signal_connect (self->selection, "notify::selected-item",
                    G_CALLBACK (on_selected), self);
  g_signal_connect_object (twin_live_session_get_plant (session), "structure",
                           G_CALLBACK (on_structure), self->window, 0);
  on_selected (NULL, NULL, self);
  gtk_window_present (GTK_WINDOW (self->window));
  load (self);
}
