/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "twin-binding-private.h"
#include "twin-json.h"
#include "twin-roles-private.h"

static gboolean
is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) &&
         (json_node_get_value_type (node) == G_TYPE_INT64 ||
          json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

/* The number of the first member of @object that @names lists, in SI by the
 * unit of @schema's field; @missing when there is none. */
static double
read_number (JsonObject        *object,
             const TwinSchema  *schema,
             const char *const *names,
             double             missing)
{
  for (; *names != NULL; names++)
    {
      JsonNode        *node = json_object_get_member (object, *names);
      const TwinField *field;
      double           factor = 1, offset = 0;

      if (node == NULL || !is_number (node))
        continue;

      field = schema != NULL ? twin_schema_find_field (schema, *names) : NULL;
      if (field != NULL)
        twin_unit_to_si (field->unit, &factor, &offset);
      return (json_node_get_double (node) + offset) * factor;
    }

  return missing;
}

static void
read_geometry (const TwinRoles       *roles,
               const TwinBindingPart *part,
               const TwinContent     *content,
               TwinBindingEntry      *entry)
{
  const char *const *names = twin_roles_get_names (roles, "geometry");

  for (; *names != NULL; names++)
    {
      JsonNode *node = json_object_get_member (part->properties, *names);
      const TwinContent *property =
          twin_interface_find (content->defined_in, *names);
      const TwinSchema *schema = property != NULL ? property->schema : NULL;
      JsonObject       *object;

      if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
        continue;

      object = json_node_get_object (node);
      entry->geometry.balls =
          (int) read_number (object, schema,
                             twin_roles_get_names (roles, "balls"), 0);
      entry->geometry.ball_mm =
          1000 * read_number (object, schema,
                              twin_roles_get_names (roles, "ballDiameter"), 0);
      entry->geometry.pitch_mm =
          1000 * read_number (object, schema,
                              twin_roles_get_names (roles, "pitchDiameter"), 0);
      entry->geometry.angle_deg =
          180 / G_PI *
          read_number (object, schema,
                       twin_roles_get_names (roles, "contactAngle"), 0);
      return;
    }
}

static JsonNode *
read_placement (const TwinRoles  *roles,
                JsonNode         *value,
                const TwinSchema *schema)
{
  static const char *const members[] = { "x", "y", "z", "rotation" };
  g_autoptr (JsonObject) to = json_object_new ();
  JsonObject *from;

  if (!JSON_NODE_HOLDS_OBJECT (value))
    return NULL;

  from = json_node_get_object (value);
  for (size_t i = 0; i < G_N_ELEMENTS (members); i++)
    json_object_set_double_member (to, members[i],
                                   read_number (from, schema,
                                                twin_roles_get_names (roles,
                                                                      members
                                                                          [i]),
                                                0));

  return json_node_init_object (json_node_alloc (), to);
}

void
twin_binding_read_value (TwinBinding           *self,
                         const TwinRoles       *roles,
                         const TwinBindingPart *part,
                         const TwinContent     *content,
                         TwinBindingEntry      *entry)
{
  JsonNode *value =
      part->properties != NULL
          ? json_object_get_member (part->properties, content->name)
          : NULL;

  if (entry->role == TWIN_ROLE_BEARING && part->properties != NULL)
    read_geometry (roles, part, content, entry);

  if (value == NULL)
    return;

  if (entry->role == TWIN_ROLE_PLACEMENT)
    {
      entry->value = read_placement (roles, value, content->schema);
      return;
    }

  entry->value = json_node_ref (value);
  if (JSON_NODE_HOLDS_VALUE (value) &&
      json_node_get_value_type (value) == G_TYPE_STRING)
    {
      if (entry->role == TWIN_ROLE_BEARING)
        entry->designation =
            twin_binding_intern (self, json_node_get_string (value));
    }
  else if (is_number (value))
    {
      /* get_text() of an Enum of numbers */
      g_autofree char *text = twin_json_print (value, FALSE);

      entry->designation = twin_binding_intern (self, text);
    }
}

/* --- JSON
 * ------------------------------------------------------------------------- */

static const char *const found_words[] = { "semantic", "name", "edited" };

static void
add (JsonBuilder *builder, const char *key, const char *text)
{
  if (text == NULL)
    return;

  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, text);
}

static void
add_geometry (JsonBuilder *builder, const TwinBearingGeometry *geometry)
{
  json_builder_set_member_name (builder, "geometry");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "balls");
  json_builder_add_int_value (builder, geometry->balls);
  json_builder_set_member_name (builder, "ballMm");
  json_builder_add_double_value (builder, geometry->ball_mm);
  json_builder_set_member_name (builder, "pitchMm");
  json_builder_add_double_value (builder, geometry->pitch_mm);
  json_builder_set_member_name (builder, "angleDeg");
  json_builder_add_double_value (builder, geometry->angle_deg);
  json_builder_end_object (builder);
}

JsonNode *
twin_binding_to_json (const TwinBinding *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GArray) missing = twin_binding_list_missing (self);

  json_builder_begin_object (builder);
  add (builder, "machine", self->machine);
  json_builder_set_member_name (builder, "roles");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const TwinBindingEntry *entry = g_ptr_array_index (self->entries, i);
      char                    axis[2] = { entry->axis, '\0' };

      json_builder_begin_object (builder);
      add (builder, "role", twin_role_to_string (entry->role));
      add (builder, "position", entry->position);
      add (builder, "axis", entry->axis != 0 ? axis : NULL);
      add (builder, "twin", entry->twin);
      add (builder, "path", entry->path);
      add (builder, "unit", entry->unit);
      add (builder, "found", found_words[entry->found]);
      if (entry->value != NULL)
        {
          json_builder_set_member_name (builder, "value");
          json_builder_add_value (builder, json_node_ref (entry->value));
        }
      if (entry->geometry.balls > 0)
        add_geometry (builder, &entry->geometry);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  json_builder_set_member_name (builder, "missing");
  json_builder_begin_array (builder);
  for (guint i = 0; i < missing->len; i++)
    json_builder_add_string_value (builder,
                                   twin_role_to_string (
                                       g_array_index (missing, TwinRole, i)));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static gboolean
fail (GError **error, guint index, const char *member, const char *what)
{
  g_set_error (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_ROLES,
               "The binding at “/roles/%u/%s”: %s", index, member, what);
  return FALSE;
}

static void
read_json_geometry (JsonObject *object, TwinBearingGeometry *geometry)
{
  JsonNode *node = json_object_get_member (object, "geometry");

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;

  object = json_node_get_object (node);
  geometry->balls =
      (int) json_object_get_int_member_with_default (object, "balls", 0);
  geometry->ball_mm =
      json_object_get_double_member_with_default (object, "ballMm", 0);
  geometry->pitch_mm =
      json_object_get_double_member_with_default (object, "pitchMm", 0);
  geometry->angle_deg =
      json_object_get_double_member_with_default (object, "angleDeg", 0);
}

static gboolean
read_entry (TwinBinding *self, JsonNode *node, guint index, GError **error)
{
  TwinBindingEntry *entry;
  JsonObject       *object;
  const char       *role, *axis, *twin, *path, *found, *position;
  TwinRole          which;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, index, "", "an object is expected");

  object = json_node_get_object (node);
  role = twin_json_get_string (object, "role");
  axis = twin_json_get_string (object, "axis");
  twin = twin_json_get_string (object, "twin");
  path = twin_json_get_string (object, "path");
  found = twin_json_get_string (object, "found");
  position = twin_json_get_string (object, "position");

  if (role == NULL || !twin_role_from_string (role, &which))
    return fail (error, index, "role", "there is no such role");
  if (twin == NULL || *twin == '\0')
    return fail (error, index, "twin", "the id of a twin is expected");
  if (path == NULL || *path == '\0')
    return fail (error, index, "path", "a path is expected");
  if (axis != NULL && (strlen (axis) != 1 || *axis < 'x' || *axis > 'z'))
    return fail (error, index, "axis", "x, y or z is expected");

  entry = g_new0 (TwinBindingEntry, 1);
  g_ptr_array_add (self->entries, entry);
  entry->role = which;
  entry->axis = axis != NULL ? *axis : 0;
  entry->position =
      twin_binding_intern (self, position != NULL ? position : "");
  entry->twin = twin_binding_intern (self, twin);
  entry->path = twin_binding_intern (self, path);
  entry->unit =
      twin_binding_intern (self, twin_json_get_string (object, "unit"));
  entry->found = TWIN_FOUND_EDITED;
  for (size_t i = 0; found != NULL && i < G_N_ELEMENTS (found_words); i++)
    {
      if (strcmp (found_words[i], found) == 0)
        entry->found = (TwinFound) i;
    }

  if (json_object_has_member (object, "value"))
    entry->value = json_node_ref (json_object_get_member (object, "value"));
  if (entry->value != NULL && which == TWIN_ROLE_BEARING)
    entry->designation =
        twin_binding_intern (self, twin_json_get_string (object, "value"));
  else if (entry->value != NULL && is_number (entry->value))
    {
      g_autofree char *text = twin_json_print (entry->value, FALSE);

      entry->designation = twin_binding_intern (self, text);
    }
  read_json_geometry (object, &entry->geometry);
  return TRUE;
}

TwinBinding *
twin_binding_from_json (JsonNode *node, GError **error)
{
  g_autoptr (TwinBinding) self = NULL;
  JsonObject *object;
  JsonNode   *roles;
  const char *machine;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_ROLES,
                   "The binding is no object");
      return NULL;
    }

  object = json_node_get_object (node);
  machine = twin_json_get_string (object, "machine");
  roles = json_object_get_member (object, "roles");
  if (machine == NULL || roles == NULL || !JSON_NODE_HOLDS_ARRAY (roles))
    {
      g_set_error (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_ROLES,
                   "The binding needs “machine” and “roles”");
      return NULL;
    }

  self = twin_binding_new_empty (machine);
  for (guint i = 0; i < json_array_get_length (json_node_get_array (roles));
       i++)
    {
      if (!read_entry (self,
                       json_array_get_element (json_node_get_array (roles), i),
                       i, error))
        return NULL;
    }

  twin_binding_sort (self);
  return g_steal_pointer (&self);
}
