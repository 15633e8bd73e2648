/* SPDX-License-Identifier: Apache-2.0 */
#include "graph-store.h"
#include "models.h"

#define P "dtmi:com:example:twin:"

static void
open_demo (GraphStore *self)
{
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autofree char *path = demo_path ("demo/graph.json");
  g_autofree char *text = NULL;
  g_autoptr (TwinGraphFile) file = NULL;

  graph_store_open (self);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  file = twin_graph_file_parse ("graph.json", text, -1, NULL);
  for (guint i = 0; i < twin_model_set_list (models)->len; i++)
    {
      const TwinInterface *interface =
          g_ptr_array_index (twin_model_set_list (models), i);

      g_ptr_array_add (file->models,
                       twin_json_parse ("m", interface->json, -1, NULL));
    }
  graph_store_put (self, file);
}

static char *
rows_of (GraphStore *self, const char *query)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = twin_query_collect (query, self->reader, &error);

  g_assert_no_error (error);
  g_ptr_array_add (rows, NULL);
  return g_strjoinv ("\n", (char **) rows->pdata);
}

static void
test_answers (void)
{
  static const struct
  {
    const char *query, *rows;
  } cases[] = {
    { "SELECT COUNT() FROM DIGITALTWINS WHERE IS_OF_MODEL('" P "Machine;1')",
      "{\"COUNT\":24}" },
    { "SELECT COUNT() FROM DIGITALTWINS WHERE IS_OF_MODEL('" P
      "Machine;1', exact)",
      "{\"COUNT\":0}" },
    { "SELECT $dtId, placement.x FROM DIGITALTWINS WHERE displayName = "
      "'Pump 3'",
      "{\"$dtId\":\"pump-3\",\"x\":8.0}" },
    { "SELECT T.colour, T.$dtId AS id FROM DIGITALTWINS T WHERE T.$dtId = "
      "'pump-3'",
      "{\"id\":\"pump-3\"}" },
    { "SELECT COUNT() FROM DIGITALTWINS WHERE ratedPower > 30 OR NOT "
      "ratedPower > 20",
      "{\"COUNT\":16}" },
    { "SELECT COUNT() FROM DIGITALTWINS WHERE ratedPower != 'x'",
      "{\"COUNT\":0}" },
    { "SELECT COUNT() FROM DIGITALTWINS WHERE STARTSWITH($dtId, 'motor-') AND "
      "ENDSWITH($dtId, '-de')",
      "{\"COUNT\":8}" },
    { "SELECT COUNT() FROM DIGITALTWINS WHERE displayName > 5",
      "{\"COUNT\":0}" },
    { "SELECT COUNT() FROM DIGITALTWINS WHERE NOT displayName > 5",
      "{\"COUNT\":0}" },
    { "SELECT COUNT() FROM DIGITALTWINS WHERE NOT (displayName > 5 OR "
      "CONTAINS(ratedPower, '2'))",
      "{\"COUNT\":0}" },
    { "SELECT COUNT() FROM DIGITALTWINS WHERE CONTAINS(ratedPower, '2')",
      "{\"COUNT\":0}" },
    { "SELECT COUNT() FROM DIGITALTWINS WHERE placement = '{}' OR placement > "
      "'a' OR ratedPower = true",
      "{\"COUNT\":0}" },
    { "SELECT P.$dtId FROM DIGITALTWINS M JOIN P RELATED M.hasPart WHERE "
      "M.$dtId = 'pump-3' AND P.position = 'driveEnd'",
      "{\"$dtId\":\"pump-3-de\"}" },
    { "SELECT L.$dtId FROM DIGITALTWINS MATCH (L)-[:contains]->(M)-[]->(B) "
      "WHERE B.$dtId = 'motor-5-de'",
      "{\"$dtId\":\"line-3\"}" },
    { "SELECT COUNT() FROM DIGITALTWINS MATCH (A)-[*..4]->(B) WHERE A.$dtId = "
      "'northfield-works' AND IS_OF_MODEL(B, '" P "BearingAssembly;1')",
      "{\"COUNT\":48}" },
    { "SELECT TOP(1) R FROM RELATIONSHIPS R WHERE R.$targetId = 'pump-3-de'",
      NULL },
  };
  GraphStore store;

  open_demo (&store);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *rows = rows_of (&store, cases[i].query);

      if (cases[i].rows != NULL)
        g_assert_cmpstr (rows, ==, cases[i].rows);
      else
        g_assert_nonnull (
            strstr (rows, "{\"R\":{\"$relationshipId\":\"hasPart-pump-3-de\","
                          "\"$sourceId\":\"pump-3\",\"$targetId\":"
                          "\"pump-3-de\",\"$relationshipName\":\"hasPart\","
                          "\"$etag\":\""));
    }
  graph_store_close (&store);
}

/* What a row says is what was put, byte by byte. */
static void
test_document (void)
{
  g_autoptr (TwinGraphFile) file = twin_graph_file_new ();
  g_autoptr (JsonNode) properties = twin_json_parse (
      "t", "{\"a\":0.1,\"b\":[1,true,null],\"c\":{\"d\":\"é\\n\\\"\"}}", -1,
      NULL);
  TwinTwin        *twin = twin_twin_new ("x'\"y", "dtmi:a:b;1", properties);
  GraphStore       store;
  g_autofree char *row = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (TwinTwin) back = NULL;
  g_autofree char *props = twin_twin_print_props (twin);
  g_autofree char *same = NULL;

  g_ptr_array_add (file->twins, twin);
  g_free (twin->id);
  twin->id = g_strdup ("x'y");
  graph_store_open (&store);
  graph_store_put (&store, file);
  row = rows_of (&store, "SELECT * FROM DIGITALTWINS WHERE $dtId = 'x\\'y'");
  node = twin_json_parse ("row", row, -1, NULL);
  back = twin_twin_from_json (node, "", NULL);
  same = twin_twin_print_props (back);
  g_assert_cmpstr (same, ==, props);
  g_assert_nonnull (back->etag);
  graph_store_close (&store);
}

static void
test_ids (void)
{
  GraphStore store;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids = NULL;

  open_demo (&store);
  ids = twin_query_collect_ids ("SELECT M FROM DIGITALTWINS M JOIN P RELATED "
                                "M.hasPart WHERE "
                                "M.ratedPower > 30",
                                store.reader, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ids->len, ==, 8);
  g_assert_cmpstr (g_ptr_array_index (ids, 0), ==, "compressor-1");

  g_assert_null (twin_query_collect_ids ("SELECT M.a FROM DIGITALTWINS M",
                                         store.reader, &error));
  g_assert_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_NAME);
  graph_store_close (&store);
}

static gboolean
stop_at_three (const char *row, void *data)
{
  return ++*(int *) data < 3;
}

static void
test_limit_and_stop (void)
{
  GraphStore store;
  g_autoptr (TwinQuery) query =
      twin_query_parse ("SELECT TOP(10) FROM DIGITALTWINS", NULL, NULL);
  TwinQueryOptions options = { .limit = 2 };
  int              seen = 0;

  open_demo (&store);
  g_assert_true (twin_query_run (query, store.reader, &options, stop_at_three,
                                 &seen, NULL));
  g_assert_cmpint (seen, ==, 2);
  seen = 0;
  g_assert_true (
      twin_query_run (query, store.reader, NULL, stop_at_three, &seen, NULL));
  g_assert_cmpint (seen, ==, 3);
  graph_store_close (&store);
}

/* A dense graph has more paths than anybody can wait for, where each hop is
 * asked for. */
static void
test_takes_too_long (void)
{
  g_autoptr (TwinGraphFile) file = twin_graph_file_new ();
  g_autoptr (TwinQuery) query =
      twin_query_parse ("SELECT COUNT() FROM DIGITALTWINS MATCH "
                        "(a)-[]-()-[]-()-[]-()-[]-()-[]-()-[]-(b) WHERE "
                        "a.$dtId = 't0'",
                        NULL, NULL);
  TwinQueryOptions options = { .timeout_us = 100000 };
  g_autoptr (GError) error = NULL;
  GraphStore store;
  int        seen = 0;

  for (int i = 0; i < 12; i++)
    {
      g_autofree char *id = g_strdup_printf ("t%d", i);

      g_ptr_array_add (file->twins, twin_twin_new (id, "dtmi:a:b;1", NULL));
      for (int k = 0; k < 12; k++)
        {
          g_autofree char *target = g_strdup_printf ("t%d", k);

          g_ptr_array_add (file->relationships,
                           twin_relationship_new (id, target, "r", target,
                                                  NULL));
        }
    }

  graph_store_open (&store);
  graph_store_put (&store, file);
  g_assert_false (twin_query_run (query, store.reader, &options, stop_at_three,
                                  &seen, &error));
  g_assert_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_TIME);
  graph_store_close (&store);
}

static void
test_explain (void)
{
  GraphStore store;
  g_autoptr (TwinQuery) query =
      twin_query_parse ("SELECT * FROM DIGITALTWINS WHERE $dtId = 'pump-3'",
                        NULL, NULL);
  g_autoptr (JsonNode) plan = NULL;
  g_autofree char *text = NULL;

  open_demo (&store);
  plan = twin_query_explain (query, store.reader, NULL, NULL);
  text = twin_json_print (plan, FALSE);
  g_assert_nonnull (strstr (text, "SEARCH t0"));
  g_assert_nonnull (strstr (text, "\"values\":[\"pump-3\"]"));
  graph_store_close (&store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/run/answers", test_answers);
  g_test_add_func ("/query/run/document", test_document);
  g_test_add_func ("/query/run/ids", test_ids);
  g_test_add_func ("/query/run/limit-and-stop", test_limit_and_stop);
  g_test_add_func ("/query/run/takes-too-long", test_takes_too_long);
  g_test_add_func ("/query/run/explain", test_explain);
  return g_test_run ();
}
