/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions as SQL. Unlike types and missing properties make one NULL, so
 * SQL's three-valued logic is the language's. */
#include <string.h>

#include "twin-json.h"
#include "twin-query-function.h"

#define MOST_PATTERN 1000 /* bytes of a LIKE */
#define LONG_LIST 50      /* bound as one JSON array */
#define LONG_CHAIN 50     /* of AND or OR */

/* A condition on the value of @expr that holds only for @type. Another type
 * must make it NULL where a NOT would show the difference to FALSE; elsewhere
 * the type is looked at only where the rest holds, which is cheaper. */
static void
begin_typed (const TwinQuery *self,
             TwinPlan        *plan,
             const TwinExpr  *expr,
             TwinType         type)
{
  if (plan->negated == 0 ||
      twin_query_type_of (self, plan, expr) != TWIN_TYPE_ANY)
    {
      g_string_append_c (plan->sql, '(');
      return;
    }

  g_string_append (plan->sql, "CASE WHEN ");
  twin_query_compile_type (self, plan, expr);
  g_string_append_printf (plan->sql, " IN %s THEN ",
                          twin_query_json_types (type));
}

static void
end_typed (const TwinQuery *self,
           TwinPlan        *plan,
           const TwinExpr  *expr,
           TwinType         type)
{
  if (twin_query_type_of (self, plan, expr) != TWIN_TYPE_ANY)
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
  twin_query_compile_type (self, plan, expr);
  g_string_append_printf (plan->sql, " IN %s)", twin_query_json_types (type));
}

/* --- comparisons --------------------------------------------------------- */

/* @expr = null: a property that is there and null; a function that has no
 * value. */
static void
compare_null (const TwinQuery *self,
              TwinPlan        *plan,
              const TwinExpr  *expr,
              const char      *op)
{
  const gboolean equal = strcmp (op, "=") == 0;

  if (!equal && strcmp (op, "<>") != 0)
    {
      g_string_append (plan->sql, "NULL");
      return;
    }

  g_string_append_c (plan->sql, '(');
  if (expr->kind == TWIN_EXPR_PATH)
    {
      twin_query_compile_path_type (self, plan, &expr->path);
      g_string_append_printf (plan->sql, " %s 'null')", op);
      return;
    }

  twin_query_compile_value (self, plan, expr);
  g_string_append (plan->sql, equal ? " IS NULL)" : " IS NOT NULL)");
}

static void
compare_plain (const TwinQuery *self,
               TwinPlan        *plan,
               const TwinExpr  *a,
               const char      *op,
               const TwinExpr  *b)
{
  twin_query_compile_value (self, plan, a);
  g_string_append_printf (plan->sql, " %s ", op);
  twin_query_compile_value (self, plan, b);
}

/* Neither is known before the row is. */
static void
compare_unknown (const TwinQuery *self,
                 TwinPlan        *plan,
                 const TwinExpr  *a,
                 const char      *op,
                 const TwinExpr  *b)
{
  static const TwinType types[] = { TWIN_TYPE_STRING, TWIN_TYPE_NUMBER,
                                    TWIN_TYPE_BOOLEAN };

  g_string_append (plan->sql, "CASE WHEN ");
  for (size_t i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_string_append (plan->sql, i > 0 ? " OR (" : "(");
      twin_query_compile_type (self, plan, a);
      g_string_append_printf (plan->sql, " IN %s AND ",
                              twin_query_json_types (types[i]));
      twin_query_compile_type (self, plan, b);
      g_string_append_printf (plan->sql, " IN %s)",
                              twin_query_json_types (types[i]));
    }
  g_string_append (plan->sql, " THEN ");
  compare_plain (self, plan, a, op, b);
  g_string_append (plan->sql, " END");
}

static void
compare (const TwinQuery *self,
         TwinPlan        *plan,
         const TwinExpr  *a,
         const char      *op,
         const TwinExpr  *b)
{
  TwinType first, second;

  a = twin_plan_settle (plan, a);
  b = twin_plan_settle (plan, b);
  first = twin_query_type_of (self, plan, a);
  second = twin_query_type_of (self, plan, b);

  if (second == TWIN_TYPE_NULL)
    compare_null (self, plan, a, op);
  else if (first == TWIN_TYPE_NULL)
    compare_null (self, plan, b, op);
  else if (first == TWIN_TYPE_ANY && second == TWIN_TYPE_ANY)
    compare_unknown (self, plan, a, op, b);
  else if (first == TWIN_TYPE_ANY || second == TWIN_TYPE_ANY)
    {
      const TwinExpr *open = first == TWIN_TYPE_ANY ? a : b;
      TwinType        type = first == TWIN_TYPE_ANY ? second : first;

      begin_typed (self, plan, open, type);
      compare_plain (self, plan, a, op, b);
      end_typed (self, plan, open, type);
    }
  else if (first != second)
    g_string_append (plan->sql, "NULL");
  else
    {
      g_string_append_c (plan->sql, '(');
      compare_plain (self, plan, a, op, b);
      g_string_append_c (plan->sql, ')');
    }
}

/* --- lists --------------------------------------------------------------- */

/* The values of @type in @items, each once settled. */
static GPtrArray *
values_of (TwinPlan *plan, const GPtrArray *items, TwinType type)
{
  static const TwinExprKind kinds[] = {
    [TWIN_TYPE_NUMBER] = TWIN_EXPR_NUMBER,
    [TWIN_TYPE_STRING] = TWIN_EXPR_STRING,
    [TWIN_TYPE_BOOLEAN] = TWIN_EXPR_BOOLEAN,
    [TWIN_TYPE_NULL] = TWIN_EXPR_NULL,
  };
  GPtrArray *values = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    {
      const TwinExpr *item =
          twin_plan_settle (plan, g_ptr_array_index (items, i));

      if (item->kind == kinds[type])
        g_ptr_array_add (values, (void *) item);
    }

  return values;
}

static void
bind_as_json (TwinPlan *plan, const GPtrArray *values)
{
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();
  g_autofree char *text = NULL;

  for (guint i = 0; i < values->len; i++)
    {
      const TwinExpr *one = g_ptr_array_index (values, i);

      if (one->kind == TWIN_EXPR_STRING)
        json_array_add_string_element (array, one->text);
      else if (one->kind == TWIN_EXPR_BOOLEAN || one->whole)
        json_array_add_int_element (array, one->kind == TWIN_EXPR_BOOLEAN
                                               ? one->truth
                                               : one->integer);
      else
        json_array_add_double_element (array, one->number);
    }

  json_node_init_array (node, array);
  text = twin_json_print (node, FALSE);
  twin_plan_bind_text (plan, text);
}

/* " IN (?, …)" */
static void
append_list (const TwinQuery *self, TwinPlan *plan, const GPtrArray *values)
{
  if (values->len > LONG_LIST)
    {
      g_string_append (plan->sql, " IN (SELECT value FROM json_each(");
      bind_as_json (plan, values);
      g_string_append (plan->sql, "))");
      return;
    }

  g_string_append (plan->sql, " IN (");
  for (guint i = 0; i < values->len; i++)
    {
      g_string_append (plan->sql, i > 0 ? ", " : "");
      twin_query_compile_value (self, plan, g_ptr_array_index (values, i));
    }
  g_string_append_c (plan->sql, ')');
}

/* One type of the list: " WHEN type IN types THEN x IN (…)". */
static void
compile_in_type (const TwinQuery *self,
                 TwinPlan        *plan,
                 const TwinExpr  *expr,
                 const GPtrArray *items,
                 TwinType         type)
{
  g_autoptr (GPtrArray) values = values_of (plan, items, type);

  if (values->len == 0)
    return;

  g_string_append (plan->sql, " WHEN ");
  twin_query_compile_type (self, plan, expr);
  g_string_append_printf (plan->sql, " IN %s THEN ",
                          twin_query_json_types (type));
  if (type == TWIN_TYPE_NULL)
    {
      g_string_append (plan->sql, "1");
      return;
    }

  twin_query_compile_value (self, plan, expr);
  append_list (self, plan, values);
}

/* A property in a list of one type, no NOT around: as a comparison. */
static gboolean
compile_in_plain (const TwinQuery *self,
                  TwinPlan        *plan,
                  const TwinExpr  *expr,
                  const GPtrArray *items)
{
  static const TwinType types[] = { TWIN_TYPE_STRING, TWIN_TYPE_NUMBER };
  TwinType              type = twin_query_type_of (self, plan, expr);

  for (size_t i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GPtrArray) values = values_of (plan, items, types[i]);

      if (type == types[i] || (type == TWIN_TYPE_ANY && plan->negated == 0 &&
                               values->len == items->len))
        {
          begin_typed (self, plan, expr, types[i]);
          twin_query_compile_value (self, plan, expr);
          append_list (self, plan, values);
          end_typed (self, plan, expr, types[i]);
          return TRUE;
        }
    }

  return FALSE;
}

static void
compile_in (const TwinQuery *self, TwinPlan *plan, const TwinExpr *in)
{
  const GPtrArray *items =
      in->items != NULL ? in->items : twin_plan_settle_list (plan, in->b);
  const TwinExpr *expr = twin_plan_settle (plan, in->a);

  if (items == NULL || items->len == 0)
    {
      g_string_append_c (plan->sql, '0');
      return;
    }
  if (compile_in_plain (self, plan, expr, items))
    return;

  if (twin_query_type_of (self, plan, expr) == TWIN_TYPE_ANY)
    {
      g_string_append (plan->sql, "CASE");
      compile_in_type (self, plan, expr, items, TWIN_TYPE_STRING);
      compile_in_type (self, plan, expr, items, TWIN_TYPE_NUMBER);
      compile_in_type (self, plan, expr, items, TWIN_TYPE_BOOLEAN);
      compile_in_type (self, plan, expr, items, TWIN_TYPE_NULL);
      g_string_append (plan->sql, " END");
      return;
    }

  /* true, false or null in a list */
  g_string_append_c (plan->sql, '(');
  for (guint i = 0; i < items->len; i++)
    {
      g_string_append (plan->sql, i > 0 ? " OR " : "");
      compare (self, plan, expr, "=", g_ptr_array_index (items, i));
    }
  g_string_append_c (plan->sql, ')');
}

/* --- LIKE ---------------------------------------------------------------- */

/* SQLite's LIKE knows no difference between a and A; its GLOB does. */
static char *
like_to_glob (const char *pattern, const char *escape)
{
  GString *out = g_string_new (NULL);

  for (const char *p = pattern; *p != '\0'; p = g_utf8_next_char (p))
    {
      const char *c = p;

      if (escape != NULL && g_str_has_prefix (p, escape) &&
          p[strlen (escape)] != '\0')
        {
          p += strlen (escape);
          c = p;
        }
      else if (*p == '%' || *p == '_')
        {
          g_string_append_c (out, *p == '%' ? '*' : '?');
          continue;
        }

      if (*c == '*' || *c == '?' || *c == '[')
        g_string_append_printf (out, "[%c]", *c);
      else
        g_string_append_len (out, c, g_utf8_next_char (c) - c);
    }

  return g_string_free (out, FALSE);
}

static void
compile_like (const TwinQuery *self, TwinPlan *plan, const TwinExpr *expr)
{
  const TwinExpr  *pattern = twin_plan_settle (plan, expr->b);
  const TwinType   type = twin_query_type_of (self, plan, expr->a);
  g_autofree char *glob = NULL;

  if (pattern->kind != TWIN_EXPR_STRING)
    {
      twin_plan_fail (plan, expr->b->offset, TWIN_QUERY_ERROR_PARAMETER,
                      "The parameter @%s must be a text here", expr->b->text);
      return;
    }
  if (strlen (pattern->text) > MOST_PATTERN)
    twin_plan_fail (plan, expr->b->offset, TWIN_QUERY_ERROR_LIMIT,
                    "A pattern has at most %d bytes", MOST_PATTERN);

  if (type != TWIN_TYPE_ANY && type != TWIN_TYPE_STRING)
    {
      g_string_append (plan->sql, "NULL");
      return;
    }

  glob = like_to_glob (pattern->text, expr->text);
  begin_typed (self, plan, expr->a, TWIN_TYPE_STRING);
  twin_query_compile_value (self, plan, expr->a);
  g_string_append (plan->sql, " GLOB ");
  twin_plan_bind_text (plan, glob);
  end_typed (self, plan, expr->a, TWIN_TYPE_STRING);
}

/* --- logic --------------------------------------------------------------- */

/* A long chain is as deep as it is long, and SQLite bounds the depth: it
 * becomes a balanced tree of short ones. */
static void
compile_items (const TwinQuery *self,
               TwinPlan        *plan,
               const TwinExpr  *expr,
               guint            first,
               guint            n)
{
  const char *word = expr->kind == TWIN_EXPR_AND ? " AND " : " OR ";

  g_string_append_c (plan->sql, '(');
  if (n > LONG_CHAIN)
    {
      compile_items (self, plan, expr, first, n / 2);
      g_string_append (plan->sql, word);
      compile_items (self, plan, expr, first + n / 2, n - n / 2);
    }

  for (guint i = first; n <= LONG_CHAIN && i < first + n; i++)
    {
      g_string_append (plan->sql, i > first ? word : "");
      twin_query_compile_where (self, plan, g_ptr_array_index (expr->items, i));
    }
  g_string_append_c (plan->sql, ')');
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
      compile_items (self, plan, expr, 0, expr->items->len);
      break;
    case TWIN_EXPR_NOT:
      if (expr->a->kind == TWIN_EXPR_NOT)
        {
          twin_query_compile_where (self, plan, expr->a->a);
          break;
        }
      g_string_append (plan->sql, "(NOT ");
      plan->negated++;
      twin_query_compile_where (self, plan, expr->a);
      plan->negated--;
      g_string_append_c (plan->sql, ')');
      break;
    case TWIN_EXPR_COMPARE:
      compare (self, plan, expr->a, expr->op, expr->b);
      break;
    case TWIN_EXPR_IN:
      compile_in (self, plan, expr);
      break;
    case TWIN_EXPR_LIKE:
      compile_like (self, plan, expr);
      break;
    default:
      twin_query_compile_call (self, plan, expr);
      break;
    }
}

/* --- where to begin ------------------------------------------------------ */

/* Whether @a is a twin's $dtId and @b no property. */
static int
anchor_of (const TwinQuery *self, const TwinExpr *a, const TwinExpr *b)
{
  const char *column;

  if (a->kind != TWIN_EXPR_PATH ||
      twin_query_collection (self, a->path.collection)->relationship ||
      (b != NULL && !twin_expr_is_literal (b) &&
       b->kind != TWIN_EXPR_PARAMETER))
    return -1;

  column = twin_query_find_column (self, &a->path);
  return column != NULL && strcmp (column, "id") == 0 ? a->path.collection : -1;
}

int
twin_query_find_anchor (const TwinQuery *self, const TwinExpr *expr)
{
  int anchor = -1;

  if (expr == NULL)
    return -1;

  if (expr->kind == TWIN_EXPR_AND)
    {
      for (guint i = 0; anchor < 0 && i < expr->items->len; i++)
        anchor =
            twin_query_find_anchor (self, g_ptr_array_index (expr->items, i));
      return anchor;
    }

  if (expr->kind == TWIN_EXPR_IN)
    return anchor_of (self, expr->a, NULL);
  if (expr->kind != TWIN_EXPR_COMPARE || strcmp (expr->op, "=") != 0)
    return -1;

  anchor = anchor_of (self, expr->a, expr->b);
  return anchor >= 0 ? anchor : anchor_of (self, expr->b, expr->a);
}
