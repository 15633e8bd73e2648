/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-seal.h"

#include <math.h>
#include <string.h>

#include "twin-store-samples.h"

enum
{
  CHUNK_SAMPLES = 512, /* joined up to here: cheap to rewrite, dense enough */
};

typedef struct
{
  TwinStoreDb         *sql;
  uint32_t             signal;
  TwinStoreSealNewest *newest;
} TwinSealer;

static gboolean
corrupt (TwinStoreDb *sql, GError **error)
{
  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CORRUPT,
               "Could not read samples in %s: they are damaged; restore the "
               "file from a backup",
               sql->path);
  return FALSE;
}

static gboolean
read_tail (TwinStoreDb *sql, guint shard, GArray *samples, GError **error)
{
  GError       *failure = NULL;
  sqlite3_stmt *select = twin_store_db_prepare (
      sql, "SELECT data FROM sample_tail WHERE shard = ? ORDER BY id", error);

  if (select == NULL)
    return FALSE;

  twin_store_db_bind (select, "i", (int64_t) shard);
  while (twin_store_db_step (sql, select, &failure))
    if (!twin_store_chunk_parse_raw (sqlite3_column_blob (select, 0),
                                     sqlite3_column_bytes (select, 0), 0,
                                     samples))
      {
        sqlite3_reset (select);
        return corrupt (sql, error);
      }

  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static int
compare (const void *a, const void *b, void *data)
{
  const TwinStoreSample *x = a;
  const TwinStoreSample *y = b;

  if (x->signal != y->signal)
    return x->signal < y->signal ? -1 : 1;
  return x->time_us < y->time_us ? -1 : x->time_us > y->time_us;
}

/* Counting sort by signal, stable; within a signal samples nearly always are
 * in order already. */
static GArray *
sort_by_signal (GArray *samples)
{
  enum
  {
    N = 1 << TWIN_SAMPLES_SHARD_BITS
  };
  g_autofree guint *begin = g_new0 (guint, N + 1);
  GArray *sorted = g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));
  guint   first = 0;

  g_array_set_size (sorted, samples->len);
  for (guint i = 0; i < samples->len; i++)
    begin[g_array_index (samples, TwinStoreSample, i).signal % N + 1]++;
  for (guint i = 0; i < N; i++)
    begin[i + 1] += begin[i];
  for (guint i = 0; i < samples->len; i++)
    {
      const TwinStoreSample *sample =
          &g_array_index (samples, TwinStoreSample, i);

      g_array_index (sorted, TwinStoreSample, begin[sample->signal % N]++) =
          *sample;
    }

  for (guint i = 1; i <= sorted->len; i++)
    if (i == sorted->len ||
        g_array_index (sorted, TwinStoreSample, i).signal !=
            g_array_index (sorted, TwinStoreSample, first).signal)
      {
        TwinStoreSample *run = &g_array_index (sorted, TwinStoreSample, first);
        gboolean         in_order = TRUE;

        for (guint k = 1; k < i - first && in_order; k++)
          in_order = run[k - 1].time_us <= run[k].time_us;
        if (!in_order)
          g_qsort_with_data (run, i - first, sizeof *run, compare, NULL);
        first = i;
      }
  return sorted;
}

/* --- roll-ups ---------------------------------------------------------------
 */

typedef struct
{
  int64_t t;
  double  min, max, sum;
  int64_t n;
} TwinRollup;

static gboolean
flush_rollup (TwinSealer *self,
              TwinRollup *rollup,
              const char *sql,
              GError    **error)
{
  gboolean done;

  if (rollup->n == 0)
    return TRUE;
  done = twin_store_db_run (self->sql, error, sql, "iidddi",
                            (int64_t) self->signal, rollup->t, rollup->min,
                            rollup->max, rollup->sum, rollup->n);
  rollup->n = 0;
  return done;
}

static gboolean
roll_up (TwinSealer            *self,
         const TwinStoreSample *samples,
         size_t                 n,
         int64_t                unit_us,
         const char            *sql,
         GError               **error)
{
  TwinRollup rollup = { 0 };

  for (size_t i = 0; i < n; i++)
    {
      const double  value = samples[i].value;
      const int64_t t = twin_store_samples_floor (samples[i].time_us, unit_us);

      if (isnan (value))
        continue;
      if (t != rollup.t && !flush_rollup (self, &rollup, sql, error))
        return FALSE;
      if (rollup.n == 0)
        rollup = (TwinRollup){ t, value, value, 0, 0 };
      rollup.min = MIN (rollup.min, value);
      rollup.max = MAX (rollup.max, value);
      rollup.sum += value;
      rollup.n++;
    }
  return flush_rollup (self, &rollup, sql, error);
}

#define ROLL_UP_INTO(table)                                                    \
  "INSERT INTO " table " (signal, t, min, max, sum, n)"                        \
  " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (signal, t) DO UPDATE SET"           \
  " min = min (min, excluded.min), max = max (max, excluded.max),"             \
  " sum = sum + excluded.sum, n = n + excluded.n"

/* --- chunks ------------------------------------------------------------------
 */

static gboolean
find_newest (TwinSealer *self, GError **error)
{
  TwinStoreSealNewest *newest = self->newest;
  GError              *failure = NULL;
  sqlite3_stmt        *select;

  if (newest->known)
    return TRUE;

  select = twin_store_db_prepare (
      self->sql,
      "SELECT id, t0, t1, n FROM sample_chunk WHERE signal = ?1 AND t0 >="
      " (SELECT max (t0) FROM sample_chunk WHERE signal = ?1) - ?2"
      " ORDER BY t1 DESC LIMIT 1",
      error);
  if (select == NULL)
    return FALSE;

  *newest = (TwinStoreSealNewest){ 0 };
  twin_store_db_bind (select, "ii", (int64_t) self->signal,
                      TWIN_SAMPLES_CHUNK_SPAN_US);
  if (twin_store_db_step (self->sql, select, &failure))
    {
      newest->id = sqlite3_column_int64 (select, 0);
      newest->t0 = sqlite3_column_int64 (select, 1);
      newest->t1 = sqlite3_column_int64 (select, 2);
      newest->n = sqlite3_column_int64 (select, 3);
      sqlite3_reset (select);
    }

  newest->known = failure == NULL;
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* How many of @samples go into a chunk that begins at @t0 and has @n. */
static size_t
room_for (int64_t                t0,
          size_t                 n,
          const TwinStoreSample *samples,
          size_t                 n_samples)
{
  size_t fit = 0;

  while (fit < n_samples && n + fit < CHUNK_SAMPLES &&
         samples[fit].time_us - t0 < TWIN_SAMPLES_CHUNK_SPAN_US)
    fit++;
  return fit;
}

static gboolean
run_chunk (TwinSealer   *self,
           sqlite3_stmt *statement,
           GByteArray   *bytes,
           GError      **error)
{
  gboolean done;

  sqlite3_bind_blob64 (statement, 5, bytes->data, bytes->len, SQLITE_STATIC);
  done = sqlite3_step (statement) == SQLITE_DONE;
  if (!done)
    twin_store_db_fail (self->sql, error, TWIN_STORE_ERROR_WRITE,
                        "Could not save samples");
  sqlite3_reset (statement);
  return done;
}

static gboolean
insert_chunk (TwinSealer            *self,
              const TwinStoreSample *samples,
              size_t                 n,
              GError               **error)
{
  g_autoptr (GByteArray) bytes = twin_store_chunk_encode (samples, n);
  const int64_t t0 = samples[0].time_us;
  const int64_t t1 = samples[n - 1].time_us;
  sqlite3_stmt *insert;

  insert = twin_store_db_prepare (self->sql,
                                  "INSERT INTO sample_chunk (signal, t0, t1, n,"
                                  " data) VALUES (?, ?, ?, ?, ?)",
                                  error);
  if (insert == NULL)
    return FALSE;
  twin_store_db_bind (insert, "iiii", (int64_t) self->signal, t0, t1,
                      (int64_t) n);
  if (!run_chunk (self, insert, bytes, error))
    return FALSE;

  if (self->newest->n == 0 || t1 >= self->newest->t1)
    *self->newest =
        (TwinStoreSealNewest){ TRUE, sqlite3_last_insert_rowid (self->sql->db),
                               t0, t1, (int64_t) n };
  return TRUE;
}

static gboolean
insert_chunks (TwinSealer            *self,
               const TwinStoreSample *samples,
               size_t                 n,
               GError               **error)
{
  while (n > 0)
    {
      const size_t fit = room_for (samples[0].time_us, 0, samples, n);

      if (!insert_chunk (self, samples, fit, error))
        return FALSE;
      samples += fit;
      n -= fit;
    }
  return TRUE;
}

static gboolean
load_newest (TwinSealer *self, GArray *samples, GError **error)
{
  GError       *failure = NULL;
  gboolean      ok = FALSE;
  sqlite3_stmt *select = twin_store_db_prepare (self->sql,
                                                "SELECT data FROM sample_chunk "
                                                "WHERE id = ?",
                                                error);

  if (select == NULL)
    return FALSE;

  twin_store_db_bind (select, "i", self->newest->id);
  if (twin_store_db_step (self->sql, select, &failure))
    {
      ok = twin_store_chunk_decode (sqlite3_column_blob (select, 0),
                                    sqlite3_column_bytes (select, 0),
                                    self->signal, samples);
      sqlite3_reset (select);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  else if (!ok)
    corrupt (self->sql, error);
  return ok;
}

/* Joins what fits to the newest chunk; *@taken says how much that was. */
static gboolean
extend_newest (TwinSealer            *self,
               const TwinStoreSample *samples,
               size_t                 n,
               size_t                *taken,
               GError               **error)
{
  TwinStoreSealNewest *newest = self->newest;
  g_autoptr (GArray) all = NULL;
  g_autoptr (GByteArray) bytes = NULL;
  sqlite3_stmt *update;

  *taken = newest->n > 0 ? room_for (newest->t0, newest->n, samples, n) : 0;
  if (*taken == 0)
    return TRUE;

  all = g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));
  if (!load_newest (self, all, error))
    return FALSE;
  g_array_append_vals (all, samples, *taken);
  bytes =
      twin_store_chunk_encode ((const TwinStoreSample *) all->data, all->len);

  update = twin_store_db_prepare (self->sql,
                                  "UPDATE sample_chunk SET t1 = ?1, n = ?2,"
                                  " data = ?5 WHERE id = ?3",
                                  error);
  if (update == NULL)
    return FALSE;
  newest->n = all->len;
  newest->t1 = samples[*taken - 1].time_us;
  twin_store_db_bind (update, "iii", newest->t1, newest->n, newest->id);
  return run_chunk (self, update, bytes, error);
}

/* The newest of all that is sealed, for who asks for the latest value. */
static gboolean
note_latest (TwinSealer *self, const TwinStoreSample *last, GError **error)
{
  return twin_store_db_run (self->sql, error,
                            "INSERT INTO signal_latest (signal, time_us, value,"
                            " flags) VALUES (?, ?, ?, ?) ON CONFLICT (signal)"
                            " DO UPDATE SET time_us = excluded.time_us, value"
                            " = excluded.value, flags = excluded.flags"
                            " WHERE excluded.time_us >= time_us",
                            "iidi", (int64_t) self->signal, last->time_us,
                            last->value, (int64_t) last->flags);
}

static gboolean
seal_signal (TwinSealer            *self,
             const TwinStoreSample *samples,
             size_t                 n,
             GError               **error)
{
  size_t late = 0, taken;

  if (!roll_up (self, samples, n, TWIN_SAMPLES_MINUTE_US,
                ROLL_UP_INTO ("rollup_minute"), error) ||
      !roll_up (self, samples, n, TWIN_SAMPLES_HOUR_US,
                ROLL_UP_INTO ("rollup_hour"), error) ||
      !find_newest (self, error))
    return FALSE;

  if (self->newest->n > 0)
    while (late < n && samples[late].time_us < self->newest->t1)
      late++;
  /* A row must not speak of less than the chunks do. */
  if (late < n && !note_latest (self, &samples[n - 1], error))
    return FALSE;

  return insert_chunks (self, samples, late, error) &&
         extend_newest (self, samples + late, n - late, &taken, error) &&
         insert_chunks (self, samples + late + taken, n - late - taken, error);
}

gboolean
twin_store_seal_shard (TwinStoreDb *sql,
                       guint        shard,
                       GArray      *newest,
                       GError     **error)
{
  g_autoptr (GArray) samples =
      g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));
  g_autoptr (GArray) sorted = NULL;
  guint first = 0;

  if (!read_tail (sql, shard, samples, error))
    return FALSE;
  sorted = sort_by_signal (samples);

  for (guint i = 1; i <= sorted->len; i++)
    {
      const TwinStoreSample *run =
          &g_array_index (sorted, TwinStoreSample, first);
      TwinSealer sealer = { sql, run->signal, NULL };

      if (i < sorted->len &&
          g_array_index (sorted, TwinStoreSample, i).signal == run->signal)
        continue;
      /* Signals of a damaged tail could be anything. */
      if (run->signal >> TWIN_SAMPLES_SHARD_BITS != shard)
        return corrupt (sql, error);
      if (run->signal >= newest->len)
        g_array_set_size (newest, run->signal + 1);
      sealer.newest = &g_array_index (newest, TwinStoreSealNewest, run->signal);
      if (!seal_signal (&sealer, run, i - first, error))
        return FALSE;
      first = i;
    }

  return twin_store_db_run (sql, error,
                            "DELETE FROM sample_tail WHERE shard = ?", "i",
                            (int64_t) shard);
}
