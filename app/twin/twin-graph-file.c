/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-graph-file.h"

#include <string.h>

#include "twin-graph-reader.h"
#include "twin-json.h"
#include "twin-rules.h"
#include "twin-twin-private.h"

TwinGraphFile *
twin_graph_file_new (void)
{
  TwinGraphFile *self = g_new0 (TwinGraphFile, 1);

  self->models =
      g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  self->twins =
      g_ptr_array_new_with_free_func ((GDestroyNotify) twin_twin_free);
  self->relationships =
      g_ptr_array_new_with_free_func ((GDestroyNotify) twin_relationship_free);
  return self;
}

void
twin_graph_file_free (TwinGraphFile *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->models);
  g_ptr_array_unref (self->twins);
  g_ptr_array_unref (self->relationships);
  g_free (self);
}

/* --- in
 * ------------------------------------------------------------------------------
 */

static void
take (TwinGraphFile *self, TwinGraphElement *element)
{
  switch (element->kind)
    {
    case TWIN_GRAPH_MODEL:
      g_ptr_array_add (self->models, g_steal_pointer (&element->model));
      break;
    case TWIN_GRAPH_TWIN:
      g_ptr_array_add (self->twins, g_steal_pointer (&element->twin));
      break;
    case TWIN_GRAPH_RELATIONSHIP:
    default:
      g_ptr_array_add (self->relationships,
                       g_steal_pointer (&element->relationship));
      break;
    }
}

TwinGraphFile *
twin_graph_file_parse (const char *name,
                       const char *text,
                       gssize      length,
                       GError    **error)
{
  g_autoptr (TwinGraphFile) self = twin_graph_file_new ();
  g_autoptr (TwinGraphReader) reader =
      twin_graph_reader_new_for_text (name, text,
                                      length < 0 ? strlen (text)
                                                 : (gsize) length);

  for (;;)
    {
      g_auto (TwinGraphElement) element = { 0 };

      switch (twin_graph_reader_next (reader, &element, error))
        {
        case TWIN_GRAPH_READ_ELEMENT:
          take (self, &element);
          break;
        case TWIN_GRAPH_READ_END:
          return g_steal_pointer (&self);
        case TWIN_GRAPH_READ_REFUSED:
          g_prefix_error (error, "%s at “%s”: ", name, element.place);
          return NULL;
        case TWIN_GRAPH_READ_FAILED:
        default:
          return NULL;
        }
    }
}

/* --- checking
 * -------------------------------------------------------------------------- */

TwinModelSet *
twin_graph_file_build_models (const TwinGraphFile *self,
                              const char          *name,
                              TwinModelSet        *more,
                              GError             **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) mine = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) sources =
      g_array_new (FALSE, FALSE, sizeof (TwinModelSource));
  guint n_more = more != NULL ? twin_model_set_list (more)->len : 0;

  for (guint i = 0; i < self->models->len; i++)
    {
      JsonNode   *node = g_ptr_array_index (self->models, i);
      const char *id =
          twin_json_get_string (json_node_get_object (node), "@id");
      TwinModelSource source = { NULL, NULL, -1 };
      char           *label =
          g_strdup_printf ("%s, model %s", name, id != NULL ? id : "");

      g_ptr_array_add (texts, label);
      g_ptr_array_add (texts, twin_json_print (node, FALSE));
      if (id != NULL)
        g_hash_table_add (mine, (void *) id);
      source.name = label;
      source.text = g_ptr_array_index (texts, texts->len - 1);
      g_array_append_val (sources, source);
    }

  for (guint i = 0; i < n_more; i++)
    {
      const TwinInterface *interface =
          g_ptr_array_index (twin_model_set_list (more), i);
      TwinModelSource source = { interface->id, interface->json, -1 };

      if (!g_hash_table_contains (mine, interface->id))
        g_array_append_val (sources, source);
    }

  return twin_model_set_new_checked ((TwinModelSource *) (void *) sources->data,
                                     sources->len, error);
}

static gboolean
check_relationship (const TwinGraphFile    *self,
                    const TwinRelationship *one,
                    GHashTable             *twins,
                    TwinModelSet           *models,
                    const TwinTwin *(*exists) (const char *id, void *data),
                    void       *data,
                    const char *pointer,
                    GError    **error)
{
  const char     *ends[] = { one->source, one->target };
  const TwinTwin *found[2];

  for (int k = 0; k < 2; k++)
    {
      found[k] = g_hash_table_lookup (twins, ends[k]);
      if (found[k] == NULL && exists != NULL)
        found[k] = exists (ends[k], data);
      if (found[k] == NULL)
        {
          twin_twin_fail (error, pointer, "there is no twin “%s”", ends[k]);
          return FALSE;
        }
    }

  return twin_relationship_check (one, found[0], found[1], models, pointer,
                                  error);
}

gboolean
twin_graph_file_check (const TwinGraphFile *self,
                       const char          *name,
                       TwinModelSet        *models,
                       const TwinTwin *(*exists) (const char *id, void *data),
                       void    *data,
                       GError **error)
{
  g_autoptr (GHashTable) twins = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) pairs =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean good = TRUE;

  for (guint i = 0; good && i < self->twins->len; i++)
    {
      TwinTwin        *twin = g_ptr_array_index (self->twins, i);
      g_autofree char *pointer =
          g_strdup_printf ("/digitalTwinsGraph/digitalTwins/%u", i);

      if (!g_hash_table_insert (twins, twin->id, twin))
        {
          twin_twin_fail (error, pointer, "the twin “%s” is there twice",
                          twin->id);
          good = FALSE;
        }
      else
        good = twin_twin_check (twin, models, pointer, error);
    }

  for (guint i = 0; good && i < self->relationships->len; i++)
    {
      const TwinRelationship *one = g_ptr_array_index (self->relationships, i);
      g_autofree char        *pointer =
          g_strdup_printf ("/digitalTwinsGraph/relationships/%u", i);

      if (!g_hash_table_add (pairs,
                             g_strdup_printf ("%s\n%s", one->source, one->id)))
        {
          twin_twin_fail (error, pointer,
                          "“%s” has two relationships called “%s”", one->source,
                          one->id);
          good = FALSE;
        }
      else
        good = check_relationship (self, one, twins, models, exists, data,
                                   pointer, error);
    }

  if (!good)
    g_prefix_error (error, "%s at ", name);
  return good;
}

/* --- out
 * --------------------------------------------------------------------------------
 */

static JsonNode *
list_to_json (GPtrArray *list, JsonNode *(*to_json) (const void *item))
{
  JsonArray *array = json_array_sized_new (list->len);
  JsonNode  *node = json_node_alloc ();

  for (guint i = 0; i < list->len; i++)
    json_array_add_element (array, to_json (g_ptr_array_index (list, i)));

  json_node_take_array (json_node_init (node, JSON_NODE_ARRAY), array);
  return node;
}

static JsonNode *
model_to_json (const void *item)
{
  return json_node_ref ((JsonNode *) item);
}

static JsonNode *
twin_to_json (const void *item)
{
  return twin_twin_to_json (item);
}

static JsonNode *
relationship_to_json (const void *item)
{
  return twin_relationship_to_json (item);
}

char *
twin_graph_file_print_json (const TwinGraphFile *self)
{
  JsonObject *root = json_object_new ();
  JsonObject *info = json_object_new ();
  JsonObject *graph = json_object_new ();
  g_autoptr (JsonNode) node = NULL;

  json_object_set_string_member (info, "fileVersion", "1.0.0");
  json_object_set_object_member (root, "digitalTwinsFileInfo", info);
  json_object_set_member (graph, "digitalTwins",
                          list_to_json (self->twins, twin_to_json));
  json_object_set_member (graph, "relationships",
                          list_to_json (self->relationships,
                                        relationship_to_json));
  json_object_set_object_member (root, "digitalTwinsGraph", graph);
  json_object_set_member (root, "digitalTwinsModels",
                          list_to_json (self->models, model_to_json));
  node = twin_json_take_object (root);
  return twin_json_print (node, TRUE);
}

static void
append_section (GString    *out,
                const char *name,
                GPtrArray  *list,
                JsonNode *(*to_json) (const void *item))
{
  if (list->len == 0)
    return;

  g_string_append_printf (out, "{\"Section\":\"%s\"}\n", name);
  for (guint i = 0; i < list->len; i++)
    {
      g_autoptr (JsonNode) node = to_json (g_ptr_array_index (list, i));

      twin_json_append (out, node);
      g_string_append_c (out, '\n');
    }
}

static JsonNode *
relationship_to_line (const void *item)
{
  const TwinRelationship *one = item;
  JsonObject             *object = json_object_new ();

  json_object_set_string_member (object, "$dtId", one->source);
  json_object_set_string_member (object, "$relationshipId", one->id);
  json_object_set_string_member (object, "$targetId", one->target);
  json_object_set_string_member (object, "$relationshipName", one->name);
  twin_json_add_members (object, one->properties);
  return twin_json_take_object (object);
}

char *
twin_graph_file_print_ndjson (const TwinGraphFile *self)
{
  GString *out = g_string_new ("{\"Section\":\"Header\"}\n"
                               "{\"fileVersion\":\"1.0.0\"}\n");

  append_section (out, "Models", self->models, model_to_json);
  append_section (out, "Twins", self->twins, twin_to_json);
  append_section (out, "Relationships", self->relationships,
                  relationship_to_line);
  return g_string_free (out, FALSE);
}
