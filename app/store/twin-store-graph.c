/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-graph.h"

#include "twin-lifecycle.h"
#include "twin-store-private.h"
#include "twin-store-tables.h"
#include "twin-store-version.h"

/* Puts @row under the change of the transaction; nothing moves when the store
 * has just that already. */
static gboolean
put (TwinStore            *self,
     const TwinStoreTable *table,
     const void           *row,
     GError              **error)
{
  gboolean changed;

  if (!twin_store_version_put (&self->sql, table, row, &changed, error))
    return FALSE;
  if (changed)
    twin_store_note_changed (self);
  return TRUE;
}

/* Deletes what has @row's key; NOT_FOUND, naming @name. */
static gboolean delete (TwinStore            *self,
                        const TwinStoreTable *table,
                        const void           *row,
                        const char           *name,
                        GError              **error)
{
  gboolean changed;

  if (!twin_store_version_delete (&self->sql, table, row, &changed, error))
    return FALSE;
  if (changed)
    {
      twin_store_note_changed (self);
      return TRUE;
    }

  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND,
               "There is no %s “%s” in the store", table->what, name);
  return FALSE;
}

/* A model that twins are of says for ever what it said when they were made. */
static gboolean
check_immutable (TwinStore *self, const TwinStoreModel *row, GError **error)
{
  int64_t n = 0;

  if (!twin_store_db_get_int (&self->sql, error, &n,
                              "SELECT count (*) FROM twin WHERE model = ?1"
                              " AND EXISTS (SELECT 1 FROM model"
                              " WHERE dtmi = ?1 AND json IS NOT ?2)",
                              "ss", row->dtmi, row->json))
    return FALSE;
  if (n == 0)
    return TRUE;

  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_EXISTS,
               "The model “%s” is there already with other content and "
               "%" G_GINT64_FORMAT " twins use it; give the new one the next "
               "version number and migrate the twins",
               row->dtmi, n);
  return FALSE;
}

static gboolean
put_model (TwinStore            *self,
           const TwinStoreModel *row,
           gboolean              replace,
           GError              **error)
{
  TwinStoreModel model = *row;
  gboolean       own, ok;

  g_return_val_if_fail (row->dtmi != NULL && row->json != NULL, FALSE);

  if (!twin_store_enter (self, &own, error))
    return FALSE;

  ok = (replace || check_immutable (self, row, error)) &&
       twin_store_need_change (self, error);
  if (ok)
    {
      model.change = self->change.id;
      model.updated_us = self->change.time_us;
      if (model.created_us == TWIN_TIME_NONE || model.created_us == 0)
        model.created_us = self->change.time_us;
      ok = put (self, &twin_store_table_model, &model, error);
    }
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_put_model (TwinStore            *self,
                      const TwinStoreModel *row,
                      GError              **error)
{
  return put_model (self, row, FALSE, error);
}

gboolean
twin_store_replace_model (TwinStore            *self,
                          const TwinStoreModel *row,
                          GError              **error)
{
  return put_model (self, row, TRUE, error);
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
  TwinStoreModel row = { .dtmi = dtmi };
  gboolean       own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;

  ok = check_unused (self, "SELECT count (*) FROM twin WHERE model = ?", dtmi,
                     "The model “%s” is used by %" G_GINT64_FORMAT
                     " twins; delete those first",
                     error) &&
       twin_store_need_change (self, error);
  if (ok)
    {
      row.change = self->change.id;
      row.updated_us = self->change.time_us;
      ok = delete (self, &twin_store_table_model, &row, dtmi, error);
    }
  return twin_store_leave (self, own, ok, error);
}

char *
twin_store_new_etag (void)
{
  return g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
}

/* @source: NULL, and @id is a twin; else @id is a relationship of that one. */
static gboolean
fail_etag (const char *source,
           const char *id,
           const char *if_etag,
           gboolean    exists,
           GError    **error)
{
  g_autofree char *name =
      source != NULL ? g_strdup_printf ("elationship “%s” of “%s”", id, source)
                     : g_strdup_printf ("win “%s”", id);
  const char *lower = source != NULL ? "r" : "t";
  const char *upper = source != NULL ? "R" : "T";

  if (!exists)
    g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND,
                 "There is no %s%s in the store", lower, name);
  else if (*if_etag == '\0')
    g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_EXISTS,
                 "There is a %s%s already; choose another id", lower, name);
  else
    g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED,
                 "%s%s was changed by somebody else; read it again", upper,
                 name);
  return FALSE;
}

static gboolean
check_etag (TwinStore  *self,
            const char *source,
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
                                  source != NULL
                                      ? "SELECT etag FROM relationship"
                                        " WHERE id = ? AND source = ?"
                                      : "SELECT etag FROM twin WHERE id = ?",
                                  error);
  if (select == NULL)
    return FALSE;

  twin_store_db_bind (select, source != NULL ? "ss" : "s", id, source);
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
  return same || (!exists && *if_etag == '\0') ||
         fail_etag (source, id, if_etag, exists, error);
}

/* What a reader could not read must not get in. */
static gboolean
check_lifecycle (const TwinStoreTwin *row, GError **error)
{
  TwinLifecycle lifecycle;

  if (twin_lifecycle_from_string (row->lifecycle, &lifecycle))
    return TRUE;

  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE,
               "Could not save twin “%s”: there is no life-cycle state “%s”",
               row->id, row->lifecycle);
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
  if (!check_lifecycle (row, error) || !twin_store_enter (self, &own, error))
    return FALSE;

  ok = check_etag (self, NULL, row->id, if_etag, error) &&
       twin_store_need_change (self, error);
  if (ok)
    {
      twin.change = self->change.id;
      twin.updated_us = self->change.time_us;
      if (twin.created_us == TWIN_TIME_NONE)
        twin.created_us = self->change.time_us;
      ok = put (self, &twin_store_table_twin, &twin, error);
    }
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_delete_twin (TwinStore  *self,
                        const char *id,
                        const char *if_etag,
                        GError    **error)
{
  TwinStoreTwin row = { .id = id };
  gboolean      own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;

  ok = check_etag (self, NULL, id, if_etag, error) &&
       check_unused (self,
                     "SELECT count (*) FROM relationship"
                     " WHERE source = ?1 OR target = ?1",
                     id,
                     "Twin “%s” has %" G_GINT64_FORMAT
                     " relationships; delete those first",
                     error) &&
       twin_store_need_change (self, error);
  if (ok)
    {
      row.change = self->change.id;
      row.updated_us = self->change.time_us;
      ok = delete (self, &twin_store_table_twin, &row, id, error);
    }
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_put_relationship (TwinStore                   *self,
                             const TwinStoreRelationship *row,
                             const char                  *if_etag,
                             GError                     **error)
{
  g_autofree char *etag = row->etag == NULL ? twin_store_new_etag () : NULL;
  TwinStoreRelationship relationship = *row;
  gboolean              own, ok;

  g_return_val_if_fail (row->source != NULL && row->id != NULL, FALSE);
  g_return_val_if_fail (row->name != NULL && row->target != NULL, FALSE);

  if (etag != NULL)
    relationship.etag = etag;
  if (!twin_store_enter (self, &own, error))
    return FALSE;

  ok = check_etag (self, row->source, row->id, if_etag, error) &&
       twin_store_need_change (self, error);
  if (ok)
    {
      relationship.change = self->change.id;
      relationship.updated_us = self->change.time_us;
      ok = put (self, &twin_store_table_relationship, &relationship, error);
    }
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_delete_relationship (TwinStore  *self,
                                const char *source,
                                const char *id,
                                const char *if_etag,
                                GError    **error)
{
  TwinStoreRelationship row = { .source = source, .id = id };
  gboolean              own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;

  ok = check_etag (self, source, id, if_etag, error) &&
       twin_store_need_change (self, error);
  if (ok)
    {
      row.change = self->change.id;
      row.updated_us = self->change.time_us;
      ok = delete (self, &twin_store_table_relationship, &row, id, error);
    }
  return twin_store_leave (self, own, ok, error);
}
