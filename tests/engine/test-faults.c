/* SPDX-License-Identifier: Apache-2.0 */
/* From blocks of the simulated machine to the fault that is named, its alarm
 * with evidence, and silence about a sound machine. */
#include "engine-bench.h"

#include <math.h>
#include <string.h>

#include "machine.h"
#include "twin-block.h"

#define RATE 4000
#define SECONDS 8
#define RECORDS 4

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

static void
make_machine (machine *m, machine_view *view, sim_fault fault, double severity)
{
  const machine_params params = {
    .seed = 11,
    .name = machine_rng_name ("n-1"),
    .age_scale = 1,
    .rated_speed_rpm = 1475,
    .rated_current_a = 30,
    .idle_current_a = 10,
    .slip = 0.015,
    .load = 0.7,
    .load_swing = 0.05,
    .load_period_s = 900,
    .balls = 9,
    .ball_mm = 7.94,
    .pitch_mm = 39.04,
    .unbalance_mm_s = 0.6,
    .misalignment_mm_s = 0.3,
    .looseness_mm_s = 0.06,
    .noise_g = 0.011,
    .resonance_hz = 800,
    .damping = 0.05,
    .ambient_c = 20,
    .tau_s = 600,
    .k_load = 40,
    .k_speed = 6.7,
  };

  machine_init (m, &params);
  if (fault < FAULTS)
    machine_fault (m, fault, severity);
  machine_set_wave (m);
  machine_view_init (view, m, "de", 3, RATE, 22.5e-6);
}

/* One second of all axes, as a node sends it. */
static void
send_second (EngineBench *bench,
             const float *frames,
             guint64      capture,
             int          second)
{
  g_autofree char *topic =
      twin_topic_format ("works", "n-1", TWIN_CHANNEL_WAVEFORM);
  gint16 data[RATE];

  for (int axis = 0; axis < 3; axis++)
    {
      TwinBlock block = {
        .sensor = (char *) "de/acceleration",
        .axis = (char) ('x' + axis),
        .has_capture = TRUE,
        .capture = capture,
        .last = second == SECONDS - 1,
        .n0 = capture * 100 * RATE + (guint64) second * RATE,
        .n = RATE,
        .t0_us = twin_clock_utc_us () - TWIN_US_PER_S,
        .up = 10,
        .rate_hz = RATE,
        .scale = 1e-4,
        .unit = (char *) "g",
        .why = TWIN_WHY_SCHEDULE,
        .epoch = 1,
        .type = TWIN_SAMPLES_I16,
        .data = (const uint8_t *) data,
        .data_size = sizeof data,
      };
      g_autoptr (GBytes) payload = NULL;

      memcpy (block.ring, bench->ring, sizeof block.ring);
      for (int i = 0; i < RATE; i++)
        data[i] = GINT16_TO_LE ((gint16) lrintf (frames[3 * i + axis] * 1e4f));
      payload = twin_block_build (&block);
      engine_bench_feed (bench, topic, payload);
    }
}

static void
send_records (EngineBench *bench, sim_fault fault, double severity)
{
  g_autofree float *frames = g_new (float, 3 * RATE);
  machine           m;
  machine_view      view;
  uint64_t          now_us = 0;

  make_machine (&m, &view, fault, severity);
  for (guint64 capture = 1; capture <= RECORDS; capture++)
    {
      for (int second = 0; second < SECONDS; second++)
        {
          now_us += TWIN_US_PER_S;
          machine_advance (&m, now_us);
          machine_vibration (&m, &view, frames, RATE);
          send_second (bench, frames, capture, second);
        }
    }
}

static guint
count_faults (EngineBench *bench)
{
  guint n = 0;

  twin_lock_acquire (&bench->lock);
  for (guint i = 0; i < bench->updates->len; i++)
    {
      const TwinUpdate *update = g_ptr_array_index (bench->updates, i);

      n += update->kind == TWIN_UPDATE_FAULTS;
    }
  twin_lock_release (&bench->lock);
  return n;
}

static gboolean
is_fourth (const TwinUpdate *update, const void *data)
{
  EngineBench *bench = (EngineBench *) data;

  if (update->kind != TWIN_UPDATE_FAULTS)
    return FALSE;

  /* The lock is held: the count is of those before and this one. */
  for (guint i = 0, n = 0; i < bench->updates->len; i++)
    {
      const TwinUpdate *here = g_ptr_array_index (bench->updates, i);

      n += here->kind == TWIN_UPDATE_FAULTS;
      if (here == update)
        return n == RECORDS;
    }
  return FALSE;
}

static gboolean
is_alarm (const TwinUpdate *update, const void *data)
{
  for (guint i = 0;
       update->kind == TWIN_UPDATE_ALARMS && i < update->items->len; i++)
    {
      const TwinAlarmItem *item = g_ptr_array_index (update->items, i);

      if (item->active && strcmp (item->name, data) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_described (const TwinUpdate *update, const void *data)
{
  for (guint i = 0;
       update->kind == TWIN_UPDATE_STATES && i < update->items->len; i++)
    {
      const TwinStateItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->twin, "fan") == 0 &&
          g_strcmp0 (item->finding, data) == 0)
        return TRUE;
    }

  return FALSE;
}

/* A slow machine with sanitizers needs longer than the bench waits. */
static TwinUpdate *
wait_long (EngineBench *bench,
           gboolean (*wanted) (const TwinUpdate *update, const void *data),
           const void *data)
{
  TwinUpdate *found = NULL;

  for (int i = 0; i < 8 && found == NULL; i++)
    found = engine_bench_wait (bench, wanted, data);
  return found;
}

static void
test_named (EngineBench **bench, const void *data)
{
  static const struct
  {
    sim_fault   fault;
    const char *name;
  } faults[] = { { FAULT_UNBALANCE, "Unbalance" },
                 { FAULT_MISALIGNMENT, "Misalignment" },
                 { FAULT_LOOSENESS, "Looseness" } };
  const char          *name = faults[GPOINTER_TO_INT (data)].name;
  const TwinFaultItem *first;
  g_autoptr (TwinUpdate) last = NULL;
  g_autoptr (TwinUpdate) alarm = NULL;
  g_autoptr (TwinUpdate) state = NULL;

  send_records (*bench, faults[GPOINTER_TO_INT (data)].fault, 0.6);
  last = wait_long (*bench, is_fourth, *bench);
  g_assert_nonnull (last);
  g_assert_cmpstr (last->faults->machine, ==, "fan");
  g_assert_cmpstr (last->faults->axes, ==, "xyz");
  g_assert_cmpuint (last->faults->items->len, ==, 10);
  first = &g_array_index (last->faults->items, TwinFaultItem, 0);
  g_test_message ("%s: %s", first->fault, first->why);
  g_assert_cmpstr (first->fault, ==, name);
  g_assert_cmpstr (first->answer, ==, "named");
  g_assert_true (first->confirmed);
  g_assert_cmpint (first->agree, ==, RECORDS);
  g_assert_cmpuint (g_strv_length (first->checks), >, 0);
  g_assert_false (
      g_array_index (last->faults->items, TwinFaultItem, 1).confirmed);

  alarm = wait_long (*bench, is_alarm, name);
  g_assert_nonnull (alarm);
  for (guint i = 0; i < alarm->items->len; i++)
    {
      const TwinAlarmItem *item = g_ptr_array_index (alarm->items, i);

      if (strcmp (item->name, name) != 0)
        continue;
      g_assert_cmpstr (item->twin, ==, "fan");
      g_assert_nonnull (strstr (item->why, "Checked: passed"));
      g_assert_nonnull (item->advice);
    }

  state = wait_long (*bench, is_described, name);
  g_assert_nonnull (state);
}

static void
test_sound (EngineBench **bench, const void *data)
{
  g_autoptr (TwinUpdate) last = NULL;

  send_records (*bench, FAULTS, 0);
  last = wait_long (*bench, is_fourth, *bench);
  g_assert_nonnull (last);
  g_assert_cmpuint (count_faults (*bench), ==, RECORDS);
  for (guint i = 0; i < last->faults->items->len; i++)
    {
      const TwinFaultItem *item =
          &g_array_index (last->faults->items, TwinFaultItem, i);

      g_assert_cmpint (item->agree, ==, 0);
      g_assert_cmpstr (item->answer, !=, "named");
      g_assert_cmpstr (item->answer, !=, "suspected");
    }
}

int
main (int argc, char **argv)
{
  static const char *const names[] = { "unbalance", "misalignment",
                                       "looseness" };

  g_test_init (&argc, &argv, NULL);
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *path = g_strconcat ("/faults/", names[i], NULL);

      g_test_add (path, EngineBench *, GINT_TO_POINTER (i), setup, test_named,
                  teardown);
    }
  g_test_add ("/faults/sound", EngineBench *, NULL, setup, test_sound,
              teardown);
  return g_test_run ();
}
