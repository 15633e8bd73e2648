/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-reader-private.h - inside of a reader, for the store's own files
 */
#pragma once

#include "twin-store-db.h"
#include "twin-store-reader.h"

G_BEGIN_DECLS

struct _TwinStoreReader
{
  TwinStoreDb sql;
  /* twin-store-functions.c; the connection's, NULL before the first use */
  void *functions;
  /* statements that queries left, in a ring */
  sqlite3_stmt *kept[16];
  guint         next_kept;
  /* what a query worked out of the models, and the graph's version then */
  void          *models;
  GDestroyNotify free_models;
  int64_t        models_version;
};

G_END_DECLS
