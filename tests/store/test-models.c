/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "fixture.h"
#include "same-models.h"
#include "twin-json.h"
#include "twin-store-graph.h"
#include "twin-store-models.h"

#define V3 "\"@context\":\"dtmi:dtdl:context;3\","
#define INTERFACE(id, more)                                                    \
  "{" V3 "\"@id\":\"" id "\",\"@type\":\"Interface\"" more "}"

typedef struct
{
  GArray  *sources; /* TwinModelSource */
  gboolean each;
  GString *said; /* what was refused, a line each */
} Job;

static void
note_refusal (const TwinModelIssue *issue, void *data)
{
  Job *job = data;

  /* What the parser says is its own tests' matter. */
  g_string_append_printf (job->said, "%s %s %s%s%s\n", issue->file, issue->id,
                          issue->element,
                          strcmp (issue->id, "unresolved") == 0 ? ": " : "",
                          strcmp (issue->id, "unresolved") == 0 ? issue->message
                                                                : "");
}

/* TRUE: all of it is in. */
static gboolean
run_job (Fixture *f, Job *job, TwinStoreImportCounts *counts)
{
  TwinStoreModelImport import = {
    .sources = (TwinModelSource *) (void *) job->sources->data,
    .n_sources = job->sources->len,
    .each = job->each,
    .name = "models",
    .now_us = T0,
    .refused = note_refusal,
    .data = job,
  };
  g_autoptr (GError) error = NULL;
  gboolean good = twin_store_import_models (f->store, &import, counts, &error);

  if (!good)
    g_assert_error (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_INVALID);
  g_assert_cmpint (good, ==, counts->refused == 0);
  return good;
}

static void
assert_imports (Fixture           *f,
                const char *const *texts,
                gboolean           each,
                guint              models,
                const char        *said)
{
  Job job = { g_array_new (FALSE, FALSE, sizeof (TwinModelSource)), each,
              g_string_new (NULL) };
  static const char *const names[] = { "a", "b", "c", "d", "e" };
  TwinStoreImportCounts    counts;

  for (int i = 0; texts[i] != NULL; i++)
    {
      TwinModelSource source = { names[i], texts[i], -1, 0 };

      g_array_append_val (job.sources, source);
    }

  run_job (f, &job, &counts);
  g_assert_cmpstr (job.said->str, ==, said);
  g_assert_cmpuint (counts.models, ==, models);
  g_array_unref (job.sources);
  g_string_free (job.said, TRUE);
}

static guint
count_models (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinModelSet) set =
      twin_store_reader_load_models (f->reader, &error);

  g_assert_no_error (error);
  return twin_model_set_list (set)->len;
}

static void
test_set (Fixture *f, const void *data)
{
  static const char *const good[] = {
    INTERFACE ("dtmi:a:Base;1", ""),
    "[" INTERFACE ("dtmi:a:Pump;1", ",\"extends\":\"dtmi:a:Base;1\"") "]",
    NULL,
  };
  static const char *const open[] = {
    INTERFACE ("dtmi:a:Fine;1", ""),
    INTERFACE ("dtmi:a:Fan;1", ",\"extends\":\"dtmi:a:Gone;1\""),
    NULL,
  };
  static const char *const later[] = {
    INTERFACE ("dtmi:a:Screw;1", ",\"extends\":\"dtmi:a:Pump;1\""),
    NULL,
  };

  assert_imports (f, good, FALSE, 2, "");
  assert_imports (f, open, FALSE, 0,
                  "b unresolved dtmi:a:Fan;1: it extends “dtmi:a:Gone;1”, "
                  "which nothing defines; import it with the others\n");
  g_assert_cmpuint (count_models (f), ==, 2);
  assert_imports (f, later, FALSE, 1, "");
  g_assert_cmpuint (count_models (f), ==, 3);
}

#define VERSION(n)                                                             \
  INTERFACE ("dtmi:a:Fan;" n,                                                  \
             ",\"contents\":[{\"@id\":\"dtmi:a:speed;1\",\"@type\":"           \
             "\"Property\",\"name\":\"speed\",\"schema\":\"double\"}]")

/* What is no set goes in text by text, and is read again. */
static void
test_each (Fixture *f, const void *data)
{
  static const char *const texts[] = {
    VERSION ("1"),
    VERSION ("2"),
    INTERFACE ("dtmi:a:Open;1", ",\"extends\":\"dtmi:a:Gone;1\""),
    INTERFACE ("dtmi:a:Upon;1", ",\"extends\":\"dtmi:a:Open;1\""),
    "{",
    NULL,
  };
  static const char *const once[] = { VERSION ("1"), VERSION ("2"), NULL };

  assert_imports (f, once, FALSE, 0, "b duplicateDefinition dtmi:a:speed;1\n");
  assert_imports (f, texts, TRUE, 2,
                  "e jsonSyntax (null)\n"
                  "c unresolved dtmi:a:Open;1: it extends “dtmi:a:Gone;1”, "
                  "which nothing defines; import it with the others\n"
                  "d unresolved dtmi:a:Upon;1: it extends “dtmi:a:Open;1”, "
                  "which nothing defines; import it with the others\n");
  g_assert_cmpuint (count_models (f), ==, 2);
}

/* An interface inside another one is stored, and read, with it. */
static void
test_nested (Fixture *f, const void *data)
{
  static const char *const texts[] = {
    "{\"@context\":\"dtmi:dtdl:context;2\",\"@id\":\"dtmi:a:Box;1\",\"@type\":"
    "\"Interface\",\"contents\":[{\"@type\":\"Component\",\"name\":\"lid\","
    "\"schema\":{\"@id\":\"dtmi:a:Lid;1\",\"@type\":\"Interface\"}}]}",
    NULL,
  };
  static const char *const more[] = { INTERFACE ("dtmi:a:B;1", ""), NULL };

  assert_imports (f, texts, FALSE, 1, "");
  g_assert_cmpuint (count_models (f), ==, 2);
  assert_imports (f, more, FALSE, 1, "");
  g_assert_cmpuint (count_models (f), ==, 3);
}

static void
test_remove (Fixture *f, const void *data)
{
  static const char *const texts[] = {
    INTERFACE ("dtmi:a:Base;1", ""),
    INTERFACE ("dtmi:a:Pump;1", ",\"extends\":\"dtmi:a:Base;1\""),
    INTERFACE ("dtmi:a:Unit;1",
               ",\"contents\":[{\"@type\":\"Component\",\"name\":\"lid\","
               "\"schema\":\"dtmi:a:Base;1\"}]"),
    NULL,
  };
  g_autoptr (GError) error = NULL;
  TwinStoreTwin twin = { .model = "dtmi:a:Base;1",
                         .lifecycle = "in service",
                         .props = "{}",
                         .created_us = T0 };

  assert_imports (f, texts, FALSE, 3, "");
  for (int i = 0; i < 5; i++)
    {
      g_autofree char *id = g_strdup_printf ("t-%d", i);

      twin.id = id;
      twin_store_put_twin (f->store, &twin, NULL, &error);
      g_assert_no_error (error);
    }

  g_assert_false (
      twin_store_remove_model (f->store, "dtmi:a:Base;1", "anna", T0, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_EXISTS);
  g_assert_cmpstr (error->message, ==,
                   "dtmi:a:Base;1 is still needed by dtmi:a:Pump;1 (extends "
                   "it), dtmi:a:Unit;1 (has it as component “lid”), t-0 (is of "
                   "it), t-1 (is of it) and 3 more; delete those first");
  g_clear_error (&error);

  g_assert_false (
      twin_store_remove_model (f->store, "dtmi:a:No;1", NULL, T0, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (
      twin_store_remove_model (f->store, "dtmi:a:Unit;1", NULL, T0, &error));
  g_assert_cmpuint (count_models (f), ==, 2);
}

/* --- the public ontologies
 * ----------------------------------------------------------------- */

static char *
data_path (const char *name)
{
  const char      *root = g_getenv ("TWIN_REAL_DATA");
  g_autofree char *beside = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                              "..", "shared", "data", NULL);

  return g_build_filename (root != NULL ? root : beside, "dtdl", "ontologies",
                           name, NULL);
}

static void
read_folder (const char *path, GArray *sources, GPtrArray *texts)
{
  GDir       *folder = g_dir_open (path, 0, NULL);
  const char *name;

  if (folder == NULL)
    return;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      char           *file = g_build_filename (path, name, NULL);
      TwinModelSource source = { file, NULL, -1, 0 };
      char           *text;
      gsize           length;

      g_ptr_array_add (texts, file);
      if (g_file_test (file, G_FILE_TEST_IS_DIR))
        read_folder (file, sources, texts);
      else if (g_str_has_suffix (name, ".json") &&
               g_file_get_contents (file, &text, &length, NULL))
        {
          g_ptr_array_add (texts, text);
          source.text = text;
          source.length = (gssize) length;
          g_array_append_val (sources, source);
        }
    }
  g_dir_close (folder);
}

/* The store's models as one array, as they are exported. */
static char *
export_text (Fixture *f)
{
  g_autoptr (GPtrArray) rows = twin_store_reader_list_models (f->reader, NULL);
  GString *text = g_string_new ("[");

  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreModel *row = g_ptr_array_index (rows, i);
      g_autoptr (JsonNode) node =
          twin_json_parse (row->dtmi, row->json, -1, NULL);

      g_assert_nonnull (node);
      g_string_append (text, i > 0 ? ",\n" : "\n");
      twin_json_append (text, node);
    }

  g_string_append (text, "]");
  return g_string_free (text, FALSE);
}

static void
import_again (Fixture *f, const char *text, TwinModelSet *wanted)
{
  Fixture         other = { 0 };
  TwinModelSource source = { "again", text, -1, 0 };
  Job             job = { g_array_new (FALSE, FALSE, sizeof source), FALSE,
                          g_string_new (NULL) };
  g_autoptr (TwinModelSet) found = NULL;
  TwinStoreImportCounts counts;

  fixture_set_up (&other, NULL);
  g_array_append_val (job.sources, source);
  g_assert_true (run_job (&other, &job, &counts));
  found = twin_store_reader_load_models (other.reader, NULL);
  assert_same_models (found, wanted);
  fixture_tear_down (&other, NULL);
  g_array_unref (job.sources);
  g_string_free (job.said, TRUE);
}

static void
check_ontology (Fixture *f, const char *const *folders)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  Job job = { g_array_new (FALSE, FALSE, sizeof (TwinModelSource)), FALSE,
              g_string_new (NULL) };
  g_autoptr (TwinModelReport) report = NULL;
  g_autoptr (TwinModelSet) wanted = NULL;
  g_autoptr (TwinModelSet) found = NULL;
  g_autofree char      *out = NULL;
  TwinStoreImportCounts counts;

  for (int i = 0; folders[i] != NULL; i++)
    {
      g_autofree char *path = data_path (folders[i]);

      read_folder (path, job.sources, texts);
    }

  wanted = twin_model_set_new ((TwinModelSource *) (void *) job.sources->data,
                               job.sources->len, NULL, &report);
  g_assert_nonnull (wanted);
  g_assert_true (run_job (f, &job, &counts));
  found = twin_store_reader_load_models (f->reader, NULL);
  assert_same_models (found, wanted);

  out = export_text (f);
  import_again (f, out, wanted);
  g_test_message ("%s: %u interfaces", folders[0],
                  twin_model_set_list (wanted)->len);
  g_array_unref (job.sources);
  g_string_free (job.said, TRUE);
}

/* The four that form one set as one, and each for itself. */
static void
test_ontologies (Fixture *f, const void *data)
{
  static const char *const names[] = { "building-rec", "energygrid",
                                       "isa95-dtdl", "smartcities", NULL };
  g_autofree char         *path = data_path (names[0]);

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("no public ontologies beside the project (TWIN_REAL_DATA)");
      return;
    }

  for (int i = 0; names[i] != NULL; i++)
    {
      const char *const one[] = { names[i], NULL };
      Fixture           fresh = { 0 };

      fixture_set_up (&fresh, NULL);
      check_ontology (&fresh, one);
      fixture_tear_down (&fresh, NULL);
    }

  check_ontology (f, names);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/models/as-one-set", test_set);
  ADD ("/store/models/each-for-itself", test_each);
  ADD ("/store/models/nested", test_nested);
  ADD ("/store/models/remove-names-who-needs-it", test_remove);
  ADD ("/store/models/ontologies-in-and-out", test_ontologies);
  return g_test_run ();
}
