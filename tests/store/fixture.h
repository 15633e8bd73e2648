/* SPDX-License-Identifier: Apache-2.0 */
/* fixture.h - a store in a folder of its own, gone after the test */
#pragma once

#include <glib/gstdio.h>

#include "twin-store-batch-private.h"
#include "twin-store-history.h"
#include "twin-store-private.h"

#define T0 INT64_C (1795600800000000) /* 2026-11-25T10:00:00Z */
#define SECOND TWIN_US_PER_S

typedef struct
{
  char            *folder;
  char            *path;
  TwinStore       *store;
  TwinStoreBatch  *batch;
  TwinStoreReader *reader;
} Fixture;

static inline void
fixture_reopen (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&f->reader, twin_store_reader_close);
  g_clear_pointer (&f->batch, twin_store_batch_free);
  g_clear_pointer (&f->store, twin_store_close);

  f->store = twin_store_open (f->path, TWIN_STORE_ENGINE, &error);
  g_assert_no_error (error);
  f->batch = twin_store_batch_new (f->store, &error);
  g_assert_no_error (error);
  f->reader = twin_store_reader_open (f->path, &error);
  g_assert_no_error (error);
}

static inline void
fixture_make_folder (Fixture *f)
{
  f->folder = g_dir_make_tmp ("twin-store-XXXXXX", NULL);
  g_assert_nonnull (f->folder);
  f->path = g_build_filename (f->folder, "plant.db", NULL);
}

static inline void
fixture_set_up (Fixture *f, const void *data)
{
  fixture_make_folder (f);
  fixture_reopen (f);
}

static inline void
fixture_tear_down (Fixture *f, const void *data)
{
  GDir       *dir;
  const char *name;

  g_clear_pointer (&f->reader, twin_store_reader_close);
  g_clear_pointer (&f->batch, twin_store_batch_free);
  g_clear_pointer (&f->store, twin_store_close);

  dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_remove (path);
    }
  g_dir_close (dir);
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->path);
}

#define ADD(path, func)                                                        \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static inline void
must_begin (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  twin_store_batch_begin (f->batch, &error);
  g_assert_no_error (error);
}

static inline void
must_commit (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  twin_store_batch_commit (f->batch, &error);
  g_assert_no_error (error);
}

static inline void
must_seal (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  twin_store_batch_seal (f->batch, &error);
  g_assert_no_error (error);
}

/* Record @seq of epoch 1 with @text as its payload, one second a number. */
static inline TwinStoreRecordResult
give_record (Fixture *f, uint64_t seq, const char *text)
{
  g_autoptr (GError) error = NULL;
  const TwinStoreRecord record = {
    .node = "n-0107",
    .ring = { 1, 2, 3, 4, 5, 6, 7, 8 },
    .epoch = 1,
    .seq = seq,
    .channel = "telemetry",
    .bytes = text,
    .n_bytes = strlen (text),
    .source_us = T0 + (int64_t) seq * SECOND,
    .arrival_us = T0 + (int64_t) seq * SECOND + 100000,
  };
  TwinStoreRecordResult result =
      twin_store_batch_record (f->batch, &record, &error);

  g_assert_no_error (error);
  return result;
}

static inline uint32_t
speed_signal (Fixture *f)
{
  const TwinStoreSignal signal = { .twin = "compressor-7-motor",
                                   .path = "shaftSpeed",
                                   .unit = "1/min",
                                   .node = "n-0107" };

  return twin_store_batch_signal (f->batch, &signal);
}

static inline TwinStoreHistory *
read_speed (Fixture *f, int64_t from_us, int64_t to_us, int64_t step_us)
{
  g_autoptr (GError) error = NULL;
  const TwinStoreHistoryQuery query = { .twin = "compressor-7-motor",
                                        .path = "shaftSpeed",
                                        .from_us = from_us,
                                        .to_us = to_us,
                                        .step_us = step_us };
  TwinStoreHistory           *history =
      twin_store_reader_get_history (f->reader, &query, &error);

  g_assert_no_error (error);
  return history;
}
