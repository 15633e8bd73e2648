/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-samples.h"

#include "twin-store-seal.h"

typedef struct
{
  GByteArray *pending;  /* added since the last commit */
  size_t      length;   /* samples in the file's tail */
  size_t      writing;  /* samples of the transaction under way */
  int64_t     since_us; /* monotonic: when the tail became non-empty */
  gboolean    broken;   /* could not be sealed: said once, not tried again */
} TwinShard;

struct _TwinSamples
{
  TwinStore *store;
  GPtrArray *shards; /* TwinShard or NULL, by number */
  int64_t    next_id;
  GArray    *newest; /* TwinStoreSealNewest by signal */
};

static void
shard_free (void *data)
{
  TwinShard *shard = data;

  if (shard == NULL)
    return;
  g_byte_array_unref (shard->pending);
  g_free (shard);
}

static TwinShard *
get_shard (TwinStoreSamples *self, guint number)
{
  TwinShard *shard;

  if (number >= self->shards->len)
    g_ptr_array_set_size (self->shards, number + 1);

  shard = g_ptr_array_index (self->shards, number);
  if (shard == NULL)
    {
      shard = g_new0 (TwinShard, 1);
      shard->pending = g_byte_array_new ();
      g_ptr_array_index (self->shards, number) = shard;
    }
  return shard;
}

static gboolean
load_tails (TwinStoreSamples *self, GError **error)
{
  TwinStoreDb  *sql = &self->store->sql;
  GError       *failure = NULL;
  sqlite3_stmt *select;

  select = twin_store_db_prepare (sql,
                                  "SELECT shard, max (id), sum (length (data))"
                                  " FROM sample_tail GROUP BY shard",
                                  error);
  if (select == NULL)
    return FALSE;

  while (twin_store_db_step (sql, select, &failure))
    {
      const int64_t number = sqlite3_column_int64 (select, 0);
      TwinShard    *shard;

      if (number < 0 || number > G_MAXUINT32 >> TWIN_SAMPLES_SHARD_BITS)
        continue;
      shard = get_shard (self, number);
      shard->length = sqlite3_column_int64 (select, 2) / TWIN_CHUNK_RAW_SIZE;
      shard->since_us = twin_clock_monotonic_us ();
      self->next_id = MAX (self->next_id, sqlite3_column_int64 (select, 1) + 1);
    }

  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

TwinStoreSamples *
twin_store_samples_new (TwinStore *store, GError **error)
{
  TwinStoreSamples *self = g_new0 (TwinStoreSamples, 1);

  self->store = store;
  self->next_id = 1;
  self->shards = g_ptr_array_new_with_free_func (shard_free);
  self->newest = g_array_new (FALSE, TRUE, sizeof (TwinStoreSealNewest));
  if (!load_tails (self, error))
    g_clear_pointer (&self, twin_store_samples_free);
  return self;
}

void
twin_store_samples_free (TwinStoreSamples *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->shards);
  g_array_unref (self->newest);
  g_free (self);
}

void
twin_store_samples_add (TwinStoreSamples *self, const TwinStoreSample *sample)
{
  TwinShard *shard =
      get_shard (self, sample->signal >> TWIN_SAMPLES_SHARD_BITS);

  twin_store_chunk_append_raw (shard->pending, sample);
}

gboolean
twin_store_samples_write (TwinStoreSamples *self, GError **error)
{
  TwinStoreDb *sql = &self->store->sql;

  for (guint i = 0; i < self->shards->len; i++)
    {
      TwinShard    *shard = g_ptr_array_index (self->shards, i);
      sqlite3_stmt *insert;

      if (shard == NULL || shard->pending->len == 0)
        continue;

      insert =
          twin_store_db_prepare (sql,
                                 "INSERT INTO sample_tail (shard, id, data) "
                                 "VALUES (?, ?, ?)",
                                 error);
      if (insert == NULL)
        return FALSE;
      twin_store_db_bind (insert, "ii", (int64_t) i, self->next_id);
      sqlite3_bind_blob64 (insert, 3, shard->pending->data, shard->pending->len,
                           SQLITE_STATIC);
      if (sqlite3_step (insert) != SQLITE_DONE)
        {
          twin_store_db_fail (sql, error, TWIN_STORE_ERROR_WRITE,
                              "Could not save samples");
          sqlite3_reset (insert);
          return FALSE;
        }
      sqlite3_reset (insert);
      shard->writing = shard->pending->len / TWIN_CHUNK_RAW_SIZE;
    }

  self->next_id++;
  return TRUE;
}

void
twin_store_samples_settle (TwinStoreSamples *self, gboolean committed)
{
  const int64_t now_us = twin_clock_monotonic_us ();

  for (guint i = 0; i < self->shards->len; i++)
    {
      TwinShard *shard = g_ptr_array_index (self->shards, i);

      if (shard == NULL)
        continue;
      if (committed && shard->writing > 0)
        {
          if (shard->length == 0)
            shard->since_us = now_us;
          shard->length += shard->writing;
        }
      shard->writing = 0;
      g_byte_array_set_size (shard->pending, 0);
    }
}

static gboolean
is_due (const TwinShard *shard, gboolean all, int64_t now_us)
{
  if (shard == NULL || shard->length == 0 || shard->broken)
    return FALSE;
  return all || shard->length >= TWIN_SAMPLES_SEAL_LENGTH ||
         now_us - shard->since_us >= TWIN_SAMPLES_SEAL_AGE_US;
}

static gboolean
seal_one (TwinStoreSamples *self, guint number, GError **error)
{
  TwinShard *shard = g_ptr_array_index (self->shards, number);

  if (!twin_store_begin (self->store, error))
    return FALSE;

  if (!twin_store_seal_shard (&self->store->sql, number, self->newest, error))
    {
      twin_store_rollback (self->store);
      g_array_set_size (self->newest, 0);
      return FALSE;
    }
  if (!twin_store_commit (self->store, error))
    {
      g_array_set_size (self->newest, 0);
      return FALSE;
    }

  shard->length = 0;
  return TRUE;
}

gboolean
twin_store_samples_seal (TwinStoreSamples *self, gboolean all, GError **error)
{
  const int64_t now_us = twin_clock_monotonic_us ();

  for (guint i = 0; i < self->shards->len; i++)
    {
      TwinShard *shard = g_ptr_array_index (self->shards, i);
      GError    *failure = NULL;

      if (!is_due (shard, all, now_us))
        continue;
      if (!seal_one (self, i, &failure))
        {
          shard->broken = g_error_matches (failure, TWIN_STORE_ERROR,
                                           TWIN_STORE_ERROR_CORRUPT);
          shard->since_us = now_us;
          g_propagate_error (error, failure);
          return FALSE;
        }
      if (!all)
        break;
    }
  return TRUE;
}

int64_t
twin_store_samples_floor (int64_t time_us, int64_t unit_us)
{
  const int64_t rest = time_us % unit_us;

  return time_us - (rest < 0 ? rest + unit_us : rest);
}
