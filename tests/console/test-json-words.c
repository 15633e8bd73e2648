/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-json-words.h"

static void
test_words (void)
{
  static const struct
  {
    const char *json, *words;
  } cases[] = {
    { "{\"everyS\":20.0,\"on\":true}", "everyS 20, on yes" },
    { "[]", "none" },
    { "\"\"", "none" },
    { "null", "–" },
    { "9007199254740993", "9007199254740993" },
    { "0.1", "0.1" },
    { "[1,\"x\",[false]]", "1, x, no" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) node = json_from_string (cases[i].json, NULL);
      g_autofree char *words = twin_json_dup_words (node);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_labels (void)
{
  static const struct
  {
    const char *key, *label;
  } cases[] = {
    { "summaryPeriodS", "Summary period, s" },
    { "ratedSpeed", "Rated speed" },
    { "shaftHz", "Shaft, Hz" },
    { "isoGroup", "Iso group" },
    { "RUL", "RUL" },
    { "plannedRPM", "Planned RPM" },
    { "max_silence", "Max silence" },
    { "$dtId", "Id" },
    { "s", "S" },
    { "x", "X" },
    { "größe", "Größe" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *label = twin_json_dup_label (cases[i].key);

      /* The umlaut is not ASCII and stays as it is. */
      g_assert_cmpstr (label, ==, cases[i].label);
    }
}

static void
test_units (void)
{
  g_autofree char *known = twin_json_dup_unit ("degreeCelsius");
  g_autofree char *spelt = twin_json_dup_unit ("decibelPerOctave");

  g_assert_cmpstr (known, ==, "°C");
  g_assert_cmpstr (spelt, ==, "decibel per octave");
}

static void
assert_difference (GPtrArray  *list,
                   guint       i,
                   const char *path,
                   const char *before,
                   const char *after)
{
  const TwinJsonDifference *one;

  g_assert_cmpuint (i, <, list->len);
  one = list->pdata[i];
  g_assert_cmpstr (one->path, ==, path);
  g_assert_cmpstr (one->before, ==, before);
  g_assert_cmpstr (one->after, ==, after);
}

static void
test_differences (void)
{
  g_autoptr (JsonNode) before = json_from_string (
      "{\"$dtId\":\"p\",\"$etag\":\"1\",\"$metadata\":{\"$model\":\"a;1\","
      "\"speed\":{\"lastUpdateTime\":\"x\"}},\"speed\":1,\"gone\":true,"
      "\"place\":{\"x\":1,\"y\":2}}",
      NULL);
  g_autoptr (JsonNode) after = json_from_string (
      "{\"$dtId\":\"p\",\"$etag\":\"2\",\"$metadata\":{\"$model\":\"a;2\","
      "\"$tags\":[\"spare\"],\"speed\":{\"lastUpdateTime\":\"y\"}},\"speed\":2,"
      "\"place\":{\"x\":1,\"y\":3}}",
      NULL);
  g_autoptr (GPtrArray) list = twin_json_list_differences (before, after);
  g_autoptr (GPtrArray) none = twin_json_list_differences (before, before);

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (list->len, ==, 5);
  assert_difference (list, 0, "$model", "a;1", "a;2");
  assert_difference (list, 1, "$tags", NULL, "spare");
  assert_difference (list, 2, "gone", "yes", NULL);
  assert_difference (list, 3, "place.y", "2", "3");
  assert_difference (list, 4, "speed", "1", "2");
}

/* Created and deleted: one side is not there; a text is no object. */
static void
test_one_side (void)
{
  g_autoptr (JsonNode) twin = json_from_string ("{\"a\":1}", NULL);
  g_autoptr (JsonNode) text = json_from_string ("\"a\"", NULL);
  g_autoptr (GPtrArray) created = twin_json_list_differences (NULL, twin);
  g_autoptr (GPtrArray) deleted = twin_json_list_differences (twin, NULL);
  g_autoptr (GPtrArray) odd = twin_json_list_differences (text, NULL);

  assert_difference (created, 0, "a", NULL, "1");
  assert_difference (deleted, 0, "a", "1", NULL);
  g_assert_cmpuint (odd->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/json-words/words", test_words);
  g_test_add_func ("/console/json-words/labels", test_labels);
  g_test_add_func ("/console/json-words/units", test_units);
  g_test_add_func ("/console/json-words/differences", test_differences);
  g_test_add_func ("/console/json-words/one-side", test_one_side);
  return g_test_run ();
}
