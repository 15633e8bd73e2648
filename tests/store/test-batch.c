/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "fixture.h"

static TwinStoreCounts
counts (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  TwinStoreCounts c = { 0 };

  twin_store_reader_get_counts (f->reader, NULL, &c, &error);
  g_assert_no_error (error);
  return c;
}

static void
give_loss (Fixture *f, int64_t first, int64_t last)
{
  g_autoptr (GError) error = NULL;
  const TwinStoreRange range = { .node = "n-0107",
                                 .ring = { 1, 2, 3, 4, 5, 6, 7, 8 },
                                 .epoch = 1,
                                 .first = first,
                                 .last = last,
                                 .cause = "overwritten" };

  twin_store_batch_loss (f->batch, &range, &error);
  g_assert_no_error (error);
}

static void
test_exactly_once (Fixture *f, const void *data)
{
  must_begin (f);
  g_assert_cmpint (give_record (f, 0, "a"), ==, TWIN_STORE_RECORD_NEW);
  g_assert_cmpint (give_record (f, 0, "a"), ==, TWIN_STORE_RECORD_DUPLICATE);
  g_assert_cmpint (give_record (f, 1, "b"), ==, TWIN_STORE_RECORD_NEW);
  must_commit (f);

  fixture_reopen (f);
  must_begin (f);
  g_assert_cmpint (give_record (f, 1, "b"), ==, TWIN_STORE_RECORD_DUPLICATE);
  g_assert_cmpint (give_record (f, 3, "d"), ==, TWIN_STORE_RECORD_NEW);
  must_commit (f);
  g_assert_cmpuint (counts (f).records, ==, 3);
  g_assert_cmpuint (counts (f).open_gaps, ==, 1);
  g_assert_cmpuint (counts (f).conflicts, ==, 0);
}

/* The same number with other bytes is kept, counted, and does not replace. */
static void
test_identity_conflict (Fixture *f, const void *data)
{
  must_begin (f);
  g_assert_cmpint (give_record (f, 5, "first"), ==, TWIN_STORE_RECORD_NEW);
  must_commit (f);
  must_begin (f);
  g_assert_cmpint (give_record (f, 5, "other"), ==, TWIN_STORE_RECORD_CONFLICT);
  g_assert_cmpint (give_record (f, 5, "other"), ==, TWIN_STORE_RECORD_CONFLICT);
  g_assert_cmpint (give_record (f, 5, "first"), ==,
                   TWIN_STORE_RECORD_DUPLICATE);
  must_commit (f);
  g_assert_cmpuint (counts (f).conflicts, ==, 1);
  g_assert_cmpuint (counts (f).records, ==, 1);
}

static void
test_ranges_join (Fixture *f, const void *data)
{
  static const uint64_t order[] = { 4, 0, 2, 1, 9, 3 };
  g_autoptr (GPtrArray) ranges = NULL;
  const TwinStoreRange *range;

  for (size_t i = 0; i < G_N_ELEMENTS (order); i++)
    {
      must_begin (f);
      give_record (f, order[i], "x");
      must_commit (f);
      if (i == 2)
        fixture_reopen (f);
    }

  ranges = twin_store_reader_list_received (f->reader, "n-0107", NULL);
  g_assert_cmpuint (ranges->len, ==, 2);
  range = g_ptr_array_index (ranges, 0);
  g_assert_cmpint (range->first, ==, 0);
  g_assert_cmpint (range->last, ==, 4);
  g_assert_cmpint (range->first_us, ==, T0);
  g_assert_cmpint (range->last_us, ==, T0 + 4 * SECOND);
  g_assert_cmpint (range->ring[7], ==, 8);
  range = g_ptr_array_index (ranges, 1);
  g_assert_cmpint (range->first, ==, 9);
}

static void
test_losses (Fixture *f, const void *data)
{
  g_autoptr (GPtrArray) losses = NULL;

  must_begin (f);
  give_record (f, 0, "x");
  give_record (f, 5, "x");
  give_record (f, 12, "x");
  give_loss (f, 0, 9);
  give_loss (f, 0, 9);
  must_commit (f);
  g_assert_cmpuint (counts (f).known_losses, ==, 8);
  g_assert_cmpuint (counts (f).open_gaps, ==, 2);

  /* One that was given up comes after all. */
  fixture_reopen (f);
  must_begin (f);
  g_assert_cmpint (give_record (f, 7, "x"), ==, TWIN_STORE_RECORD_NEW);
  give_loss (f, 0, 9);
  must_commit (f);
  g_assert_cmpuint (counts (f).known_losses, ==, 7);
  g_assert_cmpuint (counts (f).records, ==, 4);
  losses = twin_store_reader_list_losses (f->reader, NULL, NULL);
  g_assert_cmpuint (losses->len, ==, 3);
  g_assert_cmpint (((TwinStoreRange *) losses->pdata[1])->last, ==, 6);
  g_assert_cmpint (((TwinStoreRange *) losses->pdata[2])->first, ==, 8);
  g_assert_cmpstr (((TwinStoreRange *) losses->pdata[2])->cause, ==,
                   "overwritten");
}

/* What is rolled back never was, in the file and in memory; ids live on. */
static void
test_rollback (Fixture *f, const void *data)
{
  g_autoptr (TwinStoreHistory) history = NULL;
  uint32_t signal;

  must_begin (f);
  signal = speed_signal (f);
  give_record (f, 0, "x");
  give_loss (f, 3, 4);
  twin_store_batch_sample (f->batch, signal, T0, 1480, 0);
  twin_store_batch_rollback (f->batch);
  g_assert_cmpuint (counts (f).records, ==, 0);
  g_assert_cmpuint (counts (f).known_losses, ==, 0);

  must_begin (f);
  g_assert_cmpint (give_record (f, 0, "x"), ==, TWIN_STORE_RECORD_NEW);
  twin_store_batch_sample (f->batch, signal, T0, 1481, 0);
  g_assert_cmpuint (twin_store_batch_length (f->batch), ==, 2);
  must_commit (f);
  g_assert_cmpuint (speed_signal (f), ==, signal);

  history = read_speed (f, T0, T0 + SECOND, 0);
  g_assert_cmpuint (history->points->len, ==, 1);
  g_assert_cmpfloat (g_array_index (history->points, TwinStorePoint, 0).mean,
                     ==, 1481);
  g_assert_cmpstr (history->unit, ==, "1/min");
}

static void
test_signals_stay (Fixture *f, const void *data)
{
  TwinStoreSignal other = { .twin = "compressor-7-motor",
                            .path = "current",
                            .unit = "A",
                            .flags = TWIN_STORE_SIGNAL_UNDECLARED };
  uint32_t        speed, current;
  g_autoptr (GPtrArray) rows = NULL;

  must_begin (f);
  speed = speed_signal (f);
  current = twin_store_batch_signal (f->batch, &other);
  must_commit (f);

  fixture_reopen (f);
  g_assert_cmpuint (speed_signal (f), ==, speed);
  other.flags = 0;
  must_begin (f);
  g_assert_cmpuint (twin_store_batch_signal (f->batch, &other), ==, current);
  must_commit (f);

  rows = twin_store_reader_list_signals (f->reader, "compressor-7-motor", NULL);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (((TwinStoreSignal *) rows->pdata[0])->path, ==, "current");
  g_assert_cmpuint (((TwinStoreSignal *) rows->pdata[0])->flags, ==, 0);
}

static void
test_number_out_of_reach (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;
  const TwinStoreRecord record = { .node = "n-0107",
                                   .seq = UINT64_MAX,
                                   .channel = "telemetry",
                                   .bytes = "x",
                                   .n_bytes = 1 };

  must_begin (f);
  g_assert_cmpint (twin_store_batch_record (f->batch, &record, &error), ==,
                   TWIN_STORE_RECORD_ERROR);
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE);
  give_record (f, 1, "x");
  must_commit (f);
  g_assert_cmpuint (counts (f).records, ==, 1);
}

/* A full disk: told, undone as a whole, and the same goes in once there is
 * room. */
static void
test_disk_full (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;
  uint32_t signal;
  int64_t  pages = 0;
  uint64_t stored = 0, seq;

  must_begin (f);
  signal = speed_signal (f);
  must_commit (f);
  twin_store_db_get_int (&f->store->sql, NULL, &pages, "PRAGMA page_count", "");
  twin_store_limit_pages (f->store, pages + 40);

  for (seq = 0; error == NULL && seq < 100; seq++)
    {
      must_begin (f);
      give_record (f, seq, "x");
      for (int i = 0; i < 1000; i++)
        twin_store_batch_sample (f->batch, signal, T0 + seq * SECOND + i, i, 0);
      if (twin_store_batch_commit (f->batch, &error))
        stored++;
    }
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_FULL);
  g_assert_nonnull (strstr (error->message, "full"));
  g_assert_cmpuint (stored, >, 0);
  g_assert_cmpuint (counts (f).records, ==, stored);
  g_clear_error (&error);

  twin_store_limit_pages (f->store, 1000000);
  must_begin (f);
  g_assert_cmpint (give_record (f, seq - 1, "x"), ==, TWIN_STORE_RECORD_NEW);
  must_commit (f);
  g_assert_true (twin_store_check (f->store, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/batch/exactly-once", test_exactly_once);
  ADD ("/store/batch/identity-conflict", test_identity_conflict);
  ADD ("/store/batch/ranges-join", test_ranges_join);
  ADD ("/store/batch/losses", test_losses);
  ADD ("/store/batch/rollback", test_rollback);
  ADD ("/store/batch/signals-stay", test_signals_stay);
  ADD ("/store/batch/number-out-of-reach", test_number_out_of_reach);
  ADD ("/store/batch/disk-full", test_disk_full);
  return g_test_run ();
}
