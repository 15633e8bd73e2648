/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-block-features.h"

#include <math.h>

#define VELOCITY_HI_HZ 1000.0
#define ENVELOPE_MAX_HZ 1000.0

static TwinBand
choose_band (TwinTransform                  *transform,
             const double                   *samples,
             size_t                          n,
             double                          rate_hz,
             const TwinBlockFeaturesOptions *options)
{
  TwinKurtogram kurtogram;
  double        min_bandwidth =
      options->min_bandwidth_hz > 0 ? options->min_bandwidth_hz : rate_hz / 16;

  if (options->band.hi_hz > options->band.lo_hz)
    return options->band;

  twin_kurtogram_compute (transform, samples, n, rate_hz, min_bandwidth,
                          &kurtogram);
  return twin_kurtogram_band (&kurtogram, rate_hz);
}

void
twin_block_features_compute (TwinTransform                  *transform,
                             const double                   *samples_g,
                             size_t                          n,
                             double                          rate_hz,
                             const TwinBlockFeaturesOptions *options,
                             TwinBlockFeatures              *out)
{
  static const TwinBlockFeaturesOptions defaults = { 0 };

  g_return_if_fail (rate_hz > 0);

  options = options != NULL ? options : &defaults;
  twin_scalars_compute (samples_g, n, options->full_scale_g, &out->scalars);
  twin_spectrum_amplitude (transform, samples_g, n, rate_hz, options->window,
                           TWIN_SCALE_RMS, &out->spectrum);
  out->velocity_rms_mm_s =
      twin_spectrum_velocity_rms (&out->spectrum,
                                  options->velocity_lo_hz > 0
                                      ? options->velocity_lo_hz
                                      : 10,
                                  VELOCITY_HI_HZ);

  out->band = choose_band (transform, samples_g, n, rate_hz, options);
  twin_envelope_spectrum (transform, samples_g, n, rate_hz, out->band,
                          options->envelope_max_hz > 0
                              ? options->envelope_max_hz
                              : ENVELOPE_MAX_HZ,
                          &out->envelope);
}

void
twin_block_features_clear (TwinBlockFeatures *self)
{
  twin_spectrum_clear (&self->spectrum);
  twin_spectrum_clear (&self->envelope);
}
