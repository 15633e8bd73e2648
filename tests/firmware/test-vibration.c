/* SPDX-License-Identifier: Apache-2.0
 *
 * Scalars of acceleration: known sines, and single precision against a double
 * reference at both sensors' rates.
 */
#include <glib.h>
#include <math.h>

#include "machine.h"
#include "node-vibration.h"

static void
fill_sine (float *x, unsigned n, double hz, double amplitude, double offset)
{
  for (unsigned i = 0; i < n; i++)
    x[i] = (float) (offset + amplitude * sin (2 * G_PI * hz * i / 4000.0));
}

/* A sine of a m/s2 at f Hz: r.m.s. a/√2, crest √2, kurtosis 1.5, velocity
 * a / (2π f √2). */
static void
test_sine (void)
{
  static const struct
  {
    double hz, amplitude, offset, tolerance;
  } rows[] = {
    { 25, 0.98, 0, 0.005 },     { 25, 0.98, 9.81, 0.005 },
    { 50, 0.980665, 0, 0.005 }, { 160, 3, -2, 0.005 },
    { 790, 3, 9.8, 0.02 }, /* the integrator's loss near a quarter of it */
  };
  static float x[8000];

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      node_vibration         v;
      node_vibration_scalars s;
      double                 a = rows[i].amplitude;
      double                 velocity = a / (2 * G_PI * rows[i].hz * sqrt (2));

      node_vibration_init (&v, 4000);
      fill_sine (x, 8000, rows[i].hz, a, rows[i].offset);
      node_vibration_add (&v, x, 8000); /* the filters settle */
      node_vibration_take (&v, &s);
      node_vibration_add (&v, x, 8000);
      g_assert_true (node_vibration_take (&v, &s));
      g_assert_cmpuint (s.n, ==, 8000);
      g_assert_cmpfloat_with_epsilon (s.mean, rows[i].offset, 1e-4 * a);
      g_assert_cmpfloat_with_epsilon (s.rms, a / sqrt (2), 1e-4 * a);
      g_assert_cmpfloat_with_epsilon (s.crest, sqrt (2), 0.01);
      g_assert_cmpfloat_with_epsilon (s.kurtosis, 1.5, 0.001);
      g_assert_cmpfloat_with_epsilon (s.velocity_rms, velocity,
                                      rows[i].tolerance * velocity);
    }
}

static void
test_noise (void)
{
  static float           x[40000];
  node_vibration         v;
  node_vibration_scalars s;
  machine_rng            rng;

  machine_rng_seed (&rng, 5);
  for (unsigned i = 0; i < G_N_ELEMENTS (x); i++)
    x[i] = (float) machine_rng_normal (&rng);
  node_vibration_init (&v, 4000);
  node_vibration_add (&v, x, G_N_ELEMENTS (x));
  g_assert_true (node_vibration_take (&v, &s));
  g_assert_cmpfloat_with_epsilon (s.rms, 1, 0.02);
  g_assert_cmpfloat_with_epsilon (s.kurtosis, 3, 0.1); /* 4 √(24/N) */
  g_assert_false (node_vibration_take (&v, &s));       /* nothing since */
}

typedef struct
{
  double b0, b1, b2, a1, a2, z1, z2;
} section;

static section
design (double hz, double rate_hz, double q, bool high)
{
  double  w = 2 * G_PI * hz / rate_hz, alpha = sin (w) / (2 * q), c = cos (w);
  double  a0 = 1 + alpha;
  section s = { 0 };

  s.b0 = s.b2 = (high ? 1 + c : 1 - c) / 2 / a0;
  s.b1 = (high ? -(1 + c) : 1 - c) / a0;
  s.a1 = -2 * c / a0;
  s.a2 = (1 - alpha) / a0;
  return s;
}

static double
run (section *s, double x)
{
  double y = s->b0 * x + s->z1;

  s->z1 = s->b1 * x - s->a1 * y + s->z2;
  s->z2 = s->b2 * x - s->a2 * y;
  return y;
}

typedef struct
{
  double velocity, rms, peak, kurtosis;
} reference;

/* Two passes, and the same filters in double precision, not decimated. */
static reference
refer (const float *x, unsigned n, unsigned settle, double rate)
{
  static const double q[2] = { 0.54119610014619698, 1.3065629648763766 };
  section             high[2], low[2];
  double    mean = 0, m2 = 0, m4 = 0, v = 0, last = 0, v2 = 0, first = x[0];
  double    leak = exp (-2 * G_PI * 0.2 / rate);
  reference r = { 0 };

  for (unsigned i = 0; i < 2; i++)
    {
      high[i] = design (10, rate, q[i], true);
      low[i] = design (1000, rate, q[i], false);
    }
  for (unsigned i = settle; i < n; i++)
    mean += x[i];
  mean /= n - settle;
  for (unsigned i = 0; i < n; i++)
    {
      double d = x[i] - mean, a = run (&high[1], run (&high[0], x[i] - first));

      if (rate > 4000)
        a = run (&low[1], run (&low[0], a));
      v = v * leak + (7 * a + last) / (8 * rate);
      last = a;
      if (i < settle)
        continue;
      m2 += d * d;
      m4 += d * d * d * d;
      v2 += v * v;
      r.peak = fmax (r.peak, fabs (d));
    }
  n -= settle;
  r.rms = sqrt (m2 / n);
  r.kurtosis = m4 / n / (m2 / n * m2 / n);
  r.velocity = sqrt (v2 / n);
  return r;
}

/* A machine's signal with a fault and full gravity, at 4 kHz, at a
 * recording's 12 kHz and at 26.7 kHz: each figure within 0.5 % of the double
 * reference's. */
static void
test_precision (void)
{
  static const double rates[] = { 4000, 12000, 26667 };
  double              worst = 0;

  for (unsigned i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      double            rate = rates[i];
      unsigned          n = (unsigned) (rate * 4), second = (unsigned) rate;
      g_autofree float *x = g_new (float, n);
      node_vibration    v;
      node_vibration_scalars s;
      machine_rng            rng;
      reference              r;
      double                 errors[4];

      machine_rng_seed (&rng, 7);
      for (unsigned k = 0; k < n; k++)
        {
          double t = k / rate, ring = fmod (t, 1 / 88.0);

          x[k] = (float) (9.80665 + 0.15 * sin (2 * G_PI * 24.6 * t) +
                          0.2 * sin (2 * G_PI * 49.2 * t + 1) +
                          0.12 * machine_rng_normal (&rng) +
                          3 * exp (-250 * ring) * sin (2 * G_PI * 800 * ring));
        }
      node_vibration_init (&v, (float) rate);
      for (unsigned at = 0; at < n;)
        {
          unsigned batch = 1 + at % 97; /* as FIFOs come */

          batch = batch < n - at ? batch : n - at;
          if (at < second && at + batch > second)
            batch = second - at;
          node_vibration_add (&v, x + at, batch);
          at += batch;
          if (at == second)
            node_vibration_take (&v, &s);
        }
      g_assert_true (node_vibration_take (&v, &s));
      g_assert_cmpuint (s.n, ==, n - second);
      r = refer (x, n, second, rate);
      errors[0] = fabs (s.velocity_rms / r.velocity - 1);
      errors[1] = fabs (s.rms / r.rms - 1);
      errors[2] = fabs (s.peak / r.peak - 1);
      errors[3] = fabs (s.kurtosis / r.kurtosis - 1);
      for (unsigned k = 0; k < 4; k++)
        worst = fmax (worst, errors[k]);
      g_test_message ("%.0f Hz: velocity %.4f mm/s, off by %.4f %%; rms %.5f "
                      "%%; peak %.5f %%; kurtosis %.5f %%",
                      rate, s.velocity_rms * 1e3, errors[0] * 100,
                      errors[1] * 100, errors[2] * 100, errors[3] * 100);
    }
  g_assert_cmpfloat (worst, <, 0.005);
}

/* A line at 3.4 kHz, where decimation folds it into the band: the low-pass
 * before has taken it away. */
static void
test_alias (void)
{
  enum
  {
    RATE = 26667,
  };
  static float           x[2 * RATE];
  node_vibration         v;
  node_vibration_scalars s;

  for (unsigned i = 0; i < G_N_ELEMENTS (x); i++)
    x[i] = (float) (10 * sin (2 * G_PI * 3400 * i / RATE));
  node_vibration_init (&v, RATE);
  node_vibration_add (&v, x, G_N_ELEMENTS (x));
  g_assert_true (node_vibration_take (&v, &s));
  g_assert_cmpfloat_with_epsilon (s.rms, 10 / sqrt (2), 0.01);
  /* 1 % of what the same line would read at the frequency it folds to. */
  g_assert_cmpfloat (s.velocity_rms, <,
                     0.01 * 10 / sqrt (2) / (2 * G_PI * (RATE / 6.0 - 3400)));
}

/* A gap restarts the filters but loses nothing that was summed. */
static void
test_gap (void)
{
  static float           x[4000];
  node_vibration         v;
  node_vibration_scalars s;

  fill_sine (x, 4000, 50, 1, 9.8);
  node_vibration_init (&v, 4000);
  node_vibration_add (&v, x, 4000);
  node_vibration_gap (&v);
  node_vibration_add (&v, x, 8);
  g_assert_true (node_vibration_take (&v, &s));
  g_assert_cmpuint (s.n, ==, 4008);
  g_assert_true (s.has_velocity);
  node_vibration_add (&v, x, 1000);
  g_assert_true (node_vibration_take (&v, &s));
  g_assert_false (s.has_velocity); /* within half a second of the gap */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/vibration/sine", test_sine);
  g_test_add_func ("/firmware/vibration/noise", test_noise);
  g_test_add_func ("/firmware/vibration/precision", test_precision);
  g_test_add_func ("/firmware/vibration/alias", test_alias);
  g_test_add_func ("/firmware/vibration/gap", test_gap);
  return g_test_run ();
}
