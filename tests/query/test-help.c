/* SPDX-License-Identifier: Apache-2.0 */
/* The examples of the help page, on the demo plant. */
#include "graph-store.h"
#include "models.h"

#include "twin-store-groups.h"

static void
open_demo (GraphStore *self)
{
  static const TwinStoreGroup vital = { .name = "vital",
                                        .members = "[\"pump-3\"]" };
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autofree char *path = demo_path ("demo/graph.json");
  g_autofree char *text = NULL;
  g_autoptr (TwinGraphFile) file = NULL;
  g_autoptr (GError) error = NULL;

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
  twin_store_put_group (self->store, &vital, 1, &error);
  g_assert_no_error (error);
}

static gboolean
count (const char *row, void *data)
{
  ++*(int *) data;
  return TRUE;
}

/* Whether the demo plant, without telemetry, has an answer to it. */
static gboolean
asks_the_graph (const char *text)
{
  static const char *const other[] = { "vibration", "VERSION", "STATE(",
                                       "AS OF" };

  for (size_t i = 0; i < G_N_ELEMENTS (other); i++)
    {
      if (strstr (text, other[i]) != NULL)
        return FALSE;
    }

  return TRUE;
}

static void
run_example (GraphStore *store, const char *text)
{
  g_autoptr (JsonNode) given =
      twin_json_parse ("p", "{\"power\":20,\"ids\":[\"pump-1\"],\"most\":5}",
                       -1, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinQuery) query = twin_query_parse (text, NULL, &error);
  TwinQueryOptions options = { 0 };
  int              rows = 0;

  g_test_message ("%s", text);
  g_assert_no_error (error);
  if (strchr (text, '@') != NULL)
    options.parameters = json_node_get_object (given);
  twin_query_run (query, store->reader, &options, count, &rows, &error);
  g_assert_no_error (error);
  if (asks_the_graph (text))
    g_assert_cmpint (rows, >, 0);
}

static void
test_examples (void)
{
  g_autofree char *path = demo_path ("help/queries.md");
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GraphStore store;
  gboolean   inside = FALSE;
  int        n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  open_demo (&store);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], "```"))
        inside = strcmp (lines[i], "```sql") == 0;
      else if (inside)
        {
          run_example (&store, lines[i]);
          n++;
        }
    }

  g_assert_cmpint (n, >=, 25);
  graph_store_close (&store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/help/examples", test_examples);
  return g_test_run ();
}
