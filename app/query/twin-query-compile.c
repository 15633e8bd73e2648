/* SPDX-License-Identifier: Apache-2.0 */
/* A query as one SELECT with bound parameters. */
#include <string.h>

#include "twin-query-ast.h"

/* --- plans
 * -------------------------------------------------------------------------- */

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
  self->twin_table = "twin";
  self->relationship_table = "relationship";
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
  g_clear_error (&self->error);
  g_free (self);
}

void
twin_plan_need (TwinPlan *self, TwinPlanSetup setup)
{
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

  if (self->error != NULL)
    return;

  va_start (args, format);
  self->error = g_error_new_valist (TWIN_QUERY_ERROR, code, format, args);
  va_end (args);
  self->bad = offset;
}

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

/* @more behind @self. */
static void
append_plan (TwinPlan *self, TwinPlan *more)
{
  g_string_append (self->sql, more->sql->str);
  for (guint i = 0; i < more->binds->len; i++)
    {
      TwinBind *value = &g_array_index (more->binds, TwinBind, i);

      g_array_append_val (self->binds, *value);
      value->text = NULL;
    }
  for (guint i = 0; i < more->setups->len; i++)
    twin_plan_need (self, g_array_index (more->setups, TwinPlanSetup, i));
}

/* --- paths
 * -----------------------------------------------------------------------------
 */

char *
twin_query_json_path (const TwinPath *path)
{
  GString *out = g_string_new ("$");

  for (guint i = 0; i < path->segments->len; i++)
    g_string_append_printf (out, ".\"%s\"",
                            (char *) g_ptr_array_index (path->segments, i));

  return g_string_free (out, FALSE);
}

const char *
twin_query_find_column (const TwinQuery *self, const TwinPath *path)
{
  static const struct
  {
    gboolean    relationship;
    const char *name, *column;
  } columns[] = {
    { FALSE, "$dtId", "id" },          { FALSE, "$etag", "etag" },
    { TRUE, "$sourceId", "source" },   { TRUE, "$targetId", "target" },
    { TRUE, "$relationshipId", "id" }, { TRUE, "$relationshipName", "name" },
    { TRUE, "$etag", "etag" },
  };
  const TwinCollection *in = twin_query_collection (self, path->collection);
  const char           *first;

  if (path->segments->len == 0)
    return NULL;

  first = g_ptr_array_index (path->segments, 0);
  if (path->segments->len == 1)
    {
      for (size_t i = 0; i < G_N_ELEMENTS (columns); i++)
        {
          if (columns[i].relationship == in->relationship &&
              strcmp (columns[i].name, first) == 0)
            return columns[i].column;
        }
    }

  if (path->segments->len == 2 && !in->relationship &&
      strcmp (first, "$metadata") == 0 &&
      strcmp (g_ptr_array_index (path->segments, 1), "$model") == 0)
    return "model";

  return NULL;
}

/* --- the whole
 * ------------------------------------------------------------------------------
 */

static void
add_document (const TwinQuery *self,
              TwinPlan        *plan,
              int              collection,
              const char      *key)
{
  const TwinCollection *one = twin_query_collection (self, collection);
  const char           *a = one->alias;
  TwinColumn            column = { TWIN_COLUMN_TWIN, key };

  if (one->relationship)
    {
      column.kind = TWIN_COLUMN_RELATIONSHIP;
      g_string_append_printf (plan->sql,
                              "%s.source, %s.id, %s.name, %s.target, %s.etag, "
                              "%s.props",
                              a, a, a, a, a, a);
    }
  else
    g_string_append_printf (plan->sql, "%s.id, %s.etag, %s.props, %s.model", a,
                            a, a, a);

  g_array_append_val (plan->columns, column);
}

static void
add_projection (const TwinQuery      *self,
                TwinPlan             *plan,
                const TwinProjection *one)
{
  TwinColumn  column = { TWIN_COLUMN_VALUE, one->key };
  const char *name;

  if (one->path.segments->len == 0)
    {
      add_document (self, plan, one->path.collection, one->key);
      return;
    }

  name = twin_query_find_column (self, &one->path);
  if (name != NULL)
    g_string_append_printf (plan->sql, "json_quote(%s.%s)",
                            twin_query_collection (self, one->path.collection)
                                ->alias,
                            name);
  else
    {
      g_autofree char *inner = twin_query_json_path (&one->path);

      g_string_append_printf (plan->sql, "%s.props -> ",
                              twin_query_collection (self, one->path.collection)
                                  ->alias);
      twin_plan_bind_text (plan, inner);
    }
  g_array_append_val (plan->columns, column);
}

static void
add_select (const TwinQuery *self, TwinPlan *plan, gboolean ids)
{
  TwinColumn column = { TWIN_COLUMN_COUNT, "COUNT" };

  if (ids)
    {
      int of = self->all ? 0
                         : g_array_index (self->projections, TwinProjection, 0)
                               .path.collection;

      g_string_append_printf (plan->sql, "DISTINCT %s.id",
                              twin_query_collection (self, of)->alias);
      column.kind = TWIN_COLUMN_ID;
      g_array_append_val (plan->columns, column);
    }
  else if (self->count)
    {
      g_string_append (plan->sql, "count(*)");
      g_array_append_val (plan->columns, column);
    }
  else if (self->all)
    add_document (self, plan, 0, NULL);

  for (guint i = 0; !ids && i < self->projections->len; i++)
    {
      g_string_append (plan->sql, i > 0 ? ", " : "");
      add_projection (self, plan,
                      &g_array_index (self->projections, TwinProjection, i));
    }
}

TwinPlan *
twin_query_compile (const TwinQuery *self, gboolean ids, size_t limit)
{
  TwinPlan *plan = plan_new ();
  g_autoptr (TwinPlan) from = plan_new ();
  g_autoptr (TwinPlan) where = plan_new ();
  gint64 most = self->top;

  g_string_append (plan->sql, "SELECT ");
  add_select (self, plan, ids);
  twin_query_compile_from (self, from, where);
  append_plan (plan, from);

  g_string_append (plan->sql, " WHERE ");
  if (self->where != NULL)
    twin_query_compile_where (self, plan, self->where);
  else
    g_string_append_c (plan->sql, '1');
  append_plan (plan, where);

  if (limit > 0 && (most < 0 || (gint64) limit < most))
    most = (gint64) limit;
  if (most >= 0)
    {
      g_string_append (plan->sql, " LIMIT ");
      twin_plan_bind_integer (plan, most);
    }

  return plan;
}
