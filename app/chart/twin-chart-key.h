/* SPDX-License-Identifier: Apache-2.0 */
/* twin-chart-key.h - a piece of line that says in a legend what a line is
 *
 * 22 × 8 px, drawn as the chart draws the style; put a label beside it. It is
 * decoration to a screen reader. Main thread.
 */
#pragma once

#include "twin-chart-palette.h"

G_BEGIN_DECLS

#define TWIN_TYPE_CHART_KEY (twin_chart_key_get_type ())
G_DECLARE_FINAL_TYPE (TwinChartKey, twin_chart_key, TWIN, CHART_KEY, GtkWidget)

GtkWidget *twin_chart_key_new (TwinChartStyle style);
void       twin_chart_key_set_style (TwinChartKey *self, TwinChartStyle style);

G_END_DECLS
