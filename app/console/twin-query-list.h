/* SPDX-License-Identifier: Apache-2.0 */
/* twin-query-list.h - saved queries, groups and examples, beside the table
 *
 * Main thread. Signals: "chosen" (name, query), "rename" (name),
 * "delete" (name), "edit-group" (name).
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_QUERY_LIST (twin_query_list_get_type ())
G_DECLARE_FINAL_TYPE (TwinQueryList,
                      twin_query_list,
                      TWIN,
                      QUERY_LIST,
                      GtkWidget)

GtkWidget *twin_query_list_new (void);

/* TwinSavedQueryItem and TwinGroupItem; borrowed. */
void twin_query_list_set_saved (TwinQueryList *self, GPtrArray *saved);
void twin_query_list_set_groups (TwinQueryList *self, GPtrArray *groups);

G_END_DECLS
