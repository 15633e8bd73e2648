/* SPDX-License-Identifier: Apache-2.0 */
/* Values as SQL. A property's type is known only in its row, so a value comes
 * with a second expression, its JSON type. */
#include <string.h>

#include "twin-query-function.h"

/* --- paths --------------------------------------------------------------- */

char *
twin_query_json_path (const TwinPath *path)
{
  GString *out = g_string_new ("$");

  for (guint i = 0; i < path->segments->len; i++)
    g_string_append_printf (out, ".\"%s\"",
                            (char *) g_ptr_array_index (path->segments, i));

  return g_string_free (out, FALSE);
}

const char *
twin_query_find_column (const TwinQuery *self, const TwinPath *path)
{
  static const struct
  {
    gboolean    relationship;
    const char *name, *column;
  } columns[] = {
    { FALSE, "$dtId", "id" },          { FALSE, "$etag", "etag" },
    { TRUE, "$sourceId", "source" },   { TRUE, "$targetId", "target" },
    { TRUE, "$relationshipId", "id" }, { TRUE, "$relationshipName", "name" },
    { TRUE, "$etag", "etag" },
  };
  const TwinCollection *in = twin_query_collection (self, path->collection);
  const char           *first;

  if (path->segments->len == 0)
    return NULL;

  first = g_ptr_array_index (path->segments, 0);
  if (path->segments->len == 1)
    {
      for (size_t i = 0; i < G_N_ELEMENTS (columns); i++)
        {
          if (columns[i].relationship == in->relationship &&
              strcmp (columns[i].name, first) == 0)
            return columns[i].column;
        }
    }

  if (path->segments->len == 2 && !in->relationship &&
      strcmp (first, "$metadata") == 0 &&
      strcmp (g_ptr_array_index (path->segments, 1), "$model") == 0)
    return "model";

  return NULL;
}

/* "t0.id"; FALSE when @path is no column. */
static gboolean
append_column (const TwinQuery *self, TwinPlan *plan, const TwinPath *path)
{
  const char *column = twin_query_find_column (self, path);

  if (column == NULL)
    return FALSE;

  g_string_append_printf (plan->sql, "%s.%s",
                          twin_query_collection (self, path->collection)->alias,
                          column);
  return TRUE;
}

/* "function(t0.props, ?)" */
static void
append_json (const TwinQuery *self,
             TwinPlan        *plan,
             const char      *function,
             const TwinPath  *path)
{
  g_autofree char *inner = twin_query_json_path (path);

  g_string_append_printf (plan->sql, "%s(%s.props, ", function,
                          twin_query_collection (self, path->collection)
                              ->alias);
  twin_plan_bind_text (plan, inner);
  g_string_append_c (plan->sql, ')');
}

/* A signal's latest value behind what is in plan->sql since @begin. */
static gboolean
append_signal (const TwinQuery *self,
               TwinPlan        *plan,
               const TwinPath  *path,
               gsize            begin,
               const char      *before)
{
  const gsize end = plan->sql->len;

  if (twin_query_collection (self, path->collection)->relationship)
    return FALSE;

  g_string_append (plan->sql, before);
  if (!twin_query_live_add_signal (self, plan, path))
    {
      g_string_truncate (plan->sql, end);
      return FALSE;
    }

  g_string_insert (plan->sql, (gssize) begin, "COALESCE(");
  return TRUE;
}

void
twin_query_compile_path (const TwinQuery *self,
                         TwinPlan        *plan,
                         const TwinPath  *path)
{
  const gsize begin = plan->sql->len;

  if (append_column (self, plan, path))
    return;
  if (twin_query_live_find_signal (self, plan, path) == TWIN_SIGNAL_ONLY)
    {
      twin_query_live_add_signal (self, plan, path);
      return;
    }

  append_json (self, plan, "json_extract", path);
  if (append_signal (self, plan, path, begin, ", "))
    g_string_append_c (plan->sql, ')');
}

#define JSON_TYPE_OF                                                           \
  " WHEN 'text' THEN 'text' WHEN 'null' THEN NULL ELSE 'real' END"

void
twin_query_compile_path_type (const TwinQuery *self,
                              TwinPlan        *plan,
                              const TwinPath  *path)
{
  const gsize begin = plan->sql->len;

  if (twin_query_find_column (self, path) != NULL)
    {
      g_string_append (plan->sql, "'text'");
      return;
    }

  if (twin_query_live_find_signal (self, plan, path) == TWIN_SIGNAL_ONLY)
    {
      g_string_append (plan->sql, "CASE typeof(");
      twin_query_live_add_signal (self, plan, path);
      g_string_append (plan->sql, ")" JSON_TYPE_OF);
      return;
    }

  append_json (self, plan, "json_type", path);
  if (append_signal (self, plan, path, begin, ", CASE typeof("))
    g_string_append (plan->sql, ")" JSON_TYPE_OF ")");
}

/* --- values -------------------------------------------------------------- */

const char *
twin_query_json_types (TwinType type)
{
  switch (type)
    {
    case TWIN_TYPE_NUMBER:
      return "('integer', 'real')";
    case TWIN_TYPE_STRING:
      return "('text')";
    case TWIN_TYPE_BOOLEAN:
      return "('true', 'false')";
    case TWIN_TYPE_ANY:
    case TWIN_TYPE_NULL:
    case TWIN_TYPE_VERSION:
    default:
      return "('null')";
    }
}

TwinType
twin_query_type_of (const TwinQuery *self, TwinPlan *plan, const TwinExpr *expr)
{
  expr = twin_plan_settle (plan, expr);
  switch (expr->kind)
    {
    case TWIN_EXPR_NUMBER:
    case TWIN_EXPR_ARITHMETIC:
      return TWIN_TYPE_NUMBER;
    case TWIN_EXPR_STRING:
      return TWIN_TYPE_STRING;
    case TWIN_EXPR_BOOLEAN:
      return TWIN_TYPE_BOOLEAN;
    case TWIN_EXPR_NULL:
      return TWIN_TYPE_NULL;
    case TWIN_EXPR_CALL:
      return expr->function->result;
    case TWIN_EXPR_PATH:
    default:
      return twin_query_find_column (self, &expr->path) != NULL
                 ? TWIN_TYPE_STRING
                 : TWIN_TYPE_ANY;
    }
}

static gboolean
is_product (const TwinExpr *expr)
{
  return *expr->op == '*' || *expr->op == '/';
}

/* Division is never that of integers; by zero gives NULL. What a chain has on
 * its left needs no parentheses, of which SQLite takes only so many. */
static void
append_arithmetic (const TwinQuery *self, TwinPlan *plan, const TwinExpr *expr)
{
  if (expr->a->kind == TWIN_EXPR_ARITHMETIC &&
      is_product (expr->a) >= is_product (expr))
    append_arithmetic (self, plan, expr->a);
  else
    twin_query_compile_number (self, plan, expr->a);

  g_string_append_printf (plan->sql, "%s %s ", *expr->op == '/' ? " * 1.0" : "",
                          expr->op);
  twin_query_compile_number (self, plan, expr->b);
}

void
twin_query_compile_value (const TwinQuery *self,
                          TwinPlan        *plan,
                          const TwinExpr  *expr)
{
  expr = twin_plan_settle (plan, expr);
  switch (expr->kind)
    {
    case TWIN_EXPR_NUMBER:
      if (expr->whole)
        twin_plan_bind_integer (plan, expr->integer);
      else
        twin_plan_bind_double (plan, expr->number);
      break;
    case TWIN_EXPR_STRING:
      twin_plan_bind_text (plan, expr->text);
      break;
    case TWIN_EXPR_BOOLEAN:
      twin_plan_bind_integer (plan, expr->truth);
      break;
    case TWIN_EXPR_PATH:
      twin_query_compile_path (self, plan, &expr->path);
      break;
    case TWIN_EXPR_ARITHMETIC:
      g_string_append_c (plan->sql, '(');
      append_arithmetic (self, plan, expr);
      g_string_append_c (plan->sql, ')');
      break;
    case TWIN_EXPR_CALL:
      twin_query_compile_call (self, plan, expr);
      break;
    case TWIN_EXPR_NULL:
    default:
      g_string_append (plan->sql, "NULL");
      break;
    }
}

void
twin_query_compile_type (const TwinQuery *self,
                         TwinPlan        *plan,
                         const TwinExpr  *expr)
{
  expr = twin_plan_settle (plan, expr);
  if (expr->kind == TWIN_EXPR_PATH)
    {
      twin_query_compile_path_type (self, plan, &expr->path);
      return;
    }

  g_string_append (plan->sql, "CASE typeof(");
  twin_query_compile_value (self, plan, expr);
  g_string_append (plan->sql, ")" JSON_TYPE_OF);
}

void
twin_query_compile_number (const TwinQuery *self,
                           TwinPlan        *plan,
                           const TwinExpr  *expr)
{
  TwinType type;

  expr = twin_plan_settle (plan, expr);
  type = twin_query_type_of (self, plan, expr);
  if (type == TWIN_TYPE_NUMBER)
    {
      twin_query_compile_value (self, plan, expr);
      return;
    }
  if (type != TWIN_TYPE_ANY)
    {
      g_string_append (plan->sql, "NULL");
      return;
    }

  g_string_append (plan->sql, "CASE WHEN ");
  twin_query_compile_type (self, plan, expr);
  g_string_append (plan->sql, " IN ('integer', 'real') THEN ");
  twin_query_compile_value (self, plan, expr);
  g_string_append (plan->sql, " END");
}
