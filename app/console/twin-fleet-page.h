/* SPDX-License-Identifier: Apache-2.0 */
/* twin-fleet-page.h - every node: what it serves, runs, holds and lacks
 *
 * Main thread only. A node that talks without a twin has a Commission button.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-plant.h"

G_BEGIN_DECLS

#define TWIN_TYPE_FLEET_PAGE (twin_fleet_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinFleetPage,
                      twin_fleet_page,
                      TWIN,
                      FLEET_PAGE,
                      GtkWidget)

GtkWidget *twin_fleet_page_new (void);
void twin_fleet_page_set_plant (TwinFleetPage *self, TwinLivePlant *plant);

G_END_DECLS
