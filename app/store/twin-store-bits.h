/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-bits.h - bits and variable-length numbers in bytes (inside the
 * store)
 *
 * Bits are written most significant first. The reader never passes its end:
 * it returns zeroes and remembers that it failed.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct
{
  GByteArray *bytes;
  uint64_t    pending; /* low @n bits are not written yet */
  unsigned    n;
} TwinStoreBitWriter;

/* @n: 0 to 64 low bits of @value. */
void twin_store_bits_put (TwinStoreBitWriter *self, uint64_t value, unsigned n);
void twin_store_bits_flush (TwinStoreBitWriter *self);

typedef struct
{
  const uint8_t *bytes;
  size_t         size; /* bytes */
  size_t         at;   /* bit */
  gboolean       failed;
} TwinStoreBitReader;

uint64_t twin_store_bits_get (TwinStoreBitReader *self, unsigned n);

void twin_store_varint_put (GByteArray *bytes, uint64_t value);
void twin_store_varint_put_signed (GByteArray *bytes, int64_t value);
/* From byte @*at on; FALSE at the end or when longer than 10 bytes. */
gboolean twin_store_varint_get (const uint8_t *bytes,
                                size_t         size,
                                size_t        *at,
                                uint64_t      *value);
gboolean twin_store_varint_get_signed (const uint8_t *bytes,
                                       size_t         size,
                                       size_t        *at,
                                       int64_t       *value);

G_END_DECLS
