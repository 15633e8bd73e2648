/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-properties.c - desired and reported, on the twin they are of
 *
 * A node speaks for the machine it serves at prefix "": its `reported` and
 * `desired` documents are that twin's properties.
 */
#include "twin-engine-private.h"

#include <string.h>

#include "twin-json.h"
#include "twin-rules.h"
#include "twin-store-twins.h"

/* What every node of ours understands whatever its machine's model declares:
 * firmware/PROTOCOL.md, "desired". */
static const char *const node_settings[] = { "acquisition", "deadbands",
                                             "liveStream",  "maxSilenceS",
                                             "schedule",    "summaryPeriodS",
                                             NULL };

/* "/schedule/everyS" of a refusal is "schedule" of the document. */
static char *
property_of (const char *path)
{
  const char *start = path + (*path == '/');

  return g_strndup (start, strcspn (start, "/"));
}

void
twin_engine_properties_desired (TwinEngine             *self,
                                TwinEngineNode         *node,
                                const TwinDesiredState *state)
{
  if (node->machine == NULL ||
      !twin_graph_take_desired (self->graph, node->machine->id,
                                state->properties, state->version))
    return;

  for (size_t i = 0; i < state->n_refused; i++)
    {
      g_autofree char *path = property_of (state->refused[i].path);

      twin_graph_set_refused (self->graph, node->machine->id, path,
                              state->refused[i].reason);
    }
}

/* [{"path":…,"reason":…}], or NULL; caller frees. */
static char *
print_refusals (const TwinDesiredState *state)
{
  g_autoptr (GString) out = g_string_new ("[");

  if (state->n_refused == 0)
    return NULL;

  for (size_t i = 0; i < state->n_refused; i++)
    {
      g_string_append (out, i == 0 ? "{\"path\":" : ",{\"path\":");
      twin_json_append_string (out, state->refused[i].path);
      g_string_append (out, ",\"reason\":");
      twin_json_append_string (out, state->refused[i].reason);
      g_string_append_c (out, '}');
    }

  g_string_append_c (out, ']');
  return g_string_free (g_steal_pointer (&out), FALSE);
}

void
twin_engine_properties_answered (TwinEngine             *self,
                                 const TwinDesiredState *state)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *refused = print_refusals (state);
  g_autoptr (TwinStoreDesired) kept =
      twin_store_reader_get_desired (self->reader, state->node, NULL);
  TwinStoreDesired row;

  if (kept == NULL || (uint64_t) kept->version != state->version ||
      (kept->reported_us != TWIN_TIME_NONE &&
       g_strcmp0 (kept->refused, refused) == 0))
    return;

  row = *kept;
  row.reported_us = twin_clock_utc_us ();
  row.refused = refused;
  if (twin_engine_batch_open (self) &&
      !twin_store_put_desired (self->store, &row, &error))
    g_warning ("What node %s made of its desired state is not kept: %s",
               state->node, error->message);
}

gboolean
twin_engine_properties_want (TwinEngine     *self,
                             TwinEngineNode *node,
                             const char     *pointer,
                             const char     *json)
{
  g_autoptr (JsonNode) value =
      json != NULL ? json_from_string (json, NULL) : NULL;
  g_autoptr (GError) error = NULL;
  uint64_t version = twin_desired_lookup (self->desired, node->name)->version;

  if (twin_desired_set (self->desired, node->name, pointer, value, version,
                        &error))
    return TRUE;

  twin_engine_log (self, "edit",
                   node->machine != NULL ? node->machine->id : NULL, NULL,
                   "%s of node %s could not be set: %s", pointer + 1,
                   node->name, error->message);
  return FALSE;
}

/* The twin's own document has changed: so that queries and editors see it. */
static void
save_twin (TwinEngine *self, const char *id)
{
  g_autoptr (TwinTwin) twin =
      twin_twin_copy (twin_graph_lookup (self->graph, id));
  g_autoptr (GError) error = NULL;

  if (!twin_engine_batch_open (self))
    return;

  if (twin_store_save_twin (self->store, twin, twin->etag, &error))
    twin_graph_put (self->graph, g_steal_pointer (&twin));
  else if (!g_error_matches (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED))
    g_warning ("What %s reports is not in its twin: %s", id, error->message);

  /* An editor was first: its version comes with the next refresh, and what is
   * reported goes into that with the next report. */
}

void
twin_engine_properties_reported (TwinEngine     *self,
                                 TwinEngineNode *node,
                                 JsonNode       *document,
                                 int64_t         source_us,
                                 int64_t         arrival_us)
{
  gboolean changed;

  if (node->machine != NULL &&
      twin_graph_take_reported (self->graph, node->machine->id, document,
                                node->reported_version, source_us, arrival_us,
                                node->has_key ? TWIN_CONFIDENCE_SIGNED
                                              : TWIN_CONFIDENCE_UNSIGNED,
                                &changed) &&
      changed)
    save_twin (self, node->machine->id);
}

void
twin_engine_properties_bind (TwinEngine *self, TwinEngineNode *node)
{
  g_autoptr (JsonNode) document = NULL;

  if (node->machine == NULL ||
      twin_graph_list_properties (self->graph, node->machine->id)->len > 0)
    return;

  if (node->reported_json != NULL)
    document = twin_json_parse (node->name, node->reported_json, -1, NULL);
  if (document != NULL)
    twin_engine_properties_reported (self, node, document, TWIN_TIME_NONE,
                                     node->last_arrival_us);
  if (self->desired != NULL)
    twin_engine_properties_desired (self, node,
                                    twin_desired_lookup (self->desired,
                                                         node->name));
}

const char *
twin_engine_properties_text (TwinEngine            *self,
                             const TwinEnginePlace *place,
                             const char            *path)
{
  TwinProperty *property =
      twin_graph_find_property (self->graph, place->id, path);
  TwinEngineNode *node = place->node != NULL
                             ? g_hash_table_lookup (self->nodes, place->node)
                             : NULL;

  if (property == NULL || node == NULL || property->reported == NULL ||
      !JSON_NODE_HOLDS_VALUE (property->reported) ||
      json_node_get_value_type (property->reported) != G_TYPE_STRING ||
      twin_property_is_stale (property, twin_clock_utc_us (), node->online,
                              self->link_up))
    return NULL;

  return json_node_get_string (property->reported);
}

gboolean
twin_engine_properties_check (TwinEngine     *self,
                              TwinEngineNode *node,
                              const char     *pointer,
                              JsonNode       *value,
                              GError        **error)
{
  const TwinDesiredState *state =
      twin_desired_lookup (self->desired, node->name);
  g_autoptr (JsonNode) none = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonNode) document = NULL;
  g_auto (GStrv) tokens = twin_json_pointer_split (pointer, error);
  g_autoptr (GError) why = NULL;

  if (tokens == NULL)
    return FALSE;

  json_node_take_object (none, json_object_new ());
  document =
      twin_json_pointer_set (state->properties != NULL ? state->properties
                                                       : none,
                             pointer, value, error);
  if (document == NULL)
    return FALSE;

  if (node->machine == NULL ||
      twin_desired_check (self->models, node->machine->model, document, pointer,
                          &why))
    return TRUE;

  if (g_error_matches (why, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_NOT_FOUND) &&
      tokens[0] != NULL && g_strv_contains (node_settings, tokens[0]))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}
