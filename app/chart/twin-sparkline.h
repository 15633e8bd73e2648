/* SPDX-License-Identifier: Apache-2.0 */
/* twin-sparkline.h - a line as tall as a word
 *
 * No axes, no focus; gaps break it, stale hatches it. Main thread.
 */
#pragma once

#include "twin-chart-palette.h"

G_BEGIN_DECLS

#define TWIN_TYPE_SPARKLINE (twin_sparkline_get_type ())
G_DECLARE_FINAL_TYPE (TwinSparkline, twin_sparkline, TWIN, SPARKLINE, GtkWidget)

GtkWidget *twin_sparkline_new (void);

/* Copies; @x ascending or NULL for evenly spaced; NaN in @y is a gap. */
void twin_sparkline_set_samples (TwinSparkline *self,
                                 const double  *x,
                                 const double  *y,
                                 gsize          n);
/* Dashed line; NaN for none. */
void twin_sparkline_set_limit (TwinSparkline    *self,
                               double            value,
                               TwinChartPriority priority);
/* Grey; and hatched, unless what it lies on is already. */
void twin_sparkline_set_stale (TwinSparkline *self, gboolean stale);
void twin_sparkline_set_hatched (TwinSparkline *self, gboolean hatched);
void twin_sparkline_set_label (TwinSparkline *self, const char *label);

G_END_DECLS
