/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-bits.h"

static void
put_byte (GByteArray *bytes, uint8_t byte)
{
  g_byte_array_append (bytes, &byte, 1);
}

void
twin_store_bits_put (TwinStoreBitWriter *self, uint64_t value, unsigned n)
{
  while (n > 0)
    {
      const unsigned take = MIN (n, 8 - self->n);

      self->pending =
          self->pending << take | ((value >> (n - take)) & ((1u << take) - 1));
      self->n += take;
      n -= take;
      if (self->n == 8)
        {
          put_byte (self->bytes, self->pending & 0xff);
          self->pending = 0;
          self->n = 0;
        }
    }
}

void
twin_store_bits_flush (TwinStoreBitWriter *self)
{
  if (self->n > 0)
    twin_store_bits_put (self, 0, 8 - self->n);
}

uint64_t
twin_store_bits_get (TwinStoreBitReader *self, unsigned n)
{
  uint64_t value = 0;

  if (n > self->size * 8 - self->at)
    {
      self->failed = TRUE;
      self->at = self->size * 8;
      return 0;
    }

  while (n > 0)
    {
      const unsigned offset = self->at % 8;
      const unsigned take = MIN (n, 8 - offset);
      const uint8_t  byte = self->bytes[self->at / 8];

      value =
          value << take | ((byte >> (8 - offset - take)) & ((1u << take) - 1));
      self->at += take;
      n -= take;
    }
  return value;
}

void
twin_store_varint_put (GByteArray *bytes, uint64_t value)
{
  while (value >= 0x80)
    {
      put_byte (bytes, 0x80 | (value & 0x7f));
      value >>= 7;
    }
  put_byte (bytes, value);
}

void
twin_store_varint_put_signed (GByteArray *bytes, int64_t value)
{
  twin_store_varint_put (bytes,
                         (uint64_t) value << 1 ^ (value < 0 ? ~0ULL : 0));
}

gboolean
twin_store_varint_get (const uint8_t *bytes,
                       size_t         size,
                       size_t        *at,
                       uint64_t      *value)
{
  *value = 0;
  for (unsigned shift = 0; shift < 64 && *at < size; shift += 7)
    {
      const uint8_t byte = bytes[(*at)++];

      *value |= (uint64_t) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
twin_store_varint_get_signed (const uint8_t *bytes,
                              size_t         size,
                              size_t        *at,
                              int64_t       *value)
{
  uint64_t coded;

  if (!twin_store_varint_get (bytes, size, at, &coded))
    return FALSE;
  *value = (int64_t) (coded >> 1 ^ ((coded & 1) != 0 ? ~0ULL : 0));
  return TRUE;
}
