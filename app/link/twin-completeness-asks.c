/* SPDX-License-Identifier: Apache-2.0 */
/* Whom to ask for what, and when. */
#include "twin-completeness-private.h"

#include <string.h>

enum
{
  SPANS_MAX = 32,  /* in one replay: stays far below a node's 4 KiB */
  JOIN_MAX = 64,   /* numbers we have, asked for again to join two gaps */
  ACTIVE_MAX = 32, /* nodes sending at once: bounds what arrives */
  CROWD = 64,
  FEW = 100,       /* records that a node sends at its own rate */
  FAST_RATE = 200, /* records a second for more than that */
};

static const int64_t silence_us = 60 * TWIN_US_PER_S;
static const int64_t again_us = 5 * TWIN_US_PER_S;
static const int64_t again_max_us = 60 * TWIN_US_PER_S;
static const int64_t crowded_us = TWIN_US_PER_S / 4;

void
twin_ask_free (TwinAsk *ask)
{
  if (ask == NULL)
    return;

  g_free (ask->node);
  g_free (ask->spans);
  g_free (ask);
}

static TwinAsk *
ask_new (TwinCompleteness *self, TwinPeer *peer)
{
  TwinAsk *ask = g_new0 (TwinAsk, 1);

  ask->node = g_strdup (peer->name);
  twin_random_bytes (ask->id, TWIN_ID_SIZE);
  self->stats.asked++;
  peer->stats.asked++;
  return ask;
}

/* When @gap may be asked for. As long as the node sends, what was asked for
 * may still be on its way; but not for ever. */
static int64_t
due_us (const TwinPeerStream *stream, const TwinGap *gap)
{
  const int64_t sending_us = stream->peer->progress_us + again_us;

  if (gap->asked > 0)
    return CLAMP (sending_us, gap->ask_at_us, gap->ask_at_us + again_max_us);
  if (gap->live && stream->ledger.end > gap->last + 1 + CROWD)
    return MIN (gap->ask_at_us, stream->peer->heard_us);
  return gap->ask_at_us;
}

/* Joins neighbours in @spans, cheapest first by a growing distance, until
 * SPANS_MAX are left or it is not worth it. */
static void
join_spans (GArray *spans)
{
  for (uint64_t reach = 4; reach <= JOIN_MAX && spans->len > SPANS_MAX;
       reach *= 4)
    {
      guint kept = 0;

      for (guint i = 1; i < spans->len; i++)
        {
          TwinSpan *last = &g_array_index (spans, TwinSpan, kept);
          TwinSpan *span = &g_array_index (spans, TwinSpan, i);

          if (span->epoch == last->epoch && span->first - last->last <= reach)
            last->last = span->last;
          else
            g_array_index (spans, TwinSpan, ++kept) = *span;
        }
      g_array_set_size (spans, kept + 1);
    }
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  const TwinPeerStream *left = *(TwinPeerStream *const *) a;
  const TwinPeerStream *right = *(TwinPeerStream *const *) b;

  return left->epoch > right->epoch ? -1 : left->epoch < right->epoch;
}

/* The peer's streams that lack something, newest epoch first. */
static GPtrArray *
list_open (TwinPeer *peer)
{
  GPtrArray     *open = g_ptr_array_new ();
  GHashTableIter iter;
  void          *key;

  g_hash_table_iter_init (&iter, peer->streams);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const TwinPeerStream *stream = key;

      /* A ring that is gone cannot be asked; the next report closes it. */
      if (stream->ledger.open > 0 &&
          (!peer->has_ring ||
           memcmp (stream->ring, peer->ring, TWIN_RING_SIZE) == 0))
        g_ptr_array_add (open, key);
    }
  g_ptr_array_sort (open, compare_newest_first);
  return open;
}

static void
collect_due (TwinPeerStream *stream, int64_t now_us, GArray *spans)
{
  const GArray *gaps = stream->ledger.gaps;

  for (guint i = 0; i < gaps->len; i++)
    {
      const TwinGap *gap = &g_array_index (gaps, TwinGap, i);
      const TwinSpan span = { stream->epoch, gap->first, gap->last };

      if (due_us (stream, gap) <= now_us)
        g_array_append_val (spans, span);
    }
}

/* Notes that the gaps inside @span are being asked for. */
static void
mark_asked (TwinPeerStream *stream, const TwinSpan *span, int64_t now_us)
{
  const GArray *gaps = stream->ledger.gaps;

  for (guint i = twin_ledger_find_gap (&stream->ledger, span->first);
       i < gaps->len; i++)
    {
      TwinGap *gap = &g_array_index (gaps, TwinGap, i);

      if (gap->first > span->last)
        break;
      gap->ask_at_us =
          now_us + MIN (again_us << MIN (gap->asked, 8), again_max_us);
      gap->asked++;
    }
}

static void
mark_all_asked (GPtrArray *open, const GArray *spans, int64_t now_us)
{
  for (guint i = 0; i < spans->len; i++)
    for (guint k = 0; k < open->len; k++)
      {
        const TwinSpan *span = &g_array_index (spans, TwinSpan, i);
        TwinPeerStream *stream = g_ptr_array_index (open, k);

        if (stream->epoch == span->epoch)
          mark_asked (stream, span, now_us);
      }
}

static uint32_t
choose_rate (const GArray *spans)
{
  uint64_t n = 0;

  for (guint i = 0; i < spans->len && n <= FEW; i++)
    {
      const TwinSpan *span = &g_array_index (spans, TwinSpan, i);

      n += MIN (span->last - span->first, FEW) + 1;
    }
  return n > FEW ? FAST_RATE : 0;
}

static gboolean
is_active (const TwinPeer *peer, int64_t now_us)
{
  return MAX (peer->progress_us, peer->asked_us) + again_us > now_us;
}

/* NULL when nothing of this peer is due. */
static TwinAsk *
ask_for_gaps (TwinCompleteness *self,
              TwinPeer         *peer,
              GPtrArray        *open,
              int64_t           now_us)
{
  GArray  *spans = g_array_new (FALSE, FALSE, sizeof (TwinSpan));
  TwinAsk *ask = NULL;

  for (guint i = 0; i < open->len; i++)
    collect_due (g_ptr_array_index (open, i), now_us, spans);

  if (spans->len > SPANS_MAX)
    join_spans (spans);
  if (spans->len > SPANS_MAX)
    g_array_set_size (spans, SPANS_MAX);

  if (spans->len > 0)
    {
      mark_all_asked (open, spans, now_us);
      peer->asked_us = now_us;
      ask = ask_new (self, peer);
      ask->rate = choose_rate (spans);
      ask->n_spans = spans->len;
      ask->spans = (TwinSpan *) (void *) g_array_steal (spans, NULL);
    }
  g_array_unref (spans);
  return ask;
}

/* Earliest of what is left of @open; also sets where a crowd is next. */
static int64_t
next_of_gaps (GPtrArray *open, int64_t now_us)
{
  int64_t next_us = INT64_MAX;

  for (guint i = 0; i < open->len; i++)
    {
      TwinPeerStream *stream = g_ptr_array_index (open, i);

      stream->crowd_at = UINT64_MAX;
      for (guint k = 0; k < stream->ledger.gaps->len; k++)
        {
          const TwinGap *gap = &g_array_index (stream->ledger.gaps, TwinGap, k);

          /* What did not fit this time is asked for after this. */
          next_us = MIN (next_us, MAX (due_us (stream, gap), now_us + 1));
          if (gap->asked == 0 && gap->live)
            stream->crowd_at = MIN (stream->crowd_at, gap->last + 1 + CROWD);
        }
    }
  return next_us;
}

static void
greet (TwinCompleteness *self, TwinPeer *peer, int64_t now_us, GPtrArray *asks)
{
  if (peer->hello_us <= now_us || peer->heard_us + silence_us <= now_us)
    {
      g_ptr_array_add (asks, ask_new (self, peer));
      /* Again after a minute, of silence or without a report. */
      peer->heard_us = now_us;
      peer->hello_us = now_us + silence_us;
    }
  twin_completeness_wake (self,
                          MIN (peer->hello_us, peer->heard_us + silence_us));
}

/* @active counts the nodes that are sending. */
static void
visit (TwinCompleteness *self,
       TwinPeer         *peer,
       int64_t           now_us,
       guint            *active,
       GPtrArray        *asks)
{
  const gboolean active_before = is_active (peer, now_us);
  g_autoptr (GPtrArray) open = NULL;

  if (peer->removed)
    return;

  greet (self, peer, now_us, asks);
  if (peer->stats.open == 0)
    return;

  open = list_open (peer);
  if (active_before || *active < ACTIVE_MAX)
    {
      TwinAsk *ask = ask_for_gaps (self, peer, open, now_us);

      if (ask != NULL)
        {
          *active += !active_before;
          g_ptr_array_add (asks, ask);
        }
      twin_completeness_wake (self, next_of_gaps (open, now_us));
    }
  else
    {
      twin_completeness_wake (self, now_us + crowded_us);
    }
}

GPtrArray *
twin_completeness_take_asks (TwinCompleteness *self)
{
  const int64_t  now_us = twin_clock_now_monotonic (self->clock);
  guint          active = 0;
  GHashTableIter iter;
  void          *value;
  GPtrArray     *asks;

  if (!self->connected || now_us < self->next_due_us)
    return NULL;

  self->next_due_us = INT64_MAX;
  asks = g_ptr_array_new_with_free_func ((GDestroyNotify) twin_ask_free);

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    active += is_active (value, now_us);

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    visit (self, value, now_us, &active, asks);

  if (asks->len == 0)
    g_clear_pointer (&asks, g_ptr_array_unref);
  return asks;
}

int64_t
twin_completeness_get_next_due (TwinCompleteness *self)
{
  return self->connected ? self->next_due_us : INT64_MAX;
}
