/* SPDX-License-Identifier: Apache-2.0
 *
 * mqtt-line.c - a byte stream the test holds both ends of
 */
#include "mqtt-line.h"

#include <string.h>

hal *
mqtt_line_new (void)
{
  hal *h = g_new0 (hal, 1);

  h->reachable = true;
  h->random = 1;
  h->out_room = SIZE_MAX;
  h->in = g_byte_array_new ();
  h->out = g_byte_array_new ();
  return h;
}

void
mqtt_line_free (hal *h)
{
  g_byte_array_unref (h->in);
  g_byte_array_unref (h->out);
  g_free (h);
}

void
mqtt_line_put (GByteArray *to, uint8_t first, const uint8_t *body, size_t n)
{
  uint8_t head[5] = { first };
  guint   k = 1;
  size_t  rest = n;

  do
    {
      head[k++] = (uint8_t) (rest % 128 | (rest >= 128 ? 128 : 0));
      rest /= 128;
    }
  while (rest > 0);
  g_byte_array_append (to, head, k);
  if (n > 0)
    g_byte_array_append (to, body, (guint) n);
}

void
mqtt_line_put_publish (GByteArray *to,
                       unsigned    qos,
                       const char *topic,
                       const void *payload,
                       size_t      n)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  uint8_t size[2] = { (uint8_t) (strlen (topic) >> 8),
                      (uint8_t) strlen (topic) };
  uint8_t id[2] = { 0x12, 0x34 };

  g_byte_array_append (body, size, 2);
  g_byte_array_append (body, (const uint8_t *) topic, (guint) strlen (topic));
  if (qos > 0)
    g_byte_array_append (body, id, 2);
  if (n > 0)
    g_byte_array_append (body, payload, (guint) n);
  mqtt_line_put (to, (uint8_t) (NODE_MQTT_PUBLISH << 4 | qos << 1), body->data,
                 body->len);
}

void
mqtt_line_put_welcome (GByteArray *to)
{
  static const uint8_t ok[2] = { 0 };

  mqtt_line_put (to, NODE_MQTT_CONNACK << 4, ok, sizeof ok);
}

node_mqtt *
mqtt_line_client (hal *h)
{
  static const node_mqtt_options options = {
    .plant = "plant",
    .node = "n",
    .prefix = "twin/1/plant/n/",
    .will_channel = "status",
    .will_text = "offline",
    .keepalive_s = 30,
  };
  node_mqtt *m = g_new0 (node_mqtt, 1);

  node_mqtt_init (m, h, &options);
  return m;
}

void
mqtt_line_round (node_mqtt *m, GString *seen)
{
  node_mqtt_message message;
  unsigned          sum = 0;

  for (unsigned steps = 0;; steps++)
    {
      g_assert_cmpuint (steps, <, 10);
      switch (node_mqtt_step (m, &message))
        {
        case NODE_MQTT_NOTHING:
          return;
        case NODE_MQTT_CONNECTED:
          g_string_append (seen, "C ");
          break;
        case NODE_MQTT_LOST:
          g_string_append (seen, "L ");
          break;
        case NODE_MQTT_MESSAGE:
          for (size_t i = 0; i < message.payload_n; i++)
            sum = sum * 31 + message.payload[i];
          g_string_append_printf (seen, "%.*s/%u/%zu/%08x ",
                                  (int) message.topic_n, message.topic,
                                  message.qos, message.payload_n, sum);
          sum = 0;
          break;
        }
    }
}

void
mqtt_line_run (node_mqtt *m, double seconds, GString *seen)
{
  hal     *h = m->board;
  uint64_t until = h->time_us + (uint64_t) (seconds * 1e6);

  for (;;)
    {
      uint64_t due;

      mqtt_line_round (m, seen);
      due = node_mqtt_deadline_us (m);
      if (due > until)
        break;
      h->time_us = MAX (h->time_us + 1, due);
    }
  h->time_us = MAX (h->time_us, until);
}

node_mqtt *
mqtt_line_online (hal *h)
{
  node_mqtt *m = mqtt_line_client (h);
  g_autoptr (GString) seen = g_string_new (NULL);

  mqtt_line_put_welcome (h->in);
  mqtt_line_run (m, 0.1, seen);
  g_assert_cmpstr (seen->str, ==, "C ");
  g_assert_cmpint (m->state, ==, NODE_MQTT_ONLINE);
  g_byte_array_set_size (h->out, 0);
  return m;
}

static size_t
u16_at (const uint8_t *at)
{
  return (size_t) at[0] << 8 | at[1];
}

static void
tell_packet (GString *said, uint8_t first, const uint8_t *body, size_t n)
{
  size_t topic_n, head;

  switch (first)
    {
    case NODE_MQTT_CONNECT << 4:
      g_string_append (said, "CONNECT ");
      return;
    case NODE_MQTT_SUBSCRIBE << 4 | 2:
      g_string_append (said, "SUBSCRIBE ");
      return;
    case NODE_MQTT_PUBACK << 4:
      g_assert_cmpuint (n, ==, 2);
      g_string_append_printf (said, "PUBACK:%zu ", u16_at (body));
      return;
    case NODE_MQTT_PINGREQ << 4:
      g_string_append (said, "PINGREQ ");
      return;
    case NODE_MQTT_DISCONNECT << 4:
      g_string_append (said, "DISCONNECT ");
      return;
    default:
      break;
    }

  g_assert_cmpuint (first >> 4, ==, NODE_MQTT_PUBLISH);
  topic_n = u16_at (body);
  head = 2 + topic_n + (first & 2 ? 2 : 0);
  g_assert_cmpuint (n, >=, head);
  g_string_append_printf (said, "PUBLISH/%u:%.*s:%zu ", first >> 1 & 3,
                          (int) topic_n, (const char *) body + 2, n - head);
}

char *
mqtt_line_said (hal *h)
{
  GString *said = g_string_new (NULL);
  size_t   at = 0;

  while (at < h->out->len)
    {
      size_t body = at + 1, n = 0;
      int    shift = 0;

      do
        {
          if (body >= h->out->len)
            goto partial;
          n |= (size_t) (h->out->data[body] & 127) << shift;
          shift += 7;
        }
      while (h->out->data[body++] & 128);
      if (h->out->len - body < n)
        goto partial;
      tell_packet (said, h->out->data[at], h->out->data + body, n);
      at = body + n;
    }
  return g_strchomp (g_string_free (said, FALSE));

partial:
  g_string_append (said, "…");
  return g_string_free (said, FALSE);
}

/* hal.h, as far as the client asks. */
uint64_t
hal_time_us (hal *h)
{
  return h->time_us += h->tick_us;
}

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

hal_status
hal_net_open (hal *h)
{
  h->attempts++;
  h->open = h->reachable;
  g_byte_array_set_size (h->out, 0);
  h->in_at = 0;
  return h->open ? HAL_OK : HAL_ERR_CLOSED;
}

hal_net_state
hal_net_poll (hal *h)
{
  return !h->open ? HAL_NET_CLOSED : h->slow ? HAL_NET_OPENING : HAL_NET_OPEN;
}

int32_t
hal_net_send (hal *h, const uint8_t *data, size_t n)
{
  if (!h->open)
    return HAL_ERR_CLOSED;
  if (h->out_most > 0)
    n = MIN (n, h->out_most);
  n = MIN (n, h->out_room);
  h->out_room -= n;
  g_byte_array_append (h->out, data, (guint) n);
  return (int32_t) n;
}

int32_t
hal_net_recv (hal *h, uint8_t *out, size_t n)
{
  if (!h->open)
    return HAL_ERR_CLOSED;
  if (h->in_at == h->in->len && h->endless)
    h->in_at = 0;
  n = MIN (n, h->in->len - h->in_at);
  if (h->in_most > 0)
    n = MIN (n, h->in_most);
  if (n > 0)
    memcpy (out, h->in->data + h->in_at, n);
  h->in_at += n;
  h->received += n;
  return (int32_t) n;
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
