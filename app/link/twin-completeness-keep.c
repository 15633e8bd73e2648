/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping the bookkeeping over a restart. */
#include "twin-completeness-private.h"

#include <string.h>

static gboolean
is_ascending (const TwinSpan *before, const TwinSpan *span)
{
  return span->first <= span->last && span->last <= TWIN_COMPLETENESS_SEQ_MAX &&
         (before == NULL || before->last < span->first);
}

static gboolean
check_stream (const TwinStream *stream)
{
  for (size_t i = 0; i < stream->n_received; i++)
    if (!is_ascending (i == 0 ? NULL : &stream->received[i - 1],
                       &stream->received[i]))
      return FALSE;
  for (size_t i = 0; i < stream->n_lost; i++)
    if (!is_ascending (i == 0 ? NULL : &stream->lost[i - 1].span,
                       &stream->lost[i].span))
      return FALSE;
  return TRUE;
}

static gboolean
load_ledger (TwinLedger *ledger, const TwinStream *stream, int64_t ask_at_us)
{
  for (size_t i = 0; i < stream->n_received; i++)
    {
      const TwinSpan *span = &stream->received[i];

      if (span->first > ledger->end &&
          !twin_ledger_extend (ledger, span->first - 1, ask_at_us))
        return FALSE;
      ledger->end = span->last + 1;
    }

  for (size_t i = 0; i < stream->n_lost; i++)
    twin_ledger_lose (ledger, &stream->lost[i].span, stream->lost[i].cause,
                      ask_at_us);
  return TRUE;
}

gboolean
twin_completeness_load (TwinCompleteness *self, const TwinStream *kept)
{
  TwinPeer       *peer;
  TwinPeerStream *stream;
  gboolean        good;

  if (!check_stream (kept))
    return FALSE;
  peer = twin_completeness_get_peer (self, kept->node);
  stream = peer == NULL ? NULL
                        : twin_completeness_get_stream (self, peer, kept->ring,
                                                        kept->epoch);
  if (stream == NULL || stream->ledger.end > 0)
    return FALSE;

  twin_completeness_begin_change (self, stream);
  good = load_ledger (&stream->ledger, kept,
                      twin_clock_now_monotonic (self->clock));
  twin_completeness_end_change (self, stream);
  twin_completeness_wake (self, twin_clock_now_monotonic (self->clock));

  /* As kept: nothing to keep again. */
  stream->changed = FALSE;
  g_ptr_array_remove_fast (self->changed, stream);
  return good;
}

static void
tell (const TwinPeerStream *stream, TwinStreamFunc func, void *user_data)
{
  g_autoptr (GArray) received =
      twin_ledger_list_received (&stream->ledger, stream->epoch);
  const GArray        *losses = stream->ledger.lost;
  g_autofree TwinLoss *lost = g_new (TwinLoss, losses->len);
  TwinStream           out = { .node = stream->peer->name,
                               .epoch = stream->epoch,
                               .n_received = received->len,
                               .received = (TwinSpan *) (void *) received->data,
                               .n_lost = losses->len,
                               .lost = lost };

  memcpy (out.ring, stream->ring, TWIN_RING_SIZE);
  for (guint i = 0; i < losses->len; i++)
    {
      const TwinLedgerLoss *loss = &g_array_index (losses, TwinLedgerLoss, i);

      lost[i] =
          (TwinLoss){ { stream->epoch, loss->first, loss->last }, loss->cause };
    }
  func (&out, user_data);
}

void
twin_completeness_take_changed (TwinCompleteness *self,
                                TwinStreamFunc    func,
                                void             *user_data)
{
  for (guint i = 0; i < self->changed->len; i++)
    {
      TwinPeerStream *stream = g_ptr_array_index (self->changed, i);

      stream->changed = FALSE;
      tell (stream, func, user_data);
    }
  g_ptr_array_set_size (self->changed, 0);
}

void
twin_completeness_foreach (TwinCompleteness *self,
                           TwinStreamFunc    func,
                           void             *user_data)
{
  GHashTableIter peers, streams;
  void          *peer, *stream;

  g_hash_table_iter_init (&peers, self->peers);
  while (g_hash_table_iter_next (&peers, NULL, &peer))
    {
      g_hash_table_iter_init (&streams, ((TwinPeer *) peer)->streams);
      while (g_hash_table_iter_next (&streams, &stream, NULL))
        tell (stream, func, user_data);
    }
}
