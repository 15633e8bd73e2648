/* SPDX-License-Identifier: Apache-2.0
 *
 * agenda.c - who is due next: a heap of deadlines
 */
#include "agenda.h"

#include <glib.h>

void
agenda_init (agenda *a, unsigned size)
{
  a->heap = g_new0 (agenda_entry *, size);
  a->n = 0;
}

void
agenda_clear (agenda *a)
{
  g_free (a->heap);
  a->heap = NULL;
  a->n = 0;
}

static void
put (agenda *a, unsigned place, agenda_entry *entry)
{
  a->heap[place] = entry;
  entry->place = place;
}

static void
settle (agenda *a, agenda_entry *entry)
{
  unsigned at = entry->place;

  while (at > 0 && a->heap[(at - 1) / 2]->due_us > entry->due_us)
    {
      put (a, at, a->heap[(at - 1) / 2]);
      at = (at - 1) / 2;
    }

  for (unsigned child; (child = 2 * at + 1) < a->n; at = child)
    {
      if (child + 1 < a->n &&
          a->heap[child + 1]->due_us < a->heap[child]->due_us)
        child++;
      if (a->heap[child]->due_us >= entry->due_us)
        break;
      put (a, at, a->heap[child]);
    }
  put (a, at, entry);
}

void
agenda_add (agenda *a, agenda_entry *entry)
{
  put (a, a->n++, entry);
  settle (a, entry);
}

void
agenda_move (agenda *a, agenda_entry *entry, uint64_t due_us)
{
  entry->due_us = due_us;
  settle (a, entry);
}

agenda_entry *
agenda_first (const agenda *a)
{
  return a->n > 0 ? a->heap[0] : NULL;
}
