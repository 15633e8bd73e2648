/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-model-builder.h"

#include <stdarg.h>

void
twin_model_builder_issue (TwinModelBuilder *self,
                          const char       *id,
                          const char       *format,
                          ...)
{
  TwinModelIssue *issue = g_new0 (TwinModelIssue, 1);
  va_list         args;

  va_start (args, format);
  issue->message = g_strdup_vprintf (format, args);
  va_end (args);

  issue->id = g_strdup (id);
  issue->element = g_strdup (self->place.element);
  issue->file = g_strdup (self->place.file);
  issue->pointer = g_strdup (self->pointer->str);
  g_ptr_array_add (self->report->issues, issue);
}

gsize
twin_model_builder_push (TwinModelBuilder *self, const char *token)
{
  gsize            length = self->pointer->len;
  g_autofree char *step = twin_json_pointer_join ("", token);

  g_string_append (self->pointer, step);
  return length;
}

gsize
twin_model_builder_push_index (TwinModelBuilder *self, guint index)
{
  gsize length = self->pointer->len;

  g_string_append_printf (self->pointer, "/%u", index);
  return length;
}

void
twin_model_builder_pop (TwinModelBuilder *self, gsize length)
{
  g_string_truncate (self->pointer, length);
}

const char *
twin_model_builder_intern (TwinModelBuilder *self, const char *text)
{
  return text != NULL ? g_string_chunk_insert_const (self->set->strings, text)
                      : NULL;
}

const char *
twin_model_builder_scope (TwinModelBuilder *self, const char *dtmi)
{
  g_autofree char *scoped = NULL;

  if (self->place.group == 0)
    return dtmi;

  scoped = g_strdup_printf ("%u %s", self->place.group, dtmi);
  return twin_model_builder_intern (self, scoped);
}

void *
twin_model_builder_alloc (TwinModelBuilder *self, gsize size)
{
  void *block = g_malloc0 (MAX (size, 1));

  g_ptr_array_add (self->set->blocks, block);
  return block;
}

GPtrArray *
twin_model_builder_array (TwinModelBuilder *self)
{
  GPtrArray *array = g_ptr_array_new ();

  g_ptr_array_add (self->set->containers, array);
  return array;
}

JsonNode *
twin_model_single (JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node) &&
      json_array_get_length (json_node_get_array (node)) == 1)
    return json_array_get_element (json_node_get_array (node), 0);

  return node;
}
