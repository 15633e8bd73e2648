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

/* FALSE when group or support is undeclared. */
gboolean twin_severity_limits (TwinSeverityGroup   group,
                               TwinSeveritySupport support,
                               TwinSeverityLimits *limits);

/* @velocity: broad-band, 10 to 1000 Hz (2 to 1000 Hz at 600 1/min and less),
 * mm/s r.m.s.; NaN when the sensor is dead. A reading exactly on a boundary
 * belongs to the better zone. @limits NULL: unknown. */
TwinSeverityZone twin_severity_zone (const TwinSeverityLimits *limits,
                                     double                    velocity);

/* Whether a record covers the whole band: rate ≥ 2560 Hz and at least 1 s. */
gboolean twin_severity_covers_band (double rate_hz, double seconds);

/* "Zone B · ISO 20816-3 group 2, rigid", or why it is not assignable. Caller
 * frees. */
char *twin_severity_describe (TwinSeverityGroup   group,
                              TwinSeveritySupport support,
                              double              velocity,
                              gboolean            covers_band);

/* "1" or "group1" …, "rigid" …; anything else is undeclared. */
TwinSeverityGroup   twin_severity_group_parse (const char *text);
TwinSeveritySupport twin_severity_support_parse (const char *text);

G_END_DECLS
