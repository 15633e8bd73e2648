/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-paths.h"

char *
twin_paths_dup_data_dir (void)
{
  const char *given = g_getenv ("TWIN_DATA_DIR");

  if (given != NULL && *given != '\0')
    return g_strdup (given);
  if (g_file_test (TWIN_PKGDATADIR "/roles.json", G_FILE_TEST_IS_REGULAR))
    return g_strdup (TWIN_PKGDATADIR);

  return g_strdup (TWIN_SOURCE_DIR "/data");
}

char *
twin_paths_dup_node_program (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  static const char *const places[] = { "twin-node",
                                        "../../firmware/port/posix/twin-node",
                                        "../../firmware/twin-node",
                                        "../firmware/port/posix/twin-node" };

  for (size_t i = 0; folder != NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (folder, places[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) &&
          !g_file_test (path, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&path);
    }

  return g_find_program_in_path ("twin-node");
}

char *
twin_paths_dup_recordings (void)
{
  const char       *given = g_getenv ("TWIN_REAL_DATA");
  const char *const folders[] = { given, TWIN_SOURCE_DIR "/../shared/data" };

  for (size_t i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *probe = NULL;

      if (folders[i] == NULL)
        continue;

      probe = g_build_filename (folders[i], "cwru", NULL);
      if (g_file_test (probe, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&probe);
    }

  return NULL;
}
