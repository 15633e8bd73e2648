/* SPDX-License-Identifier: Apache-2.0 */
/* What a node tells has happened: lines of the log, evidence for an alarm. */
#include "engine-bench.h"

#include <math.h>
#include <string.h>

#define T0 (INT64_C (1764000000) * TWIN_US_PER_S)

static void
setup (EngineBench **bench, const void *data)
{
  *bench = engine_bench_new ();
  engine_bench_start (*bench);
  engine_bench_import (*bench);
  engine_bench_birth (*bench, "n-1", "fan");
}

static void
teardown (EngineBench **bench, const void *data)
{
  engine_bench_free (*bench);
}

/* An event of node n-1; @value NaN: kind and name only. */
static void
send_event (EngineBench *bench,
            uint64_t     seq,
            const char  *kind,
            const char  *name,
            double       value)
{
  int64_t         time = T0 + (int64_t) seq * TWIN_US_PER_S;
  TwinRecordEntry entries[] = {
    { .name = "event", .kind = TWIN_VALUE_STRING, .string = kind },
    { .name = "event/name", .kind = TWIN_VALUE_STRING, .string = name },
    { .name = "event/value",
      .unit = "m/s",
      .kind = TWIN_VALUE_NUMBER,
      .number = value },
    { .name = "event/mean",
      .unit = "m/s",
      .kind = TWIN_VALUE_NUMBER,
      .number = 0.001 },
    { .name = "event/z", .unit = "/", .kind = TWIN_VALUE_NUMBER, .number = 12 },
  };
  TwinRecord record = { .up = 5, .time_us = time, .entries = entries };
  g_autoptr (GBytes) payload = NULL;
  g_autofree char *topic =
      twin_topic_format ("works", "n-1", TWIN_CHANNEL_EVENT);

  record.n_entries = isnan (value) ? 2 : G_N_ELEMENTS (entries);
  for (size_t i = 0; i < G_N_ELEMENTS (entries); i++)
    entries[i].time_us = time;
  memcpy (record.identity.ring, bench->ring, sizeof bench->ring);
  record.identity.epoch = 1;
  record.identity.seq = seq;
  payload = twin_record_build (&record);
  engine_bench_feed (bench, topic, payload);
}

static gboolean
has_line (const TwinUpdate *update, const void *data)
{
  for (guint i = 0; update->kind == TWIN_UPDATE_LOG && i < update->items->len;
       i++)
    {
      const TwinLogItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->text, data) == 0)
        {
          g_assert_cmpstr (item->machine, ==, "fan");
          g_assert_cmpstr (item->who, ==, "n-1");
          g_assert_cmpstr (item->kind, ==, "event");
          return TRUE;
        }
    }

  return FALSE;
}

typedef struct
{
  gboolean    active;
  const char *why;
} Wanted;

static gboolean
is_unusual (const TwinUpdate *update, const void *data)
{
  const Wanted *wanted = data;

  for (guint i = 0;
       update->kind == TWIN_UPDATE_ALARMS && i < update->items->len; i++)
    {
      const TwinAlarmItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->id, "fan/node.unusual") == 0 &&
          item->active == wanted->active &&
          (wanted->why == NULL || g_strcmp0 (item->why, wanted->why) == 0))
        return TRUE;
    }

  return FALSE;
}

static void
expect_line (EngineBench *bench, const char *text)
{
  g_autoptr (TwinUpdate) update = engine_bench_wait (bench, has_line, text);

  g_assert_nonnull (update);
}

static void
expect_alarm (EngineBench *bench, gboolean active, const char *why)
{
  const Wanted wanted = { active, why };
  g_autoptr (TwinUpdate) update =
      engine_bench_wait (bench, is_unusual, &wanted);

  g_assert_nonnull (update);
}

/* Also of a kind that nobody here knows; and evidence is no signal. */
static void
test_lines (EngineBench **bench, const void *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  const TwinStoreSpan         span = { .kind = "step" };
  const TwinStoreHistoryQuery query = {
    .twin = "fan", .path = "event/value", .from_us = 0, .to_us = INT64_MAX
  };

  send_event (*bench, 0, "boot", "power", NAN);
  expect_line (*bench, "Started: power");
  send_event (*bench, 1, "step", "de/vibrationRMS", 0.0042);
  expect_line (*bench, "Sudden change: de/vibrationRMS 0.0042 m/s, mean 0.001 "
                       "m/s, z 12");
  send_event (*bench, 2, "cavitation", "de/kurtosis", 0.5);
  expect_line (*bench, "cavitation: de/kurtosis 0.5 m/s, mean 0.001 m/s, z 12");

  engine_bench_stop (*bench);
  reader = twin_store_reader_open ((*bench)->store, &error);
  g_assert_no_error (error);
  rows = twin_store_reader_list_events (reader, &span, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpstr (((TwinStoreEvent *) rows->pdata[0])->twin, ==, "fan");
  g_assert_null (twin_store_reader_get_history (reader, &query, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND);
}

/* Two signals unusual: an alarm until both are usual again. A late event of
 * an earlier moment changes nothing; a restart of the node ends it. */
static void
test_alarm (EngineBench **bench, const void *data)
{
  send_event (*bench, 10, "z-score", "de/vibrationRMS", 0.0042);
  expect_alarm (*bench, TRUE,
                "Unusual: de/vibrationRMS 0.0042 m/s, mean 0.001 m/s, z 12, "
                "told by node n-1.");
  send_event (*bench, 11, "z-score", "de/kurtosis", 9);
  send_event (*bench, 12, "z-score-clear", "de/vibrationRMS", 0.001);
  send_event (*bench, 9, "z-score-clear", "de/kurtosis", 3); /* replayed */
  expect_line (*bench, "Usual again: de/kurtosis 3 m/s, mean 0.001 m/s, z 12");
  send_event (*bench, 13, "z-score", "de/crestFactor", 8);
  expect_alarm (*bench, TRUE, NULL);
  send_event (*bench, 14, "z-score-clear", "de/kurtosis", 3);
  send_event (*bench, 15, "z-score-clear", "de/crestFactor", 3);
  expect_alarm (*bench, FALSE, NULL);

  send_event (*bench, 20, "z-score", "de/vibrationRMS", 0.0042);
  expect_alarm (*bench, TRUE, NULL);
  send_event (*bench, 21, "boot", "command", NAN);
  expect_alarm (*bench, FALSE, NULL);
}

/* Its own node switched the machine off: a critical alarm and a mode of its
 * own, until that node says that it was reset. */
typedef struct
{
  gboolean    active;
  const char *why;
} Trip;

static gboolean
is_tripped (const TwinUpdate *update, const void *data)
{
  const Trip *wanted = data;

  for (guint i = 0;
       update->kind == TWIN_UPDATE_ALARMS && i < update->items->len; i++)
    {
      const TwinAlarmItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->id, "fan/node.trip") == 0 &&
          item->active == wanted->active)
        {
          g_assert_cmpint (item->priority, ==, 1);
          if (wanted->why != NULL)
            g_assert_cmpstr (item->why, ==, wanted->why);
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
has_mode (const TwinUpdate *update, const void *data)
{
  for (guint i = 0;
       update->kind == TWIN_UPDATE_STATES && i < update->items->len; i++)
    {
      const TwinStateItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->twin, "fan") == 0 && g_strcmp0 (item->mode, data) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
expect_trip (EngineBench *bench, gboolean active, const char *why)
{
  const Trip wanted = { active, why };
  g_autoptr (TwinUpdate) update =
      engine_bench_wait (bench, is_tripped, &wanted);

  g_assert_nonnull (update);
}

static void
send_trip (EngineBench *bench, uint64_t seq, double value)
{
  int64_t         time = T0 + (int64_t) seq * TWIN_US_PER_S;
  TwinRecordEntry entries[] = {
    { .name = "event", .kind = TWIN_VALUE_STRING, .string = "trip" },
    { .name = "event/name",
      .kind = TWIN_VALUE_STRING,
      .string = "de/vibrationRMS" },
    { .name = "event/value", .unit = "m/s", .number = value },
    { .name = "event/limit", .unit = "m/s", .number = 0.0045 },
    { .name = "event/delay", .unit = "s", .number = 2 },
  };
  TwinRecord record = { .up = 5,
                        .time_us = time,
                        .entries = entries,
                        .n_entries = G_N_ELEMENTS (entries) };
  g_autoptr (GBytes) payload = NULL;
  g_autofree char *topic =
      twin_topic_format ("works", "n-1", TWIN_CHANNEL_EVENT);

  for (size_t i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      entries[i].time_us = time;
      if (i > 1)
        entries[i].kind = TWIN_VALUE_NUMBER;
    }
  memcpy (record.identity.ring, bench->ring, sizeof bench->ring);
  record.identity.epoch = 1;
  record.identity.seq = seq;
  payload = twin_record_build (&record);
  engine_bench_feed (bench, topic, payload);
}

static void
test_trip (EngineBench **bench, const void *data)
{
  g_autoptr (TwinUpdate) mode = NULL;

  send_trip (*bench, 30, 0.0071);
  expect_trip (*bench, TRUE,
               "Node n-1 switched it off: de/vibrationRMS was 0.0071 m/s, over "
               "its trip limit 0.0045 m/s for 2 s.");
  mode = engine_bench_wait (*bench, has_mode, "tripped");
  g_assert_nonnull (mode);

  send_event (*bench, 40, "trip-reset", "de/vibrationRMS", NAN);
  expect_trip (*bench, FALSE, NULL);
  send_trip (*bench, 35, 0.008); /* told late: it was reset since */
  send_event (*bench, 41, "boot", "command", NAN);
  expect_line (*bench, "Started: command");
  {
    const Trip wanted = { TRUE, "Node n-1 switched it off: de/vibrationRMS was "
                                "0.008 m/s, over its trip limit 0.0045 m/s for "
                                "2 s." };

    twin_lock_acquire (&(*bench)->lock);
    for (guint i = 0; i < (*bench)->updates->len; i++)
      {
        const TwinUpdate *update = (*bench)->updates->pdata[i];

        for (guint k = 0;
             update->kind == TWIN_UPDATE_ALARMS && k < update->items->len; k++)
          g_assert_cmpstr (((TwinAlarmItem *) update->items->pdata[k])->why, !=,
                           wanted.why);
      }
    twin_lock_release (&(*bench)->lock);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                        \
  g_test_add ("/engine/" path, EngineBench *, NULL, setup, func, teardown)
  ADD ("events-are-lines-of-the-log", test_lines);
  ADD ("unusual-by-its-own-node", test_alarm);
  ADD ("switched-off-by-its-own-node", test_trip);
  return g_test_run ();
}
