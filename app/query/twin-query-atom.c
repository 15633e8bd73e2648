/* SPDX-License-Identifier: Apache-2.0 */
/* What expressions are made of: literals, parameters, calls. */
#include <string.h>

#include "twin-query-function.h"
#include "twin-query-parser.h"

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

/* --- literals ------------------------------------------------------------ */

TwinExpr *
twin_parser_literal (TwinParser *self)
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

TwinExpr *
twin_parser_parameter (TwinParser *self)
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
void
twin_expr_negate (TwinExpr *expr)
{
  expr->number = -expr->number;
  expr->integer = -expr->integer;
}

/* What a list may hold. */
TwinExpr *
twin_parser_item (TwinParser *self)
{
  const gboolean minus =
      twin_parser_sees_sign (self, '-') &&
      twin_parser_peek_second (self)->kind == TWIN_TOKEN_NUMBER;
  TwinExpr *expr;

  if (minus)
    self->at++;
  expr = twin_parser_literal (self);
  if (expr == NULL)
    expr = twin_parser_parameter (self);
  if (expr == NULL)
    twin_parser_fail (self, "a number, 'text', true, false, null or @name");
  else if (minus)
    twin_expr_negate (expr);
  return expr;
}

TwinExpr *
twin_parser_whole (TwinParser *self)
{
  const TwinToken *token = twin_parser_peek (self);
  TwinExpr        *expr = twin_parser_parameter (self);

  if (expr != NULL || *self->error != NULL)
    return expr;
  if (token->kind == TWIN_TOKEN_NUMBER && token->whole)
    return twin_parser_literal (self);

  twin_parser_fail (self, "a whole number, 0 or more");
  return NULL;
}

TwinExpr *
twin_parser_text (TwinParser *self, const char *what)
{
  const TwinToken *token = twin_parser_peek (self);
  TwinExpr        *expr = twin_parser_parameter (self);

  if (expr != NULL || *self->error != NULL)
    return expr;
  if (token->kind == TWIN_TOKEN_STRING)
    return twin_parser_literal (self);

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

TwinExpr *
twin_parser_call (TwinParser *self)
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
