/* SPDX-License-Identifier: Apache-2.0 */
/* twin-fields.h - a map of named fields read into a struct
 *
 * Inside this folder only. Unknown keys are skipped; a field that must be
 * there and is not, or is something else, is a CONTENT error that names it.
 */
#pragma once

#include "twin-cbor-reader.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_FIELD_TEXT,   /* char *, min … max bytes */
  TWIN_FIELD_U64,    /* uint64_t, ≤ INT64_MAX */
  TWIN_FIELD_U32,    /* uint32_t */
  TWIN_FIELD_NUMBER, /* double, finite */
  TWIN_FIELD_BOOL,   /* gboolean */
  TWIN_FIELD_BYTES,  /* max bytes in place */
  TWIN_FIELD_TIME,   /* int64_t, UTC µs from seconds; 1970 to 2200 */
  TWIN_FIELD_OTHER,  /* read by the function */
} TwinFieldKind;

typedef struct
{
  const char   *key;
  TwinFieldKind kind;
  size_t        offset; /* in the struct */
  size_t        max;
  size_t        min;
  gboolean      optional;
  /* @target is the whole struct. */
  gboolean (*read) (TwinCborReader *reader, void *target, GError **error);
} TwinField;

/* At most 32 fields. */
gboolean twin_fields_read (TwinCborReader  *reader,
                           const char      *what,
                           const TwinField *fields,
                           size_t           n,
                           void            *target,
                           GError         **error);

/* FALSE, with a CONTENT error. */
gboolean twin_fields_refuse (GError **error, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

/* Checks a whole payload (deterministic) and reads it as one map. */
gboolean twin_fields_read_payload (const uint8_t   *data,
                                   size_t           size,
                                   const char      *what,
                                   const TwinField *fields,
                                   size_t           n,
                                   void            *target,
                                   GError         **error);

/* An array of maps: allocates zeroed elements into *@array and sets *@n at
 * once, so that the owner's free function frees what was read on failure. */
gboolean twin_fields_read_array (TwinCborReader  *reader,
                                 const char      *what,
                                 const TwinField *fields,
                                 size_t           n_fields,
                                 size_t           element_size,
                                 void           **array,
                                 size_t          *n,
                                 GError         **error);

/* Seconds to UTC µs; FALSE beyond 1970 to 2200. */
gboolean twin_fields_time (double seconds, int64_t *us);

/* 'x', 'y' or 'z'. */
gboolean twin_fields_read_axis (TwinCborReader *reader,
                                char           *axis,
                                GError        **error);

/* Which of @words the next text is. */
gboolean twin_fields_read_word (TwinCborReader    *reader,
                                const char        *what,
                                const char *const *words,
                                size_t             n,
                                unsigned          *index,
                                GError           **error);

G_END_DECLS
