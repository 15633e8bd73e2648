/* SPDX-License-Identifier: Apache-2.0 */
/* twin-wire.h - what every payload of the wire shares: errors, identity, spans
 *
 * The codecs of this folder are pure: no I/O, no global state, any thread.
 * Parsers take bytes from anywhere and either return a whole, checked message
 * or fail; they never read past @size and never allocate on a claimed length.
 * firmware/PROTOCOL.md is the definitive text.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

#define TWIN_WIRE_ERROR (twin_wire_error_quark ())
GQuark twin_wire_error_quark (void);

typedef enum
{
  TWIN_WIRE_ERROR_TOPIC,     /* not a topic of this protocol */
  TWIN_WIRE_ERROR_SIZE,      /* larger than its channel allows */
  TWIN_WIRE_ERROR_SYNTAX,    /* not one whole CBOR item as we read it: cut off,
                              * indefinite, too deep, bytes after it, bad UTF-8,
                              * NaN or infinity */
  TWIN_WIRE_ERROR_FORM,      /* duplicate keys; under a signature also: not in
                              * shortest form, keys out of order */
  TWIN_WIRE_ERROR_CONTENT,   /* CBOR, but not what the channel carries */
  TWIN_WIRE_ERROR_SIGNATURE, /* signature or MAC does not fit */
  TWIN_WIRE_ERROR_KEY,       /* a key file or key that cannot be used */
} TwinWireError;

/* "topic", "size", "syntax", "form", "content", "signature", "key": the
 * `reason` of firmware/vectors. */
const char *twin_wire_error_reason (TwinWireError code);

enum
{
  TWIN_RING_SIZE = 8,
  TWIN_KID_SIZE = 8,
  TWIN_ID_SIZE = 8, /* of replay, command, result */
  TWIN_NONCE_SIZE = 16,
  TWIN_TOKEN_SIZE = 16,
  TWIN_DIGEST_SIZE = 32,
  TWIN_PUBLIC_KEY_SIZE = 32,
  TWIN_SIGNATURE_SIZE = 64,
  TWIN_MESSAGE_MAX = 128 * 1024,
  TWIN_DOCUMENT_MAX = 32 * 1024, /* ring and desired */
  TWIN_BLOCK_MAX = 64 * 1024,    /* the samples of one block */
  TWIN_TEXT_MAX = 64,            /* bytes of a text64 */
};

/* Highest sequence number a console can keep (SQLite's integers are signed). */
#define TWIN_SEQ_MAX ((uint64_t) INT64_MAX)
/* As the end of a TwinSpan: to the newest. */
#define TWIN_SEQ_NEWEST UINT64_MAX

/* Names one record for ever, together with plant and node. */
typedef struct
{
  uint8_t  ring[TWIN_RING_SIZE];
  uint32_t epoch;
  uint64_t seq; /* 0 … TWIN_SEQ_MAX */
} TwinIdentity;

/* Sequence numbers @first to @last, both included, of one epoch. */
typedef struct
{
  uint32_t epoch;
  uint64_t first;
  uint64_t last;
} TwinSpan;

typedef enum
{
  TWIN_LOSS_OVERWRITTEN,
  TWIN_LOSS_ERASED,
  TWIN_LOSS_CORRUPT,
} TwinLossCause;

/* "overwritten", "erased", "corrupt". */
const char *twin_loss_cause_to_string (TwinLossCause cause);
gboolean twin_loss_cause_from_string (const char *text, TwinLossCause *cause);

/* Lower-case hexadecimal; caller frees. */
char *twin_hex_format (const uint8_t *bytes, size_t size);
/* Exactly @size bytes from 2 × @size digits; dashes and spaces between digits
 * are skipped, so that a token reads as it stands on a label. FALSE if not. */
gboolean twin_hex_parse (const char *text, uint8_t *bytes, size_t size);

/* Fills @bytes from the operating system's generator; aborts when it has
 * none. */
void twin_random_bytes (uint8_t *bytes, size_t size);

G_END_DECLS
