/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-interface.h"

#include <string.h>

const TwinContent *
twin_interface_find (const TwinInterface *self, const char *name)
{
  return g_hash_table_lookup (self->by_name, name);
}

const TwinContent *
twin_interface_find_kind (const TwinInterface *self,
                          TwinContentKind      kind,
                          const char          *name)
{
  const TwinContent *content = twin_interface_find (self, name);

  return content != NULL && content->kind == kind ? content : NULL;
}

/* @path without ".min", ".max", ".std", ".n", or NULL when it has none. */
static char *
strip_statistic (const char *path)
{
  static const char *const suffixes[] = { ".min", ".max", ".std", ".n" };

  for (size_t i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      if (g_str_has_suffix (path, suffixes[i]))
        return g_strndup (path, strlen (path) - strlen (suffixes[i]));
    }

  return NULL;
}

const TwinContent *
twin_interface_find_path (const TwinInterface *self, const char *path)
{
  g_autofree char   *bare = strip_statistic (path);
  const char        *name = bare != NULL ? bare : path;
  const char        *slash = strchr (name, '/');
  const TwinContent *content;
  g_autofree char   *head = NULL;

  if (slash == NULL)
    {
      content = twin_interface_find (self, name);
      return content != NULL && (content->kind == TWIN_CONTENT_TELEMETRY ||
                                 content->kind == TWIN_CONTENT_PROPERTY)
                 ? content
                 : NULL;
    }

  head = g_strndup (name, (gsize) (slash - name));
  content = twin_interface_find_kind (self, TWIN_CONTENT_COMPONENT, head);
  if (content == NULL || content->component == NULL ||
      strchr (slash + 1, '/') != NULL)
    return NULL;

  return twin_interface_find_path (content->component, slash + 1);
}

const char *
twin_content_get_label (const TwinContent *self)
{
  return self->display_name != NULL ? self->display_name : self->name;
}

const char *
twin_interface_get_label (const TwinInterface *self)
{
  const char *colon;

  if (self->display_name != NULL)
    return self->display_name;

  colon = strrchr (self->id, ':');
  return colon != NULL ? colon + 1 : self->id;
}

gboolean
twin_content_has_semantic_type (const TwinContent *self, const char *term)
{
  return g_strv_contains (self->semantic_types, term);
}

const char *
twin_content_kind_to_string (TwinContentKind kind)
{
  static const char *const names[] = { "Telemetry", "Property", "Command",
                                       "Component", "Relationship" };

  return names[kind];
}
