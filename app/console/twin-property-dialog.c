/* SPDX-License-Identifier: Apache-2.0 */
/* One property of one twin or of many, by a form made from its DTDL schema. Of
 * one twin it is written only if nobody else changed the twin meanwhile. */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-dialog.h"
#include "twin-edits.h"
#include "twin-json-words.h"
#include "twin-live-graph.h"
#include "twin-schema-form.h"

typedef struct
{
  AdwWindow       *window;
  TwinLiveSession *session;
  TwinModelSet    *models; /* keeps the schemas */
  GCancellable    *cancellable;
  TwinTwinItem    *twin; /* the first of @twins, once loaded */
  GStrv            twins;
  char            *wanted;   /* property to begin with, or NULL */
  GPtrArray       *contents; /* const TwinContent, as in the drop-down */
  JsonNode        *document;
  GtkWidget       *choice;
  GtkWidget       *note;
  GtkWidget       *slot; /* of the form */
  GtkWidget       *form; /* or NULL */
  GtkWidget       *error;
  GtkWidget       *set;
  GtkWidget       *remove;
} Dialog;

static void
dialog_free (void *data)
{
  Dialog *self = data;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->models, twin_model_set_unref);
  g_clear_pointer (&self->twin, twin_twin_item_free);
  g_clear_pointer (&self->document, json_node_unref);
  g_ptr_array_unref (self->contents);
  g_strfreev (self->twins);
  g_free (self->wanted);
  g_object_unref (self->session);
  g_free (self);
}

static const TwinContent *
chosen (Dialog *self)
{
  const guint i = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->choice));

  return i < self->contents->len ? self->contents->pdata[i] : NULL;
}

/* --- the form ------------------------------------------------------------- */

static JsonNode *
value_of (Dialog *self, const TwinContent *content)
{
  return self->document != NULL && JSON_NODE_HOLDS_OBJECT (self->document)
             ? json_object_get_member (json_node_get_object (self->document),
                                       content->name)
             : NULL;
}

static void
on_changed (TwinSchemaForm *form, gpointer data)
{
  Dialog *self = data;

  twin_dialog_error_set (self->error, NULL);
}

static void
show_form (Dialog *self)
{
  const TwinContent *content = chosen (self);
  JsonNode          *value;
  g_autofree char   *unit = NULL;
  g_autofree char   *note = NULL;

  if (self->form != NULL)
    gtk_box_remove (GTK_BOX (self->slot), self->form);
  self->form = NULL;
  gtk_widget_set_sensitive (self->set, content != NULL);
  gtk_widget_set_sensitive (self->remove, content != NULL);
  if (content == NULL || content->schema == NULL)
    return;

  value = self->twins[1] == NULL ? value_of (self, content) : NULL;
  unit = content->unit != NULL ? twin_json_dup_unit (content->unit) : NULL;
  note = g_strdup_printf ("%s%s%s%s%s",
                          twin_schema_kind_to_string (content->schema->kind),
                          unit != NULL ? ", " : "", unit != NULL ? unit : "",
                          content->description != NULL ? " · " : "",
                          content->description != NULL ? content->description
                                                       : "");
  gtk_label_set_text (GTK_LABEL (self->note), note);
  gtk_widget_set_sensitive (self->remove,
                            value != NULL || self->twins[1] != NULL);
  self->form = twin_schema_form_new (content->schema, value);
  gtk_widget_set_hexpand (self->form, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (
                                      gtk_widget_get_first_child (self->form)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  twin_content_get_label (content), -1);
  g_signal_connect (self->form, "changed", G_CALLBACK (on_changed), self);
  gtk_box_append (GTK_BOX (self->slot), self->form);
}

static void
on_choice (GObject *object, GParamSpec *pspec, gpointer data)
{
  show_form (data);
}

/* --- writing -------------------------------------------------------------- */

static void
on_edited (const TwinEdited *edited, gpointer data)
{
  Dialog *self = g_object_get_data (data, "twin-state");

  gtk_widget_set_sensitive (self->set, TRUE);
  if (edited != NULL)
    gtk_window_close (GTK_WINDOW (self->window));
}

static void
write_value (Dialog *self, const char *json)
{
  const TwinContent *content = chosen (self);
  g_autofree char   *pointer = g_strdup_printf ("/%s", content->name);
  const TwinEdit     edit = {
        .kind = TWIN_EDIT_SET_PROPERTY,
        .id = self->twins[0],
        .if_etag = self->twins[1] == NULL ? self->twin->etag : NULL,
        .name = pointer,
        .json = json,
  };

  gtk_widget_set_sensitive (self->set, FALSE);
  if (self->twins[1] == NULL)
    twin_edits_apply (GTK_WIDGET (self->window), self->session, &edit,
                      on_edited, G_OBJECT (self->window), self->window);
  else
    twin_edits_apply_each (GTK_WIDGET (self->window), self->session, &edit,
                           (const char *const *) self->twins, on_edited,
                           G_OBJECT (self->window), self->window);
}

static void
on_set (GtkButton *button, gpointer data)
{
  Dialog *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = NULL;
  g_autofree char *json = NULL;

  if (self->form == NULL)
    return;

  value = twin_schema_form_get_value (TWIN_SCHEMA_FORM (self->form), &error);
  if (value == NULL)
    {
      twin_dialog_error_set (self->error, error->message);
      return;
    }

  json = json_to_string (value, FALSE);
  write_value (self, json);
}

static void
on_remove (GtkButton *button, gpointer data)
{
  write_value (data, NULL);
}

/* --- loading -------------------------------------------------------------- */

static void
fill_choice (Dialog *self, const TwinInterface *interface)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; interface != NULL && i < interface->effective->len; i++)
    {
      const TwinContent *content = interface->effective->pdata[i];

      if (content->kind != TWIN_CONTENT_PROPERTY)
        continue;
      if (g_strcmp0 (content->name, self->wanted) == 0)
        selected = self->contents->len;
      g_ptr_array_add (self->contents, (gpointer) content);
      gtk_string_list_append (names, twin_content_get_label (content));
    }

  gtk_drop_down_set_model (GTK_DROP_DOWN (self->choice), G_LIST_MODEL (names));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->choice), selected);
  if (self->contents->len == 0)
    twin_dialog_error_set (self->error,
                           _ ("The model of this twin has no properties."));
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AdwWindow) window = data;
  g_autoptr (GError) error = NULL;
  TwinTwinItem *twin =
      twin_live_session_load_twin_at_finish (TWIN_LIVE_SESSION (source), result,
                                             &error);
  Dialog *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = g_object_get_data (G_OBJECT (window), "twin-state");
  if (twin == NULL)
    {
      twin_dialog_error_set (self->error, error->message);
      return;
    }

  self->twin = twin;
  self->document = json_from_string (twin->json, NULL);
  fill_choice (self, twin_model_set_lookup (self->models, twin->model));
  show_form (self);
  if (self->form != NULL && self->wanted != NULL)
    gtk_widget_child_focus (self->form, GTK_DIR_TAB_FORWARD);
  else
    gtk_widget_grab_focus (self->choice);
}

/* --- building ------------------------------------------------------------- */

static GtkWidget *
build_body (Dialog *self)
{
  GtkWidget *body = twin_dialog_body_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *card = twin_dialog_group (body, NULL);

  self->choice = gtk_drop_down_new (NULL, NULL);
  gtk_widget_set_size_request (self->choice, 260, -1);
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Property"), NULL, self->choice));
  self->note = twin_dialog_note (_ ("Reading the twin…"));
  gtk_box_append (GTK_BOX (card), self->note);
  self->slot = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_margin_top (self->slot, 9);
  gtk_box_append (GTK_BOX (card), self->slot);
  self->error = twin_dialog_error_new ();
  gtk_box_append (GTK_BOX (body), self->error);
  self->remove = gtk_button_new_with_label (_ ("Remove this property"));
  gtk_widget_set_halign (self->remove, GTK_ALIGN_START);
  gtk_widget_add_css_class (self->remove, "twin-compact");
  gtk_widget_set_sensitive (self->remove, FALSE);
  g_signal_connect (self->remove, "clicked", G_CALLBACK (on_remove), self);
  gtk_box_append (GTK_BOX (body), self->remove);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), body);
  return scroller;
}

void
twin_property_dialog_present (GtkWindow         *parent,
                              TwinLiveSession   *session,
                              const char *const *twins,
                              const char        *property)
{
  Dialog          *self = g_new0 (Dialog, 1);
  const guint      n = g_strv_length ((char **) twins);
  g_autofree char *subtitle =
      n == 1 ? g_strdup (twins[0])
             : g_strdup_printf (_ ("of %u twins, one after the other"), n);
  GtkWidget *body;

  self->session = g_object_ref (session);
  self->models = twin_live_session_ref_models (session);
  self->cancellable = g_cancellable_new ();
  self->contents = g_ptr_array_new ();
  self->twins = g_strdupv ((char **) twins);
  self->wanted = g_strdup (property);
  body = build_body (self);
  self->window = twin_dialog_new (parent, _ ("Set a property"), subtitle, 560,
                                  420, body, self, dialog_free);
  self->set = gtk_button_new_with_label (_ ("Set"));
  gtk_widget_add_css_class (self->set, "suggested-action");
  gtk_widget_set_sensitive (self->set, FALSE);
  g_signal_connect (self->set, "clicked", G_CALLBACK (on_set), self);
  g_signal_connect (self->choice, "notify::selected", G_CALLBACK (on_choice),
                    self);
  twin_dialog_pack_end (self->window, self->set);
  gtk_window_present (GTK_WINDOW (self->window));
  twin_live_session_load_twin_at_async (session, twins[0], TWIN_TIME_NONE,
                                        self->cancellable, on_loaded,
                                        g_object_ref (self->window));
}
