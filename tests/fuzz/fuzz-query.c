/* SPDX-License-Identifier: Apache-2.0 */
/* Queries: what is parsed compiles to SQL that SQLite accepts and runs. */
#include "fuzz.h"

#include <glib/gstdio.h>

#include "twin-query.h"

static TwinStoreReader *reader;

static void
open_store (void)
{
  g_autofree char *folder = g_dir_make_tmp ("twin-fuzz-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "plant.db", NULL);
  TwinStore       *store = twin_store_open (path, TWIN_STORE_EDITOR, NULL);

  g_assert_nonnull (store);
  reader = twin_store_reader_open (path, NULL);
  g_assert_nonnull (reader);
  twin_store_close (store);

  /* The open file lives on without its name. */
  for (int i = 0; i < 4; i++)
    {
      static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
      g_autofree char         *name = g_strconcat (path, ends[i], NULL);

      g_unlink (name);
    }
  g_rmdir (folder);
}

static gboolean
take (const char *row, void *data)
{
  return *row == '{';
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (TwinQuery) query = NULL;
  g_autoptr (GError) error = NULL;

  if (reader == NULL)
    open_store ();

  query = twin_query_parse (text, NULL, &error);
  if (query == NULL)
    {
      g_assert_cmpint (error->domain, ==, TWIN_QUERY_ERROR);
      return 0;
    }

  twin_query_run (query, reader, NULL, take, NULL, &error);
  g_assert_no_error (error);
  return 0;
}
