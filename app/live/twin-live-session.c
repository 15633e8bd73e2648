/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-live-session-private.h"

#include "twin-inbox.h"

struct _TwinLiveSession
{
  GObject         parent_instance;
  TwinEngine     *engine;
  TwinInbox      *inbox;
  TwinLivePlant  *plant;
  GHashTable     *requests; /* id -> TwinLiveRequest, until finished */
  char           *operator_name;
  char           *data_dir;
  TwinLiveEditor *editor; /* with the engine */
  TwinMeter      *meter;  /* borrowed, may be NULL */
};

G_DEFINE_FINAL_TYPE (TwinLiveSession, twin_live_session, G_TYPE_OBJECT)

static void
twin_live_session_dispose (GObject *object)
{
  TwinLiveSession *self = TWIN_LIVE_SESSION (object);

  if (self->inbox != NULL)
    twin_inbox_close (self->inbox);
  /* Normally closed before; a session dropped in an error path ends here. */
  g_clear_pointer (&self->engine, twin_engine_free);
  g_clear_pointer (&self->editor, twin_live_editor_unref);
  g_clear_pointer (&self->inbox, twin_inbox_unref);
  g_clear_object (&self->plant);
  g_clear_pointer (&self->requests, g_hash_table_unref);
  g_clear_pointer (&self->operator_name, g_free);
  g_clear_pointer (&self->data_dir, g_free);
  G_OBJECT_CLASS (twin_live_session_parent_class)->dispose (object);
}

static void
twin_live_session_class_init (TwinLiveSessionClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_live_session_dispose;
}

static void
apply_request (TwinLiveSession *self, const TwinRequestUpdate *update)
{
  TwinLiveRequest *request = g_hash_table_lookup (self->requests, &update->id);
  g_autoptr (TwinLiveRequest) keep = NULL;

  if (request == NULL)
    return;

  keep = g_object_ref (request);
  twin_live_request_take (request, update);
  if (update->stage == TWIN_REQUEST_FAILED ||
      update->stage == TWIN_REQUEST_VERIFIED)
    g_hash_table_remove (self->requests, &update->id);
}

static void
drain (GPtrArray *updates, void *data)
{
  TwinLiveSession *self = data;
  const int64_t    begin_us = twin_clock_monotonic_us ();

  twin_live_plant_apply (self->plant, updates);
  for (guint i = 0; i < updates->len; i++)
    {
      TwinUpdate *update = updates->pdata[i];

      if (update->kind == TWIN_UPDATE_REQUEST)
        apply_request (self, update->request);
    }

  if (self->meter != NULL)
    twin_meter_note (self->meter, "inbox",
                     twin_clock_monotonic_us () - begin_us);
}

static void
twin_live_session_init (TwinLiveSession *self)
{
  self->plant = twin_live_plant_new ();
  self->requests = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                          g_object_unref);
  self->inbox = twin_inbox_new (drain, self);
}

/* --- opening and closing -------------------------------------------------- */

typedef struct
{
  char *texts[10]; /* owned copies, in the order of open_settings() */
  TwinEngineConfig config;
} OpenJob;

static void
open_job_free (void *data)
{
  OpenJob *job = data;

  for (size_t i = 0; i < G_N_ELEMENTS (job->texts); i++)
    g_free (job->texts[i]);
  g_free (job);
}

static OpenJob *
open_job_new (const TwinLiveSettings *settings)
{
  OpenJob *job = g_new0 (OpenJob, 1);
  size_t   n = 0;

#define KEEP(field, text) job->config.field = job->texts[n++] = g_strdup (text)
  KEEP (store_path, settings->store_path);
  KEEP (plant, settings->plant);
  KEEP (broker, settings->broker);
  KEEP (ca, settings->ca);
  KEEP (cert, settings->cert);
  KEEP (key, settings->key);
  KEEP (password, settings->password);
  KEEP (key_dir, settings->key_dir);
  KEEP (data_dir, settings->data_dir);
  KEEP (enrol_file, settings->enrol_file);
#undef KEEP
  return job;
}

static void
open_in_worker (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  OpenJob         *job = data;
  TwinLiveSession *self = source;
  GError          *error = NULL;
  TwinEngine      *engine;

  job->config.operator_name = self->operator_name;
  engine = twin_engine_new (&job->config, &error);
  if (engine == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  twin_engine_set_sink (engine, twin_inbox_post, self->inbox);
  twin_engine_start (engine);
  g_task_return_pointer (task, engine, (GDestroyNotify) twin_engine_free);
}

void
twin_live_session_open_async (const TwinLiveSettings *settings,
                              GCancellable           *cancellable,
                              GAsyncReadyCallback     callback,
                              gpointer                user_data)
{
  g_autoptr (TwinLiveSession) self =
      g_object_new (TWIN_TYPE_LIVE_SESSION, NULL);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  self->operator_name = g_strdup (settings->operator_name);
  self->data_dir = g_strdup (settings->data_dir);
  g_task_set_task_data (task, open_job_new (settings), open_job_free);
  g_task_set_source_tag (task, twin_live_session_open_async);
  g_task_run_in_thread (task, open_in_worker);
}

TwinLiveSession *
twin_live_session_open_finish (GAsyncResult *result, GError **error)
{
  GTask           *task = G_TASK (result);
  TwinLiveSession *self = g_task_get_source_object (task);
  TwinEngine      *engine = g_task_propagate_pointer (task, error);

  if (engine == NULL)
    return NULL;

  self->engine = engine;
  return g_object_ref (self);
}

static void
close_in_worker (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  twin_engine_stop (data);
  twin_engine_free (data);
  g_task_return_boolean (task, TRUE);
}

void
twin_live_session_close_async (TwinLiveSession    *self,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  twin_inbox_close (self->inbox);
  if (self->engine == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_task_set_task_data (task, g_steal_pointer (&self->engine), NULL);
  g_task_run_in_thread (task, close_in_worker);
}

void
twin_live_session_close_finish (TwinLiveSession *self, GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}

void
twin_live_session_set_meter (TwinLiveSession *self, TwinMeter *meter)
{
  self->meter = meter;
}

TwinLivePlant *
twin_live_session_get_plant (TwinLiveSession *self)
{
  return self->plant;
}

const char *
twin_live_session_get_operator (TwinLiveSession *self)
{
  return self->operator_name;
}

const char *
twin_live_session_get_data_dir (TwinLiveSession *self)
{
  return self->data_dir;
}

TwinEngine *
twin_live_session_get_engine (TwinLiveSession *self)
{
  return self->engine;
}

TwinLiveEditor *
twin_live_session_get_editor (TwinLiveSession *self)
{
  g_autoptr (TwinRoles) roles = NULL;

  if (self->editor == NULL && self->engine != NULL)
    {
      roles = twin_engine_ref_roles (self->engine);
      self->editor =
          twin_live_editor_new (twin_engine_get_store_path (self->engine),
                                self->operator_name, roles);
    }

  return self->engine != NULL ? self->editor : NULL;
}

TwinModelSet *
twin_live_session_ref_models (TwinLiveSession *self)
{
  return twin_engine_ref_models (self->engine);
}

/* --- requests --------------------------------------------------------------
 * The engine answers from another thread, but always through the inbox, which
 * the main loop drains after the id was stored here. */

TwinLiveRequest *
twin_live_session_follow (TwinLiveSession *self, uint64_t id)
{
  TwinLiveRequest *request = twin_live_request_new ();

  g_hash_table_insert (self->requests, g_memdup2 (&id, sizeof id),
                       g_object_ref (request));
  return request;
}

TwinLiveRequest *
twin_live_session_connect_broker (TwinLiveSession        *self,
                                  const TwinLiveSettings *link_part)
{
  const TwinEngineConfig config = {
    .broker = link_part->broker,
    .ca = link_part->ca,
    .cert = link_part->cert,
    .key = link_part->key,
    .password = link_part->password,
  };

  return twin_live_session_follow (self,
                                   twin_engine_connect (self->engine, &config));
}

void
twin_live_session_watch (TwinLiveSession *self,
                         const char      *machine,
                         const char      *sensor,
                         char             axis,
                         gboolean         on,
                         gboolean         live)
{
  if (self->engine != NULL)
    twin_engine_watch (self->engine, machine, sensor, axis, on, live);
}

TwinLiveRequest *
twin_live_session_command (TwinLiveSession *self,
                           const char      *twin,
                           const char      *command,
                           const char      *arguments)
{
  return twin_live_session_follow (self,
                                   twin_engine_command (self->engine, twin,
                                                        command, arguments,
                                                        self->operator_name));
}

TwinLiveRequest *
twin_live_session_set_desired (TwinLiveSession *self,
                               const char      *twin,
                               const char      *property,
                               const char      *json_value,
                               int64_t          if_version)
{
  return twin_live_session_follow (
      self, twin_engine_set_desired (self->engine, twin, property, json_value,
                                     if_version, self->operator_name));
}

TwinLiveRequest *
twin_live_session_acknowledge (TwinLiveSession *self,
                               const char      *alarm_id,
                               const char      *note)
{
  return twin_live_session_follow (
      self, twin_engine_acknowledge (self->engine, alarm_id, note,
                                     self->operator_name));
}

TwinLiveRequest *
twin_live_session_shelve (TwinLiveSession *self,
                          const char      *alarm_id,
                          int64_t          until_us,
                          const char      *note)
{
  return twin_live_session_follow (self,
                                   twin_engine_shelve (self->engine, alarm_id,
                                                       until_us, note,
                                                       self->operator_name));
}

TwinLiveRequest *
twin_live_session_schedule_maintenance (TwinLiveSession *self,
                                        const char      *machine,
                                        const char      *arguments)
{
  return twin_live_session_follow (
      self, twin_engine_schedule_maintenance (self->engine, machine, arguments,
                                              self->operator_name));
}

TwinLiveRequest *
twin_live_session_outcome (TwinLiveSession *self,
                           const char      *what,
                           const char      *subject,
                           const char      *arguments)
{
  return twin_live_session_follow (self,
                                   twin_engine_outcome (self->engine, what,
                                                        subject, arguments,
                                                        self->operator_name));
}

TwinLiveRequest *
twin_live_session_whatif (TwinLiveSession *self,
                          const char      *machine,
                          const char      *question)
{
  return twin_live_session_follow (self,
                                   twin_engine_whatif (self->engine, machine,
                                                       question,
                                                       self->operator_name));
}

TwinLiveRequest *
twin_live_session_commission (TwinLiveSession          *self,
                              const TwinLiveCommission *what)
{
  const TwinCommission commission = {
    .node = what->node,
    .twin = what->twin,
    .display_name = what->display_name,
    .model = what->model,
    .parent = what->parent,
    .binding = what->binding,
    .bearing = what->bearing,
    .token = what->token,
  };

  return twin_live_session_follow (
      self,
      twin_engine_commission (self->engine, &commission, self->operator_name));
}

TwinLiveRequest *
twin_live_session_import (TwinLiveSession *self,
                          const char      *json,
                          const char      *origin)
{
  return twin_live_session_follow (self,
                                   twin_engine_import (self->engine, json,
                                                       origin,
                                                       self->operator_name));
}

TwinLiveRequest *
twin_live_session_decommission (TwinLiveSession *self, const char *node)
{
  return twin_live_session_follow (
      self, twin_engine_decommission (self->engine, node, self->operator_name));
}
