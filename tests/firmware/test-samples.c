/* SPDX-License-Identifier: Apache-2.0
 *
 * The history of samples, and what becomes of blocks on a link that stands.
 */
#include <string.h>

#include "console.h"
#include "node-private.h"

enum
{
  FRAMES = 100,
  AXES = 3,
};

static int16_t
value_of (uint64_t frame, unsigned axis)
{
  return (int16_t) (frame * 7 + axis * 1000);
}

static void
add (node_samples *s, uint32_t n)
{
  int16_t x[FRAMES * AXES];

  for (uint32_t i = 0; i < n; i++)
    for (unsigned axis = 0; axis < AXES; axis++)
      x[i * AXES + axis] = value_of (s->count + i, axis);
  node_samples_add (s, x, n);
}

/* Whatever the pieces they come in, all that is held is what was added. */
static void
test_history (void)
{
  int16_t      store[FRAMES * AXES], out[FRAMES];
  node_samples s;

  node_samples_init (&s, store, FRAMES, AXES);
  g_assert_cmpuint (node_samples_oldest (&s), ==, 0);
  g_assert_false (node_samples_read (&s, 0, 0, 1, out));
  for (uint32_t i = 0; i < 200; i++)
    {
      uint64_t oldest;
      uint32_t n;

      add (&s, 1 + i * 31 % 97);
      if (i % 50 == 49)
        {
          node_samples_gap (&s, i);
          add (&s, 3);
          g_assert_cmpuint (s.count - node_samples_oldest (&s), ==, 3);
        }
      oldest = node_samples_oldest (&s);
      n = (uint32_t) (s.count - oldest);
      g_assert_cmpuint (n, <=, FRAMES);
      for (unsigned axis = 0; axis < AXES; axis++)
        {
          g_assert_true (node_samples_read (&s, axis, oldest, n, out));
          for (uint32_t k = 0; k < n; k++)
            g_assert_cmpint (out[k], ==, value_of (oldest + k, axis));
        }
      g_assert_false (node_samples_read (&s, 0, oldest, n + 1, out));
      if (oldest > 0)
        g_assert_false (node_samples_read (&s, 0, oldest - 1, 1, out));
      g_assert_false (node_samples_read (&s, AXES, oldest, 1, out));
    }
}

/* The reference board's sensors both have their pre-trigger; more than there
 * is is shared out. */
static void
test_share (void)
{
  uint32_t slow = node_samples_wanted (4000),
           fast = node_samples_wanted (26667);
  uint32_t both = slow * 3 + fast, two = slow * 6;

  g_assert_cmpuint (slow, >=, 4000);
  g_assert_cmpuint (fast, >=, 6667);
  g_assert_cmpuint (node_samples_share (slow, both), ==, slow);
  g_assert_cmpuint (node_samples_share (fast, both), ==, fast);
  g_assert_cmpuint (node_samples_share (slow, two) * 6, <=, NODE_SAMPLES_POOL);
  g_assert_cmpuint (node_samples_share (slow, two), >, slow * 3 / 4);
}

/* Blocks that a link cannot carry are dropped, the live stream ends, and all
 * records are there afterwards. */
static void
test_standing_link (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);
  node_properties *p = &n->properties;
  uint64_t         seq;

  fake_board_run (h, n, 2);
  p->every_s = 0;
  p->live = true;
  g_strlcpy (p->live_sensor, n->accels[0].sensor, sizeof p->live_sensor);
  p->live_axis = 0;
  p->live_until_s = (double) h->utc_at_0 / 1e6 + 3600;
  fake_board_run (h, n, 5);
  g_assert_cmpuint (fake_board_count (h, "waveform"), >=, 9);
  g_assert_true (p->live);

  h->stuck = true;
  fake_board_run (h, n, 4);
  g_assert_cmpuint (n->dropped_blocks, >, 0);
  seq = n->ring.next_seq;
  h->stuck = false;
  fake_board_run (h, n, 3);
  g_assert_cmpint (n->mqtt.state, ==, NODE_MQTT_ONLINE);
  g_assert_false (p->live);
  g_assert_cmpuint (n->ring.next_seq, ==, seq + 3);
  g_assert_cmpuint (n->ring.n_extents, ==, 1);
  fake_board_free (h);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/samples/history", test_history);
  g_test_add_func ("/firmware/samples/share", test_share);
  g_test_add_func ("/firmware/samples/standing-link", test_standing_link);
  return g_test_run ();
}
