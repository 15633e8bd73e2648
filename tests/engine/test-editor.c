/* SPDX-License-Identifier: Apache-2.0 */
/* Edits of the graph on a store, without an engine. */
#include <glib/gstdio.h>
#include <string.h>

#include "twin-editor.h"
#include "twin-store-changes.h"
#include "twin-store-groups.h"
#include "twin-store-twins.h"
#include "twin-twin.h"

#define MODEL "dtmi:test:Fan;1"
#define NEWER "dtmi:test:Fan;2"

static const char models[] =
    "[{\"@id\":\"" MODEL "\",\"@type\":\"Interface\","
    "\"@context\":\"dtmi:dtdl:context;2\",\"contents\":["
    "{\"@type\":\"Property\",\"name\":\"speed\",\"schema\":\"double\"},"
    "{\"@type\":\"Property\",\"name\":\"colour\",\"schema\":\"string\"},"
    "{\"@type\":\"Relationship\",\"name\":\"feeds\",\"target\":\"" MODEL "\","
    "\"maxMultiplicity\":1,\"properties\":[{\"@type\":\"Property\","
    "\"name\":\"since\",\"schema\":\"date\"}]}]},"
    "{\"@id\":\"" NEWER "\",\"@type\":\"Interface\","
    "\"@context\":\"dtmi:dtdl:context;2\",\"contents\":["
    "{\"@type\":\"Property\",\"name\":\"speed\",\"schema\":\"double\"},"
    "{\"@type\":\"Property\",\"name\":\"blades\",\"schema\":\"integer\"},"
    "{\"@type\":\"Relationship\",\"name\":\"feeds\"}]}]";

typedef struct
{
  char       *folder, *path;
  TwinEditor *editor;
} Fixture;

static TwinEdited *
done (Fixture *f, const TwinEdit *edit)
{
  g_autoptr (GError) error = NULL;
  TwinEdited *edited = twin_editor_apply (f->editor, edit, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (edited);
  return edited;
}

static void
just_do (Fixture *f, const TwinEdit *edit)
{
  g_autoptr (TwinEdited) edited = done (f, edit);

  g_assert_cmpstr (edited->text, !=, "");
}

/* The edit is refused and leaves nothing behind; the message has @text. */
static void
check_refused (Fixture *f, const TwinEdit *edit, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) before =
      twin_store_reader_list_changes (twin_editor_get_reader (f->editor), NULL,
                                      0, 0, 0, NULL);
  g_autoptr (GPtrArray) after = NULL;
  TwinEdited *edited = twin_editor_apply (f->editor, edit, NULL, NULL, &error);

  g_assert_null (edited);
  g_assert_nonnull (error);
  if (strstr (error->message, text) == NULL)
    g_error ("“%s” does not say “%s”", error->message, text);
  after = twin_store_reader_list_changes (twin_editor_get_reader (f->editor),
                                          NULL, 0, 0, 0, NULL);
  g_assert_cmpuint (after->len, ==, before->len);
}

static TwinTwin *
load (Fixture *f, const char *id)
{
  return twin_store_reader_load_twin (twin_editor_get_reader (f->editor), id,
                                      NULL);
}

static void
create (Fixture *f, const char *id)
{
  just_do (f, &(TwinEdit){ .kind = TWIN_EDIT_CREATE_TWIN,
                           .id = id,
                           .model = MODEL,
                           .json = "{\"speed\":1,\"colour\":\"red\"}" });
}

static void
relate (Fixture *f, const char *source, const char *target)
{
  just_do (f, &(TwinEdit){ .kind = TWIN_EDIT_CREATE_RELATIONSHIP,
                           .id = source,
                           .relationship = "r",
                           .name = "feeds",
                           .target = target });
}

static void
setup (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("twin-editor-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "plant.db", NULL);
  f->editor = twin_editor_open (f->path, "ada", NULL, &error);
  g_assert_no_error (error);
  just_do (f, &(TwinEdit){ .kind = TWIN_EDIT_IMPORT,
                           .json = models,
                           .name = "models.json" });
  create (f, "a");
  create (f, "b");
}

static void
teardown (Fixture *f, const void *data)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  twin_editor_close (f->editor);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->path);
}

/* --- tests
 * ----------------------------------------------------------------------- */

static void
test_patch (Fixture *f, const void *data)
{
  const TwinEdit patch = {
    .kind = TWIN_EDIT_PATCH_TWIN,
    .id = "a",
    .json = "[{\"op\":\"test\",\"path\":\"/speed\",\"value\":1},"
            "{\"op\":\"replace\",\"path\":\"/speed\",\"value\":2},"
            "{\"op\":\"remove\",\"path\":\"/colour\"}]",
  };
  g_autoptr (TwinTwin) before = load (f, "a");
  g_autoptr (TwinEdited) edited = done (f, &patch);
  g_autoptr (TwinTwin) after = load (f, "a");
  g_autoptr (TwinStoreChange) change =
      twin_store_reader_get_change (twin_editor_get_reader (f->editor),
                                    edited->change, NULL);

  g_assert_cmpstr (edited->etag, ==, after->etag);
  g_assert_cmpstr (before->etag, !=, after->etag);
  g_assert_cmpfloat (json_node_get_double (twin_twin_get (after, "/speed")), ==,
                     2);
  g_assert_null (twin_twin_get (after, "/colour"));
  g_assert_cmpstr (change->who, ==, "ada");
  g_assert_cmpstr (change->kind, ==, "patch");

  check_refused (f, &patch, "test");
  check_refused (f,
                 &(TwinEdit){ .kind = TWIN_EDIT_SET_PROPERTY,
                              .id = "a",
                              .name = "/speed",
                              .json = "\"fast\"" },
                 "speed");
  check_refused (f,
                 &(TwinEdit){ .kind = TWIN_EDIT_SET_PROPERTY,
                              .id = "a",
                              .name = "/wings",
                              .json = "2" },
                 "wings");
  check_refused (f,
                 &(TwinEdit){ .kind = TWIN_EDIT_SET_PROPERTY,
                              .id = "nobody",
                              .name = "/speed",
                              .json = "2" },
                 "nobody");
}

/* Who comes second is told what the first did, and nothing is lost. */
static void
test_conflict (Fixture *f, const void *data)
{
  g_autoptr (TwinTwin) seen = load (f, "a");
  const TwinEdit first = { .kind = TWIN_EDIT_SET_PROPERTY,
                           .id = "a",
                           .name = "/speed",
                           .json = "5",
                           .if_etag = seen->etag };
  const TwinEdit second = { .kind = TWIN_EDIT_SET_PROPERTY,
                            .id = "a",
                            .name = "/colour",
                            .json = "\"blue\"",
                            .if_etag = seen->etag };
  TwinEdit       again = second;
  g_autoptr (TwinConflict) conflict = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinTwin) now = NULL;
  g_autofree char *etag = NULL;

  just_do (f, &first);
  g_assert_null (
      twin_editor_apply (f->editor, &second, &conflict, NULL, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED);
  g_assert_nonnull (conflict);
  g_assert_nonnull (strstr (conflict->base, "\"speed\":1"));
  g_assert_nonnull (strstr (conflict->theirs, "\"speed\":5"));
  g_assert_nonnull (strstr (conflict->mine, "\"colour\":\"blue\""));
  g_assert_cmpstr (conflict->who, ==, "ada");
  g_assert_cmpint (conflict->time_us, !=, TWIN_TIME_NONE);

  again.if_etag = conflict->etag;
  just_do (f, &again);
  now = load (f, "a");
  g_assert_cmpfloat (json_node_get_double (twin_twin_get (now, "/speed")), ==,
                     5);
  g_assert_cmpstr (json_node_get_string (twin_twin_get (now, "/colour")), ==,
                   "blue");
}

/* Who edits what another deleted is told so. */
static void
test_conflict_deleted (Fixture *f, const void *data)
{
  g_autoptr (TwinTwin) seen = load (f, "a");
  const TwinEdit late = { .kind = TWIN_EDIT_DELETE_TWIN,
                          .id = "a",
                          .if_etag = "another" };

  check_refused (f, &late, "changed by somebody else");
  just_do (f, &(TwinEdit){ .kind = TWIN_EDIT_DELETE_TWIN,
                           .id = "a",
                           .if_etag = seen->etag });
  check_refused (f, &late, "a");
}

static void
test_lifecycle (Fixture *f, const void *data)
{
  g_autoptr (TwinTwin) twin = NULL;

  just_do (f, &(TwinEdit){ .kind = TWIN_EDIT_SET_LIFECYCLE,
                           .id = "a",
                           .name = "retired" });
  twin = load (f, "a");
  g_assert_cmpint (twin->lifecycle, ==, TWIN_LIFECYCLE_RETIRED);
  check_refused (f,
                 &(TwinEdit){ .kind = TWIN_EDIT_SET_LIFECYCLE,
                              .id = "a",
                              .name = "planned" },
                 "retired");
  check_refused (f,
                 &(TwinEdit){ .kind = TWIN_EDIT_SET_LIFECYCLE,
                              .id = "a",
                              .name = "lost" },
                 "“lost” is no state");
}

static void
test_tags (Fixture *f, const void *data)
{
  const char *const add[] = { "roof", "loud", NULL };
  const char *const remove[] = { "roof", NULL };
  g_autoptr (TwinTwin) twin = NULL;

  just_do (f, &(TwinEdit){ .kind = TWIN_EDIT_TAG_TWIN, .id = "a", .add = add });
  just_do (f, &(TwinEdit){
                  .kind = TWIN_EDIT_TAG_TWIN, .id = "a", .remove = remove });
  twin = load (f, "a");
  g_assert_cmpuint (g_strv_length (twin->tags), ==, 1);
  g_assert_cmpstr (twin->tags[0], ==, "loud");
}

static void
test_relationships (Fixture *f, const void *data)
{
  const TwinEdit patch = {
    .kind = TWIN_EDIT_PATCH_RELATIONSHIP,
    .id = "a",
    .relationship = "r",
    .json = "[{\"op\":\"add\",\"path\":\"/since\",\"value\":\"2026-05-01\"}]",
  };

  relate (f, "a", "b");
  just_do (f, &patch);
  check_refused (f,
                 &(TwinEdit){ .kind = TWIN_EDIT_CREATE_RELATIONSHIP,
                              .id = "a",
                              .relationship = "r",
                              .name = "feeds",
                              .target = "b" },
                 "r");
  create (f, "c");
  check_refused (f,
                 &(TwinEdit){ .kind = TWIN_EDIT_CREATE_RELATIONSHIP,
                              .id = "a",
                              .relationship = "r2",
                              .name = "feeds",
                              .target = "c" },
                 "feeds");
  check_refused (f,
                 &(TwinEdit){ .kind = TWIN_EDIT_CREATE_RELATIONSHIP,
                              .id = "b",
                              .relationship = "r",
                              .name = "heats",
                              .target = "a" },
                 "heats");
  check_refused (f,
                 &(TwinEdit){ .kind = TWIN_EDIT_CREATE_RELATIONSHIP,
                              .id = "b",
                              .relationship = "r",
                              .name = "feeds",
                              .target = "nobody" },
                 "nobody");
  check_refused (f, &(TwinEdit){ .kind = TWIN_EDIT_DELETE_TWIN, .id = "b" },
                 "relationships");
  just_do (f, &(TwinEdit){ .kind = TWIN_EDIT_DELETE_RELATIONSHIP,
                           .id = "a",
                           .relationship = "r" });
  just_do (f, &(TwinEdit){ .kind = TWIN_EDIT_DELETE_TWIN, .id = "b" });
}

/* A twin goes with its relationships in one change, and so it comes back. */
static void
test_cascade_undo (Fixture *f, const void *data)
{
  g_autoptr (TwinEdited) gone = NULL;
  g_autoptr (TwinTwin) back = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  TwinEdit undo = { .kind = TWIN_EDIT_UNDO };

  relate (f, "a", "b");
  gone =
      done (f, &(TwinEdit){
                   .kind = TWIN_EDIT_DELETE_TWIN, .id = "b", .cascade = TRUE });
  g_assert_null (load (f, "b"));
  undo.change = gone->change;
  just_do (f, &undo);
  back = load (f, "b");
  g_assert_nonnull (back);
  rows = twin_store_reader_list_incoming (twin_editor_get_reader (f->editor),
                                          "b", NULL);
  g_assert_cmpuint (rows->len, ==, 1);
  check_refused (f, &(TwinEdit){ .kind = TWIN_EDIT_UNDO, .change = 9999 },
                 "9999");
}

static void
test_groups (Fixture *f, const void *data)
{
  const char *const members[] = { "a", "b", NULL };
  const char *const wrong[] = { "a", "nobody", NULL };
  g_autoptr (GPtrArray) groups = NULL;
  g_autoptr (GPtrArray) queries = NULL;

  just_do (f, &(TwinEdit){ .kind = TWIN_EDIT_PUT_GROUP,
                           .id = "both",
                           .members = members,
                           .tier = "thresholds" });
  just_do (f, &(TwinEdit){ .kind = TWIN_EDIT_PUT_GROUP,
                           .id = "fast",
                           .query = "SELECT * FROM DIGITALTWINS T "
                                    "WHERE T.speed > 3" });
  check_refused (f,
                 &(TwinEdit){
                     .kind = TWIN_EDIT_PUT_GROUP, .id = "x", .members = wrong },
                 "nobody");
  check_refused (f,
                 &(TwinEdit){ .kind = TWIN_EDIT_PUT_GROUP,
                              .id = "x",
                              .query = "SELECT T.speed FROM DIGITALTWINS T" },
                 "whole twins");
  check_refused (f,
                 &(TwinEdit){ .kind = TWIN_EDIT_PUT_QUERY,
                              .id = "x",
                              .query = "SELECT FROM" },
                 "column");
  just_do (f, &(TwinEdit){ .kind = TWIN_EDIT_PUT_QUERY,
                           .id = "all",
                           .query = "SELECT * FROM DIGITALTWINS" });
  groups =
      twin_store_reader_list_groups (twin_editor_get_reader (f->editor), NULL);
  g_assert_cmpuint (groups->len, ==, 2);
  just_do (f, &(TwinEdit){ .kind = TWIN_EDIT_DELETE_GROUP, .id = "fast" });
  just_do (f, &(TwinEdit){ .kind = TWIN_EDIT_DELETE_QUERY, .id = "all" });
  check_refused (f, &(TwinEdit){ .kind = TWIN_EDIT_DELETE_GROUP, .id = "fast" },
                 "fast");
  queries =
      twin_store_reader_list_saved_queries (twin_editor_get_reader (f->editor),
                                            NULL);
  g_assert_cmpuint (queries->len, ==, 0);
}

/* Every refused line is named; nothing of the file stays. */
static void
test_import_refused (Fixture *f, const void *data)
{
  static const char graph[] =
      "{\"digitalTwinsFileInfo\":{\"fileVersion\":\"1.0.0\"},"
      "\"digitalTwinsModels\":[],\"digitalTwinsGraph\":{\"digitalTwins\":["
      "{\"$dtId\":\"c\",\"$metadata\":{\"$model\":\"" MODEL "\"}},"
      "{\"$dtId\":\"d\",\"$metadata\":{\"$model\":\"dtmi:no:Such;1\"}},"
      "{\"$dtId\":\"e\",\"$metadata\":{\"$model\":\"" MODEL "\"},"
      "\"speed\":\"fast\"}],\"relationships\":[]}}";
  const TwinEdit edit = { .kind = TWIN_EDIT_IMPORT,
                          .json = graph,
                          .name = "graph.json" };
  g_autoptr (GPtrArray) refusals = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (twin_editor_apply (f->editor, &edit, NULL, &refusals, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (refusals);
  g_assert_cmpuint (refusals->len, ==, 2);
  for (guint i = 0; i < refusals->len; i++)
    {
      const TwinRefusalItem *item = g_ptr_array_index (refusals, i);

      g_assert_nonnull (strstr (item->where, "digitalTwins/"));
      g_assert_cmpstr (item->text, !=, "");
    }
  g_assert_null (load (f, "c"));
}

static void
test_migrate (Fixture *f, const void *data)
{
  const char *const members[] = { "a", NULL };
  TwinEdit          edit = { .kind = TWIN_EDIT_MIGRATE,
                             .members = members,
                             .model = NEWER };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) previews =
      twin_editor_preview_migration (f->editor, &edit, &error);
  const TwinMigrationPreview *preview;
  g_autoptr (TwinTwin) twin = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (previews->len, ==, 1);
  preview = g_ptr_array_index (previews, 0);
  g_assert_cmpstr (preview->twin, ==, "a");
  g_assert_cmpuint (g_strv_length (preview->gains), ==, 1);
  g_assert_cmpuint (g_strv_length (preview->loses), ==, 1);
  g_assert_cmpuint (g_strv_length (preview->violates), ==, 0);
  check_refused (f, &edit, "colour");
  edit.drop_lost = TRUE;
  just_do (f, &edit);
  twin = load (f, "a");
  g_assert_cmpstr (twin->model, ==, NEWER);
  check_refused (f, &(TwinEdit){ .kind = TWIN_EDIT_DELETE_MODEL, .id = NEWER },
                 "used by 1");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, setup, func, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/engine/editor/patch", test_patch);
  ADD ("/engine/editor/conflict", test_conflict);
  ADD ("/engine/editor/conflict-deleted", test_conflict_deleted);
  ADD ("/engine/editor/life-cycle", test_lifecycle);
  ADD ("/engine/editor/tags", test_tags);
  ADD ("/engine/editor/relationships", test_relationships);
  ADD ("/engine/editor/cascade-and-undo", test_cascade_undo);
  ADD ("/engine/editor/groups-and-queries", test_groups);
  ADD ("/engine/editor/import-refused", test_import_refused);
  ADD ("/engine/editor/migrate", test_migrate);
  return g_test_run ();
}
