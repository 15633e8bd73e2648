/* SPDX-License-Identifier: Apache-2.0 */
/* twin-whatif-page.h - the machine under other conditions, beside how it is
 *
 * A tab of the machine page. The engine's workers compute; the page asks when
 * something was changed and shows the first answer, then the better one.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_WHATIF_PAGE (twin_whatif_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinWhatifPage,
                      twin_whatif_page,
                      TWIN,
                      WHATIF_PAGE,
                      GtkWidget)

G_END_DECLS
