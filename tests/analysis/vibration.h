/* SPDX-License-Identifier: Apache-2.0 */
/* vibration.h - signals with a known answer */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "twin-diagnosis.h"

typedef struct
{
  uint64_t state;
} SignalRng;

void   signal_seed (SignalRng *rng, uint64_t seed);
double signal_uniform (SignalRng *rng); /* 0 to 1 */
double signal_normal (SignalRng *rng);

void signal_add_tone (double *x,
                      size_t  n,
                      double  rate_hz,
                      double  hz,
                      double  amplitude,
                      double  phase);
/* The same, @mm_s r.m.s. of velocity in samples of acceleration in g. */
void signal_add_velocity (double *x,
                          size_t  n,
                          double  rate_hz,
                          double  hz,
                          double  mm_s,
                          double  phase);
void signal_add_noise (double *x, size_t n, double sigma, SignalRng *rng);

/* Noise through a resonance; @rms of the result. */
void signal_add_resonance (double    *x,
                           size_t     n,
                           double     rate_hz,
                           double     hz,
                           double     damping,
                           double     rms,
                           SignalRng *rng);

/* One of the machine's bearing faults, ringing a resonance; r.m.s. @rms. */
typedef struct
{
  TwinElement element;
  double      shaft_hz;
  double      slip; /* the tones lie this much low */
  double      carrier_hz, damping, rms;
} SignalFault;

void signal_add_fault (double                  *x,
                       size_t                   n,
                       double                   rate_hz,
                       const SignalFault       *fault,
                       const TwinBearingOrders *orders,
                       SignalRng               *rng);

/* Blows @order times a turn, a few thousandths apart from even: looseness. Of
 * @fault only the speed and the mode count. */
void signal_add_knocks (double            *x,
                        size_t             n,
                        double             rate_hz,
                        const SignalFault *fault,
                        int                order,
                        SignalRng         *rng);

double signal_rms (const double *x, size_t n);

extern const TwinBearing signal_6205, signal_6203;
