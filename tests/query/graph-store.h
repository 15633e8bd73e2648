/* SPDX-License-Identifier: Apache-2.0 */
/* graph-store.h - a store of its own with a graph in it, gone after the test */
#pragma once

#include <glib/gstdio.h>

#include "twin-graph-file.h"
#include "twin-json.h"
#include "twin-query.h"
#include "twin-store-graph.h"

typedef struct
{
  char            *folder, *path;
  TwinStore       *store;
  TwinStoreReader *reader;
} GraphStore;

static inline void
graph_store_open (GraphStore *self)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("twin-query-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "plant.db", NULL);
  self->store = twin_store_open (self->path, TWIN_STORE_EDITOR, &error);
  g_assert_no_error (error);
  self->reader = twin_store_reader_open (self->path, &error);
  g_assert_no_error (error);
}

static inline void
graph_store_close (GraphStore *self)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  twin_store_reader_close (self->reader);
  twin_store_close (self->store);
  dir = g_dir_open (self->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->path);
}

static inline void
graph_store_put (GraphStore *self, const TwinGraphFile *file)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (twin_store_begin (self->store, &error));
  for (guint i = 0; i < file->models->len; i++)
    {
      JsonNode        *node = g_ptr_array_index (file->models, i);
      g_autofree char *text = twin_json_print (node, FALSE);
      TwinStoreModel   row = {
          .dtmi = twin_json_get_string (json_node_get_object (node), "@id"),
          .json = text,
      };

      twin_store_put_model (self->store, &row, &error);
      g_assert_no_error (error);
    }

  for (guint i = 0; i < file->twins->len; i++)
    {
      const TwinTwin  *twin = g_ptr_array_index (file->twins, i);
      g_autofree char *props = twin_twin_print_props (twin);
      TwinStoreTwin    row = { .id = twin->id,
                               .model = twin->model,
                               .display_name = twin->display_name,
                               .lifecycle = "in service",
                               .props = props };

      twin_store_put_twin (self->store, &row, NULL, &error);
      g_assert_no_error (error);
    }

  for (guint i = 0; i < file->relationships->len; i++)
    {
      const TwinRelationship *one = g_ptr_array_index (file->relationships, i);
      g_autofree char        *props = twin_relationship_print_props (one);
      TwinStoreRelationship   row = { .source = one->source,
                                      .id = one->id,
                                      .name = one->name,
                                      .target = one->target,
                                      .props = props };

      twin_store_put_relationship (self->store, &row, NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_true (twin_store_commit (self->store, &error));
}
