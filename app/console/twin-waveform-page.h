/* SPDX-License-Identifier: Apache-2.0 */
/* twin-waveform-page.h - the samples of one block over time
 *
 * A TwinMachineTab. Main thread.
 */
#pragma once

#include "twin-machine-tab.h"

G_BEGIN_DECLS

#define TWIN_TYPE_WAVEFORM_PAGE (twin_waveform_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinWaveformPage,
                      twin_waveform_page,
                      TWIN,
                      WAVEFORM_PAGE,
                      GtkWidget)

G_END_DECLS
