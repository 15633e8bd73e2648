/* SPDX-License-Identifier: Apache-2.0 */
/* twin-first-page.h - what a user sees before there is a plant
 *
 * Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_FIRST_PAGE (twin_first_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinFirstPage,
                      twin_first_page,
                      TWIN,
                      FIRST_PAGE,
                      GtkWidget)

/* What went wrong opening a plant, in place of the greeting; NULL: greeting. */
void twin_first_page_set_message (TwinFirstPage *self, const char *message);

G_END_DECLS
