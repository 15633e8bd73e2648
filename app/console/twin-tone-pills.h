/* SPDX-License-Identifier: Apache-2.0 */
/* twin-tone-pills.h - which families of computed tones lie over a spectrum
 *
 * One toggle a family. Until the user touches them they follow what the
 * diagnosis found. Main thread.
 */
#pragma once

#include "twin-spectrum-chart.h"
#include "twin-update.h"

G_BEGIN_DECLS

#define TWIN_TYPE_TONE_PILLS (twin_tone_pills_get_type ())
G_DECLARE_FINAL_TYPE (TwinTonePills,
                      twin_tone_pills,
                      TWIN,
                      TONE_PILLS,
                      GtkWidget)

GtkWidget *twin_tone_pills_new (void);

/* Whose overlays they switch. */
void twin_tone_pills_set_chart (TwinTonePills *self, TwinSpectrumChart *chart);

/* @tones: of TwinTone, or NULL. @family: the one that was found, shown at
 * first; NULL: the outer race. */
void twin_tone_pills_set_tones (TwinTonePills *self,
                                const GArray  *tones,
                                const char    *family);

/* Another machine: the choice is nobody's again. */
void twin_tone_pills_reset (TwinTonePills *self);

G_END_DECLS
