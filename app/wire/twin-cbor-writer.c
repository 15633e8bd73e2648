/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-cbor-writer.h"

#include "twin-cbor-reader.h"

#include <cbor.h>
#include <math.h>
#include <string.h>

struct _TwinCborWriter
{
  GByteArray *bytes;
  GArray     *maps; /* size_t: where each open map's first key begins */
};

TwinCborWriter *
twin_cbor_writer_new (void)
{
  TwinCborWriter *self = g_new0 (TwinCborWriter, 1);

  self->bytes = g_byte_array_new ();
  self->maps = g_array_new (FALSE, FALSE, sizeof (size_t));
  return self;
}

void
twin_cbor_writer_free (TwinCborWriter *self)
{
  if (self == NULL)
    return;

  g_byte_array_unref (self->bytes);
  g_array_unref (self->maps);
  g_free (self);
}

GBytes *
twin_cbor_writer_finish (TwinCborWriter *self)
{
  GBytes *bytes;

  g_return_val_if_fail (self->maps->len == 0, NULL);

  bytes = g_byte_array_free_to_bytes (self->bytes);
  g_array_unref (self->maps);
  g_free (self);
  return bytes;
}

static void
append (TwinCborWriter *self, const void *data, size_t size)
{
  if (size > 0)
    g_byte_array_append (self->bytes, data, size);
}

void
twin_cbor_writer_uint (TwinCborWriter *self, uint64_t value)
{
  uint8_t head[9];

  append (self, head, cbor_encode_uint (value, head, sizeof head));
}

void
twin_cbor_writer_int (TwinCborWriter *self, int64_t value)
{
  uint8_t head[9];

  if (value >= 0)
    twin_cbor_writer_uint (self, value);
  else
    append (self, head,
            cbor_encode_negint ((uint64_t) - (value + 1), head, sizeof head));
}

void
twin_cbor_writer_float64 (TwinCborWriter *self, double value)
{
  uint8_t head[9];

  g_return_if_fail (isfinite (value));
  append (self, head, cbor_encode_double (value, head, sizeof head));
}

void
twin_cbor_writer_float32 (TwinCborWriter *self, float value)
{
  uint8_t head[5];

  g_return_if_fail (isfinite (value));
  append (self, head, cbor_encode_single (value, head, sizeof head));
}

void
twin_cbor_writer_bool (TwinCborWriter *self, gboolean value)
{
  uint8_t head[1];

  append (self, head, cbor_encode_bool (value, head, sizeof head));
}

void
twin_cbor_writer_null (TwinCborWriter *self)
{
  uint8_t head[1];

  append (self, head, cbor_encode_null (head, sizeof head));
}

void
twin_cbor_writer_text (TwinCborWriter *self, const char *text)
{
  const size_t size = strlen (text);
  uint8_t      head[9];

  append (self, head, cbor_encode_string_start (size, head, sizeof head));
  append (self, text, size);
}

void
twin_cbor_writer_bytes (TwinCborWriter *self, const uint8_t *bytes, size_t size)
{
  uint8_t head[9];

  append (self, head, cbor_encode_bytestring_start (size, head, sizeof head));
  append (self, bytes, size);
}

void
twin_cbor_writer_tag (TwinCborWriter *self, uint64_t tag)
{
  uint8_t head[9];

  append (self, head, cbor_encode_tag (tag, head, sizeof head));
}

void
twin_cbor_writer_array (TwinCborWriter *self, size_t elements)
{
  uint8_t head[9];

  append (self, head, cbor_encode_array_start (elements, head, sizeof head));
}

void
twin_cbor_writer_raw (TwinCborWriter *self, const uint8_t *item, size_t size)
{
  append (self, item, size);
}

void
twin_cbor_writer_begin_map (TwinCborWriter *self)
{
  const size_t start = self->bytes->len;

  g_array_append_val (self->maps, start);
}

/* One pair of a map as it lies in the bytes. */
typedef struct
{
  const uint8_t *key;
  size_t         key_size;
  size_t         size; /* key and value */
} Pair;

static int
compare_pairs (const void *a, const void *b)
{
  const Pair  *pa = a, *pb = b;
  const size_t shorter = MIN (pa->key_size, pb->key_size);
  const int    order = memcmp (pa->key, pb->key, shorter);

  if (order != 0)
    return order;
  return pa->key_size < pb->key_size ? -1 : pa->key_size > pb->key_size;
}

static GArray *
find_pairs (const uint8_t *data, size_t size)
{
  GArray        *pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  TwinCborReader reader;

  twin_cbor_reader_init (&reader, data, size);
  while (reader.position < size)
    {
      const size_t   start = reader.position;
      Pair           pair = { .key = data + start };
      const gboolean key_there = twin_cbor_reader_skip (&reader, NULL);

      pair.key_size = reader.position - start;
      if (!key_there || !twin_cbor_reader_skip (&reader, NULL))
        g_error ("A map was written with a key that has no value");
      pair.size = reader.position - start;
      g_array_append_val (pairs, pair);
    }

  return pairs;
}

void
twin_cbor_writer_end_map (TwinCborWriter *self)
{
  g_autoptr (GArray) pairs = NULL;
  g_autofree uint8_t *content = NULL;
  size_t              start, size;
  uint8_t             head[9];

  g_return_if_fail (self->maps->len > 0);

  start = g_array_index (self->maps, size_t, self->maps->len - 1);
  size = self->bytes->len - start;
  g_array_set_size (self->maps, self->maps->len - 1);

  content = g_memdup2 (self->bytes->data + start, size);
  pairs = find_pairs (content, size);
  g_array_sort (pairs, compare_pairs);

  g_byte_array_set_size (self->bytes, start);
  append (self, head, cbor_encode_map_start (pairs->len, head, sizeof head));
  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);

      append (self, pair->key, pair->size);
    }
}

void
twin_cbor_writer_put_uint (TwinCborWriter *self,
                           const char     *key,
                           uint64_t        value)
{
  twin_cbor_writer_text (self, key);
  twin_cbor_writer_uint (self, value);
}

void
twin_cbor_writer_put_float64 (TwinCborWriter *self,
                              const char     *key,
                              double          value)
{
  twin_cbor_writer_text (self, key);
  twin_cbor_writer_float64 (self, value);
}

void
twin_cbor_writer_put_bool (TwinCborWriter *self,
                           const char     *key,
                           gboolean        value)
{
  twin_cbor_writer_text (self, key);
  twin_cbor_writer_bool (self, value);
}

void
twin_cbor_writer_put_text (TwinCborWriter *self,
                           const char     *key,
                           const char     *value)
{
  twin_cbor_writer_text (self, key);
  twin_cbor_writer_text (self, value);
}

void
twin_cbor_writer_put_bytes (TwinCborWriter *self,
                            const char     *key,
                            const uint8_t  *bytes,
                            size_t          size)
{
  twin_cbor_writer_text (self, key);
  twin_cbor_writer_bytes (self, bytes, size);
}
