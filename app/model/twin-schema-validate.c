/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-json.h"
#include "twin-model-report.h"
#include "twin-schema.h"

#include <math.h>
#include <string.h>

typedef struct
{
  GString    *pointer;
  const char *where;
  GError    **error;
} Check;

static gboolean check (Check *self, const TwinSchema *schema, JsonNode *value);

static gboolean
fail (Check *self, JsonNode *value, const char *wanted)
{
  g_autofree char *text = twin_json_print (value, FALSE);

  if (strlen (text) > 60)
    {
      const char *end = g_utf8_find_prev_char (text, text + 57);

      text[end != NULL ? end - text : 0] = '\0';
    }

  g_set_error (self->error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_VALUE,
               "%s%s%s is %s, but %s is expected", self->where,
               self->pointer->len > 0 ? " at " : "", self->pointer->str, text,
               wanted);
  return FALSE;
}

static gboolean
fail_field (Check *self, const char *name, const char *why)
{
  g_set_error (self->error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_VALUE,
               "%s%s%s: “%s” %s", self->where,
               self->pointer->len > 0 ? " at " : "", self->pointer->str, name,
               why);
  return FALSE;
}

/* --- numbers
 * ------------------------------------------------------------------ */

static gboolean
check_integer (Check      *self,
               JsonNode   *value,
               double      low,
               double      high,
               const char *wanted)
{
  double number;

  if (!JSON_NODE_HOLDS_VALUE (value))
    return fail (self, value, wanted);

  /* 3.0 is no integer in DTDL; what is beyond 63 bits was read as a double. */
  if (json_node_get_value_type (value) == G_TYPE_INT64)
    number = (double) json_node_get_int (value);
  else if (json_node_get_value_type (value) == G_TYPE_DOUBLE &&
           json_node_get_double (value) >= 9223372036854775808.0)
    number = json_node_get_double (value);
  else
    return fail (self, value, wanted);

  return (number >= low && number <= high) || fail (self, value, wanted);
}

static gboolean
check_real (Check *self, JsonNode *value, double most, const char *wanted)
{
  if (JSON_NODE_HOLDS_VALUE (value) &&
      (json_node_get_value_type (value) == G_TYPE_INT64 ||
       (json_node_get_value_type (value) == G_TYPE_DOUBLE &&
        fabs (json_node_get_double (value)) <= most)))
    return TRUE;

  return fail (self, value, wanted);
}

/* --- texts
 * --------------------------------------------------------------------- */

/* @n digits at *@p as a number, moving it; -1 when they are not there. */
static int
digits (const char **p, int n)
{
  int number = 0;

  for (int i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit ((*p)[i]))
        return -1;
      number = number * 10 + ((*p)[i] - '0');
    }

  *p += n;
  return number;
}

static gboolean
skip_date (const char **p)
{
  int year = digits (p, 4);
  int month, day;

  if (year < 1 || *(*p)++ != '-')
    return FALSE;
  month = digits (p, 2);
  if (month < 1 || *(*p)++ != '-')
    return FALSE;
  day = digits (p, 2);

  return day > 0 && g_date_valid_dmy ((GDateDay) day, (GDateMonth) month,
                                      (GDateYear) year);
}

/* Zone: Z or ±hh:mm; may be absent in a time alone. */
static gboolean
skip_time (const char **p)
{
  int hour = digits (p, 2);
  int minute, second, zone_hour, zone_minute;

  if (hour < 0 || hour > 23 || *(*p)++ != ':')
    return FALSE;
  minute = digits (p, 2);
  if (minute < 0 || minute > 59 || *(*p)++ != ':')
    return FALSE;
  second = digits (p, 2);
  if (second < 0 || second > 60)
    return FALSE;

  if (**p == '.')
    {
      (*p)++;
      if (!g_ascii_isdigit (**p))
        return FALSE;
      while (g_ascii_isdigit (**p))
        (*p)++;
    }

  if (**p == 'Z' || **p == 'z')
    {
      (*p)++;
      return TRUE;
    }

  if (**p != '+' && **p != '-')
    return **p == '\0';

  (*p)++;
  zone_hour = digits (p, 2);
  if (zone_hour < 0 || zone_hour > 23 || *(*p)++ != ':')
    return FALSE;
  zone_minute = digits (p, 2);
  return zone_minute >= 0 && zone_minute <= 59;
}

/* ISO 8601: P[nY][nM][nD][T[nH][nM][nS]], at least one of them; only the last
 * may have a fraction. */
static gboolean
is_duration (const char *p)
{
  static const char date_units[] = "YMWD";
  static const char time_units[] = "HMS";
  const char       *units = date_units;
  int               parts = 0;
  gboolean          fraction = FALSE, months = FALSE;

  if (*p == '-')
    p++;
  if (*p++ != 'P')
    return FALSE;

  while (*p != '\0')
    {
      const char *unit;

      if (*p == 'T')
        {
          if (units == time_units || p[1] == '\0')
            return FALSE;
          units = time_units;
          p++;
          continue;
        }

      if (!g_ascii_isdigit (*p) || fraction)
        return FALSE;
      while (g_ascii_isdigit (*p))
        p++;
      if (*p == '.')
        {
          fraction = TRUE;
          p++;
          if (!g_ascii_isdigit (*p))
            return FALSE;
          while (g_ascii_isdigit (*p))
            p++;
        }

      unit = *p != '\0' ? strchr (units, *p) : NULL;
      if (unit == NULL || (*unit == 'W' && months))
        return FALSE; /* weeks go with days only */
      months |= units == date_units || units == date_units + 1;
      units = unit + 1;
      /* Past S there is nothing; past D only T. */
      parts++;
      p++;
      if (*units == '\0' && *p != '\0' && *p != 'T')
        return FALSE;
    }

  return parts > 0;
}

static gboolean
is_uuid (const char *text)
{
  return g_uuid_string_is_valid (text);
}

static gboolean
is_base64 (const char *text)
{
  size_t length = strlen (text);
  size_t body = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstu"
                              "vwxyz0123456789+/");
  size_t padding = strspn (text + body, "=");

  return length % 4 == 0 && body + padding == length && padding <= 2;
}

static gboolean
is_decimal (const char *p)
{
  gboolean any = FALSE;

  if (*p == '-' || *p == '+')
    p++;
  for (; g_ascii_isdigit (*p); p++)
    any = TRUE;
  if (*p == '.')
    {
      for (p++; g_ascii_isdigit (*p); p++)
        any = TRUE;
    }

  return any && *p == '\0';
}

static gboolean
check_text (Check *self, const TwinSchema *schema, JsonNode *value)
{
  const char *text;
  const char *p;
  gboolean    good;
  const char *wanted;

  if (!JSON_NODE_HOLDS_VALUE (value) ||
      json_node_get_value_type (value) != G_TYPE_STRING)
    return fail (self, value, "a string");

  text = p = json_node_get_string (value);
  switch (schema->kind)
    {
    case TWIN_SCHEMA_DATE:
      good = skip_date (&p) && *p == '\0';
      wanted = "a date such as \"2026-12-03\"";
      break;
    case TWIN_SCHEMA_DATE_TIME:
      good = skip_date (&p) && (*p == 'T' || *p == 't') && p++ != NULL &&
             skip_time (&p) && *p == '\0';
      wanted = "a time such as \"2026-12-03T09:30:00Z\"";
      break;
    case TWIN_SCHEMA_TIME:
      good = skip_time (&p) && *p == '\0';
      wanted = "a time of day such as \"09:30:00Z\"";
      break;
    case TWIN_SCHEMA_DURATION:
      good = is_duration (text);
      wanted = "a duration such as \"PT1H30M\"";
      break;
    case TWIN_SCHEMA_UUID:
      good = is_uuid (text);
      wanted = "a UUID";
      break;
    case TWIN_SCHEMA_BYTES:
      good = is_base64 (text);
      wanted = "bytes in base64";
      break;
    case TWIN_SCHEMA_DECIMAL:
      good = is_decimal (text);
      wanted = "a decimal number in quotes";
      break;
    default:
      return TRUE;
    }

  return good || fail (self, value, wanted);
}

/* --- complex
 * -------------------------------------------------------------------- */

static gboolean
check_inner (Check            *self,
             const char       *token,
             const TwinSchema *schema,
             JsonNode         *value)
{
  gsize            length = self->pointer->len;
  g_autofree char *step = twin_json_pointer_join ("", token);
  gboolean         good;

  g_string_append (self->pointer, step);
  good = check (self, schema, value);
  if (good)
    g_string_truncate (self->pointer, length);
  return good;
}

static gboolean
check_object (Check *self, const TwinSchema *schema, JsonNode *value)
{
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *member;

  if (!JSON_NODE_HOLDS_OBJECT (value))
    return fail (self, value, "an object");

  json_object_iter_init_ordered (&iter, json_node_get_object (value));
  while (json_object_iter_next_ordered (&iter, &key, &member))
    {
      const TwinField *field;

      if (schema->kind == TWIN_SCHEMA_MAP)
        {
          if (!check_inner (self, key, schema->value->schema, member))
            return FALSE;
          continue;
        }

      field = twin_schema_find_field (schema, key);
      if (field == NULL)
        return fail_field (self, key, "is no field of it");
      if (!check_inner (self, key, field->schema, member))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_array (Check *self, const TwinSchema *schema, JsonNode *value)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (value))
    return fail (self, value, "an array");

  array = json_node_get_array (value);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      char token[16];

      g_snprintf (token, sizeof token, "%u", i);
      if (!check_inner (self, token, schema->element,
                        json_array_get_element (array, i)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_enum (Check *self, const TwinSchema *schema, JsonNode *value)
{
  g_autoptr (GString) wanted = g_string_new ("one of ");
  gboolean text = JSON_NODE_HOLDS_VALUE (value) &&
                  json_node_get_value_type (value) == G_TYPE_STRING;
  gboolean number = JSON_NODE_HOLDS_VALUE (value) &&
                    json_node_get_value_type (value) == G_TYPE_INT64;

  for (size_t i = 0; i < schema->n_values; i++)
    {
      const TwinEnumValue *choice = &schema->values[i];

      if (choice->text != NULL
              ? text && strcmp (json_node_get_string (value), choice->text) == 0
              : number && json_node_get_int (value) == choice->number)
        return TRUE;

      if (wanted->len > 200)
        continue;
      if (choice->text != NULL)
        g_string_append_printf (wanted, "%s“%s”", i > 0 ? ", " : "",
                                choice->text);
      else
        g_string_append_printf (wanted, "%s%" G_GINT64_FORMAT,
                                i > 0 ? ", " : "", choice->number);
    }

  return fail (self, value, wanted->str);
}

/* Both members are there and nothing else. */
static gboolean
has_only (Check *self, JsonObject *object, const char *a, const char *b)
{
  JsonObjectIter iter;
  const char    *key;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, NULL))
    {
      if (strcmp (key, a) != 0 && strcmp (key, b) != 0)
        return fail_field (self, key, "is no field of it");
    }

  if (!json_object_has_member (object, a))
    return fail_field (self, a, "is missing");
  return json_object_has_member (object, b) ||
         fail_field (self, b, "is missing");
}

/* A position, or with @levels more arrays of them around it. */
static gboolean
is_coordinates (JsonNode *node, int levels)
{
  JsonArray *array;
  guint      n;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;

  array = json_node_get_array (node);
  n = json_array_get_length (array);
  if (levels == 0 && n < 2)
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (levels > 0)
        {
          if (!is_coordinates (item, levels - 1))
            return FALSE;
        }
      else if (!JSON_NODE_HOLDS_VALUE (item) ||
               (json_node_get_value_type (item) != G_TYPE_INT64 &&
                json_node_get_value_type (item) != G_TYPE_DOUBLE))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_geo (Check *self, const TwinSchema *schema, JsonNode *value)
{
  static const struct
  {
    const char *name, *type;
    int         levels;
    const char *wanted;
  } shapes[] = {
    { "point", "Point", 0, "must be [longitude, latitude]" },
    { "multiPoint", "MultiPoint", 1, "must be an array of positions" },
    { "lineString", "LineString", 1, "must be an array of positions" },
    { "multiLineString", "MultiLineString", 2, "must be an array of lines" },
    { "polygon", "Polygon", 2, "must be an array of rings" },
    { "multiPolygon", "MultiPolygon", 3, "must be an array of polygons" },
  };
  JsonObject *object;
  size_t      i = 0;

  while (i + 1 < G_N_ELEMENTS (shapes) &&
         strcmp (shapes[i].name, schema->name) != 0)
    i++;

  if (!JSON_NODE_HOLDS_OBJECT (value))
    return fail (self, value,
                 "a shape such as {\"type\": \"Point\", \"coordinates\": "
                 "[10.4, 51.3]}");

  object = json_node_get_object (value);
  if (!has_only (self, object, "type", "coordinates"))
    return FALSE;

  if (g_strcmp0 (twin_json_get_string (object, "type"), shapes[i].type) != 0)
    {
      g_autofree char *why = g_strdup_printf ("must be “%s”", shapes[i].type);

      return fail_field (self, "type", why);
    }

  return is_coordinates (json_object_get_member (object, "coordinates"),
                         shapes[i].levels) ||
         fail_field (self, "coordinates", shapes[i].wanted);
}

/* {"value": "12345", "scale": 2}, v4. */
static gboolean
check_scaled (Check *self, JsonNode *value)
{
  JsonObject *object;
  const char *text;
  JsonNode   *scale;

  if (!JSON_NODE_HOLDS_OBJECT (value))
    return fail (self, value, "a “value” and its “scale”");

  object = json_node_get_object (value);
  if (!has_only (self, object, "value", "scale"))
    return FALSE;

  text = twin_json_get_string (object, "value");
  if (text == NULL || !is_decimal (text))
    return fail_field (self, "value", "must be a decimal number in quotes");

  scale = json_object_get_member (object, "scale");
  return (JSON_NODE_HOLDS_VALUE (scale) &&
          json_node_get_value_type (scale) == G_TYPE_INT64) ||
         fail_field (self, "scale", "must be a whole number");
}

static gboolean
check (Check *self, const TwinSchema *schema, JsonNode *value)
{
  if (schema == NULL)
    return fail (self, value, "a schema that is not there");

  switch (schema->kind)
    {
    case TWIN_SCHEMA_BOOLEAN:
      return (JSON_NODE_HOLDS_VALUE (value) &&
              json_node_get_value_type (value) == G_TYPE_BOOLEAN) ||
             fail (self, value, "true or false");
    case TWIN_SCHEMA_INTEGER:
      return check_integer (self, value, -2147483648.0, 2147483647.0,
                            "a whole number of 32 bits");
    case TWIN_SCHEMA_LONG:
      return (JSON_NODE_HOLDS_VALUE (value) &&
              json_node_get_value_type (value) == G_TYPE_INT64) ||
             fail (self, value, "a whole number of 64 bits");
    case TWIN_SCHEMA_FLOAT:
      return check_real (self, value, 3.4028234663852886e38,
                         "a number that a float can hold");
    case TWIN_SCHEMA_DOUBLE:
      return check_real (self, value, G_MAXDOUBLE, "a number");
    case TWIN_SCHEMA_BYTE:
      return check_integer (self, value, -128, 127, "a number -128 to 127");
    case TWIN_SCHEMA_SHORT:
      return check_integer (self, value, -32768, 32767,
                            "a whole number of 16 bits");
    case TWIN_SCHEMA_UNSIGNED_BYTE:
      return check_integer (self, value, 0, 255, "a number 0 to 255");
    case TWIN_SCHEMA_UNSIGNED_SHORT:
      return check_integer (self, value, 0, 65535, "a number 0 to 65535");
    case TWIN_SCHEMA_UNSIGNED_INTEGER:
      return check_integer (self, value, 0, 4294967295.0,
                            "a whole number from 0 of 32 bits");
    case TWIN_SCHEMA_UNSIGNED_LONG:
      return check_integer (self, value, 0, 18446744073709551615.0,
                            "a whole number from 0 of 64 bits");
    case TWIN_SCHEMA_SCALED_DECIMAL:
      return check_scaled (self, value);
    case TWIN_SCHEMA_GEO:
      return check_geo (self, schema, value);
    case TWIN_SCHEMA_ENUM:
      return check_enum (self, schema, value);
    case TWIN_SCHEMA_MAP:
    case TWIN_SCHEMA_OBJECT:
      return check_object (self, schema, value);
    case TWIN_SCHEMA_ARRAY:
      return check_array (self, schema, value);
    case TWIN_SCHEMA_STRING:
    case TWIN_SCHEMA_DATE:
    case TWIN_SCHEMA_DATE_TIME:
    case TWIN_SCHEMA_TIME:
    case TWIN_SCHEMA_DURATION:
    case TWIN_SCHEMA_BYTES:
    case TWIN_SCHEMA_DECIMAL:
    case TWIN_SCHEMA_UUID:
    default:
      return check_text (self, schema, value);
    }
}

gboolean
twin_schema_validate (const TwinSchema *self,
                      JsonNode         *value,
                      const char       *where,
                      GError          **error)
{
  g_autoptr (GString) pointer = g_string_new (NULL);
  Check state = { pointer, where, error };

  return check (&state, self, value);
}
