/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-whatif.h"

#include <math.h>
#include <string.h>

#include "twin-diagnosis.h"
#include "twin-whatif-private.h"

#define LOAD_MIN 0.5
#define LOAD_MAX 1.5
#define SPEED_MIN 0.5
#define SPEED_MAX 1.2
#define AMBIENT_MIN -20.0
#define AMBIENT_MAX 50.0
#define HORIZON_MIN_S 3600.0
#define HORIZON_MAX_S (10 * 365.25 * 86400)

/* Where nobody gave a limit: what motors and their bearings are tested at. */
#define OVERSPEED 1.2

G_DEFINE_QUARK (twin - whatif - error - quark, twin_whatif_error)

static const char *const greases[] = { "normal", "starved", "too much" };

const char *
twin_grease_name (TwinGrease grease)
{
  g_return_val_if_fail ((size_t) grease < G_N_ELEMENTS (greases), "normal");

  return greases[grease];
}

int
twin_grease_from_name (const char *name)
{
  for (int i = 0; i < (int) G_N_ELEMENTS (greases); i++)
    if (g_strcmp0 (name, greases[i]) == 0)
      return i;

  return -1;
}

void
twin_whatif_state_init (TwinWhatifState *state)
{
  *state = (TwinWhatifState){
    .load = NAN,
    .speed = NAN,
    .ambient_c = NAN,
    .rated_rpm = NAN,
    .limit_rpm = NAN,
    .thermal_share = 0.05,
    .residual_sd_k = 0.5,
    .rise_factor = 1,
    .temperature_c = NAN,
    .load_kn = NAN,
    .ec = 0.55,
    .damage = NAN,
    .grease_age_h = NAN,
    .grease_life_h = 20000,
    .lower_s = NAN,
    .index = NAN,
    .threshold = NAN,
    .rated_kw = NAN,
  };
  twin_thermal_model_default (&state->thermal);
  twin_oil_from_grade (&state->oil, 100);
}

void
twin_whatif_state_set_rul (TwinWhatifState    *state,
                           const TwinRul      *rul,
                           const TwinRulPrior *prior)
{
  state->basis = rul->samples_from;
  memcpy (state->rul_s, rul->samples_s, sizeof state->rul_s);
  state->lower_s = rul->lower_bound_s;
  state->index = rul->estimable ? rul->index_now : NAN;
  state->threshold = prior->threshold;
  state->ln_life_mean = prior->ln_life_mean;
  state->ln_life_sd = prior->fleet > 0 ? prior->ln_life_sd : 0;
}

void
twin_whatif_scenario_init (TwinWhatifScenario *scenario)
{
  *scenario = (TwinWhatifScenario){
    .load = 1,
    .speed = 1,
    .ambient_c = NAN,
    .kappa = NAN,
    .ec = NAN,
    .grease = -1,
    .grease_age_h = NAN,
    .horizon_s = 90 * 86400.0,
    .prices = { NAN, NAN, NAN },
    .fault = TWIN_ELEMENT_NONE,
  };
}

/* --- what may be asked -------------------------------------------------------
 */

static gboolean
check_range (const char *name,
             double      value,
             double      least,
             double      most,
             const char *unit,
             GError    **error)
{
  if (value >= least && value <= most)
    return TRUE;

  g_set_error (error, TWIN_WHATIF_ERROR, TWIN_WHATIF_ERROR_RANGE,
               "%s of %g%s is beyond what the model covers: %g to %g%s", name,
               value, unit, least, most, unit);
  return FALSE;
}

/* NaN stands for “as now” or “not known”. */
static gboolean
check_given (const char *name,
             double      value,
             double      least,
             double      most,
             const char *unit,
             GError    **error)
{
  return isnan (value) || check_range (name, value, least, most, unit, error);
}

static gboolean
check_ranges (const TwinWhatifScenario *scenario, GError **error)
{
  const double horizon_h = scenario->horizon_s / 3600;

  return check_range ("A load", scenario->load, LOAD_MIN, LOAD_MAX,
                      " × the present", error) &&
         check_range ("A speed", scenario->speed, SPEED_MIN, SPEED_MAX,
                      " × the present", error) &&
         check_given ("An ambient temperature", scenario->ambient_c,
                      AMBIENT_MIN, AMBIENT_MAX, " °C", error) &&
         check_given ("A viscosity ratio κ", scenario->kappa, 0.01, 100, "",
                      error) &&
         check_given ("A contamination factor eC", scenario->ec, 0, 1, "",
                      error) &&
         check_given ("A grease age", scenario->grease_age_h, 0, 1e6, " h",
                      error) &&
         check_given ("A price", scenario->prices.planned, 0, 1e12, "",
                      error) &&
         check_given ("A price", scenario->prices.unplanned, 0, 1e12, "",
                      error) &&
         check_given ("A price", scenario->prices.kwh, 0, 1e6, "", error) &&
         check_range ("A horizon", horizon_h, HORIZON_MIN_S / 3600,
                      HORIZON_MAX_S / 3600, " h", error) &&
         (scenario->work == TWIN_WORK_NONE ||
          check_range ("Maintenance after", scenario->work_s / 3600, 0,
                       horizon_h, " h", error));
}

static gboolean
check_known (const TwinWhatifState *state, GError **error)
{
  const char *missing = NULL;

  if (!(state->load > 0))
    missing = isnan (state->load) ? "its load is not measured"
                                  : "it carries no load now";
  else if (!(state->speed > 0))
    missing =
        isnan (state->speed) ? "its speed is not known" : "it stands still now";
  else if (!(state->rated_rpm > 0))
    missing = "its rated speed is not known";

  if (missing == NULL)
    return TRUE;

  g_set_error (error, TWIN_WHATIF_ERROR, TWIN_WHATIF_ERROR_UNKNOWN,
               "There is no present state to compare with: %s", missing);
  return FALSE;
}

static gboolean
check_limits (const TwinWhatifState    *state,
              const TwinWhatifScenario *scenario,
              GError                  **error)
{
  const double rpm = state->rated_rpm * state->speed * scenario->speed;
  const double limit =
      state->limit_rpm > 0 ? state->limit_rpm : OVERSPEED * state->rated_rpm;
  const double load_kn = state->load_kn * state->load * scenario->load;

  if (rpm > limit * (1 + 1e-9))
    {
      g_set_error (error, TWIN_WHATIF_ERROR, TWIN_WHATIF_ERROR_LIMIT,
                   "%.0f 1/min is over the speed limit of %.0f 1/min", rpm,
                   limit);
      return FALSE;
    }

  if (state->bearing.static_kn / load_kn < 1)
    {
      g_set_error (error, TWIN_WHATIF_ERROR, TWIN_WHATIF_ERROR_LIMIT,
                   "A bearing load of %.3g kN is over the static rating C0 of "
                   "%.3g kN: the bearing would be dented, and no rated life "
                   "holds for it",
                   load_kn, state->bearing.static_kn);
      return FALSE;
    }

  return TRUE;
}

gboolean
twin_whatif_check (const TwinWhatifState    *state,
                   const TwinWhatifScenario *scenario,
                   GError                  **error)
{
  return check_ranges (scenario, error) && check_known (state, error) &&
         check_limits (state, scenario, error);
}

/* --- costs -------------------------------------------------------------------
 */

static double
energy_cost (const TwinWhatifCase *self, const TwinWhatifScenario *scenario)
{
  const double kwh = self->state->rated_kw * self->load * self->speed *
                     scenario->horizon_s / 3600;
  const double cost = kwh * scenario->prices.kwh;

  return isnan (cost) ? 0 : cost;
}

void
twin_whatif_count (const TwinWhatifCase     *self,
                   const TwinWhatifScenario *scenario,
                   TwinWhatifOutcome        *outcome,
                   TwinWhatifSide           *side)
{
  const gboolean works = scenario->work != TWIN_WORK_NONE;
  const double   until_s = works ? scenario->work_s : scenario->horizon_s;
  const double   energy = energy_cost (self, scenario);
  int            early = 0;

  side->cost_mean = 0;
  memset (side->failed, 0, sizeof side->failed);
  for (int i = 0; i < outcome->n; i++)
    {
      const double life_s = outcome->rul_s[i];
      double       cost = energy;

      early += life_s <= until_s;
      if (life_s <= scenario->horizon_s)
        cost += scenario->prices.unplanned;
      if (works && life_s > scenario->work_s)
        cost += scenario->prices.planned;
      if (isnan (life_s) || isnan (scenario->prices.unplanned))
        cost = NAN;

      outcome->cost[i] = cost;
      side->cost_mean += cost / outcome->n;
      for (int k = 0; k < TWIN_WHATIF_POINTS; k++)
        side->failed[k] += (life_s <= side->at_s[k]) / (double) outcome->n;
    }

  side->chance = (double) early / outcome->n;
  for (int k = 0; k < TWIN_WHATIF_POINTS && isnan (outcome->rul_s[0]); k++)
    side->failed[k] = side->chance = NAN;
}

/* --- the answer --------------------------------------------------------------
 */

static void
outcome_init (TwinWhatifOutcome *self, int n)
{
  double *all = g_new (double, 5 * n);

  *self = (TwinWhatifOutcome){ n,           all,         all + n,
                               all + 2 * n, all + 3 * n, all + 4 * n };
}

static void
subtract (const double *a,
          const double *b,
          int           n,
          double       *out,
          TwinRange    *range)
{
  for (int i = 0; i < n; i++)
    out[i] = a[i] - b[i];
  *range = twin_whatif_range (out, n);
}

static void
compare (const TwinWhatifOutcome *scenario,
         const TwinWhatifOutcome *baseline,
         TwinWhatifAnswer        *out)
{
  TwinWhatifDifference *to = &out->difference;
  const int             n = scenario->n;
  g_autofree double    *scratch = g_new (double, n);

  subtract (scenario->temperature_c, baseline->temperature_c, n, scratch,
            &to->temperature_k);
  subtract (scenario->fatigue_h, baseline->fatigue_h, n, scratch,
            &to->fatigue_h);
  subtract (scenario->rul_s, baseline->rul_s, n, scratch, &to->rul_s);
  subtract (scenario->cost, baseline->cost, n, scratch, &to->cost);
  to->cost_mean = out->scenario.cost_mean - out->baseline.cost_mean;
  to->chance = out->scenario.chance - out->baseline.chance;
}

static void
describe (const TwinWhatifCase *self,
          TwinWhatifOutcome    *outcome,
          TwinWhatifSide       *side)
{
  const TwinWhatifState   *state = self->state;
  const TwinWhatifParticle middle = {
    .gain = 1, .exponent = twin_rated_life_exponent (state->rolling)
  };
  const double hunger = twin_whatif_case_hunger (self, self->grease_used);
  const double steady = twin_whatif_case_steady (self, &middle, hunger);
  TwinRange    factor, lives;

  side->load = self->load;
  side->speed = self->speed;
  side->rpm = self->speed * state->rated_rpm;
  side->ambient_c = self->ambient_c;
  side->kappa = twin_whatif_case_kappa (self, steady, hunger);
  side->aiso = self->has_film && !isnan (side->kappa)
                   ? exp (twin_whatif_case_ln_aiso (self, steady, hunger))
                   : NAN;
  side->rated_h =
      exp (twin_whatif_ln_rated_h (state) +
           twin_whatif_case_ln_life (self, &middle, steady, hunger));
  side->grease_h = fmax (0, 1 - self->grease_used) *
                   twin_grease_life_h (state->grease_life_h, steady);
  if (isnan (self->grease_used))
    side->grease_h = NAN;

  factor = twin_whatif_range (outcome->factor, outcome->n);
  side->life_factor = factor.p50;
  side->temperature_c = twin_whatif_range (outcome->temperature_c, outcome->n);
  side->fatigue_h = twin_whatif_range (outcome->fatigue_h, outcome->n);
  side->cost = twin_whatif_range (outcome->cost, outcome->n);
  lives = twin_whatif_range (outcome->rul_s, outcome->n);
  side->lower_s = state->basis == TWIN_RUL_FROM_NOTHING
                      ? state->lower_s * factor.p05
                      : lives.p05;
  side->rul_s = state->basis == TWIN_RUL_FROM_TREND
                    ? lives
                    : (TwinRange){ NAN, NAN, NAN };
}

static void
note (TwinWhatifAnswer *out, const char *sentence)
{
  if (out->notes[0] != '\0')
    g_strlcat (out->notes, " ", sizeof out->notes);
  g_strlcat (out->notes, sentence, sizeof out->notes);
}

static void
add_notes (const TwinWhatifState    *state,
           const TwinWhatifScenario *scenario,
           TwinWhatifAnswer         *out)
{
  if (!state->has_thermal)
    note (out, isnan (state->temperature_c)
                   ? "There is no thermal model yet: temperature and film are "
                     "not known."
                   : "There is no thermal model yet: the temperature is held "
                     "at its present value.");
  if (!(state->bearing.dynamic_kn > 0))
    note (out, "The bearing is not known: no rated life, and no film.");
  else if (!(state->load_kn > 0))
    note (out, "The bearing's load in newton is not known: no rated life, and "
               "the film's share is that of a usual load (C/P 10).");
  if (state->basis == TWIN_RUL_FROM_FLEET)
    note (out, "No trend of its own: chances and costs are the fleet's.");
  if (state->basis == TWIN_RUL_FROM_RATING)
    note (out, "No trend of its own: chances and costs are the rated life's.");
  if (state->basis == TWIN_RUL_FROM_NOTHING)
    note (out, "Remaining life is not estimable: no chances and no costs.");
  if (scenario->work == TWIN_WORK_REPLACE && !(state->ln_life_sd > 0) &&
      isnan (twin_whatif_ln_rated_h (state)))
    note (out, "How long a new bearing lasts is not known: it is taken to last "
               "beyond the horizon.");
}

static void
run_level (TwinWhatifLevel           level,
           const TwinWhatifCase     *self,
           const TwinWhatifCase     *baseline,
           const TwinWhatifScenario *scenario,
           const TwinWhatifParticle *particles,
           TwinWhatifOutcome        *outcome,
           TwinWhatifSide           *side)
{
  if (level == TWIN_WHATIF_CLOSED)
    twin_whatif_closed (self, baseline, scenario, particles, outcome, side);
  else
    twin_whatif_ode (self, baseline, scenario, particles, outcome, side);

  twin_whatif_count (self, scenario, outcome, side);
}

gboolean
twin_whatif_answer (const TwinWhatifState    *state,
                    const TwinWhatifScenario *scenario,
                    TwinWhatifLevel           level,
                    TwinWhatifAnswer         *out,
                    GError                  **error)
{
  const int n =
      level == TWIN_WHATIF_CLOSED ? TWIN_WHATIF_FEW : TWIN_WHATIF_MOST;
  g_autofree TwinWhatifParticle *particles = NULL;
  g_autofree TwinWhatifFilm     *film = NULL;
  g_autofree TwinWhatifCase     *cases = NULL;
  TwinWhatifOutcome              now, then;
  TwinWhatifScenario             same;

  memset (out, 0, sizeof *out);
  if (!twin_whatif_check (state, scenario, error))
    return FALSE;

  out->level = level;
  particles = g_new (TwinWhatifParticle, n);
  film = g_new (TwinWhatifFilm, 1);
  cases = g_new (TwinWhatifCase, 2);
  twin_whatif_particles_init (particles, n, state);
  twin_whatif_film_init (film, state);
  twin_whatif_scenario_init (&same);
  same.horizon_s = scenario->horizon_s;
  same.prices = scenario->prices;
  twin_whatif_case_init (&cases[0], state, film, &same);
  twin_whatif_case_init (&cases[1], state, film, scenario);
  outcome_init (&now, n);
  outcome_init (&then, n);

  run_level (level, &cases[0], &cases[0], &same, particles, &now,
             &out->baseline);
  run_level (level, &cases[1], &cases[0], scenario, particles, &then,
             &out->scenario);
  /* Before the ranges are made of them: that reorders. */
  compare (&then, &now, out);
  describe (&cases[0], &now, &out->baseline);
  describe (&cases[1], &then, &out->scenario);
  if (state->basis != TWIN_RUL_FROM_TREND)
    out->difference.rul_s = (TwinRange){ NAN, NAN, NAN };
  add_notes (state, scenario, out);
  if (level == TWIN_WHATIF_SIGNAL)
    {
      out->has_signal = TRUE;
      twin_whatif_signal (&cases[1], scenario, &out->signal);
    }

  g_free (now.temperature_c);
  g_free (then.temperature_c);
  return TRUE;
}
