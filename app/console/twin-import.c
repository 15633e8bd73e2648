/* SPDX-License-Identifier: Apache-2.0 */
/* Importing files or a folder: read in a worker, one change for all, a report
 * of what was refused. */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-dialog.h"
#include "twin-import-text.h"
#include "twin-live-graph.h"

enum
{
  MAX_FILES = 5000,
  MAX_DEPTH = 8,
};

typedef struct
{
  GtkWindow       *parent; /* weak */
  TwinLiveSession *session;
  GPtrArray       *paths; /* char *, as chosen */
  TwinImportText  *text;
  char            *name; /* for people: a file's, or how many */
} Import;

static void
import_free (gpointer data)
{
  Import *self = data;

  g_clear_weak_pointer (&self->parent);
  g_clear_pointer (&self->text, twin_import_text_free);
  g_ptr_array_unref (self->paths);
  g_object_unref (self->session);
  g_free (self->name);
  g_free (self);
}

static void
tell (Import *self, const char *text)
{
  if (self->parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self->parent), "win.toast", "s",
                                text);
}

/* --- the report ----------------------------------------------------------- */

static void
append_refusal (GtkWidget *list, Import *self, const TwinRefusalItem *refusal)
{
  GtkWidget       *row = gtk_list_box_row_new ();
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autofree char *place =
      twin_import_text_dup_place (self->text,
                                  refusal->where != NULL ? refusal->where : "");
  g_autofree char *spoken = g_strdup_printf ("%s: %s", place, refusal->text);
  GtkWidget       *where = gtk_label_new (place);
  GtkWidget       *what = gtk_label_new (refusal->text);

  gtk_label_set_xalign (GTK_LABEL (where), 0);
  gtk_label_set_ellipsize (GTK_LABEL (where), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_tooltip_text (where, place);
  gtk_widget_add_css_class (where, "heading");
  gtk_widget_add_css_class (where, "numeric");
  gtk_label_set_xalign (GTK_LABEL (what), 0);
  gtk_label_set_wrap (GTK_LABEL (what), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (what), PANGO_WRAP_WORD_CHAR);
  gtk_box_append (GTK_BOX (box), where);
  gtk_box_append (GTK_BOX (box), what);
  gtk_widget_add_css_class (box, "twin-report-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
}

static void
present_report (Import *self, GPtrArray *refusals, const GError *error)
{
  enum
  {
    MAX_ROWS = 500
  };
  GtkWidget       *body = twin_dialog_body_new ();
  GtkWidget       *scroller = gtk_scrolled_window_new ();
  GtkWidget       *list = gtk_list_box_new ();
  const guint      n = refusals != NULL ? refusals->len : 0;
  g_autofree char *title =
      g_strdup_printf (_ ("%s was not imported"), self->name);
  AdwWindow *window;

  gtk_box_append (GTK_BOX (body),
                  twin_dialog_note (_ ("Nothing of it was taken over: an "
                                       "import is all or nothing.")));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What was refused"), -1);
  if (n == 0)
    {
      const TwinRefusalItem only = { .where = self->name,
                                     .text = error->message };

      append_refusal (list, self, &only);
    }
  for (guint i = 0; i < MIN (n, MAX_ROWS); i++)
    append_refusal (list, self, refusals->pdata[i]);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_widget_add_css_class (scroller, "twin-card-list");
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (body), scroller);
  if (n > MAX_ROWS)
    {
      g_autofree char *more = g_strdup_printf (_ ("and %u more"), n - MAX_ROWS);

      gtk_box_append (GTK_BOX (body), twin_dialog_note (more));
    }

  {
    g_autofree char *subtitle =
        g_strdup_printf (ngettext ("%u place to mend", "%u places to mend",
                                   MAX (n, 1)),
                         MAX (n, 1));

    window = twin_dialog_new (self->parent, title, subtitle, 760, 480, body,
                              NULL, NULL);
  }
  gtk_window_present (GTK_WINDOW (window));
}

static void
on_imported (GObject *source, GAsyncResult *result, gpointer data)
{
  Import *self = data;
  g_autoptr (GPtrArray) refusals = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinEdited) edited =
      twin_live_session_edit_finish (TWIN_LIVE_SESSION (source), result, NULL,
                                     &refusals, &error);

  if (edited != NULL && self->parent != NULL)
    {
      const int64_t changes[] = { edited->change };

      gtk_widget_activate_action (
          GTK_WIDGET (self->parent), "win.toast-undo", "(s@ax)",
          edited->text != NULL ? edited->text : _ ("Imported"),
          g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, changes,
                                     edited->change != 0, sizeof (int64_t)));
    }
  else if (self->parent != NULL)
    {
      present_report (self, refusals, error);
    }

  import_free (self);
}

/* --- reading -------------------------------------------------------------- */

static gboolean
is_wanted (const char *name)
{
  return g_str_has_suffix (name, ".json") || g_str_has_suffix (name, ".jsonld");
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* A folder's files in the order of their names, those in folders below it
 * likewise. */
static gboolean
collect (GPtrArray *files, const char *path, int depth, GError **error)
{
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_ptr_array_add (files, g_strdup (path));
      return TRUE;
    }

  dir = g_dir_open (path, 0, error);
  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      const char    *one = names->pdata[i];
      const gboolean folder = g_file_test (one, G_FILE_TEST_IS_DIR);

      if (files->len >= MAX_FILES)
        break;
      if ((folder && depth < MAX_DEPTH) || (!folder && is_wanted (one)))
        if (!collect (files, one, depth + 1, error))
          return FALSE;
    }

  return TRUE;
}

static void
read_in_worker (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Import *self = data;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  GError *error = NULL;

  for (guint i = 0; i < self->paths->len; i++)
    if (!collect (files, self->paths->pdata[i], 0, &error))
      {
        g_task_return_error (task, error);
        return;
      }
  if (files->len == 0)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                               _ ("There is no .json file in that folder."));
      return;
    }

  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *text = NULL;
      g_autofree char *name = g_path_get_basename (files->pdata[i]);

      if (!g_file_get_contents (files->pdata[i], &text, NULL, &error))
        {
          g_task_return_error (task, error);
          return;
        }
      twin_import_text_add (self->text, name, text);
      if (files->len == 1)
        self->name = g_steal_pointer (&name);
    }

  if (self->name == NULL)
    self->name = g_strdup_printf (_ ("%u files"), files->len);
  /* Made here and not when it is asked for: it may be long. */
  twin_import_text_get (self->text);
  g_task_return_boolean (task, TRUE);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Import *self = data;
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      tell (self, error->message);
      import_free (self);
      return;
    }

  {
    const TwinEdit edit = { .kind = TWIN_EDIT_IMPORT,
                            .json = twin_import_text_get (self->text),
                            .name = self->name };

    tell (self, _ ("Importing…"));
    twin_live_session_edit_async (self->session, &edit, NULL, on_imported,
                                  self);
  }
}

/* --- choosing ------------------------------------------------------------- */

static void
on_chosen (GtkNativeDialog *dialog, int response, gpointer data)
{
  Import *self = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) files =
          gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      g_autoptr (GTask) task = g_task_new (NULL, NULL, on_read, self);

      for (guint i = 0; i < g_list_model_get_n_items (files); i++)
        {
          g_autoptr (GFile) file = g_list_model_get_item (files, i);

          g_ptr_array_add (self->paths, g_file_get_path (file));
        }
      g_task_set_task_data (task, self, NULL);
      g_task_run_in_thread (task, read_in_worker);
    }
  else
    {
      import_free (self);
    }

  g_object_unref (dialog);
}

void
twin_import_present (GtkWindow       *parent,
                     TwinLiveSession *session,
                     gboolean         folder)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (folder ? _ ("Import a folder of models")
                                          : _ ("Import models or a graph"),
                                   parent,
                                   folder
                                       ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER
                                       : GTK_FILE_CHOOSER_ACTION_OPEN,
                                   _ ("_Import"), _ ("_Cancel"));
  Import *self = g_new0 (Import, 1);

  g_set_weak_pointer (&self->parent, parent);
  self->session = g_object_ref (session);
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->text = twin_import_text_new ();
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), !folder);
  g_signal_connect (dialog, "response", G_CALLBACK (on_chosen), self);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
