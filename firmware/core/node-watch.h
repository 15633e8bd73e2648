/* SPDX-License-Identifier: Apache-2.0
 *
 * node-watch.h - what is usual of one value, and when it no longer is
 *
 * A moving average of the value, single wild ones left out, is compared with
 * its own running mean and standard deviation. Time is counted in values:
 * seconds while acquisition is continuous, cycles on duty. The baseline forgets
 * exponentially, and stands still while the value is unusual. Single precision,
 * no allocation, no I/O.
 */
#ifndef NODE_WATCH_H
#define NODE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

enum
{
  NODE_WATCH_LEARN = 600,    /* values before anything is called unusual */
  NODE_WATCH_MEMORY = 21600, /* time constant of the baseline: 6 h of seconds */
  NODE_WATCH_AVERAGE = 8,    /* of the moving average */
  NODE_WATCH_HOLD = 30,      /* unusual for so long: told */
  NODE_WATCH_CALM = 60,      /* usual again for so long: told */
  NODE_WATCH_STEP_MEMORY = 64, /* what a step is seen against */
  NODE_WATCH_STEP_HOLD = 5,
};

typedef struct
{
  float    mean, variance; /* baseline of the moving average */
  float    last[2];        /* newest values: the middle of three counts */
  float    average;        /* moving */
  float    slow, spread;   /* slow average; mean square of average - slow */
  uint16_t n;              /* values learnt from, at most NODE_WATCH_MEMORY */
  uint8_t  over, calm;     /* values in a row: unusual; usual while raised */
  uint8_t  stepping;       /* values in a row far from the slow average */
  bool     raised;
} node_watch;

typedef enum
{
  NODE_WATCH_NOTHING,
  NODE_WATCH_Z,       /* z-score over 6 for NODE_WATCH_HOLD */
  NODE_WATCH_Z_CLEAR, /* under 3 for NODE_WATCH_CALM */
  NODE_WATCH_STEP,    /* the level has moved, and stayed */
} node_watch_news;

/* Evidence: the moving average, and the mean and deviation it was held
 * against. @z is (value - mean) / std. */
typedef struct
{
  float value, mean, std, z;
} node_watch_evidence;

/* Forget the baseline: after maintenance. */
void node_watch_reset (node_watch *w);

/* The machine stood: what follows is no step from what went before. */
void node_watch_pause (node_watch *w);

/* One value more. Its deviation counts as @least at least, and three times that
 * is the smallest step; 0: 2 % and 15 % of the value, which is right where zero
 * means nothing. @evidence is filled unless the answer is NOTHING. */
node_watch_news node_watch_add (node_watch          *w,
                                float                value,
                                float                least,
                                node_watch_evidence *evidence);

#endif
