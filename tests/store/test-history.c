/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "fixture.h"

static const TwinStorePoint *
point (const TwinStoreHistory *history, guint i)
{
  g_assert_cmpuint (i, <, history->points->len);
  return &g_array_index (history->points, TwinStorePoint, i);
}

static const TwinStoreGap *
gap (const TwinStoreHistory *history, guint i)
{
  g_assert_cmpuint (i, <, history->gaps->len);
  return &g_array_index (history->gaps, TwinStoreGap, i);
}

/* Every tier against the same statistics made from the samples themselves,
 * which came in any order, in batches sealed at any moment. */
static void
check_tier (Fixture      *f,
            const double *values,
            size_t        n,
            int64_t       spacing_us,
            int64_t       step_us)
{
  g_autoptr (TwinStoreHistory) history =
      read_speed (f, T0, T0 + (int64_t) n * spacing_us, step_us);
  const size_t a_step = step_us / spacing_us;
  size_t       seen = 0;

  g_assert_cmpuint (history->points->len, ==, n / a_step);
  for (guint p = 0; p < history->points->len; p++)
    {
      const TwinStorePoint *is = point (history, p);
      double                min = INFINITY, max = -INFINITY, sum = 0;

      for (size_t i = p * a_step; i < (p + 1) * a_step; i++)
        {
          min = MIN (min, values[i]);
          max = MAX (max, values[i]);
          sum += values[i];
          seen++;
        }
      g_assert_cmpint (is->time_us, ==, T0 + (int64_t) p * step_us);
      g_assert_cmpfloat (is->min, ==, min);
      g_assert_cmpfloat (is->max, ==, max);
      g_assert_cmpfloat_with_epsilon (is->mean, sum / a_step, 1e-9);
      g_assert_cmpuint (is->count, ==, a_step);
    }
  g_assert_cmpuint (seen, ==, n);
}

static void
test_rollups_equal_samples (Fixture *f, const void *data)
{
  enum
  {
    N = 4 * 3600 / 5 /* four hours, a sample each 5 s */
  };
  g_autofree double *values = g_new (double, N);
  g_autofree guint  *order = g_new (guint, N);
  uint32_t           signal;
  guint              done = 0;

  for (guint i = 0; i < N; i++)
    {
      values[i] = g_test_rand_double_range (0, 3000);
      order[i] = i;
    }
  for (guint i = N - 1; i > 0; i--)
    {
      const guint k = g_test_rand_int_range (0, i + 1);
      const guint kept = order[i];

      order[i] = order[k];
      order[k] = kept;
    }

  must_begin (f);
  signal = speed_signal (f);
  must_commit (f);
  while (done < N)
    {
      const guint wanted = g_test_rand_int_range (1, 200);
      const guint some = MIN (N - done, wanted);

      must_begin (f);
      for (guint i = 0; i < some; i++, done++)
        twin_store_batch_sample (f->batch, signal,
                                 T0 + order[done] * 5 * SECOND,
                                 values[order[done]], 0);
      must_commit (f);
      if (g_test_rand_int_range (0, 3) == 0)
        must_seal (f);
      if (g_test_rand_int_range (0, 20) == 0)
        fixture_reopen (f);
    }

  check_tier (f, values, N, 5 * SECOND, 5 * SECOND);
  check_tier (f, values, N, 5 * SECOND, 10 * SECOND);
  check_tier (f, values, N, 5 * SECOND, 60 * SECOND);
  check_tier (f, values, N, 5 * SECOND, 300 * SECOND);
  check_tier (f, values, N, 5 * SECOND, 3600 * SECOND);
  must_seal (f);
  check_tier (f, values, N, 5 * SECOND, 5 * SECOND);
  check_tier (f, values, N, 5 * SECOND, 60 * SECOND);
  check_tier (f, values, N, 5 * SECOND, 7200 * SECOND);
  g_assert_true (twin_store_check (f->store, NULL));
}

/* The same steps, in order: what a plant does all day. */
static void
test_in_order (Fixture *f, const void *data)
{
  enum
  {
    N = 2400
  };
  g_autofree double *values = g_new (double, N);
  int64_t            chunks = 0;

  for (guint i = 0; i < N; i++)
    values[i] = 1480 + i % 7;
  for (guint i = 0; i < N;)
    {
      must_begin (f);
      for (guint k = 0; k < 100; k++, i++)
        twin_store_batch_sample (f->batch, speed_signal (f), T0 + i * SECOND,
                                 values[i], 0);
      must_commit (f);
      must_seal (f);
    }

  check_tier (f, values, N, SECOND, SECOND);
  check_tier (f, values, N, SECOND, 60 * SECOND);
  twin_store_db_get_int (&f->store->sql, NULL, &chunks,
                         "SELECT count (*) FROM sample_chunk", "");
  g_assert_cmpint (chunks, ==, (N + 511) / 512);
}

static void
test_raw_and_flags (Fixture *f, const void *data)
{
  g_autoptr (TwinStoreHistory) history = NULL;
  uint32_t signal;

  must_begin (f);
  signal = speed_signal (f);
  twin_store_batch_sample (f->batch, signal, T0 + 1, 5, 0);
  twin_store_batch_sample (f->batch, signal, T0 + 1, 6,
                           TWIN_STORE_SAMPLE_UNCERTAIN);
  twin_store_batch_sample (f->batch, signal, T0 + 3, NAN,
                           TWIN_STORE_SAMPLE_BAD);
  twin_store_batch_sample (f->batch, signal, T0 + 9, 7, 0);
  must_commit (f);

  for (int sealed = 0; sealed < 2; sealed++)
    {
      g_clear_pointer (&history, twin_store_history_free);
      history = read_speed (f, T0, T0 + 10, 0);
      g_assert_cmpuint (history->points->len, ==, 3);
      g_assert_cmpfloat (point (history, 1)->mean, ==, 6);
      g_assert_cmpuint (point (history, 1)->flags, ==,
                        TWIN_STORE_SAMPLE_UNCERTAIN);
      g_assert_cmpuint (history->gaps->len, ==, 1);
      g_assert_cmpint (gap (history, 0)->cause, ==, TWIN_STORE_GAP_BAD);
      g_assert_cmpint (gap (history, 0)->from_us, ==, T0 + 1);
      g_assert_cmpint (gap (history, 0)->to_us, ==, T0 + 9);
      must_seal (f);
    }

  /* Half-open: the end is not part of it. */
  g_clear_pointer (&history, twin_store_history_free);
  history = read_speed (f, T0 + 1, T0 + 9, 0);
  g_assert_cmpuint (history->points->len, ==, 2);
}

static void
test_limit (Fixture *f, const void *data)
{
  TwinStoreHistoryQuery query = { .twin = "compressor-7-motor",
                                  .path = "shaftSpeed",
                                  .from_us = T0,
                                  .to_us = T0 + 1000,
                                  .limit = 10 };
  g_autoptr (TwinStoreHistory) history = NULL;
  g_autoptr (GError) error = NULL;

  must_begin (f);
  for (int i = 0; i < 100; i++)
    twin_store_batch_sample (f->batch, speed_signal (f), T0 + i, i, 0);
  must_commit (f);
  history = twin_store_reader_get_history (f->reader, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (history->points->len, ==, 10);
  g_assert_true (history->truncated);

  query.path = "nothing";
  g_assert_null (twin_store_reader_get_history (f->reader, &query, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND);
}

static void
give_both (Fixture *f, uint64_t seq)
{
  give_record (f, seq, "x");
  twin_store_batch_sample (f->batch, speed_signal (f), T0 + seq * SECOND, 1, 0);
}

/* Records 0-9, 15-19 and 40-49 are here; 10-14 the ring no longer holds,
 * 20-39 may still come. */
static void
test_gaps (Fixture *f, const void *data)
{
  g_autoptr (TwinStoreHistory) history = NULL;
  g_autoptr (GError) error = NULL;
  const TwinStoreRange        range = { .node = "n-0107",
                                        .ring = { 1, 2, 3, 4, 5, 6, 7, 8 },
                                        .epoch = 1,
                                        .first = 10,
                                        .last = 14,
                                        .cause = "overwritten" };
  const TwinStoreHistoryQuery query = { .twin = "compressor-7-motor",
                                        .path = "shaftSpeed",
                                        .from_us = T0,
                                        .to_us = T0 + 80 * SECOND,
                                        .silence_us = 8 * SECOND };

  must_begin (f);
  for (int i = 0; i < 50; i++)
    if (i < 10 || (i >= 15 && i < 20) || i >= 40)
      give_both (f, i);
  twin_store_batch_loss (f->batch, &range, &error);
  g_assert_no_error (error);
  must_commit (f);

  history = twin_store_reader_get_history (f->reader, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (history->points->len, ==, 25);
  g_assert_cmpuint (history->gaps->len, ==, 3);

  g_assert_cmpint (gap (history, 0)->cause, ==, TWIN_STORE_GAP_LOST);
  g_assert_cmpstr (gap (history, 0)->detail, ==, "overwritten");
  g_assert_cmpint (gap (history, 0)->from_us, ==, T0 + 9 * SECOND);
  g_assert_cmpint (gap (history, 0)->to_us, ==, T0 + 15 * SECOND);

  g_assert_cmpint (gap (history, 1)->cause, ==, TWIN_STORE_GAP_OPEN);
  g_assert_cmpint (gap (history, 1)->from_us, ==, T0 + 19 * SECOND);
  g_assert_cmpint (gap (history, 1)->to_us, ==, T0 + 40 * SECOND);

  g_assert_cmpint (gap (history, 2)->cause, ==, TWIN_STORE_GAP_SILENCE);
  g_assert_cmpint (gap (history, 2)->from_us, ==, T0 + 49 * SECOND);
  g_assert_cmpint (gap (history, 2)->to_us, ==, T0 + 80 * SECOND);
}

static void
note_latest (const TwinStoreLatest *latest, void *data)
{
  GString         *text = data;
  g_autofree char *value = latest->text != NULL
                               ? g_strdup (latest->text)
                               : g_strdup_printf ("%g", latest->value);

  g_string_append_printf (text, "%s=%s@%d ", latest->signal.path, value,
                          (int) (latest->time_us - T0));
}

static void
test_latest (Fixture *f, const void *data)
{
  const TwinStoreSignal mode = { .twin = "compressor-7", .path = "mode" };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  uint32_t speed, words;

  must_begin (f);
  speed = speed_signal (f);
  words = twin_store_batch_signal (f->batch, &mode);
  twin_store_batch_sample (f->batch, speed, T0 + 50, 50, 0);
  twin_store_batch_text (f->batch, words, T0 + 1, "running");
  twin_store_batch_text (f->batch, words, T0 + 2, "standby");
  must_commit (f);
  must_seal (f);
  must_begin (f);
  twin_store_batch_sample (f->batch, speed, T0 + 40, 40, 0);
  must_commit (f);

  twin_store_reader_foreach_latest (f->reader, note_latest, text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==, "mode=standby@2 shaftSpeed=50@50 ");

  must_seal (f);
  must_begin (f);
  twin_store_batch_sample (f->batch, speed, T0 + 60, 60, 0);
  must_commit (f);
  g_string_truncate (text, 0);
  twin_store_reader_foreach_latest (f->reader, note_latest, text, &error);
  g_assert_cmpstr (text->str, ==, "mode=standby@2 shaftSpeed=60@60 ");
}

static void
test_texts (Fixture *f, const void *data)
{
  const TwinStoreHistoryQuery query = { .twin = "compressor-7-motor",
                                        .path = "shaftSpeed",
                                        .from_us = T0,
                                        .to_us = T0 + 2 };
  g_autoptr (GArray) texts = NULL;

  must_begin (f);
  for (int i = 0; i < 3; i++)
    twin_store_batch_text (f->batch, speed_signal (f), T0 + i, "on");
  must_commit (f);
  texts = twin_store_reader_get_texts (f->reader, &query, NULL);
  g_assert_cmpuint (texts->len, ==, 2);
  g_assert_cmpstr (g_array_index (texts, TwinStoreText, 1).text, ==, "on");
}

/* Samples outlive their tier: then the minutes answer, then the hours. */
static void
test_retention (Fixture *f, const void *data)
{
  enum
  {
    HOURS = 72
  };
  const int64_t            day = 86400 * SECOND;
  const int64_t            now = T0 + 3 * day;
  const TwinStoreRetention keep = {
    .samples_days = 1, .minutes_days = 2, .live_waveforms = 8, .digests = 10
  };
  g_autoptr (TwinStoreHistory) history = NULL;
  g_autoptr (GError) error = NULL;
  gboolean more = TRUE;
  int64_t  chunks = 0, digests = 0;

  must_begin (f);
  for (int i = 0; i < HOURS * 4; i++)
    {
      give_record (f, i, "x");
      twin_store_batch_sample (f->batch, speed_signal (f),
                               T0 + i * 900 * SECOND, i, 0);
      twin_store_batch_sample (f->batch, speed_signal (f),
                               T0 + i * 900 * SECOND + 5, i + 2, 0);
    }
  must_commit (f);
  must_seal (f);

  twin_store_set_retention (f->store, &keep, &error);
  g_assert_no_error (error);
  while (more)
    {
      twin_store_expire (f->store, now, &more, &error);
      g_assert_no_error (error);
    }
  twin_store_db_get_int (&f->store->sql, NULL, &chunks,
                         "SELECT count (*) FROM sample_chunk WHERE t1 < ?", "i",
                         now - day);
  g_assert_cmpint (chunks, ==, 0);
  twin_store_db_get_int (&f->store->sql, NULL, &digests,
                         "SELECT count (*) FROM record", "");
  g_assert_cmpint (digests, ==, 10);

  history = read_speed (f, T0, now, 0);
  /* a day of hours, a day of quarter hours, a day of pairs of samples */
  g_assert_cmpuint (history->points->len, ==, 24 + 24 * 4 + 24 * 4 * 2);
  g_assert_cmpuint (point (history, 0)->count, ==, 8);
  g_assert_cmpfloat (point (history, 0)->mean, ==, 2.5);
  g_assert_cmpuint (point (history, 24)->count, ==, 2);
  g_assert_cmpuint (point (history, 24 + 96)->count, ==, 1);

  /* A number whose digest is gone is still known as received. */
  must_begin (f);
  g_assert_cmpint (give_record (f, 0, "?"), ==, TWIN_STORE_RECORD_DUPLICATE);
  must_commit (f);
}

/* A day across chunks that late data overlap. */
static void
test_late_overlap (Fixture *f, const void *data)
{
  g_autoptr (TwinStoreHistory) history = NULL;

  must_begin (f);
  for (int i = 0; i < 1000; i += 2)
    twin_store_batch_sample (f->batch, speed_signal (f), T0 + i, i, 0);
  must_commit (f);
  must_seal (f);
  must_begin (f);
  for (int i = 1; i < 1000; i += 2)
    twin_store_batch_sample (f->batch, speed_signal (f), T0 + i, i, 0);
  must_commit (f);
  must_seal (f);

  history = read_speed (f, T0 + 100, T0 + 900, 0);
  g_assert_cmpuint (history->points->len, ==, 800);
  for (guint i = 0; i < 800; i++)
    g_assert_cmpfloat (point (history, i)->mean, ==, 100 + i);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/history/rollups-equal-samples", test_rollups_equal_samples);
  ADD ("/store/history/in-order", test_in_order);
  ADD ("/store/history/raw-and-flags", test_raw_and_flags);
  ADD ("/store/history/limit", test_limit);
  ADD ("/store/history/gaps", test_gaps);
  ADD ("/store/history/latest", test_latest);
  ADD ("/store/history/texts", test_texts);
  ADD ("/store/history/retention", test_retention);
  ADD ("/store/history/late-overlap", test_late_overlap);
  return g_test_run ();
}
