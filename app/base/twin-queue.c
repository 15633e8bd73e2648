/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-queue.h"

#include "twin-clock.h"
#include "twin-lock.h"

struct _TwinQueue
{
  TwinLock       lock;
  TwinCond       arrived;
  GDestroyNotify free_func;
  void         **slots; /* guarded by lock, as everything below */
  size_t         capacity;
  size_t         head;
  size_t         length;
  uint64_t       dropped;
  gboolean       closed;
  gboolean       woken;
};

TwinQueue *
twin_queue_new (size_t capacity, GDestroyNotify free_func)
{
  TwinQueue *self;

  g_return_val_if_fail (capacity > 0, NULL);

  self = g_new0 (TwinQueue, 1);
  twin_lock_init (&self->lock);
  twin_cond_init (&self->arrived);
  self->free_func = free_func;
  self->slots = g_new (void *, capacity);
  self->capacity = capacity;
  return self;
}

static void *
take_oldest (TwinQueue *self)
{
  void *message = self->slots[self->head];

  self->head = (self->head + 1) % self->capacity;
  self->length--;
  return message;
}

void
twin_queue_free (TwinQueue *self)
{
  if (self == NULL)
    return;

  while (self->length > 0)
    {
      void *message = take_oldest (self);

      if (self->free_func != NULL)
        self->free_func (message);
    }

  twin_cond_clear (&self->arrived);
  twin_lock_clear (&self->lock);
  g_free (self->slots);
  g_free (self);
}

gboolean
twin_queue_push (TwinQueue *self, void *message)
{
  gboolean taken;

  twin_lock_acquire (&self->lock);

  taken = !self->closed && self->length < self->capacity;
  if (taken)
    {
      self->slots[(self->head + self->length) % self->capacity] = message;
      self->length++;
      twin_cond_signal (&self->arrived);
    }
  else
    {
      self->dropped++;
    }

  twin_lock_release (&self->lock);
  return taken;
}

void *
twin_queue_pop (TwinQueue *self, int64_t deadline_us)
{
  void *message = NULL;

  twin_lock_acquire (&self->lock);

  while (self->length == 0 && !self->closed && !self->woken &&
         deadline_us > twin_clock_monotonic_us ())
    twin_cond_wait_until (&self->arrived, &self->lock, deadline_us);

  if (self->length > 0)
    message = take_oldest (self);
  self->woken = FALSE;

  twin_lock_release (&self->lock);
  return message;
}

void
twin_queue_wake (TwinQueue *self)
{
  twin_lock_acquire (&self->lock);
  self->woken = TRUE;
  twin_cond_broadcast (&self->arrived);
  twin_lock_release (&self->lock);
}

void
twin_queue_close (TwinQueue *self)
{
  twin_lock_acquire (&self->lock);
  self->closed = TRUE;
  twin_cond_broadcast (&self->arrived);
  twin_lock_release (&self->lock);
}

size_t
twin_queue_length (TwinQueue *self)
{
  size_t length;

  twin_lock_acquire (&self->lock);
  length = self->length;
  twin_lock_release (&self->lock);
  return length;
}

uint64_t
twin_queue_dropped (TwinQueue *self)
{
  uint64_t dropped;

  twin_lock_acquire (&self->lock);
  dropped = self->dropped;
  twin_lock_release (&self->lock);
  return dropped;
}
