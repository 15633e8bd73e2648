/* SPDX-License-Identifier: Apache-2.0 */
#include "recordings.h"

#include <string.h>

enum
{
  COLUMN_RECORD = 1,
  COLUMN_RPM = 8,
  COLUMN_RATE = 9,
  COLUMN_BEARING = 12,
  COLUMN_SCALE = 13,
  COLUMN_RMS = 14,
  COLUMN_PEAK = 15,
  COLUMN_KURTOSIS = 16,
  COLUMNS = 20,
};

static char *
find_folder (void)
{
  const char      *told = g_getenv ("TWIN_REAL_DATA");
  g_autofree char *beside = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                              "..", "shared", "data", NULL);

  return g_build_filename (told != NULL ? told : beside, "cwru", NULL);
}

static void
recording_free (void *data)
{
  Recording *self = data;

  g_free (self->file);
  g_free (self->machine);
  g_free (self->bearing);
  g_free (self->expectation);
  g_free (self->samples);
  g_free (self);
}

static void
read_samples (Recording *self, const char *folder, double scale)
{
  g_autofree char *path = g_build_filename (folder, self->file, NULL);
  g_autofree char *bytes = NULL;
  gsize            length;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  self->n = length / 2;
  self->samples = g_new (double, self->n);
  for (size_t i = 0; i < self->n; i++)
    {
      gint16 word;

      memcpy (&word, bytes + 2 * i, 2);
      self->samples[i] = scale * (gint16) GINT16_FROM_LE (word);
    }
}

/* Only the note, behind what is read here, has quotes and commas. */
static Recording *
take_row (char **cells, const char *folder)
{
  Recording *self;
  guint      n = g_strv_length (cells);

  if (n < COLUMNS)
    return NULL;

  self = g_new0 (Recording, 1);
  self->file = g_strdup (cells[0]);
  self->machine = g_strdup (cells[COLUMN_RECORD]);
  self->bearing = g_strdup (cells[COLUMN_BEARING]);
  self->expectation = g_strdup (g_strstrip (cells[n - 1]));
  self->rpm = g_ascii_strtod (cells[COLUMN_RPM], NULL);
  self->rate_hz = g_ascii_strtod (cells[COLUMN_RATE], NULL);
  self->rms = g_ascii_strtod (cells[COLUMN_RMS], NULL);
  self->peak = g_ascii_strtod (cells[COLUMN_PEAK], NULL);
  self->kurtosis = g_ascii_strtod (cells[COLUMN_KURTOSIS], NULL);
  read_samples (self, folder, g_ascii_strtod (cells[COLUMN_SCALE], NULL));
  return self;
}

GPtrArray *
recordings_load (void)
{
  GPtrArray       *all = g_ptr_array_new_with_free_func (recording_free);
  g_autofree char *folder = find_folder ();
  g_autofree char *path = g_build_filename (folder, "manifest.csv", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    {
      g_test_skip ("no real recordings beside the project (TWIN_REAL_DATA)");
      g_ptr_array_unref (all);
      return NULL;
    }

  lines = g_strsplit (text, "\n", -1);
  for (int i = 1; lines[i] != NULL; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], ",", -1);
      Recording *row = take_row (cells, folder);

      if (row != NULL)
        g_ptr_array_add (all, row);
    }

  return all;
}
