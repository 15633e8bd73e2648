/* SPDX-License-Identifier: Apache-2.0 */
/* The node's MQTT client against a broker that says anything, in any pieces,
 * at any time. The input is a script: a byte says what happens, the next how
 * much of it. The client must say nothing but MQTT, keep its memory, and come
 * to an end of each round (mqtt-line.c asserts both). */
#include "fuzz.h"
#include "mqtt-line.h"

enum
{
  SAY,     /* the next n bytes */
  SAY_TOO, /* the same: most of a script is what the broker says */
  WAIT,    /* n quarters of a second */
  ROOM,    /* the stream takes n * 16 more bytes; 255: whatever comes */
  PUBLISH, /* n bytes, QoS by the lowest bit */
  STREAM,  /* n * 64 bytes from a source */
  BREAK,   /* the link breaks; whether the next attempt works, the lowest bit */
  PIECES,  /* n bytes a call at most, both ways; 0: all */
  STEPS,
};

static bool
payload_at (void *context, uint32_t at, uint8_t *out, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++)
    out[i] = (uint8_t) (at + i);
  return true;
}

static void
act (node_mqtt *m, unsigned what, uint8_t much, GString *seen)
{
  static const uint8_t zeros[255];
  static const char   *topics[] = { "a", "b" };
  hal                 *h = m->board;
  node_mqtt_part       part = { zeros, much };

  switch (what)
    {
    case WAIT:
      mqtt_line_run (m, much / 4.0, seen);
      break;
    case ROOM:
      h->out_room = much == 255 ? SIZE_MAX : (size_t) much * 16;
      break;
    case PUBLISH:
      if (much == 0)
        node_mqtt_subscribe (m, topics, 2);
      else
        node_mqtt_publish (m, "t", &part, 1, much & 1, false);
      break;
    case STREAM:
      node_mqtt_publish_from (m, "s", much * 64u, 1, false, payload_at, NULL);
      break;
    case BREAK:
      h->open = false;
      h->reachable = much & 1;
      break;
    default:
      h->in_most = h->out_most = much;
      break;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  hal                  *h;
  g_autofree node_mqtt *m = NULL;
  g_autoptr (GString) seen = g_string_new (NULL);

  if (size > 4096)
    return 0;
  h = mqtt_line_new ();
  m = mqtt_line_client (h);
  while (size >= 2)
    {
      unsigned what = data[0] % STEPS;
      uint8_t  much = data[1];

      data += 2;
      size -= 2;
      if (what == SAY || what == SAY_TOO)
        {
          much = (uint8_t) MIN (much, size);
          g_byte_array_append (h->in, data, much);
          data += much;
          size -= much;
        }
      else
        act (m, what, much, seen);
      mqtt_line_round (m, seen);
      if (m->state == NODE_MQTT_OFFLINE) /* a new connection hears anew */
        {
          g_byte_array_set_size (h->in, 0);
          h->in_at = 0;
        }
      if (h->open)
        g_free (mqtt_line_said (h));
      g_string_truncate (seen, 0);
    }
  mqtt_line_free (h);
  return 0;
}
