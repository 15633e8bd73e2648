/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "twin-query.h"

static void
test_accepts (void)
{
  static const char *const queries[] = {
    "SELECT * FROM DIGITALTWINS",
    "select * from digitaltwins t where t.a = 1",
    "SELECT TOP (5) FROM DIGITALTWINS",
    "SELECT TOP(3) a, b.c AS d FROM DIGITALTWINS",
    "SELECT COUNT() FROM RELATIONSHIPS R WHERE R.$sourceId IN ['a']",
    "SELECT * FROM DIGITALTWINS WHERE [[Group]] = 'x' AND NOT (a >= -1.5e3)",
    "SELECT * FROM DIGITALTWINS WHERE a NIN [1, 'x', true, null]",
    "SELECT * FROM DIGITALTWINS WHERE name = 'D\\'Souza'",
    "SELECT A, B, r FROM DIGITALTWINS MATCH (A)<-[r:has|feeds]-(B) WHERE "
    "A.$dtId = 'x'",
    "SELECT b FROM DIGITALTWINS MATCH (a)-[has|feeds*..3]->()-[]-(b)",
    "SELECT C FROM DIGITALTWINS A JOIN B RELATED A.x JOIN C RELATED B.y r",
    "SELECT\n *\nFROM\tDIGITALTWINS\nWHERE IS_DEFINED ( tags.red )",
    "SELECT * FROM DIGITALTWINS WHERE 5 < a AND a = b",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinQuery) query = twin_query_parse (queries[i], NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (query);
    }
}

/* The caret of each query stands below the place. */
static void
test_points_at_the_place (void)
{
  static const struct
  {
    const char *query;
    unsigned    line, column;
    int         code;
  } cases[] = {
    { "", 1, 1, TWIN_QUERY_ERROR_SYNTAX },
    { "SELECT * FROM", 1, 14, TWIN_QUERY_ERROR_SYNTAX },
    { "SELECT FROM DIGITALTWINS", 1, 8, TWIN_QUERY_ERROR_SYNTAX },
    { "SELECT * FROM (SELECT * FROM DIGITALTWINS)", 1, 15,
      TWIN_QUERY_ERROR_SYNTAX },
    { "SELECT * FROM DIGITIALTWINS", 1, 15, TWIN_QUERY_ERROR_SYNTAX },
    { "SELECT * FROM DIGITALTWINS WHERE name = 'x", 1, 41,
      TWIN_QUERY_ERROR_SYNTAX },
    { "SELECT * FROM DIGITALTWINS\nWHERE Group = 1", 2, 7,
      TWIN_QUERY_ERROR_SYNTAX },
    { "SELECT * FROM DIGITALTWINS WHERE 'ä' = ;", 1, 40,
      TWIN_QUERY_ERROR_SYNTAX },
    { "SELECT * FROM DIGITALTWINS WHERE IS_FOO(a)", 1, 34,
      TWIN_QUERY_ERROR_NAME },
    { "SELECT * FROM DIGITALTWINS WHERE a == 1", 1, 37,
      TWIN_QUERY_ERROR_SYNTAX },
    { "SELECT * FROM DIGITALTWINS WHERE (a = 1", 1, 40,
      TWIN_QUERY_ERROR_SYNTAX },
    { "SELECT A FROM DIGITALTWINS MATCH (A-[]-(B)", 1, 36,
      TWIN_QUERY_ERROR_SYNTAX },
    { "SELECT A FROM DIGITALTWINS MATCH (A)<-[]->(B)", 1, 37,
      TWIN_QUERY_ERROR_SYNTAX },
    { "SELECT A FROM DIGITALTWINS MATCH (A)-[*11]->(B)", 1, 40,
      TWIN_QUERY_ERROR_LIMIT },
    { "SELECT x FROM DIGITALTWINS A JOIN B RELATED A.r", 1, 8,
      TWIN_QUERY_ERROR_NAME },
    { "SELECT A FROM DIGITALTWINS A JOIN B RELATED C.r", 1, 45,
      TWIN_QUERY_ERROR_NAME },
    { "SELECT name FROM DIGITALTWINS GROUP BY area", 1, 8,
      TWIN_QUERY_ERROR_SYNTAX },
    { "SELECT * FROM DIGITALTWINS WHERE a = 1 b", 1, 40,
      TWIN_QUERY_ERROR_SYNTAX },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      TwinQueryPlace place = { 0 };

      g_assert_null (twin_query_parse (cases[i].query, &place, &error));
      if (place.line != cases[i].line || place.column != cases[i].column)
        g_test_message ("%s: %s", cases[i].query, error->message);
      g_assert_error (error, TWIN_QUERY_ERROR, cases[i].code);
      g_assert_cmpuint (place.line, ==, cases[i].line);
      g_assert_cmpuint (place.column, ==, cases[i].column);
    }
}

static void
test_limits (void)
{
  g_autoptr (GString) deep = g_string_new ("SELECT * FROM DIGITALTWINS WHERE ");
  g_autoptr (GString) wide =
      g_string_new ("SELECT * FROM DIGITALTWINS WHERE a = 1");
  g_autofree char *longest = g_strnfill (262145, ' ');
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 3000; i++)
    g_string_append (deep, "(");
  for (int i = 0; i < 2001; i++)
    g_string_append (wide, " OR a = 1");

  g_assert_null (twin_query_parse (deep->str, NULL, &error));
  g_assert_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (twin_query_parse (wide->str, NULL, &error));
  g_assert_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (twin_query_parse (longest, NULL, &error));
  g_assert_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_LIMIT);
}

/* Every prefix and every byte changed: a query or an error, never a crash. */
static void
test_mangled (void)
{
  const char text[] = "SELECT TOP(3) a.b AS c, r FROM DIGITALTWINS MATCH "
                      "(a)-[r:x|y]->(b)<-[*1..3]-(c) WHERE a.$dtId IN ['q'] "
                      "AND NOT CONTAINS(b.n, 'é') OR [[z]] != 1.5e3";
  const char bytes[] = "'[]().*-<>=|:\x80 z\x01";

  for (size_t i = 0; i < strlen (text); i++)
    {
      g_autofree char *head = g_strndup (text, i);
      g_autoptr (TwinQuery) query = twin_query_parse (head, NULL, NULL);

      for (size_t k = 0; k < strlen (bytes); k++)
        {
          g_autofree char *changed = g_strdup (text);
          g_autoptr (TwinQuery) other = NULL;

          changed[i] = bytes[k];
          other = twin_query_parse (changed, NULL, NULL);
        }
    }
}

static void
test_selects_twins (void)
{
  static const struct
  {
    const char *query;
    gboolean    twins;
  } cases[] = {
    { "SELECT * FROM DIGITALTWINS", TRUE },
    { "SELECT T FROM DIGITALTWINS T", TRUE },
    { "SELECT B FROM DIGITALTWINS A JOIN B RELATED A.x", TRUE },
    { "SELECT A, B FROM DIGITALTWINS A JOIN B RELATED A.x", FALSE },
    { "SELECT T.a FROM DIGITALTWINS T", FALSE },
    { "SELECT COUNT() FROM DIGITALTWINS", FALSE },
    { "SELECT * FROM RELATIONSHIPS", FALSE },
    { "SELECT R FROM RELATIONSHIPS R", FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TwinQuery) query =
          twin_query_parse (cases[i].query, NULL, NULL);

      g_assert_cmpint (twin_query_selects_twins (query), ==, cases[i].twins);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/parser/accepts", test_accepts);
  g_test_add_func ("/query/parser/points-at-the-place",
                   test_points_at_the_place);
  g_test_add_func ("/query/parser/limits", test_limits);
  g_test_add_func ("/query/parser/mangled-never-crashes", test_mangled);
  g_test_add_func ("/query/parser/selects-twins", test_selects_twins);
  return g_test_run ();
}
