/* SPDX-License-Identifier: Apache-2.0 */
/* Known answers of the bookkeeping, one rule each; the long random runs are
 * in test-completeness-model.c. */
#include "twin-completeness.h"

#include <stdio.h>
#include <string.h>

static const uint8_t ring_a[TWIN_RING_SIZE] = { 'a' };
static const uint8_t ring_b[TWIN_RING_SIZE] = { 'b' };

typedef struct
{
  int64_t           now_us;
  TwinClock         clock;
  TwinCompleteness *book;
} Fixture;

static int64_t
get_now (void *data)
{
  return ((Fixture *) data)->now_us;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->now_us = 1000 * TWIN_US_PER_S;
  f->clock = (TwinClock){ get_now, get_now, f };
  f->book = twin_completeness_new (&f->clock);
  twin_completeness_connected (f->book);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  twin_completeness_free (f->book);
}

static void
pass (Fixture *f, double seconds)
{
  f->now_us += seconds * TWIN_US_PER_S;
}

static TwinSeen
see_in (Fixture *f, const uint8_t *ring, uint32_t epoch, uint64_t seq)
{
  TwinIdentity identity = { .epoch = epoch, .seq = seq };

  memcpy (identity.ring, ring, TWIN_RING_SIZE);
  return twin_completeness_record (f->book, "n-0101", &identity);
}

static TwinSeen
see (Fixture *f, uint64_t seq)
{
  return see_in (f, ring_a, 3, seq);
}

/* All asks due now, as "0" for "what do you hold?" and "3:5-9" for spans. */
static char *
asks (Fixture *f)
{
  g_autoptr (GPtrArray) array = twin_completeness_take_asks (f->book);
  GString *text = g_string_new (NULL);

  for (guint i = 0; array != NULL && i < array->len; i++)
    {
      const TwinAsk *ask = g_ptr_array_index (array, i);

      if (text->len > 0)
        g_string_append_c (text, ' ');
      if (ask->n_spans == 0)
        g_string_append (text, "?");
      for (size_t k = 0; k < ask->n_spans; k++)
        g_string_append_printf (text,
                                "%s%u:%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT,
                                k == 0 ? "" : ",", ask->spans[k].epoch,
                                ask->spans[k].first, ask->spans[k].last);
    }
  return g_string_free (text, FALSE);
}

static void
assert_asks (Fixture *f, const char *expected)
{
  g_autofree char *got = asks (f);

  g_assert_cmpstr (got, ==, expected);
}

static void
report (Fixture *f, const uint8_t *ring, const char *text)
{
  TwinSpan       held[8];
  TwinLoss       lost[8];
  TwinRingReport message = { .held = held, .lost = lost };
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);

  memcpy (message.ring, ring, TWIN_RING_SIZE);
  for (char **part = parts; *part != NULL; part++)
    {
      TwinSpan span;
      char     kind;

      if (sscanf (*part, "%c%u:%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, &kind,
                  &span.epoch, &span.first, &span.last) != 4)
        continue;
      if (kind == 'h')
        held[message.n_held++] = span;
      else
        lost[message.n_lost++] =
            (TwinLoss){ span, kind == 'o' ? TWIN_LOSS_OVERWRITTEN
                                          : TWIN_LOSS_CORRUPT };
    }
  twin_completeness_report (f->book, "n-0101", &message);
}

static void
assert_stats (Fixture *f,
              uint64_t received,
              uint64_t gaps,
              uint64_t open,
              uint64_t overwritten,
              uint64_t erased,
              uint64_t corrupt)
{
  TwinCompletenessStats node, all;

  g_assert_true (twin_completeness_get_stats (f->book, "n-0101", &node));
  g_assert_true (twin_completeness_get_stats (f->book, NULL, &all));
  g_assert_cmpmem (&node, sizeof node, &all, sizeof all);
  g_assert_cmpuint (node.received, ==, received);
  g_assert_cmpuint (node.open_gaps, ==, gaps);
  g_assert_cmpuint (node.open, ==, open);
  g_assert_cmpuint (node.lost[TWIN_LOSS_OVERWRITTEN], ==, overwritten);
  g_assert_cmpuint (node.lost[TWIN_LOSS_ERASED], ==, erased);
  g_assert_cmpuint (node.lost[TWIN_LOSS_CORRUPT], ==, corrupt);
}

/* --- had, missing, lost --- */

static void
test_seen_once (Fixture *f, gconstpointer data)
{
  for (uint64_t seq = 0; seq < 10; seq++)
    g_assert_cmpint (see (f, seq), ==, TWIN_SEEN_NEW);
  for (uint64_t seq = 0; seq < 10; seq++)
    g_assert_cmpint (see (f, seq), ==, TWIN_SEEN_DUPLICATE);
  assert_stats (f, 10, 0, 0, 0, 0, 0);
}

static void
test_gap_filled_in_any_order (Fixture *f, gconstpointer data)
{
  static const uint64_t order[] = { 5, 1, 9, 4, 6, 2, 8, 7, 3 };

  see (f, 0);
  see (f, 10);
  assert_stats (f, 2, 1, 9, 0, 0, 0);
  for (size_t i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_assert_cmpint (see (f, order[i]), ==, TWIN_SEEN_NEW);
      g_assert_cmpint (see (f, order[i]), ==, TWIN_SEEN_DUPLICATE);
    }
  assert_stats (f, 11, 0, 0, 0, 0, 0);
}

/* The first record of an epoch says that all before it exist. */
static void
test_begins_at_zero (Fixture *f, gconstpointer data)
{
  see (f, 100);
  assert_stats (f, 1, 1, 100, 0, 0, 0);
}

static void
test_unsee_opens_again (Fixture *f, gconstpointer data)
{
  TwinIdentity identity = { .ring = { 'a' }, .epoch = 3 };

  for (uint64_t seq = 0; seq < 5; seq++)
    see (f, seq);
  for (int i = 0; i < 3; i++)
    {
      static const uint64_t back[] = { 1, 3, 2 };

      identity.seq = back[i];
      twin_completeness_unsee (f->book, "n-0101", &identity);
    }
  assert_stats (f, 2, 1, 3, 0, 0, 0);
  twin_completeness_unsee (f->book, "n-0101", &identity); /* already open */
  identity.seq = 5;
  twin_completeness_unsee (f->book, "n-0101", &identity); /* never seen */
  twin_completeness_unsee (f->book, "n-0102", &identity);
  assert_stats (f, 2, 1, 3, 0, 0, 0);
  pass (f, 2.1);
  assert_asks (f, "3:1-3");
  g_assert_cmpint (see (f, 2), ==, TWIN_SEEN_NEW);
  assert_stats (f, 3, 2, 2, 0, 0, 0);
}

/* --- when to ask --- */

/* A node hello is due at connect or 3 s after it is first heard of. */
static void
settle (Fixture *f)
{
  see (f, 0);
  pass (f, 3.1);
  assert_asks (f, "?");
  report (f, ring_a, "h3:0-0");
}

static void
test_asked_after_two_seconds (Fixture *f, gconstpointer data)
{
  settle (f);
  see (f, 3);
  pass (f, 1.9);
  assert_asks (f, "");
  g_assert_cmpint (twin_completeness_get_next_due (f->book), >, f->now_us);
  pass (f, 0.2);
  g_assert_cmpint (twin_completeness_get_next_due (f->book), <=, f->now_us);
  assert_asks (f, "3:1-2");
  assert_asks (f, "");
}

static void
test_late_is_not_asked (Fixture *f, gconstpointer data)
{
  settle (f);
  see (f, 2);
  pass (f, 1);
  see (f, 1);
  pass (f, 5);
  assert_asks (f, "");
}

static void
test_asked_when_64_behind (Fixture *f, gconstpointer data)
{
  uint64_t seq = 2;

  settle (f);
  for (; seq <= 65; seq++)
    {
      see (f, seq);
      assert_asks (f, "");
    }
  see (f, seq); /* 65 newer than the missing 1: more than 64 */
  assert_asks (f, "3:1-1");
}

static void
test_asked_again_ever_later (Fixture *f, gconstpointer data)
{
  static const double waits[] = { 5, 10, 20, 40, 60, 60 };

  settle (f);
  see (f, 3);
  pass (f, 2.1);
  assert_asks (f, "3:1-2");
  for (size_t i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      /* Heard of all the time: silence asks nothing here. */
      twin_completeness_heard (f->book, "n-0101");
      pass (f, waits[i] - 0.1);
      twin_completeness_heard (f->book, "n-0101");
      assert_asks (f, "");
      pass (f, 0.2);
      assert_asks (f, "3:1-2");
    }
}

/* As long as the node sends what it was asked for, it is not asked again. */
static void
test_patient_while_it_comes (Fixture *f, gconstpointer data)
{
  settle (f);
  see (f, 1000);
  pass (f, 2.1);
  assert_asks (f, "3:1-999");
  for (uint64_t seq = 1; seq < 900; seq++)
    {
      pass (f, 0.02);
      g_assert_cmpint (see (f, seq), ==, TWIN_SEEN_NEW);
      assert_asks (f, "");
    }
  pass (f, 4.9);
  assert_asks (f, "");
  pass (f, 0.2);
  assert_asks (f, "3:900-999");
}

static void
test_silence_asks (Fixture *f, gconstpointer data)
{
  settle (f);
  for (int i = 0; i < 3; i++)
    {
      pass (f, 59.9);
      assert_asks (f, "");
      pass (f, 0.2);
      assert_asks (f, "?");
    }
}

/* After a connect each node is asked first, and gaps once it answered. */
static void
test_reconnect_asks (Fixture *f, gconstpointer data)
{
  settle (f);
  see (f, 2);
  twin_completeness_disconnected (f->book);
  pass (f, 100);
  assert_asks (f, "");
  g_assert_cmpint (twin_completeness_get_next_due (f->book), ==, INT64_MAX);

  twin_completeness_connected (f->book);
  assert_asks (f, "?");
  report (f, ring_a, "h3:0-5");
  pass (f, 0.6);
  assert_asks (f, "3:1-1,3:3-5");
}

/* No answer to the question: what is missing is asked for all the same, and
 * the question again after a minute. */
static void
test_no_answer (Fixture *f, gconstpointer data)
{
  settle (f);
  see (f, 2);
  twin_completeness_disconnected (f->book);
  twin_completeness_connected (f->book);
  assert_asks (f, "?");
  pass (f, 5.1);
  assert_asks (f, "3:1-1");
  g_assert_cmpint (see (f, 1), ==, TWIN_SEEN_NEW);
  pass (f, 55);
  see (f, 3);
  assert_asks (f, "?");
}

static void
test_many_gaps_are_joined (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) array = NULL;
  const TwinAsk *ask;

  settle (f);
  for (uint64_t seq = 2; seq <= 200; seq += 2)
    see (f, seq);
  pass (f, 2.1);
  array = twin_completeness_take_asks (f->book);
  g_assert_cmpuint (array->len, ==, 1);
  ask = g_ptr_array_index (array, 0);
  g_assert_cmpuint (ask->n_spans, ==, 1);
  g_assert_cmpuint (ask->spans[0].first, ==, 1);
  g_assert_cmpuint (ask->spans[0].last, ==, 199);
  g_assert_cmpuint (ask->rate, >, 0);
}

/* Far apart, they come in several replays, all in the end. */
static void
test_more_gaps_than_a_replay (Fixture *f, gconstpointer data)
{
  TwinCompletenessStats stats;

  settle (f);
  for (uint64_t seq = 200; seq <= 200 * 100; seq += 200)
    {
      for (uint64_t k = seq - 198; k < seq; k++)
        see (f, k);
      see (f, seq);
    }
  pass (f, 2.1);
  for (int i = 0; i < 200; i++)
    {
      g_autoptr (GPtrArray) array = twin_completeness_take_asks (f->book);

      for (guint k = 0; array != NULL && k < array->len; k++)
        {
          const TwinAsk *ask = g_ptr_array_index (array, k);

          g_assert_cmpuint (ask->n_spans, <=, 32);
          for (size_t s = 0; s < ask->n_spans; s++)
            for (uint64_t q = ask->spans[s].first; q <= ask->spans[s].last; q++)
              see (f, q);
        }
      pass (f, 0.1);
    }
  twin_completeness_get_stats (f->book, NULL, &stats);
  g_assert_cmpuint (stats.open, ==, 0);
}

static void
test_removed_is_left_alone (Fixture *f, gconstpointer data)
{
  settle (f);
  see (f, 2);
  twin_completeness_removed (f->book, "n-0101");
  pass (f, 200);
  assert_asks (f, "");
  twin_completeness_heard (f->book, "n-0101");
  pass (f, 3.1);
  assert_asks (f, "? 3:1-1");
}

/* However many nodes lack something, a bounded number sends at a time. */
static void
test_few_nodes_send_at_a_time (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) hellos = NULL;
  g_autoptr (GPtrArray) array = NULL;

  for (int i = 0; i < 100; i++)
    {
      g_autofree char   *node = g_strdup_printf ("n-%d", i);
      const TwinIdentity identity = { .epoch = 1, .seq = 10 };

      twin_completeness_record (f->book, node, &identity);
    }
  pass (f, 2.1);
  array = twin_completeness_take_asks (f->book);
  g_assert_cmpuint (array->len, ==, 32);
  pass (f, 0.3);
  g_assert_null (twin_completeness_take_asks (f->book));
  pass (f, 1);
  hellos = twin_completeness_take_asks (f->book);
  g_assert_cmpuint (hellos->len, ==, 100);
}

/* --- ring reports --- */

static void
test_report_opens_and_closes (Fixture *f, gconstpointer data)
{
  settle (f);
  see (f, 5);
  report (f, ring_a, "h2:40-99 h3:0-7 o2:0-39 c3:2-3");
  /* epoch 2: 60 to come; epoch 3: 1, 4, 6, 7 to come, 2 and 3 gone. */
  assert_stats (f, 2, 4, 60 + 4, 40, 0, 2);
  pass (f, 0.6);
  assert_asks (f, "3:1-1,3:4-4,3:6-7,2:40-99");
}

/* What the ring neither holds nor names is gone as well. */
static void
test_unnamed_losses (Fixture *f, gconstpointer data)
{
  settle (f);
  see (f, 20);
  see_in (f, ring_a, 2, 4);
  report (f, ring_a, "h3:5-9 h3:12-15");
  /* epoch 2 before the oldest held: 4 overwritten. Epoch 3: 1-4 overwritten,
   * 10-11 corrupt, 5-9 and 12-15 open, 16-19 younger than the report. */
  assert_stats (f, 3, 2, 5 + 8, 8, 0, 2);
}

static void
test_new_ring_erases_the_old (Fixture *f, gconstpointer data)
{
  settle (f);
  see (f, 5);
  see_in (f, ring_b, 4, 1);
  report (f, ring_b, "h4:0-1");
  assert_stats (f, 3, 1, 1, 0, 4, 0);
  pass (f, 0.6);
  assert_asks (f, "4:0-0");
}

static void
test_lost_is_found (Fixture *f, gconstpointer data)
{
  settle (f);
  see (f, 9);
  report (f, ring_a, "h3:9-9");
  assert_stats (f, 2, 0, 0, 8, 0, 0);
  g_assert_cmpint (see (f, 4), ==, TWIN_SEEN_RECOVERED);
  g_assert_cmpint (see (f, 4), ==, TWIN_SEEN_DUPLICATE);
  assert_stats (f, 3, 0, 0, 7, 0, 0);
}

/* What we have is not lost because a ring no longer has it. */
static void
test_received_stays (Fixture *f, gconstpointer data)
{
  for (uint64_t seq = 0; seq < 10; seq++)
    see (f, seq);
  report (f, ring_a, "h3:8-9 o3:0-7");
  assert_stats (f, 10, 0, 0, 0, 0, 0);
}

static void
test_empty_ring (Fixture *f, gconstpointer data)
{
  settle (f);
  see (f, 3);
  report (f, ring_a, "");
  assert_stats (f, 2, 1, 2, 0, 0, 0);
}

/* --- hostile
 * ----------------------------------------------------------------------------
 */

static void
test_bounds (Fixture *f, gconstpointer data)
{
  TwinCompletenessStats stats;
  unsigned              refused = 0;

  g_assert_cmpint (see (f, TWIN_COMPLETENESS_SEQ_MAX), ==, TWIN_SEEN_NEW);
  g_assert_cmpint (see (f, TWIN_COMPLETENESS_SEQ_MAX + 1), ==,
                   TWIN_SEEN_REFUSED);
  g_assert_cmpint (see (f, UINT64_MAX), ==, TWIN_SEEN_REFUSED);
  assert_stats (f, 1, 1, TWIN_COMPLETENESS_SEQ_MAX, 0, 0, 0);

  for (uint64_t seq = 0; seq < 10000; seq++)
    refused += see_in (f, ring_b, 1, 2 * seq + 1) == TWIN_SEEN_REFUSED;
  g_assert_cmpuint (refused, ==, 10000 - TWIN_COMPLETENESS_GAPS_MAX);

  for (uint32_t epoch = 10; epoch < 20000; epoch++)
    see_in (f, ring_b, epoch, 0);
  twin_completeness_get_stats (f->book, NULL, &stats);
  g_assert_cmpuint (stats.received, ==,
                    TWIN_COMPLETENESS_STREAMS_MAX - 2 + 1 +
                        TWIN_COMPLETENESS_GAPS_MAX);

  for (int i = 0; i < 20010; i++)
    {
      g_autofree char *node = g_strdup_printf ("h%d", i);

      twin_completeness_heard (f->book, node);
    }
  g_assert_false (twin_completeness_get_stats (f->book, "h20009", &stats));
  g_assert_true (twin_completeness_get_stats (f->book, "h10000", &stats));
}

/* --- over a restart --- */

static void
load_into (const TwinStream *stream, void *data)
{
  g_assert_true (twin_completeness_load (data, stream));
}

static void
count_streams (const TwinStream *stream, void *data)
{
  (*(unsigned *) data)++;
}

static void
test_loads_what_it_told (Fixture *f, gconstpointer data)
{
  TwinCompletenessStats before, after;
  TwinCompleteness     *kept = f->book;
  unsigned              n = 0;

  settle (f);
  for (uint64_t seq = 5; seq < 50; seq += 3)
    see (f, seq);
  see_in (f, ring_a, 2, 7);
  report (f, ring_a, "h2:3-7 h3:10-60 o2:0-2 c3:20-21");
  twin_completeness_get_stats (kept, "n-0101", &before);
  g_assert_cmpuint (before.open, >, 0);

  f->book = twin_completeness_new (&f->clock);
  twin_completeness_take_changed (kept, load_into, f->book);
  twin_completeness_take_changed (kept, count_streams, &n);
  g_assert_cmpuint (n, ==, 0);
  twin_completeness_take_changed (f->book, count_streams, &n);
  g_assert_cmpuint (n, ==, 0);
  twin_completeness_foreach (f->book, count_streams, &n);
  g_assert_cmpuint (n, ==, 2);

  /* What no kept range tells is the tail above the newest we have or lost;
   * the ring tells it again. */
  report (f, ring_a, "h2:3-7 h3:10-60 o2:0-2 c3:20-21");
  twin_completeness_get_stats (f->book, "n-0101", &after);
  g_assert_cmpuint (after.received, ==, before.received);
  g_assert_cmpuint (after.open, ==, before.open);
  g_assert_cmpuint (after.open_gaps, ==, before.open_gaps);
  for (int i = 0; i < 3; i++)
    g_assert_cmpuint (after.lost[i], ==, before.lost[i]);

  g_assert_cmpint (see (f, 5), ==, TWIN_SEEN_DUPLICATE);
  g_assert_cmpint (see (f, 11), ==, TWIN_SEEN_DUPLICATE);
  g_assert_cmpint (see (f, 12), ==, TWIN_SEEN_NEW);
  twin_completeness_free (kept);
}

static void
test_refuses_ranges_that_cannot_be (Fixture *f, gconstpointer data)
{
  static const TwinSpan backwards[] = { { 3, 5, 4 } };
  static const TwinSpan overlap[] = { { 3, 0, 5 }, { 3, 5, 9 } };
  static const TwinSpan beyond[] = { { 3, 0, TWIN_COMPLETENESS_SEQ_MAX + 1 } };
  TwinStream            stream = { .node = "n-0101", .epoch = 3 };

  stream.n_received = 1;
  stream.received = backwards;
  g_assert_false (twin_completeness_load (f->book, &stream));
  stream.received = beyond;
  g_assert_false (twin_completeness_load (f->book, &stream));
  stream.n_received = 2;
  stream.received = overlap;
  g_assert_false (twin_completeness_load (f->book, &stream));
}

#define ADD(path, function)                                                    \
  g_test_add ("/link/completeness/" path, Fixture, NULL, set_up, function,     \
              tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("seen-once", test_seen_once);
  ADD ("gap-filled-in-any-order", test_gap_filled_in_any_order);
  ADD ("begins-at-zero", test_begins_at_zero);
  ADD ("unsee-opens-again", test_unsee_opens_again);
  ADD ("asked-after-two-seconds", test_asked_after_two_seconds);
  ADD ("late-is-not-asked", test_late_is_not_asked);
  ADD ("asked-when-64-behind", test_asked_when_64_behind);
  ADD ("asked-again-ever-later", test_asked_again_ever_later);
  ADD ("patient-while-it-comes", test_patient_while_it_comes);
  ADD ("silence-asks", test_silence_asks);
  ADD ("reconnect-asks", test_reconnect_asks);
  ADD ("no-answer", test_no_answer);
  ADD ("many-gaps-are-joined", test_many_gaps_are_joined);
  ADD ("more-gaps-than-a-replay", test_more_gaps_than_a_replay);
  ADD ("removed-is-left-alone", test_removed_is_left_alone);
  ADD ("few-nodes-send-at-a-time", test_few_nodes_send_at_a_time);
  ADD ("report-opens-and-closes", test_report_opens_and_closes);
  ADD ("unnamed-losses", test_unnamed_losses);
  ADD ("new-ring-erases-the-old", test_new_ring_erases_the_old);
  ADD ("lost-is-found", test_lost_is_found);
  ADD ("received-stays", test_received_stays);
  ADD ("empty-ring", test_empty_ring);
  ADD ("bounds", test_bounds);
  ADD ("loads-what-it-told", test_loads_what_it_told);
  ADD ("refuses-ranges-that-cannot-be", test_refuses_ranges_that_cannot_be);
  return g_test_run ();
}
