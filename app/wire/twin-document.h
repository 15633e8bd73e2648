/* SPDX-License-Identifier: Apache-2.0 */
/* twin-document.h - desired and reported properties
 *
 * Pure; any thread; a parsed document is never changed again.
 */
#pragma once

#include "twin-key.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  uint64_t  version;    /* ≥ 1, ≤ INT64_MAX */
  uint64_t  base;       /* the version its writer saw */
  JsonNode *properties; /* an object */
} TwinDesiredDocument;

TwinDesiredDocument *twin_desired_document_parse (const uint8_t *data,
                                                  size_t         size,
                                                  GError       **error);
void                 twin_desired_document_free (TwinDesiredDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinDesiredDocument, twin_desired_document_free)

/* The payload to sign; its SHA-256 is what the node reports as digest. Fails
 * (SIZE, CONTENT) when the properties cannot be said in CBOR or pass 32 KiB. */
GBytes *twin_desired_document_build (const TwinDesiredDocument *document,
                                     GError                   **error);

typedef struct
{
  char *path;
  char *reason;
} TwinRefusal;

typedef struct
{
  uint64_t     version; /* of the desired document applied, 0: none yet */
  gboolean     has_digest;
  uint8_t      digest[TWIN_DIGEST_SIZE];
  uint32_t     epoch;
  double       up;
  int64_t      time_us;    /* UTC, or TWIN_TIME_NONE */
  JsonNode    *properties; /* an object */
  size_t       n_refused;
  TwinRefusal *refused;
} TwinReported;

/* @data: the payload of a TwinSigned. */
TwinReported *twin_reported_parse (const uint8_t *data,
                                   size_t         size,
                                   GError       **error);
void          twin_reported_free (TwinReported *reported);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinReported, twin_reported_free)

G_END_DECLS
