/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions: WHERE's half of the parser. */
#include <string.h>

#include "twin-query-parser.h"

#define MOST_DEPTH 64
#define MOST_OPERATORS 50
#define MOST_ITEMS 100

static TwinExpr *
new_expr (TwinParser *self, TwinExprKind kind, size_t offset)
{
  TwinExpr *expr = g_new0 (TwinExpr, 1);

  expr->kind = kind;
  expr->offset = offset;
  g_ptr_array_add (self->query->blocks, expr);
  return expr;
}

/* --- operands
 * ----------------------------------------------------------------------- */

static gboolean
parse_literal (TwinParser *self, TwinOperand *operand)
{
  const TwinToken *token = twin_parser_peek (self);

  operand->offset = token->offset;
  if (token->kind == TWIN_TOKEN_NUMBER)
    {
      operand->kind = TWIN_OPERAND_NUMBER;
      operand->number = token->number;
      operand->integer = token->integer;
      operand->whole = token->whole;
    }
  else if (token->kind == TWIN_TOKEN_STRING)
    {
      operand->kind = TWIN_OPERAND_STRING;
      operand->text = token->text;
    }
  else if (twin_token_is (token, "TRUE") || twin_token_is (token, "FALSE"))
    {
      operand->kind = TWIN_OPERAND_BOOLEAN;
      operand->truth = twin_token_is (token, "TRUE");
    }
  else if (twin_token_is (token, "NULL"))
    operand->kind = TWIN_OPERAND_NULL;
  else
    return FALSE;

  self->at++;
  return TRUE;
}

static gboolean
parse_operand (TwinParser *self, TwinOperand *operand)
{
  if (parse_literal (self, operand))
    return TRUE;

  operand->kind = TWIN_OPERAND_PATH;
  operand->offset = twin_parser_peek (self)->offset;
  return twin_parser_path (self, &operand->path) &&
         twin_parser_resolve (self, &operand->path);
}

/* A path, not a literal and not a collection itself. */
static gboolean
parse_property (TwinParser *self, TwinOperand *operand)
{
  if (!parse_operand (self, operand))
    return FALSE;

  return operand->kind == TWIN_OPERAND_PATH ||
         twin_parser_fail_at (self, operand->offset, TWIN_QUERY_ERROR_SYNTAX,
                              "Here the name of a property is expected");
}

/* --- functions
 * ------------------------------------------------------------------------ */

static const char *
find_function (const TwinToken *token, TwinExprKind *kind)
{
  static const struct
  {
    const char  *name;
    TwinExprKind kind;
  } functions[] = {
    { "IS_DEFINED", TWIN_EXPR_IS },
    { "IS_NULL", TWIN_EXPR_IS },
    { "IS_BOOL", TWIN_EXPR_IS },
    { "IS_NUMBER", TWIN_EXPR_IS },
    { "IS_STRING", TWIN_EXPR_IS },
    { "IS_OBJECT", TWIN_EXPR_IS },
    { "IS_PRIMITIVE", TWIN_EXPR_IS },
    { "STARTSWITH", TWIN_EXPR_TEXT },
    { "ENDSWITH", TWIN_EXPR_TEXT },
    { "CONTAINS", TWIN_EXPR_TEXT },
    { "ARRAY_CONTAINS", TWIN_EXPR_ARRAY_CONTAINS },
    { "IS_OF_MODEL", TWIN_EXPR_OF_MODEL },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      if (twin_token_is (token, functions[i].name))
        {
          *kind = functions[i].kind;
          return functions[i].name;
        }
    }

  return NULL;
}

static gboolean
parse_of_model (TwinParser *self, TwinExpr *expr)
{
  const TwinToken *token = twin_parser_peek (self);

  expr->collection = -1;
  if (token->kind == TWIN_TOKEN_WORD || token->kind == TWIN_TOKEN_QUOTED)
    {
      expr->collection = twin_parser_find (self, token->text);
      if (expr->collection < 0)
        return twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_NAME,
                                    "Nothing in this query is called “%s”",
                                    token->text);
      self->at++;
      if (!twin_parser_want_sign (self, ',', "a comma"))
        return FALSE;
    }
  else if (self->query->collections->len == 1)
    expr->collection = 0;
  else
    return twin_parser_fail (self, "the name of a collection");

  if (twin_query_collection (self->query, expr->collection)->relationship)
    return twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_NAME,
                                "IS_OF_MODEL asks twins, not relationships");

  token = twin_parser_peek (self);
  if (token->kind != TWIN_TOKEN_STRING)
    return twin_parser_fail (self, "a model in quotes");
  expr->a.text = token->text;
  self->at++;

  if (twin_parser_take_sign (self, ','))
    {
      if (!twin_parser_take_word (self, "exact"))
        return twin_parser_fail (self, "the word exact");
      expr->exact = TRUE;
    }

  return TRUE;
}

static gboolean
parse_arguments (TwinParser *self, TwinExpr *expr)
{
  if (expr->kind == TWIN_EXPR_OF_MODEL)
    return parse_of_model (self, expr);
  if (!parse_property (self, &expr->a))
    return FALSE;
  if (expr->kind == TWIN_EXPR_IS)
    return TRUE;
  if (!twin_parser_want_sign (self, ',', "a comma and a value"))
    return FALSE;

  if (expr->kind == TWIN_EXPR_TEXT)
    {
      const TwinToken *token = twin_parser_peek (self);

      return (parse_literal (self, &expr->b) &&
              expr->b.kind == TWIN_OPERAND_STRING) ||
             twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_SYNTAX,
                                  "Here a text in quotes is expected");
    }

  return parse_literal (self, &expr->b) || twin_parser_fail (self, "a value");
}

static TwinExpr *
parse_function (TwinParser *self)
{
  const TwinToken *token = twin_parser_next (self);
  TwinExprKind     kind;
  const char      *name = find_function (token, &kind);
  TwinExpr        *expr;

  if (name == NULL)
    {
      twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_SYNTAX,
                           "There is no function “%s”", token->text);
      return NULL;
    }

  expr = new_expr (self, kind, token->offset);
  expr->function = name;
  if (!twin_parser_want_sign (self, '(', "(") ||
      !parse_arguments (self, expr) || !twin_parser_want_sign (self, ')', ")"))
    return NULL;

  return expr;
}

/* --- comparisons
 * ----------------------------------------------------------------------- */

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
  expr->list = g_array_new (FALSE, TRUE, sizeof (TwinOperand));
  g_ptr_array_add (self->query->lists, expr->list);
  if (!twin_parser_want_sign (self, '[', "a list in [ ]"))
    return FALSE;

  do
    {
      TwinOperand operand = { 0 };

      if (!parse_literal (self, &operand))
        return twin_parser_fail (self, "a value");
      g_array_append_val (expr->list, operand);
      if (expr->list->len > MOST_ITEMS)
        return twin_parser_fail_at (self, operand.offset,
                                    TWIN_QUERY_ERROR_LIMIT,
                                    "A list has at most %d values", MOST_ITEMS);
    }
  while (twin_parser_take_sign (self, ','));

  return twin_parser_want_sign (self, ']', "a comma or ]");
}

static TwinExpr *
parse_comparison (TwinParser *self)
{
  TwinExpr *expr =
      new_expr (self, TWIN_EXPR_COMPARE, twin_parser_peek (self)->offset);
  gboolean negated = FALSE;

  if (!parse_operand (self, &expr->a))
    return NULL;

  expr->op = take_operator (self);
  if (expr->op != NULL)
    return parse_operand (self, &expr->b) ? expr : NULL;

  if (twin_parser_take_word (self, "NOT"))
    negated = TRUE;

  if (!negated && twin_parser_take_word (self, "NIN"))
    negated = TRUE;
  else if (!twin_parser_take_word (self, "IN"))
    {
      twin_parser_fail (self, "a comparison such as =, <, IN");
      return NULL;
    }

  expr->kind = TWIN_EXPR_IN;
  if (!parse_list (self, expr))
    return NULL;

  if (negated)
    {
      TwinExpr *outer = new_expr (self, TWIN_EXPR_NOT, expr->offset);

      outer->left = expr;
      return outer;
    }

  return expr;
}

/* --- logic
 * -------------------------------------------------------------------------------
 */

static TwinExpr *
parse_term (TwinParser *self)
{
  const TwinToken *token = twin_parser_peek (self);
  TwinExpr        *expr;

  if (++self->depth > MOST_DEPTH)
    {
      twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_LIMIT,
                           "The condition is nested deeper than %d levels",
                           MOST_DEPTH);
      return NULL;
    }

  if (twin_parser_take_word (self, "NOT"))
    {
      expr = new_expr (self, TWIN_EXPR_NOT, token->offset);
      expr->left = parse_term (self);
      if (expr->left == NULL)
        return NULL;
    }
  else if (twin_parser_take_sign (self, '('))
    {
      expr = twin_parser_expr (self);
      if (expr == NULL || !twin_parser_want_sign (self, ')', ")"))
        return NULL;
    }
  else if (token->kind == TWIN_TOKEN_WORD &&
           g_array_index (self->tokens, TwinToken, self->at + 1).kind ==
               TWIN_TOKEN_SIGN &&
           g_array_index (self->tokens, TwinToken, self->at + 1).sign == '(')
    expr = parse_function (self);
  else
    expr = parse_comparison (self);

  self->depth--;
  return expr;
}

static TwinExpr *
join (TwinParser *self, TwinExprKind kind, TwinExpr *left, size_t offset)
{
  TwinExpr *expr;

  if (++self->n_operators > MOST_OPERATORS)
    {
      twin_parser_fail_at (self, offset, TWIN_QUERY_ERROR_LIMIT,
                           "A query has at most %d AND and OR", MOST_OPERATORS);
      return NULL;
    }

  expr = new_expr (self, kind, offset);
  expr->left = left;
  return expr;
}

static TwinExpr *
parse_and (TwinParser *self)
{
  TwinExpr *expr = parse_term (self);

  while (expr != NULL && twin_token_is (twin_parser_peek (self), "AND"))
    {
      expr = join (self, TWIN_EXPR_AND, expr, twin_parser_next (self)->offset);
      if (expr != NULL)
        expr->right = parse_term (self);
      if (expr == NULL || expr->right == NULL)
        return NULL;
    }

  return expr;
}

TwinExpr *
twin_parser_expr (TwinParser *self)
{
  TwinExpr *expr = parse_and (self);

  while (expr != NULL && twin_token_is (twin_parser_peek (self), "OR"))
    {
      expr = join (self, TWIN_EXPR_OR, expr, twin_parser_next (self)->offset);
      if (expr != NULL)
        expr->right = parse_and (self);
      if (expr == NULL || expr->right == NULL)
        return NULL;
    }

  return expr;
}
