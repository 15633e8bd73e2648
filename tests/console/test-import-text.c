/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-import-text.h"

#include <json-glib/json-glib.h>

static void
assert_place (TwinImportText *text, const char *where, const char *place)
{
  g_autofree char *got = twin_import_text_dup_place (text, where);

  g_assert_cmpstr (got, ==, place);
}

static void
test_one_file (void)
{
  g_autoptr (TwinImportText) text = twin_import_text_new ();

  twin_import_text_add (text, "graph.json", "{\n}\n");
  g_assert_cmpstr (twin_import_text_get (text), ==, "{\n}\n");
  assert_place (text, "line 2, column 1", "graph.json, line 2, column 1");
  assert_place (text, "/twins/3", "/twins/3");
  assert_place (text, "line 99", "line 99");
  assert_place (text, "", "");
}

/* Lines and columns lead back into each file, whatever shape it has. */
static void
test_files (void)
{
  g_autoptr (TwinImportText) text = twin_import_text_new ();
  g_autoptr (JsonNode) node = NULL;

  twin_import_text_add (text, "A.json",
                        "\xef\xbb\xbf{\n \"@id\": \"dtmi:a;1\"\n}");
  twin_import_text_add (text, "none.json", " [ ]\n");
  twin_import_text_add (text, "B.json",
                        "[\n {\"@id\":\"dtmi:b;1\"},\n {\"x\": "
                        "\"dtmi:a;1\"}]\n");
  twin_import_text_add (text, "C.json", "{\"@id\": \"dtmi:c;1\"}");
  node = json_from_string (twin_import_text_get (text), NULL);
  g_assert_nonnull (node);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 4);

  assert_place (text, "line 2", "A.json, line 1");
  assert_place (text, "line 3, column 9", "A.json, line 2, column 9");
  assert_place (text, "dtmi:a;1", "A.json, line 2 · dtmi:a;1");
  assert_place (text, "dtmi:b;1", "B.json, line 2 · dtmi:b;1");
  assert_place (text, "dtmi:c;1", "C.json, line 1 · dtmi:c;1");
  assert_place (text, ", dtmi:c;1", "C.json, line 1 · dtmi:c;1");
  assert_place (text, "dtmi:d;1", "dtmi:d;1");
}

static void
test_lines (void)
{
  g_autoptr (TwinImportText) text = twin_import_text_new ();
  const char *whole;
  guint       line = 1;

  twin_import_text_add (text, "A.json", "{\n\"a\": 1\n}\n");
  twin_import_text_add (text, "B.json", "{\n\"b\": @\n}\n");
  whole = twin_import_text_get (text);
  for (const char *p = whole; *p != '@'; p++)
    line += *p == '\n';
  {
    g_autofree char *where = g_strdup_printf ("line %u, column 6", line);

    assert_place (text, where, "B.json, line 2, column 6");
  }
}

static void
test_nothing (void)
{
  g_autoptr (TwinImportText) text = twin_import_text_new ();

  g_assert_cmpstr (twin_import_text_get (text), ==, "");
  g_assert_cmpuint (twin_import_text_count (text), ==, 0);
  twin_import_text_add (text, "a", "");
  twin_import_text_add (text, "b", "   ");
  g_assert_cmpuint (twin_import_text_count (text), ==, 2);
  {
    g_autoptr (JsonNode) node =
        json_from_string (twin_import_text_get (text), NULL);

    g_assert_nonnull (node);
    g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==,
                      0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/import-text/one-file", test_one_file);
  g_test_add_func ("/console/import-text/files", test_files);
  g_test_add_func ("/console/import-text/lines", test_lines);
  g_test_add_func ("/console/import-text/nothing", test_nothing);
  return g_test_run ();
}
