/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-inbox.h"

#include "twin-lock.h"

struct _TwinInbox
{
  int            refs;
  TwinLock       lock;
  GPtrArray     *pending; /* guarded by lock; non-NULL while a wakeup is due */
  TwinInboxDrain drain;   /* main thread only; NULL once closed */
  void          *data;    /* main thread only */
};

TwinInbox *
twin_inbox_new (TwinInboxDrain drain, void *data)
{
  TwinInbox *self = g_new0 (TwinInbox, 1);

  self->refs = 1;
  twin_lock_init (&self->lock);
  self->drain = drain;
  self->data = data;
  return self;
}

TwinInbox *
twin_inbox_ref (TwinInbox *self)
{
  g_atomic_int_inc (&self->refs);
  return self;
}

void
twin_inbox_unref (TwinInbox *self)
{
  if (!g_atomic_int_dec_and_test (&self->refs))
    return;

  g_clear_pointer (&self->pending, g_ptr_array_unref);
  twin_lock_clear (&self->lock);
  g_free (self);
}

void
twin_inbox_close (TwinInbox *self)
{
  self->drain = NULL;
  self->data = NULL;
}

static gboolean
drain_on_main (void *data)
{
  TwinInbox *self = data;
  g_autoptr (GPtrArray) updates = NULL;

  twin_lock_acquire (&self->lock);
  updates = g_steal_pointer (&self->pending);
  twin_lock_release (&self->lock);

  if (self->drain != NULL)
    self->drain (updates, self->data);

  return G_SOURCE_REMOVE;
}

static void
unref_inbox (void *data)
{
  twin_inbox_unref (data);
}

void
twin_inbox_post (TwinUpdate *update, void *data)
{
  TwinInbox *self = data;

  twin_lock_acquire (&self->lock);

  if (self->pending == NULL)
    {
      self->pending =
          g_ptr_array_new_with_free_func ((GDestroyNotify) twin_update_unref);
      g_idle_add_full (G_PRIORITY_DEFAULT, drain_on_main, twin_inbox_ref (self),
                       unref_inbox);
    }

  g_ptr_array_add (self->pending, update);
  twin_lock_release (&self->lock);
}
