/* SPDX-License-Identifier: Apache-2.0 */
/* twin-lock.h - the engine's only locks and condition variables
 *
 * On pthread, so that the thread sanitizer understands them (it reports races
 * inside Debian's GMutex). Not recursive. Any thread.
 */
#pragma once

#include <glib.h>
#include <pthread.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct
{
  pthread_mutex_t mutex;
} TwinLock;

typedef struct
{
  pthread_cond_t cond; /* on the monotonic clock */
} TwinCond;

void twin_lock_init (TwinLock *lock);
void twin_lock_clear (TwinLock *lock);
void twin_lock_acquire (TwinLock *lock);
void twin_lock_release (TwinLock *lock);

void twin_cond_init (TwinCond *cond);
void twin_cond_clear (TwinCond *cond);
void twin_cond_signal (TwinCond *cond);
void twin_cond_broadcast (TwinCond *cond);
void twin_cond_wait (TwinCond *cond, TwinLock *lock);

/* Waits until @deadline_us of twin_clock_monotonic_us().
 * Returns FALSE when the deadline passed without a signal. */
gboolean twin_cond_wait_until (TwinCond *cond,
                               TwinLock *lock,
                               int64_t   deadline_us);

G_END_DECLS
