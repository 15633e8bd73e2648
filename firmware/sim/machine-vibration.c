/* SPDX-License-Identifier: Apache-2.0
 *
 * machine-vibration.c - what an accelerometer at the drive end feels
 *
 * Shaft lines, broad-band noise, a structural mode fed by that noise, and the
 * mode rung by the impacts of a bearing fault. Impacts follow each other with
 * cumulative jitter: a random walk, not jitter about a grid.
 */
#include "machine.h"

#include <math.h>
#include <stddef.h>

#define PI 3.14159265358979323846

static const double impact_jitter = 0.01;
static const double impact_spread = 0.10;
static const double quiet_pace =
    0.02; /* what a still machine hears around it */
static const double axis_burst[MACHINE_AXES] = { 1.0, 0.6, 0.35 };
static const double axis_noise[MACHINE_AXES] = { 1.0, 0.9, 0.8 };

/* Marsaglia's polar method: exact, two at a time. */
static void
normal_pair (machine_rng *rng, double out[2])
{
  double u, v, s, f;

  do
    {
      uint64_t bits = machine_rng_next (rng);

      u = (double) (int32_t) (bits >> 32) * 0x1p-31;
      v = (double) (int32_t) bits * 0x1p-31;
      s = u * u + v * v;
    }
  while (s >= 1.0 || s == 0.0);

  f = sqrt (-2.0 * log (s) / s);
  out[0] = u * f;
  out[1] = v * f;
}

/* Impacts a turn of the shaft, slip included. */
static double
impact_order (const machine_params *p)
{
  double order = p->fault == MACHINE_FAULT_OUTER   ? machine_order_outer (p)
                 : p->fault == MACHINE_FAULT_INNER ? machine_order_inner (p)
                                                   : machine_order_ball (p);

  return order * (1.0 - p->slip_ratio);
}

/* How strongly an impact is felt, by where the fault is just now. */
static double
load_zone (const machine *m)
{
  double r;

  switch (m->p.fault)
    {
    case MACHINE_FAULT_INNER:
      r = 0.35 + 0.65 * cos (2.0 * PI * m->turn);
      return r > 0 ? r : 0;
    case MACHINE_FAULT_BALL:
      return 0.6 + 0.4 * cos (2.0 * PI * m->cage);
    case MACHINE_FAULT_OUTER:
    case MACHINE_FAULT_NONE:
      break;
    }
  return 1.0;
}

/* Constants of one batch: the slow grid does not move within it. */
typedef struct
{
  double step_s;
  double mode_re, mode_im; /* the mode's turn in one sample */
  double decay, omega;     /* of the mode */
  double shaft_re, shaft_im;
  double force; /* of the shaft lines: as the square of speed */
  double burst; /* amplitude of an impact now, g; 0: no fault */
  double interval_s;
  double noise;
  double drive; /* of the mode by noise */
} batch;

static void
batch_init (const machine *m, batch *b, double rate_hz)
{
  const machine_params *p = &m->p;
  double                w = 2.0 * PI * p->resonance_hz;
  double                angle = 2.0 * PI * m->speed_rps / rate_hz;

  b->step_s = 1.0 / rate_hz;
  b->decay = p->damping * w;
  b->omega = w * sqrt (1.0 - p->damping * p->damping);
  b->mode_re = exp (-b->decay * b->step_s) * cos (b->omega * b->step_s);
  b->mode_im = exp (-b->decay * b->step_s) * sin (b->omega * b->step_s);
  b->shaft_re = cos (angle);
  b->shaft_im = sin (angle);
  b->force = m->pace * m->pace;
  b->noise = p->noise_g * (0.7 + 0.3 * m->load) * fmax (m->pace, quiet_pace);
  /* Stationary power of the driven mode is drive² / (2 (1 - |mode|²)). */
  b->drive = m->rumble_gain * b->noise *
             sqrt (2.0 * (1.0 - exp (-2.0 * b->decay * b->step_s)));
  b->burst = 0;
  if (p->fault != MACHINE_FAULT_NONE)
    {
      double s = machine_severity (m, &p->fault_decay);

      b->burst = p->burst_g * pow (10.0, 2.0 * (s - 1.0)) *
                 fmax (b->force, quiet_pace * quiet_pace);
      b->interval_s = 1.0 / (fmax (m->speed_rps, 0.1) * impact_order (p));
    }
}

static void
turn_by (double *re, double *im, double by_re, double by_im)
{
  double r = *re * by_re - *im * by_im;

  *im = *re * by_im + *im * by_re;
  *re = r;
}

static void
impacts (machine *m, const batch *b)
{
  m->until_burst_s -= b->step_s;
  while (m->until_burst_s < 0)
    {
      double since = -m->until_burst_s;
      double g = b->burst * load_zone (m) *
                 (1.0 + impact_spread * machine_rng_normal (&m->fast_rng));
      double a = g * exp (-b->decay * since);

      m->burst_re += a * cos (b->omega * since);
      m->burst_im += a * sin (b->omega * since);
      m->until_burst_s +=
          b->interval_s *
          (1.0 + impact_jitter * machine_rng_normal (&m->fast_rng));
    }
}

static void
one_sample (machine *m, const batch *b, float out[MACHINE_AXES])
{
  double gauss[4], re, im;

  turn_by (&m->shaft_re, &m->shaft_im, b->shaft_re, b->shaft_im);
  re = m->shaft_re;
  im = m->shaft_im;
  turn_by (&m->rumble_re, &m->rumble_im, b->mode_re, b->mode_im);
  normal_pair (&m->fast_rng, gauss);
  normal_pair (&m->fast_rng, gauss + 2);
  m->rumble_re += b->drive * gauss[3];

  if (b->burst > 0)
    {
      turn_by (&m->burst_re, &m->burst_im, b->mode_re, b->mode_im);
      impacts (m, b);
    }

  for (unsigned axis = 0; axis < MACHINE_AXES; axis++)
    out[axis] =
        (float) (axis_noise[axis] * (b->noise * gauss[axis] + m->rumble_im) +
                 axis_burst[axis] * m->burst_im);

  for (unsigned h = 0; h < MACHINE_HARMONICS; h++)
    {
      for (unsigned axis = 0; axis < MACHINE_AXES; axis++)
        out[axis] += (float) (b->force * (re * m->gain_re[h][axis] -
                                          im * m->gain_im[h][axis]));
      turn_by (&re, &im, m->shaft_re, m->shaft_im);
    }
}

void
machine_vibration (machine *m, double rate_hz, float *out, uint32_t n)
{
  batch  b = { 0 };
  double scale, cage = machine_order_cage (&m->p);

  batch_init (m, &b, rate_hz);
  for (uint32_t i = 0; i < n; i++)
    {
      one_sample (m, &b, out + (size_t) i * MACHINE_AXES);
      m->turn += m->speed_rps * b.step_s;
      m->cage += m->speed_rps * cage * b.step_s;
    }

  m->turn -= floor (m->turn);
  m->cage -= floor (m->cage);
  scale = 1.0 / sqrt (m->shaft_re * m->shaft_re + m->shaft_im * m->shaft_im);
  m->shaft_re *= scale;
  m->shaft_im *= scale;
}
