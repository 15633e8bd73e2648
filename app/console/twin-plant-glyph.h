/* SPDX-License-Identifier: Apache-2.0 */
/* twin-plant-glyph.h - the sign of a state: colour, shape and digit */
#pragma once

#include <gtk/gtk.h>

#include "twin-scene.h"

G_BEGIN_DECLS

/* Draws within a square of @size px about @x, @y. @ring marks what nobody has
 * acknowledged. */
void twin_plant_glyph_draw (cairo_t       *cr,
                            TwinSceneState state,
                            double         x,
                            double         y,
                            double         size,
                            gboolean       ring,
                            gboolean       dark);

G_END_DECLS
