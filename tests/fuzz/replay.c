/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds a target its corpus: files, folders of files, and the payloads
 * ("hex", "payload") of vector files (.json); then every prefix of each and
 * a bounded number of mutations. Speaks TAP. An input is copied to its exact
 * size, so that a sanitizer sees the first byte read beyond it. */
#include "fuzz.h"

#include "twin-wire.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

enum
{
  MUTATIONS = 300, /* of each input */
  PREFIXES = 400,  /* at most, of each input */
};

typedef struct
{
  GRand   *rand;
  uint64_t n;
} Run;

static void
feed (Run *run, const uint8_t *data, size_t size)
{
  uint8_t *exact = calloc (size > 0 ? size : 1, 1);

  if (size > 0)
    memcpy (exact, data, size);
  LLVMFuzzerTestOneInput (exact, size);
  free (exact);
  run->n++;
}

/* One to eight changes: a bit, a byte, a run removed or doubled. */
static void
mutate (Run *run, const uint8_t *data, size_t size)
{
  GByteArray *bytes = g_byte_array_new ();
  const int   changes = g_rand_int_range (run->rand, 1, 9);

  g_byte_array_append (bytes, data, size);
  for (int i = 0; i < changes && bytes->len > 0; i++)
    {
      const guint at = g_rand_int_range (run->rand, 0, bytes->len);
      const guint rest = bytes->len - at;
      const guint span = g_rand_int_range (run->rand, 1, MIN (rest, 16) + 1);

      switch (g_rand_int_range (run->rand, 0, 4))
        {
        case 0:
          bytes->data[at] ^= 1 << g_rand_int_range (run->rand, 0, 8);
          break;
        case 1:
          bytes->data[at] = g_rand_int_range (run->rand, 0, 256);
          break;
        case 2:
          g_byte_array_remove_range (bytes, at, span);
          break;
        default:
          {
            g_autofree uint8_t *copy = g_memdup2 (bytes->data + at, span);

            g_byte_array_append (bytes, copy, span);
          }
        }
    }

  feed (run, bytes->data, bytes->len);
  g_byte_array_unref (bytes);
}

static void
feed_all (Run *run, const uint8_t *data, size_t size)
{
  feed (run, data, size);
  for (size_t length = 0; length < MIN (size, PREFIXES); length++)
    feed (run, data, length);
  for (int i = 0; i < MUTATIONS && size > 0; i++)
    mutate (run, data, size);
}

static void
feed_hex (Run *run, JsonObject *row, const char *member)
{
  const char *hex =
      json_object_get_string_member_with_default (row, member, NULL);
  const size_t        size = hex == NULL ? 0 : strlen (hex) / 2;
  g_autofree uint8_t *bytes = g_malloc (size + 1);

  if (hex != NULL && twin_hex_parse (hex, bytes, size))
    feed_all (run, bytes, size);
}

static void
feed_vectors (Run *run, const char *path)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *rows;

  if (!json_parser_load_from_file (parser, path, &error))
    g_error ("%s: %s", path, error->message);
  rows = json_node_get_array (json_parser_get_root (parser));

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);
      const char *topic =
          json_object_get_string_member_with_default (row, "topic", "");

      feed_hex (run, row, "hex");
      feed_hex (run, row, "payload");
      feed_all (run, (const uint8_t *) topic, strlen (topic));
    }
}

static void feed_path (Run *run, const char *path);

static void
feed_folder (Run *run, const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      feed_path (run, child);
    }
}

static void
feed_path (Run *run, const char *path)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  size_t size;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    feed_folder (run, path);
  else if (g_str_has_suffix (path, ".json"))
    feed_vectors (run, path);
  else if (g_file_get_contents (path, &contents, &size, &error))
    feed_all (run, (const uint8_t *) contents, size);
  else
    g_error ("%s", error->message);
}

int
main (int argc, char **argv)
{
  Run run = { .rand = g_rand_new_with_seed (20261121) };

  for (int i = 1; i < argc; i++)
    feed_path (&run, argv[i]);

  g_rand_free (run.rand);
  g_print ("1..1\n%s 1 %" G_GUINT64_FORMAT " inputs, seed 20261121\n",
           run.n > 0 ? "ok" : "not ok", run.n);
  return run.n > 0 ? 0 : 1;
}
