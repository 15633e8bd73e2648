/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-model-list.h"

#include <string.h>

#define MODEL(id, name, rest)                                                  \
  "{\"@context\":\"dtmi:dtdl:context;3\",\"@type\":\"Interface\",\"@id\":\""   \
  "dtmi:t:" id ";1\",\"displayName\":\"" name "\"" rest "}"

static TwinModelSet *
models_new (void)
{
  static const char text[] = "[" MODEL ("Asset", "Asset", "") "," MODEL ("Pump", "Pump", ",\"extends\":\"dtmi:t:Machine;1\"") "," MODEL (
      "Machine", "Machine",
      ",\"extends\":\"dtmi:t:Asset;1\"") "," MODEL ("Both", "Both",
                                                    ",\"extends\":[\"dtmi:t:"
                                                    "Pump;1\",\"dtmi:t:Asset;"
                                                    "1\"]") "," MODEL ("Line",
                                                                       "Line",
                                                                       ",\"exte"
                                                                       "nds\":"
                                                                       "\"dtmi:"
                                                                       "t:"
                                                                       "Asset;"
                                                                       "1\"") "]";
  const TwinModelSource source = { "test", text, -1 };
  g_autoptr (GError) error = NULL;
  TwinModelSet *models = twin_model_set_new_checked (&source, 1, &error);

  g_assert_no_error (error);
  return models;
}

static GPtrArray *
items_new (TwinModelSet *models)
{
  GPtrArray *all = twin_model_set_list (models);
  GPtrArray *items = twin_model_items_new ();

  for (guint i = 0; i < all->len; i++)
    {
      const TwinInterface *interface = all->pdata[i];
      TwinModelItem       *item = g_new0 (TwinModelItem, 1);

      item->dtmi = g_strdup (interface->id);
      item->name = g_strdup (interface->display_name);
      g_ptr_array_add (items, item);
    }
  return items;
}

static char *
print (GPtrArray *items, TwinModelSet *models, const char *needle)
{
  g_autoptr (GArray) order = twin_model_list_order (items, models, needle);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < order->len; i++)
    {
      const TwinModelPlace *place = &g_array_index (order, TwinModelPlace, i);

      g_string_append_printf (text, "%s%u%s", i > 0 ? " " : "", place->depth,
                              place->item->name);
    }
  return g_string_free (text, FALSE);
}

static void
test_tree (void)
{
  g_autoptr (TwinModelSet) models = models_new ();
  g_autoptr (GPtrArray) items = items_new (models);
  g_autofree char *all = print (items, models, NULL);
  g_autofree char *pump = print (items, models, "pump");
  g_autofree char *none = print (items, models, "xyz");

  /* Each once, behind the first it extends. */
  g_assert_cmpstr (all, ==, "0Asset 1Line 1Machine 2Pump 3Both");
  g_assert_cmpstr (pump, ==, "0Asset 1Machine 2Pump");
  g_assert_cmpstr (none, ==, "");
}

/* Without the models' objects (a reference is open) they stand side by side. */
static void
test_flat (void)
{
  g_autoptr (TwinModelSet) models = models_new ();
  g_autoptr (GPtrArray) items = items_new (models);
  g_autofree char *all = print (items, NULL, NULL);

  g_assert_cmpstr (all, ==, "0Asset 0Both 0Line 0Machine 0Pump");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/model-list/tree", test_tree);
  g_test_add_func ("/console/model-list/flat", test_flat);
  return g_test_run ();
}
