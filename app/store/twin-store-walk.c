/* SPDX-License-Identifier: Apache-2.0 */
/* relationship_walk: which twins a path of so many relationships leads to.
 *
 * A path uses each relationship once. Which ends are reached, not each path, is
 * what is asked, so that dense graphs stay cheap: breadth first where the
 * shortest path decides; for at least two hops, ends that only a longer path
 * can reach are looked for one by one, in the part of the graph from which
 * they can be reached in the hops that are left.
 */
#include <json-glib/json-glib.h>
#include <string.h>

#include "twin-store-functions-private.h"

enum
{
  MOST_HOPS = 10,
  MOST_NAMES = 1000,
  FEW_NAMES = 8,
  MOST_KEPT = 4000000, /* relationships remembered between walks */
  EASY_STEPS = 20000,  /* of the search that looks for all ends at once */
  BREATH = 8192,       /* steps */
};

/* One way over a relationship. */
typedef struct
{
  guint to;
  guint id; /* of the relationship, the same from both ends */
} Way;

typedef struct
{
  GArray *ways; /* Way; NULL: not read yet */
  char   *id;
} Node;

/* What has been read of the graph, for one direction and set of names. */
typedef struct
{
  GHashTable *index; /* id -> node number + 1 */
  GPtrArray  *nodes; /* Node */
  GHashTable *edges; /* either direction: source, id -> number */
  guint       n_edges;
  int         direction;
  GPtrArray  *names;    /* char *; NULL: any */
  char       *out, *in; /* the SELECTs of what leaves, and reaches, a twin */
} Graph;

typedef struct
{
  TwinStoreFunctions *functions;
  Graph              *graph;
  guint               start;
  int                 least, most;
  guint               steps;
  int                 rc;
  GHashTable         *ends; /* set of node numbers */
} Walk;

static void
node_free (void *data)
{
  Node *node = data;

  g_clear_pointer (&node->ways, g_array_unref);
  g_free (node->id);
  g_free (node);
}

/* The texts of a JSON array; NULL for none given. */
static GPtrArray *
read_names (const char *json)
{
  g_autoptr (JsonNode) node = NULL;
  GPtrArray *names;
  JsonArray *array;

  if (json == NULL)
    return NULL;

  names = g_ptr_array_new_with_free_func (g_free);
  node = json_from_string (json, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return names;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array) && i < MOST_NAMES; i++)
    g_ptr_array_add (names,
                     g_strdup (json_array_get_string_element (array, i)));
  return names;
}

/* "SELECT …" of the relationships at ?1, from ?2 on the names, the time last.
 */
static void
write_part (GString     *sql,
            const Graph *self,
            gboolean     out,
            gboolean     past,
            const char  *table,
            guint        name)
{
  const guint n = self->names != NULL ? self->names->len : 0;

  g_string_append_printf (sql, "%sSELECT %s, id, source FROM %s WHERE %s = ?1",
                          sql->len > 0 ? " UNION ALL " : "",
                          out ? "target" : "source", table,
                          out ? "source" : "target");
  if (n > 0 && n <= FEW_NAMES)
    g_string_append_printf (sql, " AND name = ?%u", name + 2);
  for (guint i = 0; n > FEW_NAMES && i < n; i++)
    g_string_append_printf (sql, "%s?%u%s", i == 0 ? " AND name IN (" : ", ",
                            i + 2, i + 1 == n ? ")" : "");
  if (past)
    g_string_append_printf (sql, " AND updated_us <= ?%u", n + 2);
  if (past && g_str_has_suffix (table, "_past"))
    g_string_append_printf (sql, " AND ended_us > ?%u", n + 2);
}

/* One SELECT a name where they are few: an IN makes a table of them, each time
 * that it runs. */
static char *
write_select (const Graph *self, gboolean out, gboolean past)
{
  static const char *const tables[] = { "relationship", "relationship_past" };
  GString                 *sql = g_string_new (NULL);
  const guint              n = self->names != NULL ? self->names->len : 0;

  for (int table = 0; table <= past; table++)
    for (guint name = 0; name < (n > 1 && n <= FEW_NAMES ? n : 1); name++)
      write_part (sql, self, out, past, tables[table], name);
  return g_string_free (sql, FALSE);
}

static Graph *
graph_new (int direction, const char *names, gboolean past)
{
  Graph *self = g_new0 (Graph, 1);

  self->index = g_hash_table_new (g_str_hash, g_str_equal);
  self->nodes = g_ptr_array_new_with_free_func (node_free);
  self->edges = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->direction = direction;
  self->names = read_names (names);
  self->out = write_select (self, TRUE, past);
  self->in = write_select (self, FALSE, past);
  return self;
}

void
twin_store_walk_graph_free (void *data)
{
  Graph *self = data;

  g_hash_table_unref (self->index);
  g_hash_table_unref (self->edges);
  g_ptr_array_unref (self->nodes);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_free (self->out);
  g_free (self->in);
  g_free (self);
}

static guint
find_node (Graph *self, const char *id)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, id));
  Node *node;

  if (number > 0)
    return number - 1;

  node = g_new0 (Node, 1);
  node->id = g_strdup (id);
  g_ptr_array_add (self->nodes, node);
  g_hash_table_insert (self->index, node->id,
                       GUINT_TO_POINTER (self->nodes->len));
  return self->nodes->len - 1;
}

static guint
find_edge (Graph *self, const char *source, const char *id)
{
  g_autofree char *key = NULL;
  guint            number;

  if (self->direction != 0)
    return self->n_edges++;

  key = g_strconcat (source, "\037", id, NULL);
  number = GPOINTER_TO_UINT (g_hash_table_lookup (self->edges, key));
  if (number > 0)
    return number - 1;

  g_hash_table_insert (self->edges, g_steal_pointer (&key),
                       GUINT_TO_POINTER (++self->n_edges));
  return self->n_edges - 1;
}

/* --- reading
 * ------------------------------------------------------------------------- */

static gboolean
read_ways (Walk *self, guint number, GArray *ways, gboolean out)
{
  const Node   *node = g_ptr_array_index (self->graph->nodes, number);
  const guint   n = self->graph->names != NULL ? self->graph->names->len : 0;
  sqlite3_stmt *select =
      twin_store_db_prepare (self->functions->sql,
                             out ? self->graph->out : self->graph->in, NULL);
  int rc;

  if (select == NULL)
    {
      self->rc = SQLITE_ERROR;
      return FALSE;
    }

  sqlite3_bind_text (select, 1, node->id, -1, SQLITE_STATIC);
  for (guint i = 0; i < n; i++)
    sqlite3_bind_text (select, (int) i + 2,
                       g_ptr_array_index (self->graph->names, i), -1,
                       SQLITE_STATIC);
  if (twin_store_functions_as_of (self->functions))
    sqlite3_bind_int64 (select, (int) n + 2, self->functions->moment.at_us);

  while ((rc = sqlite3_step (select)) == SQLITE_ROW)
    {
      const char *to = (const char *) sqlite3_column_text (select, 0);
      const char *id = (const char *) sqlite3_column_text (select, 1);
      const char *source = (const char *) sqlite3_column_text (select, 2);
      Way         way;

      /* From itself to itself is one relationship, not one each way. */
      if (!out && self->graph->direction == 0 && strcmp (to, node->id) == 0)
        continue;
      way.to = find_node (self->graph, to);
      way.id = find_edge (self->graph, source, id);
      g_array_append_val (ways, way);
    }

  sqlite3_reset (select);
  if (rc != SQLITE_DONE)
    self->rc = rc;
  return rc == SQLITE_DONE;
}

/* NULL: stop, self->rc says why. */
static const GArray *
ways_of (Walk *self, guint number)
{
  Node   *node = g_ptr_array_index (self->graph->nodes, number);
  int     direction = self->graph->direction;
  GArray *ways;

  if (++self->steps % BREATH == 0 &&
      !twin_store_functions_breathe (self->functions))
    {
      self->rc = SQLITE_INTERRUPT;
      return NULL;
    }

  if (node->ways != NULL)
    return node->ways;

  ways = g_array_new (FALSE, FALSE, sizeof (Way));
  if ((direction >= 0 && !read_ways (self, number, ways, TRUE)) ||
      (direction <= 0 && !read_ways (self, number, ways, FALSE)))
    {
      g_array_unref (ways);
      return NULL;
    }

  node->ways = ways;
  return ways;
}

/* --- the shortest path decides
 * ------------------------------------------------------- */

typedef struct
{
  int   depth;  /* hops from the start */
  guint last;   /* the relationship it was reached by */
  guint branch; /* the first relationship of that path */
} Reached;

/* Length of the shortest path by @way from a reached node back to the start
 * that uses no relationship twice, or a large number. */
static int
closed_by (const Walk *self, const GArray *reached, guint from, const Way *way)
{
  const Reached *a = &g_array_index (reached, Reached, from);
  const Reached *b;

  if (self->graph->direction != 0 || from == self->start)
    return way->to == self->start ? a->depth + 1 : G_MAXINT;
  if (way->id == a->last)
    return G_MAXINT;
  if (way->to == self->start)
    return a->branch != way->id ? a->depth + 1 : G_MAXINT;
  if (way->to >= reached->len)
    return G_MAXINT;

  b = &g_array_index (reached, Reached, way->to);
  return b->depth > 0 && b->last != way->id && a->branch != b->branch
             ? a->depth + b->depth + 1
             : G_MAXINT;
}

/* Everything within self->most hops; *@back: the shortest way back. The array
 * is indexed by node, a depth of 0 is what was not reached. */
static GArray *
reach (Walk *self, int *back)
{
  GArray *reached = g_array_new (FALSE, TRUE, sizeof (Reached));
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (guint));

  *back = G_MAXINT;
  g_array_append_val (queue, self->start);
  for (guint at = 0; at < queue->len; at++)
    {
      const guint   from = g_array_index (queue, guint, at);
      const GArray *ways;
      Reached       here;

      if (from >= reached->len)
        g_array_set_size (reached, from + 1);
      here = g_array_index (reached, Reached, from);
      /* One more level than is returned closes paths back to the start. */
      if (here.depth >= self->most)
        break;
      ways = ways_of (self, from);
      if (ways == NULL)
        break;

      for (guint i = 0; i < ways->len; i++)
        {
          const Way *way = &g_array_index (ways, Way, i);
          Reached   *there;

          *back = MIN (*back, closed_by (self, reached, from, way));
          if (way->to >= reached->len)
            g_array_set_size (reached, way->to + 1);
          there = &g_array_index (reached, Reached, way->to);
          if (way->to == self->start || there->depth > 0)
            continue;
          there->depth = here.depth + 1;
          there->last = way->id;
          there->branch = from == self->start ? way->id : here.branch;
          g_array_append_val (queue, way->to);
        }
    }

  return reached;
}

/* --- paths longer than the shortest
 * -------------------------------------------------- */

typedef struct
{
  Walk       *walk;
  GHashTable *missing; /* ends that are still looked for */
  /* NULL, or by hops left: nodes from which the one end looked for can be
   * reached in exactly so many */
  GHashTable *left[MOST_HOPS + 1];
  guint       used[MOST_HOPS];
  gint64      budget; /* steps; below 0: none */
} Search;

static gboolean
can_end (const Search *self, guint node, int depth)
{
  const Walk *walk = self->walk;

  if (self->left[0] == NULL)
    return TRUE;
  for (int total = MAX (walk->least, depth); total <= walk->most; total++)
    {
      if (g_hash_table_contains (self->left[total - depth],
                                 GUINT_TO_POINTER (node)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_used (const Search *self, guint id, int depth)
{
  for (int i = 0; i < depth; i++)
    {
      if (self->used[i] == id)
        return TRUE;
    }
  return FALSE;
}

/* Every path on from @node; FALSE: no more is to be found, or no more may. */
static gboolean
search (Search *self, guint node, int depth)
{
  Walk         *walk = self->walk;
  const GArray *ways;

  if (depth >= walk->least &&
      g_hash_table_remove (self->missing, GUINT_TO_POINTER (node)))
    {
      g_hash_table_add (walk->ends, GUINT_TO_POINTER (node));
      if (g_hash_table_size (self->missing) == 0)
        return FALSE;
    }
  if (depth == walk->most)
    return TRUE;
  if (self->budget == 0 || (ways = ways_of (walk, node)) == NULL)
    return FALSE;
  if (self->budget > 0)
    self->budget--;

  for (guint i = 0; i < ways->len; i++)
    {
      const Way *way = &g_array_index (ways, Way, i);

      if (is_used (self, way->id, depth) || !can_end (self, way->to, depth + 1))
        continue;
      self->used[depth] = way->id;
      if (!search (self, way->to, depth + 1))
        return FALSE;
    }
  return TRUE;
}

/* layers[d]: nodes that some walk of exactly d hops ends on, whether it uses a
 * relationship twice or not. */
static gboolean
spread (Walk *self, GHashTable **layers)
{
  g_hash_table_add (layers[0], GUINT_TO_POINTER (self->start));
  for (int depth = 0; depth < self->most; depth++)
    {
      GHashTableIter iter;
      void          *node;

      g_hash_table_iter_init (&iter, layers[depth]);
      while (g_hash_table_iter_next (&iter, &node, NULL))
        {
          const GArray *ways = ways_of (self, GPOINTER_TO_UINT (node));

          if (ways == NULL)
            return FALSE;
          for (guint i = 0; i < ways->len; i++)
            g_hash_table_add (layers[depth + 1],
                              GUINT_TO_POINTER (
                                  g_array_index (ways, Way, i).to));
        }
    }
  return TRUE;
}

/* Fills search->left for the end @end: backwards through the layers. */
static gboolean
look_back (Search *self, GHashTable **layers, guint end)
{
  const Walk *walk = self->walk;

  for (int i = 0; i <= walk->most; i++)
    g_hash_table_remove_all (self->left[i]);
  g_hash_table_add (self->left[0], GUINT_TO_POINTER (end));

  for (int left = 1; left <= walk->most; left++)
    {
      /* Who can be at hop most - left or earlier. */
      for (int depth = 0; depth <= walk->most - left; depth++)
        {
          GHashTableIter iter;
          void          *node;

          g_hash_table_iter_init (&iter, layers[depth]);
          while (g_hash_table_iter_next (&iter, &node, NULL))
            {
              const GArray *ways =
                  ways_of (self->walk, GPOINTER_TO_UINT (node));

              if (ways == NULL)
                return FALSE;
              for (guint i = 0; i < ways->len; i++)
                {
                  if (g_hash_table_contains (self->left[left - 1],
                                             GUINT_TO_POINTER (
                                                 g_array_index (ways, Way, i)
                                                     .to)))
                    {
                      g_hash_table_add (self->left[left], node);
                      break;
                    }
                }
            }
        }
    }
  return TRUE;
}

/* Those of self->missing that no quick search found, one by one. */
static void
search_each (Search *self, GHashTable **layers)
{
  g_autofree void **wanted = NULL;
  guint             n;

  wanted = g_hash_table_get_keys_as_array (self->missing, &n);
  for (int i = 0; i <= self->walk->most; i++)
    self->left[i] = g_hash_table_new (NULL, NULL);
  self->budget = -1;

  for (guint i = 0; i < n && self->walk->rc == SQLITE_OK; i++)
    {
      g_hash_table_remove_all (self->missing);
      g_hash_table_add (self->missing, wanted[i]);
      if (look_back (self, layers, GPOINTER_TO_UINT (wanted[i])) &&
          can_end (self, self->walk->start, 0))
        search (self, self->walk->start, 0);
    }

  for (int i = 0; i <= self->walk->most; i++)
    g_hash_table_unref (self->left[i]);
}

static void
find_long (Walk *self, const GArray *reached, int back)
{
  GHashTable *layers[MOST_HOPS + 1];
  Search      find = { .walk = self, .budget = EASY_STEPS };

  find.missing = g_hash_table_new (NULL, NULL);
  for (int i = 0; i <= self->most; i++)
    layers[i] = g_hash_table_new (NULL, NULL);

  if (spread (self, layers))
    {
      for (int depth = self->least; depth <= self->most; depth++)
        {
          GHashTableIter iter;
          void          *node;

          g_hash_table_iter_init (&iter, layers[depth]);
          while (g_hash_table_iter_next (&iter, &node, NULL))
            if (!g_hash_table_contains (self->ends, node))
              g_hash_table_add (find.missing, node);
        }
      if (g_hash_table_size (find.missing) > 0)
        search (&find, self->start, 0);
      if (g_hash_table_size (find.missing) > 0 && find.budget == 0)
        search_each (&find, layers);
    }

  for (int i = 0; i <= self->most; i++)
    g_hash_table_unref (layers[i]);
  g_hash_table_unref (find.missing);
}

static void
walk_all (Walk *self)
{
  g_autoptr (GArray) reached = NULL;
  int back;

  reached = reach (self, &back);
  for (guint i = 0; i < reached->len; i++)
    {
      const int depth = g_array_index (reached, Reached, i).depth;

      if (depth > 0 && depth >= self->least)
        g_hash_table_add (self->ends, GUINT_TO_POINTER (i));
    }
  if (back >= self->least && back <= self->most)
    g_hash_table_add (self->ends, GUINT_TO_POINTER (self->start));
  if (self->least > 1 && self->rc == SQLITE_OK)
    find_long (self, reached, back);
}

/* --- as a table of SQLite's
 * ---------------------------------------------------------- */

enum
{
  COLUMN_NODE,
  COLUMN_START,
  COLUMN_DIRECTION,
  COLUMN_LEAST,
  COLUMN_MOST,
  COLUMN_NAMES,
  N_ARGUMENTS = COLUMN_NAMES,
};

typedef struct
{
  sqlite3_vtab        base;
  TwinStoreFunctions *functions;
} Table;

typedef struct
{
  sqlite3_vtab_cursor base;
  GPtrArray          *ends; /* char * */
  guint               at;
} Cursor;

static int
table_connect (sqlite3           *db,
               void              *data,
               int                n,
               const char *const *arguments,
               sqlite3_vtab     **table,
               char             **message)
{
  Table *self = g_new0 (Table, 1);
  int    rc =
      sqlite3_declare_vtab (db, "CREATE TABLE x (node TEXT, start HIDDEN,"
                                " direction HIDDEN, least HIDDEN, most HIDDEN,"
                                " names HIDDEN)");

  self->functions = data;
  *table = &self->base;
  return rc;
}

static int
table_disconnect (sqlite3_vtab *table)
{
  g_free (table);
  return SQLITE_OK;
}

static int
table_best_index (sqlite3_vtab *table, sqlite3_index_info *info)
{
  int given[N_ARGUMENTS + 1] = { 0 };

  for (int i = 0; i < info->nConstraint; i++)
    {
      const int column = info->aConstraint[i].iColumn;

      if (column < COLUMN_START || column > COLUMN_NAMES ||
          info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
        continue;
      if (!info->aConstraint[i].usable)
        return SQLITE_CONSTRAINT;
      given[column] = i + 1;
    }

  for (int column = COLUMN_START; column <= COLUMN_NAMES; column++)
    {
      if (given[column] == 0)
        return SQLITE_CONSTRAINT;
      info->aConstraintUsage[given[column] - 1].argvIndex = column;
      info->aConstraintUsage[given[column] - 1].omit = 1;
    }

  info->estimatedCost = 1000;
  info->estimatedRows = 100;
  return SQLITE_OK;
}

static int
cursor_open (sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
  Cursor *self = g_new0 (Cursor, 1);

  self->ends = g_ptr_array_new_with_free_func (g_free);
  *cursor = &self->base;
  return SQLITE_OK;
}

static int
cursor_close (sqlite3_vtab_cursor *cursor)
{
  Cursor *self = (Cursor *) cursor;

  g_ptr_array_unref (self->ends);
  g_free (self);
  return SQLITE_OK;
}

static Graph *
find_graph (TwinStoreFunctions *self, int direction, const char *names)
{
  g_autofree char *key =
      g_strdup_printf ("%d %s", direction, names != NULL ? names : "");
  Graph *graph = g_hash_table_lookup (self->graphs, key);

  if (graph != NULL && graph->n_edges < MOST_KEPT)
    return graph;

  graph = graph_new (direction, names, twin_store_functions_as_of (self));
  g_hash_table_replace (self->graphs, g_steal_pointer (&key), graph);
  return graph;
}

static int
cursor_filter (sqlite3_vtab_cursor *cursor,
               int                  index,
               const char          *name,
               int                  n,
               sqlite3_value      **values)
{
  Cursor        *self = (Cursor *) cursor;
  Table         *table = (Table *) cursor->pVtab;
  const char    *start = (const char *) sqlite3_value_text (values[0]);
  const char    *names = (const char *) sqlite3_value_text (values[4]);
  Walk           walk = { .functions = table->functions };
  GHashTableIter iter;
  void          *end;

  self->at = 0;
  g_ptr_array_set_size (self->ends, 0);
  if (start == NULL)
    return SQLITE_OK;

  walk.least = sqlite3_value_int (values[2]);
  walk.most = sqlite3_value_int (values[3]);
  if (walk.least < 1 || walk.most > MOST_HOPS)
    return SQLITE_MISUSE;
  walk.graph =
      find_graph (table->functions, sqlite3_value_int (values[1]), names);
  walk.start = find_node (walk.graph, start);
  walk.ends = g_hash_table_new (NULL, NULL);
  walk_all (&walk);

  g_hash_table_iter_init (&iter, walk.ends);
  while (g_hash_table_iter_next (&iter, &end, NULL))
    {
      const Node *node =
          g_ptr_array_index (walk.graph->nodes, GPOINTER_TO_UINT (end));

      g_ptr_array_add (self->ends, g_strdup (node->id));
    }
  g_hash_table_unref (walk.ends);
  return walk.rc;
}

static int
cursor_next (sqlite3_vtab_cursor *cursor)
{
  ((Cursor *) cursor)->at++;
  return SQLITE_OK;
}

static int
cursor_eof (sqlite3_vtab_cursor *cursor)
{
  const Cursor *self = (const Cursor *) cursor;

  return self->at >= self->ends->len;
}

static int
cursor_column (sqlite3_vtab_cursor *cursor,
               sqlite3_context     *context,
               int                  column)
{
  const Cursor *self = (const Cursor *) cursor;

  if (column == COLUMN_NODE)
    sqlite3_result_text (context, g_ptr_array_index (self->ends, self->at), -1,
                         SQLITE_TRANSIENT);
  return SQLITE_OK;
}

static int
cursor_rowid (sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid)
{
  *rowid = ((const Cursor *) cursor)->at;
  return SQLITE_OK;
}

static const sqlite3_module module = {
  .iVersion = 0,
  .xConnect = table_connect, /* no xCreate: there without CREATE */
  .xBestIndex = table_best_index,
  .xDisconnect = table_disconnect,
  .xOpen = cursor_open,
  .xClose = cursor_close,
  .xFilter = cursor_filter,
  .xNext = cursor_next,
  .xEof = cursor_eof,
  .xColumn = cursor_column,
  .xRowid = cursor_rowid,
};

gboolean
twin_store_walk_add (TwinStoreFunctions *self)
{
  return sqlite3_create_module_v2 (self->sql->db, "relationship_walk", &module,
                                   self, NULL) == SQLITE_OK;
}
