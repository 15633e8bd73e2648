/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-vibration-unit.h"

/* 1 g r.m.s. at ω = 1000/s: 9.80665 m/s², 9.80665 mm/s, 9.80665 µm. */
static void
test_known_sine (void)
{
  const double hz = 1000 / (2 * G_PI);

  g_assert_cmpfloat_with_epsilon (twin_vibration_convert (1, hz,
                                                          TWIN_VIBRATION_G,
                                                          TWIN_VIBRATION_RMS),
                                  1, 1e-12);
  g_assert_cmpfloat_with_epsilon (twin_vibration_convert (1, hz,
                                                          TWIN_VIBRATION_M_S2,
                                                          TWIN_VIBRATION_RMS),
                                  9.80665, 1e-9);
  g_assert_cmpfloat_with_epsilon (twin_vibration_convert (1, hz,
                                                          TWIN_VIBRATION_MM_S,
                                                          TWIN_VIBRATION_RMS),
                                  9.80665, 1e-9);
  g_assert_cmpfloat_with_epsilon (twin_vibration_convert (1, hz,
                                                          TWIN_VIBRATION_UM,
                                                          TWIN_VIBRATION_RMS),
                                  9.80665, 1e-9);
  g_assert_cmpfloat_with_epsilon (twin_vibration_convert (1, hz,
                                                          TWIN_VIBRATION_G,
                                                          TWIN_VIBRATION_PEAK),
                                  1.4142135623731, 1e-12);
  g_assert_cmpfloat_with_epsilon (
      twin_vibration_convert (1, hz, TWIN_VIBRATION_G,
                              TWIN_VIBRATION_PEAK_TO_PEAK),
      2.8284271247462, 1e-12);
}

/* A mean acceleration, gravity above all, must not become a velocity. */
static void
test_zero_hz (void)
{
  g_assert_cmpfloat (twin_vibration_convert (1, 0, TWIN_VIBRATION_MM_S,
                                             TWIN_VIBRATION_RMS),
                     ==, 0);
  g_assert_cmpfloat (twin_vibration_convert (1, 0, TWIN_VIBRATION_UM,
                                             TWIN_VIBRATION_RMS),
                     ==, 0);
  g_assert_cmpfloat (twin_vibration_convert (1, 0, TWIN_VIBRATION_G,
                                             TWIN_VIBRATION_RMS),
                     ==, 1);
}

static void
test_lines (void)
{
  static const double g[] = { 1, 1, 1 };
  g_autofree double  *lines =
      twin_vibration_convert_lines (g, 3, 50, TWIN_VIBRATION_MM_S,
                                    TWIN_VIBRATION_RMS);

  g_assert_cmpfloat (lines[0], ==, 0);
  g_assert_cmpfloat_with_epsilon (lines[1], 2 * lines[2], 1e-12);
}

static void
test_title (void)
{
  g_autofree char *title =
      twin_vibration_title (TWIN_VIBRATION_MM_S, TWIN_VIBRATION_RMS);

  g_assert_cmpstr (title, ==, "Velocity, mm/s r.m.s.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/vibration-unit/known-sine", test_known_sine);
  g_test_add_func ("/console/vibration-unit/zero-hz", test_zero_hz);
  g_test_add_func ("/console/vibration-unit/lines", test_lines);
  g_test_add_func ("/console/vibration-unit/title", test_title);
  return g_test_run ();
}
