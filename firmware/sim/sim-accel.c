/* SPDX-License-Identifier: Apache-2.0
 *
 * sim-accel.c - models of the ADXL355 and of the recording's converter
 */
#include "sim-private.h"

#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846

enum
{
  BATCH = 64,
  CATCH_UP_US = 100000, /* older samples are lost without being made */
};

/* Data sheet: 22.5 ug/sqrt Hz in 1 kHz; oscillator within a few permille. */
static const double noise_g = 22.5e-6 * 31.6;
static const double nominal_hz = 4000.0;

/* ADXL355.
 */

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
  s->has_adxl355 = true;
  adxl355_reset (&s->adxl355);
  s->adxl355.rate_hz =
      nominal_hz * (1.0 + 1e-3 * (machine_rng_uniform (&s->rng) - 0.5));
  for (unsigned axis = 0; axis < 3; axis++)
    s->adxl355.offset_g[axis] = 0.01 * machine_rng_normal (&s->rng);
}

static int32_t
adxl355_code (const sim_adxl355 *a, double g)
{
  unsigned range = a->registers[ADXL355_RANGE] & 3;
  double   lsb_per_g = 256000 >> (range > 0 ? range - 1 : 0);
  double   code = floor (g * lsb_per_g + 0.5);

  return (int32_t) fmin (fmax (code, -524288), 524287);
}

/* Digital filter, -3 dB at a quarter of the output rate: a second-order
 * Butterworth low-pass; constants for rate / 4: tan (pi / 4) = 1. */
static double
adxl355_filter (double z[4], double x)
{
  static const double b0 = 0.29289321881345254, a2 = 0.17157287525380990;
  double              y = b0 * (x + 2.0 * z[0] + z[1]) - a2 * z[3];

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

  at = (a->head + a->level++) % ADXL355_FIFO_SIZE;
  a->fifo[at][0] = (uint8_t) (code >> 12);
  a->fifo[at][1] = (uint8_t) (code >> 4);
  a->fifo[at][2] =
      (uint8_t) ((code & 15) << 4 | (axis == 0 ? ADXL355_FIFO_X : 0));
}

static void
adxl355_fill (sim *s, uint64_t now_us)
{
  static const double gravity[3] = { 0, 1.0, 0 }; /* y points up */
  sim_adxl355        *a = &s->adxl355;
  double              step_us = 1e6 / a->rate_hz;

  if (a->registers[ADXL355_POWER_CTL] & ADXL355_POWER_STANDBY)
    return;

  if (a->next_us + CATCH_UP_US < (double) now_us)
    {
      a->next_us +=
          floor (((double) now_us - CATCH_UP_US - a->next_us) / step_us) *
          step_us;
      a->overrun = true;
    }

  while (a->next_us <= (double) now_us)
    {
      float    g[BATCH * 3];
      uint32_t n = 0;

      while (n < BATCH && a->next_us + n * step_us <= (double) now_us)
        n++;
      machine_vibration (&s->machine, a->rate_hz, g, n);
      a->next_us += n * step_us;

      for (uint32_t i = 0; i < n; i++)
        for (unsigned axis = 0; axis < 3; axis++)
          {
            double x = adxl355_filter (a->filter[axis], g[i * 3 + axis]) +
                       gravity[axis] + a->offset_g[axis] +
                       noise_g * (machine_rng_uniform (&s->rng) - 0.5) * 3.4641;

            a->last[axis] = adxl355_code (a, x);
            adxl355_push (a, axis, a->last[axis]);
          }
    }
}

static uint8_t
adxl355_pop (sim_adxl355 *a, unsigned byte)
{
  uint8_t value;

  if (a->level == 0)
    return byte == 2 ? ADXL355_FIFO_EMPTY : 0;

  value = a->fifo[a->head][byte];
  if (byte == 2)
    {
      a->head = (a->head + 1) % ADXL355_FIFO_SIZE;
      a->level--;
    }
  return value;
}

/* Data registers; ST1 lets the force be switched on, ST2 applies it. */
static uint8_t
adxl355_data (const sim_adxl355 *a, unsigned index)
{
  static const double force_g[3] = { 0.3, 0.3, 1.5 };
  unsigned            axis = index / 3;
  bool                forced = a->registers[ADXL355_SELF_TEST] == 3;
  int32_t code = a->last[axis] + (forced ? adxl355_code (a, force_g[axis]) : 0);

  code = code > 524287 ? 524287 : code;
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
      status =
          (uint8_t) ((a->level > 0 ? ADXL355_STATUS_READY : 0) |
                     (a->level >= ADXL355_FIFO_SIZE ? ADXL355_STATUS_FIFO_FULL
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
    a->next_us = (double) now_us + 1e6 / a->rate_hz;
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

  adxl355_fill (s, now_us);
  memset (rx, 0, n);
  for (size_t i = 1; i < n; i++)
    {
      if (!(tx[0] & 1))
        adxl355_write (&s->adxl355, reg++, tx[i], now_us);
      else if (reg == ADXL355_FIFO_DATA)
        rx[i] = adxl355_pop (&s->adxl355, (i - 1) % 3);
      else
        rx[i] = adxl355_read (&s->adxl355, reg++);
    }
  return HAL_OK;
}

void
sim_fit_recording (sim *s, const int16_t *samples, size_t n, double rate_hz)
{
  s->has_daq16 = true;
  s->daq16.samples = samples;
  s->daq16.n = n;
  s->daq16.rate_hz = rate_hz;
}

static void
daq16_fill (sim_daq16 *d, uint64_t now_us)
{
  double step_us = 1e6 / d->rate_hz;

  if (!d->running)
    return;

  while (d->next_us <= (double) now_us)
    {
      if (d->level == DAQ16_FIFO_SIZE)
        {
          d->overrun = true;
          d->head = (d->head + 1) % DAQ16_FIFO_SIZE;
          d->level--;
        }
      d->fifo[(d->head + d->level++) % DAQ16_FIFO_SIZE] =
          (uint16_t) d->samples[d->at];
      d->at = (d->at + 1) % d->n;
      d->next_us += step_us;
    }
}

static uint8_t
daq16_read (sim_daq16 *d, unsigned reg)
{
  uint8_t value = 0;

  switch (reg)
    {
    case DAQ16_ID:
      return DAQ16_ID_VALUE;
    case DAQ16_CONTROL:
      return d->running;
    case DAQ16_STATUS:
      value = d->overrun;
      d->overrun = false;
      return value;
    case DAQ16_LEVEL:
      return (uint8_t) (d->level >> 8);
    case DAQ16_LEVEL + 1:
      return (uint8_t) d->level;
    default:
      return 0;
    }
}

hal_status
sim_daq16_transfer (sim           *s,
                    uint64_t       now_us,
                    const uint8_t *tx,
                    uint8_t       *rx,
                    size_t         n)
{
  sim_daq16 *d = &s->daq16;
  unsigned   reg = tx[0] & 0x7f;

  daq16_fill (d, now_us);
  memset (rx, 0, n);
  if (!(tx[0] & 0x80))
    {
      if (reg == DAQ16_CONTROL && n > 1)
        {
          if (!d->running && (tx[1] & 1))
            d->next_us = (double) now_us;
          d->running = tx[1] & 1;
        }
      return HAL_OK;
    }

  for (size_t i = 1; i < n; i++)
    {
      if (reg < DAQ16_DATA)
        rx[i] = daq16_read (d, reg++);
      else if (d->level > 0)
        {
          uint16_t sample = d->fifo[d->head];
          bool     low = i % 2 == 0; /* a burst begins at DAQ16_DATA */

          rx[i] = low ? (uint8_t) sample : (uint8_t) (sample >> 8);
          if (low)
            {
              d->head = (d->head + 1) % DAQ16_FIFO_SIZE;
              d->level--;
            }
        }
    }
  return HAL_OK;
}
