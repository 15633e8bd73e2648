/* SPDX-License-Identifier: Apache-2.0 */
/* twin-whatif-level.c - which level answers: accuracy against time */
#include <math.h>
#include <stdio.h>

#include "twin-whatif.h"

#define WEIGHT 0.2
#define SAFETY 1.5

static const struct
{
  const char *name;
  double      error; /* of the remaining life, relative */
  double      first_ms;
} levels[TWIN_WHATIF_LEVELS] = {
  [TWIN_WHATIF_CLOSED] = { "closed form", 0.30, 1 },
  [TWIN_WHATIF_ODE] = { "ODE", 0.10, 40 },
  [TWIN_WHATIF_SIGNAL] = { "signal", 0.10, 3000 },
};

const char *
twin_whatif_level_name (TwinWhatifLevel level)
{
  g_return_val_if_fail (level < TWIN_WHATIF_LEVELS, "closed form");

  return levels[level].name;
}

double
twin_whatif_level_error (TwinWhatifLevel level)
{
  g_return_val_if_fail (level < TWIN_WHATIF_LEVELS, NAN);

  return levels[level].error;
}

void
twin_whatif_times_init (TwinWhatifTimes *self)
{
  for (int i = 0; i < TWIN_WHATIF_LEVELS; i++)
    self->ms[i] = levels[i].first_ms;
}

void
twin_whatif_times_add (TwinWhatifTimes *self, TwinWhatifLevel level, double ms)
{
  g_return_if_fail (level < TWIN_WHATIF_LEVELS && ms >= 0);

  self->ms[level] += WEIGHT * (ms - self->ms[level]);
}

double
twin_whatif_times_estimate (const TwinWhatifTimes *self, TwinWhatifLevel level)
{
  g_return_val_if_fail (level < TWIN_WHATIF_LEVELS, NAN);

  return SAFETY * self->ms[level];
}

/* Comparisons are such that NaN, any, is never exceeded. */
static gboolean
fits (const TwinWhatifTimes *times, const TwinWhatifWish *wish, int level)
{
  return !(levels[level].error > wish->accuracy) &&
         !(twin_whatif_times_estimate (times, level) > wish->budget_ms) &&
         (level == TWIN_WHATIF_SIGNAL || !wish->signal);
}

static int
fastest (const TwinWhatifTimes *times)
{
  int best = 0;

  for (int i = 1; i < TWIN_WHATIF_LEVELS; i++)
    if (times->ms[i] < times->ms[best])
      best = i;

  return best;
}

void
twin_whatif_choose (const TwinWhatifTimes *times,
                    const TwinWhatifWish  *wish,
                    TwinWhatifChoice      *out)
{
  int best = -1;

  for (int i = 0; i < TWIN_WHATIF_LEVELS; i++)
    if (fits (times, wish, i) && (best < 0 || times->ms[i] < times->ms[best]))
      best = i;

  out->accuracy_met = best >= 0;
  out->level = (TwinWhatifLevel) (best >= 0 ? best : fastest (times));
  out->estimate_ms = twin_whatif_times_estimate (times, out->level);
  if (best >= 0)
    g_snprintf (out->reason, sizeof out->reason,
                "%s: the cheapest level that is good to ±%.0f %% in an "
                "estimated %.3g ms.",
                levels[out->level].name, 100 * levels[out->level].error,
                out->estimate_ms);
  else
    g_snprintf (out->reason, sizeof out->reason,
                "%s: accuracy not met. No level is as accurate as was asked "
                "in that time; this is the fastest.",
                levels[out->level].name);
}
