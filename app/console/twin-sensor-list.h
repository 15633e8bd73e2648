/* SPDX-License-Identifier: Apache-2.0 */
/* twin-sensor-list.h - which waveforms a machine's node can give
 *
 * Read from the sensors of the node's birth that have an axis; one list is
 * shared by the pages of a machine, so that they all show the same sensor.
 * Main thread.
 *
 * Property "selected" (uint): position in the list, G_MAXUINT for none.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-plant.h"

G_BEGIN_DECLS

#define TWIN_TYPE_SENSOR_LIST (twin_sensor_list_get_type ())
G_DECLARE_FINAL_TYPE (TwinSensorList,
                      twin_sensor_list,
                      TWIN,
                      SENSOR_LIST,
                      GObject)

TwinSensorList *twin_sensor_list_new (void);

/* Reads them anew; what was chosen stays so when it is still there. Returns
 * TRUE when the list is another. NULL: none. */
gboolean twin_sensor_list_set_node (TwinSensorList     *self,
                                    TwinLiveItem       *machine,
                                    const TwinNodeItem *node);

/* Names for a drop-down, "Drive end · X"; borrowed. */
GListModel *twin_sensor_list_get_names (TwinSensorList *self);

/* The one that is chosen: wire name and axis; FALSE when there is none. */
gboolean twin_sensor_list_get (TwinSensorList *self,
                               const char    **sensor,
                               char           *axis);

/* Chooses the first sensor of the part whose wire prefix @twin is served
 * under, "compressor-7-de"; nothing when it has none. */
void twin_sensor_list_select_part (TwinSensorList *self, const char *twin);

/* Binds a drop-down to the list and its choice. */
void twin_sensor_list_bind (TwinSensorList *self, GtkDropDown *drop_down);

G_END_DECLS
