/* SPDX-License-Identifier: Apache-2.0
 *
 * node-wave.c - waveform blocks: cut from the history, offered, sent
 *
 * A block is whole when its last sample is in the history; what happens to it
 * is decided then. It leaves while half of the history is still to come, so a
 * link that keeps up with the sensor loses nothing.
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

enum
{
  /* So that a block's message fits a capture's slot. */
  BLOCK_MAX = (CAPTURE_SLOT - 1024) / (int) sizeof (int16_t),
};

void
node_wave_gap (node_accel *a, uint64_t missing)
{
  node_samples_gap (&a->samples, missing);
  a->block_n0 = a->samples.count;
}

/* One second, or the largest whole part of one of which the history holds
 * two and a capture's slot one. */
static uint32_t
block_length (const node_accel *a)
{
  uint32_t most = a->samples.capacity / 2, n;

  if (most > BLOCK_MAX)
    most = BLOCK_MAX;
  n = (uint32_t) (a->config.rate_hz + 0.5);
  for (uint32_t part = 2; n > most; part++)
    n = (uint32_t) (a->config.rate_hz / part + 0.5);
  return n;
}

void
node_wave_init (node *n)
{
  uint64_t now = hal_time_us (n->board);
  uint32_t wanted = 0;
  int16_t *store = n->pool;

  for (unsigned i = 0; i < n->config.n_accels; i++)
    wanted +=
        node_samples_wanted (n->accels[i].config.rate_hz) * n->accels[i].axes;

  for (unsigned i = 0; i < n->config.n_accels; i++)
    {
      node_accel *a = &n->accels[i];
      uint32_t    frames =
          node_samples_share (node_samples_wanted (a->config.rate_hz), wanted);

      node_samples_init (&a->samples, store, frames, a->axes);
      store += (size_t) frames * a->axes;
      a->block_n = block_length (a);
      node_wave_gap (a, 0);
    }

  n->next_schedule_us = now + 2000000 + (uint64_t) (n->config.phase_s * 1e6);
}

int
node_wave_sensor (const node *n, const char *sensor, size_t length)
{
  for (unsigned i = 0; i < n->config.n_accels; i++)
    if (strlen (n->accels[i].sensor) == length &&
        memcmp (n->accels[i].sensor, sensor, length) == 0)
      return (int) i;
  return -1;
}

static bool
live_on (node *n, const node_accel *a)
{
  node_properties *p = &n->properties;
  double           utc;

  if (!p->live || strcmp (p->live_sensor, a->sensor) != 0)
    return false;
  if (node_utc_s (n, &utc) && utc < p->live_until_s)
    return true;
  p->live = false; /* ends by itself */
  n->report_due = true;
  return false;
}

bool
node_wave_wanted (node *n, const node_accel *a)
{
  return a->capture_left > 0 || live_on (n, a) ||
         (n->capture.active && a == &n->accels[n->capture.block.accel]);
}

static void
drop_offer (node *n, node_accel *a)
{
  for (; a->offer_axes != 0; a->offer_axes &= a->offer_axes - 1)
    n->dropped_blocks++;
}

static void
offer (node *n, node_accel *a, uint64_t n0, uint8_t quality)
{
  node_block b = { .n0 = n0,
                   .accel = (uint8_t) (a - n->accels),
                   .quality = quality };
  bool       live = live_on (n, a);
  uint8_t    axes;

  if (a->capture_left > 0)
    {
      axes = (uint8_t) ((1u << a->axes) - 1);
      b.why = NODE_WHY_SCHEDULE;
      b.capture = a->capture;
      b.last = --a->capture_left == 0;
    }
  else if (live)
    {
      axes = (uint8_t) (1u << n->properties.live_axis);
      b.why = NODE_WHY_LIVE;
    }
  else
    return;

  drop_offer (n, a); /* the one before is still here: the link is too slow */
  node_block_stamp (n, &b);
  a->offer = b;
  a->offer_axes = axes;
  if (n->mqtt.state != NODE_MQTT_ONLINE)
    drop_offer (n, a);
}

void
node_wave_samples (node          *n,
                   node_accel    *a,
                   const int16_t *frames,
                   uint32_t       count)
{
  uint64_t whole = UINT64_MAX;
  uint8_t  quality = 0;

  while (count > 0)
    {
      uint64_t room = a->block_n0 + a->block_n - a->samples.count;
      uint32_t part = count < room ? count : (uint32_t) room;

      for (uint32_t i = 0; i < part * a->axes; i++)
        if (frames[i] == INT16_MAX || frames[i] <= -INT16_MAX)
          {
            a->quality |= BLOCK_CLIPPED;
            a->clips++;
          }
      node_samples_add (&a->samples, frames, part);
      frames += part * a->axes;
      count -= part;

      if (part == room)
        {
          whole = a->block_n0;
          quality = a->quality;
          a->block_n0 += a->block_n;
          a->quality = 0;
        }
    }

  if (whole != UINT64_MAX)
    offer (n, a, whole, quality);
}

void
node_wave_schedule (node *n)
{
  const node_properties *p = &n->properties;
  uint64_t               now = hal_time_us (n->board);
  uint64_t               every = (uint64_t) (p->every_s * 1e6);

  if (every == 0 || p->capture_s <= 0 || now < n->next_schedule_us ||
      n->mode == NODE_MODE_STANDBY)
    return;

  n->next_schedule_us += every;
  if (n->next_schedule_us <= now)
    n->next_schedule_us = now + every;

  for (unsigned i = 0; i < n->config.n_accels; i++)
    {
      node_accel *a = &n->accels[i];

      if (a->capture_left > 0)
        continue;
      a->capture = ++n->last_capture;
      a->capture_left = (uint32_t) ceil (
          p->capture_s * a->config.rate_hz / a->block_n - 1e-6);
      /* A record of its own begins with its first sample, not mid-block. */
      if (!live_on (n, a))
        a->block_n0 = a->samples.count;
    }
}

static bool
read_block (void *context, uint32_t at, uint8_t *out, uint32_t count)
{
  const node *n = context;

  return node_block_read (n, &n->stream_block, at, out, count);
}

/* The next axis of what is offered; false: the stream is not free for it. */
static bool
send_offer (node *n, node_accel *a)
{
  char    topic[NODE_TOPIC_SIZE];
  uint8_t axis = 0;

  if (!node_samples_held (&a->samples, a->offer.n0, a->block_n))
    {
      drop_offer (n, a);
      return true;
    }

  while (!(a->offer_axes & (1u << axis)))
    axis++;
  n->stream_block = a->offer;
  n->stream_block.axis = axis;
  node_topic (n, "waveform", topic);
  if (!node_mqtt_publish_from (&n->mqtt, topic,
                               node_block_length (n, &n->stream_block), 0,
                               false, read_block, n))
    return false;
  a->offer_axes &= (uint8_t) ~(1u << axis);
  return true;
}

bool
node_wave_step (node *n)
{
  if (node_mqtt_streaming (&n->mqtt) || n->mqtt.state != NODE_MQTT_ONLINE)
    return false;

  for (unsigned i = 0; i < n->config.n_accels; i++)
    if (n->accels[i].offer_axes != 0)
      return send_offer (n, &n->accels[i]);
  return node_capture_send (n);
}
