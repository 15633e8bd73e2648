/* SPDX-License-Identifier: Apache-2.0 */
/* twin-spectrum-chart.h - amplitude over frequency, with tones and cursors
 *
 * A TwinLineChart. Adds the tone overlay by family, the single and the
 * harmonic cursor with its read-out, orders, and peaks that can be chosen.
 * Enter snaps the cursor to the nearest peak, Shift+click sets it without
 * snapping. Signal "peak-activated" (double hz) tells that a peak was double
 * clicked or that Space was pressed on it. Main thread.
 */
#pragma once

#include "twin-line-chart.h"
#include "twin-spectrum-readout.h"

G_BEGIN_DECLS

#define TWIN_TYPE_SPECTRUM_CHART (twin_spectrum_chart_get_type ())
G_DECLARE_FINAL_TYPE (TwinSpectrumChart,
                      twin_spectrum_chart,
                      TWIN,
                      SPECTRUM_CHART,
                      TwinLineChart)

/* One computed tone and its harmonics. */
typedef struct
{
  /* "BPFO"; the harmonics above are named "2×" …, and of a second family
   * with harmonics the first one "1×". */
  const char *family;
  double      hz; /* of the first harmonic */
  guint       n_harmonics;
  gboolean    second; /* shaft, mains: the second family's colour */
} TwinSpectrumTone;

/* A peak with a name; drawn as a ring on its top. */
typedef struct
{
  double      hz;
  double      amplitude;
  const char *name; /* NULL: not named */
} TwinSpectrumPeak;

typedef enum
{
  TWIN_SPECTRUM_CURSOR_SINGLE,
  TWIN_SPECTRUM_CURSOR_HARMONIC,
} TwinSpectrumCursor;

GtkWidget *twin_spectrum_chart_new (void);

/**
 * twin_spectrum_chart_set_lines:
 * @lines: amplitude of line i at i·df_hz, in @unit; NaN is not allowed
 * @unit: symbol for the read-out, e.g. "g"
 *
 * Copies. With n = 0 the plot shows its empty text.
 */
void twin_spectrum_chart_set_lines (TwinSpectrumChart *self,
                                    const double      *lines,
                                    gsize              n,
                                    double             df_hz,
                                    const char        *unit);
/* What is usual here, dashed; n = 0 for none. */
void twin_spectrum_chart_set_baseline (TwinSpectrumChart *self,
                                       const double      *lines,
                                       gsize              n,
                                       double             df_hz);
void twin_spectrum_chart_set_tones (TwinSpectrumChart      *self,
                                    const TwinSpectrumTone *tones,
                                    gsize                   n);
void twin_spectrum_chart_set_family_visible (TwinSpectrumChart *self,
                                             const char        *family,
                                             gboolean           visible);
void twin_spectrum_chart_set_peaks (TwinSpectrumChart      *self,
                                    const TwinSpectrumPeak *peaks,
                                    gsize                   n);
/* Shaft frequency in Hz; NaN or 0 when it is not known: then no orders. */
void twin_spectrum_chart_set_shaft_hz (TwinSpectrumChart *self, double hz);
/* TRUE: the axis counts orders; ignored without a shaft frequency. */
void twin_spectrum_chart_set_orders (TwinSpectrumChart *self, gboolean orders);
gboolean twin_spectrum_chart_get_orders (TwinSpectrumChart *self);
void     twin_spectrum_chart_set_log (TwinSpectrumChart *self, gboolean log);
void     twin_spectrum_chart_set_cursor_mode (TwinSpectrumChart *self,
                                              TwinSpectrumCursor mode);
/* FALSE when there is no cursor or no spectrum. */
gboolean twin_spectrum_chart_get_readout (TwinSpectrumChart   *self,
                                          TwinSpectrumReadout *readout);

G_END_DECLS
