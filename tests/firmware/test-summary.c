/* SPDX-License-Identifier: Apache-2.0
 *
 * How much a node tells, and how soon: sizes, deadbands, adaptive reporting,
 * the sparse profile; over simulated hours and days.
 */
#include <math.h>
#include <string.h>

#include "console.h"
#include "node-private.h"
#include "twin-record.h"

enum
{
  HOUR_S = 3600,
  DAY_S = 86400,
  /* Fixed head and packet id of a PUBLISH at QoS 1. */
  PUBLISH_MORE = 3 + 2 + 2,
};

/* Deadbands above each signal's noise, as PROTOCOL.md says of sparse. */
static const char sparse[] =
    "{\"summaryPeriodS\":60,\"maxSilenceS\":7200,"
    "\"acquisition\":{\"mode\":\"duty\",\"blockS\":1,\"everyS\":30},"
    "\"schedule\":{\"captureS\":0,\"everyS\":0},"
    "\"adaptive\":{\"fastS\":10,\"calmS\":60},"
    "\"deadbands\":{\"motor/shaftSpeed\":10,\"motor/current\":3,"
    "\"motor/loadFactor\":0.15,\"de/temperature\":2,\"ambientTemperature\":2,"
    "\"de/vibrationRMS\":0.0005,\"de/accelerationRMS\":0.2,"
    "\"de/accelerationPeak\":1,\"de/crestFactor\":2,\"de/kurtosis\":2,"
    "\"runningHours\":24}}";

typedef struct
{
  hal     *h;
  node    *n;
  TwinKey *key;
} Bench;

static void
bench_up (Bench *b, const char *properties)
{
  b->h = fake_board_new (1);
  b->n = fake_board_start (b->h);
  b->key = console_key (7);
  console_trust (b->n, b->key, NODE_ROLE_ENGINEER);
  fake_board_run (b->h, b->n, 2);
  console_send (b->h, b->n, "desired", console_desired (b->key, 1, properties));
  fake_board_run (b->h, b->n, 2);
  g_assert_cmpuint (b->n->n_refused, ==, 0);
  fake_board_forget (b->h);
}

static void
bench_down (Bench *b)
{
  twin_key_unref (b->key);
  g_free (b->n);
  fake_board_free (b->h);
}

/* Bytes of everything published since, as PUBLISH packets. */
static gsize
published (Bench *b, unsigned *count)
{
  gsize bytes = 0;

  *count = 0;
  for (GList *l = b->h->published->head; l != NULL; l = l->next)
    {
      const FakeMessage *m = l->data;

      bytes += g_bytes_get_size (m->payload) + strlen (m->topic) + PUBLISH_MORE;
      ++*count;
    }
  fake_board_forget (b->h);
  return bytes;
}

/* A one-minute summary of ten features is at most 400 bytes. */
static void
test_ten_features (void)
{
  Bench        b;
  FakeMessage *m;
  gsize        size;

  bench_up (&b, "{\"summaryPeriodS\":60}");
  b.n->n_signals = 10;
  fake_board_run (b.h, b.n, 61);
  m = fake_board_take (b.h, "telemetry");
  g_assert_nonnull (m);
  size = g_bytes_get_size (m->payload) + strlen (m->topic) + PUBLISH_MORE;
  {
    g_autoptr (GError) error = NULL;
    gsize          n;
    const uint8_t *data = g_bytes_get_data (m->payload, &n);
    g_autoptr (TwinRecord) r = twin_record_parse (data, n, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (r->n_entries, ==, 10);
  }
  g_test_message ("ten features: a PUBLISH of %" G_GSIZE_FORMAT
                  " bytes, %.0f KB a day",
                  size, (double) size * 1440 / 1e3);
  g_assert_cmpuint (size, <=, 400);
  fake_message_free (m);
  bench_down (&b);
}

/* More than one record holds: two of them, and nothing is left out. */
static void
test_long_names (void)
{
  Bench    b;
  unsigned count = 0;

  bench_up (&b, "{\"summaryPeriodS\":60}");
  for (unsigned i = 0; i < b.n->n_signals; i++)
    b.n->signals[i].name = "a/name/that/is/as/long/as/the/wire/allows/it/to/"
                           "be/sixty-four/ch";
  while (b.n->n_signals < NODE_SIGNALS_MAX)
    b.n->signals[b.n->n_signals++] = b.n->signals[0];
  for (unsigned i = 0; i < b.n->n_signals; i++)
    b.n->signals[i].hidden = false;
  fake_board_run (b.h, b.n, 61);
  for (FakeMessage *m; (m = fake_board_take (b.h, "telemetry")) != NULL;)
    {
      g_autoptr (GError) error = NULL;
      gsize          n;
      const uint8_t *data = g_bytes_get_data (m->payload, &n);
      g_autoptr (TwinRecord) r = twin_record_parse (data, n, &error);

      g_assert_no_error (error);
      count += r->n_entries;
      fake_message_free (m);
    }
  g_assert_cmpuint (count, ==, NODE_SIGNALS_MAX);
  bench_down (&b);
}

/* A steady machine for a day, of which ten features are told. */
static void
test_sparse_steady (void)
{
  Bench    b;
  unsigned count;
  gsize    bytes;

  bench_up (&b, sparse);
  b.n->n_signals = 10;
  fake_board_run (b.h, b.n, 2 * HOUR_S); /* warm, and told */
  published (&b, &count);
  fake_board_run (b.h, b.n, DAY_S);
  bytes = published (&b, &count);
  g_test_message ("sparse: %" G_GSIZE_FORMAT " bytes a day in %u messages",
                  bytes, count);
  g_assert_cmpuint (bytes, <=, 5 * 1024);
  g_assert_cmpuint (count, >=, 12); /* never silent for longer than 2 h */
  bench_down (&b);
}

/* Until a record tells @name within @tolerance of @value, seconds. */
static double
told_after (Bench *b, const char *name, double value, double tolerance)
{
  for (double s = 0; s < 200; s += 1)
    {
      FakeMessage *m;

      fake_board_run (b->h, b->n, 1);
      while ((m = fake_board_take (b->h, "telemetry")) != NULL)
        {
          g_autoptr (GError) error = NULL;
          gsize          n;
          const uint8_t *data = g_bytes_get_data (m->payload, &n);
          g_autoptr (TwinRecord) r = twin_record_parse (data, n, &error);

          g_assert_no_error (error);
          fake_message_free (m);
          for (size_t i = 0; i < r->n_entries; i++)
            if (g_str_equal (r->entries[i].name, name) &&
                fabs (r->entries[i].number - value) <= tolerance)
              return s + 1;
        }
    }
  return INFINITY;
}

/* Each change, whenever in the period, is told within a minute. */
static void
test_sparse_changes (void)
{
  double worst = 0;

  for (unsigned i = 0; i < 6; i++)
    {
      Bench  b;
      double current, vibration;

      bench_up (&b, sparse);
      fake_board_run (b.h, b.n, 600 + i * 11);
      fake_board_forget (b.h);

      b.h->sim.machine.p.load = 1.0;
      current = told_after (&b, "motor/current", 30, 1.5);
      fake_board_run (b.h, b.n, 300);
      fake_board_forget (b.h);
      b.h->sim.machine.p.noise_g = 0.1;
      vibration = told_after (&b, "de/accelerationRMS", 1.2, 0.5);
      worst = fmax (worst, fmax (current, vibration));
      bench_down (&b);
    }
  g_test_message ("sparse: a change is told after %.0f s at most", worst);
  g_assert_cmpfloat (worst, <=, 60);
}

/* Faster while it changes, back when it is calm. */
static void
test_adaptive (void)
{
  Bench    b;
  unsigned calm, hurried, again;

  bench_up (&b, "{\"summaryPeriodS\":60,\"schedule\":{\"captureS\":0,"
                "\"everyS\":0},\"adaptive\":{\"fastS\":5,\"calmS\":120},"
                "\"deadbands\":{\"motor/current\":2}}");
  fake_board_run (b.h, b.n, 60);
  fake_board_forget (b.h);
  fake_board_run (b.h, b.n, 600);
  calm = fake_board_count (b.h, "telemetry");

  fake_board_forget (b.h);
  b.h->sim.machine.p.load = 1.0;
  fake_board_run (b.h, b.n, 60);
  hurried = fake_board_count (b.h, "telemetry");

  fake_board_run (b.h, b.n, 180);
  fake_board_forget (b.h);
  fake_board_run (b.h, b.n, 600);
  again = fake_board_count (b.h, "telemetry");

  g_test_message ("records: %u in 10 calm minutes, %u in the minute of a "
                  "change, then %u in 10 minutes",
                  calm, hurried, again);
  g_assert_cmpuint (calm, ==, 10);
  g_assert_cmpuint (hurried, >=, 10);
  g_assert_cmpuint (hurried, <=, 13);
  g_assert_cmpuint (again, ==, 10);
  bench_down (&b);
}

static void
test_refused (void)
{
  static const char *const wrong[] = { "{\"fastS\":0,\"calmS\":60}",
                                       "{\"fastS\":61,\"calmS\":61}",
                                       "{\"fastS\":10,\"calmS\":5}",
                                       "{\"fastS\":10}",
                                       "{}",
                                       "[]" };
  Bench                    b;

  bench_up (&b, "{}");
  for (unsigned i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *properties =
          g_strdup_printf ("{\"adaptive\":%s}", wrong[i]);
      g_autoptr (GBytes) message = console_desired (b.key, 2 + i, properties);

      console_send (b.h, b.n, "desired", message);
      fake_board_run (b.h, b.n, 1.1);
      g_assert_cmpuint (b.n->n_refused, ==, 1);
      g_assert_cmpuint (b.n->properties.fast_s, ==, 0);
    }
  bench_down (&b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/summary/ten-features", test_ten_features);
  g_test_add_func ("/firmware/summary/long-names", test_long_names);
  g_test_add_func ("/firmware/summary/adaptive", test_adaptive);
  g_test_add_func ("/firmware/summary/refused", test_refused);
  g_test_add_func ("/firmware/summary/sparse-changes", test_sparse_changes);
  g_test_add_func ("/firmware/summary/sparse-steady", test_sparse_steady);
  return g_test_run ();
}
