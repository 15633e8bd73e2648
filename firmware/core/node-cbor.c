/* SPDX-License-Identifier: Apache-2.0
 *
 * node-cbor.c - reading CBOR (RFC 8949), without allocation or recursion
 */
#include "node-cbor.h"

#include <string.h>

enum
{
  INFO_1 = 24,
  INFO_8 = 27,
  SIMPLE_FALSE = 20,
  SIMPLE_NULL = 22,
};

void
node_cbor_open (node_cbor_reader *r, const uint8_t *data, size_t length)
{
  r->data = data;
  r->length = length;
  r->at = 0;
}

static double
half_to_double (uint16_t half)
{
  unsigned exponent = (half >> 10) & 0x1f;
  unsigned fraction = half & 0x3ff;
  double   value;

  if (exponent == 0)
    value = fraction * (1.0 / 16777216.0);
  else
    {
      /* Put the half's bits where a binary64 has them; 31 is not finite. */
      uint64_t bits =
          ((uint64_t) (exponent == 31 ? 2047 : exponent + 1008) << 52) |
          ((uint64_t) fraction << 42);

      memcpy (&value, &bits, sizeof value);
    }

  return (half & 0x8000) ? -value : value;
}

static double
float_of_bits (uint64_t bits, unsigned width)
{
  uint32_t narrow = (uint32_t) bits;
  double   wide;
  float    single;

  if (width == 2)
    return half_to_double ((uint16_t) bits);

  if (width == 4)
    {
      memcpy (&single, &narrow, sizeof single);
      return single;
    }

  memcpy (&wide, &bits, sizeof wide);
  return wide;
}

static bool
shortest (uint64_t value, unsigned width)
{
  if (width == 1)
    return value >= INFO_1;
  if (width == 2)
    return value > UINT8_MAX;
  if (width == 4)
    return value > UINT16_MAX;
  return width == 0 || value > UINT32_MAX;
}

bool
node_cbor_next (node_cbor_reader *r, node_cbor_item *item)
{
  size_t   at = r->at;
  unsigned major, info, width = 0;
  uint64_t value;

  if (at >= r->length)
    return false;

  major = r->data[at] >> 5;
  info = r->data[at] & 31;
  at++;
  value = info;

  if (info > INFO_8)
    return false; /* reserved or indefinite */

  if (info >= INFO_1)
    {
      width = 1u << (info - INFO_1);
      if (r->length - at < width)
        return false;
      value = 0;
      for (unsigned i = 0; i < width; i++)
        value = value << 8 | r->data[at++];
    }

  item->kind = (node_cbor_kind) major;
  item->number = value;
  item->bytes = NULL;

  if (major == NODE_CBOR_SIMPLE && width >= 2)
    {
      item->kind = NODE_CBOR_FLOAT;
      item->real = float_of_bits (value, width);
      r->at = at;
      return true;
    }

  if (!shortest (value, width) || (major == NODE_CBOR_SIMPLE && width > 0))
    return false;

  if (major == NODE_CBOR_BYTES || major == NODE_CBOR_TEXT)
    {
      if (value > r->length - at)
        return false;
      item->bytes = r->data + at;
      at += (size_t) value;
    }

  r->at = at;
  return true;
}

/* Items that follow a head at once; false where that cannot fit the bytes. */
static bool
children_of (const node_cbor_reader *r,
             const node_cbor_item   *item,
             uint64_t               *children)
{
  uint64_t left = r->length - r->at;

  *children = 0;
  if (item->kind == NODE_CBOR_ARRAY)
    *children = item->number;
  else if (item->kind == NODE_CBOR_TAG)
    *children = 1;
  else if (item->kind == NODE_CBOR_MAP)
    {
      if (item->number > left)
        return false;
      *children = item->number * 2;
    }
  return *children <= left;
}

bool
node_cbor_skip (node_cbor_reader *r)
{
  node_cbor_reader copy = *r;
  uint64_t         pending = 1;

  while (pending > 0)
    {
      node_cbor_item item;
      uint64_t       children;

      if (!node_cbor_next (&copy, &item) ||
          !children_of (&copy, &item, &children))
        return false;
      pending = pending - 1 + children;
    }

  r->at = copy.at;
  return true;
}

/* Bytes of the code point at @p, or 0 if it is not UTF-8 (RFC 3629). */
static unsigned
utf8_length (const uint8_t *p, size_t left)
{
  static const struct
  {
    uint8_t  first, last, low, high; /* first byte; range of the second */
    unsigned n;
  } rows[] = {
    { 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
    { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
    { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
    { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
    { 0xf4, 0xf4, 0x80, 0x8f, 4 },
  };

  for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (p[0] >= rows[i].first && p[0] <= rows[i].last)
      {
        if (rows[i].n > left)
          return 0;
        if (rows[i].n > 1 && (p[1] < rows[i].low || p[1] > rows[i].high))
          return 0;
        for (unsigned k = 2; k < rows[i].n; k++)
          if ((p[k] & 0xc0) != 0x80)
            return 0;
        return rows[i].n;
      }

  return 0;
}

/* A NUL would end a C string early: two readers would see two texts. */
static bool
utf8_valid (const uint8_t *text, size_t n)
{
  while (n > 0)
    {
      unsigned length = utf8_length (text, n);

      if (length == 0 || text[0] == 0)
        return false;
      text += length;
      n -= length;
    }
  return true;
}

static bool
float_finite (double value)
{
  uint64_t bits;

  memcpy (&bits, &value, sizeof bits);
  return ((bits >> 52) & 0x7ff) != 0x7ff;
}

/* One item checked without recursion: what each open level still expects. */
typedef struct
{
  uint64_t pending;
  size_t   last_key; /* of a map: where the previous key began, and */
  size_t   last_end; /* ended; 0: none yet */
  bool     is_map;
} level;

static bool
leaf_valid (const node_cbor_item *item)
{
  switch (item->kind)
    {
    case NODE_CBOR_TEXT:
      return utf8_valid (item->bytes, (size_t) item->number);
    case NODE_CBOR_FLOAT:
      return float_finite (item->real);
    case NODE_CBOR_SIMPLE:
      return item->number >= SIMPLE_FALSE && item->number <= SIMPLE_NULL;
    case NODE_CBOR_UINT:
    case NODE_CBOR_NEGATIVE:
    case NODE_CBOR_BYTES:
    case NODE_CBOR_ARRAY:
    case NODE_CBOR_MAP:
    case NODE_CBOR_TAG:
      return true;
    }
  return false;
}

static bool
key_kind (node_cbor_kind kind)
{
  return kind == NODE_CBOR_UINT || kind == NODE_CBOR_NEGATIVE ||
         kind == NODE_CBOR_TEXT;
}

static bool
key_ascends (const node_cbor_reader *r, level *top, size_t start)
{
  size_t n = r->at - start;
  size_t old_n = top->last_end - top->last_key;

  if (top->last_end > 0)
    {
      size_t common = n < old_n ? n : old_n;
      int    order = memcmp (r->data + top->last_key, r->data + start, common);

      if (order > 0 || (order == 0 && old_n >= n))
        return false;
    }

  top->last_key = start;
  top->last_end = r->at;
  return true;
}

bool
node_cbor_valid (const uint8_t *data, size_t length)
{
  node_cbor_reader r;
  level            stack[NODE_CBOR_DEPTH_MAX + 1] = { { 1, 0, 0, false } };
  unsigned         depth = 0;

  node_cbor_open (&r, data, length);

  for (;;)
    {
      node_cbor_item item;
      uint64_t       children;
      size_t         start = r.at;
      bool           is_key;

      while (stack[depth].pending == 0)
        {
          if (depth == 0)
            return r.at == length;
          depth--;
        }

      is_key = stack[depth].is_map && stack[depth].pending % 2 == 0;
      stack[depth].pending--;

      if (!node_cbor_next (&r, &item) || !leaf_valid (&item) ||
          !children_of (&r, &item, &children))
        return false;

      if (is_key &&
          (!key_kind (item.kind) || !key_ascends (&r, &stack[depth], start)))
        return false;

      if (item.kind == NODE_CBOR_ARRAY || item.kind == NODE_CBOR_MAP ||
          item.kind == NODE_CBOR_TAG)
        {
          if (depth == NODE_CBOR_DEPTH_MAX)
            return false;
          stack[++depth] =
              (level){ children, 0, 0, item.kind == NODE_CBOR_MAP };
        }
    }
}

static bool
find_key (const node_cbor_reader *r,
          const uint8_t          *key,
          size_t                  n,
          node_cbor_reader       *value)
{
  node_cbor_reader at = *r;
  uint64_t         pairs;

  if (!node_cbor_get_map (&at, &pairs))
    return false;

  for (; pairs > 0; pairs--)
    {
      size_t start = at.at;

      if (!node_cbor_skip (&at))
        return false;

      if (at.at - start == n && memcmp (at.data + start, key, n) == 0)
        {
          *value = at;
          return true;
        }

      if (!node_cbor_skip (&at))
        return false;
    }

  return false;
}

bool
node_cbor_find (const node_cbor_reader *r,
                const char             *key,
                node_cbor_reader       *value)
{
  uint8_t          encoded[72];
  node_cbor_writer w;

  node_cbor_begin (&w, encoded, sizeof encoded);
  node_cbor_put_text (&w, key);
  return !w.overflow && find_key (r, encoded, w.length, value);
}

bool
node_cbor_find_int (const node_cbor_reader *r,
                    int64_t                 key,
                    node_cbor_reader       *value)
{
  uint8_t          encoded[9];
  node_cbor_writer w;

  node_cbor_begin (&w, encoded, sizeof encoded);
  node_cbor_put_int (&w, key);
  return find_key (r, encoded, w.length, value);
}

static bool
get_kind (node_cbor_reader *r, node_cbor_kind kind, node_cbor_item *item)
{
  node_cbor_reader copy = *r;

  if (!node_cbor_next (&copy, item) || item->kind != kind)
    return false;
  *r = copy;
  return true;
}

bool
node_cbor_get_uint (node_cbor_reader *r, uint64_t *value)
{
  node_cbor_item item;

  if (!get_kind (r, NODE_CBOR_UINT, &item))
    return false;
  *value = item.number;
  return true;
}

bool
node_cbor_get_f64 (node_cbor_reader *r, double *value)
{
  node_cbor_item   item;
  node_cbor_reader copy = *r;

  if (!node_cbor_next (&copy, &item))
    return false;

  if (item.kind == NODE_CBOR_FLOAT)
    *value = item.real;
  else if (item.kind == NODE_CBOR_UINT)
    *value = (double) item.number;
  else if (item.kind == NODE_CBOR_NEGATIVE)
    *value = -1.0 - (double) item.number;
  else
    return false;

  *r = copy;
  return true;
}

bool
node_cbor_get_array (node_cbor_reader *r, uint64_t *n)
{
  node_cbor_item item;

  if (!get_kind (r, NODE_CBOR_ARRAY, &item))
    return false;
  *n = item.number;
  return true;
}

bool
node_cbor_get_map (node_cbor_reader *r, uint64_t *pairs)
{
  node_cbor_item item;

  if (!get_kind (r, NODE_CBOR_MAP, &item))
    return false;
  *pairs = item.number;
  return true;
}

bool
node_cbor_get_null (node_cbor_reader *r)
{
  node_cbor_item   item;
  node_cbor_reader copy = *r;

  if (!get_kind (&copy, NODE_CBOR_SIMPLE, &item) || item.number != SIMPLE_NULL)
    return false;
  *r = copy;
  return true;
}

bool
node_cbor_get_bytes (node_cbor_reader *r, const uint8_t **bytes, size_t *n)
{
  node_cbor_item item;

  if (!get_kind (r, NODE_CBOR_BYTES, &item))
    return false;
  *bytes = item.bytes;
  *n = (size_t) item.number;
  return true;
}

bool
node_cbor_get_text (node_cbor_reader *r, const char **text, size_t *n)
{
  node_cbor_item item;

  if (!get_kind (r, NODE_CBOR_TEXT, &item))
    return false;
  *text = (const char *) item.bytes;
  *n = (size_t) item.number;
  return true;
}

bool
node_cbor_copy_text (node_cbor_reader *r, char *out, size_t size)
{
  node_cbor_reader copy = *r;
  const char      *text;
  size_t           n;

  if (!node_cbor_get_text (&copy, &text, &n) || n == 0 || n >= size ||
      memchr (text, 0, n) != NULL)
    return false;

  memcpy (out, text, n);
  out[n] = '\0';
  *r = copy;
  return true;
}

bool
node_cbor_is_text (node_cbor_reader *r, const char *text)
{
  node_cbor_reader copy = *r;
  const char      *found;
  size_t           n;

  if (!node_cbor_get_text (&copy, &found, &n) || n != strlen (text) ||
      memcmp (found, text, n) != 0)
    return false;
  *r = copy;
  return true;
}
