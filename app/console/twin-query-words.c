/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-query-words.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

enum
{
  MAX_WORDS = 5
};

gboolean
twin_query_words_is_query (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;

  return g_ascii_strncasecmp (text, "SELECT", 6) == 0 &&
         !g_ascii_isalnum (text[6]);
}

/* --- words ---------------------------------------------------------------- */

/* LIKE's own signs stand for themselves in what a person types. */
static char *
dup_pattern (const char *word)
{
  GString *pattern = g_string_new ("%");

  for (const char *p = word; *p != '\0'; p++)
    {
      if (*p == '%' || *p == '_' || *p == '\\')
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *p);
    }
  g_string_append_c (pattern, '%');
  return g_string_free (pattern, FALSE);
}

/* LIKE minds capitals, people do not: "pump" finds "Pump 1", too. NULL: the
 * word has a capital already, or begins with no letter. */
static char *
dup_capitalized (const char *word)
{
  const gunichar   first = g_utf8_get_char (word);
  g_autofree char *lower = g_utf8_strdown (word, -1);
  char             upper[6];

  if (strcmp (lower, word) != 0 || g_unichar_toupper (first) == first)
    return NULL;

  return g_strdup_printf ("%.*s%s",
                          g_unichar_to_utf8 (g_unichar_toupper (first), upper),
                          upper, g_utf8_next_char (word));
}

static gboolean
is_number (const char *word)
{
  return strspn (word, "0123456789.,;") == strlen (word);
}

static void
append_condition (GString    *question,
                  JsonObject *values,
                  const char *name,
                  const char *word,
                  gboolean    more)
{
  static const char *const fields[] = { "T.displayName", "T.$dtId",
                                        "T.$metadata.$model" };
  g_autofree char         *pattern = dup_pattern (word);
  /* Every model has a number: one that is typed means a machine's. */
  const gsize n = is_number (word) ? 2 : G_N_ELEMENTS (fields);

  json_object_set_string_member (values, name, pattern);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (question, "%s%s LIKE @%s ESCAPE '\\\\'",
                            i > 0 || more ? " OR " : "", fields[i], name);
}

static void
append_word (GString    *question,
             JsonObject *values,
             const char *word,
             guint       number)
{
  g_autofree char *name = g_strdup_printf ("word%u", number);
  g_autofree char *other = g_strdup_printf ("Word%u", number);
  g_autofree char *capitalized = dup_capitalized (word);

  g_string_append_c (question, '(');
  append_condition (question, values, name, word, FALSE);
  if (capitalized != NULL)
    append_condition (question, values, other, capitalized, TRUE);
  g_string_append_c (question, ')');
}

char *
twin_query_words_dup_question (const char *text,
                               gboolean    retired,
                               char      **parameters)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);
  GString *question = g_string_new ("SELECT * FROM DIGITALTWINS T");
  g_autoptr (JsonObject) values = json_object_new ();
  g_autoptr (JsonNode) node = NULL;
  guint n = 0;

  if (!retired)
    g_string_append (question,
                     " WHERE NOT LIFECYCLE(T) IN ['retired', 'archived']");
  for (guint i = 0; words[i] != NULL && n < MAX_WORDS; i++)
    {
      if (*words[i] == '\0')
        continue;
      n++;
      g_string_append (question, n > 1 || !retired ? " AND " : " WHERE ");
      append_word (question, values, words[i], n);
    }

  node = json_node_init_object (json_node_alloc (), values);
  *parameters = n > 0 ? json_to_string (node, FALSE) : NULL;
  return g_string_free (question, FALSE);
}

/* A quote in a text is written with a backslash. */
void
twin_query_words_append_text (GString *question, const char *text)
{
  g_string_append_c (question, '\'');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\'' || *p == '\\')
        g_string_append_c (question, '\\');
      g_string_append_c (question, *p);
    }
  g_string_append_c (question, '\'');
}

char *
twin_query_words_dup_twins_question (const char *const *ids)
{
  GString *question = g_string_new ("SELECT T FROM DIGITALTWINS T\n"
                                    "WHERE T.$dtId IN [");

  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_string_append (question, i > 0 ? ", " : "");
      twin_query_words_append_text (question, ids[i]);
    }
  g_string_append_c (question, ']');
  return g_string_free (question, FALSE);
}

char *
twin_query_words_dup_group_question (const char *name)
{
  GString *question =
      g_string_new ("SELECT T FROM DIGITALTWINS T\nWHERE IN_GROUP(T, ");

  twin_query_words_append_text (question, name);
  g_string_append_c (question, ')');
  return g_string_free (question, FALSE);
}

/* --- examples ------------------------------------------------------------- */

const TwinQueryExample *
twin_query_words_get_examples (void)
{
  static const TwinQueryExample examples[] = {
    { N_ ("Everything"), "SELECT * FROM DIGITALTWINS" },
    { N_ ("In alarm"), "SELECT T FROM DIGITALTWINS T\n"
                       "WHERE STATE(T) IN ['alarm', 'warning']" },
    { N_ ("Stale"), "SELECT T FROM DIGITALTWINS T\n"
                    "WHERE STATE(T) IN ['stale', 'offline']" },
    { N_ ("Remaining life under 30 days"),
      "SELECT T.displayName AS name, T.$dtId AS id, RUL(T) AS days\n"
      "FROM DIGITALTWINS T\nWHERE RUL(T) < 30 ORDER BY RUL(T)" },
    { N_ ("Hottest bearings"),
      "SELECT T.displayName AS name, T.$dtId AS id, T.temperature AS celsius\n"
      "FROM DIGITALTWINS T WHERE T.temperature > 50\n"
      "ORDER BY T.temperature DESC" },
    { N_ ("Vibration, mean of an hour"),
      "SELECT T.$dtId AS id, AVG(T.vibrationRMS, '1h') AS mean\n"
      "FROM DIGITALTWINS T WHERE AVG(T.vibrationRMS, '1h') > 0.0005\n"
      "ORDER BY AVG(T.vibrationRMS, '1h') DESC" },
    { N_ ("Temperature silent for 10 minutes"),
      "SELECT T FROM DIGITALTWINS T\nWHERE AGE(T.temperature) > 600" },
    { N_ ("Firmware below 2.3.0"),
      "SELECT T FROM DIGITALTWINS T\n"
      "WHERE VERSION(T.firmwareVersion) < VERSION('2.3.0')" },
    { N_ ("How many of each model"),
      "SELECT T.$metadata.$model AS model, COUNT() AS twins\n"
      "FROM DIGITALTWINS T GROUP BY T.$metadata.$model" },
    { N_ ("Retired"), "SELECT T FROM DIGITALTWINS T\n"
                      "WHERE LIFECYCLE(T) IN ['retired', 'archived']" },
    { NULL, NULL },
  };

  return examples;
}

/* --- colours -------------------------------------------------------------- */

static gboolean
is_keyword (const char *word, gsize length)
{
  static const char *const keywords[] = {
    "SELECT", "FROM",   "WHERE",        "JOIN",          "RELATED",
    "MATCH",  "AND",    "OR",           "NOT",           "IN",
    "NIN",    "AS",     "TOP",          "ORDER",         "BY",
    "GROUP",  "ASC",    "DESC",         "DISTINCT",      "LIMIT",
    "OFFSET", "LIKE",   "OF",           "NULL",          "TRUE",
    "FALSE",  "HAVING", "DIGITALTWINS", "RELATIONSHIPS",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keywords); i++)
    if (strlen (keywords[i]) == length &&
        g_ascii_strncasecmp (keywords[i], word, length) == 0)
      return TRUE;

  return FALSE;
}

static gsize
end_of_text (const char *text, gsize at)
{
  for (at++; text[at] != '\0' && text[at] != '\''; at++)
    if (text[at] == '\\' && text[at + 1] != '\0')
      at++;

  return text[at] == '\0' ? at : at + 1;
}

static gboolean
is_name (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (c & 0x80) != 0;
}

void
twin_query_words_scan (const char *text, TwinQueryWordFunc func, gpointer data)
{
  gsize at = 0;

  while (text[at] != '\0')
    {
      const gsize begin = at;
      const char  before = at > 0 ? text[at - 1] : ' ';

      if (text[at] == '\'')
        {
          at = end_of_text (text, at);
          func (TWIN_QUERY_WORD_TEXT, begin, at, data);
        }
      else if (g_ascii_isdigit (text[at]))
        {
          while (g_ascii_isdigit (text[at]) || text[at] == '.')
            at++;
          func (TWIN_QUERY_WORD_NUMBER, begin, at, data);
        }
      else if (is_name (text[at]))
        {
          while (is_name (text[at]))
            at++;
          if (before == '.' || before == '@')
            continue;
          if (is_keyword (text + begin, at - begin))
            func (TWIN_QUERY_WORD_KEYWORD, begin, at, data);
          else if (text[at] == '(')
            func (TWIN_QUERY_WORD_FUNCTION, begin, at, data);
        }
      else
        {
          at++;
        }
    }
}
