/* SPDX-License-Identifier: Apache-2.0
 *
 * node-mqtt.c - the MQTT 3.1.1 client: connection, queue, keepalive
 *
 * Section numbers are those of the OASIS standard MQTT 3.1.1.
 */
#include "node-mqtt.h"

#include <string.h>

enum
{
  RETRY_FIRST_MS = 250,
  RETRY_LAST_MS = 5000,
  OPEN_TIMEOUT_US = 5000000,
  GREETING_TIMEOUT_US = 5000000,
  PING_TIMEOUT_US = 10000000,
  HEAD_MAX = 5, /* first byte and remaining length */
  INTAKE = NODE_MQTT_RX_SIZE + 512,
};

void
node_mqtt_init (node_mqtt *m, hal *board, const node_mqtt_options *options)
{
  memset (m, 0, sizeof *m);
  m->board = board;
  m->options = *options;
  m->next_id = 1;
  m->retry_ms = RETRY_FIRST_MS;
  m->retry_at_us = hal_time_us (board);
  node_mqtt_parser_init (&m->parser);
}

/* What the queue may still take, heads included. */
static size_t
queue_room (const node_mqtt *m)
{
  size_t queued = m->tx_n - m->tx_at, most = sizeof m->tx - NODE_MQTT_SPARE;

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
      m->unacked++;
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
  return true;
}

/* 3.1: clean session, retained will at QoS 1. */
static bool
put_connect (node_mqtt *m)
{
  static const uint8_t     protocol[] = { 0, 4, 'M', 'Q', 'T', 'T', 4 };
  const node_mqtt_options *o = &m->options;
  uint8_t                  flags = 0x02 | 0x04 | 0x08 | 0x20;
  size_t n = sizeof protocol + 1 + 2 + 2 + strlen (o->client_id) + 2 +
             strlen (o->will_topic) + 2 + strlen (o->will_text);

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
  put_string (m, o->client_id);
  put_string (m, o->will_topic);
  put_string (m, o->will_text);
  if (flags & 0x80)
    put_string (m, o->user);
  if (flags & 0x40)
    put_string (m, o->password);
  return true;
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
static bool
flush (node_mqtt *m)
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

void
node_mqtt_disconnect (node_mqtt *m)
{
  if (m->state == NODE_MQTT_ONLINE &&
      begin_packet (m, NODE_MQTT_DISCONNECT << 4, 0, 0))
    flush (m);
  hal_net_close (m->board);
  m->state = NODE_MQTT_OFFLINE;
  m->tx_at = m->tx_n = 0;
  m->stream.source = NULL;
  m->retry_at_us = hal_time_us (m->board) + RETRY_FIRST_MS * 1000;
}

static void
enter (node_mqtt *m, node_mqtt_state state)
{
  m->state = state;
  m->since_us = hal_time_us (m->board);
}

/* The next attempt comes later each time, spread so that a plant's nodes do
 * not all come at once. */
static node_mqtt_event
hang_up (node_mqtt *m)
{
  bool    was_online = m->state == NODE_MQTT_ONLINE;
  uint8_t spread = 0;

  hal_net_close (m->board);
  hal_random (m->board, &spread, 1);
  enter (m, NODE_MQTT_OFFLINE);
  m->retry_at_us =
      m->since_us + (uint64_t) m->retry_ms * (768 + spread * 2) * 1000 / 1024;
  m->retry_ms *= 2;
  if (m->retry_ms > RETRY_LAST_MS)
    m->retry_ms = RETRY_LAST_MS;
  m->tx_at = m->tx_n = 0;
  m->stream.source = NULL;
  m->input_at = m->input_n = 0;
  m->unacked = 0;
  m->ping_us = 0;
  return was_online ? NODE_MQTT_LOST : NODE_MQTT_NOTHING;
}

static node_mqtt_event
reach (node_mqtt *m)
{
  uint64_t now = hal_time_us (m->board);

  if (m->state == NODE_MQTT_OFFLINE)
    {
      if (now < m->retry_at_us)
        return NODE_MQTT_NOTHING;
      enter (m, NODE_MQTT_REACHING);
      if (hal_net_open (m->board) != HAL_OK)
        return hang_up (m);
    }

  switch (hal_net_poll (m->board))
    {
    case HAL_NET_OPENING:
      return now - m->since_us > OPEN_TIMEOUT_US ? hang_up (m)
                                                 : NODE_MQTT_NOTHING;
    case HAL_NET_CLOSED:
      return hang_up (m);
    case HAL_NET_OPEN:
      break;
    }

  node_mqtt_parser_init (&m->parser);
  if (!put_connect (m) || !flush (m))
    return hang_up (m);
  m->heard_us = now;
  enter (m, NODE_MQTT_GREETING);
  return NODE_MQTT_NOTHING;
}

/* 3.1.2.10: a PINGREQ when nothing else was sent; silence ends the matter. */
static bool
keep_alive (node_mqtt *m)
{
  uint64_t now = hal_time_us (m->board);
  uint64_t period = (uint64_t) m->options.keepalive_s * 1000000;

  if (m->state == NODE_MQTT_GREETING)
    return now - m->since_us <= GREETING_TIMEOUT_US;

  if (m->ping_us > 0)
    return now - m->ping_us <= PING_TIMEOUT_US;

  if (now - m->sent_us >= period / 2 || now - m->heard_us >= period)
    {
      m->ping_us = now;
      return begin_packet (m, NODE_MQTT_PINGREQ << 4, 0, 0) && flush (m);
    }
  return true;
}

static node_mqtt_event
take_packet (node_mqtt              *m,
             const node_mqtt_packet *packet,
             node_mqtt_message      *message)
{
  if (m->state == NODE_MQTT_GREETING)
    {
      if (packet->type != NODE_MQTT_CONNACK || packet->length != 2 ||
          packet->body[1] != 0)
        return hang_up (m);
      m->retry_ms = RETRY_FIRST_MS;
      enter (m, NODE_MQTT_ONLINE);
      return NODE_MQTT_CONNECTED;
    }

  switch (packet->type)
    {
    case NODE_MQTT_PUBACK:
      if (m->unacked > 0)
        m->unacked--;
      return NODE_MQTT_NOTHING;

    case NODE_MQTT_PINGRESP:
      m->ping_us = 0;
      return NODE_MQTT_NOTHING;

    case NODE_MQTT_PUBLISH:
      if (!node_mqtt_read_publish (packet, message))
        {
          m->malformed++;
          return hang_up (m);
        }
      if (message->qos == 1 && begin_packet (m, NODE_MQTT_PUBACK << 4, 2, 2))
        put_u16 (m, message->id);
      if (packet->truncated)
        {
          m->oversized++;
          return NODE_MQTT_NOTHING;
        }
      return NODE_MQTT_MESSAGE;

    default:
      return NODE_MQTT_NOTHING;
    }
}

/* Feed the parser until it yields something of interest. What comes in is
 * verified and answered in the memory beside the queue: while that is short,
 * nothing is taken in. */
static node_mqtt_event
listen (node_mqtt *m, node_mqtt_message *message)
{
  while (sizeof m->tx - (m->tx_n - m->tx_at) >= INTAKE)
    {
      const uint8_t   *at = m->input + m->input_at;
      size_t           left = m->input_n - m->input_at;
      node_mqtt_packet packet;
      node_mqtt_event  event;
      int              found;

      if (left == 0)
        {
          int32_t got = hal_net_recv (m->board, m->input, sizeof m->input);

          if (got < 0)
            return hang_up (m);
          if (got == 0)
            return NODE_MQTT_NOTHING;
          m->input_at = 0;
          m->input_n = left = (size_t) got;
          m->heard_us = hal_time_us (m->board);
          at = m->input;
        }

      found = node_mqtt_parser_feed (&m->parser, &at, &left, &packet);
      m->input_at = m->input_n - left;

      if (found < 0)
        {
          m->malformed++;
          return hang_up (m);
        }
      if (found == 0)
        continue;

      event = take_packet (m, &packet, message);
      if (event != NODE_MQTT_NOTHING || m->state == NODE_MQTT_OFFLINE)
        return event;
    }

  return NODE_MQTT_NOTHING;
}

node_mqtt_event
node_mqtt_step (node_mqtt *m, node_mqtt_message *message)
{
  node_mqtt_event event;

  if (m->state < NODE_MQTT_GREETING)
    {
      event = reach (m);
      if (m->state < NODE_MQTT_GREETING)
        return event;
    }

  if (!flush (m))
    return hang_up (m);
  event = listen (m, message);
  if (m->state == NODE_MQTT_OFFLINE || event != NODE_MQTT_NOTHING)
    return event;

  if (!flush (m) || !keep_alive (m))
    return hang_up (m);
  return NODE_MQTT_NOTHING;
}

uint64_t
node_mqtt_deadline_us (const node_mqtt *m)
{
  enum
  {
    LOOK_AGAIN_US = 20000
  };
  uint64_t period = (uint64_t) m->options.keepalive_s * 1000000;

  switch (m->state)
    {
    case NODE_MQTT_OFFLINE:
      return m->retry_at_us;
    case NODE_MQTT_REACHING:
      return hal_time_us (m->board) + LOOK_AGAIN_US;
    case NODE_MQTT_GREETING:
      return m->since_us + GREETING_TIMEOUT_US;
    case NODE_MQTT_ONLINE:
      break;
    }

  if (!node_mqtt_idle (m) || m->input_at < m->input_n)
    return hal_time_us (m->board) + LOOK_AGAIN_US;
  if (m->ping_us > 0)
    return m->ping_us + PING_TIMEOUT_US;
  return m->sent_us + period / 2 < m->heard_us + period
             ? m->sent_us + period / 2
             : m->heard_us + period;
}
