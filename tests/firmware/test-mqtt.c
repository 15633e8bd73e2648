/* SPDX-License-Identifier: Apache-2.0
 *
 * The MQTT client: its parser cut at every position, its manners when the
 * broker is slow, silent or rude.
 */
#include <string.h>

#include "fake-board.h"

enum
{
  LONG_BODY = NODE_MQTT_RX_SIZE + 1000,
};

static void
put_packet (GByteArray *to, uint8_t first, const uint8_t *body, guint n)
{
  uint8_t head[5] = { first };
  guint   k = 1, rest = n;

  do
    {
      head[k++] = (uint8_t) (rest % 128 | (rest >= 128 ? 128 : 0));
      rest /= 128;
    }
  while (rest > 0);
  g_byte_array_append (to, head, k);
  g_byte_array_append (to, body, n);
}

/* One of each kind, a body of 0, 2, 200 (two length bytes) and @most bytes;
 * the last proves that the stream is still in step. */
static GByteArray *
stream (guint most)
{
  GByteArray          *s = g_byte_array_new ();
  static const uint8_t two[] = { 0, 7 }, granted[] = { 0, 7, 1, 0x80 };
  g_autofree uint8_t  *body = g_malloc (MAX (most, 200));

  for (guint i = 0; i < MAX (most, 200); i++)
    body[i] = (uint8_t) (i * 7);
  put_packet (s, NODE_MQTT_CONNACK << 4, two, 2);
  put_packet (s, NODE_MQTT_SUBACK << 4, granted, 4);
  put_packet (s, NODE_MQTT_PINGRESP << 4, NULL, 0);
  put_packet (s, NODE_MQTT_PUBLISH << 4 | 2, body, 200);
  put_packet (s, NODE_MQTT_PUBLISH << 4, body, most);
  put_packet (s, NODE_MQTT_PUBACK << 4, two, 2);
  return s;
}

static void
expect (GString *seen, const node_mqtt_packet *p)
{
  guint sum = 0;

  for (size_t i = 0; i < p->length; i++)
    sum = sum * 31 + p->body[i];
  g_string_append_printf (seen, "%u/%u/%zu/%08x/%d ", p->type, p->flags,
                          p->length, sum, p->truncated);
}

static void
feed (node_mqtt_parser *p, GString *seen, const uint8_t *data, size_t n)
{
  node_mqtt_packet packet;

  while (n > 0)
    {
      int found = node_mqtt_parser_feed (p, &data, &n, &packet);

      g_assert_cmpint (found, >=, 0);
      if (found > 0)
        expect (seen, &packet);
    }
}

static void
test_every_split (void)
{
  g_autoptr (GByteArray) s = stream (LONG_BODY);
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autofree node_mqtt_parser *p = g_new0 (node_mqtt_parser, 1);

  node_mqtt_parser_init (p);
  feed (p, whole, s->data, s->len);
  g_assert_nonnull (strstr (whole->str, "3/2/200/"));
  g_assert_true (g_str_has_suffix (whole->str, "/0 "));

  for (guint cut = 0; cut <= s->len; cut++)
    {
      g_autoptr (GString) seen = g_string_new (NULL);

      feed (p, seen, s->data, cut);
      feed (p, seen, s->data + cut, s->len - cut);
      g_assert_cmpstr (seen->str, ==, whole->str);
    }

  g_string_truncate (whole, 0);
  feed (p, whole, s->data, s->len);
  g_autoptr (GString) bytewise = g_string_new (NULL);
  for (guint i = 0; i < s->len; i++)
    feed (p, bytewise, s->data + i, 1);
  g_assert_cmpstr (bytewise->str, ==, whole->str);
}

/* Three pieces, cut at every pair of positions. */
static void
test_every_pair (void)
{
  g_autoptr (GByteArray) s = stream (1);
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autofree node_mqtt_parser *p = g_new0 (node_mqtt_parser, 1);
  unsigned                     pairs = 0;

  node_mqtt_parser_init (p);
  feed (p, whole, s->data, s->len);
  for (guint a = 0; a <= s->len; a++)
    for (guint b = a; b <= s->len; b++, pairs++)
      {
        g_autoptr (GString) seen = g_string_new (NULL);

        feed (p, seen, s->data, a);
        feed (p, seen, s->data + a, b - a);
        feed (p, seen, s->data + b, s->len - b);
        g_assert_cmpstr (seen->str, ==, whole->str);
      }
  g_test_message ("%u pairs of cuts in %u bytes", pairs, s->len);
}

static void
test_not_mqtt (void)
{
  static const struct
  {
    const char *what;
    uint8_t     bytes[6];
    size_t      n;
  } rows[] = {
    { "length of five bytes", { 0x30, 0xff, 0xff, 0xff, 0xff, 0x01 }, 6 },
    { "QoS 3", { 0x36, 0x00 }, 2 },
    { "reserved type", { 0x00, 0x00 }, 2 },
    { "a client's packet", { 0x10, 0x00 }, 2 },
    { "flags on a PUBACK", { 0x42, 0x02 }, 2 },
  };
  g_autofree node_mqtt_parser *p = g_new0 (node_mqtt_parser, 1);

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const uint8_t   *at = rows[i].bytes;
      size_t           n = rows[i].n;
      node_mqtt_packet packet;

      g_test_message ("%s", rows[i].what);
      node_mqtt_parser_init (p);
      g_assert_cmpint (node_mqtt_parser_feed (p, &at, &n, &packet), ==, -1);
    }
}

static void
test_publish_fields (void)
{
  static const struct
  {
    uint8_t flags, body[8];
    size_t  n;
    bool    ok;
  } rows[] = {
    { 0, { 0, 1, 'a', 'x', 'y' }, 5, true },
    { 2, { 0, 1, 'a', 0, 9, 'z' }, 6, true },
    { 0, { 0 }, 1, false },                    /* half a length */
    { 0, { 0, 9, 'a' }, 3, false },            /* topic cut off */
    { 0, { 0, 0, 'a' }, 3, false },            /* no topic */
    { 2, { 0, 1, 'a', 0 }, 4, false },         /* half an id */
    { 2, { 0, 1, 'a', 0, 0, 'z' }, 6, false }, /* id 0 */
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      node_mqtt_packet  p = { NODE_MQTT_PUBLISH, rows[i].flags, rows[i].body,
                              rows[i].n, false };
      node_mqtt_message m;

      g_assert_cmpint (node_mqtt_read_publish (&p, &m), ==, rows[i].ok);
    }
}

static void
test_greeting (void)
{
  static const char *const order[] = { "birth", "status", "reported", "ring" };
  hal                     *h = fake_board_new (1);
  g_autofree node         *n = fake_board_start (h);

  fake_board_run (h, n, 0.1);
  g_assert_cmpuint (h->subscribed->len, ==, 7);
  g_assert_cmpstr (h->subscribed->pdata[6], ==, "twin/1/northfield/@time");
  for (unsigned i = 0; i < 4; i++)
    {
      g_autofree char *tail = g_strconcat ("/", order[i], NULL);
      FakeMessage     *m = g_queue_pop_head (h->published);

      g_assert_true (g_str_has_suffix (m->topic, tail));
      g_assert_cmpint (m->qos, ==, 1);
      g_assert_cmpint (m->retain, ==, i < 3);
      fake_message_free (m);
    }
  fake_board_free (h);
}

/* A message too long for a node is acknowledged, passed over and counted. */
static void
test_oversized (void)
{
  hal                *h = fake_board_new (1);
  g_autofree node    *n = fake_board_start (h);
  g_autofree uint8_t *body = g_malloc0 (LONG_BODY);

  fake_board_run (h, n, 0.1);
  fake_board_deliver (h, n, "twin/1/northfield/n-0107/desired", body,
                      LONG_BODY);
  g_assert_cmpuint (n->mqtt.oversized, ==, 1);
  g_assert_cmpint (n->mqtt.state, ==, NODE_MQTT_ONLINE);
  fake_board_free (h);
}

static void
test_silent_broker (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);

  fake_board_run (h, n, 1);
  g_assert_cmpint (n->mqtt.state, ==, NODE_MQTT_ONLINE);
  h->mute = true;
  fake_board_run (h, n, 30);
  g_assert_cmpint (n->mqtt.state, ==, NODE_MQTT_ONLINE);
  fake_board_run (h, n, 15);
  g_assert_cmpint (n->mqtt.state, !=, NODE_MQTT_ONLINE);
  h->mute = false;
  fake_board_run (h, n, 12);
  g_assert_cmpint (n->mqtt.state, ==, NODE_MQTT_ONLINE);
  fake_board_free (h);
}

/* Comes back after any outage within the longest back-off. */
static void
test_reconnects (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);

  h->reachable = false;
  fake_board_run (h, n, 100);
  g_assert_cmpint (n->mqtt.state, ==, NODE_MQTT_OFFLINE);
  h->reachable = true;
  fake_board_run (h, n, 6);
  g_assert_cmpint (n->mqtt.state, ==, NODE_MQTT_ONLINE);
  fake_board_free (h);
}

/* Why there is no broker is logged once, however often it is tried. */
static void
test_trouble_told (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);

  h->reachable = false;
  h->reason = "its certificate has expired";
  fake_board_run (h, n, 60);
  g_assert_cmpuint (h->logged[HAL_LOG_WARNING], ==, 1);
  g_assert_cmpstr (n->mqtt.trouble, ==, h->reason);
  h->reason = NULL;
  h->reachable = true;
  fake_board_run (h, n, 10);
  g_assert_cmpstr (n->mqtt.trouble, ==, NULL);
  g_assert_cmpuint (h->logged[HAL_LOG_WARNING], ==, 1);
  fake_board_free (h);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/mqtt/every-split", test_every_split);
  g_test_add_func ("/firmware/mqtt/every-pair", test_every_pair);
  g_test_add_func ("/firmware/mqtt/not-mqtt", test_not_mqtt);
  g_test_add_func ("/firmware/mqtt/publish-fields", test_publish_fields);
  g_test_add_func ("/firmware/mqtt/greeting", test_greeting);
  g_test_add_func ("/firmware/mqtt/oversized", test_oversized);
  g_test_add_func ("/firmware/mqtt/silent-broker", test_silent_broker);
  g_test_add_func ("/firmware/mqtt/reconnects", test_reconnects);
  g_test_add_func ("/firmware/mqtt/trouble-told", test_trouble_told);
  return g_test_run ();
}
