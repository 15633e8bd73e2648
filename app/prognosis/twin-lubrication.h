/* SPDX-License-Identifier: Apache-2.0 */
/* twin-lubrication.h - viscosity, film and cleanliness of a bearing's lubricant
 *
 * Pure functions, any thread. NaN in, or values that cannot be: NaN out.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Kinematic viscosity of the oil, of a grease that of its base oil, mm²/s. */
typedef struct
{
  double v40, v100; /* at 40 and 100 °C: v40 > v100 > 0.3 */
} TwinOil;

/* ISO VG @grade (mm²/s at 40 °C, 2..3200), mineral with viscosity index ≈ 95:
 * v100 by the straight line that such oils follow, within some 5 %. */
void twin_oil_from_grade (TwinOil *oil, double grade);

/* Walther's line, ASTM D341: log log (ν + 0.7) = A - B log T. */
double twin_oil_viscosity (const TwinOil *oil, double celsius);

/* ν1, mm²/s, the viscosity that a bearing of pitch diameter @pitch_mm needs at
 * @rpm > 0 (ISO 281:2007, 9.3.2). */
double twin_lubrication_reference (double rpm, double pitch_mm);

/* κ = ν(T)/ν1 at the bearing's temperature. */
double twin_lubrication_kappa (const TwinOil *oil,
                               double         celsius,
                               double         rpm,
                               double         pitch_mm);

/* Cleanliness classes of ISO 281:2007, table 4. */
typedef enum
{
  TWIN_CLEANLINESS_EXTREME, /* particles as small as the film: laboratory */
  TWIN_CLEANLINESS_HIGH,    /* fine filter; sealed and greased for life */
  TWIN_CLEANLINESS_NORMAL,  /* good filter; shielded bearings */
  TWIN_CLEANLINESS_SLIGHT,
  TWIN_CLEANLINESS_TYPICAL, /* no seal, coarse filter, wear particles */
  TWIN_CLEANLINESS_SEVERE,
  TWIN_N_CLEANLINESSES,
} TwinCleanliness;

/* "extreme", "high", "normal", "slight", "typical", "severe": what a twin's
 * property says. -1: another word. */
const char *twin_cleanliness_name (TwinCleanliness cleanliness);
int         twin_cleanliness_from_name (const char *name);

/* eC, 0..1, as the class's range; @middle (may be NULL) gets its middle.
 * Bearings of 100 mm pitch and more bear dirt better. */
void twin_cleanliness_ec (TwinCleanliness cleanliness,
                          double          pitch_mm,
                          double         *least,
                          double         *most,
                          double         *middle);

/* Hours that grease lasts at @celsius if it lasts @hours_at_70 at 70 °C: half
 * for each 15 K above, no more below (rule of thumb of all makers). */
double twin_grease_life_h (double hours_at_70, double celsius);

G_END_DECLS
