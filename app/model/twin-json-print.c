/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-json.h"

#include <math.h>
#include <string.h>

static void append (GString *out, JsonNode *node, int indent);

void
twin_json_append_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      guchar c = (guchar) *p;

      if (c == '"' || c == '\\')
        {
          g_string_append_c (out, '\\');
          g_string_append_c (out, *p);
        }
      else if (c == '\n')
        g_string_append (out, "\\n");
      else if (c == '\t')
        g_string_append (out, "\\t");
      else if (c < 0x20 || c == 0x7F)
        g_string_append_printf (out, "\\u%04x", c);
      else
        g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

static void
append_double (GString *out, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    {
      g_string_append (out, "null");
      return;
    }

  /* The shortest of three that reads back the same. */
  for (int digits = 15; digits <= 17; digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (text, sizeof text, format, value);
      if (g_ascii_strtod (text, NULL) == value)
        break;
    }

  g_string_append (out, text);
  if (strpbrk (text, ".e") == NULL)
    g_string_append (out, ".0");
}

/* Line break and @indent levels; nothing when @indent is negative. */
static void
append_break (GString *out, int indent)
{
  if (indent < 0)
    return;

  g_string_append_c (out, '\n');
  for (int i = 0; i < indent; i++)
    g_string_append (out, "  ");
}

static void
append_array (GString *out, JsonArray *array, int indent)
{
  int   inner = indent < 0 ? -1 : indent + 1;
  guint length = json_array_get_length (array);

  g_string_append_c (out, '[');
  for (guint i = 0; i < length; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_break (out, inner);
      append (out, json_array_get_element (array, i), inner);
    }

  if (length > 0)
    append_break (out, indent);
  g_string_append_c (out, ']');
}

static void
append_object (GString *out, JsonObject *object, int indent)
{
  int            inner = indent < 0 ? -1 : indent + 1;
  gboolean       first = TRUE;
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  g_string_append_c (out, '{');
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      if (!first)
        g_string_append_c (out, ',');
      first = FALSE;
      append_break (out, inner);
      twin_json_append_string (out, key);
      g_string_append (out, indent < 0 ? ":" : ": ");
      append (out, value, inner);
    }

  if (!first)
    append_break (out, indent);
  g_string_append_c (out, '}');
}

static void
append (GString *out, JsonNode *node, int indent)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      append_object (out, json_node_get_object (node), indent);
      return;
    case JSON_NODE_ARRAY:
      append_array (out, json_node_get_array (node), indent);
      return;
    case JSON_NODE_NULL:
      g_string_append (out, "null");
      return;
    case JSON_NODE_VALUE:
    default:
      break;
    }

  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      twin_json_append_string (out, json_node_get_string (node));
      break;
    case G_TYPE_BOOLEAN:
      g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
      break;
    case G_TYPE_DOUBLE:
      append_double (out, json_node_get_double (node));
      break;
    default:
      g_string_append_printf (out, "%" G_GINT64_FORMAT,
                              json_node_get_int (node));
      break;
    }
}

void
twin_json_append (GString *out, JsonNode *node)
{
  append (out, node, -1);
}

char *
twin_json_print (JsonNode *node, gboolean pretty)
{
  GString *out = g_string_sized_new (256);

  append (out, node, pretty ? 0 : -1);
  return g_string_free (out, FALSE);
}

static gboolean
is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) &&
         (json_node_get_value_type (node) == G_TYPE_INT64 ||
          json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static gboolean
equal_objects (JsonObject *a, JsonObject *b)
{
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  if (json_object_get_size (a) != json_object_get_size (b))
    return FALSE;

  json_object_iter_init_ordered (&iter, a);
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      JsonNode *other = json_object_get_member (b, key);

      if (other == NULL || !twin_json_equal (value, other))
        return FALSE;
    }

  return TRUE;
}

gboolean
twin_json_equal (JsonNode *a, JsonNode *b)
{
  if (is_number (a) && is_number (b))
    return json_node_get_value_type (a) == json_node_get_value_type (b)
               ? json_node_equal (a, b)
               : json_node_get_double (a) == json_node_get_double (b);

  if (JSON_NODE_HOLDS_OBJECT (a) && JSON_NODE_HOLDS_OBJECT (b))
    return equal_objects (json_node_get_object (a), json_node_get_object (b));

  if (JSON_NODE_HOLDS_ARRAY (a) && JSON_NODE_HOLDS_ARRAY (b))
    {
      JsonArray *x = json_node_get_array (a);
      JsonArray *y = json_node_get_array (b);

      if (json_array_get_length (x) != json_array_get_length (y))
        return FALSE;
      for (guint i = 0; i < json_array_get_length (x); i++)
        {
          if (!twin_json_equal (json_array_get_element (x, i),
                                json_array_get_element (y, i)))
            return FALSE;
        }
      return TRUE;
    }

  return json_node_equal (a, b);
}
