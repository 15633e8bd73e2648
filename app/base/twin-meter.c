/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-meter.h"

#include <math.h>
#include <string.h>

enum
{
  STEPS_PER_DECADE = 48, /* neighbouring bounds differ by 4.9 % */
  N_BINS = 8 * STEPS_PER_DECADE,
};

struct _TwinMeter
{
  uint64_t    bins[N_BINS];
  uint64_t    count;
  int64_t     max_us;
  const char *slowest;
};

TwinMeter *
twin_meter_new (void)
{
  TwinMeter *self = g_new0 (TwinMeter, 1);

  self->slowest = "";
  return self;
}

void
twin_meter_free (TwinMeter *self)
{
  g_free (self);
}

void
twin_meter_note (TwinMeter *self, const char *what, int64_t duration_us)
{
  int bin = 0;

  if (duration_us > 1)
    bin = (int) (log10 ((double) duration_us) * STEPS_PER_DECADE);

  self->bins[MIN (bin, N_BINS - 1)]++;
  self->count++;
  if (duration_us > self->max_us)
    {
      self->max_us = duration_us;
      self->slowest = what;
    }
}

static int64_t
quantile (const TwinMeter *self, double q)
{
  const uint64_t rank = (uint64_t) ceil (q * (double) self->count);
  uint64_t       seen = 0;

  for (int i = 0; i < N_BINS; i++)
    {
      seen += self->bins[i];
      if (seen >= rank && seen > 0)
        return MIN (self->max_us,
                    (int64_t) ceil (
                        pow (10, (double) (i + 1) / STEPS_PER_DECADE)));
    }

  return 0;
}

void
twin_meter_read (const TwinMeter *self, TwinMeterFigures *figures)
{
  figures->count = self->count;
  figures->p50_us = quantile (self, 0.50);
  figures->p99_us = quantile (self, 0.99);
  figures->max_us = self->max_us;
  figures->slowest = self->slowest;
}

void
twin_meter_reset (TwinMeter *self)
{
  memset (self, 0, sizeof *self);
  self->slowest = "";
}
