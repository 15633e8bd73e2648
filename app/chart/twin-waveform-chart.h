/* SPDX-License-Identifier: Apache-2.0 */
/* twin-waveform-chart.h - a block of raw samples over time, zero in the middle
 *
 * A TwinLineChart with a symmetric scale; as a strip it shows only ±1 tick and
 * takes no focus. Main thread.
 */
#pragma once

#include "twin-line-chart.h"

G_BEGIN_DECLS

#define TWIN_TYPE_WAVEFORM_CHART (twin_waveform_chart_get_type ())
G_DECLARE_FINAL_TYPE (TwinWaveformChart,
                      twin_waveform_chart,
                      TWIN,
                      WAVEFORM_CHART,
                      TwinLineChart)

GtkWidget *twin_waveform_chart_new (gboolean strip);

/**
 * twin_waveform_chart_set_block:
 * @samples: in @unit, NaN where samples were lost; copied
 * @rate_hz: samples a second, > 0
 * @shown_s: length shown at first, 0 for all
 */
void twin_waveform_chart_set_block (TwinWaveformChart *self,
                                    const double      *samples,
                                    gsize              n,
                                    double             rate_hz,
                                    const char        *unit,
                                    double             shown_s);

G_END_DECLS
