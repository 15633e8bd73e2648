/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-twin.h"

#include <string.h>

#include "twin-json.h"
#include "twin-model-set.h"
#include "twin-twin-private.h"

G_DEFINE_QUARK (twin - twin - error - quark, twin_twin_error)

JsonNode *
twin_json_empty_object (void)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node = json_node_init_object (json_node_alloc (), object);

  json_node_seal (node);
  return node;
}

JsonNode *
twin_json_take_object (JsonObject *object)
{
  JsonNode *node = json_node_alloc ();

  json_node_take_object (json_node_init (node, JSON_NODE_OBJECT), object);
  json_node_seal (node);
  return node;
}

gboolean
twin_twin_id_is_valid (const char *id)
{
  size_t length = strlen (id);

  if (length < 1 || length > 128)
    return FALSE;

  for (const char *p = id; *p != '\0'; p++)
    {
      if (!g_ascii_isalnum (*p) && strchr ("-.+%_#*?!(),=@$':;", *p) == NULL)
        return FALSE;
    }

  return TRUE;
}

static void
name_it (TwinTwin *self)
{
  JsonObject *object = json_node_get_object (self->properties);
  const char *name = twin_json_get_string (object, "displayName");

  if (name == NULL || *name == '\0')
    name = twin_json_get_string (object, "name");
  if (name == NULL || *name == '\0')
    name = self->id;

  g_free (self->display_name);
  self->display_name = g_strdup (name);
}

TwinTwin *
twin_twin_new (const char *id, const char *model, JsonNode *properties)
{
  TwinTwin *self = g_new0 (TwinTwin, 1);

  self->id = g_strdup (id);
  self->model = g_strdup (model);
  self->lifecycle = TWIN_LIFECYCLE_IN_SERVICE;
  self->properties = properties != NULL ? json_node_ref (properties)
                                        : twin_json_empty_object ();
  self->metadata = twin_json_empty_object ();
  self->created_us = self->updated_us = TWIN_TIME_NONE;
  name_it (self);
  return self;
}

TwinTwin *
twin_twin_copy (const TwinTwin *self)
{
  TwinTwin *copy = g_new0 (TwinTwin, 1);

  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->model = g_strdup (self->model);
  copy->etag = g_strdup (self->etag);
  copy->display_name = g_strdup (self->display_name);
  copy->properties = json_node_ref (self->properties);
  copy->metadata = json_node_ref (self->metadata);
  copy->tags = g_strdupv (self->tags);
  return copy;
}

void
twin_twin_free (TwinTwin *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->model);
  g_free (self->etag);
  g_free (self->display_name);
  json_node_unref (self->properties);
  json_node_unref (self->metadata);
  g_strfreev (self->tags);
  g_free (self);
}

/* --- JSON in
 * ------------------------------------------------------------------- */

gboolean
twin_twin_fail (GError **error, const char *pointer, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list          args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  if (*pointer != '\0')
    g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID, "“%s”: %s",
                 pointer, what);
  else
    g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID, "%s", what);
  return FALSE;
}

static gboolean
is_own_key (const char *key)
{
  static const char *const keys[] = { "$model", "$lifecycle", "$tags", NULL };

  return g_strv_contains (keys, key);
}

/* @metadata's $model, $lifecycle and $tags into @self, the rest as its
 * metadata. */
static gboolean
read_metadata (TwinTwin   *self,
               JsonNode   *metadata,
               const char *pointer,
               GError    **error)
{
  g_autoptr (JsonObject) rest = json_object_new ();
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  if (metadata == NULL || !JSON_NODE_HOLDS_OBJECT (metadata))
    {
      twin_twin_fail (error, pointer, "“$metadata” is missing");
      return FALSE;
    }

  json_object_iter_init_ordered (&iter, json_node_get_object (metadata));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      if (!is_own_key (key))
        json_object_set_member (rest, key, json_node_ref (value));
    }

  key = twin_json_get_string (json_node_get_object (metadata), "$lifecycle");
  if (key != NULL && !twin_lifecycle_from_string (key, &self->lifecycle))
    {
      twin_twin_fail (error, pointer, "“$lifecycle” cannot be “%s”", key);
      return FALSE;
    }

  key = twin_json_get_string (json_node_get_object (metadata), "$model");
  if (key != NULL && self->model == NULL)
    self->model = g_strdup (key);
  if (self->model == NULL || !twin_dtmi_is_valid (self->model))
    {
      twin_twin_fail (error, pointer,
                      "“$metadata/$model” must be the DTMI of its model");
      return FALSE;
    }

  value = json_object_get_member (json_node_get_object (metadata), "$tags");
  if (value != NULL && !twin_twin_read_tags (self, value, pointer, error))
    return FALSE;

  self->metadata = twin_json_take_object (g_steal_pointer (&rest));
  return TRUE;
}

/* Everything of @node but the $ members. */
static JsonNode *
read_properties (JsonNode *node)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      if (*key != '$')
        json_object_set_member (object, key, json_node_ref (value));
    }

  return twin_json_take_object (g_steal_pointer (&object));
}

TwinTwin *
twin_twin_from_json (JsonNode *node, const char *pointer, GError **error)
{
  g_autoptr (TwinTwin) self = NULL;
  JsonObject *object;
  const char *id;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      twin_twin_fail (error, pointer, "a twin is expected");
      return NULL;
    }

  object = json_node_get_object (node);
  id = twin_json_get_string (object, "$dtId");
  if (id == NULL || !twin_twin_id_is_valid (id))
    {
      twin_twin_fail (error, pointer,
                      "“$dtId” must be 1 to 128 letters, digits or "
                      "-.+%%_#*?!(),=@$':;");
      return NULL;
    }

  self = g_new0 (TwinTwin, 1);
  self->id = g_strdup (id);
  self->etag = g_strdup (twin_json_get_string (object, "$etag"));
  self->lifecycle = TWIN_LIFECYCLE_IN_SERVICE;
  self->created_us = self->updated_us = TWIN_TIME_NONE;
  self->properties = read_properties (node);
  self->metadata = twin_json_empty_object ();
  {
    g_autoptr (JsonNode) old = g_steal_pointer (&self->metadata);

    if (!read_metadata (self, json_object_get_member (object, "$metadata"),
                        pointer, error))
      {
        self->metadata = g_steal_pointer (&old);
        return NULL;
      }
  }
  name_it (self);
  return g_steal_pointer (&self);
}

TwinTwin *
twin_twin_from_props (const char *id,
                      const char *model,
                      const char *lifecycle,
                      const char *etag,
                      const char *props,
                      GError    **error)
{
  g_autoptr (TwinTwin) self = NULL;
  g_autoptr (JsonNode) node = twin_json_parse (id, props, -1, error);
  JsonNode *metadata;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      twin_twin_fail (error, id, "its properties are no object");
      return NULL;
    }

  self = twin_twin_new (id, model, NULL);
  json_node_unref (self->properties);
  self->properties = read_properties (node);
  g_free (self->etag);
  self->etag = g_strdup (etag);

  metadata = json_object_get_member (json_node_get_object (node), "$metadata");
  if (metadata != NULL)
    {
      g_autoptr (JsonNode) old = g_steal_pointer (&self->metadata);

      if (!read_metadata (self, metadata, id, error))
        {
          self->metadata = g_steal_pointer (&old);
          return NULL;
        }
    }

  if (lifecycle != NULL &&
      !twin_lifecycle_from_string (lifecycle, &self->lifecycle))
    {
      twin_twin_fail (error, id, "there is no life-cycle state “%s”",
                      lifecycle);
      return NULL;
    }

  name_it (self);
  return g_steal_pointer (&self);
}

/* --- JSON out
 * --------------------------------------------------------------------- */

static JsonNode *
join_metadata (const TwinTwin *self)
{
  JsonObject    *object = json_object_new ();
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  json_object_set_string_member (object, "$model", self->model);
  if (self->lifecycle != TWIN_LIFECYCLE_IN_SERVICE)
    json_object_set_string_member (object, "$lifecycle",
                                   twin_lifecycle_to_string (self->lifecycle));
  value = twin_twin_tags_to_json (self);
  if (value != NULL)
    json_object_set_member (object, "$tags", value);

  json_object_iter_init_ordered (&iter, json_node_get_object (self->metadata));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    json_object_set_member (object, key, json_node_ref (value));

  return twin_json_take_object (object);
}

void
twin_json_add_members (JsonObject *to, JsonNode *from)
{
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (from));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    json_object_set_member (to, key, json_node_ref (value));
}

JsonNode *
twin_twin_to_json (const TwinTwin *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "$dtId", self->id);
  if (self->etag != NULL)
    json_object_set_string_member (object, "$etag", self->etag);
  json_object_set_member (object, "$metadata", join_metadata (self));
  twin_json_add_members (object, self->properties);
  return twin_json_take_object (object);
}

char *
twin_twin_print_props (const TwinTwin *self)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = NULL;

  json_object_set_member (object, "$metadata", join_metadata (self));
  twin_json_add_members (object, self->properties);
  node = twin_json_take_object (object);
  return twin_json_print (node, FALSE);
}

/* --- values
 * -------------------------------------------------------------------------- */

void
twin_twin_note_times (TwinTwin   *self,
                      const char *name,
                      gboolean    removed,
                      int64_t     now_us,
                      int64_t     source_us)
{
  g_autofree char *now = twin_clock_format_utc (now_us);
  JsonObject      *metadata = json_object_new ();
  JsonObject      *times;

  twin_json_add_members (metadata, self->metadata);
  json_node_unref (self->metadata);
  if (removed)
    {
      if (json_object_has_member (metadata, name))
        json_object_remove_member (metadata, name);
      self->metadata = twin_json_take_object (metadata);
      return;
    }

  times = json_object_new ();
  json_object_set_string_member (times, "lastUpdateTime", now);
  if (source_us != TWIN_TIME_NONE)
    {
      g_autofree char *source = twin_clock_format_utc (source_us);

      json_object_set_string_member (times, "sourceTime", source);
    }

  json_object_set_object_member (metadata, name, times);
  self->metadata = twin_json_take_object (metadata);
}

gboolean
twin_twin_set (TwinTwin   *self,
               const char *pointer,
               JsonNode   *value,
               int64_t     now_us,
               int64_t     source_us,
               GError    **error)
{
  g_auto (GStrv) tokens = twin_json_pointer_split (pointer, NULL);
  JsonNode *changed;

  if (tokens == NULL || pointer[0] != '/' || pointer[1] == '\0' ||
      pointer[1] == '$')
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
                   "“%s” is no property of %s; name one as “/ratedSpeed”",
                   pointer, self->id);
      return FALSE;
    }

  changed = twin_json_pointer_set (self->properties, pointer, value, error);
  if (changed == NULL)
    return FALSE;

  json_node_unref (self->properties);
  self->properties = changed;
  self->updated_us = now_us;
  twin_twin_note_times (self, tokens[0], value == NULL && tokens[1] == NULL,
                        now_us, source_us);
  name_it (self);
  return TRUE;
}

JsonNode *
twin_twin_get (const TwinTwin *self, const char *pointer)
{
  return twin_json_pointer_get (self->properties, pointer, NULL);
}
