/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-life-plot.h"

#include <math.h>

/* Every future crosses the threshold when its life is over. */
static void
test_fan_crosses_at_quantiles (void)
{
  enum
  {
    N = 2000
  };
  TwinLifeUpdate life = { .threshold = 3.5,
                          .p05_s = 12,
                          .p25_s = 16,
                          .p50_s = 19,
                          .p75_s = 23,
                          .p95_s = 31,
                          .now_us = 0 };
  TwinFanPoint   points[N];

  g_assert_cmpuint (twin_life_plot_make_fan (&life, 2, points, N), ==, N);
  g_assert_cmpfloat (points[0].q05, ==, 2);
  g_assert_cmpfloat (points[0].q95, ==, 2);

  for (int i = 0; i < N; i++)
    {
      g_assert_cmpfloat (points[i].q05, <=, points[i].q25);
      g_assert_cmpfloat (points[i].q25, <=, points[i].q50);
      g_assert_cmpfloat (points[i].q50, <=, points[i].q75);
      g_assert_cmpfloat (points[i].q75, <=, points[i].q95);
      g_assert_cmpint (points[i].q95 >= 3.5, ==, points[i].time_s >= 12 - 1e-9);
      g_assert_cmpint (points[i].q50 >= 3.5, ==, points[i].time_s >= 19 - 1e-9);
      g_assert_cmpint (points[i].q05 >= 3.5, ==, points[i].time_s >= 31 - 1e-9);
    }
}

/* Not estimable is no fan at all, not a narrow one. */
static void
test_no_fan_without_quantiles (void)
{
  TwinLifeUpdate life = { .threshold = 3.5,
                          .p05_s = 12,
                          .p25_s = 16,
                          .p50_s = NAN,
                          .p75_s = 23,
                          .p95_s = 31 };
  TwinFanPoint   points[8];

  g_assert_cmpuint (twin_life_plot_make_fan (&life, 2, points, 8), ==, 0);
  life.p50_s = 19;
  g_assert_cmpuint (twin_life_plot_make_fan (&life, NAN, points, 8), ==, 0);
  life.threshold = NAN;
  g_assert_cmpuint (twin_life_plot_make_fan (&life, 2, points, 8), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/life-plot/fan-crosses-at-quantiles",
                   test_fan_crosses_at_quantiles);
  g_test_add_func ("/console/life-plot/no-fan-without-quantiles",
                   test_no_fan_without_quantiles);
  return g_test_run ();
}
