/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-thermal.c - temperatures against what the load explains
 *
 * One open-loop model a measured temperature. A residual that lasts is an
 * alarm that names its cause: degraded cooling, more friction, or a sensor
 * that no longer tells the truth.
 */
#include "twin-engine-private.h"

#include <math.h>

#include "twin-thermal.h"

#define STEP_US (10 * TWIN_US_PER_S)

typedef struct
{
  TwinEngineSignal *signal; /* borrowed */
  char             *position;
  TwinThermal       thermal;
  TwinThermalCause  told;
  int64_t           stepped_us;
} Watch;

static void
watch_clear (void *data)
{
  g_free (((Watch *) data)->position);
}

void
twin_engine_thermal_free (TwinEngineMachine *machine)
{
  g_clear_pointer ((GArray **) &machine->thermal, g_array_unref);
}

/* Keeps the models of temperatures that were there before. */
void
twin_engine_thermal_bind (TwinEngine *self, TwinEngineMachine *machine)
{
  GArray    *old = machine->thermal;
  GArray    *watches = g_array_new (FALSE, TRUE, sizeof (Watch));
  GPtrArray *entries = twin_binding_list (machine->binding);

  g_array_set_clear_func (watches, watch_clear);
  for (guint i = 0; i < entries->len; i++)
    {
      const TwinBindingEntry *entry = g_ptr_array_index (entries, i);
      TwinEnginePlace *place = twin_engine_place_find (self, entry->twin);
      TwinThermalModel model;
      Watch            watch = { .stepped_us = TWIN_TIME_NONE };

      if (entry->role != TWIN_ROLE_TEMPERATURE || place == NULL)
        continue;

      watch.signal = twin_engine_place_signal (self, place, entry->path, NULL);
      watch.position = g_strdup (twin_engine_position_text (entry->position));
      twin_thermal_model_default (&model);
      twin_thermal_init (&watch.thermal, &model);
      for (guint k = 0; old != NULL && k < old->len; k++)
        {
          const Watch *before = &g_array_index (old, Watch, k);

          if (before->signal == watch.signal)
            {
              watch.thermal = before->thermal;
              watch.stepped_us = before->stepped_us;
              watch.told = before->told;
            }
        }

      g_array_append_val (watches, watch);
    }

  g_clear_pointer (&old, g_array_unref);
  machine->thermal = watches;
}

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
};

void
twin_engine_thermal_define (TwinEngine *self, TwinEngineMachine *machine)
{
  GArray *watches = machine->thermal;

  for (guint i = 0; i < watches->len; i++)
    {
      const Watch *watch = &g_array_index (watches, Watch, i);

      for (size_t c = 0; c < G_N_ELEMENTS (causes); c++)
        {
          g_autofree char *name =
              g_strdup_printf ("%s, %s", causes[c].name, watch->position);
          const TwinAlarmDefinition definition = {
            .source = watch->signal->place->id,
            .condition = causes[c].condition,
            .machine = machine->place->id,
            .name = name,
            .advice = causes[c].advice,
            .unit = "Cel",
            .kind = TWIN_ALARM_BOOLEAN,
            .priority = 3,
          };

          twin_alarm_table_define (self->alarms, &definition,
                                   twin_clock_utc_us ());
        }
    }
}

static void
tell (TwinEngine *self, Watch *watch)
{
  char             why[256];
  TwinThermalCause cause =
      twin_thermal_cause (&watch->thermal, why, sizeof why);

  if (!watch->thermal.alert)
    cause = TWIN_THERMAL_NORMAL;

  for (size_t c = 0; c < G_N_ELEMENTS (causes); c++)
    {
      gboolean active = causes[c].cause == cause;

      if (!active && watch->told != causes[c].cause)
        continue;

      twin_engine_alarms_finding (self, watch->signal->place->id,
                                  causes[c].condition, active,
                                  watch->thermal.residual, why,
                                  causes[c].advice);
    }

  watch->told = cause;
}

static double
fresh (const TwinEngineSignal *signal)
{
  return signal != NULL && !signal->stale ? signal->v.value : NAN;
}

static void
step_machine (TwinEngine *self, TwinEngineMachine *machine, int64_t now_us)
{
  GArray     *watches = machine->thermal;
  const char *source;
  double      speed =
      twin_engine_machine_shaft (machine, &source) * 60 / machine->rated_rpm;
  double ambient = fresh (machine->roles[TWIN_ROLE_AMBIENT]);
  double load = fresh (machine->roles[TWIN_ROLE_LOAD]);

  for (guint i = 0; i < watches->len; i++)
    {
      Watch *watch = &g_array_index (watches, Watch, i);
      double measured = fresh (watch->signal);

      if (watch->stepped_us != TWIN_TIME_NONE &&
          now_us - watch->stepped_us < STEP_US)
        continue;

      /* Nothing to begin with: no prediction is better than a made-up one. */
      if (!watch->thermal.started && !(isfinite (ambient) && isfinite (load) &&
                                       isfinite (speed) && isfinite (measured)))
        continue;

      watch->stepped_us = now_us;
      twin_thermal_step (&watch->thermal, now_us, ambient, load, speed,
                         measured);
      if (twin_thermal_is_settled (&watch->thermal))
        tell (self, watch);
    }
}

void
twin_engine_thermal_tick (TwinEngine *self, int64_t now_us)
{
  for (guint i = 0; i < self->machines->len; i++)
    step_machine (self, g_ptr_array_index (self->machines, i), now_us);
}
