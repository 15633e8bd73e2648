/* SPDX-License-Identifier: Apache-2.0 */
/* Real recordings, each judged as its manifest expects. Skipped without them.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "recordings.h"
#include "twin-diagnosis.h"

#define MOST_ABSTENTIONS 1

static TwinTransform        *transform;
static TwinBearingCatalogue *catalogue;

static void
judge (const Recording *row, int *abstained)
{
  TwinShaftSpeed     shaft = { row->rpm / 60, TWIN_SPEED_NAMEPLATE };
  TwinBearing        bearing;
  TwinBearingVerdict verdict;
  const char        *name;

  g_assert_true (
      twin_bearing_resolve (catalogue, row->bearing, &bearing, NULL));
  twin_bearing_diagnose (transform, row->samples, row->n, row->rate_hz, &shaft,
                         &bearing, NULL, &verdict);
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
  g_autoptr (GPtrArray) all = recordings_load ();
  int abstained = 0;

  if (all == NULL)
    return;

  for (guint i = 0; i < all->len; i++)
    judge (g_ptr_array_index (all, i), &abstained);

  g_test_message ("%u channels, %d abstentions among plain race faults",
                  all->len, abstained);
  g_assert_cmpuint (all->len, >=, 30);
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
