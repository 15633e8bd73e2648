/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-thermal-cause.c - what is said of a temperature that is not as
 * load, speed and ambient explain
 */
#include "twin-engine-thermal.h"

#include <math.h>
#include <string.h>

enum
{
  HISTORY_MAX = 24 * 60, /* minutes */
};

#define MINUTE_US (60 * TWIN_US_PER_S)
#define CALM_K 2.5 /* half of what is alerted */
#define CALM_US (24 * 3600 * TWIN_US_PER_S)

/* A judgement costs some milliseconds; while it is open it is asked again. */
#define OPEN_US (10 * MINUTE_US)
#define SETTLED_US (60 * MINUTE_US)

/* --- history ----------------------------------------------------------------
 */

static gboolean
is_suspicious (const TwinEngineHeat *heat)
{
  return heat->thermal.alert || heat->drift.direction != 0 ||
         (twin_thermal_is_settled (&heat->thermal) &&
          fabs (heat->thermal.residual) > CALM_K);
}

static void
take_minute (TwinEngineHeat *heat, int64_t now_us)
{
  TwinThermalPoint point = { .time_us = now_us, .other_load = NAN };
  double           n = heat->n_sums;

  point.ambient_c = (float) (heat->sums[0] / n);
  point.speed = (float) (heat->sums[2] / n);
  point.load = heat->sums[2] > 0 ? (float) (heat->sums[1] / heat->sums[2]) : 0;
  point.measured_c = (float) (heat->sums[3] / n);
  if (heat->points->len >= HISTORY_MAX)
    g_array_remove_index (heat->points, 0);
  g_array_append_val (heat->points, point);
}

void
twin_engine_heat_remember (TwinEngineHeat         *heat,
                           int64_t                 now_us,
                           const TwinThermalInput *input)
{
  if (is_suspicious (heat))
    heat->calm_us = now_us;
  if (heat->points == NULL && heat->calm_us != now_us)
    return;

  if (heat->points == NULL)
    {
      heat->points = g_array_new (FALSE, FALSE, sizeof (TwinThermalPoint));
      heat->minute_us = now_us;
      heat->n_sums = 0;
    }
  else if (now_us - heat->calm_us > CALM_US)
    {
      g_clear_pointer (&heat->points, g_array_unref);
      g_clear_pointer (&heat->verdict, g_free);
      return;
    }

  if (heat->n_sums == 0)
    memset (heat->sums, 0, sizeof heat->sums);
  if (isfinite (input->ambient_c + input->load + input->speed +
                input->measured_c))
    {
      heat->sums[0] += input->ambient_c;
      heat->sums[1] += input->load * input->speed;
      heat->sums[2] += input->speed;
      heat->sums[3] += input->measured_c;
      heat->n_sums++;
    }
  if (now_us - heat->minute_us < MINUTE_US)
    return;

  heat->minute_us = now_us;
  if (heat->n_sums > 0)
    take_minute (heat, now_us);
  heat->n_sums = 0;
}

/* --- what is said -----------------------------------------------------------
 */

static const struct
{
  TwinThermalCause cause;
  const char      *condition, *name, *advice;
} causes[] = {
  { TWIN_THERMAL_COOLING, "thermal.cooling", "Cooling degraded",
    "Clean the cooler and check its fan." },
  { TWIN_THERMAL_FRICTION, "thermal.friction", "More friction than usual",
    "Check lubrication and alignment." },
  { TWIN_THERMAL_SENSOR, "thermal.sensor", "Temperature sensor drifts",
    "Check or replace the sensor; do not trust its reading." },
  { TWIN_THERMAL_LOAD_SENSOR, "thermal.load", "Load reading wrong",
    "Compare the load with the motor's current and the process." },
  { TWIN_THERMAL_UNKNOWN, "thermal.unexplained",
    "Temperature not as load explains",
    "Look at cooling, lubrication and the sensor; the cause is named when load "
    "and speed have changed enough." },
};

void
twin_engine_thermal_define (TwinEngine *self, TwinEngineMachine *machine)
{
  GArray *heats = machine->thermal;

  for (guint i = 0; i < heats->len; i++)
    {
      const TwinEngineHeat *heat = &g_array_index (heats, TwinEngineHeat, i);

      for (size_t c = 0; c < G_N_ELEMENTS (causes); c++)
        {
          g_autofree char *name =
              g_strdup_printf ("%s, %s", causes[c].name, heat->position);
          const TwinAlarmDefinition definition = {
            .source = heat->signal->place->id,
            .condition = causes[c].condition,
            .machine = machine->place->id,
            .name = name,
            .advice = causes[c].advice,
            .unit = "Cel",
            .kind = TWIN_ALARM_BOOLEAN,
            .priority = 3,
          };

          twin_engine_alarms_watch (self, &definition);
        }
    }
}

/* Until the hours suffice: 2 of 3 among this bearing, the others, and the
 * model. Bearings that are too warm together lack cooling; one that is alone
 * has its own cause. */
static TwinThermalCause
compare (const GArray         *heats,
         const TwinEngineHeat *heat,
         char                 *why,
         size_t                size)
{
  double values[8] = { heat->thermal.residual, 0 };
  double least = INFINITY;
  size_t n = 2;
  int    odd;

  for (guint i = 0; i < heats->len && n < G_N_ELEMENTS (values); i++)
    {
      const TwinEngineHeat *other = &g_array_index (heats, TwinEngineHeat, i);

      if (other == heat || !twin_thermal_is_settled (&other->thermal))
        continue;

      values[n++] = other->thermal.residual;
      least = fmin (least, other->thermal.residual *
                               copysign (1, heat->thermal.residual));
    }

  odd = twin_vote (values, n, heat->thermal.alert_k);
  if (odd == 0)
    g_snprintf (why, size,
                " The machine's other bearing is as predicted: the sensor, or "
                "a cause in this bearing alone.");
  else if (n > 2 && least > fabs (heat->thermal.residual) / 2)
    {
      g_snprintf (why, size, " The other bearing likewise: one cause for all.");
      if (heat->thermal.residual > 0)
        return TWIN_THERMAL_COOLING;
    }

  return TWIN_THERMAL_UNKNOWN;
}

static void
judge (TwinEngineHeat *heat, int64_t now_us)
{
  TwinThermalVerdict *verdict = heat->verdict;
  int64_t wait = verdict != NULL && verdict->cause != TWIN_THERMAL_UNKNOWN
                     ? SETTLED_US
                     : OPEN_US;

  if (heat->points == NULL ||
      (verdict != NULL && now_us - heat->judged_us < wait))
    return;

  if (verdict == NULL)
    heat->verdict = g_new (TwinThermalVerdict, 1);
  heat->judged_us = now_us;
  twin_thermal_judge (&heat->thermal.model,
                      (const TwinThermalPoint *) (void *) heat->points->data,
                      heat->points->len, heat->verdict);
}

static size_t
cause_row (TwinThermalCause cause)
{
  for (size_t c = 0; c < G_N_ELEMENTS (causes); c++)
    if (causes[c].cause == cause)
      return c;

  return G_N_ELEMENTS (causes) - 1;
}

void
twin_engine_heat_tell (TwinEngine        *self,
                       TwinEngineMachine *machine,
                       TwinEngineHeat    *heat,
                       int64_t            now_us)
{
  const TwinThermal *thermal = &heat->thermal;
  const char        *source = heat->signal->place->id;
  TwinThermalCause   cause = TWIN_THERMAL_UNKNOWN;
  g_autofree char   *text = NULL;
  char               more[sizeof heat->verdict->why] = "";
  size_t             row;

  if (thermal->alert || heat->drift.direction != 0)
    judge (heat, now_us);
  if (!thermal->alert)
    {
      if (heat->told != NULL)
        twin_engine_alarms_finding (self, source, heat->told, FALSE,
                                    thermal->residual, "", "");
      heat->told = NULL;
      return;
    }

  if (heat->verdict != NULL && heat->verdict->cause != TWIN_THERMAL_NORMAL)
    cause = heat->verdict->cause;
  if (cause == TWIN_THERMAL_UNKNOWN)
    cause = compare (machine->thermal, heat, more, sizeof more);
  row = cause_row (cause);
  text = g_strdup_printf (
      "%.1f K %s than load, speed and ambient explain (%.1f °C for %.1f °C, "
      "limit %.1f K).%s %s",
      fabs (thermal->residual), thermal->residual > 0 ? "warmer" : "colder",
      thermal->predicted + thermal->residual, thermal->predicted,
      twin_thermal_limit (thermal), more,
      heat->verdict != NULL ? heat->verdict->why : "");

  if (heat->told != NULL && heat->told != causes[row].condition)
    twin_engine_alarms_finding (self, source, heat->told, FALSE,
                                thermal->residual, "Another cause is likelier.",
                                "");
  heat->told = causes[row].condition;
  twin_engine_alarms_finding (self, source, heat->told, TRUE, thermal->residual,
                              g_strchomp (text), causes[row].advice);
}
