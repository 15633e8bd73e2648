/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-whatif.c - what if, asked of a machine as it is now
 *
 * The present state is what the twin knows last, however old: the answer says
 * what it rests on. A worker computes; with "refine" the first answer is
 * passed on at once and a better one follows.
 */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

#include "twin-engine-whatif.h"

#define PRICES_SETTING "prices"

/* --- the present state -------------------------------------------------------
 */

static void
assume (TwinWhatifQuestion *question, const char *sentence)
{
  if (question->assumed[0] != '\0')
    g_strlcat (question->assumed, " ", sizeof question->assumed);
  g_strlcat (question->assumed, sentence, sizeof question->assumed);
}

static double
last_value (const TwinEngineSignal *signal)
{
  return signal != NULL ? signal->v.value : NAN;
}

/* The bearing that is warmest now, else the first whose geometry is known. */
static const TwinEngineBearing *
choose_bearing (const TwinEngineMachine *machine)
{
  const TwinEngineBearing *best = NULL;

  for (guint i = 0; i < machine->bearings->len; i++)
    {
      const TwinEngineBearing *bearing =
          g_ptr_array_index (machine->bearings, i);

      if (best == NULL ||
          last_value (bearing->temperature) > last_value (best->temperature))
        best = bearing;
    }

  return best;
}

static void
take_loads (TwinEngineMachine *machine, TwinWhatifQuestion *question)
{
  TwinWhatifState *state = &question->state;
  const char      *source = NULL;
  const double     shaft_hz = twin_engine_machine_shaft (machine, &source);

  state->rated_rpm = machine->rated_rpm;
  state->speed = shaft_hz * 60 / machine->rated_rpm;
  state->load = last_value (machine->roles[TWIN_ROLE_LOAD]);
  state->ambient_c = last_value (machine->roles[TWIN_ROLE_AMBIENT]);
  state->rated_kw =
      twin_binding_get_number (machine->binding, TWIN_ROLE_RATED_POWER) / 1000;
}

static void
take_life (TwinEngineMachine *machine, TwinWhatifQuestion *question)
{
  const TwinRul *rul = twin_engine_life_get (machine, &question->prior);

  question->has_rul = rul != NULL;
  if (rul == NULL)
    return;

  question->rul = *rul;
  twin_whatif_state_set_rul (&question->state, rul, &question->prior);
}

/* What the bearing carries and is greased with, as far as it is declared. */
static void
take_damage (const TwinEngineMachine *machine,
             const TwinEngineBearing *bearing,
             TwinWhatifState         *state)
{
  TwinEngineDamageState damage = { .rated_load_kn = NAN,
                                   .oil = { NAN, NAN },
                                   .life = { .ec = NAN } };
  const gboolean        counted =
      twin_engine_damage_state (machine, bearing->place, &damage);

  state->load_kn = damage.rated_load_kn;
  if (isfinite (damage.oil.v40))
    state->oil = damage.oil;
  if (!counted)
    return;

  state->damage = damage.damage.index;
  state->rolling = damage.life.rolling;
  if (isfinite (damage.life.ec))
    state->ec = damage.life.ec;
}

static void
take_state (TwinEngineMachine *machine, TwinWhatifQuestion *question)
{
  TwinWhatifState         *state = &question->state;
  const TwinEngineBearing *bearing = choose_bearing (machine);

  question->now_us = twin_clock_utc_us ();
  take_loads (machine, question);
  take_life (machine, question);
  if (bearing == NULL)
    return;

  if (bearing->known)
    state->bearing = bearing->bearing;
  twin_engine_thermal_get (machine, bearing, state);
  take_damage (machine, bearing, state);
}

/* What nothing measures is taken as rated, or usual, and said. */
static void
fill_gaps (TwinWhatifQuestion *question)
{
  TwinWhatifState *state = &question->state;

  if (isnan (state->load))
    {
      state->load = 1;
      assume (question, "The load is not measured: rated load is taken.");
    }
  if (isnan (state->speed))
    {
      state->speed = 1;
      assume (question, "The speed is not measured: rated speed is taken.");
    }
  if (isnan (state->ambient_c) && state->has_thermal)
    {
      state->ambient_c = 20;
      assume (question, "The ambient temperature is not measured: 20 °C is "
                        "taken.");
    }
  if (state->has_thermal && isnan (state->temperature_c))
    assume (question, "The bearing's temperature is not measured: the model "
                      "stands for it.");
}

/* --- the ask -----------------------------------------------------------------
 */

/* Owns both. */
static void
push (TwinEngine *self, TwinEngineAsk *ask, TwinWhatifQuestion *question)
{
  TwinEngineJob *job = g_new0 (TwinEngineJob, 1);

  job->kind = TWIN_JOB_WHATIF;
  job->whatif = question;
  job->ask = ask;
  if (twin_queue_push (self->jobs, job))
    return;

  job->ask = NULL;
  twin_engine_job_free (job);
  twin_engine_ask_refuse (
      self, ask, "%s", "The engine has too much to do; try again in a moment.");
}

static void
keep (TwinEngine               *self,
      const TwinEngineAsk      *ask,
      const TwinWhatifQuestion *question)
{
  g_autofree char *text = twin_whatif_question_dup_kept (question);
  g_autofree char *before =
      twin_store_reader_get_setting (self->reader, PRICES_SETTING, NULL);
  g_autoptr (GError) error = NULL;

  self->costs = question->costs;
  if (g_strcmp0 (text, before) == 0 || !twin_engine_batch_open (self))
    return;

  if (!twin_store_set_setting (self->store, PRICES_SETTING, text, &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));
  else
    twin_engine_log (self, "edit", NULL, ask->who,
                     "Costs of maintenance set to %s (before: %s).", text,
                     before != NULL ? before : "none");
}

void
twin_engine_whatif_load (TwinEngine *self)
{
  g_autofree char *text =
      twin_store_reader_get_setting (self->reader, PRICES_SETTING, NULL);
  g_autoptr (JsonNode) root =
      text != NULL ? json_from_string (text, NULL) : NULL;
  TwinWhatifQuestion *kept = twin_whatif_question_new ();

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    twin_whatif_question_parse_set (kept, json_node_get_object (root), NULL);
  self->costs = kept->costs;
  twin_whatif_question_free (kept);
}

void
twin_engine_whatif_do (TwinEngine *self, TwinEngineAsk *ask)
{
  TwinEnginePlace *place =
      ask->subject != NULL ? twin_engine_place_find (self, ask->subject) : NULL;
  TwinWhatifQuestion *question;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (place == NULL || place->machine == NULL)
    {
      text = g_strdup_printf ("“%s” is no machine nor part of one.",
                              ask->subject != NULL ? ask->subject : "");
      twin_engine_ask_refuse (self, ask, "%s", text);
      return;
    }

  question = twin_whatif_question_new ();
  take_state (place->machine, question);
  question->costs = self->costs;
  if (!twin_whatif_question_parse (question, ask->text, &error))
    {
      text = g_strdup_printf ("%s.", error->message);
      twin_whatif_question_free (question);
      twin_engine_ask_refuse (self, ask, "%s", text);
      return;
    }

  fill_gaps (question);
  if (question->keep)
    keep (self, ask, question);
  twin_whatif_choose (&self->whatif_times, &question->wish, &question->choice);
  push (self, ask, question);
}

/* --- the answer --------------------------------------------------------------
 */

static gboolean
is_refined (const TwinWhatifQuestion *question)
{
  const TwinWhatifLevel wanted =
      question->wish.signal ? TWIN_WHATIF_SIGNAL : TWIN_WHATIF_ODE;

  return !question->refine || question->choice.level >= wanted;
}

static void
refine (TwinEngine *self, TwinEngineJob *job)
{
  TwinWhatifQuestion   *question = g_steal_pointer (&job->whatif);
  const TwinWhatifSide *side = &question->answer.scenario;
  const TwinWhatifWish  wish = { twin_whatif_level_error (TWIN_WHATIF_ODE), NAN,
                                 question->wish.signal };

  question->replaced = (TwinWhatifReplaced){
    .known = TRUE,
    .level = question->answer.level,
    .rul_p50_s = side->rul_s.p50,
    .lower_s = side->lower_s,
    .temperature_p50_c = side->temperature_c.p50,
    .fatigue_p50_h = side->fatigue_h.p50,
  };
  twin_whatif_choose (&self->whatif_times, &wish, &question->choice);
  push (self, g_steal_pointer (&job->ask), question);
}

void
twin_engine_whatif_result (TwinEngine *self, TwinEngineJob *job)
{
  TwinWhatifQuestion *question = job->whatif;
  TwinRequestStage    stage = TWIN_REQUEST_DONE;

  if (question->detail == NULL)
    stage = TWIN_REQUEST_FAILED;
  else if (!is_refined (question))
    stage = TWIN_REQUEST_RUNNING;

  if (question->detail != NULL)
    {
      twin_whatif_times_add (&self->whatif_times, question->answer.level,
                             question->actual_ms);
      g_info ("What-if of %s: %s; predicted %.3g ms, took %.3g ms. %s",
              job->ask->subject,
              twin_whatif_level_name (question->answer.level),
              question->choice.estimate_ms, question->actual_ms,
              question->choice.reason);
    }

  twin_engine_ask_progress (self, job->ask, stage, question->text,
                            question->detail);
  if (stage == TWIN_REQUEST_RUNNING)
    refine (self, job);
}
