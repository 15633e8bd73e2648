/* SPDX-License-Identifier: Apache-2.0
 *
 * Envelope levels: modulated carriers of known depth, other tones, speeds,
 * noise, and the simulated bearing.
 */
#include <glib.h>
#include <math.h>

#include "fake-board.h"
#include "node-envelope.h"

/* 6205: an outer race at 3.5848 turns. */
static const node_tones adxl355 = { { 3.5848f, 5.4152f, 2.3567f, 0.3983f },
                                    300,
                                    1500 };
static const node_tones iis3dwb = { { 3.5848f, 5.4152f, 2.3567f, 0.3983f },
                                    2000,
                                    6300 };

typedef struct
{
  double rate, carrier_hz, amplitude, depth, tone_hz, noise;
  double shaft_hz, told_hz, uncertainty, seconds;
} carrier;

static void
levels (const carrier *s, const node_tones *tones, float out[NODE_TONES])
{
  node_envelope e;
  node_fft      fft;
  machine_rng   rng;
  unsigned      n = (unsigned) (s->rate * s->seconds);

  machine_rng_seed (&rng, 11);
  g_assert_true (node_fft_init (&fft));
  node_envelope_init (&e, tones, (float) s->rate, 39.2f);
  node_envelope_shaft (&e, (float) s->told_hz, (float) s->uncertainty);
  for (unsigned at = 0; at < n;)
    {
      float    x[96];
      unsigned batch = 1 + at % 96;

      for (unsigned k = 0; k < batch; k++)
        {
          double t = (at + k) / s->rate;

          x[k] = (float) (9.80665 + 2 * sin (2 * G_PI * s->shaft_hz * t) +
                          s->noise * machine_rng_normal (&rng) +
                          s->amplitude *
                              (1 + s->depth * cos (2 * G_PI * s->tone_hz * t)) *
                              sin (2 * G_PI * s->carrier_hz * t));
        }
      node_envelope_add (&e, &fft, x, batch);
      at += batch;
    }
  g_assert_true (node_envelope_take (&e, out));
}

/* A carrier of 1 m/s2 modulated by a half reads 0.354 at its tone, within
 * 5 %, at any speed and slip, and next to nothing at the others. The band
 * holds carrier and side bands. */
static void
test_modulation (void)
{
  static const double shafts[] = { 10, 24.7, 40 };
  static const double slips[] = { 0, -0.004, -0.012, -0.02 };
  double              expected = 0.5 / sqrt (2), worst = 0, other = 0;

  for (unsigned fast = 0; fast < 2; fast++)
    for (unsigned i = 0; i < G_N_ELEMENTS (shafts); i++)
      for (unsigned k = 0; k < G_N_ELEMENTS (slips); k++)
        for (unsigned tone = 0; tone < 3; tone++)
          {
            const node_tones *tones = fast ? &iis3dwb : &adxl355;
            carrier           s = { fast ? 26667 : 4000,
                          fast ? 3700 : 850,
                          1,
                          0.5,
                          shafts[i] * tones->order[tone] * (1 + slips[k]),
                          0.01,
                          shafts[i],
                          shafts[i],
                          0,
                          5 };
            float out[NODE_TONES];

            levels (&s, tones, out);
            worst = fmax (worst, fabs (out[tone] / expected - 1));
            for (unsigned t = 0; t < NODE_TONES; t++)
              if (t != tone)
                other = fmax (other, out[t] / expected);
            g_assert_cmpfloat_with_epsilon (out[tone], expected,
                                            0.05 * expected);
          }
  g_test_message ("worst reading off by %.2f %%; other tones read up to "
                  "%.2f %%",
                  worst * 100, other * 100);
  /* Twice BPFI lies within slip of three times BPFO, twice BPFO of three times
   * BSF: what the smoothing leaves of a second harmonic is read there. */
  g_assert_cmpfloat (other, <, 0.1);
}

/* Off every tone, an unmodulated carrier, noise alone: near zero. */
static void
test_quiet (void)
{
  static const carrier rows[] = {
    { 4000, 790, 1, 0.5, 70, 0.01, 24.7, 24.7, 0, 5 }, /* 2.83 orders */
    { 4000, 790, 1, 0, 0, 0.01, 24.7, 24.7, 0, 5 },
    { 4000, 790, 0, 0, 0, 0.5, 24.7, 24.7, 0, 5 },
    { 26667, 3700, 1, 0.5, 70, 0.01, 24.7, 24.7, 0, 5 },
    { 26667, 3700, 1, 0, 0, 0.01, 24.7, 24.7, 0, 5 },
    { 26667, 3700, 0, 0, 0, 0.5, 24.7, 24.7, 0, 5 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      float out[NODE_TONES];

      levels (&rows[i], rows[i].rate > 4000 ? &iis3dwb : &adxl355, out);
      for (unsigned t = 0; t < NODE_TONES; t++)
        {
          g_test_message ("%u: %.4f", t, out[t]);
          /* A tenth of the noise, a hundredth of the carrier. */
          g_assert_cmpfloat (out[t], <, rows[i].noise> 0.1 ? 0.05 : 0.01);
        }
    }
}

/* From a speed told 8 % too high the tone is found when the node knows that its
 * speed is uncertain; told it is exact, it is not. */
static void
test_uncertain (void)
{
  carrier s = { 4000, 790,  1,           0.5, 24.7 * 3.5848,
                0.01, 24.7, 24.7 * 1.08, 0.1, 5 };
  float   out[NODE_TONES];

  levels (&s, &adxl355, out);
  g_assert_cmpfloat_with_epsilon (out[NODE_TONE_BPFO], 0.5 / sqrt (2), 0.02);
  s.uncertainty = 0;
  levels (&s, &adxl355, out);
  g_assert_cmpfloat (out[NODE_TONE_BPFO], <, 0.1);
}

/* Within a duty cycle's one second there is a reading; a standing shaft has
 * no tones; after a gap everything begins anew. */
static void
test_states (void)
{
  static float  x[4000];
  node_envelope e;
  node_fft      fft;
  float         out[NODE_TONES];

  for (unsigned i = 0; i < G_N_ELEMENTS (x); i++)
    x[i] = (float) ((1 + 0.5 * cos (2 * G_PI * 88.5 * i / 4000)) *
                    sin (2 * G_PI * 790 * i / 4000));
  g_assert_true (node_fft_init (&fft));
  node_envelope_init (&e, &adxl355, 4000, 39.2f);
  g_assert_true (node_envelope_take (&e, out)); /* stands until told */
  g_assert_cmpfloat (out[NODE_TONE_BPFO], ==, 0);

  node_envelope_shaft (&e, 24.7f, 0);
  node_envelope_add (&e, &fft, x, 3960);
  g_assert_true (node_envelope_take (&e, out));
  g_assert_cmpfloat_with_epsilon (out[NODE_TONE_BPFO], 0.354, 0.018);
  g_assert_false (node_envelope_take (&e, out));

  node_envelope_add (&e, &fft, x, 500);
  node_envelope_gap (&e);
  node_envelope_add (&e, &fft, x, 2000);
  g_assert_false (node_envelope_take (&e, out));

  node_envelope_shaft (&e, 0, 0);
  node_envelope_add (&e, &fft, x, 4000);
  g_assert_true (node_envelope_take (&e, out));
  g_assert_cmpfloat (out[NODE_TONE_BPFO], ==, 0);
}

/* The machine's own physics: an outer-race fault stands out of what the same
 * machine reads without it, and of the other tones, whose harmonics meet its
 * own within slip (see modulation). */
static void
test_machine (void)
{
  float level[2] = { 0, 0 }, second = 0;

  for (unsigned faulty = 0; faulty < 2; faulty++)
    {
      hal           *h = fake_board_new (3);
      machine_params p = h->sim.machine.p;
      static float   g[3 * 16], x[16];
      machine        m;
      machine_view   v;
      node_envelope  e;
      node_fft       fft;
      float          out[NODE_TONES];

      p.faults[FAULT_OUTER_RACE].severity = faulty ? 0.7 : 0;
      p.burst_g = 1;
      machine_init (&m, &p);
      machine_view_init (&v, &m, "test", 3, 4000, 0);
      g_assert_true (node_fft_init (&fft));
      node_envelope_init (&e, &adxl355, 4000, 39.2f);
      node_envelope_shaft (&e, (float) m.speed_rps, 0);
      for (unsigned i = 0; i < 10 * 4000; i += 16)
        {
          machine_vibration (&m, &v, g, 16);
          for (unsigned k = 0; k < 16; k++)
            x[k] = g[k * 3] * 9.80665f;
          node_envelope_add (&e, &fft, x, 16);
        }
      g_assert_true (node_envelope_take (&e, out));
      level[faulty] = out[NODE_TONE_BPFO];
      second = fmaxf (out[NODE_TONE_BPFI], out[NODE_TONE_BSF]);
      g_test_message ("%s: BPFO %.4f, BPFI %.4f, BSF %.4f, FTF %.4f m/s2",
                      faulty ? "outer race" : "healthy", out[0], out[1], out[2],
                      out[3]);
      fake_board_free (h);
    }
  g_assert_cmpfloat (level[1], >, 20 * level[0]);
  g_assert_cmpfloat (level[1], >, 2 * second);
}

static void
test_fits (void)
{
  node_tones t = { { 3.6f, 5.4f, 0, 0 }, 0, 0 };

  node_envelope_default_band (&t, 6300);
  g_assert_cmpfloat (t.low_hz, ==, 2100);
  g_assert_true (node_envelope_fits (&t, 26667));
  g_assert_false (node_envelope_fits (&t, 4000));
  t.order[1] = -1;
  g_assert_false (node_envelope_fits (&t, 26667));
  t.order[1] = NAN;
  g_assert_false (node_envelope_fits (&t, 26667));
  t = (node_tones){ { 3.6f, 0, 0, 0 }, 50, 1000 };
  g_assert_false (node_envelope_fits (&t, 4000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/envelope/modulation", test_modulation);
  g_test_add_func ("/firmware/envelope/quiet", test_quiet);
  g_test_add_func ("/firmware/envelope/uncertain-speed", test_uncertain);
  g_test_add_func ("/firmware/envelope/states", test_states);
  g_test_add_func ("/firmware/envelope/machine", test_machine);
  g_test_add_func ("/firmware/envelope/fits", test_fits);
  return g_test_run ();
}
