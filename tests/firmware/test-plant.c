/* SPDX-License-Identifier: Apache-2.0
 *
 * The fleet file: the demo's own is good, a bad one is named.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "plant.h"

static plant *
load_text (const char *text, GError **error)
{
  g_autofree char *path = NULL;
  int              fd = g_file_open_tmp ("plant-XXXXXX.json", &path, NULL);
  plant           *p;

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  p = plant_load (path, 0, 0, error);
  g_unlink (path);
  return p;
}

static const plant_node *
find (const plant *p, const char *name)
{
  for (guint i = 0; i < p->nodes->len; i++)
    if (g_str_equal (((plant_node *) p->nodes->pdata[i])->name, name))
      return p->nodes->pdata[i];
  g_assert_not_reached ();
}

static void
test_demo (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                            "data", "demo", "plant.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (plant) p = plant_load (path, 0, 0, &error);
  g_autoptr (GHashTable) tokens = g_hash_table_new (g_str_hash, g_str_equal);
  const plant_node *n;

  g_assert_no_error (error);
  g_assert_cmpstr (p->plant, ==, "northfield");
  g_assert_cmpuint (p->nodes->len, ==, 24 + 1 + 3);

  n = find (p, "compressor-7");
  g_assert_cmpstr (n->config.node, ==, "n-0107");
  g_assert_cmpuint (n->config.n_serves, ==, 5);
  g_assert_cmpstr (n->config.serves[2].twin, ==, "compressor-7-de");
  g_assert_cmpfloat (n->machine.faults[FAULT_OUTER_RACE].severity, ==, 0.5);
  g_assert_cmpfloat (n->machine.age_scale, >, 1);
  g_assert_true (n->config.has_token);
  n = find (p, "pump-3");
  g_assert_cmpfloat (n->machine.faults[FAULT_INNER_RACE].severity, >, 0);
  n = find (p, "motor-5");
  g_assert_cmpfloat (n->machine.faults[FAULT_BALL].severity, >, 0);
  n = find (p, "compressor-2");
  g_assert_cmpfloat (n->machine.faults[FAULT_COOLING].growth, >, 0);
  n = find (p, "pump-6");
  g_assert_cmpfloat (n->machine.faults[FAULT_SENSOR_DRIFT].growth, >, 0);
  g_assert_cmpfloat (find (p, "motor-8")->machine.load, >, 1.2);
  g_assert_cmpfloat (find (p, "motor-4")->offline_after_s, ==, 60);
  g_assert_cmpstr (find (p, "rig-outer")->replay_file, ==, "130_DE.i16");
  g_assert_cmpint (find (p, "rig-outer")->config.accels[0].kind, ==,
                   NODE_ACCEL_DAQ16);
}

static void
test_seed (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                            "data", "demo", "plant.json", NULL);
  g_autoptr (plant) a = plant_load (path, 7, 0, NULL);
  g_autoptr (plant) b = plant_load (path, 7, 1, NULL);

  g_assert_cmpfloat (find (a, "pump-1")->machine.age_scale, ==, 7);
  g_assert_cmpuint (find (a, "pump-1")->machine.seed + 1, ==,
                    find (b, "pump-1")->machine.seed);
  g_assert_cmpfloat (find (a, "pump-1")->machine.noise_g, !=,
                     find (b, "pump-1")->machine.noise_g);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text, *says;
  } rows[] = {
    { "{", "Could not read" },
    { "[]", "not a JSON object" },
    { "{\"nodes\":[]}", "“plant”" },
    { "{\"plant\":\"a b\",\"nodes\":[]}", "“plant”" },
    { "{\"plant\":\"p\"}", "“nodes”" },
    { "{\"plant\":\"p\",\"nodes\":[3]}", "entry 0" },
    { "{\"plant\":\"p\",\"nodes\":[{\"node\":\"a/b\"}]}", "not a name" },
    { "{\"plant\":\"p\",\"nodes\":[{\"node\":\"n\",\"token\":\"12\"}]}",
      "“token”" },
    { "{\"plant\":\"p\",\"nodes\":[{\"node\":\"n\",\"vendor\":{\"name\":"
      "\"v\",\"key\":\"12\"}}]}",
      "64 hexadecimal digits" },
    { "{\"plant\":\"p\",\"nodes\":[{\"node\":\"n\",\"vendor\":{}}]}",
      "“vendor” has no “name”" },
    { "{\"plant\":\"p\",\"nodes\":[{\"node\":\"n\",\"noiseG\":\"x\"}]}",
      "“noiseG” is not a number" },
    { "{\"plant\":\"p\",\"nodes\":[{\"node\":\"n\",\"tauS\":-1}]}",
      "“tauS” is -1" },
    { "{\"plant\":\"p\",\"nodes\":[{\"node\":\"n\",\"machine\":5}]}",
      "“machine” is not a text" },
    { "{\"plant\":\"p\",\"nodes\":[{\"node\":\"n\",\"faults\":[{\"kind\":"
      "\"rust\"}]}]}",
      "unknown fault kind “rust”" },
    { "{\"plant\":\"p\",\"nodes\":[{\"node\":\"n\",\"replay\":{}}]}",
      "no “file”" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (plant) p = load_text (rows[i].text, &error);

      g_assert_null (p);
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, rows[i].says));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/plant/demo", test_demo);
  g_test_add_func ("/firmware/plant/seed", test_seed);
  g_test_add_func ("/firmware/plant/refused", test_refused);
  return g_test_run ();
}
