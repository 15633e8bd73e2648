/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and closing plants. */
#include "config.h"

#include "twin-application-private.h"

#include <glib/gi18n.h>

#include "twin-paths.h"
#include "twin-window-private.h"

/* --- importing the demo's models and graph ---------------------------------
 */

static void import_next (TwinApplication *self);

static void
on_imported (TwinLiveRequest *request, gpointer data)
{
  TwinApplication *self = data;

  if (twin_live_request_get_stage (request) == TWIN_REQUEST_FAILED)
    {
      g_printerr ("twin-console: %s\n", twin_live_request_get_text (request));
      twin_window_toast (self->window, twin_live_request_get_text (request));
      self->exit = 3;
    }
  import_next (self);
}

typedef struct
{
  char *text;
  char *origin;
} Import;

static void
import_free (void *data)
{
  Import *import = data;

  g_free (import->text);
  g_free (import->origin);
  g_free (import);
}

/* One after the other: a graph needs its models. Then the broker: a node that
 * announces itself finds its twin. */
static void
import_next (TwinApplication *self)
{
  Import *import = g_queue_pop_head (&self->imports);
  g_autoptr (TwinLiveRequest) request = NULL;

  if (self->session == NULL)
    {
      g_clear_pointer (&import, import_free);
      return;
    }
  if (import == NULL)
    {
      const TwinLiveSettings link = { .broker =
                                          twin_demo_get_broker (self->demo) };

      request = twin_live_session_connect_broker (self->session, &link);
      return;
    }

  request =
      twin_live_session_import (self->session, import->text, import->origin);
  g_signal_connect_object (request, "finished", G_CALLBACK (on_imported), self,
                           0);
  import_free (import);
}

static void
queue_file (TwinApplication *self, const char *path)
{
  Import *import = g_new0 (Import, 1);
  g_autoptr (GError) error = NULL;

  import->origin = g_strdup (path);
  if (!g_file_get_contents (path, &import->text, NULL, &error))
    {
      g_printerr ("twin-console: %s\n", error->message);
      import_free (import);
      return;
    }

  g_queue_push_tail (&self->imports, import);
}

/* All models as one array: they refer to each other. */
static void
queue_models (TwinApplication *self, const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GString    *all = g_string_new ("[");
  Import     *import = g_new0 (Import, 1);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".json"))
      g_ptr_array_add (names, g_build_filename (folder, name, NULL));

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *text = NULL;

      if (!g_file_get_contents (names->pdata[i], &text, NULL, NULL))
        continue;
      if (all->len > 1)
        g_string_append_c (all, ',');
      g_string_append (all, text);
    }

  g_string_append_c (all, ']');
  import->text = g_string_free (all, FALSE);
  import->origin = g_strdup (folder);
  g_queue_push_tail (&self->imports, import);
}

static void
queue_demo (TwinApplication *self)
{
  g_autofree char *data_dir = twin_paths_dup_data_dir ();
  g_autofree char *recordings = twin_paths_dup_recordings ();
  g_autofree char *models = g_build_filename (data_dir, "demo", "models", NULL);
  g_autofree char *graph =
      g_build_filename (data_dir, "demo", "graph.json", NULL);
  g_autofree char *rig = g_build_filename (data_dir, "demo", "rig.json", NULL);

  queue_models (self, models);
  queue_file (self, graph);
  if (recordings != NULL)
    queue_file (self, rig);
}

/* --- opening ----------------------------------------------------------------
 */

static void
show_wanted (TwinApplication *self)
{
  g_auto (GStrv) parts = NULL;

  if (self->options.show == NULL)
    return;

  parts = g_strsplit (self->options.show, "/", 2);
  if (g_strv_length (parts) == 2)
    g_action_group_activate_action (G_ACTION_GROUP (self->window), "show-tab",
                                    g_variant_new_string (parts[1]));
  if (twin_live_plant_find (twin_live_session_get_plant (self->session),
                            parts[0]) != NULL)
    {
      twin_window_show_item (self->window, parts[0]);
      g_clear_pointer (&self->options.show, g_free);
    }
}

static void
on_structure (TwinLivePlant *plant, gpointer data)
{
  show_wanted (data);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TwinApplication) self = data;
  g_autoptr (GError) error = NULL;

  self->session = twin_live_session_open_finish (result, &error);
  if (self->session == NULL)
    {
      g_printerr ("twin-console: %s\n", error->message);
      twin_window_set_failure (self->window, error->message);
      self->exit = 3;
      if (self->options.report)
        g_application_quit (G_APPLICATION (self));
      return;
    }

  twin_live_session_set_meter (self->session, self->main_thread);
  twin_window_set_session (self->window, self->session);
  g_signal_connect_object (twin_live_session_get_plant (self->session),
                           "structure", G_CALLBACK (on_structure), self, 0);
  if (self->demo != NULL)
    import_next (self);
}

static void
open_session (TwinApplication *self, const TwinLiveSettings *wanted)
{
  g_autofree char *data_dir = twin_paths_dup_data_dir ();
  g_autofree char *keys =
      g_build_filename (g_get_user_data_dir (), "twin-console", "keys", NULL);
  g_autofree char *demo_keys = NULL;
  TwinLiveSettings settings = *wanted;

  settings.data_dir = data_dir;
  settings.key_dir = keys;
  settings.operator_name = g_get_user_name ();
  if (self->demo != NULL)
    {
      demo_keys =
          g_build_filename (twin_demo_get_folder (self->demo), "keys", NULL);
      settings.key_dir = demo_keys;
    }

  g_mkdir_with_parents (settings.key_dir, 0700);
  twin_window_set_opening (self->window, TRUE);
  twin_live_session_open_async (&settings, NULL, on_opened,
                                g_object_ref (self));
}

void
twin_application_open_store (TwinApplication *self,
                             const char      *store,
                             const char      *broker)
{
  g_autofree char       *folder = g_path_get_dirname (store);
  const TwinLiveSettings settings = {
    .store_path = store,
    .plant = self->options.plant,
    .broker = broker,
  };

  g_mkdir_with_parents (folder, 0700);
  open_session (self, &settings);
}

void
twin_application_start_demo (TwinApplication *self)
{
  g_autofree char *data_dir = twin_paths_dup_data_dir ();
  g_autofree char *program = twin_paths_dup_node_program ();
  g_autofree char *recordings = twin_paths_dup_recordings ();
  g_autofree char *fleet =
      g_build_filename (data_dir, "demo", "plant.json", NULL);
  g_autoptr (GError) error = NULL;
  const TwinDemoOptions options = {
    .folder = self->options.demo_folder,
    .data_dir = data_dir,
    .node_program = program,
    .recordings = recordings,
    .seed = self->options.seed,
    .age_scale = self->options.age_scale,
  };
  TwinLiveSettings settings = { .plant = "northfield", .enrol_file = fleet };

  if (program == NULL)
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("The demo needs twin-node, which was not found beside "
                    "this program."));
  else
    self->demo = twin_demo_start (&options, &error);

  if (self->demo == NULL)
    {
      g_printerr ("twin-console: %s\n", error->message);
      twin_window_set_failure (self->window, error->message);
      self->exit = 3;
      return;
    }

  g_print ("Demo plant in %s, broker %s\n", twin_demo_get_folder (self->demo),
           twin_demo_get_broker (self->demo));
  queue_demo (self);
  settings.store_path = twin_demo_get_store (self->demo);
  open_session (self, &settings);
}

void
twin_application_open_plant (TwinApplication *self)
{
  g_autofree char *store = NULL;
  g_autofree char *broker = NULL;

  if (self->options.demo)
    {
      twin_application_start_demo (self);
      return;
    }

  if (self->settings != NULL)
    {
      store = g_settings_get_string (self->settings, "store");
      broker = g_settings_get_string (self->settings, "broker");
    }
  if (self->options.store != NULL)
    {
      g_free (store);
      store = g_strdup (self->options.store);
    }
  if (self->options.broker != NULL)
    {
      g_free (broker);
      broker = g_strdup (self->options.broker);
    }
  if ((store == NULL || *store == '\0') && self->options.broker != NULL)
    {
      g_free (store);
      store = g_build_filename (g_get_user_data_dir (), "twin-console",
                                "plant.db", NULL);
    }

  if (store == NULL || *store == '\0')
    twin_window_set_session (self->window, NULL);
  else
    twin_application_open_store (self, store,
                                 broker != NULL && *broker != '\0' ? broker
                                                                   : NULL);
}

/* --- closing ----------------------------------------------------------------
 */

typedef struct
{
  TwinApplication    *self;
  TwinApplicationDone done;
} Closing;

static void
on_closed (GObject *source, GAsyncResult *result, gpointer data)
{
  Closing *closing = data;

  twin_live_session_close_finish (TWIN_LIVE_SESSION (source), result);
  g_clear_pointer (&closing->self->demo, twin_demo_stop);
  closing->done (closing->self);
  g_object_unref (closing->self);
  g_free (closing);
}

void
twin_application_close_plant (TwinApplication *self, TwinApplicationDone done)
{
  g_autoptr (TwinLiveSession) session = g_steal_pointer (&self->session);
  Closing *closing;

  g_queue_clear_full (&self->imports, import_free);
  if (session == NULL)
    {
      g_clear_pointer (&self->demo, twin_demo_stop);
      done (self);
      return;
    }

  closing = g_new0 (Closing, 1);
  closing->self = g_object_ref (self);
  closing->done = done;
  if (self->window != NULL)
    twin_window_set_session (self->window, NULL);
  twin_live_session_close_async (session, on_closed, closing);
}
