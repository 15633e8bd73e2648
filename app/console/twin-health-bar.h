/* SPDX-License-Identifier: Apache-2.0 */
/* twin-health-bar.h - how many machines are in which state, as one bar
 *
 * Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-update.h"

G_BEGIN_DECLS

#define TWIN_TYPE_HEALTH_BAR (twin_health_bar_get_type ())
G_DECLARE_FINAL_TYPE (TwinHealthBar,
                      twin_health_bar,
                      TWIN,
                      HEALTH_BAR,
                      GtkWidget)

GtkWidget *twin_health_bar_new (void);

/* @live FALSE: none can be judged, all is hatched. */
void twin_health_bar_set (TwinHealthBar *self,
                          const guint    counts[TWIN_STATE_STALE + 1],
                          gboolean       live);

G_END_DECLS
