/* SPDX-License-Identifier: Apache-2.0 */
/* What is beyond Azure's language: order, groups, parameters, pages. */
#include "graph-store.h"

#include "twin-query-version.h"

/* Six twins; n is a number, a text, true, null or missing. */
static const char *const twins[][2] = {
  { "a",
    "{\"n\":3,\"m\":1,\"kind\":\"x\",\"fw\":\"1.10.0\",\"tags\":{\"k\":1}}" },
  { "b", "{\"n\":1.5,\"m\":2,\"kind\":\"x\",\"fw\":\"1.9\"}" },
  { "c", "{\"n\":\"ten\",\"m\":3,\"kind\":\"y\",\"fw\":\"2.0.0-rc.1\"}" },
  { "d", "{\"n\":true,\"m\":1.0,\"kind\":\"Y\",\"fw\":\"v2\"}" },
  { "e", "{\"n\":null,\"kind\":\"100%\",\"fw\":\"unknown\"}" },
  { "f", "{\"kind\":\"a_b*\"}" },
};
static const char *const links[][3] = {
  { "a", "b", "feeds" }, { "b", "c", "feeds" }, { "c", "a", "feeds" },
  { "a", "c", "sees" },  { "d", "a", "sees" },
};

static void
open_small (GraphStore *self)
{
  g_autoptr (TwinGraphFile) file = twin_graph_file_new ();

  for (size_t i = 0; i < G_N_ELEMENTS (twins); i++)
    {
      g_autoptr (JsonNode) node =
          twin_json_parse (twins[i][0], twins[i][1], -1, NULL);

      g_ptr_array_add (file->twins,
                       twin_twin_new (twins[i][0], "dtmi:a:b;1", node));
    }
  for (size_t i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autofree char *id = g_strdup_printf ("%s-%s", links[i][0], links[i][1]);

      g_ptr_array_add (file->relationships,
                       twin_relationship_new (links[i][0], id, links[i][2],
                                              links[i][1], NULL));
    }

  graph_store_open (self);
  graph_store_put (self, file);
}

static gboolean
collect (const char *row, void *data)
{
  g_string_append_printf (data, "%s%s", ((GString *) data)->len > 0 ? " " : "",
                          row);
  return TRUE;
}

/* The rows in one line; "!" and the message of an error. Caller frees. */
static char *
ask (GraphStore *self, const char *text, const TwinQueryOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinQuery) query = twin_query_parse (text, NULL, &error);
  GString *out = g_string_new (NULL);

  if (query == NULL ||
      !twin_query_run (query, self->reader, options, collect, out, &error))
    g_string_printf (out, "!%s", error->message);
  return g_string_free (out, FALSE);
}

#define IDS "SELECT $dtId AS i FROM DIGITALTWINS "
#define I(id) "{\"i\":\"" id "\"}"

static void
test_answers (void)
{
  static const struct
  {
    const char *query, *rows;
  } cases[] = {
    /* order: numbers (true is 1), then texts, what is missing last */
    { IDS "WHERE IS_DEFINED(m) ORDER BY m, $dtId DESC",
      I ("d") " " I ("a") " " I ("b") " " I ("c") },
    { IDS "ORDER BY m DESC, $dtId",
      I ("c") " " I ("b") " " I ("a") " " I ("d") " " I ("e") " " I ("f") },
    { IDS "ORDER BY n",
      I ("d") " " I ("b") " " I ("a") " " I ("c") " " I ("e") " " I ("f") },
    { "SELECT $dtId AS i FROM DIGITALTWINS ORDER BY i DESC LIMIT 2",
      I ("f") " " I ("e") },
    { "SELECT TOP(2) $dtId AS i FROM DIGITALTWINS ORDER BY $dtId OFFSET 3",
      I ("d") " " I ("e") },
    { IDS "OFFSET 4", I ("e") " " I ("f") },
    { IDS "LIMIT 1 OFFSET 9", "" },
    { IDS "WHERE IS_NUMBER(m) ORDER BY 0 - m, $dtId LIMIT 1", I ("c") },
    /* groups */
    { "SELECT kind, COUNT() AS c FROM DIGITALTWINS WHERE m < 3 GROUP BY kind "
      "ORDER BY kind",
      "{\"kind\":\"Y\",\"c\":1} {\"kind\":\"x\",\"c\":2}" },
    { "SELECT m, COUNT() AS c FROM DIGITALTWINS GROUP BY m ORDER BY c DESC, m",
      "{\"m\":1,\"c\":2} {\"c\":2} {\"m\":2,\"c\":1} {\"m\":3,\"c\":1}" },
    { "SELECT n FROM DIGITALTWINS GROUP BY n ORDER BY n",
      "{\"n\":true} {\"n\":1.5} {\"n\":3} {\"n\":\"ten\"} {} {\"n\":null}" },
    { "SELECT COUNT() AS a, COUNT(n) AS b, SUM(n) AS s, AVG(n) AS v, MIN(n) AS "
      "l, MAX(n) AS h FROM DIGITALTWINS",
      "{\"a\":6,\"b\":5,\"s\":4.5,\"v\":2.25,\"l\":1.5,\"h\":\"ten\"}" },
    { "SELECT SUM(none) AS s, COUNT(none) AS c FROM DIGITALTWINS",
      "{\"c\":0}" },
    { "SELECT kind FROM DIGITALTWINS GROUP BY kind HAVING COUNT() > 1",
      "{\"kind\":\"x\"}" },
    { "SELECT m * 2 AS d, COUNT() AS c FROM DIGITALTWINS WHERE IS_DEFINED(m) "
      "GROUP BY d ORDER BY d",
      "{\"d\":2,\"c\":2} {\"d\":4,\"c\":1} {\"d\":6,\"c\":1}" },
    { "SELECT DISTINCT kind FROM DIGITALTWINS WHERE m < 3 ORDER BY kind",
      "{\"kind\":\"Y\"} {\"kind\":\"x\"}" },
    { "SELECT DISTINCT FROM DIGITALTWINS WHERE $dtId = 'a'", "{}" },
    { "SELECT $relationshipName AS r, COUNT() AS c FROM RELATIONSHIPS GROUP BY "
      "r ORDER BY r",
      "{\"r\":\"feeds\",\"c\":3} {\"r\":\"sees\",\"c\":2}" },
    /* texts */
    { IDS "WHERE kind LIKE '%Y%' ORDER BY $dtId", I ("d") },
    { IDS "WHERE kind LIKE '_' ORDER BY $dtId",
      I ("a") " " I ("b") " " I ("c") " " I ("d") },
    { IDS "WHERE kind LIKE '100!%' ESCAPE '!'", I ("e") },
    { IDS "WHERE kind LIKE 'a_b*'", I ("f") },
    { IDS "WHERE kind LIKE 'a!_b%' ESCAPE '!'", I ("f") },
    { IDS "WHERE NOT n LIKE 'x%'", I ("c") },
    { IDS "WHERE n NOT LIKE 't%'", "" },
    { IDS "WHERE $dtId LIKE 'a%'", I ("a") },
    /* versions */
    { IDS "WHERE VERSION(fw) < VERSION('2.0.0') ORDER BY VERSION(fw)",
      I ("b") " " I ("a") " " I ("c") },
    { IDS "WHERE VERSION(fw) = VERSION('2.0')", I ("d") },
    { IDS "WHERE NOT VERSION(fw) < VERSION('2')", I ("d") },
    { IDS "WHERE VERSION(fw) = null ORDER BY $dtId", I ("e") " " I ("f") },
    /* numbers */
    { IDS "WHERE n / 2 > 1", I ("a") },
    { IDS "WHERE m + 1 = 2 AND -m < 0 ORDER BY $dtId", I ("a") " " I ("d") },
    { IDS "WHERE 7 / 2 = 3.5 AND m / 0 > 1", "" },
    { IDS "WHERE n = m", "" },
    { IDS "WHERE n > m", I ("a") },
    { IDS "WHERE 2 + 3 * 2 = 8 AND $dtId = 'a'", I ("a") },
    { IDS "WHERE (2 + 3) * 2 = 10 AND $dtId = 'a'", I ("a") },
    /* NOT of what is neither true nor false is neither */
    { IDS "WHERE NOT n > 2", I ("b") },
    { IDS "WHERE NOT n IN [3, 'ten'] ORDER BY $dtId", I ("b") },
    { IDS "WHERE NOT (n = 3 AND m = 2) ORDER BY $dtId",
      I ("a") " " I ("b") " " I ("c") " " I ("d") },
    { IDS "WHERE NOT (n = 3 OR m = 2)", "" },
    { IDS "WHERE n = null", I ("e") },
    { IDS "WHERE n != null ORDER BY $dtId",
      I ("a") " " I ("b") " " I ("c") " " I ("d") },
    { IDS "WHERE n IN [1.5, true, null] ORDER BY $dtId",
      I ("b") " " I ("d") " " I ("e") },
    /* no $dtId has to be pinned; * is every name */
    { "SELECT X.$dtId AS x, Y.$dtId AS y FROM DIGITALTWINS X JOIN Y RELATED "
      "X.sees ORDER BY x",
      "{\"x\":\"a\",\"y\":\"c\"} {\"x\":\"d\",\"y\":\"a\"}" },
    { "SELECT COUNT() FROM DIGITALTWINS MATCH (X)-[:feeds*..3]->(Y)",
      "{\"COUNT\":9}" },
    { "SELECT X.m, R.$relationshipName AS r FROM DIGITALTWINS MATCH "
      "(X)-[R]->(Y) WHERE Y.$dtId = 'a' ORDER BY r DESC",
      "{\"m\":1.0,\"r\":\"sees\"} {\"m\":3,\"r\":\"feeds\"}" },
    /* values */
    { "SELECT IS_DEFINED(m) AS d, m + 1 AS p, 'q' AS q, n FROM DIGITALTWINS "
      "WHERE $dtId = 'e'",
      "{\"d\":false,\"q\":\"q\",\"n\":null}" },
    { "SELECT limit.m FROM DIGITALTWINS limit WHERE limit.$dtId = 'a'",
      "{\"m\":1}" },
  };
  GraphStore store;

  open_small (&store);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *rows = ask (&store, cases[i].query, NULL);

      if (strcmp (rows, cases[i].rows) != 0)
        g_test_message ("%s", cases[i].query);
      g_assert_cmpstr (rows, ==, cases[i].rows);
    }
  graph_store_close (&store);
}

static void
test_select_all (void)
{
  GraphStore       store;
  g_autofree char *rows = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  open_small (&store);
  rows = ask (&store,
              "SELECT * FROM DIGITALTWINS MATCH (X)-[R:sees]->()-[]->(Y) WHERE "
              "X.$dtId = 'd' AND Y.$dtId = 'b'",
              NULL);
  node = twin_json_parse ("row", rows, -1, NULL);
  object = json_node_get_object (node);
  g_assert_cmpuint (json_object_get_size (object), ==, 3);
  g_assert_cmpstr (twin_json_get_string (json_object_get_object_member (object,
                                                                        "R"),
                                         "$targetId"),
                   ==, "a");
  graph_store_close (&store);
}

/* --- parameters ---------------------------------------------------------- */

static void
test_parameters (void)
{
  static const struct
  {
    const char *query, *parameters, *rows;
  } cases[] = {
    { IDS "WHERE m > @p ORDER BY m", "{\"p\":1}", I ("b") " " I ("c") },
    { IDS "WHERE m > @p ORDER BY m", "{\"p\":\"1\"}", "" },
    { IDS "WHERE n = @p", "{\"p\":true}", I ("d") },
    { IDS "WHERE n = @p", "{\"p\":null}", I ("e") },
    { IDS "WHERE n != @p AND m = @p", "{\"p\":1}", I ("a") },
    { IDS "WHERE kind = @p", "{\"p\":\"x' OR '1'='1\"}", "" },
    { IDS "WHERE $dtId IN @p ORDER BY $dtId", "{\"p\":[\"b\",\"a\",7]}",
      I ("a") " " I ("b") },
    { IDS "WHERE $dtId IN @p", "{\"p\":[]}", "" },
    { IDS "WHERE n IN [@p, 'ten'] ORDER BY $dtId", "{\"p\":3}",
      I ("a") " " I ("c") },
    { IDS "WHERE kind LIKE @p", "{\"p\":\"1%\"}", I ("e") },
    { IDS "WHERE STARTSWITH(kind, @p)", "{\"p\":\"100\"}", I ("e") },
    { IDS "ORDER BY $dtId LIMIT @n OFFSET @o", "{\"n\":1,\"o\":2}", I ("c") },
    { IDS "WHERE m = @p", "{}",
      "!The parameter @p has no value; give it one (line 1, column 47)" },
    { IDS "WHERE m = @p", "{\"p\":1,\"q\":2}",
      "!The query has no parameter @q; it has @p (line 1, column 1)" },
    { IDS "WHERE m = @p", "{\"p\":[1]}",
      "!The parameter @p must be a number, a text, true, false or null here; "
      "only IN takes a list (line 1, column 47)" },
    { IDS "WHERE m IN @p", "{\"p\":1}",
      "!The parameter @p must be a list behind IN, such as [\"a\",\"b\"] (line "
      "1, column 48)" },
    { IDS "LIMIT @n", "{\"n\":-1}",
      "!The parameter @n must be a whole number, 0 or more (line 1, column "
      "43)" },
    { IDS "WHERE CONTAINS(kind, @p)", "{\"p\":1}",
      "!The parameter @p must be a text here (line 1, column 58)" },
  };
  GraphStore store;

  open_small (&store);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) node =
          twin_json_parse ("p", cases[i].parameters, -1, NULL);
      TwinQueryOptions options = { .parameters = json_node_get_object (node) };
      g_autofree char *rows = ask (&store, cases[i].query, &options);

      if (strcmp (rows, cases[i].rows) != 0)
        g_test_message ("%s %s", cases[i].query, cases[i].parameters);
      g_assert_cmpstr (rows, ==, cases[i].rows);
    }
  graph_store_close (&store);
}

static void
test_lists_parameters (void)
{
  g_autoptr (TwinQuery) query =
      twin_query_parse (IDS "WHERE m > @low AND m < @high OR n = @low", NULL,
                        NULL);
  g_auto (GStrv) names = twin_query_list_parameters (query);

  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[0], ==, "low");
  g_assert_cmpstr (names[1], ==, "high");
}

/* --- pages --------------------------------------------------------------- */

static gboolean
count_row (const char *row, void *data)
{
  ++*(guint64 *) data;
  return TRUE;
}

static void
check_count (GraphStore *store, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinQuery) query = twin_query_parse (text, NULL, &error);
  guint64 given = 0, counted = 0;

  g_assert_no_error (error);
  twin_query_run (query, store->reader, NULL, count_row, &given, &error);
  g_assert_no_error (error);
  twin_query_count (query, store->reader, NULL, &counted, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (counted, ==, given);
}

/* All pages of @size one after another are the rows at once, and as many as
 * are counted. */
static void
check_pages (GraphStore *store, const char *text, size_t size)
{
  g_autofree char *whole = NULL;
  g_autofree char *cursor = NULL;
  g_autofree char *next = NULL;
  g_autoptr (GString) all = g_string_new (NULL);
  TwinQueryOptions once = { .limit = 1000, .next = &next };
  guint            n = 0;

  whole = ask (store, text, &once);
  g_assert_null (next);
  do
    {
      g_autofree char *page = NULL;
      TwinQueryOptions options = { .limit = size,
                                   .cursor = cursor,
                                   .next = &next };

      page = ask (store, text, &options);
      g_string_append_printf (all, "%s%s", n > 0 ? " " : "", page);
      g_free (cursor);
      cursor = g_steal_pointer (&next);
      g_assert_cmpuint (n++, <, 20);
    }
  while (cursor != NULL);

  if (strcmp (all->str, whole) != 0)
    g_test_message ("%s", text);
  g_assert_cmpstr (all->str, ==, whole);
  check_count (store, text);
}

static void
test_pages (void)
{
  static const char *const queries[] = {
    IDS,
    "SELECT * FROM DIGITALTWINS",
    "SELECT * FROM RELATIONSHIPS",
    IDS "ORDER BY m",
    IDS "ORDER BY n DESC, m",
    IDS "ORDER BY VERSION(fw), kind DESC",
    IDS "WHERE m > 0 ORDER BY kind LIMIT 3",
    IDS "OFFSET 2",
    "SELECT TOP(4) $dtId AS i FROM DIGITALTWINS ORDER BY kind OFFSET 1",
    "SELECT A.$dtId AS a, B.$dtId AS b FROM DIGITALTWINS MATCH (A)-[]-(B) "
    "ORDER BY A.m",
    "SELECT A.$dtId AS a, B.$dtId AS b FROM DIGITALTWINS MATCH "
    "(A)-[*..3]->(B)",
    "SELECT kind, COUNT() AS c FROM DIGITALTWINS GROUP BY kind",
    "SELECT DISTINCT m FROM DIGITALTWINS",
    "SELECT COUNT() FROM DIGITALTWINS",
    IDS "WHERE $dtId = 'nobody'",
  };
  GraphStore store;

  open_small (&store);
  for (size_t i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      for (size_t size = 1; size < 8; size++)
        check_pages (&store, queries[i], size);
    }
  graph_store_close (&store);
}

static void
remove_link (GraphStore *store, const char *source, const char *id)
{
  g_autoptr (GError) error = NULL;

  twin_store_delete_relationship (store->store, source, id, NULL, &error);
  g_assert_no_error (error);
}

/* An edit between two pages moves no other row; counted pages say so. */
static void
test_edited_between (void)
{
  static const char list[] = "SELECT $relationshipId AS i FROM RELATIONSHIPS";
  static const char groups[] =
      "SELECT $relationshipName AS n FROM RELATIONSHIPS GROUP BY n";
  GraphStore       store;
  g_autofree char *next = NULL;
  g_autofree char *cursor = NULL;
  g_autofree char *group = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  TwinQueryOptions options = { .limit = 2, .next = &next };

  open_small (&store);
  first = ask (&store, list, &options);
  g_assert_cmpstr (first, ==, I ("a-b") " " I ("a-c"));
  cursor = g_steal_pointer (&next);

  options.limit = 1;
  g_free (ask (&store, groups, &options));
  group = g_steal_pointer (&next);
  remove_link (&store, "a", "a-b");

  options.limit = 2;
  options.cursor = cursor;
  second = ask (&store, list, &options);
  g_assert_cmpstr (second, ==, I ("b-c") " " I ("c-a"));
  g_clear_pointer (&second, g_free);
  g_clear_pointer (&next, g_free);

  options.cursor = group;
  second = ask (&store, groups, &options);
  g_assert_true (g_str_has_prefix (second, "!The graph changed"));
  g_clear_pointer (&second, g_free);

  options.cursor = cursor;
  second = ask (&store, IDS, &options);
  g_assert_true (g_str_has_prefix (second, "!The cursor is not of this query"));
  graph_store_close (&store);
}

/* Whatever is handed in as a cursor: an error, never a crash. */
static void
test_hostile_cursors (void)
{
  static const char *const texts[] = {
    "",
    "=",
    "%%%",
    "{}",
    "[1]",
    "null",
    "\xff",
    "{\"q\":1,\"k\":[]}",
    "{\"q\":\"\",\"k\":[{}],\"n\":-5,\"o\":-1}",
  };
  GraphStore       store;
  g_autofree char *next = NULL;

  open_small (&store);
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *code =
          g_base64_encode ((const guchar *) texts[i], strlen (texts[i]));
      const char *cursors[] = { texts[i], code };

      for (int k = 0; k < 2; k++)
        {
          TwinQueryOptions options = { .cursor = cursors[k], .next = &next };
          g_autofree char *rows = ask (&store, IDS, &options);

          g_assert_cmpint (*rows, ==, '!');
        }
    }
  graph_store_close (&store);
}

/* --- stopping ------------------------------------------------------------ */

static gboolean
ignore (const char *row, void *data)
{
  return TRUE;
}

typedef struct
{
  GCancellable *cancellable;
  int           seen;
} Stop;

static gboolean
cancel_at_first (const char *row, void *data)
{
  Stop *stop = data;

  stop->seen++;
  g_cancellable_cancel (stop->cancellable);
  return TRUE;
}

/* More rows than anybody can wait for: all pairs of all pairs. */
#define ENDLESS                                                                \
  "SELECT COUNT() FROM DIGITALTWINS MATCH (A)-[]-()-[]-()-[]-()-[]-()-[]-()"   \
  "-[]-()-[]-()-[]-()-[]-()-[]-()-[]-()-[]-()-[]-()-[]-(B)"

static void
open_dense (GraphStore *self)
{
  g_autoptr (TwinGraphFile) file = twin_graph_file_new ();

  for (int i = 0; i < 12; i++)
    {
      g_autofree char *id = g_strdup_printf ("t%d", i);

      g_ptr_array_add (file->twins, twin_twin_new (id, "dtmi:a:b;1", NULL));
      for (int k = 0; k < 12; k++)
        {
          g_autofree char *target = g_strdup_printf ("t%d", k);

          g_ptr_array_add (file->relationships,
                           twin_relationship_new (id, target, "r", target,
                                                  NULL));
        }
    }
  graph_store_open (self);
  graph_store_put (self, file);
}

static void *
cancel_it (void *data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel (void)
{
  GraphStore store;
  g_autoptr (TwinQuery) query = twin_query_parse (ENDLESS, NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  TwinQueryOptions options = { .cancellable = cancellable };
  GThread         *thread;

  open_dense (&store);
  thread = g_thread_new ("cancel", cancel_it, cancellable);
  g_assert_false (
      twin_query_run (query, store.reader, &options, ignore, NULL, &error));
  g_assert_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_CANCELLED);
  g_thread_join (thread);
  g_clear_error (&error);

  /* the reader works on */
  g_clear_pointer (&query, twin_query_free);
  query = twin_query_parse (IDS, NULL, NULL);
  options.cancellable = NULL;
  g_assert_true (
      twin_query_run (query, store.reader, &options, ignore, NULL, &error));
  graph_store_close (&store);
}

static void
test_cancel_between_rows (void)
{
  GraphStore store;
  g_autoptr (TwinQuery) query =
      twin_query_parse ("SELECT A FROM DIGITALTWINS MATCH "
                        "(A)-[]-()-[]-()-[]-()-[]-()-[]-(B)",
                        NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  TwinQueryOptions options = { .cancellable = cancellable };
  Stop             stop = { cancellable, 0 };

  open_dense (&store);
  g_assert_false (twin_query_run (query, store.reader, &options,
                                  cancel_at_first, &stop, &error));
  g_assert_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_CANCELLED);
  g_assert_cmpint (stop.seen, ==, 1);
  graph_store_close (&store);
}

/* --- large queries ------------------------------------------------------- */

static char *
repeat (const char *first, const char *more, int n, const char *last)
{
  GString *out = g_string_new (first);

  for (int i = 0; i < n; i++)
    g_string_append (out, more);
  g_string_append (out, last);
  return g_string_free (out, FALSE);
}

#define PARENTHESES_16 "))))))))))))))))"

/* An answer, or an error that is a LIMIT's. */
static void
test_large (void)
{
  static const struct
  {
    const char *first, *more;
    int         n;
    const char *last, *rows;
  } cases[] = {
    { IDS "WHERE m = 3", " OR m = 3", 1999, "", I ("c") },
    { IDS "WHERE m = 3", " AND m = 3", 1999, "", I ("c") },
    { IDS "WHERE m = 3", " OR m = 3", 10000, "", "!A query has at most" },
    { IDS "WHERE m IN [3", ", 3", 9000, "]", I ("c") },
    { IDS "WHERE NOT m IN [1, 2", ", 9.5", 9000, "]", I ("c") },
    { IDS "WHERE $dtId IN ['c'", ", 'z'", 9000, "]", I ("c") },
    { IDS "WHERE m IN [3", ", 3", 10000, "]", "!A list has at most" },
    { IDS "WHERE m = 3", " + 0", 100, "", I ("c") },
    { IDS "WHERE m = 2", " + 0.01", 10000, "", "!A query has at most 100" },
    { IDS "WHERE m = 3 AND ", "(", 60, "m = 3", "!Expected )" },
    { IDS "WHERE ", "(", 10000, "", "!The condition is nested deeper" },
    { IDS "WHERE ", "NOT ", 60, "m = 3", I ("c") },
    { IDS "WHERE ", "NOT ", 10000, "m = 3", "!The condition is nested deeper" },
    { IDS "WHERE m = ", "-", 10000, "3", "!The condition is nested deeper" },
    { IDS "WHERE ", "m = 3 AND (m = 9 OR (", 8, "m = 3" PARENTHESES_16,
      I ("c") },
    { IDS "WHERE ", "m = 3 AND (m = 9 OR (", 24,
      "m = 3" PARENTHESES_16 PARENTHESES_16 PARENTHESES_16,
      "!The query is nested too deeply" },
    { "SELECT m", ", m", 199, " FROM DIGITALTWINS WHERE m = 3", "{\"m\":3}" },
    { "SELECT m", ", m", 200, " FROM DIGITALTWINS",
      "!A query selects at most" },
    { IDS "ORDER BY m", ", m", 16, "", "!ORDER BY has at most" },
    { "SELECT COUNT() FROM DIGITALTWINS MATCH ()", "-[]->()", 20, "", NULL },
    { "SELECT COUNT() FROM DIGITALTWINS MATCH ()", "-[]->()", 21, "",
      "!A MATCH has at most 20" },
  };
  GraphStore store;

  open_small (&store);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
          repeat (cases[i].first, cases[i].more, cases[i].n, cases[i].last);
      g_autofree char *rows = ask (&store, text, NULL);

      g_test_message ("%.60s… × %d: %.80s", text, cases[i].n, rows);
      if (cases[i].rows == NULL)
        g_assert_cmpint (*rows, ==, '{');
      else if (*cases[i].rows == '!')
        g_assert_true (g_str_has_prefix (rows, cases[i].rows));
      else
        g_assert_cmpstr (rows, ==, cases[i].rows);
    }
  graph_store_close (&store);
}

/* --- versions ------------------------------------------------------------ */

static void
test_versions (void)
{
  /* ascending; semver.org's own example is among them */
  static const char *const order[] = {
    "0",
    "0.0.1",
    "0.9",
    "1.0.0-0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1-x",
    "1.0.1",
    "1.2",
    "1.10.0",
    "2.0.0",
    "10",
    "2024.10.1",
    "99999999999999999999999",
  };
  static const char *const same[][2] = {
    { "1", "1.0.0" },    { "v2.3", "2.3.0" }, { "1.0+build.5", "1.0.0" },
    { "01.2", "1.2.0" }, { "0.0", "0" },      { "1.0-rc.01", "1-rc.1" },
  };
  static const char *const none[] = {
    "", "x", "1.", ".1", "1..2", "1.2.x", "1.0-", "1.0-a..b", "1 2", "1.0-ä",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_autoptr (GBytes) a = twin_version_key (order[i]);

      g_assert_nonnull (a);
      for (size_t k = 0; k < i; k++)
        {
          g_autoptr (GBytes) b = twin_version_key (order[k]);

          if (g_bytes_compare (b, a) >= 0)
            g_test_message ("%s, %s", order[k], order[i]);
          g_assert_cmpint (g_bytes_compare (b, a), <, 0);
        }
    }

  for (size_t i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autoptr (GBytes) a = twin_version_key (same[i][0]);
      g_autoptr (GBytes) b = twin_version_key (same[i][1]);

      g_assert_true (g_bytes_equal (a, b));
    }

  for (size_t i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_null (twin_version_key (none[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/language/answers", test_answers);
  g_test_add_func ("/query/language/select-all", test_select_all);
  g_test_add_func ("/query/language/parameters", test_parameters);
  g_test_add_func ("/query/language/lists-parameters", test_lists_parameters);
  g_test_add_func ("/query/language/pages", test_pages);
  g_test_add_func ("/query/language/edited-between-pages", test_edited_between);
  g_test_add_func ("/query/language/hostile-cursors", test_hostile_cursors);
  g_test_add_func ("/query/language/cancel", test_cancel);
  g_test_add_func ("/query/language/cancel-between-rows",
                   test_cancel_between_rows);
  g_test_add_func ("/query/language/large", test_large);
  g_test_add_func ("/query/language/versions", test_versions);
  return g_test_run ();
}
