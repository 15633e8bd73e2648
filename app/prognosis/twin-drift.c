/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-drift.h"

#include <math.h>
#include <string.h>

#include "twin-clock.h"

#define SLOT_US (600 * TWIN_US_PER_S)
#define ALLOWANCE 0.5 /* k */
#define LIMIT 12      /* h */
#define HELD (2 * LIMIT)
#define SD_LEAST 0.03 /* K: less is the sensor's step */
#define RHO_MOST 0.95
#define WILD 4 /* deviations that one mean counts for at most */
#define SMOOTHING (1.0 / 6)

gboolean
twin_drift_is_ready (const TwinDrift *self)
{
  return self->n >= TWIN_DRIFT_REFERENCE;
}

/* Neighbours that are alike tell less than their number: by the lag-1
 * autocorrelation ρ a sum of them wanders as one of independent means with
 * (1 + ρ) / (1 - ρ) of their variance would. */
static void
settle (TwinDrift *self)
{
  double variance = 0, neighbours = 0, rho;

  self->mean = 0;
  for (int i = 0; i < TWIN_DRIFT_REFERENCE; i++)
    self->mean += self->reference[i] / TWIN_DRIFT_REFERENCE;
  for (int i = 0; i < TWIN_DRIFT_REFERENCE; i++)
    {
      double off = self->reference[i] - self->mean;

      variance += off * off / TWIN_DRIFT_REFERENCE;
      if (i > 0)
        neighbours +=
            off * (self->reference[i - 1] - self->mean) / TWIN_DRIFT_REFERENCE;
    }

  rho = variance > 0 ? CLAMP (neighbours / variance, 0, RHO_MOST) : 0;
  self->sd = fmax (sqrt (variance * (1 + rho) / (1 - rho)), SD_LEAST);
}

static void
judge (TwinDrift *self)
{
  if (self->up >= LIMIT && self->level >= TWIN_DRIFT_LEAST_K)
    self->direction = 1;
  else if (self->down >= LIMIT && self->level <= -TWIN_DRIFT_LEAST_K)
    self->direction = -1;
  else if ((self->direction > 0 && self->up < LIMIT / 2.0) ||
           (self->direction < 0 && self->down < LIMIT / 2.0))
    self->direction = 0;

  self->since_us = self->direction > 0   ? self->up_since_us
                   : self->direction < 0 ? self->down_since_us
                                         : 0;
}

static void
take_mean (TwinDrift *self, int64_t time_us, double mean)
{
  double z;

  if (!twin_drift_is_ready (self))
    {
      self->reference[self->n++] = (float) mean;
      if (twin_drift_is_ready (self))
        settle (self);
      return;
    }

  /* A start or a stop makes a single mean that is far off. */
  z = CLAMP ((mean - self->mean) / self->sd, -WILD, WILD);
  if (self->up <= 0)
    self->up_since_us = time_us;
  if (self->down <= 0)
    self->down_since_us = time_us;
  self->up = CLAMP (self->up + z - ALLOWANCE, 0, HELD);
  self->down = CLAMP (self->down - z - ALLOWANCE, 0, HELD);
  self->level += SMOOTHING * (mean - self->mean - self->level);
  judge (self);
}

void
twin_drift_add (TwinDrift *self, int64_t time_us, double value)
{
  if (!isfinite (value))
    return;

  if (self->slot_n > 0 && time_us - self->slot_us >= SLOT_US)
    {
      take_mean (self, self->slot_us, self->slot_sum / self->slot_n);
      self->slot_n = 0;
    }
  if (self->slot_n == 0)
    {
      self->slot_us = time_us;
      self->slot_sum = 0;
    }

  self->slot_sum += value;
  self->slot_n++;
}

void
twin_drift_restore (TwinDrift *self, double mean, double sd)
{
  memset (self, 0, sizeof *self);
  self->n = TWIN_DRIFT_REFERENCE;
  self->mean = mean;
  self->sd = fmax (sd, SD_LEAST);
}

char *
twin_drift_describe (const TwinDrift *self, int64_t now_us)
{
  if (!twin_drift_is_ready (self))
    return g_strdup_printf ("no reference yet: %u of %d h", self->n / 6,
                            TWIN_DRIFT_REFERENCE / 6);
  if (self->direction == 0)
    return g_strdup ("steady");

  return g_strdup_printf ("drifts %s: %+.1f K in %.0f h",
                          self->direction > 0 ? "up" : "down", self->level,
                          fmax (twin_clock_seconds_from_us (now_us -
                                                            self->since_us) /
                                    3600,
                                1));
}

static gboolean
agree (const double *values, size_t n, double tolerance, size_t without)
{
  double least = INFINITY, most = -INFINITY;

  for (size_t i = 0; i < n; i++)
    if (i != without && !isnan (values[i]))
      {
        least = fmin (least, values[i]);
        most = fmax (most, values[i]);
      }

  return !(most - least > tolerance);
}

int
twin_vote (const double *values, size_t n, double tolerance)
{
  size_t votes = 0;
  int    odd = TWIN_VOTE_UNDECIDED;

  if (agree (values, n, tolerance, n))
    return TWIN_VOTE_AGREE;

  for (size_t i = 0; i < n; i++)
    votes += !isnan (values[i]);
  for (size_t i = 0; votes >= 3 && i < n; i++)
    {
      if (isnan (values[i]) || !agree (values, n, tolerance, i))
        continue;
      if (odd >= 0)
        return TWIN_VOTE_UNDECIDED;
      odd = (int) i;
    }

  return odd;
}
