/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-thread.h"

#include <string.h>

struct _TwinThread
{
  pthread_t      thread;
  TwinThreadFunc func;
  void          *data;
};

static void *
run (void *data)
{
  TwinThread *self = data;

  self->func (self->data);
  return NULL;
}

TwinThread *
twin_thread_new (const char *name, TwinThreadFunc func, void *data)
{
  TwinThread *self = g_new0 (TwinThread, 1);
  char        shown[16] = { 0 };
  int         rc;

  self->func = func;
  self->data = data;

  rc = pthread_create (&self->thread, NULL, run, self);
  if (rc != 0)
    g_error ("Could not start the %s thread: %s", name, g_strerror (rc));

  g_strlcpy (shown, name, sizeof shown);
  pthread_setname_np (self->thread, shown);
  return self;
}

void
twin_thread_join (TwinThread *thread)
{
  g_return_if_fail (thread != NULL);

  pthread_join (thread->thread, NULL);
  g_free (thread);
}
