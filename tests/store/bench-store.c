/* SPDX-License-Identifier: Apache-2.0 */
/* What the store costs beside one prepared INSERT a sample: both WAL, FULL,
 * the same samples in batches of 10,000 rows. Not a test; run by hand:
 *   bench-store [SIGNALS [MINUTES]]
 * One sample a signal and second, ten signals a record, values of a sensor
 * with noise (binary32, as nodes send them).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "fixture.h"
#include "twin-store-graph.h"

enum
{
  A_RECORD = 10,
  A_BATCH = 10000,
};

static double
value_of (int signal, int second)
{
  const double noise =
      (double) ((signal * 2654435761u + second * 40503u) % 1021) / 1021;

  return (float) (60 + signal % 40 + 5 * sin (second / 600.0 + signal) +
                  0.2 * noise);
}

static double
seconds_since (int64_t begin_us)
{
  return (double) (twin_clock_monotonic_us () - begin_us) / TWIN_US_PER_S;
}

/* --- the yardstick
 * ------------------------------------------------------------ */

static sqlite3 *
plain_open (const char *path)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_exec (db,
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                "CREATE TABLE sample (signal INTEGER, time INTEGER,"
                " value REAL, PRIMARY KEY (signal, time)) WITHOUT ROWID",
                NULL, NULL, NULL);
  return db;
}

static double
plain_append (sqlite3 *db, int signals, int seconds)
{
  const int64_t begin_us = twin_clock_monotonic_us ();
  sqlite3_stmt *insert;
  int           rows = 0;

  sqlite3_prepare_v2 (db, "INSERT INTO sample VALUES (?, ?, ?)", -1, &insert,
                      NULL);
  sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  for (int second = 0; second < seconds; second++)
    for (int signal = 1; signal <= signals; signal++)
      {
        sqlite3_bind_int (insert, 1, signal);
        sqlite3_bind_int64 (insert, 2, T0 + second * SECOND);
        sqlite3_bind_double (insert, 3, value_of (signal, second));
        g_assert_cmpint (sqlite3_step (insert), ==, SQLITE_DONE);
        sqlite3_reset (insert);
        if (++rows % A_BATCH == 0)
          sqlite3_exec (db, "COMMIT; BEGIN IMMEDIATE", NULL, NULL, NULL);
      }
  sqlite3_exec (db, "COMMIT", NULL, NULL, NULL);
  sqlite3_finalize (insert);
  return seconds_since (begin_us);
}

static double
plain_read (sqlite3 *db, int signal, int seconds, double *checksum)
{
  const int64_t begin_us = twin_clock_monotonic_us ();
  sqlite3_stmt *select;

  sqlite3_prepare_v2 (db,
                      "SELECT time / 60000000, min (value), avg (value),"
                      " max (value), count (*) FROM sample WHERE signal = ?"
                      " AND time >= ? AND time < ? GROUP BY 1 ORDER BY 1",
                      -1, &select, NULL);
  sqlite3_bind_int (select, 1, signal);
  sqlite3_bind_int64 (select, 2, T0);
  sqlite3_bind_int64 (select, 3, T0 + seconds * SECOND);
  while (sqlite3_step (select) == SQLITE_ROW)
    *checksum += sqlite3_column_double (select, 2);
  sqlite3_finalize (select);
  return seconds_since (begin_us);
}

/* --- ours
 * ----------------------------------------------------------------------- */

static double longest_commit_s;

static void
timed_commit (Fixture *f)
{
  const int64_t begin_us = twin_clock_monotonic_us ();

  must_commit (f);
  longest_commit_s = MAX (longest_commit_s, seconds_since (begin_us));
}

static void
give_second (Fixture *f, const uint32_t *ids, int signals, int second)
{
  g_autoptr (GError) error = NULL;

  for (int signal = 0; signal < signals; signal++)
    {
      if (signal % A_RECORD == 0)
        {
          g_autofree char *node = g_strdup_printf ("n-%05d", signal / A_RECORD);
          char             payload[200] = "";
          const TwinStoreRecord record = {
            .node = node,
            .ring = { 1 },
            .epoch = 1,
            .seq = second,
            .channel = "telemetry",
            .bytes = payload,
            .n_bytes = sizeof payload,
            .source_us = T0 + second * SECOND,
            .arrival_us = T0 + second * SECOND,
          };

          if (twin_store_batch_length (f->batch) >= A_BATCH)
            {
              timed_commit (f);
              must_begin (f);
            }
          g_assert_cmpint (twin_store_batch_record (f->batch, &record, &error),
                           ==, TWIN_STORE_RECORD_NEW);
        }
      twin_store_batch_sample (f->batch, ids[signal], T0 + second * SECOND,
                               value_of (signal + 1, second), 0);
    }
}

static double
our_append (Fixture *f, int signals, int seconds)
{
  g_autofree uint32_t *ids = g_new (uint32_t, signals);
  int64_t              begin_us;

  for (int i = 0; i < signals; i++)
    {
      g_autofree char      *twin = g_strdup_printf ("machine-%d", i);
      const TwinStoreSignal signal = { .twin = twin, .path = "value" };

      ids[i] = twin_store_batch_signal (f->batch, &signal);
    }

  begin_us = twin_clock_monotonic_us ();
  must_begin (f);
  for (int second = 0; second < seconds; second++)
    give_second (f, ids, signals, second);
  must_commit (f);
  must_seal (f);
  return seconds_since (begin_us);
}

static double
our_read (Fixture *f, int signal, int seconds, double *checksum)
{
  g_autofree char            *twin = g_strdup_printf ("machine-%d", signal - 1);
  const TwinStoreHistoryQuery query = { .twin = twin,
                                        .path = "value",
                                        .from_us = T0,
                                        .to_us = T0 + seconds * SECOND,
                                        .step_us = 60 * SECOND };
  const int64_t               begin_us = twin_clock_monotonic_us ();
  g_autoptr (TwinStoreHistory) history =
      twin_store_reader_get_history (f->reader, &query, NULL);

  for (guint i = 0; i < history->points->len; i++)
    *checksum += g_array_index (history->points, TwinStorePoint, i).mean;
  return seconds_since (begin_us);
}

/* --- a graph
 * ---------------------------------------------------------------------- */

static double
plain_import (sqlite3 *db, int n)
{
  const int64_t begin_us = twin_clock_monotonic_us ();
  sqlite3_stmt *insert;

  sqlite3_exec (db,
                "CREATE TABLE twin (id TEXT NOT NULL UNIQUE, model TEXT,"
                " display_name TEXT, lifecycle TEXT, props TEXT, etag TEXT,"
                " created_us INTEGER, updated_us INTEGER);"
                "CREATE INDEX twin_by_model ON twin (model, id);"
                "BEGIN IMMEDIATE",
                NULL, NULL, NULL);
  sqlite3_prepare_v2 (db, "INSERT INTO twin VALUES (?, ?, ?, ?, ?, ?, 1, 1)",
                      -1, &insert, NULL);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("pump-%d", i);

      sqlite3_bind_text (insert, 1, id, -1, SQLITE_STATIC);
      sqlite3_bind_text (insert, 2, "dtmi:com:example:Pump;1", -1,
                         SQLITE_STATIC);
      sqlite3_bind_text (insert, 3, id, -1, SQLITE_STATIC);
      sqlite3_bind_text (insert, 4, "in service", -1, SQLITE_STATIC);
      sqlite3_bind_text (insert, 5, "{\"ratedSpeed\":1480}", -1, SQLITE_STATIC);
      sqlite3_bind_text (insert, 6, "0123456789abcdef", -1, SQLITE_STATIC);
      sqlite3_step (insert);
      sqlite3_reset (insert);
    }
  sqlite3_finalize (insert);
  sqlite3_exec (db, "COMMIT", NULL, NULL, NULL);
  return seconds_since (begin_us);
}

static void
import_rows (Fixture *f, sqlite3 *plain, int n)
{
  const double  plain_s = plain_import (plain, n);
  const int64_t begin_us = twin_clock_monotonic_us ();
  double        our_s;

  twin_store_begin (f->store, NULL);
  for (int i = 0; i < n; i++)
    {
      g_autofree char    *id = g_strdup_printf ("pump-%d", i);
      const TwinStoreTwin row = { .id = id,
                                  .model = "dtmi:com:example:Pump;1",
                                  .display_name = id,
                                  .lifecycle = "in service",
                                  .props = "{\"ratedSpeed\":1480}",
                                  .created_us = T0,
                                  .updated_us = T0 };

      g_assert_true (twin_store_put_twin (f->store, &row, NULL, NULL));
    }
  g_assert_true (twin_store_commit (f->store, NULL));
  our_s = seconds_since (begin_us);
  g_print ("%d twins  plain %.0f ms  store %.0f ms  x%.2f its time\n", n,
           plain_s * 1000, our_s * 1000, our_s / plain_s);
}

/* Bytes of a table, by its pages. */
static double
table_bytes (Fixture *f, const char *table)
{
  int64_t bytes = 0;

  twin_store_db_get_int (&f->store->sql, NULL, &bytes,
                         "SELECT sum (pgsize) FROM dbstat WHERE name = ?", "s",
                         table);
  return (double) bytes;
}

static double
file_size (const char *path)
{
  GStatBuf st;

  return g_stat (path, &st) == 0 ? (double) st.st_size : 0;
}

int
main (int argc, char **argv)
{
  const int     signals = argc > 1 ? atoi (argv[1]) : 2000;
  const int     seconds = 60 * (argc > 2 ? atoi (argv[2]) : 20);
  const double  n = (double) signals * seconds;
  Fixture       f = { 0 };
  struct rusage usage;
  double        plain_s, our_s, plain_read_s = 0, our_read_s = 0;
  double        plain_sum = 0, our_sum = 0;
  sqlite3      *plain;

  g_assert_cmpint (signals, >, 0);
  fixture_make_folder (&f);
  {
    g_autofree char *path = g_build_filename (f.folder, "plain.db", NULL);

    plain = plain_open (path);
    plain_s = plain_append (plain, signals, seconds);
    sqlite3_exec (plain, "PRAGMA wal_checkpoint (TRUNCATE)", NULL, NULL, NULL);
    fixture_reopen (&f);
    our_s = our_append (&f, signals, seconds);
    twin_store_db_exec (&f.store->sql, "PRAGMA wal_checkpoint (TRUNCATE)",
                        NULL);

    for (int i = 1; i <= 50; i++)
      {
        plain_read_s +=
            plain_read (plain, 1 + i * 37 % signals, seconds, &plain_sum);
        our_read_s += our_read (&f, 1 + i * 37 % signals, seconds, &our_sum);
      }

    g_print ("%.0f samples of %d signals over %d s, %d a record\n", n, signals,
             seconds, A_RECORD);
    g_print ("append   plain %8.0f /s   store %8.0f /s   x%.2f\n", n / plain_s,
             n / our_s, plain_s / our_s);
    g_print ("at rest  plain %8.2f B    store %8.2f B    x%.2f\n",
             file_size (path) / n, file_size (f.path) / n,
             file_size (path) / file_size (f.path));
  }
  g_print ("         samples %.2f, roll-ups %.2f, records %.2f B a sample\n",
           table_bytes (&f, "sample_chunk") / n,
           (table_bytes (&f, "rollup_minute") +
            table_bytes (&f, "rollup_hour")) /
               n,
           table_bytes (&f, "record") / n);
  g_print ("minutes  plain %8.3f ms   store %8.3f ms   x%.2f\n",
           plain_read_s * 20, our_read_s * 20, plain_read_s / our_read_s);
  g_assert_cmpfloat_with_epsilon (plain_sum, our_sum, fabs (plain_sum) * 1e-9);
  getrusage (RUSAGE_SELF, &usage);
  g_print ("longest commit, sealing included: %.0f ms\n",
           longest_commit_s * 1000);
  import_rows (&f, plain, 100000);
  g_print ("memory   %ld MB at most\n", usage.ru_maxrss / 1024);
  sqlite3_close (plain);
  fixture_tear_down (&f, NULL);
  return 0;
}
