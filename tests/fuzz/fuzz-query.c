/* SPDX-License-Identifier: Apache-2.0 */
/* Queries: what is parsed compiles to SQL that SQLite takes, and its answer is
 * the same at once and in pages. */
#include "fuzz.h"

#include <glib/gstdio.h>

#include "twin-query.h"
#include "twin-store-graph.h"

#define MOST_ROWS 40

static TwinStoreReader *reader;

static void
fill (TwinStore *store)
{
  static const TwinStoreModel models[] = {
    { .dtmi = "dtmi:a:b;1", .json = "{\"@id\":\"dtmi:a:b;1\"}" },
    { .dtmi = "dtmi:a:c;2",
      .json = "{\"@id\":\"dtmi:a:c;2\",\"extends\":\"dtmi:a:b;1\"}" },
  };
  static const char *const props[] = {
    "{\"n\":1,\"s\":\"x\",\"a\":[1,\"x\"],\"o\":{\"p\":2.5},\"v\":\"1.2.0\"}",
    "{\"n\":2.5,\"s\":\"yx\",\"a\":[],\"o\":{},\"v\":\"1.10.0-rc.1\"}",
    "{\"n\":\"2\",\"s\":true,\"a\":{},\"o\":null}",
    "{}",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (models); i++)
    g_assert_true (twin_store_put_model (store, &models[i], NULL));

  for (guint i = 0; i < G_N_ELEMENTS (props); i++)
    {
      g_autofree char    *id = g_strdup_printf ("t%u", i);
      const TwinStoreTwin twin = { .id = id,
                                   .model = models[i % 2].dtmi,
                                   .lifecycle = "in service",
                                   .props = props[i] };

      g_assert_true (twin_store_put_twin (store, &twin, NULL, NULL));
    }

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char            *id = g_strdup_printf ("r%u", i);
      g_autofree char            *source = g_strdup_printf ("t%u", i % 3);
      g_autofree char            *target = g_strdup_printf ("t%u", i * 2 % 3);
      const TwinStoreRelationship row = { .source = source,
                                          .id = id,
                                          .name = i % 2 ? "r" : "q",
                                          .target = target,
                                          .props = "{\"n\":1}" };

      g_assert_true (twin_store_put_relationship (store, &row, NULL, NULL));
    }
}

static void
open_store (void)
{
  g_autofree char *folder = g_dir_make_tmp ("twin-fuzz-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "plant.db", NULL);
  TwinStore       *store = twin_store_open (path, TWIN_STORE_EDITOR, NULL);

  g_assert_nonnull (store);
  fill (store);
  reader = twin_store_reader_open (path, NULL);
  g_assert_nonnull (reader);
  twin_store_close (store);

  /* The open file lives on without its name. */
  for (int i = 0; i < 4; i++)
    {
      static const char *const ends[] = { "", "-wal", "-shm", "-lock" };
      g_autofree char         *name = g_strconcat (path, ends[i], NULL);

      g_unlink (name);
    }
  g_rmdir (folder);
}

static gboolean
take (const char *row, void *data)
{
  g_assert_cmpint (*row, ==, '{');
  g_ptr_array_add (data, g_strdup (row));
  return ((GPtrArray *) data)->len < MOST_ROWS;
}

/* A value for each name that is asked for: by its length a number, a text, a
 * list, true or null. */
static JsonObject *
make_parameters (const TwinQuery *query)
{
  JsonObject *object = json_object_new ();
  g_auto (GStrv) names = twin_query_list_parameters (query);

  for (guint i = 0; names[i] != NULL; i++)
    {
      JsonArray *list;

      switch (strlen (names[i]) % 5)
        {
        case 0:
          list = json_array_new ();
          json_array_add_int_element (list, 1);
          json_array_add_string_element (list, "t1");
          json_object_set_array_member (object, names[i], list);
          break;
        case 1:
          json_object_set_int_member (object, names[i], 2);
          break;
        case 2:
          json_object_set_string_member (object, names[i], "x");
          break;
        case 3:
          json_object_set_boolean_member (object, names[i], TRUE);
          break;
        default:
          json_object_set_null_member (object, names[i]);
          break;
        }
    }

  return object;
}

/* The store itself must never be what failed. */
static void
check_error (const GError *error)
{
  g_assert_cmpint (error->domain, ==, TWIN_QUERY_ERROR);
  if (error->code == TWIN_QUERY_ERROR_STORE)
    g_error ("%s", error->message);
}

static gboolean
run_all (const TwinQuery *query, TwinQueryOptions *options, GPtrArray *rows)
{
  g_autoptr (GError) error = NULL;

  if (twin_query_run (query, reader, options, take, rows, &error))
    return TRUE;

  check_error (error);
  return FALSE;
}

static void
run_pages (const TwinQuery *query, TwinQueryOptions *options, guint n)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *cursor = NULL;
  g_autofree char *next = NULL;

  options->limit = 3;
  options->next = &next;
  do
    {
      options->cursor = cursor;
      if (!run_all (query, options, rows))
        return; /* too slow, or too deep with its keys */
      g_free (cursor);
      cursor = g_steal_pointer (&next);
    }
  while (cursor != NULL && rows->len < MOST_ROWS);

  if (n < MOST_ROWS)
    g_assert_cmpuint (rows->len, ==, n);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (TwinQuery) query = NULL;
  g_autoptr (TwinQuery) strict = NULL;
  g_autoptr (JsonObject) parameters = NULL;
  g_autoptr (JsonNode) plan = NULL;
  g_autoptr (GError) error = NULL;
  TwinQueryOptions options = { .timeout_us = 200000, .now_us = 1 };

  if (reader == NULL)
    open_store ();

  query = twin_query_parse (text, NULL, &error);
  strict = twin_query_parse_strict (text, NULL, NULL);
  if (query == NULL)
    {
      check_error (error);
      g_assert_null (strict);
      return 0;
    }

  parameters = make_parameters (query);
  options.parameters = parameters;
  if (!run_all (query, &options, rows))
    return 0;

  run_pages (query, &options, rows->len);
  options = (TwinQueryOptions){ .parameters = parameters };
  plan = twin_query_explain (query, reader, &options, &error);
  if (plan == NULL)
    g_assert_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_LIMIT);
  return 0;
}
