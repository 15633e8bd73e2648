/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-node-properties.h"

static const TwinNodeProperty *
find (const GArray *list, const char *name)
{
  for (guint i = 0; i < list->len; i++)
    {
      const TwinNodeProperty *one = &g_array_index (list, TwinNodeProperty, i);

      if (g_str_equal (one->name, name))
        return one;
    }

  return NULL;
}

static void
test_beside (void)
{
  g_autoptr (GArray) list = twin_node_properties_list (
      "{\"maxSilenceS\":60,\"summaryPeriodS\":1,\"deadbands\":{\"a\":1}}",
      "{\"summaryPeriodS\":1,\"maxSilenceS\":30,\"mode\":\"running\"}");

  g_assert_cmpuint (list->len, ==, 4);
  g_assert_true (find (list, "maxSilenceS")->differs);
  g_assert_cmpstr (find (list, "maxSilenceS")->desired, ==, "60");
  g_assert_cmpstr (find (list, "maxSilenceS")->reported, ==, "30");
  g_assert_false (find (list, "summaryPeriodS")->differs);
  /* Nothing is desired: nothing differs. */
  g_assert_false (find (list, "mode")->differs);
  g_assert_cmpstr (find (list, "mode")->reported, ==, "running");
  /* Desired and never reported differs. */
  g_assert_true (find (list, "deadbands")->differs);
  g_assert_null (find (list, "deadbands")->reported);
}

static void
test_with_version (void)
{
  g_autoptr (GArray) list =
      twin_node_properties_list ("{\"version\":7,\"properties\":{\"a\":[1,2]}}",
                                 "{\"version\":7,\"properties\":{\"a\":[1,2]}"
                                 "}");

  g_assert_cmpuint (list->len, ==, 1);
  g_assert_false (find (list, "a")->differs);
}

static void
test_in_words (void)
{
  g_autoptr (GArray) list =
      twin_node_properties_list (NULL,
                                 "{\"a\":{\"everyS\":20.0,\"captureS\":8.5},"
                                 "\"b\":{},\"c\":[1,\"x\"],"
                                 "\"d\":true,\"e\":null,\"f\":1795516938}");

  g_assert_cmpstr (find (list, "a")->reported, ==, "everyS 20, captureS 8.5");
  g_assert_cmpstr (find (list, "b")->reported, ==, "none");
  g_assert_cmpstr (find (list, "c")->reported, ==, "1, x");
  g_assert_cmpstr (find (list, "d")->reported, ==, "yes");
  g_assert_cmpstr (find (list, "e")->reported, ==, "–");
  g_assert_cmpstr (find (list, "f")->reported, ==, "1795516938");
}

static void
test_no_json (void)
{
  static const char *const texts[] = { NULL, "",     "{",   "[1]",
                                       "17", "null", "\xff" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GArray) list = twin_node_properties_list (texts[i], texts[i]);

      g_assert_cmpuint (list->len, ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/node-properties/beside", test_beside);
  g_test_add_func ("/console/node-properties/with-version", test_with_version);
  g_test_add_func ("/console/node-properties/in-words", test_in_words);
  g_test_add_func ("/console/node-properties/no-json", test_no_json);
  return g_test_run ();
}
