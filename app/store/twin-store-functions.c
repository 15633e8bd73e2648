/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-functions-private.h"

#include <string.h>

#include "twin-store-reader-private.h"

static void
functions_free (void *data)
{
  TwinStoreFunctions *self = data;

  g_hash_table_unref (self->graphs);
  g_hash_table_unref (self->tails);
  g_clear_pointer (&self->serves, g_hash_table_unref);
  g_clear_pointer (&self->silent, g_hash_table_unref);
  g_free (self);
}

gboolean
twin_store_functions_breathe (TwinStoreFunctions *self)
{
  /* Long enough for the progress handler to be called. */
  sqlite3_stmt *count =
      twin_store_db_prepare (self->sql,
                             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL "
                             "SELECT i + 1 FROM n"
                             " LIMIT 4000) SELECT count (*) FROM n",
                             NULL);
  gboolean ok;

  if (count == NULL)
    return FALSE;

  ok = sqlite3_step (count) == SQLITE_ROW;
  sqlite3_reset (count);
  return ok;
}

gboolean
twin_store_functions_as_of (const TwinStoreFunctions *self)
{
  return self->moment.at_us != TWIN_TIME_NONE;
}

static void
nothing (sqlite3_context *context, int n, sqlite3_value **values)
{
}

static gboolean
add_functions (TwinStoreReader *reader, GError **error)
{
  TwinStoreFunctions *self = g_new0 (TwinStoreFunctions, 1);

  self->sql = &reader->sql;
  self->graphs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        twin_store_walk_graph_free);
  self->tails = g_hash_table_new_full (NULL, NULL, NULL, twin_store_tail_free);

  /* The connection frees it with this function, also when that fails. */
  if (sqlite3_create_function_v2 (reader->sql.db, "twin_functions", 0,
                                  SQLITE_UTF8, self, nothing, NULL, NULL,
                                  functions_free) != SQLITE_OK ||
      !twin_store_walk_add (self) || !twin_store_signal_functions_add (self) ||
      !twin_store_history_functions_add (self))
    return twin_store_db_fail (&reader->sql, error, TWIN_STORE_ERROR_READ,
                               "Could not prepare queries");

  reader->functions = self;
  return TRUE;
}

gboolean
twin_store_reader_set_moment (TwinStoreReader       *self,
                              const TwinStoreMoment *moment,
                              GError               **error)
{
  TwinStoreFunctions *functions;

  if (self->functions == NULL && !add_functions (self, error))
    return FALSE;

  functions = self->functions;
  functions->moment = *moment;
  functions->samples_since_us = TWIN_TIME_NONE;
  functions->texts = -1;
  g_hash_table_remove_all (functions->graphs);
  g_hash_table_remove_all (functions->tails);
  g_clear_pointer (&functions->serves, g_hash_table_unref);
  g_clear_pointer (&functions->silent, g_hash_table_unref);
  return TRUE;
}

sqlite3_stmt *
twin_store_reader_take_statement (TwinStoreReader *self, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (self->kept); i++)
    {
      if (self->kept[i] == NULL ||
          strcmp (sqlite3_sql (self->kept[i]), sql) != 0)
        continue;
      statement = g_steal_pointer (&self->kept[i]);
      return statement;
    }

  if (sqlite3_prepare_v3 (self->sql.db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                          &statement, NULL) != SQLITE_OK)
    return NULL;
  return statement;
}

void
twin_store_reader_leave_statement (TwinStoreReader *self,
                                   sqlite3_stmt    *statement)
{
  sqlite3_stmt **place = &self->kept[self->next_kept];

  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  self->next_kept = (self->next_kept + 1) % G_N_ELEMENTS (self->kept);
  sqlite3_finalize (*place);
  *place = statement;
}

void *
twin_store_reader_get_models_cache (TwinStoreReader *self)
{
  if (self->models != NULL &&
      self->models_version !=
          twin_store_reader_topic_version (self, TWIN_STORE_TOPIC_GRAPH))
    twin_store_reader_set_models_cache (self, 0, NULL, NULL);
  return self->models;
}

void
twin_store_reader_set_models_cache (TwinStoreReader *self,
                                    int64_t          version,
                                    void            *data,
                                    GDestroyNotify   free_func)
{
  if (self->models != NULL)
    self->free_models (self->models);

  self->models = data;
  self->free_models = free_func;
  self->models_version = version;
}

gboolean
twin_store_reader_knows_signal (TwinStoreReader *self, const char *path)
{
  for (const char *rest = path, *slash; rest != NULL;
       rest = slash != NULL ? slash + 1 : NULL)
    {
      int64_t found = 0;

      slash = strchr (rest, '/');
      if (twin_store_db_get_int (&self->sql, NULL, &found,
                                 "SELECT EXISTS (SELECT 1 FROM signal WHERE"
                                 " path = ?)",
                                 "s", rest) &&
          found)
        return TRUE;
    }

  return FALSE;
}
