/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-delta.h - what of the graph changed since a change of the journal
 *
 * For whoever keeps the graph in memory: a reader's one consistent state, in
 * time that depends on what changed, not on how much there is. Thread: that of
 * the reader.
 */
#pragma once

#include "twin-store-reader.h"

G_BEGIN_DECLS

typedef struct
{
  int64_t    change;        /* the newest that is in here; give it next time */
  GPtrArray *models;        /* TwinStoreModel: written since */
  GPtrArray *twins;         /* TwinStoreTwin; in no order, as the rest */
  GPtrArray *relationships; /* TwinStoreRelationship */
  GPtrArray *gone_models;   /* char *: DTMIs no longer there */
  GPtrArray *gone_twins;    /* char *; one may come twice, as of the next */
  GPtrArray *gone_relationships; /* TwinStoreRelationship: source and id */
} TwinStoreDelta;

/* @since: a change, or below 0: all there is. */
TwinStoreDelta *twin_store_reader_load_delta (TwinStoreReader *self,
                                              int64_t          since,
                                              GError         **error);
void            twin_store_delta_free (TwinStoreDelta *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreDelta, twin_store_delta_free)

G_END_DECLS
