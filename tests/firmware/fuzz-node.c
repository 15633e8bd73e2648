/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: whatever arrives at a node, from its stream up to what lies
 * under a good signature. The first byte chooses the way in.
 */
#include <string.h>

#include "console.h"
#include "fuzz-node.h"
#include "node-cbor.h"
#include "twin-cose.h"

static void
stream (const uint8_t *data, size_t size)
{
  static node_mqtt_parser p;
  node_mqtt_packet        packet;
  node_mqtt_message       m;

  node_mqtt_parser_init (&p);
  while (size > 0 && node_mqtt_parser_feed (&p, &data, &size, &packet) > 0)
    if (packet.type == NODE_MQTT_PUBLISH)
      node_mqtt_read_publish (&packet, &m);
}

static void
structure (const uint8_t *data, size_t size)
{
  node_cbor_reader r, value;
  node_cose_view   view;
  uint64_t         number;

  node_cbor_valid (data, size);
  node_cbor_open (&r, data, size);
  node_cbor_find (&r, "id", &value);
  node_cbor_find_int (&r, -3, &value);
  node_cbor_get_array (&r, &number);
  node_cbor_skip (&r);
  node_cose_open_sign (data, size, &view);
  node_cose_open_mac (data, size, &view);
}

/* One node takes many messages, as in life; afresh now and then. */
static void
deliver (const char *channel, bool sign, const uint8_t *data, size_t size)
{
  static hal      *h;
  static node     *n;
  static TwinKey  *key;
  static unsigned  age;
  g_autofree char *topic = g_strconcat (CONSOLE_TOPIC (""), channel, NULL);
  g_autoptr (GBytes) message = NULL;

  if (age++ % 500 == 0)
    {
      g_clear_pointer (&n, g_free);
      g_clear_pointer (&h, fake_board_free);
      g_clear_pointer (&key, twin_key_unref);
      key = console_key (3);
      h = fake_board_new (1);
      n = fake_board_start (h);
      console_trust (n, key, NODE_ROLE_ENGINEER);
      fake_board_run (h, n, 0.1);
    }

  message = sign ? twin_signed_build (key, topic, data, size)
                 : g_bytes_new (data, size);
  memset (n->counters, 0, sizeof n->counters);
  fake_board_deliver (h, n, topic, g_bytes_get_data (message, NULL),
                      g_bytes_get_size (message));
  fake_board_run (h, n, 0.01);
  fake_board_forget (h);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 1 || size > 5000)
    return 0;

  switch (data[0] % 8)
    {
    case 0:
      stream (data + 1, size - 1);
      break;
    case 1:
      structure (data + 1, size - 1);
      break;
    case 2:
      deliver ("command", false, data + 1, size - 1);
      break;
    case 3:
      deliver ("command", true, data + 1, size - 1);
      break;
    case 4:
      deliver ("desired", false, data + 1, size - 1);
      break;
    case 5:
      deliver ("desired", true, data + 1, size - 1);
      break;
    case 6:
      deliver ("replay", false, data + 1, size - 1);
      break;
    default:
      deliver ("enrol", false, data + 1, size - 1);
      break;
    }
  return 0;
}
