/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-peak-causes.h"

#include <math.h>

#define N 1601
#define DF 0.5
#define SHAFT 24.7

static void
add_tone (TwinBlockUpdate *block, const char *name, double order)
{
  TwinTone tone = { g_strdup (name), order * SHAFT, order };

  g_array_append_val (block->tones, tone);
}

/* A flat floor with lines that stand out; @hz ends with 0. Owned by the
 * update. */
static TwinUpdate *
make_block (const double *hz)
{
  TwinBlockUpdate *block = twin_block_update_new ();

  block->n_lines = N;
  block->df_hz = DF;
  block->spectrum = g_new (double, N);
  for (int i = 0; i < N; i++)
    block->spectrum[i] = 1e-3;
  for (; *hz > 0; hz++)
    block->spectrum[(int) round (*hz / DF)] = 2e-2;

  add_tone (block, "BPFO", 3.585);
  add_tone (block, "BPFI", 5.415);
  add_tone (block, "Shaft", 1);
  return twin_update_new (TWIN_UPDATE_BLOCK, block);
}

static const TwinPeakCause *
nth (const GArray *causes, guint i)
{
  g_assert_cmpuint (causes->len, >, i);
  return &g_array_index (causes, TwinPeakCause, i);
}

/* The mock-up: 352 Hz, fourth of a slipping outer race, beside 7 × 50 Hz. */
static void
test_outer_race_beside_mains (void)
{
  static const double hz[] = { 88, 176, 264, 352, 440, 528, 616, 704, 0 };
  g_autoptr (TwinUpdate) update = make_block (hz);
  g_autoptr (GArray) causes = twin_peak_causes_find (update->block, 352, 50);

  g_assert_cmpstr (nth (causes, 0)->family, ==, "BPFO");
  g_assert_cmpstr (nth (causes, 0)->title, ==, "Outer-race defect");
  g_assert_cmpfloat (nth (causes, 0)->score, >, 0.6);
  g_assert_nonnull (g_strrstr (nth (causes, 0)->evidence, "4× BPFO"));
  g_assert_nonnull (g_strrstr (nth (causes, 0)->evidence, "8 of 8"));
  g_assert_true (nth (causes, causes->len - 1)->ruled_out);
  g_assert_null (nth (causes, causes->len - 1)->family);
}

/* On 100 Hz exactly, with no comb of anything, the mains come first. */
static void
test_mains (void)
{
  static const double hz[] = { 100, 0 };
  g_autoptr (TwinUpdate) update = make_block (hz);
  g_autoptr (GArray) causes = twin_peak_causes_find (update->block, 100, 50);

  g_assert_null (nth (causes, 0)->family);
  g_assert_false (nth (causes, 0)->ruled_out);
}

/* The shaft does not slip: two lines away it is another thing. */
static void
test_shaft_does_not_slip (void)
{
  static const double hz[] = { 24.5, 49.5, 0 };
  g_autoptr (TwinUpdate) update = make_block (hz);
  g_autoptr (GArray) on = twin_peak_causes_find (update->block, 24.7, 0);
  g_autoptr (GArray) off = twin_peak_causes_find (update->block, 26.2, 0);

  g_assert_cmpstr (nth (on, 0)->family, ==, "Shaft");
  g_assert_cmpuint (off->len, ==, 0);
}

static void
test_nothing (void)
{
  static const double hz[] = { 0 };
  g_autoptr (TwinUpdate) update = make_block (hz);
  g_autoptr (GArray) none = twin_peak_causes_find (NULL, 50, 50);
  g_autoptr (GArray) zero = twin_peak_causes_find (update->block, 0, 50);
  /* Beyond the last line there is nothing to compare with, and no crash. */
  g_autoptr (GArray) beyond = twin_peak_causes_find (update->block, 5000, 50);

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (zero->len, ==, 0);
  for (guint i = 0; i < beyond->len; i++)
    g_assert_true (isfinite (nth (beyond, i)->score));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/peak-causes/outer-race-beside-mains",
                   test_outer_race_beside_mains);
  g_test_add_func ("/console/peak-causes/mains", test_mains);
  g_test_add_func ("/console/peak-causes/shaft-does-not-slip",
                   test_shaft_does_not_slip);
  g_test_add_func ("/console/peak-causes/nothing", test_nothing);
  return g_test_run ();
}
