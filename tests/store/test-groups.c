/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <string.h>

#include "fixture.h"
#include "twin-store-groups.h"

static const TwinStoreGroup pumps = { .name = "Pumps of line 2",
                                      .members = "[\"pump-1\",\"pump-2\"]",
                                      .tier = "thresholds",
                                      .note = "the old ones" };

static void
test_listed (Fixture *f, const void *data)
{
  const int64_t topic =
      twin_store_topic_version (f->store, TWIN_STORE_TOPIC_GRAPH);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreGroup) group = NULL;
  g_autoptr (GPtrArray) members = NULL;
  TwinStoreGroup row = pumps;

  g_assert_true (twin_store_put_group (f->store, &pumps, T0, &error));
  /* What a running engine looks at. */
  g_assert_cmpint (twin_store_reader_topic_version (f->reader,
                                                    TWIN_STORE_TOPIC_GRAPH),
                   ==, topic + 1);
  group = twin_store_reader_get_group (f->reader, pumps.name, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (group->tier, ==, "thresholds");
  g_assert_cmpstr (group->note, ==, "the old ones");
  g_assert_cmpint (group->updated_us, ==, T0);
  g_assert_null (group->query);
  members = twin_store_group_list_members (group, &error);
  g_assert_cmpuint (members->len, ==, 2);
  g_assert_cmpstr (members->pdata[1], ==, "pump-2");

  row.members = NULL;
  row.query = "SELECT * FROM DIGITALTWINS";
  g_assert_true (twin_store_put_group (f->store, &row, T0 + 1, &error));
  g_clear_pointer (&group, twin_store_group_free);
  group = twin_store_reader_get_group (f->reader, pumps.name, &error);
  g_assert_null (group->members);
  g_clear_pointer (&members, g_ptr_array_unref);
  members = twin_store_group_list_members (group, &error);
  g_assert_cmpuint (members->len, ==, 0);

  g_assert_true (twin_store_delete_group (f->store, pumps.name, &error));
  g_assert_false (twin_store_delete_group (f->store, pumps.name, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND);
}

static void
test_refused (Fixture *f, const void *data)
{
  g_autofree char *long_name = g_strnfill (65, 'x');
  const struct
  {
    TwinStoreGroup row;
    const char    *word;
  } cases[] = {
    { { .name = "", .members = "[]" }, "1 to 64 characters" },
    { { .name = "a\nb", .members = "[]" }, "control character" },
    { { .name = "\xff", .members = "[]" }, "1 to 64 characters" },
    { { .name = long_name, .members = "[]" }, "1 to 64 characters" },
    { { .name = "a" }, "either a query or a list" },
    { { .name = "a", .members = "[]", .query = "SELECT" }, "either a query" },
    { { .name = "a", .members = "[]", .tier = "half" }, "“half”" },
    { { .name = "a", .members = "{}" }, "JSON array" },
    { { .name = "a", .members = "[1]" }, "JSON array" },
    { { .name = "a", .members = "[null]" }, "JSON array" },
    { { .name = "a", .members = "[[\"x\"]]" }, "JSON array" },
    { { .name = "a", .members = "[\"no good\"]" }, "JSON array" },
    { { .name = "a", .members = "[\"x\"" }, "JSON array" },
  };
  g_autoptr (GPtrArray) groups = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
          twin_store_put_group (f->store, &cases[i].row, T0, &error));
      g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE);
      g_assert_nonnull (strstr (error->message, cases[i].word));
    }
  groups = twin_store_reader_list_groups (f->reader, NULL);
  g_assert_cmpuint (groups->len, ==, 0);
}

/* A row that a stranger's hand has spoilt is named, not believed. */
static void
test_spoilt (Fixture *f, const void *data)
{
  const TwinStoreGroup row = { .name = "a", .members = "[7]" };
  g_autoptr (GError) error = NULL;

  g_assert_null (twin_store_group_list_members (&row, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "“a”"));
}

static void
test_saved_queries (Fixture *f, const void *data)
{
  const TwinStoreSavedQuery row = { .name = "hot",
                                    .query = "SELECT * FROM DIGITALTWINS",
                                    .note = "daily",
                                    .who = "anna" };
  TwinStoreSavedQuery       nameless = row;
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreSavedQuery) back = NULL;
  g_autoptr (GPtrArray) all = NULL;

  g_assert_true (twin_store_put_saved_query (f->store, &row, T0, &error));
  g_assert_true (twin_store_put_saved_query (f->store, &row, T0 + 1, &error));
  all = twin_store_reader_list_saved_queries (f->reader, &error);
  g_assert_cmpuint (all->len, ==, 1);
  back = twin_store_reader_get_saved_query (f->reader, "hot", &error);
  g_assert_cmpstr (back->who, ==, "anna");
  g_assert_cmpint (back->updated_us, ==, T0 + 1);

  nameless.name = "";
  g_assert_false (twin_store_put_saved_query (f->store, &nameless, T0, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_WRITE);
  g_clear_error (&error);
  g_assert_true (twin_store_delete_saved_query (f->store, "hot", &error));
  g_assert_null (twin_store_reader_get_saved_query (f->reader, "hot", &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/groups/listed", test_listed);
  ADD ("/store/groups/refused", test_refused);
  ADD ("/store/groups/spoilt", test_spoilt);
  ADD ("/store/groups/saved-queries", test_saved_queries);
  return g_test_run ();
}
