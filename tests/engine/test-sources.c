/* SPDX-License-Identifier: Apache-2.0 */
/* Where a shaft speed comes from: the node's word, then the signal's own
 * lines, then the nameplate. */
#include <math.h>

#include "twin-engine-private.h"

typedef struct
{
  TwinEngineNode    node;
  TwinEngineSignal  speed, current;
  TwinEngineMachine machine;
} Fixture;

static void
setup (Fixture *f, const void *data)
{
  f->node.signals = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (f->node.signals, "motor/shaftSpeed", &f->speed);
  g_hash_table_insert (f->node.signals, "motor/current", &f->current);
  f->speed.v.value = 1482;
  f->speed.v.unit = "1/min";
  f->machine.roles[TWIN_ROLE_SHAFT_SPEED] = &f->speed;
  f->machine.rated_rpm = 1500;
  f->machine.estimated_hz = NAN;
}

static void
teardown (Fixture *f, const void *data)
{
  g_hash_table_unref (f->node.signals);
  g_clear_pointer (&f->node.sources, g_hash_table_unref);
}

static void
report (Fixture *f, const char *json)
{
  g_autoptr (JsonNode) root = json_from_string (json, NULL);

  twin_engine_sources_reported (&f->node, json_node_get_object (root));
}

static void
test_word (Fixture *f, const void *data)
{
  static const char *const words[] = { "tacho", "estimated", "nameplate" };

  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"sensors\":{\"motor/current\":{\"faults\":[]},"
                           "\"motor/"
                           "shaftSpeed\":{\"faults\":[],\"source\":\"%s\"}}}",
                           words[i]);
      const char *source;

      report (f, json);
      g_assert_cmpfloat_with_epsilon (twin_engine_machine_shaft (&f->machine,
                                                                 &source),
                                      24.7, 1e-9);
      g_assert_cmpstr (source, ==, words[i]);
      g_assert_null (f->current.source);
      g_assert_cmpstr (twin_engine_source_of (&f->node, "motor/shaftSpeed"), ==,
                       words[i]);
    }
}

/* A node that says nothing has a key-phasor, as all had before. */
static void
test_silent (Fixture *f, const void *data)
{
  static const char *const texts[] = {
    "{}", "{\"sensors\":7}", "{\"sensors\":{\"motor/shaftSpeed\":7}}",
    "{\"sensors\":{\"motor/shaftSpeed\":{\"source\":\"the moon\"}}}"
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *source;

      report (f, "{\"sensors\":{\"motor/shaftSpeed\":{\"source\":"
                 "\"estimated\"}}}");
      report (f, texts[i]);
      twin_engine_machine_shaft (&f->machine, &source);
      g_assert_cmpstr (source, ==, "tacho");
    }
}

/* The vibration's own lines are better than a nameplate; a stale word of the
 * node is no word. */
static void
test_order (Fixture *f, const void *data)
{
  const char *source;

  report (f, "{\"sensors\":{\"motor/shaftSpeed\":{\"source\":"
             "\"nameplate\"}}}");
  f->machine.estimated_hz = 24.4;
  f->machine.estimated_us = twin_clock_utc_us ();
  g_assert_cmpfloat (twin_engine_machine_shaft (&f->machine, &source), ==,
                     24.4);
  g_assert_cmpstr (source, ==, "estimated");

  f->machine.estimated_hz = NAN;
  f->speed.stale = TRUE;
  g_assert_cmpfloat (twin_engine_machine_shaft (&f->machine, &source), ==, 25);
  g_assert_cmpstr (source, ==, "nameplate");

  f->machine.rated_rpm = NAN;
  twin_engine_machine_shaft (&f->machine, &source);
  g_assert_null (source);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/engine/sources/word", Fixture, NULL, setup, test_word,
              teardown);
  g_test_add ("/engine/sources/silent", Fixture, NULL, setup, test_silent,
              teardown);
  g_test_add ("/engine/sources/order", Fixture, NULL, setup, test_order,
              teardown);
  return g_test_run ();
}
