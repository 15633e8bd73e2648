/* SPDX-License-Identifier: Apache-2.0 */
/* twin-why-popover.h - "Why this peak?": its possible causes, ranked
 *
 * Main thread.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-update.h"

G_BEGIN_DECLS

/* Points at @parent; frees itself when closed. @finding may be NULL. */
void twin_why_popover_present (GtkWidget               *parent,
                               const TwinBlockUpdate   *block,
                               const TwinFindingUpdate *finding,
                               double                   hz);

G_END_DECLS
