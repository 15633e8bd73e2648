/* SPDX-License-Identifier: Apache-2.0 */
/* twin-window.h - the console's window: header, tree, pages, strips
 *
 * Main thread only. Pages never know the window: they act through its actions,
 * found by name from any widget inside it (gtk_widget_activate_action):
 *
 *   win.show-item      s       opens the item: a machine's page, a line's view
 *   win.show-tab       s       a tab of the machine page: "overview",
 *                              "waveform", "spectrum", "envelope", "trend",
 *                              "life", "twin", "log"
 *   win.show-page      s       "plant", "table", "alarms", "fleet"
 *   win.show-twin      s       a twin: its machine's page, else a dialog
 *   win.ask            s       the table page with this query or these words
 *   win.back                   from a machine to the plant
 *   win.command        (ss)    command dialog: twin id, DTDL command name
 *   win.schedule       s       schedule-maintenance dialog of a machine
 *   win.acknowledge    s       acknowledges an alarm (id); "" the worst one
 *   win.note-alarm     s       acknowledge with a note
 *   win.commission     s       commission dialog for a node; "" choose one
 *   win.firmware               firmware campaign dialog
 *   win.connect                connect dialog
 *   win.models         s       models dialog; a DTMI to begin with, or ""
 *   win.groups         s       groups dialog; a group to begin with, or ""
 *   win.import         b       chooses files (a folder for true) to import
 *   win.undo           ax      takes changes of the journal back, last first
 *   win.toast          s       a short message
 *   win.toast-undo     (sax)   the same with a button that takes changes back
 */
#pragma once

#include <adwaita.h>

#include "twin-live-session.h"

G_BEGIN_DECLS

#define TWIN_TYPE_WINDOW (twin_window_get_type ())
G_DECLARE_FINAL_TYPE (TwinWindow,
                      twin_window,
                      TWIN,
                      WINDOW,
                      AdwApplicationWindow)

GtkWidget *twin_window_new (AdwApplication *application);

/* Shows @session, or the first-run page for NULL. */
void twin_window_set_session (TwinWindow *self, TwinLiveSession *session);

G_END_DECLS
