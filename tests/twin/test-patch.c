/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-json.h"
#include "twin-patch.h"

#define NOW_US INT64_C (1795603338000000)

static JsonNode *
json (const char *text)
{
  GError   *error = NULL;
  JsonNode *node = twin_json_parse ("t", text, -1, &error);

  g_assert_no_error (error);
  return node;
}

/* What comes out as text, or "! " and the error. Caller frees. */
static char *
apply (const char *document, const char *text)
{
  g_autoptr (JsonNode) before = json (document);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinPatch) patch = twin_patch_parse ("p", text, -1, &error);
  g_autoptr (JsonNode) after = NULL;

  if (patch != NULL)
    after = twin_patch_apply (patch, before, &error);
  if (after == NULL)
    return g_strdup_printf ("! %s", error->message);
  return twin_json_print (after, FALSE);
}

typedef struct
{
  const char *document, *patch, *wants;
} Case;

static void
run_cases (const Case *cases, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      g_autofree char *got = apply (cases[i].document, cases[i].patch);

      g_assert_cmpstr (got, ==, cases[i].wants);
    }
}

/* The rules of RFC 6902, section 4, in turn. */
static void
test_rules (void)
{
  static const Case cases[] = {
    /* add: a member that is new, one that is there (replaced), an element
     * before an index, at the end by index and by "-", the whole document */
    { "{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/b\",\"value\":2}]",
      "{\"a\":1,\"b\":2}" },
    { "{\"a\":1,\"b\":0}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":null}]",
      "{\"a\":null,\"b\":0}" },
    { "{\"a\":[1,3]}", "[{\"op\":\"add\",\"path\":\"/a/1\",\"value\":2}]",
      "{\"a\":[1,2,3]}" },
    { "{\"a\":[1,3]}", "[{\"op\":\"add\",\"path\":\"/a/2\",\"value\":4}]",
      "{\"a\":[1,3,4]}" },
    { "{\"a\":[1]}", "[{\"op\":\"add\",\"path\":\"/a/-\",\"value\":[2]}]",
      "{\"a\":[1,[2]]}" },
    { "{\"a\":1}", "[{\"op\":\"add\",\"path\":\"\",\"value\":[]}]", "[]" },
    { "{\"a\":[1]}", "[{\"op\":\"add\",\"path\":\"/a/2\",\"value\":4}]",
      "! operation 0 (add /a/2): “2” is no place in an array of 1; take 0 to "
      "1, or -" },
    { "{\"a\":[1]}", "[{\"op\":\"add\",\"path\":\"/a/01\",\"value\":4}]",
      "! operation 0 (add /a/01): “01” is no place in an array of 1; take 0 to "
      "1, or -" },
    { "{}", "[{\"op\":\"add\",\"path\":\"/a/b\",\"value\":4}]",
      "! operation 0 (add /a/b): there is no “a”" },
    { "{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/a/b\",\"value\":4}]",
      "! operation 0 (add /a/b): nothing can be put below a plain value" },

    /* remove and replace: only what is there */
    { "{\"a\":1,\"b\":2}", "[{\"op\":\"remove\",\"path\":\"/a\"}]",
      "{\"b\":2}" },
    { "{\"a\":[1,2,3]}", "[{\"op\":\"remove\",\"path\":\"/a/1\"}]",
      "{\"a\":[1,3]}" },
    { "{}", "[{\"op\":\"remove\",\"path\":\"/a\"}]",
      "! operation 0 (remove /a): there is no “a”" },
    { "{\"a\":[]}", "[{\"op\":\"remove\",\"path\":\"/a/-\"}]",
      "! operation 0 (remove /a/-): there is no element “-” in the array" },
    { "{\"a\":1,\"b\":2}",
      "[{\"op\":\"replace\",\"path\":\"/a\",\"value\":\"x\"}]",
      "{\"a\":\"x\",\"b\":2}" },
    { "{\"a\":[1,2]}", "[{\"op\":\"replace\",\"path\":\"/a/0\",\"value\":9}]",
      "{\"a\":[9,2]}" },
    { "{\"b\":1}", "[{\"op\":\"replace\",\"path\":\"/a\",\"value\":9}]",
      "! operation 0 (replace /a): there is no “a”" },

    /* move and copy; the value moved is away before the place is looked for */
    { "{\"a\":{\"x\":1},\"b\":{}}",
      "[{\"op\":\"move\",\"from\":\"/a/x\",\"path\":\"/b/y\"}]",
      "{\"a\":{},\"b\":{\"y\":1}}" },
    { "{\"a\":[1,2,3]}",
      "[{\"op\":\"move\",\"from\":\"/a/0\",\"path\":\"/a/2\"}]",
      "{\"a\":[2,3,1]}" },
    { "{\"a\":{}}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a/b\"}]",
      "! operation 0 (move /a/b): /a cannot be moved into itself" },
    { "{\"a\":1}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a\"}]",
      "{\"a\":1}" },
    { "{\"a\":{\"x\":1}}",
      "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"},"
      "{\"op\":\"replace\",\"path\":\"/b/x\",\"value\":2}]",
      "{\"a\":{\"x\":1},\"b\":{\"x\":2}}" },
    { "{\"a\":1}", "[{\"op\":\"copy\",\"from\":\"/x\",\"path\":\"/b\"}]",
      "! operation 0 (copy /b): there is no “x”" },

    /* test: numbers by value, members in any order, types told apart */
    { "{\"a\":60,\"b\":{\"x\":1,\"y\":2}}",
      "[{\"op\":\"test\",\"path\":\"/a\",\"value\":60.0},{\"op\":\"test\","
      "\"path\":\"/b\",\"value\":{\"y\":2,\"x\":1}}]",
      "{\"a\":60,\"b\":{\"x\":1,\"y\":2}}" },
    { "{\"a\":\"10\"}", "[{\"op\":\"test\",\"path\":\"/a\",\"value\":10}]",
      "! operation 0 (test /a): it is \"10\", not 10" },

    /* ~1 is /, ~0 is ~, and ~01 is ~1 */
    { "{\"/\":9,\"~1\":10}",
      "[{\"op\":\"test\",\"path\":\"/~01\",\"value\":10},{\"op\":\"remove\","
      "\"path\":\"/~1\"}]",
      "{\"~1\":10}" },
    { "{\"\":{\"\":1}}", "[{\"op\":\"remove\",\"path\":\"//\"}]", "{\"\":{}}" },
    { "{}", "[{\"op\":\"remove\",\"path\":\"/~2\"}]",
      "! operation 0 (remove /~2): “path”: “/~2” is no JSON pointer: ~ needs 0 "
      "or 1 after it" },

    /* one after the other, all or nothing; members of no meaning are passed
     * over */
    { "{}",
      "[{\"op\":\"add\",\"path\":\"/a\",\"value\":1,\"why\":\"\"},{\"op\":"
      "\"add\",\"path\":\"/b\",\"value\":2},{\"op\":\"test\",\"path\":\"/a\","
      "\"value\":2}]",
      "! operation 2 (test /a): it is 1, not 2" },
    { "{\"a\":1}", "[]", "{\"a\":1}" },
  };

  run_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_syntax (void)
{
  static const Case cases[] = {
    { "{}", "{}",
      "! A JSON Patch is an array of operations, as "
      "[{\"op\":\"replace\",\"path\":\"/ratedSpeed\",\"value\":1480}]" },
    { "{}", "[1]",
      "! operation 0: it must be an object, as {\"op\":\"replace\",\"path\":"
      "\"/ratedSpeed\",\"value\":1480}" },
    { "{}", "[{\"path\":\"/a\"}]",
      "! operation 0: “op” must be add, remove, replace, move, copy or test" },
    { "{}", "[{\"op\":\"set\",\"path\":\"/a\"}]",
      "! operation 0: “op” must be add, remove, replace, move, copy or test, "
      "not “set”" },
    { "{}", "[{\"op\":\"remove\"}]",
      "! operation 0: “path” is missing; it must be a JSON pointer, "
      "“/ratedSpeed”" },
    { "{}", "[{\"op\":\"add\",\"path\":\"/a\"}]",
      "! operation 0 (add /a): “value” is missing" },
    { "{}", "[{\"op\":\"copy\",\"path\":\"/a\"}]",
      "! operation 0 (copy /a): “from” is missing; it must be a JSON pointer, "
      "“/ratedSpeed”" },
    { "{}", "[{\"op\":\"remove\",\"path\":\"a\"}]",
      "! operation 0 (remove a): “path”: “a” is no JSON pointer: it must begin "
      "with /" },
    { "{}", "[", "! p:1:2: " },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *got = apply (cases[i].document, cases[i].patch);

      g_assert_true (g_str_has_prefix (got, cases[i].wants) ||
                     (g_test_message ("%s", got), FALSE));
    }
}

/* --- on a twin
 * --------------------------------------------------------------------- */

static const char pump[] =
    "{\"$dtId\":\"p\",\"$etag\":\"e1\",\"$metadata\":{\"$model\":\"dtmi:a:b;1\""
    ",\"$tags\":[\"old\"],\"speed\":{\"lastUpdateTime\":\"2020-01-01T00:00:00Z"
    "\",\"sourceTime\":\"2020-01-01T00:00:00Z\"}},\"speed\":1,\"place\":{\"x\":"
    "1},\"part\":{\"mode\":\"a\"}}";

static char *
apply_twin (const char *text)
{
  g_autoptr (JsonNode) node = json (pump);
  g_autoptr (TwinTwin) twin = twin_twin_from_json (node, "", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinPatch) patch = twin_patch_parse ("p", text, -1, &error);
  g_autoptr (TwinTwin) after = NULL;
  g_autoptr (JsonNode) unchanged = twin_twin_to_json (twin);
  g_autoptr (JsonNode) out = NULL;

  g_assert_no_error (error);
  after = twin_patch_apply_twin (patch, twin, NOW_US, &error);
  g_assert_true (twin_json_equal (unchanged, node));
  if (after == NULL)
    return g_strdup_printf ("! %s", error->message);

  g_assert_cmpint (after->updated_us, ==, NOW_US);
  out = twin_twin_to_json (after);
  return twin_json_print (out, FALSE);
}

static void
wants_value (const char *text, const char *pointer, const char *value)
{
  g_autofree char *got = apply_twin (text);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *there = NULL;
  JsonNode        *found;

  g_assert_false (got[0] == '!' && (g_test_message ("%s", got), TRUE));
  node = json (got);
  found = twin_json_pointer_get (node, pointer, NULL);
  there = found != NULL ? twin_json_print (found, FALSE) : NULL;
  g_assert_cmpstr (there, ==, value);
}

static void
test_twin (void)
{
  static const char speed[] =
      "[{\"op\":\"replace\",\"path\":\"/speed\",\"value\":2}]";

  wants_value (speed, "/speed", "2");
  /* When it was changed is known, of what time it is no longer. */
  wants_value (speed, "/$metadata/speed",
               "{\"lastUpdateTime\":\"2026-11-25T10:42:18.000Z\"}");
  wants_value ("[{\"op\":\"replace\",\"path\":\"/speed\",\"value\":2},"
               "{\"op\":\"add\",\"path\":\"/$metadata/speed/sourceTime\","
               "\"value\":\"2026-11-25T10:00:00Z\"}]",
               "/$metadata/speed",
               "{\"lastUpdateTime\":\"2026-11-25T10:42:18.000Z\","
               "\"sourceTime\":\"2026-11-25T10:00:00.000Z\"}");
  wants_value ("[{\"op\":\"remove\",\"path\":\"/speed\"}]", "/$metadata/speed",
               NULL);
  wants_value ("[{\"op\":\"replace\",\"path\":\"/place/x\",\"value\":2}]",
               "/$metadata/place/lastUpdateTime",
               "\"2026-11-25T10:42:18.000Z\"");
  wants_value ("[{\"op\":\"add\",\"path\":\"/part/$metadata/mode/sourceTime\","
               "\"value\":\"2026-11-25T10:00:00Z\"}]",
               "/part/$metadata/mode/sourceTime", "\"2026-11-25T10:00:00Z\"");
  wants_value ("[{\"op\":\"add\",\"path\":\"/$metadata/$tags/-\",\"value\":"
               "\"b\"},{\"op\":\"add\",\"path\":\"/$metadata/$tags/0\","
               "\"value\":\"b\"}]",
               "/$metadata/$tags", "[\"b\",\"old\"]");
  wants_value ("[{\"op\":\"remove\",\"path\":\"/$metadata/$tags/0\"}]",
               "/$metadata/$tags", NULL);
  wants_value ("[{\"op\":\"test\",\"path\":\"/$etag\",\"value\":\"e1\"},"
               "{\"op\":\"replace\",\"path\":\"/$metadata/$model\",\"value\":"
               "\"dtmi:a:b;2\"}]",
               "/$metadata/$model", "\"dtmi:a:b;2\"");
}

static void
test_guarded (void)
{
  static const char *const refused[][2] = {
    { "[{\"op\":\"add\",\"path\":\"\",\"value\":{}}]",
      "! operation 0 (add “”): a twin cannot be changed as a whole" },
    { "[{\"op\":\"replace\",\"path\":\"/$dtId\",\"value\":\"q\"}]",
      "! operation 0 (replace /$dtId): of what begins with $" },
    { "[{\"op\":\"remove\",\"path\":\"/$metadata\"}]",
      "! operation 0 (remove /$metadata): of what begins with $" },
    { "[{\"op\":\"add\",\"path\":\"/$metadata/speed/lastUpdateTime\","
      "\"value\":\"x\"}]",
      "! operation 0 (add /$metadata/speed/lastUpdateTime): of what" },
    { "[{\"op\":\"add\",\"path\":\"/$metadata/$lifecycle\",\"value\":"
      "\"retired\"}]",
      "! operation 0 (add /$metadata/$lifecycle): the life cycle has rules" },
    { "[{\"op\":\"remove\",\"path\":\"/$metadata/$model\"}]",
      "! operation 0 (remove /$metadata/$model): a twin's model can be" },
    { "[{\"op\":\"move\",\"from\":\"/$etag\",\"path\":\"/x\"}]",
      "! operation 0 (move /x): of what begins with $" },
    { "[{\"op\":\"add\",\"path\":\"/$metadata/speed/sourceTime\",\"value\":"
      "\"noon\"}]",
      "! operation 0 (add /$metadata/speed/sourceTime): a source time" },
    { "[{\"op\":\"add\",\"path\":\"/$metadata/other/sourceTime\",\"value\":"
      "\"2026-11-25T10:00:00Z\"}]",
      "! operation 0 (add /$metadata/other/sourceTime): there is no “other”" },
    { "[{\"op\":\"add\",\"path\":\"/$metadata/$tags/-\",\"value\":\"\\n\"}]",
      "! What the patch makes is no twin: “p”: “$metadata/$tags/1”: a tag" },
    { "[{\"op\":\"replace\",\"path\":\"/$metadata/$model\",\"value\":\"x\"}]",
      "! What the patch makes is no twin: “p”: “$metadata/$model”" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *got = apply_twin (refused[i][0]);

      if (!g_str_has_prefix (got, refused[i][1]))
        g_assert_cmpstr (got, ==, refused[i][1]);
    }
}

static void
test_relationship (void)
{
  g_autoptr (JsonNode) length = json ("{\"length\":3}");
  g_autoptr (TwinRelationship) one =
      twin_relationship_new ("a", "r", "feeds", "b", length);
  g_autoptr (TwinPatch) good = twin_patch_parse (
      "p", "[{\"op\":\"replace\",\"path\":\"/length\",\"value\":4}]", -1, NULL);
  g_autoptr (TwinPatch) bad = twin_patch_parse (
      "p", "[{\"op\":\"replace\",\"path\":\"/$targetId\",\"value\":\"c\"}]", -1,
      NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinRelationship) after =
      twin_patch_apply_relationship (good, one, &error);
  g_autofree char *props = NULL;

  g_assert_no_error (error);
  props = twin_relationship_print_props (after);
  g_assert_cmpstr (props, ==, "{\"length\":4}");
  g_assert_cmpstr (after->target, ==, "b");
  g_assert_null (twin_patch_apply_relationship (bad, one, &error));
  g_assert_error (error, TWIN_PATCH_ERROR, TWIN_PATCH_ERROR_READ_ONLY);
}

/* --- hostile
 * ----------------------------------------------------------------------- */

/* @n times @operation, in which %u is the number. */
static char *
repeat (guint n, const char *first, const char *operation)
{
  GString *text = g_string_new ("[");

  g_string_append (text, first);
  for (guint i = 0; i < n; i++)
    {
      if (text->len > 1)
        g_string_append_c (text, ',');
      g_string_append_printf (text, operation, i);
    }

  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

static void
wants_limit (const char *document, char *patch, const char *words)
{
  g_autofree char *text = patch;
  g_autofree char *got = apply (document, text);

  if (strstr (got, words) == NULL)
    g_assert_cmpstr (got, ==, words);
}

static void
test_hostile (void)
{
  gint64           begin_us = g_get_monotonic_time ();
  g_autofree char *many = repeat (10000, "",
                                  "{\"op\":\"add\",\"path\":\"/m%u\","
                                  "\"value\":1}");
  g_autofree char *front = repeat (10000, "",
                                   "{\"op\":\"add\",\"path\":\"/a/0\","
                                   "\"value\":%u}");
  g_autofree char *wide = apply ("{}", many);
  g_autofree char *got = apply ("{\"a\":[]}", front);

  /* As many as are allowed are done, new members and at an array's front. */
  g_assert_true (g_str_has_prefix (wide, "{\"m0\":1,\"m1\":1,"));
  g_assert_true (g_str_has_prefix (got, "! operation") ||
                 g_str_has_prefix (got, "{\"a\":[9999,9998,"));

  wants_limit ("{}",
               repeat (10001, "", "{\"op\":\"remove\",\"path\":\"/m%u\"}"),
               "10001 operations; 10000 is the most");
  /* Doubling: a copy of the whole into itself, again and again. */
  wants_limit ("{\"a\":[1,2,3,4]}",
               repeat (100, "",
                       "{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/%u\"}"),
               "longer than 262144 bytes");
  wants_limit ("{\"a\":{}}",
               repeat (100, "",
                       "{\"op\":\"copy\",\"from\":\"\",\"path\":\"/a/a%u\"}"),
               "longer than 262144 bytes");
  /* Deeper and deeper, without growing. */
  wants_limit ("{\"a\":{\"b\":1}}",
               repeat (100, "",
                       "{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/c%1$u\"},"
                       "{\"op\":\"add\",\"path\":\"/a\",\"value\":{}},"
                       "{\"op\":\"move\",\"from\":\"/c%1$u\",\"path\":"
                       "\"/a/a\"}"),
               "nested deeper than 64 levels");
  /* The same long array moved to and fro. */
  wants_limit (wide,
               repeat (9000, "",
                       "{\"op\":\"replace\",\"path\":\"/m9999\",\"value\":%u}"),
               "million members");
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 60 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/patch/rules", test_rules);
  g_test_add_func ("/twin/patch/syntax", test_syntax);
  g_test_add_func ("/twin/patch/twin", test_twin);
  g_test_add_func ("/twin/patch/guarded", test_guarded);
  g_test_add_func ("/twin/patch/relationship", test_relationship);
  g_test_add_func ("/twin/patch/hostile", test_hostile);
  return g_test_run ();
}
