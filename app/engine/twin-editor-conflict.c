/* SPDX-License-Identifier: Apache-2.0 */
/* twin-editor-conflict.c - mine, theirs and base of an edit that came late */
#include "twin-editor-private.h"

#include "twin-json.h"
#include "twin-store-changes.h"

static char *
print_row (const TwinStoreTwin *row)
{
  g_autoptr (TwinTwin) twin = twin_store_twin_from_row (row, NULL);
  g_autoptr (JsonNode) document =
      twin != NULL ? twin_twin_to_json (twin) : NULL;

  return document != NULL ? twin_json_print (document, FALSE) : NULL;
}

static void
tell_change (TwinEditor *self, int64_t id, TwinConflict *conflict)
{
  g_autoptr (TwinStoreChange) change =
      twin_store_reader_get_change (self->reader, id, NULL);

  if (change == NULL)
    return;

  conflict->who = g_strdup (change->who);
  conflict->time_us = change->time_us;
}

static void
explain_twin (TwinEditor *self, const TwinEdit *edit, TwinConflict *conflict)
{
  g_autoptr (TwinStoreTwin) theirs =
      twin_store_reader_get_twin (self->reader, edit->id, NULL);
  g_autoptr (TwinStoreTwin) base =
      edit->if_etag != NULL
          ? twin_store_reader_get_twin_by_etag (self->reader, edit->id,
                                                edit->if_etag, NULL)
          : NULL;

  if (base != NULL)
    conflict->base = print_row (base);
  if (theirs == NULL)
    return;

  conflict->theirs = print_row (theirs);
  conflict->etag = g_strdup (theirs->etag);
  tell_change (self, theirs->change, conflict);
}

static void
explain_relationship (TwinEditor     *self,
                      const TwinEdit *edit,
                      TwinConflict   *conflict)
{
  g_autoptr (TwinRelationship) theirs =
      twin_editor_load_relationship (self, edit->id, edit->relationship, NULL);
  g_autoptr (JsonNode) document = NULL;

  if (theirs == NULL)
    return;

  document = twin_relationship_to_json (theirs);
  conflict->theirs = twin_json_print (document, FALSE);
  conflict->etag = g_strdup (theirs->etag);
}

TwinConflict *
twin_editor_explain (TwinEditor             *self,
                     const TwinEdit         *edit,
                     const TwinEditorResult *result)
{
  TwinConflict *conflict;

  if (edit->kind > TWIN_EDIT_DELETE_RELATIONSHIP)
    return NULL;

  conflict = g_new0 (TwinConflict, 1);
  conflict->time_us = TWIN_TIME_NONE;
  conflict->mine = g_strdup (result->mine);
  if (edit->kind >= TWIN_EDIT_CREATE_RELATIONSHIP)
    explain_relationship (self, edit, conflict);
  else
    explain_twin (self, edit, conflict);

  return conflict;
}
