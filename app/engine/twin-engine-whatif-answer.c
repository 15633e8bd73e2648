/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-whatif-answer.c - computes a question's answer and writes it
 *
 * Runs on a worker: nothing here knows the engine.
 */
#include "twin-engine-whatif.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "twin-clock.h"
#include "twin-diagnosis.h"
#include "twin-json-members.h"

#define DAY_S 86400.0

/* --- JSON --------------------------------------------------------------------
 */

static void
add_range (JsonBuilder *json, const char *name, const TwinRange *range)
{
  json_builder_set_member_name (json, name);
  if (isnan (range->p50))
    {
      json_builder_add_null_value (json);
      return;
    }

  json_builder_begin_object (json);
  twin_json_add_number (json, "p05", range->p05);
  twin_json_add_number (json, "p50", range->p50);
  twin_json_add_number (json, "p95", range->p95);
  json_builder_end_object (json);
}

static void
add_course (JsonBuilder *json, const TwinWhatifSide *side)
{
  json_builder_set_member_name (json, "course");
  json_builder_begin_array (json);
  for (int i = 0; i < TWIN_WHATIF_POINTS; i++)
    {
      json_builder_begin_object (json);
      twin_json_add_number (json, "at_s", side->at_s[i]);
      add_range (json, "temperature_c", &side->t_c[i]);
      add_range (json, "damage", &side->d[i]);
      twin_json_add_number (json, "failed", side->failed[i]);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

static void
add_side (JsonBuilder *json, const char *name, const TwinWhatifSide *side)
{
  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  twin_json_add_number (json, "load", side->load);
  twin_json_add_number (json, "speed", side->speed);
  twin_json_add_number (json, "rpm", side->rpm);
  twin_json_add_number (json, "ambient_c", side->ambient_c);
  add_range (json, "temperature_c", &side->temperature_c);
  twin_json_add_number (json, "kappa", side->kappa);
  twin_json_add_number (json, "aiso", side->aiso);
  twin_json_add_number (json, "rated_life_h", side->rated_h);
  add_range (json, "fatigue_h", &side->fatigue_h);
  twin_json_add_number (json, "life_factor", side->life_factor);
  add_range (json, "rul_s", &side->rul_s);
  twin_json_add_number (json, "lower_bound_s", side->lower_s);
  twin_json_add_number (json, "grease_h", side->grease_h);
  twin_json_add_number (json, "failure_chance", side->chance);
  add_range (json, "cost", &side->cost);
  twin_json_add_number (json, "cost_mean", side->cost_mean);
  add_course (json, side);
  json_builder_end_object (json);
}

static void
add_difference (JsonBuilder *json, const TwinWhatifDifference *difference)
{
  json_builder_set_member_name (json, "difference");
  json_builder_begin_object (json);
  add_range (json, "temperature_k", &difference->temperature_k);
  add_range (json, "fatigue_h", &difference->fatigue_h);
  add_range (json, "rul_s", &difference->rul_s);
  add_range (json, "cost", &difference->cost);
  twin_json_add_number (json, "cost_mean", difference->cost_mean);
  twin_json_add_number (json, "failure_chance", difference->chance);
  json_builder_end_object (json);
}

static void
add_date (JsonBuilder              *json,
          const char               *name,
          const TwinWhatifQuestion *self,
          const TwinDate           *date)
{
  static const char *const kinds[] = { "none", "at", "soon", "never" };

  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  twin_json_add_text (json, "kind", kinds[date->kind]);
  twin_json_add_number (json, "at_s", date->at_s);
  if (isfinite (date->at_s))
    {
      g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (
          (self->now_us + (int64_t) (date->at_s * 1e6)) / TWIN_US_PER_S);
      g_autofree char *day = at != NULL ? g_date_time_format (at, "%F") : NULL;

      if (day != NULL)
        twin_json_add_text (json, "date", day);
    }

  twin_json_add_number (json, "risk", date->risk);
  twin_json_add_number (json, "lost_s", date->lost_s);
  twin_json_add_number (json, "cost", date->cost);
  twin_json_add_number (json, "cost_soonest", date->cost_soonest);
  twin_json_add_number (json, "cost_run_to_failure", date->cost_never);
  twin_json_add_number (json, "cost_per_day", date->rate * DAY_S);
  twin_json_add_number (json, "inspect_s", date->inspect_s);
  twin_json_add_text (json, "why", date->why);
  json_builder_end_object (json);
}

static void
add_signal (JsonBuilder *json, const TwinWhatifSignal *signal, int fault)
{
  json_builder_set_member_name (json, "signal");
  json_builder_begin_object (json);
  twin_json_add_text (json, "simulated",
                      twin_element_name ((TwinElement) fault));
  twin_json_add_text (json, "verdict",
                      twin_element_name ((TwinElement) signal->verdict));
  twin_json_add_number (json, "z", signal->z);
  twin_json_add_number (json, "margin", signal->margin);
  twin_json_add_number (json, "kurtosis", signal->kurtosis);
  twin_json_add_number (json, "rms_g", signal->rms_g);
  twin_json_add_text (json, "why", signal->why);
  json_builder_end_object (json);
}

static void
add_replaced (JsonBuilder *json, const TwinWhatifReplaced *replaced)
{
  json_builder_set_member_name (json, "replaced");
  json_builder_begin_object (json);
  twin_json_add_text (json, "level", twin_whatif_level_name (replaced->level));
  twin_json_add_number (json, "rul_p50_s", replaced->rul_p50_s);
  twin_json_add_number (json, "lower_bound_s", replaced->lower_s);
  twin_json_add_number (json, "temperature_p50_c", replaced->temperature_p50_c);
  twin_json_add_number (json, "fatigue_p50_h", replaced->fatigue_p50_h);
  json_builder_end_object (json);
}

static void
add_level (JsonBuilder *json, const TwinWhatifQuestion *self)
{
  twin_json_add_text (json, "level",
                      twin_whatif_level_name (self->answer.level));
  twin_json_add_number (json, "life_error",
                        twin_whatif_level_error (self->answer.level));
  json_builder_set_member_name (json, "accuracy_met");
  json_builder_add_boolean_value (json, self->choice.accuracy_met);
  twin_json_add_text (json, "reason", self->choice.reason);
  twin_json_add_number (json, "estimated_ms", self->choice.estimate_ms);
  twin_json_add_number (json, "actual_ms", self->actual_ms);
  twin_json_add_number (json, "horizon_s", self->scenario.horizon_s);
}

static void
add_costs (JsonBuilder *json, const TwinWhatifQuestion *self)
{
  const TwinPrices *prices = &self->costs.prices;

  json_builder_set_member_name (json, "prices");
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "given");
  json_builder_add_boolean_value (json, twin_engine_costs_given (&self->costs));
  twin_json_add_number (json, "planned", prices->planned);
  twin_json_add_number (json, "failure", prices->unplanned);
  twin_json_add_number (json, "kwh", prices->kwh);
  twin_json_add_number (json, "lead_days", self->costs.lead_s / DAY_S);
  json_builder_end_object (json);
}

static char *
dup_notes (const TwinWhatifQuestion *self)
{
  return g_strdup_printf ("%s%s%s%s", self->assumed,
                          self->assumed[0] != '\0' ? " " : "",
                          self->answer.notes,
                          twin_engine_costs_given (&self->costs)
                              ? ""
                              : " No prices were given: a failure is taken to "
                                "cost five planned "
                                "stops, which is the unit of all costs.");
}

static void
find_date (const TwinWhatifQuestion *self, double factor, TwinDate *date)
{
  twin_engine_costs_date (&self->costs, self->has_rul ? &self->rul : NULL,
                          &self->prior, isnan (factor) ? 1 : factor,
                          self->now_us, date);
}

static char *
write_answer (TwinWhatifQuestion *self)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *notes = dup_notes (self);
  TwinDate         now, then;

  find_date (self, self->answer.baseline.life_factor, &now);
  find_date (self, self->answer.scenario.life_factor, &then);
  json_builder_begin_object (json);
  add_level (json, self);
  add_side (json, "baseline", &self->answer.baseline);
  add_side (json, "scenario", &self->answer.scenario);
  add_difference (json, &self->answer.difference);
  json_builder_set_member_name (json, "maintenance");
  json_builder_begin_object (json);
  add_date (json, "baseline", self, &now);
  add_date (json, "scenario", self, &then);
  json_builder_end_object (json);
  add_costs (json, self);
  if (self->answer.has_signal)
    add_signal (json, &self->answer.signal, self->scenario.fault);
  if (self->replaced.known)
    add_replaced (json, &self->replaced);
  twin_json_add_text (json, "notes", g_strstrip (notes));
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

/* --- in words ----------------------------------------------------------------
 */

static char *
dup_span (double seconds)
{
  if (!isfinite (seconds))
    return g_strdup ("–");
  if (seconds >= 2 * DAY_S)
    return g_strdup_printf ("%.0f d", seconds / DAY_S);
  return seconds >= 7200 ? g_strdup_printf ("%.0f h", seconds / 3600)
                         : g_strdup_printf ("%.0f min", seconds / 60);
}

static char *
dup_gist (const TwinWhatifAnswer *answer)
{
  const TwinWhatifSide *now = &answer->baseline, *then = &answer->scenario;
  const gboolean        known = isfinite (now->rul_s.p50);
  g_autofree char *before = dup_span (known ? now->rul_s.p50 : now->lower_s);
  g_autofree char *after = dup_span (known ? then->rul_s.p50 : then->lower_s);
  g_autoptr (GString) text = g_string_new (NULL);

  if (known)
    g_string_append_printf (text, "Remaining life %s → %s", before, after);
  else if (isfinite (now->lower_s))
    g_string_append_printf (text, "Remaining life at least %s → at least %s",
                            before, after);
  else
    g_string_append_printf (text, "Remaining life not estimable, × %.3g",
                            then->life_factor);
  if (isfinite (now->temperature_c.p50))
    g_string_append_printf (text, "; bearing %.1f °C → %.1f °C",
                            now->temperature_c.p50, then->temperature_c.p50);
  g_string_append_c (text, '.');
  return g_strdup (text->str);
}

void
twin_whatif_question_answer (TwinWhatifQuestion *self)
{
  g_autoptr (GError) error = NULL;
  const int64_t start_us = twin_clock_monotonic_us ();

  self->scenario.prices = twin_engine_costs_prices (&self->costs);

  g_clear_pointer (&self->detail, g_free);
  g_clear_pointer (&self->text, g_free);
  if (!twin_whatif_answer (&self->state, &self->scenario, self->choice.level,
                           &self->answer, &error))
    {
      self->text = g_strdup_printf ("%s.", error->message);
      return;
    }

  self->actual_ms = (double) (twin_clock_monotonic_us () - start_us) / 1000;
  self->text = dup_gist (&self->answer);
  self->detail = write_answer (self);
}
