/* SPDX-License-Identifier: Apache-2.0 */
/* twin-machine-log-page.h - what happened to a machine, and who did it
 *
 * A TwinMachineTab. Main thread.
 */
#pragma once

#include "twin-machine-tab.h"

G_BEGIN_DECLS

#define TWIN_TYPE_MACHINE_LOG_PAGE (twin_machine_log_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinMachineLogPage,
                      twin_machine_log_page,
                      TWIN,
                      MACHINE_LOG_PAGE,
                      GtkWidget)

G_END_DECLS
