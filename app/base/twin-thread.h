/* SPDX-License-Identifier: Apache-2.0 */
/* twin-thread.h - starting and joining threads, on pthread */
#pragma once

#include <glib.h>
#include <pthread.h>

G_BEGIN_DECLS

typedef struct _TwinThread TwinThread;

typedef void (*TwinThreadFunc) (void *data);

/* Starts a thread named @name (at most 15 bytes are shown by tools). Aborts
 * when the system cannot give one: nothing can go on without it. */
TwinThread *twin_thread_new (const char *name, TwinThreadFunc func, void *data);

/* Waits for the end of @thread and frees it. */
void twin_thread_join (TwinThread *thread);

G_END_DECLS
