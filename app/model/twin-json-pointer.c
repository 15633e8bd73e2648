/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-json.h"

#include <string.h>

#define MOST_TOKENS 64

char *
twin_json_pointer_join (const char *pointer, const char *token)
{
  GString *out = g_string_new (pointer);

  g_string_append_c (out, '/');
  for (const char *p = token; *p != '\0'; p++)
    {
      if (*p == '~')
        g_string_append (out, "~0");
      else if (*p == '/')
        g_string_append (out, "~1");
      else
        g_string_append_c (out, *p);
    }

  return g_string_free (out, FALSE);
}

char **
twin_json_pointer_split (const char *pointer, GError **error)
{
  g_auto (GStrv) tokens = NULL;

  if (*pointer == '\0')
    return g_new0 (char *, 1);

  if (*pointer != '/')
    {
      g_set_error (error, TWIN_JSON_ERROR, TWIN_JSON_ERROR_POINTER,
                   "“%s” is no JSON pointer: it must begin with /", pointer);
      return NULL;
    }

  tokens = g_strsplit (pointer + 1, "/", -1);
  if (g_strv_length (tokens) > MOST_TOKENS)
    {
      g_set_error (error, TWIN_JSON_ERROR, TWIN_JSON_ERROR_POINTER,
                   "The JSON pointer has more than %d parts", MOST_TOKENS);
      return NULL;
    }

  for (char **token = tokens; *token != NULL; token++)
    {
      char *to = *token;

      for (const char *p = *token; *p != '\0'; p++)
        {
          if (*p == '~' && p[1] != '0' && p[1] != '1')
            {
              g_set_error (error, TWIN_JSON_ERROR, TWIN_JSON_ERROR_POINTER,
                           "“%s” is no JSON pointer: ~ needs 0 or 1 after it",
                           pointer);
              return NULL;
            }

          if (*p == '~')
            *to++ = *++p == '0' ? '~' : '/';
          else
            *to++ = *p;
        }
      *to = '\0';
    }

  return g_steal_pointer (&tokens);
}

gint64
twin_json_pointer_index (const char *token, guint length)
{
  guint64 index;

  if (token[0] == '0' && token[1] != '\0')
    return -1;
  if (!g_ascii_string_to_unsigned (token, 10, 0, G_MAXUINT32, &index, NULL))
    return -1;

  return index < length ? (gint64) index : -1;
}

static JsonNode *
step (JsonNode *node, const char *token)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_object_get_member (json_node_get_object (node), token);

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      gint64     index =
          twin_json_pointer_index (token, json_array_get_length (array));

      return index < 0 ? NULL : json_array_get_element (array, (guint) index);
    }

  return NULL;
}

static void
fail_token (GError **error, const char *pointer, const char *token)
{
  g_set_error (error, TWIN_JSON_ERROR, TWIN_JSON_ERROR_POINTER,
               "There is no “%s” where %s leads", token, pointer);
}

JsonNode *
twin_json_pointer_get (JsonNode *root, const char *pointer, GError **error)
{
  g_auto (GStrv) tokens = twin_json_pointer_split (pointer, error);
  JsonNode *node = root;

  if (tokens == NULL)
    return NULL;

  for (char **token = tokens; *token != NULL; token++)
    {
      node = step (node, *token);
      if (node == NULL)
        {
          fail_token (error, pointer, *token);
          return NULL;
        }
    }

  return node;
}

static JsonNode *set (JsonNode   *node,
                      char      **tokens,
                      const char *pointer,
                      JsonNode   *value,
                      GError    **error);

static JsonNode *
set_in_object (JsonNode   *node,
               char      **tokens,
               const char *pointer,
               JsonNode   *value,
               GError    **error)
{
  JsonObject *from = json_node_get_object (node);
  g_autoptr (JsonObject) to = json_object_new ();
  gboolean       here = tokens[1] == NULL;
  gboolean       found = FALSE;
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *old;

  json_object_iter_init_ordered (&iter, from);
  while (json_object_iter_next_ordered (&iter, &key, &old))
    {
      JsonNode *member = old;

      if (strcmp (key, tokens[0]) != 0)
        {
          json_object_set_member (to, key, json_node_ref (member));
          continue;
        }

      found = TRUE;
      if (here && value == NULL)
        continue;

      member = here ? json_node_ref (value)
                    : set (old, tokens + 1, pointer, value, error);
      if (member == NULL)
        return NULL;
      json_object_set_member (to, key, member);
    }

  if (!found)
    {
      if (!here || value == NULL)
        {
          fail_token (error, pointer, tokens[0]);
          return NULL;
        }
      json_object_set_member (to, tokens[0], json_node_ref (value));
    }

  return json_node_init_object (json_node_alloc (), to);
}

static JsonNode *
set_in_array (JsonNode   *node,
              char      **tokens,
              const char *pointer,
              JsonNode   *value,
              GError    **error)
{
  JsonArray *from = json_node_get_array (node);
  guint      length = json_array_get_length (from);
  gint64     index = twin_json_pointer_index (tokens[0], length);
  gboolean   here = tokens[1] == NULL;
  gboolean   add = here && value != NULL && strcmp (tokens[0], "-") == 0;
  g_autoptr (JsonArray) to = json_array_new ();

  if (index < 0 && !add)
    {
      fail_token (error, pointer, tokens[0]);
      return NULL;
    }

  for (guint i = 0; i < length; i++)
    {
      JsonNode *element = json_array_get_element (from, i);

      if (i != index)
        {
          json_array_add_element (to, json_node_ref (element));
          continue;
        }

      if (here && value == NULL)
        continue;

      element = here ? json_node_ref (value)
                     : set (element, tokens + 1, pointer, value, error);
      if (element == NULL)
        return NULL;
      json_array_add_element (to, element);
    }

  if (add)
    json_array_add_element (to, json_node_ref (value));

  return json_node_init_array (json_node_alloc (), to);
}

static JsonNode *
set (JsonNode   *node,
     char      **tokens,
     const char *pointer,
     JsonNode   *value,
     GError    **error)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return set_in_object (node, tokens, pointer, value, error);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return set_in_array (node, tokens, pointer, value, error);

  fail_token (error, pointer, tokens[0]);
  return NULL;
}

JsonNode *
twin_json_pointer_set (JsonNode   *root,
                       const char *pointer,
                       JsonNode   *value,
                       GError    **error)
{
  g_auto (GStrv) tokens = twin_json_pointer_split (pointer, error);
  JsonNode *changed;

  if (tokens == NULL)
    return NULL;

  if (tokens[0] == NULL)
    {
      if (value == NULL)
        fail_token (error, "the empty pointer", "");
      return value != NULL ? json_node_ref (value) : NULL;
    }

  changed = set (root, tokens, pointer, value, error);
  if (changed != NULL)
    json_node_seal (changed);
  return changed;
}
