/* SPDX-License-Identifier: Apache-2.0 */
/* twin-editor-plant.c - edits of saved queries, models and many twins */
#include "twin-editor-private.h"

#include <string.h>

#include "twin-memory-text.h"
#include "twin-migration-plan.h"
#include "twin-query.h"
#include "twin-store-changes.h"
#include "twin-store-groups.h"
#include "twin-store-import.h"

/* --- saved queries
 * ---------------------------------------------------- */

gboolean
twin_editor_put_query (TwinEditor       *self,
                       const TwinEdit   *edit,
                       TwinEditorResult *result,
                       GError          **error)
{
  const TwinStoreSavedQuery row = {
    .name = edit->id != NULL ? edit->id : "",
    .query = edit->query != NULL ? edit->query : "",
    .note = edit->note,
    .who = self->who,
  };

  g_autoptr (TwinQuery) query = twin_query_parse (row.query, NULL, error);

  /* It must at least be one before it is kept. */
  result->text = g_strdup_printf ("Query %s saved", row.name);
  return query != NULL &&
         twin_store_put_saved_query (self->store, &row, twin_clock_utc_us (),
                                     error);
}

gboolean
twin_editor_delete_named (TwinEditor       *self,
                          const TwinEdit   *edit,
                          TwinEditorResult *result,
                          GError          **error)
{
  const char *name = edit->id != NULL ? edit->id : "";

  result->text = g_strdup_printf ("%s deleted", name);
  return edit->kind == TWIN_EDIT_DELETE_GROUP
             ? twin_store_delete_group (self->store, name, error)
             : twin_store_delete_saved_query (self->store, name, error);
}

/* --- models
 * ---------------------------------------------------------------------- */

gboolean
twin_editor_delete_model (TwinEditor       *self,
                          const TwinEdit   *edit,
                          TwinEditorResult *result,
                          GError          **error)
{
  TwinModelSet *models = twin_editor_get_models (self, error);
  const char   *id = edit->id != NULL ? edit->id : "";

  if (models == NULL)
    return FALSE;

  for (guint i = 0; i < twin_model_set_list (models)->len; i++)
    {
      const TwinInterface *other =
          g_ptr_array_index (twin_model_set_list (models), i);

      for (guint k = 0; k < other->extends->len; k++)
        {
          if (strcmp (g_ptr_array_index (other->extends, k), id) != 0)
            continue;

          g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_IN_USE,
                       "%s extends the model “%s”; delete that first",
                       other->id, id);
          return FALSE;
        }
    }

  result->kind = "delete";
  result->text = g_strdup_printf ("Model %s deleted", id);
  return twin_editor_begin (self, result, error) &&
         twin_store_delete_model (self->store, id, error);
}

/* --- import
 * ---------------------------------------------------------------------- */

static void
add_refusal (const TwinStoreRefusal *refusal, void *data)
{
  TwinRefusalItem *item = g_new0 (TwinRefusalItem, 1);

  item->where = refusal->id != NULL
                    ? g_strdup_printf ("%s, %s", refusal->place, refusal->id)
                    : g_strdup (refusal->place);
  item->text = g_strdup (refusal->reason);
  g_ptr_array_add (data, item);
}

gboolean
twin_editor_import (TwinEditor       *self,
                    const TwinEdit   *edit,
                    TwinEditorResult *result,
                    GPtrArray       **refusals,
                    GError          **error)
{
  g_autoptr (GPtrArray) refused = twin_refusal_items_new ();
  TwinMemoryText memory = { edit->json != NULL ? edit->json : "",
                            edit->json != NULL ? strlen (edit->json) : 0 };
  TwinStoreImportCounts counts;
  const TwinStoreImport import = {
    .name = edit->name != NULL ? edit->name : "import",
    .read = twin_memory_text_read,
    .read_data = &memory,
    .who = self->who,
    .now_us = twin_clock_utc_us (),
    .refused = add_refusal,
    .data = refused,
  };

  if (!twin_store_import (self->store, &import, &counts, error))
    {
      if (refusals != NULL && refused->len > 0)
        *refusals = g_steal_pointer (&refused);
      return FALSE;
    }

  result->change = twin_store_get_change (self->store);
  result->text =
      g_strdup_printf ("%" G_GUINT64_FORMAT " models, %" G_GUINT64_FORMAT
                       " twins, %" G_GUINT64_FORMAT
                       " relationships imported from %s",
                       counts.models, counts.twins, counts.relationships,
                       import.name);
  return TRUE;
}

/* --- migration
 * ------------------------------------------------------------------- */

static TwinMigrationPlan *
make_plan (TwinEditor *self, const TwinEdit *edit, GError **error)
{
  TwinModelSet *models = twin_editor_get_models (self, error);

  if (models == NULL)
    return NULL;

  return twin_migration_plan_new (self->reader, models,
                                  edit->model != NULL ? edit->model : "",
                                  edit->members, edit->query, error);
}

gboolean
twin_editor_migrate (TwinEditor       *self,
                     const TwinEdit   *edit,
                     TwinEditorResult *result,
                     GError          **error)
{
  g_autoptr (TwinMigrationPlan) plan = make_plan (self, edit, error);

  if (plan == NULL ||
      !twin_migration_plan_check (plan, edit->drop_lost, edit->if_etag, error))
    return FALSE;

  result->kind = "migrate";
  result->text =
      g_strdup_printf ("%u twins migrated to %s",
                       twin_migration_list (twin_migration_plan_get (plan))
                           ->len,
                       edit->model);
  return twin_editor_begin (self, result, error) &&
         twin_migration_plan_write (plan, self->store, error);
}

static void
add_text (GPtrArray *list, const TwinMigrationItem *item)
{
  g_ptr_array_add (list, g_strdup (item->text));
}

static TwinMigrationPreview *
preview_of (const TwinMigrationTwin *twin)
{
  TwinMigrationPreview *preview = g_new0 (TwinMigrationPreview, 1);
  GPtrArray            *lists[] = { g_ptr_array_new (), g_ptr_array_new (),
                                    g_ptr_array_new () };

  for (guint i = 0; i < twin->items->len; i++)
    {
      const TwinMigrationItem *item = g_ptr_array_index (twin->items, i);

      add_text (lists[item->kind], item);
    }

  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++)
    g_ptr_array_add (lists[i], NULL);

  preview->twin = g_strdup (twin->before->id);
  preview->gains = (GStrv) g_ptr_array_free (lists[TWIN_MIGRATION_GAIN], FALSE);
  preview->loses = (GStrv) g_ptr_array_free (lists[TWIN_MIGRATION_LOSE], FALSE);
  preview->violates =
      (GStrv) g_ptr_array_free (lists[TWIN_MIGRATION_VIOLATE], FALSE);
  return preview;
}

GPtrArray *
twin_editor_preview_migration (TwinEditor     *self,
                               const TwinEdit *edit,
                               GError        **error)
{
  g_autoptr (TwinMigrationPlan) plan = make_plan (self, edit, error);
  GPtrArray *previews;
  GPtrArray *twins;

  if (plan == NULL)
    return NULL;

  previews = twin_migration_previews_new ();
  twins = twin_migration_list (twin_migration_plan_get (plan));
  for (guint i = 0; i < twins->len; i++)
    g_ptr_array_add (previews, preview_of (g_ptr_array_index (twins, i)));

  return previews;
}

/* --- undo
 * ------------------------------------------------------------------------ */

gboolean
twin_editor_undo (TwinEditor       *self,
                  const TwinEdit   *edit,
                  TwinEditorResult *result,
                  GError          **error)
{
  result->text =
      g_strdup_printf ("Change %" G_GINT64_FORMAT " undone", edit->change);
  return twin_store_undo (self->store, edit->change, self->who,
                          twin_clock_utc_us (), error);
}
