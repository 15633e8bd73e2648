/* SPDX-License-Identifier: Apache-2.0
 *
 * sim-accel.c - what the models of accelerometers share
 */
#include "sim-private.h"

#include <math.h>

static const double catch_up_us = 100000;
static const double tolerance = 1e-3; /* from end to end */

void
sim_clock_init (sim_clock            *c,
                const machine_params *p,
                const char           *name,
                double                nominal_hz)
{
  machine_rng_seed (&c->rng, machine_rng_mix (p->seed, p->name, name));
  c->rate_hz =
      nominal_hz * (1.0 + tolerance * (machine_rng_uniform (&c->rng) - 0.5));
}

uint32_t
sim_clock_due (sim_clock *c, const sim *s, uint64_t now_us, bool *lost)
{
  float    jitter = s->machine.level[FAULT_TIME_JITTER];
  double   step = 1e6 / c->rate_hz, late = (double) now_us - c->next_us;
  uint32_t n;

  if (late < 0)
    return 0;
  if (jitter > 0)
    step *= 1.0 + 0.02 * jitter * machine_rng_normal (&c->rng);
  if (late > catch_up_us)
    {
      c->next_us += floor ((late - catch_up_us) / step) * step;
      late = (double) now_us - c->next_us;
      *lost = true;
    }

  n = late / step < SIM_BATCH - 1 ? (uint32_t) (late / step) + 1 : SIM_BATCH;
  c->next_us += n * step;
  return n;
}

float
sim_analogue (const sim *s, float g, float offset_g)
{
  const float *level = s->machine.level;

  return g * (1.0f + 200.0f * level[FAULT_CLIPPING]) + offset_g +
         level[FAULT_BIAS];
}
