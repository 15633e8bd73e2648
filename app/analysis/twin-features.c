/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-features.h"

#include <math.h>

#define VELOCITY_LO_HZ 10.0
#define VELOCITY_HI_HZ 1000.0
#define CARRIER_LO 0.1 /* of the rate */
#define CARRIER_HI 0.45
#define ORDER_WITHIN 0.01   /* the speed is not known better */
#define ELEMENT_WITHIN 0.02 /* balls slip */
#define SLACK_LINES 2       /* of the window */
#define SAMPLES_LEAST 16

static const char *const names[TWIN_N_FEATURES] = {
  [TWIN_FEATURE_VELOCITY] = "velocity",
  [TWIN_FEATURE_ACCELERATION] = "acceleration",
  [TWIN_FEATURE_PEAK] = "peak acceleration",
  [TWIN_FEATURE_KURTOSIS] = "kurtosis",
  [TWIN_FEATURE_ORDER_1] = "1× shaft",
  [TWIN_FEATURE_ORDER_2] = "2× shaft",
  [TWIN_FEATURE_ORDER_3] = "3× shaft",
  [TWIN_FEATURE_OCTAVE_1] = "first octave (from 1/64 of the rate)",
  [TWIN_FEATURE_OCTAVE_2] = "second octave (from 1/32 of the rate)",
  [TWIN_FEATURE_OCTAVE_3] = "third octave (from 1/16 of the rate)",
  [TWIN_FEATURE_OCTAVE_4] = "fourth octave (from 1/8 of the rate)",
  [TWIN_FEATURE_CARRIER] = "high-frequency level",
  [TWIN_FEATURE_OUTER] = "envelope at the outer race's rate",
  [TWIN_FEATURE_INNER] = "envelope at the inner race's rate",
  [TWIN_FEATURE_BALL] = "envelope at twice the balls' rate",
};

const char *
twin_feature_name (TwinFeature feature)
{
  g_return_val_if_fail (feature < TWIN_N_FEATURES, "");

  return names[feature];
}

/* NaN where the spectrum does not reach, or @hz is not known. */
static double
level_about (const TwinSpectrum *spectrum, double hz, double within)
{
  const double half = fmax (hz * within, SLACK_LINES * spectrum->df_hz);

  if (!(hz > 2 * half) ||
      hz + half > spectrum->df_hz * (double) (spectrum->n_lines - 1))
    return NAN;
  return twin_spectrum_band_rms (spectrum, hz - half, hz + half);
}

static void
take_spectrum (const TwinSpectrum *spectrum,
               double              rate_hz,
               double              shaft_hz,
               double             *features)
{
  features[TWIN_FEATURE_VELOCITY] =
      twin_spectrum_velocity_rms (spectrum, VELOCITY_LO_HZ, VELOCITY_HI_HZ);
  for (int i = 0; i < 3; i++)
    features[TWIN_FEATURE_ORDER_1 + i] =
        level_about (spectrum, (i + 1) * shaft_hz, ORDER_WITHIN);
  for (int i = 0; i < 4; i++)
    features[TWIN_FEATURE_OCTAVE_1 + i] =
        twin_spectrum_band_rms (spectrum, rate_hz / (64 >> i),
                                rate_hz / (32 >> i));
  features[TWIN_FEATURE_CARRIER] =
      twin_spectrum_band_rms (spectrum, CARRIER_LO * rate_hz,
                              CARRIER_HI * rate_hz);
}

static void
take_envelope (TwinTransform           *transform,
               const double            *samples,
               size_t                   n,
               double                   rate_hz,
               double                   shaft_hz,
               const TwinBearingOrders *orders,
               double                  *features)
{
  const double   wanted[] = { orders->bpfo, orders->bpfi, 2 * orders->bsf };
  const TwinBand band = { CARRIER_LO * rate_hz, CARRIER_HI * rate_hz };
  TwinSpectrum   envelope = { 0 };

  twin_envelope_spectrum (transform, samples, n, rate_hz, band, rate_hz / 4,
                          &envelope);
  for (int i = 0; i < 3 && envelope.n_lines > 0; i++)
    features[TWIN_FEATURE_OUTER + i] =
        level_about (&envelope, wanted[i] * shaft_hz, ELEMENT_WITHIN);
  twin_spectrum_clear (&envelope);
}

void
twin_features_compute (TwinTransform           *transform,
                       const double            *samples_g,
                       size_t                   n,
                       double                   rate_hz,
                       double                   shaft_hz,
                       const TwinBearingOrders *orders,
                       double                  *features)
{
  TwinScalars  scalars;
  TwinSpectrum spectrum = { 0 };

  for (int i = 0; i < TWIN_N_FEATURES; i++)
    features[i] = NAN;
  if (n < SAMPLES_LEAST)
    return;

  twin_scalars_compute (samples_g, n, 0, &scalars);
  features[TWIN_FEATURE_ACCELERATION] = scalars.rms;
  features[TWIN_FEATURE_PEAK] = scalars.peak;
  features[TWIN_FEATURE_KURTOSIS] = scalars.kurtosis;

  twin_spectrum_amplitude (transform, samples_g, n, rate_hz, TWIN_WINDOW_HANN,
                           TWIN_SCALE_RMS, &spectrum);
  if (spectrum.n_lines > 0)
    take_spectrum (&spectrum, rate_hz, shaft_hz, features);
  twin_spectrum_clear (&spectrum);

  if (orders != NULL && shaft_hz > 0)
    take_envelope (transform, samples_g, n, rate_hz, shaft_hz, orders,
                   features);
}
