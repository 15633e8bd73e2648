/* SPDX-License-Identifier: Apache-2.0 */
/* Samples that are not sealed yet, as the functions of a query see them; and
 * what those say when something is wrong. */
#include "twin-store-functions-private.h"
#include "twin-store-samples.h"

enum
{
  SHARD = 1 << TWIN_SAMPLES_SHARD_BITS,
  MOST_TAILS = 64, /* kept at a time: a few MiB each */
};

/* What of a shard is not sealed yet, by signal. */
typedef struct
{
  GArray *samples; /* TwinStoreSample, sorted by signal */
  guint   begin[SHARD + 1];
} Tail;

void
twin_store_functions_fail (sqlite3_context *context, TwinStoreFunctions *self)
{
  const int code = sqlite3_errcode (self->sql->db);

  if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE)
    sqlite3_result_error_code (context, code);
  else
    sqlite3_result_error (context,
                          "samples are damaged; restore the file from a backup",
                          -1);
}

void
twin_store_tail_free (void *data)
{
  Tail *tail = data;

  g_array_unref (tail->samples);
  g_free (tail);
}

/* Counting sort; FALSE when a sample is of another shard. */
static gboolean
sort_tail (Tail *tail, guint shard)
{
  g_autofree guint *next = g_new (guint, SHARD);
  GArray *sorted = g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));

  for (guint i = 0; i < tail->samples->len; i++)
    {
      const uint32_t signal =
          g_array_index (tail->samples, TwinStoreSample, i).signal;

      if (signal >> TWIN_SAMPLES_SHARD_BITS != shard)
        {
          g_array_unref (sorted);
          return FALSE;
        }
      tail->begin[signal % SHARD + 1]++;
    }
  for (guint i = 0; i < SHARD; i++)
    {
      tail->begin[i + 1] += tail->begin[i];
      next[i] = tail->begin[i];
    }
  g_array_set_size (sorted, tail->samples->len);
  for (guint i = 0; i < tail->samples->len; i++)
    {
      const TwinStoreSample *sample =
          &g_array_index (tail->samples, TwinStoreSample, i);

      g_array_index (sorted, TwinStoreSample, next[sample->signal % SHARD]++) =
          *sample;
    }
  g_array_unref (tail->samples);
  tail->samples = sorted;
  return TRUE;
}

static Tail *
read_tail (TwinStoreFunctions *self, guint shard)
{
  Tail         *tail;
  sqlite3_stmt *select = twin_store_db_prepare (self->sql,
                                                "SELECT data FROM sample_tail "
                                                "WHERE shard = ? ORDER BY id",
                                                NULL);
  gboolean      ok = TRUE;
  int           rc;

  if (select == NULL)
    return NULL;

  tail = g_new0 (Tail, 1);
  tail->samples = g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));
  sqlite3_bind_int64 (select, 1, shard);
  while ((rc = sqlite3_step (select)) == SQLITE_ROW && ok)
    ok = twin_store_chunk_parse_raw (sqlite3_column_blob (select, 0),
                                     sqlite3_column_bytes (select, 0), 0,
                                     tail->samples);
  sqlite3_reset (select);
  if (ok && rc == SQLITE_DONE && sort_tail (tail, shard))
    return tail;

  twin_store_tail_free (tail);
  return NULL;
}

gboolean
twin_store_functions_find_tail (TwinStoreFunctions     *self,
                                int64_t                 signal,
                                const TwinStoreSample **samples,
                                guint                  *n)
{
  const guint shard = signal >> TWIN_SAMPLES_SHARD_BITS;
  Tail *tail = g_hash_table_lookup (self->tails, GUINT_TO_POINTER (shard));

  if (tail == NULL)
    {
      tail = read_tail (self, shard);
      if (tail == NULL)
        return FALSE;
      if (g_hash_table_size (self->tails) >= MOST_TAILS)
        g_hash_table_remove_all (self->tails);
      g_hash_table_insert (self->tails, GUINT_TO_POINTER (shard), tail);
    }

  *n = tail->begin[signal % SHARD + 1] - tail->begin[signal % SHARD];
  *samples = *n > 0 ? &g_array_index (tail->samples, TwinStoreSample,
                                      tail->begin[signal % SHARD])
                    : NULL;
  return TRUE;
}
