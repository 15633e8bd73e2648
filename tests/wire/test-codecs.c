/* SPDX-License-Identifier: Apache-2.0 */
/* What the vectors cannot say: limits of size, round trips, look-ups. */
#include "twin-birth.h"
#include "twin-block.h"
#include "twin-cbor-json.h"
#include "twin-clock.h"
#include "twin-command.h"
#include "twin-cose.h"
#include "twin-document.h"
#include "twin-record.h"
#include "twin-ring.h"

#include <string.h>

static const uint8_t seed[32] = { 1, 2, 3 };

static void
test_message_size (void)
{
  g_autofree uint8_t *data = g_malloc0 (TWIN_MESSAGE_MAX + 1);
  g_autoptr (GError) error = NULL;
  const uint32_t payload = TWIN_MESSAGE_MAX - 5;

  data[0] = 0x5a;
  for (int i = 0; i < 4; i++)
    data[1 + i] = payload >> (24 - 8 * i);
  g_assert_true (twin_cbor_check (data, TWIN_MESSAGE_MAX, FALSE, &error));
  g_assert_no_error (error);

  data[4]++;
  g_assert_false (twin_cbor_check (data, TWIN_MESSAGE_MAX + 1, FALSE, &error));
  g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_SIZE);
}

static void
test_unordered_keys_are_bounded (void)
{
  for (int n = 63; n <= 66; n++)
    {
      uint8_t  data[2 + 3 * 66] = { 0xb8, n };
      size_t   size = 2;
      gboolean good;

      for (int i = n - 1; i >= 0; i--)
        {
          if (i >= 24)
            data[size++] = 0x18;
          data[size++] = i;
          data[size++] = 0;
        }
      good = twin_cbor_check (data, size, FALSE, NULL);
      g_assert_true (good == (n <= TWIN_CBOR_UNORDERED_MAX));
    }
}

static TwinCborReader
reader_of (GBytes *bytes)
{
  TwinCborReader reader;

  twin_cbor_reader_init (&reader, g_bytes_get_data (bytes, NULL),
                         g_bytes_get_size (bytes));
  return reader;
}

static void
test_json_round_trip (void)
{
  static const char *const texts[] = {
    "null",
    "true",
    "0",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "1.5",
    "\"ü\"",
    "[]",
    "{}",
    "[1,[2,[3]],{\"b\":1,\"aa\":{\"$hex\":\"00ff\"},\"\":null}]",
    "{\"$hex\":\"\"}",
    "{\"$hex\":\"00\",\"more\":1}",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonNode) node = json_from_string (texts[i], NULL);
      g_autoptr (JsonNode) again = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      TwinCborWriter *writer = twin_cbor_writer_new ();
      TwinCborReader  reader;

      g_assert_true (twin_cbor_writer_json (writer, node, 8, &error));
      bytes = twin_cbor_writer_finish (writer);
      g_assert_true (twin_cbor_check (g_bytes_get_data (bytes, NULL),
                                      g_bytes_get_size (bytes), TRUE, &error));
      reader = reader_of (bytes);
      again = twin_cbor_reader_json (&reader, &error);
      g_assert_no_error (error);
      g_assert_true (json_node_equal (node, again));
    }
}

static void
test_json_refused (void)
{
  static const char *const texts[] = {
    "[[[[[[[[[0]]]]]]]]]", "{\"$hex\":1}", "{\"$hex\":\"abc\"}",
    "{\"$hex\":\"zz\"}",   "1e999",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonNode) node = json_from_string (texts[i], NULL);
      g_autoptr (TwinCborWriter) writer = twin_cbor_writer_new ();
      g_autoptr (GError) error = NULL;

      g_assert_nonnull (node);
      g_assert_false (twin_cbor_writer_json (writer, node, 8, &error));
      g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_CONTENT);
    }
}

static void
test_integers_beyond_json (void)
{
  static const uint8_t above[] = { 0x1b, 0x80, 0, 0, 0, 0, 0, 0, 0 };
  static const uint8_t below[] = { 0x3b, 0x80, 0, 0, 0, 0, 0, 0, 0 };
  const uint8_t       *cases[] = { above, below };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      TwinCborReader reader;

      twin_cbor_reader_init (&reader, cases[i], sizeof above);
      g_assert_null (twin_cbor_reader_json (&reader, &error));
      g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_CONTENT);
    }
}

static void
test_identity_of_a_broken_record (void)
{
  /* [{"a": …}] with q 9, which no record may have. */
  TwinCborWriter *writer = twin_cbor_writer_new ();
  g_autoptr (GBytes) bytes = NULL;
  TwinIdentity   identity;
  const uint8_t *data;
  size_t         size;

  twin_cbor_writer_array (writer, 1);
  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_uint (writer, 0);
  twin_cbor_writer_text (writer, "a");
  twin_cbor_writer_put_uint (writer, "q", 9);
  twin_cbor_writer_put_bytes (writer, "ring", (const uint8_t *) "ringring", 8);
  twin_cbor_writer_put_uint (writer, "epoch", 3);
  twin_cbor_writer_put_uint (writer, "seq", 17);
  twin_cbor_writer_end_map (writer);
  bytes = twin_cbor_writer_finish (writer);
  data = g_bytes_get_data (bytes, &size);

  g_assert_null (twin_record_parse (data, size, NULL));
  g_assert_true (twin_record_read_identity (data, size, &identity));
  g_assert_cmpuint (identity.epoch, ==, 3);
  g_assert_cmpuint (identity.seq, ==, 17);
  g_assert_cmpmem (identity.ring, 8, "ringring", 8);
  g_assert_false (twin_record_read_identity (data, size - 1, &identity));
  g_assert_false (twin_record_read_identity (data, 0, &identity));
}

static void
test_no_prefix_of_a_record_is_one (void)
{
  TwinRecordEntry entries[] = {
    { .name = "motor/shaftSpeed",
      .unit = "1/min",
      .kind = TWIN_VALUE_NUMBER,
      .number = 1478.5 },
    { .name = "mode", .kind = TWIN_VALUE_STRING, .string = "running" },
  };
  const TwinRecord record = { .identity = { "12345678", 1, 2 },
                              .up = 1,
                              .time_us = INT64_C (1795516938123456),
                              .n_entries = 2,
                              .entries = entries };
  g_autoptr (GBytes) bytes = twin_record_build (&record);
  const uint8_t *data = g_bytes_get_data (bytes, NULL);

  for (size_t size = 0; size < g_bytes_get_size (bytes); size++)
    {
      /* A copy of exactly that size: the sanitizer sees a byte too far. */
      g_autofree uint8_t *part = g_memdup2 (data, size);

      g_assert_null (twin_record_parse (part, size, NULL));
    }
}

/* Times go out as binary64 seconds and come back exactly. */
static void
test_time_is_exact (void)
{
  for (int i = 0; i < 1000; i++)
    {
      const int64_t    us = INT64_C (1795516938000000) + i * 86400000017;
      TwinRecordEntry  entry = { .name = "a",
                                 .kind = TWIN_VALUE_BOOL,
                                 .time_us = us + i * 7 };
      const TwinRecord record = { .time_us = us,
                                  .n_entries = 1,
                                  .entries = &entry };
      g_autoptr (GBytes) bytes = twin_record_build (&record);
      g_autoptr (TwinRecord) again =
          twin_record_parse (g_bytes_get_data (bytes, NULL),
                             g_bytes_get_size (bytes), NULL);

      g_assert_nonnull (again);
      g_assert_cmpint (again->time_us, ==, us);
      g_assert_cmpint (again->entries[0].time_us, ==, us + i * 7);
    }
}

static void
test_longest_prefix (void)
{
  TwinBirthServes serves[] = {
    { "", "compressor-7", "m" },
    { "de/", "compressor-7-de", "m" },
    { "de/inner/", "compressor-7-de-inner", "m" },
  };
  static const struct
  {
    const char *name, *twin, *path;
  } cases[] = {
    { "runningHours", "compressor-7", "runningHours" },
    { "de/temperature", "compressor-7-de", "temperature" },
    { "de/inner/temperature", "compressor-7-de-inner", "temperature" },
    { "nde/temperature", "compressor-7", "nde/temperature" },
    { "de", "compressor-7", "de" },
  };
  TwinBirth   birth = { .n_serves = 3, .serves = serves };
  const char *path;

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const TwinBirthServes *found =
          twin_birth_find_twin (&birth, cases[i].name, &path);

      g_assert_cmpstr (found->twin, ==, cases[i].twin);
      g_assert_cmpstr (path, ==, cases[i].path);
    }

  birth.serves++;
  birth.n_serves--;
  g_assert_null (twin_birth_find_twin (&birth, "runningHours", &path));
}

/* 64 KiB of samples are taken, one more is not. */
static void
test_block_size (void)
{
  g_autofree uint8_t *data = g_malloc0 (TWIN_BLOCK_MAX + 2);
  TwinBlock           block = { .sensor = (char *) "de/acceleration",
                                .axis = 'x',
                                .n = TWIN_BLOCK_MAX / 2,
                                .t0_us = TWIN_TIME_NONE,
                                .rate_hz = 51200,
                                .scale = 1,
                                .unit = (char *) "m/s2",
                                .type = TWIN_SAMPLES_I16,
                                .data = data,
                                .data_size = TWIN_BLOCK_MAX };

  for (int more = 0; more <= 1; more++)
    {
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (TwinBlock) again = NULL;

      block.n += more;
      block.data_size += 2 * more;
      bytes = twin_block_build (&block);
      again = twin_block_parse (bytes, NULL);
      g_assert_true ((again != NULL) == (more == 0));
    }
}

static void
test_documents_have_a_limit (void)
{
  g_autoptr (JsonNode) properties = json_from_string ("{}", NULL);
  JsonObject         *object = json_node_get_object (properties);
  g_autofree char    *text = g_strnfill (TWIN_DOCUMENT_MAX - 200, 'x');
  TwinDesiredDocument document = { 1, 0, properties };
  g_autoptr (GBytes) small = NULL;
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (object, "a", text);
  small = twin_desired_document_build (&document, &error);
  g_assert_no_error (error);
  g_assert_nonnull (small);

  json_object_set_string_member (object, "b", text);
  g_assert_null (twin_desired_document_build (&document, &error));
  g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_SIZE);
}

static void
test_commands_have_a_limit (void)
{
  g_autoptr (TwinKey) key = twin_key_new_from_seed (seed);
  g_autoptr (JsonNode) arguments = json_from_string ("{}", NULL);
  g_autofree char  *text = g_strnfill (4096, 'x');
  g_autofree char  *long_name = g_strnfill (65, 'x');
  const TwinCommand large = { .command = "identify",
                              .arguments = arguments,
                              .not_after_us = 1 };
  const TwinCommand nameless = { .command = "" };
  const TwinCommand too_long = { .command = long_name };
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (json_node_get_object (arguments), "a", text);
  g_assert_null (twin_command_build (&large, key, "t", &error));
  g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_SIZE);
  g_clear_error (&error);
  g_assert_null (twin_command_build (&nameless, key, "t", &error));
  g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_CONTENT);
  g_clear_error (&error);
  g_assert_null (twin_command_build (&too_long, key, "t", &error));
  g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_CONTENT);
}

/* Two persons are two keys. */
static void
test_countersigning_wants_another_key (void)
{
  g_autoptr (TwinKey) first_key = twin_key_new_from_seed (seed);
  g_autoptr (TwinKey) second_key = twin_key_generate ();
  const TwinCommand command = { .command = "setMode", .not_after_us = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first =
      twin_command_build (&command, first_key, "t", &error);
  g_autoptr (GBytes) both = NULL;

  g_assert_null (
      twin_command_countersign (first, "A. Same", first_key, "t", &error));
  g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_CONTENT);
  g_clear_error (&error);
  both = twin_command_countersign (first, "B. Other", second_key, "t", &error);
  g_assert_no_error (error);
  g_assert_nonnull (both);
}

/* Every single bit of a signed message counts. */
static void
test_no_bit_may_change (void)
{
  g_autoptr (TwinKey) key = twin_key_new_from_seed (seed);
  const char *topic = "twin/1/northfield/n-0107/result";
  g_autoptr (GBytes) bytes =
      twin_signed_build (key, topic, (const uint8_t *) "\x83\x01\x02\x03", 4);
  size_t              size;
  const uint8_t      *data = g_bytes_get_data (bytes, &size);
  g_autofree uint8_t *copy = g_memdup2 (data, size);
  TwinSigned          opened;

  g_assert_true (twin_signed_open (copy, size, &opened, NULL));
  g_assert_true (
      twin_signed_verify (&opened, topic, twin_key_get_public (key), NULL));

  for (size_t bit = 0; bit < 8 * size; bit++)
    {
      gboolean taken;

      copy[bit / 8] ^= 1 << bit % 8;
      taken =
          twin_signed_open (copy, size, &opened, NULL) &&
          memcmp (opened.kid, twin_key_get_kid (key), TWIN_KID_SIZE) == 0 &&
          twin_signed_verify (&opened, topic, twin_key_get_public (key), NULL);
      copy[bit / 8] ^= 1 << bit % 8;
      g_assert_false (taken);
    }
}

static void
test_tokens_as_on_a_label (void)
{
  static const uint8_t expected[TWIN_TOKEN_SIZE] = { 0x00, 0x11, 0x22, 0x33,
                                                     0x44, 0x55, 0x66, 0x77,
                                                     0x88, 0x99, 0xaa, 0xbb,
                                                     0xcc, 0xdd, 0xee, 0xff };
  uint8_t              token[TWIN_TOKEN_SIZE];

  g_assert_true (twin_hex_parse ("0011-2233-4455-6677-8899-AABB-CCDD-EEFF",
                                 token, sizeof token));
  g_assert_cmpmem (token, sizeof token, expected, sizeof expected);
  g_assert_false (
      twin_hex_parse ("00112233445566778899aabbccddeef", token, sizeof token));
  g_assert_false (twin_hex_parse ("00112233445566778899aabbccddeeff0", token,
                                  sizeof token));
  g_assert_false (
      twin_hex_parse ("00112233445566778899aabbccddeefg", token, sizeof token));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/cbor/message-size", test_message_size);
  g_test_add_func ("/wire/cbor/unordered-keys-are-bounded",
                   test_unordered_keys_are_bounded);
  g_test_add_func ("/wire/json/round-trip", test_json_round_trip);
  g_test_add_func ("/wire/json/refused", test_json_refused);
  g_test_add_func ("/wire/json/integers-beyond", test_integers_beyond_json);
  g_test_add_func ("/wire/record/identity-of-a-broken-one",
                   test_identity_of_a_broken_record);
  g_test_add_func ("/wire/record/no-prefix-is-one",
                   test_no_prefix_of_a_record_is_one);
  g_test_add_func ("/wire/record/time-is-exact", test_time_is_exact);
  g_test_add_func ("/wire/birth/longest-prefix", test_longest_prefix);
  g_test_add_func ("/wire/block/size", test_block_size);
  g_test_add_func ("/wire/document/limit", test_documents_have_a_limit);
  g_test_add_func ("/wire/command/limit", test_commands_have_a_limit);
  g_test_add_func ("/wire/command/countersigning-wants-another-key",
                   test_countersigning_wants_another_key);
  g_test_add_func ("/wire/cose/no-bit-may-change", test_no_bit_may_change);
  g_test_add_func ("/wire/token/as-on-a-label", test_tokens_as_on_a_label);
  return g_test_run ();
}
