/* SPDX-License-Identifier: Apache-2.0 */
/* twin-machine-head.h - one machine in one line: state, life, finding, age
 *
 * Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-session.h"

G_BEGIN_DECLS

#define TWIN_TYPE_MACHINE_HEAD (twin_machine_head_get_type ())
G_DECLARE_FINAL_TYPE (TwinMachineHead,
                      twin_machine_head,
                      TWIN,
                      MACHINE_HEAD,
                      GtkWidget)

/* @machine and @models may be NULL; the menu of commands follows them. */
void twin_machine_head_set_machine (TwinMachineHead *self,
                                    TwinLiveItem    *machine,
                                    TwinModelSet    *models);

/* Tells everything anew. @live FALSE: nothing may look live. */
void twin_machine_head_refresh (TwinMachineHead *self,
                                gboolean         live,
                                int64_t          now_us);

G_END_DECLS
