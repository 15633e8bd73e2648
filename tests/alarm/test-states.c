/* SPDX-License-Identifier: Apache-2.0 */
/* Every state by every event: what IEC 62682 lets happen, and nothing else. */
#include <string.h>

#include "fixture.h"

enum
{
  NO = -1, /* refused, or nothing that is new */
  N = TWIN_ALARM_NORMAL,
  U = TWIN_ALARM_UNACKNOWLEDGED,
  A = TWIN_ALARM_ACKNOWLEDGED,
  R = TWIN_ALARM_RETURNED,
  L = TWIN_ALARM_LATCHED,
  SH = TWIN_ALARM_SHELVED,
  SU = TWIN_ALARM_SUPPRESSED,
  O = TWIN_ALARM_OUT_OF_SERVICE,
};

static const TwinAlarmEvent columns[] = {
  TWIN_ALARM_RAISE,
  TWIN_ALARM_RETURN,
  TWIN_ALARM_ACKNOWLEDGE,
  TWIN_ALARM_RESET,
  TWIN_ALARM_SHELVE,
  TWIN_ALARM_UNSHELVE,
  TWIN_ALARM_SUPPRESS,
  TWIN_ALARM_UNSUPPRESS,
  TWIN_ALARM_REMOVE_FROM_SERVICE,
  TWIN_ALARM_RETURN_TO_SERVICE,
  TWIN_ALARM_CHANGE,
  TWIN_ALARM_FORGET,
};

/* How to get there: r raise, n return, then the initials of what people do. */
static const struct
{
  const char *way;
  gboolean    latching;
  int         state;
  int         to[G_N_ELEMENTS (columns)];
} rows[] = {
  /*                 raise retn ack reset shlv unsh supp unsu rem ret chg fgt */
  { "", FALSE, N, { U, NO, NO, NO, SH, NO, SU, NO, O, NO, NO, NO } },
  { "r", FALSE, U, { NO, R, A, NO, SH, NO, SU, NO, O, NO, U, N } },
  { "ra", FALSE, A, { NO, N, NO, NO, SH, NO, SU, NO, O, NO, U, N } },
  { "rn", FALSE, R, { U, NO, N, NO, SH, NO, SU, NO, O, NO, R, N } },
  { "r", TRUE, U, { NO, L, A, NO, SH, NO, SU, NO, O, NO, U, N } },
  { "ra", TRUE, A, { NO, L, NO, NO, SH, NO, SU, NO, O, NO, U, N } },
  { "rn", TRUE, L, { U, NO, L, R, SH, NO, SU, NO, O, NO, L, N } },
  { "ran", TRUE, L, { U, NO, NO, N, SH, NO, SU, NO, O, NO, L, N } },
  { "s", FALSE, SH, { SH, NO, NO, NO, SH, N, SU, NO, O, NO, SH, N } },
  { "rs", FALSE, SH, { NO, SH, NO, NO, SH, U, SU, NO, O, NO, SH, N } },
  { "ras", FALSE, SH, { NO, SH, NO, NO, SH, U, SU, NO, O, NO, SH, N } },
  { "rns", FALSE, SH, { SH, NO, NO, NO, SH, N, SU, NO, O, NO, SH, N } },
  { "rns", TRUE, SH, { SH, NO, NO, NO, SH, L, SU, NO, O, NO, SH, N } },
  { "d", FALSE, SU, { SU, NO, NO, NO, NO, NO, NO, N, O, NO, SU, N } },
  { "rd", FALSE, SU, { NO, SU, NO, NO, NO, NO, NO, U, O, NO, SU, N } },
  { "rsd", FALSE, SU, { NO, SU, NO, NO, NO, SU, NO, SH, O, NO, SU, N } },
  { "o", FALSE, O, { O, NO, NO, NO, NO, NO, O, NO, NO, N, O, N } },
  { "ro", FALSE, O, { NO, O, NO, NO, NO, NO, O, NO, NO, U, O, N } },
  { "rso", FALSE, O, { NO, O, NO, NO, NO, O, O, NO, NO, SH, O, N } },
  { "rdo", FALSE, O, { NO, O, NO, NO, NO, NO, NO, O, NO, SU, O, N } },
};

static void
go (TwinAlarmTable *table, const char *way)
{
  for (; *way != '\0'; way++)
    switch (*way)
      {
      case 'r':
        give (table, 95, T0);
        break;
      case 'n':
        give (table, 80, T0);
        break;
      case 'a':
        g_assert_true (act (table, TWIN_ALARM_ACKNOWLEDGE, T0));
        break;
      case 's':
        g_assert_true (act (table, TWIN_ALARM_SHELVE, T0));
        break;
      case 'd':
        g_assert_true (act (table, TWIN_ALARM_SUPPRESS, T0));
        break;
      case 'o':
        g_assert_true (act (table, TWIN_ALARM_REMOVE_FROM_SERVICE, T0));
        break;
      default:
        g_assert_not_reached ();
      }
}

static void
apply (TwinAlarmTable *table, TwinAlarmEvent event, gboolean latching)
{
  TwinAlarmDefinition worse = hot;

  switch (event)
    {
    case TWIN_ALARM_RAISE:
      give (table, 95, T0);
      break;
    case TWIN_ALARM_RETURN:
      give (table, 80, T0);
      break;
    case TWIN_ALARM_CHANGE:
      worse.priority = 1;
      worse.latching = latching;
      twin_alarm_table_define (table, &worse, T0);
      break;
    case TWIN_ALARM_FORGET:
      twin_alarm_table_undefine (table, hot.source, hot.condition, T0);
      break;
    default:
      act (table, event, T0);
      break;
    }
}

static void
test_every_state_by_every_event (void)
{
  for (size_t r = 0; r < G_N_ELEMENTS (rows); r++)
    for (size_t c = 0; c < G_N_ELEMENTS (columns); c++)
      {
        TwinAlarmDefinition definition = hot;
        g_autoptr (TwinAlarmTable) table = NULL;
        g_autoptr (GPtrArray) seen = NULL;
        const TwinAlarmTransition *last;

        definition.latching = rows[r].latching;
        table = table_with (&definition);
        go (table, rows[r].way);
        g_assert_cmpint (row (table)->state, ==, rows[r].state);
        count_transitions (table);

        apply (table, columns[c], rows[r].latching);
        seen = twin_alarm_table_take_transitions (table);
        g_test_message ("“%s”%s, %s", rows[r].way,
                        rows[r].latching ? " latching" : "",
                        twin_alarm_event_name (columns[c]));
        if (rows[r].to[c] == NO)
          {
            g_assert_null (seen);
            if (columns[c] != TWIN_ALARM_FORGET)
              g_assert_cmpint (row (table)->state, ==, rows[r].state);
            continue;
          }

        g_assert_nonnull (seen);
        g_assert_cmpuint (seen->len, ==, 1);
        last = g_ptr_array_index (seen, 0);
        g_assert_cmpint (last->event, ==, columns[c]);
        g_assert_cmpint (last->from, ==, rows[r].state);
        g_assert_cmpint (last->to, ==, rows[r].to[c]);
        g_assert_cmpint (last->after.state, ==, rows[r].to[c]);
        g_assert_cmpint (last->time_us, ==, T0);
      }
}

/* Whatever is done in whatever order: the journal tells the whole story, each
 * line beginning where the one before ended. */
static void
test_story_without_holes (void)
{
  for (int round = 0; round < 200; round++)
    {
      TwinAlarmDefinition definition = hot;
      g_autoptr (TwinAlarmTable) table = NULL;
      g_autoptr (GPtrArray) story = NULL;
      int     state = TWIN_ALARM_NORMAL;
      int64_t now = T0;

      definition.latching = g_test_rand_int_range (0, 2);
      definition.on_delay_us = g_test_rand_int_range (0, 5) * S;
      definition.off_delay_us = g_test_rand_int_range (0, 5) * S;
      definition.deadband = g_test_rand_int_range (0, 3);
      table = table_with (&definition);
      for (int i = 0; i < 200; i++)
        {
          now += g_test_rand_int_range (0, 40) * S;
          switch (g_test_rand_int_range (0, 4))
            {
            case 0:
              give (table, g_test_rand_int_range (85, 95), now);
              break;
            case 1:
              twin_alarm_table_advance (table, now);
              break;
            default:
              act (table,
                   g_test_rand_int_range (TWIN_ALARM_ACKNOWLEDGE,
                                          TWIN_ALARM_CHANGE),
                   now);
              break;
            }
        }

      story = twin_alarm_table_take_transitions (table);
      g_assert_nonnull (story);
      for (guint i = 0; i < story->len; i++)
        {
          const TwinAlarmTransition *line = g_ptr_array_index (story, i);

          g_assert_cmpint (line->from, ==, state);
          state = line->to;
          g_assert_cmpint (line->after.state, ==, state);
          if (state == U || state == A)
            g_assert_true (line->after.active);
          if (state == N || state == R || state == L)
            g_assert_false (line->after.active);
          g_assert_cmpint (line->after.shelved_until_us != TWIN_TIME_NONE, >=,
                           state == SH);
        }
      g_assert_cmpint (row (table)->state, ==, state);
    }
}

static void
test_names (void)
{
  for (int i = 0; i < TWIN_ALARM_N_STATES; i++)
    {
      TwinAlarmState back = TWIN_ALARM_N_STATES;

      g_assert_true (
          twin_alarm_state_from_name (twin_alarm_state_name (i), &back));
      g_assert_cmpint (back, ==, i);
    }
  g_assert_false (twin_alarm_state_from_name ("fine", &(TwinAlarmState){ 0 }));
  for (int i = 0; i < TWIN_ALARM_N_EVENTS; i++)
    g_assert_nonnull (twin_alarm_event_name (i));
}

static void
test_refusals_say_why (void)
{
  g_autoptr (TwinAlarmTable) table = table_with (&hot);
  TwinAlarmAction action = { TWIN_ALARM_ACKNOWLEDGE, "m.weber", NULL, 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (twin_alarm_table_act (table, hot.source, hot.condition,
                                        &action, T0, &error));
  g_assert_error (error, TWIN_ALARM_ERROR, TWIN_ALARM_ERROR_STATE);
  g_assert_nonnull (strstr (error->message, "not in alarm"));
  g_clear_error (&error);

  g_assert_false (
      twin_alarm_table_act (table, "pump-9", "x", &action, T0, &error));
  g_assert_error (error, TWIN_ALARM_ERROR, TWIN_ALARM_ERROR_NOT_FOUND);
  g_clear_error (&error);

  action.event = TWIN_ALARM_SHELVE;
  action.until_us = T0 + 8 * INT64_C (86400) * S;
  g_assert_false (twin_alarm_table_act (table, hot.source, hot.condition,
                                        &action, T0, &error));
  g_assert_error (error, TWIN_ALARM_ERROR, TWIN_ALARM_ERROR_ARGUMENT);
  g_clear_error (&error);

  action.until_us = T0 + S;
  action.who = NULL;
  g_assert_false (twin_alarm_table_act (table, hot.source, hot.condition,
                                        &action, T0, &error));
  g_assert_error (error, TWIN_ALARM_ERROR, TWIN_ALARM_ERROR_ARGUMENT);
  g_clear_error (&error);

  action.who = "m.weber";
  action.event = TWIN_ALARM_RAISE;
  g_assert_false (twin_alarm_table_act (table, hot.source, hot.condition,
                                        &action, T0, &error));
  g_assert_error (error, TWIN_ALARM_ERROR, TWIN_ALARM_ERROR_ARGUMENT);
}

static void
test_shelf_life (void)
{
  g_autoptr (TwinAlarmTable) table = table_with (&hot);
  g_autoptr (GPtrArray) seen = NULL;
  const TwinAlarmTransition *back;

  give (table, 95, T0);
  g_assert_true (act (table, TWIN_ALARM_SHELVE, T0));
  g_assert_cmpint (twin_alarm_table_worst (table, hot.source), ==, 0);
  g_assert_cmpint (twin_alarm_table_next_due (table), ==, T0 + MINUTE);
  twin_alarm_table_advance (table, T0 + MINUTE - 1);
  g_assert_cmpint (row (table)->state, ==, SH);
  count_transitions (table);

  twin_alarm_table_advance (table, T0 + 5 * MINUTE);
  seen = twin_alarm_table_take_transitions (table);
  back = g_ptr_array_index (seen, 0);
  g_assert_cmpint (back->event, ==, TWIN_ALARM_UNSHELVE);
  g_assert_cmpint (back->time_us, ==, T0 + MINUTE);
  g_assert_null (back->who);
  g_assert_cmpint (row (table)->state, ==, U);
  g_assert_cmpint (twin_alarm_table_worst (table, hot.source), ==, 2);
  g_assert_cmpint (twin_alarm_table_next_due (table), ==, G_MAXINT64);
}

static void
test_notes (void)
{
  const TwinAlarmAction action = { TWIN_ALARM_ACKNOWLEDGE, "m.weber",
                                   "Heard it too", 0 };
  g_autoptr (TwinAlarmTable) table = table_with (&hot);
  g_autoptr (GPtrArray) seen = NULL;
  const TwinAlarmTransition *ack;
  TwinAlarmTransition       *kept;

  give (table, 95, T0);
  g_assert_true (twin_alarm_table_act (table, hot.source, hot.condition,
                                       &action, T0 + S, NULL));
  seen = twin_alarm_table_take_transitions (table);
  ack = g_ptr_array_index (seen, 1);
  g_assert_cmpstr (ack->who, ==, "m.weber");
  g_assert_cmpstr (ack->note, ==, "Heard it too");
  g_assert_cmpstr (row (table)->note, ==, "Heard it too");
  g_assert_cmpstr (row (table)->note_by, ==, "m.weber");

  /* A transition outlives the alarm it is about. */
  kept = twin_alarm_transition_ref (g_ptr_array_index (seen, 0));
  g_clear_pointer (&seen, g_ptr_array_unref);
  g_clear_pointer (&table, twin_alarm_table_free);
  g_assert_cmpstr (kept->after.name, ==, hot.name);
  twin_alarm_transition_unref (kept);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alarm/states/every-state-by-every-event",
                   test_every_state_by_every_event);
  g_test_add_func ("/alarm/states/story-without-holes",
                   test_story_without_holes);
  g_test_add_func ("/alarm/states/names", test_names);
  g_test_add_func ("/alarm/states/refusals-say-why", test_refusals_say_why);
  g_test_add_func ("/alarm/states/shelf-life", test_shelf_life);
  g_test_add_func ("/alarm/states/notes", test_notes);
  return g_test_run ();
}
