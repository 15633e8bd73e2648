/* SPDX-License-Identifier: Apache-2.0
 *
 * node-sensors.h - how the sensors are: faults, clocks, the speed's source
 */
#ifndef NODE_SENSORS_H
#define NODE_SENSORS_H

#include <stdbool.h>
#include <stdint.h>

#include "node-config.h"
#include "node-speed.h"

/* What can be wrong with a sensor; names in node-sensors.c and PROTOCOL.md. */
enum
{
  NODE_FAULT_ABSENT = 1, /* does not answer, or is another part */
  NODE_FAULT_OPEN = 2,
  NODE_FAULT_SHORT = 4,
  NODE_FAULT_VOLTAGE = 8,
  NODE_FAULT_SELF_TEST = 16,
  NODE_FAULT_CLIPPED = 32, /* within the last ten seconds */
  NODE_FAULT_STUCK = 64,   /* the same value for a second */
  NODE_FAULT_PULSES = 128, /* missing, doubled, or none while it turns */
};

/* The node's clock against the beacons. */
typedef struct
{
  bool     known;
  int64_t  utc_us; /* of the beacon that it is measured from */
  uint64_t up_us;
  float    ppm; /* the node's clock is that much fast */
  float    uncertainty;
} node_clock;

typedef struct
{
  uint8_t           accel[NODE_ACCELS_MAX]; /* fault bits of each */
  uint8_t           rtd[NODE_RTDS_MAX];
  uint8_t           current, speed;
  node_speed_source source;      /* of the shaft speed */
  float             uncertainty; /* of it, 1/min */
  bool              follows;     /* 1X is being followed */
  node_speed        line;
  node_clock        clock;
  uint64_t          told_us; /* overruns and drifts were reported */
  uint32_t          told_overruns;
  float             told_ppm[NODE_ACCELS_MAX];
} node_sensors;

#endif
