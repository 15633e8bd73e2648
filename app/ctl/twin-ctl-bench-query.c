/* SPDX-License-Identifier: Apache-2.0 */
/* What a query costs, beside SQL written by hand on the same file. */
#include "twin-ctl-bench-query.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "twin-clock.h"
#include "twin-ctl-bench-live.h"
#include "twin-ctl-bench-plant.h"
#include "twin-ctl-bench-run.h"
#include "twin-ctl.h"
#include "twin-query.h"

enum
{
  TWINS = 100000,
  ROUNDS = 7,       /* at least, of each way, taking turns */
  LEAST_US = 50000, /* of each way: short queries run oftener */
  MOST_ROUNDS = 400,
};

#define BAR 1.5

/* --- rows that can be compared
 * ----------------------------------------------------------------------- */

static void
append_value (GString *out, JsonNode *node)
{
  if (JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING)
    g_string_append (out, json_node_get_string (node));
  else if (JSON_NODE_HOLDS_VALUE (node))
    g_string_append_printf (out, "%.9g", json_node_get_double (node));
  else
    {
      g_autofree char *text = json_to_string (node, FALSE);

      g_string_append (out, text);
    }
  g_string_append_c (out, '\t');
}

static char *
flatten (const char *row, gboolean documents, GError **error)
{
  g_autoptr (JsonNode) node = json_from_string (row, error);
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;
  GString       *out;

  if (node == NULL)
    return NULL;

  out = g_string_new (NULL);
  if (documents)
    append_value (out, json_object_get_member (json_node_get_object (node),
                                               "$dtId"));
  else
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &name, &value))
        append_value (out, value);
    }
  return g_string_free (out, FALSE);
}

static char *
flatten_sql (sqlite3_stmt *select, gboolean documents)
{
  const int n = documents ? 1 : sqlite3_column_count (select);
  GString  *out = g_string_new (NULL);

  for (int i = 0; i < n; i++)
    {
      if (sqlite3_column_type (select, i) == SQLITE_TEXT)
        g_string_append (out, (const char *) sqlite3_column_text (select, i));
      else
        g_string_append_printf (out, "%.9g", sqlite3_column_double (select, i));
      g_string_append_c (out, '\t');
    }
  return g_string_free (out, FALSE);
}

/* --- the two ways
 * ----------------------------------------------------------------------------
 */

typedef struct
{
  const TwinCtlBenchClass *class;
  TwinStoreReader *reader;
  GPtrArray       *rows; /* char *, NULL: only count */
  size_t           n_rows, n_bytes;
  gint64           now_us, then_us; /* of the plant's telemetry and edits */
  gboolean         processor;
  GError          *failure;
} Pass;

static gboolean
take_row (const char *row, void *data)
{
  Pass *pass = data;
  char *text;

  pass->n_rows++;
  pass->n_bytes += strlen (row);
  if (pass->rows == NULL)
    return TRUE;

  text = flatten (row, pass->class->documents, &pass->failure);
  if (text != NULL)
    g_ptr_array_add (pass->rows, text);
  return text != NULL;
}

static gboolean
run_query (Pass *pass, GError **error)
{
  TwinQueryOptions options = { .now_us = pass->now_us };
  g_autoptr (JsonObject) then = NULL;
  g_autoptr (TwinQuery) query =
      twin_query_parse (pass->class->query, NULL, error);

  if (strstr (pass->class->query, "@then") != NULL)
    {
      g_autofree char *text = twin_clock_format_utc (pass->then_us);

      then = json_object_new ();
      json_object_set_string_member (then, "then", text);
      options.parameters = then;
    }

  return query != NULL &&
         twin_query_run (query, pass->reader, &options, take_row, pass, error);
}

static gboolean
run_by_hand (Pass *pass, GError **error)
{
  sqlite3      *db = twin_store_reader_get_db (pass->reader);
  sqlite3_stmt *select = NULL;
  int           rc;

  rc = sqlite3_prepare_v2 (db, pass->class->sql, -1, &select, NULL);
  if (rc == SQLITE_OK && sqlite3_bind_parameter_count (select) > 0)
    sqlite3_bind_int64 (select, 1, pass->now_us);
  if (rc == SQLITE_OK && sqlite3_bind_parameter_count (select) > 1)
    sqlite3_bind_int64 (select, 2, pass->then_us);
  while (rc == SQLITE_OK || rc == SQLITE_ROW)
    {
      rc = sqlite3_step (select);
      if (rc != SQLITE_ROW)
        break;

      pass->n_rows++;
      for (int i = 0; i < sqlite3_column_count (select); i++)
        {
          sqlite3_column_text (select, i);
          pass->n_bytes += sqlite3_column_bytes (select, i);
        }
      if (pass->rows != NULL)
        g_ptr_array_add (pass->rows,
                         flatten_sql (select, pass->class->documents));
    }

  sqlite3_finalize (select);
  if (rc == SQLITE_DONE)
    return TRUE;

  g_set_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_STORE,
               "The SQL by hand failed: %s", sqlite3_errmsg (db));
  return FALSE;
}

/* --- one class
 * -------------------------------------------------------------------------------
 */

typedef struct
{
  double query_ms, hand_ms; /* medians */
  size_t n_rows;
} Result;

static int
compare_text (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static gboolean
same_rows (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;

  g_ptr_array_sort (a, compare_text);
  g_ptr_array_sort (b, compare_text);
  for (guint i = 0; i < a->len; i++)
    {
      if (strcmp (g_ptr_array_index (a, i), g_ptr_array_index (b, i)) != 0)
        return FALSE;
    }
  return TRUE;
}

/* Both must say the same before either is timed. */
static gboolean
check (Pass *pass, size_t *n_rows, GError **error)
{
  g_autoptr (GPtrArray) ours = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) theirs = g_ptr_array_new_with_free_func (g_free);
  gboolean good;

  pass->rows = ours;
  good = run_query (pass, error);
  pass->rows = theirs;
  good = good && run_by_hand (pass, error);
  pass->rows = NULL;
  if (good && pass->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&pass->failure));
      return FALSE;
    }
  if (!good)
    return FALSE;

  *n_rows = ours->len;
  if (same_rows (ours, theirs))
    return TRUE;

  g_set_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_STORE,
               "the query gives %u rows, the SQL by hand %u, and not the same",
               ours->len, theirs->len);
  return FALSE;
}

static int
compare_double (const void *a, const void *b)
{
  const double x = *(const double *) a;
  const double y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
median (double *values, int n)
{
  qsort (values, n, sizeof *values, compare_double);
  return n % 2 != 0 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* Of this thread's work when @processor, which other work on the machine does
 * not lengthen. */
static double
clock_ms (gboolean processor)
{
  struct timespec now;

  clock_gettime (processor ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static gboolean
time_once (gboolean (*way) (Pass *, GError **),
           Pass    *pass,
           double  *ms,
           GError **error)
{
  const double start = clock_ms (pass->processor);

  if (!way (pass, error))
    return FALSE;
  *ms = clock_ms (pass->processor) - start;
  return TRUE;
}

static gboolean
measure_class (Pass *pass, Result *result, GError **error)
{
  double ours[MOST_ROUNDS], theirs[MOST_ROUNDS];
  double spent = 0;
  int    n = 0;

  if (!check (pass, &result->n_rows, error))
    return FALSE;

  while (n < ROUNDS || (spent < LEAST_US / 1e3 && n < MOST_ROUNDS))
    {
      if (!time_once (run_query, pass, &ours[n], error) ||
          !time_once (run_by_hand, pass, &theirs[n], error))
        return FALSE;
      spent += MIN (ours[n], theirs[n]);
      n++;
    }

  result->query_ms = median (ours, n);
  result->hand_ms = median (theirs, n);
  return TRUE;
}

/* --- all of them
 * -----------------------------------------------------------------------------
 */

static void
print_class (TwinCtl *ctl, const TwinCtlBenchClass *class, const Result *result)
{
  const double ratio = result->query_ms / result->hand_ms;
  g_autoptr (JsonBuilder) builder = NULL;

  if (!ctl->json)
    {
      printf ("%-24s %9.3f ms %9.3f ms %6.2f × %7" G_GSIZE_FORMAT "%s\n",
              class->name, result->query_ms, result->hand_ms, ratio,
              result->n_rows, ratio > BAR ? "  above the bar" : "");
      fflush (stdout);
      return;
    }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "class");
  json_builder_add_string_value (builder, class->name);
  json_builder_set_member_name (builder, "query_ms");
  json_builder_add_double_value (builder, result->query_ms);
  json_builder_set_member_name (builder, "by_hand_ms");
  json_builder_add_double_value (builder, result->hand_ms);
  json_builder_set_member_name (builder, "ratio");
  json_builder_add_double_value (builder, ratio);
  json_builder_set_member_name (builder, "rows");
  json_builder_add_int_value (builder, (gint64) result->n_rows);
  json_builder_end_object (builder);
  twin_ctl_print_builder (builder);
}

static gint64
find_time (TwinStoreReader *reader, const char *sql)
{
  sqlite3_stmt *select;
  gint64        time_us = 0;

  if (sqlite3_prepare_v2 (twin_store_reader_get_db (reader), sql, -1, &select,
                          NULL) != SQLITE_OK)
    return 0;

  if (sqlite3_step (select) == SQLITE_ROW)
    time_us = sqlite3_column_int64 (select, 0) / 1000 * 1000;
  sqlite3_finalize (select);
  return time_us;
}

static gboolean
measure_all (TwinCtl    *ctl,
             const char *store,
             const char *only,
             gboolean    processor,
             guint      *n_slow,
             GError    **error)
{
  g_autoptr (TwinStoreReader) reader = twin_store_reader_open (store, error);
  const gint64 now_us =
      reader != NULL
          ? find_time (reader, "SELECT max (time_us) FROM signal_latest")
          : 0;
  const gint64 then_us =
      reader != NULL
          ? find_time (reader, "SELECT max (time_us) - 5000000 FROM change")
          : 0;

  if (reader == NULL)
    return FALSE;

  if (!ctl->json)
    printf ("%-24s %12s %12s %8s %7s\n", "class", "query", "by hand", "ratio",
            "rows");
  for (const TwinCtlBenchClass *class = twin_ctl_bench_classes;
       class->name != NULL; class ++)
    {
      Pass   pass = { .class = class,
                      .reader = reader,
                      .now_us = now_us,
                      .then_us = then_us,
                      .processor = processor };
      Result result;

      if (only != NULL && strstr (class->name, only) == NULL)
        continue;
      if (!measure_class (&pass, &result, error))
        {
          g_clear_error (&pass.failure);
          g_prefix_error (error, "Class “%s”: ", class->name);
          return FALSE;
        }
      print_class (ctl, class, &result);
      *n_slow += result.query_ms > BAR * result.hand_ms;
    }
  return TRUE;
}

static gboolean
make_store (const char *folder,
            const char *store,
            size_t      n_twins,
            guint32     seed,
            GError    **error)
{
  g_autofree char *ndjson = g_build_filename (folder, "plant.ndjson", NULL);
  const char      *argv[] = {
         twin_ctl_bench_self (), "graph", "import", "--store", store, ndjson, NULL
  };
  TwinCtlBenchRun run;
  gboolean        good;

  good = twin_ctl_bench_plant_write (ndjson, n_twins, seed, error) &&
         twin_ctl_bench_spawn (argv, &run, error) &&
         twin_ctl_bench_live_write (store, twin_clock_utc_us (), error);
  g_unlink (ndjson);
  return good;
}

static void
remove_folder (const char *folder)
{
  static const char *const names[] = { "plant.db", "plant.db-wal",
                                       "plant.db-shm", "plant.db-lock" };

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static int
bench_query (TwinCtl *ctl, int argc, char **argv)
{
  int                n_twins = TWINS, seed = 1;
  g_autofree char   *only = NULL;
  gboolean           check = FALSE, processor = FALSE, make;
  const GOptionEntry entries[] = {
    { "twins", 0, 0, G_OPTION_ARG_INT, &n_twins, NULL, "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, NULL, "N" },
    { "only", 0, 0, G_OPTION_ARG_STRING, &only, NULL, "WORDS" },
    { "check", 0, 0, G_OPTION_ARG_NONE, &check, NULL, NULL },
    { "processor", 0, 0, G_OPTION_ARG_NONE, &processor, NULL, NULL },
    { NULL },
  };
  g_autofree char *folder = NULL, *store = NULL;
  g_autoptr (GError) error = NULL;
  guint    n_slow = 0;
  gboolean good;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc > 1 || n_twins < TWIN_CTL_BENCH_PLANT_MIN ||
      n_twins > TWIN_CTL_BENCH_PLANT_MAX)
    return twin_ctl_usage ("bench query takes --twins, %d to %d",
                           TWIN_CTL_BENCH_PLANT_MIN, TWIN_CTL_BENCH_PLANT_MAX);

  make = !ctl->store_given || !g_file_test (ctl->store, G_FILE_TEST_EXISTS);
  if (make)
    {
      folder = g_dir_make_tmp ("twin-bench-XXXXXX", &error);
      if (folder == NULL)
        return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);
    }
  store = ctl->store_given ? g_strdup (ctl->store)
                           : g_build_filename (folder, "plant.db", NULL);

  good = (!make || make_store (folder, store, (size_t) n_twins, (guint32) seed,
                               &error)) &&
         measure_all (ctl, store, only, processor, &n_slow, &error);
  if (folder != NULL)
    remove_folder (folder);
  if (!good)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);
  if (!ctl->json)
    printf ("%u above the bar of %.1f ×\n", n_slow, BAR);
  return check && n_slow > 0 ? TWIN_CTL_INPUT : TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_bench_query_verbs[] = {
  { "bench", "query", bench_query,
    "[--twins N] [--seed N] [--only WORDS] [--check] [--processor]",
    "each class of query beside SQL by hand; --store: on a plant that is "
    "kept" },
  { NULL },
};
