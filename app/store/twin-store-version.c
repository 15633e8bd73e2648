/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-version.h"

#include <string.h>

/* In all of them ?n is the n-th column. */
typedef enum
{
  ADD,     /* a new key */
  REPLACE, /* what differs goes to the past … */
  UPDATE,  /* … and becomes what the row says */
  END,     /* what is there goes to the past … */
  DELETE,  /* … and is gone */
  N_STATEMENTS,
} Statement;

struct _TwinStoreVersions
{
  sqlite3_stmt *statements[N_STATEMENTS]; /* of the connection, borrowed */
};

static gboolean
is_key (const TwinStoreTable *table, const TwinStoreColumn *column)
{
  g_auto (GStrv) keys = g_strsplit (table->key, ", ", -1);

  return g_strv_contains ((const char *const *) keys, column->name);
}

static int
number_of (const TwinStoreTable *table, const char *name)
{
  for (int i = 0; table->columns[i].type != TWIN_COLUMN_END; i++)
    {
      if (strcmp (table->columns[i].name, name) == 0)
        return i + 1;
    }
  g_assert_not_reached ();
}

static void
append_names (GString *sql, const TwinStoreTable *table)
{
  for (int i = 0; table->columns[i].type != TWIN_COLUMN_END; i++)
    g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "",
                            table->columns[i].name);
}

static void
append_where (GString *sql, const TwinStoreTable *table, gboolean differs)
{
  const char *and = " WHERE ";
  const char * or = " AND (";

  for (int i = 0; table->columns[i].type != TWIN_COLUMN_END; i++)
    {
      if (!is_key (table, &table->columns[i]))
        continue;
      g_string_append_printf (sql, "%s%s = ?%d", and, table->columns[i].name,
                              i + 1);
      and = " AND ";
    }

  for (int i = 0; differs && table->columns[i].type != TWIN_COLUMN_END; i++)
    {
      if (!table->columns[i].value)
        continue;
      g_string_append_printf (sql, "%s%s IS NOT ?%d", or,
                              table->columns[i].name, i + 1);
      or = " OR ";
    }
  if (differs)
    g_string_append_c (sql, ')');
}

static void
append_insert (GString *sql, const TwinStoreTable *table)
{
  g_string_append_printf (sql, "INSERT INTO %s (", table->name);
  append_names (sql, table);
  g_string_append (sql, ") VALUES (");
  for (int i = 0; table->columns[i].type != TWIN_COLUMN_END; i++)
    g_string_append_printf (sql, "%s?%d", i > 0 ? ", " : "", i + 1);
  g_string_append_printf (sql, ") ON CONFLICT (%s) DO NOTHING", table->key);
}

static void
append_keep (GString *sql, const TwinStoreTable *table, gboolean differs)
{
  const int change = number_of (table, "change");

  g_string_append_printf (sql, "INSERT INTO %s_past (", table->name);
  append_names (sql, table);
  g_string_append (sql, ", ended, ended_us) SELECT ");
  append_names (sql, table);
  g_string_append_printf (sql, ", ?%d, ?%d FROM %s", change,
                          number_of (table, "updated_us"), table->name);
  append_where (sql, table, differs);
  g_string_append_printf (sql, " AND change IS NOT ?%d", change);
}

static void
append_update (GString *sql, const TwinStoreTable *table)
{
  const char *comma = "";

  g_string_append_printf (sql, "UPDATE %s SET ", table->name);
  for (int i = 0; table->columns[i].type != TWIN_COLUMN_END; i++)
    {
      const TwinStoreColumn *column = &table->columns[i];

      if (column->keep || is_key (table, column))
        continue;
      g_string_append_printf (sql, "%s%s = ?%d", comma, column->name, i + 1);
      comma = ", ";
    }
  append_where (sql, table, TRUE);
}

static char *
write_statement (const TwinStoreTable *table, Statement which)
{
  GString *sql = g_string_new (NULL);

  switch (which)
    {
    case ADD:
      append_insert (sql, table);
      break;
    case REPLACE:
    case END:
      append_keep (sql, table, which == REPLACE);
      break;
    case UPDATE:
      append_update (sql, table);
      break;
    case DELETE:
      g_string_append_printf (sql, "DELETE FROM %s", table->name);
      append_where (sql, table, FALSE);
      break;
    case N_STATEMENTS:
    default:
      g_assert_not_reached ();
    }
  return g_string_free (sql, FALSE);
}

/* Its text is written once a connection. */
static sqlite3_stmt *
get_statement (TwinStoreDb          *sql,
               const TwinStoreTable *table,
               Statement             which,
               GError              **error)
{
  TwinStoreVersions *versions = g_hash_table_lookup (sql->versions, table);
  sqlite3_stmt      *statement;

  if (versions == NULL)
    {
      versions = g_new0 (TwinStoreVersions, 1);
      g_hash_table_insert (sql->versions, (void *) table, versions);
    }

  statement = versions->statements[which];
  if (statement == NULL)
    {
      g_autofree char *text = write_statement (table, which);

      statement = twin_store_db_prepare (sql, text, error);
      versions->statements[which] = statement;
    }
  return statement;
}

/* *@rows: how many it touched. */
static gboolean
run (TwinStoreDb          *sql,
     const TwinStoreTable *table,
     const void           *row,
     Statement             which,
     int                  *rows,
     GError              **error)
{
  sqlite3_stmt *statement = get_statement (sql, table, which, error);
  int           rc;

  if (statement == NULL)
    return FALSE;

  twin_store_table_bind (statement, table, row);
  rc = sqlite3_step (statement);
  if (rc != SQLITE_DONE)
    twin_store_db_fail (sql, error, TWIN_STORE_ERROR_WRITE, "Could not %s %s",
                        which == END || which == DELETE ? "delete" : "save",
                        table->what);
  else
    *rows = sqlite3_changes (sql->db);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return rc == SQLITE_DONE;
}

gboolean
twin_store_version_put (TwinStoreDb          *sql,
                        const TwinStoreTable *table,
                        const void           *row,
                        gboolean             *changed,
                        GError              **error)
{
  int rows = 0;

  if (!run (sql, table, row, ADD, &rows, error) ||
      (rows == 0 && (!run (sql, table, row, REPLACE, &rows, error) ||
                     !run (sql, table, row, UPDATE, &rows, error))))
    return FALSE;

  *changed = rows > 0;
  return TRUE;
}

gboolean
twin_store_version_delete (TwinStoreDb          *sql,
                           const TwinStoreTable *table,
                           const void           *row,
                           gboolean             *changed,
                           GError              **error)
{
  int rows = 0;

  if (!run (sql, table, row, END, &rows, error) ||
      !run (sql, table, row, DELETE, &rows, error))
    return FALSE;

  *changed = rows > 0;
  return TRUE;
}
