/* SPDX-License-Identifier: Apache-2.0 */
/* A twin's tags: sorted, each once, so that equal sets are equal texts. */
#include <string.h>

#include "twin-json.h"
#include "twin-twin-private.h"

gboolean
twin_tag_is_valid (const char *tag)
{
  gunichar last = 0;
  size_t   length = 0;

  if (!g_utf8_validate (tag, -1, NULL) ||
      g_unichar_isspace (g_utf8_get_char (tag)))
    return FALSE;

  for (const char *p = tag; *p != '\0'; p = g_utf8_next_char (p))
    {
      last = g_utf8_get_char (p);
      if (g_unichar_iscntrl (last) || ++length > TWIN_MAX_TAG_LENGTH)
        return FALSE;
    }

  return length > 0 && !g_unichar_isspace (last);
}

gboolean
twin_twin_has_tag (const TwinTwin *self, const char *tag)
{
  return self->tags != NULL &&
         g_strv_contains ((const char *const *) self->tags, tag);
}

static gboolean
check_tag (const char *tag, GError **error)
{
  if (tag != NULL && twin_tag_is_valid (tag))
    return TRUE;

  g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
               "a tag is a text of 1 to %d characters without control "
               "characters or blanks at its ends%s%.80s%s",
               TWIN_MAX_TAG_LENGTH, tag != NULL ? ", not “" : "",
               tag != NULL ? tag : "", tag != NULL ? "”" : "");
  return FALSE;
}

static int
compare (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Takes @tags (char *, owned) as the twin's. */
static gboolean
take_tags (TwinTwin *self, GPtrArray *tags, GError **error)
{
  g_ptr_array_sort (tags, compare);
  for (guint i = tags->len; i > 1; i--)
    {
      if (strcmp (g_ptr_array_index (tags, i - 2),
                  g_ptr_array_index (tags, i - 1)) == 0)
        g_ptr_array_remove_index (tags, i - 1);
    }

  if (tags->len > TWIN_MAX_TAGS)
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
                   "%s would have %u tags; %d is the most", self->id, tags->len,
                   TWIN_MAX_TAGS);
      return FALSE;
    }

  g_clear_pointer (&self->tags, g_strfreev);
  if (tags->len > 0)
    {
      g_ptr_array_add (tags, NULL);
      self->tags = g_strdupv ((char **) tags->pdata);
    }
  return TRUE;
}

gboolean
twin_twin_change_tags (TwinTwin          *self,
                       const char *const *add,
                       const char *const *remove,
                       GError           **error)
{
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func (g_free);

  for (char **tag = self->tags; tag != NULL && *tag != NULL; tag++)
    {
      if (remove == NULL || !g_strv_contains (remove, *tag))
        g_ptr_array_add (tags, g_strdup (*tag));
    }

  for (; add != NULL && *add != NULL; add++)
    {
      if (!check_tag (*add, error))
        return FALSE;
      g_ptr_array_add (tags, g_strdup (*add));
    }

  return take_tags (self, tags, error);
}

gboolean
twin_twin_read_tags (TwinTwin   *self,
                     JsonNode   *node,
                     const char *pointer,
                     GError    **error)
{
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) why = NULL;
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return twin_twin_fail (error, pointer,
                           "“$metadata/$tags” must be an array of texts");

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode   *one = json_array_get_element (array, i);
      const char *tag = JSON_NODE_HOLDS_VALUE (one) &&
                                json_node_get_value_type (one) == G_TYPE_STRING
                            ? json_node_get_string (one)
                            : NULL;

      if (!check_tag (tag, &why))
        return twin_twin_fail (error, pointer, "“$metadata/$tags/%u”: %s", i,
                               why->message);
      g_ptr_array_add (tags, g_strdup (tag));
    }

  if (!take_tags (self, tags, &why))
    return twin_twin_fail (error, pointer, "“$metadata/$tags”: %s",
                           why->message);
  return TRUE;
}

JsonNode *
twin_twin_tags_to_json (const TwinTwin *self)
{
  JsonArray *array;
  JsonNode  *node;

  if (self->tags == NULL)
    return NULL;

  array = json_array_new ();
  for (char **tag = self->tags; *tag != NULL; tag++)
    json_array_add_string_element (array, *tag);

  node = json_node_alloc ();
  json_node_take_array (json_node_init (node, JSON_NODE_ARRAY), array);
  json_node_seal (node);
  return node;
}

char *
twin_twin_print_tags (const TwinTwin *self)
{
  g_autoptr (JsonNode) node = twin_twin_tags_to_json (self);

  return node != NULL ? twin_json_print (node, FALSE) : NULL;
}
