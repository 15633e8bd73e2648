/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-query-parser.h"

#include <stdarg.h>
#include <string.h>

#define MOST_CHARACTERS 8000
#define MOST_JOINS 5

G_DEFINE_QUARK (twin - query - error - quark, twin_query_error)

/* --- tokens
 * ---------------------------------------------------------------------- */

const TwinToken *
twin_parser_peek (TwinParser *self)
{
  return &g_array_index (self->tokens, TwinToken, self->at);
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
twin_parser_take_sign (TwinParser *self, int sign)
{
  const TwinToken *token = twin_parser_peek (self);

  if (token->kind != TWIN_TOKEN_SIGN || token->sign != sign)
    return FALSE;

  self->at++;
  return TRUE;
}

gboolean
twin_parser_want_sign (TwinParser *self, int sign, const char *what)
{
  return twin_parser_take_sign (self, sign) || twin_parser_fail (self, what);
}

gboolean
twin_parser_fail_at (TwinParser    *self,
                     size_t         offset,
                     TwinQueryError code,
                     const char    *format,
                     ...)
{
  g_autofree char *what = NULL;
  va_list          args;

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

  return twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_SYNTAX,
                              token->kind == TWIN_TOKEN_END
                                  ? "The query ends here, but %s is expected"
                                  : "Here %s is expected",
                              what);
}

GPtrArray *
twin_parser_array (TwinParser *self)
{
  GPtrArray *array = g_ptr_array_new ();

  g_ptr_array_add (self->query->arrays, array);
  return array;
}

/* --- names
 * ------------------------------------------------------------------------- */

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

  if (token->kind == TWIN_TOKEN_WORD)
    twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_SYNTAX,
                         "“%s” is a word of the language; as a name it must be "
                         "written [[%s]]",
                         token->text, token->text);
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

gboolean
twin_parser_resolve (TwinParser *self, TwinPath *path)
{
  const char *first = g_ptr_array_index (path->segments, 0);
  int         index = twin_parser_find (self, first);

  if (index >= 0)
    {
      path->collection = index;
      g_ptr_array_remove_index (path->segments, 0);
      return TRUE;
    }

  if (self->query->collections->len == 1)
    {
      path->collection = 0;
      return TRUE;
    }

  return twin_parser_fail_at (self, path->offset, TWIN_QUERY_ERROR_NAME,
                              "Nothing in this query is called “%s”; begin "
                              "with "
                              "the name of a collection",
                              first);
}

/* --- SELECT
 * -------------------------------------------------------------------------- */

static gboolean
parse_top (TwinParser *self)
{
  const TwinToken *token;

  if (!twin_parser_take_word (self, "TOP"))
    return TRUE;

  if (!twin_parser_want_sign (self, '(', "( and a number"))
    return FALSE;

  token = twin_parser_peek (self);
  if (token->kind != TWIN_TOKEN_NUMBER || !token->whole || token->integer < 0)
    return twin_parser_fail (self, "a whole number");

  self->query->top = token->integer;
  self->at++;
  return twin_parser_want_sign (self, ')', ")");
}

static gboolean
parse_projection (TwinParser *self)
{
  TwinProjection projection = { 0 };
  GPtrArray     *segments;

  if (!twin_parser_path (self, &projection.path))
    return FALSE;

  segments = projection.path.segments;
  projection.key = g_ptr_array_index (segments, segments->len - 1);
  if (twin_parser_take_word (self, "AS"))
    {
      projection.key = twin_parser_name (self, "a name after AS");
      if (projection.key == NULL)
        return FALSE;
    }

  g_array_append_val (self->query->projections, projection);
  return TRUE;
}

static gboolean
parse_select (TwinParser *self)
{
  TwinQuery *query = self->query;

  if (!twin_parser_take_word (self, "SELECT"))
    return twin_parser_fail (self, "SELECT");
  if (!parse_top (self))
    return FALSE;

  if (twin_parser_take_sign (self, '*'))
    {
      query->all = TRUE;
      return TRUE;
    }

  if (query->top >= 0 && twin_token_is (twin_parser_peek (self), "FROM"))
    {
      query->all = TRUE;
      return TRUE;
    }

  if (twin_token_is (twin_parser_peek (self), "COUNT"))
    {
      self->at++;
      if (query->top >= 0)
        return twin_parser_fail_at (self, 0, TWIN_QUERY_ERROR_SYNTAX,
                                    "TOP and COUNT cannot stand together");
      query->count = TRUE;
      return twin_parser_want_sign (self, '(', "() after COUNT") &&
             twin_parser_want_sign (self, ')', ") after COUNT(");
    }

  do
    {
      if (!parse_projection (self))
        return FALSE;
    }
  while (twin_parser_take_sign (self, ','));

  return TRUE;
}

/* --- FROM
 * ------------------------------------------------------------------------------
 */

static gboolean
ends_from (TwinParser *self)
{
  const TwinToken *token = twin_parser_peek (self);

  return token->kind == TWIN_TOKEN_END || twin_token_is (token, "WHERE") ||
         twin_token_is (token, "JOIN") || twin_token_is (token, "MATCH");
}

static gboolean
parse_join (TwinParser *self)
{
  const size_t offset = twin_parser_peek (self)->offset;
  TwinEdge     edge = { .direction = 1, .least = 1, .most = 1 };
  TwinPath     path;
  const char  *name, *relationship = NULL;

  name = twin_parser_name (self, "a name for the related twins");
  if (name == NULL)
    return FALSE;
  if (twin_parser_find (self, name) >= 0)
    return twin_parser_fail_at (self, offset, TWIN_QUERY_ERROR_NAME,
                                "“%s” is declared twice", name);
  if (!twin_parser_take_word (self, "RELATED"))
    return twin_parser_fail (self, "RELATED");
  if (!twin_parser_path (self, &path))
    return FALSE;

  edge.offset = path.offset;
  if (path.segments->len != 2)
    return twin_parser_fail_at (self, path.offset, TWIN_QUERY_ERROR_SYNTAX,
                                "After RELATED the name of a collection, a "
                                "point and the name of a relationship are "
                                "expected");

  edge.from = twin_parser_find (self, g_ptr_array_index (path.segments, 0));
  if (edge.from < 0 ||
      twin_query_collection (self->query, edge.from)->relationship)
    return twin_parser_fail_at (self, path.offset, TWIN_QUERY_ERROR_NAME,
                                "Nothing before this is called “%s”",
                                (char *) g_ptr_array_index (path.segments, 0));

  if (!ends_from (self))
    {
      relationship = twin_parser_name (self, "a name for the relationship");
      if (relationship == NULL)
        return FALSE;
    }

  edge.names = twin_parser_array (self);
  g_ptr_array_add (edge.names, g_ptr_array_index (path.segments, 1));
  edge.to = twin_parser_declare (self, name, FALSE);
  edge.relationship = twin_parser_declare (self, relationship, TRUE);
  g_array_append_val (self->query->edges, edge);
  return TRUE;
}

static gboolean
parse_joins (TwinParser *self)
{
  int joins = 0;

  while (twin_token_is (twin_parser_peek (self), "JOIN"))
    {
      size_t offset = twin_parser_next (self)->offset;

      if (self->query->relationships)
        return twin_parser_fail_at (self, offset, TWIN_QUERY_ERROR_SYNTAX,
                                    "JOIN goes with DIGITALTWINS only");
      if (++joins > MOST_JOINS)
        return twin_parser_fail_at (self, offset, TWIN_QUERY_ERROR_LIMIT,
                                    "A query has at most %d JOINs", MOST_JOINS);
      if (!parse_join (self))
        return FALSE;
    }

  return TRUE;
}

static gboolean
parse_from (TwinParser *self)
{
  TwinQuery  *query = self->query;
  const char *name = NULL;

  if (!twin_parser_take_word (self, "FROM"))
    return twin_parser_fail (self, "FROM");

  if (twin_parser_take_word (self, "RELATIONSHIPS"))
    query->relationships = TRUE;
  else if (!twin_parser_take_word (self, "DIGITALTWINS"))
    return twin_parser_fail (self, "DIGITALTWINS or RELATIONSHIPS");

  if (!ends_from (self))
    {
      name = twin_parser_name (self, "a name, JOIN, MATCH or WHERE");
      if (name == NULL)
        return FALSE;
    }

  if (twin_token_is (twin_parser_peek (self), "MATCH"))
    {
      size_t offset = twin_parser_next (self)->offset;

      if (query->relationships)
        return twin_parser_fail_at (self, offset, TWIN_QUERY_ERROR_SYNTAX,
                                    "MATCH goes with DIGITALTWINS only");
      return twin_parser_match (self);
    }

  twin_parser_declare (self, name, query->relationships);
  return parse_joins (self);
}

/* --- the whole
 * ---------------------------------------------------------------------------
 */

static gboolean
resolve_projections (TwinParser *self)
{
  TwinQuery *query = self->query;
  gboolean   many = query->collections->len > 1 || query->edges->len > 0;

  if (query->all && many)
    return twin_parser_fail_at (self, 0, TWIN_QUERY_ERROR_NAME,
                                "SELECT * cannot tell which of several "
                                "collections is meant; name them");

  for (guint i = 0; i < query->projections->len; i++)
    {
      TwinProjection *one =
          &g_array_index (query->projections, TwinProjection, i);

      if (!twin_parser_resolve (self, &one->path))
        return FALSE;
    }

  return TRUE;
}

static gboolean
parse_query (TwinParser *self)
{
  if (!parse_select (self) || !parse_from (self) || !resolve_projections (self))
    return FALSE;

  if (twin_parser_take_word (self, "WHERE"))
    {
      self->query->where = twin_parser_expr (self);
      if (self->query->where == NULL)
        return FALSE;
    }

  return twin_parser_peek (self)->kind == TWIN_TOKEN_END ||
         twin_parser_fail (self, "AND, OR or the end of the query");
}

static void
find_place (const char *text, size_t offset, TwinQueryPlace *place)
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

TwinQuery *
twin_query_parse (const char *text, TwinQueryPlace *place, GError **error)
{
  g_autoptr (TwinQuery) query = g_new0 (TwinQuery, 1);
  g_autoptr (GError) why = NULL;
  TwinParser     parser = { .query = query, .error = &why };
  TwinQueryPlace where;
  gboolean       good = FALSE;

  query->text = g_strdup (text);
  query->strings = g_string_chunk_new (512);
  query->blocks = g_ptr_array_new_with_free_func (g_free);
  query->arrays =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  query->lists =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  query->projections = g_array_new (FALSE, FALSE, sizeof (TwinProjection));
  query->collections = g_ptr_array_new_with_free_func (g_free);
  query->edges = g_array_new (FALSE, FALSE, sizeof (TwinEdge));
  query->top = -1;

  if (!g_utf8_validate (text, -1, NULL))
    twin_parser_fail_at (&parser, 0, TWIN_QUERY_ERROR_SYNTAX,
                         "The query is not UTF-8 text");
  else if (g_utf8_strlen (text, -1) > MOST_CHARACTERS)
    twin_parser_fail_at (&parser, 0, TWIN_QUERY_ERROR_LIMIT,
                         "A query has at most %d characters", MOST_CHARACTERS);
  else
    {
      parser.tokens = twin_query_lex (text, query->strings, &parser.bad, &why);
      good = parser.tokens != NULL && parse_query (&parser);
      g_clear_pointer (&parser.tokens, g_array_unref);
    }

  if (good)
    return g_steal_pointer (&query);

  find_place (text, parser.bad, &where);
  if (place != NULL)
    *place = where;
  g_set_error (error, TWIN_QUERY_ERROR, why->code, "%s (line %u, column %u)",
               why->message, where.line, where.column);
  return NULL;
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
  g_ptr_array_unref (self->lists);
  g_array_unref (self->projections);
  g_ptr_array_unref (self->collections);
  g_array_unref (self->edges);
  g_free (self);
}

gboolean
twin_query_selects_twins (const TwinQuery *self)
{
  const TwinProjection *one;

  if (self->count || self->relationships)
    return FALSE;
  if (self->all)
    return TRUE;
  if (self->projections->len != 1)
    return FALSE;

  one = &g_array_index (self->projections, TwinProjection, 0);
  return one->path.segments->len == 0 &&
         !twin_query_collection (self, one->path.collection)->relationship;
}
