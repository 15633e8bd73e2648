/* SPDX-License-Identifier: Apache-2.0 */
/* A SELECT in the making: its text, its values, its parameters. */
#include <string.h>

#include "twin-query-function.h"

static void
bind_clear (void *data)
{
  g_free (((TwinBind *) data)->text);
}

static TwinPlan *
plan_new (void)
{
  TwinPlan *self = g_new0 (TwinPlan, 1);

  self->sql = g_string_new (NULL);
  self->binds = g_array_new (FALSE, FALSE, sizeof (TwinBind));
  g_array_set_clear_func (self->binds, bind_clear);
  self->columns = g_array_new (FALSE, FALSE, sizeof (TwinColumn));
  self->setups = g_array_new (FALSE, FALSE, sizeof (TwinPlanSetup));
  self->settled = g_ptr_array_new_with_free_func (g_free);
  self->twin_table = "twin";
  self->relationship_table = "relationship";
  self->remaining = -1;
  self->as_of_us = TWIN_TIME_NONE;
  return self;
}

TwinPlan *
twin_plan_new_part (TwinPlan *parent)
{
  TwinPlan *self = plan_new ();

  if (parent == NULL)
    return self;

  self->parent = parent;
  self->reader = parent->reader;
  self->now_us = parent->now_us;
  self->as_of_us = parent->as_of_us;
  self->twin_table = parent->twin_table;
  self->relationship_table = parent->relationship_table;
  self->parameters = parent->parameters;
  return self;
}

void
twin_plan_free (TwinPlan *self)
{
  if (self == NULL)
    return;

  g_string_free (self->sql, TRUE);
  g_array_unref (self->binds);
  g_array_unref (self->columns);
  g_array_unref (self->setups);
  g_ptr_array_unref (self->settled);
  g_clear_pointer (&self->signals, g_hash_table_unref);
  g_clear_pointer (&self->joined, g_array_unref);
  g_clear_error (&self->error);
  g_free (self);
}

void
twin_plan_append (TwinPlan *self, TwinPlan *part)
{
  g_string_append_len (self->sql, part->sql->str, (gssize) part->sql->len);
  for (guint i = 0; i < part->binds->len; i++)
    {
      TwinBind *value = &g_array_index (part->binds, TwinBind, i);

      g_array_append_val (self->binds, *value);
      value->text = NULL;
    }

  g_string_truncate (part->sql, 0);
  g_array_set_size (part->binds, 0);
}

void
twin_plan_need (TwinPlan *self, TwinPlanSetup setup)
{
  while (self->parent != NULL)
    self = self->parent;

  for (guint i = 0; i < self->setups->len; i++)
    {
      if (g_array_index (self->setups, TwinPlanSetup, i) == setup)
        return;
    }

  g_array_append_val (self->setups, setup);
}

void
twin_plan_fail (TwinPlan      *self,
                size_t         offset,
                TwinQueryError code,
                const char    *format,
                ...)
{
  va_list args;

  while (self->parent != NULL)
    self = self->parent;
  if (self->error != NULL)
    return;

  va_start (args, format);
  self->error = g_error_new_valist (TWIN_QUERY_ERROR, code, format, args);
  va_end (args);
  self->bad = offset;
}

/* --- values -------------------------------------------------------------- */

static void
bind (TwinPlan *self, TwinBind value)
{
  g_string_append_c (self->sql, '?');
  g_array_append_val (self->binds, value);
}

void
twin_plan_bind_text (TwinPlan *self, const char *text)
{
  bind (self, (TwinBind){ TWIN_BIND_TEXT, g_strdup (text), 0, 0 });
}

void
twin_plan_bind_integer (TwinPlan *self, gint64 value)
{
  bind (self, (TwinBind){ TWIN_BIND_INTEGER, NULL, value, 0 });
}

void
twin_plan_bind_double (TwinPlan *self, double value)
{
  bind (self, (TwinBind){ TWIN_BIND_DOUBLE, NULL, 0, value });
}

void
twin_plan_bind_models (TwinPlan *self, const char *dtmi)
{
  bind (self, (TwinBind){ TWIN_BIND_MODELS, g_strdup (dtmi), 0, 0 });
}

/* --- parameters ---------------------------------------------------------- */

static TwinExpr *
new_settled (TwinPlan *self, const TwinExpr *at)
{
  TwinExpr *expr = g_new0 (TwinExpr, 1);

  while (self->parent != NULL)
    self = self->parent;
  expr->kind = TWIN_EXPR_NULL;
  expr->offset = at->offset;
  expr->collection = -1;
  g_ptr_array_add (self->settled, expr);
  return expr;
}

/* @node as a literal; FALSE when it is an object or an array. */
static gboolean
fill (TwinExpr *expr, JsonNode *node)
{
  GType type;

  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;

  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    {
      expr->kind = TWIN_EXPR_STRING;
      expr->text = json_node_get_string (node);
    }
  else if (type == G_TYPE_BOOLEAN)
    {
      expr->kind = TWIN_EXPR_BOOLEAN;
      expr->truth = json_node_get_boolean (node);
    }
  else
    {
      expr->kind = TWIN_EXPR_NUMBER;
      expr->whole = type == G_TYPE_INT64;
      expr->integer = expr->whole ? json_node_get_int (node) : 0;
      expr->number = json_node_get_double (node);
    }

  return TRUE;
}

/* What was given for @expr; NULL with an error of the plan. */
static JsonNode *
find_parameter (TwinPlan *self, const TwinExpr *expr)
{
  JsonNode *node = self->parameters != NULL
                       ? json_object_get_member (self->parameters, expr->text)
                       : NULL;

  if (node == NULL)
    twin_plan_fail (self, expr->offset, TWIN_QUERY_ERROR_PARAMETER,
                    "The parameter @%s has no value; give it one", expr->text);
  return node;
}

const TwinExpr *
twin_plan_settle (TwinPlan *self, const TwinExpr *expr)
{
  JsonNode *node;
  TwinExpr *settled;

  if (expr->kind != TWIN_EXPR_PARAMETER)
    return expr;

  settled = new_settled (self, expr);
  node = find_parameter (self, expr);
  if (node != NULL && !fill (settled, node))
    twin_plan_fail (self, expr->offset, TWIN_QUERY_ERROR_PARAMETER,
                    "The parameter @%s must be a number, a text, true, false "
                    "or null here; only IN takes a list",
                    expr->text);
  return settled;
}

GPtrArray *
twin_plan_settle_list (TwinPlan *self, const TwinExpr *expr)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  JsonNode  *node = find_parameter (self, expr);
  JsonArray *array;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      twin_plan_fail (self, expr->offset, TWIN_QUERY_ERROR_PARAMETER,
                      "The parameter @%s must be a list behind IN, such as "
                      "[\"a\",\"b\"]",
                      expr->text);
      return NULL;
    }

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      TwinExpr *item = new_settled (self, expr);

      if (!fill (item, json_array_get_element (array, i)))
        twin_plan_fail (self, expr->offset, TWIN_QUERY_ERROR_PARAMETER,
                        "The list @%s must hold numbers, texts, true, false or "
                        "null",
                        expr->text);
      g_ptr_array_add (items, item);
    }

  return g_steal_pointer (&items);
}
