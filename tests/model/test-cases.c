/* SPDX-License-Identifier: Apache-2.0 */
/* The public DTDL cases and ontologies, where the data lie. */
#include <string.h>

#include "twin-json.h"
#include "twin-model-set.h"

/* What is reached, and must stay so: cases of a version and tier that may be
 * judged otherwise, by exit code and by the ids of errors. The three by id are
 * texts of layers: the public parser stops at the layer's id, this one goes on
 * and says what else is wrong in the other texts. */
static const struct
{
  int         dtdl;
  const char *tier;
  guint       wrong, wrong_ids;
} floors[] = {
  { 2, "core", 0, 1 }, { 2, "quantitative", 0, 0 }, { 2, "extension", 0, 0 },
  { 3, "core", 0, 1 }, { 3, "quantitative", 0, 0 }, { 3, "extension", 0, 0 },
  { 4, "core", 0, 1 }, { 4, "quantitative", 0, 0 }, { 4, "extension", 0, 0 },
};

static char *
data_path (const char *name)
{
  const char      *root = g_getenv ("TWIN_REAL_DATA");
  g_autofree char *beside = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                              "..", "shared", "data", NULL);

  return g_build_filename (root != NULL ? root : beside, "dtdl", name, NULL);
}

/* The options that a case needs; @limits is filled with borrowed words. */
static TwinModelOptions
options_of (JsonObject *one, GPtrArray *limits)
{
  TwinModelOptions options = { .no_text = TRUE };
  JsonNode        *args = json_object_get_member (one, "args");
  guint            n =
      args != NULL ? json_array_get_length (json_node_get_array (args)) : 0;

  for (guint i = 0; i < n; i++)
    {
      const char *word =
          json_array_get_string_element (json_node_get_array (args), i);

      if (strcmp (word, "--undefined-extensions=allow") == 0)
        options.undefined_extensions = TWIN_EXTENSIONS_ALLOW;
      if (strcmp (word, "--undefined-extensions=deny") == 0)
        options.undefined_extensions = TWIN_EXTENSIONS_DENY;
      if (g_str_has_prefix (word, "--quirk="))
        options.tolerant = TRUE;
      if (g_str_has_prefix (word, "--accept-limits="))
        g_ptr_array_add (limits, (void *) (strchr (word, '=') + 1));
    }

  g_ptr_array_add (limits, NULL);
  options.accept_limits = (const char *const *) limits->pdata;
  return options;
}

/* The set of the case, NULL when it is invalid. */
static TwinModelSet *
build_case (JsonObject *one, TwinModelReport **report)
{
  JsonArray *input = json_object_get_array_member (one, "input");
  g_autoptr (GPtrArray) limits = g_ptr_array_new ();
  TwinModelOptions options = options_of (one, limits);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) sources =
      g_array_new (FALSE, FALSE, sizeof (TwinModelSource));

  for (guint i = 0; i < json_array_get_length (input); i++)
    {
      JsonNode       *node = json_array_get_element (input, i);
      TwinModelSource source = { "case", NULL, -1, 0 };
      char           *text = JSON_NODE_HOLDS_VALUE (node) &&
                           json_node_get_value_type (node) == G_TYPE_STRING
                                 ? g_strdup (json_node_get_string (node))
                                 : twin_json_print (node, FALSE);

      g_ptr_array_add (texts, text);
      source.text = text;
      g_array_append_val (sources, source);
    }

  return twin_model_set_new ((TwinModelSource *) (void *) sources->data,
                             sources->len, &options, report);
}

/* Whether every id that was reported is one of those expected. */
static gboolean
ids_fit (JsonObject *one, const TwinModelReport *report)
{
  g_autoptr (GHashTable) wanted =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  JsonNode  *node = json_object_get_member (one, "expectation");
  JsonArray *errors = NULL;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node) &&
      json_object_has_member (json_node_get_object (node), "parsingErrors"))
    errors = json_object_get_array_member (json_node_get_object (node),
                                           "parsingErrors");
  for (guint i = 0; errors != NULL && i < json_array_get_length (errors); i++)
    {
      const char *id =
          json_object_get_string_member (json_array_get_object_element (errors,
                                                                        i),
                                         "ValidationID");

      g_hash_table_add (wanted, g_strdup (strrchr (id, ':') + 1));
    }

  for (guint i = 0; g_hash_table_size (wanted) > 0 && i < report->issues->len;
       i++)
    {
      const TwinModelIssue *issue = g_ptr_array_index (report->issues, i);

      if (!g_hash_table_contains (wanted, issue->id))
        return FALSE;
    }

  return TRUE;
}

/* Lines and columns of a text on one line: there, and inside it. */
static void
assert_placed (const TwinModelReport *report)
{
  for (guint i = 0; i < report->issues->len; i++)
    {
      const TwinModelIssue *issue = g_ptr_array_index (report->issues, i);

      g_assert_nonnull (issue->message);
      g_assert_cmpuint (issue->line, ==, 1);
      g_assert_cmpuint (issue->column, >=, 1);
    }
}

static void
judge (JsonObject *one, guint *wrong, guint *wrong_ids)
{
  g_autoptr (TwinModelReport) report = NULL;
  g_autoptr (TwinModelSet) set = build_case (one, &report);
  const char *expect = json_object_get_string_member (one, "expect");
  gboolean    valid = set != NULL && report->unresolved->len == 0;
  gboolean    same = valid == (strcmp (expect, "valid") == 0);

  *wrong += !same;
  *wrong_ids +=
      !same || (strcmp (expect, "invalid") == 0 && !ids_fit (one, report));
  if (set == NULL)
    assert_placed (report);
}

static void
test_cases (void)
{
  g_autofree char *path = data_path ("cases.jsonl");
  g_autofree char *text = NULL;
  char            *line, *rest;
  guint            wrong[G_N_ELEMENTS (floors)] = { 0 };
  guint            wrong_ids[G_N_ELEMENTS (floors)] = { 0 };
  guint            n = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    {
      g_test_skip ("the DTDL cases are not here");
      return;
    }

  rest = text;
  while ((line = strsep (&rest, "\n")) != NULL)
    {
      g_autoptr (JsonNode) node = NULL;
      JsonObject *one;

      if (*line == '\0')
        continue;

      node = twin_json_parse ("case", line, -1, NULL);
      one = json_node_get_object (node);
      for (size_t i = 0; i < G_N_ELEMENTS (floors); i++)
        {
          if (json_object_get_int_member (one, "dtdl") == floors[i].dtdl &&
              strcmp (json_object_get_string_member (one, "tier"),
                      floors[i].tier) == 0)
            {
              judge (one, &wrong[i], &wrong_ids[i]);
              n++;
            }
        }
    }

  g_assert_cmpuint (n, >, 10000);
  for (size_t i = 0; i < G_N_ELEMENTS (floors); i++)
    {
      g_test_message ("v%d %s: %u wrong, %u by id", floors[i].dtdl,
                      floors[i].tier, wrong[i], wrong_ids[i]);
      g_assert_cmpuint (wrong[i], <=, floors[i].wrong);
      g_assert_cmpuint (wrong_ids[i], <=, floors[i].wrong_ids);
    }
}

static void
read_folder (const char *path, GPtrArray *texts, GArray *sources)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);
      TwinModelSource  source = { NULL, NULL, 0 };
      char            *text;
      gsize            length;

      if (g_file_test (inner, G_FILE_TEST_IS_DIR))
        read_folder (inner, texts, sources);
      else if (g_str_has_suffix (name, ".json") &&
               g_file_get_contents (inner, &text, &length, NULL))
        {
          g_ptr_array_add (texts, g_strdup (inner));
          source.name = g_ptr_array_index (texts, texts->len - 1);
          g_ptr_array_add (texts, text);
          source.text = text;
          source.length = (gssize) length;
          g_array_append_val (sources, source);
        }
    }
}

static void
test_ontologies (void)
{
  static const struct
  {
    const char *name;
    guint       interfaces;
  } cases[] = {
    { "building-rec", 768 },
    { "smartcities", 63 },
    { "energygrid", 113 },
    { "isa95-dtdl", 180 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *inside =
          g_build_filename ("ontologies", cases[i].name, NULL);
      g_autofree char *path = data_path (inside);
      g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GArray) sources =
          g_array_new (FALSE, FALSE, sizeof (TwinModelSource));
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinModelSet) set = NULL;

      read_folder (path, texts, sources);
      if (sources->len == 0)
        {
          g_test_skip ("the ontologies are not here");
          return;
        }

      set = twin_model_set_new_checked ((TwinModelSource *) (void *)
                                            sources->data,
                                        sources->len, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (twin_model_set_list (set)->len, ==,
                        cases[i].interfaces);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/cases/verdicts", test_cases);
  g_test_add_func ("/model/cases/ontologies", test_ontologies);
  return g_test_run ();
}
