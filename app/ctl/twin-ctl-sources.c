/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-sources.h"

#include <string.h>

enum
{
  MOST_DEPTH = 16, /* of folders; a link may lead back up */
};

static int
compare_paths (const void *a, const void *b)
{
  const char *const *x = a;
  const char *const *y = b;

  return strcmp (*x, *y);
}

static gboolean collect_folder (GPtrArray  *files,
                                const char *path,
                                int         depth,
                                GError    **error);

/* @path, or every .json below it when it is a folder; sorted. What is called
 * .json is taken for a file, which spares asking the system thousands of
 * times; what is not is looked into when it is a folder. */
static gboolean
collect_inner (GPtrArray *files, const char *path, int depth, GError **error)
{
  if (g_str_has_suffix (path, ".json"))
    {
      g_ptr_array_add (files, g_strdup (path));
      return TRUE;
    }

  return depth > MOST_DEPTH || !g_file_test (path, G_FILE_TEST_IS_DIR) ||
         collect_folder (files, path, depth, error);
}

static gboolean
collect_folder (GPtrArray *files, const char *path, int depth, GError **error)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (folder == NULL)
    return FALSE;

  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, compare_paths);

  for (guint i = 0; i < names->len; i++)
    {
      if (!collect_inner (files, g_ptr_array_index (names, i), depth + 1,
                          error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
collect_files (GPtrArray *files, const char *path, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return collect_folder (files, path, 0, error);

  g_ptr_array_add (files, g_strdup (path));
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
      if (!collect_files (self->files, argv[i], error))
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
