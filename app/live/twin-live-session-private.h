/* SPDX-License-Identifier: Apache-2.0 */
/* twin-live-session-private.h - what the files of the session share */
#pragma once

#include "twin-engine.h"
#include "twin-live-session.h"
#include "twin-roles.h"

G_BEGIN_DECLS

/* NULL once closed. */
TwinEngine *twin_live_session_get_engine (TwinLiveSession *self);

/* The request that updates of @id are about. */
TwinLiveRequest *twin_live_session_follow (TwinLiveSession *self, uint64_t id);

/* Borrowed; may be NULL. */
const char *twin_live_session_get_data_dir (TwinLiveSession *self);

/* What edits take turns at: one editor, opened by the first. Belongs to the
 * workers that hold a reference. */
typedef struct _TwinLiveEditor TwinLiveEditor;

TwinLiveEditor *twin_live_editor_new (const char *store,
                                      const char *who,
                                      TwinRoles  *roles);
TwinLiveEditor *twin_live_editor_ref (TwinLiveEditor *self);
void            twin_live_editor_unref (TwinLiveEditor *self);

/* Borrowed; NULL once closed. */
TwinLiveEditor *twin_live_session_get_editor (TwinLiveSession *self);

G_END_DECLS
