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

      if (!interface->nested && !g_hash_table_contains (mine, interface->id))
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

static gboolean
append_text (void *data, const char *text, gsize length, GError **error)
{
  g_string_append_len (data, text, (gssize) length);
  return TRUE;
}

char *
twin_graph_file_print (const TwinGraphFile *self, TwinGraphFormat format)
{
  GString *out = g_string_new (NULL);
  g_autoptr (TwinGraphWriter) writer =
      twin_graph_writer_new (format, append_text, out);

  for (guint i = 0; i < self->models->len; i++)
    twin_graph_writer_model (writer, g_ptr_array_index (self->models, i), NULL);
  for (guint i = 0; i < self->twins->len; i++)
    twin_graph_writer_twin (writer, g_ptr_array_index (self->twins, i), NULL);
  for (guint i = 0; i < self->relationships->len; i++)
    twin_graph_writer_relationship (writer,
                                    g_ptr_array_index (self->relationships, i),
                                    NULL);

  twin_graph_writer_end (writer, NULL);
  return g_string_free (out, FALSE);
}
