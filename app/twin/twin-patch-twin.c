/* SPDX-License-Identifier: Apache-2.0 */
/* What a patch may touch of a twin's and a relationship's document. */
#include <string.h>

#include "twin-json.h"
#include "twin-patch-private.h"
#include "twin-twin-private.h"

static gboolean
is (const char *token, const char *word)
{
  return token != NULL && strcmp (token, word) == 0;
}

/* "/$metadata/<property>/sourceTime", and the same inside a component. */
static gboolean
is_source_time (char **tokens)
{
  for (guint n = g_strv_length (tokens); *tokens != NULL; tokens++, n--)
    {
      if (is (tokens[0], "$metadata"))
        return n == 3 && tokens[1][0] != '$' && is (tokens[2], "sourceTime");
    }

  return FALSE;
}

static gboolean
is_tags (char **tokens)
{
  guint n = g_strv_length (tokens);

  return (n == 2 || n == 3) && is (tokens[0], "$metadata") &&
         is (tokens[1], "$tags");
}

static gboolean
is_model (char **tokens)
{
  return g_strv_length (tokens) == 2 && is (tokens[0], "$metadata") &&
         is (tokens[1], "$model");
}

static gboolean
has_metadata (char **tokens)
{
  return g_strv_contains ((const char *const *) tokens, "$metadata");
}

static gboolean
check_twin_path (const TwinPatchWork *work, char **tokens, GError **error)
{
  TwinPatchOp op = work->operation->op;

  if (tokens[0] == NULL)
    return twin_patch_fail (work, error, TWIN_PATCH_ERROR_READ_ONLY,
                            "a twin cannot be changed as a whole; name its "
                            "properties, as “/ratedSpeed”");
  if (is_source_time (tokens) || is_tags (tokens))
    return TRUE;
  if (is_model (tokens))
    return op == TWIN_PATCH_ADD || op == TWIN_PATCH_REPLACE ||
           twin_patch_fail (work, error, TWIN_PATCH_ERROR_READ_ONLY,
                            "a twin's model can be replaced, nothing else");
  if (is (tokens[0], "$metadata") && is (tokens[1], "$lifecycle"))
    return twin_patch_fail (work, error, TWIN_PATCH_ERROR_READ_ONLY,
                            "the life cycle has rules of its own: retire, "
                            "restore or archive the twin");
  if (*tokens[0] == '$' || has_metadata (tokens))
    return twin_patch_fail (work, error, TWIN_PATCH_ERROR_READ_ONLY,
                            "of what begins with $ only $metadata/$model, "
                            "$metadata/$tags and a property's sourceTime can "
                            "be changed");
  return TRUE;
}

static gboolean
check_relationship_path (const TwinPatchWork *work,
                         char               **tokens,
                         GError             **error)
{
  if (tokens[0] != NULL && *tokens[0] != '$')
    return TRUE;

  return twin_patch_fail (work, error, TWIN_PATCH_ERROR_READ_ONLY,
                          "of a relationship only its properties can be "
                          "changed; delete it and make another");
}

typedef gboolean (*CheckPath) (const TwinPatchWork *work,
                               char               **tokens,
                               GError             **error);

/* The paths that the operation under way changes. */
static gboolean
check_paths (const TwinPatchWork *work, CheckPath check, GError **error)
{
  const TwinPatchOperation *operation = work->operation;

  return operation->op == TWIN_PATCH_TEST ||
         (check (work, operation->tokens, error) &&
          (operation->op != TWIN_PATCH_MOVE ||
           check (work, operation->from_tokens, error)));
}

/* --- twins
 * ---------------------------------------------------------------------------
 */

/* An object member made where there is none: what stands above a sourceTime
 * that is the first thing to be known of its property. */
static JsonNode *
ensure_object (JsonNode *node, const char *name)
{
  JsonObject *object;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  object = json_node_get_object (node);
  if (!json_object_has_member (object, name))
    json_object_set_object_member (object, name, json_object_new ());
  return json_object_get_member (object, name);
}

static void
ensure_times (TwinPatchWork *work)
{
  char    **token = work->operation->tokens;
  JsonNode *above = work->root;

  for (; !is (token[0], "$metadata"); token++)
    {
      if (!JSON_NODE_HOLDS_OBJECT (above))
        return;
      above = json_object_get_member (json_node_get_object (above), *token);
      if (above == NULL)
        return;
    }

  if (JSON_NODE_HOLDS_OBJECT (above) &&
      json_object_has_member (json_node_get_object (above), token[1]))
    ensure_object (ensure_object (above, "$metadata"), token[1]);
}

/* A sourceTime that is none would be a lie told to every reader. */
static gboolean
check_source_time (const TwinPatchWork *work, GError **error)
{
  const TwinPatchOperation *operation = work->operation;
  int64_t                   us;

  if (operation->value == NULL)
    return operation->op == TWIN_PATCH_REMOVE ||
           twin_patch_fail (work, error, TWIN_PATCH_ERROR_VALUE,
                            "give the time itself as “value”");
  if (JSON_NODE_HOLDS_VALUE (operation->value) &&
      json_node_get_value_type (operation->value) == G_TYPE_STRING &&
      twin_clock_parse_utc (json_node_get_string (operation->value), &us))
    return TRUE;

  return twin_patch_fail (work, error, TWIN_PATCH_ERROR_VALUE,
                          "a source time is a text as "
                          "“2026-11-24T10:42:18Z”");
}

/* What the operation under way changes at the top, in @touched; a sourceTime
 * in @sourced. */
static void
note_touched (const TwinPatchWork *work,
              char               **tokens,
              GHashTable          *touched,
              GHashTable          *sourced)
{
  if (is_source_time (tokens))
    g_hash_table_add (sourced,
                      is (tokens[0], "$metadata") ? tokens[1] : tokens[0]);
  else if (*tokens[0] != '$')
    g_hash_table_add (touched, tokens[0]);
}

/* The document that is patched: $tags are always there. */
static JsonNode *
open_document (const TwinTwin *twin)
{
  g_autoptr (JsonNode) document = twin_twin_to_json (twin);
  g_autoptr (JsonNode) none = NULL;

  if (twin->tags != NULL)
    return g_steal_pointer (&document);

  none = json_node_init_array (json_node_alloc (), json_array_new ());
  json_array_unref (json_node_get_array (none));
  return twin_json_pointer_set (document, "/$metadata/$tags", none, NULL);
}

static void
note_all (TwinTwin   *after,
          GHashTable *touched,
          GHashTable *sourced,
          int64_t     now_us)
{
  JsonObject    *properties = json_node_get_object (after->properties);
  GHashTableIter iter;
  void          *name;

  g_hash_table_iter_init (&iter, touched);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      JsonNode *times =
          json_object_get_member (json_node_get_object (after->metadata), name);
      const char *source = NULL;
      int64_t     source_us = TWIN_TIME_NONE;

      if (g_hash_table_contains (sourced, name) && times != NULL &&
          JSON_NODE_HOLDS_OBJECT (times))
        source =
            twin_json_get_string (json_node_get_object (times), "sourceTime");
      if (source != NULL && !twin_clock_parse_utc (source, &source_us))
        source_us = TWIN_TIME_NONE;
      twin_twin_note_times (after, name,
                            !json_object_has_member (properties, name), now_us,
                            source_us);
    }
}

static gboolean
run_on_twin (const TwinPatch *self,
             TwinPatchWork   *work,
             GHashTable      *touched,
             GHashTable      *sourced,
             GError         **error)
{
  for (guint i = 0; i < self->operations->len; i++)
    {
      const TwinPatchOperation *operation =
          &g_array_index (self->operations, TwinPatchOperation, i);

      work->index = i;
      work->operation = operation;
      if (!check_paths (work, check_twin_path, error))
        return FALSE;

      if (operation->op != TWIN_PATCH_TEST)
        {
          note_touched (work, operation->tokens, touched, sourced);
          if (operation->op == TWIN_PATCH_MOVE)
            note_touched (work, operation->from_tokens, touched, sourced);
          if (is_source_time (operation->tokens))
            {
              if (!check_source_time (work, error))
                return FALSE;
              ensure_times (work);
            }
        }

      if (!twin_patch_work_run (work, i, operation, error))
        return FALSE;
    }

  return TRUE;
}

TwinTwin *
twin_patch_apply_twin (const TwinPatch *self,
                       const TwinTwin  *twin,
                       int64_t          now_us,
                       GError         **error)
{
  g_autoptr (JsonNode) document = open_document (twin);
  g_autoptr (JsonNode) patched = NULL;
  g_autoptr (GHashTable) touched = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) sourced = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) why = NULL;
  g_auto (TwinPatchWork) work = { 0 };
  TwinTwin *after;

  if (!twin_patch_work_init (&work, document, error) ||
      !run_on_twin (self, &work, touched, sourced, error))
    return NULL;

  patched = twin_patch_work_finish (&work, error);
  if (patched == NULL)
    return NULL;

  after = twin_twin_from_json (patched, twin->id, &why);
  if (after == NULL)
    {
      g_set_error (error, TWIN_PATCH_ERROR, TWIN_PATCH_ERROR_VALUE,
                   "What the patch makes is no twin: %s", why->message);
      return NULL;
    }

  after->created_us = twin->created_us;
  after->updated_us = now_us;
  note_all (after, touched, sourced, now_us);
  return after;
}

TwinRelationship *
twin_patch_apply_relationship (const TwinPatch        *self,
                               const TwinRelationship *relationship,
                               GError                **error)
{
  g_autoptr (JsonNode) document = twin_relationship_to_json (relationship);
  g_autoptr (JsonNode) patched = NULL;
  g_auto (TwinPatchWork) work = { 0 };

  if (!twin_patch_work_init (&work, document, error))
    return NULL;

  for (guint i = 0; i < self->operations->len; i++)
    {
      work.index = i;
      work.operation = &g_array_index (self->operations, TwinPatchOperation, i);
      if (!check_paths (&work, check_relationship_path, error) ||
          !twin_patch_work_run (&work, i, work.operation, error))
        return NULL;
    }

  patched = twin_patch_work_finish (&work, error);
  return patched != NULL
             ? twin_relationship_from_json (patched, relationship->id, error)
             : NULL;
}
