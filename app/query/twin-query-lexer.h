/* SPDX-License-Identifier: Apache-2.0 */
/* twin-query-lexer.h - the words of a query; private to app/query */
#pragma once

#include "twin-query.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_TOKEN_END,
  TWIN_TOKEN_WORD,   /* SELECT, name, $dtId */
  TWIN_TOKEN_QUOTED, /* [[any]]: never a keyword */
  TWIN_TOKEN_NUMBER,
  TWIN_TOKEN_STRING,
  TWIN_TOKEN_PARAMETER, /* @name; the text is without the @ */
  TWIN_TOKEN_SIGN,      /* one of the signs below, in @sign */
} TwinTokenKind;

enum
{
  TWIN_SIGN_NE = 256, /* != */
  TWIN_SIGN_LE,       /* <= */
  TWIN_SIGN_GE,       /* >= */
  TWIN_SIGN_DOTS,     /* .. */
};

typedef struct
{
  TwinTokenKind kind;
  size_t        offset; /* of its first byte */
  size_t        end;    /* behind its last byte */
  char         *text;   /* WORD, QUOTED, STRING, PARAMETER; in the chunk */
  double        number; /* NUMBER */
  gint64        integer;
  gboolean      whole; /* NUMBER without point or exponent */
  int           sign;  /* SIGN: a character, or of the above */
} TwinToken;

/* All tokens, an END last; NULL with an error. @strings owns the texts. */
GArray *twin_query_lex (const char   *text,
                        GStringChunk *strings,
                        size_t       *bad,
                        GError      **error);

/* Whether @token is the keyword @word, in any case. */
gboolean twin_token_is (const TwinToken *token, const char *word);

/* A word that cannot be a name unless it stands in [[ ]]. */
gboolean twin_token_is_reserved (const TwinToken *token);

/* How many letters must change to make @b of @a, in any case; both short. */
guint twin_word_distance (const char *a, const char *b);

G_END_DECLS
