/* SPDX-License-Identifier: Apache-2.0
 *
 * node-wave.c - waveform blocks: filled from the FIFO, sent when whole
 *
 * A block is up to one second of every axis. What happens to it is decided
 * when it is whole: by the schedule, a live stream, or a capture asked for.
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

enum
{
  CAPTURE_MAGIC = 0x43415031, /* CAP1 */
  PIECE = 256,                /* bytes programmed at a time */
  /* Room that waveforms leave to records and answers. */
  RESERVED_TX = 16384,
};

static const double gravity = 9.80665;
static const char  *axis_names[3] = { "x", "y", "z" };

/* A block of the kept capture in its slot of flash; the message follows. */
typedef struct
{
  uint32_t magic;
  uint32_t epoch;
  uint32_t capture;
  uint32_t index;
  uint32_t length;
  uint32_t crc; /* of all before and of the message */
} slot_head;

_Static_assert(sizeof (slot_head) % HAL_FLASH_WORD == 0, "slot head");

void
node_wave_gap (node_accel *a)
{
  a->fill = 0;
  a->n0 = a->count;
}

void
node_wave_init (node *n)
{
  uint64_t now = hal_time_us (n->board);

  for (unsigned i = 0; i < n->config.n_accels; i++)
    {
      node_accel *a = &n->accels[i];
      uint32_t    room = NODE_BLOCK_SAMPLES / a->axes;

      /* One second, or the largest whole part of one that fits. */
      a->block_n = (uint32_t) (a->config.rate_hz + 0.5);
      for (uint32_t part = 1; a->block_n > room; part++)
        a->block_n = (uint32_t) (a->config.rate_hz / (part + 1) + 0.5);
      node_wave_gap (a);
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

typedef struct
{
  unsigned    axis;
  const char *why;
  uint32_t    capture; /* 0: none */
  bool        last;
} block_use;

/* The block's CBOR up to its data. */
static void
put_block_head (node             *n,
                const node_accel *a,
                const block_use  *use,
                node_cbor_writer *head)
{
  double utc, up = (double) a->read_us / 1e6 - a->block_n / a->rate_hz;
  bool   timed = node_utc_s (n, &utc);

  node_cbor_put_map (head, 15 + (use->capture > 0) + use->last);
  node_cbor_put_text (head, "n");
  node_cbor_put_uint (head, a->block_n);
  node_cbor_put_text (head, "n0");
  node_cbor_put_uint (head, a->n0);
  node_cbor_put_text (head, "t0");
  if (timed)
    node_cbor_put_f64 (head, utc - (node_up_s (n) - up));
  else
    node_cbor_put_null (head);
  node_cbor_put_text (head, "up");
  node_cbor_put_f64 (head, up);
  node_cbor_put_text (head, "why");
  node_cbor_put_text (head, use->why);
  node_cbor_put_text (head, "axis");
  node_cbor_put_text (head, axis_names[use->axis]);
  node_cbor_put_text (head, "data");
  node_cbor_put_tag (head, 77);
  node_cbor_put_bytes_head (head, a->block_n * sizeof (int16_t));
}

/* The rest, behind its data. */
static void
put_block_tail (const node       *n,
                const node_accel *a,
                const block_use  *use,
                node_cbor_writer *tail)
{
  double scale = a->driver.g_per_lsb * gravity *
                 (a->config.kind == NODE_ACCEL_ADXL355 ? 16.0 : 1.0);

  if (use->last)
    {
      node_cbor_put_text (tail, "last");
      node_cbor_put_bool (tail, true);
    }
  node_cbor_put_text (tail, "rate");
  node_cbor_put_f64 (tail, a->rate_hz);
  node_cbor_put_text (tail, "ring");
  node_cbor_put_bytes (tail, n->ring.id, NODE_RING_ID_SIZE);
  node_cbor_put_text (tail, "unit");
  node_cbor_put_text (tail, "m/s2");
  node_cbor_put_text (tail, "epoch");
  node_cbor_put_uint (tail, n->epoch);
  node_cbor_put_text (tail, "scale");
  node_cbor_put_f64 (tail, scale);
  node_cbor_put_text (tail, "offset");
  node_cbor_put_f64 (tail, 0);
  node_cbor_put_text (tail, "sensor");
  node_cbor_put_text (tail, a->sensor);
  if (use->capture > 0)
    {
      node_cbor_put_text (tail, "capture");
      node_cbor_put_uint (tail, use->capture);
    }
  node_cbor_put_text (tail, "quality");
  node_cbor_put_uint (tail, a->quality | (a->unfit ? BLOCK_SELF_TEST : 0) |
                                (a->config.recording ? BLOCK_RECORDING : 0));
}

/* Little-endian on the wire; every board we know stores them that way. */
static const uint8_t *
block_data (const node_accel *a, unsigned axis)
{
  return (const uint8_t *) (a->samples + (size_t) axis * a->block_n);
}

static void
keep_block (node *n, const node_mqtt_part parts[3])
{
  uint32_t  slot = FLASH_CAPTURE + n->take_index * CAPTURE_SLOT;
  slot_head head = { CAPTURE_MAGIC,
                     n->epoch,
                     n->take_number,
                     n->take_index,
                     (uint32_t) (parts[0].n + parts[1].n + parts[2].n),
                     0 };
  uint32_t  crc = node_crc32 (0, &head, offsetof (slot_head, crc));
  uint32_t  at = slot + sizeof head;
  uint8_t   piece[PIECE];
  unsigned  fill = 0;

  for (uint32_t i = 0; i < CAPTURE_SLOT; i += HAL_FLASH_SECTOR)
    if (hal_flash_erase (n->board, slot + i) != HAL_OK)
      return;

  for (unsigned p = 0; p < 3; p++)
    {
      crc = node_crc32 (crc, parts[p].data, parts[p].n);
      for (size_t i = 0; i < parts[p].n; i++)
        {
          piece[fill++] = ((const uint8_t *) parts[p].data)[i];
          if (fill == sizeof piece)
            {
              if (hal_flash_program (n->board, at, piece, fill) != HAL_OK)
                return;
              at += fill;
              fill = 0;
            }
        }
    }
  if (fill > 0)
    {
      memset (piece + fill, 0, sizeof piece - fill);
      fill = (fill + HAL_FLASH_WORD - 1) & ~(HAL_FLASH_WORD - 1u);
      if (hal_flash_program (n->board, at, piece, fill) != HAL_OK)
        return;
    }

  head.crc = crc;
  hal_flash_program (n->board, slot, &head, sizeof head);
}

static void
send_block (node *n, node_accel *a, const block_use *use, bool keep)
{
  uint8_t          head_bytes[256], tail_bytes[256];
  char             topic[NODE_TOPIC_SIZE];
  node_cbor_writer head, tail;

  node_cbor_begin (&head, head_bytes, sizeof head_bytes);
  node_cbor_begin (&tail, tail_bytes, sizeof tail_bytes);
  put_block_head (n, a, use, &head);
  put_block_tail (n, a, use, &tail);

  node_mqtt_part parts[3] = { { head.data, head.length },
                              { block_data (a, use->axis),
                                a->block_n * sizeof (int16_t) },
                              { tail.data, tail.length } };
  size_t         total = parts[0].n + parts[1].n + parts[2].n;

  if (keep)
    keep_block (n, parts);

  node_topic (n, "waveform", topic);
  if (node_mqtt_room (&n->mqtt) < total + RESERVED_TX ||
      !node_mqtt_publish (&n->mqtt, topic, parts, 3, keep ? 1 : 0, false))
    n->dropped_blocks++;
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
         (n->take_active && a == &n->accels[n->take_accel]);
}

static void
take_block (node *n, node_accel *a)
{
  block_use use = { n->take_axis, "command", n->take_number,
                    n->take_left == 1 };

  send_block (n, a, &use, true);
  n->take_index++;
  if (--n->take_left == 0)
    {
      n->take_active = false;
      node_act_take_done (n);
    }
}

static void
block_whole (node *n, node_accel *a)
{
  bool live = live_on (n, a);

  if (n->take_active && a == &n->accels[n->take_accel])
    take_block (n, a);

  if (a->capture_left > 0)
    {
      for (unsigned axis = 0; axis < a->axes; axis++)
        {
          block_use use = { axis, "schedule", a->capture,
                            a->capture_left == 1 };

          send_block (n, a, &use, false);
        }
      a->capture_left--;
    }
  else if (live)
    {
      block_use use = { n->properties.live_axis, "live", 0, false };

      if (use.axis < a->axes)
        send_block (n, a, &use, false);
    }
}

void
node_wave_samples (node          *n,
                   node_accel    *a,
                   const int32_t *frames,
                   uint32_t       count)
{
  bool narrow = a->config.kind == NODE_ACCEL_ADXL355;

  for (uint32_t i = 0; i < count; i++)
    {
      for (unsigned axis = 0; axis < a->axes; axis++)
        {
          int32_t value = frames[(size_t) i * a->axes + axis];

          if (value >= a->driver.clip || value <= -a->driver.clip)
            a->quality |= BLOCK_CLIPPED;
          if (narrow) /* 20 bit to 16, rounded */
            value = value > 524279 ? INT16_MAX : (value + 8) >> 4;
          a->samples[(size_t) axis * a->block_n + a->fill] = (int16_t) value;
        }

      a->count++;
      if (++a->fill == a->block_n)
        {
          block_whole (n, a);
          a->quality = 0;
          node_wave_gap (a);
        }
    }
}

void
node_wave_schedule (node *n)
{
  const node_properties *p = &n->properties;
  uint64_t               now = hal_time_us (n->board);
  uint64_t               every = (uint64_t) (p->every_s * 1e6);

  if (every == 0 || p->capture_s <= 0 || now < n->next_schedule_us)
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
      if (!n->take_active && !live_on (n, a))
        node_wave_gap (a);
    }
}

bool
node_wave_take (node *n, unsigned accel, unsigned axis, uint32_t blocks)
{
  if (n->take_active || blocks == 0 || blocks > CAPTURE_SLOTS)
    return false;

  n->take_active = true;
  n->take_accel = accel;
  n->take_axis = axis;
  n->take_number = ++n->last_capture;
  n->take_left = blocks;
  n->take_index = 0;
  return true;
}

/* Ask for blocks of the kept capture again; bit i of @blocks: block i. */
void
node_wave_replay (node *n, uint64_t capture, uint32_t blocks)
{
  n->replay_blocks = 0;
  for (uint32_t i = 0; i < CAPTURE_SLOTS; i++)
    {
      slot_head head;

      if ((blocks & (1u << i)) &&
          hal_flash_read (n->board, FLASH_CAPTURE + i * CAPTURE_SLOT, &head,
                          sizeof head) == HAL_OK &&
          head.magic == CAPTURE_MAGIC && head.capture == capture)
        n->replay_blocks |= 1u << i;
    }
}

/* One block a call, as bytes from flash: exactly what was sent first. */
void
node_wave_resend (node *n)
{
  slot_head head;
  uint32_t  index = 0, at, crc;
  uint8_t  *message = (uint8_t *) n->scratch;

  if (n->replay_blocks == 0 || n->mqtt.state != NODE_MQTT_ONLINE)
    return;

  while (!(n->replay_blocks & (1u << index)))
    index++;
  at = FLASH_CAPTURE + index * CAPTURE_SLOT;

  if (hal_flash_read (n->board, at, &head, sizeof head) == HAL_OK &&
      head.magic == CAPTURE_MAGIC && head.length <= sizeof n->scratch)
    {
      if (node_mqtt_room (&n->mqtt) < head.length + RESERVED_TX)
        return; /* later */
      crc = node_crc32 (0, &head, offsetof (slot_head, crc));
      if (hal_flash_read (n->board, at + sizeof head, message, head.length) ==
              HAL_OK &&
          node_crc32 (crc, message, head.length) == head.crc)
        node_send (n, "waveform", message, head.length, 1, false);
    }
  n->replay_blocks &= ~(1u << index);
}
