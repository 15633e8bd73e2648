/* SPDX-License-Identifier: Apache-2.0 */
/* twin-live-session-private.h - what the files of the session share */
#pragma once

#include "twin-engine.h"
#include "twin-live-session.h"

G_BEGIN_DECLS

/* NULL once closed. */
TwinEngine *twin_live_session_get_engine (TwinLiveSession *self);

/* Borrowed; may be NULL. */
const char *twin_live_session_get_data_dir (TwinLiveSession *self);

G_END_DECLS
