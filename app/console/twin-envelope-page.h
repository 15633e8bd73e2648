/* SPDX-License-Identifier: Apache-2.0 */
/* twin-envelope-page.h - the demodulated spectrum, where bearings speak
 *
 * A TwinMachineTab. Main thread.
 */
#pragma once

#include "twin-machine-tab.h"

G_BEGIN_DECLS

#define TWIN_TYPE_ENVELOPE_PAGE (twin_envelope_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinEnvelopePage,
                      twin_envelope_page,
                      TWIN,
                      ENVELOPE_PAGE,
                      GtkWidget)

G_END_DECLS
