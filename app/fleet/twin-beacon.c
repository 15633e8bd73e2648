/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-beacon.h"

#include "twin-enrol.h"

static const int64_t period_us = 30 * TWIN_US_PER_S;

struct _TwinBeacon
{
  TwinFleetIo io;
  char       *topic;
  int64_t     due_us; /* monotonic */
};

TwinBeacon *
twin_beacon_new (const TwinFleetIo *io)
{
  TwinBeacon *self = g_new0 (TwinBeacon, 1);

  self->io = *io;
  self->topic = twin_topic_format (io->plant, NULL, TWIN_CHANNEL_TIME);
  self->due_us = INT64_MIN;
  return self;
}

void
twin_beacon_free (TwinBeacon *self)
{
  if (self == NULL)
    return;

  g_free (self->topic);
  g_free (self);
}

void
twin_beacon_tick (TwinBeacon *self)
{
  const int64_t now_us = twin_clock_now_monotonic (self->io.clock);
  g_autoptr (GBytes) message = NULL;

  if (now_us < self->due_us)
    return;

  message = twin_time_build (twin_clock_now_utc (self->io.clock), self->io.key,
                             self->topic);
  /* Not connected is no error here: the next tick tries again. */
  if (self->io.publish (self->topic, message, 0, FALSE, self->io.user_data,
                        NULL))
    self->due_us = now_us + period_us;
}

void
twin_beacon_connected (TwinBeacon *self)
{
  self->due_us = INT64_MIN;
}
