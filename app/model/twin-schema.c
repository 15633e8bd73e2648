/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-schema.h"

#include <string.h>

const char *
twin_schema_kind_to_string (TwinSchemaKind kind)
{
  static const char *const names[] = {
    "boolean",
    "integer",
    "long",
    "float",
    "double",
    "string",
    "date",
    "dateTime",
    "time",
    "duration",
    "geospatial",
    "byte",
    "bytes",
    "decimal",
    "scaledDecimal",
    "short",
    "unsignedByte",
    "unsignedShort",
    "unsignedInteger",
    "unsignedLong",
    "uuid",
    "Enum",
    "Map",
    "Object",
    "Array",
  };

  return names[kind];
}

gboolean
twin_schema_is_numeric (const TwinSchema *self)
{
  switch (self->kind)
    {
    case TWIN_SCHEMA_INTEGER:
    case TWIN_SCHEMA_LONG:
    case TWIN_SCHEMA_FLOAT:
    case TWIN_SCHEMA_DOUBLE:
    case TWIN_SCHEMA_BYTE:
    case TWIN_SCHEMA_DECIMAL:
    case TWIN_SCHEMA_SCALED_DECIMAL:
    case TWIN_SCHEMA_SHORT:
    case TWIN_SCHEMA_UNSIGNED_BYTE:
    case TWIN_SCHEMA_UNSIGNED_SHORT:
    case TWIN_SCHEMA_UNSIGNED_INTEGER:
    case TWIN_SCHEMA_UNSIGNED_LONG:
      return TRUE;
    case TWIN_SCHEMA_BOOLEAN:
    case TWIN_SCHEMA_STRING:
    case TWIN_SCHEMA_DATE:
    case TWIN_SCHEMA_DATE_TIME:
    case TWIN_SCHEMA_TIME:
    case TWIN_SCHEMA_DURATION:
    case TWIN_SCHEMA_GEO:
    case TWIN_SCHEMA_BYTES:
    case TWIN_SCHEMA_UUID:
    case TWIN_SCHEMA_ENUM:
    case TWIN_SCHEMA_MAP:
    case TWIN_SCHEMA_OBJECT:
    case TWIN_SCHEMA_ARRAY:
    default:
      return FALSE;
    }
}

const TwinField *
twin_schema_find_field (const TwinSchema *self, const char *name)
{
  for (size_t i = 0; i < self->n_fields; i++)
    {
      if (strcmp (self->fields[i].name, name) == 0)
        return &self->fields[i];
    }

  return NULL;
}

static JsonNode *
make_default (const TwinSchema *self, int depth)
{
  JsonNode *node = json_node_alloc ();

  switch (self->kind)
    {
    case TWIN_SCHEMA_BOOLEAN:
      return json_node_init_boolean (node, FALSE);
    case TWIN_SCHEMA_ENUM:
      if (self->n_values == 0)
        return json_node_init_null (node);
      if (self->value_kind == TWIN_SCHEMA_STRING)
        return json_node_init_string (node, self->values[0].text);
      return json_node_init_int (node, self->values[0].number);
    case TWIN_SCHEMA_FLOAT:
    case TWIN_SCHEMA_DOUBLE:
      return json_node_init_double (node, 0);
    case TWIN_SCHEMA_MAP:
    case TWIN_SCHEMA_GEO:
    case TWIN_SCHEMA_OBJECT:
      {
        g_autoptr (JsonObject) object = json_object_new ();

        for (size_t i = 0; i < self->n_fields && depth < 8; i++)
          json_object_set_member (object, self->fields[i].name,
                                  make_default (self->fields[i].schema,
                                                depth + 1));
        return json_node_init_object (node, object);
      }
    case TWIN_SCHEMA_ARRAY:
      {
        g_autoptr (JsonArray) array = json_array_new ();

        return json_node_init_array (node, array);
      }
    case TWIN_SCHEMA_STRING:
    case TWIN_SCHEMA_DATE:
    case TWIN_SCHEMA_DATE_TIME:
    case TWIN_SCHEMA_TIME:
    case TWIN_SCHEMA_DURATION:
    case TWIN_SCHEMA_BYTES:
    case TWIN_SCHEMA_DECIMAL:
    case TWIN_SCHEMA_SCALED_DECIMAL:
    case TWIN_SCHEMA_UUID:
      return json_node_init_string (node, "");
    case TWIN_SCHEMA_INTEGER:
    case TWIN_SCHEMA_LONG:
    case TWIN_SCHEMA_BYTE:
    case TWIN_SCHEMA_SHORT:
    case TWIN_SCHEMA_UNSIGNED_BYTE:
    case TWIN_SCHEMA_UNSIGNED_SHORT:
    case TWIN_SCHEMA_UNSIGNED_INTEGER:
    case TWIN_SCHEMA_UNSIGNED_LONG:
    default:
      return json_node_init_int (node, 0);
    }
}

JsonNode *
twin_schema_default (const TwinSchema *self)
{
  return make_default (self, 0);
}
