/* SPDX-License-Identifier: Apache-2.0 */
/* twin-reading.h - a screen reader reads what shows, and nothing else
 *
 * GTK 4.8 leaves the pages of a stack that do not show, a closed revealer's
 * child and a folded flap on the accessibility bus. Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* From now on @root and all below it hide from screen readers what they do not
 * show. Call it once, when the tree below @root is built. */
void twin_reading_follow (GtkWidget *root);

G_END_DECLS
