/* SPDX-License-Identifier: Apache-2.0
 *
 * node-mqtt-parser.c - packets out of a byte stream cut anywhere
 */
#include "node-mqtt.h"

#include <string.h>

enum
{
  AT_FIRST,
  AT_LENGTH,
  AT_BODY,
};

void
node_mqtt_parser_init (node_mqtt_parser *p)
{
  p->state = AT_FIRST;
  p->shift = 0;
  p->remaining = 0;
  p->length = 0;
  p->truncated = false;
}

/* 2.2.2, 3.3.1: what the first byte may be, from a server to a client that asks
 * for QoS 1 at most and never unsubscribes. */
static bool
first_byte_valid (uint8_t first)
{
  switch (first >> 4)
    {
    case NODE_MQTT_PUBLISH:
      return (first & 0x04) == 0 && (first & 0x0a) != 0x08;
    case NODE_MQTT_CONNACK:
    case NODE_MQTT_PUBACK:
    case NODE_MQTT_SUBACK:
    case NODE_MQTT_PINGRESP:
      return (first & 0x0f) == 0;
    default:
      return false;
    }
}

static void
take_body (node_mqtt_parser *p, const uint8_t **data, size_t *n)
{
  size_t take = *n < p->remaining ? *n : p->remaining;
  size_t keep = sizeof p->body - p->length;

  if (keep > take)
    keep = take;
  if (keep > 0)
    memcpy (p->body + p->length, *data, keep);
  if (keep < take)
    p->truncated = true;

  p->length += (uint32_t) keep;
  p->remaining -= (uint32_t) take;
  *data += take;
  *n -= take;
}

static int
finish (node_mqtt_parser *p, node_mqtt_packet *packet)
{
  packet->type = p->first >> 4;
  packet->flags = p->first & 0x0f;
  packet->body = p->body;
  packet->length = p->length;
  packet->truncated = p->truncated;
  node_mqtt_parser_init (p);
  return 1;
}

int
node_mqtt_parser_feed (node_mqtt_parser *p,
                       const uint8_t   **data,
                       size_t           *n,
                       node_mqtt_packet *packet)
{
  while (*n > 0)
    {
      if (p->state == AT_BODY)
        {
          take_body (p, data, n);
          if (p->remaining == 0)
            return finish (p, packet);
          continue;
        }

      uint8_t byte = **data;

      (*data)++;
      (*n)--;

      if (p->state == AT_FIRST)
        {
          if (!first_byte_valid (byte))
            return -1;
          p->first = byte;
          p->state = AT_LENGTH;
          continue;
        }

      p->remaining |= (uint32_t) (byte & 127) << p->shift;
      p->shift += 7;
      if (byte & 128)
        {
          if (p->shift > 21)
            return -1; /* 2.2.3: four bytes at most */
          continue;
        }

      p->state = AT_BODY;
      if (p->remaining == 0)
        return finish (p, packet);
    }

  return 0;
}

/* 3.3.2: what it is published on has no wildcards, no text a NUL. */
static bool
topic_valid (const uint8_t *topic, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (topic[i] == '\0' || topic[i] == '+' || topic[i] == '#')
      return false;
  return n > 0;
}

bool
node_mqtt_read_publish (const node_mqtt_packet *packet,
                        node_mqtt_message      *message)
{
  const uint8_t *at = packet->body;
  size_t         left = packet->length;

  message->qos = (packet->flags >> 1) & 3;
  message->retained = packet->flags & 1;
  message->id = 0;

  if (left < 2)
    return false;
  message->topic_n = (size_t) at[0] << 8 | at[1];
  at += 2;
  left -= 2;

  if (left < message->topic_n || !topic_valid (at, message->topic_n))
    return false;
  message->topic = (const char *) at;
  at += message->topic_n;
  left -= message->topic_n;

  if (message->qos > 0)
    {
      if (left < 2)
        return false;
      message->id = (uint16_t) (at[0] << 8 | at[1]);
      at += 2;
      left -= 2;
      if (message->id == 0)
        return false;
    }

  message->payload = at;
  message->payload_n = left;
  return true;
}
