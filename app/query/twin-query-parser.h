/* SPDX-License-Identifier: Apache-2.0 */
/* twin-query-parser.h - shared by the parts of the parser
 *
 * Tokens become a TwinQuery in two passes: the clauses are read as they stand
 * (parser, clauses, expr, match), then names are looked up, functions chosen
 * and types compared (check). Both stop at the first error, whose offset is in
 * @bad.
 */
#pragma once

#include "twin-query-ast.h"
#include "twin-query-lexer.h"

G_BEGIN_DECLS

typedef struct
{
  TwinQuery *query;
  GArray    *tokens;
  guint      at;
  int        depth;
  int        n_logic;      /* AND and OR */
  int        n_arithmetic; /* + - * / */
  size_t     bad;          /* offset of the error */
  gboolean   expected;     /* the error is "Expected …, found …" */
  GError   **error;
} TwinParser;

const TwinToken *twin_parser_peek (TwinParser *self);
const TwinToken *twin_parser_peek_second (TwinParser *self);
const TwinToken *twin_parser_next (TwinParser *self);
gboolean         twin_parser_take_word (TwinParser *self, const char *word);
gboolean         twin_parser_take_sign (TwinParser *self, int sign);
gboolean         twin_parser_sees_sign (TwinParser *self, int sign);
gboolean         twin_parser_want_word (TwinParser *self, const char *word);
gboolean twin_parser_want_sign (TwinParser *self, int sign, const char *what);

/* "Expected @what, found …" at the next token. FALSE always, so that callers
 * can return it. */
gboolean twin_parser_fail (TwinParser *self, const char *what);
gboolean twin_parser_fail_at (TwinParser    *self,
                              size_t         offset,
                              TwinQueryError code,
                              const char    *format,
                              ...) G_GNUC_PRINTF (4, 5);
/* What Azure's service does not have: FALSE with an error when the query is
 * to be strict. */
gboolean twin_parser_extend (TwinParser *self, size_t offset, const char *what);

/* A name; NULL with an error that says what was expected. */
const char *twin_parser_name (TwinParser *self, const char *what);
gboolean    twin_parser_path (TwinParser *self, TwinPath *path);

GPtrArray *twin_parser_array (TwinParser *self);
TwinExpr  *twin_parser_new_expr (TwinParser  *self,
                                 TwinExprKind kind,
                                 size_t       offset);

/* A condition or a value; NULL with an error. */
TwinExpr *twin_parser_expr (TwinParser *self);
/* The same, but a condition (a value) must come of it; @what for the error. */
TwinExpr *twin_parser_condition (TwinParser *self);
TwinExpr *twin_parser_value (TwinParser *self, const char *what);
/* NULL without an error when the next token is none. */
TwinExpr *twin_parser_literal (TwinParser *self);
TwinExpr *twin_parser_parameter (TwinParser *self);
/* What a list may hold. */
TwinExpr *twin_parser_item (TwinParser *self);
/* A function's name and its arguments in ( ). */
TwinExpr *twin_parser_call (TwinParser *self);
/* Turns the sign of a NUMBER. */
void twin_expr_negate (TwinExpr *expr);
/* A whole number or a parameter. */
TwinExpr *twin_parser_whole (TwinParser *self);
/* 'text' or a parameter. */
TwinExpr *twin_parser_text (TwinParser *self, const char *what);

/* Index of the collection called @name, or -1. */
int twin_parser_find (TwinParser *self, const char *name);
int twin_parser_declare (TwinParser *self,
                         const char *name,
                         gboolean    relationship);

gboolean twin_parser_clauses (TwinParser *self);
gboolean twin_parser_match (TwinParser *self);

/* Of the functions of @call's name takes the one that its arguments fit, and
 * puts them where the table has them; FALSE with an error. */
gboolean twin_parser_choose (TwinParser *self, TwinExpr *call);

/* The second pass. */
gboolean twin_parser_check (TwinParser *self);

/* What a query may have: Azure's figures when strict, else generous ones. */
typedef enum
{
  TWIN_LIMIT_CHARACTERS,
  TWIN_LIMIT_LOGIC,
  TWIN_LIMIT_ITEMS, /* of a list */
  TWIN_LIMIT_JOINS,
  TWIN_LIMIT_EDGES, /* of a MATCH */
} TwinQueryLimit;

int twin_query_limit (const TwinQuery *self, TwinQueryLimit limit);

G_END_DECLS
