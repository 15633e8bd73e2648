/* SPDX-License-Identifier: Apache-2.0 */
/* twin-peak-causes.h - what may stand behind one peak of a spectrum, ranked
 *
 * A peak has a cause when it lies on a multiple of a computed tone, and the
 * more so the more of that tone's other multiples stand out as well. This
 * orders what a person should look at; it is no diagnosis. Pure but for the
 * translation.
 */
#pragma once

#include "twin-update.h"

G_BEGIN_DECLS

typedef struct
{
  char    *title;    /* "4× BPFO, outer race" */
  char    *evidence; /* "0.1 % off; 6 of 8 multiples stand out" */
  char    *family;   /* tone name; NULL: mains or none */
  double   score;    /* 0 … 1: length of the bar */
  gboolean ruled_out;
} TwinPeakCause;

/* Multiples of a tone that are looked at. */
#define TWIN_PEAK_CAUSES_MULTIPLES 8

/**
 * twin_peak_causes_find:
 * @block: spectrum and tones
 * @hz: where the peak is
 * @mains_hz: 50 or 60; also its multiples are asked for, as an artefact
 *
 * Returns: of TwinPeakCause, most likely first; never NULL. Caller unrefs.
 */
GArray *twin_peak_causes_find (const TwinBlockUpdate *block,
                               double                 hz,
                               double                 mains_hz);

G_END_DECLS
