/* SPDX-License-Identifier: Apache-2.0
 *
 * The text console of twin-node, and faults that begin at their time.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "text-console.h"
#include "injection.h"
#include "node.h"

static const char plan[] =
    "{\"plant\":\"works\",\"nodes\":[{\"node\":\"n-1\"},{\"node\":\"n-2\"}]}";

typedef struct
{
  char  *folder, *file;
  plant *p;
  fleet *f;
} Fixture;

static void
setup (Fixture *x, const void *data)
{
  g_autoptr (GError) error = NULL;
  fleet_options o = { .broker = "mqtt://127.0.0.1:9" }; /* nobody is there */

  x->folder = g_dir_make_tmp ("twin-console-XXXXXX", NULL);
  x->file = g_build_filename (x->folder, "plant.json", NULL);
  g_assert_true (g_file_set_contents (x->file, plan, -1, NULL));
  x->p = plant_load (x->file, 0, 0, &error);
  g_assert_no_error (error);
  o.state = x->folder;
  x->f = fleet_new (x->p, &o, &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *x, const void *data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  fleet_free (x->f);
  plant_free (x->p);
  dir = g_dir_open (x->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (x->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (x->folder);
  g_free (x->file);
  g_free (x->folder);
}

static void
test_lines (Fixture *x, const void *data)
{
  static const struct
  {
    const char *line, *says, *not ;
  } rows[] = {
    { "status", "n-1: offline, up 0 s, epoch 1", NULL },
    { "status", "n-2: offline", NULL },
    { "n-2 status", "faults: none\n", "n-1" },
    { "n-2  fault unbalance 0.25", "n-2: unbalance 0.25\n", "n-1" },
    { "n-2 status\n", "faults: unbalance 0.25\n", NULL },
    { "n-1 status", "faults: none\n", NULL },
    { "fault rtdOpen", "n-1: rtdOpen 1.00\nn-2: rtdOpen 1.00\n", NULL },
    { "fault rtdOpen 0", "n-1: rtdOpen 0.00\n", NULL },
    { "n-1 fault rust", "no such fault: rust\n", NULL },
    { "n-1 fault", "no such fault: give a name\n", NULL },
    { "n-1 fault ball 7", "not a severity from 0 to 1: 7\n", NULL },
    { "n-1 fault ball x", "not a severity from 0 to 1: x\n", NULL },
    { "n-1 ring", "held: epoch 1 0 to 0\n", "n-2" },
    { "n-1 reset", "n-1: starts anew\n", "n-2" },
    { "help", "[NODE] status", NULL },
    { "dance", "“dance” is neither a node nor a command\n", NULL },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);

      console_line (x->f, rows[i].line, out);
      if (strstr (out->str, rows[i].says) == NULL)
        g_error ("%s: %s", rows[i].line, out->str);
      if (rows[i].not != NULL)
        g_assert_null (strstr (out->str, rows[i].not ));
    }
  {
    g_autoptr (GString) out = g_string_new (NULL);

    console_line (x->f, "  \n", out);
    console_line (x->f, "n-1", out);
    g_assert_cmpuint (out->len, ==, 0);
    g_assert_cmpfloat (fleet_seat_at (x->f, 1)
                           .machine->machine.level[FAULT_UNBALANCE],
                       ==, 0.25f);
  }
}

static void
test_parse (void)
{
  const char *good[] = { "n-2/ball:0.4@20", "rtdOpen@3.5", NULL };
  static const struct
  {
    const char *spec, *says;
  } bad[] = {
    { "ball", "no time after @" },
    { "ball@soon", "not a time in seconds: “soon”" },
    { "ball@-1", "not a time" },
    { "rust@1", "no such fault (see --list-faults): “rust”" },
    { "ball:2@1", "not a severity from 0 to 1: “2”" },
    { "ball:@1", "not a severity" },
  };
  g_autoptr (GError) none = NULL;
  g_autoptr (GPtrArray) list = injections_parse ((char *const *) good, &none);
  const injection *first, *second;

  g_assert_no_error (none);
  g_assert_cmpuint (list->len, ==, 2);
  first = list->pdata[0];
  second = list->pdata[1];
  g_assert_cmpint (first->fault, ==, FAULT_RTD_OPEN);
  g_assert_cmpfloat (first->at_s, ==, 3.5);
  g_assert_cmpfloat (first->severity, ==, 1);
  g_assert_null (first->node);
  g_assert_cmpint (second->fault, ==, FAULT_BALL);
  g_assert_cmpstr (second->node, ==, "n-2");
  g_assert_cmpfloat (second->severity, ==, 0.4);

  for (unsigned i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      char *specs[] = { (char *) bad[i].spec, NULL };
      g_autoptr (GError) error = NULL;

      g_assert_null (injections_parse (specs, &error));
      g_assert_nonnull (strstr (error->message, bad[i].says));
      g_assert_nonnull (strstr (error->message, bad[i].spec));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/firmware/console/lines", Fixture, NULL, setup, test_lines,
              teardown);
  g_test_add_func ("/firmware/console/parse", test_parse);
  return g_test_run ();
}
