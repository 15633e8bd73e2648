/* SPDX-License-Identifier: Apache-2.0 */
/* test-migrate.c - a plant of schema 1 brought up to date, or left as it was */
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "twin-store-changes.h"
#include "twin-store-graph.h"
#include "twin-store-schema.h"
#include "twin-store-twins.h"

enum
{
  N_TWINS = 3000, /* so that bringing them up to date takes a while */
  KILLS = 12,
};

static void
must_exec (TwinStoreDb *sql, const char *text)
{
  g_autoptr (GError) error = NULL;

  twin_store_db_exec (sql, text, &error);
  g_assert_no_error (error);
}

/* A plant as the program of schema 1 wrote it. */
static void
make_old (Fixture *f, int n)
{
  g_autofree char *many = g_strdup_printf (
      "WITH RECURSIVE i (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i"
      " WHERE n < %d) INSERT INTO twin SELECT 'pump-' || n,"
      " 'dtmi:a:Pump;1', 'Pump ' || n, 'in service', '{\"v\":' || n || '}',"
      " 'e' || n, %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT " FROM i",
      n - 1, T0, T0 + SECOND);
  g_autoptr (GError) error = NULL;
  TwinStoreDb sql = { 0 };

  twin_store_db_open (&sql, f->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                      &error);
  g_assert_no_error (error);
  twin_store_schema_migrate (&sql, 1, &error);
  g_assert_no_error (error);
  must_exec (&sql, "PRAGMA journal_mode = WAL");
  must_exec (&sql, "BEGIN");
  must_exec (&sql, many);
  must_exec (&sql, "INSERT INTO model VALUES ('dtmi:a:Pump;1',"
                   " '{\"@id\":\"dtmi:a:Pump;1\"}', NULL)");
  must_exec (&sql, "INSERT INTO twin VALUES ('bare', 'dtmi:a:Pump;1', NULL,"
                   " 'retired', '{}', 'b', NULL, NULL)");
  must_exec (&sql, "INSERT INTO relationship VALUES ('pump-0', 'r', 'feeds',"
                   " 'pump-1', '{}', 'r0')");
  must_exec (&sql, "INSERT INTO journal (time_us, who, kind, subject, text)"
                   " VALUES (1, 'anna', 'edit', 'pump-0', 'Twin created')");
  must_exec (&sql, "COMMIT");
  twin_store_db_close (&sql);
}

static void
close_all (Fixture *f)
{
  g_clear_pointer (&f->reader, twin_store_reader_close);
  g_clear_pointer (&f->batch, twin_store_batch_free);
  g_clear_pointer (&f->store, twin_store_close);
}

static void
assert_whole (Fixture *f, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinGraphFile) graph =
      twin_store_reader_load_graph (f->reader, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (graph->twins->len, ==, n + 1);
  g_assert_cmpuint (graph->relationships->len, ==, 1);
  g_assert_cmpuint (graph->models->len, ==, 1);
}

/* What it was stays, what is done from now on is a change. */
static void
test_graph (Fixture *f, const void *data)
{
  const TwinStoreTwin row = { .id = "pump-0",
                              .model = "dtmi:a:Pump;1",
                              .lifecycle = "in service",
                              .props = "{\"v\":7}" };
  const TwinStoreSpan all = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreTwin) pump = NULL;
  g_autoptr (TwinStoreTwin) bare = NULL;
  g_autoptr (TwinStoreTwin) then = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GPtrArray) links = NULL;
  g_autoptr (GPtrArray) log = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  make_old (f, 3);
  fixture_reopen (f);
  assert_whole (f, 3);
  pump = twin_store_reader_get_twin (f->reader, "pump-0", &error);
  g_assert_cmpint (pump->change, ==, 0);
  g_assert_cmpint (pump->updated_us, ==, T0 + SECOND);
  g_assert_cmpstr (pump->etag, ==, "e0");
  g_assert_null (pump->tags);
  bare = twin_store_reader_get_twin (f->reader, "bare", &error);
  g_assert_cmpint (bare->updated_us, ==, 0);
  changes = twin_store_reader_list_changes (f->reader, NULL, 0, 0, 0, &error);
  g_assert_cmpuint (changes->len, ==, 0);

  /* Its times are ahead of the clock: changes come after them all the same. */
  g_assert_null (twin_store_reader_get_twin_at (f->reader, "pump-0", T0, NULL));
  links = twin_store_reader_list_relationships_at (f->reader, "pump-0", FALSE,
                                                   T0, &error);
  g_assert_cmpuint (links->len, ==, 0);

  twin_store_put_twin (f->store, &row, "e0", &error);
  g_assert_no_error (error);
  then =
      twin_store_reader_get_twin_at (f->reader, "pump-0", T0 + SECOND, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (then->props, ==, "{\"v\":0}");
  twin_store_undo (f->store, twin_store_get_change (f->store), NULL, T0,
                   &error);
  g_assert_no_error (error);
  g_clear_pointer (&pump, twin_store_twin_free);
  pump = twin_store_reader_get_twin (f->reader, "pump-0", &error);
  g_assert_cmpstr (pump->etag, ==, "e0");

  /* The audit of before is there still, beside the two changes. */
  log = twin_store_reader_list_journal (f->reader, &all, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (log->len, ==, 1);
  g_assert_cmpstr (((TwinStoreJournal *) log->pdata[0])->text, ==,
                   "Twin created");
  lines = twin_store_reader_list_log_since (f->reader, 0, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpstr (((TwinStoreJournal *) lines->pdata[0])->kind, ==, "undo");
  g_assert_cmpstr (((TwinStoreJournal *) lines->pdata[0])->subject, ==,
                   "pump-0");
}

static void
test_readers_are_told (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;

  make_old (f, 3);
  g_assert_null (twin_store_reader_open (f->path, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, f->path));
  g_assert_nonnull (strstr (error->message, "schema 1"));
  g_assert_nonnull (strstr (error->message, "start an engine"));
}

/* Not enough room: the old file is as it was, and can be used when there is. */
static void
test_full (Fixture *f, const void *data)
{
  g_autofree char *before = NULL;
  g_autoptr (GError) error = NULL;
  TwinStoreDb sql = { 0 };
  int64_t     pages = 0;

  make_old (f, N_TWINS);
  twin_store_db_open (&sql, f->path, SQLITE_OPEN_READWRITE, &error);
  g_assert_no_error (error);
  twin_store_db_get_int (&sql, NULL, &pages, "PRAGMA page_count", "");
  before =
      g_strdup_printf ("PRAGMA max_page_count = %" G_GINT64_FORMAT, pages + 4);
  sqlite3_exec (sql.db, before, NULL, NULL, NULL);
  g_assert_false (
      twin_store_schema_migrate (&sql, twin_store_schema_version (), &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_FULL);
  g_assert_nonnull (strstr (error->message, "make room"));
  g_clear_error (&error);
  g_assert_cmpint (twin_store_schema_read_version (&sql, NULL), ==, 1);
  twin_store_db_close (&sql);

  fixture_reopen (f);
  assert_whole (f, N_TWINS);
}

static void
die_at (const char *path, int64_t us)
{
  pid_t child = fork ();
  int   status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      twin_store_close (twin_store_open (path, TWIN_STORE_EDITOR, NULL));
      _exit (0);
    }
  g_usleep (us);
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
}

/* Power loss anywhere in it: the next one finds the old or the new, whole. */
static void
test_killed (Fixture *f, const void *data)
{
  int old = 0;

  for (int i = 0; i < KILLS; i++)
    {
      g_autoptr (GError) error = NULL;
      TwinStoreDb sql = { 0 };
      int64_t     n = 0;
      int         version;

      make_old (f, N_TWINS);
      die_at (f->path, i * 3000);

      twin_store_db_open (&sql, f->path, SQLITE_OPEN_READWRITE, &error);
      g_assert_no_error (error);
      version = twin_store_schema_read_version (&sql, &error);
      g_assert_no_error (error);
      g_assert_true (version == 1 || version == twin_store_schema_version ());
      twin_store_db_get_int (&sql, NULL, &n,
                             "SELECT count (*) FROM pragma_table_info ('twin')",
                             "");
      g_assert_cmpint (n, ==, version == 1 ? 8 : 10);
      old += version == 1;
      twin_store_db_close (&sql);

      fixture_reopen (f);
      assert_whole (f, N_TWINS);
      g_assert_true (twin_store_check (f->store, &error));
      close_all (f);
      g_remove (f->path);
    }
  g_test_message ("%d of %d were left as they were", old, KILLS);
}

static void
set_up (Fixture *f, const void *data)
{
  fixture_make_folder (f);
}

#define ADD_BARE(path, func)                                                   \
  g_test_add (path, Fixture, NULL, set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  ADD_BARE ("/store/migrate/graph", test_graph);
  ADD_BARE ("/store/migrate/readers-are-told", test_readers_are_told);
  ADD_BARE ("/store/migrate/full", test_full);
  ADD_BARE ("/store/migrate/killed", test_killed);
  return g_test_run ();
}
