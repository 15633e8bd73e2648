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
