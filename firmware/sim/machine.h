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

#include "faults.h"
#include "rng.h"

/* Of a process that gets worse by @growth a day of machine age, up to 1. */
typedef struct
{
  double severity; /* 0 to 1 at age 0 */
  double growth;   /* a day */
} machine_decay;

typedef struct
{
  uint64_t seed;
  uint64_t name; /* machine_rng_name of the node: no two draw the same noise */
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
  double balls, ball_mm, pitch_mm, angle_deg;
  double slip_ratio; /* of the cage: tones lie this much low */

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
  bool          no_tacho; /* no key-phasor is fitted */
  machine_decay faults[FAULTS];
} machine_params;

enum
{
  MACHINE_AXES = 3,
  MACHINE_WAVE = 256, /* points of two turns */
  MACHINE_LINES = 20, /* half orders up to 10X */
  MACHINE_RACES = 3,  /* FAULT_OUTER_RACE and the two after it */
  MACHINE_MODES = 2,
};

typedef struct
{
  machine_params p;
  machine_rng    rng; /* of the slow grid */

  /* The slow grid. */
  uint64_t second;        /* of the values below */
  float    level[FAULTS]; /* severity now */
  double   wander;        /* of the load */
  double   load;          /* factor of rated power */
  double   speed_rps;     /* turns a second */
  double   last_rps;      /* in the second before */
  double   turns;         /* shaft angle at the start of this second */
  bool     stopped;       /* the drive is off: it coasts down and stands */
  double   pace; /* of the speed it should have: 1 unless off or starting */
  double   ambient_c;
  double   de_c, nde_c, outlet_c; /* true temperatures */
  double   de_seen_c, nde_seen_c, outlet_seen_c, ambient_seen_c; /* sensors */

  /* What the shaft alone makes felt in two turns at rated speed, g. */
  float    wave[MACHINE_AXES][MACHINE_WAVE + 1];
  uint8_t  phase[MACHINE_LINES][MACHINE_AXES]; /* of a line, 256 are a turn */
  float    in_wave[3]; /* levels of unbalance and so on that are in it */
  uint32_t revision;   /* of what a view keeps of it */
} machine;

/* A mode of the structure that noise excites and impacts ring. */
typedef struct
{
  double decay, hz;        /* 1/s; damped */
  float  turn_re, turn_im; /* in one sample */
  float  ring_re, ring_im; /* after impacts */
} machine_mode;

/* One accelerometer's sight of the machine: same shaft, same impacts, noise of
 * its own. Samples are made in order. */
typedef struct
{
  machine_rng  noise, impacts;
  unsigned     axes;
  float        rate_hz;
  float        sigma; /* of the sensor's own noise, g r.m.s. */
  machine_mode modes[MACHINE_MODES];
  unsigned     n_modes;
  float        rumble_re, rumble_im;   /* the first mode, driven by noise */
  uint32_t     shaft, cage;            /* angles; 2^32 is two turns, one turn */
  float        until_s[MACHINE_RACES]; /* to the next impact */
  /* Constants until the slow grid moves. */
  uint64_t second;
  uint32_t revision;
  uint32_t shaft_step, cage_step;
  float    force, drive;
  float    mixed[MACHINE_AXES]; /* r.m.s. of white noise, sensor's included */
  float    interval_s[MACHINE_RACES];
  float    burst[MACHINE_RACES]; /* amplitude; 0: no fault */
  bool     struck;               /* any of them */
} machine_view;

/* Take the drive from the machine or give it back, from now on. */
void machine_stop (machine *m, bool stopped);

void machine_init (machine *m, const machine_params *params);

/* Bring the slow grid to @time_us. Going back does nothing. */
void machine_advance (machine *m, uint64_t time_us);

/* Seconds of wear behind the machine. */
double machine_age_s (const machine *m);

/* Severity now of a process of this machine. */
double machine_severity (const machine *m, const machine_decay *decay);

/* Work out what the shaft makes felt, if a fault of it has moved. */
void machine_set_wave (machine *m);

/* Set @fault's severity, 0 to 1, from now on; 0 ends it. */
void machine_fault (machine *m, sim_fault fault, double severity);

/* A sensor of @axes axes at @rate_hz, with own white noise of @density_g, g a
 * root of Hz, and a @name of its own on this machine. */
void machine_view_init (machine_view  *v,
                        const machine *m,
                        const char    *name,
                        unsigned       axes,
                        double         rate_hz,
                        double         density_g);

/* The next @n samples of each axis, g, x (radial), y, z (axial) in turn. */
void machine_vibration (const machine *m,
                        machine_view  *v,
                        float         *out,
                        uint32_t       n);

/* When the shaft passes its mark for the @turn-th time, microseconds, or 0 when
 * that is not known: the grid has not come so far, or is past it. */
uint64_t machine_turn_us (const machine *m, uint64_t turn);

/* Motor current, r.m.s. A. */
double machine_current_a (const machine *m);

/* Multiples of shaft speed. */
double machine_order_outer (const machine_params *p);
double machine_order_inner (const machine_params *p);
double machine_order_ball (const machine_params *p); /* 2 x BSF */
double machine_order_cage (const machine_params *p);

#endif
