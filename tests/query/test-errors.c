/* SPDX-License-Identifier: Apache-2.0 */
/* What a wrong query is told, and where its caret stands. */
#include <string.h>

#include "twin-query.h"

#define ALL "SELECT * FROM DIGITALTWINS "
#define WHERE ALL "WHERE " /* the condition begins in column 34 */

typedef struct
{
  const char *query;
  unsigned    line, column;
  int         code;
  const char *message; /* all of it */
} Case;

#define SYNTAX TWIN_QUERY_ERROR_SYNTAX
#define NAME TWIN_QUERY_ERROR_NAME
#define LIMIT TWIN_QUERY_ERROR_LIMIT

static const Case cases[] = {
  /* clauses */
  { "", 1, 1, SYNTAX,
    "Expected SELECT, but the query ends at line 1, column 1" },
  { "SELEC * FROM DIGITALTWINS", 1, 1, SYNTAX,
    "Expected SELECT, found “SELEC” at line 1, column 1" },
  { "SELECT * FORM DIGITALTWINS", 1, 10, SYNTAX,
    "Expected FROM, found “FORM” at line 1, column 10" },
  { "SELECT FROM DIGITALTWINS", 1, 8, SYNTAX,
    "Expected *, a property, COUNT() or another value, found “FROM” at line "
    "1, column 8" },
  { "SELECT * FROM", 1, 14, SYNTAX,
    "Expected DIGITALTWINS or RELATIONSHIPS, but the query ends at line 1, "
    "column 14" },
  { "SELECT * FROM DIGITIALTWINS", 1, 15, SYNTAX,
    "Expected DIGITALTWINS or RELATIONSHIPS, found “DIGITIALTWINS” (did you "
    "mean DIGITALTWINS?) at line 1, column 15" },
  { "SELECT * FROM twins", 1, 15, SYNTAX,
    "Expected DIGITALTWINS or RELATIONSHIPS, found “twins” at line 1, column "
    "15" },
  { "SELECT * FROM (SELECT * FROM DIGITALTWINS)", 1, 15, SYNTAX,
    "Expected DIGITALTWINS or RELATIONSHIPS; a query inside a query is not "
    "possible (line 1, column 15)" },
  { "SELECT TOP 5 * FROM DIGITALTWINS", 1, 12, SYNTAX,
    "Expected ( and a number after TOP, found “5” at line 1, column 12" },
  { "SELECT TOP(2.5) FROM DIGITALTWINS", 1, 12, SYNTAX,
    "Expected a whole number, 0 or more, found “2.5” at line 1, column 12" },
  { "SELECT a + 1 FROM DIGITALTWINS", 1, 14, SYNTAX,
    "Expected AS and a name for this value, found “FROM” at line 1, column "
    "14" },
  { "SELECT a AS FROM DIGITALTWINS", 1, 13, SYNTAX,
    "Expected a name after AS, found “FROM” at line 1, column 13" },
  { "SELECT * FROM DIGITALTWINS 5", 1, 28, SYNTAX,
    "Expected a name, JOIN, MATCH, WHERE, GROUP BY, ORDER BY or the end of "
    "the query, found “5” at line 1, column 28" },
  { ALL "WHERE", 1, 33, SYNTAX,
    "Expected a condition, but the query ends at line 1, column 33" },
  { ALL "ORDER name", 1, 34, SYNTAX,
    "Expected BY, found “name” at line 1, column 34" },
  { ALL "ORDER BY", 1, 36, SYNTAX,
    "Expected a property to order by, but the query ends at line 1, column "
    "36" },
  { ALL "ORDER BY name ASCENDING", 1, 42, SYNTAX,
    "Expected a comma, ASC, DESC, LIMIT, OFFSET or the end of the query, "
    "found “ASCENDING” at line 1, column 42" },
  { ALL "LIMIT 5 LIMIT 6", 1, 36, SYNTAX,
    "Expected WHERE, GROUP BY, ORDER BY, LIMIT, OFFSET or the end of the "
    "query, found “LIMIT” at line 1, column 36" },
  { "SELECT TOP(5) FROM DIGITALTWINS LIMIT 5", 1, 33, SYNTAX,
    "TOP says already how many rows; LIMIT is another word for it (line 1, "
    "column 33)" },
  { ALL "AS OF 5", 1, 34, SYNTAX,
    "Expected a time such as '2026-05-01T10:00Z', found “5” at line 1, column "
    "34" },
  /* words and letters */
  { WHERE "name = 'x", 1, 41, SYNTAX,
    "The text that begins here has no end: a ' is missing (line 1, column "
    "41)" },
  { WHERE "name = \"x\"", 1, 41, SYNTAX,
    "Text stands in single quotes: 'text' (line 1, column 41)" },
  { ALL ";", 1, 28, SYNTAX, "A query ends without ; (line 1, column 28)" },
  { WHERE "'ä' = #", 1, 40, SYNTAX,
    "This character means nothing in a query (line 1, column 40)" },
  { WHERE "a = 5x", 1, 38, SYNTAX,
    "A number cannot go on like this; a name that begins with a digit needs "
    "[[ ]] (line 1, column 38)" },
  { WHERE "[[a = 1", 1, 34, SYNTAX,
    "A ]] is missing after this [[ (line 1, column 34)" },
  { WHERE "a = @ 5", 1, 38, SYNTAX,
    "A name must follow this @ (line 1, column 38)" },
  { "SELECT * FROM DIGITALTWINS\nWHERE Group = 1", 2, 7, SYNTAX,
    "Expected a condition, but “Group” is a word of the language; as a name "
    "it is written [[Group]] (line 2, column 7)" },
  /* conditions */
  { WHERE "name", 1, 38, SYNTAX,
    "Expected a comparison such as =, !=, <, >, IN or LIKE, but the query "
    "ends at line 1, column 38" },
  { WHERE "a == 1", 1, 37, SYNTAX,
    "Expected a value to compare with; equality is written with one = (line "
    "1, column 37)" },
  { WHERE "a <> 1", 1, 37, SYNTAX,
    "Expected a value to compare with; “not equal” is written != (line 1, "
    "column 37)" },
  { WHERE "(a = 1", 1, 40, SYNTAX,
    "Expected ), but the query ends at line 1, column 40" },
  { WHERE "a = 1 b", 1, 40, SYNTAX,
    "Expected AND, OR, GROUP BY, ORDER BY, LIMIT, OFFSET or the end of the "
    "query, found “b” at line 1, column 40" },
  { WHERE "a = 1 AND", 1, 43, SYNTAX,
    "Expected a condition after AND, but the query ends at line 1, column "
    "43" },
  { WHERE "a IN 'x'", 1, 39, SYNTAX,
    "Expected a list such as ['a', 'b'], or @name, found “'x'” at line 1, "
    "column 39" },
  { WHERE "a IN ['x' 'y']", 1, 44, SYNTAX,
    "Expected a comma or ], found “'y'” at line 1, column 44" },
  { WHERE "a IN []", 1, 40, SYNTAX,
    "Expected a number, 'text', true, false, null or @name, found “]” at line "
    "1, column 40" },
  { WHERE "a LIKE b", 1, 41, SYNTAX,
    "Expected a pattern such as 'pump-%', found “b” at line 1, column 41" },
  { WHERE "a NOT = 1", 1, 40, SYNTAX,
    "Expected IN or LIKE after NOT, found “=” at line 1, column 40" },
  { WHERE "(a = 1) = true", 1, 35, SYNTAX,
    "Here a value is expected, not a condition (line 1, column 35)" },
  { ALL "ORDER BY (a = b)", 1, 38, SYNTAX,
    "Here a value is expected, not a condition (line 1, column 38)" },
  { "SELECT (NOT a = 1) AS x FROM DIGITALTWINS", 1, 9, SYNTAX,
    "Here a value is expected, not a condition (line 1, column 9)" },
  { "SELECT COUNT() FROM DIGITALTWINS GROUP BY (a = 1 OR b = 2)", 1, 44, SYNTAX,
    "Here a value is expected, not a condition (line 1, column 44)" },
  { "SELECT COUNT((a = 1)) FROM DIGITALTWINS", 1, 15, SYNTAX,
    "COUNT takes a value here; write COUNT() or COUNT(property) (line 1, "
    "column 15)" },
  { WHERE "a + 'x' > 1", 1, 38, SYNTAX,
    "Arithmetic takes numbers (line 1, column 38)" },
  /* functions */
  { WHERE "STARTS_WITH(a, 'x')", 1, 34, NAME,
    "There is no function “STARTS_WITH”; did you mean STARTSWITH? (line 1, "
    "column 34)" },
  { WHERE "FROBNICATE(a)", 1, 34, NAME,
    "There is no function “FROBNICATE” (line 1, column 34)" },
  { WHERE "IS_DEFINED()", 1, 34, SYNTAX,
    "IS_DEFINED takes the name of a property here; write "
    "IS_DEFINED(property) (line 1, column 34)" },
  { WHERE "CONTAINS(a, 5)", 1, 46, SYNTAX,
    "CONTAINS takes a text in quotes here; write CONTAINS(property, 'text') "
    "(line 1, column 46)" },
  { WHERE "IS_NUMBER(a, b)", 1, 47, SYNTAX,
    "IS_NUMBER takes nothing more here; write IS_NUMBER(property) (line 1, "
    "column 47)" },
  { WHERE "VERSION(a) < '2.3.0'", 1, 47, SYNTAX,
    "A version is compared with a version; write VERSION(…) around this, too "
    "(line 1, column 47)" },
  { WHERE "COUNT() > 5", 1, 34, SYNTAX,
    "COUNT of several rows cannot stand in WHERE; behind GROUP BY it can "
    "stand in HAVING (line 1, column 34)" },
  { "SELECT SUM(AVG(a)) FROM DIGITALTWINS", 1, 12, SYNTAX,
    "AVG cannot stand inside another such function (line 1, column 12)" },
  { "SELECT * FROM RELATIONSHIPS WHERE IS_OF_MODEL('a:b;1')", 1, 47, NAME,
    "IS_OF_MODEL asks twins, not relationships (line 1, column 47)" },
  /* groups */
  { "SELECT name FROM DIGITALTWINS GROUP BY area", 1, 8, SYNTAX,
    "A row stands for many twins here: this must be in GROUP BY or inside "
    "COUNT, SUM, AVG, MIN or MAX (line 1, column 8)" },
  { "SELECT AVG(a), AVG(b) FROM DIGITALTWINS", 1, 16, NAME,
    "Two values of a row are called “AVG”; give this one a name with AS (line "
    "1, column 16)" },
  { "SELECT COUNT() AS n FROM DIGITALTWINS GROUP BY n", 1, 8, SYNTAX,
    "What is made of a group's rows cannot be in GROUP BY (line 1, column "
    "8)" },
  /* names */
  { "SELECT x FROM DIGITALTWINS A JOIN B RELATED A.r", 1, 8, NAME,
    "Nothing in this query is called “x”; a property begins with A or B (line "
    "1, column 8)" },
  { "SELECT A FROM DIGITALTWINS A JOIN B RELATED C.r", 1, 45, NAME,
    "No twins before this are called “C” (line 1, column 45)" },
  { "SELECT A FROM DIGITALTWINS A JOIN A RELATED A.r", 1, 35, NAME,
    "“A” is declared twice (line 1, column 35)" },
  { "SELECT A FROM DIGITALTWINS A JOIN B A.r", 1, 37, SYNTAX,
    "Expected RELATED, found “A” at line 1, column 37" },
  { "SELECT A FROM DIGITALTWINS A JOIN B RELATED A", 1, 45, SYNTAX,
    "After RELATED stand the name of a collection, a point and the name of a "
    "relationship (line 1, column 45)" },
  { "SELECT * FROM RELATIONSHIPS R JOIN B RELATED R.x", 1, 31, SYNTAX,
    "JOIN goes with DIGITALTWINS only (line 1, column 31)" },
  { "SELECT * FROM DIGITALTWINS T WHERE T = 5", 1, 36, SYNTAX,
    "“T” is a whole twin; name a property of it, such as T.$dtId (line 1, "
    "column 36)" },
  /* patterns */
  { "SELECT A FROM DIGITALTWINS MATCH (A-[]-(B)", 1, 36, SYNTAX, NULL },
  { "SELECT A FROM DIGITALTWINS MATCH (A)<-[]->(B)", 1, 37, SYNTAX, NULL },
  { "SELECT A FROM DIGITALTWINS MATCH (A)-[*11]->(B)", 1, 40, LIMIT, NULL },
  { "SELECT A FROM DIGITALTWINS MATCH (A)-[r:x*2]->(B)", 1, 39, SYNTAX, NULL },
};

static void
test_messages (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      TwinQueryPlace place = { 0 };

      g_assert_null (twin_query_parse (cases[i].query, &place, &error));
      if (cases[i].message != NULL)
        g_assert_cmpstr (error->message, ==, cases[i].message);
      else
        g_test_message ("%s", error->message);
      g_assert_error (error, TWIN_QUERY_ERROR, cases[i].code);
      g_assert_cmpuint (place.line, ==, cases[i].line);
      g_assert_cmpuint (place.column, ==, cases[i].column);
    }
}

/* What is more than the service has, and fine here. */
static void
test_strict (void)
{
  static const struct
  {
    const char *query;
    unsigned    column;
  } extras[] = {
    { ALL "ORDER BY name", 28 },
    { "SELECT COUNT() FROM DIGITALTWINS GROUP BY name", 34 },
    { "SELECT DISTINCT name FROM DIGITALTWINS", 8 },
    { ALL "LIMIT 5", 28 },
    { ALL "OFFSET 5", 28 },
    { WHERE "a LIKE 'x%'", 41 },
    { WHERE "a + 1 > 5", 36 },
    { WHERE "a = @x", 38 },
    { WHERE "VERSION(a) > VERSION('1')", 34 },
    { "SELECT SUM(a) FROM DIGITALTWINS", 8 },
    { ALL "AS OF '2026-05-01'", 28 },
    { "SELECT * FROM DIGITALTWINS A JOIN B RELATED A.r", 1 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (extras); i++)
    {
      g_autoptr (GError) error = NULL;
      TwinQueryPlace place = { 0 };
      g_autoptr (TwinQuery) query =
          twin_query_parse (extras[i].query, NULL, &error);

      g_assert_no_error (error);
      g_assert_null (twin_query_parse_strict (extras[i].query, &place, &error));
      g_assert_nonnull (error);
      g_assert_cmpuint (place.column, ==, extras[i].column);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/errors/messages", test_messages);
  g_test_add_func ("/query/errors/strict", test_strict);
  return g_test_run ();
}
