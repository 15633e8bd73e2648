/* SPDX-License-Identifier: Apache-2.0 */
#include "models.h"
#include "twin-json.h"

#define V3 "\"@context\":\"dtmi:dtdl:context;3\","

static TwinModelSet *
build (const char *text, TwinModelReport **report)
{
  TwinModelSource source = { "pump.json", text, -1 };

  return twin_model_set_new (&source, 1, NULL, report);
}

static void
test_contents (void)
{
  g_autoptr (TwinModelSet) set = demo_models ();
  const TwinInterface *pump =
      twin_model_set_lookup (set, "dtmi:com:example:twin:Pump;1");
  const TwinContent *content;

  g_assert_nonnull (pump);
  g_assert_cmpstr (twin_interface_get_label (pump), ==, "Pump");

  content = twin_interface_find (pump, "ratedSpeed");
  g_assert_nonnull (content);
  g_assert_cmpint (content->kind, ==, TWIN_CONTENT_PROPERTY);
  g_assert_cmpstr (content->defined_in->id, ==,
                   "dtmi:com:example:twin:Machine;1");
  g_assert_true (twin_content_has_semantic_type (content, "AngularVelocity"));
  g_assert_cmpstr (content->unit, ==, "revolutionPerMinute");
  g_assert_cmpint (content->schema->kind, ==, TWIN_SCHEMA_DOUBLE);
  g_assert_false (content->writable);
  g_assert_true (twin_interface_find (pump, "summaryPeriodS")->writable);

  g_assert_nonnull (twin_interface_find_path (pump, "runningHours.max"));
  g_assert_null (twin_interface_find_path (pump, "runningHours.most"));
  g_assert_null (twin_interface_find_path (pump, "identify"));
  g_assert_null (twin_interface_find_path (pump, "motor/shaftSpeed"));

  content = twin_interface_find (pump, "hasPart");
  g_assert_cmpstr (content->target, ==, "dtmi:com:example:twin:MachinePart;1");
}

/* What the command dialog walks. */
static void
test_command_schema (void)
{
  g_autoptr (TwinModelSet) set = demo_models ();
  const TwinContent *command =
      twin_interface_find_kind (twin_model_set_lookup (set, "dtmi:com:example:"
                                                            "twin:Machine;1"),
                                TWIN_CONTENT_COMMAND, "scheduleMaintenance");
  const TwinSchema *schema = command->request->schema;
  const TwinField  *work, *parts;

  g_assert_cmpint (schema->kind, ==, TWIN_SCHEMA_OBJECT);
  g_assert_cmpint (twin_schema_find_field (schema, "date")->schema->kind, ==,
                   TWIN_SCHEMA_DATE);
  work = twin_schema_find_field (schema, "work");
  g_assert_cmpint (work->schema->kind, ==, TWIN_SCHEMA_ENUM);
  g_assert_cmpstr (work->schema->values[0].display_name, ==, "Replace bearing");
  g_assert_cmpstr (work->schema->values[0].text, ==, "replaceBearing");
  parts = twin_schema_find_field (schema, "parts");
  g_assert_cmpint (parts->schema->kind, ==, TWIN_SCHEMA_ARRAY);
  g_assert_cmpint (parts->schema->element->kind, ==, TWIN_SCHEMA_STRING);
}

static void
test_every_kind_of_text (void)
{
  /* Byte order mark, full DTMIs for terms, one for many, language maps. */
  static const char text[] =
      "\xEF\xBB\xBF{\"@context\":[\"dtmi:dtdl:context;2\"],"
      "\"@id\":\"dtmi:a:B;1\",\"@type\":[\"Interface\"],"
      "\"displayName\":{\"de\":\"Pumpe\",\"en\":\"Pump\"},\"contents\":{"
      "\"@type\":[\"Temperature\",\"Telemetry\"],"
      "\"unit\":\"dtmi:standard:unit:degreeCelsius;2\",\"name\":\"t\","
      "\"displayName\":[{\"@language\":\"en\",\"@value\":\"Warmth\"}],"
      "\"dtmi:dtdl:property:schema;2\":"
      "\"dtmi:dtdl:instance:Schema:double;2\"}}";
  g_autoptr (TwinModelReport) report = NULL;
  g_autoptr (TwinModelSet) set = build (text, &report);
  const TwinContent *content;

  g_assert_cmpuint (report->issues->len, ==, 0);
  g_assert_nonnull (set);
  g_assert_cmpstr (twin_interface_get_label (
                       twin_model_set_lookup (set, "dtmi:a:B;1")),
                   ==, "Pump");
  content =
      twin_interface_find (twin_model_set_lookup (set, "dtmi:a:B;1"), "t");
  g_assert_cmpstr (twin_content_get_label (content), ==, "Warmth");
  g_assert_cmpstr (content->unit, ==, "degreeCelsius");
  g_assert_cmpint (content->schema->kind, ==, TWIN_SCHEMA_DOUBLE);
}

static void
test_refuses (void)
{
  static const struct
  {
    const char *text, *id, *pointer;
  } cases[] = {
    { "{\"@id\":\"dtmi:a:B;1\"", "jsonSyntax", NULL },
    { "7", "notJsonObject", "" },
    { "{\"@id\":\"dtmi:a:B;1\",\"@type\":\"Interface\"}", "missingContext",
      "" },
    { "{" V3 "\"@id\":\"dtmi:a:_B;1\",\"@type\":\"Interface\"}", "invalidId",
      "/@id" },
    { "{" V3 "\"@id\":\"dtmi:dtdl:B;1\",\"@type\":\"Interface\"}", "reservedId",
      "/@id" },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\",\"@type\":\"Telemetry\"}",
      "typeNotRootable", "" },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\",\"@type\":\"Interface\",\"contents\":["
      "{\"@type\":\"Telemetry\",\"name\":\"t_\",\"schema\":\"double\"}]}",
      "stringInvalid", "/contents/0/name" },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\",\"@type\":\"Interface\",\"contents\":["
      "{\"@type\":\"Telemetry\",\"name\":\"t\"}]}",
      "missingObjectProperty", "/contents/0" },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\",\"@type\":\"Interface\",\"contents\":["
      "{\"@type\":\"Telemetry\",\"name\":\"t\",\"schema\":\"real\"}]}",
      "badDtmiOrTerm", "/contents/0/schema" },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\",\"@type\":\"Interface\",\"contents\":["
      "{\"@type\":\"Telemetry\",\"name\":\"t\",\"schema\":\"double\","
      "\"unit\":\"kelvin\"}]}",
      "noTypeThatAllows", "/contents/0/unit" },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\",\"@type\":\"Interface\",\"contents\":["
      "{\"@type\":[\"Telemetry\",\"Temperature\"],\"name\":\"t\","
      "\"schema\":\"double\",\"unit\":\"kelvin\"}]}",
      "typeUndefinedTerm", "/contents/0" },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\",\"@type\":\"Interface\",\"contents\":["
      "{\"@type\":\"Telemetry\",\"name\":\"t\",\"schema\":\"double\"},"
      "{\"@type\":\"Property\",\"name\":\"t\",\"schema\":\"double\"}]}",
      "nonUniquePropertyValue", "/contents/1" },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\",\"@type\":\"Interface\",\"extends\":"
      "\"dtmi:a:B;1\"}",
      "recursiveStructureNarrow", "/extends" },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\",\"@type\":\"Interface\",\"schemas\":[{"
      "\"@id\":\"dtmi:a:s;1\",\"@type\":\"Array\",\"elementSchema\":"
      "\"dtmi:a:s;1\"}],\"contents\":[{\"@type\":\"Property\",\"name\":\"p\","
      "\"schema\":\"dtmi:a:s;1\"}]}",
      "recursiveStructureWide", "/schemas/0" },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\",\"@type\":\"Interface\",\"contents\":[{"
      "\"@type\":\"Property\",\"name\":\"p\",\"schema\":{\"@type\":\"Enum\","
      "\"valueSchema\":\"integer\",\"enumValues\":[{\"name\":\"a\","
      "\"enumValue\":\"x\"}]}}]}",
      "nonConformantDatatype", "/contents/0/schema/enumValues/0/enumValue" },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\",\"@type\":\"Interface\","
      "\"comment\":null}",
      "stringNotString", "/comment" },
    { "{" V3 "\"@id\":\"dtmi:a:B;1\",\"@type\":\"Interface\","
      "\"displayName\":[\"Pump\",{\"@language\":\"en\",\"@value\":"
      "\"Pumps\"}]}",
      "langStringElementCodeNotUnique", "/displayName" },
    { "{\"@context\":\"dtmi:dtdl:context;2\",\"@id\":\"dtmi:a:B;1\","
      "\"@type\":\"Interface\",\"contents\":[{\"@type\":[\"Telemetry\","
      "\"Temperature\"],\"name\":\"t\",\"schema\":\"double\"}]}",
      "missingSupplementalObjectProperty", "/contents/0" },
    { "{\"@context\":\"dtmi:dtdl:context;2\",\"@id\":\"dtmi:a:B;1\","
      "\"@type\":\"Interface\",\"contents\":[{\"@type\":[\"Telemetry\","
      "\"Temperature\"],\"name\":\"t\",\"schema\":\"double\",\"unit\":"
      "\"ampere\"}]}",
      "wrongParent", "/contents/0/unit" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TwinModelReport) report = NULL;
      g_autoptr (TwinModelSet) set = build (cases[i].text, &report);
      g_autoptr (GError) error = NULL;
      const TwinModelIssue *issue;

      g_assert_null (set);
      g_assert_cmpuint (report->issues->len, >=, 1);
      issue = g_ptr_array_index (report->issues, 0);
      g_assert_cmpstr (issue->id, ==, cases[i].id);
      g_assert_cmpstr (issue->pointer, ==, cases[i].pointer);
      g_assert_cmpstr (issue->file, ==, "pump.json");
      g_assert_false (twin_model_report_check (report, &error));
      g_assert_true (g_str_has_prefix (error->message, "pump.json"));
    }
}

static void
test_open_reference (void)
{
  g_autoptr (TwinModelReport) report = NULL;
  g_autoptr (TwinModelSet) set = build (
      "{" V3 "\"@id\":\"dtmi:a:B;1\",\"@type\":\"Interface\",\"extends\":"
      "\"dtmi:a:C;1\",\"contents\":[{\"@type\":\"Property\",\"name\":\"p\","
      "\"schema\":\"dtmi:a:s;1\"}]}",
      &report);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = twin_json_parse ("v", "1", -1, NULL);

  g_assert_nonnull (set);
  g_assert_cmpuint (report->unresolved->len, ==, 2);
  g_assert_false (twin_model_report_check (report, &error));
  g_assert_error (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_UNRESOLVED);
  g_assert_null (
      twin_interface_find (twin_model_set_lookup (set, "dtmi:a:B;1"), "p")
          ->schema);
}

static void
test_is_of_model (void)
{
  static const struct
  {
    const char *model, *wanted;
    gboolean    exact, is;
  } cases[] = {
    { "dtmi:com:example:twin:Pump;1", "dtmi:com:example:twin:Machine;1", FALSE,
      TRUE },
    { "dtmi:com:example:twin:Pump;1", "dtmi:com:example:twin:Machine;1", TRUE,
      FALSE },
    { "dtmi:com:example:twin:Pump;1", "dtmi:com:example:twin:Pump;1", TRUE,
      TRUE },
    { "dtmi:com:example:twin:Pump;1", "dtmi:com:example:twin:Pump;2", FALSE,
      FALSE },
    { "dtmi:x:Y;3", "dtmi:x:Y;2", FALSE, TRUE },
    { "dtmi:x:Y;3", "dtmi:x:Yy;2", FALSE, FALSE },
    { "dtmi:x:Y;1.2", "dtmi:x:Y;1.3", FALSE, FALSE },
    { "dtmi:x:Y;1.3", "dtmi:x:Y;1.2", FALSE, TRUE },
  };
  g_autoptr (TwinModelSet) set = demo_models ();
  g_autoptr (GPtrArray) machines =
      twin_model_set_list_of_model (set, "dtmi:com:example:twin:Machine;1",
                                    FALSE);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (twin_model_set_is_of_model (set, cases[i].model,
                                                 cases[i].wanted,
                                                 cases[i].exact),
                     ==, cases[i].is);

  g_assert_cmpuint (machines->len, ==, 4);
}

/* Each byte of a model changed: a set or a report, never a crash. */
static void
test_mangled (void)
{
  g_autofree char *path = demo_path ("demo/models/BearingAssembly.json");
  g_autofree char *text = NULL;
  gsize            length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  for (gsize i = 0; i < length; i += 3)
    {
      g_autofree char *changed = g_memdup2 (text, length + 1);
      g_autoptr (TwinModelReport) report = NULL;
      g_autoptr (TwinModelSet) set = NULL;

      changed[i] = (char) (i % 7 == 0 ? '"' : 'x' + i % 3);
      set = build (changed, &report);
      g_assert_true (set != NULL || report->issues->len > 0);
    }
}

#define GROUPED(version, kind)                                                 \
  "{" V3 "\"@id\":\"dtmi:a:Fan;" version "\",\"@type\":\"Interface\","         \
  "\"schemas\":[{\"@id\":\"dtmi:a:Mode;1\",\"@type\":\"Array\","               \
  "\"elementSchema\":\"" kind "\"}],\"contents\":[{\"@id\":\"dtmi:a:mode;1\"," \
  "\"@type\":\"Property\",\"name\":\"mode\",\"schema\":\"dtmi:a:Mode;1\"}]}"

/* Versions that reuse the ids of what is in them. */
static void
test_groups (void)
{
  TwinModelSource sources[] = {
    { "1", GROUPED ("1", "double"), -1, 1 },
    { "2", GROUPED ("2", "string"), -1, 2 },
  };
  static const char *const kinds[] = { "double", "string" };
  g_autoptr (TwinModelReport) report = NULL;
  g_autoptr (TwinModelReport) other = NULL;
  g_autoptr (TwinModelSet) set = twin_model_set_new (sources, 2, NULL, &report);

  g_assert_nonnull (set);
  g_assert_cmpuint (report->unresolved->len, ==, 0);
  for (int i = 0; i < 2; i++)
    {
      const TwinInterface *fan =
          g_ptr_array_index (twin_model_set_list (set), i);
      const TwinContent *mode = twin_interface_find (fan, "mode");

      g_assert_cmpstr (mode->schema->element->name, ==, kinds[i]);
    }

  sources[1].group = 1;
  g_assert_null (twin_model_set_new (sources, 2, NULL, &other));
  g_assert_cmpstr (((TwinModelIssue *) g_ptr_array_index (other->issues, 0))
                       ->id,
                   ==, "duplicateDefinition");
}

static void
test_dtmi (void)
{
  static const struct
  {
    const char *text;
    gboolean    valid;
  } cases[] = {
    { "dtmi:a:b;1", TRUE },  { "dtmi:a;999999999", TRUE },
    { "dtmi:a;1.22", TRUE }, { "dtmi:a", TRUE },
    { "dtmi:a;0", FALSE },   { "dtmi:a;1000000000", FALSE },
    { "dtmi:1a;1", FALSE },  { "dtmi:a_;1", FALSE },
    { "dtmi::a;1", FALSE },  { "dtmi:a;1 ", FALSE },
    { "dtmi:a;1.0", FALSE }, { "dtmi:", FALSE },
    { "http:a;1", FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (twin_dtmi_is_valid (cases[i].text), ==, cases[i].valid);
}

/* Version 2 lets another context stand first, 3 does not. */
static void
test_order_of_contexts (void)
{
  for (int version = 2; version <= 3; version++)
    {
      g_autofree char *text =
          g_strdup_printf ("{\"@context\":[\"dtmi:iotcentral:context;2\","
                           "\"dtmi:dtdl:context;%d\"],\"@id\":\"dtmi:a:B;1\","
                           "\"@type\":\"Interface\"}",
                           version);
      g_autoptr (TwinModelReport) report = NULL;
      g_autoptr (TwinModelSet) set = build (text, &report);

      g_assert_cmpuint (report->issues->len, ==, version == 2 ? 0 : 1);
    }
}

/* Five steps from schema to schema are the most, and an Enum is as deep as a
 * double. */
static void
test_depth (void)
{
  static const char *const leaves[] = {
    "\"double\"",
    "{\"@type\":\"Enum\",\"valueSchema\":\"integer\",\"enumValues\":["
    "{\"name\":\"a\",\"enumValue\":1}]}"
  };

  for (size_t i = 0; i < G_N_ELEMENTS (leaves); i++)
    for (int depth = 5; depth <= 6; depth++)
      {
        g_autoptr (GString) text = g_string_new (
            "{\"@context\":\"dtmi:dtdl:context;2\",\"@id\":\"dtmi:a:B;1\","
            "\"@type\":\"Interface\",\"contents\":[{\"@type\":\"Telemetry\","
            "\"name\":\"t\",\"schema\":");
        g_autoptr (TwinModelReport) report = NULL;
        g_autoptr (TwinModelSet) set = NULL;

        for (int k = 0; k < depth; k++)
          g_string_append (text, "{\"@type\":\"Array\",\"elementSchema\":");
        g_string_append (text, leaves[i]);
        for (int k = 0; k < depth; k++)
          g_string_append_c (text, '}');
        g_string_append (text, "}]}");

        set = build (text->str, &report);
        g_assert_cmpuint (report->issues->len, ==, depth == 5 ? 0 : 1);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/set/contents", test_contents);
  g_test_add_func ("/model/set/command-schema", test_command_schema);
  g_test_add_func ("/model/set/every-kind-of-text", test_every_kind_of_text);
  g_test_add_func ("/model/set/refuses-with-place", test_refuses);
  g_test_add_func ("/model/set/open-reference", test_open_reference);
  g_test_add_func ("/model/set/is-of-model", test_is_of_model);
  g_test_add_func ("/model/set/mangled-never-crashes", test_mangled);
  g_test_add_func ("/model/set/ids-by-group", test_groups);
  g_test_add_func ("/model/set/dtmi", test_dtmi);
  g_test_add_func ("/model/set/order-of-contexts", test_order_of_contexts);
  g_test_add_func ("/model/set/depth", test_depth);
  return g_test_run ();
}
