/* SPDX-License-Identifier: Apache-2.0 */
/* test-changes.c - versions of the graph and the changes that made them */
#include <locale.h>
#include <string.h>

#include "fixture.h"
#include "twin-store-changes.h"
#include "twin-store-graph.h"
#include "twin-store-twins.h"

static int64_t
count (Fixture *f, const char *sql)
{
  g_autoptr (GError) error = NULL;
  int64_t n = -1;

  g_assert_true (twin_store_db_get_int (&f->store->sql, &error, &n, sql, ""));
  g_assert_no_error (error);
  return n;
}

static void
begin (Fixture *f, const char *text, int64_t now_us)
{
  g_autoptr (GError) error = NULL;

  twin_store_begin (f->store, &error);
  g_assert_no_error (error);
  twin_store_begin_change (f->store, "anna", "edit", text, now_us, &error);
  g_assert_no_error (error);
}

static void
commit (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  twin_store_commit (f->store, &error);
  g_assert_no_error (error);
}

static void
put (Fixture *f, const char *id, const char *props)
{
  g_autoptr (GError) error = NULL;
  const TwinStoreTwin row = { .id = id,
                              .model = "dtmi:com:example:Pump;1",
                              .lifecycle = "in service",
                              .props = props,
                              .created_us = TWIN_TIME_NONE };

  twin_store_put_twin (f->store, &row, NULL, &error);
  g_assert_no_error (error);
}

static void
relate (Fixture *f, const char *id, const char *target)
{
  g_autoptr (GError) error = NULL;
  const TwinStoreRelationship row = {
    .source = "line-1", .id = id, .name = "contains", .target = target
  };

  twin_store_put_relationship (f->store, &row, NULL, &error);
  g_assert_no_error (error);
}

static void
test_keeps_what_is_replaced (Fixture *f, const void *data)
{
  int64_t first;

  begin (f, "made", T0);
  put (f, "pump-3", "{\"a\":1}");
  put (f, "line-1", "{}");
  relate (f, "r1", "pump-3");
  commit (f);
  first = twin_store_get_change (f->store);
  g_assert_cmpint (count (f, "SELECT count (*) FROM twin_past"), ==, 0);

  begin (f, "changed", T0 + 5);
  put (f, "pump-3", "{\"a\":2}");
  put (f, "pump-3", "{\"a\":3}");
  relate (f, "r1", "line-1");
  commit (f);
  g_assert_cmpint (twin_store_get_change (f->store), ==, first + 1);

  /* One version a change, however often it put. */
  g_assert_cmpint (count (f, "SELECT count (*) FROM twin_past"), ==, 1);
  g_assert_cmpint (count (f, "SELECT json_extract (props, '$.a')"
                             " FROM twin_past WHERE id = 'pump-3'"),
                   ==, 1);
  g_assert_cmpint (count (f, "SELECT updated_us FROM twin_past"), ==, T0);
  g_assert_cmpint (count (f, "SELECT ended_us FROM twin_past"), ==, T0 + 5);
  g_assert_cmpint (count (f, "SELECT ended FROM twin_past"), ==, first + 1);
  g_assert_cmpint (count (f, "SELECT created_us FROM twin"
                             " WHERE id = 'pump-3'"),
                   ==, T0);
  g_assert_cmpint (count (f, "SELECT count (*) FROM relationship_past"
                             " WHERE target = 'pump-3' AND ended = 2"),
                   ==, 1);
  g_assert_cmpint (count (f, "SELECT count (*) FROM change"
                             " WHERE who = 'anna' AND kind = 'edit'"),
                   ==, 2);
}

static void
test_keeps_what_is_deleted (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;

  begin (f, "made", T0);
  put (f, "pump-3", "{\"a\":1}");
  commit (f);

  begin (f, "changed and deleted", T0 + 5);
  put (f, "pump-3", "{\"a\":2}");
  g_assert_true (twin_store_delete_twin (f->store, "pump-3", NULL, &error));
  commit (f);
  g_assert_cmpint (count (f, "SELECT count (*) FROM twin"), ==, 0);
  g_assert_cmpint (count (f, "SELECT count (*) FROM twin_past"), ==, 1);
  g_assert_cmpint (count (f, "SELECT json_extract (props, '$.a')"
                             " FROM twin_past"),
                   ==, 1);

  g_assert_false (
      twin_store_db_exec (&f->store->sql, "DELETE FROM twin_past", &error));
  g_clear_error (&error);
  g_assert_false (
      twin_store_db_exec (&f->store->sql, "DELETE FROM change", &error));
}

static void
test_nothing_new (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) props = json_from_string ("{\"a\":1}", NULL);
  g_autoptr (TwinTwin) twin =
      twin_twin_new ("pump-3", "dtmi:com:example:Pump;1", props);
  g_autofree char *etag = NULL;
  int64_t          topic;

  g_assert_true (twin_store_save_twin (f->store, twin, "", &error));
  etag = g_strdup (twin->etag);
  topic = twin_store_topic_version (f->store, TWIN_STORE_TOPIC_GRAPH);

  begin (f, "the same again", T0);
  g_assert_true (twin_store_save_twin (f->store, twin, etag, &error));
  commit (f);
  g_assert_cmpstr (twin->etag, ==, etag);
  g_assert_cmpint (twin_store_get_change (f->store), ==, 0);
  g_assert_cmpint (count (f, "SELECT count (*) FROM change"), ==, 1);
  g_assert_cmpint (twin_store_topic_version (f->store, TWIN_STORE_TOPIC_GRAPH),
                   ==, topic);

  g_assert_false (twin_store_save_twin (f->store, twin, "other", &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED);
}

static void
test_clock_goes_back (Fixture *f, const void *data)
{
  begin (f, "first", T0);
  put (f, "pump-3", "{\"a\":1}");
  commit (f);
  begin (f, "a day earlier", T0 - 86400 * SECOND);
  put (f, "pump-3", "{\"a\":2}");
  commit (f);
  g_assert_cmpint (count (f, "SELECT time_us FROM change WHERE id = 2"), ==,
                   T0 + 1);
  g_assert_cmpint (count (f, "SELECT updated_us FROM twin"), ==, T0 + 1);
}

static void
test_rolled_back (Fixture *f, const void *data)
{
  begin (f, "lost", T0);
  put (f, "pump-3", "{\"a\":1}");
  twin_store_rollback (f->store);
  g_assert_cmpint (count (f, "SELECT count (*) FROM change"), ==, 0);

  begin (f, "kept", T0);
  put (f, "pump-3", "{\"a\":1}");
  commit (f);
  g_assert_cmpint (twin_store_get_change (f->store), ==, 1);
}

/* An engine's batch may hold several edits: a change each. */
static void
test_two_in_one_transaction (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;

  begin (f, "first", T0);
  put (f, "pump-3", "{\"a\":1}");
  g_assert_true (
      twin_store_begin_change (f->store, NULL, "edit", "idle", T0, &error));
  g_assert_true (
      twin_store_begin_change (f->store, "otto", "edit", "second", T0, &error));
  put (f, "pump-3", "{\"a\":2}");
  commit (f);
  g_assert_cmpint (count (f, "SELECT count (*) FROM change"), ==, 2);
  g_assert_cmpint (count (f, "SELECT count (*) FROM change WHERE who = 'otto'"
                             " AND time_us = 1 + (SELECT time_us FROM change"
                             " WHERE who = 'anna')"),
                   ==, 1);
  g_assert_cmpint (count (f, "SELECT ended - change FROM twin_past"), ==, 1);
}

/* A full disk is a sentence; nothing of the edit stays, the next one works. */
static void
test_full (Fixture *f, const void *data)
{
  g_autofree char *long_text = g_strnfill (400000, 'x');
  g_autofree char *long_props = g_strdup_printf ("{\"a\":\"%s\"}", long_text);
  g_autoptr (GError) error = NULL;
  TwinStoreTwin row = { .id = "pump-3",
                        .model = "dtmi:com:example:Pump;1",
                        .lifecycle = "in service" };

  begin (f, "made", T0);
  put (f, "pump-3", "{\"a\":1}");
  commit (f);

  twin_store_limit_pages (f->store, count (f, "PRAGMA page_count") + 20);
  begin (f, "too much", T0 + 1);
  put (f, "pump-4", "{}");
  row.props = long_props;
  g_assert_false (twin_store_put_twin (f->store, &row, NULL, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_FULL);
  g_assert_nonnull (strstr (error->message, "make room"));
  twin_store_rollback (f->store);
  g_assert_cmpint (count (f, "SELECT count (*) FROM change"), ==, 1);
  g_assert_cmpint (count (f, "SELECT count (*) FROM twin"), ==, 1);
  g_assert_cmpint (count (f, "SELECT count (*) FROM twin_past"), ==, 0);

  twin_store_limit_pages (f->store, 1000000);
  begin (f, "room again", T0 + 2);
  put (f, "pump-3", long_props);
  commit (f);
  g_assert_cmpint (twin_store_get_change (f->store), ==, 2);
  g_assert_cmpint (count (f, "SELECT count (*) FROM twin_past"), ==, 1);
}

static void
test_words (Fixture *f, const void *data)
{
  const TwinStoreTwin row = { .id = "pump-3",
                              .model = "dtmi:com:example:Pump;1",
                              .lifecycle = "asleep",
                              .props = "{}" };
  g_autoptr (GError) error = NULL;

  g_assert_false (twin_store_put_twin (f->store, &row, NULL, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE);
  g_assert_nonnull (strstr (error->message, "asleep"));
  g_assert_cmpint (count (f, "SELECT count (*) FROM twin"), ==, 0);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/changes/keeps-what-is-replaced", test_keeps_what_is_replaced);
  ADD ("/store/changes/keeps-what-is-deleted", test_keeps_what_is_deleted);
  ADD ("/store/changes/nothing-new", test_nothing_new);
  ADD ("/store/changes/clock-goes-back", test_clock_goes_back);
  ADD ("/store/changes/rolled-back", test_rolled_back);
  ADD ("/store/changes/two-in-one-transaction", test_two_in_one_transaction);
  ADD ("/store/changes/full", test_full);
  ADD ("/store/changes/words", test_words);
  return g_test_run ();
}
