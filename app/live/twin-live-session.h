/* SPDX-License-Identifier: Apache-2.0 */
/* twin-live-session.h - an open plant: the engine behind, the live objects in
 * front, and the requests between them
 *
 * Main thread only. Requests return at once; a TwinLiveRequest follows each.
 * The graph is asked and edited through twin-live-graph.h.
 */
#pragma once

#include <gio/gio.h>

#include "twin-live-plant.h"
#include "twin-live-request.h"
#include "twin-meter.h"
#include "twin-model-set.h"

G_BEGIN_DECLS

/* --- settings of a session ------------------------------------------------ */
typedef struct
{
  const char *store_path;
  const char *plant;
  const char *broker; /* NULL: none yet */
  const char *ca, *cert, *key, *password;
  const char *key_dir;
  const char *operator_name;
  const char *data_dir;
  const char *enrol_file; /* demo: one-time tokens by node, or NULL */
} TwinLiveSettings;

#define TWIN_TYPE_LIVE_SESSION (twin_live_session_get_type ())
G_DECLARE_FINAL_TYPE (TwinLiveSession,
                      twin_live_session,
                      TWIN,
                      LIVE_SESSION,
                      GObject)

/* Opens the store and starts the engine in a worker thread: a big store takes
 * a moment and the window stays alive. */
void             twin_live_session_open_async (const TwinLiveSettings *settings,
                                               GCancellable           *cancellable,
                                               GAsyncReadyCallback     callback,
                                               gpointer                user_data);
TwinLiveSession *twin_live_session_open_finish (GAsyncResult *result,
                                                GError      **error);

/* Stops the engine: everything received is committed first. */
void twin_live_session_close_async (TwinLiveSession    *self,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
void twin_live_session_close_finish (TwinLiveSession *self,
                                     GAsyncResult    *result);

TwinLivePlant *twin_live_session_get_plant (TwinLiveSession *self);
const char    *twin_live_session_get_operator (TwinLiveSession *self);

/* Designations of the bearing catalogue; NULL with an error when it cannot be
 * read. */
GStrv twin_live_session_list_bearings (TwinLiveSession *self, GError **error);

/* Borrowed, outlives the session: gets the durations of the inbox's drains. */
void twin_live_session_set_meter (TwinLiveSession *self, TwinMeter *meter);

/* The models as they stand; caller unrefs. */
TwinModelSet *twin_live_session_ref_models (TwinLiveSession *self);

TwinLiveRequest *twin_live_session_connect_broker (
    TwinLiveSession        *self,
    const TwinLiveSettings *link_part);
void             twin_live_session_watch (TwinLiveSession *self,
                                          const char      *machine,
                                          const char      *sensor,
                                          char             axis,
                                          gboolean         on,
                                          gboolean         live);
TwinLiveRequest *twin_live_session_command (TwinLiveSession *self,
                                            const char      *twin,
                                            const char      *command,
                                            const char      *arguments);
TwinLiveRequest *twin_live_session_set_desired (TwinLiveSession *self,
                                                const char      *twin,
                                                const char      *property,
                                                const char      *json_value,
                                                int64_t          if_version);
TwinLiveRequest *twin_live_session_acknowledge (TwinLiveSession *self,
                                                const char      *alarm_id,
                                                const char      *note);
TwinLiveRequest *twin_live_session_shelve (TwinLiveSession *self,
                                           const char      *alarm_id,
                                           int64_t          until_us,
                                           const char      *note);
TwinLiveRequest *twin_live_session_schedule_maintenance (TwinLiveSession *self,
                                                         const char *machine,
                                                         const char *arguments);

/* Whether a diagnosis was right: "add", "close", "undo", as
 * twin_engine_outcome(). */
TwinLiveRequest *twin_live_session_outcome (TwinLiveSession *self,
                                            const char      *what,
                                            const char      *subject,
                                            const char      *arguments);

/* How @machine would fare otherwise; @question and the answer's detail: JSON
 * as of twin_engine_whatif(). */
TwinLiveRequest *twin_live_session_whatif (TwinLiveSession *self,
                                           const char      *machine,
                                           const char      *question);

typedef struct
{
  const char *node, *twin, *display_name, *model, *parent;
  const char *binding, *bearing, *token;
} TwinLiveCommission;

TwinLiveRequest *twin_live_session_commission (TwinLiveSession          *self,
                                               const TwinLiveCommission *what);
/* Wipes the node's keys and clears what the broker keeps of it; waits for the
 * node while it is offline. */
TwinLiveRequest *twin_live_session_decommission (TwinLiveSession *self,
                                                 const char      *node);
TwinLiveRequest *twin_live_session_import (TwinLiveSession *self,
                                           const char      *json,
                                           const char      *origin);

/* --- reading, in a worker on a read-only connection ----------------------- */

/* Points of a history; a gap is a NaN between two points. */
typedef struct
{
  size_t   n;
  int64_t *times_us;
  double  *min, *mean, *max; /* wire unit */
} TwinLiveSeries;

void twin_live_series_free (TwinLiveSeries *series);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinLiveSeries, twin_live_series_free)

/* @step_us: 0 for raw samples. */
void            twin_live_session_history_async (TwinLiveSession    *self,
                                                 const char         *twin,
                                                 const char         *path,
                                                 int64_t             from_us,
                                                 int64_t             to_us,
                                                 int64_t             step_us,
                                                 GCancellable       *cancellable,
                                                 GAsyncReadyCallback callback,
                                                 gpointer            user_data);
TwinLiveSeries *twin_live_session_history_finish (TwinLiveSession *self,
                                                  GAsyncResult    *result,
                                                  GError         **error);

/* The roles found for a node under a model, as JSON for the dialog. */
void  twin_live_session_describe_binding_async (TwinLiveSession    *self,
                                                const char         *node,
                                                const char         *model,
                                                GCancellable       *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer            user_data);
char *twin_live_session_describe_binding_finish (TwinLiveSession *self,
                                                 GAsyncResult    *result,
                                                 GError         **error);

G_END_DECLS
