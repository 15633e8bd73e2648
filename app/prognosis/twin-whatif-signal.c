/* SPDX-License-Identifier: Apache-2.0 */
/* twin-whatif-signal.c - what the sensor would hear, put to the diagnosis */
#include <math.h>
#include <string.h>

#include "twin-bearing-sim.h"
#include "twin-whatif-private.h"

#define SECONDS 6 /* five at least, or the verdict is less certain */
#define DECIMATION 2

/* A small machine's bearing, where its own load in newton is not known. */
#define USUAL_LOAD_N 400.0

void
twin_whatif_signal (const TwinWhatifCase     *self,
                    const TwinWhatifScenario *scenario,
                    TwinWhatifSignal         *out)
{
  const double rate_hz = TWIN_BEARING_SIM_RATE_HZ / DECIMATION;
  const size_t n = (size_t) (SECONDS * rate_hz);
  const double rated_n =
      self->state->load_kn > 0 ? 1000 * self->state->load_kn : USUAL_LOAD_N;
  g_autofree double  *samples = g_new (double, n);
  TwinTransform      *transform;
  TwinBearingSim      sim;
  TwinShaftSpeed      shaft;
  TwinBearingVerdict *verdict;

  memset (out, 0, sizeof *out);
  out->z = out->margin = out->kurtosis = out->rms_g = NAN;
  out->verdict = TWIN_ELEMENT_INCONCLUSIVE;
  out->suspected = TWIN_ELEMENT_NONE;
  twin_bearing_sim_default (&sim);
  if (self->state->bearing.elements > 0)
    sim.bearing = self->state->bearing;
  sim.shaft_hz = self->speed * self->state->rated_rpm / 60;
  sim.load_n = rated_n * self->load;
  sim.fault = (TwinElement) scenario->fault;
  if (!twin_bearing_sim_run (&sim, DECIMATION, samples, n))
    {
      g_strlcpy (out->why,
                 "The bearing's geometry is not known well enough to "
                 "be simulated.",
                 sizeof out->why);
      return;
    }

  transform = twin_transform_new ();
  verdict = g_new0 (TwinBearingVerdict, 1);
  shaft = (TwinShaftSpeed){ sim.shaft_hz, TWIN_SPEED_TACHO };
  twin_bearing_diagnose (transform, samples, n, rate_hz, &shaft, &sim.bearing,
                         NULL, verdict);
  out->verdict = verdict->verdict;
  out->suspected = verdict->suspected;
  out->z = verdict->best_z;
  out->margin = verdict->margin;
  out->kurtosis = verdict->scalars.kurtosis;
  out->rms_g = verdict->scalars.rms;
  g_strlcpy (out->why, verdict->why, sizeof out->why);
  g_free (verdict);
  twin_transform_free (transform);
}
