/* SPDX-License-Identifier: Apache-2.0 */
/* twin-alarm-page.h - every alarm that is not normal, and its acknowledgement
 *
 * Main thread only. Keys in the list: A or Enter acknowledges, N acknowledges
 * with a note, O opens the machine.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-plant.h"

G_BEGIN_DECLS

#define TWIN_TYPE_ALARM_PAGE (twin_alarm_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinAlarmPage,
                      twin_alarm_page,
                      TWIN,
                      ALARM_PAGE,
                      GtkWidget)

GtkWidget *twin_alarm_page_new (void);
void twin_alarm_page_set_plant (TwinAlarmPage *self, TwinLivePlant *plant);

/* Opens the note entry for the alarm @id. */
void twin_alarm_page_begin_note (TwinAlarmPage *self, const char *id);

G_END_DECLS
