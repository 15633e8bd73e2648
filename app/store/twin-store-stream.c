/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-stream.h"

#include <string.h>

static guint
stream_hash (const void *data)
{
  const TwinStoreStream *stream = data;
  guint64                ring;

  memcpy (&ring, stream->ring, sizeof ring);
  return g_str_hash (stream->node) ^ (guint) (ring ^ ring >> 32) ^
         (guint) stream->epoch * 2654435761u;
}

static gboolean
stream_equal (const void *a, const void *b)
{
  const TwinStoreStream *x = a;
  const TwinStoreStream *y = b;

  return x->epoch == y->epoch && memcmp (x->ring, y->ring, 8) == 0 &&
         strcmp (x->node, y->node) == 0;
}

static void
stream_free (void *data)
{
  TwinStoreStream *stream = data;

  g_free (stream->node);
  g_array_unref (stream->spans);
  g_array_unref (stream->losses);
  g_clear_pointer (&stream->spans_before, g_array_unref);
  g_clear_pointer (&stream->losses_before, g_array_unref);
  g_free (stream);
}

static TwinStoreStream *
find_or_make (TwinStoreStreams *self,
              const char       *node,
              const uint8_t    *ring,
              int64_t           epoch)
{
  TwinStoreStream  key = { .node = (char *) node, .epoch = epoch };
  TwinStoreStream *stream;

  memcpy (key.ring, ring, sizeof key.ring);
  stream = g_hash_table_lookup (self->streams, &key);
  if (stream != NULL)
    return stream;

  stream = g_new (TwinStoreStream, 1);
  *stream = key;
  stream->node = g_strdup (node);
  stream->id = self->next_id++;
  stream->spans = g_array_new (FALSE, FALSE, sizeof (TwinStoreRun));
  stream->losses = g_array_new (FALSE, FALSE, sizeof (TwinStoreRun));
  g_hash_table_add (self->streams, stream);
  return stream;
}

static gboolean
load_streams (TwinStoreStreams *self,
              GHashTable       *by_id,
              TwinStoreDb      *sql,
              GError          **error)
{
  GError       *failure = NULL;
  sqlite3_stmt *select =
      twin_store_db_prepare (sql, "SELECT id, node, ring, epoch FROM stream",
                             error);

  if (select == NULL)
    return FALSE;

  while (twin_store_db_step (sql, select, &failure))
    {
      const int64_t    id = sqlite3_column_int64 (select, 0);
      const char      *node = (const char *) sqlite3_column_text (select, 1);
      TwinStoreStream *stream;

      if (node == NULL || sqlite3_column_bytes (select, 2) != 8)
        continue;
      stream = find_or_make (self, node, sqlite3_column_blob (select, 2),
                             sqlite3_column_int64 (select, 3));
      stream->id = id;
      stream->saved = TRUE;
      self->next_id = MAX (self->next_id, id + 1);
      g_hash_table_insert (by_id, &stream->id, stream);
    }

  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
load_spans (GHashTable  *by_id,
            TwinStoreDb *sql,
            const char  *text,
            gboolean     losses,
            GError     **error)
{
  GError       *failure = NULL;
  sqlite3_stmt *select = twin_store_db_prepare (sql, text, error);

  if (select == NULL)
    return FALSE;

  while (twin_store_db_step (sql, select, &failure))
    {
      const int64_t    id = sqlite3_column_int64 (select, 0);
      TwinStoreStream *stream = g_hash_table_lookup (by_id, &id);
      TwinStoreRun     span = { sqlite3_column_int64 (select, 1),
                                sqlite3_column_int64 (select, 2),
                                twin_store_db_column_time (select, 3),
                                twin_store_db_column_time (select, 4) };

      if (stream != NULL)
        g_array_append_val (losses ? stream->losses : stream->spans, span);
    }

  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
twin_store_streams_init (TwinStoreStreams *self,
                         TwinStoreDb      *sql,
                         GError          **error)
{
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_int64_hash, g_int64_equal);

  self->streams =
      g_hash_table_new_full (stream_hash, stream_equal, stream_free, NULL);
  self->touched = g_ptr_array_new ();
  self->next_id = 1;
  return load_streams (self, by_id, sql, error) &&
         load_spans (by_id, sql,
                     "SELECT stream, first, last, first_us, last_us"
                     " FROM received_range ORDER BY stream, first",
                     FALSE, error) &&
         load_spans (by_id, sql,
                     "SELECT stream, first, last, NULL, NULL"
                     " FROM known_loss ORDER BY stream, first",
                     TRUE, error);
}

void
twin_store_streams_clear (TwinStoreStreams *self)
{
  g_clear_pointer (&self->streams, g_hash_table_unref);
  g_clear_pointer (&self->touched, g_ptr_array_unref);
}

TwinStoreStream *
twin_store_streams_touch (TwinStoreStreams *self,
                          const char       *node,
                          const uint8_t    *ring,
                          int64_t           epoch)
{
  TwinStoreStream *stream = find_or_make (self, node, ring, epoch);

  if (stream->spans_before == NULL)
    {
      stream->spans_before = g_array_copy (stream->spans);
      stream->losses_before = g_array_copy (stream->losses);
      stream->saved_before = stream->saved;
      g_ptr_array_add (self->touched, stream);
    }
  return stream;
}

gboolean
twin_store_stream_save (TwinStoreStream *stream,
                        TwinStoreDb     *sql,
                        GError         **error)
{
  g_autoptr (GBytes) ring = NULL;

  if (stream->saved)
    return TRUE;

  ring = g_bytes_new (stream->ring, sizeof stream->ring);
  stream->saved =
      twin_store_db_run (sql, error,
                         "INSERT INTO stream (id, node, ring, epoch) VALUES "
                         "(?, ?, "
                         "?, ?)",
                         "isbi", stream->id, stream->node, ring, stream->epoch);
  return stream->saved;
}

static gboolean
write_span (TwinStoreStream    *stream,
            const TwinStoreRun *span,
            TwinStoreDb        *sql,
            GError            **error)
{
  return twin_store_db_run (sql, error,
                            "INSERT OR REPLACE INTO received_range (stream, "
                            "first,"
                            " last, first_us, last_us) VALUES (?, ?, ?, ?, ?)",
                            "iiitt", stream->id, span->first, span->last,
                            span->first_us, span->last_us);
}

/* Two sorted lists, before and now: what begins elsewhere goes, what is new
 * or longer comes. */
static gboolean
write_spans (TwinStoreStream *stream, TwinStoreDb *sql, GError **error)
{
  const GArray *old = stream->spans_before;
  guint         o = 0, i = 0;

  while (o < old->len || i < stream->spans->len)
    {
      const TwinStoreRun *before =
          o < old->len ? &g_array_index (old, TwinStoreRun, o) : NULL;
      const TwinStoreRun *now =
          i < stream->spans->len
              ? &g_array_index (stream->spans, TwinStoreRun, i)
              : NULL;

      if (now == NULL || (before != NULL && before->first < now->first))
        {
          if (!twin_store_db_run (sql, error,
                                  "DELETE FROM received_range"
                                  " WHERE stream = ? AND first = ?",
                                  "ii", stream->id, before->first))
            return FALSE;
          o++;
          continue;
        }

      if ((before == NULL || memcmp (before, now, sizeof *now) != 0) &&
          !write_span (stream, now, sql, error))
        return FALSE;
      if (before != NULL && before->first == now->first)
        o++;
      i++;
    }
  return TRUE;
}

gboolean
twin_store_streams_write (TwinStoreStreams *self,
                          TwinStoreDb      *sql,
                          GError          **error)
{
  for (guint i = 0; i < self->touched->len; i++)
    if (!write_spans (g_ptr_array_index (self->touched, i), sql, error))
      return FALSE;
  return TRUE;
}

static void
swap (GArray **a, GArray **b)
{
  GArray *kept = *a;

  *a = *b;
  *b = kept;
}

void
twin_store_streams_settle (TwinStoreStreams *self, gboolean committed)
{
  for (guint i = 0; i < self->touched->len; i++)
    {
      TwinStoreStream *stream = g_ptr_array_index (self->touched, i);

      if (!committed)
        {
          swap (&stream->spans, &stream->spans_before);
          swap (&stream->losses, &stream->losses_before);
          stream->saved = stream->saved_before;
        }
      g_clear_pointer (&stream->spans_before, g_array_unref);
      g_clear_pointer (&stream->losses_before, g_array_unref);
    }
  g_ptr_array_set_size (self->touched, 0);
}
