/* SPDX-License-Identifier: Apache-2.0
 *
 * sim-adxl355.c - model of the ADXL355
 */
#include "sim-private.h"

#include <string.h>

/* Data sheet: 22.5 µg/√Hz; the test force. */
static const double density_g = 22.5e-6;
static const double nominal_hz = 4000.0;
static const float  force_g[3] = { 0.3f, 0.3f, 1.5f };

static void
adxl355_reset (sim_adxl355 *a)
{
  memset (a->registers, 0, sizeof a->registers);
  a->registers[ADXL355_DEVID_AD] = 0xad;
  a->registers[ADXL355_DEVID_MST] = 0x1d;
  a->registers[ADXL355_PARTID] = 0xed;
  a->registers[ADXL355_FIFO_SAMPLES] = 0x60;
  a->registers[ADXL355_RANGE] = 0x81;
  a->registers[ADXL355_POWER_CTL] = ADXL355_POWER_STANDBY;
  a->head = a->level = 0;
  a->overrun = false;
}

void
sim_fit_adxl355 (sim *s)
{
  const machine_params *p = &s->machine.p;
  machine_rng           rng;

  s->has_adxl355 = true;
  adxl355_reset (&s->adxl355);
  sim_clock_init (&s->adxl355.clock, p, "adxl355 clock", nominal_hz);
  machine_view_init (&s->adxl355.view, &s->machine, "adxl355", 3, nominal_hz,
                     density_g);
  machine_rng_seed (&rng, machine_rng_mix (p->seed, p->name, "adxl355 zero"));
  for (unsigned axis = 0; axis < 3; axis++)
    s->adxl355.offset_g[axis] = 0.01f * machine_rng_normal (&rng);
}

static int32_t
adxl355_code (const sim_adxl355 *a, float g)
{
  unsigned range = a->registers[ADXL355_RANGE] & 3;
  float    lsb_per_g = (float) (256000 >> (range > 0 ? range - 1 : 0));

  return sim_round_down (g * lsb_per_g + 0.5f, -524288, 524287);
}

/* Digital filter, -3 dB at a quarter of the output rate: a second-order
 * Butterworth low-pass; constants for rate / 4: tan (pi / 4) = 1. */
static float
adxl355_filter (float z[4], float x)
{
  static const float b0 = 0.29289322f, a2 = 0.17157288f;
  float              y = b0 * (x + 2.0f * z[0] + z[1]) - a2 * z[3];

  z[1] = z[0];
  z[0] = x;
  z[3] = z[2];
  z[2] = y;
  return y;
}

static void
adxl355_push (sim_adxl355 *a, unsigned axis, int32_t code)
{
  uint32_t at;

  if (a->level == ADXL355_FIFO_SIZE)
    {
      a->overrun = true;
      a->head = (a->head + 1) % ADXL355_FIFO_SIZE;
      a->level--;
    }

  at = a->head + a->level++;
  at = at < ADXL355_FIFO_SIZE ? at : at - ADXL355_FIFO_SIZE;
  a->fifo[at][0] = (uint8_t) (code >> 12);
  a->fifo[at][1] = (uint8_t) (code >> 4);
  a->fifo[at][2] =
      (uint8_t) ((code & 15) << 4 | (axis == 0 ? ADXL355_FIFO_X : 0));
}

static void
adxl355_make (sim *s, uint32_t n)
{
  static const float gravity[3] = { 0, 1.0f, 0 }; /* y points up */
  sim_adxl355       *a = &s->adxl355;
  float              g[SIM_BATCH * 3];
  bool               forced = a->registers[ADXL355_SELF_TEST] == 3;
  bool               stuck = s->machine.level[FAULT_STUCK] > 0;

  machine_vibration (&s->machine, &a->view, g, n);
  for (uint32_t i = 0; i < n * 3; i++)
    {
      unsigned axis = i % 3;
      float    x = g[i] + gravity[axis] + (forced ? force_g[axis] : 0);

      x = adxl355_filter (a->filter[axis],
                          sim_analogue (s, x, a->offset_g[axis]));
      if (!stuck)
        a->last[axis] = adxl355_code (a, x);
      adxl355_push (a, axis, a->last[axis]);
    }
}

void
sim_adxl355_fill (sim *s, uint64_t now_us)
{
  sim_adxl355 *a = &s->adxl355;
  uint32_t     n;

  if (a->registers[ADXL355_POWER_CTL] & ADXL355_POWER_STANDBY)
    return;
  while ((n = sim_clock_due (&a->clock, s, now_us, &a->overrun)) > 0)
    adxl355_make (s, n);
}

/* Whole entries into @out, then marks of an empty FIFO. */
static void
adxl355_pop (sim_adxl355 *a, uint8_t *out, size_t n)
{
  for (; n > 0; out += 3, n -= n < 3 ? n : 3)
    {
      static const uint8_t empty[3] = { 0, 0, ADXL355_FIFO_EMPTY };

      memcpy (out, a->level > 0 ? a->fifo[a->head] : empty, n < 3 ? n : 3);
      if (a->level == 0 || n < 3)
        continue;
      a->head = a->head + 1 < ADXL355_FIFO_SIZE ? a->head + 1 : 0;
      a->level--;
    }
}

/* Data registers. */
static uint8_t
adxl355_data (const sim_adxl355 *a, unsigned index)
{
  int32_t code = a->last[index / 3];

  return index % 3 == 0   ? (uint8_t) (code >> 12)
         : index % 3 == 1 ? (uint8_t) (code >> 4)
                          : (uint8_t) ((code & 15) << 4);
}

static uint8_t
adxl355_read (sim_adxl355 *a, unsigned reg)
{
  uint8_t status = 0;

  if (reg >= ADXL355_XDATA3 && reg < ADXL355_XDATA3 + 9)
    return adxl355_data (a, reg - ADXL355_XDATA3);

  switch (reg)
    {
    case ADXL355_STATUS:
      status = (uint8_t) ((a->level > 0 ? ADXL355_STATUS_READY : 0) |
                          (a->level >= a->registers[ADXL355_FIFO_SAMPLES]
                               ? ADXL355_STATUS_FIFO_FULL
                               : 0) |
                          (a->overrun ? ADXL355_STATUS_FIFO_OVR : 0));
      a->overrun = false;
      return status;
    case ADXL355_FIFO_ENTRIES:
      return (uint8_t) a->level;
    default:
      return reg < SIM_ADXL355_REGISTERS ? a->registers[reg] : 0;
    }
}

static void
adxl355_write (sim_adxl355 *a, unsigned reg, uint8_t value, uint64_t now_us)
{
  if (reg == ADXL355_RESET && value == ADXL355_RESET_CODE)
    {
      adxl355_reset (a);
      return;
    }
  if (reg < ADXL355_FILTER || reg >= SIM_ADXL355_REGISTERS)
    return;
  if (reg == ADXL355_POWER_CTL && (a->registers[reg] & ADXL355_POWER_STANDBY) &&
      !(value & ADXL355_POWER_STANDBY))
    a->clock.next_us = (double) now_us + 1e6 / a->clock.rate_hz;
  a->registers[reg] = value;
}

hal_status
sim_adxl355_transfer (sim           *s,
                      uint64_t       now_us,
                      const uint8_t *tx,
                      uint8_t       *rx,
                      size_t         n)
{
  unsigned reg = tx[0] >> 1;

  sim_adxl355_fill (s, now_us);
  if ((tx[0] & 1) && reg == ADXL355_FIFO_DATA)
    {
      rx[0] = 0;
      adxl355_pop (&s->adxl355, rx + 1, n - 1);
      return HAL_OK;
    }

  memset (rx, 0, n);
  for (size_t i = 1; i < n; i++)
    if (!(tx[0] & 1))
      adxl355_write (&s->adxl355, reg++, tx[i], now_us);
    else
      rx[i] = adxl355_read (&s->adxl355, reg++);
  return HAL_OK;
}
