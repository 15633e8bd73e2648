/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-graph.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "twin-graph-file.h"
#include "twin-json.h"
#include "twin-store-log.h"

/* --- shared
 * ------------------------------------------------------------------------ */

int
twin_ctl_fail_store (const GError *error)
{
  gboolean input = error->domain != TWIN_STORE_ERROR ||
                   error->code == TWIN_STORE_ERROR_NOT_FOUND ||
                   error->code == TWIN_STORE_ERROR_CHANGED ||
                   error->code == TWIN_STORE_ERROR_EXISTS;

  return twin_ctl_fail_error (input ? TWIN_CTL_INPUT : TWIN_CTL_ENVIRONMENT,
                              error);
}

TwinStore *
twin_ctl_open_store (TwinCtl *ctl, GError **error)
{
  if (!ctl->store_given)
    {
      g_autofree char *folder = g_path_get_dirname (ctl->store);

      if (g_mkdir_with_parents (folder, 0700) != 0)
        {
          g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_OPEN,
                       "Could not create the folder %s: %s", folder,
                       g_strerror (errno));
          return NULL;
        }
    }

  return twin_store_open (ctl->store, TWIN_STORE_EDITOR, error);
}

TwinModelSet *
twin_ctl_models_load (TwinStoreReader *reader, GError **error)
{
  g_autoptr (GPtrArray) rows = twin_store_reader_list_models (reader, error);
  g_autoptr (GArray) sources =
      g_array_new (FALSE, FALSE, sizeof (TwinModelSource));
  g_autoptr (TwinModelReport) report = NULL;
  TwinModelOptions options = { .undefined_extensions = TWIN_EXTENSIONS_ALLOW };
  TwinModelSet    *set;

  if (rows == NULL)
    return NULL;

  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreModel *row = g_ptr_array_index (rows, i);
      TwinModelSource       source = { row->dtmi, row->json, -1 };

      g_array_append_val (sources, source);
    }

  set = twin_model_set_new ((TwinModelSource *) (void *) sources->data,
                            sources->len, &options, &report);
  if (set == NULL)
    twin_model_report_check (report, error);
  return set;
}

TwinModelSet *
twin_ctl_models_join (TwinModelSet *old, GArray *sources, GError **error)
{
  g_autoptr (TwinModelReport) report = NULL;
  g_autoptr (TwinModelSet) fresh = NULL;
  g_autoptr (GArray) all = NULL;

  /* Alone first: which of the old ones do they replace? */
  fresh = twin_model_set_new ((TwinModelSource *) (void *) sources->data,
                              sources->len, NULL, &report);
  if (fresh == NULL)
    {
      twin_model_report_check (report, error);
      return NULL;
    }

  all = g_array_copy (sources);
  for (guint i = 0; i < twin_model_set_list (old)->len; i++)
    {
      const TwinInterface *interface =
          g_ptr_array_index (twin_model_set_list (old), i);
      TwinModelSource source = { interface->id, interface->json, -1 };

      if (twin_model_set_lookup (fresh, interface->id) == NULL)
        g_array_append_val (all, source);
    }

  return twin_model_set_new_checked ((TwinModelSource *) (void *) all->data,
                                     all->len, error);
}

gboolean
twin_ctl_put_model (TwinStore           *store,
                    const TwinInterface *interface,
                    GError             **error)
{
  TwinStoreModel row = { interface->id, interface->json, twin_clock_utc_us () };

  return twin_store_put_model (store, &row, error);
}

gboolean
twin_ctl_put_twin (TwinStore      *store,
                   const TwinTwin *twin,
                   const char     *if_etag,
                   GError        **error)
{
  g_autofree char *props = twin_twin_print_props (twin);
  int64_t          now_us = twin_clock_utc_us ();
  TwinStoreTwin    row = {
       .id = twin->id,
       .model = twin->model,
       .display_name = twin->display_name,
       .lifecycle = twin_lifecycle_to_string (twin->lifecycle),
       .props = props,
       .created_us =
        twin->created_us != TWIN_TIME_NONE ? twin->created_us : now_us,
       .updated_us = now_us,
  };

  return twin_store_put_twin (store, &row, if_etag, error);
}

gboolean
twin_ctl_put_relationship (TwinStore              *store,
                           const TwinRelationship *relationship,
                           GError                **error)
{
  g_autofree char      *props = twin_relationship_print_props (relationship);
  TwinStoreRelationship row = {
    .source = relationship->source,
    .id = relationship->id,
    .name = relationship->name,
    .target = relationship->target,
    .props = props,
  };

  return twin_store_put_relationship (store, &row, error);
}

static TwinTwin *
from_row (const TwinStoreTwin *row, GError **error)
{
  TwinTwin *twin = twin_twin_from_props (row->id, row->model, row->lifecycle,
                                         row->etag, row->props, error);

  if (twin != NULL)
    {
      twin->created_us = row->created_us;
      twin->updated_us = row->updated_us;
    }
  return twin;
}

TwinTwin *
twin_ctl_load_twin (TwinStoreReader *reader, const char *id, GError **error)
{
  g_autoptr (TwinStoreTwin) row =
      twin_store_reader_get_twin (reader, id, error);

  return row != NULL ? from_row (row, error) : NULL;
}

gboolean
twin_ctl_note_edit (TwinCtl    *ctl,
                    TwinStore  *store,
                    const char *subject,
                    const char *text,
                    const char *before,
                    const char *after,
                    GError    **error)
{
  TwinStoreJournal row = {
    .time_us = twin_clock_utc_us (),
    .who = ctl->operator_name,
    .kind = "edit",
    .subject = subject,
    .text = text,
    .before = before,
    .after = after,
  };

  return twin_store_add_journal (store, &row, error);
}

/* --- import
 * ---------------------------------------------------------------------------
 */

typedef struct
{
  TwinStoreReader *reader;
  GHashTable      *found; /* id → TwinTwin */
} Elsewhere;

/* A twin that only the store has. */
static const TwinTwin *
find_elsewhere (const char *id, void *data)
{
  Elsewhere *self = data;
  TwinTwin  *twin = g_hash_table_lookup (self->found, id);

  if (twin == NULL)
    {
      twin = twin_ctl_load_twin (self->reader, id, NULL);
      if (twin != NULL)
        g_hash_table_insert (self->found, twin->id, twin);
    }

  return twin;
}

static gboolean
check_file (TwinGraphFile   *file,
            const char      *name,
            TwinStoreReader *reader,
            TwinModelSet   **models,
            GError         **error)
{
  g_autoptr (TwinModelSet) old = twin_ctl_models_load (reader, error);
  g_autoptr (GHashTable) found =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                             (GDestroyNotify) twin_twin_free);
  Elsewhere elsewhere = { reader, found };

  if (old == NULL)
    return FALSE;

  if (file->models->len > 0)
    *models = twin_graph_file_build_models (file, name, old, error);
  else
    *models = g_steal_pointer (&old);

  return *models != NULL &&
         twin_graph_file_check (file, name, *models, find_elsewhere, &elsewhere,
                                error);
}

static gboolean
write_file (TwinGraphFile *file,
            TwinModelSet  *models,
            TwinStore     *store,
            GError       **error)
{
  for (guint i = 0; i < file->models->len; i++)
    {
      JsonNode   *node = g_ptr_array_index (file->models, i);
      const char *id =
          twin_json_get_string (json_node_get_object (node), "@id");

      if (!twin_ctl_put_model (store, twin_model_set_lookup (models, id),
                               error))
        return FALSE;
    }

  for (guint i = 0; i < file->twins->len; i++)
    {
      if (!twin_ctl_put_twin (store, g_ptr_array_index (file->twins, i), NULL,
                              error))
        return FALSE;
    }

  for (guint i = 0; i < file->relationships->len; i++)
    {
      if (!twin_ctl_put_relationship (store,
                                      g_ptr_array_index (file->relationships,
                                                         i),
                                      error))
        return FALSE;
    }

  return TRUE;
}

static int
import (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (TwinStore) store = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (TwinGraphFile) file = NULL;
  g_autoptr (TwinModelSet) models = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *note = NULL;
  gsize            length;

  if (argc != 2)
    return twin_ctl_usage ("graph import needs one FILE");

  text = twin_ctl_read (argv[1], &length, &error);
  if (text == NULL)
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  file = twin_graph_file_parse (argv[1], text, (gssize) length, &error);
  if (file == NULL)
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  store = twin_ctl_open_store (ctl, &error);
  if (store == NULL)
    return twin_ctl_fail_store (error);

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL || !check_file (file, argv[1], reader, &models, &error))
    return twin_ctl_fail_store (error);

  note = g_strdup_printf ("%u models, %u twins, %u relationships imported "
                          "from %s",
                          file->models->len, file->twins->len,
                          file->relationships->len, argv[1]);
  if (!twin_store_begin (store, &error))
    return twin_ctl_fail_store (error);
  if (!write_file (file, models, store, &error) ||
      !twin_ctl_note_edit (ctl, store, NULL, note, NULL, NULL, &error) ||
      !twin_store_commit (store, &error))
    {
      twin_store_rollback (store);
      return twin_ctl_fail_store (error);
    }

  g_printerr ("%s\n", note);
  return TWIN_CTL_DONE;
}

/* --- export
 * -------------------------------------------------------------------------------
 */

static gboolean
read_models (TwinGraphFile *file, TwinStoreReader *reader, GError **error)
{
  g_autoptr (GPtrArray) rows = twin_store_reader_list_models (reader, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStoreModel *row = g_ptr_array_index (rows, i);
      JsonNode *node = twin_json_parse (row->dtmi, row->json, -1, error);

      if (node == NULL)
        return FALSE;
      g_ptr_array_add (file->models, node);
    }

  return rows != NULL;
}

static gboolean
read_store (TwinGraphFile *file, TwinStoreReader *reader, GError **error)
{
  g_autoptr (GPtrArray) twins = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  if (!read_models (file, reader, error))
    return FALSE;

  twins = twin_store_reader_list_twins (reader, error);
  for (guint i = 0; twins != NULL && i < twins->len; i++)
    {
      TwinTwin *twin = from_row (g_ptr_array_index (twins, i), error);

      if (twin == NULL)
        return FALSE;
      g_clear_pointer (&twin->etag, g_free);
      g_ptr_array_add (file->twins, twin);
    }

  rows = twin_store_reader_list_relationships (reader, NULL, error);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStoreRelationship *row = g_ptr_array_index (rows, i);
      TwinRelationship            *one =
          twin_relationship_from_props (row->source, row->id, row->name,
                                        row->target, NULL, row->props, error);

      if (one == NULL)
        return FALSE;
      g_ptr_array_add (file->relationships, one);
    }

  return twins != NULL && rows != NULL;
}

static int
export_graph (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *format = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, NULL, "json|ndjson" },
    { NULL },
  };
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (TwinGraphFile) file = twin_graph_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean         lines;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  lines = g_strcmp0 (format, "ndjson") == 0;
  if (argc != 2 || (!lines && format != NULL && strcmp (format, "json") != 0))
    return twin_ctl_usage ("graph export needs one FILE; --format is json or "
                           "ndjson");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL || !twin_store_reader_begin (reader, &error) ||
      !read_store (file, reader, &error))
    return twin_ctl_fail_store (error);
  twin_store_reader_end (reader);

  text = lines ? twin_graph_file_print_ndjson (file)
               : twin_graph_file_print_json (file);
  if (strcmp (argv[1], "-") == 0)
    {
      fputs (text, stdout);
      if (!lines)
        fputc ('\n', stdout);
    }
  else if (!g_file_set_contents (argv[1], text, -1, &error))
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  g_printerr ("%u models, %u twins, %u relationships\n", file->models->len,
              file->twins->len, file->relationships->len);
  return TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_graph_verbs[] = {
  { "graph", "import", import, "FILE", "JSON graph file or NDJSON" },
  { "graph", "export", export_graph, "[--format=json|ndjson] FILE",
    "models, twins and relationships" },
  { NULL },
};
