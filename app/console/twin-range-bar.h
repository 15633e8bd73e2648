/* SPDX-License-Identifier: Apache-2.0 */
/* twin-range-bar.h - two ranges on one scale: as it is above, what if below
 *
 * Main thread. Decoration: the numbers stand beside it in words.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_RANGE_BAR (twin_range_bar_get_type ())
G_DECLARE_FINAL_TYPE (TwinRangeBar, twin_range_bar, TWIN, RANGE_BAR, GtkWidget)

GtkWidget *twin_range_bar_new (void);

/* 5, 50, 95 % of each; NaN: not known. The scale holds both, and 0 unless
 * @free_scale. */
void twin_range_bar_set (TwinRangeBar *self,
                         const double  now[3],
                         const double  then[3],
                         gboolean      free_scale);

G_END_DECLS
