/* SPDX-License-Identifier: Apache-2.0
 *
 * attack-craft.c - envelopes and commands, twisted
 */
#include <string.h>

#include "attacks.h"

static uint64_t next_counter = 100000, next_id = 1;

GBytes *
craft_grab (const node_cbor_writer *w)
{
  g_assert_false (w->overflow);
  return g_bytes_new (w->data, w->length);
}

static void
put_head (node_cbor_writer *w, const Craft *c)
{
  uint8_t seed[32], key[32], kid[9] = { 0 };
  uint8_t protect[3] = { 0xa1, 0x01, 0x27 };

  memset (seed, c->claims != 0 ? c->claims : c->by, sizeof seed);
  hal_ed25519_public (seed, key);
  node_cose_kid (key, kid);
  if (c->twist == ALG_ES256)
    protect[2] = 0x26;

  if (c->twist != UNTAGGED)
    node_cbor_put_tag (w, c->twist == TAGGED_MAC0 ? 17 : 18);
  node_cbor_put_array (w, 4);
  if (c->twist == ALG_NONE || c->twist == ALG_UNPROTECTED)
    node_cbor_put_bytes (w, NULL, 0);
  else
    node_cbor_put_bytes (w, protect, 3);
  node_cbor_put_map (w, c->twist == ALG_UNPROTECTED ? 2 : 1);
  if (c->twist == ALG_UNPROTECTED)
    {
      node_cbor_put_uint (w, 1);
      node_cbor_put_int (w, -8);
    }
  node_cbor_put_uint (w, 4);
  node_cbor_put_bytes (w, kid, c->twist == KID_OF_9 ? 9 : 8);
}

/* The envelope of @payload, signed and twisted. */
GBytes *
craft_envelope (const Craft *c, const char *topic, GBytes *payload)
{
  static uint8_t   room[16384], inside[16384];
  uint8_t          seed[32], signature[64];
  uint8_t          protect[3] = { 0xa1, 0x01, 0x27 };
  node_cbor_writer w;
  gsize            n;
  uint8_t         *data = g_bytes_unref_to_data (g_bytes_ref (payload), &n);

  memset (seed, c->by, sizeof seed);
  if (c->twist == ALG_ES256)
    protect[2] = 0x26;
  node_cbor_begin (&w, inside, sizeof inside);
  node_cbor_put_array (&w, 4);
  node_cbor_put_text (&w, "Signature1");
  if (c->twist == ALG_NONE || c->twist == ALG_UNPROTECTED)
    node_cbor_put_bytes (&w, NULL, 0);
  else
    node_cbor_put_bytes (&w, protect, 3);
  node_cbor_put_bytes (&w, topic, strlen (topic));
  node_cbor_put_bytes (&w, data, n);
  g_assert_false (w.overflow);
  hal_ed25519_sign (seed, w.data, w.length, signature);

  if (c->twist == FLIPPED_SIGNATURE)
    signature[40] ^= 1;
  if (c->twist == FLIPPED_PAYLOAD)
    data[n - 12] ^= 1; /* in notAfter */
  node_cbor_begin (&w, room, sizeof room);
  put_head (&w, c);
  node_cbor_put_bytes (&w, data, n);
  node_cbor_put_bytes (&w, signature, c->twist == SHORT_SIGNATURE ? 63 : 64);
  if (c->twist == TRAILING_ENVELOPE)
    node_cbor_put_null (&w);
  if (c->twist == CUT_ENVELOPE)
    w.length--;
  g_free (data);
  return craft_grab (&w);
}

/* A command's payload, keys in order unless that is the twist. */
static GBytes *
command_payload (Bench *b, const Craft *c)
{
  static uint8_t   room[8192];
  uint64_t         counter = c->counter != 0 ? c->counter : ++next_counter;
  double           now = (double) (b->h->utc_at_0 + (int64_t) b->h->time_us);
  uint8_t          id[8] = { 0 };
  node_cbor_writer w;

  next_id++;
  memcpy (id, &next_id, 8);
  node_cbor_begin (&w, room, sizeof room);
  if (c->twist == INDEFINITE)
    node_cbor_put_raw (&w, "\xbf", 1);
  else
    node_cbor_put_map (&w, 6u + (c->twist == KEY_TWICE) +
                               (c->twist == OVERSIZE || c->twist == TOO_DEEP) -
                               (c->twist == NO_COUNTER));
  if (c->twist == KEYS_SWAPPED)
    {
      node_cbor_put_text (&w, "epoch");
      node_cbor_put_uint (&w, b->n->epoch);
    }
  node_cbor_put_text (&w, "id");
  node_cbor_put_bytes (&w, id, c->twist == ID_OF_7 ? 7 : 8);
  if (c->twist == OVERSIZE || c->twist == TOO_DEEP)
    {
      static const uint8_t filler[4096];

      node_cbor_put_text (&w, "pad");
      for (unsigned i = 0; c->twist == TOO_DEEP && i < 9; i++)
        node_cbor_put_array (&w, 1);
      node_cbor_put_bytes (&w, filler, c->twist == OVERSIZE ? 4096 : 1);
    }
  for (int i = 0; i < (c->twist == KEY_TWICE ? 2 : 1); i++)
    if (c->twist != KEYS_SWAPPED)
      {
        node_cbor_put_text (&w, "epoch");
        if (c->twist == EPOCH_OF_64_BITS)
          node_cbor_put_uint (&w, (UINT64_C (1) << 32) + b->n->epoch);
        else if (c->twist == LONG_FORM)
          node_cbor_put_raw (&w, "\x1a\x00\x00\x00\x01", 5);
        else
          node_cbor_put_uint (&w, b->n->epoch + (uint32_t) c->epoch);
      }
  node_cbor_put_text (&w, "command");
  node_cbor_put_text (&w, c->command != NULL ? c->command : "reboot");
  if (c->twist != NO_COUNTER)
    {
      node_cbor_put_text (&w, "counter");
      node_cbor_put_uint (&w, counter);
    }
  node_cbor_put_text (&w, "notAfter");
  if (c->twist == NOT_AFTER_NAN)
    node_cbor_put_raw (&w, "\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00", 9);
  else
    node_cbor_put_f64 (&w,
                       now / 1e6 + (c->lifetime_s != 0 ? c->lifetime_s : 30));
  node_cbor_put_text (&w, "arguments");
  if (c->twist == ARGUMENTS_ARRAY)
    node_cbor_put_array (&w, 0);
  else
    node_cbor_put_map (&w, 0);
  if (c->twist == INDEFINITE)
    node_cbor_put_raw (&w, "\xff", 1);
  if (c->twist == TRAILING_PAYLOAD)
    node_cbor_put_null (&w);
  return craft_grab (&w);
}

GBytes *
craft_command (Bench *b, const Craft *c)
{
  g_autoptr (GBytes) payload = command_payload (b, c);

  return craft_envelope (c,
                         c->topic != NULL ? c->topic
                                          : CONSOLE_TOPIC ("command"),
                         payload);
}

/* @first countersigned. */
GBytes *
craft_pair (GBytes *first, const Craft *second)
{
  static uint8_t   room[8192];
  node_cbor_writer w;
  gsize            n;
  const uint8_t   *data = g_bytes_get_data (first, &n);
  g_autoptr (GBytes) payload = NULL;

  node_cbor_begin (&w, room, sizeof room);
  node_cbor_put_map (&w, 2);
  node_cbor_put_text (&w, "first");
  node_cbor_put_bytes (&w, data, n);
  node_cbor_put_text (&w, "approver");
  node_cbor_put_text (&w, "Somebody");
  payload = craft_grab (&w);
  return craft_envelope (second,
                         second->topic != NULL ? second->topic
                                               : CONSOLE_TOPIC ("command"),
                         payload);
}
