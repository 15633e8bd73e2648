/* SPDX-License-Identifier: Apache-2.0
 *
 * node-cbor-writer.c - CBOR in deterministic encoding, into a caller's buffer
 */
#include "node-cbor.h"

#include <string.h>

enum
{
  INFO_1 = 24,
  INFO_2 = 25,
  INFO_4 = 26,
  INFO_8 = 27,
  SIMPLE_FALSE = 20,
  SIMPLE_TRUE = 21,
  SIMPLE_NULL = 22,
};

void
node_cbor_begin (node_cbor_writer *w, uint8_t *data, size_t size)
{
  w->data = data;
  w->size = size;
  w->length = 0;
  w->overflow = false;
}

void
node_cbor_put_raw (node_cbor_writer *w, const void *data, size_t n)
{
  if (w->overflow || n > w->size - w->length)
    {
      w->overflow = true;
      return;
    }

  if (n > 0)
    memcpy (w->data + w->length, data, n);
  w->length += n;
}

static void
put_big_endian (node_cbor_writer *w, uint8_t first, uint64_t value, unsigned n)
{
  uint8_t out[9] = { first };

  for (unsigned i = 0; i < n; i++)
    out[1 + i] = (uint8_t) (value >> (8 * (n - 1 - i)));
  node_cbor_put_raw (w, out, 1 + n);
}

static void
put_head (node_cbor_writer *w, unsigned major, uint64_t value)
{
  uint8_t top = (uint8_t) (major << 5);

  if (value < INFO_1)
    put_big_endian (w, (uint8_t) (top | value), 0, 0);
  else if (value <= UINT8_MAX)
    put_big_endian (w, top | INFO_1, value, 1);
  else if (value <= UINT16_MAX)
    put_big_endian (w, top | INFO_2, value, 2);
  else if (value <= UINT32_MAX)
    put_big_endian (w, top | INFO_4, value, 4);
  else
    put_big_endian (w, top | INFO_8, value, 8);
}

void
node_cbor_put_uint (node_cbor_writer *w, uint64_t value)
{
  put_head (w, NODE_CBOR_UINT, value);
}

void
node_cbor_put_int (node_cbor_writer *w, int64_t value)
{
  if (value < 0)
    put_head (w, NODE_CBOR_NEGATIVE, ~(uint64_t) value);
  else
    put_head (w, NODE_CBOR_UINT, (uint64_t) value);
}

void
node_cbor_put_bytes_head (node_cbor_writer *w, size_t n)
{
  put_head (w, NODE_CBOR_BYTES, n);
}

void
node_cbor_put_bytes (node_cbor_writer *w, const void *data, size_t n)
{
  put_head (w, NODE_CBOR_BYTES, n);
  node_cbor_put_raw (w, data, n);
}

void
node_cbor_put_text_n (node_cbor_writer *w, const char *text, size_t n)
{
  put_head (w, NODE_CBOR_TEXT, n);
  node_cbor_put_raw (w, text, n);
}

void
node_cbor_put_text (node_cbor_writer *w, const char *text)
{
  node_cbor_put_text_n (w, text, strlen (text));
}

void
node_cbor_put_array (node_cbor_writer *w, size_t n)
{
  put_head (w, NODE_CBOR_ARRAY, n);
}

void
node_cbor_put_map (node_cbor_writer *w, size_t pairs)
{
  put_head (w, NODE_CBOR_MAP, pairs);
}

void
node_cbor_put_tag (node_cbor_writer *w, uint64_t tag)
{
  put_head (w, NODE_CBOR_TAG, tag);
}

void
node_cbor_put_bool (node_cbor_writer *w, bool value)
{
  put_head (w, NODE_CBOR_SIMPLE, value ? SIMPLE_TRUE : SIMPLE_FALSE);
}

void
node_cbor_put_null (node_cbor_writer *w)
{
  put_head (w, NODE_CBOR_SIMPLE, SIMPLE_NULL);
}

void
node_cbor_put_f32 (node_cbor_writer *w, float value)
{
  uint32_t bits;

  memcpy (&bits, &value, sizeof bits);
  put_big_endian (w, (NODE_CBOR_SIMPLE << 5) | INFO_4, bits, 4);
}

void
node_cbor_put_f64 (node_cbor_writer *w, double value)
{
  uint64_t bits;

  memcpy (&bits, &value, sizeof bits);
  put_big_endian (w, (NODE_CBOR_SIMPLE << 5) | INFO_8, bits, 8);
}
