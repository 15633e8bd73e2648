/* SPDX-License-Identifier: Apache-2.0 */
/* twin-transform.h - Fourier transforms with their plans kept
 *
 * KissFFT in single precision: about 120 dB of dynamic range. Lengths are even
 * and of the form 2^a 3^b 5^c, because a large prime factor costs a thousand
 * times as much; twin_transform_trim() makes any length one of those.
 *
 * A TwinTransform belongs to one thread at a time. Plans and work arrays are
 * made at first use and kept: a worker holds one for its whole life.
 */
#pragma once

#include <glib.h>

#include "twin-window.h"

G_BEGIN_DECLS

typedef struct _TwinTransform TwinTransform;

typedef struct
{
  float re, im;
} TwinComplex;

TwinTransform *twin_transform_new (void);
void           twin_transform_free (TwinTransform *self);

/* The largest even 2^a 3^b 5^c that is at most @n; 0 for n < 2. */
size_t twin_transform_trim (size_t n);

/* @n real samples to @n / 2 + 1 lines, unscaled. @n as trimmed. */
void twin_transform_forward (TwinTransform *self,
                             const float   *samples,
                             size_t         n,
                             TwinComplex   *lines);

/* @n / 2 + 1 lines to @n real samples, n times too large as KissFFT does. */
void twin_transform_inverse (TwinTransform     *self,
                             const TwinComplex *lines,
                             size_t             n,
                             float             *samples);

/* Complex to complex, unscaled; @in and @out differ. @n is even, as trimmed. */
void twin_transform_complex (TwinTransform     *self,
                             const TwinComplex *in,
                             size_t             n,
                             gboolean           inverse,
                             TwinComplex       *out);

/* The @n weights of @window, made once; they live as long as @self. */
const float *twin_transform_window (TwinTransform *self,
                                    TwinWindow     window,
                                    size_t         n);

/* Work array number @slot (0..15) of at least @bytes, aligned for TwinComplex
 * and double, content undefined. Valid until the same slot is asked for again.
 * Slots 8 to 15 are the analysis' own. */
void *twin_transform_scratch (TwinTransform *self, int slot, size_t bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinTransform, twin_transform_free)

G_END_DECLS
