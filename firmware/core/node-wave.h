/* SPDX-License-Identifier: Apache-2.0
 *
 * node-wave.h - waveform blocks that leave, and the captures kept in flash
 *
 * Blocks of the schedule and of the live stream are read from the history
 * (node-samples.h) while they leave, at QoS 0. Blocks of a capture go from the
 * history into flash, as the very message, and from there to the broker at
 * QoS 1, now and whenever they are asked for again.
 */
#ifndef NODE_WAVE_H
#define NODE_WAVE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum
{
  NODE_WHY_SCHEDULE,
  NODE_WHY_LIVE,
  NODE_WHY_TRIGGER,
  NODE_WHY_COMMAND,
} node_why;

/* What a block's message says besides its samples. */
typedef struct
{
  uint64_t n0;
  double   up_s;  /* of its first sample */
  double   utc_s; /* the same in UTC; only if timed */
  double   rate_hz;
  uint32_t capture; /* 0: none */
  uint8_t  accel, axis;
  uint8_t  why;     /* node_why */
  uint8_t  quality; /* BLOCK_… */
  bool     timed;
  bool     last; /* of its capture */
} node_block;

/* A capture being taken, and what of the kept one is to be sent. Two areas of
 * flash take turns: the newest capture is in one, the other is erased. */
typedef struct
{
  bool       active;
  bool       answer;    /* a command waits for its end */
  uint8_t    id[8];     /* of that command */
  uint8_t    axes;      /* bit i: axis i */
  uint8_t    area;      /* of this or of the newest capture */
  uint8_t    slot;      /* next to be written */
  uint32_t   left;      /* slots still to be written */
  node_block block;     /* next to be written */
  uint32_t   unsent;    /* bit i: slot i waits to leave */
  uint32_t   stream_at; /* flash offset of the message that is leaving */
  uint32_t   erased;    /* sectors of the other area known to be blank */
  uint32_t   missed;    /* triggers that found no room */
} node_capture;

#endif
