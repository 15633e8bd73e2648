/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Patch as text, and its operations on any document (twin-patch-work.c)
 * one after the other. */
#include "twin-patch.h"

#include <string.h>

#include "twin-json.h"
#include "twin-patch-private.h"

G_DEFINE_QUARK (twin - patch - error - quark, twin_patch_error)

static const char *const words[] = { "add",  "remove", "replace",
                                     "move", "copy",   "test" };

static void
operation_clear (void *data)
{
  TwinPatchOperation *self = data;

  g_free (self->path);
  g_strfreev (self->tokens);
  g_free (self->from);
  g_strfreev (self->from_tokens);
}

gboolean
twin_patch_fail (const TwinPatchWork *self,
                 GError             **error,
                 TwinPatchError       code,
                 const char          *format,
                 ...)
{
  g_autofree char *what = NULL;
  va_list          args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  if (self->operation == NULL || self->operation->path == NULL)
    g_set_error (error, TWIN_PATCH_ERROR, code, "operation %u: %s", self->index,
                 what);
  else
    g_set_error (error, TWIN_PATCH_ERROR, code, "operation %u (%s %.200s): %s",
                 self->index, words[self->operation->op],
                 *self->operation->path != '\0' ? self->operation->path : "“”",
                 what);
  return FALSE;
}

/* --- reading
 * ---------------------------------------------------------------------------
 */

static gboolean
read_op (TwinPatchOperation  *self,
         JsonObject          *object,
         const TwinPatchWork *place,
         GError             **error)
{
  const char *word = twin_json_get_string (object, "op");

  for (size_t i = 0; word != NULL && i < G_N_ELEMENTS (words); i++)
    {
      if (strcmp (words[i], word) == 0)
        {
          self->op = (TwinPatchOp) i;
          return TRUE;
        }
    }

  return twin_patch_fail (place, error, TWIN_PATCH_ERROR_SYNTAX,
                          "“op” must be add, remove, replace, move, copy or "
                          "test%s%.40s%s",
                          word != NULL ? ", not “" : "",
                          word != NULL ? word : "", word != NULL ? "”" : "");
}

static gboolean
read_pointer (JsonObject          *object,
              const char          *member,
              char               **pointer,
              char              ***tokens,
              const TwinPatchWork *place,
              GError             **error)
{
  const char *text = twin_json_get_string (object, member);
  g_autoptr (GError) why = NULL;

  if (text == NULL)
    return twin_patch_fail (place, error, TWIN_PATCH_ERROR_SYNTAX,
                            "“%s” is missing; it must be a JSON pointer, "
                            "“/ratedSpeed”",
                            member);

  *pointer = g_strdup (text);
  *tokens = twin_json_pointer_split (text, &why);
  if (*tokens == NULL)
    return twin_patch_fail (place, error, TWIN_PATCH_ERROR_SYNTAX, "“%s”: %s",
                            member, why->message);
  return TRUE;
}

static gboolean
read_operation (TwinPatchOperation  *self,
                JsonNode            *node,
                const TwinPatchWork *place,
                GError             **error)
{
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return twin_patch_fail (place, error, TWIN_PATCH_ERROR_SYNTAX,
                            "it must be an object, as "
                            "{\"op\":\"replace\",\"path\":\"/ratedSpeed\","
                            "\"value\":1480}");

  object = json_node_get_object (node);
  if (!read_op (self, object, place, error) ||
      !read_pointer (object, "path", &self->path, &self->tokens, place, error))
    return FALSE;

  if (self->op == TWIN_PATCH_MOVE || self->op == TWIN_PATCH_COPY)
    return read_pointer (object, "from", &self->from, &self->from_tokens, place,
                         error);

  self->value = json_object_get_member (object, "value");
  if (self->value == NULL && self->op != TWIN_PATCH_REMOVE)
    return twin_patch_fail (place, error, TWIN_PATCH_ERROR_SYNTAX,
                            "“value” is missing");
  return TRUE;
}

TwinPatch *
twin_patch_new (JsonNode *array, GError **error)
{
  g_autoptr (TwinPatch) self = NULL;
  guint length;

  if (!JSON_NODE_HOLDS_ARRAY (array))
    {
      g_set_error (error, TWIN_PATCH_ERROR, TWIN_PATCH_ERROR_SYNTAX,
                   "A JSON Patch is an array of operations, as "
                   "[{\"op\":\"replace\",\"path\":\"/ratedSpeed\","
                   "\"value\":1480}]");
      return NULL;
    }

  length = json_array_get_length (json_node_get_array (array));
  if (length > TWIN_PATCH_MAX_OPERATIONS)
    {
      g_set_error (error, TWIN_PATCH_ERROR, TWIN_PATCH_ERROR_LIMIT,
                   "The patch has %u operations; %d is the most", length,
                   TWIN_PATCH_MAX_OPERATIONS);
      return NULL;
    }

  self = g_new0 (TwinPatch, 1);
  self->array = json_node_ref (array);
  self->operations =
      g_array_sized_new (FALSE, TRUE, sizeof (TwinPatchOperation), length);
  g_array_set_clear_func (self->operations, operation_clear);
  g_array_set_size (self->operations, length);
  for (guint i = 0; i < length; i++)
    {
      TwinPatchOperation *operation =
          &g_array_index (self->operations, TwinPatchOperation, i);
      TwinPatchWork place = { .index = i, .operation = operation };

      if (!read_operation (operation,
                           json_array_get_element (json_node_get_array (array),
                                                   i),
                           &place, error))
        return NULL;
    }

  return g_steal_pointer (&self);
}

TwinPatch *
twin_patch_parse (const char *name,
                  const char *text,
                  gssize      length,
                  GError    **error)
{
  g_autoptr (JsonNode) node = NULL;
  size_t bytes = length >= 0 ? (size_t) length : strlen (text);

  if (bytes > TWIN_PATCH_MAX_BYTES)
    {
      g_set_error (error, TWIN_PATCH_ERROR, TWIN_PATCH_ERROR_LIMIT,
                   "%s: a patch of %zu bytes is too long; %d is the most", name,
                   bytes, TWIN_PATCH_MAX_BYTES);
      return NULL;
    }

  node = twin_json_parse (name, text, length, error);
  return node != NULL ? twin_patch_new (node, error) : NULL;
}

void
twin_patch_free (TwinPatch *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->operations);
  json_node_unref (self->array);
  g_free (self);
}

guint
twin_patch_count (const TwinPatch *self)
{
  return self->operations->len;
}

JsonNode *
twin_patch_apply (const TwinPatch *self, JsonNode *document, GError **error)
{
  g_auto (TwinPatchWork) work = { 0 };

  if (!twin_patch_work_init (&work, document, error))
    return NULL;

  for (guint i = 0; i < self->operations->len; i++)
    {
      if (!twin_patch_work_run (&work, i,
                                &g_array_index (self->operations,
                                                TwinPatchOperation, i),
                                error))
        return NULL;
    }

  return twin_patch_work_finish (&work, error);
}
