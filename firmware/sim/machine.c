/* SPDX-License-Identifier: Apache-2.0
 *
 * machine.c - the physics of one rotating machine: wear, drive and heat
 */
#include "machine.h"

#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846

static const double day_s = 86400.0;
static const double sensor_lag_s = 8.0;
static const double friction = 0.02;  /* of rated speed lost a second, off */
static const double windage_s = 15.0; /* and of its speed, once in this */
static const double start_s = 4.0;    /* from standstill to speed */

/* xoshiro256++ by Blackman and Vigna (public domain), seeded by splitmix64. */
uint64_t
machine_rng_next (machine_rng *rng)
{
  uint64_t *s = rng->s, t = s[1] << 17, x = s[0] + s[3];
  uint64_t  result = ((x << 23) | (x >> 41)) + s[0];

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = (s[3] << 45) | (s[3] >> 19);
  return result;
}

void
machine_rng_seed (machine_rng *rng, uint64_t seed)
{
  for (int i = 0; i < 4; i++)
    {
      uint64_t z = (seed += 0x9e3779b97f4a7c15u);

      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
      rng->s[i] = z ^ (z >> 31);
    }
}

double
machine_rng_uniform (machine_rng *rng)
{
  return (double) (machine_rng_next (rng) >> 11) * 0x1p-53;
}

double
machine_rng_normal (machine_rng *rng)
{
  double u = 1.0 - machine_rng_uniform (rng);

  return sqrt (-2.0 * log (u)) * cos (2.0 * PI * machine_rng_uniform (rng));
}

static double
contact (const machine_params *p)
{
  return p->ball_mm / p->pitch_mm * cos (p->angle_deg * PI / 180.0);
}

double
machine_order_cage (const machine_params *p)
{
  return 0.5 * (1.0 - contact (p));
}

double
machine_order_outer (const machine_params *p)
{
  return p->balls * machine_order_cage (p);
}

double
machine_order_inner (const machine_params *p)
{
  return p->balls * 0.5 * (1.0 + contact (p));
}

double
machine_order_ball (const machine_params *p)
{
  double r = contact (p);

  return p->pitch_mm / p->ball_mm * (1.0 - r * r);
}

double
machine_age_s (const machine *m)
{
  return m->p.age_s + (double) m->second * m->p.age_scale;
}

double
machine_severity (const machine *m, const machine_decay *decay)
{
  double now = decay->severity + decay->growth * machine_age_s (m) / day_s;

  return now > 1.0 ? 1.0 : now < 0.0 ? 0.0 : now;
}

double
machine_current_a (const machine *m)
{
  if (m->stopped)
    return 0;
  return m->p.idle_current_a +
         m->load * (m->p.rated_current_a - m->p.idle_current_a);
}

double
machine_turns (const machine *m, uint64_t time_us)
{
  return m->turns +
         m->speed_rps * ((double) time_us / 1e6 - (double) m->second);
}

/* What is left of the heat transfer makes the rise and the time constant
 * grow alike: T' = (T_a + K f - T) / (tau f). */
static double
cooling_factor (const machine *m)
{
  return m->p.has_cooler
             ? 1.0 / (1.0 - 0.5 * machine_severity (m, &m->p.cooler))
             : 1.0;
}

static double
rise (const machine *m)
{
  double s = m->speed_rps * 60.0 / m->p.rated_speed_rpm;

  return (m->p.k_load * m->load * s + m->p.k_speed * s) * cooling_factor (m);
}

/* One second later: at the speed its load gives it, coasting, or starting. */
static void
set_speed (machine *m, double driven_rps)
{
  bool   turned = m->speed_rps > 0;
  double coasted = m->speed_rps * (1.0 - 1.0 / windage_s) -
                   friction * m->p.rated_speed_rpm / 60.0;
  double started = m->speed_rps + driven_rps / start_s;

  if (m->stopped)
    {
      m->load = 0;
      m->speed_rps = coasted > 0 ? coasted : 0;
      if (turned && m->speed_rps == 0)
        m->still_us = m->second * 1000000;
    }
  else if (m->pace < 1.0 && started < driven_rps)
    m->speed_rps = started;
  else
    m->speed_rps = driven_rps;
  m->pace = m->stopped || m->speed_rps != driven_rps ? m->speed_rps / driven_rps
                                                     : 1.0;
}

void
machine_stop (machine *m, bool stopped)
{
  m->stopped = stopped;
}

static void
drive (machine *m)
{
  const machine_params *p = &m->p;
  double                t = (double) m->second;

  m->wander += -m->wander / 60.0 + 0.003 * machine_rng_normal (&m->slow_rng);
  m->load = p->load + m->wander +
            p->load_swing * sin (2.0 * PI * t / p->load_period_s +
                                 (double) (p->seed % 628) / 100.0);
  if (m->load < 0.05)
    m->load = 0.05;

  set_speed (m, p->rated_speed_rpm / 60.0 *
                    (1.0 + p->slip * (1.0 - m->load) +
                     1e-4 * machine_rng_normal (&m->slow_rng)));
  m->ambient_c =
      p->ambient_c + p->ambient_swing_c *
                         sin (2.0 * PI * t / 5400.0 + (double) (p->seed % 100));
}

static void
heat (machine *m, double dt)
{
  double factor = cooling_factor (m), part = dt / (m->p.tau_s * factor);
  double lag = dt / sensor_lag_s, r = rise (m);

  m->de_c += (m->ambient_c + r - m->de_c) * part;
  m->nde_c += (m->ambient_c + 0.95 * r - m->nde_c) * part;
  m->outlet_c += (m->ambient_c + 6.0 + 0.45 * r * factor - m->outlet_c) * dt /
                 (0.3 * m->p.tau_s);

  m->de_seen_c += (m->de_c - m->de_seen_c) * lag;
  m->nde_seen_c += (m->nde_c - m->nde_seen_c) * lag;
  m->outlet_seen_c += (m->outlet_c - m->outlet_seen_c) * lag;
  m->ambient_seen_c += (m->ambient_c - m->ambient_seen_c) * lag;
}

/* The machine has been running for long: temperatures have settled. */
static void
settle (machine *m)
{
  double factor = cooling_factor (m), r = rise (m);

  m->de_c = m->de_seen_c = m->ambient_c + r;
  m->nde_c = m->nde_seen_c = m->ambient_c + 0.95 * r;
  m->outlet_c = m->outlet_seen_c = m->ambient_c + 6.0 + 0.45 * r * factor;
  m->ambient_seen_c = m->ambient_c;
}

/* Velocity r.m.s. of a shaft order in mm/s as acceleration amplitude in g. */
static double
line_g (const machine *m, double velocity_mm_s, unsigned order)
{
  double w = 2.0 * PI * m->p.rated_speed_rpm / 60.0 * order;

  return sqrt (2.0) * velocity_mm_s * 1e-3 * w / 9.80665;
}

static void
set_lines (machine *m)
{
  static const double axis_part[MACHINE_AXES] = { 1.0, 0.8, 0.45 };
  const double        velocity[MACHINE_HARMONICS] = {
           m->p.unbalance_mm_s, m->p.misalignment_mm_s, m->p.looseness_mm_s,
           m->p.looseness_mm_s * 0.8, m->p.looseness_mm_s * 0.6
  };

  for (unsigned h = 0; h < MACHINE_HARMONICS; h++)
    for (unsigned axis = 0; axis < MACHINE_AXES; axis++)
      {
        double g = line_g (m, velocity[h] * axis_part[axis], h + 1);
        double phase = 2.0 * PI * machine_rng_uniform (&m->slow_rng);

        m->gain_re[h][axis] = g * cos (phase);
        m->gain_im[h][axis] = g * sin (phase);
      }
}

void
machine_init (machine *m, const machine_params *params)
{
  memset (m, 0, sizeof *m);
  m->p = *params;
  machine_rng_seed (&m->slow_rng, params->seed);
  machine_rng_seed (&m->fast_rng, ~params->seed);

  m->pace = 1.0;
  set_lines (m);
  drive (m);
  settle (m);

  m->shaft_re = 1.0;
  m->until_burst_s = machine_rng_uniform (&m->fast_rng) * 0.01;

  /* Noise of unit r.m.s. into the mode, 0.6 of the noise's r.m.s. out. */
  m->rumble_gain = 0.6;
}

void
machine_advance (machine *m, uint64_t time_us)
{
  uint64_t second = time_us / 1000000;

  while (m->second < second)
    {
      m->turns += m->speed_rps;
      m->second++;
      drive (m);
      heat (m, 1.0);
    }
}
