/* SPDX-License-Identifier: Apache-2.0 */
/* How a query is answered: its SELECT, what is bound, SQLite's plan. */
#include <sqlite3.h>
#include <string.h>

#include "twin-json.h"
#include "twin-query-ast.h"

static void
add_bind (JsonArray *binds, const TwinPlan *plan, const TwinBind *value)
{
  char *list;

  switch (value->kind)
    {
    case TWIN_BIND_INTEGER:
      json_array_add_int_element (binds, value->integer);
      return;
    case TWIN_BIND_DOUBLE:
      json_array_add_double_element (binds, value->number);
      return;
    case TWIN_BIND_MODELS:
      {
        list = twin_query_print_models (plan, value->text, NULL);
        json_array_add_string_element (binds, list != NULL ? list : "");
        g_free (list);
        return;
      }
    case TWIN_BIND_TEXT:
    default:
      json_array_add_string_element (binds, value->text);
      return;
    }
}

/* The bound values in the order of their numbers. */
static JsonArray *
list_binds (const TwinPlan *plan, sqlite3_stmt *statement)
{
  JsonArray *binds = json_array_new ();
  g_auto (GStrv) parts = g_strsplit (sqlite3_sql (statement), "?", -1);
  guint64 done = 0;

  for (guint i = 0; i < plan->binds->len && parts[i + 1] != NULL; i++)
    {
      guint64 number = g_ascii_strtoull (parts[i + 1], NULL, 10);

      if (number > done)
        add_bind (binds, plan, &g_array_index (plan->binds, TwinBind, i));
      done = MAX (done, number);
    }

  return binds;
}

/* What of @query a step of the plan reads from end to end, or NULL. */
static char *
find_scan (const TwinQuery *query, const char *detail)
{
  if (!g_str_has_prefix (detail, "SCAN "))
    return NULL;

  for (guint i = 0; i < query->collections->len; i++)
    {
      const TwinCollection *one = twin_query_collection (query, (int) i);
      const size_t          length = strlen (one->alias);

      if (strncmp (detail + 5, one->alias, length) == 0 &&
          (detail[5 + length] == '\0' || detail[5 + length] == ' '))
        return g_strdup_printf ("all %s%s%s",
                                one->relationship ? "relationships" : "twins",
                                one->name != NULL ? " " : "",
                                one->name != NULL ? one->name : "");
    }

  return NULL;
}

static gboolean
add_steps (const TwinQuery *query,
           sqlite3_stmt    *statement,
           JsonArray       *steps,
           JsonArray       *scans)
{
  g_autoptr (GHashTable) depths = g_hash_table_new (NULL, NULL);
  int rc;

  while ((rc = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const int   id = sqlite3_column_int (statement, 0);
      const int   parent = sqlite3_column_int (statement, 1);
      const char *detail = (const char *) sqlite3_column_text (statement, 3);
      const int   depth =
          parent == 0
                ? 0
                : GPOINTER_TO_INT (
                      g_hash_table_lookup (depths, GINT_TO_POINTER (parent))) +
                    1;
      g_autofree char *scan = find_scan (query, detail);
      JsonObject      *step = json_object_new ();

      g_hash_table_insert (depths, GINT_TO_POINTER (id),
                           GINT_TO_POINTER (depth));
      json_object_set_int_member (step, "depth", depth);
      json_object_set_string_member (step, "step", detail);
      json_array_add_object_element (steps, step);
      if (scan != NULL)
        json_array_add_string_element (scans, scan);
    }

  return rc == SQLITE_DONE;
}

JsonNode *
twin_query_explain (const TwinQuery        *self,
                    TwinStoreReader        *reader,
                    const TwinQueryOptions *options,
                    GError                **error)
{
  static const TwinQueryOptions nothing = { 0 };
  g_autoptr (TwinPlan) plan =
      twin_query_plan (self, reader, options != NULL ? options : &nothing,
                       FALSE, error);
  sqlite3_stmt *statement =
      plan != NULL ? twin_plan_prepare (plan, "EXPLAIN QUERY PLAN ", error)
                   : NULL;
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *steps, *scans;
  gboolean   good;

  if (statement == NULL)
    return NULL;

  steps = json_array_new ();
  scans = json_array_new ();
  json_object_set_string_member (object, "sql",
                                 sqlite3_sql (statement) +
                                     strlen ("EXPLAIN QUERY PLAN "));
  json_object_set_array_member (object, "values", list_binds (plan, statement));
  json_object_set_array_member (object, "plan", steps);
  json_object_set_array_member (object, "reads", scans);
  good = add_steps (self, statement, steps, scans);
  if (!good)
    twin_query_fail_store (error, sqlite3_db_handle (statement));
  sqlite3_finalize (statement);
  if (!good)
    return NULL;

  return json_node_init_object (json_node_alloc (), object);
}
