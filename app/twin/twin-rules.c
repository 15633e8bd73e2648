/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-rules.h"

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
  if (*pointer != '\0')
    g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_MODEL, "“%s”: %s",
                 pointer, what);
  else
    g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_MODEL, "%s", what);
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

/* Azure Digital Twins wants them all at creation; so a component is either
 * there, with what is known of it, or the twin is not what its model says. */
static gboolean
check_components (const TwinInterface *interface,
                  JsonNode            *object,
                  const char          *pointer,
                  GError             **error)
{
  for (guint i = 0; i < interface->effective->len; i++)
    {
      const TwinContent *content = g_ptr_array_index (interface->effective, i);

      if (content->kind == TWIN_CONTENT_COMPONENT &&
          !json_object_has_member (json_node_get_object (object),
                                   content->name))
        return refuse (error, pointer,
                       "the component “%s” of %s is missing; add it, empty as "
                       "{} while nothing is known of it",
                       content->name, interface->id);
    }

  return TRUE;
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

  return check_components (interface, object, pointer, error);
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
twin_twin_check_size (const TwinTwin *self, GError **error)
{
  g_autofree char *text = twin_twin_print_props (self);
  size_t           bytes = strlen (text);

  return bytes <= TWIN_DOCUMENT_MAX_BYTES ||
         refuse (error, "",
                 "%s would be a document of %zu bytes; %d is the most",
                 self->id, bytes, TWIN_DOCUMENT_MAX_BYTES);
}

/* Components inside components, at most. */
#define MOST_DEPTH 8

/* @object with {} for each component of @interface that it lacks; NULL when it
 * lacks none. Caller unrefs. */
static JsonNode *
add_components (const TwinInterface *interface, JsonNode *object, int depth)
{
  JsonNode *now = NULL;

  for (guint i = 0; i < interface->effective->len; i++)
    {
      const TwinContent *content = g_ptr_array_index (interface->effective, i);
      g_autoptr (JsonNode) old = NULL;
      g_autoptr (JsonNode) inner = NULL;
      JsonObject *copy;

      if (content->kind != TWIN_CONTENT_COMPONENT)
        continue;

      old =
          json_object_dup_member (json_node_get_object (object), content->name);
      if (old != NULL && !JSON_NODE_HOLDS_OBJECT (old))
        continue;

      inner = old != NULL ? json_node_ref (old) : twin_json_empty_object ();
      if (content->component != NULL && depth < MOST_DEPTH)
        {
          JsonNode *filled =
              add_components (content->component, inner, depth + 1);

          if (filled != NULL)
            {
              json_node_unref (inner);
              inner = filled;
            }
        }
      if (inner == old)
        continue;

      copy = json_object_new ();
      twin_json_add_members (copy, now != NULL ? now : object);
      json_object_set_member (copy, content->name, json_node_ref (inner));
      g_clear_pointer (&now, json_node_unref);
      now = twin_json_take_object (copy);
    }

  return now;
}

gboolean
twin_twin_add_components (TwinTwin *self, TwinModelSet *models)
{
  const TwinInterface *interface = twin_model_set_lookup (models, self->model);
  JsonNode            *filled;

  if (interface == NULL)
    return FALSE;

  filled = add_components (interface, self->properties, 0);
  if (filled != NULL)
    {
      json_node_unref (self->properties);
      self->properties = filled;
    }
  return TRUE;
}

/* --- relationships
 * ----------------------------------------------------------------- */

static const TwinContent *
find_property (GPtrArray *properties, const char *name)
{
  for (guint i = 0; i < properties->len; i++)
    {
      const TwinContent *one = g_ptr_array_index (properties, i);

      if (strcmp (one->name, name) == 0)
        return one;
    }

  return NULL;
}

static gboolean
check_ends (const TwinRelationship *self,
            const TwinContent      *content,
            const TwinTwin         *target,
            TwinModelSet           *models,
            const char             *pointer,
            GError                **error)
{
  if (content->target != NULL &&
      !twin_model_set_is_of_model (models, target->model, content->target,
                                   FALSE))
    return refuse (error, pointer, "“%s” leads to a %s, but %s is a %s",
                   self->name, content->target, target->id, target->model);
  if (strcmp (self->source, self->target) == 0)
    return refuse (error, pointer, "“%s” would lead from %s to itself",
                   self->name, self->source);

  return TRUE;
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
  if (!check_ends (self, content, target, models, pointer, error))
    return FALSE;

  json_object_iter_init_ordered (&iter,
                                 json_node_get_object (self->properties));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      g_autofree char   *here = twin_json_pointer_join (pointer, key);
      const TwinContent *property = find_property (content->properties, key);

      if (property == NULL)
        return refuse (error, here,
                       "the relationship “%s” has no property “%s”", self->name,
                       key);
      if (!check_value (property, value, here, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
twin_multiplicity_check (const char   *source,
                         const char   *model,
                         const char   *name,
                         gint64        count,
                         TwinModelSet *models,
                         const char   *pointer,
                         GError      **error)
{
  const TwinInterface *interface = twin_model_set_lookup (models, model);
  const TwinContent   *content =
      interface != NULL
            ? twin_interface_find_kind (interface, TWIN_CONTENT_RELATIONSHIP,
                                        name)
            : NULL;

  if (content == NULL || content->max_multiplicity < 0 ||
      count <= content->max_multiplicity)
    return TRUE;

  return refuse (error, pointer,
                 "%s may have at most %" G_GINT64_FORMAT
                 " “%s”, and this would make %" G_GINT64_FORMAT,
                 source, content->max_multiplicity, name, count);
}

/* --- desired
 * ------------------------------------------------------------------------- */

/* The property of @interface that @pointer lies in, its own pointer in
 * *@found; NULL: none. */
static const TwinContent *
find_at (const TwinInterface *interface,
         const char          *pointer,
         char               **found,
         GError             **error)
{
  g_auto (GStrv) tokens = g_strsplit (pointer, "/", -1);
  g_autoptr (GString) here = g_string_new (NULL);
  const TwinContent *content = NULL;

  for (char **token = *tokens != NULL ? tokens + 1 : tokens; *token != NULL;
       token++)
    {
      g_string_append_printf (here, "/%s", *token);
      content =
          interface != NULL ? twin_interface_find (interface, *token) : NULL;
      if (content == NULL || content->kind != TWIN_CONTENT_COMPONENT)
        break;
      interface = content->component;
    }

  if (content == NULL || content->kind != TWIN_CONTENT_PROPERTY)
    {
      if (content == NULL)
        g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_NOT_FOUND,
                     "“%s” is no property of the model", pointer);
      else
        refuse (error, pointer, "a %s cannot be desired, only a property",
                twin_content_kind_to_string (content->kind));
      return NULL;
    }

  *found = g_strdup (here->str);
  return content;
}

gboolean
twin_desired_check (TwinModelSet *models,
                    const char   *model,
                    JsonNode     *document,
                    const char   *pointer,
                    GError      **error)
{
  const TwinInterface *interface = twin_model_set_lookup (models, model);
  const TwinContent   *content;
  g_autofree char     *where = NULL;
  JsonNode            *value;

  if (interface == NULL)
    return refuse (error, pointer, "the model %s is not known", model);

  content = find_at (interface, pointer, &where, error);
  if (content == NULL)
    return FALSE;

  value = twin_json_pointer_get (document, where, NULL);
  if (value == NULL)
    return TRUE;
  if (!content->writable)
    return refuse (error, where,
                   "%s declares “%s” without “writable”, so it cannot be set "
                   "from here; it is what the machine says of itself",
                   content->defined_in->id, content->name);

  return check_value (content, value, where, error);
}
