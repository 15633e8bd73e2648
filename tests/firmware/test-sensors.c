/* SPDX-License-Identifier: Apache-2.0
 *
 * Drivers against register models, scalars against signals with a known
 * answer, the machine against its own physics.
 */
#include <math.h>
#include <string.h>

#include "fake-board.h"

/* IEC 60751, table 1. */
static void
test_pt100 (void)
{
  static const struct
  {
    double ohm, celsius;
  } rows[] = {
    { 100.00, 0 },   { 138.51, 100 }, { 119.40, 50 },
    { 175.86, 200 }, { 92.16, -20 },  { 80.31, -50 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpfloat_with_epsilon (max31865_celsius (rows[i].ohm),
                                    rows[i].celsius, 0.02);
}

static void
test_rtd (void)
{
  hal     *h = fake_board_new (3);
  max31865 m;
  float    celsius = 0;

  g_assert_cmpint (max31865_start (&m, h, HAL_SPI_RTD_0), ==, HAL_OK);
  h->time_us += 50000;
  g_assert_cmpint (max31865_read (&m, &celsius), ==, HAL_OK);
  g_assert_cmpfloat_with_epsilon (celsius, h->sim.machine.de_c, 0.1);
  g_assert_cmpint (max31865_start (&m, h, HAL_SPI_RTD_3), ==,
                   HAL_ERR_ARGUMENT); /* not fitted */
  fake_board_free (h);
}

static void
test_current (void)
{
  hal   *h = fake_board_new (3);
  acs723 s;
  float  ampere = 0;
  double truth = machine_current_a (&h->sim.machine);

  acs723_init (&s, h, HAL_ADC_CURRENT, 0.1, 5.0, 5.0);
  h->time_us = 900000;
  g_assert_cmpint (acs723_read_rms (&s, &ampere), ==, HAL_OK);
  g_assert_cmpfloat_with_epsilon (ampere, truth, 0.02 * truth);
  fake_board_free (h);
}

static uint32_t
read_all (accel_device *a, hal_status *status, int16_t *out, uint32_t room)
{
  uint32_t    total = 0;
  accel_batch b;

  *status = HAL_OK;
  do
    {
      hal_status one = accel_read (a, &b);

      if (one != HAL_OK)
        *status = one;
      g_assert_cmpuint (total + b.frames * a->axes, <=, room);
      memcpy (out + total, b.samples, b.frames * a->axes * sizeof *out);
      total += b.frames * a->axes;
    }
  while (b.frames > 0);
  return total / a->axes;
}

/* A second of reading in time loses nothing; being late for the FIFO's
 * 32 triples is told. */
static void
test_fifo (void)
{
  hal         *h = fake_board_new (3);
  accel_device a;
  hal_status   status;
  int16_t      out[1024];
  uint32_t     total = 0;

  adxl355_init (&a, h, HAL_SPI_ACCEL_0, 4);
  g_assert_cmpint (accel_start (&a), ==, HAL_OK);
  for (unsigned i = 0; i < 250; i++)
    {
      h->time_us += 4000;
      total += read_all (&a, &status, out, 1024);
      g_assert_cmpint (status, ==, HAL_OK);
    }
  g_assert_cmpuint (total, >=, 3997);
  g_assert_cmpuint (total, <=, 4003);

  h->time_us += 20000;
  g_assert_cmpuint (read_all (&a, &status, out, 1024), ==, 32);
  g_assert_cmpint (status, ==, HAL_ERR_OVERRUN);
  h->time_us += 4000;
  read_all (&a, &status, out, 1024);
  g_assert_cmpint (status, ==, HAL_OK);
  g_assert_cmpint (accel_stop (&a), ==, HAL_OK);
  h->time_us += 4000;
  g_assert_cmpuint (read_all (&a, &status, out, 1024), ==, 0);
  g_assert_cmpint (status, ==, HAL_OK);
  fake_board_free (h);
}

static void
test_no_sensor (void)
{
  hal         *h = fake_board_new (3);
  accel_device a;

  h->sim.adxl355.registers[ADXL355_PARTID] = 0xee; /* another part */
  adxl355_init (&a, h, HAL_SPI_ACCEL_0, 4);
  g_assert_cmpint (accel_start (&a), ==, HAL_ERR_IO);
  fake_board_free (h);
}

/* Same seed, same bits; another seed, others. */
static void
test_determinism (void)
{
  hal    *h[3] = { fake_board_new (3), fake_board_new (3), fake_board_new (4) };
  int16_t out[3][1024];
  uint32_t     frames[3];
  accel_device a;
  hal_status   status;

  for (unsigned i = 0; i < 3; i++)
    {
      adxl355_init (&a, h[i], HAL_SPI_ACCEL_0, 4);
      accel_start (&a);
      h[i]->time_us += 6000;
      frames[i] = read_all (&a, &status, out[i], 1024);
      g_assert_cmpuint (frames[i], >, 20);
      fake_board_free (h[i]);
    }
  g_assert_cmpuint (frames[0], ==, frames[1]);
  g_assert_cmpmem (out[0], frames[0] * 6, out[1], frames[1] * 6);
  g_assert_cmpint (out[0][0], !=, out[2][0]);
}

/* Played from its beginning, sample for sample, round and round. */
static void
test_recording (void)
{
  static const int16_t samples[5] = { 1, -2, 300, -32768, 32767 };
  hal                 *h = fake_board_new (3);
  sim_daq16            part;
  accel_device         a;
  hal_status           status;
  int16_t              out[1024];
  uint32_t             at = 0;

  sim_fit_recording (&h->sim, &part, samples, 5, 12000);
  daq16_init (&a, h, HAL_SPI_ACCEL_0, 0.001);
  g_assert_cmpint (accel_start (&a), ==, HAL_OK);
  for (unsigned i = 0; i < 10; i++)
    {
      uint32_t frames;

      h->time_us += 4000;
      frames = read_all (&a, &status, out, 1024);
      g_assert_cmpint (status, ==, HAL_OK);
      for (uint32_t k = 0; k < frames; k++)
        g_assert_cmpint (out[k], ==, samples[at++ % 5]);
    }
  g_assert_cmpuint (at, >=, 480);
  fake_board_free (h);
}

/* Section 5.1 of the method: the rise settles at K_load l s + K_speed s, and
 * a cooler at half its worth doubles it. */
static void
test_heat (void)
{
  hal           *h = fake_board_new (3);
  machine_params p = h->sim.machine.p;
  machine_decay *cooler = &p.faults[FAULT_COOLING];
  machine        m;
  double         rise, s;

  p.load_swing = 0;
  machine_init (&m, &p);
  rise = m.de_c - m.ambient_c;
  s = m.speed_rps * 60 / p.rated_speed_rpm;
  g_assert_cmpfloat_with_epsilon (rise, 40 * m.load * s + 6.7 * s, 1e-9);

  p.has_cooler = true;
  cooler->severity = 1;
  machine_init (&m, &p);
  g_assert_cmpfloat_with_epsilon (m.de_c - m.ambient_c, 2 * rise, 1e-9);

  /* --age-scale is wear only: a day of it in 1,000 s. */
  *cooler = (machine_decay){ 0.1, 0.2 };
  p.age_scale = 86.4;
  machine_init (&m, &p);
  machine_advance (&m, 1000 * 1000000ull);
  g_assert_cmpfloat_with_epsilon (machine_severity (&m, cooler), 0.3, 1e-9);
  g_assert_cmpuint (m.second, ==, 1000);
  fake_board_free (h);
}

/* Root mean square of axis x over a second. */
static double
shaking_g (machine *m)
{
  static float x[3 * 4000];
  machine_view v;
  double       sum = 0;

  machine_view_init (&v, m, "test", 3, 4000, 0);
  machine_vibration (m, &v, x, 4000); /* its mode settles */
  machine_vibration (m, &v, x, 4000);
  for (unsigned i = 0; i < 4000; i++)
    sum += (double) x[3 * i] * x[3 * i];
  return sqrt (sum / 4000);
}

/* The relay takes the drive away: no current from that instant, the shaft
 * coasts to a standstill, and comes back up when it is closed. A machine that
 * was never stopped is not altered by all that. */
static void
test_relay (void)
{
  hal      *h = fake_board_new (3), *other = fake_board_new (3);
  machine  *m = &h->sim.machine;
  double    shaking, speed;
  hal_tacho before, after;

  machine_advance (m, 1000000);
  speed = m->speed_rps;
  shaking = shaking_g (m);
  h->time_us = 1500000;
  hal_relay_set (h, false);
  g_assert_cmpuint (h->relay_at_us, ==, 1500000);
  g_assert_cmpfloat (machine_current_a (m), ==, 0);

  machine_advance (m, 6000000);
  g_assert_cmpfloat (m->speed_rps, <, 0.8 * speed);
  g_assert_cmpfloat (m->speed_rps, >, 0.4 * speed);
  g_assert_cmpfloat (shaking_g (m), <, 0.7 * shaking);

  h->time_us = 60000000;
  g_assert_cmpint (hal_tacho_read (h, &before), ==, HAL_OK);
  h->time_us = 90000000;
  g_assert_cmpint (hal_tacho_read (h, &after), ==, HAL_OK);
  g_assert_cmpuint (before.pulses, ==, after.pulses);
  g_assert_cmpuint (before.n, ==, after.n);
  g_assert_cmpfloat (shaking_g (m), <, 0.05 * shaking);

  hal_relay_set (h, true);
  machine_advance (m, 92000000);
  g_assert_cmpfloat (m->speed_rps, <, 0.9 * speed);
  machine_advance (m, 100000000);
  g_assert_cmpfloat_with_epsilon (m->speed_rps, speed, 0.01 * speed);
  g_assert_cmpfloat (machine_current_a (m), >, 10);

  hal_relay_set (other, true);
  machine_advance (&other->sim.machine, 100000000);
  g_assert_cmpfloat (m->speed_rps, ==, other->sim.machine.speed_rps);
  fake_board_free (h);
  fake_board_free (other);
}

/* The tables' 6205: BPFO 3.5848, BPFI 5.4152, 2 BSF 4.7135, FTF 0.3983. */
static void
test_orders (void)
{
  hal                  *h = fake_board_new (3);
  const machine_params *p = &h->sim.machine.p;

  g_assert_cmpfloat_with_epsilon (machine_order_outer (p), 3.5848, 1e-4);
  g_assert_cmpfloat_with_epsilon (machine_order_inner (p), 5.4152, 1e-4);
  g_assert_cmpfloat_with_epsilon (machine_order_ball (p), 4.7135, 2e-4);
  g_assert_cmpfloat_with_epsilon (machine_order_cage (p), 0.3983, 1e-4);
  fake_board_free (h);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/sensors/pt100", test_pt100);
  g_test_add_func ("/firmware/sensors/rtd", test_rtd);
  g_test_add_func ("/firmware/sensors/current", test_current);
  g_test_add_func ("/firmware/sensors/fifo", test_fifo);
  g_test_add_func ("/firmware/sensors/no-sensor", test_no_sensor);
  g_test_add_func ("/firmware/sensors/determinism", test_determinism);
  g_test_add_func ("/firmware/sensors/recording", test_recording);
  g_test_add_func ("/firmware/machine/heat", test_heat);
  g_test_add_func ("/firmware/machine/relay", test_relay);
  g_test_add_func ("/firmware/machine/orders", test_orders);
  return g_test_run ();
}
