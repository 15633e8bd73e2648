/* SPDX-License-Identifier: Apache-2.0 */
/* The reference queries and their rows, where the data lie. */
#include "graph-store.h"

static char *
data_path (const char *name)
{
  const char      *root = g_getenv ("TWIN_REAL_DATA");
  g_autofree char *beside = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                              "..", "shared", "data", NULL);

  return g_build_filename (root != NULL ? root : beside, "query", name, NULL);
}

/* Documents reduced to what names them, numbers to doubles. */
static void
append_reduced (GString *out, JsonNode *node)
{
  JsonObject *object;
  const char *id, *source;
  g_autoptr (GList) keys = NULL;

  if (JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_INT64)
    {
      g_string_append_printf (out, "%.17g", json_node_get_double (node));
      return;
    }
  if (JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_DOUBLE)
    {
      g_string_append_printf (out, "%.17g", json_node_get_double (node));
      return;
    }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      twin_json_append (out, node);
      return;
    }

  object = json_node_get_object (node);
  id = twin_json_get_string (object, "$dtId");
  source = twin_json_get_string (object, "$sourceId");
  if (id != NULL && json_object_has_member (object, "$metadata"))
    {
      g_string_append_printf (out, "{$dtId:\"%s\"}", id);
      return;
    }
  if (source != NULL && json_object_has_member (object, "$relationshipId"))
    {
      g_string_append_printf (out, "{$rel:\"%s/%s\"}", source,
                              twin_json_get_string (object, "$relationshipId"));
      return;
    }

  keys = g_list_sort (json_object_get_members (object), (GCompareFunc) strcmp);
  g_string_append_c (out, '{');
  for (GList *l = keys; l != NULL; l = l->next)
    {
      g_string_append_printf (out, "%s%s:", l == keys ? "" : ",",
                              (char *) l->data);
      append_reduced (out, json_object_get_member (object, l->data));
    }
  g_string_append_c (out, '}');
}

static int
compare (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static GPtrArray *
reduce (JsonArray *array, gboolean set)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      GString *out = g_string_new (NULL);

      append_reduced (out, json_array_get_element (array, i));
      g_ptr_array_add (rows, g_string_free (out, FALSE));
    }

  g_ptr_array_sort (rows, compare);
  for (guint i = 1; set && i < rows->len;)
    {
      if (strcmp (g_ptr_array_index (rows, i - 1),
                  g_ptr_array_index (rows, i)) == 0)
        g_ptr_array_remove_index (rows, i);
      else
        i++;
    }
  return rows;
}

static gboolean
same_rows (JsonObject *expect, JsonArray *got)
{
  gboolean set =
      g_strcmp0 (twin_json_get_string (expect, "compare"), "set") == 0;
  gboolean top = json_object_has_member (expect, "top");
  g_autoptr (GPtrArray) have = reduce (got, set);
  g_autoptr (GPtrArray) want =
      reduce (json_object_get_array_member (expect, top ? "subset_of" : "rows"),
              set);

  if (top)
    {
      if (have->len != json_object_get_int_member (expect, "count"))
        return FALSE;
    }
  else if (have->len != want->len)
    return FALSE;

  for (guint i = 0; i < have->len; i++)
    {
      const char *row = g_ptr_array_index (have, i);

      if (top ? !g_ptr_array_find_with_equal_func (want, row, g_str_equal, NULL)
              : strcmp (row, g_ptr_array_index (want, i)) != 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
collect_row (const char *row, void *data)
{
  json_array_add_element (data, twin_json_parse ("row", row, -1, NULL));
  return TRUE;
}

static gboolean
judge (GraphStore *store, JsonObject *one, gboolean strict)
{
  JsonObject *expect = json_object_get_object_member (one, "expect");
  const char *text = json_object_get_string_member (one, "query");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonArray) got = json_array_new ();
  g_autoptr (TwinQuery) query =
      strict ? twin_query_parse_strict (text, NULL, &error)
             : twin_query_parse (text, NULL, &error);

  if (query == NULL)
    return json_object_has_member (expect, "error") &&
           error->domain == TWIN_QUERY_ERROR;

  return twin_query_run (query, store->reader, NULL, collect_row, got,
                         &error) &&
         !json_object_has_member (expect, "error") && same_rows (expect, got);
}

static void
test_reference (void)
{
  g_autofree char *graph = data_path ("fixture.ndjson");
  g_autofree char *cases = data_path ("cases.jsonl");
  g_autofree char *text = NULL;
  g_autofree char *queries = NULL;
  g_autoptr (TwinGraphFile) file = NULL;
  g_autoptr (GError) error = NULL;
  GraphStore store;
  char      *line, *rest;
  int        bad = 0, n = 0;

  if (!g_file_get_contents (graph, &text, NULL, NULL) ||
      !g_file_get_contents (cases, &queries, NULL, NULL))
    {
      g_test_skip ("the reference queries are not here");
      return;
    }

  file = twin_graph_file_parse ("fixture.ndjson", text, -1, &error);
  g_assert_no_error (error);
  graph_store_open (&store);
  graph_store_put (&store, file);

  rest = queries;
  while ((line = strsep (&rest, "\n")) != NULL)
    {
      g_autoptr (JsonNode) node = NULL;
      JsonObject *one;

      if (*line == '\0')
        continue;
      node = twin_json_parse ("case", line, -1, &error);
      g_assert_no_error (error);
      one = json_node_get_object (node);
      n++;

      /* What the service refuses and we do not is in the class "strict". */
      if (!judge (&store, one, TRUE) ||
          (strcmp (json_object_get_string_member (one, "class"), "strict") !=
               0 &&
           !judge (&store, one, FALSE)))
        {
          g_test_message ("%s: %s", json_object_get_string_member (one, "id"),
                          json_object_get_string_member (one, "query"));
          bad++;
        }
    }

  g_assert_cmpint (n, >, 0);
  g_assert_cmpint (bad, ==, 0);
  graph_store_close (&store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/reference", test_reference);
  return g_test_run ();
}
