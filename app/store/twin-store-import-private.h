/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-import-private.h - between the two halves of an import
 *
 * The checker reads and checks in a thread of its own and hands over batches
 * of rows and refusals; the writer, in the thread of the handle, writes the
 * rows and hands the batches back. There are only so many batches, so neither
 * runs ahead of the other.
 */
#pragma once

#include "twin-queue.h"
#include "twin-store-import.h"
#include "twin-store-reader.h"

G_BEGIN_DECLS

enum
{
  TWIN_STORE_IMPORT_BATCHES = 4,
  TWIN_STORE_IMPORT_BATCH_ITEMS = 512,
  TWIN_STORE_IMPORT_BATCH_BYTES = 1024 * 1024,
};

typedef enum
{
  TWIN_STORE_IMPORT_MODEL,
  TWIN_STORE_IMPORT_TWIN,
  TWIN_STORE_IMPORT_RELATIONSHIP,
  TWIN_STORE_IMPORT_REFUSAL,
} TwinStoreImportKind;

typedef struct
{
  TwinStoreImportKind kind;
  union
  {
    TwinStoreModel        model;
    TwinStoreTwin         twin;
    TwinStoreRelationship relationship;
    TwinStoreRefusal      refusal;
  };
} TwinStoreImportItem;

/* Finished when it is handed over. */
typedef struct
{
  GStringChunk *texts; /* of the items */
  gsize         n_bytes;
  GArray       *items;  /* TwinStoreImportItem */
  guint64       offset; /* of the file, behind its last item */
} TwinStoreImportBatch;

typedef struct
{
  const TwinStoreImport *import;
  TwinStoreReader       *reader;  /* what was there before */
  TwinQueue             *empty;   /* closed by the writer: stop */
  TwinQueue             *full;    /* closed by the checker: that was all */
  GError                *failure; /* of reading; the checker's until joined */
} TwinStoreImportLine;

/* The checker's thread: @data is a TwinStoreImportLine. */
void twin_store_import_check (void *data);

G_END_DECLS
