/* SPDX-License-Identifier: Apache-2.0 */
/* The public values and DTMIs with known verdicts, where the data lie. */
#include <string.h>

#include "twin-json.h"
#include "twin-model-set.h"

static char *
read_data (const char *name)
{
  const char      *root = g_getenv ("TWIN_REAL_DATA");
  g_autofree char *beside = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                              "..", "shared", "data", NULL);
  g_autofree char *path =
      g_build_filename (root != NULL ? root : beside, "dtdl", name, NULL);
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_test_skip ("the DTDL data are not here");
  return text;
}

#define FIELD(schema)                                                          \
  "{\"@type\":\"Object\",\"fields\":[{\"name\":\"myField\",\"schema\":" schema \
  "}]}"
#define CHOICES(kind, a, b)                                                    \
  "{\"@type\":\"Enum\",\"valueSchema\":\"" kind                                \
  "\",\"enumValues\":[{\"name\":\"a\",\"enumValue\":" a                        \
  "},{\"name\":\"b\",\"enumValue\":" b "}]}"
#define ARRAY(schema) "{\"@type\":\"Array\",\"elementSchema\":" schema "}"

/* The schemas that the values are held against, by the end of their names. */
static char *
schema_text (const char *subject)
{
  const char *word;
  size_t      length;

  if (strstr (subject, "intEnum") != NULL)
    return g_strdup (CHOICES ("integer", "1", "2"));
  if (strstr (subject, "stringEnum") != NULL)
    return g_strdup (CHOICES ("string", "\"west\"", "\"east\""));
  if (strstr (subject, "deepSchema") != NULL)
    return g_strdup (ARRAY (FIELD (FIELD (FIELD (ARRAY ("\"double\""))))));

  length = strcspn (subject, ";");
  word = subject + length;
  while (word > subject && word[-1] != ':')
    word--;
  return g_strdup_printf ("\"%.*s\"", (int) (subject + length - word), word);
}

static TwinModelSet *
set_with (const char *subject, int dtdl)
{
  g_autofree char *schema = schema_text (subject);
  g_autofree char *text = g_strdup_printf (
      "{\"@context\":\"dtmi:dtdl:context;%d\",\"@id\":\"dtmi:a:B;1\","
      "\"@type\":\"Interface\",\"contents\":[{\"@type\":\"Telemetry\","
      "\"name\":\"p\",\"schema\":%s}]}",
      dtdl, schema);
  TwinModelSource source = { "t", text, -1, 0 };
  g_autoptr (GError) error = NULL;
  TwinModelSet *set = twin_model_set_new_checked (&source, 1, &error);

  g_assert_no_error (error);
  return set;
}

static gboolean
conforms (const char *subject, int dtdl, const char *submit)
{
  g_autoptr (TwinModelSet) set = set_with (subject, dtdl);
  g_autoptr (JsonNode) value = twin_json_parse ("v", submit, -1, NULL);
  const TwinInterface *interface = twin_model_set_lookup (set, "dtmi:a:B;1");
  g_autoptr (GError) error = NULL;
  gboolean good;

  if (value == NULL)
    return FALSE;

  good = twin_schema_validate (twin_interface_find (interface, "p")->schema,
                               value, "value", &error);
  g_assert_cmpint (good, ==, error == NULL);
  return good;
}

static void
test_instances (void)
{
  g_autofree char *text = read_data ("instances.jsonl");
  char            *rest = text, *line;
  guint            n[5] = { 0 }, good[5] = { 0 };

  while (text != NULL && (line = strsep (&rest, "\n")) != NULL)
    {
      g_autoptr (JsonNode) node = NULL;
      JsonObject *one;
      const char *subject, *submit;
      int         dtdl;
      gboolean    same;

      if (*line == '\0')
        continue;

      node = twin_json_parse ("case", line, -1, NULL);
      one = json_node_get_object (node);
      subject = json_object_get_string_member (one, "subject");
      submit = json_object_get_string_member (one, "submit");
      dtdl = (int) json_object_get_int_member (one, "dtdl");
      same = conforms (subject, dtdl, submit) ==
             json_object_get_boolean_member (one, "conforms");
      n[dtdl]++;
      good[dtdl] += same;
      if (!same)
        g_test_message ("v%d %s: %s", dtdl, subject, submit);
    }

  if (text == NULL)
    return;

  for (int dtdl = 2; dtdl <= 4; dtdl++)
    g_test_message ("v%d: %u of %u", dtdl, good[dtdl], n[dtdl]);
  g_assert_cmpuint (n[2], >, 200);
  g_assert_cmpuint (good[2], ==, n[2]);
  g_assert_cmpuint (good[3], ==, n[3]);
  /* -0 and 2⁶⁴ as unsignedLong: a JSON node does not tell them from 0 and
   * 2⁶⁴ - 1. */
  g_assert_cmpuint (good[4] + 2, >=, n[4]);
}

static void
test_dtmis (void)
{
  g_autofree char *text = read_data ("dtmi.jsonl");
  char            *rest = text, *line;

  while (text != NULL && (line = strsep (&rest, "\n")) != NULL)
    {
      g_autoptr (JsonNode) node = NULL;
      JsonObject *one, *expect;
      const char *id;
      int         major, minor;
      gboolean    valid;

      if (*line == '\0')
        continue;

      node = twin_json_parse ("case", line, -1, NULL);
      one = json_node_get_object (node);
      id = json_object_get_string_member (one, "idText");
      valid = json_object_get_boolean_member (one, "valid");

      /* A model's own ids have no fragment; a reference elsewhere may. */
      g_assert_cmpint (twin_dtmi_is_valid_reference (id), ==, valid);
      g_assert_cmpint (twin_dtmi_is_valid (id), ==,
                       valid && strchr (id, '#') == NULL);
      if (!valid)
        continue;

      expect = json_object_get_object_member (one, "expect");
      twin_dtmi_split (id, &major, &minor);
      g_assert_cmpint (MAX (major, 0), ==,
                       json_object_get_int_member (expect, "MajorVersion"));
      g_assert_cmpint (MAX (minor, 0), ==,
                       json_object_get_int_member (expect, "MinorVersion"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/instances/values", test_instances);
  g_test_add_func ("/model/instances/dtmis", test_dtmis);
  return g_test_run ();
}
