/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-graph.h"

#include <string.h>

#include "twin-json.h"

/* A twin with what is known of it at run time. */
typedef struct
{
  TwinTwin  *twin;
  GPtrArray *outgoing;   /* TwinRelationship, owned; NULL: none */
  GPtrArray *incoming;   /* TwinRelationship, borrowed; NULL: none */
  GPtrArray *properties; /* TwinProperty, owned; NULL: none */
} Node;

struct _TwinGraph
{
  TwinModelSet *models;
  GHashTable   *nodes; /* id → Node */
  GPtrArray    *none;  /* stands for absent arrays */
  size_t        n_relationships;
};

static void
property_free (void *data)
{
  TwinProperty *property = data;

  g_free (property->path);
  g_clear_pointer (&property->desired, json_node_unref);
  g_clear_pointer (&property->reported, json_node_unref);
  g_free (property->refused);
  g_free (property);
}

static void
node_free (void *data)
{
  Node *node = data;

  twin_twin_free (node->twin);
  g_clear_pointer (&node->outgoing, g_ptr_array_unref);
  g_clear_pointer (&node->incoming, g_ptr_array_unref);
  g_clear_pointer (&node->properties, g_ptr_array_unref);
  g_free (node);
}

TwinGraph *
twin_graph_new (TwinModelSet *models)
{
  TwinGraph *self = g_new0 (TwinGraph, 1);

  self->models = twin_model_set_ref (models);
  self->nodes =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, node_free);
  self->none = g_ptr_array_new ();
  return self;
}

void
twin_graph_free (TwinGraph *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->nodes);
  g_ptr_array_unref (self->none);
  twin_model_set_unref (self->models);
  g_free (self);
}

TwinModelSet *
twin_graph_get_models (TwinGraph *self)
{
  return self->models;
}

void
twin_graph_set_models (TwinGraph *self, TwinModelSet *models)
{
  twin_model_set_ref (models);
  twin_model_set_unref (self->models);
  self->models = models;
}

/* --- twins
 * ----------------------------------------------------------------------- */

static Node *
find (TwinGraph *self, const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->nodes, id) : NULL;
}

const TwinTwin *
twin_graph_put (TwinGraph *self, TwinTwin *twin)
{
  Node *node = find (self, twin->id);

  if (node == NULL)
    {
      node = g_new0 (Node, 1);
      node->twin = twin;
      g_hash_table_insert (self->nodes, twin->id, node);
      return twin;
    }

  if (node->twin != twin)
    {
      /* The key is the old twin's id: replace it with the value kept. */
      g_hash_table_steal (self->nodes, twin->id);
      twin_twin_free (node->twin);
      node->twin = twin;
      g_hash_table_insert (self->nodes, twin->id, node);
    }

  return twin;
}

static gboolean
not_found (GError **error, const char *id)
{
  g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_NOT_FOUND,
               "There is no twin “%s”", id);
  return FALSE;
}

gboolean
twin_graph_remove (TwinGraph *self, const char *id, GError **error)
{
  Node *node = find (self, id);
  guint ends;

  if (node == NULL)
    return not_found (error, id);

  ends = (node->outgoing != NULL ? node->outgoing->len : 0) +
         (node->incoming != NULL ? node->incoming->len : 0);
  if (ends > 0)
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_IN_USE,
                   "“%s” still has %u relationships; delete those first", id,
                   ends);
      return FALSE;
    }

  g_hash_table_remove (self->nodes, id);
  return TRUE;
}

const TwinTwin *
twin_graph_lookup (TwinGraph *self, const char *id)
{
  Node *node = find (self, id);

  return node != NULL ? node->twin : NULL;
}

size_t
twin_graph_count (TwinGraph *self)
{
  return g_hash_table_size (self->nodes);
}

/* Runs of digits compare as numbers. */
static int
compare_runs (const char *a, const char *b)
{
  for (;;)
    {
      if (g_ascii_isdigit (*a) && g_ascii_isdigit (*b))
        {
          size_t zeros_a = strspn (a, "0"), zeros_b = strspn (b, "0");
          size_t length_a = strspn (a += zeros_a, "0123456789");
          size_t length_b = strspn (b += zeros_b, "0123456789");
          int    order = length_a != length_b ? (length_a < length_b ? -1 : 1)
                                              : strncmp (a, b, length_a);

          if (order != 0)
            return order;
          a += length_a;
          b += length_b;
          continue;
        }

      if (*a != *b || *a == '\0')
        return (guchar) *a - (guchar) *b;
      a++;
      b++;
    }
}

int
twin_graph_compare_ids (const char *a, const char *b)
{
  int order = compare_runs (a, b);

  return order != 0 ? order : strcmp (a, b);
}

static int
compare_twins (const void *a, const void *b)
{
  const TwinTwin *x = *(TwinTwin *const *) a;
  const TwinTwin *y = *(TwinTwin *const *) b;

  return twin_graph_compare_ids (x->id, y->id);
}

GPtrArray *
twin_graph_list (TwinGraph *self)
{
  GPtrArray     *list = g_ptr_array_sized_new (twin_graph_count (self));
  GHashTableIter iter;
  void          *node;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, &node))
    g_ptr_array_add (list, ((Node *) node)->twin);

  g_ptr_array_sort (list, compare_twins);
  return list;
}

/* --- relationships
 * ----------------------------------------------------------------- */

static TwinRelationship *
find_relationship (Node *source, const char *id, guint *index)
{
  for (guint i = 0; source->outgoing != NULL && i < source->outgoing->len; i++)
    {
      TwinRelationship *one = g_ptr_array_index (source->outgoing, i);

      if (strcmp (one->id, id) == 0)
        {
          *index = i;
          return one;
        }
    }

  return NULL;
}

gboolean
twin_graph_relate (TwinGraph        *self,
                   TwinRelationship *relationship,
                   GError          **error)
{
  Node             *source = find (self, relationship->source);
  Node             *target = find (self, relationship->target);
  TwinRelationship *old;
  guint             index;

  if (source == NULL || target == NULL)
    {
      not_found (error,
                 source == NULL ? relationship->source : relationship->target);
      twin_relationship_free (relationship);
      return FALSE;
    }

  if (source->outgoing == NULL)
    source->outgoing = g_ptr_array_new_with_free_func (
        (GDestroyNotify) twin_relationship_free);
  if (target->incoming == NULL)
    target->incoming = g_ptr_array_new ();

  old = find_relationship (source, relationship->id, &index);
  if (old != NULL)
    {
      g_ptr_array_remove (find (self, old->target)->incoming, old);
      twin_relationship_free (old);
      source->outgoing->pdata[index] = relationship;
    }
  else
    {
      g_ptr_array_add (source->outgoing, relationship);
      self->n_relationships++;
    }

  g_ptr_array_add (target->incoming, relationship);
  return TRUE;
}

gboolean
twin_graph_unrelate (TwinGraph  *self,
                     const char *source,
                     const char *id,
                     GError    **error)
{
  Node             *node = find (self, source);
  TwinRelationship *old;
  guint             index;

  if (node == NULL)
    return not_found (error, source);

  old = find_relationship (node, id, &index);
  if (old == NULL)
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_NOT_FOUND,
                   "“%s” has no relationship “%s”", source, id);
      return FALSE;
    }

  g_ptr_array_remove (find (self, old->target)->incoming, old);
  g_ptr_array_remove_index (node->outgoing, index);
  self->n_relationships--;
  return TRUE;
}

size_t
twin_graph_count_relationships (TwinGraph *self)
{
  return self->n_relationships;
}

GPtrArray *
twin_graph_outgoing (TwinGraph *self, const char *source)
{
  Node *node = find (self, source);

  return node != NULL && node->outgoing != NULL ? node->outgoing : self->none;
}

GPtrArray *
twin_graph_incoming (TwinGraph *self, const char *target)
{
  Node *node = find (self, target);

  return node != NULL && node->incoming != NULL ? node->incoming : self->none;
}

/* --- desired and reported
 * ------------------------------------------------------------ */

GPtrArray *
twin_graph_list_properties (TwinGraph *self, const char *twin)
{
  Node *node = find (self, twin);

  return node != NULL && node->properties != NULL ? node->properties
                                                  : self->none;
}

TwinProperty *
twin_graph_find_property (TwinGraph *self, const char *twin, const char *path)
{
  GPtrArray *properties = twin_graph_list_properties (self, twin);

  for (guint i = 0; i < properties->len; i++)
    {
      TwinProperty *property = g_ptr_array_index (properties, i);

      if (strcmp (property->path, path) == 0)
        return property;
    }

  return NULL;
}

static int
compare_paths (const void *a, const void *b)
{
  return strcmp ((*(TwinProperty *const *) a)->path,
                 (*(TwinProperty *const *) b)->path);
}

/* A property of @node for every path of @found, by path. */
static void
ensure_properties (Node *node, GHashTable *found)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  void          *path;

  if (node->properties == NULL)
    node->properties = g_ptr_array_new_with_free_func (property_free);
  for (guint i = 0; i < node->properties->len; i++)
    {
      TwinProperty *property = g_ptr_array_index (node->properties, i);

      g_hash_table_add (known, property->path);
    }

  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    {
      TwinProperty *property;

      if (g_hash_table_contains (known, path))
        continue;

      property = g_new0 (TwinProperty, 1);
      property->path = g_strdup (path);
      property->source_us = property->arrival_us = TWIN_TIME_NONE;
      g_ptr_array_add (node->properties, property);
    }

  g_ptr_array_sort (node->properties, compare_paths);
}

/* Adds path → value (borrowed) of every property in @document. */
static void
flatten (const TwinInterface *interface,
         JsonNode            *document,
         const char          *prefix,
         GHashTable          *found)
{
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (document));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      const TwinContent *component =
          interface != NULL
              ? twin_interface_find_kind (interface, TWIN_CONTENT_COMPONENT,
                                          key)
              : NULL;
      g_autofree char *path = g_strconcat (prefix, key, NULL);

      if (component != NULL && JSON_NODE_HOLDS_OBJECT (value))
        {
          g_autofree char *inner = g_strconcat (path, "/", NULL);

          flatten (component->component, value, inner, found);
        }
      else
        g_hash_table_insert (found, g_steal_pointer (&path), value);
    }
}

/* Every property of @document, all of them known to @node afterwards. */
static GHashTable *
take_document (TwinGraph *self, Node *node, JsonNode *document)
{
  GHashTable *found =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (document != NULL && JSON_NODE_HOLDS_OBJECT (document))
    flatten (twin_model_set_lookup (self->models, node->twin->model), document,
             "", found);
  ensure_properties (node, found);
  return found;
}

static void
replace (JsonNode **slot, JsonNode *value)
{
  if (value != NULL)
    json_node_ref (value);
  g_clear_pointer (slot, json_node_unref);
  *slot = value;
}

/* Whether the machine alone says what @path of the twin is: the model declares
 * it and does not call it writable. */
static const TwinContent *
find_own (TwinGraph *self, const Node *node, const char *path)
{
  const TwinInterface *interface =
      twin_model_set_lookup (self->models, node->twin->model);
  const TwinContent *content =
      interface != NULL ? twin_interface_find_path (interface, path) : NULL;

  return content != NULL && content->kind == TWIN_CONTENT_PROPERTY &&
                 !content->writable && content->schema != NULL &&
                 strchr (path, '.') == NULL
             ? content
             : NULL;
}

/* @property's reported value becomes @value (NULL or null: it is no longer
 * said) in the twin's own document; TRUE when that is another one then. */
static gboolean
own_reported (TwinGraph          *self,
              Node               *node,
              const TwinProperty *property,
              JsonNode           *value,
              int64_t             now_us,
              int64_t             source_us)
{
  const TwinContent *content = find_own (self, node, property->path);
  g_autofree char   *pointer = g_strconcat ("/", property->path, NULL);
  JsonNode          *own = twin_twin_get (node->twin, pointer);

  if (content == NULL || now_us == TWIN_TIME_NONE)
    return FALSE;

  /* What is no longer said goes if it was that; what was typed stays. */
  if (value == NULL || JSON_NODE_HOLDS_NULL (value))
    return own != NULL && property->reported != NULL &&
           twin_json_equal (own, property->reported) &&
           twin_twin_set (node->twin, pointer, NULL, now_us, source_us, NULL);

  return (own == NULL || !twin_json_equal (own, value)) &&
         twin_schema_validate (content->schema, value, "", NULL) &&
         twin_twin_set (node->twin, pointer, value, now_us, source_us, NULL);
}

gboolean
twin_graph_take_reported (TwinGraph  *self,
                          const char *twin,
                          JsonNode   *document,
                          uint64_t    version,
                          int64_t     source_us,
                          int64_t     arrival_us,
                          double      confidence,
                          gboolean   *changed)
{
  Node *node = find (self, twin);
  g_autoptr (GHashTable) found = NULL;
  gboolean owns = FALSE;

  if (node == NULL)
    return FALSE;

  found = take_document (self, node, document);
  for (guint i = 0; i < node->properties->len; i++)
    {
      TwinProperty *property = g_ptr_array_index (node->properties, i);
      JsonNode     *value = g_hash_table_lookup (found, property->path);

      owns |= confidence >= TWIN_CONFIDENCE_SIGNED &&
              own_reported (self, node, property, value, arrival_us, source_us);
      property->reported_version = version;
      replace (&property->reported, value);
      property->source_us = value != NULL ? source_us : TWIN_TIME_NONE;
      property->arrival_us = value != NULL ? arrival_us : TWIN_TIME_NONE;
      property->confidence = value != NULL ? confidence : 0;
    }

  if (changed != NULL)
    *changed = owns;
  return TRUE;
}

gboolean
twin_graph_take_desired (TwinGraph  *self,
                         const char *twin,
                         JsonNode   *document,
                         uint64_t    version)
{
  Node *node = find (self, twin);
  g_autoptr (GHashTable) found = NULL;

  if (node == NULL)
    return FALSE;

  found = take_document (self, node, document);
  for (guint i = 0; i < node->properties->len; i++)
    {
      TwinProperty *property = g_ptr_array_index (node->properties, i);
      JsonNode     *value = g_hash_table_lookup (found, property->path);

      if (value == NULL || property->desired_version != version)
        g_clear_pointer (&property->refused, g_free);
      replace (&property->desired, value);
      property->desired_version = value != NULL ? version : 0;
    }

  return TRUE;
}

gboolean
twin_graph_set_refused (TwinGraph  *self,
                        const char *twin,
                        const char *path,
                        const char *reason)
{
  TwinProperty *property = twin_graph_find_property (self, twin, path);

  if (property == NULL || property->desired == NULL)
    return FALSE;

  g_free (property->refused);
  property->refused = g_strdup (reason);
  return TRUE;
}
