/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-json-words.h"

#include <glib/gi18n.h>
#include <string.h>

static void append_node (GString *text, JsonNode *node);

static void
append_object (GString *text, JsonObject *object)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      g_string_append_printf (text, "%s%s ", l == members ? "" : ", ",
                              (const char *) l->data);
      append_node (text, json_object_get_member (object, l->data));
    }
}

static void
append_array (GString *text, JsonArray *array)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      append_node (text, json_array_get_element (array, i));
    }
}

static void
append_node (GString *text, JsonNode *node)
{
  const gsize before = text->len;

  if (JSON_NODE_HOLDS_OBJECT (node))
    append_object (text, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    append_array (text, json_node_get_array (node));
  else if (JSON_NODE_HOLDS_NULL (node))
    g_string_append (text, "–");
  else if (json_node_get_value_type (node) == G_TYPE_STRING)
    g_string_append (text, json_node_get_string (node));
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    g_string_append (text, json_node_get_boolean (node) ? _ ("yes") : _ ("no"));
  else if (json_node_get_value_type (node) == G_TYPE_INT64)
    g_string_append_printf (text, "%" G_GINT64_FORMAT,
                            json_node_get_int (node));
  else
    g_string_append_printf (text, "%.10g", json_node_get_double (node));

  if (text->len == before)
    g_string_append (text, _ ("none"));
}

char *
twin_json_dup_words (JsonNode *node)
{
  GString *text = g_string_new (NULL);

  append_node (text, node);
  return g_string_free (text, FALSE);
}

/* --- labels --------------------------------------------------------------- */

/* Units that names of properties end with. */
static const char *
unit_of (const char *key, gsize *length)
{
  static const struct
  {
    const char *suffix, *unit;
  } units[] = {
    { "Hz", "Hz" }, { "Ms", "ms" }, { "S", "s" }, { "G", "g" }, { "C", "°C" },
  };
  const gsize n = strlen (key);

  *length = n;
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      const gsize k = strlen (units[i].suffix);

      if (n > k + 1 && strcmp (key + n - k, units[i].suffix) == 0 &&
          g_ascii_islower (key[n - k - 1]))
        {
          *length = n - k;
          return units[i].unit;
        }
    }

  return NULL;
}

static const char *
known_label (const char *key)
{
  static const struct
  {
    const char *key, *label;
  } known[] = {
    { "$dtId", N_ ("Id") },
    { "$model", N_ ("Model") },
    { "$lifecycle", N_ ("Life cycle") },
    { "$tags", N_ ("Tags") },
    { "$etag", N_ ("Version tag") },
    { "$relationshipId", N_ ("Relationship") },
    { "$relationshipName", N_ ("Relationship name") },
    { "$sourceId", N_ ("From") },
    { "$targetId", N_ ("To") },
    { "displayName", N_ ("Name") },
    { "COUNT", N_ ("Count") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (known[i].key, key) == 0)
      return _ (known[i].label);

  return NULL;
}

static gboolean
begins_word (const char *key, gsize i)
{
  return i > 0 && g_ascii_isupper (key[i]) &&
         (g_ascii_islower (key[i - 1]) || g_ascii_isdigit (key[i - 1]) ||
          (key[i + 1] != '\0' && g_ascii_islower (key[i + 1])));
}

char *
twin_json_dup_label (const char *key)
{
  const char *known = known_label (key);
  gsize       length;
  const char *unit;
  GString    *label;

  if (known != NULL)
    return g_strdup (known);

  unit = unit_of (key, &length);
  label = g_string_new (NULL);
  for (gsize i = 0; i < length; i++)
    {
      const gboolean begins = begins_word (key, i);
      const gboolean capitals = g_ascii_isupper (key[i]) && i + 1 < length &&
                                g_ascii_isupper (key[i + 1]);

      if (begins)
        g_string_append_c (label, ' ');
      if (i == 0)
        g_string_append_c (label, g_ascii_toupper (key[i]));
      else if (key[i] == '_' || key[i] == '-')
        g_string_append_c (label, ' ');
      else
        g_string_append_c (label, begins && !capitals ? g_ascii_tolower (key[i])
                                                      : key[i]);
    }
  if (unit != NULL)
    g_string_append_printf (label, ", %s", unit);
  return g_string_free (label, FALSE);
}

char *
twin_json_dup_unit (const char *unit)
{
  static const struct
  {
    const char *unit, *sign;
  } signs[] = {
    { "degreeCelsius", "°C" },
    { "kelvin", "K" },
    { "degreeOfArc", "°" },
    { "radian", "rad" },
    { "metre", "m" },
    { "millimetre", "mm" },
    { "micrometre", "µm" },
    { "squareMetre", "m²" },
    { "cubicMetre", "m³" },
    { "litre", "l" },
    { "metrePerSecond", "m/s" },
    { "metrePerSecondSquared", "m/s²" },
    { "revolutionPerMinute", "rpm" },
    { "hertz", "Hz" },
    { "second", "s" },
    { "minute", "min" },
    { "hour", "h" },
    { "ampere", "A" },
    { "volt", "V" },
    { "watt", "W" },
    { "kilowatt", "kW" },
    { "kilowattHour", "kWh" },
    { "newton", "N" },
    { "newtonMetre", "N m" },
    { "pascal", "Pa" },
    { "kilopascal", "kPa" },
    { "bar", "bar" },
    { "kilogram", "kg" },
    { "percent", "%" },
    { "cubicMetrePerHour", "m³/h" },
    { "cubicMetrePerMinute", "m³/min" },
    { "litrePerSecond", "l/s" },
  };
  char *words;

  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (strcmp (signs[i].unit, unit) == 0)
      return g_strdup (signs[i].sign);

  words = twin_json_dup_label (unit);
  words[0] = g_ascii_tolower (words[0]);
  return words;
}

/* --- differences ---------------------------------------------------------- */

enum
{
  MAX_DEPTH = 4
};

static void
difference_free (gpointer data)
{
  TwinJsonDifference *self = data;

  g_free (self->path);
  g_free (self->before);
  g_free (self->after);
  g_free (self);
}

static gboolean
is_metadata_of_interest (const char *name)
{
  return strcmp (name, "$model") == 0 || strcmp (name, "$lifecycle") == 0 ||
         strcmp (name, "$tags") == 0;
}

static void
add_difference (GPtrArray  *list,
                const char *path,
                JsonNode   *before,
                JsonNode   *after)
{
  TwinJsonDifference *difference = g_new0 (TwinJsonDifference, 1);

  difference->path = g_strdup (path);
  difference->before = before != NULL ? twin_json_dup_words (before) : NULL;
  difference->after = after != NULL ? twin_json_dup_words (after) : NULL;
  g_ptr_array_add (list, difference);
}

static void compare_objects (GPtrArray  *list,
                             const char *path,
                             gboolean    metadata,
                             JsonObject *before,
                             JsonObject *after,
                             int         depth);

static JsonObject *
object_of (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node)
             ? json_node_get_object (node)
             : NULL;
}

static void
compare_member (GPtrArray  *list,
                const char *path,
                const char *name,
                JsonNode   *before,
                JsonNode   *after,
                int         depth)
{
  const gboolean   metadata = strcmp (name, "$metadata") == 0;
  g_autofree char *inner = metadata || *path == '\0'
                               ? g_strdup (metadata ? path : name)
                               : g_strdup_printf ("%s.%s", path, name);

  if (before != NULL && after != NULL && json_node_equal (before, after))
    return;
  if (metadata || (depth < MAX_DEPTH && object_of (before) != NULL &&
                   object_of (after) != NULL))
    compare_objects (list, inner, metadata, object_of (before),
                     object_of (after), depth + 1);
  else
    add_difference (list, inner, before, after);
}

static void
compare_objects (GPtrArray  *list,
                 const char *path,
                 gboolean    metadata,
                 JsonObject *before,
                 JsonObject *after,
                 int         depth)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  JsonObject *const sides[] = { before, after };
  JsonObjectIter    iter;
  const char       *name;
  GHashTableIter    each;

  for (int i = 0; i < 2; i++)
    {
      if (sides[i] == NULL)
        continue;
      json_object_iter_init (&iter, sides[i]);
      while (json_object_iter_next (&iter, &name, NULL))
        g_hash_table_add (names, (gpointer) name);
    }

  g_hash_table_iter_init (&each, names);
  while (g_hash_table_iter_next (&each, (gpointer *) &name, NULL))
    {
      if (metadata ? !is_metadata_of_interest (name)
                   : strcmp (name, "$etag") == 0)
        continue;
      compare_member (list, path, name,
                      before != NULL ? json_object_get_member (before, name)
                                     : NULL,
                      after != NULL ? json_object_get_member (after, name)
                                    : NULL,
                      depth);
    }
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  const TwinJsonDifference *const *x = a, *const *y = b;

  return strcmp ((*x)->path, (*y)->path);
}

GPtrArray *
twin_json_list_differences (JsonNode *before, JsonNode *after)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (difference_free);

  compare_objects (list, "", FALSE, object_of (before), object_of (after), 0);
  g_ptr_array_sort (list, compare_paths);
  return list;
}
