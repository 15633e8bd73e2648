/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-dialog.h"

typedef struct
{
  AdwWindow       *window;
  TwinLiveSession *session;
  GCancellable    *cancellable; /* of the preview under way */
  GtkWidget       *version;
  GtkWidget       *class_name;
  GtkWidget       *query; /* GtkTextView */
  GtkWidget       *error;
  GtkWidget       *figures;
  GtkWidget       *hash;
  GtkWidget       *list;
} Dialog;

static void
dialog_free (void *data)
{
  Dialog *self = data;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_free (self);
}

static GtkWidget *
cell (const char *text, int width, gboolean dim)
{
  GtkWidget *label = gtk_label_new (text != NULL ? text : "–");

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (width > 0)
    gtk_widget_set_size_request (label, width, -1);
  else
    gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "numeric");
  if (dim)
    gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static void
append_target (Dialog *self, const TwinLiveTarget *target)
{
  GtkWidget     *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  const gboolean in = strcmp (target->verdict, "in") == 0;
  GtkWidget     *verdict = cell (target->verdict, 86, FALSE);

  gtk_widget_add_css_class (verdict, in ? "twin-done" : "dim-label");
  gtk_box_append (GTK_BOX (row), cell (target->node, 64, !in));
  gtk_box_append (GTK_BOX (row), cell (target->machine, 110, !in));
  gtk_box_append (GTK_BOX (row), cell (target->firmware, 48, !in));
  gtk_box_append (GTK_BOX (row), verdict);
  gtk_box_append (GTK_BOX (row), cell (target->why, 0, TRUE));
  gtk_widget_set_tooltip_text (row, target->why);
  gtk_widget_add_css_class (row, "twin-form-row");
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
}

static void
show_figures (Dialog *self, GPtrArray *targets)
{
  guint            counts[3] = { 0 };
  g_autofree char *text = NULL;

  for (guint i = 0; i < targets->len; i++)
    {
      const TwinLiveTarget *target = targets->pdata[i];

      counts[strcmp (target->verdict, "in") == 0    ? 0
             : strcmp (target->verdict, "out") == 0 ? 1
                                                    : 2]++;
    }

  text = g_strdup_printf (_ ("<b>%u</b> in   <b>%u</b> out   <b>%u</b> "
                             "incompatible"),
                          counts[0], counts[1], counts[2]);
  gtk_label_set_markup (GTK_LABEL (self->figures), text);
}

static void
on_preview (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AdwWindow) window = data;
  Dialog          *self;
  g_autofree char *hash = NULL;
  g_autofree char *plan = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) targets =
      twin_live_session_preview_firmware_finish (TWIN_LIVE_SESSION (source),
                                                 result, &hash, &error);
  GtkWidget *row;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = g_object_get_data (G_OBJECT (window), "twin-state");
  while ((row = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  twin_dialog_error_set (self->error, error != NULL ? error->message : NULL);
  gtk_label_set_text (GTK_LABEL (self->figures), "");
  gtk_label_set_text (GTK_LABEL (self->hash), "");
  if (targets == NULL)
    return;

  for (guint i = 0; i < targets->len; i++)
    append_target (self, targets->pdata[i]);
  show_figures (self, targets);
  plan = g_strdup_printf (_ ("Plan %s"), hash);
  gtk_label_set_text (GTK_LABEL (self->hash), plan);
}

static void
preview (Dialog *self)
{
  GtkTextBuffer *buffer =
      gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->query));
  GtkTextIter            begin, end;
  g_autofree char       *question = NULL;
  const TwinLiveArtifact artifact = {
    .version = gtk_editable_get_text (GTK_EDITABLE (self->version)),
    .class_name = gtk_editable_get_text (GTK_EDITABLE (self->class_name)),
  };

  gtk_text_buffer_get_bounds (buffer, &begin, &end);
  question = gtk_text_buffer_get_text (buffer, &begin, &end, FALSE);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  twin_live_session_preview_firmware_async (self->session, question, &artifact,
                                            self->cancellable, on_preview,
                                            g_object_ref (self->window));
}

static void
on_preview_clicked (GtkButton *button, gpointer data)
{
  preview (data);
}

/* The class that most nodes have: what an image is most likely for. */
static char *
dup_common_class (TwinLivePlant *plant)
{
  GListModel *nodes = twin_live_plant_get_nodes (plant);

  for (guint i = 0; i < g_list_model_get_n_items (nodes); i++)
    {
      g_autoptr (TwinLiveNode) node = g_list_model_get_item (nodes, i);

      if (twin_live_node_get_item (node)->class_name != NULL)
        return g_strdup (twin_live_node_get_item (node)->class_name);
    }

  return g_strdup ("");
}

static GtkWidget *
build_artifact (Dialog *self)
{
  GtkWidget       *side = twin_dialog_body_new ();
  GtkWidget       *card = twin_dialog_group (side, _ ("Artifact"));
  g_autofree char *class_name =
      dup_common_class (twin_live_session_get_plant (self->session));

  self->version = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (self->version), 12);
  gtk_editable_set_text (GTK_EDITABLE (self->version), "1.0.0");
  self->class_name = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (self->class_name), 12);
  gtk_editable_set_text (GTK_EDITABLE (self->class_name), class_name);
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Version"), NULL, self->version));
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Device class"), NULL, self->class_name));
  gtk_box_append (
      GTK_BOX (side),
      twin_dialog_note (
          _ ("Campaigns cannot be started from this version yet. This page "
             "tells whom one would reach, and why; the plan's number stands "
             "for exactly this list.")));
  gtk_widget_set_size_request (side, 300, -1);
  gtk_widget_set_hexpand (side, FALSE);
  return side;
}

static GtkWidget *
build_query (Dialog *self, const char *query)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *button = gtk_button_new_with_label (_ ("Evaluate"));

  self->query = gtk_text_view_new ();
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (self->query), TRUE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (self->query), GTK_WRAP_WORD);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (self->query), FALSE);
  gtk_text_buffer_set_text (
      gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->query)),
      query != NULL ? query
                    : "SELECT T FROM DIGITALTWINS T\n"
                      "WHERE IS_OF_MODEL(T, 'dtmi:com:example:twin:Machine;1')",
      -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->query),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Target query"), -1);
  gtk_widget_set_hexpand (self->query, TRUE);
  gtk_widget_add_css_class (card, "twin-card");
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect (button, "clicked", G_CALLBACK (on_preview_clicked), self);
  gtk_box_append (GTK_BOX (card), self->query);
  gtk_box_append (GTK_BOX (card), button);
  return card;
}

static GtkWidget *
build_target (Dialog *self, const char *query)
{
  GtkWidget *main = twin_dialog_body_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *foot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new (_ ("Target"));

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_box_append (GTK_BOX (main), title);
  gtk_box_append (GTK_BOX (main), build_query (self, query));
  self->error = twin_dialog_error_new ();
  gtk_box_append (GTK_BOX (main), self->error);

  self->figures = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->figures), 0);
  gtk_widget_set_hexpand (self->figures, TRUE);
  gtk_widget_add_css_class (self->figures, "numeric");
  self->hash = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->hash, "dim-label");
  gtk_widget_add_css_class (self->hash, "monospace");
  gtk_box_append (GTK_BOX (foot), self->figures);
  gtk_box_append (GTK_BOX (foot), self->hash);
  gtk_box_append (GTK_BOX (main), foot);

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list),
                                   GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Nodes in, out and incompatible"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_widget_add_css_class (scroller, "twin-card-list");
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (main), scroller);
  gtk_widget_set_hexpand (main, TRUE);
  return main;
}

void
twin_firmware_dialog_present (GtkWindow       *parent,
                              TwinLiveSession *session,
                              const char      *query)
{
  Dialog    *self = g_new0 (Dialog, 1);
  GtkWidget *columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->session = g_object_ref (session);
  gtk_box_append (GTK_BOX (columns), build_artifact (self));
  gtk_box_append (GTK_BOX (columns),
                  gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  gtk_box_append (GTK_BOX (columns), build_target (self, query));
  self->window = twin_dialog_new (parent, _ ("Firmware campaign"),
                                  _ ("Preview of the target"), 1040, 640,
                                  columns, self, dialog_free);
  gtk_window_present (GTK_WINDOW (self->window));
  preview (self);
}
