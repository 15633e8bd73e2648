/* SPDX-License-Identifier: Apache-2.0 */
#include "vectors.h"

#include <string.h>

JsonParser *
vectors_load (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                            "firmware", "vectors", name, NULL);
  g_autoptr (GError) error = NULL;
  JsonParser *parser = json_parser_new ();

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return parser;
}

GBytes *
vectors_hex (JsonObject *row, const char *member)
{
  const char  *hex = json_object_get_string_member (row, member);
  const size_t size = strlen (hex) / 2;
  uint8_t     *bytes = g_malloc (size + 1);

  g_assert_true (twin_hex_parse (hex, bytes, size));
  return g_bytes_new_take (bytes, size);
}

static JsonParser *keys; /* keys.json, for the whole run */

static JsonObject *
find_key (const char *name)
{
  JsonArray *rows;

  if (keys == NULL)
    keys = vectors_load ("keys.json");
  rows = json_node_get_array (json_parser_get_root (keys));

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (g_str_equal (json_object_get_string_member (row, "name"), name))
        return row;
    }
  g_error ("No key %s", name);
}

void
vectors_key_bytes (const char *name,
                   const char *member,
                   uint8_t    *bytes,
                   size_t      size)
{
  g_assert_true (
      twin_hex_parse (json_object_get_string_member (find_key (name), member),
                      bytes, size));
}

TwinKey *
vectors_key_pair (const char *name)
{
  uint8_t seed[32];

  vectors_key_bytes (name, "seed", seed, sizeof seed);
  return twin_key_new_from_seed (seed);
}

void
vectors_free_keys (void)
{
  g_clear_object (&keys);
}
