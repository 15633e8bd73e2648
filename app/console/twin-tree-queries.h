/* SPDX-License-Identifier: Apache-2.0 */
/* twin-tree-queries.h - saved queries and groups below the tree: each keeps of
 * the tree what it finds
 *
 * Main thread. At most 10,000 twins are kept; of more the tree says so.
 *
 * Signal "changed": twin_tree_queries_get_members() is new.
 */
#pragma once

#include "twin-live-graph.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_TREE_QUERIES (twin_tree_queries_get_type ())
G_DECLARE_FINAL_TYPE (TwinTreeQueries,
                      twin_tree_queries,
                      TWIN,
                      TREE_QUERIES,
                      GtkWidget)

GtkWidget *twin_tree_queries_new (void);
void       twin_tree_queries_set_session (TwinTreeQueries *self,
                                          TwinLiveSession *session);

/* Filters by @query; @name is what stands on the pill that takes it away. */
void twin_tree_queries_ask (TwinTreeQueries *self,
                            const char      *name,
                            const char      *query);
void twin_tree_queries_clear (TwinTreeQueries *self);

/* Set of ids; NULL: no filter. Borrowed until "changed". */
GHashTable *twin_tree_queries_get_members (TwinTreeQueries *self);

G_END_DECLS
