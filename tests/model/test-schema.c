/* SPDX-License-Identifier: Apache-2.0 */
#include "models.h"
#include "twin-json.h"

static TwinModelSet *
with_schema (const char *schema)
{
  g_autofree char *text = g_strdup_printf (
      "{\"@context\":\"dtmi:dtdl:context;3\",\"@id\":\"dtmi:a:B;1\","
      "\"@type\":\"Interface\",\"contents\":[{\"@type\":\"Property\","
      "\"name\":\"p\",\"schema\":%s}]}",
      schema);
  TwinModelSource source = { "t", text, -1 };
  g_autoptr (GError) error = NULL;
  TwinModelSet *set = twin_model_set_new_checked (&source, 1, &error);

  g_assert_no_error (error);
  return set;
}

static const TwinSchema *
schema_of (TwinModelSet *set)
{
  return twin_interface_find (twin_model_set_lookup (set, "dtmi:a:B;1"), "p")
      ->schema;
}

#define OBJECT                                                                 \
  "{\"@type\":\"Object\",\"fields\":[{\"name\":\"a\",\"schema\":\"integer\"}," \
  "{\"name\":\"b\",\"schema\":{\"@type\":\"Array\",\"elementSchema\":"         \
  "\"boolean\"}}]}"
#define ENUM                                                                   \
  "{\"@type\":\"Enum\",\"valueSchema\":\"string\",\"enumValues\":[{\"name\":"  \
  "\"on\",\"enumValue\":\"1\"},{\"name\":\"off\",\"enumValue\":\"0\"}]}"
#define MAP                                                                    \
  "{\"@type\":\"Map\",\"mapKey\":{\"name\":\"k\",\"schema\":\"string\"},"      \
  "\"mapValue\":{\"name\":\"v\",\"schema\":\"double\"}}"

static void
test_values (void)
{
  static const struct
  {
    const char *schema, *value;
    gboolean    valid;
  } cases[] = {
    { "\"boolean\"", "true", TRUE },
    { "\"boolean\"", "1", FALSE },
    { "\"integer\"", "2147483647", TRUE },
    { "\"integer\"", "2147483648", FALSE },
    { "\"integer\"", "1.5", FALSE },
    { "\"integer\"", "\"1\"", FALSE },
    { "\"long\"", "9223372036854775807", TRUE },
    { "\"long\"", "1e300", FALSE },
    { "\"double\"", "3", TRUE },
    { "\"double\"", "null", FALSE },
    { "\"float\"", "1e39", FALSE },
    { "\"string\"", "\"\"", TRUE },
    { "\"string\"", "3", FALSE },
    { "\"date\"", "\"2028-02-29\"", TRUE },
    { "\"date\"", "\"2026-02-29\"", FALSE },
    { "\"date\"", "\"2026-2-9\"", FALSE },
    { "\"dateTime\"", "\"2026-12-03T09:30:00Z\"", TRUE },
    { "\"dateTime\"", "\"2026-12-03T09:30:00.25+01:00\"", TRUE },
    { "\"dateTime\"", "\"2026-12-03 09:30:00Z\"", FALSE },
    { "\"time\"", "\"23:59:60Z\"", TRUE },
    { "\"time\"", "\"24:00:00Z\"", FALSE },
    { "\"duration\"", "\"P1DT2H\"", TRUE },
    { "\"duration\"", "\"PT0.5S\"", TRUE },
    { "\"duration\"", "\"P\"", FALSE },
    { "\"duration\"", "\"PT\"", FALSE },
    { "\"duration\"", "\"P1H\"", FALSE },
    { "\"duration\"", "\"PT1S2H\"", FALSE },
    { "\"point\"", "{\"type\":\"Point\",\"coordinates\":[1,2]}", TRUE },
    { "\"point\"", "{\"type\":\"Polygon\",\"coordinates\":[1,2]}", FALSE },
    { OBJECT, "{\"a\":1,\"b\":[true,false]}", TRUE },
    { OBJECT, "{\"a\":1}", TRUE },
    { OBJECT, "{\"c\":1}", FALSE },
    { OBJECT, "{\"b\":[true,0]}", FALSE },
    { OBJECT, "[]", FALSE },
    { ENUM, "\"1\"", TRUE },
    { ENUM, "\"on\"", FALSE },
    { ENUM, "1", FALSE },
    { MAP, "{\"x\":1,\"y\":2.5}", TRUE },
    { MAP, "{\"x\":\"1\"}", FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TwinModelSet) set = with_schema (cases[i].schema);
      g_autoptr (JsonNode) value =
          twin_json_parse ("v", cases[i].value, -1, NULL);
      g_autoptr (GError) error = NULL;
      gboolean valid =
          twin_schema_validate (schema_of (set), value, "p", &error);

      if (valid != cases[i].valid)
        g_test_message ("%s against %s", cases[i].value, cases[i].schema);
      g_assert_cmpint (valid, ==, cases[i].valid);
      g_assert_cmpint (error == NULL, ==, valid);
    }
}

static void
test_reason (void)
{
  g_autoptr (TwinModelSet) set = with_schema (OBJECT);
  g_autoptr (JsonNode) value =
      twin_json_parse ("v", "{\"a\":1,\"b\":[true,\"x\"]}", -1, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (
      twin_schema_validate (schema_of (set), value, "argument p", &error));
  g_assert_error (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_VALUE);
  g_assert_cmpstr (error->message, ==,
                   "argument p at /b/1 is \"x\", but true or false is "
                   "expected");
}

static void
test_default_is_valid_where_it_can_be (void)
{
  static const char *const schemas[] = {
    "\"boolean\"", "\"integer\"", "\"double\"", "\"string\"", OBJECT, ENUM, MAP
  };

  for (size_t i = 0; i < G_N_ELEMENTS (schemas); i++)
    {
      g_autoptr (TwinModelSet) set = with_schema (schemas[i]);
      g_autoptr (JsonNode) value = twin_schema_default (schema_of (set));

      g_assert_true (twin_schema_validate (schema_of (set), value, "p", NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/schema/values", test_values);
  g_test_add_func ("/model/schema/reason", test_reason);
  g_test_add_func ("/model/schema/default",
                   test_default_is_valid_where_it_can_be);
  return g_test_run ();
}
