/* SPDX-License-Identifier: Apache-2.0 */
/* The strict reader, JSON and back, topics. */
#include "fuzz.h"

#include "twin-cbor-json.h"
#include "twin-topic.h"

#include <string.h>

static void
check_json (const uint8_t *data, size_t size)
{
  TwinCborReader reader;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (TwinCborWriter) writer = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) again = NULL;

  twin_cbor_reader_init (&reader, data, size);
  node = twin_cbor_reader_json (&reader, NULL);
  if (node == NULL)
    return;

  /* What was read can be written, unless its maps mean bytes to us. */
  writer = twin_cbor_writer_new ();
  if (!twin_cbor_writer_json (writer, node, TWIN_CBOR_DEPTH_MAX, NULL))
    return;
  bytes = twin_cbor_writer_finish (g_steal_pointer (&writer));
  data = g_bytes_get_data (bytes, &size);
  if (size > TWIN_MESSAGE_MAX)
    return;
  g_assert_true (twin_cbor_check (data, size, TRUE, NULL));
  twin_cbor_reader_init (&reader, data, size);
  again = twin_cbor_reader_json (&reader, NULL);
  g_assert_true (json_node_equal (node, again));
}

static void
check_topic (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *again = NULL;
  TwinTopic        topic;

  if (!twin_topic_parse (text, &topic, NULL))
    return;
  again = twin_topic_format (topic.plant, topic.node, topic.channel);
  g_assert_cmpstr (text, ==, again);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const gboolean strict = twin_cbor_check (data, size, TRUE, NULL);
  const gboolean loose = twin_cbor_check (data, size, FALSE, NULL);

  /* What passes the stricter check passes the other. */
  g_assert_true (loose || !strict);
  if (loose)
    {
      TwinCborReader reader;

      twin_cbor_reader_init (&reader, data, size);
      g_assert_true (twin_cbor_reader_skip (&reader, NULL));
      g_assert_cmpuint (reader.position, ==, size);
      check_json (data, size);
    }
  check_topic (data, size);
  return 0;
}
