/* SPDX-License-Identifier: Apache-2.0 */
/* twin-line-view.h - lines of an amplitude spectrum, over their local floor
 *
 * Under noise the power of a line over its floor is about exponentially
 * distributed with mean 1, whatever the machine. A line is called present from
 * TWIN_LINE_PRESENT on, which one line of noise in ten million reaches, so
 * that a spectrum of a hundred thousand lines holds hardly ever a false one.
 *
 * Pure functions, any thread.
 */
#pragma once

#include "twin-spectrum.h"

G_BEGIN_DECLS

#define TWIN_LINE_PRESENT 16.0 /* power over floor, 12 dB */

/* Set to zero before first use. */
typedef struct
{
  double    *power; /* r.m.s.² a line, in the unit of the samples */
  double    *floor; /* mean of the noise near by, same scale */
  size_t     n;     /* 0: no spectrum */
  double     df_hz;
  TwinWindow window;
  /*< private >*/
  size_t allocated;
} TwinLineView;

typedef struct
{
  double   hz;      /* refined between the lines */
  double   rms;     /* of the sinusoid, floor taken off; unit of the samples */
  double   snr;     /* power of its largest line over the floor */
  gboolean present; /* a peak of its own, TWIN_LINE_PRESENT or more */
} TwinLine;

/* A mode that noise excites: a hump of the floor. */
typedef struct
{
  double hz;
  double width_hz;      /* at half its power */
  double amplification; /* amplitude over the floor beside it */
  double level;         /* of its noise, r.m.s.² a line */
} TwinMode;

void twin_line_view_clear (TwinLineView *self);

/* Of an amplitude spectrum (r.m.s. or peak); a density gives no lines. */
void twin_line_view_set (TwinLineView *self, const TwinSpectrum *spectrum);

/* The largest line within ±@reach_hz of @hz, at least ±1.5 lines. Beyond the
 * spectrum: not present, rms and snr 0. */
TwinLine twin_line_view_read (const TwinLineView *self,
                              double              hz,
                              double              reach_hz);

/* R.m.s. of the noise alone, lines taken out, between two frequencies. */
double twin_line_view_noise_rms (const TwinLineView *self,
                                 double              lo_hz,
                                 double              hi_hz);

/* Share of the places between two frequencies where a line would be found
 * within ±@reach_hz: how easily chance provides one. */
double twin_line_view_density (const TwinLineView *self,
                               double              lo_hz,
                               double              hi_hz,
                               double              reach_hz);

/* Whether the floor at @hz lies on a mode: at least 2.5 times (API 684: below
 * that a critical speed counts as damped away) the floor beside it, in
 * amplitude, within ±15 % of @hz. */
gboolean twin_line_view_mode (const TwinLineView *self,
                              double              hz,
                              TwinMode           *mode);

G_END_DECLS
