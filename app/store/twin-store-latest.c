/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "twin-store-samples.h"
#include "twin-store-history.h"
#include "twin-store-reader-private.h"

static void
free_signal (void *data)
{
  TwinStoreSignal *signal = data;

  g_free ((char *) signal->twin);
  g_free ((char *) signal->path);
  g_free ((char *) signal->unit);
  g_free ((char *) signal->node);
  g_free (signal);
}

GPtrArray *
twin_store_reader_list_signals (TwinStoreReader *self,
                                const char      *twin,
                                GError         **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (free_signal);
  GError       *failure = NULL;
  sqlite3_stmt *select = twin_store_db_prepare (
      &self->sql,
      twin != NULL ? "SELECT id, twin, path, unit, node, flags FROM signal"
                     " WHERE twin = ? ORDER BY path"
                   : "SELECT id, twin, path, unit, node, flags FROM signal"
                     " ORDER BY twin, path",
      error);

  if (select == NULL)
    return NULL;

  if (twin != NULL)
    twin_store_db_bind (select, "s", twin);
  while (twin_store_db_step (&self->sql, select, &failure))
    {
      TwinStoreSignal *row = g_new0 (TwinStoreSignal, 1);

      row->id = sqlite3_column_int64 (select, 0);
      row->twin = g_strdup ((const char *) sqlite3_column_text (select, 1));
      row->path = g_strdup ((const char *) sqlite3_column_text (select, 2));
      row->unit = g_strdup ((const char *) sqlite3_column_text (select, 3));
      row->node = g_strdup ((const char *) sqlite3_column_text (select, 4));
      row->flags = sqlite3_column_int64 (select, 5);
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

typedef struct
{
  TwinStoreReader *reader;
  GHashTable      *tail; /* signal -> newest TwinStoreSample of the tail */
} TwinLatestRead;

static void
keep_newest (TwinLatestRead *self, const GArray *samples)
{
  for (guint i = 0; i < samples->len; i++)
    {
      const TwinStoreSample *sample =
          &g_array_index (samples, TwinStoreSample, i);
      TwinStoreSample *newest =
          g_hash_table_lookup (self->tail, GUINT_TO_POINTER (sample->signal));

      if (newest == NULL)
        g_hash_table_insert (self->tail, GUINT_TO_POINTER (sample->signal),
                             g_memdup2 (sample, sizeof *sample));
      else if (sample->time_us >= newest->time_us)
        *newest = *sample;
    }
}

static gboolean
damaged (TwinStoreReader *self, GError **error)
{
  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CORRUPT,
               "Could not read samples in %s: they are damaged; restore the "
               "file from a backup",
               self->sql.path);
  return FALSE;
}

static gboolean
read_tails (TwinLatestRead *self, GError **error)
{
  TwinStoreDb *sql = &self->reader->sql;
  GError      *failure = NULL;
  gboolean     ok = TRUE;
  g_autoptr (GArray) samples =
      g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));
  sqlite3_stmt *select =
      twin_store_db_prepare (sql, "SELECT data FROM sample_tail", error);

  if (select == NULL)
    return FALSE;

  while (ok && twin_store_db_step (sql, select, &failure))
    {
      g_array_set_size (samples, 0);
      ok = twin_store_chunk_parse_raw (sqlite3_column_blob (select, 0),
                                       sqlite3_column_bytes (select, 0), 0,
                                       samples);
      keep_newest (self, samples);
    }
  sqlite3_reset (select);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  return ok || damaged (self->reader, error);
}

/* The newest sample in chunks, FALSE only on errors; n = 0 in @samples: none */
static gboolean
read_newest_chunk (TwinLatestRead *self,
                   uint32_t        signal,
                   GArray         *samples,
                   GError        **error)
{
  TwinStoreDb  *sql = &self->reader->sql;
  GError       *failure = NULL;
  gboolean      ok = TRUE;
  sqlite3_stmt *select = twin_store_db_prepare (
      sql,
      "SELECT data FROM sample_chunk WHERE signal = ?1 AND t0 >="
      " (SELECT max (t0) FROM sample_chunk WHERE signal = ?1) - ?2"
      " ORDER BY t1 DESC LIMIT 1",
      error);

  if (select == NULL)
    return FALSE;

  twin_store_db_bind (select, "ii", (int64_t) signal,
                      TWIN_SAMPLES_CHUNK_SPAN_US);
  g_array_set_size (samples, 0);
  if (twin_store_db_step (sql, select, &failure))
    {
      ok = twin_store_chunk_decode (sqlite3_column_blob (select, 0),
                                    sqlite3_column_bytes (select, 0), signal,
                                    samples);
      sqlite3_reset (select);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  return ok || damaged (self->reader, error);
}

/* Owned text of the newest text sample, when it is newer than *@time_us. */
static char *
read_newest_text (TwinLatestRead *self,
                  uint32_t        signal,
                  int64_t        *time_us,
                  GError        **error)
{
  TwinStoreDb  *sql = &self->reader->sql;
  char         *text = NULL;
  sqlite3_stmt *select =
      twin_store_db_prepare (sql,
                             "SELECT time_us, text FROM text_sample WHERE "
                             "signal = "
                             "?1"
                             " ORDER BY time_us DESC, id DESC LIMIT 1",
                             error);

  if (select == NULL)
    return NULL;

  twin_store_db_bind (select, "i", (int64_t) signal);
  if (twin_store_db_step (sql, select, error))
    {
      if (sqlite3_column_int64 (select, 0) > *time_us)
        {
          *time_us = sqlite3_column_int64 (select, 0);
          text = g_strdup ((const char *) sqlite3_column_text (select, 1));
        }
      sqlite3_reset (select);
    }
  return text;
}

static gboolean
tell_latest (TwinLatestRead        *self,
             const TwinStoreSignal *signal,
             GArray                *samples,
             TwinStoreLatestFunc    func,
             void                  *data,
             GError               **error)
{
  const TwinStoreSample *newest =
      g_hash_table_lookup (self->tail, GUINT_TO_POINTER (signal->id));
  TwinStoreLatest  latest = { *signal, TWIN_TIME_NONE, NAN, 0, NULL };
  g_autofree char *text = NULL;
  GError          *failure = NULL;

  if (!read_newest_chunk (self, signal->id, samples, error))
    return FALSE;
  if (samples->len > 0)
    {
      const TwinStoreSample *sealed =
          &g_array_index (samples, TwinStoreSample, samples->len - 1);

      if (newest == NULL || sealed->time_us > newest->time_us)
        newest = sealed;
    }
  if (newest != NULL)
    {
      latest.time_us = newest->time_us;
      latest.value = newest->value;
      latest.flags = newest->flags;
    }

  text = read_newest_text (self, signal->id, &latest.time_us, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (text != NULL)
    {
      latest.value = NAN;
      latest.flags = 0;
      latest.text = text;
    }
  func (&latest, data);
  return TRUE;
}

gboolean
twin_store_reader_foreach_latest (TwinStoreReader    *self,
                                  TwinStoreLatestFunc func,
                                  void               *data,
                                  GError            **error)
{
  const gboolean own = sqlite3_get_autocommit (self->sql.db) != 0;
  g_autoptr (GPtrArray) signals = NULL;
  g_autoptr (GArray) samples =
      g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));
  TwinLatestRead read = { .reader = self };
  gboolean       ok;

  if (own && !twin_store_reader_begin (self, error))
    return FALSE;

  read.tail = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  signals = twin_store_reader_list_signals (self, NULL, error);
  ok = signals != NULL && read_tails (&read, error);
  for (guint i = 0; ok && i < signals->len; i++)
    ok = tell_latest (&read, g_ptr_array_index (signals, i), samples, func,
                      data, error);

  g_hash_table_unref (read.tail);
  if (own)
    twin_store_reader_end (self);
  return ok;
}

static void
clear_text (void *data)
{
  g_free (((TwinStoreText *) data)->text);
}

GArray *
twin_store_reader_get_texts (TwinStoreReader             *self,
                             const TwinStoreHistoryQuery *query,
                             GError                     **error)
{
  g_autoptr (GArray) texts = g_array_new (FALSE, FALSE, sizeof (TwinStoreText));
  GError       *failure = NULL;
  sqlite3_stmt *select = twin_store_db_prepare (
      &self->sql,
      "SELECT time_us, text FROM text_sample WHERE signal = (SELECT id FROM"
      " signal WHERE twin = ?1 AND path = ?2) AND time_us >= ?3"
      " AND time_us < ?4 ORDER BY time_us, id LIMIT ?5",
      error);

  if (select == NULL)
    return NULL;

  g_array_set_clear_func (texts, clear_text);
  twin_store_db_bind (select, "ssiii", query->twin, query->path, query->from_us,
                      query->to_us,
                      query->limit > 0 ? (int64_t) query->limit : -1);
  while (twin_store_db_step (&self->sql, select, &failure))
    {
      TwinStoreText row = {
        sqlite3_column_int64 (select, 0),
        g_strdup ((const char *) sqlite3_column_text (select, 1)),
      };

      g_array_append_val (texts, row);
    }
  sqlite3_clear_bindings (select);

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  return g_steal_pointer (&texts);
}
