/* SPDX-License-Identifier: Apache-2.0
 *
 * What a node needs of a board's memory, part by part.
 *
 * The board's compiler lays a struct out as this one does with -m32; headers
 * are all it needs.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
  NODE_MAX = 64 * 1024,
};

static const char *const parts[] = {
  "pool",   "mqtt", "mqtt.tx", "mqtt.parser", "signals", "names", "accels",
  "update", "ring", "config",  "keys",        "refused", "spans",
};

/* A constant for each part, for the assembler to spell out. */
static char *
program (void)
{
  GString *text = g_string_new ("#include \"node.h\"\n"
                                "const unsigned size_of_node[] = {"
                                " sizeof (node)");

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_string_append_printf (text, ", sizeof ((node *) 0)->%s", parts[i]);
  return g_string_free (g_string_append (text, " };\n"), FALSE);
}

static char *
compile (const char *source, GError **error)
{
  const char      *root = g_getenv ("TWIN_SOURCE_ROOT");
  g_autofree char *firmware = g_build_filename (root, "firmware", NULL);
  g_autofree char *command =
      g_strdup_printf ("cc -m32 -malign-double -ffreestanding -std=c11 -S -o - "
                       "-I%s/include "
                       "-I%s/core -I%s/drivers -I%s/boot %s",
                       firmware, firmware, firmware, firmware, source);
  char *out = NULL;
  int   status;

  if (g_spawn_command_line_sync (command, &out, NULL, &status, error) &&
      g_spawn_check_wait_status (status, error))
    return out;
  g_free (out);
  return NULL;
}

static void
test_node (void)
{
  g_autofree char *folder = g_dir_make_tmp ("size-XXXXXX", NULL);
  g_autofree char *source = g_build_filename (folder, "size.c", NULL);
  g_autofree char *text = program (), *assembly = NULL;
  g_autoptr (GError) error = NULL;
  const char *at;

  g_assert_true (g_file_set_contents (source, text, -1, &error));
  assembly = compile (source, &error);
  g_unlink (source);
  g_rmdir (folder);
  if (assembly == NULL)
    {
      g_test_skip (error->message);
      return;
    }

  at = strstr (assembly, "size_of_node:");
  g_assert_nonnull (at);
  for (gsize i = 0; i <= G_N_ELEMENTS (parts); i++)
    {
      unsigned long size;

      at = strstr (at, ".long");
      g_assert_nonnull (at);
      at += strlen (".long");
      size = strtoul (at, NULL, 10);
      g_test_message ("%-12s %6lu", i > 0 ? parts[i - 1] : "node", size);
      if (i == 0)
        g_assert_cmpuint (size, <=, NODE_MAX);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/size/node", test_node);
  return g_test_run ();
}
