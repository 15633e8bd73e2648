/* SPDX-License-Identifier: Apache-2.0 */
/* twin-faults-card.h - faults beyond bearings, with evidence and checks
 *
 * Main thread.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-update.h"

G_BEGIN_DECLS

#define TWIN_TYPE_FAULTS_CARD (twin_faults_card_get_type ())
G_DECLARE_FINAL_TYPE (TwinFaultsCard,
                      twin_faults_card,
                      TWIN,
                      FAULTS_CARD,
                      GtkBox)

/* NULL: nothing was judged yet. What is expanded stays so while the same
 * faults are shown. */
void twin_faults_card_set (TwinFaultsCard         *self,
                           const TwinFaultsUpdate *faults);

G_END_DECLS
