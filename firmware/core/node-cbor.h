/* SPDX-License-Identifier: Apache-2.0
 *
 * node-cbor.h - CBOR (RFC 8949) in deterministic encoding, without allocation
 *
 * The writer fills a buffer of the caller and remembers that it was too small;
 * the caller looks once, at the end. Map keys are written in the order given:
 * the caller gives them in bytewise order. The reader walks bytes of the
 * caller; whatever comes from outside goes through node_cbor_valid() first.
 */
#ifndef NODE_CBOR_H
#define NODE_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum
{
  NODE_CBOR_DEPTH_MAX = 8
};

typedef struct
{
  uint8_t *data;
  size_t   size;
  size_t   length;
  bool     overflow; /* something did not fit; data is incomplete */
} node_cbor_writer;

void node_cbor_begin (node_cbor_writer *w, uint8_t *data, size_t size);
void node_cbor_put_uint (node_cbor_writer *w, uint64_t value);
void node_cbor_put_int (node_cbor_writer *w, int64_t value);
void node_cbor_put_bytes (node_cbor_writer *w, const void *data, size_t n);
void node_cbor_put_text (node_cbor_writer *w, const char *text);
void node_cbor_put_text_n (node_cbor_writer *w, const char *text, size_t n);
void node_cbor_put_array (node_cbor_writer *w, size_t n);
void node_cbor_put_map (node_cbor_writer *w, size_t pairs);
void node_cbor_put_tag (node_cbor_writer *w, uint64_t tag);
void node_cbor_put_bool (node_cbor_writer *w, bool value);
void node_cbor_put_null (node_cbor_writer *w);
void node_cbor_put_f32 (node_cbor_writer *w, float value);
void node_cbor_put_f64 (node_cbor_writer *w, double value);

/* The head of a byte string of @n bytes which the caller sends itself. */
void node_cbor_put_bytes_head (node_cbor_writer *w, size_t n);

/* Already encoded CBOR. */
void node_cbor_put_raw (node_cbor_writer *w, const void *data, size_t n);

typedef enum
{
  NODE_CBOR_UINT = 0,
  NODE_CBOR_NEGATIVE = 1, /* the value is -1 - number */
  NODE_CBOR_BYTES = 2,
  NODE_CBOR_TEXT = 3,
  NODE_CBOR_ARRAY = 4, /* number of items */
  NODE_CBOR_MAP = 5,   /* number of pairs */
  NODE_CBOR_TAG = 6,
  NODE_CBOR_SIMPLE = 7, /* false 20, true 21, null 22 */
  NODE_CBOR_FLOAT = 8,
} node_cbor_kind;

typedef struct
{
  node_cbor_kind kind;
  uint64_t       number;
  double         real;  /* NODE_CBOR_FLOAT */
  const uint8_t *bytes; /* NODE_CBOR_BYTES and _TEXT: number of them */
} node_cbor_item;

typedef struct
{
  const uint8_t *data;
  size_t         length;
  size_t         at;
} node_cbor_reader;

/* True when @data is exactly one item, definite, in shortest form, map keys
 * ascending without duplicates, text UTF-8, floats finite, depth at most
 * NODE_CBOR_DEPTH_MAX. */
bool node_cbor_valid (const uint8_t *data, size_t length);

void node_cbor_open (node_cbor_reader *r, const uint8_t *data, size_t length);

/* The next head, and the bytes of a string. False at the end or on damage. */
bool node_cbor_next (node_cbor_reader *r, node_cbor_item *item);

/* Pass over one whole item. */
bool node_cbor_skip (node_cbor_reader *r);

/* @r stands before a map: set @value to stand before the value of @key. @r
 * does not move. False: no map, or no such key. */
bool node_cbor_find (const node_cbor_reader *r,
                     const char             *key,
                     node_cbor_reader       *value);

/* The same for an integer key. */
bool node_cbor_find_int (const node_cbor_reader *r,
                         int64_t                 key,
                         node_cbor_reader       *value);

/* Read one item of the kind wanted; false and unmoved otherwise. A float is
 * also read from an integer. */
bool node_cbor_get_uint (node_cbor_reader *r, uint64_t *value);
bool node_cbor_get_f64 (node_cbor_reader *r, double *value);
bool node_cbor_get_array (node_cbor_reader *r, uint64_t *n);
bool node_cbor_get_map (node_cbor_reader *r, uint64_t *pairs);
bool node_cbor_get_null (node_cbor_reader *r);
bool node_cbor_get_bytes (node_cbor_reader *r,
                          const uint8_t   **bytes,
                          size_t           *n);
bool node_cbor_get_text (node_cbor_reader *r, const char **text, size_t *n);

/* Copy a text of 1 to @size - 1 bytes with its terminator. */
bool node_cbor_copy_text (node_cbor_reader *r, char *out, size_t size);

/* True when the text at @r is @text; @r moves past it only then. */
bool node_cbor_is_text (node_cbor_reader *r, const char *text);

#endif
