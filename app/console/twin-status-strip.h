/* SPDX-License-Identifier: Apache-2.0 */
/* twin-status-strip.h - rates, lag, gaps and ages, at the foot of the window
 *
 * Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-plant.h"

G_BEGIN_DECLS

#define TWIN_TYPE_STATUS_STRIP (twin_status_strip_get_type ())
G_DECLARE_FINAL_TYPE (TwinStatusStrip,
                      twin_status_strip,
                      TWIN,
                      STATUS_STRIP,
                      GtkWidget)

GtkWidget *twin_status_strip_new (void);
void       twin_status_strip_set_plant (TwinStatusStrip *self,
                                        TwinLivePlant   *plant,
                                        const char      *operator_name);

G_END_DECLS
