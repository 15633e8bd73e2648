/* SPDX-License-Identifier: Apache-2.0 */
/* twin-window.h - the windows that a spectrum is taken through
 *
 * Pure functions, any thread. Periodic form.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TWIN_WINDOW_HANN,        /* the default: noise, envelope, most reading */
  TWIN_WINDOW_FLAT_TOP,    /* the amplitude of one line, within 0.01 dB */
  TWIN_WINDOW_RECTANGULAR, /* transients */
} TwinWindow;

/* Coherent gain, sum (w) / n. */
double twin_window_gain (TwinWindow window);

/* Equivalent noise bandwidth in lines, n sum (w²) / sum (w)². */
double twin_window_enbw (TwinWindow window);

/* What a sinusoid of amplitude 1 leaves @lines beside its own place, with its
 * sign: 1 at 0, the first zero at 2 for Hann. For long records. */
double twin_window_response (TwinWindow window, double lines);

void twin_window_fill (TwinWindow window, float *weights, size_t n);

/* "hann", "flat-top", "rectangular"; FALSE when @name is none of them. */
gboolean    twin_window_parse (const char *name, TwinWindow *window);
const char *twin_window_name (TwinWindow window);

G_END_DECLS
