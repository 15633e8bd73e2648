/* SPDX-License-Identifier: Apache-2.0 */
/* "Why this peak?": every kind of cause comes first where it is the cause. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "twin-cause.h"
#include "vibration.h"

#define RATE 4000.0
#define SEEDS 10

static TwinTransform *transform;

typedef struct
{
  double          *x;
  size_t           n;
  double           shaft_hz;
  TwinMachineFacts facts;
  TwinShaftSpeed   shaft;
  TwinSpectrum     spectrum;
  TwinCauseQuery   query;
  SignalRng        rng;
} Scene;

/* @seconds of noise and a few orders of a four-pole motor's shaft. */
static void
scene_open (Scene *s, uint64_t seed, double seconds)
{
  memset (s, 0, sizeof *s);
  signal_seed (&s->rng, seed);
  s->n = (size_t) (seconds * RATE);
  s->x = g_new0 (double, s->n);
  s->shaft_hz = 24.2 + 0.6 * signal_uniform (&s->rng);
  s->facts = (TwinMachineFacts){ .line_hz = 50,
                                 .pole_pairs = 2,
                                 .blades = 7,
                                 .teeth = 31,
                                 .other_teeth = 47,
                                 .pulley_mm = 125,
                                 .belt_mm = 1173,
                                 .bearings = &signal_6205,
                                 .n_bearings = 1 };
  signal_add_noise (s->x, s->n, 0.002, &s->rng);
  for (int k = 1; k <= 4; k++)
    signal_add_velocity (s->x, s->n, RATE, k * s->shaft_hz, 0.6 / k, k);
}

static void
add (Scene *s, double hz, double mm_s)
{
  signal_add_velocity (s->x, s->n, RATE, hz, mm_s,
                       2 * G_PI * signal_uniform (&s->rng));
}

static size_t
ask (Scene *s, double hz, TwinCause *causes, TwinCauseReading *reading)
{
  twin_spectrum_amplitude (transform, s->x, s->n, RATE, TWIN_WINDOW_HANN,
                           TWIN_SCALE_RMS, &s->spectrum);
  s->query.spectrum = &s->spectrum;
  s->query.rate_hz = RATE;
  s->query.facts = &s->facts;
  s->query.shaft = (TwinShaftSpeed){ s->shaft_hz, TWIN_SPEED_TACHO };
  return twin_causes_find (&s->query, hz, causes, reading);
}

static void
scene_close (Scene *s)
{
  twin_spectrum_clear (&s->spectrum);
  g_free (s->x);
}

static void
expect_at (Scene *s, double hz, TwinCauseKind kind, const char *what)
{
  TwinCause        causes[TWIN_CAUSES_MAX];
  TwinCauseReading reading;
  size_t           n = ask (s, hz, causes, &reading);
  double           sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += causes[i].score;
  g_assert_cmpuint (n, >, 0);
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-9);
  if (causes[0].kind == kind)
    return;

  for (size_t i = 0; i < n; i++)
    g_test_message ("%.2f %.1f %s: %s. %s", causes[i].score, causes[i].weight,
                    twin_cause_kind_name (causes[i].kind), causes[i].title,
                    causes[i].why);
  g_error ("%s at %.2f Hz: %s", what, hz, causes[0].title);
}

static void
test_machine (void)
{
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    {
      Scene  s;
      double f, mesh, belt, slip;

      /* Eight seconds, as a diagnosis has, and one, as the page has. */
      for (int i = 0; i < 2; i++)
        {
          const double seconds = i == 0 ? 8 : 1;

          scene_open (&s, seed, seconds);
          expect_at (&s, s.shaft_hz, TWIN_CAUSE_SHAFT, "1×");
          expect_at (&s, 3 * s.shaft_hz, TWIN_CAUSE_SHAFT, "3×");
          scene_close (&s);

          scene_open (&s, 100 + seed, seconds);
          for (int k = 1; k <= 9; k += 2)
            add (&s, k * s.shaft_hz / 2, 0.5);
          expect_at (&s, s.shaft_hz * 1.5, TWIN_CAUSE_SUBHARMONIC, "1½×");
          scene_close (&s);

          scene_open (&s, 200 + seed, seconds);
          f = 3.5848 * s.shaft_hz * (1 - 0.015 * signal_uniform (&s.rng));
          for (int k = 1; k <= 6; k++)
            add (&s, k * f, 0.3 / k);
          expect_at (&s, f, TWIN_CAUSE_BEARING, "outer race");
          expect_at (&s, 3 * f, TWIN_CAUSE_BEARING, "3 × outer race");
          scene_close (&s);

          scene_open (&s, 300 + seed, seconds);
          mesh = 31 * s.shaft_hz;
          add (&s, mesh, 0.4);
          for (int k = 1; k <= 2; k++)
            {
              add (&s, mesh + k * s.shaft_hz * 31 / 47, 0.2 / k);
              add (&s, mesh - k * s.shaft_hz * 31 / 47, 0.2 / k);
            }
          expect_at (&s, mesh, TWIN_CAUSE_GEAR_MESH, "mesh");
          expect_at (&s, mesh + s.shaft_hz * 31 / 47, TWIN_CAUSE_GEAR_MESH,
                     "side band of the mesh");
          scene_close (&s);

          scene_open (&s, 400 + seed, seconds);
          add (&s, 7 * s.shaft_hz, 1);
          expect_at (&s, 7 * s.shaft_hz, TWIN_CAUSE_BLADE_PASS, "blade pass");
          scene_close (&s);

          scene_open (&s, 500 + seed, seconds);
          belt = G_PI * 125 / 1173 * s.shaft_hz;
          for (int k = 1; k <= 4; k++)
            add (&s, k * belt, 0.5);
          expect_at (&s, 2 * belt, TWIN_CAUSE_BELT, "belt");
          scene_close (&s);

          scene_open (&s, 600 + seed, seconds);
          add (&s, 100, 0.8);
          expect_at (&s, 100, TWIN_CAUSE_TWICE_LINE, "twice the line");
          scene_close (&s);

          scene_open (&s, 700 + seed, seconds);
          s.query.neighbours_hz = (const double[]){ 14.3 };
          s.query.n_neighbours = 1;
          add (&s, 14.3, 0.6);
          add (&s, 2 * 14.3, 0.3);
          expect_at (&s, 14.3, TWIN_CAUSE_OTHER_MACHINE, "a neighbour");
          s.query.n_neighbours = 0;
          expect_at (&s, 14.3, TWIN_CAUSE_UNKNOWN, "an unknown neighbour");
          scene_close (&s);
        }

      scene_open (&s, 800 + seed, 8);
      slip = 4 * (25 - s.shaft_hz);
      for (int k = 1; k <= 2; k++)
        {
          add (&s, s.shaft_hz + k * slip, 0.2 / k);
          add (&s, s.shaft_hz - k * slip, 0.2 / k);
        }
      expect_at (&s, s.shaft_hz - slip, TWIN_CAUSE_POLE_PASS, "pole pass");
      scene_close (&s);
    }
}

static void
test_resonance (void)
{
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    {
      Scene            s;
      TwinCause        causes[TWIN_CAUSES_MAX];
      TwinCauseReading reading;
      size_t           best = 0;

      scene_open (&s, 900 + seed, 8);
      signal_add_resonance (s.x, s.n, RATE, 613, 0.01, 0.05, &s.rng);
      ask (&s, 613, causes, &reading);
      /* The highest line of a hump of noise. */
      for (size_t k = 0; k < s.spectrum.n_lines; k++)
        {
          if (s.spectrum.lines[k] > s.spectrum.lines[best] &&
              fabs ((double) k * s.spectrum.df_hz - 613) < 10)
            best = k;
        }
      expect_at (&s, (double) best * s.spectrum.df_hz, TWIN_CAUSE_RESONANCE,
                 "noise through a mode");
      scene_close (&s);
    }
}

static void
test_artefacts (void)
{
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    {
      Scene  s;
      double hz, factor;

      scene_open (&s, 1000 + seed, 8);
      for (int k = 1; k <= 5; k += 2)
        signal_add_tone (s.x, s.n, RATE, 50 * k, 0.02 / k, 1);
      expect_at (&s, 150, TWIN_CAUSE_MAINS, "mains picked up");
      scene_close (&s);

      /* The first side lobe of a strong line between two lines. */
      scene_open (&s, 1100 + seed, 8);
      hz = 400 + 0.125 * (0.35 + 0.3 * signal_uniform (&s.rng));
      signal_add_tone (s.x, s.n, RATE, hz, 5, 1);
      expect_at (&s, 400 + 0.125 * 5, TWIN_CAUSE_LEAKAGE, "a skirt");
      scene_close (&s);

      /* Mesh harmonics fold at 2000 Hz. */
      scene_open (&s, 1200 + seed, 8);
      hz = 31 * s.shaft_hz;
      for (int k = 1; k <= 3; k++)
        signal_add_tone (s.x, s.n, RATE, k * hz, 0.1 / k, k);
      expect_at (&s, RATE - 3 * hz, TWIN_CAUSE_ALIAS, "alias");
      scene_close (&s);

      scene_open (&s, 1300 + seed, 8);
      hz = 61.3 + 8 * signal_uniform (&s.rng);
      signal_add_tone (s.x, s.n, RATE, hz, 1, 1);
      for (size_t i = 0; i < s.n; i++)
        {
          s.query.clipped += fabs (s.x[i]) > 0.7;
          s.x[i] = CLAMP (s.x[i], -0.7, 0.7);
        }
      expect_at (&s, 3 * hz, TWIN_CAUSE_CLIPPING, "clipped");
      expect_at (&s, 5 * hz, TWIN_CAUSE_CLIPPING, "clipped");
      scene_close (&s);

      scene_open (&s, 1400 + seed, 8);
      factor = 1.03 + 0.08 * signal_uniform (&s.rng);
      s.shaft_hz *= factor;
      expect_at (&s, s.shaft_hz / factor, TWIN_CAUSE_WRONG_SPEED, "speed");
      expect_at (&s, 2 * s.shaft_hz / factor, TWIN_CAUSE_WRONG_SPEED, "speed");
      scene_close (&s);
    }
}

/* A tone between two lines reads low, and by how much is known. */
static void
test_reading (void)
{
  for (int i = 0; i <= 10; i++)
    {
      Scene            s;
      TwinCause        causes[TWIN_CAUSES_MAX];
      TwinCauseReading reading;
      double           off = -0.5 + 0.1 * i;

      scene_open (&s, 1500 + (uint64_t) i, 8);
      signal_add_tone (s.x, s.n, RATE, 700 + off * 0.125, 0.3, 1);
      g_assert_cmpuint (ask (&s, 700, causes, &reading), >, 0);
      g_assert_cmpfloat_with_epsilon (reading.hz, 700 + off * 0.125, 0.004);
      g_assert_cmpfloat_with_epsilon (reading.corrected, 0.3 / G_SQRT2, 0.003);
      g_assert_cmpfloat (reading.loss_db, >=, 0);
      g_assert_cmpfloat (reading.loss_db, <=, 1.43);
      if (fabs (off) > 0.45)
        g_assert_cmpfloat_with_epsilon (reading.loss_db, 1.42, 0.1);
      g_assert_true (reading.present);
      scene_close (&s);
    }

  g_assert_cmpfloat_with_epsilon (twin_window_response (TWIN_WINDOW_HANN, 0), 1,
                                  1e-12);
  g_assert_cmpfloat_with_epsilon (fabs (twin_window_response (TWIN_WINDOW_HANN,
                                                              1)),
                                  0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (twin_window_response (TWIN_WINDOW_HANN, 2), 0,
                                  1e-12);
  g_assert_cmpfloat_with_epsilon (
      -20 * log10 (twin_window_response (TWIN_WINDOW_HANN, 0.5)), 1.4236, 1e-3);
  g_assert_cmpfloat_with_epsilon (
      -20 * log10 (twin_window_response (TWIN_WINDOW_RECTANGULAR, 0.5)), 3.9224,
      1e-3);
  g_assert_cmpfloat_with_epsilon (
      -20 * log10 (twin_window_response (TWIN_WINDOW_FLAT_TOP, 0.5)), 0.01,
      0.01);
}

/* What should be there and is not is said, with the distance. */
static void
test_missing (void)
{
  Scene            s;
  TwinCause        causes[TWIN_CAUSES_MAX];
  TwinCauseReading reading;
  double           f;
  size_t           n, i = 0;

  scene_open (&s, 1600, 8);
  f = 3.5848 * s.shaft_hz * 0.99;
  add (&s, f, 0.3);
  n = ask (&s, f, causes, &reading);
  while (i < n && strcmp (causes[i].family, "BPFO") != 0)
    i++;
  g_assert_cmpuint (i, <, n);
  g_assert_cmpuint (causes[i].n_present, ==, 0);
  g_assert_cmpuint (causes[i].n_lines, ==, 3);
  g_assert_nonnull (strstr (causes[i].why, "missing: 2× BPFO"));
  g_assert_cmpfloat (fabs (causes[i].residual_hz), <, 0.1);

  /* Outside, or without a spectrum: nothing, and no crash. */
  g_assert_cmpuint (ask (&s, 5000, causes, &reading), ==, 0);
  g_assert_cmpuint (ask (&s, 0, causes, &reading), ==, 0);
  g_assert_cmpuint (ask (&s, NAN, causes, &reading), ==, 0);
  s.shaft_hz = NAN;
  g_assert_cmpuint (ask (&s, f, causes, &reading), >, 0);
  s.spectrum.n_lines = 3;
  g_assert_cmpuint (twin_causes_find (&s.query, f, causes, &reading), ==, 0);
  scene_close (&s);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  transform = twin_transform_new ();
  g_test_add_func ("/cause/machine", test_machine);
  g_test_add_func ("/cause/resonance", test_resonance);
  g_test_add_func ("/cause/artefacts", test_artefacts);
  g_test_add_func ("/cause/reading", test_reading);
  g_test_add_func ("/cause/missing", test_missing);
  result = g_test_run ();
  twin_transform_free (transform);
  return result;
}
