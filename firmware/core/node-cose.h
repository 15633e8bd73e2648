/* SPDX-License-Identifier: Apache-2.0
 *
 * node-cose.h - COSE_Sign1 (EdDSA) and COSE_Mac0 (HMAC 256/256), RFC 9052
 *
 * external_aad is always the UTF-8 of the full topic. Sealing needs no second
 * buffer: the payload is written at NODE_COSE_ROOM into a buffer, and what is
 * authenticated and what is sent are put around it in turn.
 */
#ifndef NODE_COSE_H
#define NODE_COSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum
{
  NODE_COSE_ROOM = 256, /* bytes before the payload */
  NODE_COSE_TAIL = 72,  /* bytes after it */
  NODE_KID_SIZE = 8,
};

/* First 8 bytes of SHA-256 of the public key. */
void node_cose_kid (const uint8_t key[32], uint8_t kid[NODE_KID_SIZE]);

/* Seal the @n bytes at @buffer + NODE_COSE_ROOM; the message lies at the
 * returned address inside @buffer and is *@length bytes. @buffer has room for
 * NODE_COSE_ROOM + @n + NODE_COSE_TAIL. NULL: @topic too long or no key. */
const uint8_t *node_cose_sign (uint8_t      *buffer,
                               size_t        n,
                               const char   *topic,
                               const uint8_t seed[32],
                               const uint8_t kid[NODE_KID_SIZE],
                               size_t       *length);

const uint8_t *node_cose_mac (uint8_t       *buffer,
                              size_t         n,
                              const char    *topic,
                              const uint8_t *secret,
                              size_t         secret_n,
                              size_t        *length);

/* What an envelope holds; everything points into the message. */
typedef struct
{
  const uint8_t *kid; /* NODE_KID_SIZE bytes; NULL in a COSE_Mac0 */
  const uint8_t *payload;
  size_t         payload_n;
  const uint8_t *proof; /* signature (64) or tag (32) */
} node_cose_view;

/* Take a COSE_Sign1 or COSE_Mac0 apart, payload checked to be valid CBOR;
 * nothing is authenticated yet. */
bool node_cose_open_sign (const uint8_t *data, size_t n, node_cose_view *view);
bool node_cose_open_mac (const uint8_t *data, size_t n, node_cose_view *view);

/* True when the proof fits key, topic and payload. @scratch of @size bytes
 * must hold NODE_COSE_ROOM + payload; false if it cannot. */
bool node_cose_verify (const node_cose_view *view,
                       const char           *topic,
                       const uint8_t         key[32],
                       uint8_t              *scratch,
                       size_t                size);
bool node_cose_verify_mac (const node_cose_view *view,
                           const char           *topic,
                           const uint8_t        *secret,
                           size_t                secret_n,
                           uint8_t              *scratch,
                           size_t                size);

#endif
