/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-chunk.h - samples of one signal packed into bytes (inside the
 * store)
 *
 * Times as differences of differences, values as the bits that changed since
 * the sample before (binary32 where every value is one), flags run-length.
 * Pure functions, any thread. The decoder believes nothing: it is given files
 * that may be damaged.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

enum
{
  TWIN_CHUNK_MAX_SAMPLES = 4096,
};

typedef struct
{
  int64_t  time_us;
  double   value; /* NaN: bad */
  uint32_t signal;
  uint32_t flags; /* below 256 */
} TwinStoreSample;

/* @n: 1 to TWIN_CHUNK_MAX_SAMPLES, in order of time. */
GByteArray *twin_store_chunk_encode (const TwinStoreSample *samples, size_t n);

/* Appends to @samples (of TwinStoreSample) with @signal filled in; FALSE when
 * the bytes are no chunk, nothing appended then. */
gboolean twin_store_chunk_decode (const uint8_t *bytes,
                                  size_t         size,
                                  uint32_t       signal,
                                  GArray        *samples);

/* The fixed-width form of the tail: what a commit adds, unsorted. */
enum
{
  TWIN_CHUNK_RAW_SIZE = 21,
};
void twin_store_chunk_append_raw (GByteArray            *bytes,
                                  const TwinStoreSample *sample);
/* Appends those of @signal, or all when it is 0. */
gboolean twin_store_chunk_parse_raw (const uint8_t *bytes,
                                     size_t         size,
                                     uint32_t       signal,
                                     GArray        *samples);

G_END_DECLS
