/* SPDX-License-Identifier: Apache-2.0 */
#include "models.h"
#include "twin-json.h"
#include "twin-rules.h"
#include "twin-twin.h"

static JsonNode *
json (const char *text)
{
  JsonNode *node = twin_json_parse ("t", text, -1, NULL);

  g_assert_nonnull (node);
  return node;
}

static void
test_document (void)
{
  static const char text[] =
      "{\"$dtId\":\"p\",\"$etag\":\"e1\",\"$metadata\":{\"$model\":"
      "\"dtmi:com:example:twin:Pump;1\",\"$lifecycle\":\"retired\","
      "\"ratedSpeed\":{\"lastUpdateTime\":\"2026-01-01T00:00:00Z\"}},"
      "\"displayName\":\"Pump 1\",\"ratedSpeed\":1475}";
  g_autoptr (JsonNode) node = json (text);
  g_autoptr (TwinTwin) twin = twin_twin_from_json (node, "", NULL);
  g_autoptr (JsonNode) back = twin_twin_to_json (twin);
  g_autofree char *out = twin_json_print (back, FALSE);
  g_autofree char *props = twin_twin_print_props (twin);
  g_autoptr (TwinTwin) again = NULL;
  g_autoptr (JsonNode) same = NULL;
  g_autofree char *third = NULL;

  g_assert_cmpstr (out, ==, text);
  g_assert_cmpstr (twin->display_name, ==, "Pump 1");
  g_assert_cmpint (twin->lifecycle, ==, TWIN_LIFECYCLE_RETIRED);

  again = twin_twin_from_props ("p", twin->model, "retired", "e1", props, NULL);
  same = twin_twin_to_json (again);
  third = twin_json_print (same, FALSE);
  g_assert_cmpstr (third, ==, text);
}

static void
test_refuses (void)
{
  static const char *const texts[] = {
    "[]",
    "{}",
    "{\"$dtId\":\"\"}",
    "{\"$dtId\":\"a b\",\"$metadata\":{\"$model\":\"dtmi:a:b;1\"}}",
    "{\"$dtId\":\"a\"}",
    "{\"$dtId\":\"a\",\"$metadata\":{\"$model\":\"x\"}}",
    "{\"$dtId\":\"a\",\"$metadata\":{\"$model\":\"dtmi:a:b;1\","
    "\"$lifecycle\":\"dead\"}}",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonNode) node = json (texts[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (twin_twin_from_json (node, "/digitalTwins/7", &error));
      g_assert_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID);
      g_assert_true (g_str_has_prefix (error->message, "“/digitalTwins/7”: "));
    }
}

static void
test_set (void)
{
  g_autoptr (TwinTwin) twin =
      twin_twin_new ("p", "dtmi:com:example:twin:Pump;1", NULL);
  g_autoptr (JsonNode) name = json ("\"Feed pump\"");
  g_autoptr (JsonNode) speed = json ("1480");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) back = NULL;
  g_autofree char *out = NULL;
  const int64_t    now_us = INT64_C (1795603338000000);

  g_assert_cmpstr (twin->display_name, ==, "p");
  g_assert_true (twin_twin_set (twin, "/displayName", name, now_us,
                                TWIN_TIME_NONE, &error));
  g_assert_cmpstr (twin->display_name, ==, "Feed pump");
  g_assert_true (
      twin_twin_set (twin, "/ratedSpeed", speed, now_us, now_us, &error));
  g_assert_true (twin_twin_set (twin, "/displayName", NULL, now_us,
                                TWIN_TIME_NONE, &error));
  back = twin_twin_to_json (twin);
  out = twin_json_print (back, FALSE);
  g_assert_cmpstr (out, ==,
                   "{\"$dtId\":\"p\",\"$metadata\":{\"$model\":"
                   "\"dtmi:com:example:twin:Pump;1\",\"ratedSpeed\":{"
                   "\"lastUpdateTime\":\"2026-11-25T10:42:18.000Z\","
                   "\"sourceTime\":\"2026-11-25T10:42:18.000Z\"}},"
                   "\"ratedSpeed\":1480}");

  g_assert_false (twin_twin_set (twin, "/$dtId", name, now_us, now_us, &error));
  g_assert_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (twin_twin_set (twin, "/a/b", name, now_us, now_us, &error));
  g_assert_error (error, TWIN_JSON_ERROR, TWIN_JSON_ERROR_POINTER);
}

static void
test_check (void)
{
  static const struct
  {
    const char *properties, *message;
  } cases[] = {
    { "{\"ratedSpeed\":1475,\"support\":\"rigid\"}", NULL },
    { "{\"ratedSpeed\":\"fast\"}",
      "“/x/ratedSpeed”: property ratedSpeed is \"fast\", but a number is "
      "expected" },
    { "{\"colour\":1}",
      "“/x/colour”: dtmi:com:example:twin:Pump;1 has no property “colour”" },
    { "{\"runningHours\":1}",
      "“/x/runningHours”: “runningHours” is a Telemetry of "
      "dtmi:com:example:twin:Pump;1, not a property" },
    { "{\"placement\":{\"x\":1,\"q\":2}}",
      "“/x/placement”: property placement: “q” is no field of it" },
  };
  g_autoptr (TwinModelSet) models = demo_models ();

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) properties = json (cases[i].properties);
      g_autoptr (TwinTwin) twin =
          twin_twin_new ("p", "dtmi:com:example:twin:Pump;1", properties);
      g_autoptr (GError) error = NULL;
      gboolean good = twin_twin_check (twin, models, "/x", &error);

      g_assert_cmpint (good, ==, cases[i].message == NULL);
      if (!good)
        g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/twin/document", test_document);
  g_test_add_func ("/twin/twin/refuses", test_refuses);
  g_test_add_func ("/twin/twin/set", test_set);
  g_test_add_func ("/twin/twin/check", test_check);
  return g_test_run ();
}
