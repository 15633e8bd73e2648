/* SPDX-License-Identifier: Apache-2.0 */
/* twin-severity.h - vibration severity zones in the manner of ISO 20816-3
 *
 * Boundaries as of ISO 20816-3:2022, annex A, quoted from third-party sources;
 * check against the standard before claiming conformity. Group and support are
 * declared by the user, never inferred. Pure functions, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TWIN_SEVERITY_ZONE_UNKNOWN, /* not assignable */
  TWIN_SEVERITY_ZONE_A,
  TWIN_SEVERITY_ZONE_B,
  TWIN_SEVERITY_ZONE_C,
  TWIN_SEVERITY_ZONE_D,
} TwinSeverityZone;

typedef enum
{
  TWIN_SEVERITY_GROUP_UNDECLARED,
  TWIN_SEVERITY_GROUP_1, /* over 300 kW; electrical: shaft height ≥ 315 mm */
  TWIN_SEVERITY_GROUP_2, /* 15 to 300 kW; 160 mm ≤ shaft height < 315 mm */
  TWIN_SEVERITY_GROUP_OUTSIDE, /* declared to be out of the part's scope: under
                                  15 kW, a reciprocating machine … */
} TwinSeverityGroup;

typedef enum
{
  TWIN_SEVERITY_SUPPORT_UNDECLARED,
  TWIN_SEVERITY_SUPPORT_RIGID,
  TWIN_SEVERITY_SUPPORT_FLEXIBLE,
} TwinSeveritySupport;

/* Boundaries in mm/s r.m.s., ascending. */
typedef struct
{
  double a_b, b_c, c_d;
} TwinSeverityLimits;

/* FALSE when group or support is undeclared, or the machine outside. */
gboolean twin_severity_limits (TwinSeverityGroup   group,
                               TwinSeveritySupport support,
                               TwinSeverityLimits *limits);

/* @velocity: broad-band, 10 to 1000 Hz (2 to 1000 Hz at 600 1/min and less),
 * mm/s r.m.s.; NaN when the sensor is dead. A reading exactly on a boundary
 * belongs to the better zone. @limits NULL: unknown. */
TwinSeverityZone twin_severity_zone (const TwinSeverityLimits *limits,
                                     double                    velocity);

/* Where the broad band begins: 2 Hz at 600 1/min and less, else 10 Hz, also
 * where the speed is not known (0, NaN). */
double twin_severity_low_hz (double shaft_hz);

/* Whether a record covers the whole band from @low_hz to 1000 Hz: rate ≥ 2560
 * Hz, and ten periods of the lowest frequency: 1 s of 10 Hz, 5 s of 2 Hz. */
gboolean twin_severity_covers_band (double rate_hz,
                                    double seconds,
                                    double low_hz);

/* The alarm in the manner of ISO 20816-3, 6.5.2: @baseline_mm_s, what this
 * machine has when healthy, and a quarter of the boundary B/C more, but at most
 * 1.25 times that boundary. Mm/s r.m.s.; NaN without a baseline. The trip lies
 * within zone C or above, with the user. */
double twin_severity_alarm (const TwinSeverityLimits *limits,
                            double                    baseline_mm_s);

/* "Zone B · ISO 20816-3 group 2, rigid", or why it is not assignable. Caller
 * frees. */
char *twin_severity_describe (TwinSeverityGroup   group,
                              TwinSeveritySupport support,
                              double              velocity,
                              gboolean            covers_band);

/* "1" or "group1" …, "outside", "rigid" …; anything else is undeclared. */
TwinSeverityGroup   twin_severity_group_parse (const char *text);
TwinSeveritySupport twin_severity_support_parse (const char *text);

G_END_DECLS
