/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-vibration-unit.h"

#include <glib/gi18n.h>
#include <math.h>

#define STANDARD_GRAVITY 9.80665 /* m/s², ISO 80000-3 */

const char *
twin_vibration_unit_symbol (TwinVibrationUnit unit)
{
  static const char *const symbols[] = { "g", "m/s²", "mm/s", "µm" };

  return symbols[unit];
}

char *
twin_vibration_title (TwinVibrationUnit unit, TwinVibrationMeasure measure)
{
  static const char *const quantities[] = { N_ ("Acceleration"),
                                            N_ ("Acceleration"),
                                            N_ ("Velocity"),
                                            N_ ("Displacement") };
  static const char *const measures[] = { N_ ("r.m.s."), N_ ("peak"),
                                          N_ ("peak to peak") };

  /* Translators: quantity, unit, measure: "Velocity, mm/s r.m.s." */
  return g_strdup_printf (_ ("%s, %s %s"), _ (quantities[unit]),
                          twin_vibration_unit_symbol (unit),
                          _ (measures[measure]));
}

double
twin_vibration_convert (double               g,
                        double               hz,
                        TwinVibrationUnit    unit,
                        TwinVibrationMeasure measure)
{
  static const double measures[] = { 1, G_SQRT2, 2 * G_SQRT2 };
  const double        omega = 2 * G_PI * hz;
  double              value = g * measures[measure];

  switch (unit)
    {
    case TWIN_VIBRATION_M_S2:
      return value * STANDARD_GRAVITY;
    case TWIN_VIBRATION_MM_S:
      return omega > 0 ? value * STANDARD_GRAVITY * 1e3 / omega : 0;
    case TWIN_VIBRATION_UM:
      return omega > 0 ? value * STANDARD_GRAVITY * 1e6 / (omega * omega) : 0;
    case TWIN_VIBRATION_G:
    default:
      return value;
    }
}

double *
twin_vibration_convert_lines (const double        *g,
                              gsize                n,
                              double               df_hz,
                              TwinVibrationUnit    unit,
                              TwinVibrationMeasure measure)
{
  double *lines = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    lines[i] = twin_vibration_convert (g[i], (double) i * df_hz, unit, measure);

  return lines;
}
