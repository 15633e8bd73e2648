/* SPDX-License-Identifier: Apache-2.0 */
/* The parser's second pass: what names mean, which functions are called, and
 * whether the types can go together. */
#include <string.h>

#include "twin-query-function.h"
#include "twin-query-parser.h"

typedef enum
{
  PART_SELECT,
  PART_WHERE,
  PART_GROUP,
  PART_HAVING,
  PART_ORDER,
} Part;

typedef struct
{
  TwinParser *parser;
  TwinQuery  *query;
  Part        part;
  int         aggregates; /* around what is looked at */
} Check;

static gboolean check_expr (Check *self, TwinExpr **expr);

/* --- names --------------------------------------------------------------- */

/* "A, B or r" */
static char *
list_collections (const TwinQuery *query)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < query->collections->len; i++)
    {
      const char *name = twin_query_collection (query, (int) i)->name;

      if (name != NULL)
        g_ptr_array_add (names, (void *) name);
    }

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (out, "%s%s",
                            i == 0                ? ""
                            : i + 1 == names->len ? " or "
                                                  : ", ",
                            (char *) g_ptr_array_index (names, i));
  return g_string_free (out, FALSE);
}

static gboolean
resolve (Check *self, TwinPath *path)
{
  g_autofree char *names = NULL;
  const char      *first;
  int              index;

  if (path->collection >= 0)
    return TRUE;

  first = g_ptr_array_index (path->segments, 0);
  index = twin_parser_find (self->parser, first);
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

  names = list_collections (self->query);
  return *names == '\0'
             ? twin_parser_fail_at (self->parser, path->offset,
                                    TWIN_QUERY_ERROR_NAME,
                                    "Nothing in this query is called “%s”: it "
                                    "names no twins",
                                    first)
             : twin_parser_fail_at (self->parser, path->offset,
                                    TWIN_QUERY_ERROR_NAME,
                                    "Nothing in this query is called “%s”; a "
                                    "property begins with %s",
                                    first, names);
}

/* The projection that @path names by its AS, or NULL. */
static TwinExpr *
find_alias (Check *self, const TwinPath *path)
{
  if (self->part < PART_GROUP || path->collection >= 0 ||
      path->segments->len != 1 || self->aggregates > 0)
    return NULL;

  for (guint i = 0; i < self->query->projections->len; i++)
    {
      const TwinProjection *one =
          &g_array_index (self->query->projections, TwinProjection, i);

      if (one->named &&
          strcmp (one->key, g_ptr_array_index (path->segments, 0)) == 0)
        return one->expr;
    }

  return NULL;
}

/* --- functions ----------------------------------------------------------- */

static gboolean
check_aggregate (Check *self, const TwinExpr *call)
{
  if (self->part == PART_WHERE || self->part == PART_GROUP)
    return twin_parser_fail_at (self->parser, call->offset,
                                TWIN_QUERY_ERROR_SYNTAX,
                                self->part == PART_WHERE
                                    ? "%s of several rows cannot stand in "
                                      "WHERE; behind GROUP BY it "
                                      "can stand in HAVING"
                                    : "%s cannot stand in GROUP BY",
                                call->function->name);
  if (self->aggregates > 0)
    return twin_parser_fail_at (self->parser, call->offset,
                                TWIN_QUERY_ERROR_SYNTAX,
                                "%s cannot stand inside another such function",
                                call->function->name);

  self->query->grouped = TRUE;
  return TRUE;
}

/* A whole twin stands only where it can be selected or counted. */
static gboolean
want_property (Check *self, const TwinExpr *expr)
{
  if (expr->kind != TWIN_EXPR_PATH || expr->path.segments->len > 0)
    return TRUE;

  return twin_parser_fail_at (
      self->parser, expr->offset, TWIN_QUERY_ERROR_SYNTAX,
      "“%s” is a whole %s; name a property of it, such as %s.%s",
      twin_query_collection (self->query, expr->path.collection)->name,
      twin_query_collection (self->query, expr->path.collection)->relationship
          ? "relationship"
          : "twin",
      twin_query_collection (self->query, expr->path.collection)->name,
      twin_query_collection (self->query, expr->path.collection)->relationship
          ? "$relationshipId"
          : "$dtId");
}

static gboolean
check_call (Check *self, TwinExpr *call)
{
  const gboolean counts =
      strcmp (call->function->name, "COUNT") == 0; /* COUNT(T) */
  gboolean aggregate;

  if (!twin_parser_choose (self->parser, call))
    return FALSE;

  aggregate = call->function->aggregate;
  if (aggregate && !check_aggregate (self, call))
    return FALSE;

  self->aggregates += aggregate;
  for (guint i = 0; i < call->items->len; i++)
    {
      TwinExpr **item = (TwinExpr **) &call->items->pdata[i];

      if (*item == NULL || call->function->arguments[i] == TWIN_ARGUMENT_EXACT)
        continue;
      if (!check_expr (self, item) ||
          (!(aggregate && counts) && !want_property (self, *item)))
        return FALSE;
    }
  self->aggregates -= aggregate;
  return TRUE;
}

/* --- types --------------------------------------------------------------- */

static TwinType
static_type (const TwinExpr *expr)
{
  switch (expr->kind)
    {
    case TWIN_EXPR_NUMBER:
    case TWIN_EXPR_ARITHMETIC:
      return TWIN_TYPE_NUMBER;
    case TWIN_EXPR_STRING:
      return TWIN_TYPE_STRING;
    case TWIN_EXPR_BOOLEAN:
      return TWIN_TYPE_BOOLEAN;
    case TWIN_EXPR_NULL:
      return TWIN_TYPE_NULL;
    case TWIN_EXPR_CALL:
      return expr->function->result;
    default:
      return TWIN_TYPE_ANY;
    }
}

/* An operand must be a value, not a condition. */
static gboolean
want_value (Check *self, const TwinExpr *expr)
{
  if (expr->kind == TWIN_EXPR_CALL || !twin_expr_is_condition (expr))
    return want_property (self, expr);

  return twin_parser_fail_at (self->parser, expr->offset,
                              TWIN_QUERY_ERROR_SYNTAX,
                              "Here a value is expected, not a condition");
}

static gboolean
want_number (Check *self, const TwinExpr *expr)
{
  TwinType type = static_type (expr);

  return want_value (self, expr) &&
         (type == TWIN_TYPE_ANY || type == TWIN_TYPE_NUMBER ||
          twin_parser_fail_at (self->parser, expr->offset,
                               TWIN_QUERY_ERROR_SYNTAX,
                               "Arithmetic takes numbers"));
}

/* Texts are compared letter by letter: '10.0' < '9.0'. A version is not. */
static gboolean
check_versions (Check *self, const TwinExpr *a, const TwinExpr *b)
{
  const gboolean  first = static_type (a) == TWIN_TYPE_VERSION;
  const TwinExpr *other = first ? b : a;
  const gboolean  null = static_type (other) == TWIN_TYPE_NULL;

  if (first == (static_type (b) == TWIN_TYPE_VERSION) || null)
    return TRUE;

  return twin_parser_fail_at (self->parser, other->offset,
                              TWIN_QUERY_ERROR_SYNTAX,
                              "A version is compared with a version; write "
                              "VERSION(…) around this, too");
}

static gboolean
check_list (Check *self, TwinExpr *expr)
{
  if (!check_expr (self, &expr->a) || !want_value (self, expr->a))
    return FALSE;
  if (static_type (expr->a) == TWIN_TYPE_VERSION)
    return twin_parser_fail_at (self->parser, expr->a->offset,
                                TWIN_QUERY_ERROR_SYNTAX,
                                "IN compares no versions; write VERSION(…) = "
                                "VERSION(…) OR …");
  return TRUE;
}

static gboolean
check_items (Check *self, TwinExpr *expr)
{
  for (guint i = 0; i < expr->items->len; i++)
    {
      if (!check_expr (self, (TwinExpr **) &expr->items->pdata[i]))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_expr (Check *self, TwinExpr **slot)
{
  TwinExpr *expr = *slot;
  TwinExpr *alias;

  switch (expr->kind)
    {
    case TWIN_EXPR_AND:
    case TWIN_EXPR_OR:
      return check_items (self, expr);
    case TWIN_EXPR_NOT:
      return check_expr (self, &expr->a);
    case TWIN_EXPR_COMPARE:
      return check_expr (self, &expr->a) && check_expr (self, &expr->b) &&
             want_value (self, expr->a) && want_value (self, expr->b) &&
             check_versions (self, expr->a, expr->b);
    case TWIN_EXPR_IN:
    case TWIN_EXPR_LIKE:
      return check_list (self, expr);
    case TWIN_EXPR_ARITHMETIC:
      return check_expr (self, &expr->a) && check_expr (self, &expr->b) &&
             want_number (self, expr->a) && want_number (self, expr->b);
    case TWIN_EXPR_CALL:
      return check_call (self, expr);
    case TWIN_EXPR_PATH:
      alias = find_alias (self, &expr->path);
      if (alias != NULL)
        {
          *slot = alias;
          return TRUE;
        }
      return resolve (self, &expr->path);
    default:
      return TRUE;
    }
}

/* --- groups -------------------------------------------------------------- */

/* In a grouped query a row stands for many: only what is the same in all of
 * them, or made of all of them, has a value. */
static gboolean
check_grouped (Check *self, const TwinExpr *expr)
{
  const TwinQuery *query = self->query;
  const GPtrArray *items = expr->items;

  for (guint i = 0; i < query->groups->len; i++)
    {
      if (twin_expr_equal (expr, g_ptr_array_index (query->groups, i)))
        return TRUE;
    }

  if (expr->kind == TWIN_EXPR_PATH ||
      (expr->kind == TWIN_EXPR_CALL && !expr->function->aggregate &&
       expr->collection >= 0))
    return twin_parser_fail_at (self->parser, expr->offset,
                                TWIN_QUERY_ERROR_SYNTAX,
                                "A row stands for many twins here: this must "
                                "be in GROUP BY or inside COUNT, SUM, AVG, MIN "
                                "or MAX");
  if (expr->kind == TWIN_EXPR_CALL && expr->function->aggregate)
    return TRUE;

  if ((expr->a != NULL && !check_grouped (self, expr->a)) ||
      (expr->b != NULL && !check_grouped (self, expr->b)))
    return FALSE;
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const TwinExpr *item = g_ptr_array_index (items, i);

      if (item != NULL && !check_grouped (self, item))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_all_grouped (Check *self)
{
  TwinQuery *query = self->query;

  if (!query->grouped)
    return TRUE;
  if (query->all)
    return twin_parser_fail_at (self->parser, 0, TWIN_QUERY_ERROR_SYNTAX,
                                "SELECT * gives twins; with GROUP BY name what "
                                "to select of each group");

  for (guint i = 0; i < query->projections->len; i++)
    {
      if (!check_grouped (self,
                          g_array_index (query->projections, TwinProjection, i)
                              .expr))
        return FALSE;
    }
  for (guint i = 0; i < query->orders->len; i++)
    {
      if (!check_grouped (self,
                          g_array_index (query->orders, TwinOrder, i).expr))
        return FALSE;
    }

  return query->having == NULL || check_grouped (self, query->having);
}

/* --- the whole ----------------------------------------------------------- */

/* SELECT * of several collections: each under its name. */
static gboolean
select_all (Check *self)
{
  TwinQuery *query = self->query;

  if (!query->all || (query->collections->len == 1 && query->edges->len == 0))
    return TRUE;
  if (query->strict)
    return twin_parser_fail_at (self->parser, 0, TWIN_QUERY_ERROR_NAME,
                                "SELECT * cannot tell which of several "
                                "collections is meant; name them");

  query->all = FALSE;
  for (guint i = 0; i < query->collections->len; i++)
    {
      const char    *name = twin_query_collection (query, (int) i)->name;
      TwinProjection one = { .key = name, .named = FALSE };

      if (name == NULL)
        continue;
      one.expr = twin_parser_new_expr (self->parser, TWIN_EXPR_PATH, 0);
      one.expr->path.collection = (int) i;
      one.expr->path.segments = twin_parser_array (self->parser);
      g_array_append_val (query->projections, one);
    }

  return query->projections->len > 0 ||
         twin_parser_fail_at (self->parser, 0, TWIN_QUERY_ERROR_NAME,
                              "SELECT * finds nothing that has a name; write "
                              "MATCH (A)-[]-(B)");
}

static gboolean
check_projections (Check *self)
{
  GArray *projections = self->query->projections;

  for (guint i = 0; i < projections->len; i++)
    {
      TwinProjection *one = &g_array_index (projections, TwinProjection, i);

      if (!check_expr (self, &one->expr))
        return FALSE;
      if (static_type (one->expr) == TWIN_TYPE_VERSION)
        return twin_parser_fail_at (self->parser, one->expr->offset,
                                    TWIN_QUERY_ERROR_SYNTAX,
                                    "VERSION is for comparing and ordering; "
                                    "select the property itself");

      for (guint k = 0; k < i && one->expr->kind == TWIN_EXPR_CALL; k++)
        {
          if (strcmp (g_array_index (projections, TwinProjection, k).key,
                      one->key) == 0)
            return twin_parser_fail_at (self->parser, one->expr->offset,
                                        TWIN_QUERY_ERROR_NAME,
                                        "Two values of a row are called “%s”; "
                                        "give this one a name with AS",
                                        one->key);
        }
    }

  return TRUE;
}

static gboolean
has_aggregate (const TwinExpr *expr)
{
  if (expr == NULL)
    return FALSE;

  return (expr->kind == TWIN_EXPR_CALL && expr->function->aggregate) ||
         has_aggregate (expr->a) || has_aggregate (expr->b);
}

static gboolean
check_orders (Check *self)
{
  for (guint i = 0; i < self->query->groups->len; i++)
    {
      TwinExpr **group = (TwinExpr **) &self->query->groups->pdata[i];

      self->part = PART_GROUP;
      if (!check_expr (self, group) || !want_property (self, *group))
        return FALSE;
      if (has_aggregate (*group))
        return twin_parser_fail_at (self->parser, (*group)->offset,
                                    TWIN_QUERY_ERROR_SYNTAX,
                                    "What is made of a group's rows cannot be "
                                    "in GROUP BY");
    }

  self->part = PART_HAVING;
  if (self->query->having != NULL && !check_expr (self, &self->query->having))
    return FALSE;

  self->part = PART_ORDER;
  for (guint i = 0; i < self->query->orders->len; i++)
    {
      TwinOrder *one = &g_array_index (self->query->orders, TwinOrder, i);

      if (!check_expr (self, &one->expr) || !want_property (self, one->expr))
        return FALSE;
    }

  return TRUE;
}

gboolean
twin_parser_check (TwinParser *parser)
{
  Check self = { .parser = parser, .query = parser->query };

  if (!select_all (&self) || !check_projections (&self))
    return FALSE;

  self.part = PART_WHERE;
  if (self.query->where != NULL && !check_expr (&self, &self.query->where))
    return FALSE;

  return check_orders (&self) && check_all_grouped (&self);
}
