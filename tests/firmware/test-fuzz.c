/* SPDX-License-Identifier: Apache-2.0
 *
 * The fuzz target without a fuzzer: every vector of the wire by every way in,
 * and mutations of them.
 */
#include <glib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "fuzz-node.h"

enum
{
  MUTATIONS = 20000,
};

static void
add (GPtrArray *corpus, const char *hex)
{
  size_t   n = hex != NULL ? strlen (hex) / 2 : 0;
  uint8_t *out = g_malloc (n + 1);

  if (n == 0)
    {
      g_free (out);
      return;
    }
  out[0] = 0;
  for (size_t i = 0; i < n; i++)
    out[1 + i] = (uint8_t) (g_ascii_xdigit_value (hex[2 * i]) << 4 |
                            g_ascii_xdigit_value (hex[2 * i + 1]));
  g_ptr_array_add (corpus, g_bytes_new_take (out, n + 1));
}

static void
add_file (GPtrArray *corpus, const char *name)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *path = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                            "firmware", "vectors", name, NULL);
  g_autoptr (GError) error = NULL;
  JsonArray *array;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  array = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *o = json_array_get_object_element (array, i);

      add (corpus, json_object_get_string_member_with_default (o, "hex", ""));
      add (corpus,
           json_object_get_string_member_with_default (o, "payload", ""));
    }
}

static GPtrArray *
load_corpus (void)
{
  static const char *const files[] = { "cbor.json",    "command.json",
                                       "desired.json", "enrol.json",
                                       "replay.json",  "time.json" };
  GPtrArray               *corpus =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (unsigned i = 0; i < G_N_ELEMENTS (files); i++)
    add_file (corpus, files[i]);
  return corpus;
}

static void
test_corpus (void)
{
  g_autoptr (GPtrArray) corpus = load_corpus ();

  g_assert_cmpuint (corpus->len, >, 100);
  for (guint i = 0; i < corpus->len; i++)
    for (uint8_t way = 0; way < 8; way++)
      {
        gsize               size;
        const uint8_t      *data = g_bytes_get_data (corpus->pdata[i], &size);
        g_autofree uint8_t *copy = g_memdup2 (data, size);

        copy[0] = way;
        g_assert_cmpint (LLVMFuzzerTestOneInput (copy, size), ==, 0);
      }
}

/* g_test's random numbers: the seed is printed and can be given again. */
static void
test_mutations (void)
{
  g_autoptr (GPtrArray) corpus = load_corpus ();

  for (unsigned i = 0; i < MUTATIONS; i++)
    {
      guint which = (guint) g_test_rand_int_range (0, (int) corpus->len);
      gsize size;
      const uint8_t      *data = g_bytes_get_data (corpus->pdata[which], &size);
      g_autofree uint8_t *copy = g_memdup2 (data, size);
      unsigned            edits = (unsigned) g_test_rand_int_range (1, 5);

      copy[0] = (uint8_t) g_test_rand_int_range (0, 8);
      while (edits-- > 0)
        copy[1 + (gsize) g_test_rand_int () % (size - 1)] =
            (uint8_t) g_test_rand_int ();
      LLVMFuzzerTestOneInput (copy,
                              (gsize) g_test_rand_int_range (1,
                                                             (int) size + 1));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/fuzz/corpus", test_corpus);
  g_test_add_func ("/firmware/fuzz/mutations", test_mutations);
  return g_test_run ();
}
