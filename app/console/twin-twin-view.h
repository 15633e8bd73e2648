/* SPDX-License-Identifier: Apache-2.0 */
/* twin-twin-view.h - a twin as the graph has it: properties, neighbours, life,
 * tags, history
 *
 * Main thread. twin_twin_view_refresh() reads it anew; what has not changed
 * stays as it is, so calling it every second is cheap.
 */
#pragma once

#include "twin-live-graph.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_TWIN_VIEW (twin_twin_view_get_type ())
G_DECLARE_FINAL_TYPE (TwinTwinView, twin_twin_view, TWIN, TWIN_VIEW, GtkWidget)

GtkWidget *twin_twin_view_new (void);

/* @id NULL: nothing. */
void twin_twin_view_set_twin (TwinTwinView    *self,
                              TwinLiveSession *session,
                              const char      *id);
void twin_twin_view_refresh (TwinTwinView *self);

G_END_DECLS
