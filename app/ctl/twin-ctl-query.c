/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "twin-ctl-graph.h"
#include "twin-json.h"
#include "twin-query.h"

static gboolean
print_row (const char *row, void *data)
{
  puts (row);
  return TRUE;
}

/* --- a table
 * ----------------------------------------------------------------------- */

static gboolean
collect_row (const char *row, void *data)
{
  JsonNode *node = twin_json_parse ("row", row, -1, NULL);

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    g_ptr_array_add (data, node);
  else
    g_clear_pointer (&node, json_node_unref);
  return TRUE;
}

/* Keys of the rows in the order they were first seen; the etag and times say
 * nothing to people. */
static GPtrArray *
collect_keys (GPtrArray *rows)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < rows->len; i++)
    {
      JsonObjectIter iter;
      const char    *key;

      json_object_iter_init_ordered (&iter, json_node_get_object (
                                                g_ptr_array_index (rows, i)));
      while (json_object_iter_next_ordered (&iter, &key, NULL))
        {
          if (strcmp (key, "$etag") != 0 && strcmp (key, "$metadata") != 0 &&
              !g_ptr_array_find_with_equal_func (keys, key, g_str_equal, NULL))
            g_ptr_array_add (keys, g_strdup (key));
        }
    }

  return keys;
}

static char *
print_cell (JsonNode *node)
{
  if (JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      const char *id =
          twin_json_get_string (json_node_get_object (node), "$dtId");

      if (id != NULL)
        return g_strdup (id);
    }

  return twin_json_print (node, FALSE);
}

static glong
cell_width (GPtrArray *column)
{
  glong width = 0;

  for (guint i = 0; i < column->len; i++)
    width = MAX (width, g_utf8_strlen (g_ptr_array_index (column, i), -1));
  return width;
}

static void
print_table (GPtrArray *rows)
{
  g_autoptr (GPtrArray) keys = collect_keys (rows);
  g_autoptr (GPtrArray) columns =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  for (guint k = 0; k < keys->len; k++)
    {
      const char *key = g_ptr_array_index (keys, k);
      GPtrArray  *column = g_ptr_array_new_with_free_func (g_free);

      g_ptr_array_add (column, g_strdup (key));
      for (guint i = 0; i < rows->len; i++)
        {
          JsonNode *cell =
              json_object_get_member (json_node_get_object (
                                          g_ptr_array_index (rows, i)),
                                      key);

          g_ptr_array_add (column,
                           cell != NULL ? print_cell (cell) : g_strdup ("–"));
        }
      g_ptr_array_add (columns, column);
    }

  for (guint i = 0; keys->len > 0 && i <= rows->len; i++)
    {
      for (guint k = 0; k < columns->len; k++)
        {
          GPtrArray  *column = g_ptr_array_index (columns, k);
          const char *cell = g_ptr_array_index (column, i);
          gboolean    last = k + 1 == columns->len;

          printf ("%s%*s", cell,
                  last ? 0
                       : (int) (cell_width (column) - g_utf8_strlen (cell, -1) +
                                2),
                  "");
        }
      putchar ('\n');
    }
  printf ("%u rows\n", rows->len);
}

/* --- the verb
 * ---------------------------------------------------------------------------
 */

/* The line of the query that the error is in, and a mark below the place. */
static void
print_place (const char *text, const TwinQueryPlace *place)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  if (place->line > g_strv_length (lines) ||
      g_utf8_strlen (lines[place->line - 1], -1) > 200)
    return;

  g_printerr ("  %s\n  %*s^\n", lines[place->line - 1], (int) place->column - 1,
              "");
}

static int
run (TwinCtl *ctl, const char *text, gboolean table, gboolean explain)
{
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (TwinQuery) query = NULL;
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_autoptr (GError) error = NULL;
  TwinQueryPlace place;
  gboolean       good;

  query = twin_query_parse (text, &place, &error);
  if (query == NULL)
    {
      twin_ctl_fail_error (TWIN_CTL_INPUT, error);
      print_place (text, &place);
      return TWIN_CTL_INPUT;
    }

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL)
    return twin_ctl_fail_store (error);

  if (explain)
    {
      g_autoptr (JsonNode) plan =
          twin_query_explain (query, reader, NULL, &error);

      if (plan == NULL)
        return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);
      twin_ctl_print_json (plan, TRUE);
      return TWIN_CTL_DONE;
    }

  good = twin_query_run (query, reader, NULL, table ? collect_row : print_row,
                         rows, &error);
  if (!good)
    return twin_ctl_fail_error (g_error_matches (error, TWIN_QUERY_ERROR,
                                                 TWIN_QUERY_ERROR_STORE)
                                    ? TWIN_CTL_ENVIRONMENT
                                    : TWIN_CTL_INPUT,
                                error);

  if (table)
    print_table (rows);
  return TWIN_CTL_DONE;
}

static int
query (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *file = NULL;
  gboolean           table = FALSE, explain = FALSE;
  const GOptionEntry entries[] = {
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &file, NULL, "FILE" },
    { "table", 0, 0, G_OPTION_ARG_NONE, &table, NULL, NULL },
    { "explain", 0, 0, G_OPTION_ARG_NONE, &explain, NULL, NULL },
    { NULL },
  };
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if ((file == NULL) != (argc == 2))
    return twin_ctl_usage ("query needs a SELECT in quotes, or --file FILE");

  if (file != NULL)
    {
      text = twin_ctl_read (file, &length, &error);
      if (text == NULL)
        return twin_ctl_fail_error (TWIN_CTL_INPUT, error);
    }

  return run (ctl, text != NULL ? text : argv[1], table, explain);
}

const TwinCtlVerb twin_ctl_query_verbs[] = {
  { "query", NULL, query, "[--table | --explain] \"SELECT …\" | --file FILE",
    "twins and relationships that a query selects" },
  { NULL },
};
