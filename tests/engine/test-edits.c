/* SPDX-License-Identifier: Apache-2.0 */
/* What an editor beside a running engine changes, as the engine takes it. */
#include "engine-bench.h"

#include <math.h>
#include <string.h>

#include "twin-store-changes.h"
#include "twin-store-twins.h"

#define T0 (INT64_C (1764000000) * TWIN_US_PER_S)
#define MACHINE "dtmi:com:example:twin:Machine;1"
#define PART "dtmi:com:example:twin:MachinePart;1"

typedef struct
{
  EngineBench     *bench;
  TwinStore       *store;
  TwinStoreReader *reader;
} Fixture;

static gboolean
is_served (const TwinUpdate *update, const void *data)
{
  if (update->kind != TWIN_UPDATE_TWINS && update->kind != TWIN_UPDATE_PLANT)
    return FALSE;

  for (guint i = 0; i < update->items->len; i++)
    {
      const TwinStructureItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->id, data) == 0 && item->node != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
setup (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinUpdate) served = NULL;

  f->bench = engine_bench_new ();
  engine_bench_start (f->bench);
  engine_bench_import (f->bench);
  engine_bench_birth (f->bench, "n-1", "fan");
  served = engine_bench_wait (f->bench, is_served, "fan-de");
  g_assert_nonnull (served);
  f->store = twin_store_open (f->bench->store, TWIN_STORE_EDITOR, &error);
  g_assert_no_error (error);
  f->reader = twin_store_reader_open (f->bench->store, &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *f, const void *data)
{
  twin_store_reader_close (f->reader);
  twin_store_close (f->store);
  engine_bench_free (f->bench);
}

/* --- edits
 * ----------------------------------------------------------------------- */

static void
save (Fixture *f, TwinTwin *twin)
{
  g_autoptr (GError) error = NULL;

  twin_store_save_twin (f->store, twin, NULL, &error);
  g_assert_no_error (error);
}

static TwinTwin *
load (Fixture *f, const char *id)
{
  g_autoptr (GError) error = NULL;
  TwinTwin *twin = twin_store_reader_load_twin (f->reader, id, &error);

  g_assert_no_error (error);
  return twin;
}

static void
set_lifecycle (Fixture *f, const char *id, TwinLifecycle state)
{
  g_autoptr (TwinTwin) twin = load (f, id);

  twin->lifecycle = state;
  save (f, twin);
}

static void
add_tag (Fixture *f, const char *id, const char *tag)
{
  const char *const add[] = { tag, NULL };
  g_autoptr (TwinTwin) twin = load (f, id);

  g_assert_true (twin_twin_change_tags (twin, add, NULL, NULL));
  save (f, twin);
}

static void
relate (Fixture *f, const char *source, const char *target)
{
  g_autofree char *id = g_strconcat (source, "-", target, NULL);
  g_autoptr (TwinRelationship) one =
      twin_relationship_new (source, id, "hasPart", target, NULL);
  g_autoptr (GError) error = NULL;

  twin_store_save_relationship (f->store, one, NULL, &error);
  g_assert_no_error (error);
}

static void
unrelate (Fixture *f, const char *source, const char *id)
{
  g_autoptr (GError) error = NULL;

  twin_store_delete_relationship (f->store, source, id, NULL, &error);
  g_assert_no_error (error);
}

static void
make (Fixture *f, const char *id, const char *model)
{
  g_autoptr (TwinTwin) twin = twin_twin_new (id, model, NULL);

  save (f, twin);
}

static void delete (Fixture *f, const char *id)
{
  g_autoptr (GError) error = NULL;

  twin_store_delete_twin (f->store, id, NULL, &error);
  g_assert_no_error (error);
}

/* --- what is told
 * ---------------------------------------------------------------- */

typedef struct
{
  const char *id;
  const char *name, *parent; /* NULL: not looked at */
  gboolean    gone;
  int64_t     after_us; /* posted after, 0: whenever */
} WantedTwin;

static gboolean
has_twin (const TwinUpdate *update, const void *data)
{
  const WantedTwin *wanted = data;

  if (update->kind != TWIN_UPDATE_TWINS || update->posted_us < wanted->after_us)
    return FALSE;

  for (guint i = 0; i < update->items->len; i++)
    {
      const TwinStructureItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->id, wanted->id) == 0 && item->gone == wanted->gone &&
          (wanted->name == NULL || strcmp (item->name, wanted->name) == 0) &&
          (wanted->parent == NULL ||
           g_strcmp0 (item->parent, wanted->parent) == 0))
        return TRUE;
    }

  return FALSE;
}

static TwinUpdate *
wait_twin (Fixture *f, const WantedTwin *wanted)
{
  TwinUpdate *update = engine_bench_wait (f->bench, has_twin, wanted);

  g_assert_nonnull (update);
  return update;
}

typedef struct
{
  const char *twin, *path;
  double      value;
  int64_t     after_us;
} WantedValue;

static gboolean
has_value (const TwinUpdate *update, const void *data)
{
  const WantedValue *wanted = data;

  if (update->kind != TWIN_UPDATE_VALUES ||
      update->posted_us < wanted->after_us)
    return FALSE;

  for (guint i = 0; i < update->items->len; i++)
    {
      const TwinValueItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->twin, wanted->twin) == 0 &&
          strcmp (item->path, wanted->path) == 0 &&
          item->value == wanted->value)
        return TRUE;
    }

  return FALSE;
}

static void
wait_value (Fixture *f, const WantedValue *wanted)
{
  g_autoptr (TwinUpdate) update =
      engine_bench_wait (f->bench, has_value, wanted);

  g_assert_nonnull (update);
}

typedef struct
{
  const char *twin;
  TwinState   state;
  int64_t     after_us;
} WantedState;

static gboolean
has_state (const TwinUpdate *update, const void *data)
{
  const WantedState *wanted = data;

  if (update->kind != TWIN_UPDATE_STATES ||
      update->posted_us < wanted->after_us)
    return FALSE;

  for (guint i = 0; i < update->items->len; i++)
    {
      const TwinStateItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->twin, wanted->twin) == 0 &&
          item->state == wanted->state)
        return TRUE;
    }

  return FALSE;
}

static void
wait_state (Fixture *f, const char *twin, TwinState state, int64_t after_us)
{
  const WantedState wanted = { twin, state, after_us };
  g_autoptr (TwinUpdate) update =
      engine_bench_wait (f->bench, has_state, &wanted);

  g_assert_nonnull (update);
}

static gboolean
is_normal_alarm (const TwinUpdate *update, const void *data)
{
  for (guint i = 0;
       update->kind == TWIN_UPDATE_ALARMS && i < update->items->len; i++)
    {
      const TwinAlarmItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->id, data) == 0 && !item->active &&
          strcmp (item->state, "normal") == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_active_alarm (const TwinUpdate *update, const void *data)
{
  for (guint i = 0;
       update->kind == TWIN_UPDATE_ALARMS && i < update->items->len; i++)
    {
      const TwinAlarmItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->id, data) == 0 && item->active)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_raised_again (const TwinUpdate *update, const void *data)
{
  return update->posted_us > *(const int64_t *) data &&
         is_active_alarm (update, "fan/current.high");
}

/* Current of the fan beyond what its motor may take, for a while. */
static void
overload (Fixture *f, uint64_t seq)
{
  g_autoptr (TwinUpdate) alarm = NULL;

  for (uint64_t i = 0; i < 10; i++)
    engine_bench_record (f->bench, "n-1", seq + i, "current", 11.5,
                         T0 + (int64_t) (seq + i) * TWIN_US_PER_S);

  alarm = engine_bench_wait (f->bench, is_active_alarm, "fan/current.high");
  g_assert_nonnull (alarm);
}

/* The newest transition of the alarm is FORGET with @note. */
static void
check_closed (Fixture *f, const char *source, const char *note)
{
  const TwinStoreSpan span = { .subject = source, .limit = 1 };
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_transitions (f->reader, &span, NULL);
  const TwinStoreAlarmTransition *row;

  g_assert_cmpuint (rows->len, ==, 1);
  row = g_ptr_array_index (rows, 0);
  g_assert_cmpstr (row->event, ==, "forget");
  g_assert_cmpstr (row->to_state, ==, "normal");
  g_assert_cmpstr (row->note, ==, note);
}

/* --- tests
 * ----------------------------------------------------------------------- */

/* Tagged here, shown there within a second; nothing but the part and the
 * machine it belongs to is told again. */
static void
test_tag (Fixture *f, const void *data)
{
  const WantedTwin wanted = { "fan-de", NULL, "fan", FALSE,
                              twin_clock_utc_us () };
  g_autoptr (TwinUpdate) update = NULL;
  const TwinStructureItem *item;

  add_tag (f, "fan-de", "lubricated");
  update = wait_twin (f, &wanted);
  g_assert_cmpint (update->posted_us - wanted.after_us, <, TWIN_US_PER_S);
  g_assert_cmpuint (update->items->len, ==, 2);
  for (guint i = 0; i < update->items->len; i++)
    {
      item = g_ptr_array_index (update->items, i);
      if (strcmp (item->id, "fan-de") == 0)
        g_assert_cmpstr (item->tags[0], ==, "lubricated");
    }
}

static gboolean
is_logged (const TwinUpdate *update, const void *data)
{
  if (update->kind != TWIN_UPDATE_LOG)
    return FALSE;

  for (guint i = 0; i < update->items->len; i++)
    {
      const TwinLogItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->text, data) == 0 && strcmp (item->kind, "edit") == 0 &&
          g_strcmp0 (item->who, "anna") == 0 &&
          g_strcmp0 (item->machine, "fan") == 0)
        return TRUE;
    }
  return FALSE;
}

/* Who edited a part is a line in the log of its machine. */
static void
test_logged (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinUpdate) update = NULL;

  g_assert_true (twin_store_begin (f->store, &error));
  g_assert_true (twin_store_begin_change (f->store, "anna", "tag",
                                          "fan-de tagged lubricated",
                                          twin_clock_utc_us (), &error));
  add_tag (f, "fan-de", "lubricated");
  g_assert_true (twin_store_commit (f->store, &error));
  update = engine_bench_wait (f->bench, is_logged, "fan-de tagged lubricated");
  g_assert_nonnull (update);
}

/* A machine with a part made by twinctl: what its node says is shown, under
 * the name it has then. */
static void
test_create (Fixture *f, const void *data)
{
  const WantedTwin  machine = { "pump", "pump", NULL, FALSE, 0 };
  const WantedTwin  part = { "pump-de", NULL, "pump", FALSE, 0 };
  const WantedValue value = { "pump-de", "temperature", 41, 0 };
  g_autoptr (TwinUpdate) first = NULL;
  g_autoptr (TwinUpdate) second = NULL;

  engine_bench_birth (f->bench, "n-2", "pump");
  make (f, "pump", MACHINE);
  make (f, "pump-de", PART);
  relate (f, "pump", "pump-de");
  first = wait_twin (f, &machine);
  second = wait_twin (f, &part);
  engine_bench_record (f->bench, "n-2", 0, "de/temperature", 41, T0);
  wait_value (f, &value);
}

/* What a ghost said is there when its twin is made. */
static void
test_ghost_keeps (Fixture *f, const void *data)
{
  const WantedTwin  machine = { "pump", NULL, NULL, FALSE, 0 };
  const WantedValue next = { "pump", "current", 5, 0 };
  g_autoptr (TwinUpdate) made = NULL;

  engine_bench_birth (f->bench, "n-2", "pump");
  engine_bench_record (f->bench, "n-2", 0, "current", 4, T0);
  make (f, "pump", MACHINE);
  made = wait_twin (f, &machine);
  engine_bench_record (f->bench, "n-2", 1, "current", 5, T0 + 1);
  wait_value (f, &next);
}

/* A part goes from one machine to another; what it says goes with it. */
static void
test_move (Fixture *f, const void *data)
{
  const WantedTwin  there = { "fan-de", NULL, "blower", FALSE, 0 };
  const WantedTwin  top = { "fan-de", NULL, NULL, FALSE, 0 };
  const WantedValue value = { "fan-de", "temperature", 33, 0 };
  g_autoptr (TwinUpdate) first = NULL;
  g_autoptr (TwinUpdate) second = NULL;

  make (f, "blower", MACHINE);
  unrelate (f, "fan", "r1");
  second = wait_twin (f, &top);
  relate (f, "blower", "fan-de");
  first = wait_twin (f, &there);
  engine_bench_record (f->bench, "n-1", 0, "de/temperature", 33, T0);
  wait_value (f, &value);
}

/* Parts that change places: no circle on the way. */
static void
test_swap (Fixture *f, const void *data)
{
  const WantedTwin before = { "b", NULL, "a", FALSE, 0 };
  const WantedTwin after = { "a", NULL, "b", FALSE, 0 };
  g_autoptr (TwinUpdate) first = NULL;
  g_autoptr (TwinUpdate) second = NULL;
  g_autoptr (GError) error = NULL;

  make (f, "a", MACHINE);
  make (f, "b", MACHINE);
  relate (f, "a", "b");
  first = wait_twin (f, &before);

  g_assert_true (twin_store_begin (f->store, &error));
  unrelate (f, "a", "a-b");
  relate (f, "b", "a");
  g_assert_true (twin_store_commit (f->store, &error));
  second = wait_twin (f, &after);
}

static void
test_delete (Fixture *f, const void *data)
{
  const WantedTwin  gone = { "fan-de", NULL, NULL, TRUE, 0 };
  const WantedTwin  whole = { "fan", NULL, NULL, TRUE, 0 };
  const WantedValue hidden = { "fan", "current", 12.5, 0 };
  g_autoptr (TwinUpdate) first = NULL;
  g_autoptr (TwinUpdate) second = NULL;
  g_autoptr (TwinUpdate) alarm = NULL;

  overload (f, 0);
  unrelate (f, "fan", "r1");
  delete (f, "fan-de");
  first = wait_twin (f, &gone);
  delete (f, "fan");
  second = wait_twin (f, &whole);
  alarm = engine_bench_wait (f->bench, is_normal_alarm, "fan/current.high");
  g_assert_nonnull (alarm);
  check_closed (f, "fan", "The twin was deleted.");

  /* Its node is a ghost now: kept, shown nowhere. */
  engine_bench_record (f->bench, "n-1", 90, "current", 12.5,
                       T0 + 90 * TWIN_US_PER_S);
  engine_bench_stop (f->bench);
  for (guint i = 0; i < f->bench->updates->len; i++)
    g_assert_false (
        has_value (g_ptr_array_index (f->bench->updates, i), &hidden));
}

/* Retired: out of alarms, figures and commands; restored: all of it is back,
 * what came meanwhile included. */
static void
test_retire_restore (Fixture *f, const void *data)
{
  g_autoptr (TwinUpdate) alarm = NULL;
  g_autoptr (TwinUpdate) again = NULL;
  int64_t after;

  overload (f, 0);
  after = twin_clock_utc_us ();
  set_lifecycle (f, "fan", TWIN_LIFECYCLE_RETIRED);
  wait_state (f, "fan", TWIN_STATE_UNKNOWN, after);
  alarm = engine_bench_wait (f->bench, is_normal_alarm, "fan/current.high");
  g_assert_nonnull (alarm);
  check_closed (f, "fan", "The machine was retired.");

  /* Beyond the limit still: no alarm. */
  for (uint64_t i = 20; i < 40; i++)
    engine_bench_record (f->bench, "n-1", i, "current", 12,
                         T0 + (int64_t) i * TWIN_US_PER_S);
  wait_value (f, &(WantedValue){ "fan", "current", 12, 0 });

  after = twin_clock_utc_us ();
  set_lifecycle (f, "fan", TWIN_LIFECYCLE_IN_SERVICE);
  wait_state (f, "fan", TWIN_STATE_STALE, after);
  for (uint64_t i = 40; i < 50; i++)
    engine_bench_record (f->bench, "n-1", i, "current", 12,
                         T0 + (int64_t) i * TWIN_US_PER_S);
  again = engine_bench_wait (f->bench, is_raised_again, &after);
  g_assert_nonnull (again);
}

/* Archived: hidden with its parts; its node's records are kept all the same,
 * and are there when it comes back. */
static void
test_archive_restore (Fixture *f, const void *data)
{
  const WantedTwin  gone = { "fan", NULL, NULL, TRUE, 0 };
  const WantedTwin  part = { "fan-de", NULL, NULL, TRUE, 0 };
  const WantedTwin  back = { "fan", NULL, NULL, FALSE, 0 };
  const WantedTwin  with = { "fan-de", NULL, "fan", FALSE, 0 };
  const WantedValue next = { "fan", "current", 9, 0 };
  g_autoptr (TwinUpdate) first = NULL;
  g_autoptr (TwinUpdate) second = NULL;
  g_autoptr (TwinUpdate) third = NULL;
  g_autoptr (TwinUpdate) fourth = NULL;

  engine_bench_record (f->bench, "n-1", 0, "current", 7, T0);
  wait_value (f, &(WantedValue){ "fan", "current", 7, 0 });
  set_lifecycle (f, "fan", TWIN_LIFECYCLE_RETIRED);
  set_lifecycle (f, "fan", TWIN_LIFECYCLE_ARCHIVED);
  first = wait_twin (f, &gone);
  second = wait_twin (f, &part);
  engine_bench_record (f->bench, "n-1", 1, "current", 8, T0 + 1);

  twin_lock_acquire (&f->bench->lock);
  g_ptr_array_set_size (f->bench->updates, 0);
  twin_lock_release (&f->bench->lock);
  set_lifecycle (f, "fan", TWIN_LIFECYCLE_IN_SERVICE);
  third = wait_twin (f, &back);
  fourth = wait_twin (f, &with);
  engine_bench_record (f->bench, "n-1", 2, "current", 9, T0 + 2);
  wait_value (f, &next);
}

/* Planned: neither stale nor in alarm, whatever its node says. */
static void
test_planned (Fixture *f, const void *data)
{
  g_autoptr (TwinUpdate) shown = NULL;
  const WantedTwin wanted = { "fan", NULL, NULL, FALSE, 0 };
  int64_t          after;

  engine_bench_record (f->bench, "n-1", 0, "current", 7, T0);
  wait_state (f, "fan", TWIN_STATE_STALE, 0);
  after = twin_clock_utc_us ();
  set_lifecycle (f, "fan", TWIN_LIFECYCLE_PLANNED);
  shown = wait_twin (f, &wanted);
  wait_state (f, "fan", TWIN_STATE_UNKNOWN, after);
}

/* Edited while no engine ran: the alarm that was open is closed at start. */
static void
test_closed_at_start (Fixture *f, const void *data)
{
  overload (f, 0);
  engine_bench_stop (f->bench);
  set_lifecycle (f, "fan", TWIN_LIFECYCLE_RETIRED);
  engine_bench_start (f->bench);
  engine_bench_stop (f->bench);
  check_closed (f, "fan", "The machine was retired.");
}

/* A new model is known at once; one that is replaced makes all its twins new.
 */
static void
test_models (Fixture *f, const void *data)
{
  static const char text[] =
      "{\"@id\":\"dtmi:test:Valve;1\",\"@type\":\"Interface\","
      "\"@context\":\"dtmi:dtdl:context;2\",\"extends\":\"" MACHINE "\"}";
  const TwinStoreModel row = { "dtmi:test:Valve;1", text,
                               twin_clock_utc_us () };
  const WantedTwin     wanted = { "valve", NULL, NULL, FALSE, 0 };
  g_autoptr (TwinUpdate) update = NULL;
  g_autoptr (TwinModelSet) models = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (twin_store_begin (f->store, &error));
  g_assert_true (twin_store_put_model (f->store, &row, &error));
  make (f, "valve", "dtmi:test:Valve;1");
  g_assert_true (twin_store_commit (f->store, &error));
  update = wait_twin (f, &wanted);
  for (guint i = 0; i < update->items->len; i++)
    g_assert_cmpint (((TwinStructureItem *) g_ptr_array_index (update->items,
                                                               i))
                         ->kind,
                     ==, TWIN_KIND_MACHINE);
  models = twin_engine_ref_models (f->bench->engine);
  g_assert_nonnull (twin_model_set_lookup (models, "dtmi:test:Valve;1"));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, setup, func, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/engine/edits/tag", test_tag);
  ADD ("/engine/edits/logged", test_logged);
  ADD ("/engine/edits/create", test_create);
  ADD ("/engine/edits/ghost-keeps", test_ghost_keeps);
  ADD ("/engine/edits/move", test_move);
  ADD ("/engine/edits/swap", test_swap);
  ADD ("/engine/edits/delete", test_delete);
  ADD ("/engine/edits/retire-restore", test_retire_restore);
  ADD ("/engine/edits/archive-restore", test_archive_restore);
  ADD ("/engine/edits/planned", test_planned);
  ADD ("/engine/edits/closed-at-start", test_closed_at_start);
  ADD ("/engine/edits/models", test_models);
  return g_test_run ();
}
