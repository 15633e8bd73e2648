/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-twins.h"

#include "twin-store-changes.h"
#include "twin-store-graph.h"
#include "twin-store-private.h"
#include "twin-store-reader-private.h"

/* What was put is in the store: @etag is the value's from now on, or, where
 * the store had just that already, the one it has there. */
static gboolean
take_etag (TwinStore  *self,
           char      **member,
           char      **etag,
           const char *select,
           const char *a,
           const char *b,
           GError    **error)
{
  sqlite3_stmt *statement;
  GError       *failure = NULL;

  if (sqlite3_changes (self->sql.db) == 0)
    {
      statement = twin_store_db_prepare (&self->sql, select, error);
      if (statement == NULL)
        return FALSE;
      twin_store_db_bind (statement, b != NULL ? "ss" : "s", a, b);
      if (!twin_store_db_step (&self->sql, statement, &failure))
        {
          if (failure != NULL)
            g_propagate_error (error, failure);
          else
            g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE,
                         "“%s” vanished while it was saved", a);
          return FALSE;
        }
      g_free (*etag);
      *etag = g_strdup ((const char *) sqlite3_column_text (statement, 0));
      sqlite3_reset (statement);
    }

  g_free (*member);
  *member = g_steal_pointer (etag);
  return TRUE;
}

gboolean
twin_store_save_twin (TwinStore  *self,
                      TwinTwin   *twin,
                      const char *if_etag,
                      GError    **error)
{
  g_autofree char    *props = twin_twin_print_props (twin);
  g_autofree char    *etag = twin_store_new_etag ();
  g_autofree char    *tags = twin_twin_print_tags (twin);
  gboolean            own, ok;
  const TwinStoreTwin row = {
    .id = twin->id,
    .model = twin->model,
    .display_name = twin->display_name,
    .lifecycle = twin_lifecycle_to_string (twin->lifecycle),
    .props = props,
    .etag = etag,
    .created_us = twin->created_us,
    .tags = tags,
  };

  if (!twin_store_enter (self, &own, error))
    return FALSE;

  ok = twin_store_put_twin (self, &row, if_etag, error) &&
       take_etag (self, &twin->etag, &etag,
                  "SELECT etag FROM twin WHERE id = ?", twin->id, NULL, error);
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_save_relationship (TwinStore        *self,
                              TwinRelationship *relationship,
                              const char       *if_etag,
                              GError          **error)
{
  g_autofree char *props = twin_relationship_print_props (relationship);
  g_autofree char *etag = twin_store_new_etag ();
  gboolean         own, ok;
  const TwinStoreRelationship row = {
    .source = relationship->source,
    .id = relationship->id,
    .name = relationship->name,
    .target = relationship->target,
    .props = props,
    .etag = etag,
  };

  if (!twin_store_enter (self, &own, error))
    return FALSE;

  ok = twin_store_put_relationship (self, &row, if_etag, error) &&
       take_etag (self, &relationship->etag, &etag,
                  "SELECT etag FROM relationship WHERE source = ? AND id = ?",
                  relationship->source, relationship->id, error);
  return twin_store_leave (self, own, ok, error);
}

static gboolean
save_model (TwinStore *self, JsonNode *node, int64_t now_us, GError **error)
{
  g_autofree char *json = json_to_string (node, FALSE);
  const char      *dtmi = NULL;
  TwinStoreModel   row = { .json = json, .created_us = now_us };

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

      if (!twin_store_save_twin (self, twin, NULL, error))
        return FALSE;
    }

  for (guint i = 0; i < file->relationships->len; i++)
    if (!twin_store_save_relationship (self,
                                       g_ptr_array_index (file->relationships,
                                                          i),
                                       NULL, error))
      return FALSE;
  return TRUE;
}

gboolean
twin_store_save_graph (TwinStore           *self,
                       const TwinGraphFile *file,
                       int64_t              now_us,
                       GError             **error)
{
  gboolean own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  ok = (!own ||
        twin_store_begin_change (self, NULL, "import", NULL, now_us, error)) &&
       save_all (self, file, now_us, error);
  return twin_store_leave (self, own, ok, error);
}

TwinTwin *
twin_store_twin_from_row (const TwinStoreTwin *row, GError **error)
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

TwinRelationship *
twin_store_relationship_from_row (const TwinStoreRelationship *row,
                                  GError                     **error)
{
  TwinRelationship *relationship =
      twin_relationship_from_props (row->source, row->id, row->name,
                                    row->target, row->etag, row->props, error);

  if (relationship == NULL)
    g_prefix_error (error, "Relationship “%s” of “%s” in the store: ", row->id,
                    row->source);
  return relationship;
}

TwinTwin *
twin_store_reader_load_twin (TwinStoreReader *self,
                             const char      *id,
                             GError         **error)
{
  g_autoptr (TwinStoreTwin) row = twin_store_reader_get_twin (self, id, error);

  return row != NULL ? twin_store_twin_from_row (row, error) : NULL;
}

TwinGraphFile *
twin_store_graph_from_rows (const GPtrArray *models,
                            const GPtrArray *twins,
                            const GPtrArray *relationships,
                            GError         **error)
{
  g_autoptr (TwinGraphFile) file = twin_graph_file_new ();

  for (guint i = 0; i < models->len; i++)
    {
      const TwinStoreModel *row = g_ptr_array_index (models, i);
      JsonNode             *node = json_from_string (row->json, error);

      if (node == NULL)
        {
          g_prefix_error (error, "Model “%s” in the store: ", row->dtmi);
          return NULL;
        }
      g_ptr_array_add (file->models, node);
    }

  for (guint i = 0; i < twins->len; i++)
    {
      TwinTwin *twin =
          twin_store_twin_from_row (g_ptr_array_index (twins, i), error);

      if (twin == NULL)
        return NULL;
      g_ptr_array_add (file->twins, twin);
    }

  for (guint i = 0; i < relationships->len; i++)
    {
      TwinRelationship *relationship =
          twin_store_relationship_from_row (g_ptr_array_index (relationships,
                                                               i),
                                            error);

      if (relationship == NULL)
        return NULL;
      g_ptr_array_add (file->relationships, relationship);
    }
  return g_steal_pointer (&file);
}

TwinGraphFile *
twin_store_reader_load_graph (TwinStoreReader *self, GError **error)
{
  const gboolean own = sqlite3_get_autocommit (self->sql.db) != 0;
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GPtrArray) twins = NULL;
  g_autoptr (GPtrArray) relationships = NULL;

  if (own && !twin_store_reader_begin (self, error))
    return NULL;

  models = twin_store_reader_list_models (self, error);
  if (models != NULL)
    twins = twin_store_reader_list_twins (self, error);
  if (twins != NULL)
    relationships = twin_store_reader_list_relationships (self, NULL, error);
  if (own)
    twin_store_reader_end (self);
  return relationships != NULL
             ? twin_store_graph_from_rows (models, twins, relationships, error)
             : NULL;
}
