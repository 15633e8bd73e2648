/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-ask.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWidget     *entry; /* or NULL */
  TwinAskDone    done;
  gpointer       data;
  GDestroyNotify destroy;
} Asking;

static void
asking_free (gpointer data, GClosure *closure)
{
  Asking *self = data;

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_free (self);
}

static void
on_response (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Asking *self = data;

  if (g_strcmp0 (response, "yes") == 0)
    self->done (self->entry != NULL
                    ? gtk_editable_get_text (GTK_EDITABLE (self->entry))
                    : NULL,
                self->data);
}

static void
on_text (GtkEditable *entry, GParamSpec *pspec, gpointer dialog)
{
  adw_message_dialog_set_response_enabled (dialog, "yes",
                                           *gtk_editable_get_text (entry) !=
                                               '\0');
}

static AdwMessageDialog *
dialog_new (GtkWindow *parent, const char *title, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, title, body);

  gtk_widget_add_css_class (dialog, "twin");
  if (parent != NULL && gtk_widget_has_css_class (GTK_WIDGET (parent), "dark"))
    gtk_widget_add_css_class (dialog, "dark");
  return ADW_MESSAGE_DIALOG (dialog);
}

void
twin_ask (GtkWindow     *parent,
          const TwinAsk *question,
          TwinAskDone    done,
          gpointer       data,
          GDestroyNotify destroy)
{
  AdwMessageDialog *dialog =
      dialog_new (parent, question->title, question->body);
  Asking *self = g_new0 (Asking, 1);

  self->done = done;
  self->data = data;
  self->destroy = destroy;
  adw_message_dialog_add_responses (dialog, "no", _ ("Cancel"), "yes",
                                    question->yes, NULL);
  adw_message_dialog_set_response_appearance (dialog, "yes",
                                              question->danger
                                                  ? ADW_RESPONSE_DESTRUCTIVE
                                                  : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_close_response (dialog, "no");
  adw_message_dialog_set_default_response (dialog,
                                           question->danger ? "no" : "yes");
  if (question->label != NULL)
    {
      self->entry = gtk_entry_new ();
      gtk_entry_set_activates_default (GTK_ENTRY (self->entry), TRUE);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      question->label, -1);
      g_signal_connect (self->entry, "notify::text", G_CALLBACK (on_text),
                        dialog);
      gtk_editable_set_text (GTK_EDITABLE (self->entry),
                             question->text != NULL ? question->text : "");
      on_text (GTK_EDITABLE (self->entry), NULL, dialog);
      adw_message_dialog_set_extra_child (dialog, self->entry);
    }

  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), self,
                         asking_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  if (self->entry != NULL)
    gtk_widget_grab_focus (self->entry);
}

void
twin_ask_tell (GtkWindow *parent, const char *title, const char *body)
{
  AdwMessageDialog *dialog = dialog_new (parent, title, body);

  adw_message_dialog_add_response (dialog, "close", _ ("Close"));
  adw_message_dialog_set_default_response (dialog, "close");
  adw_message_dialog_set_close_response (dialog, "close");
  gtk_window_present (GTK_WINDOW (dialog));
}
