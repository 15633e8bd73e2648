/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "twin-store-schema.h"

/* The real file behind links, so that two names of it share one lock. */
static char *
resolve (const char *path)
{
  char            *real = realpath (path, NULL);
  g_autofree char *folder = NULL;
  g_autofree char *name = NULL;
  char            *joined;

  if (real == NULL)
    {
      folder = g_path_get_dirname (path);
      name = g_path_get_basename (path);
      real = realpath (folder, NULL);
      if (real == NULL)
        return g_strdup (path);
      joined = g_build_filename (real, name, NULL);
    }
  else
    joined = g_strdup (real);

  free (real);
  return joined;
}

static void
refuse_locked (const char *path, int fd, GError **error)
{
  char          text[32] = "";
  const ssize_t n = pread (fd, text, sizeof text - 1, 0);

  text[MAX (n, 0)] = '\0';
  g_strstrip (text);
  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_LOCKED,
               "The store %s is in use by another engine%s%s; stop that one "
               "first, or choose another store",
               path, *text != '\0' ? ", process " : "", text);
}

/* A file beside the store: closing it never touches the locks that SQLite has
 * on its own file. Two locks live there and end with their process: the whole
 * file (flock) is the engine's, byte 0 (OFD) is the turn to write. */
static int
open_lock_file (const char *path, GError **error)
{
  g_autofree char *name = g_strconcat (path, "-lock", NULL);
  const int        fd = open (name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

  if (fd < 0)
    g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_READONLY,
                 "Could not lock the store %s: %s; check the permissions "
                 "of its folder",
                 path, g_strerror (errno));
  return fd;
}

static gboolean
take_engine_lock (TwinStore *self, GError **error)
{
  g_autofree char *pid = g_strdup_printf ("%ld\n", (long) getpid ());

  if (flock (self->lock_fd, LOCK_EX | LOCK_NB) != 0)
    {
      refuse_locked (self->sql.path, self->lock_fd, error);
      return FALSE;
    }

  /* Only for the other one's message: the lock holds without it. */
  if (ftruncate (self->lock_fd, 0) != 0 ||
      pwrite (self->lock_fd, pid, strlen (pid), 0) != (ssize_t) strlen (pid))
    g_debug ("Could not note the process of %s: %s", self->sql.path,
             g_strerror (errno));
  return TRUE;
}

/* Whoever wants to write takes the turn first, and gives it back once it has
 * SQLite's lock: so an engine that begins the next batch right after the last
 * one queues behind an editor that waits. Without this the editor starves. A
 * turn that does not come (its holder is stopped) is not waited for longer
 * than SQLite's own lock would be. */
static void
take_turn (TwinStore *self, gboolean take)
{
  const int64_t give_up_us =
      twin_clock_monotonic_us () + TWIN_STORE_DB_BUSY_MS * INT64_C (1000);
  struct flock turn = { .l_type = take ? F_WRLCK : F_UNLCK,
                        .l_whence = SEEK_SET,
                        .l_len = 1 };

  while (fcntl (self->lock_fd, F_OFD_SETLK, &turn) != 0 && take &&
         (errno == EAGAIN || errno == EACCES || errno == EINTR) &&
         twin_clock_monotonic_us () < give_up_us)
    g_usleep (1000);
}

static gboolean
migrate (TwinStore *self, GError **error)
{
  const int version = twin_store_schema_read_version (&self->sql, error);
  gboolean  done;

  if (version < 0)
    return FALSE;
  if (version == twin_store_schema_version ())
    return TRUE;

  /* Not under a running engine of an earlier version. */
  if (self->mode != TWIN_STORE_ENGINE && !take_engine_lock (self, error))
    return FALSE;
  done = twin_store_schema_migrate (&self->sql, twin_store_schema_version (),
                                    error);
  if (self->mode != TWIN_STORE_ENGINE)
    flock (self->lock_fd, LOCK_UN);
  return done;
}

static gboolean
configure (TwinStore *self, GError **error)
{
  if (sqlite3_db_readonly (self->sql.db, "main") == 1)
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_READONLY,
                   "The store %s is read-only; check the permissions of the "
                   "file and its folder",
                   self->sql.path);
      return FALSE;
    }

  /* Looked at before WAL is switched on: a stranger's database is left as it
   * was. */
  return twin_store_schema_read_version (&self->sql, error) >= 0 &&
         twin_store_db_exec (&self->sql, "PRAGMA journal_mode = WAL", error) &&
         twin_store_db_exec (&self->sql,
                             "PRAGMA synchronous = FULL;"
                             "PRAGMA temp_store = MEMORY;"
                             "PRAGMA journal_size_limit = 67108864;"
                             "PRAGMA cell_size_check = ON;"
                             "PRAGMA trusted_schema = OFF",
                             error) &&
         migrate (self, error);
}

TwinStore *
twin_store_open (const char *path, TwinStoreMode mode, GError **error)
{
  g_autofree char *real = NULL;
  TwinStore       *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (TwinStore, 1);
  self->mode = mode;
  self->lock_fd = -1;
  real = resolve (path);

  if (!twin_store_db_open (&self->sql, real,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error) ||
      (self->lock_fd = open_lock_file (real, error)) < 0 ||
      (mode == TWIN_STORE_ENGINE && !take_engine_lock (self, error)) ||
      !configure (self, error))
    {
      twin_store_close (self);
      return NULL;
    }

  self->live_waveforms = twin_store_read_meta (&self->sql, "live_waveforms", 8);
  return self;
}

void
twin_store_close (TwinStore *self)
{
  if (self == NULL)
    return;

  twin_store_rollback (self);
  twin_store_db_close (&self->sql);
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  g_free (self);
}

const char *
twin_store_get_path (TwinStore *self)
{
  return self->sql.path;
}

TwinStoreMode
twin_store_get_mode (TwinStore *self)
{
  return self->mode;
}

gboolean
twin_store_begin (TwinStore *self, GError **error)
{
  g_return_val_if_fail (!self->in_transaction, FALSE);

  take_turn (self, TRUE);
  self->in_transaction =
      twin_store_db_run (&self->sql, error, "BEGIN IMMEDIATE", "");
  take_turn (self, FALSE);
  if (!self->in_transaction)
    return FALSE;

  self->dirty_topics = 0;
  return TRUE;
}

static gboolean
bump_topics (TwinStore *self, GError **error)
{
  for (int64_t i = 0; i < TWIN_STORE_N_TOPICS; i++)
    if ((self->dirty_topics & (1u << i)) != 0 &&
        !twin_store_db_run (&self->sql, error,
                            "INSERT INTO topic (id, version) VALUES (?, 1)"
                            " ON CONFLICT (id) DO UPDATE"
                            " SET version = version + 1",
                            "i", i))
      return FALSE;
  return TRUE;
}

/* SQLite undoes a whole transaction by itself after some errors (disk full).
 * What follows must not be committed piecemeal. */
static gboolean
still_open (TwinStore *self, GError **error)
{
  if (!sqlite3_get_autocommit (self->sql.db))
    return TRUE;

  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE,
               "Could not write in %s: an earlier failure undid this "
               "transaction",
               self->sql.path);
  return FALSE;
}

gboolean
twin_store_commit (TwinStore *self, GError **error)
{
  g_return_val_if_fail (self->in_transaction, FALSE);

  if (!still_open (self, error) || !twin_store_write_change (self, error) ||
      !bump_topics (self, error) ||
      !twin_store_db_run (&self->sql, error, "COMMIT", ""))
    {
      twin_store_rollback (self);
      return FALSE;
    }

  self->in_transaction = FALSE;
  self->last_change = self->change.used ? self->change.id : 0;
  twin_store_change_clear (self);
  return TRUE;
}

void
twin_store_rollback (TwinStore *self)
{
  if (self->sql.db != NULL && !sqlite3_get_autocommit (self->sql.db))
    sqlite3_exec (self->sql.db, "ROLLBACK", NULL, NULL, NULL);
  self->in_transaction = FALSE;
  self->dirty_topics = 0;
  twin_store_change_clear (self);
}

gboolean
twin_store_enter (TwinStore *self, gboolean *own, GError **error)
{
  *own = !self->in_transaction;
  return *own ? twin_store_begin (self, error) : still_open (self, error);
}

gboolean
twin_store_leave (TwinStore *self, gboolean own, gboolean ok, GError **error)
{
  if (!own)
    return ok;
  if (ok)
    return twin_store_commit (self, error);

  twin_store_rollback (self);
  return FALSE;
}

void
twin_store_mark_topic (TwinStore *self, TwinStoreTopic topic)
{
  self->dirty_topics |= 1u << topic;
}

int64_t
twin_store_read_topic (TwinStoreDb *sql, TwinStoreTopic topic)
{
  int64_t version = 0;

  twin_store_db_get_int (sql, NULL, &version,
                         "SELECT version FROM topic WHERE id = ?", "i",
                         (int64_t) topic);
  return version;
}

int64_t
twin_store_read_data_version (TwinStoreDb *sql)
{
  int64_t version = 0;

  twin_store_db_get_int (sql, NULL, &version, "PRAGMA data_version", "");
  return version;
}

int64_t
twin_store_data_version (TwinStore *self)
{
  return twin_store_read_data_version (&self->sql);
}

int64_t
twin_store_topic_version (TwinStore *self, TwinStoreTopic topic)
{
  return twin_store_read_topic (&self->sql, topic);
}

int64_t
twin_store_read_meta (TwinStoreDb *sql, const char *key, int64_t fallback)
{
  int64_t value = fallback;

  twin_store_db_get_int (sql, NULL, &value,
                         "SELECT value FROM meta WHERE key = ?", "s", key);
  return value;
}

gboolean
twin_store_write_meta (TwinStoreDb *sql,
                       const char  *key,
                       int64_t      value,
                       GError     **error)
{
  return twin_store_db_run (sql, error,
                            "INSERT INTO meta (key, value) VALUES (?, ?)"
                            " ON CONFLICT (key) DO UPDATE SET value"
                            " = excluded.value",
                            "si", key, value);
}

uint64_t
twin_store_size (TwinStore *self)
{
  g_autofree char *wal = g_strconcat (self->sql.path, "-wal", NULL);
  struct stat      st;
  uint64_t         size = 0;

  if (stat (self->sql.path, &st) == 0)
    size += st.st_size;
  if (stat (wal, &st) == 0)
    size += st.st_size;
  return size;
}

gboolean
twin_store_check (TwinStore *self, GError **error)
{
  sqlite3_stmt *check =
      twin_store_db_prepare (&self->sql, "PRAGMA integrity_check (10)", error);
  GError  *failure = NULL;
  gboolean ok = FALSE;

  if (check == NULL)
    return FALSE;

  if (twin_store_db_step (&self->sql, check, &failure))
    {
      const char *text = (const char *) sqlite3_column_text (check, 0);

      ok = g_strcmp0 (text, "ok") == 0;
      if (!ok)
        g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CORRUPT,
                     "The store %s is damaged: %s; restore it from a backup",
                     self->sql.path, text);
      sqlite3_reset (check);
    }

  if (failure != NULL)
    g_propagate_error (error, failure);
  return ok;
}

void
twin_store_limit_pages (TwinStore *self, int64_t pages)
{
  g_autofree char *text =
      g_strdup_printf ("PRAGMA max_page_count = %" G_GINT64_FORMAT, pages);

  sqlite3_exec (self->sql.db, text, NULL, NULL, NULL);
}
