/* SPDX-License-Identifier: Apache-2.0
 *
 * sim-rtd.c - model of the MAX31865 and of the Pt100 behind it
 */
#include "sim-private.h"

#include <string.h>

#include "max31865.h"

static const double reference_ohm = 400.0;
static const double drift_at_1_k = 20.0;
static const double noise_k = 0.01;

enum
{
  CONVERSION_US = 21000, /* with the 50 Hz filter */
};

void
sim_fit_rtd (sim *s, unsigned index)
{
  const machine_params *p = &s->machine.p;
  sim_max31865         *r = &s->rtds[index];
  char                  name[] = "rtd 0";

  name[4] = (char) ('0' + index);
  r->fitted = true;
  memset (r->registers, 0, sizeof r->registers);
  r->registers[MAX31865_HIGH] = 0xff;
  r->registers[MAX31865_HIGH + 1] = 0xff;
  machine_rng_seed (&r->rng, machine_rng_mix (p->seed, p->name, name));
}

static double
celsius_of (const sim *s, unsigned index)
{
  const machine *m = &s->machine;

  switch (index)
    {
    case 0:
      return m->de_seen_c + drift_at_1_k * m->level[FAULT_SENSOR_DRIFT];
    case 1:
      return m->nde_seen_c;
    case 2:
      return m->ambient_seen_c;
    default:
      return m->outlet_seen_c;
    }
}

/* IEC 60751. */
static double
ohm_of (double t)
{
  double r = 1.0 + 3.9083e-3 * t - 5.775e-7 * t * t;

  if (t < 0)
    r -= 4.183e-12 * (t - 100.0) * t * t * t;
  return 100.0 * r;
}

static unsigned
word_at (const sim_max31865 *r, unsigned reg)
{
  return (unsigned) r->registers[reg] << 8 | r->registers[reg + 1];
}

static bool
has_fault (const sim *s, unsigned index, sim_fault fault)
{
  return index == 0 && s->machine.level[fault] > 0;
}

/* The result of a conversion, with what the comparators say of it. */
static void
convert (sim *s, unsigned index)
{
  sim_max31865 *r = &s->rtds[index];
  double   t = celsius_of (s, index) + noise_k * machine_rng_normal (&r->rng);
  unsigned code = (unsigned) (ohm_of (t) / reference_ohm * 32768.0 + 0.5);
  uint8_t *fault = &r->registers[MAX31865_FAULT];

  if (has_fault (s, index, FAULT_RTD_VOLTAGE))
    {
      *fault |= MAX31865_VOLTAGE; /* and no conversion */
      r->registers[MAX31865_RTD + 1] |= 1;
      return;
    }
  if (has_fault (s, index, FAULT_RTD_OPEN))
    code = 0x7fff;
  else if (has_fault (s, index, FAULT_RTD_SHORT))
    code = 0;

  if (code << 1 >= word_at (r, MAX31865_HIGH))
    *fault |= MAX31865_TOO_HIGH;
  if (code << 1 <= word_at (r, MAX31865_LOW))
    *fault |= MAX31865_TOO_LOW;
  r->registers[MAX31865_RTD] = (uint8_t) (code >> 7);
  r->registers[MAX31865_RTD + 1] =
      (uint8_t) (code << 1 | (*fault != 0 ? 1 : 0));
}

static void
run (sim *s, unsigned index, uint64_t now_us)
{
  sim_max31865 *r = &s->rtds[index];
  uint8_t       wanted = MAX31865_BIAS | MAX31865_AUTO;

  if ((r->registers[MAX31865_CONFIG] & wanted) == wanted &&
      now_us >= r->converted_us + CONVERSION_US)
    {
      convert (s, index);
      r->converted_us = now_us;
    }
}

/* The fault-detection cycle: half a millisecond, done when it is asked about.
 */
static void
detect (sim *s, unsigned index)
{
  sim_max31865 *r = &s->rtds[index];
  uint8_t      *fault = &r->registers[MAX31865_FAULT];

  if (has_fault (s, index, FAULT_RTD_OPEN))
    *fault |= MAX31865_REFIN_HIGH;
  if (has_fault (s, index, FAULT_RTD_VOLTAGE))
    *fault |= MAX31865_VOLTAGE;
  r->registers[MAX31865_CONFIG] &= (uint8_t) ~MAX31865_DETECT_MASK;
}

static void
write_register (sim *s, unsigned index, unsigned reg, uint8_t value)
{
  sim_max31865 *r = &s->rtds[index];

  if (reg == MAX31865_CONFIG)
    {
      if (value & MAX31865_CLEAR)
        {
          r->registers[MAX31865_FAULT] = 0;
          r->registers[MAX31865_RTD + 1] &= 0xfe;
        }
      r->registers[reg] = value & (uint8_t) ~MAX31865_CLEAR;
      if ((value & MAX31865_DETECT_MASK) == MAX31865_DETECT)
        detect (s, index);
    }
  else if (reg >= MAX31865_HIGH && reg < MAX31865_FAULT)
    r->registers[reg] = value;
}

hal_status
sim_rtd_transfer (sim           *s,
                  uint64_t       now_us,
                  unsigned       index,
                  const uint8_t *tx,
                  uint8_t       *rx,
                  size_t         n)
{
  sim_max31865 *r = &s->rtds[index];
  unsigned      reg = tx[0] & 7;

  if (!r->fitted || n < 2)
    return HAL_ERR_ARGUMENT;

  run (s, index, now_us);
  memset (rx, 0, n);
  for (size_t i = 1; i < n; i++, reg = (reg + 1) % SIM_MAX31865_REGISTERS)
    if (tx[0] & 0x80)
      write_register (s, index, reg, tx[i]);
    else
      rx[i] = r->registers[reg];
  return HAL_OK;
}
