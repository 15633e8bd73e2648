/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions and values: one grammar, from OR down to a name.
 *
 *   or         = and { OR and }
 *   and        = not { AND not }
 *   not        = NOT not | comparison
 *   comparison = sum [ op sum | [NOT] IN list | NIN list
 *                    | [NOT] LIKE text [ESCAPE text] ]
 *   sum        = product { (+ | -) product }
 *   product    = factor { (* | /) factor }
 *   factor     = - factor | ( or ) | literal | @name | call | path
 */
#include <string.h>

#include "twin-query-function.h"
#include "twin-query-parser.h"

#define MOST_DEPTH 64
#define MOST_ARITHMETIC 100

TwinExpr *
twin_parser_new_expr (TwinParser *self, TwinExprKind kind, size_t offset)
{
  TwinExpr *expr = g_new0 (TwinExpr, 1);

  expr->kind = kind;
  expr->offset = offset;
  expr->collection = -1;
  g_ptr_array_add (self->query->blocks, expr);
  return expr;
}

static gboolean
enter (TwinParser *self)
{
  return ++self->depth <= MOST_DEPTH ||
         twin_parser_fail_at (self, twin_parser_peek (self)->offset,
                              TWIN_QUERY_ERROR_LIMIT,
                              "The condition is nested deeper than %d levels",
                              MOST_DEPTH);
}

/* --- values -------------------------------------------------------------- */

static TwinExpr *
fail_value (TwinParser *self, const char *what)
{
  if (twin_parser_sees_sign (self, '='))
    twin_parser_fail_at (self, twin_parser_peek (self)->offset,
                         TWIN_QUERY_ERROR_SYNTAX,
                         "Expected %s; equality is written with one =", what);
  else if (twin_parser_sees_sign (self, '>'))
    twin_parser_fail_at (self, twin_parser_peek (self)->offset,
                         TWIN_QUERY_ERROR_SYNTAX,
                         "Expected %s; “not equal” is written !=", what);
  else
    twin_parser_fail (self, what);
  return NULL;
}

static TwinExpr *parse_factor (TwinParser *self, const char *what);

static TwinExpr *
parse_negative (TwinParser *self)
{
  TwinExpr *expr = parse_factor (self, "a number after -");
  TwinExpr *outer;

  if (expr == NULL)
    return NULL;
  if (expr->kind == TWIN_EXPR_NUMBER)
    {
      twin_expr_negate (expr);
      return expr;
    }

  outer = twin_parser_new_expr (self, TWIN_EXPR_ARITHMETIC, expr->offset);
  outer->op = "-";
  outer->a = twin_parser_new_expr (self, TWIN_EXPR_NUMBER, expr->offset);
  outer->a->whole = TRUE;
  outer->b = expr;
  return twin_parser_extend (self, expr->offset, "Arithmetic") ? outer : NULL;
}

static TwinExpr *
parse_name (TwinParser *self, const char *what)
{
  const TwinToken *token = twin_parser_peek (self);
  TwinExpr        *expr;

  if (token->kind != TWIN_TOKEN_WORD && token->kind != TWIN_TOKEN_QUOTED)
    return fail_value (self, what);
  if (token->kind == TWIN_TOKEN_WORD && twin_token_is_reserved (token))
    {
      twin_parser_name (self, what);
      return NULL;
    }

  expr = twin_parser_new_expr (self, TWIN_EXPR_PATH, token->offset);
  return twin_parser_path (self, &expr->path) ? expr : NULL;
}

static TwinExpr *
parse_factor (TwinParser *self, const char *what)
{
  const TwinToken *token = twin_parser_peek (self);
  const TwinToken *after = twin_parser_peek_second (self);
  TwinExpr        *expr;

  if (!enter (self))
    return NULL;

  if (twin_parser_take_sign (self, '-'))
    expr = parse_negative (self);
  else if (twin_parser_take_sign (self, '('))
    {
      expr = twin_parser_expr (self);
      if (expr == NULL || !twin_parser_want_sign (self, ')', ")"))
        return NULL;
    }
  else if (token->kind == TWIN_TOKEN_WORD && after->kind == TWIN_TOKEN_SIGN &&
           after->sign == '(' &&
           (!twin_token_is_reserved (token) ||
            strchr (token->text, '_') != NULL || /* STARTS_WITH: a mistake */
            twin_query_find_function (token->text, 0) != NULL))
    expr = twin_parser_call (self);
  else
    {
      expr = twin_parser_literal (self);
      if (expr == NULL)
        expr = twin_parser_parameter (self);
      if (expr == NULL && *self->error == NULL)
        expr = parse_name (self, what);
    }

  self->depth--;
  return expr;
}

static TwinExpr *
join_values (TwinParser *self, TwinExpr *a, const TwinToken *sign, TwinExpr *b)
{
  static const char *const ops[] = { "+", "-", "*", "/" };
  TwinExpr                *expr;

  if (b == NULL || !twin_parser_extend (self, sign->offset, "Arithmetic"))
    return NULL;
  if (++self->n_arithmetic > MOST_ARITHMETIC)
    {
      twin_parser_fail_at (self, sign->offset, TWIN_QUERY_ERROR_LIMIT,
                           "A query has at most %d + - * /", MOST_ARITHMETIC);
      return NULL;
    }

  expr = twin_parser_new_expr (self, TWIN_EXPR_ARITHMETIC, a->offset);
  for (size_t i = 0; i < G_N_ELEMENTS (ops); i++)
    {
      if (*ops[i] == sign->sign)
        expr->op = ops[i];
    }
  expr->a = a;
  expr->b = b;
  return expr;
}

static TwinExpr *
parse_product (TwinParser *self, const char *what)
{
  TwinExpr *expr = parse_factor (self, what);

  while (expr != NULL && (twin_parser_sees_sign (self, '*') ||
                          twin_parser_sees_sign (self, '/')))
    {
      const TwinToken *sign = twin_parser_next (self);

      expr = join_values (self, expr, sign,
                          parse_factor (self, "a number or a property"));
    }

  return expr;
}

static TwinExpr *
parse_sum (TwinParser *self, const char *what)
{
  TwinExpr *expr = parse_product (self, what);

  while (expr != NULL && (twin_parser_sees_sign (self, '+') ||
                          twin_parser_sees_sign (self, '-')))
    {
      const TwinToken *sign = twin_parser_next (self);

      expr = join_values (self, expr, sign,
                          parse_product (self, "a number or a property"));
    }

  return expr;
}

/* --- comparisons --------------------------------------------------------- */

static const char *
take_operator (TwinParser *self)
{
  static const struct
  {
    int         sign;
    const char *op;
  } signs[] = {
    { '=', "=" },           { TWIN_SIGN_NE, "<>" }, { '<', "<" },
    { TWIN_SIGN_LE, "<=" }, { '>', ">" },           { TWIN_SIGN_GE, ">=" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (signs); i++)
    {
      if (twin_parser_take_sign (self, signs[i].sign))
        return signs[i].op;
    }

  return NULL;
}

static gboolean
parse_list (TwinParser *self, TwinExpr *expr)
{
  int most = twin_query_limit (self->query, TWIN_LIMIT_ITEMS);

  if (twin_parser_peek (self)->kind == TWIN_TOKEN_PARAMETER)
    {
      expr->b = twin_parser_parameter (self);
      return expr->b != NULL;
    }
  if (!twin_parser_want_sign (self, '[', "a list such as ['a', 'b'], or @name"))
    return FALSE;

  expr->items = twin_parser_array (self);
  do
    {
      TwinExpr *one = twin_parser_item (self);

      if (one == NULL)
        return FALSE;
      g_ptr_array_add (expr->items, one);
      if (expr->items->len > (guint) most)
        return twin_parser_fail_at (self, one->offset, TWIN_QUERY_ERROR_LIMIT,
                                    "A list has at most %d values", most);
    }
  while (twin_parser_take_sign (self, ','));

  return twin_parser_want_sign (self, ']', "a comma or ]");
}

static gboolean
parse_like (TwinParser *self, TwinExpr *expr)
{
  size_t offset = twin_parser_peek (self)->offset;

  expr->kind = TWIN_EXPR_LIKE;
  expr->b = twin_parser_text (self, "a pattern such as 'pump-%'");
  if (expr->b == NULL || !twin_parser_extend (self, offset, "LIKE"))
    return FALSE;

  if (twin_parser_take_word (self, "ESCAPE"))
    {
      const TwinToken *token = twin_parser_peek (self);

      if (token->kind != TWIN_TOKEN_STRING ||
          g_utf8_strlen (token->text, -1) != 1)
        return twin_parser_fail (self, "one character such as '\\\\'");
      expr->text = token->text;
      self->at++;
    }

  return TRUE;
}

static TwinExpr *
negated (TwinParser *self, TwinExpr *expr, gboolean not )
{
  TwinExpr *outer;

  if (!not )
    return expr;

  outer = twin_parser_new_expr (self, TWIN_EXPR_NOT, expr->offset);
  outer->a = expr;
  return outer;
}

static TwinExpr *
parse_comparison (TwinParser *self, const char *what)
{
  TwinExpr *a = parse_sum (self, what);
  TwinExpr *expr;
  gboolean not ;

  if (a == NULL)
    return NULL;

  expr = twin_parser_new_expr (self, TWIN_EXPR_COMPARE, a->offset);
  expr->a = a;
  expr->op = take_operator (self);
  if (expr->op != NULL)
    {
      expr->b = parse_sum (self, "a value to compare with");
      return expr->b != NULL ? expr : NULL;
    }

  not = twin_parser_take_word (self, "NOT");
  if (twin_parser_take_word (self, "LIKE"))
    return parse_like (self, expr) ? negated (self, expr, not ) : NULL;

  if (!not &&twin_parser_take_word (self, "NIN"))
    not = TRUE;
  else if (!twin_parser_take_word (self, "IN"))
    {
      if (not )
        twin_parser_fail (self, "IN or LIKE after NOT");
      return not ? NULL : a;
    }

  expr->kind = TWIN_EXPR_IN;
  return parse_list (self, expr) ? negated (self, expr, not ) : NULL;
}

/* --- logic --------------------------------------------------------------- */

/* FALSE with an error unless @expr may stand alone. */
static gboolean
want_condition (TwinParser *self, const TwinExpr *expr)
{
  if (expr == NULL)
    return FALSE;

  return twin_expr_is_condition (expr) ||
         twin_parser_fail (self,
                           "a comparison such as =, !=, <, >, IN or LIKE");
}

static TwinExpr *
parse_not (TwinParser *self, const char *what)
{
  const TwinToken *token = twin_parser_peek (self);
  TwinExpr        *expr;

  if (!twin_parser_take_word (self, "NOT"))
    return parse_comparison (self, what);
  if (!enter (self))
    return NULL;

  expr = twin_parser_new_expr (self, TWIN_EXPR_NOT, token->offset);
  expr->a = parse_not (self, "a condition after NOT");
  self->depth--;
  return want_condition (self, expr->a) ? expr : NULL;
}

typedef TwinExpr *(*ParseFunc) (TwinParser *self, const char *what);

/* One or more of @parse with @word between them. */
static TwinExpr *
parse_joined (TwinParser  *self,
              TwinExprKind kind,
              const char  *word,
              ParseFunc    parse,
              const char  *what)
{
  TwinExpr *expr = parse (self, what);
  TwinExpr *outer = NULL;
  int       most = twin_query_limit (self->query, TWIN_LIMIT_LOGIC);

  while (expr != NULL && twin_token_is (twin_parser_peek (self), word))
    {
      const TwinToken *token = twin_parser_peek (self);

      if (!want_condition (self, expr))
        return NULL;
      if (outer == NULL)
        {
          outer = twin_parser_new_expr (self, kind, expr->offset);
          outer->items = twin_parser_array (self);
          g_ptr_array_add (outer->items, expr);
        }

      self->at++;
      if (++self->n_logic > most)
        {
          twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_LIMIT,
                               "A query has at most %d AND and OR", most);
          return NULL;
        }

      expr = parse (self, kind == TWIN_EXPR_AND ? "a condition after AND"
                                                : "a condition after OR");
      if (!want_condition (self, expr))
        return NULL;
      g_ptr_array_add (outer->items, expr);
    }

  return outer != NULL && expr != NULL ? outer : expr;
}

static TwinExpr *
parse_and (TwinParser *self, const char *what)
{
  return parse_joined (self, TWIN_EXPR_AND, "AND", parse_not, what);
}

static TwinExpr *
parse_or (TwinParser *self, const char *what)
{
  return parse_joined (self, TWIN_EXPR_OR, "OR", parse_and, what);
}

TwinExpr *
twin_parser_expr (TwinParser *self)
{
  return parse_or (self, "a property, a function or a value");
}

TwinExpr *
twin_parser_condition (TwinParser *self)
{
  TwinExpr *expr = parse_or (self, "a condition");

  return want_condition (self, expr) ? expr : NULL;
}

TwinExpr *
twin_parser_value (TwinParser *self, const char *what)
{
  TwinExpr *expr = parse_sum (self, what);

  /* one in parentheses comes through the same grammar */
  if (expr == NULL || expr->kind >= TWIN_EXPR_PATH)
    return expr;

  twin_parser_fail_at (self, expr->offset, TWIN_QUERY_ERROR_SYNTAX,
                       "Here a value is expected, not a condition");
  return NULL;
}
