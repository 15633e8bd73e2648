/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-lock.h"

#include <errno.h>
#include <time.h>

void
twin_lock_init (TwinLock *lock)
{
  pthread_mutex_init (&lock->mutex, NULL);
}

void
twin_lock_clear (TwinLock *lock)
{
  pthread_mutex_destroy (&lock->mutex);
}

void
twin_lock_acquire (TwinLock *lock)
{
  pthread_mutex_lock (&lock->mutex);
}

void
twin_lock_release (TwinLock *lock)
{
  pthread_mutex_unlock (&lock->mutex);
}

void
twin_cond_init (TwinCond *cond)
{
  pthread_condattr_t attr;

  pthread_condattr_init (&attr);
  pthread_condattr_setclock (&attr, CLOCK_MONOTONIC);
  pthread_cond_init (&cond->cond, &attr);
  pthread_condattr_destroy (&attr);
}

void
twin_cond_clear (TwinCond *cond)
{
  pthread_cond_destroy (&cond->cond);
}

void
twin_cond_signal (TwinCond *cond)
{
  pthread_cond_signal (&cond->cond);
}

void
twin_cond_broadcast (TwinCond *cond)
{
  pthread_cond_broadcast (&cond->cond);
}

void
twin_cond_wait (TwinCond *cond, TwinLock *lock)
{
  pthread_cond_wait (&cond->cond, &lock->mutex);
}

gboolean
twin_cond_wait_until (TwinCond *cond, TwinLock *lock, int64_t deadline_us)
{
  const struct timespec until = {
    .tv_sec = deadline_us / 1000000,
    .tv_nsec = (deadline_us % 1000000) * 1000,
  };

  return pthread_cond_timedwait (&cond->cond, &lock->mutex, &until) !=
         ETIMEDOUT;
}
