/* SPDX-License-Identifier: Apache-2.0
 *
 * sim.c - the board: its devices, the current sensor, the key-phasor
 */
#include "sim-private.h"

#include <math.h>
#include <string.h>

#include "sim-math.h"

static const double mains_hz = 50.0;
static const float  adc_noise_v = 0.002f;

void
sim_init (sim *s, const machine_params *params)
{
  memset (s, 0, sizeof *s);
  machine_init (&s->machine, params);
  s->tacho.fitted = !params->no_tacho;
  s->tacho.next_turn = 1;
}

void
sim_fit_current (sim *s, double volt_per_a, double supply_v, double ratio)
{
  const machine_params *p = &s->machine.p;

  s->acs723.volt_per_a = volt_per_a;
  s->acs723.supply_v = supply_v;
  s->acs723.ratio = ratio;
  machine_rng_seed (&s->acs723.rng,
                    machine_rng_mix (p->seed, p->name, "acs723"));
  s->acs723.offset_v = 0.005 * machine_rng_normal (&s->acs723.rng);
}

void
sim_fault_set (sim *s, uint64_t now_us, sim_fault fault, double severity)
{
  machine_advance (&s->machine, now_us);
  machine_fault (&s->machine, fault, severity);
}

hal_status
sim_spi (sim           *s,
         uint64_t       now_us,
         unsigned       device,
         const uint8_t *tx,
         uint8_t       *rx,
         size_t         n)
{
  bool accel = device == HAL_SPI_ACCEL_0 || device == HAL_SPI_ACCEL_2;

  machine_advance (&s->machine, now_us);

  if (accel && s->machine.level[FAULT_DROPOUT] > 0)
    {
      memset (rx, 0xff, n); /* nobody drives the line, a resistor holds it */
      return HAL_OK;
    }
  if (device == HAL_SPI_ACCEL_0 && s->daq16 != NULL)
    return sim_daq16_transfer (s, now_us, tx, rx, n);
  if (device == HAL_SPI_ACCEL_0 && s->has_adxl355)
    return sim_adxl355_transfer (s, now_us, tx, rx, n);
  if (device == HAL_SPI_ACCEL_2 && s->iis3dwb != NULL)
    return sim_iis3dwb_transfer (s, now_us, tx, rx, n);
  if (device >= HAL_SPI_RTD_0 && device <= HAL_SPI_RTD_3)
    return sim_rtd_transfer (s, now_us, device - HAL_SPI_RTD_0, tx, rx, n);
  return HAL_ERR_ARGUMENT;
}

bool
sim_line (sim *s, uint64_t now_us, unsigned device)
{
  machine_advance (&s->machine, now_us);
  if (s->machine.level[FAULT_DROPOUT] > 0)
    return false;
  if (device == HAL_SPI_ACCEL_0 && s->has_adxl355)
    {
      const sim_adxl355 *a = &s->adxl355;

      sim_adxl355_fill (s, now_us);
      return (a->registers[ADXL355_INT_MAP] & ADXL355_INT_FULL_1) &&
             a->level >= a->registers[ADXL355_FIFO_SAMPLES];
    }
  if (device == HAL_SPI_ACCEL_2 && s->iis3dwb != NULL)
    {
      const sim_iis3dwb *a = s->iis3dwb;

      sim_iis3dwb_fill (s, now_us);
      return (a->registers[IIS3DWB_INT1_CTRL] & IIS3DWB_INT1_WATERMARK) &&
             a->level >= (a->registers[IIS3DWB_FIFO_CTRL1] |
                          (a->registers[IIS3DWB_FIFO_CTRL2] & 1u) << 8);
    }
  return false;
}

/* Sensor and converter share the supply: the code does not depend on it. */
hal_status
sim_adc (sim *s, uint64_t now_us, unsigned channel, uint16_t *codes, size_t n)
{
  sim_acs723 *c = &s->acs723;
  double      start, turn = mains_hz / HAL_ADC_RATE_HZ;
  float       full = 1 << HAL_ADC_BITS, a_volt, middle, peak, noise;
  float       re, im, by_re, by_im, normal[2];

  if (channel != HAL_ADC_CURRENT || c->ratio <= 0)
    return HAL_ERR_ARGUMENT;

  machine_advance (&s->machine, now_us);
  a_volt = full / (float) c->supply_v;
  middle = full / 2.0f + (float) c->offset_v * a_volt;
  peak = (float) (machine_current_a (&s->machine) * 1.4142135623730951 /
                  c->ratio * c->volt_per_a * c->supply_v / 5.0) *
         a_volt;
  noise = adc_noise_v * a_volt;
  start = (double) now_us / 1e6 * mains_hz - (double) n * turn;
  re = (float) sim_cos (start);
  im = (float) sim_sin (start);
  by_re = (float) sim_cos (turn);
  by_im = (float) sim_sin (turn);

  for (size_t i = 0; i < n; i++)
    {
      float r = re * by_re - im * by_im;
      float code;

      if (i % 2 == 0)
        machine_rng_normals (&c->rng, normal);
      code = middle + peak * im + noise * normal[i % 2];
      codes[i] = code <= 0          ? 0
                 : code >= full - 1 ? (uint16_t) (full - 1)
                                    : (uint16_t) code;
      im = re * by_im + im * by_re;
      re = r;
    }
  return HAL_OK;
}

static void
add_edge (sim_tacho_part *t, uint64_t at_us)
{
  t->pulses++;
  if (t->n == HAL_TACHO_EDGES)
    memmove (t->edge_us, t->edge_us + 1, --t->n * sizeof t->edge_us[0]);
  t->edge_us[t->n++] = at_us;
}

/* A draw of this turn's own, 0 to 1: faults do not depend on who asks when. */
static double
chance (const sim *s, uint64_t turn)
{
  machine_rng rng;

  machine_rng_seed (&rng, s->machine.p.seed ^ turn << 20);
  return machine_rng_uniform (&rng);
}

static void
add_turn (sim *s, uint64_t turn, uint64_t at_us)
{
  const float *level = s->machine.level;
  double       draw = chance (s, turn);

  if (draw < 0.2 * level[FAULT_TACHO_MISSING])
    return;
  add_edge (&s->tacho, at_us);
  if (draw > 1.0 - 0.2 * level[FAULT_TACHO_DOUBLE])
    add_edge (&s->tacho, at_us + (uint64_t) (0.1e6 / s->machine.speed_rps));
}

hal_status
sim_tacho (sim *s, uint64_t now_us, uint64_t start_us, hal_tacho *out)
{
  sim_tacho_part *t = &s->tacho;
  const machine  *m = &s->machine;
  double          false_rate = 1.0 + 0.05 * m->level[FAULT_WRONG_RPM], past;
  bool            whole = m->level[FAULT_TACHO_MISSING] <= 0 &&
               m->level[FAULT_TACHO_DOUBLE] <= 0 &&
               m->level[FAULT_TACHO_DEAD] <= 0;

  if (!t->fitted)
    return HAL_ERR_ARGUMENT;

  machine_advance (&s->machine, now_us);
  /* Turns before the second that just went are counted, not remembered; and
   * where each gives one pulse, those before the newest edges. */
  past = m->turns - m->last_rps;
  if (whole)
    past = fmax (past, m->turns - HAL_TACHO_EDGES - 1 +
                           m->speed_rps *
                               ((double) now_us / 1e6 - (double) m->second));
  if ((double) t->next_turn < past)
    {
      uint64_t first = (uint64_t) ceil (past);

      t->pulses += (uint32_t) (first - t->next_turn);
      t->next_turn = first;
    }
  for (;; t->next_turn++)
    {
      uint64_t at = machine_turn_us (m, t->next_turn);

      if (at == 0 || at > now_us)
        break;
      if (m->level[FAULT_TACHO_DEAD] <= 0)
        add_turn (s, t->next_turn, at);
    }

  out->pulses = t->pulses;
  out->n = 0;
  for (uint32_t i = 0; i < t->n; i++)
    {
      uint64_t ago = now_us - t->edge_us[i];

      if (m->level[FAULT_WRONG_RPM] > 0)
        ago = (uint64_t) ((double) ago / false_rate);
      if (ago <= now_us - start_us)
        out->edge_us[out->n++] = now_us - ago - start_us;
    }
  return HAL_OK;
}

void
sim_relay (sim *s, uint64_t now_us, bool closed)
{
  machine_advance (&s->machine, now_us);
  machine_stop (&s->machine, !closed);
}
