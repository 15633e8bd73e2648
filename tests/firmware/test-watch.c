/* SPDX-License-Identifier: Apache-2.0
 *
 * Detection on one value: baseline, z-score, step, hysteresis, and a healthy
 * machine's day without news.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "fake-board.h"
#include "node-vibration.h"
#include "node-watch.h"

typedef struct
{
  unsigned            raised, cleared, steps;
  unsigned            at; /* of the newest */
  node_watch_evidence evidence;
} news;

static void
feed_least (node_watch  *w,
            machine_rng *rng,
            double       mean,
            double       std,
            unsigned     n,
            float        least,
            news        *out)
{
  for (unsigned i = 0; i < n; i++)
    {
      node_watch_evidence e;
      node_watch_news     found =
          node_watch_add (w, (float) (mean + std * machine_rng_normal (rng)),
                          least, &e);

      if (found == NODE_WATCH_NOTHING)
        continue;
      out->raised += found == NODE_WATCH_Z;
      out->cleared += found == NODE_WATCH_Z_CLEAR;
      out->steps += found == NODE_WATCH_STEP;
      out->at = i;
      out->evidence = e;
    }
}

static void
feed (node_watch  *w,
      machine_rng *rng,
      double       mean,
      double       std,
      unsigned     n,
      news        *out)
{
  feed_least (w, rng, mean, std, n, 0, out);
}

/* A temperature's zero means nothing: 2 K more are no news on a cold day, 10 K
 * within seconds are a step. */
static void
test_temperature (void)
{
  node_watch  w;
  machine_rng rng;
  news        n = { 0 };

  node_watch_reset (&w);
  machine_rng_seed (&rng, 6);
  feed_least (&w, &rng, 1.0, 0.05, 3000, 2, &n);
  feed_least (&w, &rng, 3.0, 0.05, 600, 2, &n);
  g_assert_cmpuint (n.raised + n.steps, ==, 0);
  feed_least (&w, &rng, 13.0, 0.05, 20, 2, &n);
  g_assert_cmpuint (n.steps, ==, 1);
}

/* Usual; then 10 % up, slowly enough to be no step: told once with its
 * evidence, after the hold; still so for an hour: nothing more, and not
 * learnt; back: cleared once. */
static void
test_z_score (void)
{
  node_watch  w;
  machine_rng rng;
  news        n = { 0 };

  node_watch_reset (&w);
  machine_rng_seed (&rng, 1);
  feed (&w, &rng, 1.0, 0.02, 7200, &n);
  g_assert_cmpuint (n.raised + n.steps, ==, 0);
  g_assert_cmpfloat_with_epsilon (w.mean, 1, 0.005);

  for (unsigned i = 0; i < 300; i++)
    feed (&w, &rng, 1.0 + i / 1000.0, 0.02, 1, &n);
  feed (&w, &rng, 1.3, 0.02, 3600, &n);
  g_assert_cmpuint (n.raised, ==, 1);
  g_assert_cmpuint (n.steps, ==, 0);
  g_assert_cmpuint (n.cleared, ==, 0);
  g_assert_true (w.raised);
  g_assert_cmpfloat (n.evidence.z, >, 6);
  g_assert_cmpfloat_with_epsilon (n.evidence.mean, 1, 0.02);
  g_assert_cmpfloat_with_epsilon (n.evidence.z,
                                  (n.evidence.value - n.evidence.mean) /
                                      n.evidence.std,
                                  1e-3);
  g_assert_cmpfloat_with_epsilon (w.mean, 1, 0.02);

  feed (&w, &rng, 1.0, 0.02, 600, &n);
  g_assert_cmpuint (n.raised, ==, 1);
  g_assert_cmpuint (n.cleared, ==, 1);

  node_watch_reset (&w); /* after maintenance 1.3 is usual */
  feed (&w, &rng, 1.3, 0.02, 7200, &n);
  g_assert_cmpuint (n.raised, ==, 1);
}

/* A burst shorter than the hold is no news. */
static void
test_short (void)
{
  node_watch  w;
  machine_rng rng;
  news        n = { 0 };

  node_watch_reset (&w);
  machine_rng_seed (&rng, 2);
  feed (&w, &rng, 1.0, 0.02, 3000, &n);
  feed (&w, &rng, 50.0, 0.02, 1, &n); /* one wild value */
  feed (&w, &rng, 1.0, 0.02, 1000, &n);
  g_assert_cmpuint (n.raised + n.steps, ==, 0);
}

/* Up by a half, at once: one step, found within ten values, with both levels;
 * the z-score follows after its hold. Down again: the other step. */
static void
test_step (void)
{
  node_watch  w;
  machine_rng rng;
  news        n = { 0 };

  node_watch_reset (&w);
  machine_rng_seed (&rng, 3);
  feed (&w, &rng, 2.0, 0.05, 3000, &n);
  feed (&w, &rng, 3.0, 0.05, 20, &n);
  g_assert_cmpuint (n.steps, ==, 1);
  g_assert_cmpuint (n.raised, ==, 0);
  g_assert_cmpuint (n.at, <, 16);
  g_assert_cmpfloat_with_epsilon (n.evidence.mean, 2, 0.15);
  g_assert_cmpfloat (n.evidence.value, >, 2.5);
  g_assert_cmpfloat (n.evidence.z, >, 8);

  feed (&w, &rng, 3.0, 0.05, 600, &n);
  g_assert_cmpuint (n.raised, ==, 1);
  feed (&w, &rng, 2.0, 0.05, 600, &n);
  g_assert_cmpuint (n.steps, >=, 2);
  g_assert_cmpfloat (n.evidence.z, <, 8);
  g_assert_cmpuint (n.cleared, ==, 1);
}

/* Off for the night: what comes after the start is no step. */
static void
test_pause (void)
{
  node_watch  w;
  machine_rng rng;
  news        n = { 0 };

  node_watch_reset (&w);
  machine_rng_seed (&rng, 4);
  feed (&w, &rng, 60.0, 0.2, 3000, &n);
  node_watch_pause (&w);
  feed (&w, &rng, 25.0, 0.2, 300, &n); /* cold */
  g_assert_cmpuint (n.raised + n.steps, ==, 0);
}

/* Nothing is called unusual while it is learnt, and a value that never moved
 * may begin to move by a little. */
static void
test_learning (void)
{
  node_watch  w;
  machine_rng rng;
  news        n = { 0 };

  node_watch_reset (&w);
  machine_rng_seed (&rng, 5);
  feed (&w, &rng, 1.0, 0.01, 100, &n);
  feed (&w, &rng, 9.0, 0.01, 400, &n);
  g_assert_cmpuint (n.raised + n.steps, ==, 0);

  node_watch_reset (&w);
  feed (&w, &rng, 40.0, 0, 2000, &n);
  feed (&w, &rng, 40.5, 0.1, 2000, &n);
  g_assert_cmpuint (n.raised + n.steps, ==, 0);
}

enum
{
  VELOCITY,
  RMS,
  PEAK,
  CREST,
  KURTOSIS,
  BEARING,
  CURRENT,
  WATCHED,
};

/* A simulated day of a healthy machine, its load and weather moving: each
 * second's values, the vibration's from a tenth of a second of samples, which
 * scatter more than a whole second's. No news; then its outer race fails
 * within an hour, and there is. */
static void
test_day (void)
{
  hal           *h = fake_board_new (3);
  machine_params p = h->sim.machine.p;
  node_watch     w[WATCHED];
  node_vibration v;
  machine        m;
  machine_view   view;
  unsigned       healthy[WATCHED] = { 0 }, faulty[WATCHED] = { 0 };

  p.burst_g = 1;
  machine_init (&m, &p);
  machine_view_init (&view, &m, "test", 3, 4000, 0);
  node_vibration_init (&v, 4000);
  memset (w, 0, sizeof w);
  for (unsigned s = 1; s <= 86400 + 3600; s++)
    {
      static float           g[3 * 400], x[400];
      node_vibration_scalars f;
      float                  values[WATCHED];

      if (s == 86401)
        machine_fault (&m, FAULT_OUTER_RACE, 0.7);
      machine_advance (&m, (uint64_t) s * 1000000);
      machine_vibration (&m, &view, g, 400);
      for (unsigned k = 0; k < 400; k++)
        x[k] = g[k * 3] * 9.80665f;
      node_vibration_add (&v, x, 400);
      g_assert_true (node_vibration_take (&v, &f));
      values[VELOCITY] = f.velocity_rms;
      values[RMS] = f.rms;
      values[PEAK] = f.peak;
      values[CREST] = f.crest;
      values[KURTOSIS] = f.kurtosis;
      values[BEARING] = (float) m.de_seen_c;
      values[CURRENT] = (float) machine_current_a (&m);
      for (unsigned i = 0; i < WATCHED; i++)
        {
          node_watch_evidence e;

          if ((i == VELOCITY && !f.has_velocity) ||
              node_watch_add (&w[i], values[i], i == BEARING ? 2 : 0, &e) ==
                  NODE_WATCH_NOTHING)
            continue;
          if (s <= 86400)
            g_test_message ("second %u, signal %u: %g against %g ± %g, z %.1f",
                            s, i, e.value, e.mean, e.std, e.z);
          (s <= 86400 ? healthy : faulty)[i]++;
        }
    }
  for (unsigned i = 0; i < WATCHED; i++)
    g_assert_cmpuint (healthy[i], ==, 0);
  g_assert_cmpuint (faulty[RMS], >, 0);
  g_assert_cmpuint (faulty[KURTOSIS], >, 0);
  g_assert_cmpuint (faulty[BEARING], ==, 0);
  fake_board_free (h);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/watch/z-score", test_z_score);
  g_test_add_func ("/firmware/watch/temperature", test_temperature);
  g_test_add_func ("/firmware/watch/short", test_short);
  g_test_add_func ("/firmware/watch/step", test_step);
  g_test_add_func ("/firmware/watch/pause", test_pause);
  g_test_add_func ("/firmware/watch/learning", test_learning);
  g_test_add_func ("/firmware/watch/day", test_day);
  return g_test_run ();
}
