/* SPDX-License-Identifier: Apache-2.0 */
/* The simulated machine and sensors that the diagnosis is tested with, checked
 * themselves: identities of the spectrum, noise by the data sheet, lines as
 * told, blows that follow each other in a random walk.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "closed-loop.h"
#include "machine.h"
#include "twin-spectrum.h"

#define ADXL355_DENSITY_G 22.5e-6 /* data sheet, g/√Hz */

static TwinTransform *transform;

static const TwinBearing bearing = { "6205", 9, 7.94, 39.04, 0 };

static ClosedLoopCase
quiet_case (ClosedLoopSensor sensor, guint64 seed)
{
  return (ClosedLoopCase){
    .sensor = sensor,
    .seed = seed,
    .bearing = &bearing,
    .shaft_hz = 24.4,
    .resonance_hz = 800,
    .damping = 0.05,
  };
}

static void
test_parseval (void)
{
  ClosedLoopCase          given = quiet_case (CLOSED_LOOP_12K, 1);
  ClosedLoopRecord        record;
  g_autofree float       *x = NULL;
  g_autofree TwinComplex *lines = NULL;
  double                  in_time = 0, in_lines = 0;

  given.noise_g = 0.01;
  given.unbalance_mm_s = 1;
  given.fault = TWIN_ELEMENT_OUTER;
  closed_loop_make (&given, &record);
  x = g_new (float, record.n);
  lines = g_new (TwinComplex, record.n / 2 + 1);
  for (size_t i = 0; i < record.n; i++)
    {
      x[i] = (float) record.samples[i];
      in_time += (double) x[i] * x[i];
    }
  twin_transform_forward (transform, x, record.n, lines);
  for (size_t k = 0; k <= record.n / 2; k++)
    {
      in_lines += (k == 0 || k == record.n / 2 ? 1.0 : 2.0) *
                  ((double) lines[k].re * lines[k].re +
                   (double) lines[k].im * lines[k].im) /
                  (double) record.n;
    }
  g_test_message ("energy in time and lines differ by %.1e",
                  fabs (in_lines / in_time - 1));
  g_assert_cmpfloat (fabs (in_lines / in_time - 1), <, 1e-5);
  g_free (record.samples);
}

/* Mean density between two frequencies, g/√Hz, over @seeds records. */
static double
density (ClosedLoopSensor sensor,
         double           noise_g,
         double           lo_hz,
         double           hi_hz,
         int              seeds)
{
  double       power = 0;
  TwinSpectrum spectrum = { 0 };

  for (int seed = 0; seed < seeds; seed++)
    {
      ClosedLoopCase   given = quiet_case (sensor, 10 + (guint64) seed);
      ClosedLoopRecord record;
      double           rms;

      given.noise_g = noise_g;
      closed_loop_make (&given, &record);
      twin_spectrum_welch (transform, record.samples, record.n, record.rate_hz,
                           1024, TWIN_WINDOW_HANN, TWIN_SCALE_DENSITY,
                           &spectrum);
      rms = twin_spectrum_band_rms (&spectrum, lo_hz, hi_hz);
      /* Both lines at the ends count. */
      power += rms * rms / (hi_hz - lo_hz + spectrum.df_hz) / seeds;
      g_free (record.samples);
    }

  twin_spectrum_clear (&spectrum);
  return sqrt (power);
}

/* Band mean within 1 %. Bands are whole lines; the filter of the ADXL355 takes
 * 0.2 % at 375 Hz. */
static void
test_noise (void)
{
  double quiet = density (CLOSED_LOOP_ADXL355, 0, 62.5, 375, 24);
  double fast = density (CLOSED_LOOP_12K, 0.01, 4500, 5625, 4);
  double wide = density (CLOSED_LOOP_12K, 0.01, 1875, 2250, 16);

  g_test_message ("ADXL355 alone %.2f µg/√Hz; at 12 kHz the machine and a "
                  "sensor %.1f and %.1f",
                  1e6 * quiet, 1e6 * wide, 1e6 * fast);
  g_assert_cmpfloat (fabs (quiet / ADXL355_DENSITY_G - 1), <, 0.01);
  g_assert_cmpfloat (fabs (wide / fast - 1), <, 0.01); /* white */
}

/* r.m.s. velocity of 1X and 2X as the parameters tell, within 1 %. */
static void
test_lines (void)
{
  ClosedLoopCase   given = quiet_case (CLOSED_LOOP_12K, 3);
  ClosedLoopRecord record;
  TwinSpectrum     spectrum = { 0 };
  double           found[2] = { 0 };

  given.noise_g = 0.001;
  given.unbalance_mm_s = 1.5;
  given.misalignment_mm_s = 0.8;
  closed_loop_make (&given, &record);
  twin_spectrum_amplitude (transform, record.samples, record.n, record.rate_hz,
                           TWIN_WINDOW_FLAT_TOP, TWIN_SCALE_RMS, &spectrum);
  twin_spectrum_to_velocity (&spectrum, 2);
  for (size_t k = 0; k < spectrum.n_lines; k++)
    {
      for (int order = 1; order <= 2; order++)
        {
          if (fabs ((double) k * spectrum.df_hz - order * record.shaft_hz) < 2)
            found[order - 1] = fmax (found[order - 1], spectrum.lines[k]);
        }
    }
  g_test_message ("1X %.4f of 1.5 mm/s, 2X %.4f of 0.8", found[0], found[1]);
  g_assert_cmpfloat (fabs (found[0] / 1.5 - 1), <, 0.01);
  g_assert_cmpfloat (fabs (found[1] / 0.8 - 1), <, 0.01);
  twin_spectrum_clear (&spectrum);
  g_free (record.samples);
}

static void
test_same_seed (void)
{
  for (ClosedLoopSensor sensor = 0; sensor < CLOSED_LOOP_SENSORS; sensor++)
    {
      ClosedLoopCase   given = quiet_case (sensor, 4);
      ClosedLoopRecord one, two, other;

      given.noise_g = 0.01;
      given.fault = TWIN_ELEMENT_BALL;
      closed_loop_make (&given, &one);
      closed_loop_make (&given, &two);
      given.seed = 5;
      closed_loop_make (&given, &other);
      g_assert_cmpmem (one.samples, one.n * sizeof (double), two.samples,
                       two.n * sizeof (double));
      g_assert_cmpint (memcmp (one.samples, other.samples,
                               one.n * sizeof (double)),
                       !=, 0);
      g_free (one.samples);
      g_free (two.samples);
      g_free (other.samples);
    }
}

/* Times of blows, s: the modes ring silently between them. */
static size_t
find_blows (machine *m,
            double   rate_hz,
            double  *times,
            double  *heights,
            size_t   n)
{
  enum
  {
    PIECE = 64,
  };
  machine_view view;
  float        piece[PIECE];
  double       last = -1, height = 0;
  size_t       found = 0;

  machine_view_init (&view, m, "blows", 1, rate_hz, 0);
  for (size_t at = 0; found < n; at += PIECE)
    {
      machine_vibration (m, &view, piece, PIECE);
      for (size_t i = 0; i < PIECE && found < n; i++)
        {
          double t = (double) (at + i) / rate_hz;

          if (fabs (piece[i]) > 0.3 && t - last > 0.006)
            {
              if (found > 0)
                heights[found - 1] = height;
              times[found++] = last = t;
              height = 0;
            }
          height = fmax (height, fabs (piece[i]));
        }
    }

  return found;
}

/* Intervals scatter by 1 % and each is drawn by itself: jitter about a grid
 * would make neighbours anticorrelated by a half. */
static void
test_random_walk (void)
{
  enum
  {
    BLOWS = 2000,
  };
  machine_params params = {
    .seed = 6,
    .name = machine_rng_name ("walk"),
    .age_scale = 1,
    .rated_speed_rpm = 60 * 18,
    .rated_current_a = 30,
    .idle_current_a = 10,
    .load = 1,
    .load_period_s = 900,
    .balls = 9,
    .ball_mm = 7.94,
    .pitch_mm = 39.04,
    .resonance_hz = 800,
    .damping = 0.05,
    .burst_g = 1,
    .tau_s = 600,
    .faults[FAULT_OUTER_RACE] = { 1, 0 },
  };
  static double times[BLOWS], heights[BLOWS];
  machine       m;
  double        mean, square = 0, product = 0, height = 0, spread = 0;

  machine_init (&m, &params);
  g_assert_cmpuint (find_blows (&m, 96000, times, heights, BLOWS), ==, BLOWS);
  mean = (times[BLOWS - 1] - times[0]) / (BLOWS - 1);
  for (int i = 2; i < BLOWS; i++)
    {
      double this = times[i] - times[i - 1] - mean;
      double before = times[i - 1] - times[i - 2] - mean;

      square += this * this / (BLOWS - 2);
      product += this * before / (BLOWS - 2);
      height += heights[i - 1] / (BLOWS - 2);
    }
  for (int i = 2; i < BLOWS; i++)
    spread += pow (heights[i - 1] / height - 1, 2) / (BLOWS - 2);

  g_test_message ("interval %.4f ms, scatter %.2f %%, neighbours correlated "
                  "by %.2f, heights scatter %.1f %%",
                  1e3 * mean, 100 * sqrt (square) / mean, product / square,
                  100 * sqrt (spread));
  g_assert_cmpfloat_with_epsilon (mean * m.speed_rps *
                                      machine_order_outer (&params),
                                  1, 2e-3);
  g_assert_cmpfloat_with_epsilon (sqrt (square) / mean, 0.01, 0.001);
  g_assert_cmpfloat_with_epsilon (product / square, 0, 0.1);
  g_assert_cmpfloat_with_epsilon (sqrt (spread), 0.1, 0.02);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  transform = twin_transform_new ();
  g_test_add_func ("/analysis/generator/parseval", test_parseval);
  g_test_add_func ("/analysis/generator/noise", test_noise);
  g_test_add_func ("/analysis/generator/lines", test_lines);
  g_test_add_func ("/analysis/generator/same-seed", test_same_seed);
  g_test_add_func ("/analysis/generator/random-walk", test_random_walk);
  status = g_test_run ();
  twin_transform_free (transform);
  return status;
}
