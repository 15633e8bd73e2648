/* SPDX-License-Identifier: Apache-2.0 */
/* FROM of the compiled SELECT: twins, relationships, paths of many hops. */
#include <string.h>

#include "twin-json.h"
#include "twin-query-function.h"

/* A twin is placed when an earlier step of FROM brought it. */
typedef struct
{
  const TwinQuery *query;
  TwinPlan        *plan;
  TwinPlan        *where;
  gboolean        *placed; /* by collection */
} From;

static const char *
alias (From *self, int collection)
{
  return twin_query_collection (self->query, collection)->alias;
}

static void
add_twin (From *self, int collection)
{
  gboolean first = self->plan->sql->len == 0;

  g_string_append_printf (self->plan->sql, "%s%s %s",
                          first ? " FROM " : " JOIN ", self->plan->twin_table,
                          alias (self, collection));
  self->placed[collection] = TRUE;
}

/* " AND r.name IN (?, ?)" */
static void
add_names (TwinPlan *plan, const TwinEdge *edge, const char *relationship)
{
  if (edge->names->len == 0)
    return;

  g_string_append_printf (plan->sql, " AND %s.name IN (", relationship);
  for (guint i = 0; i < edge->names->len; i++)
    {
      if (i > 0)
        g_string_append (plan->sql, ", ");
      twin_plan_bind_text (plan, g_ptr_array_index (edge->names, i));
    }
  g_string_append_c (plan->sql, ')');
}

/* From the placed end @here to the other, over one relationship. */
static void
add_hop (From *self, const TwinEdge *edge, gboolean backwards)
{
  const char      *here = alias (self, backwards ? edge->to : edge->from);
  int              other = backwards ? edge->from : edge->to;
  const char      *there = alias (self, other);
  const char      *r = alias (self, edge->relationship);
  int              way = backwards ? -edge->direction : edge->direction;
  GString         *sql = self->plan->sql;
  g_autofree char *end = NULL;

  g_string_append_printf (sql, " JOIN %s %s ON ",
                          self->plan->relationship_table, r);
  if (way > 0)
    {
      g_string_append_printf (sql, "%s.source = %s.id", r, here);
      end = g_strdup_printf ("%s.target", r);
    }
  else if (way < 0)
    {
      g_string_append_printf (sql, "%s.target = %s.id", r, here);
      end = g_strdup_printf ("%s.source", r);
    }
  else
    {
      g_string_append_printf (sql, "(%s.source = %s.id OR %s.target = %s.id)",
                              r, here, r, here);
      end = g_strdup_printf ("(CASE WHEN %s.source = %s.id THEN %s.target ELSE "
                             "%s.source END)",
                             r, here, r, r);
    }
  add_names (self->plan, edge, r);

  if (self->placed[other])
    g_string_append_printf (sql, " AND %s.id = %s", there, end);
  else
    {
      add_twin (self, other);
      g_string_append_printf (sql, " ON %s.id = %s", there, end);
    }
}

/* A JSON array of the names, or SQL's NULL for any. */
static void
add_name_list (TwinPlan *plan, const TwinEdge *edge)
{
  g_autoptr (GString) list = g_string_new ("[");

  if (edge->names->len == 0)
    {
      g_string_append (plan->sql, "NULL");
      return;
    }

  for (guint i = 0; i < edge->names->len; i++)
    {
      g_string_append (list, i > 0 ? "," : "");
      twin_json_append_string (list, g_ptr_array_index (edge->names, i));
    }
  g_string_append_c (list, ']');
  twin_plan_bind_text (plan, list->str);
}

static void
add_walk_call (TwinPlan       *plan,
               const TwinEdge *edge,
               const char     *here,
               gboolean        backwards)
{
  g_string_append_printf (plan->sql, "relationship_walk(%s.id, ", here);
  twin_plan_bind_integer (plan, backwards ? -edge->direction : edge->direction);
  g_string_append (plan->sql, ", ");
  twin_plan_bind_integer (plan, edge->least);
  g_string_append (plan->sql, ", ");
  twin_plan_bind_integer (plan, edge->most);
  g_string_append (plan->sql, ", ");
  add_name_list (plan, edge);
  g_string_append_c (plan->sql, ')');
}

/* The same over several: each twin that a path leads to, once (twin-query.h).
 * CROSS JOIN keeps SQLite from beginning at the far end. */
static void
add_walk (From *self, const TwinEdge *edge, gboolean backwards)
{
  const char *here = alias (self, backwards ? edge->to : edge->from);
  int         other = backwards ? edge->from : edge->to;
  const char *there = alias (self, other);

  twin_plan_need (self->plan, twin_query_live_setup);
  if (self->placed[other])
    {
      g_string_append_printf (self->where->sql,
                              " AND %s.id IN (SELECT node FROM ", there);
      add_walk_call (self->where, edge, here, backwards);
      g_string_append_c (self->where->sql, ')');
      return;
    }

  g_string_append (self->plan->sql, " CROSS JOIN ");
  add_walk_call (self->plan, edge, here, backwards);
  g_string_append_printf (self->plan->sql,
                          " w%s CROSS JOIN %s %s ON %s.id = w%s.node", there,
                          self->plan->twin_table, there, there, there);
  self->placed[other] = TRUE;
}

/* A path uses a relationship once. */
static void
keep_apart (From *self)
{
  GArray *edges = self->query->edges;

  for (guint i = 0; i < edges->len; i++)
    {
      const TwinEdge *a = &g_array_index (edges, TwinEdge, i);

      for (guint k = 0; k < i; k++)
        {
          const TwinEdge *b = &g_array_index (edges, TwinEdge, k);

          if (a->relationship >= 0 && b->relationship >= 0 &&
              (a->direction == 0 || b->direction == 0 ||
               a->direction != b->direction))
            g_string_append_printf (
                self->where->sql,
                " AND NOT (%s.source = %s.source AND %s.id = %s.id)",
                alias (self, a->relationship), alias (self, b->relationship),
                alias (self, a->relationship), alias (self, b->relationship));
        }
    }
}

/* Adds every edge that touches a placed twin until none is left: a pattern is
 * a chain, so all are reached. */
static void
add_edges (From *self)
{
  GArray              *edges = self->query->edges;
  g_autofree gboolean *done = g_new0 (gboolean, edges->len + 1);

  for (guint left = edges->len; left > 0;)
    {
      guint before = left;

      for (guint i = 0; i < edges->len; i++)
        {
          const TwinEdge *edge = &g_array_index (edges, TwinEdge, i);
          gboolean        backwards = !self->placed[edge->from];

          if (done[i] || (backwards && !self->placed[edge->to]))
            continue;

          if (edge->relationship >= 0)
            add_hop (self, edge, backwards);
          else
            add_walk (self, edge, backwards);
          done[i] = TRUE;
          left--;
        }

      g_assert (left < before);
    }
}

void
twin_query_compile_from (const TwinQuery *self, TwinPlan *plan, TwinPlan *where)
{
  g_autofree gboolean *placed = g_new0 (gboolean, self->collections->len);
  From                 from = { self, plan, where, placed };
  int                  anchor;

  if (self->relationships)
    {
      g_string_append_printf (plan->sql, " FROM %s %s",
                              plan->relationship_table,
                              twin_query_collection (self, 0)->alias);
      return;
    }

  anchor = twin_query_find_anchor (self, self->where);
  add_twin (&from, anchor >= 0 ? anchor : 0);
  add_edges (&from);
  keep_apart (&from);
}
