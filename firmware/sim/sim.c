/* SPDX-License-Identifier: Apache-2.0
 *
 * sim.c - the slow parts: Pt100 converter, current sensor, key-phasor
 */
#include "sim-private.h"

#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846

static const double reference_ohm = 400.0;
static const double drift_at_1_k = 20.0;
static const double mains_hz = 50.0;

void
sim_init (sim *s, const machine_params *params)
{
  memset (s, 0, sizeof *s);
  machine_init (&s->machine, params);
  machine_rng_seed (&s->rng, params->seed ^ 0x5e45u);
  s->has_tacho = true;
}

void
sim_fit_rtd (sim *s, unsigned index)
{
  s->rtds[index].fitted = true;
}

void
sim_fit_current (sim *s, double volt_per_a, double supply_v, double ratio)
{
  s->acs723.volt_per_a = volt_per_a;
  s->acs723.supply_v = supply_v;
  s->acs723.ratio = ratio;
  s->acs723.offset_v = 0.005 * machine_rng_normal (&s->rng);
}

static double
rtd_celsius (const sim *s, unsigned index)
{
  const machine *m = &s->machine;

  switch (index)
    {
    case 0:
      return m->de_seen_c + drift_at_1_k * machine_severity (m, &m->p.drift);
    case 1:
      return m->nde_seen_c;
    case 2:
      return m->ambient_seen_c;
    default:
      return m->outlet_seen_c;
    }
}

static hal_status
rtd_transfer (sim *s, unsigned index, const uint8_t *tx, uint8_t *rx, size_t n)
{
  double   t, r;
  unsigned code;

  if (!s->rtds[index].fitted || n < 2)
    return HAL_ERR_ARGUMENT;

  memset (rx, 0, n);
  if (tx[0] & 0x80)
    {
      if ((tx[0] & 0x7f) == 0)
        s->rtds[index].config = tx[1];
      return HAL_OK;
    }

  t = rtd_celsius (s, index) + 0.01 * machine_rng_normal (&s->rng);
  r = 100.0 * (1.0 + 3.9083e-3 * t - 5.775e-7 * t * t);
  code = (unsigned) (r / reference_ohm * 32768.0 + 0.5);
  for (size_t i = 1; i < n; i++)
    {
      unsigned reg = tx[0] + (unsigned) i - 1;

      rx[i] = reg == 0   ? s->rtds[index].config
              : reg == 1 ? (uint8_t) (code >> 7)
              : reg == 2 ? (uint8_t) (code << 1)
                         : 0;
    }
  return HAL_OK;
}

hal_status
sim_spi (sim           *s,
         uint64_t       now_us,
         unsigned       device,
         const uint8_t *tx,
         uint8_t       *rx,
         size_t         n)
{
  machine_advance (&s->machine, now_us);

  if (device == HAL_SPI_ACCEL_0 && s->has_adxl355)
    return sim_adxl355_transfer (s, now_us, tx, rx, n);
  if (device == HAL_SPI_ACCEL_0 && s->has_daq16)
    return sim_daq16_transfer (s, now_us, tx, rx, n);
  if (device >= HAL_SPI_RTD_0 && device <= HAL_SPI_RTD_3)
    return rtd_transfer (s, device - HAL_SPI_RTD_0, tx, rx, n);
  return HAL_ERR_ARGUMENT;
}

hal_status
sim_adc (sim *s, uint64_t now_us, unsigned channel, uint16_t *codes, size_t n)
{
  const sim_acs723 *c = &s->acs723;
  double            peak, start;

  if (channel != HAL_ADC_CURRENT || c->ratio <= 0)
    return HAL_ERR_ARGUMENT;

  machine_advance (&s->machine, now_us);
  peak =
      machine_current_a (&s->machine) * sqrt (2.0) / c->ratio * c->volt_per_a;
  start = (double) now_us / 1e6 - (double) n / HAL_ADC_RATE_HZ;

  for (size_t i = 0; i < n; i++)
    {
      double phase =
          fmod ((start + (double) i / HAL_ADC_RATE_HZ) * mains_hz, 1.0);
      double v = c->supply_v / 2.0 + c->offset_v +
                 peak * sin (2.0 * PI * phase) +
                 0.002 * machine_rng_normal (&s->rng);
      double code = floor (v / c->supply_v * (1 << HAL_ADC_BITS));

      codes[i] = (uint16_t) fmin (fmax (code, 0), (1 << HAL_ADC_BITS) - 1);
    }
  return HAL_OK;
}

hal_status
sim_tacho (sim *s, uint64_t now_us, hal_tacho *out)
{
  double turns, whole;

  if (!s->has_tacho)
    return HAL_ERR_ARGUMENT;

  machine_advance (&s->machine, now_us);
  turns = machine_turns (&s->machine, now_us);
  whole = floor (turns);
  out->pulses = (uint32_t) (uint64_t) whole;
  /* At a standstill the last edge lies behind for ever. */
  out->last_edge_us =
      s->machine.speed_rps > 0
          ? now_us - (uint64_t) ((turns - whole) / s->machine.speed_rps * 1e6)
          : s->machine.still_us;
  return HAL_OK;
}

void
sim_relay (sim *s, uint64_t now_us, bool closed)
{
  machine_advance (&s->machine, now_us);
  machine_stop (&s->machine, !closed);
}
