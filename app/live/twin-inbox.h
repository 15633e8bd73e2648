/* SPDX-License-Identifier: Apache-2.0 */
/* twin-inbox.h - carries finished updates from any thread to the main loop
 *
 * However many updates arrive in a burst, the main loop wakes once.
 */
#pragma once

#include <glib.h>

#include "twin-update.h"

G_BEGIN_DECLS

typedef struct _TwinInbox TwinInbox;

/* Main thread: gets every update (borrowed) since the last call, in order. */
typedef void (*TwinInboxDrain) (GPtrArray *updates, void *data);

TwinInbox *twin_inbox_new (TwinInboxDrain drain, void *data);

/* Main thread. After this nothing is drained any more; updates still pending
 * are dropped with the last reference. */
void       twin_inbox_close (TwinInbox *self);
TwinInbox *twin_inbox_ref (TwinInbox *self);
void       twin_inbox_unref (TwinInbox *self);

/* Any thread. Takes ownership of @update, which nobody may change again. */
void twin_inbox_post (TwinUpdate *update, void *self);

G_END_DECLS
