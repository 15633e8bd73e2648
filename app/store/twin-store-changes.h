/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-changes.h - who changed what of the graph, and when
 *
 * An edit is a transaction: twin_store_begin(), twin_store_begin_change(),
 * puts and deletes of models, twins and relationships, twin_store_commit().
 * What it replaces or deletes is kept for ever as a version of the past; an
 * edit that leaves everything as it was leaves no change either.
 *
 * Tables that app/query compiles its AS OF over:
 *   change (id, time_us, who, kind, text, undoes)
 *   twin, relationship, model + updated_us, change   what is valid now
 *   twin_past, relationship_past, model_past         the same columns and
 *     ended, ended_us: the change that ended the version, and its time
 * A version is valid in [updated_us, ended_us). Change 0 (NULL in the tables)
 * stands for what was there before changes were kept.
 */
#pragma once

#include "twin-graph-file.h"
#include "twin-store-reader.h"

G_BEGIN_DECLS

/* --- writing -------------------------------------------------------------- */

/**
 * twin_store_begin_change:
 * @who: operator; NULL: the engine itself
 * @kind: "edit", "create", "delete", "import", "migrate", …
 * @text: what was done, a sentence for people, or NULL
 * @now_us: by the caller's clock; where that is not later than the last
 *          change's, the change gets the microsecond after it
 *
 * Names what follows in the open transaction; a second call ends the first
 * change and begins another, with a later time. A put without any is a change
 * of the engine's own.
 */
gboolean twin_store_begin_change (TwinStore  *self,
                                  const char *who,
                                  const char *kind,
                                  const char *text,
                                  int64_t     now_us,
                                  GError    **error);

/* The change of the open transaction, and after the commit that of the last
 * one; 0: it changed nothing (yet). */
int64_t twin_store_get_change (TwinStore *self);

/**
 * twin_store_undo:
 * @change: its id
 *
 * Puts back every version that @change ended, with the etag it had, and deletes
 * those it made: all of it or nothing, as a change of its own (kind "undo"), so
 * that undoing that is redo. What was undone and done again is undone once
 * more. Joins an open transaction.
 *
 * Fails with NOT_FOUND; with CHANGED, naming the thing and the change, when
 * something newer is on what it touched, or needs what would go (a relationship
 * of a twin it created, a twin of a model it imported).
 */
gboolean twin_store_undo (TwinStore  *self,
                          int64_t     change,
                          const char *who,
                          int64_t     now_us,
                          GError    **error);

/* --- reading: what was done ------------------------------------------------
 */

/* TwinStoreChange, newest first. @subject: a twin: what touched it or a
 * relationship from or to it; a model's DTMI; NULL: all. Times half-open; 0: no
 * bound. @limit 0: 1,000. */
GPtrArray       *twin_store_reader_list_changes (TwinStoreReader *self,
                                                 const char      *subject,
                                                 int64_t          from_us,
                                                 int64_t          to_us,
                                                 size_t           limit,
                                                 GError         **error);
TwinStoreChange *twin_store_reader_get_change (TwinStoreReader *self,
                                               int64_t          id,
                                               GError         **error);
/* The newest change that undid @id and 0 when none did; -1 on error. */
int64_t twin_store_reader_find_undo (TwinStoreReader *self,
                                     int64_t          id,
                                     GError         **error);

/* What @change did: TwinStoreChanged, models, twins, relationships, each by id.
 * @subject as above, NULL: everything. @limit: of each sort; 0: 1,000. */
GPtrArray *twin_store_reader_list_changed (TwinStoreReader *self,
                                           int64_t          change,
                                           const char      *subject,
                                           size_t           limit,
                                           GError         **error);

/* Changes that are newer than the change @since, newest first, as lines of a
 * log: TwinStoreJournal without before and after; the subject is the one twin
 * it is about, NULL when there are several. @limit 0: 1,000. */
GPtrArray *twin_store_reader_list_log_since (TwinStoreReader *self,
                                             int64_t          since,
                                             size_t           limit,
                                             GError         **error);

/* --- reading: as it was at @at_us ------------------------------------------
 */

/* NOT_FOUND when it was not there then. Caller frees. */
TwinTwin      *twin_store_reader_load_twin_at (TwinStoreReader *self,
                                               const char      *id,
                                               int64_t          at_us,
                                               GError         **error);
TwinStoreTwin *twin_store_reader_get_twin_at (TwinStoreReader *self,
                                              const char      *id,
                                              int64_t          at_us,
                                              GError         **error);
/* The version of a twin that has, or had, @etag; NOT_FOUND. */
TwinStoreTwin *twin_store_reader_get_twin_by_etag (TwinStoreReader *self,
                                                   const char      *id,
                                                   const char      *etag,
                                                   GError         **error);
/* TwinStoreRelationship from, or (@incoming) to, @twin. */
GPtrArray *twin_store_reader_list_relationships_at (TwinStoreReader *self,
                                                    const char      *twin,
                                                    gboolean         incoming,
                                                    int64_t          at_us,
                                                    GError         **error);
/* The whole graph; by id. */
TwinGraphFile *twin_store_reader_load_graph_at (TwinStoreReader *self,
                                                int64_t          at_us,
                                                GError         **error);

G_END_DECLS
