/* SPDX-License-Identifier: Apache-2.0
 *
 * node.c - one node: start, superloop, names
 */
#include "node-private.h"

#include <string.h>

enum
{
  KEEPALIVE_S = 30,
  NEVER = 0,
};

size_t
node_copy (char *out, size_t size, const char *text)
{
  size_t n = strlen (text);

  if (n >= size)
    n = size - 1;
  memcpy (out, text, n);
  out[n] = '\0';
  return n;
}

void
node_join (char *out, size_t size, const char *a, const char *b)
{
  size_t n = node_copy (out, size, a);

  node_copy (out + n, size - n, b);
}

void
node_topic (const node *n, const char *channel, char out[NODE_TOPIC_SIZE])
{
  node_join (out, NODE_TOPIC_SIZE, n->prefix, channel);
}

void
node_log (node *n, hal_log_level level, const char *text)
{
  hal_log (n->board, level, text);
}

void
node_refused (node *n, const char *what, const char *reason)
{
  uint64_t now = hal_time_us (n->board);
  char     text[64];

  if (strcmp (reason, "malformed") == 0)
    n->malformed++;
  if (n->refused_log_us != 0 && now - n->refused_log_us < 1000000)
    return;
  n->refused_log_us = now;
  node_join (text, sizeof text, what, " refused: ");
  node_join (text, sizeof text, text, reason);
  node_log (n, HAL_LOG_WARNING, text);
}

bool
node_send (node       *n,
           const char *channel,
           const void *data,
           size_t      length,
           uint8_t     qos,
           bool        retain)
{
  char           topic[NODE_TOPIC_SIZE];
  node_mqtt_part part = { data, length };

  node_topic (n, channel, topic);
  return node_mqtt_publish (&n->mqtt, topic, &part, 1, qos, retain);
}

uint8_t *
node_scratch_memory (node *n, size_t *size)
{
  return node_mqtt_spare (&n->mqtt, size);
}

void
node_scratch (node *n, node_cbor_writer *w)
{
  size_t   size;
  uint8_t *memory = node_scratch_memory (n, &size);

  if (size < NODE_COSE_ROOM + NODE_COSE_TAIL)
    node_cbor_begin (w, memory, 0);
  else
    node_cbor_begin (w, memory + NODE_COSE_ROOM,
                     size - NODE_COSE_ROOM - NODE_COSE_TAIL);
}

bool
node_send_signed (node *n, const char *channel, size_t length, bool retain)
{
  char           topic[NODE_TOPIC_SIZE];
  const uint8_t *message;
  size_t         size, all = length + NODE_COSE_ROOM + NODE_COSE_TAIL;

  if (n->mqtt.state != NODE_MQTT_ONLINE || node_mqtt_room (&n->mqtt) < all)
    return false; /* a signature is dear */
  node_topic (n, channel, topic);
  message = node_cose_sign (node_scratch_memory (n, &size), length, topic,
                            n->seed, n->kid, &all);
  return message != NULL && node_send (n, channel, message, all, 1, retain);
}

bool
node_too_big (node *n, const char *what)
{
  if (!node_mqtt_idle (&n->mqtt))
    return false;
  node_log (n, HAL_LOG_ERROR, what);
  return true;
}

static void
name_topics (node *n)
{
  node_copy (n->prefix, sizeof n->prefix, "twin/1/");
  node_join (n->prefix, sizeof n->prefix, n->prefix, n->config.plant);
  node_join (n->prefix, sizeof n->prefix, n->prefix, "/");
  node_join (n->prefix, sizeof n->prefix, n->prefix, n->config.node);
  node_join (n->prefix, sizeof n->prefix, n->prefix, "/");
}

/* Own key and ring id are drawn at the first start. */
static hal_status
draw_identity (node *n, uint8_t ring_id[NODE_RING_ID_SIZE])
{
  hal_status status = HAL_OK;

  if (node_keep_get (&n->secrets, SECRET_SEED, n->seed, sizeof n->seed) !=
      sizeof n->seed)
    {
      status = hal_random (n->board, n->seed, sizeof n->seed);
      if (status == HAL_OK &&
          !node_secret_put (n, SECRET_SEED, n->seed, sizeof n->seed))
        status = HAL_ERR_IO;
    }

  if (status == HAL_OK &&
      node_keep_get (&n->keep, KEEP_RING, ring_id, NODE_RING_ID_SIZE) !=
          NODE_RING_ID_SIZE)
    {
      status = hal_random (n->board, ring_id, NODE_RING_ID_SIZE);
      if (status == HAL_OK)
        status =
            node_keep_put (&n->keep, KEEP_RING, ring_id, NODE_RING_ID_SIZE);
    }

  if (status == HAL_OK)
    status = hal_ed25519_public (n->seed, n->key);
  if (status == HAL_OK)
    node_cose_kid (n->key, n->kid);
  return status;
}

/* The epoch is kept before anything can be recorded under it. */
static hal_status
next_epoch (node *n)
{
  if (node_keep_get (&n->keep, KEEP_EPOCH, &n->epoch, sizeof n->epoch) !=
      sizeof n->epoch)
    n->epoch = 0;
  n->epoch++;
  return node_keep_put (&n->keep, KEEP_EPOCH, &n->epoch, sizeof n->epoch);
}

static void
start_parts (node *n)
{
  node_mqtt_options options;

  node_time_init (n);
  node_epochs_init (n);
  node_keys_init (n);
  node_results_init (n);
  node_acquire_init (n);
  node_wave_init (n);
  node_detect_init (n);
  node_capture_init (n);
  node_calibrate_init (n);
  node_act_init (n);
  node_update_init (n);
  node_trip_init (n);
  node_desired_init (n); /* knows the signals by now */
  node_detect_recall (n);

  options = (node_mqtt_options){
    .plant = n->config.plant,
    .node = n->config.node,
    .prefix = n->prefix,
    .will_channel = "status",
    .will_text = "offline",
    .user = n->config.user,
    .password = n->config.password,
    .keepalive_s = KEEPALIVE_S,
  };
  node_mqtt_init (&n->mqtt, n->board, &options);
}

hal_status
node_init (node *n, hal *board, const node_config *config)
{
  uint8_t    ring_id[NODE_RING_ID_SIZE];
  uint32_t   sectors;
  hal_status status;

  memset (n, 0, sizeof *n);
  n->board = board;
  n->config = *config;
  name_topics (n);

  if (hal_flash_size (board) < FLASH_RING + 2 * HAL_FLASH_SECTOR)
    return HAL_ERR_ARGUMENT;
  sectors = (hal_flash_size (board) - FLASH_RING) / HAL_FLASH_SECTOR;

  status = node_keep_open (&n->secrets, board, FLASH_SECRETS,
                           FLASH_SECRETS_SIZE / 2);
  if (status == HAL_OK)
    status = node_keep_scrub (&n->secrets);
  if (status == HAL_OK)
    status = node_keep_open (&n->keep, board, FLASH_KEEP, FLASH_KEEP_BANK);
  if (status == HAL_OK)
    status = draw_identity (n, ring_id);
  if (status == HAL_OK)
    status = next_epoch (n);
  if (status == HAL_OK)
    status = node_ring_open (&n->ring, board, FLASH_RING, sectors, ring_id,
                             n->epoch);
  if (status != HAL_OK)
    return status;

  start_parts (n);
  node_event (n, "boot", hal_boot_reason (board), -1);
  return HAL_OK;
}

/* twin/1/<plant>/@time, from what is kept for the node's own topics. */
void
node_time_topic (const node *n, char out[NODE_TOPIC_SIZE])
{
  node_copy (out, NODE_TOPIC_SIZE, "twin/1/");
  node_join (out, NODE_TOPIC_SIZE, out, n->config.plant);
  node_join (out, NODE_TOPIC_SIZE, out, "/@time");
}

static void
greet (node *n)
{
  static const char *const channels[] = { "replay", "desired",  "command",
                                          "enrol",  "manifest", "chunk/data" };
  enum
  {
    CHANNELS = sizeof channels / sizeof channels[0]
  };
  char        topics[CHANNELS + 1][NODE_TOPIC_SIZE];
  const char *list[CHANNELS + 1];

  for (unsigned i = 0; i < CHANNELS; i++)
    {
      node_topic (n, channels[i], topics[i]);
      list[i] = topics[i];
    }
  node_time_topic (n, topics[CHANNELS]);
  list[CHANNELS] = topics[CHANNELS];

  node_mqtt_subscribe (&n->mqtt, list, CHANNELS + 1);
  n->birth_due = n->status_due = n->report_due = n->ring_due = !n->removed;
  n->ring_answers = false;
  node_log (n, HAL_LOG_INFO, "online");
}

static bool
topic_is (const node *n, const node_mqtt_message *m, const char *channel)
{
  size_t prefix_n = strlen (n->prefix), channel_n = strlen (channel);

  return m->topic_n == prefix_n + channel_n &&
         memcmp (m->topic, n->prefix, prefix_n) == 0 &&
         memcmp (m->topic + prefix_n, channel, channel_n) == 0;
}

static void
take_message (node *n, const node_mqtt_message *m)
{
  char time[NODE_TOPIC_SIZE];

  node_time_topic (n, time);
  if (m->topic_n == strlen (time) && memcmp (m->topic, time, m->topic_n) == 0)
    node_time_beacon (n, m->payload, m->payload_n);
  else if (topic_is (n, m, "replay"))
    node_replay_request (n, m->payload, m->payload_n);
  else if (topic_is (n, m, "command"))
    node_command_take (n, m->payload, m->payload_n);
  else if (topic_is (n, m, "desired"))
    node_desired_take (n, m->payload, m->payload_n);
  else if (topic_is (n, m, "enrol"))
    node_enrol (n, m->payload, m->payload_n);
  else if (topic_is (n, m, "manifest"))
    node_update_manifest (n, m->payload, m->payload_n);
  else if (topic_is (n, m, "chunk/data"))
    node_update_chunk (n, m->payload, m->payload_n);
  else
    node_refused (n, "message", "topic"); /* we never asked for it */
}

/* Why there is no broker: once, however often it is tried. */
static void
tell_trouble (node *n)
{
  char line[NODE_TOPIC_SIZE];

  if (n->mqtt.trouble == NULL || n->mqtt.told)
    return;
  n->mqtt.told = true;
  node_join (line, sizeof line, "broker: ", n->mqtt.trouble);
  node_log (n, HAL_LOG_WARNING, line);
}

static void
lost (node *n)
{
  n->n_spans = 0;
  n->ring_due = n->ring_answers = false;
  if (n->mqtt.starved > 0)
    {
      n->mqtt.starved = 0;
      n->dropped_blocks++;
      n->properties.live = false;
    }
}

static void
network (node *n)
{
  node_mqtt_message message;

  for (;;)
    switch (node_mqtt_step (&n->mqtt, &message))
      {
      case NODE_MQTT_NOTHING:
        tell_trouble (n);
        return;
      case NODE_MQTT_CONNECTED:
        greet (n);
        break;
      case NODE_MQTT_LOST:
        lost (n);
        break;
      case NODE_MQTT_MESSAGE:
        take_message (n, &message);
        break;
      }
}

static void
measure (node *n, uint64_t now)
{
  if (now >= n->next_drain_us)
    node_acquire_drain (n);
  node_trip_step (n);

  if (now >= n->next_second_us)
    {
      node_acquire_second (n);
      node_signal_edges (n);
      node_detect_second (n);
      node_summary_second (n);
      n->next_second_us += 1000000;
      if (n->next_second_us <= now) /* the board slept */
        n->next_second_us = now + 1000000;
    }

  node_trip_step (n);
  node_acquire_duty (n);
  node_wave_schedule (n);
}

static void
earlier (uint64_t *deadline, uint64_t other)
{
  if (other != NEVER && other < *deadline)
    *deadline = other;
}

static void
timers (node *n, uint64_t now)
{
  if (n->led_until_us != NEVER && now >= n->led_until_us)
    {
      hal_led_set (n->board, false);
      n->led_until_us = NEVER;
    }

  node_job_step (n);

  /* A wanted restart lets its answer out first. */
  if (n->reset_at_us != NEVER && now >= n->reset_at_us)
    {
      node_stop (n);
      n->reset_at_us = NEVER;
      hal_reset (n->board);
    }
}

uint64_t
node_step (node *n)
{
  uint64_t now = hal_time_us (n->board), deadline;
  bool     busy;

  hal_watchdog_kick (n->board);
  measure (n, now);
  busy = node_capture_step (n);
  network (n);
  node_announce (n);
  node_replay_step (n);
  node_update_step (n);
  do
    network (n);
  while (node_wave_step (n));
  timers (n, now);

  deadline = busy ? now + 1000 : n->next_second_us;
  earlier (&deadline, n->next_drain_us);
  earlier (&deadline, node_mqtt_deadline_us (&n->mqtt));
  if (n->n_spans > 0)
    earlier (&deadline, n->replay_next_us);
  earlier (&deadline, n->update.due_us);
  earlier (&deadline, n->led_until_us);
  earlier (&deadline, n->reset_at_us);
  earlier (&deadline, node_trip_deadline_us (n));
  if (n->job.finish != NULL)
    earlier (&deadline, n->job.due_us);
  return deadline > now ? deadline : now + 1000;
}

void
node_stop (node *n)
{
  if (n->mqtt.state == NODE_MQTT_ONLINE && !n->removed)
    node_send (n, "status", "offline", 7, 1, true);
  node_mqtt_disconnect (&n->mqtt);
}
