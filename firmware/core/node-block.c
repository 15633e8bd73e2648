/* SPDX-License-Identifier: Apache-2.0
 *
 * node-block.c - the message of one waveform block, any part of it at any time
 *
 * Head and tail are made anew whenever a part of them is asked for; the
 * samples come from the history. So no message is ever in memory as a whole.
 */
#include "node-private.h"

#include <string.h>

enum
{
  EDGE_MAX = 256, /* bytes before the samples, and behind them */
  PIECE = 64,     /* samples copied at a time */
};

static const double gravity = 9.80665;

static void
put_head (const node *n, const node_block *b, node_cbor_writer *w)
{
  static const char *const axes[3] = { "x", "y", "z" };
  static const char *const why[4] = { "schedule", "live", "trigger",
                                      "command" };
  const node_accel        *a = &n->accels[b->accel];

  node_cbor_put_map (w, 15 + (b->capture > 0) + b->last);
  node_cbor_put_text (w, "n");
  node_cbor_put_uint (w, a->block_n);
  node_cbor_put_text (w, "n0");
  node_cbor_put_uint (w, b->n0);
  node_cbor_put_text (w, "t0");
  if (b->timed)
    node_cbor_put_f64 (w, b->utc_s);
  else
    node_cbor_put_null (w);
  node_cbor_put_text (w, "up");
  node_cbor_put_f64 (w, b->up_s);
  node_cbor_put_text (w, "why");
  node_cbor_put_text (w, why[b->why]);
  node_cbor_put_text (w, "axis");
  node_cbor_put_text (w, axes[b->axis]);
  node_cbor_put_text (w, "data");
  node_cbor_put_tag (w, 77);
  node_cbor_put_bytes_head (w, a->block_n * sizeof (int16_t));
}

static void
put_tail (const node *n, const node_block *b, node_cbor_writer *w)
{
  const node_accel *a = &n->accels[b->accel];
  double            scale = a->driver.g_per_lsb * gravity;

  if (b->last)
    {
      node_cbor_put_text (w, "last");
      node_cbor_put_bool (w, true);
    }
  node_cbor_put_text (w, "rate");
  node_cbor_put_f64 (w, b->rate_hz);
  node_cbor_put_text (w, "ring");
  node_cbor_put_bytes (w, n->ring.id, NODE_RING_ID_SIZE);
  node_cbor_put_text (w, "unit");
  node_cbor_put_text (w, "m/s2");
  node_cbor_put_text (w, "epoch");
  node_cbor_put_uint (w, n->epoch);
  node_cbor_put_text (w, "scale");
  node_cbor_put_f64 (w, scale);
  node_cbor_put_text (w, "offset");
  node_cbor_put_f64 (w, 0);
  node_cbor_put_text (w, "sensor");
  node_cbor_put_text (w, a->sensor);
  if (b->capture > 0)
    {
      node_cbor_put_text (w, "capture");
      node_cbor_put_uint (w, b->capture);
    }
  node_cbor_put_text (w, "quality");
  node_cbor_put_uint (w, b->quality);
}

uint32_t
node_block_length (const node *n, const node_block *b)
{
  uint8_t          edge[EDGE_MAX];
  node_cbor_writer w;
  uint32_t         length;

  node_cbor_begin (&w, edge, sizeof edge);
  put_head (n, b, &w);
  length = (uint32_t) w.length;
  node_cbor_begin (&w, edge, sizeof edge);
  put_tail (n, b, &w);
  return length + n->accels[b->accel].block_n * (uint32_t) sizeof (int16_t) +
         (uint32_t) w.length;
}

/* What is being read: the next bytes of it, and where they go. */
typedef struct
{
  uint32_t at;   /* from the start of the next part */
  uint32_t left; /* bytes still wanted */
  uint8_t *out;
} wanted;

/* Take from a part of @length bytes what is wanted of it; returns how many
 * bytes from *@from on. */
static uint32_t
overlap (wanted *w, uint32_t length, uint32_t *from)
{
  uint32_t n;

  *from = w->at;
  if (w->at >= length)
    {
      w->at -= length;
      return 0;
    }
  n = length - w->at < w->left ? length - w->at : w->left;
  w->at = 0;
  w->left -= n;
  return n;
}

static void
take_edge (wanted *want, const node_cbor_writer *w)
{
  uint32_t from, n = overlap (want, (uint32_t) w->length, &from);

  memcpy (want->out, w->data + from, n);
  want->out += n;
}

/* Little-endian on the wire; every board we know stores them that way. */
static bool
take_samples (wanted *want, const node_accel *a, const node_block *b)
{
  uint32_t from, n = overlap (want, a->block_n * sizeof (int16_t), &from);

  while (n > 0)
    {
      int16_t  x[PIECE];
      uint32_t first = from / 2, odd = from % 2;
      uint32_t samples =
          a->block_n - first < PIECE ? a->block_n - first : PIECE;
      uint32_t bytes = samples * 2 - odd < n ? samples * 2 - odd : n;

      if (!node_samples_read (&a->samples, b->axis, b->n0 + first, samples, x))
        return false;
      memcpy (want->out, (const uint8_t *) x + odd, bytes);
      want->out += bytes;
      from += bytes;
      n -= bytes;
    }
  return true;
}

bool
node_block_read (const node       *n,
                 const node_block *b,
                 uint32_t          at,
                 uint8_t          *out,
                 uint32_t          count)
{
  uint8_t          edge[EDGE_MAX];
  node_cbor_writer w;
  wanted           want = { at, count, out };

  node_cbor_begin (&w, edge, sizeof edge);
  put_head (n, b, &w);
  take_edge (&want, &w);
  if (!take_samples (&want, &n->accels[b->accel], b))
    return false;
  if (want.left > 0)
    {
      node_cbor_begin (&w, edge, sizeof edge);
      put_tail (n, b, &w);
      take_edge (&want, &w);
    }
  return want.left == 0;
}

void
node_block_stamp (node *n, node_block *b)
{
  const node_accel *a = &n->accels[b->accel];

  b->rate_hz = a->rate_hz;
  b->up_s = (double) a->read_us / 1e6 -
            (double) (a->samples.count - b->n0) / a->rate_hz;
  b->timed = node_utc_s (n, &b->utc_s);
  if (b->timed)
    b->utc_s -= node_up_s (n) - b->up_s;
  b->quality |= (a->unfit ? BLOCK_SELF_TEST : 0) |
                (a->config.recording ? BLOCK_RECORDING : 0);
}
