/* SPDX-License-Identifier: Apache-2.0 */
/* twin-cbor-writer.h - deterministic CBOR (RFC 8949, 4.2.1)
 *
 * Integers and lengths in shortest form, map keys put in order when the map
 * is closed, whatever order they were written in; floats in the width asked
 * for. One thread at a time.
 */
#pragma once

#include "twin-wire.h"

G_BEGIN_DECLS

typedef struct _TwinCborWriter TwinCborWriter;

TwinCborWriter *twin_cbor_writer_new (void);
void            twin_cbor_writer_free (TwinCborWriter *self);
/* Frees the writer and returns what it wrote. */
GBytes *twin_cbor_writer_finish (TwinCborWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinCborWriter, twin_cbor_writer_free)

void twin_cbor_writer_uint (TwinCborWriter *self, uint64_t value);
void twin_cbor_writer_int (TwinCborWriter *self, int64_t value);
void twin_cbor_writer_float64 (TwinCborWriter *self, double value);
void twin_cbor_writer_float32 (TwinCborWriter *self, float value);
void twin_cbor_writer_bool (TwinCborWriter *self, gboolean value);
void twin_cbor_writer_null (TwinCborWriter *self);
void twin_cbor_writer_text (TwinCborWriter *self, const char *text);
void twin_cbor_writer_bytes (TwinCborWriter *self,
                             const uint8_t  *bytes,
                             size_t          size);
void twin_cbor_writer_tag (TwinCborWriter *self, uint64_t tag);
/* @elements items follow. */
void twin_cbor_writer_array (TwinCborWriter *self, size_t elements);
/* An item already encoded. */
void twin_cbor_writer_raw (TwinCborWriter *self,
                           const uint8_t  *item,
                           size_t          size);

/* Between begin and end, keys and values alternate; every key once. */
void twin_cbor_writer_begin_map (TwinCborWriter *self);
void twin_cbor_writer_end_map (TwinCborWriter *self);

/* Key and value in one. */
void twin_cbor_writer_put_uint (TwinCborWriter *self,
                                const char     *key,
                                uint64_t        value);
void twin_cbor_writer_put_float64 (TwinCborWriter *self,
                                   const char     *key,
                                   double          value);
void twin_cbor_writer_put_bool (TwinCborWriter *self,
                                const char     *key,
                                gboolean        value);
void twin_cbor_writer_put_text (TwinCborWriter *self,
                                const char     *key,
                                const char     *value);
void twin_cbor_writer_put_bytes (TwinCborWriter *self,
                                 const char     *key,
                                 const uint8_t  *bytes,
                                 size_t          size);

G_END_DECLS
