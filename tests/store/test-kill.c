/* SPDX-License-Identifier: Apache-2.0 */
/* kill -9 in the middle of batches: what was reported as committed is there
 * once, what was not may be sent again, and nothing is half there. */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "twin-store-changes.h"
#include "twin-store-graph.h"
#include "twin-store-log.h"

enum
{
  ROUNDS = 10,
  A_BATCH = 20,
};

/* Commits batch after batch and tells each through @fd, until it is killed. */
static void
work (const char *path, uint64_t seq, int fd)
{
  Fixture f = { .path = (char *) path };

  fixture_reopen (&f);
  for (;;)
    {
      must_begin (&f);
      for (int i = 0; i < A_BATCH; i++, seq++)
        {
          give_record (&f, seq, "payload");
          twin_store_batch_sample (f.batch, speed_signal (&f),
                                   T0 + seq * SECOND, seq, 0);
        }
      must_commit (&f);
      if (seq % (8 * A_BATCH) == 0)
        must_seal (&f);
      if (write (fd, &seq, sizeof seq) != sizeof seq)
        _exit (1);
    }
}

/* Lets a child work until some batches are told, kills it anywhere in the
 * next ones; returns the last number told as committed. */
static uint64_t
work_and_die (const char *path, uint64_t seq)
{
  const int batches = g_test_rand_int_range (1, 12);
  int       ends[2];
  pid_t     child;
  int       status;
  uint64_t  told = seq, next;

  g_assert_cmpint (pipe (ends), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      close (ends[0]);
      work (path, seq, ends[1]);
    }

  close (ends[1]);
  for (int i = 0; i < batches; i++)
    {
      g_assert_cmpint (read (ends[0], &next, sizeof next), ==, sizeof next);
      told = next;
    }
  g_usleep (g_test_rand_int_range (0, 3000));
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  while (read (ends[0], &next, sizeof next) == sizeof next)
    told = next;
  close (ends[0]);
  return told;
}

static void
test_kill (Fixture *f, const void *data)
{
  uint64_t told = 0;

  for (int round = 0; round < ROUNDS; round++)
    {
      g_autoptr (TwinStoreHistory) history = NULL;
      g_autoptr (TwinStoreHistory) minutes = NULL;
      g_autoptr (GPtrArray) ranges = NULL;
      g_autoptr (GError) error = NULL;
      TwinStoreCounts counts;
      uint64_t        sum = 0;

      g_clear_pointer (&f->reader, twin_store_reader_close);
      g_clear_pointer (&f->batch, twin_store_batch_free);
      g_clear_pointer (&f->store, twin_store_close);
      told = work_and_die (f->path, told);

      fixture_reopen (f);
      g_assert_true (twin_store_check (f->store, &error));
      twin_store_reader_get_counts (f->reader, NULL, &counts, &error);
      g_assert_no_error (error);
      /* the last batch may be committed and not told */
      g_assert_cmpuint (counts.records, >=, told);
      g_assert_cmpuint (counts.records, <=, told + A_BATCH);
      g_assert_cmpuint (counts.records % A_BATCH, ==, 0);
      g_assert_cmpuint (counts.open_gaps, ==, 0);
      g_assert_cmpuint (counts.conflicts, ==, 0);

      /* a sample a record, whether sealed or not, in every tier */
      history = read_speed (f, T0, T0 + 1000000 * SECOND, 0);
      g_assert_cmpuint (history->points->len, ==, counts.records);
      minutes = read_speed (f, T0, T0 + 1000000 * SECOND, 60 * SECOND);
      for (guint i = 0; i < minutes->points->len; i++)
        sum += g_array_index (minutes->points, TwinStorePoint, i).count;
      g_assert_cmpuint (sum, ==, counts.records);

      /* replay from a little before: all known ones are duplicates */
      must_begin (f);
      for (uint64_t seq = MAX (told, 5) - 5; seq < counts.records; seq++)
        g_assert_cmpint (give_record (f, seq, "payload"), ==,
                         TWIN_STORE_RECORD_DUPLICATE);
      must_commit (f);
      told = counts.records;
    }
  g_test_message ("%" G_GUINT64_FORMAT " records over %d kills", told, ROUNDS);
}

/* An engine that begins the next batch as soon as the last one is committed
 * leaves no gap for luck: an editor still gets its turn after one batch. */
static void
work_without_pause (const char *path, int fd)
{
  Fixture  f = { .path = (char *) path };
  uint64_t seq = 0;

  fixture_reopen (&f);
  for (;;)
    {
      must_begin (&f);
      give_record (&f, seq++, "payload");
      if (seq == 3 && write (fd, "x", 1) != 1)
        _exit (1);
      g_usleep (100 * 1000); /* the batch fills */
      must_commit (&f);
    }
}

static void
test_editor_gets_its_turn (Fixture *f, const void *data)
{
  const TwinStoreRequest ask = { .kind = "acknowledge", .time_us = T0 };
  g_autoptr (TwinStore) editor = NULL;
  g_autoptr (GError) error = NULL;
  int64_t begin_us;
  pid_t   child;
  int     ends[2];
  char    ready;

  g_clear_pointer (&f->reader, twin_store_reader_close);
  g_clear_pointer (&f->batch, twin_store_batch_free);
  g_clear_pointer (&f->store, twin_store_close);
  g_assert_cmpint (pipe (ends), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      /* not to outlive a test that fails */
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      work_without_pause (f->path, ends[1]);
    }
  g_assert_cmpint (read (ends[0], &ready, 1), ==, 1);

  editor = twin_store_open (f->path, TWIN_STORE_EDITOR, &error);
  g_assert_no_error (error);
  begin_us = twin_clock_monotonic_us ();
  for (int i = 0; i < 10; i++)
    {
      twin_store_post_request (editor, &ask, NULL, &error);
      g_assert_no_error (error);
    }
  g_test_message ("10 requests in %.2f s",
                  (twin_clock_monotonic_us () - begin_us) / 1e6);
  /* a batch each, and room for a loaded machine */
  g_assert_cmpint (twin_clock_monotonic_us () - begin_us, <, 4 * SECOND);

  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  close (ends[0]);
  close (ends[1]);
}

/* --- edits of the graph
 * ------------------------------------------------------------------ */

/* Edit k gives A_BATCH twins the value k. */
static void
edit_and_tell (const char *path, int64_t k, int fd)
{
  g_autoptr (TwinStore) store = twin_store_open (path, TWIN_STORE_EDITOR, NULL);

  for (;; k++)
    {
      g_autofree char *props = g_strdup_printf ("{\"v\":%d}", (int) k);

      g_assert_true (twin_store_begin (store, NULL));
      g_assert_true (
          twin_store_begin_change (store, "anna", "edit", props, T0, NULL));
      for (int i = 0; i < A_BATCH; i++)
        {
          g_autofree char    *id = g_strdup_printf ("t%d", i);
          const TwinStoreTwin row = { .id = id,
                                      .model = "dtmi:a:Pump;1",
                                      .lifecycle = "in service",
                                      .props = props };

          g_assert_true (twin_store_put_twin (store, &row, NULL, NULL));
        }
      g_assert_true (twin_store_commit (store, NULL));
      if (write (fd, &k, sizeof k) != sizeof k)
        _exit (1);
    }
}

static int64_t
count (Fixture *f, const char *sql)
{
  int64_t n = -1;

  g_assert_true (twin_store_db_get_int (&f->store->sql, NULL, &n, sql, ""));
  return n;
}

static void
test_edits (Fixture *f, const void *data)
{
  int64_t told = 0;

  for (int round = 0; round < ROUNDS; round++)
    {
      const int edits = g_test_rand_int_range (1, 6);
      int64_t   k, changes;
      int       ends[2];
      pid_t     child;

      g_assert_cmpint (pipe (ends), ==, 0);
      child = fork ();
      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        {
          prctl (PR_SET_PDEATHSIG, SIGKILL);
          edit_and_tell (f->path, told + 1, ends[1]);
        }
      close (ends[1]);
      for (int i = 0; i < edits; i++)
        g_assert_cmpint (read (ends[0], &told, sizeof told), ==, sizeof told);
      g_usleep (g_test_rand_int_range (0, 2000));
      kill (child, SIGKILL);
      g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
      while (read (ends[0], &k, sizeof k) == sizeof k)
        told = k;
      close (ends[0]);

      /* The last edit may be committed and not told; each is whole: its twins,
       * their versions before, and its entry in the journal. */
      changes = count (f, "SELECT count (*) FROM change");
      g_assert_cmpint (changes, >=, told);
      g_assert_cmpint (changes, <=, told + 1);
      told = changes;
      g_assert_cmpint (count (f, "SELECT count (*) FROM twin"), ==, A_BATCH);
      g_assert_cmpint (count (f, "SELECT count (*) FROM twin, change"
                                 " WHERE twin.change = change.id"
                                 " AND props = text AND updated_us = time_us"
                                 " AND change.id ="
                                 " (SELECT max (id) FROM change)"),
                       ==, A_BATCH);
      g_assert_cmpint (count (f, "SELECT count (*) FROM twin_past"), ==,
                       (told - 1) * A_BATCH);
      g_assert_cmpint (count (f, "SELECT count (*) FROM twin_past, change"
                                 " WHERE ended = change.id"
                                 " AND ended_us = time_us"),
                       ==, (told - 1) * A_BATCH);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/kill/exactly-once", test_kill);
  ADD ("/store/kill/editor-gets-its-turn", test_editor_gets_its_turn);
  ADD ("/store/kill/edits", test_edits);
  return g_test_run ();
}
