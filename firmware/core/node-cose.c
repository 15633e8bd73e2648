/* SPDX-License-Identifier: Apache-2.0
 *
 * node-cose.c - COSE_Sign1 (EdDSA) and COSE_Mac0 (HMAC 256/256), RFC 9052
 */
#include "node-cose.h"

#include <string.h>

#include "hal.h"
#include "node-cbor.h"

enum
{
  TAG_MAC0 = 17,
  TAG_SIGN1 = 18,
  SIGNATURE_SIZE = 64,
  MAC_SIZE = 32,
};

static const uint8_t protect_sign[] = { 0xa1, 0x01, 0x27 }; /* {1: -8} */
static const uint8_t protect_mac[] = { 0xa1, 0x01, 0x05 };  /* {1: 5} */

void
node_cose_kid (const uint8_t key[32], uint8_t kid[NODE_KID_SIZE])
{
  uint8_t hash[32];

  hal_sha256 (key, 32, hash);
  memcpy (kid, hash, NODE_KID_SIZE);
}

/* Sig_structure or MAC_structure up to and including the payload's head. */
static bool
put_structure (node_cbor_writer *w,
               const char       *context,
               const uint8_t     protect[3],
               const char       *topic,
               size_t            n)
{
  node_cbor_put_array (w, 4);
  node_cbor_put_text (w, context);
  node_cbor_put_bytes (w, protect, 3);
  node_cbor_put_bytes (w, topic, strlen (topic));
  node_cbor_put_bytes_head (w, n);
  return !w->overflow;
}

/* Put what @w holds right before the payload; returns where it begins. */
static uint8_t *
place_before (uint8_t *buffer, const node_cbor_writer *w)
{
  uint8_t *start = buffer + NODE_COSE_ROOM - w->length;

  memcpy (start, w->data, w->length);
  return start;
}

static const uint8_t *
seal (uint8_t                *buffer,
      size_t                  n,
      const node_cbor_writer *head,
      const uint8_t          *proof,
      size_t                  proof_n,
      size_t                 *length)
{
  node_cbor_writer tail;
  const uint8_t   *start = place_before (buffer, head);

  node_cbor_begin (&tail, buffer + NODE_COSE_ROOM + n, NODE_COSE_TAIL);
  node_cbor_put_bytes (&tail, proof, proof_n);
  *length = head->length + n + tail.length;
  return start;
}

const uint8_t *
node_cose_sign (uint8_t      *buffer,
                size_t        n,
                const char   *topic,
                const uint8_t seed[32],
                const uint8_t kid[NODE_KID_SIZE],
                size_t       *length)
{
  uint8_t          room[NODE_COSE_ROOM], signature[SIGNATURE_SIZE];
  node_cbor_writer w;
  uint8_t         *start;

  node_cbor_begin (&w, room, sizeof room);
  if (!put_structure (&w, "Signature1", protect_sign, topic, n))
    return NULL;

  start = place_before (buffer, &w);
  if (hal_ed25519_sign (seed, start, w.length + n, signature) != HAL_OK)
    return NULL;

  node_cbor_begin (&w, room, sizeof room);
  node_cbor_put_tag (&w, TAG_SIGN1);
  node_cbor_put_array (&w, 4);
  node_cbor_put_bytes (&w, protect_sign, sizeof protect_sign);
  node_cbor_put_map (&w, 1);
  node_cbor_put_uint (&w, 4);
  node_cbor_put_bytes (&w, kid, NODE_KID_SIZE);
  node_cbor_put_bytes_head (&w, n);
  return seal (buffer, n, &w, signature, sizeof signature, length);
}

const uint8_t *
node_cose_mac (uint8_t       *buffer,
               size_t         n,
               const char    *topic,
               const uint8_t *secret,
               size_t         secret_n,
               size_t        *length)
{
  uint8_t          room[NODE_COSE_ROOM], tag[MAC_SIZE];
  node_cbor_writer w;
  uint8_t         *start;

  node_cbor_begin (&w, room, sizeof room);
  if (!put_structure (&w, "MAC0", protect_mac, topic, n))
    return NULL;

  start = place_before (buffer, &w);
  hal_hmac_sha256 (secret, secret_n, start, w.length + n, tag);

  node_cbor_begin (&w, room, sizeof room);
  node_cbor_put_tag (&w, TAG_MAC0);
  node_cbor_put_array (&w, 4);
  node_cbor_put_bytes (&w, protect_mac, sizeof protect_mac);
  node_cbor_put_map (&w, 0);
  node_cbor_put_bytes_head (&w, n);
  return seal (buffer, n, &w, tag, sizeof tag, length);
}

static bool
open_envelope (const uint8_t  *data,
               size_t          n,
               uint64_t        tag,
               const uint8_t   protect[3],
               size_t          proof_size,
               node_cose_view *view)
{
  node_cbor_reader r, unprotected;
  node_cbor_item   item;
  const uint8_t   *bytes;
  uint64_t         count;
  size_t           size;

  memset (view, 0, sizeof *view);
  if (!node_cbor_valid (data, n))
    return false;

  node_cbor_open (&r, data, n);
  if (!node_cbor_next (&r, &item) || item.kind != NODE_CBOR_TAG ||
      item.number != tag || !node_cbor_get_array (&r, &count) || count != 4)
    return false;

  if (!node_cbor_get_bytes (&r, &bytes, &size) || size != 3 ||
      memcmp (bytes, protect, 3) != 0)
    return false;

  if (tag == TAG_SIGN1 &&
      (!node_cbor_find_int (&r, 4, &unprotected) ||
       !node_cbor_get_bytes (&unprotected, &view->kid, &size) ||
       size != NODE_KID_SIZE))
    return false;

  unprotected = r;
  if (!node_cbor_get_map (&unprotected, &count) ||
      count != (tag == TAG_SIGN1 ? 1 : 0))
    return false;

  if (!node_cbor_skip (&r) ||
      !node_cbor_get_bytes (&r, &view->payload, &view->payload_n) ||
      !node_cbor_get_bytes (&r, &view->proof, &size) || size != proof_size)
    return false;

  return node_cbor_valid (view->payload, view->payload_n);
}

bool
node_cose_open_sign (const uint8_t *data, size_t n, node_cose_view *view)
{
  return open_envelope (data, n, TAG_SIGN1, protect_sign, SIGNATURE_SIZE, view);
}

bool
node_cose_open_mac (const uint8_t *data, size_t n, node_cose_view *view)
{
  return open_envelope (data, n, TAG_MAC0, protect_mac, MAC_SIZE, view);
}

/* Rebuild what was authenticated in @scratch; 0 if it does not fit. */
static size_t
rebuild (const node_cose_view *view,
         const char           *context,
         const uint8_t         protect[3],
         const char           *topic,
         uint8_t              *scratch,
         size_t                size)
{
  node_cbor_writer w;

  node_cbor_begin (&w, scratch, size);
  put_structure (&w, context, protect, topic, view->payload_n);
  node_cbor_put_raw (&w, view->payload, view->payload_n);
  return w.overflow ? 0 : w.length;
}

bool
node_cose_verify (const node_cose_view *view,
                  const char           *topic,
                  const uint8_t         key[32],
                  uint8_t              *scratch,
                  size_t                size)
{
  size_t n = rebuild (view, "Signature1", protect_sign, topic, scratch, size);

  return n > 0 && hal_ed25519_verify (key, scratch, n, view->proof) == HAL_OK;
}

bool
node_cose_verify_mac (const node_cose_view *view,
                      const char           *topic,
                      const uint8_t        *secret,
                      size_t                secret_n,
                      uint8_t              *scratch,
                      size_t                size)
{
  size_t  n = rebuild (view, "MAC0", protect_mac, topic, scratch, size);
  uint8_t tag[MAC_SIZE], difference = 0;

  if (n == 0)
    return false;

  hal_hmac_sha256 (secret, secret_n, scratch, n, tag);
  for (unsigned i = 0; i < MAC_SIZE; i++)
    difference |= tag[i] ^ view->proof[i]; /* in constant time */
  return difference == 0;
}
