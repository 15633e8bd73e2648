/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-reader.h - a read-only view of a store
 *
 * Any number of readers in any threads and processes, each used by one thread
 * at a time; they never block the engine. Every call sees one committed state;
 * twin_store_reader_begin() keeps one state over several calls.
 *
 * Lists are GPtrArrays that own their rows (twin-store-rows.h), empty when
 * there is nothing, NULL only with an error. A single row that is not there is
 * NULL with TWIN_STORE_ERROR_NOT_FOUND.
 */
#pragma once

#include "twin-store-rows.h"
#include "twin-store.h"

G_BEGIN_DECLS

struct sqlite3;

typedef struct _TwinStoreReader TwinStoreReader;

/* Fails when the file is absent, no store, or of another schema version than
 * this program's (open it for writing once to migrate it). */
TwinStoreReader *twin_store_reader_open (const char *path, GError **error);
void             twin_store_reader_close (TwinStoreReader *self);

gboolean twin_store_reader_begin (TwinStoreReader *self, GError **error);
void     twin_store_reader_end (TwinStoreReader *self);

/* As twin_store_data_version() and twin_store_topic_version(). */
int64_t twin_store_reader_data_version (TwinStoreReader *self);
int64_t twin_store_reader_topic_version (TwinStoreReader *self,
                                         TwinStoreTopic   topic);

/* For app/query alone: the read-only connection its SELECTs run on. */
struct sqlite3 *twin_store_reader_get_db (TwinStoreReader *self);

/* --- graph --------------------------------------------------------------- */

GPtrArray      *twin_store_reader_list_models (TwinStoreReader *self,
                                               GError         **error);
TwinStoreModel *twin_store_reader_get_model (TwinStoreReader *self,
                                             const char      *dtmi,
                                             GError         **error);
/* By id. */
GPtrArray *twin_store_reader_list_twins (TwinStoreReader *self, GError **error);
TwinStoreTwin *twin_store_reader_get_twin (TwinStoreReader *self,
                                           const char      *id,
                                           GError         **error);
/* Twins of that very model. */
gboolean twin_store_reader_count_twins (TwinStoreReader *self,
                                        const char      *dtmi,
                                        uint64_t        *count,
                                        GError         **error);
/* @source NULL: all, by source and id. */
GPtrArray *twin_store_reader_list_relationships (TwinStoreReader *self,
                                                 const char      *source,
                                                 GError         **error);
GPtrArray *twin_store_reader_list_incoming (TwinStoreReader *self,
                                            const char      *target,
                                            GError         **error);

/* --- nodes and completeness ---------------------------------------------- */

GPtrArray *twin_store_reader_list_nodes (TwinStoreReader *self, GError **error);
TwinStoreNode *twin_store_reader_get_node (TwinStoreReader *self,
                                           const char      *name,
                                           GError         **error);
/* TwinStoreRange, by node, ring, epoch, first. @node NULL: all. */
GPtrArray *twin_store_reader_list_received (TwinStoreReader *self,
                                            const char      *node,
                                            GError         **error);
GPtrArray *twin_store_reader_list_losses (TwinStoreReader *self,
                                          const char      *node,
                                          GError         **error);
/* @node NULL: the whole plant. */
gboolean twin_store_reader_get_counts (TwinStoreReader *self,
                                       const char      *node,
                                       TwinStoreCounts *counts,
                                       GError         **error);

/* --- what happened: newest first ------------------------------------------ */

/* Common to the logs. Zero and NULL mean: no limit, everything. */
typedef struct
{
  int64_t     from_us, to_us; /* half-open; both 0: any time */
  const char *subject;        /* node, twin, machine or source, by the list */
  const char *kind;           /* journal and events */
  size_t      limit;          /* rows; 0: 1,000 */
} TwinStoreSpan;

/* subject: machine, twin or node */
GPtrArray *twin_store_reader_list_journal (TwinStoreReader     *self,
                                           const TwinStoreSpan *span,
                                           GError             **error);
/* subject: twin or node */
GPtrArray *twin_store_reader_list_events (TwinStoreReader     *self,
                                          const TwinStoreSpan *span,
                                          GError             **error);
/* subject: source twin */
GPtrArray *twin_store_reader_list_transitions (TwinStoreReader     *self,
                                               const TwinStoreSpan *span,
                                               GError             **error);
/* subject: machine or twin */
GPtrArray *twin_store_reader_list_diagnoses (TwinStoreReader     *self,
                                             const TwinStoreSpan *span,
                                             GError             **error);
/* At most one: the newest fault of @machine in [@from_us, @to_us] that the live
 * rule confirmed. */
GPtrArray *twin_store_reader_find_confirmed (TwinStoreReader *self,
                                             const char      *machine,
                                             int64_t          from_us,
                                             int64_t          to_us,
                                             GError         **error);
/* subject: machine; both oldest first, the newest @limit of them */
GPtrArray *twin_store_reader_list_health (TwinStoreReader     *self,
                                          const TwinStoreSpan *span,
                                          GError             **error);
GPtrArray *twin_store_reader_list_predictions (TwinStoreReader     *self,
                                               const TwinStoreSpan *span,
                                               GError             **error);
/* subject: node or twin */
GPtrArray *twin_store_reader_list_commands (TwinStoreReader     *self,
                                            const TwinStoreSpan *span,
                                            GError             **error);

/* --- present state ---------------------------------------------------------
 */

GPtrArray           *twin_store_reader_list_alarms (TwinStoreReader *self,
                                                    GError         **error);
TwinStorePrediction *twin_store_reader_get_prediction (TwinStoreReader *self,
                                                       const char      *machine,
                                                       GError         **error);
TwinStoreCommand    *twin_store_reader_get_command (TwinStoreReader *self,
                                                    const char      *id,
                                                    GError         **error);
/* The newest document of @node. */
TwinStoreDesired *twin_store_reader_get_desired (TwinStoreReader *self,
                                                 const char      *node,
                                                 GError         **error);
/* @machine NULL: all; newest first. */
GPtrArray *twin_store_reader_list_orders (TwinStoreReader *self,
                                          const char      *machine,
                                          GError         **error);
/* The whole journal, oldest first. */
GPtrArray        *twin_store_reader_list_outcomes (TwinStoreReader *self,
                                                   GError         **error);
TwinStoreRequest *twin_store_reader_get_request (TwinStoreReader *self,
                                                 int64_t          id,
                                                 GError         **error);
TwinStoreStatus  *twin_store_reader_get_status (TwinStoreReader *self,
                                                GError         **error);
/* Caller frees; NULL without an error when it is not set. */
char *twin_store_reader_get_setting (TwinStoreReader *self,
                                     const char      *key,
                                     GError         **error);
/* The wire name of the plant; NULL without an error when not set yet. */
char *twin_store_reader_get_plant (TwinStoreReader *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreReader, twin_store_reader_close)

G_END_DECLS
