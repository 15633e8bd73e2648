/* SPDX-License-Identifier: Apache-2.0 */
/* Twins and relationships held against their models. */
#include <stdarg.h>
#include <string.h>

#include "twin-json.h"
#include "twin-twin-private.h"

static gboolean refuse (GError    **error,
                        const char *pointer,
                        const char *format,
                        ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (GError **error, const char *pointer, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list          args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_MODEL, "“%s”: %s",
               pointer, what);
  return FALSE;
}

static gboolean
check_value (const TwinContent *content,
             JsonNode          *value,
             const char        *pointer,
             GError           **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *what = g_strdup_printf ("property %s", content->name);

  if (content->schema == NULL ||
      twin_schema_validate (content->schema, value, what, &why))
    return TRUE;

  return refuse (error, pointer, "%s", why->message);
}

static gboolean check_members (const TwinInterface *interface,
                               JsonNode            *object,
                               gboolean             inner,
                               const char          *pointer,
                               GError             **error);

static gboolean
check_component (const TwinContent *content,
                 JsonNode          *value,
                 const char        *pointer,
                 GError           **error)
{
  if (!JSON_NODE_HOLDS_OBJECT (value))
    return refuse (error, pointer, "the component %s must be an object",
                   content->name);
  if (content->component == NULL)
    return TRUE;

  return check_members (content->component, value, TRUE, pointer, error);
}

static gboolean
check_members (const TwinInterface *interface,
               JsonNode            *object,
               gboolean             inner,
               const char          *pointer,
               GError             **error)
{
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (object));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      g_autofree char   *here = twin_json_pointer_join (pointer, key);
      const TwinContent *content;

      if (inner && *key == '$')
        continue;

      content = twin_interface_find (interface, key);
      if (content == NULL)
        return refuse (error, here, "%s has no property “%s”", interface->id,
                       key);

      switch (content->kind)
        {
        case TWIN_CONTENT_PROPERTY:
          if (!check_value (content, value, here, error))
            return FALSE;
          break;
        case TWIN_CONTENT_COMPONENT:
          if (!check_component (content, value, here, error))
            return FALSE;
          break;
        case TWIN_CONTENT_TELEMETRY:
        case TWIN_CONTENT_COMMAND:
        case TWIN_CONTENT_RELATIONSHIP:
        default:
          return refuse (error, here, "“%s” is a %s of %s, not a property", key,
                         twin_content_kind_to_string (content->kind),
                         interface->id);
        }
    }

  return TRUE;
}

gboolean
twin_twin_check (const TwinTwin *self,
                 TwinModelSet   *models,
                 const char     *pointer,
                 GError        **error)
{
  const TwinInterface *interface = twin_model_set_lookup (models, self->model);

  if (interface == NULL)
    return refuse (error, pointer,
                   "the model %s of %s is not known; import it first",
                   self->model, self->id);

  return check_members (interface, self->properties, FALSE, pointer, error);
}

gboolean
twin_relationship_check (const TwinRelationship *self,
                         const TwinTwin         *source,
                         const TwinTwin         *target,
                         TwinModelSet           *models,
                         const char             *pointer,
                         GError                **error)
{
  const TwinInterface *interface =
      twin_model_set_lookup (models, source->model);
  const TwinContent *content;
  JsonObjectIter     iter;
  const char        *key;
  JsonNode          *value;

  if (interface == NULL)
    return refuse (error, pointer, "the model %s of %s is not known",
                   source->model, source->id);

  content = twin_interface_find_kind (interface, TWIN_CONTENT_RELATIONSHIP,
                                      self->name);
  if (content == NULL)
    return refuse (error, pointer, "%s declares no relationship “%s”",
                   interface->id, self->name);

  if (content->target != NULL &&
      !twin_model_set_is_of_model (models, target->model, content->target,
                                   FALSE))
    return refuse (error, pointer, "“%s” leads to a %s, but %s is a %s",
                   self->name, content->target, target->id, target->model);

  json_object_iter_init_ordered (&iter,
                                 json_node_get_object (self->properties));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      g_autofree char   *here = twin_json_pointer_join (pointer, key);
      const TwinContent *property = NULL;

      for (guint i = 0; i < content->properties->len; i++)
        {
          const TwinContent *one = g_ptr_array_index (content->properties, i);

          if (strcmp (one->name, key) == 0)
            property = one;
        }

      if (property == NULL)
        return refuse (error, here,
                       "the relationship “%s” has no property "
                       "“%s”",
                       self->name, key);
      if (!check_value (property, value, here, error))
        return FALSE;
    }

  return TRUE;
}
