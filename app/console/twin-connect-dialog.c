/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>

#include "twin-dialog.h"

typedef struct
{
  AdwWindow       *window;
  TwinLiveSession *session; /* NULL: none open yet */
  GtkWindow       *parent;
  GtkWidget       *host;
  GtkWidget       *port;
  GtkWidget       *tls;
  GtkWidget       *user;
  GtkWidget       *password;
  GtkWidget       *ca;
  GtkWidget       *error;
  GtkWidget       *state;
} Dialog;

static void
dialog_free (void *data)
{
  Dialog *self = data;

  g_clear_object (&self->session);
  g_free (self);
}

static GSettings *
ref_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source != NULL ? g_settings_schema_source_lookup (source, APP_ID, TRUE)
                     : NULL;

  return schema != NULL ? g_settings_new (APP_ID) : NULL;
}

static const char *
text_of (GtkWidget *entry)
{
  return gtk_editable_get_text (GTK_EDITABLE (entry));
}

static char *
dup_url (Dialog *self)
{
  const char *user = text_of (self->user);

  return g_strdup_printf ("%s://%s%s%s:%d",
                          gtk_switch_get_active (GTK_SWITCH (self->tls))
                              ? "mqtts"
                              : "mqtt",
                          user, *user != '\0' ? "@" : "", text_of (self->host),
                          gtk_spin_button_get_value_as_int (
                              GTK_SPIN_BUTTON (self->port)));
}

static void
on_finished (TwinLiveRequest *request, gpointer data)
{
  Dialog *self = g_object_get_data (data, "twin-state");

  if (twin_live_request_get_stage (request) == TWIN_REQUEST_FAILED)
    twin_dialog_error_set (self->error, twin_live_request_get_text (request));
  else
    gtk_window_close (GTK_WINDOW (self->window));
}

static const char *
or_null (const char *text)
{
  return *text != '\0' ? text : NULL;
}

static void
on_connect (GtkButton *button, gpointer data)
{
  Dialog          *self = data;
  g_autofree char *url = NULL;
  g_autoptr (GSettings) settings = ref_settings ();
  g_autoptr (TwinLiveRequest) request = NULL;
  const TwinLiveSettings link = {
    .ca = or_null (text_of (self->ca)),
    .password = or_null (text_of (self->password)),
  };
  TwinLiveSettings with_url = link;

  if (*text_of (self->host) == '\0')
    {
      twin_dialog_error_set (self->error,
                             _ ("Give the broker's host name or address."));
      gtk_widget_grab_focus (self->host);
      return;
    }

  url = dup_url (self);
  with_url.broker = url;
  twin_dialog_error_set (self->error, NULL);
  if (settings != NULL)
    g_settings_set_string (settings, "broker", url);

  if (self->session == NULL)
    {
      GApplication *application = g_application_get_default ();

      g_action_group_activate_action (G_ACTION_GROUP (application), "connect",
                                      g_variant_new_string (url));
      gtk_window_close (GTK_WINDOW (self->window));
      return;
    }

  request = twin_live_session_connect_broker (self->session, &with_url);
  g_signal_connect_object (request, "finished", G_CALLBACK (on_finished),
                           self->window, 0);
}

/* The cause of a lost link stays in sight while it is being mended. */
static void
show_state (TwinLivePlant *plant, gpointer data)
{
  Dialog                 *self = g_object_get_data (data, "twin-state");
  const TwinStatusUpdate *status = twin_live_plant_get_status (plant);
  g_autofree char        *text = NULL;

  if (status == NULL)
    return;

  switch (status->link)
    {
    case TWIN_LINK_NONE:
      text = g_strdup (_ ("Not connected."));
      break;
    case TWIN_LINK_CONNECTING:
      text = g_strdup_printf (_ ("Connecting to %s…"), status->broker);
      break;
    case TWIN_LINK_UP:
      text = g_strdup_printf (_ ("Connected to %s."), status->broker);
      break;
    case TWIN_LINK_LOST:
      text = g_strdup (status->link_text);
      break;
    }
  gtk_label_set_text (GTK_LABEL (self->state), text != NULL ? text : "");
}

static GtkWidget *
entry_new (const char *placeholder)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), placeholder);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 24);
  return entry;
}

static void
build_broker (Dialog *self, GtkWidget *body)
{
  GtkWidget *card = twin_dialog_group (body, _ ("Broker"));

  self->host = entry_new ("broker.example.com");
  self->port = gtk_spin_button_new_with_range (1, 65535, 1);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->port), 1883);
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Host"), NULL, self->host));
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Port"), NULL, self->port));
}

static void
build_security (Dialog *self, GtkWidget *body)
{
  GtkWidget *card = twin_dialog_group (body, _ ("Security"));

  self->tls = gtk_switch_new ();
  self->user = entry_new ("");
  self->password = gtk_password_entry_new ();
  gtk_password_entry_set_show_peek_icon (GTK_PASSWORD_ENTRY (self->password),
                                         TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->password), 24);
  self->ca = entry_new ("/etc/ssl/plant-ca.pem");
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("TLS"),
                                   _ ("The broker's certificate is verified."),
                                   self->tls));
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("User"), NULL, self->user));
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Password"),
                                   _ ("Kept for this session only."),
                                   self->password));
  gtk_box_append (GTK_BOX (card), twin_dialog_row (_ ("Certificate authority"),
                                                   _ ("A file; empty: the "
                                                      "system's authorities."),
                                                   self->ca));
}

static void
fill (Dialog *self)
{
  g_autoptr (GSettings) settings = ref_settings ();
  g_autofree char *url =
      settings != NULL ? g_settings_get_string (settings, "broker") : NULL;
  g_autoptr (GUri) uri = url != NULL && *url != '\0'
                             ? g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD, NULL)
                             : NULL;

  if (uri == NULL)
    return;

  gtk_editable_set_text (GTK_EDITABLE (self->host), g_uri_get_host (uri));
  if (g_uri_get_port (uri) > 0)
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->port),
                               g_uri_get_port (uri));
  if (g_uri_get_user (uri) != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->user), g_uri_get_user (uri));
  gtk_switch_set_active (GTK_SWITCH (self->tls),
                         g_str_equal (g_uri_get_scheme (uri), "mqtts"));
}

void
twin_connect_dialog_present (GtkWindow *parent, TwinLiveSession *session)
{
  Dialog    *self = g_new0 (Dialog, 1);
  GtkWidget *body = twin_dialog_body_new ();
  GtkWidget *connect = gtk_button_new_with_label (_ ("Connect"));

  self->parent = parent;
  self->session = session != NULL ? g_object_ref (session) : NULL;
  build_broker (self, body);
  build_security (self, body);
  self->error = twin_dialog_error_new ();
  self->state = twin_dialog_note ("");
  gtk_box_append (GTK_BOX (body), self->error);
  gtk_box_append (GTK_BOX (body), self->state);
  fill (self);

  self->window = twin_dialog_new (parent, _ ("Connect to a broker"), NULL, 520,
                                  560, body, self, dialog_free);
  gtk_widget_add_css_class (connect, "suggested-action");
  g_signal_connect (connect, "clicked", G_CALLBACK (on_connect), self);
  twin_dialog_pack_end (self->window, connect);
  gtk_window_set_default_widget (GTK_WINDOW (self->window), connect);
  g_object_set (self->host, "activates-default", TRUE, NULL);
  if (session != NULL)
    {
      TwinLivePlant *plant = twin_live_session_get_plant (session);

      g_signal_connect_object (plant, "status", G_CALLBACK (show_state),
                               self->window, 0);
      show_state (plant, self->window);
    }
  gtk_window_present (GTK_WINDOW (self->window));
}
