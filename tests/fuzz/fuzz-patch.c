/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Patches: [document, patch]. A document that is a twin is patched as one,
 * too; what comes out is a twin that reads back as the same. */
#include "fuzz.h"

#include "twin-json.h"
#include "twin-patch.h"

static void
patch_twin (const TwinPatch *patch, JsonNode *document)
{
  g_autoptr (TwinTwin) twin = twin_twin_from_json (document, "", NULL);
  g_autoptr (TwinTwin) after = NULL;
  g_autoptr (TwinTwin) again = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) same = NULL;

  if (twin != NULL)
    after = twin_patch_apply_twin (patch, twin, 0, NULL);
  if (after == NULL)
    return;

  node = twin_twin_to_json (after);
  g_assert_cmpstr (after->id, ==, twin->id);
  again = twin_twin_from_json (node, "", NULL);
  g_assert_nonnull (again);
  same = twin_twin_to_json (again);
  g_assert_true (twin_json_equal (node, same));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (JsonNode) pair =
      twin_json_parse ("fuzz", (const char *) data, (gssize) size, NULL);
  g_autoptr (TwinPatch) patch = NULL;
  g_autoptr (JsonNode) after = NULL;
  g_autofree char *before = NULL;
  g_autofree char *untouched = NULL;
  JsonNode        *document;

  if (pair == NULL || !JSON_NODE_HOLDS_ARRAY (pair) ||
      json_array_get_length (json_node_get_array (pair)) != 2)
    return 0;

  document = json_array_get_element (json_node_get_array (pair), 0);
  patch =
      twin_patch_new (json_array_get_element (json_node_get_array (pair), 1),
                      NULL);
  if (patch == NULL)
    return 0;

  before = twin_json_print (document, FALSE);
  after = twin_patch_apply (patch, document, NULL);
  patch_twin (patch, document);
  untouched = twin_json_print (document, FALSE);
  g_assert_cmpstr (before, ==, untouched);
  return 0;
}
