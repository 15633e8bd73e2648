/* SPDX-License-Identifier: Apache-2.0
 *
 * node-mqtt.c - the MQTT 3.1.1 client: its connection
 *
 * Section numbers are those of the OASIS standard MQTT 3.1.1.
 */
#include "node-mqtt-private.h"

#include <string.h>

enum
{
  RETRY_FIRST_MS = 250,
  RETRY_LAST_MS = 5000,
  OPEN_TIMEOUT_US = 10000000, /* TLS takes a small core a second or two */
  GREETING_TIMEOUT_US = 5000000,
  PING_TIMEOUT_US = 10000000,
  ACK_TIMEOUT_US = 30000000, /* without any, while one is awaited */
  STEADY_US = 10000000,      /* a connection that lasts resets the back-off */
  LOOK_AGAIN_US = 20000,
  REACH_AGAIN_US = 5000, /* a handshake goes on in steps */
  ROUND_BYTES = 8192,    /* read before others get their turn */
  ROUND_MESSAGES = 4,
  INTAKE = NODE_MQTT_RX_SIZE + 512,
  SUBSCRIPTION_REFUSED = 0x80,
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

static void
enter (node_mqtt *m, node_mqtt_state state)
{
  m->state = state;
  m->since_us = hal_time_us (m->board);
}

/* Nothing of this connection gets into the next one. */
static void
close_stream (node_mqtt *m)
{
  hal_net_close (m->board);
  node_mqtt_clear (m);
  node_mqtt_parser_init (&m->parser);
  m->input_at = m->input_n = 0;
  m->unacked = 0;
  m->ack_us = 0;
  m->ping_us = 0;
  m->topics = 0;
  enter (m, NODE_MQTT_OFFLINE);
}

void
node_mqtt_disconnect (node_mqtt *m)
{
  if (m->state == NODE_MQTT_ONLINE &&
      node_mqtt_put_empty (m, NODE_MQTT_DISCONNECT))
    node_mqtt_flush (m);
  close_stream (m);
  m->retry_at_us = m->since_us + RETRY_FIRST_MS * 1000;
}

/* The next attempt comes later each time, spread so that a plant's nodes do
 * not all come at once. */
static node_mqtt_event
hang_up (node_mqtt *m, const char *trouble)
{
  bool        was_online = m->state == NODE_MQTT_ONLINE;
  uint64_t    before = m->since_us;
  const char *reason = hal_net_reason (m->board);
  uint8_t     spread = 0;

  close_stream (m);
  hal_random (m->board, &spread, 1);
  if (was_online && m->since_us - before >= STEADY_US)
    m->retry_ms = RETRY_FIRST_MS;
  m->retry_at_us =
      m->since_us + (uint64_t) m->retry_ms * (768 + spread * 2) * 1000 / 1024;
  m->retry_ms *= 2;
  if (m->retry_ms > RETRY_LAST_MS)
    m->retry_ms = RETRY_LAST_MS;

  if (trouble == NULL)
    trouble = reason != NULL ? reason
              : was_online   ? "closed the connection"
                             : "cannot be reached";
  m->told = m->told && m->trouble == trouble;
  m->trouble = trouble;
  return was_online ? NODE_MQTT_LOST : NODE_MQTT_NOTHING;
}

static node_mqtt_event
give_up (node_mqtt *m)
{
  return hang_up (m, m->starved > 0 ? "is too slow: a waveform was overwritten "
                                      "before it was out"
                                    : NULL);
}

static node_mqtt_event
malformed (node_mqtt *m)
{
  m->malformed++;
  return hang_up (m, "sent what MQTT does not allow");
}

static node_mqtt_event
reach (node_mqtt *m)
{
  if (m->state == NODE_MQTT_OFFLINE)
    {
      if (hal_time_us (m->board) < m->retry_at_us)
        return NODE_MQTT_NOTHING;
      enter (m, NODE_MQTT_REACHING);
      if (hal_net_open (m->board) != HAL_OK)
        return hang_up (m, NULL);
    }

  switch (hal_net_poll (m->board))
    {
    case HAL_NET_OPENING:
      return hal_time_us (m->board) - m->since_us > OPEN_TIMEOUT_US
                 ? hang_up (m, "does not answer")
                 : NODE_MQTT_NOTHING;
    case HAL_NET_CLOSED:
      return hang_up (m, NULL);
    case HAL_NET_OPEN:
      break;
    }

  m->heard_us = hal_time_us (m->board);
  if (!node_mqtt_put_connect (m) || !node_mqtt_flush (m))
    return hang_up (m, NULL);
  enter (m, NODE_MQTT_GREETING);
  return NODE_MQTT_NOTHING;
}

/* 3.1.2.10: a PINGREQ when nothing else was sent; silence ends the matter, and
 * so does a broker that sends something but acknowledges nothing. What is
 * wrong, or NULL. */
static const char *
keep_alive (node_mqtt *m)
{
  uint64_t now = hal_time_us (m->board);
  uint64_t period = (uint64_t) m->options.keepalive_s * 1000000;

  if (m->state == NODE_MQTT_GREETING)
    return now - m->since_us > GREETING_TIMEOUT_US ? "does not answer CONNECT"
                                                   : NULL;

  if (m->ack_us > 0 && now - m->ack_us > ACK_TIMEOUT_US)
    return "acknowledges nothing";
  if (m->ping_us > 0)
    return now - m->ping_us > PING_TIMEOUT_US ? "is silent" : NULL;

  if (now - m->sent_us >= period / 2 || now - m->heard_us >= period)
    {
      m->ping_us = now;
      if (!node_mqtt_put_empty (m, NODE_MQTT_PINGREQ) || !node_mqtt_flush (m))
        return "takes nothing";
    }
  return NULL;
}

/* 3.2: no session is present, since we ask for a clean one. */
static node_mqtt_event
take_connack (node_mqtt *m, const node_mqtt_packet *packet)
{
  static const char *const refusals[] = {
    NULL,
    "does not speak MQTT 3.1.1",
    "refuses this client id",
    "is not ready for clients now",
    "says that user name or password are wrong",
    "says that this user may not connect",
  };
  uint8_t code;

  if (packet->type != NODE_MQTT_CONNACK || packet->length != 2 ||
      packet->body[0] != 0)
    return malformed (m);

  code = packet->body[1];
  if (code >= sizeof refusals / sizeof refusals[0])
    return malformed (m);
  if (code > 0)
    return hang_up (m, refusals[code]);

  enter (m, NODE_MQTT_ONLINE);
  m->trouble = NULL;
  m->told = false;
  return NODE_MQTT_CONNECTED;
}

/* 3.9.3: a code for each topic asked for. A node whose subscription is refused
 * still has records to send. */
static node_mqtt_event
take_suback (node_mqtt *m, const node_mqtt_packet *packet)
{
  if (m->topics == 0 || packet->length != 2u + m->topics)
    return malformed (m);

  m->topics = 0;
  for (size_t i = 2; i < packet->length; i++)
    if (packet->body[i] == SUBSCRIPTION_REFUSED)
      m->trouble = "refuses a subscription";
    else if (packet->body[i] > 1)
      return malformed (m);
  return NODE_MQTT_NOTHING;
}

static node_mqtt_event
take_publish (node_mqtt              *m,
              const node_mqtt_packet *packet,
              node_mqtt_message      *message)
{
  if (!node_mqtt_read_publish (packet, message))
    return malformed (m);
  if (message->qos == 1)
    node_mqtt_put_puback (m, message->id); /* listen saw to the room */
  if (packet->truncated)
    {
      m->oversized++;
      return NODE_MQTT_NOTHING;
    }
  m->messages++;
  return NODE_MQTT_MESSAGE;
}

static node_mqtt_event
take_packet (node_mqtt              *m,
             const node_mqtt_packet *packet,
             node_mqtt_message      *message)
{
  if (m->state == NODE_MQTT_GREETING)
    return take_connack (m, packet);

  switch (packet->type)
    {
    case NODE_MQTT_PUBLISH:
      return take_publish (m, packet, message);

    case NODE_MQTT_PUBACK:
      if (packet->length != 2)
        return malformed (m);
      if (m->unacked > 0)
        m->unacked--;
      m->ack_us = m->unacked > 0 ? hal_time_us (m->board) : 0;
      return NODE_MQTT_NOTHING;

    case NODE_MQTT_SUBACK:
      return take_suback (m, packet);

    case NODE_MQTT_PINGRESP:
      if (packet->length != 0)
        return malformed (m);
      m->ping_us = 0;
      return NODE_MQTT_NOTHING;

    default:
      return malformed (m);
    }
}

/* More input, if it is still our turn; false when there is none for now. */
static bool
receive (node_mqtt *m, bool *broken)
{
  int32_t got;

  if (m->taken >= ROUND_BYTES)
    {
      m->more = true;
      return false;
    }

  got = hal_net_recv (m->board, m->input, sizeof m->input);
  *broken = got < 0;
  if (got <= 0)
    return false;

  m->input_at = 0;
  m->input_n = (size_t) got;
  m->taken = (uint16_t) (m->taken + got);
  m->heard_us = hal_time_us (m->board);
  return true;
}

/* Feed the parser until it yields something of interest. What comes in is
 * verified and answered in the memory beside the queue: while that is short,
 * nothing is taken in. */
static node_mqtt_event
listen (node_mqtt *m, node_mqtt_message *message)
{
  while (sizeof m->tx - (m->tx_n - m->tx_at) >= INTAKE)
    {
      bool             broken = false;
      const uint8_t   *at;
      size_t           left;
      node_mqtt_packet packet;
      node_mqtt_event  event;
      int              found;

      if (m->messages >= ROUND_MESSAGES)
        {
          m->more = true;
          return NODE_MQTT_NOTHING;
        }
      if (m->input_at == m->input_n && !receive (m, &broken))
        return broken ? hang_up (m, NULL) : NODE_MQTT_NOTHING;

      at = m->input + m->input_at;
      left = m->input_n - m->input_at;
      found = node_mqtt_parser_feed (&m->parser, &at, &left, &packet);
      m->input_at = m->input_n - left;

      if (found < 0)
        return malformed (m);
      if (found == 0)
        continue;

      event = take_packet (m, &packet, message);
      if (event != NODE_MQTT_NOTHING || m->state == NODE_MQTT_OFFLINE)
        return event;
    }

  return NODE_MQTT_NOTHING;
}

/* @event ends a round of steps where the caller has to leave off. */
static node_mqtt_event
end_round (node_mqtt *m, node_mqtt_event event)
{
  if (event == NODE_MQTT_NOTHING)
    {
      m->taken = 0;
      m->messages = 0;
    }
  return event;
}

node_mqtt_event
node_mqtt_step (node_mqtt *m, node_mqtt_message *message)
{
  node_mqtt_event event;
  const char     *trouble;

  m->more = false;
  if (m->state < NODE_MQTT_GREETING)
    {
      event = reach (m);
      if (m->state < NODE_MQTT_GREETING)
        return end_round (m, event);
    }

  if (!node_mqtt_flush (m))
    return end_round (m, give_up (m));
  event = listen (m, message);
  if (m->state == NODE_MQTT_OFFLINE || event != NODE_MQTT_NOTHING)
    return end_round (m, event);

  if (!node_mqtt_flush (m))
    return end_round (m, give_up (m));
  trouble = keep_alive (m);
  return end_round (m,
                    trouble != NULL ? hang_up (m, trouble) : NODE_MQTT_NOTHING);
}

static void
earlier (uint64_t *deadline, uint64_t other)
{
  if (other < *deadline)
    *deadline = other;
}

uint64_t
node_mqtt_deadline_us (const node_mqtt *m)
{
  uint64_t now = hal_time_us (m->board), deadline;
  uint64_t period = (uint64_t) m->options.keepalive_s * 1000000;

  if (m->state == NODE_MQTT_OFFLINE)
    return m->retry_at_us;
  if (m->more)
    return now;
  if (m->state == NODE_MQTT_REACHING)
    return now + REACH_AGAIN_US;

  if (m->state == NODE_MQTT_GREETING)
    deadline = m->since_us + GREETING_TIMEOUT_US;
  else if (m->ping_us > 0)
    deadline = m->ping_us + PING_TIMEOUT_US;
  else
    {
      deadline = m->sent_us + period / 2;
      earlier (&deadline, m->heard_us + period);
    }
  if (m->ack_us > 0)
    earlier (&deadline, m->ack_us + ACK_TIMEOUT_US);
  if (!node_mqtt_idle (m) || m->input_at < m->input_n)
    earlier (&deadline, now + LOOK_AGAIN_US);
  return deadline;
}
