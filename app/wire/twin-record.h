/* SPDX-License-Identifier: Apache-2.0 */
/* twin-record.h - one record: a SenML-CBOR pack with one identity
 *
 * Carried by telemetry and event. Pure; any thread; a parsed record is never
 * changed again.
 */
#pragma once

#include "twin-wire.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_VALUE_NUMBER,
  TWIN_VALUE_STRING,
  TWIN_VALUE_BOOL,
  TWIN_VALUE_BAD, /* the node says it has no value (q 2) */
} TwinValueKind;

enum
{
  TWIN_RECORD_GOOD = 0,
  TWIN_RECORD_UNCERTAIN = 1,
  TWIN_RECORD_BAD = 2,
};

typedef struct
{
  const char   *name; /* base name + name; SenML's characters, 1…128 bytes */
  const char   *unit; /* SenML unit, or NULL */
  TwinValueKind kind;
  double        number;  /* finite; 0 unless kind is NUMBER */
  const char   *string;  /* UTF-8; NULL unless kind is STRING */
  gboolean      boolean; /* FALSE unless kind is BOOL */
  int64_t       time_us; /* UTC, or TWIN_TIME_NONE from a node without time */
  uint8_t       q;       /* TWIN_RECORD_… */
} TwinRecordEntry;

typedef struct
{
  TwinIdentity     identity;
  double           up;      /* seconds since the node booted, ≥ 0 */
  int64_t          time_us; /* base time, or TWIN_TIME_NONE */
  size_t           n_entries;
  TwinRecordEntry *entries;
  char            *text; /* owns every string above */
} TwinRecord;

/* Returns NULL and sets @error (SIZE, SYNTAX, FORM, CONTENT). */
TwinRecord *twin_record_parse (const uint8_t *data,
                               size_t         size,
                               GError       **error);
void        twin_record_free (TwinRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinRecord, twin_record_free)

/* The identity alone, also of a record whose values break a rule; so that
 * what can never be read is kept as unreadable, not asked for for ever. FALSE
 * when not even that can be read. */
gboolean twin_record_read_identity (const uint8_t *data,
                                    size_t         size,
                                    TwinIdentity  *identity);

/* The payload a node would send (tests, benches, adapters of foreign
 * dialects): values as binary32 where they fit, base time from @time_us, the
 * entries' times relative to it. @record->text is not looked at. */
GBytes *twin_record_build (const TwinRecord *record);

G_END_DECLS
