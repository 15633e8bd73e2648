/* SPDX-License-Identifier: Apache-2.0 */
/* twin-risk-column.h - health tally and the top five risks, beside the plant
 *
 * Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-plant.h"

G_BEGIN_DECLS

#define TWIN_TYPE_RISK_COLUMN (twin_risk_column_get_type ())
G_DECLARE_FINAL_TYPE (TwinRiskColumn,
                      twin_risk_column,
                      TWIN,
                      RISK_COLUMN,
                      GtkWidget)

GtkWidget *twin_risk_column_new (void);
void twin_risk_column_set_plant (TwinRiskColumn *self, TwinLivePlant *plant);

G_END_DECLS
