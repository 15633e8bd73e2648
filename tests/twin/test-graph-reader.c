/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "twin-graph-reader.h"
#include "twin-json.h"

#define TWIN(id)                                                               \
  "{\"$dtId\":\"" id "\",\"$metadata\":{\"$model\":\"dtmi:a;1\"}}"
#define LINK(from, id, to)                                                     \
  "{\"$dtId\":\"" from "\",\"$relationshipId\":\"" id "\",\"$targetId\":\"" to \
  "\",\"$relationshipName\":\"r\"}"
#define MODEL(id) "{\"@id\":\"" id "\",\"@type\":\"Interface\"}"

/* What was read, one letter an element (M, T, R), - with the place and reason
 * for a refusal, ! for the end by failure. */
static char *
read_all (TwinGraphReader *reader)
{
  GString *out = g_string_new (NULL);

  for (;;)
    {
      g_auto (TwinGraphElement) element = { 0 };
      g_autoptr (GError) error = NULL;

      switch (twin_graph_reader_next (reader, &element, &error))
        {
        case TWIN_GRAPH_READ_ELEMENT:
          g_assert_no_error (error);
          g_string_append_printf (out, "%c %s %s\n", "MTR"[element.kind],
                                  element.place, element.id);
          break;
        case TWIN_GRAPH_READ_REFUSED:
          g_string_append_printf (out, "- %s %s: %s\n", element.place,
                                  element.id != NULL ? element.id : "?",
                                  error->message);
          break;
        case TWIN_GRAPH_READ_FAILED:
          g_string_append_printf (out, "! %s\n", error->message);
          return g_string_free (out, FALSE);
        case TWIN_GRAPH_READ_END:
        default:
          g_assert_no_error (error);
          return g_string_free (out, FALSE);
        }
    }
}

static void
assert_reads (const char *text, gsize length, const char *expected)
{
  g_autoptr (TwinGraphReader) reader =
      twin_graph_reader_new_for_text ("f", text, length);
  g_autofree char *found = read_all (reader);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_formats (void)
{
  static const struct
  {
    const char *text, *expected;
  } cases[] = {
    /* a byte order mark, CRLF, an empty line, no line end at the end */
    { "\xEF\xBB\xBF{\"Section\":\"Header\"}\r\n{\"fileVersion\":\"1\"}\r\n"
      "{\"Section\":\"Models\"}\r\n" MODEL (
          "dtmi:a;1") "\r\n\r\n"
                      "{\"Section\":\"Twins\"}\r\n" TWIN (
                          "x") "\r\n"
                               "{\"Section\":\"Relationships\"}\r\n" LINK ("x",
                                                                           "l",
                                                                           "y"),
      "M line 4 dtmi:a;1\nT line 7 x\nR line 9 x/l\n" },
    /* sections may be missing */
    { "{\"Section\":\"Twins\"}\n" TWIN ("x") "\n", "T line 2 x\n" },
    /* models first, wherever they stand */
    { "\xEF\xBB\xBF{\"digitalTwinsGraph\":{\"relationships\":[" LINK (
          "x", "l",
          "y") "],\"digitalTwins\":[" TWIN ("x") "," TWIN ("y") "]},"
                                                                "\"digitalTwi"
                                                                "nsFileInfo\""
                                                                ":{"
                                                                "\"fileVersio"
                                                                "n\":\"1\"},"
                                                                "\"digitalTwi"
                                                                "nsModels\":"
                                                                "[" MODEL (
                                                                    "dtmi:a;"
                                                                    "1") "]}",
      "M /digitalTwinsModels/0 dtmi:a;1\n"
      "T /digitalTwinsGraph/digitalTwins/0 x\n"
      "T /digitalTwinsGraph/digitalTwins/1 y\n"
      "R /digitalTwinsGraph/relationships/0 x/l\n" },
    { "{\"digitalTwinsModels\":[]}", "" },
    { "{\"digitalTwinsGraph\":{}, \"digitalTwinsModels\": [ ] }", "" },
    { MODEL ("dtmi:a;1"), "M  dtmi:a;1\n" },
    { "[]", "" },
    { " [ " MODEL ("dtmi:a;1") " , " MODEL ("dtmi:b;1") " ] ",
      "M /0 dtmi:a;1\nM /1 dtmi:b;1\n" },
    { "[[" MODEL ("dtmi:a;1") "," MODEL ("dtmi:b;1") "],[],[" MODEL (
          "dtmi:c;1") "]," MODEL ("dtmi:d;1") ",[]]",
      "M /0/0 dtmi:a;1\nM /0/1 dtmi:b;1\nM /2/0 dtmi:c;1\nM /3 dtmi:d;1\n" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_reads (cases[i].text, strlen (cases[i].text), cases[i].expected);
}

/* All that is wrong is told, and what is right is read on. */
static void
test_refusals (void)
{
  static const struct
  {
    const char *text, *expected;
  } cases[] = {
    { "{\"Section\":\"Twins\"}\n{]\n" TWIN ("x") "\n5\n{\"$dtId\":\"y\"}\n"
                                                 "{\"$dtId\":\"é\"}\n" TWIN (
                                                     "z") "\n{\"$dtId\":\"cut",
      "- line 2 ?: column 2: a key in double quotes is expected here\n"
      "T line 3 x\n- line 4 ?: a twin is expected\n"
      "- line 5 y: “$metadata” is missing\n"
      "- line 6 é: “$dtId” must be 1 to 128 letters, digits or "
      "-.+%_#*?!(),=@$':;\n"
      "T line 7 z\n- line 8 ?: column 14: the text ends too early\n" },
    /* an unknown section is passed over, one out of order is still read */
    { "{\"Section\":\"Spice\"}\n" TWIN ("x") "\n{\"Section\":\"Twins\"}"
                                             "\n" TWIN ("y") "\n{\"Section\":"
                                                             "\"Models\"}"
                                                             "\n" MODEL (
                                                                 "dtmi:a;1"),
      "- line 1 ?: there is no section “Spice”\nT line 4 y\n"
      "- line 5 ?: the section “Models” cannot follow “Twins”\n"
      "M line 6 dtmi:a;1\n" },
    { "{\"digitalTwinsGraph\":{\"digitalTwins\":[5," TWIN ("x") ",{}]}}",
      "- /digitalTwinsGraph/digitalTwins/0 ?: a twin is expected\n"
      "T /digitalTwinsGraph/digitalTwins/1 x\n"
      "- /digitalTwinsGraph/digitalTwins/2 ?: “$dtId” must be 1 to 128 "
      "letters, digits or -.+%_#*?!(),=@$':;\n" },
    { "[5," MODEL ("dtmi:a;1") "]",
      "- /0 ?: an interface with an “@type” is expected\nM /1 dtmi:a;1\n" },
    /* broken JSON has no elements that could be trusted behind it */
    { "{\"digitalTwinsGraph\":{\n \"digitalTwins\":[" TWIN ("x") ",{]}]}}",
      "! f:2:67: a value is expected here\n" },
    { "{\"digitalTwinsGraph\":{\"digitalTwins\":[{\"a\" 1}]}}",
      "! f:1:44: a colon is expected after the key\n" },
    { "{\"digitalTwinsGraph\":{\"digitalTwins\":{}}}",
      "! f:1:38: “digitalTwins”: an array is expected\n" },
    { "{\"digitalTwinsGraph\":5}",
      "! f:1:22: “digitalTwinsGraph”: an object is expected\n" },
    { "{\"digitalTwinsGraph\":{\"twins\":[]}}",
      "! f:1:23: “twins” is no part of a graph: “digitalTwins” and "
      "“relationships” are\n" },
    { "{\"digitalTwinsGraph\":{},\"Twins\":[]}",
      "! f:1:25: “Twins” is no part of a graph file: “digitalTwinsFileInfo”, "
      "“digitalTwinsGraph” and “digitalTwinsModels” are\n" },
    { "{\"digitalTwinsModels\":[],\"digitalTwinsModels\":[]}",
      "! f:1:26: the key “digitalTwinsModels” comes twice\n" },
    { "{\"digitalTwinsFileInfo\":{\"a\":01},\"digitalTwinsModels\":[]}",
      "! f:1:31: a comma or } is expected here\n" },
    { "[] 5", "! f:1:4: nothing may follow the value\n" },
    { "5", "! f:1:1: neither a graph nor models: an object or an array of "
           "interfaces is expected\n" },
    { "", "! f:1:1: the text ends too early\n" },
    { "{}",
      "! f: no graph file: “digitalTwinsGraph” or “digitalTwinsModels” is "
      "expected\n" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_reads (cases[i].text, strlen (cases[i].text), cases[i].expected);
}

/* Whatever the reader is given a chunk at a time, and wherever it stops. */
static void
test_truncated (void)
{
  static const char *const texts[] = {
    "{\"Section\":\"Twins\"}\n" TWIN (
        "x") "\n{\"Section\":\"Relationships\"}\n" LINK ("x", "l", "y") "\n",
    "{\"digitalTwinsGraph\":{\"digitalTwins\":[" TWIN (
        "x") "]},"
             "\"digitalTwinsModels\":[" MODEL ("dtmi:a;1") "]}",
    "[[" MODEL ("dtmi:a;1") "]]",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      size_t length = strlen (texts[i]);

      for (size_t n = 0; n < length; n++)
        {
          /* A copy of its own, for the sanitizer to see a byte too far. */
          g_autofree char *part = g_memdup2 (texts[i], n + 1);
          g_autofree char *found = NULL;
          g_autoptr (TwinGraphReader) reader = NULL;

          part = g_realloc (part, MAX (n, 1));
          reader = twin_graph_reader_new_for_text ("f", part, n);
          found = read_all (reader);
          if (i > 0)
            g_assert_nonnull (strstr (found, "! f:"));
        }
    }
}

static void
test_long_line (void)
{
  const gsize n = TWIN_GRAPH_READER_MAX_ELEMENT + 5;
  GString    *text = g_string_new ("{\"Section\":\"Twins\"}\n");

  for (gsize i = 0; i < n; i++)
    g_string_append_c (text, 'x');
  g_string_append (text, "\n" TWIN ("y") "\n");
  assert_reads (text->str, text->len,
                "- line 2 ?: the line is longer than 2 MiB; an element is one "
                "line\nT line 3 y\n");

  g_string_assign (text, "{\"digitalTwinsGraph\":{\"digitalTwins\":[[");
  for (gsize i = 0; i < n / 2; i++)
    g_string_append (text, "1,");
  g_string_append (text, "1]," TWIN ("y") "]}}");
  assert_reads (text->str, text->len,
                "- /digitalTwinsGraph/digitalTwins/0 ?: it is longer than 2 "
                "MiB\nT /digitalTwinsGraph/digitalTwins/1 y\n");
  g_string_free (text, TRUE);
}

static void
test_depth (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autoptr (GString) line = g_string_new ("{\"Section\":\"Twins\"}\n");

  for (int i = 0; i < 1000000; i++)
    g_string_append_c (deep, '[');
  assert_reads (deep->str, deep->len,
                "! f:1:65: nested deeper than 64 levels\n");

  g_string_append (line, deep->str);
  assert_reads (line->str, line->len,
                "- line 2 ?: column 65: nested deeper than 64 levels\n");
}

typedef struct
{
  const char *text;
  gsize       left;
} Drops;

/* A byte a call: no chunk ends where a line does. */
static gssize
read_drop (void *data, char *buffer, gsize size, GError **error)
{
  Drops *drops = data;

  if (drops->left == 0)
    return 0;

  *buffer = *drops->text++;
  drops->left--;
  return 1;
}

static gssize
read_badly (void *data, char *buffer, gsize size, GError **error)
{
  if (read_drop (data, buffer, size, NULL) == 1)
    return 1;

  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_IO, "the disk fell");
  return -1;
}

static void
test_chunks (void)
{
  static const char text[] =
      "{\"Section\":\"Twins\"}\n" TWIN ("x") "\n" TWIN ("y") "\n";
  Drops drops = { text, strlen (text) };
  Drops again = drops;
  g_autoptr (TwinGraphReader) reader =
      twin_graph_reader_new ("f", read_drop, &drops);
  g_autoptr (TwinGraphReader) bad =
      twin_graph_reader_new ("f", read_badly, &again);
  g_autofree char *found = read_all (reader);
  g_autofree char *other = read_all (bad);

  g_assert_cmpstr (found, ==, "T line 2 x\nT line 3 y\n");
  g_assert_cmpuint (twin_graph_reader_get_offset (reader), ==, strlen (text));
  g_assert_cmpstr (other, ==, "! the disk fell\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/graph-reader/formats", test_formats);
  g_test_add_func ("/twin/graph-reader/names-all-that-is-wrong", test_refusals);
  g_test_add_func ("/twin/graph-reader/cut-off-anywhere", test_truncated);
  g_test_add_func ("/twin/graph-reader/line-too-long", test_long_line);
  g_test_add_func ("/twin/graph-reader/nested-too-deep", test_depth);
  g_test_add_func ("/twin/graph-reader/byte-by-byte", test_chunks);
  return g_test_run ();
}
