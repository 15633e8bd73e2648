/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-twins.h"

#include "twin-store-graph.h"
#include "twin-store-private.h"
#include "twin-store-reader-private.h"

/* The new etag is known to be in the store: it is the value's from now on. */
static void
take_etag (char **member, char **etag)
{
  g_free (*member);
  *member = g_steal_pointer (etag);
}

gboolean
twin_store_save_twin (TwinStore  *self,
                      TwinTwin   *twin,
                      const char *if_etag,
                      GError    **error)
{
  g_autofree char    *props = twin_twin_print_props (twin);
  g_autofree char    *etag = twin_store_new_etag ();
  const TwinStoreTwin row = {
    .id = twin->id,
    .model = twin->model,
    .display_name = twin->display_name,
    .lifecycle = twin_lifecycle_to_string (twin->lifecycle),
    .props = props,
    .etag = etag,
    .created_us = twin->created_us,
    .updated_us = twin->updated_us,
  };

  if (!twin_store_put_twin (self, &row, if_etag, error))
    return FALSE;
  take_etag (&twin->etag, &etag);
  return TRUE;
}

gboolean
twin_store_save_relationship (TwinStore        *self,
                              TwinRelationship *relationship,
                              GError          **error)
{
  g_autofree char *props = twin_relationship_print_props (relationship);
  g_autofree char *etag = twin_store_new_etag ();
  const TwinStoreRelationship row = {
    .source = relationship->source,
    .id = relationship->id,
    .name = relationship->name,
    .target = relationship->target,
    .props = props,
    .etag = etag,
  };

  if (!twin_store_put_relationship (self, &row, error))
    return FALSE;
  take_etag (&relationship->etag, &etag);
  return TRUE;
}

static gboolean
save_model (TwinStore *self, JsonNode *node, int64_t now_us, GError **error)
{
  g_autofree char *json = json_to_string (node, FALSE);
  const char      *dtmi = NULL;
  TwinStoreModel   row = { NULL, json, now_us };

  if (JSON_NODE_HOLDS_OBJECT (node))
    dtmi =
        json_object_get_string_member_with_default (json_node_get_object (node),
                                                    "@id", NULL);
  if (dtmi == NULL)
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE,
                   "Could not save a model in %s: it has no “@id”",
                   twin_store_get_path (self));
      return FALSE;
    }

  row.dtmi = dtmi;
  return twin_store_put_model (self, &row, error);
}

static gboolean
save_all (TwinStore           *self,
          const TwinGraphFile *file,
          int64_t              now_us,
          GError             **error)
{
  for (guint i = 0; i < file->models->len; i++)
    if (!save_model (self, g_ptr_array_index (file->models, i), now_us, error))
      return FALSE;

  for (guint i = 0; i < file->twins->len; i++)
    {
      TwinTwin *twin = g_ptr_array_index (file->twins, i);

      if (twin->created_us == TWIN_TIME_NONE)
        twin->created_us = now_us;
      twin->updated_us = now_us;
      if (!twin_store_save_twin (self, twin, NULL, error))
        return FALSE;
    }

  for (guint i = 0; i < file->relationships->len; i++)
    if (!twin_store_save_relationship (self,
                                       g_ptr_array_index (file->relationships,
                                                          i),
                                       error))
      return FALSE;
  return TRUE;
}

gboolean
twin_store_save_graph (TwinStore           *self,
                       const TwinGraphFile *file,
                       int64_t              now_us,
                       GError             **error)
{
  gboolean own;

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  return twin_store_leave (self, own, save_all (self, file, now_us, error),
                           error);
}

static TwinTwin *
twin_from_row (const TwinStoreTwin *row, GError **error)
{
  TwinTwin *twin = twin_twin_from_props (row->id, row->model, row->lifecycle,
                                         row->etag, row->props, error);

  if (twin == NULL)
    {
      g_prefix_error (error, "Twin “%s” in the store: ", row->id);
      return NULL;
    }
  twin->created_us = row->created_us;
  twin->updated_us = row->updated_us;
  return twin;
}

TwinTwin *
twin_store_reader_load_twin (TwinStoreReader *self,
                             const char      *id,
                             GError         **error)
{
  g_autoptr (TwinStoreTwin) row = twin_store_reader_get_twin (self, id, error);

  return row != NULL ? twin_from_row (row, error) : NULL;
}

static gboolean
load_models (TwinStoreReader *self, TwinGraphFile *file, GError **error)
{
  g_autoptr (GPtrArray) rows = twin_store_reader_list_models (self, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStoreModel *row = g_ptr_array_index (rows, i);
      JsonNode             *node = json_from_string (row->json, error);

      if (node == NULL)
        {
          g_prefix_error (error, "Model “%s” in the store: ", row->dtmi);
          return FALSE;
        }
      g_ptr_array_add (file->models, node);
    }
  return rows != NULL;
}

static gboolean
load_twins (TwinStoreReader *self, TwinGraphFile *file, GError **error)
{
  g_autoptr (GPtrArray) rows = twin_store_reader_list_twins (self, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      TwinTwin *twin = twin_from_row (g_ptr_array_index (rows, i), error);

      if (twin == NULL)
        return FALSE;
      g_ptr_array_add (file->twins, twin);
    }
  return rows != NULL;
}

static gboolean
load_relationships (TwinStoreReader *self, TwinGraphFile *file, GError **error)
{
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_relationships (self, NULL, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStoreRelationship *row = g_ptr_array_index (rows, i);
      TwinRelationship            *relationship =
          twin_relationship_from_props (row->source, row->id, row->name,
                                        row->target, row->etag, row->props,
                                        error);

      if (relationship == NULL)
        {
          g_prefix_error (error,
                          "Relationship “%s” of “%s” in the store: ", row->id,
                          row->source);
          return FALSE;
        }
      g_ptr_array_add (file->relationships, relationship);
    }
  return rows != NULL;
}

TwinGraphFile *
twin_store_reader_load_graph (TwinStoreReader *self, GError **error)
{
  const gboolean own = sqlite3_get_autocommit (self->sql.db) != 0;
  TwinGraphFile *file;

  if (own && !twin_store_reader_begin (self, error))
    return NULL;

  file = twin_graph_file_new ();
  if (!load_models (self, file, error) || !load_twins (self, file, error) ||
      !load_relationships (self, file, error))
    g_clear_pointer (&file, twin_graph_file_free);
  if (own)
    twin_store_reader_end (self);
  return file;
}
