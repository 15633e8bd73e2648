/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-sources.c - where a node has its shaft speed from
 *
 * A node without a key-phasor estimates the speed or tells the nameplate's; it
 * reports which (reported.sensors, by the signal's name on the wire). */
#include "twin-engine-private.h"

#include <string.h>

#include "twin-json.h"

/* One of the words of twin_speed_source_name, or NULL. */
static const char *
known_source (const char *word)
{
  static const TwinSpeedSource all[] = { TWIN_SPEED_NAMEPLATE,
                                         TWIN_SPEED_ESTIMATED,
                                         TWIN_SPEED_TACHO };

  for (size_t i = 0; i < G_N_ELEMENTS (all); i++)
    if (g_strcmp0 (word, twin_speed_source_name (all[i])) == 0)
      return twin_speed_source_name (all[i]);
  return NULL;
}

const char *
twin_engine_source_of (TwinEngineNode *node, const char *name)
{
  return node->sources != NULL ? g_hash_table_lookup (node->sources, name)
                               : NULL;
}

void
twin_engine_sources_reported (TwinEngineNode *node, JsonObject *properties)
{
  JsonNode      *sensors = json_object_get_member (properties, "sensors");
  JsonObject    *object = NULL;
  JsonObjectIter each;
  GHashTableIter iter;
  const char    *name;
  JsonNode      *sensor;
  void          *key, *signal;

  if (node->sources == NULL)
    node->sources =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_remove_all (node->sources);
  if (sensors != NULL && JSON_NODE_HOLDS_OBJECT (sensors))
    object = json_node_get_object (sensors);

  if (object != NULL)
    json_object_iter_init (&each, object);
  while (object != NULL && json_object_iter_next (&each, &name, &sensor))
    {
      const char *source = NULL;

      if (JSON_NODE_HOLDS_OBJECT (sensor))
        source = known_source (
            twin_json_get_string (json_node_get_object (sensor), "source"));
      if (source != NULL)
        g_hash_table_insert (node->sources, g_strdup (name), (void *) source);
    }

  g_hash_table_iter_init (&iter, node->signals);
  while (g_hash_table_iter_next (&iter, &key, &signal))
    ((TwinEngineSignal *) signal)->source = twin_engine_source_of (node, key);
}
