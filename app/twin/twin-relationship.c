/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "twin-json.h"
#include "twin-twin-private.h"

TwinRelationship *
twin_relationship_new (const char *source,
                       const char *id,
                       const char *name,
                       const char *target,
                       JsonNode   *properties)
{
  TwinRelationship *self = g_new0 (TwinRelationship, 1);

  self->source = g_strdup (source);
  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->target = g_strdup (target);
  self->properties = properties != NULL ? json_node_ref (properties)
                                        : twin_json_empty_object ();
  return self;
}

TwinRelationship *
twin_relationship_copy (const TwinRelationship *self)
{
  TwinRelationship *copy =
      twin_relationship_new (self->source, self->id, self->name, self->target,
                             self->properties);

  copy->etag = g_strdup (self->etag);
  return copy;
}

void
twin_relationship_free (TwinRelationship *self)
{
  if (self == NULL)
    return;

  g_free (self->source);
  g_free (self->id);
  g_free (self->name);
  g_free (self->target);
  g_free (self->etag);
  json_node_unref (self->properties);
  g_free (self);
}

TwinRelationship *
twin_relationship_from_json (JsonNode   *node,
                             const char *pointer,
                             GError    **error)
{
  g_autoptr (TwinRelationship) self = NULL;
  g_autoptr (JsonObject) rest = json_object_new ();
  const char    *source, *id, *name, *target;
  JsonObject    *object;
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      twin_twin_fail (error, pointer, "a relationship is expected");
      return NULL;
    }

  object = json_node_get_object (node);
  source = twin_json_get_string (object, "$sourceId");
  if (source == NULL)
    source = twin_json_get_string (object, "$dtId");
  id = twin_json_get_string (object, "$relationshipId");
  name = twin_json_get_string (object, "$relationshipName");
  target = twin_json_get_string (object, "$targetId");
  if (source == NULL || id == NULL || name == NULL || target == NULL ||
      !twin_twin_id_is_valid (id) || !twin_twin_id_is_valid (source) ||
      !twin_twin_id_is_valid (target) || *name == '\0')
    {
      twin_twin_fail (error, pointer,
                      "a relationship needs “$sourceId”, “$relationshipId”, "
                      "“$relationshipName” and “$targetId”");
      return NULL;
    }

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      if (*key != '$')
        json_object_set_member (rest, key, json_node_ref (value));
    }

  self = twin_relationship_new (source, id, name, target, NULL);
  json_node_unref (self->properties);
  self->properties = twin_json_take_object (g_steal_pointer (&rest));
  self->etag = g_strdup (twin_json_get_string (object, "$etag"));
  return g_steal_pointer (&self);
}

JsonNode *
twin_relationship_to_json (const TwinRelationship *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "$relationshipId", self->id);
  json_object_set_string_member (object, "$sourceId", self->source);
  json_object_set_string_member (object, "$targetId", self->target);
  json_object_set_string_member (object, "$relationshipName", self->name);
  if (self->etag != NULL)
    json_object_set_string_member (object, "$etag", self->etag);
  twin_json_add_members (object, self->properties);
  return twin_json_take_object (object);
}

char *
twin_relationship_print_props (const TwinRelationship *self)
{
  return twin_json_print (self->properties, FALSE);
}

TwinRelationship *
twin_relationship_from_props (const char *source,
                              const char *id,
                              const char *name,
                              const char *target,
                              const char *etag,
                              const char *props,
                              GError    **error)
{
  g_autoptr (JsonNode) node = NULL;
  TwinRelationship *self;

  if (props != NULL)
    {
      node = twin_json_parse (id, props, -1, error);
      if (node == NULL)
        return NULL;
      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          twin_twin_fail (error, id, "its properties are no object");
          return NULL;
        }
    }

  self = twin_relationship_new (source, id, name, target, node);
  self->etag = g_strdup (etag);
  return self;
}
