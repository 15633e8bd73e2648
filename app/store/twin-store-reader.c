/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-reader.h"

#include <string.h>

#include "twin-store-schema.h"
#include "twin-store-functions.h"
#include "twin-store-private.h"
#include "twin-store-reader-private.h"
#include "twin-store-tables.h"

TwinStoreReader *
twin_store_reader_open (const char *path, GError **error)
{
  TwinStoreReader *self = g_new0 (TwinStoreReader, 1);
  int              version;

  if (!twin_store_db_open (&self->sql, path, SQLITE_OPEN_READONLY, error) ||
      !twin_store_db_exec (&self->sql,
                           "PRAGMA temp_store = MEMORY;"
                           "PRAGMA cell_size_check = ON;"
                           "PRAGMA trusted_schema = OFF;"
                           "PRAGMA query_only = ON",
                           error) ||
      (version = twin_store_schema_read_version (&self->sql, error)) < 0)
    {
      twin_store_reader_close (self);
      return NULL;
    }

  if (version != twin_store_schema_version ())
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_FORMAT,
                   "The store %s is of an earlier version (schema %d, not "
                   "%d); start an engine on it once to bring it up to date",
                   path, version, twin_store_schema_version ());
      twin_store_reader_close (self);
      return NULL;
    }
  return self;
}

void
twin_store_reader_close (TwinStoreReader *self)
{
  if (self == NULL)
    return;

  twin_store_reader_end (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->kept); i++)
    sqlite3_finalize (self->kept[i]);
  twin_store_reader_set_models_cache (self, 0, NULL, NULL);
  twin_store_db_close (&self->sql);
  g_free (self);
}

gboolean
twin_store_reader_begin (TwinStoreReader *self, GError **error)
{
  int64_t ignored;

  g_return_val_if_fail (sqlite3_get_autocommit (self->sql.db), FALSE);

  /* A deferred transaction sees what is there at its first read. */
  return twin_store_db_run (&self->sql, error, "BEGIN", "") &&
         twin_store_db_get_int (&self->sql, error, &ignored,
                                "SELECT count (*) FROM meta", "");
}

void
twin_store_reader_end (TwinStoreReader *self)
{
  if (self->sql.db != NULL && !sqlite3_get_autocommit (self->sql.db))
    sqlite3_exec (self->sql.db, "ROLLBACK", NULL, NULL, NULL);
}

int64_t
twin_store_reader_data_version (TwinStoreReader *self)
{
  return twin_store_read_data_version (&self->sql);
}

int64_t
twin_store_reader_topic_version (TwinStoreReader *self, TwinStoreTopic topic)
{
  return twin_store_read_topic (&self->sql, topic);
}

struct sqlite3 *
twin_store_reader_get_db (TwinStoreReader *self)
{
  return self->sql.db;
}

/* --- graph -----------------------------------------------------------------
 */

GPtrArray *
twin_store_reader_list_models (TwinStoreReader *self, GError **error)
{
  return twin_store_table_list (&self->sql, &twin_store_table_model, error,
                                "ORDER BY dtmi", "");
}

TwinStoreModel *
twin_store_reader_get_model (TwinStoreReader *self,
                             const char      *dtmi,
                             GError         **error)
{
  return twin_store_table_one (&twin_store_table_model,
                               twin_store_table_list (&self->sql,
                                                      &twin_store_table_model,
                                                      error, "WHERE dtmi = ?",
                                                      "s", dtmi),
                               dtmi, error);
}

GPtrArray *
twin_store_reader_list_twins (TwinStoreReader *self, GError **error)
{
  return twin_store_table_list (&self->sql, &twin_store_table_twin, error,
                                "ORDER BY id", "");
}

TwinStoreTwin *
twin_store_reader_get_twin (TwinStoreReader *self,
                            const char      *id,
                            GError         **error)
{
  return twin_store_table_one (&twin_store_table_twin,
                               twin_store_table_list (&self->sql,
                                                      &twin_store_table_twin,
                                                      error, "WHERE id = ?",
                                                      "s", id),
                               id, error);
}

gboolean
twin_store_reader_count_twins (TwinStoreReader *self,
                               const char      *dtmi,
                               uint64_t        *count,
                               GError         **error)
{
  int64_t n = 0;

  if (!twin_store_db_get_int (&self->sql, error, &n,
                              "SELECT count (*) FROM twin WHERE model = ?", "s",
                              dtmi))
    return FALSE;

  *count = (uint64_t) n;
  return TRUE;
}

GPtrArray *
twin_store_reader_list_relationships (TwinStoreReader *self,
                                      const char      *source,
                                      GError         **error)
{
  if (source == NULL)
    return twin_store_table_list (&self->sql, &twin_store_table_relationship,
                                  error, "ORDER BY source, id", "");
  return twin_store_table_list (&self->sql, &twin_store_table_relationship,
                                error, "WHERE source = ? ORDER BY id", "s",
                                source);
}

GPtrArray *
twin_store_reader_list_incoming (TwinStoreReader *self,
                                 const char      *target,
                                 GError         **error)
{
  return twin_store_table_list (&self->sql, &twin_store_table_relationship,
                                error,
                                "WHERE target = ? ORDER BY name, source, id",
                                "s", target);
}

/* --- nodes ------------------------------------------------------------------
 */

GPtrArray *
twin_store_reader_list_nodes (TwinStoreReader *self, GError **error)
{
  return twin_store_table_list (&self->sql, &twin_store_table_node, error,
                                "ORDER BY name", "");
}

TwinStoreNode *
twin_store_reader_get_node (TwinStoreReader *self,
                            const char      *name,
                            GError         **error)
{
  return twin_store_table_one (&twin_store_table_node,
                               twin_store_table_list (&self->sql,
                                                      &twin_store_table_node,
                                                      error, "WHERE name = ?",
                                                      "s", name),
                               name, error);
}

/* TwinStoreRange has an array member, so it is read by hand. */
static void
free_range (void *data)
{
  TwinStoreRange *range = data;

  g_free ((char *) range->node);
  g_free ((char *) range->cause);
  g_free (range);
}

static GPtrArray *
list_ranges (TwinStoreReader *self,
             const char      *sql,
             const char      *node,
             GError         **error)
{
  sqlite3_stmt *select = twin_store_db_prepare (&self->sql, sql, error);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (free_range);
  GError *failure = NULL;

  if (select == NULL)
    return NULL;

  twin_store_db_bind (select, "s", node);
  while (twin_store_db_step (&self->sql, select, &failure))
    {
      TwinStoreRange *range = g_new0 (TwinStoreRange, 1);

      range->node = g_strdup ((const char *) sqlite3_column_text (select, 0));
      if (sqlite3_column_bytes (select, 1) == sizeof range->ring)
        memcpy (range->ring, sqlite3_column_blob (select, 1),
                sizeof range->ring);
      range->epoch = sqlite3_column_int64 (select, 2);
      range->first = sqlite3_column_int64 (select, 3);
      range->last = sqlite3_column_int64 (select, 4);
      range->first_us = twin_store_db_column_time (select, 5);
      range->last_us = twin_store_db_column_time (select, 6);
      range->cause = g_strdup ((const char *) sqlite3_column_text (select, 7));
      g_ptr_array_add (rows, range);
    }

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  return g_steal_pointer (&rows);
}

GPtrArray *
twin_store_reader_list_received (TwinStoreReader *self,
                                 const char      *node,
                                 GError         **error)
{
  return list_ranges (self,
                      "SELECT node, ring, epoch, first, last, first_us,"
                      " last_us, NULL FROM received_range JOIN stream"
                      " ON stream.id = received_range.stream"
                      " WHERE ?1 IS NULL OR node = ?1"
                      " ORDER BY node, ring, epoch, first",
                      node, error);
}

GPtrArray *
twin_store_reader_list_losses (TwinStoreReader *self,
                               const char      *node,
                               GError         **error)
{
  return list_ranges (self,
                      "SELECT node, ring, epoch, first, last, NULL, NULL,"
                      " cause FROM known_loss JOIN stream"
                      " ON stream.id = known_loss.stream"
                      " WHERE ?1 IS NULL OR node = ?1"
                      " ORDER BY node, ring, epoch, first",
                      node, error);
}

gboolean
twin_store_reader_get_counts (TwinStoreReader *self,
                              const char      *node,
                              TwinStoreCounts *counts,
                              GError         **error)
{
  int64_t received = 0, lost = 0, span = 0, conflicts = 0;

  /* Below the newest number of an epoch every one is received, lost or open:
   * the three add up. */
  if (!twin_store_db_get_int (&self->sql, error, &received,
                              "SELECT sum (last - first + 1) FROM "
                              "received_range"
                              " JOIN stream ON stream.id = stream"
                              " WHERE ?1 IS NULL OR node = ?1",
                              "s", node) ||
      !twin_store_db_get_int (&self->sql, error, &lost,
                              "SELECT sum (last - first + 1) FROM known_loss"
                              " JOIN stream ON stream.id = stream"
                              " WHERE ?1 IS NULL OR node = ?1",
                              "s", node) ||
      !twin_store_db_get_int (
          &self->sql, error, &span,
          "SELECT sum (newest + 1) FROM (SELECT max (last) AS "
          "newest FROM"
          " (SELECT stream, last FROM received_range UNION ALL"
          "  SELECT stream, last FROM known_loss)"
          " JOIN stream ON stream.id = stream"
          " WHERE ?1 IS NULL OR node = ?1 GROUP BY stream)",
          "s", node) ||
      !twin_store_db_get_int (&self->sql, error, &conflicts,
                              "SELECT count (*) FROM conflict"
                              " JOIN stream ON stream.id = stream"
                              " WHERE ?1 IS NULL OR node = ?1",
                              "s", node))
    return FALSE;

  counts->records = received;
  counts->known_losses = lost;
  counts->open_gaps = MAX (span - received - lost, 0);
  counts->conflicts = conflicts;
  return TRUE;
}

/* --- present state
 * ------------------------------------------------------------ */

GPtrArray *
twin_store_reader_list_alarms (TwinStoreReader *self, GError **error)
{
  return twin_store_table_list (&self->sql, &twin_store_table_alarm, error,
                                "ORDER BY source, condition", "");
}

TwinStorePrediction *
twin_store_reader_get_prediction (TwinStoreReader *self,
                                  const char      *machine,
                                  GError         **error)
{
  return twin_store_table_one (
      &twin_store_table_prediction,
      twin_store_table_list (&self->sql, &twin_store_table_prediction, error,
                             "WHERE machine = ? ORDER BY time_us DESC LIMIT 1",
                             "s", machine),
      machine, error);
}

TwinStoreCommand *
twin_store_reader_get_command (TwinStoreReader *self,
                               const char      *id,
                               GError         **error)
{
  return twin_store_table_one (&twin_store_table_command,
                               twin_store_table_list (&self->sql,
                                                      &twin_store_table_command,
                                                      error, "WHERE id = ?",
                                                      "s", id),
                               id, error);
}

TwinStoreDesired *
twin_store_reader_get_desired (TwinStoreReader *self,
                               const char      *node,
                               GError         **error)
{
  return twin_store_table_one (
      &twin_store_table_desired,
      twin_store_table_list (&self->sql, &twin_store_table_desired, error,
                             "WHERE node = ? ORDER BY version DESC LIMIT 1",
                             "s", node),
      node, error);
}

GPtrArray *
twin_store_reader_list_orders (TwinStoreReader *self,
                               const char      *machine,
                               GError         **error)
{
  return twin_store_table_list (&self->sql, &twin_store_table_order, error,
                                "WHERE ?1 IS NULL OR machine = ?1 ORDER BY id "
                                "DESC",
                                "s", machine);
}

GPtrArray *
twin_store_reader_list_outcomes (TwinStoreReader *self, GError **error)
{
  return twin_store_table_list (&self->sql, &twin_store_table_outcome, error,
                                "ORDER BY id", "");
}

TwinStoreRequest *
twin_store_reader_get_request (TwinStoreReader *self,
                               int64_t          id,
                               GError         **error)
{
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, id);

  return twin_store_table_one (&twin_store_table_request,
                               twin_store_table_list (&self->sql,
                                                      &twin_store_table_request,
                                                      error, "WHERE id = ?",
                                                      "i", id),
                               name, error);
}

TwinStoreStatus *
twin_store_reader_get_status (TwinStoreReader *self, GError **error)
{
  return twin_store_table_one (&twin_store_table_status,
                               twin_store_table_list (&self->sql,
                                                      &twin_store_table_status,
                                                      error, "WHERE id = 1",
                                                      ""),
                               "1", error);
}

static char *
get_text (TwinStoreReader *self,
          const char      *sql,
          const char      *key,
          GError         **error)
{
  sqlite3_stmt *select = twin_store_db_prepare (&self->sql, sql, error);
  char         *text = NULL;

  if (select == NULL)
    return NULL;

  twin_store_db_bind (select, "s", key);
  if (twin_store_db_step (&self->sql, select, error))
    {
      text = g_strdup ((const char *) sqlite3_column_text (select, 0));
      sqlite3_reset (select);
    }
  sqlite3_clear_bindings (select);
  return text;
}

char *
twin_store_reader_get_setting (TwinStoreReader *self,
                               const char      *key,
                               GError         **error)
{
  return get_text (self, "SELECT value FROM setting WHERE key = ?", key, error);
}

char *
twin_store_reader_get_plant (TwinStoreReader *self, GError **error)
{
  return get_text (self, "SELECT value FROM meta WHERE key = ?", "plant",
                   error);
}
