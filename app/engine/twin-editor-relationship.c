/* SPDX-License-Identifier: Apache-2.0 */
/* twin-editor-relationship.c - edits of one relationship */
#include "twin-editor-private.h"

#include <string.h>

#include "twin-json.h"
#include "twin-patch.h"
#include "twin-rules.h"

static TwinRelationship *
from_row (const TwinStoreRelationship *row, GError **error)
{
  return twin_relationship_from_props (row->source, row->id, row->name,
                                       row->target, row->etag, row->props,
                                       error);
}

TwinRelationship *
twin_editor_load_relationship (TwinEditor *self,
                               const char *source,
                               const char *id,
                               GError    **error)
{
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_relationships (self->reader,
                                            source != NULL ? source : "",
                                            error);

  if (rows == NULL)
    return NULL;

  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreRelationship *row = g_ptr_array_index (rows, i);

      if (g_strcmp0 (row->id, id) == 0)
        return from_row (row, error);
    }

  g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_NOT_FOUND,
               "“%s” has no relationship “%s”", source != NULL ? source : "",
               id != NULL ? id : "");
  return NULL;
}

/* How many relationships of its name begin at the source, it included. */
static gboolean
count_same (TwinEditor             *self,
            const TwinRelationship *relationship,
            gint64                 *count,
            GError                **error)
{
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_relationships (self->reader, relationship->source,
                                            error);

  if (rows == NULL)
    return FALSE;

  *count = 1;
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreRelationship *row = g_ptr_array_index (rows, i);

      *count += strcmp (row->name, relationship->name) == 0 &&
                strcmp (row->id, relationship->id) != 0;
    }

  return TRUE;
}

gboolean
twin_editor_relate (TwinEditor       *self,
                    TwinRelationship *relationship,
                    const TwinTwin   *source,
                    const TwinTwin   *target,
                    const char       *if_etag,
                    GError          **error)
{
  TwinModelSet *models = twin_editor_get_models (self, error);
  gint64        count;

  return models != NULL &&
         twin_relationship_check (relationship, source, target, models, "",
                                  error) &&
         count_same (self, relationship, &count, error) &&
         twin_multiplicity_check (relationship->source, source->model,
                                  relationship->name, count, models, "",
                                  error) &&
         twin_store_save_relationship (self->store, relationship, if_etag,
                                       error);
}

/* Loads both ends. */
static gboolean
load_ends (TwinEditor             *self,
           const TwinRelationship *relationship,
           TwinTwin              **source,
           TwinTwin              **target,
           GError                **error)
{
  *source =
      twin_store_reader_load_twin (self->reader, relationship->source, error);
  if (*source != NULL)
    *target =
        twin_store_reader_load_twin (self->reader, relationship->target, error);
  return *source != NULL && *target != NULL;
}

static gboolean
is_complete (const TwinEdit *edit, GError **error)
{
  if (edit->id != NULL && edit->relationship != NULL && edit->name != NULL &&
      edit->target != NULL && twin_twin_id_is_valid (edit->relationship))
    return TRUE;

  g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
               "A relationship needs its source, an id, a name and a target");
  return FALSE;
}

gboolean
twin_editor_create_relationship (TwinEditor       *self,
                                 const TwinEdit   *edit,
                                 TwinEditorResult *result,
                                 GError          **error)
{
  g_autoptr (JsonNode) properties = NULL;
  g_autoptr (TwinRelationship) relationship = NULL;
  g_autoptr (TwinTwin) source = NULL;
  g_autoptr (TwinTwin) target = NULL;

  if (!is_complete (edit, error))
    return FALSE;

  properties = twin_editor_parse_object (edit->json, error);
  if (properties == NULL)
    return FALSE;

  relationship = twin_relationship_new (edit->id, edit->relationship,
                                        edit->name, edit->target, properties);
  result->kind = "create";
  result->text = g_strdup_printf ("%s —%s→ %s created", edit->id, edit->name,
                                  edit->target);
  if (!load_ends (self, relationship, &source, &target, error) ||
      !twin_editor_begin (self, result, error) ||
      !twin_editor_relate (self, relationship, source, target, "", error))
    return FALSE;

  result->etag = g_strdup (relationship->etag);
  return TRUE;
}

gboolean
twin_editor_patch_relationship (TwinEditor       *self,
                                const TwinEdit   *edit,
                                TwinEditorResult *result,
                                GError          **error)
{
  g_autoptr (TwinPatch) patch =
      twin_patch_parse ("patch", edit->json != NULL ? edit->json : "", -1,
                        error);
  g_autoptr (TwinRelationship) relationship = NULL;
  g_autoptr (TwinRelationship) after = NULL;
  g_autoptr (JsonNode) document = NULL;
  g_autoptr (TwinTwin) source = NULL;
  g_autoptr (TwinTwin) target = NULL;

  if (patch == NULL)
    return FALSE;

  relationship =
      twin_editor_load_relationship (self, edit->id, edit->relationship, error);
  if (relationship == NULL)
    return FALSE;

  after = twin_patch_apply_relationship (patch, relationship, error);
  if (after == NULL)
    return FALSE;

  document = twin_relationship_to_json (after);
  result->mine = twin_json_print (document, FALSE);
  result->kind = "patch";
  result->text = g_strdup_printf ("%s —%s→ %s patched", after->source,
                                  after->name, after->target);
  if (!load_ends (self, after, &source, &target, error) ||
      !twin_editor_begin (self, result, error) ||
      !twin_editor_relate (self, after, source, target, edit->if_etag, error))
    return FALSE;

  result->etag = g_strdup (after->etag);
  return TRUE;
}

gboolean
twin_editor_delete_relationship (TwinEditor       *self,
                                 const TwinEdit   *edit,
                                 TwinEditorResult *result,
                                 GError          **error)
{
  g_autoptr (TwinRelationship) relationship =
      twin_editor_load_relationship (self, edit->id, edit->relationship, error);

  if (relationship == NULL)
    return FALSE;

  result->kind = "delete";
  result->text = g_strdup_printf ("%s —%s→ %s deleted", relationship->source,
                                  relationship->name, relationship->target);
  return twin_editor_begin (self, result, error) &&
         twin_store_delete_relationship (self->store, relationship->source,
                                         relationship->id, edit->if_etag,
                                         error);
}
