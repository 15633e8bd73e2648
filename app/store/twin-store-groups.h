/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-groups.h - groups of twins and saved queries
 *
 * A group is a fixed list of twins, or what a query selects at the moment; its
 * tier says how closely its machines are watched. Neither is checked against
 * the graph here: who runs queries does that.
 *
 * Thread: that of the handle. Groups bump TWIN_STORE_TOPIC_GRAPH, saved
 * queries TWIN_STORE_TOPIC_SETTINGS.
 */
#pragma once

#include "twin-store-reader.h"

G_BEGIN_DECLS

/* Inserts, or replaces the one of that name. WRITE where the row is not what
 * TwinStoreGroup says: name, exactly one of query and members, tier; and
 * members other than an array of twin ids. */
gboolean twin_store_put_group (TwinStore            *self,
                               const TwinStoreGroup *row,
                               int64_t               now_us,
                               GError              **error);
gboolean twin_store_delete_group (TwinStore  *self,
                                  const char *name,
                                  GError    **error);

gboolean twin_store_put_saved_query (TwinStore                 *self,
                                     const TwinStoreSavedQuery *row,
                                     int64_t                    now_us,
                                     GError                   **error);
gboolean twin_store_delete_saved_query (TwinStore  *self,
                                        const char *name,
                                        GError    **error);

/* char *: the ids of a listed group, as listed; none for one with a query.
 * FORMAT when the row was spoilt. Any thread; caller unrefs. */
GPtrArray *twin_store_group_list_members (const TwinStoreGroup *row,
                                          GError              **error);

/* By name. */
GPtrArray      *twin_store_reader_list_groups (TwinStoreReader *self,
                                               GError         **error);
TwinStoreGroup *twin_store_reader_get_group (TwinStoreReader *self,
                                             const char      *name,
                                             GError         **error);
GPtrArray      *twin_store_reader_list_saved_queries (TwinStoreReader *self,
                                                      GError         **error);
TwinStoreSavedQuery *twin_store_reader_get_saved_query (TwinStoreReader *self,
                                                        const char      *name,
                                                        GError         **error);

G_END_DECLS
