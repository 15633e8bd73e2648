/* SPDX-License-Identifier: Apache-2.0 */
/* twin-whatif-controls.h - what can be changed in a “what if”
 *
 * Sliders for load, speed, ambient and the day of the work, choices for grease
 * and work, and the two prices. Signal "changed" whenever the question does.
 * Main thread.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_WHATIF_CONTROLS (twin_whatif_controls_get_type ())
G_DECLARE_FINAL_TYPE (TwinWhatifControls,
                      twin_whatif_controls,
                      TWIN,
                      WHATIF_CONTROLS,
                      GtkWidget)

GtkWidget *twin_whatif_controls_new (void);

/* Everything as it is now. */
void twin_whatif_controls_reset (TwinWhatifControls *self);

/* The question as of twin_engine_whatif(), refined. @keep: the prices are to
 * be kept. Caller frees. */
char *twin_whatif_controls_dup_question (TwinWhatifControls *self,
                                         gboolean            keep);

G_END_DECLS
