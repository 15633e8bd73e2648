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

gboolean
twin_expr_is_condition (const TwinExpr *self)
{
  return self->kind < TWIN_EXPR_PATH ||
         (self->kind == TWIN_EXPR_CALL &&
          self->function->result == TWIN_TYPE_BOOLEAN);
}

gboolean
twin_expr_is_literal (const TwinExpr *self)
{
  return self->kind >= TWIN_EXPR_NUMBER && self->kind <= TWIN_EXPR_NULL;
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

/* --- literals ------------------------------------------------------------ */

static TwinExpr *
parse_literal (TwinParser *self)
{
  const TwinToken *token = twin_parser_peek (self);
  TwinExpr         expr = { .kind = TWIN_EXPR_NULL };
  TwinExpr        *made;

  if (token->kind == TWIN_TOKEN_NUMBER)
    {
      expr.kind = TWIN_EXPR_NUMBER;
      expr.number = token->number;
      expr.integer = token->integer;
      expr.whole = token->whole;
    }
  else if (token->kind == TWIN_TOKEN_STRING)
    {
      expr.kind = TWIN_EXPR_STRING;
      expr.text = token->text;
    }
  else if (twin_token_is (token, "TRUE") || twin_token_is (token, "FALSE"))
    {
      expr.kind = TWIN_EXPR_BOOLEAN;
      expr.truth = twin_token_is (token, "TRUE");
    }
  else if (!twin_token_is (token, "NULL"))
    return NULL;

  made = twin_parser_new_expr (self, expr.kind, token->offset);
  expr.offset = token->offset;
  expr.collection = -1;
  *made = expr;
  self->at++;
  return made;
}

static TwinExpr *
parse_parameter (TwinParser *self)
{
  const TwinToken *token = twin_parser_peek (self);
  TwinExpr        *expr;

  if (token->kind != TWIN_TOKEN_PARAMETER)
    return NULL;
  if (!twin_parser_extend (self, token->offset, "A parameter"))
    return NULL;

  expr = twin_parser_new_expr (self, TWIN_EXPR_PARAMETER, token->offset);
  expr->text = token->text;
  self->at++;

  for (guint i = 0; i < self->query->parameters->len; i++)
    {
      const TwinExpr *other = g_ptr_array_index (self->query->parameters, i);

      if (strcmp (other->text, expr->text) == 0)
        return expr;
    }

  g_ptr_array_add (self->query->parameters, expr);
  return expr;
}

/* @expr, a number, with its sign turned. */
static void
negate (TwinExpr *expr)
{
  expr->number = -expr->number;
  expr->integer = -expr->integer;
}

/* What a list may hold. */
static TwinExpr *
parse_item (TwinParser *self)
{
  const gboolean minus =
      twin_parser_sees_sign (self, '-') &&
      twin_parser_peek_second (self)->kind == TWIN_TOKEN_NUMBER;
  TwinExpr *expr;

  if (minus)
    self->at++;
  expr = parse_literal (self);
  if (expr == NULL)
    expr = parse_parameter (self);
  if (expr == NULL)
    twin_parser_fail (self, "a number, 'text', true, false, null or @name");
  else if (minus)
    negate (expr);
  return expr;
}

TwinExpr *
twin_parser_whole (TwinParser *self)
{
  const TwinToken *token = twin_parser_peek (self);
  TwinExpr        *expr = parse_parameter (self);

  if (expr != NULL || *self->error != NULL)
    return expr;
  if (token->kind == TWIN_TOKEN_NUMBER && token->whole)
    return parse_literal (self);

  twin_parser_fail (self, "a whole number, 0 or more");
  return NULL;
}

TwinExpr *
twin_parser_text (TwinParser *self, const char *what)
{
  const TwinToken *token = twin_parser_peek (self);
  TwinExpr        *expr = parse_parameter (self);

  if (expr != NULL || *self->error != NULL)
    return expr;
  if (token->kind == TWIN_TOKEN_STRING)
    return parse_literal (self);

  twin_parser_fail (self, what);
  return NULL;
}

/* --- calls --------------------------------------------------------------- */

static TwinExpr *
fail_function (TwinParser *self, const TwinToken *token)
{
  const char *near = twin_query_suggest_function (token->text);

  twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_NAME,
                       near != NULL
                           ? "There is no function “%s”; did you mean %s?"
                           : "There is no function “%s”",
                       token->text, near);
  return NULL;
}

/* What the first argument of a function is, for the error when it is missing.
 */
static gboolean
fail_arguments (TwinParser *self, const TwinExpr *call)
{
  g_autofree char *what =
      g_strdup_printf ("an argument of %s, as in %s", call->function->name,
                       call->function->usage);

  return twin_parser_fail (self, what);
}

static gboolean
parse_arguments (TwinParser *self, TwinExpr *call)
{
  call->items = twin_parser_array (self);
  if (twin_parser_take_sign (self, ')'))
    return TRUE;

  do
    {
      const TwinToken *token = twin_parser_peek (self);
      TwinExpr        *one;

      if (token->kind == TWIN_TOKEN_END || twin_token_is (token, "SELECT") ||
          twin_parser_sees_sign (self, ')') ||
          twin_parser_sees_sign (self, ','))
        return fail_arguments (self, call);
      if (call->items->len >= TWIN_QUERY_MOST_ARGUMENTS)
        return twin_parser_fail_at (self, token->offset,
                                    TWIN_QUERY_ERROR_SYNTAX,
                                    "%s does not take so much; write %s",
                                    call->function->name,
                                    call->function->usage);

      one = twin_parser_expr (self);
      if (one == NULL)
        return FALSE;
      g_ptr_array_add (call->items, one);
    }
  while (twin_parser_take_sign (self, ','));

  return twin_parser_want_sign (self, ')', "a comma or )");
}

static TwinExpr *
parse_call (TwinParser *self)
{
  const TwinToken         *token = twin_parser_next (self);
  const TwinQueryFunction *function = twin_query_find_function (token->text, 0);
  TwinExpr                *expr;

  if (function == NULL)
    return fail_function (self, token);

  expr = twin_parser_new_expr (self, TWIN_EXPR_CALL, token->offset);
  expr->function = function;
  self->at++; /* the ( */
  return parse_arguments (self, expr) ? expr : NULL;
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
      negate (expr);
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
    expr = parse_call (self);
  else
    {
      expr = parse_literal (self);
      if (expr == NULL)
        expr = parse_parameter (self);
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
      expr->b = parse_parameter (self);
      return expr->b != NULL;
    }
  if (!twin_parser_want_sign (self, '[', "a list such as ['a', 'b'], or @name"))
    return FALSE;

  expr->items = twin_parser_array (self);
  do
    {
      TwinExpr *one = parse_item (self);

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
  return parse_sum (self, what);
}

/* --- the same ------------------------------------------------------------ */

static gboolean
same_path (const TwinPath *a, const TwinPath *b)
{
  if (a->collection != b->collection || a->segments->len != b->segments->len)
    return FALSE;

  for (guint i = 0; i < a->segments->len; i++)
    {
      if (strcmp (g_ptr_array_index (a->segments, i),
                  g_ptr_array_index (b->segments, i)) != 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
same_items (const GPtrArray *a, const GPtrArray *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  if (a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    {
      if (!twin_expr_equal (g_ptr_array_index (a, i), g_ptr_array_index (b, i)))
        return FALSE;
    }

  return TRUE;
}

gboolean
twin_expr_equal (const TwinExpr *a, const TwinExpr *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  if (a->kind != b->kind)
    return FALSE;
  if (a->kind == TWIN_EXPR_PATH)
    return same_path (&a->path, &b->path);

  return g_strcmp0 (a->op, b->op) == 0 && g_strcmp0 (a->text, b->text) == 0 &&
         a->number == b->number && a->truth == b->truth &&
         a->function == b->function && a->collection == b->collection &&
         twin_expr_equal (a->a, b->a) && twin_expr_equal (a->b, b->b) &&
         same_items (a->items, b->items);
}
