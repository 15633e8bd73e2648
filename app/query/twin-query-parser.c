/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens, names and errors of the parser, and the whole. */
#include "twin-query-parser.h"

#include <stdarg.h>
#include <string.h>

G_DEFINE_QUARK (twin - query - error - quark, twin_query_error)

int
twin_query_limit (const TwinQuery *self, TwinQueryLimit limit)
{
  static const int limits[][2] = {
    [TWIN_LIMIT_CHARACTERS] = { 262144, 8000 },
    [TWIN_LIMIT_LOGIC] = { 2000, 50 },
    [TWIN_LIMIT_ITEMS] = { 10000, 100 },
    [TWIN_LIMIT_JOINS] = { 20, 5 },
    [TWIN_LIMIT_EDGES] = { 20, 20 },
  };

  return limits[limit][self->strict ? 1 : 0];
}

/* --- tokens -------------------------------------------------------------- */

const TwinToken *
twin_parser_peek (TwinParser *self)
{
  return &g_array_index (self->tokens, TwinToken, self->at);
}

const TwinToken *
twin_parser_peek_second (TwinParser *self)
{
  const TwinToken *token = twin_parser_peek (self);

  return token->kind == TWIN_TOKEN_END ? token : token + 1;
}

const TwinToken *
twin_parser_next (TwinParser *self)
{
  const TwinToken *token = twin_parser_peek (self);

  if (token->kind != TWIN_TOKEN_END)
    self->at++;
  return token;
}

gboolean
twin_parser_take_word (TwinParser *self, const char *word)
{
  if (!twin_token_is (twin_parser_peek (self), word))
    return FALSE;

  self->at++;
  return TRUE;
}

gboolean
twin_parser_sees_sign (TwinParser *self, int sign)
{
  const TwinToken *token = twin_parser_peek (self);

  return token->kind == TWIN_TOKEN_SIGN && token->sign == sign;
}

gboolean
twin_parser_take_sign (TwinParser *self, int sign)
{
  if (!twin_parser_sees_sign (self, sign))
    return FALSE;

  self->at++;
  return TRUE;
}

gboolean
twin_parser_want_word (TwinParser *self, const char *word)
{
  return twin_parser_take_word (self, word) || twin_parser_fail (self, word);
}

gboolean
twin_parser_want_sign (TwinParser *self, int sign, const char *what)
{
  return twin_parser_take_sign (self, sign) || twin_parser_fail (self, what);
}

/* --- errors -------------------------------------------------------------- */

gboolean
twin_parser_fail_at (TwinParser    *self,
                     size_t         offset,
                     TwinQueryError code,
                     const char    *format,
                     ...)
{
  g_autofree char *what = NULL;
  va_list          args;

  if (*self->error != NULL)
    return FALSE;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  self->bad = offset;
  g_set_error (self->error, TWIN_QUERY_ERROR, code, "%s", what);
  return FALSE;
}

gboolean
twin_parser_fail (TwinParser *self, const char *what)
{
  const TwinToken *token = twin_parser_peek (self);
  g_autofree char *found = NULL;

  self->expected = TRUE;
  if (token->kind == TWIN_TOKEN_END)
    return twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_SYNTAX,
                                "Expected %s, but the query ends", what);

  found = g_utf8_substring (self->query->text + token->offset, 0,
                            MIN (40, g_utf8_strlen (self->query->text +
                                                        token->offset,
                                                    (gssize) (token->end -
                                                              token->offset))));
  return twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_SYNTAX,
                              "Expected %s, found “%s%s”", what, found,
                              strlen (found) < token->end - token->offset ? "…"
                                                                          : "");
}

gboolean
twin_parser_extend (TwinParser *self, size_t offset, const char *what)
{
  return !self->query->strict ||
         twin_parser_fail_at (self, offset, TWIN_QUERY_ERROR_SYNTAX,
                              "%s is not in the language of Azure Digital "
                              "Twins, which --strict asks for",
                              what);
}

/* --- names --------------------------------------------------------------- */

GPtrArray *
twin_parser_array (TwinParser *self)
{
  GPtrArray *array = g_ptr_array_new ();

  g_ptr_array_add (self->query->arrays, array);
  return array;
}

/* Whether the reserved word at hand is meant as a name, rather than being the
 * next clause. */
static gboolean
stands_as_name (TwinParser *self)
{
  static const char *const clauses[] = { "FROM", "WHERE", "AND", "OR",
                                         "AS",   "BY",    "IN",  "SELECT",
                                         "NOT",  "ORDER", "TOP" };
  const TwinToken         *token = twin_parser_peek (self);
  const TwinToken         *after = twin_parser_peek_second (self);

  if (after->kind == TWIN_TOKEN_SIGN && after->sign != '(' &&
      after->sign != '*')
    return TRUE;

  for (size_t i = 0; i < G_N_ELEMENTS (clauses); i++)
    {
      if (twin_token_is (token, clauses[i]))
        return FALSE;
    }

  return TRUE;
}

const char *
twin_parser_name (TwinParser *self, const char *what)
{
  const TwinToken *token = twin_parser_peek (self);

  if (token->kind == TWIN_TOKEN_QUOTED ||
      (token->kind == TWIN_TOKEN_WORD && !twin_token_is_reserved (token)))
    {
      self->at++;
      return token->text;
    }

  if (token->kind == TWIN_TOKEN_WORD && stands_as_name (self))
    twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_SYNTAX,
                         "Expected %s, but “%s” is a word of the language; as "
                         "a name it is written [[%s]]",
                         what, token->text, token->text);
  else
    twin_parser_fail (self, what);
  return NULL;
}

gboolean
twin_parser_path (TwinParser *self, TwinPath *path)
{
  const char *name;

  path->collection = -1;
  path->segments = twin_parser_array (self);
  path->offset = twin_parser_peek (self)->offset;

  name = twin_parser_name (self, "the name of a property");
  if (name == NULL)
    return FALSE;
  g_ptr_array_add (path->segments, (void *) name);

  while (twin_parser_take_sign (self, '.'))
    {
      const TwinToken *token = twin_parser_peek (self);

      if (token->kind != TWIN_TOKEN_WORD && token->kind != TWIN_TOKEN_QUOTED)
        return twin_parser_fail (self, "a name after the point");
      g_ptr_array_add (path->segments, token->text);
      self->at++;
    }

  return TRUE;
}

const TwinCollection *
twin_query_collection (const TwinQuery *self, int index)
{
  return g_ptr_array_index (self->collections, index);
}

int
twin_parser_find (TwinParser *self, const char *name)
{
  for (guint i = 0; i < self->query->collections->len; i++)
    {
      const TwinCollection *one = twin_query_collection (self->query, (int) i);

      if (one->name != NULL && strcmp (one->name, name) == 0)
        return (int) i;
    }

  return -1;
}

int
twin_parser_declare (TwinParser *self, const char *name, gboolean relationship)
{
  TwinCollection *one = g_new0 (TwinCollection, 1);
  int             index = (int) self->query->collections->len;

  one->name = name;
  one->relationship = relationship;
  g_snprintf (one->alias, sizeof one->alias, "%c%d", relationship ? 'r' : 't',
              index);
  g_ptr_array_add (self->query->collections, one);
  return index;
}

/* --- the whole ----------------------------------------------------------- */

void
twin_query_find_place (const char *text, size_t offset, TwinQueryPlace *place)
{
  place->offset = offset;
  place->line = place->column = 1;
  for (size_t i = 0; i < offset && text[i] != '\0'; i++)
    {
      if (text[i] == '\n')
        {
          place->line++;
          place->column = 1;
        }
      else if (((guchar) text[i] & 0xC0) != 0x80)
        place->column++;
    }
}

static TwinQuery *
query_new (const char *text, gboolean strict)
{
  TwinQuery *self = g_new0 (TwinQuery, 1);

  self->text = g_strdup (text);
  self->strict = strict;
  self->strings = g_string_chunk_new (512);
  self->blocks = g_ptr_array_new_with_free_func (g_free);
  self->arrays =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  self->projections = g_array_new (FALSE, FALSE, sizeof (TwinProjection));
  self->orders = g_array_new (FALSE, FALSE, sizeof (TwinOrder));
  self->collections = g_ptr_array_new_with_free_func (g_free);
  self->edges = g_array_new (FALSE, FALSE, sizeof (TwinEdge));
  self->groups = g_ptr_array_new ();
  self->parameters = g_ptr_array_new ();
  return self;
}

void
twin_query_free (TwinQuery *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_string_chunk_free (self->strings);
  g_ptr_array_unref (self->blocks);
  g_ptr_array_unref (self->arrays);
  g_array_unref (self->projections);
  g_array_unref (self->orders);
  g_ptr_array_unref (self->collections);
  g_array_unref (self->edges);
  g_ptr_array_unref (self->groups);
  g_ptr_array_unref (self->parameters);
  g_free (self);
}

static gboolean
parse_text (TwinParser *self)
{
  const TwinQuery *query = self->query;
  const char      *end;
  int              most = twin_query_limit (query, TWIN_LIMIT_CHARACTERS);

  if (!g_utf8_validate (query->text, -1, &end))
    return twin_parser_fail_at (self, (size_t) (end - query->text),
                                TWIN_QUERY_ERROR_SYNTAX,
                                "The query is not UTF-8 text");
  if (g_utf8_strlen (query->text, -1) > most)
    return twin_parser_fail_at (self,
                                (size_t) (g_utf8_offset_to_pointer (query->text,
                                                                    most) -
                                          query->text),
                                TWIN_QUERY_ERROR_LIMIT,
                                "A query has at most %d characters", most);

  self->tokens =
      twin_query_lex (query->text, query->strings, &self->bad, self->error);
  return self->tokens != NULL && twin_parser_clauses (self) &&
         twin_parser_check (self);
}

static TwinQuery *
parse (const char *text, gboolean strict, TwinQueryPlace *place, GError **error)
{
  g_autoptr (TwinQuery) query = query_new (text, strict);
  g_autoptr (GError) why = NULL;
  TwinParser     parser = { .query = query, .error = &why };
  TwinQueryPlace where;
  gboolean       good = parse_text (&parser);

  g_clear_pointer (&parser.tokens, g_array_unref);
  if (good)
    return g_steal_pointer (&query);

  twin_query_find_place (query->text, parser.bad, &where);
  if (place != NULL)
    *place = where;
  g_set_error (error, TWIN_QUERY_ERROR, why->code,
               parser.expected ? "%s at line %u, column %u"
                               : "%s (line %u, column %u)",
               why->message, where.line, where.column);
  return NULL;
}

TwinQuery *
twin_query_parse (const char *text, TwinQueryPlace *place, GError **error)
{
  return parse (text, FALSE, place, error);
}

TwinQuery *
twin_query_parse_strict (const char     *text,
                         TwinQueryPlace *place,
                         GError        **error)
{
  return parse (text, TRUE, place, error);
}

gboolean
twin_query_selects_twins (const TwinQuery *self)
{
  const TwinExpr *one;

  if (self->grouped || self->relationships)
    return FALSE;
  if (self->all)
    return TRUE;
  if (self->projections->len != 1)
    return FALSE;

  one = g_array_index (self->projections, TwinProjection, 0).expr;
  return one->kind == TWIN_EXPR_PATH && one->path.segments->len == 0 &&
         !twin_query_collection (self, one->path.collection)->relationship;
}

GStrv
twin_query_list_parameters (const TwinQuery *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < self->parameters->len; i++)
    g_strv_builder_add (names,
                        ((const TwinExpr *) g_ptr_array_index (self->parameters,
                                                               i))
                            ->text);

  return g_strv_builder_end (names);
}
