/* SPDX-License-Identifier: Apache-2.0 */
/* twin-twin-page.h - the tab that shows the twin behind a machine or its part
 *
 * Main thread; a TwinMachineTab.
 */
#pragma once

#include "twin-machine-tab.h"

G_BEGIN_DECLS

#define TWIN_TYPE_TWIN_PAGE (twin_twin_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinTwinPage, twin_twin_page, TWIN, TWIN_PAGE, GtkWidget)

G_END_DECLS
