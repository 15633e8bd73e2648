/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-export.h - the store's graph out into a file
 *
 * As one consistent state, by id, a page of rows at a time: memory does not
 * grow with the graph. Etags stay behind, they are this store's. Thread: that
 * of the reader.
 */
#pragma once

#include "twin-graph-writer.h"
#include "twin-store-reader.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 models, twins, relationships;
} TwinStoreExportCounts;

/* Everything, and the file's end. Fails with that of the reader or of the
 * writer. */
gboolean twin_store_reader_export (TwinStoreReader       *self,
                                   TwinGraphWriter       *writer,
                                   TwinStoreExportCounts *counts,
                                   GError               **error);

G_END_DECLS
