/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-db.h"

#include <errno.h>
#include <math.h>
#include <sys/stat.h>

GQuark
twin_store_error_quark (void)
{
  return g_quark_from_static_string ("twin-store-error-quark");
}

static gboolean
is_no_space (TwinStoreDb *self, int rc)
{
  const int cause = sqlite3_system_errno (self->db);

  return rc == SQLITE_FULL ||
         (rc == SQLITE_IOERR &&
          (cause == ENOSPC || cause == EDQUOT || cause == EFBIG));
}

gboolean
twin_store_db_fail (TwinStoreDb   *self,
                    GError       **error,
                    TwinStoreError fallback,
                    const char    *format,
                    ...)
{
  const int        rc = sqlite3_errcode (self->db) & 0xff;
  TwinStoreError   code = fallback;
  const char      *what_now = "";
  g_autofree char *prefix = NULL;
  va_list          args;

  va_start (args, format);
  prefix = g_strdup_vprintf (format, args);
  va_end (args);

  if (is_no_space (self, rc))
    {
      code = TWIN_STORE_ERROR_FULL;
      what_now = "; make room on its disk, nothing stored so far is lost";
    }
  else if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
    {
      code = TWIN_STORE_ERROR_LOCKED;
      what_now = "; another program has been writing for too long, try again";
    }
  else if (rc == SQLITE_CORRUPT)
    {
      code = TWIN_STORE_ERROR_CORRUPT;
      what_now = "; the file is damaged, restore it from a backup or "
                 "“sqlite3 … .recover”";
    }
  else if (rc == SQLITE_NOTADB)
    {
      code = TWIN_STORE_ERROR_FORMAT;
      what_now = "; choose another file";
    }
  else if (rc == SQLITE_READONLY || rc == SQLITE_PERM)
    {
      code = TWIN_STORE_ERROR_READONLY;
      what_now = "; check the permissions of the file and its folder";
    }
  else if (rc == SQLITE_CANTOPEN)
    {
      code = TWIN_STORE_ERROR_OPEN;
      what_now = "; check the permissions of the file and its folder";
    }

  g_set_error (error, TWIN_STORE_ERROR, code, "%s in %s: %s%s", prefix,
               self->path, sqlite3_errmsg (self->db), what_now);
  return FALSE;
}

static gboolean
check_place (const char *path, gboolean create, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat      st;

  if (stat (path, &st) == 0)
    {
      if (S_ISREG (st.st_mode))
        return TRUE;

      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_OPEN,
                   "Could not open the store %s: it is %s; name a file such "
                   "as plant.db",
                   path,
                   S_ISDIR (st.st_mode) ? "a directory" : "not a plain file");
      return FALSE;
    }

  if (errno != ENOENT || !create)
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_OPEN,
                   "Could not open the store %s: %s; check its name", path,
                   g_strerror (errno));
      return FALSE;
    }

  if (stat (folder, &st) != 0 || !S_ISDIR (st.st_mode))
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_OPEN,
                   "Could not create the store %s: there is no folder %s; "
                   "create it first",
                   path, folder);
      return FALSE;
    }

  return TRUE;
}

static void
finalize (void *statement)
{
  sqlite3_finalize (statement);
}

/* Instead of SQLite's own, which waits ever longer, up to 100 ms: whoever
 * writes here is done within milliseconds. */
static int
wait_a_little (void *data, int n_waits)
{
  if (n_waits >= TWIN_STORE_DB_BUSY_MS)
    return 0;
  sqlite3_sleep (1);
  return 1;
}

gboolean
twin_store_db_open (TwinStoreDb *self,
                    const char  *path,
                    int          flags,
                    GError     **error)
{
  if (!check_place (path, (flags & SQLITE_OPEN_CREATE) != 0, error))
    return FALSE;

  self->path = g_strdup (path);
  self->puts = g_hash_table_new (NULL, NULL);
  self->versions = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->statements =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize);

  if (sqlite3_open_v2 (path, &self->db, flags | SQLITE_OPEN_NOMUTEX, NULL) !=
      SQLITE_OK)
    {
      if (self->db == NULL)
        g_error ("out of memory");
      twin_store_db_fail (self, error, TWIN_STORE_ERROR_OPEN, "Could not open");
      twin_store_db_close (self);
      return FALSE;
    }

  sqlite3_extended_result_codes (self->db, 0);
  sqlite3_busy_handler (self->db, wait_a_little, NULL);
  return TRUE;
}

void
twin_store_db_close (TwinStoreDb *self)
{
  g_clear_pointer (&self->puts, g_hash_table_unref);
  g_clear_pointer (&self->versions, g_hash_table_unref);
  g_clear_pointer (&self->statements, g_hash_table_unref);
  if (self->db != NULL && sqlite3_close (self->db) != SQLITE_OK)
    g_critical ("A statement on %s is still in use", self->path);
  self->db = NULL;
  g_clear_pointer (&self->path, g_free);
}

gboolean
twin_store_db_exec (TwinStoreDb *self, const char *sql, GError **error)
{
  if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) != SQLITE_OK)
    return twin_store_db_fail (self, error, TWIN_STORE_ERROR_WRITE,
                               "Could not write");
  return TRUE;
}

sqlite3_stmt *
twin_store_db_prepare (TwinStoreDb *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }

  if (sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                          &statement, NULL) != SQLITE_OK)
    {
      twin_store_db_fail (self, error, TWIN_STORE_ERROR_READ, "Could not read");
      return NULL;
    }

  g_hash_table_insert (self->statements, g_strdup (sql), statement);
  return statement;
}

void
twin_store_db_bind_double (sqlite3_stmt *statement, int i, double value)
{
  if (isnan (value))
    sqlite3_bind_null (statement, i);
  else
    sqlite3_bind_double (statement, i, value);
}

void
twin_store_db_bind_time (sqlite3_stmt *statement, int i, int64_t value)
{
  if (value == TWIN_TIME_NONE)
    sqlite3_bind_null (statement, i);
  else
    sqlite3_bind_int64 (statement, i, value);
}

static void
bind_bytes (sqlite3_stmt *statement, int i, GBytes *bytes)
{
  gsize       size = 0;
  const void *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  if (bytes == NULL)
    sqlite3_bind_null (statement, i);
  else if (size == 0)
    sqlite3_bind_zeroblob (statement, i, 0);
  else
    sqlite3_bind_blob64 (statement, i, data, size, SQLITE_STATIC);
}

static void
bind_values (sqlite3_stmt *statement, const char *types, va_list args)
{
  for (int i = 0; types[i] != '\0'; i++)
    switch (types[i])
      {
      case 's':
        sqlite3_bind_text (statement, i + 1, va_arg (args, const char *), -1,
                           SQLITE_STATIC);
        break;
      case 'i':
        sqlite3_bind_int64 (statement, i + 1, va_arg (args, int64_t));
        break;
      case 'B':
        sqlite3_bind_int (statement, i + 1, va_arg (args, int));
        break;
      case 't':
        twin_store_db_bind_time (statement, i + 1, va_arg (args, int64_t));
        break;
      case 'd':
        twin_store_db_bind_double (statement, i + 1, va_arg (args, double));
        break;
      case 'b':
        bind_bytes (statement, i + 1, va_arg (args, GBytes *));
        break;
      default:
        g_assert_not_reached ();
      }
}

void
twin_store_db_bind (sqlite3_stmt *statement, const char *types, ...)
{
  va_list args;

  va_start (args, types);
  bind_values (statement, types, args);
  va_end (args);
}

gboolean
twin_store_db_run (TwinStoreDb *self,
                   GError     **error,
                   const char  *sql,
                   const char  *types,
                   ...)
{
  sqlite3_stmt *statement = twin_store_db_prepare (self, sql, error);
  va_list       args;
  int           rc;

  if (statement == NULL)
    return FALSE;

  va_start (args, types);
  bind_values (statement, types, args);
  va_end (args);

  rc = sqlite3_step (statement);
  if (rc != SQLITE_DONE && rc != SQLITE_ROW)
    {
      twin_store_db_fail (self, error, TWIN_STORE_ERROR_WRITE,
                          "Could not write");
      sqlite3_reset (statement);
      return FALSE;
    }
  sqlite3_reset (statement);
  return TRUE;
}

gboolean
twin_store_db_step (TwinStoreDb *self, sqlite3_stmt *statement, GError **error)
{
  const int rc = sqlite3_step (statement);

  if (rc == SQLITE_ROW)
    return TRUE;

  if (rc != SQLITE_DONE)
    twin_store_db_fail (self, error, TWIN_STORE_ERROR_READ, "Could not read");
  sqlite3_reset (statement);
  return FALSE;
}

gboolean
twin_store_db_get_int (TwinStoreDb *self,
                       GError     **error,
                       int64_t     *value,
                       const char  *sql,
                       const char  *types,
                       ...)
{
  sqlite3_stmt *statement = twin_store_db_prepare (self, sql, error);
  GError       *failure = NULL;
  va_list       args;

  if (statement == NULL)
    return FALSE;

  va_start (args, types);
  bind_values (statement, types, args);
  va_end (args);

  if (twin_store_db_step (self, statement, &failure))
    {
      if (sqlite3_column_type (statement, 0) != SQLITE_NULL)
        *value = sqlite3_column_int64 (statement, 0);
      sqlite3_reset (statement);
    }

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  return TRUE;
}

double
twin_store_db_column_double (sqlite3_stmt *statement, int i)
{
  if (sqlite3_column_type (statement, i) == SQLITE_NULL)
    return NAN;
  return sqlite3_column_double (statement, i);
}

int64_t
twin_store_db_column_time (sqlite3_stmt *statement, int i)
{
  if (sqlite3_column_type (statement, i) == SQLITE_NULL)
    return TWIN_TIME_NONE;
  return sqlite3_column_int64 (statement, i);
}
