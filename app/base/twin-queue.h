/* SPDX-License-Identifier: Apache-2.0 */
/* twin-queue.h - a bounded queue of finished messages between threads
 *
 * Many producers, many consumers, first in first out. What does not fit is
 * refused and counted; the producer never waits. Any thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct _TwinQueue TwinQueue;

/* @capacity: most messages held, at least 1; @free_func frees what is still
 * queued when the queue goes. */
TwinQueue *twin_queue_new (size_t capacity, GDestroyNotify free_func);
void       twin_queue_free (TwinQueue *self);

/* Takes ownership of @message on TRUE. On FALSE (full or closed) the caller
 * keeps it and the drop is counted. */
gboolean twin_queue_push (TwinQueue *self, void *message);

/* The oldest message, now owned by the caller, or NULL when @deadline_us of
 * the monotonic clock passed (0: do not wait) or the queue is closed and
 * empty. */
void *twin_queue_pop (TwinQueue *self, int64_t deadline_us);

/* Wakes a consumer that waits in twin_queue_pop(); it returns NULL early. */
void twin_queue_wake (TwinQueue *self);

/* No further pushes; consumers drain what is left, then get NULL at once. */
void twin_queue_close (TwinQueue *self);

size_t   twin_queue_length (TwinQueue *self);
uint64_t twin_queue_dropped (TwinQueue *self);

G_END_DECLS
