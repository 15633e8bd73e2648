/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "fixture.h"
#include "twin-store-graph.h"
#include "twin-store-log.h"

static GError *failure; /* of the call before; checked by OK and FAILS */

#define E (g_clear_error (&failure), &failure)
#define OK(call)                                                               \
  G_STMT_START                                                                 \
  {                                                                            \
    gboolean done_ = (call);                                                   \
    g_assert_no_error (failure);                                               \
    g_assert_true (done_);                                                     \
  }                                                                            \
  G_STMT_END
#define FAILS(call, code)                                                      \
  G_STMT_START                                                                 \
  {                                                                            \
    g_assert_false (call);                                                     \
    g_assert_error (failure, TWIN_STORE_ERROR, code);                          \
    g_clear_error (&failure);                                                  \
  }                                                                            \
  G_STMT_END

static const TwinStoreTwin pump = { .id = "pump-3",
                                    .model = "dtmi:com:example:Pump;1",
                                    .display_name = "Pump 3",
                                    .lifecycle = "in service",
                                    .props = "{\"ratedSpeed\":1480}",
                                    .created_us = T0,
                                    .updated_us = T0 };

static void
test_twins (Fixture *f, const void *data)
{
  g_autoptr (TwinStoreTwin) read = NULL;
  g_autoptr (TwinStoreTwin) changed = NULL;
  g_autoptr (GPtrArray) all = NULL;
  TwinStoreTwin row = pump;

  OK (twin_store_put_twin (f->store, &row, "", E));
  FAILS (twin_store_put_twin (f->store, &row, "", E), TWIN_STORE_ERROR_EXISTS);
  read = twin_store_reader_get_twin (f->reader, "pump-3", E);
  g_assert_no_error (failure);
  g_assert_cmpstr (read->display_name, ==, "Pump 3");
  g_assert_cmpstr (read->props, ==, "{\"ratedSpeed\":1480}");
  g_assert_nonnull (read->etag);

  row.props = "{}";
  row.created_us = T0 + 5;
  FAILS (twin_store_put_twin (f->store, &row, "stale", E),
         TWIN_STORE_ERROR_CHANGED);
  OK (twin_store_put_twin (f->store, &row, read->etag, E));
  changed = twin_store_reader_get_twin (f->reader, "pump-3", E);
  g_assert_cmpstr (changed->props, ==, "{}");
  g_assert_cmpstr (changed->etag, !=, read->etag);
  g_assert_cmpint (changed->created_us, ==, T0);
  g_assert_cmpint (changed->updated_us, >, read->updated_us);

  row.id = "pump-10";
  FAILS (twin_store_put_twin (f->store, &row, "x", E),
         TWIN_STORE_ERROR_NOT_FOUND);
  OK (twin_store_put_twin (f->store, &row, NULL, E));
  all = twin_store_reader_list_twins (f->reader, E);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_null (twin_store_reader_get_twin (f->reader, "pump-4", E));
  g_assert_error (failure, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND);
}

static void
test_relationships (Fixture *f, const void *data)
{
  const TwinStoreModel  model = { "dtmi:com:example:Pump;1",
                                  "{\"@type\":\"Interface\"}", T0 };
  TwinStoreRelationship row = { .source = "line-2",
                                .id = "r1",
                                .name = "contains",
                                .target = "pump-3",
                                .props = "{}" };
  g_autoptr (GPtrArray) out = NULL;
  g_autoptr (GPtrArray) in = NULL;

  OK (twin_store_put_model (f->store, &model, E));
  OK (twin_store_put_twin (f->store, &pump, NULL, E));
  OK (twin_store_put_relationship (f->store, &row, NULL, E));
  row.name = "feeds";
  OK (twin_store_put_relationship (f->store, &row, NULL, E));
  out = twin_store_reader_list_relationships (f->reader, "line-2", E);
  g_assert_cmpuint (out->len, ==, 1);
  g_assert_cmpstr (((TwinStoreRelationship *) out->pdata[0])->name, ==,
                   "feeds");
  in = twin_store_reader_list_incoming (f->reader, "pump-3", E);
  g_assert_cmpuint (in->len, ==, 1);

  FAILS (twin_store_delete_twin (f->store, "pump-3", NULL, E),
         TWIN_STORE_ERROR_EXISTS);
  FAILS (twin_store_delete_model (f->store, model.dtmi, E),
         TWIN_STORE_ERROR_EXISTS);
  OK (twin_store_delete_relationship (f->store, "line-2", "r1", NULL, E));
  FAILS (twin_store_delete_relationship (f->store, "line-2", "r1", NULL, E),
         TWIN_STORE_ERROR_NOT_FOUND);
  OK (twin_store_delete_twin (f->store, "pump-3", NULL, E));
  OK (twin_store_delete_model (f->store, model.dtmi, E));
  FAILS (twin_store_delete_twin (f->store, "pump-3", NULL, E),
         TWIN_STORE_ERROR_NOT_FOUND);
}

/* All or nothing, and others see nothing of it before the end. */
static void
test_transaction (Fixture *f, const void *data)
{
  const int64_t before =
      twin_store_topic_version (f->store, TWIN_STORE_TOPIC_GRAPH);
  const int64_t seen = twin_store_reader_data_version (f->reader);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) one = NULL;

  OK (twin_store_begin (f->store, E));
  OK (twin_store_put_twin (f->store, &pump, NULL, E));
  none = twin_store_reader_list_twins (f->reader, E);
  g_assert_cmpuint (none->len, ==, 0);
  twin_store_rollback (f->store);
  g_assert_cmpint (twin_store_reader_data_version (f->reader), ==, seen);
  g_assert_cmpint (twin_store_topic_version (f->store, TWIN_STORE_TOPIC_GRAPH),
                   ==, before);

  OK (twin_store_begin (f->store, E));
  OK (twin_store_put_twin (f->store, &pump, NULL, E));
  OK (twin_store_commit (f->store, E));
  one = twin_store_reader_list_twins (f->reader, E);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpint (twin_store_reader_data_version (f->reader), !=, seen);
  g_assert_cmpint (twin_store_reader_topic_version (f->reader,
                                                    TWIN_STORE_TOPIC_GRAPH),
                   ==, before + 1);
}

static void
test_nodes (Fixture *f, const void *data)
{
  static const uint8_t ring[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
  static const uint8_t key[32] = { 42 };
  g_autoptr (GBytes) ring_bytes = g_bytes_new_static (ring, sizeof ring);
  g_autoptr (GBytes) key_bytes = g_bytes_new_static (key, sizeof key);
  const TwinStoreNode row = { .name = "n-0107",
                              .serial = "TN-0107",
                              .trust = "enrolled",
                              .key = key_bytes,
                              .enrolled = TRUE,
                              .ring = ring_bytes,
                              .epoch = 3,
                              .machine = "compressor-7",
                              .birth = "{}",
                              .last_seen_us = TWIN_TIME_NONE };
  g_autoptr (TwinStoreNode) read = NULL;

  OK (twin_store_put_node (f->store, &row, E));
  OK (twin_store_touch_node (f->store, "n-0107", "online", T0, E));
  FAILS (twin_store_touch_node (f->store, "n-9", "online", T0, E),
         TWIN_STORE_ERROR_NOT_FOUND);
  g_assert_cmpint (twin_store_next_counter (f->store, "n-0107", T0, E), ==, T0);
  g_assert_cmpint (twin_store_next_counter (f->store, "n-0107", T0, E), ==,
                   T0 + 1);
  g_assert_cmpint (twin_store_next_counter (f->store, "n-0107", T0 + 9, E), ==,
                   T0 + 9);
  g_assert_cmpint (twin_store_next_counter (f->store, "n-9", T0, E), ==, -1);

  read = twin_store_reader_get_node (f->reader, "n-0107", E);
  g_assert_no_error (failure);
  g_assert_true (g_bytes_equal (read->key, key_bytes));
  g_assert_true (g_bytes_equal (read->ring, ring_bytes));
  g_assert_cmpstr (read->status, ==, "online");
  g_assert_cmpint (read->last_seen_us, ==, T0);
  g_assert_cmpint (read->counter, ==, T0 + 9);
  g_assert_true (read->enrolled);
  OK (twin_store_delete_node (f->store, "n-0107", E));
  FAILS (twin_store_delete_node (f->store, "n-0107", E),
         TWIN_STORE_ERROR_NOT_FOUND);
}

/* The newest 8 live ones of each axis, every capture; told twice, kept once. */
static void
test_waveforms (Fixture *f, const void *data)
{
  static const int16_t samples[4] = { 1, -2, 3, -4 };
  g_autoptr (GBytes) bytes = g_bytes_new_static (samples, sizeof samples);
  g_autoptr (GPtrArray) live = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (TwinStoreWaveform) read = NULL;
  TwinStoreWaveform row = { .machine = "compressor-7",
                            .twin = "compressor-7-de",
                            .node = "n-0107",
                            .sensor = "de/acceleration",
                            .axis = "x",
                            .ring = "0102030405060708",
                            .epoch = 1,
                            .capture = -1,
                            .n = 4,
                            .rate_hz = 4000.5,
                            .scale = 0.001,
                            .unit = "m/s2",
                            .format = "i16",
                            .why = "live",
                            .data = bytes };
  int64_t           first = 0, again = 0;

  for (int i = 0; i < 20; i++)
    {
      row.n0 = i * 4;
      row.t0_us = T0 + i * SECOND;
      row.capture = i < 2 ? i : -1;
      OK (twin_store_add_waveform (f->store, &row, i == 0 ? &first : NULL, E));
    }
  row.axis = "y";
  OK (twin_store_add_waveform (f->store, &row, NULL, E));
  row.axis = "x";
  row.n0 = 0;
  row.capture = 0;
  OK (twin_store_add_waveform (f->store, &row, &again, E));
  g_assert_cmpint (again, ==, first);

  all = twin_store_reader_list_waveforms (f->reader, NULL, NULL, NULL, E);
  g_assert_cmpuint (all->len, ==, 2 + 8 + 1);
  live = twin_store_reader_list_waveforms (f->reader,
                                           &(TwinStoreSpan){
                                               .subject = "compressor-7",
                                               .from_us = T0 + 12 * SECOND,
                                               .to_us = T0 + 14 * SECOND },
                                           "de/acceleration", "x", E);
  g_assert_cmpuint (live->len, ==, 2);
  g_assert_null (((TwinStoreWaveform *) live->pdata[0])->data);
  g_assert_cmpint (((TwinStoreWaveform *) live->pdata[0])->n0, ==, 13 * 4);

  read = twin_store_reader_get_waveform (f->reader, first, E);
  g_assert_no_error (failure);
  g_assert_true (g_bytes_equal (read->data, bytes));
  g_assert_cmpfloat (read->rate_hz, ==, 4000.5);
}

static void
test_findings (Fixture *f, const void *data)
{
  g_autoptr (GPtrArray) diagnoses = NULL;
  g_autoptr (GPtrArray) health = NULL;
  g_autoptr (TwinStorePrediction) newest = NULL;
  const TwinStoreDiagnosis *last;

  for (int i = 0; i < 5; i++)
    {
      const TwinStoreDiagnosis diagnosis = { .machine = "compressor-7",
                                             .twin = "compressor-7-de",
                                             .sensor = "de/acceleration",
                                             .axis = "x",
                                             .time_us = T0 + i,
                                             .seconds = 8,
                                             .verdict = "outer",
                                             .z = 8.4 + i,
                                             .margin = NAN,
                                             .confirmed = TRUE,
                                             .detail = "{}" };
      const TwinStoreHealth index = { "compressor-7", T0 + i, i == 2 ? NAN : i,
                                      "rms" };
      const TwinStorePrediction prediction = { .machine = "compressor-7",
                                               .time_us = T0 + i,
                                               .p05_s = i,
                                               .p50_s = NAN,
                                               .onset_us = TWIN_TIME_NONE,
                                               .why = "not estimable" };

      OK (twin_store_add_diagnosis (f->store, &diagnosis, E));
      OK (twin_store_add_health (f->store, &index, E));
      OK (twin_store_add_prediction (f->store, &prediction, E));
    }

  diagnoses =
      twin_store_reader_list_diagnoses (f->reader,
                                        &(TwinStoreSpan){ .subject =
                                                              "compressor-7-de",
                                                          .limit = 3 },
                                        E);
  g_assert_cmpuint (diagnoses->len, ==, 3);
  last = g_ptr_array_index (diagnoses, 0);
  g_assert_cmpfloat (last->z, ==, 12.4);
  g_assert_true (isnan (last->margin));
  g_assert_true (last->confirmed);

  health = twin_store_reader_list_health (f->reader,
                                          &(TwinStoreSpan){ .subject =
                                                                "compressor-7",
                                                            .limit = 4 },
                                          E);
  g_assert_cmpuint (health->len, ==, 4);
  g_assert_cmpint (((TwinStoreHealth *) health->pdata[0])->time_us, ==, T0 + 1);
  g_assert_true (isnan (((TwinStoreHealth *) health->pdata[1])->index));

  newest = twin_store_reader_get_prediction (f->reader, "compressor-7", E);
  g_assert_cmpfloat (newest->p05_s, ==, 4);
  g_assert_cmpint (newest->onset_us, ==, TWIN_TIME_NONE);
  g_assert_null (twin_store_reader_get_prediction (f->reader, "pump-1", E));
}

static void
test_alarms (Fixture *f, const void *data)
{
  TwinStoreAlarm                 alarm = { .source = "pump-3-de",
                                           .condition = "temperature.high",
                                           .state = "unacknowledged",
                                           .active = TRUE,
                                           .priority = 2,
                                           .value = 94.2,
                                           .limit = 90,
                                           .unit = "Cel",
                                           .since_us = T0,
                                           .changed_us = T0,
                                           .shelved_until_us = TWIN_TIME_NONE };
  const TwinStoreAlarmTransition line = { .time_us = T0,
                                          .source = "pump-3-de",
                                          .condition = "temperature.high",
                                          .from_state = "normal",
                                          .to_state = "unacknowledged",
                                          .event = "raise",
                                          .priority = 2,
                                          .value = 94.2,
                                          .limit = 90 };
  g_autoptr (GPtrArray) alarms = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  const TwinStoreAlarm *read;

  OK (twin_store_put_alarm (f->store, &alarm, E));
  alarm.state = "acknowledged";
  alarm.acknowledged = TRUE;
  alarm.note = "Seen";
  OK (twin_store_put_alarm (f->store, &alarm, E));
  OK (twin_store_add_transition (f->store, &line, E));
  OK (twin_store_add_transition (f->store, &line, E));

  alarms = twin_store_reader_list_alarms (f->reader, E);
  g_assert_cmpuint (alarms->len, ==, 1);
  read = g_ptr_array_index (alarms, 0);
  g_assert_cmpstr (read->state, ==, "acknowledged");
  g_assert_cmpfloat (read->limit, ==, 90);
  g_assert_cmpint (read->shelved_until_us, ==, TWIN_TIME_NONE);
  lines = twin_store_reader_list_transitions (f->reader, NULL, E);
  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpint (((TwinStoreAlarmTransition *) lines->pdata[0])->id, >,
                   ((TwinStoreAlarmTransition *) lines->pdata[1])->id);
  OK (twin_store_delete_alarm (f->store, "pump-3-de", "temperature.high", E));
}

/* The audit is for ever: nothing of ours, nor a hand with SQL, takes from it.
 */
static void
test_journal (Fixture *f, const void *data)
{
  const TwinStoreJournal row = { .time_us = T0,
                                 .who = "m.weber",
                                 .kind = "edit",
                                 .subject = "pump-3",
                                 .text = "Changed the limit.",
                                 .before = "90",
                                 .after = "95" };
  const TwinStoreEvent   event = {
      .node = "n-0107", .kind = "boot", .time_us = T0, .arrival_us = T0
  };
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) events = NULL;

  OK (twin_store_add_journal (f->store, &row, E));
  OK (twin_store_add_event (f->store, &event, E));
  g_assert_false (
      twin_store_db_exec (&f->store->sql, "DELETE FROM journal", E));
  g_assert_nonnull (strstr (failure->message, "for ever"));
  g_assert_false (
      twin_store_db_exec (&f->store->sql, "UPDATE journal SET who = 'x'", E));
  lines = twin_store_reader_list_journal (f->reader,
                                          &(TwinStoreSpan){ .subject = "pump-3",
                                                            .kind = "edit" },
                                          E);
  g_assert_cmpuint (lines->len, ==, 1);
  g_assert_cmpstr (((TwinStoreJournal *) lines->pdata[0])->after, ==, "95");
  none =
      twin_store_reader_list_journal (f->reader,
                                      &(TwinStoreSpan){ .kind = "command" }, E);
  g_assert_cmpuint (none->len, ==, 0);
  events = twin_store_reader_list_events (f->reader,
                                          &(TwinStoreSpan){ .subject = "n-0107",
                                                            .kind = "boot" },
                                          E);
  g_assert_cmpuint (events->len, ==, 1);
}

static void
test_commands (Fixture *f, const void *data)
{
  TwinStoreCommand row = { .id = "00aa",
                           .node = "n-0107",
                           .twin = "compressor-7",
                           .name = "identify",
                           .arguments = "{}",
                           .who = "m.weber",
                           .counter = T0,
                           .issued_us = T0,
                           .not_after_us = T0 + SECOND,
                           .status = "sent",
                           .changed_us = T0 };
  g_autoptr (TwinStoreCommand) read = NULL;
  g_autoptr (GPtrArray) all = NULL;

  OK (twin_store_put_command (f->store, &row, E));
  row.status = "done";
  row.detail = "{\"ok\":true}";
  OK (twin_store_put_command (f->store, &row, E));
  read = twin_store_reader_get_command (f->reader, "00aa", E);
  g_assert_cmpstr (read->status, ==, "done");
  g_assert_cmpstr (read->detail, ==, "{\"ok\":true}");
  all = twin_store_reader_list_commands (f->reader,
                                         &(TwinStoreSpan){ .subject =
                                                               "compressor-7" },
                                         E);
  g_assert_cmpuint (all->len, ==, 1);
}

static void
test_desired (Fixture *f, const void *data)
{
  TwinStoreDesired row = { .node = "n-0107",
                           .version = 1,
                           .properties = "{\"summaryPeriodS\":60}",
                           .who = "m.weber",
                           .time_us = T0,
                           .reported_us = TWIN_TIME_NONE };
  g_autoptr (TwinStoreDesired) read = NULL;

  OK (twin_store_put_desired (f->store, &row, E));
  row.version = 2; /* written for 0, but 1 is there */
  FAILS (twin_store_put_desired (f->store, &row, E), TWIN_STORE_ERROR_CHANGED);
  row.base = 1;
  OK (twin_store_put_desired (f->store, &row, E));
  row.version = 1; /* going back is no way forward */
  FAILS (twin_store_put_desired (f->store, &row, E), TWIN_STORE_ERROR_CHANGED);

  row.version = 2;
  row.properties = "{\"other\":1}"; /* what was signed does not change */
  row.reported_us = T0 + SECOND;
  row.refused = "[]";
  OK (twin_store_put_desired (f->store, &row, E));
  read = twin_store_reader_get_desired (f->reader, "n-0107", E);
  g_assert_cmpint (read->version, ==, 2);
  g_assert_cmpint (read->base, ==, 1);
  g_assert_cmpint (read->reported_us, ==, T0 + SECOND);
  g_assert_cmpstr (read->properties, ==, "{\"summaryPeriodS\":60}");
}

static void
test_orders (Fixture *f, const void *data)
{
  TwinStoreOrder row = { .machine = "compressor-7",
                         .date = "2026-12-03",
                         .work = "Replace bearing",
                         .state = "requested",
                         .created_us = T0,
                         .closed_us = TWIN_TIME_NONE };
  g_autoptr (GPtrArray) orders = NULL;
  int64_t id = 0, same = 0;

  OK (twin_store_put_order (f->store, &row, &id, E));
  g_assert_cmpint (id, >, 0);
  row.id = id;
  row.state = "done";
  OK (twin_store_put_order (f->store, &row, &same, E));
  g_assert_cmpint (same, ==, id);
  row.id = 0;
  row.machine = "pump-1";
  OK (twin_store_put_order (f->store, &row, NULL, E));
  orders = twin_store_reader_list_orders (f->reader, "compressor-7", E);
  g_assert_cmpuint (orders->len, ==, 1);
  g_assert_cmpstr (((TwinStoreOrder *) orders->pdata[0])->state, ==, "done");
}

/* A journal: rows are added, read oldest first, and neither change nor go. */
static void
test_outcomes (Fixture *f, const void *data)
{
  const TwinStoreOutcome row = { .time_us = T0,
                                 .who = "m.weber",
                                 .machine = "compressor-7",
                                 .class_name = "dtmi:com:example:Compressor",
                                 .element = "outer",
                                 .verdict = "confirmed",
                                 .found = "outer",
                                 .note = "spalled",
                                 .order = "0123456789abcdef" };
  TwinStoreOutcome       undo = { .time_us = T0 + SECOND, .who = "a.koch" };
  g_autoptr (GPtrArray) rows = NULL;
  const TwinStoreOutcome *read;
  int64_t                 id = 0;

  OK (twin_store_add_outcome (f->store, &row, &id, E));
  g_assert_cmpint (id, >, 0);
  undo.undoes = id;
  OK (twin_store_add_outcome (f->store, &undo, &id, E));
  g_assert_cmpint (id, >, undo.undoes);

  rows = twin_store_reader_list_outcomes (f->reader, E);
  g_assert_cmpuint (rows->len, ==, 2);
  read = rows->pdata[0];
  g_assert_cmpstr (read->class_name, ==, row.class_name);
  g_assert_cmpstr (read->note, ==, "spalled");
  g_assert_cmpstr (read->order, ==, row.order);
  g_assert_cmpint (read->undoes, ==, 0);
  read = rows->pdata[1];
  g_assert_cmpint (read->undoes, ==, undo.undoes);
  g_assert_null (read->element);
}

/* An editor asks, the engine beside it answers, a crash between repeats it. */
static void
test_outbox (Fixture *f, const void *data)
{
  const TwinStoreRequest ask = {
    .kind = "acknowledge", .arguments = "{}", .who = "m.weber", .time_us = T0
  };
  g_autoptr (TwinStore) editor = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) taken = NULL;
  g_autoptr (GPtrArray) nothing = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (TwinStoreRequest) answer = NULL;
  int64_t id = 0, version;

  editor = twin_store_open (f->path, TWIN_STORE_EDITOR, E);
  g_assert_no_error (failure);
  version = twin_store_data_version (f->store);
  none = twin_store_take_requests (f->store, FALSE, E);
  g_assert_cmpuint (none->len, ==, 0);

  OK (twin_store_post_request (editor, &ask, &id, E));
  g_assert_cmpint (twin_store_data_version (f->store), !=, version);
  taken = twin_store_take_requests (f->store, FALSE, E);
  g_assert_cmpuint (taken->len, ==, 1);
  g_assert_cmpint (((TwinStoreRequest *) taken->pdata[0])->id, ==, id);
  nothing = twin_store_take_requests (f->store, FALSE, E);
  g_assert_cmpuint (nothing->len, ==, 0);
  again = twin_store_take_requests (f->store, TRUE, E);
  g_assert_cmpuint (again->len, ==, 1);

  OK (twin_store_answer_request (f->store, id, "done", "{}", T0 + SECOND, E));
  answer = twin_store_reader_get_request (f->reader, id, E);
  g_assert_cmpstr (answer->state, ==, "done");
  g_assert_cmpint (answer->answered_us, ==, T0 + SECOND);
  FAILS (twin_store_answer_request (f->store, 99, "done", NULL, T0, E),
         TWIN_STORE_ERROR_NOT_FOUND);
}

static void
test_settings_and_status (Fixture *f, const void *data)
{
  g_autofree char *value = NULL;
  g_autofree char *gone = NULL;
  g_autofree char *plant = NULL;
  g_autoptr (TwinStoreStatus) status = NULL;

  g_assert_null (twin_store_reader_get_status (f->reader, E));
  g_assert_error (failure, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND);
  OK (twin_store_put_status (f->store, "{\"lag\":1}", T0, E));
  OK (twin_store_put_status (f->store, "{\"lag\":2}", T0 + 1, E));
  status = twin_store_reader_get_status (f->reader, E);
  g_assert_cmpstr (status->json, ==, "{\"lag\":2}");
  g_assert_cmpint (status->time_us, ==, T0 + 1);

  OK (twin_store_set_setting (f->store, "broker", "mqtt://a", E));
  OK (twin_store_set_setting (f->store, "broker", "mqtt://b", E));
  value = twin_store_reader_get_setting (f->reader, "broker", E);
  g_assert_cmpstr (value, ==, "mqtt://b");
  OK (twin_store_set_setting (f->store, "broker", NULL, E));
  gone = twin_store_reader_get_setting (f->reader, "broker", E);
  g_assert_null (gone);
  g_assert_no_error (failure);

  OK (twin_store_set_plant (f->store, "northfield", E));
  OK (twin_store_set_plant (f->store, "northfield", E));
  FAILS (twin_store_set_plant (f->store, "southfield", E),
         TWIN_STORE_ERROR_CHANGED);
  plant = twin_store_reader_get_plant (f->reader, E);
  g_assert_cmpstr (plant, ==, "northfield");
}

/* A whole transaction that SQLite undid by itself cannot be gone on with. */
static void
test_full_inside_a_transaction (Fixture *f, const void *data)
{
  g_autofree char *long_text = g_strnfill (400000, 'x');
  TwinStoreTwin    big = pump;
  g_autoptr (GPtrArray) none = NULL;
  int64_t pages = 0;

  twin_store_db_get_int (&f->store->sql, NULL, &pages, "PRAGMA page_count", "");
  twin_store_limit_pages (f->store, pages + 20);
  big.props = long_text;
  OK (twin_store_begin (f->store, E));
  OK (twin_store_put_twin (f->store, &pump, NULL, E));
  big.id = "pump-4";
  FAILS (twin_store_put_twin (f->store, &big, NULL, E), TWIN_STORE_ERROR_FULL);
  big.props = "{}";
  big.id = "pump-5";
  if (twin_store_put_twin (f->store, &big, NULL, E))
    twin_store_rollback (f->store);
  else
    FAILS (twin_store_commit (f->store, E), TWIN_STORE_ERROR_WRITE);
  none = twin_store_reader_list_twins (f->reader, E);
  g_assert_cmpuint (none->len, ==, 0);
  g_clear_error (&failure);
}

/* One view over several calls. */
static void
test_snapshot (Fixture *f, const void *data)
{
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) one = NULL;

  OK (twin_store_reader_begin (f->reader, E));
  OK (twin_store_put_twin (f->store, &pump, NULL, E));
  none = twin_store_reader_list_twins (f->reader, E);
  g_assert_cmpuint (none->len, ==, 0);
  twin_store_reader_end (f->reader);
  one = twin_store_reader_list_twins (f->reader, E);
  g_assert_cmpuint (one->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/rows/twins", test_twins);
  ADD ("/store/rows/relationships", test_relationships);
  ADD ("/store/rows/transaction", test_transaction);
  ADD ("/store/rows/nodes", test_nodes);
  ADD ("/store/rows/waveforms", test_waveforms);
  ADD ("/store/rows/findings", test_findings);
  ADD ("/store/rows/alarms", test_alarms);
  ADD ("/store/rows/journal", test_journal);
  ADD ("/store/rows/commands", test_commands);
  ADD ("/store/rows/desired", test_desired);
  ADD ("/store/rows/orders", test_orders);
  ADD ("/store/rows/outcomes", test_outcomes);
  ADD ("/store/rows/outbox", test_outbox);
  ADD ("/store/rows/settings-and-status", test_settings_and_status);
  ADD ("/store/rows/full-inside-a-transaction", test_full_inside_a_transaction);
  ADD ("/store/rows/snapshot", test_snapshot);
  return g_test_run ();
}
