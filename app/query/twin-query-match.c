/* SPDX-License-Identifier: Apache-2.0 */
/* MATCH (a)-[r:name|name*1..3]->(b)…: its half of the parser. */
#include "twin-query-parser.h"

#define MOST_HOPS 10

/* A node; *@index is its collection. */
static gboolean
parse_node (TwinParser *self, int *index)
{
  const TwinToken *token;
  const char      *name = NULL;

  if (!twin_parser_want_sign (self, '(', "( and a twin's name"))
    return FALSE;

  token = twin_parser_peek (self);
  if (token->kind == TWIN_TOKEN_WORD || token->kind == TWIN_TOKEN_QUOTED)
    {
      name = twin_parser_name (self, "a name");
      if (name == NULL)
        return FALSE;
    }

  if (!twin_parser_want_sign (self, ')', ")"))
    return FALSE;

  *index = name != NULL ? twin_parser_find (self, name) : -1;
  if (*index >= 0 && twin_query_collection (self->query, *index)->relationship)
    return twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_NAME,
                                "“%s” is a relationship", name);
  if (*index < 0)
    *index = twin_parser_declare (self, name, FALSE);
  return TRUE;
}

static gboolean
parse_number (TwinParser *self, int *number)
{
  const TwinToken *token = twin_parser_peek (self);

  if (token->kind != TWIN_TOKEN_NUMBER || !token->whole || token->integer < 0)
    return twin_parser_fail (self, "a number of hops");
  if (token->integer > MOST_HOPS)
    return twin_parser_fail_at (self, token->offset, TWIN_QUERY_ERROR_LIMIT,
                                "At most %d hops are allowed", MOST_HOPS);

  *number = (int) token->integer;
  self->at++;
  return TRUE;
}

/* After the *: n, n..m (n exclusive), ..m */
static gboolean
parse_hops (TwinParser *self, TwinEdge *edge)
{
  if (twin_parser_take_sign (self, TWIN_SIGN_DOTS))
    {
      edge->least = 1;
      return parse_number (self, &edge->most);
    }

  if (!parse_number (self, &edge->least))
    return FALSE;

  if (!twin_parser_take_sign (self, TWIN_SIGN_DOTS))
    {
      edge->most = edge->least;
      return TRUE;
    }

  edge->least++;
  return parse_number (self, &edge->most);
}

static gboolean
add_name (TwinParser *self, TwinEdge *edge)
{
  const char *name = twin_parser_name (self, "the name of a relationship");

  if (name == NULL)
    return FALSE;

  g_ptr_array_add (edge->names, (void *) name);
  return TRUE;
}

/* Inside [ ]. A lone word without colon is a variable. */
static gboolean
parse_condition (TwinParser *self, TwinEdge *edge, const char **variable)
{
  const TwinToken *token = twin_parser_peek (self);
  gboolean         named = FALSE;

  if (token->kind == TWIN_TOKEN_WORD || token->kind == TWIN_TOKEN_QUOTED)
    {
      const TwinToken *after;

      *variable = twin_parser_name (self, "a name");
      if (*variable == NULL)
        return FALSE;

      after = twin_parser_peek (self);
      if (after->kind == TWIN_TOKEN_SIGN &&
          (after->sign == '|' || after->sign == '*'))
        {
          g_ptr_array_add (edge->names, (void *) *variable);
          *variable = NULL;
          named = TRUE;
        }
    }

  if (!named && twin_parser_take_sign (self, ':'))
    {
      if (!add_name (self, edge))
        return FALSE;
      named = TRUE;
    }

  while (named && twin_parser_take_sign (self, '|'))
    {
      twin_parser_take_sign (self, ':');
      if (!add_name (self, edge))
        return FALSE;
    }

  if (twin_parser_take_sign (self, '*'))
    {
      if (*variable != NULL)
        return twin_parser_fail_at (self, token->offset,
                                    TWIN_QUERY_ERROR_SYNTAX,
                                    "A relationship over several hops cannot "
                                    "have a name");
      if (!parse_hops (self, edge))
        return FALSE;
    }

  return TRUE;
}

static gboolean
parse_edge (TwinParser *self, TwinEdge *edge)
{
  const char *variable = NULL;
  gboolean    left, right;

  edge->offset = twin_parser_peek (self)->offset;
  edge->names = twin_parser_array (self);
  edge->least = edge->most = 1;
  edge->relationship = -1;

  left = twin_parser_take_sign (self, '<');
  if (!twin_parser_want_sign (self, '-', "- and [") ||
      !twin_parser_want_sign (self, '[', "[") ||
      !parse_condition (self, edge, &variable) ||
      !twin_parser_want_sign (self, ']', "]") ||
      !twin_parser_want_sign (self, '-', "- or ->"))
    return FALSE;

  right = twin_parser_take_sign (self, '>');
  if (left && right)
    return twin_parser_fail_at (self, edge->offset, TWIN_QUERY_ERROR_SYNTAX,
                                "A relationship points one way; for either "
                                "write -[ ]-");

  edge->direction = left ? -1 : right ? 1 : 0;
  if (edge->least > edge->most || edge->most == 0)
    return twin_parser_fail_at (self, edge->offset, TWIN_QUERY_ERROR_SYNTAX,
                                "This range of hops is empty");

  if (variable != NULL && twin_parser_find (self, variable) >= 0)
    return twin_parser_fail_at (self, edge->offset, TWIN_QUERY_ERROR_NAME,
                                "“%s” is declared twice", variable);
  if (edge->least == 1 && edge->most == 1)
    edge->relationship = twin_parser_declare (self, variable, TRUE);
  return TRUE;
}

gboolean
twin_parser_match (TwinParser *self)
{
  int index;

  if (!parse_node (self, &index))
    return FALSE;

  for (;;)
    {
      const TwinToken *token = twin_parser_peek (self);
      TwinEdge         edge = { 0 };

      if (token->kind != TWIN_TOKEN_SIGN ||
          (token->sign != '-' && token->sign != '<'))
        return TRUE;

      edge.from = index;
      if (!parse_edge (self, &edge) || !parse_node (self, &index))
        return FALSE;

      edge.to = index;
      g_array_append_val (self->query->edges, edge);
    }
}
