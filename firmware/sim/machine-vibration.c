/* SPDX-License-Identifier: Apache-2.0
 *
 * machine-vibration.c - what an accelerometer at the drive end feels
 *
 * The shaft's lines, broad-band noise, a structural mode fed by that noise, and
 * the modes rung by the impacts of a bearing fault. Impacts follow each other
 * with cumulative jitter: a random walk, not jitter about a grid. Sample by
 * sample it is single precision, sums and products: the same bits everywhere.
 */
#include "machine.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "sim-math.h"

/* A part of a line's velocity that a fault adds, mm/s at severity 1. */
typedef struct
{
  sim_fault fault;
  uint8_t   line; /* half orders */
  float     mm_s[MACHINE_AXES];
} fault_line;

static const fault_line fault_lines[] = {
  { FAULT_UNBALANCE, 2, { 8.0f, 7.0f, 1.0f } },
  { FAULT_MISALIGNMENT, 2, { 2.5f, 2.0f, 3.0f } },
  { FAULT_MISALIGNMENT, 4, { 3.0f, 2.5f, 5.0f } },
};

static const float    impact_jitter = 0.01f;
static const float    impact_spread = 0.10f;
static const float    axis_burst[MACHINE_AXES] = { 1.0f, 0.6f, 0.35f };
static const float    axis_noise[MACHINE_AXES] = { 1.0f, 0.9f, 0.8f };
static const double   axis_line[MACHINE_AXES] = { 1.0, 0.8, 0.45 };
static const double   quiet_pace = 0.02; /* what a still machine hears */
static const double   rumble = 0.6;    /* the mode's r.m.s. by that of noise */
static const double   wide_hz = 12000; /* from here a high mode is seen, too */
static const double   wide_mode_hz = 3000, wide_damping = 0.03;
static const double   root_2 = 1.4142135623730951;
static const double   two_pi = 6.283185307179586;
static const uint32_t turn_unit = UINT32_C (1) << 31;

/* Velocity r.m.s. in mm/s of a line at @line half orders. */
static double
line_velocity (const machine *m, unsigned line, unsigned axis)
{
  const machine_params *p = &m->p;
  double                looseness = 1.5 * m->level[FAULT_LOOSENESS];
  double                v = 0;

  if (line == 2)
    v = p->unbalance_mm_s;
  else if (line == 4)
    v = p->misalignment_mm_s;
  else if (line == 6 || line == 8 || line == 10)
    v = p->looseness_mm_s * (1.0 - 0.1 * (line - 6));
  if (looseness > 0)
    v += line <= 6 ? looseness : looseness * 6.0 / line * 6.0 / line;
  v *= axis_line[axis];

  for (size_t i = 0; i < sizeof fault_lines / sizeof fault_lines[0]; i++)
    if (fault_lines[i].line == line)
      v += m->level[fault_lines[i].fault] * fault_lines[i].mm_s[axis];
  return v;
}

static bool
wave_stands (const machine *m)
{
  for (unsigned i = 0; i < 3; i++)
    if (fabsf (m->level[FAULT_UNBALANCE + i] - m->in_wave[i]) > 0.002f)
      return false;
  return true;
}

void
machine_set_wave (machine *m)
{
  float  sine[MACHINE_WAVE];
  double w = two_pi * m->p.rated_speed_rpm / 60.0;

  if (wave_stands (m))
    return;
  memcpy (m->in_wave, m->level + FAULT_UNBALANCE, sizeof m->in_wave);
  for (unsigned i = 0; i < MACHINE_WAVE; i++)
    sine[i] = (float) sim_sin ((double) i / MACHINE_WAVE);

  memset (m->wave, 0, sizeof m->wave);
  for (unsigned line = 1; line <= MACHINE_LINES; line++)
    for (unsigned axis = 0; axis < MACHINE_AXES; axis++)
      {
        float g = (float) (root_2 * line_velocity (m, line, axis) * 1e-3 * w *
                           line / 2.0 / 9.80665);
        unsigned at = m->phase[line - 1][axis];

        for (unsigned i = 0; g > 0 && i < MACHINE_WAVE; i++, at += line)
          m->wave[axis][i] += g * sine[at % MACHINE_WAVE];
      }
  for (unsigned axis = 0; axis < MACHINE_AXES; axis++)
    m->wave[axis][MACHINE_WAVE] = m->wave[axis][0];
}

static void
add_mode (machine_view *v, double hz, double damping)
{
  machine_mode *mode = &v->modes[v->n_modes++];
  double        fall;

  mode->decay = damping * two_pi * hz;
  mode->hz = hz * sqrt (1.0 - damping * damping);
  fall = sim_exp (-mode->decay / v->rate_hz);
  mode->turn_re = (float) (fall * sim_cos (mode->hz / v->rate_hz));
  mode->turn_im = (float) (fall * sim_sin (mode->hz / v->rate_hz));
}

void
machine_view_init (machine_view  *v,
                   const machine *m,
                   const char    *name,
                   unsigned       axes,
                   double         rate_hz,
                   double         density_g)
{
  const machine_params *p = &m->p;

  memset (v, 0, sizeof *v);
  /* The sensor's noise is its own; impacts are the machine's. */
  machine_rng_seed (&v->noise, machine_rng_mix (p->seed, p->name, name));
  machine_rng_seed (&v->impacts, machine_rng_mix (p->seed, p->name, "impacts"));
  v->axes = axes;
  v->rate_hz = (float) rate_hz;
  v->sigma = (float) (density_g * sqrt (rate_hz / 2.0));
  add_mode (v, p->resonance_hz, p->damping);
  if (rate_hz >= wide_hz)
    add_mode (v, wide_mode_hz, wide_damping);
  for (unsigned i = 0; i < MACHINE_RACES; i++)
    v->until_s[i] = (float) (0.01 * machine_rng_uniform (&v->impacts));
  v->second = UINT64_MAX;
}

static double
impact_order (const machine_params *p, unsigned race)
{
  double order = race == 0   ? machine_order_outer (p)
                 : race == 1 ? machine_order_inner (p)
                             : machine_order_ball (p);

  return order * (1.0 - p->slip_ratio);
}

/* What stands until the slow grid moves. */
static void
refresh (const machine *m, machine_view *v)
{
  const machine_params *p = &m->p;
  double                pace = m->pace > quiet_pace ? m->pace : quiet_pace;
  double                noise = p->noise_g * (0.7 + 0.3 * m->load) * pace;
  double                white = noise * sqrt (v->rate_hz / 4000.0);
  double                turns = m->speed_rps / v->rate_hz;
  double                fall = sim_exp (-2.0 * v->modes[0].decay / v->rate_hz);

  v->second = m->second;
  v->revision = m->revision;
  v->shaft_step = (uint32_t) (turns * turn_unit);
  v->cage_step = (uint32_t) (turns * machine_order_cage (p) * 2.0 * turn_unit);
  v->force = (float) (m->pace * m->pace);
  /* Stationary power of the driven mode is drive² / (2 (1 - |mode|²)). */
  v->drive = (float) (rumble * noise * sqrt (2.0 * (1.0 - fall)));
  for (unsigned axis = 0; axis < MACHINE_AXES; axis++)
    {
      double own = white * axis_noise[axis];

      v->mixed[axis] = (float) sqrt (own * own + (double) v->sigma * v->sigma);
    }

  v->struck = false;
  for (unsigned race = 0; race < MACHINE_RACES; race++)
    {
      double s = m->level[FAULT_OUTER_RACE + race];
      double rps = m->speed_rps > 0.1 ? m->speed_rps : 0.1;

      /* burst_g × 10^(2 (s - 1)), 2 ln 10 = 4.605… */
      v->burst[race] = s > 0 ? (float) (p->burst_g * pace * pace *
                                        sim_exp (4.605170185988092 * (s - 1.0)))
                             : 0;
      v->interval_s[race] = (float) (1.0 / (rps * impact_order (p, race)));
      v->struck = v->struck || s > 0;
    }
}

/* How strongly an impact is felt, by where the fault is just now. */
static float
load_zone (const machine_view *v, unsigned race)
{
  double r = 1.0;

  if (race == 1)
    r = 0.35 + 0.65 * sim_cos ((double) (v->shaft % turn_unit) / turn_unit);
  else if (race == 2)
    r = 0.6 + 0.4 * sim_cos ((double) v->cage / turn_unit / 2.0);
  return r > 0 ? (float) r : 0;
}

static void
strike (machine_view *v, unsigned race, float since)
{
  float g = v->burst[race] * load_zone (v, race) *
            (1.0f + impact_spread * machine_rng_normal (&v->impacts));

  for (unsigned i = 0; i < v->n_modes; i++)
    {
      machine_mode *mode = &v->modes[i];
      double        a = g * sim_exp (-mode->decay * since);

      mode->ring_re += (float) (a * sim_cos (mode->hz * since));
      mode->ring_im += (float) (a * sim_sin (mode->hz * since));
    }
}

static void
turn_by (float *re, float *im, float by_re, float by_im)
{
  float r = *re * by_re - *im * by_im;

  *im = *re * by_im + *im * by_re;
  *re = r;
}

/* The modes one sample later, and what hits them by then; their sum. */
static float
ring (machine_view *v)
{
  float step = 1.0f / v->rate_hz, sum = 0;

  for (unsigned i = 0; i < v->n_modes; i++)
    turn_by (&v->modes[i].ring_re, &v->modes[i].ring_im, v->modes[i].turn_re,
             v->modes[i].turn_im);

  for (unsigned race = 0; race < MACHINE_RACES; race++)
    if (v->burst[race] > 0)
      for (v->until_s[race] -= step; v->until_s[race] < 0;
           v->until_s[race] +=
           v->interval_s[race] *
           (1.0f + impact_jitter * machine_rng_normal (&v->impacts)))
        strike (v, race, -v->until_s[race]);

  for (unsigned i = 0; i < v->n_modes; i++)
    sum += v->modes[i].ring_im;
  return sum;
}

/* Two turns lie over the 32 bits of @shaft: eight choose the point. */
static float
wave_at (const float *wave, uint32_t shaft)
{
  const float *at = wave + (shaft >> 24);
  float        part = (float) (shaft & 0xffffff) * 0x1p-24f;

  return at[0] + (at[1] - at[0]) * part;
}

void
machine_vibration (const machine *m, machine_view *v, float *out, uint32_t n)
{
  if (v->second != m->second || v->revision != m->revision)
    refresh (m, v);

  for (uint32_t i = 0; i < n; i++)
    {
      float gauss[4], rung = 0;

      v->shaft += v->shaft_step;
      v->cage += v->cage_step;
      machine_rng_normals (&v->noise, gauss);
      if (v->axes > 1)
        machine_rng_normals (&v->noise, gauss + 2);
      else
        gauss[3] = gauss[1];
      turn_by (&v->rumble_re, &v->rumble_im, v->modes[0].turn_re,
               v->modes[0].turn_im);
      v->rumble_re += v->drive * gauss[3];
      if (v->struck)
        rung = ring (v);

      for (unsigned axis = 0; axis < v->axes; axis++)
        *out++ = v->mixed[axis] * gauss[axis] +
                 axis_noise[axis] * v->rumble_im + axis_burst[axis] * rung +
                 v->force * wave_at (m->wave[axis], v->shaft);
    }
}
