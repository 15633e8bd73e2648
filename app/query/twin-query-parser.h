/* SPDX-License-Identifier: Apache-2.0 */
/* twin-query-parser.h - shared by the halves of the parser */
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
  int        n_operators; /* AND and OR */
  size_t     bad;         /* offset of the error */
  GError   **error;
} TwinParser;

const TwinToken *twin_parser_peek (TwinParser *self);
const TwinToken *twin_parser_next (TwinParser *self);
gboolean         twin_parser_take_word (TwinParser *self, const char *word);
gboolean         twin_parser_take_sign (TwinParser *self, int sign);
gboolean twin_parser_want_sign (TwinParser *self, int sign, const char *what);

/* FALSE always, so that callers can return it. */
gboolean twin_parser_fail (TwinParser *self, const char *what);
gboolean twin_parser_fail_at (TwinParser    *self,
                              size_t         offset,
                              TwinQueryError code,
                              const char    *format,
                              ...) G_GNUC_PRINTF (4, 5);

/* A name; NULL with an error that says what was expected. */
const char *twin_parser_name (TwinParser *self, const char *what);
gboolean    twin_parser_path (TwinParser *self, TwinPath *path);
/* Once all collections are known: which one @path begins with. */
gboolean twin_parser_resolve (TwinParser *self, TwinPath *path);

GPtrArray *twin_parser_array (TwinParser *self);

/* A condition; NULL with an error. */
TwinExpr *twin_parser_expr (TwinParser *self);
/* Index of the collection called @name, or -1. */
int twin_parser_find (TwinParser *self, const char *name);
int twin_parser_declare (TwinParser *self,
                         const char *name,
                         gboolean    relationship);

gboolean twin_parser_match (TwinParser *self);

G_END_DECLS
