/* SPDX-License-Identifier: Apache-2.0 */
/* twinctl model validate: DTDL interfaces checked as one set. */
#include "twin-ctl.h"

#include <string.h>

#include "twin-ctl-sources.h"
#include "twin-json.h"
#include "twin-model-set.h"

typedef struct
{
  char    *extensions;
  char   **limits;
  char    *batch;
  char   **quirks;
  char    *profile;
  int      max_dtdl;
  gboolean bad;
} ValidateOptions;

static TwinModelOptions
to_model_options (ValidateOptions *options)
{
  TwinModelOptions model = { 0 };

  if (g_strcmp0 (options->extensions, "allow") == 0)
    model.undefined_extensions = TWIN_EXTENSIONS_ALLOW;
  else if (g_strcmp0 (options->extensions, "deny") == 0)
    model.undefined_extensions = TWIN_EXTENSIONS_DENY;
  else if (options->extensions != NULL)
    options->bad = TRUE;

  if (options->profile != NULL && strcmp (options->profile, "adt") != 0)
    options->bad = TRUE;

  model.max_dtdl = options->max_dtdl;
  model.no_text = TRUE;
  model.adt = options->profile != NULL;
  model.tolerant = options->quirks != NULL;
  model.accept_limits = (const char *const *) options->limits;
  return model;
}

static gboolean
parse_options (ValidateOptions *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "undefined-extensions", 0, 0, G_OPTION_ARG_STRING, &options->extensions,
      NULL, "allow|deny" },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &options->profile, NULL, "adt" },
    { "accept-limits", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->limits, NULL,
      "DTMI" },
    { "max-dtdl", 0, 0, G_OPTION_ARG_INT, &options->max_dtdl, NULL, "N" },
    { "quirk", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->quirks, NULL,
      "NAME" },
    { "batch", 0, 0, G_OPTION_ARG_FILENAME, &options->batch, NULL, "FILE" },
    { NULL },
  };

  return twin_ctl_parse (argc, argv, entries);
}

static void
options_clear (ValidateOptions *options)
{
  g_free (options->extensions);
  g_free (options->batch);
  g_free (options->profile);
  g_strfreev (options->limits);
  g_strfreev (options->quirks);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ValidateOptions, options_clear)

static int
exit_of (const TwinModelReport *report)
{
  if (!twin_model_report_is_valid (report))
    return TWIN_CTL_INPUT;

  return report->unresolved->len > 0 ? TWIN_CTL_UNRESOLVED : TWIN_CTL_DONE;
}

static void
add_member (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_report (JsonBuilder *builder, const TwinModelReport *report)
{
  json_builder_set_member_name (builder, "valid");
  json_builder_add_boolean_value (builder, exit_of (report) == TWIN_CTL_DONE);
  json_builder_set_member_name (builder, "errors");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->issues->len; i++)
    {
      const TwinModelIssue *issue = g_ptr_array_index (report->issues, i);

      json_builder_begin_object (builder);
      add_member (builder, "id", issue->id);
      add_member (builder, "element", issue->element);
      add_member (builder, "file", issue->file);
      add_member (builder, "pointer", issue->pointer);
      json_builder_set_member_name (builder, "line");
      json_builder_add_int_value (builder, issue->line);
      json_builder_set_member_name (builder, "column");
      json_builder_add_int_value (builder, issue->column);
      add_member (builder, "message", issue->message);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  json_builder_set_member_name (builder, "omitted");
  json_builder_add_int_value (builder, report->omitted);
  json_builder_set_member_name (builder, "unresolved");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->unresolved->len; i++)
    json_builder_add_string_value (builder,
                                   g_ptr_array_index (report->unresolved, i));
  json_builder_end_array (builder);
}

static void
print_report (const TwinModelReport *report)
{
  for (guint i = 0; i < report->issues->len; i++)
    {
      const TwinModelIssue *issue = g_ptr_array_index (report->issues, i);

      if (issue->pointer == NULL)
        g_printerr ("%s\n", issue->message);
      else
        g_printerr ("%s:%u:%u: at “%s”: %s [%s%s%s]\n", issue->file,
                    issue->line, issue->column, issue->pointer, issue->message,
                    issue->id, issue->element != NULL ? " " : "",
                    issue->element != NULL ? issue->element : "");
    }
  if (report->omitted > 0)
    g_printerr ("and %u more\n", report->omitted);

  for (guint i = 0; i < report->unresolved->len; i++)
    g_printerr ("%s: nothing here defines it\n",
                (char *) g_ptr_array_index (report->unresolved, i));
}

/* Options of one case of a batch. */
static void
read_case_options (JsonObject *object, ValidateOptions *options)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  JsonNode *args = json_object_get_member (object, "args");

  g_ptr_array_add (words, (void *) "case");
  if (args != NULL && JSON_NODE_HOLDS_ARRAY (args))
    {
      JsonArray *array = json_node_get_array (args);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          JsonNode *word = json_array_get_element (array, i);

          if (JSON_NODE_HOLDS_VALUE (word) &&
              json_node_get_value_type (word) == G_TYPE_STRING)
            g_ptr_array_add (words, (void *) json_node_get_string (word));
        }
    }

  {
    int    argc = (int) words->len;
    char **argv = (char **) words->pdata;

    options->bad = !parse_options (options, &argc, &argv) || argc > 1;
  }
}

static void
run_case (JsonObject *object, JsonBuilder *builder)
{
  g_auto (ValidateOptions) options = { 0 };
  g_auto (TwinCtlSources) sources = { 0 };
  g_autoptr (TwinModelReport) report = NULL;
  g_autoptr (TwinModelSet) set = NULL;
  JsonNode        *input = json_object_get_member (object, "input");
  JsonNode        *id = json_object_get_member (object, "id");
  TwinModelOptions model;
  guint            n = 0;

  twin_ctl_sources_init (&sources);
  read_case_options (object, &options);
  model = to_model_options (&options);
  if (input != NULL && JSON_NODE_HOLDS_ARRAY (input))
    n = json_array_get_length (json_node_get_array (input));

  for (guint i = 0; i < n; i++)
    {
      JsonNode *item = json_array_get_element (json_node_get_array (input), i);
      TwinModelSource source = { 0 };
      char           *text = JSON_NODE_HOLDS_VALUE (item) &&
                           json_node_get_value_type (item) == G_TYPE_STRING
                                 ? g_strdup (json_node_get_string (item))
                                 : twin_json_print (item, FALSE);

      g_ptr_array_add (sources.texts, text);
      source.name = "input";
      source.text = text;
      source.length = -1;
      g_array_append_val (sources.sources, source);
    }

  set = twin_model_set_new ((TwinModelSource *) (void *) sources.sources->data,
                            sources.sources->len, &model, &report);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_value (builder, id != NULL ? json_node_copy (id)
                                              : json_node_new (JSON_NODE_NULL));
  json_builder_set_member_name (builder, "exit");
  json_builder_add_int_value (builder,
                              options.bad ? TWIN_CTL_USAGE : exit_of (report));
  add_report (builder, report);
  json_builder_end_object (builder);
}

static int
validate_batch (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gsize    length;
  unsigned number = 0;
  char    *line, *rest;

  text = twin_ctl_read (path, &length, &error);
  if (text == NULL)
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  rest = text;
  while ((line = strsep (&rest, "\n")) != NULL)
    {
      g_autofree char *name = g_strdup_printf ("%s:%u", path, ++number);
      g_autoptr (JsonNode) node = NULL;

      if (*line == '\0')
        continue;

      node = twin_json_parse (name, line, -1, &error);
      if (node == NULL)
        return twin_ctl_fail_error (TWIN_CTL_INPUT, error);
      if (!JSON_NODE_HOLDS_OBJECT (node))
        return twin_ctl_fail (TWIN_CTL_INPUT, "%s: an object is expected",
                              name);

      run_case (json_node_get_object (node), builder);
      twin_ctl_print_builder (builder);
    }

  return TWIN_CTL_DONE;
}

static int
validate (TwinCtl *ctl, int argc, char **argv)
{
  g_auto (ValidateOptions) options = { 0 };
  g_auto (TwinCtlSources) sources = { 0 };
  g_autoptr (TwinModelReport) report = NULL;
  g_autoptr (TwinModelSet) set = NULL;
  g_autoptr (GError) error = NULL;
  TwinModelOptions model;

  if (!parse_options (&options, &argc, &argv))
    return TWIN_CTL_USAGE;
  model = to_model_options (&options);
  if (options.bad)
    return twin_ctl_usage ("--undefined-extensions is allow or deny, "
                           "--profile is adt");
  if (options.batch != NULL)
    return validate_batch (options.batch);
  if (argc < 2)
    return twin_ctl_usage ("model validate needs a FILE");

  twin_ctl_sources_init (&sources);
  if (!twin_ctl_sources_read (&sources, argc, argv, &error))
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  set = twin_model_set_new ((TwinModelSource *) (void *) sources.sources->data,
                            sources.sources->len, &model, &report);
  if (ctl->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      add_report (builder, report);
      json_builder_end_object (builder);
      twin_ctl_print_builder (builder);
      return exit_of (report);
    }

  print_report (report);
  if (exit_of (report) == TWIN_CTL_DONE)
    g_print ("%u interfaces are valid\n", twin_model_set_list (set)->len);
  return exit_of (report);
}

const TwinCtlVerb twin_ctl_validate_verbs[] = {
  { "model", "validate", validate,
    "[--undefined-extensions=allow|deny] [--accept-limits=DTMI] "
    "[--max-dtdl=N] [--profile=adt] FILE… | --batch FILE.jsonl",
    "check DTDL interfaces as one set" },
  { NULL },
};
