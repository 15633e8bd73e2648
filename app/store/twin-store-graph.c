/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-graph.h"

#include "twin-store-private.h"
#include "twin-store-tables.h"

/* What ends every function here: the topic moves when something changed. */
static gboolean
leave (TwinStore *self, gboolean own, gboolean ok, GError **error)
{
  if (ok)
    twin_store_mark_topic (self, TWIN_STORE_TOPIC_GRAPH);
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_put_model (TwinStore            *self,
                      const TwinStoreModel *row,
                      GError              **error)
{
  gboolean own;

  g_return_val_if_fail (row->dtmi != NULL && row->json != NULL, FALSE);

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  return leave (self, own,
                twin_store_table_put (&self->sql, &twin_store_table_model, row,
                                      NULL, error),
                error);
}

/* Deletes what @sql with @types names; NOT_FOUND when nothing was there. */
static gboolean
check_deleted (TwinStore  *self,
               const char *what,
               const char *name,
               GError    **error)
{
  if (sqlite3_changes (self->sql.db) > 0)
    return TRUE;

  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND,
               "There is no %s “%s” in the store", what, name);
  return FALSE;
}

static gboolean
check_unused (TwinStore  *self,
              const char *sql,
              const char *name,
              const char *text,
              GError    **error)
{
  int64_t n = 0;

  if (!twin_store_db_get_int (&self->sql, error, &n, sql, "s", name))
    return FALSE;
  if (n == 0)
    return TRUE;

  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_EXISTS, text, name, n);
  return FALSE;
}

gboolean
twin_store_delete_model (TwinStore *self, const char *dtmi, GError **error)
{
  gboolean own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;

  ok = check_unused (self, "SELECT count (*) FROM twin WHERE model = ?", dtmi,
                     "The model “%s” is used by %" G_GINT64_FORMAT
                     " twins; delete those first",
                     error) &&
       twin_store_db_run (&self->sql, error, "DELETE FROM model WHERE dtmi = ?",
                          "s", dtmi) &&
       check_deleted (self, "model", dtmi, error);
  return leave (self, own, ok, error);
}

char *
twin_store_new_etag (void)
{
  return g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
}

static gboolean
check_etag (TwinStore  *self,
            const char *id,
            const char *if_etag,
            GError    **error)
{
  sqlite3_stmt *select;
  GError       *failure = NULL;
  gboolean      exists;
  gboolean      same = FALSE;

  if (if_etag == NULL)
    return TRUE;

  select = twin_store_db_prepare (&self->sql,
                                  "SELECT etag FROM twin WHERE id = ?", error);
  if (select == NULL)
    return FALSE;

  twin_store_db_bind (select, "s", id);
  exists = twin_store_db_step (&self->sql, select, &failure);
  if (exists)
    {
      same = g_strcmp0 ((const char *) sqlite3_column_text (select, 0),
                        if_etag) == 0;
      sqlite3_reset (select);
    }

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (same || (!exists && *if_etag == '\0'))
    return TRUE;

  if (!exists)
    g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND,
                 "There is no twin “%s” in the store", id);
  else if (*if_etag == '\0')
    g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_EXISTS,
                 "There is a twin “%s” already; choose another id", id);
  else
    g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED,
                 "Twin “%s” was changed by somebody else; read it again", id);
  return FALSE;
}

gboolean
twin_store_put_twin (TwinStore           *self,
                     const TwinStoreTwin *row,
                     const char          *if_etag,
                     GError             **error)
{
  g_autofree char *etag = row->etag == NULL ? twin_store_new_etag () : NULL;
  TwinStoreTwin    twin = *row;
  gboolean         own, ok;

  g_return_val_if_fail (row->id != NULL && row->model != NULL, FALSE);
  g_return_val_if_fail (row->lifecycle != NULL && row->props != NULL, FALSE);

  if (etag != NULL)
    twin.etag = etag;
  if (!twin_store_enter (self, &own, error))
    return FALSE;

  ok = check_etag (self, row->id, if_etag, error) &&
       twin_store_table_put (&self->sql, &twin_store_table_twin, &twin, NULL,
                             error);
  return leave (self, own, ok, error);
}

gboolean
twin_store_delete_twin (TwinStore *self, const char *id, GError **error)
{
  gboolean own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;

  ok = check_unused (self,
                     "SELECT count (*) FROM relationship"
                     " WHERE source = ?1 OR target = ?1",
                     id,
                     "Twin “%s” has %" G_GINT64_FORMAT
                     " relationships; delete those first",
                     error) &&
       twin_store_db_run (&self->sql, error, "DELETE FROM twin WHERE id = ?",
                          "s", id) &&
       check_deleted (self, "twin", id, error);
  return leave (self, own, ok, error);
}

gboolean
twin_store_put_relationship (TwinStore                   *self,
                             const TwinStoreRelationship *row,
                             GError                     **error)
{
  g_autofree char *etag = row->etag == NULL ? twin_store_new_etag () : NULL;
  TwinStoreRelationship relationship = *row;
  gboolean              own;

  g_return_val_if_fail (row->source != NULL && row->id != NULL, FALSE);
  g_return_val_if_fail (row->name != NULL && row->target != NULL, FALSE);

  if (etag != NULL)
    relationship.etag = etag;
  if (!twin_store_enter (self, &own, error))
    return FALSE;
  return leave (self, own,
                twin_store_table_put (&self->sql,
                                      &twin_store_table_relationship,
                                      &relationship, NULL, error),
                error);
}

gboolean
twin_store_delete_relationship (TwinStore  *self,
                                const char *source,
                                const char *id,
                                GError    **error)
{
  gboolean own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;

  ok =
      twin_store_db_run (&self->sql, error,
                         "DELETE FROM relationship WHERE source = ? AND id = ?",
                         "ss", source, id) &&
      check_deleted (self, "relationship", id, error);
  return leave (self, own, ok, error);
}
