/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-roles.h"

#include <math.h>
#include <string.h>

#include "twin-json.h"
#include "twin-roles-private.h"

struct _TwinRoles
{
  int          refs;
  TwinRoleRule rules[TWIN_N_ROLES];
  GPtrArray   *sorts;  /* char *: DTMI, word, DTMI, word… */
  GPtrArray   *shapes; /* the same */
  GStrv        part_relationships;
  GStrv        position_properties;
  GHashTable  *positions; /* value of such a property → "de" */
  GHashTable  *names;     /* what → GStrv */
};

static const char *const role_names[TWIN_N_ROLES] = {
  "shaftSpeed",   "acceleration", "temperature",  "ambient", "current",
  "load",         "velocityRMS",  "runningHours", "bearing", "ratedSpeed",
  "ratedCurrent", "ratedPower",   "isoGroup",     "support", "placement",
};

static const char *const no_strings[] = { NULL };

const char *
twin_role_to_string (TwinRole role)
{
  return role_names[role];
}

gboolean
twin_role_from_string (const char *text, TwinRole *role)
{
  for (int i = 0; i < TWIN_N_ROLES; i++)
    {
      if (strcmp (role_names[i], text) == 0)
        {
          *role = (TwinRole) i;
          return TRUE;
        }
    }

  return FALSE;
}

gboolean
twin_role_is_signal (TwinRole role)
{
  return role < TWIN_ROLE_BEARING;
}

/* --- reading
 * --------------------------------------------------------------------- */

static gboolean
fail (GError **error, const char *name, const char *pointer, const char *what)
{
  g_set_error (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_ROLES,
               "%s at “%s”: %s", name, pointer, what);
  return FALSE;
}

/* The strings of the array @node; NULL with an error when it is none. */
static GStrv
read_strings (JsonNode   *node,
              const char *name,
              const char *pointer,
              GError    **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  JsonArray *array;

  if (node == NULL)
    return g_new0 (char *, 1);

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      fail (error, name, pointer, "an array of strings is expected");
      return NULL;
    }

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (item) ||
          json_node_get_value_type (item) != G_TYPE_STRING)
        {
          fail (error, name, pointer, "an array of strings is expected");
          return NULL;
        }
      g_ptr_array_add (list, g_strdup (json_node_get_string (item)));
    }

  g_ptr_array_add (list, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&list), FALSE);
}

static gboolean
read_rule (TwinRoleRule *rule,
           JsonObject   *object,
           const char   *name,
           const char   *pointer,
           GError      **error)
{
  const struct
  {
    const char *key;
    GStrv      *strings;
  } lists[] = {
    { "semanticTypes", &rule->semantic_types },
    { "units", &rule->units },
    { "like", &rule->like },
    { "unlike", &rule->unlike },
    { "names", &rule->names },
  };
  const char *shape = twin_json_get_string (object, "schema");

  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *here = twin_json_pointer_join (pointer, lists[i].key);
      GStrv            strings =
          read_strings (json_object_get_member (object, lists[i].key), name,
                        here, error);

      if (strings == NULL)
        return FALSE;
      g_strfreev (*lists[i].strings);
      *lists[i].strings = strings;
    }

  rule->shape = g_strcmp0 (shape, "number") == 0   ? TWIN_ROLE_NUMBER
                : g_strcmp0 (shape, "vector") == 0 ? TWIN_ROLE_VECTOR
                                                   : TWIN_ROLE_ANY;
  rule->each =
      json_object_get_boolean_member_with_default (object, "eachPosition",
                                                   FALSE);
  return TRUE;
}

static gboolean
read_rules (TwinRoles  *self,
            JsonObject *object,
            const char *name,
            GError    **error)
{
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, &node))
    {
      g_autofree char *pointer = twin_json_pointer_join ("/roles", key);
      TwinRole         role;

      if (!twin_role_from_string (key, &role))
        return fail (error, name, pointer, "there is no such role");
      if (!JSON_NODE_HOLDS_OBJECT (node))
        return fail (error, name, pointer, "an object is expected");
      if (!read_rule (&self->rules[role], json_node_get_object (node), name,
                      pointer, error))
        return FALSE;
    }

  return TRUE;
}

/* {"dtmi:…": "word"} into pairs. */
static gboolean
read_pairs (GPtrArray  *pairs,
            JsonObject *root,
            const char *key,
            const char *name,
            GError    **error)
{
  JsonNode        *node = json_object_get_member (root, key);
  g_autofree char *pointer = twin_json_pointer_join ("", key);
  JsonObjectIter   iter;
  const char      *dtmi;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, name, pointer, "an object of words is expected");

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &dtmi, &node))
    {
      if (!JSON_NODE_HOLDS_VALUE (node) ||
          json_node_get_value_type (node) != G_TYPE_STRING)
        return fail (error, name, pointer, "an object of words is expected");
      g_ptr_array_add (pairs, g_strdup (dtmi));
      g_ptr_array_add (pairs, g_strdup (json_node_get_string (node)));
    }

  return TRUE;
}

static gboolean
read_positions (TwinRoles  *self,
                JsonObject *root,
                const char *name,
                GError    **error)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func (g_free);
  JsonNode   *node = json_object_get_member (root, "positions");
  JsonObject *object;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, name, "/positions", "an object is expected");

  object = json_node_get_object (node);
  self->position_properties =
      read_strings (json_object_get_member (object, "properties"), name,
                    "/positions/properties", error);
  if (self->position_properties == NULL ||
      !read_pairs (pairs, object, "values", name, error))
    return FALSE;

  for (guint i = 0; i < pairs->len; i += 2)
    g_hash_table_insert (self->positions,
                         g_strdup (g_ptr_array_index (pairs, i)),
                         g_strdup (g_ptr_array_index (pairs, i + 1)));
  return TRUE;
}

static gboolean
read_names (TwinRoles *self, JsonObject *root, const char *name, GError **error)
{
  JsonNode      *node = json_object_get_member (root, "names");
  JsonObjectIter iter;
  const char    *key;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, name, "/names", "an object is expected");

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &key, &node))
    {
      g_autofree char *pointer = twin_json_pointer_join ("/names", key);
      GStrv            strings = read_strings (node, name, pointer, error);

      if (strings == NULL)
        return FALSE;
      g_hash_table_insert (self->names, g_strdup (key), strings);
    }

  return TRUE;
}

static gboolean
read_all (TwinRoles *self, JsonNode *root, const char *name, GError **error)
{
  JsonObject *object;
  JsonNode   *roles;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    return fail (error, name, "", "an object is expected");

  object = json_node_get_object (root);
  roles = json_object_get_member (object, "roles");
  if (roles == NULL || !JSON_NODE_HOLDS_OBJECT (roles))
    return fail (error, name, "/roles", "an object is expected");

  self->part_relationships =
      read_strings (json_object_get_member (object, "partRelationships"), name,
                    "/partRelationships", error);
  return self->part_relationships != NULL &&
         read_pairs (self->sorts, object, "sorts", name, error) &&
         read_pairs (self->shapes, object, "shapes", name, error) &&
         read_positions (self, object, name, error) &&
         read_names (self, object, name, error) &&
         read_rules (self, json_node_get_object (roles), name, error);
}

TwinRoles *
twin_roles_parse (const char *name, const char *text, GError **error)
{
  g_autoptr (JsonNode) root = twin_json_parse (name, text, -1, error);
  g_autoptr (TwinRoles) self = NULL;

  if (root == NULL)
    return NULL;

  self = g_new0 (TwinRoles, 1);
  self->refs = 1;
  self->sorts = g_ptr_array_new_with_free_func (g_free);
  self->shapes = g_ptr_array_new_with_free_func (g_free);
  self->positions =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) g_strfreev);
  for (int i = 0; i < TWIN_N_ROLES; i++)
    {
      self->rules[i].semantic_types = g_new0 (char *, 1);
      self->rules[i].units = g_new0 (char *, 1);
      self->rules[i].like = g_new0 (char *, 1);
      self->rules[i].unlike = g_new0 (char *, 1);
      self->rules[i].names = g_new0 (char *, 1);
    }

  if (!read_all (self, root, name, error))
    return NULL;

  return g_steal_pointer (&self);
}

TwinRoles *
twin_roles_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;

  return twin_roles_parse (path, text, error);
}

TwinRoles *
twin_roles_ref (TwinRoles *self)
{
  g_atomic_int_inc (&self->refs);
  return self;
}

void
twin_roles_unref (TwinRoles *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->refs))
    return;

  for (int i = 0; i < TWIN_N_ROLES; i++)
    {
      g_strfreev (self->rules[i].semantic_types);
      g_strfreev (self->rules[i].units);
      g_strfreev (self->rules[i].like);
      g_strfreev (self->rules[i].unlike);
      g_strfreev (self->rules[i].names);
    }

  g_ptr_array_unref (self->sorts);
  g_ptr_array_unref (self->shapes);
  g_strfreev (self->part_relationships);
  g_strfreev (self->position_properties);
  g_hash_table_unref (self->positions);
  g_hash_table_unref (self->names);
  g_free (self);
}

/* --- asking
 * ----------------------------------------------------------------------- */

const TwinRoleRule *
twin_roles_get_rule (const TwinRoles *self, TwinRole role)
{
  return &self->rules[role];
}

const char *const *
twin_roles_get_names (const TwinRoles *self, const char *what)
{
  const char *const *names = g_hash_table_lookup (self->names, what);

  return names != NULL ? names : no_strings;
}

double
twin_roles_get_number (const TwinRoles *self,
                       JsonObject      *properties,
                       const char      *what)
{
  const char *const *names = twin_roles_get_names (self, what);

  for (; properties != NULL && *names != NULL; names++)
    {
      JsonNode *node = json_object_get_member (properties, *names);

      if (node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
          (json_node_get_value_type (node) == G_TYPE_INT64 ||
           json_node_get_value_type (node) == G_TYPE_DOUBLE))
        return json_node_get_double (node);
    }

  return NAN;
}

const char *const *
twin_roles_get_part_relationships (const TwinRoles *self)
{
  return (const char *const *) self->part_relationships;
}

/* The word of the first ancestor, nearest first, that @pairs names. */
static const char *
find_word (GPtrArray *pairs, TwinModelSet *models, const char *model)
{
  const TwinInterface *interface = twin_model_set_lookup (models, model);
  guint                n = interface != NULL ? interface->ancestors->len : 1;

  for (guint i = 0; i < n; i++)
    {
      const char *ancestor = interface != NULL
                                 ? g_ptr_array_index (interface->ancestors, i)
                                 : model;

      for (guint k = 0; k < pairs->len; k += 2)
        {
          if (twin_model_set_is_of_model (models, ancestor,
                                          g_ptr_array_index (pairs, k),
                                          FALSE) &&
              strcspn (ancestor, ";") ==
                  strcspn (g_ptr_array_index (pairs, k), ";") &&
              strncmp (ancestor, g_ptr_array_index (pairs, k),
                       strcspn (ancestor, ";")) == 0)
            return g_ptr_array_index (pairs, k + 1);
        }
    }

  return NULL;
}

TwinSort
twin_roles_sort (const TwinRoles *self, TwinModelSet *models, const char *model)
{
  static const char *const words[] = { "other",   "plant", "area",
                                       "machine", "part",  "sensor" };
  const char              *word = find_word (self->sorts, models, model);

  for (size_t i = 0; word != NULL && i < G_N_ELEMENTS (words); i++)
    {
      if (strcmp (words[i], word) == 0)
        return (TwinSort) i;
    }

  return TWIN_SORT_OTHER;
}

const char *
twin_roles_shape (const TwinRoles *self,
                  TwinModelSet    *models,
                  const char      *model)
{
  return find_word (self->shapes, models, model);
}

char *
twin_roles_position (const TwinRoles *self,
                     JsonObject      *properties,
                     const char      *machine,
                     const char      *id)
{
  size_t length = strlen (machine);

  for (char **key = self->position_properties;
       properties != NULL && *key != NULL; key++)
    {
      const char *value = twin_json_get_string (properties, *key);
      const char *position =
          value != NULL ? g_hash_table_lookup (self->positions, value) : NULL;

      if (position != NULL)
        return g_strdup (position);
    }

  if (strcmp (machine, id) == 0)
    return g_strdup ("");

  if (strncmp (id, machine, length) == 0 && id[length] == '-')
    return g_strdup (id + length + 1);

  return g_strdup (strrchr (id, '-') != NULL ? strrchr (id, '-') + 1 : id);
}
