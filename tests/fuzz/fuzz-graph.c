/* SPDX-License-Identifier: Apache-2.0 */
/* Graph files: what is read is written and read again as the same. */
#include "fuzz.h"

#include "twin-graph-file.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (TwinGraphFile) file =
      twin_graph_file_parse ("fuzz", (const char *) data, (gssize) size, NULL);
  g_autoptr (TwinGraphFile) again = NULL;
  g_autoptr (TwinModelSet) none = twin_model_set_new_empty ();
  g_autofree char *text = NULL;
  g_autofree char *same = NULL;

  if (file == NULL)
    return 0;

  twin_graph_file_check (file, "fuzz", none, NULL, NULL, NULL);
  text = twin_graph_file_print (file, TWIN_GRAPH_JSON);
  again = twin_graph_file_parse ("again", text, -1, NULL);
  g_assert_nonnull (again);
  same = twin_graph_file_print (again, TWIN_GRAPH_JSON);
  g_assert_cmpstr (same, ==, text);
  return 0;
}
