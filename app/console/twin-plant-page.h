/* SPDX-License-Identifier: Apache-2.0 */
/* twin-plant-page.h - level 1: the plant in 3D, legend, hover card, risks
 *
 * Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-plant.h"
#include "twin-meter.h"

G_BEGIN_DECLS

#define TWIN_TYPE_PLANT_PAGE (twin_plant_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinPlantPage,
                      twin_plant_page,
                      TWIN,
                      PLANT_PAGE,
                      GtkWidget)

GtkWidget *twin_plant_page_new (void);
void twin_plant_page_set_plant (TwinPlantPage *self, TwinLivePlant *plant);

/* Shows @id as selected without saying so back; NULL: none. */
void twin_plant_page_select (TwinPlantPage *self, const char *id);

/* Borrowed, outlives the page: gets the durations of the view's callbacks. */
void twin_plant_page_set_meters (TwinPlantPage *self,
                                 TwinMeter     *main_thread,
                                 TwinMeter     *gl);

G_END_DECLS
