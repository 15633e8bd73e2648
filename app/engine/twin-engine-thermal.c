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

/* How long a temperature is looked at before it is said to be settled. */
#define LOOK_US (180 * TWIN_US_PER_S)

/* A transient of its own moves at least this share of what the model's would.
 */
#define TRANSIENT_SHARE 0.25

/* Closer than this to the steady state there is no transient to wait for. */
#define STEADY_K 1.0

/* A smaller rise tells nothing of how the machine differs from its model. */
#define PRESENT_LEAST_K 5.0

/* Residuals of a machine's bearings that rise together have one cause. */
#define TOGETHER_SHARE 0.5

typedef struct
{
  TwinEngineSignal *signal; /* borrowed */
  char             *position;
  TwinThermal       thermal;
  TwinThermalCause  told;
  int64_t           stepped_us;
  int64_t           first_us; /* the first measurement, and its value */
  double            first;
  gboolean          looked;
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

      /* The model is of bearings; a cooler's outlet has another one. */
      if (entry->role != TWIN_ROLE_TEMPERATURE || place == NULL ||
          twin_engine_machine_bearing (machine, place) == NULL)
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
              g_free (watch.position);
              watch = *before;
              watch.position = g_strdup (before->position);
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

          twin_engine_alarms_watch (self, &definition);
        }
    }
}

/* Where a short record cannot tell: bearings that are too warm together lack
 * cooling; one that is alone in it has a cause of its own. */
static TwinThermalCause
compare_bearings (const GArray *watches,
                  const Watch  *watch,
                  char         *why,
                  size_t        size)
{
  guint  together = 0, others = 0;
  double residual = watch->thermal.residual;

  for (guint i = 0; i < watches->len; i++)
    {
      const Watch *other = &g_array_index (watches, Watch, i);

      if (other == watch || !isfinite (other->thermal.residual))
        continue;

      others++;
      together += other->thermal.residual / residual > TOGETHER_SHARE;
    }

  if (others == 0)
    return TWIN_THERMAL_UNKNOWN;

  if (together == others)
    {
      g_snprintf (why, size,
                  "%.1f K from what load and speed explain, and the other "
                  "bearing likewise.",
                  residual);
      return residual > 0 ? TWIN_THERMAL_COOLING : TWIN_THERMAL_UNKNOWN;
    }

  g_snprintf (why, size,
              "%.1f K from what load and speed explain, while the other "
              "bearing stays as predicted.",
              residual);
  return TWIN_THERMAL_SENSOR;
}

static void
tell (TwinEngine *self, const GArray *watches, Watch *watch)
{
  char             why[256] = "";
  TwinThermalCause cause = TWIN_THERMAL_NORMAL;

  if (watch->thermal.alert)
    {
      cause = twin_thermal_cause (&watch->thermal, why, sizeof why);
      if (cause == TWIN_THERMAL_UNKNOWN || cause == TWIN_THERMAL_NORMAL)
        cause = compare_bearings (watches, watch, why, sizeof why);
    }

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

/* The model begins at the first measurement and waits for its own warm-up. A
 * temperature that does not move as a warm-up or cooling-down would is past
 * it: what it differs from the steady state by is then a residual already. */
static void
look (Watch *watch, int64_t now_us, double measured)
{
  TwinThermal            *thermal = &watch->thermal;
  const TwinThermalModel *model = &thermal->model;
  double                  steady =
      thermal->ambient +
      (model->k_load * thermal->load + model->k_speed) * thermal->speed;
  double expected = (steady - measured) / model->tau_s;
  double slope;

  if (watch->looked || !isfinite (measured) || !isfinite (steady))
    return;

  if (watch->first_us == 0)
    {
      watch->first_us = now_us;
      watch->first = measured;
    }

  if (now_us - watch->first_us < LOOK_US)
    return;

  watch->looked = TRUE;
  slope =
      (measured - watch->first) / ((double) (now_us - watch->first_us) / 1e6);
  if (fabs (steady - measured) > STEADY_K && slope / expected > TRANSIENT_SHARE)
    return;

  thermal->predicted = steady;
  thermal->residual = measured - steady;
  thermal->start_us =
      MIN (thermal->start_us, now_us - (int64_t) (6 * model->tau_s * 1e6));
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
      look (watch, now_us, measured);
      if (twin_thermal_is_settled (&watch->thermal))
        tell (self, watches, watch);
    }
}

void
twin_engine_thermal_tick (TwinEngine *self, int64_t now_us)
{
  for (guint i = 0; i < self->machines->len; i++)
    step_machine (self, g_ptr_array_index (self->machines, i), now_us);
}

/* What it warms more than the model says, once that is settled: a scenario is
 * about the machine as it is, its degraded cooler included. */
static double
present_rise (const TwinThermal *thermal)
{
  const double modelled = thermal->predicted - thermal->ambient;
  const double factor = 1 + thermal->residual / modelled;

  if (!twin_thermal_is_settled (thermal) || !(modelled > PRESENT_LEAST_K))
    return 1;
  return CLAMP (factor, 0.5, 2.5);
}

void
twin_engine_thermal_get (TwinEngineMachine       *machine,
                         const TwinEngineBearing *bearing,
                         TwinWhatifState         *state)
{
  GArray *watches = machine->thermal;

  for (guint i = 0; i < watches->len; i++)
    {
      const Watch *watch = &g_array_index (watches, Watch, i);

      if (watch->signal != bearing->temperature)
        continue;

      state->has_thermal = TRUE;
      state->thermal = watch->thermal.model;
      state->temperature_c = watch->signal->v.value;
      state->rise_factor = present_rise (&watch->thermal);
    }
}
