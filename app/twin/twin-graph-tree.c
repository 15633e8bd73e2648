/* SPDX-License-Identifier: Apache-2.0 */
/* The plant's tree over a graph, by the relationships that roles.json names. */
#include <string.h>

#include "twin-graph.h"

#define MOST_LEVELS 32

static gboolean
is_part_relationship (const TwinRoles *roles, const TwinRelationship *one)
{
  return g_strv_contains (twin_roles_get_part_relationships (roles), one->name);
}

const char *
twin_graph_get_parent (TwinGraph *self, const TwinRoles *roles, const char *id)
{
  GPtrArray *incoming = twin_graph_incoming (self, id);

  for (guint i = 0; i < incoming->len; i++)
    {
      const TwinRelationship *one = g_ptr_array_index (incoming, i);

      if (is_part_relationship (roles, one))
        return one->source;
    }

  return NULL;
}

GPtrArray *
twin_graph_list_children (TwinGraph       *self,
                          const TwinRoles *roles,
                          const char      *id)
{
  GPtrArray *list = g_ptr_array_new ();
  GPtrArray *outgoing = twin_graph_outgoing (self, id);

  for (guint i = 0; i < outgoing->len; i++)
    {
      const TwinRelationship *one = g_ptr_array_index (outgoing, i);

      if (is_part_relationship (roles, one))
        g_ptr_array_add (list, (void *) twin_graph_lookup (self, one->target));
    }

  return list;
}

static void
add_train (TwinGraph       *self,
           const TwinRoles *roles,
           const TwinTwin  *twin,
           GHashTable      *seen,
           GPtrArray       *list,
           int              level)
{
  g_autoptr (GPtrArray) children = NULL;

  if (level > MOST_LEVELS || !g_hash_table_add (seen, (void *) twin))
    return;

  g_ptr_array_add (list, (void *) twin);
  children = twin_graph_list_children (self, roles, twin->id);
  for (guint i = 0; i < children->len; i++)
    add_train (self, roles, g_ptr_array_index (children, i), seen, list,
               level + 1);
}

GPtrArray *
twin_graph_list_train (TwinGraph *self, const TwinRoles *roles, const char *id)
{
  GPtrArray *list = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  const TwinTwin *twin = twin_graph_lookup (self, id);

  if (twin != NULL)
    add_train (self, roles, twin, seen, list, 0);

  return list;
}

const char *
twin_graph_find_machine (TwinGraph       *self,
                         const TwinRoles *roles,
                         const char      *id)
{
  for (int level = 0; id != NULL && level < MOST_LEVELS; level++)
    {
      const TwinTwin *twin = twin_graph_lookup (self, id);

      if (twin == NULL)
        return NULL;
      if (twin_roles_sort (roles, twin_graph_get_models (self), twin->model) ==
          TWIN_SORT_MACHINE)
        return twin->id;

      id = twin_graph_get_parent (self, roles, id);
    }

  return NULL;
}

TwinBinding *
twin_graph_bind (TwinGraph *self, const TwinRoles *roles, const char *machine)
{
  g_autoptr (GPtrArray) train = twin_graph_list_train (self, roles, machine);
  g_autofree TwinBindingPart *parts = g_new0 (TwinBindingPart, train->len + 1);

  if (train->len == 0)
    return NULL;

  for (guint i = 0; i < train->len; i++)
    {
      const TwinTwin *twin = g_ptr_array_index (train, i);

      parts[i].id = twin->id;
      parts[i].model = twin->model;
      parts[i].properties = json_node_get_object (twin->properties);
    }

  return twin_binding_find (roles, twin_graph_get_models (self), parts,
                            train->len);
}
