/* SPDX-License-Identifier: Apache-2.0 */
/* MATCH over several hops: which ends, in what time. */
#include "graph-store.h"
#include "twin-clock.h"

static void
add_twin (TwinGraphFile *file, int i)
{
  g_autofree char *id = g_strdup_printf ("t%d", i);

  g_ptr_array_add (file->twins, twin_twin_new (id, "dtmi:a:b;1", NULL));
}

static void
add_edge (TwinGraphFile *file, int from, int to, const char *name)
{
  g_autofree char *source = g_strdup_printf ("t%d", from);
  g_autofree char *target = g_strdup_printf ("t%d", to);
  g_autofree char *id = g_strdup_printf ("e%u", file->relationships->len);

  g_ptr_array_add (file->relationships,
                   twin_relationship_new (source, id, name, target, NULL));
}

static int
compare_text (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* The values of the rows' only member, sorted, with blanks between. */
static char *
ask (GraphStore *store, const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autofree char *text = NULL;
  va_list          args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  rows = twin_query_collect (text, store->reader, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      char  *row = g_ptr_array_index (rows, i);
      char  *begin = strchr (row, ':') + 1;
      char **at = (char **) &g_ptr_array_index (rows, i);

      begin += *begin == '"';
      *at = g_strndup (begin, strcspn (begin, "\"}"));
      g_free (row);
    }
  g_ptr_array_sort (rows, compare_text);
  g_ptr_array_add (rows, NULL);
  return g_strjoinv (" ", (char **) rows->pdata);
}

static void
assert_ask (GraphStore *store, const char *want, const char *query)
{
  g_autofree char *have = ask (store, "%s", query);

  g_assert_cmpstr (have, ==, want);
}

#define ENDS "SELECT b.$dtId FROM DIGITALTWINS MATCH (a)"
#define FROM_0 "(b) WHERE a.$dtId = 't0'"

/* t0 → t1 → t2 → t3 → t0, and t4 ← t0 alone. */
static void
test_ring (void)
{
  g_autoptr (TwinGraphFile) file = twin_graph_file_new ();
  GraphStore store;

  for (int i = 0; i < 5; i++)
    add_twin (file, i);
  for (int i = 0; i < 4; i++)
    add_edge (file, i, (i + 1) % 4, "next");
  add_edge (file, 0, 4, "spur");
  graph_store_open (&store);
  graph_store_put (&store, file);

  assert_ask (&store, "t1 t2 t4", ENDS "-[*..2]->" FROM_0);
  assert_ask (&store, "t2 t3", ENDS "<-[*..2]-" FROM_0);
  /* Round once, never twice: the relationships are used up. */
  assert_ask (&store, "t0 t1 t2 t3 t4", ENDS "-[*..10]->" FROM_0);
  assert_ask (&store, "t0", ENDS "-[*4]->" FROM_0 " AND b.$dtId != 't4'");
  assert_ask (&store, "t4", ENDS "-[*5]->" FROM_0);
  assert_ask (&store, "", ENDS "-[*6]->" FROM_0);
  assert_ask (&store, "", ENDS "-[:next*5]->" FROM_0);
  /* There and back is one relationship used twice. */
  assert_ask (&store, "t2", ENDS "-[:next*2]-" FROM_0);
  assert_ask (&store, "t1 t3", ENDS "-[:next*3]-" FROM_0);
  assert_ask (&store, "t0", ENDS "-[:next*4]-" FROM_0);
  assert_ask (&store, "", ENDS "-[:spur*2]-" FROM_0);
  assert_ask (&store, "",
              ENDS "-[:next|spur*..3]->" FROM_0 " AND b.$dtId = 'nobody'");
  /* Both ends given. */
  assert_ask (&store, "t3",
              ENDS "-[*..3]->(b) WHERE a.$dtId = 't0' AND b.$dtId "
                   "= 't3'");
  /* Each end once for each beginning. */
  assert_ask (&store, "t1 t1 t2 t2 t3 t3 t4 t4",
              ENDS "-[*..2]->(b) WHERE a.$dtId IN ['t0', 't3', 't2', 't1'] AND "
                   "b.$dtId != 't0'");
  graph_store_close (&store);
}

/* --- against every path there is
 * ----------------------------------------------------- */

enum
{
  NODES = 6,
  EDGES = 9,
};

typedef struct
{
  int      from[EDGES], to[EDGES], direction, least, most;
  gboolean used[EDGES], ends[NODES];
} Small;

static void
try_paths (Small *self, int at, int depth)
{
  if (depth >= self->least)
    self->ends[at] = TRUE;
  for (int i = 0; i < EDGES && depth < self->most; i++)
    {
      for (int way = -1; way <= 1; way += 2)
        {
          int here = way > 0 ? self->from[i] : self->to[i];
          int there = way > 0 ? self->to[i] : self->from[i];

          if (self->used[i] || here != at || self->direction == -way)
            continue;
          self->used[i] = TRUE;
          try_paths (self, there, depth + 1);
          self->used[i] = FALSE;
        }
    }
}

static void
check_small (GraphStore *store, Small *self)
{
  g_autoptr (GString) want = g_string_new (NULL);
  g_autofree char *have = NULL;

  memset (self->ends, 0, sizeof self->ends);
  try_paths (self, 0, 0);
  for (int i = 0; i < NODES; i++)
    if (self->ends[i])
      g_string_append_printf (want, "%st%d", want->len > 0 ? " " : "", i);

  have =
      ask (store, ENDS "%s-[*%d..%d]-%s" FROM_0, self->direction < 0 ? "<" : "",
           self->least - 1, self->most, self->direction > 0 ? ">" : "");
  g_assert_cmpstr (have, ==, want->str);
}

static void
test_every_path (void)
{
  for (int round = 0; round < 20; round++)
    {
      g_autoptr (TwinGraphFile) file = twin_graph_file_new ();
      GraphStore store;
      Small      small;

      for (int i = 0; i < NODES; i++)
        add_twin (file, i);
      for (int i = 0; i < EDGES; i++)
        {
          small.from[i] = g_test_rand_int_range (0, NODES);
          small.to[i] = g_test_rand_int_range (0, NODES);
          small.used[i] = FALSE;
          add_edge (file, small.from[i], small.to[i], "r");
        }
      graph_store_open (&store);
      graph_store_put (&store, file);

      for (small.direction = -1; small.direction <= 1; small.direction++)
        for (small.least = 1; small.least <= 5; small.least++)
          for (small.most = MAX (small.least, 2); small.most <= 6; small.most++)
            check_small (&store, &small);
      graph_store_close (&store);
    }
}

/* 1,000 twins with 30 relationships each have 30^10 paths of ten hops. */
static void
test_dense (void)
{
  static const char *const hops[] = { "-[*..10]->", "-[*..10]-", "<-[*..10]-",
                                      "-[*10]->", "-[*10]-" };
  g_autoptr (TwinGraphFile) file = twin_graph_file_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  GraphStore store;

  for (int i = 0; i < 1000; i++)
    {
      add_twin (file, i);
      for (int k = 0; k < 30; k++)
        add_edge (file, i, g_rand_int_range (random, 0, 1000), "r");
    }
  graph_store_open (&store);
  graph_store_put (&store, file);

  for (size_t i = 0; i < G_N_ELEMENTS (hops); i++)
    {
      const int64_t    before_us = twin_clock_monotonic_us ();
      g_autofree char *have =
          ask (&store,
               "SELECT COUNT() FROM DIGITALTWINS MATCH (a)%s(b) WHERE "
               "a.$dtId = 't0'",
               hops[i]);
      const double s = (double) (twin_clock_monotonic_us () - before_us) / 1e6;

      g_assert_cmpstr (have, ==, "1000");
      g_test_message ("%s: %.3f s", hops[i], s);
      g_assert_cmpfloat (s, <, 20); /* the sanitizers' builds too */
    }
  graph_store_close (&store);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/match/ring", test_ring);
  g_test_add_func ("/query/match/every-path", test_every_path);
  g_test_add_func ("/query/match/dense", test_dense);
  return g_test_run ();
}
