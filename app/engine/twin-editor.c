/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-editor-private.h"

#include <string.h>

#include "twin-json.h"
#include "twin-store-changes.h"
#include "twin-store-models.h"

TwinEditor *
twin_editor_open (const char *store_path,
                  const char *who,
                  TwinRoles  *roles,
                  GError    **error)
{
  g_autoptr (TwinEditor) self = g_new0 (TwinEditor, 1);

  self->path = g_strdup (store_path);
  self->who = g_strdup (who);
  self->roles = roles != NULL ? twin_roles_ref (roles) : NULL;
  self->models_version = -1;
  self->store = twin_store_open (store_path, TWIN_STORE_EDITOR, error);
  if (self->store == NULL)
    return NULL;

  self->reader = twin_store_reader_open (store_path, error);
  return self->reader != NULL ? g_steal_pointer (&self) : NULL;
}

void
twin_editor_close (TwinEditor *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->reader, twin_store_reader_close);
  g_clear_pointer (&self->store, twin_store_close);
  g_clear_pointer (&self->models, twin_model_set_unref);
  g_clear_pointer (&self->roles, twin_roles_unref);
  g_free (self->path);
  g_free (self->who);
  g_free (self);
}

TwinStoreReader *
twin_editor_get_reader (TwinEditor *self)
{
  return self->reader;
}

TwinModelSet *
twin_editor_get_models (TwinEditor *self, GError **error)
{
  int64_t version =
      twin_store_reader_topic_version (self->reader, TWIN_STORE_TOPIC_GRAPH);

  if (self->models == NULL || version != self->models_version)
    {
      g_autoptr (TwinModelSet) models =
          twin_store_reader_load_models (self->reader, error);

      if (models == NULL)
        return NULL;

      g_clear_pointer (&self->models, twin_model_set_unref);
      self->models = g_steal_pointer (&models);
      self->models_version = version;
    }

  return self->models;
}

gboolean
twin_editor_begin (TwinEditor *self, TwinEditorResult *result, GError **error)
{
  return twin_store_begin_change (self->store, self->who, result->kind,
                                  result->text, twin_clock_utc_us (), error);
}

/* --- one edit
 * -------------------------------------------------------------------- */

static const TwinEditorFunc funcs[TWIN_EDIT_N_KINDS] = {
  [TWIN_EDIT_CREATE_TWIN] = twin_editor_create_twin,
  [TWIN_EDIT_PATCH_TWIN] = twin_editor_change_twin,
  [TWIN_EDIT_SET_PROPERTY] = twin_editor_change_twin,
  [TWIN_EDIT_SET_LIFECYCLE] = twin_editor_change_twin,
  [TWIN_EDIT_TAG_TWIN] = twin_editor_change_twin,
  [TWIN_EDIT_DELETE_TWIN] = twin_editor_delete_twin,
  [TWIN_EDIT_CREATE_RELATIONSHIP] = twin_editor_create_relationship,
  [TWIN_EDIT_PATCH_RELATIONSHIP] = twin_editor_patch_relationship,
  [TWIN_EDIT_DELETE_RELATIONSHIP] = twin_editor_delete_relationship,
  [TWIN_EDIT_PUT_GROUP] = twin_editor_put_group,
  [TWIN_EDIT_DELETE_GROUP] = twin_editor_delete_named,
  [TWIN_EDIT_PUT_QUERY] = twin_editor_put_query,
  [TWIN_EDIT_DELETE_QUERY] = twin_editor_delete_named,
  [TWIN_EDIT_DELETE_MODEL] = twin_editor_delete_model,
  [TWIN_EDIT_MIGRATE] = twin_editor_migrate,
  [TWIN_EDIT_UNDO] = twin_editor_undo,
};

static gboolean
run (TwinEditor       *self,
     const TwinEdit   *edit,
     TwinEditorResult *result,
     GError          **error)
{
  g_return_val_if_fail (funcs[edit->kind] != NULL, FALSE);

  if (!twin_store_begin (self->store, error))
    return FALSE;

  if (funcs[edit->kind](self, edit, result, error) &&
      twin_store_commit (self->store, error))
    {
      result->change = twin_store_get_change (self->store);
      return TRUE;
    }

  twin_store_rollback (self->store);
  return FALSE;
}

static void
result_clear (TwinEditorResult *result)
{
  g_free (result->text);
  g_free (result->etag);
  g_free (result->mine);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwinEditorResult, result_clear)

TwinEdited *
twin_editor_apply (TwinEditor     *self,
                   const TwinEdit *edit,
                   TwinConflict  **conflict,
                   GPtrArray     **refusals,
                   GError        **error)
{
  g_auto (TwinEditorResult) result = { 0 };
  g_autoptr (GError) failure = NULL;
  TwinEdited *edited;
  gboolean    ok;

  if ((unsigned) edit->kind >= TWIN_EDIT_N_KINDS)
    g_return_val_if_reached (NULL);

  ok = edit->kind == TWIN_EDIT_IMPORT
           ? twin_editor_import (self, edit, &result, refusals, &failure)
           : run (self, edit, &result, &failure);
  if (!ok)
    {
      if (conflict != NULL &&
          g_error_matches (failure, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED))
        *conflict = twin_editor_explain (self, edit, &result);
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  edited = g_new0 (TwinEdited, 1);
  edited->change = result.change;
  edited->etag = g_steal_pointer (&result.etag);
  edited->text = g_steal_pointer (&result.text);
  return edited;
}
