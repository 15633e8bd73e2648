/* SPDX-License-Identifier: Apache-2.0 */
/* twin-history-list.h - who changed a twin, when, and what; undone from here
 *
 * Main thread. A row opened shows what differs before and after, read then.
 *
 * Signals: "edited" () after an undo, "show-at" (int64 time_us): as it was
 * just before a change.
 */
#pragma once

#include "twin-live-graph.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_HISTORY_LIST (twin_history_list_get_type ())
G_DECLARE_FINAL_TYPE (TwinHistoryList,
                      twin_history_list,
                      TWIN,
                      HISTORY_LIST,
                      GtkWidget)

GtkWidget *twin_history_list_new (void);

/* Changes of @twin; NULL: none. The same again reads the list anew. */
void twin_history_list_set_twin (TwinHistoryList *self,
                                 TwinLiveSession *session,
                                 const char      *twin);

G_END_DECLS
