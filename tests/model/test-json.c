/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "twin-json.h"

static void
test_round_trip (void)
{
  static const char *const texts[] = {
    "{\"a\":[1,-2.5,0.1,1e+300,\"x\"],\"b\":{},\"c\":null,\"d\":true}",
    "[9223372036854775807,-9223372036854775808]",
    "\"\\u0001 \\\" \\\\ \\n é 😀\"",
    "[1.0,3.3333333333333335,1e-07]",
    "[]",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = twin_json_parse ("t", texts[i], -1, &error);
      g_autofree char *out = NULL;

      g_assert_no_error (error);
      out = twin_json_print (node, FALSE);
      g_assert_cmpstr (out, ==, texts[i]);
    }
}

static void
test_pretty (void)
{
  g_autoptr (JsonNode) node =
      twin_json_parse ("t", "{\"a\":[1,{}],\"b\":\"c\"}", -1, NULL);
  g_autofree char *out = twin_json_print (node, TRUE);

  g_assert_cmpstr (out, ==,
                   "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"c\"\n}");
}

static void
test_refuses (void)
{
  static const struct
  {
    const char *text, *message;
  } cases[] = {
    { "", "t:1:1: the text ends too early" },
    { "{\"a\": 1,\n \"a\": 2}", "t:2:2: the key “a” comes twice" },
    { "[1, 2,]", "t:1:7: a value is expected here" },
    { "[1 2]", "t:1:4: a comma or ] is expected here" },
    { "{a: 1}", "t:1:2: a key in double quotes is expected here" },
    { "01", "t:1:2: nothing may follow the value" },
    { "1.", "t:1:3: the text ends too early" },
    { "1e400", "t:1:1: the number is too large" },
    { "\"\\ud800\"", "t:1:8: \\u needs four hex digits that make a character" },
    { "\"\\u0000\"", "t:1:2: \\u needs four hex digits that make a character" },
    { "\"é\n\"",
      "t:1:3: a string cannot hold a control character or line break" },
    { "\"\xff\"", "t:1:2: not UTF-8 text" },
    { "// c\n1", "t:1:1: a value is expected here" },
    { "nul", "t:1:1: a value is expected here" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node =
          twin_json_parse ("t", cases[i].text, -1, &error);

      g_assert_null (node);
      g_assert_nonnull (error);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_depth (void)
{
  g_autofree char *deep = g_malloc (1000001);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  memset (deep, '[', 1000000);
  deep[1000000] = '\0';
  node = twin_json_parse ("t", deep, -1, &error);
  g_assert_null (node);
  g_assert_error (error, TWIN_JSON_ERROR, TWIN_JSON_ERROR_LIMIT);
}

/* Every prefix of a text, and every text with one byte changed: an error or a
 * value, never a crash. */
static void
test_mangled (void)
{
  const char  text[] = "{\"a\":[1,-2.5e3,\"\\u00e9\\n\"],\"b\":{\"c\":null}}";
  const char  bytes[] = "\"{}[]:,\\eu0-.\xff\x01";
  const gsize length = strlen (text);

  for (gsize i = 0; i <= length; i++)
    {
      g_autoptr (JsonNode) node = twin_json_parse ("t", text, (gssize) i, NULL);

      g_assert_true ((node != NULL) == (i == length));
      for (gsize k = 0; i < length && k < strlen (bytes); k++)
        {
          g_autofree char *changed = g_strdup (text);
          g_autoptr (JsonNode) other = NULL;

          changed[i] = bytes[k];
          other = twin_json_parse ("t", changed, (gssize) length, NULL);
          if (other != NULL)
            {
              g_autofree char *out = twin_json_print (other, FALSE);
              g_autoptr (JsonNode) again = twin_json_parse ("t", out, -1, NULL);

              g_assert_true (json_node_equal (other, again));
            }
        }
    }
}

static void
test_pointer (void)
{
  g_autoptr (JsonNode) root =
      twin_json_parse ("t", "{\"a/b\":{\"~\":[10,20]},\"c\":1}", -1, NULL);
  g_autoptr (JsonNode) value = twin_json_parse ("t", "7", -1, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) set = NULL;
  g_autoptr (JsonNode) gone = NULL;
  g_autofree char *joined = twin_json_pointer_join ("/a~1b", "~");
  g_autofree char *text = NULL;
  g_autofree char *old = NULL;

  g_assert_cmpstr (joined, ==, "/a~1b/~0");
  g_assert_cmpint (json_node_get_int (
                       twin_json_pointer_get (root, "/a~1b/~0/1", NULL)),
                   ==, 20);
  g_assert_true (twin_json_pointer_get (root, "", NULL) == root);

  set = twin_json_pointer_set (root, "/a~1b/~0/-", value, &error);
  g_assert_no_error (error);
  text = twin_json_print (set, FALSE);
  g_assert_cmpstr (text, ==, "{\"a/b\":{\"~\":[10,20,7]},\"c\":1}");

  gone = twin_json_pointer_set (root, "/a~1b/~0/0", NULL, &error);
  g_assert_no_error (error);
  old = twin_json_print (gone, FALSE);
  g_assert_cmpstr (old, ==, "{\"a/b\":{\"~\":[20]},\"c\":1}");

  g_assert_null (twin_json_pointer_set (root, "/x/y", value, &error));
  g_assert_error (error, TWIN_JSON_ERROR, TWIN_JSON_ERROR_POINTER);
  g_clear_error (&error);
  g_assert_null (twin_json_pointer_get (root, "c", &error));
  g_assert_error (error, TWIN_JSON_ERROR, TWIN_JSON_ERROR_POINTER);
}

static void
test_equal (void)
{
  static const struct
  {
    const char *a, *b;
    gboolean    equal;
  } cases[] = {
    { "60", "60.0", TRUE },
    { "60", "60.5", FALSE },
    { "9007199254740993", "9007199254740992", FALSE },
    { "{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"a\":1}", TRUE },
    { "{\"a\":1}", "{\"a\":1,\"b\":2}", FALSE },
    { "[1,2]", "[2,1]", FALSE },
    { "\"1\"", "1", FALSE },
    { "null", "false", FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) a = twin_json_parse ("a", cases[i].a, -1, NULL);
      g_autoptr (JsonNode) b = twin_json_parse ("b", cases[i].b, -1, NULL);

      g_assert_cmpint (twin_json_equal (a, b), ==, cases[i].equal);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/json/round-trip", test_round_trip);
  g_test_add_func ("/model/json/pretty", test_pretty);
  g_test_add_func ("/model/json/refuses-with-line-and-column", test_refuses);
  g_test_add_func ("/model/json/depth-is-bounded", test_depth);
  g_test_add_func ("/model/json/mangled-text-never-crashes", test_mangled);
  g_test_add_func ("/model/json/pointer", test_pointer);
  g_test_add_func ("/model/json/equal", test_equal);
  return g_test_run ();
}
