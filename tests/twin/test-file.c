/* SPDX-License-Identifier: Apache-2.0 */
#include "models.h"
#include "twin-graph-file.h"
#include "twin-json.h"

static TwinGraphFile *
read_demo (const char *name)
{
  g_autofree char *path = demo_path (name);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  TwinGraphFile *file;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  file = twin_graph_file_parse (name, text, -1, &error);
  g_assert_no_error (error);
  return file;
}

static const TwinTwin *
building_b (const char *id, void *data)
{
  return strcmp (id, "building-b") == 0 ? data : NULL;
}

static void
test_demo_is_valid (void)
{
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autoptr (TwinGraphFile) plant = read_demo ("demo/graph.json");
  g_autoptr (TwinGraphFile) rig = read_demo ("demo/rig.json");
  g_autoptr (TwinTwin) building =
      twin_twin_new ("building-b", "dtmi:com:example:twin:Building;1", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (
      twin_graph_file_check (plant, "plant", models, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (
      twin_graph_file_check (rig, "rig", models, building_b, building, &error));
  g_assert_no_error (error);
  g_assert_false (
      twin_graph_file_check (rig, "rig", models, NULL, NULL, &error));
  g_assert_cmpstr (error->message, ==,
                   "rig at “/digitalTwinsGraph/relationships/0”: there is no "
                   "twin “building-b”");
}

static void
test_round_trip (void)
{
  g_autoptr (TwinGraphFile) file = read_demo ("demo/graph.json");
  g_autofree char *json = twin_graph_file_print (file, TWIN_GRAPH_JSON);
  g_autofree char *lines = twin_graph_file_print (file, TWIN_GRAPH_NDJSON);
  g_autoptr (TwinGraphFile) from_json =
      twin_graph_file_parse ("j", json, -1, NULL);
  g_autoptr (TwinGraphFile) from_lines =
      twin_graph_file_parse ("n", lines, -1, NULL);
  g_autofree char *again = twin_graph_file_print (from_json, TWIN_GRAPH_JSON);
  g_autofree char *same = twin_graph_file_print (from_lines, TWIN_GRAPH_JSON);

  g_assert_cmpstr (again, ==, json);
  g_assert_cmpstr (same, ==, json);
}

static void
test_refuses (void)
{
  static const struct
  {
    const char *text, *message;
  } cases[] = {
    { "{", "g:1:2: the text ends too early" },
    { "{}", "g: no graph file: “digitalTwinsGraph” or "
            "“digitalTwinsModels” is expected" },
    { "{\"digitalTwinsGraph\":{\"digitalTwins\":[{\"$dtId\":\"a\"}]}}",
      "g at “/digitalTwinsGraph/digitalTwins/0”: “$metadata” is missing" },
    { "{\"digitalTwinsGraph\":{\"relationships\":[{}]}}",
      "g at “/digitalTwinsGraph/relationships/0”: a relationship needs "
      "“$sourceId”, “$relationshipId”, “$relationshipName” and “$targetId”" },
    { "{\"Section\":\"Header\"}\n{}\n{\"Section\":\"Twins\"}\n{]",
      "g at “line 4”: column 2: a key in double quotes is expected here" },
    { "{\"Section\":\"Header\"}\n{\"Section\":\"Twins\"}\n"
      "{\"Section\":\"Models\"}",
      "g at “line 3”: the section “Models” cannot follow “Twins”" },
    { "{\"Section\":\"Header\"}\n{\"Section\":\"Spice\"}",
      "g at “line 2”: there is no section “Spice”" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (twin_graph_file_parse ("g", cases[i].text, -1, &error));
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_checks (void)
{
  static const struct
  {
    const char *relationship, *message;
  } cases[] = {
    { "\"$targetId\":\"b\",\"$relationshipName\":\"hasPart\"", NULL },
    { "\"$targetId\":\"b\",\"$relationshipName\":\"eats\"",
      "g at “/digitalTwinsGraph/relationships/0”: "
      "dtmi:com:example:twin:Pump;1 declares no relationship “eats”" },
    { "\"$targetId\":\"a\",\"$relationshipName\":\"hasPart\"",
      "g at “/digitalTwinsGraph/relationships/0”: “hasPart” leads to a "
      "dtmi:com:example:twin:MachinePart;1, but a is a "
      "dtmi:com:example:twin:Pump;1" },
    { "\"$targetId\":\"b\",\"$relationshipName\":\"hasPart\",\"since\":1",
      "g at “/digitalTwinsGraph/relationships/0/since”: the relationship "
      "“hasPart” has no property “since”" },
  };
  g_autoptr (TwinModelSet) models = demo_models ();

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{\"digitalTwinsGraph\":{\"digitalTwins\":[{\"$dtId\":\"a\","
          "\"$metadata\":{\"$model\":\"dtmi:com:example:twin:Pump;1\"}},{"
          "\"$dtId\":\"b\",\"$metadata\":{\"$model\":"
          "\"dtmi:com:example:twin:BearingAssembly;1\"}}],\"relationships\":[{"
          "\"$relationshipId\":\"r\",\"$sourceId\":\"a\",%s}]}}",
          cases[i].relationship);
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinGraphFile) file =
          twin_graph_file_parse ("g", text, -1, &error);
      gboolean good;

      g_assert_no_error (error);
      good = twin_graph_file_check (file, "g", models, NULL, NULL, &error);
      g_assert_cmpint (good, ==, cases[i].message == NULL);
      if (!good)
        g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/file/demo-is-valid", test_demo_is_valid);
  g_test_add_func ("/twin/file/round-trip", test_round_trip);
  g_test_add_func ("/twin/file/refuses-with-place", test_refuses);
  g_test_add_func ("/twin/file/checks-against-models", test_checks);
  return g_test_run ();
}
