/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWindow       *parent; /* weak */
  TwinLiveSession *session;
} Import;

static void
import_free (Import *self)
{
  g_clear_weak_pointer (&self->parent);
  g_object_unref (self->session);
  g_free (self);
}

static void
on_finished (TwinLiveRequest *request, gpointer data)
{
  const char *text = twin_live_request_get_text (request);

  gtk_widget_activate_action (data, "win.toast", "s",
                              text != NULL ? text : _ ("Imported"));
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Import          *self = data;
  g_autofree char *text = NULL;
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  g_autoptr (GError) error = NULL;

  if (!g_file_load_contents_finish (G_FILE (source), result, &text, NULL, NULL,
                                    &error))
    {
      if (self->parent != NULL)
        gtk_widget_activate_action (GTK_WIDGET (self->parent), "win.toast", "s",
                                    error->message);
    }
  else
    {
      g_autoptr (TwinLiveRequest) request =
          twin_live_session_import (self->session, text, name);

      if (self->parent != NULL)
        g_signal_connect_object (request, "finished", G_CALLBACK (on_finished),
                                 self->parent, 0);
    }

  import_free (self);
}

static void
on_chosen (GtkNativeDialog *dialog, int response, gpointer data)
{
  Import *self = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file =
          gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      g_file_load_contents_async (file, NULL, on_read, self);
    }
  else
    {
      import_free (self);
    }

  g_object_unref (dialog);
}

void
twin_import_present (GtkWindow *parent, TwinLiveSession *session)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Import models or a graph"), parent,
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"),
                                   _ ("_Cancel"));
  Import *self = g_new0 (Import, 1);

  g_set_weak_pointer (&self->parent, parent);
  self->session = g_object_ref (session);
  g_signal_connect (dialog, "response", G_CALLBACK (on_chosen), self);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
