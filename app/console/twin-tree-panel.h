/* SPDX-License-Identifier: Apache-2.0 */
/* twin-tree-panel.h - the plant as a tree, with filter and states
 *
 * Words filter as they are typed, a query (SELECT …) when Enter is pressed;
 * saved queries and groups stand below.
 *
 * Main thread only. Activating a row activates win.show-item with its id.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-session.h"

G_BEGIN_DECLS

#define TWIN_TYPE_TREE_PANEL (twin_tree_panel_get_type ())
G_DECLARE_FINAL_TYPE (TwinTreePanel,
                      twin_tree_panel,
                      TWIN,
                      TREE_PANEL,
                      GtkWidget)

GtkWidget *twin_tree_panel_new (void);
void       twin_tree_panel_set_session (TwinTreePanel   *self,
                                        TwinLiveSession *session);

/* Selects the row of @id, opening what hides it; activates nothing. */
void twin_tree_panel_select (TwinTreePanel *self, const char *id);

/* Puts the keyboard into the filter. */
void twin_tree_panel_focus_filter (TwinTreePanel *self);

G_END_DECLS
