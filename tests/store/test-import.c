/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "fixture.h"
#include "twin-store-ids.h"
#include "twin-store-import.h"
#include "twin-store-private.h"
#include "twin-store-twins.h"

#define MODELS                                                                 \
  "{\"Section\":\"Header\"}\n{\"Section\":\"Models\"}\n"                       \
  "{\"@context\":\"dtmi:dtdl:context;3\",\"@id\":\"dtmi:a:Pump;1\","           \
  "\"@type\":\"Interface\",\"contents\":[{\"@type\":\"Property\",\"name\":"    \
  "\"speed\",\"schema\":\"double\"},{\"@type\":\"Relationship\",\"name\":"     \
  "\"feeds\",\"maxMultiplicity\":2,\"target\":\"dtmi:a:Pump;1\"}]}\n"
#define TWIN(id, more)                                                         \
  "{\"$dtId\":\"" id "\",\"$metadata\":{\"$model\":\"dtmi:a:Pump;1\"}" more    \
  "}\n"
#define LINK(from, id, to)                                                     \
  "{\"$dtId\":\"" from "\",\"$relationshipId\":\"" id "\",\"$targetId\":\"" to \
  "\",\"$relationshipName\":\"feeds\"}\n"
#define TWINS "{\"Section\":\"Twins\"}\n"
#define LINKS "{\"Section\":\"Relationships\"}\n"

typedef struct
{
  const char *text;
  gsize       left;
  gsize       fails_at; /* bytes left when reading fails; 0: never */
  GString    *refusals;
} Source;

static gssize
read_source (void *data, char *buffer, gsize size, GError **error)
{
  Source *source = data;
  gsize   n = MIN (size, source->left);

  if (source->fails_at > 0)
    n = MIN (n, source->left - source->fails_at);
  if (n == 0 && source->left > 0)
    {
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_IO,
                           "Could not read f: the line went dead");
      return -1;
    }

  memcpy (buffer, source->text, n);
  source->text += n;
  source->left -= n;
  return (gssize) n;
}

static void
note_refusal (const TwinStoreRefusal *refusal, void *data)
{
  Source *source = data;

  g_string_append_printf (source->refusals, "%s, %s: %s\n", refusal->place,
                          refusal->id, refusal->reason);
}

static gboolean
import_source (Fixture               *f,
               Source                *source,
               TwinStoreImportCounts *counts,
               GError               **error)
{
  TwinStoreImport import = {
    .name = "f",
    .read = read_source,
    .read_data = source,
    .who = "anna",
    .now_us = T0,
    .refused = note_refusal,
    .data = source,
  };

  return twin_store_import (f->store, &import, counts, error);
}

/* What was refused, line by line; "" when all of it is in. */
static char *
import_text (Fixture *f, const char *text, TwinStoreImportCounts *counts)
{
  Source source = { .text = text,
                    .left = strlen (text),
                    .refusals = g_string_new (NULL) };
  g_autoptr (GError) error = NULL;
  gboolean good = import_source (f, &source, counts, &error);

  g_assert_cmpint (good, ==, counts->refused == 0);
  if (!good)
    g_assert_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID);
  return g_string_free (source.refusals, FALSE);
}

static void
assert_imports (Fixture *f, const char *text, const char *refusals)
{
  TwinStoreImportCounts counts;
  g_autofree char      *found = import_text (f, text, &counts);

  g_assert_cmpstr (found, ==, refusals);
}

static void
assert_holds (Fixture *f, guint models, guint twins, guint relationships)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinGraphFile) file =
      twin_store_reader_load_graph (f->reader, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (file->models->len, ==, models);
  g_assert_cmpuint (file->twins->len, ==, twins);
  g_assert_cmpuint (file->relationships->len, ==, relationships);
}

static void
test_all (Fixture *f, const void *data)
{
  TwinStoreImportCounts counts;
  g_autofree char      *refusals =
      import_text (f,
                   MODELS TWINS               TWIN ("p-1", ",\"speed\":1480.5")
                       TWIN ("p-2", "") LINKS LINK ("p-1", "l", "p-2"),
                   &counts);

  g_assert_cmpstr (refusals, ==, "");
  g_assert_cmpuint (counts.models, ==, 1);
  g_assert_cmpuint (counts.twins, ==, 2);
  g_assert_cmpuint (counts.relationships, ==, 1);
  assert_holds (f, 1, 2, 1);

  /* A later file stands on what is there, and replaces it. */
  assert_imports (f,
                  TWINS     TWIN ("p-1", "") TWIN ("p-3", "")
                      LINKS LINK ("p-3", "l", "p-2") LINK ("p-1", "l", "p-3"),
                  "");
  assert_holds (f, 1, 3, 2);
}

/* Every line that is wrong is named, and none that is right goes in. */
static void
test_nothing (Fixture *f, const void *data)
{
  assert_imports (
      f,
      MODELS TWINS TWIN ("p-1", ",\"colour\":\"red\"") TWIN ("p-2", "")
          TWIN ("p-2", "") "oops\n" TWIN ("p-3", ",\"weight\":1")
              LINKS LINK ("p-1", "l", "p-2") LINK ("p-2", "l", "nobody")
                  LINK ("p-1", "l", "p-3") LINK ("p-2", "l", "p-2"),
      "line 5, p-1: “/colour”: dtmi:a:Pump;1 has no property “colour”\n"
      "line 7, p-2: a twin of this id stands before it in the file\n"
      "line 8, (null): column 1: a value is expected here\n"
      "line 9, p-3: “/weight”: dtmi:a:Pump;1 has no property “weight”\n"
      "line 12, p-2/l: there is no twin “nobody”, neither before it in the "
      "file nor in the store\n"
      "line 13, p-1/l: a relationship “l” of “p-1” stands before it in the "
      "file\n"
      "line 14, p-2/l: “feeds” would lead from p-2 to itself\n");
  assert_holds (f, 0, 0, 0);
}

static void
test_models (Fixture *f, const void *data)
{
  assert_imports (f,
                  "{\"Section\":\"Models\"}\n"
                  "{\"@context\":\"dtmi:dtdl:context;3\",\"@id\":"
                  "\"dtmi:a:B;1\",\"@type\":\"Interface\",\"extends\":"
                  "\"dtmi:a:Gone;1\"}\n" TWINS TWIN ("x", "") "{}\n",
                  "line 2, dtmi:a:B;1: it extends “dtmi:a:Gone;1”, which "
                  "nothing defines; import it with the others\n"
                  "line 5, (null): “$dtId” must be 1 to 128 letters, digits or "
                  "-.+%_#*?!(),=@$':;\n");
  assert_holds (f, 0, 0, 0);
}

/* maxMultiplicity counts what the store has, too, but a replaced one once. */
static void
test_multiplicity (Fixture *f, const void *data)
{
  assert_imports (f,
                  MODELS TWINS TWIN ("a", "") TWIN ("b", "") TWIN ("c", "")
                      LINKS    LINK ("a", "1", "b"),
                  "");
  assert_imports (f, LINKS LINK ("a", "1", "c") LINK ("a", "2", "b"), "");
  assert_holds (f, 1, 3, 2);
  assert_imports (f, LINKS LINK ("a", "3", "c"),
                  "line 2, a/3: a may have at most 2 “feeds”, and this would "
                  "make 3\n");
}

/* More than a batch and more than are told. */
static void
test_many (Fixture *f, const void *data)
{
  enum
  {
    N = 3000,
  };
  g_autoptr (GString) good = g_string_new (MODELS TWINS);
  g_autoptr (GString) bad = NULL;
  g_autofree char *none = NULL;
  g_autofree char *some = NULL;
  g_auto (GStrv) lines = NULL;
  TwinStoreImportCounts counts;

  for (int i = 0; i < N; i++)
    g_string_append_printf (good,
                            "{\"$dtId\":\"t-%d\",\"$metadata\":{\"$model\":"
                            "\"dtmi:a:Pump;1\"}}\n",
                            i);
  bad = g_string_new (good->str);
  for (int i = 0; i < N; i++)
    g_string_append (bad, "[]\n");

  some = import_text (f, bad->str, &counts);
  lines = g_strsplit (some, "\n", -1);
  g_assert_cmpuint (counts.refused, ==, N);
  g_assert_cmpuint (g_strv_length (lines) - 1, ==,
                    TWIN_STORE_IMPORT_MOST_REFUSED);
  assert_holds (f, 0, 0, 0);

  none = import_text (f, good->str, &counts);
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpuint (counts.twins, ==, N);
  g_assert_cmpuint (counts.bytes, ==, good->len);
  assert_holds (f, 1, N, 0);
}

static void
test_read_fails (Fixture *f, const void *data)
{
  static const char text[] = MODELS TWINS TWIN ("p-1", "") TWIN ("p-2", "");
  Source                                  source = { .text = text,
                                                     .left = strlen (text),
                                                     .fails_at = 20,
                                                     .refusals = g_string_new (NULL) };
  g_autoptr (GError) error = NULL;
  TwinStoreImportCounts counts;

  g_assert_false (import_source (f, &source, &counts, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_IO);
  g_string_free (source.refusals, TRUE);
  assert_holds (f, 0, 0, 0);
}

/* The checker has far more to read when the writer gives up. */
static void
test_disk_full (Fixture *f, const void *data)
{
  g_autoptr (GString) text = g_string_new (MODELS TWINS);
  g_autoptr (GError) error = NULL;
  Source                source = { .refusals = g_string_new (NULL) };
  TwinStoreImportCounts counts;

  for (int i = 0; i < 20000; i++)
    g_string_append_printf (text,
                            "{\"$dtId\":\"t-%d\",\"$metadata\":{\"$model\":"
                            "\"dtmi:a:Pump;1\"}}\n",
                            i);
  source.text = text->str;
  source.left = text->len;
  twin_store_limit_pages (f->store, 400);
  g_assert_false (import_source (f, &source, &counts, &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_FULL);
  g_assert_cmpuint (counts.twins, <, 20000);
  g_string_free (source.refusals, TRUE);

  twin_store_limit_pages (f->store, 1000000);
  assert_holds (f, 0, 0, 0);
  assert_imports (f, MODELS TWINS TWIN ("p-1", ""), "");
}

/* An import is one change, with its name and who did it; of what was there
 * already nothing is kept twice. */
static void
test_change (Fixture *f, const void *data)
{
  static const char text[] =
      MODELS TWINS TWIN ("a", "") TWIN ("b", "") LINKS LINK ("a", "1", "b");
  g_autoptr (GError) error = NULL;
  int64_t n = 0;

  assert_imports (f, text, "");
  assert_imports (f, text, "");
  assert_imports (f, TWINS TWIN ("c", "") "oops\n",
                  "line 3, (null): column 1: a value is expected here\n");
  twin_store_db_get_int (&f->store->sql, &error, &n,
                         "SELECT count(*) * 10 + sum (who = 'anna' AND"
                         " kind = 'import' AND text = 'Imported f')"
                         " FROM change",
                         "");
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, 11);
}

static void
test_ids (Fixture *f, const void *data)
{
  g_autoptr (TwinStoreIds) ids = twin_store_ids_new ();
  guint32 number;

  for (guint32 i = 0; i < 100000; i++)
    {
      char id[16];

      g_snprintf (id, sizeof id, "twin-%u", i);
      g_assert_true (twin_store_ids_add (ids, id, "", i));
    }
  g_assert_cmpuint (twin_store_ids_count (ids), ==, 100000);
  g_assert_true (twin_store_ids_find (ids, "twin-77777", "", &number));
  g_assert_cmpuint (number, ==, 77777);
  g_assert_false (twin_store_ids_add (ids, "twin-5", "", 9));
  g_assert_false (twin_store_ids_find (ids, "twin-100000", "", &number));

  /* Where one string ends and the other begins is part of it. */
  g_assert_true (twin_store_ids_add (ids, "ab", "c", 1));
  g_assert_true (twin_store_ids_add (ids, "a", "bc", 2));
  g_assert_true (twin_store_ids_add (ids, "abc", "", 3));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/import/all-of-it", test_all);
  ADD ("/store/import/or-nothing-and-all-reasons", test_nothing);
  ADD ("/store/import/models-that-miss-another", test_models);
  ADD ("/store/import/counts-multiplicity", test_multiplicity);
  ADD ("/store/import/many", test_many);
  ADD ("/store/import/reading-fails", test_read_fails);
  ADD ("/store/import/disk-full", test_disk_full);
  ADD ("/store/import/is-one-change", test_change);
  ADD ("/store/import/ids-in-few-bytes", test_ids);
  return g_test_run ();
}
