/* SPDX-License-Identifier: Apache-2.0 */
/* What queries say of the newest values, states, tags and groups. */
#include "live-store.h"

#define NOW (T0 + 10 * SECOND)

static void
fill (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  put_model (f);
  put_twin (f, "m1", "{\"limit\":80}");
  put_twin (f, "m2", "{\"limit\":60,\"pressure\":5}");
  put_twin (f, "m3", "{}");
  put_twin (f, "m4", "{\"pressure\":9}");
  must_begin (f);
  put_sample (f, "m1", "temperature", T0, 70);
  put_sample (f, "m1", "temperature", T0 + SECOND, 85.5);
  put_sample (f, "m2", "temperature", T0 + 2 * SECOND, 65);
  put_sample (f, "m2", "pressure", T0, 100);
  put_sample (f, "m3", "pressure", T0, 7);
  put_sample (f, "m3", "temperature", T0, NAN);
  put_sample (f, "m3", "motor/current", T0, 12);
  must_commit (f);
}

static void
check_latest (Fixture *f)
{
  assert_twins (f, NOW, "T.temperature > 80", "m1");
  assert_twins (f, NOW, "T.temperature > 0", "m1 m2");
  assert_twins (f, NOW, "NOT T.temperature > 80", "m2");
  assert_twins (f, NOW, "T.temperature > T.limit", "m1 m2");
  assert_twins (f, NOW, "T.temperature IN [65, 70]", "m2");
  assert_twins (f, NOW, "IS_NUMBER(T.temperature)", "m1 m2");
  assert_twins (f, NOW, "IS_DEFINED(T.temperature)", "m1 m2");
  assert_twins (f, NOW, "T.temperature = 'hot'", "");
  assert_twins (f, NOW, "T.temperature > 80 OR T.limit = 60", "m1 m2");
  assert_twins (f, NOW, "T.motor.current = 12", "m3");
  /* A property of the same name stands before the signal. */
  assert_twins (f, NOW, "T.pressure < 8", "m2 m3");
  assert_twins (f, NOW, "T.pressure > 8", "m4");
  assert_rows (f, NOW,
               "SELECT T.temperature, T.pressure FROM DIGITALTWINS T ORDER BY "
               "T.temperature DESC, T.$dtId",
               "{\"temperature\":85.5} {\"temperature\":65.0,\"pressure\":5} "
               "{\"pressure\":7.0} {\"pressure\":9}");
  assert_rows (f, NOW, "SELECT MAX(T.temperature) AS m FROM DIGITALTWINS T",
               "{\"m\":85.5}");
}

static void
test_latest (Fixture *f, const void *data)
{
  fill (f);
  check_latest (f);
  must_seal (f);
  check_latest (f);

  /* Newer in the tail than what is sealed; then something late. */
  must_begin (f);
  put_sample (f, "m1", "temperature", T0 + 5 * SECOND, 20);
  must_commit (f);
  assert_twins (f, NOW, "T.temperature = 20", "m1");
  must_begin (f);
  put_sample (f, "m1", "temperature", T0 + 4 * SECOND, 30);
  must_commit (f);
  assert_twins (f, NOW, "T.temperature = 20", "m1");
  must_seal (f);
  assert_twins (f, NOW, "T.temperature = 20", "m1");
}

static void
test_age (Fixture *f, const void *data)
{
  fill (f);
  assert_rows (f, NOW,
               "SELECT T.$dtId AS i, AGE(T.temperature) AS s FROM DIGITALTWINS "
               "T ORDER BY T.$dtId",
               "{\"i\":\"m1\",\"s\":9.0} {\"i\":\"m2\",\"s\":8.0} "
               "{\"i\":\"m3\",\"s\":10.0} {\"i\":\"m4\"}");
  assert_twins (f, NOW, "AGE(T.temperature) > 8.5", "m1 m3");
  /* A source's clock ahead of ours. */
  assert_twins (f, T0 - SECOND, "AGE(T.temperature) = 0", "m1 m2 m3");
  /* Two pauses of 10 s and 5 s more. */
  assert_twins (f, T0 + 25 * SECOND, "IS_STALE(T.temperature)", "");
  assert_twins (f, T0 + 26 * SECOND, "IS_STALE(T.temperature)", "m3");
  assert_twins (f, T0 + 28 * SECOND, "IS_STALE(T.temperature)", "m1 m2 m3");
  assert_twins (f, T0 + 26 * SECOND, "NOT IS_STALE(T.temperature)", "m1 m2");
  assert_twins (f, T0 + 26 * SECOND, "NOT IS_STALE(T.nothing)", "");

  {
    const TwinStoreNode node = {
      .name = "n-1", .epoch = -1, .trust = "none", .status = "offline"
    };

    g_assert_true (twin_store_put_node (f->store, &node, NULL));
  }
  assert_twins (f, NOW, "IS_STALE(T.temperature)", "m1 m2 m3");
}

/* The age of a property is that of its $metadata. */
static void
test_age_of_property (Fixture *f, const void *data)
{
  put_model (f);
  put_twin (f, "m1",
            "{\"limit\":1,\"$metadata\":{\"$model\":\"dtmi:a:Machine;1\","
            "\"limit\":{\"lastUpdateTime\":\"2026-11-25T09:59:00Z\"}}}");
  put_twin (f, "m2",
            "{\"limit\":1,\"$metadata\":{\"$model\":\"dtmi:a:Machine;1\","
            "\"limit\":{\"lastUpdateTime\":\"2026-11-25T09:59:00Z\","
            "\"sourceTime\":\"2026-11-25T09:58:59.5Z\"}}}");
  put_twin (f, "m3", "{\"limit\":1}");
  assert_rows (f, T0,
               "SELECT AGE(T.limit) AS s FROM DIGITALTWINS T ORDER BY T.$dtId",
               "{\"s\":60.0} {\"s\":60.5} {}");
}

/* A machine's node has names for the signals of its parts. */
static void
test_parts (Fixture *f, const void *data)
{
  const TwinStoreNode node = {
    .name = "n-1",
    .epoch = -1,
    .trust = "none",
    .machine = "m1",
    .birth = "{\"serves\":[{\"prefix\":\"\",\"twin\":\"m1\"},{\"prefix\":"
             "\"de/\",\"twin\":\"m1-de\"},{\"prefix\":\"de/outer/\",\"twin\":"
             "\"m1-outer\"}]}",
  };

  fill (f);
  g_assert_true (twin_store_put_node (f->store, &node, NULL));
  put_twin (f, "m1-de", "{}");
  must_begin (f);
  put_sample (f, "m1-de", "temperature", T0, 44);
  put_sample (f, "m1-outer", "temperature", T0, 55);
  must_commit (f);

  assert_twins (f, NOW, "T.[[de/temperature]] = 44", "m1");
  assert_twins (f, NOW, "T.[[de/outer/temperature]] = 55", "m1");
  assert_twins (f, NOW, "AGE(T.[[de/temperature]]) = 10", "m1");
  assert_twins (f, NOW, "T.[[nde/temperature]] > 0", "");
  g_assert_true (twin_store_set_setting (f->store, "serves/n-1",
                                         "{\"\":\"m1\",\"de/\":\"m2\"}", NULL));
  assert_twins (f, NOW, "T.[[de/temperature]] = 65", "m1");
}

static void
test_state (Fixture *f, const void *data)
{
  const TwinStorePrediction rul[] = {
    { .machine = "m1", .time_us = T0, .p50_s = 86400 * 20.0, .why = "x" },
    { .machine = "m1", .time_us = T0 + 1, .p50_s = 86400 * 10.0, .why = "x" },
    { .machine = "m2", .time_us = T0, .p50_s = NAN, .why = "too early" },
  };

  fill (f);
  for (size_t i = 0; i < G_N_ELEMENTS (rul); i++)
    g_assert_true (twin_store_add_prediction (f->store, &rul[i], NULL));
  twin_store_put_twin_state (f->store, "m1", "alarm", T0, NULL);
  twin_store_put_twin_state (f->store, "m2", "normal", T0, NULL);
  assert_twins (f, NOW, "STATE(T) = 'offline'", "m1 m2");
  g_assert_true (twin_store_put_status (f->store, "{}", T0, NULL));
  assert_twins (f, NOW, "STATE(T) = 'alarm'", "m1");
  assert_twins (f, NOW, "STATE(T) != 'alarm'", "m2");
  assert_twins (f, T0 + 16 * SECOND, "STATE(T) = 'offline'", "m1 m2");
  assert_twins (f, NOW, "RUL(T) < 30", "m1");
  assert_twins (f, NOW, "LIFECYCLE(T) = 'in service' AND RUL(T) = 10", "m1");
  assert_rows (f, NOW,
               "SELECT STATE(T) AS s, COUNT() AS n FROM DIGITALTWINS T GROUP "
               "BY STATE(T) ORDER BY STATE(T)",
               "{\"s\":\"alarm\",\"n\":1} {\"s\":\"normal\",\"n\":1} "
               "{\"n\":2}");
}

static void
test_tags (Fixture *f, const void *data)
{
  put_model (f);
  put_tagged (f, "m1", "{}", "[\"hall 1\",\"spare\"]");
  put_tagged (f, "m2", "{}", "[\"a\\\"b\",\"spare part\"]");
  put_tagged (f, "m3", "{}", NULL);
  assert_twins (f, NOW, "HAS_TAG(T, 'spare')", "m1");
  assert_twins (f, NOW, "NOT HAS_TAG(T, 'spare')", "m2 m3");
  assert_twins (f, NOW, "HAS_TAG(T, 'a\"b')", "m2");
  assert_twins (f, NOW, "HAS_TAG(T, ',')", "");
  assert_twins (f, NOW, "HAS_TAG(T, 'hall')", "");
}

static void
test_groups (Fixture *f, const void *data)
{
  fill (f);
  put_group (f, "fixed", NULL, "[\"m2\",\"m3\",\"gone\"]");
  put_group (f, "hot", "SELECT * FROM DIGITALTWINS T WHERE T.temperature > 80",
             NULL);
  put_group (f, "both",
             "SELECT T FROM DIGITALTWINS T WHERE IN_GROUP(T, 'fixed') OR "
             "IN_GROUP(T, 'hot')",
             NULL);
  put_group (f, "one", "SELECT * FROM DIGITALTWINS T WHERE IN_GROUP(T, 'two')",
             NULL);
  put_group (f, "two", "SELECT * FROM DIGITALTWINS T WHERE IN_GROUP(T, 'one')",
             NULL);
  put_group (f, "broken", "SELECT", NULL);
  put_group (f, "counts", "SELECT COUNT() FROM DIGITALTWINS", NULL);

  assert_twins (f, NOW, "IN_GROUP(T, 'fixed')", "m2 m3");
  assert_twins (f, NOW, "NOT IN_GROUP(T, 'fixed')", "m1 m4");
  assert_twins (f, NOW, "IN_GROUP(T, 'hot')", "m1");
  assert_twins (f, NOW, "IN_GROUP(T, 'both') AND T.$dtId != 'm2'", "m1 m3");
  assert_twins (f, NOW, "IN_GROUP(T, 'none')",
                "There is no group “none” (line 1, column 59)");

  {
    static const char *const bad[] = { "one", "broken", "counts" };

    for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
      {
        g_autofree char *text = g_strdup_printf (
            "SELECT * FROM DIGITALTWINS T WHERE IN_GROUP(T, '%s')", bad[i]);
        g_autofree char *says = ask_at (f, NOW, text);

        g_test_message ("%s", says);
        g_assert_nonnull (strstr (says, "group"));
        g_assert_nonnull (strstr (says, "column 48"));
      }
  }
}

/* --- one state for the whole question --------------------------------------
 */

typedef struct
{
  Fixture *f;
  int      rows, old;
} Writing;

static gboolean
write_between (const char *row, void *data)
{
  Writing *self = data;

  self->rows++;
  self->old += strstr (row, "\"temperature\":1.0") != NULL;
  if (self->rows == 1)
    {
      must_begin (self->f);
      for (int i = 0; i < 100; i++)
        {
          g_autofree char *id = g_strdup_printf ("x%02d", i);

          put_sample (self->f, id, "temperature", T0 + SECOND, 2);
        }
      must_commit (self->f);
      must_seal (self->f);
      g_assert_true (
          twin_store_delete_twin (self->f->store, "x99", NULL, NULL));
    }
  return TRUE;
}

static void
test_snapshot (Fixture *f, const void *data)
{
  g_autoptr (TwinQuery) query =
      twin_query_parse ("SELECT T.temperature FROM DIGITALTWINS T WHERE "
                        "T.temperature > 0",
                        NULL, NULL);
  Writing self = { f, 0, 0 };

  put_model (f);
  for (int i = 0; i < 100; i++)
    {
      g_autofree char *id = g_strdup_printf ("x%02d", i);

      put_twin (f, id, "{}");
      must_begin (f);
      put_sample (f, id, "temperature", T0, 1);
      must_commit (f);
      if (i == 50)
        must_seal (f);
    }

  g_assert_true (
      twin_query_run (query, f->reader, NULL, write_between, &self, NULL));
  g_assert_cmpint (self.rows, ==, 100);
  g_assert_cmpint (self.old, ==, 100);
  assert_rows (f, NOW,
               "SELECT COUNT() FROM DIGITALTWINS T WHERE T.temperature = 2",
               "{\"COUNT\":99}");
}

/* A name that begins with a slash once made the search for it go on for
 * ever. */
static void
test_slashes (Fixture *f, const void *data)
{
  assert_rows (f, NOW,
               "SELECT COUNT() FROM DIGITALTWINS WHERE [[/]].a = 1 OR "
               "[[//]] = 1 OR [[a/]] = 1",
               "{\"COUNT\":0}");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/query/live/latest", test_latest);
  ADD ("/query/live/age", test_age);
  ADD ("/query/live/age-of-property", test_age_of_property);
  ADD ("/query/live/parts", test_parts);
  ADD ("/query/live/state", test_state);
  ADD ("/query/live/tags", test_tags);
  ADD ("/query/live/groups", test_groups);
  ADD ("/query/live/snapshot", test_snapshot);
  ADD ("/query/live/slashes", test_slashes);
  return g_test_run ();
}
