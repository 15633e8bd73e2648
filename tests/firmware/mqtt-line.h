/* SPDX-License-Identifier: Apache-2.0
 *
 * mqtt-line.h - a byte stream the test holds both ends of
 *
 * struct hal with no more than the MQTT client asks for: what the broker says
 * is put into @in, what the client says is found in @out, and the test chooses
 * how much of either moves in one call.
 */
#pragma once

#include <glib.h>

#include "node-mqtt.h"

struct hal
{
  uint64_t    time_us;
  uint64_t    tick_us; /* that pass whenever the time is asked */
  uint32_t    random;
  bool        reachable, open;
  bool        slow; /* stays in HAL_NET_OPENING */
  const char *reason;
  unsigned    attempts;
  GByteArray *in, *out;
  size_t      in_at;
  size_t      in_most;  /* bytes a call; 0: no bound */
  size_t      out_most; /* the same */
  size_t      out_room; /* bytes it takes in all */
  bool        endless;  /* in, again and again */
  size_t      received; /* bytes given to the client */
};

hal *mqtt_line_new (void);
void mqtt_line_free (hal *h);

/* One packet behind what @to holds. */
void mqtt_line_put (GByteArray    *to,
                    uint8_t        first,
                    const uint8_t *body,
                    size_t         n);
void mqtt_line_put_publish (GByteArray *to,
                            unsigned    qos,
                            const char *topic,
                            const void *payload,
                            size_t      n);
/* CONNACK, all is well. */
void mqtt_line_put_welcome (GByteArray *to);

/* A client on @h; free with g_free. */
node_mqtt *mqtt_line_client (hal *h);

/* Step until NODE_MQTT_NOTHING; what happened, one letter each: C connected,
 * L lost, and for a message its topic, payload length and sum. */
void mqtt_line_round (node_mqtt *m, GString *seen);
/* A client that is connected; what it said so far is forgotten. */
node_mqtt *mqtt_line_online (hal *h);

/* Let time pass, deadline by deadline. */
void mqtt_line_run (node_mqtt *m, double seconds, GString *seen);

/* The packets in @out as text, such as "CONNECT PUBLISH/1:topic:5 PINGREQ";
 * a rest that is no whole packet is "…". Stops at what no client may send. */
char *mqtt_line_said (hal *h);
