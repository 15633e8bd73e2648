/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-roles.h"

#include <string.h>

/* SenML units and DTDL's names for them, to SI. Factors are exact but for
 * those of rad/s and horsepower (mechanical, 550 ft·lbf/s). */
static const struct
{
  const char *unit;
  double      factor, offset;
} units[] = {
  { "1/min", 1 / 60.0, 0 },
  { "revolutionPerMinute", 1 / 60.0, 0 },
  { "1/s", 1, 0 },
  { "Hz", 1, 0 },
  { "hertz", 1, 0 },
  { "kilohertz", 1000, 0 },
  { "revolutionPerSecond", 1, 0 },
  { "radianPerSecond", 0.15915494309189535, 0 },
  { "degreePerSecond", 1 / 360.0, 0 },
  { "m/s2", 1, 0 },
  { "metrePerSecondSquared", 1, 0 },
  { "centimetrePerSecondSquared", 0.01, 0 },
  { "gForce", 9.80665, 0 },
  { "m/s", 1, 0 },
  { "mm/s", 0.001, 0 },
  { "metrePerSecond", 1, 0 },
  { "centimetrePerSecond", 0.01, 0 },
  { "Cel", 1, 0 },
  { "degreeCelsius", 1, 0 },
  { "K", 1, -273.15 },
  { "kelvin", 1, -273.15 },
  { "degreeFahrenheit", 5 / 9.0, -32 },
  { "A", 1, 0 },
  { "ampere", 1, 0 },
  { "milliampere", 0.001, 0 },
  { "kiloampere", 1000, 0 },
  { "V", 1, 0 },
  { "volt", 1, 0 },
  { "W", 1, 0 },
  { "watt", 1, 0 },
  { "kilowatt", 1000, 0 },
  { "megawatt", 1e6, 0 },
  { "horsepower", 745.6998715822702, 0 },
  { "s", 1, 0 },
  { "second", 1, 0 },
  { "minute", 60, 0 },
  { "h", 3600, 0 },
  { "hour", 3600, 0 },
  { "day", 86400, 0 },
  { "m", 1, 0 },
  { "metre", 1, 0 },
  { "centimetre", 0.01, 0 },
  { "millimetre", 0.001, 0 },
  { "inch", 0.0254, 0 },
  { "rad", 1, 0 },
  { "radian", 1, 0 },
  { "degreeOfArc", G_PI / 180, 0 },
  { "turn", 2 * G_PI, 0 },
  { "/", 1, 0 },
  { "unity", 1, 0 },
  { "percent", 0.01, 0 },
};

gboolean
twin_unit_to_si (const char *unit, double *factor, double *offset)
{
  *factor = 1;
  *offset = 0;

  for (size_t i = 0; unit != NULL && i < G_N_ELEMENTS (units); i++)
    {
      if (strcmp (units[i].unit, unit) == 0)
        {
          *factor = units[i].factor;
          *offset = units[i].offset;
          return TRUE;
        }
    }

  return FALSE;
}
