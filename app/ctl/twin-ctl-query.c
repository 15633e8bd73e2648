/* SPDX-License-Identifier: Apache-2.0 */
/* twinctl query, and the queries kept in the store. */
#include "twin-ctl-query.h"

#include <stdio.h>
#include <string.h>

#include "twin-ctl-edit.h"
#include "twin-ctl-graph.h"
#include "twin-json.h"
#include "twin-query.h"
#include "twin-store-groups.h"

typedef struct
{
  char    *file, *saved, *cursor;
  char   **parameters;
  gboolean table, explain, strict;
  int      page;
  double   timeout_s;
} Options;

static gboolean
print_row (const char *row, void *data)
{
  puts (row);
  return TRUE;
}

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

/* --- errors -------------------------------------------------------------- */

/* The line of the query that the error is in, and a mark below the place. */
static void
print_place (const char *text, const TwinQueryPlace *place)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  const char      *line;
  glong            length, first;
  g_autofree char *part = NULL;

  if (place->line == 0 || place->line > g_strv_length (lines))
    return;

  line = lines[place->line - 1];
  if (!g_utf8_validate (line, -1, NULL))
    return;

  /* of a long line what stands around the place */
  length = g_utf8_strlen (line, -1);
  first = place->column > 100 ? (glong) place->column - 60 : 0;
  part = g_utf8_substring (line, first, MIN (length, first + 120));
  g_strdelimit (part, "\t\r", ' ');
  g_printerr ("  %s\n  %*s^\n", part, (int) (place->column - 1 - first), "");
}

static int
fail_query (const char *text, const GError *error, const TwinQueryPlace *place)
{
  const gboolean store = error->domain != TWIN_QUERY_ERROR ||
                         error->code == TWIN_QUERY_ERROR_STORE;

  twin_ctl_fail_error (TWIN_CTL_INPUT, error);
  print_place (text, place);
  return store ? TWIN_CTL_ENVIRONMENT : TWIN_CTL_INPUT;
}

/* --- parameters ---------------------------------------------------------- */

/* NAME=VALUE into @parameters; VALUE is JSON, and text where it is none. */
static gboolean
add_parameter (JsonObject *parameters, const char *text)
{
  const char      *equals = strchr (text, '=');
  g_autofree char *name = NULL;
  g_autofree char *value = NULL;

  if (equals == NULL || equals == text)
    {
      twin_ctl_usage ("--param is NAME=VALUE, not “%s”", text);
      return FALSE;
    }

  name = g_strndup (text, (gsize) (equals - text));
  value = twin_ctl_value (equals + 1);
  json_object_set_member (parameters, name[0] == '@' ? name + 1 : name,
                          twin_json_parse (name, value, -1, NULL));
  return TRUE;
}

static JsonObject *
read_parameters (char **list)
{
  g_autoptr (JsonObject) parameters = json_object_new ();

  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    {
      if (!add_parameter (parameters, list[i]))
        return NULL;
    }

  return g_steal_pointer (&parameters);
}

/* --- running ------------------------------------------------------------- */

static void
print_plan (TwinCtl *ctl, JsonNode *plan)
{
  JsonObject *object = json_node_get_object (plan);
  JsonArray  *list;

  if (ctl->json)
    {
      twin_ctl_print_json (plan, FALSE);
      return;
    }

  printf ("%s\n", twin_json_get_string (object, "sql"));
  list = json_object_get_array_member (object, "values");
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      g_autofree char *value =
          twin_json_print (json_array_get_element (list, i), FALSE);

      printf ("  ?%u = %s\n", i + 1, value);
    }

  list = json_object_get_array_member (object, "plan");
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *step = json_array_get_object_element (list, i);

      printf ("%*s%s\n",
              2 + 2 * (int) json_object_get_int_member (step, "depth"), "",
              twin_json_get_string (step, "step"));
    }

  list = json_object_get_array_member (object, "reads");
  for (guint i = 0; i < json_array_get_length (list); i++)
    printf ("reads %s, from end to end\n",
            json_array_get_string_element (list, i));
}

/* The last line of a page says where the next begins. */
static void
print_cursor (const Options *options, const char *cursor)
{
  if (cursor == NULL)
    return;
  if (options->table)
    printf ("more: --cursor %s\n", cursor);
  else
    printf ("{\"$cursor\":\"%s\"}\n", cursor);
}

static gboolean
run_rows (const TwinQuery  *query,
          TwinStoreReader  *reader,
          const Options    *asked,
          TwinQueryOptions *options,
          GError          **error)
{
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_autofree char *next = NULL;

  if (asked->page > 0 || asked->cursor != NULL)
    {
      options->limit = (size_t) asked->page;
      options->next = &next;
    }

  if (!twin_query_run (query, reader, options,
                       asked->table ? collect_row : print_row, rows, error))
    return FALSE;

  if (asked->table)
    twin_ctl_print_rows (rows, reader);
  print_cursor (asked, next);
  return TRUE;
}

static int
run (TwinCtl         *ctl,
     TwinStoreReader *reader,
     const char      *text,
     const Options   *asked)
{
  g_autoptr (TwinQuery) query = NULL;
  g_autoptr (JsonObject) parameters = read_parameters (asked->parameters);
  g_autoptr (GError) error = NULL;
  TwinQueryPlace   place = { 0 };
  TwinQueryOptions options = {
    .parameters = parameters,
    .cursor = asked->cursor,
    .timeout_us = (gint64) (asked->timeout_s * TWIN_US_PER_S),
    .place = &place,
  };

  if (parameters == NULL)
    return TWIN_CTL_USAGE;

  query = asked->strict ? twin_query_parse_strict (text, &place, &error)
                        : twin_query_parse (text, &place, &error);
  if (query == NULL)
    return fail_query (text, error, &place);

  if (asked->explain)
    {
      g_autoptr (JsonNode) plan =
          twin_query_explain (query, reader, &options, &error);

      if (plan == NULL)
        return fail_query (text, error, &place);
      print_plan (ctl, plan);
      return TWIN_CTL_DONE;
    }

  return run_rows (query, reader, asked, &options, &error)
             ? TWIN_CTL_DONE
             : fail_query (text, error, &place);
}

/* --- saved --------------------------------------------------------------- */

static int
save (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *note = NULL;
  const GOptionEntry entries[] = {
    { "note", 0, 0, G_OPTION_ARG_STRING, &note, NULL, "TEXT" },
    { NULL },
  };
  TwinEdit       edit = { .kind = TWIN_EDIT_PUT_QUERY };
  TwinQueryPlace place = { 0 };
  g_autoptr (TwinQuery) query = NULL;
  g_autoptr (GError) error = NULL;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 3)
    return twin_ctl_usage ("query save needs NAME and a SELECT in quotes");

  query = twin_query_parse (argv[2], &place, &error);
  if (query == NULL)
    return fail_query (argv[2], error, &place);

  edit.id = argv[1];
  edit.query = argv[2];
  edit.note = note;
  return twin_ctl_edit (ctl, &edit);
}

static int
delete_saved (TwinCtl *ctl, int argc, char **argv)
{
  TwinEdit edit = { .kind = TWIN_EDIT_DELETE_QUERY };

  if (!twin_ctl_parse (&argc, &argv, NULL))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("query delete needs NAME");

  edit.id = argv[1];
  return twin_ctl_edit (ctl, &edit);
}

static void
print_saved (const TwinStoreSavedQuery *row)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();

  json_object_set_string_member (object, "name", row->name);
  json_object_set_string_member (object, "query", row->query);
  if (row->note != NULL)
    json_object_set_string_member (object, "note", row->note);
  if (row->who != NULL)
    json_object_set_string_member (object, "who", row->who);
  json_node_init_object (node, object);
  twin_ctl_print_json (node, FALSE);
}

static int
list (TwinCtl *ctl, int argc, char **argv)
{
  static const char *const headings[] = { "name", "by", "note", "query", NULL };
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  TwinCtlTable *table;

  if (!twin_ctl_parse (&argc, &argv, NULL))
    return TWIN_CTL_USAGE;
  if (argc != 1)
    return twin_ctl_usage ("query list takes nothing more");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader != NULL)
    rows = twin_store_reader_list_saved_queries (reader, &error);
  if (rows == NULL)
    return twin_ctl_fail_store (error);

  table = twin_ctl_table_new (headings);
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreSavedQuery *row = g_ptr_array_index (rows, i);

      if (ctl->json)
        print_saved (row);
      else
        twin_ctl_table_add (table, row->name, row->who, row->note, row->query);
    }

  if (ctl->json || rows->len == 0)
    twin_ctl_table_free (table);
  else
    twin_ctl_table_print (table);
  return TWIN_CTL_DONE;
}

/* --- the verb ------------------------------------------------------------ */

static TwinCtlFunc
find_sub (const char *word)
{
  static const struct
  {
    const char *word;
    TwinCtlFunc func;
  } subs[] = {
    { "save", save },
    { "list", list },
    { "delete", delete_saved },
  };

  for (size_t i = 0; word != NULL && i < G_N_ELEMENTS (subs); i++)
    {
      if (strcmp (word, subs[i].word) == 0)
        return subs[i].func;
    }

  return NULL;
}

/* The query's text from where the options say. Caller frees. */
static char *
read_text (TwinCtl         *ctl,
           TwinStoreReader *reader,
           const Options   *options,
           const char      *argument,
           int             *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreSavedQuery) row = NULL;
  gsize length;
  char *text;

  if (argument != NULL)
    return g_strdup (argument);

  if (options->saved != NULL)
    {
      row = twin_store_reader_get_saved_query (reader, options->saved, &error);
      if (row != NULL)
        return g_strdup (row->query);
      *status = twin_ctl_fail_store (error);
      return NULL;
    }

  text = twin_ctl_read (options->file, &length, &error);
  if (text == NULL)
    *status = twin_ctl_fail_error (TWIN_CTL_INPUT, error);
  return text;
}

static gboolean
check_options (const Options *options, int argc)
{
  const int sources =
      (argc == 2) + (options->file != NULL) + (options->saved != NULL);

  if (argc > 2 || sources != 1)
    twin_ctl_usage ("query needs one of: a SELECT in quotes, --file FILE, "
                    "--saved NAME");
  else if (options->page < 0)
    twin_ctl_usage ("--page is a number of rows, 1 or more");
  else if (options->timeout_s < 0 || options->timeout_s > 86400)
    twin_ctl_usage ("--timeout is a number of seconds");
  else
    return TRUE;

  return FALSE;
}

static int
query_with (TwinCtl *ctl, int argc, char **argv, Options *options)
{
  const GOptionEntry entries[] = {
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &options->file, NULL, "FILE" },
    { "saved", 0, 0, G_OPTION_ARG_STRING, &options->saved, NULL, "NAME" },
    { "param", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->parameters, NULL,
      "NAME=VALUE" },
    { "page", 0, 0, G_OPTION_ARG_INT, &options->page, NULL, "N" },
    { "cursor", 0, 0, G_OPTION_ARG_STRING, &options->cursor, NULL, "C" },
    { "timeout", 0, 0, G_OPTION_ARG_DOUBLE, &options->timeout_s, NULL, "S" },
    { "table", 0, 0, G_OPTION_ARG_NONE, &options->table, NULL, NULL },
    { "explain", 0, 0, G_OPTION_ARG_NONE, &options->explain, NULL, NULL },
    { "strict", 0, 0, G_OPTION_ARG_NONE, &options->strict, NULL, NULL },
    { NULL },
  };
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  int              status = TWIN_CTL_DONE;

  if (!twin_ctl_parse (&argc, &argv, entries) || !check_options (options, argc))
    return TWIN_CTL_USAGE;

  if (options->saved == NULL)
    {
      text =
          read_text (ctl, NULL, options, argc == 2 ? argv[1] : NULL, &status);
      if (text == NULL)
        return status;
    }

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL)
    return twin_ctl_fail_store (error);

  if (text == NULL)
    text = read_text (ctl, reader, options, NULL, &status);
  return text != NULL ? run (ctl, reader, text, options) : status;
}

static int
query (TwinCtl *ctl, int argc, char **argv)
{
  Options     options = { 0 };
  TwinCtlFunc sub = argc > 1 ? find_sub (argv[1]) : NULL;
  int         status;

  if (sub != NULL)
    return sub (ctl, argc - 1, argv + 1);

  status = query_with (ctl, argc, argv, &options);
  g_free (options.file);
  g_free (options.saved);
  g_free (options.cursor);
  g_strfreev (options.parameters);
  return status;
}

const TwinCtlVerb twin_ctl_query_verbs[] = {
  { "query", NULL, query,
    "[--table | --explain] [--param NAME=VALUE]… [--page N] [--cursor C] "
    "[--timeout S] [--strict] \"SELECT …\" | --file FILE | --saved NAME",
    "twins and relationships that a query selects" },
  { "query", "save", query, "[--note TEXT] NAME \"SELECT …\"",
    "keep a query in the store" },
  { "query", "list", query, "", "the queries kept in the store" },
  { "query", "delete", query, "NAME", "forget a kept query" },
  { NULL },
};
