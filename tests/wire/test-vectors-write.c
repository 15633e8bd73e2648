/* SPDX-License-Identifier: Apache-2.0 */
/* Runs firmware/vectors: from what a vector means, a console writes exactly
 * its bytes. */
#include "vectors.h"

#include "twin-clock.h"

#include <string.h>

typedef GBytes *(*WriteFunc) (JsonObject *row, JsonObject *meaning);

static GBytes *
write_replay (JsonObject *row, JsonObject *meaning)
{
  uint8_t          id[TWIN_ID_SIZE];
  JsonArray       *array;
  g_autofree char *spans_memory = NULL;
  TwinSpan        *spans;

  g_assert_true (twin_hex_parse (json_object_get_string_member (meaning, "id"),
                                 id, sizeof id));

  if (json_object_has_member (meaning, "blocks"))
    {
      uint64_t blocks[8];

      array = json_object_get_array_member (meaning, "blocks");
      for (guint i = 0; i < json_array_get_length (array); i++)
        blocks[i] = json_array_get_int_element (array, i);
      return twin_replay_build_blocks (id,
                                       json_object_get_int_member (meaning,
                                                                   "capture"),
                                       blocks, json_array_get_length (array));
    }

  array = json_object_get_array_member (meaning, "spans");
  spans = g_new (TwinSpan, json_array_get_length (array) + 1);
  spans_memory = (char *) spans;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonArray *span = json_array_get_array_element (array, i);

      spans[i].epoch = json_array_get_int_element (span, 0);
      spans[i].first = json_array_get_int_element (span, 1);
      spans[i].last = json_array_get_null_element (span, 2)
                          ? TWIN_SEQ_NEWEST
                          : json_array_get_int_element (span, 2);
    }
  return twin_replay_build (id, spans, json_array_get_length (array),
                            json_object_get_int_member_with_default (meaning,
                                                                     "rate",
                                                                     0));
}

static GBytes *
write_desired (JsonObject *row, JsonObject *meaning)
{
  g_autoptr (TwinKey) key =
      vectors_key_pair (json_object_get_string_member (row, "signer"));
  const TwinDesiredDocument document = {
    .version = json_object_get_int_member (meaning, "version"),
    .base = json_object_get_int_member (meaning, "base"),
    .properties = json_object_get_member (meaning, "properties"),
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) payload = twin_desired_document_build (&document, &error);

  g_assert_no_error (error);
  return twin_signed_build (key, json_object_get_string_member (row, "topic"),
                            g_bytes_get_data (payload, NULL),
                            g_bytes_get_size (payload));
}

static GBytes *
write_command (JsonObject *row, JsonObject *meaning)
{
  g_autoptr (TwinKey) key =
      vectors_key_pair (json_object_get_string_member (row, "signer"));
  const char *topic = json_object_get_string_member (row, "topic");
  g_autoptr (GError) error = NULL;
  GBytes     *message;
  TwinCommand command;

  if (json_object_has_member (meaning, "first"))
    {
      g_autoptr (GBytes) first = vectors_hex (meaning, "first");

      message =
          twin_command_countersign (first,
                                    json_object_get_string_member (meaning,
                                                                   "approver"),
                                    key, topic, &error);
      g_assert_no_error (error);
      return message;
    }

  command = (TwinCommand){
    .command = json_object_get_string_member (meaning, "command"),
    .arguments = json_object_get_member (meaning, "arguments"),
    .counter = json_object_get_int_member (meaning, "counter"),
    .epoch = json_object_get_int_member (meaning, "epoch"),
    .not_after_us = twin_clock_us_from_seconds (
        json_object_get_double_member (meaning, "notAfter")),
  };
  g_assert_true (twin_hex_parse (json_object_get_string_member (meaning, "id"),
                                 command.id, TWIN_ID_SIZE));
  message = twin_command_build (&command, key, topic, &error);
  g_assert_no_error (error);
  return message;
}

static GBytes *
write_enrol (JsonObject *row, JsonObject *meaning)
{
  uint8_t   token[TWIN_TOKEN_SIZE];
  TwinEnrol enrol = { .name = json_object_get_string_member (meaning, "name") };

  vectors_key_bytes ("token", "token", token, sizeof token);
  g_assert_true (twin_hex_parse (json_object_get_string_member (meaning, "key"),
                                 enrol.key, sizeof enrol.key));
  g_assert_true (
      twin_hex_parse (json_object_get_string_member (meaning, "nonce"),
                      enrol.nonce, sizeof enrol.nonce));
  g_assert_true (
      twin_key_role_from_string (json_object_get_string_member (meaning,
                                                                "role"),
                                 &enrol.role));
  return twin_enrol_build (&enrol, token,
                           json_object_get_string_member (row, "topic"));
}

static GBytes *
write_time (JsonObject *row, JsonObject *meaning)
{
  g_autoptr (TwinKey) key =
      vectors_key_pair (json_object_get_string_member (row, "signer"));

  return twin_time_build (json_object_get_int_member (meaning, "utc_us"), key,
                          json_object_get_string_member (row, "topic"));
}

static GBytes *
write_manifest (JsonObject *row, JsonObject *meaning)
{
  g_autoptr (TwinKey) key =
      vectors_key_pair (json_object_get_string_member (row, "signer"));
  TwinManifest manifest = {
    .vendor = (char *) json_object_get_string_member (meaning, "vendor"),
    .device_class = (char *) json_object_get_string_member (meaning, "class"),
    .version = (char *) json_object_get_string_member (meaning, "version"),
    .sequence = (uint64_t) json_object_get_int_member (meaning, "sequence"),
    .counter = (uint64_t) json_object_get_int_member (meaning, "counter"),
    .size = (uint32_t) json_object_get_int_member (meaning, "size"),
  };
  g_autoptr (GError) error = NULL;
  GBytes *envelope;

  g_assert_true (
      twin_hex_parse (json_object_get_string_member (meaning, "digest"),
                      manifest.digest, sizeof manifest.digest));
  envelope = twin_manifest_build (&manifest, key, &error);
  g_assert_no_error (error);
  return envelope;
}

static GBytes *
write_chunk_data (JsonObject *row, JsonObject *meaning)
{
  g_autoptr (GBytes) bytes = vectors_hex (meaning, "bytes");
  const size_t offset = (size_t) json_object_get_int_member (meaning, "offset");
  const size_t size = g_bytes_get_size (bytes);
  g_autofree uint8_t *data = g_malloc0 (offset + size);
  g_autoptr (GBytes) image = NULL;
  TwinChunkGet get = { .offset = (uint32_t) offset, .length = TWIN_CHUNK_MAX };

  memcpy (data + offset, g_bytes_get_data (bytes, NULL), size);
  image = g_bytes_new (data, offset + size);
  g_assert_true (
      twin_hex_parse (json_object_get_string_member (meaning, "digest"),
                      get.digest, sizeof get.digest));
  return twin_chunk_data_build (&get, image);
}

typedef struct
{
  const char *file;
  WriteFunc   write;
} WriteSuite;

static void
test_written (gconstpointer data)
{
  const WriteSuite *suite = data;
  g_autoptr (JsonParser) parser = vectors_load (suite->file);
  JsonArray *rows = json_node_get_array (json_parser_get_root (parser));
  guint      n = 0;

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);
      g_autoptr (GBytes) message = NULL;
      g_autofree char *hex = NULL;

      if (!json_object_get_boolean_member (row, "ok"))
        continue;

      g_test_message ("%s", json_object_get_string_member (row, "name"));
      message =
          suite->write (row, json_object_get_object_member (row, "meaning"));
      hex = twin_hex_format (g_bytes_get_data (message, NULL),
                             g_bytes_get_size (message));
      g_assert_cmpstr (hex, ==, json_object_get_string_member (row, "hex"));
      n++;
    }
  g_assert_cmpuint (n, >=, 2);
}

/* A record or block that a node would send is what our builder makes of it. */
static void
test_built_again (void)
{
  g_autoptr (JsonParser) records = vectors_load ("telemetry.json");
  g_autoptr (JsonParser) blocks = vectors_load ("waveform.json");
  JsonArray *rows = json_node_get_array (json_parser_get_root (records));

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);
      g_autoptr (GBytes) bytes = vectors_hex (row, "hex");
      g_autoptr (GBytes) again = NULL;
      g_autoptr (TwinRecord) first = NULL;
      g_autoptr (TwinRecord) second = NULL;

      if (!json_object_get_boolean_member (row, "ok") ||
          strstr (json_object_get_string_member (row, "name"), "widths"))
        continue;

      first = twin_record_parse (g_bytes_get_data (bytes, NULL),
                                 g_bytes_get_size (bytes), NULL);
      again = twin_record_build (first);
      second = twin_record_parse (g_bytes_get_data (again, NULL),
                                  g_bytes_get_size (again), NULL);
      g_assert_nonnull (second);
      {
        g_autoptr (JsonNode) a = dump_record (first);
        g_autoptr (JsonNode) b = dump_record (second);

        g_assert_true (json_node_equal (a, b));
      }
    }

  rows = json_node_get_array (json_parser_get_root (blocks));
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);
      g_autoptr (GBytes) bytes = vectors_hex (row, "hex");
      g_autoptr (GBytes) again = NULL;
      g_autoptr (TwinBlock) block = NULL;

      if (!json_object_get_boolean_member (row, "ok"))
        continue;
      block = twin_block_parse (bytes, NULL);
      again = twin_block_build (block);
      g_assert_true (g_bytes_equal (bytes, again));
    }
}

int
main (int argc, char **argv)
{
  static const WriteSuite written[] = {
    { "replay.json", write_replay },
    { "desired.json", write_desired },
    { "command.json", write_command },
    { "enrol.json", write_enrol },
    { "time.json", write_time },
    { "manifest.json", write_manifest },
    { "chunk-data.json", write_chunk_data },
  };
  int rc;

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (written); i++)
    {
      g_autofree char *path =
          g_strconcat ("/wire/vectors/written/", written[i].file, NULL);

      g_test_add_data_func (path, &written[i], test_written);
    }
  g_test_add_func ("/wire/vectors/built-again", test_built_again);

  rc = g_test_run ();
  vectors_free_keys ();
  return rc;
}
