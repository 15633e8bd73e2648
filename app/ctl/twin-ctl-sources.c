/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-sources.h"

#include <string.h>

static int
compare_paths (const void *a, const void *b)
{
  const char *const *x = a;
  const char *const *y = b;

  return strcmp (*x, *y);
}

/* @path, or every .json below it when it is a folder; sorted. */
static gboolean
collect_files (GPtrArray *files, const char *path, int depth, GError **error)
{
  g_autoptr (GDir) folder = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_ptr_array_add (files, g_strdup (path));
      return TRUE;
    }

  folder = g_dir_open (path, 0, error);
  if (folder == NULL)
    return FALSE;

  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, compare_paths);

  for (guint i = 0; i < names->len; i++)
    {
      const char *inner = g_ptr_array_index (names, i);
      gboolean    is_folder = g_file_test (inner, G_FILE_TEST_IS_DIR);

      if ((is_folder && depth > 16) ||
          (!is_folder && !g_str_has_suffix (inner, ".json")))
        continue;
      if (!collect_files (files, inner, depth + 1, error))
        return FALSE;
    }

  return TRUE;
}

void
twin_ctl_sources_clear (TwinCtlSources *self)
{
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_clear_pointer (&self->sources, g_array_unref);
}

void
twin_ctl_sources_init (TwinCtlSources *self)
{
  self->files = g_ptr_array_new_with_free_func (g_free);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  self->sources = g_array_new (FALSE, FALSE, sizeof (TwinModelSource));
}

gboolean
twin_ctl_sources_read (TwinCtlSources *self,
                       int             argc,
                       char          **argv,
                       GError        **error)
{
  for (int i = 1; i < argc; i++)
    {
      if (!collect_files (self->files, argv[i], 0, error))
        return FALSE;
    }

  for (guint i = 0; i < self->files->len; i++)
    {
      TwinModelSource source = { 0 };
      gsize           length;
      char           *text;

      source.name = g_ptr_array_index (self->files, i);
      text = twin_ctl_read (source.name, &length, error);
      if (text == NULL)
        return FALSE;

      g_ptr_array_add (self->texts, text);
      source.text = text;
      source.length = (gssize) length;
      g_array_append_val (self->sources, source);
    }

  return TRUE;
}
