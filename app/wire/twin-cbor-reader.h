/* SPDX-License-Identifier: Apache-2.0 */
/* twin-cbor-reader.h - a strict reader over libcbor's streaming decoder
 *
 * First the whole item is checked (twin_cbor_check), then it is walked; a
 * reader over checked bytes can fail only by meeting another type than asked
 * for. Allocates nothing but errors. Pure; any thread.
 */
#pragma once

#include "twin-wire.h"

G_BEGIN_DECLS

enum
{
  TWIN_CBOR_DEPTH_MAX = 8,
  TWIN_CBOR_UNORDERED_MAX = 64, /* keys of a map that is not in order */
};

typedef enum
{
  TWIN_CBOR_UINT,
  TWIN_CBOR_NEGINT, /* value is −1 − number */
  TWIN_CBOR_BYTES,
  TWIN_CBOR_TEXT,
  TWIN_CBOR_ARRAY,
  TWIN_CBOR_MAP,
  TWIN_CBOR_TAG,
  TWIN_CBOR_FLOAT,
  TWIN_CBOR_BOOL,
  TWIN_CBOR_NULL,
} TwinCborType;

typedef struct
{
  TwinCborType   type;
  uint64_t       number; /* integer; elements; pairs; tag; 0 or 1 */
  double         real;   /* finite */
  const uint8_t *bytes;  /* of BYTES and TEXT; text has no NUL inside */
  size_t         size;
} TwinCborItem;

/* Checks that @data is exactly one item: definite lengths that fit the bytes
 * that are there, depth ≤ 8, keys integers or text and no key twice, UTF-8
 * without NUL, finite floats, no `undefined`. With @deterministic also
 * shortest form and order of keys (floats keep their field's width). */
gboolean twin_cbor_check (const uint8_t *data,
                          size_t         size,
                          gboolean       deterministic,
                          GError       **error);

/* A cursor over checked bytes. */
typedef struct
{
  const uint8_t *data;
  size_t         size;
  size_t         position;
} TwinCborReader;

void twin_cbor_reader_init (TwinCborReader *self,
                            const uint8_t  *data,
                            size_t          size);

/* The next item's head; strings are taken whole, containers are entered. */
gboolean twin_cbor_reader_next (TwinCborReader *self,
                                TwinCborItem   *item,
                                GError        **error);
/* The same without moving. */
gboolean twin_cbor_reader_peek (TwinCborReader *self,
                                TwinCborItem   *item,
                                GError        **error);
/* Past one whole item with all it contains. */
gboolean twin_cbor_reader_skip (TwinCborReader *self, GError **error);

/* Typed reads: CONTENT error naming @what when it is something else. */
gboolean twin_cbor_reader_map (TwinCborReader *self,
                               const char     *what,
                               size_t         *pairs,
                               GError        **error);
gboolean twin_cbor_reader_array (TwinCborReader *self,
                                 const char     *what,
                                 size_t         *elements,
                                 GError        **error);
gboolean twin_cbor_reader_uint (TwinCborReader *self,
                                const char     *what,
                                uint64_t        max,
                                uint64_t       *value,
                                GError        **error);
/* A float of any width, or an integer. */
gboolean twin_cbor_reader_number (TwinCborReader *self,
                                  const char     *what,
                                  double         *value,
                                  GError        **error);
gboolean twin_cbor_reader_bool (TwinCborReader *self,
                                const char     *what,
                                gboolean       *value,
                                GError        **error);
/* @min … @max bytes; caller frees. */
char *twin_cbor_reader_dup_text (TwinCborReader *self,
                                 const char     *what,
                                 size_t          min,
                                 size_t          max,
                                 GError        **error);
/* Exactly @size bytes into @bytes. */
gboolean twin_cbor_reader_bytes (TwinCborReader *self,
                                 const char     *what,
                                 uint8_t        *bytes,
                                 size_t          size,
                                 GError        **error);

/* A text key of a map: TRUE when @item is the text @text. */
gboolean twin_cbor_item_is_text (const TwinCborItem *item, const char *text);

G_END_DECLS
