/* SPDX-License-Identifier: Apache-2.0
 *
 * Drivers against register models: the wide-band accelerometer, self-tests,
 * the double buffer, faults of a Pt100, wrong pulses, a supply that sags.
 */
#include <math.h>
#include <string.h>

#include "fake-board.h"
#include "tacho.h"

static uint32_t
drain (accel_device *a, hal_status *status)
{
  uint32_t    total = 0;
  accel_batch b;

  *status = HAL_OK;
  do
    {
      hal_status one = accel_read (a, &b);

      if (one != HAL_OK)
        *status = one;
      total += b.frames;
    }
  while (b.frames > 0);
  return total;
}

/* 26.667 kHz, nothing lost at 4 ms a time nor at 15, told beyond its 512. */
static void
test_iis3dwb_fifo (gconstpointer data)
{
  unsigned     axes = GPOINTER_TO_UINT (data);
  hal         *h = fake_board_new (3);
  sim_iis3dwb  part;
  accel_device a;
  hal_status   status;
  uint32_t     total = 0;

  sim_fit_iis3dwb (&h->sim, &part);
  iis3dwb_init (&a, h, HAL_SPI_ACCEL_2, 16, axes);
  g_assert_cmpint (accel_start (&a), ==, HAL_OK);
  for (unsigned i = 0; i < 250; i++)
    {
      h->time_us += i % 10 == 0 ? 15000 : 4000;
      total += drain (&a, &status);
      g_assert_cmpint (status, ==, HAL_OK);
    }
  g_assert_cmpfloat_with_epsilon (total, 1.275 * part.clock.rate_hz, 2);

  h->time_us += 30000;
  g_assert_cmpuint (drain (&a, &status), <=, 512);
  g_assert_cmpint (status, ==, HAL_ERR_OVERRUN);
  g_assert_cmpint (accel_stop (&a), ==, HAL_OK);
  h->time_us += 4000;
  g_assert_cmpuint (drain (&a, &status), ==, 0);

  part.registers[IIS3DWB_WHO_AM_I] = 0x6c; /* another part */
  g_assert_cmpint (accel_start (&a), ==, HAL_ERR_IO);
  fake_board_free (h);
}

/* Data sheet: 60 µg/√Hz of one axis, 75 of three: white up to 6.3 kHz, where
 * it is 3 dB down. The r.m.s. is that of the density over the band. */
static void
test_iis3dwb_noise (gconstpointer data)
{
  unsigned       axes = GPOINTER_TO_UINT (data);
  hal           *h = fake_board_new (3);
  machine_params p = h->sim.machine.p;
  sim_iis3dwb    part;
  accel_device   a;
  accel_batch    b;
  double         sum = 0, square = 0, rms, n = 0;
  double         density = axes == 1 ? 60e-6 : 75e-6;

  p.noise_g = p.unbalance_mm_s = 0;
  sim_init (&h->sim, &p);
  sim_fit_iis3dwb (&h->sim, &part);
  iis3dwb_init (&a, h, HAL_SPI_ACCEL_2, 2, axes);
  g_assert_cmpint (accel_start (&a), ==, HAL_OK);
  for (unsigned i = 0; i < 500; i++)
    {
      h->time_us += 4000;
      do
        {
          g_assert_cmpint (accel_read (&a, &b), ==, HAL_OK);
          for (uint32_t k = 0; k < b.frames; k++)
            {
              double x = b.samples[k * axes] * a.g_per_lsb;

              sum += x;
              square += x * x;
              n++;
            }
        }
      while (b.frames > 0);
    }
  rms = sqrt (square / n - sum / n * (sum / n));
  /* A Butterworth filter of fourth order passes 1.026 of its corner, and less
   * of it where it is warped near the Nyquist frequency. */
  g_test_message ("%u axes: %.3f mg r.m.s., %.2f of the density over 6.3 kHz",
                  axes, rms * 1e3, rms / (density * sqrt (6300)));
  g_assert_cmpfloat_with_epsilon (rms / (density * sqrt (6300)), 1, 0.05);
  fake_board_free (h);
}

static hal_status
self_test (hal *h, accel_device *a)
{
  hal_status  result = HAL_ERR_TIMEOUT;
  accel_batch b;
  bool        over = false;

  g_assert_cmpint (accel_start (a), ==, HAL_OK);
  g_assert_cmpint (accel_test_begin (a), ==, HAL_OK);
  for (unsigned i = 0; i < 300 && !over; i++)
    {
      h->time_us += 4000;
      do
        {
          accel_read (a, &b);
          over = b.frames > 0 && accel_test_step (a, &b, &result);
        }
      while (b.frames > 0 && !over);
    }
  return result;
}

/* The force moves the mass of a sound part, while the machine shakes it; not
 * of one that is stuck. */
static void
test_self_test (void)
{
  hal         *h = fake_board_new (3);
  sim_iis3dwb  part;
  accel_device a;

  sim_fault_set (&h->sim, 0, FAULT_UNBALANCE, 1);
  sim_fit_iis3dwb (&h->sim, &part);
  adxl355_init (&a, h, HAL_SPI_ACCEL_0, 4);
  g_assert_cmpint (self_test (h, &a), ==, HAL_OK);
  g_assert_cmpuint (h->sim.adxl355.registers[ADXL355_SELF_TEST], ==, 0);
  iis3dwb_init (&a, h, HAL_SPI_ACCEL_2, 8, 1);
  g_assert_cmpint (self_test (h, &a), ==, HAL_OK);
  iis3dwb_init (&a, h, HAL_SPI_ACCEL_2, 8, 3);
  g_assert_cmpint (self_test (h, &a), ==, HAL_OK);
  g_assert_cmpuint (part.registers[IIS3DWB_CTRL5_C], ==, 0);

  sim_fault_set (&h->sim, h->time_us, FAULT_STUCK, 1);
  g_assert_cmpint (self_test (h, &a), ==, HAL_ERR_IO);
  adxl355_init (&a, h, HAL_SPI_ACCEL_0, 4);
  g_assert_cmpint (self_test (h, &a), ==, HAL_ERR_IO);
  fake_board_free (h);
}

/* While nobody reads for 20 ms the FIFO of 8 ms overflows, unless its line
 * interrupts: then two halves and the FIFO hold out. Samples come in order. */
static void
test_line (void)
{
  for (unsigned lines = 0; lines < 2; lines++)
    {
      hal         *h = fake_board_new (3);
      accel_device a;
      hal_status   status;
      uint32_t     total = 0;

      h->has_lines = lines == 1;
      adxl355_init (&a, h, HAL_SPI_ACCEL_0, 4);
      g_assert_cmpint (accel_start (&a), ==, HAL_OK);
      for (unsigned i = 0; i < 50; i++)
        {
          fake_board_stall (h, 0.02);
          total += drain (&a, &status);
          g_assert_cmpint (status, ==, lines ? HAL_OK : HAL_ERR_OVERRUN);
        }
      if (lines)
        g_assert_cmpfloat_with_epsilon (total, h->sim.adxl355.clock.rate_hz, 2);
      else
        g_assert_cmpuint (total, <=, 50 * 32);
      g_assert_cmpint (accel_stop (&a), ==, HAL_OK);
      g_assert_null (h->lines[HAL_SPI_ACCEL_0].serve);
      fake_board_free (h);
    }
}

static void
test_no_answer (void)
{
  hal         *h = fake_board_new (3);
  accel_device a;
  accel_batch  b;

  adxl355_init (&a, h, HAL_SPI_ACCEL_0, 4);
  g_assert_cmpint (accel_start (&a), ==, HAL_OK);
  sim_fault_set (&h->sim, h->time_us, FAULT_DROPOUT, 1);
  h->time_us += 4000;
  g_assert_cmpint (accel_read (&a, &b), ==, HAL_ERR_IO);
  g_assert_cmpuint (b.frames, ==, 0);
  g_assert_cmpint (accel_start (&a), ==, HAL_ERR_IO);
  fake_board_free (h);
}

/* Each fault of a Pt100 is named within two reads, and gone within three. */
static void
test_rtd_faults (void)
{
  static const struct
  {
    sim_fault   fault;
    const char *name;
  } rows[] = {
    { FAULT_RTD_OPEN, "open" },
    { FAULT_RTD_SHORT, "short" },
    { FAULT_RTD_VOLTAGE, "over-voltage" },
  };

  for (unsigned r = 0; r < G_N_ELEMENTS (rows); r++)
    {
      hal     *h = fake_board_new (3);
      max31865 m;
      float    celsius;

      g_assert_cmpint (max31865_start (&m, h, HAL_SPI_RTD_0), ==, HAL_OK);
      for (unsigned i = 0; i < 25; i++) /* two detection cycles among them */
        {
          h->time_us += 1000000;
          g_assert_cmpint (max31865_read (&m, &celsius), ==, HAL_OK);
          g_assert_null (max31865_fault (&m));
          g_assert_cmpfloat_with_epsilon (celsius, h->sim.machine.de_c, 0.3);
        }
      sim_fault_set (&h->sim, h->time_us, rows[r].fault, 1);
      for (unsigned i = 0; i < 6; i++)
        {
          h->time_us += 1000000;
          g_assert_cmpint (max31865_read (&m, &celsius), ==, HAL_ERR_IO);
          g_assert_cmpstr (max31865_fault (&m), ==, rows[r].name);
        }
      sim_fault_set (&h->sim, h->time_us, rows[r].fault, 0);
      for (unsigned i = 0; i < 3; i++)
        {
          h->time_us += 1000000;
          max31865_read (&m, &celsius);
        }
      g_assert_null (max31865_fault (&m));
      g_assert_cmpfloat_with_epsilon (celsius, h->sim.machine.de_c, 0.3);
      fake_board_free (h);
    }
}

/* One pulse a turn; a tenth of them missing, or doubled, do not move the
 * speed, and are counted. A dead key-phasor stands still after two seconds. */
static void
test_tacho (void)
{
  static const sim_fault faults[] = { FAULT_TACHO_MISSING, FAULT_TACHO_DOUBLE };

  for (unsigned f = 0; f < 2; f++)
    {
      hal     *h = fake_board_new (3);
      tacho    t;
      float    rpm = 0;
      double   worst = 0, before;
      uint32_t wrong;

      tacho_init (&t, h);
      for (unsigned i = 0; i < 60; i++)
        {
          before = h->sim.machine.speed_rps;
          h->time_us += 1000000;
          if (i == 20)
            sim_fault_set (&h->sim, h->time_us, faults[f], 0.5);
          if (tacho_read (&t, &rpm) == TACHO_TURNS && i > 1)
            worst = fmax (worst, fabs (rpm / 60 / before - 1));
          if (i == 19)
            g_assert_cmpuint (t.missing + t.doubled, ==, 0);
        }
      wrong = f == 0 ? t.missing : t.doubled;
      g_test_message ("%s: speed off by %.1e at most, %u pulses",
                      sim_fault_describe (faults[f])->name, worst, wrong);
      g_assert_cmpfloat (worst, <, 5e-4); /* speed wanders by 1e-4 */
      /* 40 s at 24.7 turns a second, a tenth of them. */
      g_assert_cmpuint (wrong, >, 60);
      g_assert_cmpuint (wrong, <, 140);
      g_assert_cmpuint (f == 0 ? t.doubled : t.missing, <=, wrong / 10);

      sim_fault_set (&h->sim, h->time_us, FAULT_TACHO_DEAD, 1);
      for (unsigned i = 0; i < 4; i++)
        {
          h->time_us += 1000000;
          tacho_read (&t, &rpm);
        }
      g_assert_cmpfloat (rpm, ==, 0);
      h->sim.tacho.fitted = false;
      g_assert_cmpint (tacho_read (&t, &rpm), ==, TACHO_NONE);
      fake_board_free (h);
    }
}

/* Sensor and converter hang on the same supply: 10 % less of it changes
 * nothing. An input at the rail is no current. */
static void
test_current_supply (void)
{
  hal   *h = fake_board_new (3);
  acs723 s;
  float  full, low;
  double truth = machine_current_a (&h->sim.machine);

  h->time_us = 900000;
  acs723_init (&s, h, HAL_ADC_CURRENT, 0.1, 5.0, 5.0);
  g_assert_cmpint (acs723_read_rms (&s, &full), ==, HAL_OK);
  g_assert_cmpfloat_with_epsilon (full, truth, 0.01 * truth);
  h->sim.acs723.supply_v = 4.5;
  g_assert_cmpint (acs723_read_rms (&s, &low), ==, HAL_OK);
  g_assert_cmpfloat_with_epsilon (low, full, 0.005 * full);
  h->sim.acs723.offset_v = -2.2;
  g_assert_cmpint (acs723_read_rms (&s, &low), ==, HAL_ERR_IO);
  fake_board_free (h);
}

int
main (int argc, char **argv)
{
  gpointer one = GUINT_TO_POINTER (1), three = GUINT_TO_POINTER (3);

  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/firmware/parts/iis3dwb-fifo/1", one,
                        test_iis3dwb_fifo);
  g_test_add_data_func ("/firmware/parts/iis3dwb-fifo/3", three,
                        test_iis3dwb_fifo);
  g_test_add_data_func ("/firmware/parts/iis3dwb-noise/1", one,
                        test_iis3dwb_noise);
  g_test_add_data_func ("/firmware/parts/iis3dwb-noise/3", three,
                        test_iis3dwb_noise);
  g_test_add_func ("/firmware/parts/self-test", test_self_test);
  g_test_add_func ("/firmware/parts/line", test_line);
  g_test_add_func ("/firmware/parts/no-answer", test_no_answer);
  g_test_add_func ("/firmware/parts/rtd-faults", test_rtd_faults);
  g_test_add_func ("/firmware/parts/tacho", test_tacho);
  g_test_add_func ("/firmware/parts/current-supply", test_current_supply);
  return g_test_run ();
}
