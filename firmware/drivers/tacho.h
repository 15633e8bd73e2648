/* SPDX-License-Identifier: Apache-2.0
 *
 * tacho.h - shaft speed from a key-phasor, one pulse a turn
 */
#ifndef TACHO_H
#define TACHO_H

#include <stdbool.h>

#include "hal.h"

typedef struct
{
  hal     *board;
  bool     known;            /* a good edge was seen */
  uint64_t edge_us;          /* the newest good one */
  uint32_t pulses;           /* counted then */
  float    period_us;        /* of a turn, there */
  uint32_t missing, doubled; /* pulses since start */
  bool     doubtful;         /* over 5 % of this second's were wrong */
} tacho;

typedef enum
{
  TACHO_TURNS,  /* *@rpm was measured */
  TACHO_STANDS, /* no pulse for two seconds: *@rpm is 0 */
  TACHO_UNSURE, /* too few pulses to tell, *@rpm stays: right after the start */
  TACHO_NONE,   /* no key-phasor is fitted */
} tacho_state;

void tacho_init (tacho *t, hal *board);

/* To be called once a second. Speed is the turns between two good edges by
 * their time: missing and doubled pulses are put right, and counted. */
tacho_state tacho_read (tacho *t, float *rpm);

#endif
