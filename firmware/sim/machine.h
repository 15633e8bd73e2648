/* SPDX-License-Identifier: Apache-2.0
 *
 * machine.h - the physics of one rotating machine, seeded
 *
 * Slow quantities (load, speed, temperatures, wear) move on a grid of one
 * second of machine time, so that they do not depend on who asks when.
 * Vibration is made sample by sample in order. Plain C, no allocation; time is
 * microseconds since the machine was set up.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum
{
  MACHINE_FAULT_NONE,
  MACHINE_FAULT_OUTER, /* outer race, fixed in the load zone */
  MACHINE_FAULT_INNER, /* inner race, passes the load zone once a turn */
  MACHINE_FAULT_BALL,  /* strikes both races */
} machine_fault;

/* Of a process that gets worse by @growth a day of machine age, up to 1. */
typedef struct
{
  double severity; /* 0 to 1 at age 0 */
  double growth;   /* a day */
} machine_decay;

typedef struct
{
  uint64_t seed;
  double   age_scale; /* wear runs this much faster than time */
  double   age_s;     /* wear already done */

  /* Drive. */
  double rated_speed_rpm;
  double rated_current_a;
  double idle_current_a;
  double slip;       /* at rated load, of rated speed */
  double load;       /* mean load factor */
  double load_swing; /* amplitude of its slow variation */
  double load_period_s;

  /* Drive-end bearing. */
  double        balls, ball_mm, pitch_mm, angle_deg;
  double        slip_ratio; /* of the cage: tones lie this much low */
  machine_fault fault;
  machine_decay fault_decay;

  /* Vibration at the drive end, radial axis. */
  double unbalance_mm_s;    /* 1X velocity, r.m.s. */
  double misalignment_mm_s; /* 2X */
  double looseness_mm_s;    /* 3X to 5X each */
  double noise_g;           /* broad band, r.m.s. in 1 kHz */
  double resonance_hz;
  double damping;
  double burst_g; /* of a fault at severity 1 */

  /* Heat (section 5.1 of the method: rise = K_load l s + K_speed s). */
  double        ambient_c;
  double        ambient_swing_c;
  double        tau_s;
  double        k_load;
  double        k_speed;
  bool          has_cooler;
  machine_decay cooler; /* 1: half of the heat transfer is left */
  machine_decay drift;  /* of the drive-end temperature sensor, 1: +20 K */
} machine_params;

typedef struct
{
  uint64_t s[4];
} machine_rng;

enum
{
  MACHINE_HARMONICS = 5,
  MACHINE_AXES = 3,
};

typedef struct
{
  machine_params p;
  machine_rng    slow_rng;
  machine_rng    fast_rng;

  /* The slow grid. */
  uint64_t second;    /* of the values below */
  double   wander;    /* of the load */
  double   load;      /* factor of rated power */
  double   speed_rps; /* turns a second */
  double   turns;     /* shaft angle at the start of this second */
  bool     stopped;   /* the drive is off: it coasts down and stands */
  uint64_t still_us;  /* since when it stands */
  double   pace;      /* of the speed it should have: 1 unless off or starting */
  double   ambient_c;
  double   de_c, nde_c, outlet_c; /* true temperatures */
  double   de_seen_c, nde_seen_c, outlet_seen_c, ambient_seen_c; /* sensors */

  /* Vibration of the sample grid. */
  double shaft_re, shaft_im;
  double gain_re[MACHINE_HARMONICS][MACHINE_AXES];
  double gain_im[MACHINE_HARMONICS][MACHINE_AXES];
  double burst_re, burst_im;   /* ringing of the fault */
  double rumble_re, rumble_im; /* the same mode, driven by noise */
  double rumble_gain;
  double until_burst_s; /* to the next impact */
  double turn;          /* shaft angle, turns, modulo 1 */
  double cage;          /* cage angle, turns, modulo 1 */
} machine;

/* Take the drive from the machine or give it back, from now on. */
void machine_stop (machine *m, bool stopped);

void machine_init (machine *m, const machine_params *params);

/* Bring the slow grid to @time_us. Going back does nothing. */
void machine_advance (machine *m, uint64_t time_us);

/* Seconds of wear behind the machine. */
double machine_age_s (const machine *m);

/* Severity now of a process of this machine. */
double machine_severity (const machine *m, const machine_decay *decay);

/* The next @n samples at @rate_hz, g, x (radial), y, z (axial) in turn. */
void machine_vibration (machine *m, double rate_hz, float *out, uint32_t n);

/* Key-phasor turns passed at @time_us, which the grid has reached. */
double machine_turns (const machine *m, uint64_t time_us);

/* Motor current, r.m.s. A. */
double machine_current_a (const machine *m);

/* Multiples of shaft speed. */
double machine_order_outer (const machine_params *p);
double machine_order_inner (const machine_params *p);
double machine_order_ball (const machine_params *p); /* 2 x BSF */
double machine_order_cage (const machine_params *p);

uint64_t machine_rng_next (machine_rng *rng);
double   machine_rng_uniform (machine_rng *rng); /* 0 to 1 */
double   machine_rng_normal (machine_rng *rng);
void     machine_rng_seed (machine_rng *rng, uint64_t seed);

#endif
