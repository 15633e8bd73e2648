/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-completeness.h"

#include "twin-completeness-private.h"

#include <stdlib.h>
#include <string.h>

/* When a gap that a record made is asked for: what was only late, came. */
static const int64_t settle_us = 2 * TWIN_US_PER_S;
/* The same for what a ring says it holds: nothing of it is on its way but
 * what was sent in the last moment. */
static const int64_t held_us = TWIN_US_PER_S / 2;
/* A node reports its ring by itself when it connects; only after this is it
 * asked. */
static const int64_t hello_grace_us = 3 * TWIN_US_PER_S;
static const int64_t again_us = 5 * TWIN_US_PER_S;
/* After a reconnect the ring is asked first: its answer closes or opens. */
static const int64_t reconnect_grace_us = 5 * TWIN_US_PER_S;

enum
{
  CROWD = 64, /* so many newer records make a gap due at once */
};

/* --- peers and streams -------------------------------------------------------
 */

static guint
stream_hash (gconstpointer data)
{
  const TwinPeerStream *stream = data;
  uint32_t              ring;

  memcpy (&ring, stream->ring, sizeof ring);
  return ring ^ (stream->epoch * UINT32_C (2654435761));
}

static gboolean
stream_equal (gconstpointer a, gconstpointer b)
{
  const TwinPeerStream *left = a, *right = b;

  return left->epoch == right->epoch &&
         memcmp (left->ring, right->ring, TWIN_RING_SIZE) == 0;
}

static void
stream_free (void *data)
{
  TwinPeerStream *stream = data;

  twin_ledger_clear (&stream->ledger);
  g_free (stream);
}

static void
peer_free (void *data)
{
  TwinPeer *peer = data;

  g_hash_table_unref (peer->streams);
  g_free (peer->name);
  g_free (peer);
}

TwinCompleteness *
twin_completeness_new (const TwinClock *clock)
{
  TwinCompleteness *self = g_new0 (TwinCompleteness, 1);

  self->clock = clock;
  self->peers =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, peer_free);
  self->changed = g_ptr_array_new ();
  self->next_due_us = INT64_MAX;
  return self;
}

void
twin_completeness_free (TwinCompleteness *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->changed);
  g_hash_table_unref (self->peers);
  g_free (self);
}

void
twin_completeness_wake (TwinCompleteness *self, int64_t us)
{
  self->next_due_us = MIN (self->next_due_us, us);
}

static int64_t
now (TwinCompleteness *self)
{
  return twin_clock_now_monotonic (self->clock);
}

TwinPeer *
twin_completeness_get_peer (TwinCompleteness *self, const char *name)
{
  TwinPeer *peer = g_hash_table_lookup (self->peers, name);

  if (peer == NULL &&
      g_hash_table_size (self->peers) < TWIN_COMPLETENESS_NODES_MAX)
    {
      peer = g_new0 (TwinPeer, 1);
      peer->name = g_strdup (name);
      peer->streams =
          g_hash_table_new_full (stream_hash, stream_equal, stream_free, NULL);
      peer->heard_us = now (self);
      peer->hello_us = peer->heard_us + hello_grace_us;
      peer->progress_us = peer->asked_us = INT64_MIN / 2;
      g_hash_table_insert (self->peers, peer->name, peer);
      twin_completeness_wake (self, peer->hello_us);
    }
  return peer;
}

static TwinPeerStream *
find_stream (TwinPeer *peer, const uint8_t ring[TWIN_RING_SIZE], uint32_t epoch)
{
  TwinPeerStream key = { .epoch = epoch };

  if (peer->current != NULL && peer->current->epoch == epoch &&
      memcmp (peer->current->ring, ring, TWIN_RING_SIZE) == 0)
    return peer->current;

  memcpy (key.ring, ring, TWIN_RING_SIZE);
  return g_hash_table_lookup (peer->streams, &key);
}

TwinPeerStream *
twin_completeness_get_stream (TwinCompleteness *self,
                              TwinPeer         *peer,
                              const uint8_t     ring[TWIN_RING_SIZE],
                              uint32_t          epoch)
{
  TwinPeerStream *stream = find_stream (peer, ring, epoch);

  if (stream == NULL &&
      g_hash_table_size (peer->streams) < TWIN_COMPLETENESS_STREAMS_MAX &&
      self->n_streams < TWIN_COMPLETENESS_STREAMS_ALL)
    {
      self->n_streams++;
      stream = g_new0 (TwinPeerStream, 1);
      memcpy (stream->ring, ring, TWIN_RING_SIZE);
      stream->epoch = epoch;
      stream->peer = peer;
      stream->crowd_at = UINT64_MAX;
      twin_ledger_init (&stream->ledger);
      g_hash_table_add (peer->streams, stream);
    }
  return stream;
}

static void
add_stats (TwinCompletenessStats *stats, const TwinLedger *ledger, int sign)
{
  stats->received += sign * twin_ledger_get_received (ledger);
  stats->open += sign * ledger->open;
  stats->open_gaps += sign * (int64_t) ledger->gaps->len;
  for (size_t i = 0; i < G_N_ELEMENTS (stats->lost); i++)
    stats->lost[i] += sign * ledger->n_lost[i];
}

void
twin_completeness_begin_change (TwinCompleteness *self, TwinPeerStream *stream)
{
  add_stats (&stream->peer->stats, &stream->ledger, -1);
  add_stats (&self->stats, &stream->ledger, -1);
}

void
twin_completeness_end_change (TwinCompleteness *self, TwinPeerStream *stream)
{
  add_stats (&stream->peer->stats, &stream->ledger, 1);
  add_stats (&self->stats, &stream->ledger, 1);
  if (!stream->changed)
    {
      stream->changed = TRUE;
      g_ptr_array_add (self->changed, stream);
    }
}

/* --- records --- */

static void
hear (TwinCompleteness *self, TwinPeer *peer)
{
  peer->heard_us = now (self);
  if (!peer->removed)
    return;

  peer->removed = FALSE;
  peer->hello_us = peer->heard_us + hello_grace_us;
  twin_completeness_wake (self, peer->hello_us);
}

void
twin_completeness_heard (TwinCompleteness *self, const char *node)
{
  TwinPeer *peer = twin_completeness_get_peer (self, node);

  if (peer != NULL)
    hear (self, peer);
}

/* A gap that just opened, at the end of the list, is due by age or crowd. */
static void
watch_new_gap (TwinCompleteness *self,
               TwinPeerStream   *stream,
               int64_t           ask_at_us)
{
  const GArray *gaps = stream->ledger.gaps;
  TwinGap      *newest = &g_array_index (gaps, TwinGap, gaps->len - 1);

  newest->live = TRUE;
  stream->crowd_at = MIN (stream->crowd_at, newest->last + 1 + CROWD);
  twin_completeness_wake (self, ask_at_us);
}

static TwinSeen
count (TwinCompleteness *self, TwinPeer *peer, TwinSeen seen)
{
  if (seen == TWIN_SEEN_DUPLICATE)
    {
      self->stats.duplicates++;
      if (peer != NULL)
        peer->stats.duplicates++;
    }
  if (seen == TWIN_SEEN_REFUSED)
    {
      self->stats.refused++;
      if (peer != NULL)
        peer->stats.refused++;
    }
  return seen;
}

static TwinSeen
see (TwinCompleteness *self, TwinPeerStream *stream, uint64_t seq)
{
  TwinPeer      *peer = stream->peer;
  const uint64_t end = stream->ledger.end;
  const int64_t  ask_at_us = peer->heard_us + settle_us;
  gboolean       progress;
  TwinSeen       seen;

  twin_completeness_begin_change (self, stream);
  seen = twin_ledger_see (&stream->ledger, seq, ask_at_us,
                          peer->heard_us + again_us, &progress);
  twin_completeness_end_change (self, stream);

  if (seq > end && seen == TWIN_SEEN_NEW)
    watch_new_gap (self, stream, ask_at_us);
  if (stream->ledger.end > stream->crowd_at)
    twin_completeness_wake (self, INT64_MIN);
  if (progress)
    peer->progress_us = peer->heard_us;
  return seen;
}

TwinSeen
twin_completeness_record (TwinCompleteness   *self,
                          const char         *node,
                          const TwinIdentity *identity)
{
  TwinPeer       *peer = twin_completeness_get_peer (self, node);
  TwinPeerStream *stream;

  if (peer == NULL || identity->seq > TWIN_COMPLETENESS_SEQ_MAX)
    return count (self, peer, TWIN_SEEN_REFUSED);

  hear (self, peer);
  stream = find_stream (peer, identity->ring, identity->epoch);
  if (stream == NULL)
    {
      stream = twin_completeness_get_stream (self, peer, identity->ring,
                                             identity->epoch);
      if (stream == NULL)
        return count (self, peer, TWIN_SEEN_REFUSED);
      /* It restarted: it tells its ring by itself, or is asked. */
      peer->hello_us = MIN (peer->hello_us, peer->heard_us + hello_grace_us);
      twin_completeness_wake (self, peer->hello_us);
    }

  peer->current = stream;
  return count (self, peer, see (self, stream, identity->seq));
}

void
twin_completeness_unsee (TwinCompleteness   *self,
                         const char         *node,
                         const TwinIdentity *identity)
{
  TwinPeer       *peer = g_hash_table_lookup (self->peers, node);
  TwinPeerStream *stream =
      peer == NULL ? NULL : find_stream (peer, identity->ring, identity->epoch);
  const int64_t ask_at_us = now (self) + settle_us;

  if (stream == NULL)
    return;

  twin_completeness_begin_change (self, stream);
  twin_ledger_unsee (&stream->ledger, identity->seq, ask_at_us);
  twin_completeness_end_change (self, stream);
  twin_completeness_wake (self, ask_at_us);
}

/* --- ring reports -----------------------------------------------------------
 */

/* A report's held spans in order. */
typedef struct
{
  size_t    n;
  TwinSpan *spans;  /* by epoch, then first */
  uint32_t  newest; /* epoch of the newest record it knows; with n > 0 */
} Held;

static int
compare_spans (const void *a, const void *b)
{
  const TwinSpan *left = a, *right = b;

  if (left->epoch != right->epoch)
    return left->epoch < right->epoch ? -1 : 1;
  return left->first < right->first ? -1 : left->first > right->first;
}

/* Without what no ring can hold. */
static Held
sort_held (const TwinRingReport *report)
{
  Held held = { .spans = g_new (TwinSpan, report->n_held) };

  for (size_t i = 0; i < report->n_held; i++)
    if (report->held[i].last <= TWIN_COMPLETENESS_SEQ_MAX)
      held.spans[held.n++] = report->held[i];

  if (held.n > 0)
    {
      qsort (held.spans, held.n, sizeof *held.spans, compare_spans);
      held.newest = held.spans[held.n - 1].epoch;
    }
  return held;
}

/* Index of the first span of @epoch or a later one. */
static size_t
find_epoch (const Held *held, uint32_t epoch)
{
  size_t low = 0, high = held->n;

  while (low < high)
    {
      const size_t middle = low + (high - low) / 2;

      if (held->spans[middle].epoch < epoch)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static uint64_t
lose (TwinPeerStream *stream, uint64_t first, uint64_t end, TwinLossCause cause)
{
  const TwinSpan span = { stream->epoch, first, end - 1 };

  return first < end
             ? twin_ledger_lose (&stream->ledger, &span, cause, INT64_MAX)
             : 0;
}

/* Whatever the ring neither holds nor names is not there any more: below its
 * oldest it was overwritten, between what it holds it is corrupt. Numbers
 * above the newest of the report are younger than it. */
static uint64_t
infer_losses (TwinPeerStream *stream, const Held *held)
{
  TwinLossCause cause = TWIN_LOSS_OVERWRITTEN;
  uint64_t      cursor = 0, n = 0;

  if (held->n == 0 || stream->epoch > held->newest)
    return 0;

  for (size_t i = find_epoch (held, stream->epoch);
       i < held->n && held->spans[i].epoch == stream->epoch; i++)
    {
      n += lose (stream, cursor, held->spans[i].first, cause);
      cursor = MAX (cursor, held->spans[i].last + 1);
      cause = TWIN_LOSS_CORRUPT;
    }

  if (stream->epoch < held->newest)
    n += lose (stream, cursor, stream->ledger.end, cause);
  return n;
}

/* A gap of the held range that was not asked for yet need not wait longer. */
static void
hurry (TwinPeerStream *stream, const TwinSpan *held, int64_t ask_at_us)
{
  const GArray *gaps = stream->ledger.gaps;

  for (guint i = twin_ledger_find_gap (&stream->ledger, held->first);
       i < gaps->len; i++)
    {
      TwinGap *gap = &g_array_index (gaps, TwinGap, i);

      if (gap->first > held->last)
        break;
      if (gap->asked == 0)
        gap->ask_at_us = MIN (gap->ask_at_us, ask_at_us);
    }
}

static uint64_t
apply_spans (TwinCompleteness     *self,
             TwinPeer             *peer,
             const TwinRingReport *report)
{
  const int64_t ask_at_us = now (self) + held_us;
  uint64_t      n = 0;

  for (size_t i = 0; i < report->n_held; i++)
    {
      const TwinSpan *held = &report->held[i];
      TwinPeerStream *stream =
          twin_completeness_get_stream (self, peer, report->ring, held->epoch);

      if (stream == NULL || held->last > TWIN_COMPLETENESS_SEQ_MAX)
        continue;
      twin_completeness_begin_change (self, stream);
      twin_ledger_extend (&stream->ledger, held->last, ask_at_us);
      hurry (stream, held, ask_at_us);
      twin_completeness_end_change (self, stream);
    }

  for (size_t i = 0; i < report->n_lost; i++)
    {
      const TwinLoss *lost = &report->lost[i];
      TwinPeerStream *stream =
          twin_completeness_get_stream (self, peer, report->ring,
                                        lost->span.epoch);

      if (stream == NULL || lost->span.last > TWIN_COMPLETENESS_SEQ_MAX)
        continue;
      twin_completeness_begin_change (self, stream);
      n += twin_ledger_lose (&stream->ledger, &lost->span, lost->cause,
                             ask_at_us);
      twin_completeness_end_change (self, stream);
    }

  twin_completeness_wake (self, ask_at_us);
  return n;
}

uint64_t
twin_completeness_report (TwinCompleteness     *self,
                          const char           *node,
                          const TwinRingReport *report)
{
  TwinPeer            *peer = twin_completeness_get_peer (self, node);
  Held                 held;
  g_autofree TwinSpan *spans = NULL;
  GHashTableIter       iter;
  void                *key;
  uint64_t             n;

  if (peer == NULL)
    return 0;

  hear (self, peer);
  peer->hello_us = INT64_MAX;
  peer->has_ring = TRUE;
  memcpy (peer->ring, report->ring, TWIN_RING_SIZE);
  held = sort_held (report);
  spans = held.spans;
  n = apply_spans (self, peer, report);

  g_hash_table_iter_init (&iter, peer->streams);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      TwinPeerStream *stream = key;

      if (stream->ledger.open == 0)
        continue;
      twin_completeness_begin_change (self, stream);
      if (memcmp (stream->ring, report->ring, TWIN_RING_SIZE) != 0)
        n += lose (stream, 0, stream->ledger.end, TWIN_LOSS_ERASED);
      else
        n += infer_losses (stream, &held);
      twin_completeness_end_change (self, stream);
    }
  return n;
}

/* --- the line --- */

static void
begin_anew (TwinPeer *peer, int64_t now_us)
{
  GHashTableIter iter;
  void          *key;

  peer->heard_us = now_us;
  peer->hello_us = peer->removed ? INT64_MAX : now_us;
  peer->progress_us = peer->asked_us = INT64_MIN / 2;

  g_hash_table_iter_init (&iter, peer->streams);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      TwinPeerStream *stream = key;

      for (guint i = 0; i < stream->ledger.gaps->len; i++)
        {
          TwinGap *gap = &g_array_index (stream->ledger.gaps, TwinGap, i);

          gap->asked = 0;
          gap->live = FALSE;
          gap->ask_at_us = now_us + reconnect_grace_us;
        }
    }
}

void
twin_completeness_connected (TwinCompleteness *self)
{
  const int64_t  now_us = now (self);
  GHashTableIter iter;
  void          *value;

  self->connected = TRUE;
  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    begin_anew (value, now_us);
  twin_completeness_wake (self, now_us);
}

void
twin_completeness_disconnected (TwinCompleteness *self)
{
  self->connected = FALSE;
}

void
twin_completeness_removed (TwinCompleteness *self, const char *node)
{
  TwinPeer *peer = g_hash_table_lookup (self->peers, node);

  if (peer == NULL)
    return;
  peer->removed = TRUE;
  peer->hello_us = INT64_MAX;
}

gboolean
twin_completeness_get_stats (TwinCompleteness      *self,
                             const char            *node,
                             TwinCompletenessStats *out)
{
  const TwinPeer *peer;

  if (node == NULL)
    {
      *out = self->stats;
      return TRUE;
    }

  peer = g_hash_table_lookup (self->peers, node);
  if (peer == NULL)
    return FALSE;
  *out = peer->stats;
  return TRUE;
}
