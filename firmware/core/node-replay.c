/* SPDX-License-Identifier: Apache-2.0
 *
 * node-replay.c - sending again what the ring holds, at a bounded rate
 *
 * A span is passed over twice: its events first, then its telemetry.
 */
#include "node-private.h"

#include <string.h>

enum
{
  RATE_DEFAULT = 50,
  RATE_MAX = 2000,
  UNACKED_MAX = 64,
  LOOKS_MAX = 256, /* records looked at in one step */
  /* Room that a backlog leaves to what is new. */
  RESERVED_TX = 1024,
};

/* An epoch ends where the ring's newest record of it is, known only at the
 * next boot; it is kept so that a loss can be told exactly later. */
void
node_epochs_init (node *n)
{
  node_epoch epochs[NODE_EPOCHS_MAX];
  uint32_t   count = node_epochs_get (n, epochs), previous = n->epoch - 1;
  uint64_t   last;

  if (previous == 0 || (count > 0 && epochs[count - 1].epoch >= previous) ||
      !node_ring_last (&n->ring, previous, &last))
    return; /* nothing was recorded in it, or it is there already */

  if (count == NODE_EPOCHS_MAX)
    memmove (epochs, epochs + 1, --count * sizeof epochs[0]);
  epochs[count++] = (node_epoch){ previous, (uint32_t) last };
  node_keep_put (&n->keep, KEEP_EPOCHS, epochs, count * sizeof epochs[0]);
}

uint32_t
node_epochs_get (const node *n, node_epoch epochs[NODE_EPOCHS_MAX])
{
  int32_t size = node_keep_get (&n->keep, KEEP_EPOCHS, epochs,
                                NODE_EPOCHS_MAX * sizeof epochs[0]);

  return size > 0 ? (uint32_t) size / sizeof epochs[0] : 0;
}

/* Our own numbers have 32 bits. */
static uint32_t
bounded (uint64_t seq)
{
  return seq < UINT32_MAX ? (uint32_t) seq : UINT32_MAX;
}

static bool
read_span (node_cbor_reader *r, node_span *span)
{
  uint64_t n, epoch, from, to;

  memset (span, 0, sizeof *span);
  if (!node_cbor_get_array (r, &n) || n != 3 ||
      !node_cbor_get_uint (r, &epoch) || epoch > UINT32_MAX ||
      !node_cbor_get_uint (r, &from))
    return false;

  if (node_cbor_get_null (r))
    to = UINT64_MAX;
  else if (!node_cbor_get_uint (r, &to))
    return false;
  span->epoch = (uint32_t) epoch;
  span->from = bounded (from);
  span->to = bounded (to);
  return from <= to;
}

/* Spans beyond what fits are not taken: the console asks again for what it
 * then still lacks. False: malformed, and none of them was taken. */
static bool
take_spans (node *n, node_cbor_reader *r)
{
  uint32_t before = n->n_spans;
  uint64_t count;

  if (!node_cbor_get_array (r, &count))
    return false;

  for (; count > 0; count--)
    {
      node_span span;

      if (!read_span (r, &span))
        {
          n->n_spans = before;
          return false;
        }
      /* "To the newest" means now: what is made later is sent as it is made. */
      if (span.epoch == n->epoch && span.to >= n->ring.next_seq)
        {
          if (n->ring.next_seq == 0 || span.from >= n->ring.next_seq)
            continue;
          span.to = bounded (n->ring.next_seq - 1);
        }
      if (n->n_spans < NODE_SPANS_MAX)
        n->spans[n->n_spans++] = span;
    }

  return true;
}

static bool
take_capture (node *n, const node_cbor_reader *r)
{
  node_cbor_reader capture, blocks;
  uint64_t         number, count, index;
  uint32_t         wanted = 0;

  if (!node_cbor_find (r, "capture", &capture) ||
      !node_cbor_get_uint (&capture, &number) ||
      !node_cbor_find (r, "blocks", &blocks) ||
      !node_cbor_get_array (&blocks, &count))
    return false;

  for (; count > 0; count--)
    {
      if (!node_cbor_get_uint (&blocks, &index))
        return false;
      if (index < 32)
        wanted |= 1u << index;
    }

  node_capture_replay (n, number, wanted);
  return true;
}

void
node_replay_request (node *n, const uint8_t *data, size_t length)
{
  node_cbor_reader r, value;
  const uint8_t   *id;
  size_t           id_n;
  uint64_t         rate = RATE_DEFAULT;
  bool             idle = n->n_spans == 0, ok;

  if (!node_cbor_valid (data, length))
    {
      n->malformed++;
      return;
    }

  node_cbor_open (&r, data, length);
  ok = node_cbor_find (&r, "id", &value) &&
       node_cbor_get_bytes (&value, &id, &id_n) && id_n == 8;
  if (ok && node_cbor_find (&r, "rate", &value))
    ok = node_cbor_get_uint (&value, &rate) && rate > 0;
  if (ok && node_cbor_find (&r, "spans", &value))
    ok = take_spans (n, &value);
  else if (ok)
    ok = take_capture (n, &r);

  if (!ok)
    {
      n->malformed++;
      return;
    }

  node_ring_report (n, id);
  n->replay_rate = (uint32_t) (rate < RATE_MAX ? rate : RATE_MAX);
  if (idle)
    {
      n->replay_placed = false;
      n->replay_next_us = hal_time_us (n->board);
    }
}

static bool
send_record (node *n, const node_ring_record *record)
{
  size_t   size;
  uint8_t *data = node_scratch_memory (n, &size) + NODE_MQTT_HEAD;

  if (record->length + NODE_MQTT_HEAD > size ||
      hal_flash_read (n->board, record->at, data, record->length) != HAL_OK)
    return true; /* nothing to be had: pass over it */
  return node_send (n,
                    record->kind == NODE_RECORD_EVENT ? "event" : "telemetry",
                    data, record->length, 1, false);
}

static void
next_pass (node *n)
{
  node_span *span = &n->spans[0];

  n->replay_placed = false;
  if (!span->telemetry)
    {
      span->telemetry = true;
      return;
    }

  n->n_spans--;
  memmove (n->spans, n->spans + 1, n->n_spans * sizeof n->spans[0]);
}

/* Send at most one record of the first span. True: one went out. */
static bool
replay_one (node *n, unsigned *looks)
{
  node_span       *span = &n->spans[0];
  node_ring_record record;

  if (!n->replay_placed)
    {
      if (!node_ring_seek (&n->ring, span->epoch, span->from,
                           &n->replay_cursor))
        {
          next_pass (n);
          return false;
        }
      n->replay_placed = true;
    }

  while (*looks > 0)
    {
      node_ring_cursor before = n->replay_cursor;

      (*looks)--;
      if (!node_ring_next (&n->ring, &n->replay_cursor, &record) ||
          record.epoch > span->epoch ||
          (record.epoch == span->epoch && record.seq > span->to))
        {
          next_pass (n);
          return false;
        }
      if (record.epoch < span->epoch || record.seq < span->from ||
          (record.kind == NODE_RECORD_TELEMETRY) != span->telemetry)
        continue;
      if (send_record (n, &record))
        return true;
      n->replay_cursor = before;
      return false;
    }

  return false;
}

void
node_replay_step (node *n)
{
  uint64_t now = hal_time_us (n->board);
  unsigned looks = LOOKS_MAX;

  if (n->mqtt.state != NODE_MQTT_ONLINE || n->n_spans == 0)
    return;

  while (n->n_spans > 0 && looks > 0 && now >= n->replay_next_us &&
         n->mqtt.unacked < UNACKED_MAX &&
         node_mqtt_room (&n->mqtt) > NODE_RECORD_SIZE + RESERVED_TX)
    {
      looks--;
      if (!replay_one (n, &looks))
        continue;
      n->replay_next_us += 1000000 / n->replay_rate;
      if (n->replay_next_us + 1000000 < now)
        n->replay_next_us = now; /* no burst for time that was missed */
    }
}
