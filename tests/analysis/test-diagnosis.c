/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "vibration.h"
#include "twin-diagnosis.h"

#define SECONDS 8
#define HEALTHY_SEEDS 160
#define KNOCK_SEEDS 80
#define FAULT_SEEDS 12

static TwinTransform *transform;

typedef struct
{
  double rate_hz, carrier_hz, damping;
  double slow_hz; /* shafts from here to 20 Hz more */
} Sensor;

/* A device at 4 kHz hears a structural mode, one at 12 kHz the bearing. */
static const Sensor sensors[] = { { 4000, 800, 0.05, 16 },
                                  { 12000, 3000, 0.03, 30 } };

/* Lines of shaft and mains, noise, a resonance fed by noise, looseness. */
static void
add_machine (double       *x,
             size_t        n,
             const Sensor *sensor,
             double        shaft_hz,
             double        noise,
             SignalRng    *rng)
{
  int lines = 3 + (int) (10 * signal_uniform (rng));

  signal_add_noise (x, n, noise, rng);
  signal_add_resonance (x, n, sensor->rate_hz, sensor->carrier_hz,
                        sensor->damping, noise * signal_uniform (rng) * 2, rng);
  for (int k = 1; k <= lines; k++)
    {
      signal_add_tone (x, n, sensor->rate_hz, k * shaft_hz,
                       5 * noise * signal_uniform (rng) / k,
                       2 * G_PI * signal_uniform (rng));
    }
  for (int k = 1; k <= 3; k++)
    signal_add_tone (x, n, sensor->rate_hz, 100 * k,
                     noise * signal_uniform (rng) / k, 0.4 * k);
}

static void
diagnose (const double       *x,
          size_t              n,
          double              rate_hz,
          double              shaft_hz,
          const TwinBearing  *bearing,
          TwinBearingVerdict *verdict)
{
  TwinShaftSpeed shaft = { shaft_hz, TWIN_SPEED_TACHO };

  twin_bearing_diagnose (transform, x, n, rate_hz, &shaft, bearing, NULL,
                         verdict);
}

static void
test_healthy (void)
{
  double largest = -99;

  for (int seed = 0; seed < HEALTHY_SEEDS; seed++)
    {
      const Sensor      *sensor = &sensors[seed % 8 == 0];
      size_t             n = (size_t) (SECONDS * sensor->rate_hz);
      g_autofree double *x = g_new0 (double, n);
      const TwinBearing *bearing = seed % 2 ? &signal_6203 : &signal_6205;
      TwinBearingVerdict verdict;
      SignalRng          rng;
      double             shaft_hz;

      signal_seed (&rng, 1000 + (uint64_t) seed);
      shaft_hz = 15 + 35 * signal_uniform (&rng);
      add_machine (x, n, sensor, shaft_hz, 0.01, &rng);
      diagnose (x, n, sensor->rate_hz, shaft_hz, bearing, &verdict);

      largest = fmax (largest, verdict.best_z);
      if (twin_element_is_fault (verdict.verdict))
        g_error ("seed %d, %s at %.2f Hz: sound, but %s", 1000 + seed,
                 bearing->designation, shaft_hz, verdict.why);
    }

  g_test_message ("seeds 1000 to %d: largest z %.2f", 999 + HEALTHY_SEEDS,
                  largest);
}

/* Something loose knocks once or twice a turn and rings the same mode: that is
 * a fault, but none of the bearing. */
static void
test_knocks (void)
{
  double largest = -99;

  for (int seed = 0; seed < KNOCK_SEEDS; seed++)
    {
      const Sensor      *sensor = &sensors[seed % 4 == 0];
      size_t             n = (size_t) (SECONDS * sensor->rate_hz);
      g_autofree double *x = g_new0 (double, n);
      const TwinBearing *bearing = seed % 2 ? &signal_6203 : &signal_6205;
      SignalFault        knock = { .element = TWIN_ELEMENT_OUTER,
                                   .carrier_hz = sensor->carrier_hz,
                                   .damping = sensor->damping,
                                   .rms = 0.02 };
      TwinBearingVerdict verdict;
      SignalRng          rng;

      signal_seed (&rng, 4000 + (uint64_t) seed);
      knock.shaft_hz = 8 + 40 * signal_uniform (&rng);
      add_machine (x, n, sensor, knock.shaft_hz, 0.01, &rng);
      signal_add_knocks (x, n, sensor->rate_hz, &knock, 1 + seed % 2, &rng);
      diagnose (x, n, sensor->rate_hz, knock.shaft_hz, bearing, &verdict);

      largest = fmax (largest, verdict.best_z);
      if (twin_element_is_fault (verdict.verdict))
        g_error ("seed %d, %s at %.2f Hz: knocks, but %s", 4000 + seed,
                 bearing->designation, knock.shaft_hz, verdict.why);
    }

  g_test_message ("seeds 4000 to %d: largest z %.2f", 3999 + KNOCK_SEEDS,
                  largest);
}

/* The fault has as much power as everything else: 0 dB. */
static void
test_faults (void)
{
  static const TwinElement elements[] = { TWIN_ELEMENT_OUTER,
                                          TWIN_ELEMENT_INNER,
                                          TWIN_ELEMENT_BALL };
  TwinBearingOrders        orders;

  g_assert_true (twin_bearing_orders (&signal_6205, &orders, NULL));

  for (size_t s = 0; s < G_N_ELEMENTS (sensors); s++)
    {
      const Sensor      *sensor = &sensors[s];
      size_t             n = (size_t) (SECONDS * sensor->rate_hz);
      g_autofree double *x = g_new (double, n);

      for (size_t e = 0; e < G_N_ELEMENTS (elements); e++)
        {
          int named = 0;

          for (int seed = 0; seed < FAULT_SEEDS; seed++)
            {
              SignalFault        fault = { .element = elements[e],
                                           .carrier_hz = sensor->carrier_hz,
                                           .damping = sensor->damping };
              TwinBearingVerdict verdict;
              SignalRng          rng;

              memset (x, 0, n * sizeof (double));
              signal_seed (&rng, 2000 + (uint64_t) seed);
              fault.shaft_hz = sensor->slow_hz + 20 * signal_uniform (&rng);
              fault.slip = 0.012 * signal_uniform (&rng);
              signal_add_noise (x, n, 0.01, &rng);
              fault.rms = signal_rms (x, n);
              signal_add_fault (x, n, sensor->rate_hz, &fault, &orders, &rng);
              signal_add_tone (x, n, sensor->rate_hz, fault.shaft_hz, 0.02, 0);
              diagnose (x, n, sensor->rate_hz, fault.shaft_hz, &signal_6205,
                        &verdict);

              /* Where a tone lies at twice the mains it may stay a
               * suspicion; never is it another element's. */
              if (verdict.suspected != elements[e])
                g_error ("seed %d, %.0f Hz: %s expected, %s found: %s",
                         2000 + seed, sensor->rate_hz,
                         twin_element_name (elements[e]),
                         twin_element_name (verdict.verdict), verdict.why);
              g_assert_cmpint (verdict.faults[0].element, ==, elements[e]);
              g_assert_cmpuint (verdict.kurtogram.n_cells, >, 1);
              if (verdict.kurtogram.best >= 0)
                g_assert_cmpfloat (verdict.kurtogram
                                       .cells[verdict.kurtogram.best]
                                       .band.lo_hz,
                                   ==, verdict.band.lo_hz);
              named += verdict.verdict == elements[e];
            }

          g_test_message ("%s at %.0f Hz: %d of %d named",
                          twin_element_name (elements[e]), sensor->rate_hz,
                          named, FAULT_SEEDS);
          g_assert_cmpint (named, >=, FAULT_SEEDS - 2);
        }
    }
}

/* A neighbour's fault is not this bearing's, and is named as the neighbour's.
 */
static void
test_neighbour (void)
{
  TwinBearingOrders orders;
  int               named = 0;

  g_assert_true (twin_bearing_orders (&signal_6205, &orders, NULL));

  for (int seed = 0; seed < 10; seed++)
    {
      size_t               n = SECONDS * 12000;
      g_autofree double   *x = g_new0 (double, n);
      SignalFault          fault = { .element = seed % 2 ? TWIN_ELEMENT_INNER
                                                         : TWIN_ELEMENT_OUTER,
                                     .shaft_hz = 29.9,
                                     .slip = 0.003,
                                     .carrier_hz = 3000,
                                     .damping = 0.03,
                                     .rms = 0.02 };
      TwinDiagnosisOptions options = { .others = &signal_6205, .n_others = 1 };
      TwinShaftSpeed       shaft = { 29.9, TWIN_SPEED_TACHO };
      TwinBearingVerdict   verdict;
      SignalRng            rng;

      signal_seed (&rng, 3000 + (uint64_t) seed);
      add_machine (x, n, &sensors[1], 29.9, 0.01, &rng);
      signal_add_fault (x, n, 12000, &fault, &orders, &rng);
      twin_bearing_diagnose (transform, x, n, 12000, &shaft, &signal_6203,
                             &options, &verdict);

      if (twin_element_is_fault (verdict.verdict))
        g_error ("seed %d: accused: %s", 3000 + seed, verdict.why);
      named +=
          verdict.n_others > 0 && verdict.others[0].element == fault.element;
    }

  g_assert_cmpint (named, ==, 10);
}

/* The tag on the machine says 2.5 % too much; the shaft's lines know better. */
static void
test_wrong_speed (void)
{
  size_t             n = SECONDS * 4000;
  g_autofree double *x = g_new0 (double, n);
  TwinBearingOrders  orders;
  SignalFault        fault = { .element = TWIN_ELEMENT_OUTER,
                               .shaft_hz = 24.4,
                               .slip = 0.004,
                               .carrier_hz = 800,
                               .damping = 0.05,
                               .rms = 0.02 };
  TwinShaftSpeed     shaft = { 24.4 * 1.025, TWIN_SPEED_NAMEPLATE };
  TwinBearingVerdict verdict;
  SignalRng          rng;

  g_assert_true (twin_bearing_orders (&signal_6205, &orders, NULL));
  signal_seed (&rng, 7);
  add_machine (x, n, &sensors[0], 24.4, 0.01, &rng);
  signal_add_tone (x, n, 4000, 24.4, 0.05, 0);
  signal_add_tone (x, n, 4000, 48.8, 0.02, 0);
  signal_add_fault (x, n, 4000, &fault, &orders, &rng);
  twin_bearing_diagnose (transform, x, n, 4000, &shaft, &signal_6205, NULL,
                         &verdict);

  g_assert_cmpuint (verdict.quality & TWIN_SIGNAL_SPEED, !=, 0);
  g_assert_true (verdict.speed_corrected);
  g_assert_cmpfloat_with_epsilon (verdict.shaft_hz, 24.4, 0.05);
  g_assert_cmpint (verdict.verdict, ==, TWIN_ELEMENT_OUTER);

  /* 8 % is too much to put right: nothing is named. */
  shaft.hz = 24.4 * 1.08;
  twin_bearing_diagnose (transform, x, n, 4000, &shaft, &signal_6205, NULL,
                         &verdict);
  g_assert_cmpuint (verdict.quality & TWIN_SIGNAL_SPEED, !=, 0);
  g_assert_cmpint (verdict.verdict, ==, TWIN_ELEMENT_INCONCLUSIVE);
  g_assert_nonnull (strstr (verdict.why, "24.4"));

  /* The right speed raises no flag. */
  shaft.hz = 24.4;
  twin_bearing_diagnose (transform, x, n, 4000, &shaft, &signal_6205, NULL,
                         &verdict);
  g_assert_cmpuint (verdict.quality, ==, 0);
}

/* What cannot be judged says so, and why. */
static void
test_unfit (void)
{
  size_t             n = SECONDS * 4000;
  g_autofree double *x = g_new0 (double, n);
  TwinBearingVerdict verdict;
  SignalRng          rng;

  diagnose (x, n, 4000, 25, &signal_6205, &verdict);
  g_assert_cmpint (verdict.verdict, ==, TWIN_ELEMENT_INCONCLUSIVE);
  g_assert_cmpuint (verdict.quality & TWIN_SIGNAL_STUCK, !=, 0);

  signal_seed (&rng, 8);
  signal_add_noise (x, n, 0.01, &rng);
  diagnose (x, 4000, 4000, 25, &signal_6205, &verdict);
  g_assert_cmpint (verdict.verdict, ==, TWIN_ELEMENT_INCONCLUSIVE);
  g_assert_cmpuint (verdict.quality, ==, TWIN_SIGNAL_SHORT);

  diagnose (x, n, 4000, 0, &signal_6205, &verdict);
  g_assert_cmpint (verdict.verdict, ==, TWIN_ELEMENT_INCONCLUSIVE);
  g_assert_cmpuint (verdict.quality, ==, TWIN_SIGNAL_NO_SPEED);

  /* Lines at 5.4 × 1500 Hz do not fit under 2 kHz. */
  diagnose (x, n, 4000, 1500, &signal_6205, &verdict);
  g_assert_cmpint (verdict.verdict, ==, TWIN_ELEMENT_INCONCLUSIVE);
  g_assert_cmpuint (verdict.quality & TWIN_SIGNAL_SLOW_RATE, !=, 0);

  for (size_t i = 0; i < n; i++)
    x[i] = CLAMP (x[i], -0.01, 0.01);
  diagnose (x, n, 4000, 25, &signal_6205, &verdict);
  g_assert_cmpuint (verdict.quality & TWIN_SIGNAL_CLIPPED, !=, 0);

  x[77] = NAN;
  diagnose (x, n, 4000, 25, &signal_6205, &verdict);
  g_assert_cmpint (verdict.verdict, ==, TWIN_ELEMENT_INCONCLUSIVE);
  g_assert_cmpuint (verdict.quality, ==, TWIN_SIGNAL_NOT_FINITE);
  g_assert_cmpstr (verdict.why, !=, "");
}

static void
test_burst (void)
{
  size_t             n = SECONDS * 4000;
  g_autofree double *x = g_new0 (double, n);
  TwinBearingVerdict verdict;
  SignalRng          rng;
  g_autofree char   *text = NULL;

  signal_seed (&rng, 9);
  signal_add_noise (x, n, 0.01, &rng);
  for (int i = 0; i < 100; i++)
    x[15000 + i] += 0.5 * signal_normal (&rng);
  diagnose (x, n, 4000, 25, &signal_6205, &verdict);
  g_assert_cmpuint (verdict.quality & TWIN_SIGNAL_BURST, !=, 0);
  g_assert_false (twin_element_is_fault (verdict.verdict));

  text = twin_signal_flags_describe (TWIN_SIGNAL_BURST | TWIN_SIGNAL_CLIPPED);
  g_assert_cmpstr (text, ==, "clipped, burst");
  g_assert_null (twin_signal_flags_describe (0));
}

/* A sound bearing's own faint lines are no damage: the level decides. */
static void
test_level (void)
{
  size_t               n = SECONDS * 4000;
  g_autofree double   *x = g_new0 (double, n);
  TwinBearingOrders    orders;
  SignalFault          fault = { .element = TWIN_ELEMENT_OUTER,
                                 .shaft_hz = 24.4,
                                 .carrier_hz = 800,
                                 .damping = 0.05,
                                 .rms = 0.0005 };
  TwinDiagnosisOptions options = { 0 };
  TwinShaftSpeed       shaft = { 24.4, TWIN_SPEED_TACHO };
  TwinBearingVerdict   verdict;
  SignalRng            rng;

  g_assert_true (twin_bearing_orders (&signal_6205, &orders, NULL));
  signal_seed (&rng, 10);
  signal_add_noise (x, n, 0.0002, &rng);
  signal_add_fault (x, n, 4000, &fault, &orders, &rng);
  twin_bearing_diagnose (transform, x, n, 4000, &shaft, &signal_6205, &options,
                         &verdict);
  g_assert_cmpfloat (verdict.z[TWIN_ELEMENT_OUTER], >, 6);
  g_assert_cmpint (verdict.verdict, ==, TWIN_ELEMENT_NONE);
  g_assert_cmpint (verdict.suspected, ==, TWIN_ELEMENT_OUTER);

  /* The same lines well over this machine's own baseline are. */
  options.baseline_level_g = verdict.carrier_rms_g / 2;
  twin_bearing_diagnose (transform, x, n, 4000, &shaft, &signal_6205, &options,
                         &verdict);
  g_assert_cmpint (verdict.verdict, ==, TWIN_ELEMENT_OUTER);
}

static void
test_deterministic (void)
{
  size_t             n = SECONDS * 4000;
  g_autofree double *x = g_new0 (double, n);
  TwinBearingVerdict first, second;
  SignalRng          rng;

  signal_seed (&rng, 11);
  add_machine (x, n, &sensors[0], 24.4, 0.01, &rng);
  memset (&first, 1, sizeof first);
  memset (&second, 2, sizeof second);
  diagnose (x, n, 4000, 24.4, &signal_6205, &first);
  diagnose (x, n, 4000, 24.4, &signal_6205, &second);
  g_assert_cmpfloat (first.best_z, ==, second.best_z);
  g_assert_cmpstr (first.why, ==, second.why);
}

static void
test_live_rule (void)
{
  static const struct
  {
    TwinElement verdict, live;
    int         agree, windows;
  } steps[] = {
    { TWIN_ELEMENT_OUTER, TWIN_ELEMENT_NONE, 1, 1 },
    { TWIN_ELEMENT_OUTER, TWIN_ELEMENT_NONE, 2, 2 },
    { TWIN_ELEMENT_NONE, TWIN_ELEMENT_NONE, 2, 3 },
    { TWIN_ELEMENT_INNER, TWIN_ELEMENT_NONE, 2, 4 },
    { TWIN_ELEMENT_OUTER, TWIN_ELEMENT_OUTER, 3, 5 },
    { TWIN_ELEMENT_INCONCLUSIVE, TWIN_ELEMENT_NONE, 2, 5 },
    { TWIN_ELEMENT_OUTER, TWIN_ELEMENT_NONE, 2, 5 },
    { TWIN_ELEMENT_OUTER, TWIN_ELEMENT_OUTER, 3, 5 },
    { TWIN_ELEMENT_NONE, TWIN_ELEMENT_OUTER, 3, 5 },
    { TWIN_ELEMENT_NONE, TWIN_ELEMENT_NONE, 2, 5 }, /* never latched */
  };
  TwinLiveRule rule = { 0 };

  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      int agree, windows;

      g_assert_cmpint (twin_live_rule_push (&rule, steps[i].verdict, &agree,
                                            &windows),
                       ==, steps[i].live);
      g_assert_cmpint (agree, ==, steps[i].agree);
      g_assert_cmpint (windows, ==, steps[i].windows);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  transform = twin_transform_new ();
  g_test_add_func ("/analysis/diagnosis/sound-is-never-accused", test_healthy);
  g_test_add_func ("/analysis/diagnosis/knocks-are-no-bearing", test_knocks);
  g_test_add_func ("/analysis/diagnosis/faults-are-named", test_faults);
  g_test_add_func ("/analysis/diagnosis/a-neighbours-fault", test_neighbour);
  g_test_add_func ("/analysis/diagnosis/wrong-speed", test_wrong_speed);
  g_test_add_func ("/analysis/diagnosis/unfit-records", test_unfit);
  g_test_add_func ("/analysis/diagnosis/burst", test_burst);
  g_test_add_func ("/analysis/diagnosis/faint-lines", test_level);
  g_test_add_func ("/analysis/diagnosis/deterministic", test_deterministic);
  g_test_add_func ("/analysis/diagnosis/three-of-five", test_live_rule);
  status = g_test_run ();
  twin_transform_free (transform);
  return status;
}
