/* SPDX-License-Identifier: Apache-2.0 */
/* DTDL: a set or a report, and what is in a set can be walked; an import takes
 * a set whole or not at all, and reads it back. Two texts are told apart by a
 * line "---". */
#include "fuzz.h"

#include <string.h>

#include "fuzz-store.h"
#include "twin-store-models.h"

static void
walk (const TwinSchema *schema, int depth)
{
  g_autoptr (JsonNode) value = NULL;

  if (schema == NULL || depth > 4)
    return;

  for (size_t i = 0; i < schema->n_fields; i++)
    {
      g_assert_nonnull (schema->fields[i].name);
      walk (schema->fields[i].schema, depth + 1);
    }
  walk (schema->element, depth + 1);
}

static void
count_refusal (const TwinModelIssue *issue, void *data)
{
  guint64 *n = data;

  g_assert_nonnull (issue->id);
  g_assert_nonnull (issue->message);
  (*n)++;
}

static void
import (const TwinModelSource *sources, size_t n_sources, gboolean each)
{
  guint64              refused = 0;
  TwinStoreModelImport import = {
    .sources = sources,
    .n_sources = n_sources,
    .each = each,
    .name = "fuzz",
    .now_us = 1,
    .refused = count_refusal,
    .data = &refused,
  };
  TwinStoreImportCounts counts;
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinModelSet) set = NULL;
  gboolean good;

  fuzz_store_empty ();
  good = twin_store_import_models (fuzz_store, &import, &counts, &error);
  g_assert_true (good == (counts.refused == 0));
  g_assert_cmpuint (refused, ==,
                    MIN (counts.refused, TWIN_STORE_IMPORT_MOST_REFUSED));
  if (!good && !each)
    g_assert_cmpint (fuzz_store_count ("model"), ==, 0);

  /* Whatever is in, is read again. */
  g_assert_cmpint (fuzz_store_count ("model"), ==, counts.models);
  g_clear_error (&error);
  set = twin_store_reader_load_models (fuzz_reader, &error);
  g_assert_no_error (error);
}

static void
import_parts (const char *text, size_t size)
{
  const char     *cut = g_strstr_len (text, (gssize) size, "\n---\n");
  TwinModelSource sources[2] = { { "one", text, (gssize) size, 0 },
                                 { "two", "", 0, 0 } };

  if (cut != NULL)
    {
      sources[0].length = cut - text;
      sources[1].text = cut + strlen ("\n---\n");
      sources[1].length = text + size - sources[1].text;
    }
  import (sources, cut != NULL ? 2 : 1, FALSE);
  import (sources, cut != NULL ? 2 : 1, TRUE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const TwinModelSource source = { "fuzz", (const char *) data, (gssize) size };
  g_autoptr (TwinModelReport) report = NULL;
  g_autoptr (TwinModelSet) set = twin_model_set_new (&source, 1, NULL, &report);
  g_autoptr (GError) error = NULL;

  import_parts ((const char *) data, size);
  g_assert_true ((set != NULL) == twin_model_report_is_valid (report));
  if (set == NULL)
    {
      g_assert_false (twin_model_report_check (report, &error));
      return 0;
    }

  for (guint i = 0; i < twin_model_set_list (set)->len; i++)
    {
      const TwinInterface *interface =
          g_ptr_array_index (twin_model_set_list (set), i);

      for (guint k = 0; k < interface->effective->len; k++)
        {
          const TwinContent *content =
              g_ptr_array_index (interface->effective, k);

          g_assert_true (twin_interface_find (interface, content->name) ==
                         content);
          walk (content->schema, 0);
          if (content->request != NULL)
            walk (content->request->schema, 0);
        }
    }
  return 0;
}
