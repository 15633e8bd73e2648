/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-life-words.h"
#include "twin-query-words.h"
#include "twin-tag-pills.h"

#include <string.h>

static void
test_is_query (void)
{
  g_assert_true (twin_query_words_is_query ("SELECT * FROM DIGITALTWINS"));
  g_assert_true (twin_query_words_is_query ("\n  select"));
  g_assert_false (twin_query_words_is_query ("selection"));
  g_assert_false (twin_query_words_is_query ("pump"));
  g_assert_false (twin_query_words_is_query (""));
}

static void
test_words (void)
{
  g_autofree char *parameters = NULL, *none = NULL, *capitals = NULL;
  g_autofree char *question =
      twin_query_words_dup_question (" 100%_'x ", FALSE, &parameters);
  g_autofree char *all = twin_query_words_dup_question ("", TRUE, &none);
  g_autofree char *two =
      twin_query_words_dup_question ("pump Line", TRUE, &capitals);

  /* What is typed is bound, never pasted; LIKE's own signs are themselves. */
  g_assert_cmpstr (
      question, ==,
      "SELECT * FROM DIGITALTWINS T WHERE NOT LIFECYCLE(T) IN ['retired', "
      "'archived'] AND (T.displayName LIKE @word1 ESCAPE '\\\\' OR T.$dtId "
      "LIKE "
      "@word1 ESCAPE '\\\\' OR T.$metadata.$model LIKE @word1 ESCAPE '\\\\')");
  g_assert_cmpstr (parameters, ==, "{\"word1\":\"%100\\\\%\\\\_'x%\"}");
  g_assert_cmpstr (all, ==, "SELECT * FROM DIGITALTWINS T");
  g_assert_null (none);
  /* A word without a capital is looked for with one, too. */
  g_assert_cmpstr (capitals, ==,
                   "{\"word1\":\"%pump%\",\"Word1\":\"%Pump%\","
                   "\"word2\":\"%Line%\"}");
  g_assert_nonnull (strstr (two, " AND (T.displayName LIKE @word2"));
}

static void
test_group (void)
{
  g_autofree char *question =
      twin_query_words_dup_group_question ("Anna's \\ spares");

  g_assert_cmpstr (question, ==,
                   "SELECT T FROM DIGITALTWINS T\n"
                   "WHERE IN_GROUP(T, 'Anna\\'s \\\\ spares')");
}

static void
append_word (TwinQueryWordKind kind, gsize begin, gsize end, gpointer data)
{
  static const char signs[] = { 'K', 'F', 'T', 'N' };

  g_string_append_printf (data, "%c%zu-%zu ", signs[kind], begin, end);
}

static void
test_scan (void)
{
  static const struct
  {
    const char *text, *words;
  } cases[] = {
    { "SELECT T", "K0-6 " },
    { "where AVG(T.x, '1h') > 4.5", "K0-5 F6-9 T15-19 N23-26 " },
    /* A property or parameter of a keyword's name is none. */
    { "T.order = @select", "" },
    { "'it\\'s' 1", "T0-7 N8-9 " },
    { "'open", "T0-5 " },
    { "'", "T0-1 " },
    { "größe IN [1]", "K8-10 N12-13 " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GString *words = g_string_new (NULL);

      twin_query_words_scan (cases[i].text, append_word, words);
      g_assert_cmpstr (words->str, ==, cases[i].words);
      g_string_free (words, TRUE);
    }
}

static void
test_tags (void)
{
  g_auto (GStrv) add = NULL;
  g_auto (GStrv) remove = NULL;
  g_auto (GStrv) nothing = NULL;
  g_auto (GStrv) neither = NULL;
  g_autofree char *plus = NULL, *minus = NULL;

  g_assert_true (twin_tag_pills_parse ("spare, line-2 +hot spare -old - -old",
                                       &add, &remove));
  plus = g_strjoinv ("|", add);
  minus = g_strjoinv ("|", remove);
  g_assert_cmpstr (plus, ==, "spare|line-2|hot");
  g_assert_cmpstr (minus, ==, "old");
  g_assert_false (twin_tag_pills_parse (" - + ,", &nothing, &neither));
}

static void
test_life (void)
{
  const char *const *next = twin_life_words_list_next ("retired");

  g_assert_cmpstr (next[0], ==, "in service");
  g_assert_cmpstr (next[1], ==, "archived");
  g_assert_null (next[2]);
  g_assert_null (twin_life_words_list_next ("who knows")[0]);
  g_assert_null (twin_life_words_list_next (NULL)[0]);
  g_assert_cmpstr (twin_life_words_get_verb ("retired"), ==, "Retire");
  g_assert_cmpstr (twin_life_words_get_label (NULL), ==, "–");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/query-words/is-query", test_is_query);
  g_test_add_func ("/console/query-words/words", test_words);
  g_test_add_func ("/console/query-words/group", test_group);
  g_test_add_func ("/console/query-words/scan", test_scan);
  g_test_add_func ("/console/query-words/tags", test_tags);
  g_test_add_func ("/console/query-words/life", test_life);
  return g_test_run ();
}
