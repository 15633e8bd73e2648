/* SPDX-License-Identifier: Apache-2.0 */
/* A compiled query on a store: prepared, bound, stepped. */
#include <sqlite3.h>
#include <string.h>

#include "twin-query-ast.h"
#include "twin-store-functions.h"

#define TIMEOUT_US (60 * TWIN_US_PER_S)
#define STEPS_A_LOOK                                                           \
  20000 /* of SQLite's machine between looks at the clock                      \
         */

gboolean
twin_query_fail_store (GError **error, sqlite3 *db)
{
  g_set_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_STORE,
               "The store could not answer the query: %s", sqlite3_errmsg (db));
  return FALSE;
}

/* A SELECT that SQLite's own bounds refuse is the question's fault. */
static void
fail_prepare (GError **error, sqlite3 *db)
{
  static const char *const bounds[] = { "parser stack overflow",
                                        "Expression tree is too large",
                                        "too many terms" };

  for (size_t i = 0; i < G_N_ELEMENTS (bounds); i++)
    {
      if (strstr (sqlite3_errmsg (db), bounds[i]) != NULL)
        {
          g_set_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_LIMIT,
                       "The query is nested too deeply; use fewer "
                       "parentheses inside each other, and shorter sums");
          return;
        }
    }

  twin_query_fail_store (error, db);
}

/* --- binding ------------------------------------------------------------- */

static gboolean
same_bind (const TwinBind *a, const TwinBind *b)
{
  return a->kind == b->kind && a->integer == b->integer &&
         memcmp (&a->number, &b->number, sizeof a->number) == 0 &&
         g_strcmp0 (a->text, b->text) == 0;
}

/* The SELECT with numbers behind its question marks, equal values sharing one:
 * SQLite then sees that two expressions are the same. @numbers: by bind, from
 * 1. Caller frees. */
static char *
number_binds (const TwinPlan *self, const char *prefix, guint *numbers)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new (g_str_hash, g_str_equal); /* text -> bind + 1 */
  GString *out = g_string_sized_new (self->sql->len + 64);
  guint    i = 0, most = 0;

  g_string_append (out, prefix);
  for (const char *p = self->sql->str; *p != '\0'; p++)
    {
      const TwinBind *one;
      guint           first = 0;

      g_string_append_c (out, *p);
      if (*p != '?' || i >= self->binds->len)
        continue;

      one = &g_array_index (self->binds, TwinBind, i);
      if (one->text != NULL)
        {
          first = GPOINTER_TO_UINT (g_hash_table_lookup (seen, one->text));
          if (first == 0)
            g_hash_table_insert (seen, one->text, GUINT_TO_POINTER (i + 1));
        }
      numbers[i] =
          first > 0 && same_bind (one, &g_array_index (self->binds, TwinBind,
                                                       first - 1))
              ? numbers[first - 1]
              : ++most;
      g_string_append_printf (out, "%u", numbers[i]);
      i++;
    }

  return g_string_free (out, FALSE);
}

static int
bind_one (const TwinPlan *plan,
          sqlite3_stmt   *statement,
          int             at,
          const TwinBind *value,
          GError        **error)
{
  char *list;

  switch (value->kind)
    {
    case TWIN_BIND_INTEGER:
      return sqlite3_bind_int64 (statement, at, value->integer);
    case TWIN_BIND_DOUBLE:
      return sqlite3_bind_double (statement, at, value->number);
    case TWIN_BIND_MODELS:
      list = twin_query_print_models (plan, value->text, error);
      return list != NULL ? sqlite3_bind_text (statement, at, list, -1, g_free)
                          : SQLITE_ERROR;
    case TWIN_BIND_TEXT:
    default:
      return sqlite3_bind_text (statement, at, value->text, -1, SQLITE_STATIC);
    }
}

static gboolean
bind_all (const TwinPlan *self,
          sqlite3_stmt   *statement,
          const guint    *numbers,
          GError        **error)
{
  guint done = 0;

  for (guint i = 0; i < self->binds->len; i++)
    {
      if (numbers[i] <= done)
        continue;

      done = numbers[i];
      if (bind_one (self, statement, (int) numbers[i],
                    &g_array_index (self->binds, TwinBind, i),
                    error) != SQLITE_OK)
        {
          if (error != NULL && *error != NULL)
            return FALSE;
          return twin_query_fail_store (error, sqlite3_db_handle (statement));
        }
    }

  return TRUE;
}

sqlite3_stmt *
twin_plan_prepare (TwinPlan *self, const char *prefix, GError **error)
{
  sqlite3          *db = twin_store_reader_get_db (self->reader);
  g_autofree guint *numbers = g_new0 (guint, self->binds->len + 1);
  g_autofree char  *sql = NULL;
  g_autoptr (GError) why = NULL;
  sqlite3_stmt *statement = NULL;

  for (guint i = 0; i < self->setups->len; i++)
    {
      if (!g_array_index (self->setups, TwinPlanSetup, i) (self, error))
        return NULL;
    }

  sql = number_binds (self, prefix, numbers);
  statement = twin_store_reader_take_statement (self->reader, sql);
  if (statement == NULL)
    {
      fail_prepare (error, db);
      return NULL;
    }

  if (bind_all (self, statement, numbers, &why))
    return statement;

  g_propagate_error (error, g_steal_pointer (&why));
  sqlite3_finalize (statement);
  return NULL;
}

/* --- running ------------------------------------------------------------- */

typedef struct
{
  gint64        deadline_us;
  GCancellable *cancellable;
} Watch;

static int
look (void *data)
{
  const Watch *watch = data;

  return g_cancellable_is_cancelled (watch->cancellable) ||
         twin_clock_monotonic_us () > watch->deadline_us;
}

static gboolean
fail_run (const Watch *watch, sqlite3 *db, GError **error)
{
  if (g_cancellable_is_cancelled (watch->cancellable))
    g_set_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_CANCELLED,
                 "The query was cancelled");
  else if (sqlite3_errcode (db) != SQLITE_INTERRUPT)
    return twin_query_fail_store (error, db);
  else
    g_set_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_TIME,
                 "The query took too long and was stopped; narrow it down, by "
                 "a $dtId, a model or fewer hops");
  return FALSE;
}

typedef struct
{
  const TwinQuery        *query;
  TwinPlan               *plan;
  const TwinQueryOptions *options;
  TwinQueryRowFunc        func;
  void                   *data;
  guint64                *count; /* not NULL: how many rows is all one wants */
} Run;

/* Rows are given out until @func has enough or a page is full. */
static gboolean
step_all (const Run    *run,
          sqlite3_stmt *statement,
          const Watch  *watch,
          GError      **error)
{
  const TwinQueryOptions *options = run->options;
  g_autoptr (GString) row = g_string_sized_new (512);
  g_autofree char *next = NULL;
  const size_t     page = options->limit > 0 ? options->limit : TWIN_QUERY_PAGE;
  size_t           given = 0;
  int              rc;

  while ((rc = sqlite3_step (statement)) == SQLITE_ROW)
    {
      if (next != NULL)
        {
          *options->next = g_steal_pointer (&next);
          return TRUE;
        }

      twin_plan_print_row (run->plan, statement, row);
      if (++given == page && options->next != NULL)
        next =
            twin_query_page_cursor (run->query, run->plan, options, statement);
      if (!run->func (row->str, run->data))
        return TRUE;
      if (g_cancellable_is_cancelled (watch->cancellable))
        return fail_run (watch, sqlite3_db_handle (statement), error);
    }

  return rc == SQLITE_DONE ||
         fail_run (watch, sqlite3_db_handle (statement), error);
}

static gboolean
step_count (const Run    *run,
            sqlite3_stmt *statement,
            const Watch  *watch,
            GError      **error)
{
  if (sqlite3_step (statement) != SQLITE_ROW)
    return fail_run (watch, sqlite3_db_handle (statement), error);

  *run->count = (guint64) sqlite3_column_int64 (statement, 0);
  return TRUE;
}

static gboolean
run_plan (const Run *run, GError **error)
{
  const TwinQueryOptions *options = run->options;
  sqlite3                *db = twin_store_reader_get_db (run->plan->reader);
  const gboolean          count = run->count != NULL;
  sqlite3_stmt           *statement =
      twin_plan_prepare (run->plan, count ? "SELECT count(*) FROM (" : "",
                         error);
  Watch    watch = { 0, options->cancellable };
  gboolean good;

  if (statement == NULL)
    return FALSE;

  watch.deadline_us =
      twin_clock_monotonic_us () +
      (options->timeout_us > 0 ? options->timeout_us : TIMEOUT_US);
  sqlite3_progress_handler (db, STEPS_A_LOOK, look, &watch);
  good = count ? step_count (run, statement, &watch, error)
               : step_all (run, statement, &watch, error);
  sqlite3_progress_handler (db, 0, NULL, NULL);
  twin_store_reader_leave_statement (run->plan->reader, statement);
  return good;
}

/* What is wrong with the plan, with its place. */
static gboolean
check_plan (const TwinQuery        *self,
            const TwinPlan         *plan,
            const TwinQueryOptions *options,
            GError                **error)
{
  TwinQueryPlace place;

  if (plan->error == NULL)
    return TRUE;

  twin_query_find_place (self->text, plan->bad, &place);
  if (options->place != NULL)
    *options->place = place;
  g_set_error (error, TWIN_QUERY_ERROR, plan->error->code,
               "%s (line %u, column %u)", plan->error->message, place.line,
               place.column);
  return FALSE;
}

TwinPlan *
twin_query_plan (const TwinQuery        *self,
                 TwinStoreReader        *reader,
                 const TwinQueryOptions *options,
                 gboolean                ids,
                 GError                **error)
{
  g_autoptr (TwinPlan) plan = twin_query_compile (self, reader, options, ids);

  return check_plan (self, plan, options, error) ? g_steal_pointer (&plan)
                                                 : NULL;
}

static gboolean
run_query (const TwinQuery        *self,
           TwinStoreReader        *reader,
           const TwinQueryOptions *options,
           gboolean                ids,
           TwinQueryRowFunc        func,
           void                   *data,
           GError                **error)
{
  static const TwinQueryOptions nothing = { 0 };
  g_autoptr (TwinPlan) plan = NULL;
  Run run = {
    self, NULL, options != NULL ? options : &nothing, func, data, NULL
  };

  if (run.options->next != NULL)
    *run.options->next = NULL;
  plan = twin_query_plan (self, reader, run.options, ids, error);
  run.plan = plan;
  return plan != NULL && run_plan (&run, error);
}

gboolean
twin_query_run (const TwinQuery        *self,
                TwinStoreReader        *reader,
                const TwinQueryOptions *options,
                TwinQueryRowFunc        func,
                void                   *data,
                GError                **error)
{
  return run_query (self, reader, options, FALSE, func, data, error);
}

gboolean
twin_query_count (const TwinQuery        *self,
                  TwinStoreReader        *reader,
                  const TwinQueryOptions *options,
                  guint64                *rows,
                  GError                **error)
{
  TwinQueryOptions whole = options != NULL ? *options : (TwinQueryOptions){ 0 };
  g_autoptr (TwinPlan) plan = NULL;
  Run run = { self, NULL, &whole, NULL, NULL, rows };

  whole.limit = 0;
  whole.cursor = NULL;
  whole.next = NULL;
  plan = twin_query_plan (self, reader, &whole, FALSE, error);
  if (plan == NULL)
    return FALSE;

  g_string_append_c (plan->sql, ')');
  run.plan = plan;
  return run_plan (&run, error);
}

/* --- lists --------------------------------------------------------------- */

static gboolean
collect_row (const char *row, void *data)
{
  g_ptr_array_add (data, g_strdup (row));
  return TRUE;
}

GPtrArray *
twin_query_collect (const char *text, TwinStoreReader *reader, GError **error)
{
  g_autoptr (TwinQuery) query = twin_query_parse (text, NULL, error);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);

  if (query == NULL ||
      !twin_query_run (query, reader, NULL, collect_row, rows, error))
    return NULL;

  return g_steal_pointer (&rows);
}

static int
compare_text (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

GPtrArray *
twin_query_collect_ids (const char      *text,
                        TwinStoreReader *reader,
                        GError         **error)
{
  g_autoptr (TwinQuery) query = twin_query_parse (text, NULL, error);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  if (query == NULL)
    return NULL;

  if (!twin_query_selects_twins (query))
    {
      g_set_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_NAME,
                   "The query must select twins: SELECT * FROM DIGITALTWINS "
                   "…, or the name of one collection");
      return NULL;
    }

  if (!run_query (query, reader, NULL, TRUE, collect_row, ids, error))
    return NULL;

  g_ptr_array_sort (ids, compare_text);
  return g_steal_pointer (&ids);
}
