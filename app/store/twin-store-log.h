/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-log.h - writing everything that is neither graph nor samples
 *
 * Each joins the open transaction of its handle or is one of its own. Ids of
 * rows are assigned by the store; where @id is asked for it may be NULL.
 * Thread: that of the handle.
 */
#pragma once

#include "twin-store-rows.h"
#include "twin-store.h"

G_BEGIN_DECLS

/* Inserts or replaces by name. Bumps TWIN_STORE_TOPIC_NODES. */
gboolean twin_store_put_node (TwinStore           *self,
                              const TwinStoreNode *row,
                              GError             **error);
/* Changes only what moves often; the row must be there (NOT_FOUND). Does not
 * bump the topic. */
gboolean twin_store_touch_node (TwinStore  *self,
                                const char *name,
                                const char *status,
                                int64_t     last_seen_us,
                                GError    **error);
/* The next command counter towards a node: max (last + 1, @now_us), stored
 * before it is handed out. -1 on error. */
int64_t  twin_store_next_counter (TwinStore  *self,
                                  const char *node,
                                  int64_t     now_us,
                                  GError    **error);
gboolean twin_store_delete_node (TwinStore  *self,
                                 const char *name,
                                 GError    **error);

/* A capture told again (same node, sensor, axis, ring, epoch, n0) changes
 * nothing. Live ones beyond the retention of their sensor axis go. */
gboolean twin_store_add_waveform (TwinStore               *self,
                                  const TwinStoreWaveform *row,
                                  int64_t                 *id,
                                  GError                 **error);
gboolean twin_store_add_diagnosis (TwinStore                *self,
                                   const TwinStoreDiagnosis *row,
                                   GError                  **error);
gboolean twin_store_add_health (TwinStore             *self,
                                const TwinStoreHealth *row,
                                GError               **error);
gboolean twin_store_add_prediction (TwinStore                 *self,
                                    const TwinStorePrediction *row,
                                    GError                   **error);

gboolean twin_store_add_event (TwinStore            *self,
                               const TwinStoreEvent *row,
                               GError              **error);
gboolean twin_store_add_transition (TwinStore                      *self,
                                    const TwinStoreAlarmTransition *row,
                                    GError                        **error);
/* Inserts or replaces by (source, condition). */
gboolean twin_store_put_alarm (TwinStore            *self,
                               const TwinStoreAlarm *row,
                               GError              **error);
gboolean twin_store_delete_alarm (TwinStore  *self,
                                  const char *source,
                                  const char *condition,
                                  GError    **error);
gboolean twin_store_add_journal (TwinStore              *self,
                                 const TwinStoreJournal *row,
                                 GError                **error);

/* Inserts or replaces by id. */
gboolean twin_store_put_command (TwinStore              *self,
                                 const TwinStoreCommand *row,
                                 GError                **error);

/* A new version must be greater than the newest one of its node and @base the
 * newest one (0: none yet), else CHANGED; the same version again brings
 * reported_us and refused up to date. Bumps TWIN_STORE_TOPIC_DESIRED. */
gboolean twin_store_put_desired (TwinStore              *self,
                                 const TwinStoreDesired *row,
                                 GError                **error);

/* Inserts when @row's id is 0, else replaces. */
gboolean twin_store_put_order (TwinStore            *self,
                               const TwinStoreOrder *row,
                               int64_t              *id,
                               GError              **error);

/* Rows are only ever added; @row's id is not looked at. */
gboolean twin_store_add_outcome (TwinStore              *self,
                                 const TwinStoreOutcome *row,
                                 int64_t                *id,
                                 GError                **error);

/* --- the outbox: asked by editors, answered by the engine --------------- */

/* Editor: the id to poll twin_store_reader_get_request() with. */
gboolean twin_store_post_request (TwinStore              *self,
                                  const TwinStoreRequest *row,
                                  int64_t                *id,
                                  GError                **error);
/* Engine: requests in state "new", oldest first, now marked "taken"
 * (TwinStoreRequest, owned). Those "taken" before a crash are given again when
 * @again. Costs no transaction when there are none. */
GPtrArray *twin_store_take_requests (TwinStore *self,
                                     gboolean   again,
                                     GError   **error);
gboolean   twin_store_answer_request (TwinStore  *self,
                                      int64_t     id,
                                      const char *state,
                                      const char *answer,
                                      int64_t     now_us,
                                      GError    **error);

gboolean twin_store_put_status (TwinStore  *self,
                                const char *json,
                                int64_t     now_us,
                                GError    **error);

/* What the engine makes of @twin, for STATE() of queries: "normal", "warning",
 * "alarm", "stopped", "stale" or "unknown". */
gboolean twin_store_put_twin_state (TwinStore  *self,
                                    const char *twin,
                                    const char *state,
                                    int64_t     since_us,
                                    GError    **error);

/* @value NULL deletes. Bumps TWIN_STORE_TOPIC_SETTINGS. */
gboolean twin_store_set_setting (TwinStore  *self,
                                 const char *key,
                                 const char *value,
                                 GError    **error);

/* The wire name of the plant this store is of; set once, then checked: another
 * name is CHANGED. */
gboolean twin_store_set_plant (TwinStore  *self,
                               const char *plant,
                               GError    **error);

G_END_DECLS
