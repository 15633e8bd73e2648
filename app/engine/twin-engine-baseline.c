/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-baseline.c - what is usual for a machine at each operating state
 *
 * Every diagnosed record's features are learnt or judged, sensor axis by sensor
 * axis. What was learnt is kept in the store; maintenance or somebody's word
 * makes it forgotten, which the log says.
 */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

static const char *const alarm_advice =
    "See what drives the score in its spectrum and trend; after maintenance, "
    "let what is usual be learnt anew.";

static char *
states_key (const TwinEngineWave *wave)
{
  return g_strdup_printf ("states/%s/%s/%c", wave->place->id, wave->sensor,
                          wave->axis);
}

static TwinStates *
new_states (void)
{
  gboolean logarithmic[TWIN_N_FEATURES];

  for (int i = 0; i < TWIN_N_FEATURES; i++)
    logarithmic[i] = TRUE;
  return twin_states_new (TWIN_N_FEATURES, logarithmic);
}

void
twin_engine_baseline_load (TwinEngine *self, TwinEngineWave *wave)
{
  g_autofree char *key = states_key (wave);
  g_autofree char *text =
      twin_store_reader_get_setting (self->reader, key, NULL);

  g_clear_pointer (&wave->states, twin_states_free);
  wave->states = new_states ();
  wave->states_known = FALSE;
  if (text != NULL && text[0] != '\0' && !twin_states_read (wave->states, text))
    twin_engine_log (self, "event",
                     wave->place->machine != NULL
                         ? wave->place->machine->place->id
                         : NULL,
                     NULL,
                     "What was usual for %s, axis %c, is damaged in the store "
                     "and is learnt anew.",
                     wave->place->name, wave->axis);
}

static void
keep (TwinEngine *self, const TwinEngineWave *wave)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *key = states_key (wave);
  g_autofree char *text = twin_states_write (wave->states);

  if (twin_engine_batch_open (self) &&
      !twin_store_set_setting (self->store, key, text, &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));
}

/* --- judging ----------------------------------------------------------------
 */

static double
fresh_value (const TwinEngineSignal *signal)
{
  return signal != NULL && !signal->stale ? signal->v.value : NAN;
}

/* By the load itself, else by the current. */
static double
load_of (const TwinEngineMachine *machine)
{
  const double load = fresh_value (machine->roles[TWIN_ROLE_LOAD]);

  return isfinite (load) ? load
                         : fresh_value (machine->roles[TWIN_ROLE_CURRENT]) /
                               machine->rated_current;
}

/* Not of a machine of which something is wrong, and not of doubtful data. */
static gboolean
is_sound (const TwinEngineMachine *machine, const TwinEngineJob *job)
{
  return job->verdict.verdict == TWIN_ELEMENT_NONE &&
         job->verdict.suspected == TWIN_ELEMENT_NONE &&
         job->verdict.quality == 0 && machine->finding == NULL;
}

static double
level_of (const TwinEngineWave *wave)
{
  return wave->states_known && wave->usual_score.stage == TWIN_STATES_JUDGED
             ? wave->usual_score.level
             : NAN;
}

/* The axis that is furthest off, else one that says why it cannot tell. */
static const TwinEngineWave *
leading_wave (const TwinEngineMachine *machine)
{
  const TwinEngineWave *best = NULL;

  for (guint i = 0; i < machine->waves->len; i++)
    {
      const TwinEngineWave *wave = g_ptr_array_index (machine->waves, i);

      if (wave->states_known &&
          (best == NULL ||
           (isnan (level_of (best)) && isfinite (level_of (wave))) ||
           level_of (wave) > level_of (best)))
        best = wave;
    }

  return best;
}

static void
append_point (GString *text, const TwinOperatingPoint *point)
{
  if (isfinite (point->speed_hz))
    g_string_append_printf (text, "%.1f Hz", point->speed_hz);
  if (isfinite (point->load))
    g_string_append_printf (text, "%s%.0f %% load",
                            isfinite (point->speed_hz) ? ", " : "",
                            100 * point->load);
  if (!isfinite (point->speed_hz) && !isfinite (point->load))
    g_string_append (text, "speed and load not known");
}

/* "Driven by kurtosis, 8.1 spreads above usual, drive end x" */
static char *
say (const TwinEngineWave *wave)
{
  const TwinStatesScore *score = &wave->usual_score;
  GString               *text = g_string_new (NULL);

  switch (score->stage)
    {
    case TWIN_STATES_JUDGED:
      if (fabs (score->driver_z) < 1)
        g_string_append (text, "All features as usual");
      else
        g_string_append_printf (text,
                                "Driven by %s, %.1f spreads %s usual, %s %c",
                                twin_feature_name (score->driver),
                                fabs (score->driver_z),
                                score->driver_z > 0 ? "above" : "below",
                                wave->bearing != NULL ? wave->bearing->position
                                                      : wave->place->name,
                                wave->axis);
      break;
    case TWIN_STATES_LEARNING:
      g_string_append_printf (text,
                              "Not learnt yet: %u of %u records at this "
                              "operating state",
                              score->records, TWIN_STATES_RECORDS);
      break;
    case TWIN_STATES_HELD:
      g_string_append_printf (text,
                              "Not learnt yet: %u of %u records at this "
                              "operating state, and none is learnt while a "
                              "fault is found or suspected or the data are "
                              "doubtful",
                              score->records, TWIN_STATES_RECORDS);
      break;
    case TWIN_STATES_CROWDED:
      g_string_append_printf (text,
                              "This is an operating state beyond the %d that "
                              "are learnt",
                              TWIN_STATES_MAX);
      break;
    }

  g_string_append (text, " (");
  append_point (text, &wave->usual_point);
  g_string_append (text, ").");
  return g_string_free (text, FALSE);
}

static void
input_alarm (TwinEngine *self, TwinEngineMachine *machine)
{
  const TwinEngineWave *leading = NULL;

  for (guint i = 0; i < machine->waves->len; i++)
    {
      const TwinEngineWave *wave = g_ptr_array_index (machine->waves, i);

      if (wave->states_known && wave->usual_score.alarm &&
          (leading == NULL || !(level_of (wave) <= level_of (leading))))
        leading = wave;
    }

  if (leading != NULL)
    {
      g_autofree char *why = say (leading);

      twin_engine_alarms_finding (self, machine->place->id,
                                  TWIN_ENGINE_CONDITION_BASELINE, TRUE,
                                  level_of (leading), why, alarm_advice);
    }
  else
    twin_engine_alarms_finding (self, machine->place->id,
                                TWIN_ENGINE_CONDITION_BASELINE, FALSE, NAN,
                                NULL, NULL);
}

void
twin_engine_baseline_take (TwinEngine          *self,
                           TwinEngineWave      *wave,
                           const TwinEngineJob *job)
{
  TwinEngineMachine *machine = wave->place->machine;

  wave->usual_point =
      (TwinOperatingPoint){ job->verdict.shaft_hz, load_of (machine) };
  twin_states_push (wave->states, &wave->usual_point, job->features,
                    is_sound (machine, job), &wave->usual_score);
  wave->states_known = TRUE;
  if (wave->usual_score.stage == TWIN_STATES_LEARNING)
    {
      keep (self, wave);
      if (wave->usual_score.records == TWIN_STATES_RECORDS)
        {
          g_autoptr (GString) text = g_string_new (NULL);

          append_point (text, &wave->usual_point);
          twin_engine_log (self, "event", machine->place->id, NULL,
                           "Learnt what is usual at %s, axis %c: %s.",
                           wave->place->name, wave->axis, text->str);
        }
    }
  input_alarm (self, machine);
}

/* --- telling ----------------------------------------------------------------
 */

void
twin_engine_baseline_describe (const TwinEngineMachine *machine,
                               TwinStateItem           *item)
{
  const TwinEngineWave *wave = leading_wave (machine);

  if (wave == NULL)
    return;

  item->usual_score = level_of (wave);
  /* A whole number is what is shown. */
  if (isfinite (item->usual_score))
    item->usual_score = round (item->usual_score);
  item->usual_why = say (wave);
}

/* --- learning anew ----------------------------------------------------------
 */

void
twin_engine_baseline_relearn (TwinEngine        *self,
                              TwinEngineMachine *machine,
                              const char        *who,
                              const char        *why)
{
  for (guint i = 0; i < machine->waves->len; i++)
    {
      TwinEngineWave *wave = g_ptr_array_index (machine->waves, i);

      twin_states_reset (wave->states);
      wave->states_known = FALSE;
      keep (self, wave);
      twin_engine_levels_reset (self, wave);
      twin_engine_life_reset_usual (self, wave);
    }

  twin_engine_log (self, "maintenance", machine->place->id, who,
                   "What is usual is learnt anew: %s.", why);
  input_alarm (self, machine);
  twin_engine_place_touch (machine->place);
}
