/* SPDX-License-Identifier: Apache-2.0
 *
 * The MQTT client between two ends of a stream: cut anywhere in both
 * directions, lost, dead, silent, flooding and hostile.
 */
#include <string.h>

#include "mqtt-line.h"

static const char topic[] = "twin/1/plant/n/command";

typedef struct
{
  const uint8_t *data;
  size_t         n;
  size_t         gone_at; /* the source has lost what lies from here on */
} Payload;

static bool
payload_at (void *context, uint32_t at, uint8_t *out, uint32_t n)
{
  Payload *p = context;

  g_assert_cmpuint (n, >, 0);
  g_assert_cmpuint (at + n, <=, p->n);
  memcpy (out, p->data + at, n);
  return at + n <= p->gone_at;
}

static uint8_t *
pattern (size_t n)
{
  uint8_t *data = g_malloc (n);

  for (size_t i = 0; i < n; i++)
    data[i] = (uint8_t) (i * 7 + (i >> 8));
  return data;
}

/* Every kind of packet a client sends after CONNECT. */
static void
say_everything (node_mqtt *m, Payload *payload)
{
  static const char *const topics[] = { "a/b", "c" };
  const node_mqtt_part     parts[] = { { "he", 2 }, { NULL, 0 }, { "llo", 3 } };

  g_assert_true (node_mqtt_subscribe (m, topics, 2));
  g_assert_true (node_mqtt_publish (m, "t", parts, 3, 0, true));
  g_assert_true (node_mqtt_publish (m, "t", parts, 3, 1, false));
  g_assert_true (node_mqtt_publish_from (m, "s", (uint32_t) payload->n, 1,
                                         false, payload_at, payload));
  g_assert_true (node_mqtt_streaming (m));
  g_assert_true (node_mqtt_publish (m, "after", parts, 3, 1, false));
  g_assert_false (node_mqtt_publish_from (m, "s", (uint32_t) payload->n, 1,
                                          false, payload_at, payload));
  mqtt_line_put_publish (((hal *) m->board)->in, 1, "in", "x", 1);
}

/* The stream takes one run of bytes up to each position, then the rest; then
 * it takes few at a time. */
static void
test_sent_split (void)
{
  g_autofree uint8_t *data = pattern (700);
  g_autoptr (GByteArray) whole = NULL;
  static const char expected[] =
      "CONNECT SUBSCRIBE PUBLISH/0:t:5 PUBLISH/1:t:5 PUBLISH/1:s:700 "
      "PUBLISH/1:after:5 PUBACK:4660 DISCONNECT";

  for (size_t cut = 0; whole == NULL || cut <= whole->len + 3; cut++)
    {
      hal    *h = mqtt_line_new ();
      Payload payload = { .data = data, .n = 700, .gone_at = SIZE_MAX };
      g_autoptr (GString) seen = g_string_new (NULL);
      g_autofree node_mqtt *m = mqtt_line_client (h);
      g_autofree char      *said = NULL;

      if (whole != NULL && cut <= whole->len)
        h->out_room = cut;
      else
        h->out_most = cut % 5;
      mqtt_line_put_welcome (h->in);
      mqtt_line_round (m, seen);
      if (m->state != NODE_MQTT_ONLINE) /* cut within CONNECT */
        {
          h->out_room = SIZE_MAX;
          mqtt_line_round (m, seen);
        }
      g_assert_cmpstr (seen->str, ==, "C ");
      say_everything (m, &payload);
      mqtt_line_round (m, seen);
      h->out_room = SIZE_MAX;
      mqtt_line_round (m, seen);
      g_assert_false (node_mqtt_streaming (m));
      node_mqtt_disconnect (m);
      said = mqtt_line_said (h);
      g_assert_cmpstr (said, ==, expected);
      if (whole == NULL)
        whole = g_byte_array_ref (h->out);
      else
        g_assert_cmpmem (h->out->data, h->out->len, whole->data, whole->len);
      mqtt_line_free (h);
    }
  g_test_message ("%u bytes, cut at each", whole->len);
}

/* All a broker may say, the last a command behind everything else. */
static GByteArray *
conversation (void)
{
  GByteArray          *in = g_byte_array_new ();
  static const uint8_t granted[] = { 0, 1, 1, 1 }, id[] = { 0, 2 };
  g_autofree uint8_t  *payload = pattern (200);

  mqtt_line_put_welcome (in);
  mqtt_line_put (in, NODE_MQTT_SUBACK << 4, granted, sizeof granted);
  mqtt_line_put_publish (in, 1, topic, payload, 200);
  mqtt_line_put (in, NODE_MQTT_PUBACK << 4, id, sizeof id);
  mqtt_line_put (in, NODE_MQTT_PINGRESP << 4, NULL, 0);
  mqtt_line_put_publish (in, 0, "q0", NULL, 0);
  mqtt_line_put_publish (in, 1, topic, payload, 3);
  return in;
}

/* Let bytes @from to @to of a conversation come; its first four are the
 * welcome, upon which the client subscribes. */
static void
hear (node_mqtt *m, const GByteArray *in, guint from, guint to, GString *seen)
{
  static const char *const topics[] = { "a", "b" };
  hal                     *h = m->board;
  guint                    welcome = CLAMP (4, from, to);

  g_byte_array_append (h->in, in->data + from, welcome - from);
  mqtt_line_round (m, seen);
  mqtt_line_round (m, seen);
  if (from < 4 && to >= 4)
    g_assert_true (node_mqtt_subscribe (m, topics, 2));
  g_byte_array_append (h->in, in->data + welcome, to - welcome);
  mqtt_line_round (m, seen);
}

/* What a client makes of @in when its first @cut bytes come, then the rest, at
 * most @most of them a call. */
static char *
hear_cut (const GByteArray *in, guint cut, size_t most)
{
  hal                  *h = mqtt_line_new ();
  g_autofree node_mqtt *m = mqtt_line_client (h);
  GString              *seen = g_string_new (NULL);

  h->in_most = most;
  hear (m, in, 0, cut, seen);
  hear (m, in, cut, in->len, seen);
  g_assert_cmpint (m->state, ==, NODE_MQTT_ONLINE);
  g_assert_cmpuint (m->malformed, ==, 0);
  mqtt_line_free (h);
  return g_string_free (seen, FALSE);
}

static void
test_heard_split (void)
{
  g_autoptr (GByteArray) in = conversation ();
  g_autofree char *whole = hear_cut (in, in->len, 0);

  g_assert_true (g_str_has_prefix (whole, "C twin/1/plant/n/command/1/200/"));
  g_assert_nonnull (strstr (whole, " q0/0/0/00000000 "));
  g_assert_nonnull (strstr (whole, "command/1/3/"));
  for (guint cut = 0; cut <= in->len; cut++)
    {
      g_autofree char *seen = hear_cut (in, cut, 0);

      g_assert_cmpstr (seen, ==, whole);
    }
  for (size_t most = 1; most < 20; most++)
    {
      g_autofree char *seen = hear_cut (in, in->len, most);

      g_assert_cmpstr (seen, ==, whole);
    }
}

/* 400 KB go by in pieces of any size, acknowledged and counted; what follows
 * is understood. */
static void
test_long_message (void)
{
  static const size_t pieces[] = { 0, 1, 7, 536, 1460 };
  g_autofree uint8_t *body = pattern (400 * 1024);

  for (unsigned i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      hal                  *h = mqtt_line_new ();
      g_autofree node_mqtt *m = mqtt_line_online (h);
      g_autoptr (GString) seen = g_string_new (NULL);
      g_autofree char *said = NULL;

      h->in_most = pieces[i];
      mqtt_line_put_publish (h->in, 1, topic, body, 400 * 1024);
      mqtt_line_put_publish (h->in, 1, "next", "abc", 3);
      mqtt_line_run (m, 1, seen);
      g_assert_true (g_str_has_prefix (seen->str, "next/1/3/"));
      g_assert_cmpuint (m->oversized, ==, 1);
      said = mqtt_line_said (h);
      g_assert_cmpstr (said, ==, "PUBACK:4660 PUBACK:4660");
      mqtt_line_free (h);
    }
}

/* The link breaks after each byte that the client hears or says; the next
 * connection begins with CONNECT and has nothing of the old. */
static void
test_lost_link (void)
{
  g_autoptr (GByteArray) in = conversation ();
  g_autofree uint8_t *data = pattern (300);

  for (guint cut = 0; cut <= in->len + 60; cut++)
    {
      hal    *h = mqtt_line_new ();
      Payload payload = { .data = data, .n = 300, .gone_at = SIZE_MAX };
      g_autofree node_mqtt *m = mqtt_line_client (h);
      g_autoptr (GString) seen = g_string_new (NULL);
      g_autofree char *said = NULL;
      bool             online;

      h->out_room = 40 + cut * 5;
      hear (m, in, 0, MIN (cut, in->len), seen);
      online = m->state == NODE_MQTT_ONLINE;
      if (online)
        node_mqtt_publish_from (m, "s", 300, 1, false, payload_at, &payload);
      mqtt_line_round (m, seen);
      h->open = false;
      h->out_room = SIZE_MAX;
      g_string_truncate (seen, 0);
      mqtt_line_round (m, seen);
      g_assert_cmpstr (seen->str, ==, online ? "L " : "");
      g_assert_false (node_mqtt_streaming (m));
      g_byte_array_set_size (h->in, 0);
      mqtt_line_put_welcome (h->in);
      mqtt_line_run (m, 1, seen);
      g_assert_cmpint (m->state, ==, NODE_MQTT_ONLINE);
      said = mqtt_line_said (h);
      g_assert_cmpstr (said, ==, "CONNECT");
      mqtt_line_free (h);
    }
}

static void
test_back_off (void)
{
  hal                  *h = mqtt_line_new ();
  g_autofree node_mqtt *m = mqtt_line_client (h);
  g_autoptr (GString) seen = g_string_new (NULL);
  uint64_t before = 0;
  double   expected = 0.25;

  h->reachable = false;
  for (unsigned i = 1; i <= 12; i++)
    {
      mqtt_line_round (m, seen);
      g_assert_cmpuint (h->attempts, ==, i);
      g_assert_cmpstr (m->trouble, ==, "cannot be reached");
      before = h->time_us;
      h->time_us = node_mqtt_deadline_us (m);
      g_assert_cmpfloat ((double) (h->time_us - before) / 1e6, >=,
                         0.74 * expected);
      g_assert_cmpfloat ((double) (h->time_us - before) / 1e6, <=,
                         1.26 * expected);
      expected = MIN (2 * expected, 5);
    }

  /* Who is thrown out at once comes back ever later, too. */
  h->reachable = true;
  mqtt_line_put_welcome (h->in);
  h->attempts = 0;
  for (before = h->time_us; h->time_us < before + 60000000;)
    {
      mqtt_line_round (m, seen);
      if (m->state == NODE_MQTT_ONLINE)
        h->open = false;
      else
        h->time_us = MAX (h->time_us + 1, node_mqtt_deadline_us (m));
    }
  g_assert_cmpuint (h->attempts, <=, 17);

  /* A connection that lasted starts anew. */
  mqtt_line_run (m, 18, seen);
  g_assert_cmpint (m->state, ==, NODE_MQTT_ONLINE);
  h->open = false;
  mqtt_line_round (m, seen);
  g_assert_cmpuint (m->retry_at_us - h->time_us, <, 400000);
  mqtt_line_free (h);
}

/* Seconds until the client gives up, and why; it is told once. */
static void
test_dead_broker (void)
{
  static const struct
  {
    const char *what, *trouble;
    bool        slow;
    double      least, most;
  } rows[] = {
    { "does not accept", "does not answer", true, 9.9, 10.2 },
    { "accepts, says nothing", "does not answer CONNECT", false, 4.9, 5.2 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      hal                  *h = mqtt_line_new ();
      g_autofree node_mqtt *m = mqtt_line_client (h);
      g_autoptr (GString) seen = g_string_new (NULL);

      g_test_message ("%s", rows[i].what);
      h->slow = rows[i].slow;
      mqtt_line_round (m, seen);
      while (m->trouble == NULL)
        mqtt_line_run (m, 0.05, seen);
      g_assert_cmpfloat ((double) h->time_us / 1e6, >=, rows[i].least);
      g_assert_cmpfloat ((double) h->time_us / 1e6, <=, rows[i].most);
      g_assert_cmpstr (m->trouble, ==, rows[i].trouble);
      m->told = true;
      mqtt_line_run (m, 90, seen);
      g_assert_true (m->told);
      g_assert_cmpuint (h->attempts, >, 4);
      mqtt_line_free (h);
    }
}

/* A clock that goes on while the client works, as a board's does. */
static void
test_running_clock (void)
{
  hal                  *h = mqtt_line_new ();
  g_autofree node_mqtt *m = mqtt_line_client (h);
  g_autoptr (GString) seen = g_string_new (NULL);

  h->tick_us = 7;
  h->slow = true;
  for (unsigned i = 0; i < 100; i++)
    mqtt_line_round (m, seen);
  h->slow = false;
  mqtt_line_put_welcome (h->in);
  mqtt_line_round (m, seen);
  mqtt_line_round (m, seen);
  g_assert_cmpstr (seen->str, ==, "C ");
  g_assert_cmpuint (h->attempts, ==, 1);
  g_assert_cmpstr (m->trouble, ==, NULL);
  mqtt_line_free (h);
}

static void
test_keep_alive (void)
{
  hal                  *h = mqtt_line_new ();
  g_autofree node_mqtt *m = mqtt_line_online (h);
  g_autoptr (GString) seen = g_string_new (NULL);
  const node_mqtt_part part = { "x", 1 };
  g_autofree char     *said = NULL;

  /* Idle: a PINGREQ after half the period. */
  mqtt_line_run (m, 14, seen);
  g_assert_cmpuint (h->out->len, ==, 0);
  mqtt_line_run (m, 2, seen);
  said = mqtt_line_said (h);
  g_assert_cmpstr (said, ==, "PINGREQ");

  /* Answered, and busy from now on: none. */
  mqtt_line_put (h->in, NODE_MQTT_PINGRESP << 4, NULL, 0);
  g_byte_array_set_size (h->out, 0);
  for (unsigned i = 0; i < 28; i++)
    {
      mqtt_line_run (m, 1, seen);
      node_mqtt_publish (m, "t", &part, 1, 0, false);
    }
  g_clear_pointer (&said, g_free);
  said = mqtt_line_said (h);
  g_assert_null (strstr (said, "PINGREQ"));

  /* The broker says nothing for a whole period, then not even to a PINGREQ. */
  for (unsigned i = 0; i < 4; i++)
    {
      mqtt_line_run (m, 1, seen);
      node_mqtt_publish (m, "t", &part, 1, 0, false);
    }
  g_assert_cmpuint (m->ping_us, >, 0);
  mqtt_line_run (m, 7, seen);
  g_assert_cmpstr (seen->str, ==, "");
  mqtt_line_run (m, 2, seen);
  g_assert_true (g_str_has_prefix (seen->str, "L "));
  g_assert_cmpstr (m->trouble, ==, NULL); /* it came back at once */
  mqtt_line_free (h);
}

/* A broker that answers PINGREQ but acknowledges nothing is left; one lost
 * PUBACK is none of our business: the ring has the record. */
static void
test_puback_loss (void)
{
  static const uint8_t id[2] = { 0, 1 };
  const node_mqtt_part part = { "x", 1 };

  for (unsigned lost_one = 0; lost_one < 2; lost_one++)
    {
      hal                  *h = mqtt_line_new ();
      g_autofree node_mqtt *m = mqtt_line_online (h);
      g_autoptr (GString) seen = g_string_new (NULL);

      for (unsigned i = 0; i < 50; i++)
        {
          g_byte_array_set_size (h->in, 4); /* the welcome */
          h->in_at = 4;
          mqtt_line_put (h->in, NODE_MQTT_PINGRESP << 4, NULL, 0);
          if (lost_one && i != 3)
            mqtt_line_put (h->in, NODE_MQTT_PUBACK << 4, id, 2);
          g_assert_true (node_mqtt_publish (m, "t", &part, 1, 1, false));
          mqtt_line_run (m, 1, seen);
          if (seen->len > 0)
            {
              g_assert_cmpuint (i, >=, 29);
              g_assert_cmpuint (i, <=, 30);
              break;
            }
        }
      if (lost_one)
        {
          g_assert_cmpuint (m->unacked, ==, 1);
          g_assert_cmpstr (seen->str, ==, "");
        }
      else
        g_assert_true (g_str_has_prefix (seen->str, "L "));
      mqtt_line_free (h);
    }
}

/* A broker that talks without end does not keep the node from its work. */
static void
test_flood (void)
{
  enum
  {
    ROUNDS = 1000
  };
  static const char *const what[] = { "messages", "long messages", "PINGRESP" };
  g_autofree uint8_t      *body = pattern (20000);

  for (unsigned i = 0; i < G_N_ELEMENTS (what); i++)
    {
      hal                  *h = mqtt_line_new ();
      g_autofree node_mqtt *m = mqtt_line_online (h);
      g_autoptr (GString) seen = g_string_new (NULL);

      g_byte_array_set_size (h->in, 0);
      if (i < 2)
        mqtt_line_put_publish (h->in, 0, topic, body, i == 0 ? 1 : 20000);
      else
        mqtt_line_put (h->in, NODE_MQTT_PINGRESP << 4, NULL, 0);
      h->in_at = 0;
      h->endless = true;
      for (unsigned r = 0; r < ROUNDS; r++)
        {
          size_t before = h->received;

          g_string_truncate (seen, 0);
          mqtt_line_round (m, seen);
          g_assert_cmpuint (h->received - before, <=, 8192 + 512);
          g_assert_cmpuint (seen->len, <=, 4 * 64);
          g_assert_cmpuint (node_mqtt_deadline_us (m), <=, h->time_us);
        }
      g_test_message ("%s: %zu bytes a round", what[i], h->received / ROUNDS);
      mqtt_line_free (h);
    }
}

/* A broker that takes nothing: input waits, nothing is lost, all is
 * acknowledged once it takes again. */
static void
test_no_room (void)
{
  hal                  *h = mqtt_line_new ();
  g_autofree node_mqtt *m = mqtt_line_online (h);
  g_autoptr (GString) seen = g_string_new (NULL);
  const node_mqtt_part part = { "0123456789", 10 };
  guint                queued = 0, acks = 0;
  g_autofree char     *said = NULL;
  g_auto (GStrv) words = NULL;

  h->out_room = 0;
  while (node_mqtt_publish (m, "t", &part, 1, 0, false))
    queued++;
  g_assert_cmpuint (queued, >, 100);
  for (unsigned i = 0; i < 100; i++)
    mqtt_line_put_publish (h->in, 1, "in", "x", 1);
  for (unsigned i = 0; i < 50; i++)
    mqtt_line_round (m, seen);
  g_assert_cmpuint (seen->len, <, 100 * strlen ("in/1/1/00000078 "));

  h->out_room = SIZE_MAX;
  for (unsigned i = 0; i < 100; i++)
    mqtt_line_round (m, seen);
  g_assert_cmpuint (seen->len, ==, 100 * strlen ("in/1/1/00000078 "));
  said = mqtt_line_said (h);
  words = g_strsplit (said, " ", -1);
  for (char **w = words; *w != NULL; w++)
    if (g_str_has_prefix (*w, "PUBACK"))
      acks++;
    else
      queued--;
  g_assert_cmpuint (acks, ==, 100);
  g_assert_cmpuint (queued, ==, 0);
  mqtt_line_free (h);
}

/* A payload that is gone half-way cannot be finished; nor taken back. */
static void
test_source_lost (void)
{
  hal                *h = mqtt_line_new ();
  g_autofree uint8_t *data = pattern (20000);
  Payload             payload = { .data = data, .n = 20000, .gone_at = 12000 };
  g_autofree node_mqtt *m = mqtt_line_online (h);
  g_autoptr (GString) seen = g_string_new (NULL);

  g_assert_true (
      node_mqtt_publish_from (m, "s", 20000, 0, false, payload_at, &payload));
  mqtt_line_round (m, seen);
  g_assert_cmpstr (seen->str, ==, "L ");
  g_assert_cmpuint (h->out->len, >, 2000); /* it was under way */
  g_assert_false (node_mqtt_streaming (m));
  g_assert_false (
      node_mqtt_publish_from (m, "s", 20000, 0, false, payload_at, &payload));
  mqtt_line_free (h);
}

/* What a broker may not send: dropped at once, counted, and said why. */
static void
test_hostile (void)
{
#define P(...) { __VA_ARGS__ }, sizeof ((uint8_t[]){ __VA_ARGS__ })
  static const struct
  {
    const char *what;
    bool        greeting; /* sent in place of the CONNACK */
    uint8_t     bytes[16];
    size_t      n;
    const char *trouble; /* NULL: sent what MQTT does not allow */
  } rows[] = {
    { "a message before CONNACK", true, P (0x30, 3, 0, 1, 't'), NULL },
    { "CONNACK of one byte", true, P (0x20, 1, 0), NULL },
    { "CONNACK of three bytes", true, P (0x20, 3, 0, 0, 0), NULL },
    { "a session we did not ask for", true, P (0x20, 2, 1, 0), NULL },
    { "an unknown return code", true, P (0x20, 2, 0, 6), NULL },
    { "flags on CONNACK", true, P (0x21, 2, 0, 0), NULL },
    { "HTTP", true, P ('H', 'T', 'T', 'P', '/', '1'), NULL },
    { "SSH", true, P ('S', 'S', 'H', '-', '2'), NULL },
    { "a TLS alert", true, P (0x15, 3, 3, 0, 2, 2, 40), NULL },
    { "wrong version", true, P (0x20, 2, 0, 1), "does not speak MQTT 3.1.1" },
    { "client id", true, P (0x20, 2, 0, 2), "refuses this client id" },
    { "not ready", true, P (0x20, 2, 0, 3), "is not ready for clients now" },
    { "password", true, P (0x20, 2, 0, 4),
      "says that user name or password are wrong" },
    { "not allowed", true, P (0x20, 2, 0, 5),
      "says that this user may not connect" },
    { "a second CONNACK", false, P (0x20, 2, 0, 0), NULL },
    { "packet type 0", false, P (0x00, 0), NULL },
    { "packet type 15", false, P (0xf0, 0), NULL },
    { "CONNECT", false, P (0x10, 0), NULL },
    { "SUBSCRIBE", false, P (0x82, 0), NULL },
    { "UNSUBACK", false, P (0xb0, 2, 0, 1), NULL },
    { "PUBREC", false, P (0x50, 2, 0, 1), NULL },
    { "PINGREQ", false, P (0xc0, 0), NULL },
    { "DISCONNECT", false, P (0xe0, 0), NULL },
    { "QoS 3", false, P (0x36, 5, 0, 1, 't', 0, 1), NULL },
    { "QoS 2, beyond what was asked", false, P (0x34, 5, 0, 1, 't', 0, 1),
      NULL },
    { "a duplicate at QoS 0", false, P (0x38, 3, 0, 1, 't'), NULL },
    { "a length of five bytes", false, P (0x30, 0xff, 0xff, 0xff, 0xff, 1),
      NULL },
    { "PUBLISH without a topic", false, P (0x30, 0), NULL },
    { "half a topic length", false, P (0x30, 1, 0), NULL },
    { "an empty topic", false, P (0x30, 2, 0, 0), NULL },
    { "a topic beyond the packet", false, P (0x30, 3, 0, 2, 't'), NULL },
    { "a topic of 65,535 bytes", false, P (0x30, 3, 0xff, 0xff, 't'), NULL },
    { "a wildcard in a topic", false, P (0x30, 3, 0, 1, '#'), NULL },
    { "a NUL in a topic", false, P (0x30, 4, 0, 2, 't', 0), NULL },
    { "QoS 1 without an id", false, P (0x32, 3, 0, 1, 't'), NULL },
    { "half an id", false, P (0x32, 4, 0, 1, 't', 0), NULL },
    { "id 0", false, P (0x32, 5, 0, 1, 't', 0, 0), NULL },
    { "PUBACK without an id", false, P (0x40, 0), NULL },
    { "PUBACK of three bytes", false, P (0x40, 3, 0, 1, 0), NULL },
    { "flags on PUBACK", false, P (0x42, 2, 0, 1), NULL },
    { "a SUBACK nobody asked for", false, P (0x90, 3, 0, 1, 1), NULL },
    { "PINGRESP with a body", false, P (0xd0, 1, 0), NULL },
  };
#undef P

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      hal                  *h = mqtt_line_new ();
      g_autofree node_mqtt *m =
          rows[i].greeting ? mqtt_line_client (h) : mqtt_line_online (h);
      g_autoptr (GString) seen = g_string_new (NULL);
      const char *trouble = rows[i].trouble;

      g_test_message ("%s", rows[i].what);
      g_byte_array_append (h->in, rows[i].bytes, (guint) rows[i].n);
      mqtt_line_round (m, seen);
      if (rows[i].greeting)
        mqtt_line_round (m, seen);
      g_assert_cmpint (m->state, ==, NODE_MQTT_OFFLINE);
      g_assert_cmpstr (seen->str, ==, rows[i].greeting ? "" : "L ");
      g_assert_cmpuint (m->malformed, ==, trouble == NULL);
      g_assert_cmpstr (m->trouble, ==,
                       trouble != NULL ? trouble
                                       : "sent what MQTT does not allow");
      mqtt_line_free (h);
    }
}

/* SUBACK: a code each; a refused one is told, and the node stays. */
static void
test_suback (void)
{
  static const struct
  {
    uint8_t     body[6];
    size_t      n;
    bool        stays;
    const char *trouble;
  } rows[] = {
    { { 0, 1, 1, 1 }, 4, true, NULL },
    { { 0, 1, 0, 1 }, 4, true, NULL },
    { { 0, 1, 0x80, 1 }, 4, true, "refuses a subscription" },
    { { 0, 1, 2, 1 }, 4, false, "sent what MQTT does not allow" },
    { { 0, 1, 1 }, 3, false, "sent what MQTT does not allow" },
    { { 0, 1, 1, 1, 1 }, 5, false, "sent what MQTT does not allow" },
  };
  static const char *const topics[] = { "a", "b" };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      hal                  *h = mqtt_line_new ();
      g_autofree node_mqtt *m = mqtt_line_online (h);
      g_autoptr (GString) seen = g_string_new (NULL);

      g_assert_true (node_mqtt_subscribe (m, topics, 2));
      mqtt_line_put (h->in, NODE_MQTT_SUBACK << 4, rows[i].body, rows[i].n);
      mqtt_line_round (m, seen);
      g_assert_cmpint (m->state == NODE_MQTT_ONLINE, ==, rows[i].stays);
      g_assert_cmpstr (m->trouble, ==, rows[i].trouble);
      mqtt_line_free (h);
    }
}

/* Why the board could not open the stream, in its words. */
static void
test_reason (void)
{
  hal                  *h = mqtt_line_new ();
  g_autofree node_mqtt *m = mqtt_line_client (h);
  g_autoptr (GString) seen = g_string_new (NULL);

  h->reachable = false;
  h->reason = "its certificate has expired";
  mqtt_line_round (m, seen);
  g_assert_cmpstr (m->trouble, ==, h->reason);
  g_assert_false (m->told);
  m->told = true;
  mqtt_line_run (m, 30, seen);
  g_assert_true (m->told); /* the same all the time */
  h->reason = "its certificate is for another host";
  mqtt_line_run (m, 6, seen);
  g_assert_false (m->told);
  mqtt_line_free (h);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/mqtt-client/sent-split", test_sent_split);
  g_test_add_func ("/firmware/mqtt-client/heard-split", test_heard_split);
  g_test_add_func ("/firmware/mqtt-client/long-message", test_long_message);
  g_test_add_func ("/firmware/mqtt-client/lost-link", test_lost_link);
  g_test_add_func ("/firmware/mqtt-client/back-off", test_back_off);
  g_test_add_func ("/firmware/mqtt-client/dead-broker", test_dead_broker);
  g_test_add_func ("/firmware/mqtt-client/running-clock", test_running_clock);
  g_test_add_func ("/firmware/mqtt-client/keep-alive", test_keep_alive);
  g_test_add_func ("/firmware/mqtt-client/puback-loss", test_puback_loss);
  g_test_add_func ("/firmware/mqtt-client/flood", test_flood);
  g_test_add_func ("/firmware/mqtt-client/no-room", test_no_room);
  g_test_add_func ("/firmware/mqtt-client/source-lost", test_source_lost);
  g_test_add_func ("/firmware/mqtt-client/hostile", test_hostile);
  g_test_add_func ("/firmware/mqtt-client/suback", test_suback);
  g_test_add_func ("/firmware/mqtt-client/reason", test_reason);
  return g_test_run ();
}
