/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-cbor-json.h"

#include <math.h>
#include <string.h>

static const char hex_key[] = "$hex";

/* --- CBOR to JSON ----------------------------------------------------------
 */

static JsonNode *
hex_node (const TwinCborItem *item)
{
  g_autofree char *hex = twin_hex_format (item->bytes, item->size);
  JsonObject      *object = json_object_new ();
  JsonNode        *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, hex_key, hex);
  json_node_take_object (node, object);
  return node;
}

static JsonNode *
read_array (TwinCborReader *self, uint64_t elements, GError **error)
{
  g_autoptr (JsonArray) array = json_array_new ();
  JsonNode *node;

  for (uint64_t i = 0; i < elements; i++)
    {
      JsonNode *element = twin_cbor_reader_json (self, error);

      if (element == NULL)
        return NULL;
      json_array_add_element (array, element);
    }

  node = json_node_new (JSON_NODE_ARRAY);
  json_node_set_array (node, array);
  return node;
}

static JsonNode *
read_map (TwinCborReader *self, uint64_t pairs, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node;

  for (uint64_t i = 0; i < pairs; i++)
    {
      g_autofree char *key =
          twin_cbor_reader_dup_text (self, "key", 0, TWIN_MESSAGE_MAX, error);
      JsonNode *value;

      if (key == NULL)
        return NULL;
      value = twin_cbor_reader_json (self, error);
      if (value == NULL)
        return NULL;
      json_object_set_member (object, key, value);
    }

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, object);
  return node;
}

static JsonNode *
read_scalar (const TwinCborItem *item, GError **error)
{
  JsonNode *node = json_node_alloc ();

  switch (item->type)
    {
    case TWIN_CBOR_NULL:
      return json_node_init_null (node);
    case TWIN_CBOR_BOOL:
      return json_node_init_boolean (node, item->number != 0);
    case TWIN_CBOR_FLOAT:
      return json_node_init_double (node, item->real);
    case TWIN_CBOR_UINT:
    case TWIN_CBOR_NEGINT:
      if (item->number <= INT64_MAX)
        return json_node_init_int (node, item->type == TWIN_CBOR_UINT
                                             ? (int64_t) item->number
                                             : -1 - (int64_t) item->number);
      g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_CONTENT,
                   "An integer beyond 64 bits with sign");
      break;
    case TWIN_CBOR_TAG:
      g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_CONTENT,
                   "A tag where plain data belongs");
      break;
    default:
      g_assert_not_reached ();
    }

  json_node_unref (node);
  return NULL;
}

JsonNode *
twin_cbor_reader_json (TwinCborReader *self, GError **error)
{
  TwinCborItem item;

  if (!twin_cbor_reader_next (self, &item, error))
    return NULL;

  if (item.type == TWIN_CBOR_TEXT)
    {
      g_autofree char *text = g_strndup ((const char *) item.bytes, item.size);

      return json_node_init_string (json_node_alloc (), text);
    }
  if (item.type == TWIN_CBOR_BYTES)
    return hex_node (&item);
  if (item.type == TWIN_CBOR_ARRAY)
    return read_array (self, item.number, error);
  if (item.type == TWIN_CBOR_MAP)
    return read_map (self, item.number, error);
  return read_scalar (&item, error);
}

/* --- JSON to CBOR ----------------------------------------------------------
 */

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_CONTENT, why);
  return FALSE;
}

static gboolean
write_hex (TwinCborWriter *self, JsonObject *object, GError **error)
{
  JsonNode           *member = json_object_get_member (object, hex_key);
  const char         *hex = json_node_get_value_type (member) == G_TYPE_STRING
                                ? json_node_get_string (member)
                                : NULL;
  g_autofree uint8_t *bytes = NULL;
  size_t              size;

  if (hex == NULL)
    return refuse (error, "“$hex” is not a string");

  size = strlen (hex) / 2;
  bytes = g_malloc (size + 1);
  if (!twin_hex_parse (hex, bytes, size))
    return refuse (error, "“$hex” is not an even number of hexadecimal "
                          "digits");
  twin_cbor_writer_bytes (self, bytes, size);
  return TRUE;
}

static gboolean
write_object (TwinCborWriter *self,
              JsonObject     *object,
              int             depth_left,
              GError        **error)
{
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  if (json_object_get_size (object) == 1 &&
      json_object_has_member (object, hex_key))
    return write_hex (self, object, error);

  twin_cbor_writer_begin_map (self);
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &key, &value))
    {
      if (!g_utf8_validate (key, -1, NULL))
        return refuse (error, "A key is not UTF-8");
      twin_cbor_writer_text (self, key);
      if (!twin_cbor_writer_json (self, value, depth_left, error))
        return FALSE;
    }
  twin_cbor_writer_end_map (self);
  return TRUE;
}

static gboolean
write_array (TwinCborWriter *self,
             JsonArray      *array,
             int             depth_left,
             GError        **error)
{
  const guint length = json_array_get_length (array);

  twin_cbor_writer_array (self, length);
  for (guint i = 0; i < length; i++)
    if (!twin_cbor_writer_json (self, json_array_get_element (array, i),
                                depth_left, error))
      return FALSE;
  return TRUE;
}

static gboolean
write_value (TwinCborWriter *self, JsonNode *node, GError **error)
{
  const GType type = json_node_get_value_type (node);

  if (type == G_TYPE_BOOLEAN)
    {
      twin_cbor_writer_bool (self, json_node_get_boolean (node));
      return TRUE;
    }
  if (type == G_TYPE_INT64)
    {
      twin_cbor_writer_int (self, json_node_get_int (node));
      return TRUE;
    }
  if (type == G_TYPE_DOUBLE)
    {
      if (!isfinite (json_node_get_double (node)))
        return refuse (error, "A number is not finite");
      twin_cbor_writer_float64 (self, json_node_get_double (node));
      return TRUE;
    }

  if (!g_utf8_validate (json_node_get_string (node), -1, NULL))
    return refuse (error, "A text is not UTF-8");
  twin_cbor_writer_text (self, json_node_get_string (node));
  return TRUE;
}

gboolean
twin_cbor_writer_json (TwinCborWriter *self,
                       JsonNode       *node,
                       int             depth_left,
                       GError        **error)
{
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    {
      twin_cbor_writer_null (self);
      return TRUE;
    }
  if (JSON_NODE_HOLDS_VALUE (node))
    return write_value (self, node, error);
  if (depth_left <= 0)
    return refuse (error, "Nested deeper than a node reads");
  if (JSON_NODE_HOLDS_OBJECT (node))
    return write_object (self, json_node_get_object (node), depth_left - 1,
                         error);
  return write_array (self, json_node_get_array (node), depth_left - 1, error);
}
