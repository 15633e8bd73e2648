/* SPDX-License-Identifier: Apache-2.0 */
/* Real recordings, each judged as its manifest expects. Skipped without them.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "twin-diagnosis.h"

#define MOST_ABSTENTIONS 2

typedef struct
{
  const char *file, *bearing, *expectation;
  double      rpm, rate_hz, scale, rms, peak, kurtosis;
} Row;

static TwinTransform        *transform;
static TwinBearingCatalogue *catalogue;

static char *
find_folder (void)
{
  const char      *told = g_getenv ("TWIN_REAL_DATA");
  g_autofree char *beside = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                              "..", "shared", "data", NULL);

  return g_build_filename (told != NULL ? told : beside, "cwru", NULL);
}

enum
{
  COLUMN_RPM = 8,
  COLUMN_RATE = 9,
  COLUMN_BEARING = 12,
  COLUMN_SCALE = 13,
  COLUMN_RMS = 14,
  COLUMN_PEAK = 15,
  COLUMN_KURTOSIS = 16,
  COLUMNS = 20,
};

/* Only the note, behind what is read here, has quotes and commas. */
static gboolean
take_row (char **cells, Row *row)
{
  guint n = g_strv_length (cells);

  if (n < COLUMNS)
    return FALSE;

  *row = (Row){
    .file = cells[0],
    .bearing = cells[COLUMN_BEARING],
    .expectation = g_strstrip (cells[n - 1]),
    .rpm = g_ascii_strtod (cells[COLUMN_RPM], NULL),
    .rate_hz = g_ascii_strtod (cells[COLUMN_RATE], NULL),
    .scale = g_ascii_strtod (cells[COLUMN_SCALE], NULL),
    .rms = g_ascii_strtod (cells[COLUMN_RMS], NULL),
    .peak = g_ascii_strtod (cells[COLUMN_PEAK], NULL),
    .kurtosis = g_ascii_strtod (cells[COLUMN_KURTOSIS], NULL),
  };
  return TRUE;
}

static void
judge (const char *folder, const Row *row, int *abstained)
{
  g_autofree char   *path = g_build_filename (folder, row->file, NULL);
  g_autofree char   *bytes = NULL;
  g_autofree double *samples = NULL;
  gsize              length;
  size_t             n;
  TwinShaftSpeed     shaft = { row->rpm / 60, TWIN_SPEED_NAMEPLATE };
  TwinBearing        bearing;
  TwinBearingVerdict verdict;
  const char        *name;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  n = length / 2;
  samples = g_new (double, n);
  for (size_t i = 0; i < n; i++)
    {
      gint16 word;

      memcpy (&word, bytes + 2 * i, 2);
      samples[i] = row->scale * (gint16) GINT16_FROM_LE (word);
    }

  g_assert_true (
      twin_bearing_resolve (catalogue, row->bearing, &bearing, NULL));
  twin_bearing_diagnose (transform, samples, n, row->rate_hz, &shaft, &bearing,
                         NULL, &verdict);
  name = twin_element_name (verdict.verdict);
  g_test_message ("%s: %s, z %.1f, expected: %s", row->file, name,
                  verdict.best_z, row->expectation);

  g_assert_cmpfloat_with_epsilon (verdict.scalars.rms / row->rms, 1, 1e-3);
  g_assert_cmpfloat_with_epsilon (verdict.scalars.extreme, row->peak, 1e-3);
  g_assert_cmpfloat_with_epsilon (verdict.scalars.kurtosis / row->kurtosis, 1,
                                  1e-3);

  if (strcmp (row->expectation, "inner") == 0 ||
      strcmp (row->expectation, "outer") == 0)
    {
      if (!twin_element_is_fault (verdict.verdict))
        (*abstained)++;
      else
        g_assert_cmpstr (name, ==, row->expectation);
    }
  else if (strstr (row->expectation, " or inconclusive") != NULL)
    {
      if (twin_element_is_fault (verdict.verdict))
        g_assert_true (g_str_has_prefix (row->expectation, name));
      else
        g_assert_cmpstr (name, ==, "inconclusive");
    }
  else
    g_assert_false (twin_element_is_fault (verdict.verdict));
}

static void
test_manifest (void)
{
  g_autofree char *folder = find_folder ();
  g_autofree char *path = g_build_filename (folder, "manifest.csv", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  int judged = 0, abstained = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    {
      g_test_skip ("no real recordings beside the project (TWIN_REAL_DATA)");
      return;
    }

  lines = g_strsplit (text, "\n", -1);
  for (int i = 1; lines[i] != NULL; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], ",", -1);
      Row row;

      if (take_row (cells, &row))
        {
          judge (folder, &row, &abstained);
          judged++;
        }
    }

  g_test_message ("%d channels, %d abstentions among plain race faults", judged,
                  abstained);
  g_assert_cmpint (judged, >=, 30);
  g_assert_cmpint (abstained, <=, MOST_ABSTENTIONS);
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL, *text = NULL;
  int              status;

  g_test_init (&argc, &argv, NULL);
  path = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"), "data",
                           "bearings.csv", NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  catalogue = twin_bearing_catalogue_parse (text, path, NULL);
  g_assert_nonnull (catalogue);
  transform = twin_transform_new ();
  g_test_add_func ("/analysis/cwru/every-channel-as-expected", test_manifest);

  status = g_test_run ();
  twin_transform_free (transform);
  twin_bearing_catalogue_free (catalogue);
  return status;
}
