/* SPDX-License-Identifier: Apache-2.0 */
/* twin-peak-table.h - the peaks of a spectrum, with their names
 *
 * Signal "peak-chosen" (double hz): a row was activated. Main thread.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-update.h"
#include "twin-vibration-unit.h"

G_BEGIN_DECLS

#define TWIN_TYPE_PEAK_TABLE (twin_peak_table_get_type ())
G_DECLARE_FINAL_TYPE (TwinPeakTable,
                      twin_peak_table,
                      TWIN,
                      PEAK_TABLE,
                      GtkWidget)

GtkWidget *twin_peak_table_new (void);

/* @peaks: of TwinPeakItem, largest first, or NULL. Amplitudes are shown in
 * @unit and @measure. */
void twin_peak_table_set (TwinPeakTable       *self,
                          const GArray        *peaks,
                          TwinVibrationUnit    unit,
                          TwinVibrationMeasure measure);

/* Old peaks lose the colour of their family. */
void twin_peak_table_set_old (TwinPeakTable *self, gboolean old);

G_END_DECLS
