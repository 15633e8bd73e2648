/* SPDX-License-Identifier: Apache-2.0 */
/* twin-finding-card.h - the diagnosis: what, why, how sure, how good the data
 *
 * Main thread.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-update.h"

G_BEGIN_DECLS

#define TWIN_TYPE_FINDING_CARD (twin_finding_card_get_type ())
G_DECLARE_FINAL_TYPE (TwinFindingCard,
                      twin_finding_card,
                      TWIN,
                      FINDING_CARD,
                      GtkWidget)

/* @finding NULL: nothing was examined yet. @age: "14 min old", or NULL. */
void twin_finding_card_set (TwinFindingCard         *self,
                            const TwinFindingUpdate *finding,
                            const char              *age);

G_END_DECLS
