/* SPDX-License-Identifier: Apache-2.0 */
/* twin-vibration-unit.h - one spectrum in the units people ask for
 *
 * Acceleration in g r.m.s. a line becomes m/s², velocity or displacement by
 * division by 2πf once or twice, and peak or peak to peak by √2 or 2√2, which
 * holds for a line that is a sine. Pure functions, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TWIN_VIBRATION_G,
  TWIN_VIBRATION_M_S2,
  TWIN_VIBRATION_MM_S,
  TWIN_VIBRATION_UM,
} TwinVibrationUnit;

typedef enum
{
  TWIN_VIBRATION_RMS,
  TWIN_VIBRATION_PEAK,
  TWIN_VIBRATION_PEAK_TO_PEAK,
} TwinVibrationMeasure;

/* Symbol, "mm/s". */
const char *twin_vibration_unit_symbol (TwinVibrationUnit unit);

/* "Velocity, mm/s r.m.s."; caller frees. */
char *twin_vibration_title (TwinVibrationUnit    unit,
                            TwinVibrationMeasure measure);

/* @g: g r.m.s. at @hz; velocity and displacement at 0 Hz are 0, for a mean
 * acceleration is no vibration. */
double twin_vibration_convert (double               g,
                               double               hz,
                               TwinVibrationUnit    unit,
                               TwinVibrationMeasure measure);

/* Converts @n lines at i·df_hz; caller frees. */
double *twin_vibration_convert_lines (const double        *g,
                                      gsize                n,
                                      double               df_hz,
                                      TwinVibrationUnit    unit,
                                      TwinVibrationMeasure measure);

G_END_DECLS
