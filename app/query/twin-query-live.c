/* SPDX-License-Identifier: Apache-2.0 */
/* What a query asks of telemetry, history and state. */
#include "twin-query-function.h"

#include <sqlite3.h>
#include <string.h>

#include "twin-clock.h"
#include "twin-json.h"
#include "twin-signal-value.h"
#include "twin-store-functions.h"
#include "twin-store-groups.h"

#define MOST_JOINED 8 /* signals in FROM */

/* Without a sign of the engine for so long the plant counts as offline. */
#define ENGINE_GONE_US (15 * TWIN_US_PER_S)

static const char *
alias_of (const TwinQuery *query, int collection)
{
  return twin_query_collection (query, collection)->alias;
}

gboolean
twin_query_live_setup (const TwinPlan *plan, GError **error)
{
  const TwinStoreMoment moment = { plan->now_us, plan->as_of_us };

  return twin_store_reader_set_moment (plan->reader, &moment, error);
}

/* --- signals ------------------------------------------------------------- */

/* "motor/shaftSpeed". Caller frees. */
static char *
signal_path (const TwinPath *path)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < path->segments->len; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? "/" : "",
                            (char *) g_ptr_array_index (path->segments, i));
  return g_string_free (out, FALSE);
}

/* Whether models declare @name as telemetry, and none as a property. */
static gboolean
is_telemetry (TwinStoreReader *reader, const char *name)
{
  sqlite3      *db = twin_store_reader_get_db (reader);
  sqlite3_stmt *select;
  GString      *quoted = g_string_new (NULL);
  gboolean      telemetry = FALSE;

  twin_json_append_string (quoted, name);
  if (sqlite3_prepare_v2 (
          db,
          "SELECT coalesce (max (type LIKE '%\"Telemetry\"%'), 0) AND NOT"
          " coalesce (max (type LIKE '%\"Property\"%'), 0) FROM (SELECT c.value"
          " -> '$.\"@type\"' AS type FROM model m, json_tree (m.json) c WHERE"
          " instr (m.json, ?1) > 0 AND c.type = 'object' AND c.value ->>"
          " '$.name' = ?2)",
          -1, &select, NULL) == SQLITE_OK)
    {
      sqlite3_bind_text (select, 1, quoted->str, -1, SQLITE_STATIC);
      sqlite3_bind_text (select, 2, name, -1, SQLITE_STATIC);
      telemetry = sqlite3_step (select) == SQLITE_ROW &&
                  sqlite3_column_int (select, 0) != 0;
      sqlite3_finalize (select);
    }

  g_string_free (quoted, TRUE);
  return telemetry;
}

TwinSignalKind
twin_query_live_find_signal (const TwinQuery *query,
                             TwinPlan        *plan,
                             const TwinPath  *path)
{
  g_autofree char *name = NULL;
  TwinSignalKind   kind = TWIN_SIGNAL_NONE;
  void            *known;

  if (plan->reader == NULL || path->segments->len == 0 ||
      twin_query_collection (query, path->collection)->relationship ||
      *(char *) g_ptr_array_index (path->segments, 0) == '$')
    return TWIN_SIGNAL_NONE;

  while (plan->parent != NULL)
    plan = plan->parent;
  if (plan->signals == NULL)
    plan->signals =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  name = signal_path (path);
  if (g_hash_table_lookup_extended (plan->signals, name, NULL, &known))
    return GPOINTER_TO_INT (known);

  if (twin_store_reader_knows_signal (plan->reader, name))
    kind =
        is_telemetry (plan->reader, g_ptr_array_index (path->segments,
                                                       path->segments->len - 1))
            ? TWIN_SIGNAL_ONLY
            : TWIN_SIGNAL_ALSO;
  g_hash_table_insert (plan->signals, g_steal_pointer (&name),
                       GINT_TO_POINTER (kind));
  return kind;
}

/* The number of @path among the joined signals, or -1. */
static int
find_joined (const TwinPlan *plan, const TwinPath *path)
{
  g_autofree char *name = NULL;

  while (plan->parent != NULL)
    plan = plan->parent;
  if (plan->joined == NULL)
    return -1;

  name = signal_path (path);
  for (guint i = 0; i < plan->joined->len; i++)
    {
      const TwinJoinedSignal *one =
          &g_array_index (plan->joined, TwinJoinedSignal, i);

      if (one->collection == path->collection && strcmp (one->path, name) == 0)
        return (int) i;
    }
  return -1;
}

/* "function(t0.id, ?", or of s0.twin, which is the same */
static void
append_signal_call (const TwinQuery *query,
                    TwinPlan        *plan,
                    const char      *function,
                    const TwinPath  *path)
{
  g_autofree char *name = signal_path (path);

  twin_plan_need (plan, twin_query_live_setup);
  if (find_joined (plan, path) >= 0)
    g_string_append_printf (plan->sql, "%s(s%d.twin, ", function,
                            find_joined (plan, path));
  else
    g_string_append_printf (plan->sql, "%s(%s.id, ", function,
                            alias_of (query, path->collection));
  twin_plan_bind_text (plan, name);
}

/* The newest value, or time, of the joined signal @i: where everything is
 * sealed, which SQLite looks at once a run, its row says it. */
static void
append_joined (TwinPlan *plan, int i, const char *column)
{
  const gboolean value = strcmp (column, "value") == 0;

  twin_plan_need (plan, twin_query_live_setup);
  g_string_append_printf (plan->sql,
                          "CASE WHEN (SELECT NOT EXISTS (SELECT 1 FROM "
                          "sample_tail) AND NOT EXISTS (SELECT 1 FROM "
                          "text_sample)) AND l%d.signal IS NOT NULL THEN "
                          "l%d.%s ELSE signal_newest(s%d.id, l%d.time_us",
                          i, i, column, i, i);
  if (value)
    g_string_append_printf (plan->sql, ", l%d.value", i);
  g_string_append (plan->sql, ") END");
}

/* TRUE when the present of @path was appended from its joined row. */
static gboolean
add_joined (TwinPlan *plan, const TwinPath *path, const char *column)
{
  const int i = find_joined (plan, path);

  if (i < 0 || plan->as_of_us != TWIN_TIME_NONE)
    return FALSE;
  append_joined (plan, i, column);
  return TRUE;
}

gboolean
twin_query_live_add_signal (const TwinQuery *query,
                            TwinPlan        *plan,
                            const TwinPath  *path)
{
  if (twin_query_live_find_signal (query, plan, path) == TWIN_SIGNAL_NONE)
    return FALSE;

  if (!add_joined (plan, path, "value"))
    {
      append_signal_call (query, plan, "signal_value", path);
      g_string_append_c (plan->sql, ')');
    }
  return TRUE;
}

/* --- fewer twins --------------------------------------------------------- */

static void
joined_clear (void *data)
{
  g_free (((TwinJoinedSignal *) data)->path);
}

static void
narrow_path (const TwinQuery *query, TwinPlan *plan, const TwinPath *path)
{
  g_autofree char *name = signal_path (path);
  TwinJoinedSignal one = { path->collection, NULL };

  /* A machine's node may name its parts' signals with a /. */
  if (strchr (name, '/') != NULL || find_joined (plan, path) >= 0)
    return;

  if (plan->joined == NULL)
    {
      plan->joined = g_array_new (FALSE, FALSE, sizeof one);
      g_array_set_clear_func (plan->joined, joined_clear);
    }
  if (plan->joined->len >= MOST_JOINED)
    return;
  one.path = g_steal_pointer (&name);
  g_array_append_val (plan->joined, one);
}

/* Before the twins of @collection, when FROM begins with them: a signal's row
 * is smaller than a twin's, and its value leaves few. */
static gboolean
join_first (const TwinQuery        *query,
            TwinPlan               *plan,
            TwinPlan               *where,
            guint                   i,
            const TwinJoinedSignal *one)
{
  const char      *alias = alias_of (query, one->collection);
  g_autofree char *begin =
      g_strdup_printf (" FROM %s %s", plan->twin_table, alias);
  g_autoptr (GString) first = g_string_new (NULL);
  const size_t length = strlen (begin);

  if (!g_str_has_prefix (plan->sql->str, begin) ||
      g_ascii_isdigit (plan->sql->str[length]))
    return FALSE;

  g_string_printf (first, " FROM signal s%u", i);
  if (plan->as_of_us == TWIN_TIME_NONE)
    g_string_append_printf (
        first, " LEFT JOIN signal_latest l%u ON l%u.signal = s%u.id", i, i, i);
  g_string_append_printf (first, " JOIN %s %s ON %s.id = s%u.twin",
                          plan->twin_table, alias, alias, i);
  g_string_erase (plan->sql, 0, (gssize) length);
  g_string_prepend (plan->sql, first->str);
  g_string_append_printf (where->sql, " AND s%u.path = ", i);
  twin_plan_bind_text (where, one->path);
  return TRUE;
}

void
twin_query_live_compile_joins (const TwinQuery *query,
                               TwinPlan        *plan,
                               TwinPlan        *where)
{
  const TwinPlan *root = plan->parent;

  for (guint i = 0; root->joined != NULL && i < root->joined->len; i++)
    {
      const TwinJoinedSignal *one =
          &g_array_index (root->joined, TwinJoinedSignal, i);

      if (join_first (query, plan, where, i, one))
        continue;

      g_string_append_printf (plan->sql,
                              " JOIN signal s%u ON s%u.twin = %s.id AND "
                              "s%u.path = ",
                              i, i, alias_of (query, one->collection), i);
      twin_plan_bind_text (plan, one->path);
      if (plan->as_of_us == TWIN_TIME_NONE)
        g_string_append_printf (plan->sql,
                                " LEFT JOIN signal_latest l%u ON l%u.signal = "
                                "s%u.id",
                                i, i, i);
    }
}

static void compile_age (const TwinQuery *, TwinPlan *, const TwinCall *);
static void compile_is_stale (const TwinQuery *, TwinPlan *, const TwinCall *);
static void compile_history (const TwinQuery *, TwinPlan *, const TwinCall *);

/* @expr is part of a comparison that NULL makes not true. */
static void
narrow_value (const TwinQuery *query, TwinPlan *plan, const TwinExpr *expr)
{
  const TwinFunctionCompile compile =
      expr->kind == TWIN_EXPR_CALL ? expr->function->compile : NULL;
  const TwinPath *path = NULL;

  if (expr->kind == TWIN_EXPR_PATH)
    path = &expr->path;
  else if (compile == compile_age || compile == compile_is_stale ||
           compile == compile_history)
    path = &((const TwinExpr *) g_ptr_array_index (expr->items, 0))->path;

  if (path == NULL || path->segments->len == 0 ||
      twin_query_find_column (query, path) != NULL)
    return;
  if (compile == compile_is_stale || compile == compile_history
          ? twin_query_live_find_signal (query, plan, path) != TWIN_SIGNAL_NONE
          : twin_query_live_find_signal (query, plan, path) == TWIN_SIGNAL_ONLY)
    narrow_path (query, plan, path);
}

static void
narrow (const TwinQuery *query, TwinPlan *plan, const TwinExpr *expr)
{
  switch (expr->kind)
    {
    case TWIN_EXPR_AND:
      for (guint i = 0; i < expr->items->len; i++)
        narrow (query, plan, g_ptr_array_index (expr->items, i));
      break;
    case TWIN_EXPR_COMPARE:
      if (twin_plan_settle (plan, expr->a)->kind != TWIN_EXPR_NULL &&
          twin_plan_settle (plan, expr->b)->kind != TWIN_EXPR_NULL)
        {
          narrow_value (query, plan, expr->a);
          narrow_value (query, plan, expr->b);
        }
      break;
    case TWIN_EXPR_CALL:
      if (expr->function->compile == compile_is_stale)
        narrow_value (query, plan, expr);
      break;
    default:
      break;
    }
}

void
twin_query_live_narrow (const TwinQuery *query, TwinPlan *plan)
{
  if (query->where != NULL && plan->reader != NULL)
    narrow (query, plan, query->where);
}

/* --- age and staleness --------------------------------------------------- */

/* The source time of a property, or when it was written; µs. */
static void
append_property_time (const TwinQuery *query,
                      TwinPlan        *plan,
                      const TwinPath  *path)
{
  static const char *const words[] = { "sourceTime", "lastUpdateTime" };
  const char              *alias = alias_of (query, path->collection);

  g_string_append (plan->sql, "CAST(round((julianday(COALESCE(");
  for (size_t w = 0; w < G_N_ELEMENTS (words); w++)
    {
      g_autoptr (GString) inner = g_string_new ("$");

      for (guint i = 0; i < path->segments->len; i++)
        g_string_append_printf (inner, "%s.\"%s\"",
                                i + 1 == path->segments->len ? ".\"$metadata\""
                                                             : "",
                                (char *) g_ptr_array_index (path->segments, i));
      g_string_append_printf (inner, ".%s", words[w]);
      g_string_append_printf (plan->sql, "%sjson_extract(%s.props, ",
                              w > 0 ? ", " : "", alias);
      twin_plan_bind_text (plan, inner->str);
      g_string_append_c (plan->sql, ')');
    }
  g_string_append (plan->sql, ")) - 2440587.5) * 86400000) * 1000 AS INTEGER)");
}

static void
compile_age (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  const TwinPath      *path = call->arguments[0].path;
  const TwinSignalKind kind = twin_query_live_find_signal (query, plan, path);

  g_string_append (plan->sql, "(max(0, ");
  twin_plan_bind_integer (plan, plan->now_us);
  g_string_append (plan->sql, " - ");
  if (kind == TWIN_SIGNAL_ALSO)
    g_string_append (plan->sql, "COALESCE(");
  if (kind != TWIN_SIGNAL_NONE && !add_joined (plan, path, "time_us"))
    {
      append_signal_call (query, plan, "signal_time", path);
      g_string_append_c (plan->sql, ')');
    }
  if (kind == TWIN_SIGNAL_ALSO)
    g_string_append (plan->sql, ", ");
  if (kind != TWIN_SIGNAL_ONLY)
    append_property_time (query, plan, path);
  if (kind == TWIN_SIGNAL_ALSO)
    g_string_append_c (plan->sql, ')');
  g_string_append (plan->sql, ") / 1e6)");
}

static void
compile_is_stale (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  const TwinPath *path = call->arguments[0].path;
  const int       i = find_joined (plan, path);

  if (i < 0 || plan->as_of_us != TWIN_TIME_NONE)
    {
      append_signal_call (query, plan, "signal_stale", path);
      g_string_append_c (plan->sql, ')');
      return;
    }

  /* twin_signal_is_stale () */
  g_string_append (plan->sql, "(COALESCE(");
  twin_plan_bind_integer (plan, plan->now_us);
  g_string_append (plan->sql, " - ");
  append_joined (plan, i, "time_us");
  g_string_append_printf (plan->sql,
                          " > (2 * COALESCE(s%d.max_silence_s, %d) + 5) * 1e6, "
                          "1) OR COALESCE(s%d.node IN (SELECT name FROM node "
                          "WHERE status = 'offline'), 0))",
                          i, TWIN_MAX_SILENCE_S, i);
}

/* --- history ------------------------------------------------------------- */

static void
compile_history (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  append_signal_call (query, plan, "signal_history", call->arguments[0].path);
  g_string_append_printf (plan->sql, ", '%s', ", call->function->name);
  twin_plan_bind_integer (plan, call->arguments[1].duration_us);
  g_string_append_c (plan->sql, ')');
}

/* --- what the engine makes of a twin ------------------------------------- */

static void
compile_state (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  const char *alias = alias_of (query, call->arguments[0].collection);

  if (plan->as_of_us == TWIN_TIME_NONE)
    {
      g_string_append (plan->sql, "CASE WHEN (SELECT time_us FROM "
                                  "engine_status WHERE id = 1) >= ");
      twin_plan_bind_integer (plan, plan->now_us - ENGINE_GONE_US);
      g_string_append_printf (
          plan->sql,
          " THEN (SELECT state FROM twin_state WHERE twin = %s.id) ELSE "
          "(SELECT 'offline' FROM twin_state WHERE twin = %s.id) END",
          alias, alias);
      return;
    }

  g_string_append_printf (plan->sql,
                          "COALESCE((SELECT state FROM twin_state WHERE twin "
                          "= %s.id AND since_us <= ",
                          alias);
  twin_plan_bind_integer (plan, plan->as_of_us);
  g_string_append_printf (plan->sql,
                          "), (SELECT state FROM twin_state_past WHERE twin = "
                          "%s.id AND since_us <= ",
                          alias);
  twin_plan_bind_integer (plan, plan->as_of_us);
  g_string_append (plan->sql, " ORDER BY since_us DESC LIMIT 1))");
}

static void
compile_lifecycle (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  g_string_append_printf (plan->sql, "%s.lifecycle",
                          alias_of (query, call->arguments[0].collection));
}

static void
compile_rul (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  g_string_append_printf (plan->sql,
                          "(SELECT p50_s / 86400.0 FROM prediction WHERE "
                          "machine = %s.id",
                          alias_of (query, call->arguments[0].collection));
  if (plan->as_of_us != TWIN_TIME_NONE)
    {
      g_string_append (plan->sql, " AND time_us <= ");
      twin_plan_bind_integer (plan, plan->as_of_us);
    }
  g_string_append (plan->sql, " ORDER BY time_us DESC LIMIT 1)");
}

/* --- tags and groups ----------------------------------------------------- */

static void
compile_has_tag (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  const char *alias = alias_of (query, call->arguments[0].collection);
  const char *tag = call->arguments[1].text;
  g_autoptr (GString) quoted = g_string_new (NULL);

  /* The text is looked at before the array is taken apart: few have the tag.
   * Only what is written in one way can be looked for so. */
  g_string_append_printf (plan->sql, "(%s.tags IS NOT NULL", alias);
  if (tag[strspn (tag, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                       "0123456789-_.: ")] == '\0')
    {
      twin_json_append_string (quoted, tag);
      g_string_append_printf (plan->sql, " AND instr(%s.tags, ", alias);
      twin_plan_bind_text (plan, quoted->str);
      g_string_append (plan->sql, ") > 0");
    }
  g_string_append_printf (plan->sql,
                          " AND EXISTS (SELECT 1 FROM json_each(%s.tags) WHERE "
                          "value = ",
                          alias);
  twin_plan_bind_text (plan, tag);
  g_string_append (plan->sql, "))");
}

/* The twins that the group's query selects, as a subselect. */
static void
append_group_query (const TwinQuery      *query,
                    TwinPlan             *plan,
                    const TwinArgument   *name,
                    const TwinStoreGroup *group)
{
  const TwinQueryOptions options = { .now_us = plan->now_us };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinQuery) inner = NULL;
  g_autoptr (TwinPlan) part = NULL;

  for (const TwinQuery *outer = query; outer != NULL; outer = outer->within)
    {
      if (g_strcmp0 (outer->group, name->text) != 0)
        continue;
      twin_plan_fail (plan, name->offset, TWIN_QUERY_ERROR_NAME,
                      "The group “%s” is defined by itself; change its query",
                      name->text);
      return;
    }

  inner = twin_query_parse (group->query, NULL, &error);
  if (inner == NULL || !twin_query_selects_twins (inner))
    {
      twin_plan_fail (plan, name->offset, TWIN_QUERY_ERROR_NAME,
                      "The query of the group “%s” cannot be used: %s",
                      name->text,
                      error != NULL ? error->message
                                    : "it does not select twins");
      return;
    }

  inner->group = name->text;
  inner->within = query;
  inner->within_us = plan->as_of_us;
  part = twin_query_compile (inner, plan->reader, &options, TRUE);
  if (part->error != NULL)
    {
      twin_plan_fail (plan, name->offset, part->error->code,
                      "The query of the group “%s” cannot be used: %s",
                      name->text, part->error->message);
      return;
    }

  for (guint i = 0; i < part->setups->len; i++)
    twin_plan_need (plan, g_array_index (part->setups, TwinPlanSetup, i));
  twin_plan_append (plan, part);
}

static void
compile_in_group (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  const TwinArgument *name = &call->arguments[1];
  g_autoptr (GError) error = NULL;
  TwinStoreGroup *group;

  if (plan->reader == NULL)
    {
      g_string_append (plan->sql, "NULL");
      return;
    }

  group = twin_store_reader_get_group (plan->reader, name->text, &error);
  if (group == NULL)
    {
      const gboolean none =
          g_error_matches (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND);

      twin_plan_fail (plan, name->offset,
                      none ? TWIN_QUERY_ERROR_NAME : TWIN_QUERY_ERROR_STORE,
                      none ? "There is no group “%s”" : "%s",
                      none ? name->text : error->message);
      return;
    }

  g_string_append_printf (plan->sql, "(%s.id IN (",
                          alias_of (query, call->arguments[0].collection));
  if (group->members != NULL)
    {
      g_string_append (plan->sql, "SELECT value FROM json_each(");
      twin_plan_bind_text (plan, group->members);
      g_string_append_c (plan->sql, ')');
    }
  else
    append_group_query (query, plan, name, group);
  g_string_append (plan->sql, "))");
  twin_store_group_free (group);
}

/* --- the table ----------------------------------------------------------- */

#define OF_HISTORY(name)                                                       \
  {                                                                            \
    name, 2, { TWIN_ARGUMENT_PATH, TWIN_ARGUMENT_DURATION }, TWIN_TYPE_NUMBER, \
        FALSE, TRUE, compile_history, name "(signal, '1h')"                    \
  }
#define OF_TWIN(name, type, compile, usage)                                    \
  {                                                                            \
    name, 1, { TWIN_ARGUMENT_TWIN }, type, FALSE, TRUE, compile, usage         \
  }
#define OF_PATH(name, type, compile, usage)                                    \
  {                                                                            \
    name, 1, { TWIN_ARGUMENT_PATH }, type, FALSE, TRUE, compile, usage         \
  }
#define OF_TWIN_AND_TEXT(name, compile, usage)                                 \
  {                                                                            \
    name, 2, { TWIN_ARGUMENT_TWIN, TWIN_ARGUMENT_TEXT }, TWIN_TYPE_BOOLEAN,    \
        FALSE, TRUE, compile, usage                                            \
  }

const TwinQueryFunction twin_query_live_functions[] = {
  OF_PATH ("AGE", TWIN_TYPE_NUMBER, compile_age, "AGE(signal or property)"),
  OF_PATH ("IS_STALE", TWIN_TYPE_BOOLEAN, compile_is_stale, "IS_STALE(signal)"),
  OF_HISTORY ("AVG"),
  OF_HISTORY ("MIN"),
  OF_HISTORY ("MAX"),
  OF_HISTORY ("SUM"),
  OF_HISTORY ("COUNT"),
  OF_TWIN ("STATE", TWIN_TYPE_STRING, compile_state, "STATE(twins)"),
  OF_TWIN ("LIFECYCLE",
           TWIN_TYPE_STRING,
           compile_lifecycle,
           "LIFECYCLE(twins)"),
  OF_TWIN ("RUL", TWIN_TYPE_NUMBER, compile_rul, "RUL(twins)"),
  OF_TWIN_AND_TEXT ("HAS_TAG", compile_has_tag, "HAS_TAG(twins, 'tag')"),
  OF_TWIN_AND_TEXT ("IN_GROUP", compile_in_group, "IN_GROUP(twins, 'name')"),
  { NULL },
};
