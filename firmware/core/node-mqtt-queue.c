/* SPDX-License-Identifier: Apache-2.0
 *
 * node-mqtt-queue.c - packets on their way to the broker
 *
 * tx holds the bytes to send. A payload from a source goes out after those up
 * to its mark, its head, and before the rest.
 */
#include "node-mqtt-private.h"

#include <string.h>

enum
{
  HEAD_MAX = 5, /* first byte and remaining length */
  STAGE = 256,  /* always left for the bytes of a stream */
};

/* What the queue may still take, heads included. */
static size_t
queue_room (const node_mqtt *m)
{
  size_t queued = m->tx_n - m->tx_at, most = sizeof m->tx - STAGE;

  return queued < most ? most - queued : 0;
}

size_t
node_mqtt_room (const node_mqtt *m)
{
  size_t room = queue_room (m);

  return room > NODE_MQTT_HEAD ? room - NODE_MQTT_HEAD : 0;
}

bool
node_mqtt_streaming (const node_mqtt *m)
{
  return m->stream.source != NULL;
}

bool
node_mqtt_idle (const node_mqtt *m)
{
  return m->tx_at == m->tx_n && m->stream.source == NULL;
}

void
node_mqtt_clear (node_mqtt *m)
{
  m->tx_at = m->tx_n = 0;
  m->stream.source = NULL;
}

static void
compact (node_mqtt *m)
{
  if (m->tx_at == 0)
    return;
  memmove (m->tx, m->tx + m->tx_at, m->tx_n - m->tx_at);
  m->stream.mark -= m->tx_at < m->stream.mark ? m->tx_at : m->stream.mark;
  m->tx_n -= m->tx_at;
  m->tx_at = 0;
}

uint8_t *
node_mqtt_spare (node_mqtt *m, size_t *size)
{
  compact (m);
  *size = sizeof m->tx - m->tx_n;
  return m->tx + m->tx_n;
}

static void
put (node_mqtt *m, const void *data, size_t n)
{
  memcpy (m->tx + m->tx_n, data, n);
  m->tx_n += n;
}

static void
put_u16 (node_mqtt *m, size_t value)
{
  uint8_t bytes[2] = { (uint8_t) (value >> 8), (uint8_t) value };

  put (m, bytes, sizeof bytes);
}

static void
put_string (node_mqtt *m, const char *text)
{
  put_u16 (m, strlen (text));
  put (m, text, strlen (text));
}

/* The fixed head of a packet with a body of @n bytes, @now of them to be
 * queued with it. */
static bool
begin_packet (node_mqtt *m, uint8_t first, size_t n, size_t now)
{
  uint8_t head[HEAD_MAX] = { first };
  size_t  length = 1, rest = n;

  if (queue_room (m) < HEAD_MAX + now)
    return false;
  compact (m);

  do
    {
      head[length++] = (uint8_t) (rest % 128 + (rest >= 128 ? 128 : 0));
      rest /= 128;
    }
  while (rest > 0);

  put (m, head, length);
  return true;
}

static uint16_t
take_id (node_mqtt *m)
{
  uint16_t id = m->next_id;

  m->next_id = (uint16_t) (id == UINT16_MAX ? 1 : id + 1);
  return id;
}

/* Bytes of a fixed head with a body of @n bytes. */
static size_t
head_size (size_t n)
{
  return n < 128 ? 2 : n < 16384 ? 3 : n < 2097152 ? 4 : 5;
}

static void
put_topic (node_mqtt *m, const char *topic, uint8_t qos)
{
  put_string (m, topic);
  if (qos > 0)
    {
      put_u16 (m, take_id (m));
      if (m->unacked++ == 0)
        m->ack_us = hal_time_us (m->board);
    }
}

bool
node_mqtt_publish (node_mqtt            *m,
                   const char           *topic,
                   const node_mqtt_part *parts,
                   size_t                n_parts,
                   uint8_t               qos,
                   bool                  retain)
{
  size_t  n = 2 + strlen (topic) + (qos > 0 ? 2 : 0), head = n, at;
  uint8_t first = (uint8_t) (NODE_MQTT_PUBLISH << 4 | qos << 1 | retain);

  for (size_t i = 0; i < n_parts; i++)
    n += parts[i].n;
  if (m->state != NODE_MQTT_ONLINE || queue_room (m) < HEAD_MAX + n)
    return false;

  /* The payload first: it may lie where the head will be. */
  compact (m);
  at = m->tx_n + head_size (n) + head;
  for (size_t i = 0; i < n_parts; at += parts[i++].n)
    if (parts[i].n > 0)
      memmove (m->tx + at, parts[i].data, parts[i].n);

  begin_packet (m, first, n, n);
  put_topic (m, topic, qos);
  m->tx_n = at;
  return true;
}

bool
node_mqtt_publish_from (node_mqtt       *m,
                        const char      *topic,
                        uint32_t         length,
                        uint8_t          qos,
                        bool             retain,
                        node_mqtt_source source,
                        void            *context)
{
  size_t  head = 2 + strlen (topic) + (qos > 0 ? 2 : 0);
  uint8_t first = (uint8_t) (NODE_MQTT_PUBLISH << 4 | qos << 1 | retain);

  if (m->state != NODE_MQTT_ONLINE || m->stream.source != NULL ||
      !begin_packet (m, first, head + length, head))
    return false;

  put_topic (m, topic, qos);
  if (length > 0)
    m->stream = (node_mqtt_stream){ source, context, 0, length, m->tx_n };
  return true;
}

bool
node_mqtt_subscribe (node_mqtt *m, const char *const *topics, size_t n)
{
  size_t  length = 2;
  uint8_t qos = 1;

  for (size_t i = 0; i < n; i++)
    length += 2 + strlen (topics[i]) + 1;

  if (m->state != NODE_MQTT_ONLINE ||
      !begin_packet (m, NODE_MQTT_SUBSCRIBE << 4 | 2, length, length))
    return false;

  put_u16 (m, take_id (m));
  for (size_t i = 0; i < n; i++)
    {
      put_string (m, topics[i]);
      put (m, &qos, 1);
    }
  m->topics = (uint16_t) n;
  return true;
}

/* 3.1: clean session, retained will at QoS 1. */
bool
node_mqtt_put_connect (node_mqtt *m)
{
  static const uint8_t     protocol[] = { 0, 4, 'M', 'Q', 'T', 'T', 4 };
  const node_mqtt_options *o = &m->options;
  uint8_t                  flags = 0x02 | 0x04 | 0x08 | 0x20;
  size_t                   client_n = strlen (o->plant) + 1 + strlen (o->node);
  size_t will_n = strlen (o->prefix) + strlen (o->will_channel);
  size_t n = sizeof protocol + 1 + 2 + 2 + client_n + 2 + will_n + 2 +
             strlen (o->will_text);

  if (o->user != NULL)
    {
      flags |= 0x80;
      n += 2 + strlen (o->user);
    }
  if (o->user != NULL && o->password != NULL)
    {
      flags |= 0x40;
      n += 2 + strlen (o->password);
    }

  if (!begin_packet (m, NODE_MQTT_CONNECT << 4, n, n))
    return false;

  put (m, protocol, sizeof protocol);
  put (m, &flags, 1);
  put_u16 (m, o->keepalive_s);
  put_u16 (m, client_n);
  put (m, o->plant, strlen (o->plant));
  put (m, ".", 1);
  put (m, o->node, strlen (o->node));
  put_u16 (m, will_n);
  put (m, o->prefix, strlen (o->prefix));
  put (m, o->will_channel, strlen (o->will_channel));
  put_string (m, o->will_text);
  if (flags & 0x80)
    put_string (m, o->user);
  if (flags & 0x40)
    put_string (m, o->password);
  return true;
}

bool
node_mqtt_put_puback (node_mqtt *m, uint16_t id)
{
  if (!begin_packet (m, NODE_MQTT_PUBACK << 4, 2, 2))
    return false;
  put_u16 (m, id);
  return true;
}

bool
node_mqtt_put_empty (node_mqtt *m, uint8_t type)
{
  return begin_packet (m, (uint8_t) (type << 4), 0, 0);
}

/* Bytes taken, 0: none fit now, negative: the stream broke. */
static int32_t
push (node_mqtt *m, const uint8_t *data, size_t n)
{
  int32_t sent = hal_net_send (m->board, data, n);

  if (sent > 0)
    m->sent_us = hal_time_us (m->board);
  return sent;
}

/* Fetched into the spare room and sent from there; what was not taken is
 * fetched again. */
static int32_t
push_stream (node_mqtt *m)
{
  node_mqtt_stream *s = &m->stream;
  uint8_t          *piece = m->tx + m->tx_n;
  uint32_t          n = s->length - s->at;
  int32_t           sent;

  if (n > sizeof m->tx - m->tx_n)
    n = (uint32_t) (sizeof m->tx - m->tx_n);
  if (!s->source (s->context, s->at, piece, n))
    {
      m->starved++;
      return HAL_ERR_CLOSED;
    }

  sent = push (m, piece, n);
  if (sent > 0)
    s->at += (uint32_t) sent;
  if (s->at == s->length)
    s->source = NULL;
  return sent;
}

/* False when the stream broke. */
bool
node_mqtt_flush (node_mqtt *m)
{
  for (;;)
    {
      size_t  until = m->stream.source != NULL ? m->stream.mark : m->tx_n;
      int32_t sent;

      if (m->tx_at < until)
        {
          sent = push (m, m->tx + m->tx_at, until - m->tx_at);
          m->tx_at += sent > 0 ? (size_t) sent : 0;
        }
      else if (m->stream.source != NULL)
        sent = push_stream (m);
      else
        break;

      if (sent <= 0)
        return sent == 0;
    }

  m->tx_at = m->tx_n = 0;
  return true;
}
