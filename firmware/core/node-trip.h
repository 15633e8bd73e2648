/* SPDX-License-Identifier: Apache-2.0
 *
 * node-trip.h - the node stops its machine by itself
 *
 * An engineer sets limits by signed command. When one holds for its delay the
 * relay opens, then the reason goes to flash, then it is told: no broker is
 * needed. Latched: power loss does not close it again, only resetTrip does.
 *
 * Velocity r.m.s. is judged on a window of NODE_TRIP_HOPS hops of 8 ms that
 * slides by one hop, so a limit is seen exceeded at most one window (256 ms)
 * and a hop after it is. Any other signal is judged each time it is read.
 */
#ifndef NODE_TRIP_H
#define NODE_TRIP_H

#include <stdbool.h>
#include <stdint.h>

#include "node-config.h"

enum
{
  NODE_TRIPS_MAX = 4,
  NODE_TRIP_HOPS = 32,
  NODE_TRIP_HOPS_PER_S = 125,
  NODE_TRIP_DELAY_MAX_S = 3600,
};

typedef struct
{
  uint8_t  signal; /* index, NODE_SIGNALS_MAX: none set */
  float    high;
  float    delay_s; /* above it for this long */
  float    value;   /* newest judged */
  uint64_t over_us; /* since when above, 0: not */
} node_trip_limit;

/* Mean square of velocity over the newest hops of one accelerometer. */
typedef struct
{
  float    squares[NODE_TRIP_HOPS]; /* sums, m2/s2 */
  uint16_t samples[NODE_TRIP_HOPS];
  uint8_t  at;   /* hop being filled */
  uint8_t  held; /* whole ones */
} node_trip_window;

typedef struct
{
  node_trip_limit  limits[NODE_TRIPS_MAX];
  node_trip_window windows[NODE_ACCELS_MAX];
  bool             tripped; /* the relay is open; why is in flash */
} node_trip;

#endif
