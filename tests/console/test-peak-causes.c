/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-peak-causes.h"

#include <math.h>
#include <string.h>

#define N 1601
#define DF 0.5
#define SHAFT 24.7

/* Noise with lines that stand out; @hz ends with 0. Owned by the update. */
static TwinUpdate *
make_block (const double *hz)
{
  TwinBlockUpdate *block = twin_block_update_new ();
  TwinBearingItem  bearing = { g_strdup ("6205"), 0.3983, 3.5848, 5.4152,
                               2.3567 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  block->rate_hz = 2 * N * DF;
  block->n_lines = N;
  block->df_hz = DF;
  block->shaft_hz = SHAFT;
  block->speed_source = g_strdup ("tacho");
  block->facts.line_hz = 50;
  block->facts.pole_pairs = 2;
  g_array_append_val (block->facts.bearings, bearing);
  block->spectrum = g_new (double, N);
  for (int i = 0; i < N; i++)
    block->spectrum[i] = 1e-3 * g_rand_double_range (rand, 0.3, 1.5);
  /* As Hann leaves a tone on a line. */
  for (; *hz > 0; hz++)
    {
      int k = (int) round (*hz / DF);

      block->spectrum[k] = 4e-2;
      block->spectrum[k - 1] = block->spectrum[k + 1] = 2e-2;
    }

  return twin_update_new (TWIN_UPDATE_BLOCK, block);
}

/* The mock-up: 352 Hz, fourth of a slipping outer race, beside 7 × 50 Hz. */
static void
test_outer_race_beside_mains (void)
{
  static const double hz[] = { 24.5, 88, 176, 264, 352, 440, 528, 616, 0 };
  g_autoptr (TwinUpdate) update = make_block (hz);
  TwinCause        causes[TWIN_CAUSES_MAX];
  TwinCauseReading reading;
  size_t   n = twin_peak_causes_find (update->block, 352, causes, &reading);
  gboolean mains = FALSE;

  g_assert_cmpuint (n, >, 1);
  g_assert_cmpint (causes[0].kind, ==, TWIN_CAUSE_BEARING);
  g_assert_cmpstr (causes[0].family, ==, "BPFO");
  g_assert_cmpstr (causes[0].title, ==, "4× outer race of 6205");
  g_assert_cmpfloat (causes[0].score, >, 0.9);
  g_assert_cmpuint (causes[0].n_present, ==, causes[0].n_lines);
  g_assert_true (reading.present);
  for (size_t i = 0; i < n; i++)
    mains =
        mains || (causes[i].kind == TWIN_CAUSE_MAINS && causes[i].score < 0.05);
  g_assert_true (mains);
}

static void
test_twice_line (void)
{
  static const double hz[] = { 24.5, 49.5, 100, 0 };
  g_autoptr (TwinUpdate) update = make_block (hz);
  TwinCause        causes[TWIN_CAUSES_MAX];
  TwinCauseReading reading;

  g_assert_cmpuint (twin_peak_causes_find (update->block, 100, causes,
                                           &reading),
                    >, 0);
  g_assert_cmpint (causes[0].kind, ==, TWIN_CAUSE_TWICE_LINE);
}

static void
test_nothing (void)
{
  static const double hz[] = { 0 };
  g_autoptr (TwinUpdate) update = make_block (hz);
  TwinCause        causes[TWIN_CAUSES_MAX];
  TwinCauseReading reading;
  size_t           n;

  g_assert_cmpuint (twin_peak_causes_find (NULL, 50, causes, &reading), ==, 0);
  g_assert_cmpuint (twin_peak_causes_find (update->block, 0, causes, &reading),
                    ==, 0);
  g_assert_cmpuint (twin_peak_causes_find (update->block, 5000, causes,
                                           &reading),
                    ==, 0);

  /* Noise is called noise, and a block without speed or facts is asked, too. */
  update->block->shaft_hz = NAN;
  g_array_set_size (update->block->facts.bearings, 0);
  n = twin_peak_causes_find (update->block, 333, causes, &reading);
  g_assert_cmpuint (n, >, 0);
  g_assert_false (reading.present);
  g_assert_cmpint (causes[0].kind, ==, TWIN_CAUSE_UNKNOWN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/peak-causes/outer-race", test_outer_race_beside_mains);
  g_test_add_func ("/peak-causes/twice-line", test_twice_line);
  g_test_add_func ("/peak-causes/nothing", test_nothing);
  return g_test_run ();
}
