/* SPDX-License-Identifier: Apache-2.0 */
/* What comes out is what went in. */
#include <string.h>

#include "fixture.h"
#include "twin-graph-file.h"
#include "twin-json.h"
#include "twin-store-export.h"
#include "twin-store-import.h"

static const char models[] =
    "[{\"@context\":\"dtmi:dtdl:context;3\",\"@id\":\"dtmi:a:Box;1\","
    "\"@type\":\"Interface\",\"contents\":["
    "{\"@type\":\"Property\",\"name\":\"i\",\"schema\":\"long\"},"
    "{\"@type\":\"Property\",\"name\":\"x\",\"schema\":\"double\"},"
    "{\"@type\":\"Property\",\"name\":\"on\",\"schema\":\"boolean\"},"
    "{\"@type\":\"Property\",\"name\":\"s\",\"schema\":\"string\"},"
    "{\"@type\":\"Property\",\"name\":\"m\",\"schema\":{\"@type\":\"Map\","
    "\"mapKey\":{\"name\":\"k\",\"schema\":\"string\"},\"mapValue\":{\"name\":"
    "\"v\",\"schema\":\"double\"}}},"
    "{\"@type\":\"Property\",\"name\":\"a\",\"schema\":{\"@type\":\"Array\","
    "\"elementSchema\":\"string\"}},"
    "{\"@type\":\"Component\",\"name\":\"c\",\"schema\":\"dtmi:a:Part;1\"},"
    "{\"@type\":\"Relationship\",\"name\":\"to\",\"properties\":[{\"@type\":"
    "\"Property\",\"name\":\"w\",\"schema\":\"double\"},{\"@type\":"
    "\"Property\",\"name\":\"note\",\"schema\":\"string\"}]}]},"
    "{\"@context\":\"dtmi:dtdl:context;2\",\"@id\":\"dtmi:a:Part;1\","
    "\"@type\":\"Interface\",\"displayName\":{\"de\":\"Teil\",\"en\":"
    "\"part\"},\"contents\":[{\"@type\":\"Property\",\"name\":\"s\","
    "\"schema\":\"string\",\"writable\":true}]}]";

/* --- random things
 * ---------------------------------------------------------------------- */

static char *
random_text (void)
{
  static const gunichar letters[] = { 'a',     'Z',  '"',  '\\', '/',    '\n',
                                      '\t',    0x01, 0x7F, 0xE9, 0x20AC, 0x2028,
                                      0x1F600, ' ',  '{',  ',' };
  GString              *text = g_string_new (NULL);
  int                   n = g_test_rand_int_range (0, 12);

  for (int i = 0; i < n; i++)
    g_string_append_unichar (text,
                             letters[g_test_rand_int_range (0, G_N_ELEMENTS (
                                                                   letters))]);
  return g_string_free (text, FALSE);
}

static double
random_number (void)
{
  static const double odd[] = { 0.1,  -0.0,          1e308,  5e-324,
                                1e21, 123456789.125, 1.0 / 3 };

  return g_test_rand_bit () ? odd[g_test_rand_int_range (0, G_N_ELEMENTS (odd))]
                            : g_test_rand_double_range (-1e6, 1e6);
}

static void
add_text (JsonObject *object, const char *name)
{
  g_autofree char *text = random_text ();

  if (g_test_rand_bit ())
    json_object_set_string_member (object, name, text);
}

static JsonNode *
take_object (JsonObject *object)
{
  JsonNode *node = json_node_alloc ();

  json_node_take_object (json_node_init (node, JSON_NODE_OBJECT), object);
  return node;
}

static void
add_collections (JsonObject *object)
{
  JsonObject *map = json_object_new ();
  JsonArray  *array = json_array_new ();

  for (int i = g_test_rand_int_range (0, 4); i > 0; i--)
    {
      g_autofree char *key = g_strdup_printf ("k%d", i);
      g_autofree char *text = random_text ();

      json_object_set_double_member (map, key, random_number ());
      json_array_add_string_element (array, text);
    }
  json_object_set_object_member (object, "m", map);
  json_object_set_array_member (object, "a", array);
}

static JsonNode *
random_properties (void)
{
  static const gint64 integers[] = { 0, -1, G_MAXINT64, G_MININT64, 1480 };
  JsonObject         *object = json_object_new ();
  JsonObject         *component = json_object_new ();

  if (g_test_rand_bit ())
    json_object_set_int_member (object, "i",
                                integers
                                    [g_test_rand_int_range (0, G_N_ELEMENTS (
                                                                   integers))]);
  if (g_test_rand_bit ())
    json_object_set_double_member (object, "x", random_number ());
  if (g_test_rand_bit ())
    json_object_set_boolean_member (object, "on", g_test_rand_bit ());
  add_text (object, "s");
  if (g_test_rand_bit ())
    add_collections (object);

  add_text (component, "s");
  if (g_test_rand_bit ())
    json_object_set_object_member (component, "$metadata", json_object_new ());
  json_object_set_object_member (object, "c", component);
  return take_object (object);
}

static JsonNode *
random_metadata (void)
{
  JsonObject *object = json_object_new ();
  JsonObject *times = json_object_new ();

  json_object_set_string_member (times, "lastUpdateTime",
                                 "2026-03-07T08:00:00.000Z");
  json_object_set_string_member (times, "sourceTime",
                                 "2026-03-07T07:59:58.500Z");
  json_object_set_object_member (object, "x", times);
  return take_object (object);
}

static TwinTwin *
random_twin (int i)
{
  static const char *const tags[] = { "night shift", "Ex", "β", NULL };
  g_autofree char         *id =
      g_strdup_printf ("t%03d%s", i, g_test_rand_bit () ? "" : "#$'");
  g_autoptr (JsonNode) properties = random_properties ();
  TwinTwin *twin = twin_twin_new (id, "dtmi:a:Box;1", properties);

  if (g_test_rand_bit ())
    {
      json_node_unref (twin->metadata);
      twin->metadata = random_metadata ();
    }
  if (g_test_rand_bit ())
    twin_twin_change_tags (twin, tags + g_test_rand_int_range (0, 3), NULL,
                           NULL);
  twin->lifecycle =
      (TwinLifecycle) g_test_rand_int_range (TWIN_LIFECYCLE_PLANNED,
                                             TWIN_LIFECYCLE_ARCHIVED + 1);
  return twin;
}

static TwinRelationship *
random_link (const TwinGraphFile *file, int i)
{
  guint           from = (guint) i % file->twins->len;
  const TwinTwin *source = g_ptr_array_index (file->twins, from);
  const TwinTwin *target =
      g_ptr_array_index (file->twins, (from + 1) % file->twins->len);
  g_autofree char *id = g_strdup_printf ("l%03d", i);
  JsonObject      *object = json_object_new ();
  g_autoptr (JsonNode) properties = NULL;

  if (g_test_rand_bit ())
    json_object_set_double_member (object, "w", random_number ());
  add_text (object, "note");
  properties = take_object (object);
  return twin_relationship_new (source->id, id, "to", target->id, properties);
}

static TwinGraphFile *
random_graph (void)
{
  TwinGraphFile *file = twin_graph_file_parse ("models", models, -1, NULL);
  int            n = g_test_rand_int_range (2, 40);

  for (int i = 0; i < n; i++)
    g_ptr_array_add (file->twins, random_twin (i));
  for (int i = 0; i < 3 * n; i++)
    g_ptr_array_add (file->relationships, random_link (file, i));
  return file;
}

/* --- in and out
 * -------------------------------------------------------------------------- */

typedef struct
{
  const char *text;
  gsize       left;
} Source;

static gssize
read_source (void *data, char *buffer, gsize size, GError **error)
{
  Source *source = data;
  gsize   n = MIN (size, source->left);

  memcpy (buffer, source->text, n);
  source->text += n;
  source->left -= n;
  return (gssize) n;
}

static void
say_refusal (const TwinStoreRefusal *refusal, void *data)
{
  g_test_message ("%s: %s", refusal->place, refusal->reason);
}

static void
import_text (Fixture *f, const char *text)
{
  Source          source = { text, strlen (text) };
  TwinStoreImport import = {
    .name = "graph",
    .read = read_source,
    .read_data = &source,
    .now_us = T0,
    .refused = say_refusal,
  };
  TwinStoreImportCounts counts;
  g_autoptr (GError) error = NULL;

  twin_store_import (f->store, &import, &counts, &error);
  g_assert_no_error (error);
}

static gboolean
append (void *data, const char *text, gsize length, GError **error)
{
  g_string_append_len (data, text, (gssize) length);
  return TRUE;
}

static char *
export_text (Fixture *f, TwinGraphFormat format)
{
  GString *out = g_string_new (NULL);
  g_autoptr (TwinGraphWriter) writer =
      twin_graph_writer_new (format, append, out);
  TwinStoreExportCounts counts;
  g_autoptr (GError) error = NULL;

  twin_store_reader_export (f->reader, writer, &counts, &error);
  g_assert_no_error (error);
  return g_string_free (out, FALSE);
}

static int
compare_texts (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* One line an element, in an order of its own: what the file says. */
static char *
canonical (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinGraphFile) file =
      twin_graph_file_parse ("graph", text, -1, &error);
  g_autofree char *lines = NULL;
  g_auto (GStrv) parts = NULL;

  g_assert_no_error (error);
  lines = twin_graph_file_print (file, TWIN_GRAPH_NDJSON);
  parts = g_strsplit (lines, "\n", -1);
  qsort (parts, g_strv_length (parts), sizeof *parts, compare_texts);
  return g_strjoinv ("\n", parts);
}

static void
test_identity (Fixture *f, const void *data)
{
  TwinGraphFormat format = (TwinGraphFormat) GPOINTER_TO_INT (data);

  for (int round = 0; round < 5; round++)
    {
      Fixture other = { 0 };
      g_autoptr (TwinGraphFile) file = random_graph ();
      g_autofree char *in = twin_graph_file_print (file, format);
      g_autofree char *wanted = canonical (in);
      g_autofree char *out = NULL, *found = NULL, *again = NULL;

      fixture_set_up (&other, NULL);
      import_text (&other, in);
      out = export_text (&other, format);
      found = canonical (out);
      g_assert_cmpstr (found, ==, wanted);
      fixture_tear_down (&other, NULL);

      /* And once more, into a store that has other twins already. */
      if (round == 0)
        {
          import_text (f, out);
          again = export_text (f, format);
          g_assert_cmpstr (again, ==, out);
        }
    }
}

/* More rows than a page, and the same file whatever was there in between. */
static void
test_pages (Fixture *f, const void *data)
{
  g_autoptr (TwinGraphFile) file =
      twin_graph_file_parse ("models", models, -1, NULL);
  g_autofree char *in = NULL, *out = NULL, *again = NULL;
  g_autofree char *wanted = NULL, *found = NULL;

  for (int i = 0; i < 1200; i++)
    g_ptr_array_add (file->twins, random_twin (i));
  for (int i = 0; i < 3600; i++)
    g_ptr_array_add (file->relationships, random_link (file, i));

  in = twin_graph_file_print (file, TWIN_GRAPH_NDJSON);
  import_text (f, in);
  out = export_text (f, TWIN_GRAPH_NDJSON);
  wanted = canonical (in);
  found = canonical (out);
  g_assert_cmpstr (found, ==, wanted);

  import_text (f, out);
  again = export_text (f, TWIN_GRAPH_NDJSON);
  g_assert_cmpstr (again, ==, out);
}

static void
test_empty (Fixture *f, const void *data)
{
  g_autofree char *json = export_text (f, TWIN_GRAPH_JSON);
  g_autofree char *lines = export_text (f, TWIN_GRAPH_NDJSON);

  g_assert_cmpstr (json, ==,
                   "{\"digitalTwinsFileInfo\":{\"fileVersion\":\"1.0.0\"},\n"
                   "\"digitalTwinsModels\":[],\n"
                   "\"digitalTwinsGraph\":{\"digitalTwins\":[],\n"
                   "\"relationships\":[]}}\n");
  import_text (f, json);
  import_text (f, lines);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/export/identity-json", Fixture,
              GINT_TO_POINTER (TWIN_GRAPH_JSON), fixture_set_up, test_identity,
              fixture_tear_down);
  g_test_add ("/store/export/identity-ndjson", Fixture,
              GINT_TO_POINTER (TWIN_GRAPH_NDJSON), fixture_set_up,
              test_identity, fixture_tear_down);
  ADD ("/store/export/pages", test_pages);
  ADD ("/store/export/empty", test_empty);
  return g_test_run ();
}
