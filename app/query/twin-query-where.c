/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions as SQL. Unlike types and missing properties make one NULL, so
 * SQL's three-valued logic is the language's. */
#include <string.h>

#include "twin-query-ast.h"

/* "t0.id" or "FUNCTION(t0.props, ?)" */
static void
add_value (const TwinQuery *self,
           TwinPlan        *plan,
           const char      *function,
           const TwinPath  *path)
{
  const char *column = twin_query_find_column (self, path);
  const char *alias = twin_query_collection (self, path->collection)->alias;

  if (column != NULL)
    g_string_append_printf (plan->sql, "%s.%s", alias, column);
  else
    {
      g_autofree char *inner = twin_query_json_path (path);

      g_string_append_printf (plan->sql, "%s(%s.props, ", function, alias);
      twin_plan_bind_text (plan, inner);
      g_string_append_c (plan->sql, ')');
    }
}

static void
add_type (const TwinQuery *self, TwinPlan *plan, const TwinPath *path)
{
  if (twin_query_find_column (self, path) != NULL)
    g_string_append (plan->sql, "'text'");
  else
    add_value (self, plan, "json_type", path);
}

static void
add_literal (TwinPlan *plan, const TwinOperand *operand)
{
  switch (operand->kind)
    {
    case TWIN_OPERAND_NUMBER:
      if (operand->whole)
        twin_plan_bind_integer (plan, operand->integer);
      else
        twin_plan_bind_double (plan, operand->number);
      break;
    case TWIN_OPERAND_STRING:
      twin_plan_bind_text (plan, operand->text);
      break;
    case TWIN_OPERAND_BOOLEAN:
      twin_plan_bind_integer (plan, operand->truth);
      break;
    case TWIN_OPERAND_PATH:
    case TWIN_OPERAND_NULL:
    default:
      g_string_append (plan->sql, "NULL");
      break;
    }
}

/* JSON's types of an operand's kind, as SQL's list. */
static const char *
types_of (TwinOperandKind kind)
{
  switch (kind)
    {
    case TWIN_OPERAND_NUMBER:
      return "('integer', 'real')";
    case TWIN_OPERAND_STRING:
      return "('text')";
    case TWIN_OPERAND_BOOLEAN:
      return "('true', 'false')";
    case TWIN_OPERAND_PATH:
    case TWIN_OPERAND_NULL:
    default:
      return "('null')";
    }
}

/* A condition on the value of @path that holds only for @types. Another type
 * must make it NULL where a NOT would show the difference to FALSE; elsewhere
 * the type is looked at only where the rest holds, which is cheaper. */
static void
begin_typed (const TwinQuery *self,
             TwinPlan        *plan,
             const TwinPath  *path,
             const char      *types)
{
  if (plan->negated == 0 || twin_query_find_column (self, path) != NULL)
    {
      g_string_append_c (plan->sql, '(');
      return;
    }

  g_string_append (plan->sql, "CASE WHEN ");
  add_type (self, plan, path);
  g_string_append_printf (plan->sql, " IN %s THEN ", types);
}

static void
end_typed (const TwinQuery *self,
           TwinPlan        *plan,
           const TwinPath  *path,
           const char      *types)
{
  if (twin_query_find_column (self, path) != NULL)
    {
      g_string_append_c (plan->sql, ')');
      return;
    }

  if (plan->negated > 0)
    {
      g_string_append (plan->sql, " END");
      return;
    }

  g_string_append (plan->sql, " AND ");
  add_type (self, plan, path);
  g_string_append_printf (plan->sql, " IN %s)", types);
}

static void
compare_null (const TwinQuery *self,
              TwinPlan        *plan,
              const TwinPath  *path,
              const char      *op)
{
  if (strcmp (op, "=") != 0 && strcmp (op, "<>") != 0)
    {
      g_string_append (plan->sql, "NULL");
      return;
    }

  g_string_append_c (plan->sql, '(');
  add_type (self, plan, path);
  g_string_append_printf (plan->sql, " %s 'null')", op);
}

static void
compare_literal (const TwinQuery   *self,
                 TwinPlan          *plan,
                 const TwinPath    *path,
                 const char        *op,
                 const TwinOperand *literal)
{
  gboolean column = twin_query_find_column (self, path) != NULL;

  if (literal->kind == TWIN_OPERAND_NULL)
    {
      compare_null (self, plan, path, op);
      return;
    }

  if (column && literal->kind != TWIN_OPERAND_STRING)
    {
      g_string_append (plan->sql, "NULL");
      return;
    }

  begin_typed (self, plan, path, types_of (literal->kind));
  add_value (self, plan, "json_extract", path);
  g_string_append_printf (plan->sql, " %s ", op);
  add_literal (plan, literal);
  end_typed (self, plan, path, types_of (literal->kind));
}

static void
compare_paths (const TwinQuery *self,
               TwinPlan        *plan,
               const TwinPath  *a,
               const char      *op,
               const TwinPath  *b)
{
  static const TwinOperandKind kinds[] = { TWIN_OPERAND_STRING,
                                           TWIN_OPERAND_NUMBER,
                                           TWIN_OPERAND_BOOLEAN };

  g_string_append (plan->sql, "CASE WHEN ");
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_string_append (plan->sql, i > 0 ? " OR (" : "(");
      add_type (self, plan, a);
      g_string_append_printf (plan->sql, " IN %s AND ", types_of (kinds[i]));
      add_type (self, plan, b);
      g_string_append_printf (plan->sql, " IN %s)", types_of (kinds[i]));
    }
  g_string_append (plan->sql, " THEN ");
  add_value (self, plan, "json_extract", a);
  g_string_append_printf (plan->sql, " %s ", op);
  add_value (self, plan, "json_extract", b);
  g_string_append (plan->sql, " END");
}

static const char *
turn (const char *op)
{
  static const char *const pairs[][2] = {
    { "<", ">" }, { ">", "<" }, { "<=", ">=" }, { ">=", "<=" }
  };

  for (size_t i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      if (strcmp (pairs[i][0], op) == 0)
        return pairs[i][1];
    }

  return op;
}

static void
add_compare (const TwinQuery *self, TwinPlan *plan, const TwinExpr *expr)
{
  gboolean a = expr->a.kind == TWIN_OPERAND_PATH;
  gboolean b = expr->b.kind == TWIN_OPERAND_PATH;

  if (a && b)
    compare_paths (self, plan, &expr->a.path, expr->op, &expr->b.path);
  else if (a)
    compare_literal (self, plan, &expr->a.path, expr->op, &expr->b);
  else if (b)
    compare_literal (self, plan, &expr->b.path, turn (expr->op), &expr->a);
  else if (expr->a.kind != expr->b.kind)
    g_string_append (plan->sql, "NULL");
  else if (expr->a.kind == TWIN_OPERAND_NULL)
    g_string_append_printf (plan->sql, "('' %s '')", expr->op);
  else
    {
      g_string_append_c (plan->sql, '(');
      add_literal (plan, &expr->a);
      g_string_append_printf (plan->sql, " %s ", expr->op);
      add_literal (plan, &expr->b);
      g_string_append_c (plan->sql, ')');
    }
}

/* The values of one kind of the list: "WHEN … IN types THEN x IN (…)". */
static void
add_in_kind (const TwinQuery *self,
             TwinPlan        *plan,
             const TwinExpr  *expr,
             TwinOperandKind  kind)
{
  gboolean any = FALSE;

  for (guint i = 0; i < expr->list->len; i++)
    {
      const TwinOperand *item = &g_array_index (expr->list, TwinOperand, i);

      if (item->kind != kind)
        continue;

      if (!any)
        {
          g_string_append (plan->sql, " WHEN ");
          add_type (self, plan, &expr->a.path);
          g_string_append_printf (plan->sql, " IN %s THEN ", types_of (kind));
          if (kind == TWIN_OPERAND_NULL)
            {
              g_string_append (plan->sql, "1");
              return;
            }
          add_value (self, plan, "json_extract", &expr->a.path);
          g_string_append (plan->sql, " IN (");
        }
      else
        g_string_append (plan->sql, ", ");
      any = TRUE;
      add_literal (plan, item);
    }

  if (any)
    g_string_append_c (plan->sql, ')');
}

static void
add_in (const TwinQuery *self, TwinPlan *plan, const TwinExpr *expr)
{
  if (expr->a.kind != TWIN_OPERAND_PATH)
    {
      TwinExpr one = *expr;

      one.kind = TWIN_EXPR_COMPARE;
      one.op = "=";
      g_string_append_c (plan->sql, '(');
      for (guint i = 0; i < expr->list->len; i++)
        {
          one.b = g_array_index (expr->list, TwinOperand, i);
          g_string_append (plan->sql, i > 0 ? " OR " : "");
          add_compare (self, plan, &one);
        }
      g_string_append_c (plan->sql, ')');
      return;
    }

  if (twin_query_find_column (self, &expr->a.path) != NULL)
    {
      gboolean any = FALSE;

      g_string_append_c (plan->sql, '(');
      add_value (self, plan, "", &expr->a.path);
      g_string_append (plan->sql, " IN (");
      for (guint i = 0; i < expr->list->len; i++)
        {
          const TwinOperand *item = &g_array_index (expr->list, TwinOperand, i);

          if (item->kind != TWIN_OPERAND_STRING)
            continue;
          g_string_append (plan->sql, any ? ", " : "");
          add_literal (plan, item);
          any = TRUE;
        }
      g_string_append (plan->sql, "))");
      return;
    }

  g_string_append (plan->sql, "CASE");
  add_in_kind (self, plan, expr, TWIN_OPERAND_STRING);
  add_in_kind (self, plan, expr, TWIN_OPERAND_NUMBER);
  add_in_kind (self, plan, expr, TWIN_OPERAND_BOOLEAN);
  add_in_kind (self, plan, expr, TWIN_OPERAND_NULL);
  g_string_append (plan->sql, " END");
}

static void
add_is (const TwinQuery *self, TwinPlan *plan, const TwinExpr *expr)
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

  if (expr->a.path.segments->len == 0)
    {
      g_string_append (plan->sql,
                       strcmp (expr->function, "IS_DEFINED") == 0 ||
                               strcmp (expr->function, "IS_OBJECT") == 0
                           ? "1"
                           : "0");
      return;
    }

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      if (strcmp (tests[i].function, expr->function) == 0)
        types = tests[i].types;
    }

  g_string_append (plan->sql, types == NULL ? "(" : "COALESCE(");
  add_type (self, plan, &expr->a.path);
  if (types == NULL)
    g_string_append (plan->sql, " IS NOT NULL)");
  else
    g_string_append_printf (plan->sql, " IN %s, 0)", types);
}

static void
add_text (const TwinQuery *self, TwinPlan *plan, const TwinExpr *expr)
{
  const TwinPath *path = &expr->a.path;

  begin_typed (self, plan, path, "('text')");
  if (strcmp (expr->function, "CONTAINS") == 0)
    {
      g_string_append (plan->sql, "instr(");
      add_value (self, plan, "json_extract", path);
      g_string_append (plan->sql, ", ");
      twin_plan_bind_text (plan, expr->b.text);
      g_string_append (plan->sql, ") > 0");
    }
  else if (*expr->b.text == '\0')
    g_string_append_c (plan->sql, '1');
  else
    {
      glong    length = g_utf8_strlen (expr->b.text, -1);
      gboolean starts = strcmp (expr->function, "STARTSWITH") == 0;

      g_string_append (plan->sql, "substr(");
      add_value (self, plan, "json_extract", path);
      g_string_append_printf (plan->sql,
                              starts ? ", 1, %ld) = " : ", -%ld) = ", length);
      twin_plan_bind_text (plan, expr->b.text);
    }
  end_typed (self, plan, path, "('text')");
}

static void
add_array_contains (const TwinQuery *self, TwinPlan *plan, const TwinExpr *expr)
{
  g_autofree char *inner = twin_query_json_path (&expr->a.path);
  const char      *alias =
      twin_query_collection (self, expr->a.path.collection)->alias;

  if (twin_query_find_column (self, &expr->a.path) != NULL)
    {
      g_string_append (plan->sql, "NULL");
      return;
    }

  g_string_append (plan->sql, "CASE ");
  add_type (self, plan, &expr->a.path);
  g_string_append_printf (plan->sql,
                          " WHEN 'array' THEN EXISTS (SELECT 1 FROM "
                          "json_each(%s.props, ",
                          alias);
  twin_plan_bind_text (plan, inner);
  g_string_append_printf (plan->sql, ") e WHERE e.type IN %s",
                          types_of (expr->b.kind));
  if (expr->b.kind != TWIN_OPERAND_NULL)
    {
      g_string_append (plan->sql, " AND e.value = ");
      add_literal (plan, &expr->b);
    }
  g_string_append (plan->sql, ") END");
}

static void
add_of_model (const TwinQuery *self, TwinPlan *plan, const TwinExpr *expr)
{
  const char *alias = twin_query_collection (self, expr->collection)->alias;

  if (expr->exact)
    {
      g_string_append_printf (plan->sql, "(%s.model = ", alias);
      twin_plan_bind_text (plan, expr->a.text);
      g_string_append_c (plan->sql, ')');
      return;
    }

  g_string_append_printf (plan->sql,
                          "(%s.model IN (SELECT value FROM json_each(", alias);
  twin_plan_bind_models (plan, expr->a.text);
  g_string_append (plan->sql, ")))");
}

void
twin_query_compile_where (const TwinQuery *self,
                          TwinPlan        *plan,
                          const TwinExpr  *expr)
{
  switch (expr->kind)
    {
    case TWIN_EXPR_AND:
    case TWIN_EXPR_OR:
      g_string_append_c (plan->sql, '(');
      twin_query_compile_where (self, plan, expr->left);
      g_string_append (plan->sql,
                       expr->kind == TWIN_EXPR_AND ? " AND " : " OR ");
      twin_query_compile_where (self, plan, expr->right);
      g_string_append_c (plan->sql, ')');
      break;
    case TWIN_EXPR_NOT:
      g_string_append (plan->sql, "(NOT ");
      plan->negated++;
      twin_query_compile_where (self, plan, expr->left);
      plan->negated--;
      g_string_append_c (plan->sql, ')');
      break;
    case TWIN_EXPR_COMPARE:
      add_compare (self, plan, expr);
      break;
    case TWIN_EXPR_IN:
      add_in (self, plan, expr);
      break;
    case TWIN_EXPR_IS:
      add_is (self, plan, expr);
      break;
    case TWIN_EXPR_TEXT:
      add_text (self, plan, expr);
      break;
    case TWIN_EXPR_ARRAY_CONTAINS:
      add_array_contains (self, plan, expr);
      break;
    case TWIN_EXPR_OF_MODEL:
    default:
      add_of_model (self, plan, expr);
      break;
    }
}

int
twin_query_find_anchor (const TwinQuery *self, const TwinExpr *expr)
{
  const TwinOperand *path;
  const char        *column;
  int                anchor;

  if (expr == NULL)
    return -1;

  if (expr->kind == TWIN_EXPR_AND)
    {
      anchor = twin_query_find_anchor (self, expr->left);
      return anchor >= 0 ? anchor : twin_query_find_anchor (self, expr->right);
    }

  if (expr->kind != TWIN_EXPR_IN &&
      (expr->kind != TWIN_EXPR_COMPARE || strcmp (expr->op, "=") != 0))
    return -1;

  path = expr->kind == TWIN_EXPR_COMPARE && expr->a.kind != TWIN_OPERAND_PATH
             ? &expr->b
             : &expr->a;
  if (path->kind != TWIN_OPERAND_PATH ||
      (expr->kind == TWIN_EXPR_COMPARE && expr->a.kind == TWIN_OPERAND_PATH &&
       expr->b.kind == TWIN_OPERAND_PATH))
    return -1;

  column = twin_query_find_column (self, &path->path);
  return column != NULL && strcmp (column, "id") == 0 &&
                 !twin_query_collection (self, path->path.collection)
                      ->relationship
             ? path->path.collection
             : -1;
}
