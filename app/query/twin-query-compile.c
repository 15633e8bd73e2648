/* SPDX-License-Identifier: Apache-2.0 */
/* A query as one SELECT with bound parameters. */
#include <string.h>

#include "twin-query-function.h"

/* --- what is selected ---------------------------------------------------- */

static void
add_column (TwinPlan *plan, TwinColumnKind kind, const char *key)
{
  TwinColumn column = { kind, key, FALSE };

  for (guint i = 0; key != NULL && i < plan->columns->len; i++)
    {
      TwinColumn *other = &g_array_index (plan->columns, TwinColumn, i);

      if (g_strcmp0 (other->key, key) == 0)
        other->hidden = TRUE;
    }

  g_array_append_val (plan->columns, column);
}

static void
add_document (const TwinQuery *self,
              TwinPlan        *plan,
              int              collection,
              const char      *key)
{
  const TwinCollection *one = twin_query_collection (self, collection);
  const char           *a = one->alias;

  if (one->relationship)
    g_string_append_printf (plan->sql,
                            "%s.source, %s.id, %s.name, %s.target, %s.etag, "
                            "%s.props",
                            a, a, a, a, a, a);
  else
    g_string_append_printf (plan->sql, "%s.id, %s.etag, %s.props, %s.model", a,
                            a, a, a);

  add_column (plan,
              one->relationship ? TWIN_COLUMN_RELATIONSHIP : TWIN_COLUMN_TWIN,
              key);
}

/* "t0.props -> ?", or a signal's value where the property is missing. */
static void
add_property (const TwinQuery *self, TwinPlan *plan, const TwinPath *path)
{
  const TwinCollection *in = twin_query_collection (self, path->collection);
  g_autofree char      *inner = twin_query_json_path (path);
  const gsize           begin = plan->sql->len;
  gsize                 end;

  if (twin_query_live_find_signal (self, plan, path) == TWIN_SIGNAL_ONLY)
    {
      g_string_append (plan->sql, "NULLIF(json_quote(");
      twin_query_live_add_signal (self, plan, path);
      g_string_append (plan->sql, "), 'null')");
      return;
    }

  g_string_append_printf (plan->sql, "%s.props -> ", in->alias);
  twin_plan_bind_text (plan, inner);
  end = plan->sql->len;
  if (in->relationship)
    return;

  g_string_append (plan->sql, ", json_quote(");
  if (!twin_query_live_add_signal (self, plan, path))
    {
      g_string_truncate (plan->sql, end);
      return;
    }

  /* json_quote(NULL) is the text null: a value that is missing stays so */
  g_string_append (plan->sql, "))");
  g_string_insert (plan->sql, (gssize) begin, "NULLIF(COALESCE(");
  g_string_append (plan->sql, ", 'null')");
}

/* 1 and 1.0 are one group; 1, '1' and true are three, and so are null and
 * what is missing. */
static void
add_group (const TwinQuery *self, TwinPlan *plan, const TwinExpr *expr)
{
  twin_query_compile_value (self, plan, expr);
  if (twin_query_type_of (self, plan, expr) != TWIN_TYPE_ANY)
    return;

  g_string_append (plan->sql, ", REPLACE(");
  twin_query_compile_type (self, plan, expr);
  g_string_append (plan->sql, ", 'integer', 'real')");
}

static void
add_projection (const TwinQuery      *self,
                TwinPlan             *plan,
                const TwinProjection *one)
{
  const TwinExpr *expr = twin_plan_settle (plan, one->expr);
  const TwinType  type = expr->kind == TWIN_EXPR_PATH
                             ? TWIN_TYPE_ANY
                             : twin_query_type_of (self, plan, expr);

  if (expr->kind == TWIN_EXPR_PATH && expr->path.segments->len == 0)
    {
      add_document (self, plan, expr->path.collection, one->key);
      return;
    }

  if (expr->kind != TWIN_EXPR_PATH)
    {
      twin_query_compile_value (self, plan, expr);
      add_column (plan,
                  type == TWIN_TYPE_BOOLEAN ? TWIN_COLUMN_BOOLEAN
                                            : TWIN_COLUMN_SCALAR,
                  one->key);
    }
  else if (twin_query_find_column (self, &expr->path) != NULL)
    {
      twin_query_compile_path (self, plan, &expr->path);
      add_column (plan, TWIN_COLUMN_SCALAR, one->key);
    }
  else if (self->grouped)
    {
      add_group (self, plan, expr);
      add_column (plan, TWIN_COLUMN_TYPED, one->key);
    }
  else
    {
      add_property (self, plan, &expr->path);
      add_column (plan, TWIN_COLUMN_JSON, one->key);
    }
}

/* The collection whose twins twin_query_collect_ids() wants. */
static void
add_ids (const TwinQuery *self, TwinPlan *plan)
{
  int of = self->all ? 0
                     : g_array_index (self->projections, TwinProjection, 0)
                           .expr->path.collection;

  g_string_append_printf (plan->sql, "DISTINCT %s.id",
                          twin_query_collection (self, of)->alias);
  add_column (plan, TWIN_COLUMN_ID, NULL);
}

static void
add_select (const TwinQuery *self, TwinPlan *plan)
{
  g_string_append (plan->sql, self->distinct ? "DISTINCT " : "");
  if (self->all)
    add_document (self, plan, 0, NULL);

  for (guint i = 0; i < self->projections->len; i++)
    {
      g_string_append (plan->sql, i > 0 ? ", " : "");
      add_projection (self, plan,
                      &g_array_index (self->projections, TwinProjection, i));
    }
}

/* --- groups -------------------------------------------------------------- */

static void
add_groups (const TwinQuery *self, TwinPlan *plan)
{
  for (guint i = 0; i < self->groups->len; i++)
    {
      g_string_append (plan->sql, i == 0 ? " GROUP BY " : ", ");
      add_group (self, plan, g_ptr_array_index (self->groups, i));
    }

  if (self->having != NULL)
    {
      g_string_append (plan->sql, " HAVING ");
      twin_query_compile_where (self, plan, self->having);
    }
}

/* --- the whole ----------------------------------------------------------- */

/* Parameters that nothing asks for are mistakes in their names. */
static void
check_parameters (const TwinQuery *self, TwinPlan *plan)
{
  g_auto (GStrv) asked = NULL;
  g_autoptr (GList) given = NULL;

  if (plan->parameters == NULL)
    return;

  asked = twin_query_list_parameters (self);
  given = json_object_get_members (plan->parameters);
  for (GList *l = given; l != NULL; l = l->next)
    {
      g_autofree char *names = g_strjoinv (", @", asked);

      if (!g_strv_contains ((const char *const *) asked, l->data))
        twin_plan_fail (plan, 0, TWIN_QUERY_ERROR_PARAMETER,
                        *asked == NULL ? "The query has no parameter @%s"
                                       : "The query has no parameter @%s; it "
                                         "has @%s",
                        (char *) l->data, names);
    }
}

TwinPlan *
twin_query_compile (const TwinQuery        *self,
                    TwinStoreReader        *reader,
                    const TwinQueryOptions *options,
                    gboolean                ids)
{
  TwinPlan *plan = twin_plan_new_part (NULL);
  g_autoptr (TwinPlan) from = NULL;
  g_autoptr (TwinPlan) where = NULL;

  plan->reader = reader;
  plan->parameters = options->parameters;
  plan->now_us = options->now_us != 0 ? options->now_us : twin_clock_utc_us ();
  check_parameters (self, plan);
  twin_query_live_begin (self, plan);
  twin_query_live_narrow (self, plan);
  from = twin_plan_new_part (plan);
  where = twin_plan_new_part (plan);

  g_string_append (plan->sql, "SELECT ");
  if (ids)
    add_ids (self, plan);
  else
    add_select (self, plan);
  twin_query_compile_from (self, from, where);
  twin_query_live_compile_joins (self, from, where);
  if (!ids)
    twin_query_page_begin (self, plan, where, options);
  twin_plan_append (plan, from);

  /* without a WHERE, SQLite counts rows without reading them */
  if (self->where != NULL)
    {
      g_string_append (plan->sql, " WHERE ");
      twin_query_compile_where (self, plan, self->where);
    }
  else if (where->sql->len > 0)
    g_string_append (plan->sql, " WHERE 1");
  twin_plan_append (plan, where);

  add_groups (self, plan);
  twin_query_page_end (self, plan, options, ids);
  return plan;
}
