/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-seal.h - a shard's tail into chunks and roll-ups (inside the
 * store) */
#pragma once

#include "twin-store-db.h"

G_BEGIN_DECLS

/* The chunk of a signal that ends last: what new samples are joined to. */
typedef struct
{
  gboolean known;
  int64_t  id, t0, t1; /* n = 0: there is none */
  int64_t  n;
} TwinStoreSealNewest;

/* Inside a transaction. @newest: TwinStoreSealNewest by signal, kept between
 * calls; to be emptied when the transaction does not commit. */
gboolean twin_store_seal_shard (TwinStoreDb *sql,
                                guint        shard,
                                GArray      *newest,
                                GError     **error);

G_END_DECLS
