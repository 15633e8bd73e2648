/* SPDX-License-Identifier: Apache-2.0 */
/* twin-editor-twin.c - edits of one twin */
#include "twin-editor-private.h"

#include "twin-json.h"
#include "twin-patch.h"
#include "twin-rules.h"

JsonNode *
twin_editor_parse_object (const char *json, GError **error)
{
  g_autoptr (JsonNode) node =
      twin_json_parse ("JSON", json != NULL ? json : "{}", -1, error);

  if (node == NULL || JSON_NODE_HOLDS_OBJECT (node))
    return g_steal_pointer (&node);

  g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
               "The properties must be a JSON object");
  return NULL;
}

static char *
print_twin (const TwinTwin *twin)
{
  g_autoptr (JsonNode) document = twin_twin_to_json (twin);

  return twin_json_print (document, FALSE);
}

/* --- create
 * ---------------------------------------------------------------------- */

static gboolean
read_lifecycle (const char *word, TwinLifecycle *state, GError **error)
{
  if (word != NULL && twin_lifecycle_from_string (word, state))
    return TRUE;

  g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_STATE,
               "“%s” is no state of a life cycle; it is planned, commissioned, "
               "in service, retired or archived",
               word != NULL ? word : "");
  return FALSE;
}

/* The first relationship to parts that the model of @parent declares. */
static const char *
part_relationship (TwinEditor     *self,
                   const TwinEdit *edit,
                   const TwinTwin *parent,
                   TwinModelSet   *models,
                   GError        **error)
{
  const TwinInterface *interface =
      twin_model_set_lookup (models, parent->model);
  const char *const *names =
      self->roles != NULL ? twin_roles_get_part_relationships (self->roles)
                          : NULL;

  if (edit->name != NULL)
    return edit->name;

  for (; names != NULL && *names != NULL; names++)
    {
      if (interface != NULL &&
          twin_interface_find_kind (interface, TWIN_CONTENT_RELATIONSHIP,
                                    *names) != NULL)
        return *names;
    }

  g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_MODEL,
               "The model of “%s” has no relationship to parts; name the one "
               "that is meant",
               parent->id);
  return NULL;
}

static gboolean
relate_parent (TwinEditor     *self,
               const TwinEdit *edit,
               const TwinTwin *twin,
               TwinModelSet   *models,
               GError        **error)
{
  g_autoptr (TwinTwin) parent =
      twin_store_reader_load_twin (self->reader, edit->parent, error);
  g_autoptr (TwinRelationship) relationship = NULL;
  g_autofree char *id = NULL;
  const char      *name;

  if (parent == NULL)
    return FALSE;

  name = part_relationship (self, edit, parent, models, error);
  if (name == NULL)
    return FALSE;

  id = g_strdup_printf ("%s-%s-%s", parent->id, name, twin->id);
  relationship = twin_relationship_new (parent->id, id, name, twin->id, NULL);
  return twin_editor_relate (self, relationship, parent, twin, "", error);
}

gboolean
twin_editor_create_twin (TwinEditor       *self,
                         const TwinEdit   *edit,
                         TwinEditorResult *result,
                         GError          **error)
{
  TwinModelSet *models = twin_editor_get_models (self, error);
  g_autoptr (JsonNode) properties = NULL;
  g_autoptr (TwinTwin) twin = NULL;

  if (models == NULL)
    return FALSE;

  if (edit->id == NULL || !twin_twin_id_is_valid (edit->id))
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
                   "“%s” cannot be a twin's id",
                   edit->id != NULL ? edit->id : "");
      return FALSE;
    }

  properties = twin_editor_parse_object (edit->json, error);
  if (properties == NULL)
    return FALSE;

  twin = twin_twin_new (edit->id, edit->model != NULL ? edit->model : "",
                        properties);
  twin_twin_add_components (twin, models);
  if ((edit->lifecycle != NULL &&
       !read_lifecycle (edit->lifecycle, &twin->lifecycle, error)) ||
      !twin_twin_change_tags (twin, edit->add, NULL, error) ||
      !twin_twin_check (twin, models, "", error) ||
      !twin_twin_check_size (twin, error))
    return FALSE;

  result->kind = "create";
  result->text = g_strdup_printf ("%s created", twin->id);
  if (!twin_editor_begin (self, result, error) ||
      !twin_store_save_twin (self->store, twin, "", error))
    return FALSE;

  if (edit->parent != NULL && !relate_parent (self, edit, twin, models, error))
    return FALSE;

  result->etag = g_strdup (twin->etag);
  return TRUE;
}

/* --- change
 * ---------------------------------------------------------------------- */

static TwinTwin *
patched (const TwinEdit   *edit,
         const TwinTwin   *twin,
         TwinEditorResult *result,
         GError          **error)
{
  g_autoptr (TwinPatch) patch =
      twin_patch_parse ("patch", edit->json != NULL ? edit->json : "", -1,
                        error);

  if (patch == NULL)
    return NULL;

  result->kind = "patch";
  result->text = g_strdup_printf ("%s patched", twin->id);
  return twin_patch_apply_twin (patch, twin, twin_clock_utc_us (), error);
}

static TwinTwin *
with_property (const TwinEdit   *edit,
               const TwinTwin   *twin,
               TwinEditorResult *result,
               GError          **error)
{
  g_autoptr (TwinTwin) after = twin_twin_copy (twin);
  g_autoptr (JsonNode) value = NULL;

  if (edit->json != NULL)
    {
      value = twin_json_parse ("value", edit->json, -1, error);
      if (value == NULL)
        return NULL;
    }

  if (!twin_twin_set (after, edit->name != NULL ? edit->name : "", value,
                      twin_clock_utc_us (), TWIN_TIME_NONE, error))
    return NULL;

  result->kind = "set";
  result->text = g_strdup_printf ("%s %s of %s", edit->name,
                                  value != NULL ? "set" : "removed", twin->id);
  return g_steal_pointer (&after);
}

static TwinTwin *
with_lifecycle (const TwinEdit   *edit,
                const TwinTwin   *twin,
                TwinEditorResult *result,
                GError          **error)
{
  g_autoptr (TwinTwin) after = twin_twin_copy (twin);

  if (!read_lifecycle (edit->name, &after->lifecycle, error))
    return NULL;

  if (!twin_lifecycle_check_change (twin->lifecycle, after->lifecycle, error))
    {
      g_prefix_error (error, "%s: ", twin->id);
      return NULL;
    }

  result->kind = "lifecycle";
  result->text =
      g_strdup_printf ("%s: %s → %s", twin->id,
                       twin_lifecycle_to_string (twin->lifecycle), edit->name);
  return g_steal_pointer (&after);
}

static TwinTwin *
with_tags (const TwinEdit   *edit,
           const TwinTwin   *twin,
           TwinEditorResult *result,
           GError          **error)
{
  g_autoptr (TwinTwin) after = twin_twin_copy (twin);

  if (!twin_twin_change_tags (after, edit->add, edit->remove, error))
    return NULL;

  result->kind = "tag";
  result->text = g_strdup_printf ("Tags of %s changed", twin->id);
  return g_steal_pointer (&after);
}

static TwinTwin *
changed (const TwinEdit   *edit,
         const TwinTwin   *twin,
         TwinEditorResult *result,
         GError          **error)
{
  switch (edit->kind)
    {
    case TWIN_EDIT_PATCH_TWIN:
      return patched (edit, twin, result, error);
    case TWIN_EDIT_SET_PROPERTY:
      return with_property (edit, twin, result, error);
    case TWIN_EDIT_SET_LIFECYCLE:
      return with_lifecycle (edit, twin, result, error);
    case TWIN_EDIT_TAG_TWIN:
      return with_tags (edit, twin, result, error);
    default:
      g_return_val_if_reached (NULL);
    }
}

gboolean
twin_editor_change_twin (TwinEditor       *self,
                         const TwinEdit   *edit,
                         TwinEditorResult *result,
                         GError          **error)
{
  TwinModelSet *models = twin_editor_get_models (self, error);
  g_autoptr (TwinTwin) twin = NULL;
  g_autoptr (TwinTwin) after = NULL;

  if (models == NULL)
    return FALSE;

  twin = twin_store_reader_load_twin (self->reader, edit->id, error);
  if (twin == NULL)
    return FALSE;

  after = changed (edit, twin, result, error);
  if (after == NULL || !twin_twin_check (after, models, "", error) ||
      !twin_twin_check_size (after, error))
    return FALSE;

  result->mine = print_twin (after);
  if (!twin_editor_begin (self, result, error) ||
      !twin_store_save_twin (self->store, after,
                             edit->if_etag != NULL ? edit->if_etag : twin->etag,
                             error))
    return FALSE;

  result->etag = g_strdup (after->etag);
  return TRUE;
}

/* --- delete
 * ---------------------------------------------------------------------- */

static gboolean
is_served (TwinEditor *self, const char *id)
{
  g_autoptr (GPtrArray) nodes =
      twin_store_reader_list_nodes (self->reader, NULL);

  for (guint i = 0; nodes != NULL && i < nodes->len; i++)
    {
      const TwinStoreNode *node = g_ptr_array_index (nodes, i);

      if (g_strcmp0 (node->machine, id) == 0 && node->birth != NULL)
        return TRUE;
    }

  return FALSE;
}

static gboolean
delete_ends (TwinEditor *self, GPtrArray *rows, GError **error)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreRelationship *row = g_ptr_array_index (rows, i);

      if (!twin_store_delete_relationship (self->store, row->source, row->id,
                                           NULL, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
twin_editor_delete_twin (TwinEditor       *self,
                         const TwinEdit   *edit,
                         TwinEditorResult *result,
                         GError          **error)
{
  g_autoptr (TwinTwin) twin =
      twin_store_reader_load_twin (self->reader, edit->id, error);
  g_autoptr (GPtrArray) out = NULL;
  g_autoptr (GPtrArray) in = NULL;

  if (twin == NULL)
    return FALSE;

  if (!twin_lifecycle_check_delete (twin->lifecycle, is_served (self, twin->id),
                                    error))
    {
      g_prefix_error (error, "%s: ", twin->id);
      return FALSE;
    }

  result->kind = "delete";
  result->text = g_strdup_printf ("%s deleted", twin->id);
  if (!twin_editor_begin (self, result, error))
    return FALSE;

  if (edit->cascade)
    {
      out =
          twin_store_reader_list_relationships (self->reader, twin->id, error);
      in = out != NULL
               ? twin_store_reader_list_incoming (self->reader, twin->id, error)
               : NULL;
      if (in == NULL || !delete_ends (self, out, error) ||
          !delete_ends (self, in, error))
        return FALSE;
    }

  return twin_store_delete_twin (self->store, twin->id, edit->if_etag, error);
}
