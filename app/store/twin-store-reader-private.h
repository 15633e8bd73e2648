/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-reader-private.h - inside of a reader, for the store's own files
 */
#pragma once

#include "twin-sql.h"
#include "twin-store-reader.h"

G_BEGIN_DECLS

struct _TwinStoreReader
{
  TwinSql sql;
};

G_END_DECLS
