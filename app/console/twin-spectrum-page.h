/* SPDX-License-Identifier: Apache-2.0 */
/* twin-spectrum-page.h - the spectrum of a sensor, its tones and its peaks
 *
 * A TwinMachineTab. Main thread.
 */
#pragma once

#include "twin-machine-tab.h"

G_BEGIN_DECLS

#define TWIN_TYPE_SPECTRUM_PAGE (twin_spectrum_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinSpectrumPage,
                      twin_spectrum_page,
                      TWIN,
                      SPECTRUM_PAGE,
                      GtkWidget)

G_END_DECLS
