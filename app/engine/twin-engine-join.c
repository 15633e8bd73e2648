/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-engine-join.h"

#include <math.h>
#include <string.h>

#include "twin-clock.h"

/* A measured rate wanders; blocks further apart than this do not join. */
#define RATE_TOLERANCE 0.005

/* Bit 2 of a block's quality: samples were lost before its first. */
#define OVERRUN_BEFORE 2u

struct _TwinJoin
{
  double        seconds, least_seconds;
  GArray       *samples; /* double */
  TwinJoinBlock last;    /* the newest block; its samples are not kept */
  double        rate_hz; /* of the record's first block */
  uint64_t      n0;      /* of its first sample */
  uint32_t      quality;
  int64_t       t0_us;
};

TwinJoin *
twin_join_new (double seconds, double least_seconds)
{
  TwinJoin *self = g_new0 (TwinJoin, 1);

  self->seconds = seconds;
  self->least_seconds = least_seconds;
  self->samples = g_array_new (FALSE, FALSE, sizeof (double));
  return self;
}

void
twin_join_free (TwinJoin *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->samples);
  g_free (self);
}

void
twin_joined_free (TwinJoined *joined)
{
  if (joined == NULL)
    return;

  g_free (joined->samples);
  g_free (joined);
}

static gboolean
follows (const TwinJoin *self, const TwinJoinBlock *block)
{
  const TwinJoinBlock *last = &self->last;

  return self->samples->len > 0 && !last->last &&
         memcmp (last->ring, block->ring, sizeof last->ring) == 0 &&
         last->epoch == block->epoch && last->capture == block->capture &&
         last->n0 + last->n == block->n0 &&
         (block->quality & OVERRUN_BEFORE) == 0 &&
         fabs (block->rate_hz - self->rate_hz) <=
             RATE_TOLERANCE * self->rate_hz;
}

static size_t
samples_of (const TwinJoin *self, double seconds)
{
  return (size_t) llround (seconds * self->rate_hz);
}

/* Takes the first @n samples as a finished record; what follows stays. */
static TwinJoined *
take (TwinJoin *self, size_t n)
{
  TwinJoined *joined = g_new0 (TwinJoined, 1);
  int64_t     length_us = llround ((double) n / self->rate_hz * 1e6);

  joined->samples = g_memdup2 (self->samples->data, n * sizeof (double));
  joined->n = n;
  joined->rate_hz = self->rate_hz;
  joined->n0 = self->n0;
  joined->quality = self->quality;
  joined->t0_us = self->t0_us;
  joined->end_us = TWIN_TIME_NONE;
  if (self->t0_us != TWIN_TIME_NONE)
    joined->end_us = self->t0_us + length_us;

  g_array_remove_range (self->samples, 0, (guint) n);
  self->n0 += n;
  self->t0_us = joined->end_us;
  return joined;
}

static TwinJoined *
take_ended (TwinJoin *self)
{
  TwinJoined *joined = NULL;

  if (self->samples->len > 0 &&
      self->samples->len >= samples_of (self, self->least_seconds))
    joined = take (self, self->samples->len);

  g_array_set_size (self->samples, 0);
  return joined;
}

guint
twin_join_add (TwinJoin *self, const TwinJoinBlock *block, TwinJoined *ready[2])
{
  guint       count = 0;
  TwinJoined *ended;

  g_return_val_if_fail (block->n > 0 && block->rate_hz > 0, 0);

  if (!follows (self, block))
    {
      ended = take_ended (self);
      if (ended != NULL)
        ready[count++] = ended;

      self->rate_hz = block->rate_hz;
      self->n0 = block->n0;
      self->t0_us = block->t0_us;
      self->quality = 0;
    }

  g_array_append_vals (self->samples, block->samples, (guint) block->n);
  self->quality |= block->quality;
  self->last = *block;
  self->last.samples = NULL;

  if (self->samples->len >= samples_of (self, self->seconds))
    {
      ready[count++] = take (self, samples_of (self, self->seconds));
      self->quality = block->quality & ~OVERRUN_BEFORE;
    }
  else if (block->last)
    {
      ended = take_ended (self);
      if (ended != NULL)
        ready[count++] = ended;
    }

  return count;
}
