/* SPDX-License-Identifier: Apache-2.0 */
/* SELECT, FROM, JOIN and what stands behind the condition. */
#include <string.h>

#include "twin-query-function.h"
#include "twin-query-parser.h"

#define MOST_PROJECTIONS 200
#define MOST_KEYS 16

/* Whether a clause begins here: LIMIT and OFFSET are names elsewhere. */
static gboolean
begins_clause (TwinParser *self)
{
  static const char *const words[] = { "WHERE", "JOIN",  "MATCH",
                                       "GROUP", "ORDER", "AS" };
  const TwinToken         *token = twin_parser_peek (self);
  const TwinToken         *after = twin_parser_peek_second (self);

  if (token->kind == TWIN_TOKEN_END)
    return TRUE;

  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (twin_token_is (token, words[i]))
        return TRUE;
    }

  return (twin_token_is (token, "LIMIT") || twin_token_is (token, "OFFSET")) &&
         (after->kind == TWIN_TOKEN_NUMBER ||
          after->kind == TWIN_TOKEN_PARAMETER);
}

/* --- SELECT -------------------------------------------------------------- */

static gboolean
parse_top (TwinParser *self)
{
  if (!twin_parser_take_word (self, "TOP"))
    return TRUE;
  if (!twin_parser_want_sign (self, '(', "( and a number after TOP"))
    return FALSE;

  self->query->top = twin_parser_whole (self);
  return self->query->top != NULL &&
         twin_parser_want_sign (self, ')', ") after the number");
}

/* DISTINCT is a property's name where nothing to select follows. */
static gboolean
parse_distinct (TwinParser *self)
{
  const TwinToken *after = twin_parser_peek_second (self);
  size_t           offset = twin_parser_peek (self)->offset;

  if (self->query->distinct ||
      !twin_token_is (twin_parser_peek (self), "DISTINCT") ||
      after->kind == TWIN_TOKEN_END || twin_token_is (after, "FROM") ||
      twin_token_is (after, "AS") ||
      (after->kind == TWIN_TOKEN_SIGN &&
       (after->sign == ',' || after->sign == '.')))
    return TRUE;

  self->at++;
  self->query->distinct = TRUE;
  return twin_parser_extend (self, offset, "DISTINCT");
}

/* What the column of @expr is called without AS, or NULL. */
static const char *
default_key (const TwinExpr *expr)
{
  if (expr->kind == TWIN_EXPR_CALL)
    return expr->function->name;
  if (expr->kind == TWIN_EXPR_PATH)
    return g_ptr_array_index (expr->path.segments,
                              expr->path.segments->len - 1);
  return NULL;
}

static gboolean
parse_projection (TwinParser *self)
{
  TwinProjection   projection = { 0 };
  const TwinToken *first = twin_parser_peek (self);

  projection.expr =
      twin_parser_value (self, "*, a property, COUNT() or another value");
  if (projection.expr == NULL)
    return FALSE;

  projection.key = default_key (projection.expr);
  if (twin_parser_take_word (self, "AS"))
    {
      projection.named = TRUE;
      projection.key = twin_parser_name (self, "a name after AS");
      if (projection.key == NULL)
        return FALSE;
    }

  if (projection.key == NULL)
    return twin_parser_fail (self, "AS and a name for this value");
  if (self->query->projections->len >= MOST_PROJECTIONS)
    return twin_parser_fail_at (self, first->offset, TWIN_QUERY_ERROR_LIMIT,
                                "A query selects at most %d values",
                                MOST_PROJECTIONS);
  if (projection.expr->kind != TWIN_EXPR_PATH &&
      projection.expr->kind != TWIN_EXPR_CALL &&
      !twin_parser_extend (self, first->offset, "Selecting a computed value"))
    return FALSE;

  g_array_append_val (self->query->projections, projection);
  return TRUE;
}

static gboolean
parse_select (TwinParser *self)
{
  TwinQuery *query = self->query;

  if (!twin_parser_want_word (self, "SELECT") || !parse_distinct (self) ||
      !parse_top (self) || !parse_distinct (self))
    return FALSE;

  query->all =
      twin_parser_take_sign (self, '*') ||
      (query->top != NULL && twin_token_is (twin_parser_peek (self), "FROM"));
  if (query->all)
    return TRUE;

  do
    {
      if (!parse_projection (self))
        return FALSE;
    }
  while (twin_parser_take_sign (self, ','));

  return TRUE;
}

/* --- FROM ---------------------------------------------------------------- */

static gboolean
parse_related (TwinParser *self, TwinEdge *edge)
{
  TwinPath path;

  if (!twin_parser_want_word (self, "RELATED") ||
      !twin_parser_path (self, &path))
    return FALSE;

  edge->offset = path.offset;
  if (path.segments->len != 2)
    return twin_parser_fail_at (self, path.offset, TWIN_QUERY_ERROR_SYNTAX,
                                "After RELATED stand the name of a collection, "
                                "a point and the name of a relationship");

  edge->from = twin_parser_find (self, g_ptr_array_index (path.segments, 0));
  if (edge->from < 0 ||
      twin_query_collection (self->query, edge->from)->relationship)
    return twin_parser_fail_at (self, path.offset, TWIN_QUERY_ERROR_NAME,
                                "No twins before this are called “%s”",
                                (char *) g_ptr_array_index (path.segments, 0));

  edge->names = twin_parser_array (self);
  g_ptr_array_add (edge->names, g_ptr_array_index (path.segments, 1));
  return TRUE;
}

static gboolean
parse_join (TwinParser *self)
{
  const size_t offset = twin_parser_peek (self)->offset;
  TwinEdge     edge = { .direction = 1, .least = 1, .most = 1 };
  const char  *name, *relationship = NULL;
  size_t       place;

  name = twin_parser_name (self, "a name for the related twins");
  if (name == NULL)
    return FALSE;
  if (twin_parser_find (self, name) >= 0)
    return twin_parser_fail_at (self, offset, TWIN_QUERY_ERROR_NAME,
                                "“%s” is declared twice", name);
  if (!parse_related (self, &edge))
    return FALSE;

  place = twin_parser_peek (self)->offset;
  if (!begins_clause (self))
    {
      relationship = twin_parser_name (self, "a name for the relationship, "
                                             "JOIN, WHERE or the end");
      if (relationship == NULL)
        return FALSE;
      if (strcmp (relationship, name) == 0 ||
          twin_parser_find (self, relationship) >= 0)
        return twin_parser_fail_at (self, place, TWIN_QUERY_ERROR_NAME,
                                    "“%s” is declared twice", relationship);
    }

  edge.to = twin_parser_declare (self, name, FALSE);
  edge.relationship = twin_parser_declare (self, relationship, TRUE);
  g_array_append_val (self->query->edges, edge);
  return TRUE;
}

static gboolean
parse_joins (TwinParser *self)
{
  int most = twin_query_limit (self->query, TWIN_LIMIT_JOINS);

  for (int joins = 1; twin_token_is (twin_parser_peek (self), "JOIN"); joins++)
    {
      size_t offset = twin_parser_next (self)->offset;

      if (self->query->relationships)
        return twin_parser_fail_at (self, offset, TWIN_QUERY_ERROR_SYNTAX,
                                    "JOIN goes with DIGITALTWINS only");
      if (joins > most)
        return twin_parser_fail_at (self, offset, TWIN_QUERY_ERROR_LIMIT,
                                    "A query has at most %d JOINs", most);
      if (!parse_join (self))
        return FALSE;
    }

  return TRUE;
}

static gboolean
fail_collection (TwinParser *self)
{
  static const char *const words[] = { "DIGITALTWINS", "RELATIONSHIPS" };
  const TwinToken         *token = twin_parser_peek (self);

  for (size_t i = 0; token->kind == TWIN_TOKEN_WORD && i < 2; i++)
    {
      if (twin_word_distance (token->text, words[i]) <= 3)
        {
          self->expected = TRUE;
          return twin_parser_fail_at (self, token->offset,
                                      TWIN_QUERY_ERROR_SYNTAX,
                                      "Expected DIGITALTWINS or RELATIONSHIPS, "
                                      "found “%s” (did you "
                                      "mean %s?)",
                                      token->text, words[i]);
        }
    }

  if (twin_parser_sees_sign (self, '('))
    return twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_SYNTAX,
                                "Expected DIGITALTWINS or RELATIONSHIPS; a "
                                "query inside a query is not possible");
  return twin_parser_fail (self, "DIGITALTWINS or RELATIONSHIPS");
}

static gboolean
parse_match (TwinParser *self)
{
  TwinQuery *query = self->query;
  size_t     offset = twin_parser_next (self)->offset;
  int        most = twin_query_limit (query, TWIN_LIMIT_EDGES);

  if (query->relationships)
    return twin_parser_fail_at (self, offset, TWIN_QUERY_ERROR_SYNTAX,
                                "MATCH goes with DIGITALTWINS only");
  if (!twin_parser_match (self))
    return FALSE;
  if (query->edges->len > (guint) most)
    return twin_parser_fail_at (self,
                                g_array_index (query->edges, TwinEdge, most)
                                    .offset,
                                TWIN_QUERY_ERROR_LIMIT,
                                "A MATCH has at most %d relationships", most);
  return TRUE;
}

static gboolean
parse_from (TwinParser *self)
{
  TwinQuery  *query = self->query;
  const char *name = NULL;

  if (!twin_parser_want_word (self, "FROM"))
    return FALSE;

  if (twin_parser_take_word (self, "RELATIONSHIPS"))
    query->relationships = TRUE;
  else if (!twin_parser_take_word (self, "DIGITALTWINS"))
    return fail_collection (self);

  if (!begins_clause (self))
    {
      name = twin_parser_name (self, "a name, JOIN, MATCH, WHERE, GROUP BY, "
                                     "ORDER BY or the end of the query");
      if (name == NULL)
        return FALSE;
    }

  if (twin_token_is (twin_parser_peek (self), "MATCH"))
    return parse_match (self);

  twin_parser_declare (self, name, query->relationships);
  return parse_joins (self);
}

/* --- behind FROM --------------------------------------------------------- */

static gboolean
parse_as_of (TwinParser *self)
{
  const TwinToken *token = twin_parser_peek (self);

  if (!twin_token_is (token, "AS"))
    return TRUE;

  self->at++;
  if (self->query->as_of != NULL)
    return twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_SYNTAX,
                                "AS OF stands once in a query");
  if (!twin_parser_want_word (self, "OF") ||
      !twin_parser_extend (self, token->offset, "AS OF"))
    return FALSE;

  self->query->as_of =
      twin_parser_text (self, "a time such as '2026-05-01T10:00Z'");
  return self->query->as_of != NULL;
}

static gboolean
parse_groups (TwinParser *self)
{
  const TwinToken *token = twin_parser_peek (self);

  if (!twin_parser_take_word (self, "GROUP"))
    return TRUE;
  if (!twin_parser_extend (self, token->offset, "GROUP BY") ||
      !twin_parser_want_word (self, "BY"))
    return FALSE;

  self->query->grouped = TRUE;
  do
    {
      size_t    offset = twin_parser_peek (self)->offset;
      TwinExpr *one = twin_parser_value (self, "a property to group by");

      if (one == NULL)
        return FALSE;
      if (self->query->groups->len >= MOST_KEYS)
        return twin_parser_fail_at (self, offset, TWIN_QUERY_ERROR_LIMIT,
                                    "GROUP BY has at most %d keys", MOST_KEYS);
      g_ptr_array_add (self->query->groups, one);
    }
  while (twin_parser_take_sign (self, ','));

  if (!twin_parser_take_word (self, "HAVING"))
    return TRUE;

  self->query->having = twin_parser_condition (self);
  return self->query->having != NULL;
}

static gboolean
parse_orders (TwinParser *self)
{
  const TwinToken *token = twin_parser_peek (self);

  if (!twin_parser_take_word (self, "ORDER"))
    return TRUE;
  if (!twin_parser_extend (self, token->offset, "ORDER BY") ||
      !twin_parser_want_word (self, "BY"))
    return FALSE;

  do
    {
      size_t    offset = twin_parser_peek (self)->offset;
      TwinOrder one = { twin_parser_value (self, "a property to order by") };

      if (one.expr == NULL)
        return FALSE;
      if (self->query->orders->len >= MOST_KEYS)
        return twin_parser_fail_at (self, offset, TWIN_QUERY_ERROR_LIMIT,
                                    "ORDER BY has at most %d keys", MOST_KEYS);
      if (twin_parser_take_word (self, "DESC"))
        one.descending = TRUE;
      else
        twin_parser_take_word (self, "ASC");
      g_array_append_val (self->query->orders, one);
    }
  while (twin_parser_take_sign (self, ','));

  return TRUE;
}

static gboolean
parse_bound (TwinParser *self, const char *word, TwinExpr **bound)
{
  const TwinToken *token = twin_parser_peek (self);

  if (!twin_parser_take_word (self, word))
    return TRUE;
  if (!twin_parser_extend (self, token->offset, word))
    return FALSE;
  if (*bound != NULL)
    return twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_SYNTAX,
                                strcmp (word, "LIMIT") == 0
                                    ? "TOP says already how many rows; LIMIT "
                                      "is another word for it"
                                    : "OFFSET stands once in a query");

  *bound = twin_parser_whole (self);
  return *bound != NULL;
}

/* What may still follow, for the error at the end. */
static const char *
what_follows (const TwinQuery *query)
{
  if (query->orders->len > 0)
    return "a comma, ASC, DESC, LIMIT, OFFSET or the end of the query";
  if (query->having != NULL)
    return "AND, OR, ORDER BY, LIMIT, OFFSET or the end of the query";
  if (query->groups->len > 0)
    return "a comma, HAVING, ORDER BY, LIMIT, OFFSET or the end of the query";
  if (query->where != NULL)
    return "AND, OR, GROUP BY, ORDER BY, LIMIT, OFFSET or the end of the "
           "query";
  return "WHERE, GROUP BY, ORDER BY, LIMIT, OFFSET or the end of the query";
}

gboolean
twin_parser_clauses (TwinParser *self)
{
  TwinQuery *query = self->query;

  if (!parse_select (self) || !parse_from (self) || !parse_as_of (self))
    return FALSE;

  if (twin_parser_take_word (self, "WHERE"))
    {
      query->where = twin_parser_condition (self);
      if (query->where == NULL)
        return FALSE;
    }

  return parse_groups (self) && parse_orders (self) &&
         parse_bound (self, "LIMIT", &query->top) &&
         parse_bound (self, "OFFSET", &query->offset) && parse_as_of (self) &&
         (twin_parser_peek (self)->kind == TWIN_TOKEN_END ||
          twin_parser_fail (self, query->strict
                                      ? "AND, OR or the end of the query"
                                      : what_follows (query)));
}
