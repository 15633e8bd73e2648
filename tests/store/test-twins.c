/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "fixture.h"
#include "twin-store-twins.h"

static const char graph[] =
    "{\"digitalTwinsFileInfo\":{\"fileVersion\":\"1.0.0\"},"
    "\"digitalTwinsGraph\":{\"digitalTwins\":["
    "{\"$dtId\":\"line-2\",\"$metadata\":{\"$model\":\"dtmi:a:Line;1\"}},"
    "{\"$dtId\":\"pump-3\",\"$metadata\":{\"$model\":\"dtmi:a:Pump;1\"},"
    "\"displayName\":\"Pump 3\",\"ratedSpeed\":1480.5}],"
    "\"relationships\":[{\"$relationshipId\":\"r1\",\"$sourceId\":\"line-2\","
    "\"$targetId\":\"pump-3\",\"$relationshipName\":\"contains\","
    "\"since\":2019}]},"
    "\"digitalTwinsModels\":["
    "{\"@id\":\"dtmi:a:Line;1\",\"@type\":\"Interface\","
    "\"@context\":\"dtmi:dtdl:context;3\"},"
    "{\"@id\":\"dtmi:a:Pump;1\",\"@type\":\"Interface\","
    "\"@context\":\"dtmi:dtdl:context;3\"}]}";

static TwinGraphFile *
parse (void)
{
  g_autoptr (GError) error = NULL;
  TwinGraphFile *file = twin_graph_file_parse ("test", graph, -1, &error);

  g_assert_no_error (error);
  return file;
}

static void
test_graph (Fixture *f, const void *data)
{
  g_autoptr (TwinGraphFile) file = parse ();
  g_autoptr (TwinGraphFile) back = NULL;
  g_autoptr (GError) error = NULL;
  const TwinTwin         *pump;
  const TwinRelationship *contains;

  twin_store_save_graph (f->store, file, T0, &error);
  g_assert_no_error (error);
  back = twin_store_reader_load_graph (f->reader, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->models->len, ==, 2);
  g_assert_cmpuint (back->twins->len, ==, 2);
  g_assert_cmpuint (back->relationships->len, ==, 1);

  pump = g_ptr_array_index (back->twins, 1);
  g_assert_cmpstr (pump->id, ==, "pump-3");
  g_assert_cmpstr (pump->display_name, ==, "Pump 3");
  g_assert_cmpint (pump->lifecycle, ==, TWIN_LIFECYCLE_IN_SERVICE);
  g_assert_cmpint (pump->created_us, ==, T0);
  g_assert_nonnull (pump->etag);
  g_assert_cmpfloat (json_node_get_double (twin_twin_get (pump, "/ratedSpeed")),
                     ==, 1480.5);
  contains = g_ptr_array_index (back->relationships, 0);
  g_assert_cmpstr (contains->target, ==, "pump-3");
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (
                                                   contains->properties),
                                               "since"),
                   ==, 2019);
}

/* One of them cannot be saved: none is. */
static void
test_all_or_nothing (Fixture *f, const void *data)
{
  g_autoptr (TwinGraphFile) file = parse ();
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (file->models, json_from_string ("{\"@id\":7}", NULL));
  g_assert_false (twin_store_save_graph (f->store, file, T0, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE);
  models = twin_store_reader_list_models (f->reader, NULL);
  g_assert_cmpuint (models->len, ==, 0);
}

/* Two hands on one twin: the second one is told. */
static void
test_etag (Fixture *f, const void *data)
{
  g_autoptr (TwinGraphFile) file = parse ();
  g_autoptr (TwinTwin) mine = NULL;
  g_autoptr (TwinTwin) theirs = NULL;
  g_autoptr (JsonNode) speed = json_from_string ("1500", NULL);
  g_autoptr (GError) error = NULL;

  twin_store_save_graph (f->store, file, T0, &error);
  g_assert_no_error (error);
  mine = twin_store_reader_load_twin (f->reader, "pump-3", &error);
  theirs = twin_store_reader_load_twin (f->reader, "pump-3", &error);
  g_assert_no_error (error);

  twin_twin_set (mine, "/ratedSpeed", speed, T0 + SECOND, TWIN_TIME_NONE,
                 &error);
  g_assert_no_error (error);
  twin_store_save_twin (f->store, mine, mine->etag, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mine->etag, !=, theirs->etag);
  g_assert_false (
      twin_store_save_twin (f->store, theirs, theirs->etag, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED);
  g_clear_error (&error);
  twin_store_save_twin (f->store, mine, mine->etag, &error);
  g_assert_no_error (error);

  g_assert_null (twin_store_reader_load_twin (f->reader, "pump-4", &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND);
}

/* A row that a stranger's hand has spoilt: named, not crashed on. */
static void
test_spoilt (Fixture *f, const void *data)
{
  g_autoptr (TwinGraphFile) file = parse ();
  g_autoptr (GError) error = NULL;

  twin_store_save_graph (f->store, file, T0, &error);
  twin_store_db_exec (&f->store->sql,
                      "UPDATE twin SET props = '{' WHERE id = 'pump-3'",
                      &error);
  g_assert_no_error (error);
  g_assert_null (twin_store_reader_load_graph (f->reader, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "pump-3"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/twins/graph", test_graph);
  ADD ("/store/twins/all-or-nothing", test_all_or_nothing);
  ADD ("/store/twins/etag", test_etag);
  ADD ("/store/twins/spoilt", test_spoilt);
  return g_test_run ();
}
