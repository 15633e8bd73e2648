/* SPDX-License-Identifier: Apache-2.0 */
/* twin-machine-page.h - one machine: head, tabs and their pages
 *
 * Main thread only. Watches the machine's first acceleration sensor while it
 * is shown (twin_live_session_watch) and stops when it is hidden.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-session.h"

G_BEGIN_DECLS

#define TWIN_TYPE_MACHINE_PAGE (twin_machine_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinMachinePage,
                      twin_machine_page,
                      TWIN,
                      MACHINE_PAGE,
                      GtkWidget)

GtkWidget *twin_machine_page_new (void);

/* NULL: none. */
void twin_machine_page_set_session (TwinMachinePage *self,
                                    TwinLiveSession *session);

/* Shows the machine that @item is or belongs to; NULL: none. A part or sensor
 * also chooses that part's signals. */
void twin_machine_page_set_item (TwinMachinePage *self, TwinLiveItem *item);
TwinLiveItem *twin_machine_page_get_item (TwinMachinePage *self);

/* "overview", "waveform", "spectrum", "envelope", "trend", "life", "whatif",
 * "twin", "log" */
void twin_machine_page_show_tab (TwinMachinePage *self, const char *name);

/* Called after each of the page's own callbacks with its duration. */
typedef void (*TwinMachineReport) (const char *what,
                                   int64_t     duration_us,
                                   gpointer    user_data);
void twin_machine_page_set_report (TwinMachinePage  *self,
                                   TwinMachineReport report,
                                   gpointer          user_data);

G_END_DECLS
