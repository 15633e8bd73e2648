/* SPDX-License-Identifier: Apache-2.0 */
/* fixture.h - one alarm of one bearing, and what happened to it */
#pragma once

#include <math.h>

#include "twin-alarm-metrics.h"

#define T0 INT64_C (1795600800000000)
#define S TWIN_US_PER_S
#define MINUTE (60 * TWIN_US_PER_S)

static const TwinAlarmDefinition hot = {
  .source = "pump-3-de",
  .condition = "temperature.high",
  .machine = "pump-3",
  .name = "Bearing temperature, drive end",
  .advice = "Reduce load now.",
  .unit = "Cel",
  .kind = TWIN_ALARM_HIGH,
  .priority = 2,
  .limit = 90,
};

static inline TwinAlarmTable *
table_with (const TwinAlarmDefinition *definition)
{
  TwinAlarmTable *table = twin_alarm_table_new ();

  twin_alarm_table_define (table, definition, T0);
  return table;
}

static inline void
give (TwinAlarmTable *table, double value, int64_t time_us)
{
  twin_alarm_table_input_value (table, hot.source, hot.condition, value,
                                time_us);
}

static inline gboolean
act (TwinAlarmTable *table, TwinAlarmEvent event, int64_t now_us)
{
  const TwinAlarmAction action = { event, "m.weber", NULL, now_us + MINUTE };

  return twin_alarm_table_act (table, hot.source, hot.condition, &action,
                               now_us, NULL);
}

static inline const TwinAlarmRow *
row (TwinAlarmTable *table)
{
  return twin_alarm_table_lookup (table, hot.source, hot.condition);
}

static inline guint
count_transitions (TwinAlarmTable *table)
{
  g_autoptr (GPtrArray) all = twin_alarm_table_take_transitions (table);

  return all != NULL ? all->len : 0;
}
