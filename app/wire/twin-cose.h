/* SPDX-License-Identifier: Apache-2.0 */
/* twin-cose.h - COSE_Sign1 and COSE_Mac0 envelopes (RFC 9052)
 *
 * The external data is the topic's text: what is signed for one place is
 * worth nothing in another. A console takes three steps: open the envelope,
 * find the key it trusts for that node, verify; only then is the payload more
 * than a claim.
 *
 *   TwinSigned in;
 *   if (twin_signed_open (data, size, &in, error)
 *       && twin_signed_verify (&in, topic, node_key, error))
 *     birth = twin_birth_parse (in.payload, in.payload_size, error);
 *
 * Pure; any thread.
 */
#pragma once

#include "twin-key.h"

G_BEGIN_DECLS

/* Points into the opened bytes; nothing to free. */
typedef struct
{
  uint8_t        kid[TWIN_KID_SIZE];
  const uint8_t *payload;
  size_t         payload_size;
  const uint8_t *protected_header;
  size_t         protected_size;
  const uint8_t *signature; /* TWIN_SIGNATURE_SIZE bytes */
} TwinSigned;

/* Checks form, algorithm and that the payload is one CBOR item in
 * deterministic encoding; not the signature. SIZE, SYNTAX, FORM, CONTENT. */
gboolean twin_signed_open (const uint8_t *data,
                           size_t         size,
                           TwinSigned    *opened,
                           GError       **error);

/* FALSE (SIGNATURE) when @public_key did not sign this for @topic. */
gboolean twin_signed_verify (const TwinSigned *opened,
                             const char       *topic,
                             const uint8_t     public_key[TWIN_PUBLIC_KEY_SIZE],
                             GError          **error);

GBytes *twin_signed_build (const TwinKey *key,
                           const char    *topic,
                           const uint8_t *payload,
                           size_t         payload_size);

/* Points into the opened bytes; nothing to free. */
typedef struct
{
  const uint8_t *payload;
  size_t         payload_size;
} TwinMaced;

/* Opens and verifies in one step (HMAC 256/256 with the one-time token). */
gboolean twin_maced_open (const uint8_t *data,
                          size_t         size,
                          const char    *topic,
                          const uint8_t  token[TWIN_TOKEN_SIZE],
                          TwinMaced     *opened,
                          GError       **error);

GBytes *twin_maced_build (const uint8_t  token[TWIN_TOKEN_SIZE],
                          const char    *topic,
                          const uint8_t *payload,
                          size_t         payload_size);

G_END_DECLS
