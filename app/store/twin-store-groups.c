/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-groups.h"

#include "twin-json.h"
#include "twin-store-private.h"
#include "twin-store-reader-private.h"
#include "twin-store-tables.h"
#include "twin-twin.h"

static gboolean
check_name (const char *what, const char *name, GError **error)
{
  glong length =
      g_utf8_validate (name, -1, NULL) ? g_utf8_strlen (name, -1) : 0;
  gboolean plain = length >= 1 && length <= 64;

  for (const char *p = name; plain && *p != '\0'; p = g_utf8_next_char (p))
    plain = !g_unichar_iscntrl (g_utf8_get_char (p));
  if (plain)
    return TRUE;

  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE,
               "Could not save the %s: its name must have 1 to 64 characters, "
               "none of them a control character",
               what);
  return FALSE;
}

/* The ids of a JSON array; NULL when it is anything else. */
static GPtrArray *
read_members (const char *json)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonNode) node = twin_json_parse ("members", json, -1, NULL);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *id = json_array_get_element (array, i);

      if (json_node_get_value_type (id) != G_TYPE_STRING ||
          !twin_twin_id_is_valid (json_node_get_string (id)))
        return NULL;
      g_ptr_array_add (ids, g_strdup (json_node_get_string (id)));
    }
  return g_steal_pointer (&ids);
}

GPtrArray *
twin_store_group_list_members (const TwinStoreGroup *row, GError **error)
{
  GPtrArray *ids = row->members != NULL
                       ? read_members (row->members)
                       : g_ptr_array_new_with_free_func (g_free);

  if (ids == NULL)
    g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_FORMAT,
                 "The members of group “%s” are no list of twin ids; save the "
                 "group again",
                 row->name);
  return ids;
}

static gboolean
check_members (const TwinStoreGroup *row, GError **error)
{
  g_autoptr (GPtrArray) ids =
      row->members != NULL ? read_members (row->members) : NULL;

  if (row->members == NULL || ids != NULL)
    return TRUE;

  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE,
               "Could not save group “%s”: its members must be a JSON array of "
               "twin ids, as [\"pump-1\",\"pump-2\"]",
               row->name);
  return FALSE;
}

static gboolean
check_group (const TwinStoreGroup *row, GError **error)
{
  if (!check_name ("group", row->name, error))
    return FALSE;

  if ((row->query == NULL) == (row->members == NULL))
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE,
                   "Could not save group “%s”: it needs either a query or a "
                   "list of members",
                   row->name);
      return FALSE;
    }

  if (row->tier != NULL && g_strcmp0 (row->tier, "full") != 0 &&
      g_strcmp0 (row->tier, "thresholds") != 0)
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE,
                   "Could not save group “%s”: there is no tier “%s”; the "
                   "tiers are “full” and “thresholds”",
                   row->name, row->tier);
      return FALSE;
    }
  return check_members (row, error);
}

static gboolean
put (TwinStore            *self,
     const TwinStoreTable *table,
     const void           *row,
     TwinStoreTopic        topic,
     GError              **error)
{
  gboolean own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;

  ok = twin_store_table_put (&self->sql, table, row, NULL, error);
  if (ok)
    twin_store_mark_topic (self, topic);
  return twin_store_leave (self, own, ok, error);
}

static gboolean
delete_named (TwinStore            *self,
              const TwinStoreTable *table,
              const char           *sql,
              const char           *name,
              TwinStoreTopic        topic,
              GError              **error)
{
  gboolean own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;

  ok = twin_store_db_run (&self->sql, error, sql, "s", name);
  if (ok && sqlite3_changes (self->sql.db) == 0)
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND,
                   "There is no %s “%s” in the store", table->what, name);
      ok = FALSE;
    }
  if (ok)
    twin_store_mark_topic (self, topic);
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_put_group (TwinStore            *self,
                      const TwinStoreGroup *row,
                      int64_t               now_us,
                      GError              **error)
{
  TwinStoreGroup group = *row;

  g_return_val_if_fail (row->name != NULL, FALSE);

  group.updated_us = now_us;
  return check_group (row, error) && put (self, &twin_store_table_group, &group,
                                          TWIN_STORE_TOPIC_GRAPH, error);
}

gboolean
twin_store_delete_group (TwinStore *self, const char *name, GError **error)
{
  return delete_named (self, &twin_store_table_group,
                       "DELETE FROM twin_group WHERE name = ?", name,
                       TWIN_STORE_TOPIC_GRAPH, error);
}

gboolean
twin_store_put_saved_query (TwinStore                 *self,
                            const TwinStoreSavedQuery *row,
                            int64_t                    now_us,
                            GError                   **error)
{
  TwinStoreSavedQuery query = *row;

  g_return_val_if_fail (row->name != NULL && row->query != NULL, FALSE);

  query.updated_us = now_us;
  return check_name ("query", row->name, error) &&
         put (self, &twin_store_table_saved_query, &query,
              TWIN_STORE_TOPIC_SETTINGS, error);
}

gboolean
twin_store_delete_saved_query (TwinStore  *self,
                               const char *name,
                               GError    **error)
{
  return delete_named (self, &twin_store_table_saved_query,
                       "DELETE FROM saved_query WHERE name = ?", name,
                       TWIN_STORE_TOPIC_SETTINGS, error);
}

GPtrArray *
twin_store_reader_list_groups (TwinStoreReader *self, GError **error)
{
  return twin_store_table_list (&self->sql, &twin_store_table_group, error,
                                "ORDER BY name", "");
}

TwinStoreGroup *
twin_store_reader_get_group (TwinStoreReader *self,
                             const char      *name,
                             GError         **error)
{
  return twin_store_table_one (&twin_store_table_group,
                               twin_store_table_list (&self->sql,
                                                      &twin_store_table_group,
                                                      error, "WHERE name = ?",
                                                      "s", name),
                               name, error);
}

GPtrArray *
twin_store_reader_list_saved_queries (TwinStoreReader *self, GError **error)
{
  return twin_store_table_list (&self->sql, &twin_store_table_saved_query,
                                error, "ORDER BY name", "");
}

TwinStoreSavedQuery *
twin_store_reader_get_saved_query (TwinStoreReader *self,
                                   const char      *name,
                                   GError         **error)
{
  return twin_store_table_one (
      &twin_store_table_saved_query,
      twin_store_table_list (&self->sql, &twin_store_table_saved_query, error,
                             "WHERE name = ?", "s", name),
      name, error);
}
