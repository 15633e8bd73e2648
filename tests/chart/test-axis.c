/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-chart-axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static TwinChartTick ticks[TWIN_CHART_MAX_TICKS];

/* Labels of the major ticks, separated by spaces; caller frees. */
static char *
labels (const TwinChartAxis *axis, gsize wanted)
{
  gsize n = twin_chart_axis_ticks (axis, wanted, ticks, G_N_ELEMENTS (ticks));
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    {
      if (ticks[i].major)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " | " : "",
                                ticks[i].label);
    }

  return g_string_free (text, FALSE);
}

static void
test_linear_ticks (void)
{
  static const struct
  {
    double      min;
    double      max;
    gsize       wanted;
    const char *labels;
  } cases[] = {
    { 0, 800, 8, "0 | 100 | 200 | 300 | 400 | 500 | 600 | 700 | 800" },
    { 0, 0.8, 4, "0.0 | 0.2 | 0.4 | 0.6 | 0.8" },
    { -0.6, 0.6, 3, "−0.5 | 0.0 | 0.5" },
    { 0.3, 4.1, 4, "1 | 2 | 3 | 4" },
    { 0, 1, 4, "0.00 | 0.25 | 0.50 | 0.75 | 1.00" },
    { 1e-9, 4e-9, 4, "1e-09 | 2e-09 | 3e-09 | 4e-09" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwinChartAxis axis =
          twin_chart_axis (TWIN_CHART_SCALE_LINEAR, cases[i].min, cases[i].max);
      g_autofree char *got = labels (&axis, cases[i].wanted);

      g_assert_cmpstr (got, ==, cases[i].labels);
    }
}

/* However odd the range: never more than asked for and one, never none. */
static void
test_linear_count (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (int i = 0; i < 2000; i++)
    {
      double        min = g_rand_double_range (rand, -1e3, 1e3);
      double        span = pow (10, g_rand_double_range (rand, -6, 6));
      gsize         wanted = (gsize) g_rand_int_range (rand, 2, 20);
      gsize         n;
      TwinChartAxis axis =
          twin_chart_axis (TWIN_CHART_SCALE_LINEAR, min, min + span);

      n = twin_chart_axis_ticks (&axis, wanted, ticks, G_N_ELEMENTS (ticks));
      g_assert_cmpuint (n, <=, wanted + 1);
      g_assert_cmpuint (n, >=, wanted / 3);
      for (gsize k = 1; k < n; k++)
        g_assert_cmpfloat (ticks[k].value, >, ticks[k - 1].value);
    }
}

static void
test_orders (void)
{
  TwinChartAxis    axis = twin_chart_axis (TWIN_CHART_SCALE_LINEAR, 0, 100);
  g_autofree char *got = NULL;

  axis.factor = 1 / 25.0; /* shaft 25 Hz: 0 to 4 orders */
  got = labels (&axis, 4);
  g_assert_cmpstr (got, ==, "0 | 1 | 2 | 3 | 4");
  g_assert_cmpfloat_with_epsilon (ticks[1].value, 25, 1e-9);
}

static void
test_log_ticks (void)
{
  TwinChartAxis    wide = twin_chart_axis (TWIN_CHART_SCALE_LOG, 1e-4, 0.1);
  TwinChartAxis    small = twin_chart_axis (TWIN_CHART_SCALE_LOG, 0.02, 0.9);
  TwinChartAxis    huge = twin_chart_axis (TWIN_CHART_SCALE_LOG, 1e-12, 1);
  g_autofree char *a = labels (&wide, 6);
  g_autofree char *b = NULL, *c = NULL;
  gsize n = twin_chart_axis_ticks (&wide, 6, ticks, G_N_ELEMENTS (ticks));

  g_assert_cmpstr (a, ==, "0.0001 | 0.001 | 0.01 | 0.1");
  g_assert_cmpuint (n, ==, 3 * 9 + 1);
  b = labels (&small, 6);
  g_assert_cmpstr (b, ==, "0.02 | 0.05 | 0.1 | 0.2 | 0.5");
  c = labels (&huge, 4);
  g_assert_cmpstr (c, ==, "10⁻¹² | 10⁻⁸ | 0.0001 | 1");
}

static double
at (int year, int month, int day, int hour, int minute)
{
  g_autoptr (GDateTime) time =
      g_date_time_new_local (year, month, day, hour, minute, 0);

  return (double) g_date_time_to_unix (time);
}

static void
test_time_ticks (void)
{
  TwinChartAxis evening =
      twin_chart_axis (TWIN_CHART_SCALE_TIME, at (2026, 11, 23, 20, 10),
                       at (2026, 11, 24, 4, 10));
  TwinChartAxis weeks =
      twin_chart_axis (TWIN_CHART_SCALE_TIME, at (2026, 11, 1, 5, 0),
                       at (2026, 11, 30, 0, 0));
  TwinChartAxis years =
      twin_chart_axis (TWIN_CHART_SCALE_TIME, at (2025, 10, 5, 0, 0),
                       at (2026, 9, 1, 0, 0));
  TwinChartAxis seconds =
      twin_chart_axis (TWIN_CHART_SCALE_TIME, at (2026, 11, 24, 10, 42),
                       at (2026, 11, 24, 10, 43));
  g_autofree char *a = labels (&evening, 4);
  g_autofree char *b = labels (&weeks, 5);
  g_autofree char *c = labels (&years, 4);
  g_autofree char *d = labels (&seconds, 4);

  g_assert_cmpstr (a, ==, "22:00 | 24 Nov | 02:00 | 04:00");
  /* Mondays. */
  g_assert_cmpstr (b, ==, "2 Nov | 9 Nov | 16 Nov | 23 Nov | 30 Nov");
  g_assert_cmpstr (c, ==, "2026 | Apr | Jul");
  g_assert_cmpstr (d, ==,
                   "24 Nov 10:42:00 | 10:42:15 | 10:42:30 | 10:42:45 | "
                   "10:43:00" +
                       strlen ("24 Nov "));
}

/* The clock goes back at 03:00 on 25 October 2026: ticks keep local hours. */
static void
test_time_ticks_across_dst (void)
{
  TwinChartAxis axis =
      twin_chart_axis (TWIN_CHART_SCALE_TIME, at (2026, 10, 24, 0, 0),
                       at (2026, 10, 27, 0, 0));
  g_autofree char *got = labels (&axis, 4);

  g_assert_cmpstr (got, ==, "24 Oct | 25 Oct | 26 Oct | 27 Oct");
  g_assert_cmpfloat (ticks[2].value - ticks[1].value, ==, 25 * 3600.0);
}

static void
test_fraction (void)
{
  TwinChartAxis linear = twin_chart_axis (TWIN_CHART_SCALE_LINEAR, -2, 6);
  TwinChartAxis log_axis = twin_chart_axis (TWIN_CHART_SCALE_LOG, 0.01, 100);

  g_assert_cmpfloat_with_epsilon (twin_chart_axis_fraction (&linear, 0), 0.25,
                                  1e-12);
  g_assert_cmpfloat_with_epsilon (twin_chart_axis_fraction (&log_axis, 1), 0.5,
                                  1e-12);
  g_assert_true (isnan (twin_chart_axis_fraction (&log_axis, 0)));
  g_assert_true (isnan (twin_chart_axis_fraction (&log_axis, -1)));
  g_assert_true (isnan (twin_chart_axis_fraction (&linear, NAN)));

  for (double f = -0.5; f < 1.6; f += 0.1)
    {
      double a = twin_chart_axis_value (&linear, f);
      double b = twin_chart_axis_value (&log_axis, f);

      g_assert_cmpfloat_with_epsilon (twin_chart_axis_fraction (&linear, a), f,
                                      1e-9);
      g_assert_cmpfloat_with_epsilon (twin_chart_axis_fraction (&log_axis, b),
                                      f, 1e-9);
    }
}

static void
test_invalid (void)
{
  TwinChartAxis axes[] = {
    twin_chart_axis (TWIN_CHART_SCALE_LINEAR, 1, 1),
    twin_chart_axis (TWIN_CHART_SCALE_LINEAR, 2, 1),
    twin_chart_axis (TWIN_CHART_SCALE_LINEAR, NAN, 1),
    twin_chart_axis (TWIN_CHART_SCALE_LINEAR, 0, INFINITY),
    twin_chart_axis (TWIN_CHART_SCALE_LOG, 0, 1),
    { TWIN_CHART_SCALE_LINEAR, 0, 1, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (axes); i++)
    {
      g_assert_false (twin_chart_axis_is_valid (&axes[i]));
      g_assert_cmpuint (twin_chart_axis_ticks (&axes[i], 5, ticks, 10), ==, 0);
    }
}

static void
test_zoom_stays_inside (void)
{
  TwinChartAxis full = twin_chart_axis (TWIN_CHART_SCALE_LINEAR, 0, 800);
  TwinChartAxis view = full;

  /* What is under the pointer stays there. */
  twin_chart_axis_zoom (&view, &full, 0.25, 0.5, 1);
  g_assert_cmpfloat_with_epsilon (twin_chart_axis_value (&view, 0.25), 200,
                                  1e-9);
  g_assert_cmpfloat_with_epsilon (view.max - view.min, 400, 1e-9);
  twin_chart_axis_pan (&view, &full, -10);
  g_assert_cmpfloat (view.min, ==, 0);
  twin_chart_axis_pan (&view, &full, 10);
  g_assert_cmpfloat (view.max, ==, 800);
  twin_chart_axis_zoom (&view, &full, 0.5, 1e-9, 4);
  g_assert_cmpfloat_with_epsilon (view.max - view.min, 4, 1e-9);
  twin_chart_axis_zoom (&view, &full, 0.5, 1e9, 4);
  g_assert_cmpfloat (view.min, ==, 0);
  g_assert_cmpfloat (view.max, ==, 800);
}

static void
test_format (void)
{
  static const struct
  {
    double      value;
    int         digits;
    const char *text;
  } cases[] = {
    { 0.0521, 3, "0.0521" }, { 176.04, 4, "176.0" }, { -0.6, 1, "−0.6" },
    { 0, 3, "0" },           { NAN, 3, "—" },        { 2.34e-7, 2, "2.3e-07" },
    { 99.96, 3, "100.0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *got =
          twin_chart_format (cases[i].value, cases[i].digits);

      g_assert_cmpstr (got, ==, cases[i].text);
    }
}

static void
test_format_age (void)
{
  static const struct
  {
    double      seconds;
    const char *text;
  } cases[] = {
    { 0.4, "0.4 s" }, { -3, "0.0 s" },   { 12, "12 s" },    { 840, "14 min" },
    { 10800, "3 h" }, { 518400, "6 d" }, { INFINITY, "—" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *got = twin_chart_format_age (cases[i].seconds);

      g_assert_cmpstr (got, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  /* Labels are in local time, so the test says where it is. */
  g_setenv ("TZ", "Europe/Berlin", TRUE);
  tzset ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/axis/linear-ticks", test_linear_ticks);
  g_test_add_func ("/chart/axis/linear-count", test_linear_count);
  g_test_add_func ("/chart/axis/orders", test_orders);
  g_test_add_func ("/chart/axis/log-ticks", test_log_ticks);
  g_test_add_func ("/chart/axis/time-ticks", test_time_ticks);
  g_test_add_func ("/chart/axis/time-ticks-across-dst",
                   test_time_ticks_across_dst);
  g_test_add_func ("/chart/axis/fraction", test_fraction);
  g_test_add_func ("/chart/axis/invalid", test_invalid);
  g_test_add_func ("/chart/axis/zoom-stays-inside", test_zoom_stays_inside);
  g_test_add_func ("/chart/axis/format", test_format);
  g_test_add_func ("/chart/axis/format-age", test_format_age);
  return g_test_run ();
}
