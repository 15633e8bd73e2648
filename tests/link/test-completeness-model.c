/* SPDX-License-Identifier: Apache-2.0 */
/* Long random runs against a plain model.
 *
 * First the numbers alone, against an array with one state each. Then a node
 * with a ring that wraps, a line that loses, a console that is killed: at the
 * end every record is stored once, or was lost by the ring. Prints its seed;
 * the same seed is the same run (--seed).
 */
#include "twin-completeness.h"

#include <string.h>

/* --- numbers --- */

enum
{
  N = 120,
};

typedef enum
{
  UNKNOWN,
  MISSING,
  RECEIVED,
  LOST,
} State;

static void
know_up_to (State *states, uint64_t last)
{
  for (uint64_t i = 0; i <= last; i++)
    if (states[i] == UNKNOWN)
      states[i] = MISSING;
}

static TwinSeen
model_see (State *states, uint64_t seq)
{
  const State before = states[seq];

  if (seq > 0)
    know_up_to (states, seq - 1);
  states[seq] = RECEIVED;
  return before == RECEIVED ? TWIN_SEEN_DUPLICATE
         : before == LOST   ? TWIN_SEEN_RECOVERED
                            : TWIN_SEEN_NEW;
}

static void
model_lose (State *states, uint64_t first, uint64_t last)
{
  know_up_to (states, last);
  for (uint64_t i = first; i <= last; i++)
    if (states[i] == MISSING)
      states[i] = LOST;
}

static void
compare_stream (const TwinStream *stream, void *data)
{
  const State *states = data;
  State        told[N] = { UNKNOWN };

  for (size_t i = 0; i < stream->n_received; i++)
    for (uint64_t k = stream->received[i].first; k <= stream->received[i].last;
         k++)
      told[k] = RECEIVED;
  for (size_t i = 0; i < stream->n_lost; i++)
    for (uint64_t k = stream->lost[i].span.first;
         k <= stream->lost[i].span.last; k++)
      {
        g_assert_cmpint (told[k], ==, UNKNOWN);
        told[k] = LOST;
      }

  for (int i = 0; i < N; i++)
    if (states[i] == RECEIVED || states[i] == LOST)
      g_assert_cmpint (told[i], ==, states[i]);
    else
      g_assert_cmpint (told[i], ==, UNKNOWN);
}

static void
check_numbers (TwinCompleteness *book, State *states)
{
  TwinCompletenessStats stats;
  uint64_t              count[4] = { 0 };
  unsigned              gaps = 0;

  for (int i = 0; i < N; i++)
    {
      count[states[i]]++;
      gaps += states[i] == MISSING && (i == 0 || states[i - 1] != MISSING);
    }

  g_assert_true (twin_completeness_get_stats (book, "n", &stats));
  g_assert_cmpuint (stats.received, ==, count[RECEIVED]);
  g_assert_cmpuint (stats.open, ==, count[MISSING]);
  g_assert_cmpuint (stats.open_gaps, ==, gaps);
  g_assert_cmpuint (stats.lost[0] + stats.lost[1] + stats.lost[2], ==,
                    count[LOST]);
  twin_completeness_foreach (book, compare_stream, states);
}

static void
load_stream (const TwinStream *stream, void *data)
{
  g_assert_true (twin_completeness_load (data, stream));
}

/* What is kept is received and lost; what is known beyond it is told again
 * by the node. */
static TwinCompleteness *
restart (TwinCompleteness *book, State *states)
{
  TwinCompleteness *again = twin_completeness_new (NULL);

  twin_completeness_foreach (book, load_stream, again);
  twin_completeness_free (book);
  for (int i = N - 1; i >= 0 && states[i] != RECEIVED && states[i] != LOST; i--)
    states[i] = UNKNOWN;
  return again;
}

static void
test_numbers (void)
{
  for (int run = 0; run < 60; run++)
    {
      TwinCompleteness *book = twin_completeness_new (NULL);
      State             states[N] = { UNKNOWN };
      TwinIdentity      identity = { .ring = { 'r' }, .epoch = 1 };

      identity.seq = 0;
      twin_completeness_record (book, "n", &identity);
      model_see (states, 0);

      for (int step = 0; step < 150; step++)
        {
          const int      what = g_test_rand_int_range (0, 100);
          const uint64_t a = g_test_rand_int_range (0, N);
          const uint64_t reach = a + g_test_rand_int_range (0, 12);
          const uint64_t b = MIN (reach, N - 1);

          identity.seq = a;
          if (what < 60)
            {
              g_assert_cmpint (twin_completeness_record (book, "n", &identity),
                               ==, model_see (states, a));
            }
          else if (what < 75)
            {
              twin_completeness_unsee (book, "n", &identity);
              if (states[a] == RECEIVED)
                states[a] = MISSING;
            }
          else if (what < 95)
            {
              TwinLoss       lost = { { 1, a, b }, TWIN_LOSS_CORRUPT };
              TwinRingReport report = { .ring = { 'r' },
                                        .n_lost = 1,
                                        .lost = &lost };

              twin_completeness_report (book, "n", &report);
              model_lose (states, a, b);
            }
          else
            {
              book = restart (book, states);
            }
          check_numbers (book, states);
        }
      twin_completeness_free (book);
    }
}

/* --- a plant of one node, a bad line and a mortal console --- */

enum
{
  EPOCHS = 12,
  SEQS = 3000, /* most records of one epoch */
  STEP_US = 100000,
};

typedef struct
{
  uint32_t epoch;
  uint64_t seq;
} Record;

typedef struct
{
  int64_t   now_us;
  TwinClock clock;

  /* the node */
  GArray  *ring; /* Record, oldest first */
  guint    capacity;
  uint32_t epoch;
  uint64_t next_seq;
  GArray  *queue; /* Record, still to be sent again */
  double   budget;
  gboolean online;

  /* the line */
  double   loss;
  gboolean line_up;

  /* the console */
  TwinCompleteness *book;
  uint8_t           stored[EPOCHS][SEQS]; /* how often a record was NEW */
  unsigned          n_asks;
} Plant;

static int64_t
plant_now (void *data)
{
  return ((Plant *) data)->now_us;
}

static gboolean
passes (Plant *p)
{
  return p->line_up && p->online && g_test_rand_double () >= p->loss;
}

static void
deliver (Plant *p, const Record *record)
{
  const TwinIdentity identity = { .ring = { 'r' },
                                  .epoch = record->epoch,
                                  .seq = record->seq };
  TwinSeen           seen;

  if (!passes (p))
    return;
  seen = twin_completeness_record (p->book, "n", &identity);
  g_assert_cmpint (seen, !=, TWIN_SEEN_REFUSED);
  if (seen != TWIN_SEEN_DUPLICATE)
    p->stored[record->epoch][record->seq]++;
  else
    g_assert_cmpuint (p->stored[record->epoch][record->seq], ==, 1);
}

static void
make_record (Plant *p)
{
  const Record record = { p->epoch, p->next_seq++ };

  g_assert_cmpuint (p->next_seq, <, SEQS);
  g_array_append_val (p->ring, record);
  if (p->ring->len > p->capacity)
    g_array_remove_index (p->ring, 0);
  deliver (p, &record);
}

/* What the ring holds, as spans. */
static void
send_report (Plant *p)
{
  TwinSpan       held[EPOCHS];
  TwinRingReport report = { .ring = { 'r' }, .held = held };

  for (guint i = 0; i < p->ring->len; i++)
    {
      const Record *record = &g_array_index (p->ring, Record, i);
      TwinSpan     *span = &held[MAX (report.n_held, 1) - 1];

      if (report.n_held > 0 && span->epoch == record->epoch)
        span->last = record->seq;
      else
        held[report.n_held++] =
            (TwinSpan){ record->epoch, record->seq, record->seq };
    }

  if (passes (p))
    twin_completeness_report (p->book, "n", &report);
}

static void
answer (Plant *p, const TwinAsk *ask)
{
  g_assert_cmpuint (ask->n_spans, <=, 32);
  p->n_asks++;
  if (!passes (p))
    return;

  send_report (p);
  for (size_t i = 0; i < ask->n_spans; i++)
    for (guint k = 0; k < p->ring->len; k++)
      {
        const Record *record = &g_array_index (p->ring, Record, k);

        if (record->epoch == ask->spans[i].epoch &&
            record->seq >= ask->spans[i].first &&
            record->seq <= ask->spans[i].last)
          g_array_append_val (p->queue, *record);
      }
}

static gboolean
holds (Plant *p, const Record *wanted)
{
  for (guint i = 0; i < p->ring->len; i++)
    if (memcmp (&g_array_index (p->ring, Record, i), wanted, sizeof *wanted) ==
        0)
      return TRUE;
  return FALSE;
}

static void
step (Plant *p)
{
  g_autoptr (GPtrArray) asks = NULL;

  p->now_us += STEP_US;
  if (!p->online)
    return;

  asks = twin_completeness_take_asks (p->book);
  for (guint i = 0; asks != NULL && i < asks->len; i++)
    answer (p, g_ptr_array_index (asks, i));

  for (p->budget = MIN (p->budget + 5, 10); p->budget >= 1 && p->queue->len > 0;
       p->budget--)
    {
      const Record record = g_array_index (p->queue, Record, 0);

      g_array_remove_index (p->queue, 0);
      if (holds (p, &record))
        deliver (p, &record);
    }
}

/* kill -9: only what was stored comes back. */
static void
kill_console (Plant *p)
{
  TwinCompleteness *again = twin_completeness_new (&p->clock);

  twin_completeness_foreach (p->book, load_stream, again);
  twin_completeness_free (p->book);
  p->book = again;
  if (p->line_up)
    twin_completeness_connected (p->book);
}

static void
reboot_node (Plant *p)
{
  if (p->epoch + 1 == EPOCHS)
    return;
  p->epoch++;
  p->next_seq = 0;
  g_array_set_size (p->queue, 0);
  p->online = TRUE;
  send_report (p);
}

static void
switch_line (Plant *p)
{
  p->line_up = !p->line_up;
  if (p->line_up)
    twin_completeness_connected (p->book);
  else
    twin_completeness_disconnected (p->book);
}

static void
live (Plant *p)
{
  for (int i = 0; i < 6000; i++)
    {
      const int what = g_test_rand_int_range (0, 10000);

      step (p);
      if (what < 2500 && p->next_seq + 100 < SEQS)
        make_record (p);
      else if (what < 2510)
        kill_console (p);
      else if (what < 2515)
        reboot_node (p);
      else if (what < 2535)
        switch_line (p);
      else if (what < 2545)
        p->online = !p->online;
    }
}

/* The line is good again: within ten minutes nothing is open any more. */
static void
recover (Plant *p)
{
  TwinCompletenessStats stats;

  p->loss = 0;
  p->online = TRUE;
  if (!p->line_up)
    switch_line (p);
  /* The last records before a silence too: what the ring holds is learnt by
   * asking, not from a next record. */
  for (int i = 0; i < 6000; i++)
    step (p);

  twin_completeness_get_stats (p->book, "n", &stats);
  g_assert_cmpuint (stats.open, ==, 0);
  g_assert_cmpuint (stats.open_gaps, ==, 0);
}

static void
check_each_record (Plant *p, const TwinCompletenessStats *stats)
{
  uint64_t n_stored = 0;

  for (guint i = 0; i < p->ring->len; i++)
    {
      const Record *record = &g_array_index (p->ring, Record, i);

      g_assert_cmpuint (p->stored[record->epoch][record->seq], ==, 1);
    }
  for (int e = 0; e < EPOCHS; e++)
    for (int s = 0; s < SEQS; s++)
      {
        g_assert_cmpuint (p->stored[e][s], <=, 1);
        n_stored += p->stored[e][s];
      }
  g_assert_cmpuint (stats->received, ==, n_stored);
}

static void
run_plant (guint capacity, double loss, TwinCompletenessStats *stats)
{
  Plant *p = g_new0 (Plant, 1);

  p->now_us = 1000 * TWIN_US_PER_S;
  p->clock = (TwinClock){ plant_now, plant_now, p };
  p->ring = g_array_new (FALSE, FALSE, sizeof (Record));
  p->queue = g_array_new (FALSE, FALSE, sizeof (Record));
  p->capacity = capacity;
  p->loss = loss;
  p->online = p->line_up = TRUE;
  p->epoch = 1;
  p->book = twin_completeness_new (&p->clock);
  twin_completeness_connected (p->book);
  make_record (p);

  live (p);
  recover (p);
  twin_completeness_get_stats (p->book, "n", stats);
  check_each_record (p, stats);
  g_assert_cmpuint (p->n_asks, <, 6000);

  twin_completeness_free (p->book);
  g_array_unref (p->ring);
  g_array_unref (p->queue);
  g_free (p);
}

/* A ring that never wraps: nothing is ever lost. */
static void
test_nothing_lost (void)
{
  for (int run = 0; run < 12; run++)
    {
      TwinCompletenessStats stats;

      run_plant (100000, 0.05 * run, &stats);
      g_assert_cmpuint (stats.lost[0] + stats.lost[1] + stats.lost[2], ==, 0);
    }
}

/* A small ring: what it held in the end is there, the rest is a known loss. */
static void
test_small_ring (void)
{
  for (int run = 0; run < 12; run++)
    {
      TwinCompletenessStats stats;

      run_plant (60, 0.05 * run, &stats);
      g_assert_cmpuint (stats.lost[TWIN_LOSS_ERASED], ==, 0);
      g_assert_cmpuint (stats.lost[TWIN_LOSS_CORRUPT], ==, 0);
    }
}

/* --- cost
 * -------------------------------------------------------------------------------
 */

static void
test_cost (void)
{
  enum
  {
    NODES = 1000,
    EACH = 200
  };
  TwinCompleteness *book = twin_completeness_new (NULL);
  char              names[NODES][16];
  int64_t           start;
  double            ns;

  for (int i = 0; i < NODES; i++)
    g_snprintf (names[i], sizeof names[i], "n-%04d", i);
  twin_completeness_connected (book);

  start = twin_clock_monotonic_us ();
  for (uint64_t seq = 0; seq < EACH; seq++)
    for (int i = 0; i < NODES; i++)
      {
        const TwinIdentity identity = { .epoch = 1, .seq = seq };

        twin_completeness_record (book, names[i], &identity);
      }
  ns = (twin_clock_monotonic_us () - start) * 1000.0 / (NODES * EACH);
  g_test_message ("%.0f ns a record, %d nodes", ns, NODES);
  /* 10,000 records/s may take a tenth of a core, under any sanitizer. */
  g_assert_cmpfloat (ns, <, 10000);
  twin_completeness_free (book);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/link/completeness-model/numbers", test_numbers);
  g_test_add_func ("/link/completeness-model/nothing-lost", test_nothing_lost);
  g_test_add_func ("/link/completeness-model/small-ring", test_small_ring);
  g_test_add_func ("/link/completeness-model/cost", test_cost);
  return g_test_run ();
}
