/* SPDX-License-Identifier: Apache-2.0
 *
 * console.c - the console's side of a test
 */
#include "console.h"

#include <string.h>

#include "node-private.h"
#include "twin-cose.h"

TwinKey *
console_key (uint8_t fill)
{
  uint8_t seed[32];

  memset (seed, fill, sizeof seed);
  return twin_key_new_from_seed (seed);
}

void
console_trust (node *n, const TwinKey *key, node_role role)
{
  node_key entry = { .role = (uint8_t) role };

  memcpy (entry.key, twin_key_get_public (key), sizeof entry.key);
  memcpy (entry.kid, twin_key_get_kid (key), sizeof entry.kid);
  g_assert_true (node_key_add (n, &entry, "tester"));
}

GBytes *
console_command (hal *h, node *n, const ConsoleCommand *c, uint8_t id[8])
{
  static uint64_t fresh = 1000;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) arguments =
      c->arguments != NULL ? json_from_string (c->arguments, NULL) : NULL;
  TwinCommand command = {
    .command = c->command,
    .arguments = arguments,
    .counter = c->counter != 0 ? c->counter : ++fresh,
    .epoch = n->epoch + (uint32_t) c->epoch,
    .not_after_us = h->utc_at_0 + (int64_t) h->time_us +
                    c->lifetime_s * G_GINT64_CONSTANT (1000000),
  };
  GBytes *message;

  fresh++;
  if (c->id != 0)
    memset (command.id, c->id, 8);
  else
    memcpy (command.id, &fresh, 8);
  if (id != NULL)
    memcpy (id, command.id, 8);
  message = twin_command_build (&command, c->key,
                                c->topic != NULL ? c->topic
                                                 : CONSOLE_TOPIC ("command"),
                                &error);
  g_assert_no_error (error);
  return message;
}

void
console_send (hal *h, node *n, const char *channel, GBytes *message)
{
  g_autofree char *topic = g_strconcat (CONSOLE_TOPIC (""), channel, NULL);
  gsize            size;
  const uint8_t   *data = g_bytes_get_data (message, &size);

  fake_board_deliver (h, n, topic, data, size);
}

/* Open a signed message of the node's on @channel. */
static void
open_signed (const node *n, const FakeMessage *m, TwinSigned *out)
{
  g_autoptr (GError) error = NULL;
  gsize          size;
  const uint8_t *data = g_bytes_get_data (m->payload, &size);

  twin_signed_open (data, size, out, &error);
  g_assert_no_error (error);
  twin_signed_verify (out, m->topic, n->key, &error);
  g_assert_no_error (error);
}

TwinResult *
console_result (hal *h, node *n)
{
  g_autoptr (FakeMessage) m = fake_board_take (h, "result");
  g_autoptr (GError) error = NULL;
  TwinSigned  in;
  TwinResult *result;

  if (m == NULL)
    return NULL;
  open_signed (n, m, &in);
  result = twin_result_parse (in.payload, in.payload_size, &error);
  g_assert_no_error (error);
  return result;
}

char *
console_outcome (hal *h, node *n)
{
  GString *text = g_string_new (NULL);

  for (;;)
    {
      g_autoptr (TwinResult) r = console_result (h, n);

      if (r == NULL)
        return g_string_free (text, FALSE);
      g_string_append_printf (text, "%s%s%s%s", text->len > 0 ? " " : "",
                              twin_result_status_to_string (r->status),
                              r->reason != NULL ? ":" : "",
                              r->reason != NULL ? r->reason : "");
    }
}

static FakeMessage *
newest (hal *h, const char *channel)
{
  FakeMessage *last = NULL, *next;

  while ((next = fake_board_take (h, channel)) != NULL)
    {
      g_clear_pointer (&last, fake_message_free);
      last = next;
    }
  return last;
}

TwinReported *
console_reported (hal *h, node *n)
{
  g_autoptr (FakeMessage) m = newest (h, "reported");
  g_autoptr (GError) error = NULL;
  TwinSigned    in;
  TwinReported *reported;

  if (m == NULL)
    return NULL;
  open_signed (n, m, &in);
  reported = twin_reported_parse (in.payload, in.payload_size, &error);
  g_assert_no_error (error);
  return reported;
}

TwinRingReport *
console_ring (hal *h, node *n)
{
  g_autoptr (FakeMessage) m = newest (h, "ring");
  g_autoptr (GError) error = NULL;
  TwinSigned      in;
  TwinRingReport *ring;

  if (m == NULL)
    return NULL;
  open_signed (n, m, &in);
  ring = twin_ring_report_parse (in.payload, in.payload_size, &error);
  g_assert_no_error (error);
  return ring;
}

GBytes *
console_desired (const TwinKey *key, uint64_t version, const char *properties)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) map = json_from_string (properties, &error);
  TwinDesiredDocument document = { version, version - 1, map };
  g_autoptr (GBytes) payload = NULL;
  gsize          size;
  const uint8_t *data;

  g_assert_no_error (error);
  payload = twin_desired_document_build (&document, &error);
  g_assert_no_error (error);
  data = g_bytes_get_data (payload, &size);
  return twin_signed_build (key, CONSOLE_TOPIC ("desired"), data, size);
}
