/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-engine-join.h"

#include "twin-clock.h"

#define RATE 100

typedef struct
{
  TwinJoin     *join;
  TwinJoinBlock block;
  double        samples[RATE];
  TwinJoined   *ready[2];
} Fixture;

static void
setup (Fixture *f, const void *data)
{
  f->join = twin_join_new (8, 4);
  f->block = (TwinJoinBlock){ .epoch = 3,
                              .capture = -1,
                              .rate_hz = RATE,
                              .samples = f->samples,
                              .n = RATE,
                              .n0 = 5000,
                              .t0_us = 1000 * TWIN_US_PER_S };
}

static void
teardown (Fixture *f, const void *data)
{
  twin_join_free (f->join);
}

/* Adds the block, then moves on to the one that follows it. */
static guint
add (Fixture *f)
{
  guint count;

  for (int i = 0; i < RATE; i++)
    f->samples[i] = (double) (f->block.n0 + (uint64_t) i);

  count = twin_join_add (f->join, &f->block, f->ready);
  f->block.n0 += RATE;
  f->block.t0_us += TWIN_US_PER_S;
  return count;
}

static void
check (Fixture *f, guint which, size_t n, double first, int64_t t0_s)
{
  TwinJoined *joined = f->ready[which];

  g_assert_cmpuint (joined->n, ==, n);
  g_assert_cmpint (joined->t0_us, ==, t0_s * TWIN_US_PER_S);
  g_assert_cmpint (joined->end_us, ==,
                   t0_s * TWIN_US_PER_S + (int64_t) n * TWIN_US_PER_S / RATE);
  for (size_t i = 0; i < n; i++)
    g_assert_cmpfloat (joined->samples[i], ==, first + (double) i);
  twin_joined_free (joined);
}

static void
test_joins (Fixture *f, const void *data)
{
  for (int record = 0; record < 2; record++)
    {
      for (int i = 0; i < 7; i++)
        g_assert_cmpuint (add (f), ==, 0);
      g_assert_cmpuint (add (f), ==, 1);
      check (f, 0, 8 * RATE, 5000 + record * 8 * RATE, 1000 + record * 8);
    }
}

static void
test_hole (Fixture *f, const void *data)
{
  for (int i = 0; i < 5; i++)
    g_assert_cmpuint (add (f), ==, 0);

  f->block.n0 += 1; /* one sample is missing */
  g_assert_cmpuint (add (f), ==, 1);
  check (f, 0, 5 * RATE, 5000, 1000);

  /* Too short to be worth a diagnosis. */
  f->block.epoch++;
  g_assert_cmpuint (add (f), ==, 0);
  for (int i = 0; i < 6; i++)
    g_assert_cmpuint (add (f), ==, 0);
  g_assert_cmpuint (add (f), ==, 1);
  check (f, 0, 8 * RATE, 5000 + 6 * RATE + 1, 1006);
}

static void
test_capture_ends (Fixture *f, const void *data)
{
  f->block.capture = 7;
  for (int i = 0; i < 4; i++)
    g_assert_cmpuint (add (f), ==, 0);
  f->block.last = TRUE;
  g_assert_cmpuint (add (f), ==, 1);
  check (f, 0, 5 * RATE, 5000, 1000);

  /* The next capture begins anew although its numbers would fit. */
  f->block.capture = 8;
  f->block.last = FALSE;
  g_assert_cmpuint (add (f), ==, 0);
  f->block.quality = 2; /* overrun: samples lost before this block */
  for (int i = 0; i < 7; i++)
    g_assert_cmpuint (add (f), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/engine/join/meets-the-next", Fixture, NULL, setup, test_joins,
              teardown);
  g_test_add ("/engine/join/hole-ends-the-record", Fixture, NULL, setup,
              test_hole, teardown);
  g_test_add ("/engine/join/capture-ends-the-record", Fixture, NULL, setup,
              test_capture_ends, teardown);
  return g_test_run ();
}
