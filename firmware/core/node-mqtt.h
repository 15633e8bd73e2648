/* SPDX-License-Identifier: Apache-2.0
 *
 * node-mqtt.h - an MQTT 3.1.1 client over the board's byte stream
 *
 * The reader is a byte-stream parser: packets may arrive cut anywhere. Always
 * a clean session: nothing is kept for the broker's sake, the ring recovers
 * what got lost. Packets leave through a buffer in the order they were queued.
 */
#ifndef NODE_MQTT_H
#define NODE_MQTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal.h"

enum
{
  NODE_MQTT_RX_SIZE = 4352, /* largest packet taken in, without its head */
  NODE_MQTT_TX_SIZE = 5632, /* the queue, and room to write beside it */
  NODE_MQTT_HEAD = 176,     /* bytes of a publication before its payload */
};

enum
{
  NODE_MQTT_CONNECT = 1,
  NODE_MQTT_CONNACK = 2,
  NODE_MQTT_PUBLISH = 3,
  NODE_MQTT_PUBACK = 4,
  NODE_MQTT_SUBSCRIBE = 8,
  NODE_MQTT_SUBACK = 9,
  NODE_MQTT_PINGREQ = 12,
  NODE_MQTT_PINGRESP = 13,
  NODE_MQTT_DISCONNECT = 14,
};

/* A packet taken from the stream. */
typedef struct
{
  uint8_t        type;  /* NODE_MQTT_… */
  uint8_t        flags; /* low four bits of the first byte */
  const uint8_t *body;
  size_t         length;    /* bytes at body */
  bool           truncated; /* it was longer: the rest was passed over */
} node_mqtt_packet;

typedef struct
{
  uint8_t  first;     /* first byte of the packet being read */
  uint8_t  state;     /* private */
  uint8_t  shift;     /* of the next byte of the remaining length */
  uint32_t remaining; /* bytes of the body still to come */
  uint32_t length;    /* bytes of the body kept */
  bool     truncated;
  uint8_t  body[NODE_MQTT_RX_SIZE];
} node_mqtt_parser;

void node_mqtt_parser_init (node_mqtt_parser *p);

/* Take bytes from *@data until a packet is whole or they run out; *@data and
 * *@n move on. 1: @packet is whole, valid until the next call; 0: more bytes
 * needed; -1: not MQTT, drop the connection. */
int node_mqtt_parser_feed (node_mqtt_parser *p,
                           const uint8_t   **data,
                           size_t           *n,
                           node_mqtt_packet *packet);

/* A publication taken apart; everything points into the packet. */
typedef struct
{
  const char    *topic;
  size_t         topic_n;
  const uint8_t *payload;
  size_t         payload_n;
  uint16_t       id; /* 0 with QoS 0 */
  uint8_t        qos;
  bool           retained;
} node_mqtt_message;

bool node_mqtt_read_publish (const node_mqtt_packet *packet,
                             node_mqtt_message      *message);

typedef enum
{
  NODE_MQTT_OFFLINE,
  NODE_MQTT_REACHING, /* the stream is being opened */
  NODE_MQTT_GREETING, /* CONNECT sent, CONNACK awaited */
  NODE_MQTT_ONLINE,
} node_mqtt_state;

typedef struct
{
  const char *plant, *node; /* client id: "plant.node" */
  const char *prefix;       /* of the topic of the will, … */
  const char *will_channel; /* … published retained, QoS 1, by the broker */
  const char *will_text;
  const char *user;     /* or NULL */
  const char *password; /* or NULL */
  uint16_t    keepalive_s;
} node_mqtt_options;

typedef struct
{
  const void *data;
  size_t      n;
} node_mqtt_part;

/* The @n bytes at @at of a payload that is fetched as it leaves; the same bytes
 * may be fetched again. False: they are gone, and the connection is given up,
 * for the packet has promised them. */
typedef bool (*node_mqtt_source) (void    *context,
                                  uint32_t at,
                                  uint8_t *out,
                                  uint32_t n);

typedef struct
{
  node_mqtt_source source; /* NULL: none */
  void            *context;
  uint32_t         at;     /* of the payload, next to leave */
  uint32_t         length; /* of the payload */
  size_t           mark;   /* what is in tx up to here goes before it */
} node_mqtt_stream;

typedef struct
{
  hal              *board;
  node_mqtt_options options;
  node_mqtt_state   state;
  node_mqtt_parser  parser;
  uint64_t          since_us;    /* when state was entered */
  uint64_t          retry_at_us; /* when to try again */
  uint32_t          retry_ms;    /* present back-off */
  uint64_t          heard_us;    /* last byte from the broker */
  uint64_t          sent_us;     /* last byte to it */
  uint64_t          ping_us;     /* unanswered PINGREQ, 0: none */
  uint16_t          next_id;     /* of the next packet with one */
  uint32_t          unacked;     /* QoS 1 publications without PUBACK */
  uint32_t          malformed;   /* packets that broke the rules */
  uint32_t          oversized;   /* packets passed over */
  uint32_t          starved;     /* streams whose bytes were gone */
  const char       *trouble;     /* why not online, NULL: nothing is wrong */
  bool              told;        /* somebody logged it */
  bool              more;        /* the round ended before the input did */
  uint8_t           messages;    /* handed out in this round */
  uint16_t          taken;       /* bytes read in this round */
  uint16_t          topics; /* asked for by a subscription not yet granted */
  uint64_t          ack_us; /* since when a PUBACK is awaited, 0: none is */
  uint8_t           input[128]; /* received, not yet parsed */
  size_t            input_at;
  size_t            input_n;
  node_mqtt_stream  stream;
  size_t            tx_at;
  size_t            tx_n;
  uint8_t           tx[NODE_MQTT_TX_SIZE];
} node_mqtt;

typedef enum
{
  NODE_MQTT_NOTHING,   /* no more for now */
  NODE_MQTT_CONNECTED, /* greet the plant */
  NODE_MQTT_LOST,      /* the connection went away */
  NODE_MQTT_MESSAGE,   /* a publication */
} node_mqtt_event;

/* @options and what it points to outlive @m. */
void node_mqtt_init (node_mqtt               *m,
                     hal                     *board,
                     const node_mqtt_options *options);

/* Drive the connection. Call until NODE_MQTT_NOTHING; @message is valid until
 * the next call. However much a broker sends, NODE_MQTT_NOTHING comes after a
 * few messages or 8 KB; node_mqtt_deadline_us is then at once. */
node_mqtt_event node_mqtt_step (node_mqtt *m, node_mqtt_message *message);

/* Microseconds of hal_time_us by which node_mqtt_step must run again. */
uint64_t node_mqtt_deadline_us (const node_mqtt *m);

/* Queue; false when not online or when there is no room: nothing is queued. A
 * single part may lie in the spare room. */
bool node_mqtt_subscribe (node_mqtt *m, const char *const *topics, size_t n);
bool node_mqtt_publish (node_mqtt            *m,
                        const char           *topic,
                        const node_mqtt_part *parts,
                        size_t                n_parts,
                        uint8_t               qos,
                        bool                  retain);

/* Publish @length bytes that @source gives piece by piece, without a copy of
 * them. One at a time: false while another is leaving. What is queued
 * meanwhile goes after it. */
bool node_mqtt_publish_from (node_mqtt       *m,
                             const char      *topic,
                             uint32_t         length,
                             uint8_t          qos,
                             bool             retain,
                             node_mqtt_source source,
                             void            *context);

/* One is leaving. */
bool node_mqtt_streaming (const node_mqtt *m);

/* Nothing waits to leave. */
bool node_mqtt_idle (const node_mqtt *m);

/* Bytes of payload that node_mqtt_publish can still queue. */
size_t node_mqtt_room (const node_mqtt *m);

/* Memory beside the queue to write a message in, valid until anything is
 * queued or node_mqtt_step is called. */
uint8_t *node_mqtt_spare (node_mqtt *m, size_t *size);

/* Say farewell (the will is not published) or just hang up. */
void node_mqtt_disconnect (node_mqtt *m);

#endif
