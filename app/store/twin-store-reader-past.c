/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-reader-past.c - the graph as it was */
#include "twin-store-changes.h"
#include "twin-store-reader-private.h"
#include "twin-store-tables.h"
#include "twin-store-twins.h"

/* What was valid at ?1, as a table of @columns. */
#define AT(columns, now, past)                                                 \
  "(SELECT " columns " FROM " now " WHERE updated_us <= ?1"                    \
  " UNION ALL SELECT " columns " FROM " past                                   \
  " WHERE updated_us <= ?1 AND ended_us > ?1)"

#define TWIN_COLUMNS                                                           \
  "id, model, display_name, lifecycle, props, etag, created_us, updated_us,"   \
  " change, tags"
#define RELATIONSHIP_COLUMNS                                                   \
  "source, id, name, target, props, etag, updated_us, change"
#define MODEL_COLUMNS "dtmi, json, created_us, updated_us, change"

static const char twins_at[] = AT (TWIN_COLUMNS, "twin", "twin_past");
static const char relationships_at[] =
    AT (RELATIONSHIP_COLUMNS, "relationship", "relationship_past");
static const char models_at[] = AT (MODEL_COLUMNS, "model", "model_past");

/* Rows of @table's sort out of @from, a SELECT in parentheses. */
static GPtrArray *
list_from (TwinStoreReader      *self,
           const TwinStoreTable *table,
           const char           *from,
           int64_t               at_us,
           const char           *name,
           const char           *tail,
           GError              **error)
{
  TwinStoreTable view = *table;

  view.name = from;
  return twin_store_table_list (&self->sql, &view, error, tail,
                                name != NULL ? "is" : "i", at_us, name);
}

TwinStoreTwin *
twin_store_reader_get_twin_at (TwinStoreReader *self,
                               const char      *id,
                               int64_t          at_us,
                               GError         **error)
{
  GPtrArray *rows = list_from (self, &twin_store_table_twin, twins_at, at_us,
                               id, "WHERE id = ?2", error);

  if (rows != NULL && rows->len == 0)
    {
      g_autofree char *then = twin_clock_format_utc (at_us);

      g_ptr_array_unref (rows);
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND,
                   "There was no twin “%s” in the store at %s", id, then);
      return NULL;
    }
  return twin_store_table_one (&twin_store_table_twin, rows, id, error);
}

TwinTwin *
twin_store_reader_load_twin_at (TwinStoreReader *self,
                                const char      *id,
                                int64_t          at_us,
                                GError         **error)
{
  g_autoptr (TwinStoreTwin) row =
      twin_store_reader_get_twin_at (self, id, at_us, error);

  return row != NULL ? twin_store_twin_from_row (row, error) : NULL;
}

TwinStoreTwin *
twin_store_reader_get_twin_by_etag (TwinStoreReader *self,
                                    const char      *id,
                                    const char      *etag,
                                    GError         **error)
{
  TwinStoreTable view = twin_store_table_twin;

  view.name = "(SELECT " TWIN_COLUMNS " FROM twin WHERE id = ?1 AND etag = ?2"
              " UNION ALL SELECT " TWIN_COLUMNS
              " FROM twin_past WHERE id = ?1 AND etag = ?2)";
  return twin_store_table_one (&twin_store_table_twin,
                               twin_store_table_list (&self->sql, &view, error,
                                                      "LIMIT 1", "ss", id,
                                                      etag),
                               id, error);
}

GPtrArray *
twin_store_reader_list_relationships_at (TwinStoreReader *self,
                                         const char      *twin,
                                         gboolean         incoming,
                                         int64_t          at_us,
                                         GError         **error)
{
  return list_from (self, &twin_store_table_relationship, relationships_at,
                    at_us, twin,
                    incoming ? "WHERE target = ?2 ORDER BY name, source, id"
                             : "WHERE source = ?2 ORDER BY id",
                    error);
}

TwinGraphFile *
twin_store_reader_load_graph_at (TwinStoreReader *self,
                                 int64_t          at_us,
                                 GError         **error)
{
  const gboolean own = sqlite3_get_autocommit (self->sql.db) != 0;
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GPtrArray) twins = NULL;
  g_autoptr (GPtrArray) relationships = NULL;

  if (own && !twin_store_reader_begin (self, error))
    return NULL;

  models = list_from (self, &twin_store_table_model, models_at, at_us, NULL,
                      "ORDER BY dtmi", error);
  if (models != NULL)
    twins = list_from (self, &twin_store_table_twin, twins_at, at_us, NULL,
                       "ORDER BY id", error);
  if (twins != NULL)
    relationships =
        list_from (self, &twin_store_table_relationship, relationships_at,
                   at_us, NULL, "ORDER BY source, id", error);
  if (own)
    twin_store_reader_end (self);
  return relationships != NULL
             ? twin_store_graph_from_rows (models, twins, relationships, error)
             : NULL;
}
