/* SPDX-License-Identifier: Apache-2.0 */
/* twin-kurtogram-view.h - where in frequency something strikes, as a picture
 *
 * A row a level, wide bands on top; the darker a band, the more its envelope
 * strikes. The band that the envelope is taken from is framed. Main thread.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-update.h"

G_BEGIN_DECLS

#define TWIN_TYPE_KURTOGRAM_VIEW (twin_kurtogram_view_get_type ())
G_DECLARE_FINAL_TYPE (TwinKurtogramView,
                      twin_kurtogram_view,
                      TWIN,
                      KURTOGRAM_VIEW,
                      GtkWidget)

/* @bands: TwinBandItem, kept by reference, or NULL: nothing to show; @best: as
 * of TwinFindingUpdate. */
void twin_kurtogram_view_set (TwinKurtogramView *self, GArray *bands, int best);

/* "Strikes most at 1000–1333 Hz, kurtosis 2.1." Caller frees. */
char *twin_kurtogram_dup_text (const GArray *bands, int best);

G_END_DECLS
