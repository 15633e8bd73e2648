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
};

G_END_DECLS
