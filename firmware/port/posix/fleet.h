/* SPDX-License-Identifier: Apache-2.0
 *
 * fleet.h - many nodes in one process, one thread, one poll loop
 */
#ifndef FLEET_H
#define FLEET_H

#include <glib.h>

#include "plant.h"
#include "sim.h"

typedef struct fleet fleet;

typedef struct
{
  const char  *broker;          /* mqtt://host:port or mqtts://host:port */
  const char  *ca;              /* authorities for mqtts; NULL: the system's */
  const char  *cert, *key;      /* our own, or NULL */
  const char  *state;           /* folder of the flash files */
  const char  *replay_data;     /* folder of recordings, or NULL */
  const char  *only;            /* one node's name, or NULL for all */
  char *const *faults;          /* as of --fault, or NULL */
  gboolean     console;         /* take commands from standard input */
  double       time_scale;      /* node seconds a real second; 0: 1 */
  guint64      cut_power_after; /* flash steps of each node; 0: never */
  gboolean     no_rtc;          /* nodes do not know the time at start */
  gboolean     verbose;
} fleet_options;

/* Set up the nodes of @p, which outlives the fleet. */
fleet *fleet_new (const plant *p, const fleet_options *options, GError **error);

/* Run until *@stop; then say farewell. */
void fleet_run (fleet *f, const volatile int *stop);

unsigned fleet_size (const fleet *f);

/* @url as it may be said aloud: without user name and password. */
const char *fleet_broker_shown (const char *url);

/* One node of the fleet and what it sits on; all the fleet's. */
typedef struct
{
  const char  *name;
  struct node *core;
  hal         *board;
  sim         *machine;
} fleet_seat;

/* @index less than the size. */
fleet_seat fleet_seat_at (const fleet *f, unsigned index);

void fleet_free (fleet *f);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (fleet, fleet_free)

#endif
