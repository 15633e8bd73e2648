/* SPDX-License-Identifier: Apache-2.0 */
/* twin-lines.h - how far each line of a whole record stands out of its floor
 *
 * The finest resolution there is, for what must not be confused: a shaft that
 * slips a little and the mains. Scratch comes from the caller's TwinTransform.
 */
#pragma once

#include "twin-transform.h"

G_BEGIN_DECLS

/* Belongs to the TwinTransform: valid until its next use. */
typedef struct
{
  double *power; /* of the Hann window's lines, unscaled */
  double *ratio; /* power over the local floor; noise has mean 1 */
  size_t  n;
  double  df_hz;
} TwinLines;

/* @samples: without mean, @n as trimmed; lines to @max_hz. */
void twin_lines_compute (TwinTransform *transform,
                         const float   *samples,
                         size_t         n,
                         double         rate_hz,
                         double         max_hz,
                         TwinLines     *out);

/* The largest ratio at @hz or a line beside it; 0 outside. */
double twin_lines_at (const TwinLines *self, double hz);

/* The same for a line that peaks there; 0 on the skirt of one further off. */
double twin_lines_peak (const TwinLines *self, double hz);

/* Sum over @harmonics of ln (ratio) of lines that peak, each 0 to 6: one huge
 * line is no comb. */
double twin_lines_comb (const TwinLines *self, double hz, int harmonics);

/* The fundamental within ±@reach (relative) of @hz whose comb is strongest; of
 * equals the nearest. */
double twin_lines_search (const TwinLines *self,
                          double           hz,
                          double           reach,
                          int              harmonics,
                          double          *strength);

G_END_DECLS
