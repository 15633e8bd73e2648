/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-delta.h"

#include "twin-store-db.h"
#include "twin-store-reader-private.h"
#include "twin-store-tables.h"

void
twin_store_delta_free (TwinStoreDelta *self)
{
  g_clear_pointer (&self->models, g_ptr_array_unref);
  g_clear_pointer (&self->twins, g_ptr_array_unref);
  g_clear_pointer (&self->relationships, g_ptr_array_unref);
  g_clear_pointer (&self->gone_models, g_ptr_array_unref);
  g_clear_pointer (&self->gone_twins, g_ptr_array_unref);
  g_clear_pointer (&self->gone_relationships, g_ptr_array_unref);
  g_free (self);
}

static void
free_ends (void *data)
{
  TwinStoreRelationship *row = data;

  g_free ((char *) row->source);
  g_free ((char *) row->id);
  g_free (row);
}

/* The first column of @sql, with @since bound. */
static GPtrArray *
list_names (TwinStoreReader *self,
            const char      *sql,
            int64_t          since,
            GError         **error)
{
  sqlite3_stmt *select = twin_store_db_prepare (&self->sql, sql, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GError *failure = NULL;

  if (select == NULL)
    return NULL;

  twin_store_db_bind (select, "i", since);
  while (twin_store_db_step (&self->sql, select, &failure))
    g_ptr_array_add (names,
                     g_strdup ((const char *) sqlite3_column_text (select, 0)));

  if (failure == NULL)
    return g_steal_pointer (&names);

  g_propagate_error (error, failure);
  return NULL;
}

static GPtrArray *
list_gone_relationships (TwinStoreReader *self, int64_t since, GError **error)
{
  sqlite3_stmt *select = twin_store_db_prepare (
      &self->sql,
      "SELECT source, id FROM relationship_past AS past"
      " WHERE ended > ? AND NOT EXISTS (SELECT 1 FROM relationship AS now"
      " WHERE now.source = past.source AND now.id = past.id)",
      error);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (free_ends);
  GError *failure = NULL;

  if (select == NULL)
    return NULL;

  twin_store_db_bind (select, "i", since);
  while (twin_store_db_step (&self->sql, select, &failure))
    {
      TwinStoreRelationship *row = g_new0 (TwinStoreRelationship, 1);

      row->source = g_strdup ((const char *) sqlite3_column_text (select, 0));
      row->id = g_strdup ((const char *) sqlite3_column_text (select, 1));
      g_ptr_array_add (rows, row);
    }

  if (failure == NULL)
    return g_steal_pointer (&rows);

  g_propagate_error (error, failure);
  return NULL;
}

/* Asked for in no order, and with what comes twice: then SQLite goes by the
 * index of changes and not through the whole table. */
static gboolean
load_present (TwinStoreReader *self,
              int64_t          since,
              TwinStoreDelta  *delta,
              GError         **error)
{
  if (since < 0)
    {
      delta->models = twin_store_reader_list_models (self, error);
      if (delta->models != NULL)
        delta->twins = twin_store_reader_list_twins (self, error);
      if (delta->twins != NULL)
        delta->relationships =
            twin_store_reader_list_relationships (self, NULL, error);
      return delta->relationships != NULL;
    }

  delta->models = twin_store_table_list (&self->sql, &twin_store_table_model,
                                         error, "WHERE change > ?", "i", since);
  if (delta->models != NULL)
    delta->twins =
        twin_store_table_list (&self->sql, &twin_store_table_twin, error,
                               "WHERE change > ?", "i", since);
  if (delta->twins != NULL)
    delta->relationships =
        twin_store_table_list (&self->sql, &twin_store_table_relationship,
                               error, "WHERE change > ?", "i", since);
  return delta->relationships != NULL;
}

static gboolean
load_gone (TwinStoreReader *self,
           int64_t          since,
           TwinStoreDelta  *delta,
           GError         **error)
{
  if (since < 0)
    {
      delta->gone_models = g_ptr_array_new ();
      delta->gone_twins = g_ptr_array_new ();
      delta->gone_relationships = g_ptr_array_new ();
      return TRUE;
    }

  delta->gone_models = list_names (self,
                                   "SELECT dtmi FROM model_past WHERE ended > ?"
                                   " AND dtmi NOT IN (SELECT dtmi FROM model)",
                                   since, error);
  if (delta->gone_models != NULL)
    delta->gone_twins =
        list_names (self,
                    "SELECT id FROM twin_past AS past"
                    " WHERE ended > ? AND NOT EXISTS"
                    " (SELECT 1 FROM twin WHERE twin.id = past.id)",
                    since, error);
  if (delta->gone_twins != NULL)
    delta->gone_relationships = list_gone_relationships (self, since, error);
  return delta->gone_relationships != NULL;
}

TwinStoreDelta *
twin_store_reader_load_delta (TwinStoreReader *self,
                              int64_t          since,
                              GError         **error)
{
  g_autoptr (TwinStoreDelta) delta = g_new0 (TwinStoreDelta, 1);
  gboolean ok;

  if (!twin_store_reader_begin (self, error))
    return NULL;

  ok =
      twin_store_db_get_int (&self->sql, error, &delta->change,
                             "SELECT coalesce (max (id), 0) FROM change", "") &&
      load_present (self, since, delta, error) &&
      load_gone (self, since, delta, error);
  twin_store_reader_end (self);
  return ok ? g_steal_pointer (&delta) : NULL;
}
