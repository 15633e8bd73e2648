/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-lubrication.h"

#include <math.h>

#define KELVIN 273.15
#define WALTHER 0.7
#define LARGE_PITCH_MM 100
#define GREASE_C 70
#define GREASE_HALVES_K 15

void
twin_oil_from_grade (TwinOil *oil, double grade)
{
  /* Through VG 32 (5.4 at 100 °C) and VG 320 (24). */
  oil->v40 = grade;
  oil->v100 =
      grade >= 2 && grade <= 3200 ? 5.4 * pow (grade / 32, 0.6478) : NAN;
}

static double
walther (double viscosity)
{
  return log10 (log10 (viscosity + WALTHER));
}

double
twin_oil_viscosity (const TwinOil *oil, double celsius)
{
  double cold = log10 (40 + KELVIN), hot = log10 (100 + KELVIN);
  double slope, here;

  if (!(oil->v40 > oil->v100) || !(oil->v100 > 1 - WALTHER) ||
      !(celsius > -KELVIN))
    return NAN;

  slope = (walther (oil->v40) - walther (oil->v100)) / (hot - cold);
  here = walther (oil->v40) - slope * (log10 (celsius + KELVIN) - cold);
  return pow (10, pow (10, here)) - WALTHER;
}

double
twin_lubrication_reference (double rpm, double pitch_mm)
{
  if (!(rpm > 0) || !(pitch_mm > 0))
    return NAN;

  return (rpm < 1000 ? 45000 * pow (rpm, -0.83) : 4500 / sqrt (rpm)) /
         sqrt (pitch_mm);
}

double
twin_lubrication_kappa (const TwinOil *oil,
                        double         celsius,
                        double         rpm,
                        double         pitch_mm)
{
  return twin_oil_viscosity (oil, celsius) /
         twin_lubrication_reference (rpm, pitch_mm);
}

static const struct
{
  const char *name;
  double      small[2], large[2]; /* least, most */
} classes[TWIN_N_CLEANLINESSES] = {
  [TWIN_CLEANLINESS_EXTREME] = { "extreme", { 1, 1 }, { 1, 1 } },
  [TWIN_CLEANLINESS_HIGH] = { "high", { 0.6, 0.8 }, { 0.8, 0.9 } },
  [TWIN_CLEANLINESS_NORMAL] = { "normal", { 0.5, 0.6 }, { 0.6, 0.8 } },
  [TWIN_CLEANLINESS_SLIGHT] = { "slight", { 0.3, 0.5 }, { 0.4, 0.6 } },
  [TWIN_CLEANLINESS_TYPICAL] = { "typical", { 0.1, 0.3 }, { 0.2, 0.4 } },
  [TWIN_CLEANLINESS_SEVERE] = { "severe", { 0, 0.1 }, { 0, 0.1 } },
};

const char *
twin_cleanliness_name (TwinCleanliness cleanliness)
{
  g_return_val_if_fail (cleanliness < TWIN_N_CLEANLINESSES, "typical");

  return classes[cleanliness].name;
}

int
twin_cleanliness_from_name (const char *name)
{
  for (int i = 0; i < TWIN_N_CLEANLINESSES; i++)
    if (g_strcmp0 (name, classes[i].name) == 0)
      return i;

  return -1;
}

void
twin_cleanliness_ec (TwinCleanliness cleanliness,
                     double          pitch_mm,
                     double         *least,
                     double         *most,
                     double         *middle)
{
  const double *range;

  g_return_if_fail (cleanliness < TWIN_N_CLEANLINESSES);

  range = pitch_mm >= LARGE_PITCH_MM ? classes[cleanliness].large
                                     : classes[cleanliness].small;
  if (least != NULL)
    *least = range[0];
  if (most != NULL)
    *most = range[1];
  if (middle != NULL)
    *middle = (range[0] + range[1]) / 2;
}

double
twin_grease_life_h (double hours_at_70, double celsius)
{
  if (!(hours_at_70 > 0) || isnan (celsius))
    return NAN;

  return hours_at_70 * exp2 (-fmax (celsius - GREASE_C, 0) / GREASE_HALVES_K);
}
