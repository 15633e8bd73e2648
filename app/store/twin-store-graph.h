/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-graph.h - models, twins and relationships
 *
 * Tables that app/query compiles its SELECTs over (stable names):
 *   model (dtmi, json, created_us, updated_us, change)
 *   twin (id, model, display_name, lifecycle, props, etag, created_us,
 *         updated_us, change, tags)              props: JSON object, JSON1
 *   relationship (source, id, name, target, props, etag, updated_us, change)
 * with unique twin.id, index twin(model), relationship(source, name, target)
 * and relationship(target, name, source). Deleting is by the caller's rules:
 * the store refuses to delete a twin that still has relationships.
 *
 * Every put and delete is part of a change (twin-store-changes.h); one that
 * brings nothing new leaves row, etag and time as they are.
 *
 * Thread: that of the handle. Bumps TWIN_STORE_TOPIC_GRAPH.
 */
#pragma once

#include "twin-store-rows.h"
#include "twin-store.h"

G_BEGIN_DECLS

/* Inserts. The same DTMI with other content replaces one that no twin uses;
 * EXISTS while twins do: a model never changes, its next version is a DTMI of
 * its own. */
gboolean twin_store_put_model (TwinStore            *self,
                               const TwinStoreModel *row,
                               GError              **error);
/* The same, for who insists: twins that use it are not looked at. */
gboolean twin_store_replace_model (TwinStore            *self,
                                   const TwinStoreModel *row,
                                   GError              **error);

/* Fails with NOT_FOUND, or EXISTS while twins still use it. */
gboolean twin_store_delete_model (TwinStore  *self,
                                  const char *dtmi,
                                  GError    **error);

/**
 * twin_store_put_twin:
 * @row: its etag is the new one; NULL: the store draws one
 * @if_etag: NULL: whatever is there; "": only if there is none (else EXISTS);
 *           otherwise the etag that must be there (else CHANGED)
 */
gboolean twin_store_put_twin (TwinStore           *self,
                              const TwinStoreTwin *row,
                              const char          *if_etag,
                              GError             **error);
/* @if_etag: NULL, or the etag that must be there (else CHANGED), as of all
 * below. EXISTS while it has relationships. */
gboolean twin_store_delete_twin (TwinStore  *self,
                                 const char *id,
                                 const char *if_etag,
                                 GError    **error);

/* As twin_store_put_twin(). That its ends are there, and what the models say,
 * is the caller's to check, inside the same transaction. */
gboolean twin_store_put_relationship (TwinStore                   *self,
                                      const TwinStoreRelationship *row,
                                      const char                  *if_etag,
                                      GError                     **error);
gboolean twin_store_delete_relationship (TwinStore  *self,
                                         const char *source,
                                         const char *id,
                                         const char *if_etag,
                                         GError    **error);

G_END_DECLS
