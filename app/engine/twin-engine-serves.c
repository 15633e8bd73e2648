/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-serves.c - which twin a node's names belong to
 *
 * The birth says it by prefixes; what a person decided when commissioning
 * stands above that. A node whose twin is not there, or is served by another
 * node, is a ghost: all it sends is kept under a hidden place, shown nowhere.
 */
#include "twin-engine-private.h"

#include <string.h>

#define SERVES_SETTING "serves/"

/* What a hostile node can make us keep. */
#define SIGNALS_MAX 4096

typedef struct
{
  char *prefix;
  char *twin;
} Serve;

static void
serve_clear (void *data)
{
  Serve *serve = data;

  g_free (serve->prefix);
  g_free (serve->twin);
}

static void
add_serve (GArray *serves, const char *prefix, const char *twin)
{
  const Serve serve = { g_strdup (prefix), g_strdup (twin) };

  g_array_append_val (serves, serve);
}

static GArray *
serves_decided (TwinEngine *self, TwinEngineNode *node)
{
  g_autofree char *key = g_strconcat (SERVES_SETTING, node->name, NULL);
  g_autofree char *text =
      twin_store_reader_get_setting (self->reader, key, NULL);
  g_autoptr (JsonNode) root =
      text != NULL ? json_from_string (text, NULL) : NULL;
  JsonObjectIter iter;
  const char    *prefix;
  JsonNode      *twin;
  GArray        *serves;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;

  serves = g_array_new (FALSE, FALSE, sizeof (Serve));
  g_array_set_clear_func (serves, serve_clear);
  json_object_iter_init (&iter, json_node_get_object (root));
  while (json_object_iter_next (&iter, &prefix, &twin))
    add_serve (serves, prefix, json_node_get_string (twin));
  return serves;
}

static GArray *
serves_of_birth (TwinEngineNode *node)
{
  GArray *serves = g_array_new (FALSE, FALSE, sizeof (Serve));

  g_array_set_clear_func (serves, serve_clear);
  for (size_t i = 0; node->birth != NULL && i < node->birth->n_serves; i++)
    add_serve (serves, node->birth->serves[i].prefix,
               node->birth->serves[i].twin);
  return serves;
}

static const char *
twin_at (const GArray *serves, const char *prefix)
{
  for (guint i = 0; i < serves->len; i++)
    {
      const Serve *serve = &g_array_index (serves, Serve, i);

      if (strcmp (serve->prefix, prefix) == 0)
        return serve->twin;
    }

  return NULL;
}

/* Another node that serves @place and is not gone. */
static TwinEngineNode *
find_rival (TwinEngine *self, TwinEnginePlace *place, TwinEngineNode *node)
{
  TwinEngineNode *rival;

  if (place->node == NULL || strcmp (place->node, node->name) == 0)
    return NULL;

  rival = g_hash_table_lookup (self->nodes, place->node);
  if (rival == NULL || (rival->birth == NULL && rival->birth_json == NULL))
    return NULL;
  return rival;
}

static void
serve_place (TwinEngine *self, TwinEngineNode *node, TwinEnginePlace *place)
{
  if (g_strcmp0 (place->node, node->name) == 0)
    return;

  g_free (place->node);
  place->node = g_strdup (node->name);
  twin_engine_place_changed (self, place);
}

/* Settles which machine @node serves and which places its prefixes mean. */
void
twin_engine_node_bind (TwinEngine *self, TwinEngineNode *node)
{
  GArray          *serves = serves_decided (self, node);
  TwinEnginePlace *machine;
  TwinEngineNode  *rival;
  const char      *twin;

  if (serves == NULL)
    serves = serves_of_birth (node);

  twin = twin_at (serves, "");
  machine = twin != NULL ? twin_engine_place_find (self, twin) : NULL;
  rival = machine != NULL ? find_rival (self, machine, node) : NULL;
  g_clear_pointer (&node->serves, g_array_unref);
  g_hash_table_remove_all (node->signals);
  if (node->claimed != NULL)
    g_clear_pointer (&node->claim_text, g_free);
  node->claimed = NULL;
  node->machine = machine;

  if (rival != NULL)
    {
      g_autofree char *text =
          g_strdup_printf ("Nodes %s and %s both claim %s; %s goes on being "
                           "believed.",
                           rival->name, node->name, machine->name, rival->name);

      node->claimed = machine;
      node->machine = NULL;
      if (g_strcmp0 (node->claim_text, text) != 0)
        {
          g_free (node->claim_text);
          node->claim_text = g_strdup (text);
          twin_engine_log (self, "link", machine->id, NULL, "%s", text);
        }
    }

  node->serves = serves;
  for (guint i = 0; node->machine != NULL && i < serves->len; i++)
    {
      const Serve     *serve = &g_array_index (serves, Serve, i);
      TwinEnginePlace *place = twin_engine_place_find (self, serve->twin);

      if (place != NULL)
        serve_place (self, node, place);
    }

  twin_engine_properties_bind (self, node);
  twin_engine_waves_rebind (self, node);
}

void
twin_engine_nodes_rebind (TwinEngine *self)
{
  GHashTableIter  iter;
  TwinEngineNode *node;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &node))
    twin_engine_node_bind (self, node);
}

static gboolean
serves_any (const TwinEngineNode *node, GHashTable *twins)
{
  for (guint i = 0; node->serves != NULL && i < node->serves->len; i++)
    {
      if (g_hash_table_contains (twins,
                                 g_array_index (node->serves, Serve, i).twin))
        return TRUE;
    }

  return FALSE;
}

void
twin_engine_nodes_rebind_some (TwinEngine *self,
                               GHashTable *twins,
                               GHashTable *machines)
{
  GHashTableIter  iter;
  TwinEngineNode *node;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &node))
    {
      if (node->machine == NULL || serves_any (node, twins) ||
          serves_any (node, machines))
        twin_engine_node_bind (self, node);
    }
}

gboolean
twin_engine_node_is_ghost (const TwinEngineNode *node)
{
  return node->machine == NULL && !node->left &&
         (node->birth_json != NULL || node->last_arrival_us != TWIN_TIME_NONE);
}

/* Where what nobody knows is kept: under the twin it claims, so that its
 * history is there when it is commissioned, else under its own name. */
static TwinEnginePlace *
ghost_place (TwinEngine *self, TwinEngineNode *node, const char *twin)
{
  g_autofree char *id = NULL;
  TwinEnginePlace *place;

  if (twin != NULL && node->claimed == NULL)
    id = g_strdup (twin);
  else
    id = g_strconcat ("@", node->name, NULL);

  place = g_hash_table_lookup (self->ghosts, id);
  if (place == NULL)
    {
      place = twin_engine_place_new (id);
      place->hidden = TRUE;
      g_hash_table_insert (self->ghosts, place->id, place);
    }

  return place;
}

/* The place that the longest prefix of @name means; @path becomes the rest. */
TwinEnginePlace *
twin_engine_node_place (TwinEngine     *self,
                        TwinEngineNode *node,
                        const char     *name,
                        const char    **path)
{
  const Serve     *best = NULL;
  TwinEnginePlace *place = NULL;

  *path = name;
  for (guint i = 0; node->serves != NULL && i < node->serves->len; i++)
    {
      const Serve *serve = &g_array_index (node->serves, Serve, i);

      if (g_str_has_prefix (name, serve->prefix) &&
          (best == NULL || strlen (serve->prefix) > strlen (best->prefix)))
        best = serve;
    }

  if (best == NULL)
    return ghost_place (self, node, NULL);

  if (strlen (name) > strlen (best->prefix))
    *path = name + strlen (best->prefix);
  if (node->claimed == NULL)
    place = twin_engine_place_find (self, best->twin);
  return place != NULL ? place : ghost_place (self, node, best->twin);
}

/* As its birth says, or as it reported since. */
static uint32_t
silence_of (const TwinEngineNode *node, const char *name)
{
  const TwinBirthSensor *sensor;

  if (node->silence_s > 0)
    return node->silence_s;
  if (node->birth == NULL)
    return TWIN_MAX_SILENCE_S;

  sensor = twin_birth_find_sensor (node->birth, name, 0);
  if (sensor == NULL)
    return node->longest_silence_s;
  return sensor->max_silence_s;
}

void
twin_engine_node_settings (TwinEngine     *self,
                           TwinEngineNode *node,
                           JsonObject     *reported)
{
  gint64 silence =
      json_object_get_int_member_with_default (reported, "maxSilenceS", 0);
  gint64 period =
      json_object_get_int_member_with_default (reported, "summaryPeriodS", 0);
  uint32_t       longest = (uint32_t) CLAMP (MAX (silence, period), 0, 7200);
  GHashTableIter iter;
  void          *name, *signal;

  if (silence <= 0 || longest == node->silence_s)
    return;

  node->silence_s = node->longest_silence_s = longest;
  g_hash_table_iter_init (&iter, node->signals);
  while (g_hash_table_iter_next (&iter, &name, &signal))
    ((TwinEngineSignal *) signal)->v.max_silence_s = silence_of (node, name);
}

TwinEngineSignal *
twin_engine_node_signal (TwinEngine     *self,
                         TwinEngineNode *node,
                         const char     *name,
                         const char     *unit)
{
  TwinEngineSignal *signal = g_hash_table_lookup (node->signals, name);
  TwinEnginePlace  *place;
  const char       *path;

  if (signal != NULL)
    return signal;
  if (g_hash_table_size (node->signals) >= SIGNALS_MAX)
    return NULL;

  place = twin_engine_node_place (self, node, name, &path);
  signal = twin_engine_place_signal (self, place, path, unit);
  signal->node = node;
  signal->derived = FALSE;
  signal->v.max_silence_s = silence_of (node, name);
  signal->row = 0; /* the store is told what is new about it */
  signal->source = twin_engine_source_of (node, name);
  twin_engine_signal_declare (self, signal);
  if (signal->v.unit[0] == '\0' && unit != NULL)
    {
      g_free (signal->v.unit);
      signal->v.unit = g_strdup (unit);
    }

  g_hash_table_insert (node->signals, g_strdup (name), signal);
  if (g_hash_table_add (node->seen, g_strdup (name)))
    twin_engine_node_changed (self, node);
  return signal;
}

static int
compare_names (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Names seen, or promised by its birth, sorted. */
GStrv
twin_engine_node_signal_names (TwinEngineNode *node)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray     *list = g_ptr_array_new ();
  GHashTableIter iter;
  void          *name;

  g_hash_table_iter_init (&iter, node->seen);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_hash_table_add (names, name);
  for (size_t i = 0; node->birth != NULL && i < node->birth->n_sensors; i++)
    g_hash_table_add (names, node->birth->sensors[i].name);

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (list, g_strdup (name));
  g_ptr_array_sort (list, compare_names);
  g_ptr_array_add (list, NULL);
  return (GStrv) g_ptr_array_free (list, FALSE);
}

/* TRUE when no record of its epoch with a higher number was seen: it came
 * live. */
gboolean
twin_engine_node_is_newest (TwinEngineNode *node, const TwinIdentity *identity)
{
  if (memcmp (node->newest.ring, identity->ring, sizeof identity->ring) == 0 &&
      node->newest.epoch >= identity->epoch &&
      (node->newest.epoch > identity->epoch ||
       node->newest.seq > identity->seq))
    return FALSE;

  node->newest = *identity;
  return TRUE;
}
