/* SPDX-License-Identifier: Apache-2.0 */
/* A shaft that changes its speed: lines stand still over its angle. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "vibration.h"
#include "twin-diagnosis.h"
#include "twin-spectrum.h"

#define SECONDS 8.0
#define NOISE_SEEDS 60
#define FAULT_SEEDS 8

static TwinTransform *transform;

/* Speed and angle over time: a ramp, or one slow swing. */
typedef struct
{
  double from_hz, to_hz; /* ramp over SECONDS */
  double swing;          /* of the speed, over SECONDS */
} Motion;

static double
turns_at (const Motion *m, double t)
{
  double w = 2 * G_PI / SECONDS;

  return m->from_hz * (t + m->swing * (1 - cos (w * t)) / w) +
         (m->to_hz - m->from_hz) * t * t / (2 * SECONDS);
}

static double
speed_at (const Motion *m, double t)
{
  return m->from_hz * (1 + m->swing * sin (2 * G_PI * t / SECONDS)) +
         (m->to_hz - m->from_hz) * t / SECONDS;
}

/* When the angle is @turns. */
static double
time_of (const Motion *m, double turns)
{
  double t = turns / m->from_hz;

  for (int i = 0; i < 30; i++)
    t -= (turns_at (m, t) - turns) / speed_at (m, t);

  return t;
}

static double *
make_pulses (const Motion *m, size_t *n)
{
  double *times;

  *n = (size_t) turns_at (m, SECONDS);
  times = g_new (double, *n);
  for (size_t i = 0; i < *n; i++)
    times[i] = time_of (m, 0.3 + (double) i);

  return times;
}

static void
add_order (double       *x,
           size_t        n,
           double        rate_hz,
           const Motion *m,
           double        order,
           double        amplitude)
{
  for (size_t i = 0; i < n; i++)
    x[i] += amplitude *
            cos (2 * G_PI * order * turns_at (m, (double) i / rate_hz) + order);
}

static double
peak_near (const TwinSpectrum *spectrum, double at)
{
  double best = 0;

  for (size_t k = 0; k < spectrum->n_lines; k++)
    {
      if (fabs ((double) k * spectrum->df_hz - at) < 0.05 * at)
        best = fmax (best, spectrum->lines[k]);
    }

  return best;
}

/* 20 to 30 Hz: smeared over frequency, sharp over orders. */
static void
test_chirp (void)
{
  const Motion       m = { 20, 30, 0 };
  double             rate_hz = 4000;
  size_t             n = (size_t) (SECONDS * rate_hz), n_pulses, n_even;
  g_autofree double *x = g_new0 (double, n), *pulses = NULL, *even = NULL;
  TwinSpectrum       spectrum = { 0 };
  TwinTrack          track = { 0 };
  SignalRng          rng;
  g_autoptr (GError) error = NULL;

  signal_seed (&rng, 1);
  signal_add_noise (x, n, 0.02, &rng);
  add_order (x, n, rate_hz, &m, 1, 1);
  add_order (x, n, rate_hz, &m, 3.58, 0.5);
  add_order (x, n, rate_hz, &m, 7.16, 0.25);
  /* Beyond what 64 samples a turn can carry: must not fold back. */
  signal_add_tone (x, n, rate_hz, 1500, 1, 0);

  twin_spectrum_amplitude (transform, x, n, rate_hz, TWIN_WINDOW_HANN,
                           TWIN_SCALE_PEAK, &spectrum);
  g_assert_cmpfloat (peak_near (&spectrum, 25), <, 0.4);
  g_assert_cmpfloat (peak_near (&spectrum, 3.58 * 25), <, 0.2);

  pulses = make_pulses (&m, &n_pulses);
  g_assert_true (twin_track_from_pulses (pulses, n_pulses, 1, &track, &error));
  g_assert_cmpfloat_with_epsilon (track.mean_hz, 25, 0.1);
  g_assert_cmpfloat_with_epsilon (twin_track_change (&track), 0.4, 0.02);

  for (int per_turn = 64; per_turn <= 256; per_turn *= 2)
    {
      double largest = 0;

      g_free (even);
      even = twin_order_resample (x, n, rate_hz, &track, per_turn, &n_even);
      g_assert_nonnull (even);
      twin_spectrum_amplitude (transform, even, n_even, per_turn,
                               TWIN_WINDOW_FLAT_TOP, TWIN_SCALE_PEAK,
                               &spectrum);
      g_assert_cmpfloat_with_epsilon (peak_near (&spectrum, 1), 1, 0.02);
      g_assert_cmpfloat_with_epsilon (peak_near (&spectrum, 3.58), 0.5, 0.01);
      g_assert_cmpfloat_with_epsilon (peak_near (&spectrum, 7.16), 0.25, 0.005);

      for (size_t k = (size_t) (9 / spectrum.df_hz);
           per_turn == 64 && k < spectrum.n_lines; k++)
        largest = fmax (largest, spectrum.lines[k]);
      g_assert_cmpfloat (largest, <, 0.01);
    }

  twin_spectrum_clear (&spectrum);
  twin_track_clear (&track);
}

static void
test_bad_pulses (void)
{
  const Motion       m = { 20, 30, 0 };
  size_t             n;
  g_autofree double *pulses = make_pulses (&m, &n);
  TwinTrack          track = { 0 };
  double             kept;
  g_autoptr (GError) error = NULL;

  g_assert_false (twin_track_from_pulses (pulses, 7, 1, &track, NULL));
  g_assert_false (twin_track_from_pulses (pulses, n, 0, &track, NULL));
  g_assert_false (twin_track_from_pulses (pulses, n, NAN, &track, NULL));

  kept = pulses[20];
  pulses[20] = pulses[19];
  g_assert_false (twin_track_from_pulses (pulses, n, 1, &track, NULL));
  pulses[20] = NAN;
  g_assert_false (twin_track_from_pulses (pulses, n, 1, &track, NULL));
  pulses[20] = kept;

  /* One lost. */
  memmove (pulses + 50, pulses + 51, (n - 51) * sizeof (double));
  g_assert_false (twin_track_from_pulses (pulses, n - 1, 1, &track, &error));
  g_assert_error (error, TWIN_ORDER_ERROR, TWIN_ORDER_ERROR_PULSES);
  g_assert_nonnull (strstr (error->message, "missing"));
  g_assert_cmpuint (track.n, ==, 0);
}

/* Without a tacho the shaft's own comb tells the speed. */
static void
test_lines (void)
{
  static const Motion motions[] = { { 20, 30, 0 },
                                    { 25, 25, 0.1 },
                                    { 50, 46, 0 },
                                    { 12, 13.5, 0.02 },
                                    { 30, 30, 0 } };
  double              rate_hz = 4000;
  size_t              n = (size_t) (SECONDS * rate_hz);

  for (size_t i = 0; i < G_N_ELEMENTS (motions); i++)
    {
      const Motion      *m = &motions[i];
      g_autofree double *x = g_new0 (double, n);
      TwinTrack          track = { 0 };
      double             worst = 0;
      SignalRng          rng;

      signal_seed (&rng, 40 + i);
      signal_add_noise (x, n, 0.03, &rng);
      for (int k = 1; k <= 4; k++)
        add_order (x, n, rate_hz, m, k, 0.06 / k);

      g_assert_true (twin_track_from_lines (transform, x, n, rate_hz,
                                            speed_at (m, SECONDS / 2), 0.25,
                                            &track));
      for (size_t k = 1; k < track.n; k++)
        {
          double dt = track.time_s[k] - track.time_s[k - 1];
          double hz = (track.turns[k] - track.turns[k - 1]) / dt;
          double t = track.time_s[k] - dt / 2;

          if (t > 0.5 && t < SECONDS - 0.5)
            worst = fmax (worst, fabs (hz / speed_at (m, t) - 1));
        }
      g_test_message ("%.0f to %.0f Hz: worst speed error %.2f %%, clarity "
                      "%.1f",
                      m->from_hz, m->to_hz, 100 * worst, track.clarity);
      g_assert_cmpfloat (worst, <, 0.004);
      twin_track_clear (&track);
    }
}

/* Noise, or a steady shaft: nothing is followed. */
static void
test_nothing_to_follow (void)
{
  double rate_hz = 4000, clearest = 0;
  size_t n = (size_t) (SECONDS * rate_hz);
  int    found = 0, followed = 0;

  for (int seed = 0; seed < NOISE_SEEDS; seed++)
    {
      g_autofree double *x = g_new0 (double, n);
      TwinShaftSpeed     shaft = { 0, TWIN_SPEED_NAMEPLATE };
      TwinBearingVerdict verdict;
      TwinTrack          track = { 0 };
      SignalRng          rng;

      signal_seed (&rng, 900 + (uint64_t) seed);
      shaft.hz = 12 + 40 * signal_uniform (&rng);
      signal_add_noise (x, n, 0.02, &rng);
      signal_add_resonance (x, n, rate_hz, 300 + 800 * signal_uniform (&rng),
                            0.05, 0.03, &rng);
      if (twin_track_from_lines (transform, x, n, rate_hz, shaft.hz, 0.25,
                                 &track))
        {
          found++;
          clearest = fmax (clearest, track.clarity);
        }
      twin_track_clear (&track);

      for (int k = 1; k <= 3 && seed % 2; k++)
        signal_add_tone (x, n, rate_hz, k * shaft.hz, 0.02 / k, k);
      twin_bearing_diagnose (transform, x, n, rate_hz, &shaft, &signal_6205,
                             NULL, &verdict);
      followed += verdict.tracked;
    }

  g_test_message ("noise: %d of %d give a track (%.1f), %d are followed", found,
                  NOISE_SEEDS, clearest, followed);
  g_assert_cmpint (found, ==, 0);
  g_assert_cmpint (followed, ==, 0);
}

/* --- diagnosis -------------------------------------------------------------
 */

/* Blows at @order a turn of a moving shaft, ringing @carrier_hz. */
static void
add_blows (double       *x,
           size_t        n,
           double        rate_hz,
           const Motion *m,
           double        order,
           double        carrier_hz,
           double        rms,
           SignalRng    *rng)
{
  g_autofree double *part = g_new0 (double, n);
  double             omega = 2 * G_PI * carrier_hz / rate_hz;
  double             decay = exp (-0.03 * omega), y1 = 0, y2 = 0, scale;

  for (double at = 0.1; at < turns_at (m, SECONDS) - 1;
       at += (1 + 0.005 * signal_normal (rng)) / (order * 0.995))
    {
      size_t i = (size_t) (time_of (m, at) * rate_hz);

      part[MIN (i, n - 1)] += 1 + 0.1 * signal_normal (rng);
    }

  for (size_t i = 0; i < n; i++)
    {
      double y = part[i] + 2 * decay * cos (omega) * y1 - decay * decay * y2;

      y2 = y1;
      y1 = part[i] = y;
    }
  scale = rms / signal_rms (part, n);
  for (size_t i = 0; i < n; i++)
    x[i] += scale * part[i];
}

/* The speed swings by ±10 %: the fault is named over the angle, by tacho and by
 * the shaft's own lines, and not over time. */
static void
test_diagnosis (void)
{
  double            rate_hz = 12000;
  size_t            n = (size_t) (SECONDS * rate_hz);
  int               steady = 0, tacho = 0, lines = 0;
  TwinBearingOrders orders;

  g_assert_true (twin_bearing_orders (&signal_6205, &orders, NULL));
  for (int seed = 0; seed < FAULT_SEEDS; seed++)
    {
      Motion      m = { 24 + seed, 24 + seed, 0.1 };
      TwinElement element = seed % 2 ? TWIN_ELEMENT_INNER : TWIN_ELEMENT_OUTER;
      g_autofree double   *x = g_new0 (double, n), *pulses = NULL;
      TwinShaftSpeed       shaft = { m.from_hz, TWIN_SPEED_NAMEPLATE };
      TwinDiagnosisOptions options = { .steady_speed = TRUE };
      TwinBearingVerdict   verdict;
      TwinTrack            track = { 0 };
      SignalRng            rng;
      size_t               n_pulses;

      signal_seed (&rng, 60 + (uint64_t) seed);
      signal_add_noise (x, n, 0.02, &rng);
      for (int k = 1; k <= 4; k++)
        add_order (x, n, rate_hz, &m, k, 0.05 / k);
      add_blows (x, n, rate_hz, &m,
                 element == TWIN_ELEMENT_OUTER ? orders.bpfo : orders.bpfi,
                 3000, 0.03, &rng);

      twin_bearing_diagnose (transform, x, n, rate_hz, &shaft, &signal_6205,
                             &options, &verdict);
      steady += verdict.verdict == element;
      g_assert_true (verdict.verdict == element ||
                     !twin_element_is_fault (verdict.verdict));

      twin_bearing_diagnose (transform, x, n, rate_hz, &shaft, &signal_6205,
                             NULL, &verdict);
      lines += verdict.verdict == element;
      g_test_message ("seed %d by lines: %s", seed, verdict.why);
      g_assert_true (verdict.tracked);
      g_assert_cmpuint (verdict.quality, ==, TWIN_SIGNAL_VARYING);
      g_assert_cmpfloat_with_epsilon (verdict.speed_change, 0.2, 0.03);

      pulses = make_pulses (&m, &n_pulses);
      g_assert_true (
          twin_track_from_pulses (pulses, n_pulses, 1, &track, NULL));
      options = (TwinDiagnosisOptions){ .track = &track };
      twin_bearing_diagnose (transform, x, n, rate_hz, &shaft, &signal_6205,
                             &options, &verdict);
      tacho += verdict.verdict == element;
      g_test_message ("seed %d by tacho: %s", seed, verdict.why);
      g_assert_true (verdict.tracked);
      g_assert_cmpint (verdict.speed_source, ==, TWIN_SPEED_TACHO);
      twin_track_clear (&track);
    }

  g_test_message ("named of %d: %d over time, %d by lines, %d by tacho",
                  FAULT_SEEDS, steady, lines, tacho);
  g_assert_cmpint (steady, ==, 0);
  g_assert_cmpint (lines, ==, FAULT_SEEDS);
  g_assert_cmpint (tacho, ==, FAULT_SEEDS);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  transform = twin_transform_new ();
  g_test_add_func ("/analysis/order/chirp-is-sharp-over-orders", test_chirp);
  g_test_add_func ("/analysis/order/bad-pulses-are-refused", test_bad_pulses);
  g_test_add_func ("/analysis/order/speed-from-lines", test_lines);
  g_test_add_func ("/analysis/order/nothing-to-follow", test_nothing_to_follow);
  g_test_add_func ("/analysis/order/fault-at-changing-speed", test_diagnosis);

  status = g_test_run ();
  twin_transform_free (transform);
  return status;
}
