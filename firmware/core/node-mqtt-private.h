/* SPDX-License-Identifier: Apache-2.0
 *
 * node-mqtt-private.h - between the MQTT client's connection and its queue
 */
#ifndef NODE_MQTT_PRIVATE_H
#define NODE_MQTT_PRIVATE_H

#include "node-mqtt.h"

/* Forget all that is queued. */
void node_mqtt_clear (node_mqtt *m);

/* Queue one packet; false when there is no room. */
bool node_mqtt_put_connect (node_mqtt *m);
bool node_mqtt_put_puback (node_mqtt *m, uint16_t id);
bool node_mqtt_put_empty (node_mqtt *m, uint8_t type);

/* Give the stream what it takes; false when it broke. */
bool node_mqtt_flush (node_mqtt *m);

#endif
