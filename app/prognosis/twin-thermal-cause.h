/* SPDX-License-Identifier: Apache-2.0 */
/* twin-thermal-cause.h - why a bearing is not as warm as it should be
 *
 * Each cause is a thermal twin with one thing changed, by an amount that may
 * also grow. All are fitted to the same hours, and a cause is named when it is
 * 20 times likelier than any other and than none. What cannot be told apart in
 * these hours (a load that never changes, a machine that never stops) is
 * "undetermined", and the sentence says between what. Pure functions, any
 * thread; some milliseconds for a day.
 */
#pragma once

#include "twin-thermal.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_THERMAL_UNKNOWN,     /* undetermined */
  TWIN_THERMAL_NORMAL,      /* no cause explains more than none does */
  TWIN_THERMAL_SENSOR,      /* the reading is off by a constant or a ramp */
  TWIN_THERMAL_COOLING,     /* less heat is carried away: also slower */
  TWIN_THERMAL_OVERCOOLING, /* more is, or the reading's scale is off */
  TWIN_THERMAL_FRICTION,    /* more heat, as fast as usual */
  TWIN_THERMAL_LOAD_SENSOR, /* more or less heat by load alone */
  TWIN_THERMAL_CAUSES,
} TwinThermalCause;

/* "undetermined", "normal", "sensor offset", "degraded cooling",
 * "over-cooling", "more friction", "load reading wrong". */
const char *twin_thermal_cause_name (TwinThermalCause cause);

/* What was known in one minute. */
typedef struct
{
  int64_t time_us;
  float   ambient_c, load, speed, measured_c; /* measured NaN: none */
  float   other_load; /* load by another measurement (current); NaN: none */
} TwinThermalPoint;

typedef struct
{
  TwinThermalCause cause;
  TwinThermalCause next; /* the likeliest other one */
  double           odds; /* of the cause over the next, up to 1e9 */
  double           size; /* now: K, or the share of the usual heat
                            transfer, friction, load that there is */
  double per_day;        /* how that grows; 0: it does not, clearly */
  double hours;          /* that were judged */
  double offset_k;       /* residual = offset + slope · predicted rise */
  double slope;
  double standstill_k;          /* residual after 5 τ stopped; NaN: none */
  double tau_ratio, load_ratio; /* refitted over usual */
  char   why[320];              /* a sentence or two */
} TwinThermalVerdict;

/**
 * twin_thermal_judge:
 * @usual: the model of the healthy bearing
 * @points: ascending in time; after a gap of 10 minutes and at the begin the
 *   first 3 τ are not judged
 *
 * At least 5 τ and an hour have to be left, or the cause is undetermined.
 */
void twin_thermal_judge (const TwinThermalModel *usual,
                         const TwinThermalPoint *points,
                         size_t                  n,
                         TwinThermalVerdict     *out);

G_END_DECLS
