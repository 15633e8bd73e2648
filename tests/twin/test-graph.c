/* SPDX-License-Identifier: Apache-2.0 */
#include "models.h"
#include "twin-graph-file.h"
#include "twin-graph.h"
#include "twin-json.h"

static TwinGraph *
demo_graph (TwinModelSet *models)
{
  g_autofree char *path = demo_path ("demo/graph.json");
  g_autofree char *text = NULL;
  g_autoptr (TwinGraphFile) file = NULL;
  g_autoptr (GError) error = NULL;
  TwinGraph *graph = twin_graph_new (models);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  file = twin_graph_file_parse ("graph.json", text, -1, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < file->twins->len; i++)
    twin_graph_put (graph, twin_twin_copy (g_ptr_array_index (file->twins, i)));
  for (guint i = 0; i < file->relationships->len; i++)
    g_assert_true (
        twin_graph_relate (graph,
                           twin_relationship_copy (
                               g_ptr_array_index (file->relationships, i)),
                           &error));
  return graph;
}

static const char *
id_at (GPtrArray *list, guint index)
{
  return ((const TwinTwin *) g_ptr_array_index (list, index))->id;
}

static void
test_tree (void)
{
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autoptr (TwinRoles) roles = demo_roles ();
  g_autoptr (TwinGraph) graph = demo_graph (models);
  g_autoptr (GPtrArray) lines =
      twin_graph_list_children (graph, roles, "building-a");
  g_autoptr (GPtrArray) machines =
      twin_graph_list_children (graph, roles, "line-1");
  g_autoptr (GPtrArray) train =
      twin_graph_list_train (graph, roles, "compressor-7");

  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpstr (id_at (lines, 1), ==, "line-2");
  g_assert_cmpuint (machines->len, ==, 8);
  g_assert_cmpstr (id_at (machines, 6), ==, "compressor-7");
  g_assert_cmpuint (train->len, ==, 11);
  g_assert_cmpstr (id_at (train, 0), ==, "compressor-7");
  g_assert_cmpstr (id_at (train, 1), ==, "compressor-7-motor");

  g_assert_cmpstr (twin_graph_get_parent (graph, roles, "compressor-7-de"), ==,
                   "compressor-7");
  g_assert_null (twin_graph_get_parent (graph, roles, "northfield-works"));
  g_assert_cmpstr (twin_graph_find_machine (graph, roles,
                                            "compressor-7-de-acc"),
                   ==, "compressor-7");
  g_assert_null (twin_graph_find_machine (graph, roles, "line-1"));
}

static void
test_order (void)
{
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autoptr (TwinGraph) graph = twin_graph_new (models);
  static const char *const ids[] = { "p-10", "p-2", "p", "p-02", "q" };
  static const char *const sorted[] = { "p", "p-02", "p-2", "p-10", "q" };
  g_autoptr (GPtrArray) list = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (ids); i++)
    twin_graph_put (graph, twin_twin_new (ids[i], "dtmi:a:b;1", NULL));
  list = twin_graph_list (graph);
  for (guint i = 0; i < G_N_ELEMENTS (sorted); i++)
    g_assert_cmpstr (id_at (list, i), ==, sorted[i]);
}

static void
test_relationships (void)
{
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autoptr (TwinGraph) graph = twin_graph_new (models);
  g_autoptr (GError) error = NULL;

  for (const char *id = "abc"; *id != '\0'; id++)
    {
      char name[2] = { *id, '\0' };

      twin_graph_put (graph, twin_twin_new (name, "dtmi:a:b;1", NULL));
    }

  g_assert_true (
      twin_graph_relate (graph,
                         twin_relationship_new ("a", "r", "has", "b", NULL),
                         &error));
  g_assert_true (
      twin_graph_relate (graph,
                         twin_relationship_new ("a", "r", "has", "c", NULL),
                         &error));
  g_assert_cmpuint (twin_graph_count_relationships (graph), ==, 1);
  g_assert_cmpuint (twin_graph_incoming (graph, "b")->len, ==, 0);
  g_assert_cmpuint (twin_graph_incoming (graph, "c")->len, ==, 1);

  g_assert_false (twin_graph_remove (graph, "c", &error));
  g_assert_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_IN_USE);
  g_clear_error (&error);
  g_assert_true (twin_graph_remove (graph, "b", &error));
  g_assert_false (
      twin_graph_relate (graph,
                         twin_relationship_new ("a", "s", "has", "b", NULL),
                         &error));
  g_assert_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (twin_graph_unrelate (graph, "a", "r", &error));
  g_assert_true (twin_graph_remove (graph, "c", &error));
  g_assert_cmpuint (twin_graph_count (graph), ==, 1);
}

static TwinProperty *
property (TwinGraph *graph, const char *path)
{
  return twin_graph_find_property (graph, "pump-3", path);
}

static JsonNode *
json (const char *text)
{
  JsonNode *node = twin_json_parse ("t", text, -1, NULL);

  g_assert_nonnull (node);
  return node;
}

static void
test_reported (void)
{
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autoptr (TwinGraph) graph = demo_graph (models);
  g_autoptr (JsonNode) first = json ("{\"mode\":\"standby\",\"x\":1}");
  g_autoptr (JsonNode) nothing = json ("{\"mode\":null}");
  g_autoptr (JsonNode) running = json ("{\"mode\":\"running\"}");
  g_autoptr (JsonNode) wrong = json ("{\"mode\":\"asleep\"}");
  const TwinTwin *twin;
  gboolean        changed;

  g_assert_true (twin_graph_take_reported (graph, "pump-3", first, 2, 1000000,
                                           2000000, TWIN_CONFIDENCE_SIGNED,
                                           &changed));
  g_assert_true (changed);
  /* The same again is no news to the document. */
  twin_graph_take_reported (graph, "pump-3", first, 2, 1000001, 2000001,
                            TWIN_CONFIDENCE_SIGNED, &changed);
  g_assert_false (changed);
  twin_graph_take_reported (graph, "pump-3", first, 2, 1000000, 2000000,
                            TWIN_CONFIDENCE_SIGNED, NULL);
  twin = twin_graph_lookup (graph, "pump-3");
  g_assert_cmpstr (json_node_get_string (twin_twin_get (twin, "/mode")), ==,
                   "standby");
  g_assert_cmpint (property (graph, "x")->source_us, ==, 1000000);
  g_assert_cmpint (property (graph, "x")->arrival_us, ==, 2000000);
  g_assert_cmpfloat (property (graph, "x")->confidence, ==, 1);
  g_assert_null (twin_twin_get (twin, "/x"));

  /* Neither what the model refuses nor what nobody vouches for is the twin's
   * own. */
  twin_graph_take_reported (graph, "pump-3", running, 3, 3000000, 3000000,
                            TWIN_CONFIDENCE_UNSIGNED, &changed);
  g_assert_false (changed);
  g_assert_cmpfloat (property (graph, "mode")->confidence, ==, 0.5);
  g_assert_cmpstr (json_node_get_string (twin_twin_get (twin, "/mode")), ==,
                   "standby");

  /* What the model refuses is kept as reported, not as the twin's own; what is
   * no longer said is no longer reported. */
  twin_graph_take_reported (graph, "pump-3", wrong, 3, 3000000, 3000000,
                            TWIN_CONFIDENCE_SIGNED, NULL);
  g_assert_cmpstr (json_node_get_string (twin_twin_get (twin, "/mode")), ==,
                   "standby");
  g_assert_cmpstr (json_node_get_string (property (graph, "mode")->reported),
                   ==, "asleep");
  g_assert_cmpuint (property (graph, "mode")->reported_version, ==, 3);
  g_assert_null (property (graph, "x")->reported);
  g_assert_cmpint (property (graph, "x")->arrival_us, ==, TWIN_TIME_NONE);
  /* What is no longer said is gone from the twin, what was typed is not. */
  twin_graph_take_reported (graph, "pump-3", first, 4, 4000000, 4000000,
                            TWIN_CONFIDENCE_SIGNED, NULL);
  twin_graph_take_reported (graph, "pump-3", nothing, 4, 5000000, 5000000,
                            TWIN_CONFIDENCE_SIGNED, &changed);
  g_assert_true (changed);
  g_assert_null (twin_twin_get (twin, "/mode"));
  g_assert_nonnull (twin_twin_get (twin, "/ratedSpeed"));

  g_assert_false (
      twin_graph_take_reported (graph, "nobody", first, 2, 0, 0, 1, NULL));
}

static void
test_desired (void)
{
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autoptr (TwinGraph) graph = demo_graph (models);
  g_autoptr (JsonNode) wanted =
      json ("{\"summaryPeriodS\":10,\"maxSilenceS\":60}");
  g_autoptr (JsonNode) less = json ("{\"maxSilenceS\":60}");
  g_autoptr (JsonNode) said = json ("{\"summaryPeriodS\":10.0}");

  twin_graph_take_desired (graph, "pump-3", wanted, 4);
  g_assert_cmpuint (twin_graph_list_properties (graph, "pump-3")->len, ==, 2);
  g_assert_cmpint (twin_property_get_sync (property (graph, "summaryPeriodS")),
                   ==, TWIN_PROPERTY_PENDING);
  g_assert_true (
      twin_graph_set_refused (graph, "pump-3", "maxSilenceS", "too short"));
  g_assert_false (
      twin_graph_set_refused (graph, "pump-3", "nothing", "unknown"));

  twin_graph_take_reported (graph, "pump-3", said, 4, 1, 1, 1, NULL);
  g_assert_cmpint (twin_property_get_sync (property (graph, "summaryPeriodS")),
                   ==, TWIN_PROPERTY_SETTLED);
  g_assert_cmpint (twin_property_get_sync (property (graph, "maxSilenceS")), ==,
                   TWIN_PROPERTY_REFUSED);

  /* The same document again keeps the refusal, a newer one does not. */
  twin_graph_take_desired (graph, "pump-3", wanted, 4);
  g_assert_cmpstr (property (graph, "maxSilenceS")->refused, ==, "too short");
  twin_graph_take_desired (graph, "pump-3", less, 5);
  g_assert_null (property (graph, "maxSilenceS")->refused);
  g_assert_null (property (graph, "summaryPeriodS")->desired);
}

static void
test_bind (void)
{
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autoptr (TwinRoles) roles = demo_roles ();
  g_autoptr (TwinGraph) graph = demo_graph (models);

  for (int i = 1; i <= 8; i++)
    {
      g_autofree char *id = g_strdup_printf ("compressor-%d", i);
      g_autoptr (TwinBinding) binding = twin_graph_bind (graph, roles, id);
      g_autoptr (GArray) missing = twin_binding_list_missing (binding);
      TwinPlacement placement;

      g_assert_cmpuint (missing->len, ==, 0);
      g_assert_true (twin_binding_get_placement (binding, &placement));
      g_assert_cmpfloat (placement.x, ==, 4.0 * (i - 1));
    }
  g_assert_null (twin_graph_bind (graph, roles, "nobody"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/graph/tree", test_tree);
  g_test_add_func ("/twin/graph/order", test_order);
  g_test_add_func ("/twin/graph/relationships", test_relationships);
  g_test_add_func ("/twin/graph/reported", test_reported);
  g_test_add_func ("/twin/graph/desired", test_desired);
  g_test_add_func ("/twin/graph/bind", test_bind);
  return g_test_run ();
}
