/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

enum
{
  N = 30,
};

static char *
name_of (int i)
{
  return g_strdup_printf ("motor-%d", i);
}

static TwinAlarmTable *
many (void)
{
  TwinAlarmTable *table = twin_alarm_table_new ();

  for (int i = 0; i < N; i++)
    {
      g_autofree char    *source = name_of (i);
      TwinAlarmDefinition definition = hot;

      definition.source = source;
      definition.priority = 1 + i % 4;
      twin_alarm_table_define (table, &definition, T0);
    }
  return table;
}

static void
give_to (TwinAlarmTable *table, int i, double value, int64_t time_us)
{
  g_autofree char *source = name_of (i);

  g_assert_true (twin_alarm_table_input_value (table, source, hot.condition,
                                               value, time_us));
}

static void
ack (TwinAlarmTable *table, int i, int64_t now_us)
{
  const TwinAlarmAction action = { TWIN_ALARM_ACKNOWLEDGE, "m.weber", NULL, 0 };
  g_autofree char      *source = name_of (i);

  g_assert_true (twin_alarm_table_act (table, source, hot.condition, &action,
                                       now_us, NULL));
}

static void
test_figures (void)
{
  g_autoptr (TwinAlarmTable) table = many ();
  TwinAlarmMetrics metrics;

  twin_alarm_table_get_metrics (table, T0, &metrics);
  g_assert_cmpint (metrics.median_ack_us, ==, -1);
  g_assert_cmpuint (metrics.active[0], ==, 0);

  give_to (table, 0, 95, T0);
  give_to (table, 1, 95, T0 + 5 * MINUTE);
  give_to (table, 2, 95, T0 + 30 * MINUTE);
  give_to (table, 4, 95, T0 + 31 * MINUTE);
  ack (table, 0, T0 + 1 * MINUTE);
  ack (table, 1, T0 + 7 * MINUTE);
  ack (table, 2, T0 + 44 * MINUTE);
  give_to (table, 4, 80, T0 + 32 * MINUTE);

  twin_alarm_table_get_metrics (table, T0 + 45 * MINUTE, &metrics);
  g_assert_cmpuint (metrics.last_10_min, ==, 0);
  g_assert_cmpuint (metrics.slots[TWIN_ALARM_N_SLOTS - 2], ==, 2);
  g_assert_cmpuint (metrics.slots[TWIN_ALARM_N_SLOTS - 5], ==, 2);
  g_assert_cmpfloat_with_epsilon (metrics.mean_24_h, 4.0 / 144, 1e-12);
  g_assert_cmpint (metrics.median_ack_us, ==, 2 * MINUTE);
  g_assert_cmpint (metrics.slowest_ack_us, ==, 14 * MINUTE);
  g_assert_cmpuint (metrics.active[0], ==, 3);
  g_assert_cmpuint (metrics.active[1], ==, 1);
  g_assert_cmpuint (metrics.active[2], ==, 1);
  g_assert_cmpuint (metrics.active[3], ==, 1);
  g_assert_cmpuint (metrics.unacknowledged, ==, 1);
  g_assert_cmpuint (metrics.standing, ==, 0);

  twin_alarm_table_advance (table, T0 + 25 * 60 * MINUTE);
  twin_alarm_table_get_metrics (table, T0 + 25 * 60 * MINUTE, &metrics);
  g_assert_cmpuint (metrics.standing, ==, 3);
  g_assert_cmpfloat (metrics.mean_24_h, ==, 0);
}

static void
test_hidden_ones (void)
{
  g_autoptr (TwinAlarmTable) table = many ();
  static const TwinAlarmEvent events[] = { TWIN_ALARM_SHELVE, TWIN_ALARM_SHELVE,
                                           TWIN_ALARM_SUPPRESS,
                                           TWIN_ALARM_REMOVE_FROM_SERVICE };
  TwinAlarmMetrics            metrics;

  for (int i = 0; i < 4; i++)
    {
      g_autofree char      *source = name_of (i);
      const TwinAlarmAction action = { events[i], "m.weber", NULL,
                                       T0 + (10 - i) * MINUTE };

      give_to (table, i, 95, T0);
      g_assert_true (twin_alarm_table_act (table, source, hot.condition,
                                           &action, T0, NULL));
    }
  twin_alarm_table_get_metrics (table, T0, &metrics);
  g_assert_cmpuint (metrics.shelved, ==, 2);
  g_assert_cmpuint (metrics.suppressed, ==, 1);
  g_assert_cmpuint (metrics.out_of_service, ==, 1);
  g_assert_cmpint (metrics.next_unshelve_us, ==, T0 + 9 * MINUTE);
  g_assert_cmpuint (metrics.active[0], ==, 0);
}

/* Ten in ten minutes are a flood, folded under the first of them; it is over
 * when fewer than five came in ten minutes. */
static void
test_flood (void)
{
  g_autoptr (TwinAlarmTable) table = many ();
  TwinAlarmFlood flood;

  /* one long ago is no part of it */
  give_to (table, 20, 95, T0 - 20 * MINUTE);
  for (int i = 0; i < 9; i++)
    give_to (table, i, 95, T0 + i * 20 * S);
  g_assert_false (twin_alarm_table_get_flood (table, T0 + 3 * MINUTE, &flood));
  give_to (table, 9, 95, T0 + 180 * S);
  g_assert_true (twin_alarm_table_get_flood (table, T0 + 3 * MINUTE, &flood));
  g_assert_cmpuint (flood.count, ==, 10);
  g_assert_cmpuint (flood.active, ==, 10);
  g_assert_cmpstr (flood.first_source, ==, "motor-0");
  g_assert_cmpint (flood.began_us, ==, T0);
  g_assert_cmpint (flood.ended_us, ==, TWIN_TIME_NONE);

  give_to (table, 10, 95, T0 + 240 * S);
  give_to (table, 3, 80, T0 + 241 * S);
  g_assert_true (twin_alarm_table_get_flood (table, T0 + 5 * MINUTE, &flood));
  g_assert_cmpuint (flood.count, ==, 11);
  g_assert_cmpuint (flood.active, ==, 10);
  g_assert_cmpuint (twin_alarm_table_lookup (table, "motor-10", hot.condition)
                        ->flood,
                    ==, flood.id);
  g_assert_cmpuint (twin_alarm_table_lookup (table, "motor-20", hot.condition)
                        ->flood,
                    ==, 0);

  /* the fifth newest came at 120 s */
  g_assert_cmpint (twin_alarm_table_next_due (table), ==,
                   T0 + 120 * S + 10 * MINUTE);
  twin_alarm_table_advance (table, T0 + 13 * MINUTE);
  g_assert_true (twin_alarm_table_get_flood (table, T0 + 13 * MINUTE, &flood));
  g_assert_cmpint (flood.ended_us, ==, T0 + 120 * S + 10 * MINUTE);

  /* one more is an alarm of its own */
  give_to (table, 11, 95, T0 + 13 * MINUTE);
  g_assert_cmpuint (twin_alarm_table_lookup (table, "motor-11", hot.condition)
                        ->flood,
                    ==, 0);
  g_assert_true (twin_alarm_table_get_flood (table, T0 + 14 * MINUTE, &flood));
  g_assert_cmpuint (flood.count, ==, 11);

  /* its alarms may go while it is remembered */
  twin_alarm_table_undefine (table, "motor-0", hot.condition, T0 + 14 * MINUTE);
  g_assert_true (twin_alarm_table_get_flood (table, T0 + 14 * MINUTE, &flood));
  g_assert_cmpstr (flood.first_source, ==, "motor-0");
  g_assert_false (
      twin_alarm_table_get_flood (table, T0 + 26 * 60 * MINUTE, &flood));
}

static void
test_restored_figures (void)
{
  g_autoptr (TwinAlarmTable) table = many ();
  TwinAlarmMetrics metrics;

  twin_alarm_table_restore_raise (table, T0 - 15 * MINUTE, 3 * MINUTE);
  twin_alarm_table_restore_raise (table, T0 - 16 * MINUTE, -1);
  twin_alarm_table_get_metrics (table, T0, &metrics);
  g_assert_cmpuint (metrics.slots[TWIN_ALARM_N_SLOTS - 2], ==, 2);
  g_assert_cmpint (metrics.median_ack_us, ==, 3 * MINUTE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alarm/metrics/figures", test_figures);
  g_test_add_func ("/alarm/metrics/hidden-ones", test_hidden_ones);
  g_test_add_func ("/alarm/metrics/flood", test_flood);
  g_test_add_func ("/alarm/metrics/restored-figures", test_restored_figures);
  return g_test_run ();
}
