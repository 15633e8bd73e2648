/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-application-private.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#include "twin-report.h"
#include "twin-window-private.h"

G_DEFINE_FINAL_TYPE (TwinApplication, twin_application, ADW_TYPE_APPLICATION)

/* --- leaving ----------------------------------------------------------------
 */

static void
quit_now (TwinApplication *self)
{
  if (self->options.report)
    twin_report_print_summary (self->main_thread, self->gl);
  g_application_quit (G_APPLICATION (self));
}

/* Everything received is committed before the program ends. */
static void
begin_quit (TwinApplication *self)
{
  if (self->closing)
    return;

  self->closing = TRUE;
  twin_application_close_plant (self, quit_now);
}

static gboolean
on_close_request (GtkWindow *window, gpointer data)
{
  begin_quit (data);
  return TRUE;
}

static gboolean
on_term (gpointer data)
{
  begin_quit (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_quit_timer (gpointer data)
{
  TwinApplication *self = data;

  self->quit_timer = 0;
  begin_quit (self);
  return G_SOURCE_REMOVE;
}

/* --- actions ----------------------------------------------------------------
 */

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  begin_quit (data);
}

static void
demo_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinApplication *self = data;

  if (self->session == NULL && self->demo == NULL)
    twin_application_start_demo (self);
}

static void
connect_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinApplication *self = data;
  g_autofree char *store = g_build_filename (g_get_user_data_dir (),
                                             "twin-console", "plant.db", NULL);

  if (self->session == NULL)
    twin_application_open_store (self, store,
                                 g_variant_get_string (parameter, NULL));
}

static void
on_store_chosen (GtkNativeDialog *dialog, int response, gpointer data)
{
  TwinApplication *self = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file =
          gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = g_file_get_path (file);

      twin_application_open_store (self, path, NULL);
    }
  g_object_unref (dialog);
}

static void
open_store_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinApplication      *self = data;
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Open a plant"),
                                   GTK_WINDOW (self->window),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"),
                                   _ ("_Cancel"));

  g_signal_connect (dialog, "response", G_CALLBACK (on_store_chosen), self);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinApplication *self = data;

  adw_show_about_window (GTK_WINDOW (self->window), "application-name",
                         _ ("Twin Console"), "application-icon", APP_ID,
                         "version", PACKAGE_VERSION, "comments",
                         _ ("Operator console for digital twins of rotating "
                            "machines"),
                         "license-type", GTK_LICENSE_APACHE_2_0,
                         "developer-name", "The Twin Console authors", NULL);
}

static void
add_actions (TwinApplication *self)
{
  static const GActionEntry entries[] = {
    { "quit", quit_action, NULL, NULL, NULL, { 0 } },
    { "demo", demo_action, NULL, NULL, NULL, { 0 } },
    { "connect", connect_action, "s", NULL, NULL, { 0 } },
    { "open-store", open_store_action, NULL, NULL, NULL, { 0 } },
    { "about", about_action, NULL, NULL, NULL, { 0 } },
  };
  static const struct
  {
    const char *action;
    const char *keys[3];
  } accels[] = {
    { "app.quit", { "<Control>q", NULL } },
    { "win.find", { "<Control>k", "<Control>f", NULL } },
    { "win.back", { "<Alt>Left", NULL } },
    { "win.toggle-side", { "F9", NULL } },
    { "win.show-page('plant')", { "<Control>1", NULL } },
    { "win.show-page('table')", { "<Control>2", NULL } },
    { "win.show-page('alarms')", { "<Control>3", NULL } },
    { "win.show-page('fleet')", { "<Control>4", NULL } },
    { "win.models('')", { "<Control>m", NULL } },
    { "win.import(false)", { "<Control>i", NULL } },
    { "win.groups('')", { "<Control>g", NULL } },
    { "win.preferences", { "<Control>comma", NULL } },
    { "win.show-help-overlay", { "<Control>question", NULL } },
    { "app.open-store", { "<Control>o", NULL } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries,
                                   G_N_ELEMENTS (entries), self);
  for (size_t i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self),
                                           accels[i].action, accels[i].keys);
}

/* --- starting ---------------------------------------------------------------
 */

/* GSettings ends the process when a schema is missing: look it up first. */
static void
load_settings (TwinApplication *self)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source != NULL ? g_settings_schema_source_lookup (source, APP_ID, TRUE)
                     : NULL;

  if (schema != NULL)
    self->settings = g_settings_new (APP_ID);
  else
    g_printerr ("twin-console: the settings schema " APP_ID
                " is not installed: settings are not kept\n");
}

static gboolean
on_report (gpointer data)
{
  TwinApplication *self = data;

  if (self->session != NULL)
    twin_report_print (twin_live_session_get_plant (self->session),
                       self->main_thread, self->gl,
                       (twin_clock_monotonic_us () - self->started_us) /
                           (double) TWIN_US_PER_S);
  return G_SOURCE_CONTINUE;
}

static void
apply_colour_scheme (TwinApplication *self)
{
  const char      *forced = g_getenv ("TWIN_COLOUR_SCHEME");
  g_autofree char *scheme = NULL;

  if (forced != NULL)
    scheme = g_strdup (forced);
  else if (self->settings != NULL)
    scheme = g_settings_get_string (self->settings, "colour-scheme");

  if (g_strcmp0 (scheme, "dark") == 0)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_DARK);
  else if (g_strcmp0 (scheme, "light") == 0)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_LIGHT);
}

static void
twin_application_startup (GApplication *application)
{
  TwinApplication *self = TWIN_APPLICATION (application);

  G_APPLICATION_CLASS (twin_application_parent_class)->startup (application);
  self->started_us = twin_clock_monotonic_us ();
  load_settings (self);
  apply_colour_scheme (self);
  add_actions (self);
  g_unix_signal_add (SIGTERM, on_term, self);
  g_unix_signal_add (SIGINT, on_term, self);
}

static void
twin_application_activate (GApplication *application)
{
  TwinApplication *self = TWIN_APPLICATION (application);

  if (self->window != NULL)
    {
      gtk_window_present (GTK_WINDOW (self->window));
      return;
    }

  self->window = TWIN_WINDOW (twin_window_new (ADW_APPLICATION (application)));
  twin_window_set_meters (self->window, self->main_thread, self->gl);
  g_signal_connect (self->window, "close-request",
                    G_CALLBACK (on_close_request), self);
  gtk_window_present (GTK_WINDOW (self->window));

  if (self->options.report)
    self->report_timer = g_timeout_add_seconds (1, on_report, self);
  if (self->options.quit_after_s > 0)
    self->quit_timer =
        g_timeout_add_seconds (self->options.quit_after_s, on_quit_timer, self);
  twin_application_open_plant (self);
}

static int
twin_application_handle_local_options (GApplication *application,
                                       GVariantDict *dict)
{
  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("twin-console %s\n", PACKAGE_VERSION);
      return 0;
    }

  return -1;
}

static void
twin_application_finalize (GObject *object)
{
  TwinApplication *self = TWIN_APPLICATION (object);

  g_clear_handle_id (&self->report_timer, g_source_remove);
  g_clear_handle_id (&self->quit_timer, g_source_remove);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);
  g_clear_pointer (&self->demo, twin_demo_stop);
  g_clear_pointer (&self->main_thread, twin_meter_free);
  g_clear_pointer (&self->gl, twin_meter_free);
  g_free (self->options.demo_folder);
  g_free (self->options.broker);
  g_free (self->options.store);
  g_free (self->options.plant);
  g_free (self->options.show);
  G_OBJECT_CLASS (twin_application_parent_class)->finalize (object);
}

static void
twin_application_class_init (TwinApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = twin_application_finalize;
  application_class->startup = twin_application_startup;
  application_class->activate = twin_application_activate;
  application_class->handle_local_options =
      twin_application_handle_local_options;
}

static void
twin_application_init (TwinApplication *self)
{
  const GOptionEntry entries[] = {
    { "demo", 0, 0, G_OPTION_ARG_NONE, &self->options.demo,
      N_ ("Start a demo plant with its own broker and nodes"), NULL },
    { "demo-folder", 0, 0, G_OPTION_ARG_FILENAME, &self->options.demo_folder,
      N_ ("Keep the demo's store and flash files here"), N_ ("FOLDER") },
    { "seed", 0, 0, G_OPTION_ARG_INT, &self->options.seed,
      N_ ("Seed of the demo's machines"), N_ ("N") },
    { "age-scale", 0, 0, G_OPTION_ARG_DOUBLE, &self->options.age_scale,
      N_ ("Speed of wear in the demo"), N_ ("N") },
    { "broker", 0, 0, G_OPTION_ARG_STRING, &self->options.broker,
      N_ ("MQTT broker, mqtt://[user@]host:port or mqtts://…"), N_ ("URL") },
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &self->options.store,
      N_ ("Plant file"), N_ ("FILE") },
    { "plant", 0, 0, G_OPTION_ARG_STRING, &self->options.plant,
      N_ ("Name of the plant on the broker"), N_ ("NAME") },
    { "report", 0, 0, G_OPTION_ARG_NONE, &self->options.report,
      N_ ("Print what the console sees once a second"), NULL },
    { "quit-after", 0, 0, G_OPTION_ARG_INT, &self->options.quit_after_s,
      N_ ("Quit after so many seconds"), N_ ("S") },
    { "show", 0, 0, G_OPTION_ARG_STRING, &self->options.show,
      N_ ("Open a machine, or a tab of its page"), N_ ("TWIN[/TAB]") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"),
      NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };

  self->main_thread = twin_meter_new ();
  self->gl = twin_meter_new ();
  g_queue_init (&self->imports);
  g_application_add_main_option_entries (G_APPLICATION (self), entries);
}

TwinApplication *
twin_application_new (void)
{
  return g_object_new (TWIN_TYPE_APPLICATION, "application-id", APP_ID, "flags",
                       G_APPLICATION_NON_UNIQUE, "resource-base-path",
                       "/com/example/TwinConsole", NULL);
}

int
twin_application_get_exit (TwinApplication *self)
{
  return self->exit;
}
