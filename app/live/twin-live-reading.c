/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the store in worker threads, each on a connection of its own. */
#include "twin-live-session-private.h"

#include <gio/gio.h>
#include <math.h>

#include "twin-bearing.h"
#include "twin-campaign.h"
#include "twin-query.h"
#include "twin-store-history.h"

/* --- history ----------------------------------------------------------------
 */

typedef struct
{
  char   *store;
  char   *twin, *path;
  int64_t from_us, to_us, step_us;
} HistoryJob;

static void
history_job_free (void *data)
{
  HistoryJob *job = data;

  g_free (job->store);
  g_free (job->twin);
  g_free (job->path);
  g_free (job);
}

void
twin_live_series_free (TwinLiveSeries *series)
{
  g_free (series->times_us);
  g_free (series->min);
  g_free (series->mean);
  g_free (series->max);
  g_free (series);
}

static void
append_point (TwinLiveSeries *out, int64_t time_us, const TwinStorePoint *point)
{
  out->times_us[out->n] = time_us;
  out->min[out->n] = point != NULL ? point->min : NAN;
  out->mean[out->n] = point != NULL ? point->mean : NAN;
  out->max[out->n] = point != NULL ? point->max : NAN;
  out->n++;
}

/* Points and gaps, both by time, become one line with NaN where it breaks. */
static TwinLiveSeries *
merge (const TwinStoreHistory *history)
{
  const guint     total = history->points->len + history->gaps->len;
  TwinLiveSeries *out = g_new0 (TwinLiveSeries, 1);
  guint           gap = 0;

  out->times_us = g_new (int64_t, total);
  out->min = g_new (double, total);
  out->mean = g_new (double, total);
  out->max = g_new (double, total);

  for (guint i = 0; i < history->points->len; i++)
    {
      const TwinStorePoint *point =
          &g_array_index (history->points, TwinStorePoint, i);

      while (gap < history->gaps->len &&
             g_array_index (history->gaps, TwinStoreGap, gap).from_us <
                 point->time_us)
        append_point (out,
                      g_array_index (history->gaps, TwinStoreGap, gap++)
                              .from_us +
                          1,
                      NULL);
      append_point (out, point->time_us, point);
    }

  return out;
}

static void
read_history (GTask        *task,
              gpointer      source,
              gpointer      data,
              GCancellable *cancellable)
{
  const HistoryJob *job = data;
  GError           *error = NULL;
  g_autoptr (TwinStoreReader) reader =
      twin_store_reader_open (job->store, &error);
  g_autoptr (TwinStoreHistory) history = NULL;
  const TwinStoreHistoryQuery query = {
    .twin = job->twin,
    .path = job->path,
    .from_us = job->from_us,
    .to_us = job->to_us,
    .step_us = job->step_us,
    .silence_us = MAX (125 * TWIN_US_PER_S, 3 * job->step_us),
  };

  if (reader != NULL)
    history = twin_store_reader_get_history (reader, &query, &error);

  if (history == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, merge (history),
                           (GDestroyNotify) twin_live_series_free);
}

void
twin_live_session_history_async (TwinLiveSession    *self,
                                 const char         *twin,
                                 const char         *path,
                                 int64_t             from_us,
                                 int64_t             to_us,
                                 int64_t             step_us,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  HistoryJob *job = g_new0 (HistoryJob, 1);

  job->store = g_strdup (
      twin_engine_get_store_path (twin_live_session_get_engine (self)));
  job->twin = g_strdup (twin);
  job->path = g_strdup (path);
  job->from_us = from_us;
  job->to_us = to_us;
  job->step_us = step_us;
  g_task_set_task_data (task, job, history_job_free);
  g_task_run_in_thread (task, read_history);
}

TwinLiveSeries *
twin_live_session_history_finish (TwinLiveSession *self,
                                  GAsyncResult    *result,
                                  GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- queries ----------------------------------------------------------------
 */

typedef struct
{
  char *store;
  char *question;
  char *version, *class_name; /* of a firmware preview */
} QueryJob;

static void
query_job_free (void *data)
{
  QueryJob *job = data;

  g_free (job->store);
  g_free (job->question);
  g_free (job->version);
  g_free (job->class_name);
  g_free (job);
}

static QueryJob *
query_job_new (TwinLiveSession *self, const char *question)
{
  QueryJob *job = g_new0 (QueryJob, 1);

  job->store = g_strdup (
      twin_engine_get_store_path (twin_live_session_get_engine (self)));
  job->question = g_strdup (question);
  return job;
}

static void
return_strings (GTask *task, GPtrArray *rows, GError *error)
{
  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_ptr_array_add (rows, NULL);
  g_ptr_array_set_free_func (rows, NULL);
  g_task_return_pointer (task, g_ptr_array_free (rows, FALSE),
                         (GDestroyNotify) g_strfreev);
}

/* --- firmware preview --------------------------------------------------------
 * The worker answers the target query; the decision is pure and made on the
 * main thread over the nodes as they are now. */

static void
run_target (GTask        *task,
            gpointer      source,
            gpointer      data,
            GCancellable *cancellable)
{
  const QueryJob *job = data;
  GError         *error = NULL;
  g_autoptr (TwinStoreReader) reader =
      twin_store_reader_open (job->store, &error);
  GPtrArray *ids = NULL;

  if (reader != NULL)
    ids = twin_query_collect_ids (job->question, reader, &error);
  return_strings (task, ids, error);
}

void
twin_live_session_preview_firmware_async (TwinLiveSession        *self,
                                          const char             *question,
                                          const TwinLiveArtifact *artifact,
                                          GCancellable           *cancellable,
                                          GAsyncReadyCallback     callback,
                                          gpointer                user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  QueryJob *job = query_job_new (self, question);

  job->version = g_strdup (artifact->version);
  job->class_name = g_strdup (artifact->class_name);
  g_task_set_task_data (task, job, query_job_free);
  g_task_run_in_thread (task, run_target);
}

static void
live_target_free (void *data)
{
  TwinLiveTarget *target = data;

  g_free (target->node);
  g_free (target->machine);
  g_free (target->firmware);
  g_free (target->verdict);
  g_free (target->why);
  g_free (target);
}

static GArray *
collect_candidates (TwinLivePlant *plant, GStrv ids)
{
  GListModel *nodes = twin_live_plant_get_nodes (plant);
  GArray     *candidates = g_array_new (FALSE, TRUE, sizeof (TwinCandidate));

  for (guint i = 0; i < g_list_model_get_n_items (nodes); i++)
    {
      g_autoptr (TwinLiveNode) node = g_list_model_get_item (nodes, i);
      const TwinNodeItem *item = twin_live_node_get_item (node);
      const TwinCandidate candidate = {
        .node = item->name,
        .twin = item->twin,
        .serial = item->serial,
        .device_class = item->class_name,
        .version = item->firmware,
        .matched = item->twin != NULL &&
                   g_strv_contains ((const char *const *) ids, item->twin),
        .online = item->online,
        .trusted = item->trusted,
      };

      g_array_append_val (candidates, candidate);
    }

  return candidates;
}

static GPtrArray *
list_targets (TwinLivePlant *plant, const TwinCampaignPreview *preview)
{
  GPtrArray *targets = g_ptr_array_new_with_free_func (live_target_free);

  for (size_t i = 0; i < preview->n_targets; i++)
    {
      const TwinTarget *from = &preview->targets[i];
      TwinLiveNode     *node = twin_live_plant_find_node (plant, from->node);
      TwinLiveItem     *item = twin_live_plant_find (plant, from->twin);
      TwinLiveTarget   *target = g_new0 (TwinLiveTarget, 1);

      target->node = g_strdup (from->node);
      target->machine =
          g_strdup (item != NULL ? twin_live_item_get_name (item) : from->twin);
      target->firmware = g_strdup (
          node != NULL ? twin_live_node_get_item (node)->firmware : NULL);
      target->verdict =
          g_strdup (twin_target_verdict_to_string (from->verdict));
      target->why = g_strdup (from->why);
      g_ptr_array_add (targets, target);
    }

  return targets;
}

GPtrArray *
twin_live_session_preview_firmware_finish (TwinLiveSession *self,
                                           GAsyncResult    *result,
                                           char           **hash,
                                           GError         **error)
{
  TwinLivePlant  *plant = twin_live_session_get_plant (self);
  const QueryJob *job = g_task_get_task_data (G_TASK (result));
  g_auto (GStrv) ids = g_task_propagate_pointer (G_TASK (result), error);
  g_autoptr (GArray) candidates = NULL;
  g_autoptr (TwinCampaignPreview) preview = NULL;
  const TwinArtifact artifact = { .device_class = job->class_name,
                                  .version = job->version };

  if (ids == NULL)
    return NULL;

  candidates = collect_candidates (plant, ids);
  preview = twin_campaign_preview (&artifact,
                                   (const TwinCandidate *) candidates->data,
                                   candidates->len);
  if (hash != NULL)
    *hash =
        g_strdup_printf ("%02x%02x %02x%02x %02x%02x", preview->hash[0],
                         preview->hash[1], preview->hash[2], preview->hash[3],
                         preview->hash[4], preview->hash[5]);
  return list_targets (plant, preview);
}

/* --- bindings ---------------------------------------------------------------
 */

typedef struct
{
  TwinEngine *engine; /* the session, source of the task, keeps it */
  char       *node, *model;
} BindingJob;

static void
binding_job_free (void *data)
{
  BindingJob *job = data;

  g_free (job->node);
  g_free (job->model);
  g_free (job);
}

static void
describe_binding (GTask        *task,
                  gpointer      source,
                  gpointer      data,
                  GCancellable *cancellable)
{
  const BindingJob *job = data;
  GError           *error = NULL;
  char             *json =
      twin_engine_describe_binding (job->engine, job->node, job->model, &error);

  if (json == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, json, g_free);
}

void
twin_live_session_describe_binding_async (TwinLiveSession    *self,
                                          const char         *node,
                                          const char         *model,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  BindingJob *job = g_new0 (BindingJob, 1);

  job->engine = twin_live_session_get_engine (self);
  job->node = g_strdup (node);
  job->model = g_strdup (model);
  g_task_set_task_data (task, job, binding_job_free);
  g_task_run_in_thread (task, describe_binding);
}

char *
twin_live_session_describe_binding_finish (TwinLiveSession *self,
                                           GAsyncResult    *result,
                                           GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- catalogue --------------------------------------------------------------
 */

GStrv
twin_live_session_list_bearings (TwinLiveSession *self, GError **error)
{
  g_autofree char *path =
      g_build_filename (twin_live_session_get_data_dir (self), "bearings.csv",
                        NULL);
  g_autofree char *csv = NULL;
  g_autoptr (TwinBearingCatalogue) catalogue = NULL;
  GPtrArray *names;

  if (!g_file_get_contents (path, &csv, NULL, error))
    return NULL;

  catalogue = twin_bearing_catalogue_parse (csv, path, error);
  if (catalogue == NULL)
    return NULL;

  names = g_ptr_array_new ();
  for (size_t i = 0; i < twin_bearing_catalogue_size (catalogue); i++)
    g_ptr_array_add (names, g_strdup (twin_bearing_catalogue_get (catalogue, i)
                                          ->designation));
  g_ptr_array_add (names, NULL);
  return (GStrv) g_ptr_array_free (names, FALSE);
}
