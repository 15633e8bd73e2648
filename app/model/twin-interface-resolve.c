/* SPDX-License-Identifier: Apache-2.0 */
/* What can be said of interfaces only when all texts are read: references,
 * inheritance, depth. */
#include <string.h>

#include "twin-model-builder.h"

static void
note_unresolved (TwinModelBuilder *self, const char *dtmi)
{
  if (!g_ptr_array_find_with_equal_func (self->report->unresolved, dtmi,
                                         g_str_equal, NULL))
    g_ptr_array_add (self->report->unresolved, g_strdup (dtmi));
}

static void
at_interface (TwinModelBuilder *self, const TwinInterface *interface)
{
  self->place.file = interface->source;
  self->place.element = interface->id;
  self->place.dtdl = interface->dtdl;
  g_string_truncate (self->pointer, 0);
}

static void
inherit (TwinModelBuilder *self, TwinInterface *to, const TwinInterface *from)
{
  for (guint i = 0; i < from->ancestors->len; i++)
    {
      const char *id = g_ptr_array_index (from->ancestors, i);

      if (!g_ptr_array_find (to->ancestors, id, NULL))
        g_ptr_array_add (to->ancestors, (void *) id);
    }

  for (guint i = 0; i < from->effective->len; i++)
    {
      TwinContent *content = g_ptr_array_index (from->effective, i);
      TwinContent *other = g_hash_table_lookup (to->by_name, content->name);

      if (other == content)
        continue;

      if (other != NULL)
        {
          at_interface (self, to);
          twin_model_builder_issue (self, "nonUniqueImportedPropertyValue",
                                    "“%s” is inherited both from %s and from "
                                    "%s",
                                    content->name, other->defined_in->id,
                                    content->defined_in->id);
          continue;
        }

      g_hash_table_insert (to->by_name, (void *) content->name, content);
      g_ptr_array_add (to->effective, content);
    }
}

/* The longest chain of extends below @interface; states: 1 under way, 2 done.
 */
static int
resolve_interface (TwinModelBuilder *self,
                   TwinInterface    *interface,
                   GHashTable       *states)
{
  int state = GPOINTER_TO_INT (g_hash_table_lookup (states, interface));
  int deepest = 0;

  if (state >= 2)
    return state - 2;

  if (state == 1 || g_hash_table_size (states) > 100000)
    {
      at_interface (self, interface);
      twin_model_builder_issue (self, "recursiveStructureNarrow",
                                "the Interface extends itself");
      return 0;
    }

  g_hash_table_insert (states, interface, GINT_TO_POINTER (1));
  g_ptr_array_add (interface->ancestors, (void *) interface->id);

  for (guint i = 0; i < interface->extends->len; i++)
    {
      const char    *dtmi = g_ptr_array_index (interface->extends, i);
      TwinInterface *parent = g_hash_table_lookup (self->set->by_id, dtmi);

      if (parent == NULL)
        {
          note_unresolved (self, dtmi);
          continue;
        }

      if (parent->dtdl > interface->dtdl)
        {
          at_interface (self, interface);
          twin_model_builder_issue (self, "disallowedVersionReference",
                                    "a DTDL v%d Interface cannot extend %s, "
                                    "which is v%d",
                                    interface->dtdl, dtmi, parent->dtdl);
        }

      deepest = MAX (deepest, 1 + resolve_interface (self, parent, states));
      inherit (self, interface, parent);
    }

  for (guint i = 0; i < interface->contents->len; i++)
    {
      TwinContent *content = g_ptr_array_index (interface->contents, i);
      TwinContent *other =
          g_hash_table_lookup (interface->by_name, content->name);

      if (other != NULL && other->defined_in != interface)
        {
          at_interface (self, interface);
          twin_model_builder_issue (self, "nonUniqueImportedPropertyValue",
                                    "“%s” is already inherited from %s",
                                    content->name, other->defined_in->id);
        }

      if (other == NULL)
        {
          g_hash_table_insert (interface->by_name, (void *) content->name,
                               content);
          g_ptr_array_add (interface->effective, content);
        }
    }

  if (deepest > (interface->dtdl == 4 ? 12 : 10))
    {
      at_interface (self, interface);
      twin_model_builder_issue (self, "excessiveDepthNarrow",
                                "the chain of “extends” is %d long, %d is the "
                                "most",
                                deepest, interface->dtdl == 4 ? 12 : 10);
    }

  g_hash_table_insert (states, interface, GINT_TO_POINTER (deepest + 2));
  return deepest;
}

static void
at_reference (TwinModelBuilder     *self,
              const TwinModelPlace *place,
              const char           *pointer)
{
  self->place = *place;
  g_string_assign (self->pointer, pointer);
}

static void
resolve_reference (TwinModelBuilder *self, const TwinModelReference *reference)
{
  const char *scoped;

  at_reference (self, &reference->place, reference->pointer);
  scoped = twin_model_builder_scope (self, reference->dtmi);

  if (reference->schema != NULL)
    {
      *reference->schema = g_hash_table_lookup (self->schemas, scoped);
      if (*reference->schema == NULL)
        *reference->schema =
            g_hash_table_lookup (self->schemas, reference->dtmi);
    }
  else
    *reference->interface =
        g_hash_table_lookup (self->set->by_id, reference->dtmi);

  if ((reference->schema != NULL && *reference->schema != NULL) ||
      (reference->interface != NULL && *reference->interface != NULL))
    return;

  if (g_hash_table_contains (self->defined, reference->dtmi) ||
      g_hash_table_contains (self->defined, scoped))
    twin_model_builder_issue (self, "incompatibleType",
                              "“%s” is defined, but it is no %s",
                              reference->dtmi,
                              reference->schema != NULL ? "schema"
                                                        : "Interface");
  else
    note_unresolved (self, reference->dtmi);
}

static gboolean
holds_array (const TwinSchema *schema, int depth)
{
  if (schema == NULL || depth > 16)
    return FALSE;
  if (schema->kind == TWIN_SCHEMA_ARRAY || schema->kind == TWIN_SCHEMA_GEO)
    return TRUE;

  for (size_t i = 0; i < schema->n_fields; i++)
    {
      if (holds_array (schema->fields[i].schema, depth + 1))
        return TRUE;
    }

  return schema->value != NULL &&
         holds_array (schema->value->schema, depth + 1);
}

static gboolean
component_in (const TwinInterface *interface)
{
  for (guint i = 0; interface != NULL && i < interface->effective->len; i++)
    {
      const TwinContent *content = g_ptr_array_index (interface->effective, i);

      if (content->kind == TWIN_CONTENT_COMPONENT)
        return TRUE;
    }

  return FALSE;
}

static void
check_content (TwinModelBuilder *self, const TwinContent *content)
{
  if (content->schema != NULL)
    twin_schema_check_depth (self, content->schema);
  if (content->request != NULL)
    twin_schema_check_depth (self, content->request->schema);
  if (content->response != NULL)
    twin_schema_check_depth (self, content->response->schema);

  if (content->kind == TWIN_CONTENT_PROPERTY && self->place.dtdl == 2 &&
      holds_array (content->schema, 0))
    twin_model_builder_issue (self, "excludedType",
                              "a Property “%s” of DTDL v2 cannot hold an "
                              "Array",
                              content->name);

  if (content->kind == TWIN_CONTENT_COMPONENT &&
      component_in (content->component))
    twin_model_builder_issue (self, "excludedType",
                              "the Component “%s” has Components itself: one "
                              "level is allowed",
                              content->name);
}

void
twin_interface_resolve_all (TwinModelBuilder *self)
{
  g_autoptr (GHashTable) states = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->pending->len; i++)
    resolve_reference (self, g_ptr_array_index (self->pending, i));

  for (guint i = 0; i < self->set->interfaces->len; i++)
    resolve_interface (self, g_ptr_array_index (self->set->interfaces, i),
                       states);

  for (guint i = 0; i < self->numeric->len; i++)
    {
      const TwinModelNumeric *check = g_ptr_array_index (self->numeric, i);

      at_reference (self, &check->place, check->pointer);
      if (check->term == NULL)
        twin_schema_check_depth (self, *check->schema);
      else if (*check->schema != NULL &&
               !twin_schema_is_numeric (*check->schema))
        twin_model_builder_issue (self, "notRequiredType",
                                  "the semantic type %s needs a numeric schema",
                                  check->term);
    }

  for (guint i = 0; i < self->set->interfaces->len; i++)
    {
      const TwinInterface *interface =
          g_ptr_array_index (self->set->interfaces, i);

      at_interface (self, interface);
      for (guint k = 0; k < interface->contents->len; k++)
        {
          gsize here;

          here = twin_model_builder_push (self, "contents");
          twin_model_builder_push_index (self, k);
          check_content (self, g_ptr_array_index (interface->contents, k));
          twin_model_builder_pop (self, here);
        }
    }
}
