/* SPDX-License-Identifier: Apache-2.0
 *
 * agenda.h - who is due next: a heap of deadlines
 */
#ifndef AGENDA_H
#define AGENDA_H

#include <stdbool.h>
#include <stdint.h>

typedef struct
{
  uint64_t due_us;
  unsigned place; /* in the heap; private */
} agenda_entry;

typedef struct
{
  agenda_entry **heap; /* owned */
  unsigned       n;
} agenda;

/* Of at most @size entries, which stay the caller's. */
void agenda_init (agenda *a, unsigned size);
void agenda_clear (agenda *a);

void agenda_add (agenda *a, agenda_entry *entry);

/* @entry's time has changed. */
void agenda_move (agenda *a, agenda_entry *entry, uint64_t due_us);

/* The entry that is due first, or NULL. */
agenda_entry *agenda_first (const agenda *a);

#endif
