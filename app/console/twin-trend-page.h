/* SPDX-License-Identifier: Apache-2.0 */
/* twin-trend-page.h - any signal of a machine over any span
 *
 * A TwinMachineTab. Main thread.
 */
#pragma once

#include "twin-machine-tab.h"

G_BEGIN_DECLS

#define TWIN_TYPE_TREND_PAGE (twin_trend_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinTrendPage,
                      twin_trend_page,
                      TWIN,
                      TREND_PAGE,
                      GtkWidget)

G_END_DECLS
