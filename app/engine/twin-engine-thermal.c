/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-thermal.c - temperatures against what the load explains
 *
 * One open-loop model a measured temperature, learnt from its own course once,
 * then kept. A residual that lasts is an alarm that names its cause as soon as
 * the hours suffice; one that creeps is a drift.
 */
#include "twin-engine-thermal.h"

#include <math.h>
#include <string.h>

#define STEP_US (10 * TWIN_US_PER_S)
#define ALIKE_US (3600 * TWIN_US_PER_S)

/* How long a temperature is looked at before it is said to be settled. */
#define LOOK_US (180 * TWIN_US_PER_S)

/* A transient of its own moves at least this share of what the model's would.
 */
#define TRANSIENT_SHARE 0.25

/* Closer than this to the steady state there is no transient to wait for. */
#define STEADY_K 1.0

/* A smaller rise tells nothing of how the machine differs from its model. */
#define PRESENT_LEAST_K 5.0

/* By TwinEngineHeatSource. */
static const char *const sources[] = { "default", "machines alike", "declared",
                                       "learnt" };

static void
heat_clear (void *data)
{
  TwinEngineHeat *heat = data;

  g_free (heat->position);
  g_free (heat->learner);
  g_free (heat->verdict);
  g_clear_pointer (&heat->points, g_array_unref);
}

void
twin_engine_thermal_free (TwinEngineMachine *machine)
{
  g_clear_pointer ((GArray **) &machine->thermal, g_array_unref);
}

/* Moves what is known of the same temperature out of @old. */
static gboolean
take_over (GArray *old, TwinEngineHeat *heat)
{
  for (guint k = 0; old != NULL && k < old->len; k++)
    {
      TwinEngineHeat *before = &g_array_index (old, TwinEngineHeat, k);

      if (before->signal != heat->signal)
        continue;

      g_free (before->position);
      before->position = heat->position;
      *heat = *before;
      before->position = NULL;
      before->learner = NULL;
      before->verdict = NULL;
      before->points = NULL;
      return TRUE;
    }

  return FALSE;
}

/* Keeps the models of temperatures that were there before. */
void
twin_engine_thermal_bind (TwinEngine *self, TwinEngineMachine *machine)
{
  GArray    *old = machine->thermal;
  GArray    *heats = g_array_new (FALSE, TRUE, sizeof (TwinEngineHeat));
  GPtrArray *entries = twin_binding_list (machine->binding);

  g_array_set_clear_func (heats, heat_clear);
  for (guint i = 0; i < entries->len; i++)
    {
      const TwinBindingEntry *entry = g_ptr_array_index (entries, i);
      TwinEnginePlace *place = twin_engine_place_find (self, entry->twin);
      TwinEngineHeat   heat = { .stepped_us = TWIN_TIME_NONE };

      /* The model is of bearings; a cooler's outlet has another one. */
      if (entry->role != TWIN_ROLE_TEMPERATURE || place == NULL ||
          twin_engine_machine_bearing (machine, place) == NULL)
        continue;

      heat.signal = twin_engine_place_signal (self, place, entry->path, NULL);
      heat.position = g_strdup (twin_engine_position_text (entry->position));
      if (!take_over (old, &heat))
        twin_engine_heat_load (self, &heat);
      g_array_append_val (heats, heat);
    }

  g_clear_pointer (&old, g_array_unref);
  machine->thermal = heats;
}

/* The model begins at the first measurement and waits for its own warm-up. A
 * temperature that does not move as a warm-up or cooling-down would is past
 * it: what it differs from the steady state by is then a residual already. */
static void
look (TwinEngineHeat *heat, int64_t now_us, double measured)
{
  TwinThermal *thermal = &heat->thermal;
  double       steady = twin_thermal_steady (&thermal->model, &thermal->input);
  double       expected = (steady - measured) / thermal->model.tau_s;
  double       slope;

  if (heat->looked || !isfinite (measured) || !isfinite (steady))
    return;

  if (heat->first_us == 0)
    {
      heat->first_us = now_us;
      heat->first = measured;
    }
  if (now_us - heat->first_us < LOOK_US)
    return;

  heat->looked = TRUE;
  slope = (measured - heat->first) / ((double) (now_us - heat->first_us) / 1e6);
  if (fabs (steady - measured) <= STEADY_K ||
      slope / expected <= TRANSIENT_SHARE)
    twin_thermal_settle (thermal);
}

/* --- learning ---------------------------------------------------------------
 */

static void
take_model (TwinEngineHeat         *heat,
            const TwinThermalModel *model,
            TwinEngineHeatSource    source)
{
  twin_thermal_set_model (&heat->thermal, model);
  heat->source = source;
  memset (&heat->drift, 0, sizeof heat->drift);
}

static void
learn (TwinEngine             *self,
       TwinEngineMachine      *machine,
       TwinEngineHeat         *heat,
       int64_t                 now_us,
       const TwinThermalInput *input)
{
  TwinThermalModel model;

  if (heat->source == TWIN_ENGINE_HEAT_LEARNT)
    return;

  if (heat->source == TWIN_ENGINE_HEAT_DEFAULT &&
      now_us - heat->alike_us > ALIKE_US)
    {
      heat->alike_us = now_us;
      if (twin_engine_heat_alike (self, heat, &model))
        {
          take_model (heat, &model, TWIN_ENGINE_HEAT_ALIKE);
          g_clear_pointer (&heat->learner, g_free);
        }
    }
  if (heat->learner == NULL)
    {
      heat->learner = g_new (TwinThermalLearner, 1);
      twin_thermal_learner_init (heat->learner, &heat->thermal.model);
    }

  twin_thermal_learner_step (heat->learner, now_us, input,
                             !heat->thermal.alert && machine->finding == NULL);
  if (!heat->learner->learnt)
    return;

  take_model (heat, &heat->learner->model, TWIN_ENGINE_HEAT_LEARNT);
  g_clear_pointer (&heat->learner, g_free);
  twin_engine_heat_keep (self, heat);
  twin_engine_log (self, "event", machine->place->id, NULL,
                   "Heat of the bearing learnt, %s: time constant %.0f s, "
                   "%.1f K by load, %.1f K by speed.",
                   heat->position, heat->thermal.model.tau_s,
                   heat->thermal.model.k_load, heat->thermal.model.k_speed);
}

/* What the model leaves over wanders less than the temperature itself. */
static void
follow_residual (TwinEngineHeat *heat, int64_t now_us)
{
  TwinEngineSignal *signal = heat->signal;
  gboolean explained = twin_thermal_model_is_known (&heat->thermal.model) &&
                       twin_thermal_is_settled (&heat->thermal);

  if (explained != signal->explained)
    signal->wander = (TwinWander){ 0 };
  signal->explained = explained;
  signal->predicted = heat->thermal.predicted;
  if (explained)
    twin_wander_add (&signal->wander, now_us, heat->thermal.residual);
}

static void
follow_drift (TwinEngine        *self,
              TwinEngineMachine *machine,
              TwinEngineHeat    *heat,
              int64_t            now_us)
{
  gboolean         ready = twin_drift_is_ready (&heat->drift);
  TwinEngineNode  *node;
  g_autofree char *text = NULL;

  if (!twin_thermal_model_is_known (&heat->thermal.model) ||
      !twin_thermal_is_settled (&heat->thermal))
    return;

  twin_drift_add (&heat->drift, now_us, heat->thermal.residual);
  if (!ready && twin_drift_is_ready (&heat->drift) &&
      heat->source == TWIN_ENGINE_HEAT_LEARNT)
    twin_engine_heat_keep (self, heat);
  if (heat->drift.direction == heat->drift_told)
    return;

  heat->drift_told = heat->drift.direction;
  node = twin_engine_place_get_node (self, machine->place);
  if (node != NULL)
    twin_engine_node_changed (self, node);
  text = twin_drift_describe (&heat->drift, now_us);
  twin_engine_log (self, "event", machine->place->id, NULL,
                   "Temperature against its prediction, %s: %s.",
                   heat->position, text);
}

/* --- every ten seconds ------------------------------------------------------
 */

static double
fresh (const TwinEngineSignal *signal)
{
  return signal != NULL && !signal->stale ? signal->v.value : NAN;
}

static double
run_in_h (const TwinEngineMachine *machine, const TwinEngineHeat *heat)
{
  double hours = fresh (machine->roles[TWIN_ROLE_RUNNING_HOURS]);

  return isfinite (heat->worn_from_h) ? hours - heat->worn_from_h : hours;
}

static void
step (TwinEngine        *self,
      TwinEngineMachine *machine,
      TwinEngineHeat    *heat,
      TwinThermalInput   input,
      int64_t            now_us)
{
  input.measured_c = fresh (heat->signal);
  input.run_in_h = run_in_h (machine, heat);

  /* Nothing to begin with: no prediction is better than a made-up one. */
  if (!heat->thermal.started &&
      !(isfinite (input.ambient_c) && isfinite (input.load) &&
        isfinite (input.speed) && isfinite (input.measured_c)))
    return;

  learn (self, machine, heat, now_us, &input);
  twin_thermal_step (&heat->thermal, now_us, &input);
  look (heat, now_us, input.measured_c);
  follow_residual (heat, now_us);
  follow_drift (self, machine, heat, now_us);
  twin_engine_heat_remember (heat, now_us, &input);
  if (twin_thermal_is_settled (&heat->thermal))
    twin_engine_heat_tell (self, machine, heat, now_us);
}

static void
step_machine (TwinEngine *self, TwinEngineMachine *machine, int64_t now_us)
{
  GArray          *heats = machine->thermal;
  const char      *source;
  TwinThermalInput input = {
    .ambient_c = fresh (machine->roles[TWIN_ROLE_AMBIENT]),
    .load = fresh (machine->roles[TWIN_ROLE_LOAD]),
    .speed =
        twin_engine_machine_shaft (machine, &source) * 60 / machine->rated_rpm,
  };

  for (guint i = 0; i < heats->len; i++)
    {
      TwinEngineHeat *heat = &g_array_index (heats, TwinEngineHeat, i);

      if (heat->stepped_us != TWIN_TIME_NONE &&
          now_us - heat->stepped_us < STEP_US)
        continue;

      heat->stepped_us = now_us;
      step (self, machine, heat, input, now_us);
    }
}

void
twin_engine_thermal_tick (TwinEngine *self, int64_t now_us)
{
  for (guint i = 0; i < self->machines->len; i++)
    step_machine (self, g_ptr_array_index (self->machines, i), now_us);
}

/* --- what others ask --------------------------------------------------------
 */

void
twin_engine_thermal_relearn (TwinEngine *self, TwinEngineMachine *machine)
{
  GArray *heats = machine->thermal;

  for (guint i = 0; heats != NULL && i < heats->len; i++)
    {
      TwinEngineHeat  *heat = &g_array_index (heats, TwinEngineHeat, i);
      TwinThermalModel model = heat->thermal.model;

      if (heat->source != TWIN_ENGINE_HEAT_LEARNT)
        continue;

      twin_thermal_model_loosen (&model);
      take_model (heat, &model, TWIN_ENGINE_HEAT_ALIKE);
      heat->worn_from_h = fresh (machine->roles[TWIN_ROLE_RUNNING_HOURS]);
      g_clear_pointer (&heat->learner, g_free);
      twin_engine_heat_keep (self, heat);
    }
}

/* With no bearing named, the one that is predicted to be warmest. */
static const TwinEngineHeat *
find_heat (const TwinEngineMachine *machine, const TwinEnginePlace *bearing)
{
  GArray               *heats = machine->thermal;
  const TwinEngineHeat *heat = NULL;

  for (guint i = 0; heats != NULL && i < heats->len; i++)
    {
      const TwinEngineHeat *one = &g_array_index (heats, TwinEngineHeat, i);

      if (bearing != NULL ? one->signal->place == bearing
                          : heat == NULL || !(heat->thermal.predicted >=
                                              one->thermal.predicted))
        heat = one;
    }

  return heat;
}

gboolean
twin_engine_thermal_state (const TwinEngineMachine *machine,
                           const TwinEnginePlace   *bearing,
                           TwinEngineThermalState  *out)
{
  const TwinEngineHeat *heat = find_heat (machine, bearing);

  if (heat == NULL)
    return FALSE;

  *out = (TwinEngineThermalState){
    .bearing = heat->signal->place,
    .position = heat->position,
    .model = heat->thermal.model,
    .source = sources[heat->source],
    .known = twin_thermal_model_is_known (&heat->thermal.model),
    .settled = twin_thermal_is_settled (&heat->thermal),
    .predicted_c = heat->thermal.predicted,
    .predicted_sd = heat->thermal.predicted_sd,
    .residual_k = heat->thermal.residual,
    .drift = &heat->drift,
    .verdict = heat->verdict,
  };
  return TRUE;
}

/* What it warms more than the model says, once that is settled: a scenario is
 * about the machine as it is, its degraded cooler included. */
static double
present_rise (const TwinThermal *thermal)
{
  const double modelled = thermal->predicted - thermal->input.ambient_c;
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
  const TwinEngineHeat *heat = find_heat (machine, bearing->place);

  if (heat == NULL)
    return;

  state->has_thermal = TRUE;
  state->thermal = heat->thermal.model;
  state->thermal_share = fmax (heat->thermal.model.sd[TWIN_THERMAL_LOAD] /
                                   fmax (heat->thermal.model.k_load, 1),
                               state->thermal_share);
  state->temperature_c = heat->signal->v.value;
  state->rise_factor = present_rise (&heat->thermal);
}

void
twin_engine_thermal_describe (const TwinEngineMachine *machine,
                              GPtrArray               *facts)
{
  GArray *heats = machine->thermal;
  int64_t now_us = twin_clock_utc_us ();

  for (guint i = 0; heats != NULL && i < heats->len; i++)
    {
      const TwinEngineHeat *heat = &g_array_index (heats, TwinEngineHeat, i);
      g_autofree char      *drift = twin_drift_describe (&heat->drift, now_us);

      if (!heat->thermal.started)
        continue;

      g_ptr_array_add (facts,
                       g_strdup_printf ("Temperature, %s", heat->position));
      g_ptr_array_add (
          facts, twin_thermal_is_settled (&heat->thermal)
                     ? g_strdup_printf ("%+.1f K against its %s model; %s",
                                        heat->thermal.residual,
                                        sources[heat->source], drift)
                     : g_strdup_printf ("warming up; its model is %s",
                                        sources[heat->source]));
    }
}
