/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-node-properties.h"

#include <string.h>

#include "twin-json-words.h"

static void
property_clear (gpointer data)
{
  TwinNodeProperty *property = data;

  g_free (property->name);
  g_free (property->desired);
  g_free (property->reported);
}

/* The object of properties in @text, whether bare or with its version. */
static JsonObject *
parse (JsonParser *parser, const char *text)
{
  JsonNode   *root, *inner;
  JsonObject *object;

  if (text == NULL || !json_parser_load_from_data (parser, text, -1, NULL))
    return NULL;

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;

  object = json_node_get_object (root);
  inner = json_object_get_member (object, "properties");
  return inner != NULL && JSON_NODE_HOLDS_OBJECT (inner)
             ? json_node_get_object (inner)
             : object;
}

static char *
member_text (JsonObject *object, const char *name)
{
  JsonNode *node =
      object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL ? twin_json_dup_words (node) : NULL;
}

static gboolean
is_same (JsonObject *a, JsonObject *b, const char *name)
{
  JsonNode *x = a != NULL ? json_object_get_member (a, name) : NULL;
  JsonNode *y = b != NULL ? json_object_get_member (b, name) : NULL;

  return x != NULL && y != NULL && json_node_equal (x, y);
}

static void
add (GArray *list, const char *name, JsonObject *desired, JsonObject *reported)
{
  TwinNodeProperty property = {
    .name = g_strdup (name),
    .desired = member_text (desired, name),
    .reported = member_text (reported, name),
  };

  property.differs =
      property.desired != NULL && !is_same (desired, reported, name);
  g_array_append_val (list, property);
}

static void
add_all (GArray     *list,
         JsonObject *names,
         JsonObject *besides,
         JsonObject *desired,
         JsonObject *reported)
{
  g_autoptr (GList) members =
      names != NULL ? json_object_get_members (names) : NULL;

  for (GList *l = members; l != NULL; l = l->next)
    {
      if (besides == NULL || !json_object_has_member (besides, l->data))
        add (list, l->data, desired, reported);
    }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (((const TwinNodeProperty *) a)->name,
                 ((const TwinNodeProperty *) b)->name);
}

GArray *
twin_node_properties_list (const char *desired_text, const char *reported_text)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (TwinNodeProperty));
  g_autoptr (JsonParser) desired_parser = json_parser_new ();
  g_autoptr (JsonParser) reported_parser = json_parser_new ();
  JsonObject *desired = parse (desired_parser, desired_text);
  JsonObject *reported = parse (reported_parser, reported_text);

  g_array_set_clear_func (list, property_clear);
  add_all (list, reported, NULL, desired, reported);
  add_all (list, desired, reported, desired, reported);
  g_array_sort (list, compare);
  return list;
}
