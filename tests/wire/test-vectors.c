/* SPDX-License-Identifier: Apache-2.0 */
/* Runs firmware/vectors: what must be read is read and means what the file
 * says, what must be refused is refused for that reason, and what a console
 * writes is written byte for byte. */
#include "twin-birth.h"
#include "twin-block.h"
#include "twin-cbor-json.h"
#include "twin-clock.h"
#include "twin-command.h"
#include "twin-cose.h"
#include "twin-document.h"
#include "twin-enrol.h"
#include "twin-record.h"
#include "twin-ring.h"
#include "twin-topic.h"

#include <math.h>
#include <string.h>

/* --- the files
 * ---------------------------------------------------------------- */

static JsonParser *
load (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                            "firmware", "vectors", name, NULL);
  g_autoptr (GError) error = NULL;
  JsonParser *parser = json_parser_new ();

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return parser;
}

static GBytes *
hex_member (JsonObject *row, const char *member)
{
  const char  *hex = json_object_get_string_member (row, member);
  const size_t size = strlen (hex) / 2;
  uint8_t     *bytes = g_malloc (size + 1);

  g_assert_true (twin_hex_parse (hex, bytes, size));
  return g_bytes_new_take (bytes, size);
}

static JsonParser *keys;

static JsonObject *
find_key (const char *name)
{
  JsonArray *rows = json_node_get_array (json_parser_get_root (keys));

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (g_str_equal (json_object_get_string_member (row, "name"), name))
        return row;
    }
  g_error ("No key %s", name);
}

static void
key_bytes (const char *name, const char *member, uint8_t *bytes, size_t size)
{
  g_assert_true (
      twin_hex_parse (json_object_get_string_member (find_key (name), member),
                      bytes, size));
}

static TwinKey *
key_pair (const char *name)
{
  uint8_t seed[32];

  key_bytes (name, "seed", seed, sizeof seed);
  return twin_key_new_from_seed (seed);
}

/* --- what was read, as JSON -------------------------------------------------
 */

static void
set_hex (JsonObject    *object,
         const char    *member,
         const uint8_t *bytes,
         size_t         size)
{
  g_autofree char *hex = twin_hex_format (bytes, size);

  json_object_set_string_member (object, member, hex);
}

static void
set_text (JsonObject *object, const char *member, const char *text)
{
  if (text == NULL)
    json_object_set_null_member (object, member);
  else
    json_object_set_string_member (object, member, text);
}

static void
set_time (JsonObject *object, const char *member, int64_t us)
{
  if (us == TWIN_TIME_NONE)
    json_object_set_null_member (object, member);
  else
    json_object_set_int_member (object, member, us);
}

static void
set_node (JsonObject *object, const char *member, JsonNode *node)
{
  json_object_set_member (object, member,
                          node == NULL ? json_node_new (JSON_NODE_NULL)
                                       : json_node_copy (node));
}

static JsonNode *
take_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

static JsonObject *
dump_entry (const TwinRecordEntry *entry)
{
  static const char *const kinds[] = { "number", "string", "bool", "bad" };
  JsonObject              *object = json_object_new ();

  json_object_set_string_member (object, "name", entry->name);
  set_text (object, "unit", entry->unit);
  json_object_set_string_member (object, "kind", kinds[entry->kind]);
  if (entry->kind == TWIN_VALUE_NUMBER)
    json_object_set_double_member (object, "value", entry->number);
  else if (entry->kind == TWIN_VALUE_BOOL)
    json_object_set_boolean_member (object, "value", entry->boolean);
  else
    set_text (object, "value", entry->string);
  set_time (object, "time_us", entry->time_us);
  json_object_set_int_member (object, "q", entry->q);
  return object;
}

static JsonNode *
dump_record (const TwinRecord *record)
{
  JsonObject *object = json_object_new ();
  JsonArray  *entries = json_array_new ();

  set_hex (object, "ring", record->identity.ring, TWIN_RING_SIZE);
  json_object_set_int_member (object, "epoch", record->identity.epoch);
  json_object_set_int_member (object, "seq", record->identity.seq);
  json_object_set_double_member (object, "up", record->up);
  set_time (object, "time_us", record->time_us);
  for (size_t i = 0; i < record->n_entries; i++)
    json_array_add_object_element (entries, dump_entry (&record->entries[i]));
  json_object_set_array_member (object, "entries", entries);
  return take_object (object);
}

static JsonNode *
dump_block (const TwinBlock *block)
{
  static const char *const types[] = { "i16", "i32", "f32" };
  const char               axis[] = { block->axis, '\0' };
  g_autofree double       *values = g_new (double, block->n);
  JsonObject              *object = json_object_new ();
  JsonArray               *array = json_array_new ();

  json_object_set_string_member (object, "sensor", block->sensor);
  json_object_set_string_member (object, "axis", axis);
  if (block->has_capture)
    json_object_set_int_member (object, "capture", block->capture);
  else
    json_object_set_null_member (object, "capture");
  json_object_set_boolean_member (object, "last", block->last);
  json_object_set_int_member (object, "n0", block->n0);
  json_object_set_int_member (object, "n", block->n);
  set_time (object, "t0_us", block->t0_us);
  json_object_set_double_member (object, "up", block->up);
  json_object_set_double_member (object, "rate_hz", block->rate_hz);
  json_object_set_double_member (object, "scale", block->scale);
  json_object_set_double_member (object, "offset", block->offset);
  json_object_set_string_member (object, "unit", block->unit);
  json_object_set_string_member (object, "why",
                                 twin_block_why_to_string (block->why));
  set_hex (object, "ring", block->ring, TWIN_RING_SIZE);
  json_object_set_int_member (object, "epoch", block->epoch);
  json_object_set_int_member (object, "quality", block->quality);
  json_object_set_string_member (object, "type", types[block->type]);
  twin_block_get_doubles (block, values);
  for (uint32_t i = 0; i < block->n; i++)
    json_array_add_double_element (array, values[i]);
  json_object_set_array_member (object, "values", array);
  return take_object (object);
}

static JsonArray *
dump_sensors (const TwinBirth *birth)
{
  JsonArray *array = json_array_new ();

  for (size_t i = 0; i < birth->n_sensors; i++)
    {
      const TwinBirthSensor *sensor = &birth->sensors[i];
      const char             axis[] = { sensor->axis, '\0' };
      JsonObject            *object = json_object_new ();

      json_object_set_string_member (object, "name", sensor->name);
      set_text (object, "axis", sensor->axis == 0 ? NULL : axis);
      json_object_set_string_member (object, "unit", sensor->unit);
      json_object_set_double_member (object, "rate_hz", sensor->rate_hz);
      json_object_set_double_member (object, "low", sensor->low);
      json_object_set_double_member (object, "high", sensor->high);
      json_object_set_int_member (object, "maxSilenceS", sensor->max_silence_s);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
dump_serves (const TwinBirth *birth)
{
  JsonArray *array = json_array_new ();

  for (size_t i = 0; i < birth->n_serves; i++)
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "prefix", birth->serves[i].prefix);
      json_object_set_string_member (object, "twin", birth->serves[i].twin);
      json_object_set_string_member (object, "model", birth->serves[i].model);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonNode *
dump_birth (const TwinBirth *birth)
{
  JsonObject *object = json_object_new ();
  JsonObject *limits = json_object_new ();
  JsonArray  *features = json_array_new ();

  json_object_set_string_member (object, "serial", birth->serial);
  json_object_set_string_member (object, "class", birth->device_class);
  json_object_set_string_member (object, "firmware", birth->firmware);
  set_hex (object, "build", birth->build, birth->build_size);
  for (char **feature = birth->features; *feature != NULL; feature++)
    json_array_add_string_element (features, *feature);
  json_object_set_array_member (object, "features", features);
  json_object_set_string_member (object, "boot", birth->boot);
  set_hex (object, "ring", birth->ring, TWIN_RING_SIZE);
  json_object_set_int_member (object, "epoch", birth->epoch);
  json_object_set_double_member (object, "up", birth->up);
  set_hex (object, "key", birth->key, TWIN_PUBLIC_KEY_SIZE);
  set_time (object, "time_us", birth->time_us);
  json_object_set_boolean_member (object, "enrolled", birth->enrolled);
  json_object_set_array_member (object, "sensors", dump_sensors (birth));
  for (size_t i = 0; i < birth->n_limits; i++)
    json_object_set_double_member (limits, birth->limits[i].name,
                                   birth->limits[i].value);
  json_object_set_object_member (object, "limits", limits);
  json_object_set_array_member (object, "serves", dump_serves (birth));
  json_object_set_double_member (object, "virtual", birth->virtual_rate);
  return take_object (object);
}

static JsonArray *
dump_span (const TwinSpan *span)
{
  JsonArray *array = json_array_new ();

  json_array_add_int_element (array, span->epoch);
  json_array_add_int_element (array, span->first);
  json_array_add_int_element (array, span->last);
  return array;
}

static JsonNode *
dump_ring (const TwinRingReport *report)
{
  JsonObject *object = json_object_new ();
  JsonArray  *held = json_array_new ();
  JsonArray  *lost = json_array_new ();

  set_hex (object, "ring", report->ring, TWIN_RING_SIZE);
  if (report->has_id)
    set_hex (object, "id", report->id, TWIN_ID_SIZE);
  else
    json_object_set_null_member (object, "id");
  for (size_t i = 0; i < report->n_held; i++)
    json_array_add_array_element (held, dump_span (&report->held[i]));
  for (size_t i = 0; i < report->n_lost; i++)
    {
      JsonArray *span = dump_span (&report->lost[i].span);

      json_array_add_string_element (span, twin_loss_cause_to_string (
                                               report->lost[i].cause));
      json_array_add_array_element (lost, span);
    }
  json_object_set_array_member (object, "held", held);
  json_object_set_array_member (object, "lost", lost);
  return take_object (object);
}

static JsonNode *
dump_reported (const TwinReported *reported)
{
  JsonObject *object = json_object_new ();
  JsonArray  *refused = json_array_new ();

  json_object_set_int_member (object, "version", reported->version);
  if (reported->has_digest)
    set_hex (object, "digest", reported->digest, TWIN_DIGEST_SIZE);
  else
    json_object_set_null_member (object, "digest");
  json_object_set_int_member (object, "epoch", reported->epoch);
  json_object_set_double_member (object, "up", reported->up);
  set_time (object, "time_us", reported->time_us);
  set_node (object, "properties", reported->properties);
  for (size_t i = 0; i < reported->n_refused; i++)
    {
      JsonObject *refusal = json_object_new ();

      json_object_set_string_member (refusal, "path",
                                     reported->refused[i].path);
      json_object_set_string_member (refusal, "reason",
                                     reported->refused[i].reason);
      json_array_add_object_element (refused, refusal);
    }
  json_object_set_array_member (object, "refused", refused);
  return take_object (object);
}

static JsonNode *
dump_result (const TwinResult *result)
{
  JsonObject *object = json_object_new ();

  set_hex (object, "id", result->id, result->id_size);
  json_object_set_string_member (object, "status",
                                 twin_result_status_to_string (result->status));
  set_text (object, "reason", result->reason);
  set_node (object, "detail", result->detail);
  json_object_set_double_member (object, "up", result->up);
  set_time (object, "time_us", result->time_us);
  return take_object (object);
}

static JsonNode *
dump_desired (const TwinDesiredDocument *document, const TwinSigned *opened)
{
  JsonObject *object = json_object_new ();
  uint8_t     digest[TWIN_DIGEST_SIZE];

  json_object_set_int_member (object, "version", document->version);
  json_object_set_int_member (object, "base", document->base);
  set_node (object, "properties", document->properties);
  twin_digest (opened->payload, opened->payload_size, digest);
  set_hex (object, "digest", digest, sizeof digest);
  return take_object (object);
}

static JsonNode *
dump_enrolled (const TwinEnrolled *enrolled)
{
  JsonObject *object = json_object_new ();

  set_hex (object, "key", enrolled->key, TWIN_PUBLIC_KEY_SIZE);
  set_hex (object, "nonce", enrolled->nonce, TWIN_NONCE_SIZE);
  set_hex (object, "kid", enrolled->kid, TWIN_KID_SIZE);
  return take_object (object);
}

/* --- reading one vector; NULL with @error when refused
 * ------------------------- */

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

  key_bytes (signer, "public", key, sizeof key);
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

  key_bytes ("token", "token", token, sizeof token);
  if (!twin_enrolled_open (data, size,
                           json_object_get_string_member (row, "topic"), token,
                           &enrolled, error))
    return NULL;
  return dump_enrolled (&enrolled);
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
  g_autoptr (GBytes) bytes = hex_member (row, "hex");
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
  g_autoptr (JsonParser) parser = load (suite->file);
  JsonArray *rows = json_node_get_array (json_parser_get_root (parser));

  g_assert_cmpuint (json_array_get_length (rows), >=, suite->at_least);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    check_vector (json_array_get_object_element (rows, i), suite->read);
}

/* --- writing: byte for byte
 * ------------------------------------------------------ */

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
      key_pair (json_object_get_string_member (row, "signer"));
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
      key_pair (json_object_get_string_member (row, "signer"));
  const char *topic = json_object_get_string_member (row, "topic");
  g_autoptr (GError) error = NULL;
  GBytes     *message;
  TwinCommand command;

  if (json_object_has_member (meaning, "first"))
    {
      g_autoptr (GBytes) first = hex_member (meaning, "first");

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

  key_bytes ("token", "token", token, sizeof token);
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
      key_pair (json_object_get_string_member (row, "signer"));

  return twin_time_build (json_object_get_int_member (meaning, "utc_us"), key,
                          json_object_get_string_member (row, "topic"));
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
  g_autoptr (JsonParser) parser = load (suite->file);
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
  g_autoptr (JsonParser) records = load ("telemetry.json");
  g_autoptr (JsonParser) blocks = load ("waveform.json");
  JsonArray *rows = json_node_get_array (json_parser_get_root (records));

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);
      g_autoptr (GBytes) bytes = hex_member (row, "hex");
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
      g_autoptr (GBytes) bytes = hex_member (row, "hex");
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
  };
  static const WriteSuite written[] = {
    { "replay.json", write_replay },   { "desired.json", write_desired },
    { "command.json", write_command }, { "enrol.json", write_enrol },
    { "time.json", write_time },
  };
  int rc;

  g_test_init (&argc, &argv, NULL);
  keys = load ("keys.json");

  for (size_t i = 0; i < G_N_ELEMENTS (suites); i++)
    {
      g_autofree char *path =
          g_strconcat ("/wire/vectors/read/", suites[i].file, NULL);

      g_test_add_data_func (path, &suites[i], test_file);
    }
  for (size_t i = 0; i < G_N_ELEMENTS (written); i++)
    {
      g_autofree char *path =
          g_strconcat ("/wire/vectors/written/", written[i].file, NULL);

      g_test_add_data_func (path, &written[i], test_written);
    }
  g_test_add_func ("/wire/vectors/built-again", test_built_again);

  rc = g_test_run ();
  g_object_unref (keys);
  return rc;
}
