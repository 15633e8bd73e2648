/* SPDX-License-Identifier: Apache-2.0
 *
 * The ring as the plant sees it, through a whole node: power cut at every step
 * of an operation, a week without a broker, what is told of losses.
 */
#include <string.h>

#include "console.h"
#include "node-private.h"
#include "twin-record.h"

enum
{
  DAY_S = 86400,
  WEEK_FLASH = 8 * 1024 * 1024,
};

static const uint8_t ask_id[8] = "ask-ask-";

/* Records by identity. */
typedef struct
{
  GHashTable *bytes; /* "ring/epoch/seq" → GBytes */
  guint       again; /* seen before */
} Books;

static Books
books_new (void)
{
  return (Books){ g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) g_bytes_unref),
                  0 };
}

static char *
identity_of (const FakeMessage *m)
{
  g_autoptr (GError) error = NULL;
  gsize          size;
  const uint8_t *data = g_bytes_get_data (m->payload, &size);
  g_autoptr (TwinRecord) r = twin_record_parse (data, size, &error);
  uint64_t ring;

  g_assert_no_error (error);
  memcpy (&ring, r->identity.ring, sizeof ring);
  return g_strdup_printf ("%016" G_GINT64_MODIFIER "x/%u/%" G_GUINT64_FORMAT,
                          ring, r->identity.epoch, r->identity.seq);
}

/* Enter what was published; the same identity always has the same bytes. */
static void
books_take (Books *b, hal *h)
{
  static const char *const channels[] = { "event", "telemetry" };
  FakeMessage             *m;

  for (unsigned i = 0; i < 2; i++)
    while ((m = fake_board_take (h, channels[i])) != NULL)
      {
        char   *id = identity_of (m);
        GBytes *before = g_hash_table_lookup (b->bytes, id);

        if (before != NULL)
          {
            g_assert_true (g_bytes_equal (before, m->payload));
            b->again++;
            g_free (id);
          }
        else
          g_hash_table_insert (b->bytes, id, g_bytes_ref (m->payload));
        fake_message_free (m);
      }
  fake_board_forget (h);
}

/* All of @some is in @all. */
static void
books_within (const Books *some, const Books *all)
{
  GHashTableIter iter;
  gpointer       id, bytes;

  g_hash_table_iter_init (&iter, some->bytes);
  while (g_hash_table_iter_next (&iter, &id, &bytes))
    {
      GBytes *there = g_hash_table_lookup (all->bytes, id);

      if (there == NULL)
        g_test_message ("lost: %s", (char *) id);
      g_assert_nonnull (there);
      g_assert_true (g_bytes_equal (there, bytes));
    }
}

static void
books_free (Books *b)
{
  g_hash_table_unref (b->bytes);
}

static void
rest_sensors (node *n)
{
  n->properties.duty = true;
  n->properties.duty_block_s = 1;
  n->properties.duty_every_s = 600;
  n->properties.every_s = 0;
}

/* All that the ring holds, by replay; nothing comes twice. */
static void
replay_all (hal *h, node *n, Books *all)
{
  g_autoptr (TwinRingReport) ring = NULL;
  g_autoptr (GBytes) nothing = twin_replay_build (ask_id, NULL, 0, 0);

  fake_board_run (h, n, 0.5);
  fake_board_forget (h);
  console_send (h, n, "replay", nothing);
  ring = console_ring (h, n);
  g_assert_nonnull (ring);
  fake_board_forget (h);

  for (size_t i = 0; i < ring->n_held; i += 16)
    {
      TwinSpan spans[16];
      size_t   count = MIN (ring->n_held - i, G_N_ELEMENTS (spans));
      g_autoptr (GBytes) ask = NULL;

      for (size_t k = 0; k < count; k++)
        spans[k] = (TwinSpan){ ring->held[i + k].epoch, ring->held[i + k].first,
                               ring->held[i + k].last };
      ask = twin_replay_build (ask_id, spans, count, 2000);
      console_send (h, n, "replay", ask);
      do
        {
          fake_board_run (h, n, 0.1);
          books_take (all, h);
        }
      while (n->n_spans > 0);
    }
}

/* A board whose flash is @cells, or blank. */
static hal *
board_with (const uint8_t *cells)
{
  hal *h = fake_board_new (1);

  if (cells != NULL)
    memcpy (h->cells, cells, FAKE_FLASH_SIZE);
  return h;
}

/* Boot, publish for @seconds; false: the power failed meanwhile. */
static bool
live (hal *h, double seconds, Books *published)
{
  node_config      config = fake_board_config ();
  g_autofree node *n = g_new0 (node, 1);
  hal_status       status = node_init (n, h, &config);

  if (status == HAL_OK)
    {
      rest_sensors (n);
      fake_board_run (h, n, seconds);
    }
  books_take (published, h);
  return !h->flash.dead;
}

/* Power cut at every step of a boot and of two records; what was published is
 * there afterwards, once, and no number is given twice. */
static void
test_cut_every_step (void)
{
  hal                *first = board_with (NULL);
  Books               before = books_new ();
  g_autofree uint8_t *image = NULL;
  uint64_t            cut = 0;
  bool                failed = true;

  g_assert_true (live (first, 3.5, &before));
  image = g_memdup2 (first->cells, FAKE_FLASH_SIZE);
  fake_board_free (first);

  while (failed)
    {
      hal             *h = board_with (image);
      Books            published = books_new (), all = books_new ();
      g_autofree node *n = NULL;

      h->flash.cut_at = h->flash.steps + ++cut;
      h->flash.tear = (uint32_t) cut * 77;
      failed = !live (h, 2.5, &published);
      g_assert_cmpuint (published.again, ==, 0);

      fake_board_power_cycle (h);
      n = fake_board_start (h);
      rest_sensors (n);
      replay_all (h, n, &all);
      g_assert_cmpuint (all.again, ==, 0);
      books_within (&before, &all);
      books_within (&published, &all);

      books_free (&published);
      books_free (&all);
      fake_board_free (h);
    }
  g_test_message ("%" G_GUINT64_FORMAT " cuts", cut - 1);
  g_assert_cmpuint (cut, >, 100);
  books_free (&before);
}

/* The same flash, cut again and again at another step each time. */
static void
test_cut_in_a_row (void)
{
  hal             *h = board_with (NULL);
  Books            published = books_new (), all = books_new ();
  g_autofree node *n = NULL;

  for (uint64_t i = 1; i <= 50; i++)
    {
      h->flash.cut_at = h->flash.steps + 40 + i * 5;
      h->flash.tear = (uint32_t) i * 77;
      live (h, 10, &published);
      fake_board_power_cycle (h);
    }
  g_assert_cmpuint (published.again, ==, 0);

  n = fake_board_start (h);
  rest_sensors (n);
  replay_all (h, n, &all);
  g_assert_cmpuint (all.again, ==, 0);
  books_within (&published, &all);
  g_test_message ("%u records published, %u held",
                  g_hash_table_size (published.bytes),
                  g_hash_table_size (all.bytes));
  books_free (&published);
  books_free (&all);
  fake_board_free (h);
}

/* A wiped flash is a new ring: its first record is nobody else's. */
static void
test_wiped (void)
{
  hal  *h = board_with (NULL);
  Books b = books_new ();

  g_assert_true (live (h, 3, &b));
  memset (h->cells, 0, FAKE_FLASH_SIZE);
  fake_board_power_cycle (h);
  g_assert_true (live (h, 3, &b));
  g_assert_cmpuint (b.again, ==, 0);
  g_assert_cmpuint (g_hash_table_size (b.bytes), ==, 6);
  books_free (&b);
  fake_board_free (h);
}

/* What rots in flash is told as corrupt, and nothing else is missing. */
static void
test_corrupt (void)
{
  hal             *h = board_with (NULL);
  Books            b = books_new (), all = books_new ();
  g_autofree node *n = fake_board_start (h);
  node_ring_cursor cursor;
  node_ring_record record;
  g_autoptr (TwinRingReport) ring = NULL;

  fake_board_run (h, n, 8);
  books_take (&b, h);
  g_assert_true (node_ring_seek (&n->ring, 1, 4, &cursor));
  g_assert_true (node_ring_next (&n->ring, &cursor, &record));
  h->cells[record.at + 5] ^= 0x10;
  g_free (n);
  fake_board_power_cycle (h);

  n = fake_board_start (h);
  fake_board_run (h, n, 0.5);
  ring = console_ring (h, n);
  g_assert_cmpuint (ring->n_lost, ==, 1);
  g_assert_cmpuint (ring->lost[0].span.first, ==, 4);
  g_assert_cmpuint (ring->lost[0].span.last, ==, 4);
  g_assert_cmpint (ring->lost[0].cause, ==, TWIN_LOSS_CORRUPT);
  replay_all (h, n, &all);
  g_assert_cmpuint (g_hash_table_size (all.bytes) + 1, >=,
                    g_hash_table_size (b.bytes));
  books_free (&b);
  books_free (&all);
  fake_board_free (h);
}

/* A week without a broker, a record a minute, a power cut in between: then all
 * of it by replay while new records go on. */
static void
test_week (void)
{
  hal             *h = fake_board_new (1);
  Books            all = books_new ();
  g_autofree node *n = NULL;
  gint64           began = g_get_monotonic_time ();
  guint            expected = 2; /* boots */

  g_free (h->cells);
  h->cells = g_malloc0 (WEEK_FLASH);
  h->flash.cells = h->cells;
  h->flash.size = WEEK_FLASH;
  h->reachable = false;

  for (unsigned part = 0; part < 2; part++)
    {
      g_free (n);
      n = fake_board_start (h);
      rest_sensors (n);
      n->properties.summary_period_s = 60;
      fake_board_run (h, n, 3.5 * DAY_S);
      expected += 3.5 * DAY_S / 60;
      if (part == 0)
        fake_board_power_cycle (h);
    }

  h->reachable = true;
  fake_board_run (h, n, 6);
  replay_all (h, n, &all);
  g_test_message ("%u records of a week, %u extents, in %.1f s",
                  g_hash_table_size (all.bytes), n->ring.n_extents,
                  (double) (g_get_monotonic_time () - began) / 1e6);
  g_assert_cmpuint (all.again, ==, 0);
  g_assert_cmpuint (n->ring.n_extents, ==, 2);
  g_assert_cmpuint (n->ring.extents[0].first, ==, 0);
  g_assert_cmpuint (n->ring.extents[1].first, ==, 0);
  g_assert_cmpuint (g_hash_table_size (all.bytes), >=, expected);
  g_assert_cmpuint (g_hash_table_size (all.bytes), >=,
                    n->ring.extents[0].last + 1);
  books_free (&all);
  fake_board_free (h);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/ring/cut-every-step", test_cut_every_step);
  g_test_add_func ("/firmware/ring/cut-in-a-row", test_cut_in_a_row);
  g_test_add_func ("/firmware/ring/wiped", test_wiped);
  g_test_add_func ("/firmware/ring/corrupt", test_corrupt);
  g_test_add_func ("/firmware/ring/week", test_week);
  return g_test_run ();
}
