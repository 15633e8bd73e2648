/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine.c - life cycle */
#include "twin-engine-private.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum
{
  RECORDS_MAX = 32768, /* messages that may wait for the pipeline */
  BULK_MAX = 512,      /* blocks that may: about 16 MB */
  ASKS_MAX = 1024,
  JOBS_MAX = 256,
};

static int
choose_workers (const TwinEngineConfig *config)
{
  if (config->workers > 0)
    return config->workers;

  return MAX (1, (int) g_get_num_processors () - 1);
}

static gboolean
load_key (TwinEngine *self, GError **error)
{
  g_autofree char *path = NULL;

  if (g_mkdir_with_parents (self->key_dir, 0700) != 0)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                   "Could not make the folder %s for the signing key: %s",
                   self->key_dir, g_strerror (errno));
      return FALSE;
    }

  path = g_build_filename (self->key_dir, "operator.pem", NULL);
  self->key = twin_key_load_or_generate (path, error);
  return self->key != NULL;
}

static void
add_token (TwinEngine *self, const char *node, const char *token)
{
  if (node != NULL && token != NULL)
    g_hash_table_insert (self->tokens, g_strdup (node), g_strdup (token));
}

/* { "nodes": [{ "node": …, "token": … }] } as a plant file has them, or just
 * { node: token }. */
static void
add_tokens (TwinEngine *self, JsonObject *object)
{
  JsonNode      *nodes = json_object_get_member (object, "nodes");
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *token;

  if (nodes != NULL && JSON_NODE_HOLDS_ARRAY (nodes))
    {
      JsonArray *array = json_node_get_array (nodes);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          JsonNode *node = json_array_get_element (array, i);

          if (JSON_NODE_HOLDS_OBJECT (node))
            add_token (self,
                       twin_json_get_string (json_node_get_object (node),
                                             "node"),
                       twin_json_get_string (json_node_get_object (node),
                                             "token"));
        }
      return;
    }

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &token))
    {
      if (JSON_NODE_HOLDS_VALUE (token))
        add_token (self, name, twin_json_get_string (object, name));
    }
}

static gboolean
load_tokens (TwinEngine *self, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize            length;
  g_autoptr (JsonNode) root = NULL;

  self->tokens =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (path == NULL)
    return TRUE;

  if (!g_file_get_contents (path, &text, &length, error))
    return FALSE;

  root = twin_json_parse (path, text, (gssize) length, error);
  if (root == NULL)
    return FALSE;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   "%s is no JSON object of node names and tokens", path);
      return FALSE;
    }

  add_tokens (self, json_node_get_object (root));
  return TRUE;
}

/* The wire name of the plant: as told, else as the store has it. */
static gboolean
settle_plant (TwinEngine *self, const char *told, GError **error)
{
  g_autoptr (GError) read_error = NULL;
  g_autofree char *kept =
      twin_store_reader_get_plant (self->reader, &read_error);

  if (read_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&read_error));
      return FALSE;
    }

  self->plant = g_strdup (told != NULL ? told : kept);
  if (self->plant == NULL)
    {
      self->plant = g_strdup ("plant");
      return TRUE; /* not settled: whoever first says a name gives it */
    }

  if (!twin_topic_is_name (self->plant))
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED,
                   "“%s” cannot be a plant's name on the wire; use letters, "
                   "digits, “_”, “.” and “-”",
                   self->plant);
      return FALSE;
    }

  return twin_store_set_plant (self->store, self->plant, error);
}

static gboolean
open_store (TwinEngine *self, const TwinEngineConfig *config, GError **error)
{
  self->store = twin_store_open (config->store_path, TWIN_STORE_ENGINE, error);
  if (self->store == NULL)
    return FALSE;

  self->reader = twin_store_reader_open (config->store_path, error);
  if (self->reader == NULL || !settle_plant (self, config->plant, error))
    return FALSE;

  self->batch = twin_store_batch_new (self->store, error);
  return self->batch != NULL;
}

static void
make_containers (TwinEngine *self)
{
  twin_lock_init (&self->lock);
  twin_whatif_times_init (&self->whatif_times);
  self->records = twin_queue_new (RECORDS_MAX, twin_message_free);
  self->bulk = twin_queue_new (BULK_MAX, twin_message_free);
  self->asks = twin_queue_new (ASKS_MAX, twin_engine_ask_free);
  self->jobs = twin_queue_new (JOBS_MAX, twin_engine_job_free);
  /* Never full: a job gives one result, a few may wait beside those queued. */
  self->results = twin_queue_new (2 * JOBS_MAX, twin_engine_job_free);

  self->batch_arrivals = g_array_new (FALSE, FALSE, sizeof (int64_t));
  self->batch_records = g_ptr_array_new_with_free_func (g_free);
  self->transitions = g_ptr_array_new_with_free_func (
      (GDestroyNotify) twin_alarm_transition_unref);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                        twin_engine_place_free);
  self->roots = g_ptr_array_new ();
  self->machines = g_ptr_array_new ();
  self->nodes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                       twin_engine_node_free);
  self->ghosts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                        twin_engine_place_free);
  self->watches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         twin_engine_watch_free);
  self->command_asks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                              twin_engine_ask_free);
  self->waiting = g_ptr_array_new_with_free_func (twin_engine_ask_free);
  self->stats.lags = g_array_new (FALSE, FALSE, sizeof (int64_t));
  self->stats.analysis = g_array_new (FALSE, FALSE, sizeof (int64_t));
  self->stats.analysis_s = self->stats.lag_s = NAN;
  self->stats.reload_s = NAN;
  self->stats.second_us = twin_clock_monotonic_us ();

  self->out_values = g_ptr_array_new ();
  self->out_alarms = twin_update_items_new (TWIN_UPDATE_ALARMS);
  self->out_log = twin_update_items_new (TWIN_UPDATE_LOG);
  self->out_updates =
      g_ptr_array_new_with_free_func ((GDestroyNotify) twin_update_unref);
  self->out_twins =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->watched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->completeness = twin_completeness_new (NULL);
  self->alarms = twin_alarm_table_new ();
}

TwinEngine *
twin_engine_new (const TwinEngineConfig *config, GError **error)
{
  TwinEngine *self = g_new0 (TwinEngine, 1);
  g_autoptr (TwinLinkOptions) options = NULL;
  TwinStoreCounts counts;

  make_containers (self);
  self->store_path = g_strdup (config->store_path);
  self->key_dir = config->key_dir != NULL
                      ? g_strdup (config->key_dir)
                      : g_path_get_dirname (config->store_path);
  self->data_dir = g_strdup (config->data_dir);
  self->operator_name =
      g_strdup (config->operator_name != NULL ? config->operator_name
                                              : g_get_user_name ());
  self->n_workers = choose_workers (config);

  if (!open_store (self, config, error) || !load_key (self, error) ||
      !load_tokens (self, config->enrol_file, error) ||
      !twin_engine_binding_open (self, error) ||
      !twin_engine_graph_load (self, error) ||
      !twin_engine_graph_load_values (self, error) ||
      !twin_engine_outcomes_open (self, error) ||
      !twin_engine_fleet_open (self, error))
    goto failed;

  if (twin_store_reader_get_counts (self->reader, NULL, &counts, NULL))
    self->stats.conflicts = counts.conflicts;
  twin_engine_nodes_load (self);
  twin_engine_alarms_load (self);
  twin_engine_whatif_load (self);
  twin_engine_life_load (self);
  twin_engine_damage_tick (self, twin_clock_utc_us ());

  if (config->broker != NULL)
    {
      options = twin_engine_link_options (config, self->plant, error);
      if (options == NULL)
        goto failed;

      self->first_link = g_steal_pointer (&options);
      self->first_broker = g_strdup (config->broker);
    }

  return self;

failed:
  twin_engine_free (self);
  return NULL;
}

void
twin_engine_set_sink (TwinEngine *self, TwinUpdateSink sink, void *data)
{
  g_return_if_fail (!g_atomic_int_get (&self->started));
  self->sink = sink;
  self->sink_data = data;
}

void
twin_engine_start (TwinEngine *self)
{
  g_return_if_fail (!g_atomic_int_get (&self->started));

  g_atomic_int_set (&self->started, 1);
  self->worker =
      (TwinEngineWorker){ self->jobs,  self->results, self->records,
                          &self->busy, self->sink,    self->sink_data };
  self->workers = g_new0 (TwinThread *, self->n_workers);
  for (int i = 0; i < self->n_workers; i++)
    self->workers[i] =
        twin_thread_new ("twin-worker", twin_engine_worker_run, &self->worker);

  self->pipeline =
      twin_thread_new ("twin-pipeline", twin_engine_pipeline_run, self);
}

void
twin_engine_stop (TwinEngine *self)
{
  if (self->pipeline == NULL)
    return;

  g_atomic_int_set (&self->stopping, 1);
  twin_queue_wake (self->records);
  twin_thread_join (self->pipeline);
  self->pipeline = NULL;
}

static void
free_containers (TwinEngine *self)
{
  twin_queue_free (self->records);
  twin_queue_free (self->bulk);
  twin_queue_free (self->asks);
  twin_queue_free (self->jobs);
  twin_queue_free (self->results);
  g_array_unref (self->batch_arrivals);
  g_ptr_array_unref (self->batch_records);
  g_ptr_array_unref (self->transitions);
  g_hash_table_unref (self->watches);
  g_hash_table_unref (self->command_asks);
  g_hash_table_unref (self->ghosts);
  g_ptr_array_unref (self->waiting);
  g_hash_table_unref (self->nodes);
  twin_engine_graph_clear (self);
  g_hash_table_unref (self->places);
  g_ptr_array_unref (self->roots);
  g_ptr_array_unref (self->machines);
  g_clear_pointer (&self->tokens, g_hash_table_unref);
  g_free (self->tiers_failure);
  g_array_unref (self->stats.lags);
  g_array_unref (self->stats.analysis);
  g_ptr_array_unref (self->out_values);
  g_ptr_array_unref (self->out_alarms);
  g_ptr_array_unref (self->out_log);
  g_ptr_array_unref (self->out_updates);
  g_hash_table_unref (self->out_twins);
  g_hash_table_unref (self->watched);
  twin_completeness_free (self->completeness);
  twin_alarm_table_free (self->alarms);
  twin_lock_clear (&self->lock);
}

void
twin_engine_free (TwinEngine *self)
{
  if (self == NULL)
    return;

  twin_engine_stop (self);
  twin_engine_fleet_close (self);
  twin_engine_outcomes_close (self);
  free_containers (self);
  twin_engine_binding_close (self);
  g_clear_pointer (&self->models, twin_model_set_unref);
  g_clear_pointer (&self->batch, twin_store_batch_free);
  g_clear_pointer (&self->reader, twin_store_reader_close);
  g_clear_pointer (&self->store, twin_store_close);
  g_clear_pointer (&self->key, twin_key_unref);
  g_clear_pointer (&self->first_link, twin_link_options_free);
  g_free (self->first_broker);
  g_free (self->workers);
  g_free (self->plant);
  g_free (self->store_path);
  g_free (self->key_dir);
  g_free (self->data_dir);
  g_free (self->operator_name);
  g_free (self->broker);
  g_free (self);
}

TwinModelSet *
twin_engine_ref_models (TwinEngine *self)
{
  TwinModelSet *models;

  twin_lock_acquire (&self->lock);
  models = twin_model_set_ref (self->models);
  twin_lock_release (&self->lock);
  return models;
}

TwinRoles *
twin_engine_ref_roles (TwinEngine *self)
{
  return twin_roles_ref (self->roles);
}

const char *
twin_engine_get_store_path (TwinEngine *self)
{
  return self->store_path;
}

const char *
twin_engine_get_plant (TwinEngine *self)
{
  return self->plant;
}
