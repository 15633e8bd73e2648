/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of values, models and groups, and how any is called. */
#include "twin-query-function.h"

#include <string.h>

#include "twin-query-lexer.h"
#include "twin-query-version.h"

/* --- IS_… ---------------------------------------------------------------- */

static void
compile_is (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  static const struct
  {
    const char *function, *types;
  } tests[] = {
    { "IS_NULL", "('null')" },
    { "IS_BOOL", "('true', 'false')" },
    { "IS_NUMBER", "('integer', 'real')" },
    { "IS_STRING", "('text')" },
    { "IS_OBJECT", "('object')" },
    { "IS_PRIMITIVE", "('null', 'true', 'false', 'integer', 'real', 'text')" },
  };
  const char *types = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      if (strcmp (tests[i].function, call->function->name) == 0)
        types = tests[i].types;
    }

  g_string_append (plan->sql, types == NULL ? "(" : "COALESCE(");
  twin_query_compile_path_type (query, plan, call->arguments[0].path);
  if (types == NULL)
    g_string_append (plan->sql, " IS NOT NULL)");
  else
    g_string_append_printf (plan->sql, " IN %s, 0)", types);
}

/* --- texts --------------------------------------------------------------- */

/* The smallest text behind all that begin with @prefix, or NULL when there is
 * none. Caller frees. */
static char *
end_of_prefix (const char *prefix)
{
  const char *last = prefix + strlen (prefix);

  while (last > prefix)
    {
      GString *out;
      gunichar c;

      last = g_utf8_prev_char (last);
      c = g_utf8_get_char (last);
      if (c >= 0x10FFFF)
        continue;

      out = g_string_new_len (prefix, last - prefix);
      g_string_append_unichar (out, c == 0xD7FF ? 0xE000 : c + 1);
      return g_string_free (out, FALSE);
    }

  return NULL;
}

/* "t0.id >= ? AND t0.id < ?": an index finds it. */
static void
compile_prefix (TwinPlan *plan, const char *column, const char *prefix)
{
  g_autofree char *end = end_of_prefix (prefix);

  g_string_append_printf (plan->sql, "%s >= ", column);
  twin_plan_bind_text (plan, prefix);
  if (end != NULL)
    {
      g_string_append_printf (plan->sql, " AND %s < ", column);
      twin_plan_bind_text (plan, end);
    }
}

static void
compile_text_test (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  const TwinPath *path = call->arguments[0].path;
  const char     *text = call->arguments[1].text;
  const gboolean  starts = strcmp (call->function->name, "STARTSWITH") == 0;
  const char     *column = twin_query_find_column (query, path);

  if (starts && column != NULL)
    {
      g_autofree char *name =
          g_strdup_printf ("%s.%s",
                           twin_query_collection (query, path->collection)
                               ->alias,
                           column);

      compile_prefix (plan, name, text);
    }
  else if (strcmp (call->function->name, "CONTAINS") == 0)
    {
      g_string_append (plan->sql, "instr(");
      twin_query_compile_path (query, plan, path);
      g_string_append (plan->sql, ", ");
      twin_plan_bind_text (plan, text);
      g_string_append (plan->sql, ") > 0");
    }
  else if (*text == '\0')
    g_string_append_c (plan->sql, '1');
  else
    {
      g_string_append (plan->sql, "substr(");
      twin_query_compile_path (query, plan, path);
      g_string_append_printf (plan->sql, starts ? ", 1, %ld) = " : ", -%ld) = ",
                              g_utf8_strlen (text, -1));
      twin_plan_bind_text (plan, text);
    }
}

/* The test holds of texts only: of anything else it is neither true nor
 * false. Where no NOT stands around it, false does as well and the type is
 * looked at last, which is cheaper. */
static void
compile_text (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  const TwinPath *path = call->arguments[0].path;
  const gboolean  column = twin_query_find_column (query, path) != NULL;
  const gboolean  negated = plan->negated > 0;

  if (column || !negated)
    {
      g_string_append_c (plan->sql, '(');
      compile_text_test (query, plan, call);
    }
  else
    g_string_append (plan->sql, "CASE ");

  if (!column)
    {
      g_string_append (plan->sql, negated ? "" : " AND ");
      twin_query_compile_path_type (query, plan, path);
      g_string_append (plan->sql, negated ? " WHEN 'text' THEN " : " = 'text'");
    }

  if (!column && negated)
    {
      compile_text_test (query, plan, call);
      g_string_append (plan->sql, " END");
    }
  else
    g_string_append_c (plan->sql, ')');
}

static void
compile_array (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  const TwinPath  *path = call->arguments[0].path;
  const TwinExpr  *wanted = twin_plan_settle (plan, call->arguments[1].value);
  g_autofree char *inner = twin_query_json_path (path);
  const char *alias = twin_query_collection (query, path->collection)->alias;
  TwinType    type = twin_query_type_of (query, plan, wanted);

  if (twin_query_find_column (query, path) != NULL)
    {
      g_string_append (plan->sql, "NULL");
      return;
    }

  g_string_append_printf (plan->sql, "CASE json_type(%s.props, ", alias);
  twin_plan_bind_text (plan, inner);
  g_string_append_printf (plan->sql,
                          ") WHEN 'array' THEN EXISTS (SELECT 1 FROM "
                          "json_each(%s.props, ",
                          alias);
  twin_plan_bind_text (plan, inner);
  g_string_append_printf (plan->sql, ") e WHERE e.type IN %s",
                          twin_query_json_types (type));
  if (type != TWIN_TYPE_NULL)
    {
      g_string_append (plan->sql, " AND e.value = ");
      twin_query_compile_value (query, plan, wanted);
    }
  g_string_append (plan->sql, ") END");
}

/* --- models -------------------------------------------------------------- */

static void
compile_of_model (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  const char *alias =
      twin_query_collection (query, call->arguments[0].collection)->alias;
  const char *model = call->arguments[1].text;

  if (call->n_arguments > 2)
    {
      g_string_append_printf (plan->sql, "(%s.model = ", alias);
      twin_plan_bind_text (plan, model);
      g_string_append_c (plan->sql, ')');
      return;
    }

  g_string_append_printf (plan->sql,
                          "(%s.model IN (SELECT value FROM json_each(", alias);
  twin_plan_bind_models (plan, model);
  g_string_append (plan->sql, ")))");
}

/* --- of several rows ------------------------------------------------------ */

static void
compile_count (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  const TwinExpr *of = call->n_arguments > 0 ? call->arguments[0].value : NULL;

  if (of == NULL || (of->kind == TWIN_EXPR_PATH && of->path.segments->len == 0))
    {
      g_string_append (plan->sql, "count(*)");
      return;
    }

  g_string_append (plan->sql, "count(");
  if (of->kind == TWIN_EXPR_PATH)
    twin_query_compile_path_type (query, plan, &of->path);
  else
    twin_query_compile_value (query, plan, of);
  g_string_append_c (plan->sql, ')');
}

/* As reals: SQLite's sum of integers fails when it overflows. */
static void
compile_sum (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  const gboolean sum = strcmp (call->function->name, "SUM") == 0;

  g_string_append (plan->sql, sum ? "sum(" : "avg(");
  twin_query_compile_number (query, plan, call->arguments[0].value);
  g_string_append (plan->sql, sum ? " * 1.0)" : ")");
}

static void
compile_extreme (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  const TwinExpr *of = twin_plan_settle (plan, call->arguments[0].value);

  g_string_append (plan->sql,
                   strcmp (call->function->name, "MIN") == 0 ? "min(" : "max(");
  if (twin_query_type_of (query, plan, of) == TWIN_TYPE_ANY)
    {
      g_string_append (plan->sql, "CASE WHEN ");
      twin_query_compile_type (query, plan, of);
      g_string_append (plan->sql, " IN ('integer', 'real', 'text') THEN ");
      twin_query_compile_value (query, plan, of);
      g_string_append (plan->sql, " END)");
      return;
    }

  twin_query_compile_value (query, plan, of);
  g_string_append_c (plan->sql, ')');
}

/* --- versions ------------------------------------------------------------ */

static void
compile_version (const TwinQuery *query, TwinPlan *plan, const TwinCall *call)
{
  const TwinExpr *of = twin_plan_settle (plan, call->arguments[0].value);
  g_autoptr (GBytes) key = NULL;

  if (of->kind == TWIN_EXPR_STRING)
    {
      key = twin_version_key (of->text);
      if (key == NULL)
        twin_plan_fail (plan, call->arguments[0].offset,
                        TWIN_QUERY_ERROR_SYNTAX,
                        "“%s” is no version; write it as '2.3.0' or "
                        "'2.3.0-rc.1'",
                        of->text);
    }

  twin_plan_need (plan, twin_version_register);
  g_string_append (plan->sql, "twin_version(");
  twin_query_compile_value (query, plan, of);
  g_string_append_c (plan->sql, ')');
}

/* --- the table ----------------------------------------------------------- */

#define IS(name)                                                               \
  {                                                                            \
    name, 1, { TWIN_ARGUMENT_PATH }, TWIN_TYPE_BOOLEAN, FALSE, FALSE,          \
        compile_is, name "(property)"                                          \
  }
#define TEXT(name)                                                             \
  {                                                                            \
    name, 2, { TWIN_ARGUMENT_PATH, TWIN_ARGUMENT_TEXT }, TWIN_TYPE_BOOLEAN,    \
        FALSE, FALSE, compile_text, name "(property, 'text')"                  \
  }
#define OF_ROWS(name, type, function)                                          \
  {                                                                            \
    name, 1, { TWIN_ARGUMENT_VALUE }, type, TRUE, TRUE, function,              \
        name "(property)"                                                      \
  }

const TwinQueryFunction twin_query_core_functions[] = {
  IS ("IS_DEFINED"),
  IS ("IS_NULL"),
  IS ("IS_BOOL"),
  IS ("IS_NUMBER"),
  IS ("IS_STRING"),
  IS ("IS_OBJECT"),
  IS ("IS_PRIMITIVE"),
  TEXT ("STARTSWITH"),
  TEXT ("ENDSWITH"),
  TEXT ("CONTAINS"),
  { "ARRAY_CONTAINS",
    2,
    { TWIN_ARGUMENT_PATH, TWIN_ARGUMENT_LITERAL },
    TWIN_TYPE_BOOLEAN,
    FALSE,
    FALSE,
    compile_array,
    "ARRAY_CONTAINS(property, value)" },
  { "IS_OF_MODEL",
    2,
    { TWIN_ARGUMENT_TWIN, TWIN_ARGUMENT_TEXT, TWIN_ARGUMENT_EXACT },
    TWIN_TYPE_BOOLEAN,
    FALSE,
    FALSE,
    compile_of_model,
    "IS_OF_MODEL(twins, 'dtmi:…;1') or IS_OF_MODEL(twins, 'dtmi:…;1', exact)" },
  { "COUNT",
    0,
    { TWIN_ARGUMENT_VALUE },
    TWIN_TYPE_NUMBER,
    TRUE,
    FALSE,
    compile_count,
    "COUNT() or COUNT(property)" },
  OF_ROWS ("SUM", TWIN_TYPE_NUMBER, compile_sum),
  OF_ROWS ("AVG", TWIN_TYPE_NUMBER, compile_sum),
  OF_ROWS ("MIN", TWIN_TYPE_ANY, compile_extreme),
  OF_ROWS ("MAX", TWIN_TYPE_ANY, compile_extreme),
  { "VERSION",
    1,
    { TWIN_ARGUMENT_VALUE },
    TWIN_TYPE_VERSION,
    FALSE,
    TRUE,
    compile_version,
    "VERSION(property) or VERSION('2.3.0')" },
  { NULL },
};

/* --- finding ------------------------------------------------------------- */

const TwinQueryFunction *
twin_query_find_function (const char *name, guint n)
{
  const TwinQueryFunction *const tables[] = { twin_query_core_functions,
                                              twin_query_live_functions };

  for (size_t i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      for (const TwinQueryFunction *one = tables[i]; one->name != NULL; one++)
        {
          if (g_ascii_strcasecmp (one->name, name) == 0 && n-- == 0)
            return one;
        }
    }

  return NULL;
}

const char *
twin_query_suggest_function (const char *name)
{
  static const char *const others[][2] = {
    { "STARTS_WITH", "STARTSWITH" },
    { "ENDS_WITH", "ENDSWITH" },
    { "ISDEFINED", "IS_DEFINED" },
    { "MEAN", "AVG" },
    { "AVERAGE", "AVG" },
    { "HAS", "CONTAINS" },
  };
  const TwinQueryFunction *const tables[] = { twin_query_core_functions,
                                              twin_query_live_functions };
  const char                    *best = NULL;
  guint                          least = 3;

  for (size_t i = 0; i < G_N_ELEMENTS (others); i++)
    {
      if (g_ascii_strcasecmp (others[i][0], name) == 0)
        return others[i][1];
    }

  for (size_t i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      for (const TwinQueryFunction *one = tables[i]; one->name != NULL; one++)
        {
          guint distance = twin_word_distance (name, one->name);

          if (distance < least && distance < strlen (one->name))
            {
              least = distance;
              best = one->name;
            }
        }
    }

  return best;
}

/* --- calling ------------------------------------------------------------- */

/* '90s', '15m', '1h', '7d', '2w' in microseconds, or 0. */
static gint64
parse_duration (const char *text)
{
  static const struct
  {
    char   letter;
    gint64 seconds;
  } units[] = {
    { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 },
  };
  const gint64 most = G_GINT64_CONSTANT (10) * 366 * 86400;
  char        *end;
  gint64       count;

  if (!g_ascii_isdigit (*text))
    return 0;

  count = g_ascii_strtoll (text, &end, 10);
  for (size_t i = 0; i < G_N_ELEMENTS (units); i++)
    {
      if (end[0] == units[i].letter && end[1] == '\0' && count > 0 &&
          count <= most / units[i].seconds)
        return count * units[i].seconds * TWIN_US_PER_S;
    }

  return 0;
}

static void
ready_text (TwinPlan        *plan,
            TwinArgument    *argument,
            const TwinExpr  *expr,
            TwinArgumentKind kind)
{
  const TwinExpr *settled = twin_plan_settle (plan, expr);

  argument->text = settled->kind == TWIN_EXPR_STRING ? settled->text : "";
  if (settled->kind != TWIN_EXPR_STRING)
    twin_plan_fail (plan, expr->offset, TWIN_QUERY_ERROR_PARAMETER,
                    "The parameter @%s must be a text here", expr->text);
  if (kind != TWIN_ARGUMENT_DURATION)
    return;

  argument->duration_us = parse_duration (argument->text);
  if (argument->duration_us == 0)
    twin_plan_fail (plan, expr->offset, TWIN_QUERY_ERROR_SYNTAX,
                    "“%s” is no duration; write '90s', '15m', '1h', '7d' or "
                    "'2w', up to ten years",
                    argument->text);
}

void
twin_query_compile_call (const TwinQuery *query,
                         TwinPlan        *plan,
                         const TwinExpr  *expr)
{
  const TwinQueryFunction *function = expr->function;
  TwinCall                 call = { function, 0, { { 0 } }, expr->offset };

  for (guint i = 0; i < TWIN_QUERY_MOST_ARGUMENTS &&
                    function->arguments[i] != TWIN_ARGUMENT_NONE;
       i++)
    {
      const TwinExpr  *item = g_ptr_array_index (expr->items, i);
      TwinArgumentKind kind = function->arguments[i];
      TwinArgument    *one = &call.arguments[i];

      if (item == NULL && kind != TWIN_ARGUMENT_TWIN)
        break;

      call.n_arguments = i + 1;
      one->collection = expr->collection;
      one->offset = item != NULL ? item->offset : expr->offset;
      one->value = item;
      if (kind == TWIN_ARGUMENT_PATH)
        {
          one->path = &item->path;
          one->collection = item->path.collection;
        }
      else if (kind == TWIN_ARGUMENT_TEXT || kind == TWIN_ARGUMENT_DURATION)
        ready_text (plan, one, item, kind);
    }

  function->compile (query, plan, &call);
}
