/* SPDX-License-Identifier: Apache-2.0 */
/* A compiled query on a store: bound, stepped, rows printed as JSON. */
#include <sqlite3.h>
#include <string.h>

#include "twin-json.h"
#include "twin-model-set.h"
#include "twin-query-ast.h"

#define TIMEOUT_US (60 * TWIN_US_PER_S)

static gboolean
fail_store (GError **error, sqlite3 *db)
{
  int code = sqlite3_errcode (db);

  if (code == SQLITE_INTERRUPT)
    g_set_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_TIME,
                 "The query took too long and was stopped; narrow it down");
  else
    g_set_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_STORE,
                 "The store could not answer the query: %s",
                 sqlite3_errmsg (db));
  return FALSE;
}

/* --- models
 * ------------------------------------------------------------------------ */

/* Every model of the store with the DTMIs it extends (GPtrArray). */
static GHashTable *
load_extends (sqlite3 *db, GError **error)
{
  g_autoptr (GHashTable) models =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                             (GDestroyNotify) g_ptr_array_unref);
  sqlite3_stmt *statement;
  int           rc;

  if (sqlite3_prepare_v2 (db,
                          "SELECT dtmi, json -> '$.extends', json -> "
                          "'$.\"dtmi:dtdl:property:extends;2\"' FROM model",
                          -1, &statement, NULL) != SQLITE_OK)
    {
      fail_store (error, db);
      return NULL;
    }

  while ((rc = sqlite3_step (statement)) == SQLITE_ROW)
    {
      GPtrArray *parents = g_ptr_array_new_with_free_func (g_free);

      for (int column = 1; column <= 2; column++)
        {
          const char *text =
              (const char *) sqlite3_column_text (statement, column);
          g_autoptr (JsonNode) node =
              text != NULL ? twin_json_parse ("extends", text, -1, NULL) : NULL;
          guint n = node == NULL ? 0
                    : JSON_NODE_HOLDS_ARRAY (node)
                        ? json_array_get_length (json_node_get_array (node))
                        : 1;

          for (guint i = 0; i < n; i++)
            {
              JsonNode *item =
                  JSON_NODE_HOLDS_ARRAY (node)
                      ? json_array_get_element (json_node_get_array (node), i)
                      : node;

              if (JSON_NODE_HOLDS_OBJECT (item))
                item =
                    json_object_get_member (json_node_get_object (item), "@id");
              if (item != NULL && JSON_NODE_HOLDS_VALUE (item) &&
                  json_node_get_value_type (item) == G_TYPE_STRING)
                g_ptr_array_add (parents,
                                 g_strdup (json_node_get_string (item)));
            }
        }

      g_hash_table_insert (models,
                           g_strdup ((const char *)
                                         sqlite3_column_text (statement, 0)),
                           parents);
    }

  sqlite3_finalize (statement);
  if (rc != SQLITE_DONE)
    {
      fail_store (error, db);
      return NULL;
    }

  return g_steal_pointer (&models);
}

static gboolean
is_version_of (const char *have, const char *wanted)
{
  int    a, b, c, d;
  size_t length = twin_dtmi_split (have, &a, &b);

  if (twin_dtmi_split (wanted, &c, &d) != length ||
      strncmp (have, wanted, length) != 0)
    return FALSE;

  return a != c ? a > c : b >= d;
}

static gboolean
is_of (GHashTable *models, const char *dtmi, const char *wanted, int depth)
{
  GPtrArray *parents = g_hash_table_lookup (models, dtmi);

  if (is_version_of (dtmi, wanted))
    return TRUE;

  for (guint i = 0; parents != NULL && depth < 16 && i < parents->len; i++)
    {
      if (is_of (models, g_ptr_array_index (parents, i), wanted, depth + 1))
        return TRUE;
    }

  return FALSE;
}

/* A JSON array of the models that are of @wanted. */
static char *
print_models (GHashTable *models, const char *wanted)
{
  GString       *out = g_string_new ("[");
  GHashTableIter iter;
  void          *dtmi;

  g_hash_table_iter_init (&iter, models);
  while (g_hash_table_iter_next (&iter, &dtmi, NULL))
    {
      if (!is_of (models, dtmi, wanted, 0))
        continue;
      if (out->len > 1)
        g_string_append_c (out, ',');
      twin_json_append_string (out, dtmi);
    }

  g_string_append_c (out, ']');
  return g_string_free (out, FALSE);
}

/* --- binding
 * ------------------------------------------------------------------------- */

static gboolean
bind_all (TwinPlan *plan, sqlite3 *db, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GHashTable) models = NULL;

  for (guint i = 0; i < plan->binds->len; i++)
    {
      const TwinBind *value = &g_array_index (plan->binds, TwinBind, i);
      int             at = (int) i + 1;
      int             rc = SQLITE_OK;

      switch (value->kind)
        {
        case TWIN_BIND_INTEGER:
          rc = sqlite3_bind_int64 (statement, at, value->integer);
          break;
        case TWIN_BIND_DOUBLE:
          rc = sqlite3_bind_double (statement, at, value->number);
          break;
        case TWIN_BIND_MODELS:
          {
            char *list;

            if (models == NULL)
              models = load_extends (db, error);
            if (models == NULL)
              return FALSE;

            list = print_models (models, value->text);
            rc = sqlite3_bind_text (statement, at, list, -1, g_free);
            break;
          }
        case TWIN_BIND_TEXT:
        default:
          rc =
              sqlite3_bind_text (statement, at, value->text, -1, SQLITE_STATIC);
          break;
        }

      if (rc != SQLITE_OK)
        return fail_store (error, db);
    }

  return TRUE;
}

/* --- rows
 * -------------------------------------------------------------------------------
 */

static const char *
column (sqlite3_stmt *statement, int at)
{
  const char *text = (const char *) sqlite3_column_text (statement, at);

  return text != NULL ? text : "";
}

static void
append_pair (GString *out, const char *key, const char *value)
{
  g_string_append (out, out->str[out->len - 1] == '{' ? "\"" : ",\"");
  g_string_append (out, key);
  g_string_append (out, "\":");
  twin_json_append_string (out, value);
}

/* The members of the JSON object @props behind what is in @out. */
static void
append_members (GString *out, const char *props)
{
  if (props[0] != '{' || props[1] == '}' || props[1] == '\0')
    {
      g_string_append_c (out, '}');
      return;
    }

  g_string_append_c (out, ',');
  g_string_append (out, props + 1);
}

static void
append_twin (GString *out, sqlite3_stmt *statement, int at)
{
  const char *props = column (statement, at + 2);

  g_string_append_c (out, '{');
  append_pair (out, "$dtId", column (statement, at));
  append_pair (out, "$etag", column (statement, at + 1));
  if (strstr (props, "\"$metadata\"") == NULL)
    {
      g_string_append (out, ",\"$metadata\":{");
      append_pair (out, "$model", column (statement, at + 3));
      g_string_append_c (out, '}');
    }
  append_members (out, props);
}

static void
append_relationship (GString *out, sqlite3_stmt *statement, int at)
{
  g_string_append_c (out, '{');
  append_pair (out, "$relationshipId", column (statement, at + 1));
  append_pair (out, "$sourceId", column (statement, at));
  append_pair (out, "$targetId", column (statement, at + 3));
  append_pair (out, "$relationshipName", column (statement, at + 2));
  append_pair (out, "$etag", column (statement, at + 4));
  append_members (out, column (statement, at + 5));
}

/* Whether a later column of the row has the same key. */
static gboolean
comes_again (TwinPlan *plan, guint index)
{
  const char *key = g_array_index (plan->columns, TwinColumn, index).key;

  for (guint i = index + 1; i < plan->columns->len; i++)
    {
      if (strcmp (g_array_index (plan->columns, TwinColumn, i).key, key) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
append_column (GString      *out,
               TwinPlan     *plan,
               guint         index,
               sqlite3_stmt *statement,
               int           at)
{
  const TwinColumn *one = &g_array_index (plan->columns, TwinColumn, index);

  if ((one->kind == TWIN_COLUMN_VALUE &&
       sqlite3_column_type (statement, at) == SQLITE_NULL) ||
      comes_again (plan, index))
    return;

  if (out->len > 1)
    g_string_append_c (out, ',');
  twin_json_append_string (out, one->key);
  g_string_append_c (out, ':');

  if (one->kind == TWIN_COLUMN_TWIN)
    append_twin (out, statement, at);
  else if (one->kind == TWIN_COLUMN_RELATIONSHIP)
    append_relationship (out, statement, at);
  else
    g_string_append (out, column (statement, at));
}

static void
print_row (GString *out, TwinPlan *plan, sqlite3_stmt *statement)
{
  const TwinColumn *first = &g_array_index (plan->columns, TwinColumn, 0);
  int               at = 0;

  g_string_truncate (out, 0);
  if (first->kind == TWIN_COLUMN_ID)
    {
      g_string_append (out, column (statement, 0));
      return;
    }

  if (first->key == NULL)
    {
      if (first->kind == TWIN_COLUMN_TWIN)
        append_twin (out, statement, 0);
      else
        append_relationship (out, statement, 0);
      return;
    }

  g_string_append_c (out, '{');
  for (guint i = 0; i < plan->columns->len; i++)
    {
      TwinColumnKind kind = g_array_index (plan->columns, TwinColumn, i).kind;

      append_column (out, plan, i, statement, at);
      at += kind == TWIN_COLUMN_TWIN           ? 4
            : kind == TWIN_COLUMN_RELATIONSHIP ? 6
                                               : 1;
    }
  g_string_append_c (out, '}');
}

/* --- running
 * ------------------------------------------------------------------------------
 */

static int
check_time (void *data)
{
  const int64_t *deadline_us = data;

  return twin_clock_monotonic_us () > *deadline_us;
}

static gboolean
step_all (TwinPlan        *plan,
          sqlite3         *db,
          sqlite3_stmt    *statement,
          TwinQueryRowFunc func,
          void            *data,
          GError         **error)
{
  g_autoptr (GString) row = g_string_sized_new (512);
  int rc;

  while ((rc = sqlite3_step (statement)) == SQLITE_ROW)
    {
      print_row (row, plan, statement);
      if (!func (row->str, data))
        return TRUE;
    }

  return rc == SQLITE_DONE || fail_store (error, db);
}

static gboolean
run_plan (TwinPlan        *plan,
          TwinStoreReader *reader,
          int64_t          timeout_us,
          TwinQueryRowFunc func,
          void            *data,
          GError         **error)
{
  sqlite3      *db = twin_store_reader_get_db (reader);
  sqlite3_stmt *statement;
  int64_t       deadline_us;
  gboolean      good;

  for (guint i = 0; i < plan->setups->len; i++)
    {
      if (!g_array_index (plan->setups, TwinPlanSetup, i) (reader, error))
        return FALSE;
    }

  if (sqlite3_prepare_v2 (db, plan->sql->str, -1, &statement, NULL) !=
      SQLITE_OK)
    return fail_store (error, db);

  deadline_us =
      twin_clock_monotonic_us () + (timeout_us > 0 ? timeout_us : TIMEOUT_US);
  sqlite3_progress_handler (db, 20000, check_time, &deadline_us);
  good = bind_all (plan, db, statement, error) &&
         step_all (plan, db, statement, func, data, error);
  sqlite3_progress_handler (db, 0, NULL, NULL);
  sqlite3_finalize (statement);
  return good;
}

gboolean
twin_query_run (TwinQuery              *self,
                TwinStoreReader        *reader,
                const TwinQueryOptions *options,
                TwinQueryRowFunc        func,
                void                   *data,
                GError                **error)
{
  g_autoptr (TwinPlan) plan =
      twin_query_compile (self, FALSE, options != NULL ? options->limit : 0);

  return run_plan (plan, reader, options != NULL ? options->timeout_us : 0,
                   func, data, error);
}

static gboolean
collect_row (const char *row, void *data)
{
  g_ptr_array_add (data, g_strdup (row));
  return TRUE;
}

GPtrArray *
twin_query_collect (const char *text, TwinStoreReader *reader, GError **error)
{
  g_autoptr (TwinQuery) query = twin_query_parse (text, NULL, error);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);

  if (query == NULL ||
      !twin_query_run (query, reader, NULL, collect_row, rows, error))
    return NULL;

  return g_steal_pointer (&rows);
}

static int
compare_text (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

GPtrArray *
twin_query_collect_ids (const char      *text,
                        TwinStoreReader *reader,
                        GError         **error)
{
  g_autoptr (TwinQuery) query = twin_query_parse (text, NULL, error);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (TwinPlan) plan = NULL;

  if (query == NULL)
    return NULL;

  if (!twin_query_selects_twins (query))
    {
      g_set_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_NAME,
                   "The query must select twins: SELECT * FROM DIGITALTWINS "
                   "…, or the name of one collection");
      return NULL;
    }

  plan = twin_query_compile (query, TRUE, 0);
  if (!run_plan (plan, reader, 0, collect_row, ids, error))
    return NULL;

  g_ptr_array_sort (ids, compare_text);
  return g_steal_pointer (&ids);
}

char *
twin_query_explain (TwinQuery *self, TwinStoreReader *reader, GError **error)
{
  g_autoptr (TwinPlan) plan = twin_query_compile (self, FALSE, 0);
  g_autoptr (GString) out = g_string_new (plan->sql->str);
  g_autofree char *sql =
      g_strconcat ("EXPLAIN QUERY PLAN ", plan->sql->str, NULL);
  sqlite3      *db = twin_store_reader_get_db (reader);
  sqlite3_stmt *statement;
  int           rc;

  for (guint i = 0; i < plan->setups->len; i++)
    {
      if (!g_array_index (plan->setups, TwinPlanSetup, i) (reader, error))
        return NULL;
    }

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    {
      fail_store (error, db);
      return NULL;
    }

  g_string_append_c (out, '\n');
  while ((rc = sqlite3_step (statement)) == SQLITE_ROW)
    g_string_append_printf (out, "  %s\n", column (statement, 3));
  sqlite3_finalize (statement);
  if (rc != SQLITE_DONE)
    {
      fail_store (error, db);
      return NULL;
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}
