/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-beacon.h"
#include "twin-enrolment.h"

#include "fleet-fixture.h"
#include "twin-cbor-writer.h"

static const char    label[] = "0011-2233-4455-6677-8899-aabb-ccdd-eeff";
static const uint8_t token[TWIN_TOKEN_SIZE] = { 0x00, 0x11, 0x22, 0x33,
                                                0x44, 0x55, 0x66, 0x77,
                                                0x88, 0x99, 0xaa, 0xbb,
                                                0xcc, 0xdd, 0xee, 0xff };

typedef struct
{
  Fleet          fleet;
  TwinEnrolment *enrolment;
  GString       *log;
  uint8_t        key[TWIN_PUBLIC_KEY_SIZE];
} Fixture;

static void
on_changed (const char         *node,
            TwinEnrolmentStatus status,
            const uint8_t      *node_key,
            const char         *message,
            void               *data)
{
  static const char *const words[] = { "waiting", "done", "failed" };
  Fixture                 *f = data;

  g_assert_true ((node_key != NULL) == (status == TWIN_ENROLMENT_DONE));
  g_assert_true ((message != NULL) == (status == TWIN_ENROLMENT_FAILED));
  g_string_append_printf (f->log, "%s %s ", node, words[status]);
  if (node_key != NULL)
    memcpy (f->key, node_key, sizeof f->key);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  const TwinEnrolmentHooks hooks = { on_changed, f };

  fleet_set_up (&f->fleet);
  f->log = g_string_new (NULL);
  f->enrolment = twin_enrolment_new (&f->fleet.io, &hooks);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  twin_enrolment_free (f->enrolment);
  g_string_free (f->log, TRUE);
  fleet_tear_down (&f->fleet);
}

static void
begin (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  twin_enrolment_begin (f->enrolment, NODE, label, TWIN_KEY_ROLE_ENGINEER,
                        "Control room", &error);
  g_assert_no_error (error);
}

/* The node's side: reads `enrol` as a node would, answers. */
static GBytes *
answer_to (Fixture         *f,
           const Published *published,
           const uint8_t    with[TWIN_TOKEN_SIZE],
           const char      *topic)
{
  TwinCborWriter *writer;
  TwinMaced       opened;
  TwinCborReader  reader;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GBytes) payload = NULL;
  uint8_t     nonce[TWIN_NONCE_SIZE];
  JsonObject *object;

  g_assert_true (twin_maced_open (g_bytes_get_data (published->payload, NULL),
                                  g_bytes_get_size (published->payload),
                                  published->topic, token, &opened, NULL));
  twin_cbor_reader_init (&reader, opened.payload, opened.payload_size);
  node = twin_cbor_reader_json (&reader, NULL);
  object = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (object, "role"), ==,
                   "engineer");
  g_assert_true (
      twin_hex_parse (json_object_get_string_member (
                          json_object_get_object_member (object, "nonce"),
                          "$hex"),
                      nonce, sizeof nonce));

  writer = twin_cbor_writer_new ();
  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_put_bytes (writer, "key",
                              twin_key_get_public (f->fleet.node_key),
                              TWIN_PUBLIC_KEY_SIZE);
  twin_cbor_writer_put_bytes (writer, "nonce", nonce, sizeof nonce);
  twin_cbor_writer_put_bytes (writer, "kid", twin_key_get_kid (f->fleet.key),
                              TWIN_KID_SIZE);
  twin_cbor_writer_end_map (writer);
  payload = twin_cbor_writer_finish (writer);
  return twin_maced_build (with, topic, g_bytes_get_data (payload, NULL),
                           g_bytes_get_size (payload));
}

static gboolean
hear (Fixture *f, GBytes *message, GError **error)
{
  return twin_enrolment_message (f->enrolment, NODE,
                                 g_bytes_get_data (message, NULL),
                                 g_bytes_get_size (message), error);
}

static const char enrolled_topic[] = "twin/1/northfield/n-0107/enrolled";

static void
test_done (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) answer = NULL;

  begin (f);
  answer = answer_to (f, fleet_take (&f->fleet, TWIN_CHANNEL_ENROL), token,
                      enrolled_topic);
  g_assert_true (hear (f, answer, NULL));
  g_assert_cmpstr (f->log->str, ==, "n-0107 waiting n-0107 done ");
  g_assert_cmpmem (f->key, sizeof f->key,
                   twin_key_get_public (f->fleet.node_key), sizeof f->key);
  g_assert_true (hear (f, answer, NULL)); /* twice: ignored */
  fleet_pass (&f->fleet, 100);
  twin_enrolment_tick (f->enrolment);
  fleet_assert_silent (&f->fleet);
  g_assert_cmpstr (f->log->str, ==, "n-0107 waiting n-0107 done ");
}

/* By somebody without the token, of another node, to another enrolment. */
static void
test_forged (Fixture *f, gconstpointer data)
{
  static const uint8_t wrong[TWIN_TOKEN_SIZE] = { 1 };
  g_autoptr (GBytes) forged = NULL;
  g_autoptr (GBytes) elsewhere = NULL;
  g_autoptr (GBytes) late = NULL;
  g_autoptr (GError) error = NULL;
  const Published *published;

  begin (f);
  published = fleet_take (&f->fleet, TWIN_CHANNEL_ENROL);
  forged = answer_to (f, published, wrong, enrolled_topic);
  elsewhere =
      answer_to (f, published, token, "twin/1/northfield/n-0108/enrolled");
  late = answer_to (f, published, token, enrolled_topic);
  begin (f); /* anew, with another nonce */

  g_assert_false (hear (f, forged, &error));
  g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_DENIED);
  g_assert_false (hear (f, elsewhere, NULL));
  g_assert_false (hear (f, late, NULL));
  g_assert_cmpstr (f->log->str, ==, "n-0107 waiting n-0107 waiting ");
}

static void
test_tried_again_then_failed (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) first = NULL;

  begin (f);
  first = g_bytes_ref (fleet_take (&f->fleet, TWIN_CHANNEL_ENROL)->payload);
  for (int i = 0; i < 2; i++)
    {
      fleet_pass (&f->fleet, 5);
      twin_enrolment_tick (f->enrolment);
      g_assert_true (
          g_bytes_equal (fleet_take (&f->fleet, TWIN_CHANNEL_ENROL)->payload,
                         first));
    }
  fleet_pass (&f->fleet, 5);
  twin_enrolment_tick (f->enrolment);
  fleet_assert_silent (&f->fleet);
  g_assert_cmpstr (f->log->str, ==, "n-0107 waiting n-0107 failed ");
}

static void
test_cannot_begin (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *token, *name;
  } cases[] = {
    { "", "me" }, { "0011", "me" }, { "not a token", "me" }, { label, "" }
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (twin_enrolment_begin (f->enrolment, NODE, cases[i].token,
                                            TWIN_KEY_ROLE_OPERATOR,
                                            cases[i].name, &error));
      g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT);
    }

  f->fleet.offline = TRUE;
  g_assert_false (twin_enrolment_begin (f->enrolment, NODE, label,
                                        TWIN_KEY_ROLE_OPERATOR, "me", NULL));
  g_assert_cmpstr (f->log->str, ==, "");
}

static void
test_beacon (Fixture *f, gconstpointer data)
{
  TwinBeacon *beacon = twin_beacon_new (&f->fleet.io);

  f->fleet.offline = TRUE;
  twin_beacon_tick (beacon);
  f->fleet.offline = FALSE;
  for (int i = 0; i < 3; i++)
    {
      const Published *published;
      g_autoptr (JsonNode) node = NULL;

      twin_beacon_tick (beacon);
      twin_beacon_tick (beacon);
      g_assert_cmpuint (f->fleet.published->len, ==, 1);
      published = g_ptr_array_index (f->fleet.published, 0);
      g_assert_cmpstr (published->topic, ==, "twin/1/northfield/@time");
      g_assert_false (published->retain);
      node = fleet_read (published, f->fleet.key);
      g_assert_cmpfloat (json_object_get_double_member (json_node_get_object (
                                                            node),
                                                        "utc"),
                         ==, f->fleet.utc_us / 1e6);
      g_ptr_array_set_size (f->fleet.published, 0);
      fleet_pass (&f->fleet, 29.9);
      twin_beacon_tick (beacon);
      fleet_assert_silent (&f->fleet);
      if (i == 0)
        twin_beacon_connected (beacon);
      else
        fleet_pass (&f->fleet, 0.1);
    }
  twin_beacon_free (beacon);
}

#define ADD(path, function)                                                    \
  g_test_add ("/fleet/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("enrolment/done", test_done);
  ADD ("enrolment/forged", test_forged);
  ADD ("enrolment/tried-again-then-failed", test_tried_again_then_failed);
  ADD ("enrolment/cannot-begin", test_cannot_begin);
  ADD ("beacon/every-30-s", test_beacon);
  return g_test_run ();
}
