/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-query-lexer.h"

#include <errno.h>
#include <math.h>
#include <string.h>

typedef struct
{
  const char   *begin, *at;
  GStringChunk *strings;
  size_t       *bad;
  GError      **error;
} Lexer;

static gboolean
fail (Lexer *self, const char *at, const char *what)
{
  *self->bad = (size_t) (at - self->begin);
  g_set_error (self->error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_SYNTAX, "%s",
               what);
  return FALSE;
}

static gboolean
is_word_start (char c)
{
  return g_ascii_isalpha (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

static gboolean
is_word (char c)
{
  return is_word_start (c) || g_ascii_isdigit (c);
}

static gboolean
lex_string (Lexer *self, TwinToken *token)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *first = self->at++;

  while (*self->at != '\'')
    {
      if (*self->at == '\0')
        return fail (self, first,
                     "The text that begins here has no end: a ' is "
                     "missing");

      if (*self->at == '\\' && (self->at[1] == '\'' || self->at[1] == '\\'))
        self->at++;
      g_string_append_c (text, *self->at++);
    }

  self->at++;
  token->kind = TWIN_TOKEN_STRING;
  token->text = g_string_chunk_insert (self->strings, text->str);
  return TRUE;
}

static gboolean
lex_number (Lexer *self, TwinToken *token)
{
  const char      *first = self->at;
  char            *end;
  g_autofree char *text = NULL;

  token->kind = TWIN_TOKEN_NUMBER;
  token->whole = TRUE;
  while (g_ascii_isdigit (*self->at))
    self->at++;

  /* "1..3" is a range, not "1." */
  if (*self->at == '.' && g_ascii_isdigit (self->at[1]))
    {
      token->whole = FALSE;
      for (self->at++; g_ascii_isdigit (*self->at); self->at++)
        ;
    }

  if (*self->at == 'e' || *self->at == 'E')
    {
      const char *p = self->at + 1;

      if (*p == '+' || *p == '-')
        p++;
      if (g_ascii_isdigit (*p))
        {
          token->whole = FALSE;
          for (; g_ascii_isdigit (*p); p++)
            ;
          self->at = p;
        }
    }

  if (is_word (*self->at))
    return fail (self, first,
                 "A number cannot go on like this; a name that "
                 "begins with a digit needs [[ ]]");

  text = g_strndup (first, (gsize) (self->at - first));
  token->number = g_ascii_strtod (text, &end);
  errno = 0;
  token->integer = g_ascii_strtoll (text, NULL, 10);
  if (errno != 0)
    token->whole = FALSE;
  if (!isfinite (token->number))
    return fail (self, first, "The number is too large");

  return TRUE;
}

static gboolean
lex_quoted (Lexer *self, TwinToken *token)
{
  const char      *first = self->at;
  const char      *end = strstr (self->at + 2, "]]");
  g_autofree char *text = NULL;

  if (end == NULL)
    return fail (self, first, "A ]] is missing after this [[");

  text = g_strndup (first + 2, (gsize) (end - first - 2));
  if (*text == '\0' || strchr (text, '"') != NULL)
    return fail (self, first, "There must be a name without \" in [[ ]]");

  token->kind = TWIN_TOKEN_QUOTED;
  token->text = g_string_chunk_insert (self->strings, text);
  self->at = end + 2;
  return TRUE;
}

static gboolean
lex_sign (Lexer *self, TwinToken *token)
{
  static const struct
  {
    char text[3];
    int  sign;
  } pairs[] = {
    { "!=", TWIN_SIGN_NE },
    { "<=", TWIN_SIGN_LE },
    { ">=", TWIN_SIGN_GE },
    { "..", TWIN_SIGN_DOTS },
  };

  token->kind = TWIN_TOKEN_SIGN;
  for (size_t i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      if (strncmp (self->at, pairs[i].text, 2) == 0)
        {
          token->sign = pairs[i].sign;
          self->at += 2;
          return TRUE;
        }
    }

  if (*self->at == '"')
    return fail (self, self->at, "Text stands in single quotes: 'text'");
  if (*self->at == ';')
    return fail (self, self->at, "A query ends without ;");
  if (strchr ("=<>()[],.*:|-+/", *self->at) == NULL)
    return fail (self, self->at, "This character means nothing in a query");

  token->sign = *self->at++;
  return TRUE;
}

/* @name */
static gboolean
lex_parameter (Lexer *self, TwinToken *token)
{
  const char *first = ++self->at;

  if (!is_word_start (*first))
    return fail (self, first - 1, "A name must follow this @");
  while (is_word (*self->at))
    self->at++;

  token->kind = TWIN_TOKEN_PARAMETER;
  token->text =
      g_string_chunk_insert_len (self->strings, first, self->at - first);
  return TRUE;
}

static gboolean
lex_one (Lexer *self, TwinToken *token)
{
  const char *first;

  if (*self->at == '\'')
    return lex_string (self, token);
  if (*self->at == '@')
    return lex_parameter (self, token);
  if (g_ascii_isdigit (*self->at))
    return lex_number (self, token);
  if (self->at[0] == '[' && self->at[1] == '[')
    return lex_quoted (self, token);
  if (!is_word_start (*self->at))
    return lex_sign (self, token);

  first = self->at;
  while (is_word (*self->at))
    self->at++;

  token->kind = TWIN_TOKEN_WORD;
  token->text =
      g_string_chunk_insert_len (self->strings, first, self->at - first);
  return TRUE;
}

GArray *
twin_query_lex (const char   *text,
                GStringChunk *strings,
                size_t       *bad,
                GError      **error)
{
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (TwinToken));
  Lexer lexer = { text, text, strings, bad, error };

  for (;;)
    {
      TwinToken token = { TWIN_TOKEN_END };

      while (g_ascii_isspace (*lexer.at))
        lexer.at++;

      token.offset = (size_t) (lexer.at - text);
      if (*lexer.at != '\0' && !lex_one (&lexer, &token))
        return NULL;

      token.end = (size_t) (lexer.at - text);
      g_array_append_val (tokens, token);
      if (token.kind == TWIN_TOKEN_END)
        return g_steal_pointer (&tokens);
    }
}

/* Most words differ in their first letter. */
static inline gboolean
same_word (const char *a, const char *b)
{
  return ((a[0] ^ b[0]) & ~0x20) == 0 && g_ascii_strcasecmp (a, b) == 0;
}

gboolean
twin_token_is (const TwinToken *token, const char *word)
{
  return token->kind == TWIN_TOKEN_WORD && same_word (token->text, word);
}

gboolean
twin_token_is_reserved (const TwinToken *token)
{
  static const char *const words[] = {
    "ALL",
    "AND",
    "AS",
    "ASC",
    "AVG",
    "BY",
    "COUNT",
    "DESC",
    "DEVICES",
    "DEVICES_JOBS",
    "DEVICES_MODULES",
    "ENDS_WITH",
    "FALSE",
    "FROM",
    "GROUP",
    "IN",
    "IS_BOOL",
    "IS_DEFINED",
    "IS_NULL",
    "IS_NUMBER",
    "IS_OBJECT",
    "IS_OF_MODEL",
    "IS_PRIMITIVE",
    "IS_STRING",
    "MAX",
    "MIN",
    "NOT",
    "NOT_IN",
    "NULL",
    "OR",
    "ORDER",
    "SELECT",
    "STARTS_WITH",
    "SUM",
    "TOP",
    "TRUE",
    "WHERE",
  };

  for (size_t i = 0; token->kind == TWIN_TOKEN_WORD && i < G_N_ELEMENTS (words);
       i++)
    {
      if (same_word (token->text, words[i]))
        return TRUE;
    }

  return FALSE;
}

#define MOST_LETTERS 24

guint
twin_word_distance (const char *a, const char *b)
{
  const size_t n = strlen (b);
  guint        row[MOST_LETTERS + 1];

  if (strlen (a) > MOST_LETTERS || n > MOST_LETTERS)
    return MOST_LETTERS;

  for (guint k = 0; k <= n; k++)
    row[k] = k;

  for (guint i = 0; a[i] != '\0'; i++)
    {
      guint corner = row[0]++;

      for (guint k = 0; k < n; k++)
        {
          const guint change =
              corner + (g_ascii_toupper (a[i]) != g_ascii_toupper (b[k]));

          corner = row[k + 1];
          row[k + 1] = MIN (change, 1 + MIN (row[k], corner));
        }
    }

  return row[n];
}
