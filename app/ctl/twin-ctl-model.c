/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "twin-ctl-graph.h"
#include "twin-ctl-sources.h"
#include "twin-json.h"
#include "twin-store-models.h"

static void
add_member (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/* --- import
 * -------------------------------------------------------------------- */

static void
print_refusal (const TwinModelIssue *issue, void *data)
{
  TwinCtl *ctl = data;

  if (ctl->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      add_member (builder, "id", issue->id);
      add_member (builder, "element", issue->element);
      add_member (builder, "file", issue->file);
      add_member (builder, "pointer", issue->pointer);
      add_member (builder, "message", issue->message);
      json_builder_end_object (builder);
      twin_ctl_print_builder (builder);
    }
  else if (issue->file == NULL)
    twin_ctl_fail (TWIN_CTL_INPUT, "%s: %s",
                   issue->element != NULL ? issue->element : "models",
                   issue->message);
  else if (strcmp (issue->id, "jsonSyntax") == 0)
    twin_ctl_fail (TWIN_CTL_INPUT, "%s", issue->message);
  else
    twin_ctl_fail (TWIN_CTL_INPUT, "%s at “%s”: %s [%s%s%s]", issue->file,
                   issue->pointer != NULL ? issue->pointer : "", issue->message,
                   issue->id, issue->element != NULL ? " " : "",
                   issue->element != NULL ? issue->element : "");
}

static void
print_counts (TwinCtl *ctl, const TwinStoreImportCounts *counts)
{
  if (counts->refused > TWIN_STORE_IMPORT_MOST_REFUSED)
    twin_ctl_fail (TWIN_CTL_INPUT, "… and %" G_GUINT64_FORMAT " more",
                   counts->refused - TWIN_STORE_IMPORT_MOST_REFUSED);

  if (ctl->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "imported");
      json_builder_add_int_value (builder, (gint64) counts->models);
      json_builder_set_member_name (builder, "refused");
      json_builder_add_int_value (builder, (gint64) counts->refused);
      json_builder_end_object (builder);
      twin_ctl_print_builder (builder);
    }
  else if (counts->models > 0)
    g_printerr ("%" G_GUINT64_FORMAT " interfaces imported into %s\n",
                counts->models, ctl->store);
}

static int
import (TwinCtl *ctl, int argc, char **argv)
{
  gboolean           each = FALSE;
  const GOptionEntry entries[] = {
    { "each", 0, 0, G_OPTION_ARG_NONE, &each, NULL, NULL },
    { NULL },
  };
  g_auto (TwinCtlSources) sources = { 0 };
  g_autoptr (TwinStore) store = NULL;
  g_autoptr (GError) error = NULL;
  TwinStoreModelImport  job = { .refused = print_refusal, .data = ctl };
  TwinStoreImportCounts counts;
  gboolean              good;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc < 2)
    return twin_ctl_usage ("model import needs a FILE or DIR");

  twin_ctl_sources_init (&sources);
  if (!twin_ctl_sources_read (&sources, argc, argv, &error))
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);
  if (sources.sources->len == 0)
    return twin_ctl_fail (TWIN_CTL_INPUT, "There is no .json file in %s",
                          argv[1]);

  store = twin_ctl_open_store (ctl, &error);
  if (store == NULL)
    return twin_ctl_fail_store (error);

  job.sources = (TwinModelSource *) (void *) sources.sources->data;
  job.n_sources = sources.sources->len;
  job.each = each;
  job.name = argv[1];
  job.who = ctl->operator_name;
  job.now_us = twin_clock_utc_us ();
  good = twin_store_import_models (store, &job, &counts, &error);
  print_counts (ctl, &counts);
  if (good)
    return TWIN_CTL_DONE;

  if (!each && sources.sources->len > 1 &&
      g_error_matches (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_INVALID))
    g_prefix_error (&error, "As one set (--each takes every file with what it "
                            "refers to): ");
  return twin_ctl_fail_store (error);
}

/* --- what there is
 * ------------------------------------------------------------- */

static TwinModelSet *
load_models (TwinCtl *ctl, GError **error)
{
  g_autoptr (TwinStoreReader) reader = NULL;

  reader = twin_store_reader_open (ctl->store, error);
  return reader != NULL ? twin_store_reader_load_models (reader, error) : NULL;
}

static int
list_models (TwinCtl *ctl, int argc, char **argv)
{
  static const char *const headings[] = { "DTMI", "NAME", "DTDL", ">CONTENTS",
                                          NULL };
  g_autoptr (TwinModelSet) set = NULL;
  g_autoptr (GError) error = NULL;
  TwinCtlTable *table = NULL;
  GPtrArray    *list;

  set = load_models (ctl, &error);
  if (set == NULL)
    return twin_ctl_fail_store (error);

  if (!ctl->json)
    table = twin_ctl_table_new (headings);

  list = twin_model_set_list (set);
  for (guint i = 0; i < list->len; i++)
    {
      const TwinInterface *interface = g_ptr_array_index (list, i);

      if (ctl->json)
        {
          g_autoptr (JsonBuilder) builder = json_builder_new ();

          json_builder_begin_object (builder);
          add_member (builder, "id", interface->id);
          add_member (builder, "displayName",
                      twin_interface_get_label (interface));
          json_builder_set_member_name (builder, "dtdl");
          json_builder_add_int_value (builder, interface->dtdl);
          json_builder_set_member_name (builder, "contents");
          json_builder_add_int_value (builder, interface->effective->len);
          json_builder_end_object (builder);
          twin_ctl_print_builder (builder);
        }
      else
        {
          char version[8], contents[16];

          g_snprintf (version, sizeof version, "v%d", interface->dtdl);
          g_snprintf (contents, sizeof contents, "%u",
                      interface->effective->len);
          twin_ctl_table_add (table, interface->id,
                              twin_interface_get_label (interface), version,
                              contents);
        }
    }

  if (table != NULL)
    twin_ctl_table_print (table);
  return TWIN_CTL_DONE;
}

static int
show (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  TwinStoreModel  *model;

  if (argc != 2)
    return twin_ctl_usage ("model show needs one DTMI");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL)
    return twin_ctl_fail_store (error);

  model = twin_store_reader_get_model (reader, argv[1], &error);
  if (model == NULL)
    return twin_ctl_fail_store (error);

  node = twin_json_parse (argv[1], model->json, -1, &error);
  twin_store_model_free (model);
  if (node == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  text = twin_json_print (node, !ctl->json);
  g_print ("%s\n", text);
  return TWIN_CTL_DONE;
}

static int
delete_model (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (TwinStore) store = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 2)
    return twin_ctl_usage ("model delete needs one DTMI");

  store = twin_ctl_open_store (ctl, &error);
  if (store == NULL ||
      !twin_store_remove_model (store, argv[1], ctl->operator_name,
                                twin_clock_utc_us (), &error))
    return twin_ctl_fail_store (error);

  return TWIN_CTL_DONE;
}

/* --- export
 * ------------------------------------------------------------------- */

/* "com/example/Pump-1.json" of dtmi:com:example:Pump;1. */
static char *
path_of (const char *dtmi)
{
  const char *rest =
      g_str_has_prefix (dtmi, "dtmi:") ? dtmi + strlen ("dtmi:") : dtmi;
  g_autofree char *path = g_strdelimit (g_strdup (rest), ":", '/');

  g_strdelimit (path, ";", '-');
  return g_strconcat (path, ".json", NULL);
}

static gboolean
write_text (const char *path, const char *text, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (strcmp (path, "-") == 0)
    {
      fputs (text, stdout);
      return TRUE;
    }

  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   "Could not create the folder %s: %s", folder,
                   g_strerror (code));
      return FALSE;
    }
  return g_file_set_contents (path, text, -1, error);
}

static gboolean
export_each (GPtrArray *rows, const char *folder, GError **error)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreModel *row = g_ptr_array_index (rows, i);
      g_autofree char      *name = path_of (row->dtmi);
      g_autofree char      *path = g_build_filename (folder, name, NULL);
      g_autoptr (JsonNode) node =
          twin_json_parse (row->dtmi, row->json, -1, error);
      g_autofree char *text = NULL;
      g_autofree char *line = NULL;

      if (node == NULL)
        return FALSE;
      text = twin_json_print (node, TRUE);
      line = g_strconcat (text, "\n", NULL);
      if (!write_text (path, line, error))
        return FALSE;
    }

  return TRUE;
}

/* One array of all of them, an interface a line. */
static gboolean
export_array (GPtrArray *rows, const char *path, GError **error)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreModel *row = g_ptr_array_index (rows, i);
      g_autoptr (JsonNode) node =
          twin_json_parse (row->dtmi, row->json, -1, error);

      if (node == NULL)
        return FALSE;
      g_string_append (text, i > 0 ? ",\n" : "\n");
      twin_json_append (text, node);
    }

  g_string_append (text, "\n]\n");
  return write_text (path, text->str, error);
}

static int
export_models (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  gboolean folder, good;

  if (argc != 2)
    return twin_ctl_usage ("model export needs one FILE.json, or a DIR for a "
                           "file an interface");

  reader = twin_store_reader_open (ctl->store, &error);
  rows = reader != NULL ? twin_store_reader_list_models (reader, &error) : NULL;
  if (rows == NULL)
    return twin_ctl_fail_store (error);

  folder = g_file_test (argv[1], G_FILE_TEST_IS_DIR) ||
           (strcmp (argv[1], "-") != 0 && !g_str_has_suffix (argv[1], ".json"));
  good = folder ? export_each (rows, argv[1], &error)
                : export_array (rows, argv[1], &error);
  if (!good)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  g_printerr ("%u interfaces\n", rows->len);
  return TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_model_verbs[] = {
  { "model", "import", import, "[--each] FILE|DIR…",
    "put interfaces into the store, as one set or each file for itself" },
  { "model", "list", list_models, "", "the store's interfaces" },
  { "model", "show", show, "DTMI", "one interface as JSON" },
  { "model", "delete", delete_model, "DTMI", "remove an unused interface" },
  { "model", "export", export_models, "FILE.json|DIR",
    "the store's interfaces as one array, or a file each" },
  { NULL },
};
