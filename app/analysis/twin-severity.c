/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-severity.h"

#include <math.h>
#include <string.h>

#define SLOW_HZ 10.0 /* 600 1/min */
#define PERIODS 10   /* of the lowest frequency */

/* ISO 20816-3:2022, annex A, tables A.1 and A.2: mm/s r.m.s. */
static const TwinSeverityLimits limits_of[2][2] = {
  { { 2.3, 4.5, 7.1 }, { 3.5, 7.1, 11.0 } },
  { { 1.4, 2.8, 4.5 }, { 2.3, 4.5, 7.1 } },
};

gboolean
twin_severity_limits (TwinSeverityGroup   group,
                      TwinSeveritySupport support,
                      TwinSeverityLimits *limits)
{
  if ((group != TWIN_SEVERITY_GROUP_1 && group != TWIN_SEVERITY_GROUP_2) ||
      support == TWIN_SEVERITY_SUPPORT_UNDECLARED)
    return FALSE;

  *limits = limits_of[group - TWIN_SEVERITY_GROUP_1]
                     [support - TWIN_SEVERITY_SUPPORT_RIGID];
  return TRUE;
}

TwinSeverityZone
twin_severity_zone (const TwinSeverityLimits *limits, double velocity)
{
  if (limits == NULL || !(velocity >= 0))
    return TWIN_SEVERITY_ZONE_UNKNOWN;
  if (velocity <= limits->a_b)
    return TWIN_SEVERITY_ZONE_A;
  if (velocity <= limits->b_c)
    return TWIN_SEVERITY_ZONE_B;
  if (velocity <= limits->c_d)
    return TWIN_SEVERITY_ZONE_C;

  return TWIN_SEVERITY_ZONE_D;
}

double
twin_severity_low_hz (double shaft_hz)
{
  return shaft_hz > 0 && shaft_hz <= SLOW_HZ ? 2 : 10;
}

gboolean
twin_severity_covers_band (double rate_hz, double seconds, double low_hz)
{
  return rate_hz >= 2560 && seconds >= PERIODS / low_hz - 1e-6;
}

double
twin_severity_alarm (const TwinSeverityLimits *limits, double baseline_mm_s)
{
  if (!(baseline_mm_s >= 0))
    return NAN;

  return fmin (baseline_mm_s + 0.25 * limits->b_c, 1.25 * limits->b_c);
}

char *
twin_severity_describe (TwinSeverityGroup   group,
                        TwinSeveritySupport support,
                        double              velocity,
                        gboolean            covers_band)
{
  TwinSeverityLimits limits;

  if (group == TWIN_SEVERITY_GROUP_UNDECLARED)
    return g_strdup ("Zone not assignable: machine group is not declared");
  if (group == TWIN_SEVERITY_GROUP_OUTSIDE)
    return g_strdup ("Zone not assignable: the machine is outside the scope of "
                     "ISO 20816-3");
  if (!twin_severity_limits (group, support, &limits))
    return g_strdup ("Zone not assignable: support is not declared");
  if (isnan (velocity))
    return g_strdup ("Zone not assignable: no velocity");

  return g_strdup_printf ("Zone %c · ISO 20816-3 group %d, %s%s",
                          'A' + twin_severity_zone (&limits, velocity) -
                              TWIN_SEVERITY_ZONE_A,
                          group == TWIN_SEVERITY_GROUP_1 ? 1 : 2,
                          support == TWIN_SEVERITY_SUPPORT_RIGID ? "rigid"
                                                                 : "flexible",
                          covers_band ? "" : " · partial band");
}

TwinSeverityGroup
twin_severity_group_parse (const char *text)
{
  if (text != NULL && g_str_has_prefix (text, "group"))
    text += strlen ("group");
  if (g_strcmp0 (text, "1") == 0)
    return TWIN_SEVERITY_GROUP_1;
  if (g_strcmp0 (text, "2") == 0)
    return TWIN_SEVERITY_GROUP_2;
  if (g_strcmp0 (text, "outside") == 0)
    return TWIN_SEVERITY_GROUP_OUTSIDE;

  return TWIN_SEVERITY_GROUP_UNDECLARED;
}

TwinSeveritySupport
twin_severity_support_parse (const char *text)
{
  if (g_strcmp0 (text, "rigid") == 0)
    return TWIN_SEVERITY_SUPPORT_RIGID;
  if (g_strcmp0 (text, "flexible") == 0)
    return TWIN_SEVERITY_SUPPORT_FLEXIBLE;

  return TWIN_SEVERITY_SUPPORT_UNDECLARED;
}
