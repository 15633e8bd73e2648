/* SPDX-License-Identifier: Apache-2.0 */
/* Desired and reported of the node that serves a twin, side by side. */
#include <stdio.h>
#include <string.h>

#include "twin-ctl-edit.h"
#include "twin-graph.h"
#include "twin-json.h"

/* The node of @list that serves @twin itself; NULL: none. */
static const TwinStoreNode *
find_node (GPtrArray *list, const char *twin)
{
  for (guint i = 0; i < list->len; i++)
    {
      const TwinStoreNode *node = g_ptr_array_index (list, i);

      if (g_strcmp0 (node->machine, twin) == 0)
        return node;
    }

  return NULL;
}

static JsonNode *
parse (const char *name, const char *text)
{
  return text != NULL ? twin_json_parse (name, text, -1, NULL) : NULL;
}

static void
take_refusals (TwinGraph *graph, const char *twin, const char *text)
{
  g_autoptr (JsonNode) list = parse ("refusals", text);

  for (guint i = 0; list != NULL && JSON_NODE_HOLDS_ARRAY (list) &&
                    i < json_array_get_length (json_node_get_array (list));
       i++)
    {
      JsonNode   *one = json_array_get_element (json_node_get_array (list), i);
      JsonObject *object =
          JSON_NODE_HOLDS_OBJECT (one) ? json_node_get_object (one) : NULL;
      const char *path =
          object != NULL ? twin_json_get_string (object, "path") : NULL;
      const char *reason =
          object != NULL ? twin_json_get_string (object, "reason") : NULL;

      if (path != NULL && reason != NULL)
        {
          g_auto (GStrv) words = g_strsplit (path + (*path == '/'), "/", 2);

          twin_graph_set_refused (graph, twin, words[0], reason);
        }
    }
}

/* @twin with what the store knows of it and @node. */
static void
fill (TwinGraph              *graph,
      const TwinTwin         *twin,
      const TwinStoreNode    *node,
      const TwinStoreDesired *desired)
{
  g_autoptr (JsonNode) reported = parse (node->name, node->reported);
  g_autoptr (JsonNode) wanted =
      desired != NULL ? parse (node->name, desired->properties) : NULL;
  const gboolean answered =
      desired != NULL && desired->reported_us != TWIN_TIME_NONE;

  twin_graph_put (graph, twin_twin_copy (twin));
  if (wanted != NULL)
    twin_graph_take_desired (graph, twin->id, wanted,
                             (uint64_t) desired->version);
  if (reported != NULL)
    twin_graph_take_reported (graph, twin->id, reported,
                              answered ? (uint64_t) desired->version : 0,
                              TWIN_TIME_NONE, node->last_seen_us,
                              node->key != NULL ? TWIN_CONFIDENCE_SIGNED
                                                : TWIN_CONFIDENCE_UNSIGNED,
                              NULL);
  if (desired != NULL)
    take_refusals (graph, twin->id, desired->refused);
}

static char *
print_value (JsonNode *value)
{
  return value != NULL ? twin_json_print (value, FALSE) : NULL;
}

static void
print_table (GPtrArray *properties, const TwinStoreNode *node)
{
  static const char *const headings[] = { "PROPERTY", "DESIRED", "REPORTED",
                                          "STATE", NULL };
  const gboolean           online = g_strcmp0 (node->status, "online") == 0;
  TwinCtlTable            *table = twin_ctl_table_new (headings);

  for (guint i = 0; i < properties->len; i++)
    {
      const TwinProperty *one = g_ptr_array_index (properties, i);
      g_autofree char    *desired = print_value (one->desired);
      g_autofree char    *reported = print_value (one->reported);
      const gboolean      stale =
          one->reported != NULL &&
          twin_property_is_stale (one, twin_clock_utc_us (), online, TRUE);
      g_autofree char *state =
          g_strdup_printf ("%s%s%s%s%s",
                           twin_property_sync_to_string (
                               twin_property_get_sync (one)),
                           one->refused != NULL ? ": " : "",
                           one->refused != NULL ? one->refused : "",
                           stale ? ", stale" : "",
                           one->reported != NULL &&
                                   one->confidence < TWIN_CONFIDENCE_SIGNED
                               ? ", not signed"
                               : "");

      twin_ctl_table_add (table, one->path, desired, reported, state);
    }

  twin_ctl_table_print (table);
}

gboolean
twin_ctl_print_properties (TwinStoreReader *reader,
                           const TwinTwin  *twin,
                           GError         **error)
{
  g_autoptr (GPtrArray) nodes = twin_store_reader_list_nodes (reader, error);
  g_autoptr (TwinModelSet) models = twin_model_set_new_empty ();
  g_autoptr (TwinGraph) graph = twin_graph_new (models);
  g_autoptr (TwinStoreDesired) desired = NULL;
  const TwinStoreNode *node;
  GPtrArray           *properties;

  if (nodes == NULL)
    return FALSE;

  node = find_node (nodes, twin->id);
  if (node == NULL)
    return TRUE;

  desired = twin_store_reader_get_desired (reader, node->name, NULL);
  fill (graph, twin, node, desired);
  properties = twin_graph_list_properties (graph, twin->id);
  printf ("served by node %s, %s\n", node->name,
          node->status != NULL ? node->status : "never seen");
  if (properties->len > 0)
    print_table (properties, node);
  return TRUE;
}
