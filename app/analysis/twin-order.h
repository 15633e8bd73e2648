/* SPDX-License-Identifier: Apache-2.0 */
/* twin-order.h - a record over the shaft's angle instead of over time
 *
 * Where the speed changes, lines of shaft and bearing smear over frequency and
 * stand still over orders. The angle comes from tacho pulses or, where there
 * are none, from the shaft's own comb of lines. No I/O; a TwinTransform belongs
 * to one thread at a time.
 */
#pragma once

#include "twin-transform.h"

G_BEGIN_DECLS

/* Shaft angle over time, both ascending. Set to zero before first use. */
typedef struct
{
  double *time_s; /* from the record's first sample */
  double *turns;
  size_t  n; /* at least 4 when filled */
  double  mean_hz, least_hz, largest_hz;
  double  clarity; /* mean ln (line over floor) of the comb followed, 0 to 6;
                      NaN: from pulses */
} TwinTrack;

void twin_track_clear (TwinTrack *self);

typedef enum
{
  TWIN_ORDER_ERROR_PULSES, /* not ascending, too few, or some are missing */
} TwinOrderError;

#define TWIN_ORDER_ERROR (twin_order_error_quark ())
GQuark twin_order_error_quark (void);

/**
 * twin_track_from_pulses:
 * @times_s: of each pulse, from the record's first sample; ascending
 * @pulses_per_turn: > 0
 *
 * FALSE for fewer than 8 pulses, times that do not ascend, or a step of more
 * than 1.6 or less than 0.6 times its neighbours': a pulse lost or made up.
 */
gboolean twin_track_from_pulses (const double *times_s,
                                 size_t        n,
                                 double        pulses_per_turn,
                                 TwinTrack    *out,
                                 GError      **error);

/**
 * twin_track_from_lines:
 * @shaft_hz: about how fast; the speed is looked for within ±@reach of it
 * @reach: 0 to 0.4
 *
 * The path of greatest likelihood through short spectra (five harmonics of the
 * shaft), the speed changing by at most 20 % a second. FALSE where no comb
 * stands out, or under eight windows fit,
 * or over 12,000 turns.
 */
gboolean twin_track_from_lines (TwinTransform *transform,
                                const double  *samples,
                                size_t         n,
                                double         rate_hz,
                                double         shaft_hz,
                                double         reach,
                                TwinTrack     *out);

/* (largest - least) / mean. */
double twin_track_change (const TwinTrack *self);

/**
 * twin_order_resample:
 * @per_turn: samples a turn; 64 to 256 for a spectrum of orders
 * @n_out: (out)
 *
 * Samples at even steps of angle over the part of the record that @track
 * covers, low-passed to what @per_turn can carry at the lowest speed. A
 * spectrum of them taken with rate @per_turn has orders for frequencies. NULL
 * when the track covers less than 4 turns or the result would be longer than
 * sixteen times the record. Caller frees.
 */
double *twin_order_resample (const double    *samples,
                             size_t           n,
                             double           rate_hz,
                             const TwinTrack *track,
                             double           per_turn,
                             size_t          *n_out);

G_END_DECLS
