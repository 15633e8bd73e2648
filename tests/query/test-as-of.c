/* SPDX-License-Identifier: Apache-2.0 */
/* AS OF: the whole question at a time that is over. */
#include "live-store.h"

/* T0 is 10:00; the graph is edited on the hour from 8:00 on. */
#define AT(hour) (T0 + ((hour) -10) * 3600 * SECOND)

static void
begin (Fixture *f, int hour)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (twin_store_begin (f->store, &error));
  twin_store_begin_change (f->store, "ann", "edit", NULL, AT (hour), &error);
  g_assert_no_error (error);
}

static void
end (Fixture *f)
{
  g_assert_true (twin_store_commit (f->store, NULL));
}

static void
relate (Fixture *f, const char *source, const char *target)
{
  const TwinStoreRelationship row = {
    .source = source, .id = target, .name = "feeds", .target = target
  };
  g_autoptr (GError) error = NULL;

  twin_store_put_relationship (f->store, &row, NULL, &error);
  g_assert_no_error (error);
}

/* 8: m1 (limit 1) feeds m2. 9: limit 2, m2 feeds m3. 10: m1 feeds m2 no more,
 * m3 is gone. */
static void
fill (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  begin (f, 8);
  put_model (f);
  put_twin (f, "m1", "{\"limit\":1}");
  put_tagged (f, "m2", "{}", "[\"old\"]");
  relate (f, "m1", "m2");
  end (f);
  begin (f, 9);
  put_twin (f, "m1", "{\"limit\":2}");
  put_twin (f, "m2", "{}");
  put_twin (f, "m3", "{}");
  relate (f, "m2", "m3");
  end (f);
  begin (f, 10);
  g_assert_true (
      twin_store_delete_relationship (f->store, "m1", "m2", NULL, &error));
  g_assert_true (
      twin_store_delete_relationship (f->store, "m2", "m3", NULL, &error));
  g_assert_true (twin_store_delete_twin (f->store, "m3", NULL, &error));
  end (f);
}

#define WHEN_ "2026-11-25T"

static void
test_graph (Fixture *f, const void *data)
{
  static const struct
  {
    const char *query, *time, *rows;
  } cases[] = {
    { "SELECT COUNT() FROM DIGITALTWINS", "07:59:59Z", "{\"COUNT\":0}" },
    { "SELECT COUNT() FROM DIGITALTWINS", "08:00Z", "{\"COUNT\":2}" },
    { "SELECT COUNT() FROM DIGITALTWINS", "09:00:00Z", "{\"COUNT\":3}" },
    { "SELECT COUNT() FROM DIGITALTWINS", "10:00Z", "{\"COUNT\":2}" },
    { "SELECT COUNT() FROM RELATIONSHIPS", "09:59Z", "{\"COUNT\":2}" },
    { "SELECT COUNT() FROM RELATIONSHIPS", "10:00Z", "{\"COUNT\":0}" },
    { "SELECT T.limit FROM DIGITALTWINS T WHERE T.$dtId = 'm1'",
      "08:59:59.999999Z", "{\"limit\":1}" },
    { "SELECT T.limit FROM DIGITALTWINS T WHERE T.$dtId = 'm1'", "11:00+02:00",
      "{\"limit\":2}" },
    { "SELECT B.$dtId FROM DIGITALTWINS A JOIN B RELATED A.feeds WHERE "
      "A.$dtId = 'm1'",
      "08:30Z", "{\"$dtId\":\"m2\"}" },
    { "SELECT B.$dtId FROM DIGITALTWINS A JOIN B RELATED A.feeds WHERE "
      "A.$dtId = 'm1'",
      "10:30Z", "" },
    { "SELECT B.$dtId FROM DIGITALTWINS MATCH (A)-[*..3]->(B) WHERE A.$dtId = "
      "'m1' ORDER BY B.$dtId",
      "08:30Z", "{\"$dtId\":\"m2\"}" },
    { "SELECT B.$dtId FROM DIGITALTWINS MATCH (A)-[:feeds*..3]->(B) WHERE "
      "A.$dtId = 'm1' ORDER BY B.$dtId",
      "09:30Z", "{\"$dtId\":\"m2\"} {\"$dtId\":\"m3\"}" },
    { "SELECT B.$dtId FROM DIGITALTWINS MATCH (A)<-[*..3]-(B) WHERE A.$dtId = "
      "'m3' ORDER BY B.$dtId",
      "09:30Z", "{\"$dtId\":\"m1\"} {\"$dtId\":\"m2\"}" },
    { "SELECT COUNT() FROM DIGITALTWINS MATCH (A)-[*..3]->(B) WHERE A.$dtId = "
      "'m1'",
      "10:00Z", "{\"COUNT\":0}" },
    { "SELECT T.$dtId FROM DIGITALTWINS T WHERE HAS_TAG(T, 'old')", "08:30Z",
      "{\"$dtId\":\"m2\"}" },
    { "SELECT T.$dtId FROM DIGITALTWINS T WHERE HAS_TAG(T, 'old')", "09:30Z",
      "" },
    { "SELECT COUNT() FROM DIGITALTWINS WHERE IS_OF_MODEL('dtmi:a:Machine;1')",
      "08:30Z", "{\"COUNT\":2}" },
    { "SELECT COUNT() FROM DIGITALTWINS WHERE IS_OF_MODEL('dtmi:a:Machine;1')",
      "07:30Z", "{\"COUNT\":0}" },
    { "SELECT T.$dtId FROM DIGITALTWINS T WHERE IN_GROUP(T, 'limited')",
      "08:30Z", "{\"$dtId\":\"m1\"}" },
    { "SELECT T.$dtId FROM DIGITALTWINS T WHERE IN_GROUP(T, 'limited')",
      "09:30Z", "" },
  };

  fill (f);
  put_group (f, "limited", "SELECT * FROM DIGITALTWINS T WHERE T.limit < 2",
             NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *query = g_strdup_printf ("%s AS OF '" WHEN_ "%s'",
                                                cases[i].query, cases[i].time);

      assert_rows (f, AT (20), query, cases[i].rows);
    }
  assert_rows (f, AT (20),
               "SELECT COUNT() FROM DIGITALTWINS AS OF '2026-11-25'",
               "{\"COUNT\":0}");
  assert_rows (f, AT (20),
               "SELECT COUNT() FROM DIGITALTWINS AS OF '2026-11-26'",
               "{\"COUNT\":2}");
}

static void
test_values (Fixture *f, const void *data)
{
  const TwinStorePrediction rul[] = {
    { .machine = "m1", .time_us = AT (8), .p50_s = 86400 * 20.0, .why = "x" },
    { .machine = "m1", .time_us = AT (10), .p50_s = 86400 * 9.0, .why = "x" },
  };

  fill (f);
  must_begin (f);
  put_sample (f, "m1", "temperature", AT (8), 50);
  put_sample (f, "m1", "temperature", AT (9), 60);
  must_commit (f);
  must_seal (f);
  must_begin (f);
  put_sample (f, "m1", "temperature", AT (10), 70);
  must_commit (f);
  for (size_t i = 0; i < G_N_ELEMENTS (rul); i++)
    g_assert_true (twin_store_add_prediction (f->store, &rul[i], NULL));
  twin_store_put_twin_state (f->store, "m1", "normal", AT (8), NULL);
  twin_store_put_twin_state (f->store, "m1", "alarm", AT (9), NULL);
  twin_store_put_twin_state (f->store, "m1", "stale", AT (10), NULL);

#define ALL                                                                    \
  "SELECT T.temperature AS t, AGE(T.temperature) AS a, STATE(T) AS s, RUL(T) " \
  "AS r, IS_STALE(T.temperature) AS o FROM DIGITALTWINS T WHERE T.$dtId = "    \
  "'m1' AS OF '" WHEN_
  assert_rows (f, AT (20), ALL "08:00:10Z'",
               "{\"t\":50.0,\"a\":10.0,\"s\":\"normal\",\"r\":20.0,\"o\":"
               "false}");
  assert_rows (f, AT (20), ALL "09:01:00Z'",
               "{\"t\":60.0,\"a\":60.0,\"s\":\"alarm\",\"r\":20.0,\"o\":true}");
  assert_rows (f, AT (20), ALL "10:00:00Z'",
               "{\"t\":70.0,\"a\":0.0,\"s\":\"stale\",\"r\":9.0,\"o\":false}");
}

static void
test_times (Fixture *f, const void *data)
{
  static const struct
  {
    const char *time;
    int         column; /* 0: good */
  } cases[] = {
    { "2026-05-01", 0 },
    { "2026-05-01T10:00Z", 0 },
    { "2026-05-01t10:00:00.123456z", 0 },
    { "2026-05-01 10:00-0730", 0 },
    { "2024-02-29", 0 },
    { "2026-02-29", 9 },
    { "2026-13-01", 6 },
    { "2026-5-1", 7 },
    { "yesterday", 1 },
    { "2026-05-01T10", 14 },
    { "2026-05-01T10:00", 17 },
    { "2026-05-01T25:00Z", 12 },
    { "2026-05-01T10:00Zoo", 18 },
    { "2026-05-01T10:00:00.Z", 21 },
    { "", 1 },
  };

  put_model (f);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *query =
          g_strdup_printf ("SELECT COUNT() FROM DIGITALTWINS AS OF '%s'",
                           cases[i].time);
      g_autofree char *says = ask_at (f, T0, query);
      g_autofree char *where =
          g_strdup_printf ("(line 1, column %d)", 40 + cases[i].column);

      g_test_message ("%s: %s", cases[i].time, says);
      if (cases[i].column == 0)
        g_assert_cmpstr (says, ==, "{\"COUNT\":0}");
      else
        g_assert_true (g_str_has_suffix (says, where));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/query/as-of/graph", test_graph);
  ADD ("/query/as-of/values", test_values);
  ADD ("/query/as-of/times", test_times);
  return g_test_run ();
}
