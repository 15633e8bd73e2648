/* SPDX-License-Identifier: Apache-2.0
 *
 * sim-iis3dwb.c - model of the IIS3DWB
 */
#include "sim-private.h"

#include <string.h>

/* Data sheet: 26.667 kHz; 75 µg/√Hz, of one axis alone 60; -3 dB at 6.3 kHz;
 * test force between 0.8 and 3.2 g. */
static const double nominal_hz = 26667.0;
static const double density_three_g = 75e-6, density_one_g = 60e-6;
static const float  force_g = 1.6f;
static const float  lsb_g[4] = { 61e-6f, 488e-6f, 122e-6f, 244e-6f };

/* The anti-alias filter: Butterworth, fourth order, 6.3 kHz; b0, a1, a2 of the
 * sections, whose zeros lie at the Nyquist frequency. */
static const float sections[2][3] = {
  { 0.237887879f, -0.0898806482f, 0.0414321652f },
  { 0.330748045f, -0.124965798f, 0.447957978f },
};

static void
reset (sim_iis3dwb *a)
{
  memset (a->registers, 0, sizeof a->registers);
  a->registers[IIS3DWB_WHO_AM_I] = IIS3DWB_ID;
  a->registers[IIS3DWB_CTRL3_C] = IIS3DWB_INCREMENT;
  a->head = a->level = 0;
  a->overrun = false;
}

void
sim_fit_iis3dwb (sim *s, sim_iis3dwb *part)
{
  const machine_params *p = &s->machine.p;
  machine_rng           rng;

  memset (part, 0, sizeof *part);
  s->iis3dwb = part;
  reset (part);
  sim_clock_init (&part->clock, p, "iis3dwb clock", nominal_hz);
  machine_rng_seed (&rng, machine_rng_mix (p->seed, p->name, "iis3dwb zero"));
  for (unsigned axis = 0; axis < 3; axis++)
    part->offset_g[axis] = 0.02f * machine_rng_normal (&rng);
}

static bool
is_on (const sim_iis3dwb *a)
{
  return (a->registers[IIS3DWB_CTRL1_XL] & 0xe0) == IIS3DWB_ON;
}

static unsigned
axes_of (const sim_iis3dwb *a)
{
  return a->registers[IIS3DWB_CTRL6_C] & 3 ? 1 : 3;
}

static float
anti_alias (float z[2][2], float x)
{
  for (unsigned i = 0; i < 2; i++)
    {
      const float *c = sections[i];
      float        y = c[0] * x + z[i][0];

      z[i][0] = 2.0f * c[0] * x - c[1] * y + z[i][1];
      z[i][1] = c[0] * x - c[2] * y;
      x = y;
    }
  return x;
}

static int16_t
code_of (const sim_iis3dwb *a, float g)
{
  unsigned range = a->registers[IIS3DWB_CTRL1_XL] >> IIS3DWB_RANGE_SHIFT & 3;

  return (int16_t) sim_round_down (g / lsb_g[range] + 0.5f, INT16_MIN,
                                   INT16_MAX);
}

static void
push (sim_iis3dwb *a)
{
  if (a->registers[IIS3DWB_FIFO_CTRL4] != IIS3DWB_MODE_CONTINUOUS)
    return;
  if (a->level == IIS3DWB_FIFO_WORDS)
    {
      a->overrun = true;
      a->head = (a->head + 1) % IIS3DWB_FIFO_WORDS;
      a->level--;
    }
  memcpy (a->fifo[(a->head + a->level++) % IIS3DWB_FIFO_WORDS], a->last,
          sizeof a->last);
}

static void
make (sim *s, uint32_t n)
{
  static const float gravity[3] = { 0, 1.0f, 0 }; /* y points up */
  sim_iis3dwb       *a = s->iis3dwb;
  float              g[SIM_BATCH * 3];
  unsigned           axes = axes_of (a);
  float              force =
      a->registers[IIS3DWB_CTRL5_C] & IIS3DWB_TEST_POSITIVE ? force_g : 0;
  bool stuck = s->machine.level[FAULT_STUCK] > 0;

  machine_vibration (&s->machine, &a->view, g, n);
  for (uint32_t i = 0; i < n; i++)
    {
      for (unsigned axis = 0; axis < axes; axis++)
        {
          float x = g[i * axes + axis] + gravity[axis] + force;

          x = anti_alias (a->filter[axis],
                          sim_analogue (s, x, a->offset_g[axis]));
          if (!stuck)
            a->last[axis] = code_of (a, x);
        }
      push (a);
    }
}

void
sim_iis3dwb_fill (sim *s, uint64_t now_us)
{
  sim_iis3dwb *a = s->iis3dwb;
  uint32_t     n;

  if (!is_on (a))
    return;
  while ((n = sim_clock_due (&a->clock, s, now_us, &a->overrun)) > 0)
    make (s, n);
}

/* One byte of the oldest word; the word goes with its last byte. */
static uint8_t
pop (sim_iis3dwb *a, unsigned byte)
{
  uint8_t tag, value;

  if (a->level == 0)
    return 0;
  if (byte == 0)
    {
      tag = (uint8_t) (IIS3DWB_TAG_ACCEL << 3 | (a->counter & 3) << 1);
      return (uint8_t) (tag | (__builtin_popcount (tag) & 1)); /* even parity */
    }
  value =
      (uint8_t) (a->fifo[a->head][(byte - 1) / 2] >> ((byte - 1) % 2 ? 8 : 0));
  if (byte == IIS3DWB_WORD_BYTES - 1)
    {
      a->head = (a->head + 1) % IIS3DWB_FIFO_WORDS;
      a->level--;
      a->counter++;
    }
  return value;
}

static uint8_t
status2 (sim_iis3dwb *a)
{
  uint8_t value =
      (uint8_t) (a->level >> 8 | (a->overrun ? IIS3DWB_OVERRUN : 0) |
                 (a->level == IIS3DWB_FIFO_WORDS ? IIS3DWB_FULL : 0));

  a->overrun = false;
  return value;
}

static void
write_register (sim *s, unsigned reg, uint8_t value, uint64_t now_us)
{
  sim_iis3dwb *a = s->iis3dwb;
  bool         was_on = is_on (a);

  if (reg == IIS3DWB_CTRL3_C && value & IIS3DWB_RESET)
    {
      reset (a);
      return;
    }
  if (reg == IIS3DWB_WHO_AM_I || reg >= IIS3DWB_REGISTERS)
    return;
  a->registers[reg] = value;
  if (reg == IIS3DWB_FIFO_CTRL4 && value == IIS3DWB_MODE_BYPASS)
    a->head = a->level = 0;
  if (is_on (a) && !was_on)
    {
      machine_view_init (&a->view, &s->machine, "iis3dwb", axes_of (a),
                         nominal_hz,
                         axes_of (a) == 1 ? density_one_g : density_three_g);
      a->clock.next_us = (double) now_us + 1e6 / a->clock.rate_hz;
    }
}

hal_status
sim_iis3dwb_transfer (sim           *s,
                      uint64_t       now_us,
                      const uint8_t *tx,
                      uint8_t       *rx,
                      size_t         n)
{
  sim_iis3dwb *a = s->iis3dwb;
  unsigned     reg = tx[0] & 0x7f;

  sim_iis3dwb_fill (s, now_us);
  memset (rx, 0, n);
  for (size_t i = 1; i < n; i++, reg++)
    if (!(tx[0] & 0x80))
      write_register (s, reg, tx[i], now_us);
    else
      {
        if (reg > IIS3DWB_FIFO_LAST)
          reg = IIS3DWB_FIFO_TAG;
        rx[i] = reg >= IIS3DWB_FIFO_TAG       ? pop (a, reg - IIS3DWB_FIFO_TAG)
                : reg == IIS3DWB_FIFO_STATUS1 ? (uint8_t) a->level
                : reg == IIS3DWB_FIFO_STATUS2 ? status2 (a)
                                              : a->registers[reg];
      }
  return HAL_OK;
}
