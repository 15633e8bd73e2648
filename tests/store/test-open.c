/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "twin-store-schema.h"

/* What it says must name the file, and hold @words. */
static void
refused (Fixture *f, const char *path, TwinStoreError code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (twin_store_open (path, TWIN_STORE_ENGINE, &error));
  g_assert_error (error, TWIN_STORE_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_nonnull (strstr (error->message, path));

  if (code != TWIN_STORE_ERROR_LOCKED)
    {
      g_clear_error (&error);
      g_assert_null (twin_store_reader_open (path, &error));
      g_assert_error (error, TWIN_STORE_ERROR, (int) code);
    }
}

static void
test_not_a_file (Fixture *f, const void *data)
{
  g_autofree char *fifo = g_build_filename (f->folder, "fifo", NULL);
  g_autofree char *nowhere = g_build_filename (f->folder, "no", "a.db", NULL);
  g_autofree char *absent = g_build_filename (f->folder, "absent.db", NULL);
  g_autoptr (GError) error = NULL;

  refused (f, f->folder, TWIN_STORE_ERROR_OPEN, "is a directory");
  refused (f, nowhere, TWIN_STORE_ERROR_OPEN, "");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  refused (f, fifo, TWIN_STORE_ERROR_OPEN, "not a plain file");

  g_assert_null (twin_store_reader_open (absent, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_OPEN);
  g_assert_false (g_file_test (absent, G_FILE_TEST_EXISTS));
}

static void
test_not_a_store (Fixture *f, const void *data)
{
  g_autofree char *text = g_build_filename (f->folder, "a.txt", NULL);
  g_autofree char *other = g_build_filename (f->folder, "other.db", NULL);
  g_autofree char *filling = g_strnfill (5000, 'x');
  sqlite3         *db;

  g_assert_true (g_file_set_contents (text, filling, -1, NULL));
  refused (f, text, TWIN_STORE_ERROR_FORMAT, "not a database");

  /* Somebody else's database is left as it was. */
  g_assert_cmpint (sqlite3_open (other, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "CREATE TABLE a (b)", 0, 0, 0), ==,
                   SQLITE_OK);
  sqlite3_close (db);
  refused (f, other, TWIN_STORE_ERROR_FORMAT, "no plant store");
  g_assert_cmpint (sqlite3_open (other, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "INSERT INTO a VALUES (1)", 0, 0, 0), ==,
                   SQLITE_OK);
  sqlite3_close (db);
}

static void
test_newer (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;

  fixture_reopen (f);
  twin_store_db_exec (&f->store->sql, "PRAGMA user_version = 999", &error);
  g_assert_no_error (error);
  g_clear_pointer (&f->reader, twin_store_reader_close);
  g_clear_pointer (&f->batch, twin_store_batch_free);
  g_clear_pointer (&f->store, twin_store_close);
  refused (f, f->path, TWIN_STORE_ERROR_FORMAT, "newer");
}

/* One engine, any number of editors and readers; by any name of the file. */
static void
test_second_engine (Fixture *f, const void *data)
{
  g_autofree char *link = g_build_filename (f->folder, "link.db", NULL);
  g_autofree char *pid = g_strdup_printf ("process %ld", (long) getpid ());
  g_autoptr (TwinStore) editor = NULL;
  g_autoptr (TwinStore) engine = NULL;
  g_autoptr (GError) error = NULL;

  fixture_reopen (f);
  refused (f, f->path, TWIN_STORE_ERROR_LOCKED, pid);
  g_assert_cmpint (symlink (f->path, link), ==, 0);
  g_assert_null (twin_store_open (link, TWIN_STORE_ENGINE, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_LOCKED);
  g_clear_error (&error);

  editor = twin_store_open (f->path, TWIN_STORE_EDITOR, &error);
  g_assert_no_error (error);
  g_clear_pointer (&f->batch, twin_store_batch_free);
  g_clear_pointer (&f->store, twin_store_close);
  engine = twin_store_open (link, TWIN_STORE_ENGINE, &error);
  g_assert_no_error (error);
}

static void
test_read_only (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("root may write everywhere");
      return;
    }

  fixture_reopen (f);
  g_clear_pointer (&f->reader, twin_store_reader_close);
  g_clear_pointer (&f->batch, twin_store_batch_free);
  g_clear_pointer (&f->store, twin_store_close);
  g_assert_cmpint (chmod (f->path, 0400), ==, 0);
  g_assert_null (twin_store_open (f->path, TWIN_STORE_ENGINE, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_READONLY);
}

static char *
describe_schema (const char *path)
{
  GString      *text = g_string_new (NULL);
  sqlite3      *db;
  sqlite3_stmt *select;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db,
                                       "SELECT name, sql FROM sqlite_schema "
                                       "ORDER BY type, name",
                                       -1, &select, NULL),
                   ==, SQLITE_OK);
  while (sqlite3_step (select) == SQLITE_ROW)
    g_string_append_printf (text, "%s: %s\n", sqlite3_column_text (select, 0),
                            sqlite3_column_text (select, 1));
  sqlite3_finalize (select);
  sqlite3_close (db);
  return g_string_free (text, FALSE);
}

/* From every earlier version, with a row of that time in it, to this one. */
static void
test_migrations (Fixture *f, const void *data)
{
  g_autofree char *fresh = NULL;

  fixture_reopen (f);
  g_clear_pointer (&f->reader, twin_store_reader_close);
  g_clear_pointer (&f->batch, twin_store_batch_free);
  g_clear_pointer (&f->store, twin_store_close);
  fresh = describe_schema (f->path);
  g_remove (f->path);

  for (int version = 0; version < twin_store_schema_version (); version++)
    {
      g_autofree char *now = NULL;
      g_autofree char *plant = NULL;
      g_autoptr (GError) error = NULL;
      TwinStoreDb sql = { 0 };

      twin_store_db_open (&sql, f->path,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &error);
      g_assert_no_error (error);
      twin_store_schema_migrate (&sql, version, &error);
      g_assert_no_error (error);
      if (version > 0)
        twin_store_db_exec (&sql,
                            "INSERT INTO meta VALUES ('plant', 'northfield')",
                            &error);
      g_assert_no_error (error);
      twin_store_db_close (&sql);

      if (version > 0)
        {
          g_assert_null (twin_store_reader_open (f->path, &error));
          g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_FORMAT);
          g_clear_error (&error);
        }

      fixture_reopen (f);
      plant = twin_store_reader_get_plant (f->reader, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (plant, ==, version > 0 ? "northfield" : NULL);
      g_assert_true (twin_store_check (f->store, &error));
      g_clear_pointer (&f->reader, twin_store_reader_close);
      g_clear_pointer (&f->batch, twin_store_batch_free);
      g_clear_pointer (&f->store, twin_store_close);
      now = describe_schema (f->path);
      g_assert_cmpstr (now, ==, fresh);
      g_remove (f->path);
    }
}

/* A migration that cannot be finished leaves the file as it was. */
static void
test_migration_fails_whole (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;
  TwinStoreDb sql = { 0 };
  int64_t     tables = -1;

  twin_store_db_open (&sql, f->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                      &error);
  g_assert_no_error (error);
  sqlite3_exec (sql.db, "PRAGMA max_page_count = 20", NULL, NULL, NULL);
  g_assert_false (twin_store_schema_migrate (&sql, 1, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_FULL);
  twin_store_db_get_int (&sql, NULL, &tables,
                         "SELECT count (*) FROM sqlite_schema", "");
  g_assert_cmpint (tables, ==, 0);
  twin_store_db_close (&sql);
}

/* Overwrites the middle of every page but the first with noise. */
static void
damage (const char *path)
{
  g_autofree char *content = NULL;
  gsize            size;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  for (gsize page = 4096; page < size; page += 4096)
    for (gsize i = 0; i < 600; i++)
      content[page + i] = g_test_rand_int ();
  g_assert_true (g_file_set_contents (path, content, size, NULL));
}

static void
test_damaged (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStore) store = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  const TwinStoreHistoryQuery query = { .twin = "compressor-7-motor",
                                        .path = "shaftSpeed",
                                        .from_us = T0,
                                        .to_us = T0 + 1000 * SECOND };

  fixture_reopen (f);
  must_begin (f);
  for (int i = 0; i < 1000; i++)
    {
      give_record (f, i, "x");
      twin_store_batch_sample (f->batch, speed_signal (f), T0 + i * SECOND, i,
                               0);
    }
  must_commit (f);
  must_seal (f);
  g_clear_pointer (&f->reader, twin_store_reader_close);
  g_clear_pointer (&f->batch, twin_store_batch_free);
  g_clear_pointer (&f->store, twin_store_close);
  damage (f->path);

  /* Wherever it is noticed: an error that says so, no crash. */
  store = twin_store_open (f->path, TWIN_STORE_ENGINE, &error);
  if (store != NULL)
    {
      g_assert_false (twin_store_check (store, &error));
      g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CORRUPT);
      g_test_message ("%s", error->message);
      g_clear_error (&error);
      g_assert_null (twin_store_batch_new (store, &error));
      g_assert_nonnull (error);
      g_clear_error (&error);
    }
  g_clear_error (&error);
  reader = twin_store_reader_open (f->path, &error);
  if (reader != NULL)
    {
      g_assert_null (twin_store_reader_get_history (reader, &query, &error));
      g_assert_nonnull (error);
    }
}

/* A chunk whose bytes are wrong though SQLite finds its page well-formed. */
static void
test_damaged_chunk (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;
  const TwinStoreHistoryQuery query = { .twin = "compressor-7-motor",
                                        .path = "shaftSpeed",
                                        .from_us = T0,
                                        .to_us = T0 + 1000 * SECOND };

  fixture_reopen (f);
  must_begin (f);
  twin_store_batch_sample (f->batch, speed_signal (f), T0, 1, 0);
  must_commit (f);
  must_seal (f);
  twin_store_db_exec (&f->store->sql, "UPDATE sample_chunk SET data = x'02ff'",
                      &error);
  g_assert_no_error (error);
  g_assert_null (twin_store_reader_get_history (f->reader, &query, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CORRUPT);
}

static void
set_up_empty (Fixture *f, const void *data)
{
  fixture_make_folder (f);
}

#define ADD_EMPTY(path, func)                                                  \
  g_test_add (path, Fixture, NULL, set_up_empty, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD_EMPTY ("/store/open/not-a-file", test_not_a_file);
  ADD_EMPTY ("/store/open/not-a-store", test_not_a_store);
  ADD_EMPTY ("/store/open/newer", test_newer);
  ADD_EMPTY ("/store/open/second-engine", test_second_engine);
  ADD_EMPTY ("/store/open/read-only", test_read_only);
  ADD_EMPTY ("/store/open/migrations", test_migrations);
  ADD_EMPTY ("/store/open/migration-fails-whole", test_migration_fails_whole);
  ADD_EMPTY ("/store/open/damaged", test_damaged);
  ADD_EMPTY ("/store/open/damaged-chunk", test_damaged_chunk);
  return g_test_run ();
}
