/* SPDX-License-Identifier: Apache-2.0 */
/* What a graph import costs, beside the bare INSERTs of the same rows. */
#include "twin-ctl.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "twin-clock.h"
#include "twin-ctl-bench-plant.h"
#include "twin-ctl-bench-run.h"
#include "twin-json-members.h"

enum
{
  TWINS = 100000,
  STEPS = 5, /* sizes of the growth: a hundredth, in equal factors */
  SMALL_ROUNDS = 3,
};

typedef struct
{
  size_t          n_twins;
  TwinCtlBenchRun run;
} Point;

typedef struct
{
  TwinCtl *ctl;
  guint32  seed;
  char    *folder, *ndjson, *store;
  Point    points[STEPS];
  double   yardstick_s;
} Bench;

static void
remove_store (const char *path)
{
  static const char *const ends[] = { "", "-wal", "-shm", "-lock" };

  for (size_t i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *one = g_strconcat (path, ends[i], NULL);

      g_unlink (one);
    }
}

/* --- the yardstick
 * ---------------------------------------------------------------- */

typedef struct
{
  int     type;   /* SQLite's */
  int     n;      /* bytes of a text */
  int64_t number; /* or where the text begins */
} Value;

typedef struct
{
  const char *table;
  int         n_columns;
  GArray     *values; /* Value, row by row */
  GByteArray *texts;
} Rows;

static gboolean
fail_sql (sqlite3 *db, const char *what, GError **error)
{
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", what,
               sqlite3_errmsg (db));
  return FALSE;
}

static void
keep_value (Rows *rows, sqlite3_stmt *select, int i)
{
  Value value = { .type = sqlite3_column_type (select, i) };

  if (value.type == SQLITE_INTEGER)
    value.number = sqlite3_column_int64 (select, i);
  else if (value.type == SQLITE_TEXT)
    {
      const unsigned char *text = sqlite3_column_text (select, i);

      value.n = sqlite3_column_bytes (select, i);
      value.number = rows->texts->len;
      g_byte_array_append (rows->texts, text, (guint) value.n);
    }
  g_array_append_val (rows->values, value);
}

static gboolean
load_rows (sqlite3 *db, Rows *rows, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s", rows->table);
  sqlite3_stmt    *select = NULL;
  int              rc;

  rows->values = g_array_new (FALSE, FALSE, sizeof (Value));
  rows->texts = g_byte_array_new ();
  if (sqlite3_prepare_v2 (db, sql, -1, &select, NULL) != SQLITE_OK)
    return fail_sql (db, sql, error);

  rows->n_columns = sqlite3_column_count (select);
  while ((rc = sqlite3_step (select)) == SQLITE_ROW)
    {
      for (int i = 0; i < rows->n_columns; i++)
        keep_value (rows, select, i);
    }

  sqlite3_finalize (select);
  return rc == SQLITE_DONE || fail_sql (db, sql, error);
}

static void
bind_value (sqlite3_stmt *insert, int i, const Rows *rows, const Value *value)
{
  if (value->type == SQLITE_INTEGER)
    sqlite3_bind_int64 (insert, i, value->number);
  else if (value->type == SQLITE_TEXT)
    sqlite3_bind_text (insert, i,
                       (const char *) rows->texts->data + value->number,
                       value->n, SQLITE_STATIC);
  else
    sqlite3_bind_null (insert, i);
}

/* One prepared statement for all of them. */
static gboolean
insert_rows (sqlite3 *db, const Rows *rows, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  sqlite3_stmt *insert = NULL;
  gboolean      good;

  g_string_printf (sql, "INSERT INTO %s VALUES (?", rows->table);
  for (int i = 1; i < rows->n_columns; i++)
    g_string_append (sql, ", ?");
  g_string_append_c (sql, ')');

  good = sqlite3_prepare_v2 (db, sql->str, -1, &insert, NULL) == SQLITE_OK;
  for (guint at = 0; good && at < rows->values->len;
       at += (guint) rows->n_columns)
    {
      for (int i = 0; i < rows->n_columns; i++)
        bind_value (insert, i + 1, rows,
                    &g_array_index (rows->values, Value, at + (guint) i));
      good = sqlite3_step (insert) == SQLITE_DONE;
      sqlite3_reset (insert);
    }

  if (!good)
    fail_sql (db, sql->str, error);
  sqlite3_finalize (insert);
  return good;
}

static gboolean
run_sql (sqlite3 *db, const char *sql, GError **error)
{
  return sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK ||
         fail_sql (db, sql, error);
}

/* The tables and indices of the store, without a row. */
static gboolean
copy_schema (sqlite3 *from, sqlite3 *to, GError **error)
{
  sqlite3_stmt *select = NULL;
  gboolean      good = TRUE;

  if (sqlite3_prepare_v2 (from,
                          "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
                          " AND tbl_name IN ('twin', 'relationship')"
                          " AND type IN ('table', 'index')"
                          " ORDER BY type DESC",
                          -1, &select, NULL) != SQLITE_OK)
    return fail_sql (from, "sqlite_master", error);

  while (good && sqlite3_step (select) == SQLITE_ROW)
    good = run_sql (to, (const char *) sqlite3_column_text (select, 0), error);
  sqlite3_finalize (select);
  return good;
}

static gboolean
insert_all (sqlite3 *from, sqlite3 *to, double *seconds, GError **error)
{
  Rows     rows[] = { { .table = "twin" }, { .table = "relationship" } };
  gboolean good = TRUE;
  int64_t  start;

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    good = load_rows (from, &rows[i], error) && good;

  start = twin_clock_monotonic_us ();
  good = good && run_sql (to, "BEGIN IMMEDIATE", error);
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    good = good && insert_rows (to, &rows[i], error);
  good = good && run_sql (to, "COMMIT", error);
  *seconds = (double) (twin_clock_monotonic_us () - start) / TWIN_US_PER_S;

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_array_unref (rows[i].values);
      g_byte_array_unref (rows[i].texts);
    }
  return good;
}

static gboolean
measure_yardstick (Bench *bench, const char *store, GError **error)
{
  g_autofree char *path = g_build_filename (bench->folder, "bare.db", NULL);
  sqlite3         *from = NULL, *to = NULL;
  gboolean         good;

  good =
      (sqlite3_open_v2 (store, &from, SQLITE_OPEN_READONLY, NULL) ==
           SQLITE_OK ||
       fail_sql (from, store, error)) &&
      (sqlite3_open (path, &to) == SQLITE_OK || fail_sql (to, path, error)) &&
      run_sql (to,
               "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
               "PRAGMA temp_store = MEMORY",
               error) &&
      copy_schema (from, to, error) &&
      insert_all (from, to, &bench->yardstick_s, error);
  sqlite3_close (from);
  sqlite3_close (to);
  remove_store (path);
  return good;
}

/* --- the import
 * -------------------------------------------------------------------- */

static gboolean
import_once (Bench           *bench,
             const char      *store,
             TwinCtlBenchRun *run,
             GError         **error)
{
  const char *argv[] = {
    twin_ctl_bench_self (), "graph", "import", "--store", store,
    bench->ndjson,          NULL
  };

  remove_store (store);
  return twin_ctl_bench_spawn (argv, run, error);
}

static gboolean
measure_point (Bench *bench, Point *point, const char *store, GError **error)
{
  int rounds = point->n_twins <= TWINS / 10 ? SMALL_ROUNDS : 1;

  if (!twin_ctl_bench_plant_write (bench->ndjson, point->n_twins, bench->seed,
                                   error))
    return FALSE;

  for (int i = 0; i < rounds; i++)
    {
      TwinCtlBenchRun run;

      if (!import_once (bench, store, &run, error))
        return FALSE;
      if (i == 0 || run.wall_s < point->run.wall_s)
        point->run = run;
    }

  return TRUE;
}

static gboolean
measure (Bench *bench, size_t n_twins, gboolean growth, GError **error)
{
  for (int i = growth ? 0 : STEPS - 1; i < STEPS; i++)
    {
      Point *point = &bench->points[i];

      point->n_twins =
          (size_t) lround ((double) n_twins *
                           pow (0.01, (double) (STEPS - 1 - i) / (STEPS - 1)));
      point->n_twins = MAX (point->n_twins, TWIN_CTL_BENCH_PLANT_MIN);
      if (!measure_point (bench, point, bench->store, error))
        return FALSE;
    }

  return measure_yardstick (bench, bench->store, error);
}

/* --- said
 * -------------------------------------------------------------------------- */

static double
point_s (const Bench *bench, int i)
{
  return bench->points[i].run.wall_s;
}

static double
point_bytes (const Bench *bench, int i)
{
  return bench->points[i].run.peak_bytes;
}

/* Least squares of log figure over log size. */
static double
fit (const Bench *bench, double (*figure) (const Bench *, int))
{
  double sx = 0, sy = 0, sxx = 0, sxy = 0;

  for (int i = 0; i < STEPS; i++)
    {
      double x = log ((double) bench->points[i].n_twins);
      double y = log (figure (bench, i));

      sx += x;
      sy += y;
      sxx += x * x;
      sxy += x * y;
    }

  return (STEPS * sxy - sx * sy) / (STEPS * sxx - sx * sx);
}

static void
print_text (const Bench *bench, gboolean growth)
{
  const Point *whole = &bench->points[STEPS - 1];

  printf ("seed %u: %" G_GSIZE_FORMAT " twins, %" G_GSIZE_FORMAT
          " relationships\n"
          "import, whole process   %7.3f s (processor %.3f s), %.0f MB at "
          "most\n"
          "bare INSERTs            %7.3f s\n"
          "ratio                   %7.2f × (bar: 3)\n",
          bench->seed, whole->n_twins,
          whole->n_twins * TWIN_CTL_BENCH_PLANT_PER_TWIN, whole->run.wall_s,
          whole->run.processor_s, whole->run.peak_bytes / 1e6,
          bench->yardstick_s, whole->run.wall_s / bench->yardstick_s);
  if (!growth)
    return;

  for (int i = 0; i < STEPS; i++)
    printf ("  %7" G_GSIZE_FORMAT " twins %8.3f s %6.1f MB\n",
            bench->points[i].n_twins, point_s (bench, i),
            point_bytes (bench, i) / 1e6);
  printf ("growth: time by the power of %.2f, memory of %.2f (bar: 1.1)\n",
          fit (bench, point_s), fit (bench, point_bytes));
}

static void
print_json (const Bench *bench, gboolean growth)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const Point *whole = &bench->points[STEPS - 1];

  json_builder_begin_object (builder);
  twin_json_add_number (builder, "seed", bench->seed);
  twin_json_add_number (builder, "twins", (double) whole->n_twins);
  twin_json_add_number (builder, "import_s", whole->run.wall_s);
  twin_json_add_number (builder, "import_processor_s", whole->run.processor_s);
  twin_json_add_number (builder, "import_peak_bytes", whole->run.peak_bytes);
  twin_json_add_number (builder, "bare_inserts_s", bench->yardstick_s);
  twin_json_add_number (builder, "ratio",
                        whole->run.wall_s / bench->yardstick_s);
  if (growth)
    {
      twin_json_add_number (builder, "time_exponent", fit (bench, point_s));
      twin_json_add_number (builder, "memory_exponent",
                            fit (bench, point_bytes));
    }
  json_builder_end_object (builder);
  twin_ctl_print_builder (builder);
}

static void
bench_clear (Bench *bench, gboolean keep)
{
  if (bench->ndjson != NULL)
    g_unlink (bench->ndjson);
  if (bench->store != NULL && !keep)
    remove_store (bench->store);
  if (bench->folder != NULL)
    g_rmdir (bench->folder);
  g_free (bench->folder);
  g_free (bench->ndjson);
  g_free (bench->store);
}

static int
bench_graph (TwinCtl *ctl, int argc, char **argv)
{
  int                n_twins = TWINS, seed = 1;
  g_autofree char   *keep = NULL;
  gboolean           no_growth = FALSE;
  const GOptionEntry entries[] = {
    { "twins", 0, 0, G_OPTION_ARG_INT, &n_twins, NULL, "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, NULL, "N" },
    { "keep", 0, 0, G_OPTION_ARG_FILENAME, &keep, NULL, "FILE" },
    { "no-growth", 0, 0, G_OPTION_ARG_NONE, &no_growth, NULL, NULL },
    { NULL },
  };
  Bench bench = { .ctl = ctl };
  g_autoptr (GError) error = NULL;
  gboolean good;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc > 1 || n_twins < TWIN_CTL_BENCH_PLANT_MIN ||
      n_twins > TWIN_CTL_BENCH_PLANT_MAX)
    return twin_ctl_usage ("bench graph takes --twins, %d to %d",
                           TWIN_CTL_BENCH_PLANT_MIN, TWIN_CTL_BENCH_PLANT_MAX);

  bench.seed = (guint32) seed;
  bench.folder = g_dir_make_tmp ("twin-bench-XXXXXX", &error);
  if (bench.folder == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  bench.ndjson = g_build_filename (bench.folder, "plant.ndjson", NULL);
  bench.store = keep != NULL
                    ? g_strdup (keep)
                    : g_build_filename (bench.folder, "plant.db", NULL);
  good = measure (&bench, (size_t) n_twins, !no_growth, &error);
  if (good && ctl->json)
    print_json (&bench, !no_growth);
  else if (good)
    print_text (&bench, !no_growth);

  bench_clear (&bench, keep != NULL);
  return good ? TWIN_CTL_DONE
              : twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);
}

const TwinCtlVerb twin_ctl_bench_graph_verbs[] = {
  { "bench", "graph", bench_graph,
    "[--twins N] [--seed N] [--keep FILE] [--no-growth]",
    "a graph import beside the bare inserts of its rows; its growth" },
  { NULL },
};
