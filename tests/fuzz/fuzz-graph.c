/* SPDX-License-Identifier: Apache-2.0 */
/* Graph files: what is read is written and read again as the same; an import
 * takes all of a file or nothing, and what it took comes out as it went in. */
#include "fuzz.h"

#include <string.h>

#include "fuzz-store.h"
#include "twin-graph-file.h"
#include "twin-store-export.h"
#include "twin-store-import.h"

typedef struct
{
  const uint8_t *data;
  size_t         left;
  size_t         step; /* bytes a read, so that lines lie across them */
  guint64        refusals;
} Source;

static gssize
read_source (void *data, char *buffer, gsize size, GError **error)
{
  Source *source = data;
  size_t  n = MIN (MIN (size, source->step), source->left);

  if (n > 0)
    memcpy (buffer, source->data, n);
  source->data += n;
  source->left -= n;
  return (gssize) n;
}

static void
count_refusal (const TwinStoreRefusal *refusal, void *data)
{
  Source *source = data;

  g_assert_nonnull (refusal->place);
  g_assert_nonnull (refusal->reason);
  source->refusals++;
}

static gboolean
import (const uint8_t *data, size_t size, TwinStoreImportCounts *counts)
{
  Source          source = { data, size, size % 7 == 0 ? 5 : 65536, 0 };
  TwinStoreImport import = {
    .name = "fuzz",
    .read = read_source,
    .read_data = &source,
    .now_us = 1,
    .refused = count_refusal,
    .data = &source,
  };
  g_autoptr (GError) error = NULL;
  gboolean good = twin_store_import (fuzz_store, &import, counts, &error);

  g_assert_true (good == (error == NULL));
  g_assert_cmpuint (source.refusals, ==,
                    MIN (counts->refused, TWIN_STORE_IMPORT_MOST_REFUSED));
  return good;
}

static gboolean
append (void *data, const char *text, gsize length, GError **error)
{
  g_string_append_len (data, text, (gssize) length);
  return TRUE;
}

static char *export(TwinGraphFormat format)
{
  GString *out = g_string_new (NULL);
  g_autoptr (TwinGraphWriter) writer =
      twin_graph_writer_new (format, append, out);
  TwinStoreExportCounts counts;
  g_autoptr (GError) error = NULL;

  twin_store_reader_export (fuzz_reader, writer, &counts, &error);
  g_assert_no_error (error);
  return g_string_free (out, FALSE);
}

static void
through_store (const uint8_t *data, size_t size)
{
  TwinStoreImportCounts counts, again;
  g_autofree char      *out = NULL, *same = NULL;
  TwinGraphFormat format = size % 2 == 0 ? TWIN_GRAPH_JSON : TWIN_GRAPH_NDJSON;

  fuzz_store_empty ();
  if (!import (data, size, &counts))
    {
      g_assert_cmpint (fuzz_store_count ("twin"), ==, 0);
      g_assert_cmpint (fuzz_store_count ("model"), ==, 0);
      g_assert_cmpint (fuzz_store_count ("relationship"), ==, 0);
      g_assert_cmpint (fuzz_store_count ("change"), ==, 0);
      return;
    }

  g_assert_cmpint (fuzz_store_count ("twin"), ==, counts.twins);
  g_assert_cmpint (fuzz_store_count ("relationship"), ==, counts.relationships);

  out = export(format);
  fuzz_store_empty ();
  g_assert_true (import ((const uint8_t *) out, strlen (out), &again));
  same = export(format);
  g_assert_cmpstr (same, ==, out);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (TwinGraphFile) file =
      twin_graph_file_parse ("fuzz", (const char *) data, (gssize) size, NULL);
  g_autoptr (TwinGraphFile) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *same = NULL;

  through_store (data, size);
  if (file == NULL)
    return 0;

  text = twin_graph_file_print (file, TWIN_GRAPH_JSON);
  again = twin_graph_file_parse ("again", text, -1, NULL);
  g_assert_nonnull (again);
  same = twin_graph_file_print (again, TWIN_GRAPH_JSON);
  g_assert_cmpstr (same, ==, text);
  return 0;
}
