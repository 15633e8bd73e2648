/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-meter.h"

static void
test_quantiles_within_five_percent (void)
{
  TwinMeter       *meter = twin_meter_new ();
  TwinMeterFigures figures;

  for (int i = 1; i <= 10000; i++)
    twin_meter_note (meter, i == 10000 ? "slow" : "quick", i);

  twin_meter_read (meter, &figures);
  g_assert_cmpuint (figures.count, ==, 10000);
  g_assert_cmpint (figures.max_us, ==, 10000);
  g_assert_cmpstr (figures.slowest, ==, "slow");
  g_assert_cmpfloat_with_epsilon ((double) figures.p50_us, 5000, 250);
  g_assert_cmpfloat_with_epsilon ((double) figures.p99_us, 9900, 495);

  twin_meter_reset (meter);
  twin_meter_read (meter, &figures);
  g_assert_cmpuint (figures.count, ==, 0);
  g_assert_cmpint (figures.p99_us, ==, 0);
  twin_meter_free (meter);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/meter/quantiles-within-five-percent",
                   test_quantiles_within_five_percent);
  return g_test_run ();
}
