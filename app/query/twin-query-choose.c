/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the functions of a name is called, by its arguments. */
#include <string.h>

#include "twin-query-function.h"
#include "twin-query-parser.h"

static const char *
word_of (const TwinExpr *expr)
{
  return expr->kind == TWIN_EXPR_PATH && expr->path.collection < 0 &&
                 expr->path.segments->len == 1
             ? g_ptr_array_index (expr->path.segments, 0)
             : NULL;
}

static gboolean
names_twins (TwinParser *self, const TwinExpr *expr, int *collection)
{
  const char *word = expr != NULL ? word_of (expr) : NULL;

  *collection = word != NULL ? twin_parser_find (self, word) : -1;
  return *collection >= 0 &&
         !twin_query_collection (self->query, *collection)->relationship;
}

static gboolean
fits (TwinArgumentKind kind, const TwinExpr *expr)
{
  const char *word = word_of (expr);

  switch (kind)
    {
    case TWIN_ARGUMENT_PATH:
      return expr->kind == TWIN_EXPR_PATH;
    case TWIN_ARGUMENT_VALUE:
      return expr->kind == TWIN_EXPR_CALL || !twin_expr_is_condition (expr);
    case TWIN_ARGUMENT_TEXT:
    case TWIN_ARGUMENT_DURATION:
      return expr->kind == TWIN_EXPR_STRING ||
             expr->kind == TWIN_EXPR_PARAMETER;
    case TWIN_ARGUMENT_LITERAL:
      return twin_expr_is_literal (expr) || expr->kind == TWIN_EXPR_PARAMETER;
    case TWIN_ARGUMENT_EXACT:
      return word != NULL && g_ascii_strcasecmp (word, "exact") == 0;
    case TWIN_ARGUMENT_TWIN:
    case TWIN_ARGUMENT_NONE:
    default:
      return FALSE;
    }
}

static const char *
describe (TwinArgumentKind kind)
{
  static const char *const words[] = {
    [TWIN_ARGUMENT_NONE] = "nothing more",
    [TWIN_ARGUMENT_TWIN] = "the name of twins",
    [TWIN_ARGUMENT_PATH] = "the name of a property",
    [TWIN_ARGUMENT_VALUE] = "a value",
    [TWIN_ARGUMENT_TEXT] = "a text in quotes",
    [TWIN_ARGUMENT_LITERAL] = "a number, a text in quotes, true, false or null",
    [TWIN_ARGUMENT_DURATION] = "a duration such as '15m', '1h' or '7d'",
    [TWIN_ARGUMENT_EXACT] = "the word exact",
  };

  return words[kind];
}

typedef struct
{
  TwinExpr        *arguments[TWIN_QUERY_MOST_ARGUMENTS];
  int              collection;
  guint            reached; /* how many items fitted */
  TwinArgumentKind wanted;  /* instead of the next */
} Fit;

/* Whether @call's arguments are what @function takes. */
static gboolean
fit (TwinParser              *self,
     const TwinExpr          *call,
     const TwinQueryFunction *function,
     Fit                     *out)
{
  const GPtrArray *items = call->items;

  *out = (Fit){ .collection = -1 };
  for (guint i = 0; i < TWIN_QUERY_MOST_ARGUMENTS &&
                    function->arguments[i] != TWIN_ARGUMENT_NONE;
       i++)
    {
      TwinExpr *item = out->reached < items->len
                           ? g_ptr_array_index (items, out->reached)
                           : NULL;

      out->wanted = function->arguments[i];
      if (out->wanted == TWIN_ARGUMENT_TWIN)
        {
          if (names_twins (self, item, &out->collection))
            out->reached++;
          else if (self->query->collections->len == 1 &&
                   !self->query->relationships)
            out->collection = 0;
          else
            return FALSE;
        }
      else if (item != NULL && fits (out->wanted, item))
        {
          out->arguments[i] = item;
          out->reached++;
        }
      else if (item != NULL || i < function->least)
        return FALSE;
    }

  out->wanted = TWIN_ARGUMENT_NONE;
  return out->reached == items->len;
}

static gboolean
fail_fit (TwinParser     *self,
          const TwinExpr *call,
          const Fit      *best,
          const char     *usage)
{
  const TwinExpr *item = best->reached < call->items->len
                             ? g_ptr_array_index (call->items, best->reached)
                             : call;

  if (best->wanted == TWIN_ARGUMENT_TWIN && self->query->relationships)
    return twin_parser_fail_at (self, item->offset, TWIN_QUERY_ERROR_NAME,
                                "%s asks twins, not relationships",
                                call->function->name);

  return twin_parser_fail_at (self, item->offset,
                              best->wanted == TWIN_ARGUMENT_TWIN
                                  ? TWIN_QUERY_ERROR_NAME
                                  : TWIN_QUERY_ERROR_SYNTAX,
                              "%s takes %s here; write %s",
                              call->function->name, describe (best->wanted),
                              usage);
}

/* Of the functions of this name the one whose arguments are there. */
gboolean
twin_parser_choose (TwinParser *self, TwinExpr *call)
{
  Fit                      best = { .collection = -1 }, one;
  const TwinQueryFunction *function;
  const char              *usage = call->function->usage;
  const char              *name = call->function->name;

  for (guint n = 0; (function = twin_query_find_function (name, n)) != NULL;
       n++)
    {
      if (fit (self, call, function, &one))
        {
          call->function = function;
          call->collection = one.collection;
          call->items = twin_parser_array (self);
          for (guint i = 0; i < TWIN_QUERY_MOST_ARGUMENTS; i++)
            g_ptr_array_add (call->items, one.arguments[i]);
          return !function->extension ||
                 twin_parser_extend (self, call->offset, name);
        }

      if (n == 0 || one.reached > best.reached)
        {
          best = one;
          usage = function->usage;
        }
    }

  return fail_fit (self, call, &best, usage);
}
