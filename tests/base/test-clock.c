/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-clock.h"

#include <math.h>

static void
test_round_trip (void)
{
  static const int64_t cases[] = { 0, 1, 999999, INT64_C (1795603338123457),
                                   INT64_C (4102444799999999) };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const double seconds = twin_clock_seconds_from_us (cases[i]);

      g_assert_cmpint (twin_clock_us_from_seconds (seconds), ==, cases[i]);
    }
}

static void
test_nonsense_is_no_time (void)
{
  g_assert_cmpint (twin_clock_us_from_seconds (NAN), ==, TWIN_TIME_NONE);
  g_assert_cmpint (twin_clock_us_from_seconds (INFINITY), ==, TWIN_TIME_NONE);
  g_assert_cmpint (twin_clock_us_from_seconds (1e300), ==, TWIN_TIME_NONE);
}

static void
test_text (void)
{
  g_autofree char *text = twin_clock_format_utc (INT64_C (1795603338123457));
  int64_t          utc_us;

  g_assert_cmpstr (text, ==, "2026-11-25T10:42:18.123Z");
  g_assert_true (twin_clock_parse_utc ("2026-11-25T11:42:18.5+01:00", &utc_us));
  g_assert_cmpint (utc_us, ==, INT64_C (1795603338500000));
  g_assert_true (twin_clock_parse_utc ("2026-11-25T10:42Z", &utc_us));
  g_assert_cmpint (utc_us, ==, INT64_C (1795603320000000));
  g_assert_true (twin_clock_parse_utc ("2026-11-25T11:42+01:00", &utc_us));
  g_assert_cmpint (utc_us, ==, INT64_C (1795603320000000));
  g_assert_false (twin_clock_parse_utc ("yesterday", &utc_us));
  g_assert_false (twin_clock_parse_utc ("2026-11-25T10:42", &utc_us));
  g_assert_false (twin_clock_parse_utc ("2026-11-25T10:4ZZ", &utc_us));
  g_assert_false (twin_clock_parse_utc ("", &utc_us));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/clock/round-trip", test_round_trip);
  g_test_add_func ("/base/clock/nonsense-is-no-time", test_nonsense_is_no_time);
  g_test_add_func ("/base/clock/text", test_text);
  return g_test_run ();
}
