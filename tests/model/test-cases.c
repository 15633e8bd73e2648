/* SPDX-License-Identifier: Apache-2.0 */
/* The public DTDL cases and ontologies, where the data lie. */
#include <string.h>

#include "twin-json.h"
#include "twin-model-set.h"

/* What is reached now; full depth comes later and only raises it. */
#define BALANCED_ACCURACY 0.965

static char *
data_path (const char *name)
{
  const char      *root = g_getenv ("TWIN_REAL_DATA");
  g_autofree char *beside = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                              "..", "shared", "data", NULL);

  return g_build_filename (root != NULL ? root : beside, "dtdl", name, NULL);
}

static TwinModelOptions
options_of (JsonObject *one)
{
  TwinModelOptions options = { 0 };
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
    }

  return options;
}

static gboolean
is_valid (JsonObject *one)
{
  JsonArray       *input = json_object_get_array_member (one, "input");
  TwinModelOptions options = options_of (one);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) sources =
      g_array_new (FALSE, FALSE, sizeof (TwinModelSource));
  g_autoptr (TwinModelReport) report = NULL;
  g_autoptr (TwinModelSet) set = NULL;

  for (guint i = 0; i < json_array_get_length (input); i++)
    {
      JsonNode       *node = json_array_get_element (input, i);
      TwinModelSource source = { "case", NULL, -1 };
      char           *text = JSON_NODE_HOLDS_VALUE (node) &&
                           json_node_get_value_type (node) == G_TYPE_STRING
                                 ? g_strdup (json_node_get_string (node))
                                 : twin_json_print (node, FALSE);

      g_ptr_array_add (texts, text);
      source.text = text;
      g_array_append_val (sources, source);
    }

  set = twin_model_set_new ((TwinModelSource *) (void *) sources->data,
                            sources->len, &options, &report);
  return set != NULL && report->unresolved->len == 0;
}

static void
test_cases (void)
{
  g_autofree char *path = data_path ("cases.jsonl");
  g_autofree char *text = NULL;
  char            *line, *rest;
  double           n[2] = { 0, 0 }, good[2] = { 0, 0 };
  double           accuracy;

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
      gboolean    valid;

      if (*line == '\0')
        continue;
      node = twin_json_parse ("case", line, -1, NULL);
      one = json_node_get_object (node);
      if (strcmp (json_object_get_string_member (one, "tier"), "special") == 0)
        continue;

      valid =
          strcmp (json_object_get_string_member (one, "expect"), "valid") == 0;
      n[valid]++;
      good[valid] += is_valid (one) == valid;
    }

  accuracy = (good[0] / n[0] + good[1] / n[1]) / 2;
  g_test_message ("balanced accuracy %.4f", accuracy);
  g_assert_cmpfloat (accuracy, >=, BALANCED_ACCURACY);
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
  g_test_add_func ("/model/cases/balanced-accuracy", test_cases);
  g_test_add_func ("/model/cases/ontologies", test_ontologies);
  return g_test_run ();
}
