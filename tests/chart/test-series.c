/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-chart-series-private.h"

#include <math.h>

/* What fill_column must find, sample by sample. */
static TwinChartColumn
by_hand (const double *x, const double *y, gsize n, double from, double to)
{
  TwinChartColumn column = { INFINITY, -INFINITY, NAN, NAN, 0, FALSE };

  for (gsize i = 0; i < n; i++)
    {
      if (x[i] < from || x[i] >= to)
        continue;

      if (isnan (y[i]))
        {
          column.gap = TRUE;
          continue;
        }

      if (column.n++ == 0)
        column.first = y[i];
      column.last = y[i];
      column.min = MIN (column.min, y[i]);
      column.max = MAX (column.max, y[i]);
    }

  return column;
}

static void
assert_same (const TwinChartColumn *got, const TwinChartColumn *want)
{
  g_assert_cmpuint (got->n, ==, want->n);
  g_assert_cmpint (got->gap, ==, want->gap);

  if (want->n == 0)
    return;

  g_assert_cmpfloat (got->min, ==, want->min);
  g_assert_cmpfloat (got->max, ==, want->max);
  g_assert_cmpfloat (got->first, ==, want->first);
  g_assert_cmpfloat (got->last, ==, want->last);
}

/* Random records, uneven and with gaps: every column exactly as by hand. */
static void
test_columns_exact (void)
{
  enum
  {
    MAX_N = 6000,
    COLUMNS = 37
  };
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autofree double *x = g_new (double, MAX_N);
  g_autofree double *y = g_new (double, MAX_N);

  g_test_message ("seed %u", seed);

  for (int round = 0; round < 60; round++)
    {
      g_autoptr (TwinChartSeries) series = twin_chart_series_new ();
      gsize           n = (gsize) g_rand_int_range (rand, 1, MAX_N);
      gboolean        uniform = g_rand_boolean (rand);
      double          t = g_rand_double_range (rand, -5, 5);
      double          edges[COLUMNS + 1];
      TwinChartColumn columns[COLUMNS];

      for (gsize i = 0; i < n; i++)
        {
          x[i] = uniform ? 0.25 * (double) i : t;
          t += g_rand_double (rand);
          y[i] = g_rand_double_range (rand, -1, 1);
        }
      for (int gap = 0; gap < g_rand_int_range (rand, 0, 12); gap++)
        {
          gsize start = (gsize) g_rand_int_range (rand, 0, (gint32) n);
          gsize end = MIN (n, start + (gsize) g_rand_int_range (rand, 1, 400));

          for (gsize i = start; i < end; i++)
            y[i] = NAN;
        }

      if (uniform)
        twin_chart_series_set_uniform (series, 0, 0.25, y, n);
      else
        twin_chart_series_set (series, x, y, n);
      for (int i = 0; i <= COLUMNS; i++)
        edges[i] = x[0] - 3 + (x[n - 1] - x[0] + 7) * i / COLUMNS;

      twin_chart_series_columns (series, edges, COLUMNS, columns);
      for (int i = 0; i < COLUMNS; i++)
        {
          TwinChartColumn want = by_hand (x, y, n, edges[i], edges[i + 1]);

          assert_same (&columns[i], &want);
        }
    }
}

/* One sample among a million must not be lost by drawing. */
static void
test_single_spike_survives (void)
{
  enum
  {
    N = 1000000,
    COLUMNS = 900
  };
  g_autoptr (TwinChartSeries) series = twin_chart_series_new ();
  g_autofree double          *y = g_new0 (double, N);
  g_autofree TwinChartColumn *columns = g_new (TwinChartColumn, COLUMNS);
  double                      edges[COLUMNS + 1];

  y[654321] = 7;
  twin_chart_series_set_uniform (series, 0, 1, y, N);
  for (int i = 0; i <= COLUMNS; i++)
    edges[i] = (double) N * i / COLUMNS;
  twin_chart_series_columns (series, edges, COLUMNS, columns);

  for (int i = 0; i < COLUMNS; i++)
    g_assert_cmpfloat (columns[i].max, ==,
                       edges[i] <= 654321 && 654321 < edges[i + 1] ? 7 : 0);
}

/* Columns of ten million samples may not cost as much as reading them. */
static void
test_cost_does_not_grow (void)
{
  enum
  {
    COLUMNS = 900,
    ROUNDS = 20
  };
  static const gsize sizes[] = { 20000, 10000000 };
  double             us[2];

  for (int k = 0; k < 2; k++)
    {
      g_autoptr (TwinChartSeries) series = twin_chart_series_new ();
      g_autofree double          *y = g_new0 (double, sizes[k]);
      g_autofree TwinChartColumn *columns = g_new (TwinChartColumn, COLUMNS);
      double                      edges[COLUMNS + 1];
      gint64                      start;

      twin_chart_series_set_uniform (series, 0, 1, y, sizes[k]);
      for (int i = 0; i <= COLUMNS; i++)
        edges[i] = (double) sizes[k] * i / COLUMNS;
      start = g_get_monotonic_time ();
      for (int i = 0; i < ROUNDS; i++)
        twin_chart_series_columns (series, edges, COLUMNS, columns);
      us[k] = (double) (g_get_monotonic_time () - start) / ROUNDS;
    }

  g_test_message ("900 columns: %.0f us of 20,000 samples, %.0f us of "
                  "10,000,000",
                  us[0], us[1]);
  /* 500 times the samples; the yardstick would be 500. */
  g_assert_cmpfloat (us[1], <, 40 * us[0] + 2000);
}

static void
test_gaps (void)
{
  static const double y[] = { NAN, 1, 2, NAN, NAN, 3, NAN, 4, 5, NAN };
  g_autoptr (TwinChartSeries) series = twin_chart_series_new ();
  g_autoptr (GArray) gaps = g_array_new (FALSE, FALSE, sizeof (TwinChartGap));
  static const TwinChartGap want[] = { { 0, 1 }, { 2, 5 }, { 5, 7 }, { 8, 9 } };

  twin_chart_series_set_uniform (series, 0, 1, y, G_N_ELEMENTS (y));
  twin_chart_series_gaps (series, -10, 20, 0, gaps);
  g_assert_cmpuint (gaps->len, ==, G_N_ELEMENTS (want));
  for (guint i = 0; i < gaps->len; i++)
    {
      g_assert_cmpfloat (g_array_index (gaps, TwinChartGap, i).from, ==,
                         want[i].from);
      g_assert_cmpfloat (g_array_index (gaps, TwinChartGap, i).to, ==,
                         want[i].to);
    }

  /* A view inside one, and neighbours joined to one. */
  twin_chart_series_gaps (series, 3.2, 3.4, 0, gaps);
  g_assert_cmpuint (gaps->len, ==, 1);
  g_assert_cmpfloat (g_array_index (gaps, TwinChartGap, 0).from, ==, 2);
  twin_chart_series_gaps (series, -10, 20, 0.5, gaps);
  g_assert_cmpuint (gaps->len, ==, 3);
}

static void
test_all_nan_and_empty (void)
{
  static const double y[40] = { NAN, NAN };
  double              nans[40], edges[] = { 0, 20, 40 };
  TwinChartColumn     columns[2];
  double              min = 5, max = 5;
  g_autoptr (TwinChartSeries) series = twin_chart_series_new ();

  g_assert_cmpuint (twin_chart_series_nearest (series, 3), ==, G_MAXSIZE);
  twin_chart_series_columns (series, edges, 2, columns);
  g_assert_cmpuint (columns[0].n, ==, 0);
  g_assert_false (columns[0].gap);

  for (int i = 0; i < 40; i++)
    nans[i] = NAN;
  twin_chart_series_set_uniform (series, 0, 1, nans, 40);
  g_assert_false (twin_chart_series_range (series, 0, 40, &min, &max));
  g_assert_cmpfloat (min, ==, 5);
  twin_chart_series_columns (series, edges, 2, columns);
  g_assert_cmpuint (columns[1].n, ==, 0);
  g_assert_true (columns[1].gap);

  twin_chart_series_set_uniform (series, 0, 1, y, 40);
  g_assert_true (twin_chart_series_range (series, 0, 40, &min, &max));
  g_assert_cmpfloat (max, ==, 0);
}

static void
test_out_of_order (void)
{
  static const double x[] = { 0, 1, 2, 1.5, 3 };
  static const double y[] = { 1, 2, 3, 4, 5 };
  g_autoptr (TwinChartSeries) series = twin_chart_series_new ();

  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "*Sample 3*out of order*");
  twin_chart_series_set (series, x, y, G_N_ELEMENTS (x));
  g_test_assert_expected_messages ();
  g_assert_cmpuint (twin_chart_series_get_n (series), ==, 3);
}

static void
test_nearest (void)
{
  static const double x[] = { 0, 1, 10 };
  static const double y[] = { 5, 6, 7 };
  g_autoptr (TwinChartSeries) series = twin_chart_series_new ();

  twin_chart_series_set (series, x, y, 3);
  g_assert_cmpuint (twin_chart_series_nearest (series, -4), ==, 0);
  g_assert_cmpuint (twin_chart_series_nearest (series, 0.4), ==, 0);
  g_assert_cmpuint (twin_chart_series_nearest (series, 5), ==, 1);
  g_assert_cmpuint (twin_chart_series_nearest (series, 6), ==, 2);
  g_assert_cmpuint (twin_chart_series_nearest (series, 99), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/series/columns-exact", test_columns_exact);
  g_test_add_func ("/chart/series/single-spike-survives",
                   test_single_spike_survives);
  g_test_add_func ("/chart/series/cost-does-not-grow", test_cost_does_not_grow);
  g_test_add_func ("/chart/series/gaps", test_gaps);
  g_test_add_func ("/chart/series/all-nan-and-empty", test_all_nan_and_empty);
  g_test_add_func ("/chart/series/out-of-order", test_out_of_order);
  g_test_add_func ("/chart/series/nearest", test_nearest);
  return g_test_run ();
}
