/* SPDX-License-Identifier: Apache-2.0 */
/* Models that mean harm end in an error, soon and in little memory; places are
 * right; the profile of Azure Digital Twins refuses what that service does. */
#include <string.h>

#include "twin-json.h"
#include "twin-model-set.h"

#define V2 "\"@context\":\"dtmi:dtdl:context;2\","
#define V3 "\"@context\":\"dtmi:dtdl:context;3\","
#define V4 "\"@context\":\"dtmi:dtdl:context;4\","
#define INTERFACE "\"@type\":\"Interface\""

/* Far more than any of these takes, also under a sanitizer. */
#define MOST_SECONDS 60

static const TwinModelIssue *
first_issue (const char       *text,
             gssize            length,
             gboolean          adt,
             TwinModelReport **report)
{
  TwinModelSource  source = { "m.json", text, length, 0 };
  TwinModelOptions options = { .adt = adt };
  TwinModelSet    *set;
  gint64           begun = g_get_monotonic_time ();

  set = twin_model_set_new (&source, 1, &options, report);
  g_assert_cmpint (g_get_monotonic_time () - begun, <,
                   MOST_SECONDS * G_USEC_PER_SEC);
  if (set != NULL)
    {
      twin_model_set_unref (set);
      return NULL;
    }

  return g_ptr_array_index ((*report)->issues, 0);
}

static void
assert_refused (GString *text, const char *id)
{
  g_autoptr (TwinModelReport) report = NULL;
  const TwinModelIssue *issue =
      first_issue (text->str, (gssize) text->len, FALSE, &report);

  g_assert_nonnull (issue);
  g_assert_cmpstr (issue->id, ==, id);
  g_assert_cmpuint (issue->line, >=, 1);
  g_assert_cmpuint (report->issues->len, <=, 1000);
}

static void
add_interface (GString *text, int i, int parent)
{
  g_string_append_printf (text,
                          "%s{" V3 "\"@id\":\"dtmi:a:I%d;1\"," INTERFACE
                          ",\"extends\":\"dtmi:a:I%d;1\"}",
                          text->len > 1 ? "," : "", i, parent);
}

static void
test_extends_ring (void)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (int i = 0; i < 200000; i++)
    add_interface (text, i, (i + 1) % 200000);
  g_string_append_c (text, ']');
  assert_refused (text, "recursiveStructureNarrow");
}

static void
test_extends_chain (void)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (int i = 0; i < 200000; i++)
    add_interface (text, i, i + 1);
  g_string_append (text,
                   ",{" V3 "\"@id\":\"dtmi:a:I200000;1\"," INTERFACE "}]");
  assert_refused (text, "excessiveDepthNarrow");
}

/* Schemas that refer on and on, and to each other many times over. */
static void
test_schema_chain (void)
{
  g_autoptr (GString) text = g_string_new (
      "{" V4 "\"@id\":\"dtmi:a:B;1\"," INTERFACE ",\"schemas\":[");

  for (int i = 0; i < 9000; i++)
    g_string_append_printf (text,
                            "{\"@id\":\"dtmi:a:s%d;1\",\"@type\":\"Array\","
                            "\"elementSchema\":\"dtmi:a:s%d;1\"},",
                            i, i + 1);
  g_string_append (text, "{\"@id\":\"dtmi:a:s9000;1\",\"@type\":\"Array\","
                         "\"elementSchema\":\"double\"}]}");
  assert_refused (text, "excessiveDepthWide");
}

static void
test_schema_fan (void)
{
  g_autoptr (GString) text = g_string_new (
      "{" V3 "\"@id\":\"dtmi:a:B;1\"," INTERFACE ",\"schemas\":[");

  for (int i = 0; i < 12; i++)
    {
      g_string_append_printf (text,
                              "%s{\"@id\":\"dtmi:a:s%d;1\",\"@type\":"
                              "\"Object\",\"fields\":[",
                              i > 0 ? "," : "", i);
      for (int k = 0; k < 100; k++)
        g_string_append_printf (text,
                                "%s{\"name\":\"f%d\",\"schema\":"
                                "\"dtmi:a:s%d;1\"}",
                                k > 0 ? "," : "", k, (i + 1) % 12);
      g_string_append (text, "]}");
    }
  g_string_append (text, "]}");
  assert_refused (text, "recursiveStructureWide");
}

static void
test_deep (void)
{
  g_autoptr (GString) text = g_string_new (
      "{" V3 "\"@id\":\"dtmi:a:B;1\"," INTERFACE ",\"contents\":");

  for (int i = 0; i < 1000000; i++)
    g_string_append_c (text, '[');
  assert_refused (text, "jsonSyntax");
}

static void
test_long_id (void)
{
  g_autoptr (GString) text = g_string_new ("{" V3 "\"@id\":\"dtmi:a:");

  for (int i = 0; i < 1 << 20; i++)
    g_string_append_c (text, 'b');
  g_string_append (text, ";1\"," INTERFACE "}");
  assert_refused (text, "idTooLong");
}

/* A large text of contents that are all wrong. */
static void
test_many_faults (void)
{
  g_autoptr (GString) text = g_string_new (
      "{" V3 "\"@id\":\"dtmi:a:B;1\"," INTERFACE ",\"contents\":[");

  for (int i = 0; i < 200000; i++)
    g_string_append (text, i > 0 ? ",{\"@type\":\"Telemetry\"}"
                                 : "{\"@type\":\"Telemetry\"}");
  g_string_append (text, "]}");
  assert_refused (text, "missingDtmiSegPropertyValue");
}

static void
test_keys_twice (void)
{
  g_autoptr (GString) text = g_string_new (
      "{" V3 "\"@id\":\"dtmi:a:B;1\"," INTERFACE "," INTERFACE "}");

  assert_refused (text, "jsonSyntax");
}

/* 64 MiB in one string. */
static void
test_large (void)
{
  g_autoptr (GString) text = g_string_sized_new (65u << 20);

  g_string_append (text, "{" V3 "\"@id\":\"dtmi:a:B;1\"," INTERFACE
                         ",\"comment\":\"");
  for (int i = 0; i < 4 << 20; i++)
    g_string_append (text, "x and a blank   ");
  g_string_append (text, "\"}");
  assert_refused (text, "stringTooLong");
}

/* --- places ------------------------------------------------------------------
 */

static void
test_places (void)
{
  static const struct
  {
    const char *text;
    guint       line, column;
  } cases[] = {
    { "{\n  " V3 "\n  \"@id\": \"dtmi:a:B\",\n  " INTERFACE ",\n"
      "  \"comment\": 7\n}",
      5, 14 },
    /* Columns count characters; a key with an escape is found, too. */
    { "{" V3 "\"@id\":\"dtmi:a:B;1\"," INTERFACE ",\n"
      "\"displayName\":{\"de\":\"Öl~/\"},\"contents\":[\n"
      "{\"@type\":\"Telemetry\",\"n\\u0061me\":\"t\",\"schema\":\"dou\"}]}",
      3, 47 },
    /* A byte order mark is no column. */
    { "\xEF\xBB\xBF{\"@id\":\"dtmi:a:B;1\"," INTERFACE "}", 1, 1 },
    /* What is missing is said where the element begins. */
    { "[\n {" V3 "\"@id\":\"dtmi:a:B;1\"," INTERFACE ",\n  \"contents\": [\n"
      "   {\"@type\":\"Telemetry\",\"name\":\"t\"}]}]",
      4, 4 },
    /* What is found later, too. */
    { "[{" V3 "\"@id\":\"dtmi:a:B;1\"," INTERFACE ",\n \"extends\": "
      "\"dtmi:a:B;1\"}]",
      2, 13 },
    /* And what is no JSON. */
    { "{\n \"@id\" 7}", 2, 8 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TwinModelReport) report = NULL;
      const TwinModelIssue *issue =
          first_issue (cases[i].text, -1, FALSE, &report);

      g_assert_nonnull (issue);
      g_assert_cmpuint (issue->line, ==, cases[i].line);
      g_assert_cmpuint (issue->column, ==, cases[i].column);
    }
}

/* Sentences say what to write. */
static void
test_sentences (void)
{
  static const struct
  {
    const char *content, *id, *says;
  } cases[] = {
    { "{\"@type\":\"Telemetry\",\"name\":\"t\",\"schema\":\"double\","
      "\"unit\":\"degreeCelsius\"}",
      "noTypeThatAllows", "[\"Telemetry\", \"Temperature\"]" },
    { "{\"@type\":[\"Telemetry\",\"Temperature\"],\"name\":\"t\",\"schema\":"
      "\"double\",\"unit\":\"kelvin\"}",
      "typeUndefinedTerm", "dtmi:dtdl:extension:quantitativeTypes;1" },
    { "{\"@type\":\"Telemetry\",\"name\":\"t\",\"schema\":\"double\","
      "\"writable\":true}",
      "noTypeThatAllows", "Property or Relationship" },
    { "{\"@type\":[\"Property\",\"Historized\"],\"name\":\"t\",\"schema\":"
      "\"double\"}",
      "typeUndefinedTerm", "dtmi:dtdl:extension:historization;2" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("{" V3 "\"@id\":\"dtmi:a:B;1\"," INTERFACE
                           ",\"contents\":[%s]}",
                           cases[i].content);
      g_autoptr (TwinModelReport) report = NULL;
      const TwinModelIssue *issue = first_issue (text, -1, FALSE, &report);

      g_assert_nonnull (issue);
      g_assert_cmpstr (issue->id, ==, cases[i].id);
      g_assert_nonnull (strstr (issue->message, cases[i].says));
    }
}

/* --- Azure Digital Twins -----------------------------------------------------
 */

static void
test_adt (void)
{
  static const struct
  {
    const char *text, *id; /* NULL: taken */
  } cases[] = {
    { "{" V3 "\"@id\":\"dtmi:a:B;1\"," INTERFACE ",\"contents\":[{\"@type\":"
      "\"Property\",\"name\":\"p\",\"schema\":\"double\"}]}",
      NULL },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\"," INTERFACE ",\"contents\":[{\"@type\":"
      "\"Command\",\"name\":\"c\"}]}",
      "adtCommand" },
    { "{" V4 "\"@id\":\"dtmi:a:B;1\"," INTERFACE "}", "adtVersion" },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\"," INTERFACE ",\"contents\":[{\"@type\":"
      "\"Component\",\"name\":\"c\",\"schema\":{\"@id\":\"dtmi:a:C;"
      "1\"," INTERFACE "}}]}",
      "adtInlineInterface" },
    { "[{" V3 "\"@id\":\"dtmi:a:B;1\"," INTERFACE ",\"extends\":"
      "\"dtmi:a:C;1\"},{" V2 "\"@id\":\"dtmi:a:C;1\"," INTERFACE "}]",
      NULL },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TwinModelReport) report = NULL;
      g_autoptr (TwinModelReport) plain = NULL;
      const TwinModelIssue *issue =
          first_issue (cases[i].text, -1, TRUE, &report);

      g_assert_cmpstr (issue != NULL ? issue->id : NULL, ==, cases[i].id);
      g_assert_null (first_issue (cases[i].text, -1, FALSE, &plain));
    }
}

/* DTDL v2 neither extends nor holds v3. */
static void
test_versions (void)
{
  static const char *const texts[] = {
    "[{" V2 "\"@id\":\"dtmi:a:B;1\"," INTERFACE
    ",\"extends\":\"dtmi:a:C;1\"},{" V3 "\"@id\":\"dtmi:a:C;1\"," INTERFACE
    "}]",
    "[{" V2 "\"@id\":\"dtmi:a:B;1\"," INTERFACE ",\"contents\":[{\"@type\":"
    "\"Component\",\"name\":\"c\",\"schema\":\"dtmi:a:C;1\"}]},{" V3
    "\"@id\":\"dtmi:a:C;1\"," INTERFACE "}]",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (TwinModelReport) report = NULL;
      const TwinModelIssue *issue = first_issue (texts[i], -1, TRUE, &report);

      g_assert_nonnull (issue);
      g_assert_cmpstr (issue->id, ==, "disallowedVersionReference");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/hostile/extends-ring", test_extends_ring);
  g_test_add_func ("/model/hostile/extends-chain", test_extends_chain);
  g_test_add_func ("/model/hostile/schema-chain", test_schema_chain);
  g_test_add_func ("/model/hostile/schema-fan", test_schema_fan);
  g_test_add_func ("/model/hostile/deep", test_deep);
  g_test_add_func ("/model/hostile/long-id", test_long_id);
  g_test_add_func ("/model/hostile/many-faults", test_many_faults);
  g_test_add_func ("/model/hostile/keys-twice", test_keys_twice);
  g_test_add_func ("/model/hostile/large", test_large);
  g_test_add_func ("/model/places", test_places);
  g_test_add_func ("/model/sentences", test_sentences);
  g_test_add_func ("/model/adt/profile", test_adt);
  g_test_add_func ("/model/adt/versions", test_versions);
  return g_test_run ();
}
