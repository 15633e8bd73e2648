/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-signal-value.h"

#include <math.h>

gboolean
twin_signal_update (TwinSignal *self,
                    double      value,
                    const char *text,
                    int         quality,
                    int64_t     source_us,
                    int64_t     arrival_us,
                    gboolean    anchored)
{
  int64_t when = source_us != TWIN_TIME_NONE ? source_us : arrival_us;

  if (self->source_us != TWIN_TIME_NONE && when < self->source_us)
    return FALSE;

  self->value = quality == 2 || text != NULL ? NAN : value;
  if (self->text != text)
    {
      g_free (self->text);
      self->text = g_strdup (text);
    }
  self->quality = quality;
  self->source_us = when;
  self->arrival_us = arrival_us;
  self->anchored = anchored;
  return TRUE;
}

/* The time its age counts from. */
static int64_t
count_from (const TwinSignal *self)
{
  return MIN (self->source_us, self->arrival_us);
}

int64_t
twin_signal_age_us (const TwinSignal *self, int64_t now_us)
{
  if (self->source_us == TWIN_TIME_NONE)
    return INT64_MAX;

  return MAX (now_us - count_from (self), 0);
}

static int64_t
limit_us (const TwinSignal *self)
{
  return (int64_t) ((2 * self->max_silence_s + 5) * TWIN_US_PER_S);
}

gboolean
twin_signal_is_stale (const TwinSignal *self,
                      int64_t           now_us,
                      gboolean          node_online,
                      gboolean          link_up)
{
  return !link_up || !node_online ||
         twin_signal_age_us (self, now_us) > limit_us (self);
}

int64_t
twin_signal_stale_at_us (const TwinSignal *self)
{
  if (self->source_us == TWIN_TIME_NONE)
    return TWIN_TIME_NONE;

  return count_from (self) + limit_us (self);
}

gboolean
twin_node_is_online (gboolean status_online,
                     int64_t  last_arrival_us,
                     double   max_silence_s,
                     int64_t  now_us)
{
  return status_online && last_arrival_us != TWIN_TIME_NONE &&
         (double) (now_us - last_arrival_us) <=
             2 * max_silence_s * TWIN_US_PER_S;
}
