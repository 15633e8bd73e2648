/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-batch.h"

#include <math.h>
#include <string.h>

#include "twin-store-samples.h"
#include "twin-store-batch-private.h"
#include "twin-store-stream.h"

typedef struct
{
  char    *twin, *path, *unit, *node;
  uint32_t id, flags;
  double   max_silence_s;
  gboolean dirty; /* the row in the file is absent or other */
} TwinKnownSignal;

struct _TwinStoreBatch
{
  TwinStore        *store;
  TwinStoreStreams  streams;
  TwinStoreSamples *samples;
  GHashTable       *signals; /* set of TwinKnownSignal by twin and path */
  GPtrArray        *dirty;   /* borrowed TwinSignals */
  uint32_t          next_signal;
  size_t            length;
  GError           *failure; /* first one since begin; told at commit */
};

/* --- signals ----------------------------------------------------------------
 */

static guint
signal_hash (const void *data)
{
  const TwinKnownSignal *signal = data;

  return g_str_hash (signal->twin) * 31 + g_str_hash (signal->path);
}

static gboolean
signal_equal (const void *a, const void *b)
{
  const TwinKnownSignal *x = a;
  const TwinKnownSignal *y = b;

  return strcmp (x->path, y->path) == 0 && strcmp (x->twin, y->twin) == 0;
}

static void
signal_free (void *data)
{
  TwinKnownSignal *signal = data;

  g_free (signal->twin);
  g_free (signal->path);
  g_free (signal->unit);
  g_free (signal->node);
  g_free (signal);
}

static TwinKnownSignal *
add_signal (TwinStoreBatch *self,
            uint32_t        id,
            const char     *twin,
            const char     *path)
{
  TwinKnownSignal *signal = g_new0 (TwinKnownSignal, 1);

  signal->id = id;
  signal->twin = g_strdup (twin);
  signal->path = g_strdup (path);
  g_hash_table_add (self->signals, signal);
  self->next_signal = MAX (self->next_signal, id + 1);
  return signal;
}

static gboolean
load_signals (TwinStoreBatch *self, GError **error)
{
  TwinStoreDb  *sql = &self->store->sql;
  GError       *failure = NULL;
  sqlite3_stmt *select =
      twin_store_db_prepare (sql,
                             "SELECT id, twin, path, unit, node, flags, "
                             "max_silence_s FROM signal",
                             error);

  if (select == NULL)
    return FALSE;

  while (twin_store_db_step (sql, select, &failure))
    {
      TwinKnownSignal *signal =
          add_signal (self, sqlite3_column_int64 (select, 0),
                      (const char *) sqlite3_column_text (select, 1),
                      (const char *) sqlite3_column_text (select, 2));

      signal->unit = g_strdup ((const char *) sqlite3_column_text (select, 3));
      signal->node = g_strdup ((const char *) sqlite3_column_text (select, 4));
      signal->flags = sqlite3_column_int64 (select, 5);
      signal->max_silence_s = sqlite3_column_double (select, 6);
    }

  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
replace_text (char **kept, const char *text)
{
  if (g_strcmp0 (*kept, text) == 0)
    return FALSE;
  g_free (*kept);
  *kept = g_strdup (text);
  return TRUE;
}

uint32_t
twin_store_batch_signal (TwinStoreBatch *self, const TwinStoreSignal *row)
{
  TwinKnownSignal  key = { .twin = (char *) row->twin,
                           .path = (char *) row->path };
  TwinKnownSignal *signal;
  gboolean         changed = FALSE;

  g_return_val_if_fail (row->twin != NULL && row->path != NULL, 0);

  signal = g_hash_table_lookup (self->signals, &key);
  if (signal == NULL)
    {
      signal = add_signal (self, self->next_signal, row->twin, row->path);
      changed = TRUE;
    }

  changed |= replace_text (&signal->unit, row->unit);
  changed |= replace_text (&signal->node, row->node);
  changed |= signal->flags != row->flags ||
             signal->max_silence_s != row->max_silence_s;
  signal->flags = row->flags;
  signal->max_silence_s = row->max_silence_s;
  if (changed && !signal->dirty)
    {
      signal->dirty = TRUE;
      g_ptr_array_add (self->dirty, signal);
    }
  return signal->id;
}

static gboolean
write_signals (TwinStoreBatch *self, GError **error)
{
  for (guint i = 0; i < self->dirty->len; i++)
    {
      const TwinKnownSignal *signal = g_ptr_array_index (self->dirty, i);

      if (!twin_store_db_run (&self->store->sql, error,
                              "INSERT INTO signal (id, twin, path, unit, node,"
                              " flags, max_silence_s)"
                              " VALUES (?, ?, ?, ?, ?, ?, ?)"
                              " ON CONFLICT (id) DO UPDATE SET"
                              " unit = excluded.unit, node = excluded.node,"
                              " flags = excluded.flags,"
                              " max_silence_s = excluded.max_silence_s",
                              "issssid", (int64_t) signal->id, signal->twin,
                              signal->path, signal->unit, signal->node,
                              (int64_t) signal->flags,
                              signal->max_silence_s > 0 ? signal->max_silence_s
                                                        : NAN))
        return FALSE;
    }
  return TRUE;
}

/* --- life
 * --------------------------------------------------------------------- */

TwinStoreBatch *
twin_store_batch_new (TwinStore *store, GError **error)
{
  TwinStoreBatch *self;

  g_return_val_if_fail (store->mode == TWIN_STORE_ENGINE, NULL);

  self = g_new0 (TwinStoreBatch, 1);
  self->store = store;
  self->next_signal = 1;
  self->signals =
      g_hash_table_new_full (signal_hash, signal_equal, signal_free, NULL);
  self->dirty = g_ptr_array_new ();
  if (!twin_store_streams_init (&self->streams, &store->sql, error) ||
      !load_signals (self, error) ||
      (self->samples = twin_store_samples_new (store, error)) == NULL)
    g_clear_pointer (&self, twin_store_batch_free);
  return self;
}

void
twin_store_batch_free (TwinStoreBatch *self)
{
  if (self == NULL)
    return;

  twin_store_streams_clear (&self->streams);
  twin_store_samples_free (self->samples);
  g_hash_table_unref (self->signals);
  g_ptr_array_unref (self->dirty);
  g_clear_error (&self->failure);
  g_free (self);
}

gboolean
twin_store_batch_begin (TwinStoreBatch *self, GError **error)
{
  self->length = 0;
  return twin_store_begin (self->store, error);
}

/* --- records
 * ------------------------------------------------------------------ */

/* 64 bits that differ when the bytes do, but for once in 2^64: what is told
 * apart is two messages that claim one number, not an adversary's work. */
static int64_t
digest_of (const void *data, size_t size)
{
  const uint8_t *bytes = data;
  uint64_t       hash = size * UINT64_C (0x9e3779b97f4a7c15);

  while (size > 0)
    {
      const size_t take = MIN (size, 8);
      uint64_t     word = 0;

      memcpy (&word, bytes, take);
      hash = (hash ^ GUINT64_FROM_LE (word)) * UINT64_C (0xff51afd7ed558ccd);
      hash ^= hash >> 32;
      bytes += take;
      size -= take;
    }
  hash = (hash ^ hash >> 29) * UINT64_C (0xc4ceb9fe1a85ec53);
  return (int64_t) (hash ^ hash >> 32);
}

static gboolean
keep_conflict (TwinStoreBatch        *self,
               const TwinStoreStream *stream,
               const TwinStoreRecord *record,
               int64_t                digest,
               GError               **error)
{
  g_autoptr (GBytes) bytes =
      g_bytes_new_static (record->bytes, record->n_bytes);

  return twin_store_db_run (&self->store->sql, error,
                            "INSERT INTO conflict (stream, seq, digest, "
                            "channel,"
                            " arrival_us, bytes) VALUES (?, ?, ?, ?, ?, ?)"
                            " ON CONFLICT DO NOTHING",
                            "iiistb", stream->id, (int64_t) record->seq, digest,
                            record->channel, record->arrival_us, bytes);
}

static TwinStoreRecordResult
compare_known (TwinStoreBatch        *self,
               const TwinStoreStream *stream,
               const TwinStoreRecord *record,
               GError               **error)
{
  const int64_t digest = digest_of (record->bytes, record->n_bytes);
  int64_t       known = digest; /* no longer kept: believed */

  if (!twin_store_db_get_int (&self->store->sql, error, &known,
                              "SELECT digest FROM record"
                              " WHERE stream = ? AND seq = ?",
                              "ii", stream->id, (int64_t) record->seq))
    return TWIN_STORE_RECORD_ERROR;
  if (known == digest)
    return TWIN_STORE_RECORD_DUPLICATE;
  return keep_conflict (self, stream, record, digest, error)
             ? TWIN_STORE_RECORD_CONFLICT
             : TWIN_STORE_RECORD_ERROR;
}

/* A record that came after all is no loss: cuts it out of its range. */
static gboolean
revoke_loss (TwinStoreBatch  *self,
             TwinStoreStream *stream,
             int64_t          seq,
             GError         **error)
{
  TwinStoreDb *sql = &self->store->sql;

  for (guint i = 0; i < stream->losses->len; i++)
    {
      TwinStoreRun *loss = &g_array_index (stream->losses, TwinStoreRun, i);
      TwinStoreRun  rest = { seq + 1, loss->last, TWIN_TIME_NONE,
                             TWIN_TIME_NONE };

      if (seq < loss->first || seq > loss->last)
        continue;

      if (!twin_store_db_run (
              sql, error,
              "INSERT INTO known_loss (stream, first, last, cause)"
              " SELECT stream, ?3 + 1, last, cause FROM known_loss"
              " WHERE stream = ?1 AND first = ?2 AND last > ?3",
              "iii", stream->id, loss->first, seq) ||
          !twin_store_db_run (sql, error,
                              seq > loss->first
                                  ? "UPDATE known_loss SET last = ?3 - 1"
                                    " WHERE stream = ?1 AND first = ?2"
                                  : "DELETE FROM known_loss"
                                    " WHERE stream = ?1 AND first = ?2 AND"
                                    " first = ?3",
                              "iii", stream->id, loss->first, seq))
        return FALSE;

      loss->last = seq - 1;
      if (loss->last < loss->first)
        g_array_remove_index (stream->losses, i--);
      if (rest.first <= rest.last)
        g_array_insert_val (stream->losses, i + 1, rest);
      return TRUE;
    }
  return TRUE;
}

TwinStoreRecordResult
twin_store_batch_record (TwinStoreBatch        *self,
                         const TwinStoreRecord *record,
                         GError               **error)
{
  const int64_t    seq = (int64_t) record->seq;
  TwinStoreStream *stream;

  g_return_val_if_fail (record->node != NULL, TWIN_STORE_RECORD_ERROR);
  g_return_val_if_fail (self->store->in_transaction, TWIN_STORE_RECORD_ERROR);

  if (record->seq > G_MAXINT64 - 1)
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE,
                   "Node “%s” numbers a record %" G_GUINT64_FORMAT
                   ", which no node can reach; it was not stored",
                   record->node, record->seq);
      return TWIN_STORE_RECORD_ERROR;
    }

  stream = twin_store_streams_touch (&self->streams, record->node, record->ring,
                                     record->epoch);
  if (twin_store_spans_contain (stream->spans, seq))
    return compare_known (self, stream, record, error);

  if (!twin_store_stream_save (stream, &self->store->sql, error) ||
      !twin_store_db_run (&self->store->sql, error,
                          "INSERT INTO record (stream, seq, digest)"
                          " VALUES (?, ?, ?)",
                          "iii", stream->id, seq,
                          digest_of (record->bytes, record->n_bytes)) ||
      !revoke_loss (self, stream, seq, error))
    return TWIN_STORE_RECORD_ERROR;

  twin_store_spans_add (stream->spans, seq, record->source_us);
  self->length++;
  return TWIN_STORE_RECORD_NEW;
}

static gboolean
add_loss (TwinStoreBatch     *self,
          TwinStoreStream    *stream,
          const TwinStoreRun *hole,
          const char         *cause,
          GError            **error)
{
  guint at = 0;

  if (!twin_store_db_run (&self->store->sql, error,
                          "INSERT INTO known_loss (stream, first, last, cause)"
                          " VALUES (?, ?, ?, ?)",
                          "iiis", stream->id, hole->first, hole->last, cause))
    return FALSE;

  while (at < stream->losses->len &&
         g_array_index (stream->losses, TwinStoreRun, at).first < hole->first)
    at++;
  g_array_insert_val (stream->losses, at, *hole);
  return TRUE;
}

gboolean
twin_store_batch_loss (TwinStoreBatch       *self,
                       const TwinStoreRange *range,
                       GError              **error)
{
  g_autoptr (GArray) holes = g_array_new (FALSE, FALSE, sizeof (TwinStoreRun));
  g_autoptr (GArray) fresh = g_array_new (FALSE, FALSE, sizeof (TwinStoreRun));
  TwinStoreStream *stream;

  g_return_val_if_fail (range->node != NULL && range->cause != NULL, FALSE);
  g_return_val_if_fail (self->store->in_transaction, FALSE);

  if (range->first < 0 || range->last < range->first ||
      range->last == G_MAXINT64)
    return TRUE;

  stream = twin_store_streams_touch (&self->streams, range->node, range->ring,
                                     range->epoch);
  twin_store_spans_missing (stream->spans, range->first, range->last, holes);
  for (guint i = 0; i < holes->len; i++)
    {
      const TwinStoreRun *hole = &g_array_index (holes, TwinStoreRun, i);

      twin_store_spans_missing (stream->losses, hole->first, hole->last, fresh);
    }

  if (fresh->len > 0 &&
      !twin_store_stream_save (stream, &self->store->sql, error))
    return FALSE;
  for (guint i = 0; i < fresh->len; i++)
    if (!add_loss (self, stream, &g_array_index (fresh, TwinStoreRun, i),
                   range->cause, error))
      return FALSE;
  return TRUE;
}

/* --- samples
 * ------------------------------------------------------------------ */

void
twin_store_batch_sample (TwinStoreBatch *self,
                         uint32_t        signal,
                         int64_t         time_us,
                         double          value,
                         unsigned        flags)
{
  const TwinStoreSample sample = { time_us, value, signal, flags & 0xff };

  g_return_if_fail (self->store->in_transaction);
  g_return_if_fail (signal != 0 && signal < self->next_signal);
  g_return_if_fail (time_us != TWIN_TIME_NONE);

  twin_store_samples_add (self->samples, &sample);
  self->length++;
}

void
twin_store_batch_text (TwinStoreBatch *self,
                       uint32_t        signal,
                       int64_t         time_us,
                       const char     *text)
{
  g_return_if_fail (self->store->in_transaction);
  g_return_if_fail (signal != 0 && signal < self->next_signal);

  self->length++;
  if (self->failure == NULL)
    twin_store_db_run (&self->store->sql, &self->failure,
                       "INSERT INTO text_sample (signal, time_us, text)"
                       " VALUES (?, ?, ?)",
                       "iis", (int64_t) signal, time_us, text);
}

size_t
twin_store_batch_length (TwinStoreBatch *self)
{
  return self->length;
}

/* --- end
 * ------------------------------------------------------------------------ */

static void
settle (TwinStoreBatch *self, gboolean committed)
{
  twin_store_streams_settle (&self->streams, committed);
  twin_store_samples_settle (self->samples, committed);
  if (committed)
    {
      for (guint i = 0; i < self->dirty->len; i++)
        ((TwinKnownSignal *) g_ptr_array_index (self->dirty, i))->dirty = FALSE;
      g_ptr_array_set_size (self->dirty, 0);
    }
  g_clear_error (&self->failure);
  self->length = 0;
}

gboolean
twin_store_batch_commit (TwinStoreBatch *self, GError **error)
{
  TwinStoreDb *sql = &self->store->sql;
  GError      *unsealed = NULL;

  g_return_val_if_fail (self->store->in_transaction, FALSE);

  if (self->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->failure));
      twin_store_batch_rollback (self);
      return FALSE;
    }

  if (!write_signals (self, error) ||
      !twin_store_streams_write (&self->streams, sql, error) ||
      !twin_store_samples_write (self->samples, error) ||
      !twin_store_commit (self->store, error))
    {
      twin_store_batch_rollback (self);
      return FALSE;
    }
  settle (self, TRUE);

  /* What was just committed is safe; sealing is tried again later. */
  if (!twin_store_samples_seal (self->samples, FALSE, &unsealed))
    {
      g_warning ("History is not compacted for now: %s", unsealed->message);
      g_error_free (unsealed);
    }
  return TRUE;
}

void
twin_store_batch_rollback (TwinStoreBatch *self)
{
  twin_store_rollback (self->store);
  settle (self, FALSE);
}

gboolean
twin_store_batch_seal (TwinStoreBatch *self, GError **error)
{
  return twin_store_samples_seal (self->samples, TRUE, error);
}
