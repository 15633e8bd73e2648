/* SPDX-License-Identifier: Apache-2.0 */
/* The graph asked, in worker threads, each on a connection of its own. */
#include "twin-live-graph.h"

#include <json-glib/json-glib.h>

#include "twin-editor.h"
#include "twin-json.h"
#include "twin-live-session-private.h"
#include "twin-query.h"
#include "twin-store-models.h"
#include "twin-store-changes.h"
#include "twin-store-groups.h"
#include "twin-store-twins.h"

enum
{
  PAGE_ROWS = 100,
  CHANGES = 200,
};

typedef struct
{
  char   *store;
  char   *text, *parameters, *cursor; /* of a question */
  guint   limit;
  char   *twin;
  int64_t from_us, to_us;
} GraphJob;

static void
graph_job_free (void *data)
{
  GraphJob *job = data;

  g_free (job->store);
  g_free (job->text);
  g_free (job->parameters);
  g_free (job->cursor);
  g_free (job->twin);
  g_free (job);
}

static GraphJob *
graph_job_new (TwinLiveSession *self)
{
  GraphJob   *job = g_new0 (GraphJob, 1);
  TwinEngine *engine = twin_live_session_get_engine (self);

  if (engine != NULL)
    job->store = g_strdup (twin_engine_get_store_path (engine));
  return job;
}

static void
run_job (TwinLiveSession    *self,
         GraphJob           *job,
         GTaskThreadFunc     func,
         GCancellable       *cancellable,
         GAsyncReadyCallback callback,
         gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_task_data (task, job, graph_job_free);
  if (job->store != NULL)
    g_task_run_in_thread (task, func);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED,
                             "The plant is being closed");
}

static void
return_result (GTask         *task,
               void          *result,
               GDestroyNotify free_result,
               GError        *error)
{
  if (result == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, free_result);
}

static void
free_array (void *array)
{
  g_ptr_array_unref (array);
}

/* --- questions
 * ------------------------------------------------------------------ */

void
twin_live_rows_free (TwinLiveRows *rows)
{
  g_strfreev (rows->rows);
  g_free (rows->cursor);
  g_free (rows);
}

static void
free_rows (void *rows)
{
  twin_live_rows_free (rows);
}

static gboolean
add_row (const char *row, void *data)
{
  g_ptr_array_add (data, g_strdup (row));
  return TRUE;
}

/* The parameters as an object; NULL without an error when there are none. */
static JsonNode *
parse_parameters (const char *text, GError **error)
{
  g_autoptr (JsonNode) node = NULL;

  if (text == NULL)
    return NULL;

  node = twin_json_parse ("parameters", text, -1, error);
  if (node != NULL && !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_PARAMETER,
                   "The parameters of a query must be a JSON object");
      return NULL;
    }

  return g_steal_pointer (&node);
}

/* A page waits for it, so it must be quick; 0 where it is not. */
static guint
count_all (const TwinQuery        *query,
           TwinStoreReader        *reader,
           const TwinQueryOptions *options)
{
  TwinQueryOptions quick = *options;
  guint64          rows = 0;

  quick.timeout_us = 300000;
  return twin_query_count (query, reader, &quick, &rows, NULL)
             ? (guint) MIN (rows, G_MAXUINT)
             : 0;
}

static TwinLiveRows *
ask (const GraphJob *job, GCancellable *cancellable, GError **error)
{
  const int64_t  begin_us = twin_clock_monotonic_us ();
  TwinQueryPlace place = { 0 };
  g_autoptr (JsonNode) parameters = NULL;
  g_autoptr (TwinQuery) query = twin_query_parse (job->text, &place, error);
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *next = NULL;
  GError          *failure = NULL;
  TwinQueryOptions options = { .limit = job->limit,
                               .cancellable = cancellable,
                               .cursor = job->cursor,
                               .next = &next };
  TwinLiveRows    *result;

  if (query == NULL)
    return NULL;

  parameters = parse_parameters (job->parameters, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }

  if (parameters != NULL)
    options.parameters = json_node_get_object (parameters);
  reader = twin_store_reader_open (job->store, error);
  if (reader == NULL ||
      !twin_query_run (query, reader, &options, add_row, rows, error))
    return NULL;

  result = g_new0 (TwinLiveRows, 1);
  g_ptr_array_set_free_func (rows, NULL);
  g_ptr_array_add (rows, NULL);
  result->rows = (GStrv) g_ptr_array_free (g_steal_pointer (&rows), FALSE);
  result->seconds = (double) (twin_clock_monotonic_us () - begin_us) / 1e6;
  if (next != NULL && job->cursor == NULL)
    result->total = count_all (query, reader, &options);
  result->cursor = g_steal_pointer (&next);
  return result;
}

/* The message of a query's error ends with its place. */
gboolean
twin_live_query_place (const GError *error, guint *line, guint *column)
{
  g_autoptr (GRegex) regex = NULL;
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (error == NULL || error->domain != TWIN_QUERY_ERROR)
    return FALSE;

  regex = g_regex_new ("line ([0-9]+), column ([0-9]+)[^0-9]*$", 0, 0, NULL);
  if (!g_regex_match (regex, error->message, 0, &match))
    return FALSE;

  first = g_match_info_fetch (match, 1);
  second = g_match_info_fetch (match, 2);
  *line = (guint) g_ascii_strtoull (first, NULL, 10);
  *column = (guint) g_ascii_strtoull (second, NULL, 10);
  return TRUE;
}

static void
run_query (GTask        *task,
           gpointer      source,
           gpointer      data,
           GCancellable *cancellable)
{
  GError       *error = NULL;
  TwinLiveRows *rows = ask (data, cancellable, &error);

  if (g_error_matches (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_CANCELLED))
    {
      error->domain = G_IO_ERROR;
      error->code = G_IO_ERROR_CANCELLED;
    }
  return_result (task, rows, free_rows, error);
}

void
twin_live_session_query_async (TwinLiveSession        *self,
                               const TwinLiveQuestion *question,
                               GCancellable           *cancellable,
                               GAsyncReadyCallback     callback,
                               gpointer                user_data)
{
  GraphJob *job = graph_job_new (self);

  job->text = g_strdup (question->text);
  job->parameters = g_strdup (question->parameters);
  job->cursor = g_strdup (question->cursor);
  job->limit = question->page != 0 ? question->page : PAGE_ROWS;
  run_job (self, job, run_query, cancellable, callback, user_data);
}

TwinLiveRows *
twin_live_session_query_finish (TwinLiveSession *self,
                                GAsyncResult    *result,
                                GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- one twin
 * ------------------------------------------------------------------- */

static GPtrArray *
relationship_items (GPtrArray *rows)
{
  GPtrArray *items = twin_relationship_items_new ();

  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreRelationship *row = g_ptr_array_index (rows, i);
      TwinRelationshipItem        *item = g_new0 (TwinRelationshipItem, 1);

      item->source = g_strdup (row->source);
      item->id = g_strdup (row->id);
      item->name = g_strdup (row->name);
      item->target = g_strdup (row->target);
      item->etag = g_strdup (row->etag);
      item->json = g_strdup (row->props != NULL ? row->props : "{}");
      g_ptr_array_add (items, item);
    }

  return items;
}

static TwinTwinItem *
twin_item (const TwinTwin *twin, GPtrArray *outgoing, GPtrArray *incoming)
{
  static const char *const none[] = { NULL };
  g_autoptr (JsonNode) document = twin_twin_to_json (twin);
  TwinTwinItem *item = g_new0 (TwinTwinItem, 1);

  item->id = g_strdup (twin->id);
  item->model = g_strdup (twin->model);
  item->lifecycle = g_strdup (twin_lifecycle_to_string (twin->lifecycle));
  item->etag = g_strdup (twin->etag);
  item->display_name = g_strdup (twin->display_name);
  item->tags = g_strdupv (twin->tags != NULL ? twin->tags : (char **) none);
  item->json = twin_json_print (document, TRUE);
  item->created_us = twin->created_us;
  item->updated_us = twin->updated_us;
  item->outgoing = relationship_items (outgoing);
  item->incoming = relationship_items (incoming);
  return item;
}

static TwinTwinItem *
load (const GraphJob *job, GError **error)
{
  g_autoptr (TwinStoreReader) reader =
      twin_store_reader_open (job->store, error);
  const int64_t at_us = job->from_us;
  const int64_t then = at_us != TWIN_TIME_NONE ? at_us : INT64_MAX;
  g_autoptr (TwinTwin) twin = NULL;
  g_autoptr (GPtrArray) outgoing = NULL;
  g_autoptr (GPtrArray) incoming = NULL;

  if (reader == NULL || !twin_store_reader_begin (reader, error))
    return NULL;

  twin = at_us != TWIN_TIME_NONE
             ? twin_store_reader_load_twin_at (reader, job->twin, at_us, error)
             : twin_store_reader_load_twin (reader, job->twin, error);
  if (twin == NULL)
    return NULL;

  outgoing = twin_store_reader_list_relationships_at (reader, job->twin, FALSE,
                                                      then, error);
  if (outgoing != NULL)
    incoming = twin_store_reader_list_relationships_at (reader, job->twin, TRUE,
                                                        then, error);
  return incoming != NULL ? twin_item (twin, outgoing, incoming) : NULL;
}

static void
free_twin (void *item)
{
  twin_twin_item_free (item);
}

static void
run_load (GTask        *task,
          gpointer      source,
          gpointer      data,
          GCancellable *cancellable)
{
  GError *error = NULL;

  return_result (task, load (data, &error), free_twin, error);
}

void
twin_live_session_load_twin_at_async (TwinLiveSession    *self,
                                      const char         *id,
                                      int64_t             at_us,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data)
{
  GraphJob *job = graph_job_new (self);

  job->twin = g_strdup (id);
  job->from_us = at_us;
  run_job (self, job, run_load, cancellable, callback, user_data);
}

TwinTwinItem *
twin_live_session_load_twin_at_finish (TwinLiveSession *self,
                                       GAsyncResult    *result,
                                       GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- lists
 * ----------------------------------------------------------------------- */

static GPtrArray *
list_changes (TwinStoreReader *reader, const GraphJob *job, GError **error)
{
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_changes (reader, job->twin, job->from_us,
                                      job->to_us, job->limit, error);
  GPtrArray *items;

  if (rows == NULL)
    return NULL;

  items = twin_change_items_new ();
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreChange *row = g_ptr_array_index (rows, i);
      TwinChangeItem        *item = g_new0 (TwinChangeItem, 1);

      item->id = row->id;
      item->time_us = row->time_us;
      item->who = g_strdup (row->who);
      item->kind = g_strdup (row->kind);
      /* The engine says nothing when it keeps what a node reported. */
      item->text =
          g_strdup (row->text != NULL ? row->text : "Reported by its node");
      item->undoes = row->undoes;
      g_ptr_array_add (items, item);
    }

  return items;
}

static GStrv
read_members (const TwinStoreGroup *row, GError **error)
{
  GPtrArray *members = twin_store_group_list_members (row, error);

  if (members == NULL)
    return NULL;
  g_ptr_array_set_free_func (members, NULL);
  g_ptr_array_add (members, NULL);
  return (GStrv) g_ptr_array_free (members, FALSE);
}

static GPtrArray *
list_groups (TwinStoreReader *reader, const GraphJob *job, GError **error)
{
  g_autoptr (GPtrArray) rows = twin_store_reader_list_groups (reader, error);
  g_autoptr (GPtrArray) items = NULL;

  if (rows == NULL)
    return NULL;

  items = twin_group_items_new ();
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreGroup *row = g_ptr_array_index (rows, i);
      TwinGroupItem        *item = g_new0 (TwinGroupItem, 1);

      item->name = g_strdup (row->name);
      item->query = g_strdup (row->query);
      g_ptr_array_add (items, item);
      if (row->members != NULL)
        item->members = read_members (row, error);
      if (row->members != NULL && item->members == NULL)
        return NULL;
      item->tier = g_strdup (row->tier);
      item->note = g_strdup (row->note);
      item->updated_us = row->updated_us;
    }

  return g_steal_pointer (&items);
}

static GPtrArray *
list_saved_queries (TwinStoreReader *reader,
                    const GraphJob  *job,
                    GError         **error)
{
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_saved_queries (reader, error);
  GPtrArray *items;

  if (rows == NULL)
    return NULL;

  items = twin_saved_query_items_new ();
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreSavedQuery *row = g_ptr_array_index (rows, i);
      TwinSavedQueryItem        *item = g_new0 (TwinSavedQueryItem, 1);

      item->name = g_strdup (row->name);
      item->query = g_strdup (row->query);
      item->note = g_strdup (row->note);
      item->who = g_strdup (row->who);
      item->updated_us = row->updated_us;
      g_ptr_array_add (items, item);
    }

  return items;
}

static TwinModelItem *
model_item (TwinStoreReader      *reader,
            const TwinStoreModel *row,
            TwinModelSet         *models)
{
  const TwinInterface *interface =
      models != NULL ? twin_model_set_lookup (models, row->dtmi) : NULL;
  TwinModelItem *item = g_new0 (TwinModelItem, 1);
  uint64_t       twins = 0;

  twin_store_reader_count_twins (reader, row->dtmi, &twins, NULL);
  item->dtmi = g_strdup (row->dtmi);
  item->name = g_strdup (
      interface != NULL ? twin_interface_get_label (interface) : row->dtmi);
  item->json = g_strdup (row->json);
  item->version = interface != NULL ? (guint) interface->dtdl : 0;
  item->twins = (guint) twins;
  item->created_us = row->created_us;
  return item;
}

static GPtrArray *
list_models (TwinStoreReader *reader, const GraphJob *job, GError **error)
{
  g_autoptr (GPtrArray) rows = twin_store_reader_list_models (reader, error);
  g_autoptr (TwinModelSet) models = NULL;
  GPtrArray *items;

  if (rows == NULL)
    return NULL;

  models = twin_store_reader_load_models (reader, NULL);
  items = twin_model_items_new ();
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (items,
                     model_item (reader, g_ptr_array_index (rows, i), models));
  return items;
}

typedef GPtrArray *(*ListFunc) (TwinStoreReader *reader,
                                const GraphJob  *job,
                                GError         **error);

static void
run_list (GTask *task, const GraphJob *job, ListFunc list)
{
  GError *error = NULL;
  g_autoptr (TwinStoreReader) reader =
      twin_store_reader_open (job->store, &error);

  return_result (task, reader != NULL ? list (reader, job, &error) : NULL,
                 free_array, error);
}

static void
run_changes (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  run_list (task, data, list_changes);
}

static void
run_groups (GTask        *task,
            gpointer      source,
            gpointer      data,
            GCancellable *cancellable)
{
  run_list (task, data, list_groups);
}

static void
run_saved_queries (GTask        *task,
                   gpointer      source,
                   gpointer      data,
                   GCancellable *cancellable)
{
  run_list (task, data, list_saved_queries);
}

static void
run_models (GTask        *task,
            gpointer      source,
            gpointer      data,
            GCancellable *cancellable)
{
  run_list (task, data, list_models);
}

void
twin_live_session_list_changes_async (TwinLiveSession    *self,
                                      const char         *twin,
                                      int64_t             from_us,
                                      int64_t             to_us,
                                      guint               limit,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data)
{
  GraphJob *job = graph_job_new (self);

  job->twin = g_strdup (twin);
  job->from_us = from_us;
  job->to_us = to_us;
  job->limit = limit != 0 ? limit : CHANGES;
  run_job (self, job, run_changes, cancellable, callback, user_data);
}

void
twin_live_session_list_groups_async (TwinLiveSession    *self,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data)
{
  run_job (self, graph_job_new (self), run_groups, cancellable, callback,
           user_data);
}

void
twin_live_session_list_saved_queries_async (TwinLiveSession    *self,
                                            GCancellable       *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data)
{
  run_job (self, graph_job_new (self), run_saved_queries, cancellable, callback,
           user_data);
}

void
twin_live_session_list_models_async (TwinLiveSession    *self,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data)
{
  run_job (self, graph_job_new (self), run_models, cancellable, callback,
           user_data);
}

GPtrArray *
twin_live_session_list_finish (TwinLiveSession *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
