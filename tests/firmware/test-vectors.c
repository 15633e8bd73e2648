/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs firmware/vectors on the node's side: what a node must take or refuse,
 * and that its writer makes the same bytes.
 */
#include <json-glib/json-glib.h>
#include <string.h>

#include "fake-board.h"
#include "node-cbor.h"

typedef struct
{
  const char *name, *channel, *topic, *signer, *reason;
  GBytes     *bytes, *payload;
  bool        ok, deterministic;
} Row;

typedef void (*RowFunc) (const Row *row);

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
unhex (const char *hex)
{
  size_t   n = hex != NULL ? strlen (hex) / 2 : 0;
  uint8_t *out = g_malloc (n + 1);

  for (size_t i = 0; i < n; i++)
    out[i] = (uint8_t) (g_ascii_xdigit_value (hex[2 * i]) << 4 |
                        g_ascii_xdigit_value (hex[2 * i + 1]));
  return g_bytes_new_take (out, n);
}

static const char *
text_of (JsonObject *o, const char *member)
{
  return json_object_get_string_member_with_default (o, member, NULL);
}

static void
each (const char *file, RowFunc func)
{
  g_autoptr (JsonParser) parser = load (file);
  JsonArray *array = json_node_get_array (json_parser_get_root (parser));

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *o = json_array_get_object_element (array, i);
      Row         row = {
                text_of (o, "name"),
                text_of (o, "channel"),
                text_of (o, "topic"),
                text_of (o, "signer"),
                text_of (o, "reason"),
                unhex (text_of (o, "hex")),
                unhex (text_of (o, "payload")),
                json_object_get_boolean_member_with_default (o, "ok", FALSE),
                json_object_get_boolean_member_with_default (o, "deterministic", FALSE)
      };

      g_test_message ("%s: %s", file, row.name);
      func (&row);
      g_bytes_unref (row.bytes);
      g_bytes_unref (row.payload);
    }
}

static void
key_of (const char *name, const char *member, uint8_t out[32])
{
  g_autoptr (JsonParser) parser = load ("keys.json");
  JsonArray *array = json_node_get_array (json_parser_get_root (parser));

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *o = json_array_get_object_element (array, i);

      if (g_str_equal (text_of (o, "name"), name))
        {
          g_autoptr (GBytes) bytes = unhex (text_of (o, member));

          memcpy (out, g_bytes_get_data (bytes, NULL),
                  g_bytes_get_size (bytes));
          return;
        }
    }
  g_assert_not_reached ();
}

/* CBOR. Write again what is read: the same bytes. */
static void
copy_item (node_cbor_reader *r, node_cbor_writer *w)
{
  node_cbor_item item;
  uint64_t       children = 0;
  size_t         before = r->at;

  g_assert_true (node_cbor_next (r, &item));
  switch (item.kind)
    {
    case NODE_CBOR_UINT:
      node_cbor_put_uint (w, item.number);
      break;
    case NODE_CBOR_NEGATIVE:
      node_cbor_put_int (w, -1 - (int64_t) item.number);
      break;
    case NODE_CBOR_BYTES:
      node_cbor_put_bytes (w, item.bytes, item.number);
      break;
    case NODE_CBOR_TEXT:
      node_cbor_put_text_n (w, (const char *) item.bytes, item.number);
      break;
    case NODE_CBOR_ARRAY:
      node_cbor_put_array (w, item.number);
      children = item.number;
      break;
    case NODE_CBOR_MAP:
      node_cbor_put_map (w, item.number);
      children = 2 * item.number;
      break;
    case NODE_CBOR_TAG:
      node_cbor_put_tag (w, item.number);
      children = 1;
      break;
    case NODE_CBOR_SIMPLE:
      if (item.number == 22)
        node_cbor_put_null (w);
      else
        node_cbor_put_bool (w, item.number == 21);
      break;
    case NODE_CBOR_FLOAT:
      if (r->at - before == 9)
        node_cbor_put_f64 (w, item.real);
      else if (r->at - before == 5)
        node_cbor_put_f32 (w, (float) item.real);
      else
        node_cbor_put_raw (w, r->data + before, 3);
      break;
    }
  for (; children > 0; children--)
    copy_item (r, w);
}

static void
check_cbor (const Row *row)
{
  gsize            n;
  const uint8_t   *data = g_bytes_get_data (row->bytes, &n);
  uint8_t          buffer[256];
  node_cbor_reader r;
  node_cbor_writer w;

  /* A node takes deterministic encoding only, signed or not: it is spoken to
   * by consoles alone. So what is good in an unsigned message may be refused
   * here, never the other way round. */
  if (!row->ok || row->deterministic)
    g_assert_cmpint (node_cbor_valid (data, n), ==, row->ok);
  if (!node_cbor_valid (data, n))
    return;

  node_cbor_open (&r, data, n);
  node_cbor_begin (&w, buffer, sizeof buffer);
  copy_item (&r, &w);
  g_assert_cmpmem (w.data, w.length, data, n);
}

static void
test_cbor (void)
{
  each ("cbor.json", check_cbor);
}

/* Envelopes. */
static void
check_signed (const Row *row)
{
  gsize          n, payload_n;
  const uint8_t *data = g_bytes_get_data (row->bytes, &n);
  const uint8_t *payload = g_bytes_get_data (row->payload, &payload_n);
  node_cose_view view;
  uint8_t        key[32], seed[32], kid[8], buffer[4096];
  const uint8_t *again;
  size_t         size;
  bool           taken;

  key_of (row->signer, "public", key);
  taken = node_cose_open_sign (data, n, &view) &&
          node_cose_verify (&view, row->topic, key, buffer, sizeof buffer);
  if (row->ok)
    g_assert_true (taken);
  /* What is wrong deeper inside shows when a node takes it, below. */
  if (!row->ok)
    {
      if (g_strcmp0 (row->reason, "content") != 0 &&
          g_strcmp0 (row->reason, "key") != 0 &&
          !g_str_has_prefix (row->name, "countersigned"))
        g_assert_false (taken);
      return;
    }

  g_assert_cmpmem (view.payload, view.payload_n, payload, payload_n);
  key_of (row->signer, "seed", seed);
  node_cose_kid (key, kid);
  memcpy (buffer + NODE_COSE_ROOM, payload, payload_n);
  again = node_cose_sign (buffer, payload_n, row->topic, seed, kid, &size);
  g_assert_cmpmem (again, size, data, n);
}

static void
test_signed (void)
{
  static const char *const files[] = { "birth.json",    "ring.json",
                                       "reported.json", "result.json",
                                       "desired.json",  "command.json",
                                       "time.json" };

  for (unsigned i = 0; i < G_N_ELEMENTS (files); i++)
    each (files[i], check_signed);
}

static void
check_maced (const Row *row)
{
  gsize          n, payload_n;
  const uint8_t *data = g_bytes_get_data (row->bytes, &n);
  const uint8_t *payload = g_bytes_get_data (row->payload, &payload_n);
  node_config    config = fake_board_config ();
  node_cose_view view;
  uint8_t        buffer[4096];
  const uint8_t *again;
  size_t         size;
  bool           taken = node_cose_open_mac (data, n, &view) &&
               node_cose_verify_mac (&view, row->topic, config.token,
                                     NODE_TOKEN_SIZE, buffer, sizeof buffer);

  if (row->ok)
    g_assert_true (taken);
  else if (g_strcmp0 (row->reason, "content") != 0)
    g_assert_false (taken);
  if (!row->ok)
    return;

  memcpy (buffer + NODE_COSE_ROOM, payload, payload_n);
  again = node_cose_mac (buffer, payload_n, row->topic, config.token,
                         NODE_TOKEN_SIZE, &size);
  g_assert_cmpmem (again, size, data, n);
}

static void
test_maced (void)
{
  each ("enrol.json", check_maced);
  each ("enrolled.json", check_maced);
}

/* Whole messages, as a node with the vectors' keys takes them. */
static node *
prepare (hal *h)
{
  static const char *const names[] = { "console", "second" };
  node                    *n = fake_board_start (h);

  for (unsigned i = 0; i < 2; i++)
    {
      key_of (names[i], "public", n->keys[i].key);
      node_cose_kid (n->keys[i].key, n->keys[i].kid);
      n->keys[i].role = NODE_ROLE_ENGINEER;
    }
  fake_board_run (h, n, 1);
  fake_board_forget (h);
  return n;
}

static void
deliver (hal *h, node *n, const Row *row)
{
  gsize          size;
  const uint8_t *data = g_bytes_get_data (row->bytes, &size);

  fake_board_deliver (h, n, row->topic, data, size);
}

/* A refusal that names what was wrong comes before any question of time,
 * epoch or counter; a good one gets as far as these. */
static void
check_command (const Row *row)
{
  static const char *const early[] = { "malformed", "unknown-key", "signature",
                                       "needs-approver" };
  hal                     *h = fake_board_new (1);
  g_autofree node         *n = prepare (h);
  g_autoptr (FakeMessage) m = NULL;
  node_cose_view   view;
  node_cbor_reader r, value;
  bool             refused_early = false;
  gsize            size;
  const uint8_t   *data;

  deliver (h, n, row);
  m = fake_board_take (h, "result");
  g_assert_nonnull (m);
  data = g_bytes_get_data (m->payload, &size);
  g_assert_true (node_cose_open_sign (data, size, &view));
  node_cbor_open (&r, view.payload, view.payload_n);
  g_assert_true (node_cbor_find (&r, "reason", &value));
  for (unsigned i = 0; i < G_N_ELEMENTS (early); i++)
    refused_early |= node_cbor_is_text (&value, early[i]);
  g_assert_cmpint (refused_early, ==, !row->ok);
  fake_board_free (h);
}

static void
test_commands (void)
{
  each ("command.json", check_command);
}

static void
check_desired (const Row *row)
{
  hal             *h = fake_board_new (2);
  g_autofree node *n = prepare (h);

  deliver (h, n, row);
  g_assert_cmpint (n->has_desired, ==, row->ok);
  g_assert_cmpint (n->desired_ignored != NULL, ==, !row->ok);
  fake_board_free (h);
}

static void
test_desired (void)
{
  each ("desired.json", check_desired);
}

static void
check_replay (const Row *row)
{
  hal             *h = fake_board_new (3);
  g_autofree node *n = prepare (h);

  deliver (h, n, row);
  g_assert_cmpuint (n->malformed, ==, row->ok ? 0 : 1);
  g_assert_cmpuint (fake_board_count (h, "ring"), ==, row->ok ? 1 : 0);
  fake_board_free (h);
}

static void
test_replay (void)
{
  each ("replay.json", check_replay);
}

static void
check_enrol (const Row *row)
{
  hal             *h = fake_board_new (4);
  g_autofree node *n = prepare (h);

  deliver (h, n, row);
  g_assert_cmpint (n->token_burnt, ==, row->ok);
  g_assert_cmpuint (fake_board_count (h, "enrolled"), ==, row->ok ? 1 : 0);
  fake_board_free (h);
}

static void
test_enrol (void)
{
  each ("enrol.json", check_enrol);
}

static void
check_time (const Row *row)
{
  hal             *h = fake_board_new (5);
  g_autofree node *n;

  h->has_rtc = false;
  n = prepare (h);
  g_assert_false (n->time.known);
  deliver (h, n, row);
  g_assert_cmpint (n->time.known, ==, row->ok);
  fake_board_free (h);
}

static void
test_time (void)
{
  each ("time.json", check_time);
}

/* As the bootloader takes them. */
static void
check_manifest (const Row *row)
{
  gsize          n;
  const uint8_t *data = g_bytes_get_data (row->bytes, &n);
  uint8_t        key[32];
  boot_identity  id = { "Example Vendor", "test-node", key };
  boot_manifest  m;
  boot_reason    reason;

  key_of (row->signer, "public", key);
  reason = boot_manifest_check (data, n, &id, &m);
  g_assert_cmpint (reason == BOOT_GOOD, ==, row->ok);
  if (g_strcmp0 (row->reason, "key") == 0)
    g_assert_cmpint (reason, ==, BOOT_UNKNOWN_KEY);
  if (g_strcmp0 (row->reason, "signature") == 0)
    g_assert_cmpint (reason, ==, BOOT_SIGNATURE);
}

static void
test_manifests (void)
{
  each ("manifest.json", check_manifest);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/vectors/cbor", test_cbor);
  g_test_add_func ("/firmware/vectors/signed", test_signed);
  g_test_add_func ("/firmware/vectors/maced", test_maced);
  g_test_add_func ("/firmware/vectors/commands", test_commands);
  g_test_add_func ("/firmware/vectors/desired", test_desired);
  g_test_add_func ("/firmware/vectors/replay", test_replay);
  g_test_add_func ("/firmware/vectors/enrol", test_enrol);
  g_test_add_func ("/firmware/vectors/time", test_time);
  g_test_add_func ("/firmware/vectors/manifests", test_manifests);
  return g_test_run ();
}
