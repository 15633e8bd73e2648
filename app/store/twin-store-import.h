/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-import.h - a graph file into the store, all of it or nothing
 *
 * The one way in for files, of twinctl and of the console. Elements are
 * checked as they are read (twin-graph-reader.h) against the file's models and
 * the store's, and written in one transaction, which is one change; a file of
 * which one element is refused leaves nothing behind. The rest is checked all
 * the same, so that one run names everything that is wrong.
 *
 * Memory does not grow with the file but by about 30 bytes for each twin and
 * relationship (what is known of their ids). Thread: that of the handle; a
 * second one reads and checks meanwhile.
 */
#pragma once

#include "twin-graph-reader.h"
#include "twin-store.h"

G_BEGIN_DECLS

/* Refusals that are told one by one; further ones are counted. */
#define TWIN_STORE_IMPORT_MOST_REFUSED 1000

typedef struct
{
  const char *place;  /* "line 17" or a JSON pointer */
  const char *id;     /* or NULL */
  const char *reason; /* a sentence */
} TwinStoreRefusal;

typedef struct
{
  guint64 bytes; /* of the file */
  guint64 models, twins, relationships;
  guint64 refused; /* all of them */
} TwinStoreImportCounts;

typedef struct
{
  const char   *name; /* the file, for messages and the change's text */
  TwinGraphRead read; /* called in another thread */
  void         *read_data;
  const char   *who; /* NULL: the engine */
  int64_t       now_us;

  /* Either may be NULL. Both are called in the thread of the handle. */
  void (*refused) (const TwinStoreRefusal *refusal, void *data);
  void (*progress) (const TwinStoreImportCounts *counts, void *data);
  void *data;
} TwinStoreImport;

/**
 * twin_store_import:
 * @counts: what the file holds; filled on failure, too, as far as it was read
 *
 * Fails with TWIN_TWIN_ERROR_INVALID when anything was refused; with that of
 * the read function; with TWIN_STORE_ERROR when the store cannot take it. In a
 * transaction that is open on the handle nothing may be imported.
 */
gboolean twin_store_import (TwinStore             *self,
                            const TwinStoreImport *import,
                            TwinStoreImportCounts *counts,
                            GError               **error);

G_END_DECLS
