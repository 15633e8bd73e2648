/* SPDX-License-Identifier: Apache-2.0
 *
 * node-calibrate.h - what a reference instrument said of a sensor
 *
 * value = measured × scale + offset, in the signal's unit. An accelerometer
 * has a scale only, the same for its scalars and its blocks.
 */
#ifndef NODE_CALIBRATE_H
#define NODE_CALIBRATE_H

#include <stdbool.h>
#include <stdint.h>

#include "node-config.h"

enum
{
  /* Channels: the temperatures, then these. */
  NODE_CHANNEL_CURRENT = NODE_RTDS_MAX,
  NODE_CHANNEL_ACCEL = NODE_RTDS_MAX + 1,
  NODE_CHANNELS = NODE_RTDS_MAX + 1 + NODE_ACCELS_MAX,
};

typedef struct
{
  float scale, offset;
} node_calibration;

typedef struct
{
  node_calibration channels[NODE_CHANNELS];
  /* The one that a command is about. */
  unsigned         channel;
  node_calibration wanted;
  bool             refer; /* find the offset that makes @mean @reference */
  float            reference;
  float            mean; /* of what was measured since it was asked */
  uint32_t         n;
} node_calibrate;

#endif
