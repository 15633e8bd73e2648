/* SPDX-License-Identifier: Apache-2.0 */
/* The node's envelopes beside the console's: both open the same ones, none
 * that was not signed holds, and one altered bit of a signed one is seen. */
#include "fuzz.h"

#include <glib.h>
#include <string.h>

#include "node-cbor.h"
#include "node-cose.h"
#include "twin-cose.h"

#define TOPIC "twin/1/northfield/n-0107/command"

enum
{
  KID_AT = 9, /* in an envelope: the only bytes that no signature covers */
};

static uint8_t scratch[16384];

static void
open_both (const uint8_t *data, size_t size, const TwinKey *key)
{
  static const uint8_t token[16] = "one-time token!";
  node_cose_view       view;
  TwinSigned           signed_view;
  TwinMaced            maced;
  gboolean             ours = node_cose_open_sign (data, size, &view);

  g_assert_true (ours == twin_signed_open (data, size, &signed_view, NULL));
  if (ours)
    {
      g_assert_cmpmem (view.kid, 8, signed_view.kid, 8);
      g_assert_cmpmem (view.payload, view.payload_n, signed_view.payload,
                       signed_view.payload_size);
      g_assert_false (node_cose_verify (&view, TOPIC, twin_key_get_public (key),
                                        scratch, sizeof scratch));
    }

  if (node_cose_open_mac (data, size, &view))
    {
      g_assert_false (node_cose_verify_mac (&view, TOPIC, token, sizeof token,
                                            scratch, sizeof scratch));
      g_assert_false (twin_maced_open (data, size, TOPIC, token, &maced, NULL));
    }
}

/* @data as a payload that somebody signed. */
static void
seal (const uint8_t *data, size_t size, const TwinKey *key)
{
  g_autoptr (GBytes) message = twin_signed_build (key, TOPIC, data, size);
  gsize               n;
  g_autofree uint8_t *copy =
      g_bytes_unref_to_data (g_steal_pointer (&message), &n);
  node_cose_view view;

  if (!node_cbor_valid (data, size))
    {
      g_assert_false (node_cose_open_sign (copy, n, &view));
      return;
    }

  g_assert_true (node_cose_open_sign (copy, n, &view));
  g_assert_true (node_cose_verify (&view, TOPIC, twin_key_get_public (key),
                                   scratch, sizeof scratch));
  g_assert_false (node_cose_verify (&view, TOPIC "x", twin_key_get_public (key),
                                    scratch, sizeof scratch));
  if (data[0] % n >= KID_AT && data[0] % n < KID_AT + 8)
    return; /* says whose key to try, no more */
  copy[data[0] % n] ^= 1;
  g_assert_false (node_cose_open_sign (copy, n, &view) &&
                  node_cose_verify (&view, TOPIC, twin_key_get_public (key),
                                    scratch, sizeof scratch));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static TwinKey *key;
  uint8_t         seed[32];

  if (size < 1 || size > 8192)
    return 0;
  if (key == NULL)
    {
      memset (seed, 3, sizeof seed);
      key = twin_key_new_from_seed (seed);
    }
  open_both (data, size, key);
  if (size < 4096)
    seal (data, size, key);
  return 0;
}
