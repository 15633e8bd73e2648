/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz-store.h - one store in memory that is emptied for every input */
#pragma once

#include <glib/gstdio.h>
#include <stdlib.h>

#include "twin-store-private.h"
#include "twin-store-reader.h"

static char            *fuzz_folder;
static TwinStore       *fuzz_store;
static TwinStoreReader *fuzz_reader;

static void
fuzz_store_remove (void)
{
  static const char *const names[] = { "f.db", "f.db-wal", "f.db-shm",
                                       "f.db-lock" };

  g_clear_pointer (&fuzz_reader, twin_store_reader_close);
  g_clear_pointer (&fuzz_store, twin_store_close);
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fuzz_folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (fuzz_folder);
  g_clear_pointer (&fuzz_folder, g_free);
}

/* What keeps the past for ever would keep it here, too. */
static void
fuzz_store_forget (void)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  sqlite3_stmt *select = twin_store_db_prepare (&fuzz_store->sql,
                                                "SELECT 'DROP TRIGGER ' || "
                                                "name || ';' FROM sqlite_master"
                                                " WHERE type = 'trigger'",
                                                NULL);

  while (twin_store_db_step (&fuzz_store->sql, select, NULL))
    g_string_append (sql, (const char *) sqlite3_column_text (select, 0));
  g_assert_true (twin_store_db_exec (&fuzz_store->sql, sql->str, NULL));
}

static void
fuzz_store_open (void)
{
  gboolean         memory = g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  fuzz_folder = g_strdup_printf ("%s/twin-fuzz-XXXXXX",
                                 memory ? "/dev/shm" : g_get_tmp_dir ());
  g_assert_nonnull (g_mkdtemp (fuzz_folder));
  path = g_build_filename (fuzz_folder, "f.db", NULL);
  fuzz_store = twin_store_open (path, TWIN_STORE_EDITOR, &error);
  g_assert_no_error (error);
  fuzz_store_forget ();
  fuzz_reader = twin_store_reader_open (path, &error);
  g_assert_no_error (error);
  atexit (fuzz_store_remove);
}

/* The store, without a model or twin. */
static inline TwinStore *
fuzz_store_empty (void)
{
  g_autoptr (GError) error = NULL;

  if (fuzz_store == NULL)
    fuzz_store_open ();
  twin_store_db_exec (&fuzz_store->sql,
                      "DELETE FROM relationship; DELETE FROM twin;"
                      "DELETE FROM model; DELETE FROM change;"
                      "DELETE FROM relationship_past; DELETE FROM twin_past;"
                      "DELETE FROM model_past",
                      &error);
  g_assert_no_error (error);
  return fuzz_store;
}

static inline int64_t
fuzz_store_count (const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM %s", table);
  int64_t          n = -1;

  twin_store_db_get_int (&fuzz_store->sql, NULL, &n, sql, "");
  return n;
}
