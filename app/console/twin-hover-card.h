/* SPDX-License-Identifier: Apache-2.0 */
/* twin-hover-card.h - a machine's key values beside the pointer, with their age
 *
 * Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-plant.h"

G_BEGIN_DECLS

#define TWIN_TYPE_HOVER_CARD (twin_hover_card_get_type ())
G_DECLARE_FINAL_TYPE (TwinHoverCard,
                      twin_hover_card,
                      TWIN,
                      HOVER_CARD,
                      GtkWidget)

GtkWidget *twin_hover_card_new (void);

/* @machine NULL: hidden. Follows the machine's values while shown. */
void twin_hover_card_set (TwinHoverCard *self,
                          TwinLivePlant *plant,
                          TwinLiveItem  *machine);

G_END_DECLS
