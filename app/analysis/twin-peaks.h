/* SPDX-License-Identifier: Apache-2.0 */
/* twin-peaks.h - peaks of a spectrum and what they may be called
 *
 * No I/O; scratch comes from the caller's TwinTransform.
 */
#pragma once

#include "twin-bearing.h"
#include "twin-spectrum.h"

G_BEGIN_DECLS

#define TWIN_PEAKS_MAX 20
#define TWIN_FAMILIES_MAX 8

/* A row of lines at whole multiples of one frequency. */
typedef struct
{
  char   name[16]; /* "Shaft", "BPFO", "BPFI", "2×BSF", "FTF", "Mains" */
  double hz;
  double side_hz;   /* spacing of its side bands; 0: none are named */
  int    multiples; /* how many are named, at least 1 */
} TwinFamily;

typedef struct
{
  double hz;        /* refined between the lines */
  double amplitude; /* as the spectrum's scale says */
  double order;     /* of shaft speed; NaN without */
  char   name[24];  /* "1×", "2× BPFO", "BPFI - 1×", "2× Mains"; "": none */
  char   family[16]; /* TwinFamily.name it belongs to; "": none */
} TwinPeak;

/* The families of a machine: shaft first. @orders NULL: no bearing; @shaft_hz
 * NaN or 0: unknown, then only mains; @mains_hz 0: none. Returns how many of
 * @families (room for TWIN_FAMILIES_MAX) were filled. */
size_t twin_peaks_families (double                   shaft_hz,
                            const TwinBearingOrders *orders,
                            double                   mains_hz,
                            TwinFamily              *families);

/* Local maxima at least 4 × the running median (30 Hz wide) and 3 lines
 * apart, refined by a parabola through the logarithms, the largest first. A
 * bearing's slip (-2.2 to 0.8 %) is the one at which most of its lines are
 * heard. A peak is named after the cheapest line of @families within 1.5 lines
 * or 1 % (of three times the first line, for higher ones): near, a low
 * multiple, no side band, others of its family heard. A side band is named only
 * beside its line, a multiple over the third only in company. Returns how many
 * of @peaks (room for TWIN_PEAKS_MAX) were filled. */
size_t twin_peaks_find (TwinTransform      *transform,
                        const TwinSpectrum *spectrum,
                        double              shaft_hz,
                        const TwinFamily   *families,
                        size_t              n_families,
                        TwinPeak           *peaks);

G_END_DECLS
