/* SPDX-License-Identifier: Apache-2.0 */
/* twin-scalars.h - one number each about a block of samples
 *
 * Pure functions, any thread. The mean is taken out before the moments.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double mean;     /* unit of the samples */
  double rms;      /* about the mean */
  double peak;     /* largest |x - mean| */
  double extreme;  /* largest |x|, mean included */
  double crest;    /* peak / rms; NaN for a flat block */
  double kurtosis; /* fourth moment / rms⁴, Gaussian 3; NaN for a flat block */
  double skewness;
  double shape;        /* rms / mean |x| */
  double impulse;      /* peak / mean |x| */
  size_t longest_flat; /* longest run of exactly equal values */
  size_t clipped;      /* samples in runs of at least 3 at the extremes */
} TwinScalars;

/* @samples: finite; n = 0 gives NaN. @full_scale: the sensor's limit in the
 * same unit, or 0: not known, then only runs at the record's own extremes
 * count as clipped. */
void twin_scalars_compute (const double *samples,
                           size_t        n,
                           double        full_scale,
                           TwinScalars  *out);

/* Middle of @n values, which are reordered; the mean of the two middle ones
 * for even n; NaN for none. */
double twin_scalars_median (double *values, size_t n);

/* 1.4826 × the median distance from @median; @values are changed. */
double twin_scalars_mad_sigma (double *values, size_t n, double median);

G_END_DECLS
