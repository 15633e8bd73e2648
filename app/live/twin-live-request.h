/* SPDX-License-Identifier: Apache-2.0 */
/* twin-live-request.h - something asked of the engine, and how far it got
 *
 * Main thread only. Properties: "stage" (TwinRequestStage), "text" (a
 * sentence), "detail" (JSON of the node's answer). Signal "finished" once, with
 * DONE, VERIFIED or FAILED; VERIFIED may still follow DONE.
 */
#pragma once

#include <glib-object.h>

#include "twin-update.h"

G_BEGIN_DECLS

#define TWIN_TYPE_LIVE_REQUEST (twin_live_request_get_type ())
G_DECLARE_FINAL_TYPE (TwinLiveRequest,
                      twin_live_request,
                      TWIN,
                      LIVE_REQUEST,
                      GObject)

TwinRequestStage twin_live_request_get_stage (TwinLiveRequest *self);
const char      *twin_live_request_get_text (TwinLiveRequest *self);
const char      *twin_live_request_get_detail (TwinLiveRequest *self);

/* When @stage was reached, TWIN_TIME_NONE if not yet. */
int64_t twin_live_request_get_time (TwinLiveRequest *self,
                                    TwinRequestStage stage);

/* --- for the session ------------------------------------------------------ */
TwinLiveRequest *twin_live_request_new (void);
void             twin_live_request_take (TwinLiveRequest         *self,
                                         const TwinRequestUpdate *update);

G_END_DECLS
