/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-model-builder.h"

#include <stdarg.h>
#include <string.h>

#define BLOCK_BYTES 16384
/* More than anybody reads; what is beyond is counted. */
#define MOST_ISSUES 1000

void *
twin_arena_alloc (TwinArena *self, gsize size)
{
  void *block;

  size = (MAX (size, 1) + 15) & ~(gsize) 15;
  if (size > BLOCK_BYTES / 4)
    {
      block = g_malloc0 (size);
      self->blocks = g_slist_prepend (self->blocks, block);
      return block;
    }

  if ((gsize) (self->end - self->at) < size)
    {
      self->at = g_malloc0 (BLOCK_BYTES);
      self->end = self->at + BLOCK_BYTES;
      self->blocks = g_slist_prepend (self->blocks, self->at);
    }

  block = self->at;
  self->at += size;
  return block;
}

void
twin_arena_clear (TwinArena *self)
{
  g_slist_free_full (self->blocks, g_free);
  self->blocks = NULL;
  self->at = self->end = NULL;
}

/* Takes @message. */
static void
add_issue (TwinModelBuilder *self, const char *id, char *message)
{
  TwinModelIssue *issue;

  if (self->report->issues->len >= MOST_ISSUES)
    {
      self->report->omitted++;
      g_free (message);
      return;
    }

  issue = g_new0 (TwinModelIssue, 1);
  issue->message = message;
  issue->id = g_strdup (id);
  issue->element = g_strdup (self->place.element);
  issue->file = g_strdup (self->place.file);
  issue->pointer = g_strdup (self->pointer->str);
  g_ptr_array_add (self->report->issues, issue);
}

void
twin_model_builder_issue (TwinModelBuilder *self,
                          const char       *id,
                          const char       *format,
                          ...)
{
  va_list args;

  va_start (args, format);
  add_issue (self, id, g_strdup_vprintf (format, args));
  va_end (args);
}

static void
push_element (TwinModelBuilder *self, const TwinElement *element)
{
  if (element->parent != NULL)
    {
      push_element (self, element->parent);
      twin_model_builder_push (self, element->via->key);
      if (element->via->index >= 0)
        twin_model_builder_push_index (self, (guint) element->via->index);
    }
  else if (element->root >= 0)
    twin_model_builder_push_index (self, (guint) element->root);

  if (element->named)
    self->place.element = element->id;
}

void
twin_model_element_issue (TwinModelBuilder  *self,
                          const TwinElement *element,
                          const char        *key,
                          int                index,
                          const char        *id,
                          const char        *format,
                          ...)
{
  va_list args;

  g_string_truncate (self->pointer, 0);
  self->place.file = element->file;
  push_element (self, element);
  if (key != NULL && json_object_has_member (element->object, key))
    {
      twin_model_builder_push (self, key);
      if (index >= 0)
        twin_model_builder_push_index (self, (guint) index);
    }

  va_start (args, format);
  add_issue (self, id, g_strdup_vprintf (format, args));
  va_end (args);
}

gsize
twin_model_builder_push (TwinModelBuilder *self, const char *token)
{
  gsize length = self->pointer->len;

  g_string_append_c (self->pointer, '/');
  for (size_t run; *token != '\0'; token += run)
    {
      run = strcspn (token, "~/");
      g_string_append_len (self->pointer, token, (gssize) run);
      if (token[run] == '\0')
        break;
      g_string_append (self->pointer, token[run] == '~' ? "~0" : "~1");
      run++;
    }

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
twin_model_builder_scope (TwinModelBuilder *self,
                          const char       *dtmi,
                          unsigned          group)
{
  g_autofree char *scoped = NULL;

  if (group == 0)
    return dtmi;

  scoped = g_strdup_printf ("%u %s", group, dtmi);
  return twin_model_builder_intern (self, scoped);
}

void *
twin_model_builder_alloc (TwinModelBuilder *self, gsize size)
{
  return twin_arena_alloc (&self->set->arena, size);
}

GPtrArray *
twin_model_builder_array (TwinModelBuilder *self)
{
  GPtrArray *array = g_ptr_array_new ();

  g_ptr_array_add (self->set->containers, array);
  return array;
}

const char *
twin_model_string (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}
