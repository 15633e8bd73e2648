/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-export.h"

#include "twin-json.h"
#include "twin-store-reader-private.h"
#include "twin-store-tables.h"
#include "twin-store-twins.h"

#define PAGE "500"

static gboolean
write_models (TwinStoreReader       *self,
              TwinGraphWriter       *writer,
              TwinStoreExportCounts *counts,
              GError               **error)
{
  g_autoptr (GPtrArray) rows = twin_store_reader_list_models (self, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStoreModel *row = g_ptr_array_index (rows, i);
      g_autoptr (JsonNode) node =
          twin_json_parse (row->dtmi, row->json, -1, error);

      if (node == NULL || !twin_graph_writer_model (writer, node, error))
        return FALSE;
      counts->models++;
    }

  return rows != NULL;
}

static gboolean
write_twin (const TwinStoreTwin *row, TwinGraphWriter *writer, GError **error)
{
  g_autoptr (TwinTwin) twin = twin_store_twin_from_row (row, error);

  if (twin == NULL)
    return FALSE;

  g_clear_pointer (&twin->etag, g_free);
  return twin_graph_writer_twin (writer, twin, error);
}

static gboolean
write_twins (TwinStoreReader       *self,
             TwinGraphWriter       *writer,
             TwinStoreExportCounts *counts,
             GError               **error)
{
  g_autoptr (GPtrArray) page = NULL;
  const char *last = "";

  do
    {
      GPtrArray *next =
          twin_store_table_list (&self->sql, &twin_store_table_twin, error,
                                 "WHERE id > ? ORDER BY id LIMIT " PAGE, "s",
                                 last);

      g_clear_pointer (&page, g_ptr_array_unref);
      page = next;
      for (guint i = 0; page != NULL && i < page->len; i++)
        {
          const TwinStoreTwin *row = g_ptr_array_index (page, i);

          if (!write_twin (row, writer, error))
            return FALSE;
          last = row->id;
          counts->twins++;
        }
    }
  while (page != NULL && page->len > 0);

  return page != NULL;
}

static gboolean
write_relationship (const TwinStoreRelationship *row,
                    TwinGraphWriter             *writer,
                    GError                     **error)
{
  g_autoptr (TwinRelationship) one =
      twin_relationship_from_props (row->source, row->id, row->name,
                                    row->target, NULL, row->props, error);

  if (one != NULL)
    return twin_graph_writer_relationship (writer, one, error);
  g_prefix_error (error, "Relationship “%s” of “%s” in the store: ", row->id,
                  row->source);
  return FALSE;
}

static gboolean
write_relationships (TwinStoreReader       *self,
                     TwinGraphWriter       *writer,
                     TwinStoreExportCounts *counts,
                     GError               **error)
{
  g_autoptr (GPtrArray) page = NULL;
  const char *source = "", *id = "";

  do
    {
      GPtrArray *next = twin_store_table_list (
          &self->sql, &twin_store_table_relationship, error,
          "WHERE (source, id) > (?, ?) ORDER BY source, id LIMIT " PAGE, "ss",
          source, id);

      g_clear_pointer (&page, g_ptr_array_unref);
      page = next;
      for (guint i = 0; page != NULL && i < page->len; i++)
        {
          const TwinStoreRelationship *row = g_ptr_array_index (page, i);

          if (!write_relationship (row, writer, error))
            return FALSE;
          source = row->source;
          id = row->id;
          counts->relationships++;
        }
    }
  while (page != NULL && page->len > 0);

  return page != NULL;
}

gboolean
twin_store_reader_export (TwinStoreReader       *self,
                          TwinGraphWriter       *writer,
                          TwinStoreExportCounts *counts,
                          GError               **error)
{
  gboolean good;

  *counts = (TwinStoreExportCounts){ 0 };
  if (!twin_store_reader_begin (self, error))
    return FALSE;

  good = write_models (self, writer, counts, error) &&
         write_twins (self, writer, counts, error) &&
         write_relationships (self, writer, counts, error);
  twin_store_reader_end (self);
  return good && twin_graph_writer_end (writer, error);
}
