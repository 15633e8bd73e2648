/* SPDX-License-Identifier: Apache-2.0 */
/* The six operations of RFC 6902 on a private copy of a document.
 *
 * Objects and arrays of the copy are changed in place; scalars are shared with
 * what they came from, since a scalar is only ever replaced. What a hostile
 * patch could make grow is counted: bytes of the document, its depth, and the
 * members touched on the way (json-glib's arrays and objects shift or search
 * all their members for one change).
 */
#include <string.h>

#include "twin-json.h"
#include "twin-patch-private.h"

#define MOST_WORK G_GUINT64_CONSTANT (20000000)
#define MOST_DEPTH 64

/* --- copies and sizes
 * ------------------------------------------------------------------ */

/* About the bytes of @node as text, never fewer than its members; *@members
 * counts them. */
static size_t
measure (JsonNode *node, guint64 *members)
{
  size_t size = 2;

  (*members)++;
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      const char    *key;
      JsonNode      *value;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, &key, &value))
        size += strlen (key) + 4 + measure (value, members);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        size += 1 + measure (json_array_get_element (array, i), members);
    }
  else if (JSON_NODE_HOLDS_VALUE (node) &&
           json_node_get_value_type (node) == G_TYPE_STRING)
    size += strlen (json_node_get_string (node));

  return size;
}

/* NULL: deeper than @depth. */
static JsonNode *
copy_deep (JsonNode *node, int depth)
{
  if (JSON_NODE_HOLDS_OBJECT (node) && depth > 0)
    {
      g_autoptr (JsonObject) to = json_object_new ();
      JsonObjectIter iter;
      const char    *key;
      JsonNode      *value;

      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &key, &value))
        {
          JsonNode *copy = copy_deep (value, depth - 1);

          if (copy == NULL)
            return NULL;
          json_object_set_member (to, key, copy);
        }

      return json_node_init_object (json_node_alloc (), to);
    }

  if (JSON_NODE_HOLDS_ARRAY (node) && depth > 0)
    {
      JsonArray *from = json_node_get_array (node);
      g_autoptr (JsonArray) to = json_array_new ();

      for (guint i = 0; i < json_array_get_length (from); i++)
        {
          JsonNode *copy =
              copy_deep (json_array_get_element (from, i), depth - 1);

          if (copy == NULL)
            return NULL;
          json_array_add_element (to, copy);
        }

      return json_node_init_array (json_node_alloc (), to);
    }

  if (JSON_NODE_HOLDS_OBJECT (node) || JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  return json_node_ref (node);
}

static gboolean
spend (TwinPatchWork *self, guint64 members, GError **error)
{
  self->work += members;
  if (self->work <= MOST_WORK)
    return TRUE;

  return twin_patch_fail (self, error, TWIN_PATCH_ERROR_LIMIT,
                          "up to here the patch moves more than %d million "
                          "members about; split it",
                          (int) (MOST_WORK / 1000000));
}

/* A copy of @node to stand below @tokens; counted as part of the document. */
static JsonNode *
bring (TwinPatchWork *self, JsonNode *node, char **tokens, GError **error)
{
  guint64   members = 0;
  size_t    size = measure (node, &members);
  JsonNode *copy;

  if (!spend (self, members, error))
    return NULL;

  copy = copy_deep (node, MOST_DEPTH - (int) g_strv_length (tokens));
  if (copy == NULL)
    {
      twin_patch_fail (self, error, TWIN_PATCH_ERROR_LIMIT,
                       "the document would be nested deeper than %d levels",
                       MOST_DEPTH);
      return NULL;
    }

  self->size += size;
  return copy;
}

/* @node is no longer part of the document. */
static gboolean
drop (TwinPatchWork *self, JsonNode *node, GError **error)
{
  guint64 members = 0;
  size_t  size = measure (node, &members);

  self->size -= MIN (size, self->size);
  return spend (self, members, error);
}

/* --- finding
 * ---------------------------------------------------------------------------
 */

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

/* What the first @n of @tokens lead to; NULL with an error. */
static JsonNode *
locate (TwinPatchWork *self, char **tokens, guint n, GError **error)
{
  JsonNode *node = self->root;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *next = step (node, tokens[i]);

      if (next == NULL)
        {
          twin_patch_fail (self, error, TWIN_PATCH_ERROR_PATH,
                           JSON_NODE_HOLDS_ARRAY (node)
                               ? "there is no element “%.80s” in the array"
                               : (JSON_NODE_HOLDS_OBJECT (node)
                                      ? "there is no “%.80s”"
                                      : "there is nothing below a plain value, "
                                        "so no "
                                        "“%.80s”"),
                           tokens[i]);
          return NULL;
        }
      node = next;
    }

  return node;
}

/* --- changing
 * -------------------------------------------------------------------------- */

/* The array of @parent anew, with @value (taken) at @index: put before what
 * is there, or instead of it. */
static gboolean
set_element (TwinPatchWork *self,
             JsonNode      *parent,
             guint          index,
             gboolean       instead,
             JsonNode      *value,
             GError       **error)
{
  JsonArray *from = json_node_get_array (parent);
  guint      length = json_array_get_length (from);
  g_autoptr (JsonNode) mine = value;
  JsonArray *to;

  if (!instead && index == length)
    {
      json_array_add_element (from, g_steal_pointer (&mine));
      return TRUE;
    }
  if (!spend (self, length, error))
    return FALSE;

  to = json_array_sized_new (length + 1);
  for (guint i = 0; i < length; i++)
    {
      if (i == index)
        json_array_add_element (to, g_steal_pointer (&mine));
      if (i != index || !instead)
        json_array_add_element (to, json_node_ref (
                                        json_array_get_element (from, i)));
    }

  json_node_take_array (parent, to);
  return TRUE;
}

/* json-glib looks through all names when one is replaced or removed. */
static gboolean
spend_names (TwinPatchWork *self, JsonObject *object, GError **error)
{
  return spend (self, json_object_get_size (object), error);
}

static gboolean
set_member (TwinPatchWork *self,
            JsonNode      *parent,
            const char    *name,
            JsonNode      *value,
            GError       **error)
{
  JsonObject *object = json_node_get_object (parent);
  JsonNode   *old = json_object_get_member (object, name);
  g_autoptr (JsonNode) mine = value;

  if (old != NULL &&
      (!drop (self, old, error) || !spend_names (self, object, error)))
    return FALSE;

  json_object_set_member (object, name, g_steal_pointer (&mine));
  return TRUE;
}

static gboolean
add_element (TwinPatchWork *self,
             JsonNode      *parent,
             const char    *token,
             JsonNode      *value,
             GError       **error)
{
  guint  length = json_array_get_length (json_node_get_array (parent));
  gint64 index = strcmp (token, "-") == 0
                     ? (gint64) length
                     : twin_json_pointer_index (token, length + 1);
  g_autoptr (JsonNode) mine = value;

  if (index < 0)
    return twin_patch_fail (self, error, TWIN_PATCH_ERROR_PATH,
                            "“%.80s” is no place in an array of %u; take 0 to "
                            "%u, or -",
                            token, length, length);
  return set_element (self, parent, (guint) index, FALSE,
                      g_steal_pointer (&mine), error);
}

/* @value is taken. */
static gboolean
add (TwinPatchWork *self, char **tokens, JsonNode *value, GError **error)
{
  guint n = g_strv_length (tokens);
  g_autoptr (JsonNode) mine = value;
  JsonNode *parent;

  if (n == 0)
    {
      if (!drop (self, self->root, error))
        return FALSE;
      json_node_unref (self->root);
      self->root = g_steal_pointer (&mine);
      return TRUE;
    }

  parent = locate (self, tokens, n - 1, error);
  if (parent == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_OBJECT (parent))
    {
      self->size += strlen (tokens[n - 1]) + 4;
      return set_member (self, parent, tokens[n - 1], g_steal_pointer (&mine),
                         error);
    }
  if (JSON_NODE_HOLDS_ARRAY (parent))
    return add_element (self, parent, tokens[n - 1], g_steal_pointer (&mine),
                        error);

  return twin_patch_fail (self, error, TWIN_PATCH_ERROR_PATH,
                          "nothing can be put below a plain value");
}

static gboolean
remove_at (TwinPatchWork *self, char **tokens, GError **error)
{
  guint     n = g_strv_length (tokens);
  JsonNode *old = locate (self, tokens, n, error);
  JsonNode *parent;

  if (n == 0)
    return twin_patch_fail (self, error, TWIN_PATCH_ERROR_READ_ONLY,
                            "the whole document cannot be taken away");
  if (old == NULL || !drop (self, old, error))
    return FALSE;

  parent = locate (self, tokens, n - 1, error);
  if (JSON_NODE_HOLDS_OBJECT (parent))
    {
      if (!spend_names (self, json_node_get_object (parent), error))
        return FALSE;
      json_object_remove_member (json_node_get_object (parent), tokens[n - 1]);
    }
  else
    {
      JsonArray *array = json_node_get_array (parent);
      guint      length = json_array_get_length (array);

      if (!spend (self, length, error))
        return FALSE;
      json_array_remove_element (array,
                                 (guint) twin_json_pointer_index (tokens[n - 1],
                                                                  length));
    }

  return TRUE;
}

/* @value is taken. */
static gboolean
replace (TwinPatchWork *self, char **tokens, JsonNode *value, GError **error)
{
  guint n = g_strv_length (tokens);
  g_autoptr (JsonNode) mine = value;
  JsonNode *old = locate (self, tokens, n, error);
  JsonNode *parent;

  if (old == NULL)
    return FALSE;
  if (n == 0)
    return add (self, tokens, g_steal_pointer (&mine), error);

  parent = locate (self, tokens, n - 1, error);
  if (JSON_NODE_HOLDS_OBJECT (parent))
    return set_member (self, parent, tokens[n - 1], g_steal_pointer (&mine),
                       error);

  return drop (self, old, error) &&
         set_element (self, parent,
                      (guint) twin_json_pointer_index (tokens[n - 1],
                                                       json_array_get_length (
                                                           json_node_get_array (
                                                               parent))),
                      TRUE, g_steal_pointer (&mine), error);
}

/* --- the operations
 * -------------------------------------------------------------------- */

/* What @operation brings to its path: its value, or a copy of what is at
 * "from". */
static JsonNode *
make_value (TwinPatchWork            *self,
            const TwinPatchOperation *operation,
            GError                  **error)
{
  JsonNode *from = operation->value;

  if (from == NULL)
    from = locate (self, operation->from_tokens,
                   g_strv_length (operation->from_tokens), error);
  return from != NULL ? bring (self, from, operation->tokens, error) : NULL;
}

static gboolean
lies_in (char **inner, char **outer)
{
  for (; *outer != NULL; inner++, outer++)
    {
      if (*inner == NULL || strcmp (*inner, *outer) != 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
move (TwinPatchWork *self, const TwinPatchOperation *operation, GError **error)
{
  g_autoptr (JsonNode) value = NULL;

  if (lies_in (operation->tokens, operation->from_tokens))
    {
      if (lies_in (operation->from_tokens, operation->tokens))
        return locate (self, operation->tokens,
                       g_strv_length (operation->tokens), error) != NULL;
      return twin_patch_fail (self, error, TWIN_PATCH_ERROR_PATH,
                              "%.200s cannot be moved into itself",
                              *operation->from != '\0' ? operation->from
                                                       : "the document");
    }

  value = make_value (self, operation, error);
  return value != NULL && remove_at (self, operation->from_tokens, error) &&
         add (self, operation->tokens, g_steal_pointer (&value), error);
}

static gboolean
run_test (TwinPatchWork            *self,
          const TwinPatchOperation *operation,
          GError                  **error)
{
  JsonNode        *node = locate (self, operation->tokens,
                                  g_strv_length (operation->tokens), error);
  g_autofree char *there = NULL;
  g_autofree char *wanted = NULL;

  if (node == NULL)
    return FALSE;
  if (twin_json_equal (node, operation->value))
    return TRUE;

  there = twin_json_print (node, FALSE);
  wanted = twin_json_print (operation->value, FALSE);
  return twin_patch_fail (self, error, TWIN_PATCH_ERROR_TEST,
                          "it is %.100s, not %.100s", there, wanted);
}

static gboolean
change (TwinPatchWork            *self,
        const TwinPatchOperation *operation,
        GError                  **error)
{
  g_autoptr (JsonNode) value = NULL;

  if (operation->op == TWIN_PATCH_REMOVE)
    return remove_at (self, operation->tokens, error);
  if (operation->op == TWIN_PATCH_MOVE)
    return move (self, operation, error);

  value = make_value (self, operation, error);
  if (value == NULL)
    return FALSE;

  return operation->op == TWIN_PATCH_REPLACE
             ? replace (self, operation->tokens, g_steal_pointer (&value),
                        error)
             : add (self, operation->tokens, g_steal_pointer (&value), error);
}

gboolean
twin_patch_work_run (TwinPatchWork            *self,
                     guint                     index,
                     const TwinPatchOperation *operation,
                     GError                  **error)
{
  self->index = index;
  self->operation = operation;
  if (operation->op == TWIN_PATCH_TEST)
    return run_test (self, operation, error);
  if (!change (self, operation, error))
    return FALSE;
  if (self->size > self->most)
    return twin_patch_fail (self, error, TWIN_PATCH_ERROR_LIMIT,
                            "the document would be longer than %zu bytes",
                            self->most);
  return TRUE;
}

gboolean
twin_patch_work_init (TwinPatchWork *self, JsonNode *document, GError **error)
{
  guint64 members = 0;

  self->size = measure (document, &members);
  self->most = MAX (TWIN_DOCUMENT_MAX_BYTES, self->size);
  self->root = copy_deep (document, MOST_DEPTH);
  if (self->root != NULL)
    return TRUE;

  g_set_error (error, TWIN_PATCH_ERROR, TWIN_PATCH_ERROR_LIMIT,
               "The document is nested deeper than %d levels", MOST_DEPTH);
  return FALSE;
}

void
twin_patch_work_clear (TwinPatchWork *self)
{
  g_clear_pointer (&self->root, json_node_unref);
}

JsonNode *
twin_patch_work_finish (TwinPatchWork *self, GError **error)
{
  g_autofree char *text = twin_json_print (self->root, FALSE);

  if (strlen (text) > self->most)
    {
      g_set_error (error, TWIN_PATCH_ERROR, TWIN_PATCH_ERROR_LIMIT,
                   "The document would be longer than %zu bytes", self->most);
      return NULL;
    }

  json_node_seal (self->root);
  return g_steal_pointer (&self->root);
}
