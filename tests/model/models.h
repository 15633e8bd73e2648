/* SPDX-License-Identifier: Apache-2.0 */
/* models.h - the demo plant's models and roles, for tests */
#pragma once

#include <string.h>

#include "twin-model-set.h"
#include "twin-roles.h"

static inline char *
demo_path (const char *name)
{
  return g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"), "data", name, NULL);
}

static inline TwinModelSet *
demo_models (void)
{
  g_autofree char *folder = demo_path ("demo/models");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) sources =
      g_array_new (FALSE, FALSE, sizeof (TwinModelSource));
  g_autoptr (GError) error = NULL;
  TwinModelSet *set;
  const char   *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      TwinModelSource  source = { NULL, NULL, -1 };
      char            *text = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, &error));
      g_ptr_array_add (texts, g_strdup (name));
      source.name = g_ptr_array_index (texts, texts->len - 1);
      g_ptr_array_add (texts, text);
      source.text = text;
      g_array_append_val (sources, source);
    }

  set = twin_model_set_new_checked ((TwinModelSource *) (void *) sources->data,
                                    sources->len, &error);
  g_assert_no_error (error);
  return set;
}

static inline TwinRoles *
demo_roles (void)
{
  g_autofree char *path = demo_path ("roles.json");
  g_autoptr (GError) error = NULL;
  TwinRoles *roles = twin_roles_load (path, &error);

  g_assert_no_error (error);
  return roles;
}
