/* SPDX-License-Identifier: Apache-2.0 */
/* twin-live-graph.h - the plant's graph asked and edited from a window
 *
 * Main thread only. Every call runs in a worker: questions on a read-only
 * connection, edits as one change of the store by the session's operator. An
 * edit is a commit like twinctl's: the engine sees it and posts what it
 * changed on screen within a second.
 *
 * Each _finish returns a new object that the caller frees, or NULL with an
 * error that is a sentence for people (G_IO_ERROR_CANCELLED when @cancellable
 * was).
 */
#pragma once

#include "twin-edit.h"
#include "twin-live-session.h"

G_BEGIN_DECLS

/* --- questions --------------------------------------------------------------
 */

typedef struct
{
  const char *text;       /* the query language */
  const char *parameters; /* JSON object for @name, or NULL: none */
  guint       page;       /* most rows of this page; 0: 100 */
  const char *cursor;     /* of the page before; NULL: the first */
} TwinLiveQuestion;

typedef struct
{
  GStrv  rows;    /* JSON objects, one a row */
  char  *cursor;  /* for the next page; NULL: this was the last */
  double seconds; /* it took */
  guint  total;   /* rows of all pages, counted for the first when there are
                     more; 0: not counted, that would take over 0.3 s */
} TwinLiveRows;

void twin_live_rows_free (TwinLiveRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinLiveRows, twin_live_rows_free)

/* The place of a syntax error: line and column from 1, of an error that
 * _query_finish gave. FALSE: it has none. */
gboolean twin_live_query_place (const GError *error,
                                guint        *line,
                                guint        *column);

void          twin_live_session_query_async (TwinLiveSession        *self,
                                             const TwinLiveQuestion *question,
                                             GCancellable           *cancellable,
                                             GAsyncReadyCallback     callback,
                                             gpointer                user_data);
TwinLiveRows *twin_live_session_query_finish (TwinLiveSession *self,
                                              GAsyncResult    *result,
                                              GError         **error);

/* --- one twin
 * ----------------------------------------------------------------- */

/* @at_us: TWIN_TIME_NONE: now. */
void          twin_live_session_load_twin_at_async (TwinLiveSession    *self,
                                                    const char         *id,
                                                    int64_t             at_us,
                                                    GCancellable       *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer            user_data);
TwinTwinItem *twin_live_session_load_twin_at_finish (TwinLiveSession *self,
                                                     GAsyncResult    *result,
                                                     GError         **error);

/* --- lists: GPtrArray of the items of twin-edit.h
 * ------------------------------ */

/* TwinChangeItem, newest first. @twin NULL: all; times half-open, both 0: any;
 * @limit 0: 200. */
void twin_live_session_list_changes_async (TwinLiveSession    *self,
                                           const char         *twin,
                                           int64_t             from_us,
                                           int64_t             to_us,
                                           guint               limit,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
/* TwinGroupItem by name. */
void twin_live_session_list_groups_async (TwinLiveSession    *self,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
/* TwinSavedQueryItem by name. */
void twin_live_session_list_saved_queries_async (TwinLiveSession *self,
                                                 GCancellable    *cancellable,
                                                 GAsyncReadyCallback callback,
                                                 gpointer            user_data);
/* TwinModelItem by DTMI. */
void twin_live_session_list_models_async (TwinLiveSession    *self,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
/* TwinMigrationPreview: what TWIN_EDIT_MIGRATE would do; of @edit only
 * @members,
 * @query and @model are read. */
void twin_live_session_preview_migration_async (TwinLiveSession    *self,
                                                const TwinEdit     *edit,
                                                GCancellable       *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer            user_data);
/* Of all five. */
GPtrArray *twin_live_session_list_finish (TwinLiveSession *self,
                                          GAsyncResult    *result,
                                          GError         **error);

/* --- edits
 * ---------------------------------------------------------------------- */

/**
 * twin_live_session_edit_async:
 * @edit: copied
 *
 * Every kind of TwinEdit: create, patch, life cycle, tags, relationships,
 * groups, saved queries, import, migration, undo. One change in the journal,
 * all of it or nothing.
 */
void twin_live_session_edit_async (TwinLiveSession    *self,
                                   const TwinEdit     *edit,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);

/**
 * twin_live_session_edit_finish:
 * @conflict: (out): set, for the caller to free, when somebody else changed
 *   the thing after the writer saw it: show mine, theirs and base. May be NULL
 * @refusals: (out): TwinRefusalItem: every line of an import that was refused,
 *   else NULL. May be NULL
 *
 * Both are only set with an error.
 */
TwinEdited *twin_live_session_edit_finish (TwinLiveSession *self,
                                           GAsyncResult    *result,
                                           TwinConflict   **conflict,
                                           GPtrArray      **refusals,
                                           GError         **error);

G_END_DECLS
