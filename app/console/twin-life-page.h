/* SPDX-License-Identifier: Apache-2.0 */
/* twin-life-page.h - health index, remaining life, and whether we were right
 *
 * A TwinMachineTab. Main thread.
 */
#pragma once

#include "twin-machine-tab.h"

G_BEGIN_DECLS

#define TWIN_TYPE_LIFE_PAGE (twin_life_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinLifePage, twin_life_page, TWIN, LIFE_PAGE, GtkWidget)

G_END_DECLS
