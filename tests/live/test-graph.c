/* SPDX-License-Identifier: Apache-2.0 */
/* The graph asked and edited through a session, as a window does it. */
#include <glib/gstdio.h>
#include <string.h>

#include "twin-live-graph.h"

#define MODEL "dtmi:com:example:twin:Machine;1"

static const char graph[] =
    "{\"digitalTwinsFileInfo\":{\"fileVersion\":\"1.0.0\"},"
    "\"digitalTwinsModels\":[{\"@id\":\"" MODEL "\",\"@type\":\"Interface\","
    "\"@context\":\"dtmi:dtdl:context;2\",\"displayName\":\"A machine\","
    "\"contents\":[{\"@type\":\"Property\",\"name\":\"ratedCurrent\","
    "\"schema\":\"double\"},{\"@type\":\"Relationship\","
    "\"name\":\"feeds\"}]}],\"digitalTwinsGraph\":{\"digitalTwins\":["
    "{\"$dtId\":\"a\",\"$metadata\":{\"$model\":\"" MODEL "\"},"
    "\"ratedCurrent\":1},"
    "{\"$dtId\":\"b\",\"$metadata\":{\"$model\":\"" MODEL "\"},"
    "\"ratedCurrent\":2},"
    "{\"$dtId\":\"c\",\"$metadata\":{\"$model\":\"" MODEL "\"},"
    "\"ratedCurrent\":3}],\"relationships\":[{\"$relationshipId\":\"r\","
    "\"$sourceId\":\"a\",\"$targetId\":\"b\",\"$relationshipName\":\"feeds\"}]"
    "}}";

typedef struct
{
  char            *folder;
  TwinLiveSession *session;
  GAsyncResult    *result;
} Fixture;

static void
take (GObject *source, GAsyncResult *result, void *data)
{
  ((Fixture *) data)->result = g_object_ref (result);
}

/* Iterates until the call that was begun is answered. */
static GAsyncResult *
await (Fixture *f)
{
  while (f->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_steal_pointer (&f->result);
}

static TwinEdited *
edit (Fixture        *f,
      const TwinEdit *what,
      TwinConflict  **conflict,
      GPtrArray     **refusals,
      GError        **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  twin_live_session_edit_async (f->session, what, NULL, take, f);
  result = await (f);
  return twin_live_session_edit_finish (f->session, result, conflict, refusals,
                                        error);
}

static TwinEdited *
edited (Fixture *f, const TwinEdit *what)
{
  g_autoptr (GError) error = NULL;
  TwinEdited *done = edit (f, what, NULL, NULL, &error);

  g_assert_no_error (error);
  return done;
}

static TwinTwinItem *
load_at (Fixture *f, const char *id, int64_t at_us)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  TwinTwinItem *item;

  twin_live_session_load_twin_at_async (f->session, id, at_us, NULL, take, f);
  result = await (f);
  item = twin_live_session_load_twin_at_finish (f->session, result, &error);
  g_assert_no_error (error);
  return item;
}

static void
setup (Fixture *f, const void *data)
{
  g_autofree char *store = NULL;
  g_autofree char *files =
      g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"), "data", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinEdited) import = NULL;
  TwinLiveSettings settings = { .plant = "works",
                                .operator_name = "ada",
                                .data_dir = files };

  f->folder = g_dir_make_tmp ("twin-live-XXXXXX", NULL);
  store = g_build_filename (f->folder, "plant.db", NULL);
  settings.store_path = store;
  settings.key_dir = f->folder;
  twin_live_session_open_async (&settings, NULL, take, f);
  result = await (f);
  f->session = twin_live_session_open_finish (result, &error);
  g_assert_no_error (error);
  import = edited (f, &(TwinEdit){ .kind = TWIN_EDIT_IMPORT,
                                   .json = graph,
                                   .name = "graph.json" });
}

static void
teardown (Fixture *f, const void *data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  twin_live_session_close_async (f->session, take, f);
  result = await (f);
  twin_live_session_close_finish (f->session, result);
  g_clear_object (&f->session);
  dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
}

/* --- tests
 * ----------------------------------------------------------------------- */

static void
test_query (Fixture *f, const void *data)
{
  TwinLiveQuestion question = {
    .text = "SELECT T.$dtId AS id FROM DIGITALTWINS T "
            "WHERE T.ratedCurrent >= @least ORDER BY T.$dtId",
    .parameters = "{\"least\":1}",
    .page = 2,
  };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GAsyncResult) third = NULL;
  g_autoptr (TwinLiveRows) rows = NULL;
  g_autoptr (TwinLiveRows) rest = NULL;
  g_autoptr (GError) error = NULL;
  guint line, column;

  twin_live_session_query_async (f->session, &question, NULL, take, f);
  result = await (f);
  rows = twin_live_session_query_finish (f->session, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (rows->rows), ==, 2);
  g_assert_nonnull (rows->cursor);

  question.cursor = rows->cursor;
  twin_live_session_query_async (f->session, &question, NULL, take, f);
  second = await (f);
  rest = twin_live_session_query_finish (f->session, second, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (rest->rows), ==, 1);
  g_assert_cmpstr (rest->rows[0], ==, "{\"id\":\"c\"}");
  g_assert_null (rest->cursor);

  question = (TwinLiveQuestion){ .text = "SELECT\n  * FORM DIGITALTWINS" };
  twin_live_session_query_async (f->session, &question, NULL, take, f);
  third = await (f);
  g_assert_null (twin_live_session_query_finish (f->session, third, &error));
  g_assert_true (twin_live_query_place (error, &line, &column));
  g_assert_cmpuint (line, ==, 2);
  g_assert_cmpuint (column, ==, 5);
}

static void
test_cancelled (Fixture *f, const void *data)
{
  const TwinLiveQuestion question = { .text = "SELECT * FROM DIGITALTWINS" };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  twin_live_session_query_async (f->session, &question, cancellable, take, f);
  result = await (f);
  g_assert_null (twin_live_session_query_finish (f->session, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* What is edited is on the plant the window shows, and its past can be seen. */
static void
test_edit_shown (Fixture *f, const void *data)
{
  const char *const add[] = { "roof", NULL };
  TwinLivePlant    *plant = twin_live_session_get_plant (f->session);
  g_autoptr (TwinTwinItem) before = load_at (f, "a", TWIN_TIME_NONE);
  g_autoptr (TwinTwinItem) after = NULL;
  g_autoptr (TwinTwinItem) then = NULL;
  g_autoptr (TwinEdited) tagged = NULL;

  while (twin_live_plant_find (plant, "a") == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (before->outgoing->len, ==, 1);
  g_assert_cmpuint (before->incoming->len, ==, 0);

  tagged = edited (f, &(TwinEdit){ .kind = TWIN_EDIT_TAG_TWIN,
                                   .id = "a",
                                   .if_etag = before->etag,
                                   .add = add });
  while (
      twin_live_item_get_plant_item (twin_live_plant_find (plant, "a"))->tags ==
      NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpstr (twin_live_item_get_plant_item (
                       twin_live_plant_find (plant, "a"))
                       ->etag,
                   ==, tagged->etag);
  after = load_at (f, "a", TWIN_TIME_NONE);
  g_assert_cmpstr (after->tags[0], ==, "roof");
  then = load_at (f, "a", before->updated_us);
  g_assert_cmpuint (g_strv_length (then->tags), ==, 0);
}

static void
test_made_and_gone (Fixture *f, const void *data)
{
  TwinLivePlant *plant = twin_live_session_get_plant (f->session);
  g_autoptr (TwinEdited) made = NULL;
  g_autoptr (TwinEdited) gone = NULL;
  g_autoptr (TwinEdited) back = NULL;

  made = edited (f, &(TwinEdit){ .kind = TWIN_EDIT_CREATE_TWIN,
                                 .id = "d",
                                 .model = MODEL });
  while (twin_live_plant_find (plant, "d") == NULL)
    g_main_context_iteration (NULL, TRUE);
  gone = edited (f, &(TwinEdit){ .kind = TWIN_EDIT_DELETE_TWIN, .id = "d" });
  while (twin_live_plant_find (plant, "d") != NULL)
    g_main_context_iteration (NULL, TRUE);
  back =
      edited (f, &(TwinEdit){ .kind = TWIN_EDIT_UNDO, .change = gone->change });
  while (twin_live_plant_find (plant, "d") == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_conflict (Fixture *f, const void *data)
{
  g_autoptr (TwinTwinItem) seen = load_at (f, "a", TWIN_TIME_NONE);
  const TwinEdit set = { .kind = TWIN_EDIT_SET_PROPERTY,
                         .id = "a",
                         .name = "/ratedCurrent",
                         .json = "7",
                         .if_etag = seen->etag };
  g_autoptr (TwinEdited) first = edited (f, &set);
  g_autoptr (TwinConflict) conflict = NULL;
  g_autoptr (GError) error = NULL;
  TwinEdit second = set;

  second.json = "8";
  g_assert_null (edit (f, &second, &conflict, NULL, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (conflict);
  g_assert_nonnull (strstr (conflict->theirs, "7"));
  g_assert_cmpstr (conflict->etag, ==, first->etag);
}

static void
test_refusals (Fixture *f, const void *data)
{
  g_autoptr (GPtrArray) refusals = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (edit (f,
                       &(TwinEdit){ .kind = TWIN_EDIT_IMPORT,
                                    .json = "[{\"@id\":\"dtmi:x;1\"}]",
                                    .name = "bad.json" },
                       NULL, &refusals, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "bad.json"));
}

static GPtrArray *
finish_list (Fixture *f)
{
  g_autoptr (GAsyncResult) result = await (f);
  g_autoptr (GError) error = NULL;
  GPtrArray *items = twin_live_session_list_finish (f->session, result, &error);

  g_assert_no_error (error);
  return items;
}

static void
test_lists (Fixture *f, const void *data)
{
  const char *const members[] = { "a", "b", NULL };
  g_autoptr (TwinEdited) group =
      edited (f, &(TwinEdit){ .kind = TWIN_EDIT_PUT_GROUP,
                              .id = "pair",
                              .members = members,
                              .tier = "thresholds" });
  g_autoptr (TwinEdited) query =
      edited (f, &(TwinEdit){ .kind = TWIN_EDIT_PUT_QUERY,
                              .id = "all",
                              .query = "SELECT * FROM DIGITALTWINS" });
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GPtrArray) groups = NULL;
  g_autoptr (GPtrArray) queries = NULL;
  g_autoptr (GPtrArray) models = NULL;
  const TwinModelItem *model;

  twin_live_session_list_changes_async (f->session, "a", 0, 0, 0, NULL, take,
                                        f);
  changes = finish_list (f);
  g_assert_cmpuint (changes->len, ==, 1);
  g_assert_cmpstr (((TwinChangeItem *) changes->pdata[0])->who, ==, "ada");

  twin_live_session_list_groups_async (f->session, NULL, take, f);
  groups = finish_list (f);
  g_assert_cmpuint (groups->len, ==, 1);
  g_assert_cmpstr (((TwinGroupItem *) groups->pdata[0])->members[1], ==, "b");

  twin_live_session_list_saved_queries_async (f->session, NULL, take, f);
  queries = finish_list (f);
  g_assert_cmpstr (((TwinSavedQueryItem *) queries->pdata[0])->who, ==, "ada");

  twin_live_session_list_models_async (f->session, NULL, take, f);
  models = finish_list (f);
  g_assert_cmpuint (models->len, ==, 1);
  model = models->pdata[0];
  g_assert_cmpstr (model->name, ==, "A machine");
  g_assert_cmpuint (model->twins, ==, 3);
  g_assert_cmpuint (model->version, ==, 2);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, setup, func, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/live/graph/query", test_query);
  ADD ("/live/graph/cancelled", test_cancelled);
  ADD ("/live/graph/edit-is-shown", test_edit_shown);
  ADD ("/live/graph/made-and-gone", test_made_and_gone);
  ADD ("/live/graph/conflict", test_conflict);
  ADD ("/live/graph/refusals", test_refusals);
  ADD ("/live/graph/lists", test_lists);
  return g_test_run ();
}
