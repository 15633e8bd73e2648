/* SPDX-License-Identifier: Apache-2.0 */
/* DTDL: a set or a report, and what is in a set can be walked. */
#include "fuzz.h"

#include "twin-model-set.h"

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

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const TwinModelSource source = { "fuzz", (const char *) data, (gssize) size };
  g_autoptr (TwinModelReport) report = NULL;
  g_autoptr (TwinModelSet) set = twin_model_set_new (&source, 1, NULL, &report);
  g_autoptr (GError) error = NULL;

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
