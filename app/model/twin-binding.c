/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-binding.h"

#include <math.h>
#include <string.h>

#include "twin-binding-private.h"
#include "twin-json.h"
#include "twin-roles-private.h"

TwinBinding *
twin_binding_new_empty (const char *machine)
{
  TwinBinding *self = g_new0 (TwinBinding, 1);

  self->refs = 1;
  self->strings = g_string_chunk_new (512);
  self->entries = g_ptr_array_new_with_free_func (twin_binding_entry_free);
  self->machine = g_string_chunk_insert (self->strings, machine);
  return self;
}

void
twin_binding_entry_free (void *data)
{
  TwinBindingEntry *entry = data;

  g_clear_pointer (&entry->value, json_node_unref);
  g_free (entry);
}

TwinBinding *
twin_binding_ref (TwinBinding *self)
{
  g_atomic_int_inc (&self->refs);
  return self;
}

void
twin_binding_unref (TwinBinding *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->refs))
    return;

  g_ptr_array_unref (self->entries);
  g_string_chunk_free (self->strings);
  g_free (self);
}

const char *
twin_binding_intern (TwinBinding *self, const char *text)
{
  return text != NULL ? g_string_chunk_insert_const (self->strings, text)
                      : NULL;
}

/* --- recognising
 * ------------------------------------------------------------------ */

static gboolean
any_in (const char *const *words, const char *const *list)
{
  for (; *words != NULL; words++)
    {
      if (g_strv_contains (list, *words))
        return TRUE;
    }

  return FALSE;
}

static gboolean
name_holds (const char *name, GStrv words)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (; *words != NULL; words++)
    {
      if (strstr (lower, *words) != NULL)
        return TRUE;
    }

  return FALSE;
}

static gboolean
name_is (const char *name, GStrv names)
{
  for (; *names != NULL; names++)
    {
      if (g_ascii_strcasecmp (*names, name) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_vector (const TwinSchema *schema)
{
  if (schema->kind == TWIN_SCHEMA_ARRAY)
    return schema->element != NULL && twin_schema_is_numeric (schema->element);

  return schema->kind == TWIN_SCHEMA_OBJECT &&
         (twin_schema_find_field (schema, "x") != NULL ||
          twin_schema_find_field (schema, "y") != NULL ||
          twin_schema_find_field (schema, "z") != NULL);
}

/* The axis that a name ends with: "accelerometerX", "vibration_z", "accelY";
 * 0: none, as of "max". */
static char
axis_of_name (const char *name)
{
  size_t length = strlen (name);
  char   last, before;

  if (length < 3)
    return 0;

  last = name[length - 1];
  before = name[length - 2];
  if (last >= 'X' && last <= 'Z' && (g_ascii_islower (before) || before == '_'))
    return g_ascii_tolower (last);
  return last >= 'x' && last <= 'z' && before == '_' ? last : 0;
}

static gboolean
shape_fits (const TwinRoleRule *rule, const TwinContent *content)
{
  const TwinSchema *schema = content->schema;

  switch (rule->shape)
    {
    case TWIN_ROLE_NUMBER:
      return twin_schema_is_numeric (schema);
    case TWIN_ROLE_VECTOR:
      return is_vector (schema) || (twin_schema_is_numeric (schema) &&
                                    axis_of_name (content->name) != 0);
    case TWIN_ROLE_ANY:
    default:
      return TRUE;
    }
}

/* Semantic types and unit of a vector may stand on its fields. */
static gboolean
semantics_fit (const TwinRoleRule *rule,
               const char *const  *types,
               const char         *unit)
{
  return any_in ((const char *const *) rule->semantic_types, types) &&
         (rule->units[0] == NULL ||
          (unit != NULL &&
           g_strv_contains ((const char *const *) rule->units, unit)));
}

/* 2: by semantics, 1: by name, 0: not at all. */
static int
match (const TwinRoleRule *rule, const TwinContent *content)
{
  gboolean semantic;

  if (content->schema == NULL || !shape_fits (rule, content) ||
      name_holds (content->name, rule->unlike))
    return 0;

  semantic = semantics_fit (rule, content->semantic_types, content->unit);
  if (!semantic && rule->shape == TWIN_ROLE_VECTOR &&
      content->schema->n_fields > 0)
    semantic = semantics_fit (rule, content->schema->fields[0].semantic_types,
                              content->schema->fields[0].unit);

  if (semantic &&
      (rule->like[0] == NULL || name_holds (content->name, rule->like)))
    return 2;

  return name_is (content->name, rule->names) ? 1 : 0;
}

/* --- finding
 * ------------------------------------------------------------------------ */

static const char *
unit_of (const TwinContent *content)
{
  if (content->unit == NULL && content->schema->n_fields > 0)
    return content->schema->fields[0].unit;

  return content->unit;
}

/* The entry of (role, position, axis), or NULL. */
static TwinBindingEntry *
find_entry (TwinBinding *self, TwinRole role, const char *position, char axis)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      TwinBindingEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->role == role && entry->axis == axis &&
          (position == NULL || strcmp (entry->position, position) == 0))
        return entry;
    }

  return NULL;
}

static void
keep (TwinBinding           *self,
      const TwinRoles       *roles,
      const TwinBindingPart *part,
      const char            *position,
      TwinRole               role,
      char                   axis,
      const TwinContent     *content,
      int                    quality)
{
  const TwinRoleRule *rule = twin_roles_get_rule (roles, role);
  TwinBindingEntry   *entry =
      find_entry (self, role, rule->each ? position : NULL, axis);
  TwinFound found = quality == 2 ? TWIN_FOUND_SEMANTIC : TWIN_FOUND_NAME;

  /* First come, first served, but semantics beat a name, and a name that the
   * rule lists beats another of the same semantics. */
  if (entry != NULL &&
      !(found < entry->found ||
        (found == entry->found && strcmp (entry->twin, part->id) == 0 &&
         name_is (content->name, rule->names) &&
         !name_is (entry->path, rule->names))))
    return;

  if (entry == NULL)
    {
      entry = g_new0 (TwinBindingEntry, 1);
      g_ptr_array_add (self->entries, entry);
    }

  g_clear_pointer (&entry->value, json_node_unref);
  entry->role = role;
  entry->position = twin_binding_intern (self, position);
  entry->axis = axis;
  entry->twin = twin_binding_intern (self, part->id);
  entry->path = twin_binding_intern (self, content->name);
  entry->unit = twin_binding_intern (self, unit_of (content));
  entry->found = found;

  if (!twin_role_is_signal (role))
    twin_binding_read_value (self, roles, part, content, entry);
}

static void
keep_acceleration (TwinBinding           *self,
                   const TwinRoles       *roles,
                   const TwinBindingPart *part,
                   const char            *position,
                   const TwinContent     *content,
                   int                    quality)
{
  char only = axis_of_name (content->name);

  for (char axis = 'x'; axis <= 'z'; axis++)
    {
      char     field[2] = { axis, '\0' };
      gboolean has;

      if (content->schema->kind == TWIN_SCHEMA_OBJECT)
        has = twin_schema_find_field (content->schema, field) != NULL;
      else
        has = axis == (only != 0 ? only : 'x');
      if (has)
        keep (self, roles, part, position, TWIN_ROLE_ACCELERATION, axis,
              content, quality);
    }
}

/* What a role is looked for in. Where a signal has no telemetry, a property
 * that nobody sets from outside may say it: models for Azure Digital Twins
 * keep the newest value so. */
static gboolean
is_candidate (const TwinBinding *self,
              const TwinContent *content,
              TwinRole           role,
              const char        *position,
              gboolean           again,
              guint              n_first)
{
  if (!twin_role_is_signal (role))
    return !again && content->kind == TWIN_CONTENT_PROPERTY;
  if (!again)
    return content->kind == TWIN_CONTENT_TELEMETRY;
  if (content->kind != TWIN_CONTENT_PROPERTY || content->writable)
    return FALSE;

  for (guint i = 0; i < n_first; i++)
    {
      const TwinBindingEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->role == role && strcmp (entry->position, position) == 0)
        return FALSE;
    }

  return TRUE;
}

static void
try_content (TwinBinding           *self,
             const TwinRoles       *roles,
             const TwinBindingPart *part,
             const char            *position,
             const TwinContent     *content,
             gboolean               again,
             guint                  n_first)
{
  for (int i = 0; i < TWIN_N_ROLES; i++)
    {
      TwinRole            role = (TwinRole) i;
      const TwinRoleRule *rule = twin_roles_get_rule (roles, role);
      int                 quality;

      if (!is_candidate (self, content, role, position, again, n_first) ||
          (quality = match (rule, content)) == 0)
        continue;

      if (role == TWIN_ROLE_ACCELERATION)
        keep_acceleration (self, roles, part, position, content, quality);
      else
        keep (self, roles, part, position, role, '\0', content, quality);
    }
}

static int
compare_entries (const void *a, const void *b)
{
  const TwinBindingEntry *x = *(TwinBindingEntry *const *) a;
  const TwinBindingEntry *y = *(TwinBindingEntry *const *) b;
  int                     order = (int) x->role - (int) y->role;

  if (order == 0)
    order = strcmp (x->position, y->position);
  return order != 0 ? order : x->axis - y->axis;
}

void
twin_binding_sort (TwinBinding *self)
{
  g_ptr_array_sort (self->entries, compare_entries);
}

static void
try_part (TwinBinding           *self,
          const TwinRoles       *roles,
          TwinModelSet          *models,
          const TwinBindingPart *part,
          const char            *machine,
          gboolean               again,
          guint                  n_first)
{
  const TwinInterface *interface =
      part->model != NULL ? twin_model_set_lookup (models, part->model) : NULL;
  g_autofree char *position =
      part->position != NULL
          ? g_strdup (part->position)
          : twin_roles_position (roles, part->properties, machine, part->id);

  for (guint k = 0; interface != NULL && k < interface->effective->len; k++)
    try_content (self, roles, part, position,
                 g_ptr_array_index (interface->effective, k), again, n_first);
}

TwinBinding *
twin_binding_find (const TwinRoles       *roles,
                   TwinModelSet          *models,
                   const TwinBindingPart *parts,
                   size_t                 n_parts)
{
  TwinBinding *self = twin_binding_new_empty (parts[0].id);
  guint        n_first;

  for (size_t i = 0; i < n_parts; i++)
    try_part (self, roles, models, &parts[i], parts[0].id, FALSE, 0);

  n_first = self->entries->len;
  for (size_t i = 0; i < n_parts; i++)
    try_part (self, roles, models, &parts[i], parts[0].id, TRUE, n_first);

  twin_binding_sort (self);
  return self;
}

/* --- asking
 * ----------------------------------------------------------------------------
 */

GPtrArray *
twin_binding_list (const TwinBinding *self)
{
  return self->entries;
}

const TwinBindingEntry *
twin_binding_get (const TwinBinding *self,
                  TwinRole           role,
                  const char        *position,
                  char               axis)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const TwinBindingEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->role == role && (axis == 0 || entry->axis == axis) &&
          (position == NULL || strcmp (entry->position, position) == 0))
        return entry;
    }

  return NULL;
}

static gboolean
same_path (const char *path, const char *wanted)
{
  size_t length = strlen (path);

  if (strncmp (path, wanted, length) != 0)
    return FALSE;

  wanted += length;
  return *wanted == '\0' || strcmp (wanted, ".min") == 0 ||
         strcmp (wanted, ".max") == 0 || strcmp (wanted, ".std") == 0 ||
         strcmp (wanted, ".n") == 0;
}

const TwinBindingEntry *
twin_binding_find_signal (const TwinBinding *self,
                          const char        *twin,
                          const char        *path)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const TwinBindingEntry *entry = g_ptr_array_index (self->entries, i);

      if (twin_role_is_signal (entry->role) &&
          strcmp (entry->twin, twin) == 0 && same_path (entry->path, path))
        return entry;
    }

  return NULL;
}

double
twin_binding_get_number (const TwinBinding *self, TwinRole role)
{
  const TwinBindingEntry *entry = twin_binding_get (self, role, NULL, 0);
  double                  factor, offset;

  if (entry == NULL || entry->value == NULL ||
      !JSON_NODE_HOLDS_VALUE (entry->value) ||
      (json_node_get_value_type (entry->value) != G_TYPE_INT64 &&
       json_node_get_value_type (entry->value) != G_TYPE_DOUBLE))
    return NAN;

  twin_unit_to_si (entry->unit, &factor, &offset);
  return (json_node_get_double (entry->value) + offset) * factor;
}

const char *
twin_binding_get_text (const TwinBinding *self, TwinRole role)
{
  const TwinBindingEntry *entry = twin_binding_get (self, role, NULL, 0);

  if (entry == NULL || entry->value == NULL ||
      !JSON_NODE_HOLDS_VALUE (entry->value))
    return NULL;

  if (json_node_get_value_type (entry->value) == G_TYPE_STRING)
    return json_node_get_string (entry->value);

  return entry->designation;
}

gboolean
twin_binding_get_placement (const TwinBinding *self, TwinPlacement *placement)
{
  static const TwinPlacement none = { 0 };
  const TwinBindingEntry    *entry =
      twin_binding_get (self, TWIN_ROLE_PLACEMENT, NULL, 0);
  JsonObject *object;

  *placement = none;
  if (entry == NULL || entry->value == NULL ||
      !JSON_NODE_HOLDS_OBJECT (entry->value))
    return FALSE;

  object = json_node_get_object (entry->value);
  placement->x = json_object_get_double_member_with_default (object, "x", 0);
  placement->y = json_object_get_double_member_with_default (object, "y", 0);
  placement->z = json_object_get_double_member_with_default (object, "z", 0);
  placement->rotation =
      json_object_get_double_member_with_default (object, "rotation", 0);
  return TRUE;
}

GArray *
twin_binding_list_missing (const TwinBinding *self)
{
  GArray *missing = g_array_new (FALSE, FALSE, sizeof (TwinRole));

  for (int i = 0; i < TWIN_N_ROLES; i++)
    {
      TwinRole                role = (TwinRole) i;
      const TwinBindingEntry *entry = twin_binding_get (self, role, NULL, 0);

      if (entry == NULL ||
          (!twin_role_is_signal (role) && entry->value == NULL))
        g_array_append_val (missing, role);
    }

  return missing;
}
