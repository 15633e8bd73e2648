/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-gaps.h"

#include "twin-store-spans.h"
#include "twin-store-reader-private.h"

typedef struct
{
  int64_t      stream;
  TwinStoreRun span;
} TwinReceived;

typedef struct
{
  int64_t     stream, first, last;
  const char *cause; /* static */
} TwinLost;

static const char *
static_cause (const unsigned char *text)
{
  static const char *const causes[] = { "overwritten", "erased", "corrupt" };

  for (size_t i = 0; i < G_N_ELEMENTS (causes); i++)
    if (g_strcmp0 ((const char *) text, causes[i]) == 0)
      return causes[i];
  return "lost";
}

static gboolean
read_received (TwinStoreDb *sql,
               const char  *node,
               GArray      *received,
               GError     **error)
{
  GError       *failure = NULL;
  sqlite3_stmt *select =
      twin_store_db_prepare (sql,
                             "SELECT stream, first, last, first_us, last_us "
                             "FROM "
                             "received_range"
                             " JOIN stream ON stream.id = stream WHERE node = ?"
                             " ORDER BY stream, first",
                             error);

  if (select == NULL)
    return FALSE;

  twin_store_db_bind (select, "s", node);
  while (twin_store_db_step (sql, select, &failure))
    {
      TwinReceived row = { sqlite3_column_int64 (select, 0),
                           { sqlite3_column_int64 (select, 1),
                             sqlite3_column_int64 (select, 2),
                             twin_store_db_column_time (select, 3),
                             twin_store_db_column_time (select, 4) } };

      g_array_append_val (received, row);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
read_lost (TwinStoreDb *sql, const char *node, GArray *lost, GError **error)
{
  GError       *failure = NULL;
  sqlite3_stmt *select =
      twin_store_db_prepare (sql,
                             "SELECT stream, first, last, cause FROM known_loss"
                             " JOIN stream ON stream.id = stream WHERE node = ?"
                             " ORDER BY stream, first",
                             error);

  if (select == NULL)
    return FALSE;

  twin_store_db_bind (select, "s", node);
  while (twin_store_db_step (sql, select, &failure))
    {
      TwinLost row = { sqlite3_column_int64 (select, 0),
                       sqlite3_column_int64 (select, 1),
                       sqlite3_column_int64 (select, 2),
                       static_cause (sqlite3_column_text (select, 3)) };

      g_array_append_val (lost, row);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* Numbers of @stream in first…last that are known as lost; *@cause of the
 * first such range. */
static int64_t
count_lost (const GArray *lost,
            int64_t       stream,
            int64_t       first,
            int64_t       last,
            const char  **cause)
{
  int64_t n = 0;

  for (guint i = 0; i < lost->len; i++)
    {
      const TwinLost *row = &g_array_index (lost, TwinLost, i);
      const int64_t   a = MAX (row->first, first);
      const int64_t   b = MIN (row->last, last);

      if (row->stream != stream || a > b)
        continue;
      if (n == 0)
        *cause = row->cause;
      n += b - a + 1;
    }
  return n;
}

/* The newest time of any record of the node before @time_us. */
static int64_t
newest_before (const GArray *received, int64_t time_us)
{
  int64_t newest = TWIN_TIME_NONE;

  for (guint i = 0; i < received->len; i++)
    {
      const TwinStoreRun *span =
          &g_array_index (received, TwinReceived, i).span;

      if (span->last_us != TWIN_TIME_NONE && span->last_us < time_us)
        newest = MAX (newest, span->last_us);
    }
  return newest;
}

static int64_t
oldest_after (const GArray *received, int64_t time_us)
{
  int64_t oldest = G_MAXINT64;

  for (guint i = 0; i < received->len; i++)
    {
      const TwinStoreRun *span =
          &g_array_index (received, TwinReceived, i).span;

      if (span->first_us != TWIN_TIME_NONE && span->first_us > time_us)
        oldest = MIN (oldest, span->first_us);
    }
  return oldest;
}

typedef struct
{
  const GArray *received, *lost;
  int64_t       from_us, to_us;
  GArray       *gaps;
} TwinGapSearch;

static void
add_hole (TwinGapSearch *self,
          int64_t        stream,
          int64_t        first,
          int64_t        last,
          int64_t        begin_us,
          int64_t        end_us)
{
  const char   *cause = NULL;
  const int64_t n =
      first <= last ? count_lost (self->lost, stream, first, last, &cause) : 0;
  TwinStoreGap gap = { begin_us, end_us, TWIN_STORE_GAP_OPEN, NULL };

  if (first > last || begin_us == TWIN_TIME_NONE || end_us == TWIN_TIME_NONE ||
      begin_us >= end_us || begin_us >= self->to_us || end_us <= self->from_us)
    return;

  if (n == last - first + 1)
    {
      gap.cause = TWIN_STORE_GAP_LOST;
      gap.detail = cause;
    }
  gap.from_us = MAX (gap.from_us, self->from_us);
  gap.to_us = MIN (gap.to_us, self->to_us);
  g_array_append_val (self->gaps, gap);
}

/* What an epoch is known to have had after its newest record here. */
static void
add_end (TwinGapSearch *self, const TwinReceived *newest)
{
  int64_t last = newest->span.last;

  for (guint i = 0; i < self->lost->len; i++)
    {
      const TwinLost *row = &g_array_index (self->lost, TwinLost, i);

      if (row->stream == newest->stream)
        last = MAX (last, row->last);
    }
  if (newest->span.last_us == TWIN_TIME_NONE)
    return;
  add_hole (self, newest->stream, newest->span.last + 1, last,
            newest->span.last_us,
            MIN (oldest_after (self->received, newest->span.last_us),
                 self->to_us));
}

static void
add_holes (TwinGapSearch *self)
{
  const GArray *received = self->received;

  for (guint i = 0; i < received->len; i++)
    {
      const TwinReceived *row = &g_array_index (received, TwinReceived, i);
      const TwinReceived *before =
          i > 0 ? &g_array_index (received, TwinReceived, i - 1) : NULL;
      const TwinReceived *after =
          i + 1 < received->len ? &g_array_index (received, TwinReceived, i + 1)
                                : NULL;

      if (before != NULL && before->stream == row->stream)
        add_hole (self, row->stream, before->span.last + 1, row->span.first - 1,
                  before->span.last_us, row->span.first_us);
      else if (row->span.first > 0 && row->span.first_us != TWIN_TIME_NONE)
        add_hole (self, row->stream, 0, row->span.first - 1,
                  newest_before (received, row->span.first_us),
                  row->span.first_us);

      if (after == NULL || after->stream != row->stream)
        add_end (self, row);
    }
}

gboolean
twin_store_gaps_of_node (TwinStoreReader *self,
                         const char      *node,
                         int64_t          from_us,
                         int64_t          to_us,
                         GArray          *gaps,
                         GError         **error)
{
  g_autoptr (GArray) received =
      g_array_new (FALSE, FALSE, sizeof (TwinReceived));
  g_autoptr (GArray) lost = g_array_new (FALSE, FALSE, sizeof (TwinLost));
  TwinGapSearch search = { received, lost, from_us, to_us, gaps };

  if (node == NULL)
    return TRUE;
  if (!read_received (&self->sql, node, received, error) ||
      !read_lost (&self->sql, node, lost, error))
    return FALSE;

  add_holes (&search);
  return TRUE;
}

void
twin_store_gaps_of_silence (const TwinStoreHistoryQuery *query,
                            const GArray                *points,
                            int64_t                      width_us,
                            GArray                      *gaps)
{
  int64_t quiet_from = query->from_us;

  if (query->silence_us <= 0)
    return;

  for (guint i = 0; i <= points->len; i++)
    {
      const TwinStorePoint *point =
          i < points->len ? &g_array_index (points, TwinStorePoint, i) : NULL;
      const int64_t      next = point != NULL ? point->time_us : query->to_us;
      const TwinStoreGap gap = { quiet_from, next, TWIN_STORE_GAP_SILENCE,
                                 NULL };

      if (next > quiet_from && next - quiet_from > query->silence_us)
        g_array_append_val (gaps, gap);
      if (point != NULL)
        quiet_from = point->time_us + width_us;
    }
}

static int
compare_gaps (const void *a, const void *b)
{
  const TwinStoreGap *x = a;
  const TwinStoreGap *y = b;

  if (x->from_us != y->from_us)
    return x->from_us < y->from_us ? -1 : 1;
  return (int) x->cause - (int) y->cause;
}

static gboolean
is_explained (const GArray *gaps, const TwinStoreGap *silence)
{
  for (guint i = 0; i < gaps->len; i++)
    {
      const TwinStoreGap *gap = &g_array_index (gaps, TwinStoreGap, i);

      if (gap->cause != TWIN_STORE_GAP_SILENCE &&
          gap->from_us <= silence->from_us && gap->to_us >= silence->to_us)
        return TRUE;
    }
  return FALSE;
}

void
twin_store_gaps_tidy (GArray *gaps)
{
  for (guint i = gaps->len; i > 0; i--)
    {
      const TwinStoreGap *gap = &g_array_index (gaps, TwinStoreGap, i - 1);

      if (gap->cause == TWIN_STORE_GAP_SILENCE && is_explained (gaps, gap))
        g_array_remove_index (gaps, i - 1);
    }
  g_array_sort (gaps, compare_gaps);
}
