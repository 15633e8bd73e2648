/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-migration-plan.h"

#include <string.h>

#include "twin-query.h"
#include "twin-store-twins.h"

struct _TwinMigrationPlan
{
  TwinStoreReader *reader; /* while it is made */
  GPtrArray       *twins;  /* TwinTwin that migrate */
  GHashTable      *others; /* id → TwinTwin at the other ends */
  TwinMigration   *migration;
  GError          *error; /* the first that a callback met */
};

/* --- what the migration asks for
 * ------------------------------------------------------- */

static const TwinTwin *
find_twin (const char *id, void *data)
{
  TwinMigrationPlan *self = data;
  TwinTwin          *twin = g_hash_table_lookup (self->others, id);

  if (twin == NULL && self->error == NULL)
    {
      twin = twin_store_reader_load_twin (self->reader, id, &self->error);
      if (twin != NULL)
        g_hash_table_insert (self->others, twin->id, twin);
    }

  return twin;
}

/* @rows (taken, may be NULL after an error) as TwinRelationship. */
static GPtrArray *
read_rows (TwinMigrationPlan *self, GPtrArray *rows)
{
  GPtrArray *list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) twin_relationship_free);

  for (guint i = 0; rows != NULL && self->error == NULL && i < rows->len; i++)
    {
      const TwinStoreRelationship *row = g_ptr_array_index (rows, i);
      TwinRelationship            *one =
          twin_relationship_from_props (row->source, row->id, row->name,
                                        row->target, row->etag, row->props,
                                        &self->error);

      if (one != NULL)
        g_ptr_array_add (list, one);
    }

  g_clear_pointer (&rows, g_ptr_array_unref);
  return list;
}

static GPtrArray *
list_outgoing (const char *id, void *data)
{
  TwinMigrationPlan *self = data;

  return read_rows (self,
                    self->error == NULL
                        ? twin_store_reader_list_relationships (self->reader,
                                                                id,
                                                                &self->error)
                        : NULL);
}

static GPtrArray *
list_incoming (const char *id, void *data)
{
  TwinMigrationPlan *self = data;

  return read_rows (self,
                    self->error == NULL
                        ? twin_store_reader_list_incoming (self->reader, id,
                                                           &self->error)
                        : NULL);
}

/* --- making
 * ----------------------------------------------------------------------------
 */

static gboolean
load (TwinMigrationPlan *self, const char *const *ids, GError **error)
{
  for (; ids != NULL && *ids != NULL; ids++)
    {
      TwinTwin *twin = twin_store_reader_load_twin (self->reader, *ids, error);

      if (twin == NULL)
        return FALSE;
      g_ptr_array_add (self->twins, twin);
    }

  return TRUE;
}

static gboolean
select_twins (TwinMigrationPlan *self,
              const char *const *members,
              const char        *query,
              GError           **error)
{
  g_autoptr (GPtrArray) ids = NULL;

  if (query == NULL)
    return load (self, members, error);

  ids = twin_query_collect_ids (query, self->reader, error);
  if (ids == NULL)
    return FALSE;

  g_ptr_array_add (ids, NULL);
  return load (self, (const char *const *) ids->pdata, error);
}

static gboolean
make (TwinMigrationPlan *self,
      TwinModelSet      *models,
      const char        *to,
      GError           **error)
{
  const TwinMigrationGraph graph = { find_twin, list_outgoing, list_incoming,
                                     self };

  self->migration = twin_migration_new (models, to, self->twins, &graph,
                                        twin_clock_utc_us (), error);
  if (self->migration == NULL)
    return FALSE;
  if (self->error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

TwinMigrationPlan *
twin_migration_plan_new (TwinStoreReader   *reader,
                         TwinModelSet      *models,
                         const char        *to,
                         const char *const *members,
                         const char        *query,
                         GError           **error)
{
  g_autoptr (TwinMigrationPlan) self = g_new0 (TwinMigrationPlan, 1);

  g_return_val_if_fail ((members == NULL) != (query == NULL), NULL);

  self->reader = reader;
  self->twins =
      g_ptr_array_new_with_free_func ((GDestroyNotify) twin_twin_free);
  self->others = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                        (GDestroyNotify) twin_twin_free);
  if (!select_twins (self, members, query, error) ||
      !make (self, models, to, error))
    return NULL;

  self->reader = NULL;
  return g_steal_pointer (&self);
}

void
twin_migration_plan_free (TwinMigrationPlan *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->migration, twin_migration_free);
  g_ptr_array_unref (self->twins);
  g_hash_table_unref (self->others);
  g_clear_error (&self->error);
  g_free (self);
}

TwinMigration *
twin_migration_plan_get (TwinMigrationPlan *self)
{
  return self->migration;
}

/* --- writing
 * ---------------------------------------------------------------------------
 */

gboolean
twin_migration_plan_check (TwinMigrationPlan *self,
                           gboolean           drop_lost,
                           const char        *if_preview,
                           GError           **error)
{
  const char *hash = twin_migration_get_hash (self->migration);

  if (if_preview != NULL && strcmp (if_preview, hash) != 0)
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED,
                   "The migration is no longer the one that was previewed as "
                   "%s, it is %s now; look at it again",
                   if_preview, hash);
      return FALSE;
    }

  return twin_migration_check (self->migration, drop_lost, error);
}

gboolean
twin_migration_plan_write (TwinMigrationPlan *self,
                           TwinStore         *store,
                           GError           **error)
{
  GPtrArray *twins = twin_migration_list (self->migration);

  for (guint i = 0; i < twins->len; i++)
    {
      const TwinMigrationTwin *twin = g_ptr_array_index (twins, i);

      if (!twin_store_save_twin (store, twin->after, twin->before->etag, error))
        return FALSE;
    }

  return TRUE;
}
