/* SPDX-License-Identifier: Apache-2.0 */
/* twin-features.h - what a vibration record is like, in some numbers
 *
 * For the baseline of an operating state: levels, shape, the shaft's first
 * orders, octaves, and what the envelope has at the bearing's rates. All of
 * them positive, or NaN where the record cannot tell. No I/O; a TwinTransform
 * belongs to one thread at a time.
 */
#pragma once

#include "twin-bearing.h"
#include "twin-envelope.h"
#include "twin-scalars.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_FEATURE_VELOCITY,     /* mm/s r.m.s., 10 to 1000 Hz */
  TWIN_FEATURE_ACCELERATION, /* g r.m.s. */
  TWIN_FEATURE_PEAK,         /* g */
  TWIN_FEATURE_KURTOSIS,     /* Gaussian 3 */
  TWIN_FEATURE_ORDER_1,      /* g r.m.s. about the shaft's rate, and its */
  TWIN_FEATURE_ORDER_2,      /* second … */
  TWIN_FEATURE_ORDER_3,      /* … and third multiple */
  TWIN_FEATURE_OCTAVE_1,     /* g r.m.s., rate / 64 to rate / 32 */
  TWIN_FEATURE_OCTAVE_2,
  TWIN_FEATURE_OCTAVE_3,
  TWIN_FEATURE_OCTAVE_4, /* rate / 8 to rate / 4 */
  TWIN_FEATURE_CARRIER,  /* g r.m.s., a tenth to 0.45 of the rate */
  TWIN_FEATURE_OUTER,    /* g r.m.s., of the envelope of that band at the */
  TWIN_FEATURE_INNER,    /* rate of the element, 2 % about it */
  TWIN_FEATURE_BALL,
  TWIN_N_FEATURES,
} TwinFeature;

/* For people, in the middle of a sentence: "velocity", "2× shaft". */
const char *twin_feature_name (TwinFeature feature);

/* @samples_g: one axis; under 16 samples all is NaN
 * @shaft_hz: 0: not known
 * @orders: of the bearing, or NULL
 * @features: TWIN_N_FEATURES */
void twin_features_compute (TwinTransform           *transform,
                            const double            *samples_g,
                            size_t                   n,
                            double                   rate_hz,
                            double                   shaft_hz,
                            const TwinBearingOrders *orders,
                            double                  *features);

G_END_DECLS
