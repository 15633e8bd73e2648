/* SPDX-License-Identifier: Apache-2.0
 *
 * The simulated machine and sensors: noise by the data sheets, nothing shared
 * between neighbours, and every fault felt where it should be.
 */
#include <math.h>
#include <string.h>
#include <time.h>

#include "fake-board.h"
#include "sim-math.h"

enum
{
  N = 65536,
};

static void
make_sim (sim *s, double noise_g, uint64_t seed, const char *name)
{
  hal           *h = fake_board_new (3);
  machine_params p = h->sim.machine.p;

  p.seed = seed;
  p.name = machine_rng_name (name);
  p.noise_g = noise_g;
  p.burst_g = 1;
  if (noise_g == 0)
    p.unbalance_mm_s = 0;
  sim_init (s, &p);
  sim_fit_adxl355 (s);
  sim_fit_rtd (s, 0);
  sim_fit_current (s, 0.1, 5.0, 5.0);
  fake_board_free (h);
}

/* @n samples of axis x in g, mean out, from second @from on. */
static void
record (sim *s, double *x, unsigned n, double range_g)
{
  hal         *h = fake_board_new (1);
  accel_device a;
  accel_batch  b;
  unsigned     at = 0;
  double       mean = 0;

  h->sim = *s;
  adxl355_init (&a, h, HAL_SPI_ACCEL_0, range_g);
  g_assert_cmpint (accel_start (&a), ==, HAL_OK);
  while (at < n)
    {
      h->time_us += 4000;
      do
        {
          g_assert_cmpint (accel_read (&a, &b), ==, HAL_OK);
          for (unsigned i = 0; i < b.frames && at < n; i++)
            x[at++] = b.samples[3 * i] * a.g_per_lsb;
        }
      while (b.frames > 0);
    }
  for (unsigned i = 0; i < n; i++)
    mean += x[i] / n;
  for (unsigned i = 0; i < n; i++)
    x[i] -= mean;
  fake_board_free (h);
}

/* Power density of @x about @hz, from @count bins of a Goertzel filter over
 * pieces of 1024 with Hann's window; g² a Hz. */
static double
density_at (const double *x,
            unsigned      n,
            double        rate,
            unsigned      bin,
            unsigned      count)
{
  const unsigned piece = 1024;
  double         sum = 0, power = 0.375 * piece;
  unsigned       pieces = 0;

  for (unsigned from = 0; from + piece <= n; from += piece / 2, pieces++)
    for (unsigned k = bin; k < bin + count; k++)
      {
        double c = 2 * cos (2 * G_PI * k / piece), s1 = 0, s2 = 0;

        for (unsigned i = 0; i < piece; i++)
          {
            double w = 0.5 - 0.5 * cos (2 * G_PI * i / piece);
            double s0 = w * x[from + i] + c * s1 - s2;

            s2 = s1;
            s1 = s0;
          }
        sum += s1 * s1 + s2 * s2 - c * s1 * s2;
      }
  return 2 * sum / pieces / count / power / rate;
}

/* Data sheet: 22.5 µg/√Hz, -3 dB at a quarter of the rate, 1000 Hz. */
static void
test_adxl355_noise (void)
{
  static double x[N];
  static sim    s;
  double        low, edge, dB;

  make_sim (&s, 0, 11, "n-1");
  record (&s, x, N, 2);
  low = sqrt (density_at (x, N, 4000, 20, 40)) * 1e6;
  edge = sqrt (density_at (x, N, 4000, 252, 8)) * 1e6; /* 1000 Hz */
  dB = 20 * log10 (edge / low);
  g_test_message ("%.2f µg/√Hz from 80 to 230 Hz, %.2f dB at 1000 Hz", low, dB);
  g_assert_cmpfloat_with_epsilon (low, 22.5, 0.05 * 22.5);
  g_assert_cmpfloat_with_epsilon (dB, -3, 0.3);
}

static double
correlation (const double *x, const double *y, unsigned n)
{
  double xy = 0, xx = 0, yy = 0;

  for (unsigned i = 0; i < n; i++)
    {
      xy += x[i] * y[i];
      xx += x[i] * x[i];
      yy += y[i] * y[i];
    }
  return xy / sqrt (xx * yy);
}

/* Nodes with seeds that are equal or differ by one, and whose machines make
 * nothing but noise: largest correlation at any lag up to 20 samples. */
static void
test_neighbours (void)
{
  static const struct
  {
    uint64_t    seed[2];
    const char *name[2];
  } rows[] = {
    { { 107, 108 }, { "n-0107", "n-0108" } },
    { { 1, 1 }, { "n-0001", "n-0002" } },
    { { 7, 8 }, { "n", "n" } },
  };
  static double x[2][16384];
  static sim    s;

  for (unsigned r = 0; r < G_N_ELEMENTS (rows); r++)
    {
      double worst = 0;

      for (unsigned i = 0; i < 2; i++)
        {
          make_sim (&s, 0.012, rows[r].seed[i], rows[r].name[i]);
          s.machine.p.unbalance_mm_s = 0;
          memset (s.machine.wave, 0, sizeof s.machine.wave);
          record (&s, x[i], 16384, 4);
        }
      for (unsigned lag = 0; lag <= 20; lag++)
        worst =
            fmax (worst, fmax (fabs (correlation (x[0] + lag, x[1], 16300)),
                               fabs (correlation (x[0], x[1] + lag, 16300))));
      g_test_message ("%s and %s: %.4f", rows[r].name[0], rows[r].name[1],
                      worst);
      g_assert_cmpfloat (worst, <, 0.05);
    }
}

/* The table of quantiles is a normal distribution. */
static void
test_normal (void)
{
  machine_rng rng;
  double      m[5] = { 0 };
  unsigned    beyond_2 = 0, n = 2000000;

  machine_rng_seed (&rng, 5);
  for (unsigned i = 0; i < n / 2; i++)
    {
      float z[2];

      machine_rng_normals (&rng, z);
      for (unsigned k = 0; k < 2; k++)
        {
          double p = 1;

          for (unsigned power = 1; power < 5; power++)
            m[power] += (p *= z[k]) / n;
          beyond_2 += fabsf (z[k]) > 2;
        }
    }
  g_test_message ("mean %.5f, variance %.5f, third %.5f, kurtosis %.4f, "
                  "beyond 2: %.5f",
                  m[1], m[2], m[3], m[4] / m[2] / m[2], (double) beyond_2 / n);
  g_assert_cmpfloat_with_epsilon (m[1], 0, 4 / sqrt (n));
  g_assert_cmpfloat_with_epsilon (m[2], 1, 4 * sqrt (2.0 / n));
  g_assert_cmpfloat_with_epsilon (m[4], 3, 4 * sqrt (96.0 / n));
  g_assert_cmpfloat_with_epsilon ((double) beyond_2 / n, 0.0455003, 0.0006);
}

static void
test_functions (void)
{
  double worst[2] = { 0 };

  for (int i = -4000; i <= 4000; i++)
    {
      double t = i / 977.0, x = i / 40.0;

      worst[0] = fmax (worst[0], fabs (sim_sin (t) - sin (2 * G_PI * t)));
      worst[0] = fmax (worst[0], fabs (sim_cos (t) - cos (2 * G_PI * t)));
      worst[1] = fmax (worst[1], fabs (sim_exp (x) / exp (x) - 1));
    }
  g_test_message ("sine off by %.1e, exponential by %.1e", worst[0], worst[1]);
  g_assert_cmpfloat (worst[0], <, 1e-12);
  g_assert_cmpfloat (worst[1], <, 1e-14);
}

/* Velocity r.m.s. in mm/s of the line at @order, radial. */
static double
line_mm_s (const machine *m, double order)
{
  static float x[3 * 40000];
  machine_view v;
  double       re = 0, im = 0, w = 2 * G_PI * m->speed_rps * order;

  machine_view_init (&v, m, "test", 3, 4000, 0);
  machine_vibration (m, &v, x, 40000);
  for (unsigned i = 0; i < 40000; i++)
    {
      double window = 1 - cos (2 * G_PI * i / 40000);

      re += window * x[3 * i] * cos (w * i / 4000);
      im += window * x[3 * i] * sin (w * i / 4000);
    }
  return sqrt (2 * (re * re + im * im)) / 40000 * 9.80665 / w * 1e3;
}

/* What the table of faults says of the shaft's lines. */
static void
test_lines (void)
{
  static sim s;
  machine   *m = &s.machine;
  double     before[21];

  make_sim (&s, 0.01, 3, "n-1");
  g_assert_cmpfloat_with_epsilon (line_mm_s (m, 1), 1, 0.05);
  for (unsigned line = 1; line <= 20; line++)
    before[line] = line_mm_s (m, line / 2.0);

  sim_fault_set (&s, 0, FAULT_UNBALANCE, 0.5);
  g_assert_cmpfloat_with_epsilon (line_mm_s (m, 1), 1 + 4, 0.1);
  g_assert_cmpfloat_with_epsilon (line_mm_s (m, 2), before[4], 0.05);
  sim_fault_set (&s, 0, FAULT_UNBALANCE, 0);
  sim_fault_set (&s, 0, FAULT_MISALIGNMENT, 1);
  g_assert_cmpfloat_with_epsilon (line_mm_s (m, 2), 3, 0.1);
  sim_fault_set (&s, 0, FAULT_MISALIGNMENT, 0);
  g_assert_cmpfloat_with_epsilon (line_mm_s (m, 1), before[2], 0.05);
  sim_fault_set (&s, 0, FAULT_LOOSENESS, 1);
  for (unsigned line = 1; line <= 20; line++)
    if (line != 2)
      g_assert_cmpfloat (line_mm_s (m, line / 2.0), >, before[line] + 0.1);
}

static double
rms (sim *s, double *peak)
{
  static double x[8000];
  double        sum = 0;

  *peak = 0;
  record (s, x, 8000, 2);
  for (unsigned i = 4000; i < 8000; i++)
    {
      sum += x[i] * x[i] / 4000;
      *peak = fmax (*peak, fabs (x[i]));
    }
  return sqrt (sum);
}

/* An impact of each race is felt; faults of the accelerometer reach the wire
 * of its bus. */
static void
test_accel_faults (void)
{
  static sim s;
  double     peak, level, none;

  make_sim (&s, 0.01, 3, "n-1");
  level = rms (&s, &none);
  for (sim_fault f = FAULT_OUTER_RACE; f <= FAULT_BALL; f++)
    {
      sim_fault_set (&s, 0, f, 0.9);
      rms (&s, &peak);
      g_assert_cmpfloat (peak, >, 4 * none);
      sim_fault_set (&s, 0, f, 0);
    }

  sim_fault_set (&s, 0, FAULT_CLIPPING, 1);
  rms (&s, &peak);
  g_assert_cmpfloat (peak, >, 1.9); /* of 2.048 g */
  sim_fault_set (&s, 0, FAULT_CLIPPING, 0);
  sim_fault_set (&s, 0, FAULT_STUCK, 1);
  g_assert_cmpfloat (rms (&s, &peak), ==, 0);
  sim_fault_set (&s, 0, FAULT_STUCK, 0);
  g_assert_cmpfloat_with_epsilon (rms (&s, &peak), level, 0.02 * level);
}

static double
mean_g (sim *s)
{
  hal         *h = fake_board_new (1);
  accel_device a;
  accel_batch  b;
  double       sum = 0, n = 0;

  h->sim = *s;
  adxl355_init (&a, h, HAL_SPI_ACCEL_0, 4);
  accel_start (&a);
  while (n < 8000)
    {
      h->time_us += 4000;
      accel_read (&a, &b);
      for (uint32_t i = 0; i < b.frames; i++, n++)
        sum += b.samples[3 * i] * a.g_per_lsb;
    }
  fake_board_free (h);
  return sum / n;
}

/* Turns that the key-phasor tells in ten seconds. */
static double
told_rpm (sim *s)
{
  hal_tacho one = { 0 }, two = { 0 };

  for (uint64_t t = 1; t <= 12; t++)
    sim_tacho (s, t * 1000000, 0, t <= 2 ? &one : &two);
  return 60e6 * (HAL_TACHO_EDGES - 1) /
         (double) (two.edge_us[HAL_TACHO_EDGES - 1] - two.edge_us[0]);
}

/* Samples in ten seconds, read every 4 ms: how unevenly they come. */
static double
unevenness (sim *s)
{
  hal         *h = fake_board_new (1);
  accel_device a;
  accel_batch  b;
  double       sum = 0, square = 0;

  h->sim = *s;
  adxl355_init (&a, h, HAL_SPI_ACCEL_0, 4);
  accel_start (&a);
  for (unsigned i = 0; i < 2500; i++)
    {
      h->time_us += 4000;
      accel_read (&a, &b);
      sum += b.frames;
      square += (double) b.frames * b.frames;
    }
  fake_board_free (h);
  return square / 2500 - sum / 2500 * (sum / 2500);
}

static void
test_measuring_faults (void)
{
  static sim s;
  double     mean, even;

  make_sim (&s, 0.01, 3, "n-1");
  mean = mean_g (&s);
  even = unevenness (&s);
  sim_fault_set (&s, 0, FAULT_BIAS, 0.5);
  g_assert_cmpfloat_with_epsilon (mean_g (&s), mean + 0.5, 0.01);
  sim_fault_set (&s, 0, FAULT_BIAS, 0);
  sim_fault_set (&s, 0, FAULT_TIME_JITTER, 1);
  g_assert_cmpfloat (unevenness (&s), >, even + 0.05);
  sim_fault_set (&s, 0, FAULT_TIME_JITTER, 0);

  sim_fault_set (&s, 0, FAULT_WRONG_RPM, 1);
  g_assert_cmpfloat_with_epsilon (told_rpm (&s) / (s.machine.speed_rps * 60),
                                  1.05, 0.001);
  make_sim (&s, 0.01, 3, "n-1");
  g_assert_cmpfloat_with_epsilon (told_rpm (&s) / (s.machine.speed_rps * 60), 1,
                                  0.001);

  /* Heat, load and the drifting Pt100. */
  make_sim (&s, 0.01, 3, "n-1");
  mean = machine_current_a (&s.machine);
  sim_fault_set (&s, 1000000, FAULT_OVERLOAD, 0.5);
  machine_advance (&s.machine, 2000000);
  g_assert_cmpfloat_with_epsilon (machine_current_a (&s.machine) - mean,
                                  0.4 * 20, 0.5);
}

/* Every fault has a name of its own that is found again. */
static void
test_names (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  sim_fault found;

  for (unsigned i = 0; i < FAULTS; i++)
    {
      const sim_fault_info *info = sim_fault_describe ((sim_fault) i);

      g_assert_true (g_hash_table_add (seen, (char *) info->name));
      g_assert_true (sim_fault_find (info->name, &found));
      g_assert_cmpuint (found, ==, i);
      g_assert_cmpfloat (info->severity, >, 0);
      g_assert_cmpfloat (info->severity, <=, 1);
    }
  g_assert_false (sim_fault_find ("rust", &found));
}

static uint64_t
add_bytes (uint64_t hash, const void *data, size_t n)
{
  for (size_t i = 0; i < n; i++)
    hash = (hash ^ ((const uint8_t *) data)[i]) *
           G_GUINT64_CONSTANT (0x100000001b3);
  return hash;
}

/* Two seconds of everything a machine with all its faults makes, to the bit:
 * the same with every compiler, at every optimization, on every board. */
static void
test_same_bits (void)
{
  static sim         s;
  static sim_iis3dwb wide;
  hal               *h = fake_board_new (1);
  accel_device       a[2];
  accel_batch        b;
  max31865           m;
  hal_tacho          pulses = { 0 };
  uint64_t           hash = 0;

  make_sim (&s, 0.01, 42, "n-0042");
  h->sim = s;
  sim_fit_iis3dwb (&h->sim, &wide);
  for (sim_fault f = FAULT_UNBALANCE; f <= FAULT_OVERLOAD; f++)
    sim_fault_set (&h->sim, 0, f, 0.6);
  adxl355_init (&a[0], h, HAL_SPI_ACCEL_0, 4);
  iis3dwb_init (&a[1], h, HAL_SPI_ACCEL_2, 8, 3);
  for (unsigned k = 0; k < 2; k++)
    g_assert_cmpint (accel_start (&a[k]), ==, HAL_OK);
  max31865_start (&m, h, HAL_SPI_RTD_0);

  for (unsigned i = 0; i < 500; i++)
    {
      h->time_us += 4000;
      for (unsigned k = 0; k < 2; k++)
        while (accel_read (&a[k], &b) == HAL_OK && b.frames > 0)
          hash = add_bytes (hash, b.samples,
                            b.frames * a[k].axes * sizeof *b.samples);
      if (i % 100 == 99)
        {
          uint16_t codes[200];
          uint8_t  tx[8] = { MAX31865_RTD }, rx[8];

          g_assert_cmpint (hal_adc_read (h, HAL_ADC_CURRENT, codes, 200), ==,
                           HAL_OK);
          g_assert_cmpint (hal_spi_transfer (h, HAL_SPI_RTD_0, tx, rx, 3), ==,
                           HAL_OK);
          g_assert_cmpint (hal_tacho_read (h, &pulses), ==, HAL_OK);
          hash = add_bytes (hash, codes, sizeof codes);
          hash = add_bytes (hash, rx, 3);
          hash = add_bytes (hash, pulses.edge_us,
                            pulses.n * sizeof pulses.edge_us[0]);
        }
    }
  g_test_message ("0x%016" G_GINT64_MODIFIER "x", hash);
  g_assert_cmphex (hash, ==, G_GUINT64_CONSTANT (0xfd4ec9b910e4707a));
  fake_board_free (h);
}

/* What a second of one machine under an ADXL355 costs. */
static void
test_cost (void)
{
  static double x[40000];
  static sim    s;
  clock_t       began;
  double        us;

  make_sim (&s, 0.01, 3, "n-1");
  record (&s, x, 4000, 4);
  began = clock ();
  record (&s, x, 40000, 4);
  us = (double) (clock () - began) / CLOCKS_PER_SEC * 1e5;
  g_test_message ("%.0f µs a second of 4 kHz × 3, driver included: "
                  "200 nodes take %.0f %% of a core",
                  us, us * 200 / 1e4);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpfloat (us, <, 2500); /* half of a core for 200 of them */
#endif
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/sim/normal", test_normal);
  g_test_add_func ("/firmware/sim/functions", test_functions);
  g_test_add_func ("/firmware/sim/adxl355-noise", test_adxl355_noise);
  g_test_add_func ("/firmware/sim/neighbours", test_neighbours);
  g_test_add_func ("/firmware/sim/lines", test_lines);
  g_test_add_func ("/firmware/sim/accel-faults", test_accel_faults);
  g_test_add_func ("/firmware/sim/measuring-faults", test_measuring_faults);
  g_test_add_func ("/firmware/sim/names", test_names);
  g_test_add_func ("/firmware/sim/same-bits", test_same_bits);
  g_test_add_func ("/firmware/sim/cost", test_cost);
  return g_test_run ();
}
