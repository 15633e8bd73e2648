/* SPDX-License-Identifier: Apache-2.0 */
/* Runs firmware/vectors: what must be read is read and means what the file
 * says, what must be refused is refused, and for that reason. */
#include "vectors.h"

#include "twin-cbor-reader.h"
#include "twin-topic.h"

#include <string.h>

/* Reads one vector; NULL with @error when it is refused. */
typedef JsonNode *(*ReadFunc) (JsonObject    *row,
                               const uint8_t *data,
                               size_t         size,
                               GError       **error);

static JsonNode *
read_cbor (JsonObject *row, const uint8_t *data, size_t size, GError **error)
{
  if (!twin_cbor_check (data, size,
                        json_object_get_boolean_member (row, "deterministic"),
                        error))
    return NULL;
  return json_node_new (JSON_NODE_NULL);
}

static JsonNode *
read_topic (JsonObject *row, const uint8_t *data, size_t size, GError **error)
{
  const char      *text = json_object_get_string_member (row, "topic");
  g_autofree char *again = NULL;
  TwinTopic        topic;
  JsonObject      *object;

  if (!twin_topic_parse (text, &topic, error))
    return NULL;

  again = twin_topic_format (topic.plant, topic.node, topic.channel);
  g_assert_cmpstr (again, ==, text);
  object = json_object_new ();
  json_object_set_string_member (object, "plant", topic.plant);
  json_object_set_string_member (object, "node", topic.node);
  json_object_set_string_member (object, "kind",
                                 twin_channel_to_string (topic.channel));
  return take_object (object);
}

static JsonNode *
read_record (JsonObject *row, const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (TwinRecord) record = twin_record_parse (data, size, error);

  return record == NULL ? NULL : dump_record (record);
}

static JsonNode *
read_block (JsonObject *row, const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (GBytes) payload = g_bytes_new (data, size);
  g_autoptr (TwinBlock) block = twin_block_parse (payload, error);

  return block == NULL ? NULL : dump_block (block);
}

/* Opens and verifies with the key that the row names. */
static gboolean
open_signed (JsonObject    *row,
             const uint8_t *data,
             size_t         size,
             TwinSigned    *opened,
             GError       **error)
{
  const char *signer = json_object_get_string_member (row, "signer");
  uint8_t     key[TWIN_PUBLIC_KEY_SIZE], kid[TWIN_KID_SIZE];

  vectors_key_bytes (signer, "public", key, sizeof key);
  twin_kid_of (key, kid);
  if (!twin_signed_open (data, size, opened, error))
    return FALSE;
  if (memcmp (kid, opened->kid, sizeof kid) != 0)
    {
      g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_KEY, "Other key");
      return FALSE;
    }
  return twin_signed_verify (opened,
                             json_object_get_string_member (row, "topic"), key,
                             error);
}

static JsonNode *
read_birth (JsonObject *row, const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (TwinBirth) birth = NULL;
  TwinSigned opened;

  if (!open_signed (row, data, size, &opened, error))
    return NULL;
  birth = twin_birth_parse (opened.payload, opened.payload_size, error);
  return birth == NULL ? NULL : dump_birth (birth);
}

static JsonNode *
read_ring (JsonObject *row, const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (TwinRingReport) report = NULL;
  TwinSigned opened;

  if (!open_signed (row, data, size, &opened, error))
    return NULL;
  report = twin_ring_report_parse (opened.payload, opened.payload_size, error);
  return report == NULL ? NULL : dump_ring (report);
}

static JsonNode *
read_reported (JsonObject    *row,
               const uint8_t *data,
               size_t         size,
               GError       **error)
{
  g_autoptr (TwinReported) reported = NULL;
  TwinSigned opened;

  if (!open_signed (row, data, size, &opened, error))
    return NULL;
  reported = twin_reported_parse (opened.payload, opened.payload_size, error);
  return reported == NULL ? NULL : dump_reported (reported);
}

static JsonNode *
read_result (JsonObject *row, const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (TwinResult) result = NULL;
  TwinSigned opened;

  if (!open_signed (row, data, size, &opened, error))
    return NULL;
  result = twin_result_parse (opened.payload, opened.payload_size, error);
  return result == NULL ? NULL : dump_result (result);
}

static JsonNode *
read_desired (JsonObject *row, const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (TwinDesiredDocument) document = NULL;
  TwinSigned opened;

  if (!open_signed (row, data, size, &opened, error))
    return NULL;
  document =
      twin_desired_document_parse (opened.payload, opened.payload_size, error);
  return document == NULL ? NULL : dump_desired (document, &opened);
}

static JsonNode *
read_enrolled (JsonObject    *row,
               const uint8_t *data,
               size_t         size,
               GError       **error)
{
  TwinEnrolled enrolled;
  uint8_t      token[TWIN_TOKEN_SIZE];

  vectors_key_bytes ("token", "token", token, sizeof token);
  if (!twin_enrolled_open (data, size,
                           json_object_get_string_member (row, "topic"), token,
                           &enrolled, error))
    return NULL;
  return dump_enrolled (&enrolled);
}

/* The key that the row names signed @envelope, which names @kid. */
static gboolean
check_vendor (JsonObject   *row,
              GBytes       *envelope,
              const uint8_t kid[TWIN_KID_SIZE],
              GError      **error)
{
  uint8_t key[TWIN_PUBLIC_KEY_SIZE], wanted[TWIN_KID_SIZE];

  vectors_key_bytes (json_object_get_string_member (row, "signer"), "public",
                     key, sizeof key);
  twin_kid_of (key, wanted);
  if (memcmp (kid, wanted, sizeof wanted) == 0)
    return twin_manifest_verify (envelope, key, error);

  g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_KEY, "Other key");
  return FALSE;
}

static JsonNode *
read_manifest (JsonObject    *row,
               const uint8_t *data,
               size_t         size,
               GError       **error)
{
  g_autoptr (GBytes) envelope = g_bytes_new (data, size);
  g_auto (TwinManifest) manifest = { 0 };
  uint8_t kid[TWIN_KID_SIZE];

  return twin_manifest_open (envelope, &manifest, kid, error) &&
                 check_vendor (row, envelope, kid, error)
             ? dump_manifest (&manifest, NULL)
             : NULL;
}

static JsonNode *
read_package (JsonObject *row, const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (TwinPackage) package = twin_package_parse (bytes, error);
  g_autoptr (GBytes) again = NULL;

  if (package == NULL ||
      !check_vendor (row, package->envelope, package->kid, error))
    return NULL;

  again = twin_package_build (package);
  g_assert_true (g_bytes_equal (bytes, again));
  return dump_manifest (&package->manifest, package->image);
}

static JsonNode *
read_chunk_get (JsonObject    *row,
                const uint8_t *data,
                size_t         size,
                GError       **error)
{
  TwinChunkGet get;

  return twin_chunk_get_parse (data, size, &get, error) ? dump_chunk_get (&get)
                                                        : NULL;
}

static void
check_meaning (JsonObject *row, JsonNode *got)
{
  JsonNode *expected = json_object_get_member (row, "meaning");

  if (!json_node_equal (expected, got))
    {
      g_autofree char *want = json_to_string (expected, FALSE);
      g_autofree char *have = json_to_string (got, FALSE);

      g_test_message ("%s", json_object_get_string_member (row, "name"));
      g_assert_cmpstr (have, ==, want);
      g_test_fail ();
    }
}

static void
check_vector (JsonObject *row, ReadFunc read)
{
  const gboolean ok = json_object_get_boolean_member (row, "ok");
  const char    *reason =
      json_object_get_string_member_with_default (row, "reason", NULL);
  g_autoptr (GBytes) bytes = vectors_hex (row, "hex");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) got = read (row, g_bytes_get_data (bytes, NULL),
                                   g_bytes_get_size (bytes), &error);

  g_test_message ("%s: %s", json_object_get_string_member (row, "name"),
                  error == NULL ? "read" : error->message);
  if (ok)
    {
      g_assert_no_error (error);
      check_meaning (row, got);
      return;
    }

  g_assert_null (got);
  g_assert_nonnull (error);
  g_assert_true (error->domain == TWIN_WIRE_ERROR);
  if (reason != NULL)
    g_assert_cmpstr (twin_wire_error_reason (error->code), ==, reason);
}

typedef struct
{
  const char *file;
  ReadFunc    read;
  guint       at_least; /* vectors: an emptied file must not pass */
} Suite;

static void
test_file (gconstpointer data)
{
  const Suite *suite = data;
  g_autoptr (JsonParser) parser = vectors_load (suite->file);
  JsonArray *rows = json_node_get_array (json_parser_get_root (parser));

  g_assert_cmpuint (json_array_get_length (rows), >=, suite->at_least);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    check_vector (json_array_get_object_element (rows, i), suite->read);
}

int
main (int argc, char **argv)
{
  static const Suite suites[] = {
    { "cbor.json", read_cbor, 40 },
    { "topic.json", read_topic, 40 },
    { "telemetry.json", read_record, 35 },
    { "event.json", read_record, 1 },
    { "waveform.json", read_block, 30 },
    { "birth.json", read_birth, 30 },
    { "ring.json", read_ring, 20 },
    { "reported.json", read_reported, 20 },
    { "result.json", read_result, 30 },
    { "desired.json", read_desired, 15 },
    { "enrolled.json", read_enrolled, 8 },
    { "manifest.json", read_manifest, 25 },
    { "package.json", read_package, 10 },
    { "chunk-get.json", read_chunk_get, 8 },
  };
  int rc;

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (suites); i++)
    {
      g_autofree char *path =
          g_strconcat ("/wire/vectors/read/", suites[i].file, NULL);

      g_test_add_data_func (path, &suites[i], test_file);
    }

  rc = g_test_run ();
  vectors_free_keys ();
  return rc;
}
