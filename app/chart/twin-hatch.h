/* SPDX-License-Identifier: Apache-2.0 */
/* twin-hatch.h - the one look of "old", "gap" and "offline"
 *
 * 45° lines, 1.5 px every 6 px, measured across them. Lines are anchored at
 * the origin of the snapshot, so neighbouring areas join without a seam.
 * Main thread.
 */
#pragma once

#include "twin-chart-palette.h"

G_BEGIN_DECLS

void twin_hatch_snapshot (GtkSnapshot           *snapshot,
                          const graphene_rect_t *area,
                          const GdkRGBA         *color);

/* The same, taking the colour from the theme as @widget sees it. */
void twin_hatch_snapshot_widget (GtkSnapshot           *snapshot,
                                 const graphene_rect_t *area,
                                 GtkWidget             *widget);

G_END_DECLS
