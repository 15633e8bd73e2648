/* SPDX-License-Identifier: Apache-2.0
 *
 * machine.c - the physics of one rotating machine: wear, drive and heat
 */
#include "machine.h"

#include <math.h>
#include <string.h>

#include "sim-math.h"

static const double day_s = 86400.0;
static const double sensor_lag_s = 8.0;
static const double friction = 0.02;  /* of rated speed lost a second, off */
static const double windage_s = 15.0; /* and of its speed, once in this */
static const double start_s = 4.0;    /* from standstill to speed */

static double
contact (const machine_params *p)
{
  return p->ball_mm / p->pitch_mm * sim_cos (p->angle_deg / 360.0);
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
  double now = decay->severity;

  if (decay->growth > 0) /* few do, and a small board has doubles in software */
    now += decay->growth * machine_age_s (m) / day_s;

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

uint64_t
machine_turn_us (const machine *m, uint64_t turn)
{
  double ahead = (double) turn - m->turns, s;

  if (ahead >= 0)
    s = m->speed_rps > 0 ? ahead / m->speed_rps : 2.0;
  else
    s = m->last_rps > 0 ? ahead / m->last_rps : -2.0;
  if (!(s < 1.0) || !(s >= -1.0) || s + (double) m->second < 0)
    return 0;
  return (uint64_t) (((double) m->second + s) * 1e6);
}

/* What is left of the heat transfer makes the rise and the time constant
 * grow alike: T' = (T_a + K f - T) / (tau f). */
static double
cooling_factor (const machine *m)
{
  return m->p.has_cooler ? 1.0 / (1.0 - 0.5 * m->level[FAULT_COOLING]) : 1.0;
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
  double coasted = m->speed_rps * (1.0 - 1.0 / windage_s) -
                   friction * m->p.rated_speed_rpm / 60.0;
  double started = m->speed_rps + driven_rps / start_s;

  if (m->stopped)
    {
      m->load = 0;
      m->speed_rps = coasted > 0 ? coasted : 0;
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
age (machine *m)
{
  for (unsigned i = 0; i < FAULTS; i++)
    m->level[i] = (float) machine_severity (m, &m->p.faults[i]);
  machine_set_wave (m);
}

static void
drive (machine *m)
{
  const machine_params *p = &m->p;
  double                t = (double) m->second;

  m->wander += -m->wander / 60.0 + 0.003 * machine_rng_normal (&m->rng);
  m->load = p->load + m->wander + 0.8 * m->level[FAULT_OVERLOAD] +
            p->load_swing * sim_sin (t / p->load_period_s +
                                     (double) (p->seed % 628) / 628.0);
  if (m->load < 0.05)
    m->load = 0.05;

  set_speed (m, p->rated_speed_rpm / 60.0 *
                    (1.0 + p->slip * (1.0 - m->load) +
                     1e-4 * machine_rng_normal (&m->rng)));
  m->ambient_c = p->ambient_c +
                 p->ambient_swing_c *
                     sim_sin (t / 5400.0 + (double) (p->seed % 100) / 100.0);
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

void
machine_init (machine *m, const machine_params *params)
{
  memset (m, 0, sizeof *m);
  m->p = *params;
  machine_rng_seed (&m->rng,
                    machine_rng_mix (params->seed, params->name, "machine"));
  for (unsigned line = 0; line < MACHINE_LINES; line++)
    for (unsigned axis = 0; axis < MACHINE_AXES; axis++)
      m->phase[line][axis] = (uint8_t) (machine_rng_next (&m->rng) >> 56);

  m->pace = 1.0;
  m->in_wave[0] = -1.0f; /* none yet */
  age (m);
  drive (m);
  m->last_rps = m->speed_rps;
  settle (m);
}

void
machine_fault (machine *m, sim_fault fault, double severity)
{
  m->p.faults[fault] = (machine_decay){ severity, 0 };
  age (m);
  m->revision++;
}

void
machine_advance (machine *m, uint64_t time_us)
{
  uint64_t second = time_us / 1000000;

  while (m->second < second)
    {
      m->turns += m->speed_rps;
      m->last_rps = m->speed_rps;
      m->second++;
      age (m);
      drive (m);
      heat (m, 1.0);
    }
}
