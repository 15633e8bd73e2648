/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-join.h - blocks of one sensor axis joined into longer records
 *
 * Blocks join where n0 + n is the next n0 in one ring, epoch and capture; a
 * hole, another rate or another offset of time ends the record. Owned by the
 * pipeline thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* One block as far as joining is concerned. */
typedef struct
{
  guint8        ring[8];
  uint32_t      epoch;
  gint64        capture; /* -1: live */
  gboolean      last;    /* of its capture */
  uint64_t      n0;
  double        rate_hz;
  uint32_t      quality; /* bits of PROTOCOL.md */
  const double *samples; /* g */
  size_t        n;
  int64_t       t0_us; /* TWIN_TIME_NONE: unknown */
} TwinJoinBlock;

/* A joined record, finished and immutable. */
typedef struct
{
  double  *samples; /* g; owned */
  size_t   n;
  double   rate_hz;
  uint64_t n0;      /* running number of its first sample */
  uint32_t quality; /* bits of all its blocks together */
  int64_t  t0_us;
  int64_t  end_us;
} TwinJoined;

typedef struct _TwinJoin TwinJoin;

/* Records are @seconds long, without overlap; one that ends early is still
 * given when it has at least @least_seconds. */
TwinJoin *twin_join_new (double seconds, double least_seconds);
void      twin_join_free (TwinJoin *self);

/* Adds a block. Returns how many records became ready (0 to 2: the one that a
 * hole ended, and one that @block completes), put in @ready and owned by the
 * caller. */
guint twin_join_add (TwinJoin            *self,
                     const TwinJoinBlock *block,
                     TwinJoined          *ready[2]);

void twin_joined_free (TwinJoined *joined);

G_END_DECLS
