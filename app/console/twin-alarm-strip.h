/* SPDX-License-Identifier: Apache-2.0 */
/* twin-alarm-strip.h - the worst alarm that wants an answer, always in sight
 *
 * Main thread only. While the link is down it says since when alarm states are
 * held, because new alarms cannot be seen.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-plant.h"

G_BEGIN_DECLS

#define TWIN_TYPE_ALARM_STRIP (twin_alarm_strip_get_type ())
G_DECLARE_FINAL_TYPE (TwinAlarmStrip,
                      twin_alarm_strip,
                      TWIN,
                      ALARM_STRIP,
                      GtkWidget)

GtkWidget *twin_alarm_strip_new (void);
void twin_alarm_strip_set_plant (TwinAlarmStrip *self, TwinLivePlant *plant);

/* Id of the alarm shown, or NULL. */
const char *twin_alarm_strip_get_alarm (TwinAlarmStrip *self);

/* Sorts alarms as every list does: unacknowledged first, then by priority,
 * then the newest. */
int twin_alarm_compare (gconstpointer a, gconstpointer b, gpointer unused);

G_END_DECLS
