/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <string.h>

#include "twin-ctl-bench-plant.h"
#include "twin-graph-file.h"

enum
{
  TWINS = 2500, /* more than one building */
};

static char *
write_plant (size_t n, guint32 seed, gsize *length)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  char            *text;
  int              fd = g_file_open_tmp ("plant-XXXXXX.ndjson", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (twin_ctl_bench_plant_write (path, n, seed, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, length, &error));
  g_unlink (path);
  return text;
}

static void
test_sizes (void)
{
  static const size_t sizes[] = { TWIN_CTL_BENCH_PLANT_MIN, 201, TWINS };

  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinGraphFile) file = NULL;
      g_autoptr (TwinModelSet) models = NULL;
      g_autofree char *text = NULL;
      gsize            length;

      text = write_plant (sizes[i], 7, &length);
      file = twin_graph_file_parse ("plant", text, (gssize) length, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (file->twins->len, ==, sizes[i]);
      g_assert_cmpuint (file->relationships->len, ==,
                        TWIN_CTL_BENCH_PLANT_PER_TWIN * sizes[i]);

      models = twin_graph_file_build_models (file, "plant", NULL, &error);
      g_assert_no_error (error);
      g_assert_true (
          twin_graph_file_check (file, "plant", models, NULL, NULL, &error));
      g_assert_no_error (error);
    }
}

static void
test_same_seed (void)
{
  gsize            n, m, k;
  g_autofree char *one = write_plant (TWINS, 7, &n);
  g_autofree char *two = write_plant (TWINS, 7, &m);
  g_autofree char *other = write_plant (TWINS, 8, &k);

  g_assert_cmpmem (one, n, two, m);
  g_assert_true (k != n || memcmp (one, other, n) != 0);
}

static void
test_no_folder (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (twin_ctl_bench_plant_write ("/nonexistent/plant.ndjson",
                                              TWIN_CTL_BENCH_PLANT_MIN, 1,
                                              &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, "/nonexistent/plant.ndjson"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/bench-plant/is-a-valid-graph", test_sizes);
  g_test_add_func ("/ctl/bench-plant/same-seed-same-bytes", test_same_seed);
  g_test_add_func ("/ctl/bench-plant/says-what-it-cannot-write",
                   test_no_folder);
  return g_test_run ();
}
