/* SPDX-License-Identifier: Apache-2.0 */
/* twin-fact-grid.h - names to the left, what is so to the right
 *
 * Main thread.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_FACT_GRID (twin_fact_grid_get_type ())
G_DECLARE_FINAL_TYPE (TwinFactGrid, twin_fact_grid, TWIN, FACT_GRID, GtkWidget)

GtkWidget *twin_fact_grid_new (void);

/* Sets the fact called @name, adding it at the end when it is new; @value
 * NULL hides it. */
void twin_fact_grid_set (TwinFactGrid *self,
                         const char   *name,
                         const char   *value);
void twin_fact_grid_clear (TwinFactGrid *self);

G_END_DECLS
