/* SPDX-License-Identifier: Apache-2.0 */
/* twin-overview-page.h - all values of a machine at one look
 *
 * A TwinMachineTab. Main thread.
 */
#pragma once

#include "twin-machine-tab.h"

G_BEGIN_DECLS

#define TWIN_TYPE_OVERVIEW_PAGE (twin_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinOverviewPage,
                      twin_overview_page,
                      TWIN,
                      OVERVIEW_PAGE,
                      GtkWidget)

G_END_DECLS
