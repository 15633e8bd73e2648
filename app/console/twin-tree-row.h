/* SPDX-License-Identifier: Apache-2.0 */
/* twin-tree-row.h - one row of the tree: state, name, and what matters of it
 *
 * Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-item.h"

G_BEGIN_DECLS

#define TWIN_TYPE_TREE_ROW (twin_tree_row_get_type ())
G_DECLARE_FINAL_TYPE (TwinTreeRow, twin_tree_row, TWIN, TREE_ROW, GtkWidget)

GtkWidget *twin_tree_row_new (void);
void       twin_tree_row_set_item (TwinTreeRow *self, TwinLiveItem *item);

/* Ages move on without an update. */
void twin_tree_row_refresh (TwinTreeRow *self);

G_END_DECLS
