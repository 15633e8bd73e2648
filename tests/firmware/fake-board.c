/* SPDX-License-Identifier: Apache-2.0
 *
 * fake-board.c - a board whose clock, power, broker and machine a test holds
 */
#include "fake-board.h"

#include <string.h>

#include "flash-map.h"

/* 2026-11-21 00:00 UTC. */
static const int64_t start_utc_us = 1795219200 * G_GINT64_CONSTANT (1000000);

static uint64_t
machine_us (const hal *h)
{
  return h->sim_at_0 + (uint64_t) ((double) h->time_us / h->image.clock);
}

hal *
fake_board_new (uint32_t seed)
{
  hal           *h = g_new0 (hal, 1);
  machine_params p = {
    .seed = seed,
    .age_scale = 1,
    .rated_speed_rpm = 1480,
    .rated_current_a = 30,
    .idle_current_a = 10,
    .slip = 0.013,
    .load = 0.7,
    .load_period_s = 900,
    .balls = 9,
    .ball_mm = 7.94,
    .pitch_mm = 39.04,
    .unbalance_mm_s = 1,
    .noise_g = 0.01,
    .resonance_hz = 800,
    .damping = 0.05,
    .ambient_c = 20,
    .tau_s = 600,
    .k_load = 40,
    .k_speed = 6.7,
  };

  h->cells = g_malloc0 (FAKE_FLASH_SIZE);
  h->flash = (nor_flash){ .cells = h->cells, .size = FAKE_FLASH_SIZE };
  h->code_cells = g_malloc0 (CODE_SIZE);
  h->code = (nor_flash){ .cells = h->code_cells, .size = CODE_SIZE };
  h->image.clock = 1;
  h->random = seed;
  h->has_rtc = true;
  h->utc_at_0 = start_utc_us;
  h->reachable = true;
  h->to_node = g_byte_array_new ();
  h->from_node = g_byte_array_new ();
  h->published = g_queue_new ();
  h->log = g_string_new (NULL);
  h->subscribed = g_ptr_array_new_with_free_func (g_free);
  h->next_id = 1;

  sim_init (&h->sim, &p);
  sim_fit_adxl355 (&h->sim);
  for (unsigned i = 0; i < 3; i++)
    sim_fit_rtd (&h->sim, i);
  sim_fit_current (&h->sim, 0.1, 5.0, 5.0);
  return h;
}

void
fake_message_free (FakeMessage *message)
{
  g_free (message->topic);
  g_bytes_unref (message->payload);
  g_free (message);
}

void
fake_board_forget (hal *h)
{
  FakeMessage *message;

  while ((message = g_queue_pop_head (h->published)) != NULL)
    fake_message_free (message);
}

void
fake_board_free (hal *h)
{
  fake_board_forget (h);
  g_queue_free (h->published);
  g_string_free (h->log, TRUE);
  g_byte_array_unref (h->to_node);
  g_byte_array_unref (h->from_node);
  g_ptr_array_unref (h->subscribed);
  g_free (h->cells);
  g_free (h->code_cells);
  g_free (h);
}

node_config
fake_board_config (void)
{
  return (node_config){
    .plant = "northfield",
    .node = "n-0107",
    .serial = "TC-1007",
    .node_class = "test-node",
    .firmware = "0.1.0",
    .vendor = "Example Vendor", /* of the vectors */
    .vendor_key = { 0x59, 0xce, 0xe6, 0x55, 0x4d, 0x81, 0xc0, 0x5a,
                    0xb8, 0x4e, 0xed, 0xda, 0xdf, 0xb6, 0xd0, 0xbb,
                    0x46, 0x81, 0x97, 0x3e, 0x18, 0xbd, 0xb1, 0x42,
                    0xa8, 0xf7, 0xf0, 0xe7, 0xc3, 0x06, 0xda, 0xdd },
    .has_token = true,
    .token = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa,
               0xbb, 0xcc, 0xdd, 0xee, 0xff },
    .serves = { { "", "compressor-7",
                  "dtmi:com:example:twin:CompressorUnit;1" },
                { "de/", "compressor-7-de",
                  "dtmi:com:example:twin:BearingAssembly;1" } },
    .n_serves = 2,
    .accels = { { .kind = NODE_ACCEL_ADXL355,
                  .device = HAL_SPI_ACCEL_0,
                  .prefix = "de/",
                  .rate_hz = 4000,
                  .range_g = 4 } },
    .n_accels = 1,
    .rtds = { { HAL_SPI_RTD_0, "de/temperature" },
              { HAL_SPI_RTD_2, "ambientTemperature" } },
    .n_rtds = 2,
    .current = { .fitted = true,
                 .name = "motor/current",
                 .load_name = "motor/loadFactor",
                 .ratio = 5,
                 .volt_per_a = 0.1,
                 .supply_v = 5,
                 .idle_a = 10,
                 .rated_a = 30 },
    .speed_name = "motor/shaftSpeed",
    .rated_rpm = 1480,
    .rated_slip = 0.013,
    .hours_name = "runningHours",
    .hours = 1234,
    .capture_s = 2,
    .every_s = 10,
    .simulated = true,
  };
}

node *
fake_board_start (hal *h)
{
  node       *n = g_new0 (node, 1);
  node_config config = fake_board_config ();

  g_assert_cmpint (node_init (n, h, &config), ==, HAL_OK);
  return n;
}

void
fake_board_power_cycle (hal *h)
{
  h->sim_at_0 = machine_us (h);
  h->utc_at_0 += (int64_t) h->time_us;
  h->time_us = 0;
  h->open = false;
  h->flash.dead = h->code.dead = false;
  h->flash.cut_at = h->code.cut_at = 0;
  g_byte_array_set_size (h->to_node, 0);
  g_byte_array_set_size (h->from_node, 0);
}

/* The lines of the FIFOs on the way to @until, as their interrupts would. */
static void
pass_time (hal *h, uint64_t until)
{
  while (h->time_us < until)
    {
      h->time_us = MIN (until, h->time_us + (h->has_lines ? 1000 : G_MAXINT64));
      for (unsigned i = 0; h->has_lines && i < HAL_SPI_COUNT; i++)
        if (h->lines[i].serve != NULL && sim_line (&h->sim, machine_us (h), i))
          h->lines[i].serve (h->lines[i].context);
    }
}

void
fake_board_stall (hal *h, double seconds)
{
  pass_time (h, h->time_us + (uint64_t) (seconds * 1e6));
}

void
fake_board_run (hal *h, node *n, double seconds)
{
  uint64_t until = h->time_us + (uint64_t) (seconds * 1e6), due;

  for (;;)
    {
      due = node_step (n);
      if (h->to_node->len > 0 && h->open)
        continue;
      if (due > until)
        break;
      pass_time (h, due);
    }
  pass_time (h, until);
}

/* The broker. */
static void
answer (hal *h, const uint8_t *data, guint n)
{
  if (!h->mute)
    g_byte_array_append (h->to_node, data, n);
}

static void
take_publish (hal *h, uint8_t first, const uint8_t *body, size_t n)
{
  FakeMessage *m = g_new0 (FakeMessage, 1);
  size_t       topic_n = (size_t) body[0] << 8 | body[1];
  size_t       at = 2 + topic_n;

  m->qos = first >> 1 & 3;
  m->retain = first & 1;
  m->topic = g_strndup ((const char *) body + 2, topic_n);
  if (m->qos > 0)
    {
      uint8_t ack[4] = { NODE_MQTT_PUBACK << 4, 2, body[at], body[at + 1] };

      answer (h, ack, sizeof ack);
      at += 2;
    }
  m->payload = g_bytes_new (body + at, n - at);
  g_queue_push_tail (h->published, m);
}

static void
take_subscribe (hal *h, const uint8_t *body, size_t n)
{
  uint8_t ack[64] = { NODE_MQTT_SUBACK << 4, 2, body[0], body[1] };

  for (size_t at = 2; at < n;)
    {
      size_t length = (size_t) body[at] << 8 | body[at + 1];

      g_ptr_array_add (h->subscribed,
                       g_strndup ((const char *) body + at + 2, length));
      at += 2 + length + 1;
      g_assert_cmpuint (ack[1], <, sizeof ack - 2);
      ack[2 + ack[1]++] = 1;
    }
  answer (h, ack, 2u + ack[1]);
}

static void
take_packet (hal *h, uint8_t first, const uint8_t *body, size_t n)
{
  static const uint8_t connack[] = { NODE_MQTT_CONNACK << 4, 2, 0, 0 };
  static const uint8_t pong[] = { NODE_MQTT_PINGRESP << 4, 0 };

  switch (first >> 4)
    {
    case NODE_MQTT_CONNECT:
      answer (h, connack, sizeof connack);
      break;
    case NODE_MQTT_PUBLISH:
      take_publish (h, first, body, n);
      break;
    case NODE_MQTT_SUBSCRIBE:
      take_subscribe (h, body, n);
      break;
    case NODE_MQTT_PINGREQ:
      answer (h, pong, sizeof pong);
      break;
    case NODE_MQTT_DISCONNECT:
    case NODE_MQTT_PUBACK:
      break;
    default:
      g_error ("the node sent packet type %u", first >> 4);
    }
}

static void
serve_broker (hal *h)
{
  for (;;)
    {
      size_t at = 1, length = 0;
      int    shift = 0;

      do
        {
          if (at >= h->from_node->len)
            return;
          length |= (size_t) (h->from_node->data[at] & 127) << shift;
          shift += 7;
        }
      while (h->from_node->data[at++] & 128);
      if (h->from_node->len - at < length)
        return;

      take_packet (h, h->from_node->data[0], h->from_node->data + at, length);
      g_byte_array_remove_range (h->from_node, 0, (guint) (at + length));
    }
}

void
fake_board_deliver (hal           *h,
                    node          *n,
                    const char    *topic,
                    const uint8_t *data,
                    size_t         size)
{
  size_t  topic_n = strlen (topic), rest = 2 + topic_n + 2 + size;
  uint8_t head[5] = { NODE_MQTT_PUBLISH << 4 | 2 };
  size_t  k = 1;
  uint8_t two[2];

  do
    {
      head[k++] = (uint8_t) (rest % 128 | (rest >= 128 ? 128 : 0));
      rest /= 128;
    }
  while (rest > 0);

  g_byte_array_append (h->to_node, head, (guint) k);
  two[0] = (uint8_t) (topic_n >> 8);
  two[1] = (uint8_t) topic_n;
  g_byte_array_append (h->to_node, two, 2);
  g_byte_array_append (h->to_node, (const uint8_t *) topic, (guint) topic_n);
  two[0] = (uint8_t) (h->next_id >> 8);
  two[1] = (uint8_t) h->next_id;
  h->next_id++;
  g_byte_array_append (h->to_node, two, 2);
  if (size > 0)
    g_byte_array_append (h->to_node, data, (guint) size);
  fake_board_run (h, n, 0);
}

FakeMessage *
fake_board_take (hal *h, const char *channel)
{
  g_autofree char *tail = g_strconcat ("/", channel, NULL);

  for (GList *l = h->published->head; l != NULL; l = l->next)
    {
      FakeMessage *m = l->data;

      if (g_str_has_suffix (m->topic, tail))
        {
          g_queue_delete_link (h->published, l);
          return m;
        }
    }
  return NULL;
}

unsigned
fake_board_count (hal *h, const char *channel)
{
  g_autofree char *tail = g_strconcat ("/", channel, NULL);
  unsigned         n = 0;

  for (GList *l = h->published->head; l != NULL; l = l->next)
    n += g_str_has_suffix (((FakeMessage *) l->data)->topic, tail);
  return n;
}

/* hal.h. */
uint64_t
hal_time_us (hal *h)
{
  h->time_us += h->tick_us;
  return h->time_us;
}

bool
hal_rtc_read (hal *h, int64_t *utc_us)
{
  if (!h->has_rtc)
    return false;
  *utc_us = h->utc_at_0 + (int64_t) h->time_us;
  return true;
}

hal_status
hal_rtc_write (hal *h, int64_t utc_us)
{
  return HAL_ERR_ARGUMENT;
}

hal_status
hal_spi_transfer (hal           *h,
                  unsigned       device,
                  const uint8_t *tx,
                  uint8_t       *rx,
                  size_t         n)
{
  if (h->babble != NULL)
    {
      for (size_t i = 0; i < n; i++)
        rx[i] = (uint8_t) g_rand_int (h->babble);
      return HAL_OK;
    }

  return sim_spi (&h->sim, machine_us (h), device, tx, rx, n);
}

hal_status
hal_line_attach (hal *h, unsigned device, hal_line_func serve, void *context)
{
  if (!h->has_lines)
    return HAL_ERR_ARGUMENT;
  h->lines[device].serve = serve;
  h->lines[device].context = context;
  return HAL_OK;
}

hal_status
hal_adc_read (hal *h, unsigned channel, uint16_t *codes, size_t n)
{
  return sim_adc (&h->sim, machine_us (h), channel, codes, n);
}

hal_status
hal_tacho_read (hal *h, hal_tacho *out)
{
  return sim_tacho (&h->sim, machine_us (h), h->sim_at_0, out);
}

void
hal_led_set (hal *h, bool on)
{
  h->led = on;
}

uint32_t
hal_flash_size (hal *h)
{
  return h->flash.size;
}

/* One supply: when the power fails in one flash the other is dead, too. */
static bool
powered (hal *h)
{
  if (h->flash.dead || h->code.dead)
    h->flash.dead = h->code.dead = true;
  return !h->flash.dead;
}

hal_status
hal_flash_read (hal *h, uint32_t at, void *out, size_t n)
{
  return powered (h) ? nor_flash_read (&h->flash, at, out, n) : HAL_ERR_IO;
}

hal_status
hal_flash_program (hal *h, uint32_t at, const void *data, size_t n)
{
  return powered (h) ? nor_flash_program (&h->flash, at, data, n) : HAL_ERR_IO;
}

hal_status
hal_flash_erase (hal *h, uint32_t at)
{
  return powered (h) ? nor_flash_erase (&h->flash, at) : HAL_ERR_IO;
}

uint32_t
hal_code_size (hal *h)
{
  return h->code.size;
}

hal_status
hal_code_read (hal *h, uint32_t at, void *out, size_t n)
{
  return powered (h) ? nor_flash_read (&h->code, at, out, n) : HAL_ERR_IO;
}

hal_status
hal_code_program (hal *h, uint32_t at, const void *data, size_t n)
{
  return powered (h) ? nor_flash_program (&h->code, at, data, n) : HAL_ERR_IO;
}

hal_status
hal_code_erase (hal *h, uint32_t at)
{
  return powered (h) ? nor_flash_erase (&h->code, at) : HAL_ERR_IO;
}

hal_status
hal_net_open (hal *h)
{
  g_byte_array_set_size (h->to_node, 0);
  g_byte_array_set_size (h->from_node, 0);
  h->open = h->reachable && !h->image.deaf;
  h->opened_us = h->time_us + h->opening_us;
  return h->open ? HAL_OK : HAL_ERR_CLOSED;
}

hal_net_state
hal_net_poll (hal *h)
{
  if (!h->open || !h->reachable)
    return HAL_NET_CLOSED;
  return h->time_us < h->opened_us ? HAL_NET_OPENING : HAL_NET_OPEN;
}

int32_t
hal_net_send (hal *h, const uint8_t *data, size_t n)
{
  if (!h->open || !h->reachable)
    return HAL_ERR_CLOSED;
  if (h->stuck)
    return 0;
  g_byte_array_append (h->from_node, data, (guint) n);
  serve_broker (h);
  return (int32_t) n;
}

int32_t
hal_net_recv (hal *h, uint8_t *out, size_t n)
{
  size_t take = MIN (n, h->to_node->len);

  if (!h->open || !h->reachable)
    return HAL_ERR_CLOSED;
  memcpy (out, h->to_node->data, take);
  g_byte_array_remove_range (h->to_node, 0, (guint) take);
  return (int32_t) take;
}

void
hal_net_close (hal *h)
{
  h->open = false;
}

const char *
hal_net_reason (hal *h)
{
  return h->reason;
}

/* Not for keys, but the same in every run. */
hal_status
hal_random (hal *h, uint8_t *out, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      h->random = h->random * 1664525u + 1013904223u;
      out[i] = (uint8_t) (h->random >> 24);
    }
  return HAL_OK;
}

void
hal_watchdog_kick (hal *h)
{
  h->kicked_us = h->time_us;
}

void
hal_relay_set (hal *h, bool closed)
{
  if (h->sim.machine.stopped == closed)
    h->relay_at_us = h->time_us;
  sim_relay (&h->sim, h->sim_at_0 + h->time_us, closed);
}

void
hal_reset (hal *h)
{
  h->reset = true;
}

const char *
hal_boot_reason (hal *h)
{
  return "power";
}

void
hal_build (hal *h, uint8_t *out, size_t n)
{
  memset (out, 0xb1, n);
}

void
hal_log (hal *h, hal_log_level level, const char *text)
{
  g_test_message ("%s", text);
  h->logged[level]++;
  if (h->log->len > 0)
    g_string_append_c (h->log, '\n');
  g_string_append (h->log, text);
}
