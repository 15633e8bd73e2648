/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: whatever is read is printed and read again as the same. */
#include "fuzz.h"

#include "twin-json.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (JsonNode) node =
      twin_json_parse ("fuzz", (const char *) data, (gssize) size, NULL);
  g_autoptr (JsonNode) again = NULL;
  g_autofree char *text = NULL;

  if (node == NULL)
    return 0;

  text = twin_json_print (node, size % 2 == 0);
  again = twin_json_parse ("again", text, -1, NULL);
  g_assert_nonnull (again);
  g_assert_true (json_node_equal (node, again));
  return 0;
}
