/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-ids.h - which ids a file has had, in few bytes each
 *
 * Holds 128-bit fingerprints (SipHash with a key drawn for each set) instead
 * of the ids, each with a number. Two ids of ten million meet by chance once
 * in 10^24 sets, and nobody can make them meet without the key. One thread;
 * inside the store.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct _TwinStoreIds TwinStoreIds;

TwinStoreIds *twin_store_ids_new (void);
void          twin_store_ids_free (TwinStoreIds *self);

/* An id is one string or two ("" for @more). FALSE: it was there; its number
 * stays. */
gboolean twin_store_ids_add (TwinStoreIds *self,
                             const char   *id,
                             const char   *more,
                             guint32       number);
gboolean twin_store_ids_find (TwinStoreIds *self,
                              const char   *id,
                              const char   *more,
                              guint32      *number);
size_t   twin_store_ids_count (const TwinStoreIds *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreIds, twin_store_ids_free)

G_END_DECLS
