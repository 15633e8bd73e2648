/* SPDX-License-Identifier: Apache-2.0 */
/* twin-thermal-fit.h - a thermal twin with one thing changed, fitted to what
 * was measured; private to app/prognosis
 */
#pragma once

#include "twin-thermal-cause.h"

G_BEGIN_DECLS

/* After a longer one between two points a simulation begins anew. */
#define TWIN_THERMAL_GAP_S 600.0

/* Beside the causes: what is fitted to tell more. */
enum
{
  TWIN_THERMAL_REFIT = TWIN_THERMAL_CAUSES,
  TWIN_THERMAL_OTHER_LOAD,
};

/* One hypothesis: two numbers, the size in the middle and its growth. */
typedef struct
{
  double value, rate; /* per day; value 0: as usual */
} TwinThermalChange;

typedef struct
{
  const TwinThermalModel *usual;
  const TwinThermalPoint *points;
  size_t                  n;
  int64_t                 middle_us;
} TwinThermalSpan;

typedef struct
{
  int               cause; /* TwinThermalCause, or of the enum above */
  TwinThermalChange change;
  double            error; /* mean square, K² */
  gboolean          able;
} TwinThermalFit;

/* Room for three numbers a point. */
typedef struct
{
  double *error, *by_value, *by_rate; /* one a point */
} TwinThermalWork;

/* Writes what would be measured less what was, NaN where a point does not
 * count; returns how many count. */
size_t twin_thermal_simulate (const TwinThermalSpan   *span,
                              int                      cause,
                              const TwinThermalChange *change,
                              double                  *error);

double twin_thermal_mean_square (const double *error, size_t n, size_t counted);

/* @days: that are judged; the scale of a growth. */
void twin_thermal_fit (const TwinThermalSpan *span,
                       int                    cause,
                       double                 days,
                       TwinThermalWork       *work,
                       TwinThermalFit        *out);

G_END_DECLS
