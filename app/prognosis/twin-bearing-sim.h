/* SPDX-License-Identifier: Apache-2.0 */
/* twin-bearing-sim.h - what a bearing with a damaged race sounds like
 *
 * Four degrees of freedom, shaft and pedestal each in two directions, coupled
 * by the Hertzian contacts of the rolling elements (after Sawalhi and Randall
 * 2008, without their resonator); a race's defect is a dent that each element
 * rolls through. Fourth-order Runge and Kutta at 48 kHz, then the sensor: its
 * noise, its rate. Pure; the same parameters give the same samples.
 */
#pragma once

#include "twin-diagnosis.h"

G_BEGIN_DECLS

typedef struct
{
  TwinBearing bearing;
  double      shaft_hz;                 /* > 0 */
  double      load_n;                   /* radial, > 0 */
  TwinElement fault;                    /* INNER, OUTER; anything else: none */
  double      depth_um, half_width_deg; /* 20, 2.5 */
  double      noise_g;                  /* r.m.s. of the sensor: 0.002 */
  /* As in the paper's test rig. */
  double m_shaft_kg, m_pedestal_kg; /* 1.26, 12.6 */
  double k_pedestal;                /* 1.51e7 N/m */
  double c_shaft, c_pedestal;       /* 1376, 2210 N s/m */
  double k_contact;                 /* 8.75e9 N/m^1.5 */
  double clearance_um;              /* 3 */
} TwinBearingSim;

/* The values named above, a 6205 at 30 Hz and 400 N, no fault. */
void twin_bearing_sim_default (TwinBearingSim *self);

/* @samples_g: pedestal's vertical acceleration, @n at 48 kHz / @decimation
 * (1, 2, 3, 4); the first half second after the start is left out. Takes about
 * a tenth of the time it simulates. FALSE: the geometry cannot be. */
gboolean twin_bearing_sim_run (const TwinBearingSim *self,
                               int                   decimation,
                               double               *samples_g,
                               size_t                n);

#define TWIN_BEARING_SIM_RATE_HZ 48000.0

G_END_DECLS
