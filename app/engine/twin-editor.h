/* SPDX-License-Identifier: Apache-2.0 */
/* twin-editor.h - carries out edits of the graph on a store
 *
 * What the console's workers and twinctl both use: checks an edit against the
 * models, writes it as one change of the journal, all or nothing, and says what
 * became of it. Opens the store as an editor beside a running engine, which
 * sees the commit. One thread at a time; may wait for the store's other
 * writers.
 */
#pragma once

#include "twin-edit.h"
#include "twin-roles.h"
#include "twin-store-reader.h"
#include "twin-store.h"

G_BEGIN_DECLS

typedef struct _TwinEditor TwinEditor;

/* @who: the operator, for the journal. @roles: which relationships lead to
 * parts (kept by reference), or NULL: CREATE_TWIN with a parent must name the
 * relationship. */
TwinEditor *twin_editor_open (const char *store_path,
                              const char *who,
                              TwinRoles  *roles,
                              GError    **error);
void        twin_editor_close (TwinEditor *self);

/**
 * twin_editor_apply:
 * @conflict: (out): set when somebody else changed the thing after the writer
 *   saw it (TWIN_STORE_ERROR_CHANGED); may be NULL
 * @refusals: (out): TwinRefusalItem, set when an import was refused; may be
 *   NULL
 *
 * Without @if_etag an edit is made on what is there; no other writer can come
 * in between.
 *
 * Returns: what was done, for the caller to free, or NULL with an error in the
 *   domain of whoever refused: TWIN_TWIN_ERROR, TWIN_PATCH_ERROR,
 *   TWIN_STORE_ERROR, TWIN_QUERY_ERROR, TWIN_MODEL_ERROR, TWIN_JSON_ERROR
 */
TwinEdited *twin_editor_apply (TwinEditor     *self,
                               const TwinEdit *edit,
                               TwinConflict  **conflict,
                               GPtrArray     **refusals,
                               GError        **error);

/* What TWIN_EDIT_MIGRATE would do: TwinMigrationPreview by id; caller unrefs.
 */
GPtrArray *twin_editor_preview_migration (TwinEditor     *self,
                                          const TwinEdit *edit,
                                          GError        **error);

/* Borrowed: what verbs that only read need. */
TwinStoreReader *twin_editor_get_reader (TwinEditor *self);
/* The store's models as they are now, unresolved references allowed;
 * borrowed until the next call of the editor. */
TwinModelSet *twin_editor_get_models (TwinEditor *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinEditor, twin_editor_close)

G_END_DECLS
