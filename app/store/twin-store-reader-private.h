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
};

G_END_DECLS
