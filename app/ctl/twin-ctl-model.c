/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl.h"

#include <string.h>

#include "twin-ctl-graph.h"
#include "twin-store-changes.h"
#include "twin-ctl-sources.h"
#include "twin-json.h"
#include "twin-model-set.h"

static void
add_member (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/* --- the store's models
 * --------------------------------------------------------- */

/* @sources and what the store already has. */
static TwinModelSet *
join_with_store (TwinCtl *ctl, GArray *sources, GError **error)
{
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (TwinModelSet) old = NULL;

  reader = twin_store_reader_open (ctl->store, error);
  if (reader == NULL)
    return NULL;

  old = twin_ctl_models_load (reader, error);
  return old != NULL ? twin_ctl_models_join (old, sources, error) : NULL;
}

static TwinModelSet *
load_models (TwinCtl *ctl, GError **error)
{
  g_autoptr (TwinStoreReader) reader = NULL;

  reader = twin_store_reader_open (ctl->store, error);
  return reader != NULL ? twin_ctl_models_load (reader, error) : NULL;
}

static int
import (TwinCtl *ctl, int argc, char **argv)
{
  g_auto (TwinCtlSources) sources = { 0 };
  g_autoptr (TwinModelSet) set = NULL;
  g_autoptr (TwinStore) store = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *list;

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

  set = join_with_store (ctl, sources.sources, &error);
  if (set == NULL)
    return twin_ctl_fail_store (error);

  list = twin_model_set_list (set);
  if (!twin_store_begin (store, &error) ||
      !twin_store_begin_change (store, ctl->operator_name, "import",
                                "Models imported", twin_clock_utc_us (),
                                &error))
    return twin_ctl_fail_store (error);

  for (guint i = 0; i < list->len; i++)
    {
      if (!twin_ctl_put_model (store, g_ptr_array_index (list, i), &error))
        {
          twin_store_rollback (store);
          return twin_ctl_fail_store (error);
        }
    }

  if (!twin_store_commit (store, &error))
    return twin_ctl_fail_store (error);

  g_printerr ("%u interfaces are in %s\n", list->len, ctl->store);
  return TWIN_CTL_DONE;
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
  g_autoptr (TwinModelSet) set = NULL;
  g_autoptr (TwinStore) store = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *list;

  if (argc != 2)
    return twin_ctl_usage ("model delete needs one DTMI");

  set = load_models (ctl, &error);
  if (set == NULL)
    return twin_ctl_fail_store (error);

  list = twin_model_set_list (set);
  for (guint i = 0; i < list->len; i++)
    {
      const TwinInterface *other = g_ptr_array_index (list, i);
      gboolean             needs;

      needs = strcmp (other->id, argv[1]) != 0 &&
              g_ptr_array_find_with_equal_func (other->extends, argv[1],
                                                g_str_equal, NULL);
      for (guint k = 0; k < other->contents->len && !needs; k++)
        {
          const TwinContent *content = g_ptr_array_index (other->contents, k);

          needs = g_strcmp0 (content->component_id, argv[1]) == 0 &&
                  strcmp (other->id, argv[1]) != 0;
        }

      if (needs)
        return twin_ctl_fail (TWIN_CTL_INPUT,
                              "%s is still needed by %s; delete that first",
                              argv[1], other->id);
    }

  store = twin_ctl_open_store (ctl, &error);
  if (store == NULL || !twin_store_delete_model (store, argv[1], &error))
    return twin_ctl_fail_store (error);

  return TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_model_verbs[] = {
  { "model", "import", import, "FILE|DIR…", "put interfaces into the store" },
  { "model", "list", list_models, "", "the store's interfaces" },
  { "model", "show", show, "DTMI", "one interface as JSON" },
  { "model", "delete", delete_model, "DTMI", "remove an unused interface" },
  { NULL },
};
