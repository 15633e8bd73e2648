/* SPDX-License-Identifier: Apache-2.0
 *
 * node-detect.h - watching a node's signals: what it keeps
 */
#ifndef NODE_DETECT_H
#define NODE_DETECT_H

#include "node-watch.h"

enum
{
  NODE_WATCHES_MAX = 32, /* signals */
  /* After a start, and after its speed has changed by more than a twentieth,
   * the machine is let settle before it is watched. */
  NODE_DETECT_SETTLE_S = 60,
  NODE_DETECT_KEEP_S = 3600,   /* between writes of the baseline to flash */
  NODE_DETECT_CAPTURE_S = 600, /* between triggered captures of a sensor */
};

typedef struct
{
  uint64_t   watched;  /* bit i: signal i */
  uint64_t   fresh;    /* bit i: signal i has a value since the last look */
  uint32_t   steady_s; /* node.seconds since which it runs, and evenly */
  float      speed;    /* slow average, 1/min; 0: stands, or is not known */
  bool       paused;
  uint32_t   captured_s[2]; /* node.seconds of each sensor's, 0: none */
  node_watch watches[NODE_WATCHES_MAX];
} node_detect;

#endif
