/* SPDX-License-Identifier: Apache-2.0 */
/* What queries ask of a signal: its newest value, its age, its history. */
#include <math.h>
#include <string.h>

#include "twin-signal-value.h"
#include "twin-store-functions-private.h"
#include "twin-store-samples.h"

typedef struct
{
  int64_t     time_us; /* TWIN_TIME_NONE: never */
  double      value;   /* NaN: bad, or a text */
  const char *text;    /* until the next look-up; or NULL */
} Latest;

/* --- which signal
 * --------------------------------------------------------------------- */

/* What nodes call the parts of the machines they serve. */
typedef struct
{
  char *prefix, *part;
} Serve;

static void
serve_free (void *data)
{
  Serve *serve = data;

  g_free (serve->prefix);
  g_free (serve->part);
  g_free (serve);
}

static gboolean
read_serves (TwinStoreFunctions *self)
{
  /* What a person decided stands above the birth. */
  sqlite3_stmt *select = twin_store_db_prepare (
      self->sql,
      "SELECT n.machine, json_extract (s.value, '$.prefix'), json_extract"
      " (s.value, '$.twin') FROM node n, json_each (CASE WHEN json_valid"
      " (n.birth) THEN n.birth ELSE '{}' END, '$.serves') s WHERE n.machine"
      " IS NOT NULL AND s.type = 'object' AND NOT EXISTS (SELECT 1 FROM"
      " setting WHERE key = 'serves/' || n.name)"
      " UNION ALL SELECT n.machine, e.key, e.value FROM node n JOIN setting x"
      " ON x.key = 'serves/' || n.name, json_each (CASE WHEN json_valid"
      " (x.value) THEN x.value ELSE '{}' END) e WHERE n.machine IS NOT NULL",
      NULL);
  int rc;

  if (select == NULL)
    return FALSE;

  self->serves = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) g_ptr_array_unref);
  while ((rc = sqlite3_step (select)) == SQLITE_ROW)
    {
      const char *machine = (const char *) sqlite3_column_text (select, 0);
      const char *prefix = (const char *) sqlite3_column_text (select, 1);
      const char *part = (const char *) sqlite3_column_text (select, 2);
      GPtrArray  *list = g_hash_table_lookup (self->serves, machine);
      Serve      *serve;

      if (prefix == NULL || *prefix == '\0' || part == NULL)
        continue;
      if (list == NULL)
        {
          list = g_ptr_array_new_with_free_func (serve_free);
          g_hash_table_insert (self->serves, g_strdup (machine), list);
        }
      serve = g_new0 (Serve, 1);
      serve->prefix = g_strdup (prefix);
      serve->part = g_strdup (part);
      g_ptr_array_add (list, serve);
    }
  sqlite3_reset (select);
  return rc == SQLITE_DONE;
}

/* The part of @machine that its node's name @path is of; *@rest: its path. */
static const char *
find_part (TwinStoreFunctions *self,
           const char         *machine,
           const char         *path,
           const char        **rest)
{
  const Serve *best = NULL;
  GPtrArray   *list = g_hash_table_lookup (self->serves, machine);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const Serve *serve = g_ptr_array_index (list, i);

      if (g_str_has_prefix (path, serve->prefix) &&
          (best == NULL || strlen (serve->prefix) > strlen (best->prefix)))
        best = serve;
    }
  if (best == NULL)
    return NULL;

  *rest = path + strlen (best->prefix);
  return best->part;
}

static gboolean
read_signal (TwinStoreFunctions   *self,
             const char           *twin,
             const char           *path,
             TwinStoreFoundSignal *signal)
{
  sqlite3_stmt *select =
      twin_store_db_prepare (self->sql,
                             "SELECT id, max_silence_s, node FROM signal WHERE "
                             "twin = ? AND path = ?",
                             NULL);
  int rc;

  if (select == NULL)
    return FALSE;

  *signal = (TwinStoreFoundSignal){ 0 };
  sqlite3_bind_text (select, 1, twin, -1, SQLITE_STATIC);
  sqlite3_bind_text (select, 2, path, -1, SQLITE_STATIC);
  rc = sqlite3_step (select);
  if (rc == SQLITE_ROW)
    {
      signal->id = sqlite3_column_int64 (select, 0);
      signal->max_silence_s = sqlite3_column_double (select, 1);
      /* Not reset before the next look-up: the text stays. */
      signal->node = (const char *) sqlite3_column_text (select, 2);
      return TRUE;
    }
  sqlite3_reset (select);
  return rc == SQLITE_DONE;
}

gboolean
twin_store_functions_find_signal (sqlite3_context      *context,
                                  sqlite3_value       **values,
                                  TwinStoreFoundSignal *signal)
{
  TwinStoreFunctions *self = sqlite3_user_data (context);
  const char         *twin = (const char *) sqlite3_value_text (values[0]);
  const char         *path = (const char *) sqlite3_value_text (values[1]);
  const char         *part, *rest;

  if (twin == NULL || path == NULL)
    return FALSE;
  if (!read_signal (self, twin, path, signal))
    {
      twin_store_functions_fail (context, self);
      return FALSE;
    }
  if (signal->id > 0 || strchr (path, '/') == NULL)
    return signal->id > 0;

  if (self->serves == NULL && !read_serves (self))
    {
      twin_store_functions_fail (context, self);
      return FALSE;
    }
  part = find_part (self, twin, path, &rest);
  if (part == NULL)
    return FALSE;
  if (!read_signal (self, part, rest, signal))
    twin_store_functions_fail (context, self);
  return signal->id > 0;
}

void
twin_store_functions_leave_signal (TwinStoreFunctions *self)
{
  /* So that no statement of ours is open when the query's is done. */
  twin_store_db_prepare (self->sql,
                         "SELECT id, max_silence_s, node FROM signal WHERE "
                         "twin = ? AND path = ?",
                         NULL);
}

/* --- the newest
 * ------------------------------------------------------------------------ */

static int64_t
until_us (const TwinStoreFunctions *self)
{
  return twin_store_functions_as_of (self) ? self->moment.at_us : G_MAXINT64;
}

static gboolean
newest_of_tail (TwinStoreFunctions *self, int64_t signal, Latest *latest)
{
  const TwinStoreSample *samples;
  guint                  n;

  if (!twin_store_functions_find_tail (self, signal, &samples, &n))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      if (samples[i].time_us <= until_us (self) &&
          samples[i].time_us >= latest->time_us)
        *latest = (Latest){ samples[i].time_us, samples[i].value, NULL };
    }
  return TRUE;
}

static gboolean
newest_sealed (TwinStoreFunctions *self,
               int64_t             signal,
               Latest             *latest,
               gboolean           *found)
{
  sqlite3_stmt *select = twin_store_db_prepare (
      self->sql, "SELECT time_us, value FROM signal_latest WHERE signal = ?",
      NULL);
  int rc;

  if (select == NULL)
    return FALSE;

  sqlite3_bind_int64 (select, 1, signal);
  rc = sqlite3_step (select);
  *found = rc == SQLITE_ROW;
  if (rc == SQLITE_ROW && sqlite3_column_int64 (select, 0) > latest->time_us)
    *latest = (Latest){ sqlite3_column_int64 (select, 0),
                        twin_store_db_column_double (select, 1), NULL };
  sqlite3_reset (select);
  return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

/* Chunks overlap only where data came late: few hold what is newest. */
static gboolean
newest_of_chunks (TwinStoreFunctions *self, int64_t signal, Latest *latest)
{
  sqlite3_stmt *select = twin_store_db_prepare (
      self->sql,
      "WITH last (t) AS (SELECT max (t0) FROM sample_chunk WHERE signal = ?1"
      " AND t0 <= ?2) SELECT data FROM sample_chunk WHERE signal = ?1 AND"
      " t0 >= (SELECT t FROM last) - ?3 AND t0 <= (SELECT t FROM last) AND"
      " t1 >= (SELECT t FROM last)",
      NULL);
  g_autoptr (GArray) samples =
      g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));
  gboolean ok = TRUE;
  int      rc;

  if (select == NULL)
    return FALSE;

  sqlite3_bind_int64 (select, 1, signal);
  sqlite3_bind_int64 (select, 2, until_us (self));
  sqlite3_bind_int64 (select, 3, TWIN_SAMPLES_CHUNK_SPAN_US);
  while ((rc = sqlite3_step (select)) == SQLITE_ROW && ok)
    {
      ok = twin_store_chunk_decode (sqlite3_column_blob (select, 0),
                                    sqlite3_column_bytes (select, 0),
                                    (uint32_t) signal, samples);
    }
  sqlite3_reset (select);
  for (guint i = 0; i < samples->len; i++)
    {
      const TwinStoreSample *sample =
          &g_array_index (samples, TwinStoreSample, i);

      if (sample->time_us <= until_us (self) &&
          sample->time_us > latest->time_us)
        *latest = (Latest){ sample->time_us, sample->value, NULL };
    }
  return ok && rc == SQLITE_DONE;
}

static const char newest_text[] =
    "SELECT time_us, text FROM text_sample WHERE signal = ? AND time_us <= ?"
    " ORDER BY time_us DESC, id DESC LIMIT 1";

/* Most plants have none: then none is looked for. */
static gboolean
has_texts (TwinStoreFunctions *self)
{
  int64_t some = 1;

  if (self->texts < 0)
    {
      twin_store_db_get_int (self->sql, NULL, &some,
                             "SELECT EXISTS (SELECT 1 FROM text_sample)", "");
      self->texts = some != 0;
    }
  return self->texts;
}

static gboolean
newest_of_texts (TwinStoreFunctions *self, int64_t signal, Latest *latest)
{
  sqlite3_stmt *select;
  int           rc;

  if (!has_texts (self))
    return TRUE;
  select = twin_store_db_prepare (self->sql, newest_text, NULL);
  if (select == NULL)
    return FALSE;

  sqlite3_bind_int64 (select, 1, signal);
  sqlite3_bind_int64 (select, 2, until_us (self));
  rc = sqlite3_step (select);
  if (rc == SQLITE_ROW && sqlite3_column_int64 (select, 0) > latest->time_us)
    {
      /* Stays open for the text. */
      *latest = (Latest){ sqlite3_column_int64 (select, 0), NAN,
                          (const char *) sqlite3_column_text (select, 1) };
      return TRUE;
    }
  sqlite3_reset (select);
  return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

/* To be followed by leave_latest(). */
static gboolean
read_latest (TwinStoreFunctions *self, int64_t signal, Latest *latest)
{
  gboolean found = FALSE;

  *latest = (Latest){ TWIN_TIME_NONE, NAN, NULL };
  if (!twin_store_functions_as_of (self) &&
      !newest_sealed (self, signal, latest, &found))
    return FALSE;
  if (!found && !newest_of_chunks (self, signal, latest))
    return FALSE;
  return newest_of_tail (self, signal, latest) &&
         newest_of_texts (self, signal, latest);
}

static void
leave_latest (TwinStoreFunctions *self)
{
  twin_store_db_prepare (self->sql, newest_text, NULL);
  twin_store_functions_leave_signal (self);
}

static void
signal_value (sqlite3_context *context, int n, sqlite3_value **values)
{
  TwinStoreFunctions  *self = sqlite3_user_data (context);
  TwinStoreFoundSignal signal;
  Latest               latest;

  if (!twin_store_functions_find_signal (context, values, &signal))
    return;

  if (!read_latest (self, signal.id, &latest))
    twin_store_functions_fail (context, self);
  else if (latest.text != NULL)
    sqlite3_result_text (context, latest.text, -1, SQLITE_TRANSIENT);
  else if (!isnan (latest.value))
    sqlite3_result_double (context, latest.value);
  leave_latest (self);
}

static void
signal_time (sqlite3_context *context, int n, sqlite3_value **values)
{
  TwinStoreFunctions  *self = sqlite3_user_data (context);
  TwinStoreFoundSignal signal;
  Latest               latest;

  if (!twin_store_functions_find_signal (context, values, &signal))
    return;

  if (!read_latest (self, signal.id, &latest))
    twin_store_functions_fail (context, self);
  else if (latest.time_us != TWIN_TIME_NONE)
    sqlite3_result_int64 (context, latest.time_us);
  leave_latest (self);
}

/* The same for who knows the signal and its newest sealed sample already:
 * signal, time or NULL, value or NULL. */
static void
signal_newest (sqlite3_context *context, int n, sqlite3_value **values)
{
  TwinStoreFunctions *self = sqlite3_user_data (context);
  const int64_t       signal = sqlite3_value_int64 (values[0]);
  const gboolean      found = sqlite3_value_type (values[1]) != SQLITE_NULL;
  Latest              latest = { TWIN_TIME_NONE, NAN, NULL };

  if (found)
    latest.time_us = sqlite3_value_int64 (values[1]);
  if (found && n > 2 && sqlite3_value_type (values[2]) != SQLITE_NULL)
    latest.value = sqlite3_value_double (values[2]);

  if ((!found && !newest_of_chunks (self, signal, &latest)) ||
      !newest_of_tail (self, signal, &latest) ||
      !newest_of_texts (self, signal, &latest))
    twin_store_functions_fail (context, self);
  else if (n == 2 && latest.time_us != TWIN_TIME_NONE)
    sqlite3_result_int64 (context, latest.time_us);
  else if (n == 3 && latest.text != NULL)
    sqlite3_result_text (context, latest.text, -1, SQLITE_TRANSIENT);
  else if (n == 3 && !isnan (latest.value))
    sqlite3_result_double (context, latest.value);
  if (latest.text != NULL)
    leave_latest (self);
}

/* --- stale
 * -----------------------------------------------------------------------------
 */

/* Whether @node said that it is offline. */
static gboolean
is_silent (TwinStoreFunctions *self, const char *node)
{
  if (node == NULL)
    return FALSE;

  if (self->silent == NULL)
    {
      sqlite3_stmt *select = twin_store_db_prepare (
          self->sql, "SELECT name FROM node WHERE status = 'offline'", NULL);

      self->silent =
          g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      while (select != NULL && sqlite3_step (select) == SQLITE_ROW)
        g_hash_table_add (self->silent,
                          g_strdup (
                              (const char *) sqlite3_column_text (select, 0)));
      if (select != NULL)
        sqlite3_reset (select);
    }
  return g_hash_table_contains (self->silent, node);
}

static void
signal_stale (sqlite3_context *context, int n, sqlite3_value **values)
{
  TwinStoreFunctions  *self = sqlite3_user_data (context);
  TwinStoreFoundSignal row;
  Latest               latest;

  if (!twin_store_functions_find_signal (context, values, &row))
    return;

  if (!read_latest (self, row.id, &latest))
    twin_store_functions_fail (context, self);
  else
    {
      const TwinSignal signal = {
        .source_us = latest.time_us,
        .arrival_us = latest.time_us,
        .max_silence_s =
            row.max_silence_s > 0 ? row.max_silence_s : TWIN_MAX_SILENCE_S,
      };
      const gboolean online =
          twin_store_functions_as_of (self) || !is_silent (self, row.node);

      sqlite3_result_int (context,
                          twin_signal_is_stale (&signal, self->moment.now_us,
                                                online, TRUE));
    }
  leave_latest (self);
}

gboolean
twin_store_signal_functions_add (TwinStoreFunctions *self)
{
  static const struct
  {
    const char *name;
    int         n;
    void (*run) (sqlite3_context *, int, sqlite3_value **);
  } functions[] = {
    { "signal_value", 2, signal_value },
    { "signal_time", 2, signal_time },
    { "signal_stale", 2, signal_stale },
    { "signal_newest", 3, signal_newest },
    { "signal_newest", 2, signal_newest },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      if (sqlite3_create_function_v2 (self->sql->db, functions[i].name,
                                      functions[i].n, SQLITE_UTF8, self,
                                      functions[i].run, NULL, NULL,
                                      NULL) != SQLITE_OK)
        return FALSE;
    }
  return TRUE;
}
