/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-table.h"

static const void *
member (const void *row, const TwinStoreColumn *column)
{
  return (const char *) row + column->offset;
}

static void
append_columns (GString *sql, const TwinStoreTable *table)
{
  for (const TwinStoreColumn *c = table->columns; c->type != TWIN_COLUMN_END;
       c++)
    g_string_append_printf (sql, "%s%s", c == table->columns ? "" : ", ",
                            c->name);
}

static gboolean
is_key (const TwinStoreTable *table, const TwinStoreColumn *column)
{
  g_auto (GStrv) keys = g_strsplit (table->key, ", ", -1);

  return g_strv_contains ((const char *const *) keys, column->name);
}

static char *
build_put (const TwinStoreTable *table)
{
  GString    *sql = g_string_new ("INSERT INTO ");
  const char *comma = "";

  g_string_append_printf (sql, "%s (", table->name);
  append_columns (sql, table);
  g_string_append (sql, ") VALUES (");
  for (const TwinStoreColumn *c = table->columns; c->type != TWIN_COLUMN_END;
       c++)
    g_string_append (sql, c == table->columns ? "?" : ", ?");
  g_string_append_c (sql, ')');

  if (table->key != NULL)
    {
      g_string_append_printf (sql, " ON CONFLICT (%s) DO UPDATE SET ",
                              table->key);
      for (const TwinStoreColumn *c = table->columns;
           c->type != TWIN_COLUMN_END; c++)
        if (!c->keep && !is_key (table, c))
          {
            g_string_append_printf (sql, "%s%s = excluded.%s", comma, c->name,
                                    c->name);
            comma = ", ";
          }
    }

  return g_string_free (sql, FALSE);
}

static void
bind_column (sqlite3_stmt          *put,
             int                    i,
             const TwinStoreColumn *column,
             const void            *p)
{
  switch (column->type)
    {
    case TWIN_COLUMN_ROWID:
      if (*(const int64_t *) p != 0)
        twin_store_db_bind_time (put, i, *(const int64_t *) p);
      break;
    case TWIN_COLUMN_TEXT:
      sqlite3_bind_text (put, i, *(const char *const *) p, -1, SQLITE_STATIC);
      break;
    case TWIN_COLUMN_INT:
      sqlite3_bind_int64 (put, i, *(const int64_t *) p);
      break;
    case TWIN_COLUMN_BOOL:
      sqlite3_bind_int (put, i, *(const gboolean *) p ? 1 : 0);
      break;
    case TWIN_COLUMN_TIME:
      twin_store_db_bind_time (put, i, *(const int64_t *) p);
      break;
    case TWIN_COLUMN_REAL:
      twin_store_db_bind_double (put, i, *(const double *) p);
      break;
    case TWIN_COLUMN_BLOB:
      {
        GBytes *bytes = *(GBytes *const *) p;
        gsize   size = 0;

        if (bytes != NULL)
          {
            const void *data = g_bytes_get_data (bytes, &size);

            sqlite3_bind_blob64 (put, i, size > 0 ? data : "", size,
                                 SQLITE_STATIC);
          }
        break;
      }
    case TWIN_COLUMN_END:
      break;
    }
}

void
twin_store_table_bind (sqlite3_stmt         *statement,
                       const TwinStoreTable *table,
                       const void           *row)
{
  for (int i = 0; table->columns[i].type != TWIN_COLUMN_END; i++)
    bind_column (statement, i + 1, &table->columns[i],
                 member (row, &table->columns[i]));
}

/* Its text is built once. */
static sqlite3_stmt *
prepare_put (TwinStoreDb *sql, const TwinStoreTable *table, GError **error)
{
  sqlite3_stmt    *put = g_hash_table_lookup (sql->puts, table);
  g_autofree char *text = NULL;

  if (put != NULL)
    {
      sqlite3_reset (put);
      sqlite3_clear_bindings (put);
      return put;
    }

  text = build_put (table);
  put = twin_store_db_prepare (sql, text, error);
  if (put != NULL)
    g_hash_table_insert (sql->puts, (void *) table, put);
  return put;
}

gboolean
twin_store_table_put (TwinStoreDb          *sql,
                      const TwinStoreTable *table,
                      const void           *row,
                      int64_t              *id,
                      GError              **error)
{
  sqlite3_stmt *put = prepare_put (sql, table, error);
  int           rc;

  if (put == NULL)
    return FALSE;

  twin_store_table_bind (put, table, row);
  rc = sqlite3_step (put);
  if (rc != SQLITE_DONE)
    twin_store_db_fail (sql, error, TWIN_STORE_ERROR_WRITE, "Could not save %s",
                        table->what);
  else if (id != NULL)
    *id = sqlite3_last_insert_rowid (sql->db);
  sqlite3_reset (put);
  sqlite3_clear_bindings (put);
  return rc == SQLITE_DONE;
}

static void
read_column (sqlite3_stmt          *select,
             int                    i,
             const TwinStoreColumn *column,
             void                  *p)
{
  switch (column->type)
    {
    case TWIN_COLUMN_TEXT:
      *(char **) p = g_strdup ((const char *) sqlite3_column_text (select, i));
      break;
    case TWIN_COLUMN_ROWID:
    case TWIN_COLUMN_INT:
      *(int64_t *) p = sqlite3_column_int64 (select, i);
      break;
    case TWIN_COLUMN_BOOL:
      *(gboolean *) p = sqlite3_column_int (select, i) != 0;
      break;
    case TWIN_COLUMN_TIME:
      *(int64_t *) p = twin_store_db_column_time (select, i);
      break;
    case TWIN_COLUMN_REAL:
      *(double *) p = twin_store_db_column_double (select, i);
      break;
    case TWIN_COLUMN_BLOB:
      if (sqlite3_column_type (select, i) != SQLITE_NULL)
        {
          const void *data = sqlite3_column_blob (select, i);

          *(GBytes **) p = g_bytes_new (data, sqlite3_column_bytes (select, i));
        }
      break;
    case TWIN_COLUMN_END:
      break;
    }
}

sqlite3_stmt *
twin_store_table_select (TwinStoreDb          *sql,
                         const TwinStoreTable *table,
                         const char           *tail,
                         GError              **error)
{
  g_autoptr (GString) text = g_string_new ("SELECT ");

  append_columns (text, table);
  g_string_append_printf (text, " FROM %s %s", table->name, tail);
  return twin_store_db_prepare (sql, text->str, error);
}

GPtrArray *
twin_store_table_collect (TwinStoreDb          *sql,
                          const TwinStoreTable *table,
                          sqlite3_stmt         *select,
                          GError              **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (table->free_row);
  GError *failure = NULL;

  while (twin_store_db_step (sql, select, &failure))
    {
      void *row = g_malloc0 (table->size);

      for (int i = 0; table->columns[i].type != TWIN_COLUMN_END; i++)
        read_column (select, i, &table->columns[i],
                     (void *) member (row, &table->columns[i]));
      g_ptr_array_add (rows, row);
    }
  sqlite3_clear_bindings (select);

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  return g_steal_pointer (&rows);
}

static void
bind_list (sqlite3_stmt *select, const char *types, va_list args)
{
  for (int i = 0; types[i] != '\0'; i++)
    if (types[i] == 's')
      sqlite3_bind_text (select, i + 1, va_arg (args, const char *), -1,
                         SQLITE_STATIC);
    else
      sqlite3_bind_int64 (select, i + 1, va_arg (args, int64_t));
}

GPtrArray *
twin_store_table_list (TwinStoreDb          *sql,
                       const TwinStoreTable *table,
                       GError              **error,
                       const char           *tail,
                       const char           *types,
                       ...)
{
  sqlite3_stmt *select = twin_store_table_select (sql, table, tail, error);
  va_list       args;

  if (select == NULL)
    return NULL;

  va_start (args, types);
  bind_list (select, types, args);
  va_end (args);
  return twin_store_table_collect (sql, table, select, error);
}

void *
twin_store_table_one (const TwinStoreTable *table,
                      GPtrArray            *rows,
                      const char           *name,
                      GError              **error)
{
  void *row = NULL;

  if (rows == NULL)
    return NULL;

  if (rows->len > 0)
    row = g_ptr_array_steal_index (rows, 0);
  else
    g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND,
                 "There is no %s “%s” in the store", table->what, name);
  g_ptr_array_unref (rows);
  return row;
}

void
twin_store_table_free_row (const TwinStoreTable *table, void *row)
{
  if (row == NULL)
    return;

  for (const TwinStoreColumn *c = table->columns; c->type != TWIN_COLUMN_END;
       c++)
    {
      void *p = (void *) member (row, c);

      if (c->type == TWIN_COLUMN_TEXT)
        g_free (*(char **) p);
      else if (c->type == TWIN_COLUMN_BLOB && *(GBytes **) p != NULL)
        g_bytes_unref (*(GBytes **) p);
    }
  g_free (row);
}
