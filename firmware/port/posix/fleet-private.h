/* SPDX-License-Identifier: Apache-2.0
 *
 * fleet-private.h - between setting a fleet up and running it
 */
#ifndef FLEET_PRIVATE_H
#define FLEET_PRIVATE_H

#include "agenda.h"
#include "board.h"
#include "fleet.h"
#include "node.h"

typedef struct
{
  agenda_entry      wake; /* first; host's time of the next look at it */
  const plant_node *plan;
  node_config       config;
  hal               board;
  sim               sim;
  sim_iis3dwb      *wide;
  sim_daq16        *converter;
  node              node;
  GMappedFile      *recording;
  char             *age_path;
  bool              age_unsaved; /* and said so */
  uint64_t          started_us;  /* host's time at this boot */
  uint64_t          due_us;      /* of the board, next step */
  uint64_t          keep_due_us; /* of the host */
  uint64_t          power_us;   /* host's time the power is back; 0: it is on */
  guint             next_fault; /* of the fleet's */
  unsigned          watched;    /* board.sockets the loop listens to */
  uint32_t          events;     /* that it waits for there */
} fleet_member;

struct fleet
{
  GPtrArray   *members; /* owned */
  board_broker broker;
  char        *user, *password; /* at the broker, or NULL */
  double       time_scale;      /* node seconds a real second */
  uint8_t      build[32];
  GPtrArray   *faults; /* of injection, by time */
  GIOChannel  *input;  /* of the console, or NULL */
};

/* Microseconds of a clock that goes on while the host sleeps. */
uint64_t fleet_host_us (void);

/* Power on: the board boots and the node begins. */
bool fleet_start_node (fleet_member *m, const char *reason, GError **error);

void fleet_save_age (fleet_member *m);

#endif
