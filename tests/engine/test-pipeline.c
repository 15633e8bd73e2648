/* SPDX-License-Identifier: Apache-2.0 */
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

typedef struct
{
  const char *twin, *path;
  double      value;
} Wanted;

static const TwinValueItem *
find_value (const TwinUpdate *update, const char *twin, const char *path)
{
  for (guint i = 0;
       update->kind == TWIN_UPDATE_VALUES && i < update->items->len; i++)
    {
      const TwinValueItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->twin, twin) == 0 && strcmp (item->path, path) == 0)
        return item;
    }

  return NULL;
}

static gboolean
has_value (const TwinUpdate *update, const void *data)
{
  const Wanted        *wanted = data;
  const TwinValueItem *item = find_value (update, wanted->twin, wanted->path);

  return item != NULL && item->value == wanted->value;
}

static guint
count_samples (EngineBench *bench, const char *twin, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader =
      twin_store_reader_open (bench->store, &error);
  const TwinStoreHistoryQuery query = {
    .twin = twin, .path = path, .from_us = 0, .to_us = INT64_MAX
  };
  g_autoptr (TwinStoreHistory) history = NULL;

  g_assert_no_error (error);
  history = twin_store_reader_get_history (reader, &query, &error);
  if (g_error_matches (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND))
    return 0;
  g_assert_no_error (error);
  return history->points->len;
}

static void
test_once (EngineBench **bench, const void *data)
{
  const Wanted wanted = { "fan", "current", 8.5 };
  g_autoptr (TwinUpdate) update = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  TwinStoreCounts counts;

  engine_bench_record (*bench, "n-1", 0, "current", 7.5, T0);
  engine_bench_record (*bench, "n-1", 0, "current", 7.5, T0);
  engine_bench_record (*bench, "n-1", 1, "current", 8.5, T0 + 1);
  update = engine_bench_wait (*bench, has_value, &wanted);
  g_assert_nonnull (update);
  g_assert_cmpstr (find_value (update, "fan", "current")->unit, ==, "A");
  g_assert_false (find_value (update, "fan", "current")->undeclared);
  /* Without a link nothing looks live. */
  g_assert_true (find_value (update, "fan", "current")->stale);

  /* The same numbers, other bytes: kept, told, not applied. */
  engine_bench_record (*bench, "n-1", 1, "current", 9.5, T0 + 1);
  engine_bench_stop (*bench);
  g_assert_cmpuint (count_samples (*bench, "fan", "current"), ==, 2);
  reader = twin_store_reader_open ((*bench)->store, NULL);
  g_assert_true (twin_store_reader_get_counts (reader, NULL, &counts, NULL));
  g_assert_cmpuint (counts.records, ==, 2);
  g_assert_cmpuint (counts.conflicts, ==, 1);
}

/* What was published can be read by another connection at that moment. */
static void
test_published_is_stored (EngineBench **bench, const void *data)
{
  for (uint64_t i = 0; i < 20; i++)
    {
      const Wanted wanted = { "fan", "current", (double) i };
      g_autoptr (TwinUpdate) update = NULL;

      engine_bench_record (*bench, "n-1", i, "current", (double) i,
                           T0 + (int64_t) i);
      update = engine_bench_wait (*bench, has_value, &wanted);
      g_assert_nonnull (update);
      g_assert_cmpuint (count_samples (*bench, "fan", "current"), >=, i + 1);
    }
}

static void
test_replay_is_history (EngineBench **bench, const void *data)
{
  const Wanted newest = { "fan", "current", 5 };
  const Wanted other = { "fan-de", "temperature", 50 };
  g_autoptr (TwinUpdate) update = NULL;
  g_autoptr (TwinUpdate) later = NULL;
  const TwinValueItem *item;

  engine_bench_record (*bench, "n-1", 1, "current", 5, T0 + 10);
  update = engine_bench_wait (*bench, has_value, &newest);
  g_assert_nonnull (update);

  /* An older record comes late: stored, but it does not turn the value back. */
  engine_bench_record (*bench, "n-1", 0, "current", 4, T0);
  engine_bench_record (*bench, "n-1", 2, "de/temperature", 50, T0 + 20);
  later = engine_bench_wait (*bench, has_value, &other);
  g_assert_nonnull (later);
  item = find_value (later, "fan", "current");
  g_assert_true (item == NULL || item->value == 5);
  engine_bench_stop (*bench);
  g_assert_cmpuint (count_samples (*bench, "fan", "current"), ==, 2);
}

static gboolean
is_ghost (const TwinUpdate *update, const void *data)
{
  for (guint i = 0; update->kind == TWIN_UPDATE_NODES && i < update->items->len;
       i++)
    {
      const TwinNodeItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->name, data) == 0 && item->twin == NULL &&
          item->signals[0] != NULL)
        return TRUE;
    }

  return FALSE;
}

/* A node without a twin: kept under what it claims, shown nowhere. */
static void
test_ghost (EngineBench **bench, const void *data)
{
  const Wanted wanted = { "fan", "current", 3 };
  g_autoptr (TwinUpdate) nodes = NULL;
  g_autoptr (TwinUpdate) update = NULL;

  engine_bench_birth (*bench, "n-9", "pump");
  engine_bench_record (*bench, "n-9", 0, "current", 1, T0);
  nodes = engine_bench_wait (*bench, is_ghost, "n-9");
  g_assert_nonnull (nodes);
  engine_bench_record (*bench, "n-1", 0, "current", 3, T0);
  update = engine_bench_wait (*bench, has_value, &wanted);
  g_assert_nonnull (update);
  g_assert_null (find_value (update, "pump", "current"));
  engine_bench_stop (*bench);
  g_assert_cmpuint (count_samples (*bench, "pump", "current"), ==, 1);
}

/* Two nodes claim one machine: the first goes on, the second is a ghost. */
static void
test_claim (EngineBench **bench, const void *data)
{
  const Wanted wanted = { "fan", "current", 3 };
  g_autoptr (TwinUpdate) nodes = NULL;
  g_autoptr (TwinUpdate) update = NULL;

  engine_bench_birth (*bench, "n-2", "fan");
  engine_bench_record (*bench, "n-2", 0, "current", 666, T0);
  nodes = engine_bench_wait (*bench, is_ghost, "n-2");
  g_assert_nonnull (nodes);
  engine_bench_record (*bench, "n-1", 0, "current", 3, T0);
  update = engine_bench_wait (*bench, has_value, &wanted);
  g_assert_nonnull (update);
  engine_bench_stop (*bench);
  g_assert_cmpuint (count_samples (*bench, "fan", "current"), ==, 1);
  g_assert_cmpuint (count_samples (*bench, "@n-2", "current"), ==, 1);
}

typedef struct
{
  const char *id;
  gboolean    active;
} WantedAlarm;

static gboolean
has_alarm (const TwinUpdate *update, const void *data)
{
  const WantedAlarm *wanted = data;

  for (guint i = 0;
       update->kind == TWIN_UPDATE_ALARMS && i < update->items->len; i++)
    {
      const TwinAlarmItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->id, wanted->id) == 0 && item->active == wanted->active)
        return TRUE;
    }

  return FALSE;
}

/* The claim is an alarm until one of the two is gone. */
static void
test_claim_ends (EngineBench **bench, const void *data)
{
  const WantedAlarm raised = { "fan/identity.claim", TRUE };
  const WantedAlarm returned = { "fan/identity.claim", FALSE };
  const Wanted      wanted = { "fan", "current", 7 };
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr (TwinUpdate) first = NULL;
  g_autoptr (TwinUpdate) last = NULL;
  g_autoptr (TwinUpdate) value = NULL;

  engine_bench_birth (*bench, "n-2", "fan");
  first = engine_bench_wait (*bench, has_alarm, &raised);
  g_assert_nonnull (first);
  engine_bench_feed (*bench, "twin/1/works/n-1/birth", nothing);
  last = engine_bench_wait (*bench, has_alarm, &returned);
  g_assert_nonnull (last);
  engine_bench_record (*bench, "n-2", 0, "current", 7, T0);
  value = engine_bench_wait (*bench, has_value, &wanted);
  g_assert_nonnull (value);
}

/* What was known before is there after a restart, and is old. */
static void
test_restart (EngineBench **bench, const void *data)
{
  const Wanted wanted = { "fan", "current", 4 };
  g_autoptr (TwinUpdate) before = NULL;
  g_autoptr (TwinUpdate) after = NULL;

  engine_bench_record (*bench, "n-1", 0, "current", 4, T0);
  before = engine_bench_wait (*bench, has_value, &wanted);
  g_assert_nonnull (before);
  engine_bench_stop (*bench);
  g_ptr_array_set_size ((*bench)->updates, 0);

  engine_bench_start (*bench);
  after = engine_bench_wait (*bench, has_value, &wanted);
  g_assert_nonnull (after);
  g_assert_true (find_value (after, "fan", "current")->stale);
  g_assert_cmpint (find_value (after, "fan", "current")->source_us, ==, T0);

  /* Known already: not stored again. */
  engine_bench_record (*bench, "n-1", 0, "current", 4, T0);
  engine_bench_stop (*bench);
  g_assert_cmpuint (count_samples (*bench, "fan", "current"), ==, 1);
}

static gboolean
is_overload (const TwinUpdate *update, const void *data)
{
  for (guint i = 0;
       update->kind == TWIN_UPDATE_ALARMS && i < update->items->len; i++)
    {
      const TwinAlarmItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->id, "fan/current.high") == 0 && item->active)
        return TRUE;
    }

  return FALSE;
}

static void
test_overload (EngineBench **bench, const void *data)
{
  g_autoptr (TwinUpdate) alarm = NULL;
  g_autoptr (TwinUpdate) wrong = NULL;

  /* Rated 10 A: 10.9 is not over 110 %, 11.5 is, once it lasts. */
  for (int i = 0; i < 10; i++)
    engine_bench_record (*bench, "n-1", (uint64_t) i, "current", 10.9,
                         T0 + i * TWIN_US_PER_S);
  for (int i = 10; i < 20; i++)
    engine_bench_record (*bench, "n-1", (uint64_t) i, "current", 11.5,
                         T0 + i * TWIN_US_PER_S);

  alarm = engine_bench_wait (*bench, is_overload, NULL);
  g_assert_nonnull (alarm);
  g_assert_cmpint (((TwinAlarmItem *) g_ptr_array_index (alarm->items, 0))
                       ->since_us,
                   >=, T0 + 10 * TWIN_US_PER_S);
}

static gboolean
is_failed (const TwinUpdate *update, const void *data)
{
  return update->kind == TWIN_UPDATE_REQUEST &&
         update->request->id == *(const uint64_t *) data &&
         update->request->stage == TWIN_REQUEST_FAILED;
}

static void
test_refusals (EngineBench **bench, const void *data)
{
  TwinEngine *engine = (*bench)->engine;
  const struct
  {
    uint64_t    id;
    const char *text;
  } cases[] = {
    { twin_engine_command (engine, "nobody", "identify", "{}", "me"),
      "There is no twin “nobody”." },
    { twin_engine_command (engine, "fan", "identify", "{\"seconds\":3}", "me"),
      "This console's key is not enrolled at node n-1; commission it with its "
      "one-time token." },
    { twin_engine_acknowledge (engine, "fan", NULL, "me"),
      "“fan” names no alarm; it is twin/condition." },
    { twin_engine_import (engine, "{\"no\":\"graph\"}", "bad.json", "me"),
      NULL },
    { twin_engine_import (engine, "{", "bad.json", "me"), NULL },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TwinUpdate) update =
          engine_bench_wait (*bench, is_failed, &cases[i].id);

      g_assert_nonnull (update);
      g_assert_cmpstr (update->request->text, !=, "");
      if (cases[i].text != NULL)
        g_assert_cmpstr (update->request->text, ==, cases[i].text);
    }
}

static void
test_hostile (EngineBench **bench, const void *data)
{
  static const char *const channels[] = { "birth",    "status", "telemetry",
                                          "event",    "ring",   "waveform",
                                          "reported", "result", "enrolled",
                                          "desired" };
  const Wanted             wanted = { "fan", "current", 2 };
  g_autoptr (TwinUpdate) update = NULL;
  g_autoptr (GRand) dice = g_rand_new_with_seed (1);

  for (int round = 0; round < 200; round++)
    {
      for (size_t c = 0; c < G_N_ELEMENTS (channels); c++)
        {
          uint8_t bytes[64];
          gsize   size = (gsize) g_rand_int_range (dice, 0, sizeof bytes);
          g_autoptr (GBytes) payload = NULL;
          g_autofree char *topic =
              g_strdup_printf ("twin/1/works/n-1/%s", channels[c]);

          for (gsize i = 0; i < size; i++)
            bytes[i] = (uint8_t) g_rand_int_range (dice, 0, 256);
          payload = g_bytes_new (bytes, size);
          engine_bench_feed (*bench, topic, payload);
        }
    }

  engine_bench_record (*bench, "n-1", 0, "current", 2, T0);
  engine_bench_birth (*bench, "n-1", "fan");
  engine_bench_record (*bench, "n-1", 1, "current", 2, T0 + 1);
  update = engine_bench_wait (*bench, has_value, &wanted);
  g_assert_nonnull (update);
}

static gboolean
is_done (const TwinUpdate *update, const void *data)
{
  return update->kind == TWIN_UPDATE_REQUEST &&
         update->request->id == *(const uint64_t *) data &&
         update->request->stage == TWIN_REQUEST_DONE;
}

static gboolean
has_place (const TwinUpdate *update, const void *data)
{
  if (update->kind != TWIN_UPDATE_PLANT && update->kind != TWIN_UPDATE_TWINS)
    return FALSE;

  for (guint i = 0; i < update->items->len; i++)
    {
      const TwinStructureItem *item = g_ptr_array_index (update->items, i);

      if (strcmp (item->id, data) == 0 && g_strcmp0 (item->node, "n-9") == 0)
        return TRUE;
    }

  return FALSE;
}

/* Models come before their graph, as one array of what the files hold. */
static void
test_models_alone (EngineBench **bench, const void *data)
{
  static const char text[] =
      "[{\"@id\":\"dtmi:test:Valve;1\",\"@type\":\"Interface\","
      "\"@context\":\"dtmi:dtdl:context;2\",\"extends\":"
      "\"dtmi:test:Fitting;1\"},[{\"@id\":\"dtmi:test:Fitting;1\","
      "\"@type\":\"Interface\",\"@context\":\"dtmi:dtdl:context;2\"}]]";
  uint64_t id = twin_engine_import ((*bench)->engine, text, "models", "me");
  g_autoptr (TwinUpdate) done = engine_bench_wait (*bench, is_done, &id);
  g_autoptr (TwinModelSet) models = twin_engine_ref_models ((*bench)->engine);

  g_assert_nonnull (done);
  g_assert_nonnull (twin_model_set_lookup (models, "dtmi:test:Valve;1"));
  g_assert_nonnull (twin_model_set_lookup (models, "dtmi:test:Fitting;1"));
}

/* A ghost becomes a machine of another name than it claims, with its part;
 * what follows is shown, and holds after a restart. */
static void
test_commission (EngineBench **bench, const void *data)
{
  const TwinCommission what = { .node = "n-9",
                                .twin = "blower",
                                .display_name = "Blower",
                                .model = "dtmi:com:example:twin:Machine;1",
                                .bearing = "6205-2RS JEM" };
  const Wanted         part = { "blower-de", "temperature", 40 };
  const Wanted         again = { "blower-de", "temperature", 41 };
  g_autoptr (TwinUpdate) ghost = NULL;
  g_autoptr (TwinUpdate) done = NULL;
  g_autoptr (TwinUpdate) plant = NULL;
  g_autoptr (TwinUpdate) value = NULL;
  g_autoptr (TwinUpdate) later = NULL;
  g_autofree char *binding = NULL;
  g_autoptr (GError) error = NULL;
  uint64_t id;

  engine_bench_birth (*bench, "n-9", "pump");
  engine_bench_record (*bench, "n-9", 0, "de/temperature", 39, T0);
  ghost = engine_bench_wait (*bench, is_ghost, "n-9");
  g_assert_nonnull (ghost);

  id = twin_engine_commission ((*bench)->engine, &what, "tester");
  done = engine_bench_wait (*bench, is_done, &id);
  g_assert_nonnull (done);
  plant = engine_bench_wait (*bench, has_place, "blower-de");
  g_assert_nonnull (plant);
  engine_bench_record (*bench, "n-9", 1, "de/temperature", 40, T0 + 1);
  value = engine_bench_wait (*bench, has_value, &part);
  g_assert_nonnull (value);
  g_assert_false (find_value (value, "blower-de", "temperature")->undeclared);

  engine_bench_stop (*bench);
  engine_bench_start (*bench);
  binding = twin_engine_describe_binding ((*bench)->engine, "n-9", what.model,
                                          &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (binding, "\"pump-de\""));
  engine_bench_birth (*bench, "n-9", "pump");
  engine_bench_record (*bench, "n-9", 2, "de/temperature", 41, T0 + 2);
  later = engine_bench_wait (*bench, has_value, &again);
  g_assert_nonnull (later);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                        \
  g_test_add ("/engine/" path, EngineBench *, NULL, setup, func, teardown)
  ADD ("a-record-is-stored-once", test_once);
  ADD ("what-is-published-is-stored", test_published_is_stored);
  ADD ("a-replay-is-history", test_replay_is_history);
  ADD ("a-ghost-is-kept-apart", test_ghost);
  ADD ("two-nodes-claim-a-machine", test_claim);
  ADD ("a-claim-ends-with-one-of-them", test_claim_ends);
  ADD ("a-restart-forgets-nothing", test_restart);
  ADD ("an-overload-raises-an-alarm", test_overload);
  ADD ("refusals-are-sentences", test_refusals);
  ADD ("models-come-alone", test_models_alone);
  ADD ("a-ghost-is-commissioned", test_commission);
  ADD ("hostile-bytes-change-nothing", test_hostile);
  return g_test_run ();
}
