/* SPDX-License-Identifier: Apache-2.0 */
/* twin-signal.h - what may be wrong with a record, by name
 *
 * Pure functions, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TWIN_SIGNAL_CLIPPED = 1 << 0, /* samples at the sensor's limit */
  TWIN_SIGNAL_SPEED = 1 << 1, /* the shaft's lines contradict the speed given */
  TWIN_SIGNAL_STUCK = 1 << 2, /* the same value again and again */
  TWIN_SIGNAL_SHORT = 1 << 3, /* under 5 s: a verdict is less certain */
  TWIN_SIGNAL_BURST = 1 << 4, /* a few bursts carry much of the energy */
  TWIN_SIGNAL_NO_SPEED =
      1 << 5, /* no shaft speed given: nothing can be named */
  TWIN_SIGNAL_SLOW_RATE = 1 << 6,  /* the rate cannot carry the fault lines */
  TWIN_SIGNAL_NOT_FINITE = 1 << 7, /* NaN or infinite samples */
  TWIN_SIGNAL_DROPOUT = 1 << 8,    /* holes: runs of one value, or NaN */
  TWIN_SIGNAL_COPY = 1 << 9,       /* another channel holds the same signal */
  TWIN_SIGNAL_RATE = 1 << 10,      /* the sample rate given is not the true one:
                                      mains and shaft lines agree on another */
  TWIN_SIGNAL_MAINS = 1 << 11,    /* the mains' lines carry much of the power */
  TWIN_SIGNAL_BIAS = 1 << 12,     /* a mean that gravity does not explain */
  TWIN_SIGNAL_GEOMETRY = 1 << 14, /* not of the record: the bearing's inside is
                                     estimated */
  TWIN_SIGNAL_VARYING = 1 << 13,  /* the speed changed within the record */
} TwinSignalFlag;

#define TWIN_SIGNAL_FLAGS 15

/* "clipped", "speed mismatch", "stuck", "short", "burst", "no speed",
 * "slow rate", "not finite", "dropouts", "copied channel", "rate mismatch",
 * "mains noise", "bias", "varying speed", "estimated geometry". @flag: one bit.
 */
const char *twin_signal_flag_name (TwinSignalFlag flag);
/* "clipped, speed mismatch"; NULL when nothing is wrong. Caller frees. */
char *twin_signal_flags_describe (guint flags);

/* What is left of a judgement made on such data. */
typedef enum
{
  TWIN_TRUST_FULL,    /* nothing that matters to it is wrong */
  TWIN_TRUST_REDUCED, /* more evidence is asked for, and "nothing found" is
                         left open */
  TWIN_TRUST_NONE,    /* nothing may be named */
} TwinTrust;

/* NONE: stuck, not finite, no speed, slow rate, rate mismatch, copied channel.
 * REDUCED: clipped, burst, dropouts, mains noise, estimated geometry. Others
 * are only said. */
TwinTrust twin_signal_trust (guint flags);

G_END_DECLS
