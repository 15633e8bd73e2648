/* SPDX-License-Identifier: Apache-2.0 */
/* When an alarm is raised and when it returns. */
#include "fixture.h"

/* One line: inputs at whole seconds, and whether the alarm stands after. */
typedef struct
{
  int      second;
  double   value;
  gboolean active;
} TwinStep;

static void
check_steps (const TwinAlarmDefinition *definition,
             const TwinStep            *steps,
             size_t                     n)
{
  g_autoptr (TwinAlarmTable) table = table_with (definition);

  for (size_t i = 0; i < n; i++)
    {
      give (table, steps[i].value, T0 + steps[i].second * S);
      g_test_message ("%d s: %g", steps[i].second, steps[i].value);
      g_assert_cmpint (row (table)->active, ==, steps[i].active);
    }
}

static void
test_limit (void)
{
  static const TwinStep high[] = {
    { 0, 89.99, FALSE }, { 1, 90, TRUE },       { 2, 89.99, FALSE },
    { 3, NAN, FALSE },   { 4, INFINITY, TRUE }, { 5, NAN, TRUE },
    { 6, 0, FALSE },
  };
  static const TwinStep low[] = {
    { 0, 0.81, FALSE },
    { 1, 0.8, TRUE },
    { 2, -5, TRUE },
    { 3, 0.81, FALSE },
  };
  TwinAlarmDefinition definition = hot;

  check_steps (&definition, high, G_N_ELEMENTS (high));
  definition.kind = TWIN_ALARM_LOW;
  definition.limit = 0.8;
  check_steps (&definition, low, G_N_ELEMENTS (low));
}

static void
test_deadband (void)
{
  static const TwinStep high[] = {
    { 0, 89, FALSE }, { 1, 90, TRUE },  { 2, 88.01, TRUE },
    { 3, 88, FALSE }, { 4, 89, FALSE }, { 5, 90, TRUE },
  };
  static const TwinStep low[] = {
    { 0, 91, FALSE }, { 1, 90, TRUE },  { 2, 91.99, TRUE },
    { 3, 92, FALSE }, { 4, 91, FALSE },
  };
  TwinAlarmDefinition definition = hot;

  definition.deadband = 2;
  check_steps (&definition, high, G_N_ELEMENTS (high));
  definition.kind = TWIN_ALARM_LOW;
  check_steps (&definition, low, G_N_ELEMENTS (low));
}

static void
test_delays (void)
{
  static const TwinStep steps[] = {
    { 0, 95, FALSE }, { 4, 80, FALSE }, /* too short */
    { 5, 95, FALSE }, { 9, 95, FALSE }, { 10, 95, TRUE },
    { 11, 80, TRUE }, { 12, 95, TRUE }, /* too short again */
    { 13, 80, TRUE }, { 15, 80, TRUE }, { 16, 80, FALSE },
  };
  TwinAlarmDefinition definition = hot;

  definition.on_delay_us = 5 * S;
  definition.off_delay_us = 3 * S;
  check_steps (&definition, steps, G_N_ELEMENTS (steps));
}

/* Looked at often, or only when the next input comes: the same story. */
static void
test_delays_do_not_depend_on_looking (void)
{
  TwinAlarmDefinition definition = hot;

  definition.on_delay_us = 5 * S;
  definition.off_delay_us = 3 * S;
  for (int often = 0; often < 2; often++)
    {
      g_autoptr (TwinAlarmTable) table = table_with (&definition);
      g_autoptr (GPtrArray) story = NULL;
      const TwinAlarmTransition *line;

      give (table, 95, T0);
      g_assert_cmpint (twin_alarm_table_next_due (table), ==, T0 + 5 * S);
      for (int i = 0; often && i < 60; i++)
        twin_alarm_table_advance (table, T0 + i * S);
      give (table, 80, T0 + 60 * S);
      for (int i = 0; often && i < 60; i++)
        twin_alarm_table_advance (table, T0 + (60 + i) * S);
      give (table, 80, T0 + 120 * S);

      story = twin_alarm_table_take_transitions (table);
      g_assert_cmpuint (story->len, ==, 2);
      line = g_ptr_array_index (story, 0);
      g_assert_cmpint (line->event, ==, TWIN_ALARM_RAISE);
      g_assert_cmpint (line->time_us, ==, T0 + 5 * S);
      line = g_ptr_array_index (story, 1);
      g_assert_cmpint (line->event, ==, TWIN_ALARM_RETURN);
      g_assert_cmpint (line->time_us, ==, T0 + 63 * S);
    }
}

/* Replayed records are history: they raise nothing. */
static void
test_late_data (void)
{
  g_autoptr (TwinAlarmTable) table = table_with (&hot);

  give (table, 80, T0 + 100 * S);
  g_assert_false (twin_alarm_table_input_value (table, hot.source,
                                                hot.condition, 99,
                                                T0 + 50 * S));
  g_assert_false (row (table)->active);
  g_assert_cmpfloat (row (table)->value, ==, 80);
  g_assert_false (
      twin_alarm_table_input_value (table, "pump-9", "x", 99, T0 + 200 * S));
}

/* Old data decide nothing, in either direction. */
static void
test_stale_input (void)
{
  TwinAlarmDefinition definition = hot;
  g_autoptr (TwinAlarmTable) table = NULL;

  definition.on_delay_us = 10 * S;
  table = table_with (&definition);
  give (table, 95, T0);
  twin_alarm_table_set_stale (table, hot.source, hot.condition, TRUE,
                              T0 + 5 * S);
  twin_alarm_table_advance (table, T0 + 100 * S);
  g_assert_false (row (table)->active);
  g_assert_true (row (table)->stale);
  g_assert_cmpint (twin_alarm_table_next_due (table), ==, G_MAXINT64);

  twin_alarm_table_set_stale (table, hot.source, hot.condition, FALSE,
                              T0 + 200 * S);
  give (table, 95, T0 + 200 * S);
  g_assert_false (row (table)->active);
  give (table, 95, T0 + 210 * S);
  g_assert_true (row (table)->active);
}

static const TwinAlarmDefinition silent = {
  .source = "pump-3-de",
  .condition = "temperature.high",
  .name = "Data stale",
  .kind = TWIN_ALARM_STALE,
  .priority = 3,
  .limit = 30,
};

static gboolean
fresh (TwinAlarmTable *table, int64_t time_us)
{
  return twin_alarm_table_input_fresh (table, silent.source, silent.condition,
                                       time_us);
}

static void
test_stale_alarm (void)
{
  g_autoptr (TwinAlarmTable) table = table_with (&silent);
  g_autofree char *value = NULL;
  g_autofree char *limit = NULL;

  twin_alarm_table_advance (table, T0 + 1000 * S);
  g_assert_false (row (table)->active); /* never heard of it: not stale */

  fresh (table, T0 + 1000 * S);
  g_assert_cmpint (twin_alarm_table_next_due (table), ==, T0 + 1030 * S);
  fresh (table, T0 + 1029 * S);
  twin_alarm_table_advance (table, T0 + 1058 * S);
  g_assert_false (row (table)->active);
  twin_alarm_table_advance (table, T0 + 1029 * S + 14 * MINUTE);
  g_assert_true (row (table)->active);
  g_assert_cmpint (row (table)->since_us, ==, T0 + 1059 * S);
  value = twin_alarm_format_value (row (table));
  limit = twin_alarm_format_limit (row (table));
  g_assert_cmpstr (value, ==, "14 min");
  g_assert_cmpstr (limit, ==, "> 30 s");

  fresh (table, T0 + 1029 * S + 15 * MINUTE);
  g_assert_false (row (table)->active);
  g_assert_cmpint (row (table)->state, ==, TWIN_ALARM_RETURNED);
  g_assert_cmpstr (row (table)->why, ==, "Silent for up to 15 min.");
}

/* The node said goodbye: stale at once, until something fresh comes. */
static void
test_stale_at_once (void)
{
  const TwinAlarmFinding gone = { TRUE, NAN, 0, "Node n-0402 is offline.",
                                  NULL };
  g_autoptr (TwinAlarmTable) table = table_with (&silent);

  fresh (table, T0);
  twin_alarm_table_input_finding (table, silent.source, silent.condition, &gone,
                                  T0 + S);
  g_assert_true (row (table)->active);
  twin_alarm_table_advance (table, T0 + MINUTE);
  g_assert_cmpfloat (row (table)->value, ==, 60);
  fresh (table, T0 + 2 * MINUTE);
  g_assert_false (row (table)->active);
}

static void
test_finding (void)
{
  TwinAlarmDefinition definition = hot;
  TwinAlarmFinding    finding = { TRUE, 8.4, 0, "BPFO + 5 harmonics.",
                                  "Order bearing 6205." };
  g_autoptr (TwinAlarmTable) table = NULL;
  g_autofree char *value = NULL;

  definition.kind = TWIN_ALARM_BOOLEAN;
  definition.unit = NULL;
  definition.limit = 4;
  table = table_with (&definition);
  twin_alarm_table_input_finding (table, hot.source, hot.condition, &finding,
                                  T0);
  g_assert_cmpint (row (table)->state, ==, TWIN_ALARM_UNACKNOWLEDGED);
  g_assert_cmpstr (row (table)->why, ==, "BPFO + 5 harmonics.");
  g_assert_cmpstr (row (table)->advice, ==, "Order bearing 6205.");
  value = twin_alarm_format_value (row (table));
  g_assert_cmpstr (value, ==, "z 8.4");
  g_assert_true (act (table, TWIN_ALARM_ACKNOWLEDGE, T0 + S));

  /* More of the same is no news; worse is. */
  finding.value = 9;
  twin_alarm_table_input_finding (table, hot.source, hot.condition, &finding,
                                  T0 + 2 * S);
  g_assert_cmpint (row (table)->state, ==, TWIN_ALARM_ACKNOWLEDGED);
  g_assert_cmpuint (count_transitions (table), ==, 2);
  finding.priority = 1;
  twin_alarm_table_input_finding (table, hot.source, hot.condition, &finding,
                                  T0 + 3 * S);
  g_assert_cmpint (row (table)->state, ==, TWIN_ALARM_UNACKNOWLEDGED);
  g_assert_cmpint (row (table)->priority, ==, 1);

  finding.active = FALSE;
  finding.value = 1;
  twin_alarm_table_input_finding (table, hot.source, hot.condition, &finding,
                                  T0 + 4 * S);
  g_assert_cmpint (row (table)->state, ==, TWIN_ALARM_RETURNED);
  g_assert_cmpfloat (row (table)->peak, ==, 9);
  g_assert_true (act (table, TWIN_ALARM_ACKNOWLEDGE, T0 + 5 * S));
  g_assert_cmpint (row (table)->state, ==, TWIN_ALARM_NORMAL);
}

static void
test_texts (void)
{
  static const struct
  {
    TwinAlarmKind kind;
    const char   *unit;
    double        value, limit;
    const char   *value_text, *limit_text;
  } cases[] = {
    { TWIN_ALARM_HIGH, "Cel", 94.24, 90, "94.2 °C", "≥ 90 °C" },
    { TWIN_ALARM_LOW, "bar", 1.6, 1.8, "1.6 bar", "≤ 1.8 bar" },
    { TWIN_ALARM_HIGH, "h", 2010, 2000, "2010 h", "≥ 2000 h" },
    { TWIN_ALARM_HIGH, "/", 1.25, 1, "1.25", "≥ 1" },
    { TWIN_ALARM_HIGH, "m/s", 0.0045, 0.0028, "0.0045 m/s", "≥ 0.0028 m/s" },
    { TWIN_ALARM_BOOLEAN, NULL, 8.43, 4, "z 8.43", "≥ 4" },
    { TWIN_ALARM_STALE, NULL, 59, 30, "59 s", "> 30 s" },
    { TWIN_ALARM_STALE, NULL, 3 * 86400, 300, "3 d", "> 5 min" },
    { TWIN_ALARM_BOOLEAN, NULL, NAN, NAN, NULL, NULL },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const TwinAlarmRow shown = { .kind = cases[i].kind,
                                   .unit = cases[i].unit,
                                   .value = cases[i].value,
                                   .limit = cases[i].limit };
      g_autofree char   *value = twin_alarm_format_value (&shown);
      g_autofree char   *limit = twin_alarm_format_limit (&shown);

      g_assert_cmpstr (value, ==, cases[i].value_text);
      g_assert_cmpstr (limit, ==, cases[i].limit_text);
    }
}

static void
test_why (void)
{
  g_autoptr (TwinAlarmTable) table = table_with (&hot);

  give (table, 95, T0);
  g_assert_cmpstr (row (table)->why, ==, "Reached 90 °C.");
  g_assert_cmpstr (row (table)->advice, ==, "Reduce load now.");
  give (table, 97, T0 + S);
  give (table, 80, T0 + 2 * S);
  g_assert_cmpstr (row (table)->why, ==, "Peak 97 °C.");
  g_assert_cmpfloat (row (table)->value, ==, 80);
}

static TwinAlarmRow
saved (TwinAlarmState state, gboolean active)
{
  return (TwinAlarmRow){ .source = hot.source,
                         .condition = hot.condition,
                         .name = hot.name,
                         .state = state,
                         .active = active,
                         .acknowledged = state == TWIN_ALARM_ACKNOWLEDGED,
                         .priority = 2,
                         .value = 95,
                         .peak = 96,
                         .limit = 90,
                         .since_us = T0 - S,
                         .changed_us = T0 - S,
                         .shelved_until_us = state == TWIN_ALARM_SHELVED
                                                 ? T0 + MINUTE
                                                 : TWIN_TIME_NONE,
                         .note = "Seen",
                         .note_by = "k.ito" };
}

/* After a restart every state is where it was, says nothing by itself, and
 * goes on by what comes. */
static void
test_restore (void)
{
  static const struct
  {
    TwinAlarmState state;
    gboolean       active;
    double         value; /* the first after the restart */
    TwinAlarmState then;
  } cases[] = {
    { TWIN_ALARM_UNACKNOWLEDGED, TRUE, 95, TWIN_ALARM_UNACKNOWLEDGED },
    { TWIN_ALARM_UNACKNOWLEDGED, TRUE, 80, TWIN_ALARM_RETURNED },
    { TWIN_ALARM_ACKNOWLEDGED, TRUE, 95, TWIN_ALARM_ACKNOWLEDGED },
    { TWIN_ALARM_ACKNOWLEDGED, TRUE, 80, TWIN_ALARM_NORMAL },
    { TWIN_ALARM_RETURNED, FALSE, 80, TWIN_ALARM_RETURNED },
    { TWIN_ALARM_RETURNED, FALSE, 95, TWIN_ALARM_UNACKNOWLEDGED },
    { TWIN_ALARM_SHELVED, TRUE, 95, TWIN_ALARM_SHELVED },
    { TWIN_ALARM_OUT_OF_SERVICE, FALSE, 95, TWIN_ALARM_OUT_OF_SERVICE },
    { TWIN_ALARM_NORMAL, FALSE, 95, TWIN_ALARM_UNACKNOWLEDGED },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TwinAlarmTable) table = table_with (&hot);
      const TwinAlarmRow before = saved (cases[i].state, cases[i].active);

      twin_alarm_table_restore (table, &before);
      g_assert_cmpuint (count_transitions (table), ==, 0);
      g_assert_cmpint (row (table)->state, ==, cases[i].state);
      g_assert_cmpstr (row (table)->note_by, ==, "k.ito");
      give (table, cases[i].value, T0);
      g_assert_cmpint (row (table)->state, ==, cases[i].then);
    }
}

/* A condition nobody watches any more still waits for its acknowledgement. */
static void
test_restore_undefined (void)
{
  g_autoptr (TwinAlarmTable) table = twin_alarm_table_new ();
  const TwinAlarmRow before = saved (TWIN_ALARM_RETURNED, FALSE);

  twin_alarm_table_restore (table, &before);
  g_assert_cmpint (row (table)->state, ==, TWIN_ALARM_RETURNED);
  g_assert_true (act (table, TWIN_ALARM_ACKNOWLEDGE, T0));
  g_assert_cmpint (row (table)->state, ==, TWIN_ALARM_NORMAL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alarm/conditions/limit", test_limit);
  g_test_add_func ("/alarm/conditions/deadband", test_deadband);
  g_test_add_func ("/alarm/conditions/delays", test_delays);
  g_test_add_func ("/alarm/conditions/delays-do-not-depend-on-looking",
                   test_delays_do_not_depend_on_looking);
  g_test_add_func ("/alarm/conditions/late-data", test_late_data);
  g_test_add_func ("/alarm/conditions/stale-input", test_stale_input);
  g_test_add_func ("/alarm/conditions/stale-alarm", test_stale_alarm);
  g_test_add_func ("/alarm/conditions/stale-at-once", test_stale_at_once);
  g_test_add_func ("/alarm/conditions/finding", test_finding);
  g_test_add_func ("/alarm/conditions/texts", test_texts);
  g_test_add_func ("/alarm/conditions/why", test_why);
  g_test_add_func ("/alarm/conditions/restore", test_restore);
  g_test_add_func ("/alarm/conditions/restore-undefined",
                   test_restore_undefined);
  return g_test_run ();
}
