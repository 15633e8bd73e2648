/* SPDX-License-Identifier: Apache-2.0 */
/* twin-editor-private.h - what the files of the editor share */
#pragma once

#include "twin-editor.h"
#include "twin-store-graph.h"
#include "twin-store-twins.h"

G_BEGIN_DECLS

struct _TwinEditor
{
  char            *path, *who;
  TwinStore       *store;
  TwinStoreReader *reader;
  TwinRoles       *roles; /* or NULL */
  TwinModelSet    *models;
  int64_t          models_version; /* of the graph's topic */
};

/* What an edit says in the journal and hands back. */
typedef struct
{
  const char *kind; /* static */
  char       *text;
  char       *etag;
  char       *mine;   /* what the writer wanted, for a conflict */
  int64_t     change; /* 0: none yet */
} TwinEditorResult;

/* One edit. The store's transaction is open, so nobody else can write: what the
 * reader says stays true until the commit. twin_editor_begin() comes before the
 * first write. */
typedef gboolean (*TwinEditorFunc) (TwinEditor       *self,
                                    const TwinEdit   *edit,
                                    TwinEditorResult *result,
                                    GError          **error);

/* Opens the change that @result->kind and ->text describe. */
gboolean twin_editor_begin (TwinEditor       *self,
                            TwinEditorResult *result,
                            GError          **error);

/* --- twin-editor-twin.c, -relationship.c, -plant.c -------------------------
 */
gboolean twin_editor_create_twin (TwinEditor       *self,
                                  const TwinEdit   *edit,
                                  TwinEditorResult *result,
                                  GError          **error);
gboolean twin_editor_change_twin (TwinEditor       *self,
                                  const TwinEdit   *edit,
                                  TwinEditorResult *result,
                                  GError          **error);
gboolean twin_editor_delete_twin (TwinEditor       *self,
                                  const TwinEdit   *edit,
                                  TwinEditorResult *result,
                                  GError          **error);
gboolean twin_editor_create_relationship (TwinEditor       *self,
                                          const TwinEdit   *edit,
                                          TwinEditorResult *result,
                                          GError          **error);
gboolean twin_editor_patch_relationship (TwinEditor       *self,
                                         const TwinEdit   *edit,
                                         TwinEditorResult *result,
                                         GError          **error);
gboolean twin_editor_delete_relationship (TwinEditor       *self,
                                          const TwinEdit   *edit,
                                          TwinEditorResult *result,
                                          GError          **error);

gboolean twin_editor_put_group (TwinEditor       *self,
                                const TwinEdit   *edit,
                                TwinEditorResult *result,
                                GError          **error);
gboolean twin_editor_put_query (TwinEditor       *self,
                                const TwinEdit   *edit,
                                TwinEditorResult *result,
                                GError          **error);
gboolean twin_editor_delete_named (TwinEditor       *self,
                                   const TwinEdit   *edit,
                                   TwinEditorResult *result,
                                   GError          **error);
gboolean twin_editor_delete_model (TwinEditor       *self,
                                   const TwinEdit   *edit,
                                   TwinEditorResult *result,
                                   GError          **error);
gboolean twin_editor_migrate (TwinEditor       *self,
                              const TwinEdit   *edit,
                              TwinEditorResult *result,
                              GError          **error);
gboolean twin_editor_undo (TwinEditor       *self,
                           const TwinEdit   *edit,
                           TwinEditorResult *result,
                           GError          **error);
/* Its own transaction. @refusals as twin_editor_apply(). */
gboolean twin_editor_import (TwinEditor       *self,
                             const TwinEdit   *edit,
                             TwinEditorResult *result,
                             GPtrArray       **refusals,
                             GError          **error);
/* After CHANGED: mine, theirs and base; NULL when @edit is of no one thing. */
TwinConflict *twin_editor_explain (TwinEditor             *self,
                                   const TwinEdit         *edit,
                                   const TwinEditorResult *result);

/* The relationship of @source, or NULL with NOT_FOUND; caller frees. */
TwinRelationship *twin_editor_load_relationship (TwinEditor *self,
                                                 const char *source,
                                                 const char *id,
                                                 GError    **error);
/* Checks ends, rules and multiplicity, and writes it; @if_etag as of the
 * store. */
gboolean twin_editor_relate (TwinEditor       *self,
                             TwinRelationship *relationship,
                             const TwinTwin   *source,
                             const TwinTwin   *target,
                             const char       *if_etag,
                             GError          **error);
/* JSON of an object, "{}" when @json is NULL. */
JsonNode *twin_editor_parse_object (const char *json, GError **error);

G_END_DECLS
